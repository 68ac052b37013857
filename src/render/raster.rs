//! The rasteriser: triangles with a colour at each corner over a texture, blended as the graphics card blends them.
//!
//! Bands of rows are painted in floating point and rounded once at the end, so faint layers do not add up their
//! rounding. A band depends on nothing but the triangles, so the number of threads changes no pixel.

use std::collections::BTreeMap;

use egui::Color32;
use egui::TextureId;
use egui::TexturesDelta;
use egui::epaint::ClippedPrimitive;
use egui::epaint::ImageData;
use egui::epaint::ImageDelta;
use egui::epaint::Mesh;
use egui::epaint::Primitive;
use egui::epaint::Vertex;

/// Rows painted at a time; two threads take turns.
const BAND: usize = 32;
const THREADS: usize = 2;
/// Sub-pixel steps: vertices lie on this grid, so that neighbouring triangles share an edge exactly.
const GRID: f32 = 256.0;

type Pixel = [f32; 4];

/// An image in memory, premultiplied, each channel 0 to 1.
struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Pixel>,
    nearest: bool,
}

/// The textures of one egui context.
#[derive(Default)]
pub(super) struct Raster {
    textures: BTreeMap<TextureId, Texture>,
}

/// A value that changes linearly across a triangle: at pixel (0, 0), and by one pixel right and down.
#[derive(Clone, Copy)]
struct Plane<const N: usize> {
    origin: [f32; N],
    right: [f32; N],
    down: [f32; N],
}

/// What gives a pixel its texture's colour.
#[derive(Clone, Copy)]
enum Paint {
    /// All corners show the same spot of the texture.
    Plain(Pixel),
    Sampled { texture: TextureId, uv: Plane<2> },
}

/// A triangle ready to fill.
struct Triangle {
    /// Edge functions, of x and y on the grid: a·x + b·y + c ≥ 0 inside.
    edges: [(i64, i64, i64); 3],
    /// Pixels that may be touched: left, top, right, bottom; the last two are beyond.
    within: [i64; 4],
    color: Plane<4>,
    /// All corners have this colour.
    flat: Option<Pixel>,
    paint: Paint,
}

