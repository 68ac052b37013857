//! Everything that can happen to the talk, and what the host must do in answer.

use egui::emath::Pos2;

use crate::live::{SourceEvent, SourceId, SourceKind};
use crate::picture::ThemeName;
use crate::timeline::playhead::Position;

/// What a presenter means.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Next,
    Back,
    NextScene,
    PreviousScene,
    FirstStep,
    LastStep,
    Jump(Position),
    /// One digit of a number that waits for its Enter.
    Digit(u8),
    /// Goes to the number that waits, else next.
    Enter,
    /// Back from a jump to the exact step, or one step back if there was none.
    Return,
    JumpAgain,
    ReplayStep,
    Pause,
    Slower,
    Faster,
    Black,
    White,
    Hold,
    Present,
    FullScreen,
    Escape,
    Quit,
    /// The next theme, or the one named.
    Theme(Option<ThemeName>),
    ReducedMotion,
    Monitor,
    NextSource,
    Source(SourceKind),
    /// Hosts and buckets on the audience's window, shown or hidden.
    Names,
    /// Of the number under this point of the stage, or of all numbers of the step.
    NumberSource(Option<Pos2>),
    Help,
    /// The next thing that can be opened gets the focus.
    FocusNext,
    FocusBefore,
    /// The thing of this id on the step is focused and opened.
    Open(String),
    /// A click on this point of the stage; aimed, if the pointer was moved there just now.
    Click {
        at: Pos2,
        aimed: bool,
    },
    Ask(AskEdit),
    /// The step's address onto the clipboard.
    Copy,
    /// The next cut of the deck, or the one named; after the last comes the whole deck.
    Cut(Option<String>),
    /// Reload of scene files on saving, armed or not.
    Reload,
}

/// What happens in the ask box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskEdit {
    Open,
    Type(String),
    Erase,
    /// The next answer, or the one before.
    Choose(bool),
    Go,
}

/// Something that happened. What is recorded is exactly what was applied.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Command(Command),
    /// A source of readings says something.
    Source {
        source: SourceId,
        news: SourceEvent,
    },
    /// A scene file's text, new or changed.
    SceneText {
        file: String,
        text: String,
    },
}

/// What only the host can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Full screen on the audience's display.
    Present,
    ToggleFullScreen,
    LeaveFullScreen,
    /// These words onto the clipboard.
    Copy(String),
    Quit,
}
