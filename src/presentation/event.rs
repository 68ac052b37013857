//! Everything that can happen to the talk, and what the host must do in answer.

use std::sync::Arc;

use egui::emath::Pos2;

use crate::picture::ThemeName;
use crate::signal::Readings;
use crate::signal::Subject;
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

/// The kinds of origin that readings have. All live side by side; one is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    Lab,
    Sim,
    Recording,
    /// Nothing: every tier says "no source".
    None,
}

impl SourceKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Sim => "sim",
            Self::Recording => "recording",
            Self::None => "none",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Lab, Self::Sim, Self::Recording, Self::None].into_iter().find(|kind| kind.word() == word)
    }
}

/// Something that happened. What is recorded is exactly what was applied.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Command(Command),
    /// A target of a source answered; its readings replace its last ones.
    Scraped {
        source: SourceKind,
        target: Arc<str>,
        at_secs: f64,
        report: Report,
    },
    /// A target did not answer, or not in a way that can be read.
    ScrapeFailed {
        source: SourceKind,
        target: Arc<str>,
        at_secs: f64,
        fault: FaultWords,
    },
    /// A scene file's text, new or changed.
    SceneText {
        file: String,
        text: String,
    },
}

/// What is known of a target after an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub readings: Readings,
    /// When the target last gave what makes it live.
    pub last_good_secs: f64,
    /// How often that is asked for.
    pub interval_secs: f64,
    /// What is wrong with other nodes or pages of it.
    pub faults: Vec<FaultWords>,
}

/// Why a scrape failed, in words a presenter can act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultWords {
    /// With host names.
    pub sentence: String,
    /// Without.
    pub discreet: String,
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

/// One target of a source, as it is announced when the source starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    pub name: Arc<str>,
    /// The tiers it speaks for, or the GPUs.
    pub subjects: Vec<Subject>,
    /// Of its fastest endpoint.
    pub interval_secs: f64,
    /// Its certificate is not checked, because the lab file says so.
    pub unverified: bool,
}
