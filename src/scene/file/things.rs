//! Things as they are written in scenes.

use serde::Deserialize;

use crate::picture::Ink;
use crate::scene::file::BoxFile;
use crate::scene::things::BricksLook;

/// What is drawn as the thing that it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum ThingFile {
    /// A quantity as an area, true to scale, seen through the step's camera. `foot` is its left lower corner.
    Square {
        foot: (f32, f32),
        quantity: String,
        /// A declared scale from 0: the side is 1,000 units long at its end.
        scale: String,
        ink: Ink,
        #[serde(default)]
        dashed: bool,
    },
    /// Pieces in rows, as they come or as they were put in order.
    Bricks {
        #[serde(rename = "box")]
        bounds: BoxFile,
        look: BricksLook,
        columns: u32,
        rows: u32,
        ink: Ink,
    },
    /// Each of those at the left sends a block to each of those at the right, while it runs.
    Threads {
        #[serde(rename = "box")]
        bounds: BoxFile,
        ways: u32,
        followed: Option<u32>,
        ink: Ink,
    },
    /// GPUs with their layers of memory, and pulses on the links between them while it runs.
    Towers {
        #[serde(rename = "box")]
        bounds: BoxFile,
        count: u32,
        layers: u32,
        /// Tower and layer, from 1, that hold what is followed, and its ink.
        holds: Option<(u32, u32, Ink)>,
    },
    /// The house cut into strips, one a drive; `parity` of them may be lost, by `Lose`.
    Strips {
        #[serde(rename = "box")]
        bounds: BoxFile,
        drives: u32,
        parity: u32,
        ink: Ink,
        /// A click on a drive kills it, and a second one brings it back, until the step is left.
        clicks: Option<ClicksFile>,
    },
    /// Points that settle where they belong, while it runs.
    Cloud {
        #[serde(rename = "box")]
        bounds: BoxFile,
        points: u32,
        ink: Ink,
    },
    /// Hatching between a path and a foot line.
    Hatching { path: Vec<(f32, f32)>, foot: f32, ink: Ink },
}

/// What follows where drives were clicked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ClicksFile {
    /// The id of the text that says then how many drives are left.
    pub(crate) says: Option<String>,
    /// The strips are drawn only then, and in the place of the elements whose ids begin so.
    pub(crate) instead_of: Vec<String>,
}
