//! Recordings as files: opened, and written on a thread of their own while a talk goes on.

#![expect(clippy::disallowed_methods, reason = "recordings are read and written here")]

mod now;
mod place;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::clock::{self, Clock};
use crate::logging;
use crate::presentation::event::Timed;
use crate::recording::{Effort, Header, Recorded, RecordedOpening, Recording, Writer, date_and_time};

pub use self::now::RecordingNow;
pub(crate) use self::place::{free_bytes, usual_folder};

/// A file longer than this is opened by nobody: a day of a large lab is a tenth of it.
const MOST_BYTES: u64 = 1 << 30;
/// What is yet to be written: when a disk is slower than this for so long, the recording ends.
const MOST_WAITING: usize = 4096;
/// What came is on the disk so much later: about a poll.
const FLUSH_SECS: f64 = 1.0;

/// Flags of who records.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
pub(crate) struct RecordArgs {
    /// Record the talk and what its sources say to this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Names of targets and hosts stay in the recording.
    #[arg(long, requires = "record")]
    pub(crate) keep_names: bool,
    /// Keep what the lab answers too, word for word but without names, in this folder: a capture for a bug report, which
    /// `fold` and `recording import` read.
    #[arg(long, requires = "record", value_name = "DIR")]
    pub(crate) bodies: Option<PathBuf>,
}

/// Reads and opens a recording. Err: the file, and why it is none.
pub(crate) fn open(path: &Path) -> Result<Recording, String> {
    read(path).and_then(Recording::open).map_err(|words| format!("{}: {words}", path.display()))
}

/// The bytes of a file that may be a recording. Err: why they cannot be had, without the file's name.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, String> {
    let bytes = fs::metadata(path).map_err(|error| error.to_string())?.len();
    if bytes > MOST_BYTES {
        return Err(format!("{} MB are more than a recording has", bytes / 1_000_000));
    }
    fs::read(path).map_err(|error| error.to_string())
}

/// What is to be written.
enum Message {
    Events(Vec<Timed>),
    Row { at_secs: f64, words: String },
}

/// Writes a recording as a talk goes on. Dropping it closes the file. What goes wrong is told to the presenter and ends the
/// recording; the talk goes on.
pub(crate) struct Recorder {
    /// None once the recording has ended.
    sender: Option<SyncSender<Message>>,
    thread: Option<JoinHandle<()>>,
    /// Whoever records may be kept waiting: no audience is there.
    may_wait: bool,
    clock: Clock,
    /// As its thread left it last.
    now: Arc<Mutex<RecordingNow>>,
}

impl Recorder {
    /// Begins the recording that the flags ask for. Err: the file, and why it cannot be written.
    pub(crate) fn start(args: &RecordArgs, opening: &RecordedOpening, may_wait: bool) -> Result<Option<Self>, String> {
        let Some(path) = &args.record else { return Ok(None) };
        let wrong = |error: io::Error| format!("{}: {error}", path.display());
        let writer = new_writer(opening, !args.keep_names).map_err(wrong)?;
        let file = File::create(path).map_err(wrong)?;
        Self::write_to(path.clone(), file, writer, may_wait).map(Some).map_err(wrong)
    }

    /// Begins a recording without names in a new file of a folder. Err: why it cannot be written.
    pub(crate) fn start_in(folder: &Path, opening: &RecordedOpening) -> Result<Self, String> {
        let wrong = |error: io::Error| format!("{}: {error}", folder.display());
        let writer = new_writer(opening, true).map_err(wrong)?;
        let (path, file) = place::new_file(folder, &Clock::day_and_time()).map_err(wrong)?;
        Self::write_to(path, file, writer, false).map_err(wrong)
    }

