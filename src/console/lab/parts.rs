//! What the parts of the page have in common.

use egui::emath::{Align2, Rect, pos2, vec2};

use crate::console::desk::{Desk, Type};
use crate::signal::{Quantity, Subject};
use crate::timeline::elements::numerals_of;

/// A tab, chosen or not: where it is.
pub(super) fn tab(
    desk: &Desk<'_>,
    (left, y): (f32, f32),
    (words, subject): (&str, Option<Subject>),
    is_chosen: bool,
) -> Rect {
    let look = Type::new(16.0, if is_chosen { desk.colors.text } else { desk.colors.text2 });
    let plate = if subject.is_some() { 24.0 } else { 0.0 };
    let size = vec2(desk.width(words, look) + plate + 22.0, 32.0);
    let rect = Rect::from_min_size(pos2(left, y - 16.0), size);
    desk.chip_ground(rect, is_chosen, desk.colors.raised);
    if let Some(subject) = subject {
        desk.plate(Rect::from_center_size(rect.left_center() + vec2(19.0, 0.0), vec2(15.0, 15.0)), subject);
    }
    desk.words(rect.left_center() + vec2(11.0 + plate, 0.0), Align2::LEFT_CENTER, words, look);
    rect
}

/// A value as words, or a dash where it is not known.
pub(super) fn value_words(quantity: Quantity, value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| numerals_of(quantity, value).words().trim().to_owned())
}
