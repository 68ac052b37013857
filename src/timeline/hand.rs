//! What the presenter's hand does to a picture: a spotlight, a part seen larger, ink and the laser.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::emath::{Pos2, Rect, Vec2, lerp, pos2, vec2};
use serde::{Deserialize, Serialize};

use crate::measure;
use crate::picture::{Furniture, Id, Ink, Layer, Mark, Part, Picture, Role, STAGE, Shape, Thing};
use crate::scene::model::Camera;
use crate::timeline::ease::{Ease, Flight};
use crate::timeline::words::mark;

/// How much of a shape is left beside the spotlight.
const DIMMED: f32 = 0.38;
/// How long the light takes from one thing to the next.
pub(crate) const SPOT_SECS: f64 = 0.3;
/// How long the laser's tail is.
pub(crate) const TAIL_SECS: f64 = 0.6;
/// The laser's core, and a stroke of ink with its rim, at the stage's own size.
const LASER: f32 = 12.5;
pub(crate) const INK: f32 = 9.0;
const RIM: f32 = 5.0;
/// A zoom is at most fourfold, and at least twofold: less is hardly seen.
const ZOOM: std::ops::RangeInclusive<f32> = 480.0..=960.0;
/// Room around what is zoomed to.
const ROOM: f32 = 1.25;
/// A box that is larger than this share of the stage is a ground, and no component.
const GROUND_SHARE: f32 = 0.6;

/// A thing that can be pointed at as a whole, and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Region {
    pub(crate) thing: Thing,
    pub(crate) rect: Rect,
    /// It has an edge, a ground or a picture of its own, and is not words alone.
    is_box: bool,
}

/// Whose a mark is, where that can be pointed at: the GPUs stand in the hall.
fn owner(mark: &Mark) -> Option<Thing> {
    match &mark.id.thing {
        Thing::Gpu => Some(Thing::Hall),
        thing @ (Thing::Floor(_) | Thing::Hall | Thing::Element(..) | Thing::Shared(_)) => Some(thing.clone()),
        Thing::Phase(_) | Thing::Bracket | Thing::Component(_) | Thing::Lane(..) | Thing::Furniture(_) => None,
    }
}

/// Every thing of a picture with the box of all its marks; of a floor or the hall it is its own box.
fn regions(picture: &Picture) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for mark in &picture.marks {
        let Some(thing) = owner(mark) else { continue };
        let is_place = matches!(thing, Thing::Floor(_) | Thing::Hall);
        let is_box = match &mark.shape {
            Shape::Rect { .. } | Shape::Image { .. } | Shape::Chart(_) | Shape::Hatch { .. } | Shape::Gpu { .. } => {
                true
            }
            Shape::Text(_) | Shape::Dot { .. } | Shape::Polygon { .. } | Shape::Icon { .. } => false,
            Shape::Light { .. }
            | Shape::Halo { .. }
            | Shape::Lane { .. }
            | Shape::Line { .. }
            | Shape::Laser { .. } => {
                continue;
            }
        };
        if is_place && !matches!(mark.role, Role::Floor | Role::Hall) {
            continue;
        }
        let rect = mark.bounds(measure::bounds);
        // Marks of one thing mostly follow on one another.
        match regions.iter_mut().rev().find(|region| region.thing == thing) {
            Some(region) => {
                region.rect = region.rect.union(rect);
                region.is_box |= is_box;
            }
            None => regions.push(Region { thing, rect, is_box }),
        }
    }
    regions
}

/// What is pointed at: the smallest thing with a box of its own there, else the smallest one.
pub(crate) fn region_at(picture: &Picture, at: Pos2) -> Option<Region> {
    let is_component = |region: &Region| region.is_box && region.rect.area() < GROUND_SHARE * STAGE.area();
    let mut found: Vec<Region> =
        regions(picture).into_iter().filter(|region| region.rect.expand(8.0).contains(at)).collect();
    found.sort_by(|a, b| is_component(b).cmp(&is_component(a)).then(a.rect.area().total_cmp(&b.rect.area())));
    found.into_iter().next()
}

/// The part of the stage to zoom to, around a thing or a point. What is wider than half the stage is seen around the point.
pub(crate) fn view_of(region: Option<Rect>, at: Pos2) -> Rect {
    let shape = STAGE.width() / STAGE.height();
    let around = region.unwrap_or(Rect::from_center_size(at, Vec2::ZERO));
    let wanted = (around.width() * ROOM).max(around.height() * ROOM * shape);
    let width = if region.is_none() { *ZOOM.end() } else { wanted.clamp(*ZOOM.start(), *ZOOM.end()) };
    let middle = |low: f32, high: f32, at: f32, room: f32| {
        let (from, to) = (low + room / 2.0, high - room / 2.0);
        if from <= to { at.clamp(from, to) } else { f32::midpoint(low, high) }
    };
    let center = if wanted <= width {
        around.center()
    } else {
        pos2(
            middle(around.left(), around.right(), at.x, width),
            middle(around.top(), around.bottom(), at.y, width / shape),
        )
    };
    on_stage(Rect::from_center_size(center, vec2(width, width / shape)))
}

