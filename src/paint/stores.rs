//! Icons of where data is kept, and of how that is measured.

use std::f32::consts::{PI, TAU};

use crate::paint::pen::{FAINT, FULL, Pen, ROUND, SLIGHT, Share, oval};

/// A cylinder around the upright through `x`: `reach` is half its width and its rim's half height, then top and foot.
pub(super) fn cylinder(pen: &mut Pen<'_, '_>, x: f32, reach: Share, top: f32, low: f32) {
    let mut body = vec![(x + reach.0, top)];
    body.extend(oval((x, low), reach, 0.0, PI));
    body.push((x - reach.0, top));
    pen.curve(&body);
    pen.curve(&oval((x, top), reach, 0.0, TAU));
}

/// A wide stack of platters; one slice of it is what a host gets.
pub(super) fn lun(pen: &mut Pen<'_, '_>) {
    const REACH: Share = (0.5, 0.15);
    let front = |y: f32| oval((0.0, y), REACH, 0.0, PI);
    pen.tint(&front(-0.08), &front(0.08));
    cylinder(pen, 0.0, REACH, -0.24, 0.24);
    pen.curve(&front(-0.08));
    pen.curve(&front(0.08));
}

/// A bucket of objects.
pub(super) fn bucket(pen: &mut Pen<'_, '_>) {
    const RIM: Share = (0.44, 0.12);
    let mut body = vec![(RIM.0, -0.34)];
    body.extend(oval((0.0, 0.4), (0.32, 0.08), 0.0, PI));
    body.push((-RIM.0, -0.34));
    pen.curve(&body);
    pen.curve(&oval((0.0, -0.34), RIM, 0.0, TAU));
    for (x, y) in [(-0.19, -0.02), (0.01, -0.07), (0.2, -0.01), (-0.1, 0.2), (0.11, 0.21)] {
        pen.plate([x - 0.07, y - 0.07, x + 0.07, y + 0.07], SLIGHT, FULL);
    }
}

/// One cell of a grid.
pub(super) fn block(pen: &mut Pen<'_, '_>) {
    pen.plate([0.15, -0.15, 0.45, 0.15], 0.0, FULL);
    pen.frame([-0.45, -0.45, 0.45, 0.45], ROUND);
    for at in [-0.15, 0.15] {
        pen.line(&[(at, -0.45), (at, 0.45)]);
        pen.line(&[(-0.45, at), (0.45, at)]);
    }
}

/// A box that carries its own label.
pub(super) fn object(pen: &mut Pen<'_, '_>) {
    const TAG: [Share; 5] = [(-0.31, 0.0), (-0.13, -0.19), (0.28, -0.19), (0.28, 0.19), (-0.13, 0.19)];
    pen.frame([-0.46, -0.46, 0.46, 0.46], 0.16);
    pen.patch(&TAG, SLIGHT, FAINT);
    pen.closed(&TAG, SLIGHT);
    pen.dot(-0.11, 0.0, 0.045, FULL);
}

/// Eight shards of data, filled, and four of parity.
pub(super) fn shards(pen: &mut Pen<'_, '_>) {
    for row in 0..3 {
        for column in 0..4 {
            let (x, y) = (0.27 * (column as f32 - 1.5), 0.29 * (row as f32 - 1.0));
            let edges = [x - 0.105, y - 0.115, x + 0.105, y + 0.115];
            if row < 2 {
                pen.plate(edges, 0.05, FULL);
            } else {
                pen.inner_frame(edges, 0.05);
            }
        }
    }
}

pub(super) fn database(pen: &mut Pen<'_, '_>) {
    const REACH: Share = (0.38, 0.12);
    cylinder(pen, 0.0, REACH, -0.36, 0.36);
    for y in [-0.12, 0.12] {
        pen.curve(&oval((0.0, y), REACH, 0.0, PI));
    }
    for y in [-0.135, 0.105, 0.345] {
        pen.dot(-0.2, y, 0.045, FULL);
    }
}

/// Columns with names.
pub(super) fn table(pen: &mut Pen<'_, '_>) {
    pen.plate([-0.5, -0.42, 0.5, -0.22], ROUND, FULL);
    pen.plate([-0.5, -0.32, 0.5, -0.18], 0.0, FULL);
    pen.frame([-0.5, -0.42, 0.5, 0.42], ROUND);
    for y in [-0.18, 0.02, 0.22] {
        pen.line(&[(-0.5, y), (0.5, y)]);
    }
    for x in [-0.17, 0.17] {
        pen.line(&[(x, -0.18), (x, 0.42)]);
    }
}

