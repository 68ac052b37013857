//! Triangles made ready to fill: which pixels they cover, and which colour and texture each of them gets.

use egui::epaint::Vertex;
use egui::{Color32, TextureId};

use crate::render::texture::{Pixel, Texture, to_pixel};

/// Sub-pixel steps: vertices lie on this grid, so that neighbouring triangles share an edge exactly.
const GRID: f32 = 256.0;

/// A value that changes linearly across a triangle: at pixel (0, 0), and by one pixel right and down.
#[derive(Clone, Copy)]
pub(super) struct Plane<const N: usize> {
    origin: [f32; N],
    right: [f32; N],
    down: [f32; N],
}

/// What gives a pixel its texture's colour.
#[derive(Clone, Copy)]
pub(super) enum Paint {
    /// All corners show the same spot of the texture.
    Plain(Pixel),
    Sampled {
        texture: TextureId,
        uv: Plane<2>,
    },
}

/// A triangle ready to fill.
pub(super) struct Triangle {
    /// Edge functions, of x and y on the grid: a·x + b·y + c ≥ 0 inside.
    edges: [(i64, i64, i64); 3],
    /// Pixels that may be touched: left, top, right, bottom; the last two are beyond.
    pub(super) within: [i64; 4],
    pub(super) color: Plane<4>,
    /// All corners have this colour.
    pub(super) flat: Option<Pixel>,
    pub(super) paint: Paint,
}

impl Triangle {
    /// None if it covers nothing.
    pub(super) fn new(mut corners: [Vertex; 3], id: TextureId, texture: &Texture, clip: [i64; 4]) -> Option<Self> {
        if corners.iter().all(|corner| corner.color == Color32::TRANSPARENT) {
            return None;
        }
        let mut at = corners.map(|corner| [corner.pos.x, corner.pos.y].map(|v| (v * GRID).round() as i64));
        let twice_area = cross(at[0], at[1], at[2]);
        if twice_area == 0 {
            return None;
        }
        if twice_area < 0 {
            corners.swap(1, 2);
            at.swap(1, 2);
        }
        let within = touched_pixels(&at, clip)?;
        let plane = PlaneMaker::new(&at, twice_area.abs());
        let colors = corners.map(|corner| to_pixel(corner.color));
        let flat = (corners[0].color == corners[1].color && corners[1].color == corners[2].color).then_some(colors[0]);
        let uvs = corners.map(|corner| [corner.uv.x, corner.uv.y]);
        let paint = if uvs[0] == uvs[1] && uvs[1] == uvs[2] {
            Paint::Plain(texture.sample(uvs[0]))
        } else {
            Paint::Sampled { texture: id, uv: plane.plane(uvs) }
        };
        let edges = [edge_function(at[1], at[2]), edge_function(at[2], at[0]), edge_function(at[0], at[1])];
        Some(Self { edges, within, color: plane.plane(colors), flat, paint })
    }

    /// The pixels of a row whose middles lie inside.
    pub(super) fn span(&self, y: usize) -> (usize, usize) {
        let Ok(y) = i64::try_from(y) else { return (0, 0) };
        let middle = (GRID / 2.0) as i64;
        let grid = GRID as i64;
        let (mut left, mut right) = (self.within[0], self.within[2]);
        for (a, b, c) in self.edges {
            let at_zero = b * (y * grid + middle) + c + a * middle;
            let step = a * grid;
            match step.signum() {
                1 => left = left.max((-at_zero + step - 1).div_euclid(step)),
                -1 => right = right.min(at_zero.div_euclid(-step) + 1),
                _ if at_zero < 0 => right = left,
                _ => {}
            }
        }
        // Both lie inside the clip, which begins at 0.
        (left as usize, right.max(left) as usize)
    }
}

