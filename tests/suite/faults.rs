//! Each fault against one of three deployments: the others go on, the presenter is told cause and way out, and no rate is
//! told that never was. All of them run side by side.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use tierlight::feeds::Pace;
use tierlight::live::{FaultCode, Report, SourceEvent};
use tierlight::signal::{Quantity, Signal, Tier};

use crate::lab_server::{Reply, Request, Server, Watch, cluster_page, requests_page};

const REQUESTS: &str = "/minio/metrics/v3/api/requests";
const WRITES: Signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);
/// What the struck deployment takes in all the while.
const BYTES_PER_SEC: f64 = 1e8;
/// What it had taken before: told as one step it would be seen.
const BEFORE_BYTES: f64 = 1e12;

/// For so long the others are to be read while one is struck: tens of polls, in which a server that counts from nothing
/// counts as much again.
const STRUCK_SECS: f64 = 3.0;
/// A busy machine may take so long for any of it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A fault: how a good page comes out, its code, and a part of the cause and of the way out that are told.
struct Case {
    name: &'static str,
    reply: fn(&str) -> Reply,
    code: FaultCode,
    cause: &'static str,
    remedy: &'static str,
    /// What it had taken before.
    before_bytes: f64,
}

fn raw(head: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n{head}\r\n\r\n").as_bytes(), body].concat()
}

/// The page with each value changed.
fn changed(page: &str, value: impl Fn(f64) -> String) -> Reply {
    let line = |line: &str| match line.rsplit_once(' ') {
        Some((name, old)) if !line.starts_with('#') => format!("{name} {}\n", value(old.parse().unwrap())),
        _ => format!("{line}\n"),
    };
    Reply::v3(&page.lines().map(line).collect::<String>())
}

fn bomb(_: &str) -> Reply {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    (0..512).for_each(|_| encoder.write_all(&[b'#'; 1 << 13]).unwrap());
    Reply::packed(&encoder.finish().unwrap())
}

const HTML: &str = "<!DOCTYPE html><html><head><title>Sign in to Guest WiFi</title></head></html>";

#[rustfmt::skip]
fn cases() -> Vec<Case> {
    use FaultCode as Code;
    let case = |name, code, cause, remedy, reply| Case { name, reply, code, cause, remedy, before_bytes: BEFORE_BYTES };
    let halved = |page: &str| changed(page, |old| format!("{:e}", old / 2.0));
    vec![
        case("down", Code::Dropped, "drops it without an answer", "starting or stopping", |_| Reply::Raw(Vec::new())),
        case("hang", Code::AnswerTimeout, "does not answer in time", "overloaded", |_| Reply::Hang(Vec::new())),
        case("slow", Code::BodyTimeout, "does not finish in time", "overloaded",
            |page| Reply::Hang(raw("Content-Length: 999", &page.as_bytes()[..3]))),
        case("401", Code::Unauthorized, "(401)", "proxy", |_| Reply::of(401, "application/json", "{}")),
        case("403", Code::Forbidden, "(403)", "auth: Keys", |_| Reply::denied()),
        case("500", Code::ServerError, "(500)", "log", |_| Reply::of(500, "application/json", "{}")),
        case("503", Code::Unavailable, "(503)", "starting", |_| Reply::of(503, "application/json", "{}")),
        case("empty", Code::Empty, "empty page", "starting", |_| Reply::text("")),
        case("html", Code::Html, "web page", "port", |_| Reply::of(200, "text/html; charset=utf-8", HTML)),
        case("cut", Code::CutShort, "breaks off", "stopping", |page| {
            Reply::Raw(raw(&format!("Content-Length: {}", page.len()), &page.as_bytes()[..page.len() / 2]))
        }),
        case("lie", Code::CutShort, "breaks off", "stopping", |page| {
            Reply::Raw(raw(&format!("Content-Length: {}", page.len() + 5000), page.as_bytes()))
        }),
        case("huge", Code::TooLarge, "more than 1 MiB", "Fewer buckets", |page| Reply::text(&page.repeat(6000))),
        case("bomb", Code::TooLarge, "more than 1 MiB", "Fewer buckets", bomb),
        case("garbage", Code::Unreadable, "not metrics", "port",
            |page| Reply::text(&page.chars().map(|letter| char::from(letter as u8 ^ 0x15)).collect::<String>())),
        case("nan", Code::Unreadable, "make no sense", "last good ones", |page| changed(page, |_| "NaN".to_owned())),
        case("back", Code::Unreadable, "make no sense", "last good ones", halved),
        Case { before_bytes: 0.0, ..case("back, begun just now", Code::Unreadable, "make no sense", "last good ones", halved) },
        case("redirect", Code::Redirect, "another server", "token goes only where",
            |_| Reply::Full { status: 302, headers: vec![("Location", format!("http://localhost:9{REQUESTS}"))], body: Vec::new() }),
    ]
}

