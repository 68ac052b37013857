//! One sample line of the text format: name, labels, value, timestamp; nothing is copied.

use std::borrow::Cow;

/// More labels than this on one sample are refused: telling double names apart must not become slow.
const MOST_LABELS: usize = 128;

/// One sample as it stands in the body.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    pub name: Cow<'a, str>,
    pub labels: Labels<'a>,
    pub value: f64,
    /// The value as it is written.
    pub value_text: &'a str,
    pub timestamp_ms: Option<i64>,
}

/// The labels of a sample, in the order written.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    line: &'a str,
    spans: &'a [LabelSpan],
}

/// Where a label's name and value stand in the line.
#[derive(Clone, Copy, Debug)]
struct LabelSpan {
    name: LinePiece,
    value: LinePiece,
}

#[derive(Clone, Copy, Debug, Default)]
struct LinePiece {
    from: u32,
    to: u32,
    escaped: bool,
}

impl LinePiece {
    fn text_in(self, line: &str) -> Cow<'_, str> {
        let text = &line[self.from as usize..self.to as usize];
        if self.escaped { Cow::Owned(unescaped(text)) } else { Cow::Borrowed(text) }
    }

    fn bytes(self, line: &str) -> &[u8] {
        &line.as_bytes()[self.from as usize..self.to as usize]
    }

    fn is_text(self, line: &str, text: &str) -> bool {
        if self.escaped { self.text_in(line) == text } else { self.bytes(line) == text.as_bytes() }
    }

    fn is_same(self, other: Self, line: &str) -> bool {
        let either_escaped = self.escaped || other.escaped;
        if either_escaped { self.text_in(line) == other.text_in(line) } else { self.bytes(line) == other.bytes(line) }
    }
}

impl<'a> Labels<'a> {
    /// Names and values, unescaped.
    pub fn iter(self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> {
        self.spans.iter().map(move |span| (span.name.text_in(self.line), span.value.text_in(self.line)))
    }

    /// The value of the label of that name.
    pub(crate) fn get(self, name: &str) -> Option<Cow<'a, str>> {
        let found = self.spans.iter().find(|span| span.name.is_text(self.line, name))?;
        Some(found.value.text_in(self.line))
    }

    pub fn is_empty(self) -> bool {
        self.spans.is_empty()
    }
}

/// The text of a quoted string: `\\`, `\"` and `\n` are the only escapes, which [`LineReader::read_quoted`] has made sure of.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(char) = rest.next() {
        match char {
            '\\' => out.push(rest.next().map_or('\\', |escaped| if escaped == 'n' { '\n' } else { escaped })),
            _ => out.push(char),
        }
    }
    out
}

const NAME_START: u8 = 1;
const NAME_REST: u8 = 2;
const LABEL_START: u8 = 4;
const LABEL_REST: u8 = 8;

/// What each byte may be in a name.
const CLASS: [u8; 256] = name_classes();

const fn name_classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => NAME_START | NAME_REST | LABEL_START | LABEL_REST,
            b':' => NAME_START | NAME_REST,
            b'0'..=b'9' => NAME_REST | LABEL_REST,
            _ => 0,
        };
        byte += 1;
    }
    table
}

fn is_in_class(byte: u8, class: u8) -> bool {
    CLASS[byte as usize] & class != 0
}

/// A place in a line. The line holds no newline, and ends without a carriage return.
pub(super) struct LineReader<'a> {
    text: &'a str,
    at: usize,
}

/// Reads sample lines one after the other.
#[derive(Debug, Default)]
pub(super) struct SampleReader {
    /// The labels of the line that is read.
    spans: Vec<LabelSpan>,
    shape: LineShape,
}

/// A line that was read in full: most lines have the same name and the same labels with other values.
#[derive(Debug, Default)]
struct LineShape {
    /// All of it before its value; empty where none is kept.
    start: Vec<u8>,
    name: LinePiece,
    spans: Vec<LabelSpan>,
}

