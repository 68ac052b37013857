//! The console in the stage's own window, below the picture: for a laptop alone, or where the room sees the same display.
//!
//! What is there is what the presenter needs most. Dragged lower, what it says of runs goes first, then the next picture,
//! then the second column of the notes. A page, or all keys, make it higher for as long as they are open.

use egui::emath::{Align2, Rect, pos2, vec2};
use egui::{Color32, CursorIcon, Role, Sense, Shape, Stroke, WidgetInfo};

use crate::plural::counted;
use crate::presentation::Presentation;
use crate::presentation::pace::Timing;

use super::beside::Beside;
use super::desk::{Desk, Type};
use super::stage::StageLook;
use super::{feeds, notes, stage, stopped, time};

/// The part of the window that is the console's, and how far it can be dragged.
const USUAL_SHARE: f32 = 0.25;
const LEAST: f32 = 96.0;
const MOST_SHARE: f32 = 0.6;
/// The part that a page gets.
const PAGE_SHARE: f32 = 0.64;
/// The ready bar, which is the divider.
const BAR: f32 = 7.0;
/// Lower than these, the next thing is left out.
const WITH_RUNS: f32 = 190.0;
const WITH_NEXT: f32 = 150.0;
const WITH_COLUMNS: f32 = 120.0;

/// How the window is divided.
pub(super) struct Divider {
    share: f32,
}

impl Default for Divider {
    fn default() -> Self {
        Self { share: USUAL_SHARE }
    }
}

impl Divider {
    /// The console's part of a window, at its lower end.
    pub(super) fn part(&self, talk: &Presentation, window: Rect) -> Rect {
        let is_page =
            talk.desk().is_covered() || talk.is_asking() || talk.help_page().is_some() || talk.simulated().is_open;
        let share = if is_page { self.share.max(PAGE_SHARE) } else { self.share };
        let height = (window.height() * share).max(LEAST).min(window.height() * 0.75);
        Rect::from_min_max(pos2(window.left(), window.bottom() - height), window.max)
    }

    /// The ready bar, which divides and can be dragged.
    fn draw(&mut self, desk: &Desk<'_>, talk: &Presentation, bar: Rect, window_height: f32) {
        let response = desk.ui.interact(bar.expand2(vec2(0.0, 3.0)), egui::Id::unique("divider"), Sense::drag());
        let name = "upper edge of the console, to drag";
        response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, name));
        if response.hovered() || response.dragged() {
            desk.ui.ctx().set_cursor_icon(CursorIcon::ResizeVertical);
        }
        let moved = self.share - response.drag_delta().y / window_height.max(1.0);
        self.share = moved.clamp(LEAST / window_height.max(1.0), MOST_SHARE);
        desk.fill(bar, desk.colors.ground, 0.0);
        stage::ready_bar(desk, talk, bar.shrink2(vec2(0.0, 1.0)));
    }
}

/// Draws the console's part of the window.
pub(super) fn draw(
    desk: &mut Desk<'_>,
    talk: &Presentation,
    (divider, look): (&mut Divider, &mut StageLook),
    (area, beside): (Rect, &Beside),
) {
    let window_height = desk.ui.ctx().content_rect().height();
    let bar = Rect::from_min_size(area.min, vec2(area.width(), BAR));
    divider.draw(desk, talk, bar, window_height);
    let timing = talk.timing();
    let whole = Rect::from_min_max(pos2(area.left(), bar.bottom()), area.max);
    progress(desk, &timing, whole);
    let inner = Rect::from_min_max(whole.min + vec2(20.0, 8.0), whole.max - vec2(20.0, 10.0));
    let above = inner.top();
    let inner = stopped::line(desk, talk, beside.stopped.as_deref(), inner);
    let height = area.height() - (inner.top() - above);
    let left = Rect::from_min_size(inner.min, vec2((inner.width() * 0.19).max(230.0), inner.height()));
    time::strip_time(desk, talk, left, (beside, height >= WITH_RUNS));
    let mut right = inner.right();
    if height >= WITH_NEXT {
        let width = ((inner.height() - 30.0) / 0.5625).min(inner.width() * 0.2);
        let next = Rect::from_min_max(pos2(inner.right() - width, inner.top()), inner.max);
        following(desk, talk, next, look);
        right = next.left() - 18.0;
        desk.ui.painter().vline(right, inner.y_range(), Stroke::new(1.0, desk.colors.line));
    }
    let middle = Rect::from_min_max(pos2(left.right() + 28.0, inner.top()), pos2(right - 18.0, inner.bottom()));
    let foot = Rect::from_min_max(pos2(middle.left(), middle.bottom() - 26.0), middle.max);
    let columns = if height >= WITH_COLUMNS { 2 } else { 1 };
    let page = Rect::from_min_max(middle.min, pos2(middle.right(), foot.top() - 6.0));
    let is_more = notes::columns(desk, talk, page, columns);
    draw_foot(desk, talk, foot, is_more);
}

