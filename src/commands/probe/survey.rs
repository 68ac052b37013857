//! From URLs to a lab: what stands behind each, which of them are one deployment, and which of its nodes nobody named.

use std::collections::BTreeSet;

use crate::feeds::{self, Keys, NodeLook, ServerLook, UrlLook};
use crate::lab::{ExporterKind, Url};
use crate::live::{Fault, FaultCode};
use crate::signal::Quantity;
use crate::telemetry::drives::T0Choice;

/// What was found behind the URLs.
#[derive(Debug, Default)]
pub(super) struct LabSurvey {
    pub(super) deployments: Vec<FoundDeployment>,
    pub(super) exporters: Vec<FoundExporter>,
    pub(super) servers: Vec<ServerLook>,
    /// URLs whose metrics could not be had.
    pub(super) failed: Vec<(Url, Fault)>,
}

/// A deployment, by those of its nodes that answer here.
#[derive(Clone, Debug, Default)]
pub(super) struct FoundDeployment {
    /// One for each node that is to be asked, the given ones first.
    pub(super) looks: Vec<NodeLook>,
    /// Nodes that the deployment names and that do not answer here by their name, with the reason.
    pub(super) unreached: Vec<(String, String)>,
    /// URLs given that lead to a node that is there by another URL.
    pub(super) repeated: Vec<Url>,
    /// The URL of a balancer, where one was given.
    pub(super) balancer: Option<Url>,
}

/// The exporters of one kind.
#[derive(Debug)]
pub(super) struct FoundExporter {
    pub(super) kind: ExporterKind,
    pub(super) looks: Vec<NodeLook>,
    /// The patterns that choose T0's drives.
    pub(super) devices: Vec<String>,
    /// Whether they asked for the login that was given.
    pub(super) with_login: bool,
}

impl FoundDeployment {
    /// The look that tells most of the whole deployment.
    pub(super) fn best_look(&self) -> Option<&NodeLook> {
        self.looks.iter().find(|look| look.v2).or(self.looks.first())
    }
}

/// A reading of a look, whichever subject it is of: a look has one, or several tiers that share the figure.
pub(super) fn reading_value(look: &NodeLook, wanted: Quantity) -> Option<f64> {
    look.readings.iter().find(|(signal, _)| signal.quantity == wanted).map(|(_, reading)| reading.value)
}

/// After so many nodes that nobody knows or reaches, the others are not tried: each takes seconds.
const TRIES: usize = 2;
/// How often a URL that may be a balancer is asked who answers.
const ASKED_WHO: usize = 4;

impl LabSurvey {
    /// Asks each URL, and each node that the answers name.
    pub(super) fn of_urls(urls: &[Url], keys: &Keys, now: &dyn Fn() -> f64) -> Self {
        let mut survey = Self::default();
        for url in urls {
            match feeds::look_at_url(url, keys, now) {
                UrlLook::Minio(look) => survey.add_node(look),
                UrlLook::Exporter(kinds, look, with_login) => {
                    for kind in kinds {
                        survey.add_exporter(kind, look.clone(), with_login);
                    }
                }
                UrlLook::Server(look) => survey.servers.push(look),
                UrlLook::Failed(fault) => survey.failed.push((url.clone(), fault)),
            }
        }
        for deployment in &mut survey.deployments {
            deployment.find_nodes(keys, now);
        }
        for exporter in &mut survey.exporters {
            exporter.choose_devices();
        }
        survey
    }

    fn add_node(&mut self, look: NodeLook) {
        let known = self.deployments.iter_mut().find(|known| known.looks.iter().any(|other| is_same(other, &look)));
        let Some(known) = known else {
            self.deployments.push(FoundDeployment { looks: vec![look], ..FoundDeployment::default() });
            return;
        };
        if known.looks.iter().any(|other| is_same_node(other, &look)) {
            known.repeated.push(look.url);
        } else {
            known.looks.push(look);
        }
    }

    fn add_exporter(&mut self, kind: ExporterKind, look: NodeLook, with_login: bool) {
        match self.exporters.iter_mut().find(|known| (known.kind, known.with_login) == (kind, with_login)) {
            Some(known) if known.looks.iter().any(|other| other.url == look.url) => {}
            Some(known) => known.looks.push(look),
            None => self.exporters.push(FoundExporter { kind, looks: vec![look], devices: Vec::new(), with_login }),
        }
    }
}

/// Whether two nodes are of one deployment. Every deployment of one node calls itself 127.0.0.1, and copies of a compose
/// file call theirs alike: the time a process began tells them apart.
fn is_same(a: &NodeLook, b: &NodeLook) -> bool {
    if a.v2 && b.v2 {
        let mut shared =
            a.seen.servers.iter().filter_map(|(name, start)| Some((name, *start, *b.seen.servers.get(name)?)));
        return shared.any(|(name, a_start, b_start)| match (a_start, b_start) {
            (Some(a_start), Some(b_start)) => (a_start - b_start).abs() < 0.6,
            _ => !is_loopback(name) && a.seen.servers.len() > 1,
        });
    }
    if a.v2 || b.v2 {
        let (whole, part) = if a.v2 { (a, b) } else { (b, a) };
        let own = part.seen.own_server.as_ref().and_then(|own| whole.seen.servers.get(own)).copied().flatten();
        return own.zip(part.seen.own_start_secs).is_some_and(|(told, own)| (told - own).abs() < 2.0);
    }
    // Without v2 a node names no other: the same capacity, filled the same, is hardly two deployments.
    let figures = [Quantity::NodesTotal, Quantity::CapacityBytes, Quantity::UsedBytes];
    let of = |look: &NodeLook| figures.map(|figure| reading_value(look, figure));
    let is_one_node = reading_value(a, Quantity::NodesTotal).is_none_or(|nodes| nodes < 2.0);
    let is_one_process = a.seen.own_server == b.seen.own_server && a.seen.own_start_secs == b.seen.own_start_secs;
    if is_one_node { is_one_process && of(a) == of(b) } else { of(a) == of(b) && a.buckets == b.buckets }
}

