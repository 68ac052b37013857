//! One deployment of a capture: what its pages come to, and what would have been drawn of it.

use crate::commands::capture::CapturedScrape;
use crate::commands::fold::folded::{FoldedBurst, FoldedState, FoldedWork, Integral, Sums};
use crate::commands::fold::paced::{PacedFold, answered_text, note_failure, polled_endpoint, take_answer};
use crate::live::Bursts;
use crate::signal::{Moved, Quantity, Readings, Signal, Tier};
use crate::telemetry::{Endpoint, Fold, TargetKind};

/// The tier that each deployment is folded as. Any would do, as each is folded alone.
const TIER: Tier = Tier::T2;

/// One deployment of the capture.
pub(super) struct FoldedDeployment {
    /// Fed every scrape of the capture, which may poll more often than live: sums and states.
    every: Fold,
    /// Fed at the pace of live polling: what would be drawn.
    live: PacedFold,
    pub(super) v3: Vec<(f64, Sums)>,
    pub(super) v2: Vec<(f64, Sums)>,
    /// What the curve held when it had been drawn so far.
    drawn: Vec<(f64, Integral)>,
    bursts: Bursts,
    pub(super) told_bursts: Vec<FoldedBurst>,
    pub(super) states: Vec<FoldedState>,
    pub(super) negative_readings: u64,
}

impl Default for FoldedDeployment {
    fn default() -> Self {
        Self {
            every: Fold::new(TargetKind::Tier(TIER)),
            live: PacedFold::new(TIER),
            v3: Vec::new(),
            v2: Vec::new(),
            drawn: Vec::new(),
            bursts: Bursts::default(),
            told_bursts: Vec::new(),
            states: Vec::new(),
            negative_readings: 0,
        }
    }
}

impl FoldedDeployment {
    pub(super) fn add_scrape(&mut self, row: &CapturedScrape) {
        let Some(endpoint) = polled_endpoint(&row.path) else { return };
        if let Some(ended_secs) = self.live.end_round_before(&endpoint, row) {
            self.draw_round(ended_secs);
        }
        let Some(text) = answered_text(row, &endpoint) else {
            note_failure(&mut self.every, row, &endpoint);
            self.live.note_failure(row, &endpoint);
            return self.note_state(row);
        };
        let mut body = self.every.body(&row.node, &endpoint);
        body.feed(text.as_bytes());
        let collected = body.finish();
        if take_answer(&mut self.every, row, &endpoint, &collected) {
            self.add_sums(&endpoint, row.at);
            self.note_state(row);
        }
        self.live.take(row, &endpoint, &collected);
    }

    fn add_sums(&mut self, endpoint: &Endpoint, at_secs: f64) {
        let sums = || Sums::from_tally(&self.every.tally(endpoint));
        match endpoint {
            Endpoint::V3Requests => self.v3.push((at_secs, sums())),
            Endpoint::V2Cluster => self.v2.push((at_secs, sums())),
            _ => {}
        }
    }

    fn note_state(&mut self, row: &CapturedScrape) {
        let readings = self.every.readings(row.at);
        let value = |quantity| readings.get(&Signal::tier(TIER, quantity)).map(|reading| reading.value);
        let state = || {
            Some(FoldedState {
                at: row.at,
                deployment: row.dep.clone(),
                nodes_online: value(Quantity::NodesOnline)?,
                nodes_total: value(Quantity::NodesTotal)?,
                drives_online: value(Quantity::DrivesOnline)?,
                drives_total: value(Quantity::DrivesTotal)?,
            })
        };
        if let Some(state) = state()
            && self.states.last().is_none_or(|last| !last.is_same(&state))
        {
            self.states.push(state);
        }
    }

    /// Whether its nodes tell a part of what the cluster does: the curve is the cluster's own then.
    pub(super) fn is_part(&self) -> bool {
        !self.every.coverage().is_whole()
    }

    /// Whether its servers answered in turn at one address.
    pub(super) fn is_balanced(&self) -> bool {
        self.every.coverage().is_balanced
    }

    /// How much the counters grew from the first scrape to the last.
    pub(super) fn whole_work(&self) -> FoldedWork {
        let last = |rows: &[(f64, Sums)]| rows.last().map(|(_, sums)| sums.clone());
        FoldedWork { v3: last(&self.v3), v2: last(&self.v2) }
    }

    /// Takes what the readings and the curve say at the end of a round, as a report of the live feeds would.
    pub(super) fn draw_round(&mut self, at_secs: f64) {
        let (readings, moved) = self.live.report(at_secs);
        let wrong = readings.values().filter(|reading| reading.value.is_nan() || reading.value < 0.0);
        self.negative_readings += wrong.count() as u64;
        let moved = moved.unwrap_or_default();
        self.bursts.take_moved(&moved, at_secs, &readings);
        self.add_drawn(&readings, &moved);
        for (_, direction, burst) in self.bursts.last_ones() {
            let burst = FoldedBurst::new(direction, burst);
            if !self.told_bursts.contains(&burst) {
                self.told_bursts.push(burst);
            }
        }
    }

    fn add_drawn(&mut self, readings: &Readings, moved: &[Moved]) {
        let Some(newest) = readings.get(&Signal::tier(TIER, Quantity::WriteBytesPerSec)) else { return };
        let mut sum = self.drawn.last().map(|(_, sum)| *sum).unwrap_or_default();
        for moved in moved {
            match moved.signal.quantity {
                Quantity::WriteBytesPerSec => sum.bytes_in += moved.bytes,
                _ => sum.bytes_out += moved.bytes,
            }
        }
        self.drawn.push((newest.at_secs, sum));
    }

    /// The bytes that came under the curve between two times.
    pub(super) fn drawn_within(&self, from_secs: f64, to_secs: f64) -> Integral {
        let (start, end) = (last_known(&self.drawn, from_secs), last_known(&self.drawn, to_secs));
        Integral { bytes_in: end.bytes_in - start.bytes_in, bytes_out: end.bytes_out - start.bytes_out }
    }
}

/// The last of the rows that was known at that time.
pub(super) fn last_known<T: Clone + Default>(rows: &[(f64, T)], at_secs: f64) -> T {
    let count = rows.partition_point(|(known_secs, _)| *known_secs <= at_secs);
    rows[..count].last().map(|(_, value)| value.clone()).unwrap_or_default()
}
