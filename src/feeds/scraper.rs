//! The thread of one node: it asks on its ticks, one question at a time, and tells what came.

#![expect(clippy::disallowed_methods, reason = "a token's expiry is a matter of the wall clock")]

use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use crate::lab::Url;
use crate::telemetry::Collected;
use crate::telemetry::Endpoint;

use super::Pace;
use super::fault::FaultCode;
use super::fault::Trouble;
use super::http::Ask;
use super::http::Client;
use super::http::Received;
use super::lanes;
use super::lanes::Outcome;
use super::lanes::Ticks;
use super::pass::Pass;
use super::target::Target;

/// Refusals in a row after which every other tick is left out.
const PATIENCE: u32 = 4;
/// A node that had v3 and answers 404 is behind a proxy that lost it: looked for again soon.
const LOST_V3_SECS: f64 = 4.0;

/// One node of a target, asked by one thread.
pub(super) struct Node {
    pub(super) target: Arc<Target>,
    pub(super) index: usize,
    pub(super) of: usize,
    pub(super) client: Client,
    pub(super) pass: Pass,
    pub(super) pace: Pace,
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
    pub(super) fn run(mut self, stop: &Receiver<()>) {
        let interval_secs = Endpoint::V3Requests.interval_secs() * self.pace.scale;
        let ticks = Ticks::new(self.target.now_secs(), interval_secs, self.index, self.of);
        let mut memory = Memory::default();
        let mut due_secs = self.target.now_secs();
        while self.wait(stop, due_secs) {
            let begun_secs = self.target.now_secs();
            self.tick(&mut memory);
            due_secs = ticks.next_after(begun_secs, self.target.now_secs());
        }
    }

    /// Waits on the stop channel; false when it is time to end.
    fn wait(&self, stop: &Receiver<()>, due_secs: f64) -> bool {
        let left = Duration::try_from_secs_f64(due_secs - self.target.now_secs()).unwrap_or_default();
        matches!(stop.recv_timeout(left), Err(RecvTimeoutError::Timeout))
    }

    fn tick(&mut self, memory: &mut Memory) {
        memory.ticks += 1;
        if memory.refusals >= PATIENCE && memory.ticks.is_multiple_of(2) {
            return;
        }
        let fast = self.target.fast();
        // A node that just failed would keep the slow questions waiting, and they it: another one takes them.
        if self.ask_fast(&fast, memory) == Outcome::Failed {
            return;
        }
        self.ask_slow(memory);
        // The first slow answers may have named the buckets to ask for.
        if fast.is_empty() {
            let named = self.target.fast();
            self.ask_fast(&named, memory);
        }
    }

    /// What only this node can tell. The first failure ends it: the next question would fail alike.
    fn ask_fast(&mut self, endpoints: &[Endpoint], memory: &mut Memory) -> Outcome {
        if memory.v3_again_secs.is_some_and(|again| again > self.target.now_secs()) {
            return Outcome::Absent;
        }
        for endpoint in endpoints {
            let outcome = self.ask(endpoint, memory);
            if outcome != Outcome::Good {
                return outcome;
            }
        }
        if !endpoints.is_empty() {
            self.target.tell(self.index, false);
        }
        Outcome::Good
    }

    /// What one node tells for all.
    fn ask_slow(&mut self, memory: &mut Memory) {
        while let Some(endpoint) = self.target.claim(self.index) {
            let outcome = self.ask(&endpoint, memory);
            self.target.done(self.index, &endpoint, outcome);
            if outcome == Outcome::Good {
                self.target.tell(self.index, true);
            }
        }
    }

    /// Asks for one page and folds it.
    fn ask(&mut self, endpoint: &Endpoint, memory: &mut Memory) -> Outcome {
        let first_refusal = memory.refusals == 0;
        let mut answered = self.fetch(endpoint);
        if let Err(trouble) = &answered
            && trouble.code == FaultCode::Forbidden
            && first_refusal
            && matches!(self.pass, Pass::Keys { .. })
        {
            // The minted token may be too old for a server whose clock differs: a fresh one is tried at once.
            answered = self.fetch(endpoint);
        }
        let (received, collected) = match answered {
            Ok(answer) => answer,
            Err(trouble) => return self.note(endpoint, trouble, memory),
        };
        if !self.target.take(self.index, endpoint, received, &collected) {
            return self.note(endpoint, unusable(), memory);
        }
        memory.refusals = 0;
        if endpoint.is_v3() && endpoint.on_each_node() {
            (memory.v3_again_secs, memory.had_v3) = (None, true);
        }
        Outcome::Good
    }

