//! The journal of a talk: what was done, one JSON object a line, written through as it happens, so that a talk which ended
//! in the middle goes on from there.
//!
//! The first line says how the talk was opened. Each one after it is an event with its time. What sources said is in the
//! journal of a `run`, as part of what happened, and is passed over when a talk goes on: the sources are asked anew.

#![expect(clippy::disallowed_methods, reason = "the journal is written and read here")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use crate::picture::ThemeName;
use crate::presentation::event::{Event, Timed};
use crate::presentation::look::Look;
use crate::presentation::pointing::PointCommand;
use crate::scene::address::Address;
use crate::show::{OpenError, Opening, Show};

/// The form of the lines.
const SCHEMA: u32 = 1;

/// How a talk was opened: the first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Head {
    schema: u32,
    /// The step it began at.
    begins: Address,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cut: Option<String>,
    theme: ThemeName,
    reduced_motion: bool,
}

/// The last line of a talk that was ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Foot {
    ended: bool,
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Head(Head),
    Event(Timed),
    Foot(Foot),
}

/// A journal that is being written.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    /// What sources said is written too.
    with_sources: bool,
    /// Where the pointer is, if that is not written yet: what it is over decides what a click does.
    pointer: Option<Timed>,
    /// Pressed: what the pointer draws is written as it goes.
    is_pressed: bool,
}

impl Journal {
    /// Begins a journal over what lies at that path.
    pub(crate) fn begin(path: &Path, show: &Show, with_sources: bool) -> io::Result<Self> {
        let mut journal = Self::of_file(File::create(path)?, with_sources);
        let talk = show.presentation();
        let look = talk.look();
        journal.write(&Line::Head(Head {
            schema: SCHEMA,
            begins: talk.address().clone(),
            cut: talk.cut_id().map(str::to_owned),
            theme: look.theme,
            reduced_motion: look.reduced,
        }))?;
        Ok(journal)
    }

    /// Goes on with a journal that was read.
    pub(crate) fn go_on(path: &Path, with_sources: bool) -> io::Result<Self> {
        Ok(Self::of_file(OpenOptions::new().append(true).open(path)?, with_sources))
    }

    fn of_file(file: File, with_sources: bool) -> Self {
        Self { file, with_sources, pointer: None, is_pressed: false }
    }

