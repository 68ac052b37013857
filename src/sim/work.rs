//! How much of each kind of traffic has moved by a given time: the integral of the told phases' rates, in closed form.
//!
//! The story is cut into spans: one a told phase, and a further one where its terms change while it goes on. A span knows
//! what had moved before it, so a question costs one search and one evaluation however long the story is, and any moment
//! can be asked for directly.

use std::f64::consts::TAU;

use crate::sim::failures::WorkPace;
use crate::sim::phase::Phase;
use crate::sim::topology::SimDeployment;
use crate::sim::workload::{Load, Sizing, TrafficKind, TrafficWay, phase_loads};

/// A moment of the story: from now on the lab works at this phase. `None`: a quiet lab, with only its ambient life.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StoryEvent {
    /// Seconds of the lab's own clock; the story begins at 0.
    pub at_secs: f64,
    pub phase: Option<Phase>,
}

/// The lab was switched on this long before the story.
pub(crate) const SINCE_SECS: f64 = -3600.0;
/// A phase takes this long to come to speed.
const RAMP_SECS: f64 = 1.0;
/// The three swings of a rate about its mean: share of the rate and period. Together at most 1.6 %.
const SWINGS: [(f64, f64); 3] = [(0.006, 23.0), (0.006, 7.3), (0.004, 2.9)];

/// Clients that are refused a write try again, each later and later: all of them together so often.
const REFUSED_PER_SEC: f64 = 4.0;

/// Bytes of each kind of traffic since the counters began, in the order of [`TrafficKind::ALL`].
pub(crate) type TrafficBytes = [f64; TrafficKind::COUNT];

#[derive(Clone, Debug)]
struct PhaseSpan {
    from_secs: f64,
    phase: Option<Phase>,
    terms: Terms,
    /// When its phase began: before the span, where only the terms changed.
    told_secs: f64,
    /// It begins with its phase, and not with a change of terms.
    is_told: bool,
    /// What had moved when the span began, and what of that since its phase began.
    before: TrafficBytes,
    since_told: TrafficBytes,
    /// Where each swing stands when the phase begins, radians.
    swings: [f64; 3],
}

/// What work goes by that a story does not tell: what fails lets it go so fast, and what moves is so large.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Terms {
    pub(crate) pace: WorkPace,
    pub(crate) sizing: Sizing,
}

/// The whole work of a lab, from before the story to its last told phase.
#[derive(Clone, Debug)]
pub(crate) struct LabWork {
    seed: u64,
    spans: Vec<PhaseSpan>,
    /// Phases told so far.
    told: usize,
    /// Spans of the hour before the story, which stays.
    spans_before: usize,
}

impl LabWork {
    /// The work of a story; its events may come in any order.
    pub(crate) fn new(seed: u64, story: &[StoryEvent]) -> Self {
        let mut events: Vec<StoryEvent> = before_the_story();
        let before = events.len();
        events.extend_from_slice(story);
        events.sort_by(|one, other| one.at_secs.total_cmp(&other.at_secs));
        let mut work = Self { seed, spans: Vec::with_capacity(events.len()), told: 0, spans_before: 0 };
        for event in events {
            work.tell_event(event);
        }
        work.spans_before = before;
        work
    }

    /// As [`Self::tell_event`], and what was told of that time and of later ones is not told any more.
    pub(crate) fn tell_instead(&mut self, event: StoryEvent) {
        let terms = self.terms();
        while self.spans.len() > self.spans_before
            && let Some(last) = self.spans.pop_if(|last| last.from_secs >= event.at_secs)
        {
            self.told -= usize::from(last.is_told);
        }
        self.tell_on(event, terms);
    }

    /// From the event's time on the lab works at its phase. A time before the last event's counts as that one's.
    pub(crate) fn tell_event(&mut self, event: StoryEvent) {
        self.tell_on(event, self.terms());
    }

    fn tell_on(&mut self, event: StoryEvent, terms: Terms) {
        let from_secs = self.spans.last().map_or(event.at_secs, |last| last.from_secs.max(event.at_secs));
        let before = self.moved_by(from_secs);
        let swings = [0, 1, 2].map(|swing| {
            let mixed = splitmix(self.seed ^ ((self.told as u64) << 8) ^ swing);
            (mixed >> 11) as f64 / (1_u64 << 53) as f64 * TAU
        });
        self.told += 1;
        let since_told = [0.0; TrafficKind::COUNT];
        self.spans.push(PhaseSpan {
            from_secs,
            phase: event.phase,
            terms,
            told_secs: from_secs,
            is_told: true,
            before,
            since_told,
            swings,
        });
    }

