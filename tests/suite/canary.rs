//! Secrets and names that must not get out: a lab full of them, driven through the built program and through both windows,
//! and nothing of them in what is said, drawn, told to a screen reader, or printed by a panic.
#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::panic;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;
use tierlight::lab::Lab;
use tierlight::live::{Announcement, SourceEvent, SourceKind, Target};
use tierlight::presentation::Audience;
use tierlight::presentation::desk::DeskCommand;
use tierlight::presentation::event::Event;
use tierlight::presentation::measured::SourceCommand;
use tierlight::presentation::pointing::PointCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::show::Show;
use tierlight::signal::Subject;

use crate::lab_server::{Reply, Request, Server, Watch, hurried};
use crate::{console, talk, windows};

const HOST: &str = "canary-host-7f3a";
const BUCKET: &str = "canary-bucket-7f3a";
const ACCESS: &str = "canary-access-7f3a";
const SECRET: &str = "canary-secret-7f3a";
/// Of the form of a token, so that it is sent: its middle says `{"iss":"prometheus"}`.
const TOKEN: &str = "canarytoken7f3a.eyJpc3MiOiJwcm9tZXRoZXVzIn0.canarytoken7f3a";
const PASSWORD: &str = "canary-password-7f3a";
/// What everything of a minted token begins with.
const MINTED: &str = "eyJhbGciOiJIUzUxMiIs";

/// Metrics whose labels are full of names.
fn naming(request: &Request) -> Reply {
    let labels = format!("server=\"{HOST}:9000\",bucket=\"{BUCKET}\"");
    match request.path.as_str() {
        "/minio/metrics/v3/api/requests" => {
            Reply::v3(&format!("minio_api_requests_traffic_received_bytes{{server=\"{HOST}:9000\"}} 5\n"))
        }
        "/minio/v2/metrics/cluster" => Reply::text(&format!(
            "minio_node_process_starttime_seconds{{server=\"{HOST}:9000\"}} 5\n\
             minio_cluster_usage_total_bytes{{{labels}}} 5\n"
        )),
        "/minio/metrics/v3/cluster/usage/buckets" | "/minio/metrics/v3/cluster" => {
            Reply::v3(&format!("minio_cluster_usage_buckets_total_bytes{{{labels}}} 5\n"))
        }
        path if path.ends_with(BUCKET) => Reply::v3(&format!("minio_bucket_api_total{{{labels}}} 5\n")),
        _ => Reply::no_such_page(),
    }
}

/// A refusal that repeats all it was told.
fn echo(request: &Request) -> Reply {
    Reply::of(500, "text/plain", &format!("{} {:?}", request.path, request.headers))
}

fn elsewhere(request: &Request) -> Reply {
    let to = format!("http://{HOST}/?{}", request.header("authorization").replace(' ', "-"));
    Reply::Full { status: 307, headers: vec![("Location", to)], body: Vec::new() }
}

struct Canaries {
    folder: tempfile::TempDir,
    servers: Vec<Server>,
}

