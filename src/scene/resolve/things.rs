//! Things of a scene, resolved.

use crate::ron_text::Finder;
use crate::scene::file::ThingFile;
use crate::scene::model::Element;
use crate::scene::things::{Bricks, Clicks, Cloud, Hatching, Square, Strips, ThingElement, Threads, Towers};

use super::known::{Known, point, rect};
use super::page_parts;

/// As many pieces, ways or drives as a stage can show.
const MOST: u32 = 400;

pub(super) fn thing(id: &str, file: &ThingFile, known: Known<'_>, finder: &mut Finder<'_>) -> Element {
    let mut few = |count: u32| {
        if !(1..=MOST).contains(&count) {
            let message = format!("\"{id}\" has {count} of something that is counted from 1 to {MOST}");
            finder.error("count", finder.places.of_id(id), message, "a number that a room can see");
        }
        count.clamp(1, MOST)
    };
    let thing = match file {
        ThingFile::Square { foot, quantity, scale, ink, dashed } => {
            let gauge = page_parts::gauge(quantity, page_parts::scale(scale, known, finder), known, finder);
            let thousand = if gauge.unit_ratio > 0.0 { gauge.scale.to / gauge.unit_ratio } else { f64::INFINITY };
            ThingElement::Square(Square {
                foot: point(*foot),
                figure: gauge.figure,
                thousand,
                ink: *ink,
                dashed: *dashed,
            })
        }
        ThingFile::Bricks { bounds, look, columns, rows, ink } => ThingElement::Bricks(Bricks {
            rect: rect(*bounds),
            look: *look,
            columns: few(*columns),
            rows: few(*rows),
            ink: *ink,
        }),
        ThingFile::Threads { bounds, ways, followed, ink } => ThingElement::Threads(Threads {
            rect: rect(*bounds),
            ways: few(*ways).min(16),
            followed: *followed,
            ink: *ink,
        }),
        ThingFile::Towers { bounds, count, layers, holds } => ThingElement::Towers(Towers {
            rect: rect(*bounds),
            count: few(*count).min(16),
            layers: few(*layers).min(16),
            holds: *holds,
        }),
        ThingFile::Strips { bounds, drives, parity, ink, clicks } => ThingElement::Strips(Strips {
            rect: rect(*bounds),
            drives: few(*drives).min(32),
            parity: *parity,
            lost: Vec::new(),
            ink: *ink,
            clicks: clicks.as_ref().map(|clicks| Clicks {
                says: clicks.says.as_deref().map(Into::into),
                instead_of: clicks.instead_of.iter().map(|id| id.as_str().into()).collect(),
            }),
        }),
        ThingFile::Cloud { bounds, points, ink } => {
            ThingElement::Cloud(Cloud { rect: rect(*bounds), points: few(*points), ink: *ink })
        }
        ThingFile::Hatching { path, foot, ink } => {
            ThingElement::Hatching(Hatching { path: path.iter().copied().map(point).collect(), foot: *foot, ink: *ink })
        }
    };
    Element::Thing(thing)
}
