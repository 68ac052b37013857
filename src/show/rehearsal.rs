//! The simulated lab, polled as a real one is: its pages pass the same parser and fold.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::live::{Announcement, Point, SourceEvent, SourceKind};
use crate::scene::resolve::RUN;
use crate::show::polled::{POLL_SECS, PollRound, Polled};
use crate::signal::Signal;
use crate::sim::{Phase, SimLab, StoryEvent};

/// How much faster than the clock the simulated lab runs: a checkpoint of 29 s is told in under four.
pub const LAPSE: u32 = 8;
/// Before the talk: an hour, coarsely, and its last five minutes as they are polled.
const HOUR_SECS: f64 = 3600.0;
const FINE_SECS: f64 = 300.0;
const COARSE_SECS: f64 = 10.0;
/// What is enough for readings alone, when no chart is wanted yet: the window opens sooner so.
const SHALLOW_SECS: f64 = 8.0;

/// A training run told as such: it loads for so long, and then saves every so often, for so long.
const LOAD_SECS: f64 = 240.0;
const SAVE_EVERY_SECS: f64 = 750.0;
const SAVE_SECS: f64 = 30.0;
/// Saves of a run that are told at once: nobody stays with one run for longer than this many.
const SAVES: u32 = 100;

/// Polls of a training run to come in each tick: an hour of it at once would be seen. More while it is waited for.
const POLLS_AHEAD: usize = 12;
const POLLS_AWAITED: usize = 24;

/// A phase that was told at a time of the source's clock.
#[derive(Clone)]
struct ToldPhase {
    at_secs: f64,
    phase: Arc<str>,
}

/// The simulated lab with its pollers.
#[derive(Clone)]
pub(super) struct Rehearsal {
    seed: u64,
    lab: SimLab,
    /// What is told and was not yet taken up: a training run waits until its first hour is polled.
    told: VecDeque<ToldPhase>,
    /// What the lab was told, on its own clock.
    story: Vec<StoryEvent>,
    polled: Vec<Polled>,
    /// Time 0 of the lab's own clock, on the source's.
    origin_secs: f64,
    /// A training run, polled before it is told; every run begins alike, so it is kept.
    ahead: Option<Arc<Ahead>>,
    /// Nobody waits for a frame: a training run is polled at once when it is told.
    is_unhurried: bool,
    /// Number of the next poll; poll n is at n × 2 s of the lab's own clock.
    next: i64,
    /// Polls so far.
    polls: u64,
    /// The hour before was polled too, for charts.
    is_deep: bool,
}