/// How much of the plan is told, along the lower edge.
fn progress(desk: &Desk<'_>, timing: &Timing, area: Rect) {
    let edge = Rect::from_min_max(pos2(area.left(), area.bottom() - 5.0), area.max);
    desk.fill(edge, desk.colors.panel, 0.0);
    let share = (timing.told_secs / timing.planned_secs.max(1.0)).clamp(0.0, 1.0) as f32;
    desk.fill(Rect::from_min_size(edge.min, vec2(edge.width() * share, edge.height())), desk.colors.hand, 0.0);
}

/// Whether the next press goes on, what it does, and what it leads to.
fn following(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, look: &mut StageLook) {
    let y = area.top() + 12.0;
    let color = desk.colors.text;
    let (words, hint) = match (talk.cover().is_some() || talk.is_holding(), talk.is_settled()) {
        (true, _) => ("PRIVATE", "the room waits"),
        (false, true) => ("READY", "next goes on"),
        (false, false) => ("MOVING", "next ends it"),
    };
    let painter = desk.ui.painter();
    let sign = pos2(area.left() + 9.0, y);
    if words == "READY" {
        painter.circle_filled(sign, 7.5, color);
    } else {
        painter.circle_stroke(sign, 7.0, Stroke::new(2.5, desk.colors.text2));
        let arc = |nth: u8| sign + egui::Vec2::angled(f32::from(nth) * 0.2 - 1.57) * 7.0;
        let turned = (talk.progress() * 31.0) as u8;
        painter.add(Shape::line((0..=turned).map(arc).collect(), Stroke::new(2.5, color)));
    }
    let state = desk.words(pos2(area.left() + 25.0, y), Align2::LEFT_CENTER, words, Type::strong(17.0, color));
    desk.say(state, "ready", words);
    let quiet = Type::new(15.0, desk.colors.least);
    if state.right() + desk.width(hint, quiet) + 10.0 < area.right() {
        desk.words(pos2(area.right(), y), Align2::RIGHT_CENTER, hint, quiet);
    }
    let picture = Rect::from_min_max(pos2(area.left(), area.top() + 28.0), area.max);
    let height = picture.height().min(picture.width() * 0.5625);
    let picture = Rect::from_min_size(picture.min, vec2(picture.width(), height));
    stage::bare_next(desk, talk, picture, look);
    let tag = desk.tag(picture.max - vec2(58.0, 18.0), "NEXT", desk.colors.ground, Color32::WHITE);
    desk.frame(tag, desk.colors.text, 1.5, 5.0);
}

/// The objections, and how the feeds are.
fn draw_foot(desk: &Desk<'_>, talk: &Presentation, area: Rect, is_more: bool) {
    desk.rule(area.min, area.width());
    let plates = Rect::from_min_max(pos2(area.right() - 210.0, area.top()), area.max);
    feeds::bare_plates(desk, talk, plates);
    let y = area.center().y + 3.0;
    let objections = notes::objections(talk);
    let head = match (objections.len(), is_more) {
        (0, false) => "no objection noted".to_owned(),
        (0, true) => "more below".to_owned(),
        (count, _) => counted(count, "objection"),
    };
    let mut left = area.left();
    if is_more {
        let tip = pos2(left + 7.0, y + 3.0);
        for side in [-1.0, 1.0] {
            let stroke = Stroke::new(1.6, desk.colors.text2);
            desk.ui.painter().line_segment([tip + vec2(6.0 * side, -6.0), tip], stroke);
        }
        left += 24.0;
    }
    let head = desk.words(pos2(left, y), Align2::LEFT_CENTER, &head, Type::strong(15.0, desk.colors.text));
    let room = plates.left() - head.right() - 26.0;
    if room > 60.0 {
        let look = Type::new(15.0, desk.colors.text2).within(room);
        desk.words(pos2(head.right() + 12.0, y), Align2::LEFT_CENTER, &objections.join("  "), look);
    }
}
