//! How the traffic falls on nodes and drives: shares, restarts, and what is offline.

use crate::sim::calls::Api;
use crate::sim::failures::Outages;
use crate::sim::lab::SimLab;
use crate::sim::topology::SimDeployment;
use crate::sim::work::SINCE_SECS;
use crate::sim::workload::{Counts, PARTS_PER_OBJECT, TrafficKind, TrafficWay};

/// Cluster state as a group collected at one time sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Health {
    pub(crate) nodes_offline: usize,
    pub(crate) drives_offline: usize,
    pub(crate) drives_healing: usize,
}

/// MinIO says "healing" for this long after a drive came back, however little there was to heal: its cache.
const HEALING_SECS: f64 = 75.0;
/// The servers were started nine days before the hour that the lab begins with.
const UP_SECS: f64 = 9.0 * 86_400.0;

impl SimLab {
    /// A node's part of the requests that have ended, since its process started; none while it is down.
    pub(crate) fn node_counts(&self, deployment: SimDeployment, node: usize, at_secs: f64) -> Option<Counts> {
        self.node_part(deployment, node, at_secs, |secs| self.counts_at(secs))
    }

    /// A node's part of the writes that were refused, since its process started; none while it is down.
    pub(crate) fn node_refused(&self, deployment: SimDeployment, node: usize, at_secs: f64) -> Option<u64> {
        let of_warm = |secs| if deployment == SimDeployment::Warm { self.work.refused_by(secs) } else { 0 };
        self.node_part(deployment, node, at_secs, |secs| [of_warm(secs)]).map(|[refused]| refused)
    }

    /// A node's part of what the whole deployment counts. The others take the share of a node that is down, and when it is
    /// back it counts from zero.
    fn node_part<const N: usize>(
        &self,
        deployment: SimDeployment,
        node: usize,
        at_secs: f64,
        counts_at: impl Fn(f64) -> [u64; N],
    ) -> Option<[u64; N]> {
        if !self.runs(deployment, node, at_secs) {
            return None;
        }
        let back_secs = self.node_outages(deployment, node).and_then(|outages| outages.last_back_secs(at_secs));
        let mut before = back_secs.map_or([0; N], &counts_at);
        let mut counts = [0; N];
        let mut began_secs = back_secs.unwrap_or(f64::NEG_INFINITY);
        let changes = if deployment == SimDeployment::Warm { self.failures.node_times() } else { Vec::new() };
        let within = changes.into_iter().filter(|&secs| secs > began_secs && secs < at_secs);
        for end_secs in within.chain([at_secs]).collect::<Vec<_>>() {
            let now = counts_at(end_secs);
            let running = |&node: &usize| self.runs(deployment, node, began_secs);
            let (nodes, rank) = ((0..deployment.nodes()).filter(running).count(), (0..node).filter(running).count());
            counts = total(counts, difference(now, before).map(|count| node_share(count, nodes, rank)));
            (before, began_secs) = (now, end_secs);
        }
        Some(counts)
    }

    /// Whether a node's process runs at a time.
    fn runs(&self, deployment: SimDeployment, node: usize, at_secs: f64) -> bool {
        self.node_outages(deployment, node).is_none_or(|outages| !outages.cover(at_secs))
    }

    /// Whether a node's listener answers at a time: its process runs, and can be reached.
    pub fn answers(&self, deployment: SimDeployment, node: usize, at_secs: f64) -> bool {
        let is_cut_off = deployment == SimDeployment::Warm && self.failures.is_cut_off(at_secs);
        self.runs(deployment, node, at_secs) && !is_cut_off
    }

    /// When a node's process was started, seconds since 1970: the value of the header `Process-Start-Time-Unix`.
    pub(crate) fn started_unix_secs(&self, deployment: SimDeployment, node: usize, at_secs: f64) -> f64 {
        self.epoch_unix_secs + self.started_secs(deployment, node, at_secs)
    }

    pub(crate) fn started_secs(&self, deployment: SimDeployment, node: usize, at_secs: f64) -> f64 {
        let back_secs = self.node_outages(deployment, node).and_then(|outages| outages.last_back_secs(at_secs));
        back_secs.unwrap_or(SINCE_SECS - UP_SECS + node as f64)
    }

    /// Whether a drive is there. A drive of a node that is down is not.
    pub(crate) fn drive_is_online(&self, deployment: SimDeployment, node: usize, drive: usize, at_secs: f64) -> bool {
        let is_lost = self.drive_outages(deployment, node, drive).is_some_and(|outages| outages.cover(at_secs));
        self.runs(deployment, node, at_secs) && !is_lost
    }

    /// Whether a drive that was lost is being filled again.
    pub(crate) fn drive_is_healing(&self, deployment: SimDeployment, node: usize, drive: usize, at_secs: f64) -> bool {
        let Some(outages) = self.drive_outages(deployment, node, drive) else { return false };
        let is_healed = |back_secs: f64| at_secs >= back_secs + HEALING_SECS;
        !outages.cover(at_secs) && outages.last_back_secs(at_secs).is_some_and(|back_secs| !is_healed(back_secs))
    }

