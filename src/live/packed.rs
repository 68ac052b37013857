//! The curves of all sources, put away small: a talk that is told again keeps how it stood at many moments, and the
//! curves are nearly all of each.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::live::coarse::Point;
use crate::live::history::History;
use crate::signal::Signal;

/// zstd's quickest: the times of a target's signals are the same, and most values are those before.
const LEVEL: i32 = 1;

/// The curves of a source.
pub type SourceCurves = BTreeMap<Signal, History>;

/// The curves of several sources, one piece a source. A clone shares them.
#[derive(Clone, Debug)]
pub struct PackedCurves(Arc<[PackedSource]>);

#[derive(Debug)]
struct PackedSource {
    signals: Vec<Signal>,
    /// Each signal's curve in this order: how long it keeps and how many points it has, all times, all values; packed.
    packed: Vec<u8>,
    /// Bytes before they were packed.
    size: usize,
}

impl PackedCurves {
    pub(crate) fn new(sources: &[SourceCurves]) -> Self {
        Self(sources.iter().map(PackedSource::new).collect())
    }

    pub(crate) fn unpack(&self) -> Vec<SourceCurves> {
        self.0.iter().map(PackedSource::unpack).collect()
    }
}

impl PackedSource {
    fn new(curves: &SourceCurves) -> Self {
        let mut flat = Vec::new();
        for history in curves.values() {
            write_history(history, &mut flat);
        }
        let packed = zstd::bulk::compress(&flat, LEVEL).unwrap_or_default();
        Self { signals: curves.keys().copied().collect(), packed, size: flat.len() }
    }

    fn unpack(&self) -> SourceCurves {
        let flat = zstd::bulk::decompress(&self.packed, self.size).unwrap_or_default();
        let mut rest = flat.as_slice();
        self.signals.iter().map_while(|signal| Some((*signal, read_history(&mut rest)?))).collect()
    }
}

fn write_history(history: &History, out: &mut Vec<u8>) {
    let mut write = |number: f64| out.extend(number.to_le_bytes());
    write(history.keep_secs());
    write(history.points().len() as f64);
    history.points().for_each(|point| write(point.at_secs));
    // A value is finite, so that what is not stands for a gap.
    history.points().for_each(|point| write(point.value.unwrap_or(f64::NAN)));
}

fn read_history(rest: &mut &[u8]) -> Option<History> {
    let keep_secs = read_number(rest)?;
    let count = read_number(rest)? as usize;
    let times = read_numbers(rest, count)?;
    let values = read_numbers(rest, count)?;
    let values = values.map(|value| Some(value).filter(|value| value.is_finite()));
    let points: VecDeque<Point> = times.zip(values).map(|(at_secs, value)| Point { at_secs, value }).collect();
    Some(History::of_points(keep_secs, points))
}

fn read_number(rest: &mut &[u8]) -> Option<f64> {
    let (number, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(f64::from_le_bytes(*number))
}

fn read_numbers<'a>(rest: &mut &'a [u8], count: usize) -> Option<impl Iterator<Item = f64> + use<'a>> {
    let (numbers, after) = rest.split_at_checked(count * size_of::<f64>())?;
    *rest = after;
    Some(numbers.as_chunks().0.iter().map(|number| f64::from_le_bytes(*number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Quantity, Tier};

    #[test]
    fn curves_come_back_as_they_were_and_take_little_meanwhile() {
        let signals = [Quantity::WriteBytesPerSec, Quantity::ReadBytesPerSec].map(|of| Signal::tier(Tier::T2, of));
        let curve = |factor: f64| {
            let mut history = History::new(3600.0);
            for poll in 0..1800_u32 {
                let at_secs = f64::from(poll) * 2.0 + 0.1;
                match poll % 100 {
                    99 => history.push_gap(at_secs),
                    // Bursts of thirty polls, each with a rate of its own.
                    0..30 => history.push_value(at_secs, f64::from(poll).sin().abs() * factor),
                    _ => history.push_value(at_secs, 0.0),
                }
            }
            history
        };
        let before: SourceCurves = signals.into_iter().zip([curve(1e9), curve(3e8)]).collect();
        let packed = PackedSource::new(&before);
        let after = packed.unpack();
        assert_eq!(after, before);
        let columns = |curves: &SourceCurves| -> Vec<_> {
            curves.values().map(|history| history.columns(0.0, 3600.0, 240)).collect()
        };
        assert_eq!(columns(&after), columns(&before), "also what a chart shows of them");
        let (size, points) = (packed.packed.len(), 2 * 1800 * size_of::<Point>());
        assert!(size * 4 < points, "{size} of {points} bytes");
    }
}
