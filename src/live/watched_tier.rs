//! How it is found that something has happened to a tier: each look at its readings is compared with the one before.
//!
//! The rules:
//!
//! * *Node down, back*: fewer of the deployment's nodes answer than at the reading before, or more. A deployment that grows
//!   or shrinks is neither.
//! * *Drive down, back*: the same of drives. Drives that go while a node is missing went with it and are not told, nor is it
//!   told when they are back. As many as a node holds may have gone with one that our own polls do not miss yet: that is
//!   told after [`NODE_NOTICED_SECS`].
//! * *Heal begins, ends*: the number of drives being rebuilt leaves 0, or comes to it.
//! * *Quorum lost, at risk, back*: the cluster says that it cannot write; it can, but with the next drive it could not; or it
//!   leaves one of the two for something better that lasts [`BETTER_HOLDS_SECS`]. While drives heal nothing is known of the
//!   second.
//! * *Restart*: a server process began anew, or the youngest one began more than [`AGE_FELL_SECS`] after any that was known
//!   before: one that was not heard of for a while has not. The two tell of the same restart, some seconds apart, which is
//!   told once.
//! * *Error burst*: for [`ERRORS_LAST_SECS`] the servers fail [`SERVER_ERRORS_PER_SEC`] or more, or clients are refused
//!   [`CLIENT_ERRORS_PER_SEC`] or more and half of all they ask: to ask for what is not there is everyday work of many
//!   clients, and answered with 4xx. It can be told again after [`ERRORS_QUIET_SECS`] without.
//! * *Transition*: ILM moves an object after [`ILM_QUIET_SECS`] in which it moved none.
//! * *Checkpoint*: a burst of writes ended that moved [`CHECKPOINT_BYTES`] or more. A large upload of another kind looks
//!   the same, so its words say what was written and not why.
//! * *Stale, live*: a lab's tier does not answer any more, and answers again.

use serde::{Deserialize, Serialize};

use crate::live::burst::Burst;
use crate::live::happening::Happening;
use crate::signal::{Quantity, Reading, Readings, Signal, Tier};

/// What is better is believed when it has lasted so long.
const BETTER_HOLDS_SECS: f64 = 3.0;
/// An age that is told from a cache may step back by less than this without a restart.
const AGE_FELL_SECS: f64 = 30.0;
/// A server that hangs is missed after two polls that it kept waiting.
const NODE_NOTICED_SECS: f64 = 8.0;
const ERRORS_LAST_SECS: f64 = 3.0;
const ERRORS_QUIET_SECS: f64 = 30.0;
const SERVER_ERRORS_PER_SEC: f64 = 0.5;
const CLIENT_ERRORS_PER_SEC: f64 = 1.0;
/// Longer than v2's cache and the time between its polls, so that one wave of the scanner is one event.
const ILM_QUIET_SECS: f64 = 60.0;
/// A quarter of a gigabyte: what a small lab saves of a small model, and more than any log or table writes at once.
const CHECKPOINT_BYTES: f64 = 2.5e8;

/// What is known of a tier at a time.
pub(super) struct TierLook<'a> {
    pub(super) tier: Tier,
    pub(super) at_secs: f64,
    pub(super) readings: &'a Readings,
}

impl TierLook<'_> {
    fn reading(&self, quantity: Quantity) -> Option<&Reading> {
        self.readings.get(&Signal::tier(self.tier, quantity))
    }

    fn value(&self, quantity: Quantity) -> Option<f64> {
        self.reading(quantity).map(|reading| reading.value)
    }

    fn count(&self, quantity: Quantity) -> Option<u32> {
        self.value(quantity).map(|value| value.round() as u32)
    }

    /// How many there are, and how many of them are missing.
    fn missing(&self, online: Quantity, total: Quantity) -> Option<Missing> {
        let (online, total) = (self.count(online)?, self.count(total)?);
        Some(Missing { online, total, missing: total.saturating_sub(online) })
    }
}

struct Missing {
    online: u32,
    total: u32,
    missing: u32,
}

/// How near a cluster is to writing no more, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Danger {
    Safe,
    AtRisk,
    Lost,
}

/// What was known of a tier at the last look; `None` what was never known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct WatchedTier {
    nodes_missing: Option<u32>,
    drives: Option<WatchedDrives>,
    healing: Option<u32>,
    danger: Option<Danger>,
    /// Since when it is less than that.
    #[serde(default)]
    better_since_secs: Option<f64>,
    restarts: WatchedRestarts,
    errors: WatchedErrors,
    /// Since when ILM moves nothing; none while it does, or while that is not known.
    ilm_quiet_since_secs: Option<f64>,
    /// When the last burst of writes ended that was looked at.
    pub(super) burst_ended_secs: Option<f64>,
    /// Since when a lab's tier does not answer.
    pub(super) silent_since_secs: Option<f64>,
}

