//! What pages are made of besides words: boxes, nodes, chips, dots, axes with their pins, bars, the customer's logo.

use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::figures::{Figures, grouped_digits};
use crate::measure;
use crate::picture::{Align, Face, Fill, Hatch, Id, Ink, Layer, Mark, Picture, Role, Shape, Stroke};
use crate::scene::binding::Scale;
use crate::scene::model::{BoxElement, CustomerElement, Emphasis, NodeElement, PinElement};
use crate::signal::{Subject, Tier};
use crate::timeline::numerals;
use crate::timeline::words::{LEADING, Style, boxed, half_cap, lines, mark, text, width};

/// Air between a node's edge and what it holds.
const AIR: f32 = 24.0;

fn said(id: Id, role: Role, shape: Shape) -> Mark {
    mark(id, role, Layer::Said, shape)
}

/// The ink of a floor or of the hall.
pub(crate) fn ink_of(place: Subject) -> Ink {
    place.tier().map_or(Ink::Compute, Ink::of)
}

/// Width of an edge, by how it is pointed out.
pub(crate) fn edge(stroke: Stroke, emphasis: Emphasis) -> Stroke {
    if emphasis == Emphasis::Highlight { Stroke { width: 8.0, ..stroke } } else { stroke }
}

/// A box of a page: its halo, fill, edge and plate.
pub(crate) fn draw_box(id: &Id, element: &BoxElement, emphasis: Emphasis, picture: &mut Picture) {
    let BoxElement { rect, radii, edged, fill, hatch, glow, .. } = *element;
    let stroke = edge(element.stroke, emphasis);
    if glow {
        let radius = radii[0];
        picture.push(said(id.nth(2), Role::Box, Shape::Halo { rect, radius, ink: stroke.ink, level: 0.55 }));
    }
    let whole = (edged == [true; 4]).then_some(stroke);
    let radii = met_radii(radii, edged);
    picture.push(said(id.clone(), Role::Box, Shape::Rect { rect, radii, fill, stroke: whole }));
    if whole.is_none() {
        let Stroke { width, ink, dashed } = stroke;
        for (nth, path) in edge_paths(rect, radii, edged).into_iter().enumerate() {
            let shape = Shape::Line { path: path.into(), width, ink, head: false, dashed };
            picture.push(said(id.nth(3 + nth as u32), Role::Rule, shape));
        }
    }
    if let Some(kind) = hatch {
        let plate = Rect::from_min_size(rect.min + vec2(2.0, 2.0), vec2(46.0, rect.height() - 4.0));
        picture.push(said(id.nth(1), Role::Plate, Shape::Hatch { rect: plate, kind, ink: stroke.ink }));
    }
}

/// A closed outline of any form.
pub(crate) fn polygon(id: &Id, points: &Arc<[Pos2]>, stroke: Stroke, fill: Fill, picture: &mut Picture) {
    let shape = Shape::Polygon { points: points.clone(), fill, stroke };
    picture.push(said(id.clone(), Role::Box, shape));
}

/// Straight pieces of a corner of an edge.
const CORNER_PIECES: usize = 8;

/// Corners are round where two edges meet, and square where one ends alone; a box without any edge keeps its own.
fn met_radii(radii: [f32; 4], edged: [bool; 4]) -> [f32; 4] {
    if edged == [false; 4] {
        return radii;
    }
    // The corner after the left side is the first one.
    std::array::from_fn(|corner| if edged[corner] && edged[(corner + 1) % 4] { radii[corner] } else { 0.0 })
}

/// The edge along the chosen sides, in the order of left, top, right, bottom: neighbours are one path with its round corner.
fn edge_paths(rect: Rect, radii: [f32; 4], edged: [bool; 4]) -> Vec<Vec<Pos2>> {
    // Begun behind a gap, no path is cut in two.
    let Some(gap) = edged.iter().position(|is_edged| !is_edged) else { return Vec::new() };
    let most = 0.5 * rect.width().min(rect.height()).max(0.0);
    // Where each side ends, clockwise from the left one.
    let ends = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
    let mut paths: Vec<Vec<Pos2>> = Vec::new();
    for side in (gap + 1..gap + 4).map(|side| side % 4) {
        let before = (side + 3) % 4;
        let (from, to) = (ends[before], ends[side]);
        if edged[side] {
            let along = (to - from).normalized();
            let radius = |corner: usize| radii[corner].clamp(0.0, most);
            let (begin, end) = (from + along * radius(before), to - along * radius(side));
            match paths.last_mut().filter(|_| edged[before]) {
                Some(path) => {
                    path.extend(rounded(path.last().copied().unwrap_or(from), from, begin));
                    path.push(end);
                }
                None => paths.push(vec![begin, end]),
            }
        }
    }
    paths
}

