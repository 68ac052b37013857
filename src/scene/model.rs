//! A scene as the app uses it: names resolved, words filled in, and the whole state of every step at hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::emath::{Pos2, Rect};
use serde::Deserialize;

use crate::figures::Figures;
use crate::picture::{Align, Face, Fill, Hatch, Icon, Ink, Side, Stroke, Thing};
use crate::scene::binding::{Binding, Scale};
use crate::scene::motion::{Motion, Way};
use crate::scene::template::Words;
use crate::scene::things::ThingElement;
use crate::signal::{Subject, Tier};

/// A checked scene.
#[derive(Clone, Debug)]
pub struct Scene {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub tags: Vec<String>,
    pub view: View,
    pub notes: Arc<str>,
    /// The file it was read from.
    pub file: Arc<str>,
    pub spots: Vec<Spot>,
    pub steps: Vec<Step>,
}

impl Scene {
    /// Whether it is a drill: a branch of the talk in which something fails, tagged so.
    pub(crate) fn is_drill(&self) -> bool {
        self.tags.iter().any(|tag| tag == "drill")
    }
}

/// How the world is seen.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    World { names: FloorNames, measured: bool, phases: bool },
    Monitor,
    Page { measured: bool },
}

/// Which words stand on the floors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum FloorNames {
    None,
    #[default]
    Short,
    Long,
}

impl View {
    /// Whether readings are drawn, and so a badge.
    pub fn is_measured(&self) -> bool {
        match self {
            Self::World { measured, .. } | Self::Page { measured } => *measured,
            Self::Monitor => true,
        }
    }
}

impl Scene {
    /// Whether a step of it draws readings, and so a badge: of a page that may, only where something is bound to a signal.
    pub fn measures(&self, step: &Step) -> bool {
        let is_bound = |placed: &Placed| placed.shown && placed.element.parts().binding.is_some();
        match self.view {
            View::Page { measured } => {
                measured && (step.elements.iter().any(is_bound) || !step.motion.flows.is_empty())
            }
            View::World { .. } | View::Monitor => self.view.is_measured(),
        }
    }
}

/// Where the camera stands, in world units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    pub corner: Pos2,
    pub width: f32,
}

impl Camera {
    /// The stage shows the world as it is.
    pub(crate) const WHOLE: Self = Self { corner: Pos2::ZERO, width: 1920.0 };

    /// Stage units per world unit.
    pub fn scale(&self) -> f32 {
        1920.0 / self.width
    }

    pub(crate) fn stage_from_world(&self, at: Pos2) -> Pos2 {
        Pos2::ZERO + (at - self.corner) * self.scale()
    }

    pub(crate) fn stage_rect(&self, rect: Rect) -> Rect {
        Rect::from_min_max(self.stage_from_world(rect.min), self.stage_from_world(rect.max))
    }
}

/// One step: its words, and everything as it is once the step has settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub heading: Words,
    pub caption: Words,
    pub notes: Arc<str>,
    pub budget_secs: u32,
    pub sources: Vec<String>,
    pub phase: Option<Arc<str>>,
    pub floors: Vec<Tier>,
    pub hero: Option<Arc<str>>,
    pub camera: Camera,
    /// The scene's elements in drawing order, as this step leaves them.
    pub elements: Vec<Placed>,
    /// Emphasis of things of the world, by id (`T2`, `hall`, a phase).
    pub emphasis: BTreeMap<Arc<str>, Emphasis>,
    pub motion: Motion,
}

/// How much a thing is pointed out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emphasis {
    #[default]
    Plain,
    Highlight,
    Dim,
}

/// An element as a step leaves it.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub id: Arc<str>,
    /// Whose its marks are.
    pub thing: Thing,
    pub shown: bool,
    /// Shown for a part of the step only: from its coming to its going.
    pub passes: bool,
    pub emphasis: Emphasis,
    pub element: Element,
}

