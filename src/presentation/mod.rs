//! The running talk: changed by events and by time passing, by nothing else.
//!
//! Its parts own their state and their commands: where it is ([`walk`]), what is pointed at ([`pointing`], [`hand`]) and asked
//! for ([`asking`]), what lies over the picture ([`over`]), its [`files`], what is [`measured`], its [`look`]. Here events are
//! handed to the parts, and here stand the few rules that concern more than one of them.

pub mod ask;
pub mod asking;
pub mod command;
pub mod desk;
mod drill;
mod drilling;
pub mod event;
pub mod files;
mod focusing;
mod following;
pub mod hand;
pub mod keymap;
pub mod look;
pub mod measured;
pub mod minutes_left;
pub mod over;
pub mod overlay;
mod own_keys;
pub mod pace;
pub mod pointing;
mod shorten;
pub mod simulated;
pub(crate) mod test_card;
mod tools;
mod view;
pub mod walk;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::live::{Source, SourceCurves, SourceEvent, SourceId, SourceList};
use crate::picture::{Picture, ThemeName};
use crate::presentation::asking::Asking;
use crate::presentation::command::{Command, WindowCommand};
use crate::presentation::desk::{DeskCommand, DeskState};
use crate::presentation::drill::Before;
use crate::presentation::event::{Effect, Event};
use crate::presentation::files::Files;
use crate::presentation::hand::Hand;
use crate::presentation::keymap::Keymap;
use crate::presentation::look::{Look, WindowState};
use crate::presentation::measured::Measured;
use crate::presentation::over::{Cover, Over, OverCommand, Sheet, Twice};
use crate::presentation::pace::{PaceCommand, PlanNow, TalkPace, Timing};
use crate::presentation::pointing::Pointing;
use crate::presentation::simulated::{SimCommand, Simulated};
use crate::presentation::walk::{DeckNow, Walk, WalkCommand};
use crate::ron_text::Problem;
use crate::scene::address::Address;
use crate::scene::library::{Cut, Library, Texts};
use crate::timeline::hit::HitId;
use crate::timeline::playhead::Position;

/// What the audience sees.
#[derive(Clone, Debug, PartialEq)]
pub enum Audience {
    Cover(Cover),
    Picture(Arc<Picture>),
}

/// Everything that the talk's events lead to: it can be written down, and read back with `Presentation::restore`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TalkState {
    now_secs: f64,
    walk: Walk,
    pointing: Pointing,
    hand: Hand,
    asking: Asking,
    over: Over,
    files: Files,
    measured: Measured,
    look: Look,
    desk: DeskState,
    pace: TalkPace,
    /// During a drill: what the talk comes back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    drill: Option<Box<Before>>,
}

/// The talk: its state, and the library that its files make.
#[derive(Clone)]
pub struct Presentation {
    library: Arc<Library>,
    keymap: Keymap,
    state: TalkState,
}

impl Presentation {
    /// Starts a talk over these files, at its first step that is not hidden. Err: what keeps it from starting at all.
    pub fn new(texts: Texts, look: Look) -> Result<Self, Vec<Problem>> {
        let (files, library) = Files::read(texts)?;
        let scene = library.entries.iter().position(|entry| !entry.hidden).unwrap_or(0);
        let state = TalkState {
            now_secs: 0.0,
            walk: Walk::new(library.address(Position { scene, step: 0 })),
            pointing: Pointing::default(),
            hand: Hand::default(),
            asking: Asking::default(),
            over: Over::default(),
            files,
            measured: Measured::default(),
            look,
            desk: DeskState::default(),
            pace: TalkPace::default(),
            drill: None,
        };
        Ok(Self { library: Arc::new(library), keymap: Keymap::default(), state })
    }

    /// Goes on from a state that was written down.
    pub(crate) fn restore(mut state: TalkState) -> Result<Self, Vec<Problem>> {
        let library = Arc::new(state.files.read_again()?);
        state.walk.renew(&library);
        let mut talk = Self { library, keymap: Keymap::default(), state };
        talk.lay_over_by_hand();
        talk.find_focus_again();
        talk.state.asking.renew(&talk.library);
        Ok(talk)
    }

    /// Begins at a step, or with a cut. Err: there is no cut of this id, and which there are.
    pub(crate) fn begin(&mut self, at: Option<Address>, cut: Option<&str>) -> Result<(), String> {
        if let Some(cut) = cut {
            self.state.walk.start_cut(cut, &self.library)?;
        }
        if let Some(at) = at {
            self.seek(at, 0.0);
        }
        Ok(())
    }

