//! `check`: each planted fault is found by its code, where it stands; the deck that is shipped has none.
//!
//! Each fault that the first review of the pictures saw, and the test that fails where it is planted or stands in the deck.
//!
//! | | seen | found by |
//! |---|---|---|
//! | A | a stage that dies after the still | `scenes`: `a_minute_later_stands_what_the_still_shows` |
//! | B | what morphs and is not the same | `scenes`: `an_element_moves_from_scene_to_scene_only_where_both_share_it` |
//! | C | what leaves shows another moment's data | `measured`: `what_leaves_shows_what_it_showed` |
//! | D | words over words on the way | `text-over-text`, planted below |
//! | E | one flow in two paths | `two-paths`, planted below |
//! | F | a hero outshone | `a_hero_that_other_light_outshines_is_found` |
//! | G, H | light in patches, light as mud | `paint`: `the_light_of_a_floor_is_one_gradient_without_specks` |
//! | I | GPUs of two sizes | `measured`: `gpus_have_one_size` |
//! | J | a thin space that closes | `measure`: `a_thin_space_is_as_wide_after_a_1_as_after_any_digit` |
//! | K | words that leave their card | `card-overflow`, planted below |
//! | L | fill, line and marks on two axes | `chart`: `fill_and_line_lie_on_one_axis`; `measured`: `event_marks_lie_on_the_time_axis_of_their_curve` |
//! | M | inks where they mean nothing, words that name a colour | `told-fill`, `word-ink`, `colour-word`, planted below |

use std::fs;
use std::path::Path;

