//! The simulated lab, polled as a real one is: its pages pass the same parser and fold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::live::{Announcement, Bursts, Events, Point, SIMULATED, SourceEvent, SourceKind};
use crate::presentation::simulated::{Profile, Simulated};
use crate::scene::resolve::{
    DRIVE_FAILS, MENDED, NETWORK_FAILS, NETWORK_SLOWS, NODE_FAILS, QUORUM_FAILS, RUN, TIER_FAILS,
};
use crate::show::polled::{POLL_SECS, PollRound, Polled};
use crate::signal::{Signal, Tier};
use crate::sim::{
    FAILING_DRIVE_NODE, FAILING_NODE, Failures, Outage, Part, Phase, SECOND_FAILING_NODE, SimLab, Sizing, StoryEvent,
    WARM_NODES,
};

/// Before the talk: an hour, coarsely, and its last five minutes as they are polled.
const HOUR_SECS: f64 = 3600.0;
const FINE_SECS: f64 = 300.0;
const COARSE_SECS: f64 = 10.0;
/// What is enough for readings alone, when no chart is wanted yet: the window opens sooner so.
const SHALLOW_SECS: f64 = 8.0;

/// Polls of an hour, before now or of a training run to come, in each tick: thirty took 12 ms, seen as a frame that comes
/// late.
const POLLS_A_TICK: usize = 12;

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

/// What a simulated lab is made of; set otherwise, it is another one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Setting {
    seed: u64,
    profile: Profile,
    lapse: u32,
}

impl Setting {
    pub(super) fn new(seed: u64, simulated: &Simulated) -> Self {
        Self { seed, profile: simulated.profile, lapse: simulated.lapse }
    }

    /// The same lab, set as the presenter has it now.
    pub(super) fn set(self, simulated: &Simulated) -> Self {
        Self::new(self.seed, simulated)
    }

    /// A lab of this kind, at the beginning of its story.
    fn lab(self) -> SimLab {
        let (story, parts): (Vec<StoryEvent>, &[(Part, Outage)]) = match self.profile {
            Profile::Story | Profile::H200Pod | Profile::Large => (Vec::new(), &[]),
            Profile::Cadence => (run_story(), &[]),
            Profile::Loader => (at_once(Phase::Load), &[]),
            Profile::Ingest => (at_once(Phase::Ingest), &[]),
            Profile::Ilm => (at_once(Phase::Archive), &[]),
            Profile::SlowNetwork => (Vec::new(), &[(Part::FastNetwork, FOR_GOOD)]),
            Profile::DriveFails => (Vec::new(), &[(Part::Drive(FAILING_DRIVE_NODE), FOR_GOOD)]),
            Profile::NodeFails => (Vec::new(), &[(Part::Node(FAILING_NODE), FOR_GOOD)]),
            Profile::QuorumLost => {
                (Vec::new(), &[(Part::Node(FAILING_NODE), FOR_GOOD), (Part::Node(SECOND_FAILING_NODE), FOR_GOOD)])
            }
            Profile::Heal => (Vec::new(), &[(Part::Drive(FAILING_DRIVE_NODE), A_MINUTE)]),
        };
        let servers = if matches!(self.profile, Profile::H200Pod | Profile::Large) { POD_SERVERS } else { 1 };
        let failures = Failures::default();
        let failures = parts.iter().fold(failures, |failures, &(part, outage)| failures.with(part, Some(outage)));
        let mut lab = SimLab::new(self.seed, &story).failing(failures).with_gpu_servers(servers);
        lab.notice_failures(0.0);
        lab
    }

    /// Whether it works at what is told, and not at a story of its own.
    fn follows(self) -> bool {
        match self.profile {
            Profile::Cadence | Profile::Loader | Profile::Ingest | Profile::Ilm => false,
            Profile::Story
            | Profile::H200Pod
            | Profile::Large
            | Profile::SlowNetwork
            | Profile::DriveFails
            | Profile::NodeFails
            | Profile::QuorumLost
            | Profile::Heal => true,
        }
    }

    /// Seconds of the source's clock at a time of the talk.
    pub(super) fn secs(self, now_secs: f64) -> f64 {
        now_secs * f64::from(self.lapse)
    }

