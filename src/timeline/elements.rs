//! What a scene draws besides the world.

use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::measure;
use crate::picture::{Align, Chart, Face, Fill, Hatch, Id, Ink, Layer, Part, Picture, Role, Shape, Stroke};
use crate::scene::binding::Binding;
use crate::scene::model::{
    Element, Emphasis, NumberElement, NumberRole, Placed, ReadingElement, TextElement, TextRole,
};
use crate::scene::sources::{Words, plain};
use crate::signal::{Quantity, Signal};
use crate::timeline::blocks::{self, BoxPlace};
use crate::timeline::ease::Ease;
use crate::timeline::figures::{self, Figures};
use crate::timeline::grid;
use crate::timeline::moment::Moment;
use crate::timeline::seen::State;
use crate::timeline::words::{Number, Style, boxed, half_cap, lines, mark, text, width};

/// Draws the elements the step shows.
pub fn draw(moment: &Moment<'_>, picture: &mut Picture) {
    for placed in moment.step.elements.iter().filter(|placed| placed.shown) {
        let first = picture.marks.len();
        let thing = moment.scene.thing(&placed.id);
        let emphasis = moment.focused(&thing).unwrap_or(placed.emphasis);
        one(moment, &Id::new(thing), (placed, emphasis), picture);
        if emphasis == Emphasis::Dim {
            dim(picture, first);
        }
    }
}

/// Dimmed shapes keep a part of their strength; words keep all of it, in the second ink: half-dimmed words cannot be read.
fn dim(picture: &mut Picture, first: usize) {
    for mark in &mut picture.marks[first..] {
        match &mut mark.shape {
            Shape::Text(text) => text.ink = Ink::Text2,
            _ => mark.opacity *= 0.4,
        }
    }
}

fn one(moment: &Moment<'_>, id: &Id, (placed, emphasis): (&Placed, Emphasis), picture: &mut Picture) {
    match &placed.element {
        Element::Text(element) => words(id, element, picture),
        Element::Number(element) => number(moment, id, element, picture),
        Element::Reading(element) => reading(moment, id, element, picture),
        Element::Box { rect, radius, stroke, fill, hatch, glow } => {
            let stroke = blocks::edge(*stroke, emphasis);
            let (rect, radius, fill, hatch, glow) = (*rect, *radius, *fill, *hatch, *glow);
            blocks::draw_box(id, &BoxPlace { rect, radius, stroke, fill, hatch, glow }, picture);
        }
        Element::Node(element) => blocks::node(id, element, emphasis, picture),
        Element::Chip { rect, on } => blocks::chip(id, *rect, *on, picture),
        Element::Dot { at, radius, ink } => blocks::dot(id, *at, *radius, *ink, picture),
        Element::Axis { at, width, scale } => blocks::axis(id, *at, *width, scale, picture),
        Element::Pin(element) => blocks::pin(id, element, picture),
        Element::Bar { rect, share, ink, quantity: _ } => blocks::bar(id, (*rect, *share), *ink, picture),
        Element::Grid(element) => grid::draw(id, element, moment.stage.folded, picture),
        Element::Customer { rect, name, logo } => blocks::customer(id, *rect, (name, logo.as_ref()), picture),
        Element::Line { path, stroke, head } => {
            let Stroke { width, ink, dashed } = *stroke;
            let layer = if ink == Ink::Edge { Layer::Told } else { Layer::Said };
            let shape = Shape::Line { path: path.clone(), width, ink, head: *head, dashed };
            picture.push(mark(id.clone(), Role::Rule, layer, shape));
        }
        Element::Image { rect, path, .. } => {
            picture.push(mark(id.clone(), Role::Image, Layer::Said, Shape::Image { rect: *rect, path: path.clone() }));
        }
        Element::Chart { rect, binding, ink, absent } => {
            chart(moment, id, &ChartPlace { rect: *rect, binding, ink: *ink, absent, labels: true }, picture);
        }
        Element::Table { at, columns, rows, row_height, size } => {
            table(id, &TablePlace { at: *at, columns, rows, row_height: *row_height, size: *size }, picture);
        }
        Element::Meter { rect, binding, ink } => meter(moment, id, (*rect, binding, *ink), picture),
        Element::Icon { at, icon, size, ink, fill } => {
            let shape = Shape::Icon { kind: *icon, center: *at, size: *size, ink: *ink, fill: *fill };
            picture.push(mark(id.clone(), Role::Icon, Layer::Said, shape));
        }
    }
}

fn role_of(role: TextRole) -> Role {
    match role {
        TextRole::Title | TextRole::Heading => Role::Heading,
        TextRole::Body => Role::Body,
        TextRole::Label => Role::Label,
        TextRole::Secondary => Role::Secondary,
        TextRole::Note => Role::Caption,
    }
}