fn is_same_node(a: &NodeLook, b: &NodeLook) -> bool {
    a.url == b.url || (a.seen.own_server.is_some() && a.seen.own_server == b.seen.own_server)
}

fn is_loopback(host_and_port: &str) -> bool {
    let host = host_and_port.rsplit_once(':').map_or(host_and_port, |(host, _)| host);
    host == "localhost" || host == "[::1]" || host == "::1" || host.starts_with("127.")
}

impl FoundDeployment {
    /// Tries the nodes that the deployment names and that no URL leads to yet.
    fn find_nodes(&mut self, keys: &Keys, now: &dyn Fn() -> f64) {
        let Some(first) = self.best_look().cloned() else { return };
        let names: Vec<String> = first.seen.servers.keys().cloned().collect();
        let own = |looks: &[NodeLook]| looks.iter().filter_map(|look| look.seen.own_server.clone()).collect::<Vec<_>>();
        // Without v2 a node names no other, and tells how many there are.
        let nodes = reading_value(&first, Quantity::NodesTotal).unwrap_or(1.0).max(names.len() as f64);
        let is_balancer = self.looks.len() == 1 && nodes > 1.0 && Self::is_behind_balancer(&first, &names, keys, now);
        let mut reached = if is_balancer { Vec::new() } else { own(&self.looks) };
        let (mut found, mut lost) = (Vec::new(), 0);
        for name in names {
            if reached.contains(&name) || self.looks.iter().any(|look| !is_balancer && look.url.host_and_port() == name)
            {
                continue;
            }
            match Self::node_by_name(&name, &first, keys, now, lost >= TRIES) {
                Ok(look) => {
                    reached.push(name);
                    found.push(look);
                }
                Err((why, is_lost)) => {
                    lost += usize::from(is_lost);
                    self.unreached.push((name, why));
                }
            }
        }
        if is_balancer {
            self.balancer = Some(first.url.clone());
            // Beside the balancer a node would count twice.
            if self.unreached.is_empty() && found.len() as f64 >= nodes {
                self.looks = found;
            }
        } else {
            self.looks.extend(found);
        }
    }

    /// Whether other nodes answer at the same URL in turn.
    fn is_behind_balancer(look: &NodeLook, names: &[String], keys: &Keys, now: &dyn Fn() -> f64) -> bool {
        let own = look.seen.own_server.as_ref();
        let is_its_name = names.contains(&look.url.host_and_port());
        let mut others = (1..ASKED_WHO).filter_map(|_| feeds::own_server(&look.url, keys, now));
        look.v3 && !is_its_name && others.any(|other| Some(&other) != own)
    }

    /// Asks a node by the name it has within its deployment; else why it is not asked, and whether nothing was there.
    fn node_by_name(
        name: &str,
        of: &NodeLook,
        keys: &Keys,
        now: &dyn Fn() -> f64,
        is_hopeless: bool,
    ) -> Result<NodeLook, (String, bool)> {
        if is_loopback(name) && !is_loopback(&of.url.host_and_port()) {
            return Err(("is a name that only its own machine knows".to_owned(), false));
        }
        if is_hopeless {
            return Err(("was not tried, as others are not known here either".to_owned(), false));
        }
        let scheme = if of.url.secure { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{name}")).map_err(|wrong| (wrong, false))?;
        let look = feeds::look_at_node(&url, keys, now);
        if let Some(fault) = &look.fault {
            use FaultCode as Code;
            let is_lost = matches!(fault.code, Code::UnknownHost | Code::ConnectTimeout | Code::Unreachable);
            return Err((fault.cause.clone(), is_lost));
        }
        let is_it = look.seen.own_server.as_deref().is_none_or(|own| own == name) && is_same(&look, of);
        if is_it { Ok(look) } else { Err(("is somebody else here".to_owned(), false)) }
    }
}

impl FoundExporter {
    /// NVMe drives are T0's where there are some; else each drive by its name.
    fn choose_devices(&mut self) {
        if self.kind != ExporterKind::Node {
            return;
        }
        let drives: BTreeSet<String> = self.looks.iter().flat_map(|look| t0_of(look).devices).collect();
        let has_nvme = drives.iter().any(|drive| drive.starts_with("nvme"));
        self.devices = if has_nvme { vec!["nvme*".to_owned()] } else { drives.into_iter().collect() };
    }
}

/// All drives and file systems of a host that could be T0's.
pub(super) fn t0_of(look: &NodeLook) -> T0Choice {
    let devices = look.seen.devices.iter().map(String::as_str);
    T0Choice::new(&[], devices, look.seen.file_systems.iter().cloned())
}
