//! What the talk looks like now: the step's picture, what covers it, and the shown source as pictures need it.

use std::sync::Arc;

use crate::live::{Source, SourceKind};
use crate::picture::Picture;
use crate::presentation::over::Sheet;
use crate::presentation::pointing::Pointed;
use crate::presentation::{Audience, Presentation, overlay, test_card};
use crate::scene::address::Address;
use crate::scene::model::{Placed, Step, View};
use crate::scene::motion::Flow;
use crate::scene::resolve::RUN;
use crate::signal::{Quantity, Signal, Subject, Tier};
use crate::timeline::flow::{FlowTargets, Flows};
use crate::timeline::hit::{Folded, Hit, What};
use crate::timeline::moment::Stage;
use crate::timeline::playhead::{Playhead, Position};
use crate::timeline::seen::Seen;
use crate::timeline::{self, card, explore};

/// What is so many steps away is made ready.
const NEAR_STEPS: usize = 4;

impl Presentation {
    fn step(&self) -> Option<&Step> {
        let at = self.position();
        self.library.scenes.get(at.scene)?.steps.get(at.step)
    }

    /// Whether the shown step draws readings.
    pub fn is_measured(&self) -> bool {
        let scene = self.library.scenes.get(self.position().scene);
        scene.zip(self.step()).is_some_and(|(scene, step)| scene.measures(step))
    }

    /// Whether the shown step draws the past: as a chart, or as the ticks of the last hour on a floor that is written to.
    pub(crate) fn shows_the_past(&self) -> bool {
        let is_chart = |placed: &Placed| placed.element.parts().binding.is_some_and(|bind| bind.window_secs > 0.0);
        let is_write = |signal: &Signal| signal.quantity == Quantity::WriteBytesPerSec;
        let writes = |flow: &Flow| flow.binding.signals.iter().any(is_write);
        let scene = self.library.scenes.get(self.position().scene);
        let step = self.step();
        scene.is_some_and(|scene| scene.view == View::Monitor)
            || step.is_some_and(|step| step.elements.iter().any(is_chart) || step.motion.flows.iter().any(writes))
    }

    /// Whether one of the next steps tells a whole training run.
    pub(crate) fn is_near_run(&self) -> bool {
        let tells_run = |at: Position| {
            let step = self.library.scenes.get(at.scene).and_then(|scene| scene.steps.get(at.step));
            step.is_some_and(|step| timeline::phase_of(step, f64::INFINITY).is_some_and(|phase| **phase == *RUN))
        };
        self.ahead().take(NEAR_STEPS).any(tells_run) && !tells_run(self.position())
    }

    fn playhead(&self) -> Playhead {
        self.state.walk.playhead(&self.library, self.state.now_secs)
    }

    /// Whether the step's change and told motion are over.
    pub fn is_settled(&self) -> bool {
        self.playhead().secs >= self.settle_secs() && !self.state.hand.flies(self.state.now_secs)
    }

    /// When the step's change and told motion are over, in seconds from its start.
    pub fn settle_secs(&self) -> f64 {
        let Playhead { at, from, .. } = self.playhead();
        timeline::settle_secs(self.ingredients().plain_stage(), at, from)
    }

    /// Whether the picture changes with the next moment, measured motion included.
    pub fn moves(&self) -> bool {
        let now_secs = self.state.now_secs;
        let over = &self.state.over;
        let waits = over.first_keys_left(now_secs).is_some_and(|left| left < 1.0)
            || over.number(now_secs).is_some()
            || over.notice(now_secs).is_some()
            || self.state.asking.corner_words(now_secs).is_some()
            || self.minutes_left_words().is_some();
        let told = !self.state.walk.is_paused() && !self.is_settled();
        told || (waits && !self.state.desk.has_console())
            || self.is_turning()
            || self.state.hand.moves(now_secs)
            || self.state.measured.moves(now_secs)
    }

    /// Whether the card of a component is on its way.
    fn is_turning(&self) -> bool {
        let is_component = |pointed: &Pointed| matches!(pointed.hit.what, What::Component(_));
        let turns = self.state.pointing.pointed().is_some_and(is_component);
        let secs = |opened_secs: f64| self.state.now_secs - opened_secs;
        let opened = self.state.pointing.opened_secs.map(secs);
        turns && opened.is_some_and(|secs| secs < timeline::turn_secs(self.state.look.reduced))
    }

    /// Everything that can be focused on the step that is shown.
    pub fn hits(&self) -> Vec<Hit> {
        explore::hits(self.ingredients().plain_stage(), self.position())
    }