impl SampleReader {
    /// The sample of a line. `last_name` is the name of the sample before.
    pub(super) fn read<'a>(&'a mut self, line: &'a str, last_name: &str) -> Result<Sample<'a>, &'static str> {
        self.spans.clear();
        let mut place = LineReader { text: line, at: 0 };
        let name = if let Some(start) = self.shape.follow(line.as_bytes(), &mut self.spans) {
            place.at = start;
            self.shape.name
        } else {
            self.spans.clear();
            let name = place.read_start(last_name, &mut self.spans)?;
            place.skip_blanks();
            self.shape.keep(&line.as_bytes()[..place.at], name, &self.spans);
            name
        };
        let name = name.text_in(line);
        let (value, value_text) = place.read_value()?;
        let timestamp_ms = place.read_timestamp()?;
        Ok(Sample { name, labels: Labels { line, spans: &self.spans }, value, value_text, timestamp_ms })
    }
}

impl LineShape {
    /// Finds the labels of a line that has this shape, and answers where its value begins. A label with an escape is left to
    /// a full reading.
    fn follow(&self, line: &[u8], spans: &mut Vec<LabelSpan>) -> Option<usize> {
        if self.start.is_empty() {
            return None;
        }
        // Up to where it was compared: in the line that is kept, and in this one.
        let (mut kept, mut at) = (0, 0);
        for span in &self.spans {
            let between = &self.start[kept..span.value.from as usize];
            if !line.get(at..)?.starts_with(between) {
                return None;
            }
            let from = at + between.len();
            let length = quote_or_escape(&line[from..])?;
            if line[from + length] != b'"' {
                return None;
            }
            let shifted = |place: u32| (place as usize + at - kept) as u32;
            let name = LinePiece { from: shifted(span.name.from), to: shifted(span.name.to), ..span.name };
            let value = LinePiece { from: from as u32, to: (from + length) as u32, escaped: false };
            spans.push(LabelSpan { name, value });
            (kept, at) = (span.value.to as usize, from + length);
        }
        let end = &self.start[kept..];
        let rest = line.get(at..)?.strip_prefix(end)?;
        // Labels may begin after a blank, too.
        (!matches!(rest.first(), Some(b'{' | b' ' | b'\t'))).then_some(line.len() - rest.len())
    }

    /// Keeps a line by what stands before its value, unless its name may be elsewhere in another line of this shape.
    fn keep(&mut self, start: &[u8], name: LinePiece, spans: &[LabelSpan]) {
        self.start.clear();
        self.spans.clear();
        if spans.first().is_none_or(|first| name.to <= first.name.from) && start.ends_with(b" ") {
            self.start.extend_from_slice(start);
            self.spans.extend_from_slice(spans);
            self.name = name;
        }
    }
}

/// A label may stand once, and none may be called `__name__`.
fn check_names(line: &str, spans: &[LabelSpan]) -> Result<(), &'static str> {
    for (index, span) in spans.iter().enumerate() {
        if span.name.is_text(line, "") {
            return Err("not a label name");
        }
        if span.name.is_text(line, "__name__") {
            return Err("the label name __name__ is reserved");
        }
        if spans[..index].iter().any(|other| other.name.is_same(span.name, line)) {
            return Err("the same label name twice");
        }
    }
    Ok(())
}

