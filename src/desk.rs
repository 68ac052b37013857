//! The presenter's window beside the audience's: where each stands, and what only the host can do with them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use egui::{Context, ViewportBuilder, ViewportCommand, ViewportId};

mod checks;
mod pacer;

use crate::clock::Clock;
use crate::console::{Beside, Console, PhoneCode};
use crate::host::{Inner, SharedShow};
use crate::opener;
use crate::presentation::command::Command;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::{Effect, Event};
use crate::presentation::look::Display;
use crate::rehearsals::{Rehearsals, RehearsedRun, RunStep};
use crate::remembered::Remembered;
use crate::ron_text::suggestion;

use self::checks::Checks;
pub(crate) use self::checks::LookOver;
use self::pacer::Pacer;
pub(crate) use self::pacer::PerSecond;

/// How far from a display's corner a window is put.
const OFFSET: f32 = 40.0;

/// Which displays there are is looked at with a frame of the stage: a still one has a frame so often while a console is open.
const LOOK_SECS: f64 = 2.0;
/// A window manager learns of a new display later than we do, and until then keeps the stage on the old one: for so long
/// it is put there again, so often.
const SETTLE_SECS: f64 = 6.0;
const AGAIN_SECS: f64 = 1.0;
/// The console's window is closed by a second press within this: so long the words about the first one stay.
const CLOSE_SECS: f64 = 3.0;
/// The console, and where the two windows stand.
pub(crate) struct PresenterDesk {
    console: Arc<Mutex<Console>>,
    pacer: Arc<Mutex<Pacer>>,
    places: Arc<Mutex<DisplayPlaces>>,
}

/// Which display is whose.
struct DisplayPlaces {
    displays: Vec<Display>,
    /// The name of the audience's, there or not; none: the first that is not the presenter's. Plugged in again, displays may
    /// come in another order.
    stage: Option<String>,
    /// The audience's display that a flag names, until it is known whether it is there.
    asked: Option<String>,
    /// The windows stay where they are opened.
    stay: bool,
    /// Where they stood in the last talk, and where they stand now.
    last: Remembered,
    now: Remembered,
    /// A second display came: until then the stage is put there again, not before the other time.
    settles: Option<[f64; 2]>,
    /// The audience's display that was taken away.
    gone: Option<GoneDisplay>,
    /// The close button was meant.
    quits: bool,
    /// When the console's window was to be closed, until it is again.
    close_asked_secs: Option<f64>,
    /// The code for a phone, while one is waited for.
    phone: Option<PhoneCode>,
    /// Asked for on the console, and to be done when it is known anew which displays there are.
    waiting: Vec<Effect>,
    checks: Checks,
    rehearsals: Rehearsals,
}

/// A display that was taken away while the stage was on it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct GoneDisplay {
    name: String,
    /// The stage filled it, and will again.
    was_filled: bool,
}

impl GoneDisplay {
    fn words(&self) -> String {
        format!("The projector {} is gone: plugged in again, it shows the stage again.", self.name)
    }
}

/// The name of the audience's display, where it was there before and is not now.
fn gone_display(before: &[Display], now: &[Display], wanted: Option<&str>) -> Option<String> {
    let stage = before.get(audience_display(before, wanted))?;
    let is_gone = before.len() > 1 && !now.is_empty() && now.iter().all(|display| display.name != stage.name);
    is_gone.then(|| stage.name.clone())
}

/// Whether a press on the console's close button is the second one in a row.
fn is_close_meant(asked_secs: &mut Option<f64>, now_secs: f64) -> bool {
    let is_meant = asked_secs.is_some_and(|asked| now_secs - asked < CLOSE_SECS);
    *asked_secs = (!is_meant).then_some(now_secs);
    is_meant
}

/// What the presenter hears of a display that a flag names and that is not there.
fn missing_display(displays: &[Display], asked: &str) -> Option<String> {
    let known: Vec<&str> = displays.iter().map(|display| display.name.as_str()).collect();
    (!known.contains(&asked)).then(|| format!("no display \"{asked}\": {}", suggestion(asked, &known)))
}

/// The place in the list of the audience's display.
fn audience_display(displays: &[Display], wanted: Option<&str>) -> usize {
    let found = displays.iter().position(|display| wanted == Some(display.name.as_str()));
    found.unwrap_or_else(|| displays.len().min(2).saturating_sub(1))
}

impl DisplayPlaces {
    fn stage(&self) -> usize {
        audience_display(&self.displays, self.stage.as_deref())
    }

