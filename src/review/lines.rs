//! Distances between boxes, lines and outlines.

use egui::emath::{Pos2, Rect, pos2};

/// The distance between two boxes; 0 where they meet.
pub(super) fn between(a: Rect, b: Rect) -> f32 {
    let apart =
        |low: f32, high: f32, other_low: f32, other_high: f32| (other_low - high).max(low - other_high).max(0.0);
    let across = apart(a.left(), a.right(), b.left(), b.right());
    let down = apart(a.top(), a.bottom(), b.top(), b.bottom());
    across.hypot(down)
}

/// The distance between a box and a polyline; 0 where they meet.
pub(super) fn to_path(rect: Rect, path: &[Pos2]) -> f32 {
    path.windows(2).map(|pair| to_segment(rect, pair[0], pair[1])).fold(f32::INFINITY, f32::min)
}

fn to_segment(rect: Rect, from: Pos2, to: Pos2) -> f32 {
    if crosses(rect, from, to) {
        return 0.0;
    }
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom()];
    let of_corners = corners.into_iter().map(|corner| corner.distance(nearest(corner, from, to)));
    let of_ends = [from, to].into_iter().map(|end| rect.distance_to_pos(end));
    of_corners.chain(of_ends).fold(f32::INFINITY, f32::min)
}

fn nearest(point: Pos2, from: Pos2, to: Pos2) -> Pos2 {
    let along = to - from;
    let share = if along.length_sq() > 0.0 { (point - from).dot(along) / along.length_sq() } else { 0.0 };
    from.lerp(to, share.clamp(0.0, 1.0))
}

/// Whether a part of the segment lies in the box: it is clipped from both sides of both axes.
fn crosses(rect: Rect, from: Pos2, to: Pos2) -> bool {
    let (mut start, mut end) = (0.0_f32, 1.0_f32);
    let axes = [(from.x, to.x - from.x, rect.left(), rect.right()), (from.y, to.y - from.y, rect.top(), rect.bottom())];
    for (at, step, low, high) in axes {
        if step == 0.0 {
            if at < low || at > high {
                return false;
            }
            continue;
        }
        let (one, two) = ((low - at) / step, (high - at) / step);
        start = start.max(one.min(two));
        end = end.min(one.max(two));
    }
    start <= end
}

/// The box's outline as a closed polyline.
pub(super) fn outline(rect: Rect) -> [Pos2; 5] {
    [rect.min, pos2(rect.right(), rect.top()), rect.max, pos2(rect.left(), rect.bottom()), rect.min]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_nearest_points() {
        let rect = Rect::from_min_max(pos2(100.0, 100.0), pos2(200.0, 150.0));
        assert_eq!(between(rect, Rect::from_min_max(pos2(203.0, 154.0), pos2(300.0, 300.0))), 5.0);
        assert_eq!(between(rect, Rect::from_min_max(pos2(150.0, 120.0), pos2(300.0, 300.0))), 0.0);
        assert_eq!(to_path(rect, &[pos2(0.0, 160.0), pos2(300.0, 160.0)]), 10.0);
        assert_eq!(to_path(rect, &[pos2(0.0, 0.0), pos2(300.0, 260.0)]), 0.0);
        assert_eq!(to_path(rect, &[pos2(210.0, 0.0), pos2(210.0, 120.0)]), 10.0);
        assert_eq!(to_path(rect, &outline(rect.expand(7.0))), 7.0);
    }
}
