//! A recording as a source: what its lab said, told again under any talk, from its start and round and round.
//!
//! The first time round, all that the source said is told, so that what is known of it is to the bit what was known then.
//! After that only reports are: its curves go on. A phase that is told finds the next place of the recording that shows it
//! ([`Sought`]), unless it goes by the clock. Times lie as much later as the talk is ahead of the recording. Of a part of it
//! each round begins with what was known there.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::live::{Announcement, Point, Report, Source, SourceEvent, SourceId, SourceKind};
use crate::presentation::event::{Event, Timed};
use crate::recording::reader::{Cursor, Read, Recording};
use crate::recording::sought::{FoundBurst, Happened, Sought};
use crate::recording::unpack::Entry;

/// A round is no shorter than this.
const LEAST_ROUND_SECS: f64 = 2.0;
/// No more events are told at once: what is asked for too late catches up with the next calls.
const MOST_AT_ONCE: usize = 10_000;
/// What is told is looked for in so much of the recording.
const LOOK_AHEAD_SECS: f64 = 1200.0;
/// A report that is so far from its event was polled ahead of its time, and is told in the first round only.
const MOST_AHEAD_SECS: f64 = 60.0;

/// A recording that is played back.
#[derive(Clone, Debug)]
pub struct Playback {
    recording: Recording,
    /// Which of its sources is played.
    source: SourceId,
    announced: Announcement,
    /// What a round goes over.
    span: PlayedSpan,
    /// What is told does not move it.
    by_clock: bool,
    cursor: Cursor,
    /// Read, and not due yet; none at the end of a round.
    next: Option<Vec<SourceEvent>>,
    /// When that is due, on the recording's time.
    next_secs: f64,
    /// Rounds that are over.
    rounds: u64,
    /// Seconds of the talk at which time 0 of the recording lies in the first round; other after a jump.
    began_secs: Option<f64>,
    /// What is known after a jump, and not told yet.
    jumped: Vec<SourceEvent>,
    /// All that happened in a recording that is no longer than what is looked at; read once, for all copies.
    happened: Arc<OnceLock<Happened>>,
}

/// A part of a recording, or all of it.
#[derive(Clone, Copy, Debug)]
struct PlayedSpan {
    /// The recording's time at which every round begins: not 0 where it was begun within a talk, or where a part is played.
    first_secs: f64,
    secs: f64,
    /// It does not begin where the recording does: what was known there is not read from the first line on.
    is_part: bool,
}

impl Playback {
    /// What is played.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// Makes a recording a source. Err: nothing was measured in it.
    pub fn new(recording: Recording) -> Result<Self, String> {
        let (source, announced) = played_source(&recording).ok_or("nothing was measured in this recording")?;
        let first_secs = recording.begins_secs().min(recording.last_secs());
        let round_secs = (recording.last_secs() - first_secs).max(LEAST_ROUND_SECS);
        let cursor = Cursor::start();
        let announced = as_recorded(announced, recording.header().date());
        let mut playback = Self {
            recording,
            source,
            announced,
            span: PlayedSpan { first_secs, secs: round_secs, is_part: false },
            by_clock: false,
            cursor,
            next: None,
            next_secs: 0.0,
            rounds: 0,
            began_secs: None,
            jumped: Vec::new(),
            happened: Arc::default(),
        };
        playback.read_next();
        Ok(playback)
    }

    /// Plays only what lies between two of its times, in seconds, round and round. Err: there is nothing.
    pub fn within(self, (from_secs, to_secs): (f64, f64)) -> Result<Self, String> {
        let (begins_secs, ends_secs) = (self.span.first_secs, self.recording.last_secs());
        let (first_secs, last_secs) = (from_secs.max(begins_secs), to_secs.min(ends_secs));
        if last_secs - first_secs < LEAST_ROUND_SECS {
            return Err(format!(
                "of {from_secs} to {to_secs} s it holds less than {LEAST_ROUND_SECS} s: it goes from {begins_secs:.0} to \
                 {ends_secs:.0} s"
            ));
        }
        let span = PlayedSpan { first_secs, secs: last_secs - first_secs, is_part: first_secs > begins_secs };
        Ok(Self { span, happened: Arc::default(), ..self })
    }

    /// Whether it goes on by the clock alone, whatever is told.
    #[must_use]
    pub fn by_clock(self, by_clock: bool) -> Self {
        Self { by_clock, ..self }
    }

    /// The source before its first answer.
    pub fn announcement(&self) -> SourceEvent {
        SourceEvent::Announced(self.announced.clone())
    }

    /// Whether it was begun: then it goes on, shown or not.
    pub fn has_begun(&self) -> bool {
        self.began_secs.is_some()
    }

