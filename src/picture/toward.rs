//! A shape on its way to another one of its kind.

use std::sync::Arc;

use egui::emath::{Pos2, Rect, lerp};

use super::{Chart, Shape};

/// How much of the way is gone: 0 is where it begins, 1 where it ends. What is at the end becomes what is on the way.
#[derive(Clone, Copy)]
struct Gone(f32);

impl Gone {
    fn number(self, from: f32, to: &mut f32) {
        *to = lerp(from..=*to, self.0);
    }

    fn point(self, from: Pos2, to: &mut Pos2) {
        *to = from.lerp(*to, self.0);
    }

    fn rect(self, from: &Rect, to: &mut Rect) {
        self.point(from.min, &mut to.min);
        self.point(from.max, &mut to.max);
    }

    fn path(self, from: &[Pos2], to: &mut Arc<[Pos2]>) {
        *to = from.iter().zip(to.iter()).map(|(from, to)| from.lerp(*to, self.0)).collect();
    }

    /// What has no middle changes halfway.
    fn flip<T: Copy>(self, from: &T, to: &mut T) {
        *to = if self.0 < 0.5 { *from } else { *to };
    }
}

impl Shape {
    /// The shape on its way to `to`: `p` from 0 (here) to 1 (there). Other kinds, and other words, do not meet.
    pub(crate) fn toward(&self, to: &Self, p: f32) -> Option<Self> {
        let mut shape = to.clone();
        let meets = self.moves_lines(&mut shape, Gone(p)) || self.moves_areas(&mut shape, Gone(p));
        meets.then_some(shape)
    }

    /// Of what has a place or a path. Whether both are of one such kind.
    fn moves_lines(&self, to: &mut Self, gone: Gone) -> bool {
        match (self, to) {
            (Self::Text(a), Self::Text(b)) if a.words == b.words && a.face == b.face && a.align == b.align => {
                gone.point(a.at, &mut b.at);
                gone.number(a.size, &mut b.size);
                gone.flip(&a.ink, &mut b.ink);
            }
            (Self::Dot { center: a, radius: r, filled: f, .. }, Self::Dot { center, radius, filled, .. })
                if f == filled =>
            {
                gone.point(*a, center);
                gone.number(*r, radius);
            }
            (Self::Line { path: a, width: w, .. }, Self::Line { path, width, .. }) if a.len() == path.len() => {
                gone.path(a, path);
                gone.number(*w, width);
            }
            (Self::Polygon { points: a, stroke: s, .. }, Self::Polygon { points, stroke, .. })
                if a.len() == points.len() =>
            {
                gone.path(a, points);
                gone.number(s.width, &mut stroke.width);
            }
            (Self::Lane { path: a, .. }, Self::Lane { path, .. }) if a.len() == path.len() => gone.path(a, path),
            (Self::Icon { kind: k, center: a, size: s, .. }, Self::Icon { kind, center, size, .. }) if k == kind => {
                gone.point(*a, center);
                gone.number(*s, size);
            }
            _ => return false,
        }
        true
    }

    /// Of what fills an area. Whether both are of one such kind.
    fn moves_areas(&self, to: &mut Self, gone: Gone) -> bool {
        match (self, to) {
            (Self::Rect { rect: a, radii: r, fill: f, stroke: s }, Self::Rect { rect, radii, fill, stroke }) => {
                gone.rect(a, rect);
                gone.flip(f, fill);
                r.iter().zip(radii).for_each(|(a, b)| gone.number(*a, b));
                s.iter().zip(stroke).for_each(|(a, b)| gone.number(a.width, &mut b.width));
            }
            (Self::Hatch { rect: a, .. }, Self::Hatch { rect, .. })
            | (Self::Chart(Chart { rect: a, .. }), Self::Chart(Chart { rect, .. })) => gone.rect(a, rect),
            (Self::Light { rect: a, radii: r, level: l, .. }, Self::Light { rect, radii, level, .. }) => {
                gone.rect(a, rect);
                *radii = *r;
                gone.number(*l, level);
            }
            (Self::Halo { rect: a, level: x, .. }, Self::Halo { rect, level: y, .. })
            | (Self::Gpu { rect: a, busy: x }, Self::Gpu { rect, busy: y }) => {
                gone.rect(a, rect);
                gone.number(*x, y);
            }
            (Self::Image { rect: a, path: x }, Self::Image { rect, path }) if x == path => gone.rect(a, rect),
            // Another kind: a shape that is added here chooses how it moves.
            (
                Self::Text(_)
                | Self::Rect { .. }
                | Self::Hatch { .. }
                | Self::Light { .. }
                | Self::Halo { .. }
                | Self::Gpu { .. }
                | Self::Dot { .. }
                | Self::Lane { .. }
                | Self::Line { .. }
                | Self::Polygon { .. }
                | Self::Icon { .. }
                | Self::Chart(_)
                | Self::Image { .. }
                | Self::Laser { .. },
                _,
            ) => return false,
        }
        true
    }
}
