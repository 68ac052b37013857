//! The deck: order, sections, what a short talk keeps, and what is only reachable by jump.

use crate::scene::file::DeckFile;
use crate::scene::file::EntryFile;

/// The order of the talk.
#[derive(Clone, Debug, Default)]
pub struct Deck {
    pub title: String,
    pub entries: Vec<Entry>,
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
        Self { title: file.title, entries: entries.collect() }
    }
}
