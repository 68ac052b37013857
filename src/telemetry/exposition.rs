//! The Prometheus text format: blocks of bytes in, samples and refused lines to a visitor.
//!
//! A body is never held: blocks may end anywhere, and what is kept between them is one unfinished line. A line that
//! cannot be read is refused alone, with its number and the reason, and gives no sample.
//!
//! Accepted is what a Prometheus server accepts when it scrapes. Refused, as the strict reference decoder does, are also
//! unknown escapes, a label twice, and HELP or TYPE lines that contradict the lines around them.

use crate::telemetry::order::Order;
pub use crate::telemetry::order::{KnownLines, LineKept};
pub(crate) use crate::telemetry::sample_line::Labels;
pub use crate::telemetry::sample_line::Sample;
use crate::telemetry::sample_line::{LineReader, SampleReader};

/// Longer lines are refused, so that a body without newlines is not collected.
const LONGEST_LINE: usize = 64 * 1024;

/// What the parser calls with everything it reads, in the order of the body.
pub trait Visitor {
    /// A sample.
    fn sample(&mut self, sample: &Sample<'_>);

    /// How the line of the sample just given is to be remembered for the next body.
    fn remembered(&self) -> LineKept {
        LineKept::Not
    }

    /// The value of a sample whose line stood in the body before, by the number under which it is remembered.
    fn again(&mut self, _of: u32, _value: f64) {}

    /// So many samples in a row that stood in the body before and are not wanted.
    fn passed(&mut self, _samples: u64) {}

    /// A line that could not be read.
    fn refused(&mut self, refused: Refused);

    /// A HELP line: the metric's name and its text as written.
    fn help(&mut self, _name: &str, _text: &str) {}

    /// A TYPE line.
    fn kind(&mut self, _name: &str, _kind: MetricKind) {}
}

/// A line that could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The line's number in the body, from 1.
    pub line: u64,
    pub reason: &'static str,
}

/// What a TYPE line says. The sample's meaning never follows from it alone: `MinIO` types some counters as gauges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    Counter,
    Gauge,
    Histogram,
    GaugeHistogram,
    Summary,
    Untyped,
    Info,
    StateSet,
}

impl MetricKind {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "counter" => Self::Counter,
            "gauge" => Self::Gauge,
            "histogram" => Self::Histogram,
            "gaugehistogram" | "gauge_histogram" => Self::GaugeHistogram,
            "summary" => Self::Summary,
            "untyped" | "unknown" => Self::Untyped,
            "info" => Self::Info,
            "stateset" => Self::StateSet,
            _ => return None,
        })
    }
}

/// Reads a body block by block.
#[derive(Debug, Default)]
pub struct Parser {
    line: u64,
    /// The start of a line whose end has not come.
    unfinished: Vec<u8>,
    /// Within a line that was too long; the rest of it is passed over.
    in_long_line: bool,
    last_name: String,
    described: Described,
    samples: SampleReader,
    order: Order,
}

/// What the last HELP and TYPE lines said.
#[derive(Debug, Default)]
struct Described {
    name: String,
    helped: bool,
    kind: Option<MetricKind>,
}

impl Parser {
    /// A parser at the start of a body.
    pub fn new() -> Self {
        Self::default()
    }

    /// A parser at the start of a body that comes after one with those lines.
    pub fn following(before: &KnownLines) -> Self {
        Self { order: Order::following(before), ..Self::default() }
    }

    /// The lines of the body that has ended; `None` where they are those of the one before.
    pub fn into_lines(self) -> Option<KnownLines> {
        self.order.end()
    }

    /// Reads the next bytes of the body.
    pub fn feed(&mut self, block: &[u8], visitor: &mut impl Visitor) {
        let rest = self.end_unfinished(block, visitor);
        let whole = memchr::memrchr(b'\n', rest).map_or(0, |end| end + 1);
        self.read_lines(&rest[..whole], visitor);
        self.keep_unfinished(&rest[whole..], visitor);
    }

    /// Ends the body; a last line without its newline is read.
    pub fn finish(&mut self, visitor: &mut impl Visitor) {
        if !self.unfinished.is_empty() {
            self.feed(b"\n", visitor);
        }
    }

