//! The lab asked as a poller would: what its pages say, against what it says it did.

use std::collections::BTreeMap;

use crate::sim::{CollectedAt, Failures, Outage, Part, Phase, SimDeployment, SimEndpoint, SimLab, SimPage, StoryEvent};

const NODES: [(SimDeployment, usize); 6] = [
    (SimDeployment::Hot, 0),
    (SimDeployment::Warm, 0),
    (SimDeployment::Warm, 1),
    (SimDeployment::Warm, 2),
    (SimDeployment::Warm, 3),
    (SimDeployment::Cold, 0),
];

const ENDPOINTS: [SimEndpoint; 14] = [
    SimEndpoint::Requests,
    SimEndpoint::Bucket("lake"),
    SimEndpoint::Cluster,
    SimEndpoint::Ilm,
    SimEndpoint::Scanner,
    SimEndpoint::Drive,
    SimEndpoint::Process,
    SimEndpoint::Cpu,
    SimEndpoint::Memory,
    SimEndpoint::Internode,
    SimEndpoint::System,
    SimEndpoint::V2Cluster,
    SimEndpoint::V2Bucket,
    SimEndpoint::V2Node,
];

fn told(at_secs: f64, phase: Phase) -> StoryEvent {
    StoryEvent { at_secs, phase: Some(phase) }
}

fn minio(deployment: SimDeployment, node: usize, endpoint: SimEndpoint) -> SimPage {
    SimPage::Minio { deployment, node, endpoint }
}

fn text(lab: &SimLab, page: SimPage, at_secs: f64) -> String {
    let mut out = String::new();
    lab.write_page(page, &page.collected_at(at_secs), &mut out);
    out
}

/// Series → value.
fn samples(text: &str) -> BTreeMap<&str, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').unwrap()).map(|(series, value)| (series, value.parse().unwrap())).collect()
}

/// The sum of a family's samples on a page.
fn total(text: &str, family: &str) -> f64 {
    let of_family = |series: &&str| series.split('{').next() == Some(family);
    samples(text).into_iter().filter(|(series, _)| of_family(series)).map(|(_, value)| value).sum()
}

/// Bytes in and out of a deployment by its nodes' v3 pages.
fn counted(lab: &SimLab, deployment: SimDeployment, at_secs: f64) -> (f64, f64) {
    let pages = (0..deployment.nodes()).map(|node| text(lab, minio(deployment, node, SimEndpoint::Requests), at_secs));
    pages.fold((0.0, 0.0), |(bytes_in, bytes_out), page| {
        (
            bytes_in + total(&page, "minio_api_requests_traffic_received_bytes"),
            bytes_out + total(&page, "minio_api_requests_traffic_sent_bytes"),
        )
    })
}

#[test]
fn a_told_checkpoint_writes_988_gb_and_then_nothing() {
    let lab = SimLab::new(5, &[told(12.0, Phase::Checkpoint)]);
    let by_truth = lab.truth_at(72.0).since(&lab.truth_at(12.0));
    assert!((by_truth.warm.bytes_in as f64 / 988e9 - 1.0).abs() < 0.01, "{by_truth:?}");
    assert_eq!(
        (by_truth.warm.bytes_out, by_truth.hot.bytes_in, by_truth.cold.bytes_in, by_truth.raw.bytes_in),
        (0, 0, 0, 0)
    );
    let by_counters = counted(&lab, SimDeployment::Warm, 72.0).0 - counted(&lab, SimDeployment::Warm, 12.0).0;
    assert_eq!(by_counters, by_truth.warm.bytes_in as f64);
    let took = (0..60).find(|&secs| lab.truth_at(12.0 + f64::from(secs)).warm == lab.truth_at(72.0).warm);
    assert!((28..=31).contains(&took.unwrap()), "{took:?}");
}

