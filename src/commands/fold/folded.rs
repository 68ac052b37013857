//! What a capture came to: its JSON shape.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::live::{Burst, Direction};
use crate::telemetry::names::Meaning;
use crate::telemetry::page::Tally;

/// What a capture came to.
#[derive(Clone, Debug, Serialize)]
pub struct FoldedCapture {
    pub schema: u32,
    pub phases: Vec<FoldedPhase>,
    pub states: Vec<FoldedState>,
    /// By deployment: from the first scrape to the last, whatever the phases are.
    pub(crate) total: BTreeMap<String, FoldedWork>,
    /// What each deployment was busy with, one after the other.
    pub(crate) bursts: Vec<DeploymentBurst>,
    pub negative_readings: u64,
    /// By phase and deployment: the bytes under the curve that would have been drawn.
    pub rate_integral: BTreeMap<String, BTreeMap<String, Integral>>,
    pub differences: Vec<String>,
}

/// A burst of one deployment.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DeploymentBurst {
    pub(crate) deployment: String,
    #[serde(flatten)]
    pub(crate) burst: FoldedBurst,
}

/// A burst as it is written, of `fold` and of `run` alike. Times are seconds, bytes whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct FoldedBurst {
    pub(crate) direction: Direction,
    pub(crate) began: f64,
    pub(crate) ended: f64,
    #[serde(serialize_with = "whole_number")]
    pub(crate) bytes: f64,
    #[serde(serialize_with = "whole_number")]
    pub(crate) mean_bytes_per_sec: f64,
    #[serde(serialize_with = "whole_number")]
    pub(crate) peak_bytes_per_sec: f64,
}

impl FoldedBurst {
    pub(crate) fn new(direction: Direction, burst: &Burst) -> Self {
        let millis = |secs: f64| (secs * 1000.0).round() / 1000.0;
        Self {
            direction,
            began: millis(burst.began_secs),
            ended: millis(burst.ended_secs),
            bytes: burst.bytes,
            mean_bytes_per_sec: burst.mean_bytes_per_sec(),
            peak_bytes_per_sec: burst.peak_bytes_per_sec,
        }
    }
}

/// A phase, with the sums of each deployment.
#[derive(Clone, Debug, Serialize)]
pub struct FoldedPhase {
    pub(crate) name: String,
    pub(crate) deployments: BTreeMap<String, FoldedWork>,
}

/// What the two sources of traffic say of a deployment; `None` where it has no such pages.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct FoldedWork {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) v3: Option<Sums>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) v2: Option<Sums>,
}

/// How much counters grew.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Sums {
    #[serde(serialize_with = "whole_number")]
    pub(crate) bytes_in: f64,
    #[serde(serialize_with = "whole_number")]
    pub(crate) bytes_out: f64,
    #[serde(serialize_with = "whole_numbers")]
    pub(crate) requests: BTreeMap<String, f64>,
    #[serde(serialize_with = "whole_numbers")]
    pub(crate) errors_4xx: BTreeMap<String, f64>,
}

/// Bytes under the drawn curves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Integral {
    #[serde(rename = "in")]
    pub(crate) bytes_in: f64,
    #[serde(rename = "out")]
    pub(crate) bytes_out: f64,
}

/// Nodes and drives from that time on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoldedState {
    pub(crate) at: f64,
    pub(crate) deployment: String,
    #[serde(serialize_with = "whole_number")]
    pub nodes_online: f64,
    #[serde(serialize_with = "whole_number")]
    pub(crate) nodes_total: f64,
    #[serde(serialize_with = "whole_number")]
    pub drives_online: f64,
    #[serde(serialize_with = "whole_number")]
    pub(crate) drives_total: f64,
}

fn whole_number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(value.round() as u64)
}

fn whole_numbers<S: Serializer>(values: &BTreeMap<String, f64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(name, value)| (name, value.round() as u64)))
}

impl FoldedState {
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let counts = |state: &Self| [state.nodes_online, state.nodes_total, state.drives_online, state.drives_total];
        counts(self) == counts(other)
    }
}

impl Sums {
    pub(super) fn from_tally(tally: &Tally) -> Self {
        let parts = |meaning| tally.get(&meaning).cloned().unwrap_or_default();
        let sum = |meaning| parts(meaning).values().fold(0.0, |sum, part| sum + part);
        Self {
            bytes_in: sum(Meaning::BytesIn),
            bytes_out: sum(Meaning::BytesOut),
            requests: parts(Meaning::Requests),
            errors_4xx: parts(Meaning::Errors4xx),
        }
    }

    pub(super) fn grown_since(&self, earlier: &Self) -> Self {
        let grown = |now: &BTreeMap<String, f64>, then: &BTreeMap<String, f64>| {
            let parts = now.iter().map(|(name, value)| (name.clone(), value - then.get(name).unwrap_or(&0.0)));
            parts.filter(|(_, grown)| *grown > 0.0).collect()
        };
        Self {
            bytes_in: self.bytes_in - earlier.bytes_in,
            bytes_out: self.bytes_out - earlier.bytes_out,
            requests: grown(&self.requests, &earlier.requests),
            errors_4xx: grown(&self.errors_4xx, &earlier.errors_4xx),
        }
    }
}