    /// What the work goes by in the end.
    pub(crate) fn terms(&self) -> Terms {
        self.spans.last().map(|last| last.terms).unwrap_or_default()
    }

    /// From a time on the work goes by other terms; what is told of later times is told again, and goes by them too.
    pub(crate) fn change_terms(&mut self, at_secs: f64, terms: Terms) {
        let later = self.spans.split_off(self.spans.partition_point(|span| span.from_secs <= at_secs));
        let told = later.iter().filter(|span| span.is_told);
        let told: Vec<StoryEvent> =
            told.map(|span| StoryEvent { at_secs: span.from_secs, phase: span.phase }).collect();
        self.told -= told.len();
        if let Some(last) = self.spans.last().filter(|last| last.terms != terms) {
            let (before, since_told) = (self.moved_by(at_secs), last.moved_since_told(at_secs));
            let span = PhaseSpan { from_secs: at_secs, terms, before, since_told, is_told: false, ..last.clone() };
            self.spans.push(span);
        }
        for event in told {
            self.tell_event(event);
        }
    }

    /// Writes that were refused by a time for want of a quorum.
    pub(crate) fn refused_by(&self, at_secs: f64) -> u64 {
        let ends = self.spans.iter().skip(1).map(|next| next.from_secs).chain([f64::INFINITY]);
        let refused_secs = |(span, end_secs): (&PhaseSpan, f64)| {
            if span.is_refused() { (end_secs.min(at_secs) - span.from_secs).max(0.0) } else { 0.0 }
        };
        (self.spans.iter().zip(ends).map(refused_secs).sum::<f64>() * REFUSED_PER_SEC) as u64
    }

    /// What has moved by a time.
    pub(crate) fn moved_by(&self, at_secs: f64) -> TrafficBytes {
        let Some(span) = self.span_at(at_secs) else {
            return self.at_first();
        };
        let mut moved = span.before;
        for load in span.loads() {
            moved[load.traffic as usize] += span.moved_in_span(&load, at_secs);
        }
        moved
    }

    /// The rate of one kind of traffic at a time, B/s.
    pub(crate) fn rate_at(&self, traffic: TrafficKind, at_secs: f64) -> f64 {
        let Some(span) = self.span_at(at_secs) else {
            return 0.0;
        };
        let Some(load) = span.loads().find(|load| load.traffic == traffic) else {
            return 0.0;
        };
        let full = load.bytes_per_sec * span.speed(at_secs) * span.terms.pace.of(traffic);
        if span.is_over(&load, at_secs) { 0.0 } else { full }
    }

    /// The phase at a time, and whether its burst, if it is one, has ended.
    pub(crate) fn phase_at(&self, at_secs: f64) -> (Option<Phase>, bool) {
        let Some(span) = self.span_at(at_secs) else {
            return (None, true);
        };
        (span.phase, span.loads().all(|load| span.is_over(&load, at_secs)))
    }

    fn span_at(&self, at_secs: f64) -> Option<&PhaseSpan> {
        let after = self.spans.partition_point(|span| span.from_secs <= at_secs);
        self.spans.get(after.checked_sub(1)?)
    }

    /// The servers run for days before the lab begins, so each counter begins at a value of its own.
    fn at_first(&self) -> TrafficBytes {
        let objects = |index: usize| 20_000 + splitmix(self.seed.wrapping_add(index as u64 + 1)) % 200_000;
        TrafficKind::ALL.map(|traffic| (objects(traffic as usize) * traffic.route().object_bytes) as f64)
    }
}

impl PhaseSpan {
    fn loads(&self) -> impl Iterator<Item = Load> + use<> {
        phase_loads(self.phase, &self.terms.sizing)
    }

    /// What a kind of traffic has moved since the span began.
    fn moved_in_span(&self, load: &Load, at_secs: f64) -> f64 {
        let full_secs = self.full_secs(at_secs) - self.full_secs(self.from_secs);
        let left = (load.total_bytes - self.since_told[load.traffic as usize]).max(0.0);
        (load.bytes_per_sec * self.terms.pace.of(load.traffic) * full_secs).min(left)
    }

    fn is_over(&self, load: &Load, at_secs: f64) -> bool {
        self.since_told[load.traffic as usize] + self.moved_in_span(load, at_secs) >= load.total_bytes
    }

