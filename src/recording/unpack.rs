//! Lines to events. Whatever a line says, nothing here panics or grows beyond what the line itself holds.

use crate::live::{Point, SourceEvent, SourceId};
use crate::presentation::event::{Event, Timed};
use crate::recording::lane::TargetLane;
use crate::recording::line::{LineFile, ReportFile};
use crate::recording::numbers::{Packed, unpack_time, unpack_value};
use crate::recording::pack::{forget_lanes, shift_lanes};
use crate::recording::table::{Named, SignalTable};

/// More targets than this are no recording of ours.
const MOST_LANES: usize = 65_536;
/// A talk is shorter than this.
const MOST_SECS: f64 = 30.0 * 86_400.0;

/// What a recording holds, in order of time.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    Event(Timed),
    /// A line of a script was answered.
    Row {
        at: f64,
        words: String,
    },
}

impl Entry {
    /// Seconds of the talk.
    pub fn at_secs(&self) -> f64 {
        match self {
            Self::Event(timed) => timed.at,
            Self::Row { at, .. } => *at,
        }
    }
}

/// What a line comes to.
#[derive(Debug)]
pub(super) enum Unpacked {
    /// It is part of something.
    Part,
    Entry(Entry),
    /// What was known when the frame began: for who begins to read with it.
    State(Vec<(SourceId, SourceEvent)>),
    /// The frame is over, and held so much.
    End {
        lines: u64,
        samples: u64,
    },
}

/// News of one event, of which some are yet to come.
#[derive(Clone, Debug)]
struct Group {
    source: SourceId,
    left: u64,
    news: Vec<SourceEvent>,
}

/// Makes events of lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Unpacker {
    at_secs: f64,
    lanes: Vec<TargetLane>,
    table: SignalTable,
    group: Option<Group>,
    /// Lines of state that are yet to come, and what they said.
    state_left: u64,
    state: Vec<(SourceId, SourceEvent)>,
    lines: u64,
    samples: u64,
}

impl Unpacker {
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    pub(super) fn samples(&self) -> u64 {
        self.samples
    }

