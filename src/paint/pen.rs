//! The pen that all icons are drawn with: one stroke, one way of rounding, two inks.

use egui::Color32;
use egui::emath::{Pos2, Rect, Vec2, vec2};

use crate::paint::canvas::Canvas;
use crate::paint::{outline, shapes};

/// A filled part as strong as a stroke: for small parts, which carry the eye.
pub(super) const FULL: f32 = 1.0;
/// A filled part that only tints: for large areas, which would outweigh the strokes.
pub(super) const FAINT: f32 = 0.35;
/// The corners of a thing's outer frame, and of parts inside it.
pub(super) const ROUND: f32 = 0.07;
pub(super) const SLIGHT: f32 = 0.03;

/// A point in shares of the icon's size, from its middle.
pub(super) type Share = (f32, f32);

/// One icon's pen: everything is in shares of the icon's size from its middle.
pub(super) struct Pen<'a, 'b> {
    pub(super) canvas: &'a mut Canvas<'b>,
    pub(super) center: Pos2,
    pub(super) size: f32,
    pub(super) width: f32,
    pub(super) color: Color32,
    /// The ink of filled parts.
    pub(super) fill: Color32,
}

impl Pen<'_, '_> {
    pub(super) fn at(&self, x: f32, y: f32) -> Pos2 {
        self.center + vec2(x, y) * self.size
    }

    fn points(&self, shares: &[Share]) -> Vec<Pos2> {
        shares.iter().map(|&(x, y)| self.at(x, y)).collect()
    }

    /// The rectangle of its left, upper, right and lower edge.
    fn rect_within(&self, edges: [f32; 4]) -> Rect {
        let [left, top, right, low] = edges;
        Rect::from_min_max(self.at(left, top), self.at(right, low))
    }

    /// The fill's ink at `strength`, usually `FULL` or `FAINT`.
    fn tone(&self, strength: f32) -> Color32 {
        self.fill.gamma_multiply(strength)
    }

    /// An open line with softened corners.
    pub(super) fn line(&mut self, points: &[Share]) {
        let path = self.points(points);
        self.canvas.stroke(&outline::softened(&path, self.width * 0.5), self.width, self.color);
    }

    /// An open line whose corners are as round as a frame's.
    pub(super) fn bend(&mut self, points: &[Share]) {
        let path = self.points(points);
        self.canvas.stroke(&outline::softened(&path, ROUND * self.size), self.width, self.color);
    }

    /// A line in the fill's ink, for parts that are words or a way.
    pub(super) fn trace(&mut self, points: &[Share]) {
        let path = self.points(points);
        self.canvas.stroke(&outline::softened(&path, ROUND * self.size), self.width, self.tone(FULL));
    }

    /// A line with an open head at its end.
    pub(super) fn arrow(&mut self, points: &[Share]) {
        const HEAD: f32 = 0.13;
        self.bend(points);
        let Some(&[before, tip]) = points.last_chunk::<2>() else { return };
        let along = (vec2(tip.0, tip.1) - vec2(before.0, before.1)).normalized() * HEAD;
        let wing = |side: f32| vec2(tip.0, tip.1) - along + along.rot90() * (side * 0.8);
        let [a, b] = [wing(1.0), wing(-1.0)];
        self.line(&[(a.x, a.y), tip, (b.x, b.y)]);
    }

    /// A closed outline with round corners.
    pub(super) fn closed(&mut self, corners: &[Share], radius: f32) {
        let outline = rounded_corners(&self.points(corners), radius * self.size);
        self.canvas.stroke_closed(&outline, self.width, self.color);
    }

    /// A closed outline whose corners have each their own radius.
    pub(super) fn closed_each<const N: usize>(&mut self, corners: &[Share; N], radii: [f32; N]) {
        let outline = rounded_each(&self.points(corners), &radii.map(|radius| radius * self.size));
        self.canvas.stroke_closed(&outline, self.width, self.color);
    }

    /// A filled convex outline, clockwise, with round corners.
    pub(super) fn patch(&mut self, corners: &[Share], radius: f32, strength: f32) {
        let outline = rounded_corners(&self.points(corners), radius * self.size);
        self.canvas.fill(&outline, self.tone(strength));
    }

    /// The outline of a rectangle: its left, upper, right and lower edge.
    pub(super) fn frame(&mut self, edges: [f32; 4], radius: f32) {
        let outline = outline::rounded_rect(self.rect_within(edges), [radius * self.size; 2], self.canvas.px);
        self.canvas.stroke_closed(&outline, self.width, self.color);
    }

