//! The last minutes of a signal, reduced to columns for a chart.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::live::coarse::{CELL_SECS, Coarse, Point, widen};
use crate::signal::Moved;

/// However often values come, no more than this many are kept.
const MOST_POINTS: usize = 100_000;

/// A chart takes cells in place of values where a column has so many cells, and a cell so many values.
const CELLS_A_COLUMN: f64 = 2.0;
const VALUES_A_CELL: usize = 4;

/// A signal's values over the last minutes, with its gaps.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "WrittenHistory")]
pub struct History {
    keep_secs: f64,
    points: VecDeque<Point>,
    /// The same in short: it follows from the points.
    #[serde(skip)]
    coarse: Coarse,
}

impl PartialEq for History {
    fn eq(&self, other: &Self) -> bool {
        (self.keep_secs, &self.points) == (other.keep_secs, &other.points)
    }
}

/// A history as it is written.
#[derive(Deserialize)]
struct WrittenHistory {
    keep_secs: f64,
    points: VecDeque<Point>,
}

impl From<WrittenHistory> for History {
    fn from(WrittenHistory { keep_secs, points }: WrittenHistory) -> Self {
        Self::of_points(keep_secs, points)
    }
}

impl History {
    /// An empty history that keeps so many seconds.
    pub(crate) fn new(keep_secs: f64) -> Self {
        Self { keep_secs, points: VecDeque::new(), coarse: Coarse::default() }
    }

    /// A history of points in order of time, as [`Self::points`] gives them.
    pub(super) fn of_points(keep_secs: f64, points: VecDeque<Point>) -> Self {
        let mut history = Self { points, ..Self::new(keep_secs) };
        history.renew_from(f64::NEG_INFINITY);
        history
    }

    pub(super) fn keep_secs(&self) -> f64 {
        self.keep_secs
    }

    /// A value that holds from that time on. Times do not go back: an older one is passed over.
    pub(crate) fn push_value(&mut self, at_secs: f64, value: f64) {
        self.push_point(Point { at_secs, value: Some(value).filter(|value| value.is_finite()) });
    }

    /// A rate now, and the bytes that moved since the value before: the curve holds the bytes, where they moved. The rate
    /// stands at its end until more is known.
    pub(crate) fn push_moved(&mut self, at_secs: f64, value: f64, moved: &[Moved]) {
        let last_secs = self.points.back().map_or(at_secs, |last| last.at_secs);
        if let Some(last) = self.points.back_mut().filter(|last| last.value.is_some()) {
            last.value = Some(0.0);
        }
        let mut changed_secs = last_secs;
        for moved in moved {
            let secs = moved.to_secs - moved.from_secs;
            if secs > 0.0 {
                self.add_rate(moved.from_secs, moved.to_secs.min(at_secs), moved.bytes / secs);
                changed_secs = changed_secs.min(moved.from_secs);
            }
        }
        self.push_value(at_secs, value);
        self.renew_from(changed_secs);
    }

    /// Works out anew what is kept in short, where points have changed since that time.
    fn renew_from(&mut self, at_secs: f64) {
        self.coarse.renew(&self.points, at_secs, self.keep_secs);
    }

    /// Adds a rate between two times, from the oldest that is kept on. Within a gap only a mean is
    /// known: drawn as a curve it would say what moved when nobody answered, so that a gap stays one.
    fn add_rate(&mut self, from_secs: f64, to_secs: f64, per_sec: f64) {
        let from_secs = from_secs.max(self.points.back().map_or(from_secs, |last| last.at_secs) - self.keep_secs);
        let first = self.split_at(from_secs);
        let end = self.split_at(to_secs);
        // Before anything was known there is no gap: bytes that moved then are the first that is known.
        let was_known = self.points.range(..first).any(|point| point.value.is_some());
        for point in self.points.range_mut(first..end.max(first)) {
            point.value = point.value.or(Some(0.0).filter(|_| !was_known)).map(|value| value + per_sec);
        }
    }

    /// The place of the point at that time, made where there is none: it says what the one before it says.
    fn split_at(&mut self, at_secs: f64) -> usize {
        let index = self.points.partition_point(|point| point.at_secs < at_secs);
        if self.points.get(index).is_none_or(|point| point.at_secs > at_secs) {
            let value = index.checked_sub(1).and_then(|before| self.points[before].value);
            self.points.insert(index, Point { at_secs, value });
        }
        index
    }

    /// Nothing is known from that time on.
    pub(crate) fn push_gap(&mut self, at_secs: f64) {
        if self.points.back().is_some_and(|last| last.value.is_some()) {
            self.push_point(Point { at_secs, value: None });
        }
    }

    /// All that is known, in order of time.
    pub(crate) fn points(&self) -> impl ExactSizeIterator<Item = &Point> {
        self.points.iter()
    }

    /// Since when anything is known.
    pub(crate) fn oldest_secs(&self) -> Option<f64> {
        self.points.front().map(|point| point.at_secs)
    }

