//! `sim serve` over HTTP: tokens, refusals, compression, the lab file, and the truth.

use std::io::{self, Read as _, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Parser as _;
use flate2::read::GzDecoder;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha512;

use tierlight::commands::sim::{ServeArgs, serve};
use tierlight::lab;

#[derive(clap::Parser)]
struct Flags {
    #[command(flatten)]
    serve: ServeArgs,
}

/// What `sim serve` prints, line by line.
struct Printed(mpsc::Sender<Vec<u8>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write(b"\0").map(|_| ())
    }
}

/// Starts a served lab that lives as long as the test process, and returns its addresses as printed.
fn served(flags: &[&str]) -> Vec<(String, String)> {
    let args = Flags::parse_from(["serve"].iter().chain(flags)).serve;
    let (send, receive) = mpsc::channel();
    let run = move || serve(&args, &mut Printed(send));
    std::thread::Builder::new().name("served lab".to_owned()).spawn(run).unwrap();
    let mut text = Vec::new();
    while !text.ends_with(b"\0") {
        text.extend(receive.recv_timeout(Duration::from_secs(10)).unwrap());
    }
    let text = String::from_utf8(text).unwrap();
    let lines = text.trim_end_matches('\0').lines().filter_map(|line| line.split_once(' '));
    lines.map(|(name, url)| (name.to_owned(), url.to_owned())).collect()
}

/// Status, head and body of one request.
fn get(url: &str, path: &str, headers: &[(&str, &str)]) -> (u16, String, Vec<u8>) {
    let rest = url.strip_prefix("http://").unwrap();
    let host = rest.split('/').next().unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect::<Vec<_>>().concat();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, answer[end + 4..].to_vec())
}

