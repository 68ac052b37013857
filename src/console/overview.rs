//! The whole talk at a glance: a column a section, each scene with its last picture and its steps. A press, or the arrows and
//! Enter, go there; the room sees none of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::emath::{Align2, Rect, pos2, vec2};
use egui::{ColorImage, Context, Key, TextureHandle, TextureOptions};

use crate::plural::counted;
use crate::presentation::Presentation;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::Event;
use crate::presentation::walk::WalkCommand;
use crate::render::Renderer;
use crate::timeline::playhead::Position;

use super::desk::{Desk, Type, clock_words};
use super::stage::{self, StageLook};

/// Of a scene's picture, in pixels.
const THUMB: [u32; 2] = [384, 216];

/// The talk that is shown, with how its pictures look and what of it is told.
pub(super) struct Deck<'a> {
    talk: &'a Presentation,
    look: &'a StageLook,
    plan: Vec<(Position, f64)>,
    /// Where next leads.
    next: Option<Position>,
}

impl<'a> Deck<'a> {
    pub(super) fn new(talk: &'a Presentation, look: &'a StageLook) -> Self {
        Self { talk, look, plan: talk.library().planned(talk.cut()), next: talk.ahead().next() }
    }

    pub(super) fn talk(&self) -> &'a Presentation {
        self.talk
    }

    /// The seconds of each step of a scene that is told.
    fn told(&self, scene: usize) -> Vec<f64> {
        self.plan.iter().filter(|(at, _)| at.scene == scene).map(|(_, secs)| *secs).collect()
    }

    /// A scene in a line: how many steps of it are told and how long; of one that is not told, how many and how long it is.
    fn facts(&self, scene: usize) -> String {
        let library = self.talk.library();
        let (read, entry, told) = (&library.scenes[scene], library.entries[scene], self.told(scene));
        let all = counted(read.steps.len(), "step");
        let (steps, secs) = match told.len() {
            0 => (all, read.steps.iter().map(|step| f64::from(step.budget_secs)).sum()),
            count if count < read.steps.len() => (format!("{count} of {all}"), told.iter().sum()),
            _ => (all, told.iter().sum()),
        };
        let is_here = self.talk.position().scene == scene;
        let seen = (0..read.steps.len()).all(|step| self.talk.has_seen(&library.address(Position { scene, step })));
        let marks = [
            (entry.must, "must"),
            (seen, "✓"),
            (entry.hidden, "hidden"),
            (told.is_empty() && !entry.hidden, stage::outside_words(self.talk)),
            (self.next.is_some_and(|next| next.scene == scene) && !is_here, "next"),
        ];
        let marks: Vec<&str> = marks.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
        format!("{steps}  {}  {}", clock_words(secs), marks.join("  ")).trim_end().to_owned()
    }
}

/// The last pictures of scenes, drawn once each.
#[derive(Default)]
pub(super) struct Thumbs {
    renderer: Option<Renderer>,
    drawn: BTreeMap<Arc<str>, TextureHandle>,
    /// What they were drawn of: another deck, or another theme, needs others.
    of: Option<(usize, crate::picture::ThemeName)>,
    /// One is drawn a frame, so that none takes long.
    has_drawn: bool,
}

/// The arrows, while the overview is open: Left and Right a scene on, Up and Down too, as the columns read downward.
pub(super) fn key_events(ctx: &Context) -> Vec<Event> {
    let ways = [(Key::ArrowDown, 1), (Key::ArrowRight, 1), (Key::ArrowUp, -1), (Key::ArrowLeft, -1)];
    let pressed = |(key, by): (Key, i8)| {
        let count = ctx.input_mut(|input| input.count_and_consume_key(egui::Modifiers::NONE, key));
        (0..count).map(move |_| Event::Command(DeskCommand::Choose(by).into()))
    };
    ways.into_iter().flat_map(pressed).collect()
}

impl Thumbs {
    /// A frame begins: pictures of another deck or theme are forgotten.
    pub(super) fn begin_frame(&mut self, deck: &Deck<'_>) {
        self.has_drawn = false;
        let of = Some((Arc::as_ptr(deck.talk.library()) as usize, deck.look.theme.name));
        if self.of != of {
            self.drawn.clear();
            self.of = of;
        }
    }

