//! The line icons: one family, drawn as shapes.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use egui::Color32;
use egui::emath::{Pos2, Vec2, vec2};

use crate::paint::canvas::Canvas;
use crate::paint::{outline, shapes};
use crate::picture::{Icon, Ink};

/// One icon's pen: everything is in shares of the icon's size from its middle.
struct Pen<'a, 'b> {
    canvas: &'a mut Canvas<'b>,
    center: Pos2,
    size: f32,
    width: f32,
    color: Color32,
}

impl Pen<'_, '_> {
    fn at(&self, x: f32, y: f32) -> Pos2 {
        self.center + vec2(x, y) * self.size
    }

    fn line(&mut self, points: &[(f32, f32)]) {
        let path: Vec<Pos2> = points.iter().map(|&(x, y)| self.at(x, y)).collect();
        self.canvas.stroke(&outline::softened(&path, self.width * 0.5), self.width, self.color);
    }

    fn ring(&mut self, x: f32, y: f32, radius: f32) {
        let circle = outline::circle(self.at(x, y), radius * self.size, self.canvas.px);
        self.canvas.stroke_closed(&circle, self.width, self.color);
    }

    fn disc(&mut self, x: f32, y: f32, radius: f32) {
        let center = self.at(x, y);
        shapes::disc(self.canvas, center, radius * self.size, self.color);
    }

    fn polygon(&mut self, sides: usize, radius: f32, middle: (f32, f32), start: f32) {
        let center = self.at(middle.0, middle.1);
        let corners = outline::regular(center, radius * self.size, sides, start);
        let rounded = rounded_corners(&corners, self.width * 0.6);
        self.canvas.stroke_closed(&rounded, self.width, self.color);
    }

    fn arc(&mut self, radius: f32, from: f32, to: f32) {
        let arc = outline::arc(self.center, radius * self.size, from, to, self.canvas.px);
        self.canvas.stroke(&arc, self.width, self.color);
    }
}

/// A closed outline with its corners softened.
fn rounded_corners(corners: &[Pos2], radius: f32) -> Vec<Pos2> {
    let count = corners.len();
    let mut out = Vec::with_capacity(count * 7);
    for n in 0..count {
        let (before, at, after) = (corners[(n + count - 1) % count], corners[n], corners[(n + 1) % count]);
        let toward = |other: Pos2| at + (other - at).normalized() * radius;
        let (a, b) = (toward(before), toward(after));
        out.extend((0..=4).map(|k| {
            let t = k as f32 / 4.0;
            a.lerp(at, t).lerp(at.lerp(b, t), t)
        }));
    }
    out
}

/// An icon's stroke at its usual size, and at most.
const STROKE: f32 = 4.0;
const USUAL_SIZE: f32 = 28.0;
const MOST_STROKE: f32 = 6.0;

/// An icon `size` units wide and high.
pub(super) fn paint(canvas: &mut Canvas<'_>, kind: Icon, center: Pos2, size: f32, ink: Ink) {
    let color = canvas.shade(canvas.theme.color(ink), 1.0);
    let width = canvas.stroke_width((size * STROKE / USUAL_SIZE).min(MOST_STROKE));
    let mut pen = Pen { canvas, center, size, width, color };
    // The middle of the stroke of a shape that fills the icon's box.
    let rim = 0.5 - 0.5 * width / size;
    match kind {
        Icon::Live => pen.disc(0.0, 0.0, 0.4),
        Icon::Simulated => dashed_ring(&mut pen, rim * 0.92),
        Icon::Recorded => reels(&mut pen),
        Icon::Stale => clock(&mut pen, rim),
        Icon::NoSource => no_source(&mut pen, rim),
        Icon::Ok => {
            pen.ring(0.0, 0.0, rim);
            pen.line(&[(-0.19, 0.02), (-0.05, 0.16), (0.2, -0.14)]);
        }
        Icon::Warn => warn(&mut pen, rim),
        Icon::Bad => bad(&mut pen, rim),
        Icon::Lock => lock(&mut pen, rim),
    }
}

fn dashed_ring(pen: &mut Pen<'_, '_>, rim: f32) {
    const DASHES: usize = 6;
    // Round ends make every dash longer by the stroke's width.
    let dash = (TAU / DASHES as f32 * 0.7 - pen.width / (rim * pen.size)).max(0.05);
    for n in 0..DASHES {
        let middle = TAU * (n as f32 + 0.5) / DASHES as f32;
        pen.arc(rim, middle - dash / 2.0, middle + dash / 2.0);
    }
}

/// Two reels on one tape.
fn reels(pen: &mut Pen<'_, '_>) {
    let rim = 0.25 - 0.5 * pen.width / pen.size;
    let x = 0.5 - 0.5 * pen.width / pen.size - rim;
    pen.ring(-x, -0.06, rim);
    pen.ring(x, -0.06, rim);
    pen.line(&[(-x, rim - 0.06), (x, rim - 0.06)]);
}

fn clock(pen: &mut Pen<'_, '_>, rim: f32) {
    pen.ring(0.0, 0.0, rim);
    pen.line(&[(0.0, -0.23), (0.0, 0.02), (0.16, 0.13)]);
}

/// A small box with the falling lines of "no source".
fn no_source(pen: &mut Pen<'_, '_>, rim: f32) {
    let field = shapes::around(pen.center, 2.0 * rim * pen.size, 2.0 * rim * pen.size);
    let outline = outline::rounded(field, [0.12 * pen.size; 2], pen.canvas.px);
    for step in [-0.22, 0.0, 0.22_f32] {
        let half = 0.3 - step.abs() * 0.9;
        pen.line(&[(step - half, -step - half), (step + half, -step + half)]);
    }
    pen.canvas.stroke_closed(&outline, pen.width, pen.color);
}

fn warn(pen: &mut Pen<'_, '_>, rim: f32) {
    pen.polygon(3, rim * 1.16, (0.0, 0.12), -FRAC_PI_2);
    pen.line(&[(0.0, -0.14), (0.0, 0.1)]);
    pen.disc(0.0, 0.26, 0.075);
}

fn bad(pen: &mut Pen<'_, '_>, rim: f32) {
    pen.polygon(8, rim * 1.06, (0.0, 0.0), PI / 8.0);
    pen.line(&[(-0.15, -0.15), (0.15, 0.15)]);
    pen.line(&[(0.15, -0.15), (-0.15, 0.15)]);
}

/// A closed lock.
fn lock(pen: &mut Pen<'_, '_>, rim: f32) {
    let body = shapes::around(pen.at(0.0, 0.2), 1.6 * rim * pen.size, (2.0 * rim - 0.4) * pen.size);
    let outline = outline::rounded(body, [0.09 * pen.size; 2], pen.canvas.px);
    pen.canvas.stroke_closed(&outline, pen.width, pen.color);
    let (reach, top) = (0.22 * pen.size, body.top());
    let middle = Pos2::new(pen.center.x, top - 0.1 * pen.size);
    let mut shackle = vec![Pos2::new(middle.x - reach, top)];
    shackle.extend(outline::arc(middle, reach, PI, TAU, pen.canvas.px));
    shackle.push(Pos2::new(middle.x + reach, top));
    pen.canvas.stroke(&shackle, pen.width, pen.color);
    let keyhole = pen.center + Vec2::new(0.0, 0.2 * pen.size);
    shapes::disc(pen.canvas, keyhole, 0.07 * pen.size, pen.color);
}
