//! Numbers as people read them on a projector: at most three significant digits, decimal units.

use crate::figures::{THIN_SPACE, grouped_digits};

/// A value and its unit, apart: they are drawn at two sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numerals {
    pub digits: String,
    pub unit: String,
}

impl Numerals {
    /// Value and unit as one text: "34.1 GB/s".
    pub fn words(&self) -> String {
        format!("{}{THIN_SPACE}{}", self.digits, self.unit)
    }

    /// As one text, for the round values at the ends of scales and axes: "100 GB/s".
    pub(crate) fn round_words(&self) -> String {
        format!("{}{THIN_SPACE}{}", self.digits.trim_end_matches(".0"), self.unit)
    }
}

const STEPS: [(f64, &str); 7] = [(1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, "")];

/// What moves more than this is written large; less is noise beside it.
pub(crate) const LARGE_BYTES_PER_SEC: f64 = 0.9995e6;

/// Bytes or bytes per second with a decimal prefix; `unit` is "B" or "B/s".
pub fn bytes(value: f64, unit: &str) -> Numerals {
    let whole = value.max(0.0);
    // 999.6 MB/s would print as 1000 MB/s: it is 1.0 GB/s.
    let step = STEPS.iter().find(|(size, _)| whole >= size * 0.9995).unwrap_or(&STEPS[6]);
    Numerals { digits: three_digits(whole / step.0, step.0 > 1.0), unit: format!("{}{unit}", step.1) }
}

/// A count or a rate of requests.
pub fn count(value: f64, unit: &str) -> Numerals {
    let (value, prefix) = if value >= 9999.5 { (value / 1e3, "k") } else { (value, "") };
    // Above a thousand the last digit is noise.
    let value = if prefix.is_empty() && value >= 999.5 { (value / 10.0).round() * 10.0 } else { value };
    let digits = if prefix.is_empty() { grouped_digits(value.round()) } else { three_digits(value, true) };
    Numerals { digits, unit: format!("{prefix}{unit}") }
}

/// A count that has parts: "2.3 cores".
pub(crate) fn decimal(value: f64, unit: &str) -> Numerals {
    Numerals { digits: three_digits(value, true), unit: unit.to_owned() }
}

/// A time to wait, or an age: milliseconds under a second, hours and days where seconds are noise.
pub(crate) fn secs(value: f64) -> Numerals {
    const HOUR: f64 = 3600.0;
    match value {
        value if value > 0.0 && value < 0.9995 => {
            Numerals { digits: three_digits(value * 1e3, value < 0.009_95), unit: "ms".to_owned() }
        }
        value if value < 2.0 * HOUR => count(value, "s"),
        value if value < 48.0 * HOUR => count(value / HOUR, "h"),
        value => count(value / (24.0 * HOUR), "d"),
    }
}

/// Requests that run: "4 running".
pub(crate) fn running(requests: f64) -> Numerals {
    Numerals { unit: "running".to_owned(), ..count(requests, "") }
}

/// A share as a percentage.
pub(crate) fn percent(share: f64) -> Numerals {
    Numerals { digits: format!("{:.0}", (share * 100.0).clamp(0.0, 999.0)), unit: "%".to_owned() }
}

/// Below a hundred one decimal, so that the decimal sign keeps its place while the value moves.
fn three_digits(value: f64, has_decimals: bool) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else if has_decimals && value < 99.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_significant_digits_at_most() {
        let cases = [
            (0.0, "0", "B/s"),
            (130.0, "130", "B/s"),
            (4.2e9, "4.2", "GB/s"),
            (34.14e9, "34.1", "GB/s"),
            (999.7e6, "1.0", "GB/s"),
            (3.41e11, "341", "GB/s"),
            (1.04e8, "104", "MB/s"),
        ];
        for (value, digits, unit) in cases {
            assert_eq!(bytes(value, "B/s"), Numerals { digits: digits.into(), unit: unit.into() });
        }
        assert_eq!(count(12_345.0, "req/s").digits, "12.3");
        assert_eq!(percent(0.617).digits, "62");
        let cases = [
            (0.0, "0 s"),
            (0.000_31, "0.3 ms"),
            (0.0042, "4.2 ms"),
            (0.0424, "42 ms"),
            (0.9996, "1 s"),
            (48.4, "48 s"),
            (9000.0, "3 h"),
            (777_600.0, "9 d"),
        ];
        for (value, words) in cases {
            assert_eq!(secs(value).words().replace(THIN_SPACE, " "), words);
        }
    }
}
