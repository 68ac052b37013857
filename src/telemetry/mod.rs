//! From bytes to readings: a target's scrapes in, the readings of its tiers out.
//!
//! `exposition` (text) → `body` (the wanted samples of one scrape) → `page` (what is known of one page: counters and
//! gauges by series, through resets and gaps) → `fold` (one deployment or exporter) → `Readings`. What a metric's name
//! means stands in `names`.

pub mod body;
mod coverage;
mod drive_names;
pub(crate) mod drives;
mod exporter;
pub mod exposition;
mod first_byte;
mod flow;
pub mod fold;
mod gpus;
mod health;
mod inside;
mod known_series;
mod merge;
mod moved;
pub mod names;
mod order;
pub mod origin;
pub mod page;
mod process_io;
pub(crate) mod promql;
pub(crate) mod promql_answer;
pub mod rate;
mod sample_line;
mod scrapes;
mod servers;
mod system;
mod traffic;

use crate::signal::Tier;
pub use crate::telemetry::body::Body;
pub(crate) use crate::telemetry::body::Collected;
pub(crate) use crate::telemetry::coverage::Coverage;
pub(crate) use crate::telemetry::fold::BucketCoverage;
pub use crate::telemetry::fold::Fold;
use crate::telemetry::names::PageKind;

/// A page of metrics that is polled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// S3 traffic of the node that answers; read live.
    V3Requests,
    /// Capacity, health and usage of the deployment.
    V3Cluster,
    /// S3 traffic of one bucket on the node that answers; read live.
    V3Bucket(String),
    /// Usage of every bucket of the deployment.
    V3Buckets,
    /// The process, the drives, the host and the links of the node that answers.
    V3System,
    /// What the process of the node that answers reads and writes, which tells when requests on it began and ended.
    V3Process,
    /// What ILM does on the node that answers.
    V3Ilm,
    /// What replication has before it on the node that answers.
    V3Replication,
    /// Everything of the deployment but its buckets.
    V2Cluster,
    /// Traffic and usage of the deployment's buckets.
    V2Bucket,
    /// The drives and the replication of the node that answers, which no page tells of the whole deployment.
    V2Node,
    /// Whether the cluster can write. No page of metrics: its status says it, written as a metric by whoever asked.
    Health,
    /// An exporter's only page.
    Exporter,
}

/// How many times in an interval a node is asked for its requests while they run, where that page tells all its traffic.
pub(crate) const RUNNING_TIMES: f64 = 4.0;

impl Endpoint {
    /// The path on the server. An exporter's stands in its URL; this is the usual one.
    pub fn path(&self) -> String {
        match self {
            Self::V3Requests => "/minio/metrics/v3/api/requests".to_owned(),
            Self::V3Cluster => "/minio/metrics/v3/cluster".to_owned(),
            Self::V3Bucket(bucket) => format!("/minio/metrics/v3/bucket/api/{bucket}"),
            Self::V3Buckets => "/minio/metrics/v3/cluster/usage/buckets".to_owned(),
            // A path above others answers for all of them: one question in place of five.
            Self::V3System => "/minio/metrics/v3/system".to_owned(),
            Self::V3Process => "/minio/metrics/v3/system/process".to_owned(),
            Self::V3Ilm => "/minio/metrics/v3/ilm".to_owned(),
            Self::V3Replication => "/minio/metrics/v3/replication".to_owned(),
            Self::V2Cluster => "/minio/v2/metrics/cluster".to_owned(),
            Self::V2Bucket => "/minio/v2/metrics/bucket".to_owned(),
            Self::V2Node => "/minio/v2/metrics/node".to_owned(),
            Self::Health => "/minio/health/cluster".to_owned(),
            Self::Exporter => "/metrics".to_owned(),
        }
    }

