//! Keeps the display on while the talk is in full screen: no screen saver comes over the audience's picture.
//!
//! The desktop is asked on a thread of its own, which lives as long as the wish: an answer may take seconds.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use keepawake::Builder;

/// The wish, and what came of it.
#[derive(Default)]
pub(crate) struct Awake {
    /// Held while the display is to stay on.
    wish: Option<Sender<()>>,
    refused: Arc<Mutex<Option<String>>>,
    /// The presenter was told that it cannot be: each full screen asks again.
    is_told: bool,
}

impl Awake {
    /// Whether the display is to stay on from now on. `wake`: something may be said that was not known before.
    pub(crate) fn keep(&mut self, on: bool, wake: impl Fn() + Send + 'static) {
        if on == self.wish.is_some() {
            return;
        }
        self.say(None);
        if !on {
            self.wish = None;
            return;
        }
        let (wish, gone) = channel();
        self.wish = Some(wish);
        let refused = self.refused.clone();
        let ask = move || {
            let held = Builder::default()
                .display(true)
                .reason("a talk is shown in full screen")
                .app_name("Tierlight")
                .app_reverse_domain("org.tierlight.Tierlight")
                .create();
            if let Err(error) = &held {
                log::info!("the display cannot be kept on: {error}");
                let words = "the screen saver cannot be held back: switch it off by hand".to_owned();
                *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(words);
                wake();
            }
            // The wish ends when its sender is dropped; nothing is ever sent.
            let _ended = gone.recv();
            drop(held);
        };
        if let Err(error) = thread::Builder::new().name("awake".into()).spawn(ask) {
            self.say(Some(format!("the screen saver cannot be held back: {error}")));
        }
    }

    fn say(&self, words: Option<String>) {
        *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = words;
    }

    /// Why the display may go dark although it should not.
    pub(crate) fn refused(&self) -> Option<String> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same, the first time that there is a reason: it is told once.
    pub(crate) fn untold(&mut self) -> Option<String> {
        let words = self.refused().filter(|_| !self.is_told)?;
        self.is_told = true;
        Some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn that_the_display_cannot_be_kept_on_is_told_once() {
        let mut awake = Awake::default();
        assert_eq!(awake.untold(), None);
        awake.say(Some("it cannot be".to_owned()));
        assert_eq!(awake.untold().as_deref(), Some("it cannot be"));
        awake.say(None);
        awake.say(Some("it cannot be".to_owned()));
        assert_eq!((awake.untold(), awake.refused().as_deref()), (None, Some("it cannot be")));
    }
}
