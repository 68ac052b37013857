//! The sources and what they say: the one shown, five feeds in building order, what is wrong, what is parked.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::emath::{Align2, Pos2, Rect, pos2, vec2};
use egui::{Color32, Stroke};

use crate::live::{Engineers, SourceKind, State, TierEvent, Weight};
use crate::presentation::Presentation;
use crate::presentation::measured::SourceCommand;
use crate::ron_text::{Problem, Severity};
use crate::signal::{Quantity, Signal, Subject};
use crate::timeline::elements::numerals_of;
use crate::timeline::happened::event_words;
use crate::timeline::seen::Seen;

use super::desk::{Desk, Type, clock_words};

/// The hall first, then the floors.
const ORDER: [Subject; 5] = [Subject::ALL[4], Subject::ALL[0], Subject::ALL[1], Subject::ALL[2], Subject::ALL[3]];
/// What a feed's spark shows.
const SPARK_SECS: f64 = 300.0;
/// The width of one of a feed's two numbers.
const NUMBER_WIDTH: f32 = 82.0;

/// Source chips, five feeds, and beside them what is wrong and parked.
pub(super) fn rows(desk: &mut Desk<'_>, talk: &Presentation, area: Rect) {
    let chips_bottom = chips(desk, talk, area.min);
    let split = area.left() + area.width() * 0.605;
    let left = Rect::from_min_max(pos2(area.left(), chips_bottom + 8.0), pos2(split - 12.0, area.bottom()));
    let seen = talk.seen();
    let height = (left.height() / 5.0).min(26.0);
    for (nth, subject) in ORDER.into_iter().enumerate() {
        let row = Rect::from_min_size(left.min + vec2(0.0, nth as f32 * height), vec2(left.width(), height));
        feed(desk, talk, &seen, subject, row);
    }
    let right = Rect::from_min_max(pos2(split + 8.0, area.top()), area.max);
    happenings(desk, talk, right);
}

/// The sources there are; the one shown is chosen. A press shows another.
fn chips(desk: &mut Desk<'_>, talk: &Presentation, at: Pos2) -> f32 {
    let mut left = at.x;
    let shown = talk.sources().shown().id.clone();
    let mut bottom = at.y;
    for source in talk.sources().all() {
        let words = match source.kind {
            SourceKind::Lab => "LAB",
            SourceKind::Prometheus => "PROMETHEUS",
            SourceKind::Sim => "SIMULATED",
            SourceKind::Recording => "RECORDED",
            SourceKind::None => "NONE",
        };
        let is_shown = source.id == shown;
        let look = Type::strong(14.0, if is_shown { desk.colors.text } else { desk.colors.text2 });
        let rect = Rect::from_min_size(pos2(left, at.y), vec2(desk.width(words, look) + 40.0, 28.0));
        let pressed = desk.press(rect, &format!("show source {}", source.id));
        desk.chip_ground(rect, is_shown, desk.colors.raised);
        kind_sign(desk, source.kind, rect.left_center() + vec2(17.0, 0.0), look.color);
        desk.words(rect.left_center() + vec2(30.0, 0.0), Align2::LEFT_CENTER, words, look);
        if pressed.clicked {
            desk.send(SourceCommand::Source(source.id.clone()));
        }
        left = rect.right() + 8.0;
        bottom = rect.bottom();
    }
    bottom
}

