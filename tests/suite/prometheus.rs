//! A Prometheus server as a source: what it is asked, what its answers and refusals mean, and a real one against the
//! simulated lab.
#![cfg(unix)]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tierlight::commands::probe::{ProbeArgs, Terminal, probe_at};
use tierlight::feeds::Pace;
use tierlight::live::{Announcement, Bursts, FaultCode, Point, SourceEvent, SourceKind, SourceList, Target};
use tierlight::picture::{Picture, Shape};
use tierlight::presentation::overlay;
use tierlight::signal::{Quantity, Signal, Subject, Tier};
use tierlight::timeline::hit::NumberId;
use tierlight::timeline::seen::Seen;

use crate::lab_server::{self, Reply, Request, Server, Watch, hurried};
use crate::talk;

const WRITES: Signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);
const READS: Signal = Signal::tier(Tier::T2, Quantity::ReadBytesPerSec);

/// The lab file of one deployment that only the server tells of.
fn lab_of(url: &str, more: &str) -> String {
    format!(
        "#![enable(implicit_some)]\nLab(deployments: [(name: \"warm\", tier: T2, instances: [\"node-?:9000\"])], \
         prometheus: (url: \"{url}\"{more}))"
    )
}

fn answer(kind: &str, rows: &[(&str, &str)]) -> String {
    let rows = rows.iter().map(|(name, values)| {
        let (label, field) = if kind == "vector" { ("tierlight", "value") } else { ("tierlight", "values") };
        format!("{{\"metric\":{{\"{label}\":\"{name}\"}},\"{field}\":{values}}}")
    });
    let rows = rows.collect::<Vec<_>>().join(",");
    format!("{{\"status\":\"success\",\"data\":{{\"resultType\":\"{kind}\",\"result\":[{rows}]}}}}")
}

fn json(body: &str) -> Reply {
    Reply::of(200, "application/json", body)
}

/// A server whose clock stands at 1000 s, that scrapes every five seconds and did so two seconds ago.
fn good(request: &Request) -> Reply {
    if request.path.ends_with("/query_range") {
        let past = [
            ("newest", "[[940,\"938\"],[950,\"948\"],[970,\"968\"]]"),
            (&WRITES.to_string(), "[[940,\"7\"],[950,\"9\"]]"),
        ];
        return json(&answer("matrix", &past));
    }
    if request.form.contains("[5m]") {
        return json(&answer("matrix", &[("", "[[985,\"1\"],[990,\"1\"],[995,\"1\"]]")]));
    }
    if request.form.contains("vector(0)") && !request.form.contains("label_replace") {
        return json(&answer("vector", &[("", "[1000,\"0\"]")]));
    }
    json(&answer("vector", &[("newest", "[1000,\"998\"]"), (&WRITES.to_string(), "[1000,\"2.5e8\"]")]))
}

#[test]
fn a_server_is_asked_for_all_signals_at_once_and_tells_how_old_they_are() {
    let server = Server::start(good);
    let (watch, _) =
        Watch::server(&lab_of(&server.url(), ", job: \"minio*\""), tempfile::tempdir().unwrap(), hurried());
    let (readings, at_secs, good_secs, interval_secs) = watch.find("a report", |event| match event {
        SourceEvent::Scraped { at_secs, report, .. } => {
            Some((report.readings.clone(), *at_secs, report.last_good_secs, report.interval_secs))
        }
        _ => None,
    });
    assert_eq!(readings[&WRITES].value, 2.5e8);
    assert_eq!(readings[&READS].value, 0.0, "a deployment that is known and has no such series moved nothing");
    assert!(!readings.contains_key(&Signal { quantity: Quantity::CapacityBytes, ..WRITES }), "that is not zero");
    assert!((at_secs - good_secs - 2.0).abs() < 0.5, "as old as its newest sample: {at_secs} {good_secs}");
    assert_eq!(interval_secs, 7.5, "half as long again as between two scrapes");
    let asked = server.asked().into_iter().find(|request| request.form.contains("label_replace")).unwrap();
    assert_eq!(asked.path, "/api/v1/query");
    let matchers = r#"{job=~"minio.*",instance=~"node-.:9000"}"#;
    assert!(asked.form.contains(matchers), "{}", asked.form);
}

