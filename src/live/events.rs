//! What happened to the tiers of a source: each told once, when it happens, and kept for an hour.
//!
//! Events follow from successive readings alone, so they are the same for a lab, a simulated one and a recording. What is
//! found at the first look is how things are, and no event. They name tiers and never nodes: the room sees them.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::live::burst::Burst;
use crate::live::happening::{Happening, TierEvent};
use crate::live::watched_tier::{TierLook, WatchedTier};
use crate::signal::{Readings, Tier};

/// For so long an event is kept, on the source's clock.
const KEPT_SECS: f64 = 3600.0;
/// However much happens, no more than this many are kept.
const MOST_KEPT: usize = 500;

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
        let look = TierLook { tier, at_secs, readings };
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
            *watched = watched.afresh();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Quantity, Reading, Signal};

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