fn feed(desk: &Desk<'_>, talk: &Presentation, seen: &Seen<'_>, subject: Subject, row: Rect) {
    let state = &seen.states[subject.index()];
    let y = row.center().y;
    desk.plate(Rect::from_center_size(pos2(row.left() + 9.0, y), vec2(16.0, 16.0)), subject);
    let (id, name) = names(talk, subject);
    let strong = Type::strong(16.0, desk.colors.text);
    desk.words(pos2(row.left() + 28.0, y), Align2::LEFT_CENTER, id, strong);
    desk.words(pos2(row.left() + 66.0, y), Align2::LEFT_CENTER, &name, Type::new(16.0, desk.colors.text2));
    let state_at = row.left() + 124.0;
    sign(desk, state, pos2(state_at, y));
    let words = state.to_string();
    // A recording of a simulated lab says so beside its date; all of it stands over the events, and is what is heard.
    let room = row.right() - 2.0 * NUMBER_WIDTH - 12.0 - (state_at + 14.0);
    let look = Type::strong(14.0, desk.colors.text).within(room);
    let state_rect = desk.words(pos2(state_at + 14.0, y), Align2::LEFT_CENTER, &words, look);
    let servers = servers_words(seen, subject);
    let said = servers.iter().fold(format!("{id} {name}: {words}"), |said, servers| format!("{said}, {servers}"));
    desk.say(row, id, &said);
    if let Some(servers) = servers {
        desk.ui.interact(row, egui::Id::unique(("servers", id)), egui::Sense::hover()).on_hover_text(servers);
    }
    if !state.is_known() {
        return;
    }
    let color = if state.is_fresh() { desk.colors.text } else { desk.colors.least };
    let numbers_at = state_rect.right().max(state_at + 84.0) + 12.0;
    let mut x = numbers_at;
    for (arrow, quantity) in quantities(subject).iter().copied() {
        let signal = Signal { subject, quantity };
        if let Some(reading) = seen.readings.get(&signal) {
            let words = format!("{arrow}{}", numerals_of(quantity, reading.value).words().trim());
            desk.words(pos2(x, y), Align2::LEFT_CENTER, &words, Type::new(14.0, color));
        }
        x += NUMBER_WIDTH;
    }
    let spark_at = numbers_at + 2.0 * NUMBER_WIDTH + 2.0;
    let spark_area = Rect::from_min_max(pos2(spark_at, row.top() + 4.0), pos2(row.right(), row.bottom() - 3.0));
    if spark_area.width() > 24.0 {
        spark(desk, seen, subject, spark_area);
    }
}

/// The id and the name of a floor, as the world gives them; of the hall, two words for it.
fn names(talk: &Presentation, subject: Subject) -> (&'static str, Arc<str>) {
    match subject {
        Subject::Compute => ("GPU", "hall".into()),
        Subject::Tier(tier) => {
            let floor = talk.library().world.floor(tier);
            (tier.id(), floor.map_or_else(|| tier.word().into(), |floor| floor.name.clone()))
        }
    }
}

/// `"MinIO 2025-10-15T17:29:55Z, up 3 d, 1 restart seen"`: what serves a tier, where that is told.
fn servers_words(seen: &Seen<'_>, subject: Subject) -> Option<String> {
    let mine = seen.source.targets().filter(|heard| heard.target.subjects.contains(&subject));
    let nodes = mine.filter_map(|heard| heard.inside.as_ref()).flat_map(|told| &told.inside.nodes);
    let versions: BTreeSet<&str> = nodes.filter_map(|node| node.version.as_deref()).collect();
    let value = |quantity| seen.readings.get(&Signal { subject, quantity }).map(|reading| reading.value);
    let versions =
        (!versions.is_empty()).then(|| format!("MinIO {}", versions.into_iter().collect::<Vec<_>>().join(" and ")));
    let uptime = value(Quantity::UptimeSecs)
        .map(|secs| format!("up {}", numerals_of(Quantity::UptimeSecs, secs).words().trim()));
    let restarts = value(Quantity::RestartsSeen).filter(|restarts| *restarts > 0.0);
    let restarts = restarts.map(|restarts| format!("restarts seen: {restarts}"));
    let words: Vec<String> = [versions, uptime, restarts].into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn quantities(subject: Subject) -> &'static [(&'static str, Quantity)] {
    match subject {
        Subject::Compute => &[("", Quantity::BusyRatio)],
        Subject::Tier(_) => &[("↑ ", Quantity::ReadBytesPerSec), ("↓ ", Quantity::WriteBytesPerSec)],
    }
}

/// The shape of a kind of source, that of the state it mostly is in; a Prometheus server's is a disc in a ring, as it is asked
/// in the place of a lab.
fn kind_sign(desk: &Desk<'_>, kind: SourceKind, at: Pos2, color: Color32) {
    let (painter, stroke) = (desk.ui.painter(), Stroke::new(1.8, color));
    match kind {
        SourceKind::Lab => {
            painter.circle_filled(at, 5.5, color);
        }
        SourceKind::Prometheus => {
            painter.circle_filled(at, 3.0, color);
            painter.circle_stroke(at, 6.0, stroke);
        }
        SourceKind::Sim => broken_ring(desk, at, stroke),
        SourceKind::Recording => two_rings(desk, at, stroke),
        SourceKind::None => crossed_square(desk, at, color),
    }
}