    /// Whether its clients would write what the servers refuse.
    fn is_refused(&self) -> bool {
        let writes = |load: &Load| {
            let route = load.traffic.route();
            (route.deployment, route.way) == (Some(SimDeployment::Warm), TrafficWay::In)
                && self.since_told[load.traffic as usize] < load.total_bytes
        };
        self.terms.pace.refuses_writes && self.loads().any(|load| writes(&load))
    }

    /// What each kind of traffic has moved since the phase was told.
    fn moved_since_told(&self, at_secs: f64) -> TrafficBytes {
        let mut moved = self.since_told;
        for load in self.loads() {
            moved[load.traffic as usize] += self.moved_in_span(&load, at_secs);
        }
        moved
    }

    /// The seconds at full rate since the phase was told that come to the same volume: the integral of
    /// [`PhaseSpan::speed`].
    fn full_secs(&self, at_secs: f64) -> f64 {
        let age_secs = (at_secs - self.told_secs).max(0.0);
        let ramped =
            if age_secs < RAMP_SECS { age_secs * age_secs / (2.0 * RAMP_SECS) } else { age_secs - RAMP_SECS / 2.0 };
        let swung_secs = age_secs - RAMP_SECS;
        if swung_secs <= 0.0 {
            return ramped;
        }
        let swings = SWINGS.iter().zip(self.swings);
        ramped
            + swings
                .map(|(&(share, period), phase)| {
                    let turns_per_sec = TAU / period;
                    share / turns_per_sec * (phase.cos() - (turns_per_sec * swung_secs + phase).cos())
                })
                .sum::<f64>()
    }

    /// The rate at a time as a share of the phase's full rate; never below zero, so no counter ever falls.
    fn speed(&self, at_secs: f64) -> f64 {
        let age_secs = (at_secs - self.told_secs).max(0.0);
        if age_secs < RAMP_SECS {
            return age_secs / RAMP_SECS;
        }
        let swings = SWINGS.iter().zip(self.swings);
        1.0 + swings
            .map(|(&(share, period), phase)| share * (TAU / period * (age_secs - RAMP_SECS) + phase).sin())
            .sum::<f64>()
    }
}

/// The hour before the story: a training run with a checkpoint every 12.5 minutes (the interval that costs least when one
/// takes half a minute and something breaks every three hours), the last of them four minutes ago.
fn before_the_story() -> Vec<StoryEvent> {
    const CYCLE: [(f64, Phase); 6] = [
        (0.0, Phase::Checkpoint),
        (38.0, Phase::Archive),
        (75.0, Phase::Train),
        (120.0, Phase::Load),
        (160.0, Phase::Track),
        (205.0, Phase::Train),
    ];
    const LAST_SECS: f64 = -240.0;
    const EVERY_SECS: f64 = 750.0;
    let told = |at_secs: f64, phase: Phase| StoryEvent { at_secs, phase: Some(phase) };
    let start = [told(SINCE_SECS, Phase::Load), told(SINCE_SECS + 200.0, Phase::Train)];
    let cycles = (0..5).rev().flat_map(|back| {
        let from_secs = LAST_SECS - EVERY_SECS * f64::from(back);
        CYCLE.into_iter().map(move |(after, phase)| told(from_secs + after, phase))
    });
    let quiet = StoryEvent { at_secs: 0.0, phase: None };
    start.into_iter().chain(cycles).chain([quiet]).collect()
}

