//! What painting puts on the screen: compared with committed images, and measured on pixels.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::Color32;
use egui::emath::{Rect, pos2, vec2};
use image::{Rgba, RgbaImage};
use tierlight::measure;
use tierlight::paint;
use tierlight::paint::{Screen, Textures};
use tierlight::picture::{Align, Face, Fill, Hatch, Ink, Picture, Role, Shape, Text};
use tierlight::render::Renderer;
use tierlight::theme;
use tierlight::theme::{Theme, ThemeName};

use crate::frames::{self, Draft, Type, area};
use crate::talk;

const SMALL: [u32; 2] = [640, 360];
const INKS: [Ink; 5] = [Ink::T0, Ink::T1, Ink::T2, Ink::T3, Ink::Compute];

fn photo() -> Textures {
    let pixels = (0..60 * 40).map(|n| Color32::from_rgb((n % 60 * 4) as u8, (n / 60 * 6) as u8, 128)).collect();
    let mut textures = Textures::default();
    textures.insert("photo.png", egui::ColorImage::new([60, 40], pixels));
    textures
}

fn render(picture: &Picture, name: ThemeName, size: [u32; 2]) -> RgbaImage {
    Renderer::new().image(picture, &Theme::load(name), size, &photo())
}

/// The largest difference of two pixels in one channel.
fn apart(a: &Rgba<u8>, b: &Rgba<u8>) -> u8 {
    a.0.iter().zip(b.0).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
}

/// Compares with the committed image; other processors round a glyph's edge differently, so a few pixels may differ.
fn assert_same(found: &RgbaImage, name: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "snapshots", name].iter().collect();
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        assert!(found.save(&path).is_ok(), "{} is written", path.display());
        return;
    }
    let expected = image::open(&path).map(|image| image.to_rgba8()).unwrap_or_default();
    assert_eq!(found.dimensions(), expected.dimensions(), "{name}");
    let wrong = found.pixels().zip(expected.pixels()).filter(|(a, b)| apart(a, b) > 12).count();
    if wrong > 40 {
        let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let written = found.save(&new).is_ok();
        panic!(
            "{name}: {wrong} pixels differ; see {} (written: {written}), UPDATE_SNAPSHOTS=1 accepts it",
            new.display()
        );
    }
}

#[test]
fn pictures_look_as_they_did() {
    let mut renderer = Renderer::new();
    let shots = [
        ("checkpoint-dark.png", frames::checkpoint(), ThemeName::Dark),
        ("load-light.png", frames::load(), ThemeName::Light),
        ("monitor-contrast.png", frames::monitor(), ThemeName::Contrast),
        ("icons-dark.png", frames::icons(), ThemeName::Dark),
        ("things-dark.png", frames::things(200.0, Some(Ink::T2)).0, ThemeName::Dark),
    ];
    for (name, picture, theme) in shots {
        assert_same(&renderer.image(&picture, &Theme::load(theme), SMALL, &photo()), name);
    }
}

#[test]
fn the_same_picture_gives_the_same_bytes() {
    let picture = frames::load();
    let first = render(&picture, ThemeName::Dark, SMALL);
    let mut used = Renderer::new();
    for (_, other) in frames::all() {
        used.image(&other, &Theme::load(ThemeName::Light), [320, 180], &photo());
    }
    let again = used.image(&picture, &Theme::load(ThemeName::Dark), SMALL, &photo());
    assert!(first == again, "what was rendered before changed the picture");
    assert!(first.pixels().all(|pixel| pixel.0[3] == 255));
}

fn luminance(pixel: &Rgba<u8>) -> f64 {
    let linear = |n: usize| {
        let value = f64::from(pixel.0[n]) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2)
}

#[test]
fn words_on_a_lit_floor_keep_their_contrast() {
    for (theme, name) in ThemeName::ALL.map(|name| (Theme::load(name), name)) {
        let [red, green, blue, _] = theme.color(Ink::Text).to_array();
        let text = luminance(&Rgba([red, green, blue, 255]));
        let mut draft = Draft::default();
        for (n, ink) in INKS.into_iter().enumerate() {
            let top = 100.0 + 180.0 * n as f32;
            draft.slab(area(400.0, 1500.0, top, top + 130.0), ink, Hatch::Solid, 1.0, false);
        }
        let image = render(&draft.picture, name, [1920, 1080]);
        for (n, ink) in (0..).zip(INKS) {
            // Where words may stand: from a fifth of the height down, clear of the bar and the edge.
            for y in 26..130 - 16 {
                let ground = luminance(image.get_pixel(1000, 100 + 180 * n + y));
                for (veil, least) in [(0.05, 7.0), (1.0 / 6.0, 4.5)] {
                    let contrast = (text.max(ground) + veil) / (text.min(ground) + veil);
                    assert!(contrast >= least - 0.05, "{name:?} {ink:?} {y} down: {contrast}");
                }
            }
        }
    }
}

