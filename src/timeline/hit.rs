//! What can be pointed at, by typed ids; scripts and lists write them as `component/weaviate`, `grid/r2c3`, `strips/d7`,
//! `load-time`.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use egui::emath::Rect;
use serde::{Deserialize, Serialize};

use crate::picture::Thing;
use crate::scene::model::Card;
use crate::signal::Signal;

/// The id of something that can be focused on a step. Rows and columns of grids, and drives, count from 0, and are written
/// from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum HitId {
    /// A component of the world.
    Component(String),
    /// An element of the scene, a floor or the hall.
    Spot(String),
    /// A grid's cell, by row and column.
    Cell(String, usize, usize),
    Column(String, usize),
    Row(String, usize),
    /// A drive of strips.
    Drive(String, usize),
}

/// Columns and rows of grids that are folded away, and drives that were clicked: those that are not as the step has them.
pub type Folded = BTreeSet<HitId>;

impl HitId {
    /// Whether both are columns of one grid, or rows of it.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Column(a, _), Self::Column(b, _)) | (Self::Row(a, _), Self::Row(b, _)) => a == b,
            _ => false,
        }
    }
}

impl fmt::Display for HitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Component(id) => write!(f, "component/{id}"),
            Self::Spot(id) => f.write_str(id),
            Self::Cell(grid, row, column) => write!(f, "{grid}/r{}c{}", row + 1, column + 1),
            Self::Column(grid, column) => write!(f, "{grid}/c{}", column + 1),
            Self::Row(grid, row) => write!(f, "{grid}/r{}", row + 1),
            Self::Drive(strips, drive) => write!(f, "{strips}/d{}", drive + 1),
        }
    }
}

impl From<&str> for HitId {
    /// As a script writes it; what is neither a component, a drive nor a part of a grid is a spot.
    fn from(words: &str) -> Self {
        let index = |digits: &str| digits.parse::<usize>().ok()?.checked_sub(1);
        let part = |grid: &str, part: &str| {
            if let Some(drive) = part.strip_prefix('d').and_then(index) {
                return Some(Self::Drive(grid.to_owned(), drive));
            }
            let (row, column) =
                part.strip_prefix('r').map_or(("", part), |part| part.split_at(part.find('c').unwrap_or(part.len())));
            match (index(row), column.strip_prefix('c').and_then(index)) {
                (Some(row), Some(column)) => Some(Self::Cell(grid.to_owned(), row, column)),
                (Some(row), None) if column.is_empty() => Some(Self::Row(grid.to_owned(), row)),
                (None, Some(column)) if row.is_empty() => Some(Self::Column(grid.to_owned(), column)),
                _ => None,
            }
        };
        let found = match words.rsplit_once('/') {
            Some(("component", id)) => Some(Self::Component(id.to_owned())),
            Some((grid, rest)) => part(grid, rest),
            None => None,
        };
        found.unwrap_or_else(|| Self::Spot(words.to_owned()))
    }
}

/// Something that can be focused.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub id: HitId,
    /// By whose marks it is drawn: a component has none of its own and stands on its floor.
    pub thing: Thing,
    /// Where it stands on the stage.
    pub rect: Rect,
    pub what: What,
    pub copies: Option<Arc<str>>,
}

/// What opening it does.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The card of a component of the world, by its index.
    Component(usize),
    /// A card of the scene's own.
    Card(Arc<Card>),
    /// Folds a column or a row of a grid, or unfolds it.
    Fold,
    /// Kills a drive, or brings it back.
    Drive,
    /// Nothing more than to be pointed out with what belongs to it.
    Point,
}

impl What {
    /// Whether there is a card to open.
    pub fn is_told(&self) -> bool {
        matches!(self, Self::Component(_) | Self::Card(_))
    }
}

/// What stays lit with what is focused.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Focus {
    /// The thing itself, where it has marks of its own.
    pub about: Option<Thing>,
    pub lit: BTreeSet<Thing>,
    /// All that could be lit: what of it is not, is dimmed.
    pub all: BTreeSet<Thing>,
}

/// A number on the stage, by what it shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum NumberId {
    /// A quantity of `sources.ron`.
    Told(String),
    Measured(Signal),
}
