//! What of the simulated lab is polled: its pages are asked for as a real lab's are, and pass the same parser and fold.

use std::sync::Arc;

use crate::live::{Fault, FaultCode, Report, SourceEvent, Target};
use crate::signal::{Subject, Tier};
use crate::sim::{SimDeployment, SimEndpoint, SimLab, SimPage};
use crate::telemetry::{Endpoint, Fold, TargetKind};

/// Seconds of the lab's clock between two polls of the fast pages.
pub(super) const POLL_SECS: f64 = 2.0;

/// One target that is polled.
#[derive(Clone)]
pub(super) struct Polled {
    name: Arc<str>,
    fold: Fold,
    subject: Subject,
    pages: Vec<PolledPage>,
    /// Since when no page answers, on the lab's own clock.
    silent_since_secs: Option<f64>,
}

/// One page of a target: the simulated lab's, and what it is to the fold.
#[derive(Clone)]
struct PolledPage {
    asked: Asked,
    endpoint: Endpoint,
    node: &'static str,
}

/// What is asked for.
#[derive(Clone, Copy)]
enum Asked {
    Page(SimPage),
    /// Whether the deployment can write, of its first node.
    Health(SimDeployment),
}

impl Asked {
    /// When the process began that answers, as the header of a page of v3 tells.
    fn started_unix_secs(self, lab: &SimLab, lab_secs: f64) -> Option<f64> {
        match self {
            Self::Page(SimPage::Minio { deployment, node, endpoint: SimEndpoint::Requests }) => {
                Some(lab.started_unix_secs(deployment, node, lab_secs))
            }
            Self::Page(_) | Self::Health(_) => None,
        }
    }

    /// Writes the answer; false where none comes.
    fn write(self, lab: &SimLab, lab_secs: f64, text: &mut String) -> bool {
        match self {
            Self::Page(page) => lab.write_page(page, &page.collected_at(lab_secs), text),
            Self::Health(deployment) => {
                let status = if lab.holds_write_quorum(deployment, lab_secs) { 200 } else { 503 };
                let answer = Endpoint::health_text(status).filter(|_| lab.answers(deployment, 0, lab_secs));
                text.push_str(answer.unwrap_or_default());
                answer.is_some()
            }
        }
    }
}

/// One poll of all targets.
pub(super) struct PollRound {
    /// On the lab's own clock.
    pub(super) lab_secs: f64,
    /// Time 0 of the lab's clock, on the source's.
    pub(super) origin_secs: f64,
    /// The slow pages are asked for too, when they are due.
    pub(super) is_fine: bool,
    pub(super) is_first: bool,
    /// The time of the last round that is asked for with this one.
    pub(super) last_lab_secs: f64,
}

/// How often the simulated lab tells of its inside, on its own clock.
const INSPECT_SECS: f64 = 10.0;

impl PollRound {
    /// Whether what is inside is told after this round: of several rounds at once, after the last one that is due.
    fn inspects(&self) -> bool {
        let since_secs = self.lab_secs - (self.last_lab_secs / INSPECT_SECS).floor() * INSPECT_SECS;
        since_secs >= 0.0 && (self.is_first || since_secs < POLL_SECS)
    }

    /// Whether a page is asked for in this round.
    fn asks_for(&self, endpoint: &Endpoint) -> bool {
        let is_due = self.lab_secs.rem_euclid(endpoint.interval_secs()) < POLL_SECS;
        endpoint.is_fast() || self.is_first || (self.is_fine && is_due)
    }
}

impl Polled {
    /// Every target, of which nothing is known yet.
    pub(super) fn all() -> Vec<Self> {
        let drives = TargetKind::NodeExporter { devices: Vec::new() };
        let exporter = |page| vec![PolledPage { asked: Asked::Page(page), endpoint: Endpoint::Exporter, node: "" }];
        let target = |name: &str, kind, subject, pages| {
            let fold = Fold::new(kind);
            Self { name: name.into(), fold, subject, pages, silent_since_secs: None }
        };
        let minio = |deployment: SimDeployment, tier| {
            target(deployment.name(), TargetKind::Tier(tier), Subject::Tier(tier), minio_pages(deployment))
        };
        vec![
            minio(SimDeployment::Hot, Tier::T1),
            minio(SimDeployment::Warm, Tier::T2),
            minio(SimDeployment::Cold, Tier::T3),
            target("node_exporter", drives, Subject::Tier(Tier::T0), exporter(SimPage::NodeExporter)),
            target("dcgm", TargetKind::Dcgm, Subject::Compute, exporter(SimPage::Dcgm)),
        ]
    }