impl<'a> LineReader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The next byte; 0 at the end, which is valid nowhere outside quotes.
    fn peek(&self) -> u8 {
        self.bytes().get(self.at).copied().unwrap_or(0)
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn skip_blanks(&mut self) {
        while matches!(self.peek(), b' ' | b'\t') {
            self.at += 1;
        }
    }

    /// Name and labels, which end before the value.
    fn read_start(&mut self, last_name: &str, spans: &mut Vec<LabelSpan>) -> Result<LinePiece, &'static str> {
        self.skip_blanks();
        let mut name = self.read_bare_name(last_name);
        self.skip_blanks();
        if self.peek() == b'{' {
            self.at += 1;
            self.read_labels(&mut name, spans)?;
            check_names(self.text, spans)?;
        } else if name.is_some() && !matches!(self.bytes().get(self.at.wrapping_sub(1)), Some(b' ' | b'\t')) {
            return Err("a character that a metric name may not have, or no value");
        }
        name.filter(|name| name.from < name.to).ok_or("no metric name")
    }

    fn read_bare_name(&mut self, last_name: &str) -> Option<LinePiece> {
        let from = self.at;
        let rest = &self.bytes()[from..];
        if !last_name.is_empty()
            && rest.starts_with(last_name.as_bytes())
            && rest.get(last_name.len()).is_some_and(|next| !is_in_class(*next, NAME_REST))
        {
            self.at += last_name.len();
        } else if is_in_class(self.peek(), NAME_START) {
            self.skip_class(NAME_REST);
        } else {
            return None;
        }
        Some(self.piece_from(from))
    }

    /// A metric's name in a HELP or TYPE line, bare or quoted, unescaped.
    pub(super) fn read_described_name(&mut self) -> Result<Cow<'a, str>, &'static str> {
        let name = if self.peek() == b'"' { Some(self.read_quoted()?) } else { self.read_bare_name("") };
        let ended = matches!(self.peek(), b' ' | b'\t') || self.at == self.text.len();
        name.filter(|_| ended).map(|piece| piece.text_in(self.text)).ok_or("not a metric name")
    }

    fn skip_class(&mut self, class: u8) {
        self.at += self.bytes()[self.at..].iter().take_while(|byte| is_in_class(**byte, class)).count();
    }

    fn piece_from(&self, from: usize) -> LinePiece {
        LinePiece { from: from as u32, to: self.at as u32, escaped: false }
    }

    /// What follows `{`, to the `}` that ends it; a quoted string without `=` is the metric's name.
    fn read_labels(&mut self, name: &mut Option<LinePiece>, spans: &mut Vec<LabelSpan>) -> Result<(), &'static str> {
        loop {
            self.skip_blanks();
            if self.peek() == b'}' {
                self.at += 1;
                return Ok(());
            }
            self.read_label(name, spans)?;
            self.skip_blanks();
            if self.peek() == b',' {
                self.at += 1;
            }
        }
    }

    fn read_label(&mut self, name: &mut Option<LinePiece>, spans: &mut Vec<LabelSpan>) -> Result<(), &'static str> {
        let quoted = self.peek() == b'"';
        let label = if quoted { self.read_quoted()? } else { self.read_bare_label()? };
        self.skip_blanks();
        if self.peek() == b'=' {
            self.at += 1;
            self.skip_blanks();
            let value = self.read_quoted()?;
            if spans.len() >= MOST_LABELS {
                return Err("too many labels");
            }
            spans.push(LabelSpan { name: label, value });
            Ok(())
        } else if quoted && name.is_none() {
            *name = Some(label);
            Ok(())
        } else {
            Err(if quoted { "a second metric name, or no '=' after a label name" } else { "no '=' after a label name" })
        }
    }

    fn read_bare_label(&mut self) -> Result<LinePiece, &'static str> {
        let from = self.at;
        if !is_in_class(self.peek(), LABEL_START) {
            return Err(if from >= self.text.len() { "the labels do not end" } else { "not a label name" });
        }
        self.skip_class(LABEL_REST);
        Ok(self.piece_from(from))
    }

    fn read_quoted(&mut self) -> Result<LinePiece, &'static str> {
        if self.peek() != b'"' {
            return Err("no '\"' at the start of a label value");
        }
        self.at += 1;
        let from = self.at;
        let mut escaped = false;
        loop {
            let rest = &self.bytes()[self.at..];
            let next = quote_or_escape(rest).ok_or("a quoted string does not end")?;
            self.at += next + 1;
            if rest[next] == b'"' {
                return Ok(LinePiece { from: from as u32, to: self.at as u32 - 1, escaped });
            }
            if !matches!(rest.get(next + 1), Some(b'"' | b'\\' | b'n')) {
                return Err("an escape that is none of \\\\, \\\" and \\n");
            }
            escaped = true;
            self.at += 1;
        }
    }

    fn read_value(&mut self) -> Result<(f64, &'a str), &'static str> {
        self.skip_blanks();
        let from = self.at;
        if from >= self.text.len() {
            return Err("no value");
        }
        let (value, length) = parse_number(&self.bytes()[from..]).ok_or("the value is not a number")?;
        self.at += length;
        if self.at < self.text.len() && !matches!(self.peek(), b' ' | b'\t') {
            return Err("the value is not a number");
        }
        let text = &self.text[from..self.at];
        if value.is_infinite() && text.contains(|char: char| char.is_ascii_digit()) {
            return Err("the value is too large");
        }
        Ok((value, text))
    }

    fn read_timestamp(&mut self) -> Result<Option<i64>, &'static str> {
        self.skip_blanks();
        let rest = self.rest();
        if rest.is_empty() {
            return Ok(None);
        }
        let digits = rest.trim_end_matches([' ', '\t']);
        if digits.contains([' ', '\t']) {
            return Err("more after the timestamp");
        }
        digits.parse().map(Some).map_err(|_cause| "the timestamp is not a whole number of milliseconds")
    }
}

