//! One deployment or exporter: the scrapes of all its nodes in, readings out.

mod buckets;

use std::collections::BTreeMap;
use std::sync::Arc;

use wildmatch::WildMatch;

use crate::signal::{Moved, PageScrape, Quantity, Readings, Signal, Tier};
use crate::telemetry::body::{Body, Collected, Filter};
use crate::telemetry::coverage::{Coverage, NodesSeen, Sight};
use crate::telemetry::drive_names::DriveNames;
use crate::telemetry::health::AskedNodes;
use crate::telemetry::merge::{Out, current_pages, newer};
use crate::telemetry::moved::ToldUntil;
use crate::telemetry::names::Meaning;
use crate::telemetry::page::{Page, PageSeries, Tally};
use crate::telemetry::process_io::ProcessIo;
use crate::telemetry::scrapes::Scrapes;
use crate::telemetry::system::{self, AllNodes};
use crate::telemetry::traffic::{self, Directions, Traffic};
use crate::telemetry::{Endpoint, TargetKind, drive_names, exporter, gpus, health};

pub(crate) use self::buckets::BucketCoverage;

/// The pages of one endpoint: by node, or one under no name where any node answers for all.
pub(super) type Pages = BTreeMap<String, Page>;

/// What is known of one target.
#[derive(Clone, Debug)]
pub struct Fold {
    kind: TargetKind,
    /// The wildcards of the buckets or devices, those of a tier together.
    wildcards: Vec<Arc<[WildMatch]>>,
    /// All of them.
    any: Arc<[WildMatch]>,
    pages: BTreeMap<Endpoint, Pages>,
    /// Whether v3's bucket page gives the bytes received under "sent"; `None` until it is found out.
    swapped: Option<Swapped>,
    /// Samples that were read since this was last asked.
    samples: u64,
    /// How well each page is read.
    scrapes: Scrapes,
    /// The drives that were ever told of.
    drives: DriveNames,
    /// Up to when it was told what moved, and by whom.
    told: ToldUntil,
}

/// When a target was last read, and by which of its pages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LastGood {
    pub(crate) at_secs: f64,
    /// By the pages that each node is asked for, and not by one that speaks for all.
    pub(crate) by_node: bool,
}

/// The pages that a target's traffic is read from now.
pub(super) struct TrafficPages<'a> {
    pub(super) pages: Vec<&'a Page>,
    fold: &'a Fold,
}

impl TrafficPages<'_> {
    /// Whether a bucket is of the target's tiers; what is of no bucket is.
    pub(super) fn wants_bucket(&self, bucket: Option<&str>) -> bool {
        let is_by_bucket = matches!(self.fold.kind, TargetKind::Buckets(_));
        bucket.is_none_or(|bucket| !is_by_bucket || self.fold.tier_of(bucket).is_some())
    }

    pub(super) fn wants(&self, series: &PageSeries) -> bool {
        self.wants_bucket(series.bucket.as_deref())
    }
}

/// Whether v3's bucket traffic has its directions swapped, and how that was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Swapped {
    /// By the HELP text.
    Told(bool),
    /// By v2's figures of the same bucket, which are right.
    Seen(bool),
}

/// Under which name a node's page is kept: none where any node answers for all.
fn page_key<'a>(node: &'a str, endpoint: &Endpoint) -> &'a str {
    if endpoint.on_each_node() { node } else { "" }
}

impl Fold {
    /// A target of which nothing is known yet.
    pub fn new(kind: TargetKind) -> Self {
        let wildcards = compile_wildcards(&kind);
        let any = wildcards.iter().flat_map(|patterns| patterns.iter().cloned()).collect();
        Self {
            kind,
            wildcards,
            any,
            pages: BTreeMap::new(),
            swapped: None,
            samples: 0,
            scrapes: Scrapes::default(),
            drives: DriveNames::new(),
            told: ToldUntil::default(),
        }
    }

    /// What the target is.
    pub(crate) fn kind(&self) -> &TargetKind {
        &self.kind
    }

    /// Collects the body of a node's answer, by the lines of the one before.
    pub fn body(&self, node: &str, endpoint: &Endpoint) -> Body {
        let page = self.pages.get(endpoint).and_then(|pages| pages.get(page_key(node, endpoint)));
        let known = page.map(|page| page.known().clone()).unwrap_or_default();
        Body::new(endpoint.page_kind(&self.kind), self.filter(endpoint), known)
    }

