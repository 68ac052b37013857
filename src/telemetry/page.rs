//! What is known of one page: its counters and gauges by series, kept through resets, gaps and missing peers.

use std::collections::BTreeMap;

use crate::telemetry::body::{Collected, Found};
use crate::telemetry::names::{Meaning, PageKind};
use crate::telemetry::rate::{Counter, Observation, Process};

/// A series that is missing for this many intervals is left out of sums. One interval is let pass, so that a sum does not
/// fall because a peer once did not answer.
const MISSES_HELD: f64 = 1.5;

/// Process start times closer than this are the same process.
const SAME_START_SECS: f64 = 1.5;

/// After so many answers whose counters fell, half a minute at 2 s, the lower values are taken as a restart's.
const FALLS_BELIEVED: u32 = 15;

/// Series not seen for so long are forgotten.
const FORGET_SECS: f64 = 600.0;

/// How much each counter grew since the first scrape, by meaning and by what it is of (the API for requests).
pub(crate) type Tally = BTreeMap<Meaning, BTreeMap<String, f64>>;

/// One page of one node, or of the deployment.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    kind: PageKind,
    cache_secs: f64,
    interval_secs: f64,
    at_secs: Option<f64>,
    /// When the page was last read before that.
    earlier_secs: Option<f64>,
    start_secs: Option<f64>,
    failures: u32,
    /// Answers in a row that were not believed because the counters fell.
    falls: u32,
    servers: BTreeMap<String, Server>,
    series: BTreeMap<Meaning, BTreeMap<String, PageSeries>>,
    tally: Tally,
}

/// One server of a page that brings the figures of several.
#[derive(Clone, Copy, Debug)]
struct Server {
    seen_at_secs: f64,
    start_secs: Option<f64>,
    process: Process,
    /// When it was seen before this scrape.
    earlier_secs: Option<f64>,
}

/// One series.
#[derive(Clone, Debug)]
pub(crate) struct PageSeries {
    /// What the series counts within its server: an API, a device, a GPU or an erasure set.
    pub(crate) item: String,
    pub(crate) bucket: Option<String>,
    pub(crate) cache_secs: f64,
    pub(crate) seen_at_secs: f64,
    pub(crate) value: f64,
    pub(crate) per_sec: Option<f64>,
    counter: Option<Counter>,
}

impl Page {
    pub(super) fn new(kind: PageKind, cache_secs: f64, interval_secs: f64) -> Self {
        Self {
            kind,
            cache_secs,
            interval_secs,
            at_secs: None,
            earlier_secs: None,
            start_secs: None,
            failures: 0,
            falls: 0,
            servers: BTreeMap::new(),
            series: BTreeMap::new(),
            tally: Tally::new(),
        }
    }

    /// How often it is polled.
    pub(crate) fn interval_secs(&self) -> f64 {
        self.interval_secs
    }

    /// When it was last read.
    pub(crate) fn at_secs(&self) -> Option<f64> {
        self.at_secs
    }

    /// Whether it was read twice, so that what is absent is known to have stood still.
    pub(crate) fn was_read_twice(&self) -> bool {
        self.earlier_secs.is_some()
    }

    /// How much each counter grew in all.
    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Takes a scrape. False when it cannot be used; nothing has changed then.
    pub(super) fn take_scrape(&mut self, at_secs: f64, collected: &Collected, start_secs: Option<f64>) -> bool {
        if self.at_secs.is_some_and(|before| at_secs <= before)
            || !collected.is_usable()
            || self.lost_all(collected, start_secs)
            || self.fell_back(collected, start_secs)
        {
            return false;
        }
        self.earlier_secs = self.at_secs.replace(at_secs);
        self.failures = 0;
        let process = process_state(&mut self.start_secs, start_secs);
        self.see_servers(at_secs, collected);
        for found in &collected.found {
            self.take_sample(found, collected, process);
        }
        if self.kind.absent_is_zero() {
            self.absent_are_zero(process);
        }
        self.forget_old(collected.found.len());
        true
    }