/// The view, moved so that it shows nothing beside the stage.
fn on_stage(view: Rect) -> Rect {
    let shift = |low: f32, high: f32, least: f32, most: f32| (least - low).max(0.0) + (most - high).min(0.0);
    view.translate(vec2(
        shift(view.left(), view.right(), STAGE.left(), STAGE.right()),
        shift(view.top(), view.bottom(), STAGE.top(), STAGE.bottom()),
    ))
}

/// The flight of a zoom from one view to another.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Zooming {
    pub(crate) from: Rect,
    pub(crate) to: Rect,
    pub(crate) since_secs: f64,
    /// Reduced motion: it is there at once.
    pub(crate) cuts: bool,
}

impl Default for Zooming {
    fn default() -> Self {
        Self { from: STAGE, to: STAGE, since_secs: 0.0, cuts: true }
    }
}

impl Zooming {
    fn flight(&self) -> Flight {
        let camera = |view: Rect| Camera { corner: view.min, width: view.width() };
        Flight::new(camera(self.from), camera(self.to))
    }

    pub(crate) fn is_near(&self) -> bool {
        self.to != STAGE
    }

    pub(crate) fn flies(&self, now_secs: f64) -> bool {
        !self.cuts && self.from != self.to && now_secs - self.since_secs < f64::from(self.flight().secs())
    }

    /// The part of the stage that is seen now.
    pub(crate) fn view(&self, now_secs: f64) -> Rect {
        if !self.flies(now_secs) {
            return self.to;
        }
        let flight = self.flight();
        let camera = flight.at((now_secs - self.since_secs) as f32 / flight.secs());
        let size = STAGE.size() * (camera.width / STAGE.width());
        on_stage(Rect::from_min_size(camera.corner, size))
    }
}

/// The spotlight: what it is on, and what it was on before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Spot {
    pub(crate) on: Option<Region>,
    pub(crate) before: Option<Region>,
    pub(crate) since_secs: f64,
}

impl Spot {
    pub(crate) fn moves(&self, now_secs: f64) -> bool {
        self.on != self.before && now_secs - self.since_secs < SPOT_SECS
    }

    /// Leaves what is lit as it is. Of the rest shapes are dimmed and words go: half-dimmed words cannot be read.
    pub(crate) fn light(&self, picture: &mut Picture, now_secs: f64, reduced: bool) {
        let p = if self.moves(now_secs) && !reduced {
            Ease::Standard.at(((now_secs - self.since_secs) / SPOT_SECS) as f32)
        } else {
            1.0
        };
        if self.on.is_none() && (self.before.is_none() || p >= 1.0) {
            return;
        }
        let heroes: BTreeSet<Thing> =
            picture.marks.iter().filter(|mark| mark.role == Role::Hero).map(|mark| mark.id.thing.clone()).collect();
        picture.marks.retain_mut(|mark| {
            let [was, is] = [&self.before, &self.on]
                .map(|region| region.as_ref().is_none_or(|region| region.lights(mark, &heroes)));
            // A floor's edge is drawn once more over its light: dimmed twice it would be half as dim.
            let dimmed = if mark.id.part == Part::Edge { 0.0 } else { DIMMED };
            let strength = |lit: bool| if lit { 1.0 } else { dimmed };
            if matches!(mark.shape, Shape::Text(_)) {
                return if p < 0.5 { was } else { is };
            }
            mark.opacity *= lerp(strength(was)..=strength(is), p);
            true
        });
    }
}

impl Region {
    /// The thing itself and all within it; heading, caption and the rest of every picture; the phase told; the hero.
    fn lights(&self, mark: &Mark, heroes: &BTreeSet<Thing>) -> bool {
        let within = match &mark.shape {
            Shape::Dot { center, .. } => self.rect.contains(*center),
            _ => self.rect.expand(6.0).contains_rect(mark.bounds(measure::bounds)),
        };
        let is_common = match &mark.id.thing {
            Thing::Furniture(_) | Thing::Bracket => true,
            Thing::Phase(_) => mark.id.part == Part::Named,
            Thing::Floor(_)
            | Thing::Hall
            | Thing::Gpu
            | Thing::Component(_)
            | Thing::Lane(..)
            | Thing::Element(..)
            | Thing::Shared(_) => false,
        };
        within || is_common || owner(mark).as_ref() == Some(&self.thing) || heroes.contains(&mark.id.thing)
    }
}

