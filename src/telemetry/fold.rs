//! One deployment or exporter: the scrapes of all its nodes in, readings out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wildmatch::WildMatch;

use crate::signal::{Moved, PageScrape, Quantity, Readings, Signal, Tier};
use crate::telemetry::body::{Body, Collected, Filter};
use crate::telemetry::drive_names::DriveNames;
use crate::telemetry::flow::Spread;
use crate::telemetry::health::{AskedNodes, BucketPages};
use crate::telemetry::merge::{Out, current_pages, newer};
use crate::telemetry::names::Meaning;
use crate::telemetry::page::{Page, PageSeries, PageSpread, Tally};
use crate::telemetry::scrapes::Scrapes;
use crate::telemetry::system::{self, AllNodes};
use crate::telemetry::traffic::{self, Directions, Traffic};
use crate::telemetry::{Endpoint, TargetKind, drive_names, exporter, gpus, health};

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

/// The pages that tell of the traffic of buckets: one of each bucket and node, or one of all buckets.
pub(super) struct BucketTraffic<'a> {
    pub(super) single: Vec<(&'a str, &'a Page)>,
    /// What the names of those two directions mean.
    pub(super) is_swapped: bool,
    pub(super) all: Option<&'a Page>,
}

/// Whether v3's bucket traffic has its directions swapped, and how that was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Swapped {
    /// By the HELP text.
    Told(bool),
    /// By v2's figures of the same bucket, which are right.
    Seen(bool),
}

/// How many of a target's buckets were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BucketCoverage {
    pub(crate) total: usize,
    pub(crate) read: usize,
    /// All that are wanted are known by name.
    pub(crate) is_listed: bool,
}

impl BucketCoverage {
    /// Whether so many are missing that their traffic is not told: a few may just have been made.
    pub(crate) fn is_part(&self) -> bool {
        !self.is_listed || (self.total - self.read.min(self.total)) * 20 > self.total
    }
}

/// How much of a deployment the nodes that are asked stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// URLs that are asked.
    pub(crate) asked: usize,
    /// Servers that were heard lately, by the label of what they told.
    pub(crate) heard: usize,
    /// Nodes of the deployment, where it says so.
    pub(crate) total: Option<usize>,
    /// Several servers answer in turn at one URL.
    pub(crate) is_balanced: bool,
    /// v2's page is read, which speaks for all nodes.
    pub(crate) by_v2: bool,
}

