//! Drills: scenes in which something fails on the simulated lab, and the way back from them.
//!
//! A drill begins with whatever leads to such a scene from outside it: a jump, an answer of the ask box, the overview. It
//! ends with `return`, wherever the talk has gone meanwhile, and when next or back leave its scene. Then the talk is as it
//! was when the drill began: the step, how far it was told, the ways back, the cut, what lay over it, and the source that
//! was shown. Of the simulated lab what it was then is known again, and how it was set, so nothing has failed there. What
//! other sources said meanwhile stays, and so does a plan of minutes that was accepted.

use serde::{Deserialize, Serialize};

use crate::live::{Source, SourceId, SourceKind};
use crate::presentation::measured::Measured;
use crate::presentation::over::Over;
use crate::presentation::pointing::Pointing;
use crate::presentation::simulated::Simulated;
use crate::presentation::walk::Walk;

/// The parts of a talk that a drill changes, as they were before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Before {
    pub(super) walk: Walk,
    pub(super) pointing: Pointing,
    pub(super) over: Over,
    pub(super) shown: SourceId,
    pub(super) sim: Option<Source>,
    #[serde(default)]
    pub(super) simulated: Simulated,
}

impl Before {
    pub(super) fn new(walk: Walk, pointing: Pointing, over: Over, measured: &Measured) -> Self {
        let sources = &measured.sources;
        let sim = sources.all().iter().find(|source| source.kind == SourceKind::Sim).cloned();
        Self { walk, pointing, over, shown: sources.shown().id.clone(), sim, simulated: measured.simulated.clone() }
    }
}