    /// The talk has these keys from its beginning.
    pub(crate) fn use_keys(&mut self, keymap: Keymap) {
        self.keymap = keymap;
    }

    pub fn state(&self) -> &TalkState {
        &self.state
    }

    /// Takes the curves out, those that a drill comes back to as well: a talk without them is quickly copied.
    pub(crate) fn take_curves(&mut self) -> Vec<SourceCurves> {
        self.sources_mut().map(|source| std::mem::take(source.curves_mut())).collect()
    }

    /// Puts the curves in that were taken out of it.
    pub(crate) fn put_curves(&mut self, curves: Vec<SourceCurves>) {
        self.sources_mut().zip(curves).for_each(|(source, curves)| *source.curves_mut() = curves);
    }

    fn sources_mut(&mut self) -> impl Iterator<Item = &mut Source> {
        let before_drill = self.state.drill.iter_mut().filter_map(|before| before.sim.as_mut());
        self.state.measured.sources.iter_mut().chain(before_drill)
    }

    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    pub fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    pub fn problems(&self) -> &[Problem] {
        self.state.files.problems()
    }

    pub fn address(&self) -> &Address {
        self.state.walk.at()
    }

    /// Where the talk is in this reading of the deck.
    pub fn position(&self) -> Position {
        self.state.walk.position(&self.library)
    }

    pub fn theme(&self) -> ThemeName {
        self.state.look.theme
    }

    pub fn sources(&self) -> &SourceList {
        &self.state.measured.sources
    }

    /// The simulated lab as it is set.
    pub fn simulated(&self) -> &Simulated {
        &self.state.measured.simulated
    }

    /// The cut that is told; none: the whole deck.
    pub fn cut(&self) -> Option<&Cut> {
        self.state.walk.cut(&self.library)
    }

    /// The id of the deck's cut that is told, or that a plan made during the talk was made of.
    pub(crate) fn cut_id(&self) -> Option<&str> {
        self.state.walk.cut_id()
    }

    /// The steps of a plan that was made during the talk, where one is told.
    pub(crate) fn own_steps(&self) -> Option<&[Address]> {
        self.state.walk.own_steps()
    }

    /// Whether letters belong to the ask box.
    pub fn is_asking(&self) -> bool {
        self.state.asking.is_open(self.state.desk.has_console(), self.state.now_secs)
    }

    /// The files that the library was made of.
    pub(crate) fn texts(&self) -> &Texts {
        self.state.files.good()
    }

    pub(crate) fn look(&self) -> &Look {
        &self.state.look
    }

    /// What lies on the presenter's desk.
    pub fn desk(&self) -> &DeskState {
        &self.state.desk
    }

    /// During a drill: the step that it comes back to.
    pub fn drill_from(&self) -> Option<&Address> {
        self.state.drill.as_ref().map(|before| before.walk.at())
    }

    /// Where the talk stands against its plan.
    pub fn timing(&self) -> Timing {
        let (library, at, counted) = (&*self.library, self.position(), self.counted_from());
        self.state.pace.timing(&PlanNow { library, cut: self.counted_cut(), at, counted }, self.state.now_secs)
    }

    /// Whether the talk is a rehearsal.
    pub fn rehearses(&self) -> bool {
        self.state.pace.rehearses()
    }

    /// The run so far, in the deck's order: each step that was shown, what it is given, and how long it was shown, in
    /// seconds.
    pub fn run(&self) -> Vec<(Address, f64, f64)> {
        let spent = self.state.pace.spent(self.address(), self.state.now_secs);
        let mut steps: Vec<(Position, Address, f64)> =
            spent.into_iter().filter_map(|(at, secs)| Some((self.library.locate(&at)?, at, secs))).collect();
        steps.sort_by_key(|(at, ..)| *at);
        let budget = |at: &Position| f64::from(self.library.scenes[at.scene].steps[at.step].budget_secs);
        steps.into_iter().map(|(place, at, secs)| (at, budget(&place), secs)).collect()
    }

    /// Whether a step was shown before.
    pub(crate) fn has_seen(&self, at: &Address) -> bool {
        self.state.pace.has_seen(at)
    }

