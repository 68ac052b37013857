//! Exporters for what MinIO cannot see: the drives of T0, and the GPUs.

use std::collections::BTreeMap;

use crate::signal::{Quantity, Signal, Tier};
use crate::telemetry::merge::{Out, current_pages};
use crate::telemetry::names::Meaning;
use crate::telemetry::page::{Page, PageSeries};

/// The drives of T0, all hosts together.
pub(super) fn node_exporter_readings<'a>(pages: impl Iterator<Item = &'a Page>, out: &mut Out) {
    let (at_secs, pages) = current_pages(pages);
    let mut put = |quantity, value: Option<f64>| {
        if let Some(value) = value {
            out.insert(Signal::tier(Tier::T0, quantity), value, at_secs, 0.0);
        }
    };
    put(Quantity::ReadBytesPerSec, rate_sum(&pages, Meaning::DiskRead));
    put(Quantity::WriteBytesPerSec, rate_sum(&pages, Meaning::DiskWritten));
    put(Quantity::BusyRatio, mean_busy(&pages));
    if let Some((size, free)) = filesystem_bytes(&pages).filter(|(size, _)| *size > 0.0) {
        put(Quantity::CapacityBytes, Some(size));
        put(Quantity::UsedBytes, Some(size - free));
        put(Quantity::UsedRatio, Some((size - free) / size));
    }
}

fn rate_sum(pages: &[&Page], meaning: Meaning) -> Option<f64> {
    pages.iter().filter_map(|page| page.rate(meaning, |_| true)).reduce(|sum, rate| sum + rate)
}

/// The mean over all drives of the share of time they were busy.
fn mean_busy(pages: &[&Page]) -> Option<f64> {
    let drives = pages.iter().flat_map(|page| page.counting(Meaning::DiskBusySecs));
    mean(drives.filter_map(|series| series.per_sec).map(|rate| rate.min(1.0)))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    Some(sum / count).filter(|_| count > 0.0)
}

/// Size and free bytes. A filesystem mounted twice counts once.
fn filesystem_bytes(pages: &[&Page]) -> Option<(f64, f64)> {
    let mut sums = None;
    for page in pages {
        let free = by_device(page, Meaning::FilesystemFree);
        for (device, size) in by_device(page, Meaning::FilesystemSize) {
            let (sizes, frees) = sums.unwrap_or((0.0, 0.0));
            sums = Some((sizes + size, frees + free.get(device).copied().unwrap_or(0.0).min(size)));
        }
    }
    sums
}

fn by_device(page: &Page, meaning: Meaning) -> BTreeMap<&str, f64> {
    page.gauge(meaning).map(|series| (series.item.as_str(), series.value)).collect()
}

/// The GPUs that report how busy they are or how much memory they use, all hosts together.
pub(super) fn gpu_readings<'a>(pages: impl Iterator<Item = &'a Page>, out: &mut Out) {
    let (at_secs, pages) = current_pages(pages);
    let busy: Vec<f64> = pages.iter().flat_map(|page| gpu_busy(page)).collect();
    let mut put = |quantity, value| out.insert(Signal::compute(quantity), value, at_secs, 0.0);
    if let Some(mean) = mean(busy.iter().copied()) {
        put(Quantity::BusyRatio, mean);
        put(Quantity::Gpus, busy.len() as f64);
    }
    let vram: Vec<f64> =
        pages.iter().flat_map(|page| page.gauge(Meaning::VramUsed)).map(|series| series.value).collect();
    if !vram.is_empty() {
        put(Quantity::VramUsedBytes, vram.iter().sum());
    }
}

/// How busy each GPU of a host is. The ratio stands in for the percentage, which is missing under MIG; of several
/// instances of one GPU the mean.
fn gpu_busy(page: &Page) -> Vec<f64> {
    let percent = by_gpu(page, Meaning::GpuBusyPercent);
    let ratio = by_gpu(page, Meaning::GpuBusyRatio);
    let only_ratio = ratio.iter().filter(|(gpu, _)| !percent.contains_key(*gpu));
    percent.iter().chain(only_ratio).filter_map(|(_, values)| mean(values.iter().copied())).collect()
}

fn by_gpu(page: &Page, meaning: Meaning) -> BTreeMap<&str, Vec<f64>> {
    let mut gpus = BTreeMap::<&str, Vec<f64>>::new();
    for series in page.gauge(meaning).filter(|series: &&PageSeries| series.value <= 1.0) {
        gpus.entry(series.item.as_str()).or_default().push(series.value);
    }
    gpus
}
