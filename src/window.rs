//! The audience's window as a value: one function from show, screen and input to a frame. The app, the tests and the
//! benches call the same.

use std::sync::Arc;

use egui::{Align2, FontId, Id, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use crate::keys::{self, Mode};
use crate::measure;
use crate::paint::{self, Screen, Textures};
use crate::picture::{Furniture, Ink, Picture, Shape, Thing};
use crate::presentation::Audience;
use crate::presentation::event::{Effect, Event};
use crate::presentation::look::{Display, WindowState};
use crate::presentation::over::Cover;
use crate::show::Show;
use crate::theme::Theme;

/// What the window keeps from frame to frame.
pub struct Window {
    theme: Theme,
    textures: Textures,
    displays: Vec<Display>,
    may_go_dark: Option<String>,
    display_gone: Option<String>,
    /// What the last frame showed.
    shown: Option<Audience>,
}

/// What came of a frame.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// What only the host can do now.
    pub effects: Vec<Effect>,
    /// Something was pressed, or the window became another.
    pub has_events: bool,
    /// The audience saw the same as with the frame before.
    pub is_still: bool,
    /// Another frame is needed at once; else one is when the audience would see something else.
    pub moves: bool,
}

impl Window {
    /// A window that has shown nothing yet.
    pub fn new(theme: Theme, textures: Textures) -> Self {
        Self { theme, textures, displays: Vec::new(), may_go_dark: None, display_gone: None, shown: None }
    }

    /// Takes an image in that was decoded elsewhere.
    pub(crate) fn take_image(&mut self, path: Arc<str>, image: egui::ColorImage) {
        self.textures.insert(path, image);
        self.shown = None;
    }

    /// The displays of the machine, as the host found them before this frame.
    pub(crate) fn set_displays(&mut self, displays: Vec<Display>) {
        self.displays = displays;
    }

    /// Why the display may go dark, as the host found it before this frame.
    pub(crate) fn set_may_go_dark(&mut self, words: Option<String>) {
        self.may_go_dark = words;
    }

    /// That the audience's display was taken away, as the host found it before this frame.
    pub(crate) fn set_display_gone(&mut self, words: Option<String>) {
        self.display_gone = words;
    }

    /// What the last frame showed.
    pub(crate) fn shown(&self) -> Option<&Audience> {
        self.shown.as_ref()
    }

    /// Whether a frame was drawn before.
    pub(crate) fn has_drawn(&self) -> bool {
        self.shown.is_some()
    }

    /// One frame at a time of the talk: what was pressed passes the show's door, and what the audience sees is drawn into
    /// all of `ui`.
    pub fn frame(&mut self, ui: &mut Ui, show: &mut Show, now_secs: f64) -> Frame {
        let window = ui.ctx().content_rect();
        self.frame_within(ui, window, show, now_secs)
    }

    /// The same, where the stage is a part of the window.
    pub fn frame_within(&mut self, ui: &mut Ui, area: Rect, show: &mut Show, now_secs: f64) -> Frame {
        show.advance(now_secs);
        let ctx = ui.ctx().clone();
        let state = self.window_state(&ctx, area);
        let changed = (*show.presentation().window() != state).then_some(Event::Window(state));
        let talk = show.presentation();
        let pressed = keys::events_within(&ctx, talk.keymap(), Mode::of(talk), area);
        let events: Vec<Event> = changed.into_iter().chain(pressed).collect();
        let has_events = !events.is_empty();
        let events = events.into_iter();
        let effects = events.filter_map(|event| show.take(now_secs, event)).collect();
        if self.theme.name != show.seen().theme() {
            self.theme = Theme::load(show.seen().theme());
        }
        ctx.set_visuals(self.theme.visuals());
        // All of a stage is seen: to look for what is not would take as long as a third of all triangles.
        ctx.tessellation_options_mut(|options| options.coarse_tessellation_culling = false);
        let audience = show.audience();
        // What is painted to the edges of the window stays in the stage's part of it.
        let part = egui::UiBuilder::new().max_rect(area).id_salt("stage");
        ui.scope_builder(part, |ui| {
            ui.set_clip_rect(area.intersect(ui.clip_rect()));
            self.draw(ui, area, &audience);
            if let (Some(retold), Audience::Picture(_)) = (show.retold(), &audience) {
                say_told_again(ui, area, &self.theme, retold.date());
            }
        });
        let is_over = ctx.input(|input| input.pointer.latest_pos().is_none_or(|at| area.contains(at)));
        if let Some(cursor) = keys::cursor_of(show.presentation().tools()).filter(|_| is_over) {
            ctx.set_cursor_icon(cursor);
        }
        let is_still = self.shown.as_ref() == Some(&audience);
        self.shown = Some(audience);
        Frame { effects, has_events, is_still, moves: show.moves() }
    }

    fn window_state(&self, ctx: &egui::Context, area: Rect) -> WindowState {
        let size = area.size() * ctx.pixels_per_point();
        WindowState {
            full_screen: ctx.input(|input| input.viewport().fullscreen.unwrap_or(false)),
            size: [size.x.round() as u32, size.y.round() as u32],
            displays: self.displays.clone(),
            may_go_dark: self.may_go_dark.clone(),
            display_gone: self.display_gone.clone(),
        }
    }

    fn draw(&mut self, ui: &mut Ui, window: Rect, audience: &Audience) {
        match audience {
            Audience::Cover(cover) => {
                let is_black = *cover == Cover::Black;
                let color = if is_black { egui::Color32::BLACK } else { egui::Color32::WHITE };
                ui.painter().rect_filled(window, 0, color);
            }
            Audience::Picture(picture) => {
                let screen = Screen::fit(window);
                paint::paint(ui, picture, &screen, &self.theme, &mut self.textures);
                speak(ui, picture, &screen);
            }
        }
    }
}

/// Where the words below stand: in the margin under the caption, in stage units.
const TOLD_AGAIN: (Pos2, f32) = (pos2(96.0, 1054.0), 28.0);

/// A recorded talk is told again with the pictures that it had, its badges too: that none of it is of now stands below.
fn say_told_again(ui: &Ui, area: Rect, theme: &Theme, date: &str) {
    let screen = Screen::fit(area);
    let (at, size) = TOLD_AGAIN;
    let words = format!("recorded {date}, told again");
    let font = FontId::proportional(size * screen.scale);
    let color = theme.color(Ink::Text2);
    let rect = ui.painter().text(screen.point(at), Align2::LEFT_CENTER, &words, font, color);
    label(ui, rect, "told again", &words);
}

/// Says painted words to screen readers and tests, which do not see them: its id.
fn label(ui: &Ui, rect: Rect, id: &str, words: &str) -> Id {
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    response.id
}

/// Heading and caption are said as labels.
fn speak(ui: &Ui, picture: &Picture, screen: &Screen) {
    let near = picture.zoom.as_ref().map(|zoom| screen.through(zoom));
    let screen = near.as_ref().unwrap_or(screen);
    for mark in &picture.marks {
        let Thing::Furniture(what @ (Furniture::Heading | Furniture::Caption)) = mark.id.thing else { continue };
        if let Shape::Text(text) = &mark.shape {
            let rect = screen.area(mark.bounds(measure::bounds));
            let id = label(ui, rect, what.word(), &text.words);
            if what == Furniture::Caption {
                // A screen reader reads it out as soon as it is another one.
                ui.ctx().accesskit_node_builder(id, |node| node.set_live(egui::accesskit::Live::Polite));
            }
        }
    }
}
