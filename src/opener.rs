//! Recordings that the presenter opens while the talk goes on: chosen in the system's dialog, or dropped on a window.
//!
//! Files are read on a thread of their own, and what comes of them passes the show's door: a recording as its bytes, and
//! anything else as a word to the presenter, which names no file, as the room may see it.

use std::path::Path;
use std::sync::Arc;
use std::thread;

use egui::Context;

use crate::host::SharedShow;
use crate::presentation::event::Event;
use crate::recorder;

/// Lets the presenter choose a recording.
pub(crate) fn choose(shared: &Arc<SharedShow>) {
    let mut dialog = rfd::AsyncFileDialog::new().set_title("Open a recording").add_filter("Recordings", &["tlr"]);
    if let Some(folder) = recorder::usual_folder().filter(|folder| folder.is_dir()) {
        dialog = dialog.set_directory(folder);
    }
    // Begun here, as some systems want it of the windows' own thread, and waited for elsewhere.
    let chosen = dialog.pick_file();
    start(shared, "file dialog", move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().ok()?;
        runtime.block_on(chosen).map(|file| read(file.path()))
    });
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
        let cases = [
            (folder.path().to_owned(), "a folder is not opened here"),
            (file("canary.RON")?, "a scene file is not opened here"),
            (file("scrapes.jsonl.zst")?, "a capture is not played"),
            (folder.path().join("canary.tlr"), "it cannot be opened"),
        ];
        for (path, expected) in cases {
            let Event::Word(words) = read(&path) else { panic!("{} was taken", path.display()) };
            assert!(words.contains(expected) && !words.contains("canary"), "{words}");
        }
        assert_eq!(read(&file("talk.tlr")?), Event::Recording(b"text"[..].into()));
        Ok(())
    }
}