    /// Adds what was before, in any order. Where both know a time, what was heard then stays.
    pub(crate) fn backfill(&mut self, points: Vec<Point>) {
        let older = points.into_iter().filter(|point| point.at_secs.is_finite());
        let older = older.map(|point| Point { value: point.value.filter(|value| value.is_finite()), ..point });
        let mut all: Vec<Point> = self.points.drain(..).chain(older).collect();
        // The sort keeps what was heard before what is filled in at the same time.
        all.sort_by(|a, b| a.at_secs.total_cmp(&b.at_secs));
        all.dedup_by_key(|point| point.at_secs);
        self.points = all.into();
        self.forget_old();
        self.renew_from(f64::NEG_INFINITY);
    }

    /// Puts everything so many seconds later: the clock it was noted by is another.
    pub(crate) fn shift_by(&mut self, by_secs: f64) {
        for point in &mut self.points {
            point.at_secs += by_secs;
        }
        self.renew_from(f64::NEG_INFINITY);
    }

    fn push_point(&mut self, point: Point) {
        let last_secs = self.points.back().map_or(point.at_secs, |last| last.at_secs);
        match self.points.back_mut() {
            Some(last) if point.at_secs < last.at_secs => return,
            Some(last) if point.at_secs == last.at_secs => *last = point,
            _ => self.points.push_back(point),
        }
        self.forget_old();
        self.renew_from(last_secs);
    }

    /// Forgets what is older than is kept. The value in force when the kept time begins stays.
    fn forget_old(&mut self) {
        let Some(newest) = self.points.back() else { return };
        let oldest = newest.at_secs - self.keep_secs;
        while self.points.len() > MOST_POINTS || self.points.get(1).is_some_and(|second| second.at_secs <= oldest) {
            self.points.pop_front();
        }
    }

    /// The least and the largest value in each of so many columns between two times; `None` where nothing is known.
    /// A value holds until the next, so a column between two values has the earlier one; the last holds to the end.
    /// Where there are far more values than columns, cells of time stand for them: one at a column's edge is in both.
    pub(crate) fn columns(&self, from_secs: f64, to_secs: f64, columns: usize) -> Vec<Option<(f64, f64)>> {
        let mut out = vec![None; columns];
        let width = (to_secs - from_secs) / columns as f64;
        if width <= 0.0 || !width.is_finite() {
            return out;
        }
        let column = |at_secs: f64| (at_secs - from_secs) / width;
        let mut widen_columns = |since: f64, until: f64, values: (f64, f64)| {
            // A point a hair before the end may be rounded up to the end.
            let first = (since.max(0.0) as usize).min(columns - 1);
            // This is `ceil`, which most processors are asked for by a call.
            let whole = until as usize;
            let end = (whole + usize::from(until > whole as f64)).clamp(first + 1, columns);
            out[first..end].iter_mut().for_each(|range| widen(range, values));
        };
        // What holds when the time begins, and what comes until it ends.
        let first = self.points.partition_point(|point| point.at_secs <= from_secs).saturating_sub(1);
        let end = self.points.partition_point(|point| point.at_secs < to_secs);
        let by_cells = width >= CELLS_A_COLUMN * CELL_SECS
            && end - first.min(end) > VALUES_A_CELL * self.coarse.count_between(from_secs, to_secs);
        let first = if by_cells {
            let cell = CELL_SECS / width;
            for (cell_secs, values) in self.coarse.between(from_secs, to_secs) {
                let since = column(cell_secs);
                widen_columns(since, since + cell, values);
            }
            end.saturating_sub(1)
        } else {
            first
        };
        let mut since = self.points.get(first).map_or(0.0, |point| column(point.at_secs));
        for (index, point) in self.points.range(first..end.max(first)).enumerate() {
            let until = column(self.points.get(first + index + 1).map_or(to_secs, |next| next.at_secs));
            if let Some(value) = point.value.filter(|_| until > 0.0) {
                widen_columns(since, until, (value, value));
            }
            since = until;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Quantity, Signal, Tier};

    fn text(history: &History, from_secs: f64, to_secs: f64, columns: usize) -> String {
        let column = |range: &Option<(f64, f64)>| match range {
            None => "-".to_owned(),
            Some((least, most)) if least == most => format!("{least}"),
            Some((least, most)) => format!("{least}..{most}"),
        };
        history.columns(from_secs, to_secs, columns).iter().map(column).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn columns_hold_values_keep_spikes_and_leave_gaps() {
        let mut history = History::new(300.0);
        for (at_secs, value) in [(10.0, 1.0), (12.0, 2.0), (13.0, 9.0), (14.0, 2.0)] {
            history.push_value(at_secs, value);
        }
        history.push_gap(20.0);
        history.push_value(26.0, 4.0);
        assert_eq!(text(&history, 8.0, 28.0, 10), "- 1 2..9 2 2 2 - - - 4");
        assert_eq!(text(&history, 8.0, 28.0, 2), "1..9 2..4");
        assert_eq!(text(&history, 15.0, 19.0, 2), "2 2");
        assert_eq!(text(&history, 40.0, 30.0, 2), "- -");
    }

    #[test]
    fn bytes_stand_in_the_curve_where_they_moved() {
        let signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);
        let moved =
            |from_secs: f64, to_secs: f64, bytes: f64| Moved { signal, from_secs, to_secs, bytes, is_timed: false };
        let mut history = History::new(300.0);
        for at_secs in 0..5 {
            history.push_moved(f64::from(at_secs), 0.0, &[]);
        }
        history.push_moved(5.0, 90.0, &[moved(1.0, 4.0, 360.0)]);
        assert_eq!(text(&history, 0.0, 6.0, 6), "0 120 120 120 0 90", "the rate stands at the end");
        history.push_moved(6.0, 0.0, &[]);
        assert_eq!(text(&history, 0.0, 7.0, 7), "0 120 120 120 0 0 0");
        history.push_moved(7.0, 30.0, &[moved(3.0, 7.0, 40.0), moved(6.0, 7.0, 20.0)]);
        assert_eq!(text(&history, 0.0, 8.0, 8), "0 120 120 130 10 10 30 30");
        history.push_gap(9.0);
        history.push_moved(12.0, 5.0, &[moved(9.0, 12.0, 15.0)]);
        assert_eq!(text(&history, 6.0, 14.0, 8), "30 30 30 - - - 5 5", "of a gap the mean is no curve");
    }

    #[test]
    fn cells_hold_what_the_values_hold() {
        let (mut history, mut seed) = (History::new(3700.0), 7_u64);
        let signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);
        for nth in 0..24_000_u32 {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let at_secs = 900.0 + f64::from(nth) * 0.17;
            match seed >> 56 {
                0..4 => history.push_gap(at_secs),
                4..9 => {
                    let moved = Moved {
                        signal,
                        from_secs: at_secs - 40.0,
                        to_secs: at_secs - 3.0,
                        bytes: 1e4,
                        is_timed: false,
                    };
                    history.push_moved(at_secs, 5.0, &[moved]);
                }
                9..12 => history.push_value(at_secs, (seed >> 40 & 0xffff) as f64),
                _ => history.push_moved(at_secs, (seed >> 50 & 63) as f64, &[]),
            }
        }
        let now_secs = 900.0 + 24_000.0 * 0.17;
        let told = history.columns(now_secs - 3600.0, now_secs, 240);
        // Of each column: the values in it, and at most those of the cell at either edge.
        let within = |from_secs: f64, to_secs: f64| history.columns(from_secs, to_secs, 1)[0];
        for (nth, column) in told.into_iter().enumerate() {
            let from_secs = now_secs - 3600.0 + nth as f64 * 15.0;
            let (inner, outer) = (
                within(from_secs, from_secs + 15.0 - 1e-6),
                within(from_secs - CELL_SECS, from_secs + 15.0 + CELL_SECS),
            );
            let holds = |wide: Option<(f64, f64)>, narrow: Option<(f64, f64)>| match (wide, narrow) {
                (Some(wide), Some(narrow)) => wide.0 <= narrow.0 && wide.1 >= narrow.1,
                (_, None) => true,
                (None, Some(_)) => false,
            };
            assert!(holds(column, inner) && holds(outer, column), "{nth}: {inner:?} {column:?} {outer:?}");
        }
        let read: History = serde_json::from_str(&serde_json::to_string(&history).unwrap()).unwrap();
        let again = read.columns(now_secs - 3600.0, now_secs, 240);
        assert_eq!(again, history.columns(now_secs - 3600.0, now_secs, 240), "as written and read again");
    }

