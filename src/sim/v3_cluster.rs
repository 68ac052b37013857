//! The slow pages of v3, kept for 60 s: the cluster's health, capacity and usage, and a node's drives.

use crate::sim::nodes::Health;
use crate::sim::page_text::{PageText, flag};
use crate::sim::query::NodeQuery;
use crate::sim::topology::PARITY;
use crate::sim::v3_system::DriveLabels;

impl NodeQuery<'_> {
    /// `/cluster`: configuration, erasure sets, health and usage, as of the last refresh.
    pub(crate) fn write_cluster(self, page: &mut PageText<'_>) {
        page.push_single("minio_cluster_config_rrs_parity", &[], 1.0);
        page.push_single("minio_cluster_config_standard_parity", &[], PARITY as f64);
        self.push_erasure_set(page);
        self.push_health(page);
        self.push_bucket_usage(page);
        self.push_object_usage(page);
    }

    fn push_erasure_set(self, page: &mut PageText<'_>) {
        let set = [("pool_id", "0"), ("set_id", "0")];
        let health = self.health();
        let online = self.deployment.drives() - health.drives_offline;
        let read_quorum = self.deployment.read_quorum();
        let write_quorum = self.deployment.write_quorum();
        let reads = flag(online >= read_quorum);
        let writes = flag(online >= write_quorum);
        page.push_single("minio_cluster_erasure_set_healing_drives_count", &set, health.drives_healing as f64);
        page.push_single("minio_cluster_erasure_set_health", &set, writes);
        page.push_single("minio_cluster_erasure_set_online_drives_count", &set, online as f64);
        page.push_single("minio_cluster_erasure_set_overall_health", &[], writes);
        page.push_single("minio_cluster_erasure_set_overall_write_quorum", &[], write_quorum as f64);
        page.push_single("minio_cluster_erasure_set_read_health", &set, reads);
        page.push_single("minio_cluster_erasure_set_read_quorum", &set, read_quorum as f64);
        page.push_single("minio_cluster_erasure_set_read_tolerance", &set, online as f64 - read_quorum as f64);
        page.push_single("minio_cluster_erasure_set_write_health", &set, writes);
        page.push_single("minio_cluster_erasure_set_write_quorum", &set, write_quorum as f64);
        // MinIO adds the healing drives here, so this reads higher than in health while one heals.
        let tolerance = (online + health.drives_healing) as f64 - write_quorum as f64;
        page.push_single("minio_cluster_erasure_set_write_tolerance", &set, tolerance);
    }

    fn push_health(self, page: &mut PageText<'_>) {
        let health = self.health();
        let capacity = self.capacity();
        let drives = self.deployment.drives();
        page.push_single("minio_cluster_health_capacity_raw_free_bytes", &[], capacity.raw_free as f64);
        page.push_single("minio_cluster_health_capacity_raw_total_bytes", &[], capacity.raw_total as f64);
        page.push_single("minio_cluster_health_capacity_usable_free_bytes", &[], capacity.usable_free as f64);
        page.push_single("minio_cluster_health_capacity_usable_total_bytes", &[], capacity.usable_total as f64);
        page.push_single("minio_cluster_health_drives_count", &[], drives as f64);
        page.push_single("minio_cluster_health_drives_offline_count", &[], health.drives_offline as f64);
        page.push_single("minio_cluster_health_drives_online_count", &[], (drives - health.drives_offline) as f64);
        page.push_single("minio_cluster_health_nodes_offline_count", &[], health.nodes_offline as f64);
        let online = self.deployment.nodes() - health.nodes_offline;
        page.push_single("minio_cluster_health_nodes_online_count", &[], online as f64);
    }

    fn push_bucket_usage(self, page: &mut PageText<'_>) {
        let buckets = self.deployment.buckets();
        page.begin_family("minio_cluster_usage_buckets_objects_count");
        for bucket in buckets {
            page.push_sample(&[("bucket", bucket.name)], self.scanned_objects(bucket.name) as f64);
        }
        // Nanoseconds in this group, whatever its name says.
        page.push_single("minio_cluster_usage_buckets_since_last_update_seconds", &[], self.usage_age_secs() * 1e9);
        page.begin_family("minio_cluster_usage_buckets_total_bytes");
        for bucket in buckets {
            page.push_sample(&[("bucket", bucket.name)], self.scanned_bytes(bucket.name) as f64);
        }
    }

    fn push_object_usage(self, page: &mut PageText<'_>) {
        page.push_single("minio_cluster_usage_objects_buckets_count", &[], self.deployment.buckets().len() as f64);
        page.push_single("minio_cluster_usage_objects_count", &[], self.all_scanned_objects() as f64);
        page.push_single("minio_cluster_usage_objects_since_last_update_seconds", &[], self.usage_age_secs());
        page.push_single("minio_cluster_usage_objects_total_bytes", &[], self.all_scanned_bytes() as f64);
    }

    /// `/system/drive`. A drive that is gone has no health, because its zero is not printed.
    pub(crate) fn write_drives(self, page: &mut PageText<'_>) {
        let at_secs = self.collected.capacity_secs;
        let server = [("server", self.server())];
        let drives = self.deployment.drives_per_node();
        let is_online = |drive: usize| self.lab.drive_is_online(self.deployment, self.node, drive, at_secs);
        let online = (0..drives).filter(|&drive| is_online(drive)).count();
        let drive_bytes = self.deployment.drive_bytes();
        let used = self.drive_used_bytes();
        self.push_latencies(page, "minio_system_drive_api_latency_micros", |drive| DriveLabels {
            path: drive_path(drive),
            index: Some(self.drive_index(drive)),
            server: self.server(),
        });
        page.push_single("minio_system_drive_count", &server, drives as f64);
        self.push_each_drive(page, "minio_system_drive_free_bytes", |drive| {
            if is_online(drive) { (drive_bytes - used) as f64 } else { 0.0 }
        });
        self.push_each_drive(page, "minio_system_drive_health", |drive| {
            let is_healing = self.lab.drive_is_healing(self.deployment, self.node, drive, at_secs);
            if is_healing { 2.0 } else { flag(is_online(drive)) }
        });
        page.push_single("minio_system_drive_offline_count", &server, (drives - online) as f64);
        page.push_single("minio_system_drive_online_count", &server, online as f64);
        self.push_each_drive(page, "minio_system_drive_total_bytes", |drive| {
            if is_online(drive) { drive_bytes as f64 } else { 0.0 }
        });
        self.push_each_drive(
            page,
            "minio_system_drive_used_bytes",
            |drive| {
                if is_online(drive) { used as f64 } else { 0.0 }
            },
        );
    }

    fn push_each_drive(self, page: &mut PageText<'_>, family: &'static str, value: impl Fn(usize) -> f64) {
        page.begin_family(family);
        for drive in 0..self.deployment.drives_per_node() {
            let (path, index) = (drive_path(drive), self.drive_index(drive));
            let labels = [
                ("drive", path.as_str()),
                ("drive_index", index.as_str()),
                ("pool_index", "0"),
                ("server", self.server()),
                ("set_index", "0"),
            ];
            page.push_sample(&labels, value(drive));
        }
    }

    /// Its number in the erasure set.
    fn drive_index(self, drive: usize) -> String {
        (self.node * self.deployment.drives_per_node() + drive).to_string()
    }

    fn health(self) -> Health {
        self.lab.health(self.deployment, self.collected.capacity_secs)
    }
}

/// Where a drive of a node is mounted.
pub(crate) fn drive_path(drive: usize) -> String {
    format!("/data/d{:02}", drive + 1)
}
