//! What the room sees now, what comes next, and the steps of the scene.

use std::sync::Arc;

use egui::emath::{Align2, Pos2, Rect, pos2, vec2};
use egui::{Stroke, UiBuilder};

use crate::keys;
use crate::paint::{self, Screen, Textures};
use crate::picture::{Face, Picture, ThemeName};
use crate::presentation::over::Cover;
use crate::presentation::walk::WalkCommand;
use crate::presentation::{Audience, Presentation};
use crate::scene::library::Cut;
use crate::theme::Theme;
use crate::timeline::playhead::Position;

use super::desk::{Desk, Type, clock_words};

/// What pictures of the stage are drawn with: its theme, and the images of the talk.
pub(super) struct StageLook {
    pub(super) theme: Theme,
    pub(super) textures: Textures,
    /// The pointer is over the picture now.
    is_pointed: bool,
}

impl Default for StageLook {
    fn default() -> Self {
        Self { theme: Theme::load(ThemeName::Dark), textures: Textures::default(), is_pointed: false }
    }
}

impl StageLook {
    /// The theme that the stage has now.
    pub(super) fn follow(&mut self, theme: ThemeName) {
        if self.theme.name != theme {
            self.theme = Theme::load(theme);
        }
    }
}

/// The picture now with its head: where it is, and whether it is ready for the next press.
pub(super) fn now(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, look: &mut StageLook) {
    let (library, at, timing) = (talk.library(), talk.position(), talk.timing());
    let scene = &library.scenes[at.scene];
    let line = area.top() + 14.0;
    let tag = state_tag(desk, talk, pos2(area.left(), line));
    let ready_left = ready(desk, talk, pos2(area.right(), line));
    let of = format!("{} of {}", at.step + 1, scene.steps.len());
    let step_time = step_time_words(talk);
    let quiet = Type::new(18.0, desk.colors.text2);
    let [of_width, time_width] = [desk.width(&of, quiet), desk.width(&step_time, quiet)];
    let room = ready_left - tag.right() - of_width - time_width - 70.0;
    let title = desk.words(
        pos2(tag.right() + 12.0, line),
        Align2::LEFT_CENTER,
        &scene.title,
        Type::strong(19.0, desk.colors.text).within(room),
    );
    desk.words(pos2(title.right() + 12.0, line), Align2::LEFT_CENTER, &of, quiet);
    let over = timing.step_budget_secs > 0.0 && timing.step_secs > timing.step_budget_secs;
    let color = if over { desk.colors.text } else { desk.colors.least };
    let time_at = pos2(title.right() + 24.0 + of_width, line);
    let time = desk.words(time_at, Align2::LEFT_CENTER, &step_time, Type { color, ..quiet });
    desk.say(time, "step time", &step_time);
    let rest = Rect::from_min_max(pos2(area.left(), area.top() + 32.0), area.max);
    bare_now(desk, talk, rest, look);
}

/// How long the step is shown, of what it is given; and that it is no step of the plan, where it is none.
pub(super) fn step_time_words(talk: &Presentation) -> String {
    let timing = talk.timing();
    let time = format!("{} of {}", clock_words(timing.step_secs), clock_words(timing.step_budget_secs));
    if talk.is_told() { time } else { format!("{time}, {}", outside_words(talk.cut())) }
}

/// What a step is that the plan has not.
pub(super) fn outside_words(cut: Option<&Cut>) -> &'static str {
    if cut.is_some() { "not in cut" } else { "hidden" }
}

/// The ready bar and the picture.
pub(super) fn bare_now(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, look: &mut StageLook) {
    let bar = Rect::from_min_size(area.min, vec2(area.width(), 5.0));
    ready_bar(desk, talk, bar);
    let rect = Rect::from_min_max(pos2(area.left(), bar.bottom() + 5.0), area.max);
    let seen = talk.audience();
    let is_private = talk.cover().is_some() || talk.is_holding();
    match &seen {
        Audience::Picture(picture) if !is_private => draw(desk, picture, rect, look),
        Audience::Picture(_) | Audience::Cover(_) => draw(desk, &talk.private_picture(), rect, look),
    }
    desk.frame(rect, desk.colors.line, 1.0, 3.0);
    point(desk, talk, rect, look);
    if is_private {
        inset(desk, &seen, rect, look);
    }
    let (library, at) = (talk.library(), talk.position());
    let caption = library.scenes[at.scene].steps[at.step].caption.filled(&library.figures);
    desk.announce(rect, "caption", &caption);
}

/// The pointer over the picture is the stage's, and while a tool is in the hand its button too.
fn point(desk: &mut Desk<'_>, talk: &Presentation, rect: Rect, look: &mut StageLook) {
    let is_covered = desk.is_covered(rect) || talk.is_asking();
    let ctx = desk.ui.ctx().clone();
    let (screen, tools) = (Screen::fit(rect), talk.tools());
    let (events, is_there) = keys::pointer_since_last_frame(&ctx, &screen, tools, look.is_pointed);
    if is_covered {
        return;
    }
    look.is_pointed = is_there;
    desk.happen(events);
    if let Some(icon) = keys::cursor_of(tools).filter(|_| is_there) {
        ctx.set_cursor_icon(icon);
    }
}

