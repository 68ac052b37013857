//! The pages of v2 on buckets and on a node's drives.

use crate::sim::calls::Api;
use crate::sim::nodes;
use crate::sim::page_text::PageText;
use crate::sim::query::NodeQuery;
use crate::sim::v2::Peer;
use crate::sim::v3_cluster::drive_path;
use crate::sim::v3_system::DriveLabels;
use crate::sim::workload::TrafficWay;

impl NodeQuery<'_> {
    /// `/bucket`, where the byte counters have their right names.
    pub(crate) fn write_v2_bucket(self, page: &mut PageText<'_>) {
        let peers = self.answering_peers();
        self.push_bucket_requests(page, &peers);
        for (family, way) in [
            ("minio_bucket_traffic_received_bytes", TrafficWay::In),
            ("minio_bucket_traffic_sent_bytes", TrafficWay::Out),
        ] {
            page.begin_family(family);
            for bucket in self.deployment.bucket_names() {
                for (_, server, counts) in &peers {
                    let moved = nodes::moved_bytes(counts, self.deployment, Some(bucket), way);
                    if moved > 0 {
                        page.push_sample(&[("bucket", bucket), ("server", server)], moved as f64);
                    }
                }
            }
        }
        page.push_single(
            "minio_bucket_usage_last_activity_nano_seconds",
            &[("server", self.server())],
            (self.usage_age_secs() * 1e9).round(),
        );
        page.begin_family("minio_bucket_usage_object_total");
        for bucket in self.deployment.bucket_names() {
            page.push_sample(&[("bucket", bucket), ("server", self.server())], self.scanned_objects(bucket) as f64);
        }
        page.begin_family("minio_bucket_usage_total_bytes");
        for bucket in self.deployment.bucket_names() {
            page.push_sample(&[("bucket", bucket), ("server", self.server())], self.scanned_bytes(bucket) as f64);
        }
    }

    fn push_bucket_requests(self, page: &mut PageText<'_>, peers: &[Peer]) {
        page.begin_family("minio_bucket_requests_total");
        for api in Api::ALL {
            for bucket in self.deployment.bucket_names() {
                for (_, server, counts) in peers {
                    let ended = nodes::ended_requests(counts, self.deployment, Some(bucket), api);
                    if ended > 0 {
                        let labels = [("api", api.lower_name()), ("bucket", bucket), ("server", server)];
                        page.push_sample(&labels, ended as f64);
                    }
                }
            }
        }
    }

    /// `/node`: this node's drives. One that is gone has 0 bytes in all.
    pub(crate) fn write_v2_node(self, page: &mut PageText<'_>) {
        let server = [("server", self.server())];
        let at_secs = self.collected.capacity_secs;
        let health = self.lab.health(self.deployment, at_secs);
        let drives = self.deployment.drives_per_node();
        let is_online = |drive: usize| self.lab.drive_is_online(self.deployment, self.node, drive, at_secs);
        let online = (0..drives).filter(|&drive| is_online(drive)).count();
        let used = self.drive_used_bytes();
        let drive_bytes = self.deployment.drive_bytes();
        page.push_single("minio_cluster_nodes_offline_total", &server, health.nodes_offline as f64);
        page.push_single(
            "minio_cluster_nodes_online_total",
            &server,
            (self.deployment.nodes() - health.nodes_offline) as f64,
        );
        let of_drive = |page: &mut PageText<'_>, family: &'static str, bytes: u64| {
            page.begin_family(family);
            for drive in 0..drives {
                let path = drive_path(drive);
                let value = if is_online(drive) { bytes as f64 } else { 0.0 };
                page.push_sample(&[("drive", &path), ("server", self.server())], value);
            }
        };
        of_drive(page, "minio_node_drive_errors_availability", 0);
        of_drive(page, "minio_node_drive_free_bytes", drive_bytes - used);
        of_drive(page, "minio_node_drive_io_waiting", 0);
        self.push_latencies(page, "minio_node_drive_latency_us", |drive| DriveLabels {
            path: drive_path(drive),
            index: None,
            server: self.server(),
        });
        page.push_single("minio_node_drive_offline_total", &server, (drives - online) as f64);
        page.push_single("minio_node_drive_online_total", &server, online as f64);
        page.push_single("minio_node_drive_total", &server, drives as f64);
        of_drive(page, "minio_node_drive_total_bytes", drive_bytes);
        of_drive(page, "minio_node_drive_used_bytes", used);
    }
}
