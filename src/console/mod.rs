//! The presenter's window: what the room sees, what comes next, the notes, the time, and what is wrong.
//!
//! One function from show, time of day and input to a frame, as the audience's window is. What is pressed or clicked comes
//! back as events, which pass the same door. Nothing of it is ever drawn for the room.

mod beside;
mod blocks;
mod boxes;
mod desk;
mod doctor;
mod feeds;
mod lab;
mod minutes;
mod notes;
mod overview;
mod phone;
mod problems;
mod recording;
mod simulated;
mod stage;
mod stopped;
mod strip;
mod tape;
mod time;
mod toolbar;

use egui::emath::{Rect, pos2, vec2};
use egui::{Context, Key, Ui};

use crate::keys::{self, Mode};
use crate::presentation::Presentation;
use crate::presentation::desk::DeskPage;
use crate::presentation::event::Event;
use crate::scene::address::Address;
use crate::show::{Retold, Show};

pub use self::beside::{Beside, PhoneCode};
use self::desk::Desk;
use self::stage::StageLook;

/// Below this width or height less is shown.
const SMALL: egui::Vec2 = vec2(1180.0, 760.0);
/// Room at the edges and between parts.
const MARGIN: f32 = 20.0;
/// A frame each so many seconds while something moves, and while only the clocks go on.
const MOVING_SECS: f64 = 1.0 / 20.0;
const STILL_SECS: f64 = 1.0;

/// What the console keeps from frame to frame.
#[derive(Default)]
pub struct Console {
    look: desk::DeskLook,
    page: TalkPage,
    overview: overview::Overview,
    divider: strip::Divider,
    lab: lab::LabLook,
}

/// What is shown of the talk that the audience sees, and what is around it: the same, unless a recorded one is told again.
struct ConsoleSeen<'a> {
    talk: &'a Presentation,
    around: &'a Presentation,
    retold: Option<&'a Retold>,
    beside: &'a Beside,
}

impl ConsoleSeen<'_> {
    /// The talk that stopped, unless a recorded one is told again: then nothing else is gone on with.
    fn stopped(&self) -> Option<&str> {
        self.beside.stopped.as_deref().filter(|_| self.retold.is_none())
    }
}

/// The page of the talk: now, next, notes and the rest.
#[derive(Default)]
struct TalkPage {
    stage: StageLook,
    /// The step whose notes are shown, and how far they were scrolled by keys.
    notes_at: Option<(Address, u32)>,
}

/// What came of a frame.
#[derive(Debug, Default)]
pub struct ConsoleFrame {
    pub events: Vec<Event>,
    /// Another frame is needed after so many seconds, if nothing happens before.
    pub next_secs: f64,
}

impl Console {
    /// Takes an image in that was decoded elsewhere.
    pub(crate) fn take_image(&mut self, path: std::sync::Arc<str>, image: egui::ColorImage) {
        self.page.stage.textures.insert(path, image);
    }

    /// One frame.
    pub fn frame(&mut self, ui: &mut Ui, show: &Show, beside: &Beside) -> ConsoleFrame {
        let around = show.presentation();
        let seen = ConsoleSeen { talk: show.seen(), around, retold: show.retold(), beside };
        let ctx = ui.ctx().clone();
        let is_typing = self.lab_takes_keys(&ctx, around);
        let of_controls = take_control_keys(&ctx, around);
        let mut events = if is_typing { Vec::new() } else { key_events(&ctx, around) };
        ctx.input_mut(|input| input.events.extend(of_controls));
        self.page.stage.follow(seen.talk.theme());
        ctx.set_visuals(egui::Visuals::dark());
        let area = ui.max_rect();
        let mut desk = Desk::new(ui, &self.look, around.desk().notes_points, &mut events);
        desk.fill(area, desk.colors.ground, 0.0);
        desk.lie_under([boxes::place(around, area), simulated::place(around, area)]);
        // What a page hides wholly is not there.
        match (has_page(around), area.width() < SMALL.x || area.height() < SMALL.y) {
            (true, _) => {}
            (false, true) => self.page.small(&mut desk, &seen, area),
            (false, false) => self.page.large(&mut desk, &seen, area),
        }
        let look = (&mut self.overview, &self.page.stage, &mut self.lab);
        let waits = over(&mut desk, around, look, (area, beside));
        let moves = !seen.talk.is_settled() || show.moves() || waits;
        ConsoleFrame { events, next_secs: if moves { MOVING_SECS } else { STILL_SECS } }
    }