/// What a source of that kind knows after the first report.
fn known(watch: &Watch) -> SourceList {
    let id = SourceKind::Prometheus.only_id();
    let (name, subjects) = ("warm".into(), vec![Subject::Tier(Tier::T2)]);
    let target = Target { name, subjects, interval_secs: 7.5, unverified: false };
    let (kind, origin) = (SourceKind::Prometheus, "a Prometheus server".into());
    let mut list = SourceList::default();
    list.apply(&id, SourceEvent::Announced(Announcement { kind, origin, lapse: 1, targets: vec![target] }));
    watch.find("a report", |event| {
        list.apply(&id, event.clone());
        matches!(event, SourceEvent::Scraped { .. }).then_some(())
    });
    list
}

#[test]
fn where_a_number_comes_from_shows_the_question_that_was_sent() {
    let mine = r#"job=~"minio.*",instance=~"node-.:9000""#;
    let without_spaces = |words: &str| words.split_whitespace().collect::<String>();
    let server = Server::start(good);
    let lab = lab_of(&server.url(), ", job: \"minio*\"");
    let (watch, _) = Watch::server(&lab, tempfile::tempdir().unwrap(), hurried());
    let list = known(&watch);
    let show = talk::talk("none");
    let talk = show.presentation();
    for names in [true, false] {
        let seen = Seen { source: list.shown(), readings: list.shown().readings(), names, ..talk.seen() };
        let (library, mut picture) = (talk.library(), Picture::default());
        let step = &library.scenes[0].steps[0];
        overlay::numbers(library, &seen, step, Some(&[NumberId::Measured(WRITES)]), &mut picture);
        let texts = picture.marks.iter().filter_map(|mark| match &mark.shape {
            Shape::Text(text) => Some(text.words.to_string()),
            _ => None,
        });
        let card = without_spaces(&texts.collect::<String>());
        let mut sent = server.asked().into_iter().map(|request| without_spaces(&request.form));
        let of_writes = r#""tierlight","tier.warm.write_bytes_per_sec""#;
        let sent = sent.rfind(|form| form.contains(of_writes)).expect("it was asked for");
        // The question stands before its label.
        let question = sent.split(&format!(",{of_writes}")).next().unwrap().rsplit("label_replace(").next().unwrap();
        assert!(question.contains(mine) && question.contains("[20s]"), "as often as the server scrapes: {question}");
        let shown = if names { question.to_owned() } else { question.replace(mine, "…") };
        assert!(card.contains(&shown), "{shown}\n{card}");
        assert_eq!(card.contains("node-"), names, "{card}");
    }
}

#[test]
fn what_happened_before_the_talk_is_told_as_events_to_the_server_s_source_and_to_the_lab() {
    // A step every ten seconds: a node goes and comes back, begun anew; then a drive.
    let past = |request: &Request| {
        let row = |quantity, values: [f64; 9]| {
            let points = values.iter().zip(0..).map(|(value, nth)| format!("[{},\"{value}\"]", 900 + 10 * nth));
            let signal = Signal { quantity, ..WRITES };
            (signal.to_string(), format!("[{}]", points.collect::<Vec<_>>().join(",")))
        };
        let newest = [898.0, 908.0, 918.0, 928.0, 938.0, 948.0, 958.0, 968.0, 978.0];
        let rows = [
            ("newest".to_owned(), row(Quantity::Objects, newest).1),
            row(Quantity::NodesOnline, [4.0, 4.0, 3.0, 3.0, 4.0, 4.0, 4.0, 4.0, 4.0]),
            row(Quantity::NodesTotal, [4.0; 9]),
            row(Quantity::UptimeSecs, [500.0, 510.0, 520.0, 530.0, 5.0, 15.0, 25.0, 35.0, 45.0]),
            row(Quantity::DrivesOnline, [8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 7.0, 7.0, 8.0]),
            row(Quantity::DrivesTotal, [8.0; 9]),
        ];
        if !request.path.ends_with("/query_range") {
            return good(request);
        }
        // Only what is asked for is answered.
        let asked = rows.iter().filter(|(name, _)| request.form.contains(&format!("\"{name}\"")));
        let asked: Vec<(&str, &str)> = asked.map(|(name, values)| (name.as_str(), values.as_str())).collect();
        json(&answer("matrix", &asked))
    };
    let (server, direct) = (Server::start(past), Server::start(lab_server::good));
    let text = lab_of(&server.url(), "")
        .replace("instances:", &format!("urls: [\"{}\"], auth: Public, instances:", direct.url()));
    let (watch, lab_events) = Watch::server(&text, tempfile::tempdir().unwrap(), hurried());
    let recalled = |event: &SourceEvent| match event {
        SourceEvent::Recalled { events, .. } => Some(events.clone()),
        _ => None,
    };
    let told = watch.find("what happened before", recalled);
    let now_secs = 1000.0;
    let words: Vec<String> =
        told.iter().map(|event| format!("{:.0} {}", (event.at_secs + now_secs) / 10.0, event.what.kind())).collect();
    assert_eq!(words, ["92 node-down", "94 node-back", "94 restart", "96 drive-down", "98 drive-back"]);
    let mut of_lab = std::iter::from_fn(|| lab_events.recv_timeout(Duration::from_secs(5)).ok());
    assert_eq!(of_lab.find_map(|event| recalled(&event)).map(|events| events.len()), Some(told.len()));
    // They stand in the strip and on the charts, beside what happens later.
    let mut list = known(&watch);
    list.apply(&SourceKind::Prometheus.only_id(), SourceEvent::Recalled { events: told, bursts: Bursts::default() });
    assert_eq!(list.shown().events().iter().count(), 5);
}

