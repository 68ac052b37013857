//! What glyphs really cover, and characters that the bundled fonts do not have.

use std::sync::OnceLock;

use egui::emath::{Rect, pos2};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use crate::faces;
use crate::measure;
use crate::picture::{Face, Text};
use crate::review::findings::{Findings, Note};
use crate::review::still::Still;

fn font(face: Face) -> Option<&'static FontRef<'static>> {
    static FONTS: [OnceLock<Option<FontRef<'static>>>; 5] = [const { OnceLock::new() }; 5];
    FONTS[face as usize].get_or_init(|| FontRef::new(faces::bytes(face, false)).ok()).as_ref()
}

/// The box that the words cover: their advance wide, from the top of the highest glyph to the foot of the lowest.
pub(super) fn covered(text: &Text) -> Rect {
    let bounds = measure::bounds(text);
    let Some(font) = font(text.face) else { return bounds };
    let metrics = font.metrics(Size::unscaled(), LocationRef::default());
    let glyphs = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let scale = text.size / f32::from(metrics.units_per_em);
    let boxes = text.words.chars().filter_map(|c| glyphs.bounds(font.charmap().map(c)?));
    let (top, low) = boxes.fold((0.0_f32, 0.0_f32), |(top, low), glyph| (top.max(glyph.y_max), low.min(glyph.y_min)));
    Rect::from_min_max(pos2(bounds.left(), text.at.y - top * scale), pos2(bounds.right(), text.at.y - low * scale))
}

/// Characters that would be drawn as an empty box.
pub(super) fn check(still: &Still<'_>, findings: &mut Findings<'_>) {
    for (mark, text) in still.texts() {
        let lacks =
            |c: &char| !c.is_whitespace() && font(text.face).is_none_or(|font| font.charmap().map(*c).is_none());
        if let Some(c) = text.words.chars().find(lacks) {
            let message = format!("the font has no \u{201C}{c}\u{201D} (U+{:04X}) of {:?}", c as u32, text.words);
            let hint = "write it in other words, or draw it as an icon";
            let note = Note::error("missing-glyph", message, hint).about(mark);
            findings.note(still, note, &c.to_string());
        }
    }
}
