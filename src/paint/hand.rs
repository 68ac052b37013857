//! The presenter's hand on the stage: the laser.

use egui::Color32;
use egui::emath::{Pos2, Vec2};

use crate::paint::canvas::Canvas;
use crate::paint::shapes;
use crate::picture::Ink;

/// The rim around the bright core, and the halo around both, in radii of the core.
const RIM: f32 = 1.45;
const HALO: f32 = 5.4;
/// How strong the halo is at its middle, and the tail where it begins.
const HALO_STRENGTH: f32 = 0.95;
const TAIL_STRENGTH: f32 = 0.9;
/// Radii of the halo, in shares of its reach, with a Gaussian's brightness at each.
const HALO_RINGS: [(f32, f32); 7] =
    [(0.0, 1.0), (0.2, 0.835), (0.35, 0.576), (0.5, 0.325), (0.65, 0.149), (0.8, 0.056), (1.0, 0.0)];

/// A bright core in a rim of the hand's ink, a halo around it, and a tail that grows thin and faint.
pub(super) fn paint_laser(canvas: &mut Canvas<'_>, trail: &[(Pos2, f32)], radius: f32) {
    let Some(&(at, _)) = trail.last() else { return };
    let (rim, core) = (canvas.theme.color(Ink::Hand), canvas.theme.color(Ink::HandCore));
    let halo = HALO_RINGS.map(|(share, shine)| (share * HALO * radius, canvas.shade(rim, HALO_STRENGTH * shine)));
    canvas.fill_radial(at, &halo);
    paint_tail(canvas, trail, radius, rim);
    let (rim, core) = (canvas.shade(rim, 1.0), canvas.shade(core, 1.0));
    shapes::fill_disc(canvas, at, radius * RIM, rim);
    shapes::fill_disc(canvas, at, radius, core);
}

/// Two ribbons side by side, full along their common edge and clear at the outer ones.
fn paint_tail(canvas: &mut Canvas<'_>, trail: &[(Pos2, f32)], radius: f32, rim: Color32) {
    if trail.len() < 2 {
        return;
    }
    let way = |n: usize| {
        let (before, after) = (trail[n.saturating_sub(1)].0, trail[(n + 1).min(trail.len() - 1)].0);
        let along = after - before;
        if along.length() < 0.01 { Vec2::X } else { along.normalized() }
    };
    for side in [-1.0, 1.0] {
        let pair = |(n, &(at, left)): (usize, &(Pos2, f32))| {
            let reach = way(n).rot90() * (side * radius * left);
            [(at, canvas.shade(rim, TAIL_STRENGTH * left * left)), (at + reach, Color32::TRANSPARENT)]
        };
        let pairs: Vec<_> = trail.iter().enumerate().map(pair).collect();
        canvas.fill_ribbon(&pairs);
    }
}
