//! MinIO's v3 pages: per node, zero not printed, bytes by name of the call in its own case.

use crate::sim::nodes::{self, Counts, Health};
use crate::sim::pages::Asked;
use crate::sim::text::PageText;
use crate::sim::workload::{Api, Traffic, Way};

/// The buckets of a time-to-first-byte distribution as the wire sorts them, and where their share stands in [`Api::answered`].
pub(crate) const FIRST_BYTE: [(&str, Option<usize>); 9] = [
    ("+Inf", None),
    ("0.050", Some(0)),
    ("0.100", Some(1)),
    ("0.250", Some(2)),
    ("0.500", Some(3)),
    ("1.000", Some(4)),
    ("10.000", Some(7)),
    ("2.500", Some(5)),
    ("5.000", Some(6)),
];

/// How many of the calls were answered within a bucket of the distribution.
pub(crate) fn answered(api: Api, count: u64, bucket: Option<usize>) -> f64 {
    let share = bucket.map_or(1.0, |bucket| api.answered()[bucket]);
    (count as f64 * share).floor()
}

impl Asked<'_> {
    /// `/api/requests`.
    pub(crate) fn requests(self, page: &mut PageText<'_>) {
        let Some(counts) = self.counts_now() else { return };
        let server = self.server();
        let ended = Api::ALL.map(|api| nodes::requests(&counts, self.deployment, None, api));
        page.family("minio_api_requests_inflight_total");
        for api in Api::ALL {
            page.sample(&[("name", api.name()), ("server", server), ("type", "s3")], self.in_flight(None, api, self.collected.now_secs));
        }
        page.family("minio_api_requests_total");
        for api in Api::ALL {
            page.sample(&[("name", api.name()), ("server", server), ("type", "s3")], ended[api as usize] as f64);
        }
        let bytes = |way: Way| nodes::bytes(&counts, self.deployment, None, way) as f64;
        let labels = [("server", server), ("type", "s3")];
        page.single("minio_api_requests_traffic_received_bytes", &labels, bytes(Way::In));
        page.single("minio_api_requests_traffic_sent_bytes", &labels, bytes(Way::Out));
        page.family("minio_api_requests_ttfb_seconds_distribution");
        for (le, bucket) in FIRST_BYTE {
            for api in Api::ALL {
                let labels = [("le", le), ("name", api.name()), ("server", server), ("type", "s3")];
                page.sample(&labels, answered(api, ended[api as usize], bucket));
            }
        }
    }

    /// `/bucket/api/NAME`. Every community build counts uploads as "sent", in the HELP text too.
    pub(crate) fn bucket(self, name: &str, page: &mut PageText<'_>) {
        let Some(counts) = self.counts_now() else { return };
        let server = self.server();
        let ended = Api::ALL.map(|api| nodes::requests(&counts, self.deployment, Some(name), api));
        page.family("minio_bucket_api_inflight_total");
        for api in Api::ALL {
            let labels = [("bucket", name), ("name", api.name()), ("server", server), ("type", "s3")];
            page.sample(&labels, self.in_flight(Some(name), api, self.collected.now_secs));
        }
        page.family("minio_bucket_api_total");
        for api in Api::ALL {
            let labels = [("bucket", name), ("name", api.name()), ("server", server), ("type", "s3")];
            page.sample(&labels, ended[api as usize] as f64);
        }
        let bytes = |way: Way| nodes::bytes(&counts, self.deployment, Some(name), way) as f64;
        let labels = [("bucket", name), ("server", server), ("type", "s3")];
        page.single("minio_bucket_api_traffic_received_bytes", &labels, bytes(Way::Out));
        page.single("minio_bucket_api_traffic_sent_bytes", &labels, bytes(Way::In));
        page.family("minio_bucket_api_ttfb_seconds_distribution");
        for (le, bucket) in FIRST_BYTE {
            for api in Api::ALL {
                let labels = [("bucket", name), ("le", le), ("name", api.name()), ("server", server), ("type", "s3")];
                page.sample(&labels, answered(api, ended[api as usize], bucket));
            }
        }
    }

    /// `/cluster`: configuration, erasure sets, health and usage, as of the last refresh.
    pub(crate) fn cluster(self, page: &mut PageText<'_>) {
        self.cluster_config(page);
        self.cluster_erasure_set(page);
        self.cluster_health(page);
        self.cluster_usage_buckets(page);
        self.cluster_usage_objects(page);
    }

    fn cluster_config(self, page: &mut PageText<'_>) {
        page.single("minio_cluster_config_rrs_parity", &[], 1.0);
        page.single("minio_cluster_config_standard_parity", &[], self.deployment.parity() as f64);
    }

    fn cluster_erasure_set(self, page: &mut PageText<'_>) {
        let set = [("pool_id", "0"), ("set_id", "0")];
        let health = self.health();
        let online = self.deployment.drives() - health.drives_offline;
        let read_quorum = self.deployment.read_quorum();
        let write_quorum = self.deployment.write_quorum();
        let reads = flag(online >= read_quorum);
        let writes = flag(online >= write_quorum);
        page.single("minio_cluster_erasure_set_healing_drives_count", &set, health.drives_healing as f64);
        page.single("minio_cluster_erasure_set_health", &set, writes);
        page.single("minio_cluster_erasure_set_online_drives_count", &set, online as f64);
        page.single("minio_cluster_erasure_set_overall_health", &[], writes);
        page.single("minio_cluster_erasure_set_overall_write_quorum", &[], write_quorum as f64);
        page.single("minio_cluster_erasure_set_read_health", &set, reads);
        page.single("minio_cluster_erasure_set_read_quorum", &set, read_quorum as f64);
        page.single("minio_cluster_erasure_set_read_tolerance", &set, online as f64 - read_quorum as f64);
        page.single("minio_cluster_erasure_set_write_health", &set, writes);
        page.single("minio_cluster_erasure_set_write_quorum", &set, write_quorum as f64);
        // MinIO adds the healing drives here, so this reads higher than in health while one heals.
        let tolerance = (online + health.drives_healing) as f64 - write_quorum as f64;
        page.single("minio_cluster_erasure_set_write_tolerance", &set, tolerance);
    }

    fn cluster_health(self, page: &mut PageText<'_>) {
        let health = self.health();
        let capacity = self.capacity();
        let drives = self.deployment.drives();
        page.single("minio_cluster_health_capacity_raw_free_bytes", &[], capacity.raw_free as f64);
        page.single("minio_cluster_health_capacity_raw_total_bytes", &[], capacity.raw_total as f64);
        page.single("minio_cluster_health_capacity_usable_free_bytes", &[], capacity.usable_free as f64);
        page.single("minio_cluster_health_capacity_usable_total_bytes", &[], capacity.usable_total as f64);
        page.single("minio_cluster_health_drives_count", &[], drives as f64);
        page.single("minio_cluster_health_drives_offline_count", &[], health.drives_offline as f64);
        page.single("minio_cluster_health_drives_online_count", &[], (drives - health.drives_offline) as f64);
        page.single("minio_cluster_health_nodes_offline_count", &[], health.nodes_offline as f64);
        let online = self.deployment.nodes() - health.nodes_offline;
        page.single("minio_cluster_health_nodes_online_count", &[], online as f64);
    }

    fn cluster_usage_buckets(self, page: &mut PageText<'_>) {
        let buckets = self.deployment.buckets();
        page.family("minio_cluster_usage_buckets_objects_count");
        for bucket in buckets {
            page.sample(&[("bucket", bucket.name)], self.scanned_objects(bucket.name) as f64);
        }
        // Nanoseconds in this group, whatever its name says.
        page.single("minio_cluster_usage_buckets_since_last_update_seconds", &[], self.usage_age_secs() * 1e9);
        page.family("minio_cluster_usage_buckets_total_bytes");
        for bucket in buckets {
            page.sample(&[("bucket", bucket.name)], self.scanned_bytes(bucket.name) as f64);
        }
    }

    fn cluster_usage_objects(self, page: &mut PageText<'_>) {
        page.single("minio_cluster_usage_objects_buckets_count", &[], self.deployment.buckets().len() as f64);
        page.single("minio_cluster_usage_objects_count", &[], self.all_scanned_objects() as f64);
        page.single("minio_cluster_usage_objects_since_last_update_seconds", &[], self.usage_age_secs());
        page.single("minio_cluster_usage_objects_total_bytes", &[], self.all_scanned_bytes() as f64);
    }

    /// `/ilm`.
    pub(crate) fn ilm(self, page: &mut PageText<'_>) {
        let server = [("server", self.server())];
        page.single("minio_ilm_transition_active_tasks", &server, self.transitions_active(self.collected.now_secs));
        page.single("minio_ilm_transition_pending_tasks", &server, self.transitions_pending(self.collected.now_secs));
        page.single("minio_ilm_versions_scanned", &server, self.scanned_versions(self.collected.now_secs));
    }

    /// `/scanner`.
    pub(crate) fn scanner(self, page: &mut PageText<'_>) {
        let server = [("server", self.server())];
        let scans = self.scanned_versions(self.collected.now_secs) / 1000.0;
        page.single("minio_scanner_bucket_scans_finished", &server, scans.floor());
        page.single("minio_scanner_bucket_scans_started", &server, scans.floor() + 1.0);
        page.single("minio_scanner_directories_scanned", &server, (scans * 90.0).floor());
        page.single("minio_scanner_last_activity_seconds", &server, self.usage_age_secs());
        page.single("minio_scanner_objects_scanned", &server, (scans * 1000.0).floor());
    }

    /// `/system/drive`. A drive that is gone has no health, because its zero is not printed.
    pub(crate) fn drive(self, page: &mut PageText<'_>) {
        let at_secs = self.collected.capacity_secs;
        let server = [("server", self.server())];
        let drives = self.deployment.drives_per_node();
        let is_online = |drive: usize| self.lab.drive_is_online(self.deployment, self.node, drive, at_secs);
        let online = (0..drives).filter(|&drive| is_online(drive)).count();
        let drive_bytes = self.deployment.drive_bytes();
        let used = self.drive_used_bytes();
        page.single("minio_system_drive_count", &server, drives as f64);
        self.each_drive(page, "minio_system_drive_free_bytes", |drive| {
            if is_online(drive) { (drive_bytes - used) as f64 } else { 0.0 }
        });
        self.each_drive(page, "minio_system_drive_health", |drive| {
            let is_healing = self.lab.drive_is_healing(self.deployment, self.node, drive, at_secs);
            if is_healing { 2.0 } else { flag(is_online(drive)) }
        });
        page.single("minio_system_drive_offline_count", &server, (drives - online) as f64);
        page.single("minio_system_drive_online_count", &server, online as f64);
        self.each_drive(page, "minio_system_drive_total_bytes", |drive| {
            if is_online(drive) { drive_bytes as f64 } else { 0.0 }
        });
        self.each_drive(page, "minio_system_drive_used_bytes", |drive| if is_online(drive) { used as f64 } else { 0.0 });
    }

    fn each_drive(self, page: &mut PageText<'_>, family: &'static str, value: impl Fn(usize) -> f64) {
        page.family(family);
        for drive in 0..self.deployment.drives_per_node() {
            let path = format!("/data/d{:02}", drive + 1);
            let index = (self.node * self.deployment.drives_per_node() + drive).to_string();
            let labels = [
                ("drive", path.as_str()),
                ("drive_index", index.as_str()),
                ("pool_index", "0"),
                ("server", self.server()),
                ("set_index", "0"),
            ];
            page.sample(&labels, value(drive));
        }
    }

    /// `/system/process`.
    pub(crate) fn process(self, page: &mut PageText<'_>) {
        let Some(counts) = self.counts_now() else { return };
        let server = [("server", self.server())];
        let bytes = |way: Way| nodes::bytes(&counts, self.deployment, None, way) as f64;
        let up_secs = self.up_secs(self.node, self.collected.now_secs);
        let busy_secs = (bytes(Way::In) + bytes(Way::Out)) / 2.0e9;
        page.single("minio_system_process_cpu_total_seconds", &server, hundredths(up_secs * 0.05 + busy_secs));
        page.single("minio_system_process_file_descriptor_limit_total", &server, 1_048_576.0);
        page.single("minio_system_process_file_descriptor_open_total", &server, 61.0);
        page.single("minio_system_process_go_routine_total", &server, 520.0);
        page.single("minio_system_process_io_rchar_bytes", &server, bytes(Way::In) + bytes(Way::Out));
        page.single("minio_system_process_io_wchar_bytes", &server, bytes(Way::In) * 2.0 + bytes(Way::Out));
        page.single("minio_system_process_resident_memory_bytes", &server, 4_294_967_296.0);
        let started = self.lab.started_unix_secs(self.deployment, self.node, self.collected.now_secs);
        page.single("minio_system_process_start_time_seconds", &server, hundredths(started));
        page.single("minio_system_process_uptime_seconds", &server, hundredths(up_secs));
    }

    /// This node's counters now.
    pub(crate) fn counts_now(self) -> Option<Counts> {
        self.lab.node_counts(self.deployment, self.node, self.collected.now_secs)
    }

    /// Calls running on a node: rate × time, at least one while anything moves.
    pub(crate) fn in_flight(self, bucket: Option<&str>, api: Api, at_secs: f64) -> f64 {
        let kinds = nodes::of(self.deployment, bucket).filter(|traffic| traffic.route().api == api);
        let per_sec: f64 = kinds.map(|traffic| self.objects_per_sec(traffic, at_secs)).sum();
        let health = self.lab.health(self.deployment, at_secs);
        let nodes = self.deployment.nodes() - health.nodes_offline;
        (per_sec * api.latency_secs() / nodes as f64).ceil()
    }

    pub(crate) fn objects_per_sec(self, traffic: Traffic, at_secs: f64) -> f64 {
        self.lab.work.rate(traffic, at_secs) / traffic.route().object_bytes as f64
    }

    fn health(self) -> Health {
        self.lab.health(self.deployment, self.collected.capacity_secs)
    }
}

/// A condition as a gauge.
pub(crate) fn flag(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

/// Seconds as the process file systems count them, in hundredths.
pub(crate) fn hundredths(secs: f64) -> f64 {
    (secs * 100.0).round() / 100.0
}
