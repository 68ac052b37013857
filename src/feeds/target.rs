//! One deployment or exporter: what the threads of its nodes share.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::lab::{Deployment, Exporter, ExporterKind, Serves, Url};
use crate::signal::{Subject, Tier};
use crate::telemetry::{Body, Collected, Endpoint, Fold, TargetKind};

use super::fault::{Fault, Trouble};
use super::http::Received;
use super::lanes::{Lanes, Outcome};
use super::{FeedEvent, Link, TargetInfo};

/// What the nodes of one target share. The lock is held to fold and to choose, never while a server is asked.
pub(super) struct Target {
    pub(super) name: String,
    /// By node: host and port.
    hosts: Vec<String>,
    link: Link,
    state: Mutex<State>,
}

struct State {
    fold: Fold,
    lanes: Lanes,
    /// What is wrong now, by node and by whether it concerns the slow questions.
    faults: BTreeMap<(usize, bool), Fault>,
    /// By node: whether it has v3, as far as is known.
    has_v3: Vec<bool>,
    /// Asked on each node at each tick.
    fast: Vec<Endpoint>,
}

impl Target {
    pub(super) fn new(name: &str, kind: TargetKind, urls: &[Url], link: Link) -> Self {
        let hosts: Vec<String> = urls.iter().map(Url::host_and_port).collect();
        let nodes = hosts.len();
        let (fast, slow): (Vec<_>, Vec<_>) = kind.endpoints().into_iter().partition(Endpoint::on_each_node);
        let lanes = Lanes::new(slow, nodes, link.pace.scale);
        let state = State { fold: Fold::new(kind), lanes, faults: BTreeMap::new(), has_v3: vec![true; nodes], fast };
        Self { name: name.to_owned(), hosts, link, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What every node is asked at each tick.
    pub(super) fn fast(&self) -> Vec<Endpoint> {
        let state = self.state();
        let buckets = state.fold.buckets().into_iter().map(Endpoint::V3Bucket);
        state.fast.iter().cloned().chain(buckets).collect()
    }

    /// What this node should ask on behalf of all.
    pub(super) fn claim(&self, node: usize) -> Option<Endpoint> {
        self.state().lanes.claim(node, self.now_secs())
    }

    pub(super) fn done(&self, node: usize, endpoint: &Endpoint, outcome: Outcome) {
        self.state().lanes.done(node, endpoint, self.now_secs(), outcome);
    }

    /// An empty body of that page, to be filled without the lock.
    pub(super) fn body(&self, endpoint: &Endpoint) -> Body {
        self.state().fold.body(endpoint)
    }

    pub(super) fn now_secs(&self) -> f64 {
        (self.link.now)()
    }

    /// Folds a whole page. False when nothing of it can be used.
    pub(super) fn take(&self, node: usize, endpoint: &Endpoint, received: Received, collected: &Collected) -> bool {
        let mut state = self.state();
        let Received { at_secs, process_start_unix_secs, .. } = received;
        let taken = state.fold.take(&self.hosts[node], endpoint, at_secs, collected, process_start_unix_secs);
        if taken && endpoint.on_each_node() {
            state.lanes.note(node, true);
            state.has_v3[node] = true;
        }
        taken
    }

    /// A node turned out to have no v3.
    pub(super) fn note_no_v3(&self, node: usize) {
        let mut state = self.state();
        state.has_v3[node] = false;
        state.faults.remove(&(node, false));
    }

    /// Whether no node is known to have v3: v2 is then what makes the target live.
    fn interval_secs(state: &State) -> f64 {
        let live = if state.has_v3.contains(&true) { &Endpoint::V3Requests } else { &Endpoint::V2Cluster };
        state.fast.iter().find(|endpoint| !endpoint.is_v3()).unwrap_or(live).interval_secs()
    }

    /// Tells the host what is known now.
    pub(super) fn tell(&self, node: usize, slow: bool) {
        let at_secs = self.now_secs();
        let mut state = self.state();
        state.faults.remove(&(node, slow));
        // Without anything that makes it live there is nothing to show yet.
        let Some(last_good_secs) = state.fold.last_good_secs() else { return };
        let event = FeedEvent::Scraped {
            target: self.name.clone(),
            at_secs,
            interval_secs: Self::interval_secs(&state) * self.link.pace.scale,
            readings: state.fold.readings(at_secs),
            last_good_secs,
            faults: state.faults.values().cloned().collect(),
        };
        drop(state);
        self.link.tell(event);
    }

    /// Notes and tells what went wrong.
    pub(super) fn failed(&self, node: usize, endpoint: &Endpoint, trouble: Trouble) {
        let fault = trouble.of(&self.name, &self.hosts[node]);
        let at_secs = self.now_secs();
        let slow = !endpoint.on_each_node();
        let mut state = self.state();
        state.fold.failed(&self.hosts[node], endpoint, at_secs);
        state.faults.insert((node, slow), fault.clone());
        if !slow {
            state.lanes.note(node, false);
        }
        drop(state);
        self.link.tell(FeedEvent::Failed { target: self.name.clone(), at_secs, fault });
    }
}

/// What a deployment is to the fold.
pub(super) fn kind_of(deployment: &Deployment) -> TargetKind {
    match &deployment.serves {
        Serves::Tier(tier) => TargetKind::Tier(*tier),
        Serves::Buckets(buckets) => {
            TargetKind::Buckets(buckets.iter().map(|(tier, patterns)| (*tier, patterns.clone())).collect())
        }
    }
}

/// What an exporter is to the fold.
pub(super) fn kind_of_exporter(exporter: &Exporter) -> TargetKind {
    match exporter.kind {
        ExporterKind::Node => TargetKind::NodeExporter { devices: exporter.devices.clone() },
        ExporterKind::Dcgm => TargetKind::Dcgm,
    }
}

/// What the host should know of a deployment before the first answer.
pub(super) fn info_of(deployment: &Deployment, scale: f64) -> TargetInfo {
    TargetInfo {
        name: deployment.name.clone(),
        subjects: deployment.serves.tiers().into_iter().map(Subject::Tier).collect(),
        interval_secs: Endpoint::V3Requests.interval_secs() * scale,
        urls: deployment.urls.len(),
        certificate_verified: !deployment.access.skip_verification,
    }
}

/// What the host should know of an exporter before the first answer.
pub(super) fn info_of_exporter(exporter: &Exporter, scale: f64) -> TargetInfo {
    let subject = match exporter.kind {
        ExporterKind::Node => Subject::Tier(Tier::T0),
        ExporterKind::Dcgm => Subject::Compute,
    };
    TargetInfo {
        name: exporter.name.clone(),
        subjects: vec![subject],
        interval_secs: Endpoint::Exporter.interval_secs() * scale,
        urls: exporter.urls.len(),
        certificate_verified: !exporter.access.skip_verification,
    }
}
