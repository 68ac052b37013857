//! Judges scene files as they are written: structure, words, sources, numbers and units. No pictures, no pixels.

mod changes;
mod labels;
mod numbers;
mod structure;
mod written;

use crate::ron_text::{Finder, Problem, read};
use crate::scene::file::{SceneFile, WorldFile};
use crate::scene::library::{Library, Texts, is_scene};

pub use self::numbers::bare_number;
use self::structure::HasImage;
use self::written::Written;

/// Findings beyond those that reading the files gave. Files that do not read are passed over: they have theirs already.
pub fn check(texts: &Texts, library: &Library, has_image: &HasImage<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, text) in texts {
        let mut finder = Finder::new(name, text);
        if is_scene(name) {
            scene(text, library, has_image, &mut finder);
        } else {
            of_talk(name, text, library, &mut finder);
        }
        problems.append(&mut finder.problems);
    }
    problems
}

fn scene(text: &str, library: &Library, has_image: &HasImage<'_>, finder: &mut Finder<'_>) {
    let Ok(file) = read::<SceneFile>(finder.file, text) else { return };
    finder.scene = Some(file.id.clone());
    structure::scene(&file, finder);
    structure::told_fills(&file, finder);
    structure::boxes(&file, finder);
    structure::clicked_drives(&file, finder);
    structure::images(&file, has_image, finder);
    for written in written::of_scene(&file) {
        numbers::written(&written, &library.sources.names, finder);
        labels::colours(&written, finder);
    }
    if let Some(scene) = library.scenes.iter().find(|scene| *scene.id == *file.id) {
        changes::once(&file, scene, finder);
        structure::heroes(scene, finder);
        structure::one_path(scene, &library.world, finder);
        labels::dimmed(scene, finder);
        labels::assumptions(scene, &library.figures, finder);
    }
}

/// The files that all scenes share.
fn of_talk(name: &str, text: &str, library: &Library, finder: &mut Finder<'_>) {
    match name {
        "sources.ron" => {
            numbers::units(&library.figures, finder);
            numbers::formulas(&library.figures, finder);
        }
        "deck.ron" => {
            structure::deck(text, finder);
            structure::cuts(library, finder);
        }
        "glossary.ron" => {
            for term in &library.terms {
                let written = Written { of: &term.term, words: &term.says, step: None };
                numbers::written(&written, &library.sources.names, finder);
            }
        }
        "world.ron" => {
            for written in read::<WorldFile>(name, text).iter().flat_map(written::of_world) {
                numbers::written(&written, &library.sources.names, finder);
            }
        }
        _ => {}
    }
}
