//! Answers as they came, for whoever keeps them: a capture of a lab.

use std::sync::Arc;

use crate::live::FaultCode;
use crate::telemetry::Endpoint;

use super::http::Received;
use super::trouble::Trouble;

/// Takes every answer of a lab, from the threads that ask.
pub(super) type Tape = Arc<dyn Fn(TapedAnswer) + Send + Sync>;

/// What a node answered to one question. It holds the lab's names.
#[derive(Clone, Debug)]
pub(crate) struct TapedAnswer {
    /// The deployment or exporter, as in the lab file.
    pub(crate) target: Arc<str>,
    /// Host and port.
    pub(crate) node: String,
    pub(crate) endpoint: Endpoint,
    /// Seconds of the host's clock.
    pub(crate) at_secs: f64,
    /// None where nothing came, or nothing that can be used.
    pub(crate) status: Option<u16>,
    /// When the server's process began, where the server says so.
    pub(crate) process_start_unix_secs: Option<f64>,
    /// The page, of a 200 that was taken for metrics; else empty.
    pub(crate) text: Vec<u8>,
    /// Why it could not be used.
    pub(crate) fault: Option<FaultCode>,
}

impl TapedAnswer {
    /// The answer of a node. None where the server has no such page: then another one is asked for in its place.
    pub(super) fn new(
        (target, node): (&Arc<str>, &str),
        endpoint: &Endpoint,
        answered: Result<Received, &Trouble>,
        now_secs: f64,
        text: Vec<u8>,
    ) -> Option<Self> {
        let (target, node, endpoint) = (Arc::clone(target), node.to_owned(), endpoint.clone());
        match answered {
            Ok(Received { at_secs, process_start_unix_secs, .. }) => {
                let is_health = endpoint == Endpoint::Health;
                // A health page has no text: its status is the answer.
                let says = |status: u16| is_health && Endpoint::health_text(status).map(str::as_bytes) == Some(&text);
                let status = if says(503) { 503 } else { 200 };
                let text = if is_health { Vec::new() } else { text };
                let status = Some(status);
                Some(Self { target, node, endpoint, at_secs, status, process_start_unix_secs, text, fault: None })
            }
            Err(trouble) if trouble.code.is_about_path() => None,
            Err(trouble) => {
                let (status, fault) = (trouble.status, Some(trouble.code));
                let (process_start_unix_secs, text) = (None, Vec::new());
                Some(Self { target, node, endpoint, at_secs: now_secs, status, process_start_unix_secs, text, fault })
            }
        }
    }
}
