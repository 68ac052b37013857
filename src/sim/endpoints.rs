//! The pages the lab can be asked for, and how often somebody asks.

use crate::sim::lab::SimLab;
use crate::sim::page_text::PageText;
use crate::sim::query::{CollectedAt, NodeQuery};
use crate::sim::topology::SimDeployment;

/// A page of a MinIO node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SimEndpoint {
    /// v3 `/api/requests`: this node's S3 traffic, never cached.
    Requests,
    /// v3 `/bucket/api/NAME`: this node's traffic of one bucket, never cached, its two byte counters under swapped names.
    Bucket(&'static str),
    /// v3 `/cluster`: health, capacity, erasure sets, usage; cached for 60 s.
    Cluster,
    /// v3 `/ilm`: this node's transitions, never cached.
    Ilm,
    /// v3 `/scanner`.
    Scanner,
    /// v3 `/system/drive`: this node's drives, cached for 60 s.
    Drive,
    /// v3 `/system/process`, never cached.
    Process,
    /// v3 `/system/cpu` and `/system/memory`: this node's host, cached for 60 s.
    Cpu,
    Memory,
    /// v3 `/system/network/internode`: this node's links to the others, never cached.
    Internode,
    /// v3 `/system`: all that is below it.
    System,
    /// v2 `/cluster`: everything of the whole deployment, traffic cached for 10 s, capacity for 60 s.
    V2Cluster,
    /// v2 `/bucket`.
    V2Bucket,
    /// v2 `/node`.
    V2Node,
}

/// A page of the simulated lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SimPage {
    /// A page of a node, counted from 0 within its deployment.
    Minio { deployment: SimDeployment, node: usize, endpoint: SimEndpoint },
    /// The drives of T0.
    NodeExporter,
    /// The GPUs.
    Dcgm,
}

impl SimPage {
    /// When the page's groups were collected, for a poller that asks for v2 every 15 s and for the cached pages of v3 every
    /// 60 s.
    pub fn collected_at(self, now_secs: f64) -> CollectedAt {
        match self {
            Self::Minio { endpoint: SimEndpoint::V2Cluster | SimEndpoint::V2Bucket | SimEndpoint::V2Node, .. } => {
                CollectedAt::polled(now_secs, 15.0)
            }
            _ => CollectedAt::polled(now_secs, 60.0),
        }
    }
}

impl SimLab {
    /// Writes a page after what `out` holds. False, and nothing written, where nobody answers: the node is down, or there is
    /// no such node.
    pub fn write_page(&self, page: SimPage, collected: &CollectedAt, out: &mut String) -> bool {
        match page {
            SimPage::NodeExporter => self.write_node_exporter(collected.now_secs, &mut PageText::full(out)),
            SimPage::Dcgm => self.write_dcgm(collected.now_secs, &mut PageText::full(out)),
            SimPage::Minio { deployment, node, endpoint } => {
                if node >= deployment.nodes() || !self.answers(deployment, node, collected.now_secs) {
                    return false;
                }
                let asked = NodeQuery { lab: self, deployment, node, collected };
                asked.write_minio(endpoint, out);
            }
        }
        true
    }
}

impl NodeQuery<'_> {
    fn write_minio(self, endpoint: SimEndpoint, out: &mut String) {
        match endpoint {
            SimEndpoint::Requests => self.write_requests(&mut PageText::sparse(out)),
            SimEndpoint::Bucket(name) => self.write_bucket(name, &mut PageText::sparse(out)),
            SimEndpoint::Cluster => self.write_cluster(&mut PageText::sparse(out)),
            SimEndpoint::Ilm => self.write_ilm(&mut PageText::sparse(out)),
            SimEndpoint::Scanner => self.write_scanner(&mut PageText::sparse(out)),
            SimEndpoint::Drive => self.write_drives(&mut PageText::sparse(out)),
            SimEndpoint::Process => self.write_process(&mut PageText::sparse(out)),
            SimEndpoint::Cpu => self.write_cpu(&mut PageText::sparse(out)),
            SimEndpoint::Memory => self.write_memory(&mut PageText::sparse(out)),
            SimEndpoint::Internode => self.write_internode(&mut PageText::sparse(out)),
            SimEndpoint::System => self.write_system(&mut PageText::sparse(out)),
            SimEndpoint::V2Cluster => self.write_v2_cluster(&mut PageText::full(out)),
            SimEndpoint::V2Bucket => self.write_v2_bucket(&mut PageText::full(out)),
            SimEndpoint::V2Node => self.write_v2_node(&mut PageText::full(out)),
        }
    }
}
