//! What a source says: the news that change what is known of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::live::burst::Bursts;
use crate::live::coarse::Point;
use crate::live::fault::Fault;
use crate::live::happening::TierEvent;
use crate::signal::{Inside, Moved, Readings, Signal, Subject};

/// Which source: two labs, a recording and a simulated lab can stand side by side.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(Arc<str>);

impl SourceId {
    /// The source of this name.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds of source: the word of `--data`, and what a badge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SourceKind {
    /// Servers of a lab, asked each for itself.
    Lab,
    /// The same lab as a Prometheus server knows it.
    Prometheus,
    Sim,
    Recording,
    /// Nothing: every tier says "no source".
    None,
}

impl SourceKind {
    /// `"lab"`: the kind in flags and scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Prometheus => "prometheus",
            Self::Sim => "sim",
            Self::Recording => "recording",
            Self::None => "none",
        }
    }

    /// The kind of a word such as `"lab"`.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Lab, Self::Prometheus, Self::Sim, Self::Recording, Self::None]
            .into_iter()
            .find(|kind| kind.word() == word)
    }

    /// Whether servers are asked as the talk goes on: what they said grows old.
    pub(crate) fn is_asked(self) -> bool {
        matches!(self, Self::Lab | Self::Prometheus)
    }

    /// The id of a source that is the only one of its kind.
    pub fn only_id(self) -> SourceId {
        SourceId::new(self.word())
    }
}

/// One target of a source, such as a deployment or an exporter of a lab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// As in the lab file.
    pub name: Arc<str>,
    /// The tiers it speaks for, or the GPUs.
    pub subjects: Vec<Subject>,
    /// How often the page that makes it live is asked for.
    pub interval_secs: f64,
    /// Its certificate is not checked, because the lab file says so; the stage says it too.
    pub unverified: bool,
}

/// A source as it is announced, before its first answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Announcement {
    pub kind: SourceKind,
    /// "simulated lab", "lab “Briefing lab”"; of a recording its day.
    pub origin: Arc<str>,
    /// Seconds of the source's clock for one of ours.
    pub lapse: u32,
    pub targets: Vec<Target>,
}

impl Announcement {
    /// No source: nothing is measured.
    pub fn no_source() -> Self {
        Self { kind: SourceKind::None, origin: "".into(), lapse: 1, targets: Vec::new() }
    }
}

/// What is known of a target after an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub readings: Readings,
    /// What moved since its report before, put back into the time in which it did; none of a target that does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Vec<Moved>>,
    /// When the target last gave what makes it live, on the source's clock.
    pub last_good_secs: f64,
    /// How often that is asked for: 2 s, or 15 s where only v2 is there.
    pub interval_secs: f64,
    /// Samples that the parser read since the report before: how much is behind the readings.
    #[serde(default)]
    pub samples: u64,
    /// What is wrong with some of its nodes or pages; empty when all is well.
    pub faults: Vec<Fault>,
}

/// A question in `PromQL`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Query {
    /// Letter by letter as it is sent.
    pub sent: String,
    /// The same, with `…` for the hosts, jobs and buckets in it.
    pub unnamed: String,
}

impl SourceEvent {
    /// Whether recordings and journals keep it. What is inside a lab names its nodes, drives and buckets, and what a server
    /// is asked may: that is for its moment.
    pub(crate) fn is_kept(&self) -> bool {
        !matches!(self, Self::Inspected { .. } | Self::Asked { .. })
    }
}

/// What happened to a source. Times are seconds of its own clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SourceEvent {
    /// The source is there, and nothing was heard yet. What was known under its id is forgotten.
    Announced(Announcement),
    /// A target answered; its readings replace its last ones.
    Scraped { target: Arc<str>, at_secs: f64, report: Report },
    /// A node of a target did not answer, or not in a way that can be read. What was known stays, and grows old.
    Failed { target: Arc<str>, at_secs: f64, fault: Fault },
    /// What is inside a target, in place of what was told of it before. Recordings leave it out: it names nodes and buckets.
    Inspected { target: Arc<str>, at_secs: f64, inside: Arc<Inside> },
    /// What a Prometheus server is asked for a target's signals from now on. Recordings leave it out: it names hosts and
    /// buckets.
    Asked { target: Arc<str>, queries: Arc<BTreeMap<Signal, Query>> },
    /// What a signal was before now, in order of time.
    Backfilled { signal: Signal, points: Vec<Point> },
    /// What happened to its tiers before now, in order of time, and the bursts that ran or had ended.
    Recalled {
        events: Vec<TierEvent>,
        #[serde(default)]
        bursts: Bursts,
    },
    /// What follows is of another time of what is played: what is different then did not happen in between.
    Jumped,
    /// Everything heard so far lies so many seconds later: it was polled ahead of its time.
    Shifted { by_secs: f64 },
}
