//! How long the program runs, and what the window counts of its frames meanwhile.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use crate::clock::{Clock, thread_worked_secs};
use crate::desk::PerSecond;
use crate::ending::Ending;

/// A run of the program: until it is quit, a signal comes, or the time that a flag gives it is up.
pub(super) struct ProgramRun {
    pub(super) started: Clock,
    exit_after: Option<f64>,
    ending: Ending,
    stats: Arc<Mutex<Stats>>,
}

impl ProgramRun {
    /// `started`: since the program was started. `exit_after`: seconds of that clock.
    pub(super) fn new(ctx: &egui::Context, started: Clock, exit_after: Option<f64>, stats: Arc<Mutex<Stats>>) -> Self {
        let wake = ctx.clone();
        Self { started, exit_after, ending: Ending::listen(move || wake.request_repaint()), stats }
    }

    fn is_up(&self) -> bool {
        self.exit_after.is_some_and(|end| self.started.now_secs() >= end)
    }

    /// Whether the talk is to end now.
    pub(super) fn is_over(&self) -> bool {
        self.ending.has_come() || self.is_up()
    }

    /// Asks for the next frame only when something moves, or at the end: what comes in asks for its own.
    pub(super) fn ask_for_frames(&self, ctx: &egui::Context, moves: bool) {
        let end = self.exit_after.map(|end| (end - self.started.now_secs()).max(0.0));
        for secs in moves.then_some(0.0).into_iter().chain(end) {
            ctx.request_repaint_after(Duration::from_secs_f64(secs));
        }
    }

    /// What this thread has worked so far, in seconds: its time on a core, which other threads that draw or read meanwhile do
    /// not add to. Where the system does not tell that, time by the clock.
    pub(super) fn worked_secs(&self) -> f64 {
        thread_worked_secs(&self.started)
    }

    /// Counts a frame that was begun when the thread had worked for so many seconds, and is done; a still one shows what the
    /// one before it showed. `polls`: so far.
    pub(super) fn count(&self, worked_before_secs: f64, is_still: bool, polls: u64) {
        let Ok(mut stats) = self.stats.lock() else { return };
        // The frame that ends it is none of the talk's, but polls that asked for no frame are counted to the end.
        stats.polls = polls;
        if self.is_up() {
            return;
        }
        let now_secs = self.started.now_secs();
        stats.frames += 1;
        stats.frames_still += u64::from(is_still);
        if !is_still {
            stats.moving.count(now_secs);
        }
        stats.ui_ms.push((self.worked_secs() - worked_before_secs) * 1e3);
        // The first frame is on screen when the second is begun; `ui` is where it was drawn.
        stats.first_frame_ms.get_or_insert(now_secs * 1e3);
    }

    /// At its end: the frames of the console.
    pub(super) fn count_console(&self, frames: PerSecond) {
        if let Ok(mut stats) = self.stats.lock() {
            stats.console = frames;
        }
    }
}

/// What was counted, for `--stats`.
#[derive(Clone, Debug, Default)]
pub(super) struct Stats {
    frames: u64,
    frames_still: u64,
    polls: u64,
    first_frame_ms: Option<f64>,
    ui_ms: Vec<f64>,
    /// Frames of the stage that showed something new, and frames of the console.
    moving: PerSecond,
    console: PerSecond,
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
