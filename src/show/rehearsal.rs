//! The simulated lab, polled as a real one is: its pages pass the same parser and fold.

use std::sync::Arc;

use crate::presentation::event::{Event, Report, SourceKind, Target};
use crate::signal::{Subject, Tier};
use crate::sim::{Deployment, Endpoint as SimEndpoint, Lab, Page, Phase, StoryEvent};
use crate::telemetry::{Endpoint, Fold, TargetKind};

/// Seconds of the lab's clock between two polls of the fast pages.
pub(super) const POLL_SECS: f64 = 2.0;
/// Before the talk: an hour, coarsely, and its last five minutes as they are polled.
const HOUR_SECS: f64 = 3600.0;
const FINE_SECS: f64 = 300.0;
const COARSE_SECS: f64 = 14.0;

/// One thing that is polled.
struct Polled {
    name: Arc<str>,
    fold: Fold,
    subject: Subject,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Minio(Deployment),
    NodeExporter,
    Dcgm,
}

/// The simulated lab with its pollers.
pub(super) struct Rehearsal {
    lab: Lab,
    polled: Vec<Polled>,
    /// Number of the next poll; poll n is at n × 2 s of the lab's clock.
    next: i64,
    begun: bool,
    text: String,
}

impl Rehearsal {
    pub(super) fn new(seed: u64) -> Self {
        let minio = |deployment: Deployment, tier: Tier| Polled {
            name: deployment.name().into(),
            fold: Fold::new(TargetKind::Tier(tier)),
            subject: Subject::Tier(tier),
            what: What::Minio(deployment),
        };
        let polled = vec![
            minio(Deployment::Hot, Tier::T1),
            minio(Deployment::Warm, Tier::T2),
            minio(Deployment::Cold, Tier::T3),
            Polled {
                name: "node_exporter".into(),
                fold: Fold::new(TargetKind::NodeExporter { devices: Vec::new() }),
                subject: Subject::Tier(Tier::T0),
                what: What::NodeExporter,
            },
            Polled { name: "dcgm".into(), fold: Fold::new(TargetKind::Dcgm), subject: Subject::Compute, what: What::Dcgm },
        ];
        Self { lab: Lab::new(seed, &[]), polled, next: -((HOUR_SECS / POLL_SECS) as i64), begun: false, text: String::new() }
    }

    /// What it announces as targets.
    pub(super) fn targets(&self) -> Vec<Target> {
        let target = |polled: &Polled| Target {
            name: polled.name.clone(),
            subjects: vec![polled.subject],
            interval_secs: POLL_SECS,
            unverified: false,
        };
        self.polled.iter().map(target).collect()
    }

    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    /// From `at_secs` of its clock the lab works at this phase.
    pub(super) fn tell(&mut self, at_secs: f64, phase: Option<&str>) {
        self.lab.tell(StoryEvent { at_secs, phase: phase.and_then(Phase::from_id) });
    }

    /// Polls everything that is due up to `to_secs` of its clock. What lies far back is polled coarsely: its charts are
    /// minutes wide.
    pub(super) fn poll_until(&mut self, to_secs: f64, send: &mut impl FnMut(Event)) {
        let last = (to_secs / POLL_SECS).floor() as i64;
        let fine_from = last - (FINE_SECS / POLL_SECS) as i64;
        let coarse = (COARSE_SECS / POLL_SECS) as i64;
        while self.next <= last {
            let is_fine = self.next >= fine_from;
            self.poll(self.next as f64 * POLL_SECS, is_fine, send);
            self.next = if is_fine { self.next + 1 } else { (self.next + coarse).min(fine_from) };
            self.begun = true;
        }
    }

    fn poll(&mut self, at_secs: f64, is_fine: bool, send: &mut impl FnMut(Event)) {
        for polled in &mut self.polled {
            polled.scrape(&self.lab, at_secs, is_fine, &mut self.text);
            send(Event::Scraped {
                source: SourceKind::Sim,
                target: polled.name.clone(),
                at_secs,
                report: polled.report(at_secs),
            });
        }
    }
}

impl Polled {
    fn report(&self, at_secs: f64) -> Report {
        let last_good_secs = self.fold.last_good_secs().unwrap_or(at_secs);
        Report { readings: self.fold.readings(at_secs), last_good_secs, interval_secs: POLL_SECS, faults: Vec::new() }
    }

    /// Asks for the pages that are due and folds their text.
    fn scrape(&mut self, lab: &Lab, at_secs: f64, is_fine: bool, text: &mut String) {
        match self.what {
            What::NodeExporter => self.fold_page(lab, (Page::NodeExporter, Endpoint::Exporter, ""), at_secs, text),
            What::Dcgm => self.fold_page(lab, (Page::Dcgm, Endpoint::Exporter, ""), at_secs, text),
            What::Minio(deployment) => {
                for (node, server) in deployment.servers().iter().enumerate() {
                    let page = Page::Minio { deployment, node, endpoint: SimEndpoint::Requests };
                    self.fold_page(lab, (page, Endpoint::V3Requests, server), at_secs, text);
                }
                for (endpoint, sim) in [(Endpoint::V2Cluster, SimEndpoint::V2Cluster), (Endpoint::V3Cluster, SimEndpoint::Cluster)] {
                    if is_fine && is_due(at_secs, endpoint.interval_secs()) {
                        let page = Page::Minio { deployment, node: 0, endpoint: sim };
                        self.fold_page(lab, (page, endpoint, deployment.servers()[0]), at_secs, text);
                    }
                }
            }
        }
    }

    fn fold_page(&mut self, lab: &Lab, (page, endpoint, node): (Page, Endpoint, &str), at_secs: f64, text: &mut String) {
        text.clear();
        if !lab.page(page, &page.collected(at_secs), text) {
            self.fold.failed(node, &endpoint, at_secs);
            return;
        }
        let mut body = self.fold.body(&endpoint);
        body.feed(text.as_bytes());
        self.fold.take(node, &endpoint, at_secs, &body.finish(), None);
    }
}

/// Whether a page polled every `interval_secs` is due at this poll of the fast pages.
fn is_due(at_secs: f64, interval_secs: f64) -> bool {
    at_secs.rem_euclid(interval_secs) < POLL_SECS
}