    /// The page in words: `"v3 requests"`.
    pub fn page_name(&self) -> &'static str {
        match self {
            Self::V3Requests => "v3 requests",
            Self::V3Cluster => "v3 cluster",
            Self::V3Bucket(_) => "v3 bucket",
            Self::V3Buckets => "v3 buckets",
            Self::V3System => "v3 system",
            Self::V3Process => "v3 process",
            Self::V3Ilm => "v3 ilm",
            Self::V3Replication => "v3 replication",
            Self::V2Cluster => "v2 cluster",
            Self::V2Bucket => "v2 bucket",
            Self::V2Node => "v2 node",
            Self::Health => "health",
            Self::Exporter => "exporter",
        }
    }

    /// How long the server serves the same values again; 0 when they are read live.
    pub(crate) fn cache_secs(&self) -> f64 {
        match self {
            // The system page has drives and hosts from a cache: their families say so.
            Self::V3Requests
            | Self::V3Bucket(_)
            | Self::V3System
            | Self::V3Process
            | Self::V3Ilm
            | Self::V3Replication
            | Self::Health
            | Self::Exporter => 0.0,
            Self::V2Cluster | Self::V2Bucket | Self::V2Node => 10.0,
            Self::V3Cluster | Self::V3Buckets => 60.0,
        }
    }

    /// How often it is polled.
    pub fn interval_secs(&self) -> f64 {
        match self {
            Self::V3Requests | Self::V3Bucket(_) => 1.0,
            Self::Exporter => 2.0,
            Self::Health => 3.0,
            // From a cache of 10 s, which costs little to ask again.
            Self::V2Cluster | Self::V3Ilm => 5.0,
            Self::V3System | Self::V3Process | Self::V3Replication => 10.0,
            Self::V2Bucket | Self::V2Node => 15.0,
            Self::V3Cluster | Self::V3Buckets => 60.0,
        }
    }

    /// How often it is polled while a node whose traffic is all on it serves requests.
    pub(crate) fn running_interval_secs(&self) -> f64 {
        match self {
            Self::V3Requests => self.interval_secs() / RUNNING_TIMES,
            // As often as the requests, and just then.
            Self::V3Process => 0.0,
            _ => self.interval_secs(),
        }
    }

    /// The text that stands for a health page of that status, where the status says whether the cluster can write.
    pub(crate) fn health_text(status: u16) -> Option<&'static str> {
        match status {
            200 => Some("health_cluster 1\n"),
            503 => Some("health_cluster 0\n"),
            _ => None,
        }
    }

    /// Whether it tells readings of its own. What a process reads and writes only places the edges of requests: it is part
    /// of the page of requests, and its absence is no fault.
    pub(crate) fn is_page(&self) -> bool {
        *self != Self::V3Process
    }

    /// Whether every node must be asked; any one node answers the others for the whole deployment.
    pub(crate) fn on_each_node(&self) -> bool {
        self.is_fast() || self.is_extra() || !self.is_page()
    }

    /// Whether it is what makes a target live: read from memory, and asked of each node at each tick.
    pub(crate) fn is_fast(&self) -> bool {
        matches!(self, Self::V3Requests | Self::V3Bucket(_) | Self::Exporter)
    }

    /// Whether the talk goes on without it: each node is asked for it calmly, and where it is missing nothing is wrong.
    pub(crate) fn is_extra(&self) -> bool {
        matches!(self, Self::V3System | Self::V3Ilm | Self::V3Replication | Self::V2Node)
    }

    /// Whether it needs a server of 2024-03 or later.
    pub(crate) fn is_v3(&self) -> bool {
        let is_extra = matches!(self, Self::V3System | Self::V3Process | Self::V3Ilm | Self::V3Replication);
        is_extra || matches!(self, Self::V3Requests | Self::V3Cluster | Self::V3Bucket(_) | Self::V3Buckets)
    }

    fn page_kind(&self, target: &TargetKind) -> PageKind {
        match self {
            Self::V3Requests => PageKind::V3Requests,
            Self::V3Cluster => PageKind::V3Cluster,
            Self::V3Bucket(_) => PageKind::V3Bucket,
            Self::V3Buckets => PageKind::V3Buckets,
            Self::V3System => PageKind::V3System,
            Self::V3Process => PageKind::V3Process,
            Self::V3Ilm => PageKind::V3Ilm,
            Self::V3Replication => PageKind::V3Replication,
            Self::V2Cluster => PageKind::V2Cluster,
            Self::V2Bucket => PageKind::V2Bucket,
            Self::V2Node => PageKind::V2Node,
            Self::Health => PageKind::Health,
            Self::Exporter if matches!(target, TargetKind::Dcgm) => PageKind::Dcgm,
            Self::Exporter => PageKind::Node,
        }
    }
}

/// What a target is, and which tiers it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetKind {
    /// A deployment that is a tier.
    Tier(Tier),
    /// A deployment whose buckets are tiers, each given by wildcard patterns; the first that fits has the bucket.
    Buckets(Vec<(Tier, Vec<String>)>),
    /// `node_exporter` on hosts with T0's drives; the devices as wildcard patterns, none for all that are real.
    NodeExporter { devices: Vec<String> },
    /// NVIDIA's DCGM exporter.
    Dcgm,
}

impl TargetKind {
    /// The pages to poll, the one that makes the tier live first. Where buckets are tiers, [`Fold::buckets`] names the
    /// buckets whose [`Endpoint::V3Bucket`] is to be polled as well.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        match self {
            Self::Tier(_) => {
                vec![Endpoint::V3Requests, Endpoint::Health, Endpoint::V2Cluster, Endpoint::V3Cluster]
            }
            Self::Buckets(_) => vec![
                Endpoint::V3Buckets,
                Endpoint::Health,
                Endpoint::V2Bucket,
                Endpoint::V2Cluster,
                Endpoint::V3Cluster,
            ],
            Self::NodeExporter { .. } | Self::Dcgm => vec![Endpoint::Exporter],
        }
    }

    /// What each node is asked for beside those, calmly: what it says of itself. `has_v3`: whether it answers v3's pages.
    pub(crate) fn extra_endpoints(&self, has_v3: bool) -> &'static [Endpoint] {
        const V3: [Endpoint; 3] = [Endpoint::V3System, Endpoint::V3Ilm, Endpoint::V3Replication];
        const V2: [Endpoint; 1] = [Endpoint::V2Node];
        match self {
            Self::Tier(_) | Self::Buckets(_) if has_v3 => &V3,
            Self::Tier(_) | Self::Buckets(_) => &V2,
            Self::NodeExporter { .. } | Self::Dcgm => &[],
        }
    }
}