impl Raster {
    /// Takes over new, changed and freed textures; before `render`, every frame.
    pub(super) fn apply(&mut self, delta: &mut TexturesDelta) {
        let mut set: Vec<_> = delta.set.drain().collect();
        set.sort_by_key(|(id, _)| *id);
        for (id, images) in set {
            for image in images {
                self.change(id, &image);
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn change(&mut self, id: TextureId, delta: &ImageDelta) {
        let ImageData::Color(image) = &delta.image;
        let [width, height] = image.size;
        let pixels = image.pixels.iter().map(|color| pixel(*color));
        match (delta.pos, self.textures.get_mut(&id)) {
            (Some([left, top]), Some(texture)) => {
                for (n, pixel) in pixels.enumerate() {
                    let at = (top + n / width) * texture.width + left + n % width;
                    if let Some(place) = texture.pixels.get_mut(at) {
                        *place = pixel;
                    }
                }
            }
            _ => {
                let nearest = delta.options.magnification == egui::TextureFilter::Nearest;
                self.textures.insert(id, Texture { width, height, pixels: pixels.collect(), nearest });
            }
        }
    }

    /// Opaque RGBA, row by row from the top, on black.
    pub(super) fn render(&self, [width, height]: [usize; 2], primitives: &[ClippedPrimitive]) -> Vec<u8> {
        let triangles = self.triangles([width, height], primitives);
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
                        self.band(&mut canvas, [top, width], triangles, rows);
                    }
                });
            }
        });
        out
    }

    fn band(&self, canvas: &mut [Pixel], [top, width]: [usize; 2], triangles: &[Triangle], rows: &mut [u8]) {
        let count = rows.len() / (width * 4);
        let canvas = &mut canvas[..count * width];
        canvas.fill([0.0, 0.0, 0.0, 1.0]);
        let (first, beyond) = (top as i64, (top + count) as i64);
        for triangle in triangles {
            for y in triangle.within[1].max(first)..triangle.within[3].min(beyond) {
                let row = (y - first) as usize * width;
                self.row(triangle, y, &mut canvas[row..row + width]);
            }
        }
        for (bytes, pixel) in rows.as_chunks_mut::<4>().0.iter_mut().zip(canvas.iter()) {
            *bytes = pixel.map(|channel| (channel * 255.0 + 0.5) as u8);
        }
    }

    /// One row of one triangle.
    fn row(&self, triangle: &Triangle, y: i64, row: &mut [Pixel]) {
        let (left, right) = triangle.span(y);
        if left >= right {
            return;
        }
        let span = &mut row[left as usize..right as usize];
        match (triangle.paint, triangle.flat) {
            (Paint::Plain(texel), Some(color)) => fill_flat(span, multiply(color, texel)),
            (Paint::Plain(texel), None) => {
                for (n, pixel) in span.iter_mut().enumerate() {
                    blend(pixel, multiply(triangle.color.at(left + n as i64, y), texel));
                }
            }
            (Paint::Sampled { texture, uv }, flat) => {
                let Some(texture) = self.textures.get(&texture) else { return };
                for (n, pixel) in span.iter_mut().enumerate() {
                    let x = left + n as i64;
                    let texel = texture.sample(uv.at(x, y));
                    if texel[3] > 0.0 {
                        blend(pixel, multiply(flat.unwrap_or_else(|| triangle.color.at(x, y)), texel));
                    }
                }
            }
        }
    }

    fn triangles(&self, size: [usize; 2], primitives: &[ClippedPrimitive]) -> Vec<Triangle> {
        let mut out = Vec::new();
        for primitive in primitives {
            let Primitive::Mesh(mesh) = &primitive.primitive else { continue };
            let clip = primitive.clip_rect;
            let [left, right] = [clip.min.x, clip.max.x].map(|x| (x.round() as i64).clamp(0, size[0] as i64));
            let [top, bottom] = [clip.min.y, clip.max.y].map(|y| (y.round() as i64).clamp(0, size[1] as i64));
            self.triangles_of(mesh, [left, top, right, bottom], &mut out);
        }
        out
    }

    fn triangles_of(&self, mesh: &Mesh, clip: [i64; 4], out: &mut Vec<Triangle>) {
        let Some(texture) = self.textures.get(&mesh.texture_id) else { return };
        for three in mesh.indices.as_chunks::<3>().0 {
            let corners = three.map(|index| mesh.vertices.get(index as usize).copied().unwrap_or_default());
            out.extend(Triangle::new(corners, mesh.texture_id, texture, clip));
        }
    }
}

impl Triangle {
    /// None if it covers nothing.
    fn new(mut corners: [Vertex; 3], texture_id: TextureId, texture: &Texture, clip: [i64; 4]) -> Option<Self> {
        if corners.iter().all(|corner| corner.color == Color32::TRANSPARENT) {
            return None;
        }
        let mut at = corners.map(|corner| [corner.pos.x, corner.pos.y].map(|v| (v * GRID).round() as i64));
        let twice_area = cross(at[0], at[1], at[2]);
        if twice_area == 0 {
            return None;
        }
        if twice_area < 0 {
            corners.swap(1, 2);
            at.swap(1, 2);
        }
        let within = pixels_of(&at, clip)?;
        let plane = PlaneOf::new(&at, twice_area.abs());
        let colors = corners.map(|corner| pixel(corner.color));
        let flat = (corners[0].color == corners[1].color && corners[1].color == corners[2].color).then_some(colors[0]);
        let uvs = corners.map(|corner| [corner.uv.x, corner.uv.y]);
        let paint = if uvs[0] == uvs[1] && uvs[1] == uvs[2] {
            Paint::Plain(texture.sample(uvs[0]))
        } else {
            Paint::Sampled { texture: texture_id, uv: plane.of(uvs) }
        };
        let edges = [edge(at[1], at[2]), edge(at[2], at[0]), edge(at[0], at[1])];
        Some(Self { edges, within, color: plane.of(colors), flat, paint })
    }

    /// The pixels of a row whose middles lie inside.
    fn span(&self, y: i64) -> (i64, i64) {
        let middle = (GRID / 2.0) as i64;
        let grid = GRID as i64;
        let (mut left, mut right) = (self.within[0], self.within[2]);
        for (a, b, c) in self.edges {
            let at_zero = b * (y * grid + middle) + c + a * middle;
            let step = a * grid;
            match step.signum() {
                1 => left = left.max((-at_zero + step - 1).div_euclid(step)),
                -1 => right = right.min(at_zero.div_euclid(-step) + 1),
                _ if at_zero < 0 => right = left,
                _ => {}
            }
        }
        (left, right)
    }
}

