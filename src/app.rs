//! The window: `logic` takes events in, `ui` puts the picture out.

mod stats;
mod taken_deck;
mod talks_before;

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use egui::ViewportCommand;

use crate::awake::Awake;
use crate::bodies::KeptLab;
use crate::clock::Clock;
use crate::desk::PresenterDesk;
use crate::displays;
use crate::doctor;
use crate::ending::Ending;
use crate::feeds::assets::ImageLoader;
use crate::feeds::scene_watcher::{self, SceneWatcher};
use crate::feeds::{Feeds, Link};
use crate::host::{Logs, SharedShow};
use crate::journal::{Journal, ShownSource, ToldJournal};
use crate::live::SourceKind;
use crate::logging;
use crate::memory::WindowMemory;
use crate::opener;
use crate::paint::Textures;
use crate::picture::ThemeName;
use crate::presentation::command::Command;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::{Effect, Event};
use crate::presentation::measured::SourceCommand;
use crate::presentation::pace::PaceCommand;
use crate::reach::{ReachArgs, Reached};
use crate::recorder::{RecordArgs, Recorder};
use crate::recording::Recording;
use crate::remembered::Remembered;
use crate::render::Renderer;
use crate::setup::{self, Common, Failure, Outcome, StartError};
use crate::show::{Opening, Show};
use crate::stopped::{Journals, Taken};
use crate::theme::{self, Theme};
use crate::timeline::furniture;
use crate::window::{Frame, Window};

use self::stats::Stats;
use self::taken_deck::{TakenDeck, UNREADABLE};
use self::talks_before::{TalksBefore, in_short};

/// Flags of the show.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
pub struct PresentArgs {
    /// Begin at SCENE:STEP.
    #[arg(long, value_name = "S:N")]
    pub at: Option<String>,
    /// Begin in full screen.
    #[arg(long, conflicts_with = "windowed")]
    pub fullscreen: bool,
    /// Begin in a window (the default).
    #[arg(long)]
    pub windowed: bool,
    /// The audience's display, by its name as `tierlight doctor` lists it, such as HDMI-1.
    #[arg(long, value_name = "NAME", conflicts_with = "windowed")]
    pub display: Option<String>,
    /// Go on where the last talk stopped, after a crash too.
    #[arg(long, conflicts_with = "at")]
    pub resume: bool,
    /// On exit write JSON about frames, processor time and polls to this file.
    #[arg(long, value_name = "FILE")]
    pub stats: Option<PathBuf>,
    /// Quit after so many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub exit_after: Option<f64>,
    #[command(flatten)]
    pub(crate) console: ConsoleArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    #[command(flatten)]
    pub(crate) remote: ReachArgs,
}

/// Flags of the presenter's console.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub(crate) struct ConsoleArgs {
    /// The console from the beginning, in a window of its own, with one display too.
    #[arg(long, conflicts_with = "one_screen")]
    console: bool,
    /// The console below the stage's picture, in the same window: for one screen.
    #[arg(long)]
    one_screen: bool,
    /// Begin with a rehearsal: the seconds of each step are kept.
    #[arg(long)]
    rehearse: bool,
}

impl ConsoleArgs {
    fn commands(&self) -> Vec<Event> {
        let rehearse = self.rehearse.then(|| PaceCommand::Rehearsal.into());
        let beside = self.console.then(|| DeskCommand::Console.into());
        let below = self.one_screen.then(|| DeskCommand::OneScreen.into());
        rehearse.into_iter().chain(beside).chain(below).map(Event::Command).collect()
    }
}

