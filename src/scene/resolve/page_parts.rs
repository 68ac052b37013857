//! What pages are made of besides words and boxes: nodes, axes with their pins, bars, grids; and their cards.

use std::sync::Arc;

use egui::emath::{Pos2, Rect};

use crate::figures::Cause;
use crate::picture::{Align, Thing};
use crate::plural::counted;
use crate::ron_text::Finder;
use crate::scene::binding::Scale;
use crate::scene::file::{CardFile, CellFile, GridFile, NodeFile, PinFile, SpotFile, TimeFile};
use crate::scene::model::{
    Card, CustomerElement, Element, Gauge, Grid, GridCell, GridColumn, GridRow, NodeElement, PinElement, Placed, Spot,
};
use crate::scene::template::Words;
use crate::signal::Subject;

use super::known::{Known, check_source, figure_id, find_scale, outline, rect};

/// Words in a node or in a cell of a grid.
const NODE_SIZE: f32 = 36.0;

pub(super) fn node(file: &NodeFile, known: Known<'_>, finder: &mut Finder<'_>) -> Element {
    let (stroke, fill) = outline(file.ink, file.dashed, file.fill);
    Element::Node(NodeElement {
        rect: rect(file.bounds),
        words: known.template(&file.words, None, finder),
        note: file.note.as_ref().map(|note| known.template(note, None, finder)),
        icon: file.icon,
        stroke,
        fill,
        size: file.size.unwrap_or(NODE_SIZE),
    })
}

/// The words at times of a chart over so many seconds.
pub(super) fn times(
    id: &str,
    files: &[TimeFile],
    window_secs: f64,
    known: Known<'_>,
    finder: &mut Finder<'_>,
) -> Vec<(f64, Words)> {
    let mut time = |file: &TimeFile| {
        if !(0.0..=window_secs).contains(&file.ago_secs) {
            let place = finder.places.of_words(id, &file.words, None);
            let message = format!("\"{}\" stands at no time of the chart \"{id}\"", file.words);
            finder.error("count", place, message, "ago_secs from 0, now, to the chart's window_secs");
        }
        (file.ago_secs, known.template(&file.words, None, finder))
    };
    files.iter().map(&mut time).collect()
}

pub(super) fn customer(rect: Rect, known: Known<'_>) -> Element {
    let customer = known.sources.customer.as_ref();
    let name = customer.map_or("", |customer| &customer.name).into();
    let logo = customer.and_then(|customer| customer.logo.as_deref()).map(Into::into);
    Element::Customer(CustomerElement { rect, name, logo })
}

pub(super) fn grid(file: &GridFile, known: Known<'_>, finder: &mut Finder<'_>) -> Element {
    let columns: Vec<GridColumn> = (file.columns.iter())
        .map(|column| GridColumn {
            words: known.template(&column.words, None, finder),
            on: column.on.map(Into::into),
            with: column.with.iter().map(|id| id.as_str().into()).collect(),
        })
        .collect();
    let rows = file.rows.iter().map(|row| {
        if row.cells.len() != columns.len() {
            let place = finder.places.of_words(&file.id, &row.words, None);
            let (cells, columns) = (counted(row.cells.len(), "cell"), counted(columns.len(), "column"));
            let message = format!("the row \"{}\" has {cells} for {columns}", row.words);
            finder.error("grid", place, message, "one cell for each column");
        }
        let cells = row.cells.iter().map(|file| cell(file, known, finder)).collect();
        GridRow { words: known.template(&row.words, None, finder), strong: row.strong, cells }
    });
    let rows = rows.collect();
    let size = file.size.unwrap_or(NODE_SIZE);
    Element::Grid(Grid { rect: rect(file.bounds), head: file.head, columns, rows, look: file.look, size })
}