fn token(access: &str, secret: &str, issuer: &str) -> String {
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS512","typ":"JWT"}"#);
    let claims = URL_SAFE_NO_PAD.encode(format!(r#"{{"exp":4102444800,"iss":"{issuer}","sub":"{access}"}}"#));
    let signed = format!("{head}.{claims}");
    let mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).unwrap().chain_update(&signed);
    format!("Bearer {signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[test]
fn a_served_lab_answers_as_minio_does() {
    let urls = served(&["--phase", "ingest", "--secret-key", "sesame"]);
    let names: Vec<&str> = urls.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["hot", "warm", "warm", "warm", "warm", "cold", "node_exporter", "dcgm", "truth"]);
    let warm = &urls[1].1;
    let good = token("tierlight-sim", "sesame", "prometheus");
    let auth = ("Authorization", good.as_str());
    let v3 = "/minio/metrics/v3/api/requests";
    let (status, head, body) = get(warm, v3, &[auth]);
    assert_eq!(status, 200);
    assert!(
        head.contains("content-type: text/plain; version=0.0.4") && head.contains("process-start-time-unix: 1"),
        "{head}"
    );
    assert!(
        String::from_utf8(body).unwrap().contains("minio_api_requests_traffic_received_bytes{server=\"warm-1:9000\"")
    );
    let (_, head, packed) = get(warm, "/minio/metrics/v3", &[auth, ("Accept-Encoding", "gzip")]);
    let mut body = String::new();
    GzDecoder::new(packed.as_slice()).read_to_string(&mut body).unwrap();
    assert!(head.contains("content-encoding: gzip") && body.contains("minio_system_drive_health"));
    let (status, head, _) = get(warm, "/minio/v2/metrics/cluster", &[auth, ("Accept-Encoding", "gzip")]);
    assert!(status == 200 && !head.contains("content-encoding"), "{head}");
    check_refusals(warm, auth);
}

fn check_refusals(warm: &str, auth: (&str, &str)) {
    let v3 = "/minio/metrics/v3/api/requests";
    let bad_secret = token("tierlight-sim", "simsalabim", "prometheus");
    let bad_issuer = token("tierlight-sim", "sesame", "somebody");
    for headers in [vec![], vec![("Authorization", bad_secret.as_str())], vec![("Authorization", bad_issuer.as_str())]]
    {
        let (status, head, body) = get(warm, v3, &headers);
        assert!(status == 403 && head.contains("application/json"), "{head}");
        assert!(body.starts_with(b"{\"Code\":\"AccessDenied\",\"Message\":\"Access Denied. (Auth"));
    }
    let cases = [
        (v3, vec![("Authorization", "Basic YTpi")], 400, "application/xml"),
        ("/minio/metrics/v3/nothing", vec![auth], 404, "text/plain"),
        ("/minio/metrics/v3/", vec![auth], 404, "text/plain"),
        ("/minio/metrics/v3/api/requests/", vec![auth], 404, "text/plain"),
        ("/minio/metrics/v3/bucket", vec![auth], 404, "text/plain"),
        ("/minio/metrics/v3/bucket/api/never-made", vec![auth], 200, "text/plain"),
        ("/minio/v2/metrics/nothing", vec![auth], 403, "application/xml"),
        ("/minio/metrics/v4", vec![auth], 403, "application/xml"),
        ("/minio/metrics/v3?list", vec![auth, ("Content-Type", "application/json")], 200, "application/json"),
        ("/minio/health/live", vec![], 200, ""),
        ("/minio/health/cluster", vec![], 200, ""),
    ];
    for (path, headers, expected, kind) in cases {
        let (status, head, _) = get(warm, path, &headers);
        assert_eq!(status, expected, "{path}");
        assert!(head.contains(kind), "{path}: {head}");
    }
}

#[test]
fn what_is_served_comes_to_what_truth_says() {
    let urls = served(&["--phase", "ingest"]);
    let good = token("tierlight-sim", "tierlight-sim-secret", "prometheus");
    let truth = || {
        let (status, _, body) = get(&urls[8].1, "/truth", &[]);
        let json: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert!(status == 200 && json["schema"] == 1 && json["at"].as_f64().is_some());
        json["tiers"]["warm"]["bytes_in"].as_f64().unwrap()
    };
    let counted = || {
        let pages = urls.iter().filter(|(name, _)| name == "warm");
        let received = pages.map(|(_, url)| {
            let (_, _, body) = get(url, "/minio/metrics/v3/api/requests", &[("Authorization", &good)]);
            let text = String::from_utf8(body).unwrap();
            let line =
                text.lines().find(|line| line.starts_with("minio_api_requests_traffic_received_bytes{")).unwrap();
            line.rsplit_once(' ').unwrap().1.parse::<f64>().unwrap()
        });
        received.sum::<f64>()
    };
    // The pages of the four nodes are read between two looks at the truth, so their sum lies between the two.
    let [(before, first, between), (later, second, after)] = [0, 1500].map(|wait_millis| {
        std::thread::sleep(Duration::from_millis(wait_millis));
        (truth(), counted(), truth())
    });
    let (least, most) = (later - between, after - before);
    assert!((least..=most).contains(&(second - first)), "{least} {} {most}", second - first);
    assert!(least > 5.0e9 && most < 1.5 * least, "{least} {most}");
}

#[test]
fn a_node_that_is_down_refuses() {
    let urls = served(&["--node-down", "0-0.6", "--phase", "quiet"]);
    let address = |index: usize| urls[index].1.strip_prefix("http://").unwrap().to_owned();
    std::thread::sleep(Duration::from_millis(150));
    assert!(TcpStream::connect(address(3)).is_err());
    assert!(TcpStream::connect(address(2)).is_ok());
    std::thread::sleep(Duration::from_secs(1));
    assert!(TcpStream::connect(address(3)).is_ok());
}

#[test]
fn the_lab_file_it_writes_is_one_that_we_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sim.ron");
    let urls = served(&["--ron", path.to_str().unwrap()]);
    let text = std::fs::read_to_string(&path).unwrap();
    let read = lab::Lab::read(Path::new("sim.ron"), &text).unwrap();
    assert_eq!(read.deployments.iter().map(|deployment| deployment.urls.len()).collect::<Vec<_>>(), [1, 4, 1]);
    assert_eq!(read.exporters.len(), 2);
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
    assert!(text.contains(&urls[0].1) && !text.contains("sim-secret\""));
}

#[test]
fn an_address_in_use_is_said_so() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let args = Flags::parse_from(["serve", "--listen", &address]).serve;
    let failed = serve(&args, &mut io::sink()).unwrap_err();
    assert!(failed.contains(&address), "{failed}");
    let nowhere = Flags::parse_from(["serve", "--listen", "nowhere"]).serve;
    assert!(serve(&nowhere, &mut io::sink()).unwrap_err().contains("nowhere"));
    assert!(Flags::try_parse_from(["serve", "--phase", "trian"]).is_err());
}

#[test]
fn without_quorum_the_health_endpoints_say_what_can_still_be_done() {
    let urls = served(&["--phase", "elt", "--quorum-down", "0"]);
    let warm = &urls.iter().find(|(name, _)| name == "warm").unwrap().1;
    let (writes, head, _) = get(warm, "/minio/health/cluster", &[]);
    assert!(writes == 503 && head.contains("x-minio-write-quorum: 5"), "{writes} {head}");
    let (reads, head, _) = get(warm, "/minio/health/cluster/read", &[]);
    assert!(reads == 200 && head.contains("x-minio-read-quorum: 4"), "{reads} {head}");
    let hot = &urls.iter().find(|(name, _)| name == "hot").unwrap().1;
    assert_eq!(get(hot, "/minio/health/cluster", &[]).0, 200);
}
