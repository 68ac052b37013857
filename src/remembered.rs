//! What is remembered of a user from one talk to the next: theme, size of the notes, the lab, and where windows stood.

#![expect(clippy::disallowed_methods, reason = "it is read and written here")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use crate::picture::ThemeName;

/// What is remembered. What is missing was never chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    pub theme: Option<ThemeName>,
    pub notes_points: Option<f32>,
    /// The lab file that was asked for last.
    pub lab: Option<PathBuf>,
    /// The audience's display, by its name.
    pub stage_display: Option<String>,
    /// The stage's window, in points: width and height, where it filled no display.
    pub stage_size: Option<[f32; 2]>,
    /// The console's window, in points: left, top, width, height.
    pub console: Option<[f32; 4]>,
    /// The first keys were told.
    pub is_told: bool,
}

impl Remembered {
    /// Where it is kept.
    pub(crate) fn usual_path() -> Option<PathBuf> {
        let folders = ProjectDirs::from("", "", "tierlight")?;
        let folder = folders.state_dir().unwrap_or(folders.data_local_dir()).to_owned();
        Some(folder.join("remembered.json"))
    }

    /// How large the stage's window is opened, in points: as it last was, unless nobody could use that.
    pub(crate) fn stage_points(&self) -> [f32; 2] {
        const USUAL: [f32; 2] = [1280.0, 720.0];
        self.stage_size.filter(|size| size.iter().all(|side| (180.0..=16384.0).contains(side))).unwrap_or(USUAL)
    }

    /// What a file holds. One that is not there or cannot be read holds nothing: the talk does not depend on it.
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Writes it to a file beside its place and puts that there, so that it is never there in half.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = path.with_extension(format!("{}.tmp", std::process::id()));
        fs::write(&beside, serde_json::to_vec_pretty(self)?)?;
        fs::rename(&beside, path)
    }
}
