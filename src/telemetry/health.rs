//! Capacity, usage and health of a deployment, from the pages that tell them; the preferred page first.

use std::collections::BTreeMap;

use crate::signal::{Quantity, Signal, SizeCount, Tier};
use crate::telemetry::merge::{Out, newer};
use crate::telemetry::names::{Meaning, Names};
use crate::telemetry::page::Page;

/// A usage older than this was never taken: the servers tell three hundred years where no scan has ended.
const OLDEST_USAGE_SECS: f64 = 10.0 * 365.0 * 86_400.0;

/// A page that tells a gauge, and since when.
#[derive(Clone, Copy)]
struct GaugePage<'a> {
    page: &'a Page,
    at_secs: f64,
    lag_secs: f64,
}

/// The page that tells the gauge: the first one, unless that fell silent.
fn gauge_page<'a>(pages: &[&'a Page], witness: Meaning) -> Option<GaugePage<'a>> {
    let by = |page: &&'a Page| {
        let at_secs = page.gauge_at_secs(witness)?;
        let cache_secs = page.gauge(witness).map(|series| series.cache_secs).fold(0.0, f64::max);
        Some(GaugePage { page, at_secs, lag_secs: cache_secs + page.interval_secs() })
    };
    let mut told = pages.iter().filter_map(by);
    let first = told.next();
    told.fold(first, |first, next| newer(first, Some(next), |page| page.at_secs))
}

impl GaugePage<'_> {
    /// A gauge of the same scrape as its witness. One that is missing is zero where the page leaves out zeros; one whose
    /// number is absurd is unknown, and so is one that is missing where zeros are printed.
    fn value_beside(&self, meaning: Meaning) -> Option<f64> {
        let is_told = self.page.gauge_at_secs(meaning) == Some(self.at_secs);
        let is_zero = self.page.leaves_out_zeros() && !self.page.has_sample(meaning);
        self.page.one_gauge(meaning).filter(|_| is_told).or(is_zero.then_some(0.0))
    }

    fn put_beside(&self, out: &mut Out, tier: Tier, quantity: Quantity, meaning: Meaning) {
        if let Some(value) = self.value_beside(meaning) {
            self.put_reading(out, tier, quantity, value);
        }
    }

    fn put_reading(&self, out: &mut Out, tier: Tier, quantity: Quantity, value: f64) {
        out.insert(Signal::tier(tier, quantity), value, self.at_secs, self.lag_secs);
    }
}

/// The nodes that are asked each for itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AskedNodes {
    pub(super) count: usize,
    /// Those that give no answer any more.
    pub(super) silent: usize,
    /// When the newest answer came.
    pub(super) at_secs: Option<f64>,
}

impl AskedNodes {
    /// Those that give no answer, while others do.
    pub(super) fn gone(&self) -> usize {
        if self.silent < self.count { self.silent } else { 0 }
    }
}

/// Nodes, drives, healing and what may still fail. What our own polls find missing overrules what the cluster said of its
/// quorum before.
pub(super) fn put_health(tier: Tier, pages: &[&Page], asked: AskedNodes, out: &mut Out) {
    put_nodes(tier, pages, asked, out);
    if let Some(told) = gauge_page(pages, Meaning::DrivesTotal) {
        told.put_beside(out, tier, Quantity::DrivesOnline, Meaning::DrivesOnline);
        told.put_beside(out, tier, Quantity::DrivesTotal, Meaning::DrivesTotal);
    }
    if let Some(told) = gauge_page(pages, Meaning::SetWriteQuorum) {
        put_sets(tier, &told, asked, out);
    }
}