    /// What is private and passes: what was last said, or a number that waits for its Enter.
    pub fn said(&self) -> Option<String> {
        let (over, now_secs) = (&self.state.over, self.state.now_secs);
        let number = over.number(now_secs).map(|number| format!("scene {number} …"));
        number.or_else(|| over.notice(now_secs).map(str::to_owned))
    }

    /// The first keys to know, on the console, while they are told.
    pub(crate) fn first_keys(&self) -> Option<[String; 3]> {
        self.state.over.first_keys_left(self.state.now_secs)?;
        Some(overlay::first_keys(&self.keymap))
    }

    /// The ask box, where it is open: what is typed, the titles it leads to, and which of them is chosen.
    pub(crate) fn asked(&self) -> Option<(&str, Vec<Arc<str>>, usize)> {
        self.state.asking.shown()
    }

    /// What covers the audience's picture wholly.
    pub(crate) fn cover(&self) -> Option<Cover> {
        self.state.over.cover
    }

    /// Whether the audience sees a picture that is held.
    pub(crate) fn is_holding(&self) -> bool {
        self.state.over.held.is_some()
    }

    /// Which page of the help is open.
    pub(crate) fn help_page(&self) -> Option<usize> {
        match self.state.over.sheet {
            Some(Sheet::Help(page)) => Some(page),
            Some(Sheet::Numbers | Sheet::TestCard) | None => None,
        }
    }

    /// What has the focus, by its id.
    pub fn focused(&self) -> Option<&HitId> {
        self.state.pointing.focused()
    }

    /// The card that is open, by the id of what it is about.
    pub fn opened(&self) -> Option<&HitId> {
        self.state.pointing.opened_secs.and(self.focused())
    }

    /// The audience's window, as the host described it.
    pub fn window(&self) -> &WindowState {
        &self.state.look.window
    }

    pub(crate) fn now_secs(&self) -> f64 {
        self.state.now_secs
    }

    /// The next event happens at this time.
    pub(crate) fn set_time(&mut self, now_secs: f64) {
        self.state.now_secs = now_secs;
    }

    /// Applies an event; the answer is what only the host can do.
    pub(crate) fn apply(&mut self, event: Event) -> Option<Effect> {
        match event {
            Event::Command(command) => return self.command(&command),
            Event::Source { source, news } => self.hear(&source, news),
            Event::SceneText { file, text } => self.save(&file, text),
            // The laser follows the pointer: for the room it lies still while the doctor's page is open.
            Event::Pointer(_) if self.state.desk.is_doctor() => {}
            Event::Pointer(at) => self.move_pointer(at),
            Event::Window(window) => self.state.look.window = window,
            Event::Word(words) => self.say(words),
            Event::Key(key) => self.state.desk.hear_key(key),
            // The show makes a source of it.
            Event::Recording(_) => {}
        }
        None
    }

    /// What must be known before the next picture, after an event and as time passes: the phase told (which is answered
    /// when it is another), curves that have ended, numerals, and where measured motion is to go.
    pub(crate) fn catch_up(&mut self) -> Option<Arc<str>> {
        let now_secs = self.state.now_secs;
        let phase = self.state.walk.tell_phase(&self.library, now_secs);
        self.state.measured.sources.note_stale(now_secs);
        self.state.measured.refresh_numerals(now_secs);
        let targets = self.targets();
        self.state.measured.aim(targets, now_secs);
        phase
    }

    /// Takes in what a source says. The first readings are seen at once.
    fn hear(&mut self, source: &SourceId, news: Vec<SourceEvent>) {
        let measured = &mut self.state.measured;
        let is_first = measured.sources.shown().readings().is_empty();
        for news in news {
            measured.sources.apply(source, news);
        }
        if is_first {
            measured.hurry_numerals();
        }
    }

