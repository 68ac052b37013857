//! The running talk: changed by events and by time passing, by nothing else.

pub mod event;
pub mod keys;
pub mod overlay;
pub mod sources;

use std::sync::Arc;

use crate::picture::Picture;
use crate::presentation::event::{Command, Effect, Event, SourceKind};
use crate::presentation::sources::{Source, SourceList};
use crate::scene::binding::Binding;
use crate::scene::change::first_change;
use crate::scene::library::{self, Library, Texts};
use crate::scene::problem::{Problem, Severity};
use crate::signal::{Readings, Subject, Tier};
use crate::theme::ThemeName;
use crate::timeline::flow::Flows;
use crate::timeline::playhead::{Playhead, Position};
use crate::timeline::seen::{Seen, Series, State};
use crate::timeline::{self, Stage};

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
    sources: SourceList,
    flows: Flows,
    numerals: Readings,
    numerals_at_secs: f64,
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
            sources: SourceList::default(),
            flows: Flows::default(),
            numerals: Readings::new(),
            numerals_at_secs: f64::NEG_INFINITY,
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
            Event::Command(command) => return self.command(command),
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
            Event::SceneText { file, text } => self.scene_text(file, text),
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
        if self.story.last().is_none_or(|(_, last)| *last != told) {
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
        let waits = self.digits.is_some() || self.notice.is_some();
        told || waits || self.flows_move()
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
        self.playhead = Playhead { secs, ..Playhead::start(at, self.library.before(at)) };
        if secs.is_infinite() {
            self.playhead = Playhead::rest(at);
        }
    }

    /// Whether the shown scene draws readings.
    pub fn is_measured(&self) -> bool {
        self.library.scenes.get(self.playhead.at.scene).is_some_and(|scene| scene.view.is_measured())
    }

    /// The step's picture now, without what covers it.
    pub fn picture(&self) -> Picture {
        self.with_stage(|stage| timeline::compose(stage, &self.playhead))
    }

    /// The step's picture at rest and without readings: the same however the step was reached.
    pub fn settled_picture(&self) -> Picture {
        let playhead = Playhead::rest(self.playhead.at);
        self.with_stage(|stage| timeline::compose(stage, &playhead)).without_measured()
    }

    /// What the audience sees.
    pub fn audience(&self) -> Audience {
        if let Some(cover) = self.cover {
            return Audience::Cover(cover);
        }
        if let Some(held) = &self.held {
            return Audience::Picture(held.clone());
        }
        let mut picture = self.picture();
        self.draw_over(&mut picture);
        Audience::Picture(Arc::new(picture))
    }

    fn draw_over(&self, picture: &mut Picture) {
        let at = self.playhead.at;
        match self.card {
            Some(Card::Help) => overlay::help(picture),
            Some(Card::Numbers) => {
                if let Some(step) = self.library.scenes.get(at.scene).and_then(|scene| scene.steps.get(at.step)) {
                    overlay::numbers(&self.library, step, picture);
                }
            }
            None => {}
        }
        if let Some((number, _)) = self.digits {
            overlay::notice(&format!("scene {number} …"), picture);
        } else if let Some((words, _)) = &self.notice {
            overlay::notice(words, picture);
        }
    }

    fn with_stage<T>(&self, use_it: impl FnOnce(Stage<'_>) -> T) -> T {
        self.with_seen(|seen| use_it(Stage { library: &self.library, seen, flows: &self.flows, reduced: self.reduced }))
    }

    /// The shown source as pictures need it.
    pub fn with_seen<T>(&self, use_it: impl FnOnce(&Seen<'_>) -> T) -> T {
        let empty = Source::new(SourceKind::None, "", 1, Vec::new());
        let source = self.sources.shown().unwrap_or(&empty);
        let now_secs = self.now_secs * f64::from(source.lapse);
        let series = |binding: &Binding| -> Series { source.series(binding, now_secs) };
        let tiers = Tier::ALL.map(|tier| source.state(Subject::Tier(tier), now_secs));
        let [t0, t1, t2, t3] = tiers;
        let badge = badge(&[&t1, &t2, &t3, &t0]);
        let unverified = source.targets().any(|heard| heard.target.unverified);
        let seen = Seen {
            readings: source.readings(),
            numerals: &self.numerals,
            states: [t0, t1, t2, t3, source.state(Subject::Compute, now_secs)],
            badge,
            origin: self.origin(source),
            warning: unverified.then(|| "certificate not verified".into()),
            lags: Tier::ALL.map(|tier| source.lag_secs(tier)),
            series: &series,
        };
        use_it(&seen)
    }

    /// The source in words; a lab's own name only when names may be seen.
    fn origin(&self, source: &Source) -> Arc<str> {
        match source.kind {
            SourceKind::Lab if !self.names => "lab".into(),
            _ => source.origin.clone(),
        }
    }

    fn command(&mut self, command: Command) -> Option<Effect> {
        let asked = self.asked.take().filter(|(_, at)| self.now_secs - at < TWICE_SECS).map(|(asked, _)| asked);
        match command {
            Command::Next => self.next(),
            Command::Back => self.back(),
            Command::NextScene => self.go_to_scene(self.library.scene_after(self.playhead.at.scene)),
            Command::PreviousScene => self.go_to_scene(self.library.scene_before(self.playhead.at.scene)),
            Command::FirstStep => self.rest(Position { step: 0, ..self.playhead.at }),
            Command::LastStep => self.rest(Position { step: usize::MAX, ..self.playhead.at }),
            Command::Jump(at) => self.jump(at),
            Command::Digit(digit) => self.digit(digit),
            Command::Enter => self.enter(),
            Command::Return => self.go_back(),
            Command::JumpAgain => {
                if let Some(at) = self.again.take() {
                    self.jump(at);
                }
            }
            Command::ReplayStep => {
                let at = self.playhead.at;
                self.playhead = Playhead::start(at, self.library.before(at).filter(|before| before.scene == at.scene));
            }
            Command::Pause => self.paused = !self.paused,
            Command::Slower => self.set_tempo(self.tempo / 1.5),
            Command::Faster => self.set_tempo(self.tempo * 1.5),
            Command::Black => self.set_cover(Cover::Black),
            Command::White => self.set_cover(Cover::White),
            Command::Hold => self.hold(),
            Command::Present => return Some(Effect::Present),
            Command::FullScreen => return Some(Effect::ToggleFullScreen),
            Command::Escape => return self.escape(asked),
            Command::Quit => return self.quit(asked),
            Command::Theme(name) => self.theme = name.unwrap_or(self.theme.next()),
            Command::ReducedMotion => self.reduced = !self.reduced,
            Command::Monitor => self.monitor(),
            Command::NextSource => {
                self.sources.show_next();
                self.swapped();
            }
            Command::Source(kind) => {
                if self.sources.show(kind) {
                    self.swapped();
                }
            }
            Command::Names => self.names = !self.names,
            Command::NumberSource => self.toggle(Card::Numbers),
            Command::Help => self.toggle(Card::Help),
            Command::Reload => {
                self.follows = !self.follows;
                self.say(if self.follows {
                    "saved scene files are followed"
                } else {
                    "saved scene files are not followed"
                });
            }
        }
        None
    }

    /// Shows a short notice.
    pub fn say(&mut self, words: &str) {
        self.notice = Some((words.to_owned(), self.now_secs));
    }

    fn swapped(&mut self) {
        self.refresh_now();
    }

    /// Finishes the motion that is under way, else goes on to the next step.
    fn next(&mut self) {
        self.paused = false;
        let left = self.settle_secs() - self.playhead.secs;
        if left > 0.0 && self.playhead.rush == 1.0 {
            self.playhead.rush = (left / RUSH_SECS / self.tempo).max(1.0 + 1e-9);
        } else if let Some(after) = self.library.after(self.playhead.at) {
            self.playhead = Playhead::start(after, Some(self.playhead.at));
        }
    }

    fn back(&mut self) {
        if let Some(before) = self.library.before(self.playhead.at) {
            self.rest(before);
        }
    }

    fn rest(&mut self, at: Position) {
        let Some(scene) = self.library.scenes.get(at.scene) else { return };
        self.paused = false;
        self.playhead = Playhead::rest(Position { step: at.step.min(scene.steps.len().saturating_sub(1)), ..at });
    }

    fn go_to_scene(&mut self, scene: Option<usize>) {
        if let Some(scene) = scene {
            self.playhead = Playhead::start(Position { scene, step: 0 }, Some(self.playhead.at));
        }
    }

    fn jump(&mut self, at: Position) {
        if self.library.scenes.get(at.scene).is_some_and(|scene| at.step < scene.steps.len()) {
            self.trail.push(self.playhead.at);
            self.rest(at);
        }
    }

    fn go_back(&mut self) {
        match self.trail.pop() {
            Some(from) => {
                self.again = Some(self.playhead.at);
                self.rest(from);
            }
            None => self.back(),
        }
    }

    fn digit(&mut self, digit: u8) {
        let before = self.digits.map_or(0, |(number, _)| number);
        let number = (before * 10 + usize::from(digit)).min(9999);
        self.digits = Some((number, self.now_secs));
    }

    fn enter(&mut self) {
        let Some((number, _)) = self.digits.take() else { return self.next() };
        let scene = number.checked_sub(1).filter(|scene| *scene < self.library.scenes.len());
        match scene {
            Some(scene) => self.jump(Position { scene, step: 0 }),
            None => self.say(&format!("no scene {number}: there are {}", self.library.scenes.len())),
        }
    }

    fn set_tempo(&mut self, tempo: f64) {
        self.tempo = tempo.clamp(0.3, 3.4);
    }

    fn set_cover(&mut self, cover: Cover) {
        self.cover = if self.cover == Some(cover) { None } else { Some(cover) };
    }

    fn hold(&mut self) {
        self.held = match self.held.take() {
            Some(_) => None,
            None => Some(Arc::new(self.picture())),
        };
    }

    fn toggle(&mut self, card: Card) {
        self.card = if self.card == Some(card) { None } else { Some(card) };
    }

    /// Out one level; full screen only when pressed twice in a row.
    fn escape(&mut self, asked: Option<Command>) -> Option<Effect> {
        if self.digits.take().is_some()
            || self.card.take().is_some()
            || self.cover.take().is_some()
            || self.held.take().is_some()
        {
            return None;
        }
        if !self.full_screen {
            return None;
        }
        if asked == Some(Command::Escape) {
            return Some(Effect::LeaveFullScreen);
        }
        self.asked = Some((Command::Escape, self.now_secs));
        None
    }

    fn quit(&mut self, asked: Option<Command>) -> Option<Effect> {
        if asked == Some(Command::Quit) {
            return Some(Effect::Quit);
        }
        self.asked = Some((Command::Quit, self.now_secs));
        self.say("Ctrl+Q again quits");
        None
    }

    /// To the monitor, or back from it.
    fn monitor(&mut self) {
        let Some(scene) = self.library.find("monitor") else { return };
        if self.playhead.at.scene == scene { self.go_back() } else { self.jump(Position { scene, step: 0 }) }
    }

    /// A scene file's new text. A good one lands where it changed; a bad one leaves the last good one on stage.
    fn scene_text(&mut self, file: String, text: String) {
        if !self.follows {
            return;
        }
        self.latest.insert(file.clone(), text);
        let (library, problems) = library::read(&self.latest);
        let bad = problems.iter().any(|problem| problem.severity == Severity::Error && !self.is_old(problem));
        self.problems = problems;
        if let (Some(library), false) = (library, bad) {
            self.good.clone_from(&self.latest);
            self.take_library(library, &file);
        }
    }

    /// Whether an error was there when the talk began and has not been touched since.
    fn is_old(&self, problem: &Problem) -> bool {
        self.good.get(&problem.file) == self.latest.get(&problem.file)
    }

    fn take_library(&mut self, library: Library, file: &str) {
        let here = self.library.scenes.get(self.playhead.at.scene).map(|scene| scene.id.clone());
        let old = self.library.scenes.iter().find(|scene| &*scene.file == file).cloned();
        let new = library.scenes.iter().position(|scene| &*scene.file == file);
        let changed = old.zip(new).and_then(|(old, new)| Some((new, first_change(&old, &library.scenes[new])?)));
        let stays = here.and_then(|id| library.find(&id)).unwrap_or(0);
        self.library = library;
        let shown = self.library.scenes[stays].steps.len().saturating_sub(1);
        let step = match changed {
            Some((scene, step)) if scene == stays => step,
            _ => self.playhead.at.step.min(shown),
        };
        let same = step == self.playhead.at.step && stays == self.playhead.at.scene && changed.is_none();
        if !same {
            self.rest(Position { scene: stays, step });
        }
        self.trail.retain(|at| at.scene < self.library.scenes.len());
    }
}

/// One word for all tiers: the tiers' own state where they agree, else the most alive; an age is the longest.
fn badge(states: &[&State]) -> State {
    let live =
        states.iter().find(|state| matches!(state, State::Live | State::Simulated { .. } | State::Recorded { .. }));
    let stale = states.iter().filter(|state| matches!(state, State::Stale { .. })).max_by_key(|state| match state {
        State::Stale { age_secs } => *age_secs,
        _ => 0,
    });
    let waiting = states.iter().find(|state| ***state == State::Waiting);
    live.or(stale).or(waiting).map_or(State::NoSource, |state| (*state).clone())
}