    /// The simulated lab before its first answer.
    pub(super) fn announcement(self) -> SourceEvent {
        let targets = Polled::all().iter().map(Polled::target).collect();
        let origin = match self.profile {
            Profile::Story => SIMULATED.into(),
            profile => format!("{SIMULATED}: {}", profile.words()).into(),
        };
        SourceEvent::Announced(Announcement { kind: SourceKind::Sim, origin, lapse: self.lapse, targets })
    }
}

/// Servers of a pod.
const POD_SERVERS: usize = 8;
/// What a profile lets fail, fails from the beginning.
const FOR_GOOD: Outage = Outage { from_secs: 0.0, to_secs: f64::INFINITY };
const A_MINUTE: Outage = Outage { from_secs: 0.0, to_secs: 60.0 };

/// The simulated lab with its pollers.
#[derive(Clone)]
pub(super) struct Rehearsal {
    setting: Setting,
    lab: SimLab,
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
    /// Something was told to fail, and not yet to be mended.
    is_hurt: bool,
    text: String,
}

impl Rehearsal {
    /// A lab with an hour of work behind it.
    pub(super) fn new(setting: Setting) -> Self {
        Self {
            setting,
            lab: setting.lab(),
            polled: Polled::all(),
            origin_secs: 0.0,
            ahead: None,
            run_secs: None,
            hour_before: None,
            next: i64::MIN,
            polls: 0,
            is_deep: false,
            is_hurt: false,
            text: String::new(),
        }
    }

    /// The same as it would be if its story began at a time of the source's clock.
    pub(super) fn begun_at(self, at_secs: f64) -> Self {
        Self { origin_secs: (at_secs / POLL_SECS).floor() * POLL_SECS, ..self }
    }

    /// Whether the hour before was polled.
    pub(super) fn knows_hour(&self) -> bool {
        self.is_deep
    }

    pub(super) fn setting(&self) -> Setting {
        self.setting
    }

    /// From `at_secs` of the source's clock what moves is so large, and moves so fast.
    pub(super) fn size(&mut self, at_secs: f64, sizing: Sizing) {
        self.lab.size(at_secs - self.origin_secs, sizing);
        if let Some(hour) = &mut self.hour_before {
            hour.rehearsal.lab.size(at_secs - self.origin_secs, sizing);
        }
        // It was polled with other sizes.
        self.ahead = None;
    }

    /// Polls a little of the first hour of a training run: told later, it is there at once.
    pub(super) fn look_ahead(&mut self) {
        let mut ahead = self.ahead.take().unwrap_or_else(|| Box::new(Hour::of_run(self)));
        ahead.poll_on(HOUR_SECS, POLLS_A_TICK);
        self.ahead = Some(ahead);
    }

    /// From `at_secs` of the source's clock the lab works at this phase. Told a whole run, it becomes another lab as soon as
    /// the first hour of that run is polled: [`Self::news`] announces the source anew then, as nothing before is of that run.
    /// A lab with a story of its own hears only of failures.
    pub(super) fn tell_phase(&mut self, at_secs: f64, phase: &str) {
        if is_work(phase) && !self.setting.follows() {
            return;
        }
        self.run_secs = (phase == RUN).then_some(at_secs);
        if phase != RUN {
            self.hear_phase(at_secs, phase);
            if let Some(hour) = &mut self.hour_before {
                hour.rehearsal.hear_phase(at_secs, phase);
            }
        }
    }

    /// From `at_secs` of the source's clock nothing of what was told to fail is missing any more.
    pub(super) fn mend(&mut self, at_secs: f64) {
        if self.is_hurt {
            self.tell_phase(at_secs, MENDED);
        }
    }

