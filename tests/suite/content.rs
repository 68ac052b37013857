//! Every row of the design document's tables, lists and takeaways, and every content row of the predecessor, stands on a
//! step: its key nouns are in that step's picture or caption, and together on few others. `tests/content/SCENE.json` lists
//! the rows.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use tierlight::picture::{Picture, Shape};
use tierlight::timeline::playhead::Position;

use crate::talk;

/// A row of what was to be told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    /// Line of the design document, or row of the predecessor.
    row: String,
    /// The row in a few words, for who reads the list.
    says: String,
    /// The step that tells it, or a scene that tells it on one of its pages.
    at: String,
    nouns: Vec<String>,
    /// The step tells the correction.
    #[serde(default)]
    corrected: bool,
}

fn rows() -> Vec<Row> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/content");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            let rows: Vec<Row> =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            rows
        })
        .collect()
}

/// All words of a picture, in lower case, spaces of every kind as one.
fn words(picture: &Picture) -> String {
    let texts = picture.marks.iter().filter_map(|mark| match &mark.shape {
        Shape::Text(text) => Some(text.words.to_lowercase()),
        _ => None,
    });
    plain(&texts.collect::<Vec<_>>().join(" "))
}

fn plain(words: &str) -> String {
    words.to_lowercase().split(char::is_whitespace).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// At most one step in so many has all nouns of a row: words that stand everywhere prove nothing.
const ONE_IN: usize = 20;

#[test]
fn every_row_stands_on_its_step_and_on_few_others() {
    let show = talk::talk("none");
    let library = show.presentation().library();
    let steps = talk::positions(&show).into_iter();
    let told: Vec<(Position, String)> = steps.map(|at| (at, words(&talk::still("sim", at)))).collect();
    let mut wrong = Vec::new();
    for row in rows() {
        assert!(!row.nouns.is_empty(), "{} {} names no noun", row.row, row.says);
        let Some(at) = library.position(&row.at) else {
            wrong.push(format!("{} ({}): there is no step {}", row.row, row.says, row.at));
            continue;
        };
        let is_its = |of: &Position| of.scene == at.scene && (!row.at.contains(':') || of.step == at.step);
        let pages = told.iter().filter(|(of, _)| is_its(of)).map(|(_, words)| words.as_str());
        let its_words = pages.collect::<Vec<_>>().join(" ");
        let nouns: Vec<String> = row.nouns.iter().map(|noun| plain(noun)).collect();
        let absent: Vec<&String> = nouns.iter().filter(|noun| !its_words.contains(noun.as_str())).collect();
        if !absent.is_empty() {
            wrong.push(format!("{} ({}) is not on {}: {absent:?}", row.row, row.says, row.at));
        }
        let has_all = |words: &str| nouns.iter().all(|noun| words.contains(noun.as_str()));
        let count = told.iter().filter(|(_, words)| has_all(words)).count();
        if count * ONE_IN > told.len() {
            wrong.push(format!("{} ({}): {count} steps of {} have {nouns:?}", row.row, row.says, told.len()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Words a minute that are said at ease.
const WORDS_A_MINUTE: usize = 150;

#[test]
fn what_is_said_fits_its_budget() {
    let show = talk::talk("none");
    let library = show.presentation().library();
    let mut long = Vec::new();
    for at in talk::positions(&show) {
        let step = &library.scenes[at.scene].steps[at.step];
        // Objections and asides follow, each under bold words of its own: they are told when somebody asks.
        let said = step.notes.split("\n\n**").next().unwrap_or_default();
        let words = said.split_whitespace().count();
        if words * 60 > WORDS_A_MINUTE * step.budget_secs as usize {
            long.push(format!("{}: {words} words in {} s", talk::address(&show, at), step.budget_secs));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// The lines of the design document that hold a row of a table, an item of a list or a takeaway; of the ten phases the
/// first one's: each next stands nine lines further down.
const LINES: &[(u32, u32)] = &[
    (23, 33), // the stack
    (42, 47), // T0
    (49, 49), // and who uses it
    (54, 59), // T1
    (61, 61),
    (66, 71), // T2
    (73, 73),
    (78, 83), // T3
    (85, 85),
    (187, 187), // the core misconception
    (200, 207), // the translation
    (213, 215), // think of it like this
    (222, 227), // Llama 3
    (230, 234),
    (241, 244), // the value proposition
    (292, 306), // components
    (333, 339), // takeaways
];
const FIRST_PHASE: (u32, u32) = (92, 98);

#[test]
fn every_content_row_of_the_predecessor_is_listed() {
    let listed: Vec<String> = rows().into_iter().map(|row| row.row).collect();
    let content = (1..=11).chain(13..=22).map(|n| format!("P{n}")).chain(["N1", "N2", "N13"].map(ToOwned::to_owned));
    let begins = |row: &String, id: &str| row.split(|c: char| !c.is_alphanumeric()).next() == Some(id);
    let missing: Vec<String> = content.filter(|id| !listed.iter().any(|row| begins(row, id))).collect();
    assert!(missing.is_empty(), "no step tells {missing:?}");
}

/// The lines that a row is of: `L24 …`, or `L23-33 …` for several.
fn lines(row: &Row) -> std::ops::RangeInclusive<u32> {
    let number = |word: &str| word.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().unwrap_or(0);
    let Some(of) = row.row.strip_prefix('L').and_then(|rest| rest.split(' ').next()) else { return 0..=0 };
    let (first, last) = of.split_once(['-', '–']).unwrap_or((of, of));
    number(first)..=number(last)
}

#[test]
fn every_row_of_the_design_document_is_listed() {
    let listed: Vec<u32> = rows().iter().flat_map(lines).collect();
    let phases = (0..10).map(|phase| (FIRST_PHASE.0 + 9 * phase, FIRST_PHASE.1 + 9 * phase));
    let all = LINES.iter().copied().chain(phases).flat_map(|(first, last)| first..=last);
    let missing: Vec<u32> = all.filter(|line| !listed.contains(line)).collect();
    assert!(missing.is_empty(), "no step tells the lines {missing:?}");
}

#[test]
fn corrected_rows_point_at_their_correction() {
    let rows = rows();
    assert!(rows.iter().filter(|row| row.corrected).count() > 30, "the fact check corrected more than that");
}