use clap::Parser as _;
use serde_json::Value;
use tierlight::bundle;
use tierlight::commands::check::{Scope, findings};
use tierlight::commands::{self, Cli};
use tierlight::ron_text::{Problem, text_from_bytes};
use tierlight::scene::library::Texts;

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
const FAULTS: [(&str, &str, &str, &str); 93] = [
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
    (
        OK,
        "Grid(id: \"ok\", box: (96, 860, 1824, 980), head: 9, columns: [(words: \"x\", with: [\"gone\"])], rows: [])",
        "unknown-id",
        "gone",
    ),
    (
        OK,
        "Grid(id: \"ok\", box: (96, 860, 1824, 980), head: 9, columns: [(words: \"x\", with: [\"ok\"])], rows: [])",
        "grid",
        "\"ok\"",
    ),
    ("view: Page()", "view: World(), spots: [(id: \"nobody\")]", "unknown-id", "nobody"),
    (
        "view: Page(),\n    notes: \"What to say of all of it.\",\n    elements: [\n        Box(id: \"box\",",
        "view: World(),\n    notes: \"What to say of all of it.\",\n    elements: [\n        Box(id: \"box\", fill: Tint(1), ink: T2,",
        "told-fill",
        "Tint(1)",
    ),
    (
        "changes: [",
        "changes: [\n                Tell(route: \"told-checkpoint\", secs: 2),\n                Flow(route: \"checkpoint-down\", bind: Rate(signals: [\"tier.warm.write_bytes_per_sec\"], scale: \"traffic\")),",
        "two-paths",
        "told-checkpoint",
    ),
    ("changes: [", "changes: [\n                Text(id: \"size\", words: \"x\"),", "change-kind", "Text(id: \"size\""),
    ("changes: [", "changes: [\n                Count(id: \"what\", secs: 1),", "change-kind", "Count(id: \"what\""),
    ("changes: [", "changes: [\n                Run(id: \"what\", secs: 1),", "change-kind", "Run(id: \"what\""),
    ("changes: [", "changes: [\n                Lose(id: \"what\", drives: [1]),", "change-kind", "Lose(id: \"what\""),
    (
        OK,
        "Thing(id: \"ok\", thing: Bricks(box: (1500, 860, 1824, 980), look: Packed, columns: 0, rows: 2, ink: T2))",
        "count",
        "columns: 0",
    ),
    (
        OK,
        "Thing(id: \"ok\", thing: Strips(box: (96, 860, 1824, 980), drives: 8, parity: 2, ink: T2, clicks: (says: \"rule\")))",
        "unknown-id",
        "says: \"rule\"",
    ),
    (
        OK,
        "Thing(id: \"ok\", thing: Strips(box: (96, 860, 1824, 980), drives: 8, parity: 2, ink: T2, clicks: (instead_of: [\"b-\"])))",
        "unknown-id",
        "\"b-\"",
    ),
    // Edges and fills.
    ("Box(id: \"box\", box", "Box(id: \"box\", edge: Only([]), box", "edge", "Only([])"),
    ("Box(id: \"box\", box", "Box(id: \"box\", edge: Only([Left, Top, Right, Bottom]), box", "edge", "Only(["),
    ("Box(id: \"box\", box", "Box(id: \"box\", edge: None, fill: None, box", "edge", "edge: None"),
    ("Box(id: \"box\", box", "Box(id: \"box\", ink: T2, fill: Tint(3), box", "fill-level", "Tint(3)"),
    ("Box(id: \"box\", box", "Box(id: \"box\", ink: T2, fill: Fade(Top, 1.5), box", "fill-level", "Fade(Top, 1.5)"),
    (
        "view: Page(),\n    notes: \"What to say of all of it.\",\n    elements: [\n        Box(id: \"box\",",
        "view: World(),\n    notes: \"What to say of all of it.\",\n    elements: [\n        Box(id: \"box\", fill: Fade(Left, 1), ink: T2,",
        "told-fill",
        "Fade(Left, 1)",
    ),
    ("\"checkpoint-70b\")", "\"checkpoint-70b\", prefix: \"over 9 times\")", "bare-number", "over 9 times"),
    // Changes that undo one another.
    ("\"rule\", \"ok\"]),", "\"rule\", \"ok\"]), Hide(ids: [\"what\"]),", "shown-and-hidden", "\"what\""),
    (
        "changes: [",
        "changes: [\n                Hide(ids: [\"what\"], after: 3),",
        "shown-and-hidden",
        "Hide(ids: [\"what\"], after: 3)",
    ),
    (
        "changes: [",
        "changes: [\n                Text(id: \"what\", words: \"a\"), Text(id: \"what\", words: \"b\"),",
        "changed-twice",
        "Text(id: \"what\"",
    ),
    (
        "changes: [",
        "changes: [\n                Text(id: \"what\", words: \"a\", after: 2),",
        "late-change",
        "Text(id: \"what\"",
    ),
    ("changes: [", "changes: [\n                Dim(ids: [\"rule\"], after: 2),", "late-change", "Dim(ids: [\"rule\""),
    ("changes: [", "changes: [\n                Highlight(ids: [\"load\"], after: 2),", "timed-phase", "\"load\""),
    (
        "Icon(id: \"ok\", at: (1780, 640), icon: Ok),\n    ],\n    steps: [\n        Step(",
        "Thing(id: \"ok\", thing: Strips(box: (1500, 860, 1824, 980), drives: 8, parity: 2, ink: T2)),\n    ],\n    steps: [\n        Step(caption: \"It goes.\", notes: \"x\", budget_secs: 9, changes: [Lose(id: \"ok\", drives: [9])]),\n        Step(",
        "count",
        "drives: [9]",
    ),
    // Motion.
    (
        "        ),\n    ],\n)",
        "        ),\n        Step(\n            caption: \"It sinks.\",\n            notes: \"What to say here.\",\n            budget_secs: 9,\n            hero: \"size\",\n            changes: [Move(id: \"inside\", to: (242, 940)), Hide(ids: [\"what\"], after: 2)],\n        ),\n    ],\n)",
        "text-over-text",
        "Move(",
    ),
    // What shows a reading.
    (
        OK,
        "Reading(id: \"ok\", at: (1780, 640),\nbind: Rate(signals: [\"compute.busy_ratio\"], scale: \"share\"))",
        "bind-kind",
        "bind: Rate(",
    ),
    (
        OK,
        "Chart(id: \"ok\", box: (1678, 600, 1824, 700), ink: T2,\nbind: Number(signals: [\"compute.busy_ratio\"]))",
        "bind-kind",
        "bind: Number(",
    ),
    (
        OK,
        "Meter(id: \"ok\", box: (1678, 600, 1824, 700), ink: T2,\nbind: Burst(signals: [\"compute.busy_ratio\"], scale: \"share\"))",
        "bind-kind",
        "bind: Burst(",
    ),
    (
        "changes: [",
        "changes: [\nFlow(route: \"shards-up\", bind: Rate(signals: [\"tier.hot.read_bytes_per_sec\"], scale: \"traffic\")),\nFlow(route: \"shards-up\", bind: Fill(signals: [\"compute.busy_ratio\"], scale: \"share\")),",
        "bind-kind",
        "bind: Fill(",
    ),
    (
        OK,
        "Chart(id: \"ok\", box: (1678, 600, 1824, 700), ink: T2, bind: Series(window_secs: 60, signals: [\n\"tier.warm.read_bytes_per_sec\",\n\"tier.warm.capacity_bytes\"]))",
        "no-history",
        "tier.warm.capacity_bytes",
    ),
    (
        OK,
        "Chart(id: \"ok\", box: (1678, 600, 1824, 700), ink: T2, bind: Series(window_secs: 60, signals: [\"tier.warm.read_bytes_per_sec\"]),\ntimes: [(ago_secs: 90, words: \"too early\")])",
        "count",
        "too early",
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
    (
        "view: Page()",
        "view: Page(), spots: [(id: \"box\", card: (title: \"Many\", rows: [(\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"says\"), (\"row\", \"the last row\")]))]",
        "card-overflow",
        "Step(",
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
    ("One sentence says it.", "Amber is storage.", "colour-word", "caption:"),
    ("one burst,", "one Green burst,", "colour-word", "one Green"),
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

#[test]
fn what_ron_refuses_is_told_all_at_once() {
    // As a text editor leaves them; what is replaced, and the codes with the lines where they stand.
    let cases: [(&[(&str, &str)], &str); 5] = [
        (
            &[("words: \"Throughput", "text: \"Throughput"), ("role: Secondary", "role: Second"), ("hero:", "heroe:")],
            "unknown-field:9 unknown-name:12 unknown-field:23",
        ),
        (&[("icon: Ok", "icon: Oh"), ("budget_secs: 30,", "")], "unknown-name:14 missing-budget:27"),
        // Behind a bracket that does not fit nothing is guessed.
        (&[("quantity:", "quantty:"), ("path: [", "path: (")], "unknown-field:10"),
        (&[("id: \"box\"", "id: “box”"), ("Icon(", "Icn(")], "syntax:8 unknown-name:14"),
        (&[("Reveal(", "Show("), ("Line(", "Stroke(")], "unknown-name:13 unknown-name:25"),
    ];
    for (replaced, expected) in cases {
        let scene = replaced.iter().fold(GOOD.to_owned(), |scene, (old, new)| scene.replacen(old, new, 1));
        let refused: Vec<Problem> = check(&scene, LAYOUT).into_iter().filter(|problem| problem.file == FILE).collect();
        let told: Vec<String> = refused.iter().map(|problem| format!("{}:{}", problem.code, problem.line)).collect();
        assert_eq!(told.join(" "), expected, "{:#?}", words(&refused));
    }
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

/// (what is replaced in the sources, by what, code of the finding, words of its message, words on its line)
const FORMULA_FAULTS: [(&str, &str, &str, &str, &str); 6] = [
    (
        "{checkpoint-70b} / {put-eight-nodes}",
        "{checkpoint-70b} / ",
        "formula",
        "it ends too early",
        "{checkpoint-70b} / ",
    ),
    (
        "{checkpoint-70b} / {put-eight-nodes}",
        "{checkpoint-70} / 2",
        "formula",
        "no quantity \"checkpoint-70\"",
        "-70} / 2",
    ),
    ("(2 + 4 + 4 + 4) B/parameter", "{bytes-bf16-grads} − 2 B/parameter", "formula", "from itself", "grads} − 2"),
    ("\"checkpoint-secs\", value: 29", "\"checkpoint-secs\", value: 31", "formula-value", "gives 28.72", "value: 31"),
    (
        "{checkpoint-70b} / {put-eight-nodes}",
        "{checkpoint-70b} × {put-eight-nodes}",
        "formula-unit",
        "where the unit is s",
        "×",
    ),
    ("(2 + 4 + 4 + 4) B/parameter", "14 B/parametre", "formula-unit", "\"parametre\" is no unit", "parametre"),
];

#[test]
fn a_formula_that_does_not_read_or_gives_another_value_or_unit_is_found() {
    let shipped = texts(GOOD);
    for (old, new, code, words, on_line) in FORMULA_FAULTS {
        let text = shipped["sources.ron"].replacen(old, new, 1);
        assert_ne!(text, shipped["sources.ron"], "{old} is not in the sources");
        let line = |problem: &Problem| text.lines().nth(problem.line - 1).unwrap_or_default().contains(on_line);
        let mut texts = shipped.clone();
        texts.insert("sources.ron".to_owned(), text.clone());
        let found = findings(&texts, &[], &|file| file == "sources.ron", LAYOUT).expect("a deck");
        let is_it = |problem: &Problem| problem.code == code && problem.message.contains(words) && line(problem);
        assert!(found.iter().any(is_it) && found.iter().all(|problem| !problem.hint.is_empty()), "{new}: {found:#?}");
    }
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

/// (what is replaced in `world.ron`, by what, words on the line where `bind-kind` must be found)
const WORLD_FAULTS: [(&str, &str, &str); 3] = [
    ("light: Burst(signals: [\"compute", "light: Fill(signals: [\"compute", "light: Fill("),
    ("light: Burst(signals: [\"tier.warm", "light: Rate(signals: [\"tier.warm", "light: Rate("),
    (
        "number: Number(signals: [\"tier.cold.read_bytes_per_sec\", \"tier.cold.write_bytes_per_sec\"])",
        "number: Series(signals: [\"tier.cold.read_bytes_per_sec\"], window_secs: 60)",
        "number: Series(",
    ),
];

#[test]
fn the_world_too_is_lit_by_what_lights() {
    for (old, new, on_line) in WORLD_FAULTS {
        let mut texts = texts(GOOD);
        assert!(texts["world.ron"].contains(old), "{old}");
        let world = texts["world.ron"].replacen(old, new, 1);
        texts.insert("world.ron".to_owned(), world.clone());
        let found = findings(&texts, &[], &|file| file == "world.ron", LAYOUT).expect("findings");
        let lines: Vec<(&str, &str)> = (found.iter())
            .map(|problem| (problem.code, world.lines().nth(problem.line - 1).unwrap_or_default()))
            .collect();
        assert!(matches!(lines[..], [("bind-kind", line)] if line.contains(on_line)), "{:#?}", words(&found));
    }
}

/// Line, column and words of a finding; none where the file reads.
type Found = Option<(usize, usize, &'static str)>;

/// A text as editors save it, and what `check` says of that.
fn saved(text: &str) -> [(Vec<u8>, Found); 7] {
    let marked = format!("\u{feff}{text}");
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (is_little, is_big) = (Some((1, 1, "UTF-16 (little-endian)")), Some((1, 1, "UTF-16 (big-endian)")));
    [
        (text.as_bytes().to_vec(), None),
        (marked.as_bytes().to_vec(), None),
        (little(text), is_little),
        (little(&marked), is_little),
        (big(text), is_big),
        (big(&marked), is_big),
        ([b"// one line,\n// caf\xe9\n", text.as_bytes()].concat(), Some((2, 7, "not UTF-8"))),
    ]
}

#[test]
fn every_file_is_read_or_named_whatever_its_encoding() {
    let mut good = texts(GOOD);
    good.insert("glossary.ron".into(), "Glossary(terms: [(term: \"Ähre\", says: \"A word.\")])".into());
    good.insert("customer.ron".into(), "Customer(name: \"Ähre\")".into());
    for (file, text) in &good {
        for (bytes, expected) in saved(text) {
            let mut texts = good.clone();
            texts.insert(file.clone(), text_from_bytes(bytes));
            let found = findings(&texts, &[], &|found| found == file, LAYOUT).expect("findings");
            match (&found[..], expected) {
                ([], None) => {}
                ([one], Some((line, column, said))) => {
                    assert_eq!((one.code, one.line, one.column), ("encoding", line, column), "{file}: {one}");
                    assert!(one.message.contains(said) && one.hint.contains("UTF-8"), "{file}: {one}");
                }
                _ => panic!("{file}, expected {expected:?}: {:#?}", words(&found)),
            }
        }
    }
}

#[test]
fn a_file_in_another_encoding_is_a_finding_where_it_lies() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("probe.ron");
    for (bytes, expected) in saved(GOOD) {
        fs::write(&path, bytes).expect("a file");
        for given in [path.as_path(), folder.path()] {
            let (code, answer) = command(given);
            let found = answer["findings"].as_array().expect("findings");
            let place = found.first().map(|one| (one["line"].as_u64(), one["column"].as_u64()));
            let expected = expected.map(|(line, column, _)| (Some(line as u64), Some(column as u64)));
            assert_eq!((code, place), (u8::from(expected.is_some()), expected), "{answer}");
        }
    }
}

#[test]
fn an_id_in_a_comment_or_in_words_is_no_id() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = GOOD.replacen("Scene(", "// id: \"of a comment\"\nScene( notes: \"id: \\\"of words\\\"\",", 1);
    let scene = scene.replacen("notes: \"What to say of all of it.\",", "", 1);
    // One that reads, and one that does not: the deck of a folder without one names both.
    fs::write(folder.path().join("a.ron"), &scene).expect("a file");
    let broken = scene.replace("\"probe\"", "\"broken\"").replace("view: Page(),", "");
    fs::write(folder.path().join("b.ron"), broken).expect("a file");
    let (_, answer) = command(folder.path());
    let found: Vec<_> = answer["findings"].as_array().into_iter().flatten().map(|one| &one["code"]).collect();
    assert_eq!(found, ["missing-field"], "{answer}");
    assert_eq!(answer["findings"][0]["scene"], "broken");
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
    // In the dark theme and in high contrast.
    assert_eq!((shone("hall"), shone("T2")), (vec![], vec![2, 2]));
}