#[test]
fn what_is_wrong_with_the_server_is_said_once_under_its_own_name() {
    let is_down = std::sync::Arc::new(AtomicBool::new(false));
    let down = std::sync::Arc::clone(&is_down);
    let server = Server::start(move |request| {
        if down.load(Ordering::Acquire) { Reply::of(503, "text/plain", "starting") } else { good(request) }
    });
    let lab = "#![enable(implicit_some)]\nLab(deployments: [\
         (name: \"warm\", tier: T2, instances: [\"warm:9000\"]), (name: \"cold\", tier: T3, instances: [\"cold:9000\"])], \
         prometheus: (url: \"URL\"))";
    let (watch, _) = Watch::server(&lab.replace("URL", &server.url()), tempfile::tempdir().unwrap(), hurried());
    let id = SourceKind::Prometheus.only_id();
    let targets = [("warm", Tier::T2), ("cold", Tier::T3)].map(|(name, tier)| Target {
        name: name.into(),
        subjects: vec![Subject::Tier(tier)],
        interval_secs: 7.5,
        unverified: false,
    });
    let (kind, origin) = (SourceKind::Prometheus, "a Prometheus server".into());
    let mut list = SourceList::default();
    list.apply(&id, SourceEvent::Announced(Announcement { kind, origin, lapse: 1, targets: targets.into() }));
    let hear = |list: &mut SourceList, wanted: usize, is_fault: bool| {
        let mut count = 0;
        watch.find("news of each", |event| {
            list.apply(&id, event.clone());
            count += usize::from(match event {
                SourceEvent::Failed { .. } => is_fault,
                SourceEvent::Scraped { .. } => !is_fault,
                _ => false,
            });
            (count == wanted).then_some(())
        });
    };
    hear(&mut list, 2, false);
    is_down.store(true, Ordering::Release);
    hear(&mut list, 4, true);
    let faults: Vec<String> = list.shown().faults().map(|fault| fault.sentence(false)).collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("prometheus: the server "), "{faults:?}");
    is_down.store(false, Ordering::Release);
    hear(&mut list, 3, false);
    assert_eq!(list.shown().faults().count(), 0);
}

/// Looks at a lab file as `probe --lab` does: the exit status and what it says.
fn probed(lab: &str) -> (u8, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lab.ron");
    fs::write(&file, lab).unwrap();
    let args = ProbeArgs { lab: Some(file), ..ProbeArgs::default() };
    let (mut words, mut out) = (Vec::new(), Vec::new());
    let code = probe_at(&args, &mut Terminal { words: &mut words, question: None }, &mut out).unwrap();
    (code, String::from_utf8(out).unwrap())
}

#[test]
fn a_probe_of_a_lab_file_asks_its_prometheus_server_too() {
    let server = Server::start(good);
    let (code, words) = probed(&lab_of(&server.url(), ""));
    let told = "warm (T2 warm): ";
    assert!(code == 0 && words.contains("a Prometheus server") && words.contains(told), "{words}");
    assert!(words.contains("by this server alone, the newest 2 s old, scraped every 5 s"), "{words}");
    let empty = Server::start(|_| json(&answer("vector", &[])));
    let (code, words) = probed(&lab_of(&empty.url(), ""));
    assert!(code == 1 && words.contains("knows nothing of this target"), "{words}");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (code, words) = probed(&lab_of(&format!("http://{closed}"), ""));
    assert!(code == 1 && words.contains("refuses the connection"), "{words}");
}

