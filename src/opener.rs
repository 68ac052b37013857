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
use crate::presentation::event::Event;
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
        let chosen = runtime.block_on(chosen).map(|file| read(file.path()));
        chosen.or_else(|| (clock.now_secs() < LEAST_DIALOG_SECS).then(|| Event::Word(NO_DIALOG.to_owned())))
    });
}

/// Opens the file of a path as it was typed.
pub(crate) fn open(shared: &Arc<SharedShow>, typed: &str) {
    let home = BaseDirs::new().map(|folders| folders.home_dir().to_owned());
    let path = match (typed.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        (Some(_) | None, _) => PathBuf::from(typed),
    };
    start(shared, "opener", move || Some(read(&path)));
}

/// Opens what was dropped on a window since the last frame.
pub(crate) fn take_dropped(ctx: &Context, shared: &Arc<SharedShow>) {
    let dropped = ctx.input(|input| input.raw.dropped_files.clone());
    match dropped.as_slice() {
        [] => {}
        [file] => {
            let path = file.path().to_owned();
            start(shared, "opener", move || Some(read(&path)));
        }
        [_, _, ..] => shared.take(Event::Word("one recording at a time".to_owned())),
    }
}

/// Reads on a thread, which does not keep a show alive that has ended meanwhile.
fn start(shared: &Arc<SharedShow>, name: &str, read: impl FnOnce() -> Option<Event> + Send + 'static) {
    let door = Arc::downgrade(shared);
    let run = move || {
        if let Some((event, shared)) = read().and_then(|event| Some((event, door.upgrade()?))) {
            shared.take(event);
        }
    };
    let started = thread::Builder::new().name(name.to_owned()).spawn(run);
    if let Err(error) = started {
        shared.take(Event::Word(format!("it cannot be opened: {error}")));
    }
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

    #[test]
    fn what_is_dropped_on_a_window_is_opened() -> Result<(), Box<dyn std::error::Error>> {
        use crate::live::SourceKind;
        let texts = crate::bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let show = crate::show::Show::open(crate::show::Opening { texts, ..Default::default() })
            .map_err(|error| error.to_string())?;
        let shared = SharedShow::start(show, crate::host::Logs::default(), Clock::start_at(0.0), None, || ())?;
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
        let shown = || shared.lock().show.presentation().sources().shown().kind;
        for _ in 0..500 {
            if shown() == SourceKind::Recording {
                return Ok(());
            }
            thread::sleep(std::time::Duration::from_millis(10));
        }
        Err("it was not opened".into())
    }
}
