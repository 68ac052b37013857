//! What is known of one page: its counters and gauges by series, kept through resets, gaps and missing peers.

mod series;

use std::collections::BTreeMap;

use crate::telemetry::body::Collected;
use crate::telemetry::first_byte::{FirstBytes, Histogram};
use crate::telemetry::flow::Spread;
use crate::telemetry::known_series::{Found, PageMemory};
use crate::telemetry::names::{Meaning, Names, PageKind};
use crate::telemetry::process_io::ProcessIo;
use crate::telemetry::rate::Process;
use crate::telemetry::servers::{CounterBefore, KnownServer, RequestsRunning, ServerAnswer};

pub(crate) use self::series::PageSeries;
use self::series::{SampleContext, bound_of, first_label, was_silent};

/// A series that is missing for this many intervals is left out of sums. One interval is let pass, so that a sum does not
/// fall because a peer once did not answer.
const MISSES_HELD: f64 = 1.5;

/// Behind a balancer a server answers only now and then: it counts for so long after its last answer.
const BALANCED_HELD_SECS: f64 = 30.0;

/// After so many of the times that pass between its answers, a page's curve has a gap, but not before so long a time. What
/// moved in a gap says nothing of how fast it moves now.
const GAP_INTERVALS: f64 = 2.5;
const GAP_LEAST_SECS: f64 = 4.0;

/// What a server said of the deployment counts beside what others say for so long.
const PEERS_HELD_SECS: f64 = 90.0;

/// Series not seen for so long are forgotten.
const FORGET_SECS: f64 = 600.0;

/// Bytes put back in time that nobody asks for are forgotten beyond this many.
const MOST_SPREADS: usize = 4096;

/// Those that are kept until they are told are of so short a time: no page that is told in their place is later than that.
const SPREADS_KEPT_SECS: f64 = 30.0;

/// How much each counter grew since the first scrape, by meaning and by what it is of (the API for requests).
pub(crate) type Tally = BTreeMap<Meaning, BTreeMap<String, f64>>;

/// One page of one node, or of the deployment.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    kind: PageKind,
    cache_secs: f64,
    interval_secs: f64,
    at_secs: Option<f64>,
    /// When the page was last read before that; none where a gap lies between: it is as if it were read for the first time.
    earlier_secs: Option<f64>,
    /// Whether its last answer came after a gap.
    followed_gap: bool,
    failures: FailedPolls,
    /// Those that were seen, by their label; one without a name where a page has no such label.
    servers: Vec<KnownServer>,
    series: BTreeMap<Meaning, BTreeMap<String, PageSeries>>,
    growth: Growth,
    /// What is remembered of its last body, to read the next one by.
    known: PageMemory,
}

/// What the counters of a page grew by.
#[derive(Clone, Debug, Default)]
struct Growth {
    tally: Tally,
    spreads: Vec<PageSpread>,
    first_bytes: FirstBytes,
}

/// Attempts in a row that failed.
#[derive(Clone, Copy, Debug, Default)]
struct FailedPolls {
    count: u32,
    /// Since when the node gives no answer at all, not even a refusal, and when that was last so.
    silent_since_secs: Option<f64>,
    last_silent_secs: Option<f64>,
    /// When it last answered with a refusal, or with what is no page.
    refused_secs: Option<f64>,
}

/// Bytes of a counter, and when they moved.
#[derive(Clone, Debug)]
pub(crate) struct PageSpread {
    pub(crate) meaning: Meaning,
    pub(crate) bucket: Option<String>,
    pub(crate) spread: Spread,
}

impl Growth {
    /// A series grew by so much; `was_untold`: while the node told nothing, so that nobody knows when.
    fn add(&mut self, meaning: Meaning, series: &PageSeries, spread: Spread, was_untold: bool) {
        if meaning == Meaning::FirstBytes {
            let bound = bound_of(&series.item);
            return self.first_bytes.add_grown(series.seen_at_secs, series.bucket.as_deref(), bound, spread.bytes);
        }
        let tally = self.tally.entry(meaning).or_default();
        match tally.get_mut(&series.item) {
            Some(sum) => *sum += spread.bytes,
            None => drop(tally.insert(series.item.clone(), spread.bytes)),
        }
        if meaning.is_traffic() && !was_untold {
            self.spreads.push(PageSpread { meaning, bucket: series.bucket.clone(), spread });
        }
    }
}