/// The servers tell their number from a cache of a minute. Where each of them is asked, the answers count in its place.
fn put_nodes(tier: Tier, pages: &[&Page], asked: AskedNodes, out: &mut Out) {
    let told = gauge_page(pages, Meaning::NodesOnline);
    let online = told.and_then(|told| told.value_beside(Meaning::NodesOnline));
    let offline = told.and_then(|told| told.value_beside(Meaning::NodesOffline)).unwrap_or(0.0);
    // Where none answers any more nothing is known of any of them: what was known grows old.
    let all_silent = asked.silent >= asked.count;
    let (count, silent) = (asked.count as f64, asked.gone() as f64);
    let answered_secs = asked.at_secs.filter(|_| !all_silent);
    let told_total = online.map(|online| online + offline);
    let mut put = |online: f64, total: f64, at_secs: f64, lag_secs: f64| {
        out.insert(Signal::tier(tier, Quantity::NodesOnline), online, at_secs, lag_secs);
        out.insert(Signal::tier(tier, Quantity::NodesTotal), total, at_secs, lag_secs);
    };
    match (told, told_total, answered_secs) {
        (_, Some(total), Some(at_secs)) if count >= total => put(count - silent, count, at_secs, 0.0),
        (Some(told), Some(total), _) => {
            put((total - offline.max(silent)).max(0.0), total, told.at_secs, told.lag_secs);
        }
        (_, _, Some(at_secs)) if asked.count > 1 => put(count - silent, count, at_secs, 0.0),
        _ => {}
    }
}

fn put_sets(tier: Tier, told: &GaugePage<'_>, asked: AskedNodes, out: &mut Out) {
    let online = by_set(told, Meaning::SetOnline);
    let quorum = by_set(told, Meaning::SetWriteQuorum);
    let healing: f64 = by_set(told, Meaning::SetHealing).values().sum();
    told.put_reading(out, tier, Quantity::DrivesHealing, healing);
    put_online_of_sets(tier, told, &online, &quorum, out);
    let left = |(set, quorum): (&&str, &f64)| online.get(*set).copied().unwrap_or(0.0) - quorum;
    // While drives heal the servers count them as if they were more than healthy.
    let Some(least) = quorum.iter().map(left).reduce(f64::min).filter(|_| healing == 0.0) else { return };
    let gone = unknown_drives(tier, asked, quorum.len(), online.values().sum(), out);
    told.put_reading(out, tier, Quantity::WriteTolerance, (least - gone).max(0.0));
    put_lost_quorum(tier, told, (least, gone), asked, out);
}

/// That too few drives are left in a set to write: by what our own polls find missing, else by the page, where the cluster
/// did not say otherwise since.
fn put_lost_quorum(tier: Tier, told: &GaugePage<'_>, (least, gone): (f64, f64), asked: AskedNodes, out: &mut Out) {
    let signal = Signal::tier(tier, Quantity::WriteQuorum);
    let said_secs = out.readings.get(&signal).map(|said| said.at_secs);
    let by_polls = asked.at_secs.filter(|_| gone > 0.0);
    let by_page = Some(told.at_secs).filter(|at_secs| said_secs.is_none_or(|said_secs| said_secs < *at_secs));
    if let Some(at_secs) = by_polls.or(by_page).filter(|_| least < gone) {
        out.insert(signal, 0.0, at_secs, told.lag_secs);
    }
}

/// The drives of a set that are gone with nodes that our own polls find missing and the page, kept for a minute, does not.
/// A set has as many of its drives on each of its nodes.
fn unknown_drives(tier: Tier, asked: AskedNodes, sets: usize, online: f64, out: &Out) -> f64 {
    let value = |quantity| out.readings.get(&Signal::tier(tier, quantity)).map(|reading| reading.value);
    let counts = value(Quantity::DrivesTotal).zip(value(Quantity::NodesTotal));
    let Some((drives, nodes)) = counts.filter(|(drives, nodes)| *drives >= *nodes && *nodes > 0.0) else { return 0.0 };
    let by_node = drives / nodes;
    let known = ((drives - online).max(0.0) / by_node).floor();
    let unknown = (asked.gone() as f64 - known).max(0.0);
    unknown * (by_node / sets.max(1) as f64).ceil()
}

/// The number of drives online is kept by the servers for a minute, that of each set for seconds: a drive that was pulled
/// is missing here first.
fn put_online_of_sets(
    tier: Tier,
    told: &GaugePage<'_>,
    online: &BTreeMap<&str, f64>,
    quorum: &BTreeMap<&str, f64>,
    out: &mut Out,
) {
    let signal = |quantity| Signal::tier(tier, quantity);
    let total = out.readings.get(&signal(Quantity::DrivesTotal)).map(|total| total.value);
    let is_whole = quorum.keys().all(|set| online.contains_key(set));
    let sum: f64 = online.values().sum();
    if is_whole && total.is_some_and(|total| sum <= total) {
        told.put_reading(out, tier, Quantity::DrivesOnline, sum);
    }
}

