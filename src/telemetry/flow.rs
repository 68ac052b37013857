//! Bytes that a server counts when a request ends, put back into the time in which the request ran.
//!
//! MinIO adds a request's bytes when it ends: an upload of a minute shows nothing for a minute and then all of it in one
//! poll. Requests in flight tell that something runs. So the bytes that come in a poll are spread over the time since
//! bytes of that size came before, as far back as requests have been running without a pause.

use std::collections::VecDeque;

/// Gaps between two counts are remembered for so long: what follows them is spread as wide as they were.
const REMEMBER_SECS: f64 = 60.0;
/// No request is taken to have run longer than this.
const LONGEST_SECS: f64 = 600.0;
/// Bytes less than this share of what comes now were another, smaller work.
const COMPARABLE: f64 = 0.125;
/// Bytes that waited for so many polls were counted when a request ended, and not as small ones came by.
const WAITED: f64 = 1.25;

/// Bytes that moved evenly between two times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) from_secs: f64,
    pub(crate) to_secs: f64,
    pub(crate) bytes: f64,
    /// Requests in flight told the two times; else they are those of the poll.
    pub(crate) is_timed: bool,
}

/// What a poll tells of one direction of one server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlowStep {
    /// When it was polled before.
    pub(crate) before_secs: f64,
    pub(crate) at_secs: f64,
    /// Counted since then.
    pub(crate) bytes: f64,
    /// Since when requests of this direction were in flight at every poll before this one.
    pub(crate) ran_since_secs: Option<f64>,
    /// Whether they are now.
    pub(crate) is_running: bool,
    /// When the last of them ended that ran at the poll before, where that is known.
    pub(crate) ended_secs: Option<f64>,
    /// The server was silent for long before, or began anew: what ran then says nothing of what runs now.
    pub(crate) is_anew: bool,
}

/// One direction of one server.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerFlow {
    counted: VecDeque<Counted>,
}

/// What one poll brought.
#[derive(Clone, Copy, Debug)]
struct Counted {
    from_secs: f64,
    to_secs: f64,
    bytes: f64,
    /// How long before nothing of that size came.
    gap_secs: f64,
}

impl ServerFlow {
    /// Takes a poll: the rate now in B/s, and where the bytes belong.
    pub(crate) fn observe(&mut self, step: FlowStep) -> (f64, Option<Spread>) {
        let FlowStep { before_secs, at_secs, bytes, ran_since_secs, is_running, ended_secs, is_anew } = step;
        if is_anew {
            *self = Self::default();
            let spread = Spread { from_secs: before_secs, to_secs: at_secs, bytes, is_timed: false };
            return (bytes / (at_secs - before_secs), (bytes > 0.0).then_some(spread));
        }
        self.counted.retain(|counted| at_secs - counted.to_secs < REMEMBER_SECS.max(counted.gap_secs));
        if bytes <= 0.0 && !is_running {
            *self = Self::default();
            return (0.0, None);
        }
        // Where none was in flight at the poll before, all that has ended since then began since then too.
        let since_secs = ran_since_secs.unwrap_or(before_secs).max(at_secs - LONGEST_SECS).min(before_secs);
        if bytes > 0.0 {
            let gap_secs = at_secs - self.comparable_secs(bytes).unwrap_or(since_secs).clamp(since_secs, before_secs);
            self.counted.push_back(Counted { from_secs: before_secs, to_secs: at_secs, bytes, gap_secs });
        }
        let elapsed_secs = at_secs - before_secs;
        let widest_secs = self.counted.iter().map(|counted| counted.gap_secs).fold(elapsed_secs, f64::max);
        let over_secs = widest_secs.min(at_secs - since_secs);
        // A sum of nothing is -0.
        let per_sec = self.bytes_since(at_secs - over_secs) / over_secs + 0.0;
        let spread = (bytes > 0.0).then(|| {
            // What has ended did so somewhere since the poll before.
            let is_timed = over_secs >= WAITED * elapsed_secs;
            let ended_secs = ended_secs.unwrap_or_else(|| f64::midpoint(before_secs, at_secs));
            let to_secs = if is_timed && !is_running { ended_secs } else { at_secs };
            Spread { from_secs: at_secs - over_secs, to_secs, bytes, is_timed }
        });
        (per_sec, spread)
    }

