//! Whether the light shows what happens: dark floors while the GPUs compute, and most of the light on the hero.

use egui::emath::{Rect, pos2, vec2};
use image::RgbaImage;

use crate::measure;
use crate::paint::Textures;
use crate::picture::{Layer, Mark, Part, Picture, Role, STAGE, Shape, Thing};
use crate::render::Renderer;
use crate::review::contrast::luminance;
use crate::review::findings::{Findings, Note};
use crate::review::ground::Ground;
use crate::review::still::Still;
use crate::scene::model::{FloorNames, View};
use crate::theme::{Theme, ThemeName};

/// A picture of the dark theme.
pub(super) struct Dark<'a> {
    pub(super) still: &'a Still<'a>,
    pub(super) ground: Ground,
}

/// In "compute" the floors have at most this share of their light in "load", and the hall at least so many times its own.
const MOST_FLOORS: f32 = 0.25;
const LEAST_HALL: f32 = 2.0;
/// Edge and plate are bright at rest.
const EDGE: f32 = 10.0;
const PLATE: f32 = 48.0;

/// Compares "load" and "train" of each scene that tells both in the world, with readings.
pub(super) fn check(darks: &[Dark<'_>], findings: &mut Findings<'_>) {
    for dark in darks.iter().filter(|dark| tells_phase(dark, "train")) {
        let same =
            |other: &&Dark<'_>| other.still.scene.id == dark.still.scene.id && other.still.data == dark.still.data;
        if let Some(load) = darks.iter().filter(same).find(|other| tells_phase(other, "load")) {
            check_silence(dark, load, findings);
        }
    }
}

/// The brightest part of a blurred picture, and how much of it must lie in the hero's box.
const BRIGHTEST: f32 = 0.02;
const LEAST_IN_HERO: f32 = 0.35;
/// Stage units of the blur.
const BLUR: f32 = 24.0;
/// The glow of a lit shape belongs to it.
const GLOW: f32 = 26.0;

/// Checks that the hero is where the picture is brightest, in each picture in which floors or hall are lit. On a light ground
/// what stands out is a matter of hue and area too, and no one measure of light tells it.
pub(super) fn check_heroes(stills: &[&Still<'_>], textures: &Textures, findings: &mut Findings<'_>) {
    for name in [ThemeName::Dark, ThemeName::Contrast] {
        check_heroes_in(&Theme::load(name), (stills, textures), findings);
    }
}

fn check_heroes_in(theme: &Theme, (stills, textures): (&[&Still<'_>], &Textures), findings: &mut Findings<'_>) {
    let mut renderer = Renderer::new();
    for still in stills.iter().filter(|still| still.data == "sim") {
        let Some(hero) = still.step.hero.as_deref() else { continue };
        let lit = |mark: &&Mark| matches!(mark.shape, Shape::Light { level, .. } if level * mark.opacity > LEAST_LIGHT);
        let is_told = matches!(still.scene.view, View::World { names, .. } if names != FloorNames::None);
        if !is_told || !still.marks().any(|mark| lit(&mark)) {
            continue;
        }
        // All that the hero draws; of a floor or the hall, its light too.
        let own = still.marks().filter(|mark| mark.id.thing.word() == hero);
        let area = own.map(|mark| mark.bounds(measure::bounds)).reduce(|all, rect| all.union(rect));
        let Some(area) = area else { continue };
        // Once a burst is past its number steps back, and what the picture tells then is that the GPUs go on.
        let is_past = still.marks().any(|mark| mark.id.part == Part::Memory);
        let hall = still.marks().find(|mark| mark.role == Role::Hall && is_past);
        let areas: Vec<Rect> = [area]
            .into_iter()
            .chain(hall.map(|hall| hall.bounds(measure::bounds)))
            .map(|area| area.expand(GLOW))
            .collect();
        let image = renderer.image(&without_rest(still.picture), theme, SMALL, textures);
        let share = share_within(&image, &areas);
        if share < LEAST_IN_HERO {
            let message = format!(
                "{:.0} % of the brightest in {} lies on the hero \"{hero}\": at least 35 % is needed",
                share * 100.0,
                theme.name.name()
            );
            let hint = "name as hero what is lit, or light what is the hero";
            let note = Note::error("hero-outshone", message, hint);
            findings.note(still, note, theme.name.name());
        }
    }
}

/// A floor with less is not yet lit.
const LEAST_LIGHT: f32 = 0.25;
/// A quarter of the stage's units: after the blur nothing finer is left.
const SMALL: [u32; 2] = [480, 270];

/// The picture without what is as bright when nothing happens: names, edges, plates, badge and bottom line.
fn without_rest(picture: &Picture) -> Picture {
    let is_rest = |mark: &Mark| {
        mark.layer == Layer::Furniture
            || matches!(mark.role, Role::Badge | Role::Source | Role::Caption | Role::Heading)
    };
    Picture { marks: picture.marks.iter().filter(|mark| !is_rest(mark)).cloned().collect(), ..Picture::default() }
}

/// The share of the brightest pixels, after the blur, that lies within boxes of the stage.
fn share_within(image: &RgbaImage, areas: &[Rect]) -> f32 {
    let (wide, tall) = (image.width() as usize, image.height() as usize);
    let mut values: Vec<f32> = image.pixels().map(|pixel| luminance([pixel[0], pixel[1], pixel[2]])).collect();
    let scale = wide as f32 / STAGE.width();
    // Three box blurs are a Gaussian to the eye.
    let reach = (BLUR * scale).round().max(1.0) as usize;
    for _ in 0..3 {
        values = blurred(&values, wide, tall, reach);
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let brightest = &order[..((values.len() as f32 * BRIGHTEST) as usize).max(1)];
    let at = |index: usize| pos2((index % wide) as f32 + 0.5, (index / wide) as f32 + 0.5) / scale;
    brightest.iter().filter(|index| areas.iter().any(|area| area.contains(at(**index)))).count() as f32
        / brightest.len() as f32
}

/// Lines of equally many values: how many values and lines there are, and how far apart each of them lie.
struct Lines {
    count: usize,
    lines: usize,
    step: usize,
    line_step: usize,
}

/// A box blur along rows, then along columns.
fn blurred(values: &[f32], wide: usize, tall: usize, reach: usize) -> Vec<f32> {
    let across = box_blur(values, &Lines { count: wide, lines: tall, step: 1, line_step: wide }, reach);
    box_blur(&across, &Lines { count: tall, lines: wide, step: wide, line_step: 1 }, reach)
}

/// The mean of each value with its neighbours on a line, `reach` of them on either side.
fn box_blur(values: &[f32], lines: &Lines, reach: usize) -> Vec<f32> {
    let mut out = vec![0.0; values.len()];
    let Lines { count, .. } = *lines;
    for line in 0..lines.lines {
        let at = |n: usize| line * lines.line_step + n * lines.step;
        let mut sums = vec![0.0; count + 1];
        for n in 0..count {
            sums[n + 1] = sums[n] + values[at(n)];
        }
        for n in 0..count {
            let (from, to) = (n.saturating_sub(reach), (n + reach + 1).min(count));
            out[at(n)] = (sums[to] - sums[from]) / (to - from) as f32;
        }
    }
    out
}

fn tells_phase(dark: &Dark<'_>, phase: &str) -> bool {
    let Still { scene, step, .. } = dark.still;
    let moves = !step.motion.cues.is_empty();
    matches!(scene.view, View::World { measured: true, .. }) && step.phase.as_deref() == Some(phase) && !moves
}

fn check_silence(train: &Dark<'_>, load: &Dark<'_>, findings: &mut Findings<'_>) {
    let lit: Vec<Rect> = lit_boxes(load, Role::Floor).collect();
    if lit.is_empty() {
        return;
    }
    let floors = mean_luminance(train, lit.iter().copied()) / mean_luminance(load, lit.iter().copied()).max(1e-6);
    let halls = load.still.marks().filter(|mark| mark.role == Role::Hall);
    let halls = halls.map(|mark| inner_box(mark.bounds(measure::bounds), true));
    let hall = mean_luminance(train, lit_boxes(train, Role::Hall)) / mean_luminance(load, halls).max(1e-6);
    let kept = format!("the floors keep {:.0} % of their light of \"load\": at most 25 %", floors * 100.0);
    let gained = format!("the hall has {hall:.1} times its light of \"load\": at least twice");
    for (is_bad, message) in [(floors > MOST_FLOORS, kept), (hall < LEAST_HALL, gained)] {
        if is_bad {
            let note = Note::error("silence", message, "silence must be seen: what drives this light?");
            findings.note(train.still, note, &format!("{floors} {hall}"));
        }
    }
}

/// The boxes that are lit: floors without their plate, or the hall.
fn lit_boxes<'a>(dark: &'a Dark<'_>, of: Role) -> impl Iterator<Item = Rect> + 'a {
    dark.still.marks().filter_map(move |mark| {
        let Shape::Light { rect, .. } = &mark.shape else { return None };
        let is_hall = mark.id.thing == Thing::Hall;
        (is_hall == (of == Role::Hall)).then(|| inner_box(*rect, is_hall))
    })
}

fn inner_box(rect: Rect, is_hall: bool) -> Rect {
    let plate = if is_hall { 0.0 } else { PLATE };
    Rect::from_min_max(rect.min + vec2(EDGE + plate, EDGE), pos2(rect.right() - EDGE, rect.bottom() - EDGE))
}

fn mean_luminance(dark: &Dark<'_>, rects: impl Iterator<Item = Rect>) -> f32 {
    let values: Vec<f32> = rects.flat_map(|rect| dark.ground.within(rect)).collect();
    if values.is_empty() { 0.0 } else { values.iter().sum::<f32>() / values.len() as f32 }
}