#[test]
fn light_grows_with_its_level() {
    let mean = |level: f32| {
        let mut draft = Draft::default();
        draft.slab(area(400.0, 1500.0, 400.0, 530.0), Ink::T2, Hatch::Rising, level, false);
        let image = render(&draft.picture, ThemeName::Dark, SMALL);
        image.pixels().map(luminance).sum::<f64>() / f64::from(SMALL[0] * SMALL[1])
    };
    let levels = [0.0, 0.05, 0.3, 0.6, 1.0].map(mean);
    assert!(levels.windows(2).all(|two| two[0] < two[1] * 0.995), "{levels:?}");
}

#[test]
fn the_light_of_a_floor_is_one_gradient_without_specks() {
    let size = [1280, 720];
    let mut draft = Draft::default();
    draft.slab(area(330.0, 1590.0, 512.0, 622.0), Ink::T1, Hatch::Dots, 1.0, false);
    let image = render(&draft.picture, ThemeName::Dark, size);
    let rows: Vec<f64> = (346..411).map(|y| luminance(image.get_pixel(640, y))).collect();
    assert!(rows.windows(2).all(|two| two[1] <= two[0] + 1e-3), "it falls from the upper edge to the lower: {rows:?}");
    assert!(rows[0] > 2.0 * rows[60], "{} over {}", rows[0], rows[60]);
    for rise in [0.0, 0.21, 0.42, 0.84, 1.3, 2.6] {
        let mut draft = Draft::default();
        draft.slab(area(330.0, 1590.0, 512.0 + rise, 622.0 + rise), Ink::T1, Hatch::Dots, 0.3, false);
        let image = render(&draft.picture, ThemeName::Light, size);
        for y in 344..412 {
            let middle = image.get_pixel(640, y);
            let odd = (280..1040).filter(|x| apart(image.get_pixel(*x, y), middle) > 6).collect::<Vec<_>>();
            assert!(odd.is_empty(), "{rise}: row {y} has specks at {odd:?}");
        }
    }
}

/// The box of the pixels that differ from the ground.
fn inked(image: &RgbaImage) -> Rect {
    let bright = image.enumerate_pixels().filter(|(_, _, pixel)| luminance(pixel) > 0.3);
    bright.fold(Rect::NOTHING, |area, (x, y, _)| {
        area.union(Rect::from_min_size(pos2(x as f32, y as f32), vec2(1.0, 1.0)))
    })
}

#[test]
fn words_stand_on_their_baseline_at_every_size() {
    let sizes = [
        (44.0, 1920, Align::Left),
        (140.0, 1280, Align::Center),
        (64.0, 2000, Align::Right),
        (28.0, 1366, Align::Center),
        (28.0, 3840, Align::Left),
    ];
    for (size, width, align) in sizes {
        let scale = width as f32 / 1920.0;
        let (face, ink) = (Face::SemiBold, Ink::Text);
        let text = Text { words: "HEH".into(), at: pos2(960.0, 500.0), align, size, face, ink, tabular: true };
        let mut draft = Draft::default();
        draft.add(Role::Body, 1.0, Shape::Text(text.clone()));
        let found = inked(&render(&draft.picture, ThemeName::Dark, [width, width * 9 / 16]));
        let measured = measure::bounds(&text);
        assert!((found.bottom() - 500.0 * scale).abs() <= 1.0, "{size} at {width}: {found:?}");
        assert!((found.top() - measured.top() * scale).abs() <= 1.5, "{size} at {width}: {found:?}");
        // H stands a little inside its advance.
        let aside = 0.06 * size * scale;
        assert!((found.left() - measured.left() * scale - aside).abs() <= aside + 1.0, "{align:?} {found:?}");
        assert!((measured.right() * scale - found.right() - aside).abs() <= aside + 1.0, "{align:?} {found:?}");
    }
}

