//! `tierlight probe`: what a lab exposes, and a lab file that reads it.

#![expect(clippy::disallowed_methods, reason = "asks servers, and times them by the machine's clock")]

mod survey;
mod tiers;
mod words;

use std::io;
use std::io::{BufRead as _, IsTerminal as _, Write};
use std::path::Path;
use std::path::PathBuf;
use std::time::Instant;

use crate::feeds::{self, Keys, ServerLook};
use crate::lab::{
    Access, Auth, Deployment, Exporter, ExporterKind, Identity, Lab, Prometheus, SecretPlace, Serves, Url, is_variable,
};
use crate::signal::Subject;

use self::survey::{FoundExporter, LabSurvey};
use self::tiers::{Question, TierChoice, TierGiven};
use self::words::{Looked, UrlKind};

/// Show what a lab exposes: versions, nodes, drives, buckets, and what is wrong.
#[derive(clap::Args, Debug, Default)]
#[command(
    after_help = "Example, for a whole lab in one call; LAB_SECRET is an environment variable with the secret key:\n  \
    tierlight probe http://10.0.0.11:9000 http://minio1:9000 http://10.0.0.31:9000 http://gpu-01:9100/metrics \\\n    \
    --access metrics --secret-env LAB_SECRET --ron > lab.ron"
)]
pub struct ProbeArgs {
    /// A node of each deployment (`http://host:9000`), exporters (`http://host:9100/metrics`), and a Prometheus server;
    /// the other nodes are found
    #[arg(id = "url", value_name = "URL", required_unless_present = "lab", conflicts_with = "lab")]
    pub urls: Vec<String>,
    /// Look at everything a lab file names
    #[arg(long, value_name = "FILE")]
    pub lab: Option<PathBuf>,
    /// One JSON object instead of words
    #[arg(long, conflicts_with = "ron")]
    pub json: bool,
    /// A ready lab file instead of words; nothing at all where a URL fails
    #[arg(long)]
    pub ron: bool,
    /// How the URLs are opened
    #[command(flatten)]
    pub door: DoorArgs,
}

/// How URLs are opened: what a lab file says in `auth` and `tls`.
#[derive(clap::Args, Debug, Default)]
pub struct DoorArgs {
    /// A file with a bearer token, as `mc admin prometheus generate` prints it
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
    /// The user of exporters that ask for a login, with --password-env or --password-file
    #[arg(long, value_name = "NAME", requires = "password")]
    pub user: Option<String>,
    /// The environment variable with that user's password
    #[arg(long, value_name = "NAME", group = "password", requires = "user")]
    pub password_env: Option<String>,
    /// The file with that user's password
    #[arg(long, value_name = "FILE", group = "password", requires = "user")]
    pub password_file: Option<PathBuf>,
    /// Certificates
    #[command(flatten)]
    pub tls: TlsArgs,
    /// Its tier: T2, or minio1:9000=T2 of several deployments. Without it --ron asks on a terminal, and guesses elsewhere
    #[arg(long, value_name = "[HOST=]T1|T2|T3", requires = "url")]
    pub tier: Vec<TierGiven>,
}

/// Whom to believe, and who we are.
#[derive(clap::Args, Debug, Default)]
pub struct TlsArgs {
    /// A PEM file with the CA to trust, or with the very certificate
    #[arg(long, value_name = "FILE", requires = "url", conflicts_with = "skip_verification")]
    pub ca: Option<PathBuf>,
    /// Do not look at certificates
    #[arg(long, requires = "url")]
    pub skip_verification: bool,
    /// A PEM file with our own certificate, where servers ask for one
    #[arg(long, value_name = "FILE", requires = "key", requires = "url")]
    pub cert: Option<PathBuf>,
    /// The PEM file with its key
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
}

/// Where a probe talks to the person who runs it.
pub struct Terminal<'a> {
    /// Takes words that are no data.
    pub words: &'a mut dyn Write,
    /// Asks, where somebody sits there.
    pub question: Option<&'a mut Question<'a>>,
}

/// Asks each URL once and prints what it answered. 0: metrics everywhere; 1: somewhere none. An error is wrong use.
pub fn probe(args: &ProbeArgs, quiet: bool, out: &mut dyn Write) -> Result<u8, String> {
    let (mut stderr, mut nowhere) = (io::stderr(), io::sink());
    let mut ask_person = |asked: &str| {
        // A closed stderr asks nobody.
        write!(io::stderr(), "{asked}").ok()?;
        let mut said = String::new();
        let bytes = io::stdin().lock().read_line(&mut said).ok()?;
        (bytes > 0).then_some(said)
    };
    let is_asked = !quiet && io::stdin().is_terminal() && io::stderr().is_terminal();
    let question: Option<&mut Question<'_>> = if is_asked { Some(&mut ask_person) } else { None };
    let words: &mut dyn Write = if quiet { &mut nowhere } else { &mut stderr };
    probe_at(args, &mut Terminal { words, question }, out)
}