    fn filter(&self, endpoint: &Endpoint) -> Filter {
        match (endpoint, &self.kind) {
            (Endpoint::V3Bucket(bucket), _) => Filter::Bucket(bucket.clone()),
            (Endpoint::Exporter, TargetKind::NodeExporter { .. }) => Filter::Devices(Arc::clone(&self.any)),
            (_, TargetKind::Buckets(_)) => Filter::Buckets(Arc::clone(&self.any)),
            // How large the buckets are is for the engineers' page: no sum of a tier counts it.
            (Endpoint::V3Cluster, TargetKind::Tier(_)) => Filter::All,
            (_, TargetKind::Tier(_)) => Filter::NoBuckets,
            _ => Filter::All,
        }
    }

    /// Takes a whole body that was asked of a node at that time. `process_start_unix_secs` is what the answer's header
    /// told. False when nothing of it can be used: not the format, no number in it, or counters gone without a restart.
    #[expect(clippy::too_many_arguments, reason = "what was asked of whom and when, and the answer's two parts")]
    pub fn take(
        &mut self,
        node: &str,
        endpoint: &Endpoint,
        at_secs: f64,
        collected: &Collected,
        process_start_unix_secs: Option<f64>,
    ) -> bool {
        if !endpoint.is_page() {
            return self.take_process(node, at_secs, collected);
        }
        let taken = self.page_mut(node, endpoint).take_scrape(at_secs, collected, process_start_unix_secs);
        self.samples += collected.samples;
        if taken {
            self.scrapes.note_body(node, endpoint, at_secs, collected);
        } else {
            self.scrapes.note_failure(node, endpoint, at_secs);
        }
        if taken {
            self.find_directions(collected);
        }
        if taken
            && matches!(endpoint, Endpoint::V3System | Endpoint::V2Node)
            && let Some(page) = self.pages.get(endpoint).and_then(|pages| pages.get(node))
        {
            drive_names::remember_drives(page, &mut self.drives);
        }
        taken
    }

    /// Takes what a node's process has read and written, for the page of its requests.
    fn take_process(&mut self, node: &str, at_secs: f64, collected: &Collected) -> bool {
        self.samples += collected.samples;
        let Some((server, io)) = ProcessIo::of_page(at_secs, collected) else { return false };
        let requests = self.pages.get_mut(&Endpoint::V3Requests).and_then(|pages| pages.get_mut(node));
        if let Some(page) = requests {
            page.note_io(server, io);
        }
        true
    }

    /// Whether S3 requests were in flight on a node at its last answer.
    pub(crate) fn is_running(&self, node: &str) -> bool {
        let pages = self.pages.get(&Endpoint::V3Requests);
        pages.and_then(|pages| pages.get(node)).is_some_and(Page::is_running)
    }

    /// Notes how long a good answer took, for whoever looks at how well pages are read.
    pub(crate) fn took(&mut self, node: &str, endpoint: &Endpoint, took_secs: f64) {
        self.scrapes.note_time(node, endpoint, took_secs);
    }

    fn page_mut(&mut self, node: &str, endpoint: &Endpoint) -> &mut Page {
        let node = page_key(node, endpoint);
        let page = || Page::new(endpoint.page_kind(&self.kind), endpoint.cache_secs(), endpoint.interval_secs());
        let pages = self.pages.entry(endpoint.clone()).or_default();
        pages.entry(node.to_owned()).or_insert_with(page)
    }

    /// Notes that a node gave no answer. The values stay and grow old, as a gap is not a zero. A node that failed twice
    /// in a row is left out of the sums while others answer, and is no longer counted among those that are there.
    pub fn failed(&mut self, node: &str, endpoint: &Endpoint, at_secs: f64) {
        self.note_failure(node, endpoint, at_secs, false);
    }

    /// Notes that a node did answer, but not with the page that was asked for.
    pub fn refused(&mut self, node: &str, endpoint: &Endpoint, at_secs: f64) {
        self.note_failure(node, endpoint, at_secs, true);
    }

    fn note_failure(&mut self, node: &str, endpoint: &Endpoint, at_secs: f64, answered: bool) {
        if endpoint.is_page() {
            self.page_mut(node, endpoint).note_failure(at_secs, answered);
            self.scrapes.note_failure(node, endpoint, at_secs);
        }
    }

