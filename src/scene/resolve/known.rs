//! What files are resolved against, and the forms that all of them share: points, boxes, words, figures, outlines.

use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2};

use crate::figures::Figures;
use crate::picture::{Fill, Ink, Stroke};
use crate::ron_text::{Finder, suggestion};
use crate::scene::binding::Scale;
use crate::scene::file::{BoxFile, FillFile};
use crate::scene::sources::Sources;
use crate::scene::template::Words;
use crate::scene::world::World;

pub(super) fn rect((left, top, right, bottom): BoxFile) -> Rect {
    Rect::from_min_max(pos2(left, top), pos2(right, bottom))
}

pub(super) fn point((x, y): (f32, f32)) -> Pos2 {
    pos2(x, y)
}

/// What a scene is resolved against.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) world: &'a World,
    pub(crate) sources: &'a Sources,
    pub(crate) figures: &'a Figures,
}

impl Known<'_> {
    pub(super) fn template(self, written: &str, step: Option<usize>, finder: &mut Finder<'_>) -> Words {
        template(self.figures, written, step, finder)
    }
}

/// Words whose placeholders name what is there.
pub(super) fn template(figures: &Figures, written: &str, step: Option<usize>, finder: &mut Finder<'_>) -> Words {
    Words::parse(written, figures).unwrap_or_else(|id| {
        let place = finder.places.of_part(&format!("{{{id}"), step);
        finder.error("unknown-id", place, format!("no quantity \"{id}\""), suggestion(&id, &figures.ids()));
        Words::plain(written)
    })
}

/// Edge and fill of a box.
pub(super) fn outline(ink: Option<Ink>, dashed: bool, fill: FillFile) -> (Stroke, Fill) {
    let ink = ink.unwrap_or(Ink::Edge);
    let fill = match fill {
        FillFile::None => Fill::None,
        FillFile::Slate => Fill::Slate,
        FillFile::Tint(level) => Fill::Tint(ink, level),
        FillFile::Fade(to, from) => Fill::Fade { ink, from, to },
    };
    (Stroke { dashed, ..Stroke::new(4.0, ink) }, fill)
}

/// The id of a figure that is there.
pub(super) fn figure_id(id: &str, step: Option<usize>, known: Known<'_>, finder: &mut Finder<'_>) -> Arc<str> {
    if known.figures.get(id).is_none() {
        finder.unknown("quantity", id, known.figures.all().map(|figure| &*figure.id), step);
    }
    id.into()
}

/// A source must be there.
pub(in crate::scene) fn check_source(id: &str, sources: &Sources, step: Option<usize>, finder: &mut Finder<'_>) {
    if !sources.sources.contains_key(id) {
        finder.unknown("source", id, sources.sources.keys().map(String::as_str), step);
    }
}

/// The declared scale of this name.
pub(super) fn find_scale(name: &str, scales: &[Scale], step: Option<usize>, finder: &mut Finder<'_>) -> Option<Scale> {
    let found = scales.iter().find(|scale| &*scale.id == name).cloned();
    if found.is_none() {
        finder.unknown("scale", name, scales.iter().map(|scale| &*scale.id), step);
    }
    found
}
