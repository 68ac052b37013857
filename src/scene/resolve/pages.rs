//! What pages are made of besides words and boxes: nodes, axes with their pins, bars, grids; and their cards.

use std::sync::Arc;

use egui::emath::{Pos2, pos2};

use crate::picture::Thing;
use crate::scene::binding::Scale;
use crate::scene::file::{
    BarFile, CardFile, CellFile, CustomerPlaceFile, GridFile, NodeFile, PinFile, RowFile, SpotFile,
};
use crate::scene::model::{
    Card, CustomerElement, Element, Grid, GridCell, GridColumn, GridRow, NodeElement, PinElement, Placed, Spot,
};

use super::elements::outline;
use super::{Finder, Known, rect};

/// Words in a node or in a cell of a grid.
const NODE_SIZE: f32 = 36.0;

pub(super) fn node(file: &NodeFile, known: Known<'_>, finder: &mut Finder<'_>) -> Element {
    let (stroke, fill) = outline(file.ink, file.dashed, file.fill);
    Element::Node(NodeElement {
        rect: rect(file.bounds),
        words: known.words(&file.words, None, finder),
        note: file.note.as_ref().map(|note| known.words(note, None, finder)),
        icon: file.icon,
        stroke,
        fill,
        size: file.size.unwrap_or(NODE_SIZE),
    })
}

pub(super) fn bar(file: &BarFile, known: Known<'_>, finder: &mut Finder<'_>) -> Element {
    let share = share(&file.quantity, &scale(&file.scale, known, finder), known, finder);
    Element::Bar { rect: rect(file.bounds), share, quantity: file.quantity.clone(), ink: file.ink }
}

pub(super) fn customer(file: &CustomerPlaceFile, known: Known<'_>) -> Element {
    let customer = known.sources.customer.as_ref();
    let name = customer.map_or("", |customer| &customer.name).into();
    let logo = customer.and_then(|customer| customer.logo.as_deref()).map(Into::into);
    Element::Customer(CustomerElement { rect: rect(file.bounds), name, logo })
}

pub(super) fn grid(file: &GridFile, known: Known<'_>, finder: &mut Finder<'_>) -> Element {
    let columns: Vec<GridColumn> = (file.columns.iter())
        .map(|column| GridColumn { words: known.words(&column.words, None, finder), on: column.on })
        .collect();
    let rows = file.rows.iter().map(|row| {
        if row.cells.len() != columns.len() {
            uneven(&file.id, row, columns.len(), finder);
        }
        let cells = row.cells.iter().map(|file| cell(file, known, finder)).collect();
        GridRow { words: known.words(&row.words, None, finder), strong: row.strong, cells }
    });
    let rows = rows.collect();
    let size = file.size.unwrap_or(NODE_SIZE);
    Element::Grid(Grid { rect: rect(file.bounds), head: file.head, columns, rows, look: file.look, size })
}

fn uneven(id: &str, row: &RowFile, columns: usize, finder: &mut Finder<'_>) {
    let place = finder.places.of_words(id, &row.words, None);
    let message = format!("the row \"{}\" has {} cells for {columns} columns", row.words, row.cells.len());
    finder.error("grid", place, None, (message, "one cell for each column".into()));
}

fn cell(file: &CellFile, known: Known<'_>, finder: &mut Finder<'_>) -> GridCell {
    GridCell {
        words: known.words(&file.words, None, finder),
        ink: file.ink,
        level: file.level,
        card: file.card.as_ref().map(|file| Arc::new(card(file, known, finder))),
    }
}

fn card(file: &CardFile, known: Known<'_>, finder: &mut Finder<'_>) -> Card {
    if let Some(source) = file.source.as_ref().filter(|source| !known.sources.sources.contains_key(*source)) {
        let ids: Vec<&str> = known.sources.sources.keys().map(String::as_str).collect();
        finder.unknown("source", source, None, &ids);
    }
    let mut words = |words: &String| known.words(words, None, finder);
    let rows = file.rows.iter().map(|(name, says)| (words(name), words(says))).collect();
    Card { title: words(&file.title), rows, source: file.source.clone() }
}

