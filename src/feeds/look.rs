//! A single look at a lab, without threads: what each node answers, for `probe`.

use std::path::Path;

use crate::lab::{Access, Auth, Deployment, Exporter, ExporterKind, Url};
use crate::live::{Fault, FaultCode};
use crate::signal::{Readings, Tier};
use crate::telemetry::exposition::Parser;
use crate::telemetry::promql::QueryScope;
use crate::telemetry::promql_answer;
use crate::telemetry::{Endpoint, Fold, TargetKind};

use super::ask::{Asker, Door, own_page};
use super::link::Pace;
use super::pass::DoorOf;
use super::seen::PagesSeen;
use super::server;
use super::target;
use super::trouble::Trouble;

/// What one node answered.
#[derive(Clone, Debug)]
pub(crate) struct NodeLook {
    pub url: Url,
    /// Whether it answers v3's pages; for an exporter always false.
    pub v3: bool,
    /// Whether it answers v2's pages; for an exporter always false.
    pub v2: bool,
    /// Why its metrics could not be had, where they could not.
    pub fault: Option<Fault>,
    /// Pages that failed where another one tells the same.
    pub lesser_faults: Vec<Fault>,
    /// The buckets it names; empty ones may be missing.
    pub buckets: Vec<String>,
    /// What else its pages told.
    pub seen: PagesSeen,
    /// What one scrape tells: capacity, nodes, drives, GPUs; no rates.
    pub readings: Readings,
}

impl NodeLook {
    /// Whether metrics came.
    pub(crate) fn is_good(&self) -> bool {
        self.fault.is_none()
    }
}

/// How the URLs of a command line are opened.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub minio: Auth,
    /// For an exporter that asks for a login.
    pub exporter: Auth,
    pub access: Access,
}

/// What stands behind a URL.
#[derive(Clone, Debug)]
pub(crate) enum UrlLook {
    Minio(NodeLook),
    /// One page may be of several kinds. `true`: it took the login.
    Exporter(Vec<ExporterKind>, NodeLook, bool),
    /// A Prometheus server.
    Server(ServerLook),
    /// Nothing that is known, and why.
    Failed(Fault),
}

/// What a Prometheus server answered.
#[derive(Clone, Debug)]
pub(crate) struct ServerLook {
    pub url: Url,
    /// The jobs that bring MinIO's metrics.
    pub jobs: Vec<String>,
    /// Whether it took the login.
    pub with_login: bool,
}

/// `MinIO`'s own pages, which somebody may have copied from a Prometheus configuration.
const MINIO_PATH: &str = "/minio/";

/// Asks every node of a deployment once. `now` is a clock in seconds; `folder` is the lab file's.
pub(crate) fn look_at_deployment(deployment: &Deployment, folder: &Path, now: &dyn Fn() -> f64) -> Vec<NodeLook> {
    let Deployment { name, urls, auth, access, .. } = deployment;
    let kind = target::kind_of(deployment);
    let door = Door { access, auth, of: DoorOf::Minio };
    urls.iter().map(|url| NodeLooker::new(name, url, door, folder).look_at_minio(&kind, now)).collect()
}

/// Asks every URL of an exporter once.
pub(crate) fn look_at_exporter(exporter: &Exporter, folder: &Path, now: &dyn Fn() -> f64) -> Vec<NodeLook> {
    let Exporter { name, urls, auth, access, .. } = exporter;
    let kind = target::kind_of_exporter(exporter);
    let door = Door { access, auth, of: DoorOf::Exporter };
    urls.iter().map(|url| NodeLooker::new(name, url, door, folder).look_at_exporter(&kind, now)).collect()
}

/// Asks a node of a deployment, by its URL.
pub(crate) fn look_at_node(url: &Url, keys: &Keys, now: &dyn Fn() -> f64) -> NodeLook {
    let door = Door { access: &keys.access, auth: &keys.minio, of: DoorOf::Minio };
    let kind = TargetKind::Tier(Tier::T2);
    NodeLooker::new("", &url.with_path(""), door, Path::new("")).told_by_flags().look_at_minio(&kind, now)
}

