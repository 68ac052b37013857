//! What `recording import` reads and writes.
#![expect(clippy::disallowed_methods, reason = "recordings are read and written here")]

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

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
