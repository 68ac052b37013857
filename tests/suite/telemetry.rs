//! Scrapes in, readings expected: small cases as text, captured labs as folders, and bodies damaged at random.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tierlight::commands::fold::{FoldedCapture, fold_capture};
use tierlight::signal::{Moved, Quantity, Readings, Signal, Tier};
use tierlight::telemetry::exposition::{Parser, Refused, Sample, Visitor};
use tierlight::telemetry::{Endpoint, Fold, TargetKind};

/// Runs a script against a target. A line is either a scrape, `SECONDS NODE PAGE WORD…`, or an expectation,
/// `SECONDS = SIGNAL:VALUE…`, where `-` is no reading. For a scrape, `failed` stands for no answer and `refused` for one that is no page. Pages and words: [`page`].
#[track_caller]
fn check(kind: &TargetKind, script: &str) {
    let mut fold = Fold::new(kind.clone());
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<_> = line.split_whitespace().collect();
        let at_secs = words[0].parse().unwrap();
        match words[1..] {
            ["=", ref expected @ ..] => expect(&fold.readings(at_secs), line, expected),
            [node, page, "failed"] => fold.failed(node, &endpoint(page), at_secs),
            [node, page, "refused"] => fold.refused(node, &endpoint(page), at_secs),
            [node, page, ref words @ ..] => scrape(&mut fold, at_secs, (node, page), words),
            _ => panic!("{line}"),
        }
    }
}

#[track_caller]
fn expect(readings: &Readings, line: &str, expected: &[&str]) {
    for word in expected {
        let (name, value) = word.split_once(':').unwrap();
        let reading = readings.iter().find(|(signal, _)| format!(".{signal}").ends_with(&format!(".{name}")));
        let text =
            reading.map_or("-".to_owned(), |(_, reading)| format!("{}", (reading.value * 1000.0).round() / 1000.0));
        assert_eq!(text, value, "{name} in: {line}");
    }
}

fn scrape(fold: &mut Fold, at_secs: f64, (node, page): (&str, &str), words: &[&str]) {
    let endpoint = endpoint(page);
    let start = words.iter().find_map(|word| word.strip_prefix("process=")).map(|start| start.parse().unwrap());
    let mut body = fold.body(node, &endpoint);
    body.feed(page_text(page, node, words).as_bytes());
    fold.take(node, &endpoint, at_secs, &body.finish(), start);
}

fn endpoint(page: &str) -> Endpoint {
    match page.split_once('/') {
        Some(("bucket", bucket)) => Endpoint::V3Bucket(bucket.to_owned()),
        _ => match page {
            "v3" => Endpoint::V3Requests,
            "v3-cluster" => Endpoint::V3Cluster,
            "v2" => Endpoint::V2Cluster,
            "v2-bucket" => Endpoint::V2Bucket,
            "v2-node" => Endpoint::V2Node,
            "v3-system" => Endpoint::V3System,
            "v3-process" => Endpoint::V3Process,
            "v3-ilm" => Endpoint::V3Ilm,
            "v3-replication" => Endpoint::V3Replication,
            _ => Endpoint::Exporter,
        },
    }
}

/// The text of a page from words such as `in=500`, `n2/in=500` (a server or bucket other than the page's own) or
/// `PutObject=3` (requests).
fn page_text(page: &str, node: &str, words: &[&str]) -> String {
    let mut text = String::new();
    for (key, value) in words.iter().filter_map(|word| word.split_once('=')).filter(|(key, _)| *key != "process") {
        let (of, key) = key.rsplit_once('/').unwrap_or((node, key));
        let bucket = page.strip_prefix("bucket/").unwrap_or(of);
        let line = match page {
            "v3" => v3_line(key, of),
            "v2" => v2_line(key, of),
            "v3-cluster" => v3_cluster_line(key),
            "v2-bucket" => v2_bucket_line(key, bucket),
            "v2-node" => v2_node_line(key, of),
            "v3-system" => v3_system_line(key, of),
            "v3-process" => format!("minio_system_process_io_{key}_bytes{{server=\"{of}:9000\"}}"),
            "v3-ilm" => format!("minio_ilm_transition_{key}_tasks{{server=\"{of}:9000\"}}"),
            "v3-replication" => format!("minio_replication_{key}{{server=\"{of}:9000\"}}"),
            "disks" => format!("node_{key}{{device=\"{of}\"}}"),
            "gpus" => format!("DCGM_FI_{key}{{gpu=\"{of}\",UUID=\"GPU-{of}\"}}"),
            _ => v3_bucket_line(key, bucket, node),
        };
        writeln!(text, "{line} {value}").unwrap();
    }
    text
}

fn v3_line(key: &str, server: &str) -> String {
    let family = match key {
        "in" => "traffic_received_bytes{",
        "out" => "traffic_sent_bytes{",
        "4xx" => "4xx_errors_total{name=\"GetObject\",",
        "5xx" => "5xx_errors_total{name=\"GetObject\",",
        "running" => "inflight_total{name=\"PutObject\",",
        "reading" => "inflight_total{name=\"GetObject\",",
        "listening" => "inflight_total{name=\"ListenNotification\",",
        "canceled" => "canceled_total{name=\"GetObject\",",
        bound if bound.starts_with("get<") || bound.starts_with("put<") => {
            let api = if bound.starts_with("get") { "GetObject" } else { "PutObject" };
            let le = &bound[4..];
            return format!(
                "minio_api_requests_ttfb_seconds_distribution{{le=\"{le}\",name=\"{api}\",server=\"{server}:9000\"}}"
            );
        }
        api => return format!("minio_api_requests_total{{name=\"{api}\",server=\"{server}:9000\",type=\"s3\"}}"),
    };
    format!("minio_api_requests_{family}server=\"{server}:9000\",type=\"s3\"}}")
}

fn v2_line(key: &str, server: &str) -> String {
    let family = match key {
        "in" => "minio_s3_traffic_received_bytes{",
        "out" => "minio_s3_traffic_sent_bytes{",
        "start" => "minio_node_process_starttime_seconds{",
        "moved" => "minio_node_ilm_action_count_transition_action{",
        "versions-moved" => "minio_node_ilm_action_count_transition_version_action{",
        "nodes" => "minio_cluster_nodes_online_total{",
        "nodes-offline" => "minio_cluster_nodes_offline_total{",
        "drives" => "minio_cluster_drive_total{",
        "drives-online" => "minio_cluster_drive_online_total{",
        "total" => "minio_cluster_capacity_usable_total_bytes{",
        "free" => "minio_cluster_capacity_usable_free_bytes{",
        "set-online" => "minio_cluster_health_erasure_set_online_drives{pool=\"0\",set=\"0\",",
        "set-healing" => "minio_cluster_health_erasure_set_healing_drives{pool=\"0\",set=\"0\",",
        "set-quorum" => "minio_cluster_health_erasure_set_write_quorum{pool=\"0\",set=\"0\",",
        "objects" => "minio_cluster_usage_object_total{",
        "age-ns" => "minio_usage_last_activity_nano_seconds{",
        "raw" => "minio_cluster_capacity_raw_total_bytes{",
        "written" => "minio_node_io_write_bytes{",
        "cpu" => "minio_node_process_cpu_total_seconds{",
        "memory" => "minio_node_process_resident_memory_bytes{",
        "uptime" => "minio_node_process_uptime_seconds{",
        "between-sent" => "minio_inter_node_traffic_sent_bytes{",
        "between-received" => "minio_inter_node_traffic_received_bytes{",
        "pending" => "minio_node_ilm_transition_pending_tasks{",
        "active" => "minio_node_ilm_transition_active_tasks{",
        bound if bound.starts_with("get<") => {
            let le = &bound[4..];
            return format!(
                "minio_s3_requests_ttfb_seconds_distribution{{api=\"getobject\",le=\"{le}\",server=\"{server}:9000\"}}"
            );
        }
        api => return format!("minio_s3_requests_total{{api=\"{api}\",server=\"{server}:9000\"}}"),
    };
    format!("{family}server=\"{server}:9000\"}}")
}

fn v3_cluster_line(key: &str) -> String {
    let name = match key {
        "nodes" => "health_nodes_online_count",
        "nodes-offline" => "health_nodes_offline_count",
        "drives" => "health_drives_count",
        "drives-online" => "health_drives_online_count",
        "total" => "health_capacity_usable_total_bytes",
        "free" => "health_capacity_usable_free_bytes",
        other => panic!("{other}"),
    };
    format!("minio_cluster_{name}")
}

