//! The listeners: one for each node, one for each exporter, one for the truth.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Duration, Instant, sleep, sleep_until, timeout_at};

use crate::commands::sim::answers::{HttpAnswer, RequestParts, SimDoor, answer_request};
use crate::commands::sim::served_lab::ServedLab;
use crate::sim::{Outage, SimDeployment};

/// The listeners, bound.
pub(super) struct Doors(Vec<(SimDoor, TcpListener, SocketAddr)>);

impl Doors {
    /// Binds them all: on free ports, or on a row of ports that begins at the one given.
    pub(super) async fn listen_on(listen: &str) -> Result<Self, String> {
        let first = parse_address(listen)?;
        let mut bound = Vec::new();
        for (index, door) in all_doors().into_iter().enumerate() {
            let mut wanted = first;
            if first.port() != 0 {
                let port = u16::try_from(usize::from(first.port()) + index);
                wanted.set_port(port.map_err(|_beyond| format!("{listen} leaves no room for nine ports in a row"))?);
            }
            let failed = |error: io::Error| format!("cannot listen on {wanted}: {error}");
            let listener = TcpListener::bind(wanted).await.map_err(failed)?;
            let local = listener.local_addr().map_err(failed)?;
            bound.push((door, listener, local));
        }
        Ok(Self(bound))
    }

    /// Name and URL of each.
    pub(super) fn urls(&self) -> Vec<(&'static str, String)> {
        self.0.iter().map(|(door, _, address)| door_url(*door, *address)).collect()
    }

    /// Answers at all of them from now on.
    pub(super) fn serve(self, simulated: &Arc<ServedLab>) {
        for (door, listener, address) in self.0 {
            let simulated = Arc::clone(simulated);
            tokio::spawn(async move { keep_door(door, listener, address, &simulated).await });
        }
    }
}

fn all_doors() -> Vec<SimDoor> {
    let nodes = SimDeployment::ALL
        .into_iter()
        .flat_map(|deployment| (0..deployment.nodes()).map(move |node| SimDoor::Minio { deployment, node }));
    nodes.chain([SimDoor::NodeExporter, SimDoor::Dcgm, SimDoor::Truth]).collect()
}

fn parse_address(listen: &str) -> Result<SocketAddr, String> {
    let mut found =
        listen.to_socket_addrs().map_err(|error| format!("{listen} is no address to listen on: {error}"))?;
    found.next().ok_or_else(|| format!("{listen} is no address to listen on"))
}

fn door_url(door: SimDoor, address: SocketAddr) -> (&'static str, String) {
    let (name, path) = match door {
        SimDoor::Minio { deployment, .. } => (deployment.name(), ""),
        SimDoor::NodeExporter => ("node_exporter", "/metrics"),
        SimDoor::Dcgm => ("dcgm", "/metrics"),
        SimDoor::Truth => ("truth", "/truth"),
    };
    // A listener on all addresses is reached at the loopback address.
    let host = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    (name, format!("http://{}{path}", SocketAddr::new(host, address.port())))
}

/// Accepts connections for good. A node that is down has no listener, so that they are refused as a dead server's would be.
async fn keep_door(door: SimDoor, listener: TcpListener, address: SocketAddr, simulated: &Arc<ServedLab>) {
    let mut listener = listener;
    for outage in outages_of(door, simulated) {
        accept_until(simulated.instant_at(outage.from_secs), &listener, door, simulated).await;
        drop(listener);
        let Some(back) = simulated.instant_at(outage.to_secs) else { return };
        sleep_until(back).await;
        let Some(again) = bound_again(address).await else { return };
        listener = again;
    }
    accept_until(None, &listener, door, simulated).await;
}

fn outages_of(door: SimDoor, simulated: &ServedLab) -> Vec<Outage> {
    let SimDoor::Minio { deployment: SimDeployment::Warm, node } = door else { return Vec::new() };
    simulated.failures().of_node(node).into_iter().flat_map(|outages| outages.iter()).collect()
}

/// The port was ours a moment ago; connections that linger may hold it a little longer.
async fn bound_again(address: SocketAddr) -> Option<TcpListener> {
    const TRIES: usize = 50;
    for _ in 0..TRIES {
        if let Ok(listener) = TcpListener::bind(address).await {
            return Some(listener);
        }
        sleep(RETRY).await;
    }
    None
}

const RETRY: Duration = Duration::from_millis(100);

async fn accept_until(until: Option<Instant>, listener: &TcpListener, door: SimDoor, simulated: &Arc<ServedLab>) {
    loop {
        let accepted = match until {
            None => listener.accept().await,
            Some(until) => match timeout_at(until, listener.accept()).await {
                Ok(accepted) => accepted,
                Err(_elapsed) => return,
            },
        };
        match accepted {
            Ok((stream, _)) => {
                tokio::spawn(serve_connection(stream, door, Arc::clone(simulated)));
            }
            // No file descriptor left, or the client was gone again: neither lasts.
            Err(_) => sleep(RETRY).await,
        }
    }
}

/// Answers all requests of one connection. An error on it is the client's, and ends this connection only.
async fn serve_connection(stream: TcpStream, door: SimDoor, simulated: Arc<ServedLab>) {
    let service = service_fn(|request: Request<Incoming>| std::future::ready(respond(door, &simulated, &request)));
    let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// An error closes the connection, as a dying server does.
fn respond(
    door: SimDoor,
    simulated: &ServedLab,
    request: &Request<Incoming>,
) -> Result<Response<Full<Bytes>>, io::Error> {
    if let SimDoor::Minio { deployment, node } = door
        && !simulated.answers(deployment, node)
    {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    http_response(answer_request(simulated, door, &request_parts(request)))
}

fn request_parts(request: &Request<Incoming>) -> RequestParts<'_> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    RequestParts {
        method: request.method().as_str(),
        path: request.uri().path(),
        query: request.uri().query().unwrap_or_default(),
        authorization: header("authorization"),
        accept_encoding: header("accept-encoding").unwrap_or_default(),
        content_type: header("content-type").unwrap_or_default(),
    }
}

fn http_response(answer: HttpAnswer) -> Result<Response<Full<Bytes>>, io::Error> {
    let begun = Response::builder().status(answer.status);
    let headed = answer.headers.into_iter().fold(begun, |response, (name, value)| response.header(name, value));
    headed.body(Full::new(Bytes::from(answer.body))).map_err(io::Error::other)
}
