//! The doctor's page: the verdict first, then what is to be fixed, what to look at and what is fine, each with its way out;
//! the displays as they stand, and what each key of a clicker is.

use egui::emath::{Align2, Pos2, Rect, pos2, vec2};
use egui::{Shape, Stroke};

use crate::checkup::{Check, Checkup, Verdict};
use crate::keys;
use crate::picture::Face;
use crate::plural::counted;
use crate::presentation::Presentation;
use crate::presentation::command::{Command, WindowCommand};
use crate::presentation::desk::{Clicker, DeskCommand};
use crate::presentation::keymap::Keymap;
use crate::presentation::over::OverCommand;
use crate::presentation::pointing::PointCommand;

use super::desk::{Desk, Type, WaySize};

/// Its buttons stand in a narrow column.
const WAYS: WaySize = WaySize {
    corner: 6.0,
    main: 18.0,
    other: 17.0,
    inset: 16.0,
    key: 14.0,
    cap: vec2(16.0, 24.0),
    cap_inset: 14.0,
    cap_edge: 1.2,
};

/// A check that did not pass needs so much.
const CARD: f32 = 74.0;
const LINE: f32 = 36.0;

/// Draws the page over the whole console.
pub(super) fn draw(
    desk: &mut Desk<'_>,
    talk: &Presentation,
    (checkup, clicker): (&Checkup, &Clicker),
    (area, time_of_day): (Rect, &str),
) {
    desk.fill(area, desk.colors.ground, 0.0);
    let head = Rect::from_min_size(area.min + vec2(20.0, 0.0), vec2(area.width() - 40.0, 60.0));
    let y = head.center().y;
    let title = desk.words(pos2(head.left(), y), Align2::LEFT_CENTER, "Doctor", Type::strong(24.0, desk.colors.text));
    let words = match (checkup.runs, checkup.checks.is_empty()) {
        (true, _) => "looking …".to_owned(),
        (false, true) => "not looked yet".to_owned(),
        (false, false) => {
            format!("{} in {:.1} s, the clicker by hand", counted(checkup.checks.len(), "check"), checkup.took_secs)
        }
    };
    let quiet = Type::new(16.0, desk.colors.text2);
    desk.words(pos2(title.right() + 18.0, y + 2.0), Align2::LEFT_CENTER, &words, quiet);
    let strong = Type::strong(24.0, desk.colors.text);
    desk.words(pos2(head.right(), y), Align2::RIGHT_CENTER, time_of_day, strong);
    desk.rule(pos2(area.left(), head.bottom()), area.width());
    let body = Rect::from_min_max(pos2(head.left(), head.bottom() + 14.0), area.max - vec2(20.0, 14.0));
    let side = Rect::from_min_size(body.min, vec2((body.width() * 0.245).clamp(240.0, 344.0), body.height()));
    draw_side(desk, talk, checkup, side);
    let right = Rect::from_min_max(pos2(side.right() + 40.0, body.top()), body.max);
    let echo = Rect::from_min_max(pos2(right.left(), right.bottom() - 120.0), right.max);
    let list = Rect::from_min_max(right.min, pos2(right.right(), echo.top() - 14.0));
    draw_checks(desk, checkup, list);
    draw_clicker(desk, talk.keymap(), clicker, echo);
}

