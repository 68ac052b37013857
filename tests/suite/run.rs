//! The command line's contract: fields, exit codes and hashes of `run`, `list`, `keys`, `signals`, `picture`.

use std::fs;

use clap::Parser as _;
use serde_json::Value;
use tierlight::commands::{Cli, run};
use tierlight::setup::Failure;

/// Exit code and standard output of a command.
fn told(words: &[&str]) -> Result<(u8, String), Failure> {
    let cli = Cli::try_parse_from(["tierlight"].iter().chain(words)).expect("the words are a command");
    let mut out = Vec::new();
    let code = run(cli, &mut out)?;
    Ok((code, String::from_utf8(out).expect("output is UTF-8")))
}

/// The one object of a command with `--json`.
fn json(words: &[&str]) -> Value {
    let (code, out) = told(&[words, &["--json"]].concat()).expect("the command succeeds");
    assert_eq!(code, 0);
    let value: Value = serde_json::from_str(&out).expect("one JSON object");
    assert_eq!(value["schema"], 1);
    value
}

/// What `run` answers to a script, or why it refuses it.
fn script(script: &str, flags: &[&str]) -> Result<Vec<Value>, Failure> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script");
    fs::write(&path, script).unwrap();
    let words = [&["run", "--script", path.to_str().unwrap(), "--json"], flags].concat();
    let (code, out) = told(&words)?;
    assert_eq!(code, 0);
    Ok(out.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect())
}

fn lines(text: &str, flags: &[&str]) -> Vec<Value> {
    script(text, flags).expect("the script is right")
}

const NONE: [&str; 2] = ["--data", "none"];
const SIM: [&str; 2] = ["--data", "sim"];

#[test]
fn run_answers_every_command_with_all_fields() {
    let answers = lines("next\njump loop:3\nwait 2\nblack\n", &SIM);
    let words: Vec<&str> = answers.iter().map(|line| line["command"].as_str().unwrap()).collect();
    assert_eq!(words, ["next", "jump loop:3", "wait 2", "black"]);
    for line in &answers {
        assert!(line["at"].is_f64() && line["scene"].is_string() && line["step"].is_u64(), "{line}");
        assert!(line["settled"] == true && line["picture"].is_string() && line["audience"].is_string(), "{line}");
        let tiers: Vec<&String> = line["badges"].as_object().unwrap().keys().collect();
        assert_eq!(tiers, ["T0", "T1", "T2", "T3"]);
        assert!(line["signals"].as_object().unwrap().values().all(Value::is_number), "{line}");
        assert_eq!(line["faults"], Value::Array(Vec::new()));
    }
    assert_eq!((answers[1]["scene"].as_str(), answers[1]["step"].as_u64()), (Some("loop"), Some(3)));
    let gone = answers[2]["at"].as_f64().unwrap() - answers[1]["at"].as_f64().unwrap();
    assert!((gone - 2.0).abs() < 1e-6, "wait lasted {gone} s");
}

#[test]
fn run_twice_answers_the_same_bytes() {
    let text = "next\nnext\nback\njump phases:6\nwait 7\nsource none\nsource sim\n2\nenter\nmonitor\n"
        .replace("2\n", "digits 2\n");
    assert_eq!(lines(&text, &SIM), lines(&text, &SIM));
    assert!(lines(&text, &SIM) != lines(&text, &["--data", "sim", "--seed", "2"]), "another seed is another lab");
}

#[test]
fn badges_say_what_the_source_is() {
    let badges = |flags: &[&str]| lines("jump loop:2\n", flags)[0]["badges"].clone();
    for (tier, badge) in badges(&NONE).as_object().unwrap() {
        assert_eq!(badge, "no source", "{tier}");
    }
    for (tier, badge) in badges(&SIM).as_object().unwrap() {
        assert!(badge.as_str().unwrap().starts_with("SIMULATED"), "{tier}: {badge}");
    }
    let swapped = lines("jump loop:2\nsource none\n", &SIM);
    assert_eq!(swapped[1]["badges"]["T2"], "no source");
    assert_eq!(
        (swapped[1]["step"].clone(), swapped[1]["picture"].clone()),
        (swapped[0]["step"].clone(), swapped[0]["picture"].clone())
    );
    assert_eq!(lines("next\n", &NONE)[0]["signals"], serde_json::json!({}), "nothing is known of nothing");
}

