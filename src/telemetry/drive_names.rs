//! Which drives a target was ever told of: one that is not told of any more has gone.

use std::collections::BTreeSet;

use crate::telemetry::names::{BETWEEN_LABELS, Meaning};
use crate::telemetry::page::{Page, PageSeries};

/// Drives by server and path.
pub(super) type DriveNames = BTreeSet<(String, String)>;

/// More drives than these are not remembered: no lab of a talk has as many.
const MOST_DRIVES: usize = 4096;

/// The server and the path of a drive's series.
pub(super) fn drive_name<'a>(page: &'a Page, series: &'a PageSeries) -> (&'a str, &'a str) {
    let drive = series.item.split_once(BETWEEN_LABELS).map_or(series.item.as_str(), |(drive, _)| drive);
    (page.server_of(series), drive)
}

/// Remembers the drives that a page tells of.
pub(super) fn remember_drives(page: &Page, known: &mut DriveNames) {
    for meaning in [Meaning::DriveHealth, Meaning::DriveTotal] {
        for series in page.gauge(meaning) {
            let (server, drive) = drive_name(page, series);
            if known.len() < MOST_DRIVES {
                known.insert((server.to_owned(), drive.to_owned()));
            }
        }
    }
}
