//! How a reading drives a property: which signals, through which declared scale, and where it is clamped.

use std::sync::Arc;

use crate::signal::{Readings, Signal};

/// A declared scale, the same everywhere it is named.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub id: Arc<str>,
    pub unit: Arc<str>,
    pub from: f64,
    pub to: f64,
    pub log: bool,
}

/// Where a value lies on its scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// 0 to 1; exactly 0 for a value of 0.
    pub share: f32,
    /// The value lies above the scale, which the stage says.
    pub clamped: bool,
}

/// A property bound to the sum of some signals.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    pub signals: Vec<Signal>,
    pub scale: Option<Scale>,
    /// Of a series.
    pub window_secs: f64,
}

impl Scale {
    /// Where `value` lies, from 0 to 1, with nothing made larger to be seen.
    pub(crate) fn exact_share(&self, value: f64) -> f32 {
        let share = if self.log {
            (value.max(f64::MIN_POSITIVE) / self.from).ln() / (self.to / self.from).ln()
        } else {
            (value - self.from) / (self.to - self.from)
        };
        share.clamp(0.0, 1.0) as f32
    }

    /// Where `value` lies. A value above 0 but below the scale's foot still shows: a twentieth.
    pub fn level(&self, value: f64) -> Level {
        if value <= 0.0 {
            return Level { share: 0.0, clamped: false };
        }
        Level { share: self.exact_share(value).max(0.05), clamped: value > self.to * 1.0001 }
    }
}

impl Binding {
    /// The sum of the signals that are known; none where none is.
    pub fn value(&self, readings: &Readings) -> Option<f64> {
        let known = self.signals.iter().filter_map(|signal| readings.get(signal));
        known.map(|reading| reading.value).reduce(|sum, value| sum + value)
    }

    /// Where the value lies on the scale; without a scale, the value itself as a share.
    pub fn level(&self, readings: &Readings) -> Option<Level> {
        let value = self.value(readings)?;
        let plain = || Level { share: value.clamp(0.0, 1.0) as f32, clamped: value > 1.0 };
        Some(self.scale.as_ref().map_or_else(plain, |scale| scale.level(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traffic() -> Scale {
        Scale { id: "traffic".into(), unit: "B/s".into(), from: 1e6, to: 1e11, log: true }
    }

    #[test]
    fn a_log_scale_is_even_in_decades_and_silent_at_zero() {
        let level = |value| traffic().level(value);
        assert_eq!(level(0.0).share, 0.0);
        assert!((level(1e8).share - 0.4).abs() < 1e-6);
        assert_eq!(level(1.0).share, 0.05);
        assert_eq!(level(2e11), Level { share: 1.0, clamped: true });
    }
}
