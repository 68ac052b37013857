//! Where within a poll requests began and ended, told by what the server's process reads and writes while they run.
//!
//! MinIO counts a request's bytes when it ends, and a poll tells only that some run. What the process reads from its
//! sockets and writes to them grows all the while, as fast as the bytes move: an upload is read as it comes, a download is
//! written as it goes. So what was read or written in the poll in which requests began, at the pace of the polls after it,
//! says for how long of that poll they ran; and so it does at their end.

use crate::telemetry::body::Collected;
use crate::telemetry::names::Meaning;

/// What was counted so short a time before or after an answer was counted with it.
const NEAR_SECS: f64 = 0.2;
/// What an idle process reads and writes meanwhile is not told from requests: a count older than this is none.
const IDLE_KNOWN_SECS: f64 = 30.0;

/// A direction of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Reads,
    Writes,
}

/// What a process has read and written since it began, its sockets' bytes included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ProcessIo {
    at_secs: f64,
    read_bytes: f64,
    written_bytes: f64,
}

impl ProcessIo {
    /// Of a page of the process; `server`: by its label.
    pub(super) fn of_page(at_secs: f64, collected: &Collected) -> Option<(&str, Self)> {
        let of = |meaning: Meaning| collected.found().find(|found| found.family.meaning == meaning);
        let (read, written) = (of(Meaning::ProcessIn)?, of(Meaning::ProcessOut)?);
        Some((read.server(), Self { at_secs, read_bytes: read.value, written_bytes: written.value }))
    }

    /// The bytes that grow while requests of that direction run.
    fn of(self, way: Way) -> f64 {
        match way {
            Way::Reads => self.written_bytes,
            Way::Writes => self.read_bytes,
        }
    }

    fn is_near(&self, secs: f64) -> bool {
        (self.at_secs - secs).abs() <= NEAR_SECS
    }
}

/// What a server's process reads and writes, as far as the edges of its requests need it.
#[derive(Clone, Debug, Default)]
pub(super) struct IoCurve {
    newest: Option<ProcessIo>,
    /// While requests run.
    rise: Option<Rise>,
}

/// Requests run that did not run before.
#[derive(Clone, Copy, Debug)]
struct Rise {
    /// The answer that did not have them yet, and the one that did.
    between_secs: (f64, f64),
    /// Counted before they began, when they were first seen, and at the last answer that still had them.
    idle: Option<ProcessIo>,
    first: Option<ProcessIo>,
    last: Option<ProcessIo>,
}

impl Rise {
    /// How fast bytes moved between the first and the last answer that had requests running, in B/s. Where that is one, as
    /// fast as they must have before it and until `newest`.
    fn pace_bytes_per_sec(&self, way: Way, newest: Option<ProcessIo>) -> Option<f64> {
        let (idle, first) = self.idle.zip(self.first)?;
        let pace = |from: ProcessIo, from_secs: f64, to: ProcessIo| {
            Some((to.of(way) - from.of(way)) / (to.at_secs - from_secs)).filter(|pace| pace.is_finite() && *pace > 0.0)
        };
        let since = |to: ProcessIo| pace(first, first.at_secs, to);
        match self.last {
            Some(last) => since(last),
            None => [pace(idle, self.between_secs.0, first), newest.and_then(since)]
                .into_iter()
                .flatten()
                .reduce(f64::max)
                .filter(|_| newest.is_some_and(|newest| newest.at_secs > first.at_secs)),
        }
    }
}

impl IoCurve {
    /// Takes what the process has read and written by then.
    pub(super) fn note(&mut self, io: ProcessIo) {
        let fell = |before: ProcessIo| io.read_bytes < before.read_bytes || io.written_bytes < before.written_bytes;
        if self.newest.is_some_and(fell) {
            *self = Self::default();
        }
        if let Some(rise) = self.rise.as_mut().filter(|rise| rise.first.is_none() && io.is_near(rise.between_secs.1)) {
            rise.first = Some(io);
        }
        self.newest = Some(io);
    }

    /// Takes an answer that tells whether requests run.
    pub(super) fn see_answer(&mut self, before_secs: f64, at_secs: f64, is_running: bool) {
        let near = self.newest.filter(|io| io.is_near(at_secs));
        match (&mut self.rise, is_running) {
            (None, true) => {
                let idle = self.newest.filter(|io| at_secs - io.at_secs <= IDLE_KNOWN_SECS);
                let (first, last) = (None, None);
                self.rise = Some(Rise { between_secs: (before_secs, at_secs), idle, first, last });
            }
            (Some(rise), true) => rise.last = near.filter(|_| rise.first.is_some()).or(rise.last),
            // What was counted while they still ran is no count at rest.
            (Some(_), false) => (self.rise, self.newest) = (None, near.filter(|io| io.at_secs > before_secs)),
            (None, false) => {}
        }
    }

