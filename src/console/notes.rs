//! The notes of the step, as markdown: what to say in full width, objection and answer set in behind a rule.

use egui::emath::{Align2, Rect, pos2, vec2};
use egui::text::{LayoutJob, TextFormat};
use egui::{Role, ScrollArea, Sense, Stroke, UiBuilder, WidgetInfo};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::faces;
use crate::picture::Face;
use crate::presentation::Presentation;
use crate::presentation::desk::DeskCommand;
use crate::scene::address::Address;

use super::desk::{Desk, Type};

/// How a paragraph of objection begins.
const OBJECTION: &str = "They may object";
const FOOT: f32 = 34.0;

/// A stretch of words that look alike.
#[derive(Clone, Debug, Default, PartialEq)]
struct Run {
    words: String,
    strong: bool,
    aside: bool,
}

/// Paragraphs of runs.
fn paragraphs(markdown: &str) -> Vec<Vec<Run>> {
    let mut all = Vec::new();
    let (mut runs, mut strong, mut aside) = (Vec::new(), false, false);
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Strong) => strong = true,
            Event::End(TagEnd::Strong) => strong = false,
            Event::Start(Tag::Emphasis) => aside = true,
            Event::End(TagEnd::Emphasis) => aside = false,
            Event::Start(Tag::Item) => runs.push(Run { words: "•  ".to_owned(), ..Run::default() }),
            Event::Text(words) | Event::Code(words) => runs.push(Run { words: words.to_string(), strong, aside }),
            Event::SoftBreak => {
                // The answer begins a line of its own below the objection.
                let words = if is_objection(&runs) { "\n" } else { " " };
                runs.push(Run { words: words.to_owned(), strong, aside });
            }
            Event::HardBreak => runs.push(Run { words: "\n".to_owned(), strong, aside }),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) => all.push(std::mem::take(&mut runs)),
            // Tables, images and HTML have no place in notes: their words come as text.
            _ => {}
        }
    }
    all.retain(|runs| !runs.is_empty());
    all
}

fn is_objection(runs: &[Run]) -> bool {
    runs.first().is_some_and(|run| run.strong && run.words.starts_with(OBJECTION))
}

/// The notes, scrolled by wheel and by keys, with a foot that says what is below and how large they are.
pub(super) fn draw(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, before: &mut Option<(Address, u32)>) {
    desk.fill(area, desk.colors.panel, 6.0);
    let paragraphs = paragraphs(words_of(talk));
    let inner = Rect::from_min_max(area.min + vec2(18.0, 12.0), pos2(area.right() - 12.0, area.bottom() - FOOT));
    let now = (talk.address().clone(), talk.desk().notes_pages);
    let offset = (before.as_ref() != Some(&now)).then(|| now.1 as f32 * inner.height() * 0.8);
    *before = Some(now);
    let (points, colors) = (desk.notes_points, desk.colors);
    let mut scroll = ScrollArea::vertical().id_salt("notes").auto_shrink([false, false]);
    if let Some(offset) = offset {
        scroll = scroll.vertical_scroll_offset(offset);
    }
    let shown = desk.ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.set_clip_rect(inner.intersect(ui.clip_rect()));
        scroll.show(ui, |ui| {
            let mut lasts_inset = false;
            for runs in &paragraphs {
                let inset = is_objection(runs) || (lasts_inset && !runs[0].strong);
                lasts_inset = inset;
                let indent = if inset { 20.0 } else { 0.0 };
                let job = job_of(runs, points, colors.text, colors.text2, ui.available_width() - indent - 8.0);
                let galley = ui.fonts_mut(|fonts| fonts.layout_job(job));
                let size = vec2(galley.size().x + indent, galley.size().y);
                let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
                let said: String = runs.iter().map(|run| run.words.as_str()).collect();
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.clone()));
                ui.painter().galley(rect.min + vec2(indent, 0.0), galley, colors.text);
                if inset {
                    ui.painter().vline(rect.left() + 2.0, rect.y_range(), Stroke::new(2.0, colors.least));
                }
                ui.add_space(points * 0.4);
            }
        })
    });
    let output = shown.inner;
    let below = output.content_size.y - output.state.clamped_offset().y - output.inner_rect.height();
    let objections = paragraphs.iter().filter(|runs| is_objection(runs)).count();
    foot(desk, area, (below > 4.0, objections));
}

/// The notes in columns that flow into one another, from the place to which they were scrolled by keys. Whether there is
/// more.
pub(super) fn columns(desk: &Desk<'_>, talk: &Presentation, area: Rect, count: usize) -> bool {
    const GAP: f32 = 36.0;
    let (points, colors) = (desk.notes_points, desk.colors);
    let width = (area.width() - GAP * (count as f32 - 1.0)) / count as f32;
    let mut lines: Vec<ColumnLine> = Vec::new();
    let mut y = 0.0;
    for runs in &paragraphs(words_of(talk)) {
        let indent = if is_objection(runs) { 20.0 } else { 0.0 };
        let job = job_of(runs, points, colors.text, colors.text2, width - indent);
        let galley = desk.ui.fonts_mut(|fonts| fonts.layout_job(job));
        let said: String = runs.iter().map(|run| run.words.as_str()).collect();
        desk.say(area, &format!("notes {}", lines.len()), &said);
        for row in &galley.rows {
            let rows = row.rect().y_range();
            lines.push(ColumnLine { galley: galley.clone(), indent, begin: y, rows: rows.min + y..rows.max + y });
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
        if line.indent > 0.0 {
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
    let words = |runs: &Vec<Run>| -> String { runs.iter().skip(1).map(|run| run.words.as_str()).collect() };
    let all = paragraphs(words_of(talk)).into_iter().filter(|runs| is_objection(runs));
    all.map(|runs| words(&runs).lines().next().unwrap_or_default().trim().to_owned()).collect()
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

fn job_of(runs: &[Run], points: f32, text: egui::Color32, text2: egui::Color32, width: f32) -> LayoutJob {
    let mut job = LayoutJob::default();
    job.wrap.max_width = width;
    for run in runs {
        let face = if run.strong { Face::SemiBold } else { Face::Regular };
        let font_id = egui::FontId::new(points, faces::family(face, false));
        let color = if run.aside { text2 } else { text };
        let format = TextFormat {
            font_id,
            color,
            italics: run.aside,
            line_height: Some(points * 1.35),
            ..TextFormat::default()
        };
        job.append(&run.words, 0.0, format);
    }
    job
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read_as_markdown() {
        let notes = "\n**Say.** *(Wait.)* The hall glows.\n\nMore `io`.\n\n**They may object.** \"Zero?\"\n**Answer.** It is.\n\n- one\n- two\n";
        let words = |runs: &Vec<Run>| runs.iter().map(|run| run.words.as_str()).collect::<String>();
        let all = paragraphs(notes);
        let said: Vec<String> = all.iter().map(words).collect();
        assert_eq!(
            said,
            [
                "Say. (Wait.) The hall glows.",
                "More io.",
                "They may object. \"Zero?\"\nAnswer. It is.",
                "•  one",
                "•  two"
            ]
        );
        assert!(all[0][0].strong && all[0][2].aside && is_objection(&all[2]) && !is_objection(&all[0]));
    }
}