/// What an element is.
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    Text(TextElement),
    Number(NumberElement),
    Reading(ReadingElement),
    Box(BoxElement),
    Node(NodeElement),
    Chip { rect: Rect, on: Subject },
    Dot { at: Pos2, radius: f32, ink: Ink },
    Axis { at: Pos2, width: f32, scale: Scale },
    Pin(PinElement),
    Bar { rect: Rect, gauge: Gauge, ink: Ink },
    Grid(Grid),
    Customer(CustomerElement),
    Line { path: Arc<[Pos2]>, stroke: Stroke, head: bool },
    Polygon { points: Arc<[Pos2]>, stroke: Stroke, fill: Fill },
    Image { rect: Rect, path: Arc<str>, alt: Arc<str> },
    Chart(ChartElement),
    Table(TableElement),
    Meter(MeterElement),
    Thing(ThingElement),
    Icon { at: Pos2, icon: Icon, size: f32, ink: Ink, fill: Option<Ink> },
}

/// A box of a page: its halo, fill, edge and plate.
#[derive(Clone, Debug, PartialEq)]
pub struct BoxElement {
    pub rect: Rect,
    /// Clockwise from the upper left corner.
    pub radii: [f32; 4],
    pub stroke: Stroke,
    /// The sides that have their edge: left, top, right, bottom.
    pub edged: [bool; 4],
    pub fill: Fill,
    pub hatch: Option<Hatch>,
    pub glow: bool,
}

/// The customer's logo, or the name where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerElement {
    pub rect: Rect,
    pub name: Arc<str>,
    pub logo: Option<Arc<str>>,
}

/// A curve of the last minutes, or words in its place where nothing measures it.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartElement {
    pub rect: Rect,
    pub binding: Binding,
    pub ink: Ink,
    pub absent: Arc<str>,
    /// Over the curve stands what its bursts were, where that is known.
    pub named: bool,
    /// The values at its left and the times below.
    pub axis: bool,
    /// Full ink below a wide curve with a glow.
    pub strong: bool,
    /// Seconds before now, with the words that stand below the curve there; where there are none, those of the axis.
    pub times: Vec<(f64, Words)>,
}

/// Rows of words; the first is the heading.
#[derive(Clone, Debug, PartialEq)]
pub struct TableElement {
    pub at: Pos2,
    /// The width of each.
    pub columns: Vec<f32>,
    pub rows: Vec<Vec<Words>>,
    pub row_height: f32,
    pub size: f32,
}

/// A bar filled from below by a reading.
#[derive(Clone, Debug, PartialEq)]
pub struct MeterElement {
    pub rect: Rect,
    pub binding: Binding,
    pub ink: Ink,
}

/// Said words.
#[derive(Clone, Debug, PartialEq)]
pub struct TextElement {
    pub at: Pos2,
    pub words: Words,
    pub role: TextRole,
    pub align: Align,
    pub size: f32,
    pub face: Face,
    pub ink: Ink,
    /// Stage units to wrap at.
    pub width: Option<f32>,
}

/// What a text is for; its size follows unless given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum TextRole {
    Title,
    Heading,
    #[default]
    Body,
    Label,
    Secondary,
    Note,
}

/// A told number.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberElement {
    pub at: Pos2,
    /// Id of its figure.
    pub figure: Arc<str>,
    /// A word before the digits: "over".
    pub prefix: Option<Words>,
    pub role: NumberRole,
    pub align: Align,
    pub size: f32,
}

/// A measured number.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingElement {
    pub at: Pos2,
    pub binding: Binding,
    pub role: NumberRole,
    pub align: Align,
    pub size: f32,
}

/// A box with words in it.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeElement {
    pub rect: Rect,
    pub words: Words,
    pub note: Option<Words>,
    pub icon: Option<Icon>,
    pub stroke: Stroke,
    pub fill: Fill,
    pub size: f32,
}

/// A figure on a declared scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// Id of the figure.
    pub figure: Arc<str>,
    pub scale: Scale,
    /// How many of the scale's unit one of the figure's is.
    pub unit_ratio: f64,
}

impl Gauge {
    /// Where the figure lies on the scale now, from 0 to 1. One beyond an end, which only an override can be, lies there.
    pub fn share(&self, figures: &Figures) -> f32 {
        let value = figures.shown(&self.figure).map_or(0.0, |shown| shown.value.from);
        self.scale.exact_share(value * self.unit_ratio)
    }
}

