//! A picture: the flat list of marks that stands between the talk and the painter.
//!
//! Everything is in stage units, 1920 × 1080 with y downward, and in inks instead of colours. What the audience can see
//! is in here, so the window, an export, a thumbnail, a hash and a check all see the same thing.

mod fill;
mod id;
mod ink;
mod print;
mod toward;

use std::str::FromStr;
use std::sync::Arc;

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};
use serde::{Deserialize, Serialize};

use crate::signal::Tier;

pub use self::fill::{Fill, Side, Stroke};
pub use self::id::{Furniture, Id, Part, Thing};
pub use self::ink::Ink;

/// The stage, in its own units, whatever the window's size.
pub(crate) const STAGE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1920.0, 1080.0) };

/// The area that text and shapes keep to: margins 96 left and right, 72 top, 88 bottom.
pub(crate) const SAFE: Rect = Rect { min: pos2(96.0, 72.0), max: pos2(1824.0, 992.0) };

/// The three themes; what each makes of an ink is the theme's matter.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::IntoStaticStr,
)]
#[strum(serialize_all = "lowercase")]
pub enum ThemeName {
    #[default]
    Dark,
    Light,
    Contrast,
}

impl ThemeName {
    /// In the order a key walks through them.
    pub const ALL: [Self; 3] = [Self::Dark, Self::Light, Self::Contrast];

    /// `"dark"`: the theme's name on the command line.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The theme after this one, round and round.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }
}

impl FromStr for ThemeName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|theme| theme.name() == name);
        found.ok_or_else(|| format!("no theme {name:?}: it is dark, light or contrast"))
    }
}

/// Whose word a mark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Layer {
    /// World labels, map and badge.
    Furniture,
    /// What a scene says.
    Said,
    /// What is drawn as the thing that it is: pieces, blocks, areas to scale, drives. No light and no rate.
    Thing,
    /// Outlines and hollow dots that follow from the step and its time.
    Told,
    /// Light, filled dots, numerals and badges that follow from a reading and nothing else.
    Measured,
}

impl Layer {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// What a mark is for; it decides the sizes allowed for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    Floor,
    Hall,
    Plate,
    Gpu,
    Light,
    /// The words on a floor or the hall.
    FloorName,
    /// A measured number at a floor's right.
    FloorNumber,
    /// One of the ten phase names.
    Phase,
    /// The bracket over the phase told.
    Bracket,
    Heading,
    Hero,
    /// The unit beside a number.
    Unit,
    Body,
    Label,
    Secondary,
    Caption,
    Source,
    Badge,
    /// A number on the monitor.
    Monitor,
    Route,
    Dot,
    Chart,
    Image,
    Icon,
    Box,
    Rule,
    /// The hatch and the words of an unknown reading.
    NoSource,
    /// Help and number cards, drawn over everything.
    Card,
    Map,
    /// What the presenter's hand draws: laser and ink.
    Hand,
}

impl Role {
    /// The role's name in printed pictures.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Which end of a text stands at its anchor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    #[default]
    Left,
    Center,
    Right,
}

/// The bundled faces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Face {
    #[default]
    Regular,
    Medium,
    SemiBold,
    Mono,
    MonoMedium,
}

/// One line of text, anchored on its baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Text {
    pub words: Arc<str>,
    /// The anchor: x by `align`, y on the baseline.
    pub at: Pos2,
    pub align: Align,
    /// Font size in stage units (em).
    pub size: f32,
    pub face: Face,
    pub ink: Ink,
    /// Digits all as wide as a zero, so that a changing number stands still.
    pub tabular: bool,
}

/// The hatches: one per tier, and the one of "no source".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hatch {
    Solid,
    Dots,
    Rising,
    Cross,
    /// Falling lines, 4 wide every 32: nothing measures this.
    NoSource,
}

impl Hatch {
    /// The tier's own hatch.
    pub fn of(tier: Tier) -> Self {
        match tier {
            Tier::T0 => Self::Solid,
            Tier::T1 => Self::Dots,
            Tier::T2 => Self::Rising,
            Tier::T3 => Self::Cross,
        }
    }
}

