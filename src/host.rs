//! The show as the threads of a window reach it: the window's own, those of the sources, and one that lets time pass.
//!
//! Whatever comes in passes the show's one door under a lock. A frame is asked for when the audience would see something
//! else than it does, and not because something came in: a lab is polled every second, and a still picture stays still.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use crate::clock::Clock;
use crate::journal::{Journal, ShownSource};
use crate::live::{SourceKind, SourceTeller};
use crate::logging;
use crate::presentation::Audience;
use crate::presentation::command::Command;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::{Effect, Event};
use crate::recorder::{self, Recorder, RecordingNow};
use crate::show::Show;
use crate::stopped::{Stopped, Taken};

/// How often it is looked at whether time alone has changed the picture.
const PULSE: Duration = Duration::from_millis(250);

/// Where what happens is written.
#[derive(Default)]
pub(crate) struct Logs {
    pub(crate) journal: Option<Journal>,
    pub(crate) recorder: Option<Recorder>,
    /// Recordings that were ended: their threads write what they have.
    pub(crate) ended: Vec<Recorder>,
    /// The file of the recording that is one of the sources, where it is none of the program's own.
    pub(crate) recording: Option<PathBuf>,
}

impl Logs {
    /// Writes what has happened to the show since. Err: the journal could not be written. The recorder says so itself.
    pub(crate) fn write(&mut self, show: &mut Show) -> io::Result<()> {
        let events = show.drain_log();
        let written = match &mut self.journal {
            Some(journal) => journal.write_events(&events).and_then(|()| {
                let source = show.presentation().sources().shown();
                let recording = self.recording.clone().filter(|_| source.kind == SourceKind::Recording);
                journal.write_shown(show.now_secs(), &ShownSource { source: source.id.clone(), recording })
            }),
            None => Ok(()),
        };
        if let Some(recorder) = &mut self.recorder {
            recorder.record(events);
        }
        written
    }
}

/// A show that several threads drive.
pub(crate) struct SharedShow {
    /// Asks for a frame.
    wake: Box<dyn Fn() + Send + Sync>,
    inner: Mutex<Inner>,
    /// Held so that the thread that lets time pass goes on.
    _alive: Sender<()>,
}

/// What the lock guards.
pub(crate) struct Inner {
    pub(crate) show: Show,
    /// What the window shows; none while it moves, as then the next frame comes by itself.
    pub(crate) shown: Option<Audience>,
    /// Answers of sources that came in.
    pub(crate) polls: u64,
    /// Seconds of the talk.
    clock: Clock,
    logs: Logs,
    /// The talk that stopped before this one, while it is offered, and whether it is asked for.
    stopped: Option<Stopped>,
    wants_stopped: bool,
    /// Why the last recording that was to begin did not.
    not_recorded: Option<String>,
    teller: SourceTeller,
}

