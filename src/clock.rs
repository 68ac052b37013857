//! The only reader of the wall clock.

#![expect(clippy::disallowed_methods, reason = "this is the clock")]

use std::time::Instant;

/// Seconds since it was started.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    pub fn now_secs(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}
