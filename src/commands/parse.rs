//! `parse`: what the text-format parser understood of files.
#![expect(clippy::disallowed_methods, reason = "a command reads the files it is given")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use crate::telemetry::exposition::{Parser, Refused, Sample, Visitor};

/// Show what the text-format parser understood.
///
/// Example: tierlight parse scrape.txt --json
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ParseArgs {
    /// Files in the Prometheus text format.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// One JSON object with every sample and every refused line.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs `parse`. Lines that are refused are listed and are no error; a file that cannot be read is.
pub(crate) fn parse(args: &ParseArgs, out: &mut dyn Write) -> Result<u8, String> {
    for file in &args.files {
        open_file(file)?;
    }
    let written = if args.json { write_json(&args.files, out) } else { write_words(&args.files, out) };
    written.map(|()| 0).map_err(|error| error.to_string())
}

fn open_file(path: &Path) -> Result<File, String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| wrong(&error))?;
    let is_folder = file.metadata().map_err(|error| wrong(&error))?.is_dir();
    if is_folder { Err(wrong(&"is a folder")) } else { Ok(file) }
}

/// Feeds a file to a visitor, block by block.
fn read_file(path: &Path, visitor: &mut impl Visitor) -> io::Result<()> {
    let mut file = open_file(path).map_err(io::Error::other)?;
    let mut parser = Parser::new();
    let mut block = vec![0; 1 << 18];
    loop {
        let length = file.read(&mut block)?;
        if length == 0 {
            parser.finish(visitor);
            return Ok(());
        }
        parser.feed(&block[..length], visitor);
    }
}

fn write_json(files: &[PathBuf], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"schema\":1,\"files\":[")?;
    for (index, path) in files.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        write!(out, "{comma}{{\"file\":{},\"samples\":[", json!(path.to_string_lossy()))?;
        let mut writer = JsonWriter { out, samples: 0, refused: Vec::new(), failed: None };
        read_file(path, &mut writer)?;
        let (refused, failed) = (writer.refused, writer.failed);
        failed.map_or(Ok(()), Err)?;
        let refused: Vec<_> = refused.iter().map(|line| json!({"line": line.line, "reason": line.reason})).collect();
        write!(out, "],\"refused\":{}}}", json!(refused))?;
    }
    writeln!(out, "]}}")
}

/// Writes each sample as it is read: a large file is never held.
struct JsonWriter<'a> {
    out: &'a mut dyn Write,
    samples: u64,
    refused: Vec<Refused>,
    failed: Option<io::Error>,
}

#[derive(Serialize)]
struct SampleRow<'a> {
    name: &'a str,
    labels: BTreeMap<std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>>,
    value: &'a str,
    timestamp_ms: Option<i64>,
}

impl JsonWriter<'_> {
    fn write_sample(&mut self, sample: &Sample<'_>) -> io::Result<()> {
        if self.samples > 0 {
            self.out.write_all(b",")?;
        }
        self.samples += 1;
        let row = SampleRow {
            name: &sample.name,
            labels: sample.labels.iter().collect(),
            value: value_text(sample),
            timestamp_ms: sample.timestamp_ms,
        };
        Ok(serde_json::to_writer(&mut *self.out, &row)?)
    }
}

impl Visitor for JsonWriter<'_> {
    fn sample(&mut self, sample: &Sample<'_>) {
        if self.failed.is_none() {
            self.failed = self.write_sample(sample).err();
        }
    }

    fn refused(&mut self, refused: Refused) {
        self.refused.push(refused);
    }
}

/// The value as it is written, but NaN and the infinities in one spelling each.
fn value_text<'a>(sample: &Sample<'a>) -> &'a str {
    match sample.value {
        value if value.is_nan() => "NaN",
        f64::INFINITY => "+Inf",
        f64::NEG_INFINITY => "-Inf",
        _ => sample.value_text,
    }
}

#[derive(Default)]
struct Counted {
    samples: u64,
    metrics: BTreeSet<String>,
    refused: Vec<Refused>,
}

impl Visitor for Counted {
    fn sample(&mut self, sample: &Sample<'_>) {
        self.samples += 1;
        if !self.metrics.contains(sample.name.as_ref()) {
            self.metrics.insert(sample.name.clone().into_owned());
        }
    }

    fn refused(&mut self, refused: Refused) {
        self.refused.push(refused);
    }
}

fn write_words(files: &[PathBuf], out: &mut dyn Write) -> io::Result<()> {
    for path in files {
        let mut counted = Counted::default();
        read_file(path, &mut counted)?;
        let (metrics, refused) = (counted.metrics.len(), counted.refused.len());
        writeln!(out, "{}: {} samples of {metrics} metrics, {refused} lines refused", path.display(), counted.samples)?;
        for line in &counted.refused {
            writeln!(out, "  line {}: {}", line.line, line.reason)?;
        }
    }
    Ok(())
}
