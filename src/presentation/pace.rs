//! The time of the talk: what has passed since its first step onward, and where the plan says it should be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::scene::address::Address;
use crate::scene::library::{Cut, Library};
use crate::timeline::playhead::Position;

/// Nothing is said of a talk that is no further from its plan than this.
pub const ON_TIME_SECS: f64 = 60.0;

/// What changes the timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum PaceCommand {
    /// Starts and stops.
    Timer,
    /// To zero, as before the first step onward.
    TimerZero,
    /// From now on the talk is a rehearsal: how long each step is shown is kept when it ends. Or it ends.
    Rehearsal,
}

/// The part of the talk's state that knows its time. Times are seconds of the talk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TalkPace {
    /// What had passed when the timer was stopped last.
    before_secs: f64,
    /// Since when it runs.
    since_secs: Option<f64>,
    /// Somebody started or stopped it by hand: the first step onward does not.
    by_hand: bool,
    /// The first step of the plan that was shown since it began: what was passed over before is nothing that the talk is
    /// ahead by.
    begun_at: Option<Address>,
    /// When the step shown was come to.
    entered_secs: f64,
    /// How long each step was shown in all, but for the one that is.
    spent: BTreeMap<Address, f64>,
    /// The end that was agreed on during the talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    agreed: Option<Agreed>,
    /// The talk is a rehearsal.
    #[serde(default)]
    rehearses: bool,
}

/// When the talk has to end, and what was so when that was agreed on: it is on time from there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Agreed {
    slot_secs: f64,
    elapsed_secs: f64,
    told_secs: f64,
}

/// Where the talk stands against its plan, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// Whether the timer was started.
    pub has_begun: bool,
    /// Whether it runs now.
    pub runs: bool,
    pub elapsed_secs: f64,
    /// The time there is.
    pub slot_secs: f64,
    /// What the steps of the plan are given together.
    pub planned_secs: f64,
    /// What was planned up to the step from which it is counted, and what of its own time has passed.
    pub told_secs: f64,
    /// What was planned up to the step at which the timer began, or less what was told later than it was planned up to a
    /// new plan: where the talk was by the clock before it began.
    pub skipped_secs: f64,
    /// What is left of the time of the step from which it is counted.
    pub counted_left_secs: f64,
    /// Since the step shown was come to, and what it is given, in the plan or not.
    pub step_secs: f64,
    pub step_budget_secs: f64,
}

/// What a talk is timed against: the plan, and where the talk is in it.
pub(super) struct PlanNow<'a> {
    pub(super) library: &'a Library,
    /// None: the whole deck.
    pub(super) cut: Option<&'a Cut>,
    /// The step shown.
    pub(super) at: Position,
    /// The step from which the plan is counted; none where no step of the plan was shown yet.
    pub(super) counted: Option<Position>,
}

impl Timing {
    /// More than was planned so far; less than nothing when ahead.
    pub fn behind_secs(&self) -> f64 {
        if self.has_begun { self.elapsed_secs - (self.told_secs - self.skipped_secs) } else { 0.0 }
    }

    /// Whether it is near enough to the plan.
    pub fn is_on_time(&self) -> bool {
        self.behind_secs().abs() <= ON_TIME_SECS
    }

    /// How long before the slot's end the talk ends if it goes on by its plan; less than nothing when after.
    pub fn spare_secs(&self) -> f64 {
        self.slot_secs - self.elapsed_secs - (self.planned_secs - self.told_secs)
    }
}

impl TalkPace {
    /// Carries a command out at a step. `told`: the step from which the plan is counted.
    pub(super) fn carry_out(&mut self, command: PaceCommand, at: &Address, told: Option<Address>, now_secs: f64) {
        match (command, self.since_secs) {
            (PaceCommand::Timer, Some(_)) => {
                self.before_secs = self.elapsed_secs(now_secs);
                (self.since_secs, self.by_hand) = (None, true);
            }
            (PaceCommand::Timer, None) => {
                (self.since_secs, self.by_hand) = (Some(now_secs), true);
                self.begun_at = self.begun_at.take().or(told);
            }
            (PaceCommand::TimerZero, _) => {
                *self = Self { entered_secs: now_secs, rehearses: self.rehearses, ..Self::default() };
            }
            (PaceCommand::Rehearsal, _) if self.rehearses => {
                self.note_shown(at, now_secs);
                self.rehearses = false;
            }
            (PaceCommand::Rehearsal, _) => {
                *self = Self { entered_secs: now_secs, rehearses: true, ..Self::default() };
            }
        }
    }