fn words(id: &Id, element: &TextElement, picture: &mut Picture) {
    let TextElement { at, words, role, align, size, face, ink, width } = element;
    let style = Style { role: role_of(*role), layer: Layer::Said, size: *size, face: *face, ink: *ink, align: *align };
    let Some(width) = width else {
        picture.push(text(id.clone(), words.text.clone(), *at, style));
        return;
    };
    lines(id, measure::wrap(&words.text, *face, *size, *width), *at, (style, size * 1.3), picture);
}

fn number_role(role: NumberRole) -> Role {
    match role {
        NumberRole::Hero => Role::Hero,
        NumberRole::Monitor => Role::Monitor,
        NumberRole::Body => Role::Body,
    }
}

fn number(moment: &Moment<'_>, id: &Id, element: &NumberElement, picture: &mut Picture) {
    let style = Style::new(number_role(element.role), Layer::Said, element.size).strong().align(element.align);
    let digits = counted(moment, id, element).unwrap_or_else(|| element.digits.to_string());
    let figures = Figures { digits, unit: element.unit.to_string() };
    Number { id: id.clone(), figures, at: element.at, style }.draw(picture);
}

/// The digits on the way up, while the step counts this number.
fn counted(moment: &Moment<'_>, id: &Id, element: &NumberElement) -> Option<String> {
    let count = moment.step.motion.counts.iter().find(|count| &*count.id == id.thing.word())?;
    if moment.stage.reduced || moment.secs >= count.secs {
        return None;
    }
    let share = f64::from(Ease::InOutCubic.at(moment.secs / count.secs));
    Some(plain((count.from + (element.value - count.from) * share).round()))
}

fn reading(moment: &Moment<'_>, id: &Id, element: &ReadingElement, picture: &mut Picture) {
    let seen = moment.stage.seen;
    let state = seen.state_of(&element.binding);
    let style = Style::new(number_role(element.role), Layer::Measured, element.size).strong().align(element.align);
    let Some(value) = element.binding.value(seen.numerals).filter(|_| state.is_known()) else {
        let style = Style { size: 44.0, role: Role::NoSource, ..style };
        picture.push(text(id.clone(), state.to_string(), element.at, style));
        return;
    };
    let style = if matches!(state, State::Stale { .. }) { style.ink(Ink::Text2) } else { style };
    Number { id: id.clone(), figures: figures_of(&element.binding, value), at: element.at, style }.draw(picture);
}

/// A value in the unit of what is bound.
pub fn figures_of(binding: &Binding, value: f64) -> Figures {
    let quantity = binding.signals.first().map(|signal: &Signal| signal.quantity);
    match quantity {
        Some(Quantity::UsedRatio | Quantity::BusyRatio) => figures::percent(value),
        Some(Quantity::RequestsPerSec) => figures::count(value, "req/s"),
        Some(Quantity::ErrorsPerSec | Quantity::TransitionsPerSec) => figures::count(value, "/s"),
        Some(Quantity::UsedBytes | Quantity::CapacityBytes | Quantity::QuotaBytes | Quantity::VramUsedBytes) => {
            figures::bytes(value, "B")
        }
        Some(Quantity::ReadBytesPerSec | Quantity::WriteBytesPerSec) => figures::bytes(value, "B/s"),
        _ => figures::count(value, ""),
    }
}

/// Where a chart stands and what it shows.
pub struct ChartPlace<'a> {
    pub rect: Rect,
    pub binding: &'a Binding,
    pub ink: Ink,
    pub absent: &'a Arc<str>,
    /// End values and time beside it.
    pub labels: bool,
}

/// A chart of the last minutes, or the hatch of "no source".
pub fn chart(moment: &Moment<'_>, id: &Id, place: &ChartPlace<'_>, picture: &mut Picture) {
    let seen = moment.stage.seen;
    if !seen.state_of(place.binding).is_known() {
        return unknown(id, place.rect, place.absent, picture);
    }
    let series = (seen.series)(place.binding);
    let top = place.binding.scale.as_ref().map_or_else(|| nice_top(series.peak), |scale| scale.to);
    let grid: Arc<[f64]> = [0.0, top / 2.0, top].into();
    let data = Chart { rect: place.rect, ink: place.ink, columns: series.columns, top, grid, head: !place.labels };
    picture.push(mark(id.clone(), Role::Chart, Layer::Measured, Shape::Chart(data)));
    if place.labels {
        axis(id, place, (top, series.window_secs), picture);
    }
}

