//! Where a story point is in a recording: a burst of its kind, the quiet that it tells of, or what failed.

use crate::live::{Burst, Direction, TierEvent};
use crate::signal::Tier;

/// A burst that is no shorter than this is work that goes on, and not one save.
const LONG_SECS: f64 = 10.0;
/// So long a quiet is one that a room can see, and after so much of it the last rates have fallen.
const QUIET_SECS: f64 = 10.0;
const FALLEN_SECS: f64 = 8.0;
/// What happened is come to so long before it does.
const BEFORE_SECS: f64 = 4.0;

/// What is looked for in a recording, so that it shows what is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// One of the fastest bursts this way.
    Fast(Tier, Direction),
    /// One of those that move most, and go on for a while.
    Long(Tier, Direction),
    /// Nothing moves.
    Quiet,
    /// Something happened to T2, by its kind.
    Event(&'static str),
}

/// What was found in a recording, in the order of time.
#[derive(Clone, Debug, Default)]
pub(super) struct Happened {
    pub(super) bursts: Vec<FoundBurst>,
    pub(super) events: Vec<TierEvent>,
}

/// A burst of a recording, and whose it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FoundBurst {
    pub(super) tier: Tier,
    pub(super) direction: Direction,
    pub(super) burst: Burst,
}

impl Sought {
    /// What shows a phase; none where nothing of it could be in a recording of MinIO.
    pub fn of_phase(phase: &str) -> Option<Self> {
        match phase {
            "ingest" => Some(Self::Long(Tier::T2, Direction::Write)),
            "elt" | "embed" => Some(Self::Long(Tier::T2, Direction::Read)),
            "load" => Some(Self::Long(Tier::T1, Direction::Read)),
            "train" => Some(Self::Quiet),
            "checkpoint" | "export" | "adapter" => Some(Self::Fast(Tier::T2, Direction::Write)),
            "resume" | "model-load" => Some(Self::Fast(Tier::T2, Direction::Read)),
            "track" => Some(Self::Fast(Tier::T1, Direction::Write)),
            "archive" => Some(Self::Fast(Tier::T3, Direction::Write)),
            "drive-fails" => Some(Self::Event("drive-down")),
            "node-fails" => Some(Self::Event("node-down")),
            "quorum-fails" => Some(Self::Event("quorum-lost")),
            "mended" => Some(Self::Event("node-back")),
            _ => None,
        }
    }

    /// Where the next one begins after a time of the recording, or else the first; all on its source's clock. None where
    /// there is none, and where it is there already.
    pub(super) fn next_secs(self, happened: &Happened, from_secs: f64, end_secs: f64) -> Option<f64> {
        let Happened { bursts, events } = happened;
        let begins: Vec<f64> = match self {
            Self::Fast(tier, direction) => {
                let these = of(bursts, tier, direction);
                best(&these, |burst| burst.mean_bytes_per_sec())
            }
            Self::Long(tier, direction) => {
                let these = of(bursts, tier, direction);
                let long: Vec<Burst> = these.iter().filter(|burst| burst.secs() >= LONG_SECS).copied().collect();
                best(if long.is_empty() { &these } else { &long }, |burst| burst.bytes)
            }
            Self::Event(kind) => {
                let these = events.iter().filter(|event| event.tier == Tier::T2 && event.what.kind() == kind);
                these.map(|event| (event.at_secs - BEFORE_SECS).max(0.0)).collect()
            }
            Self::Quiet => {
                let quiets = quiets(bursts, end_secs);
                let longest = quiets.iter().map(|quiet| quiet.1 - quiet.0).fold(0.0, f64::max);
                let long =
                    quiets.iter().filter(|quiet| quiet.1 - quiet.0 >= (FALLEN_SECS + QUIET_SECS).max(longest / 2.0));
                let long: Vec<(f64, f64)> = long.copied().collect();
                if long.iter().any(|quiet| quiet.0 + FALLEN_SECS <= from_secs && from_secs + QUIET_SECS <= quiet.1) {
                    return None;
                }
                long.iter().map(|quiet| quiet.0 + FALLEN_SECS).collect()
            }
        };
        let next = begins.iter().copied().filter(|begin| *begin > from_secs).reduce(f64::min);
        next.or_else(|| begins.iter().copied().reduce(f64::min))
    }
}

