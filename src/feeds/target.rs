//! One deployment or exporter: what the threads of its nodes share.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::lab::{Auth, Deployment, Exporter, ExporterKind, Serves, Url};
use crate::live::{Fault, FaultCode, Report, SourceEvent, Target};
use crate::signal::Subject;
use crate::telemetry::{Body, Collected, Endpoint, Fold, TargetKind};

use super::http::Received;
use super::link::{Link, Pace};
use super::moment::AnswerMoment;
use super::schedule::{PageOutcome, SlowPages};
use super::tape::TapedAnswer;
use super::trouble::Trouble;

/// What the nodes of one target share. The lock is held to fold and to choose, never while a server is asked.
pub(super) struct SharedTarget {
    pub(super) name: Arc<str>,
    /// By node: host and port.
    hosts: Vec<String>,
    /// Nothing opens it: where its metrics are refused, its health is told all the same.
    is_public: bool,
    link: Link,
    shared: Mutex<Shared>,
}

struct Shared {
    fold: Fold,
    slow: SlowPages,
    /// What is wrong now, by node and page.
    faults: BTreeMap<(usize, Endpoint), Fault>,
    /// Why what is told is not of the whole deployment, or not of each tier, where it is not.
    untold: Vec<Fault>,
    /// By node: whether it has v3, as far as is known.
    has_v3: Vec<bool>,
    /// By node: whether what it alone can tell was asked for.
    has_begun: Vec<bool>,
    /// Asked on each node at each tick.
    fast: Vec<Endpoint>,
    /// By node and page: when what was told last was counted.
    moments: BTreeMap<(usize, Endpoint), AnswerMoment>,
    /// When what is inside is told next.
    inspect_secs: f64,
}

/// How often it is told what is inside a target, before the pace's scale: engineers read it, and nobody waits for it.
const INSPECT_SECS: f64 = 5.0;

impl SharedTarget {
    pub(super) fn new(name: &str, kind: TargetKind, urls: &[Url], auth: &Auth, link: Link) -> Self {
        let hosts: Vec<String> = urls.iter().map(Url::host_and_port).collect();
        let nodes = hosts.len();
        let (fast, slow): (Vec<_>, Vec<_>) = kind.endpoints().into_iter().partition(Endpoint::is_fast);
        let slow = SlowPages::new(slow, nodes, link.pace.scale);
        let (fold, faults) = (Fold::new(kind), BTreeMap::new());
        let has_begun = vec![fast.is_empty(); nodes];
        let (has_v3, moments) = (vec![true; nodes], BTreeMap::new());
        let shared =
            Shared { fold, slow, faults, untold: Vec::new(), has_v3, has_begun, fast, moments, inspect_secs: 0.0 };
        Self { name: name.into(), hosts, is_public: *auth == Auth::Public, link, shared: Mutex::new(shared) }
    }

    fn lock_shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What every node is asked at each tick, besides the buckets.
    pub(super) fn fast_pages(&self) -> Vec<Endpoint> {
        self.lock_shared().fast.clone()
    }

    /// The buckets that are asked for one by one.
    pub(super) fn buckets(&self) -> Vec<String> {
        self.lock_shared().fold.buckets()
    }

    /// Seconds from tick to tick, before the pace's scale.
    pub(super) fn tick_secs(&self) -> f64 {
        self.lock_shared().fast.first().unwrap_or(&Endpoint::V3Requests).interval_secs()
    }

    /// Whether requests ran on the node when it last answered; none where that is not told by one uncached page, as it is
    /// not where buckets are a page each.
    pub(super) fn is_running(&self, node: usize) -> Option<bool> {
        let shared = self.lock_shared();
        let is_one_page =
            shared.fast == [Endpoint::V3Requests] && shared.has_v3[node] && shared.fold.buckets().is_empty();
        is_one_page.then(|| shared.fold.is_running(&self.hosts[node]))
    }

    /// Whether what makes the target live was asked of the node: that comes first.
    pub(super) fn has_begun(&self, node: usize) -> bool {
        self.lock_shared().has_begun[node]
    }

    /// Notes that it was.
    pub(super) fn note_begun(&self, node: usize) {
        self.lock_shared().has_begun[node] = true;
    }

