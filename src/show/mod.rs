//! The whole program without its windows: one door for events, one given clock.
//!
//! After [`Show::open`] everything that changes the talk passes [`Show::take`], or is time passing in [`Show::advance`].
//! The simulated lab is pulled at its poll times; its answers are events too. Time passes in ticks on a fixed grid: at
//! each, and with each event, what follows from the time is caught up with (a phase told, a curve that ended, numerals).
//! Between them nothing changes but what pictures work out from the time, so the host's frames change nothing.

mod around;
mod polled;
mod posed;
mod rehearsal;
mod retold;
mod sizing;

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
use crate::recording::{Playback, RecordedOpening, Recording, Sought};
use crate::ron_text::Problem;
use crate::scene::library::Texts;
use crate::show::rehearsal::{Rehearsal, Setting, Wanted, is_work};
use crate::show::sizing::sizing_of;

pub use self::posed::When;
pub use self::retold::{Marked, Reel, TapeMark};

/// A recorded talk that is told again.
pub type Retold = Reel<Show>;

/// Ticks in a second.
const TICKS: f64 = 10.0;
/// The window's first picture does not wait for the hour before the talk: it is polled at this tick.
const HISTORY_TICK: u64 = 3;

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
    rehearsal: Option<Rehearsal>,
    /// The simulated lab as it was when the drill began that goes on, and whether charts were wanted.
    before_drill: Option<(Rehearsal, bool)>,
    playback: Option<Playback>,
    /// Ticks that have passed.
    ticks: u64,
    /// Charts are wanted, or will be at [`HISTORY_TICK`].
    wants_history: bool,
    polls_history: bool,
    /// The work that was told last, and the edition of the figures that the simulated lab is sized by.
    told: Option<Arc<str>>,
    sized_by: u32,
    /// The recorded lab is the source shown.
    shows_recording: bool,
    log: Option<Vec<Timed>>,
    /// A recorded talk is told again, and this one is what is around it.
    retold: Option<(Box<Retold>, Within)>,
    /// The recording that was opened last.
    opened: Option<Recording>,
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
        let mut show = Self::of_presentation(presentation, setting.map(Rehearsal::new));
        (show.polls_history, show.log) = (polls_history, is_logged.then(Vec::new));
        if let Some(setting) = setting {
            show.announce(SourceKind::Sim, setting.announcement());
        }
        if !is_replay {
            show.announce(SourceKind::None, SourceEvent::Announced(Announcement::no_source()));
        }
        if let Some(playback) = playback.filter(|_| !is_replay) {
            show.announce(SourceKind::Recording, playback.announcement());
            show.opened = Some(playback.recording().clone());
            show.playback = Some(playback);
        }
        Ok(show)
    }

    /// Goes on from a state that was written down, without a simulated lab: its answers are events.
    pub fn resume(state: TalkState) -> Result<Self, OpenError> {
        Ok(Self::of_presentation(Presentation::restore(state).map_err(OpenError::Scenes)?, None))
    }

    fn of_presentation(presentation: Presentation, rehearsal: Option<Rehearsal>) -> Self {
        let ticks = (presentation.now_secs() * TICKS).floor() as u64;
        Self {
            presentation,
            rehearsal,
            before_drill: None,
            playback: None,
            ticks,
            wants_history: false,
            polls_history: false,
            told: None,
            sized_by: 0,
            shows_recording: false,
            log: None,
            retold: None,
            opened: None,
        }
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
        let opened = Recording::open(bytes).inspect(|recording| self.opened = Some(recording.clone()));
        match opened.and_then(Playback::new) {
            Ok(playback) => {
                self.announce(SourceKind::Recording, playback.announcement());
                self.playback = Some(playback);
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
        if let (Some(rehearsal), true) = (&mut self.rehearsal, self.presentation.is_near_run()) {
            rehearsal.look_ahead();
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
        match (was_drill, self.presentation.drill_from().is_some()) {
            // What fails in a drill has not failed when it is over.
            (false, true) => self.before_drill = self.rehearsal.clone().map(|lab| (lab, self.wants_history)),
            (true, false) => {
                if let Some((lab, wants_history)) = self.before_drill.take() {
                    (self.rehearsal, self.wants_history) = (Some(lab), wants_history);
                }
            }
            (false, false) | (true, true) => {}
        }
        self.set_rehearsal();
        self.catch_up();
        effect
    }

    /// The simulated lab is as the presenter has set it: another one, which begins now, or the same in other sizes.
    fn set_rehearsal(&mut self) {
        let Some(rehearsal) = &mut self.rehearsal else { return };
        let now_secs = self.presentation.now_secs();
        let setting = rehearsal.setting().set(self.presentation.simulated());
        let is_other = setting != rehearsal.setting();
        if is_other {
            *rehearsal = Rehearsal::new(setting).begun_at(setting.secs(now_secs));
            if let Some(phase) = &self.told {
                rehearsal.tell_phase(setting.secs(now_secs), phase);
            }
        }
        let figures = &self.presentation.library().figures;
        if is_other || self.sized_by != figures.edition() {
            self.sized_by = figures.edition();
            rehearsal.size(setting.secs(now_secs), sizing_of(figures));
        }
        if is_other {
            self.announce(SourceKind::Sim, setting.announcement());
        }
    }

    fn catch_up(&mut self) {
        let phase = self.presentation.catch_up();
        if let (Some(rehearsal), Some(phase)) = (&mut self.rehearsal, &phase) {
            let secs = rehearsal.setting().secs(self.presentation.now_secs());
            // Of a talk that began within a drill no lab is known that it could be put back to.
            if is_work(phase) && !self.presentation.is_within_drill(self.presentation.address()) {
                rehearsal.mend(secs);
            }
            rehearsal.tell_phase(secs, phase);
        }
        self.told = phase.clone().filter(|phase| is_work(phase)).or(self.told.take());
        self.align_playback(phase);
    }

    /// A recorded lab goes on where it shows what is told; also when it is shown from now on, and that was told before.
    fn align_playback(&mut self, phase: Option<Arc<str>>) {
        let is_shown = self.presentation.sources().shown().kind == SourceKind::Recording;
        let was_shown = std::mem::replace(&mut self.shows_recording, is_shown);
        let phase = phase.or_else(|| self.told.clone().filter(|_| !was_shown)).filter(|_| is_shown);
        let found = self.playback.as_mut().zip(phase.as_deref().and_then(Sought::of_phase));
        let has_jumped = found.is_some_and(|(playback, sought)| playback.find(sought, self.presentation.now_secs()));
        // Said where nobody of the room sees it.
        if let (true, true, Some(phase)) = (has_jumped, self.presentation.desk().console, phase) {
            self.apply(Event::Word(format!("the recording goes on where it shows this: {phase}")));
        }
    }

    /// Pulls the simulated lab up to now, while it is the source shown. All that it says is one event.
    fn rehearse(&mut self) {
        let Some(rehearsal) = &mut self.rehearsal else { return };
        let is_shown = self.presentation.sources().shown().kind == SourceKind::Sim;
        self.wants_history |= self.polls_history && self.ticks >= HISTORY_TICK;
        self.wants_history |= is_shown && self.presentation.shows_the_past();
        let wanted = match (is_shown, self.wants_history) {
            (false, _) => Wanted::Nothing,
            (true, false) => Wanted::Readings,
            (true, true) => Wanted::History,
        };
        let news = rehearsal.news(rehearsal.setting().secs(self.presentation.now_secs()), wanted);
        if !news.is_empty() {
            self.apply(Event::Source { source: SourceKind::Sim.only_id(), news });
        }
    }

    /// Polls the hour before now, if the simulated lab is shown: all stills that are posed from this show share it.
    pub(crate) fn recall_hour(&mut self) {
        self.wants_history = true;
        while self.presentation.sources().shown().kind == SourceKind::Sim
            && self.rehearsal.as_ref().is_some_and(|rehearsal| !rehearsal.knows_hour())
        {
            self.rehearse();
        }
    }

    /// Tells what is due of the recorded lab. It begins when it is first shown, and goes on from there.
    fn play_back(&mut self) {
        let Some(playback) = &mut self.playback else { return };
        if !playback.has_begun() && self.presentation.sources().shown().kind != SourceKind::Recording {
            return;
        }
        for news in playback.news(self.presentation.now_secs()) {
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
