//! Numbers as they are printed: how many digits they show, and how far off these may be.

/// A thin space, between a value and its unit.
pub const THIN_SPACE: char = '\u{2009}';

/// A number as a person writes it: thousands by a comma, no trailing zeros.
pub fn grouped_digits(value: f64) -> String {
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

/// A value, or a range from one to another: "988", "5–15".
pub(super) fn range_digits(value: f64, to: Option<f64>) -> String {
    let from = grouped_digits(value);
    to.map_or(from.clone(), |to| format!("{from}–{}", grouped_digits(to)))
}

/// What one of a printed number's last digit stands for. Before "about", zeros at the end are no digits: about 1,700 has two.
pub(super) fn last_place(value: f64, is_about: bool) -> f64 {
    let text = format!("{}", value.abs());
    match text.split_once('.') {
        Some((_, decimals)) => 10_f64.powi(-(decimals.len() as i32)),
        None if is_about && value != 0.0 => 10_f64.powi((text.len() - text.trim_end_matches('0').len()) as i32),
        None => 1.0,
    }
}

/// Whether a result prints as a value does.
pub(super) fn agrees(result: f64, value: f64, is_about: bool) -> bool {
    (result - value).abs() <= 0.5 * last_place(value, is_about) * (1.0 + 1e-6)
}

/// A result with as many digits as a value shows, and not fewer than two.
pub(super) fn rounded_like(result: f64, value: f64, is_about: bool) -> f64 {
    let shown = (value.abs() / last_place(value, is_about)).max(1.0).log10().floor() as i32 + 1;
    round_to(result, shown.max(2))
}

/// A value with so many significant digits.
pub(super) fn round_to(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let places = digits - 1 - value.abs().log10().floor() as i32;
    let by = 10_f64.powi(places.abs());
    if places >= 0 { (value * by).round() / by } else { (value / by).round() * by }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        let cases = [(988.0, "988"), (16384.0, "16,384"), (0.86, "0.86"), (-3.5, "−3.5"), (1000.0, "1,000")];
        for (value, words) in cases {
            assert_eq!(grouped_digits(value), words);
        }
    }

    #[test]
    fn a_result_agrees_within_the_printed_digits() {
        let cases = [
            (28.72, 29.0, false, true),
            (28.4, 29.0, false, false),
            (70.55, 70.6, false, true),
            (1703.9, 1700.0, true, true),
            (1703.9, 1700.0, false, false),
            (0.8086, 0.808, false, false),
        ];
        for (result, value, is_about, agree) in cases {
            assert_eq!(agrees(result, value, is_about), agree, "{result} as {value}");
        }
    }

    #[test]
    fn a_new_result_has_the_digits_of_the_old() {
        let cases = [(57.438, 29.0, 57.0), (1234.5, 988.0, 1230.0), (1.127, 0.4, 1.1), (0.123_45, 2.79, 0.123)];
        for (result, value, rounded) in cases {
            assert_eq!(rounded_like(result, value, false), rounded);
        }
    }
}
