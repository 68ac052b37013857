//! Units: what a number counts or measures, and how large one of it is.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Powers of what is measured or counted: byte over second is B¹ s⁻¹. Empty for a pure number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dimension(BTreeMap<Arc<str>, i32>);

/// A number in base units (byte, second, FLOP, one of a count) with its dimension.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Amount {
    pub(super) value: f64,
    pub(super) dimension: Dimension,
}

/// Size in base units and base unit, by singular name. A year has 365 days, as the formulas of retention reckon.
const UNITS: [(&str, f64, &str); 18] = [
    ("B", 1.0, "B"),
    ("b", 0.125, "B"),
    ("bit", 0.125, "B"),
    ("FLOP", 1.0, "FLOP"),
    ("s", 1.0, "s"),
    ("min", 60.0, "s"),
    ("minute", 60.0, "s"),
    ("h", 3600.0, "s"),
    ("hour", 3600.0, "s"),
    ("d", 86_400.0, "s"),
    ("day", 86_400.0, "s"),
    ("year", 365.0 * 86_400.0, "s"),
    ("%", 0.01, ""),
    ("times", 1.0, ""),
    ("thousand", 1e3, ""),
    ("million", 1e6, ""),
    ("billion", 1e9, ""),
    ("trillion", 1e12, ""),
];

const PREFIXES: [(&str, f64); 13] = [
    ("µ", 1e-6),
    ("m", 1e-3),
    ("k", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
];

/// Units that take a prefix.
const PREFIXED: [&str; 4] = ["B", "b", "FLOP", "s"];

impl Amount {
    pub(super) fn pure_number(value: f64) -> Self {
        Self { value, dimension: Dimension::default() }
    }

    pub(super) fn is_pure(&self) -> bool {
        self.dimension.0.is_empty()
    }

    /// This times `other` to the power of `sign`: 1 multiplies, −1 divides.
    pub(super) fn times_power(mut self, other: &Self, sign: i32) -> Self {
        self.value *= other.value.powi(sign);
        for (base, power) in &other.dimension.0 {
            let sum = self.dimension.0.entry(base.clone()).or_default();
            *sum += power * sign;
        }
        self.dimension.0.retain(|_, power| *power != 0);
        self
    }

    /// To a power. None where its dimension has no such power: bytes to the half.
    pub(super) fn to_power(mut self, exponent: f64) -> Option<Self> {
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
        let count = counts.iter().find(|count| ***count == *name).map(|count| one_of(1.0, count));
        let known = UNITS.iter().find(|(known, ..)| *known == name).map(|(_, size, base)| one_of(*size, base));
        count.or(known).or_else(|| prefixed(name))
    })
}

fn prefixed(name: &str) -> Option<Amount> {
    PREFIXES.iter().find_map(|(prefix, by)| {
        let rest = name.strip_prefix(prefix).filter(|rest| PREFIXED.contains(rest))?;
        UNITS.iter().find(|(known, ..)| *known == rest).map(|(_, size, base)| one_of(size * by, base))
    })
}

fn one_of(value: f64, base: &str) -> Amount {
    let bases = (!base.is_empty()).then(|| (Arc::from(base), 1));
    Amount { value, dimension: Dimension(bases.into_iter().collect()) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_have_sizes_and_dimensions() {
        let counts = ["GPU".into()];
        let cases = [
            ("GB", Some((1e9, "B"))),
            ("Gb", Some((1.25e8, "B"))),
            ("bits", Some((0.125, "B"))),
            ("GiB", Some((1_073_741_824.0, "B"))),
            ("µs", Some((1e-6, "s"))),
            ("min", Some((60.0, "s"))),
            ("hours", Some((3600.0, "s"))),
            ("GPUs", Some((1.0, "GPU"))),
            ("%", Some((0.01, "1"))),
            ("TFLOP", Some((1e12, "FLOP"))),
            ("GbE", None),
            ("s", Some((1.0, "s"))),
        ];
        for (name, known) in cases {
            let found = unit_named(name, &counts).map(|unit| (unit.value, unit.dimension.to_string()));
            assert_eq!(found, known.map(|(value, words)| (value, words.to_owned())), "{name}");
        }
    }
}
