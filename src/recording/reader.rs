//! Bytes in, events out.

use std::sync::Arc;

use crate::live::{SourceEvent, SourceId};
use crate::plural::counted;
use crate::recording::frames::{self, FramePiece, PieceKind};
use crate::recording::header::{Header, Recorded, RecordedOpening};
use crate::recording::index::{FrameEntryFile, IndexFile};
use crate::recording::line::LineFile;
use crate::recording::unpack::{Entry, Unpacked, Unpacker};

/// A line is no longer than this: the text of a scene is one.
const MOST_LINE_BYTES: usize = 8 << 20;
/// A frame's first line is found in so much of its text.
const FIRST_BYTES: usize = 4 << 10;

/// A recording, opened: its first frame is read, the others when they are asked for.
#[derive(Clone, Debug)]
pub struct Recording {
    bytes: Arc<[u8]>,
    header: Header,
    opening: Option<RecordedOpening>,
    pieces: Arc<[FramePiece]>,
    index: Option<Arc<IndexFile>>,
}

/// What is read next.
#[derive(Debug)]
pub enum Read {
    Entry(Entry),
    /// What was known when a frame began: for who begins with it, or comes to it after a gap.
    State(Vec<(SourceId, SourceEvent)>),
    /// Something cannot be read; what follows can.
    Damaged(Damage),
}

/// What cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Bytes before it.
    pub offset: usize,
    pub words: String,
    /// The file ends in the middle of a frame; whole lines before that were read.
    pub is_cut: bool,
}

impl Recording {
    /// Opens a recording. Err: why the bytes are none, or none that is read here.
    pub fn open(bytes: impl Into<Arc<[u8]>>) -> Result<Self, String> {
        let bytes: Arc<[u8]> = bytes.into();
        let pieces: Arc<[FramePiece]> = frames::pieces(&bytes).into();
        let first = pieces.first().filter(|piece| matches!(piece.kind, PieceKind::Frame | PieceKind::Torn));
        let first = first.ok_or("it is no recording: it does not begin with a zstd frame")?;
        let text = frames::text(&bytes[first.range.clone()], first.kind == PieceKind::Torn)
            .map_err(|error| format!("its first frame is damaged: {error}"))?;
        let mut lines = whole_lines(&text);
        let header = Header::read(lines.next().ok_or("its first line is cut short")?)?;
        let opening = read_opening(lines)?;
        let index = pieces.last().filter(|piece| piece.kind == PieceKind::Index);
        let index = index.and_then(|piece| IndexFile::read(&bytes[piece.range.clone()]));
        let index = index.filter(|index| is_of(index, &pieces)).map(Arc::new);
        Ok(Self { bytes, header, opening, pieces, index })
    }

    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How the talk was opened; none of a lab that was recorded without one.
    pub fn opening(&self) -> Option<&RecordedOpening> {
        self.opening.as_ref()
    }

    /// Whether it is of a talk, and cut before the talk began.
    pub fn is_cut_before_talk(&self) -> bool {
        self.header.what == Recorded::Talk && self.opening.is_none()
    }

    /// Bytes of the file.
    pub fn byte_count(&self) -> usize {
        self.bytes.len()
    }

    /// Whether it was closed: an index of all frames is at its end. That they are sound shows when they are read.
    pub fn is_closed(&self) -> bool {
        self.index.is_some()
    }

    /// The talk's time at which it begins: not 0 where it was begun within a talk.
    pub fn begins_secs(&self) -> f64 {
        self.opening().map_or(0.0, |opening| opening.begins_secs)
    }

    /// The time of its last event.
    pub fn last_secs(&self) -> f64 {
        if let Some(index) = &self.index {
            return index.end;
        }
        let last = (1..self.pieces.len()).rev().find(|piece| self.frame_secs(*piece).is_some());
        let mut cursor = Cursor::before(last.unwrap_or(1));
        let mut last_secs = 0.0;
        while let Some(read) = cursor.read(self) {
            if let Read::Entry(entry) = read {
                last_secs = f64::max(last_secs, entry.at_secs());
            }
        }
        last_secs
    }

