//! The talk that stopped before this one: one line with what is known of it, a control that goes on with it and one that
//! lets it go.

use egui::emath::{Align2, Rect, pos2, vec2};

use crate::presentation::Presentation;
use crate::presentation::command::WindowCommand;

use super::desk::{Desk, Type};

/// The line's height, with the room below it.
pub(super) const HEIGHT: f32 = 34.0;
const GAP: f32 = 6.0;

/// Draws the line along the upper edge of a place, where there is such a talk: what is left of the place.
pub(super) fn line(desk: &mut Desk<'_>, talk: &Presentation, words: Option<&str>, area: Rect) -> Rect {
    let Some(words) = words else { return area };
    let row = Rect::from_min_size(area.min, vec2(area.width(), HEIGHT - GAP));
    desk.fill(row, desk.colors.hand_low, 5.0);
    let key = talk.keymap().key_of(WindowCommand::Resume);
    let go = button(desk, &format!("Go on there  {key}"), "go on with the talk that stopped", row.right() - 4.0, row);
    let let_go = button(desk, "Let it go", "let the talk go that stopped", go.rect.left() - 8.0, row);
    let look = Type::strong(15.0, desk.colors.text).within(let_go.rect.left() - row.left() - 24.0);
    let said = desk.words(row.left_center() + vec2(12.0, 0.0), Align2::LEFT_CENTER, words, look);
    desk.say(said, "stopped", words);
    for (pressed, command) in [(go.clicked, WindowCommand::Resume), (let_go.clicked, WindowCommand::LetGo)] {
        if pressed {
            desk.send(command);
        }
    }
    area.with_min_y(area.top() + HEIGHT)
}

struct Button {
    rect: Rect,
    clicked: bool,
}

/// A button in a row that ends there.
fn button(desk: &Desk<'_>, words: &str, name: &str, right: f32, row: Rect) -> Button {
    let look = Type::strong(14.0, desk.colors.text);
    let width = desk.width(words, look) + 20.0;
    let rect = Rect::from_min_max(pos2(right - width, row.top() + 3.0), pos2(right, row.bottom() - 3.0));
    let pressed = desk.press(rect, name);
    desk.fill(rect, if pressed.hovered { desk.colors.raised } else { desk.colors.panel }, 4.0);
    desk.words(rect.center(), Align2::CENTER_CENTER, words, look);
    Button { rect, clicked: pressed.clicked }
}
