//! What a scene draws besides the world.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::emath::{Pos2, Rect, Vec2};

use crate::picture::{Face, Ink, Side, Stroke, Thing};
use crate::ron_text::Finder;
use crate::scene::file::{BoxLook, ElementFile, SceneFile};
use crate::scene::model::{
    BoxElement, ChartElement, Element, Emphasis, MeterElement, NumberElement, NumberRole, Placed, ReadingElement,
    TableElement, TextElement, TextRole,
};
use crate::scene::template::Words;

use super::bind::{Bind, BoundPlace, binding};
use super::known::{Known, figure_id, outline, point, rect};
use super::{curve, page_parts, things};

pub(super) fn elements(scene: &SceneFile, known: Known<'_>, finder: &mut Finder<'_>) -> Vec<Placed> {
    let (mut placed, mut ids): (Vec<Placed>, BTreeSet<&str>) = (Vec::new(), BTreeSet::new());
    let scene_id: Arc<str> = scene.id.as_str().into();
    for (nth, file) in scene.elements.iter().enumerate() {
        let (id, mut element) = element(file, nth, known, finder);
        if let (ElementFile::Pin(file), Element::Pin(pin)) = (file, &mut element) {
            page_parts::hang(file, pin, &placed, known, finder);
        }
        if !ids.insert(id) {
            let place = finder.places.of_id(id);
            finder.error("twice", place, format!("two elements are called \"{id}\""), "give one another id");
        }
        let is_shared = scene.shared.iter().any(|shared| shared == id);
        let id: Arc<str> = id.into();
        let own = || Thing::Element(scene_id.clone(), id.clone());
        let thing = if is_shared { Thing::Shared(id.clone()) } else { own() };
        placed.push(Placed { id, thing, shown: false, passes: false, emphasis: Emphasis::Plain, element });
    }
    placed
}

/// Size, face and ink of a text, unless the element says others.
fn text_look(role: TextRole) -> (f32, Face, Ink) {
    match role {
        TextRole::Title => (120.0, Face::SemiBold, Ink::Text),
        TextRole::Heading => (64.0, Face::SemiBold, Ink::Text),
        TextRole::Body => (44.0, Face::Regular, Ink::Text2),
        TextRole::Label => (44.0, Face::SemiBold, Ink::Text),
        TextRole::Secondary => (36.0, Face::Regular, Ink::Text2),
        TextRole::Note => (28.0, Face::Regular, Ink::Text2),
    }
}

fn number_size(role: NumberRole) -> f32 {
    match role {
        NumberRole::Hero => 132.0,
        NumberRole::Monitor => 96.0,
        NumberRole::Body => 44.0,
    }
}

