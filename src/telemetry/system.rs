//! What servers say of themselves: processes, hosts, drives, and the queues of what they do in the background.

use std::collections::BTreeMap;

use crate::signal::{Quantity, Signal, Tier};
use crate::telemetry::exporter::mean;
use crate::telemetry::merge::{Out, current_pages};
use crate::telemetry::names::{BETWEEN_LABELS, Meaning, Names};
use crate::telemetry::page::{Page, PageSeries};

/// The pages that together speak for all nodes of a deployment: one of each, or one for all.
#[derive(Clone, Debug)]
pub(super) struct AllNodes<'a> {
    pages: Vec<&'a Page>,
    pub(super) at_secs: f64,
}

impl<'a> AllNodes<'a> {
    /// Those of the pages that count now; none where no page was read.
    pub(super) fn of_pages(pages: impl Iterator<Item = &'a Page>) -> Option<Self> {
        let (at_secs, pages) = current_pages(pages);
        (!pages.is_empty()).then_some(Self { pages, at_secs })
    }

    fn gauges(&self, meaning: Meaning) -> impl Iterator<Item = &'a PageSeries> {
        self.pages.iter().flat_map(move |page| page.gauge(meaning))
    }

    fn values(&self, meaning: Meaning) -> impl Iterator<Item = f64> {
        self.gauges(meaning).map(|series| series.value)
    }

    fn sum(&self, meaning: Meaning) -> Option<f64> {
        self.values(meaning).reduce(|sum, value| sum + value)
    }

    /// A sum in which what is absent is nothing, on pages that leave out zeros.
    fn sum_or_zero(&self, meaning: Meaning) -> Option<f64> {
        let leave_out_zeros = self.pages.iter().all(|page| page.leaves_out_zeros());
        self.sum(meaning).or(leave_out_zeros.then_some(0.0))
    }

    fn rate(&self, meaning: Meaning) -> Option<f64> {
        let rates = self.pages.iter().filter_map(|page| page.rate(meaning, |_| true));
        rates.reduce(|sum, rate| sum + rate)
    }

    /// A rate in which a counter that is absent stands still, once the pages were read twice.
    fn rate_or_zero(&self, meaning: Meaning) -> Option<f64> {
        self.rate(meaning).or(self.pages.iter().any(|page| page.was_read_twice()).then_some(0.0))
    }

    /// How late a figure may be: the longest that it is kept, and the time between two questions.
    fn lag_secs(&self, meaning: Meaning) -> f64 {
        let series = self.pages.iter().flat_map(|page| page.gauge(meaning).chain(page.counting(meaning)));
        let cache_secs = series.map(|series| series.cache_secs).fold(0.0, f64::max);
        cache_secs + self.pages.iter().map(|page| page.interval_secs()).fold(0.0, f64::max)
    }

    fn put_readings<const N: usize>(&self, tier: Tier, values: [(Quantity, Meaning, Option<f64>); N], out: &mut Out) {
        for (quantity, meaning, value) in values {
            if let Some(value) = value {
                out.insert(Signal::tier(tier, quantity), value, self.at_secs, self.lag_secs(meaning));
            }
        }
    }
}

/// What the server processes use. Where a node has no neighbours, nothing goes between nodes.
pub(super) fn put_processes(tier: Tier, told: &AllNodes<'_>, out: &mut Out) {
    let (read, written) = (told.rate(Meaning::ProcessRead), told.rate(Meaning::ProcessWritten));
    // Other systems than Linux tell neither; a process that only writes leaves out what it read.
    let disk = |rate: Option<f64>| rate.or(read.or(written).map(|_| 0.0));
    let values = [
        (Quantity::DiskReadBytesPerSec, Meaning::ProcessRead, disk(read)),
        (Quantity::DiskWriteBytesPerSec, Meaning::ProcessWritten, disk(written)),
        (Quantity::InternodeBytesPerSec, Meaning::Internode, told.rate(Meaning::Internode)),
        (Quantity::CpuCores, Meaning::ProcessCpuSecs, told.rate(Meaning::ProcessCpuSecs)),
        (Quantity::MemoryUsedBytes, Meaning::ProcessMemory, told.sum(Meaning::ProcessMemory)),
        (Quantity::UptimeSecs, Meaning::ProcessUptime, told.values(Meaning::ProcessUptime).reduce(f64::min)),
    ];
    told.put_readings(tier, values, out);
}

