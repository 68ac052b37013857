//! The canvas: fills, strokes and glows in stage units, gathered into few meshes with soft one-pixel edges.
//!
//! Everything but text and images is triangles on the font texture's white pixel, so a whole picture is a handful of
//! draw calls, and a gradient is nothing but other colours at the corners.

use std::sync::Arc;

use egui::emath::{Pos2, Vec2};
use egui::epaint::{Vertex, WHITE_UV};
use egui::{Color32, Mesh, Painter, Shape};

use crate::paint::outline;
use crate::paint::screen::Screen;
use crate::theme::Theme;

/// A stroke thinner than this many physical pixels is lost on a projector.
const LEAST_STROKE_PX: f32 = 1.5;

/// A vertical gradient: heights in stage units, downward, and the colour at each.
pub(super) type Stops<'a> = &'a [(f32, Color32)];

pub(super) struct Canvas<'a> {
    pub(super) theme: &'a Theme,
    pub(super) screen: &'a Screen,
    /// Stage units per physical pixel.
    pub(super) px: f32,
    /// Multiplies everything drawn.
    pub(super) opacity: f32,
    painter: &'a Painter,
    mesh: Mesh,
}

impl<'a> Canvas<'a> {
    pub(super) fn new(painter: &'a Painter, screen: &'a Screen, theme: &'a Theme) -> Self {
        let px = 1.0 / (screen.scale * painter.ctx().pixels_per_point()).max(1e-3);
        Self { theme, screen, px, opacity: 1.0, painter, mesh: Mesh::default() }
    }

    /// Takes out what is gathered.
    pub(super) fn take_mesh(&mut self) -> Mesh {
        std::mem::take(&mut self.mesh)
    }

    /// Hands over what is gathered, so that what comes next from elsewhere lies above it.
    pub(super) fn flush(&mut self) {
        if !self.mesh.is_empty() {
            let mesh = std::mem::take(&mut self.mesh);
            self.mesh.reserve_vertices(mesh.vertices.len());
            self.painter.add(Shape::Mesh(Arc::new(mesh)));
        }
    }

    /// A shape of egui's own, in points, above everything drawn so far.
    pub(super) fn add_shape(&mut self, shape: Shape) {
        self.flush();
        self.painter.add(shape);
    }