    /// The presenter's display: the first one that is not the audience's.
    fn console(&self) -> usize {
        (0..self.displays.len()).find(|display| *display != self.stage()).unwrap_or(0)
    }

    /// Where the console opens and how large: as in the last talk, where that is still on its display.
    fn console_place(&self, ctx: &Context) -> [egui::Pos2; 2] {
        const USUAL: egui::Pos2 = egui::pos2(1360.0, 850.0);
        let scale = ctx.native_pixels_per_point().unwrap_or(1.0);
        let last = self.last.console.zip(self.displays.get(self.console())).filter(|([left, top, ..], display)| {
            let inside = |at: f32, nth: usize| {
                let from = display.corner[nth] as f32 / scale;
                (from..from + display.size[nth] as f32 / scale).contains(&at)
            };
            inside(*left, 0) && inside(*top, 1)
        });
        last.map_or([self.corner(self.console(), ctx), USUAL], |([left, top, width, height], _)| {
            [egui::pos2(left, top), egui::pos2(width, height)]
        })
    }

    /// Where a window begins on a display, in points.
    fn corner(&self, display: usize, ctx: &Context) -> egui::Pos2 {
        let scale = ctx.native_pixels_per_point().unwrap_or(1.0);
        let [x, y] = self.displays.get(display).map_or([0, 0], |display| display.corner);
        egui::pos2(x as f32 / scale + OFFSET, y as f32 / scale + OFFSET)
    }

    /// The largest window that stands on a display from that corner on, in points.
    fn room(&self, display: usize, ctx: &Context) -> egui::Vec2 {
        let scale = ctx.native_pixels_per_point().unwrap_or(1.0);
        let size = self.displays.get(display).map(|display| display.size);
        let [width, height] = size.unwrap_or([u32::MAX; 2]).map(|pixels| pixels as f32 / scale - 2.0 * OFFSET);
        egui::vec2(width, height)
    }
}

/// What the console shows beside the talk.
fn beside_of(inner: &Inner, places: &Mutex<DisplayPlaces>) -> Beside {
    let places = places.lock().unwrap_or_else(PoisonError::into_inner);
    let rehearses = inner.show.presentation().rehearses();
    Beside {
        time_of_day: Clock::time_of_day(),
        recording: inner.recording_now(),
        stopped: inner.stopped_words(),
        runs: Arc::new(places.rehearsals.last_five()),
        checkup: places.checks.last(),
        run: rehearses.then_some(places.rehearsals.runs.len() + 1),
        phone: places.phone.clone(),
    }
}

/// Notes where the console's window stands; Wayland does not tell.
fn note_place(ctx: &Context, places: &Mutex<DisplayPlaces>) {
    let (outer, inner) = ctx.input(|input| (input.viewport().outer_rect, input.viewport().inner_rect));
    if let (Some(outer), Some(inner)) = (outer, inner) {
        let place = [outer.left(), outer.top(), inner.width(), inner.height()];
        places.lock().unwrap_or_else(PoisonError::into_inner).now.console = Some(place);
    }
}

impl PresenterDesk {
    /// `stay`: the windows are not put anywhere unasked. `asked`: the name of the audience's display, in place of the last
    /// talk's. `last`: where they stood in the last talk. `look_over`: how the machine is looked over.
    pub(crate) fn new(stay: bool, asked: Option<String>, last: Remembered, look_over: LookOver) -> Self {
        let rehearsals = Rehearsals::usual_path().map(|path| Rehearsals::read(&path)).unwrap_or_default();
        let (displays, quits) = (Vec::new(), false);
        let stage = asked.clone().or_else(|| last.stage_display.clone());
        let places = DisplayPlaces {
            displays,
            stage,
            asked,
            stay,
            last,
            now: Remembered::default(),
            settles: None,
            gone: None,
            quits,
            close_asked_secs: None,
            phone: None,
            waiting: Vec::new(),
            checks: Checks::new(look_over),
            rehearsals,
        };
        Self { console: Arc::default(), pacer: Arc::default(), places: Arc::new(Mutex::new(places)) }
    }

    fn console_id() -> ViewportId {
        ViewportId::from_hash_of("console")
    }

