//! What was found in the pictures, as problems of the scene files.

use std::collections::BTreeSet;

use crate::picture::{Furniture, Mark, Thing};
use crate::review::still::Still;
use crate::ron_text::{Place, Places, Problem, Severity};
use crate::scene::library::Texts;

/// What was found, each once however many pictures show it.
pub(super) struct Findings<'a> {
    texts: &'a Texts,
    known: BTreeSet<(&'static str, String, usize, usize, String)>,
    problems: Vec<Problem>,
}

/// What a finding says: a code, the id of what it is about, words and a way out.
pub(super) struct Note<'a> {
    code: &'static str,
    severity: Severity,
    /// Whose marks it is about; none for the step as a whole.
    about: Option<&'a Thing>,
    message: String,
    hint: &'a str,
}

impl<'a> Note<'a> {
    /// An error of the step as a whole.
    pub(super) fn error(code: &'static str, message: String, hint: &'a str) -> Self {
        Self { code, severity: Severity::Error, about: None, message, hint }
    }

    /// A warning on the step as a whole.
    pub(super) fn warning(code: &'static str, message: String, hint: &'a str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, hint) }
    }

    /// The same, on the thing that a mark is of.
    pub(super) fn about(self, mark: &'a Mark) -> Self {
        Self { about: Some(&mark.id.thing), ..self }
    }
}

impl<'a> Findings<'a> {
    pub(super) fn new(texts: &'a Texts) -> Self {
        Self { texts, known: BTreeSet::new(), problems: Vec::new() }
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes a finding at the place of what it is about; `key` tells it from others of its code there.
    pub(super) fn note(&mut self, still: &Still<'_>, note: Note<'_>, key: &str) {
        let Note { code, severity, about, message, hint } = note;
        let place = self.place(still, about);
        let file = still.scene.file.to_string();
        if self.known.insert((code, file.clone(), place.line, place.column, key.to_owned())) {
            self.problems.push(Problem {
                code,
                severity,
                file,
                line: place.line,
                column: place.column,
                scene: Some(still.scene.id.to_string()),
                step: Some(still.at.step + 1),
                message,
                hint: hint.to_owned(),
            });
        }
    }
    /// The place of what a step last said about a mark; the step itself for what is not an element of the scene.
    fn place(&self, still: &Still<'_>, about: Option<&Thing>) -> Place {
        let text = self.texts.get(&*still.scene.file).map_or("", String::as_str);
        let (places, step) = (Places::new(text), still.at.step);
        match about {
            Some(Thing::Furniture(Furniture::Caption)) => places.of_key("caption", Some(step)),
            Some(Thing::Furniture(Furniture::Heading)) => {
                let said = last(step, |step| places.key_in_step("heading", Some(step)));
                said.unwrap_or_else(|| places.of_step(step))
            }
            Some(thing) if still.element(thing).is_some() => {
                let id = thing.word();
                last(step, |step| places.id_in_step(id, Some(step))).unwrap_or_else(|| places.of_id(id))
            }
            Some(_) | None => places.of_step(step),
        }
    }
}

/// The nearest step back to the first that says it.
fn last(step: usize, said_in: impl Fn(usize) -> Option<Place>) -> Option<Place> {
    (0..=step).rev().find_map(said_in)
}