/// Id and content of element number `nth`, from 0.
fn element<'f>(file: &'f ElementFile, nth: usize, known: Known<'_>, finder: &mut Finder<'_>) -> (&'f str, Element) {
    let shown = |takes: Bind| BoundPlace { takes, path: format!("elements.{nth}.bind"), step: None };
    let scales = &known.world.scales;
    match file {
        ElementFile::Text { id, at, words, role, align, size, face, ink, width } => {
            let (own_size, own_face, own_ink) = text_look(*role);
            let text = TextElement {
                at: point(*at),
                words: known.template(words, None, finder),
                role: *role,
                align: *align,
                size: size.unwrap_or(own_size),
                face: face.unwrap_or(own_face),
                ink: ink.unwrap_or(own_ink),
                width: *width,
            };
            (id, Element::Text(text))
        }
        ElementFile::Number { id, at, quantity, prefix, role, align, size } => {
            let figure = figure_id(quantity, None, known, finder);
            let prefix = prefix.as_ref().map(|prefix| known.template(prefix, None, finder));
            let (at, size) = (point(*at), size.unwrap_or(number_size(*role)));
            (id, Element::Number(NumberElement { at, figure, prefix, role: *role, align: *align, size }))
        }
        ElementFile::Reading { id, at, bind, role, align, size } => {
            let binding = binding(bind, &shown(Bind::Number), scales, finder);
            let size = size.unwrap_or(number_size(*role));
            let reading = ReadingElement { at: point(*at), binding, role: *role, align: *align, size };
            (id, Element::Reading(reading))
        }
        ElementFile::Box { id, bounds, radius, look, ink, edge, fill, hatch, dashed, glow } => {
            let (stroke, fill) = outline(*ink, *dashed, *fill);
            let rect = rect(*bounds);
            let radii = match look {
                BoxLook::Plain => [radius.unwrap_or(16.0); 4],
                BoxLook::Hall => known.world.hall.radii(rect),
            };
            let edged = Side::AROUND.map(|side| edge.has(side));
            (id, Element::Box(BoxElement { rect, radii, stroke, edged, fill, hatch: *hatch, glow: *glow }))
        }
        ElementFile::Line { id, path, curve, ink, width, head, dashed } => {
            let points: Vec<Pos2> = path.iter().copied().map(point).collect();
            let path = if *curve { curve::through(&points) } else { points }.into();
            let stroke = Stroke { width: width.unwrap_or(4.0), ink: ink.unwrap_or(Ink::Edge), dashed: *dashed };
            (id, Element::Line { path, stroke, head: *head })
        }
        ElementFile::Polygon { id, points, ink, width, fill, dashed } => {
            if points.len() < 3 {
                let message = format!("the polygon \"{id}\" has {} of the three points it needs", points.len());
                finder.error("count", finder.places.of_id(id), message, "its corners, one after another");
            }
            let (stroke, fill) = outline(*ink, *dashed, *fill);
            let stroke = Stroke { width: width.unwrap_or(stroke.width), ..stroke };
            (id, Element::Polygon { points: points.iter().copied().map(point).collect(), stroke, fill })
        }
        ElementFile::Image { id, bounds, path, alt } => {
            (id, Element::Image { rect: rect(*bounds), path: path.as_str().into(), alt: alt.as_str().into() })
        }
        ElementFile::Chart { id, bounds, bind, ink, absent, named, axis, strong, times } => {
            let binding = binding(bind, &shown(Bind::Series), scales, finder);
            let times = page_parts::times(id, times, binding.window_secs, known, finder);
            let absent = absent.as_deref().unwrap_or("no source").into();
            let (rect, ink, named, axis, strong) = (rect(*bounds), *ink, *named, *axis, *strong);
            (id, Element::Chart(ChartElement { rect, binding, ink, absent, named, axis, strong, times }))
        }
        ElementFile::Table { id, at, columns, rows, row_height, size } => {
            let rows = cells(rows, None, known, finder);
            let (at, row_height, size) = (point(*at), row_height.unwrap_or(72.0), size.unwrap_or(36.0));
            (id, Element::Table(TableElement { at, columns: columns.clone(), rows, row_height, size }))
        }
        ElementFile::Meter { id, bounds, bind, ink } => {
            let binding = binding(bind, &shown(Bind::Fill), scales, finder);
            (id, Element::Meter(MeterElement { rect: rect(*bounds), binding, ink: *ink }))
        }
        ElementFile::Icon { id, at, icon, size, ink, fill } => {
            let (size, ink) = (size.unwrap_or(44.0), ink.unwrap_or(Ink::Text));
            (id, Element::Icon { at: point(*at), icon: *icon, size, ink, fill: *fill })
        }
        ElementFile::Thing { id, thing } => (id, things::thing(id, thing, known, finder)),
        ElementFile::Node(file) => (&file.id, page_parts::node(file, known, finder)),
        ElementFile::Chip { id, at, on, size } => {
            let rect = Rect::from_min_size(point(*at), Vec2::splat(size.unwrap_or(48.0)));
            (id, Element::Chip { rect, on: (*on).into() })
        }
        ElementFile::Dot { id, at, radius, ink } => {
            (id, Element::Dot { at: point(*at), radius: radius.unwrap_or(10.0), ink: *ink })
        }
        ElementFile::Axis { id, at, width, scale } => {
            (id, Element::Axis { at: point(*at), width: *width, scale: page_parts::scale(scale, known, finder) })
        }
        ElementFile::Pin(file) => (&file.id, page_parts::pin(file, known, finder)),
        ElementFile::Bar { id, bounds, quantity, scale, ink } => {
            let gauge = page_parts::gauge(quantity, page_parts::scale(scale, known, finder), known, finder);
            (id, Element::Bar { rect: rect(*bounds), gauge, ink: *ink })
        }
        ElementFile::Grid(file) => (&file.id, page_parts::grid(file, known, finder)),
        ElementFile::Customer { id, bounds } => (id, page_parts::customer(rect(*bounds), known)),
    }
}

pub(super) fn cells(
    rows: &[Vec<String>],
    step: Option<usize>,
    known: Known<'_>,
    finder: &mut Finder<'_>,
) -> Vec<Vec<Words>> {
    let mut cell = |words: &String| known.template(words, step, finder);
    rows.iter().map(|row| row.iter().map(&mut cell).collect()).collect()
}
