//! What a scene draws besides the world, and what of it can be opened.

use serde::Deserialize;

use crate::picture::{Align, Face, Hatch, Icon, Ink, Side};
use crate::scene::file::{BindFile, BoxFile, ThingFile};
use crate::scene::model::{GridLook, NumberRole, TextRole};
use crate::signal::{Subject, Tier};

/// Something a scene draws besides the world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum ElementFile {
    Text {
        id: String,
        at: (f32, f32),
        words: String,
        #[serde(default)]
        role: TextRole,
        #[serde(default)]
        align: Align,
        size: Option<f32>,
        face: Option<Face>,
        ink: Option<Ink>,
        /// Wraps at this width.
        width: Option<f32>,
    },
    /// A told number: a quantity of `sources.ron`.
    Number {
        id: String,
        at: (f32, f32),
        quantity: String,
        /// A word before the digits: "over".
        prefix: Option<String>,
        #[serde(default)]
        role: NumberRole,
        #[serde(default)]
        align: Align,
        size: Option<f32>,
    },
    /// A measured number. Its numerals change at most once a second.
    Reading {
        id: String,
        at: (f32, f32),
        bind: BindFile,
        #[serde(default)]
        role: NumberRole,
        #[serde(default)]
        align: Align,
        size: Option<f32>,
    },
    Box {
        id: String,
        #[serde(rename = "box")]
        bounds: BoxFile,
        /// Of its corners.
        radius: Option<f32>,
        #[serde(default)]
        look: BoxLook,
        ink: Option<Ink>,
        /// Which of its sides are drawn.
        #[serde(default)]
        edge: EdgeFile,
        #[serde(default)]
        fill: FillFile,
        hatch: Option<Hatch>,
        #[serde(default)]
        dashed: bool,
        /// A halo in its ink: the one thing a page is about.
        #[serde(default)]
        glow: bool,
    },
    Node(NodeFile),
    /// The mark of a floor, or of the GPU hall: its hatch in a small box.
    Chip {
        id: String,
        at: (f32, f32),
        on: PlaceFile,
        size: Option<f32>,
    },
    /// A filled dot.
    Dot {
        id: String,
        at: (f32, f32),
        radius: Option<f32>,
        ink: Ink,
    },
    /// A declared scale drawn as a line with its decades or quarters.
    Axis {
        id: String,
        at: (f32, f32),
        width: f32,
        scale: String,
    },
    Pin(PinFile),
    /// A bar as long as a quantity is on a declared scale; the box is the whole scale.
    Bar {
        id: String,
        #[serde(rename = "box")]
        bounds: BoxFile,
        quantity: String,
        scale: String,
        ink: Ink,
    },
    Grid(GridFile),
    /// The customer's logo, or the name where there is none; nothing without a customer.
    Customer {
        id: String,
        #[serde(rename = "box")]
        bounds: BoxFile,
    },
    Line {
        id: String,
        path: Vec<(f32, f32)>,
        /// The points are joined by a smooth curve.
        #[serde(default)]
        curve: bool,
        ink: Option<Ink>,
        width: Option<f32>,
        /// An arrow head at the end.
        #[serde(default)]
        head: bool,
        #[serde(default)]
        dashed: bool,
    },
    /// A closed outline of any form, corner by corner.
    Polygon {
        id: String,
        points: Vec<(f32, f32)>,
        ink: Option<Ink>,
        width: Option<f32>,
        #[serde(default)]
        fill: FillFile,
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
        absent: Option<String>,
        /// Over the curve stands what its bursts were, where that is known.
        #[serde(default)]
        named: bool,
        /// Whether the values stand beside it and the times below; without, it is the curve and its grid alone.
        #[serde(default = "yes")]
        axis: bool,
        /// The picture's hero: full ink below a wide curve with a glow.
        #[serde(default)]
        strong: bool,
        /// Words below it at times of the window, in place of those that the axis has: `(ago_secs: 900, words: "the burst")`.
        #[serde(default)]
        times: Vec<TimeFile>,
    },
    Table {
        id: String,
        at: (f32, f32),
        /// Width of each column.
        columns: Vec<f32>,
        rows: Vec<Vec<String>>,
        row_height: Option<f32>,
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
    /// What is drawn as the thing that it is.
    Thing {
        id: String,
        thing: ThingFile,
    },
    Icon {
        id: String,
        at: (f32, f32),
        icon: Icon,
        size: Option<f32>,
        /// Of its strokes: `Text` unless given.
        ink: Option<Ink>,
        /// Of its filled parts: the strokes' unless given.
        fill: Option<Ink>,
    },
}

