//! Building marks: texts, numbers with their unit, and boxes, with as little said at the call as there is to say.

use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2};

use crate::measure;
use crate::picture::{Align, Face, Fill, Id, Ink, Layer, Mark, Picture, Role, Shape, Stroke, Text};
use crate::timeline::numerals::Numerals;

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub role: Role,
    pub layer: Layer,
    pub size: f32,
    pub face: Face,
    pub ink: Ink,
    pub align: Align,
}

impl Style {
    pub fn new(role: Role, layer: Layer, size: f32) -> Self {
        Self { role, layer, size, face: Face::Regular, ink: Ink::Text2, align: Align::Left }
    }

    /// Semi-bold in the first text ink.
    pub(crate) fn strong(self) -> Self {
        Self { face: Face::SemiBold, ink: Ink::Text, ..self }
    }

    pub fn face(self, face: Face) -> Self {
        Self { face, ..self }
    }

    pub fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    pub fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }
}

/// A text mark.
pub fn text(id: Id, words: impl Into<Arc<str>>, at: Pos2, style: Style) -> Mark {
    let Style { role, layer, size, face, ink, align } = style;
    let shape = Shape::Text(Text { words: words.into(), at, align, size, face, ink, tabular: false });
    Mark { id, role, layer, opacity: 1.0, shape }
}

/// A wrapped line's height over its size, where words stand in a box.
pub(crate) const LEADING: f32 = 1.22;

/// Lines of one thing from a first baseline down, so many units apart; their numbers follow that of `id`.
pub fn lines(id: &Id, words: Vec<String>, at: Pos2, (style, leading): (Style, f32), picture: &mut Picture) {
    for (line, words) in words.into_iter().enumerate() {
        let at = pos2(at.x, at.y + leading * line as f32);
        picture.push(text(id.nth(id.nth + line as u32), words, at, style));
    }
}

/// Half of the capitals' height: what a baseline lies below the middle of its line.
pub(crate) fn half_cap(size: f32) -> f32 {
    measure::cap_height(Face::SemiBold, size) / 2.0
}

/// Width of words in a face and size.
pub fn width(words: &str, face: Face, size: f32) -> f32 {
    measure::width(words, face, size, false)
}

/// Size of a unit beside a value of `size`: 60 %, never under 28.
pub(crate) fn unit_size(size: f32) -> f32 {
    (size * 0.6).max(28.0)
}

/// Between a value of `size` and its unit.
fn unit_gap(numerals: &Numerals, size: f32) -> f32 {
    if numerals.unit.is_empty() { 0.0 } else { size * 0.11 + 4.0 }
}

/// Width of a number with its unit.
pub(crate) fn number_width(numerals: &Numerals, size: f32) -> f32 {
    let value = measure::width(&numerals.digits, Face::SemiBold, size, true);
    value + unit_gap(numerals, size) + width(&numerals.unit, Face::Medium, unit_size(size))
}

/// A number with its unit.
#[derive(Clone, Debug)]
pub struct Number {
    pub id: Id,
    pub numerals: Numerals,
    /// On the baseline: the left edge, or the right edge of the unit.
    pub at: Pos2,
    pub style: Style,
}

impl Number {
    /// Draws value and unit. The value's digits are tabular, so that the decimal sign keeps its place.
    pub fn draw(self, picture: &mut Picture) {
        let Self { id, numerals, at, style } = self;
        let face = Face::SemiBold;
        let value_width = measure::width(&numerals.digits, face, style.size, true);
        // On a floor, which may be lit, the second ink would lose its contrast.
        let ink = if matches!(style.role, Role::FloorNumber | Role::Monitor) { style.ink } else { Ink::Text2 };
        let unit_style = Style { role: Role::Unit, size: unit_size(style.size), face: Face::Medium, ink, ..style };
        let gap = unit_gap(&numerals, style.size);
        let unit_width = width(&numerals.unit, unit_style.face, unit_style.size);
        let (value_x, unit_x) = match style.align {
            Align::Left => (at.x, at.x + value_width + gap),
            Align::Center => {
                let left = at.x - (value_width + gap + unit_width) / 2.0;
                (left, left + value_width + gap)
            }
            Align::Right => (at.x - unit_width - gap - value_width, at.x - unit_width),
        };
        let shape = Shape::Text(Text {
            words: numerals.digits.into(),
            at: pos2(value_x, at.y),
            align: Align::Left,
            size: style.size,
            face,
            ink: style.ink,
            tabular: true,
        });
        picture.push(Mark { id: id.clone(), role: style.role, layer: style.layer, opacity: 1.0, shape });
        if !numerals.unit.is_empty() {
            let style = Style { align: Align::Left, ..unit_style };
            picture.push(text(id.nth(1), numerals.unit, pos2(unit_x, at.y), style));
        }
    }
}

/// A box mark.
pub(crate) fn boxed(id: Id, role: Role, layer: Layer, rect: Rect, shape: (f32, Fill, Option<Stroke>)) -> Mark {
    let (radius, fill, stroke) = shape;
    Mark { id, role, layer, opacity: 1.0, shape: Shape::Rect { rect, radii: [radius; 4], fill, stroke } }
}

/// A box that lies over the picture: a card, a notice, the ring of the focus.
pub(crate) fn card_box(id: Id, rect: Rect, shape: (f32, Fill, Option<Stroke>)) -> Mark {
    boxed(id, Role::Card, Layer::Furniture, rect, shape)
}

/// A mark of any shape.
pub fn mark(id: Id, role: Role, layer: Layer, shape: Shape) -> Mark {
    Mark { id, role, layer, opacity: 1.0, shape }
}
