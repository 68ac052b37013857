//! The shared words for what is measured: tiers, signals and readings.
//!
//! A [`Signal`] is a named number from the outside, such as `tier.warm.write_bytes_per_sec`; the list is closed, so a
//! scene that names another is refused with a suggestion. A [`Reading`] is a signal's value and the time it was true.

mod inside;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use self::inside::{
    ApiClass, DriveHealth, FirstByteBound, Inside, InsideApi, InsideBucket, InsideDrive, InsideNode, PageScrape,
    SizeCount,
};

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
    pub(crate) fn from_id(id: &str) -> Option<Self> {
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
    /// All subjects, in world order: the floors, then the hall.
    pub const ALL: [Self; 5] =
        [Self::Tier(Tier::T0), Self::Tier(Tier::T1), Self::Tier(Tier::T2), Self::Tier(Tier::T3), Self::Compute];
    /// Those whose drives and traffic are measured.
    const TIERS: &'static [Self] = Self::ALL.split_at(4).0;
    /// Those that MinIO serves.
    const MINIO: &'static [Self] = Self::TIERS.split_at(1).1;
    const GPUS: &'static [Self] = &[Self::Compute];
    const DRIVES_AND_GPUS: &'static [Self] = &[Self::Tier(Tier::T0), Self::Compute];

    /// `"T2"` or `"hall"`: the id in scenes and pictures of where it stands.
    pub fn id(self) -> &'static str {
        match self {
            Self::Tier(tier) => tier.id(),
            Self::Compute => "hall",
        }
    }

    /// The tier; the GPUs have none.
    pub fn tier(self) -> Option<Tier> {
        match self {
            Self::Tier(tier) => Some(tier),
            Self::Compute => None,
        }
    }

    /// 0 for T0 … 4 for the GPUs: its place in [`Self::ALL`].
    pub fn index(self) -> usize {
        match self {
            Self::Tier(tier) => tier.index(),
            Self::Compute => 4,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tier(tier) => write!(f, "tier.{}", tier.word()),
            Self::Compute => f.write_str("compute"),
        }
    }
}

/// How the readings of several targets that serve one tier come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// Rates, counts and bytes add up.
    Sum,
    /// Ratios are averaged.
    Mean,
    /// Of tolerances the least counts, and of what is to be high the poorest.
    Least,
    /// Of ages the largest counts, and of times to wait the longest.
    Most,
}

impl Together {
    /// Several targets' values as one; none of none.
    pub(crate) fn combine(self, values: &[f64]) -> Option<f64> {
        let all = values.iter().copied();
        match self {
            Self::Sum => all.reduce(|sum, value| sum + value),
            Self::Mean => all.reduce(|sum, value| sum + value).map(|sum| sum / values.len() as f64),
            Self::Least => all.reduce(f64::min),
            Self::Most => all.reduce(f64::max),
        }
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumeralForm {
    Bytes,
    BytesPerSec,
    /// A ratio, written in percent.
    Percent,
    RequestsPerSec,
    PerSec,
    Count,
    /// A count that has parts.
    Decimal,
    Seconds,
}

impl NumeralForm {
    /// The unit of the value as it is read, for the catalogue.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Bytes => "B",
            Self::BytesPerSec => "B/s",
            Self::Percent => "ratio 0–1",
            Self::RequestsPerSec | Self::PerSec => "1/s",
            Self::Count | Self::Decimal => "count",
            Self::Seconds => "s",
        }
    }
}

/// Whether a quantity's past is kept, for charts. What hardly changes has none.
enum Past {
    Kept,
    Dropped,
}

