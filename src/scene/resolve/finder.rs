//! Collects the problems of one file, each with its place.

use crate::scene::place::{Place, Places};
use crate::scene::problem::{Problem, Severity, suggestion};

/// Collects problems of one file while it is resolved.
pub struct Finder<'a> {
    pub file: &'a str,
    pub places: Places<'a>,
    pub scene: Option<String>,
    pub problems: Vec<Problem>,
}

impl<'a> Finder<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, places: Places::new(text), scene: None, problems: Vec::new() }
    }

    /// Notes an error at `place`.
    pub fn error(&mut self, code: &'static str, place: Place, step: Option<usize>, words: (String, String)) {
        self.note((code, Severity::Error), place, step, words);
    }

    /// Notes a finding: (message, hint).
    pub fn note(
        &mut self,
        (code, severity): (&'static str, Severity),
        place: Place,
        step: Option<usize>,
        words: (String, String),
    ) {
        self.problems.push(Problem {
            code,
            severity,
            file: self.file.to_owned(),
            line: place.line,
            column: place.column,
            scene: self.scene.clone(),
            step: step.map(|step| step + 1),
            message: words.0,
            hint: words.1,
        });
    }

    pub(super) fn unknown(&mut self, what: &str, name: &str, step: Option<usize>, known: &[&str]) {
        let place = self.places.of_name(name, step);
        let code = if what == "source" { "unknown-source" } else { "unknown-id" };
        self.error(code, place, step, (format!("no {what} \"{name}\""), suggestion(name, known)));
    }
}