fn broken_ring(desk: &Desk<'_>, at: Pos2, stroke: Stroke) {
    for nth in 0..4_u8 {
        let turn = f32::from(nth) * std::f32::consts::FRAC_PI_2;
        let arc: Vec<Pos2> =
            (0..5_u8).map(|step| at + egui::Vec2::angled(turn + f32::from(step) * 0.22) * 6.0).collect();
        desk.ui.painter().add(egui::Shape::line(arc, stroke));
    }
}

fn two_rings(desk: &Desk<'_>, at: Pos2, stroke: Stroke) {
    for x in [-3.5, 3.5] {
        desk.ui.painter().circle_stroke(at + vec2(x, 0.0), 3.5, stroke);
    }
}

fn crossed_square(desk: &Desk<'_>, at: Pos2, color: Color32) {
    let rect = Rect::from_center_size(at, vec2(11.0, 11.0));
    desk.frame(rect, color, 1.5, 2.0);
    desk.ui.painter().line_segment([rect.left_top(), rect.right_bottom()], Stroke::new(1.5, color));
}

/// The state's shape: a disc is live, a clock stale, a broken ring simulated, a square no source, a ring all else.
pub(super) fn sign(desk: &Desk<'_>, state: &State, at: Pos2) {
    let painter = desk.ui.painter();
    let stroke = Stroke::new(1.8, desk.colors.text);
    match state {
        State::Live => {
            painter.circle_filled(at, 5.5, desk.colors.text);
        }
        State::Stale { .. } => {
            painter.circle_stroke(at, 6.0, stroke);
            painter.line_segment([at, at + vec2(0.0, -4.0)], stroke);
            painter.line_segment([at, at + vec2(3.0, 1.5)], stroke);
        }
        State::Simulated { .. } => broken_ring(desk, at, stroke),
        State::Recorded { .. } => two_rings(desk, at, stroke),
        State::NoSource => crossed_square(desk, at, desk.colors.text2),
        State::Waiting | State::Refused | State::NoAnswer | State::Unreadable => {
            painter.circle_stroke(at, 6.0, stroke);
            painter.line_segment([at - vec2(3.0, 3.0), at + vec2(3.0, 3.0)], stroke);
        }
    }
}

/// The last minutes, without a scale: whether anything moved, and when.
fn spark(desk: &Desk<'_>, seen: &Seen<'_>, subject: Subject, area: Rect) {
    let signals: Vec<Signal> =
        quantities(subject).iter().map(|(_, quantity)| Signal { subject, quantity: *quantity }).collect();
    let series = seen.source.series_over(&signals, SPARK_SECS, seen.now_secs);
    let ink = match subject {
        Subject::Tier(tier) => crate::picture::Ink::of(tier),
        Subject::Compute => crate::picture::Ink::Compute,
    };
    let color = desk.dark.color(ink);
    let point = |(nth, column): (usize, &Option<(f64, f64)>)| {
        let (_, most) = (*column)?;
        let share = if series.peak > 0.0 { (most / series.peak) as f32 } else { 0.0 };
        let x = area.left()
            + area.width() * crate::picture::share_of_window(nth as f32, series.ahead, series.columns.len());
        Some(pos2(x, area.bottom() - share * area.height()))
    };
    let points: Vec<Option<Pos2>> = series.columns.iter().enumerate().map(point).collect();
    for run in points.split(Option::is_none).filter(|run| run.len() > 1) {
        desk.ui.painter().add(egui::Shape::line(run.iter().flatten().copied().collect(), Stroke::new(1.5, color)));
    }
}

