//! The thread that asks a Prometheus server: what its targets do now, and what they did before the talk.

mod look;
mod past;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use crate::lab::{Deployment, Exporter, Lab, Prometheus, Url};
use crate::live::{Bursts, Events, Fault, FaultCode, Point, Query, Report, SourceEvent, Target, TierEvent};
use crate::signal::{Moved, NumeralForm, Quantity, Reading, Readings, Signal, Subject, Tier};
use crate::telemetry::promql::{NEWEST, QueryScope, SIGNAL_LABEL, STEP};
use crate::telemetry::promql_answer::{self, QueryRefused, Row};

use super::ask::{Asker, Door};
use super::http::AgentSlot;
use super::link::Link;
use super::pass::DoorOf;
use super::schedule;
use super::target;
use super::trouble::Trouble;

pub(crate) use self::look::{TargetTold, look_at_prometheus};
pub(crate) use self::past::{PastReport, UnixSpan, ask_past};

/// How often the server is asked, at most: it learns of something new with each of its scrapes.
const POLL_SECS: (f64, f64) = (1.0, 15.0);
/// How often it scrapes, where it does not say.
const USUAL_SCRAPE_SECS: f64 = 15.0;
/// After so long it is asked again how often it scrapes.
const SCRAPE_AGAIN_SECS: f64 = 60.0;
/// How far back the charts reach.
const PAST_SECS: f64 = 3600.0;
/// Points of a signal's past.
const MOST_POINTS: f64 = 360.0;
/// Where the API is asked, below the server's own path.
pub(super) const QUERY: &str = "/api/v1/query";
const QUERY_RANGE: &str = "/api/v1/query_range";
/// What is asked for, in the sentences about it.
const PAGE: &str = "query";
/// Whose fault it is, in the sentences about what is wrong with the server itself.
const OWN_NAME: &str = "prometheus";

/// A Prometheus server, and whom it tells of.
pub(super) struct Server {
    asker: Asker,
    host: String,
    tenant: Option<String>,
    watched: Vec<Watched>,
    /// Of the source that the server is.
    link: Link,
    /// Of the lab that is asked directly, where one is: it gets the past, and the targets that it cannot ask.
    lab: Option<Link>,
    has_told_past: bool,
    /// When it was first asked, and when it first told of a target: from then on events are found as they happen.
    began_secs: f64,
    first_told_secs: Option<f64>,
}

/// One target, as the server knows it.
struct Watched {
    target: Target,
    scope: QueryScope,
    signals: Vec<Signal>,
    scrape_secs: f64,
    /// When that was asked.
    scrape_asked_secs: Option<f64>,
    /// Whether nobody else asks it.
    only_here: bool,
    fault: Option<Fault>,
    /// When the newest sample was taken that was told of, in Unix seconds.
    newest_unix_secs: Option<f64>,
    /// How often the server scraped it when it was last said what is asked.
    queried_secs: Option<f64>,
}

/// Samples farther apart than so many scrapes have one missing between them: what moved then is not told as a step.
const MOST_STEP_SCRAPES: f64 = 1.75;

/// What the server answered, and its clock against ours.
struct ServerTold {
    rows: Vec<Row>,
    at_secs: f64,
}

impl Server {
    /// `folder` is the lab file's.
    pub(super) fn new(lab: &Lab, server: &Prometheus, folder: &Path, link: Link, lab_link: Option<Link>) -> Self {
        let door = Door { access: &server.access, auth: &server.auth, of: DoorOf::Prometheus };
        let asker = Asker::new(&server.url, door, folder, link.pace);
        let job = server.job.as_deref();
        let is_told_by_job = job.is_some() && lab.deployments.len() == 1;
        let deployments = lab.deployments.iter().map(|one| Watched::deployment(one, job, is_told_by_job));
        let mut watched: Vec<Watched> = deployments.chain(lab.exporters.iter().map(Watched::exporter)).collect();
        for watched in &mut watched {
            watched.target.unverified = server.access.skip_verification;
        }
        let (host, tenant) = (server.url.host_and_port(), server.tenant.clone());
        let (lab, has_told_past) = (lab_link, false);
        let (began_secs, first_told_secs) = (link.now_secs(), None);
        Self { asker, host, tenant, watched, link, lab, has_told_past, began_secs, first_told_secs }
    }

