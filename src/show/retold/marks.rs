//! What stands out in a recorded talk: where steps begin, where a tier was busy, where something failed or came back.

use std::collections::BTreeMap;

use crate::live::{Burst, Direction, Weight};
use crate::presentation::Presentation;
use crate::scene::address::Address;
use crate::signal::Tier;
use crate::timeline::happened::event_words;
use crate::timeline::numerals;

/// More than these are not marked: none could be told from the next.
const MOST_MARKS: usize = 4000;

/// Something that stands out.
#[derive(Clone, Debug, PartialEq)]
pub struct TapeMark {
    /// Seconds of the recorded talk.
    pub at_secs: f64,
    pub what: Marked,
}

/// What it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Marked {
    /// A step came on.
    Step(Address),
    /// A burst of a tier ended.
    Burst { tier: Tier, words: String },
    /// A fault, or its end.
    Event { tier: Tier, is_bad: bool, words: String },
}

impl TapeMark {
    /// The step that begins here.
    pub fn step(&self) -> Option<&Address> {
        match &self.what {
            Marked::Step(step) => Some(step),
            Marked::Burst { .. } | Marked::Event { .. } => None,
        }
    }

    /// What it is, in words, but for a step.
    pub fn words(&self) -> Option<String> {
        match &self.what {
            Marked::Step(_) => None,
            Marked::Burst { tier, words } | Marked::Event { tier, words, .. } => Some(format!("{} {words}", tier.id())),
        }
    }
}

/// Looks at a talk with each of its events.
#[derive(Debug, Default)]
pub(super) struct Watch {
    pub(super) marks: Vec<TapeMark>,
    step: Option<Address>,
    bursts: BTreeMap<String, Burst>,
    /// Up to when events of the sources were seen, on their clocks.
    seen_secs: BTreeMap<String, f64>,
}

impl Watch {
    pub(super) fn look(&mut self, talk: &Presentation) {
        let at_secs = talk.now_secs();
        if self.step.as_ref() != Some(talk.address()) {
            self.step = Some(talk.address().clone());
            self.note(at_secs, Marked::Step(talk.address().clone()));
        }
        let source = talk.sources().shown();
        // What is known of a source when it is first shown was before.
        let is_known = self.seen_secs.contains_key(&source.id.to_string());
        for (tier, direction, burst) in source.bursts().last_ones() {
            let key = format!("{} {} {direction:?}", source.id, tier.id());
            if self.bursts.get(&key) == Some(burst) {
                continue;
            }
            self.bursts.insert(key, *burst);
            if is_known {
                self.note(at_secs, Marked::Burst { tier, words: burst_words(direction, burst) });
            }
        }
        let seen_secs = self.seen_secs.get(&source.id.to_string()).copied().unwrap_or(f64::NEG_INFINITY);
        let mut latest_secs = seen_secs.max(f64::MIN);
        let mut found = Vec::new();
        for event in source.events().iter().filter(|event| event.at_secs > seen_secs) {
            latest_secs = latest_secs.max(event.at_secs);
            let is_bad = match event.what.weight() {
                Weight::Bad | Weight::Warn => true,
                Weight::Good => false,
                Weight::Plain => continue,
            };
            found.push(Marked::Event { tier: event.tier, is_bad, words: event_words(event) });
        }
        self.seen_secs.insert(source.id.to_string(), latest_secs);
        if is_known {
            for what in found {
                self.note(at_secs, what);
            }
        }
    }

    fn note(&mut self, at_secs: f64, what: Marked) {
        if self.marks.len() < MOST_MARKS || matches!(what, Marked::Step(_)) {
            self.marks.push(TapeMark { at_secs, what });
        }
    }
}

/// `"988 GB written in 28.7 s"`.
fn burst_words(direction: Direction, burst: &Burst) -> String {
    let way = match direction {
        Direction::Read => "read",
        Direction::Write => "written",
    };
    format!("{} {way} in {}", numerals::bytes(burst.bytes, "B").words(), numerals::secs(burst.secs()).words())
}
