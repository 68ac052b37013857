//! Painting a picture with egui: the same marks for the window, a thumbnail and an export.

mod ai_world;
mod canvas;
mod chart;
mod hand;
mod icons;
mod kept;
mod light;
mod machines;
mod outline;
mod pen;
mod screen;
mod shapes;
mod stores;
mod text;
mod textures;

use egui::Ui;
use egui::emath::Rect;

use crate::paint::canvas::Canvas;
use crate::paint::icons::IconInks;
pub use crate::paint::screen::Screen;
pub use crate::paint::textures::Textures;
use crate::picture::{Ink, Mark, Picture, STAGE, Shape, Stroke};
use crate::theme::Theme;

/// A mark fainter than this leaves no trace in eight bits.
const LEAST_OPACITY: f32 = 0.002;

/// Paints a picture and, in all of the `ui`'s own rectangle, the ground behind it.
///
/// Where the rectangle has another shape than the stage, the ground goes on beside the stage instead of a bar. What
/// reaches out of the stage is cut off.
pub fn paint(ui: &mut Ui, picture: &Picture, screen: &Screen, theme: &Theme, textures: &mut Textures) {
    let window = ui.max_rect();
    let painter = ui.painter().with_clip_rect(window.intersect(ui.clip_rect()));
    let mut canvas = Canvas::new(&painter, screen, theme);
    ground(&mut canvas, window);
    canvas.flush();
    let clip = screen.rect.intersect(ui.clip_rect());
    let near = picture.zoom.as_ref().map(|zoom| (screen.through(zoom), zoom.marks.min(picture.marks.len())));
    let (below, above) = picture.marks.split_at(near.as_ref().map_or(0, |(_, marks)| *marks));
    if let Some((near, _)) = &near {
        paint_marks(ui, (below, clip), near, theme, textures);
    }
    paint_marks(ui, (above, clip), screen, theme, textures);
}

/// Paints marks within a part of the window: glows first, behind all of them.
fn paint_marks(ui: &mut Ui, (marks, clip): (&[Mark], Rect), screen: &Screen, theme: &Theme, textures: &mut Textures) {
    let painter = ui.painter().with_clip_rect(clip);
    let mut canvas = Canvas::new(&painter, screen, theme);
    let mut page = textures.kept.take(screen, theme, canvas.px);
    let seen: Vec<&Mark> = marks.iter().filter(|mark| mark.opacity > LEAST_OPACITY).collect();
    let glows: Vec<&Mark> = seen.iter().copied().filter(|mark| glow_of(mark).is_some()).collect();
    page.paint(&mut canvas, &glows, |canvas, mark| {
        if let Some((rect, radii, ink, level)) = glow_of(mark) {
            light::paint_glow(canvas, rect, radii, ink, level);
        }
    });
    let mut rest = &seen[..];
    while let Some(first) = rest.first() {
        let flat = rest.iter().take_while(|mark| is_flat(&mark.shape)).count();
        if flat == 0 {
            canvas.opacity = first.opacity.min(1.0);
            paint_other(&mut canvas, ui, first, textures);
        } else {
            page.paint(&mut canvas, &rest[..flat], paint_flat);
        }
        rest = &rest[flat.max(1)..];
    }
    canvas.flush();
    textures.kept.put(page);
}

/// The glow of a mark, which lies behind all marks: its box, radii, ink and level.
fn glow_of(mark: &Mark) -> Option<(Rect, [f32; 2], Ink, f32)> {
    match &mark.shape {
        Shape::Light { rect, radii, ink, level } => Some((*rect, *radii, *ink, *level)),
        Shape::Halo { rect, radius, ink, level } => Some((*rect, [*radius; 2], *ink, *level)),
        Shape::Text(_)
        | Shape::Rect { .. }
        | Shape::Hatch { .. }
        | Shape::Gpu { .. }
        | Shape::Dot { .. }
        | Shape::Lane { .. }
        | Shape::Line { .. }
        | Shape::Polygon { .. }
        | Shape::Icon { .. }
        | Shape::Chart(_)
        | Shape::Image { .. }
        | Shape::Laser { .. } => None,
    }
}

/// Whether a shape is triangles on the canvas and nothing else.
fn is_flat(shape: &Shape) -> bool {
    !matches!(shape, Shape::Text(_) | Shape::Chart(_) | Shape::Image { .. })
}

/// The ground's gradient over the stage, and its end colours beyond.
fn ground(canvas: &mut Canvas<'_>, window: Rect) {
    let corner = canvas.screen.stage_point(window.min);
    let far = canvas.screen.stage_point(window.max);
    let [top, low] = canvas.theme.ground();
    // A pixel more on each side, so that no soft edge shows.
    let area = Rect::from_min_max(corner, far).expand(canvas.px);
    canvas.fill_shaded(&outline::rect_corners(area), &[(STAGE.top(), top), (STAGE.bottom(), low)]);
}

/// Words, curves and images: what egui, or its plot, draws.
fn paint_other(canvas: &mut Canvas<'_>, ui: &mut Ui, mark: &Mark, textures: &mut Textures) {
    if let Shape::Text(words) = &mark.shape {
        text::paint_text(canvas, words);
    } else if let Shape::Chart(data) = &mark.shape {
        chart::paint_chart(canvas, ui, &mark.id, data);
    } else if let Shape::Image { rect, path } = &mark.shape {
        textures.paint(canvas, *rect, path);
    }
}

fn paint_flat(canvas: &mut Canvas<'_>, mark: &Mark) {
    match &mark.shape {
        Shape::Rect { rect, radii, fill, stroke } => shapes::paint_rect(canvas, *rect, *radii, *fill, *stroke),
        Shape::Hatch { rect, kind, ink } => shapes::paint_hatch(canvas, *rect, *kind, *ink),
        Shape::Light { rect, radii, ink, level } => light::paint_fill(canvas, *rect, *radii, *ink, *level),
        Shape::Gpu { rect, busy } => shapes::paint_gpu(canvas, *rect, *busy),
        Shape::Dot { center, radius, ink, filled } => shapes::paint_dot(canvas, *center, *radius, *ink, *filled),
        Shape::Lane { path, width, ink } => shapes::paint_lane(canvas, path, *width, *ink),
        Shape::Line { path, width, ink, head, dashed } => {
            shapes::paint_line(canvas, path, Stroke { width: *width, ink: *ink, dashed: *dashed }, *head);
        }
        Shape::Polygon { points, fill, stroke } => shapes::paint_polygon(canvas, points, *fill, *stroke),
        Shape::Icon { kind, center, size, ink, fill } => {
            let inks = IconInks { stroke: *ink, fill: fill.unwrap_or(*ink) };
            icons::paint_icon(canvas, *kind, *center, *size, inks);
        }
        Shape::Laser { trail, radius } => hand::paint_laser(canvas, trail, *radius),
        // Drawn before all marks; and what egui draws.
        Shape::Halo { .. } | Shape::Text(_) | Shape::Chart(_) | Shape::Image { .. } => {}
    }
}
