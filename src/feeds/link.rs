//! What the host hands to the feeds: where news go, what time it is, and how fast is asked.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::live::SourceEvent;

use super::tape::{Tape, TapedAnswer};

/// How fast is asked. The default is what the lab gets; tests are in more of a hurry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// What every interval is multiplied with.
    pub scale: f64,
    /// The deadline of a question that each node answers.
    pub timeout: Duration,
    /// The deadline of a slow question: with a node down v2 takes its time, and nothing waits for it.
    pub slow_timeout: Duration,
    /// The largest body, unpacked.
    pub limit_bytes: u64,
}

impl Default for Pace {
    fn default() -> Self {
        let (timeout, slow_timeout) = (Duration::from_millis(1800), Duration::from_secs(12));
        Self { scale: 1.0, timeout, slow_timeout, limit_bytes: 128 << 20 }
    }
}

impl Pace {
    /// For a single look, which nobody waits for in front of an audience: some servers take long for their slow pages.
    pub(super) fn patient() -> Self {
        Self { timeout: Duration::from_secs(4), slow_timeout: Duration::from_secs(20), ..Self::default() }
    }
}

/// What the host hands to the feeds.
#[derive(Clone)]
pub struct Link {
    send: Arc<dyn Fn(SourceEvent) + Send + Sync>,
    wake: Arc<dyn Fn() + Send + Sync>,
    now: Arc<dyn Fn() -> f64 + Send + Sync>,
    /// Set when the feeds end: nothing is sent after that.
    pub(super) stopped: Arc<AtomicBool>,
    pub(super) pace: Pace,
    /// Where every answer goes as it came, where somebody keeps them.
    tape: Option<Tape>,
}

impl Link {
    /// `send` takes an event, `wake` makes the host look at it, `now` is the host's clock in seconds.
    pub fn new(
        send: impl Fn(SourceEvent) + Send + Sync + 'static,
        wake: impl Fn() + Send + Sync + 'static,
        now: impl Fn() -> f64 + Send + Sync + 'static,
    ) -> Self {
        let stopped = Arc::default();
        Self {
            send: Arc::new(send),
            wake: Arc::new(wake),
            now: Arc::new(now),
            stopped,
            pace: Pace::default(),
            tape: None,
        }
    }

    /// The same link, asking at another pace.
    pub fn at_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// The same link, which also shows every answer as it came.
    pub(crate) fn taped(self, tape: impl Fn(TapedAnswer) + Send + Sync + 'static) -> Self {
        Self { tape: Some(Arc::new(tape)), ..self }
    }

    /// Where answers go as they came, unless the feeds have ended.
    pub(super) fn tape(&self) -> Option<&Tape> {
        self.tape.as_ref().filter(|_| !self.is_stopped())
    }

    /// Seconds on the host's clock.
    pub(super) fn now_secs(&self) -> f64 {
        (self.now)()
    }

    /// Whether the feeds have ended: nothing more is asked then.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// Hands news to the host and wakes it.
    pub(super) fn send_news(&self, news: SourceEvent) {
        if !self.is_stopped() {
            (self.send)(news);
            (self.wake)();
        }
    }
}
