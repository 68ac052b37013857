//! The scene that is chosen in the overview, step by step, and the keys that choose.

use egui::emath::{Align2, Pos2, Rect, pos2, vec2};

use crate::plural::counted;
use crate::presentation::desk::DeskCommand;
use crate::presentation::walk::WalkCommand;
use crate::timeline::playhead::Position;

use super::deck::Deck;
use super::thumbs::Thumbs;
use crate::console::desk::{Desk, Type, clock_words};

/// What is known of the scene, at the left, and the keys, at the right.
const FACTS: f32 = 200.0;
const KEYS: f32 = 188.0;
/// Narrower than this a step's picture shows nothing.
const LEAST_WIDTH: f32 = 120.0;
const GAP: f32 = 14.0;

/// Draws the steps of a scene. Whether pictures are still to be drawn.
pub(super) fn draw(thumbs: &mut Thumbs, desk: &mut Desk<'_>, (deck, scene): (&Deck<'_>, usize), area: Rect) -> bool {
    let chosen = deck.talk.desk().overview_step;
    thumbs.keep_steps_of(deck, scene);
    facts(desk, (deck, scene), chosen, area.with_max_x(area.left() + FACTS));
    keys(desk, area.with_min_x(area.right() - KEYS));
    let row = Rect::from_min_max(
        pos2(area.left() + FACTS + 16.0, area.top()),
        pos2(area.right() - KEYS - 16.0, area.bottom()),
    );
    let count = deck.talk.library().scenes[scene].steps.len();
    let most = (((row.width() + GAP) / (LEAST_WIDTH + GAP)) as usize).max(1);
    let shown = count.min(most);
    // Where there are more than have room, the chosen one is among those that are seen.
    let first = chosen.unwrap_or(0).saturating_sub(shown / 2).min(count - shown);
    let width = ((row.width() + GAP) / shown as f32 - GAP).min((row.height() - 24.0) / 0.5625);
    let mut waits = false;
    for (nth, step) in (first..first + shown).enumerate() {
        let at = pos2(row.left() + nth as f32 * (width + GAP), row.top());
        let rect = Rect::from_min_size(at, vec2(width, width * 0.5625));
        waits |= draw_step(thumbs, desk, (deck, Position { scene, step }, chosen == Some(step)), rect);
    }
    if shown < count {
        let words = format!("{} to {} of {count}", first + 1, first + shown);
        let look = Type::new(14.0, desk.colors.least);
        desk.words(row.right_bottom() - vec2(0.0, 8.0), Align2::RIGHT_CENTER, &words, look);
    }
    waits
}

