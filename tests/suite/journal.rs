//! A talk that is killed goes on where its journal ends.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::talk::Dice;

fn run(folder: &Path, flags: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierlight"));
    command.current_dir(folder).args(["run", "--script", "-", "--json", "--data", "none"]).args(flags);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// The rows of a talk that is told to its end.
fn rows(folder: &Path, flags: &[&str], script: &str) -> Vec<Value> {
    let mut child = run(folder, flags);
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

fn kill_talks(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let folder = tempfile::tempdir().unwrap();
        let mut dice = Dice(seed + 7);
        let words = ["next", "next", "next", "back", "next-scene", "jump loop:3", "jump tiers:2", "monitor", "return"];
        let script: String = (0..60).map(|_| [words[dice.below(words.len())], "\n"].concat()).collect();
        let mut child = run(folder.path(), &["--journal", "journal", "--realtime"]);
        // Killed in the midst of it: what is left of the pipe nobody reads.
        drop(child.stdin.take().unwrap().write_all(script.as_bytes()));
        thread::sleep(Duration::from_millis(150 + dice.below(700) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        if !folder.path().join("journal").is_file() || fs::metadata(folder.path().join("journal")).unwrap().len() == 0 {
            continue;
        }
        let done: String = told(folder.path()).iter().map(|line| [line, "\n"].concat()).collect();
        let straight = rows(folder.path(), &[], &format!("{done}wait 0\n"));
        let resumed = rows(folder.path(), &["--resume", "journal"], "wait 0\n");
        let (straight, resumed) = (straight.last().unwrap(), resumed.last().unwrap());
        assert_eq!(
            (&resumed["scene"], &resumed["step"]),
            (&straight["scene"], &straight["step"]),
            "seed {seed}: {done}"
        );
    }
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_tierlight"));
        command.current_dir(folder.path()).args(["run", "--script", "-"]).args(flags).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(flags[1]), "{flags:?}");
    }
}
