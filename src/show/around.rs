//! What is around a recorded talk that is told again: whose a key is then, and which talk the audience sees.

use crate::live::PackedCurves;
use crate::presentation::Presentation;
use crate::presentation::command::{Command, WindowCommand};
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::Event;
use crate::presentation::over::OverCommand;
use crate::presentation::walk::WalkCommand;
use crate::recording::Recording;
use crate::scene::address::Address;
use crate::show::retold::{REFUSED, REFUSED_WITHIN, Reel, Told};
use crate::show::{OpenError, Opening, Retold, Show, Within};

/// How a talk stood at a moment.
#[derive(Clone)]
pub struct KeptShow {
    /// Without its curves.
    show: Show,
    curves: PackedCurves,
}

impl Told for Show {
    type Kept = KeptShow;

    fn keep(&mut self) -> KeptShow {
        let curves = self.presentation.take_curves();
        let kept = KeptShow { show: self.clone(), curves: PackedCurves::new(&curves) };
        self.presentation.put_curves(curves);
        kept
    }

    fn of_kept(kept: &KeptShow) -> Self {
        let mut show = kept.show.clone();
        show.presentation.put_curves(kept.curves.unpack());
        show
    }

    fn happen(&mut self, at_secs: f64, event: Event) {
        self.take(at_secs, event);
    }

    fn pass(&mut self, to_secs: f64) {
        self.advance(to_secs);
    }

    fn talk(&self) -> &Presentation {
        self.presentation()
    }
}

/// Whose a command is while a recorded talk is told again.
enum Whose {
    Tape(WalkCommand),
    /// The windows', which are not part of what is told.
    Windows,
    /// That of who goes back to the talk around it.
    Back,
    Nobody,
}

/// `within_talk`: a talk stands around it, and is gone on with later.
fn whose(command: &Command, within_talk: bool) -> Whose {
    match command {
        Command::Walk(walk) => Whose::Tape(walk.clone()),
        Command::Enter => Whose::Tape(WalkCommand::Next),
        // What is asked for leads to where the recorded talk showed it.
        Command::Ask(_) if within_talk => Whose::Nobody,
        Command::Window(WindowCommand::TellAgain) if within_talk => Whose::Back,
        Command::Quit
        | Command::Escape
        | Command::Ask(_)
        | Command::Window(
            WindowCommand::Present | WindowCommand::FullScreen | WindowCommand::Swap | WindowCommand::OpenRecording,
        )
        | Command::Desk(
            DeskCommand::Console
            | DeskCommand::OneScreen
            | DeskCommand::Phone
            | DeskCommand::NotesSize(_)
            | DeskCommand::NotesSmaller
            | DeskCommand::NotesLarger,
        )
        | Command::Over(OverCommand::Help | OverCommand::FirstKeys) => Whose::Windows,
        Command::Window(_)
        | Command::Desk(_)
        | Command::Over(_)
        | Command::Point(_)
        | Command::Hand(_)
        | Command::Source(_)
        | Command::Sim(_)
        | Command::Look(_)
        | Command::File(_)
        | Command::Pace(_) => Whose::Nobody,
    }
}

/// A recorded talk, read to its end. Err: why the recording is of no talk, or of one that cannot be opened.
fn read(recording: Recording) -> Result<Retold, String> {
    if recording.is_cut_before_talk() {
        return Err("it ends before the talk begins".to_owned());
    }
    let show = Show::of_recording(&recording).map_err(|error| error.to_string())?;
    let show = show.ok_or_else(|| format!("it holds no talk, but {}", recording.header().what.words()))?;
    Ok(Reel::read(recording, show))
}

impl Show {
    /// The talk of a recording as it was opened, before anything happened in it. None where the recording is of no talk.
    pub fn of_recording(recording: &Recording) -> Result<Option<Self>, OpenError> {
        let Some(opening) = recording.opening().cloned() else { return Ok(None) };
        // What the sources said is in the recording, so none is there to say it again.
        let opening = Opening {
            texts: opening.texts,
            look: opening.look,
            at: opening.at,
            cut: opening.cut,
            is_replay: true,
            ..Opening::default()
        };
        Self::open(opening).map(Some)
    }

