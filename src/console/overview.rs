//! The whole talk at a glance: a column a section, each scene with its last picture and its steps, and below them the steps of
//! the scene that is chosen. A press, or the arrows and Enter, go there; the room sees none of it.

mod deck;
mod foot;
mod head;
mod thumbs;

use egui::emath::{Align2, Rect, pos2, vec2};
use egui::{Context, Key, Modifiers};

use crate::presentation::Presentation;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::Event;
use crate::presentation::walk::WalkCommand;
use crate::timeline::playhead::Position;

use super::desk::{Desk, Type, clock_words};
use super::stage::StageLook;

pub(super) use self::deck::Deck;
use self::deck::Preview;
pub(super) use self::head::FIELD;
pub(super) use self::thumbs::Thumbs;

/// Of the head, of the sections' titles, and of what stands below a scene's picture, in points.
const HEAD: f32 = 60.0;
const TITLES: f32 = 34.0;
const BELOW: f32 = 36.0;

/// What of the overview is the console's own.
#[derive(Default)]
pub(super) struct Overview {
    pub(super) thumbs: Thumbs,
    preview: Preview,
}

/// The arrows, while the overview is open: Left and Right a scene on, Up and Down too, as the columns read downward. Tab
/// chooses among the steps of a scene.
pub(super) fn key_events(ctx: &Context) -> Vec<Event> {
    let (none, shift) = (Modifiers::NONE, Modifiers::SHIFT);
    let ways = [
        (none, Key::ArrowDown, DeskCommand::Choose(1)),
        (none, Key::ArrowRight, DeskCommand::Choose(1)),
        (none, Key::ArrowUp, DeskCommand::Choose(-1)),
        (none, Key::ArrowLeft, DeskCommand::Choose(-1)),
        // Shift stands first: a key with it counts as one without, too.
        (shift, Key::Tab, DeskCommand::ChooseStep(-1)),
        (none, Key::Tab, DeskCommand::ChooseStep(1)),
    ];
    let pressed = |(modifiers, key, command): (Modifiers, Key, DeskCommand)| {
        let count = ctx.input_mut(|input| input.count_and_consume_key(modifiers, key));
        (0..count).map(move |_| Event::Command(command.into()))
    };
    ways.into_iter().flat_map(pressed).collect()
}

impl Overview {
    /// The overview is closed: no cut is looked at any more.
    pub(super) fn close(&mut self) {
        self.preview = Preview::Told;
    }

    /// Draws the overview over the whole console. Whether pictures are still to be drawn.
    pub(super) fn draw(
        &mut self,
        desk: &mut Desk<'_>,
        (talk, look): (&Presentation, &StageLook),
        (area, time_of_day): (Rect, &str),
    ) -> bool {
        let library = talk.library();
        let deck = match &self.preview {
            Preview::Told => Deck::new(talk, look),
            Preview::Whole => Deck::by_cut(talk, look, None),
            Preview::Cut(id) => Deck::by_cut(talk, look, library.cuts.iter().find(|cut| cut.id == *id)),
        };
        desk.fill(area, desk.colors.ground, 0.0);
        let head = Rect::from_min_size(area.min, vec2(area.width(), HEAD));
        head::draw(desk, &deck, &mut self.preview, (head, time_of_day));
        desk.rule(head.left_bottom(), area.width());
        let foot_height = (area.height() * 0.21).clamp(118.0, 190.0);
        let foot = Rect::from_min_max(pos2(area.left(), area.bottom() - foot_height), area.max);
        let body = Rect::from_min_max(head.left_bottom(), foot.right_top()).shrink2(vec2(20.0, 6.0));
        desk.fill(foot, desk.colors.panel, 0.0);
        desk.rule(foot.left_top(), area.width());
        // The steps of the chosen scene come first: they are looked at, where pictures are still to be drawn.
        let chosen = talk.desk().overview.as_ref().and_then(|id| library.scene_index(id));
        let waits = chosen
            .is_some_and(|chosen| foot::draw(&mut self.thumbs, desk, (&deck, chosen), foot.shrink2(vec2(20.0, 10.0))));
        self.columns(desk, &deck, body) || waits
    }

