//! What lies over the console for a while: the sheet of keys, the ask box, what was said last.

use egui::emath::{Align2, Rect, pos2, vec2};

use crate::presentation::Presentation;

use super::desk::{Desk, Type};
use super::{overview, toolbar};

pub(super) fn draw(desk: &mut Desk<'_>, talk: &Presentation, area: Rect) {
    if talk.help_page().is_some() {
        let sheet = area.shrink2(vec2(area.width() * 0.025, area.height() * 0.05));
        panel(desk, sheet);
        let at = sheet.min + vec2(28.0, 34.0);
        desk.words(at, Align2::LEFT_CENTER, "All keys", Type::strong(24.0, desk.colors.text));
        let hint = "a press does it; ? or Esc closes";
        desk.words(pos2(sheet.right() - 28.0, at.y), Align2::RIGHT_CENTER, hint, Type::new(16.0, desk.colors.least));
        let inner = Rect::from_min_max(sheet.min + vec2(20.0, 62.0), sheet.max - vec2(12.0, 16.0));
        toolbar::all_keys(desk, talk, inner);
    }
    if let Some(lines) = talk.first_keys() {
        let look = Type::new(18.0, desk.colors.text);
        let wide = lines.iter().map(|line| desk.width(line, look)).fold(0.0, f32::max) + 48.0;
        let rect = Rect::from_center_size(pos2(area.center().x, area.bottom() - 190.0), vec2(wide, 116.0));
        panel(desk, rect);
        for (nth, line) in lines.iter().enumerate() {
            let at = rect.min + vec2(24.0, 28.0 + nth as f32 * 30.0);
            desk.words(at, Align2::LEFT_CENTER, line, look);
        }
        desk.say(rect, "first keys", &lines.join("; "));
    }
    if let Some((typed, titles, chosen)) = talk.asked() {
        ask(desk, ask_place(talk, area, titles.len()), (typed, &titles, chosen));
    } else if let Some(said) = talk.said() {
        let look = Type::new(18.0, desk.colors.text);
        let size = vec2(desk.width(&said, look) + 40.0, 44.0);
        let rect = Rect::from_center_size(pos2(area.center().x, area.bottom() - 80.0), size);
        panel(desk, rect);
        desk.words(rect.center(), Align2::CENTER_CENTER, &said, look);
        desk.say(rect, "said", &said);
    }
}

/// What they cover of the console. The sheet of keys has it to itself.
pub(super) fn place(talk: &Presentation, area: Rect) -> Option<Rect> {
    let sheet = talk.help_page().map(|_| area);
    sheet.or_else(|| talk.asked().map(|(_, titles, _)| ask_place(talk, area, titles.len())))
}

/// In the overview it hangs below the field that is drawn there, so that the scenes that are meant can be seen.
fn ask_place(talk: &Presentation, area: Rect, titles: usize) -> Rect {
    if talk.desk().overview.is_some() {
        let size = vec2(overview::FIELD.max(340.0), 62.0 + titles.max(1) as f32 * 36.0 + 10.0);
        return Rect::from_min_size(area.min + vec2(150.0, 4.0), size);
    }
    let size = vec2((area.width() * 0.5).max(420.0), 62.0 + titles.max(1) as f32 * 36.0 + 10.0);
    Rect::from_min_size(pos2(area.center().x - size.x / 2.0, area.top() + area.height() * 0.16), size)
}

fn ask(desk: &Desk<'_>, rect: Rect, (typed, titles, chosen): (&str, &[std::sync::Arc<str>], usize)) {
    panel(desk, rect);
    let words = if typed.is_empty() { "a title, a component, a word of the old world, a file's path" } else { typed };
    let color = if typed.is_empty() { desk.colors.least } else { desk.colors.text };
    let at = rect.min + vec2(24.0, 32.0);
    let look = Type::new(22.0, color).within(rect.width() - 48.0);
    let end = desk.words(at, Align2::LEFT_CENTER, words, look);
    let cursor = if typed.is_empty() { at.x - 4.0 } else { end.right() + 3.0 };
    desk.fill(Rect::from_min_size(pos2(cursor, at.y - 13.0), vec2(2.0, 26.0)), desk.colors.hand, 0.0);
    desk.say(rect, "ask", &format!("ask: {typed}"));
    if titles.is_empty() && !typed.is_empty() {
        let at = rect.min + vec2(24.0, 78.0);
        desk.words(at, Align2::LEFT_CENTER, "nothing found", Type::new(18.0, desk.colors.least));
    }
    for (nth, title) in titles.iter().enumerate() {
        let row = Rect::from_min_size(rect.min + vec2(12.0, 60.0 + nth as f32 * 36.0), vec2(rect.width() - 24.0, 34.0));
        if nth == chosen {
            desk.fill(row, desk.colors.hand_low, 5.0);
            desk.frame(row, desk.colors.hand, 2.0, 5.0);
        }
        let look = Type::new(18.0, desk.colors.text);
        desk.words(row.left_center() + vec2(12.0, 0.0), Align2::LEFT_CENTER, title, look.within(row.width() - 24.0));
    }
}

pub(super) fn panel(desk: &Desk<'_>, rect: Rect) {
    desk.fill(rect, desk.colors.panel, 8.0);
    desk.frame(rect, desk.colors.least, 1.5, 8.0);
}
