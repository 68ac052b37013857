//! The change from one picture to the next: marks with the same id move, others come and go.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::picture::{Id, Mark, Picture, Shape, Thing};
use crate::timeline::ease::Ease;
use crate::timeline::moment::Moment;

/// A change at one moment.
pub struct Blend<'a> {
    /// The step that is coming: when each of its elements begins, and what morphs into what.
    pub coming: Option<&'a Moment<'a>>,
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

    /// When an element of the coming scene appears or moves, in seconds from the change's start; other marks at once.
    fn after(&self, thing: &Thing) -> f32 {
        let after = self.coming.zip(self.element(thing)).and_then(|(coming, id)| coming.step.motion.after.get(id));
        after.copied().unwrap_or_default()
    }

    /// When an element leaves: at its Hide, also where the step shows it again later, with other words.
    fn until(&self, thing: &Thing) -> f32 {
        let until = self.coming.zip(self.element(thing)).and_then(|(coming, id)| coming.step.motion.until.get(id));
        until.copied().unwrap_or_else(|| self.after(thing))
    }

    /// The id of an element of the coming scene. One of the scene that leaves may have the same: it is another thing.
    fn element<'m>(&self, thing: &'m Thing) -> Option<&'m str> {
        match thing {
            Thing::Element { scene, id } if self.coming.is_some_and(|coming| coming.scene.id == *scene) => Some(id),
            Thing::Shared(id) => Some(id),
            _ => None,
        }
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
        let partner = self.partner(&mark.id, |(from, into)| (from, into)).and_then(|id| new.get(&id).copied());
        if partner.is_some_and(|partner| meets(mark, Some(partner))) {
            return;
        }
        let p = self.progress(self.until(&mark.id.thing), HIDE_SECS, Ease::Accelerate);
        if p < 1.0 {
            picture.push(mark.clone().faded(1.0 - p));
        }
    }

    fn arrive(&self, mark: &Mark, old: &BTreeMap<&Id, &Mark>, picture: &mut Picture) {
        let partner = self.partner(&mark.id, |(from, into)| (into, from)).and_then(|id| old.get(&id).copied());
        let after = self.after(&mark.id.thing);
        if let Some(was) = partner.filter(|was| meets(was, Some(mark))) {
            // Until its turn comes, the old thing stands there as it was.
            let began = self.reduced || self.secs >= after;
            picture.push(if began { self.between(was, mark) } else { was.clone() });
            return;
        }
        // New words in the place of old ones wait until those have gone: two texts on one spot cannot be read.
        let wait = if old.contains_key(&mark.id) { HIDE_SECS } else { 0.0 };
        let p = Self { secs: self.secs - wait, ..*self }.progress(after, REVEAL_SECS, Ease::Decelerate);
        if p > 0.0 {
            picture.push(mark.clone().faded(p));
        }
    }

    /// The same part of the element that this one morphs into, or out of: `ends` says which end it is itself.
    fn partner(&self, id: &Id, ends: impl Fn(&(Arc<str>, Arc<str>)) -> (&Arc<str>, &Arc<str>)) -> Option<Id> {
        let (coming, own) = self.coming.zip(self.element(&id.thing))?;
        let (_, other) = coming.step.motion.morphs.iter().map(ends).find(|(one, _)| ***one == *own)?;
        Some(Id { thing: coming.scene.thing(other), ..id.clone() })
    }
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
        // Icons, dots and lanes move as quickly as they light up.
        (
            Shape::Text(_)
            | Shape::Rect { .. }
            | Shape::Hatch { .. }
            | Shape::Light { .. }
            | Shape::Halo { .. }
            | Shape::Gpu { .. }
            | Shape::Dot { .. }
            | Shape::Lane { .. }
            | Shape::Line { .. }
            | Shape::Icon { .. }
            | Shape::Chart(_)
            | Shape::Image { .. },
            _,
        ) => false,
    }
}