fn v3_system_line(key: &str, server: &str) -> String {
    let drive = |family: &str| format!("minio_system_drive_{family}{{drive=\"/d1\",server=\"{server}:9000\"}}");
    let name = match key {
        "up" => "process_uptime_seconds",
        "start" => "process_start_time_seconds",
        "cpu" => "process_cpu_total_seconds",
        "memory" => "process_resident_memory_bytes",
        "read" => "process_io_read_bytes",
        "written" => "process_io_write_bytes",
        "sent" => "network_internode_sent_bytes_total",
        "received" => "network_internode_recv_bytes_total",
        "load" => "cpu_load_perc",
        "health" => return drive("health"),
        "waiting" => return drive("waiting_io"),
        "failed" => return drive("availability_errors_total"),
        operation => {
            return format!(
                "minio_system_drive_api_latency_micros{{api=\"storage.{operation}\",drive=\"/d1\",server=\"{server}:9000\"}}"
            );
        }
    };
    format!("minio_system_{name}{{server=\"{server}:9000\"}}")
}

fn v2_node_line(key: &str, server: &str) -> String {
    let name = match key {
        "waiting" => "drive_io_waiting",
        "failed" => "drive_errors_availability",
        "backlog" => "replication_recent_backlog_count",
        "ever" => "replication_max_queued_count",
        operation => {
            return format!(
                "minio_node_drive_latency_us{{api=\"storage.{operation}\",drive=\"/d1\",server=\"{server}:9000\"}}"
            );
        }
    };
    format!("minio_node_{name}{{drive=\"/d1\",server=\"{server}:9000\"}}")
}

fn v3_bucket_line(key: &str, bucket: &str, server: &str) -> String {
    let name = match key {
        "received" => "traffic_received_bytes",
        "sent" => "traffic_sent_bytes",
        "help-sent" => return "# HELP minio_bucket_api_traffic_sent_bytes Total number of".to_owned(),
        other => panic!("{other}"),
    };
    format!("minio_bucket_api_{name}{{bucket=\"{bucket}\",server=\"{server}:9000\",type=\"s3\"}}")
}

fn v2_bucket_line(key: &str, bucket: &str) -> String {
    let name = match key {
        "in" => "traffic_received_bytes",
        "out" => "traffic_sent_bytes",
        "used" => "usage_total_bytes",
        "quota" => "quota_total_bytes",
        other => panic!("{other}"),
    };
    format!("minio_bucket_{name}{{bucket=\"{bucket}\",server=\"n1:9000\"}}")
}

fn warm() -> TargetKind {
    TargetKind::Tier(Tier::T2)
}

fn buckets() -> TargetKind {
    TargetKind::Buckets(vec![
        (Tier::T2, vec!["lake".to_owned(), "ckpt*".to_owned()]),
        (Tier::T3, vec!["archive-*".to_owned()]),
    ])
}

#[test]
fn a_rate_needs_two_scrapes_and_follows_the_counter() {
    check(
        &warm(),
        "0 n1 v3 in=7000000
         0 = write_bytes_per_sec:- requests_inflight:0
         2 n1 v3 in=7000500 PutObject=4
         2 = write_bytes_per_sec:250 read_bytes_per_sec:0 requests_per_sec:2 errors_per_sec:0
         4 n1 v3 in=7000500 PutObject=4 4xx=1 5xx=2 running=3 listening=9
         4 = write_bytes_per_sec:0 requests_per_sec:0 errors_per_sec:1.5 requests_inflight:3",
    );
}

#[test]
fn bytes_since_the_first_look_go_on_through_a_restart() {
    check(
        &warm(),
        "0 n1 v3 process=100 in=500 out=90
         2 n1 v3 process=100 in=700 out=90
         2 = written_bytes:200 read_bytes:0
         4 n1 v3 process=900 in=60 out=10
         4 = written_bytes:260 read_bytes:10",
    );
}

#[test]
fn requests_by_what_they_do_and_by_how_they_end() {
    check(
        &warm(),
        "0 n1 v3 GetObject=1
         2 n1 v3 GetObject=5 PutObjectPart=6 PutObject=2 ListObjectsV2=4 HeadObject=8 ListenNotification=2 canceled=3
         2 = get_requests_per_sec:2 put_requests_per_sec:4 list_requests_per_sec:2 other_requests_per_sec:5
         2 = requests_per_sec:13 canceled_per_sec:1.5
         4 n1 v3 GetObject=5 PutObjectPart=6 PutObject=2 ListObjectsV2=4 HeadObject=8 ListenNotification=2 canceled=3
         4 = get_requests_per_sec:0 canceled_per_sec:0",
    );
    check(
        &warm(),
        "0 n1 v2 in=0 out=0 getobject=0 listobjectsv2=0 putobjectpart=0 headobject=0
         15 n1 v2 in=0 out=0 getobject=30 listobjectsv2=15 putobjectpart=60 headobject=45
         15 = get_requests_per_sec:2 put_requests_per_sec:4 list_requests_per_sec:1 other_requests_per_sec:3",
    );
}

#[test]
fn time_to_first_byte_is_that_of_the_last_minutes_gets() {
    // Both nodes together; an upload's is none; what was before the first look counts for nothing.
    check(
        &warm(),
        "0 n1 v3 get<+Inf=1000 get<0.050=10 get<10.000=1000
         0 n2 v3
         0 = ttfb_p50_secs:- ttfb_under_50ms_ratio:-
         2 n1 v3 get<+Inf=1060 get<0.050=70 get<10.000=1060 put<+Inf=500 put<10.000=500
         2 n2 v3 get<+Inf=40 get<0.100=30 get<0.250=40
         2 = ttfb_under_50ms_ratio:0.6 ttfb_p50_secs:0.042
         4 n1 v3 get<+Inf=1060 get<0.050=70 get<10.000=1060 put<+Inf=500 put<10.000=500
         4 n2 v3 get<+Inf=40 get<0.100=30 get<0.250=40
         4 = ttfb_under_50ms_ratio:0.6
         63 n1 v3 get<+Inf=1060 get<0.050=70 get<10.000=1060 put<+Inf=500 put<10.000=500
         63 n2 v3 get<+Inf=40 get<0.100=30 get<0.250=40
         63 = ttfb_under_50ms_ratio:- ttfb_p50_secs:- ttfb_p90_secs:- ttfb_p99_secs:-
         64 n1 v3 get<+Inf=1062 get<0.050=70 get<10.000=1060 put<+Inf=500 put<10.000=500
         64 n2 v3 get<+Inf=40 get<0.100=30 get<0.250=40
         64 = ttfb_under_50ms_ratio:0 ttfb_p90_secs:10 ttfb_p99_secs:10",
    );
    check(
        &warm(),
        "0 n1 v2 in=0 out=0 get<0.050=5 get<+Inf=9
         15 n1 v2 in=0 out=0 get<0.050=15 get<+Inf=19
         15 = ttfb_under_50ms_ratio:1 ttfb_p50_secs:0.025",
    );
}

#[test]
fn what_servers_say_of_themselves() {
    check(
        &warm(),
        "0 n1 v3-cluster nodes=2
         0 n1 v3
         0 n2 v3
         0 n1 v3-system up=900 cpu=50 memory=4000 read=100 written=700 sent=1 received=5 load=50 health=1 CreateFile=9000 DiskInfo=99000
         0 = uptime_secs:- drive_latency_secs:-
         0 n2 v3-system up=800 cpu=60 memory=5000 written=900 received=9 load=150 health=1 waiting=3 ReadFileStream=2000
         0 = uptime_secs:800 memory_used_bytes:9000 cpu_ratio:1 drive_latency_secs:0.009 drive_waiting_ios:3
         0 = cpu_cores:- disk_write_bytes_per_sec:- drive_errors_per_sec:-
         10 n1 v3-system up=910 cpu=70 memory=4000 read=100 written=1700 sent=21 received=35 load=50 health=1
         10 n2 v3-system up=810 cpu=65 memory=5000 written=900 received=29 load=150 health=1 failed=5
         10 = cpu_cores:2.5 disk_write_bytes_per_sec:100 disk_read_bytes_per_sec:0 internode_bytes_per_sec:7
         10 = drive_latency_secs:- drive_waiting_ios:0",
    );
    // v2's page of all servers where the nodes have no page of their own.
    check(
        &warm(),
        "0 n1 v2 n1/cpu=50 n2/cpu=60 n1/memory=4000 n2/memory=5000 n1/uptime=9 n2/uptime=8 n1/written=0 raw=800 total=400
         15 n1 v2 n1/cpu=65 n2/cpu=75 n1/memory=4000 n2/memory=5000 n1/uptime=9 n2/uptime=8 n1/written=30 raw=800 total=400
         15 = cpu_cores:2 memory_used_bytes:9000 uptime_secs:8 disk_write_bytes_per_sec:2 raw_bytes:800 capacity_bytes:400
         15 = internode_bytes_per_sec:- cpu_ratio:- drive_latency_secs:-",
    );
}