    fn places(&self) -> MutexGuard<'_, DisplayPlaces> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn take_image(&self, path: &Arc<str>, image: &egui::ColorImage) {
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        console.take_image(path.clone(), image.clone());
    }

    /// Shows the code for a phone on its page, while one is waited for.
    pub(crate) fn show_code(&self, ctx: &Context, code: Option<PhoneCode>) {
        let mut places = self.places();
        if places.phone != code {
            places.phone = code;
            // Below the stage, or in a window of its own.
            ctx.request_repaint();
            ctx.request_repaint_of(Self::console_id());
        }
    }

    /// That the audience's display was taken away, in words, until it is there again.
    pub(crate) fn display_gone(&self) -> Option<String> {
        self.places().gone.as_ref().map(GoneDisplay::words)
    }

    /// Takes in which displays there are. With a second one the console opens by itself; where one is gone, what stood
    /// there comes to the one that is left, and the talk is where it was.
    pub(crate) fn look_around(&self, ctx: &Context, displays: &[Display], shared: &SharedShow) {
        let mut places = self.places();
        places.note_stage(ctx);
        if places.displays == displays {
            places.settle(ctx);
            return;
        }
        let before = std::mem::replace(&mut places.displays, displays.to_vec());
        if let Some(name) = gone_display(&before, displays, places.stage.as_deref()) {
            places.leave_display(ctx, name, shared);
        }
        if let Some(words) = places.asked.take().and_then(|asked| missing_display(displays, &asked)) {
            // What the last talk had is not forgotten for a slip.
            let last = places.last.stage_display.clone();
            places.stage = last;
            shared.take_all(shared.lock(), vec![Event::Word(words)]);
        }
        let has_second = displays.len() > 1 && before.len() < 2;
        let back = places.gone.take_if(|gone| has_second || displays.iter().any(|display| display.name == gone.name));
        let filled = back.as_ref().is_some_and(|gone| gone.was_filled);
        if filled || (has_second || back.is_some()) && !places.stay {
            let inner = shared.lock();
            // The talk knows of full screen only after its first frame.
            let asked = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
            let is_full_screen = asked || filled || inner.show.presentation().window().full_screen;
            let now_secs = ctx.input(|input| input.time);
            places.settles = Some([now_secs + SETTLE_SECS, now_secs + AGAIN_SECS]);
            places.put_stage(ctx, is_full_screen);
            if !inner.show.presentation().desk().has_console() {
                shared.take_all(inner, vec![Event::Command(DeskCommand::Console.into())]);
            }
        }
    }

    /// Does what was asked for on the console, now that it is known which displays there are.
    pub(crate) fn perform_waiting(&self, ctx: &Context, shared: &Arc<SharedShow>) {
        let waiting = std::mem::take(&mut self.places().waiting);
        for effect in waiting {
            self.perform(ctx, effect, shared);
        }
    }

    /// A press on the close button asks twice, as Ctrl+Q does.
    pub(crate) fn mind_the_close_button(&self, ctx: &Context, shared: &SharedShow) {
        if !ctx.input(|input| input.viewport().close_requested()) || self.places().quits {
            return;
        }
        let effects = shared.take_all(shared.lock(), vec![Event::Command(Command::Quit)]);
        if effects.contains(&Effect::Quit) {
            self.places().quits = true;
        } else {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
    }

    /// After each frame of the stage: what a frame of the console costs it is learnt from these.
    pub(crate) fn note_stage_frame(&self, now_secs: f64, moves: bool) {
        self.pacer.lock().unwrap_or_else(PoisonError::into_inner).note_stage(now_secs, moves);
    }

    /// Frames of the console so far.
    pub(crate) fn console_frames(&self) -> PerSecond {
        self.pacer.lock().unwrap_or_else(PoisonError::into_inner).console.clone()
    }

    /// Keeps the console's window there while it is open. The clocks are of the talk, and since the program was started;
    /// `is_news`: something was pressed, so it is drawn anew.
    pub(crate) fn show_console(
        &self,
        ctx: &Context,
        shared: &Arc<SharedShow>,
        [clock, started]: [Clock; 2],
        is_news: bool,
    ) {
        if !shared.lock().show.presentation().desk().console {
            return;
        }
        // On Wayland nobody says that a display came, and a console that lies covered has no frames: the stage itself looks.
        ctx.request_repaint_after(Duration::from_secs_f64(LOOK_SECS));
        let [corner, size] = self.places().console_place(ctx);
        let builder = ViewportBuilder::default()
            .with_title("Tierlight console")
            .with_app_id("tierlight")
            .with_inner_size(size.to_vec2())
            .with_min_inner_size([900.0, 600.0])
            .with_position(corner);
        let (console, shared, places) = (self.console.clone(), shared.clone(), self.places.clone());
        let pacer = self.pacer.clone();
        ctx.show_viewport_deferred(Self::console_id(), builder, move |ui, _class| {
            let ctx = ui.ctx().clone();
            let mut inner = shared.lock();
            inner.show.advance(clock.now_secs());
            let mut console = console.lock().unwrap_or_else(PoisonError::into_inner);
            let beside = beside_of(&inner, &places);
            let frame = console.frame(ui, &inner.show, &beside);
            note_place(&ctx, &places);
            let mut events = frame.events;
            if ctx.input(|input| input.viewport().close_requested()) {
                let now_secs = clock.now_secs();
                let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
                events.push(if is_close_meant(&mut places.close_asked_secs, now_secs) {
                    Event::Command(DeskCommand::Console.into())
                } else {
                    Event::Word("once more closes the console; the talk goes on without it".to_owned())
                });
            }
            let next_secs = if events.is_empty() { frame.next_secs } else { 0.0 };
            if events.is_empty() {
                drop(inner);
            } else {
                // Where the pointer alone moved, the stage is drawn anew only if the room would see something else.
                if events.iter().any(|event| !matches!(event, Event::Pointer(_))) {
                    ctx.request_repaint_of(ViewportId::ROOT);
                }
                let effects = shared.take_all(inner, events);
                let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
                for effect in effects {
                    match effect {
                        // Only a frame of the stage knows the displays as they are now.
                        Effect::Present | Effect::Swap => places.waiting.push(effect),
                        other => places.perform(&ctx, other, &shared),
                    }
                }
            }
            opener::take_dropped(&ctx, &shared);
            let mut pacer = pacer.lock().unwrap_or_else(PoisonError::into_inner);
            pacer.console.count(started.now_secs());
            ctx.request_repaint_after(Duration::from_secs_f64(pacer.after_console(next_secs)));
        });
        if is_news {
            ctx.request_repaint_of(Self::console_id());
        }
    }

    /// Draws the console below the stage's picture, where it is there: what is left of the window for the stage.
    pub(crate) fn show_below(&self, ui: &mut egui::Ui, shared: &Arc<SharedShow>) -> egui::Rect {
        let ctx = ui.ctx().clone();
        let window = ctx.content_rect();
        let inner = shared.lock();
        if !inner.show.presentation().desk().one_screen {
            return window;
        }
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        let area = console.part_of(inner.show.presentation(), window);
        let beside = beside_of(&inner, &self.places);
        let frame = console.frame_below(ui, area, &inner.show, &beside);
        let next_secs = if frame.events.is_empty() { frame.next_secs } else { 0.0 };
        let effects = if frame.events.is_empty() { Vec::new() } else { shared.take_all(inner, frame.events) };
        for effect in effects {
            self.perform(&ctx, effect, shared);
        }
        ctx.request_repaint_after(Duration::from_secs_f64(next_secs));
        egui::Rect::from_min_max(window.min, egui::pos2(window.right(), area.top()))
    }

    /// Where the windows stand now.
    pub(crate) fn standing(&self) -> Remembered {
        let places = self.places();
        Remembered { stage_display: places.stage.clone(), ..places.now.clone() }
    }

    /// The talk ends: a rehearsal that runs is kept.
    pub(crate) fn end(&self, shared: &SharedShow) {
        if shared.lock().show.presentation().rehearses() {
            self.places().keep_run(shared);
        }
    }

    pub(crate) fn perform(&self, ctx: &Context, effect: Effect, shared: &Arc<SharedShow>) {
        self.places().perform(ctx, effect, shared);
    }
}