    /// Lets the engineers' page have its keys, where it is open. Whether letters go to its filter.
    fn lab_takes_keys(&mut self, ctx: &egui::Context, talk: &Presentation) -> bool {
        let is_lab = talk.desk().page == Some(DeskPage::Engineers);
        let is_typing = is_lab && lab::is_typing(ctx);
        if is_lab && !is_typing {
            self.lab.take_keys(ctx, talk);
        }
        is_typing
    }

    /// The console's part of the stage's window, where it is below the picture.
    pub fn part_of(&self, talk: &Presentation, window: Rect) -> Rect {
        self.divider.part(talk, window)
    }

    /// One frame of the console below the stage's picture. Keys that no page of its own takes are left to the stage.
    pub fn frame_below(&mut self, ui: &mut Ui, area: Rect, show: &Show, beside: &Beside) -> ConsoleFrame {
        let (talk, around) = (show.seen(), show.presentation());
        let ctx = ui.ctx().clone();
        let is_typing = self.lab_takes_keys(&ctx, around);
        let of_controls = take_control_keys(&ctx, around);
        let mut events = page_key_events(&ctx, around);
        ctx.input_mut(|input| input.events.extend(of_controls));
        self.page.stage.follow(talk.theme());
        let builder = egui::UiBuilder::new().max_rect(area).id_salt("console below");
        let mut waits = false;
        ui.scope_builder(builder, |ui| {
            ui.set_clip_rect(area);
            let mut desk = Desk::new(ui, &self.look, around.desk().notes_points, &mut events);
            desk.fill(area, desk.colors.ground, 0.0);
            desk.lie_under([boxes::place(around, area), simulated::place(around, area)]);
            let mut part = area;
            if let Some(retold) = show.retold().filter(|_| !has_page(around)) {
                let bar =
                    Rect::from_min_max(pos2(area.left() + 20.0, area.bottom() - 40.0), area.max - vec2(20.0, 4.0));
                part.set_bottom(bar.top() - 4.0);
                tape::bar(&mut desk, retold, bar, true);
            }
            if !has_page(around) {
                strip::draw(&mut desk, talk, (&mut self.divider, &mut self.page.stage), (part, beside));
            }
            let look = (&mut self.overview, &self.page.stage, &mut self.lab);
            waits = over(&mut desk, around, look, (area, beside));
        });
        drop(take_control_keys(&ctx, around));
        if is_typing {
            // What was typed into a field is no command of the stage, which comes after.
            let is_typed = |event: &egui::Event| matches!(event, egui::Event::Text(_) | egui::Event::Key { .. });
            ctx.input_mut(|input| input.events.retain(|event| !is_typed(event)));
        }
        let moves = !talk.is_settled() || show.moves() || waits;
        ConsoleFrame { events, next_secs: if moves { MOVING_SECS } else { STILL_SECS } }
    }
}