#[test]
fn a_burst_is_told_by_the_steps_from_sample_to_sample() {
    // Scraped every five seconds: half a gigabyte in two of the steps, and nothing before and after.
    let asked = AtomicU64::new(0);
    let server = Server::start(move |request| {
        let is_now = request.form.contains("label_replace") && !request.path.ends_with("/query_range");
        if !is_now {
            return good(request);
        }
        // A poll is several questions, of which the first asks for the newest sample.
        let is_first = request.form.contains("\"newest\"");
        let step = asked.fetch_add(u64::from(is_first), Ordering::SeqCst) - u64::from(!is_first);
        let per_sec = if (3..5).contains(&step) { "5e7" } else { "0" };
        let (now, newest) = (1000 + 5 * step, 998 + 5 * step);
        let row = |value: String| format!("[{now},\"{value}\"]");
        let moved = format!("step.{WRITES}");
        let rows = [
            ("newest", row(newest.to_string())),
            (&WRITES.to_string(), row("2.5e7".to_owned())),
            (moved.as_str(), row(per_sec.to_owned())),
        ];
        let rows: Vec<(&str, &str)> = rows.iter().map(|(name, value)| (*name, value.as_str())).collect();
        json(&answer("vector", &rows))
    });
    let (watch, _) = Watch::server(&lab_of(&server.url(), ""), tempfile::tempdir().unwrap(), hurried());
    let (mut moved, mut polls) = (Vec::new(), 0);
    watch.find("seven polls", |event| {
        let SourceEvent::Scraped { report, .. } = event else { return None };
        assert_eq!(report.moved.is_some(), polls > 0, "the first sample has none before it");
        polls += 1;
        moved.extend(
            report.moved.iter().flatten().map(|moved| (moved.signal, moved.bytes, moved.to_secs - moved.from_secs)),
        );
        (polls == 7).then_some(())
    });
    assert_eq!(moved, [(WRITES, 2.5e8, 5.0); 2]);
}

#[test]
fn the_past_is_told_once_with_its_gaps_to_the_server_s_source_and_to_the_lab() {
    let server = Server::start(good);
    let direct = Server::start(lab_server::good);
    let text = lab_of(&server.url(), "")
        .replace("instances:", &format!("urls: [\"{}\"], auth: Public, instances:", direct.url()));
    let (watch, lab_events) = Watch::server(&text, tempfile::tempdir().unwrap(), hurried());
    let curve = |event: &SourceEvent| match event {
        SourceEvent::Backfilled { signal, points } if *signal == WRITES => Some(points.clone()),
        _ => None,
    };
    let points = watch.find("the past", curve);
    let values = |points: &[Point]| points.iter().map(|point| point.value).collect::<Vec<_>>();
    assert_eq!(values(&points), [Some(7.0), Some(9.0), None, Some(0.0)], "a step that is missing is a gap");
    let ends_secs = points.last().unwrap().at_secs;
    assert!((-31.0..=-28.0).contains(&ends_secs), "thirty seconds before the first question: {ends_secs}");
    let told = std::iter::from_fn(|| lab_events.recv_timeout(Duration::from_secs(5)).ok());
    let mut told = told.filter_map(|event| curve(&event));
    assert_eq!(values(&told.next().unwrap()), values(&points));
    let later = watch.told_within(Duration::from_millis(800));
    assert_eq!(later.iter().filter_map(curve).count(), 0, "once");
}

#[test]
fn a_server_behind_a_path_a_login_and_a_tenant_is_asked_so() {
    let server = Server::start(|request| match request.header("authorization") {
        "Basic bWU6b3Blbg==" if request.path.starts_with("/prometheus/api/v1/") => good(request),
        _ => Reply::of(401, "text/plain", "no org id"),
    });
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("pw"), "open").unwrap();
    let closed = Command::new("chmod").arg("600").arg(folder.path().join("pw")).status().unwrap();
    assert!(closed.success());
    let more = ", tenant: \"lab\", auth: Basic(user: \"me\", password: File(\"pw\"))";
    let (watch, _) = Watch::server(&lab_of(&format!("{}/prometheus/", server.url()), more), folder, hurried());
    watch.live("warm");
    assert!(server.asked().iter().all(|request| request.header("x-scope-orgid") == "lab"));
    let (watch, _) = Watch::server(&lab_of(&server.url(), ""), tempfile::tempdir().unwrap(), hurried());
    let fault = watch.fault("warm");
    assert_eq!(fault.code, FaultCode::Unauthorized);
    assert!(!fault.cause.contains("MinIO") && fault.remedy.contains("auth: Basic"), "{fault:?}");
}