    /// The place before the frame that holds this time of the talk: its state comes first.
    pub fn seek(&self, at_secs: f64) -> Cursor {
        let by_index = self.index.as_ref().map(|index| index.frames.partition_point(|frame| frame.1 <= at_secs));
        // Without an index the frames say themselves when they begin.
        let by_frames =
            || (1..self.pieces.len()).rev().find(|piece| self.frame_secs(*piece).is_some_and(|secs| secs <= at_secs));
        Cursor::before(by_index.or_else(by_frames).unwrap_or(1).max(1))
    }

    /// The talk's time at which a frame begins.
    fn frame_secs(&self, piece: usize) -> Option<f64> {
        let piece = self.pieces.get(piece).filter(|piece| matches!(piece.kind, PieceKind::Frame | PieceKind::Torn))?;
        let text = frames::first_text(&self.bytes[piece.range.clone()], FIRST_BYTES).ok()?;
        match serde_json::from_slice(whole_lines(&text).next()?).ok()? {
            LineFile::Key { at, .. } => Some(at),
            LineFile::Opening { .. }
            | LineFile::Text { .. }
            | LineFile::Signals(_)
            | LineFile::Lane { .. }
            | LineFile::Many { .. }
            | LineFile::Say { .. }
            | LineFile::Past { .. }
            | LineFile::Event { .. }
            | LineFile::Row { .. }
            | LineFile::End { .. } => None,
        }
    }
}

/// Whether an index is of these pieces: the first is the header's, the last is itself.
fn is_of(index: &IndexFile, pieces: &[FramePiece]) -> bool {
    let frames = &pieces[1..pieces.len().max(2) - 1];
    let is_at = |(entry, piece): (&FrameEntryFile, &FramePiece)| {
        piece.kind == PieceKind::Frame && usize::try_from(entry.0) == Ok(piece.range.start)
    };
    index.frames.len() == frames.len() && index.frames.iter().zip(frames).all(is_at)
}

fn whole_lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let end = memchr::memrchr(b'\n', text).unwrap_or(0);
    text[..end].split(|byte| *byte == b'\n')
}

fn read_opening<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Result<Option<RecordedOpening>, String> {
    let mut opening: Option<RecordedOpening> = None;
    let mut is_whole = false;
    for line in lines {
        let wrong = |error: serde_json::Error| format!("how the talk was opened is not read: {error}");
        match serde_json::from_slice(line).map_err(wrong)? {
            LineFile::Opening { look, at, cut, begins } => {
                let begins_secs = if begins.is_finite() { begins.max(0.0) } else { 0.0 };
                opening = Some(RecordedOpening { look, at, cut, begins_secs, ..RecordedOpening::default() });
            }
            LineFile::Text { file, text } => {
                opening.get_or_insert_default().texts.insert(file, text);
            }
            LineFile::End { .. } => is_whole = true,
            LineFile::Key { .. }
            | LineFile::Signals(_)
            | LineFile::Lane { .. }
            | LineFile::Many { .. }
            | LineFile::Say { .. }
            | LineFile::Past { .. }
            | LineFile::Event { .. }
            | LineFile::Row { .. } => {}
        }
    }
    // Without some of its files it would be another talk.
    Ok(opening.filter(|_| is_whole))
}

/// A place in a recording. It is small but for the text of the frame that it is in.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    /// The piece that is read next.
    piece: usize,
    text: Arc<[u8]>,
    /// Bytes of the text that were read.
    at: usize,
    /// Where the piece begins in the file.
    offset: usize,
    is_torn: bool,
    unpacker: Unpacker,
    has_ended: bool,
    lines: u64,
    samples: u64,
}

/// What the next piece of the file comes to.
enum OpenedPiece {
    /// Lines of a frame.
    Lines,
    /// Nothing that is read.
    Nothing,
    Damaged(Damage),
    /// There is no piece any more.
    End,
}

impl Cursor {
    /// The place before the first event.
    pub fn start() -> Self {
        Self::before(1)
    }

