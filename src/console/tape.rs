//! A recorded talk that is told again: a bar of its whole time, which the pointer drags, with what stands out in it, and the
//! buttons beside it.

use egui::emath::{Align2, Rect, pos2, vec2};
use egui::{CursorIcon, Id, RichText, Sense, Shape, Stroke, WidgetInfo};

use crate::picture::Ink;
use crate::presentation::Presentation;
use crate::presentation::walk::WalkCommand;
use crate::show::{Marked, Retold, TapeMark};

use super::desk::{Desk, Type, clock_words};
use super::toolbar;

/// The lane of what stands out, below the bar.
pub(super) const LANE: f32 = 13.0;
/// The pointer is on a mark when it is so near.
const NEAR: f32 = 4.0;

/// The commands of its buttons, in groups: the name, and a word for the button.
const BUTTONS: [&[(&str, &str)]; 3] = [
    &[("back", "Back"), ("pause", "Play"), ("next", "Next")],
    &[("slower", "Slower"), ("faster", "Faster")],
    &[("open-recording", "Open"), ("tell-again", "My talk"), ("help", "Keys")],
];

/// The bar, with the lane of what stands out below it.
pub(super) fn bar(desk: &mut Desk<'_>, retold: &Retold, area: Rect, has_names: bool) {
    let track = Rect::from_min_max(area.min, pos2(area.right(), area.bottom() - LANE));
    let begins_secs = retold.begins_secs();
    let whole_secs = (retold.end_secs() - begins_secs).max(f64::EPSILON);
    let x = |secs: f64| track.left() + track.width() * ((secs - begins_secs) / whole_secs) as f32;
    desk.fill(track, desk.colors.panel, 3.0);
    steps(desk, retold, (track, &x), has_names);
    for mark in retold.marks() {
        stand_out(desk, mark, pos2(x(mark.at_secs), track.bottom() + LANE * 0.5 + 1.0));
    }
    let knob = pos2(x(retold.at_secs()), track.center().y);
    desk.ui.painter().vline(knob.x, track.expand2(vec2(0.0, 3.0)).y_range(), Stroke::new(2.0, desk.colors.text));
    desk.ui.painter().circle_filled(knob, 8.0, desk.colors.hand);
    desk.ui.painter().circle_stroke(knob, 8.0, Stroke::new(2.0, desk.colors.text));
    if desk.is_covered(area) {
        return;
    }
    let response = desk.ui.interact(area, Id::unique("place in the recorded talk"), Sense::click_and_drag());
    let at_secs = retold.at_secs();
    response.widget_info(|| WidgetInfo::slider(true, at_secs, "place in the recorded talk, in seconds"));
    let share_at = |at: f32| f64::from((at - track.left()) / track.width().max(1.0)).clamp(0.0, 1.0);
    let secs_at = |at: f32| begins_secs + share_at(at) * whole_secs;
    if let Some(at) = response.interact_pointer_pos() {
        let to_secs = secs_at(at.x);
        // Where it is held still the talk goes on from there only once.
        if response.drag_started() || response.clicked() || response.drag_delta().x != 0.0 {
            desk.send(WalkCommand::Seek(to_secs));
        }
    }
    let hovered = response.hover_pos();
    if let Some(at) = hovered {
        desk.ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        let near_secs = f64::from(NEAR / track.width().max(1.0)) * whole_secs;
        let words = RichText::new(words_at(retold, secs_at(at.x), near_secs)).color(desk.colors.text).size(15.0);
        response.on_hover_text_at_pointer(words);
    }
}

