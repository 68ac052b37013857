//! Signals by their place in a frame's list of names.

use std::collections::BTreeMap;

use crate::signal::Signal;

/// More names than this in one frame are no recording of ours.
const MOST_SIGNALS: usize = 65_536;

/// What stands at a place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Signal(Signal),
    /// A name of another version of this program: what it says is passed over.
    Unknown,
}

/// The signals that a frame has named so far.
#[derive(Clone, Debug, Default)]
pub(super) struct SignalTable {
    places: BTreeMap<Signal, u64>,
    /// In order of their places.
    names: Vec<Named>,
    /// Named since the last line of names.
    unwritten: Vec<String>,
}

impl SignalTable {
    /// The place of a signal, given to it where it has none.
    pub(super) fn place(&mut self, signal: Signal) -> u64 {
        if let Some(place) = self.places.get(&signal) {
            return *place;
        }
        let place = self.names.len() as u64;
        self.places.insert(signal, place);
        self.names.push(Named::Signal(signal));
        self.unwritten.push(signal.to_string());
        place
    }

    /// Names that readers do not know yet.
    pub(super) fn drain_unwritten(&mut self) -> Vec<String> {
        std::mem::take(&mut self.unwritten)
    }

    /// Takes a line of names. Whether they can be.
    pub(super) fn read_names(&mut self, names: &[String]) -> bool {
        self.names.extend(names.iter().map(|name| name.parse().map_or(Named::Unknown, Named::Signal)));
        self.names.len() <= MOST_SIGNALS
    }

    /// What stands at a place; none where nothing does.
    pub(super) fn named(&self, place: u64) -> Option<Named> {
        self.names.get(usize::try_from(place).ok()?).copied()
    }
}