/// Which node answers at a URL now: behind a balancer it is another one each time.
pub(crate) fn own_server(url: &Url, keys: &Keys, now: &dyn Fn() -> f64) -> Option<String> {
    let door = Door { access: &keys.access, auth: &keys.minio, of: DoorOf::Minio };
    let mut looker = NodeLooker::new("", &url.with_path(""), door, Path::new(""));
    looker.ask_own_name(true, now);
    looker.look.seen.own_server
}

/// Asks a URL and finds out by what it answers what it is.
pub(crate) fn look_at_url(url: &Url, keys: &Keys, now: &dyn Fn() -> f64) -> UrlLook {
    match look_for_metrics(url, keys, now) {
        UrlLook::Failed(fault) if is_answer(fault.code) => {
            look_at_server(url, keys, now).map_or(UrlLook::Failed(fault), UrlLook::Server)
        }
        found => found,
    }
}

/// Asks the API of a Prometheus server, where there is one.
fn look_at_server(url: &Url, keys: &Keys, now: &dyn Fn() -> f64) -> Option<ServerLook> {
    let url = url.with_path(url.path.trim_end_matches('/').trim_end_matches("/metrics"));
    let question = QueryScope::new(TargetKind::Tier(Tier::T2), None, &[]).jobs();
    let jobs = |auth: &Auth| {
        let mut asker = Asker::new(
            &url,
            Door { access: &keys.access, auth, of: DoorOf::Prometheus },
            Path::new(""),
            Pace::patient(),
        );
        let (_, body) = asker.fetch_api(server::QUERY, &[("query", &question)], None, now).ok()?;
        let rows = promql_answer::rows(&body).ok()?;
        Some(rows.into_iter().filter_map(|mut row| row.labels.remove("job")).collect::<Vec<_>>())
    };
    if let Some(jobs) = jobs(&Auth::Public) {
        return Some(ServerLook { url, jobs, with_login: false });
    }
    let jobs = jobs(&keys.exporter).filter(|_| keys.exporter != Auth::Public)?;
    Some(ServerLook { url, jobs, with_login: true })
}

fn look_for_metrics(url: &Url, keys: &Keys, now: &dyn Fn() -> f64) -> UrlLook {
    let is_bare = url.path.is_empty();
    if is_bare || url.path.starts_with(MINIO_PATH) {
        let look = look_at_node(url, keys, now);
        let Some(fault) = look.fault.clone() else { return UrlLook::Minio(look) };
        if !is_bare || !is_answer(fault.code) {
            return UrlLook::Failed(fault);
        }
        // An exporter given without its path.
        return match look_at_page(&url.with_path("/metrics"), keys, now) {
            found @ UrlLook::Exporter(..) => found,
            _ => UrlLook::Failed(fault),
        };
    }
    let found = look_at_page(url, keys, now);
    let UrlLook::Failed(fault) = found else { return found };
    if !is_answer(fault.code) {
        return UrlLook::Failed(fault);
    }
    let look = look_at_node(url, keys, now);
    match &look.fault {
        None => UrlLook::Minio(look),
        // MinIO refuses the key: that is the fault of the page that exists.
        Some(refused) if refused.code.is_about_auth() && !fault.code.is_about_auth() => {
            UrlLook::Failed(refused.clone())
        }
        Some(_) => UrlLook::Failed(fault),
    }
}

/// Whether somebody answers there, and says something else.
fn is_answer(code: FaultCode) -> bool {
    use FaultCode as Code;
    let other = matches!(code, Code::Html | Code::Unreadable | Code::NothingKnown | Code::Empty | Code::BadRequest);
    other || code.is_about_auth() || code.is_about_path() || matches!(code, Code::OtherStatus | Code::ServerError)
}