impl Page {
    pub(super) fn new(kind: PageKind, cache_secs: f64, interval_secs: f64) -> Self {
        Self {
            kind,
            cache_secs,
            interval_secs,
            at_secs: None,
            earlier_secs: None,
            followed_gap: false,
            failures: FailedPolls::default(),
            servers: Vec::new(),
            series: BTreeMap::new(),
            growth: Growth::default(),
            known: PageMemory::default(),
        }
    }

    /// What is remembered of its last body.
    pub(super) fn known(&self) -> &PageMemory {
        &self.known
    }

    /// How often it is polled.
    pub(crate) fn interval_secs(&self) -> f64 {
        self.interval_secs
    }

    /// Seconds from answer to answer: more than its interval where many pages take turns.
    pub(crate) fn pass_secs(&self) -> f64 {
        let gap_secs =
            self.at_secs.zip(self.earlier_secs).map_or(0.0, |(at_secs, earlier_secs)| at_secs - earlier_secs);
        self.interval_secs.max(gap_secs)
    }

    /// When it was last read.
    pub(crate) fn at_secs(&self) -> Option<f64> {
        self.at_secs
    }

    /// Whether it was read twice, so that what is absent is known to have stood still. Behind a balancer: of all servers.
    pub(crate) fn was_read_twice(&self) -> bool {
        self.earlier_secs.is_some() && (!self.is_balanced() || self.servers.iter().all(KnownServer::was_seen_twice))
    }

    /// Whether it leaves out what is zero.
    pub(crate) fn leaves_out_zeros(&self) -> bool {
        self.kind.absent_is_zero()
    }

    /// How much each counter grew in all.
    pub(crate) fn tally(&self) -> &Tally {
        &self.growth.tally
    }

    /// How fast the last minute's GETs were answered, of the buckets that are wanted.
    pub(crate) fn first_bytes(&self, wanted: impl Fn(Option<&str>) -> bool) -> Histogram {
        let mut histogram = self.growth.first_bytes.last_minute(self.at_secs.unwrap_or_default(), wanted);
        for series in self.series_of(Meaning::FirstBytes) {
            histogram.know_bound(bound_of(&series.item));
        }
        histogram
    }

    /// How often each of its servers began anew since it was first seen.
    pub(crate) fn restarts(&self) -> impl Iterator<Item = (&str, u32)> {
        self.servers.iter().map(|server| (server.name.as_str(), server.restarts))
    }

    /// Whether several servers answer in turn where one is asked.
    pub(crate) fn is_balanced(&self) -> bool {
        !self.kind.of_many_servers() && self.servers.len() > 1
    }

    /// The servers that were heard lately, by the label of what they told.
    pub(crate) fn servers_heard(&self) -> impl Iterator<Item = &str> {
        let since_secs = self.counts_since_secs();
        self.servers.iter().filter(move |server| server.seen_at_secs >= since_secs).map(|server| server.name.as_str())
    }

    /// The server that a series is of, by its label; empty where the page has no such label.
    pub(crate) fn server_of(&self, series: &PageSeries) -> &str {
        self.servers.get(series.server).map_or("", |server| server.name.as_str())
    }

    /// The servers that were ever heard.
    pub(crate) fn servers_known(&self) -> impl Iterator<Item = &str> {
        self.servers.iter().map(|server| server.name.as_str())
    }

    /// The server of a page that is of one, where its label tells it.
    pub(crate) fn only_server(&self) -> Option<&str> {
        match self.servers.as_slice() {
            [only] if !only.name.is_empty() => Some(&only.name),
            _ => None,
        }
    }