/// Words at a time of a chart.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimeFile {
    /// Seconds before now, on the source's clock.
    pub ago_secs: f64,
    pub words: String,
}

fn yes() -> bool {
    true
}

/// What the rules ask of an element as it is written.
#[derive(Debug, Default)]
pub(crate) struct ElementParts<'a> {
    pub id: &'a str,
    /// The texts that it, or its cards, put on the stage.
    pub texts: Vec<&'a str>,
    /// The path of an image, and what it shows.
    pub image: Option<(&'a str, &'a str)>,
    /// It fills a shape; in the world only a reading does.
    pub is_filled: bool,
}

impl ElementFile {
    /// All of it that a rule judges. A new element says here what it puts on the stage.
    pub(crate) fn parts(&self) -> ElementParts<'_> {
        let plain = |id| ElementParts { id, ..ElementParts::default() };
        let is_tint = |fill: FillFile| matches!(fill, FillFile::Tint(_) | FillFile::Fade(..));
        match self {
            Self::Number { id, prefix, .. } => {
                ElementParts { texts: prefix.iter().map(String::as_str).collect(), ..plain(id) }
            }
            Self::Reading { id, .. }
            | Self::Line { id, .. }
            | Self::Meter { id, .. }
            | Self::Icon { id, .. }
            | Self::Chip { id, .. }
            | Self::Axis { id, .. }
            | Self::Thing { id, .. }
            | Self::Customer { id, .. } => plain(id),
            Self::Dot { id, .. } | Self::Bar { id, .. } => ElementParts { is_filled: true, ..plain(id) },
            Self::Polygon { id, fill, .. } => ElementParts { is_filled: is_tint(*fill), ..plain(id) },
            Self::Box { id, fill, glow, .. } => ElementParts { is_filled: is_tint(*fill) || *glow, ..plain(id) },
            Self::Node(node) => {
                let texts = [&node.words].into_iter().chain(&node.note).map(String::as_str).collect();
                ElementParts { texts, is_filled: is_tint(node.fill), ..plain(&node.id) }
            }
            Self::Text { id, words, .. } => ElementParts { texts: vec![words], ..plain(id) },
            Self::Pin(pin) => ElementParts { texts: vec![&pin.words], ..plain(&pin.id) },
            Self::Chart { id, absent, times, .. } => {
                let times = times.iter().map(|time| time.words.as_str());
                ElementParts { texts: absent.iter().map(String::as_str).chain(times).collect(), ..plain(id) }
            }
            Self::Table { id, rows, .. } => {
                ElementParts { texts: rows.iter().flatten().map(String::as_str).collect(), ..plain(id) }
            }
            Self::Image { id, path, alt, .. } => ElementParts { image: Some((path, alt)), ..plain(id) },
            Self::Grid(grid) => ElementParts { texts: grid.texts(), ..plain(&grid.id) },
        }
    }
}

/// A box with words in it: a thing among others on a page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Node")]
pub(crate) struct NodeFile {
    pub id: String,
    #[serde(rename = "box")]
    pub bounds: BoxFile,
    pub words: String,
    /// A lesser line under the words.
    pub note: Option<String>,
    /// Left of the words.
    pub icon: Option<Icon>,
    pub ink: Option<Ink>,
    #[serde(default)]
    pub fill: FillFile,
    #[serde(default)]
    pub dashed: bool,
    pub size: Option<f32>,
}