#[test]
fn two_counters_of_one_meaning_add_up() {
    check(
        &warm(),
        "0 n1 v2 in=0 out=0 moved=10 versions-moved=1000
         15 n1 v2 in=0 out=0 moved=40 versions-moved=1015
         15 = transitions_per_sec:3",
    );
}

#[test]
fn a_restart_is_counted_once_however_many_pages_tell_of_it() {
    check(
        &warm(),
        "0 n1 v2 n1/start=100 n2/start=100 n1/in=500 n2/in=500 n1/out=0 n2/out=0
         0 n1 v3-system start=100 cpu=50 up=20
         0 = restarts_seen:0
         15 n1 v3-system start=110 cpu=2 up=5
         15 = restarts_seen:1 uptime_secs:5
         20 n1 v2 n1/start=110 n2/start=100 n1/in=5 n2/in=500 n1/out=0 n2/out=0
         20 = restarts_seen:1
         35 n1 v2 n1/start=110 n2/start=130 n1/in=5 n2/in=0 n1/out=0 n2/out=0
         35 = restarts_seen:2",
    );
}

#[test]
fn what_waits_in_the_background() {
    check(
        &warm(),
        "0 n1 v3-cluster nodes=1
         0 n1 v3-ilm
         0 = transitions_pending:0 transitions_running:0
         5 n1 v3-ilm pending=40 active=4
         5 = transitions_pending:40 transitions_running:4
         8 n1 v3-ilm
         8 = transitions_pending:0 transitions_running:0
         10 n1 v3-replication
         10 = replication_backlog:-
         20 n1 v3-replication recent_backlog_count=7 max_queued_count=9
         20 = replication_backlog:7
         30 n1 v3-replication max_queued_count=9
         30 = replication_backlog:0",
    );
    check(
        &warm(),
        "0 n1 v2 nodes=2 n1/pending=3 n2/pending=4 n1/active=0 n2/active=1
         0 = transitions_pending:7 transitions_running:1
         0 n1 v2-node waiting=2 failed=0 CreateFile=8000 backlog=0 ever=0
         0 = drive_waiting_ios:-
         0 n2 v2-node waiting=1 failed=0 CreateFile=3000 backlog=0 ever=0
         0 = drive_waiting_ios:3 drive_latency_secs:0.008 replication_backlog:-",
    );
}

#[test]
fn what_v3_leaves_out_is_zero() {
    check(
        &warm(),
        "0 n1 v3
         2 n1 v3
         2 = write_bytes_per_sec:0 read_bytes_per_sec:0
         4 n1 v3 out=800
         4 = write_bytes_per_sec:0 read_bytes_per_sec:400",
    );
}

#[test]
fn the_first_upload_of_a_server_stands_over_the_time_it_ran_too() {
    check(
        &warm(),
        "0 n1 v3
         1 n1 v3
         2 n1 v3 running=1
         3 n1 v3 running=1
         4 n1 v3 running=1
         5 n1 v3 in=350
         5 = write_bytes_per_sec:100",
    );
}

#[test]
fn a_reset_brings_what_was_counted_anew() {
    check(
        &warm(),
        "0 n1 v3 in=5000
         2 n1 v3 in=6000
         4 n1 v3 in=300
         4 = write_bytes_per_sec:150",
    );
}

#[test]
fn a_restart_is_told_by_the_process_and_leaves_no_spike() {
    check(
        &warm(),
        "0 n1 v3 process=100 in=5000 out=70
         2 n1 v3 process=100 in=6000 out=70
         4 n1 v3 failed
         6 n1 v3 failed
         6 = write_bytes_per_sec:500
         12 n1 v3 process=108 in=8000
         12 = write_bytes_per_sec:1333.333 read_bytes_per_sec:0
         14 n1 v3 process=108 in=8000 out=60
         14 = write_bytes_per_sec:0 read_bytes_per_sec:30",
    );
}

#[test]
fn a_counter_that_falls_without_a_restart_is_not_believed() {
    check(
        &warm(),
        "0 n1 v3 process=100 in=5000000
         2 n1 v3 process=100 in=5000400
         4 n1 v3 process=100 in=2500300
         4 = write_bytes_per_sec:200
         6 n1 v3 process=100 in=5000800
         6 = write_bytes_per_sec:100
         8 n1 v3 in=2500300
         8 = write_bytes_per_sec:100",
    );
}

#[test]
fn wrong_counters_for_half_a_minute_and_right_ones_again_are_no_spike() {
    let mut script = String::new();
    for at_secs in 0..60_u64 {
        let right = 5_000_000 + 400 * at_secs;
        // A proxy's wrong answers do not tell of the process.
        let is_wrong = (10..40).contains(&at_secs);
        let told = if is_wrong { format!("in={}", right / 2) } else { format!("process=100 in={right}") };
        writeln!(script, "{at_secs} n1 v3 {told}").unwrap();
        // The last good ones stay in use, and what moved meanwhile is told with the second of the right ones: the first has
        // but a mean over all that time.
        let is_unknown = matches!(at_secs, 0 | 40);
        let rate = if is_unknown { "-" } else { "400" };
        writeln!(script, "{at_secs} = write_bytes_per_sec:{rate} written_bytes:{}", {
            let known_secs = if is_wrong { 9 } else { at_secs };
            if is_unknown { "-".to_owned() } else { (400 * known_secs).to_string() }
        })
        .unwrap();
    }
    check(&warm(), &script);
}

/// The wrong ones grow beyond the last right ones, and are wrong still.
#[test]
fn wrong_counters_of_a_young_server_are_never_believed() {
    let mut script = String::new();
    for at_secs in 0..90_u64 {
        let is_wrong = (10..60).contains(&at_secs);
        let part = if is_wrong { 2 } else { 1 };
        let (bytes, requests) = (1000 * at_secs / part, 10 * at_secs / part);
        writeln!(script, "{at_secs} n1 v3 process=100 in={bytes} out={bytes} PutObject={requests}").unwrap();
        if at_secs == 60 {
            writeln!(script, "{at_secs} = write_bytes_per_sec:- requests_per_sec:-").unwrap();
        } else if at_secs > 0 {
            let known_secs = if is_wrong { 9 } else { at_secs };
            let bytes = 1000 * known_secs;
            writeln!(script, "{at_secs} = write_bytes_per_sec:1000 written_bytes:{bytes} requests_per_sec:10").unwrap();
        }
    }
    check(&warm(), &script);
}

#[test]
fn the_wrong_page_of_a_cluster_is_not_taken_either() {
    check(
        &warm(),
        "0 n1 v2 n1/in=0 n2/in=0 n1/out=0 n2/out=0 n1/start=100 n2/start=100 n1/uptime=1000
         10 n1 v2 n1/in=1000 n2/in=1000 n1/out=0 n2/out=0 n1/start=100 n2/start=100 n1/uptime=1010
         10 = write_bytes_per_sec:200 uptime_secs:1010
         20 n1 v2 n1/in=500 n2/in=500 n1/out=0 n2/out=0 n1/start=100 n2/start=100 n1/uptime=510
         20 = write_bytes_per_sec:200 uptime_secs:1010
         30 n1 v2 n1/in=3000 n2/in=3000 n1/out=0 n2/out=0 n1/start=100 n2/start=100 n1/uptime=1030
         30 = write_bytes_per_sec:200 uptime_secs:1030",
    );
}

