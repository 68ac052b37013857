//! How closed shapes are filled and edged.

use serde::{Deserialize, Serialize};

use crate::picture::ink::Ink;

/// How a closed shape is filled.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fill {
    None,
    /// The slate of a floor at rest, lit a little from above.
    Slate,
    /// One ink at one opacity.
    Flat(Ink, f32),
    /// Slate tinted with an ink: at 1 the strongest fill that words may stand on.
    Tint(Ink, f32),
    /// One ink, from `top` opacity at the upper edge to `low` at the lower.
    Shade {
        ink: Ink,
        top: f32,
        low: f32,
    },
    /// As `Shade`, but opaque: the ink over slate. What stands on a line hides it.
    Solid {
        ink: Ink,
        top: f32,
        low: f32,
    },
    /// The ground again over what is drawn already: whole in the middle, and over the last `reach` stage units less and less.
    Veil {
        reach: f32,
    },
    /// One ink, from this opacity at the opposite side to nothing at the side it fades to.
    Fade {
        ink: Ink,
        from: f32,
        to: Side,
    },
}

/// A side of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Side {
    /// Clockwise from the left, as an outline goes.
    pub(crate) const AROUND: [Self; 4] = [Self::Left, Self::Top, Self::Right, Self::Bottom];
}

/// An outline, drawn on the middle of the edge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    pub width: f32,
    pub ink: Ink,
    /// What is no more, or not yet.
    pub dashed: bool,
}

impl Stroke {
    /// A whole line.
    pub fn new(width: f32, ink: Ink) -> Self {
        Self { width, ink, dashed: false }
    }
}
