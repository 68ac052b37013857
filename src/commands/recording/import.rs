//! `recording import`: a captured lab becomes a recording, by the same fold that live polling has.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::commands::capture::{self, CapturedScrape};
use crate::commands::fold::{PacedFold, answered_text, polled_endpoint};
use crate::commands::recording::args::PastArgs;
use crate::commands::recording::files;
use crate::live::{Announcement, Fault, FaultCode, Report, SourceEvent, SourceKind, Target};
use crate::presentation::event::{Event, Timed};
use crate::recording::{Effort, Header, Recorded, Writer, date_and_time};
use crate::signal::{Subject, Tier};
use crate::telemetry::Endpoint;

/// Of a capture that does not say when it was taken, scrapes of the first seconds tell when the servers were started, which is
/// when it began or before.
const FIRST_SECS: f64 = 10.0;

/// Make a recording of a captured lab, or of what a Prometheus server knows of a time that is over.
///
/// Example: tierlight recording import captures/story --out story.tlr
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// A folder with `scrapes.jsonl`, plain or as `.zst`.
    #[arg(required_unless_present = "prometheus")]
    pub(crate) capture: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) past: PastArgs,
    /// The recording.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Which tier a deployment is, where its name does not say: lake=T2; of a Prometheus server's nodes, minio?:9000=T2. May
    /// be given again.
    #[arg(long = "tier", value_name = "NAME=TIER")]
    pub(crate) tiers: Vec<String>,
    /// Names of hosts stay in it.
    #[arg(long)]
    pub(crate) keep_names: bool,
}

/// Runs `recording import` of a capture.
pub(super) fn import(capture: &Path, args: &ImportArgs) -> Result<u8, String> {
    let tiers = args.tiers.iter().map(|word| tier_of_word(word)).collect::<Result<_, _>>()?;
    let mut import =
        Import { tiers, targets: BTreeMap::new(), events: Vec::new(), began_unix_secs: None, started_unix_secs: None };
    let mut refused = None;
    let wanted = |path: &str| polled_endpoint(path).is_some();
    capture::each_scrape(capture, wanted, |row| {
        if refused.is_none() {
            refused = import.add_scrape(row).err();
        }
    })?;
    if let Some(words) = refused {
        return Err(format!("{}: {words}", capture.display()));
    }
    if import.targets.is_empty() {
        return Err(format!("{}: no scrape of a page that is polled", capture.display()));
    }
    let began_unix_secs = match import.began_unix_secs.or(import.started_unix_secs) {
        Some(secs) => secs,
        None => files::modified_unix_secs(capture)?,
    };
    let bytes = import.written(began_unix_secs, !args.keep_names).map_err(|error| error.to_string())?;
    files::write(&args.out, &bytes)?;
    Ok(0)
}

pub(super) fn tier_of_word(word: &str) -> Result<(String, Tier), String> {
    let parts = word.split_once('=').and_then(|(name, tier)| Some((name.to_owned(), Tier::from_id(tier)?)));
    parts.ok_or_else(|| format!("--tier {word}: it is a deployment's name and its tier, such as lake=T2"))
}

/// A capture on its way.
struct Import {
    /// Of deployments whose names do not say it.
    tiers: BTreeMap<String, Tier>,
    targets: BTreeMap<String, ImportedTarget>,
    events: Vec<Timed>,
    /// When the capture began, where it says so.
    began_unix_secs: Option<u64>,
    /// When the last of its servers was started.
    started_unix_secs: Option<u64>,
}

struct ImportedTarget {
    name: Arc<str>,
    tier: Tier,
    fold: PacedFold,
    /// By node and page.
    faults: BTreeMap<(String, Endpoint), Fault>,
    last_secs: f64,
    /// Between two answers.
    interval_secs: f64,
}

impl Import {
    fn add_scrape(&mut self, row: &CapturedScrape) -> Result<(), String> {
        let Some(endpoint) = polled_endpoint(&row.path) else { return Ok(()) };
        if row.at < FIRST_SECS {
            let started = row.process_start_unix_secs().map(|secs| secs.max(0.0) as u64);
            self.started_unix_secs = self.started_unix_secs.max(started);
        }
        let began = row.unix.map(|unix| unix.saturating_sub(row.at.max(0.0) as u64));
        self.began_unix_secs = self.began_unix_secs.or(began);
        if !self.targets.contains_key(&row.dep) {
            let target = ImportedTarget::new(&row.dep, self.tier_of(&row.dep)?);
            self.targets.insert(row.dep.clone(), target);
        }
        if let Some(target) = self.targets.get_mut(&row.dep) {
            self.events.extend(target.add_scrape(row, endpoint));
        }
        Ok(())
    }

    fn tier_of(&self, deployment: &str) -> Result<Tier, String> {
        // Of several deployments of a tier, `capture` numbers all but the first: warm, warm-2.
        let is_number = |rest: &str| rest.strip_prefix('-').is_some_and(|number| number.parse::<u32>().is_ok());
        let is_called =
            |tier: &Tier| deployment.strip_prefix(tier.word()).is_some_and(|rest| rest.is_empty() || is_number(rest));
        let by_name = Tier::ALL.into_iter().find(is_called);
        let tier = self.tiers.get(deployment).copied().or(by_name);
        tier.ok_or_else(|| format!("which tier is \"{deployment}\"? Say it: --tier {deployment}=T2"))
    }

