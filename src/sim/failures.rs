//! What can fail in the simulated lab's warm deployment, when, and what that leaves of its clients' work.

use crate::sim::topology::{SimDeployment, WARM_NODES};
use crate::sim::workload::{TrafficKind, Way};

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

    /// The same outage, over by that time.
    pub(crate) fn ended_at(self, at_secs: f64) -> Self {
        Self { to_secs: self.to_secs.min(at_secs), ..self }
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

/// What fails, and when; a part fails once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Failures {
    nodes: [Option<Outage>; WARM_NODES],
    drives: [Option<Outage>; WARM_NODES],
    network: Option<Outage>,
    fast_network: Option<Outage>,
}

impl Failures {
    fn part_mut(&mut self, part: Part) -> Option<&mut Option<Outage>> {
        match part {
            Part::Node(node) => self.nodes.get_mut(node),
            Part::Drive(node) => self.drives.get_mut(node),
            Part::Network => Some(&mut self.network),
            Part::FastNetwork => Some(&mut self.fast_network),
        }
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Outage> {
        let Self { nodes, drives, network, fast_network } = self;
        nodes.iter_mut().chain(drives).chain([network, fast_network]).flatten()
    }

    /// With another part failing, in place of an earlier failure of the same part; one that goes on goes on.
    #[must_use]
    pub(crate) fn with(mut self, part: Part, outage: Option<Outage>) -> Self {
        if let (Some(known), Some(outage)) = (self.part_mut(part), outage)
            && !known.is_some_and(|known| known.covers(outage.from_secs))
        {
            *known = Some(outage);
        }
        self
    }

    /// The same, with nothing missing any more from a time on.
    #[must_use]
    pub(crate) fn mended(mut self, at_secs: f64) -> Self {
        self.all_mut().for_each(|outage| *outage = outage.ended_at(at_secs));
        self
    }

    pub(crate) fn of_node(&self, node: usize) -> Option<Outage> {
        self.nodes.get(node).copied().flatten()
    }

    pub(crate) fn of_drive(&self, node: usize) -> Option<Outage> {
        self.drives.get(node).copied().flatten()
    }

    /// Whether the way to the nodes is cut at a time.
    pub(crate) fn is_cut_off(&self, at_secs: f64) -> bool {
        self.network.is_some_and(|outage| outage.covers(at_secs))
    }

    fn is_slow(&self, at_secs: f64) -> bool {
        self.fast_network.is_some_and(|outage| outage.covers(at_secs))
    }

    /// The times at which a node stops or is back, in order.
    pub(crate) fn node_times(&self) -> Vec<f64> {
        let times = self.nodes.iter().flatten().flat_map(|outage| [outage.from_secs, outage.to_secs]);
        sorted(times)
    }

    /// All times at which something fails or is back, in order.
    pub(crate) fn times(&self) -> Vec<f64> {
        let mut all = *self;
        sorted(all.all_mut().flat_map(|outage| [outage.from_secs, outage.to_secs]))
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
pub(crate) struct Pace {
    pub(crate) reads: f64,
    pub(crate) writes: f64,
    /// The servers are reached and have no quorum: a write is answered, with an error.
    pub(crate) refuses_writes: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { reads: 1.0, writes: 1.0, refuses_writes: false }
    }
}

impl Pace {
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
            (Some(SimDeployment::Warm), Way::Out) => self.reads,
            (Some(SimDeployment::Warm), Way::In) => self.writes,
            (None | Some(SimDeployment::Hot | SimDeployment::Cold), Way::In | Way::Out) => 1.0,
        }
    }
}
