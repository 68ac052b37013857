//! Where the talk is: the step, the seconds into it, and the ways back.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::scene::address::Address;
use crate::scene::library::{Cut, Library};
use crate::scene::model::View;
use crate::timeline;
use crate::timeline::playhead::{Playhead, Position};

/// A press of next finishes a motion within this.
const RUSH_SECS: f64 = 0.4;

/// Where to go, and how fast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum WalkCommand {
    Next,
    Back,
    NextScene,
    PreviousScene,
    FirstStep,
    LastStep,
    Jump(Address),
    /// Back from a jump to the exact step, or one step back if there was none.
    Return,
    JumpAgain,
    /// To the monitor, or back from it.
    Monitor,
    ReplayStep,
    Pause,
    Slower,
    Faster,
    /// The next cut of the deck, or the one named; after the last comes the whole deck.
    Cut(Option<String>),
    /// These steps and no others, from the first one of the talk to its last.
    Tell(Vec<Address>),
    /// To these seconds of the recorded talk that is told again.
    Seek(f64),
}

impl WalkCommand {
    /// Whether it goes on or back by the order of the deck.
    pub(super) fn is_stepwise(&self) -> bool {
        matches!(self, Self::Next | Self::Back | Self::NextScene | Self::PreviousScene)
    }
}

/// Seconds into a step, as a function of the talk's time. Nothing adds them up, so the host's frames change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct StepClock {
    /// Seconds into the step at `since_secs`; none at the end of the step, where it rests.
    secs: Option<f64>,
    /// Seconds of the talk.
    since_secs: f64,
    /// Seconds of the step for one of the talk: more than 1 while a press of next finishes it.
    rush: f64,
}

impl StepClock {
    const RESTING: Self = Self { secs: None, since_secs: 0.0, rush: 1.0 };

    fn starting(now_secs: f64) -> Self {
        Self { secs: Some(0.0), since_secs: now_secs, rush: 1.0 }
    }

    /// Infinity where the step is at rest.
    fn secs_at(&self, now_secs: f64, tempo: f64) -> f64 {
        self.secs.map_or(f64::INFINITY, |secs| secs + (now_secs - self.since_secs) * self.rush * tempo)
    }
}

/// The part of the talk's state that says where it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Walk {
    at: Address,
    /// What was on stage before, while the step's change from it is shown.
    from: Option<Address>,
    clock: StepClock,
    paused: bool,
    tempo: f64,
    /// Where jumps left from, and where the last return left from.
    trail: Vec<Address>,
    again: Option<Address>,
    /// The id of the cut that is told; none: the whole deck.
    cut: Option<String>,
    /// Told in its place: a plan that was made during the talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    own: Option<OwnPlan>,
    /// The phase told last, and whether the step tells it anew.
    phase: Option<Arc<str>>,
    retells: bool,
}

/// A plan that was made during the talk, in words that survive a saved deck.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct OwnPlan {
    steps: Vec<Address>,
    /// It follows from the steps.
    #[serde(skip, default = "no_cut")]
    cut: Cut,
}

fn no_cut() -> Cut {
    Cut { id: OWN_ID.to_owned(), title: OWN_TITLE.to_owned(), minutes: 0, steps: Vec::new() }
}

/// How a plan of the talk's own is called where cuts are.
const OWN_ID: &str = "minutes-left";
const OWN_TITLE: &str = "what time is left for";

impl OwnPlan {
    fn new(steps: Vec<Address>, library: &Library) -> Self {
        let mut own = Self { steps, cut: no_cut() };
        own.resolve(library);
        own
    }

    /// Finds its steps in a reading of the deck; those that are gone are left out.
    fn resolve(&mut self, library: &Library) {
        let found = self.steps.iter().filter_map(|at| library.locate(at)).map(|at| (at.scene, at.step));
        self.cut.steps = found.collect();
        self.cut.steps.sort_unstable();
        self.cut.steps.dedup();
        self.cut.minutes = library.budget_secs(&self.cut).div_ceil(60);
    }
}

/// A place of the talk, with the ways back from it: where jumps left from, the last one last.
#[derive(Clone, Copy)]
pub(super) struct WalkPlace<'a> {
    pub(super) at: Position,
    trail: &'a [Address],
}

/// The deck that a command walks through, and what is known of the moment.
#[derive(Clone, Copy)]
pub(super) struct DeckNow<'a> {
    pub(super) library: &'a Library,
    pub(super) now_secs: f64,
    /// When the step's change and told motion are over, in seconds from its start.
    pub(super) settle_secs: f64,
}

