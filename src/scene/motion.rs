//! What moves within a step, and when.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::picture::{Side, Thing};
use crate::scene::binding::Binding;

/// What moves within a step. All times are seconds from the step's start.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Motion {
    /// When and how each thing changes that does not change at once.
    pub turns: BTreeMap<Thing, Turn>,
    /// Leaving element → the one that appears out of its place.
    pub morphs: Vec<(Thing, Thing)>,
    pub tells: Vec<Tell>,
    pub flows: Vec<Flow>,
    pub counts: Vec<Count>,
    pub loops: Vec<Loop>,
    /// Things that go a course of their own.
    pub runs: BTreeMap<Thing, Run>,
    /// Drives that are lost later than at once.
    pub losses: Vec<Loss>,
    /// (seconds, phase id)
    pub cues: Vec<(f32, Arc<str>)>,
}

/// When and how one thing changes. Where nothing is said it changes at once, as things of its kind do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Turn {
    /// When it appears, moves, or has other words.
    pub after: Option<f32>,
    /// When it is hidden; it may be shown again later in the same step.
    pub until: Option<f32>,
    /// When it is highlighted, dimmed or plain again.
    pub pointed_out: Option<f32>,
    /// How it comes, where it does not fade.
    pub comes: Option<Passage>,
    /// How it goes, where that is not as it came.
    pub goes: Option<Passage>,
    /// How long a move takes.
    pub move_secs: Option<f32>,
}

impl Motion {
    /// When and how a thing changes.
    pub(crate) fn turn(&self, thing: &Thing) -> Turn {
        self.turns.get(thing).copied().unwrap_or_default()
    }

    pub(crate) fn turn_mut(&mut self, thing: Thing) -> &mut Turn {
        self.turns.entry(thing).or_default()
    }
}

/// How an element's marks come onto the stage or leave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Passage {
    pub way: Way,
    pub secs: f32,
}

/// A way to come, or, the other way round, to go.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub enum Way {
    Fade,
    /// Out of a side: a bar out of its axis.
    Grow(Side),
    /// As a tank fills, or runs dry: out of a side, evenly by a clock.
    Fill(Side),
    /// Lines along their path, curves along time.
    Draw,
    /// From so many stage units above, faster and faster.
    Fall(f32),
    /// Out of a point of the stage.
    From(f32, f32),
}

/// Hollow dots along a route, for one cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Tell {
    pub route: Arc<str>,
    pub after: f32,
    pub secs: f32,
}

/// A thing's own course.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Run {
    pub after: f32,
    pub secs: f32,
}

/// A drive of strips that is lost so many seconds into the step; drives are counted from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    pub thing: Thing,
    pub drive: u32,
    pub after: f32,
}

/// Filled dots along a route, as fast as a reading says.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    pub route: Arc<str>,
    pub binding: Binding,
}

/// A number that counts up.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    pub id: Arc<str>,
    pub from: f64,
    pub after: f32,
    pub secs: f32,
    /// Evenly, as a clock counts; else slow, fast, slow.
    pub even: bool,
}

/// Parts named one after the other, once.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    pub ids: Vec<Arc<str>>,
    pub secs: f32,
}
