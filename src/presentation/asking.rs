//! The ask box: what is typed, and the answers to it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::presentation::ask::{self, Answer};
use crate::presentation::over::WAIT_SECS;
use crate::scene::library::Library;

/// How many answers can be walked through.
const MOST_ANSWERS: usize = 8;
/// Longer words are not asked for.
const MOST_LETTERS: usize = 60;

/// What happens in the ask box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AskCommand {
    Open,
    Type(String),
    Erase,
    /// The next answer.
    Down,
    /// The answer before.
    Up,
    Go,
}

/// The part of the talk's state that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Asking {
    open: Option<AskBox>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct AskBox {
    typed: String,
    /// They follow from what is typed.
    #[serde(skip)]
    answers: Vec<Answer>,
    /// Which of the answers is taken.
    chosen: usize,
    /// When a letter was last typed: for as long as a notice stays the room sees it.
    typed_secs: f64,
}

impl Asking {
    /// Carries a command out. With Go the box closes: the answer is what it found.
    pub(super) fn carry_out(&mut self, command: &AskCommand, library: &Library, now_secs: f64) -> Option<Answer> {
        if matches!(command, AskCommand::Open | AskCommand::Type(_)) && self.open.is_none()
            || *command == AskCommand::Open
        {
            self.open = Some(AskBox { typed: String::new(), answers: Vec::new(), chosen: 0, typed_secs: now_secs });
        }
        let open = self.open.as_mut()?;
        open.typed_secs = now_secs;
        let count = open.answers.len().max(1);
        match command {
            AskCommand::Open => {}
            AskCommand::Type(letters) => {
                open.typed.extend(letters.chars().filter(|c| !c.is_control()).take(MOST_LETTERS));
                open.look_up(library);
            }
            AskCommand::Erase => {
                open.typed.pop();
                open.look_up(library);
            }
            AskCommand::Down => open.chosen = (open.chosen + 1) % count,
            AskCommand::Up => open.chosen = (open.chosen + count - 1) % count,
            AskCommand::Go => {
                let AskBox { mut answers, chosen, .. } = self.open.take()?;
                return (chosen < answers.len()).then(|| answers.swap_remove(chosen));
            }
        }
        None
    }

    /// `is_seen`: the presenter sees the box for as long as it is open; else only for some seconds after the last letter,
    /// and then letters are keys again.
    pub(super) fn is_open(&self, is_seen: bool, now_secs: f64) -> bool {
        self.open.as_ref().is_some_and(|open| is_seen || now_secs - open.typed_secs < WAIT_SECS)
    }

    /// Closes the box. Whether it was open.
    pub(super) fn close(&mut self) -> bool {
        self.open.take().is_some()
    }

    /// Looks what is typed up again, in a library that was saved.
    pub(super) fn renew(&mut self, library: &Library) {
        if let Some(open) = &mut self.open {
            open.look_up(library);
        }
    }

    /// What is typed, the titles of the answers, and which of them is chosen.
    pub(super) fn shown(&self) -> Option<(&str, Vec<Arc<str>>, usize)> {
        let open = self.open.as_ref()?;
        Some((&open.typed, open.answers.iter().map(|answer| answer.title.clone()).collect(), open.chosen))
    }

    /// What the corner says of it: the letters, and where they lead. None some seconds after the last letter.
    pub(super) fn corner_words(&self, now_secs: f64) -> Option<String> {
        let open = self.open.as_ref().filter(|open| now_secs - open.typed_secs < WAIT_SECS)?;
        if open.typed.is_empty() {
            return Some("ask …".to_owned());
        }
        let chosen = open.answers.get(open.chosen);
        let leads = chosen.map_or_else(|| "nothing found".into(), |answer| answer.title.clone());
        Some(format!("{} → {leads}", open.typed))
    }
}

impl AskBox {
    /// The best answer is chosen.
    fn look_up(&mut self, library: &Library) {
        self.answers = ask::ask(library, &self.typed, MOST_ANSWERS);
        self.chosen = 0;
    }
}
