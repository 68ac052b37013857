//! What feeds the talk: the lab that is polled, images that are decoded, and a folder of scenes that is followed.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use crate::bodies::KeptLab;
use crate::feeds::assets::ImageLoader;
use crate::feeds::scene_watcher::{self, SceneWatcher};
use crate::feeds::{Feeds, Link};
use crate::host::SharedShow;
use crate::journal::ShownSource;
use crate::live::SourceKind;
use crate::logging;
use crate::opener;
use crate::presentation::command::Command;
use crate::presentation::event::Event;
use crate::presentation::measured::SourceCommand;
use crate::setup::{self, Common, Failure, StartError};

/// An image that was decoded, with its path.
type Decoded = (Arc<str>, egui::ColorImage);

/// The feeds of a talk; they end when it is dropped.
pub(super) struct Feeding {
    pub(super) common: Common,
    pub(super) lab: Option<KeptLab>,
    pub(super) images: Receiver<Decoded>,
    _watcher: Option<SceneWatcher>,
}

impl Feeding {
    /// Starts all of them. `bodies`: the folder where the lab's answers are kept. `shown`: the source that the talk showed
    /// when it stopped. Err: the lab cannot be polled, or its answers not be kept.
    pub(super) fn start(
        ctx: &egui::Context,
        common: Common,
        shared: &Arc<SharedShow>,
        (bodies, shown): (Option<&Path>, Option<&ShownSource>),
    ) -> Result<Self, Failure> {
        let lab = start_lab(shared, &common, (bodies, shown))?;
        let (sender, images) = sync_channel(64);
        let loader = start_images(ctx, &common, sender).map(Arc::new);
        if let Some(loader) = &loader {
            loader.want(shared.lock().show.presentation().library());
        }
        let watcher = common.scenes.as_deref().and_then(|folder| watch(folder, shared.clone(), loader));
        Ok(Self { common, lab, images, _watcher: watcher })
    }

    /// Starts the lab anew, for a talk that showed this source when it stopped.
    pub(super) fn start_lab(&mut self, shared: &Arc<SharedShow>, shown: Option<&ShownSource>) -> Result<(), Failure> {
        self.lab = start_lab(shared, &self.common, (None, shown))?;
        Ok(())
    }
}

/// Starts the source asked for, and shows the one again that a talk showed when it stopped, where no flag asks for another.
fn start_lab(
    shared: &Arc<SharedShow>,
    common: &Common,
    (bodies, shown): (Option<&Path>, Option<&ShownSource>),
) -> Result<Option<KeptLab>, Failure> {
    let lab = KeptLab::start(bodies, |taped| start_source(shared, common, taped))?;
    if let Some(shown) = shown.filter(|_| common.data.is_none()) {
        opener::show_again(shared, shown);
    }
    Ok(lab)
}

/// A lab file of the user's configuration that cannot be used gives way to the simulated lab, and that is said to the
/// presenter; the audience sees only that the badge says SIMULATED.
fn start_source(
    shared: &Arc<SharedShow>,
    common: &Common,
    taped: &dyn Fn(Link) -> Link,
) -> Result<Option<Feeds>, Failure> {
    // The lab's threads end when they are dropped, and the window holds both.
    let door = Arc::downgrade(shared);
    let send = move |event| {
        if let Some(shared) = door.upgrade() {
            shared.take(event);
        }
    };
    let mut inner = shared.lock();
    let clock = inner.clock();
    let show = &mut inner.show;
    if show.retold().is_some() {
        return Ok(None);
    }
    match setup::start_source(show, common, taped, send, clock) {
        Err(StartError::Lab(words)) => {
            let words = format!("the lab file cannot be used, so the simulated lab is shown:\n{words}");
            logging::tell_presenter(&words);
            show.take(0.0, Command::from(SourceCommand::Source(SourceKind::Sim.only_id())));
            Ok(None)
        }
        started => started.map_err(Failure::from),
    }
}

fn start_images(ctx: &egui::Context, common: &Common, sender: SyncSender<Decoded>) -> Option<ImageLoader> {
    let ctx = ctx.clone();
    let send = move |path, image| {
        // A full inbox drops it: its place stays an empty frame.
        let _full = sender.try_send((path, image));
        ctx.request_repaint();
    };
    ImageLoader::start(common.image_folders(), send).map_err(|error| log::warn!("no images: {error}")).ok()
}

fn watch(folder: &Path, shared: Arc<SharedShow>, loader: Option<Arc<ImageLoader>>) -> Option<SceneWatcher> {
    let send = move |file, text| {
        shared.take(Event::SceneText { file, text });
        let presentation = &shared.lock().show;
        for problem in presentation.presentation().problems() {
            logging::tell_presenter(&problem.to_string());
        }
        if let Some(loader) = &loader {
            loader.want(presentation.presentation().library());
        }
    };
    scene_watcher::watch(folder, send).map_err(|words| log::warn!("scene files are not followed: {words}")).ok()
}