/// A figure at its place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct PinElement {
    /// Left end of its axis, and the axis' width.
    pub at: Pos2,
    pub width: f32,
    pub rise: f32,
    pub words: Words,
    pub gauge: Gauge,
    pub ink: Ink,
    pub align: Align,
}

/// Rows and columns of cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    pub rect: Rect,
    pub head: f32,
    pub columns: Vec<GridColumn>,
    pub rows: Vec<GridRow>,
    pub look: GridLook,
    pub size: f32,
}

/// How a grid is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum GridLook {
    /// Each cell a box of its own.
    #[default]
    Cells,
    /// Each column a card with its floor's hatch on top; the rows are ruled. Columns and rows can be left out on stage.
    Columns,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GridColumn {
    pub words: Words,
    pub on: Option<Subject>,
    /// The elements that go its way when columns are folded away.
    pub with: Vec<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GridRow {
    pub words: Words,
    pub strong: bool,
    pub cells: Vec<GridCell>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GridCell {
    pub words: Words,
    pub ink: Option<Ink>,
    pub level: f32,
    pub card: Option<Arc<Card>>,
}

/// What is told of a thing when it is opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub title: Words,
    pub rows: Vec<(Words, Words)>,
    pub source: Option<String>,
}

/// Something of a scene that can be focused.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub thing: Thing,
    /// What stays lit with it, both ways.
    pub links: Vec<Thing>,
    pub card: Option<Arc<Card>>,
    pub copies: Option<Arc<str>>,
}

/// A word of the deck, and what it means here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub term: String,
    /// One or two short sentences.
    pub says: String,
    /// Other terms.
    pub related: Vec<String>,
    /// Id of a source.
    pub source: Option<String>,
    /// Other words for it, as they are asked for.
    pub also: Vec<String>,
}

impl Term {
    /// The id of its row in the glossary.
    pub(crate) fn row_id(&self) -> String {
        let plain = self.term.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        format!("term-{}", plain.collect::<String>())
    }
}

/// What a number is for; its size follows unless given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum NumberRole {
    #[default]
    Hero,
    Monitor,
    Body,
}

/// What others ask of an element: a new one says here what it has.
#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    /// The texts it says.
    pub words: Vec<&'a Words>,
    /// The ink of its words, where the author chose it.
    pub ink: Option<Ink>,
    /// The figure that is drawn as such, beside those named in words.
    pub figure: Option<&'a str>,
    /// Of what is measured.
    pub binding: Option<&'a Binding>,
    /// What is measured is shown as a number.
    pub is_numeral: bool,
    /// The path of an image.
    pub image: Option<&'a Arc<str>>,
    /// What its cells tell when they are opened.
    pub cards: Vec<&'a Card>,
}

