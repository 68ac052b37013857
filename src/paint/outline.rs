//! Closed outlines and open paths as points: rounded rectangles, circles, softened corners, convex cuts.

use std::f32::consts::{FRAC_PI_2, TAU};
use std::sync::OnceLock;

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};

/// A quarter circle has at most this many straight pieces.
const MOST_STEPS: usize = 24;

/// How many straight pieces a quarter circle of this radius needs to look round; `px` is the size of a pixel.
pub(super) fn quarter_steps(radius: f32, px: f32) -> usize {
    ((radius / px).sqrt() * 1.5).ceil().clamp(1.0, MOST_STEPS as f32) as usize
}

/// The directions of a quarter circle from the right to below, in so many pieces, both ends included.
///
/// A picture has thousands of these points, and sines are dear.
pub(super) fn quarter_circle(steps: usize) -> &'static [Vec2] {
    static QUARTERS: OnceLock<Vec<Vec<Vec2>>> = OnceLock::new();
    let quarters = QUARTERS.get_or_init(|| {
        let angle = |k: usize, steps: usize| FRAC_PI_2 * k as f32 / steps as f32;
        (1..=MOST_STEPS).map(|steps| (0..=steps).map(|k| Vec2::angled(angle(k, steps))).collect()).collect()
    });
    &quarters[steps.clamp(1, MOST_STEPS) - 1]
}

/// A direction turned clockwise by so many quarters.
fn turn_quarters(way: Vec2, quarters: usize) -> Vec2 {
    match quarters % 4 {
        0 => way,
        1 => vec2(-way.y, way.x),
        2 => -way,
        _ => vec2(way.y, -way.x),
    }
}

/// A rectangle with round corners, clockwise from the lower left; `radii` are of the upper and of the lower corners.
pub(super) fn rounded_rect(rect: Rect, radii: [f32; 2], px: f32) -> Vec<Pos2> {
    let [top, low] = radii;
    rounded_each(rect, [top, top, low, low], px)
}

/// The same with a radius for each corner, clockwise from the upper left.
pub(super) fn rounded_each(rect: Rect, radii: [f32; 4], px: f32) -> Vec<Pos2> {
    let most = 0.5 * rect.width().min(rect.height()).max(0.0);
    let [left_top, right_top, right_low, left_low] = radii.map(|radius| radius.clamp(0.0, most));
    round_corners(rect, [left_low, left_top, right_top, right_low], px)
}

/// The same with a given number of straight pieces a corner.
pub(super) fn rounded_rect_in_steps(rect: Rect, radii: [f32; 2], steps: usize) -> Vec<Pos2> {
    let [top, low] = radii;
    let mut points = Vec::with_capacity(4 * (steps + 1));
    for (n, radius) in [low, top, top, low].into_iter().enumerate() {
        push_corner(rect, n, radius, steps, &mut points);
    }
    points
}

/// A rectangle whose left corners only are round.
pub(super) fn rounded_left(rect: Rect, radius: f32, px: f32) -> Vec<Pos2> {
    let radius = radius.min(0.5 * rect.height()).min(rect.width());
    round_corners(rect, [radius, radius, 0.0, 0.0], px)
}

/// Radii in the order lower left, upper left, upper right, lower right.
fn round_corners(rect: Rect, radii: [f32; 4], px: f32) -> Vec<Pos2> {
    let mut points = Vec::with_capacity(32);
    for (n, radius) in radii.into_iter().enumerate() {
        let steps = if radius < 0.1 * px { 0 } else { quarter_steps(radius, px) };
        push_corner(rect, n, radius, steps, &mut points);
    }
    // Where two round corners meet, both have the point between them.
    points.dedup_by(|a, b| a.distance_sq(*b) < 1e-4);
    if points.len() > 1 && points[0].distance_sq(points[points.len() - 1]) < 1e-4 {
        points.pop();
    }
    points
}

/// Corner number `n`, from the lower left, clockwise; no steps make it sharp.
fn push_corner(rect: Rect, n: usize, radius: f32, steps: usize, points: &mut Vec<Pos2>) {
    let (corner, inward) = match n {
        0 => (rect.left_bottom(), vec2(1.0, -1.0)),
        1 => (rect.left_top(), vec2(1.0, 1.0)),
        2 => (rect.right_top(), vec2(-1.0, 1.0)),
        _ => (rect.right_bottom(), vec2(-1.0, -1.0)),
    };
    if steps == 0 {
        points.push(corner);
        return;
    }
    let center = corner + inward * radius;
    points.extend(quarter_circle(steps).iter().map(|way| center + turn_quarters(*way, n + 1) * radius));
}

/// A circle, clockwise.
pub(super) fn circle(center: Pos2, radius: f32, px: f32) -> Vec<Pos2> {
    let arc = quarter_circle(quarter_steps(radius, px).max(2));
    let points = (0..4).flat_map(|n| arc[1..].iter().map(move |way| center + turn_quarters(*way, n) * radius));
    points.collect()
}