    /// A column a section, with its title and its seconds.
    fn columns(&mut self, desk: &mut Desk<'_>, deck: &Deck<'_>, area: Rect) -> bool {
        let library = deck.talk.library();
        let in_section = |section| {
            let scenes = (0..library.scenes.len()).filter(move |scene| library.entries[*scene].section == section);
            scenes.collect::<Vec<usize>>()
        };
        let columns: Vec<Vec<usize>> =
            (0..=library.sections.len()).map(in_section).filter(|column| !column.is_empty()).collect();
        let is_aside = |column: &[usize]| column.iter().all(|scene| library.entries[*scene].hidden);
        // Every scene is as large as the fullest column lets it be.
        let most = columns.iter().filter(|column| !is_aside(column)).map(Vec::len).max().unwrap_or(1);
        let width = (area.width() + 12.0) / columns.len().max(1) as f32;
        let room = (area.height() - TITLES) / most as f32;
        let cell = vec2(width - 12.0, room.min((width - 12.0) * 0.5625 + BELOW + 8.0));
        let mut waits = false;
        for (nth, column) in columns.iter().enumerate() {
            let at = pos2(area.left() + nth as f32 * width, area.top());
            let (section, aside) = (library.entries[column[0]].section, is_aside(column));
            let title = library.sections.get(section).map_or("Not in the deck", String::as_str);
            let secs: f64 = column.iter().flat_map(|scene| deck.told(*scene)).sum();
            let secs = if aside { "hidden".to_owned() } else { clock_words(secs) };
            let small = Type::new(14.0, desk.colors.least);
            let line = at.y + 14.0;
            let right = desk.words(pos2(at.x + cell.x, line), Align2::RIGHT_CENTER, &secs, small).left();
            let look = Type::strong(15.0, desk.colors.text).within(right - at.x - 8.0);
            desk.words(pos2(at.x, line), Align2::LEFT_CENTER, title, look);
            desk.rule(pos2(at.x, at.y + TITLES - 8.0), cell.x);
            let low = (area.height() - TITLES) / column.len() as f32;
            for (row, scene) in column.iter().enumerate() {
                let height = if aside { low.min(48.0) } else { cell.y };
                let corner = at + vec2(0.0, TITLES + row as f32 * height);
                let rect = Rect::from_min_size(corner, vec2(cell.x, height - 6.0));
                waits |= self.scene(desk, deck, (*scene, aside), rect);
            }
        }
        waits
    }

