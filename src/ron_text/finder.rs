//! Collects the problems of one file, each with its place.

use super::{Place, Places, Problem, Severity, suggestion};

/// The kind of a problem, as `unknown-id`.
type Code = &'static str;

/// The problems of one file, while what was read of it is looked through.
pub(crate) struct Finder<'a> {
    pub(crate) file: &'a str,
    pub(crate) places: Places<'a>,
    /// The id of the scene that the file holds.
    pub(crate) scene: Option<String>,
    pub(crate) problems: Vec<Problem>,
}

impl<'a> Finder<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, places: Places::new(text), scene: None, problems: Vec::new() }
    }

    /// Notes what the file is refused for.
    pub(crate) fn error(&mut self, code: Code, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.note(code, Severity::Error, place, [message.into(), hint.into()]);
    }

    /// Notes what is odd, and no reason to refuse the file.
    pub(crate) fn warn(&mut self, code: Code, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.note(code, Severity::Warning, place, [message.into(), hint.into()]);
    }

    fn note(&mut self, code: Code, severity: Severity, place: Place, [message, hint]: [String; 2]) {
        let Place { line, column, step } = place;
        let (file, scene, step) = (self.file.to_owned(), self.scene.clone(), step.map(|step| step + 1));
        self.problems.push(Problem { code, severity, file, line, column, scene, step, message, hint });
    }

    /// There must be a `what` of this name, in a step or among the rest.
    pub(crate) fn require<'k>(
        &mut self,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'k str> + Clone,
        step: Option<usize>,
    ) {
        if !known.clone().any(|known| known == name) {
            self.unknown(what, name, known, step);
        }
    }

    /// Notes that there is no `what` of this name.
    pub(crate) fn unknown<'k>(
        &mut self,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'k str>,
        step: Option<usize>,
    ) {
        let known: Vec<&str> = known.collect();
        let code = if what == "source" { "unknown-source" } else { "unknown-id" };
        let place = self.places.of_name(name, step);
        self.error(code, place, format!("no {what} \"{name}\""), suggestion(name, &known));
    }
}