/// A quarter of a circle from one point to another around a corner, without its first point.
fn rounded(from: Pos2, corner: Pos2, to: Pos2) -> impl Iterator<Item = Pos2> {
    let (back, on) = (from - corner, to - corner);
    (1..=CORNER_PIECES).map(move |piece| {
        let turn = std::f32::consts::FRAC_PI_2 * piece as f32 / CORNER_PIECES as f32;
        corner + back * (1.0 - turn.sin()) + on * (1.0 - turn.cos())
    })
}

/// A box with words in it, an icon left of them or not.
pub fn node(id: &Id, node: &NodeElement, emphasis: Emphasis, figures: &Figures, picture: &mut Picture) {
    let NodeElement { rect, words, note, icon, stroke, fill, size } = node;
    let stroke = edge(*stroke, emphasis);
    picture.push(boxed(id.clone(), Role::Box, Layer::Said, *rect, (16.0, *fill, Some(stroke))));
    let mut inner = rect.shrink2(vec2(AIR, 0.0));
    let align = if let Some(kind) = icon {
        let side = (rect.height() - 2.0 * AIR).min(84.0);
        let center = pos2(inner.left() + side / 2.0, rect.center().y);
        picture.push(said(id.nth(90), Role::Icon, Shape::icon(*kind, center, side, Ink::Text)));
        inner.min.x += side + 20.0;
        Align::Left
    } else {
        Align::Center
    };
    let said = measure::wrap(&words.filled(figures), Face::SemiBold, *size, inner.width());
    let notes = note.as_ref().map(|note| measure::wrap(&note.filled(figures), Face::Regular, 28.0, inner.width()));
    let notes = notes.unwrap_or_default();
    let tall = size * LEADING * (said.len() as f32 - 1.0) + 40.0 * notes.len() as f32;
    let x = if align == Align::Left { inner.left() } else { inner.center().x };
    let first = rect.center().y + half_cap(*size) - tall / 2.0;
    let style = Style::new(Role::Secondary, Layer::Said, *size).strong().align(align);
    let below = first + size * LEADING * (said.len() as f32 - 1.0) + 40.0;
    lines(&id.nth(10), said, pos2(x, first), (style, size * LEADING), picture);
    let style = Style::new(Role::Caption, Layer::Said, 28.0).ink(Ink::Text).align(align);
    lines(&id.nth(30), notes, pos2(x, below), (style, 36.0), picture);
}

/// The mark of a floor: its hatch in a box with its edge. The hall's is full of its ink.
pub(crate) fn chip(id: &Id, rect: Rect, on: Subject, picture: &mut Picture) {
    let ink = ink_of(on);
    let stroke = Some(Stroke::new(4.0, ink));
    let Some(tier) = on.tier().filter(|tier| *tier != Tier::T0) else {
        picture.push(boxed(id.clone(), Role::Plate, Layer::Said, rect, (10.0, Fill::Flat(ink, 1.0), stroke)));
        return;
    };
    let shape = Shape::Hatch { rect: rect.shrink(1.0), kind: Hatch::of(tier), ink };
    picture.push(said(id.nth(1), Role::Plate, shape));
    picture.push(boxed(id.clone(), Role::Plate, Layer::Said, rect, (10.0, Fill::None, stroke)));
}

pub fn dot(id: &Id, at: Pos2, radius: f32, ink: Ink, picture: &mut Picture) {
    picture.push(said(id.clone(), Role::Dot, Shape::Dot { center: at, radius, ink, filled: true }));
}

/// A bar from the left edge of its scale. Nothing is made longer to be seen, but for the two units of an edge.
pub fn bar(id: &Id, rect: Rect, share: f32, ink: Ink, picture: &mut Picture) {
    let long = Rect::from_min_size(rect.min, vec2((rect.width() * share).max(2.0), rect.height()));
    let radius = 6.0_f32.min(long.width() / 2.0);
    let shape = (radius, Fill::Shade { ink, top: 1.0, low: 0.7 }, None);
    picture.push(boxed(id.clone(), Role::Box, Layer::Said, long, shape));
}

