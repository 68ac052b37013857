//! Recordings that the presenter opens while the talk goes on: chosen in the system's dialog, dropped on a window, or named by
//! their path in the ask box.
//!
//! Files are read on a thread of their own, and what comes of them passes the show's door: a recording as its bytes, and
//! anything else as a word to the presenter, which names no file, as the room may see it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use directories::BaseDirs;
use egui::Context;

use crate::clock::Clock;
use crate::host::SharedShow;
use crate::journal::ShownSource;
use crate::live::SourceList;
use crate::presentation::event::Event;
use crate::presentation::measured::SourceCommand;
use crate::recorder;

/// Nobody dismisses a dialog sooner: it was none, as on a desktop without the service that shows them.
const LEAST_DIALOG_SECS: f64 = 0.4;
const NO_DIALOG: &str = "no file dialog opens here: press g and type or paste the path, or drop the file on a window";

/// Lets the presenter choose a recording.
pub(crate) fn choose(shared: &Arc<SharedShow>) {
    let mut dialog = rfd::AsyncFileDialog::new().set_title("Open a recording").add_filter("Recordings", &["tlr"]);
    if let Some(folder) = recorder::usual_folder().filter(|folder| folder.is_dir()) {
        dialog = dialog.set_directory(folder);
    }
    // Begun here, as some systems want it of the windows' own thread, and waited for elsewhere.
    let (chosen, clock) = (dialog.pick_file(), Clock::start_at(0.0));
    start(shared, "file dialog", move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
        let chosen = runtime.block_on(chosen).map(|file| opened(file.path().to_owned()));
        let none = || (PathBuf::new(), Event::Word(NO_DIALOG.to_owned()));
        chosen.or_else(|| (clock.now_secs() < LEAST_DIALOG_SECS).then(none))
    });
}

/// Opens the file of a path as it was typed.
pub(crate) fn open(shared: &Arc<SharedShow>, typed: &str) {
    let home = BaseDirs::new().map(|folders| folders.home_dir().to_owned());
    let path = match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        (Some(_) | None, _) => PathBuf::from(typed),
    };
    start(shared, "opener", move || Some(opened(path)));
}

/// Opens what was dropped on a window since the last frame.
pub(crate) fn take_dropped(ctx: &Context, shared: &Arc<SharedShow>) {
    let dropped = ctx.input(|input| input.raw.dropped_files.clone());
    match dropped.as_slice() {
        [] => {}
        [file] => {
            let path = file.path().to_owned();
            start(shared, "opener", move || Some(opened(path)));
        }
        [_, _, ..] => shared.take(Event::Word("one recording at a time".to_owned())),
    }
}

/// Shows the source again that a talk showed when it stopped. The presenter hears where it is not there any more.
pub(crate) fn show_again(shared: &Arc<SharedShow>, shown: &ShownSource) {
    if let Some(path) = shown.recording.clone() {
        return start(shared, "opener", move || {
            let event = recording_again(&path);
            Some((path, event))
        });
    }
    let inner = shared.lock();
    let event = source_again(shown, inner.show.presentation().sources());
    shared.take_all(inner, vec![event]);
}

/// What shows that source again, or says that it is not there any more. A recording is read here and now.
pub(crate) fn event_again(shown: &ShownSource, sources: &SourceList) -> Event {
    shown.recording.as_deref().map_or_else(|| source_again(shown, sources), recording_again)
}

fn recording_again(path: &Path) -> Event {
    recorder::read(path).map_or_else(
        |words| Event::Word(format!("the recording that was shown is not there any more: {words}")),
        |bytes| Event::Recording(bytes.into()),
    )
}

fn source_again(shown: &ShownSource, sources: &SourceList) -> Event {
    if sources.all().iter().any(|source| source.id == shown.source) {
        return Event::Command(SourceCommand::Source(shown.source.clone()).into());
    }
    let now = &sources.shown().id;
    Event::Word(format!("the source \"{}\" of that talk is not there: \"{now}\" is shown", shown.source))
}