    /// Whether the node gave an answer for a page of its own since then.
    pub(super) fn has_answered_since(&self, node: usize, since_secs: f64) -> bool {
        self.lock_shared().fold.answered_secs(&self.hosts[node]).is_some_and(|secs| secs > since_secs)
    }

    /// Whether the deployment is known to have one node.
    pub(super) fn is_alone(&self) -> bool {
        self.lock_shared().fold.coverage().total == Some(1)
    }

    /// Whether the node answered v3 when it was last asked, as far as is known.
    pub(super) fn has_v3(&self, node: usize) -> bool {
        self.lock_shared().has_v3[node]
    }

    /// What this node should ask on behalf of all.
    pub(super) fn claim_page(&self, node: usize) -> Option<Endpoint> {
        self.lock_shared().slow.claim_page(node, self.now_secs())
    }

    /// What this node should ask for itself, besides what makes the target live.
    pub(super) fn claim_extra(&self, node: usize) -> Option<Endpoint> {
        let now_secs = self.now_secs();
        let mut shared = self.lock_shared();
        let wanted = shared.fold.kind().extra_endpoints(shared.has_v3[node]);
        shared.slow.claim_extra(node, wanted, now_secs)
    }

    pub(super) fn note_outcome(&self, node: usize, endpoint: &Endpoint, outcome: PageOutcome) {
        self.lock_shared().slow.note_outcome(node, endpoint, self.now_secs(), outcome);
    }

    /// An empty body of that page, to be filled without the lock.
    pub(super) fn empty_body(&self, node: usize, endpoint: &Endpoint) -> Body {
        self.lock_shared().fold.body(&self.hosts[node], endpoint)
    }

    /// How fast it is asked.
    pub(super) fn pace(&self) -> Pace {
        self.link.pace
    }

    /// Whether the feeds have ended: nothing more is asked then.
    pub(super) fn is_stopped(&self) -> bool {
        self.link.is_stopped()
    }

    /// Whether answers are kept as they came.
    pub(super) fn is_taped(&self) -> bool {
        self.link.tape().is_some()
    }

    /// Shows an answer as it came to whoever keeps them.
    pub(super) fn tape(&self, node: usize, endpoint: &Endpoint, answered: Result<Received, &Trouble>, text: Vec<u8>) {
        let Some(tape) = self.link.tape() else { return };
        let who = (&self.name, self.hosts[node].as_str());
        if let Some(answer) = TapedAnswer::new(who, endpoint, answered, self.now_secs(), text) {
            tape(answer);
        }
    }

    pub(super) fn now_secs(&self) -> f64 {
        self.link.now_secs()
    }

    /// Folds a whole page. False when nothing of it can be used.
    pub(super) fn fold_page(
        &self,
        node: usize,
        endpoint: &Endpoint,
        received: Received,
        collected: &Collected,
    ) -> bool {
        let mut shared = self.lock_shared();
        let Received { at_secs, process_start_unix_secs, took_secs, .. } = received;
        let key = (node, endpoint.clone());
        let before = shared.moments.get(&key).copied();
        let moment = AnswerMoment::new(at_secs, received.waited_secs, before);
        if endpoint.is_fast() && before.is_some_and(|before| moment.is_vague_after(before)) {
            // It is there and well, but tells too vaguely when it counted.
            return true;
        }
        let taken = shared.fold.take(&self.hosts[node], endpoint, at_secs, collected, process_start_unix_secs);
        if taken {
            shared.moments.insert(key, moment);
            shared.fold.took(&self.hosts[node], endpoint, took_secs);
            shared.clear_fault(node, endpoint);
        }
        if taken && endpoint.is_fast() {
            shared.slow.note_health(node, true);
            shared.has_v3[node] = true;
        }
        taken
    }

    /// Folds what a node's process has read and written. False when nothing of it can be used.
    pub(super) fn fold_process(&self, node: usize, at_secs: f64, collected: &Collected) -> bool {
        self.lock_shared().fold.take(&self.hosts[node], &Endpoint::V3Process, at_secs, collected, None)
    }

    /// A node turned out not to have a page that another one stands in for.
    pub(super) fn note_absent(&self, node: usize, endpoint: &Endpoint) {
        let mut shared = self.lock_shared();
        shared.clear_fault(node, endpoint);
        if endpoint.is_fast() {
            shared.has_v3[node] = false;
        }
    }

