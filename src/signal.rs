//! The shared words for what is measured: tiers, signals and readings.
//!
//! A [`Signal`] is a named number from the outside, such as `tier.warm.write_bytes_per_sec`; the list is closed, so a
//! scene that names another is refused with a suggestion. A [`Reading`] is a signal's value and the time it was true.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A storage tier, nearest to the GPU first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tier {
    /// Raw NVMe in the GPU servers; not MinIO.
    T0,
    /// Hot: MinIO inside the cluster.
    T1,
    /// Warm: MinIO AIStor, the lake and the checkpoints.
    T2,
    /// Cold: the MinIO archive.
    T3,
}

impl Tier {
    /// All tiers, in world order.
    pub const ALL: [Self; 4] = [Self::T0, Self::T1, Self::T2, Self::T3];

    /// `"T2"`: the id of the tier in scenes, pictures and badges.
    pub fn id(self) -> &'static str {
        match self {
            Self::T0 => "T0",
            Self::T1 => "T1",
            Self::T2 => "T2",
            Self::T3 => "T3",
        }
    }

    /// `"warm"`: the tier's word in signal names.
    pub fn word(self) -> &'static str {
        match self {
            Self::T0 => "raw",
            Self::T1 => "hot",
            Self::T2 => "warm",
            Self::T3 => "cold",
        }
    }

    /// 0 for T0 … 3 for T3.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The tier of an id such as `"T2"`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.id() == id)
    }
}

/// What a signal is about: a tier, or the GPUs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    Tier(Tier),
    Compute,
}

impl Subject {
    /// All subjects, in world order.
    pub const ALL: [Self; 5] =
        [Self::Tier(Tier::T0), Self::Tier(Tier::T1), Self::Tier(Tier::T2), Self::Tier(Tier::T3), Self::Compute];

    /// The tier; the GPUs have none.
    pub fn tier(self) -> Option<Tier> {
        match self {
            Self::Tier(tier) => Some(tier),
            Self::Compute => None,
        }
    }
}

/// What is counted, with its unit in the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Quantity {
    ReadBytesPerSec,
    WriteBytesPerSec,
    RequestsPerSec,
    RequestsInflight,
    ErrorsPerSec,
    TransitionsPerSec,
    UsedBytes,
    CapacityBytes,
    UsedRatio,
    QuotaBytes,
    UsageAgeSecs,
    Objects,
    NodesOnline,
    NodesTotal,
    DrivesOnline,
    DrivesTotal,
    DrivesHealing,
    WriteTolerance,
    BusyRatio,
    Gpus,
    VramUsedBytes,
}

/// How the readings of several targets that serve one tier come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// Rates, counts and bytes add up.
    Sum,
    /// Ratios are averaged.
    Mean,
    /// The worst one is told: the oldest usage, the least tolerance.
    Least,
    /// The largest one is told.
    Most,
}

impl Quantity {
    /// All quantities, in catalogue order.
    pub const ALL: [Self; 21] = [
        Self::ReadBytesPerSec,
        Self::WriteBytesPerSec,
        Self::RequestsPerSec,
        Self::RequestsInflight,
        Self::ErrorsPerSec,
        Self::TransitionsPerSec,
        Self::UsedBytes,
        Self::CapacityBytes,
        Self::UsedRatio,
        Self::QuotaBytes,
        Self::UsageAgeSecs,
        Self::Objects,
        Self::NodesOnline,
        Self::NodesTotal,
        Self::DrivesOnline,
        Self::DrivesTotal,
        Self::DrivesHealing,
        Self::WriteTolerance,
        Self::BusyRatio,
        Self::Gpus,
        Self::VramUsedBytes,
    ];