    /// What a failure means for the next questions.
    fn note(&self, endpoint: &Endpoint, trouble: Trouble, memory: &mut Memory) -> Outcome {
        memory.refusals = if trouble.code.is_about_auth() { memory.refusals + 1 } else { 0 };
        if trouble.code.is_about_path() && self.may_be_absent(endpoint, memory) {
            return Outcome::Absent;
        }
        self.target.failed(self.index, endpoint, trouble);
        Outcome::Failed
    }

    /// An endpoint may be missing as long as another one tells the same: v2 where there is no v3, and the reverse.
    fn may_be_absent(&self, endpoint: &Endpoint, memory: &mut Memory) -> bool {
        match endpoint {
            Endpoint::Exporter => false,
            Endpoint::V2Cluster => memory.v3_again_secs.is_none(),
            endpoint if endpoint.on_each_node() => {
                let after = if memory.had_v3 { LOST_V3_SECS } else { lanes::LOOK_AGAIN_SECS };
                memory.v3_again_secs = Some(self.target.now_secs() + after * self.pace.scale);
                self.target.note_no_v3(self.index);
                true
            }
            _ => true,
        }
    }

    fn fetch(&mut self, endpoint: &Endpoint) -> Result<(Received, Collected), Trouble> {
        let token = self.pass.token(now_unix_secs())?;
        let mut body = self.target.body(endpoint);
        let path = path_of(endpoint, self.client.url());
        let timeout = if endpoint.on_each_node() { self.pace.timeout } else { self.pace.slow_timeout };
        let ask = Ask { path: &path, token: token.as_ref(), timeout, limit_bytes: self.pace.limit_bytes };
        let target = &self.target;
        let received = self.client.get(&ask, &|| target.now_secs(), &mut |block| body.feed(block));
        let received = received.map_err(|trouble| self.pass.refused(trouble, now_unix_secs()))?;
        let collected = body.finish();
        check_page(endpoint, received, &collected)?;
        Ok((received, collected))
    }
}

/// Where a page lies: an exporter's is part of its URL.
fn path_of(endpoint: &Endpoint, url: &Url) -> String {
    match endpoint {
        Endpoint::Exporter => url.path.clone(),
        other => other.path(),
    }
}

/// Whether what came whole is metrics at all. Old values are kept where it is not.
fn check_page(endpoint: &Endpoint, received: Received, collected: &Collected) -> Result<(), Trouble> {
    // v3 leaves out what is zero, so an idle server's page may be empty; MinIO tells itself by a header of its own.
    let may_be_empty = endpoint.is_v3() && received.process_start_unix_secs.is_some();
    if received.bytes == 0 && !may_be_empty {
        return Err(Trouble::new(
            FaultCode::Empty,
            "answers 200 with an empty page",
            "Is it starting, or does a proxy answer for it? The last full answer stays in use.",
        ));
    }
    if collected.is_unreadable() {
        return Err(Trouble::new(
            FaultCode::Unreadable,
            "answers with text that is not metrics",
            "Is this MinIO's S3 port, or the exporter's own path?",
        ));
    }
    if !collected.recognised() && !may_be_empty && received.bytes > 0 {
        return Err(Trouble::new(
            FaultCode::NothingKnown,
            "answers with metrics, but with none that belong here",
            "Is this the right port, and in the lab file the right kind?",
        ));
    }
    Ok(())
}

fn unusable() -> Trouble {
    Trouble::new(
        FaultCode::Unreadable,
        "answers with metrics whose numbers make no sense",
        "The last good ones stay in use; does a proxy in between change the answer?",
    )
}

/// This machine's wall clock, in whole seconds; 0 where it stands before 1970.
pub(super) fn now_unix_secs() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
