//! What every scene and step must have: a caption of one sentence, notes, a budget, a hero that is shown, images that are there.

use crate::scene::check::{HasImage, read};
use crate::scene::deck::Deck;
use crate::scene::file::{ChangeFile, DeckFile, ElementFile, SceneFile, StepFile, ViewFile};
use crate::scene::library::Library;
use crate::scene::model::{Scene, Step, View};
use crate::scene::place::Place;
use crate::scene::problem::Severity;
use crate::scene::resolve::Finder;

/// Caption, notes and budget of the scene and of each step.
pub(super) fn scene(file: &SceneFile, finder: &mut Finder<'_>) {
    if file.notes.trim().is_empty() {
        let place = finder.places.of("notes", None);
        finder.error(
            "missing-notes",
            place,
            None,
            ("the scene has no notes".into(), "say what to say, and the veteran's likely objection".into()),
        );
    }
    for (index, step) in file.steps.iter().enumerate() {
        one(step, index, finder);
    }
}

fn of_key(key: &str, step: usize, finder: &Finder<'_>) -> Place {
    finder.places.in_step(key, step).unwrap_or_else(|| finder.places.of_step(step))
}

fn one(step: &StepFile, index: usize, finder: &mut Finder<'_>) {
    let at = Some(index);
    if step.caption.trim().is_empty() {
        let place = of_key("caption", index, finder);
        finder.error(
            "missing-caption",
            place,
            at,
            ("the caption is empty".into(), "one sentence that the picture shows".into()),
        );
    } else if sentences(&step.caption) > 1 {
        let place = of_key("caption", index, finder);
        finder.error(
            "caption-sentences",
            place,
            at,
            ("the caption is more than one sentence".into(), "keep one; the rest is for the notes".into()),
        );
    }
    if step.notes.trim().is_empty() {
        let place = of_key("notes", index, finder);
        finder.error(
            "missing-notes",
            place,
            at,
            ("the step has no notes".into(), "add notes: what to say here".into()),
        );
    }
    if step.budget_secs == 0 {
        let place = of_key("budget_secs", index, finder);
        finder.error(
            "missing-budget",
            place,
            at,
            ("the step has no seconds to be told in".into(), "budget_secs: 60 is a minute".into()),
        );
    }
}

/// How many sentences: a full stop, question or exclamation mark before a capital begins another.
fn sentences(words: &str) -> usize {
    let mut count = 1;
    let mut ended = false;
    let mut spaced = false;
    for c in words.trim().chars() {
        if ended && spaced && !c.is_whitespace() {
            count += usize::from(!c.is_lowercase());
            ended = false;
        }
        spaced = c.is_whitespace();
        ended = matches!(c, '.' | '!' | '?') || (ended && spaced);
    }
    count
}

/// Each step's hero must be named and shown.
pub(super) fn heroes(scene: &Scene, finder: &mut Finder<'_>) {
    for (index, step) in scene.steps.iter().enumerate() {
        let words = match &step.hero {
            None => ("the step names no hero".to_owned(), "hero: the id of what the caption names".to_owned()),
            Some(hero) if !is_shown(hero, step, &scene.view) => (
                format!("the hero \"{hero}\" is not shown on this step"),
                format!("reveal \"{hero}\", or name another hero"),
            ),
            Some(_) => continue,
        };
        let place = of_key("hero", index, finder);
        finder.error("no-hero", place, Some(index), words);
    }
}

fn is_shown(hero: &str, step: &Step, view: &View) -> bool {
    match hero {
        "heading" => !step.heading.text.is_empty(),
        "hall" => matches!(view, View::World { .. }),
        "T0" | "T1" | "T2" | "T3" => !matches!(view, View::Page { .. }),
        _ => step.elements.iter().any(|placed| &*placed.id == hero && placed.shown),
    }
}

