//! What is where, at any moment: a picture is a function of scene, playhead, flow phases and readings.
//!
//! A step is described by how it ends (`still`). The motion into it is the difference between the pictures of two
//! steps, matched by id ([`blend`]); the only other motion is told motion, which follows from the seconds into the step,
//! and measured motion, which follows from [`flow::Flows`].

pub mod blend;
pub mod card;
pub mod ease;
pub mod elements;
pub mod explore;
pub mod flow;
pub mod furniture;
pub mod grid;
pub mod monitor;
pub mod numerals;
pub mod pages;
pub mod path;
pub mod playhead;
pub mod seen;
pub mod told;
pub mod words;
pub mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::figures::Figures;
use crate::live::State;
use crate::picture::Picture;
use crate::scene::library::Library;
use crate::scene::model::{Camera, Emphasis, Motion, Scene, Step, View};
use crate::timeline::blend::Blend;
use crate::timeline::ease::Flight;
use crate::timeline::explore::Focus;
use crate::timeline::flow::{Flows, Target, Targets};
use crate::timeline::grid::Folded;
use crate::timeline::playhead::{Playhead, Position};
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
pub struct Moment<'a> {
    pub stage: Stage<'a>,
    pub scene: &'a Scene,
    pub step: &'a Step,
    /// Seconds into the step.
    pub secs: f32,
    pub camera: Camera,
}

impl<'a> Moment<'a> {
    /// A step, `secs` into it, seen through its own camera.
    fn of(stage: Stage<'a>, at: Position, secs: f32) -> Option<Self> {
        let scene = stage.library.scenes.get(at.scene)?;
        let step = scene.steps.get(at.step)?;
        Some(Self { stage, scene, step, secs, camera: step.camera })
    }

    /// The phase told at this moment: the step's, or that of the last cue passed.
    pub fn phase(&self) -> Option<&'a Arc<str>> {
        phase_of(self.step, f64::from(self.secs))
    }

    /// How a thing is pointed out by what has the focus; none where that says nothing of it.
    pub fn focused(&self, id: &str) -> Option<Emphasis> {
        let focus = self.stage.focus?;
        if focus.lit.contains(id) {
            return Some(if *focus.id == *id { Emphasis::Highlight } else { Emphasis::Plain });
        }
        focus.all.contains(id).then_some(Emphasis::Dim)
    }

    /// Whether light, numbers and badge are drawn.
    pub fn is_measured(&self) -> bool {
        self.scene.view.is_measured()
    }
}

/// The phase a step tells, `secs` into it.
pub fn phase_of(step: &Step, secs: f64) -> Option<&Arc<str>> {
    let cue = step.motion.cues.iter().rev().find(|(after, _)| f64::from(*after) <= secs);
    cue.map(|(_, phase)| phase).or(step.phase.as_ref())
}

/// The picture at the playhead.
pub fn compose(stage: Stage<'_>, playhead: &Playhead) -> Picture {
    let secs = playhead.secs.min(1e6) as f32;
    let Some(mut here) = Moment::of(stage, playhead.at, secs) else { return Picture::default() };
    let before = playhead.from.and_then(|from| Moment::of(stage, from, f32::INFINITY));
    let Some(mut before) = before else { return still(&here) };
    let change = Change::between(&before, &here, stage.reduced);
    if secs >= change.secs {
        return still(&here);
    }
    (before.camera, here.camera) = change.cameras(secs);
    let blend = Blend { motion: &here.step.motion, secs, reduced: stage.reduced };
    blend.apply(&still(&before), &still(&here))
}

/// One picture on its way to another, matched by id, `secs` after the change began.
pub fn turn(before: &Picture, after: &Picture, secs: f32, reduced: bool) -> Picture {
    Blend { motion: &Motion::default(), secs, reduced }.apply(before, after)
}

/// How long a turn from one picture to another takes.
pub fn turn_secs(reduced: bool) -> f64 {
    f64::from(if reduced { FADE_SECS } else { CHANGE_SECS })
}

