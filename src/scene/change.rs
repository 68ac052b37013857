//! Where to land after a scene file was edited: on the first step that is different.

use crate::scene::model::Scene;

/// The first step (from 0) in which `new` differs from `old`; none when nothing differs.
pub(crate) fn first_change(old: &Scene, new: &Scene) -> Option<usize> {
    let steps = old.steps.len().max(new.steps.len());
    if old.view != new.view {
        return Some(0);
    }
    let last = new.steps.len().saturating_sub(1);
    (0..steps).find(|step| old.steps.get(*step) != new.steps.get(*step)).map(|step| step.min(last))
}
