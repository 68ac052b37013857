//! What the shown source says at this moment, as a picture needs it.

use std::fmt;
use std::sync::Arc;

use crate::scene::binding::Binding;
use crate::signal::Readings;
use crate::signal::Subject;
use crate::signal::Tier;

/// Whether a reading may be believed, in words and shape.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum State {
    /// Nothing measures it.
    #[default]
    NoSource,
    /// A source is there, and has not answered yet.
    Waiting,
    Live,
    /// The last good scrape is this old; the value is the last known.
    Stale {
        age_secs: u32,
    },
    /// `lapse`: how much faster than the clock the simulated lab runs.
    Simulated {
        lapse: u32,
    },
    /// Played back from a recording of this day.
    Recorded {
        date: Arc<str>,
    },
}

impl State {
    /// Whether values are drawn at all.
    pub fn is_known(&self) -> bool {
        !matches!(self, Self::NoSource | Self::Waiting)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSource => f.write_str("no source"),
            Self::Waiting => f.write_str("waiting"),
            Self::Live => f.write_str("LIVE"),
            Self::Stale { age_secs } => write!(f, "STALE {age_secs} s"),
            Self::Simulated { lapse: 1 } => f.write_str("SIMULATED"),
            Self::Simulated { lapse } => write!(f, "SIMULATED ×{lapse}"),
            Self::Recorded { date } => write!(f, "RECORDED {date}"),
        }
    }
}

/// A curve: columns of time, oldest first, and how long they really reach back.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub columns: Arc<[Option<(f64, f64)>]>,
    pub window_secs: f64,
    /// Most of all columns.
    pub peak: f64,
}

/// The shown source at one moment.
pub struct Seen<'a> {
    /// For motion and light.
    pub readings: &'a Readings,
    /// For numerals: refreshed at most once a second.
    pub numerals: &'a Readings,
    /// T0 to T3, then the GPUs.
    pub states: [State; 5],
    /// The one word for all of them.
    pub badge: State,
    /// Where the readings come from, in words: `simulated lab`.
    pub origin: Arc<str>,
    /// Age of the newest answer, of a source that has a clock of its own outside.
    pub age_secs: Option<u32>,
    /// Said beside the badge where a lab's certificate is not checked.
    pub warning: Option<Arc<str>>,
    /// A tier's polling lag in words, where it is worth saying.
    pub lags: [Option<u32>; 4],
    pub series: &'a dyn Fn(&Binding) -> Series,
}

impl Seen<'_> {
    pub fn state(&self, subject: Subject) -> &State {
        match subject {
            Subject::Tier(tier) => &self.states[tier.index()],
            Subject::Compute => &self.states[4],
        }
    }

    pub fn tier(&self, tier: Tier) -> &State {
        &self.states[tier.index()]
    }

    /// The state of what a binding reads: the best of its subjects, as a sum is known when one part is.
    pub fn state_of(&self, binding: &Binding) -> &State {
        let states = binding.signals.iter().map(|signal| self.state(signal.subject));
        let known = states.clone().find(|state| state.is_known());
        known.or_else(|| states.clone().next()).unwrap_or(&self.states[0])
    }
}
