//! From bytes to readings: a target's scrapes in, the readings of its tiers out.
//!
//! `exposition` (text) → `body` (the wanted samples of one scrape) → `page` (what is known of one page: counters and
//! gauges by series, through resets and gaps) → `fold` (one deployment or exporter) → `Readings`. What a metric's name
//! means stands in `names`.

pub mod body;
pub(crate) mod drives;
mod exporter;
pub mod exposition;
mod flow;
pub mod fold;
mod gpus;
mod health;
mod merge;
pub mod names;
pub mod origin;
pub mod page;
pub(crate) mod promql;
pub(crate) mod promql_answer;
pub mod rate;
mod sample_line;
mod servers;
mod traffic;

use crate::signal::Tier;
pub use crate::telemetry::body::Body;
pub(crate) use crate::telemetry::body::Collected;
pub use crate::telemetry::fold::Fold;
pub(crate) use crate::telemetry::fold::{BucketCoverage, Coverage};
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
    /// Everything of the deployment but its buckets.
    V2Cluster,
    /// Traffic and usage of the deployment's buckets.
    V2Bucket,
    /// Whether the cluster can write. No page of metrics: its status says it, written as a metric by whoever asked.
    Health,
    /// An exporter's only page.
    Exporter,
}

impl Endpoint {
    /// The path on the server. An exporter's stands in its URL; this is the usual one.
    pub fn path(&self) -> String {
        match self {
            Self::V3Requests => "/minio/metrics/v3/api/requests".to_owned(),
            Self::V3Cluster => "/minio/metrics/v3/cluster".to_owned(),
            Self::V3Bucket(bucket) => format!("/minio/metrics/v3/bucket/api/{bucket}"),
            Self::V3Buckets => "/minio/metrics/v3/cluster/usage/buckets".to_owned(),
            Self::V2Cluster => "/minio/v2/metrics/cluster".to_owned(),
            Self::V2Bucket => "/minio/v2/metrics/bucket".to_owned(),
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
            Self::V2Cluster => "v2 cluster",
            Self::V2Bucket => "v2 bucket",
            Self::Health => "health",
            Self::Exporter => "exporter",
        }
    }

    /// How long the server serves the same values again; 0 when they are read live.
    pub(crate) fn cache_secs(&self) -> f64 {
        match self {
            Self::V3Requests | Self::V3Bucket(_) | Self::Health | Self::Exporter => 0.0,
            Self::V2Cluster | Self::V2Bucket => 10.0,
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
            Self::V2Cluster => 5.0,
            Self::V2Bucket => 15.0,
            Self::V3Cluster | Self::V3Buckets => 60.0,
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

    /// Whether every node must be asked; any one node answers the others for the whole deployment.
    pub(crate) fn on_each_node(&self) -> bool {
        matches!(self, Self::V3Requests | Self::V3Bucket(_) | Self::Exporter)
    }

    /// Whether it needs a server of 2024-03 or later.
    pub(crate) fn is_v3(&self) -> bool {
        matches!(self, Self::V3Requests | Self::V3Cluster | Self::V3Bucket(_) | Self::V3Buckets)
    }

    fn page_kind(&self, target: &TargetKind) -> PageKind {
        match self {
            Self::V3Requests => PageKind::V3Requests,
            Self::V3Cluster => PageKind::V3Cluster,
            Self::V3Bucket(_) => PageKind::V3Bucket,
            Self::V3Buckets => PageKind::V3Buckets,
            Self::V2Cluster => PageKind::V2Cluster,
            Self::V2Bucket => PageKind::V2Bucket,
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
}
