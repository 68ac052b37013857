//! What happened to the tiers of a source: each told once, when it happens, and kept for an hour.
//!
//! Events follow from successive readings alone, so they are the same for a lab, a simulated one and a recording. What is
//! found at the first look is how things are, and no event. They name tiers and never nodes: the room sees them.
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

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::live::burst::Burst;
use crate::signal::{Quantity, Reading, Readings, Signal, Tier};

/// For so long an event is kept, on the source's clock.
const KEPT_SECS: f64 = 3600.0;
/// However much happens, no more than this many are kept.
const MOST_KEPT: usize = 500;

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

/// The events of a source, and what the next ones are told from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Events {
    /// Oldest first.
    kept: VecDeque<TierEvent>,
    watched: BTreeMap<Tier, WatchedTier>,
}

impl Events {
    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &TierEvent> {
        self.kept.iter()
    }

    /// All of them, oldest first.
    pub(crate) fn into_all(self) -> Vec<TierEvent> {
        self.kept.into()
    }

    /// Takes what is known of a tier now; `last_write`: the last burst of writes that has ended.
    pub(crate) fn take_readings(&mut self, tier: Tier, at_secs: f64, readings: &Readings, last_write: Option<&Burst>) {
        let look = Look { tier, at_secs, readings };
        let watched = self.watched.entry(tier).or_default();
        let found = watched.compare(&look, last_write);
        self.keep(found.into_iter().map(|(at_secs, what)| TierEvent { at_secs, tier, what }), at_secs);
    }

    /// Takes whether a lab's tier is stale now, and since when it has not answered.
    pub(crate) fn take_staleness(&mut self, tier: Tier, now_secs: f64, silent_since_secs: Option<f64>) {
        let watched = self.watched.entry(tier).or_default();
        let what = match (watched.silent_since_secs, silent_since_secs) {
            (None, Some(_)) => Happening::Stale,
            (Some(since_secs), None) => Happening::Live { after_secs: (now_secs - since_secs).max(0.0) },
            (None, None) | (Some(_), Some(_)) => return,
        };
        watched.silent_since_secs = silent_since_secs;
        self.keep([TierEvent { at_secs: now_secs, tier, what }], now_secs);
    }

    /// The next look at each tier is the first one: what changed since the last did not happen now. A burst that was told is
    /// not told again.
    pub(crate) fn look_afresh(&mut self) {
        for watched in self.watched.values_mut() {
            *watched = WatchedTier { burst_ended_secs: watched.burst_ended_secs, ..WatchedTier::default() };
        }
    }

    /// Adds events that were found elsewhere, of the time before. A burst that is told among them is not told again.
    pub(crate) fn recall(&mut self, events: Vec<TierEvent>) {
        for event in events.iter().filter(|event| matches!(event.what, Happening::Checkpoint { .. })) {
            let ended_secs = &mut self.watched.entry(event.tier).or_default().burst_ended_secs;
            *ended_secs = Some(ended_secs.map_or(event.at_secs, |known_secs| known_secs.max(event.at_secs)));
        }
        let Some(newest) = events.iter().chain(&self.kept).map(|event| event.at_secs).reduce(f64::max) else { return };
        self.keep(events, newest);
    }

    fn keep(&mut self, events: impl IntoIterator<Item = TierEvent>, now_secs: f64) {
        for event in events {
            // A burst is told some seconds after its end, so its place may be before the last one's.
            let place = self.kept.partition_point(|kept| kept.at_secs <= event.at_secs);
            self.kept.insert(place, event);
        }
        while self.kept.len() > MOST_KEPT || self.kept.front().is_some_and(|old| now_secs - old.at_secs > KEPT_SECS) {
            self.kept.pop_front();
        }
    }

    /// Puts all of it so many seconds later.
    pub(crate) fn shift_by(&mut self, by_secs: f64) {
        self.kept.iter_mut().for_each(|event| event.at_secs += by_secs);
        self.watched.values_mut().for_each(|watched| watched.shift_by(by_secs));
    }
}

/// What is known of a tier at a time.
struct Look<'a> {
    tier: Tier,
    at_secs: f64,
    readings: &'a Readings,
}

