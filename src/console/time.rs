//! The time: what is left, what has passed, how far from the plan, the time of day, and the whole talk as a strip.

use egui::Stroke;
use egui::emath::{Align2, Rect, Vec2, pos2, vec2};

use crate::plural::counted;
use crate::presentation::Presentation;
use crate::presentation::pace::{ON_TIME_SECS, Timing};
use crate::presentation::walk::WalkCommand;

use super::beside::Beside;
use super::desk::{Desk, Type, clock_words};
use super::stage;

/// The whole width of the gauge, to each side.
const GAUGE_SECS: f64 = 180.0;
/// Of the size of what is left, that of the time of day beside it in the strip.
const CLOCK_SHARE: f32 = 0.64;

/// Everything about the time, on a large screen.
pub(super) fn top(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, beside: &Beside) {
    let timing = talk.timing();
    let [base, low] = [area.top() + 62.0, area.bottom() - 10.0];
    let small = Type::new(16.0, desk.colors.least);
    let left = left_words(desk, &timing, pos2(area.left(), base), 56.0);
    desk.words(pos2(area.left(), low), Align2::LEFT_CENTER, &slot_words(&timing), small);
    let elapsed_at = left.right().max(area.left() + 170.0) + 34.0;
    let look = Type::new(34.0, desk.colors.text2);
    let elapsed = desk.words(pos2(elapsed_at, base), Align2::LEFT_BOTTOM, &clock_words(timing.elapsed_secs), look);
    desk.words(pos2(elapsed_at, low), Align2::LEFT_CENTER, "elapsed", small);
    let pace_at = elapsed.right() + 40.0;
    let pace = pace_words(desk, &timing, pos2(pace_at, base), 34.0);
    let ends = desk.words(pos2(pace_at, low), Align2::LEFT_CENTER, &end_words(&timing), small);
    let look = Type::strong(46.0, desk.colors.text);
    let clock = desk.words(pos2(area.right(), base), Align2::RIGHT_BOTTOM, &beside.time_of_day, look);
    desk.words(pos2(area.right(), low), Align2::RIGHT_CENTER, &spare_words(&timing), small);
    let cut = cut_button(desk, talk, pos2(clock.left() - 60.0, base - 20.0));
    let plan = talk.library().planned(talk.cut());
    let planned = format!("{} planned, {}", clock_words(timing.planned_secs), counted(plan.len(), "step"));
    desk.words(pos2(cut.left(), low), Align2::LEFT_CENTER, &planned, small);
    rehearsal_line(desk, (talk, beside), pos2(elapsed_at, area.top() + 14.0), cut.left() - 12.0);
    let gauge_at = (pace_at + 250.0).max(pace.right().max(ends.right()) + 24.0);
    let gauge = Rect::from_min_max(pos2(gauge_at, base - 22.0), pos2(cut.left() - 60.0, base - 10.0));
    if gauge.width() > 160.0 {
        draw_gauge(desk, &timing, gauge);
        let look = Type::new(14.0, desk.colors.least);
        let words = [("ahead", 0.12), ("±1 min is on time", 0.5), ("behind", 0.88)];
        for (words, share) in words.into_iter().filter(|(_, share)| gauge.width() > 260.0 || *share == 0.5) {
            let at = pos2(gauge.left() + gauge.width() * share, low);
            desk.words(at, Align2::CENTER_CENTER, words, look);
        }
    }
}

/// Left, pace, ready light, time of day.
pub(super) fn small_top(desk: &Desk<'_>, talk: &Presentation, area: Rect, beside: &Beside) {
    let timing = talk.timing();
    let [base, low] = [area.top() + 50.0, area.bottom() - 12.0];
    let small = Type::new(14.0, desk.colors.least);
    let left = left_words(desk, &timing, pos2(area.left(), base), 42.0);
    desk.words(pos2(area.left(), low), Align2::LEFT_CENTER, &slot_words(&timing), small);
    let pace_at = left.right().max(area.left() + 130.0) + 26.0;
    pace_words(desk, &timing, pos2(pace_at, base), 26.0);
    desk.words(pos2(pace_at, low), Align2::LEFT_CENTER, &end_words(&timing), small);
    let look = Type::strong(40.0, desk.colors.text);
    let clock = desk.words(pos2(area.right(), base), Align2::RIGHT_BOTTOM, &beside.time_of_day, look);
    let ready = stage::ready(desk, talk, pos2(clock.left() - 40.0, base - 18.0));
    rehearsal_line(desk, (talk, beside), pos2(pace_at, area.top() + 11.0), ready - 12.0);
}

