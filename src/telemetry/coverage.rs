//! How much of a deployment the nodes that are asked tell, each by its own pages.

use std::collections::{BTreeMap, BTreeSet};

use crate::telemetry::page::Page;

/// A node that answers and was not read for so much longer than another one tells nothing any more.
const LATE_SECS: f64 = 10.0;

/// How much of a deployment the nodes that are asked stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Coverage {
    /// URLs that are asked.
    pub(crate) asked: usize,
    /// Of these, nodes that run and do not tell: they refuse, or answer with what is no page.
    pub(crate) untold: usize,
    /// Servers that were heard lately, by the label of what they told.
    pub(crate) heard: usize,
    /// Nodes of the deployment, where it says so.
    pub(crate) total: Option<usize>,
    /// Several servers answer in turn at one URL.
    pub(crate) is_balanced: bool,
    /// v2's page is read, which speaks for all nodes.
    pub(crate) by_v2: bool,
}

/// What the pages of the nodes are worth together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// All of the deployment's traffic.
    Whole,
    /// A part of it, which is never told as the whole.
    Part,
    /// All of it, as it was when it was last told: no node tells any more.
    Old,
}

impl Coverage {
    /// What the nodes tell. A balancer may hold some of them back. One that is gone serves nobody, so the others are all;
    /// one that runs and does not tell may serve any part.
    pub(super) fn sight(&self) -> Sight {
        let all_asked = match self.total {
            Some(total) if self.is_balanced => !self.by_v2 && self.heard >= total,
            Some(total) => self.asked >= total || self.heard >= total,
            None => !self.is_balanced,
        };
        match self.untold {
            _ if !all_asked => Sight::Part,
            0 => Sight::Whole,
            untold if untold == self.asked => Sight::Old,
            _ => Sight::Part,
        }
    }

    /// Whether what the nodes tell is all of the deployment's traffic.
    pub(crate) fn is_whole(&self) -> bool {
        self.sight() == Sight::Whole
    }
}

/// One node, by all the pages that it alone can tell.
#[derive(Clone, Copy, Debug, Default)]
struct NodeSight {
    read_secs: Option<f64>,
    answered_secs: Option<f64>,
    /// It gives no answer any more.
    is_silent: bool,
    /// It answers, and with no page.
    is_refusing: bool,
}

impl NodeSight {
    fn of_pages(pages: &[&Page]) -> Self {
        let newest = |secs: fn(&Page) -> Option<f64>| pages.iter().filter_map(|page| secs(page)).reduce(f64::max);
        let read_secs = newest(Page::at_secs);
        // Where buckets are a page each, one page may have failed before another one was read.
        let is_last = |page: &&&Page| page.failed_secs() > read_secs;
        let failing = || pages.iter().filter(is_last);
        let (is_silent, is_refusing) =
            (failing().any(|page| page.is_silent()), failing().any(|page| page.is_refused()));
        Self { read_secs, answered_secs: newest(Page::answered_secs), is_silent, is_refusing }
    }
}

/// The nodes that are asked, each for itself.
#[derive(Clone, Debug, Default)]
pub(super) struct NodesSeen {
    nodes: Vec<NodeSight>,
    heard: usize,
    pub(super) is_balanced: bool,
}

impl NodesSeen {
    /// By the pages that make a target live, each with whom it was asked of.
    pub(super) fn of_pages<'a>(pages: impl Iterator<Item = (&'a str, &'a Page)>) -> Self {
        let mut by_host = BTreeMap::<&str, Vec<&Page>>::new();
        for (host, page) in pages {
            by_host.entry(host).or_default().push(page);
        }
        let pages = || by_host.values().flatten();
        let heard: BTreeSet<&str> = pages().flat_map(|page| page.servers_heard()).collect();
        let (heard, is_balanced) = (heard.len(), pages().any(|page| page.is_balanced()));
        Self { nodes: by_host.values().map(|pages| NodeSight::of_pages(pages)).collect(), heard, is_balanced }
    }

    pub(super) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// Those that give no answer any more.
    pub(super) fn silent(&self) -> usize {
        self.nodes.iter().filter(|node| node.is_silent).count()
    }

    /// When the newest answer came, be it a refusal.
    pub(super) fn answered_secs(&self) -> Option<f64> {
        self.nodes.iter().filter_map(|node| node.answered_secs).reduce(f64::max)
    }

    /// Those that run and do not tell.
    fn untold(&self) -> usize {
        let newest_secs = self.nodes.iter().filter_map(|node| node.read_secs).fold(f64::NEG_INFINITY, f64::max);
        let is_late = |node: &NodeSight| node.read_secs.is_some_and(|secs| newest_secs - secs > LATE_SECS);
        self.nodes.iter().filter(|node| !node.is_silent && (node.is_refusing || is_late(node))).count()
    }

    /// Of a deployment of so many nodes, where that is known; `by_v2`: v2's page is read.
    pub(super) fn coverage(&self, total: Option<usize>, by_v2: bool) -> Coverage {
        let (asked, heard, is_balanced) = (self.count(), self.heard, self.is_balanced);
        Coverage { asked, untold: self.untold(), heard, total, is_balanced, by_v2 }
    }
}
