//! "We have n minutes left": what of the plan stays and what goes, shown to the presenter before it is accepted.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::timeline::playhead::Position;

/// What is asked about the time that is left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MinutesLeft {
    /// Counted from the moment that is accepted.
    pub minutes: u32,
    /// When a digit was last typed: the next one stands beside it for as long as a number waits.
    pub(super) typed_secs: Option<f64>,
    /// When it was last pressed about: without a console the room sees it no longer than a notice.
    pub(super) asked_secs: f64,
    /// Scenes that are told however long they are, by their ids.
    pub(super) kept: Vec<Arc<str>>,
    /// The scene that a press keeps, or no longer keeps.
    pub(super) chosen: Option<Arc<str>>,
}

/// A step of the plan, with its seconds.
pub type Planned = (Position, f64);

/// What came of the question: the plan as it is and as it would be, both from the step shown on, or where
/// that is not told from the one that Backspace returns to.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortened {
    pub minutes: u32,
    /// As planned; of the first step, where it is under way, what is left of its time.
    pub planned: Vec<Planned>,
    /// Those that are told: of the plan, and, where there is time, of what was dropped before.
    pub told: Vec<Planned>,
    /// Each scene of the plan and of what was dropped before, in order.
    pub scenes: Vec<ShortenedScene>,
    /// The steps that could be told, in order.
    pub offered: Vec<Position>,
    /// A cut is told, so there is more than what is offered.
    pub is_cut: bool,
}

/// What becomes of a scene.
#[derive(Clone, Debug, PartialEq)]
pub struct ShortenedScene {
    pub scene: usize,
    pub must: bool,
    /// The presenter keeps it.
    pub kept: bool,
    pub chosen: bool,
    pub planned_secs: f64,
    /// Nothing: it is dropped.
    pub told_secs: f64,
    /// By how much the talk would be too long if it were kept whole; nothing where it fits.
    pub too_long_secs: f64,
}

/// What becomes of a scene, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Kept,
    Shorter,
    Dropped,
    /// More of it than was planned.
    Longer,
    /// It was dropped before.
    Back,
}

impl ShortenedScene {
    pub fn fate(&self) -> Fate {
        match self.told_secs {
            secs if secs <= 0.0 => Fate::Dropped,
            _ if self.planned_secs <= 0.0 => Fate::Back,
            secs if secs + 0.5 < self.planned_secs => Fate::Shorter,
            secs if secs > self.planned_secs + 0.5 => Fate::Longer,
            _ => Fate::Kept,
        }
    }
}

impl Shortened {
    pub fn planned_secs(&self) -> f64 {
        self.planned.iter().map(|(_, secs)| secs).sum()
    }

    pub fn told_secs(&self) -> f64 {
        self.told.iter().map(|(_, secs)| secs).sum()
    }

    pub fn limit_secs(&self) -> f64 {
        f64::from(self.minutes) * 60.0
    }

    /// How many scenes have this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.scenes.iter().filter(|scene| scene.fate() == fate).count()
    }
}