/// Left, the time of day, pace, the step against what it is given and against the last runs.
pub(super) fn strip_time(desk: &Desk<'_>, talk: &Presentation, area: Rect, (beside, has_runs): (&Beside, bool)) {
    let timing = talk.timing();
    let small = Type::new(15.0, desk.colors.least);
    let base = area.top() + 50.0;
    // Both clocks stand side by side, however narrow it is and however many hours are left.
    let clock = beside.time_of_day.rsplit_once(':').map_or(beside.time_of_day.as_str(), |(minutes, _)| minutes);
    let wanted = (area.width() * 0.185).clamp(32.0, 52.0);
    let taken = desk.width(&left_clock(&timing), Type::strong(wanted, desk.colors.text))
        + desk.width(clock, Type::new(wanted * CLOCK_SHARE, desk.colors.text2));
    let points = wanted * ((area.width() - 24.0) / taken.max(1.0)).min(1.0);
    left_words(desk, &timing, pos2(area.left(), base + 4.0), points);
    desk.words(pos2(area.left(), base + 10.0), Align2::LEFT_CENTER, &slot_words(&timing), small);
    let clock_at = pos2(area.right(), base + 2.0);
    let clock = desk.words(clock_at, Align2::RIGHT_BOTTOM, clock, Type::new(points * CLOCK_SHARE, desk.colors.text2));
    desk.words(pos2(clock.left(), base + 10.0), Align2::LEFT_CENTER, "clock", small);
    let mut y = base + 42.0;
    if y + 10.0 > area.bottom() {
        return;
    }
    let pace = pace_words(desk, &timing, pos2(area.left(), y + 12.0), 20.0);
    let gauge = Rect::from_min_max(pos2(pace.right() + 18.0, y - 5.0), pos2(area.right(), y + 5.0));
    if gauge.width() > 60.0 {
        draw_gauge(desk, &timing, gauge);
    }
    y += 30.0;
    if y + 10.0 > area.bottom() {
        return;
    }
    let look = Type::new(15.0, desk.colors.text).within(area.width() - 80.0);
    desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, "this step", small);
    desk.words(pos2(area.left() + 80.0, y), Align2::LEFT_CENTER, &stage::step_time_words(talk), look);
    if !has_runs {
        return;
    }
    if let Some(range) = range_words(talk, beside) {
        y += 22.0;
        desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, "last five", small);
        desk.words(pos2(area.left() + 80.0, y), Align2::LEFT_CENTER, &range, look);
    }
    rehearsal_sign(desk, beside, pos2(area.left(), area.bottom() - 12.0));
}

/// That a rehearsal runs, and which run it is; nothing where none does. Where it ends.
fn rehearsal_sign(desk: &Desk<'_>, beside: &Beside, left_center: egui::Pos2) -> Option<Rect> {
    let words = format!("run {}", beside.run?);
    let painter = desk.ui.painter();
    let stroke = Stroke::new(2.0, desk.colors.text);
    for x in [6.0, 15.0] {
        painter.circle_stroke(left_center + vec2(x, 0.0), 4.5, stroke);
    }
    let head = left_center + vec2(28.0, 0.0);
    let head = desk.words(head, Align2::LEFT_CENTER, "Rehearsal", Type::strong(15.0, desk.colors.text));
    let small = Type::new(15.0, desk.colors.least);
    let words_at = pos2(head.right() + 8.0, left_center.y);
    let rect = head.union(desk.words(words_at, Align2::LEFT_CENTER, &words, small));
    desk.say(rect, "rehearsal", &format!("rehearsal, {words}"));
    Some(rect)
}

