//! The sample lines of a page as they last stood there, so that a line that comes again is not read again.
//!
//! From poll to poll a server prints its series in nearly the same order. Of each line is kept a hash of what stands before
//! its value, and whose value that is. Where the next line has that hash, only its value is read; where it has not, it is
//! read in full, and what is kept is mended.
//!
//! A hash of 64 bits beside the length stands for the text. Of lines that differ one in 2⁶⁴ is taken for another: of a
//! hundred thousand changed lines a second, one in millions of years. Whoever could aim at that writes the page, and could
//! as well write another number there.

use std::hash::{BuildHasher as _, Hasher as _};
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::telemetry::sample_line::parse_number;

/// So many lines in a row that nobody wants are kept as one: a page may hold a million of them.
const MOST_TOGETHER: u16 = 32;

/// Where a line is another, it is looked for among so many that follow: those before it are gone.
const LOOK_AHEAD: usize = 64;

/// Stands in place of whose value it is.
const UNWANTED: u32 = u32::MAX;

/// How a visitor wants a sample's line to be remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKept {
    /// It is read in full each time.
    Not,
    /// When it comes again it is only counted.
    Unwanted,
    /// When it comes again its value is given with that number, which is less than `u32::MAX`.
    As(u32),
}

/// The lines of a body, to read the next one by.
#[derive(Clone, Debug, Default)]
pub struct KnownLines(Arc<Vec<KnownLine>>);

impl KnownLines {
    /// The same lines under other numbers; those that have none any more are forgotten.
    pub(super) fn renumbered(&self, number: impl Fn(u32) -> Option<u32>) -> Self {
        let lines = self.0.iter().filter_map(|line| match line.of {
            UNWANTED => Some(*line),
            of => Some(KnownLine { of: number(of)?, ..*line }),
        });
        Self(Arc::new(lines.collect()))
    }
}

/// A line, or several in a row that nobody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KnownLine {
    hash: u64,
    of: u32,
    /// Bytes before the value, of all lines together.
    length: u16,
    lines: u16,
}

/// Lines that stand as they did.
pub(super) struct Followed {
    /// Whose value it is; of no line that nobody wants.
    pub(super) of: Option<u32>,
    pub(super) value: f64,
    pub(super) lines: u16,
    pub(super) bytes: usize,
}

/// Goes along the lines of a body and those of the one before.
#[derive(Debug, Default)]
pub(super) struct Order {
    before: KnownLines,
    next: usize,
    /// The lines of this body, once they are not the same.
    now: Option<Vec<KnownLine>>,
    /// So many lines are read in full: they are of several that changed.
    apart: u16,
    /// Whether the last line noted is one that nobody wants, right before this one.
    is_open: bool,
    /// What else decides over a line: the TYPE that it stands below.
    below: FixedState,
}

impl Order {
    pub(super) fn following(before: &KnownLines) -> Self {
        Self { before: before.clone(), ..Self::default() }
    }

    /// Whether a line may be one that is known.
    pub(super) fn has_next(&self) -> bool {
        self.next < self.before.0.len()
    }

    /// The lines that follow stand below the TYPE of that metric, told by a number.
    pub(super) fn note_kind(&mut self, name: &str, kind: Option<u8>) {
        let seed = FixedState::default().hash_one((name, kind));
        self.below = FixedState::with_seed(seed);
    }

    /// Something else than a sample stands here.
    pub(super) fn note_other(&mut self) {
        self.is_open = false;
    }

    /// Notes a line that was read in full, by what stands before its value.
    pub(super) fn note_sample(&mut self, start: &str, remembered: LineKept) {
        let was_open = std::mem::take(&mut self.is_open);
        let of = match remembered {
            LineKept::Not => return,
            LineKept::Unwanted => UNWANTED,
            LineKept::As(of) => of,
        };
        let Ok(length) = u16::try_from(start.len()) else { return };
        let line = KnownLine { hash: self.hash_of(start.as_bytes()), of, length, lines: 1 };
        if self.before.0.get(self.next) == Some(&line) {
            return self.pass(line);
        }
        self.is_open = of == UNWANTED;
        let now = self.mend();
        match now.last_mut().and_then(|last| last.with(line)).filter(|_| was_open && of == UNWANTED) {
            Some(together) => now.last_mut().into_iter().for_each(|last| *last = together),
            None => now.push(line),
        }
    }