#[test]
fn a_node_that_runs_and_does_not_tell_makes_the_nodes_sum_a_part() {
    let cluster = |bytes: u64| format!("n1/in={bytes} n2/in={} n1/out=0 n2/out=0 nodes=2 nodes-offline=0", 3 * bytes);
    let script = format!(
        "0 n1 v2 {}
         0 n1 v3 in=0
         0 n2 v3 in=0
         1 n1 v3 in=100
         1 n2 v3 in=300
         1 = write_bytes_per_sec:400
         2 n1 v3 in=200
         2 n2 v3 refused
         2 = write_bytes_per_sec:400
         3 n1 v3 in=300
         3 n2 v3 refused
         3 = write_bytes_per_sec:- nodes_online:2
         10 n1 v2 {}
         10 n1 v3 in=1000
         10 n2 v3 refused
         10 = write_bytes_per_sec:400 nodes_online:2
         11 n1 v3 in=1100
         11 n2 v3 in=3300
         11 = write_bytes_per_sec:400 written_bytes:4400",
        cluster(0),
        cluster(1000)
    );
    check(&warm(), &script);
    // One that is gone serves nobody: the others are all there is.
    check(
        &warm(),
        &script
            .replace("refused", "failed")
            .lines()
            .take(11)
            .collect::<Vec<_>>()
            .join("\n")
            .replace("3 = write_bytes_per_sec:- nodes_online:2", "3 = write_bytes_per_sec:100 nodes_online:1"),
    );
}

#[test]
fn bytes_are_told_once_while_the_cluster_tells_for_a_node() {
    let mut fold = Fold::new(warm());
    let (mut moved, mut last) = (0.0, 0.0);
    for second in 0..40_u32 {
        let (at_secs, count) = (f64::from(second), f64::from(second) * 100.0);
        scrape(&mut fold, at_secs, ("n1", "v3"), &[&format!("in={count}")]);
        if (10..30).contains(&second) {
            fold.refused("n2", &Endpoint::V3Requests, at_secs);
        } else {
            scrape(&mut fold, at_secs, ("n2", "v3"), &[&format!("in={}", 3.0 * count)]);
        }
        if second.is_multiple_of(5) {
            // From a cache of ten seconds.
            let cached = (count / 1000.0).floor() * 1000.0;
            let words = [format!("n1/in={cached}"), format!("n2/in={}", 3.0 * cached), "nodes=2".to_owned()];
            let words = words.each_ref().map(String::as_str);
            scrape(&mut fold, at_secs, ("n1", "v2"), &[&words[..], &["n1/out=0", "n2/out=0"]].concat());
        }
        let told = fold.report(at_secs).1.unwrap();
        last = told.iter().map(|moved| moved.bytes).sum::<f64>();
        assert!(second < 5 || last <= 4000.0 + 1e-6, "no more at once than a cache holds: {last} at {second}");
        assert!(second != 30 || last <= 1500.0, "back, and no burst: {last}");
        moved += last;
    }
    assert_eq!(last, 400.0, "as before");
    let truth = 39.0 * 400.0;
    // What the node counted between the cluster's last word and its own next one is told by nobody.
    assert!((0.75 * truth..=1.001 * truth).contains(&moved), "{moved} of {truth}");
}

/// What moved, as `FROM-TO:BYTES` each.
fn moved_by(script: &str) -> String {
    let mut fold = Fold::new(warm());
    let mut told = Vec::new();
    for line in script.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let at_secs = words[0].parse().unwrap();
        scrape(&mut fold, at_secs, ("n1", words[1]), &words[2..]);
        told.extend(fold.report(at_secs).1.unwrap());
    }
    let word = |moved: &Moved| format!("{:.2}-{:.2}:{}", moved.from_secs, moved.to_secs, moved.bytes);
    told.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_short_download_is_placed_by_what_its_process_writes_and_an_upload_by_what_it_reads() {
    // 300 bytes from 0.30 to 0.90 at 500 B/s. Polls alone have it from the middle of the first to the middle of the last.
    let polls = "0 v3 out=1000 process=7
         0.01 v3-process rchar=9000 wchar=5000
         0.5 v3 out=1000 reading=1 process=7
         0.51 v3-process rchar=9000 wchar=5105
         0.74 v3-process rchar=9000 wchar=5220
         0.75 v3 out=1000 reading=1 process=7
         1.24 v3-process rchar=9000 wchar=5300
         1.25 v3 out=1300 process=7";
    let cases = [
        ("by its process", polls.to_owned(), "0.30-0.90:300"),
        ("by polls alone", lines_without(polls, "v3-process"), "0.25-1.00:300"),
        ("by a process that was not asked at its end", lines_without(polls, "1.24"), "0.30-1.00:300"),
    ];
    for (what, script, expected) in cases {
        assert_eq!(moved_by(&script), expected, "{what}");
        let upload = script.replace("out=", "in=").replace("reading", "running");
        let upload = upload.replace("rchar", "char").replace("wchar", "rchar").replace(" char", " wchar");
        assert_eq!(moved_by(&upload), expected, "{what}, up");
    }
}

#[test]
fn a_process_page_that_is_not_there_is_no_fault_of_its_node() {
    let mut fold = Fold::new(warm());
    scrape(&mut fold, 0.0, ("n1", "v3"), &["in=0"]);
    let pages = fold.inside().pages;
    fold.refused("n1", &Endpoint::V3Process, 1.0);
    fold.failed("n1", &Endpoint::V3Process, 2.0);
    assert_eq!(fold.inside().pages, pages);
}

fn lines_without(script: &str, word: &str) -> String {
    let kept = script.lines().filter(|line| !line.contains(word)).map(str::trim);
    kept.collect::<Vec<_>>().join("\n")
}

#[test]
fn drives_of_nodes_that_our_own_polls_miss_are_none_to_lose() {
    let cluster = |offline: u32| {
        let (online, drives) = (4 - offline, 8 - 2 * offline);
        format!(
            "v2 nodes={online} nodes-offline={offline} drives=8 drives-online={drives} set-online={drives} set-quorum=5 set-healing=0"
        )
    };
    let polls = |at_secs: u32, silent: &[&str]| {
        let nodes = ["n1", "n2", "n3", "n4"];
        let told = nodes.map(|node| {
            let word = if silent.contains(&node) { "failed" } else { "in=0" };
            format!("{at_secs} {node} v3 {word}\n")
        });
        told.concat()
    };
    let script = [
        format!("0 n1 {}\n", cluster(0)),
        polls(0, &[]),
        "0 = write_tolerance:3 write_quorum:-\n".to_owned(),
        polls(1, &["n3"]),
        polls(2, &["n3"]),
        "2 = nodes_online:3 write_tolerance:1 write_quorum:-\n".to_owned(),
        polls(3, &["n3", "n4"]),
        polls(4, &["n3", "n4"]),
        "4 = nodes_online:2 write_tolerance:0 write_quorum:0\n".to_owned(),
        format!("5 n1 {}\n", cluster(1)),
        polls(5, &["n3", "n4"]),
        "5 = nodes_online:2 write_tolerance:0 write_quorum:0\n".to_owned(),
        format!("6 n1 {}\n", cluster(2)),
        polls(6, &["n3", "n4"]),
        "6 = nodes_online:2 write_tolerance:0 write_quorum:0\n".to_owned(),
        format!("7 n1 {}\n", cluster(1)),
        polls(7, &["n3"]),
        "7 = nodes_online:3 write_tolerance:1 write_quorum:-\n".to_owned(),
    ];
    check(&warm(), &script.concat());
}

#[test]
fn buckets_have_a_pool_and_no_share_of_it() {
    check(
        &buckets(),
        "0 n1 v2 total=1000 free=500 nodes=1 nodes-offline=0
         0 n1 v2-bucket lake/in=0 lake/out=0 lake/used=600
         0 = warm.used_bytes:600 warm.capacity_bytes:1000 warm.used_ratio:- warm.quota_bytes:-
         0 = cold.used_bytes:- cold.objects:- cold.write_bytes_per_sec:- cold.nodes_online:1
         15 n1 v2-bucket lake/in=1500 lake/out=0 lake/used=600 archive-1/in=0 archive-1/used=7
         15 = warm.write_bytes_per_sec:100 cold.used_bytes:7 cold.write_bytes_per_sec:0",
    );
}

#[test]
fn of_the_buckets_too_a_part_of_the_nodes_is_no_whole() {
    let named = TargetKind::Buckets(vec![(Tier::T2, vec!["lake".to_owned()])]);
    let both = "0 n1 v2 nodes=2 nodes-offline=0
         0 n1 bucket/lake sent=0
         0 n2 bucket/lake sent=0
         2 n1 bucket/lake sent=200
         2 n2 bucket/lake sent=400
         2 = write_bytes_per_sec:300 nodes_online:2";
    check(&named, both);
    let one: Vec<&str> = both.lines().filter(|line| !line.contains("n2")).collect();
    check(&named, &one.join("\n").replace(":300", ":-"));
    let refused =
        "\n3 n1 bucket/lake sent=300\n3 n2 bucket/lake refused\n4 n1 bucket/lake sent=400\n4 n2 bucket/lake refused";
    check(&named, &format!("{both}{refused}\n4 = write_bytes_per_sec:- nodes_online:2"));
    let silent = refused.replace("refused", "failed");
    check(&named, &format!("{both}{silent}\n4 = write_bytes_per_sec:100 nodes_online:1"));
}

