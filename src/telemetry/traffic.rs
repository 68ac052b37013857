//! S3 traffic of a tier: from the pages of its nodes, or from the one page that speaks for all of them.

use crate::signal::{Quantity, Signal, Tier};
use crate::telemetry::first_byte::Histogram;
use crate::telemetry::merge::{Out, current_pages};
use crate::telemetry::names::{Meaning, Names};
use crate::telemetry::page::{Page, PageSeries};

/// Rates above this are left out, B/s: no network of a lab carries as much.
const MOST_BYTES_PER_SEC: f64 = 1e14;

/// Pages that take turns for longer than this are late by it.
const SPREAD_SECS: f64 = 5.0;

/// What the names of a page's two directions mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directions {
    AsNamed,
    /// v3's bucket page on community servers: "sent" are the uploads.
    Swapped,
}

/// Requests that run now.
#[derive(Clone, Copy, Debug, Default)]
struct Inflight {
    all: f64,
    reads: f64,
    writes: f64,
}

/// Bytes that came in and went out since the pages were first read.
#[derive(Clone, Copy, Debug, Default)]
struct MovedBytes {
    bytes_in: f64,
    bytes_out: f64,
}

impl MovedBytes {
    /// Of pages, by what is called in and out on them.
    fn of_pages(
        pages: &[&Page],
        [meanings_in, meanings_out]: [&[Meaning]; 2],
        wanted: impl Fn(&PageSeries) -> bool,
    ) -> Self {
        let grown = |meaning: &Meaning| pages.iter().map(|page| page.grown(*meaning, &wanted)).sum::<f64>();
        Self { bytes_in: meanings_in.iter().map(grown).sum(), bytes_out: meanings_out.iter().map(grown).sum() }
    }
}

/// Requests that end in a second, by what they do.
#[derive(Clone, Copy, Debug, Default)]
struct Ended {
    gets: f64,
    puts: f64,
    lists: f64,
    others: f64,
}

impl Ended {
    /// Of pages, as far as their rates are known.
    fn of_pages(pages: &[&Page], wanted: impl Fn(&PageSeries) -> bool) -> Self {
        let names = Names::built_in();
        let mut ended = Self::default();
        for series in pages.iter().flat_map(|page| page.counting(Meaning::Requests)).filter(|series| wanted(series)) {
            let class = match series.item.as_str() {
                api if names.is_reading(api) => &mut ended.gets,
                api if names.is_writing(api) => &mut ended.puts,
                api if names.is_listing(api) => &mut ended.lists,
                _ => &mut ended.others,
            };
            *class += series.per_sec.unwrap_or(0.0);
        }
        ended
    }
}

/// Requests that do not end well, in a second; each `None` while unknown.
#[derive(Clone, Copy, Debug, Default)]
struct Failing {
    by_client: Option<f64>,
    by_server: Option<f64>,
    canceled: Option<f64>,
}

/// Rates and requests in flight; each `None` while unknown.
#[derive(Clone, Debug, Default)]
pub(super) struct Traffic {
    bytes_in: Option<f64>,
    bytes_out: Option<f64>,
    requests: Option<f64>,
    ended: Ended,
    failing: Failing,
    inflight: Option<Inflight>,
    /// Of the last minute.
    first_bytes: Histogram,
    /// Bytes since the first look.
    moved: MovedBytes,
    pub(super) at_secs: f64,
    is_live: bool,
    lag_secs: f64,
}