/// A quantity on an axis: a dot at its place, a stem up from it, and words at the top.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Pin")]
pub(crate) struct PinFile {
    pub id: String,
    pub axis: String,
    pub quantity: String,
    pub words: String,
    /// How far the stem rises; negative: it hangs below.
    pub rise: f32,
    pub ink: Ink,
    pub align: Option<Align>,
}

/// Rows and columns of cells.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Grid")]
pub(crate) struct GridFile {
    pub id: String,
    #[serde(rename = "box")]
    pub bounds: BoxFile,
    /// Width of the rows' names.
    pub head: f32,
    pub columns: Vec<ColumnFile>,
    pub rows: Vec<RowFile>,
    #[serde(default)]
    pub look: GridLook,
    pub size: Option<f32>,
}

/// What fills a box or a polygon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub(crate) enum FillFile {
    None,
    #[default]
    Slate,
    /// The box's ink: 1 is the strongest that words may stand on. Only on pages: in the world a fill is a reading.
    Tint(f32),
    /// The box's ink, so strong at the opposite side (1 is all of it), fading to nothing at this side. Only on pages.
    Fade(Side, f32),
}

/// The outline of a box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum BoxLook {
    #[default]
    Plain,
    /// Arched above and square below, as the world's GPU hall is, whatever its size; `radius` says nothing here.
    Hall,
}

/// Which sides of a box have their edge.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(crate) enum EdgeFile {
    #[default]
    All,
    None,
    Only(Vec<Side>),
}

impl EdgeFile {
    pub(crate) fn has(&self, side: Side) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Only(sides) => sides.contains(&side),
        }
    }
}

/// A floor, or the GPU hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum PlaceFile {
    T0,
    T1,
    T2,
    T3,
    Hall,
}

impl From<PlaceFile> for Subject {
    fn from(place: PlaceFile) -> Self {
        match place {
            PlaceFile::T0 => Self::Tier(Tier::T0),
            PlaceFile::T1 => Self::Tier(Tier::T1),
            PlaceFile::T2 => Self::Tier(Tier::T2),
            PlaceFile::T3 => Self::Tier(Tier::T3),
            PlaceFile::Hall => Self::Compute,
        }
    }
}

/// A column of a grid.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnFile {
    pub words: String,
    pub on: Option<PlaceFile>,
    /// Boxes and texts that stand over it: they go its way when columns are folded away.
    #[serde(default)]
    pub with: Vec<String>,
}

/// A row of a grid, with a cell for each column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowFile {
    pub words: String,
    #[serde(default)]
    pub strong: bool,
    pub cells: Vec<CellFile>,
}

/// A cell of a grid.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CellFile {
    pub words: String,
    /// Its edge, and its tint by `level`.
    pub ink: Option<Ink>,
    #[serde(default)]
    pub level: f32,
    /// Opened by Enter or a click.
    pub card: Option<CardFile>,
}

impl GridFile {
    fn texts(&self) -> Vec<&str> {
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        let names = self.columns.iter().map(|column| &column.words).chain(self.rows.iter().map(|row| &row.words));
        let texts = names.chain(cells.clone().map(|cell| &cell.words)).map(String::as_str);
        texts.chain(cells.filter_map(|cell| cell.card.as_ref()).flat_map(CardFile::texts)).collect()
    }
}

/// What is told of a thing when it is opened.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardFile {
    pub title: String,
    /// Name and words of each row.
    pub rows: Vec<(String, String)>,
    /// Id of a source.
    pub source: Option<String>,
}

impl CardFile {
    /// Its title, and the names and words of its rows.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().flat_map(|(name, says)| [name, says]).chain([&self.title]).map(String::as_str)
    }
}

/// Something of a scene that can be focused: what it belongs with, what it tells, what it copies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpotFile {
    /// An element of the scene, or a floor or the hall.
    pub id: String,
    /// What stays lit with it, both ways: elements, floors, the hall.
    #[serde(default)]
    pub links: Vec<String>,
    pub card: Option<CardFile>,
    /// What Ctrl+C takes while it has the focus; without it, the step's address.
    pub copies: Option<String>,
}
