//! Boxes, hatches, GPUs, dots, lanes and lines.

use egui::Color32;
use egui::emath::{Pos2, Rect, Vec2, lerp, pos2, vec2};

use crate::paint::canvas::{Canvas, color_at};
use crate::paint::{light, outline};
use crate::picture::{Fill, Hatch, Ink, Side, Stroke};

/// A hatch plate's left corners, which sit inside the floor's round end.
const PLATE_RADIUS: f32 = 14.0;
/// How strong the hatch of "no source" is: seen at once, and calm.
const NO_SOURCE_OPACITY: f32 = 0.42;
/// A lane hides this much of the light of its floor, so that its dots stand out.
const LANE_HIDES: f32 = 0.8;
const LANE_TINT: f32 = 0.13;
/// A floor's edge in themes that ask for nothing else.
const PLAIN_EDGE: f32 = 4.0;
/// The length of an open arrow head, on a thin line; a line as wide as this has a solid one, which grows with it: so much
/// and so many times its width, and half as wide as so much and so many times its width.
const HEAD: f32 = 18.0;
const SOLID_HEAD_WIDTH: f32 = 8.0;
const SOLID_HEAD_LENGTH: [f32; 2] = [12.0, 1.2];
const SOLID_HEAD_HALF: [f32; 2] = [6.5, 0.85];

/// A box or a floor: its fill and its edge.
pub(super) fn paint_rect(canvas: &mut Canvas<'_>, rect: Rect, radii: [f32; 4], fill: Fill, stroke: Option<Stroke>) {
    let outline = outline::rounded_each(rect, radii, canvas.px);
    match fill {
        Fill::Fade { ink, from, to } => canvas.fill_with(&outline, fade(canvas, rect, (ink, from, to))),
        Fill::Veil { reach } => light::veil(canvas, rect, radii[0], reach),
        fill => {
            if let Some(stops) = stops(canvas, rect, fill) {
                canvas.fill_shaded(&outline, &stops);
            }
        }
    }
    if let Some(stroke) = stroke {
        paint_edge(canvas, &outline, stroke);
    }
}

/// The colours of a fill at the upper and lower edge of its box; none where it has none, or fades to a side.
fn stops(canvas: &Canvas<'_>, rect: Rect, fill: Fill) -> Option<[(f32, Color32); 2]> {
    let [top, low] = match fill {
        Fill::None | Fill::Fade { .. } | Fill::Veil { .. } => return None,
        Fill::Slate => canvas.theme.slate().map(|slate| canvas.shade(slate, 1.0)),
        Fill::Flat(ink, opacity) => [canvas.shade(canvas.theme.fill(ink), opacity); 2],
        Fill::Tint(ink, level) => {
            let lit = canvas.theme.lit(ink);
            canvas.theme.slate().map(|slate| canvas.shade(slate.lerp_to_gamma(lit, level.clamp(0.0, 1.0)), 1.0))
        }
        Fill::Shade { ink, top, low } => [top, low].map(|opacity| canvas.shade(canvas.theme.fill(ink), opacity)),
        Fill::Solid { ink, top, low } => {
            let [above, below] = canvas.theme.slate();
            [(above, top), (below, low)]
                .map(|(slate, share)| canvas.shade(slate.lerp_to_gamma(canvas.theme.fill(ink), share), 1.0))
        }
    };
    Some([(rect.top(), top), (rect.bottom(), low)])
}

/// The edge of a closed outline.
fn paint_edge(canvas: &mut Canvas<'_>, outline: &[Pos2], stroke: Stroke) {
    let color = canvas.shade(canvas.theme.color(stroke.ink), 1.0);
    let width = edge_width(canvas, stroke);
    if stroke.dashed {
        let closed: Vec<Pos2> = outline.iter().chain(outline.first()).copied().collect();
        stroke_dashes(canvas, &closed, width, color);
    } else {
        canvas.stroke_closed(outline, width, color);
    }
}

/// A closed outline of any form: its fill and its edge.
pub(super) fn paint_polygon(canvas: &mut Canvas<'_>, points: &[Pos2], fill: Fill, stroke: Stroke) {
    let outline = outline::clockwise(points);
    let rect = Rect::from_points(&outline);
    match fill {
        Fill::Fade { ink, from, to } => canvas.fill_any(&outline, fade(canvas, rect, (ink, from, to))),
        fill => {
            if let Some(stops) = stops(canvas, rect, fill) {
                canvas.fill_any(&outline, |at| color_at(&stops, at.y));
            }
        }
    }
    paint_edge(canvas, &outline, stroke);
}

