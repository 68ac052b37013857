//! A saved file: where the talk is in the deck that it makes.

use std::sync::Arc;

use crate::presentation::Presentation;
use crate::scene::library::Library;
use crate::timeline::playhead::Position;

impl Presentation {
    /// A file's new text. A good one lands where it changed; a bad one leaves the last good one on stage.
    pub(super) fn save(&mut self, file: &str, text: String) {
        let Some(library) = self.state.files.save(file, text) else { return };
        let old = std::mem::replace(&mut self.library, Arc::new(library));
        self.lay_over_by_hand();
        let before = self.address().clone();
        self.state.walk.follow(&old, &self.library);
        if let Some(drill) = &mut self.state.drill {
            drill.walk.follow(&old, &self.library);
        }
        if let Some(at) = self.change_here(&old, file) {
            self.state.walk.rest(at, &self.library);
        }
        if self.address().scene != before.scene {
            self.leave_step(&before);
        }
        self.find_focus_again();
        self.aim_spot();
        self.state.asking.renew(&self.library);
    }

    /// The first step that the saved file changed of the scene that is told.
    pub(super) fn change_here(&self, old: &Library, file: &str) -> Option<Position> {
        let scene = self.position().scene;
        let new = self.library.scenes.get(scene).filter(|scene| &*scene.file == file)?;
        let old = old.scenes.iter().find(|scene| scene.id == new.id)?;
        let differs = |step: &usize| old.view != new.view || old.steps.get(*step) != new.steps.get(*step);
        let step = (0..old.steps.len().max(new.steps.len())).find(differs)?;
        Some(Position { scene, step: step.min(new.steps.len().saturating_sub(1)) })
    }
}
