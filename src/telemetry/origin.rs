//! Where a signal comes from, for people: the metrics it is read off, their page, and how the number comes of them.

use crate::signal::{Quantity, Signal, Subject, Tier};
use crate::telemetry::Endpoint;
use crate::telemetry::names::{Meaning, Names, PageKind};

/// What a signal is read off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalOrigin {
    /// Names of metrics, as on the page.
    pub families: Vec<String>,
    /// The path that is asked for.
    pub path: String,
    /// How the number comes of them.
    pub how: &'static str,
}

impl SignalOrigin {
    /// Of a signal. `is_cached`: by the server's older pages, which are served from a cache.
    pub fn of(signal: Signal, is_cached: bool) -> Self {
        let pages: &[PageKind] = match signal.subject {
            Subject::Compute => &[PageKind::Dcgm],
            Subject::Tier(Tier::T0) => &[PageKind::Node],
            Subject::Tier(_) if is_cached => {
                &[PageKind::V2Cluster, PageKind::V2Bucket, PageKind::V2Node, PageKind::V3Cluster, PageKind::V3System]
            }
            Subject::Tier(_) => &[
                PageKind::V3Requests,
                PageKind::V3System,
                PageKind::V3Ilm,
                PageKind::V3Replication,
                PageKind::V3Cluster,
                PageKind::Health,
                PageKind::V2Cluster,
            ],
        };
        let wanted = meanings(signal);
        let of_page = |page: &PageKind| {
            let families = Names::built_in().page(*page).into_iter().flatten();
            let named = families.filter(|(_, family)| wanted.contains(&family.meaning)).map(|(name, _)| name.clone());
            (endpoint(*page).path(), named.collect::<Vec<_>>())
        };
        let found = pages.iter().map(of_page).find(|(_, families)| !families.is_empty());
        let (path, families) = found.unwrap_or_default();
        Self { families, path, how: how(signal) }
    }
}

fn endpoint(page: PageKind) -> Endpoint {
    match page {
        PageKind::V3Requests => Endpoint::V3Requests,
        PageKind::V3Cluster => Endpoint::V3Cluster,
        PageKind::V3Bucket => Endpoint::V3Bucket("BUCKET".to_owned()),
        PageKind::V3Buckets => Endpoint::V3Buckets,
        PageKind::V3System => Endpoint::V3System,
        PageKind::V3Process => Endpoint::V3Process,
        PageKind::V3Ilm => Endpoint::V3Ilm,
        PageKind::V3Replication => Endpoint::V3Replication,
        PageKind::V2Cluster => Endpoint::V2Cluster,
        PageKind::V2Bucket => Endpoint::V2Bucket,
        PageKind::V2Node => Endpoint::V2Node,
        PageKind::Health => Endpoint::Health,
        PageKind::Node | PageKind::Dcgm => Endpoint::Exporter,
    }
}

