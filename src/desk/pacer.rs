//! How often the console is drawn beside a stage that moves.

/// The console may cost the stage this share of its frames.
const CONSOLE_SHARE: f64 = 0.04;
/// How much a new measurement counts.
const NEWEST_SHARE: f64 = 0.2;
/// The longest time between two frames of the console while something moves.
const LONGEST_SECS: f64 = 1.0;

/// What a frame of the console costs the stage. Both are drawn by one thread, so while the stage moves its frames are
/// further apart where one of the console's lies between them.
#[derive(Debug, Default)]
pub(super) struct Pacer {
    /// The last frame of the stage, and whether it asked for another at once.
    stage_secs: f64,
    moved: bool,
    console_since: bool,
    /// Seconds between two frames of the stage, with and without one of the console's between them.
    with_secs: Option<f64>,
    without_secs: Option<f64>,
    /// Frames of the console.
    pub(super) console: PerSecond,
}

/// How many there were in each second since the program was started.
#[derive(Clone, Debug, Default)]
pub(crate) struct PerSecond(Vec<u32>);

impl PerSecond {
    pub(crate) fn count(&mut self, at_secs: f64) {
        let second = at_secs.max(0.0) as usize;
        if self.0.len() <= second {
            self.0.resize(second + 1, 0);
        }
        self.0[second] += 1;
    }

    pub(crate) fn counts(&self) -> &[u32] {
        &self.0
    }
}

impl Pacer {
    pub(super) fn note_stage(&mut self, now_secs: f64, moves: bool) {
        let gap_secs = now_secs - self.stage_secs;
        if self.moved {
            let known = if self.console_since { &mut self.with_secs } else { &mut self.without_secs };
            *known = Some(known.map_or(gap_secs, |known| known + NEWEST_SHARE * (gap_secs - known)));
        }
        (self.stage_secs, self.moved, self.console_since) = (now_secs, moves, false);
    }

    /// Seconds to the next frame of the console, where it asks for one after `wanted_secs`.
    pub(super) fn after_console(&mut self, wanted_secs: f64) -> f64 {
        self.console_since = true;
        let cost_secs = self.with_secs.zip(self.without_secs).map_or(0.0, |(with, without)| (with - without).max(0.0));
        if self.moved { wanted_secs.max((cost_secs / CONSOLE_SHARE).min(LONGEST_SECS)) } else { wanted_secs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of a stage that moves for ten seconds, where a frame costs so much and one of the console's so much more.
    fn stage_frames(stage_secs: f64, console_secs: f64) -> (usize, usize) {
        let mut pacer = Pacer::default();
        let (mut now_secs, mut due_secs, mut frames, mut console_frames) = (0.0, 0.0, 0, 0);
        while now_secs < 10.0 {
            now_secs += stage_secs;
            frames += 1;
            pacer.note_stage(now_secs, true);
            if now_secs >= due_secs {
                now_secs += console_secs;
                console_frames += 1;
                due_secs = now_secs + pacer.after_console(0.05);
            }
        }
        (frames, console_frames)
    }

    #[test]
    fn a_console_that_is_dear_is_drawn_less_often() {
        let (alone, _) = stage_frames(1.0 / 60.0, 0.0);
        for (console_secs, least) in [(0.0, 150), (0.002, 100), (0.03, 10)] {
            let (frames, console_frames) = stage_frames(1.0 / 60.0, console_secs);
            let share = frames as f64 / alone as f64;
            assert!(share >= 0.95, "{console_secs}: {share}");
            assert!(console_frames >= least, "{console_secs}: {console_frames}");
        }
    }
}