/// Runs the show in a window.
pub fn present(args: &PresentArgs, common: &Common) -> Outcome {
    let path = Remembered::usual_path();
    let remembered = path.as_deref().map(Remembered::read).unwrap_or_default();
    let common = &common.clone().recall(&remembered);
    let remembered = Remembered { lab: asked_lab(common).or_else(|| remembered.lab.clone()), ..remembered };
    common.check_asked_lab()?;
    let mut before = TalksBefore::look(Journals::usual(), args.resume);
    for words in before.said.iter().cloned().chain(before.offer_words()) {
        logging::tell_presenter(&words);
    }
    let mut args = args.clone();
    let last = before.last.take();
    before.shown = last.as_ref().and_then(|last| last.shown.clone());
    args.fullscreen |= !args.windowed && last.as_ref().is_some_and(ToldJournal::is_full_screen);
    let started = Clock::start_at(0.0);
    let recorder = start_recorder(&args, common)?;
    let clock = Clock::start_at(last.as_ref().map_or(0.0, ToldJournal::end_secs));
    let deck = TakenDeck::start(args.at.clone(), common, last)?;
    let stats = Arc::new(Mutex::new(Stats::default()));
    let (memory, written) = ((path, remembered), stats.clone());
    let common = common.clone();
    open(Ready { args: args.clone(), common, recorder, started, clock, stats: written, memory, before }, deck)?;
    if let Some(path) = &args.stats {
        let stats = stats.lock().map_or_else(|poisoned| poisoned.into_inner().json(), |stats| stats.json());
        #[expect(clippy::disallowed_methods, reason = "the figures asked for are written here")]
        fs::write(path, format!("{stats}\n")).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(0)
}

/// Tells a recorded talk again in a window. `begin`: its first commands. Err: why it cannot.
pub(crate) fn retell(recording: Recording, begin: Vec<Command>, common: &Common) -> Outcome {
    let path = Remembered::usual_path();
    let remembered = path.as_deref().map(Remembered::read).unwrap_or_default();
    let common = &common.clone().recall(&remembered);
    let around = Opening { keymap: common.usual_keymap()?, look: common.look(), ..Opening::default() };
    let read = move || {
        let mut show = Show::retelling(recording, around)?;
        for command in begin {
            show.take(0.0, command);
        }
        Ok(show)
    };
    let read = move || read().map(|show| (show, None));
    let deck = TakenDeck::Loading(std::thread::Builder::new().name("deck".to_owned()).spawn(read)?);
    let (args, common, clock) = (PresentArgs::default(), common.clone(), Clock::start_at(0.0));
    let (memory, before) = ((path, remembered), TalksBefore::default());
    let (recorder, started, stats) = (None, clock, Arc::default());
    open(Ready { args, common, recorder, started, clock, stats, memory, before }, deck)?;
    Ok(0)
}

/// The lab file that a flag names, so that it is found from anywhere.
fn asked_lab(common: &Common) -> Option<PathBuf> {
    common.lab.as_deref().and_then(|lab| std::path::absolute(lab).ok())
}

/// Begins the recording, where one is asked for: without, nothing waits for it.
fn start_recorder(args: &PresentArgs, common: &Common) -> Result<Option<Recorder>, Failure> {
    if args.record.record.is_none() {
        return Ok(None);
    }
    let opening = Opening { at: args.at.clone(), ..common.opening()? };
    Ok(Recorder::start(&args.record, &setup::recorded_opening(&opening), false)?)
}

/// What the window is opened with.
struct Ready {
    args: PresentArgs,
    common: Common,
    recorder: Option<Recorder>,
    /// Since the program was started, and of the talk.
    started: Clock,
    clock: Clock,
    stats: Arc<Mutex<Stats>>,
    /// Where things are remembered, and what is.
    memory: (Option<PathBuf>, Remembered),
    before: TalksBefore,
}

fn open(ready: Ready, deck: TakenDeck) -> Result<(), Failure> {
    let viewport = egui::ViewportBuilder::default()
        .with_title("Tierlight")
        .with_app_id("tierlight")
        .with_inner_size(ready.memory.1.stage_points())
        .with_fullscreen(ready.args.fullscreen);
    let options = window_options(viewport);
    let deck = Arc::new(Mutex::new(deck));
    let taken = deck.clone();
    let make_app: eframe::AppCreator<'_> = Box::new(move |creation| {
        let (show, said) = taken.lock().map_err(|_poisoned| UNREADABLE)?.take()?;
        let mut ready = ready;
        ready.before.said.extend(said);
        Ok(Box::new(App::new(&creation.egui_ctx, show, ready)?))
    });
    let Err(error) = eframe::run_native("tierlight", options, make_app) else { return Ok(()) };
    // What is wrong with the deck is told before what is wrong with the display.
    let failure = deck.lock().ok().and_then(|mut deck| deck.finish().err().flatten());
    Err(failure.unwrap_or_else(|| no_window(&error)))
}

/// How every window of ours is opened, a trial one too.
pub(crate) fn window_options(viewport: egui::ViewportBuilder) -> eframe::NativeOptions {
    let mut options = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Glow, ..Default::default() };
    if is_wayland_gone() {
        options.event_loop_builder = Some(Box::new(use_x11));
    }
    options
}

/// Whether the environment names a Wayland display that is not there, and an X display beside it: left over from another
/// session, it must not keep the window from opening.
fn is_wayland_gone() -> bool {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let (Some(wayland), Some(_x11)) = (named("WAYLAND_DISPLAY"), named("DISPLAY")) else { return false };
    let folder = named("XDG_RUNTIME_DIR").map(PathBuf::from).unwrap_or_default();
    !folder.join(wayland).exists()
}

