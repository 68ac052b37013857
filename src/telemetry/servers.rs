//! The servers behind a page: which of them answered, and whether each is the process it was.

use crate::telemetry::known_series::Found;
use crate::telemetry::names::{Meaning, Names};
use crate::telemetry::process_io::{IoCurve, ProcessIo, Way};
use crate::telemetry::rate::Process;

/// Process start times closer than this are the same process.
const SAME_START_SECS: f64 = 1.5;

/// Which directions have requests in flight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RequestsRunning {
    pub(super) reads: bool,
    pub(super) writes: bool,
}

impl RequestsRunning {
    /// Whether any do.
    pub(super) fn is_any(self) -> bool {
        self.reads || self.writes
    }

    /// Whether requests run that a counter of bytes will count when they end.
    pub(super) fn is_of(self, meaning: Meaning) -> bool {
        match meaning {
            Meaning::BytesIn => self.writes,
            Meaning::BytesOut => self.reads,
            // Which way these went is told by another page.
            _ => self.is_any(),
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
    pub(super) fn polled(self, running: RequestsRunning, began_secs: f64) -> Self {
        let since = |is_running: bool, before: Option<f64>| is_running.then(|| before.unwrap_or(began_secs));
        Self {
            reads: since(running.reads, self.reads),
            writes: since(running.writes, self.writes),
            either: since(running.is_any(), self.either),
        }
    }

    /// The same by what the process read and wrote since, which places them nearer than two polls do.
    fn placed(self, io: &IoCurve) -> Self {
        let placed = |way, since: Option<f64>| since.map(|secs| io.began_secs(way, secs).unwrap_or(secs));
        Self { reads: placed(Way::Reads, self.reads), writes: placed(Way::Writes, self.writes), ..self }
    }
}

/// When the requests ended that have ended since the answer before, by direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct EndedWithin {
    reads: Option<f64>,
    writes: Option<f64>,
}

impl EndedWithin {
    /// By what ran before, and what runs now.
    pub(super) fn of_answer(
        io: &IoCurve,
        [before, now]: [RequestsRunning; 2],
        [before_secs, at_secs]: [f64; 2],
    ) -> Self {
        let ended = |way, was: bool, is: bool| if was && !is { io.ended_secs(way, before_secs, at_secs) } else { None };
        Self {
            reads: ended(Way::Reads, before.reads, now.reads),
            writes: ended(Way::Writes, before.writes, now.writes),
        }
    }

    /// Of the requests that a counter of bytes counts when they end.
    pub(super) fn of(self, meaning: Meaning) -> Option<f64> {
        match meaning {
            Meaning::BytesIn => self.writes,
            Meaning::BytesOut => self.reads,
            _ => None,
        }
    }
}

/// One server of a page, told by its label.
#[derive(Clone, Debug)]
pub(super) struct KnownServer {
    pub(super) name: String,
    pub(super) seen_at_secs: f64,
    /// When it was seen before this scrape.
    pub(super) earlier_secs: Option<f64>,
    pub(super) process: Process,
    pub(super) running: RequestsRunning,
    /// As it was before the last answer, which says what has ended since.
    pub(super) ran_since: RunningSince,
    runs_since: RunningSince,
    /// When those ended that ran at the answer before and do not now.
    pub(super) ended: EndedWithin,
    io: IoCurve,
    /// How often its process began anew since it was first seen.
    pub(super) restarts: u32,
    start_secs: Option<f64>,
    /// Since when all its answers are by an older process.
    older_since_secs: Option<f64>,
    /// Its last answer was not believed.
    pub(super) is_off_line: bool,
}

/// When an older process has answered for so long, the host's clock was put back instead.
const OLDER_BELIEVED_SECS: f64 = 60.0;

/// A peer's answer that is older by its cache still has so large a share of what was counted.
const PEERS_SHARE: f64 = 0.8;

/// Where a counter stands by answers that are not believed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct OtherLine {
    /// How far below the value that is believed the first of them was.
    pub(super) below: f64,
    /// By the newest of them.
    pub(super) last: f64,
}

impl OtherLine {
    /// Whether a value goes on from there. What is back on the old line has made a step as large as the one between them.
    fn goes_on_to(self, value: f64) -> bool {
        value >= self.last && value - self.last < 0.5 * self.below
    }
}

/// What is known of a counter before an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct CounterBefore {
    pub(super) value: f64,
    pub(super) other_line: Option<OtherLine>,
}

impl KnownServer {
    pub(super) fn new(at_secs: f64, answer: &ServerAnswer) -> Self {
        let process = if answer.start_secs.is_some() { Process::Same } else { Process::Unknown };
        let (name, start_secs, running) = (answer.server.clone(), answer.start_secs, answer.running);
        let ran_since = RunningSince::default();
        let runs_since = ran_since.polled(running, at_secs);
        Self {
            name,
            seen_at_secs: at_secs,
            earlier_secs: None,
            process,
            running,
            ran_since,
            runs_since,
            ended: EndedWithin::default(),
            io: IoCurve::default(),
            restarts: 0,
            start_secs,
            older_since_secs: None,
            is_off_line: false,
        }
    }

    pub(super) fn was_seen_twice(&self) -> bool {
        self.earlier_secs.is_some()
    }