#[test]
fn signals_are_those_of_the_catalogue_and_follow_the_story() {
    let known: Vec<String> = json(&["signals"])["signals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|signal| signal["signal"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        known.iter().any(|name| name == "tier.warm.write_bytes_per_sec")
            && known.iter().any(|name| name == "compute.busy_ratio")
    );
    let answers = lines("jump phases:6\nwait 3\njump phases:5\nwait 6\n", &SIM);
    assert!(answers[1]["signals"].as_object().unwrap().keys().all(|name| known.contains(name)), "{}", answers[1]);
    let written = |line: &Value| line["signals"]["tier.warm.write_bytes_per_sec"].as_f64().unwrap();
    assert!(written(&answers[1]) > 1e9, "a checkpoint is written: {}", answers[1]);
    assert_eq!(written(&answers[3]), 0.0, "silence while the GPUs compute: {}", answers[3]);
}

#[test]
fn black_white_and_hold_show_in_the_audience_hash_alone() {
    let answers = lines("jump tiers:2\nblack\nblack\nwhite\nescape\nhold\nnext\nhold\n", &NONE);
    let audience: Vec<&str> = answers.iter().map(|line| line["audience"].as_str().unwrap()).collect();
    assert_eq!((audience[1], audience[3]), ("black", "white"));
    assert_eq!([audience[2], audience[4], audience[5], audience[6]], [audience[0]; 4], "{audience:?}");
    assert_ne!(audience[7], audience[0]);
    assert_eq!(answers[5]["picture"], answers[0]["picture"]);
    assert_ne!(answers[6]["picture"], answers[0]["picture"]);
}

#[test]
fn the_theme_changes_no_picture() {
    let answers = lines("jump tiers:2\ntheme light\ntheme contrast\n", &NONE);
    assert!(answers.iter().all(|line| line["picture"] == answers[0]["picture"]), "{answers:?}");
    let light = lines("jump tiers:2\n", &["--data", "none", "--theme", "light"]);
    assert_eq!(light[0]["picture"], answers[0]["picture"]);
}

#[test]
fn a_wrong_script_is_refused_whole_with_its_line_and_a_suggestion() {
    for (text, part) in [
        ("next\nnxet\n", "line 2: no command \"nxet\""),
        ("next\nnxet\n", "next"),
        ("jump nowhere:1\n", "no step \"nowhere:1\""),
        ("jump loop:99\n", "loop"),
        ("wait long\n", "not a number"),
        ("source moon\n", "no source \"moon\""),
        ("theme pink\n", "pink"),
        ("black white\n", "\"black\" takes nothing after it, and there is \"white\""),
        ("slide-back x\n", "\"slide-back\" takes nothing after it"),
        ("digits 12\n", "\"digits\" needs one digit after it, not \"12\""),
        ("open\n", "\"open\" needs the id of a thing"),
    ] {
        let failure = script(text, &NONE).expect_err(text);
        assert_eq!(failure.code, 2, "{text}");
        assert!(failure.words.contains(part), "{text}: {}", failure.words);
    }
    assert_eq!(told(&["run", "--script", "no/such/file", "--json"]).expect_err("no file").code, 2);
    assert_eq!(told(&["run", "--script", "no/such/file", "--data", "moon"]).expect_err("no source").code, 2);
}

#[test]
fn a_lab_that_was_asked_for_and_cannot_be_read_is_no_simulated_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.ron");
    fs::write(&path, "Lab(deployments: [(name: \"warm\", teir: T2)])").unwrap();
    for (file, said) in [(path.to_str().unwrap(), "teir"), ("no/such/lab.ron", "no/such/lab.ron")] {
        let refused = script("next", &["--lab", file]).expect_err("it is refused");
        assert!(refused.code == 2 && refused.words.contains(said), "{} {}", refused.code, refused.words);
    }
}

