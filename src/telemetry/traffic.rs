//! S3 traffic of a tier: from the pages of its nodes, or from the one page that speaks for all of them.

use crate::signal::{Quantity, Signal, Tier};
use crate::telemetry::merge::{Out, current_pages};
use crate::telemetry::names::{Meaning, Names};
use crate::telemetry::page::{Page, PageSeries};

/// Rates above this are left out, B/s: no network of a lab carries as much.
const MOST_BYTES_PER_SEC: f64 = 1e14;

/// What the names of a page's two directions mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directions {
    AsNamed,
    /// v3's bucket page on community servers: "sent" are the uploads.
    Swapped,
}

/// Rates and requests in flight; each `None` while unknown.
#[derive(Clone, Debug, Default)]
pub(super) struct Traffic {
    bytes_in: Option<f64>,
    bytes_out: Option<f64>,
    requests: Option<f64>,
    errors: Option<f64>,
    inflight: Option<f64>,
    pub(super) at_secs: f64,
    lag_secs: f64,
}

impl Traffic {
    /// Whether the bytes that come in are known.
    pub(super) fn has_rate(&self) -> bool {
        self.bytes_in.is_some()
    }

    pub(super) fn put_readings(&self, tier: Tier, out: &mut Out) {
        let believed = |rate: &f64| *rate <= MOST_BYTES_PER_SEC;
        let values = [
            (Quantity::WriteBytesPerSec, self.bytes_in.filter(believed)),
            (Quantity::ReadBytesPerSec, self.bytes_out.filter(believed)),
            (Quantity::RequestsPerSec, self.requests),
            (Quantity::ErrorsPerSec, self.errors),
            (Quantity::RequestsInflight, self.inflight),
        ];
        for (quantity, value) in values {
            if let Some(value) = value {
                out.insert(Signal::tier(tier, quantity), value, self.at_secs, self.lag_secs);
            }
        }
    }
}

/// The sum over live pages, one of each node (and bucket). A series that such a page leaves out did not grow.
pub(super) fn of_nodes<'a>(pages: impl Iterator<Item = &'a Page>, directions: Directions) -> Option<Traffic> {
    let (at_secs, pages) = current_pages(pages);
    if pages.is_empty() {
        return None;
    }
    let knowing: Vec<_> = pages.iter().filter(|page| page.was_read_twice()).collect();
    let rate = |meanings: [Meaning; 2]| {
        let sum = |page: &&&Page| meanings.iter().filter_map(|meaning| page.rate(*meaning, |_| true)).sum::<f64>();
        Some(knowing.iter().map(sum).sum()).filter(|_| !knowing.is_empty())
    };
    let (named_in, named_out) = match directions {
        Directions::AsNamed => (Meaning::NamedReceived, Meaning::NamedSent),
        Directions::Swapped => (Meaning::NamedSent, Meaning::NamedReceived),
    };
    Some(Traffic {
        bytes_in: rate([Meaning::BytesIn, named_in]),
        bytes_out: rate([Meaning::BytesOut, named_out]),
        requests: rate([Meaning::Requests, Meaning::Requests]).map(|twice| twice / 2.0),
        errors: rate([Meaning::Errors4xx, Meaning::Errors5xx]),
        inflight: Some(pages.iter().map(|page| inflight_requests(page, |_| true)).sum()),
        at_secs,
        lag_secs: 0.0,
    })
}

/// What a page of the whole deployment tells of the wanted series. Bytes are always there, unless `absent_is_zero`;
/// requests and errors appear with their first event.
pub(super) fn of_deployment(
    page: &Page,
    wanted: impl Fn(&PageSeries) -> bool,
    absent_is_zero: bool,
) -> Option<Traffic> {
    let known = absent_is_zero || page.counting(Meaning::BytesIn).any(&wanted);
    let seen = page.counting(Meaning::BytesIn).map(|series| series.seen_at_secs).reduce(f64::max);
    let at_secs = if absent_is_zero { page.at_secs()? } else { seen? };
    let at_rest = Some(0.0).filter(|_| known && page.was_read_twice());
    let bytes = |meaning| page.rate(meaning, &wanted).or(at_rest.filter(|_| absent_is_zero));
    let events = |meaning| page.rate(meaning, &wanted).or(at_rest);
    let cache_secs = page.counting(Meaning::BytesIn).map(|series| series.cache_secs).fold(10.0, f64::max);
    Some(Traffic {
        bytes_in: bytes(Meaning::BytesIn),
        bytes_out: bytes(Meaning::BytesOut),
        requests: events(Meaning::Requests),
        errors: events(Meaning::Errors4xx).zip(events(Meaning::Errors5xx)).map(|(client, server)| client + server),
        inflight: Some(inflight_requests(page, &wanted)).filter(|_| known),
        at_secs,
        lag_secs: cache_secs + page.interval_secs(),
    })
}

fn inflight_requests(page: &Page, wanted: impl Fn(&PageSeries) -> bool) -> f64 {
    let left_out = &Names::built_in().not_inflight;
    let requests = page.gauge(Meaning::Inflight).filter(|series| wanted(series) && !left_out.contains(&series.item));
    requests.map(|series| series.value).sum()
}

/// Objects moved to another tier, which v2 alone counts, from the first one on.
pub(super) fn put_transitions(tier: Tier, page: &Page, out: &mut Out) {
    let Some(traffic) = of_deployment(page, |_| true, false) else { return };
    let at_rest = Some(0.0).filter(|_| page.was_read_twice());
    if let Some(rate) = page.rate(Meaning::Transitions, |_| true).or(at_rest) {
        out.insert(Signal::tier(tier, Quantity::TransitionsPerSec), rate, traffic.at_secs, traffic.lag_secs);
    }
}