/// A step with its number and its seconds. A press goes there.
fn draw_step(
    thumbs: &mut Thumbs,
    desk: &mut Desk<'_>,
    (deck, at, is_chosen): (&Deck<'_>, Position, bool),
    picture: Rect,
) -> bool {
    let (talk, library) = (deck.talk, deck.talk.library());
    let scene = &library.scenes[at.scene];
    let whole = picture.with_max_y(picture.bottom() + 24.0);
    let pressed = desk.press(whole, &format!("overview: {}, step {}", scene.title, at.step + 1));
    let waits = thumbs.step_picture(desk, deck, at, picture);
    let told = deck.plan.iter().find(|(of, _)| *of == at).map(|(_, secs)| *secs);
    if told.is_none() && !library.entries[at.scene].hidden {
        desk.fill(picture, desk.colors.panel.gamma_multiply(0.6), 3.0);
    }
    let (color, wide) = match (is_chosen, talk.position() == at, pressed.hovered) {
        (true, ..) => (desk.colors.text, 2.5),
        (false, true, _) => (desk.colors.hand, 2.5),
        (false, false, true) => (desk.colors.text2, 1.5),
        (false, false, false) => (desk.colors.line, 1.0),
    };
    desk.frame(picture.expand(wide - 1.0), color, wide, 4.0);
    let y = picture.bottom() + 14.0;
    let look = Type::strong(15.0, desk.colors.text);
    let number = desk.words(pos2(picture.left(), y), Align2::LEFT_CENTER, &(at.step + 1).to_string(), look);
    let secs = told.unwrap_or_else(|| f64::from(scene.steps[at.step].budget_secs));
    let words = clock_words(secs);
    let quiet = Type::new(15.0, desk.colors.text2);
    desk.words(pos2(number.right() + 8.0, y), Align2::LEFT_CENTER, &words, quiet);
    if talk.has_seen(&library.address(at)) {
        desk.tick(pos2(picture.right() - 8.0, y), desk.colors.text2);
    }
    if pressed.clicked {
        desk.send(WalkCommand::Jump(library.address(at)));
        desk.send(DeskCommand::Overview);
    }
    waits
}

/// The scene in a few lines, and where Enter leads.
fn facts(desk: &mut Desk<'_>, (deck, scene): (&Deck<'_>, usize), chosen: Option<usize>, area: Rect) {
    let library = deck.talk.library();
    let (read, entry) = (&library.scenes[scene], library.entries[scene]);
    let line = |nth: usize| pos2(area.left(), area.top() + 12.0 + nth as f32 * 24.0);
    let number = (scene + 1).to_string();
    let at = desk.words(line(0), Align2::LEFT_CENTER, &number, Type::new(19.0, desk.colors.text2)).right() + 8.0;
    let look = Type::strong(19.0, desk.colors.text).within(area.right() - at);
    desk.words(pos2(at, line(0).y), Align2::LEFT_CENTER, &read.title, look);
    let quiet = Type::new(15.0, desk.colors.text2);
    let steps = read.steps.len();
    let words = format!("{}, {}", counted(steps, "step"), clock_words(deck.scene_secs(scene)));
    desk.words(line(1), Align2::LEFT_CENTER, &words, quiet);
    let mut nth = 2;
    let low = area.bottom() - 40.0;
    let kind = match (entry.must, entry.hidden) {
        (true, _) => Some("must, in every cut"),
        (false, true) => Some("hidden: next passes over it"),
        (false, false) => None,
    };
    if let Some(kind) = kind.filter(|_| line(nth).y < low) {
        let mut at = line(nth);
        if entry.must {
            desk.pin(at + vec2(7.0, 0.0), desk.colors.text);
            at.x += 22.0;
        }
        desk.words(at, Align2::LEFT_CENTER, kind, quiet.within(area.right() - at.x));
        nth += 1;
    }
    if line(nth).y < low {
        let words = format!("seen {} of {steps}", deck.seen(scene));
        desk.words(line(nth), Align2::LEFT_CENTER, &words, quiet);
    }
    let words = chosen.map_or_else(|| format!("go to {number}"), |step| format!("go to {number}, step {}", step + 1));
    let rect = Rect::from_min_max(pos2(area.left(), area.bottom() - 30.0), area.max);
    if key_line(desk, rect, ("Enter", &words, "go to what is chosen")) {
        desk.send(crate::presentation::command::Command::Enter);
    }
}

/// The keys of the page; what closes it can be pressed too.
fn keys(desk: &mut Desk<'_>, area: Rect) {
    let rows = [("arrows", "move"), ("Tab", "into the steps"), ("Backspace", "come back")];
    let height = 32.0;
    let room = (area.height() / height) as usize;
    for (nth, (key, words)) in rows.into_iter().take(room.saturating_sub(1)).enumerate() {
        let at = pos2(area.left(), area.top() + 13.0 + nth as f32 * height);
        let right = cap(desk, at, key);
        let look = Type::new(15.0, desk.colors.text2);
        desk.words(pos2(right + 8.0, at.y), Align2::LEFT_CENTER, words, look);
    }
    let rect = Rect::from_min_max(pos2(area.left(), area.bottom() - 30.0), area.max);
    if key_line(desk, rect, ("Esc", "close", "close the overview")) {
        desk.send(DeskCommand::Overview);
    }
}

/// A key and what it does, to be pressed. Whether it was.
fn key_line(desk: &Desk<'_>, rect: Rect, (key, words, name): (&str, &str, &str)) -> bool {
    let pressed = desk.press(rect, name);
    let color = if pressed.hovered { desk.colors.text } else { desk.colors.text2 };
    let right = cap(desk, rect.left_center(), key);
    let look = Type::strong(15.0, color).within(rect.right() - right - 8.0);
    desk.words(pos2(right + 8.0, rect.center().y), Align2::LEFT_CENTER, words, look);
    pressed.clicked
}

/// A key's cap that begins at a place: where it ends.
fn cap(desk: &Desk<'_>, left_center: Pos2, key: &str) -> f32 {
    let rect = desk.tag(left_center, key, desk.colors.ground, desk.colors.text);
    desk.frame(rect, desk.colors.least, 1.0, 5.0);
    rect.right()
}
