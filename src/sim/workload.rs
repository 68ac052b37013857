//! What each told phase does to the storage: which objects move, how large they are and how fast.

use crate::sim::calls::Api;
use crate::sim::phase::Phase;
use crate::sim::topology::SimDeployment;

/// Which way bytes go, seen from the tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TrafficWay {
    /// Written to the tier.
    In,
    /// Read from the tier.
    Out,
}

/// A kind of traffic: always the same bucket, the same call and the same size of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TrafficKind {
    ShardReads,
    ShardStaging,
    RunLogs,
    IngestParts,
    TableReads,
    TableWrites,
    StageReads,
    CheckpointParts,
    CheckpointReads,
    ExportParts,
    RegistryReads,
    Transitions,
    LockedWrites,
    ScratchReads,
    ScratchWrites,
}

/// Requests that have ended, by kind of traffic, in the order of [`TrafficKind::ALL`].
pub(crate) type Counts = [u64; TrafficKind::COUNT];

/// Where a kind of traffic goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TrafficRoute {
    /// None: T0, the scratch drives of the GPU servers.
    pub(crate) deployment: Option<SimDeployment>,
    pub(crate) bucket: &'static str,
    pub(crate) api: Api,
    pub(crate) way: TrafficWay,
    /// Bytes are counted in whole objects or parts, when they have ended.
    pub(crate) object_bytes: u64,
}

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
/// The drivers count sectors.
const SECTOR: u64 = 512;
/// An upload in parts makes objects of 8 × 64 MiB.
pub(crate) const PARTS_PER_OBJECT: u64 = 8;

impl TrafficKind {
    pub(crate) const COUNT: usize = 15;
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::ShardReads,
        Self::ShardStaging,
        Self::RunLogs,
        Self::IngestParts,
        Self::TableReads,
        Self::TableWrites,
        Self::StageReads,
        Self::CheckpointParts,
        Self::CheckpointReads,
        Self::ExportParts,
        Self::RegistryReads,
        Self::Transitions,
        Self::LockedWrites,
        Self::ScratchReads,
        Self::ScratchWrites,
    ];

    pub(crate) fn route(self) -> &'static TrafficRoute {
        &ROUTES[self as usize]
    }
}

/// In the order of [`TrafficKind::ALL`].
static ROUTES: [TrafficRoute; TrafficKind::COUNT] = [
    route(Some(SimDeployment::Hot), "shards", Api::GetObject, TrafficWay::Out, 32 * MIB),
    route(Some(SimDeployment::Hot), "shards", Api::PutObject, TrafficWay::In, 64 * MIB),
    route(Some(SimDeployment::Hot), "tracking", Api::PutObject, TrafficWay::In, 256 * KIB),
    route(Some(SimDeployment::Warm), "lake", Api::PutObjectPart, TrafficWay::In, 64 * MIB),
    route(Some(SimDeployment::Warm), "lake", Api::GetObject, TrafficWay::Out, 32 * MIB),
    route(Some(SimDeployment::Warm), "lake", Api::PutObject, TrafficWay::In, 32 * MIB),
    route(Some(SimDeployment::Warm), "lake", Api::GetObject, TrafficWay::Out, 64 * MIB),
    route(Some(SimDeployment::Warm), "checkpoints", Api::PutObjectPart, TrafficWay::In, 64 * MIB),
    route(Some(SimDeployment::Warm), "checkpoints", Api::GetObject, TrafficWay::Out, 64 * MIB),
    route(Some(SimDeployment::Warm), "registry", Api::PutObjectPart, TrafficWay::In, 64 * MIB),
    route(Some(SimDeployment::Warm), "registry", Api::GetObject, TrafficWay::Out, 64 * MIB),
    route(Some(SimDeployment::Cold), "archive", Api::PutObject, TrafficWay::In, 128 * MIB),
    route(Some(SimDeployment::Cold), "archive", Api::PutObject, TrafficWay::In, 64 * MIB),
    route(None, "", Api::GetObject, TrafficWay::Out, SECTOR),
    route(None, "", Api::PutObject, TrafficWay::In, SECTOR),
];

const fn route(
    deployment: Option<SimDeployment>,
    bucket: &'static str,
    api: Api,
    way: TrafficWay,
    object_bytes: u64,
) -> TrafficRoute {
    TrafficRoute { deployment, bucket, api, way, object_bytes }
}