#[test]
fn list_tells_every_scene_and_step() {
    let list = json(&["list"]);
    let scenes = list["scenes"].as_array().unwrap();
    let ids: Vec<&str> = scenes.iter().map(|scene| scene["id"].as_str().unwrap()).collect();
    for id in ["title", "tiers", "phases", "loop", "flat-line", "monitor"] {
        assert!(ids.contains(&id), "{ids:?}");
    }
    for scene in scenes {
        assert!(scene["title"].is_string() && scene["tags"].is_array() && scene["hidden"].is_boolean());
        for (index, step) in scene["steps"].as_array().unwrap().iter().enumerate() {
            assert_eq!(step["n"], index + 1);
            assert!(step["caption"].as_str().is_some_and(|caption| !caption.is_empty()), "{step}");
            assert!(step["budget_secs"].as_u64().is_some_and(|secs| secs > 0), "{step}");
            assert!(step["words"].is_u64() && step["sources"].is_array() && step.get("phase").is_some(), "{step}");
        }
    }
    let phases = scenes.iter().find(|scene| scene["id"] == "phases").unwrap()["steps"].as_array().unwrap();
    let told: Vec<&str> = phases.iter().filter_map(|step| step["phase"].as_str()).collect();
    assert_eq!(
        told,
        ["ingest", "elt", "shuffle", "load", "train", "checkpoint", "track", "embed", "export", "archive"]
    );
}

#[test]
fn keys_tells_the_table() {
    let keys = json(&["keys"]);
    let commands = keys["commands"].as_array().unwrap();
    let next = commands.iter().find(|entry| entry["command"] == "next").expect("next is a command");
    assert!(next["keys"].as_array().unwrap().contains(&Value::from("PageDown")));
    assert!(commands.iter().all(|entry| entry["words"].as_str().is_some_and(|words| !words.is_empty())));
}

#[test]
fn picture_tells_the_marks_in_stage_units() {
    let picture = json(&["picture", "tiers:2", "--data", "none"]);
    let marks = picture["marks"].as_array().unwrap();
    let of = |role: &str| {
        marks.iter().filter(|mark| mark["role"] == role).map(|mark| mark["id"].as_str().unwrap()).collect::<Vec<_>>()
    };
    let mut floors = of("floor");
    floors.sort_unstable();
    assert_eq!((floors, of("hall")), (vec!["T0", "T1", "T2", "T3"], vec!["hall"]));
    for mark in marks {
        assert_eq!(mark["box"].as_array().unwrap().len(), 4, "{mark}");
        assert!(
            mark["kind"] != "text" || (mark["text"].is_string() && mark["size"].is_f64() && mark["ink"].is_string()),
            "{mark}"
        );
    }
    assert_eq!(picture["hash"], lines("jump tiers:2\n", &NONE)[0]["picture"], "one hash for one picture");
    let early = json(&["picture", "tiers:2", "--data", "none", "--t", "0.2"]);
    assert_ne!(early["hash"], picture["hash"]);
    let (code, text) = told(&["picture", "tiers:2", "--data", "none"]).unwrap();
    assert!(code == 0 && text.lines().count() == marks.len());
    assert_eq!(told(&["picture", "tiers:99", "--data", "none"]).expect_err("no such step").code, 2);
}

#[test]
fn unknown_words_are_wrong_use() {
    for words in [vec!["tierlight", "lst"], vec!["tierlight", "picture"], vec!["tierlight", "list", "--sede", "1"]] {
        let error = Cli::try_parse_from(&words).expect_err("not a command");
        assert_eq!(error.exit_code(), 2, "{words:?}");
    }
    assert!(Cli::try_parse_from(["tierlight", "lst"]).unwrap_err().to_string().contains("'list'"));
}
