//! MinIO's v2 pages: one node speaks for the whole deployment, zero is printed, names of calls in lower case.

use crate::sim::calls::{Api, FIRST_BYTE, answered_within};
use crate::sim::nodes;
use crate::sim::page_text::{PageText, flag, hundredths};
use crate::sim::query::NodeQuery;
use crate::sim::topology::{SimDeployment, VERSION};
use crate::sim::v3::RESIDENT_BYTES;
use crate::sim::workload::{Counts, TrafficWay};

/// A node that answered the collector, with its counters.
pub(crate) type Peer = (usize, &'static str, Counts);

impl NodeQuery<'_> {
    /// `/cluster`.
    pub(crate) fn write_v2_cluster(self, page: &mut PageText<'_>) {
        let peers = self.answering_peers();
        self.push_capacity(page);
        self.push_erasure_sets(page);
        self.push_usage(page);
        self.push_internode(page, &peers);
        self.push_transitions(page, &peers);
        self.push_processes(page, &peers);
        self.push_requests(page, &peers);
        self.push_software(page, &peers);
    }

    fn push_capacity(self, page: &mut PageText<'_>) {
        let server = [("server", self.server())];
        let capacity = self.capacity();
        let health = self.lab.health(self.deployment, self.collected.capacity_secs);
        let drives = self.deployment.drives();
        page.push_single("minio_cluster_bucket_total", &server, self.deployment.buckets().len() as f64);
        page.push_single("minio_cluster_capacity_raw_free_bytes", &server, capacity.raw_free as f64);
        page.push_single("minio_cluster_capacity_raw_total_bytes", &server, capacity.raw_total as f64);
        page.push_single("minio_cluster_capacity_usable_free_bytes", &server, capacity.usable_free as f64);
        page.push_single("minio_cluster_capacity_usable_total_bytes", &server, capacity.usable_total as f64);
        page.push_single("minio_cluster_drive_offline_total", &server, health.drives_offline as f64);
        page.push_single("minio_cluster_drive_online_total", &server, (drives - health.drives_offline) as f64);
        page.push_single("minio_cluster_drive_total", &server, drives as f64);
    }

    /// Unlike the drive counts beside them, the sets are kept for 10 s only.
    fn push_erasure_sets(self, page: &mut PageText<'_>) {
        let set = [("pool", "0"), ("server", self.server()), ("set", "0")];
        let health = self.lab.health(self.deployment, self.collected.traffic_secs);
        let online = self.deployment.drives() - health.drives_offline;
        let is_writable = flag(online >= self.deployment.write_quorum());
        page.push_single("minio_cluster_health_erasure_set_healing_drives", &set, health.drives_healing as f64);
        page.push_single("minio_cluster_health_erasure_set_online_drives", &set, online as f64);
        page.push_single("minio_cluster_health_erasure_set_read_quorum", &set, self.deployment.read_quorum() as f64);
        page.push_single("minio_cluster_health_erasure_set_status", &set, is_writable);
        page.push_single("minio_cluster_health_erasure_set_write_quorum", &set, self.deployment.write_quorum() as f64);
        page.push_single("minio_cluster_health_status", &[("server", self.server())], is_writable);
    }

    fn push_usage(self, page: &mut PageText<'_>) {
        let server = [("server", self.server())];
        if self.deployment == SimDeployment::Warm {
            self.push_tiers(page);
        }
        let health = self.lab.health(self.deployment, self.collected.capacity_secs);
        let online = self.deployment.nodes() - health.nodes_offline;
        page.push_single("minio_cluster_nodes_offline_total", &server, health.nodes_offline as f64);
        page.push_single("minio_cluster_nodes_online_total", &server, online as f64);
        page.push_single("minio_cluster_usage_object_total", &server, self.all_scanned_objects() as f64);
        page.push_single("minio_cluster_usage_total_bytes", &server, self.all_scanned_bytes() as f64);
        page.push_single("minio_cluster_write_quorum", &server, self.deployment.write_quorum() as f64);
    }

    /// What went to the remote tier, and what stayed under the pseudo-tier STANDARD.
    fn push_tiers(self, page: &mut PageText<'_>) {
        let (objects, bytes) = self.transitioned();
        let stayed_bytes = self.all_scanned_bytes();
        let stayed_objects = self.all_scanned_objects();
        let tiers = |gone: u64, stayed: u64| [("COLD", gone), ("REDUCED_REDUNDANCY", 0), ("STANDARD", stayed)];
        let families = [
            ("minio_cluster_ilm_transitioned_bytes", tiers(bytes, stayed_bytes)),
            ("minio_cluster_ilm_transitioned_objects", tiers(objects, stayed_objects)),
            ("minio_cluster_ilm_transitioned_versions", tiers(objects, stayed_objects)),
        ];
        for (family, tiers) in families {
            page.begin_family(family);
            for (tier, value) in tiers {
                page.push_sample(&[("server", self.server()), ("tier", tier)], value as f64);
            }
        }
    }

    /// Only a deployment of several nodes has traffic between them.
    fn push_internode(self, page: &mut PageText<'_>, peers: &[Peer]) {
        if self.deployment.nodes() == 1 {
            return;
        }
        page.begin_family("minio_inter_node_traffic_received_bytes");
        for (_, server, counts) in peers {
            page.push_sample(&[("server", server)], self.between_nodes(counts, TrafficWay::Out));
        }
        page.begin_family("minio_inter_node_traffic_sent_bytes");
        for (_, server, counts) in peers {
            page.push_sample(&[("server", server)], self.between_nodes(counts, TrafficWay::In));
        }
    }

    fn push_transitions(self, page: &mut PageText<'_>, peers: &[Peer]) {
        let at_secs = self.collected.traffic_secs;
        page.begin_family("minio_node_ilm_action_count_transition_action");
        for &(node, server, _) in peers {
            // MinIO leaves this family out until its first transition.
            if let Some(done) = self.transitions_done(node, at_secs).filter(|&done| done > 0) {
                page.push_sample(&[("server", server)], done as f64);
            }
        }
        let gauges = [
            ("minio_node_ilm_transition_active_tasks", self.transitions_active(at_secs)),
            ("minio_node_ilm_transition_pending_tasks", self.transitions_pending(at_secs)),
        ];
        for (family, value) in gauges {
            page.begin_family(family);
            for (_, server, _) in peers {
                page.push_sample(&[("server", server)], value);
            }
        }
    }

    fn push_processes(self, page: &mut PageText<'_>, peers: &[Peer]) {
        let at_secs = self.collected.traffic_secs;
        for (family, way) in
            [("minio_node_io_read_bytes", TrafficWay::Out), ("minio_node_io_write_bytes", TrafficWay::In)]
        {
            page.begin_family(family);
            for (_, server, counts) in peers {
                page.push_sample(&[("server", server)], self.on_drives(counts, way));
            }
        }
        page.begin_family("minio_node_process_cpu_total_seconds");
        for &(node, server, ref counts) in peers {
            let moved = moved_bytes(counts, self.deployment, TrafficWay::In)
                + moved_bytes(counts, self.deployment, TrafficWay::Out);
            page.push_sample(&[("server", server)], hundredths(self.up_secs(node, at_secs) * 0.05 + moved / 2.0e9));
        }
        page.begin_family("minio_node_process_resident_memory_bytes");
        for (_, server, _) in peers {
            page.push_sample(&[("server", server)], RESIDENT_BYTES);
        }
        page.begin_family("minio_node_process_starttime_seconds");
        for &(node, server, _) in peers {
            let started = self.lab.started_unix_secs(self.deployment, node, at_secs);
            page.push_sample(&[("server", server)], hundredths(started));
        }
        page.begin_family("minio_node_process_uptime_seconds");
        for &(node, server, _) in peers {
            page.push_sample(&[("server", server)], hundredths(self.up_secs(node, at_secs)));
        }
    }

    fn push_requests(self, page: &mut PageText<'_>, peers: &[Peer]) {
        let refused = |server: &str| {
            let node = peers.iter().find(|(_, name, _)| *name == server).map(|(node, ..)| *node);
            let count = node.and_then(|node| self.lab.node_refused(self.deployment, node, self.collected.traffic_secs));
            count.unwrap_or_default() as f64
        };
        for family in ["minio_s3_requests_5xx_errors_total", "minio_s3_requests_errors_total"] {
            page.begin_family(family);
            for (_, server, _) in peers.iter().filter(|(_, server, _)| refused(server) > 0.0) {
                page.push_sample(&[("api", Api::REFUSED.lower_name()), ("server", server)], refused(server));
            }
        }
        self.push_in_flight(page, peers);
        self.push_each_call(page, "minio_s3_requests_total", peers, |page, api, server, ended| {
            let asked = ended as f64 + if api == Api::REFUSED { refused(server) } else { 0.0 };
            page.push_sample(&[("api", api.lower_name()), ("server", server)], asked);
        });
        page.begin_family("minio_s3_requests_ttfb_seconds_distribution");
        for api in Api::ALL {
            for (le, bucket) in FIRST_BYTE {
                for (_, server, counts) in peers {
                    let ended = nodes::ended_requests(counts, self.deployment, None, api);
                    if ended > 0 {
                        let labels = [("api", api.lower_name()), ("le", le), ("server", server)];
                        page.push_sample(&labels, answered_within((self.deployment, api), ended, bucket));
                    }
                }
            }
        }
        for (family, way) in
            [("minio_s3_traffic_received_bytes", TrafficWay::In), ("minio_s3_traffic_sent_bytes", TrafficWay::Out)]
        {
            page.begin_family(family);
            for (_, server, counts) in peers {
                page.push_sample(&[("server", server)], moved_bytes(counts, self.deployment, way));
            }
        }
    }

    fn push_in_flight(self, page: &mut PageText<'_>, peers: &[Peer]) {
        let running = Api::ALL.map(|api| self.in_flight(None, api, self.collected.traffic_secs));
        self.push_each_call(page, "minio_s3_requests_inflight_total", peers, |page, api, server, _| {
            page.push_sample(&[("api", api.lower_name()), ("server", server)], running[api as usize]);
        });
    }

    /// A family of samples by call and server, for the calls that have happened there.
    fn push_each_call(
        self,
        page: &mut PageText<'_>,
        family: &'static str,
        peers: &[Peer],
        sample: impl Fn(&mut PageText<'_>, Api, &str, u64),
    ) {
        page.begin_family(family);
        for api in Api::ALL {
            for (_, server, counts) in peers {
                let ended = nodes::ended_requests(counts, self.deployment, None, api);
                if ended > 0 {
                    sample(page, api, server, ended);
                }
            }
        }
    }

    fn push_software(self, page: &mut PageText<'_>, peers: &[Peer]) {
        page.begin_family("minio_software_version_info");
        for (_, server, _) in peers {
            page.push_sample(&[("server", server), ("version", VERSION)], 0.0);
        }
        page.push_single(
            "minio_usage_last_activity_nano_seconds",
            &[("server", self.server())],
            (self.usage_age_secs() * 1e9).round(),
        );
    }

    /// The nodes that answered when the group was collected. The series of one that did not are absent, which is not zero.
    pub(crate) fn answering_peers(self) -> Vec<Peer> {
        let at_secs = self.collected.traffic_secs;
        let servers = self.deployment.servers().iter().enumerate();
        servers
            .filter_map(|(node, &server)| Some((node, server, self.lab.node_counts(self.deployment, node, at_secs)?)))
            .collect()
    }
}

fn moved_bytes(counts: &Counts, deployment: SimDeployment, way: TrafficWay) -> f64 {
    nodes::moved_bytes(counts, deployment, None, way) as f64
}