impl TalkPage {
    /// Everything, on a laptop's whole screen.
    fn large(&mut self, desk: &mut Desk<'_>, seen: &ConsoleSeen<'_>, area: Rect) {
        let &ConsoleSeen { talk, around, retold, beside } = seen;
        let inner = area.shrink2(vec2(MARGIN, 0.0));
        let top = Rect::from_min_size(inner.min, vec2(inner.width(), 88.0));
        time::top(desk, talk, top, beside);
        let strip = Rect::from_min_size(pos2(inner.left(), top.bottom() + 6.0), vec2(inner.width(), 24.0));
        match retold {
            Some(retold) => tape::bar(desk, retold, strip.with_max_y(strip.bottom() + tape::LANE), true),
            None => time::strip(desk, talk, strip, true),
        }
        let below = strip.bottom() + 14.0;
        desk.rule(pos2(area.left(), below), area.width());
        let page = Rect::from_min_max(pos2(inner.left(), below + 12.0), pos2(inner.right(), area.bottom() - 10.0));
        let page = stopped::line(desk, talk, seen.stopped(), page);
        let split = inner.left() + inner.width() * 0.571;
        let left = page.with_max_x(split);
        let right = page.with_min_x(split + MARGIN);
        // The current picture takes what the strips and rows below it leave, up to the column's width.
        let rows = 32.0 + 46.0 + 190.0 + 48.0;
        let height = (left.height() - rows - 20.0).min(left.width() * 9.0 / 16.0).max(120.0);
        let now = Rect::from_min_size(left.min, vec2(left.width(), 40.0 + height));
        stage::now(desk, talk, now, &mut self.stage);
        let steps = Rect::from_min_size(pos2(left.left(), now.bottom() + 8.0), vec2(left.width(), 34.0));
        stage::steps(desk, talk, steps, true);
        let tools = Rect::from_min_max(pos2(left.left(), left.bottom() - 42.0), left.max);
        let mut rows_bottom = tools.top() - 8.0;
        if let Some(recording) = &beside.recording {
            recording::line(desk, recording, pos2(left.right(), tools.top() - 16.0), left.width());
            rows_bottom -= 22.0;
        }
        let rows = Rect::from_min_max(pos2(left.left(), steps.bottom() + 14.0), pos2(left.right(), rows_bottom));
        feeds::rows(desk, talk, rows);
        match retold {
            Some(retold) => tape::controls(desk, around, retold, tools),
            None => toolbar::bar(desk, talk, &toolbar::BAR, tools, |name| toolbar::is_in_hand(talk.tools(), name)),
        }
        let next_height = 40.0 + (right.width() * 9.0 / 16.0).min(right.height() * 0.46);
        let next = Rect::from_min_size(right.min, vec2(right.width(), next_height));
        stage::next(desk, talk, next, &mut self.stage);
        let notes = Rect::from_min_max(pos2(right.left(), next.bottom() + 12.0), right.max);
        notes::draw(desk, talk, notes, &mut self.notes_at);
    }

    /// What must stay on a small screen: now, next, notes, time.
    fn small(&mut self, desk: &mut Desk<'_>, seen: &ConsoleSeen<'_>, area: Rect) {
        let &ConsoleSeen { talk, retold, beside, .. } = seen;
        let inner = area.shrink2(vec2(16.0, 0.0));
        let top = Rect::from_min_size(inner.min, vec2(inner.width(), 72.0));
        time::small_top(desk, talk, top, beside);
        if let Some(recording) = &beside.recording {
            recording::line(desk, recording, pos2(top.right(), top.bottom() - 12.0), top.width() * 0.4);
        }
        let strip = Rect::from_min_size(pos2(inner.left(), top.bottom() + 4.0), vec2(inner.width(), 8.0));
        let mut begin = strip.bottom() + 14.0;
        if let Some(retold) = retold {
            let bar = strip.with_max_y(strip.top() + 18.0 + tape::LANE);
            begin = bar.bottom() + 6.0;
            tape::bar(desk, retold, bar, false);
        } else {
            time::strip(desk, talk, strip, false);
        }
        let rest = Rect::from_min_max(pos2(inner.left(), begin), pos2(inner.right(), area.bottom()));
        let begin = stopped::line(desk, talk, seen.stopped(), rest).top();
        let height = ((area.bottom() - begin) * 0.62).min(inner.width() * 0.6 * 9.0 / 16.0 + 10.0);
        let split = inner.left() + inner.width() * 0.597;
        let now = Rect::from_min_max(pos2(inner.left(), begin), pos2(split, begin + height));
        stage::bare_now(desk, talk, now, &mut self.stage);
        let right = Rect::from_min_max(pos2(split + 16.0, begin + 8.0), pos2(inner.right(), begin + height));
        let next_height = (right.width() * 9.0 / 16.0).min(right.height() - 96.0);
        let next = Rect::from_min_size(right.min, vec2(right.width(), next_height));
        stage::bare_next(desk, talk, next, &mut self.stage);
        let plates = Rect::from_min_size(pos2(right.left(), next.bottom() + 12.0), vec2(right.width(), 24.0));
        feeds::plates(desk, talk, plates);
        let steps = Rect::from_min_max(pos2(right.left(), right.bottom() - 34.0), right.max);
        stage::steps(desk, talk, steps, false);
        let notes =
            Rect::from_min_max(pos2(inner.left(), begin + height + 12.0), pos2(inner.right(), area.bottom() - 10.0));
        notes::draw(desk, talk, notes, &mut self.notes_at);
    }
}