/// What goes the way of a grid's column is there, and is of a kind that can.
pub(super) fn check_columns(placed: &[Placed], finder: &mut Finder<'_>) {
    let grids =
        placed.iter().filter_map(|placed| if let Element::Grid(grid) = &placed.element { Some(grid) } else { None });
    for id in grids.flat_map(|grid| &grid.columns).flat_map(|column| &column.with) {
        match placed.iter().find(|placed| placed.id == *id).map(|placed| &placed.element) {
            Some(Element::Box(_) | Element::Text(_)) => {}
            Some(_) => {
                let message = format!("\"{id}\" cannot go the way of a column");
                finder.error("grid", finder.places.of_name(id, None), message, "a Box or a Text does");
            }
            None => finder.unknown("element", id, placed.iter().map(|placed| &*placed.id), None),
        }
    }
}

fn cell(file: &CellFile, known: Known<'_>, finder: &mut Finder<'_>) -> GridCell {
    GridCell {
        words: known.template(&file.words, None, finder),
        ink: file.ink,
        level: file.level,
        card: file.card.as_ref().map(|file| Arc::new(card(file, known, finder))),
    }
}

fn card(file: &CardFile, known: Known<'_>, finder: &mut Finder<'_>) -> Card {
    if let Some(source) = &file.source {
        check_source(source, known.sources, None, finder);
    }
    let mut words = |words: &String| known.template(words, None, finder);
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
        let ids = placed.iter().map(|placed| &*placed.id).chain(Subject::ALL.map(Subject::id));
        finder.unknown("element", id, ids, None);
    }
    found
}

/// A pin, not yet on its axis.
pub(super) fn pin(file: &PinFile, known: Known<'_>, finder: &mut Finder<'_>) -> Element {
    let gauge = Gauge { figure: file.quantity.as_str().into(), scale: no_scale(), unit_ratio: 1.0 };
    Element::Pin(PinElement {
        at: Pos2::ZERO,
        width: 0.0,
        rise: file.rise,
        words: known.template(&file.words, None, finder),
        gauge,
        ink: file.ink,
        align: file.align.unwrap_or(Align::Center),
    })
}

/// Hangs a pin on its axis, which stands before it in the file.
pub(super) fn hang(file: &PinFile, pin: &mut PinElement, placed: &[Placed], known: Known<'_>, finder: &mut Finder<'_>) {
    let axes = placed.iter().filter(|other| matches!(other.element, Element::Axis { .. }));
    finder.require("axis", &file.axis, axes.map(|axis| &*axis.id), None);
    let found = placed.iter().find(|other| *other.id == *file.axis).map(|other| &other.element);
    if let Some(Element::Axis { at, width, scale }) = found {
        (pin.at, pin.width) = (*at, *width);
        pin.gauge = gauge(&file.quantity, scale.clone(), known, finder);
    }
}

/// The declared scale of this name, or one that stands for it.
pub(super) fn scale(name: &str, known: Known<'_>, finder: &mut Finder<'_>) -> Scale {
    find_scale(name, &known.world.scales, None, finder).unwrap_or_else(no_scale)
}

/// What stands where a scale is not known.
fn no_scale() -> Scale {
    Scale { id: "".into(), unit: "".into(), from: 0.0, to: 1.0, log: false }
}

/// A figure on a scale. One in another unit, or beyond the scale, is an error: a bar must not lie.
pub(super) fn gauge(id: &str, scale: Scale, known: Known<'_>, finder: &mut Finder<'_>) -> Gauge {
    let figure = figure_id(id, None, known, finder);
    let Some(shown) = known.figures.shown(id) else { return Gauge { figure, scale, unit_ratio: 0.0 } };
    let least = if scale.log { scale.from * 0.9999 } else { 0.0 };
    // Another's value may lie beyond what the author expected: it ends at the end, and its words say how much.
    let is_theirs = shown.cause != Cause::Told;
    let is_on = |ratio: &f64| is_theirs || (least..=scale.to * 1.0001).contains(&(shown.value.from * ratio));
    let unit_ratio = known.figures.unit_ratio(id, &scale.unit).filter(is_on).unwrap_or_else(|| {
        let place = finder.places.of_name(id, None);
        let Scale { id: name, unit, from, to, .. } = &scale;
        let message = format!("\"{id}\" is {}; the scale \"{name}\" goes from {from:e} to {to:e} {unit}", shown.words);
        finder.error("off-scale", place, message, "choose a scale in its unit that reaches as far");
        0.0
    });
    Gauge { figure, scale, unit_ratio }
}