    pub(super) fn agent_slot(&self) -> AgentSlot {
        self.asker.agent_slot()
    }

    pub(super) fn targets(&self) -> Vec<Target> {
        self.watched.iter().map(|watched| watched.target.clone()).collect()
    }

    /// Those that the lab cannot ask itself.
    pub(super) fn targets_only_here(&self) -> Vec<Target> {
        self.watched.iter().filter(|watched| watched.only_here).map(|watched| watched.target.clone()).collect()
    }

    /// Asks until the other end of `stop` is gone.
    pub(super) fn run_until(mut self, stop: &Receiver<()>) {
        let mut due_secs = self.link.now_secs();
        while schedule::waits(stop, due_secs - self.link.now_secs()) {
            let begun_secs = self.link.now_secs();
            let answers = self.poll_all();
            if answers && !self.has_told_past {
                self.first_told_secs.get_or_insert(begun_secs);
                self.has_told_past = self.tell_past();
            }
            let fastest = self.watched.iter().map(|watched| watched.scrape_secs).fold(f64::INFINITY, f64::min);
            let interval_secs = (fastest / 2.0).clamp(POLL_SECS.0, POLL_SECS.1) * self.link.pace.scale;
            due_secs = (begun_secs + interval_secs).max(self.link.now_secs());
        }
    }

    /// Asks for every target. Whether one of them was told of.
    fn poll_all(&mut self) -> bool {
        let mut is_told = false;
        for index in 0..self.watched.len() {
            if self.link.is_stopped() {
                return false;
            }
            match self.poll(index) {
                Ok(report) => {
                    is_told = true;
                    self.send_report(index, report);
                }
                // The server itself is gone: the next question would end alike.
                Err(trouble) if trouble.code.is_silence() || trouble.code.is_about_auth() => {
                    for index in 0..self.watched.len() {
                        self.send_fault(index, &trouble);
                    }
                    return false;
                }
                Err(trouble) => self.send_fault(index, &trouble),
            }
        }
        is_told
    }

    fn poll(&mut self, index: usize) -> Result<Report, Trouble> {
        self.ask_scrapes(index)?;
        self.tell_queries(index);
        let watched = &self.watched[index];
        let mut questions = watched.scope.questions(&watched.signals, watched.scrape_secs);
        watched.scope.add_steps(&mut questions, &watched.signals, watched.scrape_secs);
        let told = self.ask_all(QUERY, &questions, &[])?;
        let watched = &mut self.watched[index];
        match watched.report(&told) {
            Some(report) => Ok(Report { moved: watched.moved(&told, report.last_good_secs), ..report }),
            None => Err(self.nothing_known(index)),
        }
    }

    /// Tells what is asked from now on, where that has changed: with how often the server scrapes.
    fn tell_queries(&mut self, index: usize) {
        let watched = &mut self.watched[index];
        if watched.queried_secs.replace(watched.scrape_secs) == Some(watched.scrape_secs) {
            return;
        }
        let queries = watched.scope.queries(&watched.signals, watched.scrape_secs).into_iter();
        let query = |(signal, [sent, unnamed]): (Signal, [String; 2])| (signal, Query { sent, unnamed });
        let (target, queries) = (watched.target.name.clone(), Arc::new(queries.map(query).collect()));
        self.send(index, SourceEvent::Asked { target, queries });
    }

