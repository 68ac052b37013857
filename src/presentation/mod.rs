//! The running talk: changed by events and by time passing, by nothing else.

pub mod ask;
mod control;
pub mod event;
mod explore;
pub mod keys;
pub mod overlay;
mod reload;
pub mod sources;
mod view;

use std::sync::Arc;

use crate::picture::{Picture, ThemeName};
use crate::presentation::event::{Command, Effect, Event, SourceKind};
use crate::presentation::explore::{Asking, Pointed};
use crate::presentation::sources::SourceList;
use crate::scene::library::{self, Cut, Library, Texts};
use crate::scene::problem::Problem;
use crate::signal::Readings;
use crate::timeline;
use crate::timeline::flow::Flows;
use crate::timeline::hit::{Folded, NumberId};
use crate::timeline::playhead::{Playhead, Position};

/// What lies over the audience's picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    Black,
    White,
}

/// What the audience sees.
#[derive(Clone, Debug, PartialEq)]
pub enum Audience {
    Cover(Cover),
    Picture(Arc<Picture>),
}

/// Cards over the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Card {
    Help,
    Numbers,
}

/// How long a typed number waits for its Enter, and a notice stays.
const WAIT_SECS: f64 = 3.0;
/// A second press of quit, or of Escape for full screen, must come within this.
const TWICE_SECS: f64 = 2.0;
/// A press of next finishes a motion within this.
const RUSH_SECS: f64 = 0.4;
/// Numerals are refreshed at most this often.
const NUMERALS_SECS: f64 = 1.0;

/// The state of the talk.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the presenter's, and they are independent")]
pub struct Presentation {
    library: Library,
    /// The files as they are now, and those the library was made of: the last good ones.
    latest: Texts,
    good: Texts,
    problems: Vec<Problem>,
    follows: bool,
    now_secs: f64,
    playhead: Playhead,
    /// Where jumps left from, and where the last return left from.
    trail: Vec<Position>,
    again: Option<Position>,
    paused: bool,
    tempo: f64,
    cover: Option<Cover>,
    held: Option<Arc<Picture>>,
    card: Option<Card>,
    digits: Option<(usize, f64)>,
    notice: Option<(String, f64)>,
    asked: Option<(Command, f64)>,
    full_screen: bool,
    theme: ThemeName,
    reduced: bool,
    names: bool,
    folded: Folded,
    focus: Option<Pointed>,
    /// Since when what has the focus lies open.
    opened_secs: Option<f64>,
    asking: Option<Asking>,
    /// The quantities whose sources are asked for; none: all of the step.
    aimed: Option<Vec<NumberId>>,
    /// Which cut of the deck is told; none: all of it.
    cut: Option<usize>,
    sources: SourceList,
    flows: Flows,
    numerals: Readings,
    numerals_at_secs: f64,
    /// The step is told anew, and with it its phase.
    retells: bool,
    /// Times at which another phase was told, with the phase: the story the simulated lab follows.
    story: Vec<(f64, Option<Arc<str>>)>,
}

/// Settings a talk starts with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    pub theme: ThemeName,
    pub reduced: bool,
    /// Host and bucket names may be seen by the audience.
    pub names: bool,
}

impl Presentation {
    /// Starts a talk over these files. Err: what keeps it from starting at all.
    pub fn new(texts: Texts, settings: Settings) -> Result<Self, Vec<Problem>> {
        let (library, problems) = library::read(&texts);
        let Some(library) = library.filter(|library| !library.scenes.is_empty()) else { return Err(problems) };
        let first = library.entries.iter().position(|entry| !entry.hidden).unwrap_or(0);
        Ok(Self {
            library,
            latest: texts.clone(),
            good: texts,
            problems,
            follows: true,
            now_secs: 0.0,
            playhead: Playhead::start(Position { scene: first, step: 0 }, None),
            trail: Vec::new(),
            again: None,
            paused: false,
            tempo: 1.0,
            cover: None,
            held: None,
            card: None,
            digits: None,
            notice: None,
            asked: None,
            full_screen: false,
            theme: settings.theme,
            reduced: settings.reduced,
            names: settings.names,
            folded: Folded::new(),
            focus: None,
            opened_secs: None,
            asking: None,
            aimed: None,
            cut: None,
            sources: SourceList::default(),
            flows: Flows::default(),
            numerals: Readings::new(),
            numerals_at_secs: f64::NEG_INFINITY,
            retells: false,
            story: Vec::new(),
        })
    }

    pub fn library(&self) -> &Library {
        &self.library
    }

    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub fn position(&self) -> Position {
        self.playhead.at
    }

    pub fn theme(&self) -> ThemeName {
        self.theme
    }

    pub fn sources(&self) -> &SourceList {
        &self.sources
    }

    pub fn sources_mut(&mut self) -> &mut SourceList {
        &mut self.sources
    }