#[test]
fn one_node_asked_of_four_does_not_speak_for_all() {
    check(
        &warm(),
        "0 n1 v2 n1/in=0 n2/in=0 n1/out=0 n2/out=0 nodes=4 nodes-offline=0
         0 n1 v3 in=0
         2 n1 v3 in=200
         2 = write_bytes_per_sec:-
         15 n1 v3 in=1500
         15 n1 v2 n1/in=1500 n2/in=4500 n1/out=0 n2/out=0 nodes=4 nodes-offline=0
         15 = write_bytes_per_sec:400",
    );
}

#[test]
fn behind_a_balancer_the_cluster_speaks_for_itself() {
    check(
        &warm(),
        "0 lb v2 n1/in=0 n2/in=0 n1/out=0 n2/out=0 nodes=2 nodes-offline=0
         0 lb v3 n1/in=1000 n1/running=1
         1 lb v3 n2/in=9000
         1 = write_bytes_per_sec:- nodes_online:2
         2 lb v3 n1/in=1200
         3 lb v3 n2/in=9200
         3 = write_bytes_per_sec:-
         10 lb v2 n1/in=1000 n2/in=1000 n1/out=0 n2/out=0 nodes=2 nodes-offline=0
         10 = write_bytes_per_sec:200",
    );
    // Without v2 each server's counter is carried from its own last answer, and told once all of them were heard.
    check(
        &warm(),
        "0 lb v3-cluster nodes=2
         0 lb v3 n1/in=1000
         1 lb v3 n2/in=9000
         1 = write_bytes_per_sec:- nodes_online:2
         2 lb v3 n1/in=1200
         2 = write_bytes_per_sec:-
         3 lb v3 n2/in=9200
         3 = write_bytes_per_sec:200
         4 lb v3 n1/in=1200
         5 lb v3 n2/in=9200
         5 = write_bytes_per_sec:0",
    );
}

#[test]
fn a_clock_that_is_set_is_no_restart() {
    check(
        &warm(),
        "0 n1 v3 process=100 in=5000000
         2 n1 v3 process=100 in=5000200
         4 n1 v3 process=103 in=5000400
         4 = write_bytes_per_sec:100
         6 n1 v3 process=90 in=5000600
         6 = write_bytes_per_sec:100
         8 n1 v3 process=103 in=300
         8 = write_bytes_per_sec:150",
    );
    check(
        &warm(),
        "0 n1 v2 in=5000000 out=0 start=100
         15 n1 v2 in=5001500 out=0 start=100
         30 n1 v2 in=5003000 out=0 start=104
         30 = write_bytes_per_sec:100",
    );
}

#[test]
fn nodes_that_give_no_answer_are_gone_at_once() {
    check(
        &warm(),
        "0 n1 v2 nodes=2 nodes-offline=0
         0 n1 v3 in=0
         0 n2 v3 in=0
         1 n1 v3 in=0
         1 n2 v3 failed
         1 = nodes_online:2 nodes_total:2
         2 n1 v3 in=0
         2 n2 v3 failed
         2 = nodes_online:1 nodes_total:2
         3 n1 v3 failed
         3 n2 v3 failed
         4 n1 v3 failed
         4 = nodes_online:2
         5 n1 v3 in=0
         5 n2 v3 in=0
         5 = nodes_online:2",
    );
}

#[test]
fn what_is_free_is_unknown_where_it_is_missing_or_absurd() {
    check(&warm(), "0 n1 v2 total=1000\n0 = capacity_bytes:1000 used_bytes:- used_ratio:-");
    check(&warm(), "0 n1 v2 total=1000 free=18446744073709551615\n0 = capacity_bytes:1000 used_ratio:-");
    check(&warm(), "0 n1 v2 total=1000 free=2000\n0 = capacity_bytes:1000 used_ratio:-");
    check(&warm(), "0 n1 v3-cluster total=1000\n0 = used_ratio:1");
}

#[test]
fn back_after_a_gap_there_is_no_spike_and_no_mean_over_it() {
    check(
        &warm(),
        "0 n1 v3 in=0
         2 n1 v3 in=200
         2 = write_bytes_per_sec:100
         4 n1 v3 failed
         30 n1 v3 failed
         30 = write_bytes_per_sec:100
         32 n1 v3 in=5200 PutObject=90
         32 = write_bytes_per_sec:- requests_per_sec:-
         34 n1 v3 in=5400 PutObject=94
         34 = write_bytes_per_sec:100 requests_per_sec:2 written_bytes:5400",
    );
    // Nobody asked in between, as while a laptop slept; and the cached page, which may say the same again.
    check(
        &warm(),
        "0 n1 v3 in=0
         2 n1 v3 in=200
         600 n1 v3 in=9000
         600 = write_bytes_per_sec:-
         602 n1 v3 in=9400
         602 = write_bytes_per_sec:200",
    );
    check(
        &warm(),
        "0 n1 v2 in=0 out=0
         15 n1 v2 in=1500 out=0
         30 n1 v2 failed
         90 n1 v2 failed
         105 n1 v2 in=3000 out=0
         105 = write_bytes_per_sec:-
         110 n1 v2 in=3000 out=0
         110 = write_bytes_per_sec:-
         120 n1 v2 in=4500 out=0
         120 = write_bytes_per_sec:100",
    );
}

#[test]
fn who_answers_every_third_poll_has_a_rate() {
    check(
        &warm(),
        "0 n1 v3 in=0
         2 n1 v3 failed
         4 n1 v3 failed
         6 n1 v3 in=600
         6 = write_bytes_per_sec:-
         8 n1 v3 failed
         10 n1 v3 failed
         12 n1 v3 in=1200
         12 = write_bytes_per_sec:100
         18 n1 v3 in=1800
         18 = write_bytes_per_sec:100",
    );
}

#[test]
fn a_missing_peer_is_a_gap_and_then_left_out() {
    check(
        &warm(),
        "0 n1 v3 in=0
         0 n2 v3 in=0
         2 n1 v3 in=200
         2 n2 v3 in=600
         2 = write_bytes_per_sec:400
         4 n1 v3 in=400
         4 n2 v3 failed
         4 = write_bytes_per_sec:400
         6 n1 v3 in=600
         6 n2 v3 failed
         6 = write_bytes_per_sec:100
         8 n1 v3 in=800
         8 n2 v3 in=1200
         8 = write_bytes_per_sec:100
         10 n1 v3 in=1000
         10 n2 v3 in=1600
         10 = write_bytes_per_sec:300",
    );
}

#[test]
fn numbers_that_are_none_change_nothing() {
    check(
        &warm(),
        "0 n1 v3 in=100 out=10
         2 n1 v3 in=300 out=30
         4 n1 v3 in=NaN out=NaN
         4 = write_bytes_per_sec:100 read_bytes_per_sec:10
         6 n1 v3 in=NaN out=70
         6 = read_bytes_per_sec:10
         8 n1 v3 in=900 out=70
         8 = write_bytes_per_sec:100 read_bytes_per_sec:0",
    );
}

#[test]
fn counters_gone_without_a_restart_are_no_answer() {
    check(
        &warm(),
        "0 n1 v3 process=100 in=100
         2 n1 v3 process=100 in=300
         4 n1 v3 process=100
         4 = write_bytes_per_sec:100
         6 n1 v3 process=100 in=700
         6 = write_bytes_per_sec:100
         8 n1 v3 process=107
         8 = write_bytes_per_sec:0",
    );
}

#[test]
fn without_v3_the_cached_page_tells_all() {
    check(
        &warm(),
        "0 n1 v2 in=1000 out=0
         0 = write_bytes_per_sec:-
         15 n1 v2 in=2500 out=0 putobject=30
         15 = write_bytes_per_sec:100 read_bytes_per_sec:0 requests_per_sec:2 transitions_per_sec:0
         30 n1 v2 in=4000 out=0 putobject=30 moved=6
         30 = write_bytes_per_sec:100 read_bytes_per_sec:0 requests_per_sec:0 transitions_per_sec:0.4
         45 n1 v2 in=4000 out=0 putobject=30 moved=6
         45 = write_bytes_per_sec:0 transitions_per_sec:0",
    );
}

