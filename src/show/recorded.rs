//! A recorded lab as a source of the show: opened, and played from where it shows what is told.

use std::sync::Arc;

use crate::live::{SourceEvent, SourceKind};
use crate::presentation::Presentation;
use crate::recording::{Playback, Recording, Sought};

/// The recorded lab of a talk, where there is one.
#[derive(Clone, Default)]
pub(super) struct RecordedSource {
    playback: Option<Playback>,
    /// It is the source shown.
    is_shown: bool,
    /// The recording that was opened last, of a lab or not.
    pub(super) opened: Option<Recording>,
}

impl RecordedSource {
    /// A recording that is opened, to be played. Err: why it cannot be.
    pub(super) fn open(&mut self, bytes: Arc<[u8]>) -> Result<Playback, String> {
        let recording = Recording::open(bytes)?;
        self.opened = Some(recording.clone());
        Playback::new(recording)
    }

    /// Plays this from now on, in place of the one that was.
    pub(super) fn play(&mut self, playback: Playback) {
        self.opened = Some(playback.recording().clone());
        self.playback = Some(playback);
    }

    /// It goes on where it shows what is told; also when it is shown from now on, and that was `told` before. What it shows
    /// then, where it has jumped.
    pub(super) fn align(
        &mut self,
        talk: &Presentation,
        phase: Option<Arc<str>>,
        told: Option<&Arc<str>>,
    ) -> Option<Arc<str>> {
        let is_shown = talk.sources().shown().kind == SourceKind::Recording;
        let was_shown = std::mem::replace(&mut self.is_shown, is_shown);
        let phase = phase.or_else(|| told.cloned().filter(|_| !was_shown)).filter(|_| is_shown)?;
        let (playback, sought) = (self.playback.as_mut()?, Sought::of_phase(&phase)?);
        playback.find(sought, talk.now_secs()).then_some(phase)
    }

    /// What is due now. It begins when it is first shown, and goes on from there.
    pub(super) fn news(&mut self, talk: &Presentation) -> Vec<Vec<SourceEvent>> {
        match &mut self.playback {
            Some(playback) if playback.has_begun() || talk.sources().shown().kind == SourceKind::Recording => {
                playback.news(talk.now_secs())
            }
            _ => Vec::new(),
        }
    }
}