/// A stroke of ink, in units of the stage as it is without a zoom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stroke {
    pub(crate) points: Vec<Pos2>,
    pub(crate) width: f32,
    /// What it was begun on: where that goes, it goes.
    pub(crate) anchor: Option<Region>,
}

impl Stroke {
    /// Begins a stroke on a picture, seen so much larger.
    pub(crate) fn begin(picture: &Picture, at: Pos2, nearness: f32) -> Self {
        Self { points: vec![at], width: INK / nearness, anchor: region_at(picture, at) }
    }

    /// Goes on to a point, unless that is where it is.
    pub(crate) fn go_on(&mut self, at: Pos2) {
        let is_far = |last: &Pos2| last.distance(at) > self.width * 0.2;
        if self.points.last().is_none_or(is_far) {
            self.points.push(at);
        }
    }

    /// The ways of the pen without the tremor of a hand: one more begins at each sharp corner, so that the corner is round.
    fn paths(&self, offset: Vec2) -> Vec<Vec<Pos2>> {
        let points: Vec<Pos2> = self.points.iter().map(|at| *at + offset).collect();
        let mut paths = Vec::new();
        let mut first = 0;
        for n in 1..points.len().saturating_sub(1) {
            if (points[n] - points[n - 1]).dot(points[n + 1] - points[n]) < 0.0 {
                paths.push(smoothed(&points[first..=n]));
                first = n;
            }
        }
        paths.push(smoothed(&points[first..]));
        paths
    }
}

/// A curve through the middles between points, from the first to the last.
fn smoothed(points: &[Pos2]) -> Vec<Pos2> {
    const PARTS: u16 = 4;
    let [first, .., last] = *points else {
        // A dot: a line that is all ends.
        return points.iter().flat_map(|at| [*at - vec2(0.5, 0.0), *at + vec2(0.5, 0.0)]).collect();
    };
    let mut path = vec![first];
    for around in points.windows(3) {
        let (from, over, to) = (around[0].lerp(around[1], 0.5), around[1], around[1].lerp(around[2], 0.5));
        path.extend((0..=PARTS).map(|part| {
            let t = f32::from(part) / f32::from(PARTS);
            from.lerp(over, t).lerp(over.lerp(to, t), t)
        }));
    }
    path.push(last);
    path.dedup_by(|a, b| a.distance(*b) < 0.5);
    path
}

/// Draws strokes: first the rims of all, then what is inside, so that strokes that cross are one drawing.
pub(crate) fn draw_ink<'a>(strokes: impl Iterator<Item = &'a Stroke>, picture: &mut Picture) {
    let strokes: Vec<&Stroke> = strokes.collect();
    if strokes.is_empty() {
        return;
    }
    let places = regions(picture);
    let offset = |stroke: &Stroke| {
        let anchor = stroke.anchor.as_ref()?;
        let place = places.iter().find(|region| region.thing == anchor.thing)?;
        Some(place.rect.center() - anchor.rect.center())
    };
    let mut drawn: Vec<(Arc<[Pos2]>, f32)> = Vec::new();
    for stroke in strokes {
        let paths = stroke.paths(offset(stroke).unwrap_or_default());
        drawn.extend(paths.into_iter().map(|path| (path.into(), stroke.width)));
    }
    let mut nth = 0;
    for (ink, rim) in [(Ink::Hand, RIM / INK), (Ink::HandCore, 0.0)] {
        for (path, width) in &drawn {
            let width = width * (1.0 + 2.0 * rim);
            let shape = Shape::Line { path: path.clone(), width, ink, head: false, dashed: false };
            picture.push(mark(Id::furniture(Furniture::Ink).nth(nth), Role::Hand, Layer::Furniture, shape));
            nth += 1;
        }
    }
}

/// Draws the laser over a picture seen so much larger. `trail`: where it was, oldest first, with its time.
pub(crate) fn draw_laser(trail: &[(Pos2, f64)], now_secs: f64, nearness: f32, picture: &mut Picture) {
    let Some(&(at, _)) = trail.last() else { return };
    let left = |secs: f64| (1.0 - (now_secs - secs) / TAIL_SECS).clamp(0.0, 1.0) as f32;
    let mut path: Vec<(Pos2, f32)> =
        trail.iter().map(|(at, secs)| (*at, left(*secs))).filter(|(_, left)| *left > 0.0).collect();
    // Where it rests, only the disc is left.
    if path.is_empty() {
        path.push((at, 0.0));
    }
    let shape = Shape::Laser { trail: path.into(), radius: LASER / nearness };
    picture.push(mark(Id::furniture(Furniture::Laser), Role::Hand, Layer::Furniture, shape));
}
