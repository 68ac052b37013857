//! The end from outside: a signal that asks the program to go ends the talk as Ctrl+Q does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a signal came.
#[derive(Clone, Default)]
pub(crate) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Listens from now on. `wake`: one came.
    pub(crate) fn listen(wake: impl Fn() + Send + 'static) -> Self {
        let ending = Self::default();
        let came = ending.clone();
        let heard = ctrlc::set_handler(move || {
            came.0.store(true, Ordering::Relaxed);
            wake();
        });
        if let Err(error) = heard {
            log::warn!("signals are not heard, so one ends the talk without its figures: {error}");
        }
        ending
    }

    pub(crate) fn has_come(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