#[test]
fn each_phase_moves_what_it_says() {
    let cases = [
        (Phase::Ingest, [(0.0, 0.0), (0.0, 0.0), (11.8, 0.0), (0.0, 0.0)]),
        (Phase::Elt, [(0.0, 0.0), (0.0, 0.0), (14.0, 20.0), (0.0, 0.0)]),
        (Phase::Shuffle, [(12.0, 12.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)]),
        (Phase::Load, [(0.0, 0.0), (4.2, 34.1), (0.0, 4.2), (0.0, 0.0)]),
        (Phase::Train, [(0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0)]),
        (Phase::Checkpoint, [(0.0, 0.0), (0.0, 0.0), (34.4, 0.0), (0.0, 0.0)]),
        (Phase::Track, [(0.0, 0.0), (0.2, 0.0), (0.0, 0.0), (0.0, 0.0)]),
        (Phase::Embed, [(2.0, 3.0), (0.0, 0.0), (0.0, 6.0), (0.0, 0.0)]),
        (Phase::Export, [(0.0, 0.0), (0.0, 0.0), (5.0, 0.0), (0.0, 0.0)]),
        (Phase::Archive, [(0.0, 0.0), (0.0, 0.0), (0.0, 4.0), (8.0, 0.0)]),
        (Phase::Resume, [(0.0, 0.0), (0.0, 0.0), (0.0, 34.4), (0.0, 0.0)]),
    ];
    for (phase, expected) in cases {
        let lab = SimLab::new(1, &[told(100.0, phase)]);
        let moved = lab.truth_at(108.0).since(&lab.truth_at(102.0));
        for ((tier, bytes), (rate_in, rate_out)) in moved.tiers().into_iter().zip(expected) {
            for (bytes, rate) in [(bytes.bytes_in, rate_in), (bytes.bytes_out, rate_out)] {
                let measured = bytes as f64 / 6.0 / 1e9;
                assert!((measured - rate).abs() <= 0.02 * rate, "{} {tier}: {measured} of {rate}", phase.id());
            }
        }
    }
}

#[test]
fn silence_is_exact() {
    let lab = SimLab::new(9, &[told(0.0, Phase::Load), told(20.0, Phase::Train)]);
    assert_eq!(lab.truth_at(20.0), lab.truth_at(500.0));
    for (deployment, node) in NODES {
        let page = minio(deployment, node, SimEndpoint::Requests);
        assert_eq!(text(&lab, page, 22.0), text(&lab, page, 400.0));
        assert!(!text(&lab, page, 22.0).contains("inflight"));
    }
}

#[test]
fn the_five_minutes_before_the_story_show_life_on_three_tiers() {
    let lab = SimLab::new(2, &[]);
    let moved = lab.truth_at(0.0).since(&lab.truth_at(-300.0));
    assert!((moved.warm.bytes_in as f64 / 988e9 - 1.0).abs() < 0.01, "{moved:?}");
    assert!(moved.hot.bytes_out > 1_000_000_000_000, "{moved:?}");
    assert!(moved.cold.bytes_in > 200_000_000_000, "{moved:?}");
    let hour = lab.truth_at(0.0).since(&lab.truth_at(-3600.0));
    assert!((hour.warm.bytes_in as f64 / (5.0 * 988e9) - 1.0).abs() < 0.01, "{hour:?}");
    assert!(lab.truth_at(-5000.0).warm.bytes_in > 0);
    assert_eq!(lab.truth_at(-5000.0), lab.truth_at(-3600.0));
}

#[test]
fn the_same_question_has_the_same_answer_and_another_seed_another() {
    let story = [told(0.0, Phase::Load), told(9.0, Phase::Archive)];
    let mut differing = 0;
    for (deployment, node) in NODES {
        for endpoint in ENDPOINTS {
            let page = minio(deployment, node, endpoint);
            assert_eq!(text(&SimLab::new(4, &story), page, 13.0), text(&SimLab::new(4, &story), page, 13.0));
            differing +=
                usize::from(text(&SimLab::new(4, &story), page, 13.0) != text(&SimLab::new(5, &story), page, 13.0));
        }
    }
    assert!(differing > 20, "{differing}");
}

#[test]
fn pages_are_well_formed_and_sorted() {
    let failures = Failures::default().with(Part::Drive(3), Some(Outage { from_secs: 1.0, to_secs: 60.0 }));
    let lab = SimLab::new(4, &[told(0.0, Phase::Load), told(9.0, Phase::Archive)]).failing(failures);
    let mut pages: Vec<SimPage> = vec![SimPage::NodeExporter, SimPage::Dcgm];
    for (deployment, node) in NODES {
        pages.extend(ENDPOINTS.map(|endpoint| minio(deployment, node, endpoint)));
        pages.extend(deployment.bucket_names().map(|bucket| minio(deployment, node, SimEndpoint::Bucket(bucket))));
    }
    for page in pages {
        for at_secs in [-10.0, 12.0, 70.0] {
            check_form(&text(&lab, page, at_secs), page);
        }
    }
}