    /// The lines at the start of `rest`, if they are those that are to come. `rest` ends with a newline; values below 0 are
    /// not read here where they may be wrong.
    #[inline]
    pub(super) fn follow(&mut self, rest: &[u8], may_be_negative: bool) -> Option<Followed> {
        let known = *self.before.0.get(self.next)?;
        if self.apart > 0 || known.of == UNWANTED {
            return self.follow_unwanted(known, rest, may_be_negative);
        }
        let length = known.length as usize;
        if rest.get(..length).is_some_and(|start| self.hash_of(start) == known.hash) {
            let followed = known.read_value(&rest[length..], may_be_negative)?;
            self.pass(known);
            return Some(followed);
        }
        self.look_ahead(rest, may_be_negative)
    }

    /// The lines of this body; `None` where they are the same as before.
    pub(super) fn end(mut self) -> Option<KnownLines> {
        if self.has_next() {
            self.mend();
        }
        let mut now = self.now?;
        now.shrink_to_fit();
        Some(KnownLines(Arc::new(now)))
    }

    fn follow_unwanted(&mut self, known: KnownLine, rest: &[u8], may_be_negative: bool) -> Option<Followed> {
        if is_other(rest) {
            return None;
        }
        if self.apart > 0 {
            self.apart -= 1;
            return None;
        }
        let followed = self.read_together(known, rest, may_be_negative);
        if followed.is_some() {
            self.pass(known);
        } else {
            self.mend();
            self.next += 1;
            self.apart = known.lines - 1;
        }
        followed
    }

    /// Lines that nobody wants, if all of them stand there with values that can be read.
    fn read_together(&self, known: KnownLine, rest: &[u8], may_be_negative: bool) -> Option<Followed> {
        let mut read = KnownLine { hash: 0, of: UNWANTED, length: 0, lines: 0 };
        let mut bytes = 0;
        for _ in 0..known.lines {
            let start = start_of(&rest[bytes..])?;
            let line =
                KnownLine { hash: self.hash_of(start), of: UNWANTED, length: start.len().try_into().ok()?, lines: 1 };
            bytes += line.read_value(&rest[bytes + start.len()..], may_be_negative)?.bytes;
            read = if read.lines == 0 { line } else { read.with(line)? };
        }
        (read == known).then_some(Followed { of: None, value: 0.0, lines: known.lines, bytes })
    }

    fn look_ahead(&mut self, rest: &[u8], may_be_negative: bool) -> Option<Followed> {
        let start = start_of(rest).filter(|_| !is_other(rest))?;
        let hash = self.hash_of(start);
        let is_it = |line: &KnownLine| line.hash == hash && line.of != UNWANTED && line.length as usize == start.len();
        let gone = self.before.0[self.next..].iter().take(LOOK_AHEAD).position(is_it)?;
        self.mend();
        self.next += gone;
        let known = *self.before.0.get(self.next)?;
        let followed = known.read_value(&rest[start.len()..], may_be_negative)?;
        self.pass(known);
        Some(followed)
    }

    /// The next line is the one that was to come.
    #[inline]
    fn pass(&mut self, known: KnownLine) {
        self.next += 1;
        if let Some(now) = &mut self.now {
            now.push(known);
        }
        self.is_open = false;
    }

    /// From here on the lines are others than before.
    fn mend(&mut self) -> &mut Vec<KnownLine> {
        self.now.get_or_insert_with(|| self.before.0[..self.next].to_vec())
    }

    #[inline]
    fn hash_of(&self, start: &[u8]) -> u64 {
        let mut hasher = self.below.build_hasher();
        hasher.write(start);
        hasher.finish()
    }
}

impl KnownLine {
    /// This one and the line after it, which nobody wants either.
    fn with(self, line: Self) -> Option<Self> {
        let hash = (self.hash.rotate_left(23) ^ line.hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let length = self.length.checked_add(line.length)?;
        (self.lines < MOST_TOGETHER).then_some(Self { hash, length, lines: self.lines + 1, ..self })
    }

    /// The line with the value that follows its start. Whatever is more than a plain number is left to a full reading.
    #[inline]
    fn read_value(self, text: &[u8], may_be_negative: bool) -> Option<Followed> {
        let (value, length) = parse_number(text)?;
        let is_plain = text.get(length) == Some(&b'\n') && !value.is_infinite() && (may_be_negative || value >= 0.0);
        let of = Some(self.of).filter(|of| *of != UNWANTED);
        let bytes = self.length as usize + length + 1;
        is_plain.then_some(Followed { of, value, lines: 1, bytes })
    }
}

/// Whether it is a comment or blank.
fn is_other(line: &[u8]) -> bool {
    matches!(line.first(), None | Some(b'#' | b'\n' | b'\r' | b' ' | b'\t'))
}

/// What stands before the value of the first line: all to its last blank.
fn start_of(rest: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b'\n', rest)?;
    let blank = rest[..end].iter().rposition(|byte| *byte == b' ')?;
    Some(&rest[..=blank])
}
