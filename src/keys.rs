//! From egui's key presses, clicks and pointer moves to the talk's events, by the key map.

use egui::{Context, CursorIcon, Event as Input, Key, Modifiers, Rect};

use crate::paint::Screen;
use crate::presentation::Presentation;
use crate::presentation::asking::AskCommand;
use crate::presentation::command::Command;
use crate::presentation::event::Event;
use crate::presentation::hand::{HandCommand, Tool, Tools};
use crate::presentation::keymap::Keymap;
use crate::presentation::pointing::PointCommand;

/// How the pointer's first button is told where keys are: a clicker may send it, and it is no key of the map.
pub const CLICK: &str = "Click";

/// What keys and clicks mean just now, besides the key map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mode {
    /// The presenter asks: letters belong to the ask box.
    pub asks: bool,
    /// The pointer draws: all of its way counts, and that its button is let go.
    pub draws: bool,
    /// Each key is told by its name, besides what it does.
    pub tells_keys: bool,
}

impl Mode {
    pub(crate) fn of(talk: &Presentation) -> Self {
        let tells_keys = talk.desk().is_doctor();
        Self { asks: talk.is_asking(), draws: talk.tools().has(Tool::Ink), tells_keys }
    }
}

/// What the presenter did since the last frame. Keys and clicks are taken away from whatever comes after. While the
/// presenter asks, letters belong to the ask box.
pub fn events_since_last_frame(ctx: &Context, keymap: &Keymap, mode: Mode) -> Vec<Event> {
    events_within(ctx, keymap, mode, ctx.content_rect())
}

/// The same, where the stage is a part of the window: what the pointer does beside it belongs to others.
pub(crate) fn events_within(ctx: &Context, keymap: &Keymap, mode: Mode, area: Rect) -> Vec<Event> {
    let mut reading = FrameInput { keymap, area, mode, opens: false, focus: WindowFocus::of(ctx) };
    let events = ctx.input_mut(|input| {
        let mut events = Vec::new();
        input.events.retain(|input| {
            events.extend(reading.told_key(input).map(Event::Key));
            match reading.meaning_of(input) {
                KeyMeaning::Nothing => true,
                KeyMeaning::Seen(event) => {
                    push(event, mode, &mut events);
                    true
                }
                KeyMeaning::Taken(command) => {
                    events.extend(command.map(Event::Command));
                    false
                }
            }
        });
        events
    });
    reading.focus.keep(ctx);
    events
}

/// Adds an event. Of a pointer's way only the end counts, unless it draws.
fn push(event: Event, mode: Mode, events: &mut Vec<Event>) {
    let is_way = matches!((&event, events.last()), (Event::Pointer(Some(_)), Some(Event::Pointer(Some(_)))));
    if is_way && !mode.draws {
        events.pop();
    }
    events.push(event);
}

