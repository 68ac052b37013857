//! The thread of one node: it asks on its ticks, one question at a time, and tells what came.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use crate::live::FaultCode;
use crate::telemetry::{Collected, Endpoint, RUNNING_TIMES};

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

/// Where a node tells all its traffic on one uncached page, it is asked so many times in an interval at rest.
const CHEAP_TIMES: f64 = 2.0;
/// And so many times when requests have just begun: a short burst is over before more is known of it.
const BEGUN_TIMES: f64 = 8.0;
/// Requests have just begun for so long.
const BEGUN_SECS: f64 = 1.0;

/// Buckets that are asked for in one tick of a node: more of them are spread over several ticks.
const BUCKETS_A_TICK: usize = 20;
/// The share of a tick's interval in which buckets are asked for.
const BUCKETS_SHARE: f64 = 0.6;

/// What a thread asks its node for. A slow answer must not keep the fast questions waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// What the node tells of itself, from memory.
    Fast,
    /// What one node tells for all, from caches and its peers.
    Slow,
}

/// One lane of one node of a target, asked by one thread.
pub(super) struct Node {
    pub(super) target: Arc<SharedTarget>,
    pub(super) lane: Lane,
    pub(super) index: usize,
    pub(super) of: usize,
    pub(super) asker: Asker,
    /// What every interval is multiplied with.
    pub(super) scale: f64,
}

/// What the thread remembers from tick to tick.
#[derive(Default)]
struct NodeMemory {
    /// When to look for v3 again; not set while it is there, or not known to be missing.
    v3_again_secs: Option<f64>,
    had_v3: bool,
    /// Answers in a row that refused the token.
    refusals: u32,
    ticks: u64,
    /// The bucket that is asked for next, by its place in the list.
    next_bucket: usize,
    /// Since when requests have run at every question; not set while none run.
    runs_since_secs: Option<f64>,
    /// When its process is asked next while no requests run, which a server without that page is not before long.
    process_due_secs: f64,
    lacks_process: bool,
}

impl Node {
    /// Asks until the other end of `stop` is gone.
    pub(super) fn run_until(mut self, stop: &Receiver<()>) {
        let interval_secs = self.target.tick_secs() * self.scale;
        let ticks = Ticks::new(self.target.now_secs(), interval_secs, self.index, self.of);
        let mut memory = NodeMemory::default();
        // What makes the target live is asked for first.
        let later_secs = if self.lane == Lane::Slow { interval_secs / 2.0 } else { 0.0 };
        let mut due_secs = self.target.now_secs() + later_secs;
        while schedule::waits(stop, due_secs - self.target.now_secs()) {
            let begun_secs = self.target.now_secs();
            self.ask_due(&mut memory);
            due_secs = ticks.split(self.asked_more_often(&memory)).next_after(begun_secs, self.target.now_secs());
        }
    }

    /// How many times as often as its interval says it is asked now. A burst's ends are known as well as the time between
    /// two questions, and its mean no better than its ends; what one small page tells costs little.
    fn asked_more_often(&self, memory: &NodeMemory) -> f64 {
        let has_just_begun = |since_secs: f64| self.target.now_secs() - since_secs < BEGUN_SECS * self.scale;
        match (self.lane, self.target.is_running(self.index)) {
            (Lane::Fast, Some(true)) if memory.runs_since_secs.is_some_and(has_just_begun) => BEGUN_TIMES,
            (Lane::Fast, Some(true)) => RUNNING_TIMES,
            (Lane::Fast, Some(false)) => CHEAP_TIMES,
            (Lane::Fast, None) | (Lane::Slow, _) => 1.0,
        }
    }

    fn ask_due(&mut self, memory: &mut NodeMemory) {
        memory.ticks += 1;
        if memory.refusals >= PATIENCE && memory.ticks.is_multiple_of(2) {
            return;
        }
        match self.lane {
            Lane::Fast => {
                self.ask_fast(memory);
                self.target.note_begun(self.index);
            }
            Lane::Slow if self.target.has_begun(self.index) => self.ask_slow(memory),
            Lane::Slow => {}
        }
    }