#[test]
fn what_is_wrong_with_a_server_is_told_in_its_own_words() {
    let refused = "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"query is too long\"}";
    let no_job = |request: &Request| {
        if request.form.contains("count by (job)") {
            let rows = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"job\":\"other\"},\"value\":[1000,\"4\"]}]}}";
            return json(rows);
        }
        json(&answer("vector", &[]))
    };
    type Answer = Box<dyn Fn(&Request) -> Reply + Send + Sync>;
    let cases: [(Answer, FaultCode, &str); 6] = [
        (Box::new(move |_| Reply::of(422, "application/json", refused)), FaultCode::ServerError, "query is too long"),
        (Box::new(|_| json("{\"buckets\":[]}")), FaultCode::Unreadable, "not as a Prometheus server"),
        (Box::new(|_| Reply::of(404, "text/plain", "404 page not found")), FaultCode::NotFound, "404"),
        (Box::new(|_| Reply::of(200, "text/html", "<!doctype html>")), FaultCode::Html, "web page"),
        (Box::new(no_job), FaultCode::NothingKnown, "by job other"),
        (Box::new(|_| json(&answer("vector", &[]))), FaultCode::NothingKnown, "nor of any other"),
    ];
    for (reply, code, words) in cases {
        let server = Server::start(reply);
        let (watch, _) = Watch::server(&lab_of(&server.url(), ""), tempfile::tempdir().unwrap(), hurried());
        let fault = watch.fault("warm");
        assert_eq!(fault.code, code, "{fault:?}");
        assert!(fault.cause.contains(words) && fault.page == "query", "{fault:?}");
    }
}

#[test]
fn a_server_that_falls_silent_and_comes_back_is_told_once_each() {
    let is_down = std::sync::Arc::new(AtomicBool::new(false));
    let down = std::sync::Arc::clone(&is_down);
    let server = Server::start(
        move |request| {
            if down.load(Ordering::Acquire) { Reply::Hang(Vec::new()) } else { good(request) }
        },
    );
    let (watch, _) = Watch::server(&lab_of(&server.url(), ""), tempfile::tempdir().unwrap(), hurried());
    watch.live("warm");
    is_down.store(true, Ordering::Release);
    assert_eq!(watch.fault("warm").code, FaultCode::AnswerTimeout);
    is_down.store(false, Ordering::Release);
    watch.live("warm");
}

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn unix_secs() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