    /// Whether a node is held as gone, by the pages that make the target live; none where it was not asked for one.
    pub(crate) fn is_gone(&self, node: &str) -> Option<bool> {
        let live = self.pages.iter().filter(|(endpoint, _)| endpoint.is_fast());
        live.filter_map(|(_, pages)| Some(pages.get(node)?.is_silent())).max()
    }

    /// How many nodes are held as gone while others answer: they and their drives are out of what is told.
    pub(crate) fn nodes_gone(&self) -> usize {
        self.asked_nodes().gone()
    }

    /// When a node last gave an answer for a page of its own, be it a refusal.
    pub(crate) fn answered_secs(&self, node: &str) -> Option<f64> {
        let own = self.pages.iter().filter(|(endpoint, _)| endpoint.on_each_node());
        own.filter_map(|(_, pages)| pages.get(node)?.answered_secs()).reduce(f64::max)
    }

    /// When the page that makes the target live was last read, on any of its nodes.
    pub(crate) fn last_good_secs(&self) -> Option<f64> {
        self.last_good().map(|last| last.at_secs)
    }

    /// When it was last read, by the pages that its traffic is told by.
    pub(crate) fn last_good(&self) -> Option<LastGood> {
        let newest = |is_wanted: fn(&Endpoint) -> bool, by_node| {
            let pages = self.pages.iter().filter(|(endpoint, _)| is_wanted(endpoint));
            let at_secs = pages.flat_map(|(_, nodes)| nodes.values()).filter_map(Page::at_secs).reduce(f64::max);
            at_secs.map(|at_secs| LastGood { at_secs, by_node })
        };
        let live = newest(Endpoint::is_fast, true);
        let cached = newest(|endpoint| matches!(endpoint, Endpoint::V2Cluster | Endpoint::V2Bucket), false);
        match self.coverage().sight() {
            // Some nodes are read all the while.
            Sight::Whole | Sight::Part => newer(live, cached, |last| last.at_secs),
            Sight::Old => read_since(live, cached, |last| last.at_secs),
        }
    }

    /// When the health page was last read: all there is of a deployment that gives its metrics to nobody.
    pub(crate) fn health_secs(&self) -> Option<f64> {
        self.first_page(&Endpoint::Health)?.at_secs()
    }

    /// How much an endpoint's counters grew since its first scrape, all nodes together.
    pub(crate) fn tally(&self, endpoint: &Endpoint) -> Tally {
        let mut sums = Tally::new();
        for (meaning, parts) in self.node_pages(endpoint).flat_map(|page| page.tally()) {
            let sum = sums.entry(*meaning).or_default();
            for (of, grown) in parts {
                *sum.entry(of.clone()).or_default() += grown;
            }
        }
        sums
    }

    /// The readings as they are known at that time, and what moved since this was last asked.
    /// Exporters do not tell when it did.
    pub fn report(&mut self, at_secs: f64) -> (Readings, Option<Vec<Moved>>) {
        let known = self.known(at_secs);
        (known.readings, self.drain_moved(known.by_node))
    }

    /// Samples that the parser read since this was last asked, wanted or not.
    pub(crate) fn drain_samples(&mut self) -> u64 {
        std::mem::take(&mut self.samples)
    }

    /// How well each page is read, by page and node.
    pub(super) fn scrapes(&self) -> Vec<PageScrape> {
        self.scrapes.all()
    }

    /// The drives that were ever told of, by server and path.
    pub(super) fn known_drives(&self) -> &DriveNames {
        &self.drives
    }

    /// The pages of an endpoint with whom they were asked of: no name where any node answers for all.
    pub(super) fn hosts_and_pages(&self, endpoint: &Endpoint) -> impl Iterator<Item = (&str, &Page)> {
        self.pages.get(endpoint).into_iter().flatten().map(|(host, page)| (host.as_str(), page))
    }