#[test]
fn polled_faster_than_its_cache_the_last_rate_stands() {
    check(
        &warm(),
        "0 n1 v2 in=0 out=0
         10 n1 v2 in=1000 out=0
         15 n1 v2 in=1000 out=0
         20 n1 v2 in=1000 out=0
         20 = write_bytes_per_sec:100
         25 n1 v2 in=1000 out=0
         25 = write_bytes_per_sec:0",
    );
}

#[test]
fn v2s_servers_are_kept_apart() {
    check(
        &warm(),
        "0 n1 v2 n1/in=0 n2/in=0 n1/out=0 n2/out=0 n1/start=50 n2/start=50
         15 n1 v2 n1/in=1500 n2/in=3000 n1/out=0 n2/out=0 n1/start=50 n2/start=50
         15 = write_bytes_per_sec:300
         30 n1 v2 n1/in=3000 n1/out=0 n1/start=50
         30 = write_bytes_per_sec:300
         45 n1 v2 n1/in=4500 n1/out=0 n1/start=50
         45 = write_bytes_per_sec:100
         60 n1 v2 n1/in=6000 n2/in=2700 n1/out=0 n2/out=0 n1/start=50 n2/start=99
         60 = write_bytes_per_sec:160",
    );
}

#[test]
fn live_counters_go_before_cached_ones() {
    check(
        &warm(),
        "0 n1 v2 in=0 out=0
         0 n1 v3
         15 n1 v3 in=1500
         15 n1 v2 in=900 out=0 moved=3
         15 = write_bytes_per_sec:100 transitions_per_sec:0.2
         30 n1 v2 in=900 out=0
         60 n1 v2 in=900 out=0
         60 = write_bytes_per_sec:0",
    );
}

#[test]
fn health_and_capacity() {
    check(
        &warm(),
        "0 n1 v2 nodes=3 nodes-offline=1 drives=8 drives-online=6 set-online=6 set-quorum=5 set-healing=0 total=1000 free=250
         0 = nodes_online:3 nodes_total:4 drives_online:6 drives_total:8 write_tolerance:1 drives_healing:0
         0 = used_bytes:750 capacity_bytes:1000 used_ratio:0.75 objects:-
         15 n2 v2 nodes=4 nodes-offline=0 drives=8 drives-online=8 set-online=8 set-quorum=5 set-healing=1 objects=9 age-ns=5e9
         15 = nodes_online:4 nodes_total:4 drives_online:8 write_tolerance:- drives_healing:1 used_ratio:0.75
         17 = objects:9 usage_age_secs:7",
    );
}

#[test]
fn health_of_v3_alone_with_its_zeros_left_out() {
    check(
        &warm(),
        "0 n1 v3-cluster nodes=2 drives=8 drives-online=8 total=1000
         0 = nodes_online:2 nodes_total:2 drives_online:8 used_ratio:1
         60 n1 v3-cluster nodes=1 nodes-offline=1 drives=8 total=1000 free=400
         60 = nodes_total:2 drives_online:0 used_ratio:0.6",
    );
}

#[test]
fn the_directions_of_a_buckets_traffic() {
    let by_default = "0 n1 bucket/lake received=10 sent=10
         2 n1 bucket/lake received=10 sent=410
         2 = warm.write_bytes_per_sec:200 warm.read_bytes_per_sec:0 cold.write_bytes_per_sec:-";
    let by_help = "0 n1 bucket/lake help-sent=bytes-sent received=10 sent=10
         2 n1 bucket/lake help-sent=bytes-sent received=10 sent=410
         2 = warm.write_bytes_per_sec:0 warm.read_bytes_per_sec:200";
    let by_v2 = "0 n1 bucket/lake received=10 sent=30
         0 n1 v2-bucket lake/in=10 lake/out=30
         2 n1 bucket/lake received=10 sent=430
         2 = warm.write_bytes_per_sec:0 warm.read_bytes_per_sec:200";
    let by_name = |tier, bucket: &str| (tier, vec![bucket.to_owned()]);
    let named = TargetKind::Buckets(vec![by_name(Tier::T2, "lake"), by_name(Tier::T3, "archive")]);
    for script in [by_default, by_help, by_v2] {
        check(&named, script);
    }
    // Before a page has named the buckets of a wildcard, those that are known are a part.
    check(
        &buckets(),
        &by_default.replace("write_bytes_per_sec:200 warm.read_bytes_per_sec:0", "write_bytes_per_sec:-"),
    );
}

#[test]
fn buckets_go_to_their_tiers() {
    check(
        &buckets(),
        "0 n1 v2-bucket lake/in=100 ckpt-a/in=100 archive-x/in=0 other/in=0 lake/used=600 ckpt-a/used=200 lake/quota=1600
         15 n1 v2-bucket lake/in=1600 ckpt-a/in=1600 archive-x/in=150 other/in=999999 lake/used=600 ckpt-a/used=200 lake/quota=1600
         15 = warm.write_bytes_per_sec:200 cold.write_bytes_per_sec:10 warm.read_bytes_per_sec:0
         15 = warm.used_bytes:800 warm.quota_bytes:1600 warm.used_ratio:0.5 cold.used_bytes:0",
    );
    let mut fold = Fold::new(buckets());
    assert_eq!(fold.buckets(), ["lake"]);
    scrape(&mut fold, 0.0, ("n1", "v2-bucket"), &["ckpt-a/used=1", "other/used=1", "archive-1/used=2"]);
    assert_eq!(fold.buckets(), ["archive-1", "ckpt-a", "lake"]);
}

#[test]
fn drives_of_t0() {
    check(
        &TargetKind::NodeExporter { devices: vec!["nvme*".to_owned()] },
        "0 h1 disks nvme0n1/disk_read_bytes_total=0 nvme1n1/disk_read_bytes_total=0 sda/disk_read_bytes_total=0
         2 h1 disks nvme0n1/disk_read_bytes_total=200 nvme1n1/disk_read_bytes_total=400 sda/disk_read_bytes_total=9000
         2 = raw.read_bytes_per_sec:300 raw.write_bytes_per_sec:- raw.busy_ratio:-
         4 h1 disks nvme0n1/disk_io_time_seconds_total=5 nvme1n1/disk_io_time_seconds_total=5
         6 h1 disks nvme0n1/disk_io_time_seconds_total=6 nvme1n1/disk_io_time_seconds_total=9
         6 = raw.busy_ratio:0.75
         8 h1 disks /dev/nvme0n1p1/filesystem_size_bytes=100 /dev/nvme0n1p1/filesystem_avail_bytes=40 tmpfs/filesystem_size_bytes=7
         8 = raw.capacity_bytes:100 raw.used_bytes:60 raw.used_ratio:0.6",
    );
}

#[test]
fn gpus() {
    check(
        &TargetKind::Dcgm,
        "0 h1 gpus 0/DEV_GPU_UTIL=90 1/DEV_GPU_UTIL=100 2/DEV_GPU_UTIL=9223372036854775794 0/DEV_FB_USED=2 2/DEV_FB_USED=9223372036854775794
         0 = compute.busy_ratio:0.95 compute.gpus:2 compute.vram_used_bytes:2097152
         2 h1 gpus 0/PROF_GR_ENGINE_ACTIVE=0.5 1/DEV_GPU_UTIL=100
         2 = compute.busy_ratio:0.75 compute.gpus:2",
    );
}

/// What two scrapes of an exporter, two seconds apart, come to. `{n}` in the page is 0 and then 1.
fn exporter_readings(kind: TargetKind, page: &str) -> BTreeMap<String, f64> {
    let mut fold = Fold::new(kind);
    for (at_secs, n) in [(0.0, "0"), (2.0, "1")] {
        let mut body = fold.body("h1", &Endpoint::Exporter);
        body.feed(page.replace("{n}", n).as_bytes());
        assert!(fold.take("h1", &Endpoint::Exporter, at_secs, &body.finish(), None));
    }
    fold.readings(2.0).iter().map(|(signal, reading)| (signal.to_string(), reading.value)).collect()
}

fn node(devices: &[&str]) -> TargetKind {
    TargetKind::NodeExporter { devices: devices.iter().map(|&device| device.to_owned()).collect() }
}

/// A disk that reads 1000 bytes a second and is busy half the time.
fn disk(device: &str) -> String {
    format!(
        "node_disk_read_bytes_total{{device=\"{device}\"}} {{n}}e3\n\
         node_disk_io_time_seconds_total{{device=\"{device}\"}} {{n}}\n"
    )
}

