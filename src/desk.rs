//! The presenter's window beside the audience's: where each stands, and what only the host can do with them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use egui::{Context, ViewportBuilder, ViewportCommand, ViewportId};

use crate::clock::Clock;
use crate::console::Console;
use crate::host::SharedShow;
use crate::presentation::command::Command;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::{Effect, Event};
use crate::presentation::look::Display;

/// How far from a display's corner a window is put.
const OFFSET: f32 = 40.0;

/// The console, and where the two windows stand.
pub(crate) struct PresenterDesk {
    console: Arc<Mutex<Console>>,
    places: Arc<Mutex<Places>>,
}

/// Which display is whose.
#[derive(Debug, Default)]
struct Places {
    displays: Vec<Display>,
    /// The audience's, by its place in the list; none: the first that is not the presenter's.
    stage: Option<usize>,
    /// The windows stay where they are opened.
    stay: bool,
    /// The close button was meant.
    quits: bool,
}

impl Places {
    fn stage(&self) -> usize {
        self.stage
            .filter(|stage| *stage < self.displays.len())
            .unwrap_or_else(|| self.displays.len().min(2).saturating_sub(1))
    }

    /// The presenter's display: the first one that is not the audience's.
    fn console(&self) -> usize {
        (0..self.displays.len()).find(|display| *display != self.stage()).unwrap_or(0)
    }

    /// Where a window begins on a display, in points.
    fn corner(&self, display: usize, ctx: &Context) -> egui::Pos2 {
        let scale = ctx.native_pixels_per_point().unwrap_or(1.0);
        let [x, y] = self.displays.get(display).map_or([0, 0], |display| display.corner);
        egui::pos2(x as f32 / scale + OFFSET, y as f32 / scale + OFFSET)
    }
}

impl PresenterDesk {
    /// `stay`: the windows are not put anywhere unasked.
    pub(crate) fn new(stay: bool) -> Self {
        let places = Places { stay, ..Places::default() };
        Self { console: Arc::default(), places: Arc::new(Mutex::new(places)) }
    }

    fn console_id() -> ViewportId {
        ViewportId::from_hash_of("console")
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn take_image(&self, path: &Arc<str>, image: &egui::ColorImage) {
        let mut console = self.console.lock().unwrap_or_else(PoisonError::into_inner);
        console.take_image(path.clone(), image.clone());
    }

    /// Takes in which displays there are. With a second one the console opens by itself; where one is gone, what stood
    /// there comes to the one that is left, and the talk is where it was.
    pub(crate) fn look_around(&self, ctx: &Context, displays: &[Display], shared: &SharedShow) {
        let mut places = self.places();
        if places.displays == displays {
            return;
        }
        let before = places.displays.len();
        places.displays = displays.to_vec();
        let has_second = displays.len() > 1 && before < 2;
        if has_second && !places.stay {
            let inner = shared.lock();
            let is_full_screen = inner.show.presentation().window().full_screen;
            if is_full_screen {
                ctx.send_viewport_cmd(ViewportCommand::SetMonitor(places.stage()));
            } else {
                ctx.send_viewport_cmd(ViewportCommand::OuterPosition(places.corner(places.stage(), ctx)));
            }
            if !inner.show.presentation().desk().console {
                shared.take_all(inner, vec![Event::Command(DeskCommand::Console.into())]);
            }
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

    /// Keeps the console's window there while it is open. `is_news`: it is to be drawn anew.
    pub(crate) fn show_console(&self, ctx: &Context, shared: &Arc<SharedShow>, clock: Clock, is_news: bool) {
        if !shared.lock().show.presentation().desk().console {
            return;
        }
        let corner = {
            let places = self.places();
            places.corner(places.console(), ctx)
        };
        let builder = ViewportBuilder::default()
            .with_title("Tierlight console")
            .with_app_id("tierlight")
            .with_inner_size([1360.0, 850.0])
            .with_min_inner_size([900.0, 600.0])
            .with_position(corner);
        let (console, shared, places) = (self.console.clone(), shared.clone(), self.places.clone());
        ctx.show_viewport_deferred(Self::console_id(), builder, move |ui, _class| {
            let ctx = ui.ctx().clone();
            let mut inner = shared.lock();
            inner.show.advance(clock.now_secs());
            let mut console = console.lock().unwrap_or_else(PoisonError::into_inner);
            let frame = console.frame(ui, &inner.show, &Clock::time_of_day());
            let mut events = frame.events;
            if ctx.input(|input| input.viewport().close_requested()) {
                events.push(Event::Command(DeskCommand::Console.into()));
            }
            let next_secs = if events.is_empty() { frame.next_secs } else { 0.0 };
            if !events.is_empty() {
                ctx.request_repaint_of(ViewportId::ROOT);
                let effects = shared.take_all(inner, events);
                let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
                effects.into_iter().for_each(|effect| places.perform(&ctx, effect));
            }
            ctx.request_repaint_after(Duration::from_secs_f64(next_secs));
        });
        if is_news {
            ctx.request_repaint_of(Self::console_id());
        }
    }

    pub(crate) fn perform(&self, ctx: &Context, effect: Effect) {
        self.places().perform(ctx, effect);
    }
}

impl Places {
    /// What only the host can do, from whichever window it was asked.
    fn perform(&mut self, ctx: &Context, effect: Effect) {
        let stage = |command| ctx.send_viewport_cmd_to(ViewportId::ROOT, command);
        match effect {
            Effect::Present if self.displays.len() > 1 => stage(ViewportCommand::SetMonitor(self.stage())),
            Effect::Present => stage(ViewportCommand::Fullscreen(true)),
            Effect::FullScreen(full) => stage(ViewportCommand::Fullscreen(full)),
            Effect::Swap => self.swap(ctx),
            Effect::Copy(words) => ctx.copy_text(words),
            Effect::Quit => {
                self.quits = true;
                stage(ViewportCommand::Close);
            }
        }
    }

    /// The stage goes to the next display, and the console to where the stage was.
    fn swap(&mut self, ctx: &Context) {
        if self.displays.len() < 2 {
            return;
        }
        let next = (self.stage() + 1) % self.displays.len();
        self.stage = Some(next);
        let is_full_screen = ctx.input_for(ViewportId::ROOT, |input| input.viewport().fullscreen.unwrap_or(false));
        let place = if is_full_screen {
            ViewportCommand::SetMonitor(next)
        } else {
            ViewportCommand::OuterPosition(self.corner(next, ctx))
        };
        ctx.send_viewport_cmd_to(ViewportId::ROOT, place);
        let corner = self.corner(self.console(), ctx);
        ctx.send_viewport_cmd_to(PresenterDesk::console_id(), ViewportCommand::OuterPosition(corner));
    }
}
