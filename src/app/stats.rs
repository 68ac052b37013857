//! What the window counts of its frames.

use serde_json::json;

use crate::desk::PerSecond;

/// What was counted, for `--stats`.
#[derive(Clone, Debug, Default)]
pub(super) struct Stats {
    pub(super) frames: u64,
    pub(super) frames_still: u64,
    pub(super) polls: u64,
    pub(super) first_frame_ms: Option<f64>,
    pub(super) ui_ms: Vec<f64>,
    /// Frames of the stage that showed something new, and frames of the console.
    pub(super) moving: PerSecond,
    pub(super) console: PerSecond,
}

impl Stats {
    pub(super) fn json(&self) -> serde_json::Value {
        let mut sorted = self.ui_ms.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let index = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
            sorted.get(index).copied().unwrap_or(0.0)
        };
        json!({
            "schema": 1,
            "frames": self.frames,
            "frames_still": self.frames_still,
            "ui_cpu_ms": { "median": at(0.5), "p95": at(0.95), "p99": at(0.99), "sum": self.ui_ms.iter().sum::<f64>() },
            "polls": self.polls,
            "moving_each_second": self.moving.counts(),
            "console_each_second": self.console.counts(),
            "start_to_first_frame_ms": self.first_frame_ms,
        })
    }
}