/// The steps that were shown, each as long as it was: those before, and the one that is on.
fn steps(desk: &Desk<'_>, retold: &Retold, (track, x): (Rect, &impl Fn(f64) -> f32), has_names: bool) {
    let begins: Vec<&TapeMark> = retold.marks().iter().filter(|mark| mark.step().is_some()).collect();
    let mut named_to = track.left();
    for (nth, mark) in begins.iter().enumerate() {
        let to_secs = begins.get(nth + 1).map_or(retold.end_secs(), |next| next.at_secs);
        let rect = Rect::from_x_y_ranges(x(mark.at_secs)..=(x(to_secs) - 1.0).max(x(mark.at_secs)), track.y_range());
        let is_on = (mark.at_secs..to_secs).contains(&retold.at_secs());
        let ground = if to_secs <= retold.at_secs() { desk.colors.line } else { desk.colors.raised };
        desk.fill(rect, if is_on { desk.colors.hand_low } else { ground }, 2.0);
        if is_on {
            let told = rect.with_max_x(x(retold.at_secs()).min(rect.right()));
            desk.fill(told, desk.colors.hand.gamma_multiply(0.6), 2.0);
        }
        let Some(step) = mark.step() else { continue };
        let is_first = nth == 0 || begins[nth - 1].step().is_none_or(|before| before.scene != step.scene);
        let look = Type::new(14.0, desk.colors.text2);
        let left = rect.left() + 6.0;
        let room = begins[nth..].iter().find(|later| later.step().is_some_and(|later| later.scene != step.scene));
        let room = room.map_or(track.right(), |later| x(later.at_secs)) - left;
        if has_names && is_first && left > named_to && desk.width(&step.scene, look) + 6.0 < room {
            named_to = desk.words(pos2(left, track.center().y), Align2::LEFT_CENTER, &step.scene, look).right();
        }
    }
}

/// A burst is a stroke in its tier's ink, a fault a triangle, its end a ring.
fn stand_out(desk: &Desk<'_>, mark: &TapeMark, at: egui::Pos2) {
    let painter = desk.ui.painter();
    match &mark.what {
        Marked::Step(_) => {}
        Marked::Burst { tier, .. } => {
            let ink = desk.dark.color(Ink::of(*tier));
            painter.vline(at.x, at.y - 4.0..=at.y + 4.0, Stroke::new(2.5, ink));
        }
        Marked::Event { is_bad: true, .. } => {
            let corners = [vec2(0.0, -5.0), vec2(5.0, 4.5), vec2(-5.0, 4.5)].map(|offset| at + offset);
            painter.add(Shape::convex_polygon(corners.to_vec(), desk.colors.text, Stroke::NONE));
        }
        Marked::Event { is_bad: false, .. } => {
            painter.circle_stroke(at, 3.5, Stroke::new(1.5, desk.colors.text));
        }
    }
}

/// The time, the step that was on then, and what stands out there.
fn words_at(retold: &Retold, at_secs: f64, near_secs: f64) -> String {
    let step = retold.step_at(at_secs).map_or_else(String::new, |step| {
        let library = retold.talk().library();
        let scene = library.scenes.iter().find(|scene| scene.id == step.scene);
        let title = scene.map_or(step.scene.as_ref(), |scene| scene.title.as_ref());
        format!("   {title}, step {}", step.step + 1)
    });
    let near = retold.marks().iter().filter(|mark| (mark.at_secs - at_secs).abs() <= near_secs);
    let near: Vec<String> = near.filter_map(TapeMark::words).map(|words| format!("\n{words}")).collect();
    format!("{}{step}{}", clock_words(at_secs - retold.begins_secs()), near.concat())
}

/// The buttons, and how it stands in words.
pub(super) fn controls(desk: &mut Desk<'_>, around: &Presentation, retold: &Retold, area: Rect) {
    let words = standing(retold);
    let look = Type::strong(15.0, desk.colors.text);
    let wide = (desk.width(&words, look) + 32.0).min(area.width() * 0.56);
    let left = Rect::from_min_max(area.min, pos2(area.right() - wide, area.bottom()));
    toolbar::bar(desk, around, &BUTTONS, left, |name| name == "pause" && retold.plays());
    let rect = desk.words(area.right_center(), Align2::RIGHT_CENTER, &words, look.within(wide - 16.0));
    desk.say(rect, "told again", &words);
}

/// `"RECORDED 2026-11-28   3:12 of 44:10   ×2"`.
pub(super) fn standing(retold: &Retold) -> String {
    let state = if retold.plays() { format!("×{}", retold.speed()) } else { "paused".to_owned() };
    let [at, end] = [retold.at_secs(), retold.end_secs()].map(|secs| clock_words(secs - retold.begins_secs()));
    let torn = retold.torn().map_or_else(String::new, |why| format!("   its end is missing: {why}"));
    format!("RECORDED {}   {at} of {end}   {state}{torn}", retold.date())
}
