//! Light: what shows that a floor or the hall is active.

use egui::Color32;
use egui::emath::{Pos2, Rect, lerp, pos2};

use crate::paint::canvas::Canvas;
use crate::paint::outline;
use crate::picture::{Ink, STAGE};

/// A lit shape's own fill: this much of its ink at the upper edge, and this much at the lower.
const FILL: (f32, f32) = (1.0, 0.30);
/// Words stand below this share of the height, or so many stage units below the upper edge of what is tall; from there on
/// the fill never passes the theme's "lit, under words".
const WORDS_FROM: f32 = 0.2;
const WORDS_BELOW: f32 = 24.0;
/// How much of "lit, under words" a fill at full level is where words stand.
const UNDER_WORDS: f32 = 0.95;
/// Light grows with its level by this power: what is half as busy is seen as more than half as bright.
const RISE: f32 = 0.65;

/// How far a glow reaches, as the deviation of a Gaussian, in stage units.
const FLOOR_SIGMA: f32 = 26.0;
const HALL_SIGMA: f32 = 60.0;
const DOT_SIGMA: f32 = 10.0;

/// Distances of a glow's rings from its shape, in deviations: close where the Gaussian bends most.
const GLOW_RINGS: [f32; 9] = [0.0, 0.25, 0.5, 0.8, 1.1, 1.45, 1.85, 2.35, 3.0];
/// The glow of a busy GPU: wide enough to fill the space between two, and out of reach of the hall's name.
const GPU_SIGMA: f32 = 13.0;
const GPU_RINGS: [f32; 5] = [0.0, 0.4, 0.8, 1.3, 1.95];
/// Radii of a dot's glow, in deviations.
const DOT_RINGS: [f32; 6] = [0.0, 0.7, 1.2, 1.7, 2.3, 3.0];

/// The glow around a lit shape, by its level. It lies behind all marks: on a neighbour it would take the contrast from
/// the neighbour's words, and say that the neighbour is active.
pub(super) fn paint_glow(canvas: &mut Canvas<'_>, rect: Rect, radii: [f32; 2], ink: Ink, level: f32) {
    let sigma = if ink == Ink::Compute { HALL_SIGMA } else { FLOOR_SIGMA };
    let strength = canvas.theme.light().glow * level.clamp(0.0, 1.0);
    // On a light ground an ink is so dark that its glow would be a shadow.
    glow_around(canvas, rect, radii, canvas.theme.fill(ink), &Glow { sigma, strength, distances: &GLOW_RINGS });
}

/// The fill inside a lit shape, by its level.
pub(super) fn paint_fill(canvas: &mut Canvas<'_>, rect: Rect, radii: [f32; 2], ink: Ink, level: f32) {
    let level = level.clamp(0.0, 1.0);
    if level > 0.0 {
        let outline = outline::rounded_rect(rect, radii, canvas.px);
        canvas.fill_shaded(&outline, &fill_stops(canvas, rect, ink, level));
    }
}

/// The stops of a lit shape's fill; where light is ink, it ends in a solid bar along the lower edge.
fn fill_stops(canvas: &Canvas<'_>, rect: Rect, ink: Ink, level: f32) -> Vec<(f32, Color32)> {
    let color = canvas.theme.color(ink);
    let words_from = WORDS_FROM.min(WORDS_BELOW / rect.height().max(1e-3));
    let stop = |share: f32| {
        let (color, opacity) = fill_at(canvas, ink, share, words_from);
        (lerp(rect.top()..=rect.bottom(), share), canvas.shade(color, level.powf(RISE) * opacity))
    };
    let above = [0.0, 0.25, 0.5, 0.75, 1.0].map(|part| part * words_from);
    let mut stops: Vec<_> = above.into_iter().chain([0.4, 0.7]).map(stop).collect();
    let bar = canvas.theme.light().bar.min(0.3 * rect.height());
    if bar > 0.0 {
        let solid = canvas.shade(color, level.sqrt());
        let above = stop(1.0 - bar / rect.height().max(1e-3));
        stops.extend([above, (above.0 + canvas.px, solid), (rect.bottom(), solid)]);
    } else {
        stops.push(stop(1.0));
    }
    stops
}

/// The fill at a share of the height, at full level: its colour and how strong it is. Where words stand it is the theme's
/// "lit, under words", which in light is brighter than its ink over the floor would be.
fn fill_at(canvas: &Canvas<'_>, ink: Ink, share: f32, words_from: f32) -> (Color32, f32) {
    let plain = lerp(FILL.0..=FILL.1, share);
    let [top, low] = canvas.theme.slate();
    let slate = top.lerp_to_gamma(low, share);
    let (color, lit) = (canvas.theme.color(ink), canvas.theme.lit(ink));
    let most = UNDER_WORDS * words_opacity(slate, color, lit);
    if plain <= most {
        return (lit, UNDER_WORDS * plain / most);
    }
    // Above the words the light comes up in a curve, so that no line shows where the limit sets in.
    let above = (1.0 - share / words_from).max(0.0);
    let above = (plain - most) * above * above / (1.0 - most);
    (lit.lerp_to_gamma(color, above), lerp(UNDER_WORDS..=1.0, above))
}

/// The opacity at which an ink over a floor comes to the colour that words may still stand on.
fn words_opacity(floor: Color32, ink: Color32, lit: Color32) -> f32 {
    let shares = [0, 1, 2].map(|n| {
        let [floor, ink, lit] = [floor, ink, lit].map(|color| f32::from(color.to_array()[n]));
        (ink - floor, lit - floor)
    });
    // Green weighs most in what the eye takes for brightness, and red next.
    let weigh = |part: fn(&(f32, f32)) -> f32| 0.3 * part(&shares[0]) + 0.6 * part(&shares[1]) + 0.1 * part(&shares[2]);
    let (reach, allowed) = (weigh(|share| share.0), weigh(|share| share.1));
    if reach.abs() < 1.0 { 0.0 } else { (allowed / reach).clamp(0.0, 1.0) }
}

