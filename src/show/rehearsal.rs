//! The simulated lab, polled as a real one is: its pages pass the same parser and fold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::live::{Announcement, Bursts, Events, Point, SourceEvent, SourceKind};
use crate::scene::resolve::{DRIVE_FAILS, MENDED, NODE_FAILS, RUN};
use crate::show::polled::{POLL_SECS, PollRound, Polled};
use crate::signal::{Signal, Tier};
use crate::sim::{Failures, Outage, Phase, SimLab, StoryEvent};

/// How much faster than the clock the simulated lab runs: a checkpoint of 29 s is told in under four.
pub(crate) const LAPSE: u32 = 8;
/// Before the talk: an hour, coarsely, and its last five minutes as they are polled.
const HOUR_SECS: f64 = 3600.0;
const FINE_SECS: f64 = 300.0;
const COARSE_SECS: f64 = 10.0;
/// What is enough for readings alone, when no chart is wanted yet: the window opens sooner so.
const SHALLOW_SECS: f64 = 8.0;

/// Polls of a training run to come, in each tick while it is near.
const POLLS_AHEAD: usize = 12;
/// Polls of an hour that is wanted now, in each tick: all of it at once would be seen as a frame that comes late.
const POLLS_AT_ONCE: usize = 60;

/// A training run told as such: it loads for so long, and then saves every so often, for so long.
const LOAD_SECS: f64 = 240.0;
const SAVE_EVERY_SECS: f64 = 750.0;
const SAVE_SECS: f64 = 30.0;
/// Saves of a run that are told at once: nobody stays with one run for longer than this many.
const SAVES: u32 = 100;

/// What is asked of the simulated lab.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// It is not the source shown.
    Nothing,
    Readings,
    /// And, once enough polls were taken of it, what the hour before was like.
    History,
}

/// The simulated lab with its pollers.
#[derive(Clone)]
pub(super) struct Rehearsal {
    seed: u64,
    lab: SimLab,
    /// What the lab was told, on its own clock.
    story: Vec<StoryEvent>,
    polled: Vec<Polled>,
    /// Time 0 of the lab's own clock, on the source's.
    origin_secs: f64,
    /// A training run that is polled before it is told, and when it was told.
    ahead: Option<Box<Hour>>,
    run_secs: Option<f64>,
    /// The hour before now, while it is being polled for the charts.
    hour_before: Option<Box<Hour>>,
    /// Number of the next poll; poll n is at n × 2 s of the lab's own clock.
    next: i64,
    /// Polls so far.
    polls: u64,
    /// The hour before was polled too, for charts.
    is_deep: bool,
    text: String,
}

