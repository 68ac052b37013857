//! One exchange with one server: asked under one deadline, its body streamed, and refused whole unless it ended well.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use ureq::Agent;
use ureq::Body;
use ureq::Error;
use ureq::Proxy;
use ureq::RequestBuilder;
use ureq::config::Config;
use ureq::http::HeaderMap;
use ureq::http::Response;
use ureq::http::Uri;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::resolver::ResolvedSocketAddrs;
use ureq::unversioned::resolver::Resolver;
use ureq::unversioned::transport::ConnectProxyConnector;
use ureq::unversioned::transport::Connector as _;
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::TcpConnector;

use crate::lab::{Access, Url};
use crate::live::FaultCode;
use crate::telemetry::Endpoint;

use super::answer::Head;
use super::secret::{Secret, Stamp};
use super::tls::{TlsConnector, TlsFiles};
use super::trouble::Trouble;
use super::unpack::Packing;
use super::{answer, trouble, unpack};

/// Redirects to the same server that are followed before it is called a circle.
const REDIRECTS: usize = 3;

/// The agent in use, for whoever must interrupt a waiting exchange.
pub(super) type AgentSlot = Arc<Mutex<Option<Agent>>>;

/// Asks one server, over one kept connection.
#[derive(Debug)]
pub(super) struct Client {
    url: Url,
    access: Access,
    tls: TlsFiles,
    tls_stamps: Vec<Stamp>,
    timeout: Duration,
    agent: AgentSlot,
}

/// What is asked.
pub(super) struct Ask<'a> {
    /// Path and query.
    pub(super) path: &'a str,
    /// What to send in `Authorization`.
    pub(super) login: Option<&'a Secret>,
    /// One deadline over the whole exchange.
    pub(super) timeout: Duration,
    /// The largest unpacked body, in bytes.
    pub(super) limit_bytes: u64,
    pub(super) of: QuestionKind<'a>,
}

/// What kind of question it is.
#[derive(Clone, Copy)]
pub(super) enum QuestionKind<'a> {
    /// A page of metrics, or other text.
    Page,
    /// The status is the answer.
    Health,
    /// A form sent to an API, which tells its errors in a form of its own.
    Api { form: &'a [(&'a str, &'a str)], tenant: Option<&'a str> },
}

/// What came, besides the bytes themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Received {
    /// In the middle between the question and the head of the answer: the values are of about then.
    pub(super) at_secs: f64,
    /// From the question to the head of the answer.
    pub(super) waited_secs: f64,
    /// Unpacked.
    pub(super) bytes: u64,
    /// When the server's process began, where the server says so.
    pub(super) process_start_unix_secs: Option<f64>,
    /// From the question to the last byte of the answer.
    pub(super) took_secs: f64,
}

impl Client {
    /// A client of a server. `folder` is the lab file's; `timeout` the usual deadline.
    pub(super) fn new(url: &Url, access: &Access, folder: &Path, timeout: Duration) -> Self {
        let tls = TlsFiles::new(access, folder);
        let (url, access, agent) = (url.clone(), access.clone(), AgentSlot::default());
        Self { url, access, tls, tls_stamps: Vec::new(), timeout, agent }
    }

    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// For whoever must interrupt a waiting exchange.
    pub(super) fn agent_slot(&self) -> AgentSlot {
        Arc::clone(&self.agent)
    }