    /// What moved since this was last asked, put back into the time in which it did.
    pub(crate) fn drain_spreads(&mut self) -> Vec<PageSpread> {
        std::mem::take(&mut self.growth.spreads)
    }

    /// Forgets what moved up to that time, or so long ago that it is not told any more.
    pub(crate) fn keep_spreads_after(&mut self, secs: f64) {
        let since_secs = secs.max(self.at_secs.unwrap_or_default() - SPREADS_KEPT_SECS);
        self.growth.spreads.retain(|told| told.spread.to_secs > since_secs);
    }

    /// Takes a scrape. False when it cannot be used; nothing has changed then.
    pub(super) fn take_scrape(&mut self, at_secs: f64, collected: &Collected, start_secs: Option<f64>) -> bool {
        if self.at_secs.is_some_and(|before| at_secs <= before) || !collected.is_usable() {
            return false;
        }
        let answers = self.answers_in(at_secs, collected, start_secs);
        if self.lost_all(collected, &answers) || self.is_off_line(collected, &answers) {
            return false;
        }
        // A process that began anew served nothing before its node answered again: what it counts, it counted since.
        let began_anew = answers.iter().any(|answer| answer.process == Process::Restarted);
        self.followed_gap = !began_anew && self.follows_gap(at_secs);
        self.earlier_secs = self.at_secs.replace(at_secs).filter(|_| !self.followed_gap);
        let was_untold = self.is_refused();
        let last_silent_secs = self.failures.last_silent_secs;
        self.failures = FailedPolls { last_silent_secs, ..FailedPolls::default() };
        self.see_servers(at_secs, &answers);
        for found in collected.found() {
            self.take_sample(found, was_untold);
        }
        if self.kind.absent_is_zero() {
            self.absent_are_zero();
        }
        let surplus = self.growth.spreads.len().saturating_sub(MOST_SPREADS);
        self.growth.spreads.drain(..surplus);
        self.forget_old(collected.found().count());
        self.known = collected.known.clone();
        true
    }

    /// Whether so long after its last answer nothing is known of what was between: its node was silent, or there were no
    /// polls where they came more often before. A second one in a row is how often the page answers now, and no gap. While a
    /// node refuses its page, others tell for it.
    fn follows_gap(&self, at_secs: f64) -> bool {
        let is_late = |last_secs: f64| at_secs - last_secs > (GAP_INTERVALS * self.pass_secs()).max(GAP_LEAST_SECS);
        let was_asked = self.failures.count > 0;
        let is_missed = if was_asked { self.failures.silent_since_secs.is_some() } else { self.earlier_secs.is_some() };
        self.at_secs.is_some_and(is_late) && is_missed && !self.followed_gap
    }

    /// What each server tells in this scrape. An answer without any sample is of the only server that is known.
    fn answers_in(&mut self, at_secs: f64, collected: &Collected, start_secs: Option<f64>) -> Vec<ServerAnswer> {
        let mut answers: Vec<ServerAnswer> = Vec::new();
        for found in collected.found() {
            let server = found.server();
            let index = answers.iter().position(|answer| answer.server == server);
            let index = index.unwrap_or_else(|| {
                answers.push(ServerAnswer::of(server));
                answers.len() - 1
            });
            let known = self.series.get(&found.family.meaning).and_then(|series| series.get(found.labels()));
            let known = known.filter(|series| series.counter.is_some());
            let before = known.map(|series| CounterBefore { value: series.value, other_line: series.other_line });
            answers[index].see_sample(found, before, self.kind.of_many_servers());
            if found.family.meaning == Meaning::Inflight && found.value > 0.0 {
                answers[index].see_running(found.item());
            }
        }
        if answers.is_empty() && self.servers.len() <= 1 {
            answers.push(ServerAnswer::of(self.servers.first().map_or("", |server| server.name.as_str())));
        }
        if !self.kind.of_many_servers() {
            for answer in &mut answers {
                answer.start_secs = start_secs.or(answer.start_secs);
            }
        }
        if self.kind.absent_is_zero() {
            self.count_absent(&mut answers);
        }
        let only_unnamed = self.only_unnamed();
        for answer in &mut answers {
            let known = self.servers.iter().position(|server| server.name == answer.server).or(only_unnamed);
            answer.compare(at_secs, known.map(|index| &mut self.servers[index]));
        }
        answers
    }

