//! The whole program without its windows: one door for events, one given clock.
//!
//! After [`Show::open`] everything that changes the talk passes [`Show::take`], or is time passing in [`Show::advance`].
//! The simulated lab is pulled at its poll times; its answers are events too. Time passes in ticks on a fixed grid: at
//! each, and with each event, what follows from the time is caught up with (a phase told, a curve that ended, numerals).
//! Between them nothing changes but what pictures work out from the time, so the host's frames change nothing.

mod around;
mod polled;
mod posed;
mod recorded;
mod rehearsal;
mod retold;
mod simulated;

use std::fmt;
use std::sync::Arc;

use crate::live::{Announcement, SourceEvent, SourceKind};
use crate::picture::Picture;
use crate::presentation::event::{Effect, Event, Timed};
use crate::presentation::keymap::Keymap;
use crate::presentation::look::Look;
use crate::presentation::measured::SourceCommand;
use crate::presentation::over::{Cover, OverCommand};
use crate::presentation::walk::WalkCommand;
use crate::presentation::{Audience, Presentation, TalkState};
use crate::recording::{Playback, RecordedOpening};
use crate::ron_text::Problem;
use crate::scene::library::Texts;
use crate::show::recorded::RecordedSource;
use crate::show::rehearsal::{Setting, is_work};
use crate::show::simulated::SimulatedSource;

pub use self::posed::When;
pub use self::retold::{Marked, Reel, TapeMark};

/// A recorded talk that is told again.
pub type Retold = Reel<Show>;

/// Ticks in a second.
const TICKS: f64 = 10.0;

/// What a show begins with.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    pub texts: Texts,
    pub look: Look,
    /// Begin at `loop:3`, by id or number.
    pub at: Option<String>,
    /// Tell this cut.
    pub cut: Option<String>,
    /// The keys of the talk.
    pub keymap: Keymap,
    /// With a seed, a simulated lab is one of the sources.
    pub seed: Option<u64>,
    /// A recorded lab that is one of the sources.
    pub playback: Option<Playback>,
    /// The hour before the talk is polled soon, and not when the first chart is shown: a moment later it would be seen.
    pub polls_history: bool,
    /// Events are kept for [`Show::drain_log`].
    pub is_logged: bool,
    /// No source is announced, and none plays: the log that is to be applied does.
    pub is_replay: bool,
}

/// What keeps a show from beginning.
#[derive(Clone, Debug)]
pub enum OpenError {
    /// No scene can be shown.
    Scenes(Vec<Problem>),
    /// What was asked to begin with is not there, in words.
    Unknown(String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scenes(problems) => {
                f.write_str("no scene can be shown:")?;
                problems.iter().try_for_each(|problem| write!(f, "\n{problem}"))
            }
            Self::Unknown(words) => f.write_str(words),
        }
    }
}

/// A talk with its sources, driven by whoever has events and a clock.
#[derive(Clone)]
pub struct Show {
    presentation: Presentation,
    simulated: Option<SimulatedSource>,
    recorded: RecordedSource,
    /// Ticks that have passed.
    ticks: u64,
    /// The work that was told last.
    told: Option<Arc<str>>,
    log: Option<Vec<Timed>>,
    /// A recorded talk is told again, and this one is what is around it.
    retold: Option<(Box<Retold>, Within)>,
}

/// Within what a recorded talk is told again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// A talk that stands still meanwhile, and is gone on with.
    Talk,
    /// The windows alone.
    Windows,
}

