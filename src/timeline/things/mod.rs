//! Things: what is drawn as the thing that it is. What moves in them follows from the step's time by their own course.

mod parts;
mod pieces;
mod strips;
mod threads;
mod towers;

use egui::emath::{Pos2, Rect, pos2};

use crate::figures::Figures;
use crate::picture::{Fill, Id, Ink, Picture, Role, STAGE, Shape, Stroke};
use crate::scene::things::{Hatching, Square, ThingElement};
use crate::timeline::moment::Moment;

use self::parts::{Course, line, piece, thing};
pub(crate) use self::strips::{Clicked, hits};

/// Draws a thing as it is now.
pub(crate) fn draw(moment: &Moment<'_>, id: &Id, thing: &ThingElement, picture: &mut Picture) {
    let course = Course::of(moment, id);
    match thing {
        ThingElement::Square(element) => square(moment, id, element, picture),
        ThingElement::Bricks(element) => pieces::bricks(id, element, course, picture),
        ThingElement::Cloud(element) => pieces::cloud(id, element, course, picture),
        ThingElement::Threads(element) => threads::draw(id, element, course, picture),
        ThingElement::Towers(element) => towers::draw(id, element, course, picture),
        ThingElement::Strips(element) => strips::draw(moment, id, element, picture),
        ThingElement::Hatching(element) => hatching(id, element, course, picture),
    }
}

/// Beyond the stage nothing is drawn; its edges stay out of sight.
const BEYOND: f32 = 40.0;
/// What is smaller is drawn so large, that it can be seen at all.
const LEAST: f32 = 5.0;

fn square(moment: &Moment<'_>, id: &Id, element: &Square, picture: &mut Picture) {
    let Square { foot, figure, thousand, ink, dashed } = element;
    let figures: &Figures = moment.stage.figures;
    let value = figures.shown(figure).map_or(0.0, |shown| shown.value.from);
    let side = 1000.0 * (value / thousand).max(0.0).sqrt() as f32;
    let at = moment.camera.stage_from_world(*foot);
    let side = (side * moment.camera.scale()).max(LEAST);
    let rect = Rect::from_min_max(pos2(at.x, at.y - side), pos2(at.x + side, at.y));
    let rect = rect.intersect(STAGE.expand(BEYOND));
    if rect.width() <= 0.0 || rect.height() <= 0.0 {
        return;
    }
    if *dashed {
        let stroke = Some(Stroke { dashed: true, ..Stroke::new(3.0, Ink::Text2) });
        picture.push(thing(id.clone(), Role::Box, Shape::Rect { rect, radii: [4.0; 4], fill: Fill::None, stroke }));
        return;
    }
    picture.push(thing(id.nth(1), Role::Box, Shape::Halo { rect, radius: 4.0, ink: *ink, level: 0.4 }));
    picture.push(thing(id.clone(), Role::Box, piece(rect, 4.0, *ink, [0.62, 0.4], 4.0)));
}

/// Between two lines of the hatching, and how far a line leans over its height.
const HATCH_EVERY: f32 = 18.0;
const HATCH_LEAN: f32 = 0.27;

fn hatching(id: &Id, element: &Hatching, course: Course, picture: &mut Picture) {
    let Hatching { path, foot, ink } = element;
    let (Some(first), Some(last)) = (path.first(), path.last()) else { return };
    let end = first.x + (last.x - first.x) * course.share;
    let mut x = first.x + HATCH_EVERY / 2.0;
    let mut nth = 0;
    while x < end {
        let mut tip = pos2(x, *foot);
        // A line leans to the right, so that what it has passed of the path is not looked at again.
        let mut ahead: &[Pos2] = path;
        let mut is_under = |at: Pos2| at.x < last.x && height_at(&mut ahead, at.x).is_some_and(|top| at.y > top + 6.0);
        while is_under(pos2(tip.x + 4.0 * HATCH_LEAN, tip.y - 4.0)) {
            tip = pos2(tip.x + 4.0 * HATCH_LEAN, tip.y - 4.0);
        }
        if *foot - tip.y > 8.0 {
            picture.push(thing(id.nth(nth), Role::Rule, line(vec![pos2(x, *foot), tip], 2.0, *ink)).faded(0.55));
        }
        (x, nth) = (x + HATCH_EVERY, nth + 1);
    }
}

/// The y at an x of a path that goes from left to right. What of it lies left of that is taken off.
fn height_at(path: &mut &[Pos2], x: f32) -> Option<f32> {
    while let [_, next, ..] = *path
        && next.x < x
    {
        *path = &path[1..];
    }
    let [from, to, ..] = *path else { return None };
    let share = (x - from.x) / (to.x - from.x).max(1e-3);
    (from.x..=to.x).contains(&x).then_some(from.y + (to.y - from.y) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_height_of_a_path_is_found_from_left_to_right() {
        let path = [(0.0, 0.0), (10.0, 20.0), (10.0, 40.0), (30.0, 0.0)].map(|(x, y)| pos2(x, y));
        let mut ahead = &path[..];
        // Where, the height there, and how many points are left to be looked at.
        let cases = [
            (-1.0, None, 4),
            (0.0, Some(0.0), 4),
            (5.0, Some(10.0), 4),
            (10.0, Some(20.0), 4),
            (20.0, Some(20.0), 2),
            (30.0, Some(0.0), 2),
            (31.0, None, 1),
        ];
        for (x, height, left) in cases {
            assert_eq!((height_at(&mut ahead, x), ahead.len()), (height, left), "{x}");
        }
    }
}