/// Reads on a thread, which does not keep a show alive that has ended meanwhile.
fn start(shared: &Arc<SharedShow>, name: &str, read: impl FnOnce() -> Option<Opened> + Send + 'static) {
    let door = Arc::downgrade(shared);
    let run = move || {
        if let Some(((path, event), shared)) = read().and_then(|opened| Some((opened, door.upgrade()?))) {
            shared.take_opened(path, event);
        }
    };
    let started = thread::Builder::new().name(name.to_owned()).spawn(run);
    if let Err(error) = started {
        shared.take(Event::Word(format!("it cannot be opened: {error}")));
    }
}

/// A file, and what came of it.
type Opened = (PathBuf, Event);

/// A file is found again from anywhere when the talk is gone on with.
fn opened(path: PathBuf) -> Opened {
    let event = read(&path);
    (std::path::absolute(&path).unwrap_or(path), event)
}

/// What is done with a file.
fn read(path: &Path) -> Event {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let refused = match ending.as_deref() {
        _ if path.is_dir() => Some("a folder is not opened here: --scenes shows one of scenes"),
        Some("ron") if is_lab(path) => Some("a lab is not changed during a talk: start with --lab and this file"),
        Some("ron") => Some("a scene file is not opened here: --scenes shows its folder, and follows it"),
        Some("jsonl" | "zst") => Some("a capture is not played: recording import makes a recording of it"),
        Some(_) | None => None,
    };
    if let Some(words) = refused {
        return Event::Word(words.to_owned());
    }
    recorder::read(path).map_or_else(
        |words| Event::Word(format!("it cannot be opened: {words}")),
        |bytes| Event::Recording(bytes.into()),
    )
}

