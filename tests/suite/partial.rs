//! Labs of which a part is seen: a page refused, a balancer, hundreds of buckets. A part is never shown as the whole.
#![cfg(unix)]

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tierlight::feeds::Pace;
use tierlight::live::{FaultCode, Report, SourceEvent};
use tierlight::signal::{Quantity, Signal, Tier};

use crate::lab_server::{Reply, Server, Watch, cluster_page, hurried};

const REQUESTS: &str = "/minio/metrics/v3/api/requests";
const V2: &str = "/minio/v2/metrics/cluster";
const WRITES: Signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);

fn public(url: &str) -> String {
    format!("(name: \"warm\", tier: T2, urls: [\"{url}\"], auth: Public),")
}

/// Bytes received that grow by so many a second since the first look.
fn growing(began: Instant, bytes_per_sec: f64) -> f64 {
    1e9 + began.elapsed().as_secs_f64() * bytes_per_sec
}

#[track_caller]
fn report_of<T>(watch: &Watch, what: &str, mut found: impl FnMut(&Report) -> Option<T>) -> T {
    watch.find(what, |event| match event {
        SourceEvent::Scraped { report, .. } => found(report),
        _ => None,
    })
}

#[test]
fn v2_is_read_whatever_v3_says() {
    let refusals = [
        Reply::denied(),
        Reply::of(500, "text/plain", "An error has occurred"),
        Reply::of(502, "text/html", "<html>502 Bad Gateway</html>"),
        Reply::text(""),
    ];
    for refusal in refusals {
        let said = format!("{refusal:?}");
        let server = Server::start(move |request| match request.path.as_str() {
            V2 => Reply::text(&cluster_page(1e9)),
            REQUESTS => refusal.clone(),
            _ => Reply::no_such_page(),
        });
        let watch = Watch::deployments(&public(&server.url()));
        let faults = report_of(&watch, &said, |report| {
            let is_by_v2 = report.interval_secs > 0.1
                && report.readings.contains_key(&Signal { quantity: Quantity::NodesOnline, ..WRITES });
            is_by_v2.then(|| report.faults.clone())
        });
        assert!(faults.iter().any(|fault| fault.page == "v3 requests"), "{said}: {faults:?}");
    }
}

#[test]
fn without_a_token_the_health_pages_alone_tell_of_nodes_and_quorum() {
    let node = || {
        Server::start(|request| match request.path.as_str() {
            "/minio/health/cluster" => Reply::Full { status: 200, headers: Vec::new(), body: Vec::new() },
            _ => Reply::denied(),
        })
    };
    let nodes = [node(), node()];
    let urls = format!("\"{}\", \"{}\"", nodes[0].url(), nodes[1].url());
    let entry = |auth: &str| format!("(name: \"warm\", tier: T2, urls: [{urls}], auth: {auth})");
    let watch = Watch::deployments(&entry("Public"));
    let fault = watch.fault("warm");
    assert!(fault.cause.contains("only to those with a token"), "{fault:?}");
    assert!(fault.remedy.contains("Until then its health alone is shown"), "{fault:?}");
    let told = |quantity| {
        move |report: &Report| report.readings.get(&Signal::tier(Tier::T2, quantity)).map(|reading| reading.value)
    };
    assert_eq!(report_of(&watch, "quorum", told(Quantity::WriteQuorum)), 1.0);
    assert_eq!(report_of(&watch, "nodes", told(Quantity::NodesOnline)), 2.0);
    // Whoever has a key that is refused is told that, and nothing beside it.
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "demo-secret-key-0001").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(folder.path().join("key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let lab = format!("Lab(deployments: [{}])", entry("Keys(access: \"a\", secret: File(\"key\"))"));
    let watch = Watch::in_folder(&lab, folder, hurried());
    assert_eq!(watch.fault("warm").code, FaultCode::Forbidden);
    let is_report = |event: &SourceEvent| matches!(event, SourceEvent::Scraped { .. });
    assert!(!watch.told_within(Duration::from_millis(700)).iter().any(is_report));
}

