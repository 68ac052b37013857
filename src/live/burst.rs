//! Bursts: what a tier was busy with for a while, kept after it ended.
//!
//! A burst begins with the first bytes after [`QUIET_SECS`] of quiet, and ends with its last ones when it has been quiet
//! for so long again. Less than [`LEAST_BYTES`] is none, and neither is a trickle under [`TRICKLE_BYTES_PER_SEC`]: lists
//! and errors move a few kilobytes all the time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::signal::{Moved, Quantity, Reading, Readings, Signal, Subject, Tier};

/// Without bytes for so long, on the source's clock, a burst has ended. A cached page may be late by its lag on top.
const QUIET_SECS: f64 = 3.0;
/// A target that has not been read for so long is taken to be quiet.
const SILENT_SECS: f64 = 30.0;
/// What moves less in all is no burst.
const LEAST_BYTES: f64 = 1_048_576.0;
/// What moves slower is not part of one.
const TRICKLE_BYTES_PER_SEC: f64 = 100_000.0;
/// The peak is the most that moved in so long a time.
const PEAK_SECS: f64 = 1.0;
/// The pace of a burst is that of its bytes between this share and the same share before its end.
const EARLY_SHARE: f64 = 0.2;
/// Parts of a running burst from which its peak follows; older ones have told theirs.
const MOST_PARTS: usize = 512;

/// Which way bytes went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Read,
    Write,
}

impl Direction {
    /// Of a signal of bytes per second.
    fn of(signal: Signal) -> Self {
        if signal.quantity == Quantity::ReadBytesPerSec { Self::Read } else { Self::Write }
    }
}

/// A burst that has ended. Times are seconds of the source's clock.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Burst {
    pub began_secs: f64,
    pub ended_secs: f64,
    pub bytes: f64,
    /// The most that moved in a second, or in a poll where polls are farther apart.
    pub peak_bytes_per_sec: f64,
}

impl Burst {
    /// Seconds from its first bytes to its last.
    pub fn secs(&self) -> f64 {
        self.ended_secs - self.began_secs
    }

    /// Its bytes by its time.
    pub fn mean_bytes_per_sec(&self) -> f64 {
        self.bytes / self.secs().max(f64::MIN_POSITIVE)
    }
}

/// One direction of one tier.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct WatchedDirection {
    /// Parts of the burst that is running, or of what may become one.
    parts: Vec<BurstPart>,
    /// Parts of it were forgotten.
    is_long: bool,
    /// The running burst without the peak of its parts; none when it is quiet.
    running: Option<Burst>,
    last: Option<Burst>,
}

/// Bytes that moved evenly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct BurstPart {
    from_secs: f64,
    to_secs: f64,
    bytes_per_sec: f64,
    is_timed: bool,
}

impl WatchedDirection {
    /// Takes bytes that moved. What is read seldom tells of a quiet only with the bytes after it.
    fn take_moved(&mut self, moved: &Moved, quiet_secs: f64) {
        let secs = (moved.to_secs - moved.from_secs).max(1e-3);
        let Moved { from_secs, to_secs, bytes, is_timed, .. } = *moved;
        let part = BurstPart { from_secs, to_secs, bytes_per_sec: bytes / secs, is_timed };
        if part.bytes_per_sec < TRICKLE_BYTES_PER_SEC {
            return;
        }
        if self.running.is_some_and(|running| part.from_secs - running.ended_secs >= quiet_secs) {
            self.end();
        }
        // What is told now may have run before the quiet that seemed to end a burst; but the one told is told.
        let running = self.running.get_or_insert(Burst {
            began_secs: part.from_secs,
            ended_secs: part.to_secs,
            bytes: 0.0,
            peak_bytes_per_sec: 0.0,
        });
        running.began_secs = running.began_secs.min(part.from_secs);
        running.ended_secs = running.ended_secs.max(part.to_secs);
        running.bytes += bytes;
        self.parts.push(part);
        if self.parts.len() > MOST_PARTS {
            self.keep_peak();
            self.parts.drain(..MOST_PARTS / 2);
            self.is_long = true;
        }
    }

