//! Several pages on one target put together: which of them counts, and the readings that come of it.

use crate::signal::{Reading, Readings, Signal};
use crate::telemetry::page::Page;

/// The second of two pages is read in place of the first when the first is this much older, as it answers no more.
const PREFERRED_FOR_SECS: f64 = 40.0;

/// The first of two values, or the second where the first is [`PREFERRED_FOR_SECS`] older.
pub(super) fn newer<T>(first: Option<T>, second: Option<T>, at_secs: impl Fn(&T) -> f64) -> Option<T> {
    match (first, second) {
        (Some(first), Some(second)) if at_secs(&second) > at_secs(&first) + PREFERRED_FOR_SECS => Some(second),
        (first, second) => first.or(second),
    }
}

/// When the newest of the pages was read, and the pages that count in a sum with it.
pub(super) fn current_pages<'a>(pages: impl Iterator<Item = &'a Page>) -> (f64, Vec<&'a Page>) {
    /// A node that misses so many intervals is left out of the sums.
    const MISSES_HELD: f64 = 2.5;
    let pages: Vec<_> = pages.filter_map(|page| Some((page.at_secs()?, page))).collect();
    let newest = pages.iter().map(|(at_secs, _)| *at_secs).fold(f64::NEG_INFINITY, f64::max);
    let any_well = pages.iter().any(|(_, page)| page.is_well());
    let is_current = |(at_secs, page): &(f64, &Page)| {
        *at_secs >= newest - MISSES_HELD * page.pass_secs() && (page.is_well() || !any_well)
    };
    (newest, pages.into_iter().filter(is_current).map(|(_, page)| page).collect())
}

/// Readings as they are put together. A value that is negative or no number is left out.
#[derive(Default)]
pub(super) struct Out {
    pub(super) readings: Readings,
    /// Traffic is read from the nodes themselves, and not from a page of the deployment.
    pub(super) by_node: bool,
}

impl Out {
    pub(super) fn insert(&mut self, signal: Signal, value: f64, at_secs: f64, lag_secs: f64) {
        if value.is_finite() && value >= 0.0 {
            // Sums of nothing are -0.
            self.readings.insert(signal, Reading { value: value + 0.0, at_secs, lag_secs });
        }
    }
}
