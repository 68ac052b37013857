//! A single look at a lab, without threads: what each node answers, for `probe`.

use std::path::Path;

use crate::lab::{Access, Auth, Deployment, Exporter, Url};
use crate::live::Fault;
use crate::signal::{Readings, Tier};
use crate::telemetry::exposition::{Parser, Refused, Sample, Visitor};
use crate::telemetry::{Endpoint, Fold, TargetKind};

use super::ask::Asker;
use super::link::Pace;
use super::target;

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
    /// MinIO's release, as far as v2 tells it.
    pub version: Option<String>,
    /// The buckets it names; empty ones may be missing.
    pub buckets: Vec<String>,
    /// What one scrape tells: capacity, nodes, drives, GPUs; no rates.
    pub readings: Readings,
}

impl NodeLook {
    /// Whether metrics came.
    pub(crate) fn is_good(&self) -> bool {
        self.fault.is_none()
    }
}

/// Asks every node of a deployment once. `now` is a clock in seconds; `folder` is the lab file's.
pub(crate) fn look_at_deployment(deployment: &Deployment, folder: &Path, now: &dyn Fn() -> f64) -> Vec<NodeLook> {
    let Deployment { name, urls, auth, access, .. } = deployment;
    let kind = target::kind_of(deployment);
    let looks = urls.iter().map(|url| {
        let mut looker = NodeLooker::new(name, url, access, Some(auth), folder);
        looker.look_at_minio(&kind, now)
    });
    looks.collect()
}

/// Asks every URL of an exporter once.
pub(crate) fn look_at_exporter(exporter: &Exporter, folder: &Path, now: &dyn Fn() -> f64) -> Vec<NodeLook> {
    let Exporter { name, urls, access, .. } = exporter;
    let kind = target::kind_of_exporter(exporter);
    let looks = urls.iter().map(|url| {
        let mut looker = NodeLooker::new(name, url, access, None, folder);
        let mut fold = Fold::new(kind.clone());
        looker.ask_page(&Endpoint::Exporter, &mut fold, now);
        looker.finished_look(&fold, now())
    });
    looks.collect()
}

/// Looks at one node.
struct NodeLooker<'a> {
    name: &'a str,
    asker: Asker,
    look: NodeLook,
}

impl<'a> NodeLooker<'a> {
    fn new(name: &'a str, url: &Url, access: &Access, auth: Option<&Auth>, folder: &Path) -> Self {
        let asker = Asker::new(url, access, auth, folder, Pace::default());
        let (version, buckets, readings) = (None, Vec::new(), Readings::new());
        let look = NodeLook { url: url.clone(), v3: false, v2: false, fault: None, version, buckets, readings };
        Self { name, asker, look }
    }

    fn look_at_minio(&mut self, kind: &TargetKind, now: &dyn Fn() -> f64) -> NodeLook {
        let mut fold = Fold::new(kind.clone());
        let mut found_fault = None;
        for endpoint in [Endpoint::V3Requests, Endpoint::V3Cluster, Endpoint::V2Cluster] {
            let good = self.ask_page(&endpoint, &mut fold, now);
            let answers = if endpoint.is_v3() { &mut self.look.v3 } else { &mut self.look.v2 };
            *answers |= good;
            found_fault = found_fault.or(self.look.fault.take());
        }
        self.name_buckets(now);
        // A page that fails is no fault where another one tells the same.
        self.look.fault = found_fault.filter(|_| !self.look.v3 && !self.look.v2);
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

    /// Folds one page; false and the fault noted when it cannot be had.
    fn ask_page(&mut self, endpoint: &Endpoint, fold: &mut Fold, now: &dyn Fn() -> f64) -> bool {
        let mut version = VersionSeeker::default();
        let mut parser = Parser::new();
        let mut tee = |block: &[u8]| parser.feed(block, &mut version);
        match self.asker.fetch_page(endpoint, fold.body(endpoint), now, &mut tee) {
            Ok((received, collected)) => {
                let start = received.process_start_unix_secs;
                self.look.version = version.found.or(self.look.version.take());
                fold.take(&self.look.url.host_and_port(), endpoint, received.at_secs, &collected, start)
            }
            Err(trouble) => {
                self.look.fault = Some(trouble.fault_at(self.name, &self.look.url.host_and_port(), endpoint, now()));
                false
            }
        }
    }

    fn finished_look(&self, fold: &Fold, at_secs: f64) -> NodeLook {
        NodeLook { readings: fold.readings(at_secs), ..self.look.clone() }
    }
}

/// Finds MinIO's release in a page. It is a label and no reading, so the table of metric names has no place for it.
#[derive(Default)]
struct VersionSeeker {
    found: Option<String>,
}

impl Visitor for VersionSeeker {
    fn sample(&mut self, sample: &Sample<'_>) {
        if self.found.is_none() && sample.name.ends_with("version_info") {
            self.found = sample.labels.get("version").map(|version| version.to_string());
        }
    }

    fn refused(&mut self, _refused: Refused) {}
}
