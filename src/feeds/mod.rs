//! Threads that bring things in.
//!
//! Each node of the lab has two threads of its own, for fast and for slow questions, that ask, parse and fold, and send
//! what they learnt. A feed knows
//! neither egui nor the clock: the host hands over `send`, `wake` and `now`. It waits on its stop channel, so dropping
//! [`Feeds`] ends it.

mod answer;
mod ask;
pub mod assets;
mod http;
mod lab_file;
mod link;
mod look;
mod moment;
mod pass;
pub mod scene_watcher;
mod schedule;
mod scraper;
mod secret;
mod seen;
mod server;
mod tape;
mod target;
mod tls;
mod token;
mod trouble;
mod unpack;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::{Receiver, Sender};
use std::thread;

use crate::lab::{Auth, Lab, Url};
use crate::live::Target;

use self::ask::{Asker, Door};
use self::http::AgentSlot;
use self::pass::DoorOf;
use self::scraper::{Lane, Node};
use self::secret::SecretSource;
use self::server::Server;
use self::target::SharedTarget;

pub(crate) use self::lab_file::find_lab_file;
pub use self::lab_file::read_lab_file;
pub use self::link::{Link, Pace};
pub(crate) use self::look::{
    Keys, NodeLook, ServerLook, UrlLook, look_at_deployment, look_at_exporter, look_at_node, look_at_url, own_server,
};
pub(crate) use self::server::{PastReport, TargetTold, UnixSpan, ask_past, look_at_prometheus};
pub(crate) use self::tape::TapedAnswer;

/// The running threads of a lab. Dropping it ends them and everything they wait for; no event comes after that.
pub struct Feeds {
    targets: Vec<Target>,
    /// As its Prometheus server tells of them, where it has one.
    server_targets: Vec<Target>,
    stopped: Arc<AtomicBool>,
    agents: Vec<AgentSlot>,
    /// Held so that the threads go on: they end when it is gone.
    stops: Vec<Sender<()>>,
}

impl Feeds {
    /// The targets being asked, deployments first.
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The targets that the lab's Prometheus server tells of; empty without one.
    pub(crate) fn server_targets(&self) -> &[Target] {
        &self.server_targets
    }
}

impl Drop for Feeds {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Release);
        self.stops.clear();
        for slot in &self.agents {
            // The exchange that waits on it breaks off at once.
            if let Some(agent) = slot.lock().unwrap_or_else(PoisonError::into_inner).take() {
                agent.shutdown();
            }
        }
    }
}

/// When the given tokens of a lab end: by the deployment's name, in Unix seconds. One that cannot be read says so when it is
/// used; those that are minted as they are needed have no end.
pub(crate) fn token_ends(lab: &Lab, folder: &Path) -> Vec<(String, f64)> {
    let given = lab.deployments.iter().filter_map(|one| match &one.auth {
        Auth::Token(place) => Some((&one.name, SecretSource::new(place, folder))),
        Auth::Keys { .. } | Auth::Basic { .. } | Auth::Public => None,
    });
    let end = |(name, mut source): (&String, SecretSource)| {
        Some((name.clone(), token::end_unix_secs(&source.current().ok()?)?))
    };
    given.filter_map(end).collect()
}

/// Starts asking a lab. `folder` is the lab file's: secrets and CA files lie relative to it.
///
/// What is wrong with a secret, a certificate or a server comes as an event; an error here means that no thread could be
/// had.
pub fn start(lab: &Lab, folder: &Path, mut link: Link) -> io::Result<Feeds> {
    link.stopped = Arc::default();
    let stopped = Arc::clone(&link.stopped);
    let (targets, server_targets, agents, stops) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut feeds = Feeds { targets, server_targets, stopped, agents, stops };
    let scale = link.pace.scale;
    for one in lab.deployments.iter().filter(|one| !one.urls.is_empty()) {
        let door = Door { access: &one.access, auth: &one.auth, of: DoorOf::Minio };
        let target = SharedTarget::new(&one.name, target::kind_of(one), &one.urls, &one.auth, link.clone());
        feeds.add_target(&one.urls, door, folder, target)?;
        feeds.targets.push(target::target_of(one, scale));
    }
    for one in lab.exporters.iter().filter(|one| !one.urls.is_empty()) {
        let door = Door { access: &one.access, auth: &one.auth, of: DoorOf::Exporter };
        let target = SharedTarget::new(&one.name, target::kind_of_exporter(one), &one.urls, &one.auth, link.clone());
        feeds.add_target(&one.urls, door, folder, target)?;
        feeds.targets.push(target::target_of_exporter(one, scale));
    }
    Ok(feeds)
}

impl Feeds {
    /// Also asks the Prometheus server of the lab, if it has one: `link` is of the source that it is, `lab_link` of the lab
    /// that is asked directly. The lab's charts get their past from it, and its targets without URLs their readings.
    pub fn add_server(&mut self, lab: &Lab, folder: &Path, mut link: Link, mut lab_link: Link) -> io::Result<()> {
        let Some(prometheus) = &lab.prometheus else { return Ok(()) };
        link.stopped = Arc::clone(&self.stopped);
        lab_link.stopped = Arc::clone(&self.stopped);
        let is_direct = !self.targets.is_empty();
        let server = Server::new(lab, prometheus, folder, link, is_direct.then_some(lab_link));
        self.agents.push(server.agent_slot());
        self.server_targets = server.targets();
        if is_direct {
            self.targets.extend(server.targets_only_here());
        }
        self.spawn("feed-prometheus".to_owned(), move |stop| server.run_until(stop))
    }

    fn add_target(&mut self, urls: &[Url], door: Door<'_>, folder: &Path, target: SharedTarget) -> io::Result<()> {
        let (pace, target) = (target.pace(), Arc::new(target));
        // An exporter has one page, and nothing that is slow.
        let lanes: &[Lane] = if door.of == DoorOf::Exporter { &[Lane::Fast] } else { &[Lane::Fast, Lane::Slow] };
        for (index, url) in urls.iter().enumerate() {
            for lane in lanes.iter().copied() {
                let asker = Asker::new(url, door, folder, pace);
                self.agents.push(asker.agent_slot());
                let target = Arc::clone(&target);
                let name = format!("feed-{}-{index}-{lane:?}", target.name);
                let node = Node { target, lane, index, of: urls.len(), asker, scale: pace.scale };
                self.spawn(name, move |stop| node.run_until(stop))?;
            }
        }
        Ok(())
    }

    /// Starts a thread that ends with the feeds.
    fn spawn(&mut self, name: String, run: impl FnOnce(&Receiver<()>) + Send + 'static) -> io::Result<()> {
        let (stop, stopped) = mpsc::channel();
        thread::Builder::new().name(name).spawn(move || run(&stopped))?;
        self.stops.push(stop);
        Ok(())
    }
}
