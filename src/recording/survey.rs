//! A recording read from end to end: how much is in it, and whether all of it can be read.

use std::collections::BTreeSet;

use crate::live::{SourceEvent, SourceKind};
use crate::presentation::event::Event;
use crate::recording::reader::{Cursor, Damage, Read, Recording};
use crate::recording::unpack::Entry;

/// More damages than this are counted, and not kept.
const MOST_DAMAGES: usize = 100;

/// How much is in a recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survey {
    /// How long it is, seconds.
    pub secs: f64,
    pub events: u64,
    /// Samples that the parser read for it.
    pub samples: u64,
    /// Targets, by name.
    pub targets: BTreeSet<String>,
    /// What cannot be read: the first hundred.
    pub damages: Vec<Damage>,
    /// It was closed, and all of it can be read.
    pub is_whole: bool,
}

impl Survey {
    /// Reads all of a recording.
    pub fn of(recording: &Recording) -> Self {
        let mut survey = Self::default();
        let mut cursor = Cursor::start();
        while let Some(read) = cursor.read(recording) {
            match read {
                Read::Entry(entry) => survey.take_entry(&entry),
                Read::Damaged(damage) if survey.damages.len() < MOST_DAMAGES => survey.damages.push(damage),
                Read::State(_) | Read::Damaged(_) => {}
            }
        }
        survey.secs = (survey.secs - recording.begins_secs()).max(0.0);
        survey.samples = cursor.counts().1;
        survey.is_whole = recording.is_closed() && survey.damages.is_empty();
        survey
    }

    fn take_entry(&mut self, entry: &Entry) {
        self.events += 1;
        self.secs = self.secs.max(entry.at_secs());
        let Entry::Event(timed) = entry else { return };
        let Event::Source { news, .. } = &timed.event else { return };
        for news in news {
            if let SourceEvent::Announced(announced) = news
                && announced.kind != SourceKind::None
            {
                self.targets.extend(announced.targets.iter().map(|target| target.name.as_ref().to_owned()));
            }
        }
    }
}
