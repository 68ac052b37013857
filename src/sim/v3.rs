//! The fast pages of v3: read live, per node, zero not printed, names of calls in their own case.

use crate::sim::calls::{Api, FIRST_BYTE, answered_within};
use crate::sim::nodes;
use crate::sim::page_text::{PageText, hundredths};
use crate::sim::query::NodeQuery;
use crate::sim::workload::{Counts, TrafficKind, TrafficWay};

/// What a server process holds in memory.
pub(crate) const RESIDENT_BYTES: f64 = 4_294_967_296.0;

impl NodeQuery<'_> {
    /// `/api/requests`.
    pub(crate) fn write_requests(self, page: &mut PageText<'_>) {
        let Some(counts) = self.counts_now() else {
            return;
        };
        let server = self.server();
        let refused = self.refused_now();
        let ended = Api::ALL.map(|api| nodes::ended_requests(&counts, self.deployment, None, api));
        for family in ["minio_api_requests_5xx_errors_total", "minio_api_requests_errors_total"] {
            page.push_single(family, &[("name", Api::REFUSED.name()), ("server", server), ("type", "s3")], refused);
        }
        page.begin_family("minio_api_requests_inflight_total");
        for api in Api::ALL {
            page.push_sample(
                &[("name", api.name()), ("server", server), ("type", "s3")],
                self.in_flight(None, api, self.collected.now_secs),
            );
        }
        page.begin_family("minio_api_requests_total");
        for api in Api::ALL {
            let asked = ended[api as usize] as f64 + if api == Api::REFUSED { refused } else { 0.0 };
            page.push_sample(&[("name", api.name()), ("server", server), ("type", "s3")], asked);
        }
        let bytes = |way: TrafficWay| nodes::moved_bytes(&counts, self.deployment, None, way) as f64;
        let labels = [("server", server), ("type", "s3")];
        page.push_single("minio_api_requests_traffic_received_bytes", &labels, bytes(TrafficWay::In));
        page.push_single("minio_api_requests_traffic_sent_bytes", &labels, bytes(TrafficWay::Out));
        page.begin_family("minio_api_requests_ttfb_seconds_distribution");
        for (le, bucket) in FIRST_BYTE {
            for api in Api::ALL {
                let labels = [("le", le), ("name", api.name()), ("server", server), ("type", "s3")];
                page.push_sample(&labels, answered_within((self.deployment, api), ended[api as usize], bucket));
            }
        }
    }

    /// `/bucket/api/NAME`. Every community build counts uploads as "sent", in the HELP text too.
    pub(crate) fn write_bucket(self, name: &str, page: &mut PageText<'_>) {
        let Some(counts) = self.counts_now() else {
            return;
        };
        let server = self.server();
        let ended = Api::ALL.map(|api| nodes::ended_requests(&counts, self.deployment, Some(name), api));
        page.begin_family("minio_bucket_api_inflight_total");
        for api in Api::ALL {
            let labels = [("bucket", name), ("name", api.name()), ("server", server), ("type", "s3")];
            page.push_sample(&labels, self.in_flight(Some(name), api, self.collected.now_secs));
        }
        page.begin_family("minio_bucket_api_total");
        for api in Api::ALL {
            let labels = [("bucket", name), ("name", api.name()), ("server", server), ("type", "s3")];
            page.push_sample(&labels, ended[api as usize] as f64);
        }
        let bytes = |way: TrafficWay| nodes::moved_bytes(&counts, self.deployment, Some(name), way) as f64;
        let labels = [("bucket", name), ("server", server), ("type", "s3")];
        page.push_single("minio_bucket_api_traffic_received_bytes", &labels, bytes(TrafficWay::Out));
        page.push_single("minio_bucket_api_traffic_sent_bytes", &labels, bytes(TrafficWay::In));
        page.begin_family("minio_bucket_api_ttfb_seconds_distribution");
        for (le, bucket) in FIRST_BYTE {
            for api in Api::ALL {
                let labels = [("bucket", name), ("le", le), ("name", api.name()), ("server", server), ("type", "s3")];
                page.push_sample(&labels, answered_within((self.deployment, api), ended[api as usize], bucket));
            }
        }
    }

    /// `/ilm`.
    pub(crate) fn write_ilm(self, page: &mut PageText<'_>) {
        let server = [("server", self.server())];
        page.push_single(
            "minio_ilm_transition_active_tasks",
            &server,
            self.transitions_active(self.collected.now_secs),
        );
        page.push_single(
            "minio_ilm_transition_pending_tasks",
            &server,
            self.transitions_pending(self.collected.now_secs),
        );
        page.push_single("minio_ilm_versions_scanned", &server, self.scanned_versions(self.collected.now_secs));
    }

    /// `/scanner`.
    pub(crate) fn write_scanner(self, page: &mut PageText<'_>) {
        let server = [("server", self.server())];
        let scans = self.scanned_versions(self.collected.now_secs) / 1000.0;
        page.push_single("minio_scanner_bucket_scans_finished", &server, scans.floor());
        page.push_single("minio_scanner_bucket_scans_started", &server, scans.floor() + 1.0);
        page.push_single("minio_scanner_directories_scanned", &server, (scans * 90.0).floor());
        page.push_single("minio_scanner_last_activity_seconds", &server, self.usage_age_secs());
        page.push_single("minio_scanner_objects_scanned", &server, (scans * 1000.0).floor());
    }

    /// `/system/process`.
    pub(crate) fn write_process(self, page: &mut PageText<'_>) {
        let Some(counts) = self.counts_now() else {
            return;
        };
        let server = [("server", self.server())];
        let bytes = |way: TrafficWay| nodes::moved_bytes(&counts, self.deployment, None, way) as f64;
        let up_secs = self.up_secs(self.node, self.collected.now_secs);
        let busy_secs = (bytes(TrafficWay::In) + bytes(TrafficWay::Out)) / 2.0e9;
        page.push_single("minio_system_process_cpu_total_seconds", &server, hundredths(up_secs * 0.05 + busy_secs));
        page.push_single("minio_system_process_file_descriptor_limit_total", &server, 1_048_576.0);
        page.push_single("minio_system_process_file_descriptor_open_total", &server, 61.0);
        page.push_single("minio_system_process_go_routine_total", &server, 520.0);
        page.push_single(
            "minio_system_process_io_rchar_bytes",
            &server,
            bytes(TrafficWay::In) + bytes(TrafficWay::Out),
        );
        page.push_single("minio_system_process_io_read_bytes", &server, self.on_drives(&counts, TrafficWay::Out));
        page.push_single(
            "minio_system_process_io_wchar_bytes",
            &server,
            bytes(TrafficWay::In) * 2.0 + bytes(TrafficWay::Out),
        );
        page.push_single("minio_system_process_io_write_bytes", &server, self.on_drives(&counts, TrafficWay::In));
        page.push_single("minio_system_process_resident_memory_bytes", &server, RESIDENT_BYTES);
        let started = self.lab.started_unix_secs(self.deployment, self.node, self.collected.now_secs);
        page.push_single("minio_system_process_start_time_seconds", &server, hundredths(started));
        page.push_single("minio_system_process_uptime_seconds", &server, hundredths(up_secs));
    }

    /// This node's counters now.
    pub(crate) fn counts_now(self) -> Option<Counts> {
        self.lab.node_counts(self.deployment, self.node, self.collected.now_secs)
    }

    /// The writes that this node has refused.
    fn refused_now(self) -> f64 {
        self.lab.node_refused(self.deployment, self.node, self.collected.now_secs).unwrap_or_default() as f64
    }

    /// Calls running on a node: rate × time, at least one while anything moves.
    pub(crate) fn in_flight(self, bucket: Option<&str>, api: Api, at_secs: f64) -> f64 {
        let kinds = nodes::traffic_kinds(self.deployment, bucket).filter(|traffic| traffic.route().api == api);
        let per_sec: f64 = kinds.map(|traffic| self.objects_per_sec(traffic, at_secs)).sum();
        let health = self.lab.health(self.deployment, at_secs);
        let nodes = self.deployment.nodes() - health.nodes_offline;
        (per_sec * api.latency_secs() / nodes as f64).ceil()
    }

    pub(crate) fn objects_per_sec(self, traffic: TrafficKind, at_secs: f64) -> f64 {
        self.lab.work.rate_at(traffic, at_secs) / traffic.route().object_bytes as f64
    }
}