/// Where the first `"` or `\\` stands. Values are short: eight bytes at a time are faster than calling a search for each.
fn quote_or_escape(text: &[u8]) -> Option<usize> {
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found =
            zero_bytes(word ^ u64::from_le_bytes([b'"'; 8])) | zero_bytes(word ^ u64::from_le_bytes([b'\\'; 8]));
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let in_rest = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    Some(text.len() - rest.len() + in_rest)
}

/// The high bit of each byte that is zero; the lowest one set is always right.
fn zero_bytes(word: u64) -> u64 {
    const LOW: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    word.wrapping_sub(LOW) & !word & HIGH
}

/// The number at the start of the text, and how many bytes it takes.
#[inline]
pub(super) fn parse_number(text: &[u8]) -> Option<(f64, usize)> {
    let digits = text.iter().take(18).take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 0 && text.get(digits).is_none_or(|next| matches!(next, b' ' | b'\t' | b'\n')) {
        let whole = text[..digits].iter().fold(0, |whole: u64, digit| whole * 10 + u64::from(digit - b'0'));
        return Some((whole as f64, digits));
    }
    fast_float2::parse_partial(text).ok().filter(|(_, length)| *length > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_the_same_after_whatever_line() {
        let lines = [
            r"up 1",
            r"up  2",
            r"upper 3",
            r#"up {a="b"} 4"#,
            r#"up{a="b"} 5"#,
            r#"up{a="a longer value"} 6"#,
            r#"up{a="b",c="d"} 7"#,
            r#"up{a="b",c="d"} 7 1700000000000"#,
            r#"up{a="b",c="d"}8"#,
            r#"up{a="b", c="d" } 9"#,
            r#"up{a="x\"y",c="\\"} 10"#,
            r#"up{a="b",a="c"} 11"#,
            r#"up{a="b",c="d"} {e="f"} 12"#,
            r#"up{a="b",c="d"#,
            r#"up{a="b",c="d"}"#,
            r#"up{a="b",c="d"} "#,
            r#"{"up",a="b"} 13"#,
            r#"{a="b","up"} 14"#,
            r#"{a="b","down"} 15"#,
            r#"{"d\\own",a="b"} 16"#,
            r#" up{a="b",c="d"} 17"#,
            r#"down{a="b",c="d"} 18"#,
            r#"up{a="ü",c=""} -19e3"#,
            r#"up{__name__="b",c="d"} 20"#,
        ];
        let told = |reader: &mut SampleReader, line: &str| {
            let sample = reader.read(line, "up").map_err(str::to_owned)?;
            let labels: Vec<_> = sample.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
            Ok::<_, String>(format!("{} {labels:?} {} {:?}", sample.name, sample.value_text, sample.timestamp_ms))
        };
        for before in lines {
            for line in lines {
                let mut reader = SampleReader::default();
                let alone = told(&mut reader, line);
                let mut reader = SampleReader::default();
                drop(told(&mut reader, before));
                assert_eq!(told(&mut reader, line), alone, "{line} after {before}");
                assert_eq!(told(&mut reader, before), told(&mut SampleReader::default(), before), "{before} again");
            }
        }
    }
}
