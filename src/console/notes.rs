//! The notes of the step, as markdown: what to say in full width, objection and answer set in behind a rule.

use egui::emath::{Align2, Rect, pos2, vec2};
use egui::text::{LayoutJob, TextFormat};
use egui::{Role, ScrollArea, Sense, Stroke, UiBuilder, WidgetInfo};

use crate::faces;
use crate::picture::Face;
use crate::presentation::Presentation;
use crate::presentation::desk::DeskCommand;
use crate::scene::address::Address;
use crate::theme::DeskColors;

use super::blocks::{Block, Kind, blocks};
use super::desk::{Desk, Type, name_bar};

const FOOT: f32 = 34.0;
/// Of a line of notes, in sizes of its letters.
const LINE_HEIGHT: f32 = 1.35;
/// Smaller nobody reads them.
const LEAST_POINTS: f32 = 14.0;

/// Room before the words of a block, points.
const INSET: f32 = 20.0;
/// Room for each list that a list stands in, in sizes of the words.
const LEVEL: f32 = 1.4;

impl Block {
    /// Whether a rule stands before it.
    fn is_inset(&self) -> bool {
        self.is_objection() || self.kind == Kind::Quote
    }

    fn indent(&self, inset: bool, points: f32) -> f32 {
        self.depth as f32 * LEVEL * points + if inset { INSET } else { 0.0 }
    }
}

/// The notes, scrolled by wheel and by keys, with a foot that says what is below and how large they are.
pub(super) fn draw(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, before: &mut Option<(Address, u32)>) {
    desk.fill(area, desk.colors.panel, 6.0);
    let blocks = blocks(words_of(talk));
    let inner = Rect::from_min_max(area.min + vec2(18.0, 12.0), pos2(area.right() - 12.0, area.bottom() - FOOT));
    let now = (talk.address().clone(), talk.desk().notes_pages);
    let offset = (before.as_ref() != Some(&now)).then(|| now.1 as f32 * inner.height() * 0.8);
    *before = Some(now);
    let (points, colors, is_covered) = (desk.notes_points, desk.colors, desk.is_covered(inner));
    let mut scroll = ScrollArea::vertical().id_salt("notes").auto_shrink([false, false]);
    if let Some(offset) = offset {
        scroll = scroll.vertical_scroll_offset(offset);
    }
    let shown = desk.ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.set_clip_rect(inner.intersect(ui.clip_rect()));
        scroll.show(ui, |ui| {
            let mut was_inset = false;
            for block in &blocks {
                let goes_on = was_inset && block.kind == Kind::Paragraph && !block.begins_strong();
                let inset = block.is_inset() || goes_on;
                was_inset = inset;
                let indent = block.indent(inset, points);
                let job = job_of(block, points, &colors, ui.available_width() - indent - 8.0);
                let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
                let size = vec2(galley.size().x + indent, galley.size().y);
                let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
                let said = block.words();
                if !is_covered {
                    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.clone()));
                }
                ui.painter().galley(rect.min + vec2(indent, 0.0), galley, colors.text);
                if block.kind == Kind::Rule {
                    ui.painter().hline(inner.x_range(), rect.center().y, Stroke::new(1.0, colors.least));
                }
                if inset {
                    ui.painter().vline(rect.left() + 2.0, rect.y_range(), Stroke::new(2.0, colors.least));
                }
                ui.add_space(points * 0.4);
            }
        })
    });
    let output = shown.inner;
    name_bar(desk.ui, output.id, "scroll bar of the notes");
    let below = output.content_size.y - output.state.clamped_offset().y - output.inner_rect.height();
    let objections = blocks.iter().filter(|block| block.is_objection()).count();
    foot(desk, area, (below > 4.0, objections));
}

/// The notes in columns that flow into one another, from the place to which they were scrolled by keys. Whether there is
/// more.
pub(super) fn columns(desk: &Desk<'_>, talk: &Presentation, area: Rect, count: usize) -> bool {
    const GAP: f32 = 36.0;
    // However large they are asked for, a line of them must stand whole.
    let points = desk.notes_points.min(area.height() / LINE_HEIGHT).max(LEAST_POINTS);
    let colors = desk.colors;
    let width = (area.width() - GAP * (count as f32 - 1.0)) / count as f32;
    let mut lines: Vec<ColumnLine> = Vec::new();
    let mut y = 0.0;
    for block in &blocks(words_of(talk)) {
        let inset = block.is_inset();
        let indent = block.indent(inset, points);
        let job = job_of(block, points, &colors, width - indent);
        let galley = desk.ui.fonts_mut(|fonts| fonts.layout_job(job));
        desk.say(area, &format!("notes {}", lines.len()), &block.words());
        for row in &galley.rows {
            let rows = row.rect().y_range();
            let rows = rows.min + y..rows.max + y;
            lines.push(ColumnLine { galley: galley.clone(), inset, indent, begin: y, rows });
        }
        y += galley.size().y + points * 0.4;
    }
    let mut pages: Vec<Vec<&ColumnLine>> = Vec::new();
    for line in &lines {
        let begin = pages.last().and_then(|page| page.first()).map(|first| first.rows.start);
        let fits = begin.is_some_and(|begin| line.rows.end - begin <= area.height());
        match pages.last_mut().filter(|_| fits) {
            Some(page) => page.push(line),
            None => pages.push(vec![line]),
        }
    }
    let last = pages.len().saturating_sub(1) / count * count;
    let first = (talk.desk().notes_pages as usize * count).min(last);
    for (nth, page) in pages.iter().skip(first).take(count).enumerate() {
        let corner = pos2(area.left() + nth as f32 * (width + GAP), area.top());
        draw_column(desk, page, corner, width);
    }
    pages.len() > first + count
}