    pub fn story(&self) -> &[(f64, Option<Arc<str>>)] {
        &self.story
    }

    /// Whether names of labs may be seen by the audience.
    pub fn show_names(&mut self, names: bool) {
        self.names = names;
    }

    /// The cut that is told; none: the whole deck.
    pub fn cut(&self) -> Option<&Cut> {
        self.cut.and_then(|cut| self.library.cuts.get(cut))
    }

    /// Whether saved scene files are followed.
    pub fn follows_files(&self) -> bool {
        self.follows
    }

    /// The host says whether the audience's window fills its screen.
    pub fn set_full_screen(&mut self, full_screen: bool) {
        self.full_screen = full_screen;
    }

    /// Applies an event; the answer is what only the host can do.
    pub fn apply(&mut self, event: Event) -> Option<Effect> {
        match event {
            Event::Command(command) => return self.command(&command),
            Event::Scraped { source, target, at_secs, report } => {
                if let Some(source) = self.sources.get_mut(source) {
                    source.scraped(&target, at_secs, report);
                }
            }
            Event::ScrapeFailed { source, target, fault, at_secs: _ } => {
                if let Some(source) = self.sources.get_mut(source) {
                    source.failed(&target, fault);
                }
            }
            Event::SceneText { file, text } => self.scene_text(&file, text),
        }
        None
    }

    /// Lets time pass up to `now_secs`.
    pub fn advance(&mut self, now_secs: f64) {
        let dt_secs = (now_secs - self.now_secs).max(0.0);
        self.now_secs = now_secs;
        if !self.paused {
            self.playhead.advance(dt_secs * self.tempo);
        }
        self.digits = self.digits.filter(|(_, at)| now_secs - at < WAIT_SECS);
        self.notice = self.notice.take().filter(|(_, at)| now_secs - at < WAIT_SECS);
        self.tell_story();
        if let Some(lab) = self.sources.get_mut(SourceKind::Lab) {
            lab.end_stale_curves(now_secs);
        }
        self.refresh_numerals();
        let targets = self.with_seen(|seen| timeline::targets(&self.library, self.playhead.at, seen));
        self.flows.advance(&targets, dt_secs);
    }

    /// Notes the phase told when it is another than before.
    fn tell_story(&mut self) {
        let at = self.playhead.at;
        let Some(step) = self.library.scenes.get(at.scene).and_then(|scene| scene.steps.get(at.step)) else { return };
        let Some(phase) = timeline::phase_of(step, self.playhead.secs).cloned() else { return };
        let told = Some(phase);
        let again = std::mem::take(&mut self.retells);
        if again || self.story.last().is_none_or(|(_, last)| *last != told) {
            self.story.push((self.now_secs, told));
        }
    }

    fn refresh_numerals(&mut self) {
        let Some(source) = self.sources.shown() else { return };
        if self.now_secs - self.numerals_at_secs >= NUMERALS_SECS {
            self.numerals.clone_from(source.readings());
            self.numerals_at_secs = self.now_secs;
        }
    }

    /// Numerals take the newest readings at once: after a swap of source or step, and for stills.
    pub fn refresh_now(&mut self) {
        self.numerals_at_secs = f64::NEG_INFINITY;
        self.refresh_numerals();
    }

    /// Measured motion at its target, dots as far as they come in `secs`: for stills.
    pub fn settle_flows(&mut self, secs: f64) {
        self.refresh_now();
        let targets = self.with_seen(|seen| timeline::targets(&self.library, self.playhead.at, seen));
        self.flows = Flows::settled(&targets, secs);
    }

    /// Whether the picture changes with the next moment, measured motion included.
    pub fn moves(&self) -> bool {
        let told = !self.paused && !self.is_settled();
        let waits = self.digits.is_some() || self.notice.is_some() || self.shows_ask();
        told || waits || self.is_opening() || self.flows_move()
    }

    fn flows_move(&self) -> bool {
        let targets = self.with_seen(|seen| timeline::targets(&self.library, self.playhead.at, seen));
        self.flows.clone().advance(&targets, 1.0 / 60.0)
    }

    /// Whether the step's change and told motion are over.
    pub fn is_settled(&self) -> bool {
        self.playhead.secs >= self.settle_secs()
    }

    /// When the step's change and told motion are over, in seconds from its start.
    pub fn settle_secs(&self) -> f64 {
        self.with_stage(|stage| timeline::settle_secs(stage, self.playhead.at, self.playhead.from))
    }

    /// The playhead `secs` into the step: for exports.
    pub fn seek(&mut self, at: Position, secs: f64) {
        self.playhead = Playhead { secs, ..Playhead::start(at, self.library.before(at, None)) };
        if secs.is_infinite() {
            self.playhead = Playhead::rest(at);
        }
    }
}
