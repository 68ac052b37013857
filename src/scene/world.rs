//! The one world, as used: floors, hall, phases, routes, scales.

use std::sync::Arc;

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};

use crate::picture::Ink;
use crate::scene::binding::{Binding, Scale};
use crate::scene::template::Words;
use crate::signal::{Subject, Tier};

/// The section through the building.
#[derive(Clone, Debug)]
pub struct World {
    pub hall: Hall,
    /// In world order, T0 first.
    pub floors: Vec<Floor>,
    pub phases: Vec<PhasePlace>,
    pub routes: Vec<Route>,
    pub components: Vec<Component>,
    pub scales: Vec<Scale>,
}

#[derive(Clone, Debug)]
pub struct Hall {
    pub rect: Rect,
    pub radius: f32,
    pub name: Arc<str>,
    pub gpus: Vec<Rect>,
    pub light: Binding,
    pub absent: Arc<str>,
}

impl Hall {
    /// The corners of a hall of another size, clockwise from the upper left: the same arch, less of it where it is narrow.
    pub(crate) fn radii(&self, rect: Rect) -> [f32; 4] {
        let share = self.radius / self.rect.height().max(1.0);
        let arch = (share * rect.height()).min(NARROW * rect.width());
        [arch, arch, 0.0, 0.0]
    }
}

/// The arch of a narrow hall takes this share of its width on each side.
const NARROW: f32 = 0.2;

#[derive(Clone, Debug)]
pub struct Floor {
    pub tier: Tier,
    pub rect: Rect,
    pub name: Arc<str>,
    pub words: Arc<str>,
    pub light: Binding,
    pub number: Binding,
    pub absent: Arc<str>,
    pub why_absent: Option<Arc<str>>,
}

/// One of the ten phases: its name, the floors it works on, and where its name stands.
#[derive(Clone, Debug)]
pub struct PhasePlace {
    pub id: Arc<str>,
    pub floors: Vec<Tier>,
    /// Centre of the name, on its baseline.
    pub at: Pos2,
}

/// Something that lives on a floor, or in the hall.
#[derive(Clone, Debug)]
pub struct Component {
    pub id: Arc<str>,
    pub name: Arc<str>,
    pub on: Subject,
    pub phases: Vec<Arc<str>>,
    /// Why it lives there.
    pub why: Words,
    /// What its card tells: name and words of each row.
    pub rows: Vec<(&'static str, Words)>,
    /// Components it hands data to.
    pub next: Vec<Arc<str>>,
    pub routes: Vec<Arc<str>>,
    /// Id of a source.
    pub source: Arc<str>,
    /// Other words for it.
    pub also: Vec<String>,
}

/// A way that data takes, as polylines in the direction of the data.
#[derive(Clone, Debug)]
pub struct Route {
    pub id: Arc<str>,
    pub ink: Ink,
    pub lanes: Vec<Arc<[Pos2]>>,
    pub dot_radius: f32,
    pub every: f32,
}

/// Baseline of the phase names, centre of the first, and their distance.
const PHASE_Y: f32 = 942.0;
const PHASE_FIRST_X: f32 = 182.0;
const PHASE_EVERY: f32 = 172.8;

/// Where the name of phase number `index` (from 0) stands.
pub(crate) fn phase_place(index: usize) -> Pos2 {
    pos2(PHASE_FIRST_X + PHASE_EVERY * index as f32, PHASE_Y)
}

impl World {
    pub fn floor(&self, tier: Tier) -> Option<&Floor> {
        self.floors.iter().find(|floor| floor.tier == tier)
    }

    pub fn route(&self, id: &str) -> Option<&Route> {
        self.routes.iter().find(|route| &*route.id == id)
    }

    pub fn phase(&self, id: &str) -> Option<&PhasePlace> {
        self.phases.iter().find(|phase| &*phase.id == id)
    }
}

/// A polyline whose inner corners are arcs of `radius`.
pub(crate) fn rounded(points: &[Pos2], radius: f32) -> Vec<Pos2> {
    let mut out = Vec::with_capacity(points.len() * 8);
    for (at, point) in points.iter().enumerate() {
        let (Some(before), Some(after)) = (at.checked_sub(1).and_then(|at| points.get(at)), points.get(at + 1)) else {
            out.push(*point);
            continue;
        };
        let (back, forth) = (*before - *point, *after - *point);
        let cut = radius.min(back.length() / 2.0).min(forth.length() / 2.0);
        let (from, to) = (*point + back.normalized() * cut, *point + forth.normalized() * cut);
        out.extend((0..=8).map(|part| quadratic(from, *point, to, part as f32 / 8.0)));
    }
    out
}

fn quadratic(from: Pos2, over: Pos2, to: Pos2, t: f32) -> Pos2 {
    from.lerp(over, t).lerp(over.lerp(to, t), t)
}

/// The GPUs' boxes: `count` of `size`, the first centred on `first_x`, every `every`.
pub fn gpus(count: u32, first_x: f32, every: f32, top: f32, size: Vec2) -> Vec<Rect> {
    let place = |index: u32| pos2(first_x + every * index as f32 - size.x / 2.0, top);
    (0..count).map(|index| Rect::from_min_size(place(index), vec2(size.x, size.y))).collect()
}
