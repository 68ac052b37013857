//! A scene as it is written: the RON of `scenes/`, word for word, and nothing else.
//!
//! Unknown fields are errors. What the app uses is in [`crate::scene::model`]; either can change without the other.

use serde::Deserialize;

use crate::picture::{Align, Face, Hatch, Icon, Ink};
use crate::signal::Tier;

/// A box in stage units: left, top, right, bottom.
pub type BoxFile = (f32, f32, f32, f32);

/// One scene file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Scene")]
pub struct SceneFile {
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
    /// Steps made from data, after those written here.
    #[serde(default)]
    pub pages: Option<PagesFile>,
    pub steps: Vec<StepFile>,
}

/// Data that a scene turns pages of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum PagesFile {
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
pub enum ViewFile {
    /// The section through the building.
    World {
        #[serde(default)]
        names: NamesFile,
        /// Light, numbers and badge of the shown source.
        #[serde(default)]
        measured: bool,
        #[serde(default)]
        camera: Option<CameraFile>,
        /// The ten phase names under the floors.
        #[serde(default = "yes")]
        phases: bool,
    },
    /// The four floors as full-width lanes with their numbers.
    Monitor,
    /// A page of its own; a small map says where we are.
    Page {
        #[serde(default)]
        measured: bool,
    },
}

/// Which words stand on the floors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum NamesFile {
    None,
    #[default]
    Short,
    Long,
}

/// Where the camera stands: the stage shows the world from (`x`, `y`), `width` world units wide.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CameraFile {
    pub x: f32,
    pub y: f32,
    pub width: f32,
}

/// One step: what is said, and only what changes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Step")]
pub struct StepFile {
    /// New words for the heading; it stays until a step changes it.
    #[serde(default)]
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
    #[serde(default)]
    pub phase: Option<String>,
    /// The floors named: their edges grow.
    #[serde(default)]
    pub floors: Vec<Tier>,
    /// The element the eye should find first.
    #[serde(default)]
    pub hero: Option<String>,
    #[serde(default)]
    pub camera: Option<CameraFile>,
    #[serde(default)]
    pub changes: Vec<ChangeFile>,
}

/// What a step changes. `after` is in seconds from the step's start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum ChangeFile {
    Reveal {
        ids: Vec<String>,
        #[serde(default)]
        after: f32,
    },
    Hide {
        ids: Vec<String>,
        #[serde(default)]
        after: f32,
    },
    Highlight {
        ids: Vec<String>,
    },
    Dim {
        ids: Vec<String>,
    },
    /// Neither highlighted nor dimmed any more.
    Plain {
        ids: Vec<String>,
    },
    Move {
        id: String,
        to: (f32, f32),
        #[serde(default)]
        after: f32,
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
    },
    Number {
        id: String,
        quantity: String,
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
        #[serde(default = "cycle")]
        secs: f32,
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
        secs: f32,
    },
    /// Names its parts one after the other, each for its share of `secs`, once.
    Loop {
        ids: Vec<String>,
        secs: f32,
    },
    /// A moment within the step: from then on this phase is told.
    Cue {
        after: f32,
        phase: String,
    },
}

/// A property driven by readings: the closed list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum BindFile {
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
        #[serde(default)]
        scale: Option<String>,
        window_secs: f64,
    },
}