fn mount(device: &str, kind: &str, point: &str, size: f64, free: f64) -> String {
    let labels = format!("{{device=\"{device}\",fstype=\"{kind}\",mountpoint=\"{point}\"}}");
    format!("node_filesystem_size_bytes{labels} {size}\nnode_filesystem_avail_bytes{labels} {free}\n")
}

#[track_caller]
fn assert_t0(devices: &[&str], page: &str, [read, capacity, used]: [f64; 3]) {
    let readings = exporter_readings(node(devices), page);
    let found =
        ["read_bytes_per_sec", "capacity_bytes", "used_bytes"].map(|name| readings[&format!("tier.raw.{name}")]);
    assert_eq!(found, [read, capacity, used]);
}

#[test]
fn t0_on_volumes_and_raid_is_read_off_drives_and_sized_by_file_systems() {
    // LVM over one NVMe; the boot partition lies on it directly, and the system on another disk.
    let drives = ["nvme0n1", "nvme0n1p1", "nvme0n1p2", "dm-0", "dm-1", "sda"].map(disk).concat();
    let mounts = [
        mount("/dev/nvme0n1p1", "vfat", "/boot/efi", 5.0, 4.0),
        mount("/dev/mapper/vg-scratch", "xfs", "/scratch", 500.0, 200.0),
        mount("/dev/sda1", "ext4", "/", 90.0, 10.0),
    ];
    let lvm = drives + &mounts.concat();
    assert_t0(&["nvme*"], &lvm, [500.0, 505.0, 301.0]);
    assert_t0(&["nvme*", "dm-*"], &lvm, [500.0, 505.0, 301.0]);
    // RAID over four drives.
    let drives = ["nvme0n1", "nvme1n1", "nvme2n1", "nvme3n1", "md0"].map(disk).concat();
    let raid = drives + &mount("/dev/md0", "xfs", "/var/lib/scylla", 12e12, 3e12);
    for devices in [&["nvme*"][..], &["nvme*", "md*"], &[]] {
        assert_t0(devices, &raid, [2000.0, 12e12, 9e12]);
    }
    assert_t0(&["md0"], &raid, [500.0, 12e12, 9e12]);
    // A drive of its own, beside a system on LVM: named by its partition.
    let own = disk("nvme0n1") + &disk("nvme0n1p1") + &mount("/dev/nvme0n1p1", "xfs", "/scratch", 100.0, 40.0);
    assert_t0(&["nvme0n1p1"], &own, [500.0, 100.0, 60.0]);
}

#[test]
fn without_named_devices_local_drives_count_once() {
    let mounts = [
        mount("/dev/sda1", "ext4", "/", 100.0, 50.0),
        mount("/dev/sda1", "ext4", "/var/lib/docker", 100.0, 50.0),
        mount("rootfs", "rootfs", "/", 100.0, 50.0),
        mount("tmpfs", "tmpfs", "/run", 1e12, 1e12),
        mount("nas:/home", "nfs4", "/home", 1e15, 1e14),
        mount("overlay", "overlay", "/var/lib/docker/overlay2/x", 100.0, 50.0),
        mount("/dev/loop3", "squashfs", "/snap/core", 60.0, 0.0),
        mount("/dev/fuse", "fuse", "/mnt/objects", 1e15, 1e15),
        mount("bucket", "fuse.rclone", "/mnt/bucket", 1e15, 1e15),
    ];
    let page = ["sda", "sda1", "dm-0", "loop3"].map(disk).concat() + &mounts.concat();
    assert_t0(&[], &page, [500.0, 100.0, 50.0]);
    // Datasets of a pool: each has what it uses, and all of what is free.
    let pool = [
        mount("tank", "zfs", "/tank", 1010.0, 1000.0),
        mount("tank/a", "zfs", "/tank/a", 1200.0, 1000.0),
        mount("tank/b", "zfs", "/tank/b", 1090.0, 1000.0),
        mount("tank/b", "zfs", "/srv/b", 1090.0, 1000.0),
        mount("tank/quota", "zfs", "/tank/q", 100.0, 50.0),
    ];
    assert_t0(&[], &(disk("sdb") + &pool.concat()), [500.0, 1350.0, 350.0]);
    assert_t0(&["sdb"], &(disk("sdb") + &pool.concat()), [500.0, 1350.0, 350.0]);
}

#[track_caller]
fn assert_gpus(page: &str, [busy, gpus]: [f64; 2]) {
    let readings = exporter_readings(TargetKind::Dcgm, page);
    assert_eq!([readings["compute.busy_ratio"], readings["compute.gpus"]], [busy, gpus], "{page}");
}

#[test]
fn under_mig_the_ratio_counts_by_slices() {
    let instance = |gpu: usize, id: usize, profile: &str, ratio: f64| {
        let labels = format!("{{gpu=\"{gpu}\",UUID=\"GPU-{gpu}\",GPU_I_PROFILE=\"{profile}\",GPU_I_ID=\"{id}\"}}");
        format!("DCGM_FI_DEV_GPU_UTIL{labels} 0\nDCGM_FI_PROF_GR_ENGINE_ACTIVE{labels} {ratio}\n")
    };
    let one = instance(0, 1, "3g.40gb", 1.0) + &instance(0, 2, "4g.40gb", 0.125);
    assert_gpus(&one, [0.5, 1.0]);
    assert_gpus(&(one + "DCGM_FI_DEV_GPU_UTIL{gpu=\"1\",UUID=\"GPU-1\"} 100\n"), [0.75, 2.0]);
    assert_gpus(&instance(0, 7, "7g.80gb", 0.95), [0.95, 1.0]);
    // The percentage is 0 there even where no instance is named.
    assert_gpus("DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 0\nDCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu=\"0\"} 0.95\n", [0.95, 1.0]);
    let idle = "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 0\nDCGM_FI_PROF_GR_ENGINE_ACTIVE{gpu=\"0\"} 0\n";
    assert_gpus(idle, [0.0, 1.0]);
}

#[test]
fn a_gpu_shared_by_pods_counts_once() {
    let pod = |gpu: usize, pod: &str, busy: usize| {
        let labels = format!("{{gpu=\"{gpu}\",UUID=\"GPU-{gpu}\",pod=\"{pod}\",container=\"train\"}}");
        format!("DCGM_FI_DEV_GPU_UTIL{labels} {busy}\nDCGM_FI_DEV_FB_USED{labels} 100\n")
    };
    let page = [pod(0, "a", 100), pod(0, "b", 100), pod(0, "c", 100), pod(1, "d", 0)].concat();
    assert_gpus(&page, [0.5, 2.0]);
    assert_eq!(exporter_readings(TargetKind::Dcgm, &page)["compute.vram_used_bytes"], 200.0 * 1024.0 * 1024.0);
}

/// A server that takes in as much all the while, and is struck from the tenth poll to the twentieth.
#[test]
fn no_fault_makes_a_rate_that_never_was() {
    const PER_SEC: f64 = 1e8;
    let (writes, pages) = (Signal::tier(Tier::T2, Quantity::WriteBytesPerSec), Endpoint::V3Requests);
    let page = |bytes: String| {
        format!("minio_api_requests_traffic_received_bytes{{server=\"n1:9000\",type=\"s3\"}} {bytes}\n")
    };
    for fault in ["silent", "refused", "nan", "back", "empty", "restart"] {
        let mut fold = Fold::new(TargetKind::Tier(Tier::T2));
        let mut rates = Vec::new();
        for second in 0..40_u32 {
            let (at_secs, struck) = (f64::from(second), (10..20).contains(&second));
            let anew = fault == "restart" && second >= 20;
            let bytes = if anew { at_secs - 19.5 } else { 1e4 + at_secs } * PER_SEC;
            let text = match fault {
                "silent" | "restart" if struck => None,
                "refused" if struck => {
                    fold.refused("n1", &pages, at_secs);
                    continue;
                }
                "nan" if struck => Some(page("NaN".to_owned())),
                "back" if struck => Some(page((bytes / 2.0).to_string())),
                "empty" if struck => Some(String::new()),
                _ => Some(page(bytes.to_string())),
            };
            let Some(text) = text else {
                fold.failed("n1", &pages, at_secs);
                continue;
            };
            let mut body = fold.body("n1", &pages);
            body.feed(text.as_bytes());
            fold.take("n1", &pages, at_secs, &body.finish(), Some(if anew { 2000.0 } else { 1000.0 }));
            rates.extend(fold.readings(at_secs).get(&writes).map(|reading| reading.value / PER_SEC));
        }
        assert!(rates.len() >= 28, "{fault}: it is told again, {}", rates.len());
        assert!(rates.iter().all(|rate| (0.0..=1.2).contains(rate)), "{fault}: {rates:?}");
        assert!(rates.ends_with(&[1.0; 5]), "{fault}: in the end it is as it was, {rates:?}");
    }
}