/// What of a scene can be focused.
pub(super) fn spots(files: &[SpotFile], placed: &[Placed], known: Known<'_>, finder: &mut Finder<'_>) -> Vec<Spot> {
    let mut spots = Vec::new();
    for file in files {
        let links = file.links.iter().filter_map(|id| spot_thing(id, placed, finder)).collect();
        let Some(thing) = spot_thing(&file.id, placed, finder) else { continue };
        let card = file.card.as_ref().map(|file| Arc::new(card(file, known, finder)));
        spots.push(Spot { thing, links, card, copies: file.copies.as_deref().map(Into::into) });
    }
    spots
}

/// The element of this id, or the floor or the hall that is called so.
fn spot_thing(id: &str, placed: &[Placed], finder: &mut Finder<'_>) -> Option<Thing> {
    let element = placed.iter().find(|placed| *placed.id == *id).map(|placed| placed.thing.clone());
    let found = element.or_else(|| Thing::common(id).filter(|thing| !matches!(thing, Thing::Furniture(_))));
    if found.is_none() {
        let ids: Vec<&str> = placed.iter().map(|placed| &*placed.id).chain(["hall", "T0", "T1", "T2", "T3"]).collect();
        finder.unknown("element", id, None, &ids);
    }
    found
}

/// A pin, not yet on its axis.
pub(super) fn pin(file: &PinFile, known: Known<'_>, finder: &mut Finder<'_>) -> Element {
    let quantity = known.sources.quantities.get(&file.quantity);
    Element::Pin(PinElement {
        at: Pos2::ZERO,
        rise: file.rise,
        words: known.words(&file.words, None, finder),
        quantity: file.quantity.clone(),
        figures: quantity.map(|known| known.words()).unwrap_or_default().into(),
        ink: file.ink,
        align: file.align,
    })
}

/// Puts a pin at its quantity's place on its axis, which stands before it in the file.
pub(super) fn hang(
    file: &PinFile,
    pin: &mut PinElement,
    placed: &[Placed],
    (known, finder): (Known<'_>, &mut Finder<'_>),
) {
    let found = placed.iter().find(|other| *other.id == *file.axis).map(|other| &other.element);
    if let Some(Element::Axis { at, width, scale }) = found {
        pin.at = pos2(at.x + width * share(&file.quantity, scale, known, finder), at.y);
    } else {
        let ids: Vec<&str> = placed.iter().map(|other| &*other.id).collect();
        finder.unknown("axis", &file.axis, None, &ids);
    }
}

/// The declared scale of this name.
pub(super) fn scale(name: &str, known: Known<'_>, finder: &mut Finder<'_>) -> Scale {
    let scales = &known.world.scales;
    scales.iter().find(|scale| &*scale.id == name).cloned().unwrap_or_else(|| {
        let ids: Vec<&str> = scales.iter().map(|scale| &*scale.id).collect();
        finder.unknown("scale", name, None, &ids);
        Scale { id: "".into(), unit: "".into(), from: 0.0, to: 1.0, log: false }
    })
}

/// Where a quantity lies on a scale. One in another unit, or beyond the scale, is an error: a bar must not lie.
fn share(id: &str, scale: &Scale, known: Known<'_>, finder: &mut Finder<'_>) -> f32 {
    let Some(quantity) = known.sources.quantities.get(id) else {
        let ids: Vec<&str> = known.sources.quantities.keys().map(String::as_str).collect();
        finder.unknown("quantity", id, None, &ids);
        return 0.0;
    };
    let least = if scale.log { scale.from * 0.9999 } else { 0.0 };
    // A customer's own value may lie beyond what its author expected: it ends at the end, and its words say how much.
    let is_theirs = known.sources.measured(id).is_some();
    let is_on = |value: &f64| is_theirs || (least..=scale.to * 1.0001).contains(value);
    let value = quantity.base_value(&scale.unit).filter(is_on);
    value.map_or_else(
        || {
            let place = finder.places.of(id, None);
            let Scale { id: name, unit, from, to, .. } = scale;
            let message =
                format!("\"{id}\" is {}; the scale \"{name}\" goes from {from:e} to {to:e} {unit}", quantity.words());
            finder.error("off-scale", place, None, (message, "choose a scale in its unit that reaches as far".into()));
            0.0
        },
        |value| scale.exact_share(value),
    )
}