    /// What fails or comes back changes the work that goes on; all else is told as other work.
    fn hear_phase(&mut self, at_secs: f64, phase: &str) {
        let at_secs = at_secs - self.origin_secs;
        let failures = self.lab.failures().clone();
        let failing = failing_parts(phase);
        self.is_hurt = failing.is_some() || self.is_hurt && phase != MENDED;
        let failures = match failing {
            Some(parts) => {
                parts.iter().fold(failures, |failures, &part| failures.with(part, Some(Outage::since(at_secs))))
            }
            None if phase == MENDED => failures.mended(at_secs),
            None => return self.lab.tell_instead(StoryEvent { at_secs, phase: Phase::from_id(phase) }),
        };
        self.lab = self.lab.clone().failing(failures);
        self.lab.notice_failures(at_secs);
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
        let mut ahead = self.ahead.take().unwrap_or_else(|| Box::new(Hour::of_run(self)));
        if !ahead.poll_on(HOUR_SECS, POLLS_A_TICK) {
            self.ahead = Some(ahead);
            return;
        }
        let origin_secs = ((at_secs - HOUR_SECS) / POLL_SECS).floor() * POLL_SECS;
        ahead.past.send_all(self.setting, news);
        news.push(SourceEvent::Shifted { by_secs: origin_secs });
        *self = Self { origin_secs, ..ahead.rehearsal };
    }

    /// Polls a part of the hour before now. When all of it is polled, it is told, and polling goes on from there.
    fn deepen(&mut self, to_secs: f64, news: &mut Vec<SourceEvent>) {
        let mut hour = self.hour_before.take().unwrap_or_else(|| Box::new(Hour::before(self)));
        if !hour.poll_on(to_secs - self.origin_secs, POLLS_A_TICK) {
            self.hour_before = Some(hour);
            return;
        }
        hour.past.send_all(self.setting, news);
        *self = Self { ahead: self.ahead.take(), run_secs: self.run_secs, ..hour.rehearsal };
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

    fn send_all(self, setting: Setting, news: &mut Vec<SourceEvent>) {
        news.push(setting.announcement());
        news.extend(self.points.into_iter().map(|(signal, points)| SourceEvent::Backfilled { signal, points }));
        news.push(SourceEvent::Recalled { events: self.events.into_all(), bursts: self.bursts });
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
    /// The first hour of a training run, in the sizes of this lab.
    fn of_run(rehearsal: &Rehearsal) -> Self {
        let setting = rehearsal.setting;
        let mut lab = SimLab::new(setting.seed, &run_story());
        lab.size(0.0, rehearsal.lab.sizing());
        let rehearsal = Rehearsal { lab, is_deep: true, ..Rehearsal::new(setting) };
        Self { rehearsal, past: PolledPast::default() }
    }

    /// The last hour of a lab that was polled for less.
    fn before(rehearsal: &Rehearsal) -> Self {
        let Rehearsal { setting, lab, origin_secs, is_hurt, .. } = rehearsal;
        let (lab, origin_secs, is_hurt) = (lab.clone(), *origin_secs, *is_hurt);
        let rehearsal = Rehearsal { lab, origin_secs, is_hurt, is_deep: true, ..Rehearsal::new(*setting) };
        Self { rehearsal, past: PolledPast::default() }
    }

    /// Polls a part of it, up to a time of the lab's own clock. Whether all of it is polled.
    fn poll_on(&mut self, to_lab_secs: f64, polls: usize) -> bool {
        let Self { rehearsal, past } = self;
        rehearsal.poll_some(to_lab_secs, polls, &mut |news| past.take_news(news))
    }
}

/// A story of one phase, from its beginning on.
fn at_once(phase: Phase) -> Vec<StoryEvent> {
    vec![StoryEvent { at_secs: 0.0, phase: Some(phase) }]
}

/// Whether a phase tells of work, and not of what fails or comes back.
pub(super) fn is_work(phase: &str) -> bool {
    phase != MENDED && failing_parts(phase).is_none()
}

/// What fails with a phase that tells of a failure; none for one that tells of work.
fn failing_parts(phase: &str) -> Option<&'static [Part]> {
    const TIER: [Part; WARM_NODES] = [Part::Node(0), Part::Node(1), Part::Node(2), Part::Node(3)];
    match phase {
        DRIVE_FAILS => Some(&[Part::Drive(FAILING_DRIVE_NODE)]),
        NODE_FAILS => Some(&[Part::Node(FAILING_NODE)]),
        QUORUM_FAILS => Some(&[Part::Node(FAILING_NODE), Part::Node(SECOND_FAILING_NODE)]),
        NETWORK_SLOWS => Some(&[Part::FastNetwork]),
        NETWORK_FAILS => Some(&[Part::Network]),
        TIER_FAILS => Some(&TIER),
        _ => None,
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