    /// Another step is shown. The first one onward starts the timer. `told`: the first step of the plan that was shown, be
    /// it the one before or the one from which the plan is counted now.
    pub(super) fn note_step(&mut self, before: &Address, told: Option<Address>, now_secs: f64) {
        if self.since_secs.is_none() && !self.by_hand {
            self.since_secs = Some(now_secs);
            self.begun_at = told;
            self.entered_secs = now_secs;
        } else {
            self.note_shown(before, now_secs);
            if self.since_secs.is_some() {
                self.begun_at = self.begun_at.take().or(told);
            }
        }
    }

    /// How long the step shown has been counts from here anew.
    fn note_shown(&mut self, at: &Address, now_secs: f64) {
        *self.spent.entry(at.clone()).or_default() += now_secs - self.entered_secs;
        self.entered_secs = now_secs;
    }

    pub(super) fn rehearses(&self) -> bool {
        self.rehearses
    }

    /// How long each step was shown, in seconds, the one that is shown now among them.
    pub(super) fn spent(&self, at: &Address, now_secs: f64) -> BTreeMap<Address, f64> {
        let mut spent = self.spent.clone();
        if self.rehearses {
            *spent.entry(at.clone()).or_default() += now_secs - self.entered_secs;
        }
        spent
    }

    /// So much is left from now on, for a plan of which so much is told by now.
    pub(super) fn agree(&mut self, left_secs: f64, told_secs: f64, now_secs: f64) {
        let elapsed_secs = self.elapsed_secs(now_secs);
        self.agreed = Some(Agreed { slot_secs: elapsed_secs + left_secs, elapsed_secs, told_secs });
    }

    /// The slot is that of the cut again.
    pub(super) fn forget_agreed(&mut self) {
        self.agreed = None;
    }

    fn elapsed_secs(&self, now_secs: f64) -> f64 {
        self.before_secs + self.since_secs.map_or(0.0, |since| now_secs - since)
    }

    /// Whether a step was shown before.
    pub(super) fn has_seen(&self, at: &Address) -> bool {
        self.spent.contains_key(at)
    }

    /// Where the talk stands against its plan.
    pub(super) fn timing(&self, now: &PlanNow<'_>, now_secs: f64) -> Timing {
        let PlanNow { library, cut, at, counted } = *now;
        let plan = library.planned(cut);
        let secs = |steps: &[(Position, f64)]| steps.iter().map(|(_, secs)| secs).sum::<f64>();
        let index = |at: Position| plan.iter().position(|(other, _)| *other >= at).unwrap_or(plan.len());
        let from = counted.unwrap_or(at);
        let before = index(from);
        let begun = self.begun_at.as_ref().and_then(|begun| library.locate(begun)).map_or(0, index);
        let planned = plan.get(before).filter(|(other, _)| *other == from).map_or(0.0, |(_, secs)| *secs);
        let step_secs = now_secs - self.entered_secs;
        // What was told of a step before it was left, for a glance beside the plan, is told.
        let spent_secs = self.spent.get(&library.address(from)).copied().unwrap_or(0.0);
        let counted_secs = (spent_secs + if from == at { step_secs } else { 0.0 }).min(planned);
        let planned_secs = secs(&plan);
        Timing {
            has_begun: self.since_secs.is_some() || self.before_secs > 0.0,
            runs: self.since_secs.is_some(),
            elapsed_secs: self.elapsed_secs(now_secs),
            slot_secs: match (&self.agreed, cut) {
                (Some(agreed), _) => agreed.slot_secs,
                (None, Some(cut)) => f64::from(cut.minutes) * 60.0,
                (None, None) => (planned_secs / 60.0).ceil() * 60.0,
            },
            planned_secs,
            told_secs: secs(&plan[..before]) + counted_secs,
            skipped_secs: self
                .agreed
                .map_or_else(|| secs(&plan[..begun]), |agreed| agreed.told_secs - agreed.elapsed_secs),
            counted_left_secs: planned - counted_secs,
            step_secs,
            step_budget_secs: f64::from(library.secs_of(&[(at.scene, at.step)])),
        }
    }
}
