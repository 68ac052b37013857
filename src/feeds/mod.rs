//! Threads that bring things in.
//!
//! Each node of the lab has a thread of its own that asks, parses and folds, and sends what it learnt. A feed knows
//! neither egui nor the clock: the host hands over `send`, `wake` and `now`. It waits on its stop channel, so dropping
//! [`Feeds`] ends it.

mod answer;
mod ask;
pub mod assets;
mod http;
mod lab_file;
mod lanes;
mod look;
mod pass;
pub mod scene_watcher;
mod scraper;
mod secret;
mod target;
mod token;
mod trouble;
mod unpack;

use std::path::Path;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crate::lab::{Access, Auth, Lab, Url};
use crate::live::{SourceEvent, Target};

use self::ask::Asker;
use self::http::AgentSlot;
use self::scraper::Node;
use self::target::SharedTarget;

pub use self::lab_file::{find_lab_file, read_lab_file};
pub use self::look::{Look, look_at_deployment, look_at_exporter};

/// How fast is asked. The default is what the lab gets; tests are in more of a hurry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// What every interval is multiplied with.
    pub scale: f64,
    /// The deadline of a question that each node answers.
    pub timeout: Duration,
    /// The deadline of a slow question; short enough that the fast ones after it are never stale.
    pub slow_timeout: Duration,
    /// The largest body, unpacked.
    pub limit_bytes: u64,
}

impl Default for Pace {
    fn default() -> Self {
        // A little under the interval of 2 s, so that a server that hangs does not cost the next question too.
        let (timeout, slow_timeout) = (Duration::from_millis(1800), Duration::from_secs(4));
        Self { scale: 1.0, timeout, slow_timeout, limit_bytes: 128 << 20 }
    }
}

/// What the host hands to the feeds.
#[derive(Clone)]
pub struct Link {
    send: Arc<dyn Fn(SourceEvent) + Send + Sync>,
    wake: Arc<dyn Fn() + Send + Sync>,
    now: Arc<dyn Fn() -> f64 + Send + Sync>,
    stopped: Arc<AtomicBool>,
    pace: Pace,
}

impl Link {
    /// `send` takes an event, `wake` makes the host look at it, `now` is the host's clock in seconds.
    pub fn new(
        send: impl Fn(SourceEvent) + Send + Sync + 'static,
        wake: impl Fn() + Send + Sync + 'static,
        now: impl Fn() -> f64 + Send + Sync + 'static,
    ) -> Self {
        let stopped = Arc::default();
        Self { send: Arc::new(send), wake: Arc::new(wake), now: Arc::new(now), stopped, pace: Pace::default() }
    }

    /// The same link, asking at another pace.
    pub fn at_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    fn tell(&self, event: SourceEvent) {
        if !self.stopped.load(Ordering::Acquire) {
            (self.send)(event);
            (self.wake)();
        }
    }
}

/// The running threads of a lab. Dropping it ends them and everything they wait for; no event comes after that.
pub struct Feeds {
    targets: Vec<Target>,
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

/// Starts asking a lab. `folder` is the lab file's: secrets and CA files lie relative to it.
///
/// What is wrong with a secret, a certificate or a server comes as an event; an error here means that no thread could be
/// had.
pub fn start(lab: &Lab, folder: &Path, mut link: Link) -> Result<Feeds, Vec<String>> {
    link.stopped = Arc::default();
    let stopped = Arc::clone(&link.stopped);
    let mut feeds = Feeds { targets: Vec::new(), stopped, agents: Vec::new(), stops: Vec::new() };
    let scale = link.pace.scale;
    for one in &lab.deployments {
        let entry = LabEntry { urls: &one.urls, access: &one.access, auth: Some(&one.auth) };
        let target = SharedTarget::new(&one.name, target::kind_of(one), &one.urls, link.clone());
        feeds.add(entry, folder, target, link.pace)?;
        feeds.targets.push(target::target_of(one, scale));
    }
    for one in &lab.exporters {
        let entry = LabEntry { urls: &one.urls, access: &one.access, auth: None };
        let target = SharedTarget::new(&one.name, target::kind_of_exporter(one), &one.urls, link.clone());
        feeds.add(entry, folder, target, link.pace)?;
        feeds.targets.push(target::target_of_exporter(one, scale));
    }
    Ok(feeds)
}

/// What deployments and exporters have in common.
#[derive(Clone, Copy)]
struct LabEntry<'a> {
    urls: &'a [Url],
    access: &'a Access,
    auth: Option<&'a Auth>,
}

impl Feeds {
    fn add(&mut self, entry: LabEntry<'_>, folder: &Path, target: SharedTarget, pace: Pace) -> Result<(), Vec<String>> {
        let target = Arc::new(target);
        for (index, url) in entry.urls.iter().enumerate() {
            let asker = Asker::new(url, entry.access, entry.auth, folder, pace);
            self.agents.push(asker.agent_slot());
            let target = Arc::clone(&target);
            self.spawn(Node { target, index, of: entry.urls.len(), asker, scale: pace.scale })?;
        }
        Ok(())
    }

    fn spawn(&mut self, node: Node) -> Result<(), Vec<String>> {
        let (stop, stopped) = mpsc::channel();
        let name = format!("feed-{}-{}", node.target.name, node.index);
        let started = thread::Builder::new().name(name).spawn(move || node.run(&stopped));
        started.map_err(|failed| vec![format!("no thread could be started for the lab: {failed}")])?;
        self.stops.push(stop);
        Ok(())
    }
}