/// Twice the area of a triangle; positive if it turns clockwise with y downward.
fn cross(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// An edge function; an edge that two triangles share belongs to exactly one.
fn edge_function(a: [i64; 2], b: [i64; 2]) -> (i64, i64, i64) {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let owns = dy < 0 || (dy == 0 && dx > 0);
    (-dy, dx, dy * a[0] - dx * a[1] - i64::from(!owns))
}

/// The pixels that a triangle may touch inside a clip, if any.
fn touched_pixels(at: &[[i64; 2]; 3], clip: [i64; 4]) -> Option<[i64; 4]> {
    let grid = GRID as i64;
    let reach = |k: usize| {
        let (low, high) = at.iter().fold((i64::MAX, i64::MIN), |(low, high), at| (low.min(at[k]), high.max(at[k])));
        (low.div_euclid(grid), high.div_euclid(grid) + 1)
    };
    let ((left, right), (top, bottom)) = (reach(0), reach(1));
    let within = [left.max(clip[0]), top.max(clip[1]), right.min(clip[2]), bottom.min(clip[3])];
    (within[0] < within[2] && within[1] < within[3]).then_some(within)
}

/// Makes planes of one triangle.
struct PlaneMaker {
    /// The first corner, in pixels, and the weights that turn differences of corners into slopes.
    corner: [f32; 2],
    right: [f32; 2],
    down: [f32; 2],
}

impl PlaneMaker {
    fn new(at: &[[i64; 2]; 3], twice_area: i64) -> Self {
        // In double precision: thin triangles have steep slopes.
        let scale = f64::from(GRID) / twice_area as f64;
        let weigh = |length: i64| (length as f64 * scale) as f32;
        Self {
            corner: at[0].map(|v| v as f32 / GRID),
            right: [weigh(at[2][1] - at[0][1]), -weigh(at[1][1] - at[0][1])],
            down: [-weigh(at[2][0] - at[0][0]), weigh(at[1][0] - at[0][0])],
        }
    }

    fn plane<const N: usize>(&self, values: [[f32; N]; 3]) -> Plane<N> {
        let slope = |weights: [f32; 2], k: usize| {
            (values[1][k] - values[0][k]) * weights[0] + (values[2][k] - values[0][k]) * weights[1]
        };
        let right: [f32; N] = std::array::from_fn(|k| slope(self.right, k));
        let down: [f32; N] = std::array::from_fn(|k| slope(self.down, k));
        // At the middle of pixel (0, 0).
        let origin = std::array::from_fn(|k| {
            values[0][k] + right[k] * (0.5 - self.corner[0]) + down[k] * (0.5 - self.corner[1])
        });
        Plane { origin, right, down }
    }
}

impl<const N: usize> Plane<N> {
    pub(super) fn at(&self, x: usize, y: usize) -> [f32; N] {
        let (x, y) = (x as f32, y as f32);
        std::array::from_fn(|k| self.origin[k] + self.right[k] * x + self.down[k] * y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often each pixel of a 16 × 16 square is covered by triangles of these corners.
    fn covered(triangles: &[[[f32; 2]; 3]]) -> Vec<u32> {
        let texture = Texture::white();
        let mut counts = vec![0; 256];
        for corners in triangles {
            let corners =
                corners.map(|[x, y]| Vertex { pos: egui::pos2(x, y), color: Color32::WHITE, ..Vertex::default() });
            let Some(triangle) = Triangle::new(corners, TextureId::default(), &texture, [0, 0, 16, 16]) else {
                continue;
            };
            for y in 0..16 {
                let (left, right) = triangle.span(y);
                (left..right).for_each(|x| counts[y * 16 + x] += 1);
            }
        }
        counts
    }

    #[test]
    fn triangles_that_share_an_edge_cover_each_pixel_once() {
        let (a, b, c, d) = ([0.0, 0.0], [16.0, 0.0], [16.0, 16.0], [0.0, 16.0]);
        assert!(covered(&[[a, b, c], [a, c, d]]).iter().all(|count| *count == 1));
        let hub = [7.37, 9.81];
        assert!(covered(&[[hub, a, b], [hub, b, c], [c, hub, d], [d, a, hub]]).iter().all(|count| *count == 1));
    }

    #[test]
    fn a_triangle_covers_its_area_and_stays_in_its_clip() {
        let half: u32 = covered(&[[[0.0, 0.0], [16.0, 0.0], [0.0, 16.0]]]).iter().sum();
        assert!((112..=136).contains(&half), "{half}");
        let all: u32 = covered(&[[[-500.0, -500.0], [900.0, -500.0], [0.0, 900.0]]]).iter().sum();
        assert_eq!(all, 256);
        assert_eq!(covered(&[[[1.0, 1.0], [5.0, 5.0], [9.0, 9.0]]]).iter().sum::<u32>(), 0);
    }

    #[test]
    fn planes_meet_their_corners() {
        let at = [[0, 0], [2560, 0], [0, 2560]];
        let plane = PlaneMaker::new(&at, 2560 * 2560).plane([[0.0], [1.0], [3.0]]);
        assert!((plane.at(9, 0)[0] - (0.95 + 0.15)).abs() < 1e-5);
        assert!((plane.at(0, 9)[0] - (2.85 + 0.05)).abs() < 1e-5);
    }
}
