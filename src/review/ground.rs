//! How bright a rendered picture is, place by place.

use egui::emath::{Pos2, Rect};
use image::RgbaImage;

use crate::picture::STAGE;
use crate::review::contrast::luminance;

/// A picture's luminances.
pub(super) struct Ground {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl Ground {
    pub(super) fn new(image: &RgbaImage) -> Self {
        let values = image.pixels().map(|pixel| luminance([pixel[0], pixel[1], pixel[2]])).collect();
        Self { width: image.width() as usize, height: image.height() as usize, values }
    }

    /// Pixels for a stage unit.
    fn scale(&self) -> f32 {
        self.width as f32 / STAGE.width()
    }

    /// The luminance at a point of the stage.
    pub(super) fn at(&self, point: Pos2) -> f32 {
        let index = |value: f32, most: usize| ((value * self.scale()) as usize).min(most - 1);
        self.values[index(point.y.max(0.0), self.height) * self.width + index(point.x.max(0.0), self.width)]
    }

    /// The luminances within a box of the stage.
    pub(super) fn within(&self, rect: Rect) -> Vec<f32> {
        let rect = rect * self.scale();
        let span = |low: f32, high: f32, most: usize| {
            (low.max(0.0).floor() as usize).min(most)..(high.max(0.0).ceil() as usize).min(most)
        };
        let columns = span(rect.left(), rect.right(), self.width);
        let rows = span(rect.top(), rect.bottom(), self.height);
        rows.flat_map(|row| self.values[row * self.width..][columns.clone()].iter().copied()).collect()
    }
}
