//! What a look found, in words, as JSON, and as comments of a lab file.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::feeds::{NodeLook, TargetTold};
use crate::lab::ExporterKind;
use crate::live::Fault;
use crate::signal::{Quantity, Signal, Subject, Tier};
use crate::telemetry::drives::T0Choice;

use super::survey::{FoundDeployment, reading_value, t0_of};

/// What is asked about, with what its URLs answered.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// As in the lab file; a host where it is none yet.
    pub(super) name: String,
    pub(super) kind: UrlKind,
    pub(super) serves: Vec<Subject>,
    pub(super) verified: bool,
    pub(super) looks: Vec<NodeLook>,
    /// The URL and fault of what could not be had at all.
    pub(super) failed: Option<(String, Fault)>,
    /// How its tier was come by, where it was not told.
    pub(super) guessed_by: Option<String>,
    /// What is missing, and what that costs on stage; other things to know.
    pub(super) notes: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum UrlKind {
    Minio,
    Node,
    Dcgm,
    Prometheus,
    #[default]
    Unknown,
}

impl UrlKind {
    pub(super) fn of_exporter(kind: ExporterKind) -> Self {
        match kind {
            ExporterKind::Node => Self::Node,
            ExporterKind::Dcgm => Self::Dcgm,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Minio => "minio",
            Self::Node => "node",
            Self::Dcgm => "dcgm",
            Self::Prometheus => "prometheus",
            Self::Unknown => "unknown",
        }
    }
}

impl Looked {
    pub(super) fn is_good(&self) -> bool {
        self.failed.is_none() && self.looks.iter().all(NodeLook::is_good)
    }

    fn faults(&self) -> impl Iterator<Item = (String, &Fault)> {
        let of_looks = self.looks.iter().filter_map(|look| Some((look.url.without_query(), look.fault.as_ref()?)));
        self.failed.iter().map(|(url, fault)| (url.clone(), fault)).chain(of_looks)
    }
}

/// `"http://10.0.0.11:9000 refuses the connection. Is it running there, and is the port right?"`
pub(super) fn fault_words(url: &str, fault: &Fault) -> String {
    format!("{url} {}. {}", fault.cause, fault.remedy)
}

/// The sentences of all that could not be had.
pub(super) fn all_faults(targets: &[Looked]) -> Vec<String> {
    targets.iter().flat_map(Looked::faults).map(|(url, fault)| fault_words(&url, fault)).collect()
}

pub(super) fn targets_words(targets: &[Looked]) -> String {
    let mut text = String::new();
    for target in targets {
        if !text.is_empty() {
            text.push('\n');
        }
        push_words(&mut text, target);
    }
    text
}

fn push_words(text: &mut String, target: &Looked) {
    let mut line = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _written = writeln!(text, "{name:<10} {value}");
    };
    line(&target.name, &what_words(target));
    for answers in answers_words(target) {
        line("answers", &answers);
    }
    for (url, fault) in target.faults() {
        line("fault", &fault_words(&url, fault));
    }
    for (name, value) in figures(target) {
        line(name, &value);
    }
    for note in &target.notes {
        line("note", note);
    }
}

/// `"T2 warm, guessed by its bucket lake"`
fn what_words(target: &Looked) -> String {
    let serves: Vec<_> = target.serves.iter().map(|subject| subject_words(*subject)).collect();
    let serves = match target.kind {
        UrlKind::Prometheus => "a Prometheus server".to_owned(),
        _ if serves.is_empty() => "no metrics".to_owned(),
        _ => serves.join(", "),
    };
    match &target.guessed_by {
        Some(by) => format!("{serves}, guessed by {by}"),
        None => serves,
    }
}

pub(super) fn subject_words(subject: Subject) -> String {
    match subject {
        Subject::Tier(tier) => format!("{} {}", tier.id(), tier.word()),
        Subject::Compute => "the GPUs".to_owned(),
    }
}

