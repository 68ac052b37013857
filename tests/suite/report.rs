//! `report`: what a session comes to on paper. What was not recorded is said, and names stay out unless both sides want them.

use std::fs;
use std::path::Path;

use clap::Parser as _;
use tierlight::bundle;
use tierlight::commands::{Cli, run};
use tierlight::live::{Announcement, Fault, FaultCode, Report, SourceEvent, SourceKind, Target};
use tierlight::presentation::event::{Event, Timed};
use tierlight::recording::{Effort, Header, Recorded, Writer};
use tierlight::signal::{Readings, Subject, Tier};

/// Standard output of a command that ends well.
fn told(words: &[&str]) -> String {
    let cli = Cli::try_parse_from(["tierlight"].iter().chain(words)).expect("the words are a command");
    let mut out = Vec::new();
    assert_eq!(run(cli, &mut out).expect("the command ends well"), 0);
    String::from_utf8(out).expect("output is UTF-8")
}

fn path_of(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The report of a run of this script.
fn report_of(script: &str, flags: &[&str], more: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let [lines, file] = ["script", "talk.tlr"].map(|name| folder.path().join(name));
    fs::write(&lines, script).unwrap();
    let words = ["run", "--script", path_of(&lines), "--record", path_of(&file)];
    told(&[&words, flags].concat());
    told(&[&["report", path_of(&file)], more].concat())
}

#[test]
fn a_talk_says_its_steps_its_questions_and_its_sources() {
    let script = "jump loop:3\nwait 20\npark\nnext\nwait 5\nsource none\nwait 4\nsource recording\nwait 200\n";
    let report = report_of(script, &["--data", "sim", "--cut", "20"], &[]);
    let expected = [
        "# Session of ",
        "Names of targets and hosts are left out.",
        "## What was shown",
        "| loop:3 |",
        "| loop:4 |",
        "## Questions parked",
        "| sim | simulated, 8 times as fast as the clock |",
        "| recording | recorded 2026-11-23 | 3:2",
        "| none | no source: nothing is measured | 0:0",
        "## What sim did",
        "## What recording did (recorded 2026-11-23)",
        "| T2 warm | write |",
        "No fault was seen.",
    ];
    for words in expected {
        assert!(report.contains(words), "no {words:?} in\n{report}");
    }
    let steps = report.lines().filter(|line| line.contains("| loop:")).count();
    assert_eq!(steps, 3, "two steps and a question:\n{report}");
    let budgets = report.lines().find(|line| line.contains("have a budget of")).expect("the time against the plan");
    assert!(budgets.contains("more."), "{budgets}");
}

#[test]
fn a_page_stands_alone_and_its_words_are_no_marks() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in bundle::SCENES {
        let text =
            if name.contains("title") { text.replace("title: \"", "title: \"<b>&|") } else { (*text).to_owned() };
        fs::write(folder.path().join(name), text).unwrap();
    }
    let flags = ["--data", "none", "--scenes", path_of(folder.path())];
    let page = report_of("wait 3\nnext\nwait 1\n", &flags, &["--html"]);
    assert!(page.starts_with("<!doctype html>") && page.contains("<table>"), "{page}");
    assert!(page.contains("&lt;b&gt;&amp;|") && !page.contains("<b>"), "{page}");
    for outside in ["http", "<script", "src=", "href="] {
        assert!(!page.contains(outside), "{outside} in {page}");
    }
}

#[test]
fn a_recorded_lab_says_that_no_talk_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let [file, out] = ["lab.tlr", "lab.md"].map(|name| folder.path().join(name));
    fs::write(&file, bundle::RECORDING).unwrap();
    assert_eq!(told(&["report", path_of(&file), "--out", path_of(&out)]), "");
    let report = fs::read_to_string(&out).unwrap();
    let expected = [
        "A lab was recorded without a talk",
        "| 5:58 | 7:18 | warm: node-1 refuses the connection (v3 requests) |",
        "node down, 3 of 4 answer",
        "healing has ended",
    ];
    for words in expected {
        assert!(report.contains(words), "no {words:?} in\n{report}");
    }
    assert!(!report.contains("What was shown") && !report.contains("answers no more"), "{report}");
    // Torn: it says so, and tells what is left.
    fs::write(&file, &bundle::RECORDING[..bundle::RECORDING.len() / 2]).unwrap();
    let report = told(&["report", path_of(&file)]);
    assert!(report.contains("Not all of the recording can be read") && report.contains("T2 warm"), "{report}");
}

/// A recording of a lab with names, of which one fails for a while.
fn named_lab(is_redacted: bool) -> Vec<u8> {
    let (app, began) = ("0.1.0".to_owned(), "2026-11-28T14:02:11Z".to_owned());
    let header = Header { app, began, what: Recorded::Lab, is_redacted };
    let mut writer = Writer::new(&header, None, Effort::Light).unwrap();
    let target = Target {
        name: "canary-deployment".into(),
        subjects: vec![Subject::Tier(Tier::T2)],
        interval_secs: 2.0,
        unverified: false,
    };
    let fault = |since_secs| Fault {
        target: "canary-deployment".to_owned(),
        node: "canary.example:9000".to_owned(),
        page: "v3 requests".to_owned(),
        since_secs,
        code: FaultCode::WrongName,
        cause: "bears the name canary.example".to_owned(),
        remedy: "Name canary.example.".to_owned(),
    };
    let origin = "lab “canary”".into();
    let announced = Announcement { kind: SourceKind::Lab, origin, lapse: 1, targets: vec![target] };
    let mut add = |at: f64, news| {
        let event = Event::Source { source: SourceKind::Lab.only_id(), news: vec![news] };
        writer.add_event(&Timed { at, event }).unwrap();
    };
    add(0.0, SourceEvent::Announced(announced));
    for second in 0..60 {
        let at = f64::from(second);
        let faults = if (20..30).contains(&second) { vec![fault(20.0)] } else { Vec::new() };
        let (readings, moved) = (Readings::new(), None);
        let report = Report { readings, moved, last_good_secs: at, interval_secs: 2.0, samples: 1, faults };
        add(at, SourceEvent::Scraped { target: "canary-deployment".into(), at_secs: at, report });
    }
    let mut bytes = writer.drain();
    bytes.extend(writer.finish().unwrap());
    bytes
}

#[test]
fn names_stay_only_where_the_recording_kept_them_and_the_flag_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lab.tlr");
    for (is_redacted, flags, is_named) in [
        (true, &[][..], false),
        (true, &["--keep-names"], false),
        (false, &[], false),
        (false, &["--keep-names"], true),
    ] {
        fs::write(&file, named_lab(is_redacted)).unwrap();
        let report = told(&[&["report", path_of(&file)], flags].concat());
        assert_eq!(report.contains("canary"), is_named, "{is_redacted} {flags:?}\n{report}");
        assert!(report.contains("| 0:20 | 0:30 |"), "{report}");
    }
}
