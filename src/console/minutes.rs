//! "We have n minutes left": the plan as it is over the plan as it would be, and what becomes of each scene. The room sees
//! none of it, and until it is accepted next goes on as planned.

use egui::emath::{Align2, Pos2, Rect, pos2, vec2};
use egui::{Color32, Context, Key, Modifiers, Shape, Stroke};

use crate::plural::counted;
use crate::presentation::Presentation;
use crate::presentation::command::Command;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::Event;
use crate::presentation::minutes_left::{Fate, Planned, Shortened, ShortenedScene};

use super::desk::{Desk, Type, WaySize, clock_words};
use super::overview::{Deck, Thumbs};

/// Its two ways out, across half of the page each.
const WAYS: WaySize = WaySize {
    corner: 7.0,
    main: 20.0,
    other: 19.0,
    inset: 20.0,
    key: 15.0,
    cap: vec2(30.0, 28.0),
    cap_inset: 16.0,
    cap_edge: 1.3,
};

/// What is asked for most.
const USUAL: [u16; 6] = [5, 8, 10, 12, 15, 20];
/// Lower than this only the numbers and the rows are there.
const LOW: f32 = 620.0;
const ROW: f32 = 46.0;

/// The page's own keys: the arrows choose a scene, Space keeps it, − and + ask for less and more.
pub(super) fn key_events(ctx: &Context, minutes: u32) -> Vec<Event> {
    let step = |by: i32| DeskCommand::MinutesLeft(u16::try_from(minutes.saturating_add_signed(by)).ok());
    let ways = [
        (Key::ArrowDown, DeskCommand::Choose(1)),
        (Key::ArrowUp, DeskCommand::Choose(-1)),
        (Key::Space, DeskCommand::Keep),
        (Key::Minus, step(-1)),
        (Key::Plus, step(1)),
    ];
    let pressed = |(key, command): (Key, DeskCommand)| {
        let count = ctx.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        (0..count).map(move |_| Event::Command(command.into()))
    };
    ways.into_iter().flat_map(pressed).collect()
}

/// Draws the page over the whole console. Whether pictures are still to be drawn.
pub(super) fn draw(
    desk: &mut Desk<'_>,
    (thumbs, deck): (&mut Thumbs, &Deck<'_>),
    asked: &Shortened,
    (area, time_of_day): (Rect, &str),
) -> bool {
    desk.fill(area, desk.colors.ground, 0.0);
    let talk = deck.talk();
    let head = Rect::from_min_size(area.min + vec2(20.0, 0.0), vec2(area.width() - 40.0, 60.0));
    draw_head(desk, talk, asked, head, time_of_day);
    desk.rule(pos2(area.left(), head.bottom()), area.width());
    let body = Rect::from_min_max(pos2(head.left(), head.bottom() + 12.0), area.max - vec2(20.0, 12.0));
    let side = (body.width() * 0.245).clamp(250.0, 344.0);
    let left = Rect::from_min_size(body.min, vec2(side, body.height()));
    draw_side(desk, asked, left, time_of_day);
    let right = Rect::from_min_max(pos2(left.right() + 48.0, body.top()), body.max);
    let has_bands = body.height() > 440.0;
    let bands = Rect::from_min_size(right.min, vec2(right.width(), 236.0));
    if has_bands {
        draw_bands(desk, talk, asked, bands);
    }
    let top = if has_bands { bands.bottom() + 12.0 } else { right.top() };
    rows(desk, (thumbs, deck), asked, Rect::from_min_max(pos2(right.left(), top), right.max))
}

fn draw_head(desk: &Desk<'_>, talk: &Presentation, asked: &Shortened, area: Rect, time_of_day: &str) {
    let y = area.center().y;
    let title = minutes_words(asked.minutes);
    desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, &title, Type::strong(24.0, desk.colors.text));
    desk.say(area, "minutes left", &title);
    let clock =
        desk.words(pos2(area.right(), y), Align2::RIGHT_CENTER, time_of_day, Type::strong(24.0, desk.colors.text));
    let timing = talk.timing();
    let behind = timing.behind_secs();
    let pace = match (timing.is_on_time(), behind > 0.0) {
        (true, _) => "on time".to_owned(),
        (false, true) => format!("{} behind", clock_words(behind)),
        (false, false) => format!("{} ahead", clock_words(-behind)),
    };
    let look = Type::new(17.0, desk.colors.text);
    let pace = desk.words(pos2(clock.left() - 26.0, y), Align2::RIGHT_CENTER, &pace, look);
    let small = Type::new(15.0, desk.colors.least);
    let left = desk.words(pos2(pace.left() - 20.0, y + 2.0), Align2::RIGHT_CENTER, "left", small);
    let secs = clock_words((timing.slot_secs - timing.elapsed_secs).max(0.0));
    desk.words(pos2(left.left() - 8.0, y), Align2::RIGHT_CENTER, &secs, Type::strong(22.0, desk.colors.text));
}

