//! Easing curves: progress in, progress out, both from 0 to 1.

use egui::emath::Pos2;

use crate::scene::model::Camera;

/// A curve of presenting.md's motion table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ease {
    /// Cubic Bézier (.2, 0, 0, 1): highlights.
    Standard,
    /// (.05, .7, .1, 1): what comes in.
    Decelerate,
    /// (.3, 0, .8, .15): what goes out.
    Accelerate,
    /// Slow, fast, slow: morphs and moves.
    InOutCubic,
}

impl Ease {
    /// The eased progress of `t`, clamped to 0..=1.
    pub(crate) fn at(self, t: f32) -> f32 {
        let t = t.clamp(0.0, 1.0);
        match self {
            Self::Standard => bezier([0.2, 0.0], [0.0, 1.0], t),
            Self::Decelerate => bezier([0.05, 0.7], [0.1, 1.0], t),
            Self::Accelerate => bezier([0.3, 0.0], [0.8, 0.15], t),
            Self::InOutCubic if t < 0.5 => 4.0 * t * t * t,
            Self::InOutCubic => 1.0 - (2.0 - 2.0 * t).powi(3) / 2.0,
        }
    }
}

/// y of a CSS cubic Bézier at x; x is monotonic, so halving finds it.
fn bezier(one: [f32; 2], two: [f32; 2], x: f32) -> f32 {
    let along = |a: f32, b: f32, s: f32| 3.0 * (1.0 - s).powi(2) * s * a + 3.0 * (1.0 - s) * s * s * b + s * s * s;
    let (mut low, mut high) = (0.0_f32, 1.0_f32);
    for _ in 0..20 {
        let middle = f32::midpoint(low, high);
        if along(one[0], two[0], middle) < x {
            low = middle;
        } else {
            high = middle;
        }
    }
    // The ends are exact, so that a settled picture is the settled picture.
    if x <= 0.0 || x >= 1.0 { x } else { along(one[1], two[1], f32::midpoint(low, high)) }
}

/// The path of a camera: van Wijk and Nuij's "smooth and efficient zooming and panning", ρ = 1.4.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flight {
    from: Camera,
    to: Camera,
    /// Length of the path, in the metric in which the speed is even.
    length: f32,
    r0: f32,
}

const RHO: f32 = 1.4;

impl Flight {
    pub(crate) fn new(from: Camera, to: Camera) -> Self {
        let (w0, w1, u1) = (from.width, to.width, centre(&to).distance(centre(&from)));
        if u1 < 1.0 {
            return Self { from, to, length: (w1 / w0).ln().abs() / RHO, r0: 0.0 };
        }
        let b = |w: f32, sign: f32| (w1 * w1 - w0 * w0 + sign * RHO.powi(4) * u1 * u1) / (2.0 * w * RHO * RHO * u1);
        let r = |b: f32| ((b * b + 1.0).sqrt() - b).max(1e-6).ln();
        let (r0, r1) = (r(b(w0, 1.0)), r(b(w1, -1.0)));
        Self { from, to, length: (r1 - r0) / RHO, r0 }
    }

    /// 0.7 to 1.2 s, by path length; 0 where nothing moves.
    pub(crate) fn secs(&self) -> f32 {
        if self.length.abs() < 1e-3 { 0.0 } else { (0.6 + 0.35 * self.length.abs()).clamp(0.7, 1.2) }
    }

    /// The camera at progress `t`.
    pub(crate) fn at(&self, t: f32) -> Camera {
        let t = Ease::InOutCubic.at(t);
        if t <= 0.0 || self.secs() == 0.0 {
            return if t <= 0.0 && self.secs() > 0.0 { self.from } else { self.to };
        }
        if t >= 1.0 {
            return self.to;
        }
        let (c0, c1, w0) = (centre(&self.from), centre(&self.to), self.from.width);
        let u1 = c1.distance(c0);
        if u1 < 1.0 {
            let width = w0 * (self.to.width / w0).powf(t);
            return around(c0.lerp(c1, t), width);
        }
        let s = t * self.length;
        let u = w0 / (RHO * RHO) * (self.r0.cosh() * (RHO * s + self.r0).tanh() - self.r0.sinh());
        let width = w0 * self.r0.cosh() / (RHO * s + self.r0).cosh();
        around(c0.lerp(c1, (u / u1).clamp(0.0, 1.0)), width)
    }
}

fn centre(camera: &Camera) -> Pos2 {
    camera.corner + egui::emath::vec2(camera.width / 2.0, camera.width * 9.0 / 32.0)
}

fn around(centre: Pos2, width: f32) -> Camera {
    Camera { corner: centre - egui::emath::vec2(width / 2.0, width * 9.0 / 32.0), width }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::emath::pos2;

    #[test]
    fn curves_begin_at_0_end_at_1_and_never_go_back() {
        for ease in [Ease::Standard, Ease::Decelerate, Ease::Accelerate, Ease::InOutCubic] {
            let points: Vec<f32> = (0..=100).map(|at| ease.at(at as f32 / 100.0)).collect();
            assert_eq!((points[0], points[100]), (0.0, 1.0), "{ease:?}");
            assert!(points.windows(2).all(|pair| pair[1] >= pair[0] - 1e-4), "{ease:?}");
        }
    }

    #[test]
    fn a_flight_leaves_and_arrives_exactly_and_lasts_as_told() {
        let from = Camera { corner: pos2(-1044.0, -377.0), width: 2908.0 };
        let flight = Flight::new(from, Camera::WHOLE);
        assert_eq!(flight.at(0.0), from);
        assert_eq!(flight.at(1.0), Camera::WHOLE);
        assert!((0.7..=1.2).contains(&flight.secs()));
        let near = flight.at(0.999);
        assert!((near.width - 1920.0).abs() < 5.0 && near.corner.distance(pos2(0.0, 0.0)) < 8.0, "{near:?}");
        assert_eq!(Flight::new(from, from).secs(), 0.0);
    }
}