    /// An answer without a sample names no server: the first name that comes is that server's.
    fn only_unnamed(&self) -> Option<usize> {
        let is_unnamed =
            self.kind.absent_is_zero() && matches!(self.servers.as_slice(), [only] if only.name.is_empty());
        is_unnamed.then_some(0)
    }

    /// A counter that a page of no zeros leaves out has fallen to 0.
    fn count_absent(&self, answers: &mut [ServerAnswer]) {
        for answer in answers {
            let Some(server) = self.servers.iter().position(|server| server.name == answer.server) else { continue };
            let counters = self.series.values().flat_map(BTreeMap::values);
            let counters = counters.filter(|series| series.server == server && series.counter.is_some());
            answer.note_absent(counters.filter(|series| series.value > 0.0).count());
        }
    }

    /// Whether no server's counters are those that were told before, though its process runs on: of an older answer, another
    /// server's, or changed on the way. They are never taken as bytes that moved. Where only some servers' are not, those
    /// are passed over.
    fn is_off_line(&mut self, collected: &Collected, answers: &[ServerAnswer]) -> bool {
        for answer in answers {
            let Some(index) = self.servers.iter().position(|server| server.name == answer.server) else { continue };
            let was_off_line = std::mem::replace(&mut self.servers[index].is_off_line, answer.is_off_line());
            if was_off_line && !answer.is_off_line() {
                let all = self.series.values_mut().flat_map(BTreeMap::values_mut);
                all.filter(|series| series.server == index).for_each(|series| series.other_line = None);
            }
        }
        let off_line: Vec<&str> =
            answers.iter().filter(|answer| answer.is_off_line()).map(|answer| answer.server.as_str()).collect();
        for found in collected.found().filter(|found| off_line.contains(&found.server())) {
            let family = self.series.get_mut(&found.family.meaning);
            if let Some(series) = family.and_then(|family| family.get_mut(found.labels())) {
                series.note_other_line(found.value);
            }
        }
        !answers.is_empty() && off_line.len() == answers.len()
    }

    /// Whether S3 requests were in flight at its last answer, and it has not failed since.
    pub(super) fn is_running(&self) -> bool {
        let last = self.servers.iter().filter(|server| Some(server.seen_at_secs) == self.at_secs);
        self.failures.count == 0 && last.map(|server| server.running).any(RequestsRunning::is_any)
    }

    /// Takes what a server's process has read and written.
    pub(super) fn note_io(&mut self, server: &str, io: ProcessIo) {
        if let Some(known) = self.servers.iter_mut().find(|known| known.name == server) {
            known.note_io(io);
        }
    }

    /// Notes that the page could not be read. `answered`: the node did answer, with a refusal or with what is no page.
    pub(super) fn note_failure(&mut self, at_secs: f64, answered: bool) {
        if self.at_secs.is_none_or(|good_secs| at_secs > good_secs) {
            self.failures.count += 1;
            let since_secs = self.failures.silent_since_secs.unwrap_or(at_secs);
            self.failures.silent_since_secs = (!answered).then_some(since_secs);
            self.failures.last_silent_secs = (!answered).then_some(at_secs).or(self.failures.last_silent_secs);
            self.failures.refused_secs = answered.then_some(at_secs).or(self.failures.refused_secs);
        }
    }

    /// Whether the page was read at the last attempt or at the one before it.
    pub(super) fn is_well(&self) -> bool {
        self.failures.count < 2
    }

    /// When its node last answered at all, be it with a refusal.
    pub(crate) fn answered_secs(&self) -> Option<f64> {
        self.at_secs.into_iter().chain(self.failures.refused_secs).reduce(f64::max)
    }

