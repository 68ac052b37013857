//! What a node of v3 says of itself: its host, its drives, its links to the others and its process.

use crate::sim::nodes;
use crate::sim::page_text::{PageText, hundredths};
use crate::sim::query::NodeQuery;
use crate::sim::work::splitmix;
use crate::sim::workload::{Counts, TrafficWay};

/// What a drive does for clients, in the order of the page, and what it takes on an idle drive, µs.
const DRIVE_WORK: [(&str, TrafficWay, f64); 3] = [
    ("storage.CreateFile", TrafficWay::In, 9200.0),
    ("storage.ReadFileStream", TrafficWay::Out, 1400.0),
    ("storage.RenameData", TrafficWay::In, 2100.0),
];
/// What a drive carries before it becomes slow, B/s.
const DRIVE_BYTES_PER_SEC: f64 = 6.0e9;
/// What one node's cores carry, B/s.
const HOST_BYTES_PER_SEC: f64 = 4.0e10;
/// Latencies are means of the last minute, of what was done in it.
const LATENCY_SECS: f64 = 60.0;

impl NodeQuery<'_> {
    /// `/system`: all groups below it, in the order of their names.
    pub(crate) fn write_system(self, page: &mut PageText<'_>) {
        self.write_cpu(page);
        self.write_drives(page);
        self.write_memory(page);
        self.write_internode(page);
        self.write_process(page);
    }

    /// `/system/cpu`.
    pub(crate) fn write_cpu(self, page: &mut PageText<'_>) {
        let share = 0.04 + 0.8 * (self.node_bytes_per_sec(None) / HOST_BYTES_PER_SEC).min(1.0);
        let server = [("server", self.server())];
        page.push_single("minio_system_cpu_load", &server, hundredths(share * 64.0));
        page.push_single("minio_system_cpu_load_perc", &server, hundredths(share * 100.0));
    }

    /// `/system/memory`.
    pub(crate) fn write_memory(self, page: &mut PageText<'_>) {
        let server = [("server", self.server())];
        page.push_single("minio_system_memory_total", &server, 274_877_906_944.0);
        page.push_single("minio_system_memory_used", &server, 21_474_836_480.0);
    }

    /// `/system/network/internode`: empty where a node has no neighbours.
    pub(crate) fn write_internode(self, page: &mut PageText<'_>) {
        let Some(counts) = self.counts_now().filter(|_| self.deployment.nodes() > 1) else { return };
        let server = [("server", self.server())];
        page.push_single(
            "minio_system_network_internode_recv_bytes_total",
            &server,
            self.between_nodes(&counts, TrafficWay::Out),
        );
        page.push_single(
            "minio_system_network_internode_sent_bytes_total",
            &server,
            self.between_nodes(&counts, TrafficWay::In),
        );
    }

    /// What a node takes in it spreads over all drives, and what it gives it gathers from them.
    pub(crate) fn between_nodes(self, counts: &Counts, way: TrafficWay) -> f64 {
        let share = match way {
            TrafficWay::In => 1.5,
            TrafficWay::Out => 0.75,
        };
        (nodes::moved_bytes(counts, self.deployment, None, way) as f64 * share).floor()
    }

    /// What reaches the drives of what clients moved: written with its parity, read without.
    pub(crate) fn on_drives(self, counts: &Counts, way: TrafficWay) -> f64 {
        let share = match way {
            TrafficWay::In => self.deployment.drives() as f64 / self.deployment.read_quorum() as f64,
            TrafficWay::Out => 1.0,
        };
        (nodes::moved_bytes(counts, self.deployment, None, way) as f64 * share).floor()
    }

    /// The mean latencies of the last minute, of each drive. No drive is quite like another.
    pub(crate) fn push_latencies(
        self,
        page: &mut PageText<'_>,
        family: &'static str,
        label: impl Fn(usize) -> DriveLabels,
    ) {
        page.begin_family(family);
        for (api, way, idle_micros) in DRIVE_WORK {
            if self.moved_in_last_minute(way) == 0 {
                continue;
            }
            let drives = self.deployment.drives_per_node();
            let load = self.node_bytes_per_sec(Some(way)) / drives as f64 / DRIVE_BYTES_PER_SEC;
            for drive in 0..drives {
                let is_there =
                    self.lab.drive_is_online(self.deployment, self.node, drive, self.collected.capacity_secs);
                let minute = (self.collected.capacity_secs / LATENCY_SECS).floor() as i64 as u64;
                let own = splitmix(((self.node * 100 + drive) as u64) ^ (minute << 16)) % 1000;
                let micros = idle_micros * (0.9 + 0.2 * own as f64 / 1000.0) * (1.0 + 4.0 * load);
                if is_there {
                    label(drive).push(page, api, micros.round());
                }
            }
        }
    }

    fn moved_in_last_minute(self, way: TrafficWay) -> u64 {
        let at_secs = self.collected.capacity_secs;
        let moved = |at_secs: f64| nodes::moved_bytes(&self.lab.counts_at(at_secs), self.deployment, None, way);
        moved(at_secs).saturating_sub(moved(at_secs - LATENCY_SECS))
    }

    /// What this node moves when its slow groups were collected, one way or both.
    fn node_bytes_per_sec(self, wanted: Option<TrafficWay>) -> f64 {
        let kinds = nodes::traffic_kinds(self.deployment, None);
        let kinds = kinds.filter(|traffic| wanted.is_none_or(|way| traffic.route().way == way));
        let all: f64 = kinds.map(|traffic| self.lab.work.rate_at(traffic, self.collected.capacity_secs)).sum();
        all / self.deployment.nodes() as f64
    }
}

/// The labels of a drive's latency: v3 names its place, v2 its path only.
pub(crate) struct DriveLabels {
    pub(crate) path: String,
    /// Its number in the deployment.
    pub(crate) index: Option<String>,
    pub(crate) server: &'static str,
}

impl DriveLabels {
    fn push(&self, page: &mut PageText<'_>, api: &str, value: f64) {
        let Self { path, index, server } = self;
        match index {
            Some(index) => page.push_sample(
                &[
                    ("api", api),
                    ("drive", path),
                    ("drive_index", index),
                    ("pool_index", "0"),
                    ("server", server),
                    ("set_index", "0"),
                ],
                value,
            ),
            None => page.push_sample(&[("api", api), ("drive", path), ("server", server)], value),
        }
    }
}
