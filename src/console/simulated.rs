//! The simulated lab as the presenter sets it: its kind, its time, and sliders over sizes and rates with their working.

use egui::emath::{Align2, Rect, pos2, vec2};
use egui::{Id, Sense, WidgetInfo};

use crate::figures::{Cause, Figures};
use crate::presentation::Presentation;
use crate::presentation::simulated::{Profile, SLIDERS, SimCommand, Slider, WORKINGS};

use super::boxes::panel;
use super::desk::{Desk, Type};

/// Paces that are offered; any from 1 to 60 can be asked for by name.
const LAPSES: [u32; 6] = [1, 2, 4, 8, 16, 60];
/// Height of a row of chips, of a slider, and of a line of working.
const CHIP: f32 = 36.0;
const ROW: f32 = 38.0;
const LINE: f32 = 26.0;

/// Where it lies, while it is open.
pub(super) fn place(talk: &Presentation, area: Rect) -> Option<Rect> {
    let size = vec2((area.width() - 80.0).min(1060.0), (area.height() - 60.0).min(640.0));
    talk.simulated().is_open.then(|| Rect::from_center_size(area.center(), size))
}

pub(super) fn draw(desk: &mut Desk<'_>, talk: &Presentation, area: Rect) {
    let Some(sheet) = place(talk, area) else { return };
    panel(desk, sheet);
    let inner = sheet.shrink2(vec2(28.0, 16.0));
    let title = pos2(inner.left(), inner.top() + 18.0);
    desk.words(title, Align2::LEFT_CENTER, "Simulated lab", Type::strong(24.0, desk.colors.text));
    let hint = "S or Esc closes";
    desk.words(pos2(inner.right(), title.y), Align2::RIGHT_CENTER, hint, Type::new(16.0, desk.colors.least));
    let mut y = profiles(desk, talk, inner, title.y + 30.0);
    y = lapses(desk, talk, inner, y + 10.0);
    for slider in SLIDERS {
        if talk.library().figures.get(slider.figure).is_some() {
            slide(desk, talk, &slider, Rect::from_min_size(pos2(inner.left(), y), vec2(inner.width(), ROW)));
            y += ROW;
        }
    }
    y = workings(desk, &talk.library().figures, inner, y + 8.0);
    let words = "all as told";
    let rect = Rect::from_min_size(pos2(inner.left(), y + 8.0), vec2(140.0, CHIP - 6.0));
    if chip(desk, rect, words, "nothing set by hand", false) {
        desk.send(SimCommand::SlideBack);
    }
}

/// A control with words that may be the chosen one: whether it was pressed.
fn chip(desk: &Desk<'_>, rect: Rect, words: &str, name: &str, is_chosen: bool) -> bool {
    let pressed = desk.press(rect, name);
    desk.chip_ground(rect, is_chosen, desk.colors.raised);
    let color = if is_chosen { desk.colors.text } else { desk.colors.text2 };
    desk.words(rect.center(), Align2::CENTER_CENTER, words, Type::strong(15.0, color));
    pressed.clicked
}

/// The profiles, in as many lines as they need. Where they end.
fn profiles(desk: &mut Desk<'_>, talk: &Presentation, inner: Rect, top: f32) -> f32 {
    let mut at = pos2(inner.left(), top);
    for profile in Profile::ALL {
        let wide = desk.width(profile.words(), Type::strong(15.0, desk.colors.text)) + 26.0;
        if at.x + wide > inner.right() {
            at = pos2(inner.left(), at.y + CHIP);
        }
        let rect = Rect::from_min_size(at, vec2(wide, CHIP - 6.0));
        let name = format!("simulated lab {}", profile.id());
        if chip(desk, rect, profile.words(), &name, talk.simulated().profile == profile) {
            desk.send(SimCommand::Profile(profile));
        }
        at.x = rect.right() + 8.0;
    }
    at.y + CHIP
}