fn check_form(text: &str, page: SimPage) {
    let mut family = "";
    let mut seen: Vec<&str> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let name = help.split(' ').next().unwrap();
            assert!(family < name, "{page:?}: {name} after {family}");
            family = name;
            assert!(lines.next().unwrap().starts_with(&format!("# TYPE {family} ")), "{page:?}: {family}");
            continue;
        }
        let (series, value) = line.rsplit_once(' ').unwrap();
        assert_eq!(series.split('{').next(), Some(family), "{page:?}");
        assert!(value.parse::<f64>().is_ok(), "{page:?}: {line}");
        let is_v3 = !matches!(
            page,
            SimPage::NodeExporter
                | SimPage::Dcgm
                | SimPage::Minio { endpoint: SimEndpoint::V2Cluster | SimEndpoint::V2Bucket | SimEndpoint::V2Node, .. }
        );
        assert!(!is_v3 || value != "0", "{page:?}: {line}");
        seen.push(series);
    }
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count, "{page:?}: a series twice");
}

#[test]
fn buckets_have_their_byte_counters_swapped_in_v3_only() {
    let lab = SimLab::new(4, &[told(0.0, Phase::Ingest)]);
    let grown = |endpoint: SimEndpoint, family: &str| {
        let page = minio(SimDeployment::Warm, 0, endpoint);
        let bytes = |at_secs: f64| {
            let mut out = String::new();
            lab.write_page(page, &CollectedAt::fresh(at_secs), &mut out);
            let of_lake = samples(&out)
                .into_iter()
                .filter(|(series, _)| series.starts_with(family) && series.contains("\"lake\""));
            of_lake.map(|(_, value)| value).sum::<f64>()
        };
        bytes(20.0) - bytes(10.0)
    };
    let lake = SimEndpoint::Bucket("lake");
    assert_eq!(grown(lake, "minio_bucket_api_traffic_received_bytes"), 0.0);
    assert!(grown(lake, "minio_bucket_api_traffic_sent_bytes") > 25e9);
    assert!(grown(SimEndpoint::V2Bucket, "minio_bucket_traffic_received_bytes") > 110e9);
    assert_eq!(grown(SimEndpoint::V2Bucket, "minio_bucket_traffic_sent_bytes"), 0.0);
}

#[test]
fn caches_hold_for_their_time() {
    let every_two = CollectedAt::polled(17.0, 2.0);
    assert_eq!((every_two.traffic_secs, every_two.capacity_secs), (10.0, 0.0));
    let every_fifteen = CollectedAt::polled(30.0, 15.0);
    assert_eq!((every_fifteen.traffic_secs, every_fifteen.capacity_secs), (30.0, 0.0));
    assert_eq!(CollectedAt::polled(-50.0, 2.0).traffic_secs, -50.0);
    let lab = SimLab::new(4, &[told(0.0, Phase::Ingest)]);
    let received = |at_secs: f64| {
        let mut out = String::new();
        let page = minio(SimDeployment::Warm, 0, SimEndpoint::V2Cluster);
        lab.write_page(page, &CollectedAt::polled(at_secs, 2.0), &mut out);
        total(&out, "minio_s3_traffic_received_bytes")
    };
    assert_eq!(received(10.0), received(18.0));
    assert!(received(20.0) > received(18.0));
}

#[test]
fn a_lost_node_is_gone_at_once_and_missed_later() {
    let outage = Outage { from_secs: 100.0, to_secs: 200.0 };
    let story = [told(0.0, Phase::Ingest)];
    let lab = SimLab::new(4, &story).failing(Failures::default().with(Part::Node(2), Some(outage)));
    assert!(!lab.write_page(
        minio(SimDeployment::Warm, 2, SimEndpoint::Requests),
        &CollectedAt::fresh(101.0),
        &mut String::new()
    ));
    let peer = |at_secs: f64| text(&lab, minio(SimDeployment::Warm, 0, SimEndpoint::V2Cluster), at_secs);
    assert!(peer(104.0).contains("minio_s3_traffic_received_bytes{server=\"warm-3:9000\"}"));
    assert!(!peer(106.0).contains("warm-3:9000"));
    assert_eq!(total(&peer(106.0), "minio_cluster_nodes_offline_total"), 0.0);
    assert_eq!(total(&peer(121.0), "minio_cluster_nodes_offline_total"), 1.0);
    let cluster = |at_secs: f64| text(&lab, minio(SimDeployment::Warm, 0, SimEndpoint::Cluster), at_secs);
    assert!(!cluster(119.0).contains("minio_cluster_health_nodes_offline_count"));
    assert_eq!(total(&cluster(121.0), "minio_cluster_health_nodes_offline_count"), 1.0);
    assert_eq!(total(&cluster(121.0), "minio_cluster_health_drives_online_count"), 6.0);
    assert_eq!(total(&cluster(121.0), "minio_cluster_erasure_set_write_tolerance"), 1.0);
    // The others take its share, and it counts from zero when it is back.
    let during = counted(&lab, SimDeployment::Warm, 190.0).0 - counted(&lab, SimDeployment::Warm, 110.0).0;
    let truth = lab.truth_at(190.0).since(&lab.truth_at(110.0));
    assert_eq!(during, truth.warm.bytes_in as f64);
    let back = text(&lab, minio(SimDeployment::Warm, 2, SimEndpoint::Requests), 210.0);
    let all_since = lab.truth_at(210.0).since(&lab.truth_at(200.0)).warm.bytes_in as f64;
    let its_part = total(&back, "minio_api_requests_traffic_received_bytes");
    assert!((its_part / all_since - 0.25).abs() < 0.01, "{its_part} of {all_since}");
    assert_eq!(
        lab.started_unix_secs(SimDeployment::Warm, 2, 210.0) - lab.started_unix_secs(SimDeployment::Warm, 2, 90.0),
        200.0 + 3600.0 + 777_600.0 - 2.0
    );
}

