//! The only reader of the wall clock.

#![expect(clippy::disallowed_methods, reason = "this is the clock")]

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Seconds since it was started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// Whole microseconds: nobody needs more, and recordings write them short.
    pub(crate) fn now_secs(&self) -> f64 {
        self.start.elapsed().as_micros() as f64 / 1e6
    }
}

/// Seconds since 1970, for the date of what is begun now.
pub(crate) fn unix_secs() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
