//! Images in memory, and what they look like between their texels.

use egui::Color32;

/// Steps between two texels.
const SUBTEXELS: f32 = 256.0;

/// A premultiplied colour, each channel 0 to 1.
pub(super) type Pixel = [f32; 4];

/// An image in memory, premultiplied, each channel 0 to 1.
pub(super) struct Texture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<Pixel>,
    /// The texel itself, in place of a mix of its neighbours.
    pub(super) nearest: bool,
}

pub(super) fn to_pixel(color: Color32) -> Pixel {
    color.to_array().map(|channel| f32::from(channel) / 255.0)
}

#[cfg(test)]
impl Texture {
    /// One white texel.
    pub(super) fn white() -> Self {
        Self { width: 1, height: 1, pixels: vec![[1.0; 4]], nearest: false }
    }
}

impl Texture {
    /// The texel in this column and row, or the nearest on the rim.
    fn texel(&self, x: f32, y: f32) -> Pixel {
        let column = (x.max(0.0) as usize).min(self.width.saturating_sub(1));
        let row = (y.max(0.0) as usize).min(self.height.saturating_sub(1));
        self.pixels.get(row * self.width + column).copied().unwrap_or_default()
    }

    /// The texture's colour at a place, 0 to 1 across and down.
    pub(super) fn sample(&self, uv: [f32; 2]) -> Pixel {
        let [u, v] = uv;
        if self.nearest {
            return self.texel((u * self.width as f32).floor(), (v * self.height as f32).floor());
        }
        // In steps, as graphics cards do it: where a glyph lies in its texture must not change a pixel.
        let step = |at: f32, side: usize| ((at * side as f32 - 0.5) * SUBTEXELS).round() / SUBTEXELS;
        let (x, y) = (step(u, self.width), step(v, self.height));
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let upper = mix_pixels(self.texel(left, top), self.texel(left + 1.0, top), across);
        let lower = mix_pixels(self.texel(left, top + 1.0), self.texel(left + 1.0, top + 1.0), across);
        mix_pixels(upper, lower, down)
    }
}

fn mix_pixels(a: Pixel, b: Pixel, share: f32) -> Pixel {
    std::array::from_fn(|k| a[k] + (b[k] - a[k]) * share)
}
