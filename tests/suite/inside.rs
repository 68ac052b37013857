//! What is inside a deployment, from its pages: nodes, drives, buckets, APIs, and how well each page is read.

use std::fmt::Write as _;

use tierlight::signal::{ApiClass, DriveHealth, Inside, Quantity, Signal, Tier};
use tierlight::telemetry::{Endpoint, Fold, TargetKind};

const NODES: [&str; 2] = ["10.0.0.1:9000", "10.0.0.2:9000"];

fn take(fold: &mut Fold, node: &str, endpoint: &Endpoint, at_secs: f64, text: &str) {
    let mut body = fold.body(node, endpoint);
    body.feed(text.as_bytes());
    assert!(fold.take(node, endpoint, at_secs, &body.finish(), Some(1000.0)), "{endpoint:?} at {at_secs}");
}

fn requests(node: &str, gets: u32) -> String {
    let label = format!("server=\"{node}\",type=\"s3\"");
    format!(
        "minio_api_requests_traffic_sent_bytes{{{label}}} {gets}000\n\
         minio_api_requests_total{{name=\"GetObject\",{label}}} {gets}\n\
         minio_api_requests_4xx_errors_total{{name=\"GetObject\",{label}}} {}\n\
         minio_api_requests_inflight_total{{name=\"PutObject\",{label}}} 3\n\
         minio_api_requests_ttfb_seconds_distribution{{le=\"0.05\",name=\"GetObject\",{label}}} {gets}\n\
         minio_api_requests_ttfb_seconds_distribution{{le=\"+Inf\",name=\"GetObject\",{label}}} {gets}\n",
        gets / 2
    )
}

/// A node's own page: its process, and of its drives those that are named, each healing or not.
fn system(node: &str, drives: &[(&str, f64)]) -> String {
    let mut text = format!(
        "minio_system_process_uptime_seconds{{server=\"{node}\"}} 60\n\
         minio_system_process_resident_memory_bytes{{server=\"{node}\"}} 5e8\n\
         minio_system_cpu_load_perc{{server=\"{node}\"}} 25\n"
    );
    for (drive, health) in drives {
        let label = format!("drive=\"{drive}\",drive_index=\"0\",pool_index=\"0\",server=\"{node}\",set_index=\"0\"");
        let written = write!(
            text,
            "minio_system_drive_health{{{label}}} {health}\n\
             minio_system_drive_total_bytes{{{label}}} 1000\n\
             minio_system_drive_used_bytes{{{label}}} 400\n\
             minio_system_drive_api_latency_micros{{api=\"storage.CreateFile\",{label}}} 9000\n\
             minio_system_drive_api_latency_micros{{api=\"storage.DiskInfo\",{label}}} 70000\n"
        );
        assert!(written.is_ok());
    }
    text
}

/// Two nodes with two drives each; at 20 s the second node lost one of them.
fn warm() -> Fold {
    let mut fold = Fold::new(TargetKind::Tier(Tier::T2));
    for (at_secs, gets) in [(10.0, 100), (20.0, 200)] {
        for node in NODES {
            take(&mut fold, node, &Endpoint::V3Requests, at_secs, &requests(node, gets));
            let all = [("/data/d1", 1.0), ("/data/d2", 2.0)];
            let drives = if at_secs > 15.0 && node == NODES[1] { &all[..1] } else { &all };
            take(&mut fold, node, &Endpoint::V3System, at_secs, &system(node, drives));
        }
        let version =
            |node: &str| format!("minio_software_version_info{{server=\"{node}\",version=\"2025-10-15\"}} 0\n");
        let v2 = format!("{}{}minio_cluster_nodes_online_total 2\n", version(NODES[0]), version(NODES[1]));
        take(&mut fold, NODES[0], &Endpoint::V2Cluster, at_secs + 0.1, &v2);
    }
    fold
}

#[test]
fn nodes_are_told_with_what_their_pages_say() {
    let mut fold = warm();
    for at_secs in [24.0, 26.0] {
        fold.failed(NODES[1], &Endpoint::V3Requests, at_secs);
    }
    let Inside { nodes, .. } = fold.inside();
    let told: Vec<_> = nodes.iter().map(|node| (node.name.as_str(), node.answers)).collect();
    assert_eq!(told, [(NODES[0], Some(true)), (NODES[1], Some(false))]);
    assert!(nodes.iter().all(|node| node.version.as_deref() == Some("2025-10-15")), "{nodes:?}");
    let first = &nodes[0];
    assert_eq!((first.uptime_secs, first.memory_bytes, first.load_ratio), (Some(60.0), Some(5e8), Some(0.25)));
}