/// Part of a circle, angles in radians from the right, clockwise.
pub(super) fn arc(center: Pos2, radius: f32, from: f32, to: f32, px: f32) -> Vec<Pos2> {
    let quarters = (to - from).abs() / FRAC_PI_2;
    let steps = (quarters * quarter_steps(radius, px) as f32).ceil().max(2.0) as usize;
    (0..=steps).map(|n| center + radius * Vec2::angled(from + (to - from) * n as f32 / steps as f32)).collect()
}

/// Length of a path.
pub(super) fn length(path: &[Pos2]) -> f32 {
    path.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
}

/// The part of a path between two distances from its start, without doubled points: a stroke has no direction between
/// those.
pub(super) fn path_between(path: &[Pos2], from: f32, to: f32) -> Vec<Pos2> {
    let (mut points, mut gone): (Vec<Pos2>, f32) = (Vec::new(), 0.0);
    for pair in path.windows(2) {
        let length = pair[0].distance(pair[1]);
        let at = |distance: f32| pair[0].lerp(pair[1], (distance - gone) / length);
        if points.is_empty() && gone + length >= from {
            points.push(at(from));
        }
        if !points.is_empty() {
            if gone + length >= to {
                points.push(at(to));
                break;
            }
            points.push(pair[1]);
        }
        gone += length;
    }
    points.dedup_by(|a, b| a.distance_sq(*b) < DOUBLED * DOUBLED);
    points
}

/// Points of a dash that are nearer to one another are one.
const DOUBLED: f32 = 0.05;

/// The path with its sharp corners rounded to about `radius`, and without doubled points.
pub(super) fn softened(path: &[Pos2], radius: f32) -> Vec<Pos2> {
    let mut points: Vec<Pos2> = Vec::with_capacity(path.len());
    for &at in path {
        if points.last().is_none_or(|last| last.distance(at) > 0.01) {
            points.push(at);
        }
    }
    if points.len() < 3 {
        return points;
    }
    let mut out = vec![points[0]];
    for three in points.windows(3) {
        soften_corner(three[0], three[1], three[2], radius, &mut out);
    }
    out.push(points[points.len() - 1]);
    out
}

/// One corner of a path: the point itself if the path hardly turns there, else a small curve.
fn soften_corner(before: Pos2, at: Pos2, after: Pos2, radius: f32, out: &mut Vec<Pos2>) {
    let (to, from) = ((before - at).normalized(), (after - at).normalized());
    if to.dot(from) < -0.9 {
        out.push(at);
        return;
    }
    let room = 0.5 * before.distance(at).min(after.distance(at));
    let reach = radius.min(room);
    let (a, b) = (at + to * reach, at + from * reach);
    out.extend((0..=6).map(|n| {
        let t = n as f32 / 6.0;
        let (p, q) = (a.lerp(at, t), at.lerp(b, t));
        p.lerp(q, t)
    }));
}

/// How far back from its end a path goes about the same way, within half a right angle.
pub(super) fn straight_end(path: &[Pos2]) -> f32 {
    let pieces =
        path.windows(2).rev().map(|pair| pair[1] - pair[0]).filter(|piece| piece.length_sq() > DOUBLED * DOUBLED);
    let mut pieces = pieces.peekable();
    let Some(way) = pieces.peek().map(|last| last.normalized()) else { return 0.0 };
    pieces.take_while(|piece| piece.normalized().dot(way) > STRAIGHT).map(|piece| piece.length()).sum()
}

/// Cosine of the angle by which a path may turn and still go about the same way.
const STRAIGHT: f32 = 0.7;

/// The way across an open path of two points or more, at one of them.
pub(super) fn across(path: &[Pos2], n: usize) -> Vec2 {
    let before = if n == 0 { path[0] - (path[1] - path[0]) } else { path[n - 1] };
    let after = if n + 1 == path.len() { path[n] + (path[n] - path[n - 1]) } else { path[n + 1] };
    miter(before, path[n], after)
}

/// Both sides of a path, so far from it; none of a point.
pub(super) fn sides(path: &[Pos2], away: f32) -> [Vec<Pos2>; 2] {
    let corners = if path.len() < 2 { 0..0 } else { 0..path.len() };
    [away, -away].map(|away| corners.clone().map(|n| path[n] + across(path, n) * away).collect())
}

/// The way outward at a corner of a clockwise outline, so long that both edges move by one unit.
pub(super) fn miter(before: Pos2, at: Pos2, after: Pos2) -> Vec2 {
    let (arriving, leaving) = ((at - before).normalized(), (after - at).normalized());
    let (a, b) = (outward_normal(arriving), outward_normal(leaving));
    let sum = a + b;
    let length_sq = sum.length_sq();
    // A path that turns back on itself has no outside; elsewhere a spike is at most two and a half times the width.
    if length_sq < 1e-3 { b } else { sum * (2.0 / length_sq).min(2.5 / length_sq.sqrt()) }
}

fn outward_normal(along: Vec2) -> Vec2 {
    Vec2::new(along.y, -along.x)
}