    /// How often the server scrapes the target, from time to time.
    fn ask_scrapes(&mut self, index: usize) -> Result<(), Trouble> {
        let now_secs = self.link.now_secs();
        let again_secs = SCRAPE_AGAIN_SECS * self.link.pace.scale;
        let watched = &self.watched[index];
        if watched.scrape_asked_secs.is_some_and(|asked| now_secs - asked < again_secs) {
            return Ok(());
        }
        let told = self.ask(QUERY, &[("query", &watched.scope.scrapes())])?;
        let watched = &mut self.watched[index];
        // Where nothing is known yet the next answer may tell.
        let scrape_secs = promql_answer::scrape_secs(&told.rows);
        watched.scrape_asked_secs = scrape_secs.map(|_| now_secs);
        watched.scrape_secs = scrape_secs.unwrap_or(watched.scrape_secs);
        Ok(())
    }

    /// Several questions, answered as one: by the clock of the first.
    fn ask_all(&mut self, path: &str, questions: &[String], more: &[(&str, &str)]) -> Result<ServerTold, Trouble> {
        let mut all: Option<ServerTold> = None;
        for question in questions {
            let form: Vec<(&str, &str)> =
                [("query", question.as_str())].into_iter().chain(more.iter().copied()).collect();
            let told = self.ask(path, &form)?;
            match &mut all {
                Some(all) => all.rows.extend(told.rows),
                None => all = Some(told),
            }
        }
        Ok(all.unwrap_or(ServerTold { rows: Vec::new(), at_secs: self.link.now_secs() }))
    }

    fn ask(&mut self, path: &str, form: &[(&str, &str)]) -> Result<ServerTold, Trouble> {
        let link = self.link.clone();
        let answered = self.asker.fetch_api(path, form, self.tenant.as_deref(), &|| link.now_secs());
        let (received, body) = answered?;
        let rows = promql_answer::rows(&body).map_err(trouble_of)?;
        Ok(ServerTold { rows, at_secs: received.at_secs })
    }

    /// The server answers, and has no series of the target: which jobs it has says what to write instead.
    fn nothing_known(&mut self, index: usize) -> Trouble {
        let question = self.watched[index].scope.jobs();
        let jobs = self.ask(QUERY, &[("query", &question)]).map(|told| told.rows).unwrap_or_default();
        let jobs: Vec<&str> = jobs.iter().filter_map(|row| row.labels.get("job")).map(String::as_str).collect();
        if jobs.is_empty() {
            return Trouble::new(
                FaultCode::NothingKnown,
                "knows nothing of this target, nor of any other of its kind",
                "Does it scrape this lab: /minio/v2/metrics/cluster, /minio/v2/metrics/bucket for buckets, the exporters?",
            );
        }
        let cause = format!("knows nothing of this target, but of others of its kind, by job {}", jobs.join(", "));
        let remedy = "Give job: \"…\" in prometheus, or instances: [\"host:port\"] as that server calls them.";
        Trouble::new(FaultCode::NothingKnown, &cause, remedy)
    }

    fn send_report(&mut self, index: usize, report: Report) {
        let watched = &mut self.watched[index];
        watched.fault = None;
        let (target, at_secs) = (watched.target.name.clone(), self.link.now_secs());
        self.send(index, SourceEvent::Scraped { target, at_secs, report });
    }

    fn send_fault(&mut self, index: usize, trouble: &Trouble) {
        let (target, at_secs) = (self.watched[index].target.name.clone(), self.link.now_secs());
        // What it does not know is the target's matter; all else is the server's own, and one fault for all of its targets.
        let whose = if trouble.code == FaultCode::NothingKnown { &*target } else { OWN_NAME };
        let known = self.watched.iter().filter_map(|watched| watched.fault.as_ref());
        let same = known.filter(|fault| fault.target == whose && fault.code == trouble.code);
        let since_secs = same.map(|fault| fault.since_secs).fold(at_secs, f64::min);
        let fault = trouble.clone().fault_at(whose, &self.host, PAGE, since_secs);
        self.watched[index].fault = Some(fault.clone());
        self.send(index, SourceEvent::Failed { target, at_secs, fault });
    }