/// A step as it is `secs` into it, without the change from the step before.
fn still(moment: &Moment<'_>) -> Picture {
    let mut picture = Picture::default();
    match &moment.scene.view {
        View::World { names, phases, .. } => {
            world::draw(moment, *names, &mut picture);
            if *phases {
                furniture::phases(moment, &mut picture);
            }
        }
        View::Monitor => monitor::draw(moment, &mut picture),
        View::Page { .. } => furniture::map(moment, &mut picture),
    }
    told::draw(moment, &mut picture);
    elements::draw(moment, &mut picture);
    furniture::words(moment, &mut picture);
    picture
}

/// The change from one step's end to another step.
struct Change {
    flight: Option<Flight>,
    /// How long everything of it takes.
    secs: f32,
}

/// Time for the slowest change that is not put off: a move or a morph.
const CHANGE_SECS: f32 = 0.8;

/// Reduced motion: one short fade.
const FADE_SECS: f32 = 0.15;

impl Change {
    fn between(before: &Moment<'_>, here: &Moment<'_>, reduced: bool) -> Self {
        if reduced {
            return Self { flight: None, secs: FADE_SECS };
        }
        let worlds = [&before.scene.view, &here.scene.view].iter().all(|view| matches!(view, View::World { .. }));
        let flight = worlds.then(|| Flight::new(before.camera, here.camera)).filter(|flight| flight.secs() > 0.0);
        let last = here.step.motion.after.values().copied().fold(0.0, f32::max);
        let secs = flight.map_or(0.0, |flight| flight.secs()).max(last + CHANGE_SECS);
        Self { flight, secs }
    }

    /// Both steps are seen through the one camera that flies between them.
    fn cameras(&self, secs: f32) -> (Camera, Camera) {
        self.flight.map_or((Camera::WHOLE, Camera::WHOLE), |flight| {
            let camera = flight.at(secs / flight.secs());
            (camera, camera)
        })
    }
}

/// Seconds after which a step, come to from `from`, moves no more; measured motion aside.
pub fn settle_secs(stage: Stage<'_>, at: Position, from: Option<Position>) -> f64 {
    let Some(here) = Moment::of(stage, at, 0.0) else { return 0.0 };
    let before = from.and_then(|from| Moment::of(stage, from, 0.0));
    let change = before.map_or(0.0, |before| Change::between(&before, &here, stage.reduced).secs);
    f64::from(change.max(told::secs(&here.step.motion, stage.reduced)))
}

/// Where measured motion is to go, by the shown source's readings: routes named by the step, light of floors and hall.
pub fn targets(library: &Library, at: Position, seen: &Seen<'_>) -> Targets {
    let mut targets = Targets::default();
    let Some(scene) = library.scenes.get(at.scene) else { return targets };
    if !scene.view.is_measured() {
        return targets;
    }
    let Some(step) = scene.steps.get(at.step) else { return targets };
    for flow in &step.motion.flows {
        let state = seen.state_of(&flow.binding);
        let level = flow.binding.level(seen.readings).filter(|_| state.is_known());
        let share = level.map_or(0.0, |level| f64::from(level.share));
        let stands = matches!(state, State::Stale { .. });
        let speed = if stands { 0.0 } else { share * flow::FULL_SPEED };
        let presence = f64::from(u8::from(share > 0.0));
        targets.routes.insert(flow.route.clone(), Target { speed, presence });
    }
    targets.levels = levels(library, seen);
    targets
}

fn levels(library: &Library, seen: &Seen<'_>) -> BTreeMap<Arc<str>, f64> {
    let world = &library.world;
    let floors = world.floors.iter().map(|floor| (floor.tier.id(), &floor.light));
    let lights = floors.chain([("hall", &world.hall.light)]);
    let level = |(id, binding): (&str, &crate::scene::binding::Binding)| {
        let known = seen.state_of(binding).is_known();
        let level = binding.level(seen.readings).filter(|_| known);
        // Steeper than the scale: a floor with ten times the traffic of another is to be seen as brighter.
        (Arc::from(id), level.map_or(0.0, |level| f64::from(level.share).powf(1.5)))
    };
    lights.map(level).collect()
}