/// Whether a page of its own hides the talk wholly.
fn has_page(talk: &Presentation) -> bool {
    let desk = talk.desk();
    let is_asked = || talk.shortened().is_some();
    desk.overview.is_some()
        || desk.page.as_ref().is_some_and(|page| !matches!(page, DeskPage::MinutesLeft(_)) || is_asked())
}

/// What lies over the talk: a page, the sheet of the simulated lab, boxes. Whether there is more to draw of it.
fn over(
    desk: &mut Desk<'_>,
    talk: &Presentation,
    (overview, look, lab): (&mut overview::Overview, &StageLook, &mut lab::LabLook),
    (area, beside): (Rect, &Beside),
) -> bool {
    let waits = page_over(desk, talk, (overview, look, lab), (area, beside));
    desk.lie_under([boxes::place(talk, area), None]);
    simulated::draw(desk, talk, area);
    desk.lie_under([None; 2]);
    boxes::draw(desk, talk, area);
    waits
}

/// A page over the talk, where one is open. Whether there is more to draw of it.
fn page_over(
    desk: &mut Desk<'_>,
    talk: &Presentation,
    (overview, look, lab): (&mut overview::Overview, &StageLook, &mut lab::LabLook),
    (area, beside): (Rect, &Beside),
) -> bool {
    if !talk.desk().is_covered() {
        overview.close();
        return false;
    }
    let time_of_day = beside.time_of_day.as_str();
    overview.thumbs.begin_frame(talk, look);
    if talk.desk().overview.is_some() {
        return overview.draw(desk, (talk, look), (area, time_of_day));
    }
    overview.close();
    match &talk.desk().page {
        Some(DeskPage::Engineers) => lab.draw(desk, talk, area, time_of_day),
        Some(DeskPage::Doctor(clicker)) => doctor::draw(desk, talk, (&beside.checkup, clicker), (area, time_of_day)),
        Some(DeskPage::Problems) => problems::draw(desk, talk, area),
        Some(DeskPage::Phone) => phone::draw(desk, beside.phone.as_ref(), area),
        Some(DeskPage::MinutesLeft(_)) | None => {
            let Some(asked) = talk.shortened() else { return false };
            return minutes::draw(
                desk,
                (&mut overview.thumbs, &overview::Deck::new(talk, look)),
                &asked,
                (area, time_of_day),
            );
        }
    }
    false
}

/// Whether what lies over the talk has controls that Tab goes through. The overview chooses by it, and the doctor hears each
/// key.
fn has_controls(talk: &Presentation) -> bool {
    let desk = talk.desk();
    let has_own = desk.overview.is_none() && !desk.is_doctor() && !talk.is_asking();
    has_own && (has_page(talk) || talk.simulated().is_open)
}

/// Takes the presses away that belong to those controls: Tab goes from one to the next, and Enter and Space press the one
/// that has the focus.
fn take_control_keys(ctx: &Context, talk: &Presentation) -> Vec<egui::Event> {
    if !has_controls(talk) {
        return Vec::new();
    }
    let has_focus = ctx.memory(|memory| memory.focused().is_some());
    ctx.input_mut(|input| {
        let is_theirs = |event: &mut egui::Event| match event {
            egui::Event::Key { key: Key::Tab, .. } => true,
            egui::Event::Key { key: Key::Enter | Key::Space, .. } => has_focus,
            _ => false,
        };
        input.events.extract_if(.., is_theirs).collect()
    })
}

/// What was pressed on the console. Its pointer is not the stage's, and clicks belong to its own controls.
fn key_events(ctx: &Context, talk: &Presentation) -> Vec<Event> {
    let own = page_key_events(ctx, talk);
    if own.is_empty() { keys::keys_since_last_frame(ctx, talk.keymap(), Mode::of(talk)) } else { own }
}

/// The keys that belong to the page that is open, and to nothing else while it is.
fn page_key_events(ctx: &Context, talk: &Presentation) -> Vec<Event> {
    if talk.is_asking() {
        return Vec::new();
    }
    match (&talk.desk().overview, talk.shortened()) {
        (Some(_), _) => overview::key_events(ctx),
        (None, Some(asked)) => minutes::key_events(ctx, asked.minutes),
        (None, None) => Vec::new(),
    }
}