impl Element {
    pub(crate) fn parts(&self) -> Parts<'_> {
        let plain = Parts::default();
        match self {
            Self::Box(_)
            | Self::Chip { .. }
            | Self::Dot { .. }
            | Self::Axis { .. }
            | Self::Line { .. }
            | Self::Polygon { .. }
            | Self::Icon { .. } => plain,
            Self::Thing(thing) => Parts { figure: thing.figure(), ..plain },
            Self::Text(text) => Parts { words: vec![&text.words], ink: Some(text.ink), ..plain },
            Self::Node(node) => Parts { words: [&node.words].into_iter().chain(&node.note).collect(), ..plain },
            Self::Table(table) => Parts { words: table.rows.iter().flatten().collect(), ..plain },
            Self::Grid(grid) => Parts { words: grid.cell_words(), cards: grid.cards(), ..plain },
            Self::Number(number) => {
                Parts { words: number.prefix.iter().collect(), figure: Some(&number.figure), ..plain }
            }
            Self::Pin(pin) => Parts { words: vec![&pin.words], figure: Some(&pin.gauge.figure), ..plain },
            Self::Bar { gauge, .. } => Parts { figure: Some(&gauge.figure), ..plain },
            Self::Reading(reading) => Parts { binding: Some(&reading.binding), is_numeral: true, ..plain },
            Self::Chart(ChartElement { binding, .. }) | Self::Meter(MeterElement { binding, .. }) => {
                Parts { binding: Some(binding), ..plain }
            }
            Self::Image { path, .. } => Parts { image: Some(path), ..plain },
            Self::Customer(customer) => Parts { image: customer.logo.as_ref(), ..plain },
        }
    }

    /// How an element comes, unless its author says otherwise: what has an axis or a path is drawn along it.
    pub(crate) fn usual_way(&self) -> Way {
        match self {
            Self::Bar { .. } => Way::Grow(Side::Left),
            Self::Line { .. }
            | Self::Chart(_)
            | Self::Axis { .. }
            | Self::Pin(_)
            | Self::Thing(ThingElement::Hatching(_)) => Way::Draw,
            Self::Text(_)
            | Self::Number(_)
            | Self::Reading(_)
            | Self::Box(_)
            | Self::Node(_)
            | Self::Chip { .. }
            | Self::Dot { .. }
            | Self::Polygon { .. }
            | Self::Grid(_)
            | Self::Customer(_)
            | Self::Image { .. }
            | Self::Table(_)
            | Self::Meter(_)
            | Self::Icon { .. }
            | Self::Thing(_) => Way::Fade,
        }
    }

    /// Puts the element elsewhere: its left top, its baseline, or its first point.
    pub(crate) fn move_to(&mut self, to: Pos2) {
        match self {
            Self::Text(TextElement { at, .. })
            | Self::Number(NumberElement { at, .. })
            | Self::Reading(ReadingElement { at, .. })
            | Self::Table(TableElement { at, .. })
            | Self::Dot { at, .. }
            | Self::Axis { at, .. }
            | Self::Pin(PinElement { at, .. })
            | Self::Icon { at, .. } => *at = to,
            Self::Box(BoxElement { rect, .. })
            | Self::Node(NodeElement { rect, .. })
            | Self::Chip { rect, .. }
            | Self::Bar { rect, .. }
            | Self::Grid(Grid { rect, .. })
            | Self::Customer(CustomerElement { rect, .. })
            | Self::Image { rect, .. }
            | Self::Chart(ChartElement { rect, .. })
            | Self::Meter(MeterElement { rect, .. }) => *rect = Rect::from_min_size(to, rect.size()),
            Self::Thing(thing) => thing.move_to(to),
            Self::Line { path, .. } | Self::Polygon { points: path, .. } => {
                let by = path.first().map(|first| to - *first).unwrap_or_default();
                *path = path.iter().map(|point| *point + by).collect();
            }
        }
    }
}

impl Grid {
    fn cell_words(&self) -> Vec<&Words> {
        let cells = self.rows.iter().flat_map(|row| row.cells.iter().map(|cell| &cell.words).chain([&row.words]));
        cells.chain(self.columns.iter().map(|column| &column.words)).collect()
    }

    fn cards(&self) -> Vec<&Card> {
        self.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.card.as_deref()).collect()
    }
}

impl Step {
    /// The texts said: heading, caption and shown words.
    pub fn spoken(&self) -> impl Iterator<Item = &Words> {
        let shown = self.elements.iter().filter(|placed| placed.shown);
        shown.flat_map(|placed| placed.element.parts().words).chain([&self.heading, &self.caption])
    }

    /// The figures shown, in words or drawn, some more than once.
    pub(crate) fn figure_ids(&self) -> impl Iterator<Item = &str> {
        let shown = self.elements.iter().filter(|placed| placed.shown);
        let drawn = shown.filter_map(|placed| placed.element.parts().figure);
        drawn.chain(self.spoken().flat_map(Words::figure_ids))
    }
}

impl Scene {
    /// What its spots and the cells of its grids tell when they are opened.
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        let elements = self.steps.first().into_iter().flat_map(|step| &step.elements);
        let cells = elements.flat_map(|placed| placed.element.parts().cards);
        self.spots.iter().filter_map(|spot| spot.card.as_deref()).chain(cells)
    }
}
