//! The presenter's hand: laser, spotlight, zoom and ink. What it does is in the picture, so the room, the console, a
//! recording and an export see the same.

use std::collections::BTreeMap;

use egui::emath::{Pos2, Rect, pos2};
use serde::{Deserialize, Serialize};

use crate::picture::{Picture, STAGE, Zoom};
use crate::scene::address::Address;
use crate::timeline::hand::{self, Region, Spot, Stroke, TAIL_SECS, Zooming};

/// What the hand does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum HandCommand {
    Laser,
    /// Only what the pointer is on keeps its light.
    Spotlight,
    /// To what is under the pointer, and out again.
    Zoom,
    /// The pointer draws while its button is held.
    Ink,
    InkBack,
    InkClear,
    /// The pointer's button is let go.
    Release,
    /// A whole stroke at once, through points of the stage.
    InkStroke(Vec<[i32; 2]>),
}

/// A tool that stays in the hand until it is put down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    Laser,
    Spotlight,
    Zoom,
    Ink,
}

/// Which tools are in the hand, by their place in [`Tool`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tools([bool; 4]);

impl Tools {
    pub fn has(self, tool: Tool) -> bool {
        self.0[tool as usize]
    }

    /// Whether a click belongs to a tool.
    pub fn takes_clicks(self) -> bool {
        [Tool::Laser, Tool::Zoom, Tool::Ink].into_iter().any(|tool| self.has(tool))
    }

    pub fn is_any(self) -> bool {
        self.0.contains(&true)
    }
}

/// The part of the talk's state that is the presenter's hand. Points are those of the stage without a zoom.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Hand {
    /// Where the laser was, oldest first, with the time; none: it is off.
    laser: Option<Vec<(Pos2, f64)>>,
    has_spot: bool,
    pub(super) spot: Spot,
    zoom: Zooming,
    has_ink: bool,
    /// The stroke that is being drawn.
    pen: Option<Stroke>,
    ink: BTreeMap<Address, Vec<Stroke>>,
}

impl Hand {
    pub(super) fn tools(&self) -> Tools {
        Tools([self.laser.is_some(), self.has_spot, self.zoom.is_near(), self.has_ink])
    }

    /// The point of the stage without a zoom that is seen at this point.
    pub(super) fn seen_at(&self, at: Pos2, now_secs: f64) -> Pos2 {
        let view = self.zoom.view(now_secs);
        view.min + (at - STAGE.min) * (view.width() / STAGE.width())
    }

    /// How much larger everything is seen.
    fn nearness(&self, now_secs: f64) -> f32 {
        STAGE.width() / self.zoom.view(now_secs).width().max(1.0)
    }

    /// The pointer is here, or is gone.
    pub(super) fn move_to(&mut self, at: Option<Pos2>, now_secs: f64) {
        let at = at.map(|at| self.seen_at(at, now_secs));
        if let Some(trail) = &mut self.laser {
            trail.retain(|(_, secs)| now_secs - secs < TAIL_SECS);
            match at {
                Some(at) => trail.push((at, now_secs)),
                None => trail.clear(),
            }
        }
        if let (Some(pen), Some(at)) = (&mut self.pen, at) {
            pen.go_on(at);
        }
    }

    /// The laser, on where the pointer is, or off.
    pub(super) fn toggle_laser(&mut self, at: Option<Pos2>, now_secs: f64) {
        let at = at.map(|at| (self.seen_at(at, now_secs), now_secs));
        self.laser = if self.laser.is_some() { None } else { Some(at.into_iter().collect()) };
    }

    pub(super) fn drop_laser(&mut self) -> bool {
        self.laser.take().is_some()
    }

    pub(super) fn set_spotlight(&mut self, on: bool, now_secs: f64) -> bool {
        let was = std::mem::replace(&mut self.has_spot, on);
        if !on {
            self.aim_spot(None, now_secs);
        }
        was
    }

    /// The spotlight is on this now.
    pub(super) fn aim_spot(&mut self, on: Option<Region>, now_secs: f64) {
        let is_same = on.as_ref().map(|region| &region.thing) == self.spot.on.as_ref().map(|region| &region.thing);
        let before = if is_same { self.spot.before.take() } else { self.spot.on.take() };
        let since_secs = if is_same { self.spot.since_secs } else { now_secs };
        self.spot = Spot { on, before, since_secs };
    }

    /// Sees this part of the stage from now on.
    pub(super) fn fly_to(&mut self, to: Rect, now_secs: f64, cuts: bool) {
        if to != self.zoom.to {
            self.zoom = Zooming { from: self.zoom.view(now_secs), to, since_secs: now_secs, cuts };
        }
    }

