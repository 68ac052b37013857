//! What a presenter means: the commands, by the part of the talk that carries them out.

use serde::{Deserialize, Serialize};

use crate::presentation::asking::AskCommand;
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

/// A command. Those without a part of their own depend on what lies over the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    Walk(WalkCommand),
    Point(PointCommand),
    Hand(HandCommand),
    Ask(AskCommand),
    Over(OverCommand),
    Source(SourceCommand),
    Sim(SimCommand),
    Look(LookCommand),
    File(FileCommand),
    Desk(DeskCommand),
    Pace(PaceCommand),
    Window(WindowCommand),
    /// Goes to the number that waits, else opens what has the focus, else next.
    Enter,
    /// Out one level.
    Escape,
    /// Ends the show when it is given twice in a row.
    Quit,
}

/// What only the host can do, with its windows and its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum WindowCommand {
    /// Full screen on the audience's display.
    Present,
    FullScreen,
    /// The stage and the console change displays.
    Swap,
    /// A recording of the talk begins, or ends.
    Record,
    /// A recording is chosen, and becomes the source that is shown.
    OpenRecording,
    /// The talk of the recording that was opened last is told again, in place of this one, or this one goes on.
    TellAgain,
}

impl Command {
    /// The command's name in scripts and in the key table. The commands of the ask box share one: scripts ask by words.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Walk(command) => command.into(),
            Self::Point(command) => command.into(),
            Self::Hand(command) => command.into(),
            Self::Ask(_) => "ask",
            Self::Over(command) => command.into(),
            Self::Source(command) => command.into(),
            Self::Sim(command) => command.into(),
            Self::Look(command) => command.into(),
            Self::File(command) => command.into(),
            Self::Desk(command) => command.into(),
            Self::Pace(command) => command.into(),
            Self::Window(command) => command.into(),
            Self::Enter => "enter",
            Self::Escape => "escape",
            Self::Quit => "quit",
        }
    }

    /// The names of all commands, part by part.
    pub fn names() -> Vec<&'static str> {
        use strum::VariantNames as _;
        let parts = [
            WalkCommand::VARIANTS,
            PointCommand::VARIANTS,
            HandCommand::VARIANTS,
            OverCommand::VARIANTS,
            SourceCommand::VARIANTS,
            SimCommand::VARIANTS,
            LookCommand::VARIANTS,
            FileCommand::VARIANTS,
            DeskCommand::VARIANTS,
            PaceCommand::VARIANTS,
            WindowCommand::VARIANTS,
            &["ask", "enter", "escape", "quit"],
        ];
        parts.concat()
    }
}

macro_rules! commands_of_parts {
    ($($part:ident($command:ty)),+) => {
        $(impl From<$command> for Command {
            fn from(command: $command) -> Self {
                Self::$part(command)
            }
        })+
    };
}

commands_of_parts!(
    Walk(WalkCommand),
    Point(PointCommand),
    Hand(HandCommand),
    Ask(AskCommand),
    Over(OverCommand),
    Source(SourceCommand),
    Sim(SimCommand),
    Look(LookCommand),
    File(FileCommand),
    Desk(DeskCommand),
    Pace(PaceCommand),
    Window(WindowCommand)
);
