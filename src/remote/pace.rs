//! How fast the laser may be moved from outside: a phone tells of every touch, and each one passes the talk's door.

use std::sync::{Mutex, PoisonError};

use crate::clock::Clock;

/// Between two points, in seconds.
const LEAST_SECS: f64 = 1.0 / 30.0;

/// When the last point came.
pub(super) struct PointPace {
    clock: Clock,
    last_secs: Mutex<Option<f64>>,
}

impl Default for PointPace {
    fn default() -> Self {
        Self { clock: Clock::start_at(0.0), last_secs: Mutex::default() }
    }
}

impl PointPace {
    /// Whether a point that comes now may pass.
    pub(super) fn may_go(&self) -> bool {
        let mut last_secs = self.last_secs.lock().unwrap_or_else(PoisonError::into_inner);
        is_late_enough(&mut last_secs, self.clock.now_secs())
    }
}

/// Whether a point may pass at a time, after the last one that did.
fn is_late_enough(last_secs: &mut Option<f64>, now_secs: f64) -> bool {
    let passes = last_secs.is_none_or(|last| now_secs - last >= LEAST_SECS - 1e-6);
    if passes {
        *last_secs = Some(now_secs);
    }
    passes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_points_pass_in_a_second_however_many_come() {
        for (came, most) in [(10, 10), (25, 25), (60, 30), (1000, 30)] {
            let mut last_secs = None;
            let times = (0..came).map(|nth| f64::from(nth) / f64::from(came));
            let passed = times.filter(|now_secs| is_late_enough(&mut last_secs, *now_secs)).count();
            assert!(passed <= most && passed * 10 >= most * 9, "{passed} of {came}");
        }
    }
}
