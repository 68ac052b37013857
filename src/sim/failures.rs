//! What can fail in the simulated lab, and when.

/// A time during which something is gone, seconds of the lab's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Outage {
    pub(crate) from_secs: f64,
    /// Infinite when it never comes back.
    pub(crate) to_secs: f64,
}

impl Outage {
    /// The same outage, over by that time.
    pub(crate) fn ended_at(self, at_secs: f64) -> Self {
        Self { to_secs: self.to_secs.min(at_secs), ..self }
    }

    /// Whether it is gone at a time.
    pub(crate) fn covers(&self, at_secs: f64) -> bool {
        (self.from_secs..self.to_secs).contains(&at_secs)
    }
}

/// What fails in the warm deployment: its third node, and a drive of its fourth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Failures {
    pub(crate) node_down: Option<Outage>,
    pub(crate) drive_down: Option<Outage>,
}