    /// The pages that the traffic of the whole target is read from now.
    pub(super) fn traffic_pages(&self) -> TrafficPages<'_> {
        let (live, cached) = match &self.kind {
            TargetKind::Tier(_) => {
                let live = current_pages(self.node_pages(&Endpoint::V3Requests));
                (Some(live), self.first_page(&Endpoint::V2Cluster))
            }
            TargetKind::Buckets(_) => {
                let live = current_pages(self.bucket_traffic_pages().single.into_iter().map(|(_, page)| page));
                let live = Some(live).filter(|_| !self.bucket_coverage(None).is_part());
                (live, self.first_page(&Endpoint::V2Bucket))
            }
            TargetKind::NodeExporter { .. } | TargetKind::Dcgm => (None, None),
        };
        let live = live.filter(|(_, pages)| !pages.is_empty());
        let cached = cached.and_then(|page| Some((page.at_secs()?, vec![page])));
        let told = self.by_nodes_or_cluster(live, cached, |(at_secs, _)| *at_secs);
        TrafficPages { pages: told.map_or_else(Vec::new, |(_, pages)| pages), fold: self }
    }

    /// What the nodes tell each for itself, or what one page tells of all of them: the nodes where they tell all of it, and
    /// what they told last where none tells any more and that page was not read since either.
    fn by_nodes_or_cluster<T>(
        &self,
        by_nodes: Option<T>,
        by_cluster: Option<T>,
        at_secs: impl Fn(&T) -> f64,
    ) -> Option<T> {
        match self.coverage().sight() {
            Sight::Whole => newer(by_nodes, by_cluster, at_secs),
            Sight::Part => by_cluster,
            Sight::Old => read_since(by_nodes, by_cluster, at_secs),
        }
    }

    /// What moved, of the pages that the traffic is read from now. What nodes told meanwhile is kept while the cluster tells
    /// it in their place, as that is late: it is told when they are all heard again.
    fn drain_moved(&mut self, by_node: bool) -> Option<Vec<Moved>> {
        if matches!(self.kind, TargetKind::NodeExporter { .. } | TargetKind::Dcgm) {
            return None;
        }
        let swapped = self.directions() == Directions::Swapped;
        self.told.tell(by_node);
        let mut moved = Vec::new();
        for (endpoint, pages) in &mut self.pages {
            let teller = teller_of(&self.kind, endpoint);
            if !by_node && teller == Some(Teller::Nodes) {
                for page in pages.values_mut() {
                    page.keep_spreads_after(self.told.until_secs());
                }
                continue;
            }
            let is_told = teller == Some(if by_node { Teller::Nodes } else { Teller::Cluster });
            let spreads = pages.values_mut().flat_map(Page::drain_spreads);
            for told in spreads.filter(|_| is_told) {
                let of_bucket = |bucket: &str| tier_of_bucket(&self.wildcards, bucket);
                let tier = match (&self.kind, endpoint) {
                    (TargetKind::Tier(tier), _) => Some(*tier),
                    (TargetKind::Buckets(tiers), Endpoint::V3Bucket(bucket)) => {
                        of_bucket(bucket).map(|index| tiers[index].0)
                    }
                    (TargetKind::Buckets(tiers), _) => {
                        told.bucket.as_deref().and_then(of_bucket).map(|index| tiers[index].0)
                    }
                    _ => None,
                };
                let quantity = match told.meaning {
                    Meaning::BytesIn => Quantity::WriteBytesPerSec,
                    Meaning::NamedSent if swapped => Quantity::WriteBytesPerSec,
                    Meaning::NamedReceived if !swapped => Quantity::WriteBytesPerSec,
                    _ => Quantity::ReadBytesPerSec,
                };
                let signal = tier.map(|tier| Signal::tier(tier, quantity));
                moved.extend(signal.zip(self.told.untold(told.spread)).map(|(signal, spread)| spread.of(signal)));
            }
        }
        let until_secs = moved.iter().map(|moved| moved.to_secs).fold(self.read_until_secs(by_node), f64::max);
        self.told.note_until(until_secs);
        Some(moved)
    }

    /// Up to when it is known what moved: by the nodes' own pages, or by the cluster's, which is late by its cache.
    fn read_until_secs(&self, by_node: bool) -> f64 {
        let teller = Some(if by_node { Teller::Nodes } else { Teller::Cluster });
        let told = self.pages.iter().filter(|(endpoint, _)| teller_of(&self.kind, endpoint) == teller);
        let read_secs = told.flat_map(|(endpoint, pages)| {
            pages.values().filter_map(|page| Some(page.at_secs()? - endpoint.cache_secs()))
        });
        read_secs.fold(f64::NEG_INFINITY, f64::max)
    }

    /// The readings as they are known at that time. What is unknown is not in them.
    pub fn readings(&self, at_secs: f64) -> Readings {
        self.known(at_secs).readings
    }

    fn known(&self, at_secs: f64) -> Out {
        let mut out = Out::default();
        match &self.kind {
            TargetKind::Tier(tier) => self.tier_readings(*tier, at_secs, &mut out),
            TargetKind::Buckets(tiers) => {
                for (index, (tier, _)) in tiers.iter().enumerate() {
                    self.bucket_readings(index, *tier, at_secs, &mut out);
                }
            }
            TargetKind::NodeExporter { .. } => {
                exporter::node_exporter_readings(&self.any, self.node_pages(&Endpoint::Exporter), &mut out);
            }
            TargetKind::Dcgm => gpus::gpu_readings(self.node_pages(&Endpoint::Exporter), &mut out),
        }
        out
    }

    fn tier_readings(&self, tier: Tier, at_secs: f64, out: &mut Out) {
        let pages = self.deployment_pages();
        self.put_health(tier, &pages, out);
        if let Some(traffic) = self.tier_traffic() {
            traffic.put_readings(tier, out);
        }
        health::put_usage(tier, &pages, at_secs, out);
        health::put_capacity(tier, &pages, out);
        self.put_transitions(tier, out);
        self.put_system(tier, out);
    }

    /// What the servers say of themselves: by their own pages where each of them is read, else by v2's page of all of them.
    fn put_system(&self, tier: Tier, out: &mut Out) {
        let by_v2 = || AllNodes::of_pages(self.node_pages(&Endpoint::V2Cluster));
        let at_secs = |told: &AllNodes<'_>| told.at_secs;
        if let Some(told) = newer(self.all_nodes(&Endpoint::V3System), by_v2(), at_secs) {
            system::put_processes(tier, &told, out);
        }
        if let Some(told) = newer(self.all_nodes(&Endpoint::V3Ilm), by_v2(), at_secs) {
            system::put_transition_queue(tier, &told, out);
        }
        let by_v2_nodes = || self.all_nodes(&Endpoint::V2Node);
        if let Some(told) = newer(self.all_nodes(&Endpoint::V3System), by_v2_nodes(), at_secs) {
            system::put_drives(tier, &told, out);
        }
        if let Some(told) = newer(self.all_nodes(&Endpoint::V3Replication), by_v2_nodes(), at_secs) {
            system::put_replication(tier, &told, out);
        }
        let pages = [Endpoint::V3Requests, Endpoint::V3System, Endpoint::V2Cluster];
        system::put_restarts(tier, pages.iter().flat_map(|endpoint| self.node_pages(endpoint)), out);
    }

    /// A page of each node, where all of them are read: a part is never told as the whole.
    fn all_nodes(&self, endpoint: &Endpoint) -> Option<AllNodes<'_>> {
        AllNodes::of_pages(self.node_pages(endpoint)).filter(|_| self.is_heard_whole(endpoint))
    }

    /// v3's page holds one node's traffic. Where not all nodes are heard, v2's page is read, which sums all of them: a part
    /// is never shown as the whole.
    fn tier_traffic(&self) -> Option<Traffic> {
        let live = traffic::of_nodes(self.node_pages(&Endpoint::V3Requests), Directions::AsNamed);
        let cached =
            self.first_page(&Endpoint::V2Cluster).and_then(|page| traffic::of_deployment(page, &|_| true, false));
        self.by_nodes_or_cluster(live, cached, |traffic| traffic.at_secs)
    }

    fn put_health(&self, tier: Tier, pages: &[&Page], out: &mut Out) {
        if let Some(page) = self.first_page(&Endpoint::Health) {
            health::put_quorum(tier, page, out);
        }
        health::put_health(tier, pages, self.asked_nodes(), out);
    }

    /// The nodes that are asked each for itself.
    fn asked_nodes(&self) -> AskedNodes {
        let seen = self.nodes_seen();
        AskedNodes {
            count: if seen.is_balanced { 0 } else { seen.count() },
            silent: seen.silent(),
            at_secs: seen.answered_secs(),
        }
    }

    /// The nodes by the pages that make the target live: where buckets are tiers, a page of each bucket.
    fn nodes_seen(&self) -> NodesSeen {
        let is_wanted = |endpoint: &Endpoint| match self.kind {
            TargetKind::Buckets(_) => matches!(endpoint, Endpoint::V3Bucket(_)),
            _ => *endpoint == Endpoint::V3Requests,
        };
        let pages = self.pages.iter().filter(|(endpoint, _)| is_wanted(endpoint)).flat_map(|(_, nodes)| nodes);
        NodesSeen::of_pages(pages.map(|(host, page)| (host.as_str(), page)))
    }

    /// How many of the deployment's nodes are heard.
    pub(crate) fn coverage(&self) -> Coverage {
        self.coverage_of(&self.nodes_seen())
    }

    fn coverage_of(&self, seen: &NodesSeen) -> Coverage {
        let told = |meaning| self.deployment_pages().iter().find_map(|page| page.one_gauge(meaning));
        let total = told(Meaning::NodesOnline).map(|online| online + told(Meaning::NodesOffline).unwrap_or(0.0));
        let by_v2 = self.first_page(&Endpoint::V2Cluster).is_some_and(|page| page.at_secs().is_some());
        seen.coverage(total.map(|total| total as usize), by_v2)
    }

    /// Whether all nodes are heard on a page that each of them is asked for besides. What it tells of a node that is gone
    /// grows old, which is no part.
    fn is_heard_whole(&self, endpoint: &Endpoint) -> bool {
        let coverage = self.coverage_of(&NodesSeen::of_pages(self.hosts_and_pages(endpoint)));
        Coverage { untold: 0, ..coverage }.is_whole()
    }

    fn put_transitions(&self, tier: Tier, out: &mut Out) {
        if let Some(page) = self.first_page(&Endpoint::V2Cluster) {
            traffic::put_transitions(tier, page, out);
        }
    }

    /// The pages on capacity and health, the preferred one first.
    fn deployment_pages(&self) -> Vec<&Page> {
        [Endpoint::V2Cluster, Endpoint::V3Cluster].iter().filter_map(|endpoint| self.first_page(endpoint)).collect()
    }

    fn first_page(&self, endpoint: &Endpoint) -> Option<&Page> {
        self.node_pages(endpoint).next()
    }

    fn node_pages(&self, endpoint: &Endpoint) -> impl Iterator<Item = &Page> {
        self.pages.get(endpoint).into_iter().flat_map(BTreeMap::values)
    }
}