/// The figures of the whole target, from the node that tells most of them.
fn figures(target: &Looked) -> Vec<(&'static str, String)> {
    let good = || target.looks.iter().filter(|look| look.is_good());
    let Some(best) = good().find(|look| look.v2).or_else(|| good().next()) else { return Vec::new() };
    let is_minio = target.kind == UrlKind::Minio;
    let sum = |quantity| {
        let mut values = good().filter_map(|look| reading_value(look, quantity));
        if is_minio { reading_value(best, quantity) } else { values.next().map(|first| first + values.sum::<f64>()) }
    };
    let count = |online, total| match (sum(online), sum(total)) {
        (Some(online), Some(total)) => Some(format!("{online} of {total} online")),
        _ => None,
    };
    let devices = || {
        let drives: Vec<_> = good().flat_map(|look| t0_of(look).devices).collect();
        (target.kind == UrlKind::Node && !drives.is_empty()).then(|| drives.join(", "))
    };
    let buckets = good().map(|look| &look.buckets).find(|buckets| !buckets.is_empty());
    let found = [
        ("nodes", count(Quantity::NodesOnline, Quantity::NodesTotal)),
        ("drives", count(Quantity::DrivesOnline, Quantity::DrivesTotal).or_else(devices)),
        ("capacity", sum(Quantity::CapacityBytes).map(bytes_words)),
        ("used", sum(Quantity::UsedBytes).map(bytes_words)),
        ("GPUs", sum(Quantity::Gpus).map(|gpus| gpus.to_string())),
        ("buckets", buckets.map(|buckets| buckets.join(", "))),
        ("TLS", (!target.verified).then(|| "certificate not verified".to_owned())),
    ];
    found.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// Which pages answer, with the URLs that do so alike.
fn answers_words(target: &Looked) -> Vec<String> {
    let mut alike: Vec<(String, Vec<String>)> = Vec::new();
    for look in target.looks.iter().filter(|look| look.is_good()) {
        let (pages, url) = (pages_words(target.kind, look), look.url.without_query());
        match alike.iter_mut().find(|(known, _)| *known == pages) {
            Some((_, urls)) => urls.push(url),
            None => alike.push((pages, vec![url])),
        }
    }
    alike.into_iter().map(|(pages, urls)| format!("{pages}: {}", urls.join(", "))).collect()
}

fn pages_words(kind: UrlKind, look: &NodeLook) -> String {
    let pages = match (look.v3, look.v2) {
        (true, true) => "v3 and v2",
        (true, false) => "v3 only",
        (false, true) => "v2 only",
        (false, false) => return format!("metrics of a {} exporter", kind.id()),
    };
    let versions: Vec<_> = look.seen.versions.iter().map(String::as_str).collect();
    let release = if versions.is_empty() { String::new() } else { format!(", MinIO {}", versions.join(" and ")) };
    format!("{pages}{release}")
}

/// What a Prometheus server knows of a target; of one that it alone could tell of, its failure is told with the target.
pub(super) fn told_by_server(target: &TargetTold) -> Option<String> {
    let name = &target.name;
    let serves: Vec<_> = target.subjects.iter().map(|subject| subject_words(*subject)).collect();
    match &target.told {
        Ok(known) => {
            let (signals, age_secs, scrape_secs) = (known.signals, known.age_secs.round(), known.scrape_secs.round());
            let serves = serves.join(", ");
            let by = if target.only_here { ", by this server alone" } else { "" };
            Some(format!(
                "{name} ({serves}): {signals} signals{by}, the newest {age_secs} s old, scraped every {scrape_secs} s"
            ))
        }
        Err(_) if target.only_here => None,
        Err(fault) => Some(format!("{name}: it {}. {} The charts have no past of it.", fault.cause, fault.remedy)),
    }
}

/// What a deployment lacks, and what that costs on stage.
pub(super) fn deployment_notes(found: &FoundDeployment) -> Vec<String> {
    let mut notes: Vec<String> = found.looks.iter().filter_map(missing_page).collect();
    notes.sort();
    notes.dedup();
    if let Some(url) = &found.balancer {
        notes.push(if found.looks.iter().all(|look| look.url != *url) {
            format!("{url} is a balancer before these nodes: each is asked itself, and it is not")
        } else {
            format!(
                "{url} is a balancer: one node a poll is seen, totals come 10 to 25 s late; name every node to see more"
            )
        });
    }
    for (name, why) in &found.unreached {
        notes.push(format!("node {name} {why}: its traffic shows 10 to 25 s late, in v2's total; give its URL too"));
    }
    notes.extend(
        found.repeated.iter().map(|url| format!("{url} leads to a node that is named already, and is left out")),
    );
    if let Some(best) = found.best_look()
        && let (Some(online), Some(total)) =
            (reading_value(best, Quantity::NodesOnline), reading_value(best, Quantity::NodesTotal))
        && online < total
    {
        notes.push(format!(
            "nodes that do not answer and are named nowhere: {} of {total}; probe again once they do",
            total - online
        ));
    }
    notes
}

/// What is wrong with the pages of a node that answers all the same.
pub(super) fn missing_page(look: &NodeLook) -> Option<String> {
    let fault = |v3: bool| look.lesser_faults.iter().find(|fault| fault.page.starts_with(if v3 { "v3" } else { "v2" }));
    match (look.v3, look.v2) {
        (false, true) => Some(match fault(true) {
            Some(fault) if !fault.code.is_about_path() => format!(
                "v3 {}: until it answers, traffic shows 10 to 25 s late, from v2. {}",
                fault.cause, fault.remedy
            ),
            _ => "no v3, as before 2024: traffic shows 10 to 25 s late, and bursts shorter than that as a mean"
                .to_owned(),
        }),
        (true, false) => {
            let why = fault(false).map_or("is missing", |fault| fault.cause.as_str());
            Some(format!("v2 {why}: no objects moved between tiers, no release, no totals of nodes that are not asked"))
        }
        _ => None,
    }
}

/// What is to be known of the drives of a host.
pub(super) fn drive_notes(looks: &[NodeLook], devices: &[String]) -> Vec<String> {
    let patterns: Vec<_> = devices.iter().map(|device| wildmatch::WildMatch::new(device)).collect();
    let mut notes = Vec::new();
    for look in looks {
        let chosen = T0Choice::new(
            &patterns,
            look.seen.devices.iter().map(String::as_str),
            look.seen.file_systems.iter().cloned(),
        );
        let host = look.url.host_and_port();
        let there = t0_of(look).devices.into_iter().collect::<Vec<_>>();
        if chosen.devices.is_empty() && !devices.is_empty() && !there.is_empty() {
            notes.push(format!(
                "{host}: no device fits {}; there are {}: devices: {there:?}",
                devices.join(", "),
                there.join(", ")
            ));
        } else if chosen.is_hidden {
            notes.push(format!(
                "{host}: RAID or volumes hide which drives carry which file system, so capacity is that of {}",
                chosen.file_systems.iter().map(|one| one.mount_point.as_str()).collect::<Vec<_>>().join(", ")
            ));
        }
    }
    notes
}

fn subject_id(subject: Subject) -> &'static str {
    match subject {
        Subject::Tier(tier) => tier.id(),
        Subject::Compute => "compute",
    }
}

