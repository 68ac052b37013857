//! `PromQL` as text: selectors, and several expressions as one.

use crate::telemetry::names::{Family, Meaning, Names, PageKind};

/// The label that keeps families apart within a question.
pub(super) const FAMILY_LABEL: &str = "family";

/// A selector of series: a metric, or a matcher of its name, with matchers besides.
pub(super) fn selector(metric: &str, matchers: [&str; 2]) -> String {
    let all = matchers.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(",");
    if all.is_empty() { metric.to_owned() } else { format!("{metric}{{{all}}}") }
}

/// Several families' results as one vector. A result has no name, so two families would be one series: a label of ours
/// keeps them apart.
pub(super) fn kept_apart<'a>(results: impl Iterator<Item = (&'a str, String)>) -> String {
    let labelled = results.map(|(name, result)| labelled(&result, FAMILY_LABEL, name));
    labelled.collect::<Vec<_>>().join(" or ")
}

pub(super) fn labelled(expression: &str, label: &str, value: &str) -> String {
    format!("label_replace({expression}, \"{label}\", \"{value}\", \"\", \"\")")
}

/// The first of these that there is.
pub(super) fn either(expressions: impl Iterator<Item = String>) -> Option<String> {
    let all: Vec<String> = expressions.collect();
    match &all[..] {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(all.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" or ")),
    }
}

pub(super) fn families_for(page: PageKind, meaning: Meaning) -> impl Iterator<Item = (&'static str, &'static Family)> {
    families_of(page).filter(move |(_, family)| family.meaning == meaning)
}

pub(super) fn families_of(page: PageKind) -> impl Iterator<Item = (&'static str, &'static Family)> {
    Names::built_in().page(page).into_iter().flatten().map(|(name, family)| (name.as_str(), family))
}

/// `label=~"a|b.*"` of patterns with `*` and `?`.
pub(super) fn matcher(label: &str, patterns: &[String]) -> String {
    let patterns: Vec<String> = patterns.iter().map(|pattern| regex_of(pattern)).collect();
    format!("{label}=~\"{}\"", patterns.join("|"))
}

/// A pattern with `*` and `?` as a regular expression, inside the quotes of `PromQL`.
fn regex_of(pattern: &str) -> String {
    let mut regex = String::new();
    for char in pattern.chars() {
        match char {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '"' => regex.push_str("\\\""),
            '\n' => regex.push_str("\\n"),
            plain if plain.is_alphanumeric() || matches!(plain, '-' | '_' | ':' | '/' | ' ') => regex.push(plain),
            special => regex.extend(["\\\\", &special.to_string()]),
        }
    }
    regex
}