/// One kind of traffic while a phase is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) traffic: TrafficKind,
    pub(crate) bytes_per_sec: f64,
    /// The traffic ends when this much has moved; infinite for what goes on as long as the phase is told.
    pub(crate) total_bytes: f64,
}

const fn stream(traffic: TrafficKind, bytes_per_sec: f64) -> Load {
    Load { traffic, bytes_per_sec, total_bytes: f64::INFINITY }
}

/// So many bytes, in whole objects of [`PARTS_PER_OBJECT`] parts of 64 MiB, at least one.
fn burst(traffic: TrafficKind, bytes_per_sec: f64, bytes: f64) -> Load {
    let object_bytes = (PARTS_PER_OBJECT * 64 * MIB) as f64;
    Load { traffic, bytes_per_sec, total_bytes: (bytes / object_bytes).round().max(1.0) * object_bytes }
}

/// How large what moves is, and how fast its clients move it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sizing {
    pub(crate) checkpoint_bytes: f64,
    pub(crate) weights_bytes: f64,
    pub(crate) save_bytes_per_sec: f64,
    pub(crate) loader_bytes_per_sec: f64,
    pub(crate) ingest_bytes_per_sec: f64,
    /// Into the archive, by ILM and by a client together.
    pub(crate) archive_bytes_per_sec: f64,
}

impl Default for Sizing {
    /// A model of 70B, as it is told: 988 and 141 GB.
    fn default() -> Self {
        Self {
            // 70.55e9 parameters × 14 B (bf16 weight, fp32 master, m and v).
            checkpoint_bytes: 988e9,
            weights_bytes: 141e9,
            // The published PUT figure of MinIO on 8 nodes with 100 Gb/s each; at it 988 GB take 29 s. Reading back goes
            // over the same links: the published GET figure of those 8 nodes is 46.5 GB/s, so the readers are the limit.
            save_bytes_per_sec: 34.4e9,
            loader_bytes_per_sec: SHARD_READ,
            ingest_bytes_per_sec: INGEST,
            archive_bytes_per_sec: 8.0e9,
        }
    }
}

/// A loader's appetite: below those 46.5 GB/s, and about what one node with 400 Gb/s gives (268 GB/s published for 8).
const SHARD_READ: f64 = 34.1e9;
/// Staging from warm to hot runs behind the loader, an eighth of its rate: shards are read many times, staged once. An
/// example sizing, as are the rates below that give no reason.
const STAGING: f64 = 4.2e9;
/// A third of the published PUT figure: many sources, none of them fast.
const INGEST: f64 = 11.8e9;
const ELT_READ: f64 = 20.0e9;
/// Columnar and compressed: less comes out than went in.
const ELT_WRITE: f64 = 14.0e9;
/// Four NVMe drives at 3 GB/s each: a shuffle writes and reads the same bytes.
const SHUFFLE: f64 = 12.0e9;
const RUN_LOGS: f64 = 0.2e9;
const EMBED_READ: f64 = 6.0e9;
const EMBED_SCRATCH_READ: f64 = 3.0e9;
const EMBED_SCRATCH_WRITE: f64 = 2.0e9;
/// One writer gathers the shards of all ranks: 141 GB take 28 s.
const EXPORT: f64 = 5.0e9;
/// One server reads weights from S3: 141 GB take 14 s.
const MODEL_READ: f64 = 10.0e9;
/// Prompts and answers, logged as columns.
const REQUEST_LOGS: f64 = 50.0e6;
/// 70B, rank 16 on all seven linear layers: 207 million parameters at 2 B.
const ADAPTER_BYTES: f64 = 0.414e9;
/// A quiet lab: a tracking server and a notebook.
const QUIET_LOGS: f64 = 6.0e6;
const QUIET_READS: f64 = 20.0e6;

