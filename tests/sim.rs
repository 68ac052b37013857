//! The simulated lab through our own parser and fold.

use tierlight::signal::{Quantity, Readings, Signal, Tier};
use tierlight::sim::{Bytes, Phase, SimDeployment, SimLab, SimPage, StoryEvent};
use tierlight::telemetry::{Endpoint, Fold, TargetKind};

const POLL_SECS: f64 = 2.0;

/// A poller of the simulated lab, as the app is one.
struct Poller {
    lab: SimLab,
    deployments: Vec<(SimDeployment, Fold)>,
    node_exporter: Fold,
    dcgm: Fold,
}

impl Poller {
    fn new(lab: SimLab) -> Self {
        let tiers = [Tier::T1, Tier::T2, Tier::T3].map(TargetKind::Tier).map(Fold::new);
        Self {
            lab,
            deployments: SimDeployment::ALL.into_iter().zip(tiers).collect(),
            node_exporter: Fold::new(TargetKind::NodeExporter { devices: vec!["nvme*".to_owned()] }),
            dcgm: Fold::new(TargetKind::Dcgm),
        }
    }

    fn poll(&mut self, at_secs: f64) {
        let Self { lab, deployments, node_exporter, dcgm } = self;
        for (deployment, fold) in deployments {
            for node in 0..deployment.nodes() {
                let endpoint = tierlight::sim::SimEndpoint::Requests;
                let page = SimPage::Minio { deployment: *deployment, node, endpoint };
                take(lab, fold, page, &Endpoint::V3Requests, at_secs);
            }
        }
        take(lab, node_exporter, SimPage::NodeExporter, &Endpoint::Exporter, at_secs);
        take(lab, dcgm, SimPage::Dcgm, &Endpoint::Exporter, at_secs);
    }

    fn readings(&self, at_secs: f64) -> Readings {
        let folds = self.deployments.iter().map(|(_, fold)| fold).chain([&self.node_exporter, &self.dcgm]);
        folds.flat_map(|fold| fold.readings(at_secs)).collect()
    }
}

fn take(lab: &SimLab, fold: &mut Fold, page: SimPage, endpoint: &Endpoint, at_secs: f64) {
    let node = match page {
        SimPage::Minio { deployment, node, .. } => deployment.servers()[node],
        SimPage::NodeExporter | SimPage::Dcgm => "gpu-01",
    };
    let mut text = String::new();
    if !lab.write_page(page, &page.collected_at(at_secs), &mut text) {
        return;
    }
    let mut body = fold.body(endpoint);
    body.feed(text.as_bytes());
    let collected = body.finish();
    assert!(fold.take(node, endpoint, at_secs, &collected, None), "{page:?} at {at_secs}");
}

fn told(at_secs: f64, phase: Phase) -> StoryEvent {
    StoryEvent { at_secs, phase: Some(phase) }
}

fn rate(readings: &Readings, tier: Tier, quantity: Quantity) -> f64 {
    readings.get(&Signal::tier(tier, quantity)).map_or(f64::NAN, |reading| reading.value)
}

fn close(measured: f64, expected: f64) -> bool {
    (measured - expected).abs() <= 0.02 * expected
}

