//! What a look sees in a page beside its figures: who answers, which servers and releases, which kind of page it is.

use std::collections::{BTreeMap, BTreeSet};

use crate::lab::ExporterKind;
use crate::telemetry::drives::FileSystem;
use crate::telemetry::exposition::{Refused, Sample, Visitor};
use crate::telemetry::names::{Meaning, Names, PageKind};

/// What the pages of one node told. These are labels and no readings, so they pass by the fold.
#[derive(Clone, Debug, Default)]
pub(crate) struct PagesSeen {
    /// `MinIO`'s releases, oldest first; several while some nodes are upgraded.
    pub(crate) versions: BTreeSet<String>,
    /// The servers of the deployment, as they call themselves, with the start of their process where it is told.
    pub(crate) servers: BTreeMap<String, Option<f64>>,
    /// Which of them answered.
    pub(crate) own_server: Option<String>,
    /// When its process began.
    pub(crate) own_start_secs: Option<f64>,
    /// The devices of a host.
    pub(crate) devices: BTreeSet<String>,
    /// The file systems of a host.
    pub(crate) file_systems: BTreeSet<FileSystem>,
    pages: BTreeSet<PageKind>,
}

impl PagesSeen {
    /// Adds what another page told.
    pub(super) fn add(&mut self, other: Self) {
        self.versions.extend(other.versions);
        for (server, start_secs) in other.servers {
            let known = self.servers.entry(server).or_default();
            *known = start_secs.or(*known);
        }
        self.devices.extend(other.devices);
        self.file_systems.extend(other.file_systems);
        self.pages.extend(other.pages);
    }

    /// Whether any metric that is known was in it.
    pub(super) fn is_known(&self) -> bool {
        !self.pages.is_empty()
    }

    /// The exporters whose metrics were in it.
    pub(super) fn exporter_kinds(&self) -> Vec<ExporterKind> {
        let kinds = [(PageKind::Node, ExporterKind::Node), (PageKind::Dcgm, ExporterKind::Dcgm)];
        kinds.into_iter().filter(|(page, _)| self.pages.contains(page)).map(|(_, kind)| kind).collect()
    }

    /// The server of a page that is of one.
    pub(super) fn only_server(&self) -> Option<String> {
        let mut servers = self.servers.keys();
        servers.next().filter(|_| servers.next().is_none()).cloned()
    }
}

impl Visitor for PagesSeen {
    fn sample(&mut self, sample: &Sample<'_>) {
        let names = Names::built_in();
        // Printed on a terminal: what a server calls itself must not steer that.
        let label = |name: &str| sample.labels.get(name).map(|value| value.replace(char::is_control, " "));
        let mut start_secs = None;
        for (page, meaning) in names.meanings_of(&sample.name) {
            self.pages.insert(page);
            match meaning {
                Meaning::ProcessStart => start_secs = Some(sample.value),
                Meaning::DiskRead | Meaning::DiskWritten => self.devices.extend(label("device")),
                Meaning::FilesystemSize => {
                    let [device, kind, point] =
                        ["device", "fstype", "mountpoint"].map(|name| label(name).unwrap_or_default());
                    self.file_systems.insert(FileSystem::new(&device, &kind, &point));
                }
                _ => {}
            }
        }
        if let Some(server) = label(&names.server_label) {
            let known = self.servers.entry(server).or_default();
            *known = start_secs.or(*known);
        }
        if sample.name.ends_with(&names.version_suffix) {
            self.versions.extend(label("version"));
        }
    }

    fn refused(&mut self, _refused: Refused) {}
}
