//! The simulated lab as a source of the show: set by hand, told what is told, and pulled at its poll times.

use crate::figures::Figures;
use crate::live::{SourceEvent, SourceKind};
use crate::presentation::Presentation;
use crate::show::rehearsal::{Rehearsal, Setting, Wanted, is_work};
use crate::sim::Sizing;

/// The window's first picture does not wait for the hour before the talk: it is polled at this tick.
const HISTORY_TICK: u64 = 3;

/// The simulated lab of a talk.
#[derive(Clone)]
pub(super) struct SimulatedSource {
    rehearsal: Rehearsal,
    /// Charts are wanted, or will be at [`HISTORY_TICK`].
    wants_history: bool,
    polls_history: bool,
    /// The lab as it was when the drill began that goes on, and whether charts were wanted.
    before_drill: Option<(Rehearsal, bool)>,
    /// The edition of the figures that it is sized by.
    sized_by: u32,
}

impl SimulatedSource {
    /// `polls_history`: the hour before the talk is polled soon, and not when the first chart is shown.
    pub(super) fn new(setting: Setting, polls_history: bool) -> Self {
        let rehearsal = Rehearsal::new(setting);
        Self { rehearsal, wants_history: false, polls_history, before_drill: None, sized_by: 0 }
    }

    /// What fails in a drill has not failed when it is over. `goes_on`: whether one did before, and does now.
    pub(super) fn follow_drill(&mut self, goes_on: [bool; 2]) {
        match goes_on {
            [false, true] => self.before_drill = Some((self.rehearsal.clone(), self.wants_history)),
            [true, false] => {
                if let Some(before) = self.before_drill.take() {
                    (self.rehearsal, self.wants_history) = before;
                }
            }
            [false, false] | [true, true] => {}
        }
    }

    /// The lab is as the presenter has set it: another one, which begins now, or the same in other sizes. Another one works
    /// at what was `told` last, and is announced.
    pub(super) fn set(&mut self, talk: &Presentation, told: Option<&str>) -> Option<SourceEvent> {
        let setting = self.rehearsal.setting().set(talk.simulated());
        let (is_other, secs) = (setting != self.rehearsal.setting(), setting.secs(talk.now_secs()));
        if is_other {
            self.rehearsal = Rehearsal::new(setting).begun_at(secs);
            if let Some(phase) = told {
                self.rehearsal.tell_phase(secs, phase);
            }
        }
        let figures = &talk.library().figures;
        if is_other || self.sized_by != figures.edition() {
            self.sized_by = figures.edition();
            self.rehearsal.size(secs, sizing_of(figures));
        }
        is_other.then(|| setting.announcement())
    }

    /// A phase is told now.
    pub(super) fn tell_phase(&mut self, talk: &Presentation, phase: &str) {
        let secs = self.rehearsal.setting().secs(talk.now_secs());
        // Of a talk that began within a drill no lab is known that it could be put back to.
        if is_work(phase) && !talk.is_within_drill(talk.address()) {
            self.rehearsal.mend(secs);
        }
        self.rehearsal.tell_phase(secs, phase);
    }

    /// A training run is near: some of it is polled before it is told.
    pub(super) fn look_ahead(&mut self, talk: &Presentation) {
        if talk.is_near_run() {
            self.rehearsal.look_ahead();
        }
    }

    /// All that it says up to now, where it is the source shown. `ticks` have passed.
    pub(super) fn news(&mut self, talk: &Presentation, ticks: u64) -> Vec<SourceEvent> {
        let is_shown = talk.sources().shown().kind == SourceKind::Sim;
        self.wants_history |= self.polls_history && ticks >= HISTORY_TICK;
        self.wants_history |= is_shown && talk.shows_the_past();
        let wanted = match (is_shown, self.wants_history) {
            (false, _) => Wanted::Nothing,
            (true, false) => Wanted::Readings,
            (true, true) => Wanted::History,
        };
        self.rehearsal.news(self.rehearsal.setting().secs(talk.now_secs()), wanted)
    }

    /// From now on the hour before now is wanted. Whether it is still to be polled.
    pub(super) fn recalls_hour(&mut self) -> bool {
        self.wants_history = true;
        !self.rehearsal.knows_hour()
    }
}

/// What it works with, read off the figures: a customer's measurement and what is set by hand count. Of what they do not
/// tell the usual stays.
fn sizing_of(figures: &Figures) -> Sizing {
    let usual = Sizing::default();
    let told = |id: &str, unit: &str, usual: f64| {
        let value = figures.shown(id).map(|shown| shown.value.from).zip(figures.unit_ratio(id, unit));
        value.map(|(value, ratio)| (value * ratio).round()).filter(|value| *value > 0.0).unwrap_or(usual)
    };
    Sizing {
        checkpoint_bytes: told("sim-checkpoint", "B", usual.checkpoint_bytes),
        weights_bytes: told("sim-weights", "B", usual.weights_bytes),
        save_bytes_per_sec: told("put-eight-nodes", "B/s", usual.save_bytes_per_sec),
        loader_bytes_per_sec: told("sim-loader", "B/s", usual.loader_bytes_per_sec),
        ingest_bytes_per_sec: told("sim-ingest", "B/s", usual.ingest_bytes_per_sec),
        archive_bytes_per_sec: told("sim-archive", "B/s", usual.archive_bytes_per_sec),
    }
}
