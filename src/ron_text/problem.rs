//! What is wrong in a file: where, what, and the way out.

use std::fmt;

use serde::Serialize;

/// How much it matters: an error keeps the last good file on stage, a warning does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// One finding, in the shape `tierlight check --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub code: &'static str,
    pub severity: Severity,
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene: Option<String>,
    /// From 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    pub message: String,
    /// The way out; may be empty.
    pub hint: String,
}

impl Problem {
    /// `lab.ron:5:9: error: … (hint)`: for a log, which has a line for each thing.
    pub fn one_line(&self) -> String {
        let Self { severity, file, line, column, message, hint, .. } = self;
        let word = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let hint = if hint.is_empty() { String::new() } else { format!(" ({hint})") };
        format!("{file}:{line}:{column}: {word}: {message}{hint}")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, file, line, column, message, hint, .. } = self;
        write!(f, "{file}:{line}:{column}: {message} [{code}]")?;
        if hint.is_empty() { Ok(()) } else { write!(f, "\n    {hint}") }
    }
}

/// The known name nearest to `given`, whatever its case, where one is near enough to be meant.
fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    let given = given.to_lowercase();
    let scored = known.iter().map(|name| (strsim::damerau_levenshtein(&given, &name.to_lowercase()), *name));
    let (distance, name) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance <= (given.chars().count() / 3).max(2)).then_some(name)
}

/// `did you mean "…"?`, or the list of what there is when nothing is near.
pub(crate) fn suggestion(given: &str, known: &[&str]) -> String {
    match nearest(given, known) {
        Some(name) => format!("did you mean \"{name}\"?"),
        None if known.is_empty() => String::new(),
        None => format!("there are: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_the_list() {
        let known = ["caption", "notes", "budget_secs"];
        assert_eq!(suggestion("captoin", &known), "did you mean \"caption\"?");
        assert_eq!(suggestion("NOTES", &known), "did you mean \"notes\"?");
        assert_eq!(suggestion("zzzzzzzz", &known), "there are: caption, notes, budget_secs");
    }
}
