//! Pieces in rows, ragged, sorted or packed; and points that settle into a cloud.

use std::f32::consts::TAU;

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};

use crate::picture::{Id, Ink, Picture, Role, Shape};
use crate::scene::things::{Bricks, BricksLook, Cloud};
use crate::timeline::ease::Ease;

use super::parts::{Course, block, line, piece, thing, thrown};

pub(super) fn bricks(id: &Id, element: &Bricks, course: Course, picture: &mut Picture) {
    let Bricks { rect, look, columns, rows, .. } = element;
    // Of the rows from below, so many are there.
    let come = course.share * *rows as f32;
    let cell = vec2(rect.width() / *columns as f32, rect.height() / *rows as f32);
    if *look == BricksLook::Lane {
        return lane(id, element, course, picture);
    }
    for row in 0..*rows {
        for column in 0..*columns {
            let corner = rect.min + vec2(cell.x * column as f32, cell.y * row as f32);
            let (cell, nth) = (Rect::from_min_size(corner, cell), row * columns + column);
            match look {
                BricksLook::Ragged => gravel(id, element, cell, nth, picture),
                BricksLook::Sorted => {
                    let side = cell.width().min(cell.height()) * 0.68;
                    let square = Rect::from_center_size(cell.center(), Vec2::splat(side));
                    picture.push(thing(id.nth(nth), Role::Box, piece(square, 6.0, element.ink, [0.28, 0.16], 3.0)));
                }
                BricksLook::Lane => {}
                BricksLook::Packed => brick(id, element, (cell, row), nth, picture),
                BricksLook::Stacked => {
                    let there = (come - (rows - 1 - row) as f32).clamp(0.0, 1.0);
                    slab(id.nth(nth), element, (cell, there), picture);
                }
            }
        }
    }
}

/// A slab as far as it is there; the edge at which it grows is bright.
fn slab(id: Id, element: &Bricks, (cell, there): (Rect, f32), picture: &mut Picture) {
    let whole = cell.shrink(4.0);
    let top = whole.bottom() - whole.height() * there;
    if whole.bottom() - top < 1.0 {
        return;
    }
    let rect = Rect::from_min_max(pos2(whole.left(), top), whole.max);
    let edge = id.nth(1000 + id.nth);
    picture.push(thing(id, Role::Box, block(rect, 6.0, element.ink, [0.95, 0.78])));
    if there < 1.0 {
        let path = vec![pos2(rect.left() + 2.0, top), pos2(rect.right() - 2.0, top)];
        picture.push(thing(edge, Role::Rule, line(path, 6.0, Ink::Text)));
    }
}

/// Stage units a second of what climbs in a lane.
const LANE_SPEED: f32 = 150.0;

/// Dots that climb in columns, every other one half a place on; a lane through which nothing goes is empty.
fn lane(id: &Id, element: &Bricks, course: Course, picture: &mut Picture) {
    let Some(secs) = course.secs.filter(|_| course.share > 0.0) else { return };
    let Bricks { rect, columns, rows, ink, .. } = element;
    let (wide, every) = (rect.width() / *columns as f32, rect.height() / *rows as f32);
    let radius = (wide.min(every) * 0.36).min(7.0);
    for column in 0..*columns {
        let x = rect.left() + wide * (column as f32 + 0.5);
        let on = if column % 2 == 1 { 0.5 } else { 0.0 };
        for row in 0..*rows {
            let up = (row as f32 + on + secs * LANE_SPEED / every).rem_euclid(*rows as f32);
            let center = pos2(x, rect.bottom() - every * up);
            let near = (center.y - rect.top()).min(rect.bottom() - center.y) / every;
            let shape = Shape::Dot { center, radius, ink: *ink, filled: true };
            picture.push(thing(id.nth(row * 40 + column), Role::Dot, shape).faded(near.clamp(0.0, 1.0)));
        }
    }
}

/// One brick; every other row lies half a brick on, and ends in half ones.
fn brick(id: &Id, element: &Bricks, (cell, row): (Rect, u32), nth: u32, picture: &mut Picture) {
    let by = if row % 2 == 1 { cell.width() / 2.0 } else { 0.0 };
    let whole = cell.translate(vec2(by, 0.0));
    let inside = whole.intersect(element.rect).shrink(3.0);
    let shape = |rect: Rect| piece(rect, 6.0, element.ink, [0.5, 0.3], 3.0);
    picture.push(thing(id.nth(nth), Role::Box, shape(inside)));
    if by > 0.0 && cell.left() <= element.rect.left() + 1.0 {
        let half = Rect::from_min_max(cell.min, pos2(cell.left() + by, cell.bottom())).shrink(3.0);
        picture.push(thing(id.nth(1000 + nth), Role::Box, shape(half)));
    }
}

/// One stone of a heap: some corners, some size, a place near its own; one in seven lies there more than once.
fn gravel(id: &Id, element: &Bricks, cell: Rect, nth: u32, picture: &mut Picture) {
    let dice = |what: u32| thrown(nth, what);
    let corners = 5 + (dice(1) * 3.0) as u32;
    let reach = cell.width().min(cell.height()) * (0.3 + 0.34 * dice(2));
    let middle = cell.center() + vec2(dice(3) - 0.5, dice(4) - 0.5) * cell.size() * 0.4;
    let copies = if dice(5) < 0.14 { 3 } else { 1 };
    for copy in 0..copies {
        let middle = middle + vec2(9.0, -7.0) * copy as f32;
        let corner = |at: u32| {
            let turn = TAU * (at as f32 + 0.5 * dice(10 + at)) / corners as f32 + dice(6);
            let long = reach * (0.75 + 0.35 * dice(20 + at));
            middle + Vec2::angled(turn) * long
        };
        let mut path: Vec<Pos2> = (0..corners).map(corner).collect();
        path.extend(path.first().copied());
        let stone = thing(id.nth(nth * 3 + copy), Role::Rule, line(path, 3.0, element.ink));
        picture.push(stone.faded(0.55 + 0.4 * dice(7)));
    }
}

/// How many groups a cloud has.
const GROUPS: u32 = 5;

/// Points come from the left edge, one after the other, each to its place in its group.
pub(super) fn cloud(id: &Id, element: &Cloud, course: Course, picture: &mut Picture) {
    let Cloud { rect, points, ink } = element;
    for nth in 0..*points {
        let group = (thrown(nth, 1) * GROUPS as f32) as u32;
        let middle = vec2(0.18 + 0.64 * thrown(group, 90), 0.2 + 0.6 * ((group as f32 + 0.5) / GROUPS as f32));
        // The sum of some throws is near a bell curve.
        let bell = |what: u32| (0..4).map(|at| thrown(nth, what + at)).sum::<f32>() / 4.0 - 0.5;
        let place = rect.min + (middle + vec2(bell(10), bell(20)) * 0.42) * rect.size();
        let begins = 0.6 * nth as f32 / *points as f32;
        let t = Ease::Decelerate.at((course.share - begins) / 0.4);
        if t <= 0.0 {
            continue;
        }
        let from = pos2(rect.left(), rect.top() + rect.height() * thrown(nth, 3));
        let shape = Shape::Dot { center: from.lerp(place, t), radius: 7.0, ink: *ink, filled: true };
        picture.push(thing(id.nth(nth), Role::Dot, shape).faded((t * 3.0).min(1.0)));
    }
}
