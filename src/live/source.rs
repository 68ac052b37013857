//! Every origin of readings, side by side: swapping the shown one changes an index and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::live::burst::Bursts;
use crate::live::coarse::Point;
use crate::live::event::{Announcement, Query, Report, SourceEvent, SourceId, SourceKind, Target};
use crate::live::events::Events;
use crate::live::fault::{Fault, FaultCode};
use crate::live::history::History;
use crate::live::packed::SourceCurves;
use crate::live::state::{Series, State};
use crate::signal::{Inside, Moved, Quantity, Reading, Readings, Signal, Subject, Tier};

/// The origin of a simulated lab; of a special one a colon and its profile follow.
pub(crate) const SIMULATED: &str = "simulated lab";

/// Columns of a chart: of so many its window is as wide, and it has one more, for they begin at round times.
const COLUMNS: usize = 240;
/// Seconds of history kept: the longest window a chart shows.
const KEEP_SECS: f64 = 3700.0;
/// A reading is stale when its target's last good scrape is older than this many intervals.
const STALE_INTERVALS: f64 = 2.5;
/// But not before this: one answer that came late is no dead tier.
const STALE_LEAST_SECS: f64 = 4.0;

/// One target's last word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    pub target: Target,
    pub readings: Readings,
    /// Of the last good scrape, on the source's clock.
    pub last_good_secs: Option<f64>,
    /// What is wrong with it now; empty when all is well.
    pub faults: Vec<Fault>,
    /// What is inside it, where it told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<ToldInside>,
    /// What a Prometheus server is asked for its signals, where one tells of it.
    #[serde(default, skip_serializing_if = "is_unasked")]
    pub queries: Arc<BTreeMap<Signal, Query>>,
}

fn is_unasked(queries: &BTreeMap<Signal, Query>) -> bool {
    queries.is_empty()
}

/// What is inside a target, and when that was told, on the source's clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToldInside {
    pub at_secs: f64,
    pub inside: Arc<Inside>,
}

impl Heard {
    /// Its last word again; of a target that never answered, why.
    fn retold(&self, name: &Arc<str>) -> Vec<SourceEvent> {
        let Some(last_good_secs) = self.last_good_secs else {
            let failed = |fault: &Fault| {
                let (target, at_secs, fault) = (name.clone(), fault.since_secs, fault.clone());
                SourceEvent::Failed { target, at_secs, fault }
            };
            return self.faults.iter().map(failed).collect();
        };
        let report = Report {
            readings: self.readings.clone(),
            moved: None,
            last_good_secs,
            interval_secs: self.target.interval_secs,
            samples: 0,
            faults: self.faults.clone(),
        };
        vec![SourceEvent::Scraped { target: name.clone(), at_secs: last_good_secs, report }]
    }

    /// For how long its last answer is good.
    fn good_secs(&self) -> f64 {
        (STALE_INTERVALS * self.target.interval_secs).max(STALE_LEAST_SECS)
    }

    /// What an audience is told of a target that has never answered: whether it refuses, is silent, or cannot be read.
    fn unheard(&self) -> State {
        let Some(last) = self.faults.last() else { return State::Waiting };
        let by_secret = matches!(last.code, FaultCode::SecretMissing | FaultCode::SecretExposed);
        match last.code {
            code if code.is_about_auth() || by_secret => State::Refused,
            code if code.is_silence() || code == FaultCode::PageWaits => State::NoAnswer,
            FaultCode::Starting => State::Waiting,
            _ => State::Unreadable,
        }
    }
}

/// One origin of readings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub id: SourceId,
    pub kind: SourceKind,
    /// "simulated lab", "lab “Briefing lab”".
    pub origin: Arc<str>,
    /// Seconds of its clock for one of ours.
    pub lapse: u32,
    targets: BTreeMap<Arc<str>, Heard>,
    readings: Readings,
    histories: SourceCurves,
    bursts: Bursts,
    events: Events,
}