/// The colour at each point of an ink that fades to nothing at a side.
fn fade(canvas: &Canvas<'_>, rect: Rect, (ink, from, to): (Ink, f32, Side)) -> impl Fn(Pos2) -> Color32 + use<> {
    let color = canvas.theme.fill(ink);
    let opacity = canvas.opacity;
    move |at| {
        let left = match to {
            Side::Left => (at.x - rect.left()) / rect.width().max(1e-3),
            Side::Right => (rect.right() - at.x) / rect.width().max(1e-3),
            Side::Top => (at.y - rect.top()) / rect.height().max(1e-3),
            Side::Bottom => (rect.bottom() - at.y) / rect.height().max(1e-3),
        };
        color.gamma_multiply((from * opacity * left).clamp(0.0, 1.0))
    }
}

/// A dash and the gap after it.
const DASH: f32 = 14.0;
const GAP: f32 = 12.0;

/// A path in dashes, as many whole ones as it takes.
fn stroke_dashes(canvas: &mut Canvas<'_>, path: &[Pos2], width: f32, color: egui::Color32) {
    let length = outline::length(path);
    let every = length / (length / (DASH + GAP)).round().max(1.0);
    let mut start = 0.0;
    while start < length - 0.5 {
        canvas.stroke(&outline::path_between(path, start, start + DASH * every / (DASH + GAP)), width, color);
        start += every;
    }
}

/// A tier's edge is thicker in a theme that asks for it; thin lines, as on the small map, stay thin.
fn edge_width(canvas: &Canvas<'_>, stroke: Stroke) -> f32 {
    let tier = matches!(stroke.ink, Ink::T0 | Ink::T1 | Ink::T2 | Ink::T3 | Ink::Compute);
    if tier && stroke.width >= PLAIN_EDGE {
        stroke.width * canvas.theme.least_edge() / PLAIN_EDGE
    } else {
        stroke.width
    }
}

/// A tier's plate, or the field of an unknown reading.
pub(super) fn paint_hatch(canvas: &mut Canvas<'_>, rect: Rect, kind: Hatch, ink: Ink) {
    let color = canvas.theme.color(ink);
    if kind == Hatch::NoSource {
        let color = canvas.shade(canvas.theme.color(Ink::Edge), NO_SOURCE_OPACITY);
        for stripe in cut_stripes(rect, &outline::rect_corners(rect), 32.0, 4.0, -1.0) {
            canvas.fill(&stripe, color);
        }
        return;
    }
    // A plate lies at the left end of a floor, or like a lid on a card.
    let is_lid = rect.width() > 1.5 * rect.height();
    let outlined = |rect: Rect, px: f32| {
        if is_lid {
            outline::rounded_rect(rect, [PLATE_RADIUS, 0.0], px)
        } else {
            outline::rounded_left(rect, PLATE_RADIUS, px)
        }
    };
    let plate = outlined(rect, canvas.px);
    let color = canvas.shade(color, 1.0);
    if kind == Hatch::Solid {
        // A little larger, so that no seam shows against the floor's edge, which has the same ink.
        let plate = outlined(Rect::from_min_max(rect.min - vec2(1.0, 1.0), rect.max + vec2(0.0, 1.0)), canvas.px);
        canvas.fill(&plate, color.gamma_multiply(canvas.theme.light().solid));
        return;
    }
    canvas.fill(&plate, canvas.shade(canvas.theme.plate(), 1.0));
    match kind {
        Hatch::Dots => fill_dots(canvas, rect, &plate, color),
        Hatch::Rising => fill_all(canvas, cut_stripes(rect, &plate, 13.0, 3.6, 1.0), color),
        Hatch::Cross => {
            fill_all(canvas, cut_stripes(rect, &plate, 16.0, 2.6, 1.0), color);
            fill_all(canvas, cut_stripes(rect, &plate, 16.0, 2.6, -1.0), color);
        }
        Hatch::Solid | Hatch::NoSource => {}
    }
}

