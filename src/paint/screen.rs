//! Where the stage lies in a window, and the way from the points of one to those of the other.

use egui::emath::{Pos2, Rect};

use crate::picture::{STAGE, Zoom};

/// Where the stage lies in a window, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screen {
    pub(crate) rect: Rect,
    /// Points per stage unit.
    pub(crate) scale: f32,
    /// Sizes of words go in half pixels: while a camera flies they would be laid out anew for each frame.
    pub(crate) steps: bool,
}

impl Screen {
    /// The largest stage that fits a window, in its middle.
    pub fn fit(window: Rect) -> Self {
        let scale = (window.width() / STAGE.width()).min(window.height() / STAGE.height()).max(1e-3);
        Self { rect: Rect::from_center_size(window.center(), STAGE.size() * scale), scale, steps: false }
    }

    /// The screen on which a part of the stage is as large as the whole stage is on this one.
    pub(crate) fn through(&self, zoom: &Zoom) -> Self {
        let scale = self.scale * STAGE.width() / zoom.view.width().max(1.0);
        let corner = self.rect.min - zoom.view.min.to_vec2() * scale;
        Self { rect: Rect::from_min_size(corner, STAGE.size() * scale), scale, steps: zoom.flies }
    }

    /// A point of the stage in the window.
    pub(crate) fn point(&self, stage: Pos2) -> Pos2 {
        self.rect.min + stage.to_vec2() * self.scale
    }

    /// A rectangle of the stage in the window.
    pub(crate) fn area(&self, stage: Rect) -> Rect {
        Rect::from_min_max(self.point(stage.min), self.point(stage.max))
    }

    /// The point of the stage under a point of the window.
    pub(crate) fn stage_point(&self, window: Pos2) -> Pos2 {
        ((window - self.rect.min) / self.scale).to_pos2()
    }
}

#[cfg(test)]
mod tests {
    use egui::emath::pos2;

    use super::*;

    #[test]
    fn the_stage_fits_any_window() {
        let wide = Screen::fit(Rect::from_min_max(pos2(0.0, 0.0), pos2(2000.0, 540.0)));
        assert_eq!((wide.scale, wide.rect.left(), wide.rect.width()), (0.5, 520.0, 960.0));
        let tall = Screen::fit(Rect::from_min_max(pos2(10.0, 20.0), pos2(970.0, 1020.0)));
        assert_eq!((tall.rect.left(), tall.rect.top()), (10.0, 250.0));
        let at = pos2(1234.0, 567.0);
        assert!(tall.stage_point(tall.point(at)).distance(at) < 0.01);
        let view = Rect::from_min_size(pos2(480.0, 270.0), egui::emath::vec2(960.0, 540.0));
        let near = wide.through(&Zoom { view, marks: 1, flies: false });
        assert_eq!((near.area(view), near.scale), (wide.rect, 1.0));
    }
}
