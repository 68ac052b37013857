//! Sizes by role, how many of them, and how many words.

use std::collections::BTreeSet;

use crate::picture::{Layer, Mark, Role, Text, Thing};
use crate::review::findings::{Findings, Note};
use crate::review::still::{Still, quoted};

const MOST_WORDS: usize = 36;
const MOST_WORDS_REFERENCE: usize = 90;
const MOST_SIZES: usize = 4;
const MOST_FACES: usize = 3;
const MOST_LABELS: usize = 6;
/// Type under this size is small, and at most this share of the characters may be.
const SMALL: f32 = 36.0;
const SMALL_SHARE: f32 = 0.25;

/// Checks the type of a picture.
pub(super) fn check(still: &Still<'_>, findings: &mut Findings<'_>) {
    for (mark, text) in still.texts() {
        check_size(still, mark, text, findings);
    }
    check_word_count(still, findings);
    check_variety(still, findings);
    check_labels(still, findings);
    check_small_type(still, findings);
    check_heroes(still, findings);
}

/// No text is smaller than 28.
const ANY: (f32, f32) = (28.0, f32::INFINITY);

/// The least and the most size of a role.
fn size_range(role: Role) -> (f32, f32) {
    match role {
        Role::Secondary => (36.0, f32::INFINITY),
        Role::Body | Role::Label | Role::FloorName => (44.0, f32::INFINITY),
        Role::Heading => (64.0, 180.0),
        Role::Monitor => (96.0, 180.0),
        Role::Hero => (120.0, 180.0),
        Role::Floor
        | Role::Hall
        | Role::Plate
        | Role::Gpu
        | Role::Light
        | Role::FloorNumber
        | Role::Phase
        | Role::Bracket
        | Role::Unit
        | Role::Caption
        | Role::Source
        | Role::Badge
        | Role::Route
        | Role::Dot
        | Role::Chart
        | Role::Image
        | Role::Icon
        | Role::Box
        | Role::Rule
        | Role::NoSource
        | Role::Card
        | Role::Map
        | Role::Hand => ANY,
    }
}

fn check_size(still: &Still<'_>, mark: &Mark, text: &Text, findings: &mut Findings<'_>) {
    // What stands on the floors of the monitor is sized by it, not by the scene.
    let (least, most) = if still.is_spoken(mark) { size_range(mark.role) } else { ANY };
    if text.size < least - 0.01 || text.size > most + 0.01 {
        let bound = if text.size < least { format!("at least {least}") } else { format!("at most {most}") };
        let message = format!("{} has size {}: {} is {bound}", quoted(text), text.size, mark.role.name());
        let note = Note::error("text-size", message, "leave the size out: the role has one").about(mark);
        findings.note(still, note, &mark.id.to_string());
    }
}

fn check_word_count(still: &Still<'_>, findings: &mut Findings<'_>) {
    let said = still.texts().filter(|(mark, _)| mark.layer == Layer::Said);
    let count: usize = said.map(|(_, text)| text.words.split_whitespace().count()).sum();
    let most = if still.is_reference() { MOST_WORDS_REFERENCE } else { MOST_WORDS };
    if count > most {
        let message = format!("{count} words are said on this step: at most {most}");
        findings.note(still, Note::error("too-many-words", message, "say it, and keep it in the notes"), "");
    }
}

/// How many sizes and weights the words of the scene have. A unit counts with its value.
fn check_variety(still: &Still<'_>, findings: &mut Findings<'_>) {
    let texts: Vec<(&Mark, &Text)> = still.spoken().filter(|(mark, _)| mark.role != Role::Unit).collect();
    let sizes: BTreeSet<u32> = texts.iter().map(|(_, text)| (text.size * 10.0).round() as u32).collect();
    if sizes.len() > MOST_SIZES {
        let list: Vec<String> = sizes.iter().map(|size| format!("{}", *size as f32 / 10.0)).collect();
        let message = format!("{} sizes of text on one step: {}; at most {MOST_SIZES}", sizes.len(), list.join(", "));
        findings.note(still, Note::error("too-many-sizes", message, "leave sizes out: each role has one"), "");
    }
    let faces: BTreeSet<_> = texts.iter().map(|(_, text)| text.face).collect();
    if faces.len() > MOST_FACES {
        let message = format!("{} weights of text on one step: at most {MOST_FACES}", faces.len());
        findings.note(still, Note::error("too-many-weights", message, "leave faces out: each role has one"), "");
    }
}

fn check_labels(still: &Still<'_>, findings: &mut Findings<'_>) {
    let labels = still.spoken().filter(|(mark, _)| mark.role == Role::Label);
    let labels: BTreeSet<&Thing> = labels.map(|(mark, _)| &mark.id.thing).collect();
    if labels.len() > MOST_LABELS {
        let message = format!("{} labels on one step: at most {MOST_LABELS}", labels.len());
        findings.note(still, Note::error("too-many-labels", message, "reveal fewer, or in two steps"), "");
    }
}

fn check_small_type(still: &Still<'_>, findings: &mut Findings<'_>) {
    let count = |least: f32, most: f32| -> usize {
        let texts = still.spoken().filter(|(_, text)| text.size >= least && text.size < most);
        texts.map(|(_, text)| text.words.chars().count()).sum()
    };
    let (small, all) = (count(0.0, SMALL), count(0.0, f32::INFINITY));
    if small as f32 > SMALL_SHARE * all as f32 {
        let message = format!("{small} of {all} characters are under size {SMALL}: at most a quarter");
        findings.note(still, Note::error("small-text", message, "use the role Secondary, or fewer words"), "");
    }
}

/// At most one number has the role Hero.
fn check_heroes(still: &Still<'_>, findings: &mut Findings<'_>) {
    let heroes = still.texts().filter(|(mark, _)| mark.role == Role::Hero);
    let heroes: BTreeSet<&Thing> = heroes.map(|(mark, _)| &mark.id.thing).collect();
    if heroes.len() > 1 && !still.is_reference() {
        let names: Vec<&str> = heroes.into_iter().map(Thing::word).collect();
        let message = format!("{} hero numbers on one step: {}", names.len(), names.join(", "));
        findings.note(still, Note::error("two-heroes", message, "hide one, or give it the role Body"), "");
    }
}
