//! What RON itself refuses, in our words and with its place.

use ron::error::{Error, SpannedError};

use super::scan::{offset_of, open_bracket};
use super::{Places, Problem, Severity, suggestion};

/// The problem behind what RON refused.
pub(super) fn problem(file: &str, text: &str, refused: &SpannedError) -> Problem {
    let (code, message, hint) = told(&refused.code);
    // RON points behind a name that it does not know.
    let back = match &refused.code {
        Error::NoSuchStructField { found, .. } | Error::NoSuchEnumVariant { found, .. } => found.chars().count(),
        _ => 0,
    };
    let at = refused.span.end;
    let hint = if hint.is_empty() { hint_at(text, &refused.code, (at.line, at.col)) } else { hint };
    Problem {
        code,
        severity: Severity::Error,
        file: file.to_owned(),
        line: at.line,
        column: at.col.saturating_sub(back).max(1),
        scene: Places::new(text).string_at("id"),
        step: None,
        message,
        hint,
    }
}

/// Code, message and hint.
fn told(error: &Error) -> (&'static str, String, String) {
    match error {
        Error::NoSuchStructField { expected, found, outer } => {
            let message = format!("{} no field \"{}\"", has(outer.as_deref()), short(found));
            ("unknown-field", message, suggestion(found, expected))
        }
        Error::NoSuchEnumVariant { expected, found, outer } => {
            let message = format!("{} no \"{}\"", has(outer.as_deref()), short(found));
            ("unknown-name", message, suggestion(found, expected))
        }
        Error::MissingStructField { field, outer } => {
            // What an author of scenes forgets most has codes of its own.
            let code = match *field {
                "caption" => "missing-caption",
                "notes" => "missing-notes",
                "budget_secs" => "missing-budget",
                _ => "missing-field",
            };
            (code, format!("{} no \"{field}\"", has(outer.as_deref())), format!("add {field}: …"))
        }
        Error::DuplicateStructField { field, .. } => {
            ("twice", format!("\"{field}\" is given twice"), format!("keep one {field}"))
        }
        Error::InvalidValueForType { expected, found } => {
            ("syntax", format!("expected {expected}, found {found}"), String::new())
        }
        Error::ExpectedDifferentStructName { expected, .. } => {
            ("syntax", format!("expected \"{expected}(…)\", found another name"), String::new())
        }
        Error::ExpectedIdentifier => ("syntax", "expected a name".to_owned(), String::new()),
        Error::ExpectedString => ("syntax", "expected a text in quotes".to_owned(), String::new()),
        Error::ExpectedStringEnd => ("syntax", "a text in quotes does not end".to_owned(), String::new()),
        Error::Eof => ("syntax", "the file ends too early".to_owned(), String::new()),
        other => ("syntax", begun_small(&other.to_string()), String::new()),
    }
}

/// A hint by what stands where RON stopped: what who comes from other formats writes.
fn hint_at(text: &str, error: &Error, (line, column): (usize, usize)) -> String {
    let after = offset_of(text, line, column).map_or("", |at| &text[at..]);
    let rest = after.lines().next().unwrap_or_default();
    let is_at_end = after.trim().is_empty();
    if rest.starts_with(['\u{201C}', '\u{201D}', '\u{201E}', '\u{2018}', '\u{2019}', '\u{AB}']) {
        return "write straight quotes: \"…\"".to_owned();
    }
    if *error == Error::ExpectedIdentifier && rest.starts_with('"') {
        return "a name stands here without quotes".to_owned();
    }
    let open = open_bracket(text).filter(|_| is_at_end);
    open.map_or_else(String::new, |(bracket, line, column)| {
        format!("the {bracket} of line {line}, column {column} is not closed")
    })
}

/// "a deployment has", "the lab has"; RON knows what it reads by the names of our types and of their variants.
fn has(outer: Option<&str>) -> String {
    let Some(outer) = outer else { return "here is".to_owned() };
    let name = outer.strip_suffix("File").unwrap_or(outer);
    match name {
        "Lab" | "World" | "Deck" => format!("the {} has", in_words(name)),
        plural if plural.ends_with('s') => format!("{plural}(…) has"),
        name if name.starts_with(['A', 'E', 'I', 'O', 'U']) => format!("an {} has", in_words(name)),
        name => format!("a {} has", in_words(name)),
    }
}

/// `ExporterKind` is an "exporter kind".
fn in_words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// A name is repeated where it cannot be a pasted secret.
fn short(found: &str) -> &str {
    if found.chars().count() <= 24 { found } else { "…" }
}

fn begun_small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only what is refused counts")]
    struct Page {
        title: String,
        floors: Vec<Floor>,
    }

    #[derive(Debug, serde::Deserialize)]
    enum Floor {
        T1,
    }

    #[test]
    fn what_other_formats_write_is_refused_with_the_way_out() {
        let cases = [
            ("Page(title: \u{201C}a\u{201D}, floors: [])", "write straight quotes: \"…\""),
            ("Page(title: \"a\", floors: [\"T1\"])", "a name stands here without quotes"),
            ("Page(\n  title: \"a\",\n  floors: [T1,\n", "the [ of line 3, column 11 is not closed"),
            ("Page(title: \"a (\", floors: [] // )", "the ( of line 1, column 5 is not closed"),
            ("Page(title: \"a\")", "add floors: …"),
        ];
        for (text, hint) in cases {
            let refused = ron::from_str::<Page>(text).expect_err("it is refused");
            assert_eq!(problem("a.ron", text, &refused).hint, hint, "{text}: {refused}");
        }
    }
}
