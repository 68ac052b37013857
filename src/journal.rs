//! The journal of a talk: what was done, one JSON object a line, written through as it happens, so that a talk which ended
//! in the middle goes on from there.
//!
//! The first line says how the talk was opened. Each one after it is an event with its time, or says which source is shown
//! from then on. What sources said is in the journal of a `run`, as part of what happened, and is passed over when a talk goes
//! on: the sources are asked anew, and the one that was shown is shown again.

#![expect(clippy::disallowed_methods, reason = "the journal is written and read here")]

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::live::SourceId;
use crate::picture::ThemeName;
use crate::presentation::command::Command;
use crate::presentation::event::{Event, Timed};
use crate::presentation::look::Look;
use crate::presentation::pointing::PointCommand;
use crate::presentation::walk::WalkCommand;
use crate::scene::address::Address;
use crate::show::{OpenError, Opening, Show};

/// The form of the lines.
const SCHEMA: u32 = 1;

/// No talk lasts longer: a line that says so is damaged. A week.
const MOST_SECS: f64 = 7.0 * 24.0 * 3600.0;

/// How a talk was opened: the first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct JournalHead {
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

/// The source that is shown, and the file of the recording where that was opened during the talk or named for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShownSource {
    pub(crate) source: SourceId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recording: Option<PathBuf>,
}

/// A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Head(JournalHead),
    Shown { at: f64, shown: ShownSource },
    Event(Timed),
    Foot(Foot),
}

/// Opens a journal for this process alone, and makes it where there is none. Err: also where another process writes it.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            Err(io::Error::new(io::ErrorKind::WouldBlock, "another tierlight writes this journal"))
        }
        // Where the file system knows no locks, one goes without.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// A journal that is being written. Until it is dropped no other process writes it.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    /// What sources said is written too.
    with_sources: bool,
    /// Where the pointer is, if that is not written yet: what it is over decides what a click does.
    pointer: Option<Timed>,
    /// Pressed: what the pointer draws is written as it goes.
    is_pressed: bool,
    /// Whether the window filled its display when that was written last.
    is_full_screen: Option<bool>,
    /// The source that was shown when that was written last.
    shown: Option<ShownSource>,
}

impl Journal {
    /// Begins a journal over what a file holds that was opened with [`open`].
    pub(crate) fn begin(mut file: File, show: &Show, with_sources: bool) -> io::Result<Self> {
        file.set_len(0)?;
        file.rewind()?;
        let mut journal = Self::of_file(file, with_sources);
        let talk = show.presentation();
        let look = talk.look();
        journal.write(&Line::Head(JournalHead {
            schema: SCHEMA,
            begins: talk.address().clone(),
            cut: talk.cut_id().map(str::to_owned),
            theme: look.theme,
            reduced_motion: look.reduced,
        }))?;
        Ok(journal)
    }