/// The keys that were pressed on another window than the stage. The pointer and its clicks stay with that window.
pub(crate) fn keys_since_last_frame(ctx: &Context, keymap: &Keymap, mode: Mode) -> Vec<Event> {
    let mut reading = FrameInput { keymap, area: ctx.content_rect(), mode, opens: false, focus: WindowFocus::of(ctx) };
    ctx.input_mut(|input| {
        let mut events = Vec::new();
        input.events.retain(|input| {
            let is_pointers =
                matches!(input, Input::PointerMoved(_) | Input::PointerGone | Input::PointerButton { .. });
            if is_pointers {
                return true;
            }
            events.extend(reading.told_key(input).map(Event::Key));
            match reading.meaning_of(input) {
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

/// What the pointer did over a picture of the stage on another window, where it `was_there` before. A click counts only
/// while it belongs to a tool. The last answer: whether the pointer is there now.
pub(crate) fn pointer_since_last_frame(
    ctx: &Context,
    screen: &Screen,
    tools: Tools,
    was_there: bool,
) -> (Vec<Event>, bool) {
    let mode = Mode { draws: tools.has(Tool::Ink), ..Mode::default() };
    let (mut events, mut is_there) = (Vec::new(), was_there);
    let inputs = ctx.input(|input| input.events.clone());
    for input in inputs {
        match input {
            Input::PointerMoved(at) if screen.rect.contains(at) => {
                let at = screen.stage_point(at);
                is_there = true;
                push(Event::Pointer(Some([at.x, at.y])), mode, &mut events);
            }
            Input::PointerMoved(_) | Input::PointerGone if is_there => {
                is_there = false;
                events.push(Event::Pointer(None));
            }
            Input::PointerButton { pos, button: egui::PointerButton::Primary, pressed, .. }
                if screen.rect.contains(pos) =>
            {
                let at = screen.stage_point(pos);
                if !std::mem::replace(&mut is_there, true) {
                    events.push(Event::Pointer(Some([at.x, at.y])));
                }
                let command: Option<Command> = if pressed {
                    tools.takes_clicks().then(|| PointCommand::Click.into())
                } else {
                    tools.has(Tool::Ink).then(|| HandCommand::Release.into())
                };
                events.extend(command.map(Event::Command));
            }
            _ => {}
        }
    }
    (events, is_there)
}

/// The pointer while a tool is in the hand; none: as ever. The laser is its own pointer.
pub(crate) fn cursor_of(tools: Tools) -> Option<CursorIcon> {
    let icons = [
        (tools.has(Tool::Laser), CursorIcon::None),
        (tools.has(Tool::Ink), CursorIcon::Crosshair),
        (tools.has(Tool::Zoom), CursorIcon::ZoomIn),
    ];
    icons.into_iter().find(|(is_on, _)| *is_on).map(|(_, icon)| icon)
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
    /// The stage's part of the window.
    area: Rect,
    mode: Mode,
    /// The key just pressed opened the ask box: the letter that it types is not yet one in the box.
    opens: bool,
    focus: WindowFocus,
}

/// A press so soon after a window got the focus is the one that gave it.
const FOCUS_SECS: f64 = 0.25;

/// Since when the window has the focus.
#[derive(Clone, Copy, Debug)]
struct WindowFocus {
    now_secs: f64,
    /// None: it has not.
    since_secs: Option<f64>,
}

impl WindowFocus {
    fn id(ctx: &Context) -> egui::Id {
        egui::Id::unique("focus of the window").with(ctx.viewport_id())
    }

    /// As the last frame left it: a window that never lost the focus has it.
    fn of(ctx: &Context) -> Self {
        let id = Self::id(ctx);
        let known: Option<Option<f64>> = ctx.data(|data| data.get_temp(id));
        Self { now_secs: ctx.input(|input| input.time), since_secs: known.unwrap_or(Some(f64::NEG_INFINITY)) }
    }

    fn keep(self, ctx: &Context) {
        let id = Self::id(ctx);
        ctx.data_mut(|data| data.insert_temp(id, self.since_secs));
    }

    fn takes_presses(self) -> bool {
        self.since_secs.is_some_and(|since_secs| self.now_secs - since_secs >= FOCUS_SECS)
    }
}

impl FrameInput<'_> {
    fn meaning_of(&mut self, input: &Input) -> KeyMeaning {
        match input {
            Input::WindowFocused(is_focused) => {
                self.focus.since_secs = is_focused.then_some(self.focus.now_secs);
                return KeyMeaning::Nothing;
            }
            Input::PointerMoved(at) if self.area.contains(*at) => {
                let at = Screen::fit(self.area).stage_point(*at);
                return KeyMeaning::Seen(Event::Pointer(Some([at.x, at.y])));
            }
            Input::PointerMoved(_) | Input::PointerGone => return KeyMeaning::Seen(Event::Pointer(None)),
            Input::PointerButton { pos, pressed: true, .. } if !self.area.contains(*pos) => return KeyMeaning::Nothing,
            _ => {}
        }
        let meaning = if self.mode.asks { self.meaning_in_box(input) } else { self.meaning_of_key(input) };
        match &meaning {
            KeyMeaning::Taken(Some(Command::Ask(command))) => {
                self.opens = *command == AskCommand::Open;
                self.mode.asks = *command != AskCommand::Go;
            }
            KeyMeaning::Taken(Some(Command::Escape)) => self.mode.asks = false,
            KeyMeaning::Taken(_) | KeyMeaning::Nothing | KeyMeaning::Seen(_) => {}
        }
        meaning
    }

    /// The key's name in the map where it has a command: by what is written on it, else by its place.
    fn known_name(&self, key: Key, physical_key: Option<Key>, modifiers: Modifiers) -> Option<String> {
        let known = |key: Key| name_of_key(key, modifiers).filter(|name| self.keymap.command_of(name).is_some());
        // A Latin letter is meant as it is written: its place counts on Greek and Cyrillic layouts, and never with Ctrl.
        let is_latin = matches!(base_name(key).as_bytes(), [letter] if letter.is_ascii_lowercase());
        let by_place = physical_key.filter(|_| !is_latin && !modifiers.ctrl && !modifiers.command);
        known(key).or_else(|| known(by_place?))
    }

    /// The name of a press that is to be told, whether it has a command or not.
    fn told_key(&self, input: &Input) -> Option<String> {
        if !self.mode.tells_keys {
            return None;
        }
        match input {
            Input::Key { key, physical_key, pressed: true, repeat: false, modifiers } => {
                let unknown = || name_of_key(*key, *modifiers).unwrap_or_else(|| format!("Alt+{}", base_name(*key)));
                Some(self.known_name(*key, *physical_key, *modifiers).unwrap_or_else(unknown))
            }
            Input::PointerButton { button: egui::PointerButton::Primary, pressed: true, pos, .. }
                if self.area.contains(*pos) =>
            {
                Some(CLICK.to_owned())
            }
            // The system makes these of chords, and sends no key.
            Input::Copy => Some("Ctrl+C".to_owned()),
            Input::Cut => Some("Ctrl+X".to_owned()),
            Input::Paste(_) => Some("Ctrl+V".to_owned()),
            _ => None,
        }
    }

    fn meaning_of_key(&self, input: &Input) -> KeyMeaning {
        match input {
            // Auto-repeat is ignored: a clicker held down must not run through the talk.
            Input::Key { key, physical_key, pressed: true, repeat, modifiers } => {
                let name = self.known_name(*key, *physical_key, *modifiers).filter(|_| !repeat);
                KeyMeaning::Taken(name.and_then(|name| self.keymap.command_of(&name)))
            }
            Input::PointerButton { button: egui::PointerButton::Primary, pressed: true, .. } => {
                // The press that gives the window the focus does nothing else.
                KeyMeaning::Taken(self.focus.takes_presses().then(|| PointCommand::Click.into()))
            }
            Input::PointerButton { button: egui::PointerButton::Primary, pressed: false, .. } if self.mode.draws => {
                KeyMeaning::Taken(Some(HandCommand::Release.into()))
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
                    // What a clicker sends goes on with the talk, whatever is open.
                    Key::PageDown | Key::PageUp | Key::F5 => self.meaning_of_key(input),
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