#[test]
fn a_drive_that_is_told_of_no_more_is_offline_and_one_of_a_silent_node_is_unknown() {
    let mut fold = warm();
    let told = |fold: &Fold| -> Vec<(String, DriveHealth, Option<f64>)> {
        let of = |inside: Inside| inside.drives.into_iter();
        let short = |node: &str| if node == NODES[0] { "a" } else { "b" };
        of(fold.inside())
            .map(|drive| (format!("{}{}", short(&drive.node), drive.name), drive.health, drive.latency_secs))
            .collect()
    };
    let there = |name: &str, health| (name.to_owned(), health, Some(0.009));
    let gone = |name: &str, health| (name.to_owned(), health, None);
    let [healthy, healing] = [DriveHealth::Healthy, DriveHealth::Healing];
    let mut expected = vec![
        there("a/data/d1", healthy),
        there("a/data/d2", healing),
        there("b/data/d1", healthy),
        gone("b/data/d2", DriveHealth::Offline),
    ];
    assert_eq!(told(&fold), expected);
    for at_secs in [30.0, 40.0] {
        fold.failed(NODES[1], &Endpoint::V3System, at_secs);
    }
    expected[2] = gone("b/data/d1", DriveHealth::Unknown);
    expected[3] = gone("b/data/d2", DriveHealth::Unknown);
    assert_eq!(told(&fold), expected);
}

#[test]
fn apis_and_first_bytes_are_those_of_all_nodes() {
    let Inside { apis, first_bytes, .. } = warm().inside();
    let told: Vec<_> = apis
        .iter()
        .map(|api| (api.name.as_str(), api.class, api.requests_per_sec, api.errors_4xx_per_sec, api.inflight))
        .collect();
    assert_eq!(told, [("GetObject", ApiClass::Get, 20.0, 10.0, 0.0), ("PutObject", ApiClass::Put, 0.0, 0.0, 6.0)]);
    let bounds: Vec<_> = first_bytes.iter().map(|bound| (bound.within_secs, bound.requests)).collect();
    assert_eq!(bounds, [(Some(0.05), 200.0), (None, 200.0)]);
}

#[test]
fn pages_are_told_with_their_bytes_samples_and_refused_lines() {
    let mut fold = warm();
    take(&mut fold, NODES[0], &Endpoint::V3Requests, 21.0, &format!("{}rubbish {{\n", requests(NODES[0], 210)));
    fold.failed(NODES[1], &Endpoint::V3System, 30.0);
    let pages = fold.inside().pages;
    let page = |name: &str, node: &str| pages.iter().find(|page| page.page == name && page.node == node).unwrap();
    let read = page("v3 requests", NODES[0]);
    let text = requests(NODES[0], 210).len() as u64 + "rubbish {\n".len() as u64;
    assert_eq!((read.is_up, read.at_secs, read.failures), (true, 21.0, 0));
    assert_eq!((read.bytes, read.samples, read.refused_lines), (text, 6, 1));
    let lost = page("v3 system", NODES[1]);
    assert_eq!((lost.is_up, lost.at_secs, lost.failures), (false, 30.0, 1));
    assert!(lost.bytes > 0, "the last good answer's");
}

#[test]
fn buckets_are_told_with_their_tiers_and_what_each_is_asked_for() {
    let wanted = vec![(Tier::T2, vec!["lake".to_owned()]), (Tier::T3, vec!["archive*".to_owned()])];
    let mut fold = Fold::new(TargetKind::Buckets(wanted));
    let usage = "minio_cluster_usage_buckets_total_bytes{bucket=\"lake\"} 900\n\
                 minio_cluster_usage_buckets_objects_count{bucket=\"lake\"} 9\n\
                 minio_cluster_usage_buckets_total_bytes{bucket=\"archive-1\"} 50\n";
    for (at_secs, bytes) in [(10.0, 1000), (20.0, 3000)] {
        take(&mut fold, NODES[0], &Endpoint::V3Buckets, at_secs, usage);
        for node in NODES {
            let label = format!("bucket=\"lake\",server=\"{node}\",type=\"s3\"");
            // v3's bucket page calls what was received "sent".
            let text = format!(
                "minio_bucket_api_traffic_sent_bytes{{{label}}} {bytes}\n\
                 minio_bucket_api_total{{name=\"PutObject\",{label}}} {bytes}\n"
            );
            take(&mut fold, node, &Endpoint::V3Bucket("lake".to_owned()), at_secs, &text);
        }
    }
    let buckets = fold.inside().buckets;
    let told: Vec<_> = buckets
        .iter()
        .map(|row| (row.name.as_str(), row.tier, row.used_bytes, row.write_bytes_per_sec, row.requests_per_sec))
        .collect();
    let expected = [
        ("archive-1", Some(Tier::T3), Some(50.0), None, None),
        ("lake", Some(Tier::T2), Some(900.0), Some(400.0), Some(400.0)),
    ];
    assert_eq!(told, expected);
    assert_eq!(buckets[1].read_bytes_per_sec, Some(0.0));

    // A deployment that is a tier tells how large its buckets are, and is not asked for them one by one.
    let mut fold = Fold::new(TargetKind::Tier(Tier::T2));
    take(&mut fold, NODES[0], &Endpoint::V3Cluster, 10.0, usage);
    let told = fold.inside().buckets;
    assert_eq!(told.iter().map(|row| (row.used_bytes, row.tier)).next_back(), Some((Some(900.0), Some(Tier::T2))));
    assert!(fold.buckets().is_empty());
}

