//! What the talk looks like now: the step's picture, what covers it, and the shown source as pictures need it.

use std::sync::Arc;

use crate::picture::Picture;
use crate::presentation::event::SourceKind;
use crate::presentation::sources::Source;
use crate::presentation::{Audience, Card, Presentation, overlay};
use crate::scene::binding::{Binding, Property};
use crate::scene::model::{Placed, View};
use crate::scene::resolve::RUN;
use crate::signal::{Subject, Tier};
use crate::timeline::hit::Folded;
use crate::timeline::playhead::{Playhead, Position};
use crate::timeline::seen::{Seen, Series, State};
use crate::timeline::{self, Stage};

/// What is so many steps away is made ready.
const NEAR_STEPS: usize = 4;

impl Presentation {
    /// Whether the shown scene draws readings.
    pub fn is_measured(&self) -> bool {
        self.library.scenes.get(self.playhead.at.scene).is_some_and(|scene| scene.view.is_measured())
    }

    /// Whether the shown step draws the past.
    pub fn shows_charts(&self) -> bool {
        let at = self.playhead.at;
        let Some(scene) = self.library.scenes.get(at.scene) else { return false };
        let Some(step) = scene.steps.get(at.step) else { return false };
        let is_series = |binding: &Binding| binding.property == Property::Series;
        let is_chart = |placed: &Placed| placed.element.parts().binding.is_some_and(is_series);
        scene.view == View::Monitor || step.elements.iter().any(is_chart)
    }

    /// Whether one of the next steps tells a whole training run.
    pub fn is_near_run(&self) -> bool {
        let steps = std::iter::successors(Some(self.playhead.at), |at| self.library.after(*at, self.cut()));
        let tells_run = |at: Position| {
            let step = self.library.scenes.get(at.scene).and_then(|scene| scene.steps.get(at.step));
            step.is_some_and(|step| step.phase.as_deref() == Some(RUN))
        };
        steps.skip(1).take(NEAR_STEPS).any(tells_run) && !tells_run(self.playhead.at)
    }

    /// The step's picture now, without what covers it.
    pub fn picture(&self) -> Picture {
        self.with_stage(|stage| timeline::compose(stage, &self.playhead))
    }

    /// The step's picture at rest and without readings: the same however the step was reached.
    pub fn settled_picture(&self) -> Picture {
        let playhead = Playhead::rest(self.playhead.at);
        let folded = Folded::new();
        let plain = |stage: Stage<'_>| timeline::compose(Stage { folded: &folded, ..stage }, &playhead);
        self.with_plain_stage(plain).without_measured()
    }

    /// The step's picture with what is open over it, wholly there.
    pub fn explored(&self) -> Picture {
        let mut picture = self.picture();
        self.draw_explored(&mut picture, f64::INFINITY);
        picture
    }

    /// What the audience sees.
    pub fn audience(&self) -> Audience {
        if let Some(cover) = self.cover {
            return Audience::Cover(cover);
        }
        if let Some(held) = &self.held {
            return Audience::Picture(held.clone());
        }
        let mut picture = self.picture();
        self.draw_explored(&mut picture, self.now_secs);
        self.draw_over(&mut picture);
        Audience::Picture(Arc::new(picture))
    }

    fn draw_over(&self, picture: &mut Picture) {
        let at = self.playhead.at;
        match self.card {
            Some(Card::Help) => overlay::help(picture),
            Some(Card::Numbers) => {
                if let Some(step) = self.library.scenes.get(at.scene).and_then(|scene| scene.steps.get(at.step)) {
                    overlay::numbers(&self.library, (step, self.aimed.as_deref()), picture);
                }
            }
            None => {}
        }
        if let Some((number, _)) = self.digits {
            overlay::notice(&format!("scene {number} …"), picture);
        } else if let Some(words) = self.ask_words() {
            overlay::notice(&words, picture);
        } else if let Some((words, _)) = &self.notice {
            overlay::notice(words, picture);
        }
    }

    pub(super) fn with_stage<T>(&self, use_it: impl FnOnce(Stage<'_>) -> T) -> T {
        let (library, flows, reduced, folded) = (&self.library, &self.flows, self.reduced, &self.folded);
        let focus = self.focus();
        self.with_seen(|seen| use_it(Stage { library, seen, flows, reduced, folded, focus }))
    }

    /// The stage with nothing pointed at.
    pub(super) fn with_plain_stage<T>(&self, use_it: impl FnOnce(Stage<'_>) -> T) -> T {
        self.with_stage(|stage| use_it(Stage { focus: None, ..stage }))
    }

    /// The shown source as pictures need it.
    pub fn with_seen<T>(&self, use_it: impl FnOnce(&Seen<'_>) -> T) -> T {
        let empty = Source::new(SourceKind::None, "", 1, Vec::new());
        let source = self.sources.shown().unwrap_or(&empty);
        let now_secs = self.now_secs * f64::from(source.lapse);
        let series = |binding: &Binding| -> Series { source.series(binding, now_secs) };
        let tiers = Tier::ALL.map(|tier| source.state(Subject::Tier(tier), now_secs));
        let [t0, t1, t2, t3] = tiers;
        let badge = badge(&[&t1, &t2, &t3, &t0]);
        let unverified = source.targets().any(|heard| heard.target.unverified);
        let seen = Seen {
            readings: source.readings(),
            numerals: &self.numerals,
            states: [t0, t1, t2, t3, source.state(Subject::Compute, now_secs)],
            badge,
            origin: self.origin(source),
            age_secs: source.age_secs(now_secs),
            warning: unverified.then(|| "certificate not verified".into()),
            lags: Tier::ALL.map(|tier| source.lag_secs(tier)),
            series: &series,
        };
        use_it(&seen)
    }

    /// The source in words; a lab's own name only when names may be seen.
    fn origin(&self, source: &Source) -> Arc<str> {
        match source.kind {
            SourceKind::Lab if !self.names => "lab".into(),
            _ => source.origin.clone(),
        }
    }
}

/// One word for all tiers: the tiers' own state where they agree, else the most alive; an age is the longest.
fn badge(states: &[&State]) -> State {
    let live =
        states.iter().find(|state| matches!(state, State::Live | State::Simulated { .. } | State::Recorded { .. }));
    let stale = states.iter().filter(|state| matches!(state, State::Stale { .. })).max_by_key(|state| match state {
        State::Stale { age_secs } => *age_secs,
        _ => 0,
    });
    let waiting = states.iter().find(|state| ***state == State::Waiting);
    live.or(stale).or(waiting).map_or(State::NoSource, |state| (*state).clone())
}
