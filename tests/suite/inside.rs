//! What is inside a deployment, from its pages: nodes, drives, buckets, APIs, and how well each page is read.

use std::fmt::Write as _;

use tierlight::signal::{ApiClass, DriveHealth, Inside, Tier};
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