    fn write_to(path: PathBuf, file: File, writer: Writer, may_wait: bool) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(MOST_WAITING);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let now = Arc::new(Mutex::new(RecordingNow { name, ..RecordingNow::default() }));
        let tape = FileTape { path, file, writer, now: Arc::clone(&now) };
        let thread = thread::Builder::new().name("recorder".to_owned()).spawn(move || tape.run(&receiver))?;
        let clock = Clock::start_at(0.0);
        Ok(Self { sender: Some(sender), thread: Some(thread), may_wait, clock, now })
    }

    /// How it stands.
    pub(crate) fn now(&self) -> RecordingNow {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner).clone();
        RecordingNow { secs: self.clock.now_secs(), ..now }
    }

    /// Whether it is written on.
    pub(crate) fn is_on(&self) -> bool {
        self.sender.is_some() && self.now.lock().unwrap_or_else(PoisonError::into_inner).ended.is_none()
    }

    /// Ends it: its thread writes what it has and closes the file. Dropped, it is waited for.
    pub(crate) fn end(&mut self) {
        self.sender = None;
    }

    /// Adds what happened.
    pub(crate) fn record(&mut self, events: Vec<Timed>) {
        if !events.is_empty() {
            self.send(Message::Events(events));
        }
    }

    /// Adds that a line of a script was answered.
    pub(crate) fn record_row(&mut self, at_secs: f64, words: &str) {
        self.send(Message::Row { at_secs, words: words.to_owned() });
    }

    fn send(&mut self, message: Message) {
        let Some(sender) = &self.sender else { return };
        let sent = if self.may_wait {
            sender.send(message).map_err(|_ended| ())
        } else {
            match sender.try_send(message) {
                Err(TrySendError::Full(_)) => {
                    self.now.lock().unwrap_or_else(PoisonError::into_inner).ended =
                        Some("the disk is too slow".to_owned());
                    logging::tell_presenter("the recording ends: the disk is too slow. What was written can be read.");
                    Err(())
                }
                // Why it ended was told by the thread.
                Err(TrySendError::Disconnected(_)) => Err(()),
                Ok(()) => Ok(()),
            }
        };
        if sent.is_err() {
            self.sender = None;
        }
    }
}

/// The writer of a talk's recording that begins now.
fn new_writer(opening: &RecordedOpening, is_redacted: bool) -> io::Result<Writer> {
    let header = Header {
        app: env!("CARGO_PKG_VERSION").to_owned(),
        began: date_and_time(clock::unix_secs()),
        what: Recorded::Talk,
        is_redacted,
    };
    Writer::new(&header, Some(opening), Effort::Light)
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.end();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has written what it could.
            let _ended = thread.join();
        }
    }
}

/// The file that is written, on its thread.
struct FileTape {
    path: PathBuf,
    file: File,
    writer: Writer,
    now: Arc<Mutex<RecordingNow>>,
}

impl FileTape {
    fn run(mut self, messages: &Receiver<Message>) {
        let (path, now) = (self.path.display().to_string(), Arc::clone(&self.now));
        let ended = self.write_all(messages).and_then(|()| {
            let Self { mut file, writer, .. } = self;
            file.write_all(&writer.finish()?)?;
            file.sync_all()
        });
        if let Err(error) = ended {
            let words = format!("the recording ends: {path}: {error}. What was written can be read.");
            logging::tell_presenter(&words);
            now.lock().unwrap_or_else(PoisonError::into_inner).ended = Some(error.to_string());
        }
    }

    /// Writes what comes until nobody is there to send more.
    fn write_all(&mut self, messages: &Receiver<Message>) -> io::Result<()> {
        let clock = Clock::start_at(0.0);
        let mut flushed_secs = 0.0;
        let mut is_flushed = false;
        loop {
            let wait_secs = if is_flushed { 3600.0 } else { (flushed_secs + FLUSH_SECS - clock.now_secs()).max(0.0) };
            match messages.recv_timeout(Duration::from_secs_f64(wait_secs)) {
                Ok(message) => {
                    self.add(&message)?;
                    is_flushed = false;
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
            if !is_flushed && clock.now_secs() - flushed_secs >= FLUSH_SECS {
                self.writer.flush()?;
                self.append()?;
                (flushed_secs, is_flushed) = (clock.now_secs(), true);
            }
        }
    }

    fn add(&mut self, message: &Message) -> io::Result<()> {
        match message {
            Message::Events(events) => events.iter().try_for_each(|timed| self.writer.add_event(timed)),
            Message::Row { at_secs, words } => self.writer.add_row(*at_secs, words),
        }
    }

    fn append(&mut self) -> io::Result<()> {
        let bytes = self.writer.drain();
        self.file.write_all(&bytes)?;
        let free_bytes = free_bytes(&self.path);
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.bytes += bytes.len() as u64;
        now.free_bytes = free_bytes;
        Ok(())
    }
}