    /// Takes a line. Err: why it is none of a recording.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<Unpacked, String> {
        let is_state = self.state_left > 0;
        let unpacked = if line.first() == Some(&b'[') {
            let report = serde_json::from_slice(line).map_err(|error| error.to_string())?;
            self.report(report)?
        } else {
            let line = serde_json::from_slice(line).map_err(|error| error.to_string())?;
            self.object(line)?
        };
        if !matches!(unpacked, Unpacked::End { .. }) {
            self.lines += 1;
        }
        if !is_state {
            return Ok(unpacked);
        }
        self.state_left -= 1;
        if self.state_left > 0 { Ok(Unpacked::Part) } else { Ok(Unpacked::State(std::mem::take(&mut self.state))) }
    }

    fn report(&mut self, line: ReportFile) -> Result<Unpacked, String> {
        let (lane, dt) = (line.0, line.1);
        self.step(dt)?;
        let lane = usize::try_from(lane).ok().and_then(|lane| self.lanes.get_mut(lane));
        let lane = lane.ok_or("a report of a target that was not named")?;
        let unpacked = lane.unpack(line, self.at_secs, &self.table);
        let (at_secs, report) = unpacked.ok_or("a report that does not follow from the one before it")?;
        let (source, target) = (lane.source.clone(), lane.target.clone());
        self.samples = self.samples.saturating_add(report.samples);
        Ok(self.news(source, SourceEvent::Scraped { target, at_secs, report }))
    }

    fn object(&mut self, line: LineFile) -> Result<Unpacked, String> {
        match line {
            // They are read with the header.
            LineFile::Opening { .. } | LineFile::Text { .. } => {}
            LineFile::Key { frame: _, at, state } => self.begin_frame(at, state)?,
            LineFile::Signals(names) if self.table.read_names(&names) => {}
            LineFile::Signals(_) => return Err("too many signals".to_owned()),
            LineFile::Lane { source, target, lapse } => {
                if self.lanes.len() >= MOST_LANES {
                    return Err("too many targets".to_owned());
                }
                self.lanes.push(TargetLane::new(SourceId::new(&source), target.into(), lapse));
            }
            LineFile::Many { dt, source, count } => {
                self.step(dt)?;
                let source = SourceId::new(&source);
                if count == 0 {
                    return Ok(self.event(Event::Source { source, news: Vec::new() }));
                }
                self.group = Some(Group { source, left: count, news: Vec::new() });
            }
            LineFile::Say { dt, source, news } => return self.say(dt, &source, news),
            LineFile::Past { dt, source, signal, points } => {
                self.step(dt)?;
                let points = unpack_points(&points).ok_or("points of the past that are none")?;
                let news = match self.table.named(signal).ok_or("the past of a signal that was not named")? {
                    Named::Signal(signal) => SourceEvent::Backfilled { signal, points },
                    // News that change nothing: a reader of another version has as many.
                    Named::Unknown => SourceEvent::Shifted { by_secs: 0.0 },
                };
                return Ok(self.news(SourceId::new(&source), news));
            }
            LineFile::Event { dt, event } => {
                self.step(dt)?;
                return Ok(self.event(event));
            }
            LineFile::Row { dt, words } => {
                self.step(dt)?;
                return Ok(Unpacked::Entry(Entry::Row { at: self.at_secs, words }));
            }
            LineFile::End { lines, samples, at: _ } => return Ok(Unpacked::End { lines, samples }),
        }
        Ok(Unpacked::Part)
    }

    fn begin_frame(&mut self, at_secs: f64, state: u64) -> Result<(), String> {
        if !is_talk_time(at_secs) {
            return Err("a frame at a time that is none".to_owned());
        }
        *self = Self { at_secs, state_left: state, ..Self::default() };
        Ok(())
    }

    fn say(&mut self, dt: Packed, source: &str, news: SourceEvent) -> Result<Unpacked, String> {
        self.step(dt)?;
        let source = SourceId::new(source);
        match &news {
            SourceEvent::Announced(announced) => {
                forget_lanes(&mut self.lanes, &source, announced.lapse);
            }
            SourceEvent::Shifted { by_secs } => shift_lanes(&mut self.lanes, &source, *by_secs),
            SourceEvent::Scraped { .. }
            | SourceEvent::Failed { .. }
            | SourceEvent::Inspected { .. }
            | SourceEvent::Asked { .. }
            | SourceEvent::Jumped
            | SourceEvent::Backfilled { .. }
            | SourceEvent::Recalled { .. } => {}
        }
        Ok(self.news(source, news))
    }

    fn step(&mut self, dt: Packed) -> Result<(), String> {
        let at_secs = unpack_time(self.at_secs, dt).filter(|secs| is_talk_time(*secs));
        self.at_secs = at_secs.ok_or("a time that is none")?;
        Ok(())
    }

    fn news(&mut self, source: SourceId, news: SourceEvent) -> Unpacked {
        if self.state_left > 0 {
            self.state.push((source, news));
            return Unpacked::Part;
        }
        let Some(group) = &mut self.group else {
            return self.event(Event::Source { source, news: vec![news] });
        };
        group.news.push(news);
        group.left -= 1;
        if group.left > 0 {
            return Unpacked::Part;
        }
        match self.group.take() {
            Some(Group { source, news, .. }) => self.event(Event::Source { source, news }),
            None => Unpacked::Part,
        }
    }

    fn event(&self, event: Event) -> Unpacked {
        Unpacked::Entry(Entry::Event(Timed { at: self.at_secs, event }))
    }
}

fn is_talk_time(secs: f64) -> bool {
    (0.0..=MOST_SECS).contains(&secs)
}

fn unpack_points(packed: &[Packed]) -> Option<Vec<Point>> {
    let (mut at_secs, mut value) = (0.0, 0.0);
    let mut points = Vec::with_capacity(packed.len() / 2);
    for pair in packed.chunks_exact(2) {
        at_secs = unpack_time(at_secs, pair[0])?;
        let here = match pair[1] {
            Packed::Gone => None,
            packed => Some(unpack_value(value, packed)?),
        };
        points.push(Point { at_secs, value: here });
        value = here.unwrap_or(value);
    }
    Some(points)
}
