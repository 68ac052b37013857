//! A question to one node of the lab: who is asked, and how old the groups of families are that it answers from.

use crate::sim::lab::SimLab;
use crate::sim::topology::SimDeployment;

/// When a page's groups of families were collected.
///
/// MinIO answers from a cache where collecting is dear, and it refreshes a group when it is asked for after the group's time
/// is up; so what a poller sees depends on how often it asks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CollectedAt {
    /// Now, for everything uncached.
    pub(crate) now_secs: f64,
    /// For v2's traffic, requests and health, kept for 10 s.
    pub(crate) traffic_secs: f64,
    /// For capacity, drives, nodes and usage, kept for 60 s.
    pub(crate) capacity_secs: f64,
}

impl CollectedAt {
    /// Nothing cached: the first answer that anybody gets.
    pub(crate) fn fresh(now_secs: f64) -> Self {
        Self { now_secs, traffic_secs: now_secs, capacity_secs: now_secs }
    }

    /// As a poller finds it that asks at every multiple of `every_secs`, which is above 0.
    pub(crate) fn polled(now_secs: f64, every_secs: f64) -> Self {
        let refreshed = |kept_secs: f64| {
            let refresh_secs = (kept_secs / every_secs).ceil() * every_secs;
            (now_secs / refresh_secs).floor() * refresh_secs
        };
        Self { now_secs, traffic_secs: refreshed(Self::TRAFFIC_SECS), capacity_secs: refreshed(Self::CAPACITY_SECS) }
    }

    /// How long MinIO keeps v2's traffic, requests and health.
    pub(crate) const TRAFFIC_SECS: f64 = 10.0;
    /// How long MinIO keeps capacity, drives, nodes and usage.
    pub(crate) const CAPACITY_SECS: f64 = 60.0;
}

/// A question to one node, and how old the figures are that it answers from.
#[derive(Clone, Copy)]
pub(crate) struct NodeQuery<'a> {
    pub(crate) lab: &'a SimLab,
    pub(crate) deployment: SimDeployment,
    pub(crate) node: usize,
    pub(crate) collected: &'a CollectedAt,
}

impl NodeQuery<'_> {
    /// How this node is called in the `server` label.
    pub(crate) fn server(self) -> &'static str {
        self.deployment.servers().get(self.node).copied().unwrap_or("")
    }
}