/// Asks for a page of an unknown kind: without a login first, as most exporters want none.
fn look_at_page(url: &Url, keys: &Keys, now: &dyn Fn() -> f64) -> UrlLook {
    let opened = |auth: &Auth| {
        let door = Door { access: &keys.access, auth, of: DoorOf::Exporter };
        let mut looker = NodeLooker::new("", url, door, Path::new("")).told_by_flags();
        let seen = looker.ask_path(&url.path, now);
        (looker, seen)
    };
    let (mut looker, mut seen) = opened(&Auth::Public);
    let refused = looker.look.fault.as_ref().is_some_and(|fault| fault.code.is_about_auth());
    let with_login = refused && keys.exporter != Auth::Public;
    if with_login {
        (looker, seen) = opened(&keys.exporter);
    }
    let kinds = looker.look.seen.exporter_kinds();
    match (seen, looker.look.fault.clone()) {
        (_, Some(fault)) => UrlLook::Failed(fault),
        (false, None) => UrlLook::Failed(looker.fault_of(nothing_known(), &Endpoint::Exporter, now())),
        (true, None) if kinds.is_empty() => {
            UrlLook::Failed(looker.fault_of(minio_elsewhere(), &Endpoint::Exporter, now()))
        }
        (true, None) => {
            let kind = target::kind_of_page(kinds[0]);
            let look = looker.look_at_exporter(&kind, now);
            look.fault.clone().map_or_else(|| UrlLook::Exporter(kinds, look, with_login), UrlLook::Failed)
        }
    }
}

fn nothing_known() -> Trouble {
    Trouble::new(
        FaultCode::NothingKnown,
        "answers with metrics, but of neither MinIO, node_exporter nor DCGM",
        "Is this the right port?",
    )
}

fn minio_elsewhere() -> Trouble {
    Trouble::new(
        FaultCode::NothingKnown,
        "answers with metrics of MinIO at a path that is not MinIO's own",
        "Give the URL of its S3 port, without a path.",
    )
}

/// Looks at one node.
struct NodeLooker<'a> {
    name: &'a str,
    asker: Asker,
    by_flags: bool,
    look: NodeLook,
}

impl<'a> NodeLooker<'a> {
    fn new(name: &'a str, url: &Url, door: Door<'_>, folder: &Path) -> Self {
        let asker = Asker::new(url, door, folder, Pace::patient());
        let (lesser_faults, buckets, readings) = (Vec::new(), Vec::new(), Readings::new());
        let seen = PagesSeen::default();
        let look =
            NodeLook { url: url.clone(), v3: false, v2: false, fault: None, lesser_faults, buckets, seen, readings };
        Self { name, asker, by_flags: false, look }
    }

    /// The same, whose faults speak of flags and not of a lab file.
    fn told_by_flags(self) -> Self {
        Self { by_flags: true, ..self }
    }

    fn look_at_exporter(&mut self, kind: &TargetKind, now: &dyn Fn() -> f64) -> NodeLook {
        let mut fold = Fold::new(kind.clone());
        self.ask_page(&Endpoint::Exporter, &mut fold, now);
        self.finished_look(&fold, now())
    }

    fn look_at_minio(&mut self, kind: &TargetKind, now: &dyn Fn() -> f64) -> NodeLook {
        let mut fold = Fold::new(kind.clone());
        let mut faults = Vec::new();
        for endpoint in [Endpoint::V3Requests, Endpoint::V3Cluster, Endpoint::V2Cluster] {
            // A server that hangs on one page of v3 costs no second wait for another.
            let is_hung = faults.iter().any(|fault: &Fault| fault.code.is_slow_answer());
            if is_hung && endpoint == Endpoint::V3Cluster {
                continue;
            }
            let good = self.ask_page(&endpoint, &mut fold, now);
            let answers = if endpoint.is_v3() { &mut self.look.v3 } else { &mut self.look.v2 };
            *answers |= good;
            faults.extend(self.look.fault.take());
            if faults.last().is_some_and(|fault| !is_worth_asking_on(fault.code)) {
                break;
            }
        }
        if self.look.v3 || self.look.v2 {
            self.name_buckets(now);
            self.ask_own_name(self.look.v3, now);
            self.look.fault = None;
            self.look.lesser_faults = faults;
        } else {
            // A page that does not exist says less than one that does and fails.
            faults.sort_by_key(|fault| fault.code.is_about_path());
            self.look.fault = faults.into_iter().next();
        }
        self.finished_look(&fold, now())
    }

