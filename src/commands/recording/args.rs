//! The flags of who reads a recording, and of who makes one of a time that is over.

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

/// A recorded talk, told again.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub(crate) recording: RecordingArgs,
    /// In a window: the console has a bar over its whole time, Space and arrows go by steps, k halts it.
    #[arg(long, conflicts_with = "json")]
    pub(crate) window: bool,
    /// Begin at these seconds of the talk.
    #[arg(long, value_name = "SECONDS", requires = "window")]
    pub(crate) at: Option<f64>,
    /// Begin halted.
    #[arg(long, requires = "window")]
    pub(crate) paused: bool,
}

/// The flags of a time that is over.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct PastArgs {
    /// In place of a capture: ask this Prometheus server. Which deployment is which tier says --lab, or --tier with the
    /// nodes as the server calls them.
    #[arg(long, value_name = "URL", requires = "from", requires = "to", conflicts_with = "capture")]
    pub(crate) prometheus: Option<String>,
    /// When it begins: 2026-11-28T14:00:00Z, or Unix seconds.
    #[arg(long, value_name = "TIME", requires = "prometheus")]
    pub(crate) from: Option<String>,
    /// When it ends.
    #[arg(long, value_name = "TIME", requires = "prometheus")]
    pub(crate) to: Option<String>,
}