impl Canaries {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [("token", TOKEN), ("secret", SECRET), ("password", PASSWORD)] {
            fs::write(folder.path().join(name), text).unwrap();
            fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        let servers = vec![
            Server::start(naming),
            Server::start(naming),
            Server::start(echo),
            Server::start(elsewhere),
            Server::start(|_| Reply::denied()),
        ];
        let keys = format!("Keys(access: \"{ACCESS}\", secret: File(\"secret\"))");
        let [named, buckets, echo, elsewhere, denied] = [0, 1, 2, 3, 4].map(|nth: usize| servers[nth].url());
        let lab = format!(
            "Lab(deployments: [
                (name: \"named\", tier: T1, urls: [\"{named}\"], auth: {keys}),
                (name: \"buckets\", buckets: {{ T2: [\"canary-*\"] }}, urls: [\"{buckets}\"], auth: Token(File(\"token\"))),
                (name: \"echo\", tier: T3, urls: [\"{echo}\"], auth: {keys}),
                (name: \"elsewhere\", tier: T3, urls: [\"{elsewhere}\"], auth: Token(File(\"token\"))),
                (name: \"denied\", tier: T3, urls: [\"{denied}\"], auth: {keys}),
            ], exporters: [
                (name: \"gpus\", kind: Dcgm, urls: [\"{echo}/metrics\"], auth: Basic(user: \"me\", password: File(\"password\"))),
            ])"
        );
        fs::write(folder.path().join("lab.ron"), lab).unwrap();
        Self { folder, servers }
    }

    /// Everything the program says: stdout, stderr and its log.
    fn told(&self, words: &[&str], input: &str) -> [String; 3] {
        let log = self.folder.path().join("log");
        let mut child = Command::new(env!("CARGO_BIN_EXE_tierlight"))
            .args(words)
            .args(["--log", path(&log)])
            .current_dir(self.folder.path())
            .env("CANARY", SECRET)
            .env("RUST_LOG", "trace")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(matches!(done.status.code(), Some(0 | 1)), "{done:?}");
        let text = |bytes| String::from_utf8(bytes).unwrap();
        [text(done.stdout), text(done.stderr), fs::read_to_string(log).unwrap_or_default()]
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[track_caller]
fn assert_silent(told: &[String; 3], canaries: &[&str]) {
    for (what, text) in ["stdout", "stderr", "log"].into_iter().zip(told) {
        for canary in canaries {
            assert!(!text.contains(canary), "{canary} in {what}:\n{text}");
        }
    }
}

/// The pass words in every form they are sent in.
fn pass_words() -> Vec<&'static str> {
    vec![SECRET, PASSWORD, "canarytoken7f3a", MINTED, "bWU6Y2FuYXJ5"]
}

#[test]
fn a_run_names_nothing_of_the_lab_but_the_nodes_of_faults() {
    let lab = Canaries::new();
    let words =
        ["run", "--script", "-", "--realtime", "--for", "4", "--lab", "lab.ron", "--json", "--journal", "journal"];
    let told = lab.told(&words, "jump monitor:1\nwait 3\n");
    // It keeps what was heard of the lab, but not what the console alone is told of its inside.
    let journal = fs::read_to_string(lab.folder.path().join("journal")).unwrap();
    assert!(journal.contains("scraped") || journal.contains("Scraped"), "{journal}");
    let in_journal = [&pass_words()[..], &[ACCESS, BUCKET]].concat();
    assert!(!in_journal.iter().any(|canary| journal.contains(canary)), "{journal}");
    assert!(told[0].contains("LIVE") && told[0].contains("500"), "it was read, and refused: {told:?}");
    assert_silent(&told, &[&pass_words()[..], &[ACCESS, HOST, BUCKET]].concat());
    assert!(lab.servers.iter().all(|server| !server.asked().is_empty()), "each was asked");
}

#[test]
fn a_capture_names_nothing_of_the_lab() {
    let lab = Canaries::new();
    let told = lab.told(&["capture", "--lab", "lab.ron", "--for", "4", "--out", "captured"], "");
    let packed = fs::read(lab.folder.path().join("captured/scrapes.jsonl.zst")).unwrap();
    let rows = String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap();
    for page in ["/minio/metrics/v3/api/requests", "/minio/v2/metrics/cluster", "/minio/metrics/v3/bucket/api/bucket-1"]
    {
        let path = format!("\"path\": \"{page}\"");
        assert!(rows.lines().any(|row| row.contains(&path) && row.contains("\"status\": 200")), "{page} in {rows}");
    }
    assert!(rows.contains("\"status\": 500") && rows.contains("\"status\": 403"), "refusals are rows too: {rows}");
    let names =
        [&pass_words()[..], &[ACCESS, HOST, BUCKET, "canary", "127.0.0.1", "echo", "elsewhere", "denied"]].concat();
    for name in names {
        assert!(!rows.contains(name), "{name} in\n{rows}");
    }
    assert_silent(&told, &[&pass_words()[..], &[ACCESS, HOST, BUCKET]].concat());
    assert!(lab.servers.iter().all(|server| !server.asked().is_empty()), "each was asked");
}

#[test]
fn a_probe_tells_names_and_no_pass_words() {
    let lab = Canaries::new();
    for flags in [&["--json"][..], &["--ron"], &[]] {
        assert_silent(&lab.told(&[&["probe", "--lab", "lab.ron"], flags].concat(), ""), &pass_words());
    }
    let urls: Vec<String> = lab.servers.iter().map(Server::url).collect();
    for url in &urls {
        for door in [&["--access", ACCESS, "--secret-env", "CANARY"][..], &["--token-file", "token"]] {
            let told = lab.told(&[&["probe", url], door, &["--ron"]].concat(), "");
            assert_silent(&told, &pass_words());
            // The lab file names the key; nothing else does.
            assert_silent(&[String::new(), told[1].clone(), told[2].clone()], &[ACCESS]);
        }
    }
    // A secret given where a name belongs is not repeated.
    let told = lab.told(&["probe", &urls[0], "--access", ACCESS, "--secret-file", "token"], "");
    assert_silent(&told, &pass_words());
}

/// The talk over the lab of canaries, with all that its feeds told in a while; what they told; and its servers.
fn told_live() -> (Show, Vec<SourceEvent>, Vec<Server>) {
    let Canaries { folder, servers } = Canaries::new();
    let text = fs::read_to_string(folder.path().join("lab.ron")).unwrap();
    let lab = Lab::read(Path::new("lab.ron"), &text).unwrap();
    let target = |name: &str, subjects: Vec<Subject>| {
        let (name, interval_secs) = (name.into(), 1.0);
        Target { name, subjects, interval_secs, unverified: false }
    };
    let of_tiers = lab
        .deployments
        .iter()
        .map(|one| target(&one.name, one.serves.tiers().into_iter().map(Subject::Tier).collect()));
    let targets = of_tiers.chain(lab.exporters.iter().map(|one| target(&one.name, vec![Subject::Compute])));
    let (kind, origin) = (SourceKind::Lab, format!("lab “{HOST}”").into());
    let announced = Announcement { kind, origin, lapse: 1, targets: targets.collect() };
    let mut told = vec![SourceEvent::Announced(announced)];
    let watch = Watch::in_folder(&text, folder, hurried());
    told.extend(watch.told_within(Duration::from_secs(4)));
    let is_inside = |event: &SourceEvent| format!("{event:?}").contains(BUCKET);
    assert!(told.iter().any(is_inside), "what is inside was told, with its names");
    let mut show = talk::talk("none");
    talk::happen(&mut show, Event::Source { source: SourceKind::Lab.only_id(), news: told.clone() });
    talk::press(&mut show, SourceCommand::Source(SourceKind::Lab.only_id()));
    (show, told, servers)
}

/// All that a screen reader can say of a window.
fn heard<T>(harness: &Harness<'_, T>) -> String {
    let words = |node: egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        format!("{:?} {:?} {:?}\n", node.label(), node.value(), node.description())
    };
    harness.root().children_recursive().map(words).collect()
}

#[track_caller]
fn assert_without(what: &str, text: &str, canaries: &[&str]) {
    for canary in canaries {
        assert!(!text.contains(canary), "{canary} in {what}:\n{text}");
    }
}

#[test]
fn the_room_sees_and_hears_no_name_of_the_lab_and_the_console_no_key() {
    let (show, _, servers) = told_live();
    let addresses: Vec<String> = servers.iter().map(|server| server.url().replace("http://", "")).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let keys = [&pass_words()[..], &[ACCESS]].concat();
    let names = [&keys[..], &[HOST, BUCKET], &addresses].concat();
    let mut room = windows::open(show.clone());
    let mut seen = String::new();
    for address in ["monitor:1", "tiers:1", "loop:2"] {
        let show = &mut room.state_mut().show;
        let library = show.presentation().library();
        let at = library.address(library.position(address).unwrap());
        talk::press(show, WalkCommand::Jump(at));
        for is_asked in [false, true] {
            if is_asked {
                talk::press(&mut room.state_mut().show, PointCommand::NumberSource);
            }
            room.step();
            room.step();
            seen += &heard(&room);
            if let Audience::Picture(picture) = room.state().show.audience() {
                seen += &talk::print(&picture);
            }
        }
    }
    assert!(seen.contains("LIVE") && seen.contains("Where these numbers come from"), "{seen}");
    assert_without("the room", &seen, &names);

    // The console names nodes and buckets to who looks after them, and no key.
    let mut desk = console::open(show, [1440.0, 900.0], true);
    let mut said = String::new();
    for page in [DeskCommand::Problems, DeskCommand::Engineers] {
        talk::press(&mut desk.state_mut().show, page);
        desk.step();
        desk.step();
        said += &heard(&desk);
    }
    assert!(said.contains("look into buckets"), "the engineers' page was read: {said}");
    assert_without("the console", &said, &keys);
    if let Audience::Picture(picture) = desk.state().show.audience() {
        assert_without("the room beside the console", &talk::print(&picture), &names);
    }
}

#[test]
fn a_panic_that_prints_what_it_holds_prints_no_key() {
    let (show, told, _servers) = told_live();
    let folder = Canaries::new().folder;
    let text = fs::read_to_string(folder.path().join("lab.ron")).unwrap();
    let lab = Lab::read(Path::new("lab.ron"), &text).unwrap();
    let sources = show.presentation().sources().clone();
    let held: Result<(), _> =
        panic::catch_unwind(|| panic!("a fault that nobody thought of: {:?}", (lab, told, sources)));
    let words = held.unwrap_err().downcast::<String>().expect("a panic's words");
    assert!(words.contains("Keys") && words.contains(HOST), "all of it was printed: {words}");
    assert_without("a panic", &words, &[&pass_words()[..], &[ACCESS]].concat());
}