/// Something a scene draws besides the world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum ElementFile {
    Text {
        id: String,
        at: (f32, f32),
        words: String,
        #[serde(default)]
        role: TextRoleFile,
        #[serde(default)]
        align: Align,
        #[serde(default)]
        size: Option<f32>,
        #[serde(default)]
        face: Option<Face>,
        #[serde(default)]
        ink: Option<Ink>,
        /// Wraps at this width.
        #[serde(default)]
        width: Option<f32>,
    },
    /// A told number: a quantity of `sources.ron`.
    Number {
        id: String,
        at: (f32, f32),
        quantity: String,
        #[serde(default)]
        role: NumberRoleFile,
        #[serde(default)]
        align: Align,
        #[serde(default)]
        size: Option<f32>,
    },
    /// A measured number. Its numerals change at most once a second.
    Reading {
        id: String,
        at: (f32, f32),
        bind: BindFile,
        #[serde(default)]
        role: NumberRoleFile,
        #[serde(default)]
        align: Align,
        #[serde(default)]
        size: Option<f32>,
    },
    Box {
        id: String,
        #[serde(rename = "box")]
        bounds: BoxFile,
        #[serde(default = "corner")]
        radius: f32,
        #[serde(default)]
        ink: Option<Ink>,
        #[serde(default)]
        fill: FillFile,
        #[serde(default)]
        hatch: Option<Hatch>,
        #[serde(default)]
        dashed: bool,
        /// A halo in its ink: the one thing a page is about.
        #[serde(default)]
        glow: bool,
    },
    /// A box with words in it: a thing among others on a page.
    Node(NodeFile),
    /// The mark of a floor, or of the GPU hall: its hatch in a small box.
    Chip(ChipFile),
    /// A filled dot.
    Dot(DotFile),
    /// A declared scale drawn as a line with its decades or quarters.
    Axis(AxisFile),
    /// A quantity on an axis: a dot at its place, a stem up from it, and words at the top.
    Pin(PinFile),
    /// A bar as long as a quantity is on a declared scale; the box is the whole scale.
    Bar(BarFile),
    /// Rows and columns of cells.
    Grid(GridFile),
    /// The customer's logo, or the name where there is none; nothing without a customer.
    Customer(CustomerPlaceFile),
    Line {
        id: String,
        path: Vec<(f32, f32)>,
        #[serde(default)]
        ink: Option<Ink>,
        #[serde(default = "stroke")]
        width: f32,
        /// An arrow head at the end.
        #[serde(default)]
        head: bool,
        #[serde(default)]
        dashed: bool,
    },
    Image {
        id: String,
        #[serde(rename = "box")]
        bounds: BoxFile,
        /// Within the folder of the scenes, or built in.
        path: String,
        /// What it shows, for who cannot see it.
        alt: String,
    },
    Chart {
        id: String,
        #[serde(rename = "box")]
        bounds: BoxFile,
        bind: BindFile,
        ink: Ink,
        /// Said in place of the curve when nothing measures it.
        #[serde(default)]
        absent: Option<String>,
    },
    Table {
        id: String,
        at: (f32, f32),
        /// Width of each column.
        columns: Vec<f32>,
        rows: Vec<Vec<String>>,
        #[serde(default = "row")]
        row_height: f32,
        #[serde(default)]
        size: Option<f32>,
    },
    /// A bar filled by a reading.
    Meter {
        id: String,
        #[serde(rename = "box")]
        bounds: BoxFile,
        bind: BindFile,
        ink: Ink,
    },
    Icon {
        id: String,
        at: (f32, f32),
        icon: Icon,
        #[serde(default)]
        size: Option<f32>,
        /// Of its strokes: `Text` unless given.
        #[serde(default)]
        ink: Option<Ink>,
        /// Of its filled parts: the strokes' unless given.
        #[serde(default)]
        fill: Option<Ink>,
    },
}

/// A box with words in it: a thing among others on a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Node")]
pub struct NodeFile {
    pub id: String,
    #[serde(rename = "box")]
    pub bounds: BoxFile,
    pub words: String,
    /// A lesser line under the words.
    #[serde(default)]
    pub note: Option<String>,
    /// Left of the words.
    #[serde(default)]
    pub icon: Option<Icon>,
    #[serde(default)]
    pub ink: Option<Ink>,
    #[serde(default)]
    pub fill: FillFile,
    #[serde(default)]
    pub dashed: bool,
    #[serde(default)]
    pub size: Option<f32>,
}

/// The mark of a floor, or of the GPU hall: its hatch in a small box.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Chip")]
pub struct ChipFile {
    pub id: String,
    pub at: (f32, f32),
    pub on: PlaceFile,
    #[serde(default = "chip")]
    pub size: f32,
}

/// A filled dot.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Dot")]
pub struct DotFile {
    pub id: String,
    pub at: (f32, f32),
    #[serde(default = "dot")]
    pub radius: f32,
    pub ink: Ink,
}

/// A declared scale drawn as a line with its decades or quarters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Axis")]
pub struct AxisFile {
    pub id: String,
    pub at: (f32, f32),
    pub width: f32,
    pub scale: String,
}

/// A quantity on an axis: a dot at its place, a stem up from it, and words at the top.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Pin")]
pub struct PinFile {
    pub id: String,
    pub axis: String,
    pub quantity: String,
    pub words: String,
    /// How far the stem rises; negative: it hangs below.
    pub rise: f32,
    pub ink: Ink,
    #[serde(default = "center")]
    pub align: Align,
}

/// A bar as long as a quantity is on a declared scale; the box is the whole scale.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Bar")]
pub struct BarFile {
    pub id: String,
    #[serde(rename = "box")]
    pub bounds: BoxFile,
    pub quantity: String,
    pub scale: String,
    pub ink: Ink,
}