    /// A node told of all its buckets: what was wrong with one that is gone is no fault any more.
    pub(super) fn note_all_read(&self, node: usize, buckets: &[String]) {
        let is_gone = |page: &Endpoint| matches!(page, Endpoint::V3Bucket(name) if !buckets.contains(name));
        self.lock_shared().faults.retain(|(of, page), _| *of != node || !is_gone(page));
    }

    /// How often it is asked for the page by which it was last read.
    fn interval_secs(shared: &Shared) -> f64 {
        match shared.fold.last_good() {
            None => Endpoint::Health.interval_secs(),
            Some(last) if last.by_node => shared.fast.first().unwrap_or(&Endpoint::V3Requests).interval_secs(),
            Some(_by_cluster) => Endpoint::V2Cluster.interval_secs(),
        }
    }

    /// Tells the host what is known now.
    pub(super) fn send_report(&self) {
        let at_secs = self.now_secs();
        let mut shared = self.lock_shared();
        // Without anything that makes it live there is nothing to show yet.
        let health_secs = shared.health_secs().filter(|_| self.is_public);
        let Some(last_good_secs) = shared.fold.last_good_secs().or(health_secs) else { return };
        let (readings, moved) = shared.fold.report(at_secs);
        let report = Report {
            readings,
            moved,
            last_good_secs,
            interval_secs: Self::interval_secs(&shared) * self.link.pace.scale,
            samples: shared.fold.drain_samples(),
            faults: shared.all_faults(&self.name, &self.hosts[0], at_secs),
        };
        drop(shared);
        self.link.send_news(SourceEvent::Scraped { target: self.name.clone(), at_secs, report });
        self.send_inside();
    }

    /// Tells what is inside, when it is time to.
    fn send_inside(&self) {
        let at_secs = self.now_secs();
        let mut shared = self.lock_shared();
        if at_secs < shared.inspect_secs {
            return;
        }
        shared.inspect_secs = at_secs + INSPECT_SECS * self.link.pace.scale;
        let inside = Arc::new(shared.fold.inside());
        drop(shared);
        self.link.send_news(SourceEvent::Inspected { target: self.name.clone(), at_secs, inside });
    }

    /// Notes and tells what went wrong. That a node gives no answer is told when it is held as gone, and not before: with
    /// that goes at once what is left without it, so that what is said of the node and of its drives is one state.
    pub(super) fn send_fault(&self, node: usize, endpoint: &Endpoint, trouble: Trouble) {
        let at_secs = self.now_secs();
        let mut shared = self.lock_shared();
        let before = shared.faults.get(&(node, endpoint.clone())).filter(|fault| fault.code == trouble.code);
        let since_secs = before.map_or(at_secs, |fault| fault.since_secs);
        let fault = trouble.fault_at(&self.name, &self.hosts[node], endpoint.page_name(), since_secs);
        let gone_before = shared.fold.nodes_gone();
        if fault.code.is_silence() || fault.code == FaultCode::PageWaits {
            shared.fold.failed(&self.hosts[node], endpoint, at_secs);
        } else {
            shared.fold.refused(&self.hosts[node], endpoint, at_secs);
        }
        let is_news = shared.insert_fault(node, endpoint, &fault) && shared.is_told(node, &fault);
        let is_one_more_gone = shared.fold.nodes_gone() > gone_before;
        // A node that answers at all can still tell of the others on the pages that it does not refuse.
        if endpoint.is_fast() && fault.code.is_silence() {
            shared.slow.note_health(node, false);
        } else if endpoint.is_fast() {
            shared.has_v3[node] = false;
        }
        drop(shared);
        if is_one_more_gone {
            self.send_report();
        }
        if is_news {
            self.link.send_news(SourceEvent::Failed { target: self.name.clone(), at_secs, fault });
        }
        self.send_inside();
    }
}

impl Shared {
    /// When its health was read, where its metrics are refused.
    fn health_secs(&self) -> Option<f64> {
        // Where buckets are found by wildcard no page of a node is asked for until the refused ones name them.
        let is_refused = self.faults.values().any(|fault| fault.code.is_about_auth());
        self.fold.health_secs().filter(|_| is_refused)
    }

