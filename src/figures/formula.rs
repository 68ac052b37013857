//! Formulas: expressions over figures, numbers and units, as the file of sources writes them.
//!
//! `{checkpoint-70b} / {put-eight-nodes}`, `6 FLOP/parameter/token × {llama-tokens}`, `ceil({a} / {b}) nodes`. A unit may
//! follow anything that has a value, and then multiplies it; within a unit nothing is spaced, a hyphen multiplies, and binds
//! before a slash: `dollars/GPU-hour`.

use std::fmt;
use std::sync::Arc;

use super::unit::{Amount, unit_named};

/// An expression. It is read anew whenever it is worked out, which is when something it names has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula(Arc<str>);

/// What is wrong with a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormulaError {
    /// It cannot be read: why.
    Syntax(String),
    UnknownFigure(String),
    /// The figure that is worked out from itself.
    Circular(String),
    /// Its units are unknown, or do not go together: why.
    Units(String),
}

type Worked = Result<Amount, FormulaError>;

/// What the names in a formula stand for.
#[derive(Clone, Copy)]
pub(super) struct FormulaNames<'a> {
    pub(super) figure: &'a dyn Fn(&str) -> Worked,
    /// Things that are counted.
    pub(super) counts: &'a [Arc<str>],
}

impl Formula {
    pub fn new(written: &str) -> Self {
        Self(written.into())
    }

    /// The text as it stands in the file.
    pub(crate) fn written(&self) -> &str {
        &self.0
    }

    /// As written, with words in place of each figure.
    pub(crate) fn spell_out(&self, figure: impl Fn(&str) -> String) -> String {
        let mut parts = self.0.split('{');
        let mut words = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (id, tail) = part.split_once('}').unwrap_or((part, ""));
            words += &(figure(id) + tail);
        }
        words
    }

    /// Ids of the figures that go into it, some more than once.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &str> {
        self.0.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0))
    }

    pub(super) fn work_out(&self, names: FormulaNames<'_>) -> Worked {
        let mut reader = FormulaReader { rest: &self.0, names };
        let amount = reader.sum()?;
        if reader.rest.trim_start().is_empty() { Ok(amount) } else { Err(reader.unexpected()) }
    }
}

/// Reads an expression and works it out as it goes.
struct FormulaReader<'a> {
    rest: &'a str,
    names: FormulaNames<'a>,
}

