//! What a step changes, applied to the elements and to what is pointed out.

use crate::picture::Thing;
use crate::scene::file::ChangeFile;
use crate::scene::model::{Element, Emphasis, NumberElement, Placed};
use crate::scene::motion::{Count, Flow, Loop, Loss, Motion, Passage, Run, Tell, Way};
use crate::scene::things::ThingElement;
use crate::scene::world::World;
use crate::signal::Subject;

use super::bind::Bind;
use super::elements::cells;
use super::known::{figure_id, point};
use super::work::Work;

/// Things of the world that a step may point out.
fn world_ids(world: &World) -> impl Iterator<Item = &str> + Clone {
    Subject::ALL.map(Subject::id).into_iter().chain(world.phases.iter().map(|phase| &*phase.id))
}

/// Applies change number `nth`, from 0, of the step.
pub(super) fn apply(change: &ChangeFile, nth: usize, work: &mut Work<'_, '_, '_>, motion: &mut Motion) {
    let at = Some(work.step);
    match change {
        ChangeFile::Reveal { ids, after, how, secs, each } => {
            for (nth, id) in ids.iter().enumerate() {
                show(id, true, after + each * nth as f32, work, motion);
                if let Some((thing, passage)) = passage(id, (*how, *secs), work) {
                    motion.turn_mut(thing).comes = Some(passage);
                }
            }
        }
        ChangeFile::Hide { ids, after, how, secs } => {
            for id in ids {
                show(id, false, *after, work, motion);
                let how = how.or(secs.map(|_| Way::Fade));
                if let Some((thing, passage)) = how.and_then(|how| passage(id, (Some(how), *secs), work)) {
                    motion.turn_mut(thing).goes = Some(passage);
                }
            }
        }
        ChangeFile::Highlight { ids, after } => emphasize(ids, (Emphasis::Highlight, *after), work, motion),
        ChangeFile::Dim { ids, after } => emphasize(ids, (Emphasis::Dim, *after), work, motion),
        ChangeFile::Plain { ids, after } => emphasize(ids, (Emphasis::Plain, *after), work, motion),
        ChangeFile::Move { id, to, after, secs } => {
            if let Some(placed) = element(id, work) {
                placed.element.move_to(point(*to));
            }
            if let Some(thing) = thing_of(id, work) {
                let turn = motion.turn_mut(thing);
                (turn.after, turn.move_secs) = (Some(*after), secs.or(turn.move_secs));
            }
        }
        ChangeFile::Morph { id, into, after } => {
            show(id, false, *after, work, motion);
            show(into, true, *after, work, motion);
            motion.morphs.extend(thing_of(id, work).zip(thing_of(into, work)));
        }
        ChangeFile::Text { id, words, after } => {
            if let (Some(thing), Some(after)) = (thing_of(id, work), after) {
                motion.turn_mut(thing).after = Some(*after);
            }
            let words = work.template(words);
            set(id, "Text", words, work, |element| match element {
                Element::Text(text) => Some(&mut text.words),
                _ => None,
            });
        }
        ChangeFile::Number { id, quantity, prefix } => number(id, quantity, prefix.as_deref(), work),
        ChangeFile::Image { id, path } => set(id, "Image", path.as_str().into(), work, |element| match element {
            Element::Image { path, .. } => Some(path),
            _ => None,
        }),
        ChangeFile::Chart { id, bind } => {
            let new = work.binding(bind, Bind::Series, nth);
            set(id, "Chart", new, work, |element| match element {
                Element::Chart(chart) => Some(&mut chart.binding),
                _ => None,
            });
        }
        ChangeFile::Table { id, rows } => {
            let new = cells(rows, at, work.known, work.finder);
            set(id, "Table", new, work, |element| match element {
                Element::Table(table) => Some(&mut table.rows),
                _ => None,
            });
        }
        ChangeFile::Tell { route, secs, after } => {
            check_route(route, work);
            motion.tells.push(Tell { route: route.as_str().into(), after: *after, secs: secs.unwrap_or(4.0) });
        }
        ChangeFile::Flow { route, bind } => {
            check_route(route, work);
            let binding = work.binding(bind, Bind::Rate, nth);
            motion.flows.push(Flow { route: route.as_str().into(), binding });
        }
        ChangeFile::Count { id, from, after, secs, even } => {
            require_kind(id, "Number", |element| matches!(element, Element::Number(_)), work);
            motion.counts.push(Count { id: id.as_str().into(), from: *from, after: *after, secs: *secs, even: *even });
        }
        ChangeFile::Loop { ids, secs } => {
            for id in ids {
                work.require("floor or phase", id, world_ids(work.known.world));
            }
            motion.loops.push(Loop { ids: ids.iter().map(|id| id.as_str().into()).collect(), secs: *secs });
        }
        ChangeFile::Run { id, after, secs } => {
            require_kind(id, "Thing", |element| matches!(element, Element::Thing(_)), work);
            motion.runs.extend(thing_of(id, work).map(|thing| (thing, Run { after: *after, secs: secs.max(0.0) })));
        }
        ChangeFile::Lose { id, drives, after } => lose(id, (drives, *after), work, motion),
        ChangeFile::Cue { after, phase } => {
            work.require_phase(phase);
            motion.cues.push((*after, phase.as_str().into()));
        }
    }
}

/// Another figure, with the word before it or none.
fn number(id: &str, quantity: &str, prefix: Option<&str>, work: &mut Work<'_, '_, '_>) {
    let figure = figure_id(quantity, Some(work.step), work.known, work.finder);
    let prefix = prefix.map(|prefix| work.template(prefix));
    let Some(placed) = element(id, work) else { return };
    if let Element::Number(number) = &mut placed.element {
        *number = NumberElement { figure, prefix, ..number.clone() };
    } else {
        other_kind(id, "Number", work);
    }
}

