//! The talks before this one: what is gone on with, what is offered, and what is to be said of them.

use crate::journal::{Journal, ShownSource, ToldJournal};
use crate::presentation::command::WindowCommand;
use crate::show::Show;
use crate::stopped::{Journals, Stopped, Taken};

/// What is left of the talks before this one.
#[derive(Default)]
pub(super) struct TalksBefore {
    pub(super) journals: Option<Journals>,
    /// The talk that is gone on with, and its journal.
    pub(super) last: Option<ToldJournal>,
    pub(super) journal: Option<Journal>,
    /// The source that it showed.
    pub(super) shown: Option<ShownSource>,
    /// The talk that is offered.
    pub(super) stopped: Option<Stopped>,
    /// What is to be said of a talk that cannot be gone on with, or not as it was.
    pub(super) said: Vec<String>,
}

impl TalksBefore {
    /// Looks what there is. `resumes`: the last talk is to be gone on with; where there is none, a new one begins.
    pub(super) fn look(journals: Option<Journals>, resumes: bool) -> Self {
        let found = journals.as_ref().map(Journals::look).unwrap_or_default();
        let before = Self { journals, ..Self::default() };
        if !resumes {
            if let Some(words) = found.unreadable {
                log::warn!("{words}");
            }
            return Self { stopped: found.stopped, ..before };
        }
        // What cannot be read may be the talk that was meant, and one that was ended before it is not.
        let ended = found.ended.filter(|_| found.unreadable.is_none());
        let Some(last) = found.stopped.or(ended) else {
            let why = match found.unreadable {
                Some(words) => format!("its journal cannot be read.\n{words}"),
                None if found.is_running => "the last one still runs in another window.".to_owned(),
                None => "none was told on this machine.".to_owned(),
            };
            return Self { said: vec![format!("There is no talk to go on with: {why}\nA new talk begins.")], ..before };
        };
        match last.take() {
            Ok(Taken { told, journal, damage }) => {
                Self { last: Some(told), journal: Some(journal), said: damage.into_iter().collect(), ..before }
            }
            Err(words) => Self { said: vec![format!("The last talk cannot be gone on with: {words}")], ..before },
        }
    }

    /// The offer, as it is told where there is no window yet.
    pub(super) fn offer_words(&self) -> Option<String> {
        let words = self.stopped.as_ref()?.words();
        Some(format!("{words} It is offered in the window, and tierlight --resume goes on there."))
    }

    /// The journal of this talk; none where it cannot be written, with a word in the log, or where another talk is told
    /// again.
    pub(super) fn journal(&mut self, show: &Show) -> Option<Journal> {
        let begin = |journals: &Journals| {
            journals.begin(show).map_err(|error| log::warn!("{}: {error}", journals.folder().display())).ok()
        };
        self.journal.take().or_else(|| self.journals.as_ref().filter(|_| show.retold().is_none()).and_then(begin))
    }

    /// What the presenter hears in the window: at most for as long as a notice stays.
    pub(super) fn notice(&self, show: &Show) -> Option<String> {
        let key = show.presentation().keymap().key_of(WindowCommand::Resume);
        let offer = self.stopped.as_ref().map(|stopped| format!("{} {key} goes on there.", stopped.words()));
        self.said.first().map(|words| in_short(words)).or(offer)
    }
}

/// What fits into a corner, of words whose details are on stderr.
pub(super) fn in_short(words: &str) -> String {
    words.split_once(": ").map_or(words, |(what, _details)| what).to_owned()
}