    /// Carries a command out. What was pointed at is forgotten when the step is left.
    fn command(&mut self, command: &Command) -> Option<Effect> {
        let now_secs = self.state.now_secs;
        let asked = self.state.over.take_asked(now_secs);
        if self.state.desk.is_doctor() && command.reaches_the_room() {
            return None;
        }
        match command {
            Command::Walk(command) => self.walk(command),
            Command::Point(command) => return self.point(command),
            Command::Hand(command) => self.wield(command),
            Command::Ask(command) => return self.ask(command),
            Command::Over(OverCommand::Digit(digit)) if self.types_minutes(*digit) => {}
            Command::Over(command) => {
                let holds = *command == OverCommand::Hold && self.state.over.held.is_none();
                let held = holds.then(|| Arc::new(self.pointed_out(self.picture())));
                self.state.over.carry_out(*command, now_secs, held, overlay::help_pages(&self.keymap));
            }
            Command::Source(command) => self.state.measured.carry_out(command),
            Command::Sim(command) => self.simulate(command),
            Command::Look(command) => self.state.look.carry_out(*command),
            Command::File(command) => {
                let words = self.state.files.carry_out(*command);
                self.say(words);
            }
            Command::Desk(DeskCommand::MinutesLeft(minutes)) => self.ask_minutes_left(*minutes),
            Command::Desk(DeskCommand::Keep) => self.keep_chosen(),
            Command::Desk(DeskCommand::Choose(by)) if self.choose_among_planned(*by) => {}
            Command::Desk(command) => {
                let at = self.address().clone();
                let said = self.state.desk.carry_out(*command, &at, &self.library, now_secs);
                if let Some(words) = said {
                    self.say(words);
                }
                if *command == DeskCommand::Doctor && self.state.desk.is_doctor() {
                    return Some(Effect::LookOver);
                }
            }
            Command::Pace(command) => {
                let (at, did) = (self.address().clone(), self.state.pace.rehearses());
                let told = self.counted_from().map(|told| self.library.address(told));
                self.state.pace.carry_out(*command, &at, told, now_secs);
                if *command == PaceCommand::Rehearsal {
                    self.say(if did { "the rehearsal is kept" } else { "a rehearsal: its times are kept" });
                    return did.then_some(Effect::KeepRun);
                }
            }
            Command::Window(WindowCommand::Present) => return Some(Effect::Present),
            Command::Window(WindowCommand::Swap) => return Some(Effect::Swap),
            Command::Window(WindowCommand::Record) => return Some(Effect::Record),
            Command::Window(WindowCommand::OpenRecording) => return Some(Effect::OpenRecording),
            Command::Window(WindowCommand::Resume) => return Some(Effect::Resume),
            Command::Window(WindowCommand::LetGo) => return Some(Effect::LetGo),
            // Told again is a talk as a whole, around which this one stands still: the show does it.
            Command::Window(WindowCommand::TellAgain) => {}
            Command::Window(WindowCommand::FullScreen) => {
                return Some(Effect::FullScreen(!self.state.look.window.full_screen));
            }
            Command::Enter if self.state.desk.is_doctor() => return Some(Effect::LookOver),
            Command::Enter => self.enter(),
            Command::Escape if self.state.desk.is_doctor() => {
                if self.state.over.is_confirmed(Twice::CloseDoctor, asked, now_secs) {
                    self.state.desk.page = None;
                }
            }
            Command::Escape => return self.escape(asked),
            Command::Quit => {
                if self.state.over.is_confirmed(Twice::Quit, asked, now_secs) {
                    return Some(Effect::Quit);
                }
                self.say("Ctrl+Q again quits");
            }
        }
        None
    }

    /// Sets the simulated lab. What is set by hand shows at once wherever it is told.
    fn simulate(&mut self, command: &SimCommand) {
        let has_console = self.state.desk.has_console();
        let said = self.state.measured.simulated.carry_out(command, has_console, &self.library.figures);
        if let Some(words) = said {
            self.say(words);
        }
        self.lay_over_by_hand();
    }

    /// Lays over the figures what is set by hand, and nothing else.
    fn lay_over_by_hand(&mut self) {
        let by_hand = self.state.measured.simulated.by_hand(&self.library.figures);
        if *self.library.figures.by_hand() != by_hand {
            Arc::make_mut(&mut self.library).figures.set_by_hand(by_hand);
        }
    }

    fn say(&mut self, words: impl Into<String>) {
        self.state.over.say(words, self.state.now_secs);
    }

