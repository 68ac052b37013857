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
        let is_under = |at: Pos2| at.x < last.x && height_at(path, at.x).is_some_and(|top| at.y > top + 6.0);
        while is_under(pos2(tip.x + 4.0 * HATCH_LEAN, tip.y - 4.0)) {
            tip = pos2(tip.x + 4.0 * HATCH_LEAN, tip.y - 4.0);
        }
        if *foot - tip.y > 8.0 {
            picture.push(thing(id.nth(nth), Role::Rule, line(vec![pos2(x, *foot), tip], 2.0, *ink)).faded(0.55));
        }
        (x, nth) = (x + HATCH_EVERY, nth + 1);
    }
}

/// The y of a path at an x, where the path goes from left to right.
fn height_at(path: &[Pos2], x: f32) -> Option<f32> {
    let pair = path.windows(2).find(|pair| (pair[0].x..=pair[1].x).contains(&x))?;
    let share = (x - pair[0].x) / (pair[1].x - pair[0].x).max(1e-3);
    Some(pair[0].y + (pair[1].y - pair[0].y) * share)
}