impl Rehearsal {
    /// A lab with an hour of work behind it.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            lab: SimLab::new(seed, &[]),
            story: Vec::new(),
            polled: Polled::all(),
            origin_secs: 0.0,
            ahead: None,
            run_secs: None,
            hour_before: None,
            next: i64::MIN,
            polls: 0,
            is_deep: false,
            text: String::new(),
        }
    }

    /// Polls a little of the first hour of a training run: told later, it is there at once.
    pub(super) fn look_ahead(&mut self) {
        let seed = self.seed;
        self.ahead.get_or_insert_with(|| Box::new(Hour::of_run(seed))).poll_on(HOUR_SECS, POLLS_AHEAD);
    }

    /// From `at_secs` of the source's clock the lab works at this phase. Told a whole run, it becomes another lab as soon as
    /// the first hour of that run is polled: [`Self::news`] announces the source anew then, as nothing before is of that run.
    pub(super) fn tell_phase(&mut self, at_secs: f64, phase: &str) {
        self.run_secs = (phase == RUN).then_some(at_secs);
        if phase == RUN {
            return;
        }
        self.hear_phase(at_secs, phase);
        if let Some(hour) = &mut self.hour_before {
            hour.rehearsal.hear_phase(at_secs, phase);
        }
    }

    fn hear_phase(&mut self, at_secs: f64, phase: &str) {
        let now_secs = at_secs - self.origin_secs;
        let begun = Some(Outage { from_secs: now_secs, to_secs: f64::INFINITY });
        let ended = |outage: Option<Outage>| outage.map(|outage| outage.ended_at(now_secs));
        let failures = self.lab.failures();
        let failures = match phase {
            DRIVE_FAILS => Failures { drive_down: begun, ..failures },
            NODE_FAILS => Failures { node_down: begun, ..failures },
            MENDED => Failures { node_down: ended(failures.node_down), drive_down: ended(failures.drive_down) },
            _ => return self.work_at(at_secs, phase),
        };
        // The lab works on at what it was told before.
        self.lab = self.lab.clone().failing(failures);
    }

    fn work_at(&mut self, at_secs: f64, phase: &str) {
        let at_secs = at_secs - self.origin_secs;
        self.story.retain(|event| event.at_secs < at_secs);
        self.story.push(StoryEvent { at_secs, phase: Phase::from_id(phase) });
        self.lab = SimLab::new(self.seed, &self.story).failing(self.lab.failures());
    }

    /// All that the lab says up to `to_secs` of the source's clock.
    pub(super) fn news(&mut self, to_secs: f64, wanted: Wanted) -> Vec<SourceEvent> {
        let mut news = Vec::new();
        self.become_run(&mut news);
        if wanted != Wanted::Nothing {
            if wanted == Wanted::History && !self.is_deep {
                self.deepen(to_secs, &mut news);
            }
            self.poll_some(to_secs - self.origin_secs, usize::MAX, &mut |said| news.push(said));
        }
        news
    }

    /// Becomes the lab of a training run, when one is told and its first hour is polled.
    fn become_run(&mut self, news: &mut Vec<SourceEvent>) {
        let Some(at_secs) = self.run_secs else { return };
        let mut ahead = self.ahead.take().unwrap_or_else(|| Box::new(Hour::of_run(self.seed)));
        if !ahead.poll_on(HOUR_SECS, POLLS_AT_ONCE) {
            self.ahead = Some(ahead);
            return;
        }
        let origin_secs = ((at_secs - HOUR_SECS) / POLL_SECS).floor() * POLL_SECS;
        ahead.past.send_all(news);
        news.push(SourceEvent::Shifted { by_secs: origin_secs });
        *self = Self { origin_secs, ..ahead.rehearsal };
    }

    /// Polls a part of the hour before now. When all of it is polled, it is told, and polling goes on from there.
    fn deepen(&mut self, to_secs: f64, news: &mut Vec<SourceEvent>) {
        let mut hour = self.hour_before.take().unwrap_or_else(|| Box::new(Hour::before(self)));
        if !hour.poll_on(to_secs - self.origin_secs, POLLS_AT_ONCE) {
            self.hour_before = Some(hour);
            return;
        }
        hour.past.send_all(news);
        *self = Self { ahead: self.ahead.take(), ..hour.rehearsal };
    }

    /// Polls at most so often, up to a time of the lab's own clock. What lies far back is polled coarsely: its charts are
    /// minutes wide. Whether all of it is polled.
    fn poll_some(&mut self, to_lab_secs: f64, most: usize, send: &mut impl FnMut(SourceEvent)) -> bool {
        let last = (to_lab_secs / POLL_SECS).floor() as i64;
        let fine_from = last - (FINE_SECS / POLL_SECS) as i64;
        let coarse = (COARSE_SECS / POLL_SECS) as i64;
        let reach_secs = if self.is_deep { HOUR_SECS } else { SHALLOW_SECS };
        self.next = self.next.max(last - (reach_secs / POLL_SECS) as i64);
        let mut count = 0;
        while self.next <= last && count < most {
            let is_fine = self.next >= fine_from;
            let (lab_secs, last_lab_secs) = (self.next as f64 * POLL_SECS, last as f64 * POLL_SECS);
            let is_first = self.polls == 0;
            let origin_secs = self.origin_secs;
            self.poll_all(&PollRound { lab_secs, origin_secs, is_fine, is_first, last_lab_secs }, send);
            self.next = if is_fine { self.next + 1 } else { (self.next + coarse).min(fine_from) };
            self.polls += 1;
            count += 1;
        }
        self.next > last
    }

    fn poll_all(&mut self, round: &PollRound, send: &mut impl FnMut(SourceEvent)) {
        for polled in &mut self.polled {
            send(polled.poll_pages(&self.lab, round, &mut self.text));
            polled.inspect(round).into_iter().for_each(&mut *send);
        }
    }
}