    /// The step's picture now, without what covers it.
    pub fn picture(&self) -> Picture {
        timeline::compose(self.ingredients().stage(), &self.playhead())
    }

    /// How much of the step's motion is over, from 0 to 1.
    pub(crate) fn progress(&self) -> f64 {
        let (secs, whole_secs) = (self.playhead().secs, self.settle_secs());
        if secs >= whole_secs { 1.0 } else { secs / whole_secs }
    }

    /// The step's picture now with what is open over it, whatever covers it for the room.
    pub(crate) fn private_picture(&self) -> Picture {
        self.pointed_out(self.picture())
    }

    /// Any step's final picture, with the readings of now.
    pub(crate) fn final_picture(&self, at: Position) -> Picture {
        let folded = Folded::new();
        let made_from = self.ingredients();
        timeline::compose(Stage { folded: &folded, ..made_from.plain_stage() }, &Playhead::rest(at))
    }

    /// Any step's final picture, with the readings of now and without the name of a lab, whatever the room may see.
    pub(crate) fn redacted_picture(&self, at: Position) -> Picture {
        let folded = Folded::new();
        let made_from = self.ingredients();
        let seen = Seen { origin: origin(self.sources().shown(), false), names: false, ..made_from.seen.clone() };
        timeline::compose(Stage { folded: &folded, seen: &seen, ..made_from.plain_stage() }, &Playhead::rest(at))
    }

    /// The same of the step that is shown, as near as it is seen.
    pub(crate) fn redacted_picture_now(&self) -> Picture {
        let mut picture = self.redacted_picture(self.position());
        self.state.hand.see_near(self.state.now_secs, &mut picture);
        picture
    }

    /// The step's picture at rest and without readings: the same however the step was reached.
    pub fn settled_picture(&self) -> Picture {
        let playhead = Playhead::rest(self.position());
        let (folded, at_rest) = (Folded::new(), Flows::default());
        let made_from = self.ingredients();
        let seen = Seen { source: self.sources().nothing(), ..made_from.seen.clone() };
        let stage = Stage { folded: &folded, flows: &at_rest, seen: &seen, ..made_from.plain_stage() };
        timeline::compose(stage, &playhead).without_measured()
    }

    /// The step's picture with what is open over it, wholly there.
    pub(crate) fn explored(&self) -> Picture {
        let mut picture = self.picture();
        self.draw_explored(&mut picture, f64::INFINITY);
        picture
    }

    /// What the audience sees.
    pub fn audience(&self) -> Audience {
        if let Some(cover) = self.state.over.cover {
            return Audience::Cover(cover);
        }
        if let Some(held) = &self.state.over.held {
            return Audience::Picture(held.clone());
        }
        if self.state.over.sheet == Some(Sheet::TestCard) {
            let look = &self.state.look;
            return Audience::Picture(Arc::new(test_card::test_card(look.theme, look.window.size)));
        }
        let mut picture = self.pointed_out(self.picture());
        self.draw_over(&mut picture);
        Audience::Picture(Arc::new(picture))
    }

    /// What lies over the step because of what is pointed at.
    pub(super) fn draw_explored(&self, picture: &mut Picture, now_secs: f64) {
        let Some(Pointed { hit, focus }) = self.state.pointing.pointed() else { return };
        let made_from = self.ingredients();
        let stage = made_from.plain_stage();
        match (self.state.pointing.opened_secs, &hit.what) {
            (Some(opened_secs), What::Component(index)) => {
                let component = &self.library.world.components[*index];
                let there = card::component(stage, component);
                let (secs, reduced) = (now_secs - opened_secs, self.state.look.reduced);
                *picture = if secs < timeline::turn_secs(reduced) {
                    timeline::turn(picture, &there, secs as f32, reduced)
                } else {
                    there
                };
            }
            (Some(_), What::Card(told)) => {
                card::veil(hit.rect, &focus.lit, picture);
                explore::ring(stage, hit, picture);
                card::panel(stage, told, hit.rect, picture);
            }
            (None, _) | (Some(_), What::Fold | What::Drive | What::Point) => explore::ring(stage, hit, picture),
        }
    }