impl FormulaReader<'_> {
    fn sum(&mut self) -> Worked {
        let mut left = self.product()?;
        while let Some(sign) = self.take_sign(&['+', '−', '-']) {
            let right = self.product()?;
            check_alike(&left, &right)?;
            left.value += if sign == '+' { right.value } else { -right.value };
        }
        Ok(left)
    }

    fn product(&mut self) -> Worked {
        let mut left = self.power()?;
        while let Some(sign) = self.take_sign(&['×', '/']) {
            left = left.times_power(&self.power()?, if sign == '×' { 1 } else { -1 });
        }
        Ok(left)
    }

    fn power(&mut self) -> Worked {
        let base = self.measured()?;
        match self.take_sign(&['^', '²']) {
            Some('^') => {
                let exponent = self.power()?;
                check_pure(&exponent, "an exponent")?;
                raised(base, exponent.value)
            }
            Some(_) => raised(base, 2.0),
            None => Ok(base),
        }
    }

    /// Something with the units after it.
    fn measured(&mut self) -> Worked {
        let mut amount = self.primary()?;
        while let Some(unit) = self.take_unit() {
            amount = amount.times_power(&unit?, 1);
        }
        Ok(amount)
    }

    fn primary(&mut self) -> Worked {
        match self.take_sign(&['(', '{']) {
            Some('(') => {
                let inner = self.sum()?;
                return self.close(inner);
            }
            Some(_) => {
                let (id, tail) = self.rest.split_once('}').ok_or_else(|| self.unexpected())?;
                self.rest = tail;
                return (self.names.figure)(id);
            }
            None => self.rest = self.rest.trim_start(),
        }
        if self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        for name in ["sqrt", "ceil", "log2", "min", "max"] {
            if let Some(rest) = self.rest.strip_prefix(name).filter(|rest| rest.starts_with('(')) {
                self.rest = rest;
                return self.call(name);
            }
        }
        self.take_unit().unwrap_or_else(|| Err(self.unexpected()))
    }

    /// A function of what stands in parentheses: of several values the least or the most, else of one.
    fn call(&mut self, name: &str) -> Worked {
        let mut values = Vec::new();
        while self.take_sign(&['(', ',']).is_some() {
            values.push(self.sum()?);
        }
        let mut values = values.into_iter();
        let first = values.next().ok_or_else(|| self.unexpected())?;
        let result = match name {
            "sqrt" => raised(first, 0.5)?,
            // A quotient that should be whole may be a hair above it.
            "ceil" => Amount { value: (first.value - 1e-9).ceil(), ..first },
            "log2" => {
                check_pure(&first, "what a logarithm is taken of")?;
                Amount::pure_number(first.value.log2())
            }
            _ => values.by_ref().try_fold(first, |best, next| {
                check_alike(&best, &next)?;
                Ok(if (next.value < best.value) == (name == "min") { next } else { best })
            })?,
        };
        if values.next().is_some() {
            return Err(FormulaError::Syntax(format!("{name} is of one value")));
        }
        self.close(result)
    }

    /// Digits with a comma before each three, decimals, a power of ten.
    fn number(&mut self) -> Worked {
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut end = digits(0);
        while bytes.get(end) == Some(&b',') && digits(end + 1) == 3 {
            end += 4;
        }
        for sign in [b'.', b'e'] {
            if bytes.get(end) == Some(&sign) && digits(end + 1) > 0 {
                end += 1 + digits(end + 1);
            }
        }
        let (written, rest) = self.rest.split_at(end);
        self.rest = rest;
        written.replace(',', "").parse().map(Amount::pure_number).map_err(|_error| self.unexpected())
    }

    /// Takes the unit that begins here, past spaces: `GB/s`, `dollars/GPU-hour`.
    fn take_unit(&mut self) -> Option<Worked> {
        let rest = self.rest.trim_start();
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() || c == '%');
        let mut end = 0;
        while let Some(next) = rest[end..].chars().next() {
            let after = rest[end + next.len_utf8()..].chars().next();
            let joins = end > 0 && matches!(next, '/' | '-') && is_letter(after);
            if !is_letter(Some(next)) && !joins {
                break;
            }
            end += next.len_utf8();
        }
        if end == 0 {
            return None;
        }
        let (written, rest) = rest.split_at(end);
        self.rest = rest;
        let mut amount = Amount::pure_number(1.0);
        for (at, part) in written.split('/').enumerate() {
            for name in part.split('-') {
                match unit_named(name, self.names.counts) {
                    Some(unit) => amount = amount.times_power(&unit, if at == 0 { 1 } else { -1 }),
                    None => return Some(Err(FormulaError::Units(format!("\"{name}\" is no unit that is known")))),
                }
            }
        }
        Some(Ok(amount))
    }

    /// Takes the next sign, past spaces, where it is one of these.
    fn take_sign(&mut self, signs: &[char]) -> Option<char> {
        let rest = self.rest.trim_start();
        let sign = rest.chars().next().filter(|next| signs.contains(next))?;
        self.rest = &rest[sign.len_utf8()..];
        Some(sign)
    }

    fn close(&mut self, inner: Amount) -> Worked {
        self.take_sign(&[')']).map(|_| inner).ok_or_else(|| self.unexpected())
    }

    fn unexpected(&self) -> FormulaError {
        FormulaError::Syntax(match self.rest.trim_start() {
            "" => "it ends too early".to_owned(),
            rest => format!("\"{rest}\" is not expected"),
        })
    }
}

fn check_alike(left: &Amount, right: &Amount) -> Result<(), FormulaError> {
    let words = || format!("{} and {} are put together", left.dimension, right.dimension);
    if left.dimension == right.dimension { Ok(()) } else { Err(FormulaError::Units(words())) }
}

fn check_pure(amount: &Amount, what: &str) -> Result<(), FormulaError> {
    let words = || format!("{what} is in {}, and must be a pure number", amount.dimension);
    if amount.is_pure() { Ok(()) } else { Err(FormulaError::Units(words())) }
}

fn raised(base: Amount, exponent: f64) -> Worked {
    let words = format!("{} has no power of {exponent}", base.dimension);
    base.raised(exponent).ok_or(FormulaError::Units(words))
}

impl fmt::Display for FormulaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(why) | Self::Units(why) => f.write_str(why),
            Self::UnknownFigure(id) => write!(f, "no quantity \"{id}\""),
            Self::Circular(id) => write!(f, "\"{id}\" is worked out from itself"),
        }
    }
}
