//! The change from one picture to the next: marks with the same id move, others come and go.

use std::collections::{BTreeMap, BTreeSet};

use egui::emath::Rect;

use crate::measure;
use crate::picture::{Id, Layer, Mark, Part, Picture, Role, Shape, Thing};
use crate::scene::motion::{Motion, Passage, Way};
use crate::timeline::ease::Ease;
use crate::timeline::passage::EVEN_FROM_SECS;

/// A change at one moment.
pub(crate) struct Blend<'a> {
    /// Of the step that is coming: when each of its parts begins, and what morphs into what.
    pub motion: &'a Motion,
    /// Seconds since the change began.
    pub secs: f32,
    pub reduced: bool,
}

type Marks<'a> = BTreeMap<&'a Id, &'a Mark>;

pub(super) const REVEAL: Passage = Passage { way: Way::Fade, secs: 0.35 };
pub(crate) const HIDE_SECS: f32 = 0.25;
pub(crate) const MOVE_SECS: f32 = 0.7;
pub(super) const EMPHASIS_SECS: f32 = 0.3;
const FADE_SECS: f32 = 0.15;

impl Blend<'_> {
    /// The picture on the way from `before` to `after`.
    pub(crate) fn apply(&self, before: &Picture, after: &Picture) -> Picture {
        let old: BTreeMap<&Id, &Mark> = before.marks.iter().map(|mark| (&mark.id, mark)).collect();
        let new: BTreeMap<&Id, &Mark> = after.marks.iter().map(|mark| (&mark.id, mark)).collect();
        let mut picture = Picture::default();
        let mut leaving = Vec::new();
        let comes = |mark: &&Mark| !old.get(&mark.id).is_some_and(|was| self.becomes(was, Some(mark)));
        let coming: Vec<Rect> = after.marks.iter().filter(comes).filter_map(spoken_bounds).collect();
        let leaves = || before.marks.iter().filter(|mark| !self.becomes(mark, new.get(&mark.id).copied()));
        // What is measured makes room for what is said, which knows of no reading; a unit goes with its digits.
        let is_reading = |mark: &&Mark| mark.layer == Layer::Measured && matches!(mark.shape, Shape::Text(_));
        let crowded: BTreeSet<(&Thing, Part)> = leaves()
            .filter(|mark| is_reading(mark) && stands_on(mark, &coming))
            .map(|mark| (&mark.id.thing, mark.id.part))
            .collect();
        // What stays is drawn in the new order; what leaves is drawn first, below all that comes.
        for mark in leaves() {
            if is_reading(&mark) && crowded.contains(&(&mark.id.thing, mark.id.part)) {
                continue;
            }
            self.leave(mark, &new, &mut picture);
            leaving.extend(self.leaving_words(mark));
        }
        for mark in &after.marks {
            match old.get(&mark.id) {
                Some(was) if self.becomes(was, Some(mark)) => picture.push(self.between(was, mark)),
                _ => self.arrive(mark, (&old, after), &leaving, &mut picture),
            }
        }
        picture
    }

    /// Whether a mark turns into the one of its id. Else it leaves, and the other comes: so it is with what a step hides and
    /// shows again, and with a unit beside other digits than before.
    fn becomes(&self, was: &Mark, now: Option<&Mark>) -> bool {
        let thing = &was.id.thing;
        let turn = self.motion.turn(thing);
        let goes_and_comes = turn.until.is_some() && turn.after.is_some();
        let is_pushed = was.role == Role::Unit && turn.after.is_none();
        let stays = |now: &Mark| !(is_pushed && moves(&was.shape, &now.shape));
        !goes_and_comes && meets(was, now) && now.is_some_and(stays)
    }

    /// Where words stand until when, that leave; of what is measured, only other readings need to know.
    fn leaving_words(&self, mark: &Mark) -> Option<(Rect, f32)> {
        let Shape::Text(text) = &mark.shape else { return None };
        let gone_secs = self.leaves_at(mark) + HIDE_SECS;
        (self.secs < gone_secs + REVEAL.secs).then(|| (measure::bounds(text), gone_secs))
    }

    /// When a mark begins to leave, in seconds from the step's start.
    fn leaves_at(&self, mark: &Mark) -> f32 {
        let until = self.motion.turn(&mark.id.thing).until;
        until.unwrap_or_else(|| self.after(&mark.id.thing))
    }

    /// When words may come: two texts on one spot cannot be read, so they wait until those that leave have gone.
    fn words_from(&self, mark: &Mark, leaving: &[(Rect, f32)]) -> f32 {
        let Shape::Text(text) = &mark.shape else { return 0.0 };
        if leaving.is_empty() || self.reduced {
            return 0.0;
        }
        let bounds = measure::bounds(text);
        let over = leaving.iter().filter(|(rect, _)| rect.intersects(bounds));
        over.map(|(_, gone_secs)| *gone_secs).fold(0.0, f32::max)
    }

    /// When the change of a thing begins, in seconds from the step's start.
    fn after(&self, thing: &Thing) -> f32 {
        self.motion.turn(thing).after.unwrap_or_default()
    }

    /// Eased progress of a change that begins after so many seconds and takes so many.
    fn progress(&self, after: f32, secs: f32, ease: Ease) -> f32 {
        if self.reduced {
            return (self.secs / FADE_SECS).clamp(0.0, 1.0);
        }
        ease.at((self.secs - after) / secs)
    }

    /// How far a thing has come that moves; evenly where it tells a process.
    fn moved(&self, thing: &Thing) -> f32 {
        let secs = self.motion.turn(thing).move_secs.unwrap_or(MOVE_SECS);
        let after = self.after(thing);
        if secs > EVEN_FROM_SECS && !self.reduced {
            return ((self.secs - after) / secs).clamp(0.0, 1.0);
        }
        self.progress(after, secs, Ease::InOutCubic)
    }

    fn between(&self, was: &Mark, now: &Mark) -> Mark {
        if was == now {
            return now.clone();
        }
        let p = if moves(&was.shape, &now.shape) {
            self.moved(&now.id.thing)
        } else {
            let turn = self.motion.turn(&now.id.thing);
            let begins_secs = turn.pointed_out.or(turn.after).unwrap_or_default();
            self.progress(begins_secs, EMPHASIS_SECS, Ease::Standard)
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
        let leaves_secs = self.leaves_at(mark);
        let turn = self.motion.turn(&mark.id.thing);
        if let Some(passage) = turn.goes.or(turn.comes).filter(|_| !self.reduced && turn.until.is_some()) {
            picture.marks.extend(passage.leaving(mark, self.secs - leaves_secs));
            return;
        }
        let p = self.progress(leaves_secs, HIDE_SECS, Ease::Accelerate);
        if p < 1.0 {
            picture.push(mark.clone().faded(1.0 - p));
        }
    }

    fn arrive(&self, mark: &Mark, (old, new): (&Marks<'_>, &Picture), leaving: &[(Rect, f32)], picture: &mut Picture) {
        let from = self.motion.morphs.iter().find(|(_, into)| *into == mark.id.thing);
        let partner = from.and_then(|(from, _)| old.get(&renamed(&mark.id, from)).copied());
        if let Some(was) = partner.filter(|was| meets(was, Some(mark))) {
            // Until its turn comes, the old thing stands there as it was.
            let began = self.reduced || self.secs >= self.after(&mark.id.thing);
            picture.push(if began { self.between(was, mark) } else { was.clone() });
            return;
        }
        if self.reduced {
            picture.push(mark.clone().faded((self.secs / FADE_SECS).clamp(0.0, 1.0)));
            return;
        }
        // What comes and goes within the step has been drawn by the step's own time.
        let turn = self.motion.turn(&mark.id.thing);
        if turn.after.zip(turn.until).is_some_and(|(after, until)| after < until) {
            picture.marks.extend(Some(mark.clone()).filter(|_| self.secs >= self.words_from(mark, leaving)));
            return;
        }
        // What is there anew under an old id waits until the old has gone.
        let again = if old.contains_key(&mark.id) { HIDE_SECS } else { 0.0 };
        let begins_secs = (self.after(&mark.id.thing) + again).max(self.words_from(mark, leaving));
        let passage = turn.comes.unwrap_or(REVEAL);
        // Words on a curve come when the pen has passed them.
        let passed = (passage.way == Way::Draw).then(|| share_of_curve(mark, new)).flatten();
        let (passage, late_secs) = passed.map_or((passage, 0.0), |share| (REVEAL, share * passage.secs));
        picture.marks.extend(passage.coming(mark, self.secs - begins_secs - late_secs));
    }
}

/// How far along the curve of the same thing words and their ground stand, from 0 to 1.
fn share_of_curve(mark: &Mark, new: &Picture) -> Option<f32> {
    let x = match &mark.shape {
        Shape::Text(text) => text.at.x,
        Shape::Rect { rect, .. } => rect.center().x,
        _ => return None,
    };
    let chart = new.marks.iter().find_map(|other| match &other.shape {
        Shape::Chart(chart) if other.id.thing == mark.id.thing => Some(chart.rect),
        _ => None,
    })?;
    Some(((x - chart.left()) / chart.width()).clamp(0.0, 1.0))
}

/// Where words stand that are not measured.
fn spoken_bounds(mark: &Mark) -> Option<Rect> {
    match &mark.shape {
        Shape::Text(text) if mark.layer != Layer::Measured => Some(measure::bounds(text)),
        _ => None,
    }
}

/// Whether words lie on one of these boxes.
fn stands_on(mark: &Mark, boxes: &[Rect]) -> bool {
    let Shape::Text(text) = &mark.shape else { return false };
    let bounds = measure::bounds(text);
    boxes.iter().any(|other| other.intersects(bounds))
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
        Shape::Polygon { points: b, .. } => matches!(was, Shape::Polygon { points: a, .. } if a != b),
        Shape::Chart(b) => matches!(was, Shape::Chart(a) if a.rect != b.rect),
        Shape::Rect { rect: b, .. } => matches!(was, Shape::Rect { rect: a, .. } if a != b),
        Shape::Hatch { rect: b, .. } => matches!(was, Shape::Hatch { rect: a, .. } if a != b),
        Shape::Light { rect: b, .. } => matches!(was, Shape::Light { rect: a, .. } if a != b),
        Shape::Gpu { rect: b, .. } => matches!(was, Shape::Gpu { rect: a, .. } if a != b),
        Shape::Image { rect: b, .. } => matches!(was, Shape::Image { rect: a, .. } if a != b),
        Shape::Halo { rect: b, .. } => matches!(was, Shape::Halo { rect: a, .. } if a != b),
        Shape::Dot { center: b, .. } => matches!(was, Shape::Dot { center: a, .. } if a != b),
        Shape::Icon { center: b, .. } => matches!(was, Shape::Icon { center: a, .. } if a != b),
        Shape::Lane { .. } | Shape::Laser { .. } => false,
    }
}