    /// The recording's time that is told at this time of the talk, seconds.
    pub fn position_secs(&self, now_secs: f64) -> f64 {
        let passed_secs = self.began_secs.map_or(0.0, |began| (now_secs - began - self.span.first_secs).max(0.0));
        self.span.first_secs + passed_secs % self.span.secs
    }

    /// All that is due at a time of the talk, event by event. The first call begins it.
    pub fn news(&mut self, now_secs: f64) -> Vec<Vec<SourceEvent>> {
        let is_start = self.began_secs.is_none();
        let began_secs = *self.began_secs.get_or_insert(now_secs - self.span.first_secs);
        if is_start && self.span.is_part {
            self.jumped = self.known_at_start(began_secs);
        }
        let mut told = Vec::new();
        if !self.jumped.is_empty() {
            told.push(std::mem::take(&mut self.jumped));
        }
        while told.len() < MOST_AT_ONCE {
            let round_began_secs = began_secs + self.rounds as f64 * self.span.secs;
            let Some(next) = &mut self.next else {
                if now_secs < round_began_secs + self.last_secs() {
                    break;
                }
                self.begin_round(began_secs);
                told.push(std::mem::take(&mut self.jumped));
                if self.next.is_none() {
                    break;
                }
                continue;
            };
            if round_began_secs + self.next_secs > now_secs {
                break;
            }
            let by_secs = round_began_secs * f64::from(self.announced.lapse);
            told.push(std::mem::take(next).into_iter().map(|news| later(news, by_secs)).collect());
            self.read_next();
        }
        told
    }

    /// Jumps to where the next begins of what is sought, looked for in `LOOK_AHEAD_SECS`. Whether it jumped.
    pub fn find(&mut self, sought: Sought, now_secs: f64) -> bool {
        if self.by_clock {
            return false;
        }
        let lapse = f64::from(self.announced.lapse);
        let (first_secs, last_secs) = (self.span.first_secs, self.last_secs());
        let from_secs = self.position_secs(now_secs);
        let happened = if self.span.secs <= LOOK_AHEAD_SECS {
            self.happened.get_or_init(|| self.happened_between(first_secs, last_secs)).clone()
        } else {
            let mut happened = self.happened_between(from_secs, from_secs + LOOK_AHEAD_SECS);
            // Round the end, up to here.
            let left_secs = from_secs + LOOK_AHEAD_SECS - self.span.secs;
            let Happened { bursts, events } = self.happened_between(first_secs, left_secs.min(from_secs));
            happened.bursts.extend(bursts);
            happened.events.extend(events);
            happened
        };
        let found = sought.next_secs(&happened, from_secs * lapse, last_secs * lapse);
        if let Some(secs) = found {
            self.jump(now_secs, secs / lapse);
        }
        found.is_some()
    }

    /// What happened between two times; of bursts those that begin then and are over by the end.
    fn happened_between(&self, from_secs: f64, to_secs: f64) -> Happened {
        let mut bursts: Vec<FoundBurst> = Vec::new();
        let mut cursor = self.recording.seek(from_secs);
        let mut source = Source::new(self.source.clone(), self.announced.clone());
        let from_source_secs = from_secs * f64::from(self.announced.lapse);
        while let Some(read) = cursor.read(&self.recording) {
            let Read::Entry(entry) = read else { continue };
            if entry.at_secs() > to_secs {
                break;
            }
            // Announced anew, it would forget what it is in the middle of.
            let news = self.news_of(entry).into_iter();
            news.filter(|news| matches!(news, SourceEvent::Scraped { .. })).for_each(|news| source.apply(news));
            for (tier, direction, burst) in source.bursts().last_ones() {
                let is_same = |found: &FoundBurst| (found.tier, found.direction) == (tier, direction);
                let is_told = bursts.iter().rev().find(|found| is_same(found)).is_some_and(|last| last.burst == *burst);
                if burst.began_secs > from_source_secs && !is_told {
                    bursts.push(FoundBurst { tier, direction, burst: *burst });
                }
            }
        }
        let events = source.events().iter().filter(|event| event.at_secs >= from_source_secs).cloned().collect();
        Happened { bursts, events }
    }

    /// From now on what follows that time of the recording is told; what is known there is told at once.
    fn jump(&mut self, now_secs: f64, to_secs: f64) {
        self.began_secs = Some(now_secs - to_secs - self.rounds as f64 * self.span.secs);
        let known = self.known_at(to_secs, now_secs - to_secs);
        self.tell_jump(known);
    }