/// What the test and a server know of each other.
#[derive(Default)]
struct Shared {
    is_struck: AtomicBool,
    /// The slow page was answered.
    was_asked_slowly: AtomicBool,
}

/// A deployment that takes bytes all the while, and is struck while that is set.
fn deployment(began: Instant, before_bytes: f64, shared: &Arc<Shared>, strike: Option<fn(&str) -> Reply>) -> Server {
    let shared = Arc::clone(shared);
    Server::start(move |request: &Request| {
        let grown = before_bytes + began.elapsed().as_secs_f64() * BYTES_PER_SEC;
        let page = match request.path.as_str() {
            REQUESTS => requests_page(grown, 0.0),
            "/minio/v2/metrics/cluster" => {
                shared.was_asked_slowly.store(true, Ordering::SeqCst);
                // As of a real server: a counter that falls while this stands is a wrong one, and not one begun anew.
                cluster_page(grown) + "minio_node_process_starttime_seconds{server=\"a:9000\"} 1.7e+09\n"
            }
            _ => String::new(),
        };
        let is_whole = if page.is_empty() { Reply::no_such_page() } else { Reply::v3(&page) };
        match strike.filter(|_| shared.is_struck.load(Ordering::SeqCst)) {
            Some(_) if page.is_empty() => is_whole,
            Some(strike) => strike(&page),
            None => is_whole,
        }
    })
}

/// What was told during one fault.
#[derive(Default)]
struct Told {
    /// By target: when it was last good, and what was wrong with it.
    good_secs: BTreeMap<String, f64>,
    faults: BTreeMap<String, Vec<(FaultCode, String)>>,
    /// The last report of the struck one.
    last: Option<Report>,
    /// Its rates, and what it moved in all.
    rates: Vec<f64>,
    moved_bytes: f64,
}

impl Told {
    /// Listens until that is so.
    #[track_caller]
    fn hear(&mut self, watch: &Watch, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(begun.elapsed() < PATIENCE, "not told: {what}; {:?}", self.faults);
            watch.told_within(Duration::from_millis(50)).into_iter().for_each(|event| self.take(event));
        }
    }

    fn take(&mut self, event: SourceEvent) {
        match event {
            SourceEvent::Scraped { target, report, .. } => {
                self.good_secs.insert(target.to_string(), report.last_good_secs);
                if &*target == "struck" {
                    self.rates.extend(report.readings.get(&WRITES).map(|reading| reading.value));
                    self.moved_bytes += report.moved.iter().flatten().map(|moved| moved.bytes).sum::<f64>();
                    self.last = Some(report);
                }
            }
            SourceEvent::Failed { target, fault, .. } => {
                let told = (fault.code, fault.sentence(true));
                self.faults.entry(target.to_string()).or_default().push(told);
            }
            SourceEvent::Announced(_)
            | SourceEvent::Inspected { .. }
            | SourceEvent::Asked { .. }
            | SourceEvent::Jumped
            | SourceEvent::Backfilled { .. }
            | SourceEvent::Recalled { .. }
            | SourceEvent::Shifted { .. } => {}
        }
    }
}