/// The verdict, the displays, and what can be done.
fn draw_side(desk: &mut Desk<'_>, talk: &Presentation, checkup: &Checkup, area: Rect) {
    let (fix, look, fine) = (checkup.count(Verdict::Fail), checkup.count(Verdict::Warn), checkup.count(Verdict::Pass));
    let verdict = if fix > 0 {
        Verdict::Fail
    } else if look > 0 {
        Verdict::Warn
    } else {
        Verdict::Pass
    };
    let head = match (checkup.checks.is_empty(), fix) {
        (true, _) => "…".to_owned(),
        (false, 0) => "ready".to_owned(),
        (false, count) => format!("{count} to fix"),
    };
    let at = area.min + vec2(44.0, 60.0);
    sign(desk, verdict, at, 36.0);
    let strong = Type::strong(38.0, desk.colors.text);
    desk.words(at + vec2(58.0, -14.0), Align2::LEFT_CENTER, &head, strong);
    let rest = format!("{look} to look at, {fine} fine");
    desk.words(at + vec2(58.0, 22.0), Align2::LEFT_CENTER, &rest, Type::new(17.0, desk.colors.text2));
    desk.say(Rect::from_min_size(area.min, vec2(area.width(), 110.0)), "verdict", &format!("{head}, {rest}"));
    let mut y = area.top() + 138.0;
    y = draw_displays(desk, talk, Rect::from_min_max(pos2(area.left(), y), area.max));
    // What changes the room's picture does nothing while the page is open, so that closes first.
    let close = Command::from(DeskCommand::Doctor);
    let buttons: [(&str, &str, &str, Vec<Command>); 3] = [
        ("Check again", "Enter", "check again", vec![Command::Enter]),
        ("Close and swap", "", "swap from the doctor", vec![close.clone(), WindowCommand::Swap.into()]),
        ("Close and test card", "", "test card from the doctor", vec![close, OverCommand::TestCard.into()]),
    ];
    y += 12.0;
    for (nth, (words, key, name, commands)) in buttons.into_iter().enumerate() {
        let height = if nth == 0 { 50.0 } else { 40.0 };
        let rect = Rect::from_min_size(pos2(area.left(), y), vec2(area.width(), height));
        if rect.bottom() > area.bottom() - 48.0 {
            break;
        }
        if desk.way(rect, (words, key, name), nth == 0, &WAYS) {
            for command in commands {
                desk.send(command);
            }
        }
        y = rect.bottom() + 8.0;
    }
    let rect = Rect::from_min_size(pos2(area.left(), area.bottom() - 40.0), vec2(area.width(), 40.0));
    if desk.way(rect, ("Close", "Ctrl+D or Esc twice", "close the doctor"), false, &WAYS) {
        desk.send(DeskCommand::Doctor);
    }
}

/// The displays as they stand beside one another, each with what it shows and its size. Where it ends.
fn draw_displays(desk: &Desk<'_>, talk: &Presentation, area: Rect) -> f32 {
    let displays = &talk.window().displays;
    let head = Type::strong(16.0, desk.colors.text);
    desk.words(area.min, Align2::LEFT_CENTER, "Displays", head);
    let found = format!("{} found", displays.len());
    let quiet = Type::new(15.0, desk.colors.text2);
    desk.words(pos2(area.right(), area.top()), Align2::RIGHT_CENTER, &found, quiet);
    let ends = |nth: usize| {
        let begin = displays.iter().map(|of| f64::from(of.corner[nth])).fold(f64::INFINITY, f64::min);
        let end = displays.iter().map(|of| f64::from(of.corner[nth]) + f64::from(of.size[nth])).fold(0.0, f64::max);
        (begin, (end - begin).max(1.0))
    };
    if displays.is_empty() {
        return area.top() + 20.0;
    }
    let ([left, wide], [top, high]) = ([ends(0).0, ends(0).1], [ends(1).0, ends(1).1]);
    let scale = (f64::from(area.width()) / wide).min(110.0 / high) as f32;
    let mut bottom = area.top();
    for (nth, display) in displays.iter().enumerate() {
        let at = [f64::from(display.corner[0]) - left, f64::from(display.corner[1]) - top].map(|side| side as f32);
        let corner = pos2(area.left() + at[0] * scale, area.top() + 20.0 + at[1] * scale);
        let size = vec2(display.size[0] as f32, display.size[1] as f32) * scale;
        let rect = Rect::from_min_size(corner, size).shrink(1.5);
        desk.fill(rect, desk.colors.panel, 3.0);
        desk.frame(rect, desk.colors.text2, 1.5, 3.0);
        let name = Type::strong(15.0, desk.colors.text).within(rect.width() - 12.0);
        desk.words(rect.center() - vec2(0.0, 9.0), Align2::CENTER_CENTER, &display.name, name);
        let words = format!("{}×{}", display.size[0], display.size[1]);
        let look = Type::new(14.0, desk.colors.text2).within(rect.width() - 8.0);
        desk.words(rect.center() + vec2(0.0, 11.0), Align2::CENTER_CENTER, &words, look);
        desk.say(rect, &format!("display {nth}"), &format!("display {}, {words}", display.name));
        bottom = bottom.max(rect.bottom());
    }
    bottom + 8.0
}

