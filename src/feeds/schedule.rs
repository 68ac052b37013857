//! When to ask for what: a node's own ticks, and the slow questions that one node answers for its deployment.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use crate::telemetry::Endpoint;

/// Ticks on a grid of its own, so that the nodes of a lab are not asked all at once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ticks {
    first_secs: f64,
    interval_secs: f64,
}

impl Ticks {
    /// Begins now; after that the grid lies `nth / of` of an interval later.
    pub(super) fn new(now_secs: f64, interval_secs: f64, nth: usize, of: usize) -> Self {
        let offset = interval_secs * nth as f64 / of.max(1) as f64;
        Self { first_secs: now_secs + offset, interval_secs }
    }

    /// The next tick that lies ahead. Ticks that were missed are skipped, and so is one that comes right away.
    pub(super) fn next_after(&self, begun_secs: f64, now_secs: f64) -> f64 {
        let soonest = now_secs.max(begun_secs + self.interval_secs / 2.0);
        let steps = ((soonest - self.first_secs) / self.interval_secs).floor() + 1.0;
        self.first_secs + steps.max(0.0) * self.interval_secs
    }

    /// The same grid, so many times as fine.
    pub(super) fn split(self, times: f64) -> Self {
        Self { interval_secs: self.interval_secs / times, ..self }
    }
}

/// How a slow question went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageOutcome {
    Good,
    /// The server knows no such endpoint.
    Absent,
    Failed,
}

/// The questions that one node answers for all, and which node that is.
#[derive(Debug)]
pub(super) struct SlowPages {
    pages: Vec<SlowPage>,
    /// By node: what it is asked for itself.
    extra: Vec<Vec<SlowPage>>,
    holder: usize,
    /// By node: whether its last answer was good.
    well: Vec<bool>,
    /// 1 in earnest, less in tests.
    scale: f64,
}

#[derive(Debug)]
struct SlowPage {
    endpoint: Endpoint,
    due_secs: f64,
}

/// After an endpoint was not found, it is looked for again: a server may be upgraded during a talk.
pub(super) const LOOK_AGAIN_SECS: f64 = 60.0;
/// After a slow question failed, it is asked again.
const RETRY_SECS: f64 = 4.0;

/// Waits so long on a stop channel. False when it is time to end.
pub(super) fn waits(stop: &Receiver<()>, secs: f64) -> bool {
    let left = Duration::try_from_secs_f64(secs).unwrap_or_default();
    matches!(stop.recv_timeout(left), Err(RecvTimeoutError::Timeout))
}

impl SlowPages {
    pub(super) fn new(endpoints: Vec<Endpoint>, nodes: usize, scale: f64) -> Self {
        let pages = endpoints.into_iter().map(|endpoint| SlowPage { endpoint, due_secs: f64::NEG_INFINITY }).collect();
        let extra = (0..nodes).map(|_| Vec::new()).collect();
        Self { pages, extra, holder: 0, well: vec![true; nodes], scale }
    }

    /// What this node should ask now for itself, of the pages that it is to be asked for.
    pub(super) fn claim_extra(&mut self, node: usize, wanted: &[Endpoint], now_secs: f64) -> Option<Endpoint> {
        let pages = self.extra.get_mut(node)?;
        for endpoint in wanted {
            if !pages.iter().any(|page| page.endpoint == *endpoint) {
                pages.push(SlowPage { endpoint: endpoint.clone(), due_secs: f64::NEG_INFINITY });
            }
        }
        let due = pages.iter_mut().find(|page| page.due_secs <= now_secs && wanted.contains(&page.endpoint))?;
        due.due_secs = f64::INFINITY;
        Some(due.endpoint.clone())
    }

    /// What this node should ask now on behalf of all.
    pub(super) fn claim_page(&mut self, node: usize, now_secs: f64) -> Option<Endpoint> {
        self.hand_on();
        if self.holder != node {
            return None;
        }
        let due = self.pages.iter_mut().find(|page| page.due_secs <= now_secs)?;
        // Until the answer is noted nobody asks for it again.
        due.due_secs = f64::INFINITY;
        Some(due.endpoint.clone())
    }

    /// Notes how a claimed question went.
    pub(super) fn note_outcome(&mut self, node: usize, endpoint: &Endpoint, now_secs: f64, outcome: PageOutcome) {
        let after = match outcome {
            PageOutcome::Good => endpoint.interval_secs(),
            PageOutcome::Absent => LOOK_AGAIN_SECS,
            PageOutcome::Failed => RETRY_SECS.min(endpoint.interval_secs()),
        };
        if endpoint.is_extra() {
            let pages = self.extra.get_mut(node).into_iter().flatten();
            for page in pages.filter(|page| page.endpoint == *endpoint) {
                // What the talk goes on without is never asked for in a hurry.
                page.due_secs = now_secs + after.max(endpoint.interval_secs()) * self.scale;
            }
            return;
        }
        if let Some(page) = self.pages.iter_mut().find(|page| page.endpoint == *endpoint) {
            page.due_secs = now_secs + after * self.scale;
        }
        self.note_health(node, outcome != PageOutcome::Failed);
        if outcome == PageOutcome::Failed && !self.well.contains(&true) {
            self.holder = (node + 1) % self.well.len();
        }
    }