#[cfg(target_os = "linux")]
fn use_x11(builder: &mut eframe::EventLoopBuilder<eframe::UserEvent>) {
    use winit::platform::x11::EventLoopBuilderExtX11 as _;
    builder.with_x11();
}

#[cfg(not(target_os = "linux"))]
fn use_x11(_builder: &mut eframe::EventLoopBuilder<eframe::UserEvent>) {}

/// Without a display there is no window, and the no-display twins are the way out. The cause goes to the log only: it
/// names files of the machine the binary was built on.
fn no_window(error: &eframe::Error) -> Failure {
    log::info!("{error}");
    let cause = if is_of_display(error) { "no display answers" } else { "the graphics driver does not give one" };
    let words =
        format!("no window can be opened: {cause}.\nWithout a display use `tierlight run` or `tierlight export`.");
    Failure { code: 3, words }
}

/// Whether there is no window because no display answers; else the graphics driver does not give one.
pub(crate) fn is_of_display(error: &eframe::Error) -> bool {
    matches!(error, eframe::Error::Winit(_) | eframe::Error::WinitEventLoop(_))
}

/// The silhouette, drawn from the world itself.
fn icon(show: &Show) -> egui::IconData {
    let picture = furniture::silhouette(show.presentation().library());
    let image = Renderer::new().image(&picture, &Theme::load(ThemeName::Dark), [128, 128], &Textures::default());
    egui::IconData { width: image.width(), height: image.height(), rgba: image.into_raw() }
}

/// An image that was decoded, with its path.
type Decoded = (Arc<str>, egui::ColorImage);

/// The show in its window.
pub struct App {
    shared: Arc<SharedShow>,
    window: Window,
    /// Since the program was started, and of the talk.
    started: Clock,
    clock: Clock,
    images: Receiver<Decoded>,
    desk: PresenterDesk,
    memory: WindowMemory,
    reached: Option<Reached>,
    /// What only the window can do, asked for from outside.
    asked: Receiver<Effect>,
    awake: Awake,
    ending: Ending,
    exit_after: Option<f64>,
    stats: Arc<Mutex<Stats>>,
    /// What the first frame need not wait for was done.
    is_dressed: bool,
    /// What is to be said as soon as somebody sees it.
    notice: Option<String>,
    common: Common,
    /// The windows stay where they are opened.
    stays: bool,
    /// The talk that is gone on with in place of this one, while it is read.
    coming: Option<Coming>,
    lab: Option<KeptLab>,
    _watcher: Option<SceneWatcher>,
}

/// A talk that stopped, on its way back.
struct Coming {
    deck: TakenDeck,
    journal: Journal,
    damage: Option<String>,
    /// The source that it showed.
    shown: Option<ShownSource>,
    fills_display: bool,
}

impl App {
    fn new(ctx: &egui::Context, show: Show, ready: Ready) -> Result<Self, String> {
        set_up(ctx);
        let Ready { args, common, recorder, started, clock, stats, memory: (path, remembered), mut before } = ready;
        let memory = WindowMemory::begin(path, remembered.clone());
        let theme = show.presentation().theme();
        let (wake, signalled) = (ctx.clone(), ctx.clone());
        let recording = common.recording_path();
        let logs = Logs { journal: before.journal(&show), recorder, recording, ..Logs::default() };
        let notice = before.notice(&show);
        let shared = SharedShow::start(show, logs, clock, before.stopped, move || wake.request_repaint())
            .map_err(|error| format!("no thread could be started: {error}"))?;
        let (effects, asked) = channel();
        let reached = args.remote.start(ctx, &shared, effects)?;
        shared.take_all(shared.lock(), memory.commands().into_iter().map(Event::Command).collect());
        shared.take_all(shared.lock(), args.console.commands());
        let bodies = args.record.bodies.as_deref();
        let lab = KeptLab::start(bodies, |taped| start_source(&shared, &common, taped, clock))
            .map_err(|failure: Failure| failure.words)?;
        show_again(&shared, &common, before.shown.as_ref());
        let (sender, images) = sync_channel(64);
        let loader = start_images(ctx, &common, sender).map(Arc::new);
        if let Some(loader) = &loader {
            loader.want(shared.lock().show.presentation().library());
        }
        let looked = common.clone();
        let look_over = Arc::new(move || doctor::look_over(&looked));
        let watcher = common.scenes.as_deref().and_then(|folder| watch(folder, shared.clone(), loader));
        Ok(Self {
            window: Window::new(Theme::load(theme), Textures::default()),
            shared,
            started,
            clock,
            images,
            desk: PresenterDesk::new(args.windowed, args.display, remembered, look_over),
            memory,
            reached,
            asked,
            awake: Awake::default(),
            ending: Ending::listen(move || signalled.request_repaint()),
            exit_after: args.exit_after,
            stats,
            is_dressed: false,
            notice,
            common,
            stays: args.windowed,
            coming: None,
            lab,
            _watcher: watcher,
        })
    }

