//! The lines of a recording as they are stored. What they mean stands in the module's own page.

use serde::{Deserialize, Serialize};

use crate::live::{Fault, SourceEvent};
use crate::presentation::event::Event;
use crate::presentation::look::Look;
use crate::recording::numbers::Packed;

/// The name in the first line, by which a recording is known.
pub(super) const NAME: &str = "tierlight recording";

/// The first line. Other tools read it, so it stays as it is in every version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HeaderFile {
    pub(super) name: String,
    /// Of the format: another one may not be readable.
    pub(super) version: u32,
    /// Of the words: fields were added.
    pub(super) schema: u32,
    /// The program that wrote it.
    pub(super) app: String,
    pub(super) began: String,
    pub(super) what: String,
    pub(super) redacted: bool,
}

/// Every other line but those of reports: an object with one key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum LineFile {
    /// How the talk was opened.
    Opening {
        look: Look,
        at: Option<String>,
        cut: Option<String>,
        /// The talk's time at which the recording begins, seconds; left out at 0.
        #[serde(default, skip_serializing_if = "is_zero")]
        begins: f64,
    },
    /// A scene file that it was opened with.
    Text { file: String, text: String },
    /// A frame begins; so many lines of state follow, then what happened.
    Key { frame: u64, at: f64, state: u64 },
    /// Signals that lines name by their place in the list of all that were named in this frame.
    Signals(Vec<String>),
    /// A target that reports name by its place in the list of this frame's.
    Lane { source: String, target: String, lapse: u32 },
    /// The next so many news are one event of a source.
    Many { dt: Packed, source: String, count: u64 },
    /// News that are no report.
    Say { dt: Packed, source: String, news: SourceEvent },
    /// What a signal was before: time and value in turn, each against the one before it.
    Past { dt: Packed, source: String, signal: u64, points: Vec<Packed> },
    /// An event of the talk.
    Event { dt: Packed, event: Event },
    /// A script's line was answered.
    Row { dt: Packed, words: String },
    /// The frame ends; what it held.
    End { lines: u64, samples: u64, at: f64 },
}

/// A report, as an array.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ReportFile(
    /// Lane.
    pub(super) u64,
    /// Of the event, after the one before it.
    pub(super) Packed,
    /// When the target was heard, on the source's clock, against the event.
    pub(super) Packed,
    /// Its last good answer, against that.
    pub(super) Packed,
    /// Samples that the parser read, against the lane's report before.
    pub(super) i64,
    /// Slots of time that moved on: slot and time in turn.
    pub(super) Vec<Packed>,
    /// Values that changed: signal and value in turn.
    pub(super) Vec<Packed>,
    /// Bytes that moved: signal, end, beginning and bytes in turn; none of a target that does not tell.
    pub(super) Option<Vec<Packed>>,
    /// What seldom changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) Option<SeldomFile>,
);

/// What of a report seldom changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SeldomFile {
    /// Signals that are of another slot of time: signal and slot in turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) slots: Vec<u64>,
    /// Signal and seconds in turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) lags: Vec<Packed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) interval: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) faults: Option<Vec<Fault>>,
}

impl SeldomFile {
    pub(super) fn unless_empty(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(secs: &f64) -> bool {
    *secs == 0.0
}