    /// What is told next is of another place, where so much is known.
    fn tell_jump(&mut self, known: Vec<SourceEvent>) {
        self.jumped = [SourceEvent::Jumped].into_iter().chain(known).collect();
    }

    /// What is known at a time of the recording, as much later as is said; what follows it is read next.
    fn known_at(&mut self, to_secs: f64, later_secs: f64) -> Vec<SourceEvent> {
        self.cursor = self.recording.seek(to_secs);
        let mut last: BTreeMap<Arc<str>, SourceEvent> = BTreeMap::new();
        let mut keep = |news: SourceEvent| {
            if let SourceEvent::Scraped { target, at_secs, report } = news {
                let report = Report { moved: None, ..report };
                last.insert(Arc::clone(&target), SourceEvent::Scraped { target, at_secs, report });
            }
        };
        self.next = None;
        while self.next.is_none() {
            match self.cursor.read(&self.recording) {
                Some(Read::State(state)) => {
                    state.into_iter().filter(|(source, _)| *source == self.source).for_each(|(_, news)| keep(news));
                }
                Some(Read::Entry(entry)) => {
                    let at_secs = entry.at_secs();
                    let news = self.news_of(entry);
                    if at_secs <= to_secs {
                        news.into_iter().for_each(&mut keep);
                    } else if !news.is_empty() {
                        let wanted = news.into_iter().filter_map(|news| self.wanted(at_secs, news)).collect();
                        (self.next, self.next_secs) = (Some(wanted), at_secs);
                    }
                }
                Some(Read::Damaged(_)) => {}
                None => break,
            }
        }
        if self.is_behind(self.next_secs) {
            self.next = None;
        }
        let by_secs = later_secs * f64::from(self.announced.lapse);
        last.into_values().map(|news| later(news, by_secs)).collect()
    }

    /// The recording's time at which every round ends.
    fn last_secs(&self) -> f64 {
        self.span.first_secs + self.span.secs
    }

    /// Whether an event of the recording lies behind the round's end: by more than the sum of two times is wrong by.
    fn is_behind(&self, event_secs: f64) -> bool {
        event_secs > self.last_secs() + 1e-6
    }

    /// What the source that is played says with an entry.
    fn news_of(&self, entry: Entry) -> Vec<SourceEvent> {
        match entry {
            Entry::Event(Timed { event: Event::Source { source, news }, .. }) if source == self.source => news,
            Entry::Event(_) | Entry::Row { .. } => Vec::new(),
        }
    }

    fn begin_round(&mut self, began_secs: f64) {
        self.rounds += 1;
        let known = if self.span.is_part {
            self.known_at_start(began_secs)
        } else {
            self.cursor = Cursor::start();
            self.read_next();
            Vec::new()
        };
        self.tell_jump(known);
    }

    /// What was known where a part begins: a round of it begins with that.
    fn known_at_start(&mut self, began_secs: f64) -> Vec<SourceEvent> {
        self.known_at(self.span.first_secs, began_secs + self.rounds as f64 * self.span.secs)
    }

    fn read_next(&mut self) {
        self.next = None;
        while self.next.is_none() {
            let entry = match self.cursor.read(&self.recording) {
                Some(Read::Entry(entry)) => entry,
                Some(Read::State(_) | Read::Damaged(_)) => continue,
                None => return,
            };
            let at_secs = entry.at_secs();
            if self.is_behind(at_secs) {
                return;
            }
            let news = self.news_of(entry).into_iter();
            let wanted: Vec<SourceEvent> = news.filter_map(|news| self.wanted(at_secs, news)).collect();
            if !wanted.is_empty() {
                (self.next, self.next_secs) = (Some(wanted), at_secs);
            }
        }
    }

    /// As it is told: in the first round all of it, later what was heard at its time.
    fn wanted(&self, event_secs: f64, news: SourceEvent) -> Option<SourceEvent> {
        let is_first = self.rounds == 0;
        match news {
            SourceEvent::Announced(announced) => {
                is_first.then(|| SourceEvent::Announced(as_recorded(announced, self.recording.header().date())))
            }
            SourceEvent::Scraped { at_secs, .. } => {
                let ahead_secs = at_secs - event_secs * f64::from(self.announced.lapse);
                let is_now = ahead_secs.abs() <= MOST_AHEAD_SECS * f64::from(self.announced.lapse);
                (is_first || is_now).then_some(news)
            }
            SourceEvent::Failed { .. }
            | SourceEvent::Inspected { .. }
            | SourceEvent::Asked { .. }
            | SourceEvent::Jumped => Some(news),
            SourceEvent::Backfilled { .. } | SourceEvent::Recalled { .. } | SourceEvent::Shifted { .. } => {
                is_first.then_some(news)
            }
        }
    }
}

