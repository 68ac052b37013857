//! What each source of a session said, in short: its fastest readings, its bursts, what happened to its tiers, its faults.

use std::collections::{BTreeMap, BTreeSet};

use crate::live::{
    Announcement, Burst, Direction, Fault, FaultCode, Happening, SourceEvent, SourceId, SourceKind, SourceList,
    TierEvent,
};
use crate::presentation::event::{Event, Timed};
use crate::signal::{Quantity, Readings, Signal, Tier};

/// A fault that comes back so soon after it ended is the same one: a node that starts answers and refuses in turn.
const AGAIN_SECS: f64 = 10.0;
/// So many events and so many faults of a source are kept, the first ones.
pub(super) const MOST_KEPT: usize = 500;

/// The stories of all sources.
#[derive(Default)]
pub(super) struct LabStories {
    list: SourceList,
    stories: BTreeMap<SourceId, LabStory>,
    /// Bursts that were told, and events that were told or lie before the session.
    told_bursts: BTreeMap<(SourceId, Tier, Direction), Burst>,
    seen_events: BTreeSet<(SourceId, u64, Tier, &'static str)>,
}

/// The most that was read of a rate, and when.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Peak {
    pub(super) bytes_per_sec: f64,
    /// Seconds of the talk.
    pub(super) at_secs: f64,
}

/// The bursts of one tier, one way.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct BurstSum {
    pub(super) count: u32,
    /// The one that moved most.
    pub(super) largest: Option<Burst>,
}

/// Something that happened to a tier.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ToldEvent {
    /// Seconds of the talk.
    pub(super) at_secs: f64,
    pub(super) event: TierEvent,
}

/// Something that was wrong for a while. Times are seconds of the talk.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ToldFault {
    pub(super) target: String,
    pub(super) node: String,
    pub(super) page: String,
    pub(super) code: FaultCode,
    pub(super) cause: String,
    pub(super) began_secs: f64,
    /// None: it was so to the end.
    pub(super) ended_secs: Option<f64>,
}

/// What one source said.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LabStory {
    pub(super) kind: SourceKind,
    pub(super) origin: String,
    /// Seconds of its clock for one of the talk's.
    pub(super) lapse: u32,
    pub(super) targets: Vec<String>,
    pub(super) peaks: BTreeMap<(Tier, Direction), Peak>,
    pub(super) bursts: BTreeMap<(Tier, Direction), BurstSum>,
    /// In the order in which they were found out.
    pub(super) events: Vec<ToldEvent>,
    /// In the order in which they began.
    pub(super) faults: Vec<ToldFault>,
}

impl LabStories {
    /// In the order of their ids.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&SourceId, &LabStory)> {
        self.stories.iter()
    }

    /// Takes an event of the session.
    pub(super) fn hear(&mut self, timed: Timed) {
        self.list.note_stale(timed.at);
        let Event::Source { source, news } = timed.event else { return };
        for news in news {
            self.note_source(&source, &news);
            let is_past = matches!(news, SourceEvent::Recalled { .. } | SourceEvent::Shifted { .. });
            let is_reading = matches!(news, SourceEvent::Scraped { .. });
            self.list.apply(&source, news);
            self.list.show(&source);
            if is_past {
                // What happened before the session, or was made up for its charts, is no part of it.
                self.new_events(&source).for_each(drop);
            }
            if is_reading {
                self.note_peaks(&source, timed.at);
                self.note_bursts(&source);
            }
        }
        self.note_events(&source);
        self.note_faults(&source, timed.at);
    }

    fn note_source(&mut self, source: &SourceId, news: &SourceEvent) {
        let SourceEvent::Announced(announced) = news else { return };
        let told = LabStory::new(announced);
        let story = self.stories.entry(source.clone()).or_insert_with(|| told.clone());
        // Announced again it is the same source, with what is known of it now.
        (story.kind, story.origin, story.lapse, story.targets) = (told.kind, told.origin, told.lapse, told.targets);
    }

    fn note_peaks(&mut self, source: &SourceId, at_secs: f64) {
        let Some(story) = self.stories.get_mut(source) else { return };
        story.note_peaks(self.list.shown().readings(), at_secs);
    }

    fn note_bursts(&mut self, source: &SourceId) {
        let Some(story) = self.stories.get_mut(source) else { return };
        for (tier, direction, burst) in self.list.shown().bursts().last_ones() {
            let before = self.told_bursts.insert((source.clone(), tier, direction), *burst);
            if before.as_ref() != Some(burst) {
                story.bursts.entry((tier, direction)).or_default().add(burst);
            }
        }
    }

    /// The events of the source shown that were not seen before.
    fn new_events(&mut self, source: &SourceId) -> impl Iterator<Item = TierEvent> + use<> {
        let mut new = Vec::new();
        for event in self.list.shown().events().iter() {
            let key = (source.clone(), event.at_secs.to_bits(), event.tier, event.what.kind());
            if self.seen_events.insert(key) {
                new.push(event.clone());
            }
        }
        new.into_iter()
    }

    fn note_events(&mut self, source: &SourceId) {
        let new = self.new_events(source);
        let Some(story) = self.stories.get_mut(source) else { return };
        new.for_each(|event| story.add_event(event));
    }

    fn note_faults(&mut self, source: &SourceId, at_secs: f64) {
        let Some(story) = self.stories.get_mut(source) else { return };
        let known: Vec<&Fault> = self.list.shown().faults().collect();
        story.note_faults(&known, at_secs);
    }
}

