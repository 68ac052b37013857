//! Where recordings lie that nobody named: a folder of the user's, a file for each talk, none over another.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use directories::UserDirs;

/// A second has no more talks than this.
const MOST_OF_A_NAME: u32 = 99;

/// The folder of recordings that nobody named: `Tierlight` in the user's documents, or in the home folder. None where this
/// machine names neither.
pub(crate) fn usual_folder() -> Option<PathBuf> {
    let folders = UserDirs::new()?;
    Some(folders.document_dir().unwrap_or_else(|| folders.home_dir()).join("Tierlight"))
}

/// A new file in a folder, which is made: `talk 2026-11-28 15.04.05.tlr`, with a number where there is one of that name.
pub(super) fn new_file(folder: &Path, date: &str) -> io::Result<(PathBuf, File)> {
    fs::create_dir_all(folder)?;
    let names = std::iter::once(format!("talk {date}.tlr"));
    let numbered = (2..=MOST_OF_A_NAME).map(|number| format!("talk {date} ({number}).tlr"));
    for name in names.chain(numbered) {
        let path = folder.join(name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Bytes that can still be written beside a path; none where the system does not say.
pub(crate) fn free_bytes(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|folder| folder.exists())?;
    fs4::available_space(there).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_never_written_over_another() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let below = folder.path().join("made");
        let mut names = Vec::new();
        for _ in 0..3 {
            let (path, _) = new_file(&below, "2026-11-28 15.04.05")?;
            names.push(path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
        }
        let day = "talk 2026-11-28 15.04.05";
        assert_eq!(names, [format!("{day}.tlr"), format!("{day} (2).tlr"), format!("{day} (3).tlr")]);
        assert!(free_bytes(&below.join("not/there")).is_some_and(|bytes| bytes > 0));
        Ok(())
    }
}