/// What the room sees instead, in the corner.
fn inset(desk: &mut Desk<'_>, seen: &Audience, rect: Rect, look: &mut StageLook) {
    let size = vec2(rect.width() * 0.3, rect.width() * 0.3 * 9.0 / 16.0);
    let corner = Rect::from_min_size(rect.max - size - vec2(10.0, 10.0), size);
    match seen {
        Audience::Cover(Cover::Black) => desk.fill(corner, egui::Color32::BLACK, 3.0),
        Audience::Cover(Cover::White) => desk.fill(corner, egui::Color32::WHITE, 3.0),
        Audience::Picture(picture) => draw(desk, picture, corner, look),
    }
    desk.frame(corner, desk.colors.text, 2.0, 3.0);
    let label = Rect::from_min_size(corner.min - vec2(0.0, 24.0), vec2(corner.width(), 22.0));
    desk.fill(label, desk.colors.ground, 3.0);
    desk.words(
        label.left_center() + vec2(6.0, 0.0),
        Align2::LEFT_CENTER,
        "the room sees",
        Type::new(14.0, desk.colors.text2),
    );
}

/// The final picture of the next step with its head.
pub(super) fn next(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, look: &mut StageLook) {
    let line = area.top() + 14.0;
    let tag = desk.tag(pos2(area.left(), line), "NEXT", desk.colors.ground, desk.colors.text);
    desk.frame(tag, desk.colors.text2, 1.5, 5.0);
    let mut ahead = talk.ahead();
    let after = ahead.next();
    let head = after.map_or_else(|| "the end of the talk".to_owned(), |at| head_words(talk, at));
    desk.say(tag, "next", &format!("next: {head}"));
    let then = ahead.next().map(|at| format!("then {}", head_words(talk, at)));
    let then_width = area.width() * 0.4;
    let mut room = area.right() - tag.right() - 24.0;
    if let Some(then) = then {
        let look = Type::new(17.0, desk.colors.least);
        let rect = desk.words(pos2(area.right(), line), Align2::RIGHT_CENTER, &then, look.within(then_width));
        room -= rect.width() + 12.0;
    }
    desk.words(
        pos2(tag.right() + 12.0, line),
        Align2::LEFT_CENTER,
        &head,
        Type::new(18.0, desk.colors.text).within(room),
    );
    bare_next(desk, talk, Rect::from_min_max(pos2(area.left(), area.top() + 32.0), area.max), look);
}

/// The final picture of the next step.
pub(super) fn bare_next(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, look: &mut StageLook) {
    if let Some(at) = talk.ahead().next() {
        draw(desk, &talk.final_picture(at), area, look);
    } else {
        desk.fill(area, desk.colors.panel, 3.0);
        desk.words(area.center(), Align2::CENTER_CENTER, "This is the last step.", Type::new(18.0, desk.colors.text2));
    }
    desk.frame(area, desk.colors.line, 1.0, 3.0);
}

/// `"4  Checkpoint"`, or with the scene's title where it is another.
fn head_words(talk: &Presentation, at: Position) -> String {
    let library = talk.library();
    let scene = &library.scenes[at.scene];
    let heading = step_words(talk, at);
    if at.scene == talk.position().scene {
        format!("{}  {heading}", at.step + 1)
    } else {
        format!("{}:{}  {heading}", scene.id, at.step + 1)
    }
}

/// A step in a few words: its heading, or its caption where other steps have the same heading.
pub(super) fn step_words(talk: &Presentation, at: Position) -> Arc<str> {
    let library = talk.library();
    let steps = &library.scenes[at.scene].steps;
    let heading = steps[at.step].heading.filled(&library.figures);
    let is_own = steps.iter().filter(|step| step.heading == steps[at.step].heading).count() == 1;
    if !is_own || heading.is_empty() {
        return steps[at.step].caption.filled(&library.figures);
    }
    // What stands before a colon names the step; what follows says what is to be seen.
    heading.split_once(": ").map_or_else(|| heading.clone(), |(name, _)| name.into())
}

fn draw(desk: &mut Desk<'_>, picture: &Picture, rect: Rect, look: &mut StageLook) {
    // Its charts must not be taken for those of the picture beside it.
    let builder = UiBuilder::new().max_rect(rect).id_salt(("picture", rect.min.x as i32, rect.min.y as i32));
    desk.ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        paint::paint(ui, picture, &Screen::fit(rect), &look.theme, &mut look.textures);
    });
}

/// Now, or what covers it.
fn state_tag(desk: &Desk<'_>, talk: &Presentation, at: Pos2) -> Rect {
    let (words, ground, ink) = match (talk.cover(), talk.is_holding()) {
        (Some(Cover::Black), _) => ("BLACK", egui::Color32::BLACK, egui::Color32::WHITE),
        (Some(Cover::White), _) => ("WHITE", egui::Color32::WHITE, egui::Color32::BLACK),
        (None, true) => ("HOLD", egui::Color32::BLACK, egui::Color32::WHITE),
        (None, false) => ("NOW", desk.colors.hand, desk.colors.ground),
    };
    let rect = desk.tag(at, words, ground, ink);
    if words != "NOW" {
        desk.frame(rect, desk.colors.text, 1.5, 5.0);
    }
    desk.say(rect, "state", words);
    rect
}

