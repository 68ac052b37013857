//! How well the pages of a target are read: by page and node, what the last question brought.

use std::collections::BTreeMap;

use crate::signal::PageScrape;
use crate::telemetry::Endpoint;
use crate::telemetry::body::Collected;

/// By page and node. All pages of single buckets of a node stand as one.
#[derive(Clone, Debug, Default)]
pub(super) struct Scrapes {
    last: BTreeMap<(&'static str, String), PageScrape>,
}

impl Scrapes {
    fn page_mut(&mut self, node: &str, endpoint: &Endpoint) -> &mut PageScrape {
        let page = endpoint.page_name();
        let new = || PageScrape { page: page.to_owned(), node: node.to_owned(), ..PageScrape::default() };
        self.last.entry((page, node.to_owned())).or_insert_with(new)
    }

    /// Notes a body whose numbers can be used.
    pub(super) fn note_body(&mut self, node: &str, endpoint: &Endpoint, at_secs: f64, collected: &Collected) {
        let page = self.page_mut(node, endpoint);
        let (bytes, samples, refused_lines) = (collected.bytes, collected.samples, collected.refused);
        (page.is_up, page.at_secs, page.failures) = (true, at_secs, 0);
        (page.bytes, page.samples, page.refused_lines) = (bytes, samples, refused_lines);
    }

    /// Notes how long a good answer took.
    pub(super) fn note_time(&mut self, node: &str, endpoint: &Endpoint, took_secs: f64) {
        self.page_mut(node, endpoint).took_secs = Some(took_secs);
    }

    /// Notes that no page came.
    pub(super) fn note_failure(&mut self, node: &str, endpoint: &Endpoint, at_secs: f64) {
        let page = self.page_mut(node, endpoint);
        (page.is_up, page.at_secs, page.failures) = (false, at_secs, page.failures + 1);
    }

    /// By page, then by node.
    pub(super) fn all(&self) -> Vec<PageScrape> {
        self.last.values().cloned().collect()
    }
}
