//! Recordings as files.
#![expect(clippy::disallowed_methods, reason = "recordings are read and written here")]

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use crate::recording::Recording;

/// A file longer than this is read by nobody: a day of a large lab is a tenth of it.
const MOST_BYTES: u64 = 1 << 30;

/// Reads and opens a recording. Err: the file, and why it is none.
pub(crate) fn open(path: &Path) -> Result<Recording, String> {
    let wrong = |words: &dyn std::fmt::Display| format!("{}: {words}", path.display());
    let bytes = fs::metadata(path).map_err(|error| wrong(&error))?.len();
    if bytes > MOST_BYTES {
        return Err(wrong(&format!("{} MB are more than a recording has", bytes / 1_000_000)));
    }
    let bytes = fs::read(path).map_err(|error| wrong(&error))?;
    Recording::open(bytes).map_err(|words| wrong(&words))
}

pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

/// When the scrapes of a capture were last written.
pub(super) fn modified_unix_secs(capture: &Path) -> Result<u64, String> {
    let names = ["scrapes.jsonl", "scrapes.jsonl.zst"];
    let found = names.iter().find_map(|name| fs::metadata(capture.join(name)).ok());
    let modified = found.and_then(|file| file.modified().ok()).and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    modified
        .map(|time| time.as_secs())
        .ok_or_else(|| format!("{}: it is not known when this was captured", capture.display()))
}
