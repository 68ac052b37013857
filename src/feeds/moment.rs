//! When a server counted what it tells: somewhere between the question and the answer.
//!
//! A rate is bytes by the time between two such moments. Where a thread or a server was late, that time is not known well
//! enough, and the same bytes would be told as a spike. Such an answer is passed over: the next one tells its bytes too,
//! over a time that is known better.

/// A rate may be told higher than it was by a fifth: so much of the time between two moments may be unknown.
const UNKNOWN_SHARE: f64 = 1.0 / 6.0;

/// So long after the last answer one is taken however little is known: a tier must not seem to be silent.
const LONGEST_SECS: f64 = 2.4;

/// What the quickest answer took is forgotten so fast, where all of them have become slower.
const SLOWER: f64 = 1.1;

/// The moment of an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct AnswerMoment {
    at_secs: f64,
    took_secs: f64,
    /// What a quick answer takes, which says how much of an exchange is the way there and back.
    quick_secs: f64,
}

impl AnswerMoment {
    /// Of an answer whose head was there `took_secs` after the question; `before`: of the last answer that was taken.
    pub(super) fn new(at_secs: f64, took_secs: f64, before: Option<Self>) -> Self {
        let quick_secs = before.map_or(took_secs, |before| took_secs.min(before.quick_secs * SLOWER));
        Self { at_secs, took_secs, quick_secs }
    }

    /// Whether a rate since the moment before would be known too badly to be told.
    pub(super) fn is_vague_after(self, before: Self) -> bool {
        let elapsed_secs = self.at_secs - before.at_secs;
        // Each may have been earlier or later by half of what it took beyond the way.
        let unknown_secs = f64::midpoint(self.took_secs, before.took_secs) - self.quick_secs.min(before.quick_secs);
        elapsed_secs < LONGEST_SECS && unknown_secs > UNKNOWN_SHARE * elapsed_secs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Quantity, Signal, Tier};
    use crate::telemetry::{Endpoint, Fold, TargetKind};

    /// The truth, in bytes a second.
    const PER_SEC: f64 = 1e8;

    /// The rates that are told of polls that are asked at a second each, each with how long the server waited before it
    /// counted, and the answer after that.
    fn rates(polls: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
        let mut fold = Fold::new(TargetKind::Tier(Tier::T2));
        let (mut last, mut rates) = (None, Vec::new());
        for (nth, (before_secs, after_secs)) in polls.enumerate() {
            let (asked_secs, took_secs) = (nth as f64, before_secs + after_secs);
            let moment = AnswerMoment::new(asked_secs + took_secs / 2.0, took_secs, last);
            if last.is_some_and(|last| moment.is_vague_after(last)) {
                continue;
            }
            last = Some(moment);
            let bytes = 1e12 + (asked_secs + before_secs) * PER_SEC;
            let mut body = fold.body("n1", &Endpoint::V3Requests);
            let page = format!("minio_api_requests_traffic_received_bytes{{server=\"n1\",type=\"s3\"}} {bytes}\n");
            body.feed(page.as_bytes());
            assert!(fold.take("n1", &Endpoint::V3Requests, moment.at_secs, &body.finish(), Some(1.0)));
            let rate = fold.readings(moment.at_secs).get(&Signal::tier(Tier::T2, Quantity::WriteBytesPerSec)).copied();
            rates.extend(rate.map(|rate| rate.value / PER_SEC));
        }
        rates
    }

    #[test]
    fn no_late_answer_makes_a_spike() {
        let quick = (0.002, 0.002);
        let late = |nth: usize, before_secs, after_secs| {
            let poll = move |poll: usize| if poll % nth == nth - 1 { (before_secs, after_secs) } else { quick };
            rates((0..60).map(poll))
        };
        for (what, rates, least_told) in [
            ("a thread that is late every fourth time", late(4, 0.0, 0.8), 30),
            ("one that is late every other time", late(2, 0.0, 0.5), 20),
            ("the first of all", rates((0..60).map(|nth| if nth == 0 { (0.0, 0.8) } else { quick })), 50),
            ("a server that counts late", late(5, 0.7, 0.0), 30),
            ("by turns", rates((0..60).map(|nth| [quick, (0.0, 0.6), quick, (0.6, 0.0)][nth % 4])), 20),
            ("a long way", rates((0..60).map(|_| (0.2, 0.2))), 58),
            ("a long way, and not twice the same", rates((0..60).map(|nth| (0.2, 0.2 + [0.0, 0.1][nth % 2]))), 25),
        ] {
            assert!(rates.len() >= least_told, "{what}: {} are told", rates.len());
            assert!(rates.iter().all(|rate| (0.8..1.2).contains(rate)), "{what}: {rates:?}");
        }
    }

    #[test]
    fn a_server_that_is_always_late_is_told_all_the_same() {
        let told = rates((0..60).map(|nth| (0.4, [0.0, 0.5][nth % 2])));
        assert!(told.len() >= 15, "at least every fourth: {}", told.len());
    }
}
