//! The house cut into strips, one a drive: whole while no more drives are lost than there is parity for, then torn.

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};

use crate::picture::{Fill, Icon, Id, Ink, Picture, Role, Shape, Side, Stroke};
use crate::scene::model::{Element, Placed, TextElement};
use crate::scene::motion::{Loss, Motion};
use crate::scene::template::Words;
use crate::scene::things::{Strips, ThingElement};
use crate::scene::world::World;
use crate::timeline::blend::{Blend, MOVE_SECS};
use crate::timeline::hit::{Folded, HitId, What};
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

/// The drives of strips that can be clicked.
pub(crate) fn hits(id: &str, element: &ThingElement) -> Vec<(HitId, Rect, What)> {
    let ThingElement::Strips(strips @ Strips { clicks: Some(_), .. }) = element else { return Vec::new() };
    let hit = |drive: u32| (HitId::Drive(id.to_owned(), drive as usize), body(strips, drive), What::Drive);
    (0..strips.drives).map(hit).collect()
}

/// Strips of a step of which the presenter clicked drives.
pub(crate) struct Clicked<'a> {
    strips: Vec<(&'a str, &'a Strips, Vec<u32>)>,
    /// Those whose drives are as the step has them, and that are drawn only when they are not.
    waiting: Vec<&'a str>,
}

impl<'a> Clicked<'a> {
    pub(crate) fn of(moment: &Moment<'a>) -> Self {
        let mut clicked = Self { strips: Vec::new(), waiting: Vec::new() };
        for placed in moment.step.elements.iter().filter(|placed| placed.shown) {
            let Element::Thing(ThingElement::Strips(strips)) = &placed.element else { continue };
            let Some(clicks) = &strips.clicks else { continue };
            let lost = lost_now(&placed.id, strips, moment.stage.folded);
            if lost != strips.lost {
                clicked.strips.push((&placed.id, strips, lost));
            } else if !clicks.instead_of.is_empty() {
                clicked.waiting.push(&placed.id);
            }
        }
        clicked
    }

    /// Whether an element is not drawn: what was clicked stands in its place, or it stands in for what was not clicked.
    pub(crate) fn hides(&self, id: &str) -> bool {
        let stands_in = |strips: &Strips| {
            let clicks = strips.clicks.as_ref();
            clicks.is_some_and(|clicks| clicks.instead_of.iter().any(|first| id.starts_with(&**first)))
        };
        let is_replaced = |(own, strips, _): &(&str, &Strips, Vec<u32>)| *own != id && stands_in(strips);
        self.waiting.contains(&id) || self.strips.iter().any(is_replaced)
    }

    /// A text that says how many drives are left, where it is one.
    pub(crate) fn words(&self, placed: &Placed) -> Option<TextElement> {
        let Element::Text(text) = &placed.element else { return None };
        let is_of =
            |strips: &Strips| strips.clicks.as_ref().is_some_and(|clicks| clicks.says == Some(placed.id.clone()));
        let (_, strips, lost) = self.strips.iter().find(|(_, strips, _)| is_of(strips))?;
        Some(TextElement { words: Words::plain(left_words(strips, lost.len() as u32)), ..text.clone() })
    }
}

/// The drives that are lost with those the presenter clicked: a click kills one, and brings back one that the step has lost.
fn lost_now(id: &str, strips: &Strips, clicked: &Folded) -> Vec<u32> {
    let is_clicked = |drive: u32| clicked.contains(&HitId::Drive(id.to_owned(), drive as usize - 1));
    let still = strips.lost.iter().copied().filter(|drive| !is_clicked(*drive));
    let new = (1..=strips.drives).filter(|drive| is_clicked(*drive) && !strips.lost.contains(drive));
    still.chain(new).collect()
}

/// How many drives are left, and what that means: "12 of 16 left: read and written".
fn left_words(strips: &Strips, lost: u32) -> String {
    let Strips { drives, parity, .. } = *strips;
    // Where parity is half of all, a write needs one drive more than a read.
    let means = if lost > parity {
        "lost"
    } else if lost == parity && parity * 2 == drives {
        "readable, not writable"
    } else {
        "read and written"
    };
    format!("{} of {drives} left: {means}", drives - lost)
}

/// Where a drive stands, from 0.
fn body(strips: &Strips, drive: u32) -> Rect {
    let wide = strips.rect.width() / strips.drives as f32;
    let left = strips.rect.left() + wide * drive as f32;
    let top = strips.rect.bottom() - strips.rect.height() * DRIVES;
    Rect::from_min_max(pos2(left, top), pos2(left + wide, strips.rect.bottom()))
}

