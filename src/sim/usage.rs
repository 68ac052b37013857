//! Capacity, usage and transitions of a deployment: what both versions of the metrics say about it, under their own names.

use crate::sim::query::NodeQuery;
use crate::sim::topology::SimDeployment;
use crate::sim::workload::TrafficKind;

/// Bytes of the cluster's drives. Raw sums what is online; usable stays as the erasure code promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Capacity {
    pub(crate) raw_total: u64,
    pub(crate) raw_free: u64,
    pub(crate) usable_total: u64,
    pub(crate) usable_free: u64,
}

/// The scanner walks the namespace in about this time, so its figures are up to this old.
const SCAN_SECS: f64 = 45.0;
/// Seconds for which a transition runs, and for which the next ones wait.
const TRANSITION_SECS: f64 = 0.4;
const TRANSITION_WAIT_SECS: f64 = 4.0;
/// Object versions that the scanner looks at in a second.
const VERSIONS_PER_SEC: f64 = 210.0;

impl NodeQuery<'_> {
    pub(crate) fn capacity(self) -> Capacity {
        let deployment = self.deployment;
        let offline = self.lab.health(deployment, self.collected.capacity_secs).drives_offline as u64;
        let online = deployment.drives() as u64 - offline;
        let stored = self.lab.stored_bytes(deployment, self.collected.capacity_secs);
        Capacity {
            raw_total: deployment.raw_bytes() - offline * deployment.drive_bytes(),
            raw_free: online * (deployment.drive_bytes() - self.drive_used_bytes()),
            usable_total: deployment.usable_bytes(),
            usable_free: deployment.usable_bytes().saturating_sub(stored),
        }
    }

    /// Each drive holds the same part of the data and of the parity.
    pub(crate) fn drive_used_bytes(self) -> u64 {
        let stored = self.lab.stored_bytes(self.deployment, self.collected.capacity_secs);
        (stored / self.deployment.read_quorum() as u64).min(self.deployment.drive_bytes())
    }

    /// How old the scanner's figures are.
    pub(crate) fn usage_age_secs(self) -> f64 {
        self.collected.capacity_secs - self.scanned_at_secs()
    }

    fn scanned_at_secs(self) -> f64 {
        // A scan is never found in the instant it ends.
        ((self.collected.capacity_secs - 1.3) / SCAN_SECS).floor() * SCAN_SECS
    }

    pub(crate) fn scanned_bytes(self, bucket: &str) -> u64 {
        self.lab.bucket_bytes(self.deployment, bucket, self.scanned_at_secs())
    }

    pub(crate) fn scanned_objects(self, bucket: &str) -> u64 {
        let known = self.deployment.buckets().iter().find(|known| known.name == bucket);
        known.map_or(0, |known| self.scanned_bytes(bucket) / known.mean_object_bytes)
    }

    pub(crate) fn all_scanned_bytes(self) -> u64 {
        self.deployment.bucket_names().map(|bucket| self.scanned_bytes(bucket)).sum()
    }

    pub(crate) fn all_scanned_objects(self) -> u64 {
        self.deployment.bucket_names().map(|bucket| self.scanned_objects(bucket)).sum()
    }

    /// Versions this node's scanner has looked at; the first node leads the scan.
    pub(crate) fn scanned_versions(self, at_secs: f64) -> f64 {
        if self.node == 0 { (self.up_secs(self.node, at_secs) * VERSIONS_PER_SEC).floor() } else { 0.0 }
    }

    pub(crate) fn up_secs(self, node: usize, at_secs: f64) -> f64 {
        at_secs - self.lab.started_secs(self.deployment, node, at_secs)
    }

    /// Transitions that this node runs; warm sends them, cold receives them as uploads.
    pub(crate) fn transitions_active(self, at_secs: f64) -> f64 {
        (self.transitions_per_sec(at_secs) * TRANSITION_SECS).ceil()
    }

    /// Transitions that wait on this node.
    pub(crate) fn transitions_pending(self, at_secs: f64) -> f64 {
        (self.transitions_per_sec(at_secs) * TRANSITION_WAIT_SECS).ceil()
    }

    fn transitions_per_sec(self, at_secs: f64) -> f64 {
        if self.deployment != SimDeployment::Warm {
            return 0.0;
        }
        self.objects_per_sec(TrafficKind::Transitions, at_secs) / self.deployment.nodes() as f64
    }

    /// Transitions that a node of warm has ended since its start.
    pub(crate) fn transitions_done(self, node: usize, at_secs: f64) -> Option<u64> {
        let counts = self.lab.node_counts(self.deployment, node, at_secs)?;
        Some(if self.deployment == SimDeployment::Warm { counts[TrafficKind::Transitions as usize] } else { 0 })
    }

    /// Objects and bytes that warm has moved to cold, by the scanner's last count.
    pub(crate) fn transitioned(self) -> (u64, u64) {
        let counts = self.lab.counts_at(self.scanned_at_secs());
        let objects = counts[TrafficKind::Transitions as usize];
        (objects, objects * TrafficKind::Transitions.route().object_bytes)
    }
}
