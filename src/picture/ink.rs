//! Inks: colours by what they are for.

use serde::{Deserialize, Serialize};

use crate::signal::Tier;

/// A named colour; which colour it is, is the theme's matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Ink {
    Ground,
    Floor,
    Line,
    Edge,
    Text,
    Text2,
    #[strum(serialize = "T0")]
    T0,
    #[strum(serialize = "T1")]
    T1,
    #[strum(serialize = "T2")]
    T2,
    #[strum(serialize = "T3")]
    T3,
    Compute,
    /// The presenter's own hand, and nothing else: the rim of laser and ink.
    Hand,
    /// What the hand draws, inside its rim.
    #[strum(serialize = "hand-core")]
    HandCore,
}

impl Ink {
    /// The ink's name in themes and in printed pictures.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The ink of a tier: its edge, its plate and its light.
    pub fn of(tier: Tier) -> Self {
        match tier {
            Tier::T0 => Self::T0,
            Tier::T1 => Self::T1,
            Tier::T2 => Self::T2,
            Tier::T3 => Self::T3,
        }
    }
}