/// Rows and columns of cells.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Grid")]
pub struct GridFile {
    pub id: String,
    #[serde(rename = "box")]
    pub bounds: BoxFile,
    /// Width of the rows' names.
    pub head: f32,
    pub columns: Vec<ColumnFile>,
    pub rows: Vec<RowFile>,
    #[serde(default)]
    pub look: GridLookFile,
    #[serde(default)]
    pub size: Option<f32>,
}

/// The customer's logo, or the name where there is none; nothing without a customer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Customer")]
pub struct CustomerPlaceFile {
    pub id: String,
    #[serde(rename = "box")]
    pub bounds: BoxFile,
}

/// What a text is for; its size follows unless given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum TextRoleFile {
    Title,
    Heading,
    #[default]
    Body,
    Label,
    Secondary,
    Note,
}

/// What a number is for; its size follows unless given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum NumberRoleFile {
    #[default]
    Hero,
    Monitor,
    Body,
}

/// What fills a box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub enum FillFile {
    None,
    #[default]
    Slate,
    /// The box's ink: 1 is the strongest that words may stand on. Only on pages: in the world a fill is a reading.
    Tint(f32),
}

/// A floor, or the GPU hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum PlaceFile {
    T0,
    T1,
    T2,
    T3,
    Hall,
}

/// How a grid is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum GridLookFile {
    /// Each cell a box of its own.
    #[default]
    Cells,
    /// Each column a card with its floor's hatch on top; the rows are ruled. Columns and rows can be left out on stage.
    Columns,
}

/// A column of a grid.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnFile {
    pub words: String,
    #[serde(default)]
    pub on: Option<PlaceFile>,
}

/// A row of a grid, with a cell for each column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowFile {
    pub words: String,
    #[serde(default)]
    pub strong: bool,
    pub cells: Vec<CellFile>,
}

/// A cell of a grid.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellFile {
    pub words: String,
    /// Its edge, and its tint by `level`.
    #[serde(default)]
    pub ink: Option<Ink>,
    #[serde(default)]
    pub level: f32,
    /// Opened by Enter or a click.
    #[serde(default)]
    pub card: Option<CardFile>,
}

/// What is told of a thing when it is opened.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardFile {
    pub title: String,
    /// Name and words of each row.
    pub rows: Vec<(String, String)>,
    /// Id of a source.
    #[serde(default)]
    pub source: Option<String>,
}

/// Something of a scene that can be focused: what it belongs with, what it tells, what it copies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpotFile {
    /// An element of the scene, or a floor or the hall.
    pub id: String,
    /// What stays lit with it, both ways: elements, floors, the hall.
    #[serde(default)]
    pub links: Vec<String>,
    #[serde(default)]
    pub card: Option<CardFile>,
    /// What Ctrl+C takes while it has the focus; without it, the step's address.
    #[serde(default)]
    pub copies: Option<String>,
}

fn yes() -> bool {
    true
}

fn cycle() -> f32 {
    4.0
}

fn corner() -> f32 {
    16.0
}

fn stroke() -> f32 {
    4.0
}

fn chip() -> f32 {
    48.0
}

fn center() -> Align {
    Align::Center
}

fn row() -> f32 {
    72.0
}