    /// Whether most counters fell though the process runs on: an older answer, or another server's. Repeated
    /// [`FALLS_BELIEVED`] times it is taken as a restart.
    fn fell_back(&mut self, collected: &Collected, start_secs: Option<f64>) -> bool {
        let mut known = self.start_secs;
        if self.kind.of_many_servers() || process_state(&mut known, start_secs) != Process::Same {
            self.falls = 0;
            return false;
        }
        let known = collected.found.iter().filter_map(|found| {
            let series = self.series.get(&found.family.meaning)?.get(collected.labels(found))?;
            (series.counter.is_some() && series.value > 0.0).then_some(found.value < series.value)
        });
        let (fell, all) = known.fold((0, 0), |(fell, all), falls| (fell + usize::from(falls), all + 1));
        self.falls = if fell * 2 > all { self.falls + 1 } else { 0 };
        (1..FALLS_BELIEVED).contains(&self.falls)
    }

    /// Notes that the page could not be read.
    pub(super) fn note_failure(&mut self, at_secs: f64) {
        if self.at_secs.is_none_or(|good_secs| at_secs > good_secs) {
            self.failures += 1;
        }
    }

    /// Whether the page was read at the last attempt or at the one before it.
    pub(super) fn is_well(&self) -> bool {
        self.failures < 2
    }

    /// Whether all series are gone though the process runs on: such an answer is taken for none.
    fn lost_all(&self, collected: &Collected, start_secs: Option<f64>) -> bool {
        let had = self.series.values().flat_map(BTreeMap::values).any(|series| series.value > 0.0);
        let mut known = self.start_secs;
        let restarted = process_state(&mut known, start_secs) == Process::Restarted;
        collected.found.is_empty() && had && !restarted
    }

    fn see_servers(&mut self, at_secs: f64, collected: &Collected) {
        if !self.kind.of_many_servers() {
            return;
        }
        for found in &collected.found {
            let name = collected.server(found);
            let server = match self.servers.get_mut(name) {
                Some(server) => server,
                None => self.servers.entry(name.to_owned()).or_insert(Server::new(at_secs)),
            };
            server.see_sample(at_secs, found);
        }
    }

    fn take_sample(&mut self, found: &Found, collected: &Collected, process: Process) {
        let look = self.sample_context(found, collected.server(found), process);
        let family = self.series.entry(found.family.meaning).or_default();
        let key = collected.labels(found);
        let series = match family.get_mut(key) {
            Some(series) => series,
            None => family.entry(key.to_owned()).or_insert_with(|| PageSeries::new(found, collected, &look)),
        };
        if let Some(increase) = series.take_value(found.value, &look.step)
            && increase > 0.0
        {
            let tally = self.tally.entry(found.family.meaning).or_default();
            match tally.get_mut(collected.item(found)) {
                Some(sum) => *sum += increase,
                None => drop(tally.insert(collected.item(found).to_owned(), increase)),
            }
        }
    }

    /// How a sample is to be taken: against which process, and since when an unknown series is known to have been 0.
    fn sample_context(&self, found: &Found, server: &str, process: Process) -> SampleContext {
        let at_secs = self.at_secs.unwrap_or_default();
        let cache_secs = found.family.cache_secs.unwrap_or(self.cache_secs);
        let server = self.servers.get(server);
        let process = server.map_or(process, |server| server.process);
        let zero_since_secs = match server {
            Some(server) => server.earlier_secs,
            None if self.kind.absent_is_zero() => self.earlier_secs,
            None => None,
        };
        SampleContext { step: Observation { at_secs, cache_secs, process }, zero_since_secs }
    }

    /// Sets to zero what is missing in this scrape: the page leaves out zeros.
    fn absent_are_zero(&mut self, process: Process) {
        let at_secs = self.at_secs.unwrap_or_default();
        for family in self.series.values_mut() {
            family.retain(|_, series| {
                let is_absent = series.seen_at_secs < at_secs;
                let is_gauge = series.counter.is_none();
                if is_absent && !is_gauge {
                    series.take_value(0.0, &Observation { at_secs, cache_secs: series.cache_secs, process });
                }
                !(is_absent && is_gauge)
            });
        }
    }

    fn forget_old(&mut self, found: usize) {
        let held: usize = self.series.values().map(BTreeMap::len).sum();
        let at_secs = self.at_secs.unwrap_or_default();
        if held > 2 * found + 1000 {
            for family in self.series.values_mut() {
                family.retain(|_, series| at_secs - series.seen_at_secs < FORGET_SECS);
            }
        }
    }

