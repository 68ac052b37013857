//! Metric name → meaning, from `assets/metrics.ron`. No other file knows a metric's name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::ron_text::{self, Problem};

/// The table, read once. The text is compiled in and a test reads it, so the empty table is never seen.
static NAMES: LazyLock<Names> = LazyLock::new(|| names_from_text(TEXT).unwrap_or_default());

/// What stands between the labels that say what a sample is of.
pub(super) const BETWEEN_LABELS: &str = "\u{1f}";

const TEXT: &str = include_str!("../../assets/metrics.ron");

/// The pages of metrics that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub enum PageKind {
    V3Requests,
    V3Cluster,
    V3Bucket,
    V3Buckets,
    /// What a node says of itself: its process, its drives, its host and its links to the others.
    V3System,
    /// What the node's process reads and writes.
    V3Process,
    V3Ilm,
    V3Replication,
    V2Cluster,
    V2Bucket,
    V2Node,
    /// Not a page of metrics: whether the cluster says that it can write.
    Health,
    Node,
    Dcgm,
}

impl PageKind {
    /// Whether the page leaves out what is zero.
    pub(crate) fn absent_is_zero(self) -> bool {
        match self {
            Self::V3Requests
            | Self::V3Cluster
            | Self::V3Bucket
            | Self::V3Buckets
            | Self::V3System
            | Self::V3Process
            | Self::V3Ilm
            | Self::V3Replication => true,
            Self::V2Cluster | Self::V2Bucket | Self::V2Node | Self::Health | Self::Node | Self::Dcgm => false,
        }
    }

    /// Whether the page tells of work alone, so that an idle server's may be empty whatever stood there before.
    pub(crate) fn may_fall_silent(self) -> bool {
        matches!(self, Self::V3Ilm)
    }

    /// Whether the page brings the figures of several servers, each told by its label.
    pub(crate) fn of_many_servers(self) -> bool {
        matches!(self, Self::V2Cluster | Self::V2Bucket)
    }
}