    /// Shows the code for a phone where its page is open.
    fn show_code(&mut self, ctx: &egui::Context) {
        let code = self.reached.as_mut().and_then(|reached| reached.code(&self.shared));
        self.desk.show_code(ctx, code);
    }

    /// Goes on with the talk that stopped, where the presenter asks for it: it is read while this one is shown.
    fn mind_the_stopped_talk(&mut self, ctx: &egui::Context) {
        if let Some(Taken { told, journal, damage }) = self.shared.take_stopped() {
            let (fills_display, shown) = (told.is_full_screen() && !self.stays, told.shown.clone());
            match TakenDeck::start(None, &self.common, Some(told)) {
                Ok(deck) => self.coming = Some(Coming { deck, journal, damage, shown, fills_display }),
                Err(error) => self.shared.take(not_gone_on(&error.to_string())),
            }
        }
        if let Some(coming) = self.coming.take_if(|coming| coming.deck.is_ready()) {
            let fills_display = coming.fills_display;
            match self.go_on(coming) {
                Ok(()) if fills_display => self.desk.perform(ctx, Effect::Present, &self.shared),
                Ok(()) => {}
                Err(words) => self.shared.take(not_gone_on(&words)),
            }
        }
        if self.coming.is_some() {
            ctx.request_repaint_after(COMING);
        }
    }

    /// Puts a talk in the place of this one, and starts the lab anew, as its times are those of the talk.
    fn go_on(&mut self, mut coming: Coming) -> Result<(), String> {
        let (show, said) = coming.deck.take()?;
        let clock = Clock::start_at(show.now_secs());
        self.lab = None;
        self.shared.replace(show, coming.journal, clock);
        self.clock = clock;
        let started = KeptLab::start(None, |taped| start_source(&self.shared, &self.common, taped, clock));
        self.lab = started.map_err(|failure: Failure| failure.words)?;
        show_again(&self.shared, &self.common, coming.shown.as_ref());
        if let Some(words) = &coming.damage {
            logging::tell_presenter(words);
        }
        if let Some(words) = coming.damage.or(said) {
            self.shared.take(Event::Word(in_short(&words)));
        }
        Ok(())
    }

    /// Asks for the next frame only when something moves: what comes in asks for its own.
    fn ask_for_frames(&self, ctx: &egui::Context, frame: &Frame) {
        let end = self.exit_after.map(|end| (end - self.started.now_secs()).max(0.0));
        for secs in frame.moves.then_some(0.0).into_iter().chain(end) {
            ctx.request_repaint_after(Duration::from_secs_f64(secs));
        }
    }

    /// Counts a frame; a still one shows what the one before it showed.
    fn count(&self, started_secs: f64, is_still: bool) {
        let polls = self.shared.lock().polls;
        let Ok(mut stats) = self.stats.lock() else { return };
        // The frame that ends it is none of the talk's, but polls that asked for no frame are counted to the end.
        stats.polls = polls;
        if self.exit_after.is_some_and(|end| self.started.now_secs() >= end) {
            return;
        }
        stats.frames += 1;
        stats.frames_still += u64::from(is_still);
        if !is_still {
            stats.moving.count(self.started.now_secs());
        }
        stats.ui_ms.push((self.started.now_secs() - started_secs) * 1e3);
        // The first frame is on screen when the second is begun; `ui` is where it was drawn.
        stats.first_frame_ms.get_or_insert(self.started.now_secs() * 1e3);
    }
}

/// How often it is looked whether the talk that stopped is read.
const COMING: Duration = Duration::from_millis(30);

/// What the presenter hears where a talk that stopped cannot be gone on with.
fn not_gone_on(words: &str) -> Event {
    Event::Word(format!("the talk cannot be gone on with: {words}"))
}

/// A pointer that lies still is no part of a full-screen picture.
fn hide_pointer(ctx: &egui::Context) {
    let (still_secs, full_screen) =
        ctx.input(|input| (input.pointer.time_since_last_movement(), input.viewport().fullscreen.unwrap_or(false)));
    if full_screen && still_secs >= POINTER_SECS {
        ctx.set_cursor_icon(egui::CursorIcon::None);
    } else if full_screen {
        ctx.request_repaint_after(Duration::from_secs_f32(POINTER_SECS - still_secs));
    }
}