/// The same, with a terminal of one's own.
pub fn probe_at(args: &ProbeArgs, terminal: &mut Terminal<'_>, out: &mut dyn Write) -> Result<u8, String> {
    let began = Instant::now();
    let now = || began.elapsed().as_secs_f64();
    let (lab, targets) = match &args.lab {
        Some(file) => {
            let (lab, folder) = feeds::read_lab_file(file).map_err(|problems| problems.join("\n"))?;
            let targets = look_at_lab(&lab, &folder, &now);
            (lab, targets)
        }
        None => find_lab(args, terminal, &now)?,
    };
    let good = targets.iter().all(Looked::is_good);
    let text = if args.json {
        format!("{}\n", words::targets_json(&targets))
    } else if args.ron && !good {
        let faults = words::all_faults(&targets).join("\n");
        tell(terminal, &format!("{faults}\nNo lab file was written: every URL must answer first."))?;
        String::new()
    } else if args.ron && lab.deployments.is_empty() && lab.exporters.is_empty() {
        tell(
            terminal,
            "No lab file was written: a Prometheus server alone is no lab. Name a URL of each deployment too.",
        )?;
        return Ok(1);
    } else if args.ron {
        lab_file_text(&lab, &targets)
    } else {
        words::targets_words(&targets)
    };
    out.write_all(text.as_bytes()).map_err(|failed| format!("the answer could not be written: {failed}"))?;
    if args.ron && good && args.lab.is_none() {
        tell_what_was_found(terminal, &targets)?;
    }
    Ok(u8::from(!good))
}

fn tell(terminal: &mut Terminal<'_>, text: &str) -> Result<(), String> {
    writeln!(terminal.words, "{text}").map_err(|failed| format!("the words could not be written: {failed}"))
}

/// What whoever sent the lab file into a file should know without opening it.
fn tell_what_was_found(terminal: &mut Terminal<'_>, targets: &[Looked]) -> Result<(), String> {
    for target in targets {
        let nodes = target.looks.len();
        let of = if nodes == 1 { "1 URL".to_owned() } else { format!("{nodes} URLs") };
        if target.kind == UrlKind::Prometheus {
            tell(terminal, &format!("{}: a Prometheus server", target.name))?;
            target.notes.iter().try_for_each(|note| tell(terminal, &format!("  {note}")))?;
            continue;
        }
        let guess =
            target.guessed_by.as_ref().map(|by| format!(", a guess by {by}: --tier decides")).unwrap_or_default();
        let serves: Vec<_> = target.serves.iter().map(|subject| words::subject_words(*subject)).collect();
        tell(terminal, &format!("{}: {}, {of}{guess}", target.name, serves.join(", ")))?;
        for note in &target.notes {
            tell(terminal, &format!("  {note}"))?;
        }
    }
    missing_sources(targets).iter().try_for_each(|note| tell(terminal, note))
}

/// What no source tells, and what that costs on stage.
fn missing_sources(targets: &[Looked]) -> Vec<String> {
    let has = |kind| targets.iter().any(|target| target.kind == kind);
    let mut notes = Vec::new();
    if !has(UrlKind::Node) {
        notes.push(
            "T0 stays hatched: MinIO does not see the GPU servers' drives; a node_exporter's URL shows them."
                .to_owned(),
        );
    }
    if !has(UrlKind::Dcgm) {
        notes.push("The GPUs stay hatched: a DCGM exporter's URL shows them.".to_owned());
    }
    notes
}