/// The sign of a rehearsal and how this step did in the last runs, in a line over the time.
fn rehearsal_line(desk: &Desk<'_>, (talk, beside): (&Presentation, &Beside), left_center: egui::Pos2, right: f32) {
    let Some(sign) = rehearsal_sign(desk, beside, left_center) else { return };
    let Some(range) = range_words(talk, beside) else { return };
    let at = pos2(sign.right() + 18.0, left_center.y);
    let words = format!("last five {range}");
    let look = Type::new(15.0, desk.colors.text);
    if at.x + desk.width(&words, look) < right {
        let rect = desk.words(at, Align2::LEFT_CENTER, &words, look);
        desk.say(rect, "last five", &words);
    }
}

/// How the step shown did in the last runs: `"1:02 to 1:31"`.
fn range_words(talk: &Presentation, beside: &Beside) -> Option<String> {
    let secs = beside.runs.get(talk.address())?;
    let least = secs.iter().copied().reduce(f64::min)?;
    let most = secs.iter().copied().reduce(f64::max)?;
    Some(format!("{} to {}", clock_words(least), clock_words(most)))
}

fn left_words(desk: &Desk<'_>, timing: &Timing, at: egui::Pos2, points: f32) -> Rect {
    let color = if timing.has_begun { desk.colors.text } else { desk.colors.least };
    let words = left_clock(timing);
    let rect = desk.words(at, Align2::LEFT_BOTTOM, &words, Type::strong(points, color));
    let said = if timing.elapsed_secs > timing.slot_secs { "over" } else { "left" };
    desk.say(rect, "left", &format!("{words} {said}"));
    rect
}

/// What is left of the slot, or what it is over: "12:40".
fn left_clock(timing: &Timing) -> String {
    clock_words((timing.slot_secs - timing.elapsed_secs).abs())
}

fn slot_words(timing: &Timing) -> String {
    let side = if timing.elapsed_secs > timing.slot_secs { "over" } else { "left of" };
    format!("{side} {}", clock_words(timing.slot_secs))
}

fn pace_words(desk: &Desk<'_>, timing: &Timing, at: egui::Pos2, points: f32) -> Rect {
    let behind = timing.behind_secs();
    let (words, look) = match timing.has_begun {
        false => ("not begun".to_owned(), Type::new(points * 0.7, desk.colors.least)),
        true if timing.is_on_time() => ("on time".to_owned(), Type::new(points, desk.colors.text2)),
        true => {
            let side = if behind > 0.0 { "behind" } else { "ahead" };
            (format!("{} {side}", clock_words(behind.abs())), Type::strong(points, desk.colors.text))
        }
    };
    let rect = desk.words(at, Align2::LEFT_BOTTOM, &words, look);
    desk.say(rect, "pace", &words);
    rect
}

/// What the pace means.
fn end_words(timing: &Timing) -> String {
    if !timing.has_begun {
        return "starts with your first next".to_owned();
    }
    let spare = timing.spare_secs();
    let side = if spare >= 0.0 { "before the slot does" } else { "after the slot" };
    let words = format!("ends {} {side}", clock_words(spare.abs()));
    if timing.runs { words } else { format!("stopped; {words}") }
}

fn spare_words(timing: &Timing) -> String {
    let planned_left = (timing.planned_secs - timing.told_secs).max(0.0);
    format!("{} still to tell", clock_words(planned_left))
}

/// The band of what is on time, and where the talk is.
fn draw_gauge(desk: &Desk<'_>, timing: &Timing, area: Rect) {
    let x = |secs: f64| {
        let share = (secs.clamp(-GAUGE_SECS, GAUGE_SECS) / GAUGE_SECS) as f32;
        area.center().x + share * area.width() / 2.0
    };
    desk.fill(area, desk.colors.panel, 6.0);
    desk.fill(Rect::from_x_y_ranges(x(-ON_TIME_SECS)..=x(ON_TIME_SECS), area.y_range()), desk.colors.raised, 2.0);
    let behind = timing.behind_secs();
    if !timing.is_on_time() {
        let edge = x(ON_TIME_SECS * behind.signum());
        let beyond = Rect::from_two_pos(pos2(edge, area.top()), pos2(x(behind), area.bottom()));
        desk.fill(beyond, desk.colors.text2, 2.0);
    }
    desk.ui.painter().vline(area.center().x, area.expand(4.0).y_range(), Stroke::new(1.5, desk.colors.least));
    let knob = Rect::from_center_size(pos2(x(behind), area.center().y), vec2(12.0, 22.0));
    desk.fill(knob, if timing.is_on_time() { desk.colors.text2 } else { desk.colors.text }, 3.0);
}