/// How fast its time goes, and what that makes of a checkpoint. Where it ends.
fn lapses(desk: &mut Desk<'_>, talk: &Presentation, inner: Rect, top: f32) -> f32 {
    let now = talk.simulated().lapse;
    let mut left = inner.left();
    for lapse in LAPSES {
        let rect = Rect::from_min_size(pos2(left, top), vec2(56.0, CHIP - 6.0));
        if chip(desk, rect, &format!("×{lapse}"), &format!("lapse {lapse}"), now == lapse) {
            desk.send(SimCommand::Lapse(lapse));
        }
        left = rect.right() + 8.0;
    }
    if let Some(save) = talk.library().figures.shown("sim-save") {
        let secs = save.value.from / f64::from(now);
        let words = format!("at ×{now} a checkpoint of {} takes {secs:.1} s", save.words);
        let at = pos2(left + 12.0, top + (CHIP - 6.0) / 2.0);
        let look = Type::new(16.0, desk.colors.text2).within(inner.right() - at.x);
        let rect = desk.words(at, Align2::LEFT_CENTER, &words, look);
        desk.say(rect, "lapse", &words);
    }
    top + CHIP + 10.0
}

/// One figure on its track: pressed or dragged, it is set by hand.
fn slide(desk: &mut Desk<'_>, talk: &Presentation, slider: &Slider, row: Rect) {
    let figures = &talk.library().figures;
    let (Some(figure), Some(shown)) = (figures.get(slider.figure), figures.shown(slider.figure)) else { return };
    let y = row.center().y;
    let name = Type::new(17.0, desk.colors.text);
    desk.words(pos2(row.left(), y), Align2::LEFT_CENTER, slider.words, name.within(230.0));
    let track = Rect::from_min_max(pos2(row.left() + 244.0, row.top()), pos2(row.right() - 330.0, row.bottom()));
    let response = desk.ui.interact(track, Id::unique(("slider", slider.figure)), Sense::click_and_drag());
    let value = shown.value.from;
    response.widget_info(|| WidgetInfo::slider(true, value, slider.words));
    if let Some(at) = response.interact_pointer_pos() {
        let new = slider.value_at(f64::from((at.x - track.left()) / track.width()));
        if (new - value).abs() > value * 1e-9 {
            desk.send(SimCommand::Slide { figure: figure.id.clone(), value: new });
        }
    }
    let bar = Rect::from_center_size(track.center(), vec2(track.width(), 4.0));
    desk.fill(bar, desk.colors.line, 2.0);
    let x = track.left() + slider.place_of(value) as f32 * track.width();
    desk.fill(Rect::from_min_max(bar.min, pos2(x, bar.bottom())), desk.colors.hand, 2.0);
    let told = slider.place_of(figure.value.from) as f32 * track.width() + track.left();
    desk.ui.painter().vline(told, y - 8.0..=y + 8.0, egui::Stroke::new(1.5, desk.colors.text2));
    desk.ui.painter().circle_filled(pos2(x, y), 8.0, desk.colors.hand);
    let words = desk.words(
        pos2(track.right() + 24.0, y),
        Align2::LEFT_CENTER,
        &shown.words,
        Type::strong(17.0, desk.colors.text).within(150.0),
    );
    let left = words.right().max(track.right() + 174.0) + 10.0;
    let standing = if shown.cause == Cause::Told { "as told" } else { figures.told_word(figure) };
    desk.words(
        pos2(left, y),
        Align2::LEFT_CENTER,
        standing,
        Type::new(15.0, desk.colors.least).within(row.right() - left),
    );
}

/// What follows from the sliders, and how. Where it ends.
fn workings(desk: &Desk<'_>, figures: &Figures, inner: Rect, top: f32) -> f32 {
    let mut y = top;
    for id in WORKINGS {
        let (Some(figure), Some(shown)) = (figures.get(id), figures.shown(id)) else { continue };
        let working = figures.origin_words(figure);
        let working = working.strip_prefix("derived: ").unwrap_or(&working);
        let words = format!("{}: {} = {working}", figure.condition, shown.words);
        let rect = Rect::from_min_size(pos2(inner.left(), y), vec2(inner.width(), LINE));
        let look = Type::new(16.0, desk.colors.text2).within(inner.width());
        desk.words(rect.left_center(), Align2::LEFT_CENTER, &words, look);
        desk.say(rect, id, &words);
        y += LINE;
    }
    y
}
