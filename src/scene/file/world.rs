//! `world.ron`: the one world all scenes are views of.

use serde::Deserialize;

use crate::picture::Ink;
use crate::scene::file::{BindFile, BoxFile, PlaceFile};
use crate::signal::Tier;

/// `world.ron`: the one world all scenes are views of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "World")]
pub(crate) struct WorldFile {
    pub hall: HallFile,
    pub floors: Vec<FloorFile>,
    pub phases: Vec<PhaseFile>,
    pub routes: Vec<RouteFile>,
    pub components: Vec<ComponentFile>,
    pub scales: Vec<ScaleFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HallFile {
    #[serde(rename = "box")]
    pub bounds: BoxFile,
    pub radius: f32,
    pub name: String,
    pub gpus: GpusFile,
    pub light: BindFile,
    /// Said on the hall when nothing measures it.
    pub absent: String,
}

/// The GPUs of the hall: centre of the first, distance, size.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GpusFile {
    pub count: u32,
    pub first_x: f32,
    pub every: f32,
    pub top: f32,
    pub size: (f32, f32),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FloorFile {
    pub tier: Tier,
    #[serde(rename = "box")]
    pub bounds: BoxFile,
    /// One word: "Raw".
    pub name: String,
    /// What it is, in a few words.
    pub words: String,
    pub light: BindFile,
    pub number: BindFile,
    /// Said on the floor when nothing measures it, and why that is so.
    pub absent: String,
    pub why_absent: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhaseFile {
    pub id: String,
    /// The floors it works on.
    pub floors: Vec<Tier>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RouteFile {
    pub id: String,
    pub ink: Ink,
    pub lanes: LanesFile,
    /// Radius of a filled dot: the size class of its objects.
    pub dot: Option<f32>,
    /// Distance between dots.
    pub every: Option<f32>,
}

/// The lanes of a route, in the direction of the data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum LanesFile {
    /// One vertical lane through each GPU.
    Shafts { from: f32, to: f32 },
    /// Horizontal lanes at these heights.
    Rows { ys: Vec<f32>, from: f32, to: f32 },
    /// One lane with rounded corners.
    Path { points: Vec<(f32, f32)>, corner: f32 },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComponentFile {
    pub id: String,
    pub name: String,
    pub on: PlaceFile,
    /// The phases it works in.
    pub phases: Vec<String>,
    /// Why it lives on its tier.
    pub why: String,
    /// What it asks of storage: `write`, `read bronze, write silver`.
    pub operation: String,
    pub pattern: String,
    pub volume: String,
    pub latency: String,
    /// Where its objects or files are.
    pub path: String,
    /// MinIO's role.
    pub minio: String,
    /// Components it hands data to.
    #[serde(default)]
    pub next: Vec<String>,
    /// Routes it moves data on.
    #[serde(default)]
    pub routes: Vec<String>,
    pub source: String,
    /// Other words for it, as they are asked for.
    #[serde(default)]
    pub also: Vec<String>,
}

/// A declared scale: the same everywhere it is named.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScaleFile {
    pub id: String,
    pub unit: String,
    pub from: f64,
    pub to: f64,
    #[serde(default)]
    pub log: bool,
}
