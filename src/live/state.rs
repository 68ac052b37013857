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
    /// What was heard first was a refusal: whoever asks may not read it, or nothing can.
    Refused,
    /// It was asked, and no answer came at all.
    NoAnswer,
    /// It answered with what is no page of metrics.
    Unreadable,
    Live,
    /// The last good scrape is this old; the value is the last known.
    Stale {
        age_secs: u32,
    },
    /// `lapse`: how much faster than the clock the simulated lab runs. `profile`: which one it is, where it is not the usual.
    Simulated {
        lapse: u32,
        profile: Option<Arc<str>>,
    },
    /// Played back from a recording of this day.
    Recorded {
        date: Arc<str>,
    },
}

impl State {
    /// Whether values are drawn at all.
    pub fn is_known(&self) -> bool {
        self.is_fresh() || self.is_stale()
    }

    /// Whether values are of now: only those make light and move dots.
    pub fn is_fresh(&self) -> bool {
        matches!(self, Self::Live | Self::Simulated { .. } | Self::Recorded { .. })
    }

    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Stale { .. })
    }

    /// The state of several together, as one word. One that is stale makes all of it old, for nothing dead may pass as
    /// alive; else what is known of one is known.
    pub fn together<'a>(states: impl Iterator<Item = &'a Self> + Clone) -> Self {
        let rank = |state: &&Self| match state {
            Self::Stale { age_secs } => 10 + u64::from(*age_secs),
            Self::Live | Self::Simulated { .. } | Self::Recorded { .. } => 5,
            Self::Refused => 4,
            Self::NoAnswer => 3,
            Self::Unreadable => 2,
            Self::Waiting => 1,
            Self::NoSource => 0,
        };
        states.max_by_key(rank).cloned().unwrap_or_default()
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSource => f.write_str("no source"),
            Self::Waiting => f.write_str("waiting"),
            Self::Refused => f.write_str("refused"),
            Self::NoAnswer => f.write_str("no answer"),
            Self::Unreadable => f.write_str("not readable"),
            Self::Live => f.write_str("LIVE"),
            Self::Stale { age_secs } => write!(f, "STALE {age_secs} s"),
            Self::Simulated { lapse, profile } => {
                let lapse = if *lapse == 1 { String::new() } else { format!(" ×{lapse}") };
                let profile = profile.as_ref().map(|profile| format!(" {profile}")).unwrap_or_default();
                write!(f, "SIMULATED{lapse}{profile}")
            }
            Self::Recorded { date } => write!(f, "RECORDED {date}"),
        }
    }
}

/// A curve: columns of time, oldest first, and how long they really reach back.
///
/// Columns begin at round times, so that an hour of the source's clock is in the same column in every chart of that width
/// and at every moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub columns: Arc<[Option<(f64, f64)>]>,
    pub window_secs: f64,
    /// How much of the first column lies before the window, from 0 to 1; so much of the last one is of the window.
    pub ahead: f32,
    /// Most of all columns.
    pub peak: f64,
}