    /// Lists the buckets: any tier will do, they are all wanted.
    fn name_buckets(&mut self, now: &dyn Fn() -> f64) {
        let pages = [Endpoint::V3Buckets, Endpoint::V3Cluster, Endpoint::V2Bucket];
        let mut fold = Fold::new(TargetKind::Buckets(vec![(Tier::T2, vec!["*".to_owned()])]));
        for endpoint in pages {
            let answers = if endpoint.is_v3() { self.look.v3 } else { self.look.v2 };
            if answers && self.look.buckets.is_empty() {
                self.ask_page(&endpoint, &mut fold, now);
                self.look.buckets = fold.buckets();
            }
        }
    }

    fn ask_own_name(&mut self, has_v3: bool, now: &dyn Fn() -> f64) {
        let mut own = PagesSeen::default();
        let mut parser = Parser::new();
        let mut sink = |block: &[u8]| parser.feed(block, &mut own);
        let timeout = Pace::patient().timeout;
        if self.asker.fetch_text(&own_page(has_v3).path(), timeout, now, &mut sink).is_ok() {
            parser.finish(&mut own);
            self.look.seen.own_server = own.only_server();
        }
    }

    /// Asks for a page of any kind; whether anything that is known was in it.
    fn ask_path(&mut self, path: &str, now: &dyn Fn() -> f64) -> bool {
        let mut seen = PagesSeen::default();
        let mut parser = Parser::new();
        let mut sink = |block: &[u8]| parser.feed(block, &mut seen);
        match self.asker.fetch_text(path, Pace::patient().slow_timeout, now, &mut sink) {
            Ok(_received) => {
                parser.finish(&mut seen);
                let known = seen.is_known();
                self.look.seen = seen;
                known
            }
            Err(trouble) => {
                self.look.fault = Some(self.fault_of(trouble, &Endpoint::Exporter, now()));
                false
            }
        }
    }

    /// Folds one page; false and the fault noted when it cannot be had.
    fn ask_page(&mut self, endpoint: &Endpoint, fold: &mut Fold, now: &dyn Fn() -> f64) -> bool {
        let mut seen = PagesSeen::default();
        let mut parser = Parser::new();
        let mut tee = |block: &[u8]| parser.feed(block, &mut seen);
        match self.asker.fetch_page(endpoint, fold.body(&self.look.url.host_and_port(), endpoint), now, &mut tee) {
            Ok((received, collected)) => {
                let start = received.process_start_unix_secs;
                parser.finish(&mut seen);
                self.look.seen.add(seen);
                self.look.seen.own_start_secs = start.or(self.look.seen.own_start_secs);
                let is_usable =
                    fold.take(&self.look.url.host_and_port(), endpoint, received.at_secs, &collected, start);
                // Where v3 is missing, v2 is all that tells of traffic.
                let tells_nothing = *endpoint == Endpoint::V2Cluster && !self.look.v3 && !collected.has_traffic();
                let trouble = match (is_usable, tells_nothing) {
                    (false, _) => Trouble::unusable_numbers(),
                    (true, true) => Trouble::no_traffic(&collected),
                    (true, false) => return true,
                };
                self.look.fault = Some(self.fault_of(trouble, endpoint, now()));
                false
            }
            Err(trouble) => {
                self.look.fault = Some(self.fault_of(trouble, endpoint, now()));
                false
            }
        }
    }

    fn fault_of(&self, trouble: Trouble, endpoint: &Endpoint, at_secs: f64) -> Fault {
        let trouble = if self.by_flags { trouble.told_by_flags() } else { trouble };
        trouble.fault_at(self.name, &self.look.url.host_and_port(), endpoint.page_name(), at_secs)
    }

    fn finished_look(&self, fold: &Fold, at_secs: f64) -> NodeLook {
        NodeLook { readings: fold.readings(at_secs), ..self.look.clone() }
    }
}

/// Whether another page of the same server may fare better.
fn is_worth_asking_on(code: FaultCode) -> bool {
    use FaultCode as Code;
    let other = matches!(code, Code::Unavailable | Code::CutShort | Code::TooLarge | Code::BadGzip | Code::Dropped);
    other || is_answer(code) || code.is_slow_answer()
}
