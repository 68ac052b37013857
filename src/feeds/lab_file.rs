//! Where the lab file lies, and its text.

#![expect(clippy::disallowed_methods, reason = "the lab file is read here")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use directories::ProjectDirs;

use crate::lab::Lab;
use crate::ron_text::{Problem, text_from_bytes};

/// The file given, or `lab.ron` in the user's configuration folder if it is there.
pub(crate) fn find_lab_file(given: Option<&Path>) -> Option<PathBuf> {
    if let Some(given) = given {
        return Some(given.to_owned());
    }
    let folders = ProjectDirs::from("", "", "tierlight")?;
    let usual = folders.config_dir().join("lab.ron");
    usual.is_file().then_some(usual)
}

/// Reads a lab file, with the folder that its secrets and CA files are relative to. The errors are whole lines.
pub fn read_lab_file(path: &Path) -> Result<(Lab, PathBuf), Vec<String>> {
    let bytes = fs::read(path).map_err(|failed| vec![format!("{}: {failed}", path.display())])?;
    let in_lines = |problems: Vec<Problem>| problems.iter().map(Problem::one_line).collect::<Vec<_>>();
    let lab = Lab::read(path, &text_from_bytes(bytes)).map_err(in_lines)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    Ok((lab, folder))
}