/// How busy the hosts are, and how their drives do. Where no drive is told of, none is known to be well.
pub(super) fn put_drives(tier: Tier, told: &AllNodes<'_>, out: &mut Out) {
    let values = [(Quantity::CpuRatio, Meaning::HostLoad, mean(told.values(Meaning::HostLoad)))];
    told.put_readings(tier, values, out);
    let are_told = [Meaning::DriveHealth, Meaning::DriveWaiting].iter().any(|of| told.gauges(*of).next().is_some());
    if are_told {
        let values = [
            (Quantity::DriveLatencySecs, Meaning::DriveLatency, slowest_drive_secs(told)),
            (Quantity::DriveWaitingIos, Meaning::DriveWaiting, told.sum_or_zero(Meaning::DriveWaiting)),
            (Quantity::DriveErrorsPerSec, Meaning::DriveErrors, told.rate_or_zero(Meaning::DriveErrors)),
        ];
        told.put_readings(tier, values, out);
    }
}

/// The longest mean of what clients wait for, of all drives; none while no drive did any of it.
fn slowest_drive_secs(told: &AllNodes<'_>) -> Option<f64> {
    let names = Names::built_in();
    let of_clients = |series: &&PageSeries| {
        series.item.rsplit_once(BETWEEN_LABELS).is_some_and(|(_, operation)| names.is_drive_work(operation))
    };
    told.gauges(Meaning::DriveLatency).filter(of_clients).map(|series| series.value).reduce(f64::max)
}

/// What ILM has before it.
pub(super) fn put_transition_queue(tier: Tier, told: &AllNodes<'_>, out: &mut Out) {
    let values = [
        (Quantity::TransitionsPending, Meaning::TransitionsPending, told.sum_or_zero(Meaning::TransitionsPending)),
        (Quantity::TransitionsRunning, Meaning::TransitionsRunning, told.sum_or_zero(Meaning::TransitionsRunning)),
    ];
    told.put_readings(tier, values, out);
}

/// What waits to be replicated, where anything ever did: elsewhere its zero would speak of what is not there.
pub(super) fn put_replication(tier: Tier, told: &AllNodes<'_>, out: &mut Out) {
    let witnesses = [Meaning::ReplicationEver, Meaning::ReplicationBacklog, Meaning::ReplicationQueued];
    if witnesses.iter().any(|meaning| told.sum(*meaning).is_some_and(|sum| sum > 0.0)) {
        let queued = told.sum_or_zero(Meaning::ReplicationQueued);
        let rate = told.sum(Meaning::ReplicationRate).filter(|rate| *rate > 0.0);
        let lag_secs = match queued {
            Some(0.0) => Some(0.0),
            // While nothing leaves, nobody knows how long it takes.
            queued => queued.zip(rate).map(|(queued, rate)| queued / rate),
        };
        let values = [
            (Quantity::ReplicationLagSecs, Meaning::ReplicationRate, lag_secs),
            (Quantity::ReplicationBacklog, Meaning::ReplicationBacklog, told.sum_or_zero(Meaning::ReplicationBacklog)),
            (Quantity::ReplicationQueuedBytes, Meaning::ReplicationQueued, queued),
        ];
        told.put_readings(tier, values, out);
    }
}

/// Processes that began anew. Each page finds that out for itself, and some sooner: of a server the most counts.
pub(super) fn put_restarts<'a>(tier: Tier, pages: impl Iterator<Item = &'a Page>, out: &mut Out) {
    let mut by_server: BTreeMap<&str, u32> = BTreeMap::new();
    let mut newest_secs = None;
    for page in pages {
        newest_secs = newest_secs.into_iter().chain(page.at_secs()).reduce(f64::max);
        for (server, restarts) in page.restarts() {
            let most = by_server.entry(server).or_default();
            *most = restarts.max(*most);
        }
    }
    if let Some(at_secs) = newest_secs {
        let restarts: u32 = by_server.values().sum();
        out.insert(Signal::tier(tier, Quantity::RestartsSeen), f64::from(restarts), at_secs, 0.0);
    }
}
