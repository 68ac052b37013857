//! The rows of a capture as they are written: one JSON object a line, packed by zstd.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use zstd::stream::write::Encoder;

use crate::bodies::pseudonyms::CaptureRow;
use crate::clock;

const LEVEL: i32 = 7;

/// A row with the Unix seconds of the machine's clock: what is made of a capture says of which day it is.
#[derive(Serialize)]
struct DatedRow<'a> {
    #[serde(flatten)]
    row: &'a CaptureRow,
    unix: u64,
}

/// A capture that is written.
pub(crate) struct RowWriter {
    path: PathBuf,
    encoder: Option<Encoder<'static, fs::File>>,
}

impl RowWriter {
    /// Begins a capture in a folder. Err: it cannot be written, or there is a capture already.
    pub(crate) fn create(folder: &Path) -> Result<Self, String> {
        let path = folder.join("scrapes.jsonl.zst");
        let wrong = |error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => format!("{}: there is a capture already", folder.display()),
            _ => format!("{}: {error}", path.display()),
        };
        fs::create_dir_all(folder).map_err(wrong)?;
        if folder.join("scrapes.jsonl").exists() {
            return Err(wrong(io::ErrorKind::AlreadyExists.into()));
        }
        let file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(wrong)?;
        let encoder = Encoder::new(file, LEVEL).map_err(wrong)?;
        Ok(Self { path, encoder: Some(encoder) })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes an answer that came now.
    pub(crate) fn write(&mut self, row: &CaptureRow) -> Result<(), String> {
        let Some(encoder) = &mut self.encoder else { return Ok(()) };
        let (mut line, row) = (Vec::new(), DatedRow { row, unix: clock::unix_secs() });
        let written = row.serialize(&mut Serializer::with_formatter(&mut line, Spaced)).map_err(io::Error::from);
        line.push(b'\n');
        written.and_then(|()| encoder.write_all(&line)).map_err(|error| format!("{}: {error}", self.path.display()))
    }

    /// Ends the capture. Without, its end cannot be read.
    pub(crate) fn finish(&mut self) -> Result<(), String> {
        let Some(encoder) = self.encoder.take() else { return Ok(()) };
        let ended = encoder.finish().and_then(|file| file.sync_all());
        ended.map_err(|error| format!("{}: {error}", self.path.display()))
    }
}

/// JSON with a space after each colon and comma, as the captures of the lab have it: a reader finds paths by that form.
struct Spaced;

impl Formatter for Spaced {
    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