    /// When bytes of that size were last counted.
    fn comparable_secs(&self, bytes: f64) -> Option<f64> {
        self.counted.iter().rfind(|counted| counted.bytes >= COMPARABLE * bytes).map(|counted| counted.to_secs)
    }

    /// Bytes counted since then. Of a poll that lies across that time, its share.
    fn bytes_since(&self, since_secs: f64) -> f64 {
        let share = |counted: &Counted| {
            let inside = (counted.to_secs - counted.from_secs.max(since_secs)).max(0.0);
            counted.bytes * inside / (counted.to_secs - counted.from_secs)
        };
        self.counted.iter().map(share).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::names::Meaning;
    use crate::telemetry::servers::{RequestsRunning, RunningSince};

    /// `bytes` of each poll, a second apart, `+` after it while requests run, `100s` before it that the server was silent
    /// for so long; the rates, and the spreads.
    fn told(polls: &str) -> String {
        let mut flow = ServerFlow::default();
        let (mut at_secs, mut runs_since) = (0.0, RunningSince::default());
        let told = polls.split_whitespace().map(|poll| {
            let before_secs = at_secs;
            let (silent, poll) = poll.split_once('s').unwrap_or(("", poll));
            at_secs += silent.parse::<f64>().unwrap_or(0.0) + 1.0;
            let (bytes, is_running) = poll.strip_suffix('+').map_or((poll, false), |bytes| (bytes, true));
            let (bytes, is_anew) = (bytes.parse().unwrap(), !silent.is_empty());
            let ran_since = if is_anew { RunningSince::default() } else { runs_since };
            let began_secs = if is_anew { at_secs } else { f64::midpoint(before_secs, at_secs) };
            runs_since = ran_since.polled(RequestsRunning { reads: false, writes: is_running }, began_secs);
            let ran_since_secs = ran_since.of(Meaning::BytesIn);
            let step = FlowStep { before_secs, at_secs, bytes, ran_since_secs, is_running, ended_secs: None, is_anew };
            match flow.observe(step) {
                (rate, Some(Spread { from_secs, to_secs, bytes, .. })) => {
                    assert_eq!(bytes, step.bytes, "nothing is lost");
                    format!("{rate:.0}[{from_secs:.1}-{to_secs:.1}]")
                }
                (rate, None) => format!("{rate:.0}"),
            }
        });
        told.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn bytes_stand_where_their_requests_ran() {
        let cases = [
            ("small requests, each within a poll", "0 100 100 0 50", "0 100[1.0-2.0] 100[2.0-3.0] 0 50[4.0-5.0]"),
            ("one long upload is no spike at its end", "0 0+ 0+ 0+ 350 0", "0 0 0 0 100[1.5-4.5] 0"),
            ("several that end one after the other", "0+ 0+ 0+ 0+ 50+ 150 0", "0 0 0 0 11[0.5-5.0] 44[1.5-5.5] 0"),
            ("parts that come at every poll", "0+ 100+ 100+ 100", "0 67[0.5-2.0] 100[1.5-3.0] 100[2.5-3.5]"),
            (
                "after a silence the rate is of what comes now",
                "0 50+ 50+ 99s500+ 50+ 50+",
                "0 50[1.0-2.0] 50[2.0-3.0] 5[3.0-103.0] 50[103.0-104.0] 50[104.0-105.0]",
            ),
            ("a small one beside a large one", "1+ 1+ 0+ 0+ 400", "1[0.0-1.0] 1[1.0-2.0] 0 0 89[0.5-4.5]"),
        ];
        for (what, polls, expected) in cases {
            assert_eq!(told(polls), expected, "{what}");
        }
    }
}