fn minutes_words(minutes: u32) -> String {
    format!("{} left", counted(minutes, "minute"))
}

/// The number, what came of it, and the way out.
fn draw_side(desk: &mut Desk<'_>, asked: &Shortened, area: Rect, time_of_day: &str) {
    let is_low = area.height() < LOW;
    let y = draw_number(desk, asked.minutes, area, is_low);
    let y = draw_outcome(desk, asked, (area, y, is_low), time_of_day);
    let big = if is_low { 42.0 } else { 58.0 };
    let accept = Rect::from_min_size(pos2(area.left(), y + 30.0), vec2(area.width(), big));
    if desk.way(accept, ("Accept", "Enter", "accept the shorter plan"), true, &WAYS) {
        desk.send(Command::Enter);
    }
    let dismiss = Rect::from_min_size(pos2(area.left(), accept.bottom() + 10.0), vec2(area.width(), big * 0.88));
    if desk.way(dismiss, ("Dismiss", "Esc", "leave the plan as it is"), false, &WAYS) {
        desk.send(Command::Escape);
    }
    let lines = [
        "The room sees nothing of this.",
        "Until you accept, next goes on as planned.",
        "Dropped scenes stay reachable by number.",
    ];
    let first = dismiss.bottom() + 32.0;
    for (nth, line) in lines.iter().enumerate() {
        let y = first + nth as f32 * 23.0;
        if y + 10.0 < area.bottom() {
            let look = Type::new(15.0, desk.colors.least).within(area.width());
            desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, line, look);
        }
    }
}

/// The number, and what sets it. Where the rule below it lies.
fn draw_number(desk: &mut Desk<'_>, minutes: u32, area: Rect, is_low: bool) -> f32 {
    let top = area.top() + 18.0;
    let quiet = Type::new(19.0, desk.colors.text2);
    desk.words(pos2(area.left(), top), Align2::LEFT_CENTER, "We have", quiet);
    let points = if is_low { 64.0 } else { 116.0 };
    let y = top + (points * 0.62 + 8.0);
    let look = Type::strong(if minutes > 99 { points * 0.7 } else { points }, desk.colors.text);
    let number = desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, &minutes.to_string(), look);
    let beside = number.right() + 28.0;
    stepper(desk, minutes, pos2(beside, y - 14.0));
    let words = if minutes == 1 { "minute left" } else { "minutes left" };
    desk.words(pos2(beside, y + 26.0), Align2::LEFT_CENTER, words, quiet.within(area.right() - beside));
    let y = y + (points * 0.5 + 14.0);
    let chips = Rect::from_min_size(pos2(area.left(), y), vec2(area.width(), 36.0));
    usual_chips(desk, minutes, chips);
    chips.bottom() + if is_low { 12.0 } else { 22.0 }
}

