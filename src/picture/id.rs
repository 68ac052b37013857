//! Whose a mark is, and which part of it: marks of two pictures with the same id are the same thing, which morphs.

use std::fmt;
use std::sync::Arc;

use crate::signal::Tier;

/// What a mark belongs to. An element belongs to its scene: two scenes may each have one called `out`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    // The world's.
    Floor(Tier),
    Hall,
    Gpu,
    Route(Arc<str>),
    Phase(Arc<str>),
    /// Over the name of the phase told.
    Bracket,
    /// The name of a component on its floor, in its card.
    Component(Arc<str>),
    // What every picture may have.
    Furniture(Furniture),
    // A scene's own.
    Element {
        scene: Arc<str>,
        id: Arc<str>,
    },
    /// An element that scenes declare to be the same in each of them.
    Shared(Arc<str>),
}

/// What every picture may have, whatever is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Furniture {
    Heading,
    Caption,
    /// The ids of the step's sources.
    Source,
    /// Where readings come from.
    Origin,
    Badge,
    Warning,
    /// What the speed of a dot means.
    Legend,
    Map,
    /// The heads of the monitor's columns.
    Head,
    /// The ring around what has the focus.
    Focus,
    Veil,
    Card,
    Notice,
}

impl Furniture {
    const ALL: [Self; 13] = [
        Self::Heading,
        Self::Caption,
        Self::Source,
        Self::Origin,
        Self::Badge,
        Self::Warning,
        Self::Legend,
        Self::Map,
        Self::Head,
        Self::Focus,
        Self::Veil,
        Self::Card,
        Self::Notice,
    ];

    /// Whether some of it is called so.
    pub fn is_word(word: &str) -> bool {
        Self::ALL.iter().any(|what| what.word() == word)
    }

    /// Its name in printed pictures.
    pub fn word(self) -> &'static str {
        match self {
            Self::Heading => "heading",
            Self::Caption => "caption",
            Self::Source => "source",
            Self::Origin => "origin",
            Self::Badge => "badge",
            Self::Warning => "warning",
            Self::Legend => "legend",
            Self::Map => "map",
            Self::Head => "head",
            Self::Focus => "focus",
            Self::Veil => "veil",
            Self::Card => "card",
            Self::Notice => "notice",
        }
    }
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
            Self::Route(id) | Self::Phase(id) | Self::Component(id) | Self::Element { id, .. } | Self::Shared(id) => id,
        }
    }

    /// Whose it is, in a word: `world`, `furniture`, `scene`, `shared`.
    pub fn owner(&self) -> &'static str {
        match self {
            Self::Floor(_)
            | Self::Hall
            | Self::Gpu
            | Self::Route(_)
            | Self::Phase(_)
            | Self::Bracket
            | Self::Component(_) => "world",
            Self::Furniture(_) => "furniture",
            Self::Element { .. } => "scene",
            Self::Shared(_) => "shared",
        }
    }
}

/// Which part of a thing a mark is. What has no name here is told by its number alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    Whole,
    // Of a floor or the hall.
    Edge,
    Light,
    Plate,
    Tier,
    Name,
    Words,
    State,
    /// The hatch of "no source".
    None,
    Number,
    Age,
    Stale,
    Clamped,
    // Of a lane of the monitor.
    Lag,
    Read,
    Write,
    History,
    Unknown,
    Fill,
    Share,
    Used,
    Pool,
    Requests,
    Warn,
    Drives,
    // Of a GPU, a phase, a card, the badge.
    Busy,
    /// A phase's name while it is told.
    On,
    Icon,
    Title,
    Why,
    Row,
    /// A measured lane of a route, from 0, with its dots.
    Flow(u32),
    /// A told lane.
    Tell(u32),
    /// A cell of a table.
    Cell {
        row: u32,
        column: u32,
    },
    /// The line under a row of a table.
    Rule {
        row: u32,
    },
    /// A cell of a grid, with its lines.
    Square {
        row: u32,
        column: u32,
    },
}