/// In the world a fill is a reading: what is told there has outlines and words only.
pub(super) fn told_fills(file: &SceneFile, finder: &mut Finder<'_>) {
    if matches!(file.view, ViewFile::Page { .. }) {
        return;
    }
    for parts in file.elements.iter().map(ElementFile::parts).filter(|parts| parts.is_filled) {
        let words = (
            format!("\"{}\" is filled, and in the world only a reading fills", parts.id),
            "an outline, or a scene with the view Page".to_owned(),
        );
        finder.error("told-fill", finder.places.of_id(parts.id), None, words);
    }
}

/// Images must be there and say what they show.
pub(super) fn images(file: &SceneFile, has_image: &HasImage<'_>, finder: &mut Finder<'_>) {
    for parts in file.elements.iter().map(ElementFile::parts) {
        if let Some((path, alt)) = parts.image {
            let id = parts.id;
            image(path, None, has_image, finder);
            if alt.trim().is_empty() {
                let place = finder.places.of_id(id);
                finder.error(
                    "missing-alt",
                    place,
                    None,
                    (
                        format!("the image \"{id}\" does not say what it shows"),
                        "alt: a few words for who cannot see it".into(),
                    ),
                );
            }
        }
    }
    for (index, step) in file.steps.iter().enumerate() {
        for change in &step.changes {
            if let ChangeFile::Image { path, .. } = change {
                image(path, Some(index), has_image, finder);
            }
        }
    }
}

fn image(path: &str, step: Option<usize>, has_image: &HasImage<'_>, finder: &mut Finder<'_>) {
    if let Err(why) = has_image(path) {
        let place = finder.places.of_name(path, step);
        finder.error("missing-image", place, step, (why, "put the file beside the scenes".into()));
    }
}

/// A cut's budgets may be off its length by this share.
const CUT_SLACK: f64 = 0.1;

/// What a cut is given must be what its steps take, and it has what every cut keeps.
pub(super) fn cuts(library: &Library, finder: &mut Finder<'_>) {
    for cut in &library.cuts {
        let place = finder.places.of_id(&cut.id);
        let (given, taken) = (f64::from(cut.minutes) * 60.0, f64::from(library.budget_secs(cut)));
        if (taken / given - 1.0).abs() > CUT_SLACK {
            let message = format!("the cut {} takes {:.1} minutes of its {}", cut.id, taken / 60.0, cut.minutes);
            finder.error("cut-length", place, None, (message, "within a tenth: more or fewer steps".into()));
        }
        let musts = library.entries.iter().enumerate().filter(|(_, entry)| entry.must);
        for (_, entry) in musts.filter(|(scene, _)| !cut.steps.iter().any(|(other, _)| other == scene)) {
            let message = format!("the cut {} has no step of {}, which every cut keeps", cut.id, entry.scene);
            finder.error("cut", place, None, (message, "add a step of it, or take its must away".into()));
        }
    }
}

/// A scene stands in the deck once, and what every cut keeps is not hidden.
pub(super) fn deck(text: &str, finder: &mut Finder<'_>) {
    let Some(deck) = read::<DeckFile>(text).map(Deck::new) else { return };
    for (index, entry) in deck.entries.iter().enumerate() {
        let place = finder.places.of_name(&entry.scene, None);
        if deck.entries[..index].iter().any(|other| other.scene == entry.scene) {
            let words = (format!("the scene \"{}\" is in the deck twice", entry.scene), "keep one".to_owned());
            finder.error("twice", place, None, words);
        }
        if entry.must && entry.hidden {
            let words = (
                format!("the scene \"{}\" is kept in every cut and hidden", entry.scene),
                "choose one of must and hidden".to_owned(),
            );
            finder.note(("cut", Severity::Warning), place, None, words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_counted() {
        let cases = [
            ("Customer briefing", 1),
            ("One. Two.", 2),
            ("At 1.5 ms it is fast.", 1),
            ("Why? Because.", 2),
            ("Say it, e.g. here.", 1),
        ];
        for (words, count) in cases {
            assert_eq!(sentences(words), count, "{words}");
        }
    }
}