fn look_at_lab(lab: &Lab, folder: &Path, now: &dyn Fn() -> f64) -> Vec<Looked> {
    let deployments = lab.deployments.iter().map(|deployment| {
        let looks = feeds::look_at_deployment(deployment, folder, now);
        let mut notes: Vec<_> = looks.iter().filter_map(words::missing_page).collect();
        notes.dedup();
        Looked {
            name: deployment.name.clone(),
            kind: UrlKind::Minio,
            serves: deployment.serves.tiers().into_iter().map(Subject::Tier).collect(),
            verified: !deployment.access.skip_verification,
            looks,
            notes,
            ..Looked::default()
        }
    });
    let exporters = lab.exporters.iter().map(|exporter| {
        let looks = feeds::look_at_exporter(exporter, folder, now);
        Looked {
            name: exporter.name.clone(),
            kind: UrlKind::of_exporter(exporter.kind),
            serves: vec![exporter.kind.subject()],
            verified: !exporter.access.skip_verification,
            notes: words::drive_notes(&looks, &exporter.devices),
            looks,
            ..Looked::default()
        }
    });
    let direct = deployments.chain(exporters).collect();
    look_at_its_server(lab, folder, direct)
}

/// Adds what the lab's Prometheus server tells, where it names one: of itself, and of targets that only it knows.
fn look_at_its_server(lab: &Lab, folder: &Path, mut targets: Vec<Looked>) -> Vec<Looked> {
    let began = Instant::now();
    let told = feeds::look_at_prometheus(lab, folder, move || began.elapsed().as_secs_f64());
    let (Some(told), Some(server)) = (told, &lab.prometheus) else { return targets };
    let (name, verified) = (server.url.host_and_port(), !server.access.skip_verification);
    let looked = Looked { name, kind: UrlKind::Prometheus, verified, ..Looked::default() };
    let url = server.url.without_query();
    match told {
        Err(fault) => targets.push(Looked { failed: Some((url, *fault)), ..looked }),
        Ok(told) => {
            for told in told.iter().filter(|told| told.only_here) {
                let mine = targets.iter_mut().find(|target| *target.name == *told.name);
                if let (Some(target), Err(fault)) = (mine, &told.told) {
                    target.failed = Some((url.clone(), fault.as_ref().clone()));
                }
            }
            targets.push(Looked { notes: told.iter().filter_map(words::told_by_server).collect(), ..looked });
        }
    }
    targets
}

/// The lab behind the URLs of the command line, and what they answered.
fn find_lab(
    args: &ProbeArgs,
    terminal: &mut Terminal<'_>,
    now: &dyn Fn() -> f64,
) -> Result<(Lab, Vec<Looked>), String> {
    no_secret_as_name(&args.door)?;
    let count = args.urls.len();
    let urls = args.urls.iter().zip(1..).map(|(text, nth)| {
        // The text itself may hold a password.
        let which = if count > 1 { format!("URL {nth} of {count}: ") } else { String::new() };
        Url::parse(text).map_err(|wrong| format!("{which}{wrong}; an example: http://10.0.0.11:9000"))
    });
    let urls = urls.collect::<Result<Vec<_>, _>>()?;
    let keys = keys_from(&args.door);
    let survey = LabSurvey::of_urls(&urls, &keys, now);
    let is_asked = args.ron && survey.failed.is_empty();
    let question = terminal.question.as_deref_mut().filter(|_| is_asked);
    let choices = tiers::choose(&survey.deployments, &args.door.tier, question);
    // A deployment that failed may be the one that a flag means.
    let choices = match choices {
        Err(_) if !survey.failed.is_empty() => tiers::choose(&survey.deployments, &[], None)?,
        choices => choices?,
    };
    Ok(lab_from_survey(survey, &choices, &keys))
}

fn lab_from_survey(survey: LabSurvey, choices: &[TierChoice], keys: &Keys) -> (Lab, Vec<Looked>) {
    let mut lab = Lab {
        name: "Lab".to_owned(),
        deployments: Vec::new(),
        exporters: Vec::new(),
        prometheus: None,
        show_names: false,
        warnings: Vec::new(),
    };
    let verified = !keys.access.skip_verification;
    let mut targets = Vec::new();
    let names = tiers::names(choices);
    for ((found, choice), name) in survey.deployments.into_iter().zip(choices).zip(names) {
        let notes = words::deployment_notes(&found);
        lab.deployments.push(Deployment {
            name: name.clone(),
            serves: Serves::Tier(choice.tier),
            urls: found.looks.iter().map(|look| look.url.clone()).collect(),
            instances: Vec::new(),
            auth: keys.minio.clone(),
            access: keys.access.clone(),
        });
        let (serves, guessed_by) = (vec![Subject::Tier(choice.tier)], choice.guessed_by.clone());
        let kind = UrlKind::Minio;
        targets.push(Looked { name, kind, serves, verified, looks: found.looks, guessed_by, notes, failed: None });
    }
    for found in survey.exporters {
        let exporter = exporter_from(&found, &lab, keys);
        targets.push(Looked {
            name: exporter.name.clone(),
            kind: UrlKind::of_exporter(found.kind),
            serves: vec![found.kind.subject()],
            verified,
            notes: words::drive_notes(&found.looks, &found.devices),
            looks: found.looks,
            ..Looked::default()
        });
        lab.exporters.push(exporter);
    }
    for (nth, found) in survey.servers.iter().enumerate() {
        let notes = server_notes(found, nth > 0);
        let name = found.url.host_and_port();
        targets.push(Looked { name, kind: UrlKind::Prometheus, verified, notes, ..Looked::default() });
    }
    lab.prometheus = survey.servers.first().map(|found| Prometheus {
        url: found.url.clone(),
        job: found.jobs.first().filter(|_| found.jobs.len() == 1).cloned(),
        tenant: None,
        auth: if found.with_login { keys.exporter.clone() } else { Auth::Public },
        access: keys.access.clone(),
    });
    for (url, fault) in survey.failed {
        let (name, failed) = (url.host_and_port(), Some((url.without_query(), fault)));
        targets.push(Looked { name, verified, failed, ..Looked::default() });
    }
    (lab, targets)
}

