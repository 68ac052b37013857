//! Several pages on one target put together: which of them counts, and the readings that come of it.

use crate::signal::{Reading, Readings, Signal};
use crate::telemetry::page::Page;

/// Page 2 is read instead of page 1 when page 1 is this much older: the one has gone, the other answers.
const PREFERRED_FOR_SECS: f64 = 40.0;

/// The first, unless it is gone while the second goes on.
pub(super) fn newer<T>(first: Option<T>, second: Option<T>, at_secs: impl Fn(&T) -> f64) -> Option<T> {
    match (first, second) {
        (Some(first), Some(second)) if at_secs(&second) > at_secs(&first) + PREFERRED_FOR_SECS => Some(second),
        (first, second) => first.or(second),
    }
}

/// Pages that are not so much older than the newest that they no longer count.
pub(super) fn current<'a>(pages: impl Iterator<Item = &'a Page>) -> (f64, Vec<&'a Page>) {
    /// A node that misses so many intervals is left out of the sums.
    const MISSES_HELD: f64 = 2.5;
    let pages: Vec<_> = pages.filter_map(|page| Some((page.at_secs()?, page))).collect();
    let newest = pages.iter().map(|(at_secs, _)| *at_secs).fold(f64::NEG_INFINITY, f64::max);
    let any_well = pages.iter().any(|(_, page)| page.is_well());
    let is_current = |(at_secs, page): &(f64, &Page)| {
        *at_secs >= newest - MISSES_HELD * page.interval_secs() && (page.is_well() || !any_well)
    };
    (newest, pages.into_iter().filter(is_current).map(|(_, page)| page).collect())
}

/// Readings as they are put together. What is no quantity never becomes one.
#[derive(Default)]
pub(super) struct Out {
    pub(super) readings: Readings,
}

impl Out {
    pub(super) fn put(&mut self, signal: Signal, value: f64, at_secs: f64, lag_secs: f64) {
        if value.is_finite() && value >= 0.0 {
            // Sums of nothing are -0.
            self.readings.insert(signal, Reading { value: value + 0.0, at_secs, lag_secs });
        }
    }
}
