//! The head of the overview: where one asks, the cuts to be looked at, what is left and the time of day.

use egui::Stroke;
use egui::emath::{Align2, Rect, pos2, vec2};

use crate::presentation::asking::AskCommand;
use crate::scene::library::Cut;

use super::deck::{Deck, Preview};
use crate::console::desk::{Desk, Type, clock_words};

/// Width of the field that opens the ask box.
pub(in crate::console) const FIELD: f32 = 330.0;

/// Draws the head. A press on a chip shows what its cut would tell, and tells nothing.
pub(super) fn draw(desk: &mut Desk<'_>, deck: &Deck<'_>, preview: &mut Preview, (area, time_of_day): (Rect, &str)) {
    let y = area.center().y;
    let strong = Type::strong(24.0, desk.colors.text);
    let inner = area.shrink2(vec2(20.0, 0.0));
    let title = desk.words(pos2(inner.left(), y), Align2::LEFT_CENTER, "Overview", strong);
    let clock = desk.words(pos2(inner.right(), y), Align2::RIGHT_CENTER, time_of_day, strong);
    let small = Type::new(15.0, desk.colors.least);
    let left = desk.words(pos2(clock.left() - 26.0, y + 2.0), Align2::RIGHT_CENTER, "left", small);
    let timing = deck.talk.timing();
    let secs = clock_words((timing.slot_secs - timing.elapsed_secs).max(0.0));
    let look = Type::strong(22.0, desk.colors.text);
    let left = desk.words(pos2(left.left() - 8.0, y), Align2::RIGHT_CENTER, &secs, look);
    let limit = left.left() - 20.0;
    let wide = area.width() >= 1180.0;
    let field = Rect::from_min_size(pos2(title.right() + 22.0, y - 18.0), vec2(if wide { FIELD } else { 110.0 }, 36.0));
    ask_field(desk, deck, field, wide);
    let after = chips(desk, deck, preview, [field.right() + 18.0, limit], y);
    let words = match preview {
        Preview::Whole | Preview::Cut(_) => {
            format!("{}, dim: not in this cut; x tells another one", clock_words(deck.secs()))
        }
        Preview::Told => format!("{}, dim: not in this cut", clock_words(deck.secs())),
    };
    if after + 120.0 < limit {
        let look = Type::new(15.0, desk.colors.text2).within(limit - after - 10.0);
        let rect = desk.words(pos2(after + 10.0, y), Align2::LEFT_CENTER, &words, look);
        desk.say(rect, "overview cut", &words);
    }
}

/// What looks like a field, and opens the ask box, which takes its place.
fn ask_field(desk: &mut Desk<'_>, deck: &Deck<'_>, rect: Rect, wide: bool) {
    let pressed = desk.press(rect, "ask, and keep what is meant bright");
    desk.fill(rect, desk.colors.panel, 5.0);
    desk.frame(rect, if pressed.hovered { desk.colors.text2 } else { desk.colors.line }, 1.0, 5.0);
    let lens = rect.left_center() + vec2(19.0, -2.0);
    let stroke = Stroke::new(1.8, desk.colors.text2);
    desk.ui.painter().circle_stroke(lens, 6.0, stroke);
    desk.ui.painter().line_segment([lens + vec2(4.5, 4.5), lens + vec2(9.0, 9.0)], stroke);
    let words = if wide { "title, component, old word" } else { "ask" };
    let look = Type::new(16.0, desk.colors.least);
    desk.words(rect.left_center() + vec2(38.0, 0.0), Align2::LEFT_CENTER, words, look);
    let key = deck.talk.keymap().key_of(AskCommand::Open);
    let end = rect.right_center() - vec2(8.0 + desk.tag_width(key), 0.0);
    desk.tag(end, key, desk.colors.ground, desk.colors.text2);
    if pressed.clicked {
        desk.send(AskCommand::Open);
    }
}

/// The whole deck and its cuts, as many as have room: where they end.
fn chips(desk: &Desk<'_>, deck: &Deck<'_>, preview: &mut Preview, [mut left, limit]: [f32; 2], y: f32) -> f32 {
    let shown = deck.cut.map(|cut| &cut.id);
    let cuts = std::iter::once(None).chain(deck.talk.library().cuts.iter().map(Some));
    for cut in cuts {
        let words = chip_words(cut);
        let is_shown = shown == cut.map(|cut| &cut.id);
        let look = Type::strong(15.0, if is_shown { desk.colors.text } else { desk.colors.text2 });
        let rect = Rect::from_min_size(pos2(left, y - 17.0), vec2(desk.width(words, look) + 24.0, 34.0));
        if rect.right() > limit {
            break;
        }
        let name =
            cut.map_or_else(|| "look at the whole deck".to_owned(), |cut| format!("look at the cut {}", cut.title));
        let pressed = desk.press(rect, &name);
        let other = if pressed.hovered { desk.colors.line } else { desk.colors.raised };
        desk.chip_ground(rect, is_shown, other);
        desk.words(rect.center(), Align2::CENTER_CENTER, words, look);
        if pressed.clicked {
            // Back at what is told, nothing else is looked at.
            *preview = match cut {
                _ if cut.map(|cut| cut.id.as_str()) == deck.talk.cut_id() => Preview::Told,
                None => Preview::Whole,
                Some(cut) => Preview::Cut(cut.id.clone()),
            };
        }
        left = rect.right() + 8.0;
    }
    left
}

/// A cut by its minutes where that is its name, else by its title.
fn chip_words(cut: Option<&Cut>) -> &str {
    match cut {
        None => "All",
        Some(cut) if cut.id.bytes().all(|byte| byte.is_ascii_digit()) => &cut.id,
        Some(cut) => &cut.title,
    }
}