/// The figures of the plan as it would be, and whether it fits. Where that ends.
fn draw_outcome(
    desk: &Desk<'_>,
    asked: &Shortened,
    (area, mut y, is_low): (Rect, f32, bool),
    time_of_day: &str,
) -> f32 {
    desk.rule(pos2(area.left(), y), area.width());
    let [height, points] = if is_low { [30.0, 20.0] } else { [50.0, 30.0] };
    for (figure, words) in figures(asked, time_of_day) {
        y += height;
        let at = pos2(area.left() + area.width() * 0.5, y - height * 0.25);
        desk.words(at, Align2::RIGHT_CENTER, &figure, Type::strong(points, desk.colors.text));
        desk.words(at + vec2(14.0, 2.0), Align2::LEFT_CENTER, words, Type::new(16.0, desk.colors.text2));
    }
    y += 16.0;
    desk.rule(pos2(area.left(), y), area.width());
    for (nth, line) in verdict_lines(asked).iter().enumerate() {
        y += 25.0;
        let look = if nth == 0 { Type::strong(16.0, desk.colors.text) } else { Type::new(16.0, desk.colors.text2) };
        desk.words(pos2(area.left() + 28.0, y), Align2::LEFT_CENTER, line, look.within(area.width() - 28.0));
        if nth == 0 {
            desk.pin(pos2(area.left() + 9.0, y), desk.colors.text);
        }
    }
    y
}

fn stepper(desk: &mut Desk<'_>, minutes: u32, at: Pos2) {
    let steps = [("−", "a minute less", minutes.saturating_sub(1)), ("+", "a minute more", minutes + 1)];
    for (nth, (sign, name, minutes)) in steps.into_iter().enumerate() {
        let rect = Rect::from_min_size(at + vec2(nth as f32 * 50.0, -26.0), vec2(42.0, 38.0));
        let pressed = desk.press(rect, name);
        desk.fill(rect, if pressed.hovered { desk.colors.line } else { desk.colors.raised }, 5.0);
        desk.words(rect.center(), Align2::CENTER_CENTER, sign, Type::strong(20.0, desk.colors.text));
        if pressed.clicked {
            desk.send(DeskCommand::MinutesLeft(u16::try_from(minutes.max(1)).ok()));
        }
    }
}

fn usual_chips(desk: &mut Desk<'_>, minutes: u32, area: Rect) {
    let width = (area.width() + 8.0) / USUAL.len() as f32;
    for (nth, usual) in USUAL.into_iter().enumerate() {
        let at = area.min + vec2(nth as f32 * width, 0.0);
        let rect = Rect::from_min_size(at, vec2(width - 8.0, area.height()));
        let pressed = desk.press(rect, &minutes_words(u32::from(usual)));
        let is_asked = u32::from(usual) == minutes;
        let other = if pressed.hovered { desk.colors.line } else { desk.colors.raised };
        desk.chip_ground(rect, is_asked, other);
        let look = Type::new(16.0, if is_asked { desk.colors.text } else { desk.colors.text2 });
        desk.words(rect.center(), Align2::CENTER_CENTER, &usual.to_string(), look);
        if pressed.clicked {
            desk.send(DeskCommand::MinutesLeft(Some(usual)));
        }
    }
}