    fn send(&self, index: usize, news: SourceEvent) {
        if let Some(lab) = self.lab.as_ref().filter(|_| self.watched[index].only_here) {
            lab.send_news(news.clone());
        }
        self.link.send_news(news);
    }

    /// Tells what was before the talk. False when the server did not answer that.
    fn tell_past(&mut self) -> bool {
        // The server's own clock: the past must join the present, whatever ours says.
        let Ok(now) = self.ask(QUERY, &[("query", "vector(0)")]) else { return false };
        let Some(now_unix_secs) = now.unix_secs() else { return false };
        let slowest = self.watched.iter().map(|watched| watched.scrape_secs).fold(1.0, f64::max);
        let step_secs = slowest.max(PAST_SECS / MOST_POINTS).ceil();
        let end = (now_unix_secs / step_secs).floor() * step_secs;
        let [start, end, step] = [end - PAST_SECS, end, step_secs].map(|secs| secs.to_string());
        let span = [("start", start.as_str()), ("end", &end), ("step", &step)];
        let mut past = ServerPast { ahead_millis: millis(now_unix_secs - now.at_secs), values: BTreeMap::new() };
        for index in 0..self.watched.len() {
            let watched = &self.watched[index];
            let signals: Vec<Signal> = watched.signals.iter().copied().filter(|signal| is_of_past(*signal)).collect();
            let questions = watched.scope.questions(&signals, watched.scrape_secs);
            let Ok(told) = self.ask_all(QUERY_RANGE, &questions, &span) else { return false };
            past.add(&told, &signals);
        }
        self.tell_past_events(&past.events());
        for (signal, points) in past.points(step_secs) {
            let news = SourceEvent::Backfilled { signal, points };
            if let Some(lab) = &self.lab {
                lab.send_news(news.clone());
            }
            self.link.send_news(news);
        }
        true
    }

    /// Tells what happened before each source was there to find it itself.
    fn tell_past_events(&self, events: &[TierEvent]) {
        let before = |secs: f64| {
            let events: Vec<TierEvent> = events.iter().filter(|event| event.at_secs < secs).cloned().collect();
            (!events.is_empty()).then(|| SourceEvent::Recalled { events, bursts: Bursts::default() })
        };
        if let Some((lab, news)) = self.lab.as_ref().zip(before(self.began_secs)) {
            lab.send_news(news);
        }
        if let Some(news) = before(self.first_told_secs.unwrap_or(self.began_secs)) {
            self.link.send_news(news);
        }
    }
}

/// Whether a signal's past is asked for: what charts show, and what tells of what happened.
fn is_of_past(signal: Signal) -> bool {
    let counted_against = [Quantity::NodesTotal, Quantity::DrivesTotal, Quantity::TransitionsRunning];
    let tells_events = counted_against.contains(&signal.quantity) || signal.quantity == Quantity::UptimeSecs;
    signal.quantity.keeps_history() || tells_events
}

impl Watched {
    fn deployment(one: &Deployment, job: Option<&str>, is_told_by_job: bool) -> Self {
        let named =
            if is_told_by_job && one.instances.is_empty() { Vec::new() } else { names_of(&one.instances, &one.urls) };
        let scope = QueryScope::new(target::kind_of(one), job, &named);
        let subjects = one.serves.tiers().into_iter().map(Subject::Tier).collect();
        Self::new(&one.name, subjects, scope, one.urls.is_empty())
    }

    /// An exporter has a job of its own, so only its instances tell.
    fn exporter(one: &Exporter) -> Self {
        let kind = target::kind_of_exporter(one);
        let scope = QueryScope::new(kind, None, &names_of(&one.instances, &one.urls));
        Self::new(&one.name, vec![one.kind.subject()], scope, one.urls.is_empty())
    }

