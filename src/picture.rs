//! A picture: the flat list of marks that stands between the talk and the painter.
//!
//! Everything is in stage units, 1920 × 1080 with y downward, and in inks instead of colours. What the audience can see
//! is in here, so the window, an export, a thumbnail, a hash and a check all see the same thing.

mod fill;
mod id;
mod ink;

use std::fmt::Write as _;
use std::str::FromStr;
use std::sync::Arc;

use egui::emath::{Pos2, Rect, Vec2, lerp, pos2, vec2};
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
            Self::Rect {
                fill: Fill::Flat(ink, _) | Fill::Tint(ink, _) | Fill::Shade { ink, .. } | Fill::Fade { ink, .. },
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

    /// The shape on its way to `to`: `p` from 0 (here) to 1 (there). Other kinds, and other words, do not meet.
    pub(crate) fn toward(&self, to: &Self, p: f32) -> Option<Self> {
        let point = |a: Pos2, b: &mut Pos2| *b = a.lerp(*b, p);
        let number = |a: f32, b: &mut f32| *b = lerp(a..=*b, p);
        let rect_of = |a: &Rect, b: &mut Rect| {
            point(a.min, &mut b.min);
            point(a.max, &mut b.max);
        };
        let path_of =
            |a: &[Pos2], b: &mut Arc<[Pos2]>| *b = a.iter().zip(b.iter()).map(|(a, b)| a.lerp(*b, p)).collect();
        let mut shape = to.clone();
        match (self, &mut shape) {
            (Self::Text(a), Self::Text(b)) if a.words == b.words && a.face == b.face && a.align == b.align => {
                point(a.at, &mut b.at);
                number(a.size, &mut b.size);
                b.ink = if p < 0.5 { a.ink } else { b.ink };
            }
            (Self::Rect { rect: a, radii: r, fill: f, stroke: s }, Self::Rect { rect, radii, fill, stroke }) => {
                rect_of(a, rect);
                *fill = if p < 0.5 { *f } else { *fill };
                r.iter().zip(radii).for_each(|(a, b)| number(*a, b));
                s.iter().zip(stroke).for_each(|(a, b)| number(a.width, &mut b.width));
            }
            (Self::Hatch { rect: a, .. }, Self::Hatch { rect, .. })
            | (Self::Chart(Chart { rect: a, .. }), Self::Chart(Chart { rect, .. })) => rect_of(a, rect),
            (Self::Light { rect: a, radii: r, level: l, .. }, Self::Light { rect, radii, level, .. }) => {
                rect_of(a, rect);
                *radii = *r;
                number(*l, level);
            }
            (Self::Halo { rect: a, level: x, .. }, Self::Halo { rect, level: y, .. })
            | (Self::Gpu { rect: a, busy: x }, Self::Gpu { rect, busy: y }) => {
                rect_of(a, rect);
                number(*x, y);
            }
            (Self::Dot { center: a, radius: r, filled: f, .. }, Self::Dot { center, radius, filled, .. })
                if f == filled =>
            {
                point(*a, center);
                number(*r, radius);
            }
            (Self::Line { path: a, width: w, .. }, Self::Line { path, width, .. }) if a.len() == path.len() => {
                path_of(a, path);
                number(*w, width);
            }
            (Self::Polygon { points: a, stroke: s, .. }, Self::Polygon { points, stroke, .. })
                if a.len() == points.len() =>
            {
                path_of(a, points);
                number(s.width, &mut stroke.width);
            }
            (Self::Lane { path: a, .. }, Self::Lane { path, .. }) if a.len() == path.len() => path_of(a, path),
            (Self::Icon { kind: k, center: a, size: s, .. }, Self::Icon { kind, center, size, .. }) if k == kind => {
                point(*a, center);
                number(*s, size);
            }
            (Self::Image { rect: a, path: x }, Self::Image { rect, path }) if x == path => rect_of(a, rect),
            // Another kind: a shape that is added here chooses how it moves.
            (
                Self::Text(_)
                | Self::Rect { .. }
                | Self::Hatch { .. }
                | Self::Light { .. }
                | Self::Halo { .. }
                | Self::Gpu { .. }
                | Self::Dot { .. }
                | Self::Lane { .. }
                | Self::Line { .. }
                | Self::Polygon { .. }
                | Self::Icon { .. }
                | Self::Chart(_)
                | Self::Image { .. }
                | Self::Laser { .. },
                _,
            ) => return None,
        }
        Some(shape)
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

    /// The picture as a list of lines, exact and readable in a diff: kind, role, id, box, and what is particular.
    pub fn print(&self, measure: impl Fn(&Text) -> Rect) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        if let Some(Zoom { view, marks, .. }) = self.zoom {
            let [min, max] = [view.min, view.max];
            writeln!(out, "zoom [{:.1} {:.1} {:.1} {:.1}] of {marks}", min.x, min.y, max.x, max.y).unwrap_or_default();
        }
        for mark in &self.marks {
            writeln!(out, "{}", line_of(mark, mark.bounds(&measure))).unwrap_or_default();
        }
        out
    }

    /// The picture without what readings drew.
    pub fn without_measured(&self) -> Self {
        let marks = self.marks.iter().filter(|mark| mark.layer != Layer::Measured).cloned().collect();
        Self { marks, ..Self::default() }
    }
}