    /// Ends the burst when it has been quiet for long enough. `read_secs`: when it was last read, unless that is long ago;
    /// `is_running`: requests are in flight that were not counted.
    fn end_when_quiet(&mut self, (now_secs, read_secs): (f64, Option<f64>), quiet_secs: f64, is_running: bool) {
        let was_quiet = |burst: &Burst| read_secs.is_none_or(|read_secs| read_secs > burst.ended_secs + 1e-6);
        let is_over = |burst: &Burst| !is_running && was_quiet(burst) && now_secs - burst.ended_secs >= quiet_secs;
        if self.running.as_ref().is_some_and(is_over) {
            self.end();
        }
    }

    fn end(&mut self) {
        self.keep_peak();
        self.trim_ends();
        // Nearer ends make the mean of its bytes larger, which is a pace that it had too.
        if let Some(running) = &mut self.running {
            running.peak_bytes_per_sec = running.peak_bytes_per_sec.max(running.mean_bytes_per_sec());
        }
        self.last = self.running.take().filter(|burst| burst.bytes >= LEAST_BYTES).or(self.last);
        self.parts.clear();
        self.is_long = false;
    }

    /// A burst begins within a poll and ends within one, and the bytes of those two are few for it. So its ends are where
    /// its bytes would begin and end at the pace of those in the middle, but at most a poll nearer to each other on each
    /// side. An end that requests in flight told stays where it is.
    fn trim_ends(&mut self) {
        let Some(running) = self.running.as_mut().filter(|_| !self.is_long) else { return };
        let (raw_began_secs, raw_ended_secs) = (running.began_secs, running.ended_secs);
        let poll_secs = self.parts.iter().map(|part| part.to_secs - part.from_secs).fold(f64::INFINITY, f64::min);
        let slack_secs = |part: Option<&BurstPart>| part.filter(|part| !part.is_timed).map_or(0.0, |_| poll_secs);
        let first = self.parts.iter().min_by(|one, other| one.from_secs.total_cmp(&other.from_secs));
        let last = self.parts.iter().max_by(|one, other| one.to_secs.total_cmp(&other.to_secs));
        let (early_slack, late_slack) = (slack_secs(first), slack_secs(last));
        let (early, late) = (self.reached_secs(EARLY_SHARE), self.reached_secs(1.0 - EARLY_SHARE));
        let outside = (late - early) * EARLY_SHARE / (1.0 - 2.0 * EARLY_SHARE);
        let Some(running) = &mut self.running else { return };
        running.began_secs = (early - outside).max(raw_began_secs).min(raw_began_secs + early_slack);
        running.ended_secs = (late + outside).min(raw_ended_secs).max(raw_ended_secs - late_slack);
    }

    /// When so large a share of the bytes had moved.
    fn reached_secs(&self, share: f64) -> f64 {
        let mut edges: Vec<f64> = self.parts.iter().flat_map(|part| [part.from_secs, part.to_secs]).collect();
        edges.sort_by(f64::total_cmp);
        let wanted =
            share * self.parts.iter().map(|part| part.bytes_per_sec * (part.to_secs - part.from_secs)).sum::<f64>();
        let mut moved = 0.0;
        for edge in edges.windows(2) {
            let (from_secs, to_secs) = (edge[0], edge[1]);
            let inside = |part: &&BurstPart| part.from_secs <= from_secs && part.to_secs >= to_secs;
            let per_sec: f64 = self.parts.iter().filter(inside).map(|part| part.bytes_per_sec).sum();
            let next = moved + per_sec * (to_secs - from_secs);
            if next >= wanted && per_sec > 0.0 {
                return from_secs + (wanted - moved) / per_sec;
            }
            moved = next;
        }
        edges.last().copied().unwrap_or_default()
    }

    /// The most in any second that begins with a part.
    fn keep_peak(&mut self) {
        let Some(running) = &mut self.running else { return };
        for first in &self.parts {
            let width_secs = PEAK_SECS.max(first.to_secs - first.from_secs);
            let until_secs = first.from_secs + width_secs;
            let inside = |part: &BurstPart| {
                let secs = part.to_secs.min(until_secs) - part.from_secs.max(first.from_secs);
                part.bytes_per_sec * secs.max(0.0)
            };
            let mean = self.parts.iter().map(inside).sum::<f64>() / width_secs;
            running.peak_bytes_per_sec = running.peak_bytes_per_sec.max(mean);
        }
    }
}

