//! GPUs with their layers of memory, and what runs between them.

use egui::emath::{Pos2, Rect, Vec2, pos2};

use crate::picture::{Fill, Id, Ink, Picture, Role, Shape, Stroke};
use crate::scene::things::Towers;
use crate::timeline::path;

use super::parts::{Course, line, piece, thing, thrown};

/// Share of the height that the arcs take, over the towers; and of a tower's, that its die does.
const ARCS: f32 = 0.42;
const DIE: f32 = 0.26;
/// One wave of work through the layers.
const WAVE_SECS: f32 = 1.5;
/// Brightness of a layer at rest, and how far the wave moves it.
const REST: f32 = 0.8;
const SWING: f32 = 0.4;

pub(super) fn draw(id: &Id, element: &Towers, course: Course, picture: &mut Picture) {
    let Towers { rect, count, .. } = element;
    let every = rect.width() / *count as f32;
    let top = rect.top() + rect.height() * ARCS;
    let tower = |nth: u32| {
        let left = rect.left() + every * (nth as f32 + 0.11);
        Rect::from_min_max(pos2(left, top), pos2(left + every * 0.78, rect.bottom()))
    };
    let mut arc = 0;
    for one in 0..*count {
        for two in one + 1..*count {
            let curve =
                arch(tower(one).center_top(), tower(two).center_top(), rect.height() * ARCS, rect.width() - every);
            picture.push(thing(id.nth(500 + arc), Role::Rule, line(curve.clone(), 2.0, Ink::Compute)).faded(0.5));
            pulse(id.nth(700 + arc), &curve, arc, course, picture);
            arc += 1;
        }
    }
    for nth in 0..*count {
        one_tower(id, element, (nth, tower(nth)), course, picture);
    }
}

/// An arch from one tower's top to another's, the higher the farther they stand apart.
fn arch(from: Pos2, to: Pos2, most: f32, widest: f32) -> Vec<Pos2> {
    let rise = most * 0.96 * ((to.x - from.x).abs() / widest.max(1.0)).powf(0.7).min(1.0);
    let at = |nth: u32| {
        let t = nth as f32 / 24.0;
        let up = 1.0 - (2.0 * t - 1.0).powi(2);
        pos2(from.x + (to.x - from.x) * t, from.y - rise * up)
    };
    (0..=24).map(at).collect()
}

/// One pulse on its arc, to and fro at a constant speed while the step runs.
fn pulse(id: Id, curve: &[Pos2], arc: u32, course: Course, picture: &mut Picture) {
    let Some(secs) = course.secs else { return };
    let turns = (secs / 2.0 + thrown(arc, 5)).rem_euclid(2.0);
    let share = if turns > 1.0 { 2.0 - turns } else { turns };
    let center = path::point_at(curve, path::length(curve) * share);
    picture.push(thing(id, Role::Dot, Shape::Dot { center, radius: 6.0, ink: Ink::Text, filled: true }));
}

fn one_tower(id: &Id, element: &Towers, (nth, rect): (u32, Rect), course: Course, picture: &mut Picture) {
    let first = nth * 20;
    let edge = Some(Stroke::new(3.0, Ink::Compute));
    let body = Shape::Rect { rect, radii: [12.0; 4], fill: Fill::Slate, stroke: edge };
    picture.push(thing(id.nth(first), Role::Gpu, body));
    let inner = rect.shrink(9.0);
    let die = Rect::from_min_max(pos2(inner.left(), inner.bottom() - rect.height() * DIE), inner.max);
    picture.push(thing(id.nth(first + 1), Role::Gpu, Shape::Gpu { rect: die, busy: 1.0 }));
    let room = Rect::from_min_max(inner.min, pos2(inner.right(), die.top() - 6.0));
    let tall = room.height() / element.layers as f32;
    for layer in 0..element.layers {
        let low = room.bottom() - tall * layer as f32;
        let slab = Rect::from_min_max(pos2(room.left(), low - tall + 3.0), pos2(room.right(), low - 3.0));
        let wave = course.secs.map_or(0.0, |secs| {
            let turn = secs / WAVE_SECS - layer as f32 / element.layers as f32 + thrown(nth, 9);
            (turn * std::f32::consts::TAU).sin()
        });
        let fill = Fill::Flat(Ink::Compute, (REST + SWING * (wave - 0.5)).clamp(0.25, 1.0));
        let fill = if course.secs.is_none() { Fill::Flat(Ink::Compute, REST) } else { fill };
        let shape = Shape::Rect { rect: slab, radii: [3.0; 4], fill, stroke: None };
        picture.push(thing(id.nth(first + 2 + layer), Role::Gpu, shape));
        if let Some((_, _, ink)) = element.holds.filter(|(tower, at, _)| (*tower, *at) == (nth + 1, layer + 1)) {
            let held = Rect::from_center_size(slab.center(), Vec2::splat(tall.max(26.0)));
            picture.push(thing(id.nth(901), Role::Box, Shape::Halo { rect: held, radius: 6.0, ink, level: 0.6 }));
            picture.push(thing(id.nth(900), Role::Box, piece(held, 6.0, ink, [1.0, 0.85], 3.0)));
            let edge = Some(Stroke::new(3.0, Ink::Text));
            let shape = Shape::Rect { rect: held, radii: [6.0; 4], fill: Fill::None, stroke: edge };
            picture.push(thing(id.nth(902), Role::Box, shape));
        }
    }
}
