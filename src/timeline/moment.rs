//! One step at one moment: what the parts of its picture are composed from.

use std::sync::Arc;

use crate::figures::Figures;
use crate::picture::Thing;
use crate::scene::library::Library;
use crate::scene::model::{Camera, Emphasis, Scene, Step};
use crate::timeline::flow::Flows;
use crate::timeline::hit::{Focus, Folded};
use crate::timeline::playhead::Position;
use crate::timeline::seen::Seen;

/// What a picture is made from, besides the playhead.
#[derive(Clone, Copy)]
pub struct Stage<'a> {
    pub library: &'a Library,
    /// The told numbers as they stand now.
    pub figures: &'a Figures,
    pub seen: &'a Seen<'a>,
    pub flows: &'a Flows,
    /// Cuts and short fades in place of motion.
    pub reduced: bool,
    /// Columns and rows that the presenter folded away.
    pub folded: &'a Folded,
    /// What is pointed at, with what stays lit.
    pub focus: Option<&'a Focus>,
}

/// One step at one moment, as the parts of a picture are composed from it.
#[derive(Clone, Copy)]
pub(crate) struct Moment<'a> {
    pub stage: Stage<'a>,
    pub scene: &'a Scene,
    pub step: &'a Step,
    /// Seconds into the step.
    pub secs: f32,
    pub camera: Camera,
}

impl<'a> Moment<'a> {
    /// A step, `secs` into it, seen through its own camera.
    pub(crate) fn at(stage: Stage<'a>, at: Position, secs: f32) -> Option<Self> {
        let scene = stage.library.scenes.get(at.scene)?;
        let step = scene.steps.get(at.step)?;
        Some(Self { stage, scene, step, secs, camera: step.camera })
    }

    /// The phase told at this moment: the step's, or that of the last cue passed.
    pub(crate) fn phase(&self) -> Option<&'a Arc<str>> {
        phase_of(self.step, f64::from(self.secs))
    }

    /// How a thing is pointed out by what has the focus; none where that says nothing of it.
    pub(crate) fn focused(&self, thing: &Thing) -> Option<Emphasis> {
        let focus = self.stage.focus?;
        if focus.lit.contains(thing) {
            let is_it = focus.about.as_ref() == Some(thing);
            return Some(if is_it { Emphasis::Highlight } else { Emphasis::Plain });
        }
        focus.all.contains(thing).then_some(Emphasis::Dim)
    }

    /// Whether light, numbers and badge are drawn.
    pub(crate) fn is_measured(&self) -> bool {
        self.scene.measures(self.step)
    }
}

/// The phase a step tells, `secs` into it.
pub fn phase_of(step: &Step, secs: f64) -> Option<&Arc<str>> {
    let cue = step.motion.cues.iter().rev().find(|(after, _)| f64::from(*after) <= secs);
    cue.map(|(_, phase)| phase).or(step.phase.as_ref())
}
