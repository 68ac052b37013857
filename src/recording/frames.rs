//! Where the frames of a file lie, and the text of one. Nothing is believed: sizes are found out, and growth is limited.

use std::io::Read as _;
use std::ops::Range;

use zstd::stream::read::Decoder;
use zstd::zstd_safe::find_frame_compressed_size;

use crate::recording::index::{HEAD_BYTES, MAGIC};

/// The first bytes of every zstd frame.
const FRAME_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A frame's text is no longer than this; what is longer is none of ours.
pub(super) const MOST_TEXT_BYTES: usize = 32 << 20;
/// A frame that wants a larger window is none of ours: 8 MiB.
const MOST_WINDOW_LOG: u32 = 23;
const CHUNK_BYTES: usize = 64 << 10;

/// What a piece of the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// A zstd frame, from its first byte to its last. Whether it is sound shows when it is read.
    Frame,
    /// A frame without an end: the file was cut, or is being written.
    Torn,
    /// The index.
    Index,
    /// Bytes that are none of these.
    Noise,
}

/// A piece of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FramePiece {
    pub(super) range: Range<usize>,
    pub(super) kind: PieceKind,
}

/// The pieces of a file, in order. After what cannot be read the next frame is looked for.
pub(super) fn pieces(bytes: &[u8]) -> Vec<FramePiece> {
    let mut found: Vec<FramePiece> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let is_ours = rest.starts_with(&FRAME_MAGIC) || rest.starts_with(&MAGIC);
        let size = if is_ours { find_frame_compressed_size(rest).ok() } else { None };
        let piece = match size.filter(|size| (HEAD_BYTES..=rest.len()).contains(size)) {
            Some(size) if rest.starts_with(&MAGIC) => FramePiece { range: at..at + size, kind: PieceKind::Index },
            Some(size) => FramePiece { range: at..at + size, kind: PieceKind::Frame },
            None => unreadable_piece(bytes, at),
        };
        at = piece.range.end;
        match found.last_mut().filter(|last| last.kind == PieceKind::Noise && piece.kind == PieceKind::Noise) {
            Some(last) => last.range.end = piece.range.end,
            None => found.push(piece),
        }
    }
    found
}

/// What begins here and has no end: up to the next frame, or to the end of the file.
fn unreadable_piece(bytes: &[u8], at: usize) -> FramePiece {
    let from = at + 1;
    let next = |magic: &[u8]| memchr::memmem::find(&bytes[from..], magic).map(|found| from + found);
    let end = [next(&FRAME_MAGIC), next(&MAGIC)].into_iter().flatten().min();
    let is_torn = end.is_none() && bytes[at..].starts_with(&FRAME_MAGIC);
    let kind = if is_torn { PieceKind::Torn } else { PieceKind::Noise };
    FramePiece { range: at..end.unwrap_or(bytes.len()), kind }
}

/// How much of a frame's text is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WantedText {
    /// All of it; what is damaged is none.
    Whole,
    /// As much as can be read.
    Torn,
    /// The first so many bytes.
    First(usize),
}

/// The text of a frame; of a torn one as much as can be read. Err: why there is none.
pub(super) fn text(frame: &[u8], is_torn: bool) -> Result<Vec<u8>, String> {
    read_text(frame, if is_torn { WantedText::Torn } else { WantedText::Whole })
}

/// The beginning of a frame's text.
pub(super) fn first_text(frame: &[u8], bytes: usize) -> Result<Vec<u8>, String> {
    read_text(frame, WantedText::First(bytes))
}

fn read_text(frame: &[u8], wanted: WantedText) -> Result<Vec<u8>, String> {
    let wrong = |error: std::io::Error| error.to_string();
    let mut decoder = Decoder::with_buffer(frame).map_err(wrong)?.single_frame();
    decoder.window_log_max(MOST_WINDOW_LOG).map_err(wrong)?;
    let mut text = Vec::new();
    let first_bytes = if let WantedText::First(bytes) = wanted { bytes } else { usize::MAX };
    let mut chunk = vec![0; CHUNK_BYTES.min(first_bytes)];
    while text.len() < first_bytes {
        match decoder.read(&mut chunk) {
            Ok(0) => break,
            Ok(count) => text.extend_from_slice(&chunk[..count]),
            Err(error) if wanted == WantedText::Whole => return Err(wrong(error)),
            Err(_) => break,
        }
        if text.len() > MOST_TEXT_BYTES {
            return Err(format!("more than {} MiB of text in one frame", MOST_TEXT_BYTES >> 20));
        }
    }
    Ok(text)
}