    fn new(name: &str, subjects: Vec<Subject>, scope: QueryScope, only_here: bool) -> Self {
        let interval_secs = 1.5 * USUAL_SCRAPE_SECS;
        let target = Target { name: name.into(), subjects, interval_secs, unverified: false };
        let (signals, scrape_secs) = (scope.signals(), USUAL_SCRAPE_SECS);
        Self {
            target,
            scope,
            signals,
            scrape_secs,
            scrape_asked_secs: None,
            only_here,
            fault: None,
            newest_unix_secs: None,
            queried_secs: None,
        }
    }

    /// What moved since the report before, from sample to sample; none where the server does not tell, or where a sample
    /// was missed.
    fn moved(&mut self, told: &ServerTold, last_good_secs: f64) -> Option<Vec<Moved>> {
        let (_, newest_unix_secs) = *told.row(NEWEST)?.points.last()?;
        let step_secs = newest_unix_secs - self.newest_unix_secs.replace(newest_unix_secs)?;
        let step = |signal: &Signal| {
            let (_, per_sec) = *told.row(&format!("{STEP}{signal}"))?.points.last()?;
            let (from_secs, to_secs) = (last_good_secs - step_secs, last_good_secs);
            Some(Moved { signal: *signal, from_secs, to_secs, bytes: per_sec * step_secs, is_timed: false })
        };
        let steps: Vec<Moved> = self.signals.iter().filter_map(step).collect();
        if steps.is_empty() || step_secs > MOST_STEP_SCRAPES * self.scrape_secs {
            return None;
        }
        Some(steps.into_iter().filter(|moved| step_secs > 0.0 && moved.bytes > 0.0).collect())
    }

    /// What the answer says; none where it knows no sample of the target.
    fn report(&self, told: &ServerTold) -> Option<Report> {
        let newest = told.row(NEWEST)?;
        let (server_unix_secs, newest_unix_secs) = *newest.points.last()?;
        let last_good_secs = told.at_secs - (server_unix_secs - newest_unix_secs).max(0.0);
        let interval_secs = 1.5 * self.scrape_secs;
        let reading = |signal: &Signal| {
            let value = told.row(&signal.to_string()).and_then(|row| row.points.last()).map(|(_, value)| *value);
            let value = value.or(is_zero_where_absent(*signal).then_some(0.0))?;
            Some((*signal, Reading { value, at_secs: last_good_secs, lag_secs: interval_secs }))
        };
        let readings: Readings = self.signals.iter().filter_map(reading).collect();
        let samples = told.rows.len() as u64;
        Some(Report { readings, moved: None, last_good_secs, interval_secs, samples, faults: Vec::new() })
    }
}

impl ServerTold {
    fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.labels.get(SIGNAL_LABEL).is_some_and(|label| label == name))
    }

    /// The server's clock, as its answer says.
    fn unix_secs(&self) -> Option<f64> {
        self.rows.first()?.points.last().map(|(unix_secs, _)| *unix_secs)
    }
}

/// The past of signals, by the server's time steps: what each target told at each.
struct ServerPast {
    /// Unix time less ours.
    ahead_millis: i64,
    /// By signal and by the step's time on our clock, in milliseconds.
    values: BTreeMap<Signal, BTreeMap<i64, Vec<f64>>>,
}

impl ServerPast {
    fn add(&mut self, told: &ServerTold, signals: &[Signal]) {
        let known = told.row(NEWEST).map(|row| row.points.as_slice()).unwrap_or_default();
        for signal in signals {
            let row = told.row(&signal.to_string());
            let values: BTreeMap<i64, f64> =
                row.iter().flat_map(|row| &row.points).map(|(unix_secs, value)| (millis(*unix_secs), *value)).collect();
            let steps = self.values.entry(*signal).or_default();
            for (unix_secs, _) in known {
                let at_millis = millis(*unix_secs);
                let value = values.get(&at_millis).copied().or(is_zero_where_absent(*signal).then_some(0.0));
                if let Some(value) = value {
                    steps.entry(at_millis - self.ahead_millis).or_default().push(value);
                }
            }
        }
    }

