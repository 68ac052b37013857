//! The one table of keys, commands and words. The windows, the cheat sheet, `tierlight keys` and the tests read it.

use crate::presentation::event::{AskEdit, Command};

/// One command with its keys. A capital letter means Shift and the letter.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The command's name in scripts.
    pub name: &'static str,
    pub keys: &'static [&'static str],
    pub words: &'static str,
    pub command: Command,
}

/// The table, in the order of the cheat sheet.
pub fn table() -> Vec<Entry> {
    let entry = |name, keys, words, command| Entry { name, keys, words, command };
    vec![
        entry("next", &["ArrowRight", "ArrowDown", "PageDown", "Space", "n"][..], "next", Command::Next),
        entry("back", &["ArrowLeft", "ArrowUp", "PageUp", "p"], "back", Command::Back),
        entry("next-scene", &["Shift+ArrowRight"], "next scene", Command::NextScene),
        entry("previous-scene", &["Shift+ArrowLeft"], "previous scene", Command::PreviousScene),
        entry("first-step", &["Home"], "first step", Command::FirstStep),
        entry("last-step", &["End"], "last step", Command::LastStep),
        entry("enter", &["Enter"], "go to number, open, or next", Command::Enter),
        entry("ask", &["g", "Ctrl+K"], "ask for a title or a word", Command::Ask(AskEdit::Open)),
        entry("return", &["Backspace"], "return from a jump, or back", Command::Return),
        entry("jump-again", &["Shift+Backspace"], "jump there again", Command::JumpAgain),
        entry("focus-next", &["Tab"], "focus the next component", Command::FocusNext),
        entry("focus-before", &["Shift+Tab"], "focus the one before", Command::FocusBefore),
        entry("replay-step", &["r"], "replay the step", Command::ReplayStep),
        entry("pause", &["k"], "pause and go on", Command::Pause),
        entry("slower", &["["], "told motion slower", Command::Slower),
        entry("faster", &["]"], "told motion faster", Command::Faster),
        entry("black", &[".", "b", ";"], "black", Command::Black),
        entry("white", &[",", "w"], "white", Command::White),
        entry("hold", &["h"], "hold the picture", Command::Hold),
        entry("present", &["F5", "Shift+F5"], "present on second display", Command::Present),
        entry("full-screen", &["f"], "full screen on, off", Command::FullScreen),
        entry("escape", &["Escape"], "out one level", Command::Escape),
        entry("quit", &["Ctrl+Q"], "quit, pressed twice", Command::Quit),
        entry("theme", &["t"], "theme: dark, light, contrast", Command::Theme(None)),
        entry("reduced-motion", &["K"], "reduced motion", Command::ReducedMotion),
        entry("monitor", &["m"], "monitor", Command::Monitor),
        entry("next-source", &["v"], "next data source", Command::NextSource),
        entry("names", &["V"], "lab names shown or hidden", Command::Names),
        entry("number-source", &["i"], "source of number at pointer", Command::NumberSource(None)),
        entry("copy", &["Ctrl+C"], "copy the step's address", Command::Copy),
        entry("cut", &["x"], "choose a cut", Command::Cut(None)),
        entry("reload", &["e"], "follow saved files, or not", Command::Reload),
        entry("help", &["?", "F1"], "this sheet", Command::Help),
    ]
}

/// The command of a key, digits included.
pub fn command_of(key: &str) -> Option<Command> {
    if let [digit @ b'0'..=b'9'] = key.as_bytes() {
        return Some(Command::Digit(digit - b'0'));
    }
    table().into_iter().find(|entry| entry.keys.contains(&key)).map(|entry| entry.command)
}

/// The command of a name, as scripts write it.
pub fn command_named(name: &str) -> Option<Command> {
    table().into_iter().find(|entry| entry.name == name).map(|entry| entry.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key_and_every_command_has_words() {
        let table = table();
        let mut keys: Vec<&str> = table.iter().flat_map(|entry| entry.keys.iter().copied()).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
        assert!(table.iter().all(|entry| !entry.words.is_empty() && !entry.keys.is_empty()));
    }
}