    /// Sees all of the stage again. Whether it did not.
    pub(super) fn fly_out(&mut self, now_secs: f64, cuts: bool) -> bool {
        let was_near = self.zoom.is_near();
        self.fly_to(STAGE, now_secs, cuts);
        was_near
    }

    pub(super) fn toggle_ink(&mut self) {
        self.has_ink = !self.has_ink;
        self.pen = None;
    }

    pub(super) fn drop_ink(&mut self) -> bool {
        self.pen = None;
        std::mem::take(&mut self.has_ink)
    }

    /// Puts the pen down on a picture.
    pub(super) fn press(&mut self, picture: &Picture, at: Pos2, now_secs: f64) {
        let at = self.seen_at(at, now_secs);
        self.pen = Some(Stroke::begin(picture, at, self.nearness(now_secs)));
    }

    /// Lifts the pen: what it drew is this step's.
    pub(super) fn release(&mut self, step: &Address) {
        if let Some(stroke) = self.pen.take() {
            self.ink.entry(step.clone()).or_default().push(stroke);
        }
    }

    /// A whole stroke, through points of the stage.
    pub(super) fn stroke(&mut self, points: &[[i32; 2]], picture: &Picture, step: &Address, now_secs: f64) {
        let at = |[x, y]: [i32; 2]| pos2(x as f32, y as f32);
        let Some((first, rest)) = points.split_first() else { return };
        self.release(step);
        self.press(picture, at(*first), now_secs);
        for point in rest {
            let point = self.seen_at(at(*point), now_secs);
            if let Some(pen) = &mut self.pen {
                pen.go_on(point);
            }
        }
        self.release(step);
    }

    /// Takes back the last stroke of a step. Whether there was one.
    pub(super) fn take_back(&mut self, step: &Address) -> bool {
        let Some(strokes) = self.ink.get_mut(step) else { return self.pen.take().is_some() };
        let taken = self.pen.take().or_else(|| strokes.pop());
        if strokes.is_empty() {
            self.ink.remove(step);
        }
        taken.is_some()
    }

    /// Takes all ink from a step. Whether there was any.
    pub(super) fn clear_ink(&mut self, step: &Address) -> bool {
        let had_pen = self.pen.take().is_some();
        self.ink.remove(step).is_some() || had_pen
    }

    /// The step is another: its picture is seen whole. What was drawn on the last one stays there.
    pub(super) fn leave_step(&mut self, before: &Address, now_secs: f64, cuts: bool) {
        self.release(before);
        self.fly_out(now_secs, cuts);
    }

    pub(super) fn flies(&self, now_secs: f64) -> bool {
        self.zoom.flies(now_secs)
    }

    /// Whether what the hand does changes with the next moment.
    pub(super) fn moves(&self, now_secs: f64) -> bool {
        let last = self.laser.as_ref().and_then(|trail| trail.last());
        let fades = last.is_some_and(|(_, secs)| now_secs - secs < TAIL_SECS);
        fades || self.spot.moves(now_secs) || self.zoom.flies(now_secs)
    }

    /// What is drawn over a step: its ink.
    pub(super) fn draw_ink(&self, step: &Address, picture: &mut Picture) {
        let strokes = self.ink.get(step).into_iter().flatten().chain(&self.pen);
        hand::draw_ink(strokes, picture);
    }

    /// The laser over all of it, and all of it seen larger.
    pub(super) fn draw_over(&self, now_secs: f64, picture: &mut Picture) {
        let nearness = self.nearness(now_secs);
        if let Some(trail) = &self.laser {
            hand::draw_laser(trail, now_secs, nearness, picture);
        }
        self.see_near(now_secs, picture);
    }

    /// A picture seen as large as all of it is.
    pub(super) fn see_near(&self, now_secs: f64, picture: &mut Picture) {
        let (view, flies) = (self.zoom.view(now_secs), self.zoom.flies(now_secs));
        if view != STAGE {
            picture.zoom = Some(Zoom { view, marks: picture.marks.len(), flies });
        }
    }

    /// Where a thing is to be zoomed to, from a point of the stage.
    pub(super) fn view_of(
        &self,
        picture: &Picture,
        at: Option<Pos2>,
        focus: Option<Rect>,
        now_secs: f64,
    ) -> Option<Rect> {
        let at = at.map(|at| self.seen_at(at, now_secs));
        if let Some(focus) = focus {
            return Some(hand::view_of(Some(focus), focus.center()));
        }
        let at = at?;
        Some(hand::view_of(hand::region_at(picture, at).map(|region| region.rect), at))
    }

    /// What is under a point of the stage.
    pub(super) fn region_at(&self, picture: &Picture, at: Pos2, now_secs: f64) -> Option<Region> {
        hand::region_at(picture, self.seen_at(at, now_secs))
    }
}
