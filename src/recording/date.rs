//! A day and a time of day, as a recording's first line says when it began.

use jiff::Timestamp;

/// `"2026-11-28T14:02:11Z"`, of seconds since 1970.
pub(crate) fn date_and_time(unix_secs: u64) -> String {
    // A clock beyond the year 9999 is a wrong one, and so is the day it says.
    let secs = i64::try_from(unix_secs).ok().and_then(|secs| Timestamp::from_second(secs).ok());
    secs.unwrap_or(Timestamp::MAX).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Whether it is written as [`date_and_time`] writes it.
pub(super) fn is_date_and_time(text: &str) -> bool {
    let form = b"0000-00-00T00:00:00Z";
    text.len() == form.len()
        && text.bytes().zip(form).all(|(byte, form)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_leap_days() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_397_279, "2026-11-23T01:27:59Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ];
        for (unix_secs, expected) in cases {
            assert_eq!(date_and_time(unix_secs), expected);
            assert!(is_date_and_time(expected));
        }
        assert!(!is_date_and_time("2026-11-23 01:27:59Z") && !is_date_and_time("ü26-11-23T01:27:59Z"));
    }
}