impl DisplayPlaces {
    /// What only the host can do, from whichever window it was asked.
    fn perform(&mut self, ctx: &Context, effect: Effect, shared: &Arc<SharedShow>) {
        let stage = |command| ctx.send_viewport_cmd_to(ViewportId::ROOT, command);
        match effect {
            Effect::Present if self.displays.len() > 1 => self.fill_display(ctx),
            Effect::Present => stage(ViewportCommand::Fullscreen(true)),
            Effect::FullScreen(full) => stage(ViewportCommand::Fullscreen(full)),
            Effect::Swap => self.swap(ctx),
            Effect::Record => shared.toggle_recording(),
            Effect::OpenRecording => opener::choose(shared),
            Effect::OpenPath(path) => opener::open(shared, &path),
            Effect::LookOver => {
                let wake = ctx.clone();
                self.checks.look(move || wake.request_repaint_of(PresenterDesk::console_id()));
            }
            Effect::KeepRun => self.keep_run(shared),
            Effect::Resume => shared.ask_for_stopped(),
            Effect::LetGo => shared.let_stopped_go(),
            Effect::Copy(words) => ctx.copy_text(words),
            Effect::Quit => {
                self.quits = true;
                stage(ViewportCommand::Close);
            }
        }
    }

    /// Keeps the run that was rehearsed. The presenter hears why it cannot be.
    fn keep_run(&mut self, shared: &SharedShow) {
        let steps = shared.lock().show.presentation().run();
        let steps =
            steps.into_iter().map(|(step, planned_secs, actual_secs)| RunStep { step, planned_secs, actual_secs });
        let run = RehearsedRun { began: Clock::day_and_time(), steps: steps.collect() };
        let Some(path) = Rehearsals::usual_path() else { return };
        if let Err(error) = self.rehearsals.keep(&path, run) {
            shared.take(Event::Word(format!("the rehearsal could not be kept: {error}")));
        }
    }

