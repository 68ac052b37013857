//! Which of a host's devices and file systems are T0's, by their names.
//!
//! They are two lists, and not of the same: bytes are counted by device, on each layer again (partition, RAID, logical
//! volume, drive), and capacity by file system, of which several share a device or a pool.

use std::collections::BTreeSet;

use wildmatch::WildMatch;

use crate::telemetry::names::{BETWEEN_LABELS, Names};

/// Which of a host's devices and file systems are T0's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct T0Choice {
    /// The devices whose bytes count: whole ones, and nothing that lies on them.
    pub(crate) devices: BTreeSet<String>,
    /// The file systems whose capacity counts. A pool of datasets is one of them by each of its datasets.
    pub(crate) file_systems: BTreeSet<FileSystem>,
    /// Whether some of those lie on RAID, logical volumes or pools, where nothing tells which devices carry them.
    pub(crate) is_hidden: bool,
}

/// A mounted file system, as its labels say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FileSystem {
    pub(crate) device: String,
    pub(crate) kind: String,
    pub(crate) mount_point: String,
}

impl FileSystem {
    /// By its labels.
    pub(crate) fn new(device: &str, kind: &str, mount_point: &str) -> Self {
        let [device, kind, mount_point] = [device, kind, mount_point].map(str::to_owned);
        Self { device, kind, mount_point }
    }

    /// From a series' item, whose labels are device, fstype and mountpoint.
    pub(super) fn from_item(item: &str) -> Self {
        let mut labels = item.split(BETWEEN_LABELS).map(str::to_owned);
        let mut next = || labels.next().unwrap_or_default();
        Self { device: next(), kind: next(), mount_point: next() }
    }

    pub(super) fn is_pooled(&self) -> bool {
        self.kind == "zfs"
    }

    /// Whether it lies on drives of the host: no memory, no network, no view of another file system.
    fn is_local(&self) -> bool {
        let names = Names::built_in();
        let is_block = self.is_pooled() || self.device.starts_with("/dev/");
        let is_left_out = fits_any_text(&names.other_file_systems, &self.kind)
            || fits_any_text(&names.virtual_devices, base_name(&self.device));
        is_block && !is_left_out
    }

    /// Whether its device lies on others, so that its name does not tell which.
    fn is_stacked(&self) -> bool {
        let below = self.device.strip_prefix("/dev/").unwrap_or_default();
        self.is_pooled() || below.contains('/') || below == "root" || is_stacked(below)
    }

    /// What counts once: a device however often it is mounted, a pool whatever its datasets.
    pub(super) fn once_key(&self) -> &str {
        if self.is_pooled() { self.device.split('/').next().unwrap_or_default() } else { &self.device }
    }
}

impl T0Choice {
    /// Chooses by the patterns of the lab file; without any, all whole drives and all local file systems.
    pub(crate) fn new<'a>(
        patterns: &[WildMatch],
        devices: impl Iterator<Item = &'a str>,
        file_systems: impl Iterator<Item = FileSystem>,
    ) -> Self {
        let all: BTreeSet<&str> = devices.collect();
        let devices = if patterns.is_empty() { whole_drives(&all) } else { fitting_devices(patterns, &all) };
        let local: BTreeSet<_> = file_systems.filter(FileSystem::is_local).collect();
        let file_systems = if patterns.is_empty() { local } else { fitting_file_systems(patterns, local) };
        let is_hidden = !patterns.is_empty()
            && file_systems.iter().any(|one| one.is_stacked() && !fits_device(patterns, &one.device));
        Self { devices: devices.into_iter().map(str::to_owned).collect(), file_systems, is_hidden }
    }
}

/// The devices that are no partition of another, lie on no other, and are real.
fn whole_drives<'a>(all: &BTreeSet<&'a str>) -> Vec<&'a str> {
    let is_virtual = |name: &str| fits_any_text(&Names::built_in().virtual_devices, name);
    let is_whole = |name: &&str| !is_virtual(name) && !is_stacked(name) && !is_part_of_another(name, all);
    all.iter().copied().filter(is_whole).collect()
}

/// The devices that fit. A partition counts where it is meant and its drive is not; what lies on others counts where
/// nothing below it is meant.
fn fitting_devices<'a>(patterns: &[WildMatch], all: &BTreeSet<&'a str>) -> Vec<&'a str> {
    let fitting = all.iter().copied().filter(|name| fits_device(patterns, name));
    let fitting: Vec<&str> =
        fitting.filter(|name| !fits_device(patterns, drive_of(name)) || !is_part_of_another(name, all)).collect();
    let is_real = |name: &&str| !is_stacked(name) && !fits_any_text(&Names::built_in().virtual_devices, name);
    let real: Vec<_> = fitting.iter().copied().filter(is_real).collect();
    if !real.is_empty() {
        return real;
    }
    // RAID lies on mapped devices, or they on it: one of the two layers.
    let (raid, other): (Vec<_>, Vec<_>) = fitting.into_iter().partition(|name| name.starts_with("md"));
    if raid.is_empty() { other } else { raid }
}

/// The file systems on the named devices; also those on RAID, volumes and pools, unless one of them is named itself.
fn fitting_file_systems(patterns: &[WildMatch], local: BTreeSet<FileSystem>) -> BTreeSet<FileSystem> {
    let fits = |one: &FileSystem| fits_device(patterns, &one.device);
    let is_told = local.iter().any(|one| one.is_stacked() && fits(one));
    local.into_iter().filter(|one| fits(one) || (!is_told && one.is_stacked())).collect()
}

/// Whether a device is made of others: RAID, logical volumes, caches.
fn is_stacked(name: &str) -> bool {
    fits_any_text(&Names::built_in().stacked_devices, name)
}

fn is_part_of_another(name: &str, all: &BTreeSet<&str>) -> bool {
    let drive = drive_of(name);
    drive != name && all.contains(drive)
}

/// `nvme0n1` of `nvme0n1p1`, `sda` of `sda1`.
fn drive_of(name: &str) -> &str {
    let drive = name.trim_end_matches(|char: char| char.is_ascii_digit());
    let numbered = drive.strip_suffix('p').filter(|drive| drive.ends_with(|char: char| char.is_ascii_digit()));
    numbered.unwrap_or(if drive.starts_with("nvme") { name } else { drive })
}

fn base_name(device: &str) -> &str {
    device.rsplit('/').next().unwrap_or(device)
}

/// `nvme0n1` fits its own partitions and their device files too: `/dev/nvme0n1p1`, `/dev/sda1`.
pub(super) fn fits_device(patterns: &[WildMatch], device: &str) -> bool {
    let name = base_name(device);
    let fits = |name: &str| patterns.iter().any(|pattern| pattern.matches(name));
    fits(name) || fits(drive_of(name))
}

fn fits_any_text(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| WildMatch::new(pattern).matches(name))
}