/// What a Prometheus server adds, or does not.
fn server_notes(found: &ServerLook, is_second: bool) -> Vec<String> {
    let jobs = if found.jobs.is_empty() {
        "It scrapes no MinIO: give it /minio/v2/metrics/cluster of each deployment, or the charts have no past."
            .to_owned()
    } else {
        format!("It scrapes MinIO by job {}: the charts show the hour before the talk.", found.jobs.join(", "))
    };
    let second = "Another Prometheus server stands in the lab file: this one is left out.".to_owned();
    if is_second { vec![jobs, second] } else { vec![jobs] }
}

fn exporter_from(found: &FoundExporter, lab: &Lab, keys: &Keys) -> Exporter {
    let word = match found.kind {
        ExporterKind::Node => "scratch",
        ExporterKind::Dcgm => "gpus",
    };
    let is_taken = lab.exporters.iter().any(|other| other.name == word);
    Exporter {
        name: if is_taken { format!("{word}-2") } else { word.to_owned() },
        kind: found.kind,
        urls: found.looks.iter().map(|look| look.url.clone()).collect(),
        instances: Vec::new(),
        devices: found.devices.clone(),
        auth: if found.with_login { keys.exporter.clone() } else { Auth::Public },
        access: keys.access.clone(),
    }
}

/// A secret in the place of a variable's name would be told back in every sentence about it.
fn no_secret_as_name(door: &DoorArgs) -> Result<(), String> {
    let DoorArgs { token_env, secret_env, password_env, .. } = door;
    let given = [("--token-env", token_env), ("--secret-env", secret_env), ("--password-env", password_env)];
    let wrong = given.into_iter().find(|(_, name)| name.as_ref().is_some_and(|name| !is_variable(name)));
    wrong.map_or(Ok(()), |(flag, _)| {
        Err(format!("{flag} takes the name of a variable, such as LAB_SECRET; the secret itself does not belong here"))
    })
}

/// What the flags say about doors. A token opens MinIO, and an exporter that asks for one.
fn keys_from(door: &DoorArgs) -> Keys {
    let place = |file: &Option<PathBuf>, name: &Option<String>| {
        let file = file.clone().map(SecretPlace::File);
        file.or_else(|| name.clone().map(SecretPlace::Env))
    };
    let token = place(&door.token_file, &door.token_env).map(Auth::Token);
    let keys = door.access.clone().zip(place(&door.secret_file, &door.secret_env));
    let keys = keys.map(|(access, secret)| Auth::Keys { access, secret });
    let login = door.user.clone().zip(place(&door.password_file, &door.password_env));
    let login = login.map(|(user, password)| Auth::Basic { user, password });
    let TlsArgs { ca, skip_verification, cert, key } = &door.tls;
    let identity = cert.clone().zip(key.clone()).map(|(cert, key)| Identity { cert, key });
    let access = Access { ca: ca.clone(), skip_verification: *skip_verification, identity, ..Access::default() };
    Keys {
        minio: token.clone().or(keys).unwrap_or(Auth::Public),
        exporter: login.or(token).unwrap_or(Auth::Public),
        access,
    }
}

fn lab_file_text(lab: &Lab, targets: &[Looked]) -> String {
    let head = missing_sources(targets);
    lab.to_ron(&head, &|name| {
        targets.iter().filter(|target| target.name == name).flat_map(words::target_comments).collect()
    })
}