    /// A show that tells a recorded talk again. Keys and windows are those of `around`. Err: why it cannot, in words.
    pub fn retelling(recording: Recording, around: Opening) -> Result<Self, String> {
        let texts = recording.opening().map(|opening| opening.texts.clone()).unwrap_or_default();
        let retold = read(recording)?;
        let around = Opening { texts, is_replay: true, ..around };
        let mut show = Self::open(around).map_err(|error| error.to_string())?;
        show.retold = Some((Box::new(retold), Within::Windows));
        Ok(show)
    }

    /// Tells the talk of the recording that was opened last, until the same command brings this one back as it was left.
    /// The event is what the presenter hears where it cannot be.
    fn tell_again(&mut self) -> Option<Event> {
        let now_secs = self.presentation.now_secs();
        let Some(opened) = self.recorded.opened.clone() else {
            return Some(Event::Word("open a recording first (Ctrl+O), then its talk is told again".to_owned()));
        };
        match read(opened) {
            Ok(mut retold) => {
                retold.begin(now_secs);
                self.retold = Some((Box::new(retold), Within::Talk));
                None
            }
            Err(words) => Some(Event::Word(format!("it cannot be told again: {words}"))),
        }
    }

    /// The recorded talk that is told again, where one is.
    pub fn retold(&self) -> Option<&Retold> {
        self.retold.as_ref().map(|(retold, _)| &**retold)
    }

    /// The talk that the audience sees: the recorded one where one is told again.
    pub fn seen(&self) -> &Presentation {
        self.retold().map_or(&self.presentation, Reel::talk)
    }

    /// Whether the audience's picture changes with the next moment.
    pub fn moves(&self) -> bool {
        self.retold().map_or_else(|| self.presentation.moves(), Reel::plays)
    }

    /// While a recorded talk is told again: takes what moves within it, and passes on what belongs to the windows.
    pub(super) fn take_around(&mut self, event: Event) -> Option<Event> {
        let now_secs = self.presentation.now_secs();
        let Some((retold, within)) = &mut self.retold else {
            return match event {
                Event::Command(Command::Window(WindowCommand::TellAgain)) => self.tell_again(),
                event => Some(event),
            };
        };
        let within_talk = *within == Within::Talk;
        let said = match event {
            Event::Command(command) => match whose(&command, within_talk) {
                Whose::Tape(walk) => retold.walk(now_secs, &walk).err(),
                Whose::Windows => return Some(Event::Command(command)),
                Whose::Back => {
                    self.retold = None;
                    None
                }
                Whose::Nobody if within_talk => Some(REFUSED_WITHIN),
                Whose::Nobody => Some(REFUSED),
            },
            Event::Recording(bytes) => match Recording::open(bytes).and_then(read) {
                Ok(mut opened) => {
                    opened.begin(now_secs);
                    **retold = opened;
                    None
                }
                Err(words) => return Some(Event::Word(format!("it cannot be told again: {words}"))),
            },
            Event::Pointer(_) => None,
            Event::Source { .. } | Event::SceneText { .. } | Event::Window(_) | Event::Key(_) | Event::Word(_) => {
                return Some(event);
            }
        };
        said.map(|words| Event::Word(words.to_owned()))
    }

    /// Goes to the step that was asked for around it, where one was.
    pub(super) fn follow_around(&mut self, before: Option<Address>) {
        let now_secs = self.presentation.now_secs();
        let asked = self.presentation.address().clone();
        let Some((retold, _)) = self.retold.as_mut().filter(|_| before.is_some_and(|before| before != asked)) else {
            return;
        };
        if let Err(words) = retold.walk(now_secs, &WalkCommand::Jump(asked)) {
            self.apply(Event::Word(words.to_owned()));
        }
    }
}