fn line_of(mark: &Mark, bounds: Rect) -> String {
    let mut line = format!(
        "{} {} {} {} [{:.1} {:.1} {:.1} {:.1}]",
        mark.layer.name(),
        mark.shape.kind(),
        mark.role.name(),
        mark.id,
        bounds.min.x,
        bounds.min.y,
        bounds.max.x,
        bounds.max.y
    );
    if mark.opacity < 0.9995 {
        write!(line, " opacity {:.3}", mark.opacity).unwrap_or_default();
    }
    if let Some(ink) = mark.shape.ink() {
        write!(line, " {}", ink.name()).unwrap_or_default();
    }
    line.push_str(&particulars(&mark.shape));
    line
}

fn particulars(shape: &Shape) -> String {
    match shape {
        Shape::Text(text) => format!(" {:?} size {:.1} {:?}", text.face, text.size, text.words),
        Shape::Rect { radii, fill, stroke, .. } => {
            let width = stroke.map_or(0.0, |stroke| stroke.width);
            let dashed = if stroke.is_some_and(|stroke| stroke.dashed) { " dashed" } else { "" };
            let [a, b, c, d] = *radii;
            let radii =
                if a == b && c == d { format!("{a:.0} {c:.0}") } else { format!("{a:.0} {b:.0} {c:.0} {d:.0}") };
            format!(" radii {radii} fill {fill:?} stroke {width:.1}{dashed}")
        }
        Shape::Hatch { kind, .. } => format!(" {kind:?}"),
        Shape::Light { level, .. } | Shape::Halo { level, .. } => format!(" level {level:.3}"),
        Shape::Gpu { busy, .. } => format!(" busy {busy:.3}"),
        Shape::Dot { radius, filled, .. } => {
            format!(" radius {radius:.1}{}", if *filled { " filled" } else { " hollow" })
        }
        Shape::Lane { path, width, .. } => format!(" width {width:.1}{}", points(path)),
        Shape::Line { path, width, head, dashed, .. } => {
            let head = if *head { " arrow" } else { "" };
            let dashed = if *dashed { " dashed" } else { "" };
            format!(" width {width:.1}{head}{dashed}{}", points(path))
        }
        Shape::Polygon { points: corners, fill, stroke } => {
            let dashed = if stroke.dashed { " dashed" } else { "" };
            format!(" fill {fill:?} stroke {:.1}{dashed}{}", stroke.width, points(corners))
        }
        Shape::Icon { kind, fill, .. } => {
            format!(" {kind:?}{}", fill.map(|ink| format!(" fill {}", ink.name())).unwrap_or_default())
        }
        Shape::Chart(chart) => {
            let known = chart.columns.iter().flatten().count();
            let peak = chart.columns.iter().flatten().fold(0.0_f64, |peak, (_, most)| peak.max(*most));
            let down = if chart.down { " down" } else { "" };
            let strong = if chart.strong { " strong" } else { "" };
            format!(
                " top {:.4e} columns {} known {known} peak {peak:.3e}{down}{strong}",
                chart.top,
                chart.columns.len()
            )
        }
        Shape::Image { path, .. } => format!(" {path:?}"),
        Shape::Laser { trail, radius } => {
            let path: Vec<Pos2> = trail.iter().map(|(at, _)| *at).collect();
            format!(" radius {radius:.1}{}", points(&path))
        }
    }
}

fn points(path: &[Pos2]) -> String {
    path.iter().fold(String::new(), |mut out, at| {
        write!(out, " {:.0},{:.0}", at.x, at.y).unwrap_or_default();
        out
    })
}