/// A gauge of each erasure set, by the scrape that told its quorum.
fn by_set<'a>(told: &GaugePage<'a>, meaning: Meaning) -> BTreeMap<&'a str, f64> {
    let mut sets = BTreeMap::new();
    for series in told.page.gauge(meaning).filter(|series| series.seen_at_secs == told.at_secs) {
        let most = sets.entry(series.item.as_str()).or_insert(series.value);
        *most = f64::max(*most, series.value);
    }
    sets
}

/// Usable capacity, and what of it is in use.
pub(super) fn put_capacity(tier: Tier, pages: &[&Page], out: &mut Out) {
    let Some(told) = gauge_page(pages, Meaning::UsableTotal) else { return };
    let Some(total) = told.value_beside(Meaning::UsableTotal) else { return };
    told.put_reading(out, tier, Quantity::CapacityBytes, total);
    put_raw(tier, &told, out);
    // More free than there is was never measured.
    let free = told.value_beside(Meaning::UsableFree).filter(|free| *free <= total);
    let Some(used) = free.map(|free| total - free) else { return };
    told.put_reading(out, tier, Quantity::UsedBytes, used);
    if total > 0.0 {
        told.put_reading(out, tier, Quantity::UsedRatio, used / total);
    }
}

/// The drives' own capacity. It shrinks by the drives of a node that is down, where the usable one stays.
fn put_raw(tier: Tier, told: &GaugePage<'_>, out: &mut Out) {
    if let Some(raw) = told.value_beside(Meaning::RawTotal).filter(|raw| *raw > 0.0) {
        told.put_reading(out, tier, Quantity::RawBytes, raw);
    }
}

/// Objects by the scanner's last count, and how old that is by now.
pub(super) fn put_usage(tier: Tier, pages: &[&Page], now_secs: f64, out: &mut Out) {
    if let Some(told) = gauge_page(pages, Meaning::UsageAge) {
        put_age(tier, &told, now_secs, out);
        told.put_beside(out, tier, Quantity::Objects, Meaning::Objects);
        let (bytes, objects) = (told.value_beside(Meaning::UsageBytes), told.value_beside(Meaning::Objects));
        put_mean_size(tier, &told, bytes.zip(objects), out);
    }
    if let Some(told) = gauge_page(pages, Meaning::ObjectSizes) {
        let sizes = object_sizes(told.page);
        let count = |below_bytes: f64| {
            let mine = sizes.iter().filter(|size| size.below_bytes.is_none_or(|below| below <= below_bytes));
            mine.filter(|size| below_bytes.is_infinite() || size.below_bytes.is_some()).map(|size| size.objects).sum()
        };
        let (small, all): (f64, f64) = (count(SMALL_BYTES), count(f64::INFINITY));
        if all > 0.0 {
            told.put_reading(out, tier, Quantity::SmallObjectsRatio, small / all);
        }
    }
    if let Some(told) = gauge_page(pages, Meaning::Transitioned) {
        let stayed = Names::built_in().stayed_tiers();
        let mut tiers: BTreeMap<&str, f64> = BTreeMap::new();
        for series in told.page.gauge(Meaning::Transitioned).filter(|series| !stayed.contains(&series.item)) {
            let most = tiers.entry(&series.item).or_default();
            *most = most.max(series.value);
        }
        told.put_reading(out, tier, Quantity::TransitionedObjects, tiers.values().sum());
    }
}

/// Below this an object is small: its time is that of the request, and not of its bytes.
const SMALL_BYTES: f64 = 1_048_576.0;

fn put_mean_size(tier: Tier, told: &GaugePage<'_>, usage: Option<(f64, f64)>, out: &mut Out) {
    if let Some((bytes, objects)) = usage.filter(|(_, objects)| *objects > 0.0) {
        told.put_reading(out, tier, Quantity::MeanObjectBytes, bytes / objects);
    }
}