/// `world.ron`: the one world all scenes are views of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "World")]
pub struct WorldFile {
    pub hall: HallFile,
    pub floors: Vec<FloorFile>,
    pub phases: Vec<PhaseFile>,
    pub routes: Vec<RouteFile>,
    pub components: Vec<ComponentFile>,
    pub scales: Vec<ScaleFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HallFile {
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
pub struct GpusFile {
    pub count: u32,
    pub first_x: f32,
    pub every: f32,
    pub top: f32,
    pub size: (f32, f32),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorFile {
    pub tier: Tier,
    #[serde(rename = "box")]
    pub bounds: BoxFile,
    /// One word: "Raw".
    pub name: String,
    /// What it is, in a few words.
    pub words: String,
    pub light: BindFile,
    pub number: BindFile,
    /// Said on the floor when nothing measures it.
    pub absent: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseFile {
    pub id: String,
    /// The floors it works on.
    pub floors: Vec<Tier>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteFile {
    pub id: String,
    pub ink: Ink,
    pub lanes: LanesFile,
    /// Radius of a filled dot: the size class of its objects.
    #[serde(default = "dot")]
    pub dot: f32,
    /// Distance between dots.
    #[serde(default = "every")]
    pub every: f32,
}

fn dot() -> f32 {
    10.0
}

fn every() -> f32 {
    36.0
}

/// The lanes of a route, in the direction of the data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum LanesFile {
    /// One vertical lane through each GPU.
    Shafts { from: f32, to: f32 },
    /// Horizontal lanes at these heights.
    Rows { ys: Vec<f32>, from: f32, to: f32 },
    /// One lane with rounded corners.
    Path { points: Vec<(f32, f32)>, corner: f32 },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComponentFile {
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
pub struct ScaleFile {
    pub id: String,
    pub unit: String,
    pub from: f64,
    pub to: f64,
    #[serde(default)]
    pub log: bool,
}

/// `sources.ron`: every number and claim, with where it comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Sources")]
pub struct SourcesFile {
    /// Words with a digit in them that are names, not numbers.
    pub names: Vec<String>,
    pub sources: Vec<SourceFile>,
    pub quantities: Vec<QuantityFile>,
}

/// A claim that was checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    pub id: String,
    /// The claim, with its condition, in our words.
    pub says: String,
    /// Publisher, title, date.
    pub origin: String,
    #[serde(default)]
    pub date: Option<String>,
    #[serde(default)]
    pub url: Option<String>,
}

/// A number: value, unit, condition, source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantityFile {
    pub id: String,
    pub value: f64,
    /// The upper end, where it is a range.
    #[serde(default)]
    pub to: Option<f64>,
    /// A word before it: "about", "up to".
    #[serde(default)]
    pub prefix: Option<String>,
    #[serde(default)]
    pub unit: String,
    /// Under which it holds.
    pub condition: String,
    /// Id of a source.
    pub source: String,
    pub kind: KindFile,
    /// As its source printed it, where that differs.
    #[serde(default)]
    pub published: Option<String>,
}

/// How a number came to be known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum KindFile {
    Measured,
    Published,
    Derived {
        formula: String,
        /// Ids of the quantities that go into it.
        #[serde(default)]
        inputs: Vec<String>,
    },
    Assumption,
}

/// `glossary.ron`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "Glossary")]
pub struct GlossaryFile {
    pub terms: Vec<TermFile>,
}

/// A word, and what it means here.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermFile {
    pub term: String,
    pub group: GroupFile,
    /// One or two short sentences.
    pub says: String,
    /// Other terms.
    #[serde(default)]
    pub related: Vec<String>,
    /// Id of a source.
    #[serde(default)]
    pub source: Option<String>,
    /// Other words for it, old-world ones too, as they are asked for.
    #[serde(default)]
    pub also: Vec<String>,
}

/// Whose word a term is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum GroupFile {
    Ai,
    Storage,
    Minio,
    Ours,
}

/// `customer.ron`: who the talk is for, and what they measured.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "Customer")]
pub struct CustomerFile {
    pub name: String,
    /// A PNG or JPEG beside the file.
    #[serde(default)]
    pub logo: Option<String>,
    /// In place of our assumptions, and of nothing else.
    #[serde(default)]
    pub measurements: Vec<MeasurementFile>,
    /// The customer's own pictures, shown before the close.
    #[serde(default)]
    pub slides: Vec<SlideFile>,
}

/// What a customer measured.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasurementFile {
    /// Id of the assumption it replaces.
    pub quantity: String,
    pub value: f64,
    #[serde(default)]
    pub to: Option<f64>,
    pub unit: String,
    /// `warp`, `fio`, …
    pub tool: String,
    /// Day of the measurement, `2026-11-20`.
    pub date: String,
}

/// One picture of the customer's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlideFile {
    pub image: String,
    /// What it shows, in one sentence.
    pub caption: String,
    #[serde(default)]
    pub notes: String,
    #[serde(default = "half_minute")]
    pub budget_secs: u32,
}

fn half_minute() -> u32 {
    30
}

/// `deck.ron`: order, sections, and what a short talk may leave out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Deck")]
pub struct DeckFile {
    pub title: String,
    pub sections: Vec<SectionFile>,
    /// Shorter talks, and talks for one kind of people.
    #[serde(default)]
    pub cuts: Vec<CutFile>,
}

/// A talk of some of the steps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutFile {
    /// `20`, `executives`: its name on the command line.
    pub id: String,
    pub title: String,
    /// How long it is; its budgets must add up to this within a tenth.
    pub minutes: u32,
    /// In the deck's order: `tiers` is all of a scene, `tiers:2` one step, `tiers:1-3` some.
    pub steps: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Section")]
pub struct SectionFile {
    pub id: String,
    pub title: String,
    pub scenes: Vec<EntryFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryFile {
    pub scene: String,
    /// Kept in every cut.
    #[serde(default)]
    pub must: bool,
    /// Reachable by jump, not by next.
    #[serde(default)]
    pub hidden: bool,
}
