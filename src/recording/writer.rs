//! Events in, bytes out: what is to be appended to the file.

use std::io::{self, Write as _};

use zstd::stream::write::Encoder;

use crate::live::SourceEvent;
use crate::presentation::event::{Event, Timed};
use crate::recording::header::{Header, RecordedOpening};
use crate::recording::index::{FrameEntryFile, IndexFile};
use crate::recording::line::LineFile;
use crate::recording::pack::{PackedLines, Packer};
use crate::recording::redact::Redactor;

/// A frame is of so much time, or of so much text where much happens: it is read whole to look into it.
const FRAME_SECS: f64 = 60.0;
const FRAME_BYTES: usize = 2 << 20;
/// A reader needs as much memory: 1 MiB.
const WINDOW_LOG: u32 = 20;

/// How hard is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// While a talk goes on: little time.
    Light,
    /// Once, for a file that is kept.
    Great,
}

impl Effort {
    fn level(self) -> i32 {
        match self {
            Self::Light => 3,
            Self::Great => 19,
        }
    }

    /// Of the files of a talk, which are most of a short recording, and are written before it begins.
    fn level_of_texts(self) -> i32 {
        self.level().max(9)
    }
}

/// A frame that is being written.
struct OpenFrame {
    encoder: Encoder<'static, Vec<u8>>,
    began_secs: f64,
    offset: u64,
    bytes: usize,
    lines: u64,
    samples: u64,
}

/// Makes a recording.
pub struct Writer {
    effort: Effort,
    redactor: Option<Redactor>,
    packer: Packer,
    frame: Option<OpenFrame>,
    /// Whole frames that were not taken yet.
    ready: Vec<u8>,
    /// Bytes of the recording before them.
    taken: u64,
    index: IndexFile,
    /// Bytes of text so far.
    text_bytes: u64,
}

impl Writer {
    /// Begins a recording; of a talk with how it was opened.
    pub fn new(header: &Header, opening: Option<&RecordedOpening>, effort: Effort) -> io::Result<Self> {
        let mut writer = Self {
            effort,
            redactor: header.is_redacted.then(Redactor::default),
            packer: Packer::default(),
            frame: None,
            ready: Vec::new(),
            taken: 0,
            index: IndexFile::default(),
            text_bytes: 0,
        };
        let mut first = PackedLines::default();
        first.push(&header.stored())?;
        writer.write_frame_alone(first.text, opening)?;
        Ok(writer)
    }

    /// The frame before the first event.
    fn write_frame_alone(&mut self, first: Vec<u8>, opening: Option<&RecordedOpening>) -> io::Result<()> {
        let mut lines = PackedLines { text: first, count: 0 };
        for line in opening.map(RecordedOpening::lines).unwrap_or_default() {
            lines.push(&line)?;
        }
        let mut frame = self.new_frame(0.0, self.effort.level_of_texts())?;
        frame.write(&lines)?;
        self.frame = Some(frame);
        self.end_frame()
    }

    fn new_frame(&self, began_secs: f64, level: i32) -> io::Result<OpenFrame> {
        let mut encoder = Encoder::new(Vec::new(), level)?;
        encoder.include_checksum(true)?;
        encoder.window_log(WINDOW_LOG)?;
        let offset = self.taken + self.ready.len() as u64;
        Ok(OpenFrame { encoder, began_secs, offset, bytes: 0, lines: 0, samples: 0 })
    }

    /// Adds an event.
    pub fn add_event(&mut self, timed: &Timed) -> io::Result<()> {
        let mut lines = PackedLines::default();
        self.make_room(timed.at)?;
        let redacted = self.redactor.as_mut().map(|redactor| redactor.redacted(timed));
        let timed = redacted.as_ref().unwrap_or(timed);
        self.packer.event(timed, &mut lines)?;
        self.write(&lines, samples_of(&timed.event))
    }

    /// Adds that a line of a script was answered.
    pub fn add_row(&mut self, at_secs: f64, words: &str) -> io::Result<()> {
        let mut lines = PackedLines::default();
        self.make_room(at_secs)?;
        self.packer.row(at_secs, words, &mut lines)?;
        self.write(&lines, 0)
    }

    /// Sees to it that there is a frame for what comes next, and that the one there is has not grown old.
    fn make_room(&mut self, at_secs: f64) -> io::Result<()> {
        let is_full = |frame: &OpenFrame| at_secs - frame.began_secs >= FRAME_SECS || frame.bytes >= FRAME_BYTES;
        if self.frame.as_ref().is_some_and(is_full) {
            self.end_frame()?;
        }
        if self.frame.is_none() {
            let mut lines = PackedLines::default();
            self.packer.begin_frame(self.index.frames.len() as u64, &mut lines)?;
            self.frame = Some(self.new_frame(at_secs, self.effort.level())?);
            self.write(&lines, 0)?;
        }
        Ok(())
    }

    fn write(&mut self, lines: &PackedLines, samples: u64) -> io::Result<()> {
        self.text_bytes += lines.text.len() as u64;
        let Some(frame) = &mut self.frame else { return Ok(()) };
        frame.samples += samples;
        frame.write(lines)
    }

    fn end_frame(&mut self) -> io::Result<()> {
        let Some(mut frame) = self.frame.take() else { return Ok(()) };
        let mut end = PackedLines::default();
        let (lines, samples) = (frame.lines, frame.samples);
        end.push(&LineFile::End { lines, samples, at: self.packer.at_secs() })?;
        frame.write(&end)?;
        // The frame before the first event is not looked for by its time.
        if frame.offset > 0 {
            self.index.frames.push(FrameEntryFile(frame.offset, frame.began_secs, samples));
        }
        self.ready.extend(frame.encoder.finish()?);
        Ok(())
    }

    /// Sees to it that all that was added can be read from what was taken, even if nothing more comes.
    pub fn flush(&mut self) -> io::Result<()> {
        self.frame.as_mut().map_or(Ok(()), |frame| frame.encoder.flush())
    }

    /// The bytes to append: all since this was last asked.
    pub fn drain(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.ready);
        if let Some(frame) = &mut self.frame {
            bytes.append(frame.encoder.get_mut());
        }
        self.taken += bytes.len() as u64;
        bytes
    }

    /// Ends the recording; the last bytes to append.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        self.end_frame()?;
        self.index.end = self.packer.at_secs();
        self.ready.extend(self.index.to_bytes()?);
        Ok(self.drain())
    }

    /// Bytes of the lines, before they were pressed.
    pub fn text_bytes(&self) -> u64 {
        self.text_bytes
    }
}

impl OpenFrame {
    fn write(&mut self, lines: &PackedLines) -> io::Result<()> {
        self.bytes += lines.text.len();
        self.lines += lines.count;
        self.encoder.write_all(&lines.text)
    }
}

fn samples_of(event: &Event) -> u64 {
    let Event::Source { news, .. } = event else { return 0 };
    let samples = |news: &SourceEvent| match news {
        SourceEvent::Scraped { report, .. } => report.samples,
        SourceEvent::Announced(_)
        | SourceEvent::Failed { .. }
        | SourceEvent::Inspected { .. }
        | SourceEvent::Asked { .. }
        | SourceEvent::Jumped
        | SourceEvent::Backfilled { .. }
        | SourceEvent::Recalled { .. }
        | SourceEvent::Shifted { .. } => 0,
    };
    news.iter().map(samples).sum()
}
