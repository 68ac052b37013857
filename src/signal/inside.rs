//! What a deployment is made of, as its own pages tell it: nodes, drives, buckets, APIs, and how well each page is read.
//!
//! It names hosts, paths and buckets, so it is for the engineer at the console and for no audience.

use serde::{Deserialize, Serialize};

use crate::signal::Tier;

/// What is known of the inside of one target. What a target does not tell is left empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Inside {
    /// By name.
    pub nodes: Vec<InsideNode>,
    /// By node, then by name.
    pub drives: Vec<InsideDrive>,
    /// By name.
    pub buckets: Vec<InsideBucket>,
    /// By name.
    pub apis: Vec<InsideApi>,
    /// How fast the last minute's GETs began to answer, by bound.
    pub first_bytes: Vec<FirstByteBound>,
    /// How many objects the deployment has of each size, the smallest first, by the scanner's last count; empty where it
    /// does not tell.
    #[serde(default)]
    pub sizes: Vec<SizeCount>,
    /// By page, then by node.
    pub pages: Vec<PageScrape>,
}

/// Objects of a range of sizes: from the range below it on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SizeCount {
    /// None: without a bound.
    pub below_bytes: Option<f64>,
    pub objects: f64,
}

/// One server of a deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InsideNode {
    /// As it calls itself; of one that never answered, host and port.
    pub name: String,
    /// Whether it answered when it was last asked for itself; none where only others tell of it.
    pub answers: Option<bool>,
    /// MinIO's release: `"2025-10-15T17:29:55Z"`.
    pub version: Option<String>,
    pub uptime_secs: Option<f64>,
    pub memory_bytes: Option<f64>,
    /// Cores that its process keeps busy.
    pub cpu_cores: Option<f64>,
    /// Load of its host in the last minute, by its cores.
    pub load_ratio: Option<f64>,
    /// How often its process began anew since it was first seen.
    pub restarts: u32,
}

/// How a drive is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DriveHealth {
    Healthy,
    /// Being rebuilt.
    Healing,
    /// Its node answers and does not tell of it any more.
    Offline,
    /// Its node does not answer, so nothing is known of it.
    Unknown,
}

/// One drive of a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InsideDrive {
    pub node: String,
    /// Its path: `"/data/d1"`.
    pub name: String,
    pub health: DriveHealth,
    /// The mean of the slowest that clients wait for, in the last minute; none where it did nothing for them.
    pub latency_secs: Option<f64>,
    /// Operations that wait for it.
    pub waiting_ios: Option<f64>,
    /// Operations that it failed or did not end in time.
    pub errors_per_sec: Option<f64>,
    pub used_bytes: Option<f64>,
    pub total_bytes: Option<f64>,
}

/// One bucket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InsideBucket {
    pub name: String,
    /// The tier that the lab file puts it in.
    pub tier: Option<Tier>,
    /// By the scanner's last count, like the objects.
    pub used_bytes: Option<f64>,
    pub objects: Option<f64>,
    /// None where none is set.
    pub quota_bytes: Option<f64>,
    /// Known where buckets are asked for their traffic: those of tiers that are made of buckets.
    pub read_bytes_per_sec: Option<f64>,
    pub write_bytes_per_sec: Option<f64>,
    pub requests_per_sec: Option<f64>,
    /// Requests answered with 4xx or 5xx.
    pub errors_per_sec: Option<f64>,
}

/// What an API does for clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApiClass {
    /// Sends objects.
    Get,
    /// Receives objects or parts of them.
    Put,
    List,
    /// All else: HEAD, DELETE, the ends of multipart uploads, settings.
    Other,
}

/// One S3 API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InsideApi {
    /// As the server writes it.
    pub name: String,
    pub class: ApiClass,
    pub requests_per_sec: f64,
    /// Requests since the first look.
    pub requests: f64,
    pub errors_4xx_per_sec: f64,
    pub errors_5xx_per_sec: f64,
    pub canceled_per_sec: f64,
    pub inflight: f64,
}

/// GETs whose first byte came within a bound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirstByteBound {
    /// None: without a bound, which are all of them.
    pub within_secs: Option<f64>,
    /// Of the last minute; those within a smaller bound are among them.
    pub requests: f64,
}

/// How well a page of a node is read. All pages of single buckets of a node stand as one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageScrape {
    /// `"v3 requests"`.
    pub page: String,
    /// Host and port.
    pub node: String,
    /// The last question was answered with a page that could be read.
    pub is_up: bool,
    /// When it was last asked, on the source's clock.
    pub at_secs: f64,
    /// How long the last good answer took, from the question to its last byte.
    pub took_secs: Option<f64>,
    /// Bytes of the last good answer, unpacked.
    pub bytes: u64,
    /// Samples in it, wanted or not.
    pub samples: u64,
    /// Lines of it that could not be read.
    pub refused_lines: u64,
    /// Questions in a row that failed.
    pub failures: u32,
}
