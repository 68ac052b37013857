//! One deployment or exporter: the scrapes of all its nodes in, readings out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wildmatch::WildMatch;

use crate::signal::{Quantity, Readings, Signal, Tier};
use crate::telemetry::body::{Body, Collected, Filter};
use crate::telemetry::health::BucketPages;
use crate::telemetry::merge::{Out, newer};
use crate::telemetry::names::Meaning;
use crate::telemetry::page::{Page, Tally};
use crate::telemetry::traffic::{self, Directions, Traffic};
use crate::telemetry::{Endpoint, TargetKind, exporter, gpus, health};

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
}

/// Whether v3's bucket traffic has its directions swapped, and how that was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Swapped {
    /// By the HELP text.
    Told(bool),
    /// By v2's figures of the same bucket, which are right.
    Seen(bool),
}

impl Fold {
    /// A target of which nothing is known yet.
    pub fn new(kind: TargetKind) -> Self {
        let wildcards = compile_wildcards(&kind);
        let any = wildcards.iter().flat_map(|patterns| patterns.iter().cloned()).collect();
        Self { kind, wildcards, any, pages: BTreeMap::new(), swapped: None }
    }

    /// Collects the body of an endpoint's answer.
    pub fn body(&self, endpoint: &Endpoint) -> Body {
        Body::new(endpoint.page_kind(&self.kind), self.filter(endpoint))
    }

    fn filter(&self, endpoint: &Endpoint) -> Filter {
        match (endpoint, &self.kind) {
            (Endpoint::V3Bucket(bucket), _) => Filter::Bucket(bucket.clone()),
            (Endpoint::Exporter, TargetKind::NodeExporter { .. }) => Filter::Devices(Arc::clone(&self.any)),
            (_, TargetKind::Buckets(_)) => Filter::Buckets(Arc::clone(&self.any)),
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
        let node = if endpoint.on_each_node() { node } else { "" };
        let page = Page::new(endpoint.page_kind(&self.kind), endpoint.cache_secs(), endpoint.interval_secs());
        let pages = self.pages.entry(endpoint.clone()).or_default();
        let page = pages.entry(node.to_owned()).or_insert(page);
        let taken = page.take_scrape(at_secs, collected, process_start_unix_secs);
        if taken {
            self.find_directions(collected);
        }
        taken
    }

    /// Notes a scrape that failed. The values stay and grow old, as a gap is not a zero. A node that failed twice in a
    /// row is left out of the sums while others answer.
    pub fn failed(&mut self, node: &str, endpoint: &Endpoint, at_secs: f64) {
        let node = if endpoint.on_each_node() { node } else { "" };
        if let Some(page) = self.pages.get_mut(endpoint).and_then(|pages| pages.get_mut(node)) {
            page.note_failure(at_secs);
        }
    }

    /// When the page that makes the target live was last read, on any of its nodes.
    pub(crate) fn last_good_secs(&self) -> Option<f64> {
        let newest = |is_wanted: fn(&Endpoint) -> bool| {
            let pages = self.pages.iter().filter(|(endpoint, _)| is_wanted(endpoint));
            pages.flat_map(|(_, nodes)| nodes.values()).filter_map(Page::at_secs).reduce(f64::max)
        };
        let live = newest(Endpoint::on_each_node);
        let cached = newest(|endpoint| matches!(endpoint, Endpoint::V2Cluster | Endpoint::V2Bucket));
        newer(live, cached, |at_secs| *at_secs)
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

    /// The readings as they are known at that time. What is unknown is not in them.
    pub fn readings(&self, at_secs: f64) -> Readings {
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
        out.readings
    }

    fn tier_readings(&self, tier: Tier, at_secs: f64, out: &mut Out) {
        let pages = self.deployment_pages();
        health::put_health(tier, &pages, out);
        let live = traffic::of_nodes(self.node_pages(&Endpoint::V3Requests), Directions::AsNamed);
        let cached =
            self.first_page(&Endpoint::V2Cluster).and_then(|page| traffic::of_deployment(page, |_| true, false));
        // v3's page holds one node's traffic. Where not all nodes are asked, v2's page is read, which sums all of them.
        let speaks_for_all = cached.as_ref().is_some_and(Traffic::has_rate);
        let live = live.filter(|_| !speaks_for_all || self.asks_all_nodes(tier, out));
        if let Some(traffic) = newer(live, cached, |traffic| traffic.at_secs) {
            traffic.put_readings(tier, out);
        }
        health::put_usage(tier, &pages, at_secs, out);
        health::put_capacity(tier, &pages, out);
        self.put_transitions(tier, out);
    }

    /// Whether as many nodes answered as the deployment says it has.
    fn asks_all_nodes(&self, tier: Tier, out: &Out) -> bool {
        let total = out.readings.get(&Signal::tier(tier, Quantity::NodesTotal)).map_or(1.0, |reading| reading.value);
        self.node_pages(&Endpoint::V3Requests).count() as f64 >= total
    }

    fn put_transitions(&self, tier: Tier, out: &mut Out) {
        if let Some(page) = self.first_page(&Endpoint::V2Cluster) {
            traffic::put_transitions(tier, page, out);
        }
    }

    fn bucket_readings(&self, index: usize, tier: Tier, at_secs: f64, out: &mut Out) {
        let is_mine = |bucket: &str| self.tier_of(bucket) == Some(index);
        let live = traffic::of_nodes(self.bucket_pages(&is_mine), self.directions());
        let cached = self.first_page(&Endpoint::V2Bucket).and_then(|page| {
            traffic::of_deployment(page, |series| series.bucket.as_deref().is_some_and(is_mine), true)
        });
        if let Some(traffic) = newer(live, cached, |traffic| traffic.at_secs) {
            traffic.put_readings(tier, out);
        }
        let usage = [Endpoint::V3Buckets, Endpoint::V2Bucket, Endpoint::V3Cluster];
        let usage = usage.iter().filter_map(|endpoint| self.first_page(endpoint)).collect();
        let pages = BucketPages { deployment: self.deployment_pages(), usage };
        health::put_health(tier, &pages.deployment, out);
        health::put_bucket_usage(tier, &pages, &is_mine, at_secs, out);
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
        self.wildcards.iter().position(|patterns| patterns.iter().any(|pattern| pattern.matches(bucket)))
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

fn compile_wildcards(kind: &TargetKind) -> Vec<Arc<[WildMatch]>> {
    let compiled = |patterns: &[String]| patterns.iter().map(|pattern| WildMatch::new(pattern)).collect();
    match kind {
        TargetKind::Buckets(tiers) => tiers.iter().map(|(_, patterns)| compiled(patterns)).collect(),
        TargetKind::NodeExporter { devices } => vec![compiled(devices)],
        TargetKind::Tier(_) | TargetKind::Dcgm => Vec::new(),
    }
}
