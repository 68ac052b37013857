//! The served lab: its clock, its story, and the caches of its servers.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::{Duration, Instant};

use crate::commands::sim::token;
use crate::sim::{CollectedAt, Failures, Phase, SimDeployment, SimEndpoint, SimLab, SimPage, StoryEvent, Truth};

/// The access key that the simulated lab knows.
pub(super) const ACCESS: &str = "tierlight-sim";

/// The phases that the served lab works at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServedStory {
    /// A short training loop, over and over.
    Cycle,
    /// One phase from the start on, or none.
    Once(Option<Phase>),
}

/// What `--phase cycle` tells, with how long each is told.
const CYCLE: [(Phase, f64); 4] =
    [(Phase::Load, 20.0), (Phase::Train, 20.0), (Phase::Checkpoint, 45.0), (Phase::Archive, 20.0)];

/// The simulated lab on the wall clock. Its time 0 is the start of the command.
#[derive(Debug)]
pub(super) struct ServedLab {
    start: Instant,
    start_unix_secs: f64,
    failures: Failures,
    secret_key: String,
    truth_at_start: Truth,
    state: Mutex<ServedState>,
}

#[derive(Debug)]
struct ServedState {
    lab: SimLab,
    /// Phases of the cycle told so far.
    cycled: usize,
    /// When the next one begins: never, where one phase is told for good.
    next_secs: f64,
    /// When something fails or is back, as far as clients have not noticed yet.
    unnoticed: VecDeque<f64>,
    /// By deployment, node and whether it is of v3: when its cached groups were collected.
    caches: BTreeMap<(SimDeployment, usize, bool), CollectedAt>,
}

impl ServedLab {
    /// A lab that starts now; it is this many seconds after 1970.
    pub(super) fn new(seed: u64, story: ServedStory, failures: Failures, unix_secs: f64) -> Self {
        let events = match story {
            ServedStory::Once(phase) => vec![StoryEvent { at_secs: 0.0, phase }],
            ServedStory::Cycle => Vec::new(),
        };
        let lab = SimLab::new(seed, &events).failing(failures.clone()).since_unix(unix_secs);
        let truth_at_start = lab.truth_at(0.0);
        let unnoticed = failures.times().into();
        let next_secs = if story == ServedStory::Cycle { 0.0 } else { f64::INFINITY };
        let state = ServedState { lab, cycled: 0, next_secs, unnoticed, caches: BTreeMap::new() };
        Self {
            start: Instant::now(),
            start_unix_secs: unix_secs,
            failures,
            secret_key: String::new(),
            truth_at_start,
            state: Mutex::new(state),
        }
    }

    /// The same lab, whose pages open to tokens signed with this key.
    pub(super) fn with_secret_key(self, secret_key: &str) -> Self {
        Self { secret_key: secret_key.to_owned(), ..self }
    }

    pub(super) fn now_secs(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    /// The moment of a time of the lab; none for a time that never comes.
    pub(super) fn instant_at(&self, at_secs: f64) -> Option<Instant> {
        self.start.checked_add(Duration::try_from_secs_f64(at_secs).ok()?)
    }

    pub(super) fn failures(&self) -> &Failures {
        &self.failures
    }

    /// Whether a bearer token is good now.
    pub(super) fn accepts_token(&self, token: &str) -> bool {
        token::is_accepted(token, ACCESS, &self.secret_key, self.start_unix_secs + self.now_secs())
    }

    pub(super) fn answers(&self, deployment: SimDeployment, node: usize) -> bool {
        self.state_now().lab.answers(deployment, node, self.now_secs())
    }

    /// Whether so many drives of a deployment are there now.
    pub(super) fn has_drives(&self, deployment: SimDeployment, quorum: usize) -> bool {
        let health = self.state_now().lab.health(deployment, self.now_secs());
        deployment.drives() - health.drives_offline >= quorum
    }

    pub(super) fn started_unix_secs(&self, deployment: SimDeployment, node: usize) -> f64 {
        self.state_now().lab.started_unix_secs(deployment, node, self.now_secs())
    }

    /// A page as it is now, cached groups as old as this server's cache has let them become.
    pub(super) fn page_text(&self, page: SimPage) -> String {
        let mut state = self.state_now();
        let collected = state.collected_at(page, self.now_secs());
        let mut out = String::new();
        state.lab.write_page(page, &collected, &mut out);
        out
    }

    /// What the lab's clients did since the start, as JSON.
    pub(super) fn truth_as_json(&self) -> String {
        let at_secs = self.now_secs();
        let truth = self.state_now().lab.truth_at(at_secs);
        let tiers = truth.since(&self.truth_at_start).tiers().map(|(tier, bytes)| {
            format!("\"{tier}\":{{\"bytes_in\":{},\"bytes_out\":{}}}", bytes.bytes_in, bytes.bytes_out)
        });
        format!("{{\"schema\":1,\"at\":{at_secs:.3},\"tiers\":{{{}}}}}\n", tiers.join(","))
    }

    /// The lab, to which the cycle is told up to now.
    fn state_now(&self) -> MutexGuard<'_, ServedState> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.tell_until(self.now_secs());
        state
    }
}

