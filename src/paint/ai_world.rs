//! Icons of what training and asking are made of.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use crate::paint::pen::{FAINT, FULL, Pen, SLIGHT, Share, oval};

/// A page with a turned corner.
pub(super) fn document(pen: &mut Pen<'_, '_>) {
    pen.closed(&[(-0.36, -0.5), (0.12, -0.5), (0.36, -0.26), (0.36, 0.5), (-0.36, 0.5)], 0.06);
    pen.bend(&[(0.12, -0.48), (0.12, -0.26), (0.34, -0.26)]);
    for (y, end) in [(-0.06, 0.2), (0.12, 0.2), (0.3, 0.02)] {
        pen.trace(&[(-0.2, y), (end, y)]);
    }
}

/// The same page, cut in three.
pub(super) fn chunks(pen: &mut Pen<'_, '_>) {
    pen.closed(&[(-0.42, -0.5), (0.14, -0.5), (0.3, -0.34), (0.3, -0.22), (-0.42, -0.22)], 0.05);
    pen.frame([-0.3, -0.12, 0.42, 0.14], 0.05);
    pen.frame([-0.42, 0.24, 0.3, 0.5], 0.05);
    pen.trace(&[(-0.27, -0.36), (0.06, -0.36)]);
    pen.trace(&[(-0.15, 0.01), (0.26, 0.01)]);
    pen.trace(&[(-0.27, 0.37), (0.0, 0.37)]);
}

/// Points in a space, and the way to one of them.
pub(super) fn vector(pen: &mut Pen<'_, '_>) {
    pen.bend(&[(-0.46, -0.46), (-0.46, 0.46), (0.46, 0.46)]);
    pen.arrow(&[(-0.46, 0.46), (0.2, -0.2)]);
    for (x, y) in [(0.29, -0.29), (0.06, -0.4), (0.42, -0.08), (-0.24, -0.2), (0.26, 0.2)] {
        pen.dot(x, y, 0.055, FULL);
    }
}

/// Three layers of points: few above, many below, and the way down.
pub(super) fn index(pen: &mut Pen<'_, '_>) {
    for y in [-0.36, 0.0, 0.36] {
        pen.closed(&[(-0.3, y - 0.12), (0.5, y - 0.12), (0.3, y + 0.12), (-0.5, y + 0.12)], 0.04);
    }
    pen.trace(&[(-0.14, -0.36), (-0.14, 0.0), (0.16, 0.0), (0.16, 0.36)]);
    for (x, y) in [(-0.14, -0.36), (-0.14, 0.0), (0.16, 0.0), (-0.26, 0.36), (-0.06, 0.36), (0.16, 0.36)] {
        pen.dot(x, y, 0.05, FULL);
    }
}

/// A cube of cells.
pub(super) fn tensor(pen: &mut Pen<'_, '_>) {
    // From the near corner: along the two upper edges, and down.
    const WAYS: [Share; 3] = [(-0.433, -0.25), (0.433, -0.25), (0.0, 0.5)];
    let sum = |a: Share, b: Share, share: f32| (a.0 + b.0 * share, a.1 + b.1 * share);
    let [left, right, down] = WAYS;
    pen.patch(&[(0.0, 0.0), left, sum(left, right, 1.0), right], 0.0, FAINT);
    pen.closed(&[left, (0.0, -0.5), right, sum(right, down, 1.0), down, sum(left, down, 1.0)], SLIGHT);
    for n in 0..3 {
        let (a, b, along) = (WAYS[n], WAYS[(n + 1) % 3], WAYS[(n + 2) % 3]);
        for share in [0.0, 1.0 / 3.0, 2.0 / 3.0] {
            pen.line(&[sum(a, along, share), sum((0.0, 0.0), along, share), sum(b, along, share)]);
        }
    }
}

/// Layers on layers.
pub(super) fn model(pen: &mut Pen<'_, '_>) {
    const TOP: [Share; 4] = [(0.0, -0.48), (0.5, -0.24), (0.0, 0.0), (-0.5, -0.24)];
    pen.patch(&TOP, 0.04, FAINT);
    pen.closed(&TOP, 0.04);
    for y in [-0.08, 0.08, 0.24] {
        pen.bend(&[(-0.5, y), (0.0, y + 0.24), (0.5, y)]);
    }
}

/// A small block docked on a large one.
pub(super) fn adapter(pen: &mut Pen<'_, '_>) {
    const LARGE: [Share; 8] = [
        (-0.5, -0.16),
        (-0.24, -0.16),
        (-0.24, 0.08),
        (0.24, 0.08),
        (0.24, -0.16),
        (0.5, -0.16),
        (0.5, 0.46),
        (-0.5, 0.46),
    ];
    pen.closed(&LARGE, 0.06);
    pen.plate([-0.14, -0.46, 0.14, -0.01], 0.05, FULL);
}

pub(super) fn person(pen: &mut Pen<'_, '_>) {
    let mut bust = oval((-0.33, 0.39), (0.07, 0.07), FRAC_PI_2, PI);
    bust.extend(oval((0.0, 0.39), (0.4, 0.34), PI, TAU));
    bust.extend(oval((0.33, 0.39), (0.07, 0.07), 0.0, FRAC_PI_2));
    bust.dedup_by(|a, b| (a.0 - b.0).abs() + (a.1 - b.1).abs() < 1e-3);
    pen.patch(&bust, 0.0, FAINT);
    pen.closed(&bust, 0.0);
    pen.ring(0.0, -0.26, 0.2);
}

/// A speech bubble whose tail is on the side `side`: -1 is left.
fn bubble(pen: &mut Pen<'_, '_>, side: f32) {
    let corners = [(-0.5, -0.44), (0.5, -0.44), (0.5, 0.22), (-0.06, 0.22), (-0.28, 0.46), (-0.28, 0.22), (-0.5, 0.22)];
    pen.closed_each(&corners.map(|(x, y)| (-side * x, y)), [0.11, 0.11, 0.11, 0.03, SLIGHT, 0.03, 0.11]);
}

pub(super) fn question(pen: &mut Pen<'_, '_>) {
    bubble(pen, -1.0);
    let mut hook = oval((0.0, -0.21), (0.13, 0.13), PI * 1.0, PI * 2.28);
    hook.extend([(0.0, -0.06), (0.0, -0.03)]);
    pen.trace(&hook);
    pen.dot(0.0, 0.12, 0.045, FULL);
}

pub(super) fn answer(pen: &mut Pen<'_, '_>) {
    bubble(pen, 1.0);
    for (y, end) in [(-0.27, 0.28), (-0.11, 0.28), (0.05, 0.04)] {
        pen.trace(&[(-0.28, y), (end, y)]);
    }
}
