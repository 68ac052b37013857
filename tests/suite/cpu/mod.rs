//! The CPU in place of a graphics card, for windows that are looked at without a display.

use egui::{FullOutput, TexturesDelta};
use egui_kittest::TestRenderer;
use image::RgbaImage;
use tierlight::render::Screenshot;

#[derive(Default)]
pub(crate) struct Cpu(Screenshot);

impl TestRenderer for Cpu {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.take(delta);
    }

    fn render(&mut self, ctx: &egui::Context, output: &FullOutput) -> Result<RgbaImage, String> {
        Ok(self.0.image(ctx, output))
    }
}
