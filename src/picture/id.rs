//! Whose a mark is, and which part of it: marks of two pictures with the same id are the same thing, which morphs.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::signal::Tier;

/// An enum whose variants have names in printed pictures.
macro_rules! words {
    ($(#[$about:meta])* $name:ident: $($(#[$note:meta])* $variant:ident $word:literal)*) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$note])* $variant,)* }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its name in printed pictures.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

words! {
    /// What every picture may have, whatever is told.
    Furniture:
    Heading "heading" Caption "caption" Badge "badge" Warning "warning" Map "map" Card "card" Notice "notice" Veil "veil"
    /// The ids of the step's sources; and before them, where readings come from.
    Source "source" Origin "origin"
    /// What the speed of a dot means.
    Legend "legend"
    /// The heads of the monitor's columns.
    Head "head"
    /// The ring around what has the focus.
    Focus "focus"
    /// What the presenter's hand draws.
    Laser "laser" Ink "ink"
    TestCard "test-card"
}

words! {
    /// Which part of a thing a mark is. A part without a word is told by its number alone.
    Part:
    Whole ""
    // Of a floor or the hall; `None` is the hatch of "no source".
    Edge "edge" Light "light" Plate "plate" Tier "tier" Name "name" Words "words" State "state" None "none"
    Number "number" Age "age" Stale "stale" Clamped "clamped"
    // Of a lane of the monitor.
    Lag "lag" Read "read" Write "write" History "history" Unknown "unknown" Fill "fill" Share "share" Used "used"
    Quota "quota" Pool "pool" Warn "warn" Drives "drives" Tolerance "tolerance" Errors "errors" Memory "memory"
    Event "event" Rest "rest"
    // Of a GPU; of the badge and of cards; of a phase while it is told; of a lane of a route.
    Busy "busy" Icon "icon" Title "title" Why "why" Row "row" Named "" Measured "" Told ""
}

/// What a mark belongs to. An element belongs to its scene: two scenes may each have one called `out`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Thing {
    // The world's.
    Floor(Tier),
    Hall,
    Gpu,
    Phase(Arc<str>),
    /// Over the name of the phase told.
    Bracket,
    /// The name of a component on its floor, in its card.
    Component(Arc<str>),
    /// A route, with the number of the lane from 0.
    Lane(Arc<str>, u32),
    /// What every picture may have.
    Furniture(Furniture),
    /// An element of a scene: the scene's id, and its own.
    Element(Arc<str>, Arc<str>),
    /// An element that scenes declare to be the same in each of them.
    Shared(Arc<str>),
}

impl Thing {
    /// The thing of the world, or of every picture, that scenes call so: `T2`, `hall`, `heading`.
    pub fn common(word: &str) -> Option<Self> {
        match word {
            "hall" => Some(Self::Hall),
            "heading" => Some(Self::Furniture(Furniture::Heading)),
            word => Tier::from_id(word).map(Self::Floor),
        }
    }

    /// What scenes call it: `T2`, `heading`, the id of an element, a route, a phase, a component.
    pub fn word(&self) -> &str {
        match self {
            Self::Floor(tier) => tier.id(),
            Self::Hall => "hall",
            Self::Gpu => "gpu",
            Self::Bracket => "bracket",
            Self::Furniture(what) => what.word(),
            Self::Lane(id, _) | Self::Phase(id) | Self::Component(id) | Self::Element(_, id) | Self::Shared(id) => id,
        }
    }

    /// Whose it is, in a word.
    pub fn owner(&self) -> &'static str {
        match self {
            Self::Furniture(_) => "furniture",
            Self::Element(..) => "scene",
            Self::Shared(_) => "shared",
            _ => "world",
        }
    }
}

/// A mark's identity. It prints as `T2.light`, `flow.checkpoint-down.1003`, `heading`, or an element's id and number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Id {
    pub thing: Thing,
    pub part: Part,
    /// Of several alike: lines, ticks, dots. 0 is the first, or the only one.
    pub nth: u32,
}

impl Id {
    /// A thing as a whole.
    pub fn new(thing: Thing) -> Self {
        Self { thing, part: Part::Whole, nth: 0 }
    }

    pub fn floor(tier: Tier, part: Part) -> Self {
        Self { thing: Thing::Floor(tier), part, nth: 0 }
    }

    pub fn furniture(what: Furniture) -> Self {
        Self::new(Thing::Furniture(what))
    }

    /// A part of the same thing.
    pub fn part(&self, part: Part) -> Self {
        Self { thing: self.thing.clone(), part, nth: 0 }
    }

    /// Number `nth` of the same part.
    pub fn nth(&self, nth: u32) -> Self {
        Self { nth, ..self.clone() }
    }

    /// Whether the mark belongs to one of these.
    pub(crate) fn is_of(&self, furniture: &[Furniture]) -> bool {
        matches!(self.thing, Thing::Furniture(what) if furniture.contains(&what))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, number) = match (&self.thing, self.part) {
            (Thing::Lane(_, lane), Part::Told) => ("tell.", 1000 * (lane + 1) + self.nth),
            (Thing::Lane(_, lane), _) => ("flow.", 1000 * (lane + 1) + self.nth),
            (Thing::Phase(_), Part::Named) => ("phase-on.", self.nth),
            (Thing::Phase(_), _) => ("phase.", self.nth),
            (Thing::Component(_), _) => ("name.", self.nth),
            _ => ("", self.nth),
        };
        let part = self.part.word();
        write!(f, "{before}{}{}{part}", self.thing.word(), if part.is_empty() { "" } else { "." })?;
        if number == 0 { Ok(()) } else { write!(f, ".{number}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_prints_as_scripts_and_pictures_know_it() {
        let lane = |lane| Id::new(Thing::Lane("checkpoint-down".into(), lane));
        let cases = [
            (Id::floor(Tier::T2, Part::Whole), "T2"),
            (Id::floor(Tier::T2, Part::State).nth(1), "T2.state.1"),
            (Id::new(Thing::Gpu).part(Part::Busy).nth(3), "gpu.busy.3"),
            (lane(0).part(Part::Measured).nth(3), "flow.checkpoint-down.1003"),
            (lane(1).part(Part::Told), "tell.checkpoint-down.2000"),
            (Id::new(Thing::Phase("load".into())).part(Part::Named), "phase-on.load"),
            (Id::new(Thing::Component("lake".into())).nth(1), "name.lake.1"),
            (Id::furniture(Furniture::Badge).part(Part::Icon), "badge.icon"),
            (Id::new(Thing::Element("rag".into(), "sums".into())).nth(23), "sums.23"),
        ];
        for (id, words) in cases {
            assert_eq!(id.to_string(), words);
        }
    }
}