/// The first of two values, or the second where it was read since the first was: after a poll of it that failed.
fn read_since<T>(first: Option<T>, second: Option<T>, at_secs: impl Fn(&T) -> f64) -> Option<T> {
    const POLL_SECS: f64 = 1.0;
    match (first, second) {
        (Some(first), Some(second)) if at_secs(&second) > at_secs(&first) + POLL_SECS => Some(second),
        (first, second) => first.or(second),
    }
}

/// Who tells what moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Teller {
    /// Each node for itself.
    Nodes,
    /// One page for all of them.
    Cluster,
}

/// For whom a page tells what moved, where it does.
fn teller_of(kind: &TargetKind, endpoint: &Endpoint) -> Option<Teller> {
    match (endpoint, kind) {
        (Endpoint::V3Requests | Endpoint::V3Bucket(_), _) => Some(Teller::Nodes),
        (Endpoint::V2Cluster, TargetKind::Tier(_)) | (Endpoint::V2Bucket, _) => Some(Teller::Cluster),
        _ => None,
    }
}

/// The place in the list of tiers of the first pattern that fits a bucket.
fn tier_of_bucket(wildcards: &[Arc<[WildMatch]>], bucket: &str) -> Option<usize> {
    wildcards.iter().position(|patterns| patterns.iter().any(|pattern| pattern.matches(bucket)))
}

fn compile_wildcards(kind: &TargetKind) -> Vec<Arc<[WildMatch]>> {
    let compiled = |patterns: &[String]| patterns.iter().map(|pattern| WildMatch::new(pattern)).collect();
    match kind {
        TargetKind::Buckets(tiers) => tiers.iter().map(|(_, patterns)| compiled(patterns)).collect(),
        TargetKind::NodeExporter { devices } => vec![compiled(devices)],
        TargetKind::Tier(_) | TargetKind::Dcgm => Vec::new(),
    }
}