/// A ring or a triangle with what it means inside.
fn sign(desk: &Desk<'_>, verdict: Verdict, at: Pos2, radius: f32) {
    let stroke = Stroke::new((radius * 0.12).max(1.8), desk.colors.text);
    let painter = desk.ui.painter();
    let (third, line) = (radius * 0.36, |from: Pos2, to: Pos2| painter.line_segment([from, to], stroke));
    match verdict {
        Verdict::Fail => {
            let corner =
                |nth: u8| at + egui::Vec2::angled((f32::from(nth) + 0.5) * std::f32::consts::FRAC_PI_4) * radius;
            painter.add(Shape::closed_line((0..8).map(corner).collect(), stroke));
            line(at - vec2(third, third), at + vec2(third, third));
            line(at + vec2(third, -third), at + vec2(-third, third));
        }
        Verdict::Warn => {
            let corners = [vec2(0.0, -1.0), vec2(1.0, 0.8), vec2(-1.0, 0.8)].map(|offset| at + offset * radius);
            painter.add(Shape::closed_line(corners.to_vec(), stroke));
            line(at - vec2(0.0, radius * 0.35), at + vec2(0.0, radius * 0.25));
            painter.circle_filled(at + vec2(0.0, radius * 0.52), stroke.width * 0.7, desk.colors.text);
        }
        Verdict::Pass => {
            painter.circle_stroke(at, radius, stroke);
            line(at + vec2(-radius * 0.42, 0.0), at + vec2(-radius * 0.1, radius * 0.34));
            line(at + vec2(-radius * 0.1, radius * 0.34), at + vec2(radius * 0.46, -radius * 0.34));
        }
    }
}

fn draw_checks(desk: &Desk<'_>, checkup: &Checkup, area: Rect) {
    let mut y = area.top();
    let parts = [(Verdict::Fail, "Fix"), (Verdict::Warn, "Look at"), (Verdict::Pass, "Fine")];
    for (verdict, words) in parts {
        let checks: Vec<&Check> = checkup.checks.iter().filter(|check| check.verdict == verdict).collect();
        if checks.is_empty() {
            continue;
        }
        let head =
            desk.words(pos2(area.left(), y + 10.0), Align2::LEFT_CENTER, words, Type::strong(16.0, desk.colors.text));
        let count = checks.len().to_string();
        let quiet = Type::new(15.0, desk.colors.least);
        desk.words(pos2(head.right() + 10.0, y + 10.0), Align2::LEFT_CENTER, &count, quiet);
        y += 26.0;
        desk.rule(pos2(area.left(), y), area.width());
        y += 8.0;
        if verdict == Verdict::Pass {
            y = fine(desk, &checks, Rect::from_min_max(pos2(area.left(), y), area.max));
        } else {
            for check in checks {
                let rect = Rect::from_min_size(pos2(area.left(), y), vec2(area.width(), CARD - 8.0));
                if rect.bottom() > area.bottom() {
                    return;
                }
                card(desk, check, rect);
                y += CARD;
            }
        }
        y += 8.0;
    }
}

/// What is wrong, and below it the way out.
fn card(desk: &Desk<'_>, check: &Check, rect: Rect) {
    desk.fill(rect, desk.colors.panel, 6.0);
    sign(desk, check.verdict, rect.left_center() + vec2(30.0, 0.0), 13.0);
    let name = capital(check.id);
    let at = rect.left_top() + vec2(62.0, 21.0);
    let head = desk.words(at, Align2::LEFT_CENTER, &name, Type::strong(17.0, desk.colors.text));
    let room = rect.right() - head.right() - 28.0;
    let look = Type::new(15.0, desk.colors.text2).within(room);
    desk.words(pos2(head.right() + 12.0, at.y), Align2::LEFT_CENTER, &check.words, look);
    let look = Type::new(15.0, desk.colors.text).within(rect.width() - 78.0);
    desk.words(at + vec2(0.0, 25.0), Align2::LEFT_CENTER, &check.fix, look);
    desk.tell(rect, &format!("check {}", check.id), &format!("{name}: {}. {}", check.words, check.fix));
}

