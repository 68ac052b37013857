//! `capture`: what a lab answers, kept so that `fold` and `recording import` read what the lab did.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use clap::Parser as _;
use serde_json::Value;
use tierlight::commands::sim::{ServeArgs, serve};
use tierlight::commands::{Cli, run};
use tierlight::setup::Failure;

#[derive(clap::Parser)]
struct Flags {
    #[command(flatten)]
    serve: ServeArgs,
}

/// Says when everything was printed.
struct Printed(mpsc::Sender<()>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.send(()).map_err(io::Error::other)
    }
}

/// Serves the simulated lab for as long as the test process lives, with a lab file that reads it.
fn serve_lab(lab_file: &Path, flags: &[&str]) {
    let words = ["serve", "--listen", "127.0.0.1:0", "--ron", lab_file.to_str().unwrap()];
    let args = Flags::parse_from(words.iter().chain(flags)).serve;
    let (send, printed) = mpsc::channel();
    let run = move || serve(&args, &mut Printed(send));
    std::thread::Builder::new().name("served lab".to_owned()).spawn(run).unwrap();
    printed.recv_timeout(Duration::from_secs(20)).unwrap();
}

fn told(words: &[&str]) -> Result<(u8, String), Failure> {
    let cli = Cli::try_parse_from(["tierlight"].iter().chain(words)).unwrap();
    let mut out = Vec::new();
    let code = run(cli, &mut out)?;
    Ok((code, String::from_utf8(out).unwrap()))
}

#[test]
fn a_captured_lab_is_read_back_by_fold_and_import() {
    let folder = tempfile::tempdir().unwrap();
    let [lab, out, recording] = ["lab.ron", "captured", "lab.tlr"].map(|name| folder.path().join(name));
    let [lab_path, out_path, recording_path] = [&lab, &out, &recording].map(|path| path.to_str().unwrap());
    serve_lab(&lab, &["--phase", "checkpoint"]);
    let words = ["capture", "--lab", lab_path, "--for", "8", "--out", out_path];
    let (code, said) = told(&words).unwrap();
    assert!(code == 0 && said.contains("answers in 8 s"), "{code} {said}");
    let (_, folded) = told(&["fold", out_path, "--json"]).unwrap();
    let folded: Value = serde_json::from_str(&folded).unwrap();
    let total = folded["total"].as_object().unwrap();
    assert_eq!(total.keys().collect::<Vec<_>>(), ["cold", "hot", "warm"]);
    assert!(folded["total"]["warm"]["v3"]["bytes_in"].as_u64().unwrap() > 1_000_000_000, "a checkpoint: {folded}");
    assert_eq!(folded["negative_readings"], 0);
    let state = folded["states"].as_array().unwrap().iter().find(|state| state["deployment"] == "warm").unwrap();
    assert_eq!((&state["nodes_online"], &state["nodes_total"]), (&4.into(), &4.into()), "{state}");
    assert_eq!(told(&["recording", "import", out_path, "--out", recording_path]).unwrap().0, 0);
    // Of the day on which it was captured: the servers run since nine days before.
    let rows = zstd::decode_all(&fs::read(out.join("scrapes.jsonl.zst")).unwrap()[..]).unwrap();
    let first: Value = serde_json::from_slice(rows.split(|byte| *byte == b'\n').next().unwrap()).unwrap();
    let began = first["unix"].as_i64().unwrap() - first["at"].as_f64().unwrap() as i64;
    let (_, info) = told(&["recording", "info", recording_path, "--json"]).unwrap();
    let info: Value = serde_json::from_str(&info).unwrap();
    assert_eq!(info["began"], jiff::Timestamp::from_second(began).unwrap().to_string());
    let (_, report) = told(&["report", recording_path]).unwrap();
    assert!(report.contains("| T2 warm |") && report.contains("No fault was seen."), "{report}");
    // What is there stays.
    assert!(told(&words).is_err_and(|failure| failure.code == 2 && failure.words.contains("already")));
}

