//! One question to one node, from the token to the collected page.

#![expect(clippy::disallowed_methods, reason = "a token's expiry is a matter of the wall clock")]

use std::path::Path;
use std::time::Duration;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use crate::lab::{Access, Auth, Url};
use crate::live::FaultCode;
use crate::telemetry::{Body, Collected, Endpoint};

use super::http::{AgentSlot, Ask, Client, QuestionKind, Received};
use super::link::Pace;
use super::pass::{DoorOf, Pass};
use super::trouble::Trouble;

/// The answer of an API is read as a whole: an hour of a large lab is a few megabytes.
const API_LIMIT_BYTES: u64 = 32 << 20;

/// A page of each node that is never empty; its label says which node answers.
pub(super) fn own_page(has_v3: bool) -> Endpoint {
    if has_v3 { Endpoint::V3Process } else { Endpoint::V2Node }
}

/// How a target is opened, and what it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Door<'a> {
    pub(super) access: &'a Access,
    pub(super) auth: &'a Auth,
    pub(super) of: DoorOf,
}

/// Asks one node, with its token.
#[derive(Debug)]
pub(super) struct Asker {
    client: Client,
    pass: Pass,
    of: DoorOf,
    pace: Pace,
}

impl Asker {
    /// `folder` is the lab file's.
    pub(super) fn new(url: &Url, door: Door<'_>, folder: &Path, pace: Pace) -> Self {
        let pass = Pass::new(door.auth, door.of, folder);
        Self { client: Client::new(url, door.access, folder, pace.timeout), pass, of: door.of, pace }
    }

    /// For whoever must interrupt a waiting exchange.
    pub(super) fn agent_slot(&self) -> AgentSlot {
        self.client.agent_slot()
    }

    /// Whether the token is made here.
    pub(super) fn mints_token(&self) -> bool {
        matches!(self.pass, Pass::Keys { .. })
    }

    /// Asks for a page and collects it into `body`; `tee` sees its bytes too.
    pub(super) fn fetch_page(
        &mut self,
        endpoint: &Endpoint,
        mut body: Body,
        now: &dyn Fn() -> f64,
        tee: &mut dyn FnMut(&[u8]),
    ) -> Result<(Received, Collected), Trouble> {
        let path = path_of(endpoint, self.client.url());
        let is_quick = endpoint.is_fast() || matches!(endpoint, Endpoint::V3Process | Endpoint::Health);
        let timeout = if is_quick { self.pace.timeout } else { self.pace.slow_timeout };
        let mut sink = |block: &[u8]| {
            body.feed(block);
            tee(block);
        };
        let received = match endpoint {
            // Its status is the answer. MinIO refuses whoever brings a token there.
            Endpoint::Health => {
                let limit_bytes = self.pace.limit_bytes;
                let ask = Ask { path: &path, login: None, timeout, limit_bytes, of: QuestionKind::Health };
                self.client.get_page(&ask, now, &mut sink)?
            }
            _ => self.fetch_text(&path, timeout, now, &mut sink)?,
        };
        let collected = body.finish();
        check_page(endpoint, received, &collected)?;
        Ok((received, collected))
    }

    /// Asks for any path; `sink` sees the bytes of a 200.
    pub(super) fn fetch_text(
        &mut self,
        path: &str,
        timeout: Duration,
        now: &dyn Fn() -> f64,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<Received, Trouble> {
        let login = self.pass.current_header(now_unix_secs())?;
        let limit_bytes = self.pace.limit_bytes;
        let ask = Ask { path, login: login.as_ref(), timeout, limit_bytes, of: QuestionKind::Page };
        self.client.get_page(&ask, now, sink).map_err(|trouble| self.explain(trouble))
    }

    /// Whether a node gives any answer for a page of its own, which waits for no other node.
    pub(super) fn answers_itself(&mut self, has_v3: bool, now: &dyn Fn() -> f64) -> bool {
        let answered = self.fetch_text(&own_page(has_v3).path(), self.pace.timeout, now, &mut |_| {});
        !answered.is_err_and(|trouble| trouble.code.is_silence())
    }

    /// Sends a form to an API below the URL's own path, and reads the whole answer.
    pub(super) fn fetch_api(
        &mut self,
        path: &str,
        form: &[(&str, &str)],
        tenant: Option<&str>,
        now: &dyn Fn() -> f64,
    ) -> Result<(Received, Vec<u8>), Trouble> {
        let login = self.pass.current_header(now_unix_secs())?;
        let path = format!("{}{path}", self.client.url().path);
        let (timeout, limit_bytes) = (self.pace.slow_timeout, self.pace.limit_bytes.min(API_LIMIT_BYTES));
        let ask =
            Ask { path: &path, login: login.as_ref(), timeout, limit_bytes, of: QuestionKind::Api { form, tenant } };
        let mut body = Vec::new();
        let received = self.client.get_page(&ask, now, &mut |block| body.extend_from_slice(block));
        let received = received.map_err(|trouble| self.explain(trouble))?;
        Ok((received, body))
    }

    /// The words of a refusal, with what is known of the token and of who was asked.
    fn explain(&mut self, trouble: Trouble) -> Trouble {
        let status = trouble.status;
        let mut trouble = Trouble { status, ..self.pass.explain_refusal(trouble, now_unix_secs()) };
        if let Some(noun) = self.of.noun() {
            for words in [&mut trouble.cause, &mut trouble.remedy] {
                *words = words.replace("MinIO's S3 port", "its port").replace("MinIO", noun);
            }
        }
        trouble
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
    if collected.is_renamed() {
        return Err(Trouble::no_traffic(collected));
    }
    if let Some(misfit) = collected.misfit() {
        let (wanted, there) = (misfit.wanted.join(", "), misfit.there.join(", "));
        let cause = format!("answers, but no device fits {wanted}; there are {there}");
        let remedy = format!("Name the drives that are T0: devices: {:?}.", misfit.there);
        return Err(Trouble::new(FaultCode::NothingKnown, &cause, &remedy));
    }
    if !collected.recognised() && !may_be_empty && received.bytes > 0 {
        return Err(Trouble::new(
            FaultCode::NothingKnown,
            "answers with metrics, but with none that belong here",
            "Is this the right port, and in the lab file the right kind?",
        )
        .by_flags("Is this the right port?"));
    }
    Ok(())
}

/// This machine's wall clock, in whole seconds; 0 where it stands before 1970.
fn now_unix_secs() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