    /// How often each target was asked is known when all of it is read: by that it is judged whether one is late.
    fn tell_pace(&mut self) {
        for target in self.targets.values_mut() {
            let reports = self.events.iter_mut().filter_map(|timed| match &mut timed.event {
                Event::Source { news, .. } => news.iter_mut().find_map(|news| match news {
                    SourceEvent::Scraped { target: name, report, .. } if *name == target.name => Some(report),
                    _ => None,
                }),
                _ => None,
            });
            let reports: Vec<&mut Report> = reports.collect();
            let good_secs: Vec<f64> = reports.iter().map(|report| report.last_good_secs).collect();
            target.interval_secs = pace_secs(&good_secs);
            for report in reports {
                report.interval_secs = target.interval_secs;
            }
        }
    }

    /// All of it as a recording.
    fn written(mut self, began_unix_secs: u64, is_redacted: bool) -> std::io::Result<Vec<u8>> {
        self.events.extend(self.targets.values_mut().filter_map(|target| target.report(target.last_secs)));
        self.events.sort_by(|one, other| one.at.total_cmp(&other.at));
        self.tell_pace();
        let header = Header {
            app: env!("CARGO_PKG_VERSION").to_owned(),
            began: date_and_time(began_unix_secs),
            what: Recorded::Lab,
            is_redacted,
        };
        let mut writer = Writer::new(&header, None, Effort::Great)?;
        let targets = self.targets.values().map(ImportedTarget::announced).collect();
        let announced = Announcement { kind: SourceKind::Lab, origin: "captured lab".into(), lapse: 1, targets };
        writer.add_event(&source_event(0.0, SourceEvent::Announced(announced)))?;
        self.events.iter().try_for_each(|timed| writer.add_event(timed))?;
        let mut bytes = writer.drain();
        bytes.extend(writer.finish()?);
        Ok(bytes)
    }
}

/// Of the times between two answers of a target, so many are no longer than its pace: the rest are outages.
const USUAL_SHARE: f64 = 0.95;

/// Seconds between two answers of a target, as it usually was; at least as long as a lab is asked live.
fn pace_secs(good_secs: &[f64]) -> f64 {
    let mut gaps: Vec<f64> = good_secs.windows(2).map(|two| two[1] - two[0]).filter(|gap| *gap > 0.0).collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps.get((gaps.len() as f64 * USUAL_SHARE) as usize).or(gaps.last());
    usual.copied().unwrap_or_default().max(Endpoint::V3Requests.interval_secs())
}

fn source_event(at: f64, news: SourceEvent) -> Timed {
    Timed { at, event: Event::Source { source: SourceKind::Lab.only_id(), news: vec![news] } }
}

impl ImportedTarget {
    fn new(name: &str, tier: Tier) -> Self {
        let (fold, interval_secs) = (PacedFold::new(tier), Endpoint::V3Requests.interval_secs());
        Self { name: name.into(), tier, fold, faults: BTreeMap::new(), last_secs: 0.0, interval_secs }
    }

    fn announced(&self) -> Target {
        let (name, subjects) = (Arc::clone(&self.name), vec![Subject::Tier(self.tier)]);
        Target { name, subjects, interval_secs: self.interval_secs, unverified: false }
    }

    /// Takes a scrape; what was known when a round ended before it.
    fn add_scrape(&mut self, row: &CapturedScrape, endpoint: Endpoint) -> Option<Timed> {
        let ended = self.fold.end_round_before(&endpoint, row).and_then(|ended_secs| self.report(ended_secs));
        self.last_secs = self.last_secs.max(row.at);
        if let Some(text) = answered_text(row, &endpoint) {
            let collected = self.fold.collect(&row.node, &endpoint, text);
            self.fold.take(row, &endpoint, &collected);
            self.faults.remove(&(row.node.clone(), endpoint));
        } else {
            self.fold.note_failure(row, &endpoint);
            self.note_fault(row, endpoint);
        }
        ended
    }

    fn note_fault(&mut self, row: &CapturedScrape, endpoint: Endpoint) {
        let page = endpoint.page_name().to_owned();
        let (code, cause, remedy) = match row.status {
            Some(status) => (
                FaultCode::OtherStatus,
                format!("answers with status {status} instead of metrics"),
                "The server's own log says why.",
            ),
            None => {
                (FaultCode::Refused, "refuses the connection".to_owned(), "Is it running there, and is the port right?")
            }
        };
        let (target, node, remedy) = (row.dep.clone(), row.node.clone(), remedy.to_owned());
        let fault = Fault { target, node, page, since_secs: row.at, code, cause, remedy };
        let known = self.faults.entry((row.node.clone(), endpoint)).or_insert_with(|| fault.clone());
        if known.code != fault.code {
            *known = fault;
        }
    }

    fn report(&mut self, at_secs: f64) -> Option<Timed> {
        let last_good_secs = self.fold.last_good_secs()?;
        let (readings, moved) = self.fold.report(at_secs);
        let report = Report {
            readings,
            moved,
            last_good_secs,
            interval_secs: self.interval_secs,
            samples: self.fold.drain_samples(),
            faults: self.faults.values().cloned().collect(),
        };
        Some(source_event(at_secs, SourceEvent::Scraped { target: Arc::clone(&self.name), at_secs, report }))
    }
}

/// Whether a folder is a capture, so that a hint can be given.
pub(super) fn is_capture(path: &Path) -> bool {
    path.is_dir() && (path.join("scrapes.jsonl").exists() || path.join("scrapes.jsonl.zst").exists())
}
