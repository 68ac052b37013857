//! What all things are made of: their course, pieces, lines, and chance that is the same each time.

use egui::emath::{Pos2, Rect};

use crate::picture::{Fill, Id, Ink, Layer, Mark, Role, Shape, Stroke};
use crate::timeline::moment::Moment;
use crate::timeline::words::mark;

/// How far a thing has come on its own course.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course {
    /// From 0 to 1, where it rests.
    pub share: f32,
    /// Seconds since it began; none where it rests.
    pub secs: Option<f32>,
}

impl Course {
    pub(super) fn of(moment: &Moment<'_>, id: &Id) -> Self {
        let rest = Self { share: 1.0, secs: None };
        let run = moment.step.motion.runs.get(&id.thing).filter(|_| !moment.stage.reduced);
        run.map_or(rest, |run| {
            let secs = moment.secs - run.after;
            if secs >= run.secs { rest } else { Self { share: (secs / run.secs).max(0.0), secs: Some(secs.max(0.0)) } }
        })
    }
}

pub(super) fn thing(id: Id, role: Role, shape: Shape) -> Mark {
    mark(id, role, Layer::Thing, shape)
}

pub(super) fn line(path: Vec<Pos2>, width: f32, ink: Ink) -> Shape {
    Shape::Line { path: path.into(), width, ink, head: false, dashed: false }
}

/// A piece of matter: filled in its ink with an outline, brighter towards its upper edge.
pub(super) fn piece(rect: Rect, radius: f32, ink: Ink, [top, low]: [f32; 2], stroke: f32) -> Shape {
    shaped(rect, radius, Fill::Shade { ink, top, low }, Stroke::new(stroke, ink))
}

/// The same, and so solid that no line is seen through it.
pub(super) fn block(rect: Rect, radius: f32, ink: Ink, [top, low]: [f32; 2]) -> Shape {
    shaped(rect, radius, Fill::Solid { ink, top, low }, Stroke::new(0.0, ink))
}

fn shaped(rect: Rect, radius: f32, fill: Fill, stroke: Stroke) -> Shape {
    let most = rect.width().min(rect.height()) / 2.0;
    Shape::Rect { rect, radii: [radius.min(most).max(0.0); 4], fill, stroke: Some(stroke) }
}

/// From 0 to 1: the same for the same two numbers, and as if thrown for others.
pub(super) fn thrown(one: u32, two: u32) -> f32 {
    let mut word =
        u64::from(one).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ u64::from(two).wrapping_mul(0xD1B5_4A32_D192_ED03);
    word = (word ^ (word >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((word ^ (word >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
}
