//! What can happen to a tier, with the numbers that go with it. Names tiers and never nodes: the room sees it.

use serde::{Deserialize, Serialize};

use crate::signal::Tier;

/// Something that happened to a tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TierEvent {
    /// Seconds of the source's clock.
    pub at_secs: f64,
    pub tier: Tier,
    pub what: Happening,
}

/// What happened, with the numbers that go with it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Happening {
    NodeDown { online: u32, total: u32 },
    NodeBack { online: u32, total: u32 },
    DriveDown { online: u32, total: u32 },
    DriveBack { online: u32, total: u32 },
    HealBegins { drives: u32 },
    HealEnds,
    QuorumLost,
    QuorumAtRisk,
    QuorumBack { may_lose: Option<u32> },
    Restart { processes: u32 },
    ErrorBurst { client_per_sec: f64, server_per_sec: f64 },
    Transition,
    Checkpoint { bytes: f64, secs: f64 },
    Stale,
    Live { after_secs: f64 },
}

/// Whether an event is bad news, good news, or neither: its mark has the shape of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Bad,
    Warn,
    Good,
    Plain,
}

impl Happening {
    /// `"node-down"`: the kind in scripts.
    pub fn kind(self) -> &'static str {
        match self {
            Self::NodeDown { .. } => "node-down",
            Self::NodeBack { .. } => "node-back",
            Self::DriveDown { .. } => "drive-down",
            Self::DriveBack { .. } => "drive-back",
            Self::HealBegins { .. } => "heal-begins",
            Self::HealEnds => "heal-ends",
            Self::QuorumLost => "quorum-lost",
            Self::QuorumAtRisk => "quorum-at-risk",
            Self::QuorumBack { .. } => "quorum-back",
            Self::Restart { .. } => "restart",
            Self::ErrorBurst { .. } => "error-burst",
            Self::Transition => "transition",
            Self::Checkpoint { .. } => "checkpoint",
            Self::Stale => "stale",
            Self::Live { .. } => "live",
        }
    }

    /// `"can lose 3 drives again"`: that a tier can write again, and what it may lose as it does.
    pub(crate) fn quorum_back_words(may_lose: Option<u32>) -> String {
        match may_lose {
            None => "can write again".to_owned(),
            Some(0) => "can write again, no drive to lose".to_owned(),
            Some(1) => "can lose 1 drive again".to_owned(),
            Some(drives) => format!("can lose {drives} drives again"),
        }
    }

    pub fn weight(self) -> Weight {
        match self {
            Self::QuorumLost | Self::Stale => Weight::Bad,
            Self::NodeDown { .. }
            | Self::DriveDown { .. }
            | Self::HealBegins { .. }
            | Self::QuorumAtRisk
            | Self::Restart { .. }
            | Self::ErrorBurst { .. } => Weight::Warn,
            Self::NodeBack { .. }
            | Self::DriveBack { .. }
            | Self::HealEnds
            | Self::QuorumBack { .. }
            | Self::Live { .. } => Weight::Good,
            Self::Transition | Self::Checkpoint { .. } => Weight::Plain,
        }
    }
}