impl Look<'_> {
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
struct WatchedTier {
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
    burst_ended_secs: Option<f64>,
    /// Since when a lab's tier does not answer.
    silent_since_secs: Option<f64>,
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
    fn compare(&mut self, look: &Look<'_>, last_write: Option<&Burst>) -> Vec<(f64, Happening)> {
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

    fn compare_nodes(&mut self, look: &Look<'_>) -> Option<Happening> {
        let Missing { online, total, missing } = look.missing(Quantity::NodesOnline, Quantity::NodesTotal)?;
        match self.nodes_missing.replace(missing)? {
            before if missing > before => Some(Happening::NodeDown { online, total }),
            before if missing < before => Some(Happening::NodeBack { online, total }),
            _ => None,
        }
    }

    fn compare_drives(&mut self, look: &Look<'_>) -> Option<Happening> {
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

    fn compare_healing(&mut self, look: &Look<'_>) -> Option<Happening> {
        let drives = look.count(Quantity::DrivesHealing)?;
        match (self.healing.replace(drives)?, drives) {
            (0, drives) if drives > 0 => Some(Happening::HealBegins { drives }),
            (before, 0) if before > 0 => Some(Happening::HealEnds),
            _ => None,
        }
    }

    fn compare_danger(&mut self, look: &Look<'_>) -> Option<Happening> {
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

    fn compare_ilm(&mut self, look: &Look<'_>) -> Option<Happening> {
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

    fn shift_by(&mut self, by_secs: f64) {
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
    fn compare(&mut self, look: &Look<'_>) -> Option<Happening> {
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
    fn compare(&mut self, look: &Look<'_>) -> Option<Happening> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks, one a line: `AT NAME=VALUE…` with the last part of a signal's name, `wrote=MB` for a burst that has ended
    /// then, or `silent` and `answers`. A value holds until another is given; `NAME=-` takes it away. What was told, with
    /// the time of the look.
    fn told(script: &str) -> String {
        let mut events = Events::default();
        let mut readings = Readings::new();
        let mut burst = None;
        for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            let at_secs = words.next().unwrap().parse().unwrap();
            for word in words {
                match word.split_once('=') {
                    None => events.take_staleness(Tier::T2, at_secs, (word == "silent").then_some(at_secs - 4.0)),
                    Some(("wrote", mb)) => {
                        let bytes = mb.parse::<f64>().unwrap() * 1e6;
                        let began_secs = at_secs - 5.0;
                        burst = Some(Burst { began_secs, ended_secs: at_secs - 3.0, bytes, peak_bytes_per_sec: bytes });
                    }
                    Some((name, value)) => {
                        let signal = format!("tier.warm.{name}").parse().unwrap();
                        match value.parse() {
                            Ok(value) => readings.insert(signal, Reading { value, at_secs, lag_secs: 0.0 }),
                            Err(_) => readings.remove(&signal),
                        };
                    }
                }
            }
            events.take_readings(Tier::T2, at_secs, &readings, burst.as_ref());
        }
        let kept = events.iter().map(|event| format!("{:.0} {}", event.at_secs, event.what.kind()));
        kept.collect::<Vec<_>>().join(", ")
    }

    #[track_caller]
    fn check(cases: &[(&str, &str, &str)]) {
        for (what, script, expected) in cases {
            assert_eq!(told(script), *expected, "{what}");
        }
    }

    #[test]
    fn nodes_drives_and_quorum_are_told_once_when_they_change() {
        check(&[
            ("how things are at the first look", "0 nodes_online=3 nodes_total=4 drives_online=6 drives_total=8", ""),
            (
                "a node goes and comes back",
                "0 nodes_online=4 nodes_total=4
                 1 nodes_online=3
                 2 nodes_online=3
                 9 nodes_online=4",
                "1 node-down, 9 node-back",
            ),
            ("a deployment that grows", "0 nodes_online=4 nodes_total=4\n1 nodes_online=8 nodes_total=8", ""),
            (
                "drives go with their node, and come back after it",
                "0 nodes_online=4 nodes_total=4 drives_online=8 drives_total=8
                 1 nodes_online=3
                 20 drives_online=6
                 40 nodes_online=4
                 90 drives_online=8",
                "1 node-down, 40 node-back",
            ),
            (
                "a drive beside them",
                "0 nodes_online=4 nodes_total=4 drives_online=8 drives_total=8
                 1 nodes_online=3
                 20 drives_online=6
                 40 nodes_online=4
                 41 drives_online=5
                 90 drives_online=7
                 95 drives_online=8",
                "1 node-down, 40 node-back, 41 drive-down, 95 drive-back",
            ),
            (
                "the caches miss the drives of a node before our polls miss the node",
                "0 nodes_online=4 nodes_total=4 drives_online=8 drives_total=8
                 10 drives_online=6
                 11 drives_online=6
                 13 nodes_online=3
                 90 nodes_online=4
                 91 drives_online=8",
                "13 node-down, 90 node-back",
            ),
            (
                "as many drives as a node holds, and all nodes are there",
                "0 nodes_online=4 nodes_total=4 drives_online=8 drives_total=8
                 10 drives_online=6
                 17 drives_online=6
                 18 drives_online=6
                 30 drives_online=8",
                "18 drive-down, 30 drive-back",
            ),
            (
                "one drive of two on each node is no node",
                "0 nodes_online=4 nodes_total=4 drives_online=8 drives_total=8
                 10 drives_online=7",
                "10 drive-down",
            ),
            (
                "a drive is lost and heals",
                "0 drives_online=8 drives_total=8 drives_healing=0 write_tolerance=3
                 9 drives_online=7 write_tolerance=2
                 30 drives_online=8 drives_healing=1 write_tolerance=-
                 99 drives_healing=0 write_tolerance=3",
                "9 drive-down, 30 drive-back, 30 heal-begins, 99 heal-ends",
            ),
            (
                "quorum at risk, lost and back",
                "0 write_quorum=1 write_tolerance=3
                 5 write_tolerance=1
                 6 write_tolerance=0
                 9 write_quorum=0
                 12 write_quorum=1
                 15 write_tolerance=3",
                "6 quorum-at-risk, 9 quorum-lost, 15 quorum-back",
            ),
            (
                "nodes that are back do not agree at once",
                "0 write_quorum=1 write_tolerance=3
                 5 write_quorum=0 write_tolerance=1
                 20 write_quorum=1
                 21 write_quorum=0
                 22 write_quorum=1 write_tolerance=0
                 24 write_quorum=1
                 26 write_tolerance=2
                 27 write_tolerance=2
                 30 write_tolerance=3",
                "5 quorum-lost, 26 quorum-back",
            ),
            ("a cluster that never could lose a drive", "0 write_quorum=1 write_tolerance=0\n3 write_tolerance=0", ""),
        ]);
    }

    #[test]
    fn restarts_errors_and_work_are_told_once_when_they_begin_or_end() {
        check(&[
            (
                "the youngest is not heard of for a while, and is no younger when it is back",
                "0 uptime_secs=100
                 10 uptime_secs=110
                 12 uptime_secs=900
                 40 uptime_secs=140",
                "",
            ),
            ("no age is read for long", "0 uptime_secs=100 nodes_online=4 nodes_total=4\n90 nodes_online=4", ""),
            (
                "a restart, by its count and then by the age",
                "0 restarts_seen=0 uptime_secs=900
                 6 restarts_seen=1
                 10 uptime_secs=4
                 20 uptime_secs=14
                 30 restarts_seen=2",
                "6 restart, 30 restart",
            ),
            (
                "by the age alone",
                "0 uptime_secs=900\n5 uptime_secs=890\n9 uptime_secs=3\n15 uptime_secs=9",
                "9 restart",
            ),
            (
                "the youngest is missed for a while, and then began anew",
                "0 uptime_secs=100\n10 uptime_secs=900\n60 uptime_secs=160\n70 uptime_secs=5",
                "70 restart",
            ),
            (
                "errors of the servers",
                "0 requests_per_sec=100 errors_4xx_per_sec=0 errors_5xx_per_sec=0
                 1 errors_5xx_per_sec=2
                 3 errors_5xx_per_sec=2
                 4 errors_5xx_per_sec=2
                 9 errors_5xx_per_sec=2
                 10 errors_5xx_per_sec=0
                 20 errors_5xx_per_sec=2
                 25 errors_5xx_per_sec=2
                 30 errors_5xx_per_sec=0
                 70 errors_5xx_per_sec=2
                 73 errors_5xx_per_sec=2",
                "4 error-burst, 73 error-burst",
            ),
            (
                "what is asked for and is not there",
                "0 requests_per_sec=100 errors_4xx_per_sec=30 errors_5xx_per_sec=0
                 9 errors_4xx_per_sec=30",
                "",
            ),
            (
                "all that is asked is refused",
                "0 requests_per_sec=30 errors_4xx_per_sec=30 errors_5xx_per_sec=0
                 3 errors_4xx_per_sec=30",
                "3 error-burst",
            ),
            (
                "ILM in waves, and again after a minute",
                "0 transitions_per_sec=0
                 61 transitions_per_sec=3
                 70 transitions_per_sec=0
                 90 transitions_per_sec=2
                 95 transitions_per_sec=0 transitions_running=0
                 200 transitions_running=1",
                "61 transition, 200 transition",
            ),
            ("ILM that was at it before", "0 transitions_per_sec=2\n5 transitions_per_sec=2", ""),
            (
                "bursts, one of them small",
                "0 nodes_online=1
                 9 wrote=988000
                 10 nodes_online=1
                 30 wrote=20
                 60 wrote=402",
                "6 checkpoint, 57 checkpoint",
            ),
            (
                "a tier that is gone for a while",
                "0 nodes_online=1\n9 silent\n12 silent\n30 answers\n31 answers",
                "9 stale, 30 live",
            ),
        ]);
    }

    #[test]
    fn an_hour_is_kept() {
        let nodes = |online: f64| {
            let reading = |value| Reading { value, at_secs: 0.0, lag_secs: 0.0 };
            let signal = |of| Signal::tier(Tier::T2, of);
            let (online, total) = (reading(online), reading(4.0));
            Readings::from([(signal(Quantity::NodesOnline), online), (signal(Quantity::NodesTotal), total)])
        };
        let mut events = Events::default();
        for look in 0..120 {
            let online = if look % 2 == 0 { 4.0 } else { 3.0 };
            events.take_readings(Tier::T2, f64::from(look) * 60.0, &nodes(online), None);
        }
        let times: Vec<f64> = events.iter().map(|event| event.at_secs).collect();
        assert_eq!((times.first(), times.last(), times.len()), (Some(&3540.0), Some(&7140.0), 61));
        events.shift_by(100.0);
        assert_eq!(events.iter().next().map(|event| event.at_secs), Some(3640.0));
    }
}
