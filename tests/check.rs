//! `check`: each planted fault is found by its code, where it stands; the deck that is shipped has none.

#![expect(clippy::disallowed_methods, clippy::expect_used, reason = "files are written here, and a test may panic")]

use std::fs;
use std::path::Path;

use clap::Parser as _;
use serde_json::Value;
use tierlight::bundle;
use tierlight::commands::check::{Scope, findings};
use tierlight::commands::{self, Cli};
use tierlight::scene::library::Texts;
use tierlight::scene::problem::Problem;

/// A scene without a fault.
const GOOD: &str = r#"#![enable(implicit_some)]
Scene(
    id: "probe",
    title: "Probe",
    view: Page(),
    notes: "What to say of all of it.",
    elements: [
        Box(id: "box", box: (96, 206, 1824, 516)),
        Text(id: "inside", at: (242, 290), words: "Throughput first", role: Label),
        Number(id: "size", at: (242, 460), quantity: "checkpoint-70b"),
        Text(id: "what", at: (242, 640), words: "one burst, every rank at once"),
        Text(id: "target", at: (242, 730), words: "{t2-latency}: design target", role: Secondary),
        Line(id: "rule", path: [(96, 830), (1824, 830)]),
        Icon(id: "ok", at: (1780, 640), icon: Ok),
    ],
    steps: [
        Step(
            heading: "A probe",
            caption: "One sentence says it.",
            notes: "What to say here.",
            budget_secs: 30,
            sources: ["D1"],
            hero: "size",
            changes: [
                Reveal(ids: ["box", "inside", "size", "what", "target", "rule", "ok"]),
            ],
        ),
    ],
)
"#;

const FILE: &str = "probe.ron";

/// The scene alone in a deck, beside the world and the sources that are built in.
fn texts(scene: &str) -> Texts {
    let shared = bundle::SCENES.iter().filter(|(name, _)| matches!(*name, "world.ron" | "sources.ron"));
    let mut texts: Texts = shared.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let deck = r#"Deck(title: "Probe", sections: [(id: "all", title: "", scenes: [(scene: "probe")])])"#;
    texts.insert("deck.ron".to_owned(), deck.to_owned());
    texts.insert(FILE.to_owned(), scene.to_owned());
    texts
}

const LAYOUT: Scope = Scope { seed: 1, room: None, pixels: false };

fn check(scene: &str, scope: Scope) -> Vec<Problem> {
    findings(&texts(scene), &[], &|file| file == FILE, scope).expect("a scene to look at")
}