/// Five polls of a page of requests in two seconds, and ten a second while some run; a deadline that a server on a busy
/// machine keeps. At twice that pace a thread that is 10 ms late is a fifth of the time between two polls.
fn pace() -> Pace {
    let timeout = Duration::from_millis(2500);
    Pace { scale: 0.4, timeout, slow_timeout: timeout, limit_bytes: 1 << 20 }
}

/// Runs a fault.
fn strike(case: &Case) {
    let (began, shared) = (Instant::now(), Arc::new(Shared::default()));
    let struck = deployment(began, case.before_bytes, &shared, Some(case.reply));
    let others = [(); 2].map(|()| deployment(began, BEFORE_BYTES, &Arc::default(), None));
    let entry = |name: &str, tier: &str, server: &Server| {
        format!("(name: \"{name}\", tier: {tier}, urls: [\"{}\"], auth: Public),", server.url())
    };
    let lab =
        [entry("struck", "T2", &struck), entry("hot", "T1", &others[0]), entry("cold", "T3", &others[1])].concat();
    let watch = Watch::in_folder(&format!("Lab(deployments: [{lab}])"), tempfile::tempdir().unwrap(), pace());
    let mut told = Told::default();
    told.hear(&watch, "all are read", |told| told.good_secs.len() == 3 && told.rates.len() > 1);
    // A page that is first read while it is wrong has nothing it could be held against.
    told.hear(&watch, "the slow page is asked for", |_| shared.was_asked_slowly.load(Ordering::SeqCst));
    let known = told.rates.len();
    told.hear(&watch, "and read", |told| told.rates.len() > known + 2);
    let struck_secs = began.elapsed().as_secs_f64();
    shared.is_struck.store(true, Ordering::SeqCst);
    told.hear(&watch, "the fault, and the others all the while", |told| {
        let is_live = |other| told.good_secs[other] > struck_secs + STRUCK_SECS;
        let said = told.faults.get("struck");
        said.is_some_and(|said| said.iter().any(|(code, _)| *code == case.code)) && is_live("hot") && is_live("cold")
    });
    let struck_until_secs = began.elapsed().as_secs_f64();
    shared.is_struck.store(false, Ordering::SeqCst);
    told.hear(&watch, "it is read again and the fault is over", |told| {
        let Some(last) = &told.last else { return false };
        let is_over = last.faults.iter().all(|fault| fault.page != "v3 requests" || fault.code != case.code);
        is_over && last.last_good_secs > struck_until_secs
    });
    let true_bytes = began.elapsed().as_secs_f64() * BYTES_PER_SEC;

    let name = case.name;
    for other in ["hot", "cold"] {
        assert_eq!(told.faults.get(other), None, "{name}: {other}");
    }
    let said = &told.faults["struck"];
    let (_, sentence) = said.iter().find(|(code, _)| *code == case.code).unwrap_or_else(|| panic!("{name}: {said:?}"));
    assert!(sentence.contains(case.cause) && sentence.contains(case.remedy), "{name}: {sentence}");
    // What was counted before, told as a step, would be far beyond that, and so would a poll whose thread was late.
    let spike = 1.2 * BYTES_PER_SEC;
    assert!(told.rates.iter().all(|rate| (0.0..spike).contains(rate)), "{name}: {:?}", told.rates);
    // Bytes do not depend on when a thread ran: there are never more of them than came.
    assert!(told.moved_bytes <= 1.001 * true_bytes, "{name}: {} of {true_bytes}", told.moved_bytes);
}

#[test]
fn each_fault_of_one_leaves_the_others_live_and_is_told_with_its_way_out() {
    let cases = cases();
    thread::scope(|scope| {
        let running: Vec<_> = cases.iter().map(|case| scope.spawn(|| strike(case))).collect();
        let ended: Vec<_> = running.into_iter().map(thread::ScopedJoinHandle::join).collect();
        for (case, ended) in cases.iter().zip(ended) {
            assert!(ended.is_ok(), "{}: see above", case.name);
        }
    });
}