/// What the clients do while a phase is told; `None` is a quiet lab. In "train" nobody touches storage at all.
pub(crate) fn phase_loads(phase: Option<Phase>, sizing: &Sizing) -> impl Iterator<Item = Load> + use<> {
    use TrafficKind as Kind;
    let &Sizing { checkpoint_bytes, weights_bytes, save_bytes_per_sec: save, .. } = sizing;
    let loader = sizing.loader_bytes_per_sec;
    let staging = STAGING * (loader / SHARD_READ);
    // Half of it is ILM, which warm reads without an S3 request of its own; the other half is a client that copies from
    // the registry into locked objects, and so is seen on both tiers.
    let archive_half = sizing.archive_bytes_per_sec / 2.0;
    let one = |load: Load| [Some(load), None, None];
    let two = |first: Load, second: Load| [Some(first), Some(second), None];
    let loads = match phase {
        None => two(stream(Kind::RunLogs, QUIET_LOGS), stream(Kind::TableReads, QUIET_READS)),
        Some(Phase::Ingest) => one(stream(Kind::IngestParts, sizing.ingest_bytes_per_sec)),
        Some(Phase::Elt) => two(stream(Kind::TableReads, ELT_READ), stream(Kind::TableWrites, ELT_WRITE)),
        Some(Phase::Shuffle) => two(stream(Kind::ScratchReads, SHUFFLE), stream(Kind::ScratchWrites, SHUFFLE)),
        Some(Phase::Load) => {
            let staged = [Kind::ShardStaging, Kind::StageReads].map(|kind| Some(stream(kind, staging)));
            [Some(stream(Kind::ShardReads, loader)), staged[0], staged[1]]
        }
        Some(Phase::Train) => [None; 3],
        Some(Phase::Checkpoint) => one(burst(Kind::CheckpointParts, save, checkpoint_bytes)),
        Some(Phase::Track) => one(stream(Kind::RunLogs, RUN_LOGS)),
        Some(Phase::Embed) => [
            Some(stream(Kind::TableReads, EMBED_READ)),
            Some(stream(Kind::ScratchReads, EMBED_SCRATCH_READ)),
            Some(stream(Kind::ScratchWrites, EMBED_SCRATCH_WRITE)),
        ],
        Some(Phase::Export) => one(burst(Kind::ExportParts, EXPORT, weights_bytes)),
        Some(Phase::Archive) => {
            [Kind::RegistryReads, Kind::LockedWrites, Kind::Transitions].map(|kind| Some(stream(kind, archive_half)))
        }
        Some(Phase::Resume) => one(burst(Kind::CheckpointReads, save, checkpoint_bytes)),
        Some(Phase::ModelLoad) => one(burst(Kind::RegistryReads, MODEL_READ, weights_bytes)),
        Some(Phase::Serve) => one(stream(Kind::TableWrites, REQUEST_LOGS)),
        Some(Phase::Adapter) => {
            one(Load { traffic: Kind::TableWrites, bytes_per_sec: EXPORT, total_bytes: ADAPTER_BYTES })
        }
    };
    loads.into_iter().flatten()
}

/// What the GPUs do while a phase is told: the share of time they are busy, lowest and highest.
pub(crate) fn gpu_busy(phase: Option<Phase>, burst_is_over: bool) -> (f64, f64) {
    const COMPUTE: (f64, f64) = (0.97, 0.99);
    const WAITING: (f64, f64) = (0.05, 0.12);
    const IDLE: (f64, f64) = (0.0, 0.03);
    match phase {
        // Tracking goes on beside the training.
        Some(Phase::Train | Phase::Track) => COMPUTE,
        Some(Phase::Checkpoint | Phase::Resume | Phase::Adapter) if burst_is_over => COMPUTE,
        Some(Phase::Checkpoint | Phase::Resume | Phase::Load | Phase::ModelLoad | Phase::Adapter) => WAITING,
        Some(Phase::Embed | Phase::Serve) => (0.62, 0.74),
        None | Some(Phase::Ingest | Phase::Elt | Phase::Shuffle | Phase::Export | Phase::Archive) => IDLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_stand_in_the_order_of_the_kinds() {
        for (index, traffic) in TrafficKind::ALL.into_iter().enumerate() {
            assert_eq!(index, traffic as usize);
        }
        assert_eq!(TrafficKind::CheckpointParts.route().bucket, "checkpoints");
        assert_eq!(TrafficKind::LockedWrites.route().deployment, Some(SimDeployment::Cold));
        assert_eq!(TrafficKind::ScratchWrites.route().way, TrafficWay::In);
    }

    #[test]
    fn a_checkpoint_is_fourteen_bytes_a_parameter() {
        let bytes =
            |phase: Phase| phase_loads(Some(phase), &Sizing::default()).map(|load| load.total_bytes).sum::<f64>();
        // 14,720 and 2,104 parts: whole objects of eight.
        assert_eq!(bytes(Phase::Checkpoint), 14_720.0 * 67_108_864.0);
        assert_eq!(bytes(Phase::Export), 2_104.0 * 67_108_864.0);
    }
}