#[test]
fn things_fill_their_boxes_and_keep_to_them() {
    for size in [200.0, 56.0] {
        let (picture, boxes) = frames::things(size, None);
        let image = render(&picture, ThemeName::Dark, [1920, 1080]);
        let bright = image.enumerate_pixels().filter(|(_, _, pixel)| luminance(pixel) > 0.1);
        let mut inked = vec![Rect::NOTHING; boxes.len()];
        for (x, y, _) in bright {
            let pixel = Rect::from_min_size(pos2(x as f32, y as f32), vec2(1.0, 1.0));
            let own = boxes.iter().position(|(_, rect)| rect.expand(1.0).contains_rect(pixel));
            let own = own.unwrap_or_else(|| panic!("at {size}, nothing has its box at {x}, {y}"));
            inked[own] = inked[own].union(pixel);
        }
        for ((kind, rect), inked) in boxes.iter().zip(inked) {
            let [wide, high] = [inked.width() / rect.width(), inked.height() / rect.height()];
            assert!(wide.max(high) > 0.9 && wide.min(high) > 0.4, "{kind:?} at {size}: {wide} by {high}");
        }
    }
}

#[test]
fn the_head_of_an_arrow_is_as_broad_as_its_line_asks_for() {
    for (width, solid) in [(6.0, false), (8.0, true), (14.0, true), (34.0, true)] {
        let path = [pos2(500.0, 500.0), pos2(1000.0, 500.0)];
        let line = Shape::Line { path: path.into(), width, ink: Ink::Text, head: true, dashed: false };
        let mut draft = Draft::default();
        draft.add(Role::Rule, 1.0, line);
        let image = render(&draft.picture, ThemeName::Dark, [1920, 1080]);
        // How many pixels of a column are lit, and whether they are one piece.
        let column = |x: u32| {
            let lit: Vec<u32> = (400..600).filter(|y| luminance(image.get_pixel(x, *y)) > 0.3).collect();
            (
                lit.len() as f32,
                lit.last().zip(lit.first()).is_none_or(|(last, first)| last - first + 1 == lit.len() as u32),
            )
        };
        let columns: Vec<(f32, bool)> = (900..1000).map(column).collect();
        let broadest = columns.iter().map(|(lit, _)| *lit).fold(0.0, f32::max);
        assert_eq!(columns.iter().all(|(_, one)| *one), solid, "{width}");
        assert!(!solid || broadest >= 1.8 * width && broadest <= 4.0 * width, "{width}: {broadest}");
        let found = inked(&image);
        assert!((found.right() - 1000.0).abs() <= 0.5 * width + 1.0, "{width} ends at {}", found.right());
    }
}

#[test]
fn numbers_stand_still() {
    let left = |words: &str| {
        let mut draft = Draft::default();
        draft.number(960.0, 500.0, Align::Right, words, Type(96.0, Face::SemiBold, Ink::Text));
        draft.picture.marks.iter().map(|mark| mark.bounds(measure::bounds).left()).fold(f32::INFINITY, f32::min)
    };
    assert!((left("11.7") - left("98.4")).abs() < 0.05);
}

/// The meshes that are painted of a picture, and their triangles' corners.
fn painted(ctx: &egui::Context, picture: &Picture, name: ThemeName, textures: &mut Textures) -> Vec<Arc<egui::Mesh>> {
    let window = Rect::from_min_max(pos2(0.0, 0.0), pos2(1600.0, 900.0));
    let input = egui::RawInput { screen_rect: Some(window), ..Default::default() };
    let mut out = ctx.run_ui(input, |ui| {
        paint::paint(ui, picture, &Screen::fit(window), &Theme::load(name), textures);
    });
    let shapes = std::mem::take(&mut out.shapes);
    out.drop_without_applying_deltas();
    let mesh =
        |shape: egui::epaint::ClippedShape| if let egui::Shape::Mesh(mesh) = shape.shape { Some(mesh) } else { None };
    shapes.into_iter().filter_map(mesh).collect()
}

#[test]
fn what_stays_is_not_worked_out_again_and_what_moves_is() {
    let ctx = egui::Context::default();
    ctx.set_fonts(theme::fonts());
    let (mut picture, mut kept) = (frames::checkpoint(), Textures::default());
    let first = painted(&ctx, &picture, ThemeName::Dark, &mut kept);
    let again = painted(&ctx, &picture, ThemeName::Dark, &mut kept);
    // The ground under the marks is no part of them.
    let others = |one: &[Arc<egui::Mesh>], other: &[Arc<egui::Mesh>]| {
        one.iter().zip(other).skip(1).filter(|(one, other)| !Arc::ptr_eq(one, other)).count()
    };
    assert!(first.len() > 5 && first.len() == again.len() && others(&first, &again) == 0, "{} pieces", first.len());
    // One dot goes on.
    let mut seen = picture.marks.iter_mut().filter(|mark| mark.opacity > 0.5);
    let dot = seen.find_map(|mark| if let Shape::Dot { center, .. } = &mut mark.shape { Some(center) } else { None });
    let Some(dot) = dot else { panic!("a checkpoint has dots") };
    dot.x += 5.0;
    assert_eq!(others(&again, &painted(&ctx, &picture, ThemeName::Dark, &mut kept)), 1);
    // However it was come to, the same picture in the same theme is the same triangles.
    for (picture, name) in
        [(frames::load(), ThemeName::Light), (frames::load(), ThemeName::Dark), (picture, ThemeName::Light)]
    {
        let [kept, anew] =
            [&mut kept, &mut Textures::default()].map(|textures| painted(&ctx, &picture, name, textures));
        assert!(kept == anew, "{name:?}");
    }
}

