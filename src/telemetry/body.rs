//! The wanted samples of one scrape, collected as its bytes arrive.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use wildmatch::WildMatch;

use crate::telemetry::drives::fits_device;
use crate::telemetry::exposition::{Labels, Parser, Refused, Sample, Visitor};
use crate::telemetry::names::{BETWEEN_LABELS, Family, Meaning, Names, PageKind};

/// Wanted samples beyond this many are not kept, and the body is not believed.
const MOST_FOUND: usize = 100_000;

/// Refused lines are counted; of the first few the reason is kept.
const REFUSED_KEPT: usize = 5;

/// Values from here on are refused as absurd: among them are the numbers by which DCGM says "no value".
const ABSURD: f64 = 9e18;

/// Collects the wanted samples of one body. However large the body is, at most `MOST_FOUND` samples are held.
#[derive(Debug)]
pub struct Body {
    parser: Parser,
    collector: Collector,
}

impl Body {
    pub(super) fn new(page: PageKind, filter: Filter) -> Self {
        Self { parser: Parser::new(), collector: Collector::new(page, filter) }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, block: &[u8]) {
        self.collector.collected.bytes += block.len() as u64;
        self.parser.feed(block, &mut self.collector);
    }

    /// Ends the body. Only a body that came to its proper end is finished; one that was cut short is dropped.
    pub fn finish(mut self) -> Collected {
        self.parser.finish(&mut self.collector);
        self.collector.collected.drop_second_ones();
        self.collector.collected
    }
}

/// Which of a page's samples are wanted.
#[derive(Clone, Debug)]
pub(super) enum Filter {
    All,
    /// None that are of a bucket.
    NoBuckets,
    /// Only of that bucket: two requests at once can be given each other's answer.
    Bucket(String),
    /// Those of no bucket, and of buckets that fit.
    Buckets(Arc<[WildMatch]>),
    /// All; noted is whether a device fits.
    Devices(Arc<[WildMatch]>),
}

impl Filter {
    fn is_wanted(&self, bucket: Option<&str>) -> bool {
        match self {
            Self::All | Self::Devices(_) => true,
            Self::NoBuckets => bucket.is_none(),
            Self::Bucket(name) => bucket == Some(name),
            Self::Buckets(patterns) => bucket.is_none_or(|bucket| fits_any(patterns, bucket)),
        }
    }
}

fn fits_any(patterns: &[WildMatch], name: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(name))
}

/// What one body held.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// Bytes of text.
    pub(crate) bytes: u64,
    /// Samples read, wanted or not.
    pub samples: u64,
    /// Lines that could not be read.
    pub(crate) refused: u64,
    /// The first of them.
    pub(crate) first_refused: Vec<Refused>,
    /// Wanted samples whose series stood in the body before; the first was kept.
    pub(crate) repeated: u64,
    /// Wanted samples whose value is not a number, negative or absurd.
    pub(crate) unusable: u64,
    /// There were more wanted samples than are kept.
    pub(crate) too_many: bool,
    pub(super) found: Vec<Found>,
    /// A metric that is named like traffic of this page and is none, as when a collector renamed it.
    stranger: Option<String>,
    /// What the HELP text says about the directions of v3's bucket traffic.
    pub(super) swapped: Option<bool>,
    /// Where devices are chosen.
    misfit: Option<Misfit>,
    text: String,
}

/// The devices a lab file names, beside those of the page.
#[derive(Clone, Debug)]
pub(crate) struct Misfit {
    fits: bool,
    pub(crate) wanted: Vec<String>,
    pub(crate) there: Vec<String>,
}

/// A wanted sample.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) family: &'static Family,
    name: &'static str,
    labels: Range<u32>,
    server: Range<u32>,
    bucket: Option<Range<u32>>,
    item: Range<u32>,
    /// In the signal's unit; not a number when unusable.
    pub(super) value: f64,
}

impl Collected {
    /// Whether any wanted metric was in it.
    pub(crate) fn recognised(&self) -> bool {
        !self.found.is_empty()
    }

    /// Whether there are bytes of clients' requests in it.
    pub(crate) fn has_traffic(&self) -> bool {
        self.found.iter().any(|found| found.family.meaning.is_traffic())
    }

    /// What there is in place of traffic: a metric of another name, or any.
    pub(crate) fn stands_for_traffic(&self) -> Option<&str> {
        self.stranger.as_deref().or_else(|| self.found.first().map(|found| found.name))
    }

    /// Whether traffic was renamed on the way.
    pub(crate) fn is_renamed(&self) -> bool {
        self.stranger.is_some() && !self.has_traffic()
    }

    /// Whether there was no text of the format in it at all, though there were bytes.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.samples == 0 && self.refused > 0
    }

    /// The devices wanted and those there are, where none of these fits.
    pub(crate) fn misfit(&self) -> Option<&Misfit> {
        self.misfit.as_ref().filter(|misfit| !misfit.fits)
    }

    /// Whether a value of it can be used, or it is empty.
    pub(super) fn is_usable(&self) -> bool {
        !self.too_many && !self.is_unreadable() && (self.found.is_empty() || self.unusable < self.found.len() as u64)
    }

    /// All labels of a sample, sorted: the identity of its series among those that mean the same.
    pub(super) fn labels(&self, found: &Found) -> &str {
        self.text_at(&found.labels)
    }

    pub(super) fn server(&self, found: &Found) -> &str {
        self.text_at(&found.server)
    }

    pub(super) fn bucket(&self, found: &Found) -> Option<&str> {
        found.bucket.as_ref().map(|range| self.text_at(range))
    }

    pub(super) fn item(&self, found: &Found) -> &str {
        self.text_at(&found.item)
    }

    fn text_at(&self, range: &Range<u32>) -> &str {
        &self.text[range.start as usize..range.end as usize]
    }

    /// Of the same series twice the first is kept.
    fn drop_second_ones(&mut self) {
        let mut found = std::mem::take(&mut self.found);
        let before = found.len();
        found.sort_by(|a, b| (a.name, self.labels(a)).cmp(&(b.name, self.labels(b))));
        found.dedup_by(|b, a| a.name == b.name && self.labels(a) == self.labels(b));
        self.repeated = (before - found.len()) as u64;
        self.unusable = found.iter().filter(|found| found.value.is_nan()).count() as u64;
        self.found = found;
    }
}

