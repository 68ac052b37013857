//! What a history was at its least and its most, in cells of time: what a chart of an hour is drawn from, however often
//! values came.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

/// Four cells are a column of a chart of an hour.
pub(super) const CELL_SECS: f64 = 3.75;

/// A value that holds from its time on, in the signal's unit and finite; without one, a gap from that time on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub at_secs: f64,
    pub value: Option<f64>,
}

/// The least and the largest value in each cell of time, from the oldest that is kept on; `None` where nothing is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Coarse {
    /// The number of the first cell: cells are counted from time 0.
    first: i64,
    cells: VecDeque<Option<(f64, f64)>>,
}

impl Coarse {
    /// Works the cells out anew from that time on. The last cell is that of the last point.
    pub(super) fn renew(&mut self, points: &VecDeque<Point>, from_secs: f64, keep_secs: f64) {
        let Some(newest) = points.back() else { return self.cells.clear() };
        let (oldest, last) = (cell_of(newest.at_secs - keep_secs), cell_of(newest.at_secs));
        let gone = (oldest - self.first).clamp(0, self.count());
        drop(self.cells.drain(..gone as usize));
        self.first += gone;
        let end = self.end();
        let from = cell_of(from_secs).clamp(oldest, last);
        if self.cells.is_empty() || !(self.first..=end).contains(&from) {
            // Nothing there to go on from.
            self.cells.clear();
            self.first = oldest;
        }
        self.cells.truncate((from - self.first).max(0) as usize);
        let from = self.end();
        self.cells.resize((last + 1 - self.first) as usize, None);
        let after = points.partition_point(|point| point.at_secs <= from as f64 * CELL_SECS);
        for index in after.saturating_sub(1)..points.len() {
            let point = points[index];
            let Some(value) = point.value else { continue };
            // A value that ends where a cell begins is not in it.
            let until = points.get(index + 1).map_or(last, |next| {
                let cell = cell_of(next.at_secs);
                if cell as f64 * CELL_SECS < next.at_secs { cell } else { cell - 1 }
            });
            let begin = cell_of(point.at_secs).max(from);
            for cell in begin..=until.max(begin) {
                widen(&mut self.cells[(cell - self.first) as usize], (value, value));
            }
        }
    }

    /// How many cells lie between two times.
    pub(super) fn count_between(&self, from_secs: f64, to_secs: f64) -> usize {
        let (from, to) = (cell_of(from_secs).max(self.first), cell_of(to_secs).min(self.end() - 1));
        (to + 1 - from).max(0) as usize
    }

    fn end(&self) -> i64 {
        self.first + self.count()
    }

    /// A thousand or so: no history is kept for longer.
    fn count(&self) -> i64 {
        i64::from(self.cells.len() as u32)
    }

    /// Each cell that lies between two times or across one of them: when it begins, and its least and largest value.
    pub(super) fn between(&self, from_secs: f64, to_secs: f64) -> impl Iterator<Item = (f64, (f64, f64))> {
        let from = cell_of(from_secs).max(self.first);
        let skipped = (from - self.first).max(0) as usize;
        let cells = self.cells.iter().skip(skipped).take(self.count_between(from_secs, to_secs));
        cells.zip(from..).filter_map(|(cell, number)| Some((number as f64 * CELL_SECS, (*cell)?)))
    }
}

fn cell_of(at_secs: f64) -> i64 {
    (at_secs / CELL_SECS).floor() as i64
}

/// Makes room for a range in another.
pub(super) fn widen(range: &mut Option<(f64, f64)>, (low, high): (f64, f64)) {
    let (least, most) = range.unwrap_or((low, high));
    *range = Some((f64::min(least, low), f64::max(most, high)));
}
