//! The wanted samples of one scrape, collected as its bytes arrive.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use wildmatch::WildMatch;

use crate::telemetry::drives::fits_device;
use crate::telemetry::exposition::{KnownLines, Labels, LineKept, Parser, Refused, Sample, Visitor};
use crate::telemetry::known_series::{Found, NewSeries, PageMemory, WantedSeries};
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
    /// `known`: what the body before had, of the same page by the same filter.
    pub(super) fn new(page: PageKind, filter: Filter, known: PageMemory) -> Self {
        Self { parser: Parser::following(&known.lines), collector: Collector::new(page, filter, known) }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, block: &[u8]) {
        self.collector.collected.bytes += block.len() as u64;
        self.parser.feed(block, &mut self.collector);
    }

    /// Ends the body. Only a body that came to its proper end is finished; one that was cut short is dropped.
    pub fn finish(mut self) -> Collected {
        self.parser.finish(&mut self.collector);
        self.collector.finish(self.parser.into_lines())
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
    /// Its wanted series, and its lines.
    pub(super) known: PageMemory,
    /// The value of each series.
    values: Vec<f64>,
    /// A metric that is named like traffic of this page and is none, as when a collector renamed it.
    stranger: Option<String>,
    /// What the HELP text says about the directions of v3's bucket traffic.
    pub(super) swapped: Option<bool>,
    /// Where devices are chosen.
    misfit: Option<Misfit>,
}

/// The devices a lab file names, beside those of the page.
#[derive(Clone, Debug)]
pub(crate) struct Misfit {
    fits: bool,
    pub(crate) wanted: Vec<String>,
    pub(crate) there: Vec<String>,
}

impl Collected {
    /// Whether any wanted metric was in it.
    pub(crate) fn recognised(&self) -> bool {
        !self.values.is_empty()
    }

    /// Whether there are bytes of clients' requests in it.
    pub(crate) fn has_traffic(&self) -> bool {
        self.found().any(|found| found.family.meaning.is_traffic())
    }

    /// What there is in place of traffic: a metric of another name, or any.
    pub(crate) fn stands_for_traffic(&self) -> Option<&str> {
        self.stranger.as_deref().or_else(|| self.found().next().map(Found::name))
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
        !self.too_many && !self.is_unreadable() && (self.values.is_empty() || self.unusable < self.values.len() as u64)
    }

    /// The wanted samples, by name and labels.
    pub(super) fn found(&self) -> impl Iterator<Item = Found<'_>> {
        self.values.iter().enumerate().filter_map(|(index, value)| self.known.series.found(index, *value))
    }
}

/// The parser's visitor: looks each name up and keeps what is wanted.
#[derive(Debug)]
struct Collector {
    names: &'static Names,
    families: Option<&'static BTreeMap<String, Family>>,
    filter: Filter,
    /// The last sample's name, what it is if it is wanted, and how it is remembered: the next one mostly has the same.
    last_name: String,
    last: Option<(&'static str, &'static Family)>,
    remembered: LineKept,
    collected: Collected,
    /// The values of the series that the body before had.
    values: Vec<Option<f64>>,
    new: NewSeries,
    /// Wanted samples so far, those that are not kept among them.
    wanted: usize,
}

impl Collector {
    fn new(page: PageKind, filter: Filter, known: PageMemory) -> Self {
        let names = Names::built_in();
        Self {
            names,
            families: names.page(page),
            filter,
            last_name: String::new(),
            last: None,
            remembered: LineKept::Unwanted,
            values: vec![None; known.series.len()],
            collected: Collected { known, ..Collected::default() },
            new: NewSeries::default(),
            wanted: 0,
        }
    }

    /// What the body held. `lines` are its lines, where they are others than before.
    fn finish(self, lines: Option<KnownLines>) -> Collected {
        let Self { mut collected, values, new, .. } = self;
        collected.known.lines = lines.unwrap_or(collected.known.lines);
        let all_again: Option<Vec<f64>> = values.iter().copied().collect();
        if let Some(again) = all_again.filter(|_| new.all.is_empty()) {
            collected.values = again;
        } else {
            let (series, found, moved) = collected.known.series.joined(&values, &new);
            let had = values.iter().flatten().count() + new.all.len();
            collected.repeated += (had - found.len()) as u64;
            let lines = collected.known.lines.renumbered(|of| moved.get(of as usize).copied().flatten());
            collected.known = PageMemory { series: Arc::new(series), lines };
            collected.values = found;
        }
        collected.unusable = collected.values.iter().filter(|value| value.is_nan()).count() as u64;
        collected
    }

    /// What a sample of that name is, if it is wanted.
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