    /// What is wrong with pages, and what the nodes that are asked leave untold.
    fn all_faults(&mut self, target: &str, host: &str, at_secs: f64) -> Vec<Fault> {
        let part = Trouble::of_partial_sight(&self.fold.coverage(), &self.fold.bucket_coverage(None));
        let missing = Trouble::of_missing_buckets(&self.fold.tiers_without_bucket());
        let missing = missing.map(|trouble| (trouble, Endpoint::V3Buckets));
        let untold = part.into_iter().chain(missing).map(|(trouble, page)| {
            let before = self.untold.iter().find(|fault| fault.code == trouble.code);
            let since_secs = before.map_or(at_secs, |fault| fault.since_secs);
            let node = if trouble.code == FaultCode::PartOfNodes { host } else { "" };
            trouble.fault_at(target, node, page.page_name(), since_secs)
        });
        self.untold = untold.collect();
        let told = self.faults.iter().filter(|((node, _), fault)| self.is_told(*node, fault)).map(|(_, fault)| fault);
        told.chain(&self.untold).cloned().collect()
    }

    /// Whether a fault is told already: that a node gives no answer, as soon as it is held as gone.
    fn is_told(&self, node: usize, fault: &Fault) -> bool {
        let is_held_back = || self.has_v3[node] && self.fold.is_gone(&fault.node) == Some(false);
        !fault.code.is_silence() || !is_held_back()
    }

    /// Notes a fault. False when the node's own page tells the same, or will with its next question: what is wrong with a
    /// node is said once, and not once a page. So is a page that waits for peers, and not at all while one of them is
    /// silent itself.
    fn insert_fault(&mut self, node: usize, endpoint: &Endpoint, fault: &Fault) -> bool {
        let code = fault.code;
        if endpoint.is_fast() {
            let is_outdone = |old: &Fault| code.is_silence() && old.code == FaultCode::PageWaits;
            self.faults
                .retain(|(of, page), old| !is_outdone(old) && (*of != node || page.is_fast() || old.code != code));
        } else if code == FaultCode::PageWaits {
            let is_silent = |(_, page): &(usize, Endpoint), old: &Fault| page.is_fast() && old.code.is_silence();
            let waits_elsewhere =
                |(of, page): &(usize, Endpoint), old: &Fault| *of != node && page == endpoint && old.code == code;
            if self.faults.iter().any(|(key, old)| is_silent(key, old) || waits_elsewhere(key, old)) {
                self.faults.remove(&(node, endpoint.clone()));
                return false;
            }
        } else {
            let by_node =
                |((of, page), fault): (&(usize, Endpoint), &Fault)| *of == node && page.is_fast() && fault.code == code;
            let told_soon = self.has_v3[node] && code.is_silence() && !code.is_timeout();
            if told_soon || self.faults.iter().any(by_node) {
                return false;
            }
        }
        self.faults.insert((node, endpoint.clone()), fault.clone());
        true
    }

    /// A page was read, or is not missed: on this node, or on all where any node answers for all.
    fn clear_fault(&mut self, node: usize, endpoint: &Endpoint) {
        let is_cleared = |of: usize, page: &Endpoint| page == endpoint && (of == node || !page.is_fast());
        self.faults.retain(|(of, page), _| !is_cleared(*of, page));
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

/// What a page of that kind is to the fold, with nothing chosen in it.
pub(super) fn kind_of_page(kind: ExporterKind) -> TargetKind {
    match kind {
        ExporterKind::Node => TargetKind::NodeExporter { devices: Vec::new() },
        ExporterKind::Dcgm => TargetKind::Dcgm,
    }
}

/// What the host should know of a deployment before the first answer.
pub(super) fn target_of(deployment: &Deployment, scale: f64) -> Target {
    Target {
        name: deployment.name.as_str().into(),
        subjects: deployment.serves.tiers().into_iter().map(Subject::Tier).collect(),
        interval_secs: Endpoint::V3Requests.interval_secs() * scale,
        unverified: deployment.access.skip_verification,
    }
}

/// What the host should know of an exporter before the first answer.
pub(super) fn target_of_exporter(exporter: &Exporter, scale: f64) -> Target {
    Target {
        name: exporter.name.as_str().into(),
        subjects: vec![exporter.kind.subject()],
        interval_secs: Endpoint::Exporter.interval_secs() * scale,
        unverified: exporter.access.skip_verification,
    }
}
