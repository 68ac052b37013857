//! Told motion: outline arrows and hollow dots that follow from the step and its time; and what is named just now.

use egui::emath::Pos2;

use crate::picture::{Id, Ink, Layer, Part, Picture, Role, Shape, Thing};
use crate::scene::model::{Emphasis, Motion, Tell};
use crate::scene::world::Route;
use crate::timeline::ease::Ease;
use crate::timeline::moment::Moment;
use crate::timeline::path;
use crate::timeline::words::mark;

/// Stage units per second of told dots, before it is stretched to end on a cycle.
const SPEED: f32 = 180.0;
/// Seconds in which told dots come and go.
const FADE_SECS: f32 = 0.35;
/// Outline arrows, and the rings on them.
const ARROW: f32 = 4.0;
const RING: f32 = 9.0;
/// A cue is over when the simulated lab's answer to it is on stage: a poll, and the next refresh of the numerals.
const ANSWER_SECS: f32 = 1.3;
/// Distance between rings.
const EVERY: f32 = 60.0;

/// How a thing of the world is pointed out at this moment: by the step, or by its turn in a loop.
pub(crate) fn emphasis(moment: &Moment<'_>, thing: &Thing) -> Emphasis {
    if let Some(emphasis) = moment.focused(thing) {
        return emphasis;
    }
    let id = thing.word();
    let named = moment.step.motion.loops.iter().any(|cycle| {
        let share = moment.secs / cycle.secs.max(0.1) * cycle.ids.len() as f32;
        share < cycle.ids.len() as f32 && cycle.ids.get(share.max(0.0) as usize).is_some_and(|turn| &**turn == id)
    });
    if named { Emphasis::Highlight } else { moment.step.emphasis.get(id).copied().unwrap_or_default() }
}

/// Seconds until all told motion of a step is over.
pub fn secs(motion: &Motion, reduced: bool) -> f32 {
    let cues = motion.cues.iter().filter(|(after, _)| *after > 0.0).map(|(after, _)| after + ANSWER_SECS);
    if reduced {
        return cues.fold(0.0, f32::max);
    }
    let tells = motion.tells.iter().map(|tell| tell.after + tell.secs);
    let counts = motion.counts.iter().map(|count| count.secs);
    let loops = motion.loops.iter().map(|cycle| cycle.secs);
    cues.chain(tells).chain(counts).chain(loops).fold(0.0, f32::max)
}

/// Draws the step's told motion.
pub(crate) fn draw(moment: &Moment<'_>, picture: &mut Picture) {
    for tell in &moment.step.motion.tells {
        if let Some(route) = moment.stage.library.world.route(&tell.route) {
            draw_route(moment, tell, route, picture);
        }
    }
}

fn draw_route(moment: &Moment<'_>, tell: &Tell, route: &Route, picture: &mut Picture) {
    let since = if moment.stage.reduced { f32::INFINITY } else { moment.secs - tell.after };
    let came = Ease::Decelerate.at(since / FADE_SECS);
    if came <= 0.0 {
        return;
    }
    for (lane, points) in route.lanes.iter().enumerate() {
        let path: Vec<Pos2> = points.iter().map(|point| moment.camera.stage_from_world(*point)).collect();
        let id = Id::new(Thing::Lane(route.id.clone(), lane as u32)).part(Part::Told);
        let shape = Shape::Line { path: path.clone().into(), width: ARROW, ink: Ink::Edge, head: true, dashed: false };
        picture.push(mark(id.clone(), Role::Route, Layer::Told, shape).faded(came));
        if since < tell.secs {
            rings(&path, (since, tell.secs), &id, picture);
        }
    }
}

/// The rings of one lane. They go a whole number of distances in the cycle, at a constant speed.
fn rings(path: &[Pos2], (since, secs): (f32, f32), id: &Id, picture: &mut Picture) {
    let gap = EVERY.min(path::length(path));
    let hops = (SPEED * secs / gap).round().max(1.0);
    let moved = f64::from(hops * gap * since / secs);
    let shown = (since / FADE_SECS).min((secs - since) / FADE_SECS).clamp(0.0, 1.0);
    for bead in path::beads(path, EVERY, moved) {
        let shape = Shape::Dot { center: bead.at, radius: RING, ink: Ink::Edge, filled: false };
        let ring = mark(id.nth(1 + bead.index), Role::Dot, Layer::Told, shape);
        picture.push(ring.faded(bead.opacity * shown));
    }
}
