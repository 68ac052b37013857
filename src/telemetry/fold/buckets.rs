//! Buckets that are tiers: which there are, how many of them were read, and what they tell.

use std::collections::BTreeSet;

use crate::signal::Tier;
use crate::telemetry::body::Collected;
use crate::telemetry::health::{self, BucketPages};
use crate::telemetry::merge::Out;
use crate::telemetry::names::Meaning;
use crate::telemetry::page::Page;
use crate::telemetry::traffic::{self, Directions, Traffic};
use crate::telemetry::{Endpoint, TargetKind};

use super::{Fold, Swapped, tier_of_bucket};

/// The pages that tell of the traffic of buckets: one of each bucket and node, or one of all buckets.
pub(in crate::telemetry) struct BucketTraffic<'a> {
    pub(in crate::telemetry) single: Vec<(&'a str, &'a Page)>,
    /// What the names of those two directions mean.
    pub(in crate::telemetry) is_swapped: bool,
    pub(in crate::telemetry) all: Option<&'a Page>,
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

impl Fold {
    /// The buckets that are of a tier, as far as they are known: those named without a wildcard, and those seen.
    pub fn buckets(&self) -> Vec<String> {
        let TargetKind::Buckets(tiers) = &self.kind else { return Vec::new() };
        let named = tiers.iter().flat_map(|(_, patterns)| patterns).filter(|pattern| !is_wildcard(pattern));
        let pages = [Endpoint::V3Buckets, Endpoint::V3Cluster, Endpoint::V2Bucket].into_iter();
        let seen =
            pages.filter_map(|endpoint| self.first_page(&endpoint)).flat_map(|page| page.gauge(Meaning::BucketUsed));
        let seen = seen.filter_map(|series| series.bucket.clone());
        named.cloned().chain(seen).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The tier that the lab file puts a bucket in; of a deployment that is a tier, that one.
    pub(in crate::telemetry) fn bucket_tier(&self, bucket: &str) -> Option<Tier> {
        match &self.kind {
            TargetKind::Tier(tier) => Some(*tier),
            TargetKind::Buckets(tiers) => self.tier_of(bucket).map(|index| tiers[index].0),
            TargetKind::NodeExporter { .. } | TargetKind::Dcgm => None,
        }
    }

    /// The pages that tell of the traffic of each bucket now.
    pub(in crate::telemetry) fn bucket_traffic_pages(&self) -> BucketTraffic<'_> {
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
        let by_name = !tiers.iter().flat_map(|(_, patterns)| patterns).any(|pattern| is_wildcard(pattern));
        by_name || self.is_told_buckets()
    }

    /// Whether a page was read that names the buckets.
    fn is_told_buckets(&self) -> bool {
        let pages = [Endpoint::V3Buckets, Endpoint::V3Cluster, Endpoint::V2Bucket];
        pages.iter().any(|page| self.first_page(page).is_some_and(|page| page.at_secs().is_some()))
    }

    /// The tiers whose wildcards no bucket matches, as far as buckets are named: what v3 names has something in it.
    pub(crate) fn tiers_without_bucket(&self) -> Vec<(Tier, &[String])> {
        let TargetKind::Buckets(tiers) = &self.kind else { return Vec::new() };
        let tiers = tiers.iter().enumerate().filter(|(index, _)| self.has_no_bucket(*index));
        tiers.map(|(_, (tier, patterns))| (*tier, patterns.as_slice())).collect()
    }

    /// Whether no bucket is a tier's, as far as buckets are named.
    fn has_no_bucket(&self, index: usize) -> bool {
        let TargetKind::Buckets(tiers) = &self.kind else { return false };
        if !self.is_told_buckets() || !tiers[index].1.iter().all(|pattern| is_wildcard(pattern)) {
            return false;
        }
        let is_mine = |bucket: &str| self.tier_of(bucket) == Some(index);
        let by_traffic =
            || self.first_page(&Endpoint::V2Bucket).into_iter().flat_map(|page| page.counting(Meaning::BytesIn));
        !self.buckets().iter().any(|bucket| is_mine(bucket))
            && !by_traffic().any(|series| series.bucket.as_deref().is_some_and(is_mine))
    }

    pub(super) fn bucket_readings(&self, index: usize, tier: Tier, at_secs: f64, out: &mut Out) {
        let is_mine = |bucket: &str| self.tier_of(bucket) == Some(index);
        let usage = [Endpoint::V3Buckets, Endpoint::V2Bucket, Endpoint::V3Cluster];
        let usage = usage.iter().filter_map(|endpoint| self.first_page(endpoint)).collect();
        let pages = BucketPages { deployment: self.deployment_pages(), usage };
        self.put_health(tier, &pages.deployment, out);
        // Of a tier without a bucket nothing is known, which is not that nothing moves.
        if !self.has_no_bucket(index) {
            if let Some(traffic) = self.bucket_traffic(index) {
                traffic.put_readings(tier, out);
            }
            health::put_bucket_usage(tier, &pages, &is_mine, at_secs, out);
        }
        self.put_system(tier, out);
    }

    fn bucket_traffic(&self, index: usize) -> Option<Traffic> {
        let is_mine = |bucket: &str| self.tier_of(bucket) == Some(index);
        let live = traffic::of_nodes(self.bucket_pages(&is_mine), self.directions());
        let live = live.filter(|_| !self.bucket_coverage(Some(index)).is_part());
        let cached = self
            .first_page(&Endpoint::V2Bucket)
            .and_then(|page| traffic::of_deployment(page, &|bucket| bucket.is_some_and(is_mine), true));
        self.by_nodes_or_cluster(live, cached, |traffic| traffic.at_secs)
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
    pub(super) fn tier_of(&self, bucket: &str) -> Option<usize> {
        tier_of_bucket(&self.wildcards, bucket)
    }

    pub(super) fn directions(&self) -> Directions {
        match self.swapped {
            Some(Swapped::Seen(false) | Swapped::Told(false)) => Directions::AsNamed,
            // Every community server so far has them swapped.
            Some(Swapped::Seen(true) | Swapped::Told(true)) | None => Directions::Swapped,
        }
    }

    pub(super) fn find_directions(&mut self, collected: &Collected) {
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

/// Whether a pattern stands for any buckets, and does not name one.
fn is_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}