/// Twice the area of a triangle; positive if it turns clockwise with y downward.
fn cross(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// An edge function; an edge that two triangles share belongs to exactly one.
fn edge(a: [i64; 2], b: [i64; 2]) -> (i64, i64, i64) {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let owns = dy < 0 || (dy == 0 && dx > 0);
    (-dy, dx, dy * a[0] - dx * a[1] - i64::from(!owns))
}

/// The pixels that a triangle may touch inside a clip, if any.
fn pixels_of(at: &[[i64; 2]; 3], clip: [i64; 4]) -> Option<[i64; 4]> {
    let grid = GRID as i64;
    let reach = |k: usize| {
        let (low, high) = at.iter().fold((i64::MAX, i64::MIN), |(low, high), at| (low.min(at[k]), high.max(at[k])));
        (low.div_euclid(grid), high.div_euclid(grid) + 1)
    };
    let ((left, right), (top, bottom)) = (reach(0), reach(1));
    let within = [left.max(clip[0]), top.max(clip[1]), right.min(clip[2]), bottom.min(clip[3])];
    (within[0] < within[2] && within[1] < within[3]).then_some(within)
}

/// Makes planes of one triangle.
struct PlaneOf {
    /// The first corner, in pixels, and the weights that turn differences of corners into slopes.
    corner: [f32; 2],
    right: [f32; 2],
    down: [f32; 2],
}

impl PlaneOf {
    fn new(at: &[[i64; 2]; 3], twice_area: i64) -> Self {
        // In double precision: thin triangles have steep slopes.
        let scale = f64::from(GRID) / twice_area as f64;
        let weigh = |length: i64| (length as f64 * scale) as f32;
        Self {
            corner: at[0].map(|v| v as f32 / GRID),
            right: [weigh(at[2][1] - at[0][1]), -weigh(at[1][1] - at[0][1])],
            down: [-weigh(at[2][0] - at[0][0]), weigh(at[1][0] - at[0][0])],
        }
    }

    fn of<const N: usize>(&self, values: [[f32; N]; 3]) -> Plane<N> {
        let slope = |weights: [f32; 2], k: usize| {
            (values[1][k] - values[0][k]) * weights[0] + (values[2][k] - values[0][k]) * weights[1]
        };
        let right: [f32; N] = std::array::from_fn(|k| slope(self.right, k));
        let down: [f32; N] = std::array::from_fn(|k| slope(self.down, k));
        // At the middle of pixel (0, 0).
        let origin = std::array::from_fn(|k| {
            values[0][k] + right[k] * (0.5 - self.corner[0]) + down[k] * (0.5 - self.corner[1])
        });
        Plane { origin, right, down }
    }
}

impl<const N: usize> Plane<N> {
    fn at(&self, x: i64, y: i64) -> [f32; N] {
        let (x, y) = (x as f32, y as f32);
        std::array::from_fn(|k| self.origin[k] + self.right[k] * x + self.down[k] * y)
    }
}

fn pixel(color: Color32) -> Pixel {
    color.to_array().map(|channel| f32::from(channel) / 255.0)
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

impl Texture {
    fn texel(&self, x: i64, y: i64) -> Pixel {
        let x = x.clamp(0, self.width as i64 - 1) as usize;
        let y = y.clamp(0, self.height as i64 - 1) as usize;
        self.pixels[y * self.width + x]
    }

    /// The texture's colour at a place, 0 to 1 across and down.
    fn sample(&self, [u, v]: [f32; 2]) -> Pixel {
        let (x, y) = (u * self.width as f32, v * self.height as f32);
        if self.nearest {
            return self.texel(x.floor() as i64, y.floor() as i64);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let (left, top) = (left as i64, top as i64);
        let upper = mix(self.texel(left, top), self.texel(left + 1, top), across);
        let lower = mix(self.texel(left, top + 1), self.texel(left + 1, top + 1), across);
        mix(upper, lower, down)
    }
}

fn mix(a: Pixel, b: Pixel, share: f32) -> Pixel {
    std::array::from_fn(|k| a[k] + (b[k] - a[k]) * share)
}