fn bytes_words(bytes: f64) -> String {
    let units = [(1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let unit = units.into_iter().find(|(scale, _)| bytes >= *scale);
    unit.map_or_else(|| format!("{bytes} B"), |(scale, unit)| format!("{:.1} {unit}", bytes / scale))
}

pub(super) fn targets_json(targets: &[Looked]) -> Value {
    let reachable = targets.iter().all(Looked::is_good);
    json!({ "schema": 1, "reachable": reachable, "targets": targets.iter().map(target_json).collect::<Vec<_>>() })
}

fn target_json(target: &Looked) -> Value {
    let serves: Vec<_> = target.serves.iter().map(|subject| subject_id(*subject)).collect();
    let tier = target.serves.iter().find_map(|subject| subject.tier()).filter(|_| target.serves.len() == 1);
    let failed = target.failed.iter().map(|(url, fault)| {
        json!({ "url": url, "reachable": false, "v2": false, "v3": false, "signals": {}, "fault": fault_json(url, fault) })
    });
    let nodes: Vec<_> = failed.chain(target.looks.iter().map(|look| look_json(look, tier))).collect();
    let mut found = json!({
        "name": target.name, "kind": target.kind.id(), "serves": serves,
        "certificate_verified": target.verified, "nodes": nodes, "notes": target.notes,
    });
    if let (Some(by), Some(found)) = (&target.guessed_by, found.as_object_mut()) {
        found.insert("guessed_by".to_owned(), json!(by));
    }
    found
}

fn fault_json(url: &str, fault: &Fault) -> Value {
    json!({ "code": fault.code, "sentence": fault_words(url, fault) })
}

/// What is unknown is left out. Where the tier was chosen after the look, the signals are of that one.
fn look_json(look: &NodeLook, tier: Option<Tier>) -> Value {
    let mut found = Map::new();
    found.insert("url".to_owned(), json!(look.url.without_query()));
    found.insert("reachable".to_owned(), json!(look.is_good()));
    found.insert("v2".to_owned(), json!(look.v2));
    found.insert("v3".to_owned(), json!(look.v3));
    if let Some(version) = look.seen.versions.last() {
        found.insert("version".to_owned(), json!(version));
    }
    if let Some(server) = &look.seen.own_server {
        found.insert("server".to_owned(), json!(server));
    }
    if !look.buckets.is_empty() {
        found.insert("buckets".to_owned(), json!(look.buckets));
    }
    if let Some(fault) = &look.fault {
        found.insert("fault".to_owned(), fault_json(&look.url.without_query(), fault));
    }
    let signal_of = |signal: &Signal| match (signal.subject, tier) {
        (Subject::Tier(_), Some(tier)) => Signal::tier(tier, signal.quantity),
        _ => *signal,
    };
    let signals: Map<String, Value> =
        look.readings.iter().map(|(signal, reading)| (signal_of(signal).to_string(), json!(reading.value))).collect();
    found.insert("signals".to_owned(), Value::Object(signals));
    Value::Object(found)
}

/// What a deployment or exporter answered, as comment lines above its entry.
pub(super) fn target_comments(target: &Looked) -> Vec<String> {
    let mut lines = answers_words(target);
    if let (Some(by), Some(subject)) = (&target.guessed_by, target.serves.first()) {
        lines.push(format!("{} is a guess, by {by}: T1 is hot, T2 warm, T3 cold.", subject_id(*subject)));
    }
    for (name, value) in figures(target).into_iter().filter(|(name, _)| *name != "TLS") {
        lines.push(format!("{name}: {value}"));
    }
    lines.extend(target.notes.iter().cloned());
    lines
}