    fn keep_sample(&mut self, name: &'static str, family: &'static Family, sample: &Sample<'_>) -> LineKept {
        let bucket = sample.labels.get(&self.names.bucket_label);
        if !self.filter.is_wanted(bucket.as_deref()) {
            return LineKept::Unwanted;
        }
        if !self.has_room() {
            return LineKept::Not;
        }
        let before = self.new.text.len();
        let labels = self.push_labels(if family.is_one_of_several { name } else { "" }, sample.labels);
        let known = &self.collected.known.series;
        if let Some(place) = known.place_of(name, self.new.text_at(&labels)) {
            self.new.text.truncate(before);
            self.keep_value(place, sample.value);
            return LineKept::As(place as u32);
        }
        let of = known.len() + self.new.all.len();
        let item = self.push_item(family, sample.labels);
        if self.notes_device(family) {
            let device = self.new.text_at(&item).to_owned();
            self.note_device(device);
        }
        let server = sample.labels.get(&self.names.server_label).map_or(0..0, |server| self.new.push_text(&server));
        let bucket = bucket.map(|bucket| self.new.push_text(&bucket));
        let value = usable_value(sample.value * family.scale);
        self.new.all.push((WantedSeries { family, name, labels, server, bucket, item }, value));
        LineKept::As(of as u32)
    }

    /// Takes a value of a series that the body before had.
    fn keep_value(&mut self, place: usize, value: f64) {
        let Some(found) = self.collected.known.series.found(place, value) else { return };
        let family = found.family;
        if self.notes_device(family) {
            let device = found.item().to_owned();
            self.note_device(device);
        }
        match self.values.get_mut(place) {
            Some(kept @ None) => *kept = Some(usable_value(value * family.scale)),
            Some(Some(_)) | None => self.collected.repeated += 1,
        }
    }

    /// Whether one more sample is kept.
    fn has_room(&mut self) -> bool {
        self.wanted += 1;
        self.collected.too_many |= self.wanted > MOST_FOUND;
        !self.collected.too_many
    }

    /// Passes over a sample, but notes a name that begins as the name of a metric of traffic does.
    fn pass_sample(&mut self, name: &str) -> LineKept {
        let is_like =
            |(known, family): (&String, &Family)| family.meaning.is_traffic() && name.starts_with(known.as_str());
        if !self.families.is_some_and(|families| families.iter().any(is_like)) {
            return LineKept::Unwanted;
        }
        self.collected.stranger.get_or_insert_with(|| name.to_owned());
        LineKept::Not
    }

    /// Whether the devices of that family are noted: they are chosen by name.
    fn notes_device(&self, family: &Family) -> bool {
        family.meaning == Meaning::DiskRead && matches!(&self.filter, Filter::Devices(patterns) if !patterns.is_empty())
    }

    fn note_device(&mut self, device: String) {
        let Filter::Devices(patterns) = &self.filter else { return };
        let wanted = || patterns.iter().map(WildMatch::pattern).collect();
        let misfit =
            self.collected.misfit.get_or_insert_with(|| Misfit { fits: false, wanted: wanted(), there: Vec::new() });
        misfit.fits |= fits_device(patterns, &device);
        misfit.there.push(device);
    }

    fn push_item(&mut self, family: &Family, labels: Labels<'_>) -> Range<u32> {
        let from = self.new.text.len() as u32;
        for (index, label) in family.of.iter().enumerate() {
            if index > 0 {
                self.new.push_text(BETWEEN_LABELS);
            }
            if let Some(value) = labels.get(label) {
                self.new.push_text(&value);
            }
        }
        from..self.new.text.len() as u32
    }

    fn push_labels(&mut self, name: &str, labels: Labels<'_>) -> Range<u32> {
        let from = self.new.text.len() as u32;
        self.new.push_text(name);
        let mut pairs: Vec<_> = labels.iter().collect();
        pairs.sort_unstable();
        for (name, value) in pairs {
            self.new.push_text(&name);
            self.new.push_text("\u{1f}");
            self.new.push_text(&value);
            self.new.push_text("\u{1e}");
        }
        from..self.new.text.len() as u32
    }
}

/// The value, or NaN for one that cannot be a reading: negative, absurd or not a number.
fn usable_value(value: f64) -> f64 {
    if (0.0..ABSURD).contains(&value) { value } else { f64::NAN }
}

impl Visitor for Collector {
    fn sample(&mut self, sample: &Sample<'_>) {
        self.collected.samples += 1;
        self.remembered = match self.family(&sample.name) {
            Some((name, family)) => self.keep_sample(name, family, sample),
            None => self.pass_sample(&sample.name),
        };
    }

    fn remembered(&self) -> LineKept {
        self.remembered
    }

    fn again(&mut self, of: u32, value: f64) {
        self.collected.samples += 1;
        if self.has_room() {
            self.keep_value(of as usize, value);
        }
    }

