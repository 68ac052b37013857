//! Counter → increase and rate, through resets, gaps and cached endpoints. One series; sums are taken afterwards.

/// A cached endpoint's last rate stands this much longer than the cache time before it becomes 0.
const CACHE_GRACE_SECS: f64 = 2.0;

/// After so many falls in a row of a process that did not restart, the lower value is believed.
const FALLS_BELIEVED: u8 = 3;

/// What is known of the process behind a counter since the last scrape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Process {
    /// It runs on: a fall of the counter is not a reset but a wrong or an older answer.
    Same,
    /// It started anew: the whole value is new.
    Restarted,
    /// Nothing is known: a fall is a reset.
    Unknown,
}

/// When a counter was read, and what is known of where it came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observation {
    pub(crate) at_secs: f64,
    /// How long the server serves the same value again; 0 when the counter is read live.
    pub(crate) cache_secs: f64,
    pub(crate) process: Process,
}

/// By how much a counter grew, and over which time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Grown {
    /// Never negative.
    pub(crate) increase: f64,
    pub(crate) over_secs: f64,
}

/// A counter's last value and its rate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counter {
    last: f64,
    seen_at_secs: f64,
    moved_at_secs: f64,
    per_sec: Option<f64>,
    falls: u8,
    /// What it stood at before a fall that was believed though nothing restarted; 0 where there was none.
    old_line: f64,
}

impl Counter {
    /// A counter seen for the first time, whose past is unknown: no rate follows from it yet.
    pub(crate) fn baseline(value: f64, at_secs: f64) -> Self {
        Self { last: value, seen_at_secs: at_secs, moved_at_secs: at_secs, per_sec: None, falls: 0, old_line: 0.0 }
    }

    /// A counter that was known to be 0 at that time.
    pub(crate) fn zero(at_secs: f64) -> Self {
        Self { per_sec: Some(0.0), ..Self::baseline(0.0, at_secs) }
    }

    /// The rate; `None` until two values were seen.
    pub(crate) fn per_sec(&self) -> Option<f64> {
        self.per_sec
    }

    /// A rate over a time in which nobody answered is no rate of now: it is unknown until the next value.
    pub(crate) fn forget_rate(&mut self) {
        self.per_sec = None;
    }

    /// When it was last read.
    pub(crate) fn seen_at_secs(&self) -> f64 {
        self.seen_at_secs
    }

    /// Takes a value, and returns by how much the counter grew.
    pub(crate) fn observe(&mut self, value: f64, step: &Observation) -> Grown {
        let mut grown = Grown { increase: 0.0, over_secs: 0.0 };
        if self.last.is_nan() {
            *self = Self::baseline(value, step.at_secs);
            return grown;
        }
        grown.increase = self.take_increase(value, step.process);
        if step.cache_secs > 0.0 {
            grown.over_secs = self.cached_rate(grown.increase, step);
        } else {
            grown.over_secs = step.at_secs - self.seen_at_secs;
            self.per_sec = Some(grown.increase / grown.over_secs);
            self.moved_at_secs = step.at_secs;
        }
        self.seen_at_secs = step.at_secs;
        grown
    }

    fn take_increase(&mut self, value: f64, process: Process) -> f64 {
        if process == Process::Same && value < self.last {
            self.falls += 1;
            if self.falls >= FALLS_BELIEVED {
                self.falls = 0;
                self.old_line = self.old_line.max(self.last);
                self.last = value;
            }
            return 0.0;
        }
        self.falls = 0;
        if process == Process::Same && self.last < self.old_line && value >= self.old_line {
            // The lower values were wrong after all. How much of the way back moved just now nobody knows.
            (self.last, self.old_line) = (value, 0.0);
            return 0.0;
        }
        let is_reset = process == Process::Restarted || value < self.last;
        let from = if is_reset { 0.0 } else { self.last };
        self.old_line = if is_reset { 0.0 } else { self.old_line };
        self.last = value;
        value - from
    }