    /// Notes whether a node answers.
    pub(super) fn note_health(&mut self, node: usize, well: bool) {
        if let Some(known) = self.well.get_mut(node) {
            *known = well;
        }
    }

    /// The same node is asked as long as it answers, since each node caches for itself; else the next one that does.
    fn hand_on(&mut self) {
        let nodes = self.well.len();
        let mut order = (0..nodes).map(|step| (self.holder + step) % nodes);
        if let Some(next) = order.find(|node| self.well[*node]) {
            self.holder = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_ticks_are_skipped_and_the_grid_is_kept() {
        let ticks = Ticks::new(100.0, 2.0, 1, 4);
        assert_eq!(ticks.next_after(100.0, 100.1), 102.5, "100.5 would come right away");
        assert_eq!(ticks.next_after(102.5, 102.6), 104.5);
        assert_eq!(ticks.next_after(104.5, 109.0), 110.5);
        assert_eq!(Ticks::new(0.0, 2.0, 0, 1).next_after(0.0, 0.0), 2.0);
        assert_eq!(Ticks::new(0.0, 2.0, 3, 4).next_after(0.0, 0.1), 1.5);
        assert_eq!(ticks.split(4.0).next_after(102.5, 102.6), 103.0);
        assert_eq!(ticks.next_after(103.0, 103.1), 104.5, "and back on the grid");
    }

    #[test]
    fn one_healthy_node_answers_the_slow_questions() {
        let v2 = Endpoint::V2Cluster;
        let mut pages = SlowPages::new(vec![v2.clone()], 3, 1.0);
        assert_eq!(pages.claim_page(1, 0.0), None, "node 0 answers");
        assert_eq!(pages.claim_page(0, 0.0), Some(v2.clone()));
        assert_eq!(pages.claim_page(0, 0.0), None, "it is being asked");
        pages.note_outcome(0, &v2, 0.5, PageOutcome::Good);
        assert_eq!(pages.claim_page(0, 5.0), None);
        pages.note_health(0, false);
        assert_eq!(pages.claim_page(0, 5.5), None);
        assert_eq!(pages.claim_page(1, 5.5), Some(v2.clone()));
        pages.note_health(0, true);
        pages.note_outcome(1, &v2, 6.0, PageOutcome::Good);
        assert_eq!(pages.claim_page(0, 11.0), None, "node 1 keeps it");
    }

    #[test]
    fn each_node_is_asked_for_its_own_pages_whoever_holds_the_shared_ones() {
        let (system, ilm) = (Endpoint::V3System, Endpoint::V3Ilm);
        let wanted = [system.clone(), ilm.clone()];
        let mut pages = SlowPages::new(vec![Endpoint::V2Cluster], 2, 1.0);
        for node in [0, 1] {
            assert_eq!(pages.claim_extra(node, &wanted, 0.0), Some(system.clone()));
            assert_eq!(pages.claim_extra(node, &wanted, 0.0), Some(ilm.clone()));
            assert_eq!(pages.claim_extra(node, &wanted, 0.0), None, "both are being asked for");
        }
        pages.note_outcome(1, &system, 0.0, PageOutcome::Absent);
        pages.note_outcome(1, &ilm, 0.0, PageOutcome::Failed);
        assert_eq!(pages.claim_extra(1, &wanted, 4.0), None, "a failure is no reason to hurry");
        assert_eq!(pages.claim_extra(1, &wanted, 5.0), Some(ilm));
        assert_eq!(pages.claim_extra(1, &wanted, 59.0), None);
        assert_eq!(pages.claim_extra(1, &wanted, 60.0), Some(system));
        assert_eq!(pages.claim_page(0, 60.0), Some(Endpoint::V2Cluster), "node 1 did not lose its turn by it");
    }

    #[test]
    fn while_no_node_answers_each_is_tried_in_turn() {
        let v2 = Endpoint::V2Cluster;
        let mut pages = SlowPages::new(vec![v2.clone()], 2, 1.0);
        for (node, at_secs) in [(0, 0.0), (1, 4.0), (0, 8.0), (1, 12.0)] {
            assert_eq!(pages.claim_page(node, at_secs), Some(v2.clone()), "{node} at {at_secs}");
            pages.note_outcome(node, &v2, at_secs, PageOutcome::Failed);
        }
    }

    #[test]
    fn what_is_not_there_is_looked_for_again_later() {
        let v3 = Endpoint::V3Cluster;
        let mut pages = SlowPages::new(vec![v3.clone()], 1, 1.0);
        pages.claim_page(0, 0.0);
        pages.note_outcome(0, &v3, 0.0, PageOutcome::Absent);
        assert_eq!(pages.claim_page(0, 59.0), None);
        assert_eq!(pages.claim_page(0, 60.0), Some(v3));
    }
}
