//! What the stage's motion loses to a console in a window of its own, to strangers who hammer the remote, and to pages of
//! 66 MB that labs answer meanwhile; and what a console costs that shows nothing new. Needs a display, best with a window
//! manager.
//!
//! `cargo bench --bench stage`, or `cargo bench --bench stage -- ROUNDS SECONDS OPENING`: that many rounds of so many seconds, after
//! those that a window needs to open.
#![expect(clippy::disallowed_methods, reason = "a bench times, starts programs and threads, and reads what they wrote")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod pages;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::pages::{BLOCK, bucket_page};

/// A step that is told again and again, through the remote, so that its motion does not end; a scene that is walked as a
/// talk does; and a step that rests.
const AGAIN: Motion = Motion { at: "loop:4", word: "replay-step", every: Duration::from_secs(1) };
const WALKED: Motion = Motion { at: "shard:1", word: "next", every: Duration::from_secs(4) };
const SIMULATED: [&str; 2] = ["--data", "sim"];
const RESTING: [&str; 4] = ["--data", "none", "--at", "loop:3"];
const CLIENTS: usize = 100;
/// Between two requests of a client.
const PAUSE: Duration = Duration::from_millis(5);
/// Each is asked for its page of buckets every ten seconds.
const LABS: usize = 4;

/// How long a run is counted, and how long it is let be before.
#[derive(Clone, Copy)]
struct Span {
    secs: u64,
    opening: u64,
}

/// What moves the stage while it is counted: a word that is sent to it so often, from a step on.
#[derive(Clone, Copy)]
struct Motion {
    at: &'static str,
    word: &'static str,
    every: Duration,
}

/// What was counted of one run.
struct Run {
    /// Frames of the stage that showed something new, and frames of the console.
    stage: u64,
    console: u64,
    /// Of one core, without the threads that draw in place of a graphics card; none where the system does not tell.
    share: Option<f64>,
    /// What 99 of 100 frames took of the window's thread at most: its time on a core, where the system tells that.
    ui_p99_ms: f64,
    /// Requests that strangers sent.
    requests: u64,
}

fn main() {
    let mut numbers = std::env::args().filter_map(|word| word.parse::<u64>().ok());
    let rounds = numbers.next().unwrap_or(5);
    let span = Span { secs: numbers.next().unwrap_or(10), opening: numbers.next().unwrap_or(3) };
    if compare("console", (&["--console"], false), rounds, span) {
        compare("hammered", (&[], true), rounds, span);
        while_parsed(rounds, span);
        idle(span);
    }
}

/// Runs without and with more flags, or strangers at the door, in turns, so that both see the same machine. Whether there was a
/// display.
fn compare(name: &str, (flags, strangers): (&[&str], bool), rounds: u64, span: Span) -> bool {
    let (mut bare, mut with, mut requests) = (0, 0, 0);
    for round in 0..rounds {
        let (Some(one), Some(other)) = (
            run(&SIMULATED, Some(AGAIN), false, span),
            run(&[&SIMULATED, flags].concat(), Some(AGAIN), strangers, span),
        ) else {
            println!("no window can be opened here: nothing measured");
            return false;
        };
        println!(
            "  round {round}: {} frames bare, {} with {name}, of the console {}",
            one.stage, other.stage, other.console
        );
        (bare, with, requests) = (bare + one.stage, with + other.stage, requests + other.requests);
    }
    if bare < rounds * span.secs {
        println!("{name}: the stage stood still, so its frames say nothing");
        return true;
    }
    let asked = if requests > 0 { format!(", {requests} requests") } else { String::new() };
    println!("{name}: {bare} frames bare, {with} with it{asked}: ratio {:.3}", with as f64 / bare.max(1) as f64);
    true
}