/// How many objects there are of each range of sizes, the smallest first. Where the small ranges are told as their sum
/// alone, as older servers do, that stands in the place of the largest of them.
pub(super) fn object_sizes(page: &Page) -> Vec<SizeCount> {
    let names = Names::built_in();
    let objects = |name: &str| {
        let mine = page.gauge(Meaning::ObjectSizes).filter(|series| series.item == name);
        mine.map(|series| series.value).reduce(f64::max)
    };
    let summed = names.summed_ranges().iter().find_map(|name| objects(name)).unwrap_or(0.0);
    let mut sizes: Vec<SizeCount> = names
        .size_ranges()
        .iter()
        .map(|range| SizeCount { below_bytes: range.below_bytes, objects: objects(&range.name).unwrap_or(0.0) })
        .collect();
    let parts = |size: &&mut SizeCount| size.below_bytes.is_some_and(|below| below <= SMALL_BYTES);
    // The smallest range is no part of the sum.
    let is_untold = sizes.iter_mut().filter(parts).skip(1).all(|size| size.objects == 0.0);
    if let Some(largest) = sizes.iter_mut().filter(parts).last().filter(|_| is_untold) {
        largest.objects = summed;
    }
    sizes
}

fn put_age(tier: Tier, told: &GaugePage<'_>, now_secs: f64, out: &mut Out) {
    let Some(told_secs) = told.value_beside(Meaning::UsageAge) else { return };
    let age_secs = told_secs + (now_secs - told.at_secs).max(0.0);
    if age_secs < OLDEST_USAGE_SECS {
        told.put_reading(out, tier, Quantity::UsageAgeSecs, age_secs);
    }
}

/// The pages that tell of buckets, the preferred ones first.
pub(super) struct BucketPages<'a> {
    /// Of the deployment as a whole.
    pub(super) deployment: Vec<&'a Page>,
    /// Of each bucket's usage.
    pub(super) usage: Vec<&'a Page>,
}

/// Usage of a tier's buckets.
pub(super) fn put_bucket_usage(
    tier: Tier,
    pages: &BucketPages<'_>,
    is_mine: &dyn Fn(&str) -> bool,
    now_secs: f64,
    out: &mut Out,
) {
    let Some(told) = gauge_page(&pages.usage, Meaning::BucketUsed) else { return };
    let sum = |meaning| {
        let mine = told.page.gauge(meaning).filter(|series| series.bucket.as_deref().is_some_and(is_mine));
        mine.filter(|series| series.seen_at_secs == told.at_secs).map(|series| series.value).sum::<f64>()
    };
    let (used, quota) = (sum(Meaning::BucketUsed), sum(Meaning::BucketQuota));
    told.put_reading(out, tier, Quantity::UsedBytes, used);
    let objects = sum(Meaning::BucketObjects);
    told.put_reading(out, tier, Quantity::Objects, objects);
    put_mean_size(tier, &told, Some((used, objects)), out);
    if told.page.gauge_at_secs(Meaning::UsageAge) == Some(told.at_secs) {
        put_age(tier, &told, now_secs, out);
    }
    if quota > 0.0 {
        told.put_reading(out, tier, Quantity::QuotaBytes, quota);
        told.put_reading(out, tier, Quantity::UsedRatio, used / quota);
    }
    put_shared_capacity(tier, &pages.deployment, out);
}

/// Buckets have no capacity of their own: the deployment's is what they share with others, and no share of it is theirs.
fn put_shared_capacity(tier: Tier, deployment: &[&Page], out: &mut Out) {
    let Some(told) = gauge_page(deployment, Meaning::UsableTotal) else { return };
    let Some(total) = told.value_beside(Meaning::UsableTotal) else { return };
    told.put_reading(out, tier, Quantity::CapacityBytes, total);
    put_raw(tier, &told, out);
}

/// Whether writes are possible, as the cluster's own health page says: 1 or 0.
pub(super) fn put_quorum(tier: Tier, page: &Page, out: &mut Out) {
    let (Some(held), Some(at_secs)) = (page.one_gauge(Meaning::QuorumHeld), page.at_secs()) else { return };
    out.insert(Signal::tier(tier, Quantity::WriteQuorum), held, at_secs, page.interval_secs());
}