impl Source {
    /// A source of which nothing was heard yet.
    pub fn new(id: SourceId, announced: Announcement) -> Self {
        let Announcement { kind, origin, lapse, targets } = announced;
        let heard = |target: Target| Heard {
            target,
            readings: Readings::new(),
            last_good_secs: None,
            faults: Vec::new(),
            inside: None,
            queries: Arc::default(),
        };
        let targets = targets.into_iter().map(|target| (target.name.clone(), heard(target))).collect();
        Self {
            id,
            kind,
            origin,
            lapse,
            targets,
            readings: Readings::new(),
            histories: BTreeMap::new(),
            bursts: Bursts::default(),
            events: Events::default(),
        }
    }

    /// Takes in what it says.
    pub fn apply(&mut self, news: SourceEvent) {
        match news {
            SourceEvent::Announced(announced) => *self = Self::new(self.id.clone(), announced),
            SourceEvent::Scraped { target, at_secs, report } => self.take_report(&target, at_secs, report),
            SourceEvent::Failed { target, at_secs: _, fault } => self.note_fault(&target, fault),
            SourceEvent::Inspected { target, at_secs, inside } => {
                if let Some(heard) = self.targets.get_mut(&target) {
                    heard.inside = Some(ToldInside { at_secs, inside });
                }
            }
            SourceEvent::Asked { target, queries } => {
                if let Some(heard) = self.targets.get_mut(&target) {
                    heard.queries = queries;
                }
            }
            SourceEvent::Backfilled { signal, points } => self.backfill_history(signal, points),
            SourceEvent::Recalled { events, bursts } => {
                self.events.recall(events);
                // Who knows of events alone says nothing of bursts.
                if bursts != Bursts::default() {
                    self.bursts = bursts;
                }
            }
            SourceEvent::Jumped => self.events.look_afresh(),
            SourceEvent::Shifted { by_secs } => self.shift_by(by_secs),
        }
    }

    /// What it would have to say for another one to know as much: its past, and what its targets said last.
    pub(crate) fn retold(&self) -> Vec<SourceEvent> {
        let targets = self.targets.values().map(|heard| heard.target.clone()).collect();
        let announced = Announcement { kind: self.kind, origin: self.origin.clone(), lapse: self.lapse, targets };
        let past = self.histories.iter().map(|(signal, history)| {
            let (signal, points) = (*signal, history.points().copied().collect());
            SourceEvent::Backfilled { signal, points }
        });
        let events = self.events.iter().cloned().collect();
        let events = SourceEvent::Recalled { events, bursts: self.bursts.clone() };
        let last = self.targets.iter().flat_map(|(name, heard)| heard.retold(name));
        let inside = self.targets.iter().filter_map(|(name, heard)| {
            let ToldInside { at_secs, inside } = heard.inside.clone()?;
            Some(SourceEvent::Inspected { target: name.clone(), at_secs, inside })
        });
        let asked = self.targets.iter().filter(|(_, heard)| !heard.queries.is_empty());
        let asked = asked.map(|(name, heard)| {
            let (target, queries) = (name.clone(), heard.queries.clone());
            SourceEvent::Asked { target, queries }
        });
        let told = std::iter::once(SourceEvent::Announced(announced)).chain(past).chain([events]);
        told.chain(asked).chain(last).chain(inside).collect()
    }

    /// Adds what a signal was before, where its past is kept.
    fn backfill_history(&mut self, signal: Signal, points: Vec<Point>) {
        if signal.quantity.keeps_history() {
            self.histories.entry(signal).or_insert_with(|| History::new(KEEP_SECS)).backfill(points);
        }
    }

    /// Takes a target's readings in place of its last ones.
    fn take_report(&mut self, target: &str, at_secs: f64, report: Report) {
        let Some(heard) = self.targets.get_mut(target) else { return };
        heard.readings = report.readings;
        heard.last_good_secs = Some(report.last_good_secs);
        heard.target.interval_secs = report.interval_secs;
        heard.faults = report.faults;
        let subjects = heard.target.subjects.clone();
        self.combine_targets(&subjects);
        self.push_histories(&subjects, at_secs, report.moved.as_deref());
        self.bursts.take_moved(report.moved.as_deref().unwrap_or_default(), at_secs, &self.readings);
        self.bursts.put_readings(&subjects, at_secs, &mut self.readings);
        self.note_events(&subjects, at_secs);
    }

