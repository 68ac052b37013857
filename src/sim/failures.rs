//! What can fail in the simulated lab's warm deployment, when, and what that leaves of its clients' work.

use crate::sim::topology::{SimDeployment, WARM_NODES};
use crate::sim::workload::{TrafficKind, TrafficWay};

/// A time during which something is gone, seconds of the lab's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Outage {
    pub(crate) from_secs: f64,
    /// Infinite when it never comes back.
    pub(crate) to_secs: f64,
}

impl Outage {
    /// From a time on, for good.
    pub(crate) fn since(from_secs: f64) -> Self {
        Self { from_secs, to_secs: f64::INFINITY }
    }

    /// Whether it is gone at a time.
    pub(crate) fn covers(&self, at_secs: f64) -> bool {
        (self.from_secs..self.to_secs).contains(&at_secs)
    }
}

/// A part of the warm deployment that can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The process of a node, counted from 0.
    Node(usize),
    /// The first drive of a node.
    Drive(usize),
    /// The way to all of its nodes: they run on, and nobody reaches them.
    Network,
    /// The same way, which carries a tenth of what it did.
    FastNetwork,
}

/// The times during which a part is gone, in order and apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Outages(Vec<Outage>);

impl Outages {
    /// With another one. Those that touch are one.
    fn add(&mut self, mut added: Outage) {
        self.0.retain(|known| {
            let touches = known.from_secs <= added.to_secs && added.from_secs <= known.to_secs;
            if touches {
                added.from_secs = added.from_secs.min(known.from_secs);
                added.to_secs = added.to_secs.max(known.to_secs);
            }
            !touches
        });
        let place = self.0.partition_point(|known| known.from_secs < added.from_secs);
        self.0.insert(place, added);
    }

    /// Nothing is missing any more from that time on.
    fn end_at(&mut self, at_secs: f64) {
        self.0.retain(|outage| outage.from_secs < at_secs);
        self.0.iter_mut().for_each(|outage| outage.to_secs = outage.to_secs.min(at_secs));
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = Outage> {
        self.0.iter().copied()
    }

    /// Whether it is gone at a time.
    pub(crate) fn cover(&self, at_secs: f64) -> bool {
        self.iter().any(|outage| outage.covers(at_secs))
    }

    /// When it was last back by a time, where it ever was gone.
    pub(crate) fn last_back_secs(&self, at_secs: f64) -> Option<f64> {
        self.iter().map(|outage| outage.to_secs).rfind(|to_secs| *to_secs <= at_secs)
    }

    fn times(&self) -> impl Iterator<Item = f64> {
        self.iter().flat_map(|outage| [outage.from_secs, outage.to_secs])
    }
}

/// What fails, and when.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Failures {
    nodes: [Outages; WARM_NODES],
    drives: [Outages; WARM_NODES],
    network: Outages,
    fast_network: Outages,
}