impl Part {
    /// Its name in printed pictures; none where the number says all.
    fn word(self) -> Option<&'static str> {
        Some(match self {
            Self::Whole
            | Self::On
            | Self::Flow(_)
            | Self::Tell(_)
            | Self::Cell { .. }
            | Self::Rule { .. }
            | Self::Square { .. } => return None,
            Self::Edge => "edge",
            Self::Light => "light",
            Self::Plate => "plate",
            Self::Tier => "tier",
            Self::Name => "name",
            Self::Words => "words",
            Self::State => "state",
            Self::None => "none",
            Self::Number => "number",
            Self::Age => "age",
            Self::Stale => "stale",
            Self::Clamped => "clamped",
            Self::Lag => "lag",
            Self::Read => "read",
            Self::Write => "write",
            Self::History => "history",
            Self::Unknown => "unknown",
            Self::Fill => "fill",
            Self::Share => "share",
            Self::Used => "used",
            Self::Pool => "pool",
            Self::Requests => "requests",
            Self::Warn => "warn",
            Self::Drives => "drives",
            Self::Busy => "busy",
            Self::Icon => "icon",
            Self::Title => "title",
            Self::Why => "why",
            Self::Row => "row",
        })
    }

    /// The number printed for number `nth` of this part.
    fn number(self, nth: u32) -> u32 {
        match self {
            Self::Flow(lane) | Self::Tell(lane) => 1000 * (lane + 1) + nth,
            Self::Cell { row, column } => 20 * row + column + 1,
            Self::Rule { row } => 20 * row + 20,
            Self::Square { row, column } => 1000 * (row + 1) + 20 * (column + 1) + nth,
            _ => nth,
        }
    }
}

/// A mark's identity. It prints as `T2.light`, `flow.checkpoint-down.1003`, `heading`, or an element's id and number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    /// A part of a floor.
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

    /// Whether the mark is this piece of furniture, whole.
    pub fn is(&self, what: Furniture) -> bool {
        self.thing == Thing::Furniture(what) && self.part == Part::Whole
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.thing, self.part) {
            (Thing::Route(_), Part::Tell(_)) => f.write_str("tell.")?,
            (Thing::Route(_), _) => f.write_str("flow.")?,
            (Thing::Phase(_), Part::On) => f.write_str("phase-on.")?,
            (Thing::Phase(_), _) => f.write_str("phase.")?,
            (Thing::Component(_), _) => f.write_str("name.")?,
            _ => {}
        }
        f.write_str(self.thing.word())?;
        if let Some(word) = self.part.word() {
            write!(f, ".{word}")?;
        }
        match self.part.number(self.nth) {
            0 => Ok(()),
            number => write!(f, ".{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_prints_as_scripts_and_pictures_know_it() {
        let route = Id::new(Thing::Route("checkpoint-down".into()));
        let table = Id::new(Thing::Element { scene: "rag".into(), id: "sums".into() });
        let cases = [
            (Id::floor(Tier::T2, Part::Whole), "T2"),
            (Id::floor(Tier::T2, Part::State).nth(1), "T2.state.1"),
            (Id::new(Thing::Gpu).part(Part::Busy).nth(3), "gpu.busy.3"),
            (route.part(Part::Flow(0)).nth(3), "flow.checkpoint-down.1003"),
            (route.part(Part::Tell(1)), "tell.checkpoint-down.2000"),
            (Id::new(Thing::Phase("load".into())).part(Part::On), "phase-on.load"),
            (Id::new(Thing::Component("lake".into())).nth(1), "name.lake.1"),
            (Id::furniture(Furniture::Badge).part(Part::Icon), "badge.icon"),
            (table.part(Part::Cell { row: 1, column: 2 }), "sums.23"),
            (table.part(Part::Rule { row: 1 }), "sums.40"),
            (table.part(Part::Square { row: 0, column: 1 }).nth(1), "sums.1041"),
            (table.nth(90), "sums.90"),
        ];
        for (id, words) in cases {
            assert_eq!(id.to_string(), words);
        }
    }
}