fn words(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

/// What other elements are put in the place of.
const OK: &str = "Icon(id: \"ok\", at: (1780, 640), icon: Ok)";

/// (what is replaced, by what, code of the finding, words on the line where it must be found)
const FAULTS: [(&str, &str, &str, &str); 59] = [
    // Structure.
    ("caption: \"One", "captoin: \"One", "unknown-field", "captoin"),
    ("Reveal(ids: [\"box\", \"inside\"", "Reveal(ids: [\"box\", \"insde\"", "unknown-id", "\"insde\""),
    ("quantity: \"checkpoint-70b\"", "quantity: \"checkpoint-7b\"", "unknown-id", "\"checkpoint-7b\""),
    ("hero: \"size\"", "hero: \"sise\"", "unknown-id", "\"sise\""),
    ("[\"D1\"]", "[\"D99\"]", "unknown-source", "\"D99\""),
    ("caption: \"One sentence says it.\"", "caption: \"\"", "missing-caption", "caption:"),
    ("caption: \"One sentence says it.\",", "", "missing-caption", ""),
    ("One sentence says it.", "One says it. Another too.", "caption-sentences", "caption:"),
    ("notes: \"What to say of all of it.\"", "notes: \"\"", "missing-notes", "notes: \"\""),
    ("notes: \"What to say of all of it.\",", "", "missing-notes", ""),
    ("notes: \"What to say here.\",", "", "missing-notes", "Step("),
    ("notes: \"What to say here.\"", "notes: \" \"", "missing-notes", "notes: \" \""),
    ("budget_secs: 30", "budget_secs: 0", "missing-budget", "budget_secs"),
    ("budget_secs: 30,", "", "missing-budget", ""),
    ("hero: \"size\",", "", "no-hero", "Step("),
    ("\"size\", \"what\"", "\"what\"", "no-hero", "hero: \"size\""),
    (
        "Icon(id: \"ok\", at: (1780, 640), icon: Ok)",
        "Image(id: \"ok\", box: (1678, 600, 1824, 640), path: \"no.png\", alt: \"x\")",
        "missing-image",
        "no.png",
    ),
    (
        "Icon(id: \"ok\", at: (1780, 640), icon: Ok)",
        "Image(id: \"ok\", box: (1678, 600, 1824, 640), path: \"no.png\", alt: \"\")",
        "missing-alt",
        "no.png",
    ),
    (OK, "Node(id: \"ok\", box: (1678, 600, 1824, 700), wrods: \"x\")", "unknown-field", "wrods"),
    (
        OK,
        "Pin(id: \"ok\", axis: \"axs\", quantity: \"checkpoint-70b\", words: \"x\", rise: 9, ink: T2)",
        "unknown-id",
        "axs",
    ),
    (
        OK,
        "Bar(id: \"ok\", box: (96, 860, 1824, 900), quantity: \"t1-latency\", scale: \"rate\", ink: T2)",
        "off-scale",
        "t1-latency",
    ),
    (
        OK,
        "Grid(id: \"ok\", box: (96, 860, 1824, 980), head: 9, columns: [(words: \"x\")], rows: [(words: \"y\", cells: [])])",
        "grid",
        "cells: []",
    ),
    ("view: Page()", "view: World(), spots: [(id: \"nobody\")]", "unknown-id", "nobody"),
    (
        "view: Page(),\n    notes: \"What to say of all of it.\",\n    elements: [\n        Box(id: \"box\",",
        "view: World(),\n    notes: \"What to say of all of it.\",\n    elements: [\n        Box(id: \"box\", fill: Tint(1), ink: T2,",
        "told-fill",
        "Tint(1)",
    ),
    (OK, "Icon(id: \"hall\", at: (1780, 640), icon: Ok)", "reserved-id", "\"hall\""),
    (OK, "Icon(id: \"checkpoint\", at: (1780, 640), icon: Ok)", "reserved-id", "\"checkpoint\""),
    (OK, "Icon(id: \"caption\", at: (1780, 640), icon: Ok)", "reserved-id", "\"caption\""),
    ("view: Page()", "view: Page(), shared: [\"bx\"]", "unknown-id", "\"bx\""),
    // Truth.
    (OK, "Node(id: \"ok\", box: (1528, 600, 1824, 700), words: \"4 nodes\")", "bare-number", "4 nodes"),
    ("sources: [\"D1\"]", "sources: [\"D1\"], heading: \"x\"", "twice", "heading"),
    ("one burst,", "8 bursts,", "bare-number", "8 bursts"),
    ("A probe", "Probe 2", "bare-number", "Probe 2"),
    ("One sentence says it.", "About 349 GB/s.", "bare-number", "About 349"),
    ("one burst,", "many GiB,", "mixed-units", "many GiB"),
    ("One sentence says it.", "GB and GiB are one.", "mixed-units", "GB and GiB"),
    ("{t2-latency}: design target", "{t2-latency}", "unlabelled-assumption", "target\", at"),
    // Layout.
    (
        "Throughput first",
        "Throughput first, and latency after it, and then again the throughput of all of it",
        "text-overflow",
        "Throughput",
    ),
    (
        "one burst, every rank at once",
        "one burst, every rank at once, and every other rank of the others, as long as a line can be",
        "text-overflow",
        "one burst",
    ),
    (
        "A probe",
        "A heading that is very much longer than a heading on a page of its own may be",
        "text-overflow",
        "heading",
    ),
    ("words: \"one burst, every rank at once\"", "width: 20, words: \"one\"", "text-overflow", "width: 20"),
    ("at: (242, 640)", "at: (242, 700)", "overlap", "(242, 700)"),
    ("at: (242, 730)", "at: (242, 828)", "overlap", "(242, 828)"),
    ("at: (242, 290)", "at: (106, 290)", "overlap", "(106, 290)"),
    ("at: (242, 290)", "at: (242, 226)", "overlap", "(242, 226)"),
    ("at: (1780, 640)", "at: (300, 640)", "overlap", "(300, 640)"),
    ("Line(id: \"rule\", path: [(96, 830)", "Line(id: \"rule\", path: [(96, 300)", "overlap", "Line("),
    ("at: (242, 640)", "at: (242, 40)", "outside-safe", "(242, 40)"),
    ("(96, 206, 1824, 516)", "(40, 206, 1824, 516)", "outside-safe", "(40, 206"),
    ("at: (242, 640)", "at: (251, 640)", "alignment", "(251, 640)"),
    ("at: (1780, 640)", "at: (1780, 800)", "overlap", "(1780, 800)"),
    (
        OK,
        "Node(id: \"ok\", box: (1528, 600, 1824, 700), words: \"disaggregation-of-storage\")",
        "text-overflow",
        "disaggregation",
    ),
    // Type and words.
    ("role: Secondary)", "role: Secondary, size: 26)", "text-size", "size: 26"),
    ("role: Label)", "role: Label, size: 40)", "text-size", "size: 40"),
    ("role: Label)", "role: Label, size: 50)", "too-many-sizes", "Step("),
    ("one burst, every rank at once", "one \u{6f22}", "missing-glyph", "one \u{6f22}"),
    (
        "one burst, every rank at once",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z and so on",
        "too-many-words",
        "Step(",
    ),
    ("words: \"one burst", "ink: Line, words: \"one burst", "dim-label", "ink: Line"),
    ("words: \"one burst", "ink: T2, words: \"one burst", "word-ink", "ink: T2"),
    ("changes: [", "changes: [\n                Dim(ids: [\"what\"]),", "dim-label", "Dim("),
];

#[test]
fn a_good_scene_has_no_findings() {
    assert_eq!(words(&check(GOOD, Scope { pixels: true, ..LAYOUT })), Vec::<String>::new());
}

#[test]
fn each_planted_fault_is_found_where_it_stands() {
    let missed: Vec<String> = FAULTS.into_iter().filter_map(missed).collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

/// What is wrong with the findings on one fault; none when it was found on its line.
fn missed((old, new, code, on_line): (&str, &str, &str, &str)) -> Option<String> {
    assert!(GOOD.contains(old), "{old} is not in the scene");
    let scene = GOOD.replacen(old, new, 1);
    let found = check(&scene, LAYOUT);
    let line = |problem: &Problem| scene.lines().nth(problem.line - 1).unwrap_or_default().to_owned();
    let placed = found.iter().any(|problem| problem.code == code && line(problem).contains(on_line));
    let somewhere = found.iter().all(|problem| problem.line > 1 && problem.column > 0);
    (!placed || !somewhere).then(|| format!("{code} for {new:?} on {on_line:?}: {:#?}", words(&found)))
}

#[test]
fn words_that_sink_into_their_ground_are_found_on_the_pixels() {
    let scene = GOOD.replacen("words: \"Throughput", "ink: Edge, words: \"Throughput", 1);
    let found = check(&scene, Scope { pixels: true, ..LAYOUT });
    let washed = found.iter().filter(|problem| problem.code == "contrast" && problem.message.contains("dark"));
    assert_eq!(washed.map(|problem| problem.line).collect::<Vec<_>>(), [9], "{:#?}", words(&found));
}

#[test]
fn the_room_check_lists_what_the_last_row_cannot_read() {
    let sizes = |heights: f32| {
        let found = check(GOOD, Scope { room: Some(heights), ..LAYOUT });
        found.iter().filter(|problem| problem.code == "room").count()
    };
    // From three heights all can be read; from six the caption, the source and the secondary text are small.
    assert_eq!((sizes(3.0), sizes(6.0)), (0, 3));
}

#[test]
fn the_shipped_deck_is_clean() {
    let texts: Texts = bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let found = findings(&texts, &[], &|_| true, Scope { pixels: true, ..LAYOUT }).expect("a deck");
    assert_eq!(words(&found), Vec::<String>::new());
}

/// Exit code and findings of the command on a path.
fn command(path: &Path) -> (u8, Value) {
    let cli =
        Cli::try_parse_from(["tierlight", "check", "--json", &path.display().to_string()]).expect("a command line");
    let mut out = Vec::new();
    let code = commands::run(cli, &mut out).unwrap_or_else(|failure| failure.code);
    (code, serde_json::from_slice(&out).unwrap_or_default())
}

#[test]
fn a_file_and_a_folder_are_checked_where_they_lie() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("probe.ron");
    fs::write(&path, GOOD).expect("a file");
    assert_eq!(command(&path).0, 0);
    fs::write(&path, GOOD.replace("[\"D1\"]", "[\"D99\"]")).expect("a file");
    for given in [path.as_path(), folder.path()] {
        let (code, answer) = command(given);
        let finding = &answer["findings"][0];
        assert_eq!((code, &answer["schema"]), (1, &Value::from(1)));
        let file = Value::from(path.display().to_string());
        assert_eq!((&finding["code"], &finding["file"]), (&Value::from("unknown-source"), &file), "{answer}");
        let wanted =
            [("severity", Value::from("error")), ("line", 22.into()), ("scene", "probe".into()), ("step", 1.into())];
        assert!(wanted.iter().all(|(key, value)| finding[key] == *value), "{answer}");
    }
    assert_eq!(command(&folder.path().join("no.ron")).0, 2);
}

#[test]
fn a_scene_stands_in_the_deck_once() {
    let mut texts = texts(GOOD);
    let deck = texts["deck.ron"]
        .replace("(scene: \"probe\")", "(scene: \"probe\"), (scene: \"probe\", must: true, hidden: true)");
    texts.insert("deck.ron".to_owned(), deck);
    let found = findings(&texts, &[], &|file| file == "deck.ron", LAYOUT).expect("a deck");
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["cut", "twice"], "{:#?}", words(&found));
}