    /// As the source announces it.
    pub(super) fn target(&self) -> Target {
        let (name, subjects) = (self.name.clone(), vec![self.subject]);
        Target { name, subjects, interval_secs: POLL_SECS, unverified: false }
    }

    /// What is inside the target, in the rounds in which that is told.
    pub(super) fn inspect(&self, round: &PollRound) -> Option<SourceEvent> {
        round.inspects().then(|| {
            let mut inside = self.fold.inside();
            inside.pages.iter_mut().for_each(|page| page.at_secs += round.origin_secs);
            let (target, at_secs) = (self.name.clone(), round.lab_secs + round.origin_secs);
            SourceEvent::Inspected { target, at_secs, inside: Arc::new(inside) }
        })
    }

    /// Asks for the pages that are due and folds their text; what is known after that, on the source's clock, or that
    /// nobody answers.
    pub(super) fn poll_pages(&mut self, lab: &SimLab, round: &PollRound, text: &mut String) -> SourceEvent {
        let &PollRound { lab_secs, origin_secs, .. } = round;
        let mut answered = false;
        for PolledPage { asked, endpoint, node } in self.pages.iter().filter(|page| round.asks_for(&page.endpoint)) {
            text.clear();
            if asked.write(lab, lab_secs, text) {
                let mut body = self.fold.body(node, endpoint);
                body.feed(text.as_bytes());
                let started_unix_secs = asked.started_unix_secs(lab, lab_secs);
                self.fold.take(node, endpoint, lab_secs, &body.finish(), started_unix_secs);
                answered = true;
            } else {
                self.fold.failed(node, endpoint, lab_secs);
            }
        }
        if !answered {
            return self.silence(lab_secs, origin_secs);
        }
        self.silent_since_secs = None;
        let last_good_secs = self.fold.last_good_secs().unwrap_or(lab_secs) + origin_secs;
        let (mut readings, mut moved) = self.fold.report(lab_secs);
        for reading in readings.values_mut() {
            reading.at_secs += origin_secs;
        }
        for moved in moved.iter_mut().flatten() {
            moved.from_secs += origin_secs;
            moved.to_secs += origin_secs;
        }
        let samples = self.fold.drain_samples();
        let report = Report { readings, moved, last_good_secs, interval_secs: POLL_SECS, samples, faults: Vec::new() };
        SourceEvent::Scraped { target: self.name.clone(), at_secs: lab_secs + origin_secs, report }
    }

    /// No page of it answers: what was known of it grows old.
    fn silence(&mut self, lab_secs: f64, origin_secs: f64) -> SourceEvent {
        let since_secs = *self.silent_since_secs.get_or_insert(lab_secs) + origin_secs;
        let fault = Fault {
            target: self.name.to_string(),
            node: String::new(),
            page: String::new(),
            since_secs,
            code: FaultCode::Unreachable,
            cause: "cannot be reached".to_owned(),
            remedy: "It is the simulated lab: this is what was to fail".to_owned(),
        };
        SourceEvent::Failed { target: self.name.clone(), at_secs: lab_secs + origin_secs, fault }
    }
}

/// The pages of a deployment: its traffic, and what it says of itself, on each node; the rest on the first.
fn minio_pages(deployment: SimDeployment) -> Vec<PolledPage> {
    let servers = deployment.servers();
    let page = |node: usize, sim, endpoint| {
        let asked = Asked::Page(SimPage::Minio { deployment, node, endpoint: sim });
        PolledPage { asked, endpoint, node: servers[node] }
    };
    let requests = (0..servers.len()).map(|node| page(node, SimEndpoint::Requests, Endpoint::V3Requests));
    let rest = [(SimEndpoint::V2Cluster, Endpoint::V2Cluster), (SimEndpoint::Cluster, Endpoint::V3Cluster)];
    let extra = (0..servers.len()).flat_map(|node| {
        [(SimEndpoint::System, Endpoint::V3System), (SimEndpoint::Ilm, Endpoint::V3Ilm)]
            .map(|(sim, endpoint)| page(node, sim, endpoint))
    });
    let health = PolledPage { asked: Asked::Health(deployment), endpoint: Endpoint::Health, node: "" };
    requests.chain(extra).chain(rest.map(|(sim, endpoint)| page(0, sim, endpoint))).chain([health]).collect()
}
