//! The pages of the two exporters beside MinIO: `node_exporter` for the drives of T0, DCGM for the GPUs.

use crate::sim::lab::SimLab;
use crate::sim::nodes::node_share;
use crate::sim::page_text::PageText;
use crate::sim::phase::Phase;
use crate::sim::topology::{GPUS, SCRATCH_DRIVE_BYTES, SCRATCH_DRIVES};
use crate::sim::work::{SINCE_SECS, splitmix};
use crate::sim::workload::{TrafficKind, gpu_busy};

/// A drive of T0 reads or writes about this much in a second of being busy.
const DRIVE_BYTES_PER_SEC: f64 = 6.0e9;
/// What of a GPU's memory the driver and a model in training take, MiB.
const VRAM_IDLE_MIB: f64 = 545.0;
const VRAM_MODEL_MIB: f64 = 71_168.0;

/// The GPU of the lab: one server has H100, a pod of several H200. Its name, and its memory as DCGM counts it, MiB.
fn gpu_of(servers: usize) -> (&'static str, f64) {
    if servers == 1 { ("NVIDIA H100 80GB HBM3", 81_559.0) } else { ("NVIDIA H200", 143_771.0) }
}

impl SimLab {
    /// `node_exporter`'s disk and file system families.
    pub(crate) fn write_node_exporter(&self, at_secs: f64, page: &mut PageText<'_>) {
        let counts = self.counts_at(at_secs);
        let read = |drive: usize| drive_bytes(counts[TrafficKind::ScratchReads as usize], drive);
        let written = |drive: usize| drive_bytes(counts[TrafficKind::ScratchWrites as usize], drive);
        page.push_single("node_boot_time_seconds", &[], self.epoch_unix_secs + SINCE_SECS - 700_000.0);
        push_each_drive(page, "node_disk_io_time_seconds_total", |drive| {
            ((read(drive) + written(drive)) / DRIVE_BYTES_PER_SEC * 1000.0).floor() / 1000.0
        });
        push_each_drive(page, "node_disk_read_bytes_total", read);
        push_each_drive(page, "node_disk_written_bytes_total", written);
        let used = SCRATCH_DRIVE_BYTES as f64 * 0.38;
        push_each_file_system(page, "node_filesystem_avail_bytes", SCRATCH_DRIVE_BYTES as f64 - used);
        push_each_file_system(page, "node_filesystem_size_bytes", SCRATCH_DRIVE_BYTES as f64);
    }

    /// DCGM's utilisation and memory families.
    pub(crate) fn write_dcgm(&self, at_secs: f64, page: &mut PageText<'_>) {
        let (phase, burst_is_over) = self.work.phase_at(at_secs);
        let (least, most) = gpu_busy(phase, burst_is_over);
        let busy = |gpu: usize| least + (most - least) * self.busy_swing(gpu, at_secs);
        let used = if holds_a_model(phase) { VRAM_MODEL_MIB } else { VRAM_IDLE_MIB };
        let (name, vram_mib) = gpu_of(self.gpu_servers);
        let mut each = |family: &'static str, value: &dyn Fn(usize) -> f64| {
            push_each_gpu(page, family, (name, self.gpu_servers * GPUS), value);
        };
        each("DCGM_FI_DEV_FB_FREE", &|gpu| vram_mib - used - gpu as f64);
        each("DCGM_FI_DEV_FB_USED", &|gpu| used + gpu as f64);
        each("DCGM_FI_DEV_GPU_UTIL", &|gpu| (busy(gpu) * 100.0).round());
        each("DCGM_FI_PROF_GR_ENGINE_ACTIVE", &|gpu| (busy(gpu) * 1e6).round() / 1e6);
    }

    /// Where a GPU stands between its least and its most busy, 0 to 1, during the second that has just ended.
    fn busy_swing(&self, gpu: usize, at_secs: f64) -> f64 {
        let second = at_secs.floor() as i64 as u64;
        let mixed = splitmix(self.seed ^ splitmix(second ^ ((gpu as u64) << 56)));
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// While a model is trained it stays in memory, also when the GPUs wait.
fn holds_a_model(phase: Option<Phase>) -> bool {
    matches!(
        phase,
        Some(
            Phase::Load
                | Phase::Train
                | Phase::Checkpoint
                | Phase::Track
                | Phase::Export
                | Phase::Resume
                | Phase::ModelLoad
                | Phase::Serve
                | Phase::Adapter
        )
    )
}

/// A drive's bytes of a count of sectors: the scratch volume is striped.
fn drive_bytes(count: u64, drive: usize) -> f64 {
    (node_share(count, SCRATCH_DRIVES.len(), drive) * 512) as f64
}

fn push_each_drive(page: &mut PageText<'_>, family: &'static str, value: impl Fn(usize) -> f64) {
    page.begin_family(family);
    for (drive, device) in SCRATCH_DRIVES.iter().enumerate() {
        page.push_sample(&[("device", device)], value(drive));
    }
}

fn push_each_file_system(page: &mut PageText<'_>, family: &'static str, bytes: f64) {
    page.begin_family(family);
    for (drive, device) in SCRATCH_DRIVES.iter().enumerate() {
        let path = format!("/dev/{device}");
        let mount_point = format!("/scratch/{drive}");
        page.push_sample(&[("device", &path), ("fstype", "xfs"), ("mountpoint", &mount_point)], bytes);
    }
}

/// The exporter writes the labels of its templates in their own order, which is not the alphabet's. `gpus`: their name, and
/// how many there are.
fn push_each_gpu(
    page: &mut PageText<'_>,
    family: &'static str,
    gpus: (&'static str, usize),
    value: &dyn Fn(usize) -> f64,
) {
    page.begin_family(family);
    for gpu in 0..gpus.1 {
        let (server, index) = (gpu / GPUS, gpu % GPUS);
        let number = index.to_string();
        let uuid = format!("GPU-51ab0000-0000-4000-8000-0000000000{server}{index}");
        let device = format!("nvidia{index}");
        let host = format!("gpu-{:02}", server + 1);
        let labels = [
            ("gpu", number.as_str()),
            ("UUID", uuid.as_str()),
            ("device", device.as_str()),
            ("modelName", gpus.0),
            ("Hostname", host.as_str()),
        ];
        page.push_sample(&labels, value(gpu));
    }
}
