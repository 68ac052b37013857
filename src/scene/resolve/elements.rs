//! What a scene draws besides the world.

use egui::emath::{Pos2, Rect, vec2};

use crate::picture::{Align, Face, Fill, Ink, Stroke, Thing};
use crate::scene::file::{AxisFile, DotFile, ElementFile, FillFile, NumberRoleFile, SceneFile, TextRoleFile};
use crate::scene::model::{
    BoxElement, ChartElement, Element, Emphasis, MeterElement, NumberElement, NumberRole, Placed, ReadingElement,
    TableElement, TextElement, TextRole,
};
use crate::scene::sources::Words;

use super::{Finder, Known, binding, pages, point, rect};

pub(super) fn elements(scene: &SceneFile, known: Known<'_>, finder: &mut Finder<'_>) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::new();
    for file in &scene.elements {
        let (id, mut element) = element(file, known, finder);
        if let (ElementFile::Pin(file), Element::Pin(pin)) = (file, &mut element) {
            pages::hang(file, pin, &placed, (known, finder));
        }
        if placed.iter().any(|other| *other.id == *id) {
            let place = finder.places.of_id(id);
            finder.error(
                "twice",
                place,
                None,
                (format!("two elements are called \"{id}\""), "give one another id".into()),
            );
        }
        let is_shared = scene.shared.iter().any(|shared| shared == id);
        let own = || Thing::Element(scene.id.as_str().into(), id.into());
        let thing = if is_shared { Thing::Shared(id.into()) } else { own() };
        placed.push(Placed { id: id.into(), thing, shown: false, emphasis: Emphasis::Plain, element });
    }
    placed
}

fn text_role(role: TextRoleFile) -> (TextRole, f32, Face, Ink) {
    match role {
        TextRoleFile::Title => (TextRole::Title, 120.0, Face::SemiBold, Ink::Text),
        TextRoleFile::Heading => (TextRole::Heading, 64.0, Face::SemiBold, Ink::Text),
        TextRoleFile::Body => (TextRole::Body, 44.0, Face::Regular, Ink::Text2),
        TextRoleFile::Label => (TextRole::Label, 44.0, Face::SemiBold, Ink::Text),
        TextRoleFile::Secondary => (TextRole::Secondary, 36.0, Face::Regular, Ink::Text2),
        TextRoleFile::Note => (TextRole::Note, 28.0, Face::Regular, Ink::Text2),
    }
}

pub(super) fn number_role(role: NumberRoleFile) -> (NumberRole, f32) {
    match role {
        NumberRoleFile::Hero => (NumberRole::Hero, 132.0),
        NumberRoleFile::Monitor => (NumberRole::Monitor, 96.0),
        NumberRoleFile::Body => (NumberRole::Body, 44.0),
    }
}

