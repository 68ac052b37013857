//! The window: `logic` takes events in, `ui` puts the picture out.

mod feeding;
mod stats;
mod succession;
mod taken_deck;
mod talks_before;

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use egui::ViewportCommand;

use crate::awake::Awake;
use crate::clock::Clock;
use crate::desk::PresenterDesk;
use crate::displays;
use crate::doctor;
use crate::host::{Logs, SharedShow};
use crate::journal::ToldJournal;
use crate::logging;
use crate::memory::WindowMemory;
use crate::opener;
use crate::paint::Textures;
use crate::picture::ThemeName;
use crate::presentation::command::Command;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::{Effect, Event};
use crate::presentation::pace::PaceCommand;
use crate::reach::{ReachArgs, Reached};
use crate::recorder::{RecordArgs, Recorder};
use crate::recording::Recording;
use crate::remembered::Remembered;
use crate::render::Renderer;
use crate::setup::{self, Common, Failure, Outcome};
use crate::show::{Opening, Show};
use crate::stopped::Journals;
use crate::theme::{self, Theme};
use crate::timeline::furniture;
use crate::window::Window;

use self::feeding::Feeding;
use self::stats::{ProgramRun, Stats};
use self::succession::Succession;
use self::taken_deck::{TakenDeck, UNREADABLE};
use self::talks_before::TalksBefore;

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
    /// What the talk is told of them when it begins.
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

/// The show in its window.
struct App {
    shared: Arc<SharedShow>,
    window: Window,
    desk: PresenterDesk,
    memory: WindowMemory,
    feeding: Feeding,
    succession: Succession,
    reached: Option<Reached>,
    awake: Awake,
    run: ProgramRun,
    /// What the first frame need not wait for was done.
    is_dressed: bool,
    /// What is to be said as soon as somebody sees it.
    notice: Option<String>,
}

impl App {
    fn new(ctx: &egui::Context, show: Show, ready: Ready) -> Result<Self, String> {
        set_up(ctx);
        let Ready { args, common, recorder, started, clock, stats, memory: (path, remembered), mut before } = ready;
        let memory = WindowMemory::begin(path, remembered.clone());
        let window = Window::new(Theme::load(show.presentation().theme()), Textures::default());
        let wake = ctx.clone();
        let recording = common.recording_path();
        let logs = Logs { journal: before.journal(&show), recorder, recording, ..Logs::default() };
        let notice = before.notice(&show);
        let shared = SharedShow::start(show, logs, clock, before.stopped, move || wake.request_repaint())
            .map_err(|error| format!("no thread could be started: {error}"))?;
        let reached = args.remote.start(ctx, &shared)?;
        shared.take_all(shared.lock(), memory.commands().into_iter().map(Event::Command).collect());
        shared.take_all(shared.lock(), args.console.commands());
        let looked = common.clone();
        let look_over = Arc::new(move || doctor::look_over(&looked));
        let kept = (args.record.bodies.as_deref(), before.shown.as_ref());
        Ok(Self {
            feeding: Feeding::start(ctx, common, &shared, kept).map_err(|failure| failure.words)?,
            shared,
            window,
            desk: PresenterDesk::new(args.windowed, args.display, remembered, look_over),
            memory,
            succession: Succession::new(args.windowed),
            reached,
            awake: Awake::default(),
            run: ProgramRun::new(ctx, started, args.exit_after, stats),
            is_dressed: false,
            notice,
        })
    }

    /// Does what the first frame need not wait for: it is there sooner so.
    fn dress(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        self.is_dressed = true;
        if let Some(words) = self.notice.take() {
            self.shared.take(Event::Word(words));
        }
        let wake = ctx.clone();
        displays::watch(frame, move || wake.request_repaint());
        // The window's icon is drawn from the world.
        ctx.send_viewport_cmd(ViewportCommand::Icon(Some(Arc::new(icon(&self.shared.lock().show)))));
    }

    /// Shows the code for a phone where its page is open.
    fn show_code(&mut self, ctx: &egui::Context) {
        let code = self.reached.as_mut().and_then(|reached| reached.code(&self.shared));
        self.desk.show_code(ctx, code);
    }

    /// Keeps the display on in full screen. The presenter hears once why it may go dark.
    fn keep_awake(&mut self, ctx: &egui::Context) {
        let wake = ctx.clone();
        let is_full_screen = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
        self.awake.keep(is_full_screen, move || wake.request_repaint());
        self.window.set_may_go_dark(self.awake.refused());
        if let Some(words) = self.awake.untold() {
            logging::tell_presenter(&words);
        }
    }
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

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        for (path, image) in self.feeding.images.try_iter() {
            self.desk.take_image(&path, &image);
            self.window.take_image(path, image);
        }
        let displays = displays::displays(frame);
        self.desk.look_around(ctx, &displays, &self.shared);
        self.window.set_displays(displays);
        self.window.set_display_gone(self.desk.display_gone());
        self.desk.perform_waiting(ctx, &self.shared);
        if self.succession.mind(ctx, &self.shared, &mut self.feeding) {
            self.desk.perform(ctx, Effect::Present, &self.shared);
        }
        self.desk.mind_the_close_button(ctx, &self.shared);
        if self.window.has_drawn() && !self.is_dressed {
            self.dress(ctx, frame);
        }
        let places = self.desk.standing();
        self.memory.note(self.shared.lock().show.presentation(), places, false);
        self.show_code(ctx);
        for effect in self.reached.iter().flat_map(|reached| reached.asked.try_iter()) {
            self.desk.perform(ctx, effect, &self.shared);
        }
        self.keep_awake(ctx);
        if self.run.is_over() {
            self.desk.perform(ctx, Effect::Quit, &self.shared);
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let worked_before_secs = self.run.worked_secs();
        let ctx = ui.ctx().clone();
        self.shared.lock().advance();
        let stage = self.desk.show_below(ui, &self.shared);
        let frame = {
            let mut inner = self.shared.lock();
            // The time is read under the lock: it does not go back.
            let now_secs = inner.clock().now_secs();
            let frame = self.window.frame_within(ui, stage, &mut inner.show, now_secs);
            inner.write_log();
            inner.shown = self.window.shown().filter(|_| !frame.moves).cloned();
            frame
        };
        self.run.ask_for_frames(&ctx, frame.moves);
        self.desk.note_stage_frame(self.shared.lock().clock().now_secs(), frame.moves);
        if frame.has_events {
            self.show_code(&ctx);
        }
        self.desk.show_console(&ctx, &self.shared, self.run.started, frame.has_events);
        hide_pointer(&ctx);
        for effect in frame.effects {
            self.desk.perform(&ctx, effect, &self.shared);
        }
        opener::take_dropped(&ctx, &self.shared);
        self.run.count(worked_before_secs, frame.is_still, self.shared.lock().polls);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.desk.end(&self.shared);
        self.shared.end_journal();
        self.run.count_console(self.desk.console_frames());
        let places = self.desk.standing();
        self.memory.note(self.shared.lock().show.presentation(), places, true);
    }
}