fn fill_all(canvas: &mut Canvas<'_>, outlines: Vec<Vec<Pos2>>, color: egui::Color32) {
    for outline in outlines {
        canvas.fill(&outline, color);
    }
}

/// Slanted bars every `every` units along x, cut to a convex outline; `rise` 1 goes up to the right, -1 down.
fn cut_stripes(rect: Rect, inside: &[Pos2], every: f32, width: f32, rise: f32) -> Vec<Vec<Pos2>> {
    let reach = rect.height();
    let count = ((rect.width() + reach) / every).ceil() as i32;
    (0..=count)
        .map(|n| {
            let x = rect.left() - reach + every * (n as f32 + 0.5);
            let (foot, head) = (pos2(x, rect.bottom()), pos2(x + reach, rect.top()));
            let along = vec2(every, -every);
            let (a, b) = (foot - along, head + along);
            // A falling bar is the mirror image of a rising one.
            let flip = |at: Pos2| if rise > 0.0 { at } else { pos2(at.x, rect.top() + rect.bottom() - at.y) };
            outline::clip_convex(&outline::thick_line(flip(a), flip(b), width), inside)
        })
        .filter(|stripe| stripe.len() > 2)
        .collect()
}

/// A grid of dots from edge to edge.
fn fill_dots(canvas: &mut Canvas<'_>, rect: Rect, plate: &[Pos2], color: egui::Color32) {
    const EVERY: f32 = 11.5;
    let count = |length: f32| (length / EVERY).round().max(1.0);
    let (columns, rows) = (count(rect.width()), count(rect.height()));
    let every = vec2(rect.width() / columns, rect.height() / rows);
    for row in 0..rows as usize {
        for column in 0..columns as usize {
            let at = rect.min + vec2(column as f32 + 0.5, row as f32 + 0.5) * every;
            let dot = outline::circle(at, 3.2, 2.0 * canvas.px);
            let corner = at.x < rect.left() + PLATE_RADIUS
                && (at.y - rect.center().y).abs() > 0.5 * rect.height() - PLATE_RADIUS;
            canvas.fill(&if corner { outline::clip_convex(&dot, plate) } else { dot }, color);
        }
    }
}

/// One GPU: dark at rest, filled with light and softly glowing when busy.
pub(super) fn paint_gpu(canvas: &mut Canvas<'_>, rect: Rect, busy: f32) {
    let busy = busy.clamp(0.0, 1.0);
    let radius = 0.18 * rect.width();
    let ink = canvas.theme.color(Ink::Compute);
    let glow = canvas.theme.light().glow;
    if busy > 0.0 && glow > 0.0 {
        light::glow_gpu(
            canvas,
            rect.expand(2.0),
            radius,
            canvas.theme.fill(Ink::Compute),
            (glow * 1.45 * busy).min(1.0),
        );
    }
    let outline = outline::rounded_rect(rect, [radius; 2], canvas.px);
    let body = canvas.shade(canvas.theme.gpu().lerp_to_gamma(ink, busy), 1.0);
    canvas.fill(&outline, body);
    let width = (rect.width() * 4.0 / 46.0).clamp(2.0, 6.0);
    canvas.stroke_closed(&outline, width, canvas.shade(ink, 1.0));
    let [dark, _] = canvas.theme.ground();
    let bar = canvas.theme.color(Ink::Line).lerp_to_gamma(dark.lerp_to_gamma(ink, 0.1), busy);
    gpu_bars(canvas, rect, canvas.shade(bar, 1.0));
}

fn gpu_bars(canvas: &mut Canvas<'_>, rect: Rect, color: egui::Color32) {
    let thick = 0.1 * rect.height();
    let half = 0.28 * rect.width() - thick / 2.0;
    for share in [0.27, 0.5, 0.73] {
        let y = lerp(rect.top()..=rect.bottom(), share);
        let ends = [pos2(rect.center().x - half, y), pos2(rect.center().x + half, y)];
        canvas.stroke(&ends, thick, color);
    }
}

