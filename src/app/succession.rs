//! A talk that stopped, on its way back: read while another one is shown, it is gone on with in place of that one.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::host::SharedShow;
use crate::journal::{Journal, ShownSource};
use crate::logging;
use crate::presentation::event::Event;
use crate::stopped::Taken;

use super::feeding::Feeding;
use super::taken_deck::TakenDeck;
use super::talks_before::in_short;

/// How often it is looked whether the talk that stopped is read.
const PAUSE: Duration = Duration::from_millis(30);

/// The talk that is gone on with in place of this one, while it is read.
pub(super) struct Succession {
    /// The windows stay where they are opened.
    stays: bool,
    coming: Option<Coming>,
}

/// A talk that is being read.
struct Coming {
    deck: TakenDeck,
    journal: Journal,
    damage: Option<String>,
    /// The source that it showed.
    shown: Option<ShownSource>,
    fills_display: bool,
}

impl Succession {
    pub(super) fn new(stays: bool) -> Self {
        Self { stays, coming: None }
    }

    /// Goes on with the talk that stopped, where the presenter asks for it and it is read. Whether it came now and filled
    /// the audience's display.
    pub(super) fn mind(&mut self, ctx: &egui::Context, shared: &Arc<SharedShow>, feeding: &mut Feeding) -> bool {
        if let Some(Taken { told, journal, damage }) = shared.take_stopped() {
            let (fills_display, shown) = (told.is_full_screen() && !self.stays, told.shown.clone());
            match TakenDeck::start(None, &feeding.common, Some(told)) {
                Ok(deck) => self.coming = Some(Coming { deck, journal, damage, shown, fills_display }),
                Err(error) => shared.take(not_gone_on(&error.to_string())),
            }
        }
        let Some(coming) = self.coming.take_if(|coming| coming.deck.is_ready()) else {
            if self.coming.is_some() {
                ctx.request_repaint_after(PAUSE);
            }
            return false;
        };
        let fills_display = coming.fills_display;
        let gone_on = coming.go_on(shared, feeding).map_err(|words| shared.take(not_gone_on(&words)));
        gone_on.is_ok() && fills_display
    }
}

impl Coming {
    /// Puts it in the place of the talk that is shown, and starts the lab anew, as its times are those of the talk.
    fn go_on(mut self, shared: &Arc<SharedShow>, feeding: &mut Feeding) -> Result<(), String> {
        let (show, said) = self.deck.take()?;
        let clock = Clock::start_at(show.now_secs());
        feeding.lab = None;
        shared.replace(show, self.journal, clock);
        feeding.start_lab(shared, self.shown.as_ref()).map_err(|failure| failure.words)?;
        if let Some(words) = &self.damage {
            logging::tell_presenter(words);
        }
        if let Some(words) = self.damage.or(said) {
            shared.take(Event::Word(in_short(&words)));
        }
        Ok(())
    }
}

/// What the presenter hears where a talk that stopped cannot be gone on with.
fn not_gone_on(words: &str) -> Event {
    Event::Word(format!("the talk cannot be gone on with: {words}"))
}