#[test]
fn public_buckets_are_read_where_the_server_is_public_and_told_once_where_it_is_not() {
    let lake = |url: &str, buckets: &str| {
        format!("(name: \"lake\", buckets: {{ T2: [\"{buckets}\"] }}, urls: [\"{url}\"], auth: Public),")
    };
    let health = |_: &str| Reply::Full { status: 200, headers: Vec::new(), body: Vec::new() };
    for buckets in ["lake", "la*"] {
        // MINIO_PROMETHEUS_AUTH_TYPE=public opens all pages, those of buckets too.
        let began = Instant::now();
        let open = Server::start(move |request| match request.path.as_str() {
            "/minio/health/cluster" => health(""),
            "/minio/metrics/v3/cluster/usage/buckets" => {
                Reply::v3("minio_cluster_usage_buckets_total_bytes{bucket=\"lake\"} 5\n")
            }
            "/minio/metrics/v3/bucket/api/lake" => {
                let bytes = growing(began, 1e6);
                let labels = "bucket=\"lake\",server=\"a:9000\"";
                Reply::v3(&format!("minio_bucket_api_traffic_sent_bytes{{{labels}}} {bytes}\n"))
            }
            _ => Reply::no_such_page(),
        });
        let watch = Watch::deployments(&lake(&open.url(), buckets));
        report_of(&watch, buckets, |report| report.readings.get(&WRITES).filter(|writes| writes.value > 0.0).copied());

        let closed = Server::start(move |request| match request.path.as_str() {
            "/minio/health/cluster" => health(""),
            _ => Reply::denied(),
        });
        let watch = Watch::deployments(&lake(&closed.url(), buckets));
        let fault = watch.fault("lake");
        let setting = "MINIO_PROMETHEUS_AUTH_TYPE=public";
        assert!(fault.cause.contains("only to those with a token") && fault.remedy.contains(setting), "{fault:?}");
        let quorum = Signal { quantity: Quantity::WriteQuorum, ..WRITES };
        let (held, faults) = report_of(&watch, "its health alone", |report| {
            report.readings.get(&quorum).map(|held| (held.value, report.faults.clone()))
        });
        assert_eq!(held, 1.0, "{buckets}");
        assert!(faults.iter().all(|of| of.cause == fault.cause), "one cause on each page: {faults:?}");
    }
}

#[test]
fn a_slow_v2_is_waited_for_and_keeps_nothing_waiting() {
    let began = Instant::now();
    let server = Server::start(move |request| match request.path.as_str() {
        V2 => {
            thread::sleep(Duration::from_millis(600));
            Reply::text(
                &cluster_page(1e9).replace("online_total{server=\"a:9000\"} 4", "online_total{server=\"a:9000\"} 1"),
            )
        }
        REQUESTS => {
            let bytes = growing(began, 1e8);
            Reply::v3(&format!("minio_api_requests_traffic_received_bytes{{server=\"a:9000\"}} {bytes}\n"))
        }
        _ => Reply::no_such_page(),
    });
    let pace = Pace { timeout: Duration::from_millis(200), slow_timeout: Duration::from_secs(3), ..hurried() };
    let watch =
        Watch::in_folder(&format!("Lab(deployments: [{}])", public(&server.url())), tempfile::tempdir().unwrap(), pace);
    let mut fast = 0;
    report_of(&watch, "v2's page", |report| {
        fast += 1;
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        report.readings.get(&Signal { quantity: Quantity::NodesOnline, ..WRITES }).copied()
    });
    assert!(fast > 5, "{fast} answers came while v2 was waited for");
}

#[test]
fn renamed_counters_are_no_traffic() {
    let renamed = |page: String| page.replace("received_bytes", "received_bytes_total");
    let server = Server::start(move |request| match request.path.as_str() {
        V2 => Reply::text(&renamed(cluster_page(1e9))),
        REQUESTS => Reply::v3("minio_api_requests_traffic_received_bytes_total{server=\"a:9000\"} 5e9\n"),
        _ => Reply::no_such_page(),
    });
    let watch = Watch::deployments(&public(&server.url()));
    let fault = watch.fault("warm");
    assert_eq!(fault.code, FaultCode::NoTraffic);
    assert!(fault.sentence(true).contains("there is minio_api_requests_traffic_received_bytes_total"), "{fault:?}");

    let server = Server::start(|request| match request.path.as_str() {
        V2 => Reply::text("minio_cluster_nodes_online_total{server=\"a:9000\"} 4\n"),
        _ => Reply::no_such_page(),
    });
    let watch = Watch::deployments(&public(&server.url()));
    let fault = watch.fault("warm");
    assert_eq!((fault.code, fault.page.as_str()), (FaultCode::NoTraffic, "v2 cluster"));
}

