//! A point at a distance along a path, and dots spread evenly over it.

use egui::emath::{Pos2, Rect, pos2};

/// Length of a polyline.
pub fn length(path: &[Pos2]) -> f32 {
    path.windows(2).map(|pair| pair[0].distance(pair[1])).sum()
}

/// The point `distance` along the polyline, clamped to its ends.
pub(crate) fn point_at(path: &[Pos2], distance: f32) -> Pos2 {
    let mut left = distance.max(0.0);
    for pair in path.windows(2) {
        let here = pair[0].distance(pair[1]);
        if left <= here && here > 0.0 {
            return pair[0].lerp(pair[1], left / here);
        }
        left -= here;
    }
    path.last().copied().unwrap_or_default()
}

/// The first `distance` units of a polyline.
pub(crate) fn first_part(path: &[Pos2], distance: f32) -> Vec<Pos2> {
    let mut come = 0.0;
    let mut out: Vec<Pos2> = path.first().copied().into_iter().collect();
    for pair in path.windows(2) {
        come += pair[0].distance(pair[1]);
        if come >= distance {
            break;
        }
        out.push(pair[1]);
    }
    out.push(point_at(path, distance));
    out
}

/// The polyline without so many units at its beginning and at its end.
pub(crate) fn trimmed(path: &[Pos2], [before, behind]: [f32; 2]) -> Vec<Pos2> {
    let (mut come, end) = (0.0, length(path) - behind);
    let mut out = vec![point_at(path, before)];
    for pair in path.windows(2) {
        come += pair[0].distance(pair[1]);
        if come > before && come < end {
            out.push(pair[1]);
        }
    }
    out.push(point_at(path, end.max(before)));
    out
}

/// The path with what enters a hall ending below its floor.
pub(crate) fn outside(path: &[Pos2], hall: Rect) -> Vec<Pos2> {
    path.iter().map(|at| if hall.contains(*at) { pos2(at.x, hall.bottom() + 4.0) } else { *at }).collect()
}

/// A dot on its way: where, and how much of it shows near the ends of the lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bead {
    pub at: Pos2,
    pub opacity: f32,
    /// Steady from frame to frame, also when the first bead leaves and a new one comes.
    pub index: u32,
}

/// How far from an end a dot fades.
const FADE: f32 = 40.0;

/// Beads about `every` apart, moved on by `moved` units. The distance is stretched so that a whole number fits the
/// lane: then nothing jumps where the lane closes.
pub(crate) fn beads(path: &[Pos2], every: f32, moved: f64) -> Vec<Bead> {
    let length = length(path);
    let count = (length / every).round().max(1.0);
    let gap = length / count;
    let first = moved.rem_euclid(f64::from(gap)) as f32;
    let whole = (moved / f64::from(gap)).floor() as i64;
    let fade = FADE.min(length / 3.0);
    let bead = |index: u32| {
        let along = first + gap * index as f32;
        let opacity = (along.min(length - along) / fade).clamp(0.0, 1.0);
        let name = (i64::from(index) - whole).rem_euclid(count as i64) as u32;
        Bead { at: point_at(path, along), opacity, index: name }
    };
    (0..count as u32).map(bead).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::emath::pos2;

    #[test]
    fn beads_are_even_and_fade_at_both_ends() {
        let path = [pos2(0.0, 0.0), pos2(0.0, 500.0)];
        for moved in [0.0, 13.0, 35.71, 1234.5] {
            let mut beads = beads(&path, 36.0, moved);
            beads.sort_by(|a, b| a.at.y.total_cmp(&b.at.y));
            let gaps: Vec<f32> = beads.windows(2).map(|pair| pair[1].at.y - pair[0].at.y).collect();
            assert!(gaps.iter().all(|gap| (gap / gaps[0] - 1.0).abs() < 0.02), "{gaps:?}");
            assert!(beads[0].opacity < 1.0 && beads[beads.len() - 1].opacity < 1.0);
        }
    }

    #[test]
    fn a_trimmed_path_keeps_its_inner_corners() {
        let path = [pos2(0.0, 0.0), pos2(100.0, 0.0), pos2(100.0, 50.0)];
        let trimmed = trimmed(&path, [20.0, 20.0]);
        let right = [pos2(20.0, 0.0), pos2(100.0, 0.0), pos2(100.0, 30.0)];
        assert!(trimmed.iter().zip(right).all(|(at, right)| at.distance(right) < 0.01), "{trimmed:?}");
        assert!((length(&trimmed) - 110.0).abs() < 0.01);
    }

    #[test]
    fn a_bead_keeps_its_name_while_it_moves() {
        let path = [pos2(0.0, 0.0), pos2(360.0, 0.0)];
        let place = |moved: f64, index: u32| {
            beads(&path, 36.0, moved).iter().find(|bead| bead.index == index).map(|bead| bead.at.x)
        };
        assert_eq!(place(35.0, 3), Some(143.0));
        assert_eq!(place(37.0, 3), Some(145.0));
    }
}
