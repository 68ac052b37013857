//! Events to lines: what was said before is known, so a line says what is new.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use serde::Serialize;

use crate::live::{Announcement, Point, Report, SourceEvent, SourceId};
use crate::presentation::event::{Event, Timed};
use crate::recording::lane::{HeardReport, TargetLane};
use crate::recording::line::LineFile;
use crate::recording::numbers::{Packed, pack_time, pack_value};
use crate::recording::table::SignalTable;
use crate::signal::Signal;

/// Lines as they are made.
#[derive(Debug, Default)]
pub(super) struct PackedLines {
    pub(super) text: Vec<u8>,
    pub(super) count: u64,
}

impl PackedLines {
    pub(super) fn push(&mut self, line: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.text, line)?;
        self.text.push(b'\n');
        self.count += 1;
        Ok(())
    }
}

/// Makes lines of events. It knows what a reader knows who has read the frame so far.
#[derive(Debug, Default)]
pub(super) struct Packer {
    at_secs: f64,
    lanes: Vec<TargetLane>,
    table: SignalTable,
    announced: BTreeMap<SourceId, Announcement>,
}

impl Packer {
    pub(super) fn at_secs(&self) -> f64 {
        self.at_secs
    }

    /// Begins a frame: it says all that a reader must know to begin with it.
    pub(super) fn begin_frame(&mut self, frame: u64, lines: &mut PackedLines) -> io::Result<()> {
        let lanes = std::mem::take(&mut self.lanes);
        self.table = SignalTable::default();
        let mut state = PackedLines::default();
        for (source, announced) in self.announced.clone() {
            let news = SourceEvent::Announced(announced);
            state.push(&LineFile::Say { dt: Packed::Step(0), source: source.to_string(), news })?;
        }
        for lane in &lanes {
            let Some((at_secs, report)) = lane.state() else { continue };
            self.report(&lane.source, &lane.target, at_secs, &report, Packed::Step(0), &mut state)?;
        }
        lines.push(&LineFile::Key { frame, at: self.at_secs, state: state.count })?;
        lines.text.append(&mut state.text);
        lines.count += state.count;
        Ok(())
    }

    /// The time since the event before, and from now on until this one.
    fn step_to(&mut self, at_secs: f64) -> Packed {
        let dt = pack_time(self.at_secs, at_secs);
        self.at_secs = at_secs;
        dt
    }

    pub(super) fn row(&mut self, at_secs: f64, words: &str, lines: &mut PackedLines) -> io::Result<()> {
        let dt = self.step_to(at_secs);
        lines.push(&LineFile::Row { dt, words: words.to_owned() })
    }

    pub(super) fn event(&mut self, timed: &Timed, lines: &mut PackedLines) -> io::Result<()> {
        let Event::Source { source, news: all } = &timed.event else { return self.own_event(timed, lines) };
        let kept: Vec<&SourceEvent> = all.iter().filter(|news| news.is_kept()).collect();
        if kept.is_empty() && !all.is_empty() {
            return Ok(());
        }
        let dt = self.step_to(timed.at);
        match kept.as_slice() {
            [news] => self.news(source, news, dt, lines),
            all => {
                lines.push(&LineFile::Many { dt, source: source.to_string(), count: all.len() as u64 })?;
                all.iter().try_for_each(|news| self.news(source, news, Packed::Step(0), lines))
            }
        }
    }

    /// An event of the talk itself.
    fn own_event(&mut self, timed: &Timed, lines: &mut PackedLines) -> io::Result<()> {
        let dt = self.step_to(timed.at);
        lines.push(&LineFile::Event { dt, event: timed.event.clone() })
    }

    fn news(&mut self, source: &SourceId, news: &SourceEvent, dt: Packed, lines: &mut PackedLines) -> io::Result<()> {
        match news {
            SourceEvent::Scraped { target, at_secs, report } => {
                return self.report(source, target, *at_secs, report, dt, lines);
            }
            SourceEvent::Backfilled { signal, points } => return self.past(source, *signal, points, dt, lines),
            SourceEvent::Announced(announced) => {
                self.announced.insert(source.clone(), announced.clone());
                forget_lanes(&mut self.lanes, source, announced.lapse);
            }
            SourceEvent::Shifted { by_secs } => shift_lanes(&mut self.lanes, source, *by_secs),
            SourceEvent::Failed { .. }
            | SourceEvent::Recalled { .. }
            | SourceEvent::Inspected { .. }
            | SourceEvent::Asked { .. }
            | SourceEvent::Jumped => {}
        }
        lines.push(&LineFile::Say { dt, source: source.to_string(), news: news.clone() })
    }

    #[expect(clippy::too_many_arguments, reason = "what was heard of whom and when, and where it is written")]
    fn report(
        &mut self,
        source: &SourceId,
        target: &Arc<str>,
        at_secs: f64,
        report: &Report,
        dt: Packed,
        lines: &mut PackedLines,
    ) -> io::Result<()> {
        let known = self.lanes.iter().position(|lane| lane.source == *source && lane.target == *target);
        let index = match known {
            Some(index) => index,
            None => self.add_lane(source, target, lines)?,
        };
        let heard = HeardReport { event_secs: self.at_secs, at_secs, report };
        let packed = self.lanes[index].pack(index as u64, dt, &heard, &mut self.table);
        self.write_names(lines)?;
        lines.push(&packed)
    }

    fn add_lane(&mut self, source: &SourceId, target: &Arc<str>, lines: &mut PackedLines) -> io::Result<usize> {
        let lapse = self.announced.get(source).map_or(1, |announced| announced.lapse);
        lines.push(&LineFile::Lane { source: source.to_string(), target: target.as_ref().to_owned(), lapse })?;
        self.lanes.push(TargetLane::new(source.clone(), Arc::clone(target), lapse));
        Ok(self.lanes.len() - 1)
    }

    #[expect(clippy::too_many_arguments, reason = "what was before of what, and when and where it is written")]
    fn past(
        &mut self,
        source: &SourceId,
        signal: Signal,
        points: &[Point],
        dt: Packed,
        lines: &mut PackedLines,
    ) -> io::Result<()> {
        let (mut last_secs, mut last_value) = (0.0, 0.0);
        let mut packed = Vec::with_capacity(2 * points.len());
        for point in points {
            packed.push(pack_time(last_secs, point.at_secs));
            packed.push(point.value.map_or(Packed::Gone, |value| pack_value(last_value, value)));
            (last_secs, last_value) = (point.at_secs, point.value.unwrap_or(last_value));
        }
        let signal = self.table.place(signal);
        self.write_names(lines)?;
        lines.push(&LineFile::Past { dt, source: source.to_string(), signal, points: packed })
    }

    fn write_names(&mut self, lines: &mut PackedLines) -> io::Result<()> {
        let names = self.table.drain_unwritten();
        if names.is_empty() { Ok(()) } else { lines.push(&LineFile::Signals(names)) }
    }
}

/// A source was announced anew: nothing is known of its targets.
pub(super) fn forget_lanes(lanes: &mut [TargetLane], source: &SourceId, lapse: u32) {
    for lane in lanes.iter_mut().filter(|lane| lane.source == *source) {
        *lane = TargetLane::new(source.clone(), Arc::clone(&lane.target), lapse);
    }
}

/// All that a source said lies so many seconds later.
pub(super) fn shift_lanes(lanes: &mut [TargetLane], source: &SourceId, by_secs: f64) {
    lanes.iter_mut().filter(|lane| lane.source == *source).for_each(|lane| lane.shift_by(by_secs));
}
