//! Follows a folder of scene files: the text of a changed file is sent, once the last write of a burst is 150 ms old.

#![expect(clippy::disallowed_methods, reason = "changed scene files are read here")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::ron_text::text_from_bytes;
use crate::scene::library;

/// A burst of writes is over when nothing came for so long.
const QUIET: Duration = Duration::from_millis(150);

/// The running watcher. Dropping it ends its thread.
pub struct SceneWatcher {
    _watcher: RecommendedWatcher,
}

/// Watches `folder`; `send` gets the file's name and its text.
pub fn watch(folder: &Path, send: impl Fn(String, String) + Send + 'static) -> Result<SceneWatcher, String> {
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Our own reading of a file is an event too; following it would never end.
        let changed = event.into_iter().filter(|event| !event.kind.is_access());
        for path in changed.flat_map(|event| event.paths) {
            // The receiver is gone only when the watcher is being dropped.
            let _gone = sender.send(path);
        }
    })
    .map_err(|error| error.to_string())?;
    watcher.watch(folder, RecursiveMode::NonRecursive).map_err(|error| format!("{}: {error}", folder.display()))?;
    let follow = move || follow(&changes, &send);
    thread::Builder::new().name("scene watcher".into()).spawn(follow).map_err(|error| error.to_string())?;
    Ok(SceneWatcher { _watcher: watcher })
}

fn follow(changes: &Receiver<PathBuf>, send: &impl Fn(String, String)) {
    let mut waiting = BTreeSet::new();
    loop {
        let next = if waiting.is_empty() {
            changes.recv().map_err(RecvTimeoutError::from)
        } else {
            changes.recv_timeout(QUIET)
        };
        match next {
            Ok(path) => {
                waiting.insert(path);
            }
            Err(RecvTimeoutError::Timeout) => {
                for path in std::mem::take(&mut waiting) {
                    send_text(&path, send);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn send_text(path: &Path, send: &impl Fn(String, String)) {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return };
    if !library::is_ron(name) {
        return;
    }
    match fs::read(path) {
        Ok(bytes) => send(name.to_owned(), text_from_bytes(bytes)),
        // A file that was taken away leaves its last good text on stage.
        Err(error) => log::warn!("{}: {error}", path.display()),
    }
}