/// Drives that are missing: those of which that was told, and those that went with a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct WatchedDrives {
    told: u32,
    excused: u32,
    /// Since when so many are missing untold that a node may have taken them.
    waiting_since_secs: Option<f64>,
}

/// Restarts as the two ways to find them out have them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct WatchedRestarts {
    counted: Option<u32>,
    /// When the youngest process began that was ever seen.
    #[serde(default)]
    newest_secs: Option<f64>,
    /// How often the age fell.
    fell: u32,
    told: u32,
    /// What the count was at the first look.
    first_count: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct WatchedErrors {
    /// Since when there are too many.
    since_secs: Option<f64>,
    last_secs: Option<f64>,
    is_told: bool,
}

impl WatchedTier {
    /// What has happened since the look before, in the order in which it is told.
    pub(super) fn compare(&mut self, look: &TierLook<'_>, last_write: Option<&Burst>) -> Vec<(f64, Happening)> {
        let found = [
            self.compare_nodes(look),
            self.compare_drives(look),
            self.compare_healing(look),
            self.compare_danger(look),
            self.restarts.compare(look),
            self.errors.compare(look),
            self.compare_ilm(look),
        ];
        let found = found.into_iter().flatten().map(|what| (look.at_secs, what));
        found.chain(self.compare_bursts(last_write)).collect()
    }

    fn compare_nodes(&mut self, look: &TierLook<'_>) -> Option<Happening> {
        let Missing { online, total, missing } = look.missing(Quantity::NodesOnline, Quantity::NodesTotal)?;
        match self.nodes_missing.replace(missing)? {
            before if missing > before => Some(Happening::NodeDown { online, total }),
            before if missing < before => Some(Happening::NodeBack { online, total }),
            _ => None,
        }
    }

    fn compare_drives(&mut self, look: &TierLook<'_>) -> Option<Happening> {
        let Missing { online, total, missing } = look.missing(Quantity::DrivesOnline, Quantity::DrivesTotal)?;
        let first = WatchedDrives { told: missing, ..WatchedDrives::default() };
        let known = self.drives.get_or_insert(first);
        let (before, untold) = (known.told, missing.saturating_sub(known.told));
        let with_a_node = self.nodes_missing.is_some_and(|nodes| nodes > 0);
        let nodes = look.count(Quantity::NodesTotal).filter(|nodes| *nodes > 1);
        let unexcused = u64::from(untold - known.excused.min(untold));
        let may_be_a_node = nodes.is_some_and(|nodes| unexcused * u64::from(nodes) >= u64::from(total));
        if may_be_a_node && !with_a_node {
            let since_secs = *known.waiting_since_secs.get_or_insert(look.at_secs);
            if look.at_secs - since_secs < NODE_NOTICED_SECS {
                return None;
            }
        }
        known.waiting_since_secs = None;
        // A node may be back a minute before the caches say so of its drives.
        known.excused = if with_a_node { known.excused.max(untold) } else { known.excused.min(untold) };
        let down = missing.saturating_sub(known.excused).max(before);
        known.told = if missing < before { missing } else { down };
        match known.told {
            told if told > before => Some(Happening::DriveDown { online, total }),
            told if told < before => Some(Happening::DriveBack { online, total }),
            _ => None,
        }
    }

    fn compare_healing(&mut self, look: &TierLook<'_>) -> Option<Happening> {
        let drives = look.count(Quantity::DrivesHealing)?;
        match (self.healing.replace(drives)?, drives) {
            (0, drives) if drives > 0 => Some(Happening::HealBegins { drives }),
            (before, 0) if before > 0 => Some(Happening::HealEnds),
            _ => None,
        }
    }

    fn compare_danger(&mut self, look: &TierLook<'_>) -> Option<Happening> {
        let holds = look.value(Quantity::WriteQuorum).map(|held| held >= 0.5);
        let may_lose = look.count(Quantity::WriteTolerance);
        let danger = match (holds, may_lose, self.danger) {
            (Some(false), _, _) => Danger::Lost,
            (_, Some(0), _) => Danger::AtRisk,
            (_, Some(_), _) | (Some(true), None, Some(Danger::Lost)) => Danger::Safe,
            (_, None, known) => known?,
        };
        // Nodes that come back do not agree at once, and each says what it sees itself.
        if self.danger.is_some_and(|before| danger < before) {
            let since_secs = *self.better_since_secs.get_or_insert(look.at_secs);
            if look.at_secs - since_secs < BETTER_HOLDS_SECS {
                return None;
            }
        }
        self.better_since_secs = None;
        match (self.danger.replace(danger)?, danger) {
            (before, Danger::Lost) if before < Danger::Lost => Some(Happening::QuorumLost),
            (Danger::Safe, Danger::AtRisk) => Some(Happening::QuorumAtRisk),
            (before, now) if now < before => Some(Happening::QuorumBack { may_lose }),
            _ => None,
        }
    }

