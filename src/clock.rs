//! The only reader of the wall clock.

#![expect(clippy::disallowed_methods, reason = "this is the clock")]

use std::time::Instant;

/// Seconds since it was started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// The time of day where this machine stands: `"14:23:31"`.
    pub(crate) fn time_of_day() -> String {
        jiff::Zoned::now().strftime("%H:%M:%S").to_string()
    }

    pub(crate) fn now_secs(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}
