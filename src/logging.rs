//! Where words about the run go: stderr, or a file.

#![expect(clippy::disallowed_methods, reason = "the log file is opened here")]

use std::fs::File;
use std::path::Path;

use env_logger::{Builder, Target};
use log::LevelFilter;

/// Starts logging to a file, or to stderr; with `quiet` and no file nothing is logged.
pub fn start(file: Option<&Path>, quiet: bool) -> Result<(), String> {
    let mut builder = Builder::new();
    let level = match file {
        Some(path) => {
            let file = File::create(path).map_err(|error| format!("{}: {error}", path.display()))?;
            builder.target(Target::Pipe(Box::new(file)));
            LevelFilter::Info
        }
        None if quiet => LevelFilter::Off,
        None => LevelFilter::Warn,
    };
    builder.filter_module("tierlight", level);
    builder.try_init().map_err(|error| error.to_string())
}