/// How far a glow reaches, how bright it is, and where its rings lie, in deviations.
struct Glow<'a> {
    sigma: f32,
    strength: f32,
    distances: &'a [f32],
}

/// A Gaussian glow around a rounded shape and nothing inside it: rings of its outline, each point as bright as the
/// blurred shape is there.
fn glow_around(canvas: &mut Canvas<'_>, rect: Rect, radii: [f32; 2], color: Color32, glow: &Glow<'_>) {
    let Glow { sigma, strength, distances } = *glow;
    if strength <= 0.0 {
        return;
    }
    let edge = blurred_at(rect, pos2(rect.left(), rect.center().y), sigma).max(1e-3);
    let ring = |distance: &f32| {
        let out = distance * sigma;
        let ends = *distance >= distances[distances.len() - 1];
        let shine = |at: Pos2| {
            let share = if ends { 0.0 } else { blurred_at(rect, at, sigma) };
            canvas.glow(color, strength * share.min(edge))
        };
        // Always with the same number of points, so that rings pair.
        let grown = radii.map(|radius| radius.max(0.05) + out);
        let points = outline::rounded_rect_in_steps(rect.expand(out), grown, 6);
        points.into_iter().map(|at| (at, shine(at))).collect()
    };
    let rings: Vec<Vec<(Pos2, Color32)>> = distances.iter().map(ring).collect();
    canvas.fill_rings(rings);
}

/// Where a veil is how thin, from its whole middle to its edge.
const VEIL: [(f32, f32); 7] =
    [(0.0, 1.0), (0.15, 0.96), (0.35, 0.78), (0.5, 0.56), (0.7, 0.26), (0.85, 0.08), (1.0, 0.0)];

/// The stage's ground over what is drawn already: whole in the middle, fading to nothing over the last `reach` units.
pub(super) fn veil(canvas: &mut Canvas<'_>, rect: Rect, radius: f32, reach: f32) {
    let [top, low] = canvas.theme.ground();
    let at_y = |y: f32| top.lerp_to_gamma(low, ((y - STAGE.top()) / STAGE.height()).clamp(0.0, 1.0));
    let middle = rect.shrink(reach);
    let ring = |(out, left): &(f32, f32)| {
        let grown = radius + out * reach;
        let points = outline::rounded_rect_in_steps(middle.expand(out * reach), [grown; 2], 6);
        points.into_iter().map(|at| (at, canvas.shade(at_y(at.y), *left))).collect::<Vec<_>>()
    };
    let rings: Vec<Vec<(Pos2, Color32)>> = VEIL.iter().map(ring).collect();
    if let Some(inner) = rings.first() {
        canvas.fill_fan(inner);
    }
    canvas.fill_rings(rings);
}

/// The brightness at a point of a rectangle blurred by a Gaussian.
fn blurred_at(rect: Rect, at: Pos2, sigma: f32) -> f32 {
    let along = |min: f32, max: f32, at: f32| normal_share((max - at) / sigma) - normal_share((min - at) / sigma);
    along(rect.left(), rect.right(), at.x) * along(rect.top(), rect.bottom(), at.y)
}

/// The share of a normal distribution below `x`, to a thousandth.
fn normal_share(x: f32) -> f32 {
    1.0 / (1.0 + (-1.5976 * x - 0.07056 * x * x * x).exp())
}

/// The soft glow of a busy GPU.
pub(super) fn glow_gpu(canvas: &mut Canvas<'_>, rect: Rect, radius: f32, color: Color32, strength: f32) {
    glow_around(canvas, rect, [radius; 2], color, &Glow { sigma: GPU_SIGMA, strength, distances: &GPU_RINGS });
}

/// The glow of a dot: the dot, blurred.
pub(super) fn glow_dot(canvas: &mut Canvas<'_>, center: Pos2, radius: f32, color: Color32, strength: f32) {
    // A blurred disc is nearly a Gaussian whose variance is the blur's and a quarter of the radius squared.
    let variance = DOT_SIGMA * DOT_SIGMA + radius * radius / 4.0;
    let sigma = variance.sqrt();
    let peak = strength * radius * radius / (2.0 * variance);
    let last = DOT_RINGS[DOT_RINGS.len() - 1];
    let rings = DOT_RINGS.map(|distance| {
        let shine = if distance < last { (-distance * distance / 2.0).exp() } else { 0.0 };
        (distance * sigma, canvas.glow(color, peak * shine))
    });
    canvas.fill_radial(center, &rings);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blurred_edge_is_half_as_bright() {
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(1000.0, 1000.0));
        assert!((blurred_at(rect, pos2(0.0, 500.0), 26.0) - 0.5).abs() < 0.001);
        assert!((blurred_at(rect, pos2(0.0, 0.0), 26.0) - 0.25).abs() < 0.001);
        assert!((normal_share(1.0) - 0.8413).abs() < 0.001 && (normal_share(-2.0) - 0.0228).abs() < 0.001);
    }

    #[test]
    fn words_get_no_stronger_fill_than_the_theme_allows() {
        let (floor, ink, lit) = (Color32::from_gray(20), Color32::from_gray(220), Color32::from_gray(70));
        assert!((words_opacity(floor, ink, lit) - 0.25).abs() < 0.001);
        assert_eq!(words_opacity(floor, floor, lit), 0.0);
    }
}