    /// Whether enough drives are there to write.
    pub(crate) fn holds_write_quorum(&self, deployment: SimDeployment, at_secs: f64) -> bool {
        deployment.drives() - self.health(deployment, at_secs).drives_offline >= deployment.write_quorum()
    }

    pub(crate) fn health(&self, deployment: SimDeployment, at_secs: f64) -> Health {
        let nodes_offline = (0..deployment.nodes()).filter(|&node| !self.runs(deployment, node, at_secs)).count();
        let drives = || {
            let nodes = 0..deployment.nodes();
            nodes.flat_map(move |node| (0..deployment.drives_per_node()).map(move |drive| (node, drive)))
        };
        let is_offline = |&(node, drive): &(usize, usize)| !self.drive_is_online(deployment, node, drive, at_secs);
        let is_healing = |&(node, drive): &(usize, usize)| self.drive_is_healing(deployment, node, drive, at_secs);
        Health {
            nodes_offline,
            drives_offline: drives().filter(is_offline).count(),
            drives_healing: drives().filter(is_healing).count(),
        }
    }

    /// Bytes that a bucket holds at a time: what was there, and what came in, of which the oldest has expired.
    pub(crate) fn bucket_bytes(&self, deployment: SimDeployment, bucket: &str, at_secs: f64) -> u64 {
        let came_in = self.came_in(deployment, Some(bucket), at_secs) % deployment.kept_bytes();
        let known = deployment.buckets().iter().find(|known| known.name == bucket);
        known.map_or(0, |known| known.stored_bytes + came_in)
    }

    /// Bytes of all buckets of a deployment at a time.
    pub(crate) fn stored_bytes(&self, deployment: SimDeployment, at_secs: f64) -> u64 {
        deployment.bucket_names().map(|bucket| self.bucket_bytes(deployment, bucket, at_secs)).sum()
    }

    fn came_in(&self, deployment: SimDeployment, bucket: Option<&str>, at_secs: f64) -> u64 {
        let counts = difference(self.counts_at(at_secs), self.counts_at(SINCE_SECS - 1.0));
        moved_bytes(&counts, deployment, bucket, TrafficWay::In)
    }

    fn node_outages(&self, deployment: SimDeployment, node: usize) -> Option<&Outages> {
        self.failures.of_node(node).filter(|_| deployment == SimDeployment::Warm)
    }

    fn drive_outages(&self, deployment: SimDeployment, node: usize, drive: usize) -> Option<&Outages> {
        self.failures.of_drive(node).filter(|_| deployment == SimDeployment::Warm && drive == 0)
    }
}

/// Bytes one way, of a deployment or of one of its buckets.
pub(crate) fn moved_bytes(counts: &Counts, deployment: SimDeployment, bucket: Option<&str>, way: TrafficWay) -> u64 {
    let kinds = traffic_kinds(deployment, bucket).filter(|traffic| traffic.route().way == way);
    kinds.map(|traffic| counts[traffic as usize] * traffic.route().object_bytes).sum()
}

/// How many calls of one API have ended. An upload in parts begins and completes its objects, and a locked object is given
/// its retention.
pub(crate) fn ended_requests(counts: &Counts, deployment: SimDeployment, bucket: Option<&str>, api: Api) -> u64 {
    let count = |traffic: TrafficKind| {
        let ended = counts[traffic as usize];
        match (api, traffic.route().api) {
            (Api::NewMultipartUpload, Api::PutObjectPart) => ended.div_ceil(PARTS_PER_OBJECT),
            (Api::CompleteMultipartUpload, Api::PutObjectPart) => ended / PARTS_PER_OBJECT,
            (Api::PutObjectRetention, Api::PutObject) if traffic == TrafficKind::LockedWrites => ended,
            (asked, made) if asked == made => ended,
            _ => 0,
        }
    };
    traffic_kinds(deployment, bucket).map(count).sum()
}

/// The kinds of traffic of a deployment, or of one of its buckets.
pub(crate) fn traffic_kinds(deployment: SimDeployment, bucket: Option<&str>) -> impl Iterator<Item = TrafficKind> {
    TrafficKind::ALL.into_iter().filter(move |traffic| {
        let route = traffic.route();
        route.deployment == Some(deployment) && bucket.is_none_or(|bucket| bucket == route.bucket)
    })
}

/// The load balancer deals requests out in turn.
pub(crate) fn node_share(count: u64, nodes: usize, rank: usize) -> u64 {
    (count + (nodes - 1 - rank) as u64) / nodes as u64
}

fn difference<const N: usize>(one: [u64; N], other: [u64; N]) -> [u64; N] {
    std::array::from_fn(|index| one[index].saturating_sub(other[index]))
}

fn total<const N: usize>(one: [u64; N], other: [u64; N]) -> [u64; N] {
    std::array::from_fn(|index| one[index] + other[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        for count in 0..50 {
            assert_eq!((0..4).map(|rank| node_share(count, 4, rank)).sum::<u64>(), count);
        }
    }
}
