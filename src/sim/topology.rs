//! The lab's deployments: nodes, drives, erasure code, buckets. The same plan as the real lab of the fixtures, in the sizes of
//! a training cluster.

/// A MinIO deployment of the lab; each serves one tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SimDeployment {
    /// T1.
    Hot,
    /// T2.
    Warm,
    /// T3.
    Cold,
}

/// A bucket, and what was in it before the story began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bucket {
    pub(crate) name: &'static str,
    pub(crate) stored_bytes: u64,
    pub(crate) mean_object_bytes: u64,
}

/// The build of MinIO that the pages follow, as the software family writes it.
pub(crate) const VERSION: &str = "2025-10-15T17:29:55Z";
/// Nodes of warm.
pub(crate) const WARM_NODES: usize = 4;
/// The node of warm that a node failure takes, and the one that goes with it when the write quorum is lost. The first node
/// is neither: it is asked for the whole cluster.
pub(crate) const FAILING_NODE: usize = 2;
pub(crate) const SECOND_FAILING_NODE: usize = 1;
/// The node of warm whose first drive a drive failure takes: another one, so that both can be seen at once.
pub(crate) const FAILING_DRIVE_NODE: usize = 3;

/// Drives of a set that may be lost before data is: MinIO's default for eight drives and more.
pub(crate) const PARITY: usize = 4;

const TB: u64 = 1_000_000_000_000;
const MIB: u64 = 1 << 20;

impl SimDeployment {
    /// All deployments, nearest to the GPU first.
    pub const ALL: [Self; 3] = [Self::Hot, Self::Warm, Self::Cold];

    /// `"warm"`: the deployment's name in lab files, and its tier's word.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::Warm => "warm",
            Self::Cold => "cold",
        }
    }

    /// How many nodes it has, each with pages of its own.
    pub fn nodes(self) -> usize {
        self.servers().len()
    }

    /// The nodes as the `server` label names them.
    pub fn servers(self) -> &'static [&'static str] {
        match self {
            Self::Hot => &["hot-1:9000"],
            Self::Warm => &["warm-1:9000", "warm-2:9000", "warm-3:9000", "warm-4:9000"],
            Self::Cold => &["cold-1:9000"],
        }
    }

    /// The names of its buckets.
    pub(crate) fn bucket_names(self) -> impl Iterator<Item = &'static str> {
        self.buckets().iter().map(|bucket| bucket.name)
    }

    pub(crate) fn buckets(self) -> &'static [Bucket] {
        const fn bucket(name: &'static str, stored_bytes: u64, mean_object_bytes: u64) -> Bucket {
            Bucket { name, stored_bytes, mean_object_bytes }
        }
        match self {
            Self::Hot => const { &[bucket("shards", 33 * TB, 64 * MIB), bucket("tracking", TB, 256 << 10)] },
            Self::Warm => {
                const {
                    &[
                        bucket("checkpoints", 29 * TB, 512 * MIB),
                        bucket("lake", 262 * TB, 48 * MIB),
                        bucket("registry", 4 * TB, 512 * MIB),
                    ]
                }
            }
            Self::Cold => const { &[bucket("archive", 610 * TB, 96 * MIB)] },
        }
    }

    pub(crate) fn drives_per_node(self) -> usize {
        match self {
            Self::Hot => 8,
            Self::Warm => 2,
            Self::Cold => 12,
        }
    }

    pub(crate) fn drives(self) -> usize {
        self.nodes() * self.drives_per_node()
    }

    pub(crate) fn drive_bytes(self) -> u64 {
        match self {
            Self::Hot => 15_360_000_000_000,
            Self::Warm | Self::Cold => 122_880_000_000_000,
        }
    }

    pub(crate) fn read_quorum(self) -> usize {
        self.drives() - PARITY
    }

    /// One more than the data drives when parity is half of them.
    pub(crate) fn write_quorum(self) -> usize {
        self.read_quorum() + usize::from(self.read_quorum() == PARITY)
    }

    pub(crate) fn raw_bytes(self) -> u64 {
        self.drives() as u64 * self.drive_bytes()
    }

    pub(crate) fn usable_bytes(self) -> u64 {
        self.read_quorum() as u64 * self.drive_bytes()
    }

    /// New data is kept up to this much and then expires, so that a lab which runs for days never fills.
    pub(crate) fn kept_bytes(self) -> u64 {
        self.usable_bytes() / 20
    }
}

/// The drives of T0 in the GPU server, as `node_exporter` names them.
pub(crate) const SCRATCH_DRIVES: [&str; 4] = ["nvme0n1", "nvme1n1", "nvme2n1", "nvme3n1"];
/// The size of each, bytes.
pub(crate) const SCRATCH_DRIVE_BYTES: u64 = 7_680_000_000_000;
/// GPUs in each server of the hall.
pub(crate) const GPUS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warm_is_the_fixtures_erasure_code() {
        assert_eq!(
            (SimDeployment::Warm.drives(), SimDeployment::Warm.read_quorum(), SimDeployment::Warm.write_quorum()),
            (8, 4, 5)
        );
        assert_eq!(SimDeployment::Warm.nodes(), WARM_NODES);
        assert_eq!(SimDeployment::Cold.write_quorum(), 8);
    }

    #[test]
    fn nothing_is_fuller_than_four_fifths() {
        for deployment in SimDeployment::ALL {
            let stored: u64 = deployment.buckets().iter().map(|bucket| bucket.stored_bytes).sum();
            let most = stored + deployment.kept_bytes();
            assert!(most * 5 < deployment.usable_bytes() * 4, "{}", deployment.name());
        }
    }
}
