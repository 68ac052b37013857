//! The drives of T0, by `node_exporter`.

use std::collections::{BTreeMap, BTreeSet};

use wildmatch::WildMatch;

use crate::signal::{Quantity, Signal, Tier};
use crate::telemetry::drives::{FileSystem, T0Choice};
use crate::telemetry::merge::{Out, current_pages};
use crate::telemetry::names::Meaning;
use crate::telemetry::page::{Page, PageSeries};

/// The drives of T0, all hosts together. `patterns` are the lab file's devices.
pub(super) fn node_exporter_readings<'a>(patterns: &[WildMatch], pages: impl Iterator<Item = &'a Page>, out: &mut Out) {
    let (at_secs, pages) = current_pages(pages);
    let chosen: Vec<_> = pages.iter().map(|page| (*page, choice_of(patterns, page))).collect();
    let mut put = |quantity, value: Option<f64>| {
        if let Some(value) = value {
            out.insert(Signal::tier(Tier::T0, quantity), value, at_secs, 0.0);
        }
    };
    put(Quantity::ReadBytesPerSec, rate_sum(&chosen, Meaning::DiskRead));
    put(Quantity::WriteBytesPerSec, rate_sum(&chosen, Meaning::DiskWritten));
    put(Quantity::BusyRatio, mean_busy(&chosen));
    let sizes = chosen.iter().filter_map(|(page, choice)| file_system_bytes(page, choice));
    let sum = sizes.reduce(|(size, free), (more_size, more_free)| (size + more_size, free + more_free));
    if let Some((size, free)) = sum.filter(|(size, _)| *size > 0.0) {
        put(Quantity::CapacityBytes, Some(size));
        put(Quantity::UsedBytes, Some(size - free));
        put(Quantity::UsedRatio, Some((size - free) / size));
    }
}

/// What is T0's on a host, by the page as it was last read.
fn choice_of(patterns: &[WildMatch], page: &Page) -> T0Choice {
    let counters = [Meaning::DiskRead, Meaning::DiskWritten, Meaning::DiskBusySecs];
    let devices = counters.iter().flat_map(|meaning| page.counting(*meaning)).map(|series| series.item.as_str());
    let file_systems = page.gauge(Meaning::FilesystemSize).map(|series| FileSystem::from_item(&series.item));
    T0Choice::new(patterns, devices, file_systems)
}

fn rate_sum(chosen: &[(&Page, T0Choice)], meaning: Meaning) -> Option<f64> {
    let rate = |(page, choice): &(&Page, T0Choice)| {
        page.rate(meaning, |series: &PageSeries| choice.devices.contains(&series.item))
    };
    chosen.iter().filter_map(rate).reduce(|sum, rate| sum + rate)
}

/// The mean over all drives of the share of time they were busy.
fn mean_busy(chosen: &[(&Page, T0Choice)]) -> Option<f64> {
    let drives = chosen.iter().flat_map(|(page, choice)| {
        page.counting(Meaning::DiskBusySecs).filter(|series| choice.devices.contains(&series.item))
    });
    mean(drives.filter_map(|series| series.per_sec).map(|rate| rate.min(1.0)))
}

pub(super) fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    Some(sum / count).filter(|_| count > 0.0)
}

/// Size and free bytes of the chosen file systems. One mounted twice counts once. The datasets of a pool share what is
/// free in it, each as its own: the pool is what they use, and that.
fn file_system_bytes(page: &Page, choice: &T0Choice) -> Option<(f64, f64)> {
    let free = by_file_system(page, Meaning::FilesystemFree);
    let mut once: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    let mut seen_datasets = BTreeSet::new();
    for (file_system, size) in by_file_system(page, Meaning::FilesystemSize) {
        if !choice.file_systems.contains(&file_system) {
            continue;
        }
        let free = free.get(&file_system).copied().unwrap_or(0.0).min(size);
        let (known_size, known_free) = once.entry(file_system.once_key().to_owned()).or_default();
        if !file_system.is_pooled() {
            (*known_size, *known_free) = (size, free);
        } else if seen_datasets.insert(file_system.device.clone()) {
            let used = (*known_size - *known_free) + (size - free);
            *known_free = known_free.max(free);
            *known_size = used + *known_free;
        }
    }
    once.into_values().reduce(|(size, free), (more_size, more_free)| (size + more_size, free + more_free))
}

fn by_file_system(page: &Page, meaning: Meaning) -> BTreeMap<FileSystem, f64> {
    page.gauge(meaning).map(|series| (FileSystem::from_item(&series.item), series.value)).collect()
}
