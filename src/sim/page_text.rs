//! Writes a page of the Prometheus text format as MinIO's encoder does: numbers, labels, HELP and TYPE.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// Name → its HELP and TYPE lines.
static FAMILIES: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    let lines = include_str!("../../assets/sim/families.txt").lines();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).filter_map(heading).collect()
});

/// A line of the asset is the name, the type and the help.
fn heading(line: &'static str) -> Option<(&'static str, String)> {
    let (name, rest) = line.split_once(' ')?;
    let (kind, help) = rest.split_once(' ')?;
    Some((name, format!("# HELP {name} {help}\n# TYPE {name} {kind}\n")))
}

/// What each family is: name, type and help, for a page that lists what there is.
pub(crate) fn families() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let lines = include_str!("../../assets/sim/families.txt").lines();
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (name, rest) = line.split_once(' ')?;
        let (kind, help) = rest.split_once(' ')?;
        Some((name, kind, help))
    })
}

/// A page being written. Families must come in the order of their names, samples in the order of their label values.
pub(crate) struct PageText<'a> {
    out: &'a mut String,
    family: &'static str,
    is_headed: bool,
    prints_zeros: bool,
}

impl<'a> PageText<'a> {
    /// A page of v3, where zero is not printed.
    pub(crate) fn sparse(out: &'a mut String) -> Self {
        Self { out, family: "", is_headed: true, prints_zeros: false }
    }

    /// A page of v2 or of an exporter, where zero is printed.
    pub(crate) fn full(out: &'a mut String) -> Self {
        Self { out, family: "", is_headed: true, prints_zeros: true }
    }

    /// Begins a family. Its heading appears with its first sample.
    pub(crate) fn begin_family(&mut self, name: &'static str) {
        self.family = name;
        self.is_headed = false;
    }

    /// One sample of the family, labels in the order of their names.
    pub(crate) fn push_sample(&mut self, labels: &[(&str, &str)], value: f64) {
        if !self.prints_zeros && value <= 0.0 {
            return;
        }
        self.push_heading();
        self.out.push_str(self.family);
        push_labels(self.out, labels);
        self.out.push(' ');
        push_number(self.out, value);
        self.out.push('\n');
    }

    /// A family of one sample.
    pub(crate) fn push_single(&mut self, name: &'static str, labels: &[(&str, &str)], value: f64) {
        self.begin_family(name);
        self.push_sample(labels, value);
    }

    fn push_heading(&mut self) {
        if self.is_headed {
            return;
        }
        self.is_headed = true;
        let heading = FAMILIES.get(self.family);
        debug_assert!(heading.is_some(), "{} is not in assets/sim/families.txt", self.family);
        self.out.push_str(heading.map_or("", String::as_str));
    }
}

fn push_labels(out: &mut String, labels: &[(&str, &str)]) {
    let mut before = '{';
    for (name, value) in labels {
        out.push(before);
        out.push_str(name);
        out.push_str("=\"");
        out.push_str(value);
        out.push('"');
        before = ',';
    }
    if !labels.is_empty() {
        out.push('}');
    }
}

/// The largest whole number below which every whole number is a float of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number as Go's `'g'` format prints it: shortest digits that read back, with an exponent from a million on.
pub(crate) fn push_number(out: &mut String, value: f64) {
    if (0.0..EXACT).contains(&value) && value.fract() == 0.0 {
        push_whole(out, value as u64);
    } else {
        push_fraction(out, value);
    }
}

fn push_whole(out: &mut String, value: u64) {
    let mut digits = [0_u8; 20];
    let mut first = digits.len();
    let mut rest = value;
    loop {
        first -= 1;
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    let digits = &digits[first..];
    if digits.len() <= 6 {
        out.extend(digits.iter().map(|&digit| char::from(digit)));
    } else {
        push_exponent_form(out, digits);
    }
}

fn push_exponent_form(out: &mut String, digits: &[u8]) {
    let exponent = digits.len() - 1;
    let kept = digits.iter().rposition(|&digit| digit != b'0').map_or(1, |last| last + 1);
    out.push(char::from(digits[0]));
    if kept > 1 {
        out.push('.');
        out.extend(digits[1..kept].iter().map(|&digit| char::from(digit)));
    }
    out.push_str("e+");
    out.push(char::from(b'0' + (exponent / 10) as u8));
    out.push(char::from(b'0' + (exponent % 10) as u8));
}

fn push_fraction(out: &mut String, value: f64) {
    let magnitude = value.abs();
    let is_plain = magnitude == 0.0 || (1e-4..1e6).contains(&magnitude);
    if is_plain || !value.is_finite() {
        // A String never refuses.
        let _written: std::fmt::Result = match value {
            _ if value.is_nan() => write!(out, "NaN"),
            _ if value.is_infinite() => {
                write!(out, "{}", if value > 0.0 { "+Inf" } else { "-Inf" })
            }
            _ => write!(out, "{value}"),
        };
        return;
    }
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, power) = exponent.strip_prefix('-').map_or(('+', exponent), |power| ('-', power));
    out.push_str(mantissa);
    out.push('e');
    out.push(sign);
    if power.len() < 2 {
        out.push('0');
    }
    out.push_str(power);
}

/// A condition as a gauge.
pub(crate) fn flag(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

/// Seconds as the process file systems count them, in hundredths.
pub(crate) fn hundredths(secs: f64) -> f64 {
    (secs * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64) -> String {
        let mut out = String::new();
        push_number(&mut out, value);
        out
    }

    #[test]
    fn numbers_look_like_gos() {
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (999_999.0, "999999"),
            (1e6, "1e+06"),
            (1_234_567.0, "1.234567e+06"),
            (1.73946175488e11, "1.73946175488e+11"),
            (9.88734781e8, "9.88734781e+08"),
            (501.914360124, "501.914360124"),
            (1.79539727867e9, "1.79539727867e+09"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (52.91, "52.91"),
            (1.8446744073709552e19, "1.8446744073709552e+19"),
            (f64::INFINITY, "+Inf"),
            (f64::NAN, "NaN"),
            (-1.5, "-1.5"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_sparse_page_has_neither_zero_nor_its_heading() {
        let mut out = String::new();
        let mut page = PageText::sparse(&mut out);
        page.push_single("minio_cluster_health_nodes_offline_count", &[], 0.0);
        page.push_single("minio_cluster_health_nodes_online_count", &[], 4.0);
        assert_eq!(
            out,
            "# HELP minio_cluster_health_nodes_online_count Count of online nodes in the cluster\n\
             # TYPE minio_cluster_health_nodes_online_count gauge\n\
             minio_cluster_health_nodes_online_count 4\n"
        );
    }
}
