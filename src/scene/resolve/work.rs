//! A step being resolved: what carries over from the step before, and what it is resolved against.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ron_text::Finder;
use crate::scene::binding::Binding;
use crate::scene::file::BindFile;
use crate::scene::model::{Camera, Emphasis, Placed};
use crate::scene::template::Words;

use super::bind::{Bind, BoundPlace, binding};
use super::known::Known;

/// What the simulated lab can be told beyond the ten phases: to read a checkpoint back; to load a model, to serve it, to
/// save an adapter; and to be a training run that has been going on for an hour.
pub(crate) const EXTRA_PHASES: [&str; 12] = [
    "resume",
    "model-load",
    "serve",
    "adapter",
    RUN,
    DRIVE_FAILS,
    NODE_FAILS,
    QUORUM_FAILS,
    NETWORK_SLOWS,
    NETWORK_FAILS,
    TIER_FAILS,
    MENDED,
];

/// The phase that stands for a whole training run, seen from its last hour on.
pub(crate) const RUN: &str = "run";

/// What the simulated lab can be told in a drill, while it works on: a drive of T2 is lost; a node of T2 stops, or so many
/// that it cannot write; its network carries a tenth, or nothing; all of its nodes stop; and what is missing comes back.
pub(crate) const DRIVE_FAILS: &str = "drive-fails";
pub(crate) const NODE_FAILS: &str = "node-fails";
pub(crate) const QUORUM_FAILS: &str = "quorum-fails";
pub(crate) const NETWORK_SLOWS: &str = "network-slows";
pub(crate) const NETWORK_FAILS: &str = "network-fails";
pub(crate) const TIER_FAILS: &str = "tier-fails";
pub(crate) const MENDED: &str = "mended";

/// What carries over from step to step.
pub(super) struct Running {
    pub(super) heading: Words,
    pub(super) camera: Camera,
    pub(super) emphasis: BTreeMap<Arc<str>, Emphasis>,
}

pub(super) struct Work<'a, 'f, 't> {
    pub(super) known: Known<'a>,
    pub(super) finder: &'f mut Finder<'t>,
    pub(super) placed: &'f mut Vec<Placed>,
    /// Where in `placed` the element of an id is.
    pub(super) places: &'f BTreeMap<Arc<str>, usize>,
    pub(super) running: &'f mut Running,
    /// From 0.
    pub(super) step: usize,
}

impl Work<'_, '_, '_> {
    /// The element of this id, where there is one.
    pub(super) fn find(&self, id: &str) -> Option<&Placed> {
        self.placed.get(*self.places.get(id)?)
    }

    pub(super) fn template(&mut self, written: &str) -> Words {
        self.known.template(written, Some(self.step), self.finder)
    }

    /// A thing of this name must be known.
    pub(super) fn require<'k>(&mut self, what: &str, name: &str, known: impl Iterator<Item = &'k str> + Clone) {
        self.finder.require(what, name, known, Some(self.step));
    }

    /// The binding of change number `nth`, from 0, which takes such a bind.
    pub(super) fn binding(&mut self, file: &BindFile, takes: Bind, nth: usize) -> Binding {
        let path = format!("steps.{}.changes.{nth}.bind", self.step);
        let shown = BoundPlace { takes, path, step: Some(self.step) };
        binding(file, &shown, &self.known.world.scales, self.finder)
    }

    pub(super) fn require_phase(&mut self, phase: &str) {
        let phases = self.known.world.phases.iter().map(|phase| &*phase.id);
        self.require("phase", phase, phases.chain(EXTRA_PHASES));
    }
}
