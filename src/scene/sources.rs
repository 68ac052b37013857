//! Every number and claim with where it comes from, as used: placeholders become words here.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::scene::file::{CustomerFile, KindFile, MeasurementFile, QuantityFile, SourceFile, SourcesFile};

/// A thin space, between a value and its unit.
pub const THIN_SPACE: char = '\u{2009}';

/// The sources and quantities by id.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    pub names: Vec<String>,
    pub sources: BTreeMap<String, SourceFile>,
    pub quantities: BTreeMap<String, QuantityFile>,
    /// Whom the talk is for, and what they measured.
    pub customer: Option<CustomerFile>,
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
            customer: None,
        }
    }

    /// Takes a customer's measurements in place of our assumptions. Err: those that replace something else, with why.
    pub fn take_customer(&mut self, customer: CustomerFile) -> Vec<(String, String)> {
        let mut refused = Vec::new();
        for measurement in &customer.measurements {
            if let Err(why) = self.take_measurement(measurement) {
                refused.push((measurement.quantity.clone(), why));
            }
        }
        self.customer = Some(customer);
        refused
    }

    fn take_measurement(&mut self, measurement: &MeasurementFile) -> Result<(), String> {
        let known = self.quantities.get_mut(&measurement.quantity).ok_or("no such quantity")?;
        if !matches!(known.kind, KindFile::Assumption) {
            return Err(format!("it is {}: a measurement replaces our assumptions only", known.kind_words()));
        }
        if known.unit != measurement.unit {
            return Err(format!("it is in {}: give it in {} too", measurement.unit, known.unit));
        }
        known.value = measurement.value;
        known.to = measurement.to;
        known.prefix = None;
        known.kind = KindFile::Measured;
        known.condition = format!("MEASURED BY the customer with {}, {}", measurement.tool, measurement.date);
        Ok(())
    }

    /// The measurement that stands for a quantity, where the customer has one.
    pub fn measured(&self, id: &str) -> Option<&MeasurementFile> {
        self.customer.as_ref()?.measurements.iter().find(|measurement| measurement.quantity == id)
    }

    /// What a placeholder stands for: a quantity's words; `#4`, an ordinal; `id?`, how it came to be known; `customer`.
    fn filled(&self, name: &str) -> Option<(String, Option<String>)> {
        if let Some(ordinal) = name.strip_prefix('#') {
            return ordinal.chars().all(|c| c.is_ascii_digit()).then(|| (ordinal.to_owned(), None));
        }
        if name == "customer" {
            return Some((self.customer.as_ref().map_or("Customer", |customer| &customer.name).to_owned(), None));
        }
        if let Some(id) = name.strip_suffix('?') {
            let quantity = self.quantities.get(id)?;
            return Some((self.standing(id, quantity), Some(id.to_owned())));
        }
        let quantity = self.quantities.get(name)?;
        Some((quantity.words(), Some(name.to_owned())))
    }

    /// Whose word a number is, for a caption: `design target, measure with warp`, or `MEASURED BY Acme, warp, 2026-11-20`.
    fn standing(&self, id: &str, quantity: &QuantityFile) -> String {
        let customer = self.customer.as_ref().map_or("the customer", |customer| &customer.name);
        match (self.measured(id).filter(|_| matches!(quantity.kind, KindFile::Measured)), &quantity.kind) {
            (Some(measurement), _) => format!("MEASURED BY {customer}, {}, {}", measurement.tool, measurement.date),
            (None, KindFile::Assumption) => "design target, measure with warp".to_owned(),
            (None, _) => quantity.kind_words(),
        }
    }

    /// Fills each `{id}` in. Err: the id that is unknown.
    pub fn words(&self, written: &str) -> Result<Words, String> {
        let (mut text, mut literal, mut quantities) = (String::new(), String::new(), Vec::new());
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('{') {
            let (id, tail) = after.split_once('}').ok_or_else(|| after.to_owned())?;
            let (words, quantity) = self.filled(id).ok_or_else(|| id.to_owned())?;
            text.push_str(before);
            text.push_str(&words);
            literal.push_str(before);
            literal.push(' ');
            quantities.extend(quantity);
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

    /// The value in a scale's unit: 988 GB are 9.88e11 B. None where the units do not meet.
    pub fn base_value(&self, unit: &str) -> Option<f64> {
        if self.unit == unit {
            return Some(self.value);
        }
        let prefix = self.unit.strip_suffix(unit)?;
        let steps = [("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18)];
        steps.iter().find(|(name, _)| *name == prefix).map(|(_, step)| self.value * step)
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
            KindFile::Derived { formula, .. } => format!("derived: {formula}"),
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