    /// Brings the line begun in earlier blocks to its end, and answers what follows it.
    fn end_unfinished<'a>(&mut self, block: &'a [u8], visitor: &mut impl Visitor) -> &'a [u8] {
        if self.unfinished.is_empty() && !self.in_long_line {
            return block;
        }
        let Some(end) = memchr::memchr(b'\n', block) else {
            self.keep_unfinished(block, visitor);
            return &[];
        };
        self.keep_unfinished(&block[..end], visitor);
        if !std::mem::take(&mut self.in_long_line) {
            let mut line = std::mem::take(&mut self.unfinished);
            line.push(b'\n');
            self.read_lines(&line, visitor);
            line.clear();
            self.unfinished = line;
        }
        &block[end + 1..]
    }

    fn keep_unfinished(&mut self, piece: &[u8], visitor: &mut impl Visitor) {
        if self.in_long_line {
            return;
        }
        if self.unfinished.len() + piece.len() > LONGEST_LINE {
            self.in_long_line = true;
            self.unfinished.clear();
            self.line += 1;
            visitor.refused(Refused { line: self.line, reason: "the line is too long" });
        } else {
            self.unfinished.extend_from_slice(piece);
        }
    }

    fn read_lines(&mut self, bytes: &[u8], visitor: &mut impl Visitor) {
        if self.order.has_next() {
            return self.follow_lines(bytes, visitor);
        }
        // One check of a whole block is several times faster than one for each line.
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let mut from = 0;
                for end in memchr::memchr_iter(b'\n', bytes) {
                    self.read_line(&text[from..end], visitor);
                    from = end + 1;
                }
            }
            Err(_) => bytes.split_inclusive(|byte| *byte == b'\n').for_each(|line| {
                self.read_line_bytes(&line[..line.len() - 1], visitor);
            }),
        }
    }

    /// Reads lines along those of the body before: of one that stands as it did only the value.
    fn follow_lines(&mut self, bytes: &[u8], visitor: &mut impl Visitor) {
        let (mut from, mut followed) = (0, 0..0);
        while from < bytes.len() {
            let rest = &bytes[from..];
            let may_be_negative = self.described.kind != Some(MetricKind::Histogram);
            if let Some(known) = self.order.follow(rest, may_be_negative) {
                match known.of {
                    Some(of) => visitor.again(of, known.value),
                    None => visitor.passed(known.lines.into()),
                }
                self.line += u64::from(known.lines);
                followed = from..from + known.bytes;
                from = followed.end;
            } else {
                let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                self.note_name_of(&bytes[std::mem::take(&mut followed)]);
                self.read_line_bytes(&rest[..end], visitor);
                from += end + 1;
            }
        }
        self.note_name_of(&bytes[followed]);
    }

    /// Notes the name of the last of these lines, which were followed and not read in full.
    fn note_name_of(&mut self, lines: &[u8]) {
        let last = lines.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty());
        let Some(Ok(line)) = last.map(std::str::from_utf8) else { return };
        if let Ok(sample) = self.samples.read(line, &self.last_name)
            && sample.name != self.last_name
        {
            self.last_name = sample.name.into_owned();
        }
    }

    fn read_line_bytes(&mut self, bytes: &[u8], visitor: &mut impl Visitor) {
        match std::str::from_utf8(bytes) {
            Ok(line) => self.read_line(line, visitor),
            // A comment may be in any encoding; a sample, HELP or TYPE may not.
            Err(_) if is_plain_comment(bytes) => {
                self.line += 1;
                self.order.note_other();
            }
            Err(_) => self.refuse_line("not UTF-8", visitor),
        }
    }

    fn refuse_line(&mut self, reason: &'static str, visitor: &mut impl Visitor) {
        self.line += 1;
        self.order.note_other();
        visitor.refused(Refused { line: self.line, reason });
    }

    fn read_line(&mut self, line: &str, visitor: &mut impl Visitor) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.len() > LONGEST_LINE {
            return self.refuse_line("the line is too long", visitor);
        }
        let blanks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let read = match line.as_bytes().get(blanks) {
            None => {
                self.order.note_other();
                Ok(())
            }
            Some(b'#') => {
                let read = self.read_comment(&line[blanks + 1..], visitor);
                self.order.note_other();
                read
            }
            Some(_) => self.read_sample(line, visitor),
        };
        match read {
            Ok(()) => self.line += 1,
            Err(reason) => self.refuse_line(reason, visitor),
        }
    }

    fn read_sample(&mut self, line: &str, visitor: &mut impl Visitor) -> Result<(), &'static str> {
        let sample = self.samples.read(line, &self.last_name)?;
        self.described.check_sample(&sample)?;
        // What has more behind its value, or nothing before it, is read in full each time.
        let start = &line[..line.len() - sample.value_text.len()];
        let is_plain = start.ends_with(' ') && sample.timestamp_ms.is_none() && !line.ends_with([' ', '\t']);
        visitor.sample(&sample);
        if is_plain {
            self.order.note_sample(start, visitor.remembered());
        } else {
            self.order.note_other();
        }
        if sample.name != self.last_name {
            self.last_name.clear();
            self.last_name.push_str(&sample.name);
        }
        Ok(())
    }

    /// What follows a `#`.
    fn read_comment(&mut self, text: &str, visitor: &mut impl Visitor) -> Result<(), &'static str> {
        let Some((is_help, rest)) = keyword(text) else { return Ok(()) };
        if rest.is_empty() {
            return Ok(());
        }
        let mut place = LineReader::new(rest);
        let name = place.read_described_name()?;
        place.skip_blanks();
        let text = place.rest();
        if text.is_empty() {
            Ok(())
        } else if is_help {
            let noted = self.described.note_help(&name);
            self.order.note_kind(&self.described.name, self.described.kind.map(|kind| kind as u8));
            noted?;
            visitor.help(&name, text);
            Ok(())
        } else {
            let kind = MetricKind::from_word(text.trim_end()).ok_or("an unknown metric type")?;
            self.read_type(&name, kind)?;
            visitor.kind(&name, kind);
            Ok(())
        }
    }

    fn read_type(&mut self, name: &str, kind: MetricKind) -> Result<(), &'static str> {
        if name == self.last_name {
            return Err("TYPE after the metric's samples");
        }
        let noted = self.described.note_kind(name, kind);
        self.order.note_kind(&self.described.name, self.described.kind.map(|kind| kind as u8));
        noted
    }
}