/// A measured dot is a disc of its ink that glows in the colour of its fills; a told one is an empty ring.
pub(super) fn paint_dot(canvas: &mut Canvas<'_>, center: Pos2, radius: f32, ink: Ink, filled: bool) {
    if filled {
        let color = canvas.theme.color(ink);
        let glow = canvas.theme.light().dot_glow;
        if glow > 0.0 {
            light::glow_dot(canvas, center, radius, canvas.theme.fill(ink), glow);
        }
        canvas.fill(&outline::circle(center, radius, canvas.px), canvas.shade(color, 1.0));
    } else {
        let width = canvas.stroke_width((0.3 * radius).clamp(2.0, 4.0));
        let color = canvas.shade(canvas.theme.color(Ink::Edge), 1.0);
        canvas.stroke_closed(&outline::circle(center, radius - width / 2.0, canvas.px), width, color);
    }
}

/// A broad faint band behind dots. It brings back the floor's colour where a floor is lit.
pub(super) fn paint_lane(canvas: &mut Canvas<'_>, path: &[Pos2], width: f32, ink: Ink) {
    let path = outline::softened(path, width);
    canvas.stroke(&path, width, canvas.shade(canvas.theme.color(Ink::Floor), LANE_HIDES));
    canvas.stroke(&path, width, canvas.shade(canvas.theme.color(ink), LANE_TINT));
}

/// A line with round corners and ends, and an arrow head where it has one.
pub(super) fn paint_line(canvas: &mut Canvas<'_>, path: &[Pos2], stroke: Stroke, head: bool) {
    let Stroke { width, ink, dashed } = stroke;
    let color = canvas.shade(canvas.theme.color(ink), 1.0);
    let path = outline::softened(path, width.max(2.0) * 0.75);
    if head && width >= SOLID_HEAD_WIDTH {
        return paint_solid_arrow(canvas, &path, (width, dashed), color);
    }
    if dashed {
        stroke_dashes(canvas, &path, width, color);
    } else {
        canvas.stroke(&path, width, color);
    }
    if let (true, Some([before, tip])) = (head, path.last_chunk::<2>()) {
        let along = (*tip - *before).normalized();
        let wing = |side: f32| *tip - along * HEAD + along.rot90() * (side * HEAD * 0.62);
        canvas.stroke(&outline::softened(&[wing(1.0), *tip, wing(-1.0)], width * 0.5), width, color);
    }
}

/// An arrow whose head is a filled triangle with round corners: one outline, so that a faint one is as faint where line and
/// head meet. The head is no longer than the path goes straight at its end: a bend would turn it aside, and an arrow that is
/// still short, as it grows, is a small head.
fn paint_solid_arrow(canvas: &mut Canvas<'_>, path: &[Pos2], (width, dashed): (f32, bool), color: Color32) {
    let sized = |[so_much, times]: [f32; 2]| so_much + times * width;
    let length = sized(SOLID_HEAD_LENGTH).min(outline::straight_end(path));
    let Some(tip) = path.last().copied().filter(|_| length > 1.0) else { return };
    let half = sized(SOLID_HEAD_HALF) * length / sized(SOLID_HEAD_LENGTH);
    let line = outline::path_between(path, 0.0, outline::length(path) - length);
    let base = line.last().copied().unwrap_or(path[0]);
    let across = (tip - base).normalized().rot90() * half;
    let [right, left] = outline::sides(if dashed { &[] } else { &line }, width / 2.0);
    let ends = [right.last(), left.last()].map(|end| end.copied().unwrap_or(base));
    let head = outline::softened(&[ends[0], base + across, tip, base - across, ends[1]], 0.3 * half);
    let start = right.first().zip(left.first()).map(|(right, left)| {
        let (center, from) = (right.lerp(*left, 0.5), (*left - *right).angle());
        outline::arc(center, width / 2.0, from, from + std::f32::consts::PI, canvas.px)
    });
    let around = right.into_iter().chain(head).chain(left.into_iter().rev()).chain(start.into_iter().flatten());
    canvas.fill_any(&outline::clockwise(&around.collect::<Vec<_>>()), |_at| color);
    if dashed {
        stroke_dashes(canvas, &line, width, color);
    }
}

/// A disc, for icons and chart heads.
pub(super) fn fill_disc(canvas: &mut Canvas<'_>, center: Pos2, radius: f32, color: egui::Color32) {
    canvas.fill(&outline::circle(center, radius, canvas.px), color);
}

/// A box of this size around a point.
pub(super) fn box_around(center: Pos2, width: f32, height: f32) -> Rect {
    Rect::from_center_size(center, Vec2::new(width, height))
}
