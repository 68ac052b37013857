//! The phases of the story, by their ids.

/// A phase of the story, as the lab works at it: the ten of the pipeline, and what other workloads do beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Ingest,
    Elt,
    Shuffle,
    Load,
    Train,
    Checkpoint,
    Track,
    Embed,
    Export,
    Archive,
    /// The last checkpoint is read back.
    Resume,
    /// A model server reads the weights once.
    ModelLoad,
    /// Requests are answered in VRAM; only their log is written.
    Serve,
    /// A fine-tuning saves its adapter.
    Adapter,
}

impl Phase {
    /// All phases: the ten in the story's order, then the others.
    pub(crate) const ALL: [Self; 14] = [
        Self::Ingest,
        Self::Elt,
        Self::Shuffle,
        Self::Load,
        Self::Train,
        Self::Checkpoint,
        Self::Track,
        Self::Embed,
        Self::Export,
        Self::Archive,
        Self::Resume,
        Self::ModelLoad,
        Self::Serve,
        Self::Adapter,
    ];

    /// `"checkpoint"`: the id of the phase in scenes and on the command line.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Elt => "elt",
            Self::Shuffle => "shuffle",
            Self::Load => "load",
            Self::Train => "train",
            Self::Checkpoint => "checkpoint",
            Self::Track => "track",
            Self::Embed => "embed",
            Self::Export => "export",
            Self::Archive => "archive",
            Self::Resume => "resume",
            Self::ModelLoad => "model-load",
            Self::Serve => "serve",
            Self::Adapter => "adapter",
        }
    }

    /// The phase of an id such as `"load"`.
    pub(crate) fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phase_reads_back_from_its_id() {
        for phase in Phase::ALL {
            assert_eq!(Phase::from_id(phase.id()), Some(phase));
        }
        assert_eq!(Phase::from_id("trian"), None);
    }
}