    fn series_of(&self, meaning: Meaning) -> impl Iterator<Item = &PageSeries> {
        self.series.get(&meaning).into_iter().flat_map(BTreeMap::values)
    }

    /// The series of a counter that count in a sum now.
    pub(crate) fn counting(&self, meaning: Meaning) -> impl Iterator<Item = &PageSeries> {
        let since = self.at_secs.unwrap_or_default() - MISSES_HELD * self.interval_secs;
        self.series_of(meaning).filter(move |series| series.seen_at_secs >= since)
    }

    /// The sum of a counter's rates, over the series that are wanted; `None` while no rate is known.
    pub(crate) fn rate(&self, meaning: Meaning, wanted: impl Fn(&PageSeries) -> bool) -> Option<f64> {
        let rates = self.counting(meaning).filter(|series| wanted(series)).filter_map(|series| series.per_sec);
        rates.fold(None, |sum, rate| Some(sum.unwrap_or(0.0) + rate))
    }

    /// When a gauge was last there.
    pub(crate) fn gauge_at_secs(&self, meaning: Meaning) -> Option<f64> {
        self.series_of(meaning)
            .filter(|series| series.value.is_finite())
            .map(|series| series.seen_at_secs)
            .reduce(f64::max)
    }

    /// A gauge's series as the scrape that last had it brought them.
    pub(crate) fn gauge(&self, meaning: Meaning) -> impl Iterator<Item = &PageSeries> {
        let at_secs = self.gauge_at_secs(meaning);
        self.series_of(meaning).filter(move |series| Some(series.seen_at_secs) == at_secs && series.value.is_finite())
    }

    /// A gauge of the whole deployment: where several servers report it, the largest value and not the sum.
    pub(crate) fn one_gauge(&self, meaning: Meaning) -> Option<f64> {
        self.gauge(meaning).map(|series| series.value).reduce(f64::max)
    }
}

/// How to take a sample.
struct SampleContext {
    step: Observation,
    zero_since_secs: Option<f64>,
}

/// Whether a process runs on, by its start time as now told. A start time only moves forward.
fn process_state(known: &mut Option<f64>, told: Option<f64>) -> Process {
    let Some(told) = told.filter(|told| told.is_finite()) else {
        // Without a start time, where one was given before, nothing tells of a new process.
        return if known.is_some() { Process::Same } else { Process::Unknown };
    };
    let before = known.unwrap_or(told);
    *known = Some(before.max(told));
    if told > before + SAME_START_SECS { Process::Restarted } else { Process::Same }
}

impl Server {
    fn new(at_secs: f64) -> Self {
        Self { seen_at_secs: at_secs, start_secs: None, process: Process::Unknown, earlier_secs: None }
    }

    fn see_sample(&mut self, at_secs: f64, found: &Found) {
        if self.seen_at_secs < at_secs {
            self.earlier_secs = Some(self.seen_at_secs);
            self.seen_at_secs = at_secs;
            self.process = Process::Unknown;
        }
        if found.family.meaning == Meaning::ProcessStart {
            self.process = process_state(&mut self.start_secs, Some(found.value));
        }
    }
}

impl PageSeries {
    fn new(found: &Found, collected: &Collected, look: &SampleContext) -> Self {
        let counter = match look.zero_since_secs {
            _ if !found.family.meaning.is_counter() => None,
            Some(since_secs) if found.value.is_finite() => Some(Counter::zero(since_secs)),
            _ => Some(Counter::baseline(f64::NAN, look.step.at_secs)),
        };
        Self {
            item: collected.item(found).to_owned(),
            bucket: collected.bucket(found).map(str::to_owned),
            cache_secs: look.step.cache_secs,
            seen_at_secs: look.step.at_secs,
            value: found.value,
            per_sec: counter.and_then(|counter| counter.per_sec()),
            counter,
        }
    }

    /// Takes a value, and returns a counter's increase. A value that is not a number leaves a counter as it was.
    fn take_value(&mut self, value: f64, step: &Observation) -> Option<f64> {
        self.seen_at_secs = step.at_secs;
        if self.counter.is_none() || value.is_finite() {
            self.value = value;
        }
        let counter = self.counter.as_mut().filter(|_| value.is_finite())?;
        let increase = counter.observe(value, step);
        self.per_sec = counter.per_sec();
        Some(increase)
    }
}
