//! Things as scenes use them: a third layer beside told and measured, for what has a size or a shape of its own.

use std::sync::Arc;

use egui::emath::{Pos2, Rect};
use serde::Deserialize;

use crate::picture::Ink;

/// What is drawn as the thing that it is: never as dots on a lane, and never with a rate.
#[derive(Clone, Debug, PartialEq)]
pub enum ThingElement {
    Square(Square),
    Bricks(Bricks),
    Threads(Threads),
    Towers(Towers),
    Strips(Strips),
    Cloud(Cloud),
    Hatching(Hatching),
}

/// A quantity as an area, true to scale, seen through the step's camera.
#[derive(Clone, Debug, PartialEq)]
pub struct Square {
    /// Its left lower corner, in units of the page.
    pub foot: Pos2,
    /// Id of the figure.
    pub figure: Arc<str>,
    /// The value, in the figure's unit, of a square that is 1,000 units wide.
    pub thousand: f64,
    pub ink: Ink,
    /// An outline of what was there.
    pub dashed: bool,
}

/// Pieces in rows, as they come or as they were put in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Bricks {
    pub rect: Rect,
    pub look: BricksLook,
    pub columns: u32,
    pub rows: u32,
    pub ink: Ink,
}

/// How pieces lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum BricksLook {
    /// As they came: of all sizes, some twice.
    Ragged,
    /// One size, in rows with gaps.
    Sorted,
    /// Side by side, each row half a brick on.
    Packed,
    /// Bright slabs one on another: what fills a place, row by row from below while it runs.
    Stacked,
    /// Dots in columns that climb at one speed while it runs, and are gone when it has.
    Lane,
}

/// Many ways crossing: each of those at the left sends a block to each of those at the right.
#[derive(Clone, Debug, PartialEq)]
pub struct Threads {
    pub rect: Rect,
    pub ways: u32,
    /// Of the one that is followed, its number from 1.
    pub followed: Option<u32>,
    pub ink: Ink,
}

/// Processors with their layers of memory, and the links between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Towers {
    pub rect: Rect,
    pub count: u32,
    pub layers: u32,
    /// The tower and the layer, from 1, that holds what is followed, in this ink.
    pub holds: Option<(u32, u32, Ink)>,
}

/// The house cut into as many strips as there are drives; so many of them may be lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Strips {
    pub rect: Rect,
    pub drives: u32,
    pub parity: u32,
    /// The drives that were lost, from 1, in the order of their loss.
    pub lost: Vec<u32>,
    pub ink: Ink,
    /// Its drives can be clicked dead, and whole again.
    pub clicks: Option<Clicks>,
}

/// What follows where the drives of strips are not as their step has them, since the presenter clicked some.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clicks {
    /// The id of the text that says then how many are left.
    pub says: Option<Arc<str>>,
    /// The strips are drawn only then, and in the place of the elements whose ids begin so.
    pub instead_of: Vec<Arc<str>>,
}

/// Points that settle where they belong.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloud {
    pub rect: Rect,
    pub points: u32,
    pub ink: Ink,
}

/// Hatching between a path and a foot line: what was expected there.
#[derive(Clone, Debug, PartialEq)]
pub struct Hatching {
    pub path: Arc<[Pos2]>,
    pub foot: f32,
    pub ink: Ink,
}

impl ThingElement {
    pub(crate) fn move_to(&mut self, to: Pos2) {
        match self {
            Self::Square(square) => square.foot = to,
            Self::Bricks(Bricks { rect, .. })
            | Self::Threads(Threads { rect, .. })
            | Self::Towers(Towers { rect, .. })
            | Self::Strips(Strips { rect, .. })
            | Self::Cloud(Cloud { rect, .. }) => *rect = Rect::from_min_size(to, rect.size()),
            Self::Hatching(hatching) => {
                let by = hatching.path.first().map(|first| to - *first).unwrap_or_default();
                hatching.path = hatching.path.iter().map(|at| *at + by).collect();
                hatching.foot += by.y;
            }
        }
    }

    /// The figure that it draws.
    pub(crate) fn figure(&self) -> Option<&str> {
        match self {
            Self::Square(square) => Some(&square.figure),
            Self::Bricks(_)
            | Self::Threads(_)
            | Self::Towers(_)
            | Self::Strips(_)
            | Self::Cloud(_)
            | Self::Hatching(_) => None,
        }
    }
}