impl Traffic {
    pub(super) fn put_readings(&self, tier: Tier, out: &mut Out) {
        out.by_node |= self.is_live;
        let believed = |rate: &f64| *rate <= MOST_BYTES_PER_SEC;
        let Failing { by_client, by_server, canceled } = self.failing;
        let ended = self.requests.map(|_| self.ended);
        let values = [
            (Quantity::WriteBytesPerSec, self.bytes_in.filter(believed)),
            (Quantity::ReadBytesPerSec, self.bytes_out.filter(believed)),
            (Quantity::RequestsPerSec, self.requests),
            (Quantity::GetsPerSec, ended.map(|ended| ended.gets)),
            (Quantity::PutsPerSec, ended.map(|ended| ended.puts)),
            (Quantity::ListsPerSec, ended.map(|ended| ended.lists)),
            (Quantity::OthersPerSec, ended.map(|ended| ended.others)),
            (Quantity::ErrorsPerSec, by_client.zip(by_server).map(|(client, server)| client + server)),
            (Quantity::Errors4xxPerSec, by_client),
            (Quantity::Errors5xxPerSec, by_server),
            (Quantity::CanceledPerSec, canceled),
            (Quantity::TtfbUnder50msRatio, self.first_bytes.share_within(0.05)),
            (Quantity::TtfbP50Secs, self.first_bytes.quantile_secs(0.5)),
            (Quantity::TtfbP90Secs, self.first_bytes.quantile_secs(0.9)),
            (Quantity::TtfbP99Secs, self.first_bytes.quantile_secs(0.99)),
            (Quantity::RequestsInflight, self.inflight.map(|inflight| inflight.all)),
            (Quantity::ReadsInflight, self.inflight.map(|inflight| inflight.reads)),
            (Quantity::WritesInflight, self.inflight.map(|inflight| inflight.writes)),
            (Quantity::WrittenBytes, self.bytes_in.map(|_| self.moved.bytes_in)),
            (Quantity::ReadBytes, self.bytes_out.map(|_| self.moved.bytes_out)),
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
    let all: Vec<&Page> = pages.collect();
    let (at_secs, pages) = current_pages(all.iter().copied());
    if pages.is_empty() {
        return None;
    }
    let knowing: Vec<_> = pages.iter().filter(|page| page.was_read_twice()).collect();
    let rate_of = |meaning| {
        let sum = knowing.iter().filter_map(|page| page.rate(meaning, |_| true)).sum::<f64>();
        Some(sum).filter(|_| !knowing.is_empty())
    };
    let rate = |meaning, named| rate_of(meaning).zip(rate_of(named)).map(|(one, other)| one + other);
    let (named_in, named_out) = match directions {
        Directions::AsNamed => (Meaning::NamedReceived, Meaning::NamedSent),
        Directions::Swapped => (Meaning::NamedSent, Meaning::NamedReceived),
    };
    Some(Traffic {
        bytes_in: rate(Meaning::BytesIn, named_in),
        bytes_out: rate(Meaning::BytesOut, named_out),
        requests: rate_of(Meaning::Requests),
        ended: Ended::of_pages(&pages, |_| true),
        failing: Failing {
            by_client: rate_of(Meaning::Errors4xx),
            by_server: rate_of(Meaning::Errors5xx),
            canceled: rate_of(Meaning::Canceled),
        },
        first_bytes: first_bytes(&pages, |_| true),
        inflight: Some(inflight_requests(&pages, |_| true)),
        moved: MovedBytes::of_pages(&all, [&[Meaning::BytesIn, named_in], &[Meaning::BytesOut, named_out]], |_| true),
        at_secs,
        is_live: true,
        lag_secs: Some(pages.iter().map(|page| page.pass_secs()).fold(0.0, f64::max))
            .filter(|secs| *secs > SPREAD_SECS)
            .unwrap_or(0.0),
    })
}

/// What a page of the whole deployment tells of the wanted series. Bytes are always there, unless `absent_is_zero`;
/// requests and errors appear with their first event.
pub(super) fn of_deployment(
    page: &Page,
    of_bucket: &dyn Fn(Option<&str>) -> bool,
    absent_is_zero: bool,
) -> Option<Traffic> {
    let wanted = |series: &PageSeries| of_bucket(series.bucket.as_deref());
    let known = absent_is_zero || page.counting(Meaning::BytesIn).any(wanted);
    let seen = page.counting(Meaning::BytesIn).map(|series| series.seen_at_secs).reduce(f64::max);
    let at_secs = if absent_is_zero { page.at_secs()? } else { seen? };
    let at_rest = Some(0.0).filter(|_| known && page.was_read_twice());
    let bytes = |meaning| page.rate(meaning, wanted).or(at_rest.filter(|_| absent_is_zero));
    let events = |meaning| page.rate(meaning, wanted).or(at_rest);
    let cache_secs = page.counting(Meaning::BytesIn).map(|series| series.cache_secs).fold(10.0, f64::max);
    Some(Traffic {
        bytes_in: bytes(Meaning::BytesIn),
        bytes_out: bytes(Meaning::BytesOut),
        requests: events(Meaning::Requests),
        ended: Ended::of_pages(&[page], wanted),
        failing: Failing {
            by_client: events(Meaning::Errors4xx),
            by_server: events(Meaning::Errors5xx),
            canceled: events(Meaning::Canceled),
        },
        first_bytes: first_bytes(&[page], of_bucket),
        inflight: Some(inflight_requests(&[page], wanted)).filter(|_| known),
        moved: MovedBytes::of_pages(&[page], [&[Meaning::BytesIn], &[Meaning::BytesOut]], wanted),
        at_secs,
        is_live: false,
        lag_secs: cache_secs + page.interval_secs(),
    })
}

/// The last minute's GETs of those pages, by how fast they began to answer.
pub(super) fn first_bytes(pages: &[&Page], wanted: impl Fn(Option<&str>) -> bool) -> Histogram {
    let mut sum = Histogram::default();
    for page in pages {
        sum.add_all(&page.first_bytes(&wanted));
    }
    sum
}

fn inflight_requests(pages: &[&Page], wanted: impl Fn(&PageSeries) -> bool) -> Inflight {
    let names = Names::built_in();
    let mut inflight = Inflight::default();
    for series in pages.iter().flat_map(|page| page.gauge(Meaning::Inflight)).filter(|series| wanted(series)) {
        if !names.not_inflight.contains(&series.item) {
            inflight.all += series.value;
        }
        inflight.reads += if names.is_reading(&series.item) { series.value } else { 0.0 };
        inflight.writes += if names.is_writing(&series.item) { series.value } else { 0.0 };
    }
    inflight
}

/// Objects moved to another tier, which v2 alone counts, from the first one on.
pub(super) fn put_transitions(tier: Tier, page: &Page, out: &mut Out) {
    let Some(traffic) = of_deployment(page, &|_| true, false) else { return };
    let at_rest = Some(0.0).filter(|_| page.was_read_twice());
    if let Some(rate) = page.rate(Meaning::Transitions, |_| true).or(at_rest) {
        out.insert(Signal::tier(tier, Quantity::TransitionsPerSec), rate, traffic.at_secs, traffic.lag_secs);
        let moved = page.grown(Meaning::Transitions, |_| true);
        out.insert(Signal::tier(tier, Quantity::ObjectsMoved), moved, traffic.at_secs, traffic.lag_secs);
    }
}
