//! The only reader of the wall clock.

#![expect(clippy::disallowed_methods, reason = "this is the clock")]

use std::time::{Duration, Instant};

/// Seconds since it was started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    /// A clock that says so many seconds now: a talk that goes on.
    pub(crate) fn start_at(now_secs: f64) -> Self {
        let before = Duration::try_from_secs_f64(now_secs).unwrap_or_default();
        let now = Instant::now();
        Self { start: now.checked_sub(before).unwrap_or(now) }
    }

    /// The time of day where this machine stands: `"14:23:31"`.
    pub(crate) fn time_of_day() -> String {
        jiff::Zoned::now().strftime("%H:%M:%S").to_string()
    }

    pub(crate) fn now_secs(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}
