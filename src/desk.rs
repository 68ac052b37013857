//! The presenter's window beside the audience's: what happens in it, and what only the host can do with both.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use egui::{Context, ViewportBuilder, ViewportCommand, ViewportId};

mod checks;
mod pacer;
mod places;

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

use self::checks::Checks;
pub(crate) use self::checks::LookOver;
use self::pacer::Pacer;
pub(crate) use self::pacer::PerSecond;
use self::places::{DisplayPlaces, console_id};

/// Which displays there are is looked at with a frame of the stage: a still one has a frame so often while a console is open.
const LOOK_SECS: f64 = 2.0;
/// The console's window is closed by a second press within this: so long the words about the first one stay.
const CLOSE_SECS: f64 = 3.0;

/// The console, and what the frames of the two windows share.
#[derive(Clone)]
pub(crate) struct PresenterDesk {
    console: Arc<Mutex<Console>>,
    pacer: Arc<Mutex<Pacer>>,
    held: Arc<Mutex<BesideTalk>>,
}

/// What lies on the desk beside the talk.
struct BesideTalk {
    places: DisplayPlaces,
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

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a press on the console's close button is the second one in a row.
fn is_close_meant(asked_secs: &mut Option<f64>, now_secs: f64) -> bool {
    let is_meant = asked_secs.is_some_and(|asked| now_secs - asked < CLOSE_SECS);
    *asked_secs = (!is_meant).then_some(now_secs);
    is_meant
}

impl PresenterDesk {
    /// `stay`, `asked` and `last` are those of [`DisplayPlaces::new`]. `look_over`: how the machine is looked over.
    pub(crate) fn new(stay: bool, asked: Option<String>, last: Remembered, look_over: LookOver) -> Self {
        let held = BesideTalk {
            places: DisplayPlaces::new(stay, asked, last),
            quits: false,
            close_asked_secs: None,
            phone: None,
            waiting: Vec::new(),
            checks: Checks::new(look_over),
            rehearsals: Rehearsals::usual_path().map(|path| Rehearsals::read(&path)).unwrap_or_default(),
        };
        Self { console: Arc::default(), pacer: Arc::default(), held: Arc::new(Mutex::new(held)) }
    }

    fn held(&self) -> MutexGuard<'_, BesideTalk> {
        lock(&self.held)
    }

    pub(crate) fn take_image(&self, path: &Arc<str>, image: &egui::ColorImage) {
        lock(&self.console).take_image(path.clone(), image.clone());
    }

    /// Shows the code for a phone on its page, while one is waited for.
    pub(crate) fn show_code(&self, ctx: &Context, code: Option<PhoneCode>) {
        let mut held = self.held();
        if held.phone != code {
            held.phone = code;
            // Below the stage, or in a window of its own.
            ctx.request_repaint();
            ctx.request_repaint_of(console_id());
        }
    }

    /// That the audience's display was taken away, in words, until it is there again.
    pub(crate) fn display_gone(&self) -> Option<String> {
        self.held().places.gone_words()
    }

    /// Takes in which displays there are.
    pub(crate) fn look_around(&self, ctx: &Context, displays: &[Display], shared: &SharedShow) {
        self.held().places.look_around(ctx, displays, shared);
    }

    /// Does what was asked for on the console, now that it is known which displays there are.
    pub(crate) fn perform_waiting(&self, ctx: &Context, shared: &Arc<SharedShow>) {
        let waiting = std::mem::take(&mut self.held().waiting);
        for effect in waiting {
            self.perform(ctx, effect, shared);
        }
    }

    /// A press on the close button asks twice, as Ctrl+Q does.
    pub(crate) fn mind_the_close_button(&self, ctx: &Context, shared: &SharedShow) {
        if !ctx.input(|input| input.viewport().close_requested()) || self.held().quits {
            return;
        }
        let effects = shared.take_all(shared.lock(), vec![Event::Command(Command::Quit)]);
        if effects.contains(&Effect::Quit) {
            self.held().quits = true;
        } else {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
        }
    }

    /// After each frame of the stage: what a frame of the console costs it is learnt from these.
    pub(crate) fn note_stage_frame(&self, now_secs: f64, moves: bool) {
        lock(&self.pacer).note_stage(now_secs, moves);
    }

    /// Frames of the console so far.
    pub(crate) fn console_frames(&self) -> PerSecond {
        lock(&self.pacer).console.clone()
    }

