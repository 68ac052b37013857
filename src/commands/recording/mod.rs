//! `recording`: what a recording is, whether it is whole, what happened in it, and one made of a capture.

mod args;
mod describe;
mod files;
mod import;
mod past;
mod replay;
mod retell;

use std::io::Write;

use clap::Subcommand;
use serde_json::json;

pub(crate) use self::args::{RecordingArgs, ReplayArgs};
pub(crate) use self::import::ImportArgs;
pub(crate) use self::replay::replay;
pub(crate) use self::retell::Retelling;
use crate::plural::counted;
use crate::recorder;
use crate::recording::{Recording, Survey, VERSION};
use crate::setup::{Common, Outcome};

/// What is done with recordings.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum RecordingWhat {
    /// What it is and how large. Example: tierlight recording info talk.tlr --json
    Info(RecordingArgs),
    /// Whether all of it can be read. Example: tierlight recording verify talk.tlr
    Verify(RecordingArgs),
    /// What happened in it. Example: tierlight recording describe talk.tlr
    Describe(RecordingArgs),
    /// Make one of a captured lab, or of a Prometheus server's past. Example: tierlight recording import captures/story --out story.tlr
    Import(Box<ImportArgs>),
}

/// Runs what is asked for.
pub(crate) fn recording(what: &RecordingWhat, common: &Common, out: &mut dyn Write) -> Outcome {
    match what {
        RecordingWhat::Info(args) => Ok(info(args, out)?),
        RecordingWhat::Verify(args) => Ok(verify(args, out)?),
        RecordingWhat::Describe(args) => describe(args, out),
        RecordingWhat::Import(args) => match (&args.past.prometheus, &args.capture) {
            (Some(url), _) => past::import(url, args, common),
            (None, Some(capture)) => Ok(import::import(capture, args)?),
            (None, None) => Err("give a capture, or --prometheus URL".into()),
        },
    }
}

fn open(args: &RecordingArgs) -> Result<Recording, String> {
    recorder::open(&args.file).map_err(|words| {
        let hint = "; a capture becomes a recording by `tierlight recording import`";
        if import::is_capture(&args.file) { format!("{words}{hint}") } else { words }
    })
}

fn info(args: &RecordingArgs, out: &mut dyn Write) -> Result<u8, String> {
    let recording = open(args)?;
    let survey = Survey::of(&recording);
    let written = if args.json { info_json(&recording, &survey, out) } else { info_words(&recording, &survey, out) };
    written.map_err(|error| error.to_string())?;
    Ok(0)
}

fn bytes_per_sample(recording: &Recording, survey: &Survey) -> Option<f64> {
    (survey.samples > 0).then(|| {
        let exact = recording.byte_count() as f64 / survey.samples as f64;
        (exact * 10_000.0).round() / 10_000.0
    })
}

fn info_json(recording: &Recording, survey: &Survey, out: &mut dyn Write) -> std::io::Result<()> {
    let header = recording.header();
    let mut info = json!({
        "schema": 1,
        "version": VERSION,
        "began": header.began,
        "what": header.what.words(),
        "app": header.app,
        "secs": survey.secs,
        "events": survey.events,
        "samples": survey.samples,
        "bytes": recording.byte_count(),
        "sources": survey.targets,
        "redacted": header.is_redacted,
        "whole": survey.is_whole,
    });
    // Absent where no lab was read.
    if let Some(ratio) = bytes_per_sample(recording, survey) {
        info["bytes_per_sample"] = ratio.into();
    }
    writeln!(out, "{info}")
}

fn info_words(recording: &Recording, survey: &Survey, out: &mut dyn Write) -> std::io::Result<()> {
    let header = recording.header();
    writeln!(out, "{}, begun {}, {:.0} s", header.what.words(), header.began, survey.secs)?;
    let kb = recording.byte_count() as f64 / 1e3;
    write!(out, "{}, {}, {kb:.1} kB", counted(survey.events, "event"), counted(survey.samples, "sample"))?;
    match bytes_per_sample(recording, survey) {
        Some(ratio) => writeln!(out, ", {ratio:.3} B a sample")?,
        None => writeln!(out)?,
    }
    let targets: Vec<&str> = survey.targets.iter().map(String::as_str).collect();
    writeln!(out, "targets: {}", if targets.is_empty() { "none".to_owned() } else { targets.join(", ") })?;
    let names = if header.is_redacted { "names are left out" } else { "names are in it" };
    writeln!(out, "{names}; {}", if survey.is_whole { "whole" } else { "torn or damaged: see `recording verify`" })
}

fn describe(args: &RecordingArgs, out: &mut dyn Write) -> Outcome {
    let happened = describe::happenings(&open(args)?)?;
    if args.json {
        describe::write_json(&happened, out)?;
    } else {
        describe::write_words(&happened, out)?;
    }
    Ok(0)
}

/// 0 whole, 1 torn or damaged; what is no recording is wrong use.
fn verify(args: &RecordingArgs, out: &mut dyn Write) -> Result<u8, String> {
    let recording = open(args)?;
    let survey = Survey::of(&recording);
    let mut damages: Vec<_> =
        survey.damages.iter().map(|damage| (damage.offset, damage.is_cut, damage.words.clone())).collect();
    if !recording.is_closed() {
        let words = "it was not closed: it has no index, or one that does not fit".to_owned();
        damages.push((recording.byte_count(), true, words));
    }
    let written = if args.json {
        let damages: Vec<_> = damages
            .iter()
            .map(|(offset, torn, words)| json!({"offset": offset, "torn": torn, "words": words}))
            .collect();
        let (events, secs, whole) = (survey.events, survey.secs, survey.is_whole);
        let told = json!({"schema": 1, "whole": whole, "events": events, "secs": secs, "damages": damages});
        writeln!(out, "{told}")
    } else {
        let lines = damages.iter().map(|(offset, _, words)| format!("at byte {offset}: {words}"));
        let last = if survey.is_whole {
            "whole".to_owned()
        } else {
            format!("{} can be read", counted(survey.events, "event"))
        };
        lines.chain([last]).try_for_each(|line| writeln!(out, "{line}"))
    };
    written.map_err(|error| error.to_string())?;
    Ok(u8::from(!survey.is_whole))
}