    /// Next closes what is open first. Where nobody sees what lies under a cover, it takes the cover away.
    fn walk(&mut self, command: &WalkCommand) {
        let closes =
            |talk: &mut Self| talk.uncover() || talk.state.over.close_test_card() || talk.state.pointing.close();
        if *command == WalkCommand::Next && closes(self) {
            return;
        }
        if *command == WalkCommand::Return && self.leave_drill() {
            return;
        }
        let came_from = (self.state.walk.clone(), self.state.pointing.clone(), self.state.over.clone());
        let (before, settle_secs) = (self.address().clone(), self.settle_secs());
        let ground = DeckNow { library: &self.library, now_secs: self.state.now_secs, settle_secs };
        let words = self.state.walk.carry_out(command, ground);
        self.tell_after_drill(command);
        if matches!(command, WalkCommand::Cut(_)) {
            self.state.pace.forget_agreed();
        }
        if let Some(words) = words {
            self.say(words);
        }
        // A jump leaves its step also when it leads to where the talk is.
        if *self.address() != before || matches!(command, WalkCommand::Jump(_)) {
            self.leave_step(&before);
        }
        let (was_drill, is_drill) = (self.is_drill(&before), self.is_drill(self.address()));
        if self.state.drill.is_none() && is_drill && !was_drill {
            self.enter_drill(came_from);
        } else if was_drill && !is_drill && command.is_stepwise() {
            self.leave_drill();
        }
    }

    /// Takes away what covers the picture, unless the presenter sees the talk go on elsewhere. Whether there was anything.
    fn uncover(&mut self) -> bool {
        let has_window = self.state.look.window.size != [0, 0];
        let over = &mut self.state.over;
        has_window
            && !self.state.desk.has_console()
            && (matches!(over.sheet, Some(Sheet::Help(_))) && over.sheet.take().is_some()
                || over.cover.take().is_some()
                || over.held.take().is_some())
    }

    fn leave_step(&mut self, before: &Address) {
        let was_told = self.library.locate(before).is_some_and(|at| self.library.tells(at, self.cut()));
        let told = if was_told { Some(before.clone()) } else { self.counted_from().map(|at| self.library.address(at)) };
        self.state.pace.note_step(before, told, self.state.now_secs);
        self.state.desk.leave_step();
        self.state.measured.leave_step();
        self.state.pointing.leave_step(before.scene != self.address().scene);
        self.state.hand.leave_step(before, self.state.now_secs, self.state.look.reduced);
        self.aim_spot();
        if self.state.over.sheet == Some(Sheet::Numbers) {
            self.state.over.sheet = None;
        }
    }

    /// Goes to the number that waits, else opens what has the focus, else next.
    fn enter(&mut self) {
        if let Some(scene) = self.state.desk.overview.take() {
            let step = self.state.desk.overview_step.take();
            let place =
                |scene| step.map_or_else(|| Position::first_of(scene, self.cut()), |step| Position { scene, step });
            if let Some(to) = self.library.scene_index(&scene).map(place) {
                self.walk(&WalkCommand::Jump(self.library.address(to)));
            }
            return;
        }
        if self.accept_minutes_left() {
            return;
        }
        let Some(number) = self.state.over.take_number(self.state.now_secs) else {
            if self.state.pointing.opened_secs.is_some() || !self.open_focus() {
                self.walk(&WalkCommand::Next);
            }
            return;
        };
        let count = self.library.scenes.len();
        match number.checked_sub(1).filter(|scene| *scene < count) {
            Some(scene) => self.walk(&WalkCommand::Jump(self.library.address(Position { scene, step: 0 }))),
            None => self.say(format!("no scene {number}: there are {count}")),
        }
    }

    /// Out one level: the first of [`LAYERS`] that is there goes; full screen only when pressed twice in a row.
    fn escape(&mut self, asked: Option<Twice>) -> Option<Effect> {
        if LAYERS.iter().any(|remove| remove(self)) || !self.state.look.window.full_screen {
            return None;
        }
        let confirmed = self.state.over.is_confirmed(Twice::LeaveFullScreen, asked, self.state.now_secs);
        confirmed.then_some(Effect::FullScreen(false))
    }
}

/// What Escape takes away, the uppermost layer first. Each answers whether it was there.
const LAYERS: [fn(&mut Presentation) -> bool; 14] = [
    |talk| talk.state.over.take_number(talk.state.now_secs).is_some(),
    |talk| talk.state.asking.close(),
    |talk| talk.state.desk.overview.take().is_some(),
    |talk| talk.state.desk.page.take().is_some(),
    |talk| talk.state.measured.simulated.close(),
    |talk| talk.state.over.sheet.take().is_some(),
    |talk| talk.state.pointing.close(),
    |talk| talk.state.pointing.drop_focus(),
    |talk| talk.zoom_out(),
    |talk| talk.state.hand.drop_ink(),
    |talk| talk.state.hand.drop_laser(),
    |talk| talk.state.hand.set_spotlight(false, talk.state.now_secs),
    |talk| talk.state.over.cover.take().is_some(),
    |talk| talk.state.over.held.take().is_some(),
];
