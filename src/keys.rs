//! From egui's key presses to commands, by the one table.

use egui::{Context, Event, Key, Modifiers};

use crate::paint::Screen;
use crate::presentation::event::{AskEdit, Command};
use crate::presentation::keys::command_of;

/// How long a moved pointer still means what it points at.
const AIMED_SECS: f32 = 2.0;

/// The commands of the keys pressed and clicks made since the last frame. They are taken away from whatever comes after.
/// While the presenter asks, letters belong to the ask box.
pub fn pressed(ctx: &Context, asking: bool) -> Vec<Command> {
    let screen = Screen::fit(ctx.content_rect());
    ctx.input_mut(|input| {
        let aimed = input.pointer.time_since_last_movement() < AIMED_SECS;
        let pointer = input.pointer.latest_pos().filter(|_| aimed).map(|at| screen.stage_point(at));
        let mut commands = Vec::new();
        let mut asks = asking;
        input.events.retain(|event| {
            let taken = if asks { ask_event(event) } else { command_of_event(event, (&screen, aimed)) };
            let Taken::By(command) = taken else { return true };
            let command = command.map(|command| match command {
                Command::NumberSource(None) => Command::NumberSource(pointer),
                command => command,
            });
            asks = match &command {
                Some(Command::Ask(edit)) => *edit != AskEdit::Go,
                Some(Command::Escape) => false,
                _ => asks,
            };
            commands.extend(command);
            false
        });
        // The letter that opened the box is not yet a letter in it.
        if !asking && asks {
            commands.retain(|command| !matches!(command, Command::Ask(AskEdit::Type(letter)) if letter == "g"));
        }
        commands
    })
}

/// Whether an event is ours, and what it means.
enum Taken {
    Not,
    By(Option<Command>),
}

fn command_of_event(event: &Event, (screen, aimed): (&Screen, bool)) -> Taken {
    match event {
        // Auto-repeat is ignored: a clicker held down must not run through the talk.
        Event::Key { key, physical_key, pressed: true, repeat, modifiers } => {
            let command = name_of(*key, *modifiers).and_then(|name| command_of(&name));
            let by_place = || physical_key.and_then(|key| name_of(key, *modifiers)).and_then(|name| command_of(&name));
            Taken::By(command.or_else(by_place).filter(|_| !repeat))
        }
        Event::PointerButton { button: egui::PointerButton::Primary, pressed: true, pos, .. } => {
            Taken::By(Some(Command::Click { at: screen.stage_point(*pos), aimed }))
        }
        // What the system makes of Ctrl+C.
        Event::Copy => Taken::By(command_of("Ctrl+C")),
        // Letters arrive as keys too.
        Event::Text(_) => Taken::By(None),
        _ => Taken::Not,
    }
}

/// An event while the presenter asks.
fn ask_event(event: &Event) -> Taken {
    let edit = |edit| Taken::By(Some(Command::Ask(edit)));
    match event {
        Event::Text(letters) | Event::Paste(letters) => edit(AskEdit::Type(letters.clone())),
        Event::Key { key: Key::Enter, pressed: true, repeat: false, .. } => edit(AskEdit::Go),
        Event::Key { key: Key::Backspace, pressed: true, .. } => edit(AskEdit::Erase),
        Event::Key { key: Key::ArrowDown, pressed: true, .. } => edit(AskEdit::Choose(true)),
        Event::Key { key: Key::ArrowUp, pressed: true, .. } => edit(AskEdit::Choose(false)),
        Event::Key { key: Key::Escape, pressed: true, .. } => Taken::By(Some(Command::Escape)),
        Event::Key { .. } | Event::Copy => Taken::By(None),
        _ => Taken::Not,
    }
}

/// The table's name of a key with its modifiers: `n`, `K` for Shift and the letter, `Shift+ArrowRight`, `Ctrl+Q`.
fn name_of(key: Key, modifiers: Modifiers) -> Option<String> {
    if modifiers.alt {
        return None;
    }
    let base = base_name(key);
    let letter = base.len() == 1 && base.bytes().all(|byte| byte.is_ascii_lowercase());
    if modifiers.ctrl || modifiers.command {
        return Some(format!("Ctrl+{}", base.to_uppercase()));
    }
    match (modifiers.shift, letter) {
        (false, _) => Some(base),
        (true, true) => Some(base.to_uppercase()),
        // Punctuation already is what Shift makes of the key.
        (true, false) if base.len() == 1 => Some(base),
        (true, false) => Some(format!("Shift+{base}")),
    }
}

fn base_name(key: Key) -> String {
    match key {
        Key::Period => ".".into(),
        Key::Comma => ",".into(),
        Key::Semicolon => ";".into(),
        Key::Questionmark => "?".into(),
        Key::OpenBracket => "[".into(),
        Key::CloseBracket => "]".into(),
        Key::ArrowDown | Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp => format!("{key:?}"),
        Key::PageDown
        | Key::PageUp
        | Key::Home
        | Key::End
        | Key::Space
        | Key::Enter
        | Key::Backspace
        | Key::Escape
        | Key::Tab => {
            format!("{key:?}")
        }
        key => {
            let name = key.name();
            if name.len() == 1 { name.to_lowercase() } else { name.to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_in_the_table() {
        let shift = Modifiers::SHIFT;
        let cases = [
            (Key::N, Modifiers::NONE, "n"),
            (Key::K, shift, "K"),
            (Key::ArrowRight, shift, "Shift+ArrowRight"),
            (Key::Q, Modifiers::CTRL, "Ctrl+Q"),
            (Key::F5, shift, "Shift+F5"),
            (Key::Questionmark, shift, "?"),
            (Key::Num7, Modifiers::NONE, "7"),
        ];
        for (key, modifiers, name) in cases {
            assert_eq!(name_of(key, modifiers).as_deref(), Some(name));
        }
    }
}
