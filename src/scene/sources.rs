//! Every number and claim with where it comes from, as used: placeholders become words here.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::scene::file::KindFile;
use crate::scene::file::QuantityFile;
use crate::scene::file::SourceFile;
use crate::scene::file::SourcesFile;

/// A thin space, between a value and its unit.
pub const THIN_SPACE: char = '\u{2009}';

/// The sources and quantities by id.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub names: Vec<String>,
    pub sources: BTreeMap<String, SourceFile>,
    pub quantities: BTreeMap<String, QuantityFile>,
}

/// Words with their placeholders filled in, and the quantities they name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    pub text: Arc<str>,
    pub quantities: Vec<String>,
    /// The text as the author typed it, without the placeholders: what is left must hold no bare number.
    pub literal: String,
}

impl Sources {
    pub fn new(file: SourcesFile) -> Self {
        Self {
            names: file.names,
            sources: file.sources.into_iter().map(|source| (source.id.clone(), source)).collect(),
            quantities: file.quantities.into_iter().map(|quantity| (quantity.id.clone(), quantity)).collect(),
        }
    }

    /// Fills each `{id}` in. Err: the id that is unknown.
    pub fn words(&self, written: &str) -> Result<Words, String> {
        let (mut text, mut literal, mut quantities) = (String::new(), String::new(), Vec::new());
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('{') {
            let (id, tail) = after.split_once('}').ok_or_else(|| after.to_owned())?;
            let quantity = self.quantities.get(id).ok_or_else(|| id.to_owned())?;
            text.push_str(before);
            text.push_str(&quantity.words());
            literal.push_str(before);
            literal.push(' ');
            quantities.push(id.to_owned());
            rest = tail;
        }
        text.push_str(rest);
        literal.push_str(rest);
        Ok(Words { text: text.into(), quantities, literal })
    }
}

impl QuantityFile {
    /// Prefix, value, range and unit: "about 5–15 ms".
    pub fn words(&self) -> String {
        let prefix = self.prefix.as_ref().map(|prefix| format!("{prefix} ")).unwrap_or_default();
        if self.unit.is_empty() {
            return format!("{prefix}{}", self.digits());
        }
        format!("{prefix}{}{THIN_SPACE}{}", self.digits(), self.unit)
    }

    /// The digits alone: "988", "5–15".
    pub fn digits(&self) -> String {
        match self.to {
            Some(to) => format!("{}–{}", plain(self.value), plain(to)),
            None => plain(self.value),
        }
    }

    /// "measured", "published", "derived: F2" or "assumption".
    pub fn kind_words(&self) -> String {
        match &self.kind {
            KindFile::Measured => "measured".to_owned(),
            KindFile::Published => "published".to_owned(),
            KindFile::Derived { formula } => format!("derived: {formula}"),
            KindFile::Assumption => "assumption".to_owned(),
        }
    }
}

/// A number as a person writes it: thousands by a comma, no trailing zeros.
pub fn plain(value: f64) -> String {
    let text = format!("{value}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let digits = whole.trim_start_matches('-');
    let mut out = String::new();
    if whole.len() > digits.len() {
        out.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digits.len() > 3 {
            out.push(',');
        }
        out.push(digit);
    }
    match rest {
        Some(rest) => format!("{out}.{rest}"),
        None => out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        let cases = [(988.0, "988"), (16384.0, "16,384"), (0.86, "0.86"), (-3.5, "−3.5"), (1000.0, "1,000")];
        for (value, words) in cases {
            assert_eq!(plain(value), words);
        }
    }
}