    /// Finds what has happened to these tiers.
    fn note_events(&mut self, subjects: &[Subject], at_secs: f64) {
        for tier in subjects.iter().filter_map(|subject| subject.tier()) {
            // A report may come of one page while those that make a tier live are not read any more.
            if !self.state(Subject::Tier(tier), at_secs).is_stale() {
                self.events.take_staleness(tier, at_secs, None);
            }
            self.events.take_readings(tier, at_secs, &self.readings, self.bursts.last_write(tier));
        }
    }

    /// Puts all that was heard so many seconds later: what was polled ahead of its time.
    fn shift_by(&mut self, by_secs: f64) {
        let later = |readings: &mut Readings| readings.values_mut().for_each(|reading| reading.at_secs += by_secs);
        later(&mut self.readings);
        for heard in self.targets.values_mut() {
            later(&mut heard.readings);
            heard.last_good_secs = heard.last_good_secs.map(|secs| secs + by_secs);
            if let Some(told) = &mut heard.inside {
                told.at_secs += by_secs;
                Arc::make_mut(&mut told.inside).pages.iter_mut().for_each(|page| page.at_secs += by_secs);
            }
        }
        self.histories.values_mut().for_each(|history| history.shift_by(by_secs));
        self.bursts.shift_by(by_secs);
        self.events.shift_by(by_secs);
    }

    /// Notes why a node of a target could not be read. The target's readings stay, and grow old.
    fn note_fault(&mut self, target: &str, fault: Fault) {
        if let Some(heard) = self.targets.get_mut(target) {
            heard.faults.retain(|old| (&old.node, &old.page) != (&fault.node, &fault.page));
            heard.faults.push(fault);
        }
    }

    /// Puts the targets' readings of these subjects together.
    fn combine_targets(&mut self, subjects: &[Subject]) {
        self.readings.retain(|signal, _| !subjects.contains(&signal.subject));
        let mut parts: BTreeMap<Signal, Vec<Reading>> = BTreeMap::new();
        for heard in self.targets.values() {
            for (signal, reading) in heard.readings.iter().filter(|(signal, _)| subjects.contains(&signal.subject)) {
                parts.entry(*signal).or_default().push(*reading);
            }
        }
        self.readings.extend(
            parts.into_iter().filter_map(|(signal, parts)| Some((signal, combine_readings(signal.quantity, &parts)?))),
        );
    }

    /// Adds what was just heard to the histories that charts show.
    fn push_histories(&mut self, subjects: &[Subject], at_secs: f64, moved: Option<&[Moved]>) {
        for (signal, reading) in self.readings.iter().filter(|(signal, _)| subjects.contains(&signal.subject)) {
            if signal.quantity.keeps_history() {
                let history = self.histories.entry(*signal).or_insert_with(|| History::new(KEEP_SECS));
                match moved.filter(|_| signal.quantity.is_traffic()) {
                    Some(moved) => {
                        let mine: Vec<Moved> = moved.iter().filter(|moved| moved.signal == *signal).copied().collect();
                        history.push_moved(at_secs, reading.value, &mine);
                    }
                    None => history.push_value(at_secs, reading.value),
                }
            }
        }
    }

    pub(crate) fn curves_mut(&mut self) -> &mut SourceCurves {
        &mut self.histories
    }

    pub fn readings(&self) -> &Readings {
        &self.readings
    }

    /// What a Prometheus server is asked for a signal, each question once, with hosts and buckets only where `names` may be
    /// seen; empty where it is read otherwise.
    pub(crate) fn queries(&self, signal: Signal, names: bool) -> BTreeSet<&str> {
        let of_it = self.targets.values().filter(|heard| heard.readings.contains_key(&signal));
        let queries = of_it.filter_map(|heard| heard.queries.get(&signal));
        queries.map(|query| if names { query.sent.as_str() } else { query.unnamed.as_str() }).collect()
    }