impl Show {
    /// A show at time 0, with "none" and, with a seed, the simulated lab as its sources, and a recorded lab where one is
    /// given; the first one is shown.
    pub fn open(opening: Opening) -> Result<Self, OpenError> {
        let Opening { texts, look, at, cut, keymap, seed, playback, polls_history, is_logged, is_replay } = opening;
        let mut presentation = Presentation::new(texts, look).map_err(OpenError::Scenes)?;
        presentation.use_keys(keymap);
        let library = presentation.library().clone();
        let unknown = |at: &String| OpenError::Unknown(library.no_step(at));
        let at = at.map(|at| library.position(&at).ok_or_else(|| unknown(&at))).transpose()?;
        let at = at.map(|at| library.address(at));
        presentation.begin(at, cut.as_deref()).map_err(OpenError::Unknown)?;
        let setting = seed.map(|seed| Setting::new(seed, presentation.simulated()));
        let mut show = Self::of_presentation(presentation);
        show.simulated = setting.map(|setting| SimulatedSource::new(setting, polls_history));
        show.log = is_logged.then(Vec::new);
        if let Some(setting) = setting {
            show.announce(SourceKind::Sim, setting.announcement());
        }
        if !is_replay {
            show.announce(SourceKind::None, SourceEvent::Announced(Announcement::no_source()));
        }
        if let Some(playback) = playback.filter(|_| !is_replay) {
            show.announce(SourceKind::Recording, playback.announcement());
            show.recorded.play(playback);
        }
        Ok(show)
    }

    /// Goes on from a state that was written down, without a simulated lab: its answers are events.
    pub fn resume(state: TalkState) -> Result<Self, OpenError> {
        Ok(Self::of_presentation(Presentation::restore(state).map_err(OpenError::Scenes)?))
    }

    fn of_presentation(presentation: Presentation) -> Self {
        let ticks = (presentation.now_secs() * TICKS).floor() as u64;
        let (simulated, recorded) = (None, RecordedSource::default());
        Self { presentation, simulated, recorded, ticks, told: None, log: None, retold: None }
    }

    fn announce(&mut self, kind: SourceKind, announced: SourceEvent) {
        self.apply(Event::Source { source: kind.only_id(), news: vec![announced] });
    }

    /// The one door: whatever happens to the talk happens here. `at_secs`: seconds of the talk; not before now.
    pub fn take(&mut self, at_secs: f64, event: impl Into<Event>) -> Option<Effect> {
        self.advance(at_secs);
        let event = self.take_around(event.into())?;
        let around = self.retold.is_some().then(|| self.presentation.address().clone());
        let effect = match event {
            Event::Recording(bytes) => {
                self.play_recording(bytes);
                None
            }
            event => self.apply(event),
        };
        self.follow_around(around);
        // A phase told and a swap of sources must be answered before the next picture is asked for.
        self.rehearse();
        self.play_back();
        effect
    }

    /// Makes a recording the recorded lab, in place of the one that was, and shows it. The presenter hears why it cannot be.
    fn play_recording(&mut self, bytes: Arc<[u8]>) {
        match self.recorded.open(bytes) {
            Ok(playback) => {
                self.announce(SourceKind::Recording, playback.announcement());
                self.recorded.play(playback);
                self.apply(Event::Command(SourceCommand::Source(SourceKind::Recording.only_id()).into()));
            }
            Err(words) => {
                self.apply(Event::Word(format!("it cannot be played: {words}")));
            }
        }
    }

    /// What a recording that begins now says of how its talk was opened.
    pub fn recorded_opening(&self) -> RecordedOpening {
        let talk = &self.presentation;
        RecordedOpening {
            texts: talk.texts().clone(),
            look: talk.look().clone(),
            at: Some(talk.address().to_string()),
            cut: talk.cut_id().map(str::to_owned),
            begins_secs: self.now_secs(),
        }
    }

    /// The first events of a recording that begins now: what is known of all sources, and which one is shown.
    pub fn recorded_past(&self) -> Vec<Timed> {
        let sources = self.presentation.sources();
        let told =
            sources.all().iter().map(|source| Event::Source { source: source.id.clone(), news: source.retold() });
        let shown = Event::Command(SourceCommand::Source(sources.shown().id.clone()).into());
        let window = Event::Window(self.presentation.window().clone());
        let own = self.presentation.own_steps().map(|steps| Event::Command(WalkCommand::Tell(steps.to_vec()).into()));
        let cover = self.presentation.cover().map(|cover| match cover {
            Cover::Black => OverCommand::Black,
            Cover::White => OverCommand::White,
        });
        // What is set by hand comes first: the sources told it already.
        let set = self.presentation.simulated().commands().into_iter().map(|command| Event::Command(command.into()));
        let rest = [shown, window].into_iter().chain(own).chain(cover.map(|command| Event::Command(command.into())));
        set.chain(told).chain(rest).map(|event| Timed { at: self.now_secs(), event }).collect()
    }