/// Makes the meanings of two lists, so that each is either a counter or a gauge.
macro_rules! meanings {
    (counters: $($(#[$doc:meta])* $counter:ident)*, gauges: $($gauge:ident)*) => {
        /// What a metric means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        pub enum Meaning { $($(#[$doc])* $counter,)* $($gauge,)* }

        impl Meaning {
            /// Whether it only grows while the process runs, whatever its TYPE line says.
            pub(crate) fn is_counter(self) -> bool {
                match self { $(Self::$counter => true,)* $(Self::$gauge => false,)* }
            }
        }
    };
}

meanings! {
    counters:
        BytesIn BytesOut
        /// Called "received" by v3's bucket page, whichever way it went.
        NamedReceived
        /// Called "sent" by v3's bucket page, whichever way it went.
        NamedSent
        Requests Errors4xx Errors5xx Canceled FirstBytes Transitions DiskRead DiskWritten DiskBusySecs
        /// Of drives that failed an operation, whether it timed out or not.
        DriveErrors
        /// Bytes between the nodes, whichever way they went.
        Internode ProcessRead ProcessWritten ProcessCpuSecs
        /// What a process reads, from sockets and caches too.
        ProcessIn
        /// What it writes, to sockets and caches too.
        ProcessOut,
    gauges:
        Inflight UsableTotal UsableFree RawTotal Objects UsageAge NodesOnline NodesOffline DrivesTotal DrivesOnline
        SetOnline SetHealing SetWriteQuorum QuorumHeld BucketUsed BucketObjects BucketQuota ProcessStart ProcessUptime
        ProcessMemory HostLoad DriveHealth DriveLatency DriveWaiting TransitionsPending TransitionsRunning
        ReplicationBacklog ReplicationQueued ReplicationEver ReplicationRate UsageBytes ObjectSizes Transitioned Version DriveUsed DriveTotal FilesystemSize FilesystemFree GpuBusyPercent GpuBusyRatio VramUsed
}

impl Meaning {
    /// Whether it counts bytes of clients' requests.
    pub(crate) fn is_traffic(self) -> bool {
        matches!(self, Self::BytesIn | Self::BytesOut | Self::NamedReceived | Self::NamedSent)
    }
}

/// A metric of one page.
#[derive(Clone, Debug)]
pub struct Family {
    pub meaning: Meaning,
    /// What its values are multiplied with to come to the signal's unit.
    pub scale: f64,
    /// How long the server serves the same value again, where it is not the page's own cache time.
    pub cache_secs: Option<f64>,
    /// The labels that say what within the server it is of: the API, the device, the GPU, the erasure set.
    pub of: Vec<String>,
    /// Another metric of the page means the same: their series are told apart by name too.
    pub(super) is_one_of_several: bool,
}

/// The table as used.
#[derive(Debug, Default)]
pub struct Names {
    pages: BTreeMap<PageKind, BTreeMap<String, Family>>,
    pub server_label: String,
    pub bucket_label: String,
    /// How the name of a metric ends whose label `version` is the server's release.
    pub version_suffix: String,
    /// APIs that are not requests of a client's work: a listener stays open for hours.
    pub not_inflight: Vec<String>,
    /// APIs whose bytes are counted as sent when they end, and as received.
    reading: Vec<String>,
    writing: Vec<String>,
    /// APIs that list.
    listing: Vec<String>,
    /// What a drive does for a client, of all that its latency is told of.
    drive_work: Vec<String>,
    /// Devices that are no drives: memory, images, the network. As patterns, like the next two.
    pub virtual_devices: Vec<String>,
    /// Devices made of others, whose bytes are counted on those too.
    pub stacked_devices: Vec<String>,
    /// Types of file systems that lie on no drive of the host.
    pub other_file_systems: Vec<String>,
    /// The ranges of objects' sizes, the smallest first.
    size_ranges: Vec<SizeRange>,
    /// A range that is the sum of the small ones but the smallest: releases before 2024 have it in their place.
    summed_ranges: Vec<String>,
    /// What stayed, among the tiers that ILM moves objects to.
    stayed_tiers: Vec<String>,
    /// What the HELP text of v3's "sent" contains where the two directions are swapped.
    pub swapped_help: String,
}

/// A range of objects' sizes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SizeRange {
    pub(super) name: String,
    /// Objects in it are smaller than this; none where nothing bounds them.
    #[serde(default)]
    pub(super) below_bytes: Option<f64>,
}

/// The table as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenNames {
    server_label: String,
    bucket_label: String,
    version_suffix: String,
    not_inflight: Vec<String>,
    reading: Vec<String>,
    writing: Vec<String>,
    listing: Vec<String>,
    drive_work: Vec<String>,
    virtual_devices: Vec<String>,
    stacked_devices: Vec<String>,
    other_file_systems: Vec<String>,
    size_ranges: Vec<SizeRange>,
    summed_ranges: Vec<String>,
    stayed_tiers: Vec<String>,
    swapped_help: String,
    families: Vec<WrittenFamily>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFamily {
    name: String,
    on: Vec<PageKind>,
    is: Meaning,
    #[serde(default)]
    scale: Option<f64>,
    #[serde(default)]
    cache_secs: Option<f64>,
    #[serde(default)]
    of: Vec<String>,
}

impl Names {
    /// The table compiled in.
    pub(crate) fn built_in() -> &'static Self {
        &NAMES
    }

    /// Whether an API's bytes are counted as sent when its requests end. v2 writes its name in small letters.
    pub(super) fn is_reading(&self, api: &str) -> bool {
        self.reading.iter().any(|name| name.eq_ignore_ascii_case(api))
    }

    /// Whether an API's bytes are counted as received when its requests end.
    pub(super) fn is_writing(&self, api: &str) -> bool {
        self.writing.iter().any(|name| name.eq_ignore_ascii_case(api))
    }

    /// APIs that are not requests of a client's work.
    pub(super) fn not_inflight(&self) -> &[String] {
        &self.not_inflight
    }

    /// APIs whose bytes are counted as sent.
    pub(super) fn reading(&self) -> &[String] {
        &self.reading
    }

    /// APIs that list.
    pub(super) fn listing(&self) -> &[String] {
        &self.listing
    }

    /// APIs whose bytes are counted as received.
    pub(super) fn writing(&self) -> &[String] {
        &self.writing
    }

    /// Whether an API lists: objects, versions, parts, uploads or buckets.
    pub(super) fn is_listing(&self, api: &str) -> bool {
        self.listing.iter().any(|name| name.eq_ignore_ascii_case(api))
    }

    /// The ranges of objects' sizes, the smallest first.
    pub(super) fn size_ranges(&self) -> &[SizeRange] {
        &self.size_ranges
    }

    /// Ranges that are sums of others.
    pub(super) fn summed_ranges(&self) -> &[String] {
        &self.summed_ranges
    }

    /// What stayed, among the tiers that ILM moves objects to.
    pub(super) fn stayed_tiers(&self) -> &[String] {
        &self.stayed_tiers
    }

    /// Whether an operation of a drive is one that clients wait for: what only looks after the drive is not.
    pub(super) fn is_drive_work(&self, operation: &str) -> bool {
        self.drive_work.iter().any(|name| name == operation)
    }

    /// The pages that a metric is wanted of, with what it means there.
    pub(crate) fn meanings_of(&self, name: &str) -> impl Iterator<Item = (PageKind, Meaning)> {
        self.pages.iter().filter_map(move |(page, families)| Some((*page, families.get(name)?.meaning)))
    }

    /// The metrics wanted of a page.
    pub fn page(&self, page: PageKind) -> Option<&BTreeMap<String, Family>> {
        self.pages.get(&page)
    }
}

