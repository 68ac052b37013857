//! A smooth curve through a few points.

use egui::emath::{Pos2, Vec2};

/// Straight pieces between two of the points: at the deck's longest spans a piece turns by a few degrees.
const PIECES: usize = 14;

/// A path that goes through all of the points in their order and turns nowhere sharply. Its direction at a point is that of
/// its neighbours, the nearer one more; at the ends it goes on as it bends. Two points are joined by a straight line.
pub(super) fn through(points: &[Pos2]) -> Vec<Pos2> {
    let mut knots = points.to_vec();
    knots.dedup_by(|a, b| a.distance_sq(*b) < 1e-4);
    if knots.len() < 3 {
        return knots;
    }
    let lengths: Vec<f32> = knots.windows(2).map(|pair| pair[0].distance(pair[1])).collect();
    let directions = directions(&knots, &lengths);
    let mut path = vec![knots[0]];
    for (n, length) in lengths.iter().enumerate() {
        let (from, to) = ((knots[n], directions[n] * *length), (knots[n + 1], directions[n + 1] * *length));
        path.extend((1..=PIECES).map(|piece| hermite(from, to, piece as f32 / PIECES as f32)));
    }
    path
}

/// The direction of the curve at each point, in units a unit of chord.
fn directions(knots: &[Pos2], lengths: &[f32]) -> Vec<Vec2> {
    let slopes: Vec<Vec2> = knots.windows(2).zip(lengths).map(|(pair, length)| (pair[1] - pair[0]) / *length).collect();
    let inner = (1..slopes.len()).map(|n| {
        let (before, behind) = (lengths[n - 1], lengths[n]);
        (slopes[n - 1] * behind + slopes[n] * before) / (before + behind)
    });
    let mut directions: Vec<Vec2> = std::iter::once(Vec2::ZERO).chain(inner).chain([Vec2::ZERO]).collect();
    let last = slopes.len();
    directions[0] = slopes[0] * 2.0 - directions[1];
    directions[last] = slopes[last - 1] * 2.0 - directions[last - 1];
    directions
}

/// A cubic from one point and its direction to another, at a share of its way.
fn hermite((from, out): (Pos2, Vec2), (to, into): (Pos2, Vec2), t: f32) -> Pos2 {
    let bend = t * t * (3.0 - 2.0 * t);
    from.lerp(to, bend) + out * (t * (1.0 - t) * (1.0 - t)) - into * (t * t * (1.0 - t))
}

#[cfg(test)]
mod tests {
    use egui::emath::pos2;

    use super::*;

    #[test]
    fn a_curve_goes_through_its_points_and_turns_gently() {
        let points = [pos2(0.0, 100.0), pos2(100.0, 0.0), pos2(260.0, 20.0), pos2(300.0, 200.0)];
        let path = through(&points);
        assert_eq!(path.len(), 3 * PIECES + 1);
        for point in points {
            assert!(path.iter().any(|at| at.distance(point) < 1e-3), "{point:?}");
        }
        for three in path.windows(3) {
            let (come, gone) = ((three[1] - three[0]).normalized(), (three[2] - three[1]).normalized());
            assert!(come.dot(gone) > 0.95, "{three:?}");
        }
    }

    #[test]
    fn what_is_straight_stays_so() {
        let row = [pos2(0.0, 5.0), pos2(10.0, 5.0), pos2(90.0, 5.0)];
        assert!(through(&row).iter().all(|at| at.y == 5.0));
        assert_eq!(through(&row[..2]), row[..2]);
        assert_eq!(through(&[row[0], row[0], row[1]]), row[..2]);
    }
}
