//! `tierlight probe`: what a lab exposes, and a lab file that reads it.

#![expect(clippy::disallowed_methods, reason = "asks servers, and times them by the machine's clock")]

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::feeds::{self, NodeLook};
use crate::lab::{Access, Auth, Deployment, Exporter, ExporterKind, Lab, SecretPlace, Serves, Url};
use crate::signal::{Quantity, Subject, Tier};

/// Show what a lab exposes: versions, nodes, drives, buckets, and what is wrong.
#[derive(clap::Args, Debug, Default)]
#[command(
    after_help = "Example: tierlight probe http://10.0.0.11:9000 --access metrics --secret-env LAB_SECRET --ron > lab.ron"
)]
pub struct ProbeArgs {
    /// A node of a deployment (`http://host:9000`), or an exporter with its path (`http://host:9400/metrics`)
    #[arg(required_unless_present = "lab", conflicts_with = "lab")]
    pub url: Option<String>,
    /// Look at everything a lab file names
    #[arg(long, value_name = "FILE")]
    pub lab: Option<PathBuf>,
    /// One JSON object instead of words
    #[arg(long, conflicts_with = "ron")]
    pub json: bool,
    /// A ready lab file instead of words
    #[arg(long)]
    pub ron: bool,
    /// How the URL is opened
    #[command(flatten)]
    pub door: DoorArgs,
}

/// How a URL is opened: what a lab file says in `auth` and `tls`.
#[derive(clap::Args, Debug, Default)]
pub struct DoorArgs {
    /// A file with a bearer token
    #[arg(long, value_name = "FILE", group = "auth", requires = "url")]
    pub token_file: Option<PathBuf>,
    /// An environment variable with a bearer token
    #[arg(long, value_name = "NAME", group = "auth", requires = "url")]
    pub token_env: Option<String>,
    /// An access key, with its secret key from --secret-env or --secret-file
    #[arg(long, value_name = "KEY", group = "auth", requires = "secret")]
    pub access: Option<String>,
    /// The environment variable with the secret key
    #[arg(long, value_name = "NAME", group = "secret", requires = "access")]
    pub secret_env: Option<String>,
    /// The file with the secret key
    #[arg(long, value_name = "FILE", group = "secret", requires = "access")]
    pub secret_file: Option<PathBuf>,
    /// A PEM file with the CA to trust
    #[arg(long, value_name = "FILE", requires = "url", conflicts_with = "skip_verification")]
    pub ca: Option<PathBuf>,
    /// Do not look at certificates
    #[arg(long, requires = "url")]
    pub skip_verification: bool,
    /// The tier it is, for --ron
    #[arg(long, value_name = "T1|T2|T3", requires = "url", value_parser = tier_from)]
    pub tier: Option<Tier>,
}

fn tier_from(text: &str) -> Result<Tier, String> {
    Tier::from_id(text).filter(|tier| *tier != Tier::T0).ok_or_else(|| "one of T1, T2, T3".to_owned())
}

/// Asks each URL once and prints what it answered. 0: metrics everywhere; 1: somewhere none. An error is wrong use.
pub fn probe(args: &ProbeArgs, out: &mut dyn Write) -> Result<u8, String> {
    let (lab, folder) = match &args.lab {
        Some(file) => feeds::read_lab_file(file).map_err(|problems| problems.join("\n"))?,
        None => (lab_from_url(args)?, PathBuf::new()),
    };
    let began = Instant::now();
    let targets = look_at(&lab, &folder, &|| began.elapsed().as_secs_f64());
    let good = targets.iter().all(|target| target.looks.iter().all(NodeLook::is_good));
    let text = if args.json {
        format!("{}\n", targets_json(&targets))
    } else if args.ron {
        lab_file_text(&lab, &targets)
    } else {
        targets_words(&targets)
    };
    out.write_all(text.as_bytes()).map_err(|failed| format!("the answer could not be written: {failed}"))?;
    Ok(u8::from(!good))
}

const MINIO: &str = "minio";

/// A deployment or exporter with what its URLs answered.
struct Looked {
    name: String,
    kind: &'static str,
    serves: Vec<Subject>,
    verified: bool,
    looks: Vec<NodeLook>,
}

