//! The rasteriser: triangles with a colour at each corner over a texture, blended as the graphics card blends them.
//!
//! Bands of rows are painted in floating point and rounded once at the end, so faint layers do not add up their
//! rounding. A band depends on nothing but the triangles, so the number of threads changes no pixel.

use std::collections::BTreeMap;

use egui::epaint::{ClippedPrimitive, ImageData, ImageDelta, Mesh, Primitive};
use egui::{TextureId, TexturesDelta};

use crate::render::texture::{Pixel, Texture, to_pixel};
use crate::render::triangle::{Paint, Triangle};

/// Rows painted at a time; two threads take turns.
const BAND: usize = 32;
const THREADS: usize = 2;

/// The textures of one egui context.
#[derive(Default)]
pub(super) struct Raster {
    textures: BTreeMap<TextureId, Texture>,
}

impl Raster {
    /// Takes over new, changed and freed textures; before `render`, every frame.
    pub(super) fn apply_textures(&mut self, delta: &mut TexturesDelta) {
        let mut set: Vec<_> = delta.set.drain().collect();
        set.sort_by_key(|(id, _)| *id);
        for (id, images) in set {
            for image in images {
                self.change_texture(id, &image);
            }
        }
        let freed: Vec<_> = delta.free.drain().collect();
        self.textures.retain(|id, _| !freed.contains(id));
    }

    fn change_texture(&mut self, id: TextureId, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        let [width, height] = image.size;
        let pixels = image.pixels.iter().map(|color| to_pixel(*color));
        if let (Some([left, top]), Some(texture)) = (delta.pos, self.textures.get_mut(&id)) {
            for (n, pixel) in pixels.enumerate() {
                let at = (top + n / width) * texture.width + left + n % width;
                if let Some(place) = texture.pixels.get_mut(at) {
                    *place = pixel;
                }
            }
        } else {
            let nearest = delta.options.magnification == egui::TextureFilter::Nearest;
            self.textures.insert(id, Texture { width, height, pixels: pixels.collect(), nearest });
        }
    }

    /// Opaque RGBA, row by row from the top, on black.
    pub(super) fn render(&self, size: [u32; 2], primitives: &[ClippedPrimitive]) -> Vec<u8> {
        let triangles = self.triangles(size.map(i64::from), primitives);
        let [width, height] = size.map(|side| side as usize);
        let mut out = vec![0; width * height * 4];
        let mut bands: Vec<Vec<(usize, &mut [u8])>> = (0..THREADS).map(|_| Vec::new()).collect();
        for (n, rows) in out.chunks_mut(BAND * width * 4).enumerate() {
            bands[n % THREADS].push((n * BAND, rows));
        }
        std::thread::scope(|scope| {
            for bands in bands {
                let triangles = &triangles;
                scope.spawn(move || {
                    let mut canvas = vec![[0.0, 0.0, 0.0, 1.0]; BAND * width];
                    for (top, rows) in bands {
                        self.paint_band(&mut canvas, top, triangles, rows);
                    }
                });
            }
        });
        out
    }

    fn paint_band(&self, canvas: &mut [Pixel], top: usize, triangles: &[Triangle], rows: &mut [u8]) {
        let width = canvas.len() / BAND;
        let count = rows.len() / (width * 4);
        let canvas = &mut canvas[..count * width];
        canvas.fill([0.0, 0.0, 0.0, 1.0]);
        for triangle in triangles {
            let [_, first, _, beyond] = triangle.within.map(|at| at as usize);
            for y in first.max(top)..beyond.min(top + count) {
                let row = (y - top) * width;
                self.paint_row(triangle, y, &mut canvas[row..row + width]);
            }
        }
        for (bytes, pixel) in rows.as_chunks_mut::<4>().0.iter_mut().zip(canvas.iter()) {
            *bytes = pixel.map(|channel| (channel * 255.0 + 0.5) as u8);
        }
    }

    /// One row of one triangle.
    fn paint_row(&self, triangle: &Triangle, y: usize, row: &mut [Pixel]) {
        let (left, right) = triangle.span(y);
        if left >= right {
            return;
        }
        let span = &mut row[left..right];
        match (triangle.paint, triangle.flat) {
            (Paint::Plain(texel), Some(color)) => fill_flat(span, multiply(color, texel)),
            (Paint::Plain(texel), None) => {
                for (x, pixel) in (left..).zip(span) {
                    blend(pixel, multiply(triangle.color.at(x, y), texel));
                }
            }
            (Paint::Sampled { texture, uv }, flat) => {
                let Some(texture) = self.textures.get(&texture) else { return };
                for (x, pixel) in (left..).zip(span) {
                    let texel = texture.sample(uv.at(x, y));
                    if texel[3] > 0.0 {
                        blend(pixel, multiply(flat.unwrap_or_else(|| triangle.color.at(x, y)), texel));
                    }
                }
            }
        }
    }

    fn triangles(&self, size: [i64; 2], primitives: &[ClippedPrimitive]) -> Vec<Triangle> {
        let ([width, height], mut out) = (size, Vec::new());
        for primitive in primitives {
            let Primitive::Mesh(mesh) = &primitive.primitive else { continue };
            let clip = primitive.clip_rect;
            let [left, right] = [clip.min.x, clip.max.x].map(|x| (x.round() as i64).clamp(0, width));
            let [top, bottom] = [clip.min.y, clip.max.y].map(|y| (y.round() as i64).clamp(0, height));
            self.push_triangles(mesh, [left, top, right, bottom], &mut out);
        }
        out
    }

    fn push_triangles(&self, mesh: &Mesh, clip: [i64; 4], out: &mut Vec<Triangle>) {
        let Some(texture) = self.textures.get(&mesh.texture_id) else { return };
        for three in mesh.indices.as_chunks::<3>().0 {
            let corners = three.map(|index| mesh.vertices.get(index as usize).copied().unwrap_or_default());
            out.extend(Triangle::new(corners, mesh.texture_id, texture, clip));
        }
    }
}

fn multiply(a: Pixel, b: Pixel) -> Pixel {
    [a[0] * b[0], a[1] * b[1], a[2] * b[2], a[3] * b[3]]
}

/// Premultiplied "over", which adds where the colour covers less than it gives.
fn blend(under: &mut Pixel, over: Pixel) {
    let rest = 1.0 - over[3];
    *under = std::array::from_fn(|k| (under[k] * rest + over[k]).min(1.0));
}

fn fill_flat(span: &mut [Pixel], color: Pixel) {
    if color[3] >= 1.0 {
        span.fill(color);
    } else {
        for pixel in span {
            blend(pixel, color);
        }
    }
}
