//! `probe` against servers on 127.0.0.1: what it tells in words, as JSON, and as a lab file that reads back.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod lab_server;

use std::path::Path;

use serde_json::Value;
use tierlight::commands::probe::{DoorArgs, ProbeArgs, probe};
use tierlight::lab::Lab;

use crate::lab_server::{Reply, Request, Server, requests_page};

fn minio(request: &Request) -> Reply {
    if !request.header("authorization").starts_with("Bearer ") {
        return Reply::denied();
    }
    match request.path.as_str() {
        "/minio/metrics/v3/api/requests" => Reply::v3(&requests_page(1.0, 1.0)),
        "/minio/metrics/v3/cluster" => Reply::v3(
            "minio_cluster_health_nodes_online_count 4\n\
             minio_cluster_health_drives_count 8\n\
             minio_cluster_health_drives_online_count 7\n",
        ),
        "/minio/metrics/v3/cluster/usage/buckets" => {
            Reply::v3("minio_cluster_usage_buckets_total_bytes{bucket=\"lake\"} 5\n")
        }
        "/minio/v2/metrics/cluster" => Reply::text(
            "minio_software_version_info{version=\"2025-09-07T16:13:09Z\"} 0\n\
             minio_cluster_nodes_online_total 4\n",
        ),
        _ => Reply::no_such_page(),
    }
}

/// PATH is in every environment, and only a server would know it for a bad key.
fn keys() -> DoorArgs {
    DoorArgs { access: Some("demo".to_owned()), secret_env: Some("PATH".to_owned()), ..DoorArgs::default() }
}

fn run(args: &ProbeArgs) -> (u8, String) {
    let mut out = Vec::new();
    let code = probe(args, &mut out).unwrap();
    (code, String::from_utf8(out).unwrap())
}

#[test]
fn a_deployment_is_described() {
    let url = Some(Server::start(minio).url());
    let (code, words) = run(&ProbeArgs { url: url.clone(), door: keys(), ..ProbeArgs::default() });
    assert_eq!(code, 0, "{words}");
    for expected in ["v3 and v2, MinIO 2025-09-07T16:13:09Z", "4 of 4 online", "7 of 8 online", "lake"] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    let (code, json) = run(&ProbeArgs { url, json: true, door: keys(), ..ProbeArgs::default() });
    let json: Value = serde_json::from_str(&json).unwrap();
    let node = &json["targets"][0]["nodes"][0];
    assert_eq!((code, &json["schema"], &json["reachable"]), (0, &1.into(), &true.into()));
    assert_eq!((&node["v2"], &node["v3"], &node["buckets"][0]), (&true.into(), &true.into(), &"lake".into()));
    assert_eq!(node["signals"]["tier.warm.drives_online"], 7.0);
}

#[test]
fn the_lab_file_reads_back_and_holds_no_secret() {
    let url = Server::start(minio).url();
    let args = ProbeArgs { url: Some(url.clone()), ron: true, door: keys(), ..ProbeArgs::default() };
    let (_, text) = run(&args);
    let lab = Lab::read(Path::new("lab.ron"), &text).unwrap();
    assert_eq!(lab.deployments[0].urls[0].to_string(), url);
    assert!(text.contains("secret: Env(\"PATH\")"), "{text}");
    assert!(!text.contains(&std::env::var("PATH").unwrap()) && !text.contains("eyJ"), "{text}");
}

#[test]
fn a_refusal_is_an_honest_no() {
    let url = Some(Server::start(minio).url());
    let (code, json) = run(&ProbeArgs { url, json: true, ..ProbeArgs::default() });
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["reachable"]), (1, &false.into()));
    assert_eq!(json["targets"][0]["nodes"][0]["fault"]["code"], "forbidden");
}

#[test]
fn an_exporter_is_known_by_its_path() {
    let server = Server::start(|_| Reply::text("node_disk_read_bytes_total{device=\"nvme0n1\"} 1\n"));
    let url = Some(format!("{}/metrics", server.url()));
    let (code, words) = run(&ProbeArgs { url, ..ProbeArgs::default() });
    assert!(code == 0 && words.contains("a node exporter"), "{words}");
}

#[test]
fn wrong_use_is_an_error() {
    let args = ProbeArgs { url: Some("minio1:9000".to_owned()), ..ProbeArgs::default() };
    assert!(probe(&args, &mut Vec::new()).unwrap_err().contains("http://"));
    let args = ProbeArgs { lab: Some("no/such/lab.ron".into()), ..ProbeArgs::default() };
    assert!(probe(&args, &mut Vec::new()).unwrap_err().contains("lab.ron"));
}