    pub(super) fn painter(&self) -> &'a Painter {
        self.painter
    }

    /// A colour at an opacity, and at the mark's own.
    pub(super) fn shade(&self, color: Color32, opacity: f32) -> Color32 {
        color.gamma_multiply((opacity * self.opacity).clamp(0.0, 1.0))
    }

    /// A colour of light: part of it adds to what lies behind.
    pub(super) fn glow(&self, color: Color32, opacity: f32) -> Color32 {
        let [red, green, blue, alpha] = self.shade(color, opacity).to_array();
        let cover = f32::from(alpha) * (1.0 - self.theme.light().adds);
        Color32::from_rgba_premultiplied(red, green, blue, cover.round() as u8)
    }

    fn push_vertex(&mut self, at: Pos2, color: Color32) -> u32 {
        let index = self.mesh.vertices.len() as u32;
        self.mesh.vertices.push(Vertex { pos: self.screen.point(at), uv: WHITE_UV, color });
        index
    }

    fn push_quad(&mut self, corners: [u32; 4]) {
        let [a, b, c, d] = corners;
        self.mesh.indices.extend([a, b, c, b, d, c]);
    }

    /// Fills a convex outline with one colour.
    pub(super) fn fill(&mut self, outline: &[Pos2], color: Color32) {
        self.fill_with(outline, |_at| color);
    }

    /// Fills a convex outline; the colour may change linearly across it.
    pub(super) fn fill_with(&mut self, outline: &[Pos2], color: impl Fn(Pos2) -> Color32) {
        if outline.len() < 3 {
            return;
        }
        let first = self.push_rim(outline, &color);
        let count = outline.len() as u32;
        for n in 1..count - 1 {
            self.mesh.indices.extend([first, first + 2 * n, first + 2 * (n + 1)]);
        }
    }

    /// Fills a clockwise outline of any form; the colour may change linearly across it.
    pub(super) fn fill_any(&mut self, outline: &[Pos2], color: impl Fn(Pos2) -> Color32) {
        let mut triangles: Vec<u32> = Vec::new();
        earcut::Earcut::new().earcut(outline.iter().map(|at| [at.x, at.y]), &[], &mut triangles);
        if triangles.is_empty() {
            return;
        }
        let first = self.push_rim(outline, &color);
        self.mesh.indices.extend(triangles.into_iter().map(|n| first + 2 * n));
    }

    /// Fills a convex outline, round at its upper and lower ends, with a vertical gradient of any number of stops.
    pub(super) fn fill_shaded(&mut self, outline: &[Pos2], stops: Stops<'_>) {
        let outline = split_at(&snapped_to(outline, stops, NEAR * self.px), stops);
        if outline.len() < 3 {
            return;
        }
        let first = self.push_rim(&outline, &|at: Pos2| color_at(stops, at.y));
        let heights = std::iter::once(f32::NEG_INFINITY).chain(stops.iter().map(|stop| stop.0));
        let ends = stops.iter().map(|stop| stop.0).chain([f32::INFINITY]);
        for (top, low) in heights.zip(ends) {
            self.fan_between(&outline, first, top, low);
        }
    }

    /// Triangles of the part of a ring between two heights, which is convex too.
    fn fan_between(&mut self, outline: &[Pos2], first: u32, top: f32, low: f32) {
        let mut part = (0..outline.len()).filter(|&n| outline[n].y >= top - 1e-3 && outline[n].y <= low + 1e-3);
        let (Some(apex), Some(mut last)) = (part.next(), part.next()) else { return };
        for n in part {
            self.mesh.indices.extend([apex, last, n].map(|n| first + 2 * n as u32));
            last = n;
        }
    }

    /// The rim of a filled outline: pairs of an inner vertex of full colour and an outer, clear one, a pixel apart.
    fn push_rim(&mut self, outline: &[Pos2], color: &impl Fn(Pos2) -> Color32) -> u32 {
        let first = self.mesh.vertices.len() as u32;
        let count = outline.len();
        let half = self.px / 2.0;
        for n in 0..count {
            let out = outline::miter(outline[(n + count - 1) % count], outline[n], outline[(n + 1) % count]) * half;
            let color = color(outline[n]);
            self.push_vertex(outline[n] - out, color);
            self.push_vertex(outline[n] + out, Color32::TRANSPARENT);
        }
        for n in 0..count as u32 {
            let (a, b) = (first + 2 * n, first + 2 * ((n + 1) % count as u32));
            self.push_quad([a, a + 1, b, b + 1]);
        }
        first
    }

    /// Draws a closed outline, on the middle of its edge.
    pub(super) fn stroke_closed(&mut self, outline: &[Pos2], width: f32, color: Color32) {
        if outline.len() < 3 || width <= 0.0 {
            return;
        }
        let count = outline.len();
        let first = self.mesh.vertices.len() as u32;
        for n in 0..count {
            let across = outline::miter(outline[(n + count - 1) % count], outline[n], outline[(n + 1) % count]);
            self.push_section(outline[n], across, width, color);
        }
        for n in 0..count as u32 {
            self.push_strip(first + 4 * n, first + 4 * ((n + 1) % count as u32));
        }
    }

    /// Draws an open path with round ends.
    pub(super) fn stroke(&mut self, path: &[Pos2], width: f32, color: Color32) {
        let (Some(&start), Some(&end)) = (path.first(), path.last()) else { return };
        if path.len() < 2 || width <= 0.0 {
            return;
        }
        let first = self.mesh.vertices.len() as u32;
        for n in 0..path.len() {
            self.push_section(path[n], outline::across(path, n), width, color);
        }
        for n in 1..path.len() as u32 {
            self.push_strip(first + 4 * (n - 1), first + 4 * n);
        }
        self.push_cap(start, path[0] - path[1], width, color);
        self.push_cap(end, path[path.len() - 1] - path[path.len() - 2], width, color);
    }

    /// Four vertices across a stroke: clear, full, full, clear.
    fn push_section(&mut self, at: Pos2, across: Vec2, width: f32, color: Color32) {
        let half = 0.5 * self.stroke_width(width);
        let (inner, outer) = (half - 0.5 * self.px, half + 0.5 * self.px);
        self.push_vertex(at + across * outer, Color32::TRANSPARENT);
        self.push_vertex(at + across * inner, color);
        self.push_vertex(at - across * inner, color);
        self.push_vertex(at - across * outer, Color32::TRANSPARENT);
    }

    fn push_strip(&mut self, a: u32, b: u32) {
        for k in 0..3 {
            self.push_quad([a + k, a + k + 1, b + k, b + k + 1]);
        }
    }

    /// The round end of a stroke that arrives in the direction `along`.
    fn push_cap(&mut self, at: Pos2, along: Vec2, width: f32, color: Color32) {
        let half = 0.5 * self.stroke_width(width);
        let (inner, outer) = (half - 0.5 * self.px, half + 0.5 * self.px);
        let quarter = outline::quarter_circle(outline::quarter_steps(half, self.px).max(2));
        let (along, across) = (along.normalized(), along.normalized().rot90());
        let center = self.push_vertex(at, color);
        let first = quarter.iter().map(|way| across * way.x + along * way.y);
        let second = quarter[1..].iter().map(|way| along * way.x - across * way.y);
        for (n, out) in first.chain(second).enumerate() {
            let rim = self.push_vertex(at + out * inner, color);
            self.push_vertex(at + out * outer, Color32::TRANSPARENT);
            if n > 0 {
                self.mesh.indices.extend([center, rim - 2, rim]);
                self.push_quad([rim - 2, rim - 1, rim, rim + 1]);
            }
        }
    }

    /// A stroke's width, but never so thin that it is lost.
    pub(super) fn stroke_width(&self, width: f32) -> f32 {
        width.max(LEAST_STROKE_PX * self.px)
    }

    /// Nested outlines of equally many points, each with a colour per point, and the space between them shaded.
    pub(super) fn fill_rings(&mut self, rings: impl IntoIterator<Item = Vec<(Pos2, Color32)>>) {
        let mut before: Option<(u32, u32)> = None;
        for ring in rings {
            let (first, count) = (self.mesh.vertices.len() as u32, ring.len() as u32);
            for (at, color) in ring {
                self.push_vertex(at, color);
            }
            if let Some((inner, same)) = before
                && same == count
            {
                for n in 0..count {
                    let next = (n + 1) % count;
                    self.push_quad([inner + n, first + n, inner + next, first + next]);
                }
            }
            before = Some((first, count));
        }
    }

    /// A convex outline without a soft edge, each point in its own colour: the middle of rings.
    pub(super) fn fill_fan(&mut self, outline: &[(Pos2, Color32)]) {
        let first = self.mesh.vertices.len() as u32;
        for (at, color) in outline {
            self.push_vertex(*at, *color);
        }
        for n in 1..(outline.len() as u32).saturating_sub(1) {
            self.mesh.indices.extend([first, first + n, first + n + 1]);
        }
    }

    /// A band through pairs of points, each with its colour.
    pub(super) fn fill_ribbon(&mut self, pairs: &[[(Pos2, Color32); 2]]) {
        let first = self.mesh.vertices.len() as u32;
        for (at, color) in pairs.iter().flatten() {
            self.push_vertex(*at, *color);
        }
        for n in 1..pairs.len() as u32 {
            self.push_quad([first + 2 * n - 2, first + 2 * n - 1, first + 2 * n, first + 2 * n + 1]);
        }
    }

    /// A round glow: the colour at each radius, from the middle outward.
    pub(super) fn fill_radial(&mut self, center: Pos2, rings: &[(f32, Color32)]) {
        let Some((&(_, middle), rest)) = rings.split_first() else { return };
        let hub = self.push_vertex(center, middle);
        let count = SINES.len() as u32;
        for (k, &(radius, color)) in rest.iter().enumerate() {
            let first = self.mesh.vertices.len() as u32;
            for n in 0..SINES.len() {
                // The cosine is the sine of a quarter of a turn more.
                self.push_vertex(center + Vec2::new(SINES[(n + 3) % 12], SINES[n]) * radius, color);
            }
            for n in 0..count {
                let next = (n + 1) % count;
                if k == 0 {
                    self.mesh.indices.extend([hub, first + n, first + next]);
                } else {
                    self.push_quad([first - count + n, first + n, first - count + next, first + next]);
                }
            }
        }
    }
}

