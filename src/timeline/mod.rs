//! What is where, at any moment: a picture is a function of scene, playhead, flow phases and readings.
//!
//! A step is described by how it ends ([`mod@still`]). The motion into it is the difference between the pictures of two
//! steps, matched by id ([`blend`]); the only other motion is told motion, which follows from the seconds into the step,
//! and measured motion, which follows from [`flow::Flows`].

pub mod blend;
pub mod blocks;
pub mod card;
pub mod ease;
pub mod elements;
mod event_ticks;
pub mod explore;
pub mod flow;
pub mod furniture;
pub mod grid;
pub(crate) mod hand;
pub(crate) mod happened;
mod heights;
pub mod hit;
mod memory;
pub mod moment;
pub mod monitor;
pub mod numerals;
mod passage;
pub mod path;
pub mod playhead;
pub mod seen;
pub mod still;
mod things;
pub mod told;
pub mod words;
pub mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::picture::{Id, Layer, Mark, Picture};
use crate::scene::binding::Binding;
use crate::scene::library::Library;
use crate::scene::model::{Camera, View};
use crate::scene::motion::{Motion, Turn};
use crate::timeline::blend::Blend;
use crate::timeline::ease::Flight;
use crate::timeline::flow::{FlowTarget, FlowTargets};
pub(crate) use crate::timeline::moment::Moment;
pub use crate::timeline::moment::{Stage, phase_of};
use crate::timeline::playhead::{Playhead, Position};
use crate::timeline::seen::Seen;
use crate::timeline::still::still;

/// The picture at the playhead.
pub fn compose(stage: Stage<'_>, playhead: &Playhead) -> Picture {
    let secs = playhead.secs.min(1e6) as f32;
    let Some(mut here) = Moment::at(stage, playhead.at, secs) else { return Picture::default() };
    let before = playhead.from.and_then(|from| Moment::at(stage, from, f32::INFINITY));
    let Some(mut before) = before else { return still(&here) };
    let change = Change::between(&before, &here, stage.reduced);
    if secs >= change.secs {
        return still(&here);
    }
    if let Some(camera) = change.camera(secs) {
        (before.camera, here.camera) = (camera, camera);
    }
    let blend = Blend { motion: &here.step.motion, secs, reduced: stage.reduced };
    let mut old = still(&before);
    let new = still(&here);
    if stage.seen.left != stage.seen.numerals {
        freeze(&mut old, &new, &before);
    }
    blend.apply(&old, &new)
}

/// What leaves with the step before is shown as it was when that step was left; what stays shows what is read now.
fn freeze(old: &mut Picture, new: &Picture, before: &Moment<'_>) {
    let stays: BTreeSet<&Id> = new.marks.iter().map(|mark| &mark.id).collect();
    let seen = Seen { numerals: before.stage.seen.left, ..before.stage.seen.clone() };
    let left = Moment { stage: Stage { seen: &seen, ..before.stage }, ..*before };
    let frozen = still(&left);
    let was: BTreeMap<&Id, &Mark> = frozen.marks.iter().map(|mark| (&mark.id, mark)).collect();
    let leaves = |mark: &&mut Mark| mark.layer == Layer::Measured && !stays.contains(&mark.id);
    for mark in old.marks.iter_mut().filter(leaves) {
        if let Some(was) = was.get(&mark.id) {
            mark.shape = was.shape.clone();
        }
    }
}

/// One picture on its way to another, matched by id, `secs` after the change began.
pub fn turn(before: &Picture, after: &Picture, secs: f32, reduced: bool) -> Picture {
    Blend { motion: &Motion::default(), secs, reduced }.apply(before, after)
}

/// How long a turn from one picture to another takes.
pub(crate) fn turn_secs(reduced: bool) -> f64 {
    f64::from(if reduced { FADE_SECS } else { CHANGE_SECS })
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

/// When the change of a thing is over.
fn turned_secs(turn: &Turn) -> f32 {
    let passages = turn.comes.into_iter().chain(turn.goes).map(|passage| passage.secs + blend::HIDE_SECS);
    let change_secs = passages.chain(turn.move_secs).fold(CHANGE_SECS, f32::max);
    let pointed_out = turn.pointed_out.map(|secs| secs + blend::EMPHASIS_SECS);
    let ends = turn.after.into_iter().chain(turn.until).map(|secs| secs + change_secs);
    ends.chain(pointed_out).fold(CHANGE_SECS, f32::max)
}

impl Change {
    fn between(before: &Moment<'_>, here: &Moment<'_>, reduced: bool) -> Self {
        if reduced {
            return Self { flight: None, secs: FADE_SECS };
        }
        let worlds = [&before.scene.view, &here.scene.view].iter().all(|view| matches!(view, View::World { .. }));
        let is_one_page = before.scene.id == here.scene.id && matches!(here.scene.view, View::Page { .. });
        let flight = (worlds || is_one_page)
            .then(|| Flight::new(before.camera, here.camera))
            .filter(|flight| flight.secs() > 0.0);
        let last = here.step.motion.turns.values().map(turned_secs).fold(CHANGE_SECS, f32::max);
        let secs = flight.map_or(0.0, |flight| flight.secs()).max(last);
        Self { flight, secs }
    }

    /// Both steps are seen through the one camera that flies between them.
    fn camera(&self, secs: f32) -> Option<Camera> {
        self.flight.map(|flight| flight.at(secs / flight.secs()))
    }
}

/// Seconds after which a step, come to from `from`, moves no more; measured motion aside.
pub fn settle_secs(stage: Stage<'_>, at: Position, from: Option<Position>) -> f64 {
    let Some(here) = Moment::at(stage, at, 0.0) else { return 0.0 };
    let before = from.and_then(|from| Moment::at(stage, from, 0.0));
    let change = before.map_or(0.0, |before| Change::between(&before, &here, stage.reduced).secs);
    f64::from(change.max(told::secs(&here.step.motion, stage.reduced)))
}

/// Where measured motion is to go, by the shown source's readings: routes named by the step, light of floors and hall.
pub fn targets(library: &Library, at: Position, seen: &Seen<'_>) -> FlowTargets {
    let mut targets = FlowTargets::default();
    let Some(scene) = library.scenes.get(at.scene) else { return targets };
    let Some(step) = scene.steps.get(at.step).filter(|step| scene.measures(step)) else { return targets };
    for flow in &step.motion.flows {
        let level = seen.level_of(&flow.binding);
        let share = level.map_or(0.0, |level| f64::from(level.share));
        let presence = f64::from(u8::from(share > 0.0));
        targets.routes.insert(flow.route.clone(), FlowTarget { speed: share * flow::FULL_SPEED, presence });
    }
    targets.levels = levels(library, seen);
    targets
}

/// The light of a floor where requests run of which no byte is counted yet: modest and steady, for how much it is, nobody
/// knows.
const RUNNING_LIGHT: f64 = 0.22;

fn levels(library: &Library, seen: &Seen<'_>) -> BTreeMap<Arc<str>, f64> {
    let world = &library.world;
    let floors = world.floors.iter().map(|floor| (floor.tier.id(), &floor.light));
    let lights = floors.chain([("hall", &world.hall.light)]);
    let level = |(id, binding): (&str, &Binding)| {
        // Steeper than the scale: a floor with ten times the traffic of another is to be seen as brighter.
        let moved = seen.level_of(binding).map_or(0.0, |level| f64::from(level.share).powf(1.5));
        let light = if seen.running(binding).is_some() { moved.max(RUNNING_LIGHT) } else { moved };
        (Arc::from(id), light)
    };
    lights.map(level).collect()
}
