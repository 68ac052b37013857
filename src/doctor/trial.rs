//! A window that is opened to see whether one can be, by a process of its own: a driver that ends it, or never answers, must
//! not do so to the talk.

#![expect(clippy::disallowed_methods, reason = "waits for a process, no longer than it may take")]

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// How long it may take: a window is there in a tenth of that.
const MOST_TIME: Duration = Duration::from_millis(4500);
const PAUSE: Duration = Duration::from_millis(20);

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TriedWindow {
    Opens {
        displays: Vec<TriedDisplay>,
        /// What draws it, in words.
        graphics: String,
    },
    NoDisplay,
    NoGraphics,
}

/// A display, as windows see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TriedDisplay {
    pub(crate) name: String,
    /// Pictures a second, where the display tells.
    pub(crate) hertz: Option<f64>,
}

/// A trial under way.
pub(super) struct Trial {
    process: Option<Child>,
    begun: Instant,
}

impl Trial {
    /// Begins it. It goes on while other things are looked at.
    pub(super) fn begin() -> Self {
        let spawned = std::env::current_exe().and_then(|program| {
            let mut command = Command::new(program);
            command.args(["--quiet", "doctor", "--try-window"]).stdin(Stdio::null());
            command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
        });
        let process = spawned.map_err(|error| log::info!("no window is tried: {error}")).ok();
        Self { process, begun: Instant::now() }
    }

    /// What came of it. Err: nothing was learnt, and why.
    pub(super) fn finish(mut self) -> Result<TriedWindow, &'static str> {
        const NOT_TRIED: &str = "no window could be tried";
        let Some(mut process) = self.process.take() else { return Err(NOT_TRIED) };
        loop {
            match process.try_wait() {
                Ok(Some(_ended)) => break,
                Ok(None) if self.begun.elapsed() < MOST_TIME => thread::sleep(PAUSE),
                Ok(None) | Err(_) => {
                    let _gone = process.kill().and_then(|()| process.wait());
                    return Err("a window was tried, and did not open in 4.5 s");
                }
            }
        }
        let mut told = String::new();
        let read = process.stdout.take().map(|mut stdout| stdout.read_to_string(&mut told));
        log::info!("a window was tried: {read:?} {told}");
        serde_json::from_str(&told).map_err(|_error| "a window was tried, and the graphics driver ended that")
    }
}
