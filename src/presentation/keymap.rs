//! The key map: which key means which command. The windows, the cheat sheet, `tierlight keys`, scripts and tests read it.

use crate::presentation::asking::AskCommand;
use crate::presentation::command::{Command, WindowCommand};
use crate::presentation::desk::DeskCommand;
use crate::presentation::files::FileCommand;
use crate::presentation::hand::HandCommand;
use crate::presentation::look::LookCommand;
use crate::presentation::measured::SourceCommand;
use crate::presentation::over::OverCommand;
use crate::presentation::pace::PaceCommand;
use crate::presentation::pointing::PointCommand;
use crate::presentation::simulated::SimCommand;
use crate::presentation::walk::WalkCommand;
use crate::ron_text::Problem;

/// A command with its keys. A capital letter means Shift and the letter.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyEntry {
    pub command: Command,
    pub keys: Vec<String>,
    /// A few words for the cheat sheet.
    pub words: &'static str,
}

impl KeyEntry {
    /// The command's name in scripts.
    pub fn name(&self) -> &'static str {
        self.command.name()
    }
}

/// The commands that have keys, in the order of the cheat sheet. Digits are keys besides: see [`Keymap::command_of`].
#[derive(Clone, Debug, PartialEq)]
pub struct Keymap {
    pub entries: Vec<KeyEntry>,
    /// What is wrong with the user's own keys: these are the usual ones where that is an error.
    pub problems: Vec<Problem>,
}

/// Commands without a key of their own in the map, and why.
pub(crate) const WITHOUT_KEY: [(&str, &str); 19] = [
    ("jump", "it needs an address: digits and Enter, or the ask box, lead there"),
    ("digit", "the digits themselves are its keys"),
    ("click", "the pointer's first button is its key"),
    ("open", "Enter opens what has the focus, a click what it points at; a drive dies, or comes back"),
    ("release", "the pointer's first button, let go, is its key"),
    ("ink-stroke", "it needs points: the pointer draws them"),
    ("first-keys", "the window tells them once, at its first start"),
    ("notes-size", "the window remembers it; notes-smaller and notes-larger change it"),
    ("seek", "it needs a time: the bar of a recorded talk that is told again sets it"),
    ("tell", "minutes-left makes the plan, and Enter accepts it"),
    ("keep", "Space keeps the chosen scene while minutes-left is open"),
    ("choose", "the arrows choose while the overview is open"),
    ("choose-step", "Tab chooses while the overview is open"),
    ("source", "next-source goes round all of them"),
    ("profile", "it needs a name: the panel of the simulated lab has them all"),
    ("let-go", "it stands on the console beside the talk that stopped"),
    ("lapse", "it needs a number: the panel of the simulated lab has some"),
    ("slide", "it needs a value: the sliders of the simulated lab set it"),
    ("slide-back", "it stands beside the sliders that it puts back"),
];

