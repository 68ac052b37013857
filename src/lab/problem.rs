//! What is wrong with a lab file: the place, the matter and the way out.

use std::fmt;
use std::path::Path;
use std::path::PathBuf;

use ron::error::Error;
use ron::error::SpannedError;

/// Whether the file is refused for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabProblem {
    pub severity: Severity,
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub message: String,
    /// The way out; may be empty.
    pub hint: String,
}

impl fmt::Display for LabProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}:{}: {word}: {}", self.file.display(), self.line, self.column, self.message)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}

/// The problem behind what `ron` refused. A value found is never repeated: it may be a secret.
pub(super) fn from_ron(file: &Path, refused: &SpannedError) -> LabProblem {
    let (message, hint) = words(&refused.code);
    let place = refused.span.start;
    let (line, column) = (place.line, place.col);
    LabProblem { severity: Severity::Error, file: file.to_owned(), line, column, message, hint }
}

fn words(code: &Error) -> (String, String) {
    match code {
        Error::NoSuchStructField { expected, found, outer } => {
            (format!("{} no field \"{}\"", has(outer.as_deref()), shown(found)), suggestion(found, expected))
        }
        Error::NoSuchEnumVariant { expected, found, outer } => {
            (format!("{} no \"{}\"", has(outer.as_deref()), shown(found)), suggestion(found, expected))
        }
        Error::MissingStructField { field, outer } => {
            (format!("{} no \"{field}\"", has(outer.as_deref())), missing_hint(field).to_owned())
        }
        Error::DuplicateStructField { field, .. } => (format!("\"{field}\" is given twice"), String::new()),
        Error::InvalidValueForType { expected, .. } => {
            (format!("expected {expected}, found something else"), secret_hint(expected))
        }
        Error::ExpectedDifferentStructName { expected, .. } => {
            (format!("expected \"{expected}(…)\", found another name"), String::new())
        }
        Error::ExpectedIdentifier => ("expected a name".to_owned(), SECRETS.to_owned()),
        Error::ExpectedString => ("expected a text in quotes".to_owned(), String::new()),
        Error::ExpectedStringEnd => ("a text in quotes does not end".to_owned(), String::new()),
        Error::Eof => ("the file ends too early".to_owned(), "is a bracket not closed?".to_owned()),
        Error::Message(_) | Error::InvalidIdentifier(_) | Error::SuggestRawIdentifier(_) => {
            ("this cannot be read here".to_owned(), SECRETS.to_owned())
        }
        other => (sentence(&other.to_string()), String::new()),
    }
}

const SECRETS: &str = "secrets are given as Env(\"NAME\") or File(\"path\"), never in the file itself";

fn has(outer: Option<&str>) -> String {
    match outer {
        Some("Lab") => "the lab has".to_owned(),
        Some("Keys") => "Keys(…) has".to_owned(),
        Some(outer) => format!("{} {} has", article(outer), word_of(outer)),
        None => "here is".to_owned(),
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" }
}

fn word_of(outer: &str) -> String {
    match outer {
        "Kind" => "exporter kind".to_owned(),
        "Tls" => "tls: (…)".to_owned(),
        other => other.to_lowercase(),
    }
}

fn missing_hint(field: &str) -> &'static str {
    match field {
        "auth" => "auth: Token(…), Keys(access: …, secret: …), or Public when the metrics need no token",
        "urls" => "urls: [\"http://host:9000\"], one for each node",
        "kind" => "kind: Node or kind: Dcgm",
        "secret" => SECRETS,
        _ => "",
    }
}

fn secret_hint(expected: &str) -> String {
    if expected.contains("Auth") || expected.contains("Secret") { SECRETS.to_owned() } else { String::new() }
}

/// The nearest known word, if one is near.
pub(super) fn suggestion(found: &str, known: &[&str]) -> String {
    let near = known.iter().map(|word| (strsim::jaro_winkler(&found.to_lowercase(), &word.to_lowercase()), word));
    match near.max_by(|one, other| one.0.total_cmp(&other.0)) {
        Some((likeness, word)) if likeness > 0.75 => format!("did you mean \"{word}\"?"),
        _ => format!("known here: {}", known.join(", ")),
    }
}

/// A word may be repeated when it cannot be a pasted secret.
fn shown(found: &str) -> &str {
    if found.chars().count() <= 24 { found } else { "…" }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}
