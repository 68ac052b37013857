//! Contact sheets: many pictures on one. No display, no network.

use image::imageops::{FilterType, overlay, resize};
use image::{Rgba, RgbaImage};

use crate::paint::Textures;
use crate::picture::Picture;
use crate::render::Renderer;
use crate::theme::Theme;

/// Pictures across a contact sheet, and the width of each.
const ACROSS: u32 = 4;
const THUMB: [u32; 2] = [480, 270];
/// Between thumbnails.
const GAP: u32 = 16;

/// A contact sheet: rendered large and made small, as a room's eye does it.
pub(crate) fn sheet(renderer: &mut Renderer, pictures: &[Picture], theme: &Theme, textures: &Textures) -> RgbaImage {
    let rows = (pictures.len() as u32).div_ceil(ACROSS).max(1);
    let (wide, tall) = (ACROSS * (THUMB[0] + GAP) + GAP, rows * (THUMB[1] + GAP) + GAP);
    let mut sheet = RgbaImage::from_pixel(wide, tall, Rgba([128, 128, 128, 255]));
    for (index, picture) in pictures.iter().enumerate() {
        let large = renderer.image(picture, theme, [THUMB[0] * 2, THUMB[1] * 2], textures);
        let small = resize(&large, THUMB[0], THUMB[1], FilterType::Triangle);
        let (column, row) = (index as u32 % ACROSS, index as u32 / ACROSS);
        let (x, y) = (GAP + column * (THUMB[0] + GAP), GAP + row * (THUMB[1] + GAP));
        overlay(&mut sheet, &small, i64::from(x), i64::from(y));
    }
    sheet
}
