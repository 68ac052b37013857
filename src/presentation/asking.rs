//! The ask box: what is typed, and the answers to it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::presentation::ask::{self, Answer};
use crate::presentation::over::WAIT_SECS;
use crate::scene::library::Library;

/// How many answers can be walked through.
const MOST_ANSWERS: usize = 8;
/// Longer words are not asked for; the path of a file may be as long.
const MOST_LETTERS: usize = 400;

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
                let room = MOST_LETTERS.saturating_sub(open.typed.chars().count());
                open.typed.extend(letters.chars().filter(|c| !c.is_control()).take(room));
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

    /// The file that is asked for by its path, where that is what is typed.
    pub(super) fn file(&self) -> Option<String> {
        self.open.as_ref().and_then(|open| path_of(&open.typed))
    }

    /// What is typed, the titles of the answers, and which of them is chosen.
    pub(super) fn shown(&self) -> Option<(&str, Vec<Arc<str>>, usize)> {
        let open = self.open.as_ref()?;
        if path_of(&open.typed).is_some() {
            return Some((&open.typed, vec!["Enter opens this file".into()], 0));
        }
        Some((&open.typed, open.answers.iter().map(|answer| answer.title.clone()).collect(), open.chosen))
    }

    /// What the corner says of it: the letters, and where they lead. None some seconds after the last letter.
    pub(super) fn corner_words(&self, now_secs: f64) -> Option<String> {
        let open = self.open.as_ref().filter(|open| now_secs - open.typed_secs < WAIT_SECS)?;
        if open.typed.is_empty() {
            return Some("ask …".to_owned());
        }
        if path_of(&open.typed).is_some() {
            // Where the presenter's files lie is nothing for the room.
            return Some("a file …".to_owned());
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

/// How the name of a recording ends.
const ENDING: &str = ".tlr";

/// The path that is meant, where a path is typed or pasted: quotes and `file://` are those of a file manager.
fn path_of(typed: &str) -> Option<String> {
    let typed = typed.trim().trim_matches(['"', '\'']);
    let path = typed.strip_prefix("file://").map_or_else(|| typed.to_owned(), |path| path.replace("%20", " "));
    let begins = ["/", "~/", "./", "../"].iter().any(|begin| path.starts_with(begin));
    let has_drive = path.get(1..3) == Some(":\\");
    (begins && path.len() > 2 || has_drive || path.to_lowercase().ends_with(ENDING)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_told_from_a_word() {
        let cases = [
            ("/home/me/talk.tlr", Some("/home/me/talk.tlr")),
            (" '/home/me/My talk.tlr' ", Some("/home/me/My talk.tlr")),
            ("file:///home/me/My%20talk.tlr", Some("/home/me/My talk.tlr")),
            ("~/talk.tlr", Some("~/talk.tlr")),
            ("talk.tlr", Some("talk.tlr")),
            (r"C:\talks\one.tlr", Some(r"C:\talks\one.tlr")),
            ("checkpoint", None),
            ("I/O", None),
            ("/", None),
            ("", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(path_of(typed).as_deref(), expected, "{typed}");
        }
    }
}