impl SharedShow {
    /// Begins to let time pass; that ends with the last handle. `stopped`: the talk that is offered.
    pub(crate) fn start(
        show: Show,
        logs: Logs,
        clock: Clock,
        stopped: Option<Stopped>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Arc<Self>> {
        let (shown, not_recorded, teller, wants_stopped) = (None, None, SourceTeller::default(), false);
        let inner = Inner { show, shown, polls: 0, clock, logs, stopped, wants_stopped, not_recorded, teller };
        let (alive, gone) = channel();
        let shared = Arc::new(Self { wake: Box::new(wake), inner: Mutex::new(inner), _alive: alive });
        let weak = Arc::downgrade(&shared);
        thread::Builder::new().name("pulse".into()).spawn(move || let_time_pass(&weak, &gone))?;
        Ok(shared)
    }

    /// The show, for a frame.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a source says, or a file that was saved.
    pub(crate) fn take(&self, event: Event) {
        let mut inner = self.lock();
        inner.polls += u64::from(matches!(event, Event::Source { .. }));
        // The time is read under the lock: it does not go back.
        let now_secs = inner.clock.now_secs();
        inner.show.take(now_secs, event);
        self.look_at(inner);
    }

    /// What came of a file that was opened. A recording that is played is found there again when this talk is gone on with.
    pub(crate) fn take_opened(&self, path: PathBuf, event: Event) {
        if matches!(event, Event::Recording(_)) {
            self.lock().logs.recording = Some(path);
        }
        self.take(event);
    }

    /// What the presenter did on the console: what only the host can do in answer.
    pub(crate) fn take_all(&self, mut inner: MutexGuard<'_, Inner>, events: Vec<Event>) -> Vec<Effect> {
        let now_secs = inner.clock.now_secs();
        let effects = events.into_iter().filter_map(|event| inner.show.take(now_secs, event)).collect();
        self.look_at(inner);
        effects
    }

    /// Begins a recording of the talk from here on, or ends the one that runs. The presenter hears why there is none.
    pub(crate) fn toggle_recording(&self) {
        let mut inner = self.lock();
        inner.write_log();
        if let Some(mut running) = inner.logs.recorder.take() {
            let was_on = running.is_on();
            running.end();
            inner.logs.ended.push(running);
            if was_on {
                return;
            }
        }
        let no_folder = || "this machine names no folder for it: start with --record FILE".to_owned();
        let (opening, past) = (inner.show.recorded_opening(), inner.show.recorded_past());
        let started = recorder::usual_folder().ok_or_else(no_folder);
        match started.and_then(|folder| Recorder::start_in(&folder, &opening)) {
            Ok(mut recorder) => {
                recorder.record(past);
                (inner.logs.recorder, inner.not_recorded) = (Some(recorder), None);
            }
            Err(words) => {
                logging::tell_presenter(&format!("no recording begins: {words}"));
                inner.not_recorded = Some(words);
            }
        }
    }

    /// The talk that stopped is to be gone on with at the next frame. The presenter hears why it cannot be.
    pub(crate) fn ask_for_stopped(&self) {
        let mut inner = self.lock();
        let records = inner.logs.recorder.as_ref().is_some_and(Recorder::is_on);
        let refused = match (&inner.stopped, records) {
            (None, _) => Some("no talk has stopped: there is nothing to go on with"),
            (Some(_), true) => Some("a recording of this talk runs: end it, then go on with the other talk"),
            (Some(_), false) => None,
        };
        inner.wants_stopped = refused.is_none();
        drop(inner);
        match refused {
            Some(words) => self.take(Event::Word(words.to_owned())),
            None => (self.wake)(),
        }
    }

    /// The talk that stopped, once it is asked for. The presenter hears why it cannot be had.
    pub(crate) fn take_stopped(&self) -> Option<Taken> {
        let mut inner = self.lock();
        if !std::mem::take(&mut inner.wants_stopped) {
            return None;
        }
        let stopped = inner.stopped.take()?;
        drop(inner);
        let taken = stopped.take().and_then(|taken| {
            if taken.told.ended { Err("it was gone on with elsewhere, and ended".to_owned()) } else { Ok(taken) }
        });
        taken.map_err(|words| self.take(Event::Word(format!("the talk cannot be gone on with: {words}")))).ok()
    }

    /// Lets the talk go that stopped.
    pub(crate) fn let_stopped_go(&self) {
        let stopped = self.lock().stopped.take();
        let words = match stopped.map(|stopped| stopped.let_go()) {
            Some(Ok(())) => "the talk that stopped is let go".to_owned(),
            Some(Err(words)) => format!("the talk that stopped is let go, but it will be offered again: {words}"),
            None => "no talk has stopped: there is nothing to let go".to_owned(),
        };
        self.take(Event::Word(words));
    }

    /// Another talk goes on in place of this one, which ends. The presenter's console stays.
    pub(crate) fn replace(&self, show: Show, journal: Journal, clock: Clock) {
        self.end_journal();
        let mut inner = self.lock();
        let desk = inner.show.presentation().desk();
        let console = match (desk.console, desk.one_screen) {
            (true, _) => Some(DeskCommand::Console),
            (false, true) => Some(DeskCommand::OneScreen),
            (false, false) => None,
        };
        let mut running = inner.logs.recorder.take();
        if let Some(running) = &mut running {
            running.end();
        }
        inner.logs.ended.extend(running);
        inner.logs.journal = Some(journal);
        (inner.show, inner.shown, inner.clock, inner.teller) = (show, None, clock, SourceTeller::default());
        inner.logs.recording = None;
        let console = console.filter(|_| !inner.show.presentation().desk().has_console());
        self.take_all(inner, console.into_iter().map(|command| Event::Command(Command::from(command))).collect());
        (self.wake)();
    }

    /// The talk was ended on purpose.
    pub(crate) fn end_journal(&self) {
        let mut inner = self.lock();
        inner.write_log();
        if let Some(Err(error)) = inner.logs.journal.as_mut().map(Journal::end) {
            log::warn!("the journal: {error}");
        }
    }

    /// Tells the presenter what is new, and asks for a frame where the audience would see something else.
    fn look_at(&self, mut inner: MutexGuard<'_, Inner>) {
        inner.write_log();
        let Inner { show, teller, .. } = &mut *inner;
        for words in teller.news(show.now_secs(), show.presentation().sources()) {
            logging::tell_presenter(&words);
        }
        let is_other = inner.shown.as_ref().is_some_and(|shown| *shown != inner.show.audience());
        if is_other {
            // Asked for once: what comes until that frame is in it.
            inner.shown = None;
            drop(inner);
            (self.wake)();
        }
    }
}

impl Inner {
    /// Seconds of the talk.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Lets time pass up to now.
    pub(crate) fn advance(&mut self) {
        self.show.advance(self.clock.now_secs());
    }

    /// The talk that stopped, in words, while it is offered.
    pub(crate) fn stopped_words(&self) -> Option<String> {
        self.stopped.as_ref().map(Stopped::words)
    }

    /// How the recording stands, or why there is none although it was asked for.
    pub(crate) fn recording_now(&self) -> Option<RecordingNow> {
        let running = self.logs.recorder.as_ref().map(Recorder::now);
        let not_begun =
            || self.not_recorded.clone().map(|words| RecordingNow { ended: Some(words), ..Default::default() });
        running.or_else(not_begun)
    }

    /// Writes what was done since. A journal that cannot be written ends, with a word, and the talk does not.
    pub(crate) fn write_log(&mut self) {
        if let Err(error) = self.logs.write(&mut self.show) {
            logging::tell_presenter(&format!("the journal ends here, so this talk could not be gone on with: {error}"));
            self.logs.journal = None;
        }
    }
}

fn let_time_pass(shared: &Weak<SharedShow>, gone: &Receiver<()>) {
    while gone.recv_timeout(PULSE) == Err(RecvTimeoutError::Timeout) {
        let Some(shared) = shared.upgrade() else { return };
        let mut inner = shared.lock();
        // While it moves, its frames let the time pass.
        if inner.shown.is_some() {
            inner.advance();
            shared.look_at(inner);
        }
    }
}
