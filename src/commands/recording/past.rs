//! `recording import --prometheus`: a time that is over becomes a recording, as far as a Prometheus server knows it.

use std::path::PathBuf;

use crate::clock::Clock;
use crate::commands::recording::args::PastArgs;
use crate::commands::recording::files;
use crate::commands::recording::import::{ImportArgs, tier_of_word};
use crate::feeds::{self, PastReport, UnixSpan};
use crate::lab::{Access, Auth, Deployment, Exporter, ExporterKind, Lab, Prometheus, Serves, Url};
use crate::live::{Announcement, SourceEvent, SourceKind};
use crate::presentation::event::{Event, Timed};
use crate::recording::{Effort, Header, Recorded, Writer, date_and_time};
use crate::setup::{Common, Failure, Outcome};
use crate::signal::Tier;

/// Runs `recording import --prometheus`. 1: the server knows nothing of that time.
pub(crate) fn import(url: &str, args: &ImportArgs, common: &Common) -> Outcome {
    let span = span_of(&args.past)?;
    let url = Url::parse(url).map_err(|words| format!("--prometheus: {words}"))?;
    let (lab, folder) =
        if common.lab.is_some() { lab_of_file(url, common)? } else { (lab_of_tiers(url, args)?, PathBuf::new()) };
    let clock = Clock::start_at(0.0);
    let (targets, mut reports) =
        feeds::ask_past(&lab, &folder, span, move || clock.now_secs()).map_err(|words| Failure { code: 1, words })?;
    if reports.is_empty() {
        let words = "the server knows nothing of these targets at that time".to_owned();
        return Err(Failure { code: 1, words });
    }
    // An exporter that was guessed and is not there is no target.
    let is_told = |name: &str| reports.iter().any(|past| &*past.target.name == name);
    let targets = targets.into_iter().filter(|target| common.lab.is_some() || is_told(&target.name)).collect();
    reports.sort_by(|one, other| one.at_secs.total_cmp(&other.at_secs));
    let announced = Announcement { kind: SourceKind::Prometheus, origin: "lab".into(), lapse: 1, targets };
    let bytes = written(announced, reports, span, !args.keep_names)?;
    files::write(&args.out, &bytes)?;
    Ok(0)
}

fn span_of(args: &PastArgs) -> Result<UnixSpan, String> {
    let [from, to] = [("--from", &args.from), ("--to", &args.to)].map(|(flag, word)| {
        let word = word.as_deref().unwrap_or_default();
        let by_date = || word.parse::<jiff::Timestamp>().ok().map(|at| at.as_second() as f64);
        let secs = word.parse::<f64>().ok().filter(|secs| secs.is_finite()).or_else(by_date);
        secs.ok_or_else(|| format!("{flag} {word}: it is a time such as 2026-11-28T14:00:00Z, or Unix seconds"))
    });
    UnixSpan::new(from?.floor(), to?.floor()).ok_or_else(|| "--from lies before --to".to_owned())
}

/// The lab of a file, with this server in place of its own; the same server is opened as the file says.
fn lab_of_file(url: Url, common: &Common) -> Result<(Lab, PathBuf), Failure> {
    let (mut lab, folder) = common.lab()?;
    let known = lab.prometheus.take();
    lab.prometheus = Some(match known {
        Some(known) if known.url.same_door(&url) => Prometheus { url, ..known },
        Some(Prometheus { job, .. }) => Prometheus { job, ..open_server(url) },
        None => open_server(url),
    });
    Ok((lab, folder))
}

/// A lab of which only is known what its server calls the nodes of each tier, and all exporters that it has.
fn lab_of_tiers(url: Url, args: &ImportArgs) -> Result<Lab, String> {
    let mut deployments: Vec<Deployment> = Vec::new();
    for word in &args.tiers {
        let (instance, tier) = tier_of_word(word)?;
        match deployments.iter_mut().find(|known| known.serves == Serves::Tier(tier)) {
            Some(known) => known.instances.push(instance),
            None => deployments.push(deployment(tier, instance)),
        }
    }
    if deployments.is_empty() {
        return Err("which node is which tier? --lab FILE says it, or --tier \"minio?:9000=T2\"".to_owned());
    }
    let exporters = [("node_exporter", ExporterKind::Node), ("dcgm", ExporterKind::Dcgm)];
    Ok(Lab {
        name: "lab".to_owned(),
        deployments,
        exporters: exporters.map(|(name, kind)| exporter(name, kind)).into(),
        prometheus: Some(open_server(url)),
        show_names: false,
        warnings: Vec::new(),
    })
}

fn open_server(url: Url) -> Prometheus {
    Prometheus { url, job: None, tenant: None, auth: Auth::Public, access: Access::default() }
}

fn deployment(tier: Tier, instance: String) -> Deployment {
    let (name, serves, instances) = (tier.word().to_owned(), Serves::Tier(tier), vec![instance]);
    Deployment { name, serves, urls: Vec::new(), instances, auth: Auth::Public, access: Access::default() }
}

fn exporter(name: &str, kind: ExporterKind) -> Exporter {
    let (urls, instances, devices) = (Vec::new(), Vec::new(), Vec::new());
    Exporter { name: name.to_owned(), kind, urls, instances, devices, auth: Auth::Public, access: Access::default() }
}

fn written(
    announced: Announcement,
    reports: Vec<PastReport>,
    span: UnixSpan,
    is_redacted: bool,
) -> std::io::Result<Vec<u8>> {
    let header = Header {
        app: env!("CARGO_PKG_VERSION").to_owned(),
        began: date_and_time(span.from_unix_secs as u64),
        what: Recorded::Lab,
        is_redacted,
    };
    let mut writer = Writer::new(&header, None, Effort::Great)?;
    let event = |at: f64, news| Timed {
        at,
        event: Event::Source { source: SourceKind::Prometheus.only_id(), news: vec![news] },
    };
    writer.add_event(&event(0.0, SourceEvent::Announced(announced)))?;
    for PastReport { target, at_secs, report } in reports {
        writer.add_event(&event(at_secs, SourceEvent::Scraped { target: target.name, at_secs, report }))?;
    }
    let mut bytes = writer.drain();
    bytes.extend(writer.finish()?);
    Ok(bytes)
}