    /// A scene: its last picture with its title and its steps below, or beside it where it is one of those that stand aside.
    fn scene(&mut self, desk: &mut Desk<'_>, deck: &Deck<'_>, (scene, aside): (usize, bool), rect: Rect) -> bool {
        let talk = deck.talk;
        let library = talk.library();
        let (read, entry) = (&library.scenes[scene], library.entries[scene]);
        let is_here = talk.position().scene == scene;
        let is_chosen = talk.desk().overview.as_ref().is_some_and(|id| *id == read.id);
        let is_told = !deck.told(scene).is_empty();
        let pressed = desk.press(rect, &format!("overview: {}", read.title));
        let room = if aside { vec2(rect.width() * 0.4, rect.height()) } else { rect.size() - vec2(0.0, BELOW - 6.0) };
        let size = vec2(room.x.min(room.y / 0.5625), room.y.min(room.x * 0.5625)).max(vec2(1.0, 1.0));
        let picture = Rect::from_min_size(rect.min, size);
        let waits = self.thumbs.picture(desk, deck, scene, picture);
        let is_bright = (is_told || aside) && deck.is_meant(scene);
        if !is_bright {
            desk.fill(picture, desk.colors.ground.gamma_multiply(0.6), 3.0);
        }
        if is_here && picture.height() > 52.0 {
            let tag = desk.tag(picture.left_bottom() + vec2(4.0, -16.0), "NOW", desk.colors.hand, desk.colors.ground);
            desk.frame(tag, desk.colors.ground, 1.0, 5.0);
        }
        match (is_chosen, is_here) {
            (true, _) => desk.frame(picture.expand(2.0), desk.colors.text, 2.5, 4.0),
            (false, true) => desk.frame(picture.expand(1.0), desk.colors.hand, 2.5, 4.0),
            (false, false) if pressed.hovered => desk.frame(picture, desk.colors.text2, 1.5, 3.0),
            (false, false) if aside => dashed_frame(desk, picture),
            (false, false) => desk.frame(picture, desk.colors.line, 1.0, 3.0),
        }
        let color = if is_bright { desk.colors.text } else { desk.colors.least };
        let number = (scene + 1).to_string();
        let facts = deck.facts(scene);
        desk.say(picture, &format!("overview {}", read.id), &format!("{number}  {}: {facts}", read.title));
        let quiet = Type::new(15.0, if is_bright { desk.colors.text2 } else { desk.colors.least });
        let at =
            if aside { picture.right_center() + vec2(8.0, 0.0) } else { pos2(rect.left(), picture.bottom() + 12.0) };
        let title_at = desk.words(at, Align2::LEFT_CENTER, &number, quiet).right() + 6.0;
        let mut right = rect.right();
        if deck.seen(scene) == read.steps.len() {
            desk.tick(pos2(right - 7.0, at.y), color);
            right -= 20.0;
        }
        if entry.must {
            desk.pin(pos2(right - 7.0, at.y), color);
            right -= 20.0;
        }
        let look = Type { face: crate::picture::Face::Medium, ..Type::new(15.0, color) };
        desk.words(pos2(title_at, at.y), Align2::LEFT_CENTER, &read.title, look.within(right - title_at));
        if !aside {
            let bar = Rect::from_min_size(pos2(rect.left(), picture.bottom() + 23.0), vec2(rect.width(), 5.0));
            steps_bar(desk, deck, scene, bar);
        }
        if pressed.clicked {
            let first = Position::first_of(scene, talk.cut());
            desk.send(WalkCommand::Jump(library.address(first)));
            desk.send(DeskCommand::Overview);
        }
        waits
    }
}

/// The steps of a scene by their seconds: seen, shown, told, and a line where they are not.
fn steps_bar(desk: &Desk<'_>, deck: &Deck<'_>, scene: usize, bar: Rect) {
    let (talk, library) = (deck.talk, deck.talk.library());
    let steps = &library.scenes[scene].steps;
    let weight = |step: usize| steps[step].budget_secs.max(10) as f32;
    let total: f32 = (0..steps.len()).map(weight).sum();
    let mut left = bar.left();
    for step in 0..steps.len() {
        let (at, wide) = (Position { scene, step }, bar.width() * weight(step) / total.max(1.0));
        let rect = Rect::from_min_size(pos2(left, bar.top()), vec2((wide - 2.0).max(1.0), bar.height()));
        left += wide;
        if !deck.plan.iter().any(|(told, _)| *told == at) {
            desk.rule(rect.left_center(), rect.width());
            continue;
        }
        let color = if talk.position() == at {
            desk.colors.hand
        } else if talk.has_seen(&library.address(at)) {
            desk.colors.text2
        } else {
            desk.colors.line
        };
        desk.fill(rect, color, 1.0);
    }
}

fn dashed_frame(desk: &Desk<'_>, rect: Rect) {
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    let stroke = egui::Stroke::new(1.0, desk.colors.least);
    desk.ui.painter().extend(egui::Shape::dashed_line(&corners, stroke, 4.0, 3.0));
}