impl Coverage {
    /// Whether what the nodes tell is all of the deployment's traffic. A balancer may hold some of them back.
    pub(crate) fn is_whole(&self) -> bool {
        match self.total {
            Some(total) if self.is_balanced => !self.by_v2 && self.heard >= total,
            Some(total) => self.asked >= total || self.heard >= total,
            None => !self.is_balanced,
        }
    }
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
        self.page_mut(node, endpoint).note_failure(at_secs, false);
        self.scrapes.note_failure(node, endpoint, at_secs);
    }

    /// Notes that a node did answer, but not with the page that was asked for.
    pub fn refused(&mut self, node: &str, endpoint: &Endpoint, at_secs: f64) {
        self.page_mut(node, endpoint).note_failure(at_secs, true);
        self.scrapes.note_failure(node, endpoint, at_secs);
    }

    /// When the page that makes the target live was last read, on any of its nodes.
    pub(crate) fn last_good_secs(&self) -> Option<f64> {
        let newest = |is_wanted: fn(&Endpoint) -> bool| {
            let pages = self.pages.iter().filter(|(endpoint, _)| is_wanted(endpoint));
            pages.flat_map(|(_, nodes)| nodes.values()).filter_map(Page::at_secs).reduce(f64::max)
        };
        let live = newest(Endpoint::is_fast);
        let cached = newest(|endpoint| matches!(endpoint, Endpoint::V2Cluster | Endpoint::V2Bucket));
        newer(live, cached, |at_secs| *at_secs)
    }

    /// When the health page was last read: all there is of a deployment that gives its metrics to nobody.
    pub(crate) fn health_secs(&self) -> Option<f64> {
        self.first_page(&Endpoint::Health)?.at_secs()
    }

    /// The buckets that are of a tier, as far as they are known: those named without a wildcard, and those seen.
    pub fn buckets(&self) -> Vec<String> {
        let TargetKind::Buckets(tiers) = &self.kind else { return Vec::new() };
        let named = tiers.iter().flat_map(|(_, patterns)| patterns).filter(|pattern| !pattern.contains(['*', '?']));
        let pages = [Endpoint::V3Buckets, Endpoint::V3Cluster, Endpoint::V2Bucket].into_iter();
        let seen =
            pages.filter_map(|endpoint| self.first_page(&endpoint)).flat_map(|page| page.gauge(Meaning::BucketUsed));
        let seen = seen.filter_map(|series| series.bucket.clone());
        named.cloned().chain(seen).collect::<BTreeSet<_>>().into_iter().collect()
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

    /// The tier that the lab file puts a bucket in; of a deployment that is a tier, that one.
    pub(super) fn bucket_tier(&self, bucket: &str) -> Option<Tier> {
        match &self.kind {
            TargetKind::Tier(tier) => Some(*tier),
            TargetKind::Buckets(tiers) => self.tier_of(bucket).map(|index| tiers[index].0),
            TargetKind::NodeExporter { .. } | TargetKind::Dcgm => None,
        }
    }

    /// The pages that the traffic of the whole target is read from now.
    pub(super) fn traffic_pages(&self) -> TrafficPages<'_> {
        let (live, is_whole, cached) = match &self.kind {
            TargetKind::Tier(_) => {
                let live = current_pages(self.node_pages(&Endpoint::V3Requests));
                (live, self.coverage().is_whole(), self.first_page(&Endpoint::V2Cluster))
            }
            TargetKind::Buckets(_) => {
                let live = current_pages(self.bucket_traffic_pages().single.into_iter().map(|(_, page)| page));
                (live, !self.bucket_coverage(None).is_part(), self.first_page(&Endpoint::V2Bucket))
            }
            TargetKind::NodeExporter { .. } | TargetKind::Dcgm => ((0.0, Vec::new()), false, None),
        };
        let live = Some(live).filter(|(_, pages)| is_whole && !pages.is_empty());
        let cached = cached.and_then(|page| Some((page.at_secs()?, vec![page])));
        let pages = newer(live, cached, |(at_secs, _)| *at_secs).map_or_else(Vec::new, |(_, pages)| pages);
        TrafficPages { pages, fold: self }
    }

    /// The pages that tell of the traffic of each bucket now.
    pub(super) fn bucket_traffic_pages(&self) -> BucketTraffic<'_> {
        let single = self.pages.iter().flat_map(|(endpoint, nodes)| {
            let bucket = match endpoint {
                Endpoint::V3Bucket(bucket) => Some(bucket.as_str()),
                _ => None,
            };
            nodes.values().filter_map(move |page| Some((bucket?, page)))
        });
        let single: Vec<(&str, &Page)> = single.collect();
        let all = self.first_page(&Endpoint::V2Bucket).filter(|_| single.is_empty());
        BucketTraffic { single, is_swapped: self.directions() == Directions::Swapped, all }
    }

    /// What moved, of the pages that the traffic is read from now.
    fn drain_moved(&mut self, by_node: bool) -> Option<Vec<Moved>> {
        if matches!(self.kind, TargetKind::NodeExporter { .. } | TargetKind::Dcgm) {
            return None;
        }
        let swapped = self.directions() == Directions::Swapped;
        let mut moved = Vec::new();
        for (endpoint, pages) in &mut self.pages {
            let of_traffic = match endpoint {
                Endpoint::V3Requests | Endpoint::V3Bucket(_) => by_node,
                Endpoint::V2Cluster => !by_node && matches!(self.kind, TargetKind::Tier(_)),
                Endpoint::V2Bucket => !by_node,
                _ => false,
            };
            let spreads = pages.values_mut().flat_map(Page::drain_spreads);
            for PageSpread { meaning, bucket, spread } in spreads.filter(|_| of_traffic) {
                let tier = match (&self.kind, endpoint) {
                    (TargetKind::Tier(tier), _) => Some(*tier),
                    (TargetKind::Buckets(tiers), Endpoint::V3Bucket(bucket)) => {
                        tier_of_bucket(&self.wildcards, bucket).map(|index| tiers[index].0)
                    }
                    (TargetKind::Buckets(tiers), _) => {
                        bucket.and_then(|bucket| tier_of_bucket(&self.wildcards, &bucket)).map(|index| tiers[index].0)
                    }
                    _ => None,
                };
                let quantity = match meaning {
                    Meaning::BytesIn => Quantity::WriteBytesPerSec,
                    Meaning::NamedSent if swapped => Quantity::WriteBytesPerSec,
                    Meaning::NamedReceived if !swapped => Quantity::WriteBytesPerSec,
                    _ => Quantity::ReadBytesPerSec,
                };
                let Spread { from_secs, to_secs, bytes } = spread;
                moved.extend(tier.map(|tier| Moved {
                    signal: Signal::tier(tier, quantity),
                    from_secs,
                    to_secs,
                    bytes,
                }));
            }
        }
        Some(moved)
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
        health::put_health(tier, &pages, self.asked_nodes(), out);
        if let Some(traffic) = self.tier_traffic() {
            traffic.put_readings(tier, out);
        }
        health::put_usage(tier, &pages, at_secs, out);
        health::put_capacity(tier, &pages, out);
        self.put_quorum(tier, out);
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
        AllNodes::of_pages(self.node_pages(endpoint)).filter(|_| self.coverage_by(endpoint).is_whole())
    }

    /// v3's page holds one node's traffic. Where not all nodes are heard, v2's page is read, which sums all of them: a part
    /// is never shown as the whole.
    fn tier_traffic(&self) -> Option<Traffic> {
        let live = traffic::of_nodes(self.node_pages(&Endpoint::V3Requests), Directions::AsNamed);
        let cached =
            self.first_page(&Endpoint::V2Cluster).and_then(|page| traffic::of_deployment(page, &|_| true, false));
        let live = live.filter(|_| self.coverage().is_whole());
        newer(live, cached, |traffic| traffic.at_secs)
    }

    fn put_quorum(&self, tier: Tier, out: &mut Out) {
        if let Some(page) = self.first_page(&Endpoint::Health) {
            health::put_quorum(tier, page, out);
        }
    }

    /// How many of the buckets were read often enough to tell their traffic: of one tier, or of all.
    pub(crate) fn bucket_coverage(&self, tier: Option<usize>) -> BucketCoverage {
        let mut buckets = self.buckets();
        buckets.retain(|bucket| tier.is_none() || self.tier_of(bucket) == tier);
        let is_read = |bucket: &&String| {
            let endpoint = Endpoint::V3Bucket((*bucket).clone());
            let mut pages = self.node_pages(&endpoint).peekable();
            pages.peek().is_some() && pages.all(Page::was_read_twice)
        };
        // Without v3 the buckets are told by v2's page, all of them at once.
        let by_v3 = self.pages.keys().any(|endpoint| matches!(endpoint, Endpoint::V3Bucket(_)));
        let total = if by_v3 { buckets.len() } else { 0 };
        BucketCoverage { total, read: buckets.iter().filter(is_read).count(), is_listed: self.is_listed() }
    }

    /// Whether all buckets that are wanted are known: those of a wildcard are once a page has named them.
    fn is_listed(&self) -> bool {
        let TargetKind::Buckets(tiers) = &self.kind else { return true };
        let by_name = tiers.iter().flat_map(|(_, patterns)| patterns).all(|pattern| !pattern.contains(['*', '?']));
        let pages = [Endpoint::V3Buckets, Endpoint::V3Cluster, Endpoint::V2Bucket];
        by_name || pages.iter().any(|page| self.first_page(page).is_some_and(|page| page.at_secs().is_some()))
    }

    /// The nodes that are asked each for itself.
    fn asked_nodes(&self) -> AskedNodes {
        let pages: Vec<&Page> = self.node_pages(&Endpoint::V3Requests).collect();
        let is_balanced = pages.iter().any(|page| page.is_balanced());
        AskedNodes {
            count: if is_balanced { 0 } else { pages.len() },
            silent: pages.iter().filter(|page| page.is_silent()).count(),
            at_secs: pages.iter().filter_map(|page| page.answered_secs()).reduce(f64::max),
        }
    }

    /// How many of the deployment's nodes are heard.
    pub(crate) fn coverage(&self) -> Coverage {
        self.coverage_by(&Endpoint::V3Requests)
    }

    /// How many of the deployment's nodes are heard on a page that each of them is asked for.
    fn coverage_by(&self, endpoint: &Endpoint) -> Coverage {
        let pages: Vec<&Page> = self.node_pages(endpoint).collect();
        let heard: BTreeSet<&str> = pages.iter().flat_map(|page| page.servers_heard()).collect();
        let told = |meaning| self.deployment_pages().iter().find_map(|page| page.one_gauge(meaning));
        let total = told(Meaning::NodesOnline).map(|online| online + told(Meaning::NodesOffline).unwrap_or(0.0));
        Coverage {
            asked: pages.len(),
            heard: heard.len(),
            total: total.map(|total| total as usize),
            is_balanced: pages.iter().any(|page| page.is_balanced()),
            by_v2: self.first_page(&Endpoint::V2Cluster).is_some_and(|page| page.at_secs().is_some()),
        }
    }

    fn put_transitions(&self, tier: Tier, out: &mut Out) {
        if let Some(page) = self.first_page(&Endpoint::V2Cluster) {
            traffic::put_transitions(tier, page, out);
        }
    }

    fn bucket_readings(&self, index: usize, tier: Tier, at_secs: f64, out: &mut Out) {
        if let Some(traffic) = self.bucket_traffic(index) {
            traffic.put_readings(tier, out);
        }
        let is_mine = |bucket: &str| self.tier_of(bucket) == Some(index);
        let usage = [Endpoint::V3Buckets, Endpoint::V2Bucket, Endpoint::V3Cluster];
        let usage = usage.iter().filter_map(|endpoint| self.first_page(endpoint)).collect();
        let pages = BucketPages { deployment: self.deployment_pages(), usage };
        health::put_health(tier, &pages.deployment, self.asked_nodes(), out);
        self.put_quorum(tier, out);
        health::put_bucket_usage(tier, &pages, &is_mine, at_secs, out);
        self.put_system(tier, out);
    }

    fn bucket_traffic(&self, index: usize) -> Option<Traffic> {
        let is_mine = |bucket: &str| self.tier_of(bucket) == Some(index);
        let live = traffic::of_nodes(self.bucket_pages(&is_mine), self.directions());
        let live = live.filter(|_| !self.bucket_coverage(Some(index)).is_part());
        let cached = self
            .first_page(&Endpoint::V2Bucket)
            .and_then(|page| traffic::of_deployment(page, &|bucket| bucket.is_some_and(is_mine), true));
        newer(live, cached, |traffic| traffic.at_secs)
    }

    /// The pages of those buckets on all nodes.
    fn bucket_pages<'a>(&'a self, is_mine: &'a dyn Fn(&str) -> bool) -> impl Iterator<Item = &'a Page> {
        let mine = self
            .pages
            .iter()
            .filter(move |(endpoint, _)| matches!(endpoint, Endpoint::V3Bucket(bucket) if is_mine(bucket)));
        mine.flat_map(|(_, nodes)| nodes.values())
    }

    /// The tier (its place in the list) that a bucket is of.
    fn tier_of(&self, bucket: &str) -> Option<usize> {
        tier_of_bucket(&self.wildcards, bucket)
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

    fn directions(&self) -> Directions {
        match self.swapped {
            Some(Swapped::Seen(false) | Swapped::Told(false)) => Directions::AsNamed,
            // Every community server so far has them swapped.
            Some(Swapped::Seen(true) | Swapped::Told(true)) | None => Directions::Swapped,
        }
    }

    fn find_directions(&mut self, collected: &Collected) {
        if matches!(self.swapped, Some(Swapped::Seen(_))) || !matches!(self.kind, TargetKind::Buckets(_)) {
            return;
        }
        if let Some(swapped) = self.directions_seen() {
            self.swapped = Some(Swapped::Seen(swapped));
        } else if let Some(swapped) = collected.swapped {
            self.swapped = Some(Swapped::Told(swapped));
        }
    }

    /// Which of v3's two figures of a bucket equals v2's "received", where that can be told.
    fn directions_seen(&self) -> Option<bool> {
        let right = self.first_page(&Endpoint::V2Bucket)?;
        let sum = |page: &Page, meaning, bucket: &str| {
            let mine = page.counting(meaning).filter(|series| series.bucket.as_deref() == Some(bucket));
            mine.map(|series| series.value).sum::<f64>()
        };
        self.pages.iter().find_map(|(endpoint, nodes)| {
            let Endpoint::V3Bucket(bucket) = endpoint else { return None };
            let of_all = |meaning| nodes.values().map(|page| sum(page, meaning, bucket)).sum::<f64>();
            let (received, sent) = (of_all(Meaning::NamedReceived), of_all(Meaning::NamedSent));
            let bytes_in = sum(right, Meaning::BytesIn, bucket);
            let telling = bytes_in > 0.0 && received != sent;
            match (bytes_in == received, bytes_in == sent) {
                (true, false) if telling => Some(false),
                (false, true) if telling => Some(true),
                _ => None,
            }
        })
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