fn look_at(lab: &Lab, folder: &Path, now: &dyn Fn() -> f64) -> Vec<Looked> {
    let deployments = lab.deployments.iter().map(|deployment| Looked {
        name: deployment.name.clone(),
        kind: MINIO,
        serves: deployment.serves.tiers().into_iter().map(Subject::Tier).collect(),
        verified: !deployment.access.skip_verification,
        looks: feeds::look_at_deployment(deployment, folder, now),
    });
    let exporters = lab.exporters.iter().map(|exporter| Looked {
        name: exporter.name.clone(),
        kind: kind_word(exporter.kind),
        serves: vec![exporter.kind.subject()],
        verified: !exporter.access.skip_verification,
        looks: feeds::look_at_exporter(exporter, folder, now),
    });
    deployments.chain(exporters).collect()
}

fn kind_word(kind: ExporterKind) -> &'static str {
    match kind {
        ExporterKind::Node => "node",
        ExporterKind::Dcgm => "dcgm",
    }
}

/// A lab of one URL. With a path it is an exporter: of GPUs by what its port usually is, else of drives.
fn lab_from_url(args: &ProbeArgs) -> Result<Lab, String> {
    let text = args.url.as_deref().unwrap_or_default();
    let url = Url::parse(text).map_err(|wrong| format!("{wrong}; an example: http://10.0.0.11:9000"))?;
    let access =
        Access { ca: args.door.ca.clone(), skip_verification: args.door.skip_verification, ..Access::default() };
    let mut lab = Lab {
        name: "Lab".to_owned(),
        deployments: Vec::new(),
        exporters: Vec::new(),
        prometheus: None,
        show_names: false,
        warnings: Vec::new(),
    };
    if url.path.is_empty() {
        // The tier cannot be read from a server; a comment in the printed lab file asks for it.
        let name = args.door.tier.map_or("lab", Tier::word).to_owned();
        let serves = Serves::Tier(args.door.tier.unwrap_or(Tier::T2));
        lab.deployments.push(Deployment { name, serves, urls: vec![url], auth: auth_from_args(&args.door), access });
    } else {
        lab.exporters.push(exporter_from_url(url, access));
    }
    Ok(lab)
}

fn exporter_from_url(url: Url, access: Access) -> Exporter {
    let gpus = url.port == 9400 || url.path.contains("dcgm");
    let (name, kind) = if gpus { ("gpus", ExporterKind::Dcgm) } else { ("scratch", ExporterKind::Node) };
    let devices = if gpus { Vec::new() } else { vec!["nvme*".to_owned()] };
    Exporter { name: name.to_owned(), kind, urls: vec![url], devices, access }
}

fn auth_from_args(door: &DoorArgs) -> Auth {
    let place = |file: &Option<PathBuf>, name: &Option<String>| {
        let file = file.clone().map(SecretPlace::File);
        file.or_else(|| name.clone().map(SecretPlace::Env))
    };
    if let Some(token) = place(&door.token_file, &door.token_env) {
        return Auth::Token(token);
    }
    match (&door.access, place(&door.secret_file, &door.secret_env)) {
        (Some(access), Some(secret)) => Auth::Keys { access: access.clone(), secret },
        _ => Auth::Public,
    }
}

fn targets_words(targets: &[Looked]) -> String {
    let mut text = String::new();
    for target in targets {
        for look in &target.looks {
            if !text.is_empty() {
                text.push('\n');
            }
            push_words(&mut text, target, look);
        }
    }
    text
}

fn push_words(text: &mut String, target: &Looked, look: &NodeLook) {
    let mut line = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _written = writeln!(text, "{name:<10} {value}");
    };
    line(&target.name, &look.url.to_string());
    if let Some(fault) = &look.fault {
        line("fault", &fault.sentence(true));
        return;
    }
    line("answers", &answers_words(target, look));
    let count = |online, total| match (reading_value(look, online), reading_value(look, total)) {
        (Some(online), Some(total)) => Some(format!("{online} of {total} online")),
        _ => None,
    };
    let pairs = [
        ("nodes", count(Quantity::NodesOnline, Quantity::NodesTotal)),
        ("drives", count(Quantity::DrivesOnline, Quantity::DrivesTotal)),
        ("capacity", reading_value(look, Quantity::CapacityBytes).map(bytes_words)),
        ("used", reading_value(look, Quantity::UsedBytes).map(bytes_words)),
        ("GPUs", reading_value(look, Quantity::Gpus).map(|gpus| gpus.to_string())),
        ("buckets", (!look.buckets.is_empty()).then(|| look.buckets.join(", "))),
        ("TLS", (!target.verified).then(|| "certificate not verified".to_owned())),
    ];
    for (name, value) in pairs {
        if let Some(value) = value {
            line(name, &value);
        }
    }
}