    /// The audience's display is gone, and what filled it comes to the presenter's: the stage leaves full screen there, and
    /// the console stands before it.
    fn leave_display(&mut self, ctx: &Context, name: String, shared: &SharedShow) {
        let is_full = ctx.input_for(ViewportId::ROOT, |input| input.viewport().fullscreen.unwrap_or(false));
        let was_filled = is_full || self.gone.take().is_some_and(|gone| gone.was_filled);
        if is_full {
            ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Fullscreen(false));
        }
        let gone = GoneDisplay { name, was_filled };
        let inner = shared.lock();
        if inner.show.presentation().desk().console {
            ctx.send_viewport_cmd_to(PresenterDesk::console_id(), ViewportCommand::Focus);
            ctx.request_repaint_of(PresenterDesk::console_id());
        }
        shared.take_all(inner, vec![Event::Word(gone.words())]);
        self.gone = Some(gone);
    }

    /// Puts the stage on the audience's display.
    fn put_stage(&self, ctx: &Context, is_full_screen: bool) {
        if is_full_screen {
            self.fill_display(ctx);
        } else {
            ctx.send_viewport_cmd(ViewportCommand::OuterPosition(self.corner(self.stage(), ctx)));
        }
    }

    /// Puts the stage on the new display again where it is not there yet.
    fn settle(&mut self, ctx: &Context) {
        let Some([until_secs, next_secs]) = self.settles else { return };
        let (now_secs, is_full) = ctx.input(|input| (input.time, input.viewport().fullscreen.unwrap_or(false)));
        if now_secs > until_secs {
            self.settles = None;
        } else if now_secs >= next_secs {
            self.settles = Some([until_secs, now_secs + AGAIN_SECS]);
            if self.is_stage_elsewhere(ctx) {
                self.put_stage(ctx, is_full);
            }
        }
        ctx.request_repaint_after(Duration::from_secs_f64(AGAIN_SECS));
    }

    /// Notes how large the stage's window is, where it does not fill a display.
    fn note_stage(&mut self, ctx: &Context) {
        let (fills, inner) = ctx.input(|input| {
            let window = input.viewport();
            (window.fullscreen == Some(true) || window.maximized == Some(true), window.inner_rect)
        });
        if let (false, Some(inner)) = (fills, inner) {
            self.now.stage_size = Some(inner.size().into());
        }
    }

    /// Whether the stage's window is on another display than the audience's; false where that is not told.
    fn is_stage_elsewhere(&self, ctx: &Context) -> bool {
        let at = ctx.input_for(ViewportId::ROOT, |input| input.viewport().outer_rect.map(|rect| rect.center()));
        let scale = ctx.native_pixels_per_point().unwrap_or(1.0);
        let display = self.displays.get(self.stage()).map(|display| {
            let [left, top] = display.corner.map(|side| side as f32 / scale);
            let [width, height] = display.size.map(|side| side as f32 / scale);
            egui::Rect::from_min_size(egui::pos2(left, top), egui::vec2(width, height))
        });
        at.zip(display).is_some_and(|(at, display)| !display.contains(at))
    }

    /// The stage in full screen on the audience's display. One that is in full screen elsewhere leaves it first: told of a
    /// display that was gone meanwhile, the window would believe that it is there.
    fn fill_display(&self, ctx: &Context) {
        let stage = |command| ctx.send_viewport_cmd_to(ViewportId::ROOT, command);
        let is_full = ctx.input_for(ViewportId::ROOT, |input| input.viewport().fullscreen.unwrap_or(false));
        if is_full && self.is_stage_elsewhere(ctx) {
            stage(ViewportCommand::Fullscreen(false));
        }
        stage(ViewportCommand::SetMonitor(self.stage()));
    }

    /// The stage goes to the next display, and the console to where the stage was.
    fn swap(&mut self, ctx: &Context) {
        if self.displays.len() < 2 {
            return;
        }
        let next = (self.stage() + 1) % self.displays.len();
        self.stage = self.displays.get(next).map(|display| display.name.clone());
        let is_full_screen = ctx.input_for(ViewportId::ROOT, |input| input.viewport().fullscreen.unwrap_or(false));
        let place = if is_full_screen {
            ViewportCommand::SetMonitor(next)
        } else {
            ViewportCommand::OuterPosition(self.corner(next, ctx))
        };
        ctx.send_viewport_cmd_to(ViewportId::ROOT, place);
        let console = |command| ctx.send_viewport_cmd_to(PresenterDesk::console_id(), command);
        console(ViewportCommand::OuterPosition(self.corner(self.console(), ctx)));
        let inner = ctx.input_for(PresenterDesk::console_id(), |input| input.viewport().inner_rect);
        let room = self.room(self.console(), ctx);
        if let Some(size) = inner.map(|inner| inner.size()).filter(|size| size.x > room.x || size.y > room.y) {
            console(ViewportCommand::InnerSize(size.min(room)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audience_keeps_its_display_in_whatever_order_they_come_back() {
        let display = |name: &str| Display { name: name.to_owned(), corner: [0, 0], size: [1920, 1080] };
        let stands = |names: &str, wanted| audience_display(&names.split(' ').map(display).collect::<Vec<_>>(), wanted);
        let cases = [
            ("laptop", None, 0),
            ("laptop wall", None, 1),
            ("laptop wall", Some("laptop"), 0),
            ("wall laptop", Some("laptop"), 1),
            ("laptop", Some("wall"), 0),
            ("laptop other wall", Some("wall"), 2),
        ];
        for (names, wanted, expected) in cases {
            assert_eq!(stands(names, wanted), expected, "{wanted:?} of {names}");
        }
    }

    #[test]
    fn the_audiences_display_is_missed_and_no_other() {
        let display = |name: &str| Display { name: name.to_owned(), corner: [0, 0], size: [1920, 1080] };
        let list = |names: &str| names.split_whitespace().map(display).collect::<Vec<_>>();
        let cases = [
            ("laptop wall", "laptop", None, Some("wall")),
            ("laptop wall", "laptop", Some("wall"), Some("wall")),
            ("laptop wall", "wall", Some("wall"), None),
            ("laptop wall", "wall", Some("laptop"), Some("laptop")),
            ("laptop wall other", "laptop other", Some("wall"), Some("wall")),
            ("laptop wall", "wall laptop", None, None),
            // Asleep, a machine has no display for a while, and one alone was nobody's projector.
            ("laptop wall", "", None, None),
            ("wall", "laptop", None, None),
        ];
        for (before, now, wanted, gone) in cases {
            assert_eq!(
                gone_display(&list(before), &list(now), wanted).as_deref(),
                gone,
                "{before} to {now}, {wanted:?}"
            );
        }
    }

    #[test]
    fn the_console_is_closed_by_the_second_press_in_a_row() {
        let cases: [(&[f64], &[bool]); 3] = [
            (&[1.0, 2.0], &[false, true]),
            (&[1.0, 9.0, 10.0], &[false, false, true]),
            (&[1.0, 2.0, 3.0, 4.0], &[false, true, false, true]),
        ];
        for (presses, closes) in cases {
            let mut asked_secs = None;
            let meant: Vec<bool> = presses.iter().map(|secs| is_close_meant(&mut asked_secs, *secs)).collect();
            assert_eq!(meant, closes, "{presses:?}");
        }
    }

    #[test]
    fn a_display_that_a_flag_names_and_that_is_not_there_is_said() {
        let displays =
            ["eDP-1", "HDMI-1"].map(|name| Display { name: name.to_owned(), corner: [0, 0], size: [1920, 1080] });
        let cases = [
            ("HDMI-1", None),
            ("hdmi-1", Some("no display \"hdmi-1\": did you mean \"HDMI-1\"?")),
            ("projector", Some("no display \"projector\": there are: eDP-1, HDMI-1")),
        ];
        for (asked, said) in cases {
            assert_eq!(missing_display(&displays, asked).as_deref(), said);
        }
    }
}