fn of(bursts: &[FoundBurst], tier: Tier, direction: Direction) -> Vec<Burst> {
    let these = bursts.iter().filter(|found| (found.tier, found.direction) == (tier, direction));
    these.map(|found| found.burst).collect()
}

/// When those begin that have at least half of what the best has.
fn best(bursts: &[Burst], measure: impl Fn(&Burst) -> f64) -> Vec<f64> {
    let most = bursts.iter().map(&measure).fold(0.0, f64::max);
    bursts.iter().filter(|burst| measure(burst) >= most / 2.0).map(|burst| burst.began_secs).collect()
}

/// The times between the bursts, from the first on.
fn quiets(bursts: &[FoundBurst], end_secs: f64) -> Vec<(f64, f64)> {
    let mut busy: Vec<(f64, f64)> =
        bursts.iter().map(|found| (found.burst.began_secs, found.burst.ended_secs)).collect();
    busy.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut quiets = Vec::new();
    let mut quiet_from_secs = None;
    for (began_secs, ended_secs) in busy {
        if let Some(from_secs) = quiet_from_secs.filter(|from_secs| began_secs > *from_secs) {
            quiets.push((from_secs, began_secs));
        }
        quiet_from_secs = Some(quiet_from_secs.map_or(ended_secs, |from_secs: f64| from_secs.max(ended_secs)));
    }
    quiets.extend(quiet_from_secs.filter(|from_secs| end_secs > *from_secs).map(|from_secs| (from_secs, end_secs)));
    quiets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Happening;

    #[test]
    fn the_next_of_its_kind_is_found_and_after_the_last_the_first() {
        let found = |tier, direction, began_secs: f64, ended_secs: f64, bytes: f64| {
            let burst = Burst { began_secs, ended_secs, bytes, peak_bytes_per_sec: 0.0 };
            FoundBurst { tier, direction, burst }
        };
        use Direction::{Read, Write};
        let bursts = [
            found(Tier::T2, Write, 40.0, 62.0, 310.0),
            found(Tier::T1, Read, 100.0, 130.0, 3000.0),
            found(Tier::T2, Write, 170.0, 173.0, 500.0),
            found(Tier::T2, Write, 185.0, 188.0, 500.0),
            found(Tier::T2, Write, 300.0, 400.0, 20.0),
        ];
        let event = TierEvent { at_secs: 220.0, tier: Tier::T2, what: Happening::NodeDown { online: 3, total: 4 } };
        let cases = [
            (Sought::Fast(Tier::T2, Write), 10.0, Some(170.0)),
            (Sought::Fast(Tier::T2, Write), 172.0, Some(185.0)),
            (Sought::Fast(Tier::T2, Write), 190.0, Some(170.0)),
            (Sought::Long(Tier::T2, Write), 0.0, Some(40.0)),
            (Sought::Long(Tier::T1, Read), 50.0, Some(100.0)),
            (Sought::Fast(Tier::T3, Write), 0.0, None),
            (Sought::Event("node-down"), 50.0, Some(216.0)),
            (Sought::Event("drive-down"), 50.0, None),
            (Sought::Quiet, 50.0, Some(196.0)),
            (Sought::Quiet, 200.0, None),
            (Sought::Quiet, 295.0, Some(408.0)),
        ];
        for (sought, from_secs, expected) in cases {
            let happened = Happened { bursts: bursts.to_vec(), events: vec![event.clone()] };
            assert_eq!(sought.next_secs(&happened, from_secs, 470.0), expected, "{sought:?} from {from_secs}");
        }
        assert_eq!(Sought::Quiet.next_secs(&Happened::default(), 0.0, 60.0), None);
    }
}