/// Whether the next press goes on, or ends a motion. Where it begins.
pub(super) fn ready(desk: &Desk<'_>, talk: &Presentation, right_center: Pos2) -> f32 {
    let is_private = talk.cover().is_some() || talk.is_holding();
    let is_ready = talk.is_settled();
    let words = match (is_private, is_ready) {
        (true, _) => "private",
        (false, true) => "READY",
        (false, false) => "MOVING",
    };
    let color = if is_private { desk.colors.least } else { desk.colors.text };
    let rect = desk.words(right_center, Align2::RIGHT_CENTER, words, Type::strong(18.0, color));
    let at = pos2(rect.left() - 16.0, right_center.y);
    match (is_private, is_ready) {
        (true, _) => return rect.left(),
        (false, true) => desk.ui.painter().circle_filled(at, 8.0, color),
        (false, false) => desk.ui.painter().circle_stroke(at, 7.0, Stroke::new(2.5, color)),
    };
    at.x - 8.0
}

/// Solid when ready; an outline that fills with the motion's time; dashed while the room sees something else.
pub(super) fn ready_bar(desk: &Desk<'_>, talk: &Presentation, bar: Rect) {
    if talk.cover().is_some() || talk.is_holding() {
        let dashes = egui::Shape::dashed_line(
            &[bar.left_center(), bar.right_center()],
            Stroke::new(2.0, desk.colors.text2),
            8.0,
            6.0,
        );
        desk.ui.painter().extend(dashes);
        return;
    }
    let progress = talk.progress() as f32;
    if progress < 1.0 {
        desk.frame(bar, desk.colors.text2, 1.0, 2.5);
    }
    let color = if progress < 1.0 { desk.colors.text2 } else { desk.colors.text };
    desk.fill(Rect::from_min_size(bar.min, vec2(bar.width() * progress, bar.height())), color, 2.5);
}

/// The steps of the scene, as wide as their seconds: seen, shown, and dashed where the plan has them not. A press goes there.
pub(super) fn steps(desk: &mut Desk<'_>, talk: &Presentation, area: Rect, has_words: bool) {
    let (library, at, timing) = (talk.library(), talk.position(), talk.timing());
    let scene = &library.scenes[at.scene];
    let plan = library.planned(talk.cut());
    let weight = |step: usize| scene.steps[step].budget_secs.max(20) as f32;
    let total: f32 = (0..scene.steps.len()).map(weight).sum();
    let mut left = area.left();
    for step in 0..scene.steps.len() {
        let width = area.width() * weight(step) / total;
        let rect = Rect::from_min_size(pos2(left, area.top()), vec2(width - 4.0, area.height()));
        left += width;
        let place = Position { step, ..at };
        let (is_here, planned) = (step == at.step, plan.iter().any(|(told, _)| *told == place));
        let heading = step_words(talk, place);
        let pressed = desk.press(rect, &format!("go to step {} {heading}", step + 1));
        if planned {
            desk.fill(rect, if is_here { desk.colors.hand_low } else { desk.colors.raised }, 4.0);
        } else {
            let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
            let stroke = if is_here { Stroke::new(2.0, desk.colors.hand) } else { Stroke::new(1.0, desk.colors.line) };
            desk.ui.painter().extend(egui::Shape::dashed_line(&corners, stroke, 4.0, 3.0));
        }
        if is_here {
            let told = (timing.step_secs / timing.step_budget_secs.max(1.0)).min(1.0) as f32;
            desk.fill(
                Rect::from_min_size(rect.min, vec2(rect.width() * told, rect.height())),
                desk.colors.hand.gamma_multiply(if planned { 0.45 } else { 0.2 }),
                4.0,
            );
            if planned {
                desk.frame(rect, desk.colors.hand, 2.0, 4.0);
            }
        }
        let color = if is_here {
            desk.colors.text
        } else if planned {
            desk.colors.text2
        } else {
            desk.colors.least
        };
        let seen = talk.has_seen(&library.address(place)) && !is_here;
        let number = if seen { "✓".to_owned() } else { (step + 1).to_string() };
        let outside = outside_words(talk.cut());
        let words = match (has_words, planned, is_here) {
            (true, true, _) => format!("{number}  {heading}"),
            (true, false, true) => format!("{number}  {outside}: {heading}"),
            (true, false, false) => format!("{number}  {outside}"),
            (false, ..) => number,
        };
        let look = Type { face: Face::Medium, ..Type::new(15.0, color) };
        desk.words(rect.left_center() + vec2(8.0, 0.0), Align2::LEFT_CENTER, &words, look.within(rect.width() - 14.0));
        if pressed.clicked {
            desk.send(WalkCommand::Jump(library.address(place)));
        }
    }
}