/// Whether a RON file is a lab's, by the first word that is no comment.
fn is_lab(path: &Path) -> bool {
    let text = recorder::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let code = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with("//"));
    code.is_some_and(|line| line.starts_with("Lab"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "files are made to be opened")]

    use super::*;
    use crate::host::Logs;
    use crate::journal::{self, Journal, ToldJournal};
    use crate::live::SourceKind;
    use crate::show::{Opening, Show};

    #[test]
    fn what_is_no_recording_says_so_without_its_name() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let file = |name: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, "text").map(|()| path)
        };
        let lab = folder.path().join("canary-lab.ron");
        std::fs::write(&lab, "// mine\nLab(name: \"x\")")?;
        let cases = [
            (folder.path().to_owned(), "a folder is not opened here"),
            (file("canary.RON")?, "a scene file is not opened here"),
            (file("scrapes.jsonl.zst")?, "a capture is not played"),
            (lab, "start with --lab"),
            (folder.path().join("canary.tlr"), "it cannot be opened"),
        ];
        for (path, expected) in cases {
            let Event::Word(words) = read(&path) else { panic!("{} was taken", path.display()) };
            assert!(words.contains(expected) && !words.contains("canary"), "{words}");
        }
        assert_eq!(read(&file("talk.tlr")?), Event::Recording(b"text"[..].into()));
        Ok(())
    }

    /// A file that is dropped on a window, as the window's library hands it over.
    #[derive(Debug)]
    struct Dropped(PathBuf);

    impl egui::DroppedFile for Dropped {
        fn path(&self) -> &Path {
            &self.0
        }

        fn bytes(&self) -> Result<Vec<u8>, String> {
            std::fs::read(&self.0).map_err(|error| error.to_string())
        }
    }

    type Tried = Result<(), Box<dyn std::error::Error>>;

    /// The shipped talk with a journal at a path.
    fn journaled(path: &Path) -> Result<Arc<SharedShow>, Box<dyn std::error::Error>> {
        let texts = crate::bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let show = Show::open(Opening { texts, seed: Some(1), is_logged: true, ..Default::default() });
        let show = show.map_err(|error| error.to_string())?;
        let journal = Journal::begin(journal::open(path)?, &show, false)?;
        let logs = Logs { journal: Some(journal), ..Logs::default() };
        Ok(SharedShow::start(show, logs, Clock::start_at(0.0), None, || ())?)
    }

    fn await_kind(shared: &SharedShow, kind: SourceKind) -> Tried {
        for _ in 0..500 {
            if shared.lock().show.presentation().sources().shown().kind == kind {
                return Ok(());
            }
            thread::sleep(std::time::Duration::from_millis(10));
        }
        Err(format!("{kind:?} was not shown").into())
    }

    /// What the journal at a path says is shown.
    fn told(path: &Path) -> Result<ShownSource, Box<dyn std::error::Error>> {
        ToldJournal::read(path)?.shown.ok_or_else(|| "the journal says nothing of the source".into())
    }

    #[test]
    fn the_source_that_was_shown_is_shown_again_or_said_to_be_gone() -> Tried {
        let folder = tempfile::tempdir()?;
        let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
        let shared = journaled(&first)?;
        shared.take(Event::Command(SourceCommand::Source(SourceKind::None.only_id()).into()));
        assert_eq!(told(&first)?, ShownSource { source: SourceKind::None.only_id(), recording: None });
        let again = journaled(&second)?;
        assert_ne!(again.lock().show.presentation().sources().shown().kind, SourceKind::None);
        show_again(&again, &told(&first)?);
        await_kind(&again, SourceKind::None)?;

        // A recording is read anew from its file.
        let file = folder.path().join("lab.tlr");
        std::fs::write(&file, crate::bundle::RECORDING)?;
        open(&shared, &file.display().to_string());
        await_kind(&shared, SourceKind::Recording)?;
        assert_eq!(told(&first)?.recording, Some(file.clone()));
        show_again(&again, &told(&first)?);
        await_kind(&again, SourceKind::Recording)?;
        assert_eq!(told(&second)?, told(&first)?, "and another crash finds it again");

        // One that is gone is said to be, and what is there stays.
        std::fs::remove_file(&file)?;
        let third = journaled(&folder.path().join("third"))?;
        let before = third.lock().show.presentation().sources().shown().id.clone();
        let lab = ShownSource { source: SourceKind::Lab.only_id(), recording: None };
        for (shown, words) in
            [(told(&first)?, "the recording that was shown is not there"), (lab, "the source \"lab\"")]
        {
            show_again(&third, &shown);
            let said = || third.lock().show.presentation().said().unwrap_or_default();
            for _ in 0..500 {
                if said().starts_with(words) {
                    break;
                }
                thread::sleep(std::time::Duration::from_millis(10));
            }
            assert!(said().starts_with(words), "{}", said());
            assert_eq!(third.lock().show.presentation().sources().shown().id, before);
        }
        Ok(())
    }

    #[test]
    fn what_is_dropped_on_a_window_is_opened() -> Tried {
        let texts = crate::bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let show = Show::open(Opening { texts, ..Default::default() }).map_err(|error| error.to_string())?;
        let shared = SharedShow::start(show, Logs::default(), Clock::start_at(0.0), None, || ())?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("talk.tlr");
        std::fs::write(&file, crate::bundle::RECORDING)?;
        let ctx = Context::default();
        let drop_files = |count: usize| {
            let dropped = std::iter::repeat_with(|| Arc::new(Dropped(file.clone())) as egui::DroppedFileHandle);
            let input = egui::RawInput { dropped_files: dropped.take(count).collect(), ..Default::default() };
            let out = ctx.run_ui(input, |ui| take_dropped(ui.ctx(), &shared));
            out.drop_without_applying_deltas();
        };
        drop_files(2);
        assert_eq!(shared.lock().show.presentation().said().as_deref(), Some("one recording at a time"));
        drop_files(1);
        await_kind(&shared, SourceKind::Recording)
    }
}
