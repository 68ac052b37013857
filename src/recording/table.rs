//! Signals by their place in a frame's list of names.

use std::collections::BTreeMap;

use crate::signal::Signal;

/// More names than this in one frame are no recording of ours.
const MOST_SIGNALS: usize = 65_536;

/// The signals that a frame has named so far.
#[derive(Clone, Debug, Default)]
pub(super) struct SignalTable {
    places: BTreeMap<Signal, u64>,
    /// In order of their places; none is one that this program does not know.
    signals: Vec<Option<Signal>>,
    /// Named since the last line of names.
    unwritten: Vec<String>,
}

impl SignalTable {
    /// The place of a signal, given to it where it has none.
    pub(super) fn place(&mut self, signal: Signal) -> u64 {
        if let Some(place) = self.places.get(&signal) {
            return *place;
        }
        let place = self.signals.len() as u64;
        self.places.insert(signal, place);
        self.signals.push(Some(signal));
        self.unwritten.push(signal.to_string());
        place
    }

    /// Names that readers do not know yet.
    pub(super) fn drain_unwritten(&mut self) -> Vec<String> {
        std::mem::take(&mut self.unwritten)
    }

    /// Takes a line of names. Whether they can be.
    pub(super) fn read_names(&mut self, names: &[String]) -> bool {
        self.signals.extend(names.iter().map(|name| name.parse().ok()));
        self.signals.len() <= MOST_SIGNALS
    }

    /// The signal at a place; the inner none is one of another version, which is passed over.
    pub(super) fn signal(&self, place: u64) -> Option<Option<Signal>> {
        self.signals.get(usize::try_from(place).ok()?).copied()
    }
}