/// The new total, what is to spare, and when it ends.
fn figures(asked: &Shortened, time_of_day: &str) -> [(String, &'static str); 3] {
    let spare = asked.limit_secs() - asked.told_secs();
    let side = if spare < 0.0 { "too long" } else { "to spare" };
    [
        (clock_words(asked.told_secs()), "new total"),
        (clock_words(spare.abs()), side),
        (later(time_of_day, asked.told_secs()).unwrap_or_default(), "ends"),
    ]
}

/// So many seconds after a time of the day.
fn later(time_of_day: &str, secs: f64) -> Option<String> {
    let parts: Vec<u64> = time_of_day.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = parts[..] else { return None };
    let then = hours * 3600 + minutes * 60 + seconds + secs.max(0.0) as u64;
    Some(format!("{:02}:{:02}:{:02}", then / 3600 % 24, then / 60 % 60, then % 60))
}

fn verdict_lines(asked: &Shortened) -> [String; 3] {
    let musts = asked.scenes.iter().filter(|scene| scene.must).count();
    let told = asked.scenes.len() - asked.count(Fate::Dropped);
    let first = match musts {
        0 => "no must is left to tell".to_owned(),
        1 => "the one must is kept".to_owned(),
        count => format!("all {count} musts are kept"),
    };
    let (more, back) = (told.saturating_sub(musts), asked.count(Fate::Back));
    let kept = match back {
        0 => format!("{more} more kept, {} dropped", asked.count(Fate::Dropped)),
        back => format!("{more} more kept, {back} of them told again"),
    };
    let has_all = asked.told.len() == asked.offered.len();
    let last = match (has_all && asked.limit_secs() - asked.told_secs() >= 60.0, asked.is_cut) {
        (true, true) => "more than this cut takes: x has longer ones".to_owned(),
        (true, false) => "more than the whole deck takes".to_owned(),
        (false, _) => format!("{} of the {told} are told shorter", asked.count(Fate::Shorter)),
    };
    [first, kept, last]
}

/// The plan as it is over the plan as it would be, by their seconds, with bands from one to the other and a line where the
/// talk has to stop.
fn draw_bands(desk: &Desk<'_>, talk: &Presentation, asked: &Shortened, area: Rect) {
    let longest = asked.planned_secs().max(asked.told_secs()).max(asked.limit_secs()) * 1.02;
    let x = |secs: f64| area.left() + area.width() * (secs / longest.max(1.0)) as f32;
    let [upper, lower] = [(area.top() + 34.0, area.top() + 96.0), (area.top() + 148.0, area.top() + 210.0)];
    let small = Type::new(15.0, desk.colors.text2);
    let planned = desk.words(pos2(area.left(), area.top() + 14.0), Align2::LEFT_CENTER, "as planned", small);
    desk.words(pos2(area.left(), area.bottom() - 8.0), Align2::LEFT_CENTER, "new", small);
    let (before, after) = (spans(&asked.planned), spans(&asked.told));
    for (scene, from, to) in &after {
        let Some((_, old_from, old_to)) = before.iter().find(|(other, ..)| other == scene) else { continue };
        let corners =
            [pos2(x(*old_from), upper.1), pos2(x(*old_to), upper.1), pos2(x(*to), lower.0), pos2(x(*from), lower.0)];
        desk.ui.painter().add(Shape::convex_polygon(corners.to_vec(), desk.colors.panel, Stroke::NONE));
    }
    for ((row, spans), is_new) in [(upper, before), (lower, after)].into_iter().zip([false, true]) {
        for (scene, from, to) in spans {
            let fate = asked.scenes.iter().find(|of| of.scene == scene);
            let rect = Rect::from_x_y_ranges(x(from) + 1.0..=x(to) - 1.5, row.0..=row.1);
            draw_span(desk, talk, (scene, fate), rect, is_new);
        }
    }
    for row in [upper, lower] {
        desk.fill(Rect::from_x_y_ranges(area.left()..=area.left() + 8.0, row.0..=row.1), desk.colors.hand, 2.0);
    }
    // A few minutes of a long talk end under the words at the left: what is said of them stands behind those.
    let over_from = (x(asked.limit_secs()) + 8.0).max(planned.right() + 16.0);
    draw_limit(desk, asked, area, (x(asked.limit_secs()), over_from, x(asked.told_secs())));
}

/// Each scene of a plan with the seconds at which it begins and ends.
fn spans(plan: &[Planned]) -> Vec<(usize, f64, f64)> {
    let mut begin = 0.0;
    let span = |steps: &[Planned]| {
        let secs: f64 = steps.iter().map(|(_, secs)| secs).sum();
        begin += secs;
        (steps[0].0.scene, begin - secs, begin)
    };
    plan.chunk_by(|a, b| a.0.scene == b.0.scene).map(span).collect()
}

fn draw_span(
    desk: &Desk<'_>,
    talk: &Presentation,
    (scene, fate): (usize, Option<&ShortenedScene>),
    rect: Rect,
    is_new: bool,
) {
    let is_dropped = fate.is_some_and(|of| of.fate() == Fate::Dropped);
    let is_must = fate.is_some_and(|of| of.must);
    if is_dropped && !is_new {
        dashed(desk, rect);
    } else {
        desk.fill(rect, desk.colors.line, 4.0);
    }
    let color = if is_dropped { desk.colors.least } else { desk.colors.text };
    let number = (scene + 1).to_string();
    let look = Type::strong(16.0, color);
    if rect.width() > desk.width(&number, look) + 6.0 {
        let inset = (rect.width() * 0.1).clamp(3.0, 12.0);
        desk.words(rect.left_top() + vec2(inset, 20.0), Align2::LEFT_CENTER, &number, look);
    }
    let id = &talk.library().scenes[scene].id;
    let look = Type::new(14.0, if is_dropped { desk.colors.least } else { desk.colors.text2 });
    if rect.width() > desk.width(id, look) + 22.0 {
        desk.words(rect.left_top() + vec2(12.0, 43.0), Align2::LEFT_CENTER, id, look);
    }
    if is_new && is_must && rect.width() > 52.0 {
        desk.pin(rect.right_top() + vec2(-14.0, 18.0), desk.colors.text);
    }
}

fn dashed(desk: &Desk<'_>, rect: Rect) {
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    desk.ui.painter().extend(Shape::dashed_line(&corners, Stroke::new(1.0, desk.colors.least), 4.0, 3.0));
}

/// Where the talk has to stop, by how much it would be too long, and where it ends now.
fn draw_limit(desk: &Desk<'_>, asked: &Shortened, area: Rect, (limit_x, over_x, told_x): (f32, f32, f32)) {
    let [high, low] = [area.top() + 14.0, area.bottom() - 8.0];
    desk.ui.painter().vline(limit_x, area.top()..=area.bottom() + 2.0, Stroke::new(2.0, desk.colors.text));
    let look = Type::strong(15.0, desk.colors.text);
    let over = asked.planned_secs() - asked.limit_secs();
    if over > 0.0 {
        let words = format!("{} too long", clock_words(over));
        let rect = desk.words(pos2(over_x, high), Align2::LEFT_CENTER, &words, look);
        let total = clock_words(asked.planned_secs());
        if rect.right() + desk.width(&total, look) + 20.0 < area.right() {
            desk.words(pos2(area.right(), high), Align2::RIGHT_CENTER, &total, look);
        }
    } else {
        desk.words(pos2(limit_x - 8.0, high), Align2::RIGHT_CENTER, "all of it fits", look);
    }
    let stop = clock_words(asked.limit_secs());
    let width = desk.width(&stop, look) + 150.0;
    let fits_right = limit_x + width < area.right();
    if fits_right {
        let stop = desk.words(pos2(limit_x + 8.0, low), Align2::LEFT_CENTER, &stop, look);
        let quiet = Type::new(15.0, desk.colors.least);
        desk.words(pos2(stop.right() + 8.0, low), Align2::LEFT_CENTER, "you have to stop", quiet);
    }
    let told = clock_words(asked.told_secs());
    let at = told_x.min(limit_x - 8.0);
    // Where the line stands near the left edge there is no room between the two: the table beside it says the same.
    if at - desk.width(&told, look) > area.left() + 40.0 {
        desk.words(pos2(at, low), Align2::RIGHT_CENTER, &told, look);
    }
}

/// Every scene of the plan in a row, with what becomes of it. Whether pictures are still to be drawn.
fn rows(desk: &mut Desk<'_>, (thumbs, deck): (&mut Thumbs, &Deck<'_>), asked: &Shortened, area: Rect) -> bool {
    let columns = Columns::of(area);
    let small = Type::new(15.0, desk.colors.least);
    let y = area.top() + 10.0;
    desk.words(pos2(columns.title, y), Align2::LEFT_CENTER, "scene", small);
    desk.words(pos2(columns.steps, y), Align2::LEFT_CENTER, "steps", small);
    desk.words(pos2(columns.planned, y), Align2::RIGHT_CENTER, "planned", small);
    desk.words(pos2(columns.told, y), Align2::RIGHT_CENTER, "new", small);
    let list = Rect::from_min_max(pos2(area.left() - 8.0, area.top() + 26.0), area.max + vec2(8.0, 0.0));
    let height = (list.height() / asked.scenes.len().max(1) as f32).clamp(30.0, ROW);
    let chosen = asked.scenes.iter().position(|scene| scene.chosen);
    let mut waits = false;
    desk.scrolled(list, ("minutes left", "scroll bar of the scenes"), |ui, lent, events| {
        let size = vec2(ui.available_width(), height * asked.scenes.len() as f32);
        let (all, _) = ui.allocate_exact_size(size, egui::Sense::hover());
        for (nth, of) in asked.scenes.iter().enumerate() {
            let at = pos2(area.left(), all.top() + nth as f32 * height);
            let rect = Rect::from_min_size(at, vec2(area.width(), height));
            if chosen == Some(nth) && !list.contains_rect(rect.shrink(2.0)) {
                ui.scroll_to_rect(rect, None);
            }
            let mut row_desk = Desk::borrowing(ui, lent, events);
            waits |= row(&mut row_desk, (thumbs, deck), (asked, of), rect, &columns);
        }
    });
    waits
}