    /// The last part of the signal's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::ReadBytesPerSec => "read_bytes_per_sec",
            Self::WriteBytesPerSec => "write_bytes_per_sec",
            Self::RequestsPerSec => "requests_per_sec",
            Self::RequestsInflight => "requests_inflight",
            Self::ErrorsPerSec => "errors_per_sec",
            Self::TransitionsPerSec => "transitions_per_sec",
            Self::UsedBytes => "used_bytes",
            Self::CapacityBytes => "capacity_bytes",
            Self::UsedRatio => "used_ratio",
            Self::QuotaBytes => "quota_bytes",
            Self::UsageAgeSecs => "usage_age_secs",
            Self::Objects => "objects",
            Self::NodesOnline => "nodes_online",
            Self::NodesTotal => "nodes_total",
            Self::DrivesOnline => "drives_online",
            Self::DrivesTotal => "drives_total",
            Self::DrivesHealing => "drives_healing",
            Self::WriteTolerance => "write_tolerance",
            Self::BusyRatio => "busy_ratio",
            Self::Gpus => "gpus",
            Self::VramUsedBytes => "vram_used_bytes",
        }
    }

    /// The unit, for people and for the catalogue.
    pub fn unit(self) -> &'static str {
        match self {
            Self::ReadBytesPerSec | Self::WriteBytesPerSec => "B/s",
            Self::RequestsPerSec | Self::ErrorsPerSec | Self::TransitionsPerSec => "1/s",
            Self::UsedBytes | Self::CapacityBytes | Self::QuotaBytes | Self::VramUsedBytes => "B",
            Self::UsedRatio | Self::BusyRatio => "ratio 0–1",
            Self::UsageAgeSecs => "s",
            Self::RequestsInflight
            | Self::Objects
            | Self::NodesOnline
            | Self::NodesTotal
            | Self::DrivesOnline
            | Self::DrivesTotal
            | Self::DrivesHealing
            | Self::WriteTolerance
            | Self::Gpus => "count",
        }
    }

    /// One sentence of what it means.
    pub fn words(self) -> &'static str {
        match self {
            Self::ReadBytesPerSec => "bytes sent to clients, or read from the drives of T0",
            Self::WriteBytesPerSec => "bytes received from clients, or written to the drives of T0",
            Self::RequestsPerSec => "S3 requests completed",
            Self::RequestsInflight => "S3 requests running now",
            Self::ErrorsPerSec => "S3 requests answered with 4xx or 5xx",
            Self::TransitionsPerSec => "objects moved to another tier by ILM, about",
            Self::UsedBytes => "bytes in use",
            Self::CapacityBytes => "usable capacity",
            Self::UsedRatio => "share of the usable capacity in use",
            Self::QuotaBytes => "quota of the tier's buckets, where one is set",
            Self::UsageAgeSecs => "age of the scanner's usage figures",
            Self::Objects => "objects stored, by the scanner's last count",
            Self::NodesOnline => "nodes that answer",
            Self::NodesTotal => "nodes of the deployment",
            Self::DrivesOnline => "drives that answer",
            Self::DrivesTotal => "drives of the deployment",
            Self::DrivesHealing => "drives being rebuilt",
            Self::WriteTolerance => "drives that may still fail before writes stop",
            Self::BusyRatio => "share of time busy",
            Self::Gpus => "GPUs that report",
            Self::VramUsedBytes => "GPU memory in use",
        }
    }

    /// How several targets' readings of it come together.
    pub fn together(self) -> Together {
        match self {
            Self::UsedRatio | Self::BusyRatio => Together::Mean,
            Self::WriteTolerance => Together::Least,
            Self::UsageAgeSecs => Together::Most,
            _ => Together::Sum,
        }
    }

    /// Whether its past is kept, for charts. What hardly changes has none.
    pub fn keeps_history(self) -> bool {
        match self {
            Self::ReadBytesPerSec
            | Self::WriteBytesPerSec
            | Self::RequestsPerSec
            | Self::RequestsInflight
            | Self::ErrorsPerSec
            | Self::TransitionsPerSec
            | Self::UsedBytes
            | Self::UsedRatio
            | Self::Objects
            | Self::NodesOnline
            | Self::DrivesOnline
            | Self::DrivesHealing
            | Self::WriteTolerance
            | Self::BusyRatio
            | Self::VramUsedBytes => true,
            Self::CapacityBytes
            | Self::QuotaBytes
            | Self::UsageAgeSecs
            | Self::NodesTotal
            | Self::DrivesTotal
            | Self::Gpus => false,
        }
    }

    fn is_of(self, subject: Subject) -> bool {
        match subject {
            Subject::Compute => matches!(self, Self::BusyRatio | Self::Gpus | Self::VramUsedBytes),
            Subject::Tier(Tier::T0) => matches!(
                self,
                Self::ReadBytesPerSec
                    | Self::WriteBytesPerSec
                    | Self::BusyRatio
                    | Self::UsedBytes
                    | Self::CapacityBytes
                    | Self::UsedRatio
            ),
            Subject::Tier(_) => !matches!(self, Self::BusyRatio | Self::Gpus | Self::VramUsedBytes),
        }
    }
}

/// A named number from the outside: a subject and a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Signal {
    pub subject: Subject,
    pub quantity: Quantity,
}

impl Signal {
    /// A tier's signal; whether the tier has such a signal is the catalogue's matter.
    pub const fn tier(tier: Tier, quantity: Quantity) -> Self {
        Self { subject: Subject::Tier(tier), quantity }
    }

    /// A signal of the GPUs.
    pub const fn compute(quantity: Quantity) -> Self {
        Self { subject: Subject::Compute, quantity }
    }

    /// Every signal there is, in world order.
    pub fn catalogue() -> Vec<Self> {
        (Subject::ALL.into_iter())
            .flat_map(|subject| {
                let known = Quantity::ALL.into_iter().filter(move |quantity| quantity.is_of(subject));
                known.map(move |quantity| Self { subject, quantity })
            })
            .collect()
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject {
            Subject::Tier(tier) => write!(f, "tier.{}.{}", tier.word(), self.quantity.word()),
            Subject::Compute => write!(f, "compute.{}", self.quantity.word()),
        }
    }
}

impl FromStr for Signal {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::catalogue();
        known.into_iter().find(|signal| signal.to_string() == name).ok_or_else(|| format!("no signal \"{name}\""))
    }
}

impl From<Signal> for String {
    fn from(signal: Signal) -> Self {
        signal.to_string()
    }
}

impl TryFrom<String> for Signal {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        name.parse()
    }
}

/// A signal's value, and when it was so.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// In the signal's unit; finite.
    pub value: f64,
    /// Seconds on the source's clock at which the value was read.
    pub at_secs: f64,
    /// How late the value may be when it is read: the endpoint's cache time plus the polling interval; 0 when uncached.
    pub lag_secs: f64,
}

/// The readings of one target or of one source. A signal that is not in it is unknown, which is not zero.
pub type Readings = BTreeMap<Signal, Reading>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_reads_back_from_its_name() {
        for signal in Signal::catalogue() {
            assert_eq!(signal.to_string().parse::<Signal>(), Ok(signal));
        }
        assert!("tier.warm.busy_ratio".parse::<Signal>().is_err());
    }
}