    /// Writes what has happened since. Of a pointer that wanders only the last place before a command is written.
    pub(crate) fn write_events(&mut self, events: &[Timed]) -> io::Result<()> {
        for timed in events {
            match &timed.event {
                Event::Pointer(_) if !self.with_sources && !self.is_pressed => self.pointer = Some(timed.clone()),
                Event::Pointer(_) => self.write(&Line::Event(timed.clone()))?,
                Event::Command(command) => {
                    self.is_pressed = *command == PointCommand::Click.into();
                    if let Some(pointer) = self.pointer.take() {
                        self.write(&Line::Event(pointer))?;
                    }
                    self.write(&Line::Event(timed.clone()))?;
                }
                Event::Source { .. }
                | Event::SceneText { .. }
                | Event::Window(_)
                | Event::Word(_)
                | Event::Recording(_) => {
                    if let Some(kept) = timed.kept().filter(|_| self.with_sources) {
                        self.write(&Line::Event(kept))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The talk was ended: there is nothing to go on with.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        self.write(&Line::Foot(Foot { ended: true }))
    }

    /// One write a line, so that what was killed in between leaves at most the last line torn.
    fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_string(line).map_err(io::Error::other)?;
        text.push('\n');
        self.file.write_all(text.as_bytes())
    }
}

/// A journal that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    head: Head,
    events: Vec<Timed>,
    pub(crate) ended: bool,
}

impl Told {
    /// Reads a journal. A last line that is torn is passed over; any other is named with its place.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let bytes = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
        Self::from_text(&String::from_utf8_lossy(&bytes)).map_err(|(line, words)| format!("{name}:{line}:1: {words}"))
    }

    /// Err: the line, from 1, and what is wrong with it.
    fn from_text(text: &str) -> Result<Self, (usize, String)> {
        let mut lines = text.split_inclusive('\n').enumerate();
        let first = lines.next().and_then(|(_, line)| serde_json::from_str::<Line>(line).ok());
        let Some(Line::Head(head)) = first else {
            return Err((1, "this is no journal: its first line does not say how the talk was opened".to_owned()));
        };
        if head.schema != SCHEMA {
            let words = format!("this journal has the form {}, and this program reads {SCHEMA}", head.schema);
            return Err((1, words));
        }
        let mut told = Self { head, events: Vec::new(), ended: false };
        for (index, line) in lines {
            match serde_json::from_str::<Line>(line) {
                Ok(Line::Event(timed)) => told.events.push(timed),
                Ok(Line::Foot(foot)) => told.ended = foot.ended,
                Ok(Line::Head(_)) => return Err((index + 1, "a second first line".to_owned())),
                Err(_torn) if !line.ends_with('\n') => {}
                Err(error) => return Err((index + 1, format!("no line of a journal: {error}"))),
            }
        }
        Ok(told)
    }

    /// Whether it has anything to go on with.
    pub(crate) fn is_begun(&self) -> bool {
        !self.ended && self.events.iter().any(|timed| matches!(timed.event, Event::Command(_)))
    }

    /// Seconds of the talk at its end.
    pub(crate) fn end_secs(&self) -> f64 {
        self.events.last().map_or(0.0, |timed| timed.at)
    }

    /// The talk as it was when the journal ended: opened alike, and told again.
    pub(crate) fn resume(&self, opening: Opening) -> Result<Show, OpenError> {
        let look = Look { theme: self.head.theme, reduced: self.head.reduced_motion, ..opening.look.clone() };
        // A step or a cut that was taken out of the deck since is no reason to have no talk.
        let at = Some(self.head.begins.to_string());
        let asked = Opening { look, at, cut: self.head.cut.clone(), ..opening.clone() };
        let mut show = Show::open(asked).or_else(|_gone| Show::open(opening))?;
        for timed in &self.events {
            let is_told = matches!(timed.event, Event::Command(_) | Event::Pointer(_) | Event::SceneText { .. });
            if is_told && timed.at.is_finite() {
                // What only a host can do was done then.
                let _done = show.take(timed.at.max(show.now_secs()), timed.event.clone());
            }
        }
        drop(show.drain_log());
        Ok(show)
    }
}

/// Where the journal of the window lies; none where this machine names no place for it.
pub(crate) fn usual_path() -> Option<PathBuf> {
    let folders = ProjectDirs::from("", "", "tierlight")?;
    let folder = folders.state_dir().unwrap_or(folders.data_local_dir()).to_owned();
    fs::create_dir_all(&folder).ok()?;
    Some(folder.join("journal.jsonl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"schema":1,"begins":"loop:2","theme":"Dark","reduced_motion":false}"#;

    #[test]
    fn a_torn_last_line_is_passed_over_and_any_other_named() {
        let event = r#"{"at":1.5,"event":{"command":{"walk":"next"}}}"#;
        let whole = format!("{HEAD}\n{event}\n{event}\n");
        let events = |text: &str| Told::from_text(text).map(|told| told.events.len());
        assert_eq!(events(&whole), Ok(2));
        for cut in HEAD.len() + 1..whole.len() {
            let complete = usize::from(cut >= HEAD.len() + 1 + event.len()) + usize::from(cut >= whole.len() - 1);
            assert_eq!(events(&whole[..cut]), Ok(complete), "cut at {cut}");
        }
        let broken = format!("{HEAD}\n{{\"at\":}}\n{event}\n");
        assert_eq!(events(&broken).map_err(|(line, _)| line), Err(2));
        assert_eq!(events(event).map_err(|(line, _)| line), Err(1));
        assert!(
            events(&HEAD.replace("\"schema\":1", "\"schema\":9")).is_err_and(|(_, words)| words.contains("the form 9"))
        );
        let ended = Told::from_text(&format!("{whole}{{\"ended\":true}}\n"));
        assert!(ended.is_ok_and(|told| told.ended && !told.is_begun()));
    }

    #[test]
    fn what_was_clicked_and_drawn_is_there_again_and_a_pointer_that_wandered_is_not() {
        use crate::bundle;
        use crate::presentation::command::Command;
        use crate::presentation::hand::HandCommand;

        let texts = bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let opening = Opening { texts, at: Some("loop:2".to_owned()), is_logged: true, ..Opening::default() };
        let mut show = Show::open(opening.clone()).expect("the talk opens");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let mut journal = Journal::begin(&path, &show, false).expect("a journal");
        let at = |x: f32, y: f32| Event::Pointer(Some([x, y]));
        let click = || Event::Command(PointCommand::Click.into());
        let hand = |command: HandCommand| Event::Command(Command::from(command));
        let wandering = (0..50_u8).map(|n| at(400.0 + f32::from(n), 700.0));
        let opens = [at(400.0, 700.0), click()];
        let draws = [
            hand(HandCommand::Ink),
            at(700.0, 300.0),
            click(),
            at(800.0, 320.0),
            at(900.0, 300.0),
            hand(HandCommand::Release),
        ];
        for (n, event) in wandering.chain(opens).chain(draws).enumerate() {
            show.take(9.0 + n as f64 / 10.0, event);
            journal.write_events(&show.drain_log()).expect("it is written");
        }
        let told = Told::read(&path).expect("it is read");
        let pointers = told.events.iter().filter(|timed| matches!(timed.event, Event::Pointer(_))).count();
        assert_eq!(pointers, 4, "before each click, and what was drawn");
        let resumed = told.resume(opening).expect("it is gone on with");
        assert_eq!(resumed.presentation().address(), show.presentation().address());
        assert_eq!(resumed.picture(), show.picture());
    }
}