#[test]
fn folded_rates_are_the_workloads() {
    let story =
        [told(0.0, Phase::Load), told(20.0, Phase::Train), told(40.0, Phase::Checkpoint), told(90.0, Phase::Shuffle)];
    let mut poller = Poller::new(SimLab::new(3, &story));
    let mut seen = Vec::new();
    for poll in -10..60 {
        let at_secs = POLL_SECS * f64::from(poll);
        poller.poll(at_secs);
        seen.push((at_secs, poller.readings(at_secs)));
    }
    let at = |wanted: f64| &seen.iter().find(|(at_secs, _)| *at_secs == wanted).unwrap().1;
    use Quantity::{BusyRatio, ReadBytesPerSec, WriteBytesPerSec};
    let cases = [
        (14.0, Tier::T1, ReadBytesPerSec, 34.1e9),
        (14.0, Tier::T1, WriteBytesPerSec, 4.2e9),
        (14.0, Tier::T2, ReadBytesPerSec, 4.2e9),
        (14.0, Tier::T3, WriteBytesPerSec, 0.0),
        (24.0, Tier::T1, ReadBytesPerSec, 0.0),
        (24.0, Tier::T2, ReadBytesPerSec, 0.0),
        (50.0, Tier::T2, WriteBytesPerSec, 34.4e9),
        (76.0, Tier::T2, WriteBytesPerSec, 0.0),
        (110.0, Tier::T0, ReadBytesPerSec, 12.0e9),
        (110.0, Tier::T0, WriteBytesPerSec, 12.0e9),
    ];
    for (at_secs, tier, quantity, expected) in cases {
        let measured = rate(at(at_secs), tier, quantity);
        assert!(close(measured, expected), "{} at {at_secs}: {measured}, not {expected}", Signal::tier(tier, quantity));
    }
    let busy = |at_secs: f64| at(at_secs)[&Signal::compute(BusyRatio)].value;
    assert!(busy(30.0) > 0.95 && busy(50.0) < 0.15 && busy(80.0) > 0.95);
}

#[test]
fn the_drawn_rates_add_up_to_what_was_done() {
    let story = [
        told(0.0, Phase::Ingest),
        told(17.0, Phase::Load),
        told(33.0, Phase::Checkpoint),
        told(80.0, Phase::Track),
        told(99.0, Phase::Archive),
        told(120.0, Phase::Embed),
        told(140.0, Phase::Train),
    ];
    let lab = SimLab::new(3, &story);
    let mut poller = Poller::new(lab.clone());
    let mut drawn = [(0.0, 0.0); 4];
    for poll in 0..=80 {
        let at_secs = POLL_SECS * f64::from(poll);
        poller.poll(at_secs);
        let readings = poller.readings(at_secs);
        for (tier, sums) in Tier::ALL.into_iter().zip(&mut drawn).filter(|_| poll > 0) {
            sums.0 += rate(&readings, tier, Quantity::WriteBytesPerSec) * POLL_SECS;
            sums.1 += rate(&readings, tier, Quantity::ReadBytesPerSec) * POLL_SECS;
        }
    }
    let done = lab.truth_at(160.0).since(&lab.truth_at(0.0));
    for ((word, Bytes { bytes_in, bytes_out }), (drawn_in, drawn_out)) in done.tiers().into_iter().zip(drawn) {
        assert!(close(drawn_in, bytes_in as f64), "{word} in: {drawn_in}, not {bytes_in}");
        assert!(close(drawn_out, bytes_out as f64), "{word} out: {drawn_out}, not {bytes_out}");
    }
}

#[test]
fn cluster_pages_tell_capacity_and_health() {
    let lab = SimLab::new(3, &[]);
    for endpoint in [
        (tierlight::sim::SimEndpoint::Cluster, Endpoint::V3Cluster),
        (tierlight::sim::SimEndpoint::V2Cluster, Endpoint::V2Cluster),
    ] {
        let mut fold = Fold::new(TargetKind::Tier(Tier::T2));
        let page = SimPage::Minio { deployment: SimDeployment::Warm, node: 0, endpoint: endpoint.0 };
        take(&lab, &mut fold, page, &endpoint.1, 60.0);
        let readings = fold.readings(60.0);
        let value = |quantity| rate(&readings, Tier::T2, quantity);
        assert_eq!(value(Quantity::NodesTotal), 4.0, "{endpoint:?}");
        assert_eq!(value(Quantity::DrivesOnline), 8.0, "{endpoint:?}");
        assert_eq!(value(Quantity::WriteTolerance), 3.0, "{endpoint:?}");
        assert_eq!(value(Quantity::CapacityBytes), 491.52e12, "{endpoint:?}");
        assert!((0.5..0.8).contains(&value(Quantity::UsedRatio)), "{endpoint:?}");
    }
}