/// What is read of a signal. T0 and the GPUs are not MinIO: theirs are an exporter's.
fn meanings(signal: Signal) -> &'static [Meaning] {
    let is_raw = signal.subject == Subject::Tier(Tier::T0);
    match signal.quantity {
        Quantity::ReadBytesPerSec if is_raw => &[Meaning::DiskRead],
        Quantity::WriteBytesPerSec if is_raw => &[Meaning::DiskWritten],
        Quantity::UsedBytes | Quantity::CapacityBytes | Quantity::UsedRatio if is_raw => {
            &[Meaning::FilesystemSize, Meaning::FilesystemFree]
        }
        Quantity::BusyRatio if is_raw => &[Meaning::DiskBusySecs],
        Quantity::ReadBytesPerSec | Quantity::ReadBytes => &[Meaning::BytesOut],
        Quantity::WriteBytesPerSec | Quantity::WrittenBytes => &[Meaning::BytesIn],
        Quantity::RequestsPerSec => &[Meaning::Requests],
        Quantity::RequestsInflight | Quantity::ReadsInflight | Quantity::WritesInflight => &[Meaning::Inflight],
        Quantity::ErrorsPerSec => &[Meaning::Errors4xx, Meaning::Errors5xx],
        Quantity::Errors4xxPerSec => &[Meaning::Errors4xx],
        Quantity::Errors5xxPerSec => &[Meaning::Errors5xx],
        Quantity::CanceledPerSec => &[Meaning::Canceled],
        Quantity::GetsPerSec | Quantity::PutsPerSec | Quantity::ListsPerSec | Quantity::OthersPerSec => {
            &[Meaning::Requests]
        }
        Quantity::TtfbUnder50msRatio | Quantity::TtfbP50Secs | Quantity::TtfbP90Secs | Quantity::TtfbP99Secs => {
            &[Meaning::FirstBytes]
        }
        Quantity::TransitionsPerSec | Quantity::ObjectsMoved => &[Meaning::Transitions],
        Quantity::TransitionedObjects => &[Meaning::Transitioned],
        Quantity::TransitionsPending => &[Meaning::TransitionsPending],
        Quantity::TransitionsRunning => &[Meaning::TransitionsRunning],
        Quantity::RawBytes => &[Meaning::RawTotal],
        Quantity::DriveLatencySecs => &[Meaning::DriveLatency],
        Quantity::DriveWaitingIos => &[Meaning::DriveWaiting],
        Quantity::DriveErrorsPerSec => &[Meaning::DriveErrors],
        Quantity::ReplicationBacklog => &[Meaning::ReplicationBacklog],
        Quantity::ReplicationQueuedBytes => &[Meaning::ReplicationQueued],
        Quantity::ReplicationLagSecs => &[Meaning::ReplicationQueued, Meaning::ReplicationRate],
        Quantity::InternodeBytesPerSec => &[Meaning::Internode],
        Quantity::DiskReadBytesPerSec => &[Meaning::ProcessRead],
        Quantity::DiskWriteBytesPerSec => &[Meaning::ProcessWritten],
        Quantity::CpuRatio => &[Meaning::HostLoad],
        Quantity::CpuCores => &[Meaning::ProcessCpuSecs],
        Quantity::MemoryUsedBytes => &[Meaning::ProcessMemory],
        Quantity::UptimeSecs => &[Meaning::ProcessUptime],
        Quantity::RestartsSeen => &[Meaning::ProcessStart],
        Quantity::UsedBytes | Quantity::CapacityBytes | Quantity::UsedRatio => {
            &[Meaning::UsableTotal, Meaning::UsableFree]
        }
        Quantity::QuotaBytes => &[Meaning::BucketQuota],
        Quantity::UsageAgeSecs => &[Meaning::UsageAge],
        Quantity::Objects => &[Meaning::Objects],
        Quantity::MeanObjectBytes => &[Meaning::UsageBytes, Meaning::Objects],
        Quantity::SmallObjectsRatio => &[Meaning::ObjectSizes],
        Quantity::NodesOnline | Quantity::NodesTotal => &[Meaning::NodesOnline, Meaning::NodesOffline],
        Quantity::DrivesOnline => &[Meaning::DrivesOnline],
        Quantity::DrivesTotal => &[Meaning::DrivesTotal],
        Quantity::DrivesHealing => &[Meaning::SetHealing],
        Quantity::WriteTolerance => &[Meaning::SetOnline, Meaning::SetWriteQuorum],
        Quantity::WriteQuorum => &[Meaning::QuorumHeld],
        Quantity::LastBurstBytes
        | Quantity::LastBurstSecs
        | Quantity::LastBurstMean
        | Quantity::LastBurstPeak
        | Quantity::LastBurstAge => &[Meaning::BytesIn, Meaning::BytesOut],
        Quantity::BusyRatio | Quantity::Gpus => &[Meaning::GpuBusyPercent, Meaning::GpuBusyRatio],
        Quantity::VramUsedBytes => &[Meaning::VramUsed],
    }
}

