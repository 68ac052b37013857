//! Every text that a file puts on the stage, as the author typed it.

use crate::ron_text::{Place, Places};
use crate::scene::file::{CardFile, ChangeFile, ElementFile, GridFile, SceneFile, WorldFile};

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
            ElementFile::Node(node) => {
                let words = [&node.words].into_iter().chain(&node.note);
                all.extend(words.map(|words| Written { of: &node.id, words, step: None }));
            }
            ElementFile::Pin(pin) => all.push(Written { of: &pin.id, words: &pin.words, step: None }),
            ElementFile::Grid(grid) => all.extend(of_grid(grid)),
            _ => {}
        }
    }
    for spot in &file.spots {
        all.extend(spot.card.iter().flat_map(|card| of_card(&spot.id, card)));
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

fn of_grid(grid: &GridFile) -> Vec<Written<'_>> {
    let of = grid.id.as_str();
    let columns = grid.columns.iter().map(|column| &column.words);
    let rows =
        grid.rows.iter().flat_map(|row| [&row.words].into_iter().chain(row.cells.iter().map(|cell| &cell.words)));
    let mut all: Vec<Written<'_>> = columns.chain(rows).map(|words| Written { of, words, step: None }).collect();
    let cards = grid.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.card.as_ref());
    all.extend(cards.flat_map(|card| of_card(of, card)));
    all
}

fn of_card<'a>(of: &'a str, card: &'a CardFile) -> impl Iterator<Item = Written<'a>> {
    let words = card.rows.iter().flat_map(|(name, says)| [name, says]).chain([&card.title]);
    words.map(move |words| Written { of, words, step: None })
}

fn cells<'a>(id: &'a str, rows: &'a [Vec<String>], step: Option<usize>) -> impl Iterator<Item = Written<'a>> {
    rows.iter().flatten().map(move |words| Written { of: id, words, step })
}

/// The names of the world, and what it says where nothing measures.
pub(super) fn of_world(file: &WorldFile) -> Vec<Written<'_>> {
    let floors = file.floors.iter().flat_map(|floor| [&floor.name, &floor.words, &floor.absent]);
    let components = file.components.iter().flat_map(|component| {
        let told = [&component.operation, &component.pattern, &component.volume, &component.latency];
        told.into_iter().chain([&component.name, &component.why, &component.minio])
    });
    let words = [&file.hall.name, &file.hall.absent].into_iter().chain(floors).chain(components);
    words.map(|words| Written { of: "world", words, step: None }).collect()
}
