//! Numbers as they are printed: how many digits they show, and how far off these may be.

/// A thin space, between a value and its unit.
pub(crate) const THIN_SPACE: char = '\u{2009}';
/// A space at which no line is broken.
const WORD_SPACE: char = '\u{A0}';

/// What stands between a value and its unit: a thin space before a sign such as "GB/s"; before a word such as "drives" a
/// whole one, without which the two read as one word.
pub(crate) fn gap_before(unit: &str) -> char {
    let first = unit.split(' ').next().unwrap_or_default();
    let is_lower = first.len() >= 3 && first.chars().all(|letter| letter.is_ascii_lowercase());
    if is_lower || first == "GPUs" { WORD_SPACE } else { THIN_SPACE }
}

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

/// What one of a printed number's last digit stands for. Before "about", zeros at the end are no digits: about 1,700 has two.
fn last_place(value: f64, is_about: bool) -> f64 {
    let text = format!("{}", value.abs());
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let zeros =
        if is_about && decimals.is_empty() && value != 0.0 { whole.trim_end_matches('0').len() } else { whole.len() };
    10_f64.powf((whole.len() - zeros) as f64 - decimals.len() as f64)
}

/// Whether a result prints as a value does.
pub(super) fn agrees(result: f64, value: f64, is_about: bool) -> bool {
    (result - value).abs() <= 0.5 * last_place(value, is_about) * (1.0 + 1e-6)
}

/// A result with as many digits as a value shows, and not fewer than two.
pub(super) fn rounded_like(result: f64, value: f64, is_about: bool) -> f64 {
    let shown = (value.abs() / last_place(value, is_about)).max(1.0).log10().floor() as i32 + 1;
    rounded_to(result, shown.max(2))
}

/// A value with so many significant digits.
pub(super) fn rounded_to(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let places = digits - 1 - value.abs().log10().floor() as i32;
    let by = 10_f64.powi(places.abs());
    if places >= 0 { (value * by).round() / by } else { (value / by).round() * by }
}