#[test]
fn without_write_quorum_the_lake_reads_and_does_not_write() {
    let outage = Some(Outage { from_secs: 100.0, to_secs: 300.0 });
    let failures = Failures::default().with(Part::Node(1), outage).with(Part::Node(2), outage);
    let mut lab = SimLab::new(4, &[told(0.0, Phase::Elt)]).failing(failures);
    for at_secs in [100.0, 300.0] {
        lab.notice_failures(at_secs);
    }
    let during = lab.truth_at(290.0).since(&lab.truth_at(110.0)).warm;
    assert_eq!(during.bytes_in, 0);
    assert!((during.bytes_out as f64 / (20.0e9 * 180.0) - 1.0).abs() < 0.02, "{during:?}");
    let cluster = |at_secs: f64| text(&lab, minio(SimDeployment::Warm, 0, SimEndpoint::Cluster), at_secs);
    assert_eq!(total(&cluster(181.0), "minio_cluster_erasure_set_online_drives_count"), 4.0);
    assert!(!cluster(181.0).contains("minio_cluster_erasure_set_overall_health "));
    assert!(cluster(181.0).contains("minio_cluster_erasure_set_read_health"));
    // What is asked of them meanwhile they refuse, four times a second, and count it as an error of their own.
    let refused = |node: usize, at_secs: f64| {
        let page = text(&lab, minio(SimDeployment::Warm, node, SimEndpoint::Requests), at_secs);
        total(&page, "minio_api_requests_5xx_errors_total")
    };
    assert_eq!([0, 3].map(|node| refused(node, 110.0)), [20.0, 20.0]);
    assert_eq!([0, 3].map(|node| refused(node, 340.0)), [400.0, 400.0]);
    let v2 = text(&lab, minio(SimDeployment::Warm, 0, SimEndpoint::V2Cluster), 340.0);
    assert_eq!(total(&v2, "minio_s3_requests_5xx_errors_total"), 800.0);
    // The two that are left share what is read; those that were gone count from zero.
    let counted = |node: usize, at_secs: f64| {
        total(
            &text(&lab, minio(SimDeployment::Warm, node, SimEndpoint::Requests), at_secs),
            "minio_api_requests_traffic_sent_bytes",
        )
    };
    let shared: f64 = [0, 3].map(|node| counted(node, 290.0) - counted(node, 110.0)).iter().sum();
    assert_eq!(shared, during.bytes_out as f64);
    let since_back = lab.truth_at(340.0).since(&lab.truth_at(300.0)).warm;
    assert!(since_back.bytes_in > 0);
    assert!((counted(1, 340.0) / since_back.bytes_out as f64 - 0.25).abs() < 0.01);
}