fn answers_words(target: &Looked, look: &NodeLook) -> String {
    let pages = match (look.v3, look.v2) {
        (true, true) => "v3 and v2",
        (true, false) => "v3",
        (false, true) => "v2 only: older than 2024-03, traffic comes 10 to 25 s late",
        (false, false) => return format!("metrics of a {} exporter", target.kind),
    };
    match &look.version {
        Some(version) => format!("{pages}, MinIO {version}"),
        None => pages.to_owned(),
    }
}

fn subject_id(subject: Subject) -> &'static str {
    match subject {
        Subject::Tier(tier) => tier.id(),
        Subject::Compute => "compute",
    }
}

/// The reading of a quantity, whichever subject it is of: a look has one subject, or several tiers that share the figure.
fn reading_value(look: &NodeLook, wanted: Quantity) -> Option<f64> {
    look.readings.iter().find(|(signal, _)| signal.quantity == wanted).map(|(_, reading)| reading.value)
}

fn bytes_words(bytes: f64) -> String {
    let units = [(1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")];
    let unit = units.into_iter().find(|(scale, _)| bytes >= *scale);
    unit.map_or_else(|| format!("{bytes} B"), |(scale, unit)| format!("{:.1} {unit}", bytes / scale))
}

fn targets_json(targets: &[Looked]) -> Value {
    let reachable = targets.iter().all(|target| target.looks.iter().all(NodeLook::is_good));
    json!({ "schema": 1, "reachable": reachable, "targets": targets.iter().map(target_json).collect::<Vec<_>>() })
}

fn target_json(target: &Looked) -> Value {
    let serves: Vec<_> = target.serves.iter().map(|subject| subject_id(*subject)).collect();
    let nodes: Vec<_> = target.looks.iter().map(look_json).collect();
    json!({
        "name": target.name, "kind": target.kind, "serves": serves,
        "certificate_verified": target.verified, "nodes": nodes,
    })
}

/// What is unknown is left out.
fn look_json(look: &NodeLook) -> Value {
    let mut found = Map::new();
    found.insert("url".to_owned(), json!(look.url.to_string()));
    found.insert("reachable".to_owned(), json!(look.is_good()));
    found.insert("v2".to_owned(), json!(look.v2));
    found.insert("v3".to_owned(), json!(look.v3));
    if let Some(version) = &look.version {
        found.insert("version".to_owned(), json!(version));
    }
    if !look.buckets.is_empty() {
        found.insert("buckets".to_owned(), json!(look.buckets));
    }
    if let Some(fault) = &look.fault {
        found.insert("fault".to_owned(), json!({ "code": fault.code, "sentence": fault.sentence(true) }));
    }
    let signals: Map<String, Value> =
        look.readings.iter().map(|(signal, reading)| (signal.to_string(), json!(reading.value))).collect();
    found.insert("signals".to_owned(), Value::Object(signals));
    Value::Object(found)
}

fn lab_file_text(lab: &Lab, targets: &[Looked]) -> String {
    lab.to_ron(&|name| targets.iter().filter(|target| target.name == name).flat_map(target_comments).collect())
}

/// What a deployment or exporter answered, as comment lines above its entry.
fn target_comments(target: &Looked) -> Vec<String> {
    let mut lines: Vec<String> = target.looks.iter().map(look_comment).collect();
    if target.kind == MINIO {
        lines.push("Which tier is it? T1 hot, T2 warm, T3 cold.".to_owned());
    }
    if let Some(look) = target.looks.iter().find(|look| !look.buckets.is_empty()) {
        lines.push(format!("Buckets may be tiers instead: buckets: {{ T2: {:?} }}", look.buckets));
    }
    lines
}

fn look_comment(look: &NodeLook) -> String {
    match (&look.fault, &look.version) {
        (Some(fault), _) => fault.sentence(true),
        (None, Some(version)) => format!("{} answers, MinIO {version}", look.url.host_and_port()),
        (None, None) => format!("{} answers", look.url.host_and_port()),
    }
}