/// The sines of twelve directions, a twelfth of a turn apart.
const SINES: [f32; 12] = {
    const S: f32 = 0.866_025_4;
    [0.0, 0.5, S, 1.0, S, 0.5, 0.0, -0.5, -S, -1.0, -S, -0.5]
};

/// A corner that lies so near to a stop, as a share of a pixel, lies on it. Beside a new corner there the two would change
/// places as the rim draws them inward, and the fold would be filled twice, in specks.
const NEAR: f32 = 0.15;

/// An outline whose corners near a stop lie at its height.
fn snapped_to(outline: &[Pos2], stops: Stops<'_>, near: f32) -> Vec<Pos2> {
    let height = |y: f32| stops.iter().map(|stop| stop.0).find(|stop| (stop - y).abs() < near).unwrap_or(y);
    outline.iter().map(|at| Pos2::new(at.x, height(at.y))).collect()
}

/// The outline with a point wherever a gradient has a stop.
fn split_at(outline: &[Pos2], stops: Stops<'_>) -> Vec<Pos2> {
    let mut out = Vec::with_capacity(outline.len() + 2 * stops.len());
    for n in 0..outline.len() {
        let (a, b) = (outline[n], outline[(n + 1) % outline.len()]);
        out.push(a);
        let (low, high) = (a.y.min(b.y) + 2e-3, a.y.max(b.y) - 2e-3);
        let between = |stop: &&(f32, Color32)| stop.0 > low && stop.0 < high;
        let point = |stop: &(f32, Color32)| Pos2::new(a.x + (b.x - a.x) * (stop.0 - a.y) / (b.y - a.y), stop.0);
        if a.y < b.y {
            out.extend(stops.iter().filter(between).map(point));
        } else {
            out.extend(stops.iter().rev().filter(between).map(point));
        }
    }
    out
}

/// The colour of a gradient at a height.
pub(super) fn color_at(stops: Stops<'_>, y: f32) -> Color32 {
    let after = stops.partition_point(|stop| stop.0 <= y);
    match (after.checked_sub(1).and_then(|n| stops.get(n)), stops.get(after)) {
        (Some(a), Some(b)) => a.1.lerp_to_gamma(b.1, ((y - a.0) / (b.0 - a.0)).clamp(0.0, 1.0)),
        (Some(only), None) | (None, Some(only)) => only.1,
        (None, None) => Color32::TRANSPARENT,
    }
}
