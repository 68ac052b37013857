//! The simulated lab, polled as a real one is: its pages pass the same parser and fold.

use std::collections::BTreeMap;
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
    /// A training run that was polled before it is told.
    ahead: Option<Box<Ahead>>,
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
            next: i64::MIN,
            polls: 0,
            is_deep: false,
            text: String::new(),
        }
    }

    /// Another lab, at the beginning of a training run.
    fn training_run(seed: u64) -> Self {
        let story = run_story();
        Self { lab: SimLab::new(seed, &story), story, is_deep: true, ..Self::new(seed) }
    }

    /// Polls a little of the first hour of a training run: told later, it is there at once.
    pub(super) fn look_ahead(&mut self, polls: usize) {
        let seed = self.seed;
        self.ahead.get_or_insert_with(|| Box::new(Ahead::new(seed))).poll_more(polls);
    }

    /// Polls the hour before now as well, where that was not done: what was heard is then told anew, with that hour
    /// behind it. Whether it was told.
    pub(super) fn deepen_past(&mut self, to_secs: f64, send: &mut impl FnMut(SourceEvent)) -> bool {
        if self.is_deep {
            return false;
        }
        (self.polled, self.next, self.polls, self.is_deep) = (Polled::all(), i64::MIN, 0, true);
        let mut past = PolledPast::default();
        self.poll_some(to_secs - self.origin_secs, usize::MAX, &mut |news| past.take_news(news));
        past.send_all(send);
        true
    }

    /// From `at_secs` of the source's clock the lab works at this phase. Told a whole run, it is another lab, with the
    /// first hour of that run behind it: the source is announced anew, as nothing before is of that run. Whether it was.
    pub(super) fn tell_phase(&mut self, at_secs: f64, phase: Option<&str>, send: &mut impl FnMut(SourceEvent)) -> bool {
        if phase == Some(RUN) {
            let mut ahead = self.ahead.take().unwrap_or_else(|| Box::new(Ahead::new(self.seed)));
            ahead.poll_more(usize::MAX);
            let Ahead { rehearsal, past } = *ahead;
            let origin_secs = ((at_secs - HOUR_SECS) / POLL_SECS).floor() * POLL_SECS;
            past.send_all(send);
            send(SourceEvent::Shifted { by_secs: origin_secs });
            *self = Self { origin_secs, ..rehearsal };
            return true;
        }
        let at_secs = at_secs - self.origin_secs;
        self.story.retain(|event| event.at_secs < at_secs);
        self.story.push(StoryEvent { at_secs, phase: phase.and_then(Phase::from_id) });
        self.lab = SimLab::new(self.seed, &self.story);
        false
    }

    /// Polls everything that is due up to `to_secs` of the source's clock. What lies far back is polled coarsely: its
    /// charts are minutes wide. Whether these are the first polls.
    pub(super) fn poll_until(&mut self, to_secs: f64, send: &mut impl FnMut(SourceEvent)) -> bool {
        let is_first = self.polls == 0;
        self.poll_some(to_secs - self.origin_secs, usize::MAX, send);
        is_first
    }

    /// Polls at most so often, up to a time of the lab's own clock.
    fn poll_some(&mut self, to_lab_secs: f64, most: usize, send: &mut impl FnMut(SourceEvent)) {
        let last = (to_lab_secs / POLL_SECS).floor() as i64;
        let fine_from = last - (FINE_SECS / POLL_SECS) as i64;
        let coarse = (COARSE_SECS / POLL_SECS) as i64;
        let reach_secs = if self.is_deep { HOUR_SECS } else { SHALLOW_SECS };
        self.next = self.next.max(last - (reach_secs / POLL_SECS) as i64);
        let mut count = 0;
        while self.next <= last && count < most {
            let is_fine = self.next >= fine_from;
            self.poll_all(self.next as f64 * POLL_SECS, is_fine, send);
            self.next = if is_fine { self.next + 1 } else { (self.next + coarse).min(fine_from) };
            self.polls += 1;
            count += 1;
        }
    }

    fn poll_all(&mut self, lab_secs: f64, is_fine: bool, send: &mut impl FnMut(SourceEvent)) {
        let round = PollRound { lab_secs, origin_secs: self.origin_secs, is_fine, is_first: self.polls == 0 };
        for polled in &mut self.polled {
            send(polled.poll_pages(&self.lab, &round, &mut self.text));
        }
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