/// The parser's visitor: looks each name up and keeps what is wanted.
#[derive(Debug)]
struct Collector {
    names: &'static Names,
    families: Option<&'static BTreeMap<String, Family>>,
    filter: Filter,
    /// The last sample's name, and its family if it is wanted: the next sample mostly has the same.
    last_name: String,
    last: Option<(&'static str, &'static Family)>,
    collected: Collected,
}

impl Collector {
    fn new(page: PageKind, filter: Filter) -> Self {
        let names = Names::built_in();
        Self {
            names,
            families: names.page(page),
            filter,
            last_name: String::new(),
            last: None,
            collected: Collected::default(),
        }
    }

    fn family(&mut self, name: &str) -> Option<(&'static str, &'static Family)> {
        if self.last_name != name {
            self.last_name.clear();
            self.last_name.push_str(name);
            self.last = self
                .families
                .and_then(|families| families.get_key_value(name))
                .map(|(name, family)| (name.as_str(), family));
        }
        self.last
    }

    fn keep_sample(&mut self, name: &'static str, family: &'static Family, sample: &Sample<'_>) {
        let bucket = sample.labels.get(&self.names.bucket_label);
        if !self.filter.is_wanted(bucket.as_deref()) {
            return;
        }
        let item = self.push_item(family, sample.labels);
        self.note_device(family, &item);
        let server = sample.labels.get(&self.names.server_label).map_or(0..0, |server| self.push_text(&server));
        let bucket = bucket.map(|bucket| self.push_text(&bucket));
        let labels = self.push_labels(if family.is_one_of_several { name } else { "" }, sample.labels);
        let value = usable_value(sample.value * family.scale);
        self.collected.found.push(Found { family, name, labels, server, bucket, item, value });
    }

    /// Notes a name that begins as the name of a metric of traffic does.
    fn note_stranger(&mut self, name: &str) {
        let is_like =
            |(known, family): (&String, &Family)| family.meaning.is_traffic() && name.starts_with(known.as_str());
        if self.collected.stranger.is_none() && self.families.is_some_and(|families| families.iter().any(is_like)) {
            self.collected.stranger = Some(name.to_owned());
        }
    }

    fn note_device(&mut self, family: &Family, item: &Range<u32>) {
        let Filter::Devices(patterns) = &self.filter else { return };
        if patterns.is_empty() || family.meaning != Meaning::DiskRead {
            return;
        }
        let device = self.collected.text_at(item).to_owned();
        let wanted = || patterns.iter().map(WildMatch::pattern).collect();
        let misfit =
            self.collected.misfit.get_or_insert_with(|| Misfit { fits: false, wanted: wanted(), there: Vec::new() });
        misfit.fits |= fits_device(patterns, &device);
        misfit.there.push(device);
    }

    fn push_text(&mut self, text: &str) -> Range<u32> {
        let from = self.collected.text.len() as u32;
        self.collected.text.push_str(text);
        from..self.collected.text.len() as u32
    }

    fn push_item(&mut self, family: &Family, labels: Labels<'_>) -> Range<u32> {
        let from = self.collected.text.len() as u32;
        for (index, label) in family.of.iter().enumerate() {
            if index > 0 {
                self.push_text(BETWEEN_LABELS);
            }
            if let Some(value) = labels.get(label) {
                self.push_text(&value);
            }
        }
        from..self.collected.text.len() as u32
    }

    fn push_labels(&mut self, name: &str, labels: Labels<'_>) -> Range<u32> {
        let from = self.collected.text.len() as u32;
        self.push_text(name);
        let mut pairs: Vec<_> = labels.iter().collect();
        pairs.sort_unstable();
        for (name, value) in pairs {
            self.push_text(&name);
            self.push_text("\u{1f}");
            self.push_text(&value);
            self.push_text("\u{1e}");
        }
        from..self.collected.text.len() as u32
    }
}

/// The value, or NaN for one that cannot be a reading: negative, absurd or not a number.
fn usable_value(value: f64) -> f64 {
    if (0.0..ABSURD).contains(&value) { value } else { f64::NAN }
}

impl Visitor for Collector {
    fn sample(&mut self, sample: &Sample<'_>) {
        self.collected.samples += 1;
        let Some((name, family)) = self.family(&sample.name) else { return self.note_stranger(&sample.name) };
        if self.collected.found.len() >= MOST_FOUND {
            self.collected.too_many = true;
        } else {
            self.keep_sample(name, family, sample);
        }
    }

    fn refused(&mut self, refused: Refused) {
        self.collected.refused += 1;
        if self.collected.first_refused.len() < REFUSED_KEPT {
            self.collected.first_refused.push(refused);
        }
    }

    fn help(&mut self, name: &str, text: &str) {
        let is_sent = |family: &Family| family.meaning == Meaning::NamedSent;
        if self.families.and_then(|families| families.get(name)).is_some_and(is_sent) {
            self.collected.swapped = Some(text.contains(&self.names.swapped_help));
        }
    }
}
