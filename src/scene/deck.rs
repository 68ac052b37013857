//! The deck: order, sections, what a short talk keeps, and what is only reachable by jump.

use crate::scene::file::{CutFile, DeckFile, EntryFile};

/// The order of the talk.
#[derive(Clone, Debug, Default)]
pub struct Deck {
    pub title: String,
    pub entries: Vec<Entry>,
    pub cuts: Vec<CutFile>,
}

/// One scene's place in the talk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub scene: String,
    pub section: String,
    pub must: bool,
    pub hidden: bool,
}

impl Deck {
    pub fn new(file: DeckFile) -> Self {
        let entry = |section: &str, entry: EntryFile| Entry {
            scene: entry.scene,
            section: section.to_owned(),
            must: entry.must,
            hidden: entry.hidden,
        };
        let entries = file.sections.into_iter().flat_map(|section| {
            let title = section.title;
            section.scenes.into_iter().map(move |file| entry(&title, file)).collect::<Vec<_>>()
        });
        Self { title: file.title, entries: entries.collect(), cuts: file.cuts }
    }
}

/// Scene and steps of a line of a cut: `tiers`, `tiers:2`, `tiers:1-3`. Steps count from 1; none is all of them.
pub fn parts(address: &str) -> Option<(&str, Option<[usize; 2]>)> {
    let Some((scene, steps)) = address.split_once(':') else { return Some((address, None)) };
    let (first, last) = steps.split_once('-').unwrap_or((steps, steps));
    let [first, last] = [first.parse().ok()?, last.parse().ok()?];
    (first >= 1 && first <= last).then_some((scene, Some([first, last])))
}