    /// Lets time pass up to `to_secs`.
    pub fn advance(&mut self, to_secs: f64) {
        while (self.ticks + 1) as f64 / TICKS <= to_secs {
            self.tick();
        }
        self.presentation.set_time(to_secs.max(self.now_secs()));
        let now_secs = self.now_secs();
        if let Some((retold, _)) = &mut self.retold {
            retold.advance(now_secs);
        }
    }

    fn tick(&mut self) {
        self.ticks += 1;
        self.presentation.set_time(self.ticks as f64 / TICKS);
        self.catch_up();
        if let Some(simulated) = &mut self.simulated {
            simulated.look_ahead(&self.presentation);
        }
        self.rehearse();
        self.play_back();
    }

    fn apply(&mut self, event: Event) -> Option<Effect> {
        if let Some(log) = &mut self.log {
            log.push(Timed { at: self.presentation.now_secs(), event: event.clone() });
        }
        let was_drill = self.presentation.drill_from().is_some();
        let effect = self.presentation.apply(event);
        if let Some(simulated) = &mut self.simulated {
            simulated.follow_drill([was_drill, self.presentation.drill_from().is_some()]);
            if let Some(announced) = simulated.set(&self.presentation, self.told.as_deref()) {
                self.announce(SourceKind::Sim, announced);
            }
        }
        self.catch_up();
        effect
    }

    fn catch_up(&mut self) {
        let phase = self.presentation.catch_up();
        if let (Some(simulated), Some(phase)) = (&mut self.simulated, &phase) {
            simulated.tell_phase(&self.presentation, phase);
        }
        self.told = phase.clone().filter(|phase| is_work(phase)).or(self.told.take());
        let jumped = self.recorded.align(&self.presentation, phase, self.told.as_ref());
        // Said where nobody of the room sees it.
        if let (Some(phase), true) = (jumped, self.presentation.desk().console) {
            self.apply(Event::Word(format!("the recording goes on where it shows this: {phase}")));
        }
    }

    /// Pulls the simulated lab up to now. All that it says is one event.
    fn rehearse(&mut self) {
        let news = self.simulated.as_mut().map(|simulated| simulated.news(&self.presentation, self.ticks));
        if let Some(news) = news.filter(|news| !news.is_empty()) {
            self.apply(Event::Source { source: SourceKind::Sim.only_id(), news });
        }
    }

    /// Polls the hour before now, if the simulated lab is shown: all stills that are posed from this show share it.
    pub(crate) fn recall_hour(&mut self) {
        while self.simulated.as_mut().is_some_and(SimulatedSource::recalls_hour)
            && self.presentation.sources().shown().kind == SourceKind::Sim
        {
            self.rehearse();
        }
    }

    /// Tells what is due of the recorded lab.
    fn play_back(&mut self) {
        for news in self.recorded.news(&self.presentation) {
            self.apply(Event::Source { source: SourceKind::Recording.only_id(), news });
        }
    }

    pub fn now_secs(&self) -> f64 {
        self.presentation.now_secs()
    }

    pub fn presentation(&self) -> &Presentation {
        &self.presentation
    }

    /// What happened since the last call, in order, where the show is logged.
    pub fn drain_log(&mut self) -> Vec<Timed> {
        self.log.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The step's picture now.
    pub fn picture(&self) -> Picture {
        self.seen().picture()
    }

    /// What the audience sees now.
    pub fn audience(&self) -> Audience {
        self.seen().audience()
    }

    /// Lets time pass until the step moves no more, at most `most_secs`. Whether it has settled.
    pub fn settle(&mut self, most_secs: f64) -> bool {
        let end = self.now_secs() + most_secs;
        while !self.presentation.is_settled() && self.now_secs() < end {
            self.advance(self.now_secs() + 1.0 / TICKS);
        }
        self.presentation.is_settled()
    }
}
