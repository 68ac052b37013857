//! The final pictures of steps, small.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::emath::{Rect, pos2};
use egui::{ColorImage, TextureFilter, TextureHandle, TextureOptions};

use crate::picture::ThemeName;
use crate::presentation::Presentation;
use crate::render::Renderer;
use crate::timeline::playhead::Position;

use super::deck::Deck;
use crate::console::desk::Desk;
use crate::console::stage::StageLook;

/// Of a step's picture, in pixels.
const THUMB: [u32; 2] = [384, 216];

/// The pictures of steps, drawn once each.
#[derive(Default)]
pub(in crate::console) struct Thumbs {
    renderer: Option<Renderer>,
    drawn: BTreeMap<(Arc<str>, usize), TextureHandle>,
    /// What they were drawn of: another deck, or another theme, needs others.
    of: Option<(usize, ThemeName)>,
    /// One is drawn a frame, so that none takes long.
    has_drawn: bool,
}

impl Thumbs {
    /// A frame begins: pictures of another deck or theme are forgotten.
    pub(in crate::console) fn begin_frame(&mut self, talk: &Presentation, look: &StageLook) {
        self.has_drawn = false;
        let of = Some((Arc::as_ptr(talk.library()) as usize, look.theme.name));
        if self.of != of {
            self.drawn.clear();
            self.of = of;
        }
    }

    /// The scene's last picture. One that is not there yet is drawn now, if no other was in this frame.
    pub(in crate::console) fn picture(&mut self, desk: &Desk<'_>, deck: &Deck<'_>, scene: usize, rect: Rect) -> bool {
        let last = deck.talk.library().scenes[scene].steps.len().saturating_sub(1);
        self.step_picture(desk, deck, Position { scene, step: last }, rect)
    }

    /// A step's picture, the same way.
    pub(super) fn step_picture(&mut self, desk: &Desk<'_>, deck: &Deck<'_>, at: Position, rect: Rect) -> bool {
        let talk = deck.talk;
        let id = &talk.library().scenes[at.scene].id;
        if let Some(texture) = self.drawn.get(&(id.clone(), at.step)) {
            let all = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            desk.ui.painter().image(texture.id(), rect, all, egui::Color32::WHITE);
            return false;
        }
        desk.fill(rect, desk.colors.panel, 3.0);
        if std::mem::replace(&mut self.has_drawn, true) {
            return true;
        }
        let picture = talk.final_picture(at);
        let image = self.renderer.get_or_insert_with(Renderer::new).image(
            &picture,
            &deck.look.theme,
            THUMB,
            &deck.look.textures,
        );
        let size = [image.width() as usize, image.height() as usize];
        let image = ColorImage::from_rgba_unmultiplied(size, image.as_raw());
        let name = format!("overview {id}:{}", at.step);
        // It is shown at a third of its size or less: without smaller copies of it, thin lines would be there or not by chance.
        let options = TextureOptions::LINEAR.with_mipmap_mode(Some(TextureFilter::Linear));
        let texture = desk.ui.ctx().load_texture(name, image, options);
        self.drawn.insert((id.clone(), at.step), texture);
        true
    }

    /// Of other scenes only the last pictures are kept: those of all steps would fill a graphics card's memory.
    pub(super) fn keep_steps_of(&mut self, deck: &Deck<'_>, scene: usize) {
        let library = deck.talk.library();
        let is_last = |id: &Arc<str>, step: usize| {
            library.scene_index(id).is_some_and(|scene| library.scenes[scene].steps.len() == step + 1)
        };
        self.drawn.retain(|(id, step), _| *id == library.scenes[scene].id || is_last(id, *step));
    }
}
