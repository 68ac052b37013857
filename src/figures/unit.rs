//! Units: what a number counts or measures, and how large one of it is.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Powers of what is measured or counted: bytes over seconds are B¹ s⁻¹. Empty for a pure number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dimension(BTreeMap<Arc<str>, i32>);

/// A number in base units (byte, second, FLOP, one of a count) with its dimension.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Amount {
    pub(super) value: f64,
    pub(super) dimension: Dimension,
}

impl Amount {
    pub(super) fn pure_number(value: f64) -> Self {
        Self { value, dimension: Dimension::default() }
    }

    fn of_base(value: f64, base: &str) -> Self {
        Self { value, dimension: Dimension([(Arc::from(base), 1)].into()) }
    }

    pub(super) fn is_pure(&self) -> bool {
        self.dimension.0.is_empty()
    }

    /// This times `other` to the power of `sign`: 1 multiplies, −1 divides.
    pub(super) fn times_power(mut self, other: &Self, sign: i32) -> Self {
        self.value *= other.value.powi(sign);
        for (base, power) in &other.dimension.0 {
            *self.dimension.0.entry(base.clone()).or_default() += power * sign;
        }
        self.dimension.0.retain(|_, power| *power != 0);
        self
    }

    /// To a power. None where its dimension has no such power: bytes to the half.
    pub(super) fn raised(mut self, exponent: f64) -> Option<Self> {
        self.value = self.value.powf(exponent);
        for power in self.dimension.0.values_mut() {
            let scaled = f64::from(*power) * exponent;
            *power = (scaled.fract() == 0.0).then_some(scaled as i32)?;
        }
        self.dimension.0.retain(|_, power| *power != 0);
        Some(self)
    }
}

/// A unit by its name, singular or plural; `counts` are the things that the file of sources says are counted.
pub(super) fn unit_named(name: &str, counts: &[Arc<str>]) -> Option<Amount> {
    let singular = name.strip_suffix('s').filter(|singular| singular.chars().count() > 1);
    [Some(name), singular].into_iter().flatten().find_map(|name| {
        let count = counts.iter().find(|count| ***count == *name).map(|count| Amount::of_base(1.0, count));
        count.or_else(|| base_unit(name)).or_else(|| prefixed(name))
    })
}

/// A year has 365 days, as the formulas of retention reckon.
fn base_unit(name: &str) -> Option<Amount> {
    let (value, base) = match name {
        "B" => (1.0, "B"),
        "b" | "bit" => (0.125, "B"),
        "FLOP" => (1.0, "FLOP"),
        "µs" => (1e-6, "s"),
        "ms" => (1e-3, "s"),
        "s" => (1.0, "s"),
        "min" | "minute" => (60.0, "s"),
        "h" | "hour" => (3600.0, "s"),
        "d" | "day" => (86_400.0, "s"),
        "year" => (365.0 * 86_400.0, "s"),
        "%" => return Some(Amount::pure_number(0.01)),
        "times" => return Some(Amount::pure_number(1.0)),
        "thousand" => return Some(Amount::pure_number(1e3)),
        "million" => return Some(Amount::pure_number(1e6)),
        "billion" => return Some(Amount::pure_number(1e9)),
        "trillion" => return Some(Amount::pure_number(1e12)),
        _ => return None,
    };
    Some(Amount::of_base(value, base))
}

/// `GB` by thousands, `GiB` by 1,024.
fn prefixed(name: &str) -> Option<Amount> {
    let steps = [('k', 1), ('K', 1), ('M', 2), ('G', 3), ('T', 4), ('P', 5), ('E', 6)];
    let (_, steps) = steps.into_iter().find(|(letter, _)| name.starts_with(*letter))?;
    let rest = &name[1..];
    let (step, rest) =
        rest.strip_prefix('i').filter(|rest| *rest == "B").map_or((1e3_f64, rest), |rest| (1024.0, rest));
    let unit = base_unit(rest).filter(|_| matches!(rest, "B" | "b" | "FLOP"))?;
    Some(Amount { value: unit.value * step.powi(steps), ..unit })
}

impl fmt::Display for Dimension {
    /// `B/s`, `GPU·s`, `1/node`; a pure number is `1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |(base, power): (&Arc<str>, &i32)| match power.abs() {
            1 => base.to_string(),
            high => format!("{base}^{high}"),
        };
        let over: Vec<String> = self.0.iter().filter(|(_, power)| **power > 0).map(part).collect();
        let under = self.0.iter().filter(|(_, power)| **power < 0).map(|pair| format!("/{}", part(pair)));
        let over = if over.is_empty() { "1".to_owned() } else { over.join("·") };
        write!(f, "{over}{}", under.collect::<String>())
    }
}