#[test]
fn a_network_that_is_slow_carries_a_tenth_and_one_that_is_cut_nothing() {
    let slow = Some(Outage { from_secs: 100.0, to_secs: 200.0 });
    let cut = Some(Outage { from_secs: 200.0, to_secs: 300.0 });
    let failures = Failures::default().with(Part::FastNetwork, slow).with(Part::Network, cut);
    let mut lab = SimLab::new(4, &[told(0.0, Phase::Load)]).failing(failures.clone());
    for at_secs in failures.times() {
        lab.notice_failures(at_secs);
    }
    let moved = |from: f64, to: f64| lab.truth_at(to).since(&lab.truth_at(from));
    let close = |bytes: u64, expected: f64| assert!((bytes as f64 / expected - 1.0).abs() < 0.03, "{bytes} {expected}");
    close(moved(110.0, 190.0).warm.bytes_out, 0.42e9 * 80.0);
    close(moved(110.0, 190.0).hot.bytes_in, 0.42e9 * 80.0);
    close(moved(110.0, 290.0).hot.bytes_out, 34.1e9 * 180.0);
    assert_eq!(moved(205.0, 295.0).warm.bytes_out, 0);
    close(moved(310.0, 390.0).warm.bytes_out, 4.2e9 * 80.0);
    let answers = |at_secs: f64| lab.answers(SimDeployment::Warm, 0, at_secs);
    assert!(answers(150.0) && !answers(250.0) && answers(300.0));
    let since_secs = lab.started_unix_secs(SimDeployment::Warm, 0, 90.0);
    assert_eq!(lab.started_unix_secs(SimDeployment::Warm, 0, 310.0), since_secs, "its nodes ran on");
}

#[test]
fn a_lost_drive_has_no_health_and_heals() {
    let outage = Some(Outage { from_secs: 100.0, to_secs: 400.0 });
    let lab = SimLab::new(4, &[]).failing(Failures::default().with(Part::Drive(3), outage));
    let drives = |at_secs: f64| text(&lab, minio(SimDeployment::Warm, 3, SimEndpoint::Drive), at_secs);
    assert_eq!(total(&drives(119.0), "minio_system_drive_health"), 2.0);
    assert_eq!(total(&drives(121.0), "minio_system_drive_health"), 1.0);
    assert!(!drives(121.0).contains("minio_system_drive_health{drive=\"/data/d01\""));
    let cluster = |at_secs: f64| text(&lab, minio(SimDeployment::Warm, 0, SimEndpoint::Cluster), at_secs);
    assert_eq!(total(&cluster(121.0), "minio_cluster_health_drives_offline_count"), 1.0);
    assert_eq!(total(&cluster(121.0), "minio_cluster_erasure_set_write_tolerance"), 2.0);
    assert_eq!(total(&cluster(421.0), "minio_cluster_erasure_set_healing_drives_count"), 1.0);
    assert_eq!(total(&cluster(421.0), "minio_cluster_erasure_set_write_tolerance"), 4.0);
    assert!(!cluster(481.0).contains("healing"));
}

#[test]
fn gpus_are_busy_but_for_the_burst() {
    let lab = SimLab::new(4, &[told(0.0, Phase::Checkpoint)]);
    let busy = |at_secs: f64| total(&text(&lab, SimPage::Dcgm, at_secs), "DCGM_FI_DEV_GPU_UTIL") / 8.0;
    assert!((4.0..=13.0).contains(&busy(10.0)), "{}", busy(10.0));
    assert!((96.0..=100.0).contains(&busy(40.0)), "{}", busy(40.0));
}

#[test]
fn ilm_moves_objects_to_cold_without_an_s3_read_on_warm() {
    let lab = SimLab::new(4, &[told(0.0, Phase::Archive)]);
    let page = minio(SimDeployment::Warm, 0, SimEndpoint::V2Cluster);
    let done = |at_secs: f64| total(&text(&lab, page, at_secs), "minio_node_ilm_action_count_transition_action");
    let per_sec = (done(60.0) - done(15.0)) / 45.0;
    assert!((per_sec * 134_217_728.0 / 4.0e9 - 1.0).abs() < 0.03, "{per_sec}");
    assert!(
        total(&text(&lab, minio(SimDeployment::Warm, 1, SimEndpoint::Ilm), 30.0), "minio_ilm_transition_active_tasks")
            > 0.0
    );
}

#[test]
fn counters_never_fall() {
    let story =
        [told(0.0, Phase::Load), told(7.0, Phase::Checkpoint), told(50.0, Phase::Archive), told(70.0, Phase::Elt)];
    let lab = SimLab::new(4, &story);
    for (deployment, node) in NODES {
        let page = minio(deployment, node, SimEndpoint::Requests);
        let mut last: BTreeMap<String, f64> = BTreeMap::new();
        for poll in 0..60 {
            let text = text(&lab, page, -20.0 + 2.0 * f64::from(poll));
            let now: BTreeMap<String, f64> =
                samples(&text).into_iter().map(|(series, value)| (series.to_owned(), value)).collect();
            for (series, value) in last.iter().filter(|(series, _)| !series.contains("inflight")) {
                assert!(now.get(series).is_some_and(|now| now >= value), "{series}");
            }
            last = now;
        }
    }
}
