//! The simulated lab: a pure function from a seed, the story's events and a time to the pages that MinIO and the exporters
//! would answer then.
//!
//! The lab is a training cluster that follows the story: a told phase makes its traffic, as MinIO counts it. Nothing here
//! keeps state between two questions, waits, or reads a clock; any time may be asked for, also times before the story
//! began, at which a training run was going on. The pages are MinIO's text, so they pass through the same parser and fold as
//! a real lab's.

mod calls;
mod exporters;
mod lists;
mod nodes;
mod pages;
mod phase;
mod text;
mod topology;
mod usage;
mod v2;
mod v2_bucket;
mod v3;
mod v3_cluster;
mod work;
mod workload;

pub use lists::{list_as_json, list_as_table};
pub use nodes::{Failures, Outage};
pub use pages::{SimEndpoint, SimPage};
pub use phase::Phase;
pub use topology::SimDeployment;
pub use work::StoryEvent;

use crate::sim::topology::VERSION;
use crate::sim::work::LabWork;
use crate::sim::workload::{TrafficKind, Way};

/// Seconds since 1970 at the lab's time 0, where nobody says otherwise.
const EPOCH_UNIX_SECS: f64 = 1_790_000_000.0;

/// The simulated lab: its story so far, and what is to fail.
#[derive(Clone, Debug)]
pub struct SimLab {
    work: LabWork,
    seed: u64,
    failures: Failures,
    epoch_unix_secs: f64,
}

/// When a page's groups of families were collected.
///
/// MinIO answers from a cache where collecting is dear, and it refreshes a group when it is asked for after the group's time
/// is up; so what a poller sees depends on how often it asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CollectedAt {
    /// Now, for everything uncached.
    pub now_secs: f64,
    /// For v2's traffic, requests and health, kept for 10 s.
    pub traffic_secs: f64,
    /// For capacity, drives, nodes and usage, kept for 60 s.
    pub capacity_secs: f64,
}

impl CollectedAt {
    /// Nothing cached: the first answer that anybody gets.
    pub fn fresh(now_secs: f64) -> Self {
        Self { now_secs, traffic_secs: now_secs, capacity_secs: now_secs }
    }

    /// As a poller finds it that asks at every multiple of `every_secs`, which is above 0.
    pub fn polled(now_secs: f64, every_secs: f64) -> Self {
        let refreshed = |kept_secs: f64| {
            let refresh_secs = (kept_secs / every_secs).ceil() * every_secs;
            (now_secs / refresh_secs).floor() * refresh_secs
        };
        Self { now_secs, traffic_secs: refreshed(Self::TRAFFIC_SECS), capacity_secs: refreshed(Self::CAPACITY_SECS) }
    }

    /// How long MinIO keeps v2's traffic, requests and health.
    pub const TRAFFIC_SECS: f64 = 10.0;
    /// How long MinIO keeps capacity, drives, nodes and usage.
    pub const CAPACITY_SECS: f64 = 60.0;
}

/// Bytes that went into and out of a tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    pub bytes_in: u64,
    pub bytes_out: u64,
}

/// What the lab's clients have done since the counters began, whoever saw it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// The scratch drives of T0.
    pub raw: Bytes,
    pub hot: Bytes,
    pub warm: Bytes,
    pub cold: Bytes,
}

impl Truth {
    /// The tiers by their words, nearest to the GPU first.
    pub fn tiers(&self) -> [(&'static str, Bytes); 4] {
        [("raw", self.raw), ("hot", self.hot), ("warm", self.warm), ("cold", self.cold)]
    }

    /// What happened between an earlier truth and this one.
    pub fn since(&self, earlier: &Self) -> Self {
        let less = |now: Bytes, then: Bytes| Bytes {
            bytes_in: now.bytes_in.saturating_sub(then.bytes_in),
            bytes_out: now.bytes_out.saturating_sub(then.bytes_out),
        };
        Self {
            raw: less(self.raw, earlier.raw),
            hot: less(self.hot, earlier.hot),
            warm: less(self.warm, earlier.warm),
            cold: less(self.cold, earlier.cold),
        }
    }
}

impl SimLab {
    /// A healthy lab with this story. The same seed and story make the same lab.
    pub fn new(seed: u64, story: &[StoryEvent]) -> Self {
        let work = LabWork::new(seed, story);
        Self { work, seed, failures: Failures::default(), epoch_unix_secs: EPOCH_UNIX_SECS }
    }

    /// The same lab, in which things fail.
    pub fn failing(self, failures: Failures) -> Self {
        Self { failures, ..self }
    }

    /// The same lab, whose time 0 is this many seconds after 1970.
    pub fn since_unix(self, epoch_unix_secs: f64) -> Self {
        Self { epoch_unix_secs, ..self }
    }

    /// From the event's time on the lab works at its phase. Events are told in their order; what was told of earlier times
    /// stays.
    pub fn tell(&mut self, event: StoryEvent) {
        self.work.tell(event);
    }

    /// The phase told at a time.
    pub fn phase(&self, at_secs: f64) -> Option<Phase> {
        self.work.phase(at_secs).0
    }

    /// Everything the clients have done by a time, in whole objects and parts, as MinIO counts.
    pub fn truth(&self, at_secs: f64) -> Truth {
        let counts = self.counts(at_secs);
        let mut truth = Truth::default();
        for traffic in TrafficKind::ALL {
            let route = traffic.route();
            let bytes = counts[traffic as usize] * route.object_bytes;
            let tier = match route.deployment {
                None => &mut truth.raw,
                Some(SimDeployment::Hot) => &mut truth.hot,
                Some(SimDeployment::Warm) => &mut truth.warm,
                Some(SimDeployment::Cold) => &mut truth.cold,
            };
            match route.way {
                Way::In => tier.bytes_in += bytes,
                Way::Out => tier.bytes_out += bytes,
            }
        }
        truth
    }

    /// The release of MinIO that the lab says it is.
    pub fn version() -> &'static str {
        VERSION
    }
}

/// One page at one time, for those who ask once: [`SimLab::page`] without a lab to keep. Empty where nobody answers.
pub fn body(seed: u64, story: &[StoryEvent], page: SimPage, at_secs: f64) -> String {
    let mut out = String::new();
    SimLab::new(seed, story).page(page, &page.collected(at_secs), &mut out);
    out
}

#[cfg(test)]
mod tests;