fn captures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["tests/telemetry", "../shared/fixtures/minio"].map(|folder| root.join(folder));
    let inside = folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten();
    let mut captures: Vec<_> = inside.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    captures.sort();
    captures
}

#[test]
fn captured_labs_come_to_what_their_client_counted() {
    let captures = captures();
    assert!(captures.len() >= 4, "the committed ones are there");
    for capture in captures {
        let FoldedCapture { differences, negative_readings, phases, .. } = fold_capture(&capture).unwrap();
        assert_eq!((differences, negative_readings), (Vec::new(), 0), "{}", capture.display());
        assert!(!phases.is_empty());
    }
}

/// A committed capture whose rows are changed, in a folder of its own; it begins with a byte order mark, as does what its
/// client counted.
fn changed_capture(name: &str, change: impl FnOnce(&mut Vec<serde_json::Value>)) -> tempfile::TempDir {
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/telemetry").join(name);
    let packed = std::fs::read(capture.join("scrapes.jsonl.zst")).unwrap();
    let text = String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap();
    let mut rows = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    change(&mut rows);
    let lines: Vec<String> = rows.iter().map(serde_json::Value::to_string).collect();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scrapes.jsonl"), format!("\u{feff}{}\n", lines.join("\n"))).unwrap();
    let expected = std::fs::read_to_string(capture.join("expect.json")).unwrap();
    std::fs::write(folder.path().join("expect.json"), format!("\u{feff}{expected}")).unwrap();
    folder
}

#[test]
fn a_capture_is_read_with_a_byte_order_mark_and_only_in_order_of_time() {
    let whole = changed_capture("restart", |_| ());
    assert_eq!(fold_capture(whole.path()).unwrap().differences, Vec::<String>::new());
    let swapped = changed_capture("restart", |rows| {
        let page = rows[0]["path"].clone();
        let next = rows.iter().skip(1).position(|row| row["path"] == page).unwrap() + 1;
        rows.swap(0, next);
    });
    let error = fold_capture(swapped.path()).map(drop).unwrap_err();
    assert!(error.contains("scrape ") && error.contains("stands after one of second"), "{error}");
}

#[test]
fn of_a_node_that_refuses_v3_the_clusters_page_tells() {
    for node in ["127.0.0.1:9201", "127.0.0.1:9204"] {
        let refused = changed_capture("checkpoint", |rows| {
            for row in rows.iter_mut().filter(|row| row["node"] == node && row["path"].as_str().unwrap().contains("v3"))
            {
                row["status"] = 403.into();
                row["body"] = "".into();
            }
        });
        let folded = fold_capture(refused.path()).unwrap();
        let drawn = folded.differences.iter().find(|difference| difference.contains("under the drawn curve"));
        assert_eq!(drawn, None, "{node}: the curve is v2's");
    }
}

#[test]
fn a_lost_node_and_a_lost_drive_show_as_such() {
    let capture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/telemetry/faults");
    let states = fold_capture(&capture).unwrap().states;
    let rows: Vec<_> = states.iter().map(|state| (state.nodes_online, state.drives_online)).collect();
    let told = [(4.0, 8.0), (3.0, 8.0), (3.0, 6.0), (4.0, 6.0), (4.0, 8.0), (4.0, 7.0), (4.0, 8.0)];
    assert_eq!(rows, told, "nodes by our own polls, drives as the servers tell them");
}

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 8
    }

    fn below(&mut self, end: usize) -> usize {
        self.next() as usize % end.max(1)
    }
}

const SEEDS: [&str; 6] = [
    "# HELP minio_api_requests_total Total\n# TYPE minio_api_requests_total counter\nminio_api_requests_total{name=\"GetObject\",server=\"n1:9000\",type=\"s3\"} 9412\nminio_api_requests_traffic_received_bytes{server=\"n1:9000\",type=\"s3\"} 1.73946175488e+11\n",
    "minio_s3_traffic_received_bytes{server=\"n1:9000\"} 12\nminio_node_process_starttime_seconds{server=\"n1:9000\"} 1.7e9\nminio_cluster_nodes_online_total{server=\"n1:9000\"} 4\n",
    "{\"disk.read\",dev=\"s\\\"d\\na\"} NaN 1700000000\na{b=\"\u{e9}\u{2603}\",} -Inf\n",
    "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 4\r\nh_count 4\n# TYPE \"q.r\" summary\n{\"q.r\",quantile=\"0.5\"} .5e-3\n",
    "minio_bucket_api_traffic_sent_bytes{bucket=\"lake\",server=\"n1\"} 5\nnode_disk_read_bytes_total{device=\"nvme0n1\"} 5\n",
    "<!DOCTYPE html>\n<html><body>{\"a\":1}</body></html>\n\0\0\n\u{feff}x 1",
];

fn damaged(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut body = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let (at, byte) = (random.below(body.len() + 1), random.next() as u8);
        match random.below(6) {
            0 => body.truncate(at),
            1 => body.insert(at, byte),
            2 if at < body.len() => drop(body.remove(at)),
            3 if at < body.len() => body[at] = byte,
            4 => body.insert(at, b"{}\"\\=,\n #\t\r0"[random.below(12)]),
            _ => {
                let other = &seeds[random.below(seeds.len())];
                let from = random.below(other.len());
                let to = from + random.below(40.min(other.len() - from + 1));
                drop(body.splice(at..at, other[from..to].iter().copied()));
            }
        }
    }
    body
}

/// Counts, and looks at everything a sample has.
#[derive(Default)]
struct Count {
    samples: usize,
    refused: usize,
}

impl Visitor for Count {
    fn sample(&mut self, sample: &Sample<'_>) {
        assert!(sample.labels.iter().all(|(name, _)| name != "__name__"));
        assert!(!sample.name.is_empty() && !sample.value_text.is_empty());
        self.samples += 1;
    }

    fn refused(&mut self, refused: Refused) {
        assert!(refused.line > 0);
        self.refused += 1;
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = SEEDS.iter().map(|seed| seed.as_bytes().to_vec()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/exposition");
    for part in ["valid", "invalid"] {
        for entry in folder.join(part).read_dir().into_iter().flatten() {
            let path = entry.unwrap().path();
            let length = path.metadata().unwrap().len();
            seeds.extend(length_below(length).then(|| bytes(&path)));
        }
    }
    seeds
}

fn length_below(length: u64) -> bool {
    length < 4096
}

#[expect(clippy::disallowed_methods, reason = "the published cases are files")]
fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap()
}

/// Damages bodies and reads them: whole and in two pieces there are the same samples, and no line is two things.
fn read_damaged(rounds: usize) {
    let (mut random, seeds) = (Random(7), seeds());
    let endpoints = [Endpoint::V3Requests, Endpoint::V2Cluster, Endpoint::V3Bucket("lake".to_owned())];
    let mut fold = Fold::new(buckets());
    for round in 0..rounds {
        let body = damaged(&mut random, &seeds);
        let cut = random.below(body.len() + 1);
        let whole = count(&[&body]);
        assert_eq!(whole, count(&[&body[..cut], &body[cut..]]), "{:?}", body.escape_ascii().to_string());
        assert!(whole.0 + whole.1 <= body.split(|byte| *byte == b'\n').count());
        let endpoint = &endpoints[round % endpoints.len()];
        let mut collector = fold.body("n1", endpoint);
        collector.feed(&body);
        fold.take("n1", endpoint, round as f64, &collector.finish(), None);
        if round % 16 == 0 {
            let readings = fold.readings(round as f64);
            assert!(readings.values().all(|reading| reading.value.is_finite() && reading.value >= 0.0));
        }
    }
}

fn count(pieces: &[&[u8]]) -> (usize, usize) {
    let (mut parser, mut seen) = (Parser::new(), Count::default());
    for piece in pieces {
        parser.feed(piece, &mut seen);
    }
    parser.finish(&mut seen);
    (seen.samples, seen.refused)
}

#[test]
fn two_hundred_thousand_damaged_bodies() {
    read_damaged(200_000);
}

#[test]
#[ignore = "takes five times as long as the test above, for a thorough check by hand"]
fn a_million_damaged_bodies() {
    read_damaged(1_000_000);
}
