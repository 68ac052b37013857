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

    /// Whether it may change what the audience sees, or who sees what is private. While the doctor's
    /// page is open such commands do nothing. Quit is none of them: only a second press in a row ends the show.
    pub(super) fn reaches_the_room(&self) -> bool {
        match self {
            Self::Walk(command) => match command {
                WalkCommand::Next
                | WalkCommand::Back
                | WalkCommand::NextScene
                | WalkCommand::PreviousScene
                | WalkCommand::FirstStep
                | WalkCommand::LastStep
                | WalkCommand::Jump(_)
                | WalkCommand::Return
                | WalkCommand::JumpAgain
                | WalkCommand::Monitor
                | WalkCommand::ReplayStep
                | WalkCommand::Pause
                | WalkCommand::Slower
                | WalkCommand::Faster
                | WalkCommand::Seek(_) => true,
                WalkCommand::Cut(_) | WalkCommand::Tell(_) => false,
            },
            Self::Point(command) => match command {
                PointCommand::FocusNext
                | PointCommand::FocusBefore
                | PointCommand::Open(_)
                | PointCommand::Click
                | PointCommand::NumberSource => true,
                PointCommand::Copy => false,
            },
            Self::Hand(command) => match command {
                HandCommand::Laser
                | HandCommand::Spotlight
                | HandCommand::Zoom
                | HandCommand::Ink
                | HandCommand::InkBack
                | HandCommand::InkClear
                | HandCommand::InkStroke(_) => true,
                // A stroke that is being drawn must be able to end.
                HandCommand::Release => false,
            },
            // What is asked for leads to a step.
            Self::Ask(_) => true,
            Self::Over(command) => match command {
                // A digit begins the number of a scene to go to.
                OverCommand::Black
                | OverCommand::White
                | OverCommand::Hold
                | OverCommand::TestCard
                | OverCommand::Digit(_) => true,
                OverCommand::Help | OverCommand::FirstKeys => false,
            },
            Self::Source(command) => match command {
                SourceCommand::NextSource | SourceCommand::Source(_) => true,
            },
            Self::Sim(command) => match command {
                SimCommand::Profile(_) | SimCommand::Lapse(_) | SimCommand::Slide { .. } | SimCommand::SlideBack => {
                    true
                }
                SimCommand::Simulated => false,
            },
            Self::Look(command) => match command {
                LookCommand::Theme(_) | LookCommand::ReducedMotion | LookCommand::Names => true,
            },
            Self::File(command) => match command {
                FileCommand::Reload => false,
            },
            Self::Desk(command) => match command {
                // Without a console the corner of the stage says what is private.
                DeskCommand::Console | DeskCommand::OneScreen => true,
                DeskCommand::Park
                | DeskCommand::Overview
                | DeskCommand::Choose(_)
                | DeskCommand::ChooseStep(_)
                | DeskCommand::MinutesLeft(_)
                | DeskCommand::Engineers
                | DeskCommand::Doctor
                | DeskCommand::Problems
                | DeskCommand::Phone
                | DeskCommand::Keep
                | DeskCommand::NotesUp
                | DeskCommand::NotesDown
                | DeskCommand::NotesSmaller
                | DeskCommand::NotesLarger
                | DeskCommand::NotesSize(_) => false,
            },
            Self::Pace(command) => match command {
                PaceCommand::Timer | PaceCommand::TimerZero | PaceCommand::Rehearsal => false,
            },
            Self::Window(command) => match command {
                WindowCommand::Present
                | WindowCommand::FullScreen
                | WindowCommand::Swap
                | WindowCommand::OpenRecording
                | WindowCommand::TellAgain
                | WindowCommand::Resume => true,
                WindowCommand::Record | WindowCommand::LetGo => false,
            },
            Self::Enter | Self::Escape | Self::Quit => false,
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
