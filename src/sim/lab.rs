//! The simulated lab itself: its story, what is to fail, and what its clients have truly done.

use crate::sim::failures::{Failures, WorkPace};
use crate::sim::topology::SimDeployment;
use crate::sim::work::{LabWork, StoryEvent, Terms};
use crate::sim::workload::{Counts, Sizing, TrafficKind, TrafficWay};

/// Seconds since 1970 at the lab's time 0, where nobody says otherwise.
const EPOCH_UNIX_SECS: f64 = 1_790_000_000.0;

/// The simulated lab: its story so far, and what is to fail.
#[derive(Clone, Debug)]
pub struct SimLab {
    pub(super) work: LabWork,
    pub(super) seed: u64,
    pub(super) failures: Failures,
    pub(super) epoch_unix_secs: f64,
    pub(super) gpu_servers: usize,
}

/// Bytes that went into and out of a tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    pub bytes_in: u64,
    pub bytes_out: u64,
}

/// Bytes that the lab's clients have moved since the counters began, whether a page has shown them yet or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// The scratch drives of T0.
    pub(crate) raw: Bytes,
    pub(crate) hot: Bytes,
    pub(crate) warm: Bytes,
    pub(crate) cold: Bytes,
}

impl Truth {
    /// The tiers by their words, nearest to the GPU first.
    pub fn tiers(&self) -> [(&'static str, Bytes); 4] {
        [("raw", self.raw), ("hot", self.hot), ("warm", self.warm), ("cold", self.cold)]
    }

    /// What happened between an earlier truth and this one.
    pub fn since(&self, earlier: &Self) -> Self {
        let less = |now: Bytes, then: Bytes| Bytes {
            bytes_in: now.bytes_in.saturating_sub(then.bytes_in),
            bytes_out: now.bytes_out.saturating_sub(then.bytes_out),
        };
        Self {
            raw: less(self.raw, earlier.raw),
            hot: less(self.hot, earlier.hot),
            warm: less(self.warm, earlier.warm),
            cold: less(self.cold, earlier.cold),
        }
    }
}

impl SimLab {
    /// A healthy lab with this story. The same seed and story make the same lab.
    pub fn new(seed: u64, story: &[StoryEvent]) -> Self {
        let work = LabWork::new(seed, story);
        Self { work, seed, failures: Failures::default(), epoch_unix_secs: EPOCH_UNIX_SECS, gpu_servers: 1 }
    }

    /// The same lab, in which things fail. Its clients notice when [`Self::notice_failures`] says so.
    pub(crate) fn failing(self, failures: Failures) -> Self {
        Self { failures, ..self }
    }

    /// From a time on clients work as fast as what has failed by then lets them.
    pub(crate) fn notice_failures(&mut self, at_secs: f64) {
        let warm = SimDeployment::Warm;
        let drives_online = warm.drives() - self.health(warm, at_secs).drives_offline;
        let pace = WorkPace::left(&self.failures, drives_online, at_secs);
        self.work.change_terms(at_secs, Terms { pace, ..self.work.terms() });
    }

    /// From a time on what moves is so large, and moves so fast.
    pub(crate) fn size(&mut self, at_secs: f64, sizing: Sizing) {
        let terms = self.work.terms();
        if terms.sizing != sizing {
            self.work.change_terms(at_secs, Terms { sizing, ..terms });
        }
    }

    /// How large what moves is in the end.
    pub(crate) fn sizing(&self) -> Sizing {
        self.work.terms().sizing
    }

    /// The same lab with this many servers of eight GPUs.
    pub(crate) fn with_gpu_servers(self, gpu_servers: usize) -> Self {
        Self { gpu_servers, ..self }
    }

    /// What fails in it.
    pub(crate) fn failures(&self) -> &Failures {
        &self.failures
    }

    /// The same lab, whose time 0 is this many seconds after 1970.
    pub(crate) fn since_unix(self, epoch_unix_secs: f64) -> Self {
        Self { epoch_unix_secs, ..self }
    }

    /// From the event's time on the lab works at its phase. Events are told in their order; what was told of earlier times
    /// stays.
    pub(crate) fn tell_event(&mut self, event: StoryEvent) {
        self.work.tell_event(event);
    }

    /// As [`Self::tell_event`], and what was told of that time and of later ones is not told any more.
    pub(crate) fn tell_instead(&mut self, event: StoryEvent) {
        self.work.tell_instead(event);
        self.notice_failures(event.at_secs);
    }

    /// The phase told at a time.
    #[cfg(test)]
    pub(crate) fn phase_at(&self, at_secs: f64) -> Option<crate::sim::phase::Phase> {
        self.work.phase_at(at_secs).0
    }

    /// Everything the clients have done by a time, in whole objects and parts, as MinIO counts.
    pub fn truth_at(&self, at_secs: f64) -> Truth {
        let counts = self.counts_at(at_secs);
        let mut truth = Truth::default();
        for traffic in TrafficKind::ALL {
            let route = traffic.route();
            let bytes = counts[traffic as usize] * route.object_bytes;
            let tier = match route.deployment {
                None => &mut truth.raw,
                Some(SimDeployment::Hot) => &mut truth.hot,
                Some(SimDeployment::Warm) => &mut truth.warm,
                Some(SimDeployment::Cold) => &mut truth.cold,
            };
            match route.way {
                TrafficWay::In => tier.bytes_in += bytes,
                TrafficWay::Out => tier.bytes_out += bytes,
            }
        }
        truth
    }

    /// Whole objects and parts that have ended by a time.
    pub(crate) fn counts_at(&self, at_secs: f64) -> Counts {
        let moved = self.work.moved_by(at_secs);
        TrafficKind::ALL.map(|traffic| (moved[traffic as usize] / traffic.route().object_bytes as f64) as u64)
    }
}
