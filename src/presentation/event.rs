//! Everything that can happen to the talk, and what the host must do in answer.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::live::{SourceEvent, SourceId};
use crate::presentation::command::Command;
use crate::presentation::look::WindowState;

/// Something that happened. What is recorded is exactly what was applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    Command(Command),
    /// A source of readings says something, all of it at once.
    Source {
        source: SourceId,
        news: Vec<SourceEvent>,
    },
    /// A scene file's text, new or changed.
    SceneText {
        file: String,
        text: String,
    },
    /// The pointer moved to this point of the stage, or left the window.
    Pointer(Option<[f32; 2]>),
    /// The audience's window, or the displays, are other than before.
    Window(WindowState),
    /// A key was pressed while the doctor's page is open, by its name in the key map: it is told there, and the command that
    /// it may give is an event of its own.
    Key(String),
    /// Words of the host for the presenter, such as why a file cannot be used.
    Word(String),
    /// The bytes of a recording that was chosen or dropped: it becomes the source that is shown. What it leads to is in the
    /// log, and it is not.
    #[serde(skip)]
    Recording(Arc<[u8]>),
}

impl From<Command> for Event {
    fn from(command: Command) -> Self {
        Self::Command(command)
    }
}

/// An event and its time: a line of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timed {
    /// Seconds of the talk.
    pub at: f64,
    pub event: Event,
}

impl Timed {
    /// As a journal keeps it, without what names the inside of a lab; none where nothing is left.
    pub(crate) fn kept(&self) -> Option<Self> {
        let Event::Source { source, news: all } = &self.event else { return Some(self.clone()) };
        let news: Vec<SourceEvent> = all.iter().filter(|news| news.is_kept()).cloned().collect();
        let is_empty = news.is_empty() && !all.is_empty();
        let event = Event::Source { source: source.clone(), news };
        (!is_empty).then_some(Self { at: self.at, event })
    }
}

/// What only the host can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Full screen on the audience's display.
    Present,
    FullScreen(bool),
    /// The stage and the console change displays.
    Swap,
    /// A recording of the talk begins, or ends.
    Record,
    /// A recording is to be chosen.
    OpenRecording,
    /// The file of this path is to be opened.
    OpenPath(String),
    /// The machine is to be looked over.
    LookOver,
    /// The run that was rehearsed is to be kept.
    KeepRun,
    /// The talk that stopped is to be gone on with, or let go.
    Resume,
    LetGo,
    /// These words onto the clipboard.
    Copy(String),
    Quit,
}
