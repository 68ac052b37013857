//! The talk from outside: one command a request, by whoever has the token, and each passes the show's one door.
//!
//! It listens only when asked, and at the loopback address unless it is asked for more. With a phone in the room it also has
//! a page, which gets the token for a key that can be used once; the console shows that key as a QR code, another one each
//! time. What is sent names nothing of a lab, whatever the room may see.

mod answer;
mod pace;
mod pass;
mod talk;

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as BoundListener, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use self::answer::{PhoneRequest, Reply};
pub use self::answer::{PictureOf, Talk};
use self::pace::PointPace;
pub(crate) use self::pass::Spoken;
pub use self::pass::{Reach, RemotePass};
pub(crate) use self::talk::{WindowTalk, no_command};

/// A request's body is a key, a point, a step or nothing.
const MOST_BODY_BYTES: usize = 1024;
/// So many connections at once; more are closed.
const MOST_CONNECTIONS: usize = 128;
/// A connection that says nothing for so long is closed.
const PATIENCE: Duration = Duration::from_secs(10);
/// Whoever has a wrong token waits, and so does the place of what is no request.
const WRONG_PAUSE: Duration = Duration::from_millis(200);

/// A talk that can be reached from outside, until the program ends.
pub struct Remote {
    address: SocketAddr,
    pass: Arc<RemotePass>,
}

impl Remote {
    /// Listens from now on. Err: why it cannot be, in words.
    pub fn listen(address: SocketAddr, pass: RemotePass, talk: Arc<dyn Talk>) -> Result<Self, String> {
        if !address.ip().is_loopback() && pass.reach != Reach::Room {
            return Err(format!("{address} can be reached from other machines: --remote-lan allows that"));
        }
        let failed = |error: io::Error| format!("cannot listen on {address}: {error}");
        let listener = BoundListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let pass = Arc::new(pass);
        let door = RemoteDoor { pass: pass.clone(), pace: Arc::default(), talk, open: Arc::default() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let serve = move || {
            runtime.block_on(async move {
                match TcpListener::from_std(listener) {
                    Ok(listener) => accept(listener, door).await,
                    Err(error) => log::warn!("the remote ends: {error}"),
                }
            });
        };
        thread::Builder::new().name("remote".into()).spawn(serve).map_err(failed)?;
        Ok(Self { address, pass })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a phone in the room opens, without the key; none where none can, or where this machine is in no network.
    pub(crate) fn room_url(&self) -> Option<String> {
        if self.pass.reach != Reach::Room {
            return None;
        }
        let ip = if self.address.ip().is_unspecified() { own_ip()? } else { self.address.ip() };
        Some(format!("http://{}", SocketAddr::new(ip, self.address.port())))
    }

    /// Waits for a phone, with a key that no phone had before, or for none. The key while one is waited for.
    pub fn wait_for_phone(&self, waits: bool) -> Option<String> {
        if waits { self.pass.offer_key() } else { self.pass.withdraw_key() }
    }
}

/// The address that this machine has toward others. Nothing is sent to find it.
fn own_ip() -> Option<std::net::IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address of the documentation range: only the way to it is looked up.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[derive(Clone)]
struct RemoteDoor {
    pass: Arc<RemotePass>,
    pace: Arc<PointPace>,
    talk: Arc<dyn Talk>,
    open: Arc<AtomicUsize>,
}

async fn accept(listener: TcpListener, door: RemoteDoor) -> ! {
    loop {
        match listener.accept().await {
            Ok((stream, _)) if door.open.load(Ordering::Relaxed) < MOST_CONNECTIONS => {
                door.open.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve(stream, door.clone()));
            }
            // One too many, or none left of what a connection needs: neither lasts.
            Ok(_) | Err(_) => sleep(Duration::from_millis(20)).await,
        }
    }
}

/// One request a connection. An error on it is the client's.
async fn serve(stream: TcpStream, door: RemoteDoor) {
    let open = door.open.clone();
    let service = service_fn(move |request: Request<Incoming>| respond(door.clone(), request));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).keep_alive(false);
    let ended = timeout(PATIENCE * 2, http.serve_connection(TokioIo::new(stream), service)).await;
    // What is no request keeps its place as long as a wrong token does: a crowd of such costs the stage no frames.
    if !matches!(ended, Ok(Ok(()))) {
        sleep(WRONG_PAUSE).await;
    }
    open.fetch_sub(1, Ordering::Relaxed);
}

async fn respond(door: RemoteDoor, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let answer = match Limited::new(body, MOST_BODY_BYTES).collect().await {
        Err(_) => Reply::words(413, "the body is longer than any key"),
        Ok(body) => {
            let body = body.to_bytes();
            // A picture is drawn for some milliseconds, and others ask meanwhile.
            let answered = tokio::task::spawn_blocking(move || {
                let header = head.headers.get("authorization").and_then(|value| value.to_str().ok());
                let asked = PhoneRequest {
                    method: head.method.as_str(),
                    path: head.uri.path(),
                    authorization: header,
                    body: &body,
                };
                answer::answer((&door.pass, &door.pace), &*door.talk, &asked)
            });
            answered.await.unwrap_or_else(|_panic| Reply::words(500, "no answer"))
        }
    };
    if matches!(answer.status, 401 | 403) {
        sleep(WRONG_PAUSE).await;
    }
    let response = Response::builder()
        .status(answer.status)
        .header("content-type", answer.kind)
        .header("cache-control", "no-store")
        .body(Full::new(Bytes::from(answer.body)));
    Ok(response.unwrap_or_default())
}
