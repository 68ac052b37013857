//! What was found in the pictures, as problems of the scene files.

use std::collections::BTreeSet;

use crate::picture::{Mark, Thing};
use crate::review::seats::Seats;
use crate::review::still::Still;
use crate::ron_text::{Problem, Severity};
use crate::scene::library::Texts;

/// What was found, each once however many pictures show it.
pub(super) struct Findings<'a> {
    seats: Seats<'a>,
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
        Self { seats: Seats::new(texts), known: BTreeSet::new(), problems: Vec::new() }
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Notes a finding at the place of what it is about; `key` tells it from others of its code there.
    pub(super) fn note(&mut self, still: &Still<'_>, note: Note<'_>, key: &str) {
        let Note { code, severity, about, message, hint } = note;
        let place = self.seats.place(still, about);
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
}