    /// Asks, and streams the body of a 200 into `sink`. After an error what the sink got must be forgotten.
    pub(super) fn get_page(
        &mut self,
        ask: &Ask<'_>,
        now: &dyn Fn() -> f64,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<Received, Trouble> {
        let asked_secs = now();
        let response = self.answer_to(ask, now)?;
        let waited_secs = now() - asked_secs;
        let at_secs = asked_secs + waited_secs / 2.0;
        let status = response.status().as_u16();
        let (head, body) = response.into_parts();
        let packing = packing_of(&head.headers)?;
        let (content_type, server) = (text_of(&head.headers, "content-type"), text_of(&head.headers, "server"));
        if matches!(ask.of, QuestionKind::Health)
            && let Some(text) = Endpoint::health_text(status).filter(|_| !is_page(&head.headers))
        {
            sink(text.as_bytes());
            let (bytes, took_secs) = (text.len() as u64, waited_secs);
            return Ok(Received { at_secs, waited_secs, bytes, process_start_unix_secs: None, took_secs });
        }
        let is_told =
            matches!(ask.of, QuestionKind::Api { .. }) && is_error_of_api(status) && content_type.contains("json");
        if status != 200 && !is_told {
            let beginning = unpack::first_text(body.into_reader(), packing);
            let trouble = Head { status, content_type, server, beginning: &beginning }.status_trouble();
            return Err(trouble.with_status(status));
        }
        if let Some(page) = (Head { status, content_type, server, beginning: "" }).web_page_trouble() {
            return Err(page);
        }
        let bytes = stream_text(body.into_reader(), packing, ask.limit_bytes, sink)?;
        let process_start_unix_secs = text_of(&head.headers, "process-start-time-unix").parse().ok();
        let took_secs = now() - asked_secs;
        Ok(Received { at_secs, waited_secs, bytes, process_start_unix_secs, took_secs })
    }

    /// The final answer, after redirects that stay with the same server.
    fn answer_to(&mut self, ask: &Ask<'_>, now: &dyn Fn() -> f64) -> Result<Response<Body>, Trouble> {
        let agent = self.current_agent()?;
        let deadline_secs = now() + ask.timeout.as_secs_f64();
        let mut url = self.url.with_path(ask.path);
        for _ in 0..=REDIRECTS {
            let response = self.call_patiently(&agent, &url, ask, &|| deadline_secs - now())?;
            if !response.status().is_redirection() {
                return Ok(response);
            }
            let next = url.join(text_of(response.headers(), "location")).ok();
            match next {
                Some(next) if next.same_door(&self.url) => url = next,
                other => return Err(answer::redirect_trouble(&self.url, other.as_ref())),
            }
        }
        Err(answer::redirect_trouble(&self.url, Some(&self.url)))
    }

    /// One request. A kept connection may have been closed meanwhile: that is no fault, and asked once more.
    fn call_patiently(
        &self,
        agent: &Agent,
        url: &Url,
        ask: &Ask<'_>,
        left_secs: &dyn Fn() -> f64,
    ) -> Result<Response<Body>, Trouble> {
        let mut first_try = true;
        loop {
            let left = Duration::try_from_secs_f64(left_secs()).unwrap_or_default();
            let answered = self.call_once(agent, url, ask, left.max(Duration::from_millis(1)));
            let failed = match answered {
                Ok(response) => return Ok(response),
                Err(failed) => trouble::of_request(&failed, self.url.secure),
            };
            if failed.code != FaultCode::Dropped || !first_try {
                return Err(failed);
            }
            first_try = false;
        }
    }

    fn call_once(&self, agent: &Agent, url: &Url, ask: &Ask<'_>, left: Duration) -> Result<Response<Body>, Error> {
        let url = self.under_server_name(url).to_string();
        match ask.of {
            QuestionKind::Page | QuestionKind::Health => {
                let request = agent.get(url).header("Accept", "text/plain;version=0.0.4");
                prepared(request, ask, left).call()
            }
            QuestionKind::Api { form, tenant } => {
                let mut request = agent.post(url).header("Accept", "application/json");
                if let Some(tenant) = tenant {
                    request = request.header("X-Scope-OrgID", tenant);
                }
                prepared(request, ask, left).send_form(form.iter().copied())
            }
        }
    }

    /// The URL under the name that the certificate bears; the resolver still goes to the lab file's host.
    fn under_server_name(&self, url: &Url) -> Url {
        match &self.access.server_name {
            Some(name) if url.secure => Url { host: name.clone(), ..url.clone() },
            _ => url.clone(),
        }
    }

    /// The agent, made anew when a file of its certificates has changed.
    fn current_agent(&mut self) -> Result<Agent, Trouble> {
        let stamps = self.tls.stamps()?;
        let mut slot = self.agent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = slot.as_ref()
            && stamps == self.tls_stamps
        {
            return Ok(agent.clone());
        }
        let tls = self.tls.connector()?;
        let agent = self.new_agent(tls)?;
        self.tls_stamps = stamps;
        *slot = Some(agent.clone());
        Ok(agent)
    }

    fn new_agent(&self, tls: TlsConnector) -> Result<Agent, Trouble> {
        let proxy = match &self.access.proxy {
            Some(url) => Some(Proxy::new(&url.to_string()).map_err(|failed| trouble::of_request(&failed, false))?),
            None => None,
        };
        let part = self.timeout.mul_f64(0.75);
        let config = Agent::config_builder()
            // Left alone, ureq would take a proxy from the environment.
            .proxy(proxy)
            .http_status_as_error(false)
            .max_redirects(0)
            .user_agent(concat!("tierlight/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(self.timeout))
            .timeout_connect(Some(part))
            .timeout_resolve(Some(part))
            .input_buffer_size(64 * 1024)
            .output_buffer_size(16 * 1024)
            .build();
        let directory = Directory { server_name: self.access.server_name.clone(), url: self.url.clone() };
        // As ureq's own chain, but for the TLS.
        let connector = ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default());
        Ok(Agent::with_parts(config, connector.chain(tls), directory))
    }
}

/// The request with its login, and with the deadline that is left.
fn prepared<B>(mut request: RequestBuilder<B>, ask: &Ask<'_>, left: Duration) -> RequestBuilder<B> {
    if let Some(login) = ask.login {
        request = request.header("Authorization", login.reveal());
    }
    let part = left.mul_f64(0.75);
    let request = request.header("Accept-Encoding", "gzip").config();
    request.timeout_global(Some(left)).timeout_connect(Some(part)).timeout_resolve(Some(part)).build()
}

/// Statuses with which Prometheus' API refuses a query or breaks it off.
fn is_error_of_api(status: u16) -> bool {
    matches!(status, 400 | 422 | 500 | 503)
}

/// Streams a body that should be metrics; one that begins like a web page is refused as such.
fn stream_text(
    body: impl Read,
    packing: Packing,
    limit_bytes: u64,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<u64, Trouble> {
    let mut page = None;
    let mut begun = false;
    let mut tee = |block: &[u8]| {
        if !begun {
            begun = true;
            let start = String::from_utf8_lossy(&block[..block.len().min(64)]);
            page = Head { status: 200, content_type: "", server: "", beginning: &start }.web_page_trouble();
        }
        if page.is_none() {
            sink(block);
        }
    };
    let streamed = unpack::stream_body(body, packing, limit_bytes, &mut tee);
    page.map_or(streamed, Err)
}

fn packing_of(headers: &HeaderMap) -> Result<Packing, Trouble> {
    match text_of(headers, "content-encoding").to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Packing::Plain),
        "gzip" | "x-gzip" => Ok(Packing::Gzip),
        _ => Err(Trouble::new(
            FaultCode::BadGzip,
            "packs its answer in a way it was not asked for",
            "Only gzip is asked for: does a proxy in between change the answer?",
        )),
    }
}

/// Whether an answer has a body: MinIO's health pages have none, a proxy's have words for people.
fn is_page(headers: &HeaderMap) -> bool {
    text_of(headers, "content-length") != "0"
}

/// A header's text; empty where it is missing or no text.
fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
}

/// Finds the address of a server; the certificate's name leads to the host of the lab file.
#[derive(Debug)]
struct Directory {
    server_name: Option<String>,
    url: Url,
}

impl Resolver for Directory {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let is_named = self.server_name.is_some() && uri.host() == self.server_name.as_deref();
        let meant = is_named.then(|| self.url.to_string().parse().ok()).flatten();
        let found = DefaultResolver::default().resolve(meant.as_ref().unwrap_or(uri), config, timeout);
        // Whatever the system says about a name it did not find, it is that.
        found.map_err(|failed| if matches!(failed, Error::Io(_)) { Error::HostNotFound } else { failed })
    }
}