/// The bursts of a source, by tier and direction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bursts {
    /// By the tier's signal of bytes read or written per second.
    watched: BTreeMap<Signal, WatchedDirection>,
}

impl Bursts {
    /// Takes what moved, and ends what has been quiet for long enough.
    pub(crate) fn take_moved(&mut self, moved: &[Moved], now_secs: f64, readings: &Readings) {
        let quiet_secs = |signal: &Signal| QUIET_SECS + readings.get(signal).map_or(0.0, |reading| reading.lag_secs);
        for moved in moved {
            self.watched.entry(moved.signal).or_default().take_moved(moved, quiet_secs(&moved.signal));
        }
        for (signal, watched) in &mut self.watched {
            let running = match Direction::of(*signal) {
                Direction::Read => Quantity::ReadsInflight,
                Direction::Write => Quantity::WritesInflight,
            };
            let running = readings.get(&Signal { quantity: running, ..*signal }).map_or(0.0, |reading| reading.value);
            let Some(traffic) = readings.get(signal) else { continue };
            // That other targets are read meanwhile tells nothing of one that was busy when it was last read itself.
            let read_secs = Some(traffic.at_secs).filter(|at_secs| now_secs - at_secs < SILENT_SECS);
            watched.end_when_quiet((now_secs, read_secs), quiet_secs(signal), running > 0.0);
        }
    }

    /// Puts all of it so many seconds later.
    pub(crate) fn shift_by(&mut self, by_secs: f64) {
        for watched in self.watched.values_mut() {
            for part in &mut watched.parts {
                part.from_secs += by_secs;
                part.to_secs += by_secs;
            }
            for burst in [&mut watched.running, &mut watched.last].into_iter().flatten() {
                burst.began_secs += by_secs;
                burst.ended_secs += by_secs;
            }
        }
    }

    /// The last one of each tier and direction.
    pub fn last_ones(&self) -> impl Iterator<Item = (Tier, Direction, &Burst)> {
        self.watched.iter().filter_map(|(signal, watched)| {
            Some((signal.subject.tier()?, Direction::of(*signal), watched.last.as_ref()?))
        })
    }

    /// Whether one runs of this signal of bytes per second, or has ended too short a while ago to be known to be over.
    pub(crate) fn is_running(&self, signal: Signal) -> bool {
        self.watched.get(&signal).is_some_and(|watched| watched.running.is_some())
    }

    /// The last one that wrote to a tier.
    pub(crate) fn last_write(&self, tier: Tier) -> Option<&Burst> {
        self.watched.get(&Signal::tier(tier, Quantity::WriteBytesPerSec))?.last.as_ref()
    }

    /// The last one of a tier, whichever way it went.
    fn last_of(&self, tier: Tier) -> Option<&Burst> {
        let of_tier = self.last_ones().filter(|(of, _, _)| *of == tier).map(|(_, _, burst)| burst);
        of_tier.max_by(|one, other| one.ended_secs.total_cmp(&other.ended_secs))
    }