#[test]
fn objects_by_size_what_ilm_moved_and_how_far_replication_is_behind() {
    let sizes = |family: &str, ranges: &[(&str, u32)]| {
        let line = |(range, count): &(&str, u32)| format!("{family}{{range=\"{range}\"}} {count}\n");
        ranges.iter().map(line).collect::<String>()
    };
    let moved = |count: u32| {
        format!(
            "minio_s3_traffic_received_bytes{{server=\"a\"}} 5\n\
             minio_cluster_nodes_online_total 1\n\
             minio_node_ilm_action_count_transition_action{{server=\"a\"}} {count}\n\
             minio_cluster_ilm_transitioned_objects{{tier=\"COLD\"}} 40\n\
             minio_cluster_ilm_transitioned_objects{{tier=\"GLACIER\"}} 2\n\
             minio_cluster_ilm_transitioned_objects{{tier=\"STANDARD\"}} 642\n"
        )
    };
    let mut fold = Fold::new(TargetKind::Tier(Tier::T2));
    take(&mut fold, NODES[0], &Endpoint::V2Cluster, 5.0, &moved(100));
    let v3 = "minio_cluster_usage_objects_since_last_update_seconds 60\nminio_cluster_usage_objects_count 200\n\
              minio_cluster_usage_objects_total_bytes 4e8\nminio_cluster_health_nodes_online_count 1\n";
    let ranges = [("LESS_THAN_1024_B", 20), ("BETWEEN_64_KB_AND_256_KB", 30), ("BETWEEN_1024B_AND_1_MB", 30)];
    let large = [("BETWEEN_1_MB_AND_10_MB", 140), ("GREATER_THAN_512_MB", 10)];
    let family = "minio_cluster_usage_objects_size_distribution";
    let v3 = v3.to_owned() + &sizes(family, &ranges) + &sizes(family, &large);
    take(&mut fold, NODES[0], &Endpoint::V3Cluster, 8.0, &v3);
    let replication = "minio_replication_max_queued_count{server=\"a\"} 9\n\
                       minio_replication_last_minute_queued_bytes{server=\"a\"} 3e8\n\
                       minio_replication_current_data_transfer_rate{server=\"a\"} 1e8\n";
    take(&mut fold, NODES[0], &Endpoint::V3Replication, 9.0, replication);
    take(&mut fold, NODES[0], &Endpoint::V2Cluster, 10.0, &moved(144));
    let readings = fold.readings(11.0);
    let of = |quantity| readings.get(&Signal::tier(Tier::T2, quantity)).map(|reading| reading.value);
    let expected = [
        (Quantity::MeanObjectBytes, 2e6),
        (Quantity::SmallObjectsRatio, 0.25),
        (Quantity::ObjectsMoved, 44.0),
        (Quantity::TransitionedObjects, 42.0),
        (Quantity::ReplicationLagSecs, 3.0),
    ];
    for (quantity, value) in expected {
        assert_eq!(of(quantity), Some(value), "{quantity:?}");
    }
    let told: Vec<f64> = fold.inside().sizes.iter().map(|size| size.objects).collect();
    assert_eq!(told, [20.0, 0.0, 30.0, 0.0, 0.0, 140.0, 0.0, 0.0, 0.0, 10.0]);

    // Before 2024 the small ranges are told as their sum alone.
    let mut old = Fold::new(TargetKind::Tier(Tier::T2));
    let ranges = [("LESS_THAN_1024_B", 20), ("BETWEEN_1024_B_AND_1_MB", 30), ("BETWEEN_1_MB_AND_10_MB", 150)];
    let v2 = moved(0) + &sizes("minio_cluster_objects_size_distribution", &ranges);
    take(&mut old, NODES[0], &Endpoint::V2Cluster, 5.0, &v2);
    let small = old.readings(6.0)[&Signal::tier(Tier::T2, Quantity::SmallObjectsRatio)].value;
    assert_eq!(small, 0.25);
    // Nothing leaves: nobody knows how long it takes.
    let stuck = replication.replace(" 1e8", " 0");
    take(&mut fold, NODES[0], &Endpoint::V3Replication, 19.0, &stuck);
    assert_eq!(fold.readings(20.0).get(&Signal::tier(Tier::T2, Quantity::ReplicationLagSecs)), None);
}
