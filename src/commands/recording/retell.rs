//! A recorded talk, told again: what was applied is applied at the same times, so it comes to the same pictures.

use crate::recording::{Cursor, Damage, Entry, Read, Recording};
use crate::setup::Failure;
use crate::show::Show;

/// A recorded talk on its way.
pub(crate) struct Retelling<'a> {
    recording: &'a Recording,
    cursor: Cursor,
    pub(crate) show: Show,
}

impl<'a> Retelling<'a> {
    /// The talk as it was opened. None where the recording is of no talk.
    pub(crate) fn start(recording: &'a Recording) -> Result<Option<Self>, Failure> {
        let show = Show::of_recording(recording)?;
        Ok(show.map(|show| Self { recording, cursor: Cursor::start(), show }))
    }

    /// Tells the next entry, and says what it was; none at the end. After what cannot be read the talk would not be the
    /// same: it ends there.
    pub(crate) fn tell_next(&mut self) -> Result<Option<Entry>, Damage> {
        loop {
            match self.cursor.read(self.recording) {
                Some(Read::Entry(entry)) => {
                    match &entry {
                        Entry::Event(timed) => {
                            self.show.take(timed.at, timed.event.clone());
                        }
                        Entry::Row { at, .. } => self.show.advance(*at),
                    }
                    return Ok(Some(entry));
                }
                Some(Read::State(_)) => {}
                Some(Read::Damaged(damage)) => return Err(damage),
                None => return Ok(None),
            }
        }
    }
}
