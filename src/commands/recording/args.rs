//! The flags of who reads a recording.

use std::path::PathBuf;

/// A recording, in words or as JSON.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RecordingArgs {
    /// The recording.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}
