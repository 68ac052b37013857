//! What the shown source says at this moment, as a picture needs it.

use std::sync::Arc;

use crate::live::{Series, Source, State};
use crate::scene::binding::Binding;
use crate::signal::{Readings, Subject, Tier};

/// The shown source at one moment.
pub struct Seen<'a> {
    pub source: &'a Source,
    /// On the source's clock.
    pub now_secs: f64,
    /// For motion and light.
    pub readings: &'a Readings,
    /// For numerals: refreshed at most once a second.
    pub numerals: &'a Readings,
    /// T0 to T3, then the GPUs.
    pub states: [State; 5],
    /// The one word for all of them.
    pub badge: State,
    /// Where the readings come from, in words: `simulated lab`.
    pub origin: Arc<str>,
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

    /// The state of what a binding reads: the best of its subjects, as a sum is known when one part is.
    pub(crate) fn state_of(&self, binding: &Binding) -> &State {
        let states = binding.signals.iter().map(|signal| self.state(signal.subject));
        let known = states.clone().find(|state| state.is_known());
        known.or_else(|| states.clone().next()).unwrap_or(&self.states[0])
    }
}