    fn draw_over(&self, picture: &mut Picture) {
        let (over, now_secs) = (&self.state.over, self.state.now_secs);
        match over.sheet {
            Some(Sheet::Help(page)) if !self.state.desk.has_console() => overlay::help(&self.keymap, page, picture),
            Some(Sheet::Numbers) => {
                if let Some(step) = self.step() {
                    let aimed = self.state.pointing.aimed.as_deref();
                    overlay::numbers(&self.library, &self.seen(), step, aimed, picture);
                }
            }
            Some(Sheet::Help(_) | Sheet::TestCard) | None => {}
        }
        // What is private is said on the console, where there is one.
        if self.state.desk.has_console() {
            return;
        }
        if let Some(left) = over.first_keys_left(now_secs) {
            overlay::draw_first_keys(&self.keymap, left, picture);
        }
        if let Some(number) = over.number(now_secs) {
            overlay::notice(&format!("scene {number} …"), picture);
        } else if let Some(words) = self.state.asking.corner_words(now_secs) {
            overlay::notice(&words, picture);
        } else if let Some(words) = self.minutes_left_words() {
            overlay::notice(&words, picture);
        } else if let Some(words) = over.notice(now_secs) {
            overlay::notice(words, picture);
        }
    }

    /// The step at which the picture is taken, `secs` into it (infinity: at its end), and measured motion at its targets:
    /// for stills.
    pub(crate) fn pose(&mut self, at: Address, secs: f64, flow_secs: f64) {
        self.seek(at, secs);
        self.state.measured.hurry_numerals();
        self.state.measured.refresh_numerals(self.state.now_secs);
        let targets = self.targets();
        self.state.measured.settle(targets, flow_secs, self.state.now_secs);
    }

    /// So many seconds into a step, come to from the one before it.
    pub(crate) fn seek(&mut self, at: Address, secs: f64) {
        let from = self.before(&at);
        self.state.walk.seek(at, from, [secs, self.state.now_secs]);
    }

    /// The step before this one, in the order of the whole deck.
    pub(crate) fn before(&self, at: &Address) -> Option<Address> {
        let before = self.library.locate(at).and_then(|at| self.library.before(at, None));
        before.map(|before| self.library.address(before))
    }

    /// Whether a step goes on with a drill that began in a step before it.
    pub(crate) fn is_within_drill(&self, at: &Address) -> bool {
        at.step > 0 && self.library.locate(at).is_some_and(|at| self.library.scenes[at.scene].is_drill())
    }

    /// What is read now is what leaves with the step: for stills of the change that follows.
    pub(crate) fn keep_what_leaves(&mut self) {
        self.state.measured.leave_step();
    }

    /// Where measured motion is to go.
    pub(super) fn targets(&self) -> FlowTargets {
        timeline::targets(&self.library, self.position(), &self.seen())
    }

    /// What pictures of this moment are made from, besides the playhead.
    pub(super) fn ingredients(&self) -> Ingredients<'_> {
        Ingredients { talk: self, seen: self.seen(), flows: self.state.measured.flows(self.state.now_secs) }
    }

    /// The shown source as pictures need it.
    pub fn seen(&self) -> Seen<'_> {
        let source = self.sources().shown();
        let now_secs = self.state.now_secs * f64::from(source.lapse);
        let states = Subject::ALL.map(|subject| source.state(subject, now_secs));
        let unverified = source.targets().any(|heard| heard.target.unverified);
        Seen {
            source,
            now_secs,
            readings: source.readings(),
            numerals: &self.state.measured.numerals,
            left: &self.state.measured.left,
            states,
            origin: origin(source, self.state.look.names),
            names: self.state.look.names,
            age_secs: source.age_secs(now_secs),
            warning: unverified.then(|| "certificate not verified".into()),
            lags: Tier::ALL.map(|tier| source.lag_secs(tier)),
        }
    }
}

/// The source in words; a lab's own name only with `names`.
fn origin(source: &Source, names: bool) -> Arc<str> {
    match source.kind {
        SourceKind::Lab if !names => "lab".into(),
        SourceKind::Prometheus if !names => "lab by Prometheus".into(),
        SourceKind::Lab | SourceKind::Prometheus | SourceKind::Sim | SourceKind::Recording | SourceKind::None => {
            source.origin.clone()
        }
    }
}

/// What pictures of one moment are made from, made once.
pub(super) struct Ingredients<'a> {
    talk: &'a Presentation,
    seen: Seen<'a>,
    flows: Flows,
}

impl Ingredients<'_> {
    /// With what is pointed at.
    fn stage(&self) -> Stage<'_> {
        let focus = self.talk.state.pointing.pointed().map(|pointed| &pointed.focus);
        Stage { focus, ..self.plain_stage() }
    }

    /// With nothing pointed at.
    pub(super) fn plain_stage(&self) -> Stage<'_> {
        Stage {
            library: &self.talk.library,
            figures: &self.talk.library.figures,
            seen: &self.seen,
            flows: &self.flows,
            reduced: self.talk.state.look.reduced,
            folded: &self.talk.state.pointing.folded,
            focus: None,
        }
    }
}