    /// Draws the overview over the whole console. Whether pictures are still to be drawn.
    pub(super) fn draw(&mut self, desk: &mut Desk<'_>, deck: &Deck<'_>, area: Rect) -> bool {
        let talk = deck.talk;
        let library = talk.library();
        desk.fill(area, desk.colors.ground, 0.0);
        let inner = area.shrink2(vec2(20.0, 14.0));
        desk.words(
            inner.min + vec2(0.0, 16.0),
            Align2::LEFT_CENTER,
            "The whole talk",
            Type::strong(24.0, desk.colors.text),
        );
        let hint = "a press or Enter goes there, arrows choose, o or Esc closes; the room sees none of it";
        desk.words(
            pos2(inner.right(), inner.top() + 16.0),
            Align2::RIGHT_CENTER,
            hint,
            Type::new(15.0, desk.colors.least),
        );
        let columns: Vec<Vec<usize>> = (0..=library.sections.len())
            .map(|section| {
                (0..library.scenes.len()).filter(|scene| library.entries[*scene].section == section).collect()
            })
            .filter(|column: &Vec<usize>| !column.is_empty())
            .collect();
        let body = Rect::from_min_max(pos2(inner.left(), inner.top() + 42.0), inner.max);
        let width = (body.width() + 12.0) / columns.len().max(1) as f32;
        let mut waits = false;
        for (nth, column) in columns.iter().enumerate() {
            let left = body.left() + nth as f32 * width;
            let room = (body.height() - 28.0) / column.len() as f32;
            let cell = vec2(width - 12.0, room.min((width - 12.0) * 0.5625 + 54.0));
            let section = library.entries[column[0]].section;
            let title = library.sections.get(section).map_or("Not in the deck", String::as_str);
            desk.words(
                pos2(left, body.top() + 10.0),
                Align2::LEFT_CENTER,
                title,
                Type::strong(15.0, desk.colors.text2).within(cell.x),
            );
            for (row, scene) in column.iter().enumerate() {
                let rect =
                    Rect::from_min_size(pos2(left, body.top() + 26.0 + row as f32 * cell.y), cell - vec2(0.0, 8.0));
                waits |= self.scene(desk, deck, *scene, rect);
            }
        }
        waits
    }

    fn scene(&mut self, desk: &mut Desk<'_>, deck: &Deck<'_>, scene: usize, rect: Rect) -> bool {
        let talk = deck.talk;
        let library = talk.library();
        let read = &library.scenes[scene];
        let (is_here, is_chosen) =
            (talk.position().scene == scene, talk.desk().overview.as_ref().is_some_and(|id| *id == read.id));
        let is_told = !deck.told(scene).is_empty();
        let pressed = desk.press(rect, &format!("overview: {}", read.title));
        let picture = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - 40.0));
        let size = vec2(picture.width().min(picture.height() / 0.5625), picture.height().min(picture.width() * 0.5625));
        let picture = Rect::from_min_size(picture.min, size);
        let waits = self.picture(desk, deck, scene, picture);
        if !is_told {
            desk.fill(picture, desk.colors.ground.gamma_multiply(0.6), 3.0);
        }
        let (color, wide) = match (is_chosen, is_here) {
            (true, _) => (desk.colors.hand, 3.0),
            (false, true) => (desk.colors.text, 2.0),
            (false, false) if pressed.hovered => (desk.colors.text2, 1.5),
            (false, false) => (desk.colors.line, 1.0),
        };
        desk.frame(picture, color, wide, 3.0);
        let title = format!("{}  {}", scene + 1, read.title);
        let look = Type { face: crate::picture::Face::Medium, ..Type::new(15.0, desk.colors.text) };
        let look = if is_told { look } else { Type { color: desk.colors.least, ..look } };
        desk.words(pos2(rect.left(), picture.bottom() + 12.0), Align2::LEFT_CENTER, &title, look.within(rect.width()));
        let facts = deck.facts(scene);
        let small = Type::new(14.0, desk.colors.least);
        desk.words(pos2(rect.left(), picture.bottom() + 29.0), Align2::LEFT_CENTER, &facts, small.within(rect.width()));
        desk.say(picture, &format!("overview {}", read.id), &format!("{title}: {facts}"));
        if pressed.clicked {
            let first = Position::first_of(scene, talk.cut());
            desk.send(WalkCommand::Jump(library.address(first)));
            desk.send(DeskCommand::Overview);
        }
        waits
    }

    /// The scene's last picture. One that is not there yet is drawn now, if no other was in this frame.
    pub(super) fn picture(&mut self, desk: &Desk<'_>, deck: &Deck<'_>, scene: usize, rect: Rect) -> bool {
        let talk = deck.talk;
        let id = &talk.library().scenes[scene].id;
        if let Some(texture) = self.drawn.get(id) {
            let all = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            desk.ui.painter().image(texture.id(), rect, all, egui::Color32::WHITE);
            return false;
        }
        desk.fill(rect, desk.colors.panel, 3.0);
        if std::mem::replace(&mut self.has_drawn, true) {
            return true;
        }
        let last = talk.library().scenes[scene].steps.len().saturating_sub(1);
        let picture = talk.final_picture(Position { scene, step: last });
        let image = self.renderer.get_or_insert_with(Renderer::new).image(
            &picture,
            &deck.look.theme,
            THUMB,
            &deck.look.textures,
        );
        let size = [image.width() as usize, image.height() as usize];
        let image = ColorImage::from_rgba_unmultiplied(size, image.as_raw());
        let texture = desk.ui.ctx().load_texture(format!("overview {id}"), image, TextureOptions::LINEAR);
        self.drawn.insert(id.clone(), texture);
        true
    }
}
