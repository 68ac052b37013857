//! Time to first byte: a histogram of the last minute's requests, and what follows from it.
//!
//! The servers count, by bound, the requests that were answered within it. What the counts grew by in the last minute is
//! the histogram of the last minute; before that a node that was slow once would look slow for days.

use std::collections::VecDeque;

/// Requests older than this count no more. Long enough for a few requests a second to give a hundred of them.
const WINDOW_SECS: f64 = 60.0;

/// What a page's histogram grew by, scrape by scrape.
#[derive(Clone, Debug, Default)]
pub(crate) struct FirstBytes {
    grown: VecDeque<ScrapeGrowth>,
}

/// What one scrape brought, of one bucket where the page tells of buckets.
#[derive(Clone, Debug)]
struct ScrapeGrowth {
    at_secs: f64,
    bucket: Option<String>,
    histogram: Histogram,
}

impl FirstBytes {
    /// So many more requests were answered within that many seconds.
    pub(crate) fn add_grown(&mut self, at_secs: f64, bucket: Option<&str>, bound: &str, requests: f64) {
        let Ok(bound_secs) = bound.parse::<f64>() else { return };
        while self.grown.front().is_some_and(|oldest| at_secs - oldest.at_secs > WINDOW_SECS) {
            self.grown.pop_front();
        }
        // Of this scrape are the last ones only.
        let same = self.grown.iter_mut().rev().take_while(|grown| grown.at_secs == at_secs);
        if let Some(grown) = same.into_iter().find(|grown| grown.bucket.as_deref() == bucket) {
            return grown.histogram.add(bound_secs, requests);
        }
        let mut histogram = Histogram::default();
        histogram.add(bound_secs, requests);
        self.grown.push_back(ScrapeGrowth { at_secs, bucket: bucket.map(str::to_owned), histogram });
    }

    /// The histogram of the last minute before that time, of the buckets that are wanted.
    pub(crate) fn last_minute(&self, now_secs: f64, wanted: impl Fn(Option<&str>) -> bool) -> Histogram {
        let mut sum = Histogram::default();
        let recent = self.grown.iter().filter(|grown| now_secs - grown.at_secs <= WINDOW_SECS);
        for grown in recent.filter(|grown| wanted(grown.bucket.as_deref())) {
            sum.add_all(&grown.histogram);
        }
        sum
    }
}

/// Requests by the bound they were answered within, each in every bound that holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Histogram {
    /// Bound in seconds and requests within it, by bound.
    within: Vec<(f64, f64)>,
}

impl Histogram {
    fn add(&mut self, bound_secs: f64, requests: f64) {
        let place = self.within.partition_point(|(bound, _)| *bound < bound_secs);
        match self.within.get_mut(place).filter(|(bound, _)| *bound == bound_secs) {
            Some((_, sum)) => *sum += requests,
            None => self.within.insert(place, (bound_secs, requests)),
        }
    }

    /// There is such a bound, whether a request was counted within it or not.
    pub(crate) fn know_bound(&mut self, bound: &str) {
        if let Ok(bound_secs) = bound.parse() {
            self.add(bound_secs, 0.0);
        }
    }

    pub(crate) fn add_all(&mut self, other: &Self) {
        for (bound_secs, requests) in &other.within {
            self.add(*bound_secs, *requests);
        }
    }

    /// By bound, in seconds, requests within it.
    pub(crate) fn bounds(&self) -> impl Iterator<Item = (f64, f64)> {
        self.within.iter().copied()
    }

    /// All requests. Releases before 2024 have no bound without end: the last one stands for it.
    fn requests(&self) -> f64 {
        self.within.iter().map(|(_, requests)| *requests).fold(0.0, f64::max)
    }

    /// The share of the requests that were answered within that many seconds; none when there was no request.
    pub(crate) fn share_within(&self, secs: f64) -> Option<f64> {
        let requests = self.requests();
        // A bound that is missing has not been met by any request.
        let within = self.within.iter().filter(|(bound_secs, _)| *bound_secs <= secs * 1.0001);
        let share = within.map(|(_, requests)| *requests).fold(0.0, f64::max) / requests;
        (requests > 0.0).then_some(share)
    }

    /// The seconds that this share of the requests kept, evenly between the bounds, as `histogram_quantile` does it. What
    /// lies beyond the last bound is told as that bound. None when there was no request, or no bound is known.
    pub(crate) fn quantile_secs(&self, share: f64) -> Option<f64> {
        let wanted = share * self.requests();
        let (mut below_secs, mut below) = (0.0, 0.0);
        for (bound_secs, requests) in &self.within {
            // A node that was read a moment later than another may tell fewer in a wider bound.
            let requests = requests.max(below);
            if bound_secs.is_infinite() {
                break;
            }
            if requests >= wanted && requests > below {
                return Some(below_secs + (bound_secs - below_secs) * (wanted - below).max(0.0) / (requests - below));
            }
            (below_secs, below) = (*bound_secs, requests);
        }
        (self.requests() > 0.0 && below_secs > 0.0).then_some(below_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(words: &str) -> Histogram {
        let mut histogram = Histogram::default();
        for word in words.split_whitespace() {
            let (bound, requests) = word.split_once(':').unwrap();
            histogram.add(bound.parse().unwrap(), requests.parse().unwrap());
        }
        histogram
    }

    #[test]
    fn quantiles_are_those_of_prometheus() {
        // Bounds in the order of the wire; then the share within 50 ms, p50 and p99 in milliseconds.
        let cases = [
            ("none came", "", "-"),
            ("none in the last minute", "+Inf:0 0.050:0", "-"),
            ("all within the first bound", "+Inf:100 0.050:100", "1.00 25 50"),
            ("as histogram_quantile has it", "+Inf:100 0.050:60 0.100:90 0.250:100", "0.60 42 235"),
            ("a bound without any request is left out", "+Inf:10 0.250:10", "0.00 125 248"),
            ("beyond the last bound", "+Inf:100 0.050:10 10.000:40 2.500:30 5.000:30", "0.10 10000 10000"),
            ("without the bound that has no end", "0.050:50 10.000:100", "0.50 50 9801"),
            ("a wider bound with fewer", "+Inf:100 0.050:80 0.100:79 0.250:100", "0.80 31 243"),
        ];
        for (what, words, expected) in cases {
            let histogram = histogram(words);
            let numbers = (histogram.share_within(0.05), histogram.quantile_secs(0.5), histogram.quantile_secs(0.99));
            let told = match numbers {
                (Some(share), Some(p50), Some(p99)) => format!("{share:.2} {:.0} {:.0}", p50 * 1e3, p99 * 1e3),
                _ => "-".to_owned(),
            };
            assert_eq!(told, expected, "{what}");
        }
    }

    #[test]
    fn a_minute_later_a_request_counts_no_more() {
        let mut first_bytes = FirstBytes::default();
        for at_secs in [0.0, 30.0, 61.0] {
            first_bytes.add_grown(at_secs, None, "0.050", 2.0);
            first_bytes.add_grown(at_secs, None, "+Inf", 4.0);
            first_bytes.add_grown(at_secs, Some("lake"), "+Inf", 1.0);
        }
        let requests =
            |now_secs, wanted: fn(Option<&str>) -> bool| first_bytes.last_minute(now_secs, wanted).requests();
        assert_eq!(requests(61.0, |_| true), 10.0);
        assert_eq!(requests(61.0, |bucket| bucket == Some("lake")), 2.0);
        assert_eq!(requests(100.0, |_| true), 5.0);
        assert_eq!(first_bytes.last_minute(125.0, |_| true).share_within(0.05), None);
    }
}