/// The simulated lab over HTTP, in the phase that loads at a steady rate: by name, the hosts with their ports.
fn simulated_lab(folder: &std::path::Path) -> (Running, Vec<(String, String)>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierlight"));
    command.args(["sim", "serve", "--phase", "load", "--ron"]).arg(folder.join("lab.ron"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let host = |line: String| {
        let (name, url) = line.split_once(' ')?;
        Some((name.to_owned(), url.strip_prefix("http://")?.split('/').next()?.to_owned()))
    };
    (Running(child), lines.filter_map(host).take(9).collect())
}

/// An hour of a counter that grows by 5 MB/s, up to a minute ago, in a form that `promtool` makes blocks of.
fn past_hour(host: &str) -> String {
    let now_secs = unix_secs();
    let mut text = "# TYPE minio_s3_traffic_received_bytes counter\n".to_owned();
    for step in 0..240 {
        let ago_secs = 60.0 + f64::from(239 - step) * 15.0;
        let labels = format!("instance=\"{host}\",job=\"minio\",server=\"past:9000\"");
        writeln!(
            text,
            "minio_s3_traffic_received_bytes{{{labels}}} {} {:.3}",
            f64::from(step) * 75e6,
            now_secs - ago_secs
        )
        .unwrap();
    }
    text + "# EOF\n"
}

/// A real server that scrapes those hosts every second; none, with words, where this machine has none.
fn real_server(folder: &std::path::Path, hosts: &[(String, String)], token: &str) -> Option<(Running, String)> {
    let of = |wanted: &[&str]| {
        let hosts = hosts.iter().filter(|(name, _)| wanted.contains(&name.as_str()));
        hosts.map(|(_, host)| format!("'{host}'")).collect::<Vec<_>>().join(", ")
    };
    let minio = of(&["hot", "warm", "cold"]);
    let job = |name: &str, path: &str| {
        format!(
            "- {{job_name: {name}, metrics_path: {path}, bearer_token: {token}, static_configs: [{{targets: [{minio}]}}]}}\n"
        )
    };
    let config = format!(
        "global: {{scrape_interval: 1s}}\nscrape_configs:\n{}{}- {{job_name: node, static_configs: [{{targets: [{}]}}]}}\n\
         - {{job_name: dcgm, static_configs: [{{targets: [{}]}}]}}\n",
        job("minio", "/minio/v2/metrics/cluster"),
        job("minio-v3", "/minio/metrics/v3/api/requests"),
        of(&["node_exporter"]),
        of(&["dcgm"]),
    );
    fs::write(folder.join("prometheus.yml"), config).unwrap();
    let past = folder.join("past.txt");
    let cold = &hosts.iter().find(|(name, _)| name == "cold")?.1;
    fs::write(&past, past_hour(cold)).unwrap();
    let data = folder.join("data");
    let blocks =
        Command::new("promtool").args(["tsdb", "create-blocks-from", "openmetrics"]).arg(&past).arg(&data).output();
    if !blocks.ok()?.status.success() {
        return None;
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut command = Command::new("prometheus");
    command.arg(format!("--config.file={}", folder.join("prometheus.yml").display()));
    command.arg(format!("--storage.tsdb.path={}", data.display()));
    command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
    Some((Running(child), format!("http://127.0.0.1:{port}")))
}

/// A token such as `mc admin prometheus generate` makes, by the command that makes one for the simulated lab.
fn token(folder: &std::path::Path) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let secret = fs::read_to_string(folder.join("lab.ron.secret")).unwrap();
    let encode = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes);
    let claims = "{\"iss\":\"prometheus\",\"sub\":\"tierlight-sim\",\"exp\":4102444800}";
    let signed = format!("{}.{}", encode(b"{\"alg\":\"HS512\",\"typ\":\"JWT\"}"), encode(claims.as_bytes()));
    let mut mac = Hmac::<sha2::Sha512>::new_from_slice(secret.trim().as_bytes()).unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", encode(&mac.finalize().into_bytes()))
}

/// The mean of a signal in a target's reports of the last seconds, as both tell it in that time.
fn means(watch: &Watch, lab_events: &Receiver<SourceEvent>, signal: Signal, time: Duration) -> [f64; 2] {
    let value = |event: &SourceEvent| match event {
        SourceEvent::Scraped { report, .. } => report.readings.get(&signal).map(|reading| reading.value),
        _ => None,
    };
    let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
    let by_server = watch.told_within(time);
    let direct: Vec<f64> = lab_events.try_iter().filter_map(|event| value(&event)).collect();
    [mean(by_server.iter().filter_map(value).collect()), mean(direct)]
}

#[test]
fn a_real_server_tells_the_same_as_the_lab_itself_and_an_hour_before() {
    let folder = tempfile::tempdir().unwrap();
    let (_lab, hosts) = simulated_lab(folder.path());
    let Some((_server, url)) = real_server(folder.path(), &hosts, &token(folder.path())) else {
        eprintln!("skipped: there is no prometheus with promtool on this machine");
        return;
    };
    // Rates need four scrapes, and v2's ten seconds of cache are not waited for: v3 is scraped too.
    thread::sleep(Duration::from_secs(10));
    let text = fs::read_to_string(folder.path().join("lab.ron")).unwrap();
    let text = text.trim_end().strip_suffix(')').unwrap().to_owned()
        + &format!("    prometheus: (url: \"{url}\", job: \"minio*\"),\n)");
    let (watch, lab_events) = Watch::server(&text, folder, Pace::default());
    let past = Signal::tier(Tier::T3, Quantity::WriteBytesPerSec);
    let points = watch.find("an hour of the past", |event| match event {
        SourceEvent::Backfilled { signal, points } if *signal == past => Some(points.clone()),
        _ => None,
    });
    let old: Vec<f64> = points.iter().filter_map(|point| point.value.filter(|_| point.at_secs < -120.0)).collect();
    assert!(old.len() > 200, "{points:?}");
    let mean = old.iter().sum::<f64>() / old.len() as f64;
    assert!((mean / 5e6 - 1.0).abs() < 0.05, "{mean}");
    let of = |quantity| Signal::tier(Tier::T1, quantity);
    means(&watch, &lab_events, of(Quantity::ReadBytesPerSec), Duration::from_secs(4));
    for signal in [of(Quantity::ReadBytesPerSec), READS] {
        let [by_server, direct] = means(&watch, &lab_events, signal, Duration::from_secs(6));
        assert!((by_server / direct - 1.0).abs() < 0.05, "{signal}: {by_server} by the server, {direct} directly");
    }
}

/// Standard output of a command, or its exit code and why.
fn command(words: &[&str]) -> Result<(u8, String), (u8, String)> {
    use clap::Parser as _;
    let cli = tierlight::commands::Cli::try_parse_from(["tierlight"].iter().chain(words)).unwrap();
    let mut out = Vec::new();
    match tierlight::commands::run(cli, &mut out) {
        Ok(code) => Ok((code, String::from_utf8(out).unwrap())),
        Err(failure) => Err((failure.code, failure.words)),
    }
}

/// What a server answered of a time that is over: nodes of T2 that wrote 250 MB/s for a minute, and no exporters.
fn recorded(request: &Request) -> Reply {
    let is_minio = request.form.contains("minio_");
    if request.form.contains("[5m]") {
        return json(&answer("matrix", &[("", "[[985,\"1\"],[990,\"1\"],[995,\"1\"]]")]));
    }
    if !request.path.ends_with("/query_range") || !is_minio {
        return json(&answer("matrix", &[]));
    }
    let points = |value: fn(u32) -> String| {
        let steps = (0..=24).filter(|step| !(12..18).contains(step));
        let points = steps.map(|step| format!("[{},\"{}\"]", 1_700_000_000 + 5 * step, value(step)));
        format!("[{}]", points.collect::<Vec<_>>().join(","))
    };
    let newest = points(|step| (1_700_000_000 + 5 * step - 2).to_string());
    let writes = points(|step| if step < 12 { "2.5e8" } else { "0" }.to_owned());
    json(&answer("matrix", &[("newest", &newest), (&WRITES.to_string(), &writes)]))
}

#[test]
fn a_time_that_is_over_becomes_a_recording() {
    let server = Server::start(recorded);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("past.tlr");
    let (url, out) = (server.url(), out.to_str().unwrap());
    let span = ["--from", "2023-11-14T22:13:20Z", "--to", "1700000120", "--out", out];
    let words = [&["recording", "import", "--prometheus", &url, "--tier", "canary?:9000=T2"][..], &span].concat();
    assert_eq!(command(&words), Ok((0, String::new())));
    let asked = server.asked().into_iter().find(|request| request.path.ends_with("/query_range")).unwrap();
    let matcher = "instance=~\"canary.:9000\"";
    assert!(asked.form.contains(matcher) && asked.form.contains("start=1700000000"), "{}", asked.form);
    let (_, info) = command(&["recording", "info", out, "--json"]).unwrap();
    let info: serde_json::Value = serde_json::from_str(&info).unwrap();
    let expected = (&"2023-11-14T22:13:20Z".into(), &120.0.into(), &serde_json::json!(["warm"]), &true.into());
    assert_eq!((&info["began"], &info["secs"], &info["sources"], &info["whole"]), expected, "{info}");
    let (_, report) = command(&["report", out]).unwrap();
    assert!(report.contains("| T2 warm |") && report.contains("250\u{2009}MB/s"), "{report}");
    assert!(report.contains("answers no more"), "for half a minute nothing was known: {report}");
    let nothing = Server::start(|_| json(&answer("matrix", &[])));
    let cases = [
        (&nothing.url(), &["--tier", "canary?:9000=T2"][..], 1, "knows nothing"),
        (&url, &[], 2, "which node is which tier"),
        (&"ftp://x".to_owned(), &["--tier", "a=T2"], 2, "--prometheus"),
    ];
    for (url, more, code, expected) in cases {
        let words = [&["recording", "import", "--prometheus", url][..], more, &span].concat();
        let (told, words) = command(&words).unwrap_err();
        assert!(told == code && words.contains(expected), "{told} {words}");
    }
}