    /// Whether its node answers, and twice in a row not with this page, or never with it.
    pub(crate) fn is_refused(&self) -> bool {
        let is_answer = self.failures.count > 0 && self.failures.silent_since_secs.is_none();
        is_answer && (self.failures.count > 1 || self.at_secs.is_none())
    }

    /// When it was last asked for in vain; none where it was read since.
    pub(crate) fn failed_secs(&self) -> Option<f64> {
        let FailedPolls { last_silent_secs, refused_secs, .. } = self.failures;
        last_silent_secs.into_iter().chain(refused_secs).reduce(f64::max).filter(|_| self.failures.count > 0)
    }

    /// Whether its node gives no answer any more: twice in a row, or once after a silence of `SILENT_SECS`, which is a little
    /// less than a poll waits: a node that hangs is held as gone by the first poll that waited in vain.
    pub(crate) fn is_silent(&self) -> bool {
        const SILENT_SECS: f64 = 1.7;
        let since = |since_secs: f64| since_secs - self.at_secs.unwrap_or(f64::NEG_INFINITY) > SILENT_SECS;
        self.failures.silent_since_secs.is_some_and(|since_secs| self.failures.count > 1 || since(since_secs))
    }

    /// Whether all series are gone though the process runs on: such an answer is taken for none.
    fn lost_all(&self, collected: &Collected, answers: &[ServerAnswer]) -> bool {
        let had = self.series.values().flat_map(BTreeMap::values).any(|series| series.value > 0.0);
        let restarted = || answers.iter().any(|answer| answer.process == Process::Restarted);
        !collected.recognised() && had && !self.kind.may_fall_silent() && !self.is_balanced() && !restarted()
    }

    fn see_servers(&mut self, at_secs: f64, answers: &[ServerAnswer]) {
        let caches_peers = self.kind.of_many_servers();
        let silent_secs = self.failures.last_silent_secs;
        for answer in answers {
            let known = self.servers.iter().position(|server| server.name == answer.server);
            match known.or_else(|| self.only_unnamed()) {
                Some(index) => {
                    let server = &mut self.servers[index];
                    if !(answer.is_off_line() || caches_peers && server.is_passed_over(at_secs)) {
                        server.name.clone_from(&answer.server);
                        let was_silent = was_silent(silent_secs, server.seen_at_secs, at_secs);
                        server.see_answer(at_secs, answer, was_silent);
                    }
                }
                None => self.servers.push(KnownServer::new(at_secs, answer)),
            }
        }
    }

    fn take_sample(&mut self, found: Found<'_>, was_untold: bool) {
        let name = found.server();
        let answered = |server: &KnownServer| server.name == name && Some(server.seen_at_secs) == self.at_secs;
        let Some(server) = self.servers.iter().position(answered) else { return };
        let (meaning, item) = (found.family.meaning, found.item());
        // An upload's first byte comes when all of it is stored: its time tells of its size.
        if meaning == Meaning::FirstBytes && !Names::built_in().is_reading(first_label(item)) {
            return;
        }
        let context = self.sample_context(found, server);
        let family = self.series.entry(meaning).or_default();
        let key = found.labels();
        let series = match family.get_mut(key) {
            Some(series) => series,
            None => family.entry(key.to_owned()).or_insert_with(|| PageSeries::new(found, &context)),
        };
        let spread = series.take_value(meaning, found.value, &context);
        if self.followed_gap {
            series.forget_rate();
        }
        let Some(spread) = spread else { return };
        self.growth.add(meaning, series, spread, was_untold);
    }

    fn sample_context(&self, found: Found<'_>, index: usize) -> SampleContext {
        let at_secs = self.at_secs.unwrap_or_default();
        let cache_secs = found.family.cache_secs.unwrap_or(self.cache_secs);
        let server = &self.servers[index];
        let tells_zeros = self.kind.of_many_servers() || self.kind.absent_is_zero();
        let zero_since_secs = server.earlier_secs.filter(|_| tells_zeros);
        let silent_secs = self.failures.last_silent_secs;
        SampleContext { zero_since_secs, ..SampleContext::of((index, server), [at_secs, cache_secs], silent_secs) }
    }