    fn passed(&mut self, samples: u64) {
        self.collected.samples += samples;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// All that a body held, as text.
    fn told(collected: &Collected) -> String {
        let found = collected.found().map(|found| {
            let (server, bucket, value) = (found.server(), found.bucket(), found.value.to_bits());
            format!("{} {} {server} {bucket:?} {} {value}", found.name(), found.labels(), found.item())
        });
        let refused: Vec<_> = collected.first_refused.iter().map(|refused| (refused.line, refused.reason)).collect();
        let Collected { samples, repeated, unusable, swapped, stranger, .. } = collected;
        let counts = (samples, collected.refused, repeated, unusable, swapped, stranger);
        format!("{counts:?} {refused:?}\n{}", found.collect::<Vec<_>>().join("\n"))
    }

    fn read(text: &[u8], block: usize, known: &PageMemory) -> Collected {
        let mut body = Body::new(PageKind::V2Bucket, Filter::Buckets([WildMatch::new("a*")].into()), known.clone());
        text.chunks(block).for_each(|block| body.feed(block));
        body.finish()
    }

    /// A page of wanted and unwanted lines, of several TYPEs.
    fn page() -> Vec<String> {
        let mut lines = Vec::new();
        for (name, kind) in [
            ("minio_bucket_traffic_received_bytes", "gauge"),
            ("minio_bucket_requests_total", "counter"),
            ("minio_bucket_requests_ttfb_seconds_distribution", "gauge"),
            ("other", "histogram"),
            ("quantiles", "summary"),
        ] {
            lines.push(format!("# HELP {name} Some help."));
            lines.push(format!("# TYPE {name} {kind}"));
            let name = if kind == "histogram" { "other_bucket" } else { name };
            for bucket in ["a1", "a2", "b1", "b2"] {
                for n in 0..12 {
                    lines.push(format!("{name}{{api=\"{n}\",bucket=\"{bucket}\",server=\"n{}:9000\"}} {n}00", n % 3));
                }
            }
        }
        lines
    }

    struct Dice(u64);

    impl Dice {
        fn below(&mut self, most: usize) -> usize {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (self.0 >> 33) as usize % most
        }

        fn change(&mut self, lines: &mut Vec<String>) {
            const VALUES: [&str; 12] =
                ["7", "1.5e+06", "NaN", "-3", "+Inf", "1e999", "5 1700000000", "5 ", "x", "", "12 12", "0x5"];
            const LINES: [&str; 7] = [
                "# TYPE other summary",
                "# a comment",
                "",
                "minio_bucket_traffic_sent_bytes_total{bucket=\"a1\"} 4",
                "broken{ 4",
                "minio_bucket_traffic_sent_bytes{bucket=\"a\\\"9\"} 4\r",
                " other{quantile=\"x\"} 1",
            ];
            let (at, to) = (self.below(lines.len()), self.below(lines.len()));
            match self.below(8) {
                0 => lines.swap(at, to),
                1 => drop(lines.remove(at)),
                2 => lines.insert(to, lines[at].clone()),
                3 => lines.insert(at, LINES[self.below(LINES.len())].to_owned()),
                4 => drop(lines.drain(at..(at + 40).min(lines.len()))),
                _ => {
                    let value = VALUES[self.below(VALUES.len())];
                    lines[at] = lines[at].rsplit_once(' ').map_or("", |(start, _)| start).to_owned() + " " + value;
                }
            }
        }
    }

    #[test]
    fn what_a_body_holds_does_not_depend_on_the_one_before() {
        let mut dice = Dice(5);
        for _ in 0..300 {
            let (mut lines, mut known) = (page(), PageMemory::default());
            for poll in 0..8 {
                for _ in 0..dice.below(4) {
                    dice.change(&mut lines);
                }
                let mut text = (lines.join("\n") + "\n").into_bytes();
                if dice.below(6) == 0 {
                    text.truncate(dice.below(text.len()));
                }
                if dice.below(9) == 0 {
                    let at = dice.below(text.len());
                    text.insert(at, 0xff);
                }
                let block = [50, 700, 4096, 1 << 20][dice.below(4)];
                let (cold, warm) = (read(&text, block, &PageMemory::default()), read(&text, block, &known));
                assert_eq!(told(&cold), told(&warm), "poll {poll} of {}", String::from_utf8_lossy(&text));
                known = warm.known;
            }
        }
    }

    #[test]
    fn lines_that_come_again_are_not_kept_again() {
        let text = page().join("\n");
        let first = read(text.as_bytes(), 4096, &PageMemory::default());
        let again = read(text.replace("00\n", "11\n").as_bytes(), 1 << 20, &first.known);
        assert!(Arc::ptr_eq(&first.known.series, &again.known.series), "the series are shared");
        assert_eq!(again.found().filter(|found| found.value.to_string().ends_with("11")).count(), 72);
    }
}