/// The window's thread while a scene is walked on the simulated lab, and while labs with thousands of buckets are read beside
/// it. A step that is told anew each second is all change, and its figures would hide the reading.
fn while_parsed(rounds: u64, span: Span) {
    let Ok(labs) = Labs::open() else { return println!("no lab can be served here") };
    let file = labs.file.path().to_string_lossy().into_owned();
    for round in 0..rounds {
        let (Some(one), Some(other)) =
            (run(&SIMULATED, Some(WALKED), false, span), run(&["--lab", &file], Some(WALKED), false, span))
        else {
            return;
        };
        println!(
            "parsed, round {round}: p99 of the window's thread {:.2} ms bare, {:.2} ms while {LABS} labs answered {} pages of 66 MB",
            one.ui_p99_ms,
            other.ui_p99_ms,
            labs.answered.swap(0, Ordering::Relaxed)
        );
    }
}

/// Labs of which each answers, to whoever asks, a page of 66 MB on its buckets, and no other page.
struct Labs {
    file: tempfile::NamedTempFile,
    answered: Arc<AtomicU64>,
}

impl Labs {
    fn open() -> std::io::Result<Self> {
        let page: Arc<str> = bucket_page().into();
        let answered = Arc::new(AtomicU64::new(0));
        let mut deployments = Vec::new();
        for nth in 0..LABS {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            let buckets = format!("{{T2: [\"bucket-00{nth}*\"], T3: [\"bucket-07{nth}*\"]}}");
            let url = listener.local_addr()?;
            deployments
                .push(format!(r#"(name: "lab{nth}", buckets: {buckets}, urls: ["http://{url}"], auth: Public)"#));
            let (page, answered) = (page.clone(), answered.clone());
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    if answer(stream, &page).is_ok_and(|is_page| is_page) {
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        let mut file = tempfile::Builder::new().suffix(".ron").tempfile()?;
        write!(file, r#"Lab(name: "large", deployments: [{}])"#, deployments.join(", "))?;
        Ok(Self { file, answered })
    }
}

/// Answers one request; whether it was for the page of buckets.
fn answer(mut stream: TcpStream, page: &str) -> std::io::Result<bool> {
    let mut asked = BufReader::new(stream.try_clone()?);
    let (mut first, mut header) = (String::new(), String::from("any"));
    asked.read_line(&mut first)?;
    while !header.trim().is_empty() {
        header.clear();
        asked.read_line(&mut header)?;
    }
    let is_page = first.starts_with("GET /minio/v2/metrics/bucket ");
    let (status, body) = match first.contains("/minio/health/") {
        true => ("200 OK", ""),
        false if is_page => ("200 OK", page),
        false => ("404 Not Found", ""),
    };
    write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len())?;
    for block in body.as_bytes().chunks(BLOCK) {
        stream.write_all(block)?;
    }
    Ok(is_page)
}

/// A console beside a stage that rests.
fn idle(span: Span) {
    let Some(run) = run(&[&RESTING[..], &["--console"]].concat(), None, false, span) else { return };
    let share =
        run.share.map_or_else(|| "not told here".to_owned(), |share| format!("{:.1} % of a core", share * 100.0));
    let per_sec = run.console as f64 / span.secs as f64;
    println!("idle: {per_sec:.1} frames of the console a second, {} of the stage in all, {share}", run.stage);
}

/// The program in a home of its own.
fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierlight"));
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"] {
        command.env(name, home);
    }
    command
}

/// Starts the program with these flags and counts for so many seconds. None: it had no display.
fn run(flags: &[&str], motion: Option<Motion>, hammers: bool, span: Span) -> Option<Run> {
    let home = tempfile::tempdir().ok()?;
    let stats = home.path().join("stats.json");
    let mut command = program(home.path());
    if let Some(motion) = motion {
        command.args(["--at", motion.at, "--remote"]);
    }
    command.args(flags).args(["--windowed", "--exit-after", &(span.opening + span.secs + 1).to_string(), "--stats"]);
    let mut child = command.arg(&stats).stderr(Stdio::piped()).spawn().ok()?;
    let strangers = hammers.then(|| Strangers::come(&mut child)).flatten();
    let share = spent(child.id(), motion.map(|motion| (home.path(), motion)), span);
    let is_well = child.wait().is_ok_and(|status| status.success());
    let requests = strangers.map_or(0, Strangers::go);
    let told: Value = serde_json::from_str(&fs::read_to_string(stats).ok()?).ok()?;
    let count = |name: &str| -> u64 {
        let each = told[name].as_array().into_iter().flatten().filter_map(Value::as_u64);
        each.skip(span.opening as usize).take(span.secs as usize).sum()
    };
    is_well.then(|| Run {
        stage: count("moving_each_second"),
        console: count("console_each_second"),
        share,
        ui_p99_ms: told["ui_cpu_ms"]["p99"].as_f64().unwrap_or(f64::NAN),
        requests,
    })
}

/// Waits until the time that is counted is over: which share of a core went by in it. `moves`: the home of a talk that is moved
/// meanwhile, and how.
fn spent(process: u32, moves: Option<(&Path, Motion)>, span: Span) -> Option<f64> {
    let wait = |secs: u64| {
        let begun = Instant::now();
        while let Some(left) = Duration::from_secs(secs).checked_sub(begun.elapsed()) {
            if let Some((home, motion)) = moves {
                let mut sent = program(home);
                // One that comes too early reaches nobody.
                let _early = sent.args(["remote", motion.word]).stdout(Stdio::null()).stderr(Stdio::null()).status();
            }
            thread::sleep(moves.map_or(left, |(_, motion)| left.min(motion.every)));
        }
    };
    wait(span.opening);
    let before = ticks(process);
    wait(span.secs);
    // A tick is a hundredth of a second wherever there is /proc.
    Some(ticks(process)?.checked_sub(before?)? as f64 / 100.0 / span.secs as f64)
}

/// Ticks of processor time of a process, without the threads that draw in place of a graphics card.
fn ticks(process: u32) -> Option<u64> {
    let tasks = fs::read_dir(Path::new("/proc").join(process.to_string()).join("task")).ok()?;
    let stats = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok());
    let own = stats.filter(|stat| !stat.contains("(llvmpipe") && !stat.contains("(softpipe"));
    let spent = |stat: String| -> Option<u64> {
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
    };
    Some(own.filter_map(spent).sum())
}

/// Clients that send what no remote sends, until they are told to go.
struct Strangers {
    goes: Arc<AtomicBool>,
    sent: Arc<AtomicU64>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Strangers {
    /// Asks the program, by what it says on stderr, where its door is.
    fn come(child: &mut Child) -> Option<Self> {
        let mut lines = BufReader::new(child.stderr.take()?).lines();
        let said = lines.find_map(|line| line.ok()?.split_once("http://").map(|(_, rest)| rest.to_owned()))?;
        let address: SocketAddr = said.split(':').take(2).collect::<Vec<_>>().join(":").parse().ok()?;
        // What else it says is let go by.
        thread::spawn(move || lines.for_each(drop));
        let (goes, sent) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU64::new(0)));
        let client = |nth| {
            let (goes, sent) = (goes.clone(), sent.clone());
            thread::spawn(move || {
                let mut turn = nth;
                while goes.load(Ordering::Relaxed) {
                    if knock(address, turn).is_ok() {
                        sent.fetch_add(1, Ordering::Relaxed);
                    }
                    turn += 1;
                    thread::sleep(PAUSE);
                }
            })
        };
        let threads = (0..CLIENTS).map(client).collect();
        Some(Self { goes, sent, threads })
    }

    /// How many requests there were.
    fn go(self) -> u64 {
        self.goes.store(false, Ordering::Relaxed);
        for thread in self.threads {
            // One that panicked has sent less.
            let _panicked = thread.join();
        }
        self.sent.load(Ordering::Relaxed)
    }
}

/// One request: torn, without sense, too long, or with a wrong token.
fn knock(address: SocketAddr, turn: usize) -> std::io::Result<()> {
    let request: Vec<u8> = match turn % 5 {
        0 => b"POST /command/next HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer wrong\r\nContent-Length: 0\r\n\r\n"
            .to_vec(),
        1 => b"GET /state HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(),
        2 => (0..200).map(|nth| (nth * 7 + turn) as u8).collect(),
        3 => format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(4000)).into_bytes(),
        _ => b"POST /command/qu".to_vec(),
    };
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    stream.write_all(&request)?;
    stream.shutdown(std::net::Shutdown::Write)?;
    // What comes back, if anything does, is of no interest.
    let _answer = stream.read(&mut [0; 256]);
    Ok(())
}