fn element<'f>(file: &'f ElementFile, known: Known<'_>, finder: &mut Finder<'_>) -> (&'f str, Element) {
    let scales = &known.world.scales;
    match file {
        ElementFile::Text { id, at, words, role, align, size, face, ink, width } => {
            let (role, own_size, own_face, own_ink) = text_role(*role);
            let text = TextElement {
                at: point(*at),
                words: known.words(words, None, finder),
                role,
                align: *align,
                size: size.unwrap_or(own_size),
                face: face.unwrap_or(own_face),
                ink: ink.unwrap_or(own_ink),
                width: *width,
            };
            (id, Element::Text(text))
        }
        ElementFile::Number { id, at, quantity, role, align, size } => {
            (id, Element::Number(number(quantity, None, (point(*at), *role, *align, *size), (known, finder))))
        }
        ElementFile::Reading { id, at, bind, role, align, size } => {
            let (role, own) = number_role(*role);
            let binding = binding(bind, scales, None, finder);
            let reading = ReadingElement { at: point(*at), binding, role, align: *align, size: size.unwrap_or(own) };
            (id, Element::Reading(reading))
        }
        ElementFile::Box { id, bounds, radius, ink, fill, hatch, dashed, glow } => {
            let (stroke, fill) = outline(*ink, *dashed, *fill);
            let (rect, radius) = (rect(*bounds), *radius);
            (id, Element::Box(BoxElement { rect, radius, stroke, fill, hatch: *hatch, glow: *glow }))
        }
        ElementFile::Line { id, path, ink, width, head, dashed } => {
            let path = path.iter().copied().map(point).collect();
            let stroke = Stroke { width: *width, ink: ink.unwrap_or(Ink::Edge), dashed: *dashed };
            (id, Element::Line { path, stroke, head: *head })
        }
        ElementFile::Image { id, bounds, path, alt } => {
            (id, Element::Image { rect: rect(*bounds), path: path.as_str().into(), alt: alt.as_str().into() })
        }
        ElementFile::Chart { id, bounds, bind, ink, absent } => {
            let binding = binding(bind, scales, None, finder);
            let absent = absent.as_deref().unwrap_or("no source").into();
            (id, Element::Chart(ChartElement { rect: rect(*bounds), binding, ink: *ink, absent }))
        }
        ElementFile::Table { id, at, columns, rows, row_height, size } => {
            let rows = cells(rows, None, known, finder);
            let (at, size) = (point(*at), size.unwrap_or(36.0));
            (id, Element::Table(TableElement { at, columns: columns.clone(), rows, row_height: *row_height, size }))
        }
        ElementFile::Meter { id, bounds, bind, ink } => {
            let binding = binding(bind, scales, None, finder);
            (id, Element::Meter(MeterElement { rect: rect(*bounds), binding, ink: *ink }))
        }
        ElementFile::Icon { id, at, icon, size, ink, fill } => {
            let (size, ink) = (size.unwrap_or(44.0), ink.unwrap_or(Ink::Text));
            (id, Element::Icon { at: point(*at), icon: *icon, size, ink, fill: *fill })
        }
        ElementFile::Node(file) => (&file.id, pages::node(file, known, finder)),
        ElementFile::Chip(file) => {
            let rect = Rect::from_min_size(point(file.at), vec2(file.size, file.size));
            (&file.id, Element::Chip { rect, on: file.on })
        }
        ElementFile::Dot(DotFile { id, at, radius, ink }) => {
            (id, Element::Dot { at: point(*at), radius: *radius, ink: *ink })
        }
        ElementFile::Axis(AxisFile { id, at, width, scale }) => {
            (id, Element::Axis { at: point(*at), width: *width, scale: pages::scale(scale, known, finder) })
        }
        ElementFile::Pin(file) => (&file.id, pages::pin(file, known, finder)),
        ElementFile::Bar(file) => (&file.id, pages::bar(file, known, finder)),
        ElementFile::Grid(file) => (&file.id, pages::grid(file, known, finder)),
        ElementFile::Customer(file) => (&file.id, pages::customer(file, known)),
    }
}

/// Edge and fill of a box.
pub(super) fn outline(ink: Option<Ink>, dashed: bool, fill: FillFile) -> (Stroke, Fill) {
    let ink = ink.unwrap_or(Ink::Edge);
    let fill = match fill {
        FillFile::None => Fill::None,
        FillFile::Slate => Fill::Slate,
        FillFile::Tint(level) => Fill::Tint(ink, level),
    };
    (Stroke { dashed, ..Stroke::new(4.0, ink) }, fill)
}

pub(super) fn cells(
    rows: &[Vec<String>],
    step: Option<usize>,
    known: Known<'_>,
    finder: &mut Finder<'_>,
) -> Vec<Vec<Words>> {
    let mut cell = |words: &String| known.words(words, step, finder);
    rows.iter().map(|row| row.iter().map(&mut cell).collect()).collect()
}

type NumberPlace = (Pos2, NumberRoleFile, Align, Option<f32>);

pub(super) fn number(
    id: &str,
    step: Option<usize>,
    place: NumberPlace,
    (known, finder): (Known<'_>, &mut Finder<'_>),
) -> NumberElement {
    let (at, role, align, size) = place;
    let (role, own) = number_role(role);
    let quantity = known.sources.quantities.get(id);
    if quantity.is_none() {
        let ids: Vec<&str> = known.sources.quantities.keys().map(String::as_str).collect();
        finder.unknown("quantity", id, step, &ids);
    }
    let (value, digits, unit) = quantity.map_or((0.0, String::new(), String::new()), |quantity| {
        (quantity.value, quantity.digits(), quantity.unit.clone())
    });
    let size = size.unwrap_or(own);
    NumberElement { at, quantity: id.to_owned(), value, digits: digits.into(), unit: unit.into(), role, align, size }
}
