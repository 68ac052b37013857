//! The way into a drill and out of it.

use crate::presentation::Presentation;
use crate::presentation::drill::Before;
use crate::presentation::over::Over;
use crate::presentation::pointing::Pointing;
use crate::presentation::walk::{Walk, WalkCommand};
use crate::scene::address::Address;
use crate::scene::library::Cut;
use crate::scene::model::Scene;
use crate::timeline::playhead::Position;

impl Presentation {
    pub(super) fn is_drill(&self, at: &Address) -> bool {
        let scene = self.library.scene_index(&at.scene).and_then(|scene| self.library.scenes.get(scene));
        scene.is_some_and(Scene::is_drill)
    }

    /// The steps that next leads to from here, one after another: through a drill, back from what is not told, on in the
    /// talk. The walk takes the same way.
    pub fn ahead(&self) -> impl Iterator<Item = Position> {
        let is_drill = |at: Position| self.library.scenes.get(at.scene).is_some_and(Scene::is_drill);
        let walk = &self.state.walk;
        let here = (walk, self.state.drill.as_deref(), walk.place(&self.library));
        let way = std::iter::successors(Some(here), move |(walk, drill, place)| {
            let after = walk.after(*place, &self.library)?;
            match drill {
                // What leaves a drill leads to where it was come from.
                Some(before) if is_drill(place.at) && !is_drill(after.at) => {
                    Some((&before.walk, None, before.walk.place(&self.library)))
                }
                drill => Some((*walk, *drill, after)),
            }
        });
        way.skip(1).map(|(.., place)| place.at)
    }

    /// The walk by which the plan is counted, and the step: where Backspace returns to, where the step shown is not told.
    fn counted(&self) -> (&Walk, Option<Position>) {
        let walk = &self.state.walk;
        let is_told = self.library.tells(walk.position(&self.library), walk.cut(&self.library));
        let walk = self.state.drill.as_ref().filter(|_| !is_told).map_or(walk, |before| &before.walk);
        (walk, walk.told_from(&self.library))
    }

    /// The step from which the plan is counted: the one shown, or where that is not told the one that Backspace returns to.
    /// None where no step of the plan was come from.
    pub fn counted_from(&self) -> Option<Position> {
        self.counted().1
    }

    /// The cut by which the plan is counted: within a drill the one that goes on after it.
    pub(super) fn counted_cut(&self) -> Option<&Cut> {
        self.counted().0.cut(&self.library)
    }

    /// The cut of the deck that it is, or that it was made of.
    pub(super) fn counted_cut_of_deck(&self) -> Option<&Cut> {
        self.counted().0.cut_of_deck(&self.library)
    }

    /// Whether the step shown is one of the plan.
    pub fn is_told(&self) -> bool {
        self.library.tells(self.position(), self.cut())
    }

    /// A plan that is made during a drill is that of the talk which goes on after it.
    pub(super) fn tell_after_drill(&mut self, command: &WalkCommand) {
        if let (WalkCommand::Tell(steps), Some(before)) = (command, &mut self.state.drill) {
            before.walk.tell(steps.clone(), &self.library);
        }
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
