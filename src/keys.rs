//! From egui's key presses, clicks and pointer moves to the talk's events, by the key map.

use egui::{Context, Event as Input, Key, Modifiers};

use crate::paint::Screen;
use crate::presentation::asking::AskCommand;
use crate::presentation::command::Command;
use crate::presentation::event::Event;
use crate::presentation::keymap::Keymap;
use crate::presentation::pointing::PointCommand;

/// What the presenter did since the last frame. Keys and clicks are taken away from whatever comes after. While the
/// presenter asks, letters belong to the ask box.
pub fn events_since_last_frame(ctx: &Context, keymap: &Keymap, asking: bool) -> Vec<Event> {
    let screen = Screen::fit(ctx.content_rect());
    let mut reading = FrameInput { keymap, screen, asks: asking, opens: false };
    ctx.input_mut(|input| {
        let mut events = Vec::new();
        input.events.retain(|input| match reading.meaning_of(input) {
            KeyMeaning::Nothing => true,
            KeyMeaning::Seen(event) => {
                events.push(event);
                true
            }
            KeyMeaning::Taken(command) => {
                events.extend(command.map(Event::Command));
                false
            }
        });
        events
    })
}

/// The keys that were pressed on another window than the stage. The pointer and its clicks stay with that window.
pub(crate) fn keys_since_last_frame(ctx: &Context, keymap: &Keymap, asking: bool) -> Vec<Event> {
    let mut reading = FrameInput { keymap, screen: Screen::fit(ctx.content_rect()), asks: asking, opens: false };
    ctx.input_mut(|input| {
        let mut events = Vec::new();
        input.events.retain(|input| {
            let is_pointers =
                matches!(input, Input::PointerMoved(_) | Input::PointerGone | Input::PointerButton { .. });
            match if is_pointers { KeyMeaning::Nothing } else { reading.meaning_of(input) } {
                KeyMeaning::Nothing | KeyMeaning::Seen(_) => true,
                KeyMeaning::Taken(command) => {
                    events.extend(command.map(Event::Command));
                    false
                }
            }
        });
        events
    })
}

/// What an event of egui's means to the talk.
enum KeyMeaning {
    Nothing,
    /// An event, which others may see too.
    Seen(Event),
    /// A command or nothing, and nobody else sees it.
    Taken(Option<Command>),
}

/// The events of one frame, read in their order.
struct FrameInput<'a> {
    keymap: &'a Keymap,
    screen: Screen,
    asks: bool,
    /// The key just pressed opened the ask box: the letter that it types is not yet one in the box.
    opens: bool,
}

impl FrameInput<'_> {
    fn meaning_of(&mut self, input: &Input) -> KeyMeaning {
        match input {
            Input::PointerMoved(at) => {
                let at = self.screen.stage_point(*at);
                return KeyMeaning::Seen(Event::Pointer(Some([at.x, at.y])));
            }
            Input::PointerGone => return KeyMeaning::Seen(Event::Pointer(None)),
            _ => {}
        }
        let meaning = if self.asks { self.meaning_in_box(input) } else { self.meaning_of_key(input) };
        match &meaning {
            KeyMeaning::Taken(Some(Command::Ask(command))) => {
                self.opens = *command == AskCommand::Open;
                self.asks = *command != AskCommand::Go;
            }
            KeyMeaning::Taken(Some(Command::Escape)) => self.asks = false,
            KeyMeaning::Taken(_) | KeyMeaning::Nothing | KeyMeaning::Seen(_) => {}
        }
        meaning
    }

    fn meaning_of_key(&self, input: &Input) -> KeyMeaning {
        match input {
            // Auto-repeat is ignored: a clicker held down must not run through the talk.
            Input::Key { key, physical_key, pressed: true, repeat, modifiers } => {
                let named = |key: Key| self.keymap.command_of(&name_of_key(key, *modifiers)?);
                KeyMeaning::Taken(named(*key).or_else(|| named((*physical_key)?)).filter(|_| !repeat))
            }
            Input::PointerButton { button: egui::PointerButton::Primary, pressed: true, .. } => {
                KeyMeaning::Taken(Some(PointCommand::Click.into()))
            }
            // The system makes this of Ctrl+C, and sends no key.
            Input::Copy => KeyMeaning::Taken(self.keymap.command_of("Ctrl+C")),
            // Letters arrive as keys too.
            Input::Text(_) => KeyMeaning::Taken(None),
            _ => KeyMeaning::Nothing,
        }
    }

    /// While the presenter asks.
    fn meaning_in_box(&mut self, input: &Input) -> KeyMeaning {
        let ask = |command: AskCommand| KeyMeaning::Taken(Some(command.into()));
        match input {
            Input::Text(_) if self.opens => {
                self.opens = false;
                KeyMeaning::Taken(None)
            }
            Input::Text(letters) | Input::Paste(letters) => ask(AskCommand::Type(letters.clone())),
            Input::Key { key, pressed: true, repeat, .. } => {
                self.opens = false;
                match key {
                    Key::Enter if !repeat => ask(AskCommand::Go),
                    Key::Backspace => ask(AskCommand::Erase),
                    Key::ArrowDown => ask(AskCommand::Down),
                    Key::ArrowUp => ask(AskCommand::Up),
                    Key::Escape => KeyMeaning::Taken(Some(Command::Escape)),
                    _ => KeyMeaning::Taken(None),
                }
            }
            Input::Key { .. } | Input::Copy => KeyMeaning::Taken(None),
            _ => KeyMeaning::Nothing,
        }
    }
}

/// The map's name of a key with its modifiers: `n`, `K` for Shift and the letter, `Shift+ArrowRight`, `Ctrl+Q`.
fn name_of_key(key: Key, modifiers: Modifiers) -> Option<String> {
    let base = base_name(key);
    if modifiers.alt {
        // With a letter it belongs to the window manager, or makes another letter.
        return matches!(key, Key::ArrowUp | Key::ArrowDown).then(|| format!("Alt+{base}"));
    }
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
        Key::ArrowDown | Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp => format!("{key:?}"),
        Key::Minus => "-".to_owned(),
        Key::Equals => "=".to_owned(),
        key => {
            let name = key.symbol_or_name();
            if name.len() == 1 { name.to_lowercase() } else { name.to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_in_the_map() {
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
            assert_eq!(name_of_key(key, modifiers).as_deref(), Some(name));
        }
    }
}