    /// Sets to zero what is missing in this scrape of the servers that answered: the page leaves out zeros.
    fn absent_are_zero(&mut self) {
        let at_secs = self.at_secs.unwrap_or_default();
        let (servers, silent_secs) = (&self.servers, self.failures.last_silent_secs);
        for (meaning, family) in &mut self.series {
            family.retain(|_, series| {
                let server = &servers[series.server];
                let is_absent = series.seen_at_secs < at_secs && server.seen_at_secs >= at_secs;
                let is_gauge = series.counter.is_none();
                if is_absent && !is_gauge {
                    let step = [at_secs, series.cache_secs];
                    let context = SampleContext::of((series.server, server), step, silent_secs);
                    series.take_value(*meaning, 0.0, &context);
                    if self.followed_gap {
                        series.forget_rate();
                    }
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

    /// Since when a series must have been seen to count in a sum.
    fn counts_since_secs(&self) -> f64 {
        let held_secs = MISSES_HELD * self.pass_secs();
        let held_secs = if self.is_balanced() { held_secs.max(BALANCED_HELD_SECS) } else { held_secs };
        self.at_secs.unwrap_or_default() - held_secs
    }

    /// The series of a counter that count in a sum now.
    pub(crate) fn counting(&self, meaning: Meaning) -> impl Iterator<Item = &PageSeries> {
        let since_secs = self.counts_since_secs();
        self.series_of(meaning).filter(move |series| series.seen_at_secs >= since_secs)
    }

    /// The sum of a counter's rates, over the series that are wanted; `None` while no rate is known.
    pub(crate) fn rate(&self, meaning: Meaning, wanted: impl Fn(&PageSeries) -> bool) -> Option<f64> {
        let rates = self.counting(meaning).filter(|series| wanted(series)).filter_map(|series| series.per_sec);
        rates.fold(None, |sum, rate| Some(sum.unwrap_or(0.0) + rate))
    }

    /// By how much the wanted series of a counter grew since they were first read.
    pub(crate) fn grown(&self, meaning: Meaning, wanted: impl Fn(&PageSeries) -> bool) -> f64 {
        self.series_of(meaning).filter(|series| wanted(series)).map(|series| series.grown).sum()
    }

    /// When a gauge was last there.
    pub(crate) fn gauge_at_secs(&self, meaning: Meaning) -> Option<f64> {
        self.series_of(meaning)
            .filter(|series| series.value.is_finite())
            .map(|series| series.seen_at_secs)
            .reduce(f64::max)
    }

    /// A gauge's series as the scrape that last had it brought them. Behind a balancer: as each server last did.
    pub(crate) fn gauge(&self, meaning: Meaning) -> impl Iterator<Item = &PageSeries> {
        let newest_secs = self.gauge_at_secs(meaning).unwrap_or(f64::INFINITY);
        let since_secs = if self.is_balanced() { self.counts_since_secs() } else { newest_secs };
        self.series_of(meaning).filter(move |series| series.seen_at_secs >= since_secs && series.value.is_finite())
    }

    /// Whether the last scrape had a sample of it, of whatever value.
    pub(crate) fn has_sample(&self, meaning: Meaning) -> bool {
        self.series_of(meaning).any(|series| Some(series.seen_at_secs) == self.at_secs)
    }

    /// A gauge of the whole deployment. Where several servers report it, each from a cache of its own, the one that changed
    /// last knows most; of those of one scrape the largest value counts, and not the sum.
    pub(crate) fn one_gauge(&self, meaning: Meaning) -> Option<f64> {
        let since_secs = self.gauge_at_secs(meaning)? - PEERS_HELD_SECS;
        let told =
            self.series_of(meaning).filter(|series| series.seen_at_secs >= since_secs && series.value.is_finite());
        let newest = |one: &&PageSeries, other: &&PageSeries| {
            one.changed_at_secs.total_cmp(&other.changed_at_secs).then(one.value.total_cmp(&other.value))
        };
        told.max_by(newest).map(|series| series.value)
    }
}
