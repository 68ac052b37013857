//! How a mark comes onto the stage, and how it leaves: out of its axis, along its path, from above; or it fades.

use std::sync::Arc;

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};

use crate::picture::{Chart, Mark, Shape, Side};
use crate::scene::motion::{Passage, Way};
use crate::timeline::ease::Ease;
use crate::timeline::path;

/// Longer passages tell a process by a clock and run evenly; shorter ones are eased.
pub(super) const EVEN_FROM_SECS: f32 = 1.2;

/// What comes from elsewhere is wholly seen after so long.
const SEEN_SECS: f32 = 0.2;

/// Words of a thing that grows come in its last third: half a bar has not yet its value.
const WORDS_FROM: f32 = 0.66;

impl Passage {
    /// The mark, so many seconds into its coming; none before.
    pub(crate) fn coming(&self, mark: &Mark, since_secs: f32) -> Option<Mark> {
        let t = if self.secs > 0.0 { since_secs / self.secs } else { f32::from(u8::from(since_secs >= 0.0)) };
        if t >= 1.0 {
            return Some(mark.clone());
        }
        (t > 0.0).then(|| self.part(mark, t)).filter(|mark| mark.opacity > 0.0)
    }

    /// The mark, so many seconds into its leaving; none when it has left.
    pub(crate) fn leaving(&self, mark: &Mark, since_secs: f32) -> Option<Mark> {
        self.coming(mark, self.secs - since_secs.max(0.0)).filter(|_| since_secs < self.secs)
    }

    /// The mark at a share of its way, from 0 to 1.
    fn part(&self, mark: &Mark, t: f32) -> Mark {
        let p = if self.secs > EVEN_FROM_SECS { t } else { Ease::InOutCubic.at(t) };
        let seen = (t * self.secs / SEEN_SECS).min(1.0);
        let late = || mark.clone().faded(((t - WORDS_FROM) / (1.0 - WORDS_FROM)).clamp(0.0, 1.0));
        let shape = match self.way {
            Way::Fade => return mark.clone().faded(Ease::Decelerate.at(t)),
            Way::Grow(side) | Way::Fill(side) => match grown(&mark.shape, side, p) {
                Some(shape) => shape,
                None => return late(),
            },
            Way::Draw => match drawn(&mark.shape, p) {
                Some(shape) => shape,
                None => return late(),
            },
            Way::Fall(height) => {
                let fallen = moved(&mark.shape, vec2(0.0, -height * (1.0 - t * t)));
                return Mark { shape: fallen, ..mark.clone() }.faded(seen);
            }
            Way::From(x, y) => {
                let by = (pos2(x, y) - centre(mark)) * (1.0 - p);
                return Mark { shape: moved(&mark.shape, by), ..mark.clone() }.faded(seen);
            }
        };
        Mark { shape, ..mark.clone() }
    }
}

fn centre(mark: &Mark) -> Pos2 {
    mark.bounds(|text| Rect::from_center_size(text.at, Vec2::ZERO)).center()
}

/// The part of a shape that has grown out of one of its sides; none where a shape has no sides.
fn grown(shape: &Shape, side: Side, p: f32) -> Option<Shape> {
    let mut shape = shape.clone();
    match &mut shape {
        Shape::Rect { rect, radii, .. } => {
            *rect = cut(*rect, side, p);
            let most = rect.width().min(rect.height()) / 2.0;
            *radii = radii.map(|radius| radius.min(most));
        }
        Shape::Light { rect, radii, .. } => {
            *rect = cut(*rect, side, p);
            let most = rect.width().min(rect.height()) / 2.0;
            *radii = radii.map(|radius| radius.min(most));
        }
        Shape::Halo { rect, level, .. } => {
            *rect = cut(*rect, side, p);
            *level *= p;
        }
        Shape::Hatch { rect, .. } | Shape::Gpu { rect, .. } => *rect = cut(*rect, side, p),
        Shape::Polygon { points, .. } => {
            let whole = Rect::from_points(points);
            let part = cut(whole, side, p);
            *points = points.iter().map(|at| remap_point(*at, whole, part)).collect();
        }
        Shape::Dot { radius, .. } => *radius *= p,
        Shape::Line { .. } | Shape::Lane { .. } | Shape::Chart(_) => return drawn(&shape, p),
        Shape::Text(_) | Shape::Icon { .. } | Shape::Image { .. } | Shape::Laser { .. } => return None,
    }
    Some(shape)
}

/// A point of a box, where it lies when the box is squeezed into a part of itself.
fn remap_point(at: Pos2, whole: Rect, part: Rect) -> Pos2 {
    let along = |at: f32, from: f32, size: f32, to: f32, now: f32| to + (at - from) * now / size.max(1e-3);
    let x = along(at.x, whole.left(), whole.width(), part.left(), part.width());
    pos2(x, along(at.y, whole.top(), whole.height(), part.top(), part.height()))
}

/// What of a box has grown out of its side.
fn cut(rect: Rect, side: Side, p: f32) -> Rect {
    let (wide, tall) = (rect.width() * p, rect.height() * p);
    let (min, max) = (rect.min, rect.max);
    match side {
        Side::Left => Rect::from_min_max(min, pos2(min.x + wide, max.y)),
        Side::Right => Rect::from_min_max(pos2(max.x - wide, min.y), max),
        Side::Top => Rect::from_min_max(min, pos2(max.x, min.y + tall)),
        Side::Bottom => Rect::from_min_max(pos2(min.x, max.y - tall), max),
    }
}