#[test]
fn a_whole_scene_is_a_few_draw_calls() {
    let (ctx, picture) = (egui::Context::default(), frames::checkpoint());
    ctx.set_fonts(theme::fonts());
    let window = Rect::from_min_max(pos2(0.0, 0.0), pos2(1600.0, 1000.0));
    let input = egui::RawInput { screen_rect: Some(window), ..Default::default() };
    let mut textures = Textures::default();
    let mut out = ctx.run_ui(input, |ui| {
        paint::paint(ui, &picture, &Screen::fit(window), &Theme::load(ThemeName::Dark), &mut textures);
    });
    let meshes = ctx.tessellate(std::mem::take(&mut out.shapes), out.pixels_per_point);
    out.drop_without_applying_deltas();
    assert!(picture.marks.len() > 100 && meshes.len() <= 3, "{} meshes", meshes.len());
}

#[test]
fn a_block_hides_the_line_that_it_stands_on() {
    let show = talk::talk("none");
    let at = show.presentation().library().position("slow-light:4").expect("the shipped talk has this step");
    let picture = talk::still("none", at);
    let blocks = picture.marks.iter().filter(|mark| mark.id.thing.word().starts_with("fly-"));
    let blocks: Vec<Rect> = blocks.map(|mark| mark.bounds(measure::bounds)).collect();
    assert_eq!(blocks.len(), 5);
    for name in [ThemeName::Dark, ThemeName::Light] {
        let image = render(&picture, name, [1920, 1080]);
        for block in &blocks {
            // Beside the line and on it, which runs through its middle one way or the other.
            let at = |x: f32, y: f32| image.get_pixel(x as u32, y as u32);
            let (middle, off) = (block.center(), 9.0);
            let level = apart(at(middle.x - off, middle.y + off), at(middle.x, middle.y + off));
            let upright = apart(at(middle.x + off, middle.y - 0.5), at(middle.x, middle.y - 0.5));
            assert!(level <= 4 && upright <= 4, "{name:?} {block:?}: {level} {upright}");
        }
    }
}

#[test]
fn a_veil_is_the_ground_in_its_middle_and_nothing_at_its_edge() {
    let rect = area(400.0, 900.0, 500.0, 700.0);
    let mut draft = Draft::default();
    let radii = [12.0; 4];
    draft.add(
        Role::Box,
        1.0,
        Shape::Rect { rect: rect.expand(60.0), radii, fill: Fill::Flat(Ink::Edge, 1.0), stroke: None },
    );
    draft.add(Role::Box, 1.0, Shape::Rect { rect, radii, fill: Fill::Veil { reach: 60.0 }, stroke: None });
    for name in [ThemeName::Dark, ThemeName::Light] {
        let image = render(&draft.picture, name, [1920, 1080]);
        let at = |x: f32, y: f32| *image.get_pixel(x as u32, y as u32);
        assert!(apart(&at(650.0, 600.0), &at(1500.0, 600.0)) <= 2, "{name:?}: the ground as it is beside all");
        assert!(apart(&at(401.0, 600.0), &at(380.0, 600.0)) <= 3, "{name:?}: no edge");
        let half = apart(&at(430.0, 600.0), &at(650.0, 600.0));
        let whole = apart(&at(380.0, 600.0), &at(650.0, 600.0));
        assert!((0.3..0.7).contains(&(f32::from(half) / f32::from(whole))), "{name:?}: {half} of {whole}");
    }
}

#[test]
fn the_ground_goes_on_beside_the_stage() {
    let wide = render(&Picture::default(), ThemeName::Light, [500, 90]);
    let tall = render(&Picture::default(), ThemeName::Light, [160, 300]);
    assert_eq!(wide.get_pixel(2, 45), wide.get_pixel(250, 45));
    assert_eq!(tall.get_pixel(80, 2).0, [0xFB, 0xFC, 0xFE, 255]);
    assert_eq!(tall.get_pixel(80, 297).0, [0xEE, 0xF2, 0xF7, 255]);
}