impl Rehearsal {
    /// A lab with an hour of work behind it.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            lab: SimLab::new(seed, &[]),
            told: VecDeque::new(),
            story: Vec::new(),
            polled: Polled::all(),
            origin_secs: 0.0,
            ahead: None,
            is_unhurried: false,
            next: i64::MIN,
            polls: 0,
            is_deep: false,
        }
    }

    /// Another lab, at the beginning of a training run.
    fn training_run(seed: u64) -> Self {
        let story = run_story();
        Self { lab: SimLab::new(seed, &story), story, is_deep: true, ..Self::new(seed) }
    }

    /// Nobody waits for a frame: what is told is taken up at once.
    pub(super) fn take_time(&mut self) {
        self.is_unhurried = true;
    }

    /// Polls a little of the first hour of a training run that is near or waited for: later it is there at once.
    pub(super) fn look_ahead(&mut self, is_near: bool) {
        if self.awaits_run() {
            self.poll_ahead(POLLS_AWAITED);
        } else if is_near {
            self.poll_ahead(POLLS_AHEAD);
        }
    }

    fn awaits_run(&self) -> bool {
        self.told.iter().any(ToldPhase::is_run)
    }

    fn poll_ahead(&mut self, polls: usize) -> &Arc<Ahead> {
        let seed = self.seed;
        let ahead = self.ahead.get_or_insert_with(|| Arc::new(Ahead::new(seed)));
        if !ahead.is_whole() {
            Arc::make_mut(ahead).poll_more(polls);
        }
        ahead
    }

    /// Polls the hour before now as well, where that was not done: what was heard is then told anew, with that hour
    /// behind it. Not while a training run is waited for, which brings an hour of its own.
    pub(super) fn deepen_past(&mut self, to_secs: f64, send: &mut impl FnMut(SourceEvent)) {
        if self.is_deep || self.awaits_run() {
            return;
        }
        (self.polled, self.next, self.polls, self.is_deep) = (Polled::all(), i64::MIN, 0, true);
        let mut past = PolledPast::default();
        self.poll_some(to_secs - self.origin_secs, usize::MAX, &mut |news| past.take_news(news));
        past.send_all(send);
    }

    /// From `at_secs` of the source's clock the lab is to work at this phase.
    pub(super) fn tell_phase(&mut self, at_secs: f64, phase: Arc<str>) {
        self.told.push_back(ToldPhase { at_secs, phase });
    }

    /// Takes up what was told, in order. Told a whole run, it becomes another lab, with the first hour of that run behind
    /// it: the source is announced anew, as nothing before is of that run. Whether it was.
    pub(super) fn take_up(&mut self, send: &mut impl FnMut(SourceEvent)) -> bool {
        let mut is_another = false;
        while let Some(told) = self.told.pop_front() {
            if !told.is_run() {
                self.work_at(&told);
                continue;
            }
            let ahead = self.poll_ahead(if self.is_unhurried { usize::MAX } else { 0 }).clone();
            if !ahead.is_whole() {
                self.told.push_front(told);
                break;
            }
            let origin_secs = ((told.at_secs - HOUR_SECS) / POLL_SECS).floor() * POLL_SECS;
            ahead.past.clone().send_all(send);
            send(SourceEvent::Shifted { by_secs: origin_secs });
            let (told, is_unhurried, run) =
                (std::mem::take(&mut self.told), self.is_unhurried, ahead.rehearsal.clone());
            *self = Self { told, is_unhurried, origin_secs, ahead: Some(ahead), ..run };
            is_another = true;
        }
        is_another
    }

    fn work_at(&mut self, told: &ToldPhase) {
        let at_secs = told.at_secs - self.origin_secs;
        self.story.retain(|event| event.at_secs < at_secs);
        self.story.push(StoryEvent { at_secs, phase: Phase::from_id(&told.phase) });
        self.lab = SimLab::new(self.seed, &self.story);
    }

    /// Polls everything that is due up to `to_secs` of the source's clock. What lies far back is polled coarsely: its
    /// charts are minutes wide.
    pub(super) fn poll_until(&mut self, to_secs: f64, send: &mut impl FnMut(SourceEvent)) {
        self.poll_some(to_secs - self.origin_secs, usize::MAX, send);
    }

    /// Polls at most so often, up to a time of the lab's own clock.
    fn poll_some(&mut self, to_lab_secs: f64, most: usize, send: &mut impl FnMut(SourceEvent)) {
        let last = (to_lab_secs / POLL_SECS).floor() as i64;
        let fine_from = last - (FINE_SECS / POLL_SECS) as i64;
        let coarse = (COARSE_SECS / POLL_SECS) as i64;
        let reach_secs = if self.is_deep { HOUR_SECS } else { SHALLOW_SECS };
        self.next = self.next.max(last - (reach_secs / POLL_SECS) as i64);
        let mut count = 0;
        let mut text = String::new();
        while self.next <= last && count < most {
            let is_fine = self.next >= fine_from;
            let lab_secs = self.next as f64 * POLL_SECS;
            let round = PollRound { lab_secs, origin_secs: self.origin_secs, is_fine, is_first: self.polls == 0 };
            self.polled.iter_mut().for_each(|polled| send(polled.poll_pages(&self.lab, &round, &mut text)));
            self.next = if is_fine { self.next + 1 } else { (self.next + coarse).min(fine_from) };
            self.polls += 1;
            count += 1;
        }
    }
}

impl ToldPhase {
    fn is_run(&self) -> bool {
        &*self.phase == RUN
    }
}

/// The simulated lab before its first answer.
pub(super) fn announcement() -> SourceEvent {
    let targets = Polled::all().iter().map(Polled::target).collect();
    let origin = "simulated lab".into();
    SourceEvent::Announced(Announcement { kind: SourceKind::Sim, origin, lapse: LAPSE, targets })
}

/// Polls that are told later and at once: what each signal was, and what each target said last.
#[derive(Clone, Default)]
struct PolledPast {
    points: BTreeMap<Signal, Vec<Point>>,
    last: BTreeMap<Arc<str>, SourceEvent>,
}

impl PolledPast {
    fn take_news(&mut self, news: SourceEvent) {
        let SourceEvent::Scraped { target, at_secs, report } = &news else { return };
        for (signal, reading) in report.readings.iter().filter(|(signal, _)| signal.quantity.keeps_history()) {
            self.points.entry(*signal).or_default().push(Point { at_secs: *at_secs, value: Some(reading.value) });
        }
        self.last.insert(target.clone(), news);
    }

    fn send_all(self, send: &mut impl FnMut(SourceEvent)) {
        send(announcement());
        self.points.into_iter().for_each(|(signal, points)| send(SourceEvent::Backfilled { signal, points }));
        self.last.into_values().for_each(send);
    }
}

/// The first hour of a training run, polled before it is told, on the lab's own clock.
#[derive(Clone)]
struct Ahead {
    rehearsal: Rehearsal,
    past: PolledPast,
}

impl Ahead {
    fn new(seed: u64) -> Self {
        Self { rehearsal: Rehearsal::training_run(seed), past: PolledPast::default() }
    }

    fn is_whole(&self) -> bool {
        self.rehearsal.next as f64 * POLL_SECS > HOUR_SECS
    }

    fn poll_more(&mut self, polls: usize) {
        let Self { rehearsal, past } = self;
        rehearsal.poll_some(HOUR_SECS, polls, &mut |news| past.take_news(news));
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