/// A line as far as the pen has come, a curve as far as its time has; none where a shape has no path.
fn drawn(shape: &Shape, p: f32) -> Option<Shape> {
    let mut shape = shape.clone();
    match &mut shape {
        Shape::Line { path, .. } | Shape::Lane { path, .. } => {
            *path = path::first_part(path, path::length(path) * p).into();
        }
        Shape::Chart(Chart { columns, head, .. }) => {
            let known = (columns.len() as f32 * p).ceil() as usize;
            let column = |(at, column): (usize, &Option<(f64, f64)>)| column.filter(|_| at < known);
            *columns = columns.iter().enumerate().map(column).collect::<Arc<[_]>>();
            *head = false;
        }
        Shape::Dot { radius, .. } => *radius *= p,
        Shape::Text(_)
        | Shape::Rect { .. }
        | Shape::Hatch { .. }
        | Shape::Light { .. }
        | Shape::Halo { .. }
        | Shape::Gpu { .. }
        | Shape::Polygon { .. }
        | Shape::Icon { .. }
        | Shape::Image { .. }
        | Shape::Laser { .. } => return None,
    }
    Some(shape)
}

/// The shape elsewhere.
fn moved(shape: &Shape, by: Vec2) -> Shape {
    let mut shape = shape.clone();
    match &mut shape {
        Shape::Text(text) => text.at += by,
        Shape::Rect { rect, .. }
        | Shape::Hatch { rect, .. }
        | Shape::Halo { rect, .. }
        | Shape::Light { rect, .. }
        | Shape::Gpu { rect, .. }
        | Shape::Image { rect, .. }
        | Shape::Chart(Chart { rect, .. }) => *rect = rect.translate(by),
        Shape::Dot { center, .. } | Shape::Icon { center, .. } => *center += by,
        Shape::Lane { path, .. } | Shape::Line { path, .. } | Shape::Polygon { points: path, .. } => {
            *path = path.iter().map(|at| *at + by).collect();
        }
        Shape::Laser { trail, .. } => *trail = trail.iter().map(|(at, left)| (*at + by, *left)).collect(),
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{Fill, Furniture, Id, Ink, Layer, Role};

    fn mark(shape: Shape) -> Mark {
        Mark { id: Id::furniture(Furniture::Map), role: Role::Box, layer: Layer::Said, opacity: 1.0, shape }
    }

    fn bar() -> Mark {
        let rect = Rect::from_min_max(pos2(100.0, 200.0), pos2(500.0, 240.0));
        mark(Shape::Rect { rect, radii: [6.0; 4], fill: Fill::Flat(Ink::T2, 1.0), stroke: None })
    }

    fn rect_at(way: Way, secs: f32, since_secs: f32) -> Option<Rect> {
        let mark = Passage { way, secs }.coming(&bar(), since_secs)?;
        if let Shape::Rect { rect, .. } = mark.shape { Some(rect) } else { None }
    }

    #[test]
    fn a_bar_grows_out_of_its_axis_and_a_tank_fills_evenly() {
        let wide = |since_secs| rect_at(Way::Grow(Side::Left), 0.6, since_secs).map(|rect| (rect.left(), rect.width()));
        assert_eq!(wide(0.0), None);
        assert_eq!(wide(0.3), Some((100.0, 200.0)));
        assert_eq!(wide(0.6), Some((100.0, 400.0)));
        let tall =
            |since_secs| rect_at(Way::Fill(Side::Bottom), 10.0, since_secs).map(|rect| (rect.bottom(), rect.height()));
        assert_eq!(tall(2.5), Some((240.0, 10.0)));
        assert_eq!(tall(7.5), Some((240.0, 30.0)));
    }

    #[test]
    fn what_falls_lands_and_what_leaves_goes_the_way_back() {
        let top = |since_secs| rect_at(Way::Fall(90.0), 1.0, since_secs).map(|rect| rect.top());
        assert_eq!(top(0.5), Some(200.0 - 67.5));
        assert_eq!(top(1.0), Some(200.0));
        let passage = Passage { way: Way::Fill(Side::Bottom), secs: 4.0 };
        let tall = |since_secs| {
            let mark = passage.leaving(&bar(), since_secs)?;
            if let Shape::Rect { rect, .. } = mark.shape { Some(rect.height()) } else { None }
        };
        assert_eq!([tall(0.0), tall(1.0), tall(4.0)], [Some(40.0), Some(30.0), None]);
    }

    #[test]
    fn a_line_is_drawn_along_its_corners() {
        let path: Arc<[Pos2]> = [pos2(0.0, 0.0), pos2(100.0, 0.0), pos2(100.0, 100.0)].into();
        let line = mark(Shape::Line { path, width: 4.0, ink: Ink::Edge, head: true, dashed: false });
        let drawn = Passage { way: Way::Draw, secs: 2.0 }.coming(&line, 1.5);
        let Some(Mark { shape: Shape::Line { path, .. }, .. }) = drawn else { panic!("{drawn:?}") };
        assert_eq!(&*path, [pos2(0.0, 0.0), pos2(100.0, 0.0), pos2(100.0, 50.0)]);
    }
}