/// Whether the comment is HELP (or else TYPE), and what follows the word; `None` for any other comment.
fn keyword(comment: &str) -> Option<(bool, &str)> {
    let blanks = [' ', '\t'];
    if !comment.starts_with(blanks) {
        return None;
    }
    let text = comment.trim_start_matches(blanks);
    let (word, rest) = text.split_at(text.find(blanks).unwrap_or(text.len()));
    let is_help = match word {
        "HELP" => true,
        "TYPE" => false,
        _ => return None,
    };
    Some((is_help, rest.trim_start_matches(blanks)))
}

fn is_plain_comment(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    text.first() == Some(&b'#') && {
        let word = text[1..].trim_ascii_start();
        !word.starts_with(b"HELP") && !word.starts_with(b"TYPE")
    }
}

impl Described {
    fn begin_metric(&mut self, name: &str) {
        if self.name != name {
            self.name.clear();
            self.name.push_str(name);
            self.helped = false;
            self.kind = None;
        }
    }

    fn note_help(&mut self, name: &str) -> Result<(), &'static str> {
        self.begin_metric(name);
        if std::mem::replace(&mut self.helped, true) { Err("a second HELP for the metric") } else { Ok(()) }
    }

    fn note_kind(&mut self, name: &str, kind: MetricKind) -> Result<(), &'static str> {
        self.begin_metric(name);
        if self.kind.replace(kind).is_some() { Err("a second TYPE for the metric") } else { Ok(()) }
    }

    /// Whether a sample is one that its histogram or summary can have.
    fn check_sample(&self, sample: &Sample<'_>) -> Result<(), &'static str> {
        match self.kind {
            Some(MetricKind::Histogram) => self.check_in_histogram(sample),
            Some(MetricKind::Summary) if sample.name == self.name => {
                check_number_in(sample, "quantile", "the quantile is not a number")
            }
            _ => Ok(()),
        }
    }

    fn check_in_histogram(&self, sample: &Sample<'_>) -> Result<(), &'static str> {
        let part = sample.name.strip_prefix(self.name.as_str());
        if matches!(part, Some("_bucket" | "_count")) && sample.value < 0.0 {
            return Err("a negative count in a histogram");
        }
        if part == Some("_bucket") {
            check_number_in(sample, "le", "the bucket's bound is not a number")
        } else {
            Ok(())
        }
    }
}

fn check_number_in(sample: &Sample<'_>, label: &str, reason: &'static str) -> Result<(), &'static str> {
    let is_number = sample.labels.get(label).is_none_or(|text| fast_float2::parse::<f64, _>(text.as_bytes()).is_ok());
    if is_number { Ok(()) } else { Err(reason) }
}
