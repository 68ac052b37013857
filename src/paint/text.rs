//! Words on the stage: laid out at their size on screen, and set by their baseline.

use egui::emath::pos2;
use egui::epaint::TextShape;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, Shape};

use crate::faces;
use crate::measure;
use crate::paint::canvas::Canvas;
use crate::picture::Text;

/// egui draws no glyph that is larger than this many physical pixels.
const MOST_PX: f32 = 900.0;

/// Before each run, and too little to be seen: egui joins runs with none, and shapes them as one.
const APART: f32 = 1e-6;

/// One line of words.
///
/// The layout depends on neither colour nor opacity, so fading text is laid out once. The baseline is put where the
/// mark says, because the height of egui's rows is rounded to whole pixels.
pub(super) fn paint_text(canvas: &mut Canvas<'_>, text: &Text) {
    let size = text.size * canvas.screen.scale;
    let most = MOST_PX * canvas.px * canvas.screen.scale;
    if text.words.is_empty() || size <= 0.0 {
        return;
    }
    let pixels = canvas.painter().ctx().pixels_per_point();
    let size = if canvas.screen.steps { (size * pixels * 2.0).round() / (pixels * 2.0) } else { size };
    let job = layout_job(text, size.min(most), canvas.screen.scale);
    let galley = canvas.painter().ctx().fonts_mut(|fonts| fonts.layout_job(job));
    let Some(row) = galley.rows.first() else { return };
    let baseline = row.pos.y + row.row.glyphs.first().map_or(0.0, |glyph| glyph.pos.y);
    let width = measure::width(&text.words, text.face, text.size, text.tabular);
    let at = canvas.screen.point(pos2(measure::left_edge(text.at, text.align, width), text.at.y));
    let mut shape = TextShape::new(pos2(at.x, at.y - baseline), galley, canvas.theme.color(text.ink));
    shape.opacity_factor = canvas.opacity;
    canvas.add_shape(Shape::Text(shape));
}

fn layout_job(text: &Text, size: f32, scale: f32) -> LayoutJob {
    let font_id = egui::FontId::new(size, faces::family(text.face, text.tabular));
    let extra_letter_spacing = measure::tracking(text.face, text.size) * scale;
    let format = TextFormat { font_id, extra_letter_spacing, color: Color32::PLACEHOLDER, ..Default::default() };
    let wrap = TextWrapping { max_width: f32::INFINITY, ..Default::default() };
    let mut job = LayoutJob { wrap, break_on_newline: false, ..LayoutJob::default() };
    for run in measure::runs(&text.words) {
        job.append(run, APART, format.clone());
    }
    job
}
