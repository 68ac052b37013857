//! From egui's key presses to commands, by the one table.

use egui::{Context, Event, Key, Modifiers};

use crate::presentation::event::Command;
use crate::presentation::keys::command_of;

/// The commands of the keys pressed and clicks made since the last frame. They are taken away from whatever comes after.
pub fn pressed(ctx: &Context) -> Vec<Command> {
    ctx.input_mut(|input| {
        let mut commands = Vec::new();
        input.events.retain(|event| match command_of_event(event) {
            Taken::Not => true,
            Taken::By(command) => {
                commands.extend(command);
                false
            }
        });
        commands
    })
}

/// Whether an event is ours, and what it means.
enum Taken {
    Not,
    By(Option<Command>),
}

fn command_of_event(event: &Event) -> Taken {
    match event {
        // Auto-repeat is ignored: a clicker held down must not run through the talk.
        Event::Key { key, physical_key, pressed: true, repeat, modifiers } => {
            let command = name_of(*key, *modifiers).and_then(|name| command_of(&name));
            let by_place = || physical_key.and_then(|key| name_of(key, *modifiers)).and_then(|name| command_of(&name));
            Taken::By(command.or_else(by_place).filter(|_| !repeat))
        }
        Event::PointerButton { button: egui::PointerButton::Primary, pressed: true, .. } => {
            Taken::By(Some(Command::Next))
        }
        // Letters arrive as keys too.
        Event::Text(_) => Taken::By(None),
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
