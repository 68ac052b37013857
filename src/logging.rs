//! Where words about the run go: stderr, or a file.

#![expect(clippy::disallowed_methods, reason = "the log file is opened here")]

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use env_logger::{Builder, Target};
use log::LevelFilter;

/// Whether words go to a file, so that what the presenter must hear is said on stderr besides.
static IS_FILED: AtomicBool = AtomicBool::new(false);

/// Says what the presenter must hear: in the log, and on stderr wherever the log goes.
pub(crate) fn tell_presenter(words: &str) {
    log::warn!("{words}");
    if IS_FILED.load(Ordering::Relaxed) {
        #[expect(clippy::print_stderr, reason = "that is where the presenter hears it")]
        {
            eprintln!("{words}");
        }
    }
}

/// Starts logging to a file, or to stderr; with `quiet` and no file nothing is logged.
pub fn start(file: Option<&Path>, quiet: bool) -> Result<(), String> {
    let mut builder = Builder::new();
    let level = match file {
        Some(path) => {
            let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
            builder.target(Target::Pipe(Box::new(file)));
            IS_FILED.store(!quiet, Ordering::Relaxed);
            LevelFilter::Info
        }
        None if quiet => LevelFilter::Off,
        None => LevelFilter::Warn,
    };
    builder.filter_module("tierlight", level);
    builder.try_init().map_err(|error| error.to_string())
}
