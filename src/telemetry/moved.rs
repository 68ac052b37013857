//! Bytes are told once, whoever tells them: the nodes each for itself, or one page for all of them, late by its cache.

use crate::signal::{Moved, Signal};
use crate::telemetry::flow::Spread;

/// Up to when it was told what moved, and by whom.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToldUntil {
    by_node: bool,
    until_secs: f64,
    /// What the one had told when the other took over.
    other_until_secs: f64,
}

impl Default for ToldUntil {
    fn default() -> Self {
        Self { by_node: true, until_secs: f64::NEG_INFINITY, other_until_secs: f64::NEG_INFINITY }
    }
}

impl ToldUntil {
    /// Who tells from now on.
    pub(super) fn tell(&mut self, by_node: bool) {
        if self.by_node != by_node {
            (self.by_node, self.other_until_secs) = (by_node, self.until_secs);
        }
    }

    pub(super) fn until_secs(&self) -> f64 {
        self.until_secs
    }

    /// All was told up to that time.
    pub(super) fn note_until(&mut self, secs: f64) {
        self.until_secs = self.until_secs.max(secs);
    }

    /// What of these bytes the other one has not told. A node counts them at the end of their time: they were told whole or
    /// not at all. The cluster's page counts them as they come by.
    pub(super) fn untold(&self, spread: Spread) -> Option<Spread> {
        let since_secs = self.other_until_secs;
        if spread.to_secs <= since_secs {
            return None;
        }
        if self.by_node || spread.from_secs >= since_secs {
            return Some(spread);
        }
        let share = (spread.to_secs - since_secs) / (spread.to_secs - spread.from_secs);
        Some(Spread { from_secs: since_secs, bytes: share * spread.bytes, ..spread })
    }
}

impl Spread {
    /// The same as bytes of a signal.
    pub(super) fn of(self, signal: Signal) -> Moved {
        let Self { from_secs, to_secs, bytes, is_timed } = self;
        Moved { signal, from_secs, to_secs, bytes, is_timed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_once_though_another_one_tells_them() {
        let spread = |from_secs, to_secs, bytes| Spread { from_secs, to_secs, bytes, is_timed: false };
        let mut told = ToldUntil::default();
        assert_eq!(told.untold(spread(0.0, 1.0, 5.0)), Some(spread(0.0, 1.0, 5.0)));
        told.note_until(10.0);
        told.tell(false);
        let by_cluster = [
            (spread(0.0, 8.0, 80.0), None),
            (spread(5.0, 15.0, 100.0), Some(spread(10.0, 15.0, 50.0))),
            (spread(15.0, 25.0, 100.0), Some(spread(15.0, 25.0, 100.0))),
        ];
        for (given, left) in by_cluster {
            assert_eq!(told.untold(given), left);
        }
        told.note_until(25.0);
        told.tell(true);
        assert_eq!(told.untold(spread(20.0, 25.0, 9.0)), None, "the cluster has told it");
        assert_eq!(told.untold(spread(20.0, 26.0, 9.0)), Some(spread(20.0, 26.0, 9.0)), "counted when it ended");
    }
}