/// After so long without a move the pointer is hidden.
const POINTER_SECS: f32 = 3.0;

/// The look of everything, and egui's own keys taken away: a clicker's keys belong to the talk.
fn set_up(ctx: &egui::Context) {
    ctx.set_fonts(theme::fonts());
    ctx.options_mut(|options| {
        options.zoom_with_keyboard = false;
        options.quit_shortcuts.clear();
    });
}

/// Starts the source asked for. A lab file of the user's configuration that cannot be used gives way to the simulated
/// lab, and that is said to the presenter; the audience sees only that the badge says SIMULATED.
fn start_source(
    shared: &Arc<SharedShow>,
    common: &Common,
    taped: &dyn Fn(Link) -> Link,
    clock: Clock,
) -> Result<Option<Feeds>, Failure> {
    // The lab's threads end when they are dropped, and the window holds both.
    let door = Arc::downgrade(shared);
    let send = move |event| {
        if let Some(shared) = door.upgrade() {
            shared.take(event);
        }
    };
    let show = &mut shared.lock().show;
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

/// Shows the source again that a talk showed when it stopped, where no flag asks for another one.
fn show_again(shared: &Arc<SharedShow>, common: &Common, shown: Option<&ShownSource>) {
    if let Some(shown) = shown.filter(|_| common.data.is_none()) {
        opener::show_again(shared, shown);
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

fn watch(folder: &std::path::Path, shared: Arc<SharedShow>, loader: Option<Arc<ImageLoader>>) -> Option<SceneWatcher> {
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

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        for (path, image) in self.images.try_iter() {
            self.desk.take_image(&path, &image);
            self.window.take_image(path, image);
        }
        let displays = displays::displays(frame);
        self.desk.look_around(ctx, &displays, &self.shared);
        self.window.set_displays(displays);
        self.window.set_display_gone(self.desk.display_gone());
        self.desk.perform_waiting(ctx, &self.shared);
        self.mind_the_stopped_talk(ctx);
        self.desk.mind_the_close_button(ctx, &self.shared);
        if self.window.has_drawn() && !self.is_dressed {
            self.is_dressed = true;
            if let Some(words) = self.notice.take() {
                self.shared.take(Event::Word(words));
            }
            let wake = ctx.clone();
            displays::watch(frame, move || wake.request_repaint());
            // The window's icon is drawn from the world.
            ctx.send_viewport_cmd(ViewportCommand::Icon(Some(Arc::new(icon(&self.shared.lock().show)))));
        }
        let places = self.desk.standing();
        self.memory.note(self.shared.lock().show.presentation(), places, false);
        self.show_code(ctx);
        for effect in self.asked.try_iter() {
            self.desk.perform(ctx, effect, &self.shared);
        }
        let wake = ctx.clone();
        let is_full_screen = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
        self.awake.keep(is_full_screen, move || wake.request_repaint());
        self.window.set_may_go_dark(self.awake.refused());
        if let Some(words) = self.awake.untold() {
            logging::tell_presenter(&words);
        }
        if self.ending.has_come() || self.exit_after.is_some_and(|end| self.started.now_secs() >= end) {
            self.desk.perform(ctx, Effect::Quit, &self.shared);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let started = self.started.now_secs();
        let ctx = ui.ctx().clone();
        self.shared.lock().show.advance(self.clock.now_secs());
        let stage = self.desk.show_below(ui, &self.shared);
        let frame = {
            let mut inner = self.shared.lock();
            // The time is read under the lock: it does not go back.
            let frame = self.window.frame_within(ui, stage, &mut inner.show, self.clock.now_secs());
            inner.write_log();
            inner.shown = self.window.shown().filter(|_| !frame.moves).cloned();
            frame
        };
        self.ask_for_frames(&ctx, &frame);
        self.desk.note_stage_frame(self.clock.now_secs(), frame.moves);
        if frame.has_events {
            self.show_code(&ctx);
        }
        self.desk.show_console(&ctx, &self.shared, [self.clock, self.started], frame.has_events);
        hide_pointer(&ctx);
        for effect in frame.effects {
            self.desk.perform(&ctx, effect, &self.shared);
        }
        opener::take_dropped(&ctx, &self.shared);
        self.count(started, frame.is_still);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.desk.end(&self.shared);
        self.shared.end_journal();
        if let Ok(mut stats) = self.stats.lock() {
            stats.console = self.desk.console_frames();
        }
        let places = self.desk.standing();
        self.memory.note(self.shared.lock().show.presentation(), places, true);
    }
}