impl Default for Keymap {
    /// The keys of a talk nobody has changed keys for.
    fn default() -> Self {
        use WalkCommand as Walk;
        let entries = vec![
            entry(Walk::Next, &["ArrowRight", "ArrowDown", "PageDown", "Space", "n"], "next"),
            entry(Walk::Back, &["ArrowLeft", "ArrowUp", "PageUp", "p"], "back"),
            entry(Walk::NextScene, &["Shift+ArrowRight"], "next scene"),
            entry(Walk::PreviousScene, &["Shift+ArrowLeft"], "previous scene"),
            entry(Walk::FirstStep, &["Home"], "first step"),
            entry(Walk::LastStep, &["End"], "last step"),
            entry(Command::Enter, &["Enter"], "go, open, kill a drive, or next"),
            entry(AskCommand::Open, &["g", "Ctrl+K"], "ask for a title or a word"),
            entry(Walk::Return, &["Backspace"], "return from a jump, or back"),
            entry(Walk::JumpAgain, &["Shift+Backspace"], "jump there again"),
            entry(PointCommand::FocusNext, &["Tab"], "focus the next component"),
            entry(PointCommand::FocusBefore, &["Shift+Tab"], "focus the one before"),
            entry(Walk::ReplayStep, &["r"], "replay the step"),
            entry(Walk::Pause, &["k"], "pause and go on"),
            entry(Walk::Slower, &["["], "told motion slower"),
            entry(Walk::Faster, &["]"], "told motion faster"),
            entry(OverCommand::Black, &[".", "b", ";"], "black"),
            entry(OverCommand::White, &[",", "w"], "white"),
            entry(OverCommand::Hold, &["h"], "hold the picture"),
            entry(WindowCommand::Present, &["F5", "Shift+F5"], "present on second display"),
            entry(WindowCommand::FullScreen, &["f"], "full screen on, off"),
            entry(OverCommand::TestCard, &["F"], "projector test card"),
            entry(Command::Escape, &["Escape"], "out one level"),
            entry(Command::Quit, &["Ctrl+Q"], "quit, pressed twice"),
            entry(LookCommand::Theme(None), &["t"], "theme: dark, light, contrast"),
            entry(LookCommand::ReducedMotion, &["K"], "reduced motion"),
            entry(Walk::Monitor, &["m"], "monitor"),
            entry(DeskCommand::Engineers, &["M"], "engineers' page on console"),
            entry(SourceCommand::NextSource, &["v"], "next data source"),
            entry(SimCommand::Simulated, &["S"], "simulated lab: kind, sliders"),
            entry(LookCommand::Names, &["V"], "lab names shown or hidden"),
            entry(HandCommand::Laser, &["l"], "laser"),
            entry(HandCommand::Spotlight, &["L"], "spotlight on what is pointed at"),
            entry(HandCommand::Zoom, &["z"], "zoom to it, and out"),
            entry(HandCommand::Ink, &["d"], "ink: draw with the button held"),
            entry(HandCommand::InkBack, &["Ctrl+Z"], "take back the last stroke"),
            entry(HandCommand::InkClear, &["D"], "clear this step's ink"),
            entry(WindowCommand::Record, &["R"], "record on, off"),
            entry(WindowCommand::OpenRecording, &["Ctrl+O"], "open a recording"),
            entry(WindowCommand::TellAgain, &["Ctrl+P"], "tell its talk again, and back"),
            entry(WindowCommand::Resume, &["Ctrl+G"], "go on with the stopped talk"),
            entry(PointCommand::NumberSource, &["i"], "source of number at pointer"),
            entry(PointCommand::Copy, &["Ctrl+C"], "copy the step's address"),
            entry(Walk::Cut(None), &["x"], "choose a cut"),
            entry(DeskCommand::MinutesLeft(None), &["X"], "we have n minutes left"),
            entry(PaceCommand::Timer, &["T"], "timer start, stop"),
            entry(PaceCommand::TimerZero, &["Ctrl+T"], "timer to zero"),
            entry(PaceCommand::Rehearsal, &["Ctrl+R"], "rehearsal on, off"),
            entry(DeskCommand::Console, &["c"], "console open, closed"),
            entry(DeskCommand::OneScreen, &["C"], "console below the stage"),
            entry(WindowCommand::Swap, &["s"], "swap stage and console"),
            entry(DeskCommand::Overview, &["o"], "all scenes at a glance"),
            entry(DeskCommand::Park, &["P"], "park a question here"),
            entry(DeskCommand::NotesUp, &["Alt+ArrowUp"], "scroll the notes up"),
            entry(DeskCommand::NotesDown, &["Alt+ArrowDown"], "scroll the notes down"),
            entry(DeskCommand::NotesSmaller, &["Ctrl+-"], "notes smaller"),
            entry(DeskCommand::NotesLarger, &["Ctrl+="], "notes larger"),
            entry(DeskCommand::Doctor, &["Ctrl+D"], "look this machine over"),
            entry(DeskCommand::Problems, &["E"], "what is wrong, in full"),
            entry(DeskCommand::Phone, &["Q"], "code for a phone as remote"),
            entry(FileCommand::Reload, &["e"], "follow saved files, or not"),
            entry(OverCommand::Help, &["?", "F1"], "this sheet"),
        ];
        Self { entries, problems: Vec::new() }
    }
}

fn entry(command: impl Into<Command>, keys: &[&str], words: &'static str) -> KeyEntry {
    KeyEntry { command: command.into(), keys: keys.iter().map(|key| (*key).to_owned()).collect(), words }
}

impl Keymap {
    /// The command of a key, digits included.
    pub fn command_of(&self, key: &str) -> Option<Command> {
        if let [digit @ b'0'..=b'9'] = key.as_bytes() {
            return Some(OverCommand::Digit(digit - b'0').into());
        }
        self.entries.iter().find(|entry| entry.keys.iter().any(|known| known == key)).map(|entry| entry.command.clone())
    }

    /// The first key of a command, as the table writes it; empty where it has none.
    pub(crate) fn key_of(&self, command: impl Into<Command>) -> &str {
        let command = command.into();
        let entry = self.entries.iter().find(|entry| entry.command == command);
        entry.and_then(|entry| entry.keys.first()).map_or("", String::as_str)
    }

    /// The command of a name, as scripts write it.
    pub fn command_named(&self, name: &str) -> Option<Command> {
        self.entries.iter().find(|entry| entry.name() == name).map(|entry| entry.command.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_key_or_a_stated_reason() {
        let keymap = Keymap::default();
        for name in Command::names() {
            let has_key = keymap.command_named(name).is_some();
            let reason = WITHOUT_KEY.iter().find(|(without, _)| *without == name);
            assert!(has_key != reason.is_some(), "give {name} a key in the map, or say in WITHOUT_KEY why it has none");
        }
    }
}