fn show(id: &str, shown: bool, after: f32, work: &mut Work<'_, '_, '_>, motion: &mut Motion) {
    if let Some(placed) = element(id, work) {
        placed.shown = shown;
        let turn = motion.turn_mut(placed.thing.clone());
        let time = if shown { &mut turn.after } else { &mut turn.until };
        *time = Some(after);
    }
}

/// How an element comes or goes: as the author says, or as things of its kind do.
fn passage(id: &str, (how, secs): (Option<Way>, Option<f32>), work: &Work<'_, '_, '_>) -> Option<(Thing, Passage)> {
    let placed = work.find(id)?;
    let way = how.unwrap_or_else(|| placed.element.usual_way());
    let usual_secs = match way {
        Way::Fade => FADE_SECS,
        Way::Grow(_) | Way::Draw | Way::From(..) => GROW_SECS,
        Way::Fall(_) => FALL_SECS,
        Way::Fill(_) => FILL_SECS,
    };
    Some((placed.thing.clone(), Passage { way, secs: secs.unwrap_or(usual_secs).max(0.0) }))
}

/// Seconds that a passage takes, unless an author says: to fade; to grow, or be drawn; to fall; to fill.
const FADE_SECS: f32 = 0.35;
const GROW_SECS: f32 = 0.7;
const FALL_SECS: f32 = 0.5;
const FILL_SECS: f32 = 3.0;

fn thing_of(id: &str, work: &Work<'_, '_, '_>) -> Option<Thing> {
    work.find(id).map(|placed| placed.thing.clone())
}

/// The element of this id; it is an error when there is none.
fn element<'w>(id: &str, work: &'w mut Work<'_, '_, '_>) -> Option<&'w mut Placed> {
    let Some(index) = work.places.get(id).copied() else {
        work.finder.unknown("element", id, work.placed.iter().map(|placed| &*placed.id), Some(work.step));
        return None;
    };
    work.placed.get_mut(index)
}

/// Sets a field that only one kind of element has; it is an error where the element is of another.
fn set<T>(
    id: &str,
    kind: &str,
    value: T,
    work: &mut Work<'_, '_, '_>,
    field: impl FnOnce(&mut Element) -> Option<&mut T>,
) {
    let Some(placed) = element(id, work) else { return };
    match field(&mut placed.element) {
        Some(old) => *old = value,
        None => other_kind(id, kind, work),
    }
}

/// The element must be of a kind; it is an error where it is of another.
fn require_kind(id: &str, kind: &str, is_it: impl Fn(&Element) -> bool, work: &mut Work<'_, '_, '_>) {
    if element(id, work).is_some_and(|placed| !is_it(&placed.element)) {
        other_kind(id, kind, work);
    }
}

/// Drives of strips are lost, at once or later.
fn lose(id: &str, (drives, after): (&[u32], f32), work: &mut Work<'_, '_, '_>, motion: &mut Motion) {
    let Some(placed) = element(id, work) else { return };
    if let Element::Thing(ThingElement::Strips(strips)) = &mut placed.element {
        let (known, lost) = (strips.drives, strips.lost.clone());
        strips.lost.extend(drives);
        if after > 0.0 {
            let loss = |drive: &u32| Loss { thing: placed.thing.clone(), drive: *drive, after };
            motion.losses.extend(drives.iter().map(loss));
        }
        if let Some(drive) = drives.iter().find(|drive| !(1..=known).contains(*drive) || lost.contains(drive)) {
            let place = work.finder.places.of_name(id, Some(work.step));
            let message = format!("drive {drive} of \"{id}\" is lost already, or is none of its {known}");
            work.finder.error("count", place, message, "drives count from 1, and are lost once");
        }
    } else {
        other_kind(id, "Strips", work);
    }
}

fn other_kind(id: &str, kind: &str, work: &mut Work<'_, '_, '_>) {
    let (places, step) = (&work.finder.places, Some(work.step));
    let place = places.id_in_step(id, step).unwrap_or_else(|| places.of_name(id, step));
    let hint = format!("name a {kind}, or change the element by a change of its own kind");
    work.finder.error("change-kind", place, format!("the element \"{id}\" is no {kind}"), hint);
}

fn emphasize(
    ids: &[String],
    (emphasis, after): (Emphasis, Option<f32>),
    work: &mut Work<'_, '_, '_>,
    motion: &mut Motion,
) {
    for id in ids {
        let is_placed = work.find(id).is_some();
        let thing = if !is_placed && world_ids(work.known.world).any(|known| known == id) {
            work.running.emphasis.insert(id.as_str().into(), emphasis);
            if after.is_some() && work.known.world.phase(id).is_some() {
                timed_phase(id, work);
            }
            Thing::common(id)
        } else {
            element(id, work).map(|placed| {
                placed.emphasis = emphasis;
                placed.thing.clone()
            })
        };
        if let (Some(thing), Some(after)) = (thing, after) {
            // The GPUs are pointed out with their hall.
            let with = (thing == Thing::Hall).then_some(Thing::Gpu);
            for thing in [thing].into_iter().chain(with) {
                motion.turn_mut(thing).pointed_out = Some(after);
            }
        }
    }
}

/// The bracket over a phase knows no time of its own.
fn timed_phase(id: &str, work: &mut Work<'_, '_, '_>) {
    let place = work.finder.places.of_name(id, Some(work.step));
    let message = format!("the phase \"{id}\" is pointed out later than at once");
    work.finder.error("timed-phase", place, message, "Cue(after: 2, phase: \"…\"), or a Loop");
}

fn check_route(route: &str, work: &mut Work<'_, '_, '_>) {
    work.require("route", route, work.known.world.routes.iter().map(|route| &*route.id));
}
