//! What a step changes, applied to the elements and to what is pointed out.

use std::sync::Arc;

use egui::emath::Pos2;

use crate::picture::{Align, Thing};
use crate::scene::file::{ChangeFile, NumberRoleFile};
use crate::scene::model::{Count, Element, Emphasis, Flow, Loop, Motion, NumberElement, Tell};
use crate::scene::world::World;
use crate::signal::Tier;

use super::elements::{cells, number};
use super::{Work, binding, check_phase, point};

/// Things of the world that a step may point out.
fn world_ids(world: &World) -> Vec<Arc<str>> {
    let floors = Tier::ALL.iter().map(|tier| tier.id().into());
    floors.chain(["hall".into()]).chain(world.phases.iter().map(|phase| phase.id.clone())).collect()
}

pub(super) fn apply(change: &ChangeFile, index: usize, work: &mut Work<'_, '_, '_>, motion: &mut Motion) {
    let at = Some(index);
    match change {
        ChangeFile::Reveal { ids, after } => show(ids, (true, *after), index, work, motion),
        ChangeFile::Hide { ids, after } => show(ids, (false, *after), index, work, motion),
        ChangeFile::Highlight { ids } => emphasize(ids, Emphasis::Highlight, at, work),
        ChangeFile::Dim { ids } => emphasize(ids, Emphasis::Dim, at, work),
        ChangeFile::Plain { ids } => emphasize(ids, Emphasis::Plain, at, work),
        ChangeFile::Move { id, to, after } => {
            edit(id, at, work, |element| element.move_to(point(*to)));
            motion.after.extend(thing_of(id, work).map(|thing| (thing, *after)));
        }
        ChangeFile::Morph { id, into, after } => {
            show(std::slice::from_ref(id), (false, *after), index, work, motion);
            show(std::slice::from_ref(into), (true, *after), index, work, motion);
            motion.morphs.extend(thing_of(id, work).zip(thing_of(into, work)));
        }
        ChangeFile::Text { id, words } => {
            let words = work.known.words(words, at, work.finder);
            edit(id, at, work, |element| {
                if let Element::Text(text) = element {
                    text.words = words;
                }
            });
        }
        ChangeFile::Number { id, quantity } => set_number(id, quantity, at, work),
        ChangeFile::Image { id, path } => edit(id, at, work, |element| {
            if let Element::Image { path: old, .. } = element {
                *old = path.as_str().into();
            }
        }),
        ChangeFile::Chart { id, bind } => {
            let new = binding(bind, &work.known.world.scales, at, work.finder);
            edit(id, at, work, |element| {
                if let Element::Chart(chart) = element {
                    chart.binding = new;
                }
            });
        }
        ChangeFile::Table { id, rows } => {
            let new = cells(rows, at, work.known, work.finder);
            edit(id, at, work, |element| {
                if let Element::Table(table) = element {
                    table.rows = new;
                }
            });
        }
        ChangeFile::Tell { route, secs, after } => {
            check_route(route, at, work);
            motion.tells.push(Tell { route: route.as_str().into(), after: *after, secs: *secs });
        }
        ChangeFile::Flow { route, bind } => {
            check_route(route, at, work);
            let binding = binding(bind, &work.known.world.scales, at, work.finder);
            motion.flows.push(Flow { route: route.as_str().into(), binding });
        }
        ChangeFile::Count { id, from, secs } => {
            edit(id, at, work, |_| ());
            motion.counts.push(Count { id: id.as_str().into(), from: *from, secs: *secs });
        }
        ChangeFile::Loop { ids, secs } => {
            let known: Vec<Arc<str>> = world_ids(work.known.world);
            let known: Vec<&str> = known.iter().map(|id| &**id).collect();
            for id in ids.iter().filter(|id| !known.contains(&id.as_str())) {
                work.finder.unknown("floor or phase", id, at, &known);
            }
            motion.loops.push(Loop { ids: ids.iter().map(|id| id.as_str().into()).collect(), secs: *secs });
        }
        ChangeFile::Cue { after, phase } => {
            check_phase(phase, at, work);
            motion.cues.push((*after, phase.as_str().into()));
        }
    }
}

fn show(ids: &[String], (shown, after): (bool, f32), index: usize, work: &mut Work<'_, '_, '_>, motion: &mut Motion) {
    for id in ids {
        if let Some(placed) = work.placed.iter_mut().find(|placed| *placed.id == **id) {
            placed.shown = shown;
            let times = if shown { &mut motion.after } else { &mut motion.until };
            times.insert(placed.thing.clone(), after);
        } else {
            unknown_element(id, Some(index), work);
        }
    }
}

fn thing_of(id: &str, work: &Work<'_, '_, '_>) -> Option<Thing> {
    work.placed.iter().find(|placed| *placed.id == *id).map(|placed| placed.thing.clone())
}

fn unknown_element(id: &str, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    let ids: Vec<Arc<str>> = work.placed.iter().map(|placed| placed.id.clone()).collect();
    let ids: Vec<&str> = ids.iter().map(|id| &**id).collect();
    work.finder.unknown("element", id, at, &ids);
}

fn edit(id: &str, at: Option<usize>, work: &mut Work<'_, '_, '_>, change: impl FnOnce(&mut Element)) {
    match work.placed.iter_mut().find(|placed| &*placed.id == id) {
        Some(placed) => change(&mut placed.element),
        None => unknown_element(id, at, work),
    }
}

fn set_number(id: &str, quantity: &str, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    let place = (Pos2::ZERO, NumberRoleFile::Body, Align::Left, None);
    let new = number(quantity, at, place, (work.known, work.finder));
    edit(id, at, work, |element| {
        if let Element::Number(old) = element {
            let NumberElement { at, role, align, size, .. } = *old;
            *old = NumberElement { at, role, align, size, ..new };
        }
    });
}

fn emphasize(ids: &[String], emphasis: Emphasis, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    let of_world = world_ids(work.known.world);
    for id in ids {
        if let Some(placed) = work.placed.iter_mut().find(|placed| *placed.id == **id) {
            placed.emphasis = emphasis;
        } else if let Some(known) = of_world.iter().find(|known| ***known == **id) {
            work.running.emphasis.insert(known.clone(), emphasis);
        } else {
            unknown_element(id, at, work);
        }
    }
}

fn check_route(route: &str, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    if work.known.world.route(route).is_none() {
        let ids: Vec<&str> = work.known.world.routes.iter().map(|route| &*route.id).collect();
        work.finder.unknown("route", route, at, &ids);
    }
}