/// Makes the quantities of a table. Every column of a row must be there, so that nothing can be added by half.
macro_rules! quantities {
    ($($name:ident, $word:literal, $form:ident, $together:ident, $past:ident, $subjects:ident, $meaning:literal;)*) => {
        /// What is counted, with its unit in the name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Quantity {
            $(#[doc = $meaning] $name,)*
        }

        impl Quantity {
            /// All quantities, in catalogue order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The last part of the signal's name.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// How its values are written, and their unit.
            pub fn form(self) -> NumeralForm {
                match self { $(Self::$name => NumeralForm::$form,)* }
            }

            /// How several targets' readings of it come together.
            pub fn together(self) -> Together {
                match self { $(Self::$name => Together::$together,)* }
            }

            /// Whether its past is kept, for charts.
            pub fn keeps_history(self) -> bool {
                match self { $(Self::$name => matches!(Past::$past, Past::Kept),)* }
            }

            /// What it is measured of.
            fn subjects(self) -> &'static [Subject] {
                match self { $(Self::$name => Subject::$subjects,)* }
            }

            /// What it means, in a few words.
            pub(crate) fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

quantities! {
    ReadBytesPerSec, "read_bytes_per_sec", BytesPerSec, Sum, Kept, TIERS,
        "bytes sent to clients, or read from the drives of T0";
    WriteBytesPerSec, "write_bytes_per_sec", BytesPerSec, Sum, Kept, TIERS,
        "bytes received from clients, or written to the drives of T0";
    RequestsPerSec, "requests_per_sec", RequestsPerSec, Sum, Kept, MINIO, "S3 requests completed";
    RequestsInflight, "requests_inflight", Count, Sum, Kept, MINIO, "S3 requests running now";
    ReadsInflight, "reads_inflight", Count, Sum, Dropped, MINIO, "downloads running now, whose bytes count when they end";
    WritesInflight, "writes_inflight", Count, Sum, Dropped, MINIO, "uploads running now, whose bytes count when they end";
    ErrorsPerSec, "errors_per_sec", PerSec, Sum, Kept, MINIO, "S3 requests answered with 4xx or 5xx";
    Errors4xxPerSec, "errors_4xx_per_sec", PerSec, Sum, Kept, MINIO, "S3 requests answered with 4xx: the client's fault";
    Errors5xxPerSec, "errors_5xx_per_sec", PerSec, Sum, Kept, MINIO, "S3 requests answered with 5xx: the server's fault";
    CanceledPerSec, "canceled_per_sec", PerSec, Sum, Kept, MINIO, "S3 requests that the client gave up (499)";
    GetsPerSec, "get_requests_per_sec", RequestsPerSec, Sum, Kept, MINIO, "S3 requests completed that read an object";
    PutsPerSec, "put_requests_per_sec", RequestsPerSec, Sum, Kept, MINIO,
        "S3 requests completed that write an object or a part";
    ListsPerSec, "list_requests_per_sec", RequestsPerSec, Sum, Kept, MINIO, "S3 requests completed that list";
    OthersPerSec, "other_requests_per_sec", RequestsPerSec, Sum, Kept, MINIO,
        "S3 requests completed of every other kind: HEAD, DELETE, the ends of multipart uploads, settings";
    TtfbUnder50msRatio, "ttfb_under_50ms_ratio", Percent, Least, Kept, MINIO,
        "share of the last minute's GETs whose first byte came within 50 ms";
    TtfbP50Secs, "ttfb_p50_secs", Seconds, Most, Kept, MINIO,
        "time to first byte that half of the last minute's GETs kept";
    TtfbP90Secs, "ttfb_p90_secs", Seconds, Most, Kept, MINIO,
        "time to first byte that 90 of 100 of the last minute's GETs kept";
    TtfbP99Secs, "ttfb_p99_secs", Seconds, Most, Kept, MINIO,
        "time to first byte that 99 of 100 of the last minute's GETs kept";
    ReadBytes, "read_bytes", Bytes, Sum, Dropped, MINIO, "bytes sent to clients since the first look";
    WrittenBytes, "written_bytes", Bytes, Sum, Dropped, MINIO, "bytes received from clients since the first look";
    TransitionsPerSec, "transitions_per_sec", PerSec, Sum, Kept, MINIO, "objects moved to another tier by ILM, about";
    ObjectsMoved, "objects_moved", Count, Sum, Dropped, MINIO, "objects moved to another tier by ILM since the first look, about";
    TransitionedObjects, "transitioned_objects", Count, Sum, Dropped, MINIO,
        "objects that ILM keeps in another tier, by the scanner's last count";
    TransitionsPending, "transitions_pending", Count, Sum, Kept, MINIO, "objects that wait to be moved by ILM";
    TransitionsRunning, "transitions_running", Count, Sum, Dropped, MINIO, "objects being moved by ILM now";
    UsedBytes, "used_bytes", Bytes, Sum, Kept, TIERS, "bytes in use";
    CapacityBytes, "capacity_bytes", Bytes, Sum, Dropped, TIERS, "usable capacity";
    RawBytes, "raw_bytes", Bytes, Sum, Dropped, MINIO, "capacity of the drives that answer, data and parity together";
    UsedRatio, "used_ratio", Percent, Mean, Kept, TIERS, "share of the usable capacity in use";
    QuotaBytes, "quota_bytes", Bytes, Sum, Dropped, MINIO, "quota of the tier's buckets, where one is set";
    UsageAgeSecs, "usage_age_secs", Seconds, Most, Dropped, MINIO, "age of the scanner's usage figures";
    Objects, "objects", Count, Sum, Kept, MINIO, "objects stored, by the scanner's last count";
    MeanObjectBytes, "mean_object_bytes", Bytes, Mean, Dropped, MINIO, "mean size of an object, by the scanner's last count";
    SmallObjectsRatio, "small_objects_ratio", Percent, Mean, Dropped, MINIO,
        "share of the objects that are under 1 MiB, by the scanner's last count";
    NodesOnline, "nodes_online", Count, Sum, Kept, MINIO, "nodes that answer";
    NodesTotal, "nodes_total", Count, Sum, Dropped, MINIO, "nodes of the deployment";
    DrivesOnline, "drives_online", Count, Sum, Kept, MINIO, "drives that answer";
    DrivesTotal, "drives_total", Count, Sum, Dropped, MINIO, "drives of the deployment";
    DrivesHealing, "drives_healing", Count, Sum, Kept, MINIO, "drives being rebuilt";
    WriteTolerance, "write_tolerance", Count, Least, Kept, MINIO, "drives that may still fail before writes stop";
    WriteQuorum, "write_quorum", Count, Least, Kept, MINIO,
        "1 while the cluster says that it can write, 0 when too few drives are left";
    DriveLatencySecs, "drive_latency_secs", Seconds, Most, Kept, MINIO,
        "mean time of a read, create or rename on the slowest drive, in the last minute";
    DriveWaitingIos, "drive_waiting_ios", Count, Sum, Kept, MINIO, "operations that wait for a drive";
    DriveErrorsPerSec, "drive_errors_per_sec", PerSec, Sum, Kept, MINIO,
        "operations that a drive failed or did not end in time";
    ReplicationBacklog, "replication_backlog", Count, Sum, Kept, MINIO,
        "objects of the last minutes that wait to be replicated, where any ever did";
    ReplicationQueuedBytes, "replication_queued_bytes", Bytes, Sum, Dropped, MINIO,
        "bytes queued for replication in the last minute, where any ever were";
    ReplicationLagSecs, "replication_lag_secs", Seconds, Most, Dropped, MINIO,
        "how long what waits to be replicated takes at the rate of now, where any ever waited";
    InternodeBytesPerSec, "internode_bytes_per_sec", BytesPerSec, Sum, Kept, MINIO,
        "bytes that the nodes send one another and receive of one another";
    DiskReadBytesPerSec, "disk_read_bytes_per_sec", BytesPerSec, Sum, Kept, MINIO,
        "bytes that the servers' processes read from block devices, parity and all";
    DiskWriteBytesPerSec, "disk_write_bytes_per_sec", BytesPerSec, Sum, Kept, MINIO,
        "bytes that the servers' processes write to block devices, parity and all";
    CpuRatio, "cpu_ratio", Percent, Mean, Kept, MINIO, "load of the hosts in the last minute, by their cores";
    CpuCores, "cpu_cores", Decimal, Sum, Dropped, MINIO, "cores that the servers' processes keep busy";
    MemoryUsedBytes, "memory_used_bytes", Bytes, Sum, Dropped, MINIO, "memory that the servers' processes hold";
    UptimeSecs, "uptime_secs", Seconds, Least, Dropped, MINIO, "age of the youngest server process";
    RestartsSeen, "restarts_seen", Count, Sum, Dropped, MINIO, "server processes that began anew since the first look";
    LastBurstBytes, "last_burst_bytes", Bytes, Most, Dropped, MINIO, "bytes that the last burst moved";
    LastBurstSecs, "last_burst_secs", Seconds, Most, Dropped, MINIO, "how long the last burst took";
    LastBurstMean, "last_burst_mean_bytes_per_sec", BytesPerSec, Most, Dropped, MINIO, "the last burst's bytes by its time";
    LastBurstPeak, "last_burst_peak_bytes_per_sec", BytesPerSec, Most, Dropped, MINIO, "the most of the last burst in a poll";
    LastBurstAge, "last_burst_age_secs", Seconds, Most, Dropped, MINIO, "how long ago the last burst ended";
    BusyRatio, "busy_ratio", Percent, Mean, Kept, DRIVES_AND_GPUS, "share of time busy";
    Gpus, "gpus", Count, Sum, Dropped, GPUS, "GPUs that report";
    VramUsedBytes, "vram_used_bytes", Bytes, Sum, Kept, GPUS, "GPU memory in use";
}

impl Quantity {
    /// Whether it is as old as the scanner's last count, whenever it was read.
    pub(crate) fn is_of_scanner(self) -> bool {
        let sizes = matches!(self, Self::MeanObjectBytes | Self::SmallObjectsRatio);
        sizes || matches!(self, Self::Objects | Self::TransitionedObjects)
    }

    /// Whether it is the rate of bytes that clients move.
    pub fn is_traffic(self) -> bool {
        matches!(self, Self::ReadBytesPerSec | Self::WriteBytesPerSec)
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

    /// What it means. T0's bytes are those of its drives; no other tier's are.
    pub(crate) fn meaning(self) -> &'static str {
        let is_raw = self.subject == Subject::Tier(Tier::T0);
        match self.quantity {
            Quantity::ReadBytesPerSec if is_raw => "bytes read from the drives",
            Quantity::WriteBytesPerSec if is_raw => "bytes written to the drives",
            Quantity::ReadBytesPerSec => "bytes sent to clients",
            Quantity::WriteBytesPerSec => "bytes received from clients",
            quantity => quantity.meaning(),
        }
    }

    /// Every signal there is, in world order.
    pub fn catalogue() -> Vec<Self> {
        let all = Subject::ALL.into_iter().flat_map(|subject| Quantity::ALL.iter().map(move |of| (subject, *of)));
        let all = all.map(|(subject, quantity)| Self { subject, quantity });
        all.filter(|signal| signal.quantity.subjects().contains(&signal.subject)).collect()
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.subject, self.quantity.word())
    }
}

impl FromStr for Signal {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let (_, word) = name.rsplit_once('.').unwrap_or_default();
        let quantity = Quantity::ALL.iter().copied().find(|quantity| quantity.word() == word);
        let of_it =
            |quantity: Quantity| quantity.subjects().iter().map(move |subject| Self { subject: *subject, quantity });
        let known = quantity.into_iter().flat_map(of_it).find(|signal| signal.to_string() == name);
        known.ok_or_else(|| format!("no signal \"{name}\""))
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

/// Bytes of a tier's traffic, and when they moved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// Read or written bytes per second.
    pub signal: Signal,
    /// They moved evenly from here, on the source's clock.
    pub from_secs: f64,
    /// To here; the two may be the same where nothing tells how long it took.
    pub to_secs: f64,
    /// More than none.
    pub bytes: f64,
    /// Requests in flight told the two times, each to half a poll; else they are those of the poll in which it moved.
    #[serde(default)]
    pub is_timed: bool,
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