    /// What is wrong now, target by target. What several targets miss for the same reason is there once.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        each_once(self.targets.values().flat_map(|heard| &heard.faults))
    }

    /// What each tier was last busy with, each way.
    pub fn bursts(&self) -> &Bursts {
        &self.bursts
    }

    /// What happened to its tiers in the last hour.
    pub fn events(&self) -> &Events {
        &self.events
    }

    pub fn targets(&self) -> impl Iterator<Item = &Heard> {
        self.targets.values()
    }

    /// Notes which tiers have gone stale, and ends their curves where they were last read: a gap, not a line across.
    fn note_stale(&mut self, now_secs: f64) {
        let now_secs = self.expected_secs(now_secs);
        for heard in self.targets.values() {
            let Some(last) = heard.last_good_secs else { continue };
            if now_secs - last > heard.good_secs() {
                let subjects = &heard.target.subjects;
                let of_it = self.histories.iter_mut().filter(|(signal, _)| subjects.contains(&signal.subject));
                of_it.for_each(|(_, history)| history.push_gap(last + heard.target.interval_secs));
            }
        }
        for tier in Tier::ALL {
            if let State::Stale { age_secs } = self.state(Subject::Tier(tier), now_secs) {
                self.events.take_staleness(tier, now_secs, Some(now_secs - f64::from(age_secs)));
            }
        }
    }

    /// Up to when its targets were to have answered. Servers are expected to do so at their pace, then as in a recording of
    /// it; the simulated lab pauses while it is not shown, so one of its targets is late when others have answered since.
    fn expected_secs(&self, now_secs: f64) -> f64 {
        let keeps_pace = self.kind.is_asked() || (self.kind == SourceKind::Recording && self.lapse == 1);
        let newest = || self.targets.values().filter_map(|heard| heard.last_good_secs).reduce(f64::max);
        if keeps_pace { now_secs } else { newest().unwrap_or(now_secs) }
    }

    /// Whether a subject's readings may be believed, `now_secs` on this source's clock.
    pub fn state(&self, subject: Subject, now_secs: f64) -> State {
        let serving = self.targets.values().filter(|heard| heard.target.subjects.contains(&subject));
        let answered = serving.clone().filter_map(|heard| Some((heard.last_good_secs?, heard.good_secs())));
        let Some((last, good_secs)) = answered.max_by(|a, b| a.0.total_cmp(&b.0)) else {
            let unheard: Vec<State> = serving.map(Heard::unheard).collect();
            return State::together(unheard.iter());
        };
        let age_secs = self.expected_secs(now_secs) - last;
        if age_secs > good_secs {
            return State::Stale { age_secs: age_secs as u32 };
        }
        match self.kind {
            SourceKind::Sim => {
                let profile = self.origin.strip_prefix(SIMULATED).and_then(|rest| rest.strip_prefix(": "));
                State::Simulated { lapse: self.lapse, profile: profile.map(Into::into) }
            }
            SourceKind::Recording => State::Recorded { date: self.origin.clone() },
            SourceKind::None => State::NoSource,
            SourceKind::Lab | SourceKind::Prometheus => State::Live,
        }
    }

    /// Age of a lab's newest answer.
    pub fn age_secs(&self, now_secs: f64) -> Option<u32> {
        let newest = self.targets.values().filter_map(|heard| heard.last_good_secs).reduce(f64::max)?;
        self.kind.is_asked().then(|| (now_secs - newest).max(0.0) as u32)
    }

    /// How late a tier's traffic may be, where that is worth saying: its endpoint is cached.
    pub fn lag_secs(&self, tier: Tier) -> Option<u32> {
        let reading = self.readings.get(&Signal::tier(tier, Quantity::WriteBytesPerSec))?;
        (reading.lag_secs > 5.0).then_some(reading.lag_secs.round() as u32)
    }

    /// The last `window_secs` up to now of some signals, added up column by column.
    pub fn series(&self, signals: &[Signal], window_secs: f64, now_secs: f64) -> Series {
        self.series_over(signals, self.reach_secs(signals, window_secs, now_secs), now_secs)
    }

    /// How far back something is known of some signals: a round time, and at most `window_secs`.
    fn reach_secs(&self, signals: &[Signal], window_secs: f64, now_secs: f64) -> f64 {
        let histories = signals.iter().filter_map(|signal| self.histories.get(signal));
        let oldest = histories.filter_map(|history| history.oldest_secs()).fold(now_secs, f64::min);
        window_secs.min(round_up((now_secs - oldest).max(60.0)))
    }

    /// As [`Self::series`], over just this time, however much of it is known: for several that share an axis.
    pub fn series_over(&self, signals: &[Signal], window_secs: f64, now_secs: f64) -> Series {
        let histories: Vec<&History> = signals.iter().filter_map(|signal| self.histories.get(signal)).collect();
        let mut columns: Vec<Option<(f64, f64)>> = vec![None; COLUMNS + 1];
        let (begin_secs, width) = (now_secs - window_secs, window_secs / COLUMNS as f64);
        let ahead = (begin_secs / width).rem_euclid(1.0);
        let from_secs = begin_secs - ahead * width;
        for history in histories {
            let part = history.columns(from_secs, from_secs + width * (COLUMNS + 1) as f64, COLUMNS + 1);
            for (sum, part) in columns.iter_mut().zip(part) {
                *sum = match (*sum, part) {
                    (Some(sum), Some(part)) => Some((sum.0 + part.0, sum.1 + part.1)),
                    (sum, part) => sum.or(part),
                };
            }
        }
        let peak = columns.iter().flatten().fold(0.0_f64, |peak, (_, most)| peak.max(*most));
        Series { columns: columns.into(), window_secs, ahead: ahead as f32, peak }
    }
}