/// What is fine, in two columns. Where it ends.
fn fine(desk: &Desk<'_>, checks: &[&Check], area: Rect) -> f32 {
    let width = area.width() / 2.0;
    for (nth, check) in checks.iter().enumerate() {
        let at = area.min + vec2((nth % 2) as f32 * width, (nth / 2) as f32 * LINE);
        let rect = Rect::from_min_size(at, vec2(width - 16.0, LINE));
        if rect.bottom() > area.bottom() {
            return area.bottom();
        }
        let y = rect.center().y;
        sign(desk, check.verdict, pos2(rect.left() + 14.0, y), 8.5);
        let name = capital(check.id);
        desk.words(pos2(rect.left() + 34.0, y), Align2::LEFT_CENTER, &name, Type::new(16.0, desk.colors.text));
        let look = Type::new(15.0, desk.colors.text2).within(rect.width() - 140.0);
        desk.words(pos2(rect.left() + 138.0, y), Align2::LEFT_CENTER, &check.words, look);
        desk.rule(rect.left_bottom(), rect.width());
        desk.tell(rect, &format!("check {}", check.id), &format!("{name}: {}", check.words));
    }
    area.top() + checks.len().div_ceil(2) as f32 * LINE
}

/// `"frame-cost"` as `"Frame cost"`.
fn capital(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The keys that came while the page is open, the newest first, each with what it does in the talk.
fn draw_clicker(desk: &Desk<'_>, keymap: &Keymap, clicker: &Clicker, area: Rect) {
    desk.fill(area, desk.colors.panel, 6.0);
    let y = area.top() + 24.0;
    let left = area.left() + 20.0;
    let head = desk.words(pos2(left, y), Align2::LEFT_CENTER, "Clicker", Type::strong(17.0, desk.colors.text));
    let words = "press every button; nothing reaches the stage while this page is open";
    let look = Type::new(15.0, desk.colors.text2).within(area.right() - head.right() - 40.0);
    desk.words(pos2(head.right() + 14.0, y), Align2::LEFT_CENTER, words, look);
    let places = Rect::from_min_max(pos2(left, area.top() + 48.0), pos2(area.right() - 8.0, area.top() + 102.0));
    let width = places.width() / Clicker::MOST as f32;
    if clicker.keys().next().is_none() {
        let words = "no key came yet: each is named here, with what it does in the talk";
        let look = Type::new(16.0, desk.colors.least).within(places.width());
        desk.words(places.left_center(), Align2::LEFT_CENTER, words, look);
        desk.say(places, "clicker", words);
    }
    for (nth, key) in clicker.keys().enumerate() {
        let rect = Rect::from_min_size(places.min + vec2(nth as f32 * width, 0.0), vec2(width - 12.0, places.height()));
        let newest = if nth == 0 { desk.colors.text } else { desk.colors.text2 };
        desk.fill(rect, desk.colors.raised, 5.0);
        let does = words_of_key(keymap, key);
        let look = |points: f32| Type::strong(points, newest).within(rect.width() - 20.0);
        desk.words(rect.left_top() + vec2(10.0, 17.0), Align2::LEFT_CENTER, key, look(16.0));
        let quiet = Type { face: Face::Regular, ..look(14.0) };
        desk.words(rect.left_top() + vec2(10.0, 38.0), Align2::LEFT_CENTER, &does, quiet);
        desk.tell(rect, &format!("clicker {nth}"), &format!("key {key}: {does}"));
    }
}

/// What a key does in the talk, in the words of the sheet of keys.
fn words_of_key(keymap: &Keymap, key: &str) -> String {
    let command = if key == keys::CLICK { Some(PointCommand::Click.into()) } else { keymap.command_of(key) };
    match command {
        None => "no command".to_owned(),
        Some(Command::Point(PointCommand::Click)) => "next, or opens what it points at".to_owned(),
        Some(Command::Over(OverCommand::Digit(_))) => "a digit of a scene's number".to_owned(),
        Some(command) => {
            let entry = keymap.entries.iter().find(|entry| entry.command == command);
            entry.map_or(command.name(), |entry| entry.words).to_owned()
        }
    }
}