impl BurstSum {
    fn add(&mut self, burst: &Burst) {
        self.count += 1;
        if self.largest.is_none_or(|largest| burst.bytes > largest.bytes) {
            self.largest = Some(*burst);
        }
    }
}

impl LabStory {
    fn new(announced: &Announcement) -> Self {
        let targets = announced.targets.iter().map(|target| target.name.as_ref().to_owned()).collect();
        Self {
            kind: announced.kind,
            origin: announced.origin.as_ref().to_owned(),
            lapse: announced.lapse,
            targets,
            peaks: BTreeMap::new(),
            bursts: BTreeMap::new(),
            events: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Whether it is worth a part of its own.
    pub(super) fn says_something(&self) -> bool {
        !(self.peaks.is_empty() && self.bursts.is_empty() && self.events.is_empty() && self.faults.is_empty())
    }

    /// Adds an event. A tier that missed no more than a poll or two is no news: neither that it was silent nor that it answers.
    fn add_event(&mut self, event: TierEvent) {
        let is_short = matches!(event.what, Happening::Live { after_secs } if after_secs < AGAIN_SECS);
        let is_silence = |told: &ToldEvent| told.event.tier == event.tier && told.event.what == Happening::Stale;
        if is_short {
            if let Some(silence) = self.events.iter().rposition(is_silence) {
                self.events.remove(silence);
            }
        } else if self.events.len() < MOST_KEPT {
            let at_secs = event.at_secs / f64::from(self.lapse.max(1));
            self.events.push(ToldEvent { at_secs, event });
        }
    }

    fn note_peaks(&mut self, readings: &Readings, at_secs: f64) {
        let rates = [(Direction::Read, Quantity::ReadBytesPerSec), (Direction::Write, Quantity::WriteBytesPerSec)];
        for tier in Tier::ALL {
            for (direction, quantity) in rates {
                let rate = readings.get(&Signal::tier(tier, quantity)).map_or(0.0, |reading| reading.value);
                let peak = self.peaks.get(&(tier, direction)).map_or(0.0, |peak| peak.bytes_per_sec);
                if rate > peak {
                    self.peaks.insert((tier, direction), Peak { bytes_per_sec: rate, at_secs });
                }
            }
        }
    }

    fn note_faults(&mut self, known: &[&Fault], at_secs: f64) {
        for told in &mut self.faults {
            let is_known = known.iter().any(|fault| told.is(fault));
            let may_go_on = told.ended_secs.is_none_or(|ended| at_secs - ended < AGAIN_SECS);
            if may_go_on && is_known {
                told.ended_secs = None;
            } else if told.ended_secs.is_none() {
                told.ended_secs = Some(at_secs);
            }
        }
        for fault in known {
            if self.faults.iter().any(|told| told.ended_secs.is_none() && told.is(fault)) {
                continue;
            }
            if self.faults.len() >= MOST_KEPT {
                return;
            }
            let Fault { target, node, page, code, cause, .. } = (*fault).clone();
            self.faults.push(ToldFault { target, node, page, code, cause, began_secs: at_secs, ended_secs: None });
        }
    }
}

impl ToldFault {
    fn is(&self, fault: &Fault) -> bool {
        self.code == fault.code && self.target == fault.target && self.node == fault.node && self.page == fault.page
    }
}