    fn before(piece: usize) -> Self {
        Self { piece, has_ended: true, ..Self::default() }
    }

    /// The same place, to be kept: without the text of the frame that it is in.
    pub(crate) fn without_text(&self) -> Self {
        Self { text: Arc::default(), ..self.clone() }
    }

    /// A place that was kept, with the text of its frame again.
    pub(crate) fn with_text(&self, recording: &Recording) -> Self {
        let mut place = self.clone();
        let frame = self.piece.checked_sub(1).and_then(|piece| recording.pieces.get(piece));
        if let Some(frame) = frame.filter(|_| self.at > 0) {
            place.text = frames::text(&recording.bytes[frame.range.clone()], self.is_torn).unwrap_or_default().into();
        }
        place
    }

    /// Lines and samples that were read.
    pub fn counts(&self) -> (u64, u64) {
        (self.lines + self.unpacker.lines(), self.samples + self.unpacker.samples())
    }

    /// What comes next; none at the end.
    pub fn read(&mut self, recording: &Recording) -> Option<Read> {
        loop {
            let text = Arc::clone(&self.text);
            while let Some(line) = next_line(&text, self.at) {
                self.at += line.len() + 1;
                match self.unpacker.line(line) {
                    Ok(Unpacked::Part) => {}
                    Ok(Unpacked::Entry(entry)) => return Some(Read::Entry(entry)),
                    Ok(Unpacked::State(state)) => return Some(Read::State(state)),
                    Ok(Unpacked::End { lines, samples }) => {
                        self.has_ended = true;
                        if (lines, samples) != (self.unpacker.lines(), self.unpacker.samples()) {
                            return Some(self.damage("a frame holds less than it says"));
                        }
                    }
                    Err(words) => {
                        self.has_ended = true;
                        self.at = self.text.len();
                        return Some(self.damage(&words));
                    }
                }
            }
            if !self.has_ended {
                self.has_ended = true;
                let words = if self.is_torn { "the file ends within a frame" } else { "a frame has no end" };
                return Some(self.damage(words));
            }
            match self.open_next(recording) {
                OpenedPiece::Lines | OpenedPiece::Nothing => {}
                OpenedPiece::Damaged(damage) => return Some(Read::Damaged(damage)),
                OpenedPiece::End => return None,
            }
        }
    }

    fn open_next(&mut self, recording: &Recording) -> OpenedPiece {
        let Some(piece) = recording.pieces.get(self.piece) else { return OpenedPiece::End };
        self.piece += 1;
        self.offset = piece.range.start;
        let damaged = |words: String| OpenedPiece::Damaged(Damage { offset: piece.range.start, words, is_cut: false });
        match piece.kind {
            PieceKind::Index => OpenedPiece::Nothing,
            PieceKind::Noise => damaged(format!("{} of no frame", counted(piece.range.len(), "byte"))),
            PieceKind::Frame | PieceKind::Torn => {
                self.is_torn = piece.kind == PieceKind::Torn;
                match frames::text(&recording.bytes[piece.range.clone()], self.is_torn) {
                    Ok(text) => {
                        self.begin_frame(text);
                        OpenedPiece::Lines
                    }
                    Err(words) => damaged(words),
                }
            }
        }
    }

    fn begin_frame(&mut self, text: Vec<u8>) {
        self.lines += self.unpacker.lines();
        self.samples += self.unpacker.samples();
        (self.text, self.at, self.has_ended) = (text.into(), 0, false);
        self.unpacker = Unpacker::default();
    }

    fn damage(&self, words: &str) -> Read {
        Read::Damaged(Damage { offset: self.offset, words: words.to_owned(), is_cut: self.is_torn })
    }
}

/// The next whole line from a place on, without its end. One that is too long ends the text.
fn next_line(text: &[u8], at: usize) -> Option<&[u8]> {
    let rest = text.get(at..)?;
    memchr::memchr(b'\n', rest).filter(|length| *length <= MOST_LINE_BYTES).map(|length| &rest[..length])
}
