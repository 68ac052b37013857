//! The answers of a lab, word for word and without names: a capture of its own, or kept beside a talk that is recorded, to
//! go with a bug report.

mod pseudonyms;
mod rows;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread::{self, JoinHandle};

pub(crate) use self::pseudonyms::Pseudonyms;
pub(crate) use self::rows::RowWriter;
use crate::feeds::{Feeds, Link, TapedAnswer};
use crate::live::Target;
use crate::logging;
use crate::setup::Failure;

/// Answers that wait to be written; a lab is asked no faster than a disk writes.
pub(crate) const MOST_WAITING: usize = 1024;

/// What the writer's thread is told.
enum WriterTold {
    Targets(Vec<Target>),
    Answer(TapedAnswer),
    End,
}

/// A capture that is written while a talk goes on. Dropped, it is ended and whole.
struct BodyTape {
    teller: SyncSender<WriterTold>,
    writer: Option<JoinHandle<()>>,
    fell_behind: Arc<AtomicBool>,
}

impl BodyTape {
    /// Begins a capture in a folder. Err: it cannot be written, or there is a capture already.
    fn start(folder: &Path) -> Result<Self, String> {
        let rows = RowWriter::create(folder)?;
        let (teller, told) = mpsc::sync_channel(MOST_WAITING);
        let writer = thread::Builder::new().name("bodies".to_owned()).spawn(move || write(&told, rows));
        let writer = writer.map_err(|failed| format!("{}: no thread could be started: {failed}", folder.display()))?;
        Ok(Self { teller, writer: Some(writer), fell_behind: Arc::default() })
    }

    /// The link with its answers kept. One that comes faster than the disk writes is left out: the talk waits for nothing.
    fn kept(&self, link: Link) -> Link {
        let (teller, fell_behind) = (self.teller.clone(), Arc::clone(&self.fell_behind));
        link.taped(move |answer| {
            if let Err(mpsc::TrySendError::Full(_)) = teller.try_send(WriterTold::Answer(answer))
                && !fell_behind.swap(true, Ordering::Relaxed)
            {
                logging::tell_presenter("--bodies: the disk is slower than the lab, and some answers are left out");
            }
        })
    }

    /// Whose answers they are. Those that came before wait for this.
    fn begin(&self, targets: &[Target]) {
        drop(self.teller.send(WriterTold::Targets(targets.to_vec())));
    }
}

/// A lab that is polled, for as long as this lives; then its capture is ended, so that it is whole.
pub(crate) struct KeptLab {
    _feeds: Feeds,
    _bodies: Option<BodyTape>,
}

impl KeptLab {
    /// Starts a lab, and keeps its answers in a folder where one is given. `start` gets what puts the tape on its link.
    pub(crate) fn start<E: From<Failure>>(
        bodies: Option<&Path>,
        start: impl FnOnce(&dyn Fn(Link) -> Link) -> Result<Option<Feeds>, E>,
    ) -> Result<Option<Self>, E> {
        let tape = bodies.map(BodyTape::start).transpose().map_err(Failure::from)?;
        let feeds = start(&|link| match &tape {
            Some(tape) => tape.kept(link),
            None => link,
        })?;
        match (feeds, tape) {
            (Some(feeds), tape) => {
                if let Some(tape) = &tape {
                    tape.begin(feeds.targets());
                }
                Ok(Some(Self { _feeds: feeds, _bodies: tape }))
            }
            (None, Some(_)) => {
                let words = "--bodies: no lab is polled whose answers could be kept; give --lab FILE".to_owned();
                Err(Failure::from(words).into())
            }
            (None, None) => Ok(None),
        }
    }
}

impl Drop for BodyTape {
    fn drop(&mut self) {
        drop(self.teller.send(WriterTold::End));
        drop(self.writer.take().map(JoinHandle::join));
    }
}

fn write(told: &Receiver<WriterTold>, mut rows: RowWriter) {
    let mut names: Option<Pseudonyms> = None;
    let mut early = Vec::new();
    let written =
        told.iter().take_while(|told| !matches!(told, WriterTold::End)).try_for_each(|told| match (told, &mut names) {
            (WriterTold::Targets(targets), names) => {
                let names = names.insert(Pseudonyms::new(&targets));
                early.drain(..).try_for_each(|answer| rows.write(&names.row(&answer)))
            }
            (WriterTold::Answer(answer), Some(names)) => rows.write(&names.row(&answer)),
            (WriterTold::Answer(answer), None) => {
                early.push(answer);
                Ok(())
            }
            (WriterTold::End, _) => Ok(()),
        });
    if let Err(words) = written.and_then(|()| rows.finish()) {
        logging::tell_presenter(&format!("--bodies ends here: {words}"));
    }
}
