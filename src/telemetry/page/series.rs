//! One series of a page: its value, its rate, and when its bytes moved.

use crate::telemetry::flow::{FlowStep, ServerFlow, Spread};
use crate::telemetry::known_series::Found;
use crate::telemetry::names::{BETWEEN_LABELS, Meaning};
use crate::telemetry::rate::{Counter, Observation, Process};
use crate::telemetry::servers::{EndedWithin, KnownServer, OtherLine, RequestsRunning, RunningSince};

/// A silence that is longer than a poll that was missed or came late: what ran before it may have ended meanwhile.
const SILENCE_SECS: f64 = 10.0;

/// One series.
#[derive(Clone, Debug)]
pub(crate) struct PageSeries {
    /// What the series counts within its server: an API, a device, a GPU or an erasure set.
    pub(crate) item: String,
    pub(crate) bucket: Option<String>,
    pub(crate) cache_secs: f64,
    pub(crate) seen_at_secs: f64,
    /// Since when it has this value.
    pub(super) changed_at_secs: f64,
    pub(crate) value: f64,
    pub(crate) per_sec: Option<f64>,
    pub(super) counter: Option<Counter>,
    /// By how much a counter grew since it was first read.
    pub(crate) grown: f64,
    /// Where it stands by answers that are not believed, while the last ones were such.
    pub(super) other_line: Option<OtherLine>,
    /// Of bytes that are counted when a request ends.
    flow: Option<Box<ServerFlow>>,
    /// Its place in the page's list of servers.
    pub(super) server: usize,
}

/// The first of the labels that say what a sample is of.
pub(super) fn first_label(item: &str) -> &str {
    item.split_once(BETWEEN_LABELS).map_or(item, |(first, _)| first)
}

/// The bound of a sample of a histogram: the last of those labels.
pub(super) fn bound_of(item: &str) -> &str {
    item.rsplit_once(BETWEEN_LABELS).map_or("", |(_, bound)| bound)
}

/// How to take a sample: against which process, and since when an unknown series is known to have been 0.
pub(super) struct SampleContext {
    pub(super) step: Observation,
    pub(super) zero_since_secs: Option<f64>,
    /// When the page was last asked for in vain.
    pub(super) silent_secs: Option<f64>,
    pub(super) server: usize,
    pub(super) running: RequestsRunning,
    pub(super) ran_since: RunningSince,
    pub(super) ended: EndedWithin,
}

impl SampleContext {
    /// Of a server in its place in the page's list, in a step of this time and cache. `silent_secs`: when the page was last
    /// asked for in vain.
    pub(super) fn of(
        (index, server): (usize, &KnownServer),
        [at_secs, cache_secs]: [f64; 2],
        silent_secs: Option<f64>,
    ) -> Self {
        let step = Observation { at_secs, cache_secs, process: server.process };
        let (running, ran_since, ended) = (server.running, server.ran_since, server.ended);
        Self { step, zero_since_secs: None, silent_secs, server: index, running, ran_since, ended }
    }
}

/// Whether a node was asked in vain since it was seen, and for long.
pub(super) fn was_silent(silent_secs: Option<f64>, seen_secs: f64, at_secs: f64) -> bool {
    silent_secs.is_some_and(|silent_secs| silent_secs > seen_secs) && at_secs - seen_secs > SILENCE_SECS
}

impl PageSeries {
    pub(super) fn new(found: Found<'_>, context: &SampleContext) -> Self {
        let counter = match context.zero_since_secs {
            _ if !found.family.meaning.is_counter() => None,
            Some(since_secs) if found.value.is_finite() => Some(Counter::zero(since_secs)),
            _ => Some(Counter::baseline(f64::NAN, context.step.at_secs)),
        };
        let counts_at_end = found.family.meaning.is_traffic() && context.step.cache_secs == 0.0;
        Self {
            item: found.item().to_owned(),
            bucket: found.bucket().map(str::to_owned),
            cache_secs: context.step.cache_secs,
            seen_at_secs: context.step.at_secs,
            changed_at_secs: context.step.at_secs,
            value: found.value,
            per_sec: counter.and_then(|counter| counter.per_sec()),
            counter,
            grown: 0.0,
            other_line: None,
            flow: counts_at_end.then(Box::default),
            server: context.server,
        }
    }

    /// Its rate is unknown until the next value.
    pub(super) fn forget_rate(&mut self) {
        self.per_sec = None;
        if let Some(counter) = &mut self.counter {
            counter.forget_rate();
        }
    }

    /// Notes the value of an answer that is not believed.
    pub(super) fn note_other_line(&mut self, value: f64) {
        match &mut self.other_line {
            Some(line) => line.last = value,
            None if self.counter.is_some() && value < self.value => {
                self.other_line = Some(OtherLine { below: self.value - value, last: value });
            }
            None => {}
        }
    }

    /// Takes a value; of a counter, by how much it grew and when. A value that is not a number leaves a counter as it was.
    pub(super) fn take_value(&mut self, meaning: Meaning, value: f64, context: &SampleContext) -> Option<Spread> {
        let step = &context.step;
        self.seen_at_secs = step.at_secs;
        if self.counter.is_none() || value.is_finite() {
            self.changed_at_secs = if value == self.value { self.changed_at_secs } else { step.at_secs };
            self.value = value;
        }
        let counter = self.counter.as_mut().filter(|_| value.is_finite())?;
        let seen_secs = counter.seen_at_secs();
        let silent_secs = context.silent_secs.filter(|silent_secs| *silent_secs > seen_secs);
        // A process that began anew served nothing while its node was silent.
        let restarted_secs = silent_secs.filter(|_| step.process == Process::Restarted);
        let before_secs = restarted_secs.unwrap_or(seen_secs);
        let is_anew = restarted_secs.is_some() || was_silent(silent_secs, seen_secs, step.at_secs);
        let grown = counter.observe(value, step);
        self.per_sec = counter.per_sec();
        self.grown += grown.increase;
        let (Some(flow), true) = (&mut self.flow, self.per_sec.is_some() && step.at_secs > before_secs) else {
            let from_secs = step.at_secs - grown.over_secs;
            let spread = Spread { from_secs, to_secs: step.at_secs, bytes: grown.increase, is_timed: false };
            return (grown.increase > 0.0).then_some(spread);
        };
        let (is_running, ran_since_secs) = (context.running.is_of(meaning), context.ran_since.of(meaning));
        let (at_secs, bytes, ended_secs) = (step.at_secs, grown.increase, context.ended.of(meaning));
        let flow_step = FlowStep { before_secs, at_secs, bytes, ran_since_secs, is_running, ended_secs, is_anew };
        let (per_sec, spread) = flow.observe(flow_step);
        self.per_sec = Some(per_sec);
        spread
    }
}
