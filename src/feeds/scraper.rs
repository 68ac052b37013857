//! The thread of one node: it asks on its ticks, one question at a time, and tells what came.

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use crate::live::FaultCode;
use crate::telemetry::{Collected, Endpoint};

use super::ask::Asker;
use super::http::Received;
use super::schedule;
use super::schedule::{PageOutcome, Ticks};
use super::target::SharedTarget;
use super::trouble::Trouble;

/// Refusals in a row after which every other tick is left out.
const PATIENCE: u32 = 4;
/// A node that had v3 and answers 404 is behind a proxy that lost it: looked for again soon.
const LOST_V3_SECS: f64 = 4.0;

/// One node of a target, asked by one thread.
pub(super) struct Node {
    pub(super) target: Arc<SharedTarget>,
    pub(super) index: usize,
    pub(super) of: usize,
    pub(super) asker: Asker,
    /// What every interval is multiplied with.
    pub(super) scale: f64,
}

/// What the thread remembers from tick to tick.
#[derive(Default)]
struct Memory {
    /// When to look for v3 again; not set while it is there, or not known to be missing.
    v3_again_secs: Option<f64>,
    had_v3: bool,
    /// Answers in a row that refused the token.
    refusals: u32,
    ticks: u64,
}

impl Node {
    /// Asks until the other end of `stop` is gone.
    pub(super) fn run_until(mut self, stop: &Receiver<()>) {
        let interval_secs = Endpoint::V3Requests.interval_secs() * self.scale;
        let ticks = Ticks::new(self.target.now_secs(), interval_secs, self.index, self.of);
        let mut memory = Memory::default();
        let mut due_secs = self.target.now_secs();
        while self.waits_until(stop, due_secs) {
            let begun_secs = self.target.now_secs();
            self.ask_due(&mut memory);
            due_secs = ticks.next_after(begun_secs, self.target.now_secs());
        }
    }

    /// Waits on the stop channel; false when it is time to end.
    fn waits_until(&self, stop: &Receiver<()>, due_secs: f64) -> bool {
        let left = Duration::try_from_secs_f64(due_secs - self.target.now_secs()).unwrap_or_default();
        matches!(stop.recv_timeout(left), Err(RecvTimeoutError::Timeout))
    }

    fn ask_due(&mut self, memory: &mut Memory) {
        memory.ticks += 1;
        if memory.refusals >= PATIENCE && memory.ticks.is_multiple_of(2) {
            return;
        }
        let fast = self.target.fast_pages();
        // A node that just failed would keep the slow questions waiting, and they it: another one takes them.
        if self.ask_fast(&fast, memory) == PageOutcome::Failed {
            return;
        }
        self.ask_slow(memory);
        // The first slow answers may have named the buckets to ask for.
        if fast.is_empty() {
            let named = self.target.fast_pages();
            self.ask_fast(&named, memory);
        }
    }

    /// What only this node can tell. The first failure ends it: the next question would fail alike.
    fn ask_fast(&mut self, endpoints: &[Endpoint], memory: &mut Memory) -> PageOutcome {
        if memory.v3_again_secs.is_some_and(|again| again > self.target.now_secs()) {
            return PageOutcome::Absent;
        }
        for endpoint in endpoints {
            let outcome = self.ask_page(endpoint, memory);
            if outcome != PageOutcome::Good {
                return outcome;
            }
        }
        if !endpoints.is_empty() {
            self.target.note_all_read(self.index);
            self.target.send_report();
        }
        PageOutcome::Good
    }

    /// What one node tells for all.
    fn ask_slow(&mut self, memory: &mut Memory) {
        while let Some(endpoint) = self.target.claim_page(self.index) {
            let outcome = self.ask_page(&endpoint, memory);
            self.target.note_outcome(self.index, &endpoint, outcome);
            if outcome == PageOutcome::Good {
                self.target.send_report();
            }
        }
    }

    /// Asks for one page and folds it.
    fn ask_page(&mut self, endpoint: &Endpoint, memory: &mut Memory) -> PageOutcome {
        let first_refusal = memory.refusals == 0;
        let mut answered = self.fetch_page(endpoint);
        if let Err(trouble) = &answered
            && trouble.code == FaultCode::Forbidden
            && first_refusal
            && self.asker.mints_token()
        {
            // The minted token may be too old for a server whose clock differs: a fresh one is tried at once.
            answered = self.fetch_page(endpoint);
        }
        let (received, collected) = match answered {
            Ok(answer) => answer,
            Err(trouble) => return self.note_trouble(endpoint, trouble, memory),
        };
        if !self.target.fold_page(self.index, endpoint, received, &collected) {
            return self.note_trouble(endpoint, unusable_numbers(), memory);
        }
        memory.refusals = 0;
        if endpoint.is_v3() && endpoint.on_each_node() {
            (memory.v3_again_secs, memory.had_v3) = (None, true);
        }
        PageOutcome::Good
    }

    /// What a failure means for the next questions.
    fn note_trouble(&self, endpoint: &Endpoint, trouble: Trouble, memory: &mut Memory) -> PageOutcome {
        memory.refusals = if trouble.code.is_about_auth() { memory.refusals + 1 } else { 0 };
        if trouble.code.is_about_path() && self.may_be_absent(endpoint, memory) {
            self.target.note_absent(self.index, endpoint);
            return PageOutcome::Absent;
        }
        self.target.send_fault(self.index, endpoint, trouble);
        PageOutcome::Failed
    }

    /// An endpoint may be missing as long as another one tells the same: v2 where there is no v3, and the reverse.
    fn may_be_absent(&self, endpoint: &Endpoint, memory: &mut Memory) -> bool {
        match endpoint {
            Endpoint::Exporter => false,
            Endpoint::V2Cluster => memory.v3_again_secs.is_none(),
            endpoint if endpoint.on_each_node() => {
                let after = if memory.had_v3 { LOST_V3_SECS } else { schedule::LOOK_AGAIN_SECS };
                memory.v3_again_secs = Some(self.target.now_secs() + after * self.scale);
                true
            }
            _ => true,
        }
    }

    fn fetch_page(&mut self, endpoint: &Endpoint) -> Result<(Received, Collected), Trouble> {
        let target = &self.target;
        self.asker.fetch_page(endpoint, target.empty_body(endpoint), &|| target.now_secs(), &mut |_| ())
    }
}

fn unusable_numbers() -> Trouble {
    Trouble::new(
        FaultCode::Unreadable,
        "answers with metrics whose numbers make no sense",
        "The last good ones stay in use; does a proxy in between change the answer?",
    )
}
