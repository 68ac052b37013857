//! The whole program without its windows: one door for events, one given clock.
//!
//! Everything that can change the talk passes [`Show::take`], from whatever host; the simulated lab is pulled here at its
//! poll times and passes the same door.

mod polled;
mod rehearsal;

use crate::live::{SourceEvent, SourceKind};
use crate::picture::Picture;
use crate::presentation::event::{Effect, Event};
use crate::presentation::{Audience, Presentation};
use crate::show::rehearsal::{LAPSE, Rehearsal};

/// Polls of a training run to come, in each step of time: an hour of it at once would be seen.
const POLLS_AHEAD: usize = 12;

/// Time passes in steps no longer than this, so that a phase told and the poll after it keep their order.
const STEP_SECS: f64 = 0.1;

/// A talk with its sources, driven by whoever has events and a clock.
pub struct Show {
    presentation: Presentation,
    rehearsal: Option<Rehearsal>,
    now_secs: f64,
    /// Parts of the story the simulated lab was already told.
    told: usize,
    /// Charts are wanted, or will be soon.
    wants_history: bool,
}

impl Show {
    /// A show of this talk. With a seed, a simulated lab is one of its sources.
    pub fn new(mut presentation: Presentation, seed: Option<u64>) -> Self {
        let rehearsal = seed.map(Rehearsal::new);
        if rehearsal.is_some() {
            presentation.apply(simulated(rehearsal::announcement()));
        }
        Self { presentation, rehearsal, now_secs: 0.0, told: 0, wants_history: false }
    }

    /// The one door: whatever happens to the talk happens here.
    pub fn take(&mut self, event: Event) -> Option<Effect> {
        let effect = self.presentation.apply(event);
        // The story and a swap of sources must be known before the next picture is asked for.
        self.step(self.now_secs);
        effect
    }

    /// Lets time pass up to `to_secs`.
    pub fn advance(&mut self, to_secs: f64) {
        while self.now_secs < to_secs {
            let next = (self.now_secs + STEP_SECS).min(to_secs);
            self.step(next);
        }
    }

    fn step(&mut self, to_secs: f64) {
        self.now_secs = to_secs;
        self.presentation.advance(to_secs);
        if let (Some(rehearsal), true) = (&mut self.rehearsal, self.presentation.is_near_run()) {
            rehearsal.look_ahead(POLLS_AHEAD);
        }
        self.rehearse();
    }

    /// Pulls the simulated lab up to now, while it is the source shown.
    fn rehearse(&mut self) {
        let Some(rehearsal) = &mut self.rehearsal else { return };
        let story: Vec<_> = self.presentation.story()[self.told..].to_vec();
        self.told += story.len();
        let presentation = &mut self.presentation;
        let mut send = |news| drop(presentation.apply(simulated(news)));
        for (at_secs, phase) in story {
            self.wants_history |= rehearsal.tell_phase(at_secs * f64::from(LAPSE), phase.as_deref(), &mut send);
        }
        let shown = self.presentation.sources().shown().map(|source| source.kind);
        if shown != Some(SourceKind::Sim) {
            return;
        }
        self.wants_history |= self.presentation.shows_charts();
        let presentation = &mut self.presentation;
        let mut send = |news| drop(presentation.apply(simulated(news)));
        let to_secs = self.now_secs * f64::from(LAPSE);
        let is_new = self.wants_history && rehearsal.deepen_past(to_secs, &mut send);
        if rehearsal.poll_until(to_secs, &mut send) || is_new {
            self.presentation.refresh_now();
        }
    }

    /// Polls the simulated lab's last hour now rather than when the first chart is shown: a moment later it would be seen.
    pub fn want_history(&mut self) {
        if !self.wants_history {
            self.wants_history = true;
            self.rehearse();
        }
    }

    pub fn now_secs(&self) -> f64 {
        self.now_secs
    }

    pub fn presentation(&self) -> &Presentation {
        &self.presentation
    }

    pub fn presentation_mut(&mut self) -> &mut Presentation {
        &mut self.presentation
    }

    /// The step's picture now.
    pub fn picture(&self) -> Picture {
        self.presentation.picture()
    }

    /// What the audience sees now.
    pub fn audience(&self) -> Audience {
        self.presentation.audience()
    }

    /// When something next changes by itself though nothing moves: a poll of the simulated lab, or a second of age.
    pub fn next_change_secs(&self) -> Option<f64> {
        if !self.presentation.is_measured() {
            return None;
        }
        match self.presentation.sources().shown()?.kind {
            SourceKind::Sim => Some(polled::POLL_SECS / f64::from(LAPSE)),
            SourceKind::Lab | SourceKind::Recording => Some(1.0),
            SourceKind::None => None,
        }
    }

    /// Lets time pass until the step moves no more, at most `most_secs`. Whether it has settled.
    pub fn settle(&mut self, most_secs: f64) -> bool {
        let end = self.now_secs + most_secs;
        while !self.presentation.is_settled() && self.now_secs < end {
            self.step(self.now_secs + STEP_SECS);
        }
        self.presentation.is_settled()
    }
}

/// What the simulated lab says.
fn simulated(news: SourceEvent) -> Event {
    Event::Source { source: SourceKind::Sim.only_id(), news }
}
