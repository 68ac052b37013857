//! The change from one picture to the next: marks with the same id move, others come and go.

use std::collections::BTreeMap;

use crate::picture::{Id, Mark, Picture, Shape, Thing};
use crate::scene::model::Motion;
use crate::timeline::ease::Ease;

/// A change at one moment.
pub(crate) struct Blend<'a> {
    /// Of the step that is coming: when each of its parts begins, and what morphs into what.
    pub motion: &'a Motion,
    /// Seconds since the change began.
    pub secs: f32,
    pub reduced: bool,
}

const REVEAL_SECS: f32 = 0.35;
const HIDE_SECS: f32 = 0.25;
const MOVE_SECS: f32 = 0.7;
const EMPHASIS_SECS: f32 = 0.3;
const FADE_SECS: f32 = 0.15;

impl Blend<'_> {
    /// The picture on the way from `before` to `after`.
    pub(crate) fn apply(&self, before: &Picture, after: &Picture) -> Picture {
        let old: BTreeMap<&Id, &Mark> = before.marks.iter().map(|mark| (&mark.id, mark)).collect();
        let new: BTreeMap<&Id, &Mark> = after.marks.iter().map(|mark| (&mark.id, mark)).collect();
        let mut picture = Picture::default();
        // What stays is drawn in the new order; what leaves is drawn first, below all that comes.
        for mark in before.marks.iter().filter(|mark| !meets(mark, new.get(&mark.id).copied())) {
            self.leave(mark, &new, &mut picture);
        }
        for mark in &after.marks {
            match old.get(&mark.id) {
                Some(was) if meets(was, Some(mark)) => picture.push(self.between(was, mark)),
                _ => self.arrive(mark, &old, &mut picture),
            }
        }
        picture
    }

    /// When the change of a thing begins, in seconds from the step's start.
    fn after(&self, thing: &Thing) -> f32 {
        self.motion.after.get(thing).copied().unwrap_or_default()
    }

    /// Eased progress of a change that begins after so many seconds and takes so many.
    fn progress(&self, after: f32, secs: f32, ease: Ease) -> f32 {
        if self.reduced {
            return (self.secs / FADE_SECS).clamp(0.0, 1.0);
        }
        ease.at((self.secs - after) / secs)
    }

    fn between(&self, was: &Mark, now: &Mark) -> Mark {
        if was == now {
            return now.clone();
        }
        let p = if moves(&was.shape, &now.shape) {
            self.progress(self.after(&now.id.thing), MOVE_SECS, Ease::InOutCubic)
        } else {
            self.progress(self.after(&now.id.thing), EMPHASIS_SECS, Ease::Standard)
        };
        let p = if self.reduced { 1.0 } else { p };
        let shape = was.shape.toward(&now.shape, p).unwrap_or_else(|| now.shape.clone());
        let opacity = was.opacity + (now.opacity - was.opacity) * p;
        Mark { opacity, shape, ..now.clone() }
    }

    fn leave(&self, mark: &Mark, new: &BTreeMap<&Id, &Mark>, picture: &mut Picture) {
        let into = self.motion.morphs.iter().find(|(from, _)| *from == mark.id.thing);
        let partner = into.and_then(|(_, into)| new.get(&renamed(&mark.id, into)).copied());
        if partner.is_some_and(|partner| meets(mark, Some(partner))) {
            return;
        }
        let until = self.motion.until.get(&mark.id.thing).copied();
        let p = self.progress(until.unwrap_or_else(|| self.after(&mark.id.thing)), HIDE_SECS, Ease::Accelerate);
        if p < 1.0 {
            picture.push(mark.clone().faded(1.0 - p));
        }
    }

    fn arrive(&self, mark: &Mark, old: &BTreeMap<&Id, &Mark>, picture: &mut Picture) {
        let from = self.motion.morphs.iter().find(|(_, into)| *into == mark.id.thing);
        let partner = from.and_then(|(from, _)| old.get(&renamed(&mark.id, from)).copied());
        if let Some(was) = partner.filter(|was| meets(was, Some(mark))) {
            // Until its turn comes, the old thing stands there as it was.
            let began = self.reduced || self.secs >= self.after(&mark.id.thing);
            picture.push(if began { self.between(was, mark) } else { was.clone() });
            return;
        }
        // New words in the place of old ones wait until those have gone: two texts on one spot cannot be read.
        let wait = if old.contains_key(&mark.id) { HIDE_SECS } else { 0.0 };
        let late = Self { secs: self.secs - wait, ..*self };
        let p = late.progress(self.after(&mark.id.thing), REVEAL_SECS, Ease::Decelerate);
        if p > 0.0 {
            picture.push(mark.clone().faded(p));
        }
    }
}

/// The same part of another thing.
fn renamed(id: &Id, thing: &Thing) -> Id {
    Id { thing: thing.clone(), ..id.clone() }
}

/// Whether two marks can become one another without a cut.
fn meets(was: &Mark, now: Option<&Mark>) -> bool {
    now.is_some_and(|now| was.shape.toward(&now.shape, 0.5).is_some())
}

/// Whether the change is one of place or size, which takes longer than one of emphasis.
fn moves(was: &Shape, now: &Shape) -> bool {
    match now {
        Shape::Text(b) => matches!(was, Shape::Text(a) if a.at != b.at || a.size != b.size),
        Shape::Line { path: b, .. } => matches!(was, Shape::Line { path: a, .. } if a != b),
        Shape::Chart(b) => matches!(was, Shape::Chart(a) if a.rect != b.rect),
        Shape::Rect { rect: b, .. } => matches!(was, Shape::Rect { rect: a, .. } if a != b),
        Shape::Hatch { rect: b, .. } => matches!(was, Shape::Hatch { rect: a, .. } if a != b),
        Shape::Light { rect: b, .. } => matches!(was, Shape::Light { rect: a, .. } if a != b),
        Shape::Gpu { rect: b, .. } => matches!(was, Shape::Gpu { rect: a, .. } if a != b),
        Shape::Image { rect: b, .. } => matches!(was, Shape::Image { rect: a, .. } if a != b),
        // These move as quickly as they light up.
        Shape::Halo { .. } | Shape::Dot { .. } | Shape::Lane { .. } | Shape::Icon { .. } | Shape::Laser { .. } => false,
    }
}