/// Faults without those that are told already: a server that is gone is missed by each target that it tells of.
fn each_once<'a>(faults: impl Iterator<Item = &'a Fault>) -> impl Iterator<Item = &'a Fault> {
    let mut told = BTreeSet::new();
    faults.filter(move |fault| told.insert((&fault.target, &fault.node, &fault.page, fault.code)))
}

/// A history shorter than its window is shown over a round number of minutes.
fn round_up(secs: f64) -> f64 {
    let steps = [60.0, 120.0, 300.0, 600.0, 900.0, 1800.0];
    steps.into_iter().find(|step| secs <= *step).unwrap_or(3600.0)
}

fn combine_readings(quantity: Quantity, parts: &[Reading]) -> Option<Reading> {
    let values: Vec<f64> = parts.iter().map(|part| part.value).collect();
    let value = quantity.together().combine(&values)?;
    let at_secs = parts.iter().map(|part| part.at_secs).reduce(f64::max)?;
    let lag_secs = parts.iter().map(|part| part.lag_secs).fold(0.0, f64::max);
    Some(Reading { value, at_secs, lag_secs })
}

/// All sources; one is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceList {
    sources: Vec<Source>,
    shown: usize,
    /// What is shown before any source was announced.
    nothing: Source,
}

impl Default for SourceList {
    fn default() -> Self {
        let nothing = Source::new(SourceKind::None.only_id(), Announcement::no_source());
        Self { sources: Vec::new(), shown: 0, nothing }
    }
}

impl SourceList {
    /// Takes in what a source says. What one says that was never announced is passed over.
    pub fn apply(&mut self, id: &SourceId, news: SourceEvent) {
        match (self.sources.iter_mut().find(|source| source.id == *id), news) {
            (Some(source), news) => source.apply(news),
            (None, SourceEvent::Announced(announced)) => self.sources.push(Source::new(id.clone(), announced)),
            (None, _) => {}
        }
    }