/// The next of 1, 2, 5, 10 … above the peak.
fn nice_top(peak: f64) -> f64 {
    if peak <= 0.0 {
        return 1e6;
    }
    let decade = 10_f64.powf(peak.log10().floor());
    [1.0, 2.0, 4.0, 5.0, 10.0]
        .into_iter()
        .map(|step| step * decade)
        .find(|top| *top >= peak * 1.04)
        .unwrap_or(decade * 10.0)
}

/// Top and foot values at the left, minutes below.
fn axis(id: &Id, place: &ChartPlace<'_>, (top, window_secs): (f64, f64), picture: &mut Picture) {
    let style = Style::new(Role::Caption, Layer::Measured, 28.0).align(Align::Right);
    let Rect { min, max } = place.rect;
    let words = figures_of(place.binding, top).round_words();
    picture.push(text(id.nth(1), words, pos2(min.x - 16.0, min.y + 20.0), style));
    picture.push(text(id.nth(2), "0", pos2(min.x - 16.0, max.y), style));
    let minutes = window_secs / 60.0;
    for (part, share) in [(3, 0.0), (4, 0.5), (5, 1.0)] {
        let align = [Align::Left, Align::Center, Align::Right][part as usize - 3];
        let words = if share == 1.0 {
            "now".to_owned()
        } else {
            format!("{}{}min ago", plain((minutes * (1.0 - share)).round()), '\u{2009}')
        };
        let at = pos2(min.x + (max.x - min.x) * share as f32, max.y + 38.0);
        picture.push(text(id.nth(part), words, at, style.align(align)));
    }
}

/// Hatch over all of a place, with the words in a gap of it.
pub fn unknown(id: &Id, rect: Rect, words: &Arc<str>, picture: &mut Picture) {
    picture.push(mark(
        id.nth(8),
        Role::NoSource,
        Layer::Measured,
        Shape::Hatch { rect, kind: Hatch::NoSource, ink: Ink::Edge },
    ));
    let wide = width(words, Face::Regular, 44.0) + 120.0;
    let gap = Rect::from_center_size(rect.center(), vec2(wide.min(rect.width()), 84.0_f32.min(rect.height())));
    picture.push(boxed(id.nth(9), Role::NoSource, Layer::Measured, gap, (0.0, Fill::Flat(Ink::Floor, 1.0), None)));
    let style = Style::new(Role::NoSource, Layer::Measured, 44.0).ink(Ink::Text).align(Align::Center);
    let at = Pos2::new(rect.center().x, rect.center().y + half_cap(44.0));
    picture.push(text(id.clone(), words.clone(), at, style));
}

/// A bar filled from below.
pub fn meter(moment: &Moment<'_>, id: &Id, (rect, binding, ink): (Rect, &Binding, Ink), picture: &mut Picture) {
    let seen = moment.stage.seen;
    let stroke = Some(Stroke::new(3.0, Ink::Edge));
    picture.push(boxed(id.clone(), Role::Box, Layer::Measured, rect, (8.0, Fill::None, stroke)));
    let Some(level) = binding.level(seen.numerals).filter(|_| seen.state_of(binding).is_known()) else { return };
    let inner = rect.shrink(6.0);
    let top = inner.bottom() - inner.height() * level.share;
    let bar = Rect::from_min_max(pos2(inner.left(), top), inner.max);
    picture.push(boxed(id.nth(1), Role::Box, Layer::Measured, bar, (4.0, Fill::Flat(ink, 1.0), None)));
}

struct TablePlace<'a> {
    at: Pos2,
    columns: &'a [f32],
    rows: &'a [Vec<Words>],
    row_height: f32,
    size: f32,
}

/// The first row is the heading; a rule under each row.
fn table(id: &Id, place: &TablePlace<'_>, picture: &mut Picture) {
    let wide: f32 = place.columns.iter().sum();
    for (row, cells) in place.rows.iter().enumerate() {
        let baseline = place.at.y + place.row_height * row as f32;
        let mut x = place.at.x;
        for (column, cell) in cells.iter().enumerate() {
            let style = Style::new(Role::Secondary, Layer::Said, place.size);
            let style = if row == 0 || column == 0 { style.strong() } else { style };
            picture.push(text(
                id.part(Part::Cell { row: row as u32, column: column as u32 }),
                cell.text.clone(),
                pos2(x, baseline),
                style,
            ));
            x += place.columns.get(column).copied().unwrap_or_default();
        }
        let y = baseline + place.row_height * 0.32;
        let path = [pos2(place.at.x, y), pos2(place.at.x + wide, y)].into();
        let shape = Shape::Line { path, width: 2.0, ink: Ink::Line, head: false, dashed: false };
        picture.push(mark(id.part(Part::Rule { row: row as u32 }), Role::Rule, Layer::Said, shape));
    }
}