/// The cut that is told; a press takes the next one.
fn cut_button(desk: &mut Desk<'_>, talk: &Presentation, right_center: egui::Pos2) -> Rect {
    let title = talk.cut().map_or("the whole deck", |cut| cut.title.as_str());
    let [quiet, strong] = [Type::new(16.0, desk.colors.text2), Type::strong(16.0, desk.colors.text)];
    let width = desk.width("Cut ", quiet) + desk.width(title, strong) + 44.0;
    let rect = Rect::from_min_size(right_center - vec2(width, 16.0), vec2(width, 32.0));
    let pressed = desk.press(rect, "choose a cut");
    desk.fill(rect, desk.colors.raised, 6.0);
    let end = desk.words(rect.left_center() + vec2(12.0, 0.0), Align2::LEFT_CENTER, "Cut ", quiet);
    desk.words(pos2(end.right(), rect.center().y), Align2::LEFT_CENTER, title, strong);
    let tip = rect.right_center() - vec2(18.0, -2.0);
    let stroke = Stroke::new(1.5, desk.colors.text2);
    for side in [-1.0, 1.0] {
        desk.ui.painter().line_segment([tip + vec2(5.0 * side, -5.0), tip], stroke);
    }
    if pressed.clicked {
        desk.send(WalkCommand::Cut(None));
    }
    rect
}

/// The scenes of the plan, each as wide as its seconds. A press goes to its first step.
pub(super) fn strip(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, has_names: bool) {
    // Beside the plan the strip stands where Backspace returns to.
    let (library, at) = (talk.library(), talk.counted_from().unwrap_or(talk.position()));
    let plan = library.planned(talk.cut());
    let total: f64 = plan.iter().map(|(_, secs)| secs).sum();
    let timing = talk.timing();
    let x = |secs: f64| area.left() + area.width() * (secs / total.max(1.0)) as f32;
    let mut begin = 0.0;
    for steps in plan.chunk_by(|a, b| a.0.scene == b.0.scene) {
        let secs: f64 = steps.iter().map(|(_, secs)| secs).sum();
        let rect = Rect::from_x_y_ranges(x(begin)..=x(begin + secs), area.y_range()).shrink2(vec2(1.5, 0.0));
        let scene = &library.scenes[steps[0].0.scene];
        let pressed = desk.press(rect, &format!("go to {}", scene.title));
        let is_here = steps[0].0.scene == at.scene;
        desk.fill(rect, if pressed.hovered { desk.colors.line } else { desk.colors.raised }, 3.0);
        if steps.last().is_some_and(|(last, _)| *last < at) && !is_here {
            desk.fill(rect, desk.colors.line, 3.0);
        }
        if is_here {
            let told = ((timing.told_secs - begin) / secs.max(1.0)).clamp(0.0, 1.0) as f32;
            desk.fill(rect, desk.colors.hand_low, 3.0);
            desk.fill(
                Rect::from_min_size(rect.min, vec2(rect.width() * told, rect.height())),
                desk.colors.hand.gamma_multiply(0.6),
                3.0,
            );
            desk.frame(rect, desk.colors.hand, 2.0, 3.0);
        }
        let look = Type::new(14.0, if is_here { desk.colors.text } else { desk.colors.text2 });
        if has_names && rect.width() > desk.width(&scene.id, look) + 12.0 {
            desk.words(rect.left_center() + vec2(7.0, 0.0), Align2::LEFT_CENTER, &scene.id, look);
        }
        if pressed.clicked {
            desk.send(WalkCommand::Jump(library.address(steps[0].0)));
        }
        begin += secs;
    }
    if timing.has_begun {
        let tip = pos2(x((timing.skipped_secs + timing.elapsed_secs).min(total)), area.bottom() + 1.0);
        let corners = [Vec2::ZERO, vec2(7.0, 9.0), vec2(-7.0, 9.0)].map(|offset| tip + offset);
        desk.ui.painter().add(egui::Shape::convex_polygon(corners.to_vec(), desk.colors.text, Stroke::NONE));
    }
}
