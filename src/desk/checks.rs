//! The machine looked over, on a thread of its own: it takes seconds, and the talk goes on.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::checkup::{Check, Checkup};
use crate::clock::Clock;

/// How the machine is looked over.
pub(crate) type LookOver = Arc<dyn Fn() -> Vec<Check> + Send + Sync>;

/// The last look, and how to take another.
#[derive(Clone)]
pub(super) struct Checks {
    look_over: LookOver,
    last: Arc<Mutex<Checkup>>,
}

impl Checks {
    pub(super) fn new(look_over: LookOver) -> Self {
        Self { look_over, last: Arc::default() }
    }

    pub(super) fn last(&self) -> Checkup {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes another look, unless one is under way. `wake`: it has ended.
    pub(super) fn look(&self, wake: impl FnOnce() + Send + 'static) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.runs {
            return;
        }
        last.runs = true;
        let this = self.clone();
        let look = move || {
            let clock = Clock::start_at(0.0);
            let checks = (this.look_over)();
            let checkup = Checkup { checks, took_secs: clock.now_secs(), runs: false };
            *this.last.lock().unwrap_or_else(PoisonError::into_inner) = checkup;
            wake();
        };
        if let Err(error) = thread::Builder::new().name("doctor".to_owned()).spawn(look) {
            log::warn!("the machine cannot be looked over: {error}");
            last.runs = false;
        }
    }
}