    /// When requests of that direction began that are known to have begun at about that time.
    pub(super) fn began_secs(&self, way: Way, about_secs: f64) -> Option<f64> {
        let rise = self.rise.filter(|rise| (rise.between_secs.0..=rise.between_secs.1).contains(&about_secs))?;
        let (idle, first) = rise.idle.zip(rise.first)?;
        let ran_secs = (first.of(way) - idle.of(way)) / rise.pace_bytes_per_sec(way, self.newest)?;
        Some((first.at_secs - ran_secs).clamp(rise.between_secs.0, rise.between_secs.1))
    }

    /// When requests of that direction ended that ran at the answer before and do not at this one.
    pub(super) fn ended_secs(&self, way: Way, before_secs: f64, at_secs: f64) -> Option<f64> {
        let rise = self.rise?;
        let last = rise.last.or(rise.first).filter(|io| io.is_near(before_secs))?;
        let newest = self.newest.filter(|io| io.is_near(at_secs) && io.at_secs > last.at_secs)?;
        let ran_secs = (newest.of(way) - last.of(way)) / rise.pace_bytes_per_sec(way, self.newest)?;
        Some((last.at_secs + ran_secs).clamp(before_secs, at_secs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the process is asked at a poll, by its place among them.
    type AskedAt = fn(usize) -> bool;

    /// What a request that reads from one time to another leaves at polls: `process` where the process is asked with them.
    /// The answers before and after it, and when it is placed by them.
    fn placed(began_secs: f64, ended_secs: f64, polls_secs: &[f64], process: AskedAt) -> Option<(f64, f64)> {
        const BYTES_PER_SEC: f64 = 500e6;
        let written_at = |secs: f64| 7e9 + BYTES_PER_SEC * (secs.clamp(began_secs, ended_secs) - began_secs);
        let runs_at = |secs: f64| secs > began_secs && secs < ended_secs;
        let mut io = IoCurve::default();
        let note = |io: &mut IoCurve, at_secs: f64| {
            io.note(ProcessIo { at_secs, read_bytes: 3e9, written_bytes: written_at(at_secs) });
        };
        let (mut before_secs, mut began) = (0.0, None);
        note(&mut io, 0.0);
        io.see_answer(-1.0, 0.0, false);
        for (nth, at_secs) in polls_secs.iter().copied().enumerate() {
            let (was_running, is_running) = (runs_at(before_secs), runs_at(at_secs));
            if was_running && process(nth) {
                note(&mut io, at_secs - 0.004);
            }
            began = if was_running { io.began_secs(Way::Reads, began_secs) } else { began };
            let ended = io.ended_secs(Way::Reads, before_secs, at_secs).filter(|_| was_running && !is_running);
            io.see_answer(before_secs, at_secs, is_running);
            if !was_running && is_running && process(nth) {
                note(&mut io, at_secs + 0.004);
            }
            if ended.is_some() {
                return began.zip(ended);
            }
            before_secs = at_secs;
        }
        None
    }

    #[test]
    fn a_short_download_is_placed_by_what_its_process_wrote() {
        let polls = [0.5, 0.625, 0.75, 0.875, 1.0, 1.125, 1.25, 1.375];
        // Where one answer had it, its pace is known less well.
        let cases =
            [((0.02, 0.8), 0.01), ((0.3, 0.9), 0.01), ((0.49, 1.1), 0.01), ((0.51, 1.12), 0.01), ((0.03, 0.6), 0.05)];
        for ((began_secs, ended_secs), off_secs) in cases {
            let placed = placed(began_secs, ended_secs, &polls, |_| true).expect("polls have it");
            let is_near = |told: f64, real: f64| (told - real).abs() < off_secs;
            assert!(is_near(placed.0, began_secs) && is_near(placed.1, ended_secs), "{placed:?}");
        }
    }

    #[test]
    fn where_the_process_tells_too_little_nothing_is_placed() {
        let polls = [0.5, 0.625, 0.75, 0.875, 1.0];
        let cases: [(&str, (f64, f64), AskedAt); 3] = [
            ("the process was not asked when it began, or soon after", (0.3, 0.8), |nth| nth > 1),
            ("nor when it ended", (0.3, 0.8), |nth| nth != 3),
            ("never", (0.3, 0.8), |_| false),
        ];
        for (what, (began_secs, ended_secs), process) in cases {
            assert_eq!(placed(began_secs, ended_secs, &polls, process), None, "{what}");
        }
    }

    #[test]
    fn a_process_that_began_anew_tells_nothing_of_what_was_before() {
        let mut io = IoCurve::default();
        let at = |at_secs, written_bytes| ProcessIo { at_secs, read_bytes: 0.0, written_bytes };
        io.note(at(0.0, 900.0));
        io.see_answer(0.0, 0.5, true);
        io.note(at(0.5, 1000.0));
        io.note(at(0.6, 10.0));
        io.see_answer(0.5, 0.6, true);
        assert_eq!((io.began_secs(Way::Reads, 0.3), io.ended_secs(Way::Reads, 0.5, 0.6)), (None, None));
    }
}
