//! `report`: a session in a few pages, from its recording: what was shown and for how long, what was asked, what the lab did.

#![expect(clippy::disallowed_methods, reason = "the report is written to the file it is asked for")]

mod lab_story;
mod markdown;
mod page;
mod session;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use self::session::Session;
use crate::recorder;
use crate::setup::Outcome;

/// What is reported, and where to.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ReportArgs {
    /// The recording.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// A page of HTML in place of Markdown.
    #[arg(long)]
    pub(crate) html: bool,
    /// Write it to this file, in place of standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Names of targets and hosts stay in it, where the recording kept them.
    #[arg(long)]
    pub(crate) keep_names: bool,
}

/// Runs `report`: 0, also where the recording is torn or damaged, which the report says.
pub(crate) fn report(args: &ReportArgs, out: &mut dyn Write) -> Outcome {
    let session = Session::read(&recorder::open(&args.file)?, args.keep_names)?;
    let markdown = markdown::report(&session);
    let text = if args.html { page::page(&session.title(), &markdown) } else { markdown };
    match &args.out {
        Some(path) => fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?,
        None => out.write_all(text.as_bytes())?,
    }
    Ok(0)
}