    /// Keeps the console's window there while it is open. `started`: since the program was; `is_news`: something was pressed,
    /// so it is drawn anew.
    pub(crate) fn show_console(&self, ctx: &Context, shared: &Arc<SharedShow>, started: Clock, is_news: bool) {
        if !shared.lock().show.presentation().desk().console {
            return;
        }
        // On Wayland nobody says that a display came, and a console that lies covered has no frames: the stage itself looks.
        ctx.request_repaint_after(Duration::from_secs_f64(LOOK_SECS));
        let [corner, size] = self.held().places.console_place(ctx);
        let builder = ViewportBuilder::default()
            .with_title("Tierlight console")
            .with_app_id("tierlight")
            .with_inner_size(size.to_vec2())
            .with_min_inner_size([900.0, 600.0])
            .with_position(corner);
        let (desk, shared) = (self.clone(), shared.clone());
        ctx.show_viewport_deferred(console_id(), builder, move |ui, _class| desk.draw_console(ui, &shared, started));
        if is_news {
            ctx.request_repaint_of(console_id());
        }
    }

    /// A frame of the console in its own window.
    fn draw_console(&self, ui: &mut egui::Ui, shared: &Arc<SharedShow>, started: Clock) {
        let ctx = ui.ctx().clone();
        let mut inner = shared.lock();
        inner.advance();
        let beside = self.held().beside(&inner);
        let frame = lock(&self.console).frame(ui, &inner.show, &beside);
        let mut events = frame.events;
        {
            let mut held = self.held();
            held.places.note_console(&ctx);
            if ctx.input(|input| input.viewport().close_requested()) {
                let now_secs = inner.clock().now_secs();
                events.push(if is_close_meant(&mut held.close_asked_secs, now_secs) {
                    Event::Command(DeskCommand::Console.into())
                } else {
                    Event::Word("once more closes the console; the talk goes on without it".to_owned())
                });
            }
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
            let mut held = self.held();
            for effect in effects {
                match effect {
                    // Only a frame of the stage knows the displays as they are now.
                    Effect::Present | Effect::Swap => held.waiting.push(effect),
                    other => held.perform(&ctx, other, shared),
                }
            }
        }
        opener::take_dropped(&ctx, shared);
        let mut pacer = lock(&self.pacer);
        pacer.console.count(started.now_secs());
        ctx.request_repaint_after(Duration::from_secs_f64(pacer.after_console(next_secs)));
    }

    /// Draws the console below the stage's picture, where it is there: what is left of the window for the stage.
    pub(crate) fn show_below(&self, ui: &mut egui::Ui, shared: &Arc<SharedShow>) -> egui::Rect {
        let ctx = ui.ctx().clone();
        let window = ctx.content_rect();
        let inner = shared.lock();
        if !inner.show.presentation().desk().one_screen {
            return window;
        }
        let mut console = lock(&self.console);
        let area = console.part_of(inner.show.presentation(), window);
        let beside = self.held().beside(&inner);
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
        self.held().places.standing()
    }

    /// The talk ends: a rehearsal that runs is kept.
    pub(crate) fn end(&self, shared: &SharedShow) {
        if shared.lock().show.presentation().rehearses() {
            self.held().keep_run(shared);
        }
    }

    pub(crate) fn perform(&self, ctx: &Context, effect: Effect, shared: &Arc<SharedShow>) {
        self.held().perform(ctx, effect, shared);
    }
}

impl BesideTalk {
    /// What the console shows beside the talk.
    fn beside(&self, inner: &Inner) -> Beside {
        let rehearses = inner.show.presentation().rehearses();
        Beside {
            time_of_day: Clock::time_of_day(),
            recording: inner.recording_now(),
            stopped: inner.stopped_words(),
            runs: Arc::new(self.rehearsals.last_five()),
            checkup: self.checks.last(),
            run: rehearses.then_some(self.rehearsals.runs.len() + 1),
            phone: self.phone.clone(),
        }
    }

    /// What only the host can do, from whichever window it was asked.
    fn perform(&mut self, ctx: &Context, effect: Effect, shared: &Arc<SharedShow>) {
        let stage = |command| ctx.send_viewport_cmd_to(ViewportId::ROOT, command);
        match effect {
            Effect::Present if self.places.has_second() => self.places.fill_display(ctx),
            Effect::Present => stage(ViewportCommand::Fullscreen(true)),
            Effect::FullScreen(full) => stage(ViewportCommand::Fullscreen(full)),
            Effect::Swap => self.places.swap(ctx),
            Effect::Record => shared.toggle_recording(),
            Effect::OpenRecording => opener::choose(shared),
            Effect::OpenPath(path) => opener::open(shared, &path),
            Effect::LookOver => {
                let wake = ctx.clone();
                self.checks.look(move || wake.request_repaint_of(console_id()));
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
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
