//! Stills: one show, put to a moment of any step. Exports, sheets, thumbnails and checks look at it there.

use std::str::FromStr;

use crate::scene::address::Address;
use crate::show::Show;

/// A still is what stands on stage when everything has ended, bursts of the lab included: so long after the step began, on
/// the clock of a simulated lab that runs at its usual lapse.
const LEAST_LAB_SECS: f64 = 16.0 * 8.0;

/// How long the step before is told ahead of a moment of the change from it: what leaves with it has been read by then.
const LEAD_SECS: f64 = 2.0;

/// A moment of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    End,
    /// So many seconds into it.
    Secs(f64),
}

impl FromStr for When {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        if word == "end" {
            return Ok(Self::End);
        }
        let secs = word.parse::<f64>().ok().filter(|secs| secs.is_finite() && *secs >= 0.0);
        secs.map(Self::Secs).ok_or_else(|| format!("\"{word}\" is neither \"end\" nor a number of seconds"))
    }
}

impl Show {
    /// This show as it would be at a moment of a step, had it been told up to there from now on. The show itself stays
    /// where it is, so a still does not depend on the stills before it.
    #[must_use]
    pub fn posed(&self, at: &Address, when: When) -> Self {
        match when {
            When::End if self.presentation.is_within_drill(at) => self.led_to(at).entered(at, when),
            When::End => self.entered(at, when),
            When::Secs(_) => self.led_to(at).entered(at, when),
        }
    }

    /// This show where a step is about to be entered: the step before it was told for a while and is being left. In a drill
    /// what fails goes on failing from step to step, so all of them were told there, each to its end.
    pub(crate) fn led_to(&self, at: &Address) -> Self {
        let before = self.presentation.before(at);
        let mut show = before.map_or_else(
            || self.clone(),
            |before| {
                if !self.presentation.is_within_drill(at) {
                    return self.entered(&before, When::Secs(LEAD_SECS));
                }
                let led = if self.presentation.is_within_drill(&before) { self.led_to(&before) } else { self.clone() };
                let settle_secs = led.entered(&before, When::Secs(0.0)).presentation.settle_secs();
                led.entered(&before, When::Secs(settle_secs.max(LEAD_SECS)))
            },
        );
        show.presentation.keep_what_leaves();
        show
    }

    /// This show at a moment of a step that is entered now.
    pub(crate) fn entered(&self, at: &Address, when: When) -> Self {
        let mut show = self.clone();
        show.presentation.seek(at.clone(), 0.0);
        let least_secs = LEAST_LAB_SECS / f64::from(show.presentation.simulated().lapse);
        let (told_secs, secs) = match when {
            When::End => (show.presentation.settle_secs().max(least_secs), f64::INFINITY),
            When::Secs(secs) => (secs, secs),
        };
        show.advance(self.now_secs() + told_secs);
        show.presentation.pose(at.clone(), secs, told_secs);
        show
    }

    /// Opens the thing of this id on the step. Whether there is one.
    pub(crate) fn open_named(&mut self, id: &str) -> bool {
        self.presentation.open_named(id)
    }
}