impl ServedState {
    fn tell_until(&mut self, now_secs: f64) {
        loop {
            let noticed_secs = self.unnoticed.front().copied().unwrap_or(f64::INFINITY);
            if noticed_secs.min(self.next_secs) > now_secs {
                return;
            }
            if noticed_secs <= self.next_secs {
                self.lab.notice_failures(noticed_secs);
                self.unnoticed.pop_front();
            } else {
                let (phase, lasts_secs) = CYCLE[self.cycled % CYCLE.len()];
                self.lab.tell_event(StoryEvent { at_secs: self.next_secs, phase: Some(phase) });
                self.cycled += 1;
                self.next_secs += lasts_secs;
            }
        }
    }

    /// A group is collected again when it is asked for after its time is up.
    fn collected_at(&mut self, page: SimPage, now_secs: f64) -> CollectedAt {
        let SimPage::Minio { deployment, node, endpoint } = page else { return CollectedAt::fresh(now_secs) };
        let is_v3 = !matches!(endpoint, SimEndpoint::V2Cluster | SimEndpoint::V2Bucket | SimEndpoint::V2Node);
        let cached = self.caches.entry((deployment, node, is_v3)).or_insert_with(|| CollectedAt::fresh(now_secs));
        cached.now_secs = now_secs;
        if now_secs - cached.traffic_secs >= CollectedAt::TRAFFIC_SECS {
            cached.traffic_secs = now_secs;
        }
        if now_secs - cached.capacity_secs >= CollectedAt::CAPACITY_SECS {
            cached.capacity_secs = now_secs;
        }
        *cached
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cycle_is_told_in_time_and_over_again() {
        let simulated = ServedLab::new(1, ServedStory::Cycle, Failures::default(), 1.79e9);
        let mut state = simulated.state.into_inner().unwrap();
        state.tell_until(130.0);
        let phases = [0.0, 19.9, 20.0, 41.0, 84.9, 85.0, 105.0, 126.0].map(|at_secs| state.lab.phase_at(at_secs));
        use Phase::{Archive, Checkpoint, Load, Train};
        assert_eq!(phases, [Load, Load, Train, Checkpoint, Checkpoint, Archive, Load, Train].map(Some));
    }

    #[test]
    fn a_cached_group_is_collected_when_asked_after_its_time() {
        let simulated = ServedLab::new(1, ServedStory::Once(None), Failures::default(), 1.79e9);
        let mut state = simulated.state.into_inner().unwrap();
        let page = SimPage::Minio { deployment: SimDeployment::Hot, node: 0, endpoint: SimEndpoint::V2Cluster };
        let asked = [5.0, 14.9, 15.1, 24.0, 70.0].map(|now_secs| state.collected_at(page, now_secs));
        assert_eq!(asked.map(|collected| collected.traffic_secs), [5.0, 5.0, 15.1, 15.1, 70.0]);
        assert_eq!(asked.map(|collected| collected.capacity_secs), [5.0, 5.0, 5.0, 5.0, 70.0]);
    }
}