    fn compare_ilm(&mut self, look: &TierLook<'_>) -> Option<Happening> {
        let moved = [Quantity::TransitionsPerSec, Quantity::TransitionsRunning].map(|of| look.value(of));
        let moves = moved.iter().flatten().reduce(|sum, value| if value > sum { value } else { sum })? > &0.0;
        if !moves {
            self.ilm_quiet_since_secs.get_or_insert(look.at_secs);
            return None;
        }
        let since_secs = self.ilm_quiet_since_secs.take()?;
        (look.at_secs - since_secs >= ILM_QUIET_SECS).then_some(Happening::Transition)
    }

    fn compare_bursts(&mut self, last_write: Option<&Burst>) -> Option<(f64, Happening)> {
        let burst = last_write?;
        let before = self.burst_ended_secs.replace(burst.ended_secs);
        let is_new = before.is_none_or(|before_secs| burst.ended_secs > before_secs);
        let what = Happening::Checkpoint { bytes: burst.bytes, secs: burst.secs() };
        (is_new && burst.bytes >= CHECKPOINT_BYTES).then_some((burst.ended_secs, what))
    }

    /// As before the first look, but for the burst that was looked at.
    pub(super) fn afresh(&self) -> Self {
        Self { burst_ended_secs: self.burst_ended_secs, ..Self::default() }
    }

    pub(super) fn shift_by(&mut self, by_secs: f64) {
        let times = [
            &mut self.errors.since_secs,
            &mut self.errors.last_secs,
            &mut self.ilm_quiet_since_secs,
            &mut self.burst_ended_secs,
            &mut self.silent_since_secs,
            &mut self.restarts.newest_secs,
            &mut self.better_since_secs,
        ];
        let waiting = self.drives.as_mut().map(|drives| &mut drives.waiting_since_secs);
        times.into_iter().chain(waiting).flatten().for_each(|secs| *secs += by_secs);
    }
}

impl WatchedRestarts {
    fn compare(&mut self, look: &TierLook<'_>) -> Option<Happening> {
        if let Some(counted) = look.count(Quantity::RestartsSeen) {
            // The count begins anew with a target that is asked anew.
            let is_first = self.counted.is_none_or(|before| counted < before);
            self.counted = Some(counted);
            if is_first {
                (self.first_count, self.fell, self.told) = (counted, 0, 0);
            }
        }
        if let Some(age) = look.reading(Quantity::UptimeSecs) {
            let began_secs = age.at_secs - age.value;
            let fell = self.newest_secs.is_some_and(|newest_secs| began_secs > newest_secs + AGE_FELL_SECS);
            self.newest_secs = Some(self.newest_secs.map_or(began_secs, |newest_secs| newest_secs.max(began_secs)));
            self.fell += u32::from(fell);
        }
        let counted = self.counted.map_or(0, |counted| counted - self.first_count);
        let processes = counted.max(self.fell).saturating_sub(self.told);
        self.told += processes;
        (processes > 0).then_some(Happening::Restart { processes })
    }
}

impl WatchedErrors {
    fn compare(&mut self, look: &TierLook<'_>) -> Option<Happening> {
        let [client, server] = [Quantity::Errors4xxPerSec, Quantity::Errors5xxPerSec].map(|of| look.value(of));
        let (client_per_sec, server_per_sec) = (client?, server?);
        let all_per_sec = look.value(Quantity::RequestsPerSec).unwrap_or(0.0);
        let by_client = client_per_sec >= CLIENT_ERRORS_PER_SEC && client_per_sec >= 0.5 * all_per_sec;
        self.is_told &= self.last_secs.is_some_and(|last_secs| look.at_secs - last_secs < ERRORS_QUIET_SECS);
        if !by_client && server_per_sec < SERVER_ERRORS_PER_SEC {
            self.since_secs = None;
            return None;
        }
        self.last_secs = Some(look.at_secs);
        let since_secs = *self.since_secs.get_or_insert(look.at_secs);
        if self.is_told || look.at_secs - since_secs < ERRORS_LAST_SECS {
            return None;
        }
        self.is_told = true;
        Some(Happening::ErrorBurst { client_per_sec, server_per_sec })
    }
}
