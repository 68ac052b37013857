//! The commands as controls: the frequent ones in a bar, all of them on the sheet of keys.

use egui::emath::{Align2, Rect, pos2, vec2};

use crate::presentation::Presentation;
use crate::presentation::hand::{Tool, Tools};
use crate::presentation::keymap::KeyEntry;

use super::desk::{Desk, Type};

/// The commands of the bar, in groups: the name, and a word for the button.
pub(super) const BAR: [&[(&str, &str)]; 4] = [
    &[("back", "Back"), ("next", "Next")],
    &[("black", "Black"), ("white", "White"), ("hold", "Hold")],
    &[("laser", "Laser"), ("spotlight", "Spot"), ("zoom", "Zoom"), ("ink", "Ink")],
    &[("overview", "Overview"), ("ask", "Ask"), ("park", "Park"), ("help", "All keys")],
];

/// Draws the buttons of some commands. `is_on`: what stays pressed, by its name.
pub(super) fn bar(
    desk: &mut Desk<'_>,
    talk: &Presentation,
    groups: &[&[(&str, &str)]],
    area: Rect,
    is_on: impl Fn(&str) -> bool,
) {
    desk.fill(area, desk.colors.panel, 6.0);
    let entry_of = |name: &str| talk.keymap().entries.iter().find(|entry| entry.name() == name);
    let widths = |has_words: bool| -> Vec<Vec<f32>> {
        let asked = |(name, words): &(&str, &str)| {
            entry_of(name).map_or(0.0, |entry| button_width(desk, entry, if has_words { words } else { "" }))
        };
        groups.iter().map(|group| group.iter().map(asked).collect()).collect()
    };
    let gap = 18.0;
    let count = groups.iter().map(|group| group.len()).sum::<usize>().max(1) as f32;
    let room = area.width() - gap * (groups.len() as f32 - 1.0) - 16.0;
    // What is left over, or lacks, is shared by all. Where words would run into one another the keys stand alone.
    let spare_of = |widths: &[Vec<f32>]| (room - widths.iter().flatten().sum::<f32>()) / count;
    let has_words = spare_of(&widths(true)) > -BETWEEN / 2.0;
    let widths = widths(has_words);
    let spare = spare_of(&widths);
    let mut left = area.left() + 8.0;
    for (group, widths) in groups.iter().zip(&widths) {
        for ((name, words), width) in group.iter().zip(widths) {
            let rect = Rect::from_min_size(pos2(left, area.top()), vec2((width + spare).max(1.0), area.height()));
            left += width + spare;
            let Some(entry) = entry_of(name) else { continue };
            button(desk, entry, if has_words { words } else { "" }, rect, is_on(name));
        }
        left += gap;
        if left < area.right() {
            let x = left - gap / 2.0;
            desk.ui.painter().vline(x, area.shrink(9.0).y_range(), egui::Stroke::new(1.0, desk.colors.line));
        }
    }
}

/// Whether a tool is in the hand.
pub(super) fn is_in_hand(tools: Tools, name: &str) -> bool {
    let known = [
        ("laser", tools.has(Tool::Laser)),
        ("spotlight", tools.has(Tool::Spotlight)),
        ("zoom", tools.has(Tool::Zoom)),
        ("ink", tools.has(Tool::Ink)),
    ];
    known.into_iter().any(|(tool, is_on)| tool == name && is_on)
}

/// The key on a button, and the word below it.
fn faces_of(desk: &Desk<'_>) -> (Type, Type) {
    (Type::strong(15.0, desk.colors.text), Type::new(14.0, desk.colors.text2))
}

/// What a button takes at least.
fn button_width(desk: &Desk<'_>, entry: &KeyEntry, words: &str) -> f32 {
    let (key, word) = faces_of(desk);
    desk.width(key_of(entry), key).max(desk.width(words, word)) + BETWEEN
}

/// Between the words of two buttons.
const BETWEEN: f32 = 10.0;

fn key_of(entry: &KeyEntry) -> &str {
    entry.keys.first().map_or("", |key| sign_of(key))
}

fn button(desk: &mut Desk<'_>, entry: &KeyEntry, words: &str, rect: Rect, is_on: bool) {
    let pressed = desk.press(rect, entry.words);
    if is_on {
        desk.fill(rect.shrink(3.0), desk.colors.hand_low, 4.0);
        desk.frame(rect.shrink(3.0), desk.colors.hand, 2.0, 4.0);
    }
    if pressed.hovered && !is_on {
        desk.fill(rect.shrink(3.0), desk.colors.raised, 4.0);
    }
    let (key, word) = faces_of(desk);
    let up = if words.is_empty() { 0.0 } else { 9.0 };
    desk.words(rect.center() - vec2(0.0, up), Align2::CENTER_CENTER, key_of(entry), key.within(rect.width()));
    desk.words(rect.center() + vec2(0.0, 10.0), Align2::CENTER_CENTER, words, word.within(rect.width()));
    if pressed.clicked {
        desk.send(entry.command.clone());
    }
}

/// A key as a cap shows it.
pub(super) fn sign_of(key: &str) -> &str {
    match key {
        "ArrowRight" => "→",
        "ArrowLeft" => "←",
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        other => other,
    }
}

/// All commands with their keys, in columns. A press performs one.
pub(super) fn all_keys(desk: &mut Desk<'_>, talk: &Presentation, area: Rect) {
    let entries = &talk.keymap().entries;
    let columns = if area.width() > 1100.0 { 3 } else { 2 };
    let rows = entries.len().div_ceil(columns);
    let (width, height) = (area.width() / columns as f32, (area.height() / rows as f32).min(38.0));
    for (nth, entry) in entries.iter().enumerate() {
        let (column, row) = (nth / rows, nth % rows);
        let at = area.min + vec2(column as f32 * width, row as f32 * height);
        let rect = Rect::from_min_size(at, vec2(width - 16.0, height));
        let pressed = desk.press(rect, &format!("do: {}", entry.words));
        if pressed.hovered {
            desk.fill(rect, desk.colors.raised, 4.0);
        }
        let keys: Vec<&str> = entry.keys.iter().map(|key| sign_of(key)).collect();
        let points = (height * 0.52).clamp(13.0, 17.0);
        let y = rect.center().y;
        desk.words(
            pos2(rect.left() + 8.0, y),
            Align2::LEFT_CENTER,
            &keys.join("  "),
            Type::strong(points, desk.colors.text).within(width * 0.34),
        );
        let words = Type::new(points, desk.colors.text2);
        desk.words(
            pos2(rect.left() + width * 0.36, y),
            Align2::LEFT_CENTER,
            entry.words,
            words.within(width * 0.64 - 26.0),
        );
        if pressed.clicked {
            desk.send(entry.command.clone());
        }
    }
}
