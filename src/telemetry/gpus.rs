//! The GPUs, by the DCGM exporter. One of them may be listed several times: by its MIG instances, and by the pods that
//! share it.

use std::collections::{BTreeMap, BTreeSet};

use crate::signal::{Quantity, Signal};
use crate::telemetry::exporter::mean;
use crate::telemetry::merge::{Out, current_pages};
use crate::telemetry::names::{BETWEEN_LABELS, Meaning};
use crate::telemetry::page::Page;

/// The GPUs that report how busy they are or how much memory they use, all hosts together.
pub(super) fn gpu_readings<'a>(pages: impl Iterator<Item = &'a Page>, out: &mut Out) {
    let (at_secs, pages) = current_pages(pages);
    let busy: Vec<f64> = pages.iter().flat_map(|page| gpu_busy(page)).collect();
    let mut put = |quantity, value| out.insert(Signal::compute(quantity), value, at_secs, 0.0);
    if let Some(mean) = mean(busy.iter().copied()) {
        put(Quantity::BusyRatio, mean);
        put(Quantity::Gpus, busy.len() as f64);
    }
    let vram: Vec<f64> = pages.iter().flat_map(|page| vram_used(page)).collect();
    if !vram.is_empty() {
        put(Quantity::VramUsedBytes, vram.iter().sum());
    }
}

/// What a series is of: a GPU, or an instance that MIG cut out of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Instance<'a> {
    /// Empty for the GPU itself.
    id: &'a str,
    /// Such as `3g.40gb`: three slices of it.
    profile: &'a str,
}

impl Instance<'_> {
    fn slices(&self) -> f64 {
        self.profile.split('g').next().and_then(|slices| slices.trim().parse().ok()).unwrap_or(1.0)
    }
}

/// A family's values by GPU and instance. The same one listed for several pods counts once.
fn by_gpu(page: &Page, meaning: Meaning) -> BTreeMap<[&str; 2], BTreeMap<Instance<'_>, f64>> {
    let mut gpus = BTreeMap::<_, BTreeMap<Instance<'_>, f64>>::new();
    for series in page.gauge(meaning) {
        let mut labels = series.item.split(BETWEEN_LABELS);
        let mut next = || labels.next().unwrap_or_default();
        let (host, gpu, uuid) = (next(), next(), next());
        let instance = Instance { id: next(), profile: next() };
        // An instance may bear a UUID of its own, so the number goes first.
        let gpu = if gpu.is_empty() { uuid } else { gpu };
        let known = gpus.entry([host, gpu]).or_default().entry(instance).or_insert(series.value);
        *known = known.max(series.value);
    }
    gpus
}

/// How busy each GPU of a host is. The percentage is missing or 0 under MIG: there the ratio counts, by the slices that
/// each instance has of the GPU. Without MIG the ratio stands in for a percentage that is missing, or 0 beside it.
fn gpu_busy(page: &Page) -> Vec<f64> {
    let percent = by_gpu(page, Meaning::GpuBusyPercent);
    let ratio = by_gpu(page, Meaning::GpuBusyRatio);
    let gpus: BTreeSet<_> = percent.keys().chain(ratio.keys()).collect();
    let of_one = |gpu: &[&str; 2]| {
        let (percent, ratio) = (percent.get(gpu), ratio.get(gpu));
        let is_cut = [percent, ratio].into_iter().flatten().any(|parts| parts.keys().any(|part| !part.id.is_empty()));
        if is_cut {
            return ratio.and_then(weighted_by_slices);
        }
        let whole = |parts: Option<&BTreeMap<Instance<'_>, f64>>| {
            parts.and_then(|parts| parts.values().copied().filter(|busy| *busy <= 1.0).reduce(f64::max))
        };
        let ratio = whole(ratio);
        whole(percent).filter(|busy| *busy > 0.0 || ratio.is_none()).or(ratio)
    };
    gpus.into_iter().filter_map(of_one).collect()
}

/// The mean over instances, each by its slices; the GPU's own ratio only where no instance has one.
fn weighted_by_slices(parts: &BTreeMap<Instance<'_>, f64>) -> Option<f64> {
    let parts = || parts.iter().filter(|(_, busy)| **busy <= 1.0);
    let (busy, slices) = parts()
        .filter(|(part, _)| !part.id.is_empty())
        .fold((0.0, 0.0), |(sum, slices), (part, busy)| (sum + busy * part.slices(), slices + part.slices()));
    if slices > 0.0 { Some(busy / slices) } else { parts().map(|(_, busy)| *busy).next() }
}

/// The memory in use on each GPU: its own figure, or the sum of its instances'.
fn vram_used(page: &Page) -> Vec<f64> {
    let of_one = |parts: BTreeMap<Instance<'_>, f64>| {
        let whole = parts.iter().find(|(part, _)| part.id.is_empty()).map(|(_, used)| *used);
        whole.unwrap_or_else(|| parts.values().sum())
    };
    by_gpu(page, Meaning::VramUsed).into_values().map(of_one).collect()
}
