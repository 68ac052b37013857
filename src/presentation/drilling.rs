//! The way into a drill and out of it.

use crate::presentation::Presentation;
use crate::presentation::drill::Before;
use crate::presentation::over::Over;
use crate::presentation::pointing::Pointing;
use crate::presentation::walk::Walk;
use crate::scene::address::Address;
use crate::scene::model::Scene;

impl Presentation {
    pub(super) fn is_drill(&self, at: &Address) -> bool {
        let scene = self.library.scene_index(&at.scene).and_then(|scene| self.library.scenes.get(scene));
        scene.is_some_and(Scene::is_drill)
    }

    /// From here on everything is told on the simulated lab. `came_from`: where the talk was, what was pointed at, and what
    /// lay over it.
    pub(super) fn enter_drill(&mut self, came_from: (Walk, Pointing, Over)) {
        let (walk, pointing, over) = came_from;
        let before = Before::new(walk, pointing, over, &self.state.measured);
        if let Some(sim) = &before.sim {
            self.state.measured.show(&sim.id);
        }
        self.say(format!("a drill: Backspace returns to {}", before.walk.at()));
        self.state.drill = Some(Box::new(before));
    }

    /// Ends a drill: the talk is as it was before. Whether there was one.
    pub(super) fn leave_drill(&mut self) -> bool {
        let Some(before) = self.state.drill.take() else { return false };
        let at = self.address().clone();
        self.leave_step(&at);
        let Before { walk, pointing, over, shown, sim, simulated } = *before;
        (self.state.walk, self.state.pointing, self.state.over) = (walk, pointing, over);
        if let Some(sim) = sim {
            self.state.measured.sources.put_back(sim);
        }
        self.state.measured.show(&shown);
        self.state.measured.simulated = simulated;
        self.lay_over_by_hand();
        true
    }
}
