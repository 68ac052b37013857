//! `parse`: what the text-format parser understood of files.
#![expect(clippy::disallowed_methods, reason = "a command reads the files it is given")]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use crate::plural::counted;
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

/// The samples of a file, each handed over as it is read, so that a large file is never held; and the lines refused.
struct FileReader<F> {
    each: F,
    refused: Vec<Refused>,
}

impl<F: FnMut(&Sample<'_>)> Visitor for FileReader<F> {
    fn sample(&mut self, sample: &Sample<'_>) {
        (self.each)(sample);
    }

    fn refused(&mut self, refused: Refused) {
        self.refused.push(refused);
    }
}

/// Feeds a file to the parser, block by block. The lines that were refused.
fn read_file(path: &Path, each: impl FnMut(&Sample<'_>)) -> io::Result<Vec<Refused>> {
    let mut file = open_file(path).map_err(io::Error::other)?;
    let (mut parser, mut reader) = (Parser::new(), FileReader { each, refused: Vec::new() });
    let mut block = vec![0; 1 << 18];
    loop {
        let length = file.read(&mut block)?;
        if length == 0 {
            parser.finish(&mut reader);
            return Ok(reader.refused);
        }
        parser.feed(&block[..length], &mut reader);
    }
}

fn write_json(files: &[PathBuf], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\"schema\":1,\"files\":[")?;
    for (index, path) in files.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        write!(out, "{comma}{{\"file\":{},\"samples\":[", json!(path.to_string_lossy()))?;
        let (mut comma, mut written) = ("", Ok(()));
        let refused = read_file(path, |sample| {
            if written.is_ok() {
                written = write_sample(sample, std::mem::replace(&mut comma, ","), out);
            }
        })?;
        written?;
        let refused: Vec<_> = refused.iter().map(|line| json!({"line": line.line, "reason": line.reason})).collect();
        write!(out, "],\"refused\":{}}}", json!(refused))?;
    }
    writeln!(out, "]}}")
}

#[derive(Serialize)]
struct SampleRow<'a> {
    name: &'a str,
    labels: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    value: &'a str,
    timestamp_ms: Option<i64>,
}

fn write_sample(sample: &Sample<'_>, comma: &str, out: &mut dyn Write) -> io::Result<()> {
    let (name, labels, timestamp_ms) = (&*sample.name, sample.labels.iter().collect(), sample.timestamp_ms);
    out.write_all(comma.as_bytes())?;
    Ok(serde_json::to_writer(out, &SampleRow { name, labels, value: value_text(sample), timestamp_ms })?)
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

fn write_words(files: &[PathBuf], out: &mut dyn Write) -> io::Result<()> {
    for path in files {
        let (mut samples, mut metrics) = (0_u64, BTreeSet::new());
        let refused = read_file(path, |sample| {
            samples += 1;
            if !metrics.contains(&*sample.name) {
                metrics.insert(sample.name.clone().into_owned());
            }
        })?;
        let (samples, metrics) = (counted(samples, "sample"), counted(metrics.len(), "metric"));
        writeln!(out, "{}: {samples} of {metrics}, {} refused", path.display(), counted(refused.len(), "line"))?;
        for line in &refused {
            writeln!(out, "  line {}: {}", line.line, line.reason)?;
        }
    }
    Ok(())
}
