//! What a Prometheus server knows of a time that is over, as the reports that its targets would have given then.

use std::collections::BTreeMap;
use std::path::Path;

use crate::feeds::link::{Link, Pace};
use crate::lab::Lab;
use crate::live::{Report, Target};
use crate::telemetry::promql_answer::Row;

use super::{QUERY_RANGE, Server, ServerTold, Watched, millis};

/// Steps that are asked for at once: a server answers no more than 11,000 points of a series.
const MOST_STEPS: f64 = 2000.0;
/// Steps of a target in all: a day, every five seconds.
const MOST_REPORTS: usize = 20_000;

/// A span of time, in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct UnixSpan {
    pub(crate) from_unix_secs: f64,
    pub(crate) to_unix_secs: f64,
}

impl UnixSpan {
    /// None of one that does not end after it begins.
    pub(crate) fn new(from_unix_secs: f64, to_unix_secs: f64) -> Option<Self> {
        let is_sound = from_unix_secs >= 0.0 && from_unix_secs < to_unix_secs && to_unix_secs.is_finite();
        is_sound.then_some(Self { from_unix_secs, to_unix_secs })
    }
}

/// What a target would have reported, and when: seconds from the span's beginning.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PastReport {
    pub(crate) target: Target,
    pub(crate) at_secs: f64,
    pub(crate) report: Report,
}

/// Asks a lab's Prometheus server for all that its targets did in a span of time, target by target. `now` is a clock in
/// seconds; `folder` is the lab file's. Err: why it could not be had, in a sentence.
pub(crate) fn ask_past(
    lab: &Lab,
    folder: &Path,
    span: UnixSpan,
    now: impl Fn() -> f64 + Send + Sync + 'static,
) -> Result<(Vec<Target>, Vec<PastReport>), String> {
    let prometheus = lab.prometheus.as_ref().ok_or("the lab names no Prometheus server")?;
    let link = Link::new(|_news| (), || (), now).at_pace(Pace::patient());
    let mut server = Server::new(lab, prometheus, folder, link, None);
    let mut reports = Vec::new();
    for index in 0..server.watched.len() {
        server.ask_past_of(index, span, &mut reports)?;
    }
    Ok((server.targets(), reports))
}

impl Server {
    fn ask_past_of(&mut self, index: usize, span: UnixSpan, reports: &mut Vec<PastReport>) -> Result<(), String> {
        let name = self.watched[index].target.name.clone();
        let in_words = |trouble: super::Trouble| format!("{name}: the server {}. {}", trouble.cause, trouble.remedy);
        // How often it scrapes now is the best guess of how often it did.
        self.ask_scrapes(index).map_err(in_words)?;
        let watched = &self.watched[index];
        let secs = span.to_unix_secs - span.from_unix_secs;
        let step_secs = watched.scrape_secs.max(secs / MOST_REPORTS as f64).max(1.0).ceil();
        let questions = watched.scope.questions(&watched.signals, watched.scrape_secs);
        let mut from = span.from_unix_secs;
        while from <= span.to_unix_secs {
            let last = (from + (MOST_STEPS - 1.0) * step_secs).min(span.to_unix_secs);
            let [start, end, step] = [from, last, step_secs].map(|secs| secs.to_string());
            let told = self.ask_all(QUERY_RANGE, &questions, &[("start", &start), ("end", &end), ("step", &step)]);
            reports.extend(self.watched[index].past_reports(told.map_err(in_words)?.rows, span, step_secs));
            from = last + step_secs;
        }
        Ok(())
    }
}

impl Watched {
    /// The report of each step at which the target was known.
    fn past_reports(&self, rows: Vec<Row>, span: UnixSpan, step_secs: f64) -> Vec<PastReport> {
        let mut steps: BTreeMap<i64, Vec<Row>> = BTreeMap::new();
        for Row { labels, points } in rows {
            for (unix_secs, value) in points {
                let row = Row { labels: labels.clone(), points: vec![(unix_secs, value)] };
                steps.entry(millis(unix_secs)).or_default().push(row);
            }
        }
        let report = |(at_millis, rows): (i64, Vec<Row>)| {
            let at_secs = at_millis as f64 / 1000.0 - span.from_unix_secs;
            let report = self.report(&ServerTold { rows, at_secs })?;
            let interval_secs = report.interval_secs.max(1.5 * step_secs);
            Some(PastReport { target: self.target.clone(), at_secs, report: Report { interval_secs, ..report } })
        };
        steps.into_iter().filter_map(report).collect()
    }
}
