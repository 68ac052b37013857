//! The live feed against servers on 127.0.0.1: what is asked, what is told, and each fault by its own name.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use tierlight::feeds::Pace;
use tierlight::live::{FaultCode, SourceEvent};
use tierlight::signal::{Quantity, Signal, Tier};

use crate::lab_server::{self, Reply, Server, Watch, cluster_page, good, hurried, requests_page};

const REQUESTS: &str = "/minio/metrics/v3/api/requests";
const WRITES: Signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn public(name: &str, url: &str) -> String {
    format!("(name: \"{name}\", tier: T2, urls: [\"{url}\"], auth: Public),")
}

/// Bytes on the wire with a body that does not keep its word.
fn head(rest: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n{rest}").into_bytes()
}

fn replies() -> Vec<(&'static str, Reply, FaultCode)> {
    use FaultCode as Code;
    let page = requests_page(1.0, 1.0);
    let zip = gzip(page.as_bytes());
    let html = "<!DOCTYPE html><html><h1>Sign in</h1>";
    let lines = "minio_api_requests_total{name=\"x\"} 1\n".repeat(40_000);
    vec![
        ("hang", Reply::Hang(Vec::new()), Code::AnswerTimeout),
        ("slow", Reply::Hang(head("Content-Length: 99\r\n\r\nminio")), Code::BodyTimeout),
        ("drop", Reply::Raw(Vec::new()), Code::Dropped),
        ("ssh", Reply::Raw(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), Code::NotHttp),
        ("https", Reply::of(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n"), Code::PlainToTls),
        ("bad", Reply::of(400, "application/xml", "<?xml version=\"1.0\"?><Error/>"), Code::BadRequest),
        ("login", Reply::of(401, "text/html", html), Code::Unauthorized),
        ("denied", Reply::denied(), Code::Forbidden),
        ("other", Reply::no_such_page(), Code::NoSuchEndpoint),
        ("nothing", Reply::of(404, "text/plain", "404 page not found\n"), Code::NotFound),
        ("broken", Reply::of(500, "text/plain", "An error has occurred"), Code::ServerError),
        ("starting", Reply::of(503, "text/plain", ""), Code::Unavailable),
        ("teapot", Reply::of(418, "text/plain", ""), Code::OtherStatus),
        ("page", Reply::of(200, "text/html", html), Code::Html),
        ("page-as-text", Reply::text(html), Code::Html),
        ("garbage", Reply::text("\u{1}\u{2}} = {\n%%%\n"), Code::Unreadable),
        ("no-numbers", Reply::v3("minio_api_requests_traffic_sent_bytes{server=\"a\"} NaN\n"), Code::Unreadable),
        ("foreign", Reply::text("process_cpu_seconds_total 1\n"), Code::NothingKnown),
        ("empty", Reply::text(""), Code::Empty),
        ("cut", Reply::Raw([head("Content-Length: 9999\r\n\r\n"), page.clone().into_bytes()].concat()), Code::CutShort),
        ("cut-chunks", Reply::Raw(head("Transfer-Encoding: chunked\r\n\r\n5\r\nup 1\n\r\n99\r\nup")), Code::CutShort),
        ("cut-gzip", Reply::packed(&zip[..zip.len() - 9]), Code::CutShort),
        ("bad-gzip", Reply::packed(page.as_bytes()), Code::BadGzip),
        ("huge", Reply::text(&lines), Code::TooLarge),
        ("bomb", Reply::packed(&gzip(&vec![b'#'; 8 << 20])), Code::TooLarge),
    ]
}

#[test]
fn each_fault_has_its_name_and_the_others_stay_live() {
    let replies = replies();
    let mut lab = String::new();
    let mut servers = Vec::new();
    for (name, reply, _) in &replies {
        let reply = reply.clone();
        let server = Server::start(move |_| reply.clone());
        lab.push_str(&public(name, &server.url()));
        servers.push(server);
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    lab.push_str(&public("refused", &format!("http://{closed}")));
    lab.push_str(&public("unknown", "http://no-such-host.invalid:9000"));
    let fine = Server::start(good);
    lab.push_str(&public("fine", &fine.url()));

    let mut expected: BTreeMap<&str, FaultCode> = replies.iter().map(|(name, _, code)| (*name, *code)).collect();
    expected.extend([("refused", FaultCode::Refused), ("unknown", FaultCode::UnknownHost)]);
    let watch = Watch::deployments(&lab);
    watch.find("every fault", |event| {
        if let SourceEvent::Failed { target, fault, .. } = event
            // Other pages of the same server may be asked before it, and told apart by their own contents.
            && (fault.page == "v3 requests" || expected.get(&**target) == Some(&fault.code))
            && let Some(code) = expected.remove(&**target)
        {
            assert_eq!(fault.code, code, "{target}: {}", fault.sentence(true));
            assert!(fault.sentence(true).contains("127.0.0.1") || &**target == "unknown");
            assert!(!fault.sentence(false).contains("127.0.0.1"), "{}", fault.sentence(false));
            assert!(fault.remedy.ends_with(['?', '.', ')']) || fault.remedy.contains(": "), "{}", fault.remedy);
        }
        expected.is_empty().then_some(())
    });
    watch.live("fine");
}

#[test]
fn a_lab_is_asked_politely() {
    let server = Server::start(good);
    let folder = private_file("warm.secret", "demo-secret-key-0001\n");
    let lab = format!(
        "Lab(deployments: [(name: \"warm\", tier: T2, urls: [\"{}\"],
            auth: Keys(access: \"demo\", secret: File(\"warm.secret\")))])",
        server.url()
    );
    let watch = Watch::in_folder(&lab, folder, hurried());
    watch.live("warm");
    let asked = server.asked();
    let first = &asked[0];
    assert_eq!(first.path, REQUESTS, "what makes it live comes first");
    assert!(first.header("authorization").starts_with("Bearer eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9."), "{first:?}");
    assert_eq!(first.header("accept"), "text/plain;version=0.0.4");
    assert_eq!(first.header("accept-encoding"), "gzip");
    assert!(first.header("user-agent").starts_with("tierlight/"));
}

#[test]
fn packed_answers_are_read() {
    let page = gzip(requests_page(1e9, 2e9).as_bytes());
    let server = Server::start(move |_| Reply::packed(&page));
    Watch::deployments(&public("warm", &server.url())).live("warm");
}

#[test]
fn a_growing_counter_is_a_rate_then_zero_and_never_a_spike() {
    const GROWS: u8 = 0;
    const RESTS: u8 = 1;
    const GONE: u8 = 2;
    let mode = Arc::new(AtomicU8::new(GROWS));
    let served = Arc::clone(&mode);
    let began = Instant::now();
    let rested = std::sync::Mutex::new(0.0);
    let server = Server::start(move |request| {
        if request.path != REQUESTS {
            return Reply::no_such_page();
        }
        let grown = began.elapsed().as_secs_f64() * 1e8;
        let mut rested = rested.lock().unwrap();
        match served.load(Ordering::SeqCst) {
            GROWS => {
                *rested = grown;
                Reply::v3(&requests_page(1e12 + grown, 0.0))
            }
            RESTS => Reply::v3(&requests_page(1e12 + *rested, 0.0)),
            _ => Reply::Raw(Vec::new()),
        }
    });
    // Slower than the other tests: the clocks of both sides are read some milliseconds apart.
    let pace = Pace { scale: 0.2, ..hurried() };
    let lab = format!("Lab(deployments: [{}])", public("warm", &server.url()));
    let watch = Watch::in_folder(&lab, tempfile::tempdir().unwrap(), pace);
    let rate = || {
        watch.find("a rate", |event| match event {
            SourceEvent::Scraped { report, .. } => report.readings.get(&WRITES).map(|reading| reading.value),
            _ => None,
        })
    };
    let mut rates: Vec<f64> = (0..5).map(|_| rate()).collect();
    rates.sort_by(f64::total_cmp);
    assert!((0.9e8..1.1e8).contains(&rates[2]), "{rates:?}");

    mode.store(RESTS, Ordering::SeqCst);
    let resting: Vec<f64> = (0..3).map(|_| rate()).collect();
    assert_eq!(resting[2], 0.0, "{resting:?}");

    mode.store(GROWS, Ordering::SeqCst);
    rate();
    mode.store(GONE, Ordering::SeqCst);
    let told = watch.told_within(Duration::from_millis(900));
    let failed = told.iter().filter(|event| matches!(event, SourceEvent::Failed { .. })).count();
    assert!(failed >= 2, "{told:?}");
    let is_dropped =
        |event: &SourceEvent| matches!(event, SourceEvent::Failed { fault, .. } if fault.code == FaultCode::Dropped);
    assert!(told.iter().any(is_dropped), "{told:?}");

    mode.store(GROWS, Ordering::SeqCst);
    let back: Vec<f64> = (0..3).map(|_| rate()).collect();
    assert!(back.iter().all(|rate| *rate < 1.5e8), "{back:?}");
    assert!(back.iter().any(|rate| *rate > 0.5e8), "{back:?}");
}

#[test]
fn v2_alone_makes_a_tier_live() {
    let server = Server::start(|request| match request.path.as_str() {
        "/minio/v2/metrics/cluster" => Reply::text(&cluster_page(1e9)),
        _ => Reply::no_such_page(),
    });
    let watch = Watch::deployments(&public("old", &server.url()));
    let (interval, nodes) = watch.find("v2's figures", |event| match event {
        SourceEvent::Scraped { report, .. } => {
            let nodes = report.readings.get(&Signal::tier(Tier::T2, Quantity::NodesOnline))?;
            // Before the first answer of v3's page it may still be there.
            Some((report.interval_secs, nodes.value)).filter(|(interval_secs, _)| *interval_secs > 0.05)
        }
        SourceEvent::Failed { fault, .. } => panic!("{}", fault.sentence(true)),
        _ => None,
    });
    assert_eq!((interval, nodes), (5.0 * 0.05, 4.0));
    let asked = server.asked();
    assert_eq!(asked.iter().filter(|request| request.path == REQUESTS).count(), 1, "v3 is left alone for a while");
}

#[test]
fn one_node_gone_is_told_beside_the_readings() {
    let fine = Server::start(good);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let urls = format!("\"{}\", \"http://{closed}\"", fine.url());
    let watch = Watch::deployments(&format!("(name: \"warm\", tier: T2, urls: [{urls}], auth: Public)"));
    let faults = watch.find("readings with a fault", |event| match event {
        SourceEvent::Scraped { report, .. } if !report.faults.is_empty() => Some(report.faults.clone()),
        _ => None,
    });
    assert_eq!((faults[0].code, faults[0].node.clone()), (FaultCode::Refused, closed.to_string()));
}

#[test]
fn two_nodes_gone_are_two_faults_each_with_its_beginning() {
    let fine = Server::start(good);
    let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let closed = ports.map(|port| port.local_addr().unwrap().to_string());
    let urls = format!("\"{}\", \"http://{}\", \"http://{}\"", fine.url(), closed[0], closed[1]);
    let watch = Watch::deployments(&format!("(name: \"warm\", tier: T2, urls: [{urls}], auth: Public)"));
    let both = || {
        watch.find("readings with two faults", |event| match event {
            SourceEvent::Scraped { report, at_secs, .. } if report.faults.len() == 2 => {
                Some((*at_secs, report.faults.clone()))
            }
            _ => None,
        })
    };
    let (_, first) = both();
    assert_eq!(first.iter().map(|fault| fault.node.as_str()).collect::<Vec<_>>(), [&closed[0], &closed[1]]);
    assert!(first.iter().all(|fault| fault.page == "v3 requests"), "{first:?}");
    for _ in 0..3 {
        let (at_secs, later) = both();
        assert_eq!(later, first, "since when does not move while it lasts");
        assert!(later.iter().all(|fault| fault.since_secs < at_secs));
    }
}

#[test]
fn slow_questions_go_to_a_node_that_answers() {
    let asked_v2 = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked_v2);
    let fine = Server::start(move |request| match request.path.as_str() {
        "/minio/v2/metrics/cluster" => {
            count.fetch_add(1, Ordering::SeqCst);
            Reply::text(&cluster_page(1e9))
        }
        _ => good(request),
    });
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let urls = format!("\"http://{closed}\", \"{}\"", fine.url());
    let watch = Watch::deployments(&format!("(name: \"warm\", tier: T2, urls: [{urls}], auth: Public)"));
    watch.find("v2's page", |_| (asked_v2.load(Ordering::SeqCst) >= 1).then_some(()));
}

#[test]
fn a_redirect_is_followed_to_the_same_server_only() {
    let home = Server::start(|request| match request.path.as_str() {
        REQUESTS => Reply::Full { status: 302, headers: vec![("Location", "/moved".to_owned())], body: Vec::new() },
        "/moved" => Reply::v3(&requests_page(1.0, 1.0)),
        _ => Reply::no_such_page(),
    });
    Watch::deployments(&public("moved", &home.url())).live("moved");

    let stranger = Server::start(good);
    let location = format!("{}{REQUESTS}", stranger.url());
    let sender = Server::start(move |_| {
        let headers = vec![("Location", location.clone())];
        Reply::Full { status: 307, headers, body: Vec::new() }
    });
    lab_server::assert_fault(&sender.url(), FaultCode::Redirect);
    assert!(stranger.asked().is_empty(), "the token stays home");
}

#[test]
fn a_refused_key_is_minted_again_and_the_way_back_is_short() {
    let refusals = AtomicU32::new(0);
    let server = Server::start(move |request| {
        let refuse = request.path == REQUESTS && refusals.fetch_add(1, Ordering::SeqCst) < 3;
        if refuse { Reply::denied() } else { good(request) }
    });
    let folder = private_file("key", "demo-secret-key-0001");
    let lab = format!(
        "Lab(deployments: [(name: \"warm\", tier: T2, urls: [\"{}\"], auth: Keys(access: \"a\", secret: File(\"key\")))])",
        server.url()
    );
    let watch = Watch::in_folder(&lab, folder, hurried());
    let fault = watch.fault("warm");
    assert_eq!(fault.code, FaultCode::Forbidden);
    assert!(
        fault.sentence(true).contains("the access key") && fault.remedy.contains("the secret file key"),
        "{fault:?}"
    );
    watch.live("warm");
}

#[test]
fn a_wrong_secret_file_is_told_and_never_sent() {
    let expired = "eyJhbGciOiJIUzUxMiJ9.eyJpc3MiOiJwcm9tZXRoZXVzIiwiZXhwIjoxMDAwfQ.c2ln";
    let stranger = "eyJhbGciOiJIUzUxMiJ9.eyJpc3MiOiJzb21lYm9keSIsInN1YiI6ImEifQ.c2ln";
    let cases = [
        (expired, 0o600, FaultCode::TokenExpired, true),
        (stranger, 0o600, FaultCode::WrongIssuer, true),
        ("-----BEGIN PRIVATE KEY-----\nhunter2", 0o600, FaultCode::NotAToken, false),
        ("hunter2", 0o600, FaultCode::NotAToken, false),
        ("", 0o600, FaultCode::SecretMissing, false),
        (expired, 0o640, FaultCode::SecretExposed, false),
    ];
    for (text, mode, code, sent) in cases {
        let server = Server::start(|_| Reply::denied());
        let folder = private_file("warm.token", text);
        let path = folder.path().join("warm.token");
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        let lab = format!(
            "Lab(deployments: [(name: \"warm\", tier: T2, urls: [\"{}\"], auth: Token(File(\"warm.token\")))])",
            server.url()
        );
        let fault = Watch::in_folder(&lab, folder, hurried()).fault("warm");
        assert_eq!(fault.code, code, "{}", fault.sentence(true));
        let said = format!("{fault:?}");
        assert!(said.contains("warm.token") && !said.contains("hunter2") && !said.contains("eyJ"), "{said}");
        assert_eq!(!server.asked().is_empty(), sent, "{code:?}");
    }
}

#[test]
fn a_missing_variable_is_told() {
    let server = Server::start(good);
    let watch = Watch::deployments(&format!(
        "(name: \"warm\", tier: T2, urls: [\"{}\"], auth: Token(Env(\"TIERLIGHT_TEST_NOT_SET\")))",
        server.url()
    ));
    let fault = watch.fault("warm");
    assert_eq!(fault.code, FaultCode::SecretMissing);
    assert!(fault.sentence(false).contains("the environment variable TIERLIGHT_TEST_NOT_SET is not set"));
}

#[test]
fn a_token_put_right_is_taken_up() {
    let server = Server::start(|request| {
        if request.header("authorization").contains("c2Vjb25k") { good(request) } else { Reply::denied() }
    });
    let folder = private_file("warm.token", "eyJhIjoxfQ.eyJpc3MiOiJwcm9tZXRoZXVzIn0.Zmlyc3Q");
    let lab = format!(
        "Lab(deployments: [(name: \"warm\", tier: T2, urls: [\"{}\"], auth: Token(File(\"warm.token\")))])",
        server.url()
    );
    let watch = Watch::in_folder(&lab, folder, hurried());
    assert_eq!(watch.fault("warm").code, FaultCode::Forbidden);
    fs::write(watch.folder.path().join("warm.token"), "eyJhIjoxfQ.eyJpc3MiOiJwcm9tZXRoZXVzIn0.c2Vjb25k\n").unwrap();
    watch.live("warm");
}

#[test]
fn bucket_tiers_are_asked_bucket_by_bucket() {
    let server = Server::start(|request| match request.path.strip_prefix("/minio/metrics/v3") {
        Some("/cluster/usage/buckets") => Reply::v3(
            "minio_cluster_usage_buckets_total_bytes{bucket=\"checkpoints-1\"} 5\n\
             minio_cluster_usage_buckets_total_bytes{bucket=\"private\"} 5\n",
        ),
        Some(path) => path.strip_prefix("/bucket/api/").map_or_else(Reply::no_such_page, |bucket| {
            Reply::v3(&format!("minio_bucket_api_traffic_received_bytes{{bucket=\"{bucket}\",server=\"a\"}} 7\n"))
        }),
        None => Reply::no_such_page(),
    });
    let watch = Watch::deployments(&format!(
        "(name: \"lake\", buckets: {{ T2: [\"lake\", \"checkpoints*\"] }}, urls: [\"{}\"], auth: Public)",
        server.url()
    ));
    let used = Signal::tier(Tier::T2, Quantity::ReadBytesPerSec);
    watch.find("a rate", |event| match event {
        SourceEvent::Scraped { report, .. } => report.readings.get(&used).copied(),
        SourceEvent::Failed { fault, .. } => panic!("{}", fault.sentence(true)),
        _ => None,
    });
    let asked: Vec<String> = server.asked().into_iter().map(|request| request.path).collect();
    for bucket in ["lake", "checkpoints-1"] {
        assert!(asked.iter().any(|path| path.ends_with(&format!("/bucket/api/{bucket}"))), "{asked:?}");
    }
    assert!(!asked.iter().any(|path| path.ends_with("/private")), "{asked:?}");
}

#[test]
fn exporters_are_asked_at_their_own_path() {
    let server = Server::start(|request| match request.path.as_str() {
        "/gpu/metrics" => Reply::text("DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 97\n"),
        _ => Reply::of(404, "text/plain", ""),
    });
    let lab = format!("Lab(exporters: [(name: \"gpus\", kind: Dcgm, urls: [\"{}/gpu/metrics\"])])", server.url());
    let watch = Watch::lab(&lab);
    let busy = watch.find("how busy", |event| match event {
        SourceEvent::Scraped { report, .. } => report.readings.get(&Signal::compute(Quantity::BusyRatio)).copied(),
        SourceEvent::Failed { fault, .. } => panic!("{}", fault.sentence(true)),
        _ => None,
    });
    assert!((busy.value - 0.97).abs() < 1e-9);
    assert!(server.asked().iter().all(|request| request.header("authorization").is_empty()));
}

#[test]
fn dropping_the_feeds_ends_them_even_while_a_server_hangs() {
    let hanging = Server::start(|_| Reply::Hang(Vec::new()));
    let fine = Server::start(good);
    let mut watch = Watch::deployments(&format!("{}{}", public("h", &hanging.url()), public("f", &fine.url())));
    watch.live("f");
    let began = Instant::now();
    watch.stop();
    assert!(began.elapsed() < Duration::from_millis(300));
    watch.told_within(Duration::from_millis(50));
    let asked = fine.asked().len();
    assert!(watch.told_within(Duration::from_millis(300)).is_empty());
    assert_eq!(fine.asked().len(), asked);
}

/// A folder with a file that only its owner may read.
fn private_file(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    folder
}

/// A private file in the lab's folder.
fn secret_file(folder: &tempfile::TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn exporter(url: &str, auth: &str) -> String {
    format!("Lab(exporters: [(name: \"gpus\", kind: Dcgm, urls: [\"{url}/metrics\"], auth: {auth})])")
}

#[test]
fn an_exporter_is_asked_with_its_login_as_it_is_now() {
    let wanted = |header: &'static str| {
        Server::start(move |request| {
            let refused = || Reply::of(401, "text/plain", "Unauthorized\n");
            let page = || Reply::text("DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 97\n");
            if request.header("authorization") == header { page() } else { refused() }
        })
    };
    let cases = [
        ("Basic bWU6c2VzYW1l", "Basic(user: \"me\", password: File(\"login\"))", "sesame"),
        ("Bearer opaque-token_0001", "Token(File(\"login\"))", "opaque-token_0001"),
    ];
    for (header, auth, right) in cases {
        let server = wanted(header);
        let folder = tempfile::tempdir().unwrap();
        secret_file(&folder, "login", "wrong\n");
        let watch = Watch::in_folder(&exporter(&server.url(), auth), folder, hurried());
        let fault = watch.fault("gpus");
        assert_eq!(fault.code, FaultCode::Unauthorized);
        assert!(fault.cause.contains("refuses the login") && fault.remedy.contains("login"), "{fault:?}");
        assert!(!format!("{fault:?}").contains("wrong"), "{fault:?}");
        secret_file(&watch.folder, "login", &format!("\u{feff}{right}\r\n"));
        watch.live("gpus");
    }
    let watch = Watch::lab(&exporter(&wanted("none").url(), "Public"));
    let fault = watch.fault("gpus");
    assert!(fault.cause.contains("asks for a login") && fault.remedy.contains("Basic(user: …"), "{fault:?}");
    // What no header can carry is not sent.
    let folder = tempfile::tempdir().unwrap();
    secret_file(&folder, "login", "two\nlines");
    let server = wanted("none");
    let watch = Watch::in_folder(&exporter(&server.url(), "Token(File(\"login\"))"), folder, hurried());
    assert_eq!(watch.fault("gpus").code, FaultCode::NotAToken);
    assert!(server.asked().is_empty());
}