impl Walk {
    pub(super) fn new(at: Address) -> Self {
        Self {
            at,
            from: None,
            clock: StepClock::starting(0.0),
            paused: false,
            tempo: 1.0,
            trail: Vec::new(),
            again: None,
            cut: None,
            own: None,
            phase: None,
            retells: false,
        }
    }

    pub(super) fn at(&self) -> &Address {
        &self.at
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused
    }

    pub(super) fn secs(&self, now_secs: f64) -> f64 {
        self.clock.secs_at(now_secs, if self.paused { 0.0 } else { self.tempo })
    }

    /// The playhead in this reading of the deck.
    pub(super) fn playhead(&self, library: &Library, now_secs: f64) -> Playhead {
        let from = self.from.as_ref().and_then(|from| library.locate(from));
        Playhead { at: self.position(library), secs: self.secs(now_secs), from }
    }

    pub(super) fn position(&self, library: &Library) -> Position {
        library.locate(&self.at).unwrap_or_default()
    }

    pub(super) fn cut<'a>(&'a self, library: &'a Library) -> Option<&'a Cut> {
        if let Some(own) = &self.own {
            return Some(&own.cut);
        }
        self.cut_of_deck(library)
    }

    /// The cut of the deck that is told, or that a plan of the talk's own was made of.
    pub(super) fn cut_of_deck<'a>(&self, library: &'a Library) -> Option<&'a Cut> {
        let id = self.cut.as_ref()?;
        library.cuts.iter().find(|cut| cut.id == *id)
    }

    /// Carries a command out. The answer: what is to be said of it.
    pub(super) fn carry_out(&mut self, command: &WalkCommand, ground: DeckNow<'_>) -> Option<String> {
        let DeckNow { library, now_secs, .. } = ground;
        let here = self.position(library);
        match command {
            WalkCommand::Next => self.next(ground),
            WalkCommand::Back => self.back(library),
            WalkCommand::NextScene => self.go_to_scene(library.scene_after(here.scene, self.cut(library)), ground),
            WalkCommand::PreviousScene => self.go_to_scene(library.scene_before(here.scene, self.cut(library)), ground),
            WalkCommand::FirstStep => self.rest(Position { step: 0, ..here }, library),
            WalkCommand::LastStep => self.rest(Position { step: usize::MAX, ..here }, library),
            WalkCommand::Jump(to) => self.jump(to, library),
            WalkCommand::Return => self.return_back(library),
            WalkCommand::JumpAgain => {
                if let Some(again) = self.again.take() {
                    self.jump(&again, library);
                }
            }
            WalkCommand::Monitor => self.toggle_monitor(library),
            WalkCommand::ReplayStep => {
                let before = library.before(here, self.cut(library)).filter(|before| before.scene == here.scene);
                self.from = before.map(|before| library.address(before));
                self.clock = StepClock::starting(now_secs);
                self.retells = true;
            }
            WalkCommand::Pause => {
                self.hold_clock(now_secs);
                self.paused = !self.paused;
            }
            WalkCommand::Slower => self.change_tempo(self.tempo / 1.5, now_secs),
            WalkCommand::Faster => self.change_tempo(self.tempo * 1.5, now_secs),
            WalkCommand::Cut(id) => return Some(self.choose_cut(id.as_deref(), library)),
            WalkCommand::Tell(steps) => self.tell(steps.clone(), library),
            WalkCommand::Seek(_) => return Some("no recorded talk is told again".to_owned()),
        }
        None
    }

    /// These steps and no others are told from now on.
    pub(super) fn tell(&mut self, steps: Vec<Address>, library: &Library) {
        self.own = Some(OwnPlan::new(steps, library));
    }

    /// From now on the clock counts anew from where it is: what it runs by is about to change.
    fn hold_clock(&mut self, now_secs: f64) {
        let secs = self.clock.secs.map(|_| self.secs(now_secs));
        self.clock = StepClock { secs, since_secs: now_secs, ..self.clock };
    }

    fn change_tempo(&mut self, tempo: f64, now_secs: f64) {
        self.hold_clock(now_secs);
        self.tempo = tempo.clamp(0.3, 3.4);
    }

    /// Where the talk is, with the ways back.
    pub(super) fn place(&self, library: &Library) -> WalkPlace<'_> {
        WalkPlace { at: self.position(library), trail: &self.trail }
    }

    /// Where next leads from a place once nothing moves there: through a drill, back from where no next of this talk leads
    /// on, else to the next step that is told. None: it is the end.
    pub(super) fn after<'a>(&self, place: WalkPlace<'a>, library: &Library) -> Option<WalkPlace<'a>> {
        let WalkPlace { at, trail } = place;
        if let Some(at) = library.in_drill(at, at.step.checked_add(1)) {
            return Some(WalkPlace { at, trail });
        }
        if self.is_astray(place, library) {
            let (back, trail) = trail.split_last()?;
            return Some(WalkPlace { at: library.locate(back).unwrap_or_default(), trail });
        }
        library.after(at, self.cut(library)).map(|at| WalkPlace { at, trail })
    }

    /// Finishes the motion that is under way, or goes on to the next step. Back to the talk it goes at once.
    fn next(&mut self, ground: DeckNow<'_>) {
        let DeckNow { library, now_secs, settle_secs } = ground;
        let after = self.after(self.place(library), library).map(|after| (after.at, after.trail.len()));
        if after.is_some_and(|(_, ways_back)| ways_back < self.trail.len()) {
            return self.return_back(library);
        }
        self.hold_clock(now_secs);
        self.paused = false;
        let left_secs = settle_secs - self.secs(now_secs);
        if left_secs > 0.0 && self.clock.rush == 1.0 {
            self.clock.rush = (left_secs / RUSH_SECS / self.tempo).max(1.0 + 1e-9);
        } else if let Some((after, _)) = after {
            self.start(after, ground);
        }
    }

    /// Whether a jump led to where no next or back of this talk leads on: back to the talk is the way then.
    fn is_astray(&self, place: WalkPlace<'_>, library: &Library) -> bool {
        !library.tells(place.at, self.cut(library)) && !place.trail.is_empty()
    }

    /// The step from which the plan is counted: the one where the talk is, where that is told, else the one that the ways
    /// back lead to. None: no step of the plan was come from.
    pub(super) fn told_from(&self, library: &Library) -> Option<Position> {
        let ways = self.trail.iter().rev().filter_map(|way| library.locate(way));
        std::iter::once(self.position(library)).chain(ways).find(|at| library.tells(*at, self.cut(library)))
    }

    fn back(&mut self, library: &Library) {
        let here = self.position(library);
        let within = library.in_drill(here, here.step.checked_sub(1));
        if within.is_none() && self.is_astray(self.place(library), library) {
            return self.return_back(library);
        }
        if let Some(before) = within.or_else(|| library.before(here, self.cut(library))) {
            self.rest(before, library);
        }
    }

    /// At the beginning of a step, with the change into it from where the talk is.
    fn start(&mut self, at: Position, ground: DeckNow<'_>) {
        self.from = Some(std::mem::replace(&mut self.at, ground.library.address(at)));
        self.clock = StepClock::starting(ground.now_secs);
    }

    /// At rest at the end of a step.
    pub(super) fn rest(&mut self, at: Position, library: &Library) {
        let Some(scene) = library.scenes.get(at.scene) else { return };
        self.paused = false;
        self.at = library.address(Position { step: at.step.min(scene.steps.len().saturating_sub(1)), ..at });
        self.from = None;
        self.clock = StepClock::RESTING;
    }

    fn go_to_scene(&mut self, scene: Option<usize>, ground: DeckNow<'_>) {
        if let Some(scene) = scene {
            self.start(Position::first_of(scene, self.cut(ground.library)), ground);
        }
    }

    pub(super) fn jump(&mut self, to: &Address, library: &Library) {
        if let Some(at) = library.locate(to) {
            self.trail.push(self.at.clone());
            self.rest(at, library);
        }
    }

    fn return_back(&mut self, library: &Library) {
        match self.trail.pop() {
            Some(back) => {
                self.again = Some(self.at.clone());
                self.rest(library.locate(&back).unwrap_or_default(), library);
            }
            None => self.back(library),
        }
    }

    fn toggle_monitor(&mut self, library: &Library) {
        let Some(monitor) = library.scenes.iter().position(|scene| scene.view == View::Monitor) else { return };
        if self.position(library).scene == monitor {
            self.return_back(library);
        } else {
            self.jump(&library.address(Position { scene: monitor, step: 0 }), library);
        }
    }

    /// Another cut from here on: the next one, or the one of this id; after a plan of the talk's own the one it was made of.
    /// What is told now, in words.
    fn choose_cut(&mut self, id: Option<&str>, library: &Library) -> String {
        let was_own = self.own.take().is_some();
        let named = |id: &str| library.cuts.iter().find(|cut| cut.id == id);
        let next = || match self.cut.as_deref() {
            before if was_own => before.and_then(named),
            None => library.cuts.first(),
            Some(before) => library.cuts.iter().skip_while(|other| other.id != before).nth(1),
        };
        let chosen = id.map_or_else(next, named);
        self.cut = chosen.map(|cut| cut.id.clone());
        chosen.map_or_else(|| "the whole deck".to_owned(), |cut| cut.title.clone())
    }

    /// Begins a talk with a cut, at its first step. Err: there is none of this id, and which there are.
    pub(super) fn start_cut(&mut self, id: &str, library: &Library) -> Result<(), String> {
        let cut = &library.cuts[library.find_cut(id)?];
        if let Some(first) = cut.steps.first() {
            self.seek(library.address(Position::of(first)), None, [0.0, 0.0]);
        }
        self.cut = Some(cut.id.clone());
        Ok(())
    }

    /// So many seconds into a step (`secs`, infinity at its end), at `now_secs` of the talk: to begin a talk, and for stills.
    pub(super) fn seek(&mut self, at: Address, from: Option<Address>, [secs, now_secs]: [f64; 2]) {
        self.at = at;
        self.from = from.filter(|_| secs.is_finite());
        self.clock = StepClock { secs: Some(secs).filter(|secs| secs.is_finite()), since_secs: now_secs, rush: 1.0 };
    }

    /// The steps of a plan of the talk's own, where one is told.
    pub(super) fn own_steps(&self) -> Option<&[Address]> {
        self.own.as_ref().map(|own| own.steps.as_slice())
    }

    /// The id of the deck's cut that is told, or that a plan of the talk's own was made of.
    pub(super) fn cut_id(&self) -> Option<&str> {
        self.cut.as_deref()
    }

    /// The phase told now, where it is another than before or told anew.
    pub(super) fn tell_phase(&mut self, library: &Library, now_secs: f64) -> Option<Arc<str>> {
        let at = self.position(library);
        let step = library.scenes.get(at.scene)?.steps.get(at.step)?;
        let phase = timeline::phase_of(step, self.secs(now_secs))?;
        let retells = std::mem::take(&mut self.retells);
        if !retells && self.phase.as_ref() == Some(phase) {
            return None;
        }
        self.phase = Some(phase.clone());
        self.phase.clone()
    }

    /// After this state was read back: what follows from the deck is worked out again.
    pub(super) fn renew(&mut self, library: &Library) {
        if let Some(own) = &mut self.own {
            own.resolve(library);
        }
    }

    /// Finds every step again in a deck that was saved: itself, or the nearest that is left.
    pub(super) fn follow(&mut self, old: &Library, new: &Library) {
        let moved = |address: &mut Address| *address = nearest(address, old, new);
        self.trail.iter_mut().chain(&mut self.again).chain(&mut self.from).for_each(moved);
        if let Some(own) = &mut self.own {
            own.steps.iter_mut().for_each(moved);
            own.resolve(new);
        }
        let at = nearest(&self.at, old, new);
        if at != self.at {
            self.rest(new.locate(&at).unwrap_or_default(), new);
        }
    }
}

