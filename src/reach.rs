//! Whether and how a talk in its window can be reached from outside: the flags, and the file that says where.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::host::SharedShow;
use crate::presentation::event::Effect;
use crate::remote::{Pass, Reach, Remote, Spoken, WindowTalk};

/// Flags of control from outside.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
pub(crate) struct RemoteArgs {
    /// Take commands from outside, at this address; without one at a free port of this machine. `tierlight remote next`
    /// gives them.
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = "127.0.0.1:0")]
    pub remote: Option<SocketAddr>,
    /// Also from the room, with a page for a phone: the console shows a code to scan.
    #[arg(long)]
    pub remote_lan: bool,
}

/// A talk that can be reached, until it ends.
pub(crate) struct Reached {
    remote: Remote,
    spoken: Spoken,
    path: Option<PathBuf>,
}

impl RemoteArgs {
    /// Listens, where that is asked for.
    pub(crate) fn start(
        &self,
        ctx: &egui::Context,
        shared: &Arc<SharedShow>,
        effects: Sender<Effect>,
    ) -> Result<Option<Reached>, String> {
        let room = self.remote_lan.then_some(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
        let Some(address) = self.remote.or(room) else { return Ok(None) };
        let pass = Pass::new(if self.remote_lan { Reach::Room } else { Reach::Machine })?;
        let token = pass.token().to_owned();
        let wake = ctx.clone();
        let talk = WindowTalk { shared: shared.clone(), effects, wake: Box::new(move || wake.request_repaint()) };
        let remote = Remote::listen(address, pass, Arc::new(talk))?;
        let mut address = remote.address();
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let (spoken, path) = (Spoken { address, token }, Spoken::usual_path());
        if let Some(path) = &path {
            spoken.write(path).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(Some(Reached { remote, spoken, path }))
    }
}

impl Reached {
    /// What a phone opens, while one is waited for.
    pub(crate) fn pairing_url(&self) -> Option<String> {
        self.remote.pairing_url()
    }
}

impl Drop for Reached {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            self.spoken.remove(path);
        }
    }
}
