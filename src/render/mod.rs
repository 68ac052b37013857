//! Pictures without a window: an egui context, and a rasteriser of our own instead of a graphics card.

mod raster;
mod texture;
mod triangle;

use egui::emath::{Pos2, Rect, vec2};
use egui::{FullOutput, RawInput, TexturesDelta};
use image::RgbaImage;

use crate::paint::{self, Screen, Textures};
use crate::picture::Picture;
use crate::render::raster::Raster;
use crate::theme::{self, Theme};

/// What a graphics card would be to an egui context: it keeps the context's textures and turns a frame into pixels.
#[derive(Default)]
pub struct Screenshot {
    raster: Raster,
}

impl Screenshot {
    /// Takes over the textures that a frame set and freed; once for every frame, in order.
    pub fn take(&mut self, textures: &mut TexturesDelta) {
        self.raster.apply_textures(textures);
    }

    /// A frame's pixels, at the context's size.
    pub fn image(&self, ctx: &egui::Context, frame: &FullOutput) -> RgbaImage {
        let [width, height] =
            <[f32; 2]>::from(ctx.content_rect().size() * frame.pixels_per_point).map(|side| side.round() as u32);
        let meshes = ctx.tessellate(frame.shapes.clone(), frame.pixels_per_point);
        let pixels = self.raster.render([width, height], &meshes);
        RgbaImage::from_raw(width, height, pixels).unwrap_or_default()
    }
}

/// Renders pictures to images; it keeps fonts and glyphs, so one renderer serves a whole export.
pub struct Renderer {
    ctx: egui::Context,
    raster: Raster,
    textures: Textures,
}

impl Default for Renderer {
    fn default() -> Self {
        Self::new()
    }
}

impl Renderer {
    pub fn new() -> Self {
        let ctx = egui::Context::default();
        ctx.set_fonts(theme::fonts());
        Self { ctx, raster: Raster::default(), textures: Textures::default() }
    }

    /// The picture at a size in pixels; the same picture gives the same bytes, whatever was rendered before.
    pub fn image(&mut self, picture: &Picture, theme: &Theme, size: [u32; 2], textures: &Textures) -> RgbaImage {
        let [width, height] = size.map(|side| side.max(1));
        self.textures.follow(textures);
        self.ctx.set_visuals(theme.visuals());
        let window = Rect::from_min_size(Pos2::ZERO, vec2(width as f32, height as f32));
        let screen = Screen::fit(window);
        let input = RawInput { screen_rect: Some(window), max_texture_side: Some(8192), ..Default::default() };
        let own = &mut self.textures;
        let mut out = self.ctx.run_ui(input, |ui| {
            let builder = egui::UiBuilder::new().max_rect(window);
            ui.scope_builder(builder, |ui| paint::paint(ui, picture, &screen, theme, own));
        });
        self.raster.apply_textures(&mut out.textures_delta);
        let meshes = self.ctx.tessellate(out.shapes, out.pixels_per_point);
        let pixels = self.raster.render([width, height], &meshes);
        RgbaImage::from_raw(width, height, pixels).unwrap_or_default()
    }
}
