//! Talks that stopped without being ended, and the journals that this machine keeps, a file each.
//!
//! A talk's journal is written by its own process alone, and what a talk that stopped has left lies there until somebody
//! goes on with it or lets it go: a talk that begins meanwhile takes another file.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use directories::ProjectDirs;

use crate::clock;
use crate::journal::{self, Journal, ToldJournal};
use crate::show::Show;

/// More talks that stopped are not kept: the oldest gives way.
const MOST_KEPT: usize = 9;

/// The folder of the journals.
#[derive(Clone, Debug)]
pub(crate) struct Journals {
    folder: PathBuf,
}

/// A talk that can be gone on with, as its journal was when it was looked at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stopped {
    path: PathBuf,
    told: ToldJournal,
    /// Seconds since 1970 of its last line, where the file system says so.
    last_secs: Option<u64>,
}

/// What the journals hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FoundTalks {
    /// The last talk that stopped without being ended.
    pub(crate) stopped: Option<Stopped>,
    /// The last talk that was ended.
    pub(crate) ended: Option<Stopped>,
    /// Another process writes one.
    pub(crate) is_running: bool,
    /// The last file that is no journal, and why.
    pub(crate) unreadable: Option<String>,
}

impl Journals {
    /// Those of the window; none where this machine names no place for them.
    pub(crate) fn usual() -> Option<Self> {
        let folders = ProjectDirs::from("", "", "tierlight")?;
        let folder = folders.state_dir().unwrap_or(folders.data_local_dir()).to_owned();
        fs::create_dir_all(&folder).ok()?;
        Some(Self { folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let name = |nth| if nth == 1 { "journal.jsonl".to_owned() } else { format!("journal-{nth}.jsonl") };
        (1..=MOST_KEPT).map(move |nth| self.folder.join(name(nth)))
    }

    /// Looks through all of them. Nothing is changed.
    pub(crate) fn look(&self) -> FoundTalks {
        let mut found = FoundTalks::default();
        let mut paths: Vec<(Option<SystemTime>, PathBuf)> =
            self.paths().filter(|path| path.is_file()).map(|path| (modified(&path), path)).collect();
        paths.sort_by_key(|(modified, _)| std::cmp::Reverse(*modified));
        for (modified, path) in paths {
            let file = match journal::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    found.is_running = true;
                    continue;
                }
                Err(error) => {
                    found.unreadable.get_or_insert(format!("{}: {error}", path.display()));
                    continue;
                }
            };
            match ToldJournal::of_file(&file, &path) {
                Ok(told) if told.is_begun() => {
                    let place = if told.ended { &mut found.ended } else { &mut found.stopped };
                    place.get_or_insert(Stopped { path, told, last_secs: modified.and_then(unix_secs) });
                }
                Ok(_) => {}
                Err(_) if is_empty(&file) => {}
                Err(words) => {
                    found.unreadable.get_or_insert(words);
                }
            }
        }
        found
    }