/// The line icons: states, and things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Icon {
    Live,
    Simulated,
    Recorded,
    Stale,
    NoSource,
    Ok,
    Warn,
    Bad,
    /// Write-once: a closed lock.
    Lock,
    // What servers and storage are built of.
    Initiator,
    Nic,
    Toe,
    Dpu,
    Gpu,
    Memory,
    Array,
    Nodes,
    RaidController,
    FcFabric,
    Fabrics,
    Network,
    Tape,
    Vault,
    // Where data is kept, and how that is measured.
    Lun,
    Bucket,
    Block,
    Object,
    Shards,
    Database,
    Table,
    Logs,
    Swamp,
    /// The lakehouse: three clean layers under one roof.
    House,
    Snapshot,
    Share,
    Iops,
    Utilisation,
    // What training and asking are made of.
    Document,
    Chunks,
    Vector,
    /// A layered graph to search in, as HNSW builds it.
    Index,
    Tensor,
    Model,
    /// A small set of weights docked on a large one.
    Adapter,
    Person,
    Question,
    Answer,
}

/// A chart's data and scale; its labels are marks of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    pub rect: Rect,
    pub ink: Ink,
    /// Least and most value of each column of time, oldest first; none where nothing is known.
    pub columns: Arc<[Option<(f64, f64)>]>,
    /// The value at the upper edge; the lower edge is 0.
    pub top: f64,
    /// Horizontal grid lines, in values.
    pub grid: Arc<[f64]>,
    /// A bright dot on the newest value.
    pub head: bool,
    /// Drawn downward: 0 is at the upper edge and `top` at the lower.
    #[serde(default)]
    pub down: bool,
    /// The one curve that a page is about: a heavier line over a full fill, with a glow.
    #[serde(default)]
    pub strong: bool,
    /// How much of the first column lies before the left edge, from 0 to 1: columns begin at round times and go by with
    /// them. Of the last one the rest is still to come, and lies beyond the right edge.
    #[serde(default)]
    pub ahead: f32,
}

impl Chart {
    /// Where a number of columns after the first one's begin lies between the left edge, 0, and the right one, 1.
    pub(crate) fn share(&self, columns: f32) -> f32 {
        share_of_window(columns, self.ahead, self.columns.len())
    }
}

/// Where a number of columns lies in a window that is as wide as all `count` columns but one, and begins `ahead` columns
/// after the first one does: 0 is where it begins, 1 where it ends.
pub(crate) fn share_of_window(columns: f32, ahead: f32, count: usize) -> f32 {
    ((columns - ahead) / count.saturating_sub(1).max(1) as f32).clamp(0.0, 1.0)
}

/// What a mark looks like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Shape {
    Text(Text),
    /// `radii`: clockwise from the upper left corner.
    #[strum(serialize = "box")]
    Rect {
        rect: Rect,
        radii: [f32; 4],
        fill: Fill,
        stroke: Option<Stroke>,
    },
    Hatch {
        rect: Rect,
        kind: Hatch,
        ink: Ink,
    },
    /// Light of a floor or of the hall: one even fill inside and a glow around, both by `level` from 0 to 1.
    Light {
        rect: Rect,
        radii: [f32; 2],
        ink: Ink,
        level: f32,
    },
    /// A glow around a box that is not lit by a reading: the one thing a page is about.
    Halo {
        rect: Rect,
        radius: f32,
        ink: Ink,
        level: f32,
    },
    /// One GPU: an outline, with three bars; filled by `busy` from 0 to 1.
    Gpu {
        rect: Rect,
        busy: f32,
    },
    Dot {
        center: Pos2,
        radius: f32,
        ink: Ink,
        filled: bool,
    },
    /// A broad faint band behind dots.
    Lane {
        path: Arc<[Pos2]>,
        width: f32,
        ink: Ink,
    },
    Line {
        path: Arc<[Pos2]>,
        width: f32,
        ink: Ink,
        head: bool,
        dashed: bool,
    },
    /// A closed outline of straight sides, of any form.
    Polygon {
        points: Arc<[Pos2]>,
        fill: Fill,
        stroke: Stroke,
    },
    /// Strokes in `ink`; filled parts in `fill`, or in `ink` too.
    Icon {
        kind: Icon,
        center: Pos2,
        size: f32,
        ink: Ink,
        fill: Option<Ink>,
    },
    Chart(Chart),
    Image {
        rect: Rect,
        path: Arc<str>,
    },
    /// The laser: a bright disc with a halo at the end of the path, and where it was just now, fading.
    Laser {
        /// Oldest first, each with how much of it is left: 0 is gone, 1 is here.
        trail: Arc<[(Pos2, f32)]>,
        radius: f32,
    },
}