    #[test]
    fn a_point_a_hair_before_the_end_is_in_the_last_column() {
        for at_secs in [100.0, 3611.2, 4871.999999999999] {
            let mut history = History::new(3700.0);
            history.push_value(at_secs - 2.0, 1.0);
            history.push_value(at_secs, 2.0);
            let now_secs = f64::next_up(at_secs);
            let last = history.columns(now_secs - 3600.0, now_secs, 240).pop();
            assert!(last.flatten().is_some_and(|(_, most)| most == 2.0), "{at_secs}");
        }
    }

    #[test]
    fn what_is_older_is_forgotten_but_the_value_in_force() {
        let mut history = History::new(10.0);
        for second in 0..100 {
            history.push_value(f64::from(second), f64::from(second));
        }
        assert_eq!(history.points.back().map(|point| point.value), Some(Some(99.0)));
        assert_eq!(text(&history, 80.0, 92.0, 6), "- - - - 89 90..91");
        history.push_value(50.0, 7.0);
        assert_eq!(history.points.back().map(|point| point.value), Some(Some(99.0)), "time does not go back");
    }

    #[test]
    fn what_is_filled_in_comes_before_what_was_heard() {
        let point = |at_secs: f64, value: f64| Point { at_secs, value: Some(value) };
        let mut history = History::new(100.0);
        history.push_value(20.0, 2.0);
        history.push_value(30.0, 3.0);
        let gap = Point { at_secs: 14.0, value: None };
        history.backfill(vec![point(-90.0, 0.5), point(10.0, 1.0), gap, point(20.0, 9.0), point(f64::NAN, 9.0)]);
        assert_eq!(text(&history, 8.0, 32.0, 6), "0.5..1 1 - 2 2 2..3");
        assert_eq!(history.oldest_secs(), Some(-90.0), "it holds when the kept time begins");
    }
}
