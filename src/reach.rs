//! Whether and how a talk in its window can be reached from outside: the flags, and the file that says where.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use crate::console::PhoneCode;
use crate::host::SharedShow;
use crate::logging;
use crate::presentation::desk::{DeskCommand, DeskPage};
use crate::presentation::event::{Effect, Event};
use crate::remote::{Reach, Remote, RemotePass, Spoken, WindowTalk};

/// Flags of control from outside.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
pub(crate) struct ReachArgs {
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
    /// What a phone opens, without the key.
    room_url: Option<String>,
    /// The code was shown once.
    was_shown: bool,
    /// What only the window can do, asked for from outside.
    pub(crate) asked: Receiver<Effect>,
}

impl ReachArgs {
    /// Listens, where that is asked for.
    pub(crate) fn start(&self, ctx: &egui::Context, shared: &Arc<SharedShow>) -> Result<Option<Reached>, String> {
        let room = self.remote_lan.then_some(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
        let Some(address) = self.remote.or(room) else { return Ok(None) };
        let pass = RemotePass::new(if self.remote_lan { Reach::Room } else { Reach::Machine })?;
        let token = pass.token().to_owned();
        let (wake, (effects, asked)) = (ctx.clone(), channel());
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
        let room_url = remote.room_url();
        logging::tell_presenter(&format!("commands are taken at http://{address}: tierlight remote next gives one"));
        if self.remote_lan {
            logging::tell_presenter(&match &room_url {
                Some(url) => {
                    format!("a phone in this network opens {url}: scan the code on the console, which holds the key")
                }
                None => "this machine is in no network: no phone can be the remote".to_owned(),
            });
        }
        Ok(Some(Reached { remote, spoken, path, room_url, was_shown: false, asked }))
    }
}

impl Reached {
    /// The code for a phone, while its page is open on the console. The page opens by itself once, on a console that shows
    /// the talk, and each time it is open the key is another.
    pub(crate) fn code(&mut self, shared: &SharedShow) -> Option<PhoneCode> {
        let address = self.room_url.clone()?;
        let inner = shared.lock();
        let desk = inner.show.presentation().desk();
        let is_open = desk.page == Some(DeskPage::Phone);
        let opens = !self.was_shown && desk.has_console() && !desk.is_covered();
        self.was_shown |= is_open || opens;
        if opens {
            shared.take_all(inner, vec![Event::Command(DeskCommand::Phone.into())]);
        } else {
            drop(inner);
        }
        let key = self.remote.wait_for_phone(is_open || opens)?;
        Some(PhoneCode { url: format!("{address}/#{key}"), address })
    }
}

impl Drop for Reached {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            self.spoken.remove(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle;
    use crate::clock::Clock;
    use crate::host::Logs;
    use crate::presentation::command::Command;
    use crate::show::{Opening, Show};

    #[test]
    fn the_code_opens_once_by_itself_over_nothing_private_and_is_another_each_time() {
        let texts = bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let show = Show::open(Opening { texts, ..Opening::default() }).expect("the shipped talk opens");
        let shared = SharedShow::start(show, Logs::default(), Clock::start_at(0.0), None, || ()).expect("a thread");
        let (effects, asked) = channel();
        let talk = WindowTalk { shared: shared.clone(), effects, wake: Box::new(|| ()) };
        let pass = RemotePass::new(Reach::Room).expect("random numbers");
        let spoken = Spoken { address: SocketAddr::from((Ipv4Addr::LOCALHOST, 1)), token: pass.token().to_owned() };
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let remote = Remote::listen(local, pass, Arc::new(talk)).expect("a free port");
        let room_url = remote.room_url();
        let mut reached = Reached { remote, spoken, path: None, room_url, was_shown: false, asked };
        let take = |command: DeskCommand| {
            shared.take_all(shared.lock(), vec![Event::Command(Command::from(command))]);
        };
        assert_eq!(reached.code(&shared), None, "there is no console");
        take(DeskCommand::Console);
        take(DeskCommand::Engineers);
        assert_eq!(reached.code(&shared), None, "a page is open");
        take(DeskCommand::Engineers);
        let first = reached.code(&shared).expect("it opens by itself");
        assert!(
            first.url.starts_with(&format!("{}/#", first.address)) && first.address.starts_with("http://127.0.0.1:")
        );
        assert_eq!(reached.code(&shared).as_ref(), Some(&first), "the same for as long as it is open");
        take(DeskCommand::Phone);
        assert_eq!(reached.code(&shared), None, "it was put away");
        take(DeskCommand::Phone);
        let second = reached.code(&shared).expect("a command opens it again");
        assert!(second.address == first.address && second.url != first.url);
    }
}
