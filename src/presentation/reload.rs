//! A scene file's new text: a good one lands where it changed, a bad one leaves the last good one on stage.

use crate::presentation::Presentation;
use crate::ron_text::{Problem, Severity};
use crate::scene::change::first_change;
use crate::scene::library::{self, Library};
use crate::timeline::playhead::Position;

impl Presentation {
    /// A scene file's new text. A good one lands where it changed; a bad one leaves the last good one on stage.
    pub(super) fn scene_text(&mut self, file: &str, text: String) {
        if !self.follows {
            return;
        }
        self.latest.insert(file.to_owned(), text);
        let (library, problems) = library::read(&self.latest);
        let bad = problems.iter().any(|problem| problem.severity == Severity::Error && !self.is_old(problem));
        self.problems = problems;
        if let (Some(library), false) = (library, bad) {
            self.good.clone_from(&self.latest);
            self.take_library(library, file);
        }
    }

    /// Whether an error was there when the talk began and has not been touched since.
    fn is_old(&self, problem: &Problem) -> bool {
        self.good.get(&problem.file) == self.latest.get(&problem.file)
    }

    fn take_library(&mut self, library: Library, file: &str) {
        let here = self.library.scenes.get(self.playhead.at.scene).map(|scene| scene.id.clone());
        let old = self.library.scenes.iter().find(|scene| &*scene.file == file).cloned();
        let new = library.scenes.iter().position(|scene| &*scene.file == file);
        let changed = old.zip(new).and_then(|(old, new)| Some((new, first_change(&old, &library.scenes[new])?)));
        let stays = here.and_then(|id| library.find(&id)).unwrap_or(0);
        self.library = library;
        let shown = self.library.scenes[stays].steps.len().saturating_sub(1);
        let step = match changed {
            Some((scene, step)) if scene == stays => step,
            _ => self.playhead.at.step.min(shown),
        };
        let same = step == self.playhead.at.step && stays == self.playhead.at.scene && changed.is_none();
        if !same {
            self.rest(Position { scene: stays, step });
        }
        self.trail.retain(|at| at.scene < self.library.scenes.len());
        self.point_anew();
        self.answer_anew();
    }
}