/// The ends and steps of a scale, in values: decades, or quarters.
fn ticks(scale: &Scale) -> Vec<f64> {
    if !scale.log {
        return (0..=4).map(|n| scale.from + (scale.to - scale.from) * f64::from(n) / 4.0).collect();
    }
    let (first, last) = (scale.from.log10().ceil() as i32, (scale.to * 1.0001).log10().floor() as i32);
    (first..=last).map(|decade| 10_f64.powi(decade)).collect()
}

/// `1 GB`, then `10`, `100`: the unit stands where it changes.
fn tick_words(scale: &Scale, value: f64, first: bool) -> String {
    if !scale.unit.starts_with('B') {
        return format!("{} {}", grouped_digits(value), scale.unit).trim().to_owned();
    }
    let numerals = numerals::bytes(value, &scale.unit);
    let digits = numerals.digits.trim_end_matches(".0").to_owned();
    if value == 0.0 || (scale.log && digits != "1" && !first) {
        return digits;
    }
    format!("{digits}\u{2009}{}", numerals.unit)
}

/// A scale as a line with its ticks and their values under it.
pub fn axis(id: &Id, at: Pos2, wide: f32, scale: &Scale, picture: &mut Picture) {
    let line = |from: Pos2, to: Pos2, thick: f32| {
        let path = [from, to].into();
        Shape::Line { path, width: thick, ink: Ink::Edge, head: false, dashed: false }
    };
    picture.push(said(id.clone(), Role::Rule, line(at, at + vec2(wide, 0.0), 4.0)));
    let style = Style::new(Role::Secondary, Layer::Said, 36.0).align(Align::Center);
    for (part, value) in ticks(scale).into_iter().enumerate() {
        let x = at.x + wide * scale.exact_share(value);
        let tick = line(pos2(x, at.y - 14.0), pos2(x, at.y + 14.0), 4.0);
        picture.push(said(id.nth(1 + part as u32), Role::Rule, tick));
        let words = tick_words(scale, value, part == 0);
        picture.push(text(id.nth(50 + part as u32), words, pos2(x, at.y + 62.0), style));
    }
}

/// A figure at its place on an axis.
pub(crate) fn pin(id: &Id, pin: &PinElement, figures: &Figures, picture: &mut Picture) {
    let PinElement { at: from, width, rise, words, gauge, ink, align } = pin;
    let at = pos2(from.x + width * gauge.share(figures), from.y);
    let tip = pos2(at.x, at.y - rise);
    let path: Arc<[Pos2]> = [at, tip].into();
    let stem = Shape::Line { path, width: 4.0, ink: *ink, head: false, dashed: false };
    picture.push(said(id.nth(1), Role::Rule, stem));
    picture.push(said(id.clone(), Role::Dot, Shape::Dot { center: at, radius: 14.0, ink: *ink, filled: true }));
    let x = match align {
        Align::Left => tip.x - 14.0,
        Align::Center => tip.x,
        Align::Right => tip.x + 14.0,
    };
    let (first, second) = if *rise >= 0.0 { (tip.y - 72.0, tip.y - 24.0) } else { (tip.y + 52.0, tip.y + 100.0) };
    let style = Style::new(Role::Label, Layer::Said, 44.0).strong().align(*align);
    picture.push(text(id.nth(2), words.filled(figures), pos2(x, first), style));
    let style = Style::new(Role::Secondary, Layer::Said, 36.0).align(*align);
    let value = figures.shown(&gauge.figure).map_or_else(|| "".into(), |shown| shown.words.clone());
    picture.push(text(id.nth(3), value, pos2(x, second), style));
}

/// The customer's logo, or the name where there is none.
pub fn customer(id: &Id, element: &CustomerElement, picture: &mut Picture) {
    let CustomerElement { rect, name, logo } = element;
    if let Some(path) = logo {
        picture.push(said(id.clone(), Role::Image, Shape::Image { rect: *rect, path: path.clone() }));
    } else if !name.is_empty() {
        let fitting = (rect.width() / width(name, Face::SemiBold, 1.0).max(0.1)).max(28.0);
        let size = (0.5 * rect.height()).clamp(36.0, 64.0).min(fitting);
        let style = Style::new(Role::Label, Layer::Said, size).strong();
        picture.push(text(id.clone(), name.clone(), pos2(rect.left(), rect.center().y + half_cap(size)), style));
    }
}
