//! The wanted series of a page and the lines in which they stood: read once, and shared by the bodies of many polls.

use std::ops::Range;
use std::sync::Arc;

use crate::telemetry::exposition::KnownLines;
use crate::telemetry::names::Family;

/// What is remembered of a page from poll to poll.
#[derive(Clone, Debug, Default)]
pub(super) struct PageMemory {
    pub(super) series: Arc<KnownSeries>,
    /// Its lines, by the places of the series.
    pub(super) lines: KnownLines,
}

/// The wanted series of a page, sorted by name and labels.
#[derive(Debug, Default)]
pub(super) struct KnownSeries {
    all: Vec<WantedSeries>,
    text: String,
}

/// What a wanted series is; its texts stand beside it.
#[derive(Clone, Debug)]
pub(super) struct WantedSeries {
    pub(super) family: &'static Family,
    pub(super) name: &'static str,
    pub(super) labels: Range<u32>,
    pub(super) server: Range<u32>,
    pub(super) bucket: Option<Range<u32>>,
    pub(super) item: Range<u32>,
}

/// A wanted sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    pub(super) family: &'static Family,
    /// In the signal's unit; not a number when unusable.
    pub(super) value: f64,
    series: &'a WantedSeries,
    text: &'a str,
}

impl<'a> Found<'a> {
    /// All labels, sorted: the identity of its series among those that mean the same.
    pub(super) fn labels(self) -> &'a str {
        text_at(self.text, &self.series.labels)
    }

    pub(super) fn server(self) -> &'a str {
        text_at(self.text, &self.series.server)
    }

    pub(super) fn bucket(self) -> Option<&'a str> {
        self.series.bucket.as_ref().map(|range| text_at(self.text, range))
    }

    pub(super) fn item(self) -> &'a str {
        text_at(self.text, &self.series.item)
    }

    pub(super) fn name(self) -> &'static str {
        self.series.name
    }
}

fn text_at<'a>(text: &'a str, range: &Range<u32>) -> &'a str {
    &text[range.start as usize..range.end as usize]
}

impl KnownSeries {
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// A series with its value.
    pub(super) fn found(&self, index: usize, value: f64) -> Option<Found<'_>> {
        let series = self.all.get(index)?;
        Some(Found { family: series.family, value, series, text: &self.text })
    }

    /// The place of the series of that name and those labels.
    pub(super) fn place_of(&self, name: &str, labels: &str) -> Option<usize> {
        self.all.binary_search_by(|series| self.key_of(series).cmp(&(name, labels))).ok()
    }

    fn key_of<'a>(&'a self, series: &'a WantedSeries) -> (&'a str, &'a str) {
        (series.name, text_at(&self.text, &series.labels))
    }

    /// Those that have a value together with new ones, and all their values; of the same series twice the first is kept.
    /// Last: the new place of each, the new ones after the known.
    pub(super) fn joined(&self, values: &[Option<f64>], new: &NewSeries) -> (Self, Vec<f64>, Vec<Option<u32>>) {
        let known = self.all.iter().zip(values).map(|(series, value)| (series, self.text.as_str(), *value));
        let more = new.all.iter().map(|(series, value)| (series, new.text.as_str(), Some(*value)));
        let all: Vec<(&WantedSeries, &str, Option<f64>)> = known.chain(more).collect();
        let key = |place: u32| {
            let (series, text, _) = &all[place as usize];
            (series.name, text_at(text, &series.labels))
        };
        let mut places: Vec<u32> = (0..all.len() as u32).filter(|place| all[*place as usize].2.is_some()).collect();
        places.sort_by(|a, b| key(*a).cmp(&key(*b)));
        places.dedup_by(|b, a| key(*a) == key(*b));
        let (mut joined, mut found, mut moved) =
            (Self::default(), Vec::with_capacity(places.len()), vec![None; all.len()]);
        joined.all.reserve_exact(places.len());
        for place in places {
            let (series, text, value) = &all[place as usize];
            moved[place as usize] = Some(found.len() as u32);
            found.push(value.unwrap_or(f64::NAN));
            joined.push(series, text);
        }
        joined.text.shrink_to_fit();
        (joined, found, moved)
    }

    fn push(&mut self, series: &WantedSeries, text: &str) {
        let mut copied = |range: &Range<u32>| push_text(&mut self.text, text_at(text, range));
        let labels = copied(&series.labels);
        let (server, item) = (copied(&series.server), copied(&series.item));
        let bucket = series.bucket.as_ref().map(copied);
        let WantedSeries { family, name, .. } = *series;
        self.all.push(WantedSeries { family, name, labels, server, bucket, item });
    }
}

/// Series of a body that were not in the one before, with their values in the order of the body.
#[derive(Debug, Default)]
pub(super) struct NewSeries {
    pub(super) all: Vec<(WantedSeries, f64)>,
    pub(super) text: String,
}

impl NewSeries {
    pub(super) fn push_text(&mut self, text: &str) -> Range<u32> {
        push_text(&mut self.text, text)
    }

    pub(super) fn text_at(&self, range: &Range<u32>) -> &str {
        text_at(&self.text, range)
    }
}

fn push_text(all: &mut String, text: &str) -> Range<u32> {
    let from = all.len() as u32;
    all.push_str(text);
    from..all.len() as u32
}