    /// All of them, in the order in which they were announced.
    pub fn all(&self) -> &[Source] {
        &self.sources
    }

    /// The source that is shown.
    pub fn shown(&self) -> &Source {
        self.sources.get(self.shown).unwrap_or(&self.nothing)
    }

    /// A source of which nothing is known.
    pub(crate) fn nothing(&self) -> &Source {
        &self.nothing
    }

    /// Shows the source of this id. Whether there is one.
    pub fn show(&mut self, id: &SourceId) -> bool {
        let found = self.sources.iter().position(|source| source.id == *id);
        self.shown = found.unwrap_or(self.shown);
        found.is_some()
    }

    /// A source is again as it was; one that is not here any more stays away.
    pub(crate) fn put_back(&mut self, was: Source) {
        if let Some(source) = self.sources.iter_mut().find(|source| source.id == was.id) {
            *source = was;
        }
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Source> {
        self.sources.iter_mut()
    }

    /// Shows the next one, round and round.
    pub fn show_next(&mut self) {
        self.shown = (self.shown + 1) % self.sources.len().max(1);
    }

    /// What is wrong now with any of them.
    pub(crate) fn faults(&self) -> impl Iterator<Item = &Fault> {
        each_once(self.sources.iter().flat_map(Source::faults))
    }

    /// Notes what has gone stale.
    pub(crate) fn note_stale(&mut self, now_secs: f64) {
        self.sources.iter_mut().for_each(|source| source.note_stale(now_secs));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_one_column_whenever_it_is_looked_at() {
        let signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);
        let mut source = Source::new(SourceKind::Lab.only_id(), Announcement::no_source());
        let points = [(0.0, 0.0), (500.0, 5.0), (530.0, 0.0)];
        let points = points.map(|(at_secs, value)| Point { at_secs, value: Some(value) }).to_vec();
        source.apply(SourceEvent::Backfilled { signal, points });
        // An hour has 240 columns of 15 s: the burst is in those that begin at 495, 510 and 525.
        for now_secs in [3600.0, 3607.3, 3611.9, 3620.0] {
            let series = source.series_over(&[signal], 3600.0, now_secs);
            let begins = |n: usize| now_secs - 3600.0 + (n as f64 - f64::from(series.ahead)) * 15.0;
            let high = series.columns.iter().enumerate();
            let high = high.filter(|(_, column)| column.is_some_and(|(_, most)| most > 0.0));
            let told: Vec<i64> = high.map(|(n, _)| begins(n).round() as i64).collect();
            assert_eq!(told, [495, 510, 525], "{now_secs}");
            assert!(begins(0) <= now_secs - 3600.0 && begins(series.columns.len()) >= now_secs, "{now_secs}");
        }
    }

    #[test]
    fn a_report_of_a_page_that_makes_nothing_live_is_no_answer_again() {
        let target = Target {
            name: "hot".into(),
            subjects: vec![Subject::Tier(Tier::T1)],
            interval_secs: 1.0,
            unverified: false,
        };
        let announced = Announcement { kind: SourceKind::Lab, origin: "lab".into(), lapse: 1, targets: vec![target] };
        let mut source = Source::new(SourceKind::Lab.only_id(), announced);
        let mut report = |at_secs: f64, last_good_secs: f64| {
            let (readings, faults) = (Readings::new(), Vec::new());
            let report = Report { readings, moved: None, last_good_secs, interval_secs: 1.0, samples: 0, faults };
            source.apply(SourceEvent::Scraped { target: "hot".into(), at_secs, report });
            source.note_stale(at_secs);
            let told = source.events().iter().map(|event| event.what.kind());
            told.collect::<Vec<_>>().join(" ")
        };
        let looks =
            [(0.0, 0.0, ""), (3.0, 0.0, ""), (5.0, 0.0, "stale"), (8.0, 0.0, "stale"), (9.0, 8.9, "stale live")];
        for (at_secs, good_secs, told) in looks {
            assert_eq!(report(at_secs, good_secs), told, "at {at_secs}");
        }
    }
}