/// A source of a recording: as it was first announced, and how often it answered.
struct Announced {
    source: SourceId,
    announced: Announcement,
    answers: u64,
}

/// The source that is worth playing: servers that answered, else what answered most often, else what was announced.
fn played_source(recording: &Recording) -> Option<(SourceId, Announcement)> {
    let mut cursor = Cursor::start();
    let mut all: Vec<Announced> = Vec::new();
    while let Some(read) = cursor.read(recording) {
        let found: Vec<(SourceId, SourceEvent)> = match read {
            Read::Entry(Entry::Event(timed)) => match timed.event {
                Event::Source { source, news } => news.into_iter().map(|news| (source.clone(), news)).collect(),
                Event::Command(_)
                | Event::SceneText { .. }
                | Event::Pointer(_)
                | Event::Window(_)
                | Event::Key(_)
                | Event::Word(_)
                | Event::Recording(_) => Vec::new(),
            },
            Read::State(state) => state,
            Read::Entry(Entry::Row { .. }) | Read::Damaged(_) => Vec::new(),
        };
        for (source, news) in found {
            let known = all.iter().position(|known| known.source == source);
            match (news, known) {
                (SourceEvent::Announced(announced), None) => all.push(Announced { source, announced, answers: 0 }),
                (SourceEvent::Scraped { .. }, Some(known)) => {
                    all[known].answers += 1;
                    if all[known].announced.kind.is_asked() {
                        let Announced { source, announced, .. } = all.swap_remove(known);
                        return Some((source, announced));
                    }
                }
                (
                    SourceEvent::Announced(_)
                    | SourceEvent::Scraped { .. }
                    | SourceEvent::Failed { .. }
                    | SourceEvent::Inspected { .. }
                    | SourceEvent::Asked { .. }
                    | SourceEvent::Jumped
                    | SourceEvent::Backfilled { .. }
                    | SourceEvent::Recalled { .. }
                    | SourceEvent::Shifted { .. },
                    _,
                ) => {}
            }
        }
    }
    let could_answer = all.into_iter().filter(|known| known.announced.kind != SourceKind::None);
    let best = could_answer.max_by_key(|known| (known.answers, known.announced.kind.is_asked()));
    best.map(|best| (best.source, best.announced))
}

/// Announced as a recording of that day. What was simulated says so.
fn as_recorded(announced: Announcement, date: &str) -> Announcement {
    let origin = match announced.kind {
        SourceKind::Sim => format!("{date}, simulated").into(),
        // Its own day.
        SourceKind::Recording => announced.origin,
        SourceKind::Lab | SourceKind::Prometheus | SourceKind::None => date.into(),
    };
    Announcement { kind: SourceKind::Recording, origin, ..announced }
}

/// The same so many seconds later, on the source's clock.
fn later(news: SourceEvent, by_secs: f64) -> SourceEvent {
    if by_secs == 0.0 {
        return news;
    }
    match news {
        SourceEvent::Scraped { target, at_secs, report } => {
            SourceEvent::Scraped { target, at_secs: at_secs + by_secs, report: later_report(report, by_secs) }
        }
        SourceEvent::Failed { target, at_secs, mut fault } => {
            fault.since_secs += by_secs;
            SourceEvent::Failed { target, at_secs: at_secs + by_secs, fault }
        }
        SourceEvent::Inspected { target, at_secs, mut inside } => {
            Arc::make_mut(&mut inside).pages.iter_mut().for_each(|page| page.at_secs += by_secs);
            SourceEvent::Inspected { target, at_secs: at_secs + by_secs, inside }
        }
        SourceEvent::Backfilled { signal, points } => {
            let point = |point: Point| Point { at_secs: point.at_secs + by_secs, ..point };
            SourceEvent::Backfilled { signal, points: points.into_iter().map(point).collect() }
        }
        SourceEvent::Recalled { mut events, mut bursts } => {
            for event in &mut events {
                event.at_secs += by_secs;
            }
            bursts.shift_by(by_secs);
            SourceEvent::Recalled { events, bursts }
        }
        SourceEvent::Announced(_) | SourceEvent::Asked { .. } | SourceEvent::Jumped | SourceEvent::Shifted { .. } => {
            news
        }
    }
}

fn later_report(mut report: Report, by_secs: f64) -> Report {
    report.last_good_secs += by_secs;
    report.readings.values_mut().for_each(|reading| reading.at_secs += by_secs);
    for moved in report.moved.iter_mut().flatten() {
        moved.from_secs += by_secs;
        moved.to_secs += by_secs;
    }
    report.faults.iter_mut().for_each(|fault| fault.since_secs += by_secs);
    report
}