/// Where the columns stand.
struct Columns {
    title: f32,
    steps: f32,
    planned: f32,
    told: f32,
    fate: f32,
}

impl Columns {
    fn of(area: Rect) -> Self {
        let x = |share: f32| area.left() + area.width() * share;
        Self { title: x(0.0) + 76.0, steps: x(0.47), planned: x(0.8), told: x(0.88), fate: x(0.905) }
    }
}

fn row(
    desk: &mut Desk<'_>,
    (thumbs, deck): (&mut Thumbs, &Deck<'_>),
    (asked, of): (&Shortened, &ShortenedScene),
    rect: Rect,
    columns: &Columns,
) -> bool {
    let scene = &deck.talk().library().scenes[of.scene];
    let is_dropped = of.fate() == Fate::Dropped;
    let pressed = desk.press(rect, &format!("choose {}", scene.title));
    if pressed.hovered {
        desk.fill(rect.shrink(2.0), desk.colors.panel, 4.0);
    }
    let picture =
        Rect::from_min_size(rect.min + vec2(0.0, 3.0), vec2((rect.height() - 7.0) / 0.5625, rect.height() - 7.0));
    let picture = picture.with_max_x(picture.right().min(rect.left() + 66.0));
    let waits = thumbs.picture(desk, deck, of.scene, picture);
    if is_dropped {
        desk.fill(picture, desk.colors.ground.gamma_multiply(0.7), 2.0);
    }
    let y = rect.center().y;
    let color = if is_dropped { desk.colors.least } else { desk.colors.text };
    let number = format!("{}", of.scene + 1);
    desk.words(pos2(columns.title + 16.0, y), Align2::RIGHT_CENTER, &number, Type::new(16.0, desk.colors.least));
    let look = if is_dropped { Type::new(16.0, color) } else { Type::strong(16.0, color) };
    let room = columns.steps - columns.title - 62.0;
    let title = desk.words(pos2(columns.title + 26.0, y), Align2::LEFT_CENTER, &scene.title, look.within(room));
    if of.must || of.kept {
        desk.pin(pos2(title.right() + 16.0, y), if of.kept { desk.colors.hand } else { color });
    }
    let (steps_end, cut_off) = step_chips(desk, asked, of.scene, (rect, columns.steps, columns.planned - 70.0));
    draw_fate(desk, of, color, (rect, columns));
    desk.rule(rect.left_bottom() - vec2(0.0, 1.0), rect.width());
    if of.chosen {
        desk.frame(rect.expand2(vec2(7.0, 0.0)), Color32::WHITE, 2.0, 5.0);
        keep_words(desk, of, (pos2(steps_end + 16.0, y), columns.planned - 66.0), cut_off);
    }
    if pressed.clicked {
        desk.send(choose(asked, of.scene));
        if of.chosen {
            desk.send(DeskCommand::Keep);
        }
    }
    waits
}

/// How long a scene takes, as planned and as it would be told, and what becomes of it.
fn draw_fate(desk: &Desk<'_>, of: &ShortenedScene, color: Color32, (rect, columns): (Rect, &Columns)) {
    let y = rect.center().y;
    let look = Type::new(16.0, desk.colors.text2);
    let planned = if of.planned_secs > 0.0 { clock_words(of.planned_secs) } else { "–".to_owned() };
    desk.words(pos2(columns.planned, y), Align2::RIGHT_CENTER, &planned, look);
    if of.fate() != Fate::Dropped {
        let look = Type::strong(16.0, desk.colors.text);
        desk.words(pos2(columns.told, y), Align2::RIGHT_CENTER, &clock_words(of.told_secs), look);
    }
    let words = match (of.fate(), of.kept) {
        (Fate::Dropped, _) => "dropped",
        (_, true) => "kept by you",
        (Fate::Shorter, false) => "shorter",
        (Fate::Kept, false) => "kept",
        (Fate::Longer, false) => "longer",
        (Fate::Back, false) => "told again",
    };
    let look = Type::new(16.0, color).within(rect.right() - columns.fate);
    desk.words(pos2(columns.fate, y), Align2::LEFT_CENTER, words, look);
}

/// From the scene that is chosen to another one.
fn choose(asked: &Shortened, scene: usize) -> DeskCommand {
    let index = |scene: usize| asked.scenes.iter().position(|of| of.scene == scene).unwrap_or(0);
    // Where none is chosen, the first one is a step away.
    let before = asked.scenes.iter().find(|of| of.chosen).map_or(0, |of| index(of.scene) + 1);
    let by = (index(scene) + 1).cast_signed() - before.cast_signed();
    DeskCommand::Choose(i8::try_from(by).unwrap_or(if by < 0 { i8::MIN } else { i8::MAX }))
}

/// What a press of Space does, and what it costs.
fn keep_words(desk: &Desk<'_>, of: &ShortenedScene, (at, right): (Pos2, f32), is_tight: bool) {
    let words = match (of.kept, of.too_long_secs > 0.0) {
        (true, _) => "let it go".to_owned(),
        (false, true) => format!("keep: {} too long", clock_words(of.too_long_secs)),
        (false, false) => "keep: it fits".to_owned(),
    };
    let (key, look) = (Type::strong(14.0, desk.colors.text), Type::new(15.0, desk.colors.text));
    let cap = desk.width("Space", key) + 16.0;
    if is_tight || at.x + cap + 8.0 + desk.width(&words, look) > right {
        return;
    }
    let cap = Rect::from_center_size(at + vec2(cap / 2.0, 0.0), vec2(cap, 26.0));
    desk.frame(cap, desk.colors.text, 1.3, 4.0);
    desk.words(cap.center(), Align2::CENTER_CENTER, "Space", key);
    desk.words(pos2(cap.right() + 10.0, at.y), Align2::LEFT_CENTER, &words, look);
    desk.say(cap, "keep", &words);
}

/// The steps of a scene that could be told: those that stay filled, the others dashed. Where they end, and whether some had no
/// room.
fn step_chips(desk: &Desk<'_>, asked: &Shortened, scene: usize, (row, left, right): (Rect, f32, f32)) -> (f32, bool) {
    let mut x = left;
    for at in asked.offered.iter().filter(|at| at.scene == scene) {
        let rect = Rect::from_min_size(pos2(x, row.center().y - 13.0), vec2(30.0, 26.0));
        if rect.right() > right {
            desk.words(pos2(x, row.center().y), Align2::LEFT_CENTER, "…", Type::new(15.0, desk.colors.least));
            return (x + 16.0, true);
        }
        let is_told = asked.told.iter().any(|(told, _)| told == at);
        if is_told {
            desk.fill(rect, desk.colors.line, 4.0);
        } else {
            dashed(desk, rect);
        }
        let color = if is_told { desk.colors.text } else { desk.colors.least };
        desk.words(rect.center(), Align2::CENTER_CENTER, &(at.step + 1).to_string(), Type::new(15.0, color));
        x = rect.right() + 5.0;
    }
    (x, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_talk_may_end_after_midnight() {
        assert_eq!(later("14:23:31", 703.0).as_deref(), Some("14:35:14"));
        assert_eq!(later("23:59:59", 2.0).as_deref(), Some("00:00:01"));
        assert_eq!(later("", 2.0), None);
    }
}
