//! Every text that a file puts on the stage, as the author typed it.

use crate::ron_text::{Place, Places};
use crate::scene::file::{CardFile, ChangeFile, ElementFile, SceneFile, WorldFile};

/// Words of one thing, with their placeholders.
pub(super) struct Written<'a> {
    /// The element's id, or what else it is: `caption`.
    pub(super) of: &'a str,
    pub(super) words: &'a str,
    /// From 0; none among the elements.
    pub(super) step: Option<usize>,
}

impl Written<'_> {
    pub(super) fn place(&self, places: &Places<'_>) -> Place {
        places.of_words(self.of, self.words, self.step)
    }
}

/// Headings, captions, texts, tables, cards, and what is said in place of a curve.
pub(super) fn of_scene(file: &SceneFile) -> Vec<Written<'_>> {
    let mut all = Vec::new();
    for parts in file.elements.iter().map(ElementFile::parts) {
        all.extend(parts.texts.into_iter().map(|words| Written { of: parts.id, words, step: None }));
    }
    for spot in &file.spots {
        let texts = spot.card.iter().flat_map(CardFile::texts);
        all.extend(texts.map(|words| Written { of: &spot.id, words, step: None }));
    }
    for (index, step) in file.steps.iter().enumerate() {
        let at = Some(index);
        all.extend(step.heading.iter().map(|words| Written { of: "heading", words, step: at }));
        all.push(Written { of: "caption", words: &step.caption, step: at });
        let texts = step.changes.iter().flat_map(ChangeFile::texts);
        all.extend(texts.map(|(of, words)| Written { of, words, step: at }));
    }
    all
}

/// The names of the world, and what it says where nothing measures.
pub(super) fn of_world(file: &WorldFile) -> Vec<Written<'_>> {
    let floors = file
        .floors
        .iter()
        .flat_map(|floor| [&floor.name, &floor.words, &floor.absent].into_iter().chain(&floor.why_absent));
    let components = file.components.iter().flat_map(|component| {
        let told = [&component.operation, &component.pattern, &component.volume, &component.latency];
        told.into_iter().chain([&component.name, &component.why, &component.minio])
    });
    let words = [&file.hall.name, &file.hall.absent].into_iter().chain(floors).chain(components);
    words.map(|words| Written { of: "world", words, step: None }).collect()
}