    /// The outline of a rectangle, all of it within its edges: as large as a plate there.
    pub(super) fn inner_frame(&mut self, edges: [f32; 4], radius: f32) {
        let [left, top, right, low] = edges;
        let half = 0.5 * self.width / self.size;
        self.frame([left + half, top + half, right - half, low - half], radius - half);
    }

    /// A filled rectangle.
    pub(super) fn plate(&mut self, edges: [f32; 4], radius: f32, strength: f32) {
        let outline = outline::rounded_rect(self.rect_within(edges), [radius * self.size; 2], self.canvas.px);
        self.canvas.fill(&outline, self.tone(strength));
    }

    /// The tinted space between two lines of equally many points; strokes hide its hard edges.
    pub(super) fn tint(&mut self, upper: &[Share], lower: &[Share]) {
        let color = self.tone(FAINT);
        let pair = |(a, b): (&Share, &Share)| [(self.at(a.0, a.1), color), (self.at(b.0, b.1), color)];
        let pairs: Vec<_> = upper.iter().zip(lower).map(pair).collect();
        self.canvas.fill_ribbon(&pairs);
    }

    pub(super) fn ring(&mut self, x: f32, y: f32, radius: f32) {
        let circle = outline::circle(self.at(x, y), radius * self.size, self.canvas.px);
        self.canvas.stroke_closed(&circle, self.width, self.color);
    }

    /// A disc in the strokes' ink.
    pub(super) fn disc(&mut self, x: f32, y: f32, radius: f32) {
        let center = self.at(x, y);
        shapes::fill_disc(self.canvas, center, radius * self.size, self.color);
    }

    /// A disc in the fill's ink.
    pub(super) fn dot(&mut self, x: f32, y: f32, radius: f32, strength: f32) {
        let (center, color) = (self.at(x, y), self.tone(strength));
        shapes::fill_disc(self.canvas, center, radius * self.size, color);
    }

    pub(super) fn polygon(&mut self, sides: usize, radius: f32, middle: Share, start: f32) {
        let center = self.at(middle.0, middle.1);
        let corners = outline::regular_polygon(center, radius * self.size, sides, start);
        let rounded = rounded_corners(&corners, self.width * 0.6);
        self.canvas.stroke_closed(&rounded, self.width, self.color);
    }

    /// Part of a circle around the icon's middle.
    pub(super) fn arc(&mut self, radius: f32, from: f32, to: f32) {
        let arc = outline::arc(self.center, radius * self.size, from, to, self.canvas.px);
        self.canvas.stroke(&arc, self.width, self.color);
    }

    /// A line through points that are a curve already.
    pub(super) fn curve(&mut self, points: &[Share]) {
        let path = self.points(points);
        self.canvas.stroke(&path, self.width, self.color);
    }

    /// A thick band along a curve, in the fill's ink.
    pub(super) fn band(&mut self, points: &[Share], width: f32) {
        let path = self.points(points);
        self.canvas.stroke(&path, width * self.size, self.tone(FULL));
    }
}

/// Part of an ellipse, angles in radians from the right, clockwise: half a turn from 0 is its front, seen from above.
pub(super) fn oval((x, y): Share, (reach, rise): Share, from: f32, to: f32) -> Vec<Share> {
    const STEPS: usize = 40;
    let point = |n: usize| Vec2::angled(from + (to - from) * n as f32 / STEPS as f32);
    (0..=STEPS).map(|n| (x + reach * point(n).x, y + rise * point(n).y)).collect()
}

/// A closed outline with its corners softened.
fn rounded_corners(corners: &[Pos2], radius: f32) -> Vec<Pos2> {
    let radii = vec![radius; corners.len()];
    rounded_each(corners, &radii)
}

/// A closed outline whose corners have each their own radius; 0 leaves a corner sharp.
fn rounded_each(corners: &[Pos2], radii: &[f32]) -> Vec<Pos2> {
    let count = corners.len();
    let mut out = Vec::with_capacity(count * 5);
    for (n, &radius) in radii.iter().enumerate().take(count) {
        let (before, at, after) = (corners[(n + count - 1) % count], corners[n], corners[(n + 1) % count]);
        if radius <= 0.0 {
            out.push(at);
            continue;
        }
        let toward = |other: Pos2| at + (other - at).normalized() * radius;
        let (a, b) = (toward(before), toward(after));
        out.extend((0..=4).map(|k| {
            let t = k as f32 / 4.0;
            a.lerp(at, t).lerp(at.lerp(b, t), t)
        }));
    }
    out
}
