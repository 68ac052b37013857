//! The talk as the overview shows it: what of it is told, or would be by a cut that is looked at.

use crate::plural::counted;
use crate::presentation::Presentation;
use crate::scene::library::Cut;
use crate::timeline::playhead::Position;

use crate::console::desk::clock_words;
use crate::console::stage::{self, StageLook};

/// The talk that is shown, with how its pictures look and what of it is told, or would be by a cut that is looked at.
pub(in crate::console) struct Deck<'a> {
    pub(super) talk: &'a Presentation,
    pub(super) look: &'a StageLook,
    pub(super) cut: Option<&'a Cut>,
    pub(super) plan: Vec<(Position, f64)>,
    /// Where next leads.
    next: Option<Position>,
}

impl<'a> Deck<'a> {
    pub(in crate::console) fn new(talk: &'a Presentation, look: &'a StageLook) -> Self {
        Self::by_cut(talk, look, talk.cut())
    }

    pub(super) fn by_cut(talk: &'a Presentation, look: &'a StageLook, cut: Option<&'a Cut>) -> Self {
        Self { talk, look, cut, plan: talk.library().planned(cut), next: talk.ahead().next() }
    }

    pub(in crate::console) fn talk(&self) -> &'a Presentation {
        self.talk
    }

    /// Seconds of all that is told.
    pub(super) fn secs(&self) -> f64 {
        self.plan.iter().map(|(_, secs)| secs).sum()
    }

    /// The seconds of each step of a scene that is told.
    pub(super) fn told(&self, scene: usize) -> Vec<f64> {
        self.plan.iter().filter(|(at, _)| at.scene == scene).map(|(_, secs)| *secs).collect()
    }

    /// How long a scene is told; one that is not, how long it would be.
    pub(super) fn scene_secs(&self, scene: usize) -> f64 {
        let told = self.told(scene);
        let steps = &self.talk.library().scenes[scene].steps;
        if told.is_empty() { steps.iter().map(|step| f64::from(step.budget_secs)).sum() } else { told.iter().sum() }
    }

    /// How many of its steps the room has seen.
    pub(super) fn seen(&self, scene: usize) -> usize {
        let library = self.talk.library();
        let has_seen = |step: &usize| self.talk.has_seen(&library.address(Position { scene, step: *step }));
        (0..library.scenes[scene].steps.len()).filter(has_seen).count()
    }

    /// Whether it is meant by what is typed into the ask box; all are, where nothing is.
    pub(super) fn is_meant(&self, scene: usize) -> bool {
        let Some((typed, titles, _)) = self.talk.asked() else { return true };
        let (typed, title) = (typed.trim().to_lowercase(), &self.talk.library().scenes[scene].title);
        typed.is_empty() || title.to_lowercase().contains(&typed) || titles.contains(title)
    }

    /// A scene in a line: how many steps of it are told and how long; of one that is not told, how many and how long it is.
    pub(super) fn facts(&self, scene: usize) -> String {
        let library = self.talk.library();
        let (read, entry, told) = (&library.scenes[scene], library.entries[scene], self.told(scene));
        let all = counted(read.steps.len(), "step");
        let steps = match told.len() {
            count if count > 0 && count < read.steps.len() => format!("{count} of {all}"),
            _ => all,
        };
        let is_here = self.talk.position().scene == scene;
        let marks = [
            (entry.must, "must"),
            (self.seen(scene) == read.steps.len(), "✓"),
            (entry.hidden, "hidden"),
            (told.is_empty() && !entry.hidden, stage::outside_words(self.cut)),
            (self.next.is_some_and(|next| next.scene == scene) && !is_here, "next"),
        ];
        let marks: Vec<&str> = marks.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
        format!("{steps}  {}  {}", clock_words(self.scene_secs(scene)), marks.join("  ")).trim_end().to_owned()
    }
}

/// What is looked at: what is told, all of the deck, or a cut of it by its id.
#[derive(Default)]
pub(super) enum Preview {
    #[default]
    Told,
    Whole,
    Cut(String),
}