/// The step itself, found by its words where its scene was saved with steps more or less; else the one in its place. A scene
/// that was given another id is found by its file; of one that is gone, a step of the next scene in the old order that is left, or of the one before.
fn nearest(address: &Address, old: &Library, new: &Library) -> Address {
    let Some(was) = old.locate(address) else { return address.clone() };
    let file = &old.scenes[was.scene].file;
    let by_file = || new.scenes.iter().position(|scene| scene.file == *file);
    if let Some(scene) = new.scene_index(&address.scene).or_else(by_file) {
        let steps = &new.scenes[scene].steps;
        let caption = &old.scenes[was.scene].steps[was.step].caption;
        let same = |step: usize| steps.get(step).is_some_and(|step| step.caption == *caption);
        let found = Some(was.step).filter(|step| same(*step)).or_else(|| (0..steps.len()).find(|step| same(*step)));
        let step = found.unwrap_or(was.step).min(steps.len().saturating_sub(1));
        return new.address(Position { scene, step });
    }
    let after = old.scenes[was.scene..].iter().map(|scene| (&scene.id, false));
    let before = old.scenes[..was.scene].iter().rev().map(|scene| (&scene.id, true));
    let left = after.chain(before).find_map(|(id, last)| Some((new.scene_index(id)?, last)));
    let (scene, last) = left.unwrap_or_default();
    new.address(Position { scene, step: if last { new.scenes[scene].steps.len().saturating_sub(1) } else { 0 } })
}
