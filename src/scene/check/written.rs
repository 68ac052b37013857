//! Every text that a file puts on the stage, as the author typed it.

use crate::scene::file::{ChangeFile, ElementFile, SceneFile, WorldFile};
use crate::scene::place::{Place, Places};

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

/// Headings, captions, texts, tables, and what is said in place of a curve.
pub(super) fn of_scene(file: &SceneFile) -> Vec<Written<'_>> {
    let mut all = Vec::new();
    for element in &file.elements {
        match element {
            ElementFile::Text { id, words, .. } | ElementFile::Chart { id, absent: Some(words), .. } => {
                all.push(Written { of: id, words, step: None });
            }
            ElementFile::Table { id, rows, .. } => all.extend(cells(id, rows, None)),
            _ => {}
        }
    }
    for (index, step) in file.steps.iter().enumerate() {
        let at = Some(index);
        all.extend(step.heading.iter().map(|words| Written { of: "heading", words, step: at }));
        all.push(Written { of: "caption", words: &step.caption, step: at });
        for change in &step.changes {
            match change {
                ChangeFile::Text { id, words } => all.push(Written { of: id, words, step: at }),
                ChangeFile::Table { id, rows } => all.extend(cells(id, rows, at)),
                _ => {}
            }
        }
    }
    all
}

fn cells<'a>(id: &'a str, rows: &'a [Vec<String>], step: Option<usize>) -> impl Iterator<Item = Written<'a>> {
    rows.iter().flatten().map(move |words| Written { of: id, words, step })
}

/// The names of the world, and what it says where nothing measures.
pub(super) fn of_world(file: &WorldFile) -> Vec<Written<'_>> {
    let floors = file.floors.iter().flat_map(|floor| [&floor.name, &floor.words, &floor.absent]);
    let words = [&file.hall.name, &file.hall.absent].into_iter().chain(floors);
    words.map(|words| Written { of: "world", words, step: None }).collect()
}
