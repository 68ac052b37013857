//! The house cut into strips, one a drive: whole while no more drives are lost than there is parity for, then torn.

use egui::emath::{Rect, Vec2, pos2, vec2};

use crate::picture::{Fill, Icon, Id, Ink, Picture, Role, Shape, Stroke};
use crate::scene::motion::{Loss, Motion};
use crate::scene::things::Strips;
use crate::scene::world::World;
use crate::timeline::blend::{Blend, MOVE_SECS};
use crate::timeline::moment::Moment;

use super::parts::{line, piece, thing, thrown};

/// Of the height, for the drives under the house.
const DRIVES: f32 = 0.18;
/// Between the house and the drives, and between two strips.
const GAP: f32 = 16.0;
const CUT: f32 = 2.5;
/// The corners of what is cut.
const SLIGHT: f32 = 4.0;
/// Between two lines of a strip that was rebuilt.
const LINED: f32 = 11.0;

/// Draws strips at a moment: what is lost later than at once is lost then, as any change comes.
pub(super) fn draw(moment: &Moment<'_>, id: &Id, element: &Strips, picture: &mut Picture) {
    let world = &moment.stage.library.world;
    let losses: Vec<&Loss> = moment.step.motion.losses.iter().filter(|loss| loss.thing == id.thing).collect();
    let last = losses.iter().map(|loss| loss.after).filter(|after| *after <= moment.secs).reduce(f32::max);
    if losses.is_empty() || moment.stage.reduced {
        return draw_with(world, id, element, picture);
    }
    let strips = |is_gone: &dyn Fn(f32) -> bool| {
        let after = |drive: &u32| losses.iter().find(|loss| loss.drive == *drive).map_or(0.0, |loss| loss.after);
        let lost = element.lost.iter().copied().filter(|drive| is_gone(after(drive))).collect();
        let mut picture = Picture::default();
        draw_with(world, id, &Strips { lost, ..element.clone() }, &mut picture);
        picture
    };
    let now = strips(&|after| after <= moment.secs);
    let Some(last) = last.filter(|last| moment.secs - last < MOVE_SECS) else {
        return picture.marks.extend(now.marks);
    };
    let blend = Blend { motion: &Motion::default(), secs: moment.secs - last, reduced: false };
    picture.marks.extend(blend.apply(&strips(&|after| after < last), &now).marks);
}

fn draw_with(world: &World, id: &Id, element: &Strips, picture: &mut Picture) {
    let Strips { rect, drives, parity, lost, ink } = element;
    let house_rect = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - rect.height() * DRIVES - GAP));
    let house = house(world, house_rect);
    let wide = rect.width() / *drives as f32;
    let is_torn = lost.len() > *parity as usize;
    for drive in 0..*drives {
        let left = rect.left() + wide * drive as f32;
        let strip = Rect::from_min_max(pos2(left, house_rect.top()), pos2(left + wide, house_rect.bottom()));
        let is_lost = lost.contains(&(drive + 1));
        let fallen = if is_torn && !is_lost { lean(drive, lost) } else { Vec2::ZERO };
        let first = drive * 100;
        let mut covered: Option<Rect> = None;
        for (nth, (part, ink)) in house.iter().enumerate() {
            let cut = part.intersect(strip.shrink2(vec2(CUT, 0.0)));
            if cut.width() <= 1.0 || cut.height() <= 1.0 {
                continue;
            }
            covered = Some(covered.map_or(cut, |all| all.union(cut)));
            let radii = cut_radii(world, *part, cut, *ink);
            let part = (id.nth(first + nth as u32), cut.translate(fallen), *ink);
            match (is_lost, is_torn) {
                (false, false) => {
                    picture.push(thing(part.0, Role::Box, arched(piece(part.1, 4.0, *ink, [0.5, 0.26], 3.0), radii)));
                }
                (false, true) => {
                    picture.push(thing(part.0, Role::Box, arched(piece(part.1, 4.0, *ink, [0.16, 0.06], 2.0), radii)));
                }
                (true, false) => rebuilt(part, radii, picture),
                (true, true) => {}
            }
        }
        if let Some(frame) = covered.filter(|_| is_lost) {
            let stroke = Some(Stroke { dashed: true, ..Stroke::new(3.0, Ink::Text) });
            let shape = Shape::Rect { rect: frame.expand(2.0), radii: [4.0; 4], fill: Fill::None, stroke };
            picture.push(thing(id.nth(first + 90), Role::Box, shape));
        }
        let body = Rect::from_min_max(pos2(left, house_rect.bottom() + GAP), pos2(left + wide, rect.bottom()));
        drive_box(id, first, (body.shrink2(vec2(CUT + 1.0, 0.0)), *ink), (is_lost, is_torn), picture);
    }
}

