//! What one egui context keeps from frame to frame: pictures from files, decoded once and handed to the graphics card once,
//! and shapes that were painted.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::emath::{Rect, Vec2, pos2};
use egui::{Color32, ColorImage, Mesh, Shape, TextureHandle, TextureOptions};

use crate::paint::canvas::Canvas;
use crate::paint::kept::Kept;
use crate::paint::outline;
use crate::picture::Ink;

/// The images of one egui context, by the path that a mark names, and what it painted last.
#[derive(Clone, Default)]
pub struct Textures {
    images: BTreeMap<Arc<str>, Arc<ColorImage>>,
    handles: BTreeMap<Arc<str>, TextureHandle>,
    pub(super) kept: Kept,
}

impl FromIterator<(Arc<str>, ColorImage)> for Textures {
    fn from_iter<T: IntoIterator<Item = (Arc<str>, ColorImage)>>(images: T) -> Self {
        let mut textures = Self::default();
        for (path, image) in images {
            textures.insert(path, image);
        }
        textures
    }
}

impl Textures {
    /// Keeps a decoded image under its path, in place of an older one.
    pub fn insert(&mut self, path: impl Into<Arc<str>>, image: impl Into<Arc<ColorImage>>) {
        let path = path.into();
        self.handles.remove(&path);
        self.images.insert(path, image.into());
    }

    /// Takes over the images of another context, and keeps what this one has uploaded of them.
    pub(crate) fn follow(&mut self, other: &Self) {
        let same =
            |path: &Arc<str>, image: &Arc<ColorImage>| other.images.get(path).is_some_and(|of| Arc::ptr_eq(of, image));
        let images = &self.images;
        self.handles.retain(|path, _| images.get(path).is_some_and(|image| same(path, image)));
        self.images.clone_from(&other.images);
    }

    fn handle(&mut self, ctx: &egui::Context, path: &Arc<str>) -> Option<&TextureHandle> {
        if !self.handles.contains_key(path) {
            let image = self.images.get(path)?.clone();
            let options = TextureOptions { mipmap_mode: Some(egui::TextureFilter::Linear), ..TextureOptions::LINEAR };
            self.handles.insert(path.clone(), ctx.load_texture(path.as_ref(), image, options));
        }
        self.handles.get(path)
    }

    /// The image, as large as fits the rectangle; a quiet box where there is none.
    pub(super) fn paint(&mut self, canvas: &mut Canvas<'_>, rect: Rect, path: &Arc<str>) {
        let ctx = canvas.painter().ctx().clone();
        let Some(texture) = self.handle(&ctx, path) else {
            let outline = outline::rounded_rect(rect, [16.0; 2], canvas.px);
            canvas.stroke_closed(&outline, 2.0, canvas.shade(canvas.theme.color(Ink::Line), 1.0));
            return;
        };
        let area = canvas.screen.area(fit(rect, texture.size_vec2()));
        let mut mesh = Mesh::with_texture(texture.id());
        let all = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        mesh.add_rect_with_uv(area, all, canvas.shade(Color32::WHITE, 1.0));
        canvas.add_shape(Shape::mesh(mesh));
    }
}

/// The largest rectangle of this shape inside another, in its middle.
fn fit(rect: Rect, size: Vec2) -> Rect {
    let scale = (rect.width() / size.x.max(1.0)).min(rect.height() / size.y.max(1.0));
    Rect::from_center_size(rect.center(), size * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_keep_their_shape() {
        let rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(200.0, 100.0));
        assert_eq!(fit(rect, Vec2::new(50.0, 50.0)).size(), Vec2::new(100.0, 100.0));
        assert_eq!(fit(rect, Vec2::new(400.0, 100.0)).size(), Vec2::new(200.0, 50.0));
    }
}
