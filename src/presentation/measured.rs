//! What is measured: every source side by side, the one shown, and the motion and numerals that follow its readings.

use serde::{Deserialize, Serialize};

use crate::live::{SourceId, SourceList};
use crate::presentation::simulated::Simulated;
use crate::signal::{Reading, Readings, Signal};
use crate::timeline::flow::{FlowTargets, Flows};

/// Numerals are refreshed at most this often.
const NUMERALS_SECS: f64 = 1.0;

/// Which source is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum SourceCommand {
    NextSource,
    /// The source of this id.
    Source(SourceId),
}

/// The part of the talk's state that is measured.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(super) sources: SourceList,
    #[serde(default)]
    pub(super) simulated: Simulated,
    /// Motion as it was when its targets last changed; what it is now follows in closed form.
    flows: Flows,
    flows_secs: f64,
    targets: FlowTargets,
    pub(super) numerals: Readings,
    /// The numerals as they stood when the step before was left.
    pub(super) left: Readings,
    /// When the numerals were refreshed; none: they are to be refreshed at once.
    numerals_secs: Option<f64>,
}

impl Measured {
    /// Carries a command out. Numerals follow at once.
    pub(super) fn carry_out(&mut self, command: &SourceCommand) {
        match command {
            SourceCommand::NextSource => self.sources.show_next(),
            SourceCommand::Source(id) => return self.show(id),
        }
        self.numerals_secs = None;
    }

    /// Shows the source of this id, where there is one.
    pub(super) fn show(&mut self, id: &SourceId) {
        if self.sources.show(id) {
            self.numerals_secs = None;
        }
    }

    /// Numerals take the newest readings with the next refresh, however short ago the last one was.
    pub(super) fn hurry_numerals(&mut self) {
        self.numerals_secs = None;
    }

    /// The step is left: what leaves the stage with it stays as it is now.
    pub(super) fn leave_step(&mut self) {
        self.left.clone_from(&self.numerals);
    }

    /// Takes the newest readings over, where they say something else than what is shown. After a while in which they did
    /// not, that is in the moment they come: what begins is seen at once.
    pub(super) fn refresh_numerals(&mut self, now_secs: f64) {
        // A hair less: the times of ticks are no exact multiples of a tick.
        if self.numerals_secs.is_none_or(|last| now_secs - last >= NUMERALS_SECS - 1e-6) {
            let values = |(signal, reading): (&Signal, &Reading)| (*signal, reading.value);
            let newest = self.sources.shown().readings();
            if self.numerals_secs.is_none() || !newest.iter().map(values).eq(self.numerals.iter().map(values)) {
                self.numerals.clone_from(newest);
                self.numerals_secs = Some(now_secs);
            }
        }
    }

    /// Measured motion at this moment.
    pub(super) fn flows(&self, now_secs: f64) -> Flows {
        let mut flows = self.flows.clone();
        flows.advance(&self.targets, now_secs - self.flows_secs);
        flows
    }

    /// From now on motion goes to these targets.
    pub(super) fn aim(&mut self, targets: FlowTargets, now_secs: f64) {
        if targets != self.targets {
            self.flows.advance(&self.targets, now_secs - self.flows_secs);
            (self.targets, self.flows_secs) = (targets, now_secs);
        }
    }

    /// Motion at its targets, the dots as far as they come in `secs`: for stills.
    pub(super) fn settle(&mut self, targets: FlowTargets, secs: f64, now_secs: f64) {
        self.flows = Flows::settled(&targets, secs);
        (self.targets, self.flows_secs) = (targets, now_secs);
    }

    /// Whether measured motion changes the picture with the next moment.
    pub(super) fn moves(&self, now_secs: f64) -> bool {
        self.flows(now_secs).advance(&self.targets, 1.0 / 60.0)
    }
}