    /// What only this node can tell. The first failure ends it: the next question would fail alike.
    fn ask_fast(&mut self, memory: &mut NodeMemory) {
        if memory.v3_again_secs.is_some_and(|again| again > self.target.now_secs()) {
            return;
        }
        // What ran until now has its end between this question and the one before: its process is asked with it.
        if memory.runs_since_secs.is_some()
            && let Err(trouble) = self.ask_process(memory)
        {
            self.note_trouble(&Endpoint::V3Requests, trouble, memory);
            return;
        }
        let mut asked = false;
        for endpoint in self.target.fast_pages() {
            asked = true;
            if self.ask_page(&endpoint, memory) != PageOutcome::Good {
                return;
            }
        }
        self.follow_process(memory);
        let buckets = self.target.buckets();
        asked |= !buckets.is_empty();
        if asked && self.ask_buckets(&buckets, memory) {
            self.target.send_report();
        }
    }

    /// After a question for what runs: where requests are found to have begun its process is asked at once, and where they
    /// have ended and now and then at rest, so that it is known what it had read and written before the next ones. What was
    /// counted before the answer that had none any more may lack their last bytes.
    fn follow_process(&mut self, memory: &mut NodeMemory) {
        let now_secs = self.target.now_secs();
        let Some(is_running) = self.target.is_running(self.index) else { return };
        let has_begun = is_running && memory.runs_since_secs.is_none();
        if !is_running && memory.runs_since_secs.is_some() && !memory.lacks_process {
            memory.process_due_secs = now_secs;
        }
        memory.runs_since_secs = is_running.then(|| memory.runs_since_secs.unwrap_or(now_secs));
        if has_begun || !is_running && now_secs >= memory.process_due_secs {
            // A node that gives no answer is told of by the next question.
            let _silent = self.ask_process(memory);
        }
    }

    /// Asks what the process has read and written, which the talk goes on without.
    ///
    /// # Errors
    /// That the node gives no answer at all.
    fn ask_process(&mut self, memory: &mut NodeMemory) -> Result<(), Trouble> {
        let now_secs = self.target.now_secs();
        if memory.lacks_process && now_secs < memory.process_due_secs {
            return Ok(());
        }
        let answered = self.fetch_page(&Endpoint::V3Process);
        let again_secs = if answered.is_ok() { Endpoint::V3Process.interval_secs() } else { schedule::LOOK_AGAIN_SECS };
        memory.process_due_secs = now_secs + again_secs * self.scale;
        memory.lacks_process = match answered {
            Ok((received, collected)) => !self.target.fold_process(self.index, received.at_secs, &collected),
            Err(trouble) if trouble.code.is_silence() => return Err(trouble),
            Err(_) => true,
        };
        Ok(())
    }

    /// Asks for as many buckets as a tick has room for, from where the tick before ended. False when one failed.
    fn ask_buckets(&mut self, buckets: &[String], memory: &mut NodeMemory) -> bool {
        let end_secs = self.target.now_secs() + BUCKETS_SHARE * self.target.tick_secs() * self.scale;
        for _ in 0..buckets.len().min(BUCKETS_A_TICK) {
            memory.next_bucket %= buckets.len();
            let endpoint = Endpoint::V3Bucket(buckets[memory.next_bucket].clone());
            if self.ask_page(&endpoint, memory) != PageOutcome::Good {
                return false;
            }
            memory.next_bucket += 1;
            if self.target.now_secs() > end_secs {
                break;
            }
        }
        if memory.next_bucket >= buckets.len() {
            self.target.note_all_read(self.index, buckets);
        }
        true
    }

    /// What one node tells for all, and what each tells of itself.
    fn ask_slow(&mut self, memory: &mut NodeMemory) {
        while let Some(endpoint) = self.target.claim_page(self.index).filter(|_| !self.target.is_stopped()) {
            let outcome = self.ask_page(&endpoint, memory);
            self.target.note_outcome(self.index, &endpoint, outcome);
            if outcome == PageOutcome::Good {
                self.target.send_report();
            }
        }
        // These are told with the next report: nobody waits for them.
        while let Some(endpoint) = self.target.claim_extra(self.index).filter(|_| !self.target.is_stopped()) {
            let outcome = self.ask_extra(&endpoint);
            self.target.note_outcome(self.index, &endpoint, outcome);
        }
    }