    /// Adds what is known of the last burst of these tiers to the readings.
    pub(crate) fn put_readings(&self, subjects: &[Subject], now_secs: f64, readings: &mut Readings) {
        for tier in subjects.iter().filter_map(|subject| subject.tier()) {
            let Some(burst) = self.last_of(tier) else { continue };
            // It is known no sooner than the traffic that it is made of.
            let traffic = readings.get(&Signal::tier(tier, Quantity::WriteBytesPerSec));
            let lag_secs = traffic.map_or(0.0, |reading| reading.lag_secs);
            let values = [
                (Quantity::LastBurstBytes, burst.bytes),
                (Quantity::LastBurstSecs, burst.secs()),
                (Quantity::LastBurstMean, burst.mean_bytes_per_sec()),
                (Quantity::LastBurstPeak, burst.peak_bytes_per_sec),
                (Quantity::LastBurstAge, (now_secs - burst.ended_secs).max(0.0)),
            ];
            for (quantity, value) in values {
                readings.insert(Signal::tier(tier, quantity), Reading { value, at_secs: now_secs, lag_secs });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `FROM-TO:MB` moved, `FROM-TO!MB` where requests in flight told the times, `=AT` a look at that time, `+` after it
    /// while requests run; the bursts told after each look.
    fn told(script: &str) -> String {
        let mut bursts = Bursts::default();
        let (mut moved, mut out) = (Vec::new(), Vec::new());
        let signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);
        for word in script.split_whitespace() {
            if let Some(look) = word.strip_prefix('=') {
                let (at, running) = look.strip_suffix('+').map_or((look, 0.0), |at| (at, 2.0));
                // `=AT<HEARD`: at that time another target is read; this one was last read before.
                let (at, heard) = at.split_once('<').unwrap_or((at, at));
                let inflight = Reading { value: running, at_secs: 0.0, lag_secs: 0.0 };
                let heard = Reading { value: 0.0, at_secs: heard.parse().unwrap(), lag_secs: 0.0 };
                let inflight = (Signal::tier(Tier::T2, Quantity::WritesInflight), inflight);
                bursts.take_moved(&moved, at.parse().unwrap(), &Readings::from([inflight, (signal, heard)]));
                moved.clear();
                let last = bursts.last_of(Tier::T2);
                out.push(last.map_or("-".to_owned(), |burst| {
                    let [mb, mean, peak] =
                        [burst.bytes, burst.mean_bytes_per_sec(), burst.peak_bytes_per_sec].map(|bytes| bytes / 1e6);
                    format!("{mb:.0}MB/{:.1}s@{mean:.0}^{peak:.0}", burst.secs())
                }));
            } else {
                let (times, mb) = word.split_once([':', '!']).unwrap();
                let (from, to) = times.split_once('-').unwrap();
                let bytes = mb.parse::<f64>().unwrap() * 1e6;
                let (from_secs, to_secs) = (from.parse().unwrap(), to.parse().unwrap());
                moved.push(Moved { signal, from_secs, to_secs, bytes, is_timed: word.contains('!') });
            }
        }
        out.join(" ")
    }

    #[test]
    fn a_burst_is_told_when_it_has_been_quiet_for_three_seconds() {
        let cases = [
            ("one upload", "1.5-6:402 =6 =8 =9.5", "- - 402MB/4.5s@89^89"),
            ("parts, the second one faster", "0-1:50 1-2:100 =2 2-3:60 =3 =6", "- - 210MB/2.4s@86^100"),
            ("begun and ended within a poll", "0-1:20 1-2:100 2-3:100 3-4:50 =4 =7", "- 270MB/2.7s@100^100"),
            ("a pause shorter than the quiet", "0-1:50 =1 3-4:50 =4 =7", "- - 100MB/4.0s@25^50"),
            ("a pause in which requests run", "0-1:50 =1+ =9+ 1-10:450 =10 =13", "- - - 500MB/10.0s@50^50"),
            ("no peak is below the mean", "0-2:100 1-3:100 =3 =6", "- 200MB/2.3s@86^86"),
            ("ends that requests in flight told", "0.2-2!40 2-3!100 3-5.5!50 =5.5 =9", "- 190MB/5.3s@36^100"),
            ("too little", "0-1:0.5 =1 =9", "- -"),
            ("a trickle beside it", "0-1:50 =1 1-2:0.01 =2 2-3:0.01 =3 3-4:0.01 =4", "- - - 50MB/1.0s@50^50"),
            (
                "polled every ten seconds, beside others",
                "0-10:900 =10 =19<10 10-20:300 =20 =30",
                "- - - 1200MB/15.1s@79^90",
            ),
            ("read seldom, quiet between", "0-1:50 =1 6-7:60 =7 =10", "- 50MB/1.0s@50^50 60MB/1.0s@60^60"),
            ("of a target that has gone silent", "0-10:900 =10 =39<10 =41<10", "- - 900MB/10.0s@90^90"),
            (
                "kept until the next one",
                "0-1:50 =4 =99 100-102:60 =102 =105",
                "50MB/1.0s@50^50 50MB/1.0s@50^50 50MB/1.0s@50^50 60MB/2.0s@30^30",
            ),
        ];
        for (what, script, expected) in cases {
            assert_eq!(told(script), expected, "{what}");
        }
    }
}