/// The part of one convex polygon inside another (Sutherland–Hodgman); both clockwise.
pub(super) fn clip_convex(subject: &[Pos2], inside: &[Pos2]) -> Vec<Pos2> {
    let mut kept = subject.to_vec();
    for n in 0..inside.len() {
        let (a, b) = (inside[n], inside[(n + 1) % inside.len()]);
        if a.distance_sq(b) > 1e-8 {
            kept = clip_by_line(&kept, a, b - a);
        }
    }
    // A cut through a corner leaves it twice.
    kept.dedup_by(|a, b| a.distance_sq(*b) < 1e-3);
    kept
}

/// The part of a polygon to the right of a line, seen along it with y downward.
fn clip_by_line(polygon: &[Pos2], origin: Pos2, along: Vec2) -> Vec<Pos2> {
    let side = |at: Pos2| along.x * (at.y - origin.y) - along.y * (at.x - origin.x);
    let mut kept = Vec::with_capacity(polygon.len() + 2);
    for n in 0..polygon.len() {
        let (a, b) = (polygon[n], polygon[(n + 1) % polygon.len()]);
        let (sa, sb) = (side(a), side(b));
        if sa >= 0.0 {
            kept.push(a);
        }
        if (sa > 0.0 && sb < 0.0) || (sa < 0.0 && sb > 0.0) {
            kept.push(a.lerp(b, sa / (sa - sb)));
        }
    }
    kept
}

/// A straight bar of the given width from `a` to `b`, clockwise.
pub(super) fn thick_line(a: Pos2, b: Pos2, width: f32) -> [Pos2; 4] {
    let across = (b - a).normalized().rot90() * (width / 2.0);
    [a + across, b + across, b - across, a - across]
}

/// The corners of a polygon, clockwise as all outlines are, without doubled ones.
pub(super) fn clockwise(corners: &[Pos2]) -> Vec<Pos2> {
    let mut outline = corners.to_vec();
    outline.dedup_by(|a, b| a.distance_sq(*b) < 1e-4);
    if outline.len() > 1 && outline[0].distance_sq(outline[outline.len() - 1]) < 1e-4 {
        outline.pop();
    }
    let next = outline.iter().cycle().skip(1);
    let doubled_area: f32 = outline.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
    if doubled_area < 0.0 {
        outline.reverse();
    }
    outline
}

/// A regular polygon with a corner at the angle `start`, clockwise.
pub(super) fn regular_polygon(center: Pos2, radius: f32, sides: usize, start: f32) -> Vec<Pos2> {
    (0..sides).map(|n| center + radius * Vec2::angled(start + TAU * n as f32 / sides as f32)).collect()
}

/// Points of a rectangle, clockwise.
pub(super) fn rect_corners(rect: Rect) -> [Pos2; 4] {
    [rect.left_bottom(), rect.left_top(), pos2(rect.right(), rect.top()), rect.right_bottom()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(points: &[Pos2]) -> f32 {
        let next = points.iter().cycle().skip(1);
        points.iter().zip(next).map(|(a, b)| (a.x * b.y - b.x * a.y) / 2.0).sum()
    }

    #[test]
    fn all_outlines_turn_the_same_way() {
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 50.0));
        assert!((area(&rect_corners(rect)) - 5000.0).abs() < 0.1);
        let round = area(&rounded_rect(rect, [10.0, 0.0], 0.5));
        assert!((round - (5000.0 - 2.0 * 100.0 * (1.0 - TAU / 8.0))).abs() < 2.0, "{round}");
        assert!((area(&circle(pos2(3.0, 4.0), 10.0, 0.2)) - 314.0).abs() < 3.0);
        assert!((area(&thick_line(pos2(0.0, 0.0), pos2(10.0, 0.0), 4.0)) - 40.0).abs() < 0.01);
    }

    #[test]
    fn a_cut_keeps_what_both_cover() {
        let plate = rect_corners(Rect::from_min_max(pos2(0.0, 0.0), pos2(10.0, 10.0)));
        let across = thick_line(pos2(-5.0, 5.0), pos2(50.0, 5.0), 2.0);
        assert!((area(&clip_convex(&across, &plate)) - 20.0).abs() < 0.01);
        assert!(clip_convex(&thick_line(pos2(20.0, 20.0), pos2(30.0, 20.0), 2.0), &plate).len() < 3);
    }

    #[test]
    fn a_part_of_a_path_has_no_doubled_points() {
        let path = [pos2(0.0, 0.0), pos2(10.0, 0.0), pos2(10.0, 10.0)];
        // From just before a corner, from it, and up to it.
        for (from, to, count) in [(9.99, 12.0, 2), (10.0, 12.0, 2), (5.0, 10.0, 2), (5.0, 12.0, 3)] {
            assert_eq!(path_between(&path, from, to).len(), count, "{from} to {to}");
        }
    }

    #[test]
    fn sharp_corners_become_curves() {
        let path = [pos2(0.0, 0.0), pos2(100.0, 0.0), pos2(100.0, 100.0)];
        let soft = softened(&path, 20.0);
        assert!(soft.len() > 6 && soft.iter().all(|at| at.distance(path[1]) > 5.0));
        assert_eq!(softened(&[path[0], path[0], path[1]], 20.0), [path[0], path[1]]);
    }
}