    /// What happened to the tiers, as it would have been found step by step.
    fn events(&self) -> Vec<TierEvent> {
        let steps: BTreeSet<i64> = self.values.values().flat_map(BTreeMap::keys).copied().collect();
        let mut events = Events::default();
        for at_millis in steps {
            let at_secs = at_millis as f64 / 1000.0;
            let reading = |(signal, steps): (&Signal, &BTreeMap<i64, Vec<f64>>)| {
                let value = signal.quantity.together().combine(steps.get(&at_millis)?)?;
                Some((*signal, Reading { value, at_secs, lag_secs: 0.0 }))
            };
            let readings: Readings = self.values.iter().filter_map(reading).collect();
            let told: BTreeSet<Tier> = readings.keys().filter_map(|signal| signal.subject.tier()).collect();
            for tier in told {
                events.take_readings(tier, at_secs, &readings, None);
            }
        }
        events.into_all()
    }

    /// The curves, with a gap where a step is missing.
    fn points(self, step_secs: f64) -> Vec<(Signal, Vec<Point>)> {
        let secs = |at_millis: i64| at_millis as f64 / 1000.0;
        let curve = |(signal, steps): (Signal, BTreeMap<i64, Vec<f64>>)| {
            let mut points: Vec<Point> = Vec::new();
            for (at_millis, values) in &steps {
                let at_secs = secs(*at_millis);
                if let Some(last) = points.last().filter(|last| at_secs - last.at_secs > 1.5 * step_secs) {
                    points.push(Point { at_secs: last.at_secs + step_secs, value: None });
                }
                points.push(Point { at_secs, value: signal.quantity.together().combine(values) });
            }
            (signal, points)
        };
        let charted = self.values.into_iter().filter(|(signal, _)| signal.quantity.keeps_history());
        charted.map(curve).filter(|(_, points)| !points.is_empty()).collect()
    }
}

fn millis(secs: f64) -> i64 {
    (secs * 1000.0).round() as i64
}

/// What never happened has no series: of a target that is known, it is zero.
fn is_zero_where_absent(signal: Signal) -> bool {
    let is_minio = !matches!(signal.subject, Subject::Compute | Subject::Tier(Tier::T0));
    let form = signal.quantity.form();
    let is_rate = matches!(form, NumeralForm::BytesPerSec | NumeralForm::RequestsPerSec | NumeralForm::PerSec);
    let is_inflight =
        matches!(signal.quantity, Quantity::RequestsInflight | Quantity::ReadsInflight | Quantity::WritesInflight);
    // Older servers do not count what ILM moved.
    is_minio && (is_rate || is_inflight) && signal.quantity != Quantity::TransitionsPerSec
}

/// As the server calls them: as the lab file says, else as the URLs do. A usual port may be left out there.
fn names_of(instances: &[String], urls: &[Url]) -> Vec<String> {
    if !instances.is_empty() {
        return instances.to_vec();
    }
    let names = |url: &Url| {
        let bare = (url.port == if url.secure { 443 } else { 80 }).then(|| url.host.clone());
        [Some(url.host_and_port()), bare]
    };
    urls.iter().flat_map(names).flatten().collect()
}

fn trouble_of(refused: QueryRefused) -> Trouble {
    match refused {
        QueryRefused::NotTheApi => Trouble::new(
            FaultCode::Unreadable,
            "answers, but not as a Prometheus server does",
            "Is this its URL, with the path before /api/v1 where there is one?",
        ),
        QueryRefused::Error { kind, words } => {
            let words: String = words.chars().filter(|char| !char.is_control()).take(160).collect();
            let cause = format!("refuses the query ({kind}: {words})");
            Trouble::new(FaultCode::ServerError, &cause, "Its own log says more; is it a server with Prometheus' API?")
        }
    }
}