    /// Asks for a page that the talk goes on without: whatever is wrong with it is told by the pages that matter, or by
    /// nobody. What could not be had is not asked for again before its time.
    fn ask_extra(&mut self, endpoint: &Endpoint) -> PageOutcome {
        match self.fetch_page(endpoint) {
            Ok((received, collected)) if self.target.fold_page(self.index, endpoint, received, &collected) => {
                PageOutcome::Good
            }
            Err(trouble) if !trouble.code.is_silence() => PageOutcome::Absent,
            Ok(_) | Err(_) => PageOutcome::Failed,
        }
    }

    /// Asks for one page and folds it.
    fn ask_page(&mut self, endpoint: &Endpoint, memory: &mut NodeMemory) -> PageOutcome {
        if self.target.is_stopped() {
            return PageOutcome::Failed;
        }
        let (first_refusal, begun_secs) = (memory.refusals == 0, self.target.now_secs());
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
            Err(trouble) => {
                let trouble = self.whose_trouble(endpoint, trouble, begun_secs);
                return self.note_trouble(endpoint, trouble, memory);
            }
        };
        if !self.target.fold_page(self.index, endpoint, received, &collected) {
            return self.note_trouble(endpoint, Trouble::unusable_numbers(), memory);
        }
        // Where v3 is missing, v2 is all that tells of traffic.
        if *endpoint == Endpoint::V2Cluster && !collected.has_traffic() && !self.target.has_v3(self.index) {
            return self.note_trouble(endpoint, Trouble::no_traffic(&collected), memory);
        }
        memory.refusals = 0;
        if endpoint.is_v3() && endpoint.is_fast() {
            (memory.v3_again_secs, memory.had_v3) = (None, true);
        }
        PageOutcome::Good
    }

    /// A node hangs by its own pages. What it puts together with its peers waits for one that hangs, and is a fault of that
    /// page where the node has answered something of its own since it was asked for.
    fn whose_trouble(&mut self, endpoint: &Endpoint, trouble: Trouble, begun_secs: f64) -> Trouble {
        let (target, node) = (&self.target, self.index);
        let is_of_page = !endpoint.on_each_node()
            && *endpoint != Endpoint::Health
            && trouble.code.is_slow_answer()
            && (target.has_answered_since(node, begun_secs)
                || self.asker.answers_itself(target.has_v3(node), &|| target.now_secs()));
        if is_of_page { Trouble::of_waiting_page(target.is_alone()) } else { trouble }
    }

    /// What a failure means for the next questions.
    fn note_trouble(&self, endpoint: &Endpoint, trouble: Trouble, memory: &mut NodeMemory) -> PageOutcome {
        memory.refusals = if trouble.code.is_about_auth() { memory.refusals + 1 } else { 0 };
        if trouble.code.is_about_path() && self.may_be_absent(endpoint, memory) {
            self.target.note_absent(self.index, endpoint);
            return PageOutcome::Absent;
        }
        // What the health page adds is no fault where it is missing: it may be another node's loss that keeps it waiting,
        // or something before MinIO that answers for it. A node that is gone is told by its own page.
        if *endpoint == Endpoint::Health {
            return if trouble.code.is_silence() { PageOutcome::Failed } else { PageOutcome::Absent };
        }
        self.target.send_fault(self.index, endpoint, trouble);
        PageOutcome::Failed
    }

    /// An endpoint may be missing as long as another one tells the same: v2 where there is no v3, and the reverse.
    fn may_be_absent(&self, endpoint: &Endpoint, memory: &mut NodeMemory) -> bool {
        match endpoint {
            Endpoint::Exporter => false,
            Endpoint::V2Cluster => self.target.has_v3(self.index),
            endpoint if endpoint.is_fast() => {
                let after = if memory.had_v3 { LOST_V3_SECS } else { schedule::LOOK_AGAIN_SECS };
                memory.v3_again_secs = Some(self.target.now_secs() + after * self.scale);
                true
            }
            _ => true,
        }
    }

    fn fetch_page(&mut self, endpoint: &Endpoint) -> Result<(Received, Collected), Trouble> {
        let target = &self.target;
        let (mut text, is_taped) = (Vec::new(), target.is_taped());
        let mut keep = |block: &[u8]| {
            if is_taped {
                text.extend_from_slice(block);
            }
        };
        let body = target.empty_body(self.index, endpoint);
        let answered = self.asker.fetch_page(endpoint, body, &|| target.now_secs(), &mut keep);
        if is_taped {
            target.tape(self.index, endpoint, answered.as_ref().map(|(received, _)| *received), text);
        }
        answered
    }
}