    /// Begins the journal of a talk in a file that nobody goes on with.
    pub(crate) fn begin(&self, show: &Show) -> io::Result<Journal> {
        let mut kept = Vec::new();
        for path in self.paths() {
            match journal::open(&path) {
                Ok(file) if is_free(&file, &path) => return Journal::begin(file, show, false),
                Ok(file) => kept.push((modified(&path), file)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        let oldest = kept.into_iter().min_by_key(|(modified, _)| *modified);
        let (_, file) = oldest.ok_or_else(|| io::Error::other("each journal is written by another tierlight"))?;
        Journal::begin(file, show, false)
    }
}

/// Whether a file holds nothing that somebody would go on with.
fn is_free(file: &File, path: &Path) -> bool {
    match ToldJournal::of_file(file, path) {
        Ok(told) => told.ended || !told.is_begun(),
        // What this program cannot read, another one may.
        Err(_) => is_empty(file),
    }
}

fn is_empty(file: &File) -> bool {
    file.metadata().is_ok_and(|data| data.len() == 0)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn unix_secs(time: SystemTime) -> Option<u64> {
    time.duration_since(UNIX_EPOCH).ok().map(|since| since.as_secs())
}

/// A talk that is gone on with.
pub(crate) struct Taken {
    pub(crate) told: ToldJournal,
    pub(crate) journal: Journal,
    /// What is to be said of lines of its journal that could not be read.
    pub(crate) damage: Option<String>,
}

impl Stopped {
    /// Goes on with it, as its journal is by now. Err: why nobody can, in words.
    pub(crate) fn take(&self) -> Result<Taken, String> {
        let wrong = |error: io::Error| format!("{}: {error}", self.path.display());
        let file = journal::open(&self.path).map_err(wrong)?;
        let told = ToldJournal::of_file(&file, &self.path)?;
        let damage = told.damage_words(&self.path);
        Ok(Taken { told, journal: Journal::go_on(file, false).map_err(wrong)?, damage })
    }

    /// Lets it go: it is offered no more, and its file serves another talk.
    pub(crate) fn let_go(&self) -> Result<(), String> {
        let mut taken = self.take()?;
        taken.journal.end().map_err(|error| format!("{}: {error}", self.path.display()))
    }

    /// `"The last talk stopped 3 min ago without being ended, 12:40 after it began."`
    pub(crate) fn words(&self) -> String {
        let ago = self
            .last_secs
            .map_or_else(String::new, |last| format!(" {}", ago_words(clock::unix_secs().saturating_sub(last))));
        let secs = self.told.end_secs() as u64;
        let (minutes, secs) = (secs / 60, secs % 60);
        format!("The last talk stopped{ago} without being ended, {minutes}:{secs:02} after it began.")
    }
}

/// How long ago something was: `"3 min ago"`.
fn ago_words(secs: u64) -> String {
    match secs {
        0..90 => "just now".to_owned(),
        90..5400 => format!("{} min ago", secs / 60),
        5400..172_800 => format!("{} h ago", secs / 3600),
        _ => format!("{} days ago", secs / 86400),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "journals are made to be looked at")]

    use std::time::Duration;

    use super::*;
    use crate::presentation::command::Command;
    use crate::presentation::event::{Event, Timed};
    use crate::presentation::over::OverCommand;
    use crate::presentation::walk::WalkCommand;
    use crate::show::Opening;

    fn show() -> Show {
        let texts = crate::bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Show::open(Opening { texts, ..Opening::default() }).expect("the talk opens")
    }

    fn write(journal: &mut Journal, command: impl Into<Command>) {
        let event = Event::Command(command.into());
        journal.write_events(&[Timed { at: 2.0, event }]).expect("it is written");
    }

    /// How long ago the file of a journal was written last.
    fn age(path: &Path, secs: u64) {
        let then = SystemTime::UNIX_EPOCH + Duration::from_secs(clock::unix_secs() - secs);
        File::options().write(true).open(path).and_then(|file| file.set_modified(then)).expect("it is set");
    }

    #[test]
    fn a_talk_that_begins_leaves_the_one_that_stopped_until_it_is_gone_on_with_or_let_go() {
        for lets_go in [false, true] {
            let folder = tempfile::tempdir().expect("a folder");
            let journals = Journals { folder: folder.path().to_owned() };
            let show = show();
            let mut first = journals.begin(&show).expect("a journal");
            write(&mut first, WalkCommand::Next);
            // Killed.
            drop(first);
            let before = fs::read(folder.path().join("journal.jsonl")).expect("it is there");
            let stopped = journals.look().stopped.expect("it is offered");
            assert!(stopped.words().contains("just now without being ended, 0:02"), "{}", stopped.words());
            let mut second = journals.begin(&show).expect("a journal");
            write(&mut second, OverCommand::FirstKeys);
            assert_eq!(fs::read(folder.path().join("journal.jsonl")).expect("it is there"), before);
            drop(second);
            assert_eq!(journals.look().stopped.as_ref(), Some(&stopped), "a talk that nobody told is none");
            if lets_go {
                stopped.let_go().expect("it is let go");
            } else {
                let Taken { told, mut journal, damage } = stopped.take().expect("it is gone on with");
                assert_eq!((told.is_begun(), damage), (true, None));
                assert_eq!(journals.look(), FoundTalks { is_running: true, ..FoundTalks::default() });
                assert!(stopped.take().is_err(), "another has gone on with it");
                journal.end().expect("it is ended");
            }
            let found = journals.look();
            assert!(found.stopped.is_none() && found.ended.is_some(), "{found:?}");
        }
    }

    #[test]
    fn each_running_talk_has_a_file_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let journals = Journals { folder: folder.path().to_owned() };
        let show = show();
        let mut running = journals.begin(&show).expect("a journal");
        write(&mut running, WalkCommand::Next);
        assert_eq!(journals.look(), FoundTalks { is_running: true, ..FoundTalks::default() }, "it has not stopped");
        let mut other = journals.begin(&show).expect("a journal");
        for journal in [&mut running, &mut other] {
            write(journal, WalkCommand::Next);
        }
        drop((running, other));
        for (name, lines) in [("journal.jsonl", 3), ("journal-2.jsonl", 2)] {
            let text = fs::read_to_string(folder.path().join(name)).expect("it is text");
            assert_eq!(text.lines().count(), lines, "{name}: {text}");
            assert!(ToldJournal::read(&folder.path().join(name)).is_ok_and(|told| told.is_begun()), "{name}");
        }
    }

    #[test]
    fn the_last_talk_that_stopped_is_offered_and_the_oldest_gives_way() {
        let folder = tempfile::tempdir().expect("a folder");
        let journals = Journals { folder: folder.path().to_owned() };
        let show = show();
        let paths: Vec<PathBuf> = journals.paths().collect();
        for (nth, path) in paths.iter().enumerate() {
            write(&mut journals.begin(&show).expect("a journal"), WalkCommand::Next);
            age(path, 4000 + [50, 20, 70, 10, 90, 60, 40, 80, 30][nth]);
        }
        assert_eq!(journals.look().stopped.map(|stopped| stopped.path), Some(paths[3].clone()));
        // No file is free.
        drop(journals.begin(&show).expect("a journal"));
        let is_kept = |path: &PathBuf| ToldJournal::read(path).is_ok_and(|told| told.is_begun());
        assert_eq!(paths.iter().position(|path| !is_kept(path)), Some(4));
    }

    #[test]
    fn what_is_no_journal_is_named_and_stays_and_an_empty_one_is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let journals = Journals { folder: folder.path().to_owned() };
        let path = folder.path().join("journal.jsonl");
        fs::write(&path, "").expect("it is written");
        assert_eq!(journals.look(), FoundTalks::default());
        fs::write(&path, "{}\n").expect("it is written");
        let words = journals.look().unreadable.expect("it is named");
        assert!(words.contains("journal.jsonl:1:1: this is no journal"), "{words}");
        drop(journals.begin(&show()).expect("a journal"));
        assert_eq!(fs::read_to_string(&path).expect("it stays"), "{}\n");
    }

    #[test]
    fn how_long_ago_is_said_in_words() {
        let cases =
            [(0, "just now"), (90, "1 min ago"), (5399, "89 min ago"), (5400, "1 h ago"), (200_000, "2 days ago")];
        for (secs, words) in cases {
            assert_eq!(ago_words(secs), words);
        }
    }
}