/// The simulated lab before its first answer.
pub(super) fn announcement() -> SourceEvent {
    let targets = Polled::all().iter().map(Polled::target).collect();
    let origin = "simulated lab".into();
    SourceEvent::Announced(Announcement { kind: SourceKind::Sim, origin, lapse: LAPSE, targets })
}

/// Polls that are told later and at once: what each signal was, what happened, and what each target said last.
#[derive(Clone, Default)]
struct PolledPast {
    points: BTreeMap<Signal, Vec<Point>>,
    last: BTreeMap<Arc<str>, SourceEvent>,
    bursts: Bursts,
    events: Events,
}

impl PolledPast {
    fn take_news(&mut self, news: SourceEvent) {
        let SourceEvent::Scraped { target, at_secs, report } = &news else { return };
        for (signal, reading) in report.readings.iter().filter(|(signal, _)| signal.quantity.keeps_history()) {
            self.points.entry(*signal).or_default().push(Point { at_secs: *at_secs, value: Some(reading.value) });
        }
        // Of the simulated lab each target has a tier of its own.
        self.bursts.take_moved(report.moved.as_deref().unwrap_or_default(), *at_secs, &report.readings);
        let tiers: BTreeSet<Tier> = report.readings.keys().filter_map(|signal| signal.subject.tier()).collect();
        for tier in tiers {
            self.events.take_readings(tier, *at_secs, &report.readings, self.bursts.last_write(tier));
        }
        self.last.insert(target.clone(), news);
    }

    fn send_all(self, news: &mut Vec<SourceEvent>) {
        news.push(announcement());
        news.extend(self.points.into_iter().map(|(signal, points)| SourceEvent::Backfilled { signal, points }));
        news.push(SourceEvent::Recalled { events: self.events.into_all() });
        news.extend(self.last.into_values().map(without_moved));
    }
}

/// What moved is in the points already.
fn without_moved(mut news: SourceEvent) -> SourceEvent {
    if let SourceEvent::Scraped { report, .. } = &mut news {
        report.moved = None;
    }
    news
}

/// An hour of a lab, polled before it is told, on the lab's own clock.
#[derive(Clone)]
struct Hour {
    rehearsal: Rehearsal,
    past: PolledPast,
}

impl Hour {
    /// The first hour of a training run.
    fn of_run(seed: u64) -> Self {
        let story = run_story();
        let rehearsal = Rehearsal { lab: SimLab::new(seed, &story), story, is_deep: true, ..Rehearsal::new(seed) };
        Self { rehearsal, past: PolledPast::default() }
    }

    /// The last hour of a lab that was polled for less.
    fn before(rehearsal: &Rehearsal) -> Self {
        let Rehearsal { seed, lab, story, origin_secs, .. } = rehearsal;
        let (lab, story, origin_secs) = (lab.clone(), story.clone(), *origin_secs);
        let rehearsal = Rehearsal { lab, story, origin_secs, is_deep: true, ..Rehearsal::new(*seed) };
        Self { rehearsal, past: PolledPast::default() }
    }

    /// Polls a part of it, up to a time of the lab's own clock. Whether all of it is polled.
    fn poll_on(&mut self, to_lab_secs: f64, polls: usize) -> bool {
        let Self { rehearsal, past } = self;
        rehearsal.poll_some(to_lab_secs, polls, &mut |news| past.take_news(news))
    }
}

/// A run: it loads, then computes and saves.
fn run_story() -> Vec<StoryEvent> {
    let event = |at_secs: f64, phase: Phase| StoryEvent { at_secs, phase: Some(phase) };
    let mut story = vec![event(0.0, Phase::Load), event(LOAD_SECS, Phase::Train)];
    for save in 1..=SAVES {
        let at_secs = LOAD_SECS + SAVE_EVERY_SECS * f64::from(save);
        story.extend([event(at_secs, Phase::Checkpoint), event(at_secs + SAVE_SECS, Phase::Train)]);
    }
    story
}
