//! What of a talk is remembered for the next one, as it goes.

use std::path::PathBuf;

use crate::presentation::Presentation;
use crate::presentation::command::Command;
use crate::presentation::desk::DeskCommand;
use crate::presentation::over::OverCommand;
use crate::remembered::Remembered;

/// Seconds between two writings: windows that are dragged stand elsewhere with every frame.
const PAUSE_SECS: f64 = 2.0;

/// What is remembered, and what of it is written.
#[derive(Default)]
pub(crate) struct WindowMemory {
    path: Option<PathBuf>,
    written: Remembered,
    written_secs: f64,
}

impl WindowMemory {
    /// Begins with what was remembered of the last talk, and writes to the same place.
    pub(crate) fn begin(path: Option<PathBuf>, remembered: Remembered) -> Self {
        Self { path, written: remembered, written_secs: 0.0 }
    }

    /// What the talk is told of it when it begins.
    pub(crate) fn commands(&self) -> Vec<Command> {
        let notes = self.written.notes_points.map(|points| DeskCommand::NotesSize(points.round() as u8).into());
        let first_keys = (!self.written.is_told).then(|| OverCommand::FirstKeys.into());
        notes.into_iter().chain(first_keys).collect()
    }

    /// Writes what is other than before; `places` is where windows stand, `is_last` whether the talk ends.
    pub(crate) fn note(&mut self, talk: &Presentation, places: Remembered, is_last: bool) {
        let now_secs = talk.now_secs();
        if !is_last && now_secs - self.written_secs < PAUSE_SECS {
            return;
        }
        let remembered = Remembered {
            theme: Some(talk.theme()),
            notes_points: Some(talk.desk().notes_points),
            is_told: true,
            lab: self.written.lab.clone(),
            stage_display: places.stage_display.or_else(|| self.written.stage_display.clone()),
            stage_size: places.stage_size.or(self.written.stage_size),
            console: places.console.or(self.written.console),
        };
        self.written_secs = now_secs;
        if remembered == self.written {
            return;
        }
        if let Some(path) = &self.path
            && let Err(error) = remembered.write(path)
        {
            log::warn!("{}: {error}", path.display());
        }
        self.written = remembered;
    }
}
