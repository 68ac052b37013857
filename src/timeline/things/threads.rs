//! The shuffle: each at the left sends a block to each at the right, at a constant speed and out of order.

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};

use crate::picture::{Fill, Id, Ink, Picture, Role, Shape, Stroke};
use crate::scene::things::Threads;
use crate::timeline::path;

use super::parts::{Course, line, piece, thing, thrown};

/// Share of the width that the racks at each side take, and of a way's height that a rack does.
const RACK_WIDTH: f32 = 0.17;
const RACK_HEIGHT: f32 = 0.62;
/// The last block leaves at this share of the course.
const LAST_LEAVES: f32 = 0.5;

/// A rack of one way: where its blocks stand.
struct Rack {
    rect: Rect,
    slots: u32,
}

impl Rack {
    fn slot(&self, at: u32) -> Pos2 {
        let every = (self.rect.width() - 16.0) / self.slots as f32;
        pos2(self.rect.left() + 8.0 + every * (at as f32 + 0.5), self.rect.center().y)
    }

    fn side(&self) -> f32 {
        ((self.rect.width() - 16.0) / self.slots as f32 * 0.66).min(self.rect.height() * 0.5)
    }
}

fn rack(element: &Threads, way: u32, is_right: bool) -> Rack {
    let Threads { rect, ways, .. } = element;
    let tall = rect.height() / *ways as f32;
    let size = vec2(rect.width() * RACK_WIDTH, tall * RACK_HEIGHT);
    let x = if is_right { rect.right() - size.x } else { rect.left() };
    let top = rect.top() + tall * way as f32 + (tall - size.y) / 2.0;
    Rack { rect: Rect::from_min_size(pos2(x, top), size), slots: *ways }
}

/// The curve from one rack's right end to another's left end.
fn thread(from: Pos2, to: Pos2) -> Vec<Pos2> {
    let bow = (to.x - from.x) * 0.45;
    let (one, two) = (from + vec2(bow, 0.0), to - vec2(bow, 0.0));
    let at = |nth: u32| {
        let t = nth as f32 / 24.0;
        let u = 1.0 - t;
        let sum = from.to_vec2() * (u * u * u) + one.to_vec2() * (3.0 * u * u * t);
        (sum + two.to_vec2() * (3.0 * u * t * t) + to.to_vec2() * (t * t * t)).to_pos2()
    };
    (0..=24).map(at).collect()
}

pub(super) fn draw(id: &Id, element: &Threads, course: Course, picture: &mut Picture) {
    let ways = element.ways;
    let is_followed = |from: u32| element.followed == Some(from + 1);
    let racks = |is_right: bool| -> Vec<Rack> { (0..ways).map(|way| rack(element, way, is_right)).collect() };
    let (left, right) = (racks(false), racks(true));
    for (nth, rack) in left.iter().chain(&right).enumerate() {
        let stroke = Some(Stroke::new(3.0, Ink::Edge));
        let shape = Shape::Rect { rect: rack.rect, radii: [8.0; 4], fill: Fill::Slate, stroke };
        picture.push(thing(id.nth(nth as u32), Role::Box, shape));
        // Where blocks were, or will be.
        for slot in 0..rack.slots {
            let rect = Rect::from_center_size(rack.slot(slot), Vec2::splat(rack.side()));
            let stroke = Some(Stroke::new(1.5, Ink::Edge));
            let shape = Shape::Rect { rect, radii: [4.0; 4], fill: Fill::None, stroke };
            picture.push(thing(id.nth(4000 + nth as u32 * 40 + slot), Role::Box, shape).faded(0.5));
        }
    }
    // The followed threads over the others, and all blocks over all threads.
    let mut blocks = Vec::new();
    let in_order = (0..ways).filter(|from| !is_followed(*from)).chain((0..ways).filter(|from| is_followed(*from)));
    for from in in_order {
        for to in 0..ways {
            let nth = 100 + from * ways + to;
            let (start, end) = (&left[from as usize], &right[to as usize]);
            let curve = thread(start.rect.right_center(), end.rect.left_center());
            let (ink, width, opacity) = if is_followed(from) { (element.ink, 3.0, 0.9) } else { (Ink::Edge, 1.5, 0.3) };
            let way = thing(id.nth(nth), Role::Rule, line(curve.clone(), width, ink));
            picture.push(way.faded(opacity));
            let leaves_of = |from: u32| thrown(from * 31 + to, 7) * LAST_LEAVES;
            let leaves = leaves_of(from);
            // They stand in the order in which they came, so the followed ones end in another place of each rack.
            let place = (0..ways).filter(|other| leaves_of(*other) < leaves).count() as u32;
            let t = (course.share - leaves) / (1.0 - LAST_LEAVES);
            let at = if t <= 0.0 {
                start.slot(to)
            } else if t >= 1.0 {
                end.slot(place)
            } else {
                path::point_at(&curve, path::length(&curve) * t)
            };
            blocks.push((nth, at, is_followed(from), start.side().min(end.side())));
        }
    }
    for (nth, at, is_followed, side) in blocks {
        let (ink, side) = if is_followed { (element.ink, side * 1.35) } else { (Ink::Edge, side) };
        let rect = Rect::from_center_size(at, Vec2::splat(side));
        let strength = if is_followed { [1.0, 0.8] } else { [0.55, 0.45] };
        picture.push(thing(id.nth(1000 + nth), Role::Box, piece(rect, 4.0, ink, strength, 2.0)));
    }
}
