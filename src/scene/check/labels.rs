//! Words that must be readable, words that must stand beside what nobody has verified, and words that are true in one theme
//! only.

use crate::figures::Figures;
use crate::picture::Ink;
use crate::ron_text::Finder;
use crate::scene::model::{Element, Emphasis, Placed, Scene};

use super::written::Written;

/// Words that say: this number is ours, not a finding.
const LABELS: [&str; 4] = ["design target", "assum", "example", "estimate"];

/// Colours that words might call a mark by. Each theme has its own, and the grey print none.
const COLOURS: [&str; 13] = [
    "amber",
    "blue",
    "brown",
    "gray",
    "green",
    "grey",
    "magenta",
    "orange",
    "pink",
    "purple",
    "raspberry",
    "red",
    "yellow",
];

/// Words name marks, not colours: amber in the dark is brown in the light.
pub(super) fn colours(written: &Written<'_>, finder: &mut Finder<'_>) {
    let mut words = written.words.split(|c: char| !c.is_alphabetic());
    let Some(colour) = words.find(|word| COLOURS.contains(&word.to_lowercase().as_str())) else { return };
    let message = format!("\"{colour}\" in \"{}\": another theme has another colour", written.words);
    finder.error(
        "colour-word",
        written.place(&finder.places),
        message,
        "name the mark: \"the bar\", \"T2\", \"the hall\"",
    );
}

/// Nothing that carries words is dimmed or drawn in an ink that cannot be read.
pub(super) fn dimmed(scene: &Scene, finder: &mut Finder<'_>) {
    for (index, step) in scene.steps.iter().enumerate() {
        for placed in step.elements.iter().filter(|placed| placed.shown) {
            if placed.emphasis == Emphasis::Dim && carries_words(&placed.element) && is_news(scene, index, placed) {
                let place = finder.places.of_name(&placed.id, Some(index));
                let message =
                    format!("\"{}\" is dimmed, and it carries words: half-dimmed words cannot be read", placed.id);
                finder.error("dim-label", place, message, "hide it, or dim the shape behind it");
            }
            ink(placed, index, finder);
        }
    }
}

/// Whether the step before did not leave the element so already: one finding is enough.
fn is_news(scene: &Scene, index: usize, placed: &Placed) -> bool {
    let before = index.checked_sub(1).and_then(|before| scene.steps.get(before));
    let same = |other: &Placed| other.id == placed.id && other.shown && other.emphasis == placed.emphasis;
    !before.is_some_and(|step| step.elements.iter().any(same))
}

fn carries_words(element: &Element) -> bool {
    let parts = element.parts();
    parts.is_numeral || parts.figure.is_some() || !parts.words.is_empty()
}

/// Words are in the two text inks: a tier's ink is for its shapes, and lines and floors are too dim.
fn ink(placed: &Placed, index: usize, finder: &mut Finder<'_>) {
    let Some(ink) = placed.element.parts().ink else { return };
    let (code, why) = match ink {
        Ink::Text | Ink::Text2 => return,
        Ink::Ground | Ink::Floor | Ink::Line => ("dim-label", "cannot be read"),
        _ => ("word-ink", "is for shapes: it carries no words"),
    };
    let place = finder.places.of_id(&placed.id).in_step(Some(index));
    if finder.problems.iter().any(|known| known.code == code && known.line == place.line) {
        return;
    }
    let message = format!("the ink {} of \"{}\" {why}", ink.name(), placed.id);
    finder.error(code, place, message, "use Text or Text2, beside a mark in that ink");
}

/// A number that is a target, an assumption or an example says so on the same step.
pub(super) fn assumptions(scene: &Scene, figures: &Figures, finder: &mut Finder<'_>) {
    for (index, step) in scene.steps.iter().enumerate() {
        let shown = step.spoken().map(|words| words.filled(figures).to_lowercase()).collect::<Vec<_>>().join(" ");
        if LABELS.iter().any(|label| shown.contains(label)) {
            continue;
        }
        for id in step.figure_ids().filter(|id| figures.is_assumed(id)) {
            let place = finder.places.of_quantity(id, Some(index));
            let message = format!("\"{id}\" is an assumption, and nothing on the step says so");
            let hint = "write \"design target\", \"assumption\" or \"example\" beside it";
            finder.error("unlabelled-assumption", place, message, hint);
        }
    }
}
