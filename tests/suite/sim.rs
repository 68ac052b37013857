//! The simulated lab through our own parser and fold, and as the presenter sets it.

use std::sync::Arc;

use tierlight::live::Direction;
use tierlight::presentation::command::Command;
use tierlight::presentation::simulated::{Profile, SimCommand};
use tierlight::presentation::walk::WalkCommand;
use tierlight::show::Show;
use tierlight::signal::{Quantity, Readings, Signal, Tier};
use tierlight::sim::{Bytes, Phase, SimDeployment, SimLab, SimPage, StoryEvent};
use tierlight::telemetry::{Endpoint, Fold, TargetKind};

use crate::talk::{common, press, settled_hash, talk, wait};

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
    let mut body = fold.body(node, endpoint);
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

/// A talk on the simulated lab, set like this, that tells a checkpoint for so many seconds.
fn checkpoint(commands: &[SimCommand], secs: f64) -> Show {
    let mut show = talk("sim");
    for command in commands {
        press(&mut show, command.clone());
    }
    let at = show.presentation().library().position("loop:4").expect("there is such a step");
    let at = show.presentation().library().address(at);
    press(&mut show, WalkCommand::Jump(at));
    wait(&mut show, secs);
    show
}

fn badge(show: &Show) -> String {
    show.presentation().seen().states[2].to_string()
}

fn value(show: &Show, tier: Tier, quantity: Quantity) -> f64 {
    rate(show.presentation().sources().shown().readings(), tier, quantity)
}

/// Bytes and seconds of the last burst into T2.
fn saved(show: &Show) -> (f64, f64) {
    let mut bursts = show.presentation().sources().shown().bursts().last_ones();
    let burst = bursts.find(|(tier, way, _)| (*tier, *way) == (Tier::T2, Direction::Write));
    burst.map_or((0.0, 0.0), |(_, _, burst)| (burst.bytes, burst.ended_secs - burst.began_secs))
}

#[test]
fn a_burst_of_29_s_is_told_in_29_s_where_the_lab_has_our_time() {
    let early = checkpoint(&[SimCommand::Lapse(1)], 20.0);
    assert_eq!(badge(&early), "SIMULATED");
    assert!(close(value(&early, Tier::T2, Quantity::WriteBytesPerSec), 34.4e9), "it still runs");
    let late = checkpoint(&[SimCommand::Lapse(1)], 45.0);
    let (bytes, secs) = saved(&late);
    assert!(close(bytes, 988e9) && (28.0..34.0).contains(&secs), "{bytes} in {secs} s");
    assert_eq!(value(&late, Tier::T2, Quantity::WriteBytesPerSec), 0.0);
    // The usual time goes eight times as fast.
    assert_eq!(value(&checkpoint(&[], 8.0), Tier::T2, Quantity::WriteBytesPerSec), 0.0);
}

#[test]
fn each_profile_is_the_lab_it_says() {
    use Quantity::{DrivesHealing, DrivesOnline, NodesOnline, ReadBytesPerSec, WriteBytesPerSec, WriteQuorum};
    let cases = [
        (Profile::H200Pod, 3.0, Tier::T2, WriteBytesPerSec, 34.4e9),
        (Profile::Large, 10.0, Tier::T2, WriteBytesPerSec, 34.4e9),
        (Profile::Loader, 8.0, Tier::T1, ReadBytesPerSec, 34.1e9),
        (Profile::Ingest, 8.0, Tier::T2, WriteBytesPerSec, 11.8e9),
        (Profile::Ilm, 8.0, Tier::T3, WriteBytesPerSec, 8.0e9),
        (Profile::SlowNetwork, 8.0, Tier::T2, WriteBytesPerSec, 3.44e9),
        (Profile::DriveFails, 12.0, Tier::T2, DrivesOnline, 7.0),
        (Profile::NodeFails, 12.0, Tier::T2, NodesOnline, 3.0),
        (Profile::QuorumLost, 12.0, Tier::T2, WriteQuorum, 0.0),
        (Profile::Heal, 16.0, Tier::T2, DrivesHealing, 1.0),
    ];
    for (profile, secs, tier, quantity, expected) in cases {
        let show = checkpoint(&[SimCommand::Profile(profile)], secs);
        let measured = value(&show, tier, quantity);
        assert!(close(measured, expected), "{}: {quantity:?} is {measured}", profile.id());
        assert_eq!(badge(&show), format!("SIMULATED ×8 {}", profile.words()));
    }
    // A run saves by itself, and what is told changes nothing.
    let run = checkpoint(&[SimCommand::Profile(Profile::Cadence), SimCommand::Lapse(60)], 20.0);
    assert!(close(saved(&run).0, 988e9), "{:?}", saved(&run));
    assert_eq!(badge(&run), "SIMULATED ×60 70B run");
    let back = checkpoint(&[SimCommand::Profile(Profile::Large), SimCommand::Profile(Profile::Story)], 8.0);
    assert!(close(saved(&back).0, 988e9) && badge(&back) == "SIMULATED ×8");
    let wrong = common(&["--data", "sim:405"]).still_show().err().expect("there is no such profile");
    assert!(wrong.words.contains("no profile \"405\"") && wrong.words.contains("405b, "), "{}", wrong.words);
    assert_eq!(
        badge(&common(&["--data", "sim:ilm", "--lapse", "2"]).still_show().expect("it starts")),
        "SIMULATED ×2 ILM"
    );
}

#[test]
fn a_slider_sets_the_figures_and_the_lab_and_goes_back() {
    let slide = |figure: &str, value: f64| SimCommand::Slide { figure: Arc::from(figure), value };
    let mut show = checkpoint(&[slide("put-eight-nodes", 68.8), slide("bytes-full-state", 7.0)], 2.0);
    let words =
        |show: &Show, id: &str| show.presentation().library().figures.shown(id).map(|shown| shown.words.to_string());
    assert_eq!(words(&show, "checkpoint-secs").as_deref(), Some("7.2\u{2009}s"));
    assert_eq!(words(&show, "sim-checkpoint").as_deref(), Some("494\u{2009}GB"));
    wait(&mut show, 8.0);
    let (bytes, secs) = saved(&show);
    assert!(close(bytes, 494e9) && (6.0..13.0).contains(&secs), "{bytes} in {secs} s");
    // What was done is written, and read back it leads to the same.
    let state = serde_json::to_string(show.presentation().state()).expect("a state is written");
    let again = Show::resume(serde_json::from_str(&state).expect("and read")).expect("and shown");
    assert_eq!(words(&again, "checkpoint-secs"), words(&show, "checkpoint-secs"));
    assert_eq!(settled_hash(&again), settled_hash(&show));
    let command = Command::from(slide("sim-loader", 50.0));
    let written = serde_json::to_string(&command).expect("a command is written");
    assert_eq!(serde_json::from_str::<Command>(&written).expect("and read"), command);
    // Beyond its ends there is nothing, and no other figure is set by hand.
    press(&mut show, slide("sim-loader", 1e9));
    assert_eq!(words(&show, "sim-loader").as_deref(), Some("400\u{2009}GB/s"));
    press(&mut show, slide("params-70b", 8.0));
    assert!(show.presentation().said().is_some_and(|said| said.contains("cannot be set by hand")));
    press(&mut show, SimCommand::SlideBack);
    let never = checkpoint(&[], 10.0);
    assert_eq!(settled_hash(&show), settled_hash(&never));
    for figure in never.presentation().library().figures.all() {
        assert_eq!(words(&show, &figure.id), words(&never, &figure.id));
    }
}