/// One thing to draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub id: Id,
    pub role: Role,
    pub layer: Layer,
    /// 0 to 1; multiplies everything the shape draws.
    pub opacity: f32,
    pub shape: Shape,
}

/// The marks of one moment, in the order they are drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    pub marks: Vec<Mark>,
    /// A part of the stage that is seen larger; none: all of it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoom: Option<Zoom>,
}

/// A part of the stage that fills all of it. It is painted at its size, so it is as sharp as the whole.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Zoom {
    /// As wide to its height as the stage.
    pub view: Rect,
    /// So many marks are seen so, from the first; what lies over them is as large as ever.
    pub marks: usize,
    /// It is on its way: sizes of words go in steps.
    pub flies: bool,
}

impl Shape {
    /// An icon in one ink.
    pub fn icon(kind: Icon, center: Pos2, size: f32, ink: Ink) -> Self {
        Self::Icon { kind, center, size, ink, fill: None }
    }

    /// The kind's name in printed pictures.
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// The shape's main ink, where it has one.
    pub fn ink(&self) -> Option<Ink> {
        match self {
            Self::Text(text) => Some(text.ink),
            Self::Rect { stroke: Some(stroke), .. } | Self::Polygon { stroke, .. } => Some(stroke.ink),
            Self::Rect { fill: Fill::Slate, .. } => Some(Ink::Floor),
            Self::Rect { fill: Fill::Veil { .. }, .. } => Some(Ink::Ground),
            Self::Rect {
                fill:
                    Fill::Flat(ink, _)
                    | Fill::Tint(ink, _)
                    | Fill::Shade { ink, .. }
                    | Fill::Solid { ink, .. }
                    | Fill::Fade { ink, .. },
                ..
            }
            | Self::Hatch { ink, .. }
            | Self::Light { ink, .. }
            | Self::Halo { ink, .. }
            | Self::Dot { ink, .. }
            | Self::Lane { ink, .. }
            | Self::Line { ink, .. }
            | Self::Icon { ink, .. } => Some(*ink),
            Self::Chart(chart) => Some(chart.ink),
            Self::Gpu { .. } => Some(Ink::Compute),
            Self::Laser { .. } => Some(Ink::Hand),
            Self::Rect { .. } | Self::Image { .. } => None,
        }
    }
}

impl Mark {
    /// The mark's box in stage units; a text's is measured by `measure`, a path's is grown by half its width.
    pub fn bounds(&self, measure: impl Fn(&Text) -> Rect) -> Rect {
        match &self.shape {
            Shape::Text(text) => measure(text),
            Shape::Rect { rect, .. }
            | Shape::Hatch { rect, .. }
            | Shape::Light { rect, .. }
            | Shape::Halo { rect, .. }
            | Shape::Gpu { rect, .. }
            | Shape::Image { rect, .. } => *rect,
            Shape::Chart(chart) => chart.rect,
            Shape::Dot { center, radius, .. } => Rect::from_center_size(*center, Vec2::splat(radius * 2.0)),
            Shape::Lane { path, width, .. } | Shape::Line { path, width, .. } => {
                Rect::from_points(path).expand(width / 2.0)
            }
            Shape::Polygon { points, stroke, .. } => Rect::from_points(points).expand(stroke.width / 2.0),
            Shape::Icon { center, size, .. } => Rect::from_center_size(*center, vec2(*size, *size)),
            Shape::Laser { trail, radius } => {
                trail.last().map_or(Rect::NOTHING, |(at, _)| Rect::from_center_size(*at, Vec2::splat(radius * 2.0)))
            }
        }
    }

    /// The same mark, fainter.
    pub fn faded(mut self, opacity: f32) -> Self {
        self.opacity *= opacity;
        self
    }
}

impl Picture {
    pub fn push(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    /// The picture without what readings drew.
    pub fn without_measured(&self) -> Self {
        let marks = self.marks.iter().filter(|mark| mark.layer != Layer::Measured).cloned().collect();
        Self { marks, ..Self::default() }
    }
}