#[test]
fn a_cut_is_as_long_as_it_says_and_has_what_every_cut_keeps() {
    let mut texts = texts(GOOD);
    let deck = r#"Deck(
    title: "Probe",
    sections: [(id: "all", title: "", scenes: [(scene: "probe", must: true)])],
    cuts: [
        (id: "good", title: "Half a minute", minutes: 1, steps: ["probe", "probe:1"]),
        (id: "none", title: "Nothing", minutes: 1, steps: []),
        (id: "lost", title: "Lost", minutes: 1, steps: ["probe:9"]),
    ],
)"#;
    texts.insert("deck.ron".to_owned(), deck.to_owned());
    let found = findings(&texts, &[], &|file| file == "deck.ron", LAYOUT).expect("a deck");
    let found: Vec<(&str, usize)> = found.iter().map(|problem| (problem.code, problem.line)).collect();
    let cut = |line| [("cut", line), ("cut-length", line)];
    let expected = [vec![("cut-length", 5)], cut(6).to_vec(), [cut(7).to_vec(), vec![("unknown-id", 7)]].concat()];
    assert_eq!(found, expected.concat());
}

#[test]
fn a_hero_that_other_light_outshines_is_found() {
    let scene = |hero: &str| {
        format!(
            "Scene(id: \"probe\", title: \"Probe\", view: World(measured: true), notes: \"x\", steps: [\nStep(caption: \"It \
             trains.\", notes: \"x\", budget_secs: 9, sources: [\"B12\"], phase: \"train\",\nhero: \"{hero}\")])"
        )
    };
    let shone = |hero: &str| {
        let found = check(&scene(hero), Scope { pixels: true, ..LAYOUT });
        found.iter().filter(|problem| problem.code == "hero-outshone").map(|problem| problem.line).collect::<Vec<_>>()
    };
    assert_eq!((shone("hall"), shone("T2")), (vec![], vec![2]));
}
