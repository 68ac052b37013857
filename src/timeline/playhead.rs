//! Where the talk is: scene, step, seconds into the step.

use crate::plural::counted;
use crate::scene::address::Address;
use crate::scene::library::{Cut, Library};

/// Scene and step of one reading of the deck, both from 0: what is kept over a saved file is an [`Address`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub scene: usize,
    pub step: usize,
}

impl Position {
    /// The first step of a scene that a cut has; without a cut, its first.
    pub(crate) fn first_of(scene: usize, cut: Option<&Cut>) -> Self {
        let first = cut.and_then(|cut| cut.steps.iter().find(|(other, _)| *other == scene));
        first.map_or(Self { scene, step: 0 }, Self::of)
    }

    /// From scene and step as a cut lists them.
    pub fn of((scene, step): &(usize, usize)) -> Self {
        Self { scene: *scene, step: *step }
    }
}

/// The playhead. What is on stage follows from it and from readings, and from nothing else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playhead {
    pub at: Position,
    /// Seconds into the step.
    pub secs: f64,
    /// What was on stage before, while the step's change from it is shown.
    pub from: Option<Position>,
}

impl Playhead {
    /// At rest at the end of a step.
    pub fn rest(at: Position) -> Self {
        Self { at, secs: f64::INFINITY, from: None }
    }
}

impl Library {
    /// The steps that are told, in order, each with the seconds it is given: those of a cut, or of all that is not hidden.
    pub fn planned(&self, cut: Option<&Cut>) -> Vec<(Position, f64)> {
        let all = || {
            let shown = self.entries.iter().enumerate().filter(|(_, entry)| !entry.hidden);
            shown.flat_map(|(scene, _)| (0..self.scenes[scene].steps.len()).map(move |step| Position { scene, step }))
        };
        let steps: Vec<Position> =
            cut.map_or_else(|| all().collect(), |cut| cut.steps.iter().map(Position::of).collect());
        let secs = |at: &Position| Some(f64::from(self.scenes.get(at.scene)?.steps.get(at.step)?.budget_secs));
        steps.into_iter().filter_map(|at| Some((at, secs(&at)?))).collect()
    }

    /// The position after `at`: of a cut, or of the whole deck over its hidden scenes; none at the end.
    pub fn after(&self, at: Position, cut: Option<&Cut>) -> Option<Position> {
        if let Some(cut) = cut {
            return cut.steps.iter().map(Position::of).find(|other| *other > at);
        }
        if at.step + 1 < self.scenes.get(at.scene)?.steps.len() {
            return Some(Position { step: at.step + 1, ..at });
        }
        self.scene_after(at.scene, None).map(|scene| Position { scene, step: 0 })
    }

    /// The position before `at`: the step before, or the last step of the scene before.
    pub fn before(&self, at: Position, cut: Option<&Cut>) -> Option<Position> {
        if let Some(cut) = cut {
            return cut.steps.iter().rev().map(Position::of).find(|other| *other < at);
        }
        if at.step > 0 {
            return Some(Position { step: at.step - 1, ..at });
        }
        self.scene_before(at.scene, None)
            .map(|scene| Position { scene, step: self.scenes[scene].steps.len().saturating_sub(1) })
    }

    /// A step of the drill that `at` is in: next and back go through it, whatever the cut tells.
    pub(crate) fn in_drill(&self, at: Position, step: Option<usize>) -> Option<Position> {
        let scene = self.scenes.get(at.scene).filter(|scene| scene.is_drill())?;
        step.filter(|step| *step < scene.steps.len()).map(|step| Position { step, ..at })
    }

    /// The next scene that is not hidden, or that the cut has.
    pub(crate) fn scene_after(&self, scene: usize, cut: Option<&Cut>) -> Option<usize> {
        (scene + 1..self.scenes.len()).find(|index| self.is_told(*index, cut))
    }

    /// The scene before that is not hidden, or that the cut has.
    pub(crate) fn scene_before(&self, scene: usize, cut: Option<&Cut>) -> Option<usize> {
        (0..scene).rev().find(|index| self.is_told(*index, cut))
    }

    /// Whether next and back come by a step: of the cut, or of a scene that is not hidden.
    pub fn tells(&self, at: Position, cut: Option<&Cut>) -> bool {
        cut.map_or(!self.entries[at.scene].hidden, |cut| cut.steps.iter().any(|step| Position::of(step) == at))
    }

    fn is_told(&self, scene: usize, cut: Option<&Cut>) -> bool {
        cut.map_or(!self.entries[scene].hidden, |cut| cut.steps.iter().any(|(other, _)| *other == scene))
    }

    /// `loop:3`, by id or number, both from 1; a scene alone is its first step.
    pub fn position(&self, words: &str) -> Option<Position> {
        let (name, step) = words.split_once(':').unwrap_or((words, "1"));
        let scene = self.find(name)?;
        let step = step.parse::<usize>().ok()?.checked_sub(1)?;
        (step < self.scenes[scene].steps.len()).then_some(Position { scene, step })
    }

    /// Why words name no step: how many steps their scene has, or which scenes there are.
    pub fn no_step(&self, words: &str) -> String {
        let name = words.split_once(':').map_or(words, |(name, _)| name);
        match self.find(name).map(|scene| &self.scenes[scene]) {
            Some(scene) => {
                format!("no step \"{words}\": {} has {}, from 1", scene.id, counted(scene.steps.len(), "step"))
            }
            None => format!("no step \"{words}\": scenes are {}; steps count from 1", self.ids().join(", ")),
        }
    }

    /// Where a step stands in this reading of the deck; none where it is gone.
    pub(crate) fn locate(&self, address: &Address) -> Option<Position> {
        let scene = self.scene_index(&address.scene)?;
        (address.step < self.scenes[scene].steps.len()).then_some(Position { scene, step: address.step })
    }

    /// The step that stands there, in words that survive a saved deck.
    pub fn address(&self, at: Position) -> Address {
        let id = self.scenes.get(at.scene).map_or("?", |scene| &*scene.id);
        Address { scene: id.into(), step: at.step }
    }
}