/// Two nodes of 100 MB/s each behind one URL, which answer in turn.
#[test]
fn behind_a_balancer_the_rate_is_the_clusters() {
    let (began, turn) = (Instant::now(), AtomicU64::new(0));
    let server = Server::start(move |request| match request.path.as_str() {
        V2 => {
            let bytes = growing(began, 1e8);
            let mut page = String::new();
            for node in ["n1", "n2"] {
                writeln!(page, "minio_s3_traffic_received_bytes{{server=\"{node}:9000\"}} {bytes}").unwrap();
                writeln!(page, "minio_cluster_nodes_online_total{{server=\"{node}:9000\"}} 2").unwrap();
            }
            Reply::text(&page)
        }
        REQUESTS => {
            let node = if turn.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) { "n1" } else { "n2" };
            let bytes = growing(began, 1e8) + if node == "n1" { 0.0 } else { 7e9 };
            Reply::v3(&format!("minio_api_requests_traffic_received_bytes{{server=\"{node}:9000\"}} {bytes}\n"))
        }
        _ => Reply::no_such_page(),
    });
    let watch = Watch::deployments(&public(&server.url()));
    let mut rates = 0;
    report_of(&watch, "the cluster's rate", |report| {
        let rate = report.readings.get(&WRITES).map(|reading| reading.value);
        // v2's cache is of real seconds, and the test in a hurry: its rate is spread over more than it was.
        assert!(rate.is_none_or(|rate| rate < 2.4e8), "{rate:?}");
        rates += u32::from(rate.is_some());
        let said = report.faults.iter().find(|fault| fault.code == FaultCode::PartOfNodes);
        let said = said.filter(|_| rates > 3).map(|fault| fault.sentence(true));
        said.inspect(|said| assert!(said.contains("stands before 2 nodes") && said.contains("urls:"), "{said}"))
    });
}

#[test]
fn hundreds_of_buckets_are_told_when_all_were_read() {
    const BUCKETS: usize = 120;
    let began = Instant::now();
    let server = Server::start(move |request| match request.path.as_str() {
        // Its only node is asked, for each bucket.
        "/minio/metrics/v3/cluster" => Reply::v3("minio_cluster_health_nodes_online_count 1\n"),
        "/minio/metrics/v3/cluster/usage/buckets" => {
            let line = |bucket| format!("minio_cluster_usage_buckets_total_bytes{{bucket=\"b{bucket}\"}} 5\n");
            Reply::v3(&(0..BUCKETS).map(line).collect::<String>())
        }
        path => match path.strip_prefix("/minio/metrics/v3/bucket/api/") {
            // Uploads are called "sent" there.
            Some(bucket) => {
                let bytes = growing(began, 1e6);
                Reply::v3(&format!(
                    "minio_bucket_api_traffic_sent_bytes{{bucket=\"{bucket}\",server=\"a:9000\",type=\"s3\"}} {bytes}\n"
                ))
            }
            None => Reply::no_such_page(),
        },
    });
    let deployment = format!(
        "(name: \"lake\", buckets: {{ T2: [\"b*\"], T3: [\"archive\"] }}, urls: [\"{}\"], auth: Public),",
        server.url()
    );
    let watch = Watch::deployments(&deployment);
    let (mut was_part, mut counts_nodes) = (false, false);
    let rate = report_of(&watch, "the rate of all buckets", |report| {
        let nodes = Signal { quantity: Quantity::NodesTotal, ..WRITES };
        counts_nodes |= report.readings.contains_key(&nodes);
        let part = report.faults.iter().find(|fault| fault.code == FaultCode::PartOfNodes);
        assert_eq!(part, None, "all nodes are asked");
        let part = report.faults.iter().find(|fault| fault.code == FaultCode::PartOfBuckets);
        if let Some(part) = part {
            was_part = true;
            assert!(part.sentence(true).contains("121 buckets"), "{part:?}");
            assert!(!report.readings.contains_key(&WRITES), "a part is not shown: {:?}", report.readings);
        }
        report.readings.get(&WRITES).map(|reading| reading.value)
    });
    assert!(was_part && counts_nodes);
    let expected = BUCKETS as f64 * 1e6;
    assert!((0.7 * expected..1.4 * expected).contains(&rate), "{rate:e}");
}

