//! A talk that is killed goes on where its journal ends.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::talk::Dice;

fn run(folder: &Path, flags: &[&str], answers: impl Into<Stdio>) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierlight"));
    command.current_dir(folder).args(["run", "--script", "-", "--json", "--data", "none"]).args(flags);
    command.stdin(Stdio::piped()).stdout(answers).stderr(Stdio::null()).spawn().unwrap()
}

/// The rows of a talk that is told to its end.
fn rows(folder: &Path, flags: &[&str], script: &str) -> Vec<Value> {
    let mut child = run(folder, flags, Stdio::piped());
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The commands of a journal that was cut anywhere, as a script.
fn told(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("journal")).unwrap();
    let whole = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let command = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let walk = line.get("event")?.get("command")?.get("walk")?;
        let jump = walk.get("jump").and_then(Value::as_str).map(|at| format!("jump {at}"));
        jump.or_else(|| walk.as_str().map(str::to_owned))
    };
    whole.filter_map(command).collect()
}

#[test]
fn a_killed_talk_goes_on_at_its_last_step() {
    kill_talks(0..20);
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_killed_talks_go_on_at_their_last_step() {
    kill_talks(20..120);
}

/// What the tier's badge says in the last row of a talk that goes on from the journal of another one.
fn badge_after(folder: &Path, script: &str, flags: &[&str]) -> String {
    let tell = |flags: &[&str], script: &str| {
        let file = folder.join("script");
        fs::write(&file, script).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tierlight"));
        command.current_dir(folder).args(["run", "--json", "--script"]).arg(&file).args(flags);
        let output = command.env("HOME", folder).env("XDG_CONFIG_HOME", folder).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let last: Value = serde_json::from_str(text.lines().last().expect("a row")).unwrap();
        last["badges"]["T2"].as_str().unwrap().to_owned()
    };
    tell(&["--journal", "journal"], script);
    tell(&[&["--resume", "journal"], flags].concat(), "wait 1\n")
}

#[test]
fn the_source_that_was_chosen_in_a_talk_is_gone_on_with() {
    let cases: [(&str, &[&str], &str); 4] = [
        ("next\nsource none\n", &[], "no source"),
        ("next-source\nnext\nsource recording\n", &[], "RECORDED"),
        ("next\n", &[], "SIMULATED"),
        ("next\nsource none\n", &["--data", "sim"], "SIMULATED"),
    ];
    for (script, flags, badge) in cases {
        let folder = tempfile::tempdir().unwrap();
        let told = badge_after(folder.path(), script, flags);
        assert!(told.starts_with(badge), "{script} {flags:?}: {told}");
    }
}

/// How many rows a talk has answered so far.
fn answered(folder: &Path) -> usize {
    fs::read_to_string(folder.join("answers")).unwrap().matches('\n').count()
}

fn wait_for_answers(folder: &Path, count: usize) {
    let begun = Instant::now();
    while answered(folder) < count {
        assert!(begun.elapsed() < Duration::from_mins(1), "the talk does not begin");
        thread::sleep(Duration::from_millis(5));
    }
}

fn kill_talks(seeds: std::ops::Range<u64>) {
    let (talks, mut without) = (seeds.end - seeds.start, 0);
    for seed in seeds {
        let folder = tempfile::tempdir().unwrap();
        let mut dice = Dice(seed + 7);
        let words = ["next", "next", "next", "back", "next-scene", "jump loop:3", "jump tiers:2", "monitor", "return"];
        let script: String = (0..60).map(|_| [words[dice.below(words.len())], "\n"].concat()).collect();
        let answers = File::create(folder.path().join("answers")).unwrap();
        let mut child = run(folder.path(), &["--journal", "journal", "--realtime"], answers);
        // Killed in the midst of it: what is left of the pipe nobody reads.
        drop(child.stdin.take().unwrap().write_all(script.as_bytes()));
        // Every other one is killed wherever it is, its first moments included.
        if seed % 2 == 0 {
            wait_for_answers(folder.path(), 1);
        }
        thread::sleep(Duration::from_millis(150 + dice.below(700) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let answered = answered(folder.path());
        if fs::metadata(folder.path().join("journal")).map_or(0, |data| data.len()) == 0 {
            assert_eq!(answered, 0, "seed {seed}: it took commands and left no journal");
            without += 1;
            continue;
        }
        let done = told(folder.path());
        assert!(done.len() >= answered, "seed {seed}: {answered} answers, and in the journal {done:?}");
        let done: String = done.iter().map(|line| [line, "\n"].concat()).collect();
        let straight = rows(folder.path(), &[], &format!("{done}wait 0\n"));
        let resumed = rows(folder.path(), &["--resume", "journal"], "wait 0\n");
        let (straight, resumed) = (straight.last().unwrap(), resumed.last().unwrap());
        assert_eq!(
            (&resumed["scene"], &resumed["step"]),
            (&straight["scene"], &straight["step"]),
            "seed {seed}: {done}"
        );
    }
    assert!(without * 2 <= talks, "{without} of {talks} talks were killed before they began");
}

/// The code and the words of a run that is told to its end.
fn ending(folder: &Path, flags: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierlight"));
    command.current_dir(folder).args(["run", "--script", "-", "--data", "none"]).args(flags).stdin(Stdio::null());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_journal_that_is_being_written_is_nobody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let answers = File::create(folder.path().join("answers")).unwrap();
    let mut first = run(folder.path(), &["--journal", "journal", "--realtime"], answers);
    let mut script = first.stdin.take().unwrap();
    // The script is read to its end before it is told, so the talk is held open by its own waiting.
    script.write_all(b"next\nnext\nwait 3600\n").unwrap();
    drop(script);
    wait_for_answers(folder.path(), 2);
    let before = fs::read_to_string(folder.path().join("journal")).unwrap();
    for flags in [&["--journal", "journal"][..], &["--journal", "journal", "--resume", "journal"]] {
        let (code, words) = ending(folder.path(), flags);
        assert_eq!(code, Some(2), "{flags:?}");
        assert!(words.contains("journal: another tierlight writes this journal"), "{flags:?}: {words}");
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let after = fs::read_to_string(folder.path().join("journal")).unwrap();
    assert!(after.starts_with(&before), "{after}");
    assert_eq!(told(folder.path()), ["next", "next"]);
    let (code, words) = ending(folder.path(), &["--journal", "journal", "--resume", "journal"]);
    assert_eq!((code, words.as_str()), (Some(0), ""), "it is free again");
}

#[test]
fn what_is_whole_of_a_damaged_journal_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    rows(folder.path(), &["--journal", "journal"], "jump loop:2\nwait 9\njump loop:3\n");
    let text = fs::read_to_string(folder.path().join("journal")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let damaged = [&lines[..1], &["\0\0\0\0{\"at\":"], &lines[1..]].concat().join("\n") + "\n";
    fs::write(folder.path().join("journal"), damaged).unwrap();
    let (code, words) = ending(folder.path(), &["--resume", "journal"]);
    assert_eq!(code, Some(0));
    assert!(words.contains("journal:2:1: ") && words.contains("1 line was passed over"), "{words}");
    let resumed = rows(folder.path(), &["--resume", "journal"], "wait 0\n");
    assert_eq!((resumed[0]["scene"].as_str(), resumed[0]["step"].as_u64()), (Some("loop"), Some(3)));
}

#[test]
fn a_talk_that_goes_on_is_the_same_talk() {
    let folder = tempfile::tempdir().unwrap();
    let first = "cut 20\nnext\nnext\njump loop:2\nwait 9\nclick 400 700\nwait 5\nclick 400 700\nwait 5\njump loop:3\n\
                 theme light\nhold\nnext\npark\n";
    let before = rows(folder.path(), &["--journal", "journal"], first);
    let after = rows(folder.path(), &["--resume", "journal", "--journal", "journal"], "wait 0\nhold\nreturn\n");
    for field in ["scene", "step", "audience", "picture", "cut"] {
        assert_eq!(after[0][field], before.last().unwrap()[field], "{field}");
    }
    assert!(after[0]["at"].as_f64().unwrap() >= before.last().unwrap()["at"].as_f64().unwrap() - 60.0);
    let again = rows(folder.path(), &["--resume", "journal"], "wait 0\n");
    assert_eq!(again[0]["step"], after.last().unwrap()["step"], "the journal was gone on with");
}

#[test]
fn what_is_no_journal_is_named_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("journal"), "{}\n").unwrap();
    for flags in [["--resume", "journal"], ["--resume", "missing"]] {
        let (code, words) = ending(folder.path(), &flags);
        assert_eq!(code, Some(2), "{flags:?}");
        assert!(words.contains(flags[1]), "{flags:?}: {words}");
    }
}

/// User and system time of a process so far, in hundredths of a second; none where the system does not tell.
fn cpu_ticks(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let after_name: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some(after_name.get(11)?.parse::<u64>().ok()? + after_name.get(12)?.parse::<u64>().ok()?)
}

#[test]
fn a_talk_that_waits_for_its_next_line_without_a_source_is_idle() {
    let folder = tempfile::tempdir().unwrap();
    let answers = File::create(folder.path().join("answers")).unwrap();
    let mut child = run(folder.path(), &["--realtime"], answers);
    child.stdin.as_mut().unwrap().write_all(b"jump loop:3\n").unwrap();
    wait_for_answers(folder.path(), 1);
    let spent: Vec<Option<u64>> = [0, 1000]
        .into_iter()
        .map(|millis| {
            thread::sleep(Duration::from_millis(millis));
            cpu_ticks(child.id())
        })
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    if let [Some(before), Some(after)] = spent[..] {
        assert!(after - before < 30, "{} hundredths of a second in one of waiting", after - before);
    }
}
