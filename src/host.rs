//! The show as the threads of a window reach it: the window's own, those of the sources, and one that lets time pass.
//!
//! Whatever comes in passes the show's one door under a lock. A frame is asked for when the audience would see something
//! else than it does, and not because something came in: a lab is polled every second, and a still picture stays still.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Duration;

use crate::clock::Clock;
use crate::live::FaultTeller;
use crate::logging;
use crate::presentation::Audience;
use crate::presentation::event::Event;
use crate::recorder::Recorder;
use crate::show::Show;

/// How often it is looked at whether time alone has changed the picture.
const PULSE: Duration = Duration::from_millis(250);

/// A show that several threads drive.
pub(crate) struct SharedShow {
    clock: Clock,
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
    teller: FaultTeller,
    recorder: Option<Recorder>,
}

impl Inner {
    /// Hands on what has happened, where it is recorded.
    pub(crate) fn record(&mut self) {
        if let Some(recorder) = &mut self.recorder {
            recorder.record(self.show.drain_log());
        }
    }
}

impl SharedShow {
    /// Begins to let time pass; that ends with the last handle.
    pub(crate) fn start(
        show: Show,
        recorder: Option<Recorder>,
        clock: Clock,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> std::io::Result<Arc<Self>> {
        let inner = Inner { show, shown: None, polls: 0, teller: FaultTeller::default(), recorder };
        let (alive, gone) = channel();
        let shared = Arc::new(Self { clock, wake: Box::new(wake), inner: Mutex::new(inner), _alive: alive });
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
        inner.show.take(self.clock.now_secs(), event);
        self.look_at(inner);
    }

    /// Tells the presenter what is new, and asks for a frame where the audience would see something else.
    fn look_at(&self, mut inner: MutexGuard<'_, Inner>) {
        inner.record();
        let Inner { show, teller, .. } = &mut *inner;
        for words in teller.news(show.now_secs(), show.presentation().sources().faults()) {
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

fn let_time_pass(shared: &Weak<SharedShow>, gone: &Receiver<()>) {
    while gone.recv_timeout(PULSE) == Err(RecvTimeoutError::Timeout) {
        let Some(shared) = shared.upgrade() else { return };
        let mut inner = shared.lock();
        // While it moves, its frames let the time pass.
        if inner.shown.is_some() {
            inner.show.advance(shared.clock.now_secs());
            shared.look_at(inner);
        }
    }
}