/// The world's floors and hall in a box, as wide and as high as they are to one another.
fn house(world: &World, into: Rect) -> Vec<(Rect, Ink)> {
    let floors = world.floors.iter().map(|floor| (floor.rect, Ink::of(floor.tier)));
    let parts: Vec<(Rect, Ink)> = floors.chain([(world.hall.rect, Ink::Compute)]).collect();
    let whole = parts.iter().map(|(rect, _)| *rect).reduce(|all, rect| all.union(rect)).unwrap_or(into);
    let at = |x: f32, y: f32| {
        let share = vec2((x - whole.left()) / whole.width(), (y - whole.top()) / whole.height());
        into.min + share * into.size()
    };
    let placed = |(rect, ink): &(Rect, Ink)| {
        (Rect::from_min_max(at(rect.left(), rect.top()), at(rect.right(), rect.bottom())), *ink)
    };
    parts.iter().map(placed).collect()
}

/// The corners of what a strip has of a part: a strip at an end of the hall has its arch, as far as it is wide.
fn cut_radii(world: &World, part: Rect, cut: Rect, ink: Ink) -> [f32; 4] {
    let plain = [SLIGHT; 4];
    if ink != Ink::Compute {
        return plain;
    }
    let [arch, ..] = world.hall.radii(part);
    let ends = [(0, cut.left() - part.left()), (1, part.right() - cut.right())];
    ends.into_iter().filter(|(_, beside)| *beside < CUT + 0.5).fold(plain, |mut radii, (corner, _)| {
        radii[corner] = arch.max(SLIGHT);
        radii
    })
}

fn arched(mut shape: Shape, corners: [f32; 4]) -> Shape {
    if let Shape::Rect { radii, .. } = &mut shape {
        *radii = corners;
    }
    shape
}

/// A part that is worked out of the others: lined, where the whole ones are filled.
fn rebuilt((id, rect, ink): (Id, Rect, Ink), radii: [f32; 4], picture: &mut Picture) {
    let lines = (rect.height() / LINED) as u32;
    let stroke = Some(Stroke::new(2.0, ink));
    picture.push(thing(id.clone(), Role::Box, Shape::Rect { rect, radii, fill: Fill::None, stroke }));
    for nth in 1..=lines {
        let y = rect.bottom() - LINED * nth as f32 + LINED / 2.0;
        let path = vec![pos2(rect.left() + 3.0, y), pos2(rect.right() - 3.0, y)];
        picture.push(thing(id.nth(id.nth * 40 + 10_000 + nth), Role::Rule, line(path, 3.0, ink)).faded(0.8));
    }
}

/// A strip beside a gap leans into it, and sinks.
fn lean(drive: u32, lost: &[u32]) -> Vec2 {
    let here = drive as f32 + 1.0;
    let nearest = lost.iter().map(|gone| *gone as f32 - here).min_by(|a, b| a.abs().total_cmp(&b.abs()));
    let pull = nearest.map_or(0.0, |away| away.signum() * 7.0 / away.abs().max(1.0));
    vec2(pull, 3.0 + 11.0 * thrown(drive, 3))
}

/// A drive: its lamp is on, or an octagon says that it is gone. Of a torn group no lamp is on.
fn drive_box(id: &Id, first: u32, (rect, ink): (Rect, Ink), (is_lost, is_torn): (bool, bool), picture: &mut Picture) {
    let edge = if is_lost || is_torn { Ink::Edge } else { ink };
    let stroke = Some(Stroke::new(3.0, edge));
    picture.push(thing(
        id.nth(first + 91),
        Role::Box,
        Shape::Rect { rect, radii: [8.0; 4], fill: Fill::Slate, stroke },
    ));
    let lamp = pos2(rect.center().x, rect.top() + rect.height() * 0.3);
    if is_lost {
        let size = (rect.width() * 0.8).min(44.0);
        let shape = Shape::icon(Icon::Bad, rect.center(), size, Ink::Text);
        picture.push(thing(id.nth(first + 92), Role::Icon, shape));
        return;
    }
    let shape = Shape::Dot { center: lamp, radius: 7.0, ink: edge, filled: !is_torn };
    picture.push(thing(id.nth(first + 93), Role::Dot, shape));
    let slot = rect.bottom() - rect.height() * 0.22;
    let path = vec![pos2(rect.left() + 9.0, slot), pos2(rect.right() - 9.0, slot)];
    picture.push(thing(id.nth(first + 94), Role::Rule, line(path, 3.0, edge)).faded(0.7));
}