/// A number that looks random and depends on its argument only (the finaliser of splitmix64).
pub(crate) fn splitmix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(at_secs: f64, phase: Phase) -> StoryEvent {
        StoryEvent { at_secs, phase: Some(phase) }
    }

    #[test]
    fn what_moved_is_the_integral_of_the_rate() {
        let work = LabWork::new(7, &[told(10.0, Phase::Load), told(40.0, Phase::Train)]);
        let steps = 40_000;
        let step_secs = 40.0 / f64::from(steps);
        let rates =
            (0..steps).map(|step| work.rate_at(TrafficKind::ShardReads, 5.0 + (f64::from(step) + 0.5) * step_secs));
        let summed = rates.sum::<f64>() * step_secs;
        let index = TrafficKind::ShardReads as usize;
        let moved = work.moved_by(45.0)[index] - work.moved_by(5.0)[index];
        assert!((summed / moved - 1.0).abs() < 1e-4, "{summed} {moved}");
        assert!((moved / (34.1e9 * 29.5) - 1.0).abs() < 0.01, "{moved}");
    }

    #[test]
    fn nothing_ever_falls() {
        let story = [
            told(0.0, Phase::Ingest),
            told(3.0, Phase::Checkpoint),
            told(3.5, Phase::Embed),
            told(50.0, Phase::Archive),
        ];
        let work = LabWork::new(3, &story);
        let mut last = work.moved_by(-4000.0);
        for step in 0..90_000 {
            let moved = work.moved_by(-3700.0 + f64::from(step) * 0.05);
            assert!(moved.iter().zip(last).all(|(&now, before)| now >= before), "step {step}");
            last = moved;
        }
    }

    #[test]
    fn what_is_told_instead_is_the_story_without_what_it_replaces() {
        let mut work = LabWork::new(5, &[told(0.0, Phase::Load), told(50.0, Phase::Train), told(70.0, Phase::Elt)]);
        let slow = Terms { pace: WorkPace { reads: 0.5, ..WorkPace::default() }, ..Terms::default() };
        work.change_terms(80.0, slow);
        work.tell_instead(told(50.0, Phase::Ingest));
        assert_eq!(work.terms(), slow, "what it goes by stays");
        work.change_terms(50.0, Terms::default());
        let expected = LabWork::new(5, &[told(0.0, Phase::Load), told(50.0, Phase::Ingest)]);
        for at_secs in [-300.0, 20.0, 49.0, 63.0, 200.0] {
            assert_eq!(work.moved_by(at_secs), expected.moved_by(at_secs), "{at_secs}");
        }
        work.tell_instead(told(0.0, Phase::Archive));
        assert_eq!(work.moved_by(90.0), LabWork::new(5, &[told(0.0, Phase::Archive)]).moved_by(90.0));
    }

    #[test]
    fn a_size_that_is_changed_holds_for_what_was_told_of_later_too() {
        let story = [told(0.0, Phase::Load), told(100.0, Phase::Checkpoint), told(160.0, Phase::Train)];
        let mut work = LabWork::new(5, &story);
        let sizing = Sizing { checkpoint_bytes: 494e9, loader_bytes_per_sec: 17.05e9, ..Sizing::default() };
        work.change_terms(50.0, Terms { sizing, ..Terms::default() });
        let moved = |traffic: TrafficKind, from: f64, to: f64| {
            work.moved_by(to)[traffic as usize] - work.moved_by(from)[traffic as usize]
        };
        assert!((moved(TrafficKind::CheckpointParts, 99.0, 159.0) / 494e9 - 1.0).abs() < 0.002);
        let reads = |from: f64| moved(TrafficKind::ShardReads, from, from + 40.0);
        assert!((reads(5.0) / reads(55.0) - 2.0).abs() < 0.02);
        assert_eq!(work.phase_at(165.0).0, Some(Phase::Train));
    }

    #[test]
    fn a_burst_that_is_held_up_moves_as_much_in_the_end() {
        let mut work = LabWork::new(7, &[told(0.0, Phase::Checkpoint)]);
        let parts = |work: &LabWork, at_secs: f64| work.moved_by(at_secs)[TrafficKind::CheckpointParts as usize];
        let began = parts(&work, 0.0);
        let pace = |writes: f64| Terms { pace: WorkPace { writes, ..WorkPace::default() }, ..Terms::default() };
        work.change_terms(10.0, pace(0.0));
        let held = parts(&work, 10.0);
        assert_eq!(parts(&work, 30.0), held);
        assert!((held - began) / 34.4e9 > 9.0 && !work.phase_at(30.0).1);
        work.change_terms(30.0, pace(0.5));
        assert!(!work.phase_at(60.0).1 && work.phase_at(90.0).1);
        assert!(((parts(&work, 90.0) - began) / 988e9 - 1.0).abs() < 0.001);
        assert!((work.rate_at(TrafficKind::CheckpointParts, 50.0) / 17.2e9 - 1.0).abs() < 0.02);
    }

    #[test]
    fn telling_one_by_one_is_the_same_as_the_whole_story() {
        let story = [told(0.0, Phase::Ingest), told(3.0, Phase::Checkpoint), told(60.0, Phase::Load)];
        let whole = LabWork::new(1, &story);
        let mut by_and_by = LabWork::new(1, &[]);
        for event in story {
            by_and_by.tell_event(event);
        }
        assert_eq!(whole.moved_by(70.0), by_and_by.moved_by(70.0));
    }
}
