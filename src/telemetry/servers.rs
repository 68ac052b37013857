//! The servers behind a page: which of them answered, and whether each is the process it was.

use crate::telemetry::known_series::Found;
use crate::telemetry::names::{Meaning, Names};
use crate::telemetry::rate::Process;

/// Process start times closer than this are the same process.
const SAME_START_SECS: f64 = 1.5;

/// Which directions have requests in flight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Running {
    pub(super) reads: bool,
    pub(super) writes: bool,
}

impl Running {
    /// Whether requests run that a counter of bytes will count when they end.
    pub(super) fn is_of(self, meaning: Meaning) -> bool {
        match meaning {
            Meaning::BytesIn => self.writes,
            Meaning::BytesOut => self.reads,
            // Which way these went is told by another page.
            _ => self.reads || self.writes,
        }
    }
}

/// Since when requests have been in flight at every poll, by direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct RunningSince {
    reads: Option<f64>,
    writes: Option<f64>,
    either: Option<f64>,
}

impl RunningSince {
    /// The time of the requests that a counter of bytes will count when they end.
    pub(super) fn of(self, meaning: Meaning) -> Option<f64> {
        match meaning {
            Meaning::BytesIn => self.writes,
            Meaning::BytesOut => self.reads,
            _ => self.either,
        }
    }

    /// After a poll that found these running; `began_secs`: when those began that did not run before it.
    pub(super) fn polled(self, running: Running, began_secs: f64) -> Self {
        let since = |is_running: bool, before: Option<f64>| is_running.then(|| before.unwrap_or(began_secs));
        Self {
            reads: since(running.reads, self.reads),
            writes: since(running.writes, self.writes),
            either: since(running.reads || running.writes, self.either),
        }
    }
}

/// One server of a page, told by its label.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) name: String,
    pub(super) seen_at_secs: f64,
    /// When it was seen before this scrape.
    pub(super) earlier_secs: Option<f64>,
    pub(super) process: Process,
    pub(super) running: Running,
    /// As it was before the last answer, which says what has ended since.
    pub(super) ran_since: RunningSince,
    runs_since: RunningSince,
    /// How often its process began anew since it was first seen.
    pub(super) restarts: u32,
    start_secs: Option<f64>,
    /// Answers in a row by an older process.
    older: u32,
}

/// After so many answers by an older process in a row, the host's clock was put back instead.
const OLDER_BELIEVED: u32 = 15;

impl Server {
    pub(super) fn new(at_secs: f64, answer: &Answer) -> Self {
        let process = if answer.start_secs.is_some() { Process::Same } else { Process::Unknown };
        let (name, start_secs, running) = (answer.server.clone(), answer.start_secs, answer.running);
        let (earlier_secs, restarts, older, ran_since) = (None, 0, 0, RunningSince::default());
        let runs_since = ran_since.polled(running, at_secs);
        let seen_at_secs = at_secs;
        Self { name, seen_at_secs, earlier_secs, process, running, ran_since, runs_since, restarts, start_secs, older }
    }

    pub(super) fn was_seen_twice(&self) -> bool {
        self.earlier_secs.is_some()
    }

    /// Takes an answer. `was_silent`: its node gave none meanwhile, for longer than what ran then tells of what runs now.
    pub(super) fn see_answer(&mut self, at_secs: f64, answer: &Answer, process: Process, was_silent: bool) {
        let is_anew = was_silent || process == Process::Restarted;
        // What is in flight now and was not before began somewhere in between.
        let began_secs = if is_anew { at_secs } else { f64::midpoint(self.seen_at_secs, at_secs) };
        self.ran_since = if is_anew { RunningSince::default() } else { self.runs_since };
        self.runs_since = self.ran_since.polled(answer.running, began_secs);
        self.earlier_secs = Some(self.seen_at_secs);
        self.seen_at_secs = at_secs;
        (self.process, self.running, self.older) = (process, answer.running, 0);
        self.start_secs = answer.start_secs.or(self.start_secs);
        self.restarts += u32::from(process == Process::Restarted);
    }

    /// Whether the answer is of the process before this one: one that a peer kept from before the restart. It is counted.
    pub(super) fn is_passed_over(&mut self, answer: &Answer) -> bool {
        let is_older =
            self.start_secs.zip(answer.start_secs).is_some_and(|(known, told)| told < known - SAME_START_SECS);
        self.older = if is_older { self.older + 1 } else { 0 };
        (1..OLDER_BELIEVED).contains(&self.older)
    }
}

/// What one server tells in one scrape, compared with what it told before.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) server: String,
    /// When its process began, by its own clock.
    pub(super) start_secs: Option<f64>,
    pub(super) running: Running,
    /// Counters above 0 that were known before.
    known: usize,
    /// Those of them that fell.
    fell: usize,
}

impl Answer {
    pub(super) fn of(server: &str) -> Self {
        Self { server: server.to_owned(), start_secs: None, running: Running::default(), known: 0, fell: 0 }
    }

    /// Takes a sample; `before`: the counter's last value, where it was known.
    pub(super) fn see_sample(&mut self, found: Found<'_>, before: Option<f64>) {
        match found.family.meaning {
            Meaning::ProcessStart if found.value.is_finite() => self.start_secs = Some(found.value),
            _ => {}
        }
        if let Some(before) = before.filter(|before| *before > 0.0) {
            self.known += 1;
            self.fell += usize::from(found.value < before);
        }
    }

    /// Takes a request in flight of that API.
    pub(super) fn see_running(&mut self, api: &str) {
        let names = Names::built_in();
        self.running.reads |= names.is_reading(api);
        self.running.writes |= names.is_writing(api);
    }

    /// So many counters were above 0 before: those that were not told now are left out.
    pub(super) fn note_absent(&mut self, before: usize) {
        let absent = before.saturating_sub(self.known);
        self.known += absent;
        self.fell += absent;
    }

    /// What became of the process since the server was seen before.
    pub(super) fn process(&self, servers: &[Server]) -> Process {
        let known = servers.iter().find(|server| server.name == self.server);
        known.map_or(if self.start_secs.is_some() { Process::Same } else { Process::Unknown }, |server| {
            process_of(server, self)
        })
    }

    /// Whether most of its counters fell though its process runs on.
    pub(super) fn fell_mostly(&self, servers: &[Server]) -> bool {
        self.fell * 2 > self.known && self.process(servers) == Process::Same
    }
}

/// What became of a server's process. Its start time alone proves nothing, as it moves with the host's clock: a restart is
/// believed when counters fell too.
pub(super) fn process_of(server: &Server, answer: &Answer) -> Process {
    match (server.start_secs, answer.start_secs) {
        (None, None) => Process::Unknown,
        (Some(before), Some(told)) if told > before + SAME_START_SECS && answer.fell > 0 => Process::Restarted,
        // Without a start time, where one was given before, nothing tells of a new process.
        _ => Process::Same,
    }
}