    /// Goes on with a journal that was read, in its file, which was opened with [`open`]. A last line that is torn goes:
    /// what is written behind it would be lost with it.
    pub(crate) fn go_on(mut file: File, with_sources: bool) -> io::Result<Self> {
        let whole = read_all(&file)?.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self::of_file(file, with_sources))
    }

    fn of_file(file: File, with_sources: bool) -> Self {
        Self { file, with_sources, pointer: None, is_pressed: false, is_full_screen: None, shown: None }
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
                Event::Window(window) if !self.with_sources => {
                    if self.is_full_screen.replace(window.full_screen) != Some(window.full_screen) {
                        self.write(&Line::Event(timed.clone()))?;
                    }
                }
                Event::Source { .. }
                | Event::SceneText { .. }
                | Event::Window(_)
                | Event::Key(_)
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

    /// Writes which source is shown, where it is another one than before.
    pub(crate) fn write_shown(&mut self, at_secs: f64, shown: &ShownSource) -> io::Result<()> {
        if self.shown.as_ref() == Some(shown) {
            return Ok(());
        }
        self.shown = Some(shown.clone());
        self.write(&Line::Shown { at: at_secs, shown: shown.clone() })
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

fn read_all(mut file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A journal that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ToldJournal {
    head: JournalHead,
    events: Vec<Timed>,
    /// The source that was shown at the end; none where the journal does not say.
    pub(crate) shown: Option<ShownSource>,
    pub(crate) ended: bool,
    /// Lines that could not be read: the first of them, from 1, what is wrong with it, and how many there are.
    damage: Option<(usize, String, usize)>,
}

impl ToldJournal {
    /// Reads the journal at a path. What is damaged in it is passed over: see [`ToldJournal::damage_words`]. Err: the file, and
    /// why it is no journal.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let file = File::open(path).map_err(|error| format!("{name}: {error}"))?;
        Self::of_file(&file, path)
    }

    /// Reads the journal that a file holds, which lies at that path.
    pub(crate) fn of_file(file: &File, path: &Path) -> Result<Self, String> {
        let name = path.display();
        let bytes = read_all(file).map_err(|error| format!("{name}: {error}"))?;
        Self::from_text(&String::from_utf8_lossy(&bytes)).map_err(|words| format!("{name}:1:1: {words}"))
    }

    /// Err: what is wrong with the first line. Without it nobody knows what the others led to.
    fn from_text(text: &str) -> Result<Self, String> {
        let mut lines = text.split_inclusive('\n').enumerate();
        let first = lines.next().and_then(|(_, line)| serde_json::from_str::<Line>(line).ok());
        let Some(Line::Head(head)) = first else {
            return Err("this is no journal: its first line does not say how the talk was opened".to_owned());
        };
        if head.schema != SCHEMA {
            return Err(format!("this journal has the form {}, and this program reads {SCHEMA}", head.schema));
        }
        let mut told = Self { head, events: Vec::new(), shown: None, ended: false, damage: None };
        for (index, line) in lines {
            match serde_json::from_str::<Line>(line) {
                Ok(Line::Event(timed)) if (0.0..=MOST_SECS).contains(&timed.at) => {
                    told.events.push(timed);
                    // An ended talk that was gone on with.
                    told.ended = false;
                }
                Ok(Line::Shown { shown, .. }) => told.shown = Some(shown),
                Ok(Line::Foot(foot)) => told.ended = foot.ended,
                Ok(Line::Event(_)) => told.note_damage(index + 1, "no time of a talk".to_owned()),
                Ok(Line::Head(_)) => told.note_damage(index + 1, "a second first line".to_owned()),
                // The last line of a talk that was killed.
                Err(_torn) if !line.ends_with('\n') => {}
                Err(error) => told.note_damage(index + 1, format!("no line of a journal: {error}")),
            }
        }
        Ok(told)
    }

    fn note_damage(&mut self, line: usize, words: String) {
        self.damage.get_or_insert((line, words, 0)).2 += 1;
    }

    /// What is to be said of lines that could not be read, where there are any.
    pub(crate) fn damage_words(&self, path: &Path) -> Option<String> {
        let (line, words, count) = self.damage.as_ref()?;
        let lines = if *count == 1 { "1 line was".to_owned() } else { format!("{count} lines were") };
        let place = format!("{}:{line}:1: {words}. {lines} passed over.", path.display());
        Some(format!("The journal of that talk is damaged, so check which step it is at: {place}"))
    }

    /// Whether it has anything to go on with: somebody has told something. What the window does by itself as it opens is
    /// no talk yet.
    pub(crate) fn is_begun(&self) -> bool {
        let is_told = |command: &Command| {
            matches!(
                command,
                Command::Walk(_) | Command::Point(_) | Command::Hand(_) | Command::Ask(_) | Command::Enter
            )
        };
        self.events.iter().any(|timed| matches!(&timed.event, Event::Command(command) if is_told(command)))
    }

    /// Whether the audience's window filled its display at the end.
    pub(crate) fn is_full_screen(&self) -> bool {
        let full = self.events.iter().rev().find_map(|timed| match &timed.event {
            Event::Window(window) => Some(window.full_screen),
            _ => None,
        });
        full.unwrap_or(false)
    }

    /// Seconds of the talk at its end.
    pub(crate) fn end_secs(&self) -> f64 {
        self.events.last().map_or(0.0, |timed| timed.at)
    }

    /// The talk as it was when the journal ended: opened alike, and told again. Besides, what is to be said where it
    /// cannot be quite so, as the deck is another one since.
    pub(crate) fn resume(&self, opening: Opening) -> Result<(Show, Option<String>), OpenError> {
        let (mut show, mut said) = self.open(opening)?;
        for timed in &self.events {
            if !matches!(timed.event, Event::Command(_) | Event::Pointer(_) | Event::SceneText { .. }) {
                continue;
            }
            if said.is_none() {
                said = gone_step(&show, &timed.event);
            }
            // What only a host can do was done then.
            let _done = show.take(timed.at.max(show.now_secs()), timed.event.clone());
        }
        drop(show.drain_log());
        Ok((show, said))
    }

    /// Opens the talk as it was opened. A step or a cut that was taken out of the deck since is no reason to have no talk.
    fn open(&self, opening: Opening) -> Result<(Show, Option<String>), OpenError> {
        let look = Look { theme: self.head.theme, reduced: self.head.reduced_motion, ..opening.look.clone() };
        let (begins, cut) = (Some(self.head.begins.to_string()), self.head.cut.clone());
        let opening = Opening { look, ..opening };
        let open = |at: &Option<String>, cut: &Option<String>| {
            Show::open(Opening { at: at.clone(), cut: cut.clone(), ..opening.clone() })
        };
        let words = match open(&begins, &cut) {
            Err(OpenError::Unknown(words)) => words,
            opened => return opened.map(|show| (show, None)),
        };
        let show = open(&begins, &None).or_else(|_gone| open(&None, &cut)).or_else(|_gone| open(&None, &None))?;
        let goes_on = "The deck is another one since that talk began, so check which step it is at";
        Ok((show, Some(format!("{goes_on}: {words}"))))
    }
}

/// What is to be said where an event leads to a step that is not in the deck any more.
fn gone_step(show: &Show, event: &Event) -> Option<String> {
    let Event::Command(Command::Walk(WalkCommand::Jump(at))) = event else { return None };
    let library = show.presentation().library();
    let is_gone = library.locate(at).is_none();
    is_gone.then(|| {
        let words = library.no_step(&at.to_string());
        format!("The deck is another one since that talk was told, so check which step it is at: {words}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presentation::look::WindowState;

    const HEAD: &str = r#"{"schema":1,"begins":"loop:2","theme":"Dark","reduced_motion":false}"#;

    #[test]
    fn a_torn_last_line_is_passed_over_and_what_is_no_journal_named() {
        let event = r#"{"at":1.5,"event":{"command":{"walk":"next"}}}"#;
        let whole = format!("{HEAD}\n{event}\n{event}\n");
        let events = |text: &str| ToldJournal::from_text(text).map(|told| told.events.len());
        assert_eq!(events(&whole), Ok(2));
        for cut in HEAD.len() + 1..whole.len() {
            let complete = usize::from(cut >= HEAD.len() + 1 + event.len()) + usize::from(cut >= whole.len() - 1);
            assert_eq!(events(&whole[..cut]), Ok(complete), "cut at {cut}");
        }
        assert!(events(event).is_err_and(|words| words.contains("no journal")));
        assert!(events(&HEAD.replace("\"schema\":1", "\"schema\":9")).is_err_and(|words| words.contains("the form 9")));
        let ended = |text: &str| ToldJournal::from_text(text).map(|told| told.ended);
        let foot = r#"{"ended":true}"#;
        assert_eq!(ended(&format!("{whole}{foot}\n")), Ok(true));
        assert_eq!(ended(&format!("{whole}{foot}\n{event}\n")), Ok(false), "it was gone on with");
    }

    #[test]
    fn what_is_whole_of_a_damaged_journal_is_gone_on_with_and_the_damage_said() {
        let event = r#"{"at":1.5,"event":{"command":{"walk":"next"}}}"#;
        let cases = [
            ("{\"at\":}", "journal:3:1: no line of a journal", "1 line was"),
            ("\0\0\0\0", "journal:3:1: no line of a journal", "1 line was"),
            ("[]\n[]", "journal:3:1: no line of a journal", "2 lines were"),
            (HEAD, "journal:3:1: a second first line", "1 line was"),
            (&event.replace("1.5", "1e17"), "journal:3:1: no time of a talk", "1 line was"),
        ];
        for (damage, place, count) in cases {
            let told = ToldJournal::from_text(&format!("{HEAD}\n{event}\n{damage}\n{event}\n")).expect(damage);
            assert_eq!(told.events.len(), 2, "{damage}");
            let words = told.damage_words(Path::new("journal")).unwrap_or_default();
            assert!(words.contains(place) && words.contains(count), "{words}");
        }
    }

    #[test]
    fn what_a_window_does_by_itself_is_no_talk_to_go_on_with() {
        let cases = [
            (r#"{"walk":"next"}"#, true),
            (r#""enter""#, true),
            (r#"{"over":"first-keys"}"#, false),
            (r#"{"desk":"console"}"#, false),
            (r#"{"source":{"source":"sim"}}"#, false),
        ];
        for (command, expected) in cases {
            let text = format!("{HEAD}\n{{\"at\":1.5,\"event\":{{\"command\":{command}}}}}\n");
            let told = ToldJournal::from_text(&text).expect(command);
            assert_eq!((told.events.len(), told.is_begun()), (1, expected), "{command}");
        }
    }

    fn opening() -> Opening {
        let texts = crate::bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Opening { texts, is_logged: true, ..Opening::default() }
    }

    #[test]
    fn a_step_or_a_cut_that_is_gone_is_said() {
        let next = r#"{"at":60.0,"event":{"command":{"walk":"next"}}}"#;
        let first = r#"{"at":60.0,"event":{"command":{"walk":"first-step"}}}"#;
        let gone = r#"{"at":60.0,"event":{"command":{"walk":{"jump":"gone:3"}}}}"#;
        let cases = [
            (HEAD.to_owned(), next, "loop:3", None),
            (HEAD.replace("loop:2", "gone:2"), first, "title:1", Some("gone")),
            (HEAD.replace("\"theme\"", "\"cut\":\"gone\",\"theme\""), next, "loop:3", Some("gone")),
            (HEAD.to_owned(), gone, "loop:2", Some("gone")),
        ];
        for (head, event, at, expected) in cases {
            let told = ToldJournal::from_text(&format!("{head}\n{event}\n")).expect("it is read");
            let (show, said) = told.resume(opening()).expect("it is gone on with");
            assert_eq!(show.presentation().address().to_string(), at, "{head} {event}");
            assert_eq!(said.is_some(), expected.is_some(), "{said:?}");
            assert!(said.unwrap_or_default().contains(expected.unwrap_or_default()), "{head} {event}");
        }
    }

    #[test]
    fn a_journal_is_written_by_one_process_and_what_is_written_behind_a_torn_line_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let event = r#"{"at":1.5,"event":{"command":{"walk":"next"}}}"#;
        std::fs::write(&path, format!("{HEAD}\n{event}\n{{\"at\":2.0,\"ev")).expect("it is written");
        let mut journal = Journal::go_on(open(&path).expect("it is ours"), false).expect("it is gone on with");
        let refused = open(&path).expect_err("it is another's");
        assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
        let next = Event::Command(WalkCommand::Next.into());
        journal.write_events(&[Timed { at: 3.0, event: next }]).expect("it is written");
        drop(journal);
        let file = open(&path).expect("it is free again");
        let told = ToldJournal::of_file(&file, &path).expect("it is read");
        assert_eq!((told.events.len(), told.damage), (2, None));
    }

    #[test]
    fn a_window_that_filled_its_display_is_known_to_have() {
        let show = Show::open(opening()).expect("the talk opens");
        let folder = tempfile::tempdir().expect("a folder");
        let window = |full_screen: bool, width: u32| Timed {
            at: 1.0,
            event: Event::Window(WindowState { full_screen, size: [width, 720], ..WindowState::default() }),
        };
        let cases = [
            (vec![], false, 0),
            (vec![window(false, 1280)], false, 1),
            (vec![window(false, 1280), window(false, 1290), window(true, 1920)], true, 2),
            (vec![window(true, 1920), window(true, 1900), window(false, 1280)], false, 2),
        ];
        for (nth, (events, expected, lines)) in cases.into_iter().enumerate() {
            let path = folder.path().join(nth.to_string());
            let mut journal = Journal::begin(open(&path).expect("a file"), &show, false).expect("a journal");
            journal.write_events(&events).expect("it is written");
            let told = ToldJournal::read(&path).expect("it is read");
            assert_eq!((told.is_full_screen(), told.events.len()), (expected, lines), "{events:?}");
        }
    }

    #[test]
    fn what_was_clicked_and_drawn_is_there_again_and_a_pointer_that_wandered_is_not() {
        use crate::presentation::hand::HandCommand;

        let opening = Opening { at: Some("loop:2".to_owned()), ..opening() };
        let mut show = Show::open(opening.clone()).expect("the talk opens");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        let mut journal = Journal::begin(open(&path).expect("a file"), &show, false).expect("a journal");
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
        let told = ToldJournal::read(&path).expect("it is read");
        let pointers = told.events.iter().filter(|timed| matches!(timed.event, Event::Pointer(_))).count();
        assert_eq!(pointers, 4, "before each click, and what was drawn");
        let (resumed, said) = told.resume(opening).expect("it is gone on with");
        assert_eq!(said, None);
        assert_eq!(resumed.presentation().address(), show.presentation().address());
        assert_eq!(resumed.picture(), show.picture());
    }
}