fn names_from_text(text: &str) -> Result<Names, Box<Problem>> {
    let written: WrittenNames = ron_text::read("metrics.ron", text)?;
    let mut pages: BTreeMap<PageKind, BTreeMap<String, Family>> = BTreeMap::new();
    for family in &written.families {
        for page in &family.on {
            pages.entry(*page).or_default().insert(family.name.clone(), family_from(family));
        }
    }
    for families in pages.values_mut() {
        let meanings: Vec<Meaning> = families.values().map(|family| family.meaning).collect();
        for family in families.values_mut() {
            family.is_one_of_several = meanings.iter().filter(|meaning| **meaning == family.meaning).count() > 1;
        }
    }
    Ok(Names {
        pages,
        server_label: written.server_label,
        bucket_label: written.bucket_label,
        version_suffix: written.version_suffix,
        not_inflight: written.not_inflight,
        reading: written.reading,
        writing: written.writing,
        listing: written.listing,
        drive_work: written.drive_work,
        virtual_devices: written.virtual_devices,
        stacked_devices: written.stacked_devices,
        other_file_systems: written.other_file_systems,
        size_ranges: written.size_ranges,
        summed_ranges: written.summed_ranges,
        stayed_tiers: written.stayed_tiers,
        swapped_help: written.swapped_help,
    })
}

fn family_from(family: &WrittenFamily) -> Family {
    Family {
        meaning: family.is,
        scale: family.scale.unwrap_or(1.0),
        cache_secs: family.cache_secs,
        of: family.of.clone(),
        is_one_of_several: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_serves_every_page_that_is_polled() {
        let names = names_from_text(TEXT).unwrap();
        for page in [
            PageKind::V3Requests,
            PageKind::V3Cluster,
            PageKind::V3Bucket,
            PageKind::V3Buckets,
            PageKind::V3System,
            PageKind::V3Process,
            PageKind::V3Ilm,
            PageKind::V3Replication,
            PageKind::V2Cluster,
            PageKind::V2Bucket,
            PageKind::V2Node,
        ] {
            assert!(names.page(page).is_some_and(|families| families.len() > 1), "{page:?}");
        }
        assert!(names_from_text(&format!("\u{feff}{TEXT}")).is_ok(), "a byte order mark is passed over");
        let utf16 = ron_text::text_from_bytes(TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect());
        assert!(names_from_text(&utf16).is_err_and(|refused| refused.code == "encoding"));
        let misspelt = TEXT.replacen(", is:", ", si:", 1);
        assert!(names_from_text(&misspelt).is_err(), "an unknown field is an error");
    }
}
