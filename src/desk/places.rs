//! Which display is whose, and where the two windows stand on them.

use std::time::Duration;

use egui::{Context, ViewportCommand, ViewportId};

use crate::host::SharedShow;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::Event;
use crate::presentation::look::Display;
use crate::remembered::Remembered;
use crate::ron_text::suggestion;

/// How far from a display's corner a window is put.
const OFFSET: f32 = 40.0;
/// A window manager learns of a new display later than we do, and until then keeps the stage on the old one: for so long
/// it is put there again, so often.
const SETTLE_SECS: f64 = 6.0;
const AGAIN_SECS: f64 = 1.0;

/// The displays, and the two windows on them.
pub(super) struct DisplayPlaces {
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
}

pub(super) fn console_id() -> ViewportId {
    ViewportId::from_hash_of("console")
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
    /// `stay`: the windows are not put anywhere unasked. `asked`: the name of the audience's display, in place of the last
    /// talk's. `last`: where they stood in the last talk.
    pub(super) fn new(stay: bool, asked: Option<String>, last: Remembered) -> Self {
        let stage = asked.clone().or_else(|| last.stage_display.clone());
        let (now, settles, gone) = (Remembered::default(), None, None);
        Self { displays: Vec::new(), stage, asked, stay, last, now, settles, gone }
    }

    /// Where the windows stand now.
    pub(super) fn standing(&self) -> Remembered {
        Remembered { stage_display: self.stage.clone(), ..self.now.clone() }
    }

    pub(super) fn has_second(&self) -> bool {
        self.displays.len() > 1
    }

    /// That the audience's display was taken away, in words, until it is there again.
    pub(super) fn gone_words(&self) -> Option<String> {
        self.gone.as_ref().map(GoneDisplay::words)
    }

    /// Takes in which displays there are. With a second one the console opens by itself; where one is gone, what stood
    /// there comes to the one that is left, and the talk is where it was.
    pub(super) fn look_around(&mut self, ctx: &Context, displays: &[Display], shared: &SharedShow) {
        self.note_stage(ctx);
        if self.displays == displays {
            self.settle(ctx);
            return;
        }
        let before = std::mem::replace(&mut self.displays, displays.to_vec());
        if let Some(name) = gone_display(&before, displays, self.stage.as_deref()) {
            self.leave_display(ctx, name, shared);
        }
        if let Some(words) = self.asked.take().and_then(|asked| missing_display(displays, &asked)) {
            // What the last talk had is not forgotten for a slip.
            let last = self.last.stage_display.clone();
            self.stage = last;
            shared.take_all(shared.lock(), vec![Event::Word(words)]);
        }
        let has_second = displays.len() > 1 && before.len() < 2;
        let back = self.gone.take_if(|gone| has_second || displays.iter().any(|display| display.name == gone.name));
        let filled = back.as_ref().is_some_and(|gone| gone.was_filled);
        if filled || (has_second || back.is_some()) && !self.stay {
            let inner = shared.lock();
            // The talk knows of full screen only after its first frame.
            let asked = ctx.input(|input| input.viewport().fullscreen.unwrap_or(false));
            let is_full_screen = asked || filled || inner.show.presentation().window().full_screen;
            let now_secs = ctx.input(|input| input.time);
            self.settles = Some([now_secs + SETTLE_SECS, now_secs + AGAIN_SECS]);
            self.put_stage(ctx, is_full_screen);
            if !inner.show.presentation().desk().has_console() {
                shared.take_all(inner, vec![Event::Command(DeskCommand::Console.into())]);
            }
        }
    }

    fn stage(&self) -> usize {
        audience_display(&self.displays, self.stage.as_deref())
    }

    /// The presenter's display: the first one that is not the audience's.
    fn console(&self) -> usize {
        (0..self.displays.len()).find(|display| *display != self.stage()).unwrap_or(0)
    }

    /// Where the console opens and how large: as in the last talk, where that is still on its display.
    pub(super) fn console_place(&self, ctx: &Context) -> [egui::Pos2; 2] {
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

    /// Notes where the console's window stands; Wayland does not tell.
    pub(super) fn note_console(&mut self, ctx: &Context) {
        let (outer, inner) = ctx.input(|input| (input.viewport().outer_rect, input.viewport().inner_rect));
        if let (Some(outer), Some(inner)) = (outer, inner) {
            self.now.console = Some([outer.left(), outer.top(), inner.width(), inner.height()]);
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
            ctx.send_viewport_cmd_to(console_id(), ViewportCommand::Focus);
            ctx.request_repaint_of(console_id());
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
    pub(super) fn fill_display(&self, ctx: &Context) {
        let stage = |command| ctx.send_viewport_cmd_to(ViewportId::ROOT, command);
        let is_full = ctx.input_for(ViewportId::ROOT, |input| input.viewport().fullscreen.unwrap_or(false));
        if is_full && self.is_stage_elsewhere(ctx) {
            stage(ViewportCommand::Fullscreen(false));
        }
        stage(ViewportCommand::SetMonitor(self.stage()));
    }

    /// The stage goes to the next display, and the console to where the stage was.
    pub(super) fn swap(&mut self, ctx: &Context) {
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
        let console = |command| ctx.send_viewport_cmd_to(console_id(), command);
        console(ViewportCommand::OuterPosition(self.corner(self.console(), ctx)));
        let inner = ctx.input_for(console_id(), |input| input.viewport().inner_rect);
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
