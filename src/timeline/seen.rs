//! What the shown source says at this moment, as a picture needs it.

use std::sync::Arc;

use crate::live::{Series, Source, State};
use crate::picture::Icon;
use crate::scene::binding::{Binding, Level};
use crate::signal::{Quantity, Readings, Signal, Subject, Tier};

/// The shown source at one moment.
#[derive(Clone)]
pub struct Seen<'a> {
    pub source: &'a Source,
    /// On the source's clock.
    pub now_secs: f64,
    /// As they came in last.
    pub readings: &'a Readings,
    /// For all that is drawn, refreshed at most once a second: numerals, light and dots follow one clock.
    pub numerals: &'a Readings,
    /// Those of the moment when the step before was left: what leaves with it stays as it was.
    pub left: &'a Readings,
    /// T0 to T3, then the GPUs.
    pub states: [State; 5],
    /// Where the readings come from, in words: `simulated lab`.
    pub origin: Arc<str>,
    /// Whether hosts and buckets may be seen.
    pub names: bool,
    /// Age of the newest answer, of a source that has a clock of its own outside.
    pub age_secs: Option<u32>,
    /// Said beside the badge where a lab's certificate is not checked.
    pub warning: Option<Arc<str>>,
    /// A tier's polling lag in words, where it is worth saying.
    pub lags: [Option<u32>; 4],
}

impl Seen<'_> {
    /// The last minutes of what a binding reads.
    pub fn series(&self, binding: &Binding) -> Series {
        self.source.series(&binding.signals, binding.window_secs, self.now_secs)
    }

    pub fn state(&self, subject: Subject) -> &State {
        &self.states[subject.index()]
    }

    pub fn tier(&self, tier: Tier) -> &State {
        &self.states[tier.index()]
    }

    /// The state of what a binding reads: one part that is stale makes all of it old; else a sum is known when one part is.
    pub(crate) fn state_of(&self, binding: &Binding) -> State {
        State::together(binding.signals.iter().map(|signal| self.state(signal.subject)))
    }

    /// How bright or fast what is bound is to be: by what is fresh of it. What is stale makes no light and moves no dot.
    pub(crate) fn level_of(&self, binding: &Binding) -> Option<Level> {
        let is_fresh = |signal: &&Signal| self.state(signal.subject).is_fresh();
        let signals = binding.signals.iter().filter(is_fresh).copied().collect();
        Binding { signals, ..binding.clone() }.level(self.numerals)
    }

    /// Requests that run while no byte of them is counted: their bytes count when they end. None when bytes are there.
    pub(crate) fn running(&self, binding: &Binding) -> Option<f64> {
        if binding.value(self.numerals).is_some_and(|bytes_per_sec| bytes_per_sec >= 0.5) {
            return None;
        }
        let running = binding.signals.iter().filter_map(|signal| {
            let quantity = match signal.quantity {
                Quantity::ReadBytesPerSec => Quantity::ReadsInflight,
                Quantity::WriteBytesPerSec => Quantity::WritesInflight,
                _ => return None,
            };
            let fresh = self.state(signal.subject).is_fresh();
            self.numerals.get(&Signal { quantity, ..*signal }).filter(|_| fresh)
        });
        Some(running.map(|reading| reading.value).sum()).filter(|running| *running >= 0.5)
    }

    /// A reading of a tier, as it is shown.
    pub(crate) fn value(&self, tier: Tier, quantity: Quantity) -> Option<f64> {
        self.numerals.get(&Signal::tier(tier, quantity)).map(|reading| reading.value)
    }

    /// What is wrong with a tier that answers, in a shape and a few words that name nobody.
    pub(crate) fn trouble(&self, tier: Tier) -> Option<(Icon, String)> {
        let value = |quantity| self.value(tier, quantity);
        let part = |online, total| value(online).zip(value(total)).filter(|(online, total)| online < total);
        if value(Quantity::WriteQuorum).is_some_and(|held| held < 0.5) {
            return Some((Icon::Bad, "no write quorum".to_owned()));
        }
        if let Some((online, total)) = part(Quantity::NodesOnline, Quantity::NodesTotal) {
            return Some((Icon::Warn, format!("{online:.0} of {total:.0} nodes")));
        }
        if let Some((online, total)) = part(Quantity::DrivesOnline, Quantity::DrivesTotal) {
            return Some((Icon::Warn, format!("{online:.0} of {total:.0} drives")));
        }
        let healing = value(Quantity::DrivesHealing).is_some_and(|drives| drives > 0.0);
        healing.then(|| (Icon::Warn, "healing".to_owned()))
    }

    /// The word for some subjects together, and the one that is stale where others are not.
    pub(crate) fn badge(&self, subjects: &[Subject]) -> (State, Option<Subject>) {
        let states = subjects.iter().map(|subject| self.state(*subject));
        let state = State::together(states.clone());
        let is_mixed = state.is_stale() && states.clone().any(State::is_fresh);
        let who = subjects.iter().copied().find(|subject| is_mixed && *self.state(*subject) == state);
        (state, who)
    }
}