impl Failures {
    fn part_mut(&mut self, part: Part) -> Option<&mut Outages> {
        match part {
            Part::Node(node) => self.nodes.get_mut(node),
            Part::Drive(node) => self.drives.get_mut(node),
            Part::Network => Some(&mut self.network),
            Part::FastNetwork => Some(&mut self.fast_network),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Outages> {
        let Self { nodes, drives, network, fast_network } = self;
        nodes.iter().chain(drives).chain([network, fast_network])
    }

    /// With a part that fails, besides all else that fails.
    #[must_use]
    pub(crate) fn with(mut self, part: Part, outage: Option<Outage>) -> Self {
        if let (Some(known), Some(outage)) = (self.part_mut(part), outage) {
            known.add(outage);
        }
        self
    }

    /// The same, with nothing missing any more from a time on.
    #[must_use]
    pub(crate) fn mended(mut self, at_secs: f64) -> Self {
        let Self { nodes, drives, network, fast_network } = &mut self;
        let all = nodes.iter_mut().chain(drives).chain([network, fast_network]);
        all.for_each(|outages| outages.end_at(at_secs));
        self
    }

    /// Of a node there is, counted from 0.
    pub(crate) fn of_node(&self, node: usize) -> Option<&Outages> {
        self.nodes.get(node)
    }

    /// Of the first drive of a node there is.
    pub(crate) fn of_drive(&self, node: usize) -> Option<&Outages> {
        self.drives.get(node)
    }

    /// Whether the way to the nodes is cut at a time.
    pub(crate) fn is_cut_off(&self, at_secs: f64) -> bool {
        self.network.cover(at_secs)
    }

    fn is_slow(&self, at_secs: f64) -> bool {
        self.fast_network.cover(at_secs)
    }

    /// The times at which a node stops or is back, in order.
    pub(crate) fn node_times(&self) -> Vec<f64> {
        sorted(self.nodes.iter().flat_map(Outages::times))
    }

    /// All times at which something fails or is back, in order.
    pub(crate) fn times(&self) -> Vec<f64> {
        sorted(self.all().flat_map(Outages::times))
    }
}

fn sorted(times: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut times: Vec<f64> = times.filter(|secs| secs.is_finite()).collect();
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

/// A network that is slow carries this share of what it did: a port of 100 Gb/s that came up with 10.
const SLOW: f64 = 0.1;

/// How fast work goes that needs the warm deployment, as a share of what its clients would do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WorkPace {
    pub(crate) reads: f64,
    pub(crate) writes: f64,
    /// The servers are reached and have no quorum: a write is answered, with an error.
    pub(crate) refuses_writes: bool,
}

impl Default for WorkPace {
    fn default() -> Self {
        Self { reads: 1.0, writes: 1.0, refuses_writes: false }
    }
}

impl WorkPace {
    /// What is left with so many drives reached: below the quorum nothing is read, or nothing written.
    pub(crate) fn left(failures: &Failures, drives_online: usize, at_secs: f64) -> Self {
        let share = match (failures.is_cut_off(at_secs), failures.is_slow(at_secs)) {
            (true, _) => 0.0,
            (false, true) => SLOW,
            (false, false) => 1.0,
        };
        let with = |quorum: usize| if drives_online >= quorum { share } else { 0.0 };
        let warm = SimDeployment::Warm;
        let refuses_writes = share > 0.0 && drives_online > 0 && drives_online < warm.write_quorum();
        Self { reads: with(warm.read_quorum()), writes: with(warm.write_quorum()), refuses_writes }
    }

    /// The pace of a kind of traffic. What is staged, moved or copied from warm to elsewhere waits for its reads.
    pub(crate) fn of(self, traffic: TrafficKind) -> f64 {
        let route = traffic.route();
        let from_warm = match traffic {
            TrafficKind::ShardStaging | TrafficKind::Transitions | TrafficKind::LockedWrites => true,
            TrafficKind::ShardReads
            | TrafficKind::RunLogs
            | TrafficKind::IngestParts
            | TrafficKind::TableReads
            | TrafficKind::TableWrites
            | TrafficKind::StageReads
            | TrafficKind::CheckpointParts
            | TrafficKind::CheckpointReads
            | TrafficKind::ExportParts
            | TrafficKind::RegistryReads
            | TrafficKind::ScratchReads
            | TrafficKind::ScratchWrites => false,
        };
        match (route.deployment, route.way) {
            _ if from_warm => self.reads,
            (Some(SimDeployment::Warm), TrafficWay::Out) => self.reads,
            (Some(SimDeployment::Warm), TrafficWay::In) => self.writes,
            (None | Some(SimDeployment::Hot | SimDeployment::Cold), TrafficWay::In | TrafficWay::Out) => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_may_fail_several_times_and_for_several_reasons() {
        let outage = |from_secs, to_secs| Some(Outage { from_secs, to_secs });
        let spans = |failures: &Failures| {
            let outages = failures.of_node(2).unwrap().iter();
            outages.map(|outage| (outage.from_secs, outage.to_secs)).collect::<Vec<_>>()
        };
        let apart = Failures::default().with(Part::Node(2), outage(6.0, 14.0)).with(Part::Node(2), outage(3.0, 5.0));
        assert_eq!(spans(&apart), [(3.0, 5.0), (6.0, 14.0)]);
        assert_eq!(apart.node_times(), [3.0, 5.0, 6.0, 14.0]);
        let node = apart.of_node(2).unwrap();
        assert_eq!([5.5, 13.9, 14.0].map(|at_secs| node.last_back_secs(at_secs)), [Some(5.0), Some(5.0), Some(14.0)]);
        let together = apart.clone().with(Part::Node(2), outage(4.0, 8.0));
        assert_eq!(spans(&together), [(3.0, 14.0)]);
        assert_eq!(spans(&apart.clone().with(Part::Node(2), None)), spans(&apart));
        assert_eq!(spans(&apart.mended(4.0)), [(3.0, 4.0)]);
    }
}
