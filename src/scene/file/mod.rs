//! A scene as it is written: the RON of `scenes/`, word for word, and nothing else.
//!
//! Unknown fields are errors. What the app uses is in [`crate::scene::model`]; either can change without the other.

mod elements;
mod talk;
mod things;
mod world;

use serde::Deserialize;

use crate::scene::model::FloorNames;
use crate::scene::motion::Way;
use crate::signal::Tier;

pub(crate) use self::elements::*;
pub(crate) use self::talk::*;
pub(crate) use self::things::*;
pub(crate) use self::world::*;

/// A box in stage units: left, top, right, bottom.
pub(crate) type BoxFile = (f32, f32, f32, f32);

/// One scene file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Scene")]
pub(crate) struct SceneFile {
    /// Short and lasting: it is in addresses such as `loop:3`.
    pub id: String,
    /// The words of the scene in lists.
    pub title: String,
    #[serde(default)]
    pub tags: Vec<String>,
    /// How the world is seen, or that it is not.
    pub view: ViewFile,
    /// Markdown for the presenter: what to say, the veteran's likely objection and its answer.
    pub notes: String,
    #[serde(default)]
    pub elements: Vec<ElementFile>,
    /// What can be focused and opened, besides the components of the world.
    #[serde(default)]
    pub spots: Vec<SpotFile>,
    /// Elements that are the same thing in every scene that shares them, and so move from one to the next.
    #[serde(default)]
    pub shared: Vec<String>,
    /// Steps made from data, after those written here.
    pub pages: Option<PagesFile>,
    pub steps: Vec<StepFile>,
}

/// Data that a scene turns pages of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum PagesFile {
    /// The terms of `glossary.ron`, from A to Z.
    Glossary,
    /// The sources that the scenes use.
    Sources,
    /// The customer's own slides.
    Customer,
}

/// How a scene sees the world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum ViewFile {
    /// The section through the building.
    World {
        #[serde(default)]
        names: FloorNames,
        /// Light, numbers and badge of the shown source.
        #[serde(default)]
        measured: bool,
        camera: Option<CameraFile>,
        /// The ten phase names under the floors.
        phases: Option<bool>,
    },
    /// The four floors as full-width lanes with their numbers.
    Monitor,
    /// A page of its own; a small map says where we are.
    Page {
        #[serde(default)]
        measured: bool,
    },
}

/// Where the camera stands: the stage shows the world from (`x`, `y`), `width` world units wide.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CameraFile {
    pub x: f32,
    pub y: f32,
    pub width: f32,
}

/// One step: what is said, and only what changes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "Step")]
pub(crate) struct StepFile {
    /// New words for the heading; it stays until a step changes it.
    pub heading: Option<String>,
    /// One sentence, on the bottom line.
    pub caption: String,
    /// Markdown for the presenter.
    #[serde(default)]
    pub notes: String,
    pub budget_secs: u32,
    /// Ids of `sources.ron`.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The phase told: its name gets the bracket, and the simulated lab works at it.
    pub phase: Option<String>,
    /// The floors named: their edges grow.
    #[serde(default)]
    pub floors: Vec<Tier>,
    /// The element the eye should find first.
    pub hero: Option<String>,
    pub camera: Option<CameraFile>,
    #[serde(default)]
    pub changes: Vec<ChangeFile>,
}

/// What a step changes. `after` is in seconds from the step's start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum ChangeFile {
    Reveal {
        ids: Vec<String>,
        #[serde(default)]
        after: f32,
        /// The way they come; without one, bars grow, lines and curves are drawn, and all else fades in.
        how: Option<Way>,
        /// How long each takes to come.
        secs: Option<f32>,
        /// Seconds between one and the next.
        #[serde(default)]
        each: f32,
    },
    Hide {
        ids: Vec<String>,
        #[serde(default)]
        after: f32,
        how: Option<Way>,
        secs: Option<f32>,
    },
    Highlight {
        ids: Vec<String>,
        after: Option<f32>,
    },
    Dim {
        ids: Vec<String>,
        after: Option<f32>,
    },
    /// Neither highlighted nor dimmed any more.
    Plain {
        ids: Vec<String>,
        after: Option<f32>,
    },
    Move {
        id: String,
        to: (f32, f32),
        #[serde(default)]
        after: f32,
        secs: Option<f32>,
    },
    /// `id` leaves and `into` appears out of its place.
    Morph {
        id: String,
        into: String,
        #[serde(default)]
        after: f32,
    },
    Text {
        id: String,
        words: String,
        after: Option<f32>,
    },
    Number {
        id: String,
        quantity: String,
        /// A word before the new digits; without one there is none.
        prefix: Option<String>,
    },
    Image {
        id: String,
        path: String,
    },
    Chart {
        id: String,
        bind: BindFile,
    },
    Table {
        id: String,
        rows: Vec<Vec<String>>,
    },
    /// Hollow dots along a route for one cycle of `secs`, in this step only.
    Tell {
        route: String,
        secs: Option<f32>,
        #[serde(default)]
        after: f32,
    },
    /// Filled dots along a route as fast as a reading says, in this step only.
    Flow {
        route: String,
        bind: BindFile,
    },
    /// A number counts up to its value.
    Count {
        id: String,
        #[serde(default)]
        from: f64,
        #[serde(default)]
        after: f32,
        secs: f32,
        /// As a clock counts.
        #[serde(default)]
        even: bool,
    },
    /// Names its parts one after the other, each for its share of `secs`, once.
    Loop {
        ids: Vec<String>,
        secs: f32,
    },
    /// What a thing has a course of its own for goes its way: blocks their threads, points to their places.
    Run {
        id: String,
        #[serde(default)]
        after: f32,
        secs: f32,
    },
    /// A drive of strips is lost; drives are counted from 1.
    Lose {
        id: String,
        drives: Vec<u32>,
        #[serde(default)]
        after: f32,
    },
    /// A moment within the step: from then on this phase is told.
    Cue {
        after: f32,
        phase: String,
    },
}

impl ChangeFile {
    /// The texts that it puts on the stage, with the element that gets them.
    pub(crate) fn texts(&self) -> Vec<(&str, &str)> {
        match self {
            Self::Text { id, words, .. } => vec![(id, words)],
            Self::Number { id, prefix, .. } => prefix.iter().map(|prefix| (id.as_str(), prefix.as_str())).collect(),
            Self::Table { id, rows } => rows.iter().flatten().map(|words| (id.as_str(), words.as_str())).collect(),
            Self::Reveal { .. }
            | Self::Hide { .. }
            | Self::Highlight { .. }
            | Self::Dim { .. }
            | Self::Plain { .. }
            | Self::Move { .. }
            | Self::Morph { .. }
            | Self::Image { .. }
            | Self::Chart { .. }
            | Self::Tell { .. }
            | Self::Flow { .. }
            | Self::Count { .. }
            | Self::Loop { .. }
            | Self::Run { .. }
            | Self::Lose { .. }
            | Self::Cue { .. } => Vec::new(),
        }
    }
}

/// A property driven by readings: the closed list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum BindFile {
    /// Speed of dots.
    Rate { signals: Vec<String>, scale: String },
    /// How full a shape is.
    Fill { signals: Vec<String>, scale: String },
    /// How much a shape is lit.
    Burst { signals: Vec<String>, scale: String },
    /// Numerals.
    Number { signals: Vec<String> },
    /// A chart of the last `window_secs`.
    Series {
        signals: Vec<String>,
        /// Without one the top follows the peak of the window.
        scale: Option<String>,
        window_secs: f64,
    },
}
