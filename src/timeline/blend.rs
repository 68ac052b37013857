//! The change from one picture to the next: marks with the same id move, others come and go.

use std::collections::BTreeMap;

use crate::picture::{Id, Mark, Picture, Shape};
use crate::scene::model::Motion;
use crate::timeline::ease::Ease;

/// A change at one moment.
pub struct Blend<'a> {
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
    pub fn apply(&self, before: &Picture, after: &Picture) -> Picture {
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

    /// Eased progress of a change of `id` that takes `secs`.
    fn progress(&self, id: &Id, secs: f32, ease: Ease) -> f32 {
        if self.reduced {
            return (self.secs / FADE_SECS).clamp(0.0, 1.0);
        }
        let after = self.motion.after.get(id.name()).copied().unwrap_or_default();
        ease.at((self.secs - after) / secs)
    }

    fn between(&self, was: &Mark, now: &Mark) -> Mark {
        if was == now {
            return now.clone();
        }
        let p = if moves(&was.shape, &now.shape) {
            self.progress(&now.id, MOVE_SECS, Ease::InOutCubic)
        } else {
            self.progress(&now.id, EMPHASIS_SECS, Ease::Standard)
        };
        let p = if self.reduced { 1.0 } else { p };
        let shape = was.shape.toward(&now.shape, p).unwrap_or_else(|| now.shape.clone());
        let opacity = was.opacity + (now.opacity - was.opacity) * p;
        Mark { opacity, shape, ..now.clone() }
    }

    fn leave(&self, mark: &Mark, new: &BTreeMap<&Id, &Mark>, picture: &mut Picture) {
        let into = self.motion.morphs.iter().find(|(from, _)| **from == *mark.id.name());
        let partner = into.and_then(|(_, into)| new.get(&renamed(&mark.id, into)).copied());
        if partner.is_some_and(|partner| meets(mark, Some(partner))) {
            return;
        }
        let p = self.progress(&mark.id, HIDE_SECS, Ease::Accelerate);
        if p < 1.0 {
            picture.push(mark.clone().faded(1.0 - p));
        }
    }

    fn arrive(&self, mark: &Mark, old: &BTreeMap<&Id, &Mark>, picture: &mut Picture) {
        let from = self.motion.morphs.iter().find(|(_, into)| **into == *mark.id.name());
        let partner = from.and_then(|(from, _)| old.get(&renamed(&mark.id, from)).copied());
        if let Some(was) = partner.filter(|was| meets(was, Some(mark))) {
            // Until its turn comes, the old thing stands there as it was.
            let began = self.reduced || self.secs >= self.motion.after.get(mark.id.name()).copied().unwrap_or_default();
            picture.push(if began { self.between(was, mark) } else { was.clone() });
            return;
        }
        // New words in the place of old ones wait until those have gone: two texts on one spot cannot be read.
        let wait = if old.contains_key(&mark.id) { HIDE_SECS } else { 0.0 };
        let p = Self { secs: self.secs - wait, ..*self }.progress(&mark.id, REVEAL_SECS, Ease::Decelerate);
        if p > 0.0 {
            picture.push(mark.clone().faded(p));
        }
    }
}

/// The same part of another thing.
fn renamed(id: &Id, name: &str) -> Id {
    Id::new(name).part(id.number())
}

/// Whether two marks can become one another without a cut.
fn meets(was: &Mark, now: Option<&Mark>) -> bool {
    now.is_some_and(|now| was.shape.toward(&now.shape, 0.5).is_some())
}

/// Whether the change is one of place or size, which takes longer than one of emphasis.
fn moves(was: &Shape, now: &Shape) -> bool {
    match (was, now) {
        (Shape::Text(a), Shape::Text(b)) => a.at != b.at || a.size != b.size,
        (Shape::Rect { rect: a, .. }, Shape::Rect { rect: b, .. })
        | (Shape::Hatch { rect: a, .. }, Shape::Hatch { rect: b, .. })
        | (Shape::Light { rect: a, .. }, Shape::Light { rect: b, .. })
        | (Shape::Gpu { rect: a, .. }, Shape::Gpu { rect: b, .. })
        | (Shape::Image { rect: a, .. }, Shape::Image { rect: b, .. }) => a != b,
        (Shape::Line { path: a, .. }, Shape::Line { path: b, .. }) => a != b,
        (Shape::Chart(a), Shape::Chart(b)) => a.rect != b.rect,
        _ => false,
    }
}