#[test]
fn a_wildcard_that_no_bucket_matches_is_said() {
    let server = Server::start(move |request| match request.path.as_str() {
        "/minio/metrics/v3/cluster/usage/buckets" => {
            Reply::v3("minio_cluster_usage_buckets_total_bytes{bucket=\"lake\"} 5\n")
        }
        "/minio/metrics/v3/bucket/api/lake" => {
            Reply::v3("minio_bucket_api_traffic_sent_bytes{bucket=\"lake\",server=\"a:9000\",type=\"s3\"} 5\n")
        }
        _ => Reply::no_such_page(),
    });
    let buckets = "buckets: { T2: [\"la*\"], T3: [\"nosuch*\", \"none-*\"] }";
    let watch =
        Watch::deployments(&format!("(name: \"lake\", {buckets}, urls: [\"{}\"], auth: Public),", server.url()));
    let report = report_of(&watch, "that there is no bucket", |report| {
        report.faults.iter().any(|fault| fault.code == FaultCode::NoBucket).then(|| report.clone())
    });
    let fault = report.faults.iter().find(|fault| fault.code == FaultCode::NoBucket).unwrap();
    let said = fault.sentence(true);
    assert!(said.contains("matches nosuch*, none-* (T3)") && !said.contains("la*"), "{said}");
    let of_cold = report.readings.keys().find(|signal| signal.to_string().starts_with("tier.cold.used"));
    assert_eq!(of_cold, None, "{:?}", report.readings);
}

/// Two nodes, of which one runs and refuses v3.
#[test]
fn a_node_that_refuses_its_page_is_told_by_the_cluster() {
    let began = Instant::now();
    let node = |name: &'static str, refuses: bool| {
        Server::start(move |request| match request.path.as_str() {
            V2 => {
                let bytes = growing(began, 1e8);
                let line = |node| format!("minio_s3_traffic_received_bytes{{server=\"{node}:9000\"}} {bytes}\n");
                let nodes = "minio_cluster_nodes_online_total{server=\"n1:9000\"} 2\n";
                Reply::text(&format!("{}{}{nodes}", line("n1"), line("n2")))
            }
            REQUESTS if refuses => Reply::denied(),
            REQUESTS => {
                let bytes = growing(began, 1e8);
                Reply::v3(&format!("minio_api_requests_traffic_received_bytes{{server=\"{name}:9000\"}} {bytes}\n"))
            }
            _ => Reply::no_such_page(),
        })
    };
    let (one, other) = (node("n1", false), node("n2", true));
    let urls = format!("(name: \"warm\", tier: T2, urls: [\"{}\", \"{}\"], auth: Public),", one.url(), other.url());
    let watch = Watch::deployments(&urls);
    // Before v2 is read for the first time it is said that it is not.
    report_of(&watch, "that a node does not tell", |report| {
        let part = report.faults.iter().find(|fault| fault.code == FaultCode::PartOfNodes);
        part.filter(|part| part.cause.contains("of which 1 tell their traffic; totals come from v2")).map(drop)
    });
    let reading = report_of(&watch, "the cluster's rate", |report| report.readings.get(&WRITES).copied());
    assert!(reading.lag_secs >= 10.0, "{reading:?}");
}

/// A server whose health page answers all the while, and its metrics not any more.
#[test]
fn a_report_that_metrics_are_not_in_makes_nothing_fresh() {
    let is_struck = Arc::new(AtomicBool::new(false));
    let struck = Arc::clone(&is_struck);
    let server = Server::start(move |request| match request.path.as_str() {
        "/minio/health/cluster" => Reply::Full { status: 200, headers: Vec::new(), body: Vec::new() },
        REQUESTS | V2 if struck.load(Ordering::SeqCst) => Reply::text(""),
        REQUESTS => Reply::v3("minio_api_requests_traffic_received_bytes{server=\"a:9000\"} 5e9\n"),
        V2 => Reply::text(&cluster_page(1e9)),
        _ => Reply::no_such_page(),
    });
    let watch = Watch::deployments(&public(&server.url()));
    let is_by_v2 =
        |report: &Report| report.readings.contains_key(&Signal { quantity: Quantity::NodesOnline, ..WRITES });
    report_of(&watch, "v2's page", |report| is_by_v2(report).then_some(()));
    is_struck.store(true, Ordering::SeqCst);
    report_of(&watch, "that it is empty", |report| {
        report.faults.iter().any(|fault| fault.code == FaultCode::Empty).then_some(())
    });
    let reports = watch.told_within(Duration::from_millis(900));
    let reports = reports.iter().filter_map(|event| match event {
        SourceEvent::Scraped { report, .. } => Some((report.last_good_secs, report.interval_secs)),
        _ => None,
    });
    let reports: Vec<(f64, f64)> = reports.collect();
    assert!(reports.len() > 2, "the health page is told");
    assert!(reports.iter().all(|report| *report == reports[0] && report.1 < 0.1), "{reports:?}");
}
