//! The deck that the window takes: read on a thread of its own while the system makes the window.

use std::thread::JoinHandle;

use crate::journal::ToldJournal;
use crate::logging;
use crate::setup::{Common, Failure};
use crate::show::{Opening, Show};

pub(super) const UNREADABLE: &str = "the deck could not be read";

/// A talk that was opened, and what is to be said of how it goes on.
pub(super) type OpenedTalk = (Show, Option<String>);

/// The deck, before and after the window took it. It is read while the system makes the window, which takes longer.
pub(super) enum TakenDeck {
    Loading(JoinHandle<Result<OpenedTalk, Failure>>),
    Failed(Option<Failure>),
}

impl TakenDeck {
    pub(super) fn start(at: Option<String>, common: &Common, last: Option<ToldJournal>) -> std::io::Result<Self> {
        let common = common.clone();
        let read = move || {
            common.source()?;
            let keymap = common.usual_keymap()?;
            let opening = Opening { at, keymap, polls_history: true, is_logged: true, ..common.opening()? };
            let (show, said) = match last {
                Some(last) => last.resume(opening)?,
                None => (Show::open(opening)?, None),
            };
            for problem in show.presentation().problems() {
                log::warn!("{problem}");
            }
            if let Some(words) = &said {
                logging::tell_presenter(words);
            }
            Ok((show, said))
        };
        Ok(Self::Loading(std::thread::Builder::new().name("deck".to_owned()).spawn(read)?))
    }

    /// Whether nothing is waited for any more.
    pub(super) fn is_ready(&self) -> bool {
        match self {
            Self::Loading(thread) => thread.is_finished(),
            Self::Failed(_) => true,
        }
    }

    /// Err: why there is no show, also where nobody asked for it yet; nothing where it was taken before.
    pub(super) fn finish(&mut self) -> Result<OpenedTalk, Option<Failure>> {
        match std::mem::replace(self, Self::Failed(None)) {
            Self::Loading(thread) => thread.join().unwrap_or_else(|_panic| Err(UNREADABLE.into())).map_err(Some),
            Self::Failed(failure) => Err(failure),
        }
    }

    /// The show, for the window; why there is none is kept to be told later.
    pub(super) fn take(&mut self) -> Result<OpenedTalk, String> {
        self.finish().map_err(|failure| {
            let words = failure.as_ref().map_or("the deck was taken before", |failure| &failure.words).to_owned();
            *self = Self::Failed(failure);
            words
        })
    }
}
