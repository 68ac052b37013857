//! A small HTTP server for tests: it answers as it is told, faults included, on a free port of 127.0.0.1.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use tierlight::feeds::{self, Feeds, Link, Pace};
use tierlight::lab::Lab;
use tierlight::live::{Fault, FaultCode, SourceEvent};

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    /// What was sent, unpacked from the form of a URL: `a=1&b=x y`.
    pub(crate) form: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A proper answer.
    Full { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8> },
    /// These bytes, and the connection is closed.
    Raw(Vec<u8>),
    /// These bytes, and nothing more ever comes.
    Hang(Vec<u8>),
}

impl Reply {
    pub(crate) fn of(status: u16, content_type: &str, body: &str) -> Self {
        let headers = vec![("Content-Type", content_type.to_owned())];
        Self::Full { status, headers, body: body.as_bytes().to_vec() }
    }

    /// Metrics, as MinIO's v3 answers them.
    pub(crate) fn v3(body: &str) -> Self {
        let headers = vec![("Content-Type", "text/plain; version=0.0.4".to_owned()), START];
        Self::Full { status: 200, headers, body: body.as_bytes().to_vec() }
    }

    /// Metrics without MinIO's header.
    pub(crate) fn text(body: &str) -> Self {
        Self::of(200, "text/plain; version=0.0.4", body)
    }

    /// MinIO's refusal of a token.
    pub(crate) fn denied() -> Self {
        Self::of(403, "application/json", "{\"Code\":\"AccessDenied\",\"Message\":\"Access Denied.\"}")
    }

    /// MinIO's answer for a page it does not know.
    pub(crate) fn no_such_page() -> Self {
        let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code></Error>";
        Self::of(403, "application/xml", body)
    }

    pub(crate) fn packed(body: &[u8]) -> Self {
        let headers = vec![("Content-Encoding", "gzip".to_owned()), START];
        Self::Full { status: 200, headers, body: body.to_vec() }
    }
}

const START: (&str, String) = ("Process-Start-Time-Unix", String::new());

type Answer = dyn Fn(&Request) -> Reply + Send + Sync;

/// A running server; it lives as long as the test's process.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_over(answer, |stream| stream)
    }

    /// The same over a layer such as TLS.
    pub(crate) fn start_over<S: Read + Write>(
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
        layer: impl Fn(TcpStream) -> S + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::default();
        let (answer, layer, log) = (Arc::new(answer) as Arc<Answer>, Arc::new(layer), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, layer, log) = (Arc::clone(&answer), Arc::clone(&layer), Arc::clone(&log));
                thread::spawn(move || serve(layer(stream), &*answer, &log));
            }
        });
        Self { address, asked }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was asked so far.
    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(stream: impl Read + Write, answer: &Answer, log: &Mutex<Vec<Request>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let reply = match read_request(&mut stream) {
            Ok(Some(request)) => {
                let reply = answer(&request);
                log.lock().unwrap().push(request);
                reply
            }
            Ok(None) => return,
            // What is no text is no HTTP, a TLS greeting for one.
            Err(_) => Reply::Raw(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request".to_vec()),
        };
        let mut out = Vec::new();
        let goes_on = write_reply(&mut out, reply);
        let sent = stream.get_mut().write_all(&out).and_then(|()| stream.get_mut().flush());
        match goes_on {
            GoesOn::Yes if sent.is_ok() => {}
            GoesOn::Never => thread::sleep(Duration::from_mins(1)),
            _ => return,
        }
    }
}

fn read_request(stream: &mut impl std::io::BufRead) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let Some(path) = line.split(' ').nth(1).map(str::to_owned) else { return Ok(None) };
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(Some(Request { path, headers, form: unescaped(&String::from_utf8_lossy(&body)) }))
}

fn unescaped(form: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = form.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).unwrap()
}

enum GoesOn {
    Yes,
    No,
    Never,
}

fn write_reply(out: &mut Vec<u8>, reply: Reply) -> GoesOn {
    match reply {
        Reply::Raw(bytes) => {
            out.extend(bytes);
            GoesOn::No
        }
        Reply::Hang(bytes) => {
            out.extend(bytes);
            GoesOn::Never
        }
        Reply::Full { status, headers, body } => {
            write!(out, "HTTP/1.1 {status} Words\r\nContent-Length: {}\r\n", body.len()).unwrap();
            for (name, value) in headers {
                let value = if name == START.0 { "1795397436".to_owned() } else { value };
                write!(out, "{name}: {value}\r\n").unwrap();
            }
            out.extend(b"\r\n");
            out.extend(body);
            GoesOn::Yes
        }
    }
}

/// v3's `/api/requests` with these many bytes received and sent.
pub(crate) fn requests_page(bytes_in: f64, bytes_out: f64) -> String {
    format!(
        "# TYPE minio_api_requests_traffic_received_bytes counter\n\
         minio_api_requests_traffic_received_bytes{{server=\"a:9000\",type=\"s3\"}} {bytes_in:e}\n\
         # TYPE minio_api_requests_traffic_sent_bytes counter\n\
         minio_api_requests_traffic_sent_bytes{{server=\"a:9000\",type=\"s3\"}} {bytes_out:e}\n"
    )
}