fn how(signal: Signal) -> &'static str {
    match signal.quantity {
        Quantity::ReadBytesPerSec | Quantity::WriteBytesPerSec => {
            "what the counter grew by between two answers, by the time between them, over all nodes; a request’s bytes \
             are spread over the time it ran"
        }
        Quantity::RequestsPerSec
        | Quantity::ErrorsPerSec
        | Quantity::Errors4xxPerSec
        | Quantity::Errors5xxPerSec
        | Quantity::CanceledPerSec
        | Quantity::DriveErrorsPerSec
        | Quantity::DiskReadBytesPerSec
        | Quantity::DiskWriteBytesPerSec
        | Quantity::CpuCores
        | Quantity::TransitionsPerSec => {
            "what the counter grew by between two answers, by the time between them, over all nodes"
        }
        Quantity::GetsPerSec | Quantity::PutsPerSec | Quantity::ListsPerSec | Quantity::OthersPerSec => {
            "what the counters of its APIs grew by between two answers, by the time between them, over all nodes"
        }
        Quantity::InternodeBytesPerSec => {
            "what both counters grew by between two answers, by the time between them, over all nodes: a shard in a \
             file is counted by the node that stores or gives it, messages by both"
        }
        Quantity::TtfbUnder50msRatio => "what the bound of 50 ms grew by in the last minute, by what all GETs did",
        Quantity::TtfbP50Secs | Quantity::TtfbP90Secs | Quantity::TtfbP99Secs => {
            "what the bounds grew by in the last minute, evenly between two of them; the last one stands for all beyond"
        }
        Quantity::DriveLatencySecs => {
            "as told, of a file’s read, creation or renaming the longest mean, of the slowest drive"
        }
        Quantity::CpuRatio => "as told, the mean of all hosts; above 100 % more is ready to run than there are cores",
        Quantity::UptimeSecs => "as told, of the node that was started last",
        Quantity::RestartsSeen => "start times that rose while counters fell, over all nodes",
        Quantity::TransitionsPending
        | Quantity::TransitionsRunning
        | Quantity::DriveWaitingIos
        | Quantity::ReplicationBacklog
        | Quantity::ReplicationQueuedBytes
        | Quantity::MemoryUsedBytes => "as told, added over all nodes",
        Quantity::MeanObjectBytes => "the bytes of all objects by their number, or of those in the tier’s buckets",
        Quantity::SmallObjectsRatio => "objects of the ranges below 1 MiB, by those of all ranges",
        Quantity::TransitionedObjects => "as told, added over the tiers that objects were moved to",
        Quantity::ReplicationLagSecs => {
            "bytes queued in the last minute by the bytes that leave in a second, over all nodes: an estimate"
        }
        Quantity::ReadBytes | Quantity::WrittenBytes | Quantity::ObjectsMoved => {
            "what the counter grew by since the first look, over all nodes"
        }
        Quantity::RequestsInflight | Quantity::ReadsInflight | Quantity::WritesInflight => {
            "as told, added over all nodes, without listeners"
        }
        Quantity::UsedBytes => "all that is usable less what is free of it, or the buckets’ own bytes",
        Quantity::UsedRatio => "all that is usable less what is free of it, by all that is usable",
        Quantity::WriteTolerance => "drives online less the write quorum, of the poorest erasure set",
        Quantity::NodesOnline | Quantity::NodesTotal => "as told, and less those that do not answer our own polls",
        Quantity::WriteQuorum => "the status of the health page",
        Quantity::LastBurstBytes
        | Quantity::LastBurstSecs
        | Quantity::LastBurstMean
        | Quantity::LastBurstPeak
        | Quantity::LastBurstAge => "what moved from the first bytes after three seconds of quiet to the last",
        Quantity::BusyRatio if signal.subject == Subject::Compute => "as told, the mean of all GPUs",
        Quantity::BusyRatio => "seconds busy between two answers, by the time between them, the mean of all drives",
        Quantity::CapacityBytes
        | Quantity::RawBytes
        | Quantity::QuotaBytes
        | Quantity::UsageAgeSecs
        | Quantity::Objects
        | Quantity::DrivesOnline
        | Quantity::DrivesTotal
        | Quantity::DrivesHealing
        | Quantity::Gpus
        | Quantity::VramUsedBytes => "as told",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signal_says_what_it_is_read_off() {
        for signal in Signal::catalogue() {
            let is_minio = !matches!(signal.subject, Subject::Compute | Subject::Tier(Tier::T0));
            for is_cached in [false, true] {
                let origin = SignalOrigin::of(signal, is_cached);
                // The health page and the quota of buckets have no page of another age.
                let is_one = matches!(signal.quantity, Quantity::WriteQuorum | Quantity::QuotaBytes);
                assert!(is_one || !origin.families.is_empty(), "{signal} {is_cached}");
                let of_minio = origin.families.iter().all(|name| name.starts_with("minio_"));
                assert!(is_one || of_minio == is_minio, "{signal}: {origin:?}");
            }
        }
        let writes = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);
        let [v3, v2] = [false, true].map(|is_cached| SignalOrigin::of(writes, is_cached).path);
        assert_eq!([v3.as_str(), v2.as_str()], ["/minio/metrics/v3/api/requests", "/minio/v2/metrics/cluster"]);
    }
}
