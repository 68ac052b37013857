//! A captured deployment, folded at the pace of live polling: what the lab's feeds would have reported of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::commands::capture::CapturedScrape;
use crate::signal::{Moved, Readings, Tier};
use crate::telemetry::{Collected, Endpoint, Fold, TargetKind};

/// A scrape this much early, or half an interval where that is less, is still the one that was due.
const EARLY_SECS: f64 = 0.5;

/// The endpoint of a path, of those that are folded.
pub(crate) fn polled_endpoint(path: &str) -> Option<Endpoint> {
    let polled =
        [Endpoint::V3Requests, Endpoint::V3Process, Endpoint::V3Cluster, Endpoint::V2Cluster, Endpoint::Health];
    polled.into_iter().find(|endpoint| endpoint.path() == path)
}

/// One poll of every node, which gives the drawn curve one point.
#[derive(Default)]
struct Round {
    seen: BTreeSet<(Endpoint, String)>,
    last_secs: f64,
}

impl Round {
    /// When the round ended, if the scrape begins a new one.
    fn end_before(&mut self, endpoint: &Endpoint, row: &CapturedScrape) -> Option<f64> {
        if !endpoint.is_page() || matches!(endpoint, Endpoint::V3Cluster | Endpoint::Health) {
            return None;
        }
        let key = (endpoint.clone(), row.node.clone());
        let ended = self.seen.contains(&key).then_some(self.last_secs);
        if ended.is_some() {
            self.seen.clear();
            self.last_secs = row.at;
        }
        self.seen.insert(key);
        self.last_secs = self.last_secs.max(row.at);
        ended
    }
}

/// A captured deployment, fed at the pace of live polling.
pub(crate) struct PacedFold {
    fold: Fold,
    due_secs: BTreeMap<(Endpoint, String), f64>,
    round: Round,
}

impl PacedFold {
    pub(crate) fn new(tier: Tier) -> Self {
        Self { fold: Fold::new(TargetKind::Tier(tier)), due_secs: BTreeMap::new(), round: Round::default() }
    }

    /// When the round ended, if the scrape begins a new one.
    pub(crate) fn end_round_before(&mut self, endpoint: &Endpoint, row: &CapturedScrape) -> Option<f64> {
        self.round.end_before(endpoint, row)
    }

    /// Collects the text of an answer.
    pub(crate) fn collect(&self, node: &str, endpoint: &Endpoint, text: &str) -> Collected {
        let mut body = self.fold.body(node, endpoint);
        body.feed(text.as_bytes());
        body.finish()
    }

    /// Takes an answer, if it was due.
    pub(crate) fn take(&mut self, row: &CapturedScrape, endpoint: &Endpoint, collected: &Collected) {
        if self.is_due(row, endpoint) {
            take_answer(&mut self.fold, row, endpoint, collected);
        }
    }

    fn is_due(&mut self, row: &CapturedScrape, endpoint: &Endpoint) -> bool {
        let due_secs = self.due_secs.entry((endpoint.clone(), row.node.clone())).or_insert(f64::NEG_INFINITY);
        let interval_secs = endpoint.running_interval_secs();
        let is_due = row.at >= *due_secs - EARLY_SECS.min(interval_secs / 2.0);
        if is_due {
            *due_secs = row.at + interval_secs;
        }
        is_due
    }

    pub(crate) fn note_failure(&mut self, row: &CapturedScrape, endpoint: &Endpoint) {
        note_failure(&mut self.fold, row, endpoint);
    }

    /// What the feeds would report at that time.
    pub(crate) fn report(&mut self, at_secs: f64) -> (Readings, Option<Vec<Moved>>) {
        self.fold.report(at_secs)
    }

    pub(crate) fn last_good_secs(&self) -> Option<f64> {
        self.fold.last_good_secs()
    }

    pub(crate) fn drain_samples(&mut self) -> u64 {
        self.fold.drain_samples()
    }
}

/// The text of an answer that can be read: of a health page its status in words.
pub(crate) fn answered_text<'a>(row: &'a CapturedScrape, endpoint: &Endpoint) -> Option<&'a str> {
    match (endpoint, row.status) {
        (Endpoint::Health, Some(status)) => Endpoint::health_text(status),
        (_, Some(200)) => Some(row.body.as_str()),
        _ => None,
    }
}

/// Takes an answer, or notes that it cannot be used. Whether it could.
pub(crate) fn take_answer(fold: &mut Fold, row: &CapturedScrape, endpoint: &Endpoint, collected: &Collected) -> bool {
    let taken = fold.take(&row.node, endpoint, row.at, collected, row.process_start_unix_secs());
    if !taken {
        fold.refused(&row.node, endpoint, row.at);
    }
    taken
}

/// Notes that a node gave no answer, or none that can be read.
pub(crate) fn note_failure(fold: &mut Fold, row: &CapturedScrape, endpoint: &Endpoint) {
    match row.status {
        Some(_) => fold.refused(&row.node, endpoint, row.at),
        None => fold.failed(&row.node, endpoint, row.at),
    }
}