/// What is wrong now, problems in scene files, questions parked: the newest first, as many as there is room for.
fn happenings(desk: &Desk<'_>, talk: &Presentation, area: Rect) {
    let head = Type::strong(15.0, desk.colors.text);
    let parked = parked_words(talk);
    let look = Type::new(15.0, desk.colors.text2);
    let room = area.width() - desk.width(&parked, look) - 16.0;
    desk.words(area.min + vec2(0.0, 14.0), Align2::LEFT_CENTER, &talk.sources().shown().origin, head.within(room));
    desk.words(pos2(area.right(), area.top() + 14.0), Align2::RIGHT_CENTER, &parked, look);
    let height = 24.0;
    let room = ((area.height() - 36.0) / height).floor() as usize;
    let wrong = lines(talk);
    let seen = talk.seen();
    let events: Vec<&TierEvent> = seen.source.events().iter().rev().collect();
    if wrong.is_empty() && events.is_empty() {
        let look = Type::new(15.0, desk.colors.least);
        desk.words(area.min + vec2(0.0, 48.0), Align2::LEFT_CENTER, "nothing is wrong, and nothing happened", look);
    }
    let row = |nth: usize| {
        let y = area.top() + 36.0 + nth as f32 * height;
        Rect::from_min_size(pos2(area.left(), y), vec2(area.width(), height))
    };
    for (nth, line) in wrong.iter().take(room).enumerate() {
        wrong_line(desk, line, nth, row(nth));
    }
    for (nth, event) in
        events.into_iter().enumerate().map(|(nth, event)| (wrong.len() + nth, event)).take_while(|(nth, _)| *nth < room)
    {
        event_line(desk, event, seen.now_secs, row(nth));
    }
}

/// A triangle, and what is wrong in words; all of them where the pointer lies.
fn wrong_line(desk: &Desk<'_>, line: &str, nth: usize, row: Rect) {
    let at = pos2(row.left() + 7.0, row.center().y);
    let triangle = [vec2(0.0, -7.0), vec2(7.0, 6.0), vec2(-7.0, 6.0)].map(|offset| at + offset);
    let stroke = Stroke::new(1.5, desk.colors.text);
    desk.ui.painter().add(egui::Shape::closed_line(triangle.to_vec(), stroke));
    desk.ui.painter().line_segment([at - vec2(0.0, 2.5), at + vec2(0.0, 2.5)], stroke);
    let look = Type::new(15.0, desk.colors.text);
    desk.words(pos2(row.left() + 22.0, row.center().y), Align2::LEFT_CENTER, line, look.within(row.width() - 24.0));
    desk.ui.interact(row, egui::Id::unique(("wrong", nth)), egui::Sense::hover()).on_hover_text(line);
    desk.say(row, &format!("wrong {nth}"), line);
}

/// How long ago it happened, to which tier, and what.
fn event_line(desk: &Desk<'_>, event: &TierEvent, now_secs: f64, row: Rect) {
    let y = row.center().y;
    let at = pos2(row.left() + 7.0, y);
    let stroke = Stroke::new(1.5, desk.colors.text2);
    let painter = desk.ui.painter();
    painter.circle_stroke(at, 6.5, stroke);
    match event.what.weight() {
        Weight::Bad | Weight::Warn => {
            painter.line_segment([at - vec2(2.8, 2.8), at + vec2(2.8, 2.8)], stroke);
            painter.line_segment([at + vec2(2.8, -2.8), at + vec2(-2.8, 2.8)], stroke);
        }
        Weight::Good => {
            painter.line_segment([at + vec2(-3.2, 0.2), at + vec2(-0.8, 2.8)], stroke);
            painter.line_segment([at + vec2(-0.8, 2.8), at + vec2(3.4, -2.8)], stroke);
        }
        Weight::Plain => {
            painter.circle_filled(at, 2.0, desk.colors.text2);
        }
    }
    let age = clock_words(now_secs - event.at_secs);
    desk.words(pos2(row.left() + 64.0, y), Align2::RIGHT_CENTER, &age, Type::new(15.0, desk.colors.least));
    desk.plate(Rect::from_center_size(pos2(row.left() + 82.0, y), vec2(14.0, 14.0)), Subject::Tier(event.tier));
    let id = desk.words(
        pos2(row.left() + 96.0, y),
        Align2::LEFT_CENTER,
        event.tier.id(),
        Type::strong(15.0, desk.colors.text2),
    );
    let words = event_words(event);
    let left = id.right() + 8.0;
    desk.words(
        pos2(left, y),
        Align2::LEFT_CENTER,
        &words,
        Type::new(15.0, desk.colors.text2).within(row.right() - left),
    );
    desk.say(
        row,
        &format!("event {} {}", event.tier.id(), event.at_secs),
        &format!("{} {words}, {age} ago", event.tier.id()),
    );
}

fn parked_words(talk: &Presentation) -> String {
    match &talk.desk().parked[..] {
        [] => String::new(),
        [.., last] => format!("{} parked, {}", talk.desk().parked.len(), last.at),
    }
}