/// Lines of text at their times.
pub(super) fn logs(pen: &mut Pen<'_, '_>) {
    pen.line(&[(-0.4, -0.48), (-0.4, 0.48)]);
    for (y, end) in [(-0.36, 0.48), (-0.12, 0.22), (0.12, 0.4), (0.36, 0.06)] {
        pen.dot(-0.4, y, 0.08, FULL);
        pen.line(&[(-0.2, y), (end, y)]);
    }
}

/// Three waves and some reeds.
pub(super) fn swamp(pen: &mut Pen<'_, '_>) {
    const STEPS: usize = 48;
    let wave = |y: f32| -> Vec<Share> {
        let x = |n: usize| n as f32 / STEPS as f32 - 0.5;
        (0..=STEPS).map(|n| (x(n), y + 0.04 * (x(n) * 3.0 * TAU).sin())).collect()
    };
    pen.tint(&wave(0.12), &wave(0.44));
    for y in [0.12, 0.28, 0.44] {
        pen.curve(&wave(y));
    }
    for (x, top, lean) in [(-0.22, -0.48, -0.02), (0.02, -0.32, 0.02), (0.26, -0.4, 0.05)] {
        pen.line(&[(x, 0.1), (x + lean, top + 0.2)]);
        pen.plate([x + lean - 0.055, top, x + lean + 0.055, top + 0.24], 0.055, FULL);
    }
}

/// Three clean layers under one roof; what is worth most lies on top.
pub(super) fn house(pen: &mut Pen<'_, '_>) {
    pen.bend(&[(-0.38, -0.2), (-0.38, 0.46), (0.38, 0.46), (0.38, -0.2)]);
    pen.line(&[(-0.5, -0.1), (0.0, -0.48), (0.5, -0.1)]);
    for (y, strength) in [(-0.1, FULL), (0.08, 0.6), (0.26, FAINT)] {
        pen.plate([-0.26, y, 0.26, y + 0.11], SLIGHT, strength);
    }
}

/// A camera: the state of a moment.
pub(super) fn snapshot(pen: &mut Pen<'_, '_>) {
    const BODY: [Share; 8] = [
        (-0.5, -0.24),
        (-0.24, -0.24),
        (-0.15, -0.4),
        (0.15, -0.4),
        (0.24, -0.24),
        (0.5, -0.24),
        (0.5, 0.4),
        (-0.5, 0.4),
    ];
    pen.closed(&BODY, 0.06);
    pen.ring(0.0, 0.08, 0.19);
    pen.dot(0.0, 0.08, 0.09, FULL);
    pen.dot(0.36, -0.1, 0.04, FULL);
}

/// One thing that goes to two places.
pub(super) fn share(pen: &mut Pen<'_, '_>) {
    pen.plate([-0.5, -0.23, -0.04, 0.23], ROUND, FAINT);
    pen.frame([-0.5, -0.23, -0.04, 0.23], ROUND);
    for side in [-1.0, 1.0] {
        pen.arrow(&[(0.08, side * 0.12), (0.48, side * 0.38)]);
    }
}

/// A gauge: how often, not how much.
pub(super) fn iops(pen: &mut Pen<'_, '_>) {
    let middle = (0.0, 0.12);
    let (from, to, now) = (PI * 0.86, PI * 2.14, PI * 1.72);
    pen.band(&oval(middle, (0.34, 0.34), from + 0.15, now - 0.25), 0.1);
    pen.curve(&oval(middle, (0.5, 0.5), from, to));
    let tip = (middle.0 + 0.36 * now.cos(), middle.1 + 0.36 * now.sin());
    pen.line(&[middle, tip]);
    pen.disc(middle.0, middle.1, 0.07);
}

/// A bar that is busy but for a thin rest.
pub(super) fn utilisation(pen: &mut Pen<'_, '_>) {
    pen.frame([-0.5, -0.21, 0.5, 0.21], ROUND);
    pen.plate([-0.41, -0.12, 0.3, 0.12], SLIGHT, FULL);
}