    /// Takes an answer. `was_silent`: its node gave none meanwhile, for longer than what ran then tells of what runs now.
    pub(super) fn see_answer(&mut self, at_secs: f64, answer: &ServerAnswer, was_silent: bool) {
        let process = answer.process;
        let is_anew = was_silent || process == Process::Restarted;
        // What is in flight now and was not before began somewhere in between.
        let began_secs = if is_anew { at_secs } else { f64::midpoint(self.seen_at_secs, at_secs) };
        if is_anew {
            (self.io, self.runs_since) = (IoCurve::default(), RunningSince::default());
        }
        let (before_secs, running) = (self.seen_at_secs, [self.running, answer.running]);
        self.ran_since = self.runs_since.placed(&self.io);
        self.ended = EndedWithin::of_answer(&self.io, running, [before_secs, at_secs]);
        self.io.see_answer(before_secs, at_secs, answer.running.is_any());
        self.runs_since = self.ran_since.polled(answer.running, began_secs);
        self.earlier_secs = Some(self.seen_at_secs);
        self.seen_at_secs = at_secs;
        (self.process, self.running, self.older_since_secs) = (process, answer.running, None);
        self.start_secs = answer.start_secs.or(self.start_secs);
        self.restarts += u32::from(process == Process::Restarted);
    }

    /// Takes what its process has read and written.
    pub(super) fn note_io(&mut self, io: ProcessIo) {
        self.io.note(io);
    }

    /// Whether the answer of that time is of the process before this one: one that a peer kept from before the restart.
    pub(super) fn is_passed_over(&self, at_secs: f64) -> bool {
        self.older_since_secs.is_some() && !self.is_older_believed(at_secs)
    }

    fn is_older_believed(&self, at_secs: f64) -> bool {
        self.older_since_secs.is_some_and(|since_secs| at_secs - since_secs >= OLDER_BELIEVED_SECS)
    }

    /// Notes whether an answer is by an older process.
    fn note_age(&mut self, at_secs: f64, answer: &ServerAnswer) {
        let is_older =
            self.start_secs.zip(answer.start_secs).is_some_and(|(known, told)| told < known - SAME_START_SECS);
        let since_secs = self.older_since_secs.unwrap_or(at_secs);
        self.older_since_secs = is_older.then_some(since_secs);
    }
}

/// What one server tells in one scrape, compared with what it told before.
#[derive(Clone, Debug)]
pub(super) struct ServerAnswer {
    pub(super) server: String,
    /// When its process began, by its own clock.
    pub(super) start_secs: Option<f64>,
    pub(super) running: RequestsRunning,
    /// What became of the process since the server was seen before.
    pub(super) process: Process,
    /// Counters above 0 that were known before.
    known: usize,
    /// Those of them that fell.
    fell: usize,
    /// Those that fell farther than an older answer of a peer's cache would.
    fell_far: usize,
    /// Those that the answers before, which were not believed, had lower.
    doubted: usize,
    /// Those of them that go on from there.
    onward: usize,
}

impl ServerAnswer {
    pub(super) fn of(server: &str) -> Self {
        let (running, process) = (RequestsRunning::default(), Process::Unknown);
        let (known, fell, fell_far, doubted, onward) = (0, 0, 0, 0, 0);
        Self { server: server.to_owned(), start_secs: None, running, process, known, fell, fell_far, doubted, onward }
    }

    /// Takes a sample; `before`: the counter as it was known; `of_peers`: the answer is put together from caches of several
    /// servers, and may be some seconds older than the one before.
    pub(super) fn see_sample(&mut self, found: Found<'_>, before: Option<CounterBefore>, of_peers: bool) {
        match found.family.meaning {
            Meaning::ProcessStart if found.value.is_finite() => self.start_secs = Some(found.value),
            _ => {}
        }
        if let Some(before) = before.filter(|before| before.value > 0.0) {
            self.known += 1;
            self.fell += usize::from(found.value < before.value);
            let least = if of_peers { PEERS_SHARE * before.value } else { before.value };
            self.fell_far += usize::from(found.value < least);
            self.doubted += usize::from(before.other_line.is_some());
            self.onward += usize::from(before.other_line.is_some_and(|line| line.goes_on_to(found.value)));
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
        self.fell_far += absent;
    }

    /// Finds out what became of the process, when all samples are seen; `known`: its server, where it was seen before.
    pub(super) fn compare(&mut self, at_secs: f64, known: Option<&mut KnownServer>) {
        let Some(server) = known else {
            self.process = if self.start_secs.is_some() { Process::Same } else { Process::Unknown };
            return;
        };
        server.note_age(at_secs, self);
        self.process = process_of(server, self, at_secs);
    }

    /// Whether most of its counters fell though its process runs on, or have not come back from where they fell to.
    pub(super) fn is_off_line(&self) -> bool {
        self.process == Process::Same && (self.fell_far * 2 > self.known || self.onward * 2 > self.doubted)
    }
}

/// What became of a server's process. Its start time alone proves nothing, as it moves with the host's clock: a restart is
/// believed when counters fell too.
fn process_of(server: &KnownServer, answer: &ServerAnswer, at_secs: f64) -> Process {
    match (server.start_secs, answer.start_secs) {
        (None, None) => Process::Unknown,
        (Some(before), Some(told)) if told > before + SAME_START_SECS && answer.fell > 0 => Process::Restarted,
        _ if server.is_older_believed(at_secs) && answer.fell > 0 => Process::Restarted,
        // Without a start time, where one was given before, nothing tells of a new process.
        _ => Process::Same,
    }
}