    /// A cached counter moves at each refresh. Found unchanged it may only be the same answer again, so its rate stands
    /// while the last change is younger than the cache time; later it was refreshed and did not move.
    /// Returns the time over which it grew.
    fn cached_rate(&mut self, increase: f64, step: &Observation) -> f64 {
        if increase > 0.0 {
            // From rest the growth began after the value last found unchanged, which may itself have been a cached one.
            let at_rest = self.per_sec == Some(0.0);
            let since_rest = (step.at_secs - self.seen_at_secs).max(step.cache_secs);
            let elapsed = if at_rest { since_rest } else { step.at_secs - self.moved_at_secs };
            self.per_sec = Some(increase / elapsed);
            self.moved_at_secs = step.at_secs;
            return elapsed;
        }
        if step.at_secs - self.moved_at_secs >= step.cache_secs + CACHE_GRACE_SECS {
            self.per_sec = Some(0.0);
        }
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `at:value` pairs, `R` before a value for a restarted process, `=` for one known to run on; the rates after each.
    fn rates(cache_secs: f64, looks: &str) -> String {
        let mut counter = None::<Counter>;
        let mut out = Vec::new();
        for look in looks.split_whitespace() {
            let (at, value) = look.split_once(':').unwrap();
            let (process, value) = match value.strip_prefix('R') {
                Some(value) => (Process::Restarted, value),
                None if value.starts_with('=') => (Process::Same, &value[1..]),
                None => (Process::Unknown, value),
            };
            let (at_secs, value) = (at.parse().unwrap(), value.parse().unwrap());
            match &mut counter {
                None => counter = Some(Counter::baseline(value, at_secs)),
                Some(counter) => {
                    counter.observe(value, &Observation { at_secs, cache_secs, process });
                }
            }
            out.push(counter.unwrap().per_sec().map_or("?".to_owned(), |rate| format!("{rate:.1}")));
        }
        out.join(" ")
    }

    #[test]
    fn a_live_counter() {
        let cases = [
            ("steady, then still", "0:500 2:700 4:900 6:900 8:900", "? 100.0 100.0 0.0 0.0"),
            ("a fall is a reset and brings the new value", "0:500 2:700 4:60 6:80", "? 100.0 30.0 10.0"),
            ("after a gap the true elapsed time", "0:500 2:700 22:2700", "? 100.0 100.0"),
            ("restarted though the value is higher", "0:500 2:700 12:R800", "? 100.0 80.0"),
            ("a fall without a restart is no reset", "0:500 2:=700 4:=350 6:=900", "? 100.0 0.0 100.0"),
            ("and is believed the third time", "0:=500 2:=10 4:=12 6:=14 8:=34", "? 0.0 0.0 0.0 10.0"),
            (
                "back on its old line it brings nothing",
                "0:=500 2:=10 4:=12 6:=14 8:=510 10:=530",
                "? 0.0 0.0 0.0 0.0 10.0",
            ),
            ("not a number is not a value", "0:NaN 2:500 4:700", "? ? 100.0"),
        ];
        for (what, looks, expected) in cases {
            assert_eq!(rates(0.0, looks), expected, "{what}");
        }
    }

    #[test]
    fn a_cached_counter() {
        let cases = [
            ("polled at 15 s", "0:0 15:1500 30:3000 45:3000 60:3000", "? 100.0 100.0 0.0 0.0"),
            (
                "polled at 5 s the rate stands for the cache time",
                "0:0 10:1000 15:1000 20:1000 25:1000",
                "? 100.0 100.0 100.0 0.0",
            ),
            ("unknown while it may be the same answer again", "0:7 5:7 10:7 15:7", "? ? ? 0.0"),
            ("from rest", "0:7 15:7 30:1507", "? 0.0 100.0"),
            ("from rest, polled faster than the cache", "0:7 15:7 20:1007", "? 0.0 100.0"),
        ];
        for (what, looks, expected) in cases {
            assert_eq!(rates(10.0, looks), expected, "{what}");
        }
    }
}
