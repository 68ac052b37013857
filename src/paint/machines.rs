//! Icons of what servers and storage are built of.

use std::f32::consts::{FRAC_PI_2, TAU};

use egui::emath::Vec2;

use crate::paint::pen::{FAINT, FULL, Pen, ROUND, SLIGHT};
use crate::paint::stores;

/// A server, and the plug of its adapter.
pub(super) fn initiator(pen: &mut Pen<'_, '_>) {
    pen.frame([-0.5, -0.42, 0.1, 0.42], ROUND);
    for y in [-0.14, 0.14] {
        pen.line(&[(-0.5, y), (0.1, y)]);
    }
    for y in [-0.28, 0.0, 0.28] {
        pen.dot(-0.34, y, 0.05, FULL);
        pen.line(&[(-0.2, y), (-0.06, y)]);
    }
    pen.line(&[(0.1, 0.0), (0.22, 0.0)]);
    pen.plate([0.2, -0.16, 0.36, 0.16], 0.05, FULL);
    for y in [-0.08, 0.08] {
        pen.line(&[(0.36, y), (0.5, y)]);
    }
}

/// An adapter card: at its left the bracket with two ports, below it the edge that plugs in.
fn card(pen: &mut Pen<'_, '_>) {
    pen.bend(&[(-0.5, -0.44), (-0.38, -0.44), (-0.38, 0.44)]);
    pen.bend(&[(-0.38, -0.34), (0.5, -0.34), (0.5, 0.26), (-0.38, 0.26)]);
    for n in 0..4 {
        let x = -0.1 + 0.14 * n as f32;
        pen.line(&[(x, 0.26), (x, 0.4)]);
    }
    for y in [-0.14, 0.07] {
        pen.plate([-0.5, y - 0.075, -0.24, y + 0.075], SLIGHT, FULL);
    }
}

/// What comes in goes on to the processor as it is.
pub(super) fn nic(pen: &mut Pen<'_, '_>) {
    card(pen);
    pen.bend(&[(-0.24, -0.14), (0.18, -0.14), (0.18, 0.26)]);
    pen.bend(&[(-0.24, 0.07), (0.04, 0.07), (0.04, 0.26)]);
}

/// The same card with one chip that takes work off the processor.
pub(super) fn toe(pen: &mut Pen<'_, '_>) {
    card(pen);
    pen.frame([-0.02, -0.2, 0.3, 0.12], SLIGHT);
    pen.plate([0.07, -0.11, 0.21, 0.03], SLIGHT, FULL);
}

/// The same card with a chip of many cores.
pub(super) fn dpu(pen: &mut Pen<'_, '_>) {
    card(pen);
    for row in 0..3 {
        for column in 0..3 {
            let (x, y) = (-0.1 + 0.18 * column as f32, -0.25 + 0.15 * row as f32);
            pen.plate([x, y, x + 0.12, y + 0.1], 0.02, FULL);
        }
    }
}

/// The GPU of the hall, with its three bars, as a chip.
pub(super) fn gpu(pen: &mut Pen<'_, '_>) {
    pen.frame([-0.34, -0.44, 0.34, 0.44], 0.12);
    for y in [-0.22, 0.0, 0.22] {
        pen.plate([-0.19, y - 0.055, 0.19, y + 0.055], 0.055, FULL);
        pen.line(&[(-0.5, y), (-0.34, y)]);
        pen.line(&[(0.34, y), (0.5, y)]);
    }
}

/// A memory module.
pub(super) fn memory(pen: &mut Pen<'_, '_>) {
    pen.frame([-0.5, -0.32, 0.5, 0.16], ROUND);
    for x in [-0.33, -0.11, 0.11, 0.33] {
        pen.plate([x - 0.07, -0.21, x + 0.07, 0.05], SLIGHT, FULL);
    }
    // The gap between the contacts is off the middle, so that it fits one way only.
    for x in [-0.4, -0.27, -0.14, 0.14, 0.27, 0.4] {
        pen.line(&[(x, 0.16), (x, 0.32)]);
    }
}

/// A cabinet: two controllers, and rows of drives below them.
pub(super) fn array(pen: &mut Pen<'_, '_>) {
    pen.frame([-0.4, -0.5, 0.4, 0.5], ROUND);
    pen.plate([-0.29, -0.39, -0.04, -0.21], SLIGHT, FULL);
    pen.plate([0.04, -0.39, 0.29, -0.21], SLIGHT, FULL);
    for shelf in [-0.1, 0.2] {
        pen.line(&[(-0.4, shelf), (0.4, shelf)]);
        for column in 0..5 {
            let x = 0.13 * (column as f32 - 2.0);
            pen.line(&[(x, shelf + 0.1), (x, shelf + 0.19)]);
        }
    }
}

