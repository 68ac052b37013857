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
    /// The talk that stopped without being ended is gone on with, in place of this one.
    Resume,
    /// The talk that stopped is let go.
    LetGo,
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

    /// Whether it may change what the audience sees, or who sees what is private. While the doctor's page is open such
    /// commands do nothing: all but those that are named here. Quit is one of these, as only a second press in a row ends the
    /// show, and so is the end of a stroke that is being drawn.
    pub(super) fn reaches_the_room(&self) -> bool {
        let stays_here = match self {
            Self::Walk(command) => matches!(command, WalkCommand::Cut(_) | WalkCommand::Tell(_)),
            Self::Point(command) => matches!(command, PointCommand::Copy),
            Self::Hand(command) => matches!(command, HandCommand::Release),
            Self::Over(command) => matches!(command, OverCommand::Help | OverCommand::FirstKeys),
            Self::Sim(command) => matches!(command, SimCommand::Simulated),
            // Without a console the corner of the stage says what is private.
            Self::Desk(command) => !matches!(command, DeskCommand::Console | DeskCommand::OneScreen),
            Self::Window(command) => matches!(command, WindowCommand::Record | WindowCommand::LetGo),
            Self::File(_) | Self::Pace(_) | Self::Enter | Self::Escape | Self::Quit => true,
            // What is asked for leads to a step.
            Self::Ask(_) | Self::Source(_) | Self::Look(_) => false,
        };
        !stays_here
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