/// A line of a column, with the paragraph that it is of: where that begins, and where the line lies.
struct ColumnLine {
    galley: std::sync::Arc<egui::Galley>,
    inset: bool,
    indent: f32,
    begin: f32,
    rows: std::ops::Range<f32>,
}

fn draw_column(desk: &Desk<'_>, page: &[&ColumnLine], corner: egui::Pos2, width: f32) {
    let Some(top) = page.first().map(|line| line.rows.start) else { return };
    for line in page {
        let rect = Rect::from_x_y_ranges(
            corner.x..=corner.x + width,
            corner.y + line.rows.start - top..=corner.y + line.rows.end - top,
        );
        // A paragraph is drawn as a whole, a line of it at a time.
        let painter = desk.ui.painter().with_clip_rect(rect);
        let at = pos2(corner.x + line.indent, corner.y + line.begin - top);
        painter.galley(at, line.galley.clone(), desk.colors.text);
        if line.inset {
            painter.vline(corner.x + 2.0, rect.y_range(), Stroke::new(2.0, desk.colors.least));
        }
    }
}

/// The notes of the step that is shown, or of its scene.
fn words_of(talk: &Presentation) -> &str {
    let at = talk.position();
    let scene = &talk.library().scenes[at.scene];
    let step = &scene.steps[at.step];
    if step.notes.trim().is_empty() { &scene.notes } else { &step.notes }
}

/// What the room may object to at this step, each in its own words.
pub(super) fn objections(talk: &Presentation) -> Vec<String> {
    let asked = |block: &Block| {
        let words: String = block.runs.iter().skip(1).map(|run| run.words.as_str()).collect();
        words.lines().next().unwrap_or_default().trim().to_owned()
    };
    blocks(words_of(talk)).iter().filter(|block| block.is_objection()).map(asked).collect()
}

/// What is below, and the size of the notes.
fn foot(desk: &mut Desk<'_>, area: Rect, (is_more, objections): (bool, usize)) {
    let foot = Rect::from_min_max(pos2(area.left(), area.bottom() - FOOT), area.max);
    desk.fill(foot, desk.colors.raised, 6.0);
    let counted = match objections {
        0 => "no objection noted".to_owned(),
        1 => "1 objection with its answer".to_owned(),
        count => format!("{count} objections with their answers"),
    };
    let words = if is_more { format!("more below: {counted}") } else { counted };
    desk.words(foot.left_center() + vec2(16.0, 0.0), Align2::LEFT_CENTER, &words, Type::new(16.0, desk.colors.text2));
    let size = format!("{:.0}", desk.notes_points);
    let mut right = foot.right() - 14.0;
    right = desk
        .words(pos2(right, foot.center().y), Align2::RIGHT_CENTER, &size, Type::new(16.0, desk.colors.least))
        .left()
        - 10.0;
    let buttons = [
        ("A+", "notes larger", DeskCommand::NotesLarger, 19.0),
        ("A−", "notes smaller", DeskCommand::NotesSmaller, 16.0),
        ("↓", "scroll the notes down", DeskCommand::NotesDown, 18.0),
        ("↑", "scroll the notes up", DeskCommand::NotesUp, 18.0),
    ];
    for (words, name, command, points) in buttons {
        let rect = Rect::from_min_max(pos2(right - 34.0, foot.top() + 2.0), pos2(right, foot.bottom() - 2.0));
        let pressed = desk.press(rect, name);
        let color = if pressed.hovered { desk.colors.text } else { desk.colors.text2 };
        desk.words(rect.center(), Align2::CENTER_CENTER, words, Type::new(points, color));
        if pressed.clicked {
            desk.send(command);
        }
        right = rect.left() - 2.0;
    }
}

fn job_of(block: &Block, points: f32, colors: &DeskColors, width: f32) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    let points = if block.kind == Kind::Heading { points * 1.15 } else { points };
    for run in &block.runs {
        let face = if run.look.strong { Face::SemiBold } else { Face::Regular };
        let color = if run.look.aside { colors.text2 } else { colors.text };
        let format = TextFormat {
            font_id: egui::FontId::new(points, faces::family(face, run.look.code)),
            color,
            italics: run.look.aside,
            strikethrough: if run.look.struck { Stroke::new(1.5, color) } else { Stroke::NONE },
            line_height: Some(points * LINE_HEIGHT),
            ..TextFormat::default()
        };
        job.append(&run.words, 0.0, format);
    }
    job
}