/// Equal servers side by side on one line.
pub(super) fn nodes(pen: &mut Pen<'_, '_>) {
    const PLACES: [f32; 4] = [-0.405, -0.135, 0.135, 0.405];
    for x in PLACES {
        pen.frame([x - 0.085, -0.46, x + 0.085, 0.26], 0.05);
        pen.plate([x - 0.03, -0.35, x + 0.03, -0.06], SLIGHT, FAINT);
        pen.dot(x, 0.13, 0.04, FULL);
        pen.line(&[(x, 0.26), (x, 0.44)]);
    }
    pen.line(&[(-0.5, 0.44), (0.5, 0.44)]);
}

/// A card above the drives it hides.
pub(super) fn raid_controller(pen: &mut Pen<'_, '_>) {
    pen.bend(&[(-0.5, -0.5), (-0.4, -0.5), (-0.4, -0.06)]);
    pen.bend(&[(-0.4, -0.42), (0.5, -0.42), (0.5, -0.12), (-0.4, -0.12)]);
    pen.plate([-0.05, -0.34, 0.17, -0.2], SLIGHT, FULL);
    for x in [-0.25, 0.06, 0.37] {
        pen.line(&[(x, -0.12), (x, 0.08)]);
        pen.frame([x - 0.1, 0.08, x + 0.1, 0.48], 0.05);
        pen.dot(x, 0.36, 0.045, FULL);
    }
}

/// Two switches, each wired to both ends.
pub(super) fn fc_fabric(pen: &mut Pen<'_, '_>) {
    for from in [-0.27, 0.27] {
        for to in [-0.27, 0.27] {
            pen.line(&[(from, -0.22), (to, 0.22)]);
        }
        pen.frame([from - 0.215, -0.48, from + 0.215, -0.22], ROUND);
        pen.dot(from - 0.09, -0.35, 0.04, FULL);
        pen.line(&[(from + 0.02, -0.35), (from + 0.1, -0.35)]);
        pen.frame([from - 0.215, 0.22, from + 0.215, 0.48], ROUND);
        for port in [-0.11, 0.0, 0.11] {
            pen.plate([from + port - 0.035, 0.31, from + port + 0.035, 0.39], 0.01, FULL);
        }
    }
}

/// Two meshes that do not meet: GPUs above, storage below.
pub(super) fn fabrics(pen: &mut Pen<'_, '_>) {
    const PLACES: [f32; 3] = [-0.37, 0.0, 0.37];
    for x in PLACES {
        for spine in [-0.19, 0.19] {
            pen.line(&[(x, -0.32), (spine, -0.1)]);
            pen.line(&[(x, 0.275), (spine, 0.1)]);
        }
        pen.plate([x - 0.1, -0.5, x + 0.1, -0.3], 0.04, FULL);
        stores::cylinder(pen, x, (0.12, 0.045), 0.32, 0.45);
    }
    for y in [-0.1, 0.1] {
        pen.disc(-0.19, y, 0.055);
        pen.disc(0.19, y, 0.055);
    }
}

/// One place in the middle that reaches all others.
pub(super) fn network(pen: &mut Pen<'_, '_>) {
    const OTHERS: usize = 5;
    for n in 0..OTHERS {
        let way = Vec2::angled(TAU * n as f32 / OTHERS as f32 - FRAC_PI_2);
        let [from, to, end] = [way * 0.13, way * 0.28, way * 0.39];
        pen.line(&[(from.x, from.y + 0.03), (to.x, to.y + 0.03)]);
        pen.ring(end.x, end.y + 0.03, 0.11);
    }
    pen.dot(0.0, 0.03, 0.13, FULL);
}

/// A cartridge with its two reels.
pub(super) fn tape(pen: &mut Pen<'_, '_>) {
    pen.frame([-0.5, -0.36, 0.5, 0.36], ROUND);
    for x in [-0.23, 0.23] {
        pen.ring(x, -0.08, 0.13);
        pen.dot(x, -0.08, 0.05, FULL);
    }
    pen.line(&[(-0.3, 0.36), (-0.22, 0.2), (0.22, 0.2), (0.3, 0.36)]);
}

/// A safe with the wheel of its door.
pub(super) fn vault(pen: &mut Pen<'_, '_>) {
    pen.frame([-0.46, -0.48, 0.46, 0.38], ROUND);
    for x in [-0.28, 0.28] {
        pen.line(&[(x, 0.38), (x, 0.48)]);
    }
    pen.dot(0.0, -0.05, 0.2, FAINT);
    pen.ring(0.0, -0.05, 0.2);
    for n in 0..4 {
        let way = Vec2::angled(TAU * (n as f32 + 0.5) / 4.0);
        let [from, to] = [way * 0.2, way * 0.33];
        pen.line(&[(from.x, from.y - 0.05), (to.x, to.y - 0.05)]);
    }
    pen.dot(0.0, -0.05, 0.06, FULL);
}
