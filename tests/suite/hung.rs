//! A node that hangs, as a stopped process does: it takes connections and answers nothing, and its peers wait for it on the
//! pages that they put together.
#![cfg(unix)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tierlight::feeds::Pace;
use tierlight::live::{FaultCode, SourceEvent};
use tierlight::signal::{Quantity, Signal, Tier};

use crate::lab_server::{Reply, Request, Server, Watch, hurried, requests_page};

const REQUESTS: &str = "/minio/metrics/v3/api/requests";
const V2: &str = "/minio/v2/metrics/cluster";

/// What a server answers.
type Answers = fn(&Request) -> Reply;

/// A node that is well, and waits for a peer on each page of the whole deployment.
fn waiting(request: &Request) -> Reply {
    match request.path.as_str() {
        REQUESTS => Reply::v3(&requests_page(1e9, 2e9)),
        V2 | "/minio/metrics/v3/cluster" | "/minio/health/cluster" => Reply::Hang(Vec::new()),
        _ => Reply::no_such_page(),
    }
}

/// The same of a server from before v3.
fn waiting_v2(request: &Request) -> Reply {
    match request.path.as_str() {
        "/minio/v2/metrics/node" => Reply::text("minio_node_drive_total{server=\"a:9000\"} 2\n"),
        V2 => Reply::Hang(Vec::new()),
        _ => Reply::no_such_page(),
    }
}

fn hung(_: &Request) -> Reply {
    Reply::Hang(Vec::new())
}

fn value(event: &SourceEvent, quantity: Quantity) -> Option<f64> {
    match event {
        SourceEvent::Scraped { report, .. } => Some(report.readings.get(&Signal::tier(Tier::T2, quantity))?.value),
        _ => None,
    }
}

/// What was said of each node: its place in the lab, the code and the page.
fn said(nodes: &[Answers]) -> Vec<(usize, FaultCode, String)> {
    let servers: Vec<Server> = nodes.iter().map(|answers| Server::start(*answers)).collect();
    let urls = servers.iter().map(|server| format!("\"{}\"", server.url())).collect::<Vec<_>>().join(", ");
    let lab = format!("Lab(deployments: [(name: \"warm\", tier: T2, urls: [{urls}], auth: Public)])");
    let pace = Pace { slow_timeout: Duration::from_secs(2), ..hurried() };
    let watch = Watch::in_folder(&lab, tempfile::tempdir().unwrap(), pace);
    let mut said = Vec::new();
    for event in watch.told_within(Duration::from_secs(6)) {
        let faults = match &event {
            SourceEvent::Scraped { report, .. } => report.faults.clone(),
            SourceEvent::Failed { fault, .. } => vec![fault.clone()],
            _ => Vec::new(),
        };
        for fault in faults.into_iter().filter(|fault| fault.code != FaultCode::PartOfNodes) {
            let node = servers.iter().position(|server| server.address.to_string() == fault.node).unwrap();
            if fault.code == FaultCode::PageWaits {
                let page = format!("warm: page {} of {} waits for its peers. ", fault.page, fault.node);
                assert!(fault.sentence(true).starts_with(&page), "{fault:?}");
                assert!(!fault.sentence(false).contains("127.0.0.1"), "{fault:?}");
            }
            said.push((node, fault.code, fault.page));
        }
        let up = nodes.iter().filter(|answers| !std::ptr::fn_addr_eq(**answers, hung as Answers)).count() as f64;
        assert!(value(&event, Quantity::NodesOnline).is_none_or(|online| online == up), "{event:?}");
    }
    said.sort_by_key(|(node, code, page)| (*node, *code, page.clone()));
    said.dedup();
    said
}

#[test]
fn a_node_hangs_by_its_own_pages_and_a_page_that_waits_for_peers_is_that_pages_fault() {
    let waits = |node, page: &str| (node, FaultCode::PageWaits, page.to_owned());
    let hangs = |node| (node, FaultCode::AnswerTimeout, "v3 requests".to_owned());
    type Case = (&'static str, Vec<Answers>, Vec<(usize, FaultCode, String)>);
    let cases: [Case; 3] = [
        ("a peer that is not asked hangs", vec![waiting, waiting], vec![waits(0, "v2 cluster")]),
        ("a peer that hangs is said itself", vec![waiting, hung, waiting], vec![hangs(1)]),
        ("a server without v3", vec![waiting_v2], vec![waits(0, "v2 cluster")]),
    ];
    std::thread::scope(|scope| {
        for (name, nodes, expected) in &cases {
            scope.spawn(move || {
                let mut told = said(nodes);
                // Either node may be the one that is asked for such a page, and the other page may have its turn or not.
                told.retain(|told| told.1 != FaultCode::PageWaits || told.2 == "v2 cluster");
                told.iter_mut().filter(|told| told.1 == FaultCode::PageWaits).for_each(|told| told.0 = 0);
                assert_eq!(told, *expected, "{name}");
            });
        }
    });
}

#[test]
fn a_node_that_hangs_is_said_at_the_moment_its_drives_are_out_of_what_may_fail() {
    let is_struck = Arc::new(AtomicBool::new(false));
    let node = |is_the_one: bool| {
        let is_struck = Arc::clone(&is_struck);
        Server::start(move |request| match request.path.as_str() {
            _ if is_the_one && is_struck.load(Ordering::SeqCst) => Reply::Hang(Vec::new()),
            REQUESTS => Reply::v3(&requests_page(1e9, 2e9)),
            // Kept by the servers from before: 4 nodes with 2 drives each.
            V2 => Reply::text(
                "minio_s3_traffic_received_bytes{server=\"a:9000\"} 1e9\n\
                 minio_cluster_nodes_online_total{server=\"a:9000\"} 4\n\
                 minio_cluster_drive_total{server=\"a:9000\"} 8\n\
                 minio_cluster_drive_online_total{server=\"a:9000\"} 8\n\
                 minio_cluster_health_erasure_set_online_drives{pool=\"0\",set=\"0\",server=\"a:9000\"} 8\n\
                 minio_cluster_health_erasure_set_healing_drives{pool=\"0\",set=\"0\",server=\"a:9000\"} 0\n\
                 minio_cluster_health_erasure_set_write_quorum{pool=\"0\",set=\"0\",server=\"a:9000\"} 5\n",
            ),
            _ => Reply::no_such_page(),
        })
    };
    let servers = [false, false, false, true].map(node);
    let urls = servers.each_ref().map(|server| format!("\"{}\"", server.url())).join(", ");
    let watch = Watch::deployments(&format!("(name: \"warm\", tier: T2, urls: [{urls}], auth: Public)"));
    let tolerance = |event: &SourceEvent| value(event, Quantity::WriteTolerance);
    watch.find("3 drives may fail", |event| (tolerance(event)? == 3.0).then_some(()));
    is_struck.store(true, Ordering::SeqCst);
    let struck = servers[3].address.to_string();
    let (mut may_lose, mut reports) = (3.0, 0);
    watch.find("that it hangs, in ten reports", |event| {
        may_lose = tolerance(event).unwrap_or(may_lose);
        let is_said = match event {
            SourceEvent::Scraped { report, .. } => report.faults.iter().any(|fault| fault.node == struck),
            SourceEvent::Failed { fault, .. } => fault.node == struck,
            _ => return None,
        };
        assert_eq!(is_said, may_lose == 1.0, "{may_lose} may fail, and it is said: {is_said}; {event:?}");
        reports += usize::from(is_said);
        (reports == 10).then_some(())
    });
}
