//! Numbers come from quantities, and units are decimal.

use crate::figures::{Cause, Figures, FormulaError, Origin};
use crate::ron_text::{Finder, suggestion};
use crate::scene::check::written::Written;

/// Units in steps of 1,024.
const BINARY: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// Checks one text: no digit that is neither a quantity's nor part of a known name, and no binary unit.
pub(super) fn written(written: &Written<'_>, names: &[String], finder: &mut Finder<'_>) {
    let literal = without_placeholders(written.words);
    if let Some(digits) = bare_number(&literal, names) {
        let place = written.place(&finder.places);
        let hint = format!(
            "give {digits} a value, a condition and a source in sources.ron and write {{its-id}} here, or add the word to `names` there"
        );
        finder.error("bare-number", place, format!("bare number {digits} in \"{}\"", written.words), hint);
    }
    if let Some(unit) = binary_unit(&literal) {
        let place = written.place(&finder.places);
        let message = format!("{unit} in \"{}\": units on stage are decimal", written.words);
        finder.error("mixed-units", place, message, decimal(unit));
    }
}

fn decimal(unit: &str) -> String {
    format!("convert to {}B; the quantity keeps what was printed in `published`", &unit[..1])
}

/// Checks the units of all figures.
pub(super) fn units(figures: &Figures, finder: &mut Finder<'_>) {
    for figure in figures.all() {
        let words = [Some(&figure.unit), figure.prefix.as_ref()];
        if let Some(unit) = words.into_iter().flatten().find_map(|words| binary_unit(words)) {
            let place = finder.places.of_id(&figure.id);
            let message = format!("quantity \"{}\" is in {}: units on stage are decimal", figure.id, figure.unit);
            finder.error("mixed-units", place, message, decimal(unit));
        }
    }
}

/// What is derived comes out of its formula, in its unit and within the digits that are printed. What a customer measured
/// changes others' values, and theirs are right by being worked out.
pub(super) fn formulas(figures: &Figures, finder: &mut Finder<'_>) {
    for figure in figures.all() {
        let Origin::Derived(derivation) = &figure.origin else { continue };
        let id = &figure.id;
        let is_anew = figures.shown(&figure.id).is_some_and(|shown| shown.cause != Cause::Told);
        let formula_place = || finder.places.of_words(id, derivation.formula.written(), None);
        let (code, place, message, hint) = match figures.worked_out(figure, derivation) {
            Ok(result) if figure.agrees(result) || is_anew => continue,
            Ok(result) => {
                let [told, result] = [figure.value, result.rounded()].map(|span| figure.with_unit(&span.digits()));
                let formula = derivation.spell_out(|id| figures.value_words(id));
                let message = format!("\"{id}\" is {told}, and its formula gives {result}: {formula}");
                ("formula-value", finder.places.of_id(id), message, "correct the value, or the formula".to_owned())
            }
            Err(error @ FormulaError::Units(_)) => {
                let hint = "full_unit says what a printed unit leaves to the words around it: \"B/parameter\"; what is counted stands in `counts`";
                let message = format!("the units of \"{id}\" do not come out: {error}");
                ("formula-unit", formula_place(), message, hint.to_owned())
            }
            Err(error) => {
                let hint = match &error {
                    FormulaError::UnknownFigure(name) => suggestion(name, &figures.ids()),
                    _ => "{a-quantity} × 3 GB / (2 + {another}): × / + − ^, sqrt ceil log2 min max".to_owned(),
                };
                ("formula", formula_place(), format!("the formula of \"{id}\": {error}"), hint)
            }
        };
        finder.error(code, place, message, hint);
    }
}

/// The words without `{…}`; where one was, a space.
fn without_placeholders(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push(' ');
        rest = after.split_once('}').map_or("", |(_, tail)| tail);
    }
    out.push_str(rest);
    out
}

/// The first run of characters with a digit in it that no name covers.
pub fn bare_number(literal: &str, names: &[String]) -> Option<String> {
    let mut rest = literal.to_owned();
    for name in names {
        rest = without_name(&rest, name);
    }
    let mut words = rest.split(|c: char| c.is_whitespace() || c == '\u{0}');
    let word = words.find(|word| word.chars().any(char::is_numeric))?;
    Some(word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
}

/// The text with each whole-word occurrence of the name blanked: "T1" is no part of "T10".
fn without_name(text: &str, name: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name).filter(|_| !name.is_empty()) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '.');
        let ends = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let whole = !joined(before.chars().next_back().or(out.chars().next_back())) && !ends(after.chars().next());
        out.push_str(before);
        out.push_str(if whole { "\u{0}" } else { name });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn binary_unit(words: &str) -> Option<&'static str> {
    let mut parts = words.split(|c: char| !c.is_alphabetic());
    parts.find_map(|part| BINARY.into_iter().find(|unit| part == *unit || part == &unit[..2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_is_a_number_unless_a_name_has_it() {
        let names = ["T1".to_owned(), "H100".to_owned(), "PCIe Gen5".to_owned()];
        let cases = [
            ("T1 and H100", None),
            ("{a-1} per H100", None),
            ("349 GB/s", Some("349")),
            ("T10", Some("T10")),
            ("over PCIe Gen5, twice", None),
            ("about 1.5, {x}", Some("1.5")),
            ("½ of it", Some("½")),
            ("none", None),
        ];
        for (words, number) in cases {
            assert_eq!(bare_number(&without_placeholders(words), &names).as_deref(), number, "{words}");
        }
    }

    #[test]
    fn binary_units_are_found_as_words() {
        let cases = [("325 GiB/s", Some("GiB")), ("4 Gi", Some("GiB")), ("MinIO, GB/s", None), ("Mina", None)];
        for (words, unit) in cases {
            assert_eq!(binary_unit(words), unit, "{words}");
        }
    }
}
