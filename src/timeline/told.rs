//! Told motion: outline arrows and hollow dots that follow from the step and its time; and what is named just now.

use egui::emath::Pos2;

use crate::picture::{Id, Ink, Layer, Part, Picture, Role, Shape, Thing};
use crate::scene::model::Emphasis;
use crate::scene::motion::{Motion, Tell};
use crate::scene::world::{Route, World};
use crate::timeline::blend;
use crate::timeline::ease::Ease;
use crate::timeline::memory;
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
/// The band of a measured lane, and what is told on its path, end this much before the path does: there dots have nearly
/// faded.
pub(crate) const LANE_TRIM: f32 = 30.0;
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
    let counts = motion.counts.iter().map(|count| count.after + count.secs);
    let loops = motion.loops.iter().map(|cycle| cycle.secs);
    let runs = motion.runs.values().map(|run| run.after + run.secs);
    let losses = motion.losses.iter().map(|loss| loss.after + blend::MOVE_SECS);
    cues.chain(tells).chain(counts).chain(loops).chain(runs).chain(losses).fold(0.0, f32::max)
}

/// Draws the step's told motion.
pub(crate) fn draw(moment: &Moment<'_>, picture: &mut Picture) {
    for tell in &moment.step.motion.tells {
        if let Some(route) = moment.stage.library.world.route(&tell.route) {
            draw_route(moment, tell, route, picture);
        }
    }
}

/// One flow is one path: where measured dots run on a told route, its outline and its rings give way to them, and to what a
/// burst of it left behind.
fn draw_route(moment: &Moment<'_>, tell: &Tell, route: &Route, picture: &mut Picture) {
    let since = if moment.stage.reduced { f32::INFINITY } else { moment.secs - tell.after };
    let flow = moment.step.motion.flows.iter().find(|flow| flow.route == tell.route);
    let measured =
        flow.filter(|_| moment.is_measured()).map_or(0.0, |flow| moment.stage.flows.dots(&flow.route).presence);
    let shown = Ease::Decelerate.at(since / FADE_SECS) * (1.0 - measured as f32);
    let is_past = flow.is_some_and(|flow| moment.is_measured() && memory::is_told_by_bursts(moment, &flow.binding));
    if shown <= 0.0 || is_past {
        return;
    }
    for (lane, points) in route.lanes.iter().enumerate() {
        let points = if flow.is_some() { told_path(points, &moment.stage.library.world) } else { points.to_vec() };
        let path: Vec<Pos2> = points.iter().map(|point| moment.camera.stage_from_world(*point)).collect();
        let id = Id::new(Thing::Lane(route.id.clone(), lane as u32)).part(Part::Told);
        let first = picture.marks.len();
        let shape = Shape::Line { path: path.clone().into(), width: ARROW, ink: Ink::Edge, head: true, dashed: false };
        picture.push(mark(id.clone(), Role::Route, Layer::Told, shape));
        if since < tell.secs {
            rings(&path, (since, tell.secs), &id, picture);
        }
        for mark in &mut picture.marks[first..] {
            mark.opacity *= shown;
        }
    }
}

/// What is told of a measured lane: it ends where its band does, and where it goes through the hall's floor, at the edge of
/// the floor below.
fn told_path(points: &[Pos2], world: &World) -> Vec<Pos2> {
    let outside = path::outside(points, world.hall.rect);
    let edge = world.floors.iter().map(|floor| floor.rect.top()).fold(f32::INFINITY, f32::min);
    let trim = |at: Option<&Pos2>, end: Option<&Pos2>| {
        let cut = at.zip(end).filter(|(at, end)| at != end).map(|(_, end)| (edge - end.y).max(0.0));
        cut.unwrap_or(LANE_TRIM)
    };
    path::trimmed(&outside, [trim(points.first(), outside.first()), trim(points.last(), outside.last())])
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