/// v2's `/cluster` with these many bytes received.
pub(crate) fn cluster_page(bytes_in: f64) -> String {
    format!(
        "# TYPE minio_s3_traffic_received_bytes counter\n\
         minio_s3_traffic_received_bytes{{server=\"a:9000\"}} {bytes_in:e}\n\
         # TYPE minio_cluster_nodes_online_total gauge\n\
         minio_cluster_nodes_online_total{{server=\"a:9000\"}} 4\n"
    )
}

/// A good server: v3's requests page, and XML for all else.
pub(crate) fn good(request: &Request) -> Reply {
    match request.path.as_str() {
        "/minio/metrics/v3/api/requests" => Reply::v3(&requests_page(1e9, 2e9)),
        _ => Reply::no_such_page(),
    }
}

/// Polls every 50 ms.
pub(crate) fn hurried() -> Pace {
    Pace {
        scale: 0.05,
        timeout: Duration::from_millis(700),
        slow_timeout: Duration::from_millis(700),
        limit_bytes: 1 << 20,
    }
}

/// A lab being asked, and what it told so far.
pub(crate) struct Watch {
    feeds: Option<Feeds>,
    events: Receiver<SourceEvent>,
    pub(crate) folder: tempfile::TempDir,
}

impl Watch {
    /// `deployments` is the inside of the lab file's list; `{}` in it is not touched.
    pub(crate) fn deployments(deployments: &str) -> Self {
        Self::lab(&format!("Lab(deployments: [{deployments}])"))
    }

    pub(crate) fn lab(text: &str) -> Self {
        Self::in_folder(text, tempfile::tempdir().unwrap(), hurried())
    }

    pub(crate) fn in_folder(text: &str, folder: tempfile::TempDir, pace: Pace) -> Self {
        let lab = Lab::read(std::path::Path::new("lab.ron"), text).unwrap();
        let (send, events) = mpsc::channel();
        let began = Instant::now();
        let tell = move |event| drop(send.send(event));
        let link = Link::new(tell, || (), move || began.elapsed().as_secs_f64()).at_pace(pace);
        let feeds = feeds::start(&lab, folder.path(), link).unwrap();
        Self { feeds: Some(feeds), events, folder }
    }

    /// The lab's Prometheus server, and beside it what the lab itself tells.
    pub(crate) fn server(text: &str, folder: tempfile::TempDir, pace: Pace) -> (Self, Receiver<SourceEvent>) {
        let lab = Lab::read(std::path::Path::new("lab.ron"), text).unwrap();
        let began = Instant::now();
        let link = || {
            let (send, events) = mpsc::channel();
            let tell = move |event| drop(send.send(event));
            (Link::new(tell, || (), move || began.elapsed().as_secs_f64()).at_pace(pace), events)
        };
        let ((direct, lab_events), (server, events)) = (link(), link());
        let mut feeds = feeds::start(&lab, folder.path(), direct.clone()).unwrap();
        feeds.add_server(&lab, folder.path(), server, direct).unwrap();
        (Self { feeds: Some(feeds), events, folder }, lab_events)
    }

    /// The first thing that is found in an event; panics after ten seconds.
    #[track_caller]
    pub(crate) fn find<T>(&self, what: &str, mut found: impl FnMut(&SourceEvent) -> Option<T>) -> T {
        let began = Instant::now();
        let mut last = None;
        while let Some(left) = Duration::from_secs(10).checked_sub(began.elapsed()) {
            let Ok(event) = self.events.recv_timeout(left) else { break };
            if let Some(found) = found(&event) {
                return found;
            }
            last = Some(event);
        }
        panic!("not told: {what}; last: {last:?}");
    }

    /// The first fault of that target.
    #[track_caller]
    pub(crate) fn fault(&self, wanted: &str) -> Fault {
        self.find(&format!("a fault of {wanted}"), |event| match event {
            SourceEvent::Failed { target, fault, .. } if &**target == wanted => Some(fault.clone()),
            _ => None,
        })
    }

    /// Waits until that target is read.
    #[track_caller]
    pub(crate) fn live(&self, wanted: &str) {
        self.find(&format!("{wanted} is read"), |event| match event {
            SourceEvent::Scraped { target, .. } if &**target == wanted => Some(()),
            _ => None,
        });
    }

    /// What was told within that time.
    pub(crate) fn told_within(&self, time: Duration) -> Vec<SourceEvent> {
        let began = Instant::now();
        let mut told = Vec::new();
        while let Some(left) = time.checked_sub(began.elapsed()) {
            match self.events.recv_timeout(left) {
                Ok(event) => told.push(event),
                Err(_) => break,
            }
        }
        told
    }

    pub(crate) fn stop(&mut self) {
        self.feeds = None;
    }
}

/// Asserts the fault of one deployment without a token.
#[track_caller]
pub(crate) fn assert_fault(url: &str, code: FaultCode) {
    let watch = Watch::deployments(&format!("(name: \"x\", tier: T2, urls: [\"{url}\"], auth: Public)"));
    assert_eq!(watch.fault("x").code, code);
}
