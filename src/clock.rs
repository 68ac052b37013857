//! The only reader of the wall clock.

#![expect(clippy::disallowed_methods, reason = "this is the clock")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

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

    /// The day and the time where this machine stands, as a file may be called: `"2026-11-28 15.04.05"`.
    pub(crate) fn day_and_time() -> String {
        jiff::Zoned::now().strftime("%Y-%m-%d %H.%M.%S").to_string()
    }

    /// Whole microseconds: nobody needs more, and recordings write them short.
    pub(crate) fn now_secs(&self) -> f64 {
        self.start.elapsed().as_micros() as f64 / 1e6
    }
}

/// Seconds that the thread which asks has been on a core since it began; where the system does not tell, those of a clock.
#[cfg(unix)]
pub(crate) fn thread_worked_secs(_otherwise: &Clock) -> f64 {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9
}

/// Seconds of a clock, where the system does not tell how long a thread has been on a core.
#[cfg(not(unix))]
pub(crate) fn thread_worked_secs(otherwise: &Clock) -> f64 {
    otherwise.now_secs()
}

/// Seconds since 1970, for the date of what is begun now.
pub(crate) fn unix_secs() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
