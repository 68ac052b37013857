//! Live sources: where readings come from, what they said, and what is known of them since.
//!
//! A source says what happened as a [`SourceEvent`]: a lab's feeds and the simulated lab alike. The events change a
//! [`Source`] of the [`SourceList`]; pictures read its readings, states and histories. All sources live side by side.

mod burst;
mod coarse;
mod engineers;
mod event;
mod events;
mod fault;
mod happening;
mod history;
mod packed;
mod source;
mod spoken;
mod state;
mod told_health;
mod watched_tier;

pub use self::burst::{Burst, Bursts, Direction};
pub use self::coarse::Point;
pub use self::engineers::{BucketColumn, DriveCell, DriveMap, DriveRow, Engineers, EngineersTarget, engineers};
pub use self::event::{Announcement, Query, Report, SourceEvent, SourceId, SourceKind, Target};
pub use self::events::Events;
pub use self::fault::{Fault, FaultCode};
pub use self::happening::{Happening, TierEvent, Weight};
pub use self::history::History;
pub use self::packed::{PackedCurves, SourceCurves};
pub(crate) use self::source::SIMULATED;
pub use self::source::{Source, SourceList};
pub(crate) use self::spoken::FaultTeller;
pub use self::state::{Series, State};
pub(crate) use self::told_health::SourceTeller;