/// Draws strips at a moment: what is lost later than at once is lost then, as any change comes; what is clicked, at once.
pub(super) fn draw(moment: &Moment<'_>, id: &Id, element: &Strips, picture: &mut Picture) {
    let world = &moment.stage.library.world;
    let lost = lost_now(id.thing.word(), element, moment.stage.folded);
    if lost != element.lost {
        return draw_with(world, id, &Strips { lost, ..element.clone() }, picture);
    }
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
    let Strips { rect, drives, parity, lost, ink, .. } = element;
    let house_rect = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - rect.height() * DRIVES - GAP));
    let house = house(world, house_rect);
    let wide = rect.width() / *drives as f32;
    let is_torn = lost.len() > *parity as usize;
    let mut gone: Vec<Rect> = Vec::new();
    for drive in 0..*drives {
        let left = rect.left() + wide * drive as f32;
        let strip = Rect::from_min_max(pos2(left, house_rect.top()), pos2(left + wide, house_rect.bottom()));
        let is_lost = lost.contains(&(drive + 1));
        let fallen = if is_torn && !is_lost { lean(drive, lost) } else { Vec2::ZERO };
        let first = drive * 100;
        for (nth, (part, ink)) in house.iter().enumerate() {
            let cut = part.intersect(strip.shrink2(vec2(CUT, 0.0)));
            if cut.width() <= 1.0 || cut.height() <= 1.0 {
                continue;
            }
            if is_lost && !is_torn {
                gone.push(cut);
            }
            let radii = cut_radii(world, *part, cut, *ink);
            let part = (id.nth(first + nth as u32), cut.translate(fallen), *ink);
            match (is_lost, is_torn) {
                (false, false) => {
                    picture.push(thing(part.0, Role::Box, arched(piece(part.1, 4.0, *ink, [0.5, 0.26], 3.0), radii)));
                }
                (false, true) => {
                    picture.push(thing(part.0, Role::Box, torn(part.1, *ink, first + nth as u32)));
                }
                (true, false) => rebuilt(part, radii, picture),
                (true, true) => {}
            }
        }
        let body = body(element, drive).shrink2(vec2(CUT + 1.0, 0.0));
        drive_box(id, first, (body, *ink), (is_lost, is_torn), picture);
    }
    // Over all strips: a neighbour's edge would hide half of a dash.
    for (nth, outline) in outlines(&gone).into_iter().enumerate() {
        let stroke = Stroke { dashed: true, ..Stroke::new(3.0, Ink::Text) };
        let shape = Shape::Polygon { points: outline.into(), fill: Fill::None, stroke };
        picture.push(thing(id.nth(90 + 100 * nth as u32), Role::Box, shape));
    }
}

/// The outlines of the strips that are gone: one of those beside one another, and along the steps of the house, so that none
/// encloses air. `gone`: what they have of floors and hall.
fn outlines(gone: &[Rect]) -> Vec<Vec<Pos2>> {
    let gone: Vec<Rect> = gone.iter().map(|rect| rect.expand(CUT + 0.1)).collect();
    let mut xs: Vec<f32> = gone.iter().flat_map(|rect| [rect.left(), rect.right()]).collect();
    xs.sort_by(f32::total_cmp);
    xs.dedup_by(|a, b| (*a - *b).abs() < 0.5);
    let foot = gone.iter().map(|rect| rect.bottom()).fold(0.0, f32::max);
    let mut outlines: Vec<Vec<Pos2>> = Vec::new();
    let mut open = false;
    for pair in xs.windows(2) {
        let middle = f32::midpoint(pair[0], pair[1]);
        let over = gone.iter().filter(|rect| rect.x_range().contains(middle));
        let Some(top) = over.map(|rect| rect.top()).reduce(f32::min) else {
            open = false;
            continue;
        };
        let steps = [pos2(pair[0], top), pos2(pair[1], top)];
        match outlines.last_mut().filter(|_| open) {
            Some(outline) => {
                // The last corner is the right foot: it moves on.
                outline.pop();
                outline.extend(steps);
                outline.push(pos2(pair[1], foot));
            }
            None => outlines.push(vec![pos2(pair[0], foot), steps[0], steps[1], pos2(pair[1], foot)]),
        }
        open = true;
    }
    outlines.iter_mut().for_each(straighten);
    outlines
}

/// Leaves out the corners that lie on a straight way.
fn straighten(outline: &mut Vec<Pos2>) {
    let corners = outline.clone();
    let mut nth = 0_usize;
    outline.retain(|at| {
        let (before, after) = (nth.checked_sub(1).and_then(|n| corners.get(n)), corners.get(nth + 1));
        nth += 1;
        let lies = before.zip(after).is_some_and(|(before, after)| before.y == at.y && at.y == after.y);
        !lies
    });
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

/// Between two teeth of a torn side, and how far one reaches.
const TOOTH: f32 = 18.0;
const BITE: f32 = 9.0;

/// What is left of a part: its sides are jagged, each in its own way.
fn torn(rect: Rect, ink: Ink, seed: u32) -> Shape {
    let teeth = (rect.height() / TOOTH).max(2.0) as u32;
    let bite = BITE.min(rect.width() / 4.0);
    let tooth = |nth: u32, side: u32| {
        let y = rect.top() + rect.height() * nth as f32 / teeth as f32;
        let inward = if nth % 2 == side % 2 { 0.0 } else { bite * (0.6 + 0.4 * thrown(seed, nth * 2 + side)) };
        pos2(if side == 0 { rect.left() + inward } else { rect.right() - inward }, y)
    };
    let right = (0..=teeth).map(|nth| tooth(nth, 1));
    let left = (0..=teeth).rev().map(|nth| tooth(nth, 0));
    let fill = Fill::Fade { ink, from: 0.5, to: Side::Top };
    Shape::Polygon { points: right.chain(left).collect(), fill, stroke: Stroke::new(3.0, ink) }
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