/// What is wrong, in lines.
fn lines(talk: &Presentation) -> Vec<String> {
    let line = |wrong: Wrong| match (wrong.place.is_empty(), wrong.hint.is_empty()) {
        (true, _) => wrong.words,
        (false, true) => format!("{}: {}", wrong.place, wrong.words),
        (false, false) => format!("{}: {} ({})", wrong.place, wrong.words, wrong.hint),
    };
    wrong(talk).into_iter().map(line).collect()
}

/// One thing that is wrong, and that the presenter is told.
pub(super) struct Wrong {
    /// Where it stands; empty where that is no file.
    pub(super) place: String,
    pub(super) words: String,
    /// The way out; empty where the words say it.
    pub(super) hint: String,
}

impl Wrong {
    pub(super) fn new(words: String) -> Self {
        Self { place: String::new(), words, hint: String::new() }
    }
}

/// All that is wrong now: faults of sources, problems in scene files and in the user's keys, and what the machine refuses.
pub(super) fn wrong(talk: &Presentation) -> Vec<Wrong> {
    let problem = |problem: &Problem| Wrong {
        place: format!("{}:{}:{}", problem.file, problem.line, problem.column),
        words: problem.message.clone(),
        hint: problem.hint.clone(),
    };
    let keys = |of: &Problem| match of.severity {
        Severity::Error => Wrong { words: format!("the keys are the usual ones: {}", of.message), ..problem(of) },
        Severity::Warning => problem(of),
    };
    // The projector that is gone comes first.
    let window = talk.window();
    let faults = window.display_gone.iter().cloned().chain(faults(talk)).map(Wrong::new);
    let files = talk.problems().iter().map(problem).chain(talk.keymap().problems.iter().map(keys));
    faults.chain(files).chain(window.may_go_dark.clone().map(Wrong::new)).collect()
}

/// How many pages of the source shown did not answer when they were last asked, and how many there are.
pub(super) fn pages_down(lab: &Engineers) -> (usize, usize) {
    let pages = || lab.targets.iter().flat_map(|target| &target.scrapes);
    (pages().filter(|page| !page.is_up).count(), pages().count())
}

/// What sources have to say of what is wrong, each with its age: once, whichever pages of a node it was met on.
fn faults(talk: &Presentation) -> Vec<String> {
    let mut told: Vec<(f64, String)> = Vec::new();
    for source in talk.sources().all() {
        let now_secs = talk.now_secs() * f64::from(source.lapse);
        for fault in source.faults() {
            let (age_secs, sentence) = (now_secs - fault.since_secs, fault.sentence(true));
            match told.iter_mut().find(|(_, known)| *known == sentence) {
                Some((oldest_secs, _)) => *oldest_secs = oldest_secs.max(age_secs),
                None => told.push((age_secs, sentence)),
            }
        }
    }
    told.into_iter().map(|(age_secs, sentence)| format!("{}  {sentence}", clock_words(age_secs))).collect()
}

/// The feeds as plates and signs.
pub(super) fn bare_plates(desk: &Desk<'_>, talk: &Presentation, area: Rect) {
    let seen = talk.seen();
    let mut x = area.left() + 9.0;
    let y = area.center().y;
    for subject in ORDER {
        desk.plate(Rect::from_center_size(pos2(x, y), vec2(16.0, 16.0)), subject);
        sign(desk, &seen.states[subject.index()], pos2(x + 22.0, y));
        let (id, name) = names(talk, subject);
        let rect = Rect::from_center_size(pos2(x + 10.0, y), vec2(40.0, 24.0));
        desk.say(rect, id, &format!("{id} {name}: {}", seen.states[subject.index()]));
        x += 46.0;
    }
}

/// The feeds as plates and signs, and how much is wrong or parked: where there is no room for more.
pub(super) fn plates(desk: &Desk<'_>, talk: &Presentation, area: Rect) {
    bare_plates(desk, talk, area);
    let y = area.center().y;
    let words = match (lines(talk).len(), talk.desk().parked.len()) {
        (0, 0) => String::new(),
        (wrong, 0) => format!("{wrong} wrong"),
        (0, parked) => format!("{parked} parked"),
        (wrong, parked) => format!("{wrong} wrong, {parked} parked"),
    };
    desk.words(pos2(area.right(), y), Align2::RIGHT_CENTER, &words, Type::strong(15.0, desk.colors.text));
}
