//! What a source's readings are worth, and the curves it draws.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Whether a reading may be believed, in words and shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub columns: Arc<[Option<(f64, f64)>]>,
    pub window_secs: f64,
    /// Most of all columns.
    pub peak: f64,
}