#[test]
fn a_node_that_is_gone_is_gone_in_the_capture() {
    let folder = tempfile::tempdir().unwrap();
    let [lab, out] = ["lab.ron", "captured"].map(|name| folder.path().join(name));
    serve_lab(&lab, &["--phase", "load", "--node-down", "0"]);
    let [lab, out] = [&lab, &out].map(|path| path.to_str().unwrap());
    assert_eq!(told(&["capture", "--lab", lab, "--for", "5", "--out", out]).unwrap().0, 0);
    let rows = zstd::decode_all(&fs::read(format!("{out}/scrapes.jsonl.zst")).unwrap()[..]).unwrap();
    let rows: Vec<Value> =
        String::from_utf8(rows).unwrap().lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    let gone: Vec<&Value> = rows.iter().filter(|row| row.get("failed").is_some()).collect();
    assert!(gone.iter().any(|row| row["dep"] == "warm" && row["failed"] == "refused"), "{gone:?}");
    assert!(gone.iter().all(|row| row.get("status").is_none() && row.get("body").is_none()), "{gone:?}");
    assert!(rows.iter().any(|row| row["dep"] == "raw" && row["path"] == "/metrics" && row["status"] == 200));
}

#[test]
fn a_lab_of_which_nothing_comes_is_an_honest_no() {
    let folder = tempfile::tempdir().unwrap();
    let [lab, out] = ["lab.ron", "captured"].map(|name| folder.path().join(name));
    // Port 1 is nobody's.
    let text = "Lab(deployments: [(name: \"one\", tier: T2, urls: [\"http://127.0.0.1:1\"], auth: Public)])";
    fs::write(&lab, text).unwrap();
    let [lab, out] = [&lab, &out].map(|path| path.to_str().unwrap());
    let failure = told(&["capture", "--lab", lab, "--for", "2", "--out", out]).err().unwrap();
    assert!(failure.code == 1 && failure.words.contains("from one"), "{}", failure.words);
    for wrong in ["0", "-3", "inf", "NaN"] {
        let words = format!("--for={wrong}");
        assert_eq!(told(&["capture", "--lab", lab, &words, "--out", out]).err().unwrap().code, 2, "{wrong}");
    }
}

#[test]
fn beside_a_recorded_talk_the_bodies_are_kept_without_names() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["lab.ron", "talk.tlr", "bodies", "script.txt"].map(|name| folder.path().join(name));
    let [lab, talk, bodies, script] = paths.each_ref().map(|path| path.to_str().unwrap());
    serve_lab(&paths[0], &["--phase", "checkpoint"]);
    fs::write(script, "wait 6\nnext\n").unwrap();
    let words = ["run", "--lab", lab, "--script", script, "--record", talk, "--bodies", bodies];
    assert_eq!(told(&words).unwrap().0, 0);
    let rows = zstd::decode_all(&fs::read(format!("{bodies}/scrapes.jsonl.zst")).unwrap()[..]).unwrap();
    let rows = String::from_utf8(rows).unwrap();
    assert!(rows.lines().count() > 20 && !rows.contains("127.0.0.1") && !rows.contains("checkpoints"), "{rows}");
    let (_, folded) = told(&["fold", bodies, "--json"]).unwrap();
    let folded: Value = serde_json::from_str(&folded).unwrap();
    assert!(folded["total"]["warm"]["v3"]["bytes_in"].as_u64().unwrap() > 1_000_000_000, "a checkpoint: {folded}");
    // What is there stays, and without a lab there is nothing to keep.
    assert!(told(&words).is_err_and(|failure| failure.code == 2 && failure.words.contains("already")));
    let other = folder.path().join("other");
    let without = ["run", "--data", "sim", "--script", script, "--record", talk, "--bodies", other.to_str().unwrap()];
    assert!(told(&without).is_err_and(|failure| failure.code == 2 && failure.words.contains("--bodies")));
}
