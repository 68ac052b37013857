//! Renders each picture without its words and measures what they stand on, the floors' edges, and the light.

use egui::emath::{Pos2, Rect, Vec2, pos2, vec2};

use crate::paint::Textures;
use crate::picture::{Picture, Role, STAGE, Shape};
use crate::render::Renderer;
use crate::review::contrast::{luminance, plain, washed};
use crate::review::findings::{Findings, Note};
use crate::review::glyphs::covered;
use crate::review::ground::Ground;
use crate::review::light::{self, Dark};
use crate::review::still::{Still, quoted};
use crate::theme::{Theme, ThemeName};

/// Half of the stage's units: small enough to be quick, large enough for an edge.
const SIZE: [u32; 2] = [960, 540];

/// Least contrast of words, plain and washed, and of what carries meaning, washed.
const WORDS_PLAIN: f32 = 7.0;
const WORDS_WASHED: f32 = 4.5;
const EDGES_WASHED: f32 = 3.0;
/// Contrasts are given to one decimal, so this much less is not reported.
const ROUNDING: f32 = 0.05;
/// How far outside an edge its ground is looked for; two floors are 16 apart, fewer where the camera stands back.
const BESIDE: [f32; 3] = [3.0, 5.0, 8.0];

/// Checks all pictures in all themes.
pub(super) fn check(stills: &[Still<'_>], textures: &Textures, findings: &mut Findings<'_>) {
    // The stale pictures have the same ground as the live ones, with a clock and an age on it.
    let stills: Vec<&Still<'_>> = stills.iter().filter(|still| still.data != "stale").collect();
    let mut renderer = Renderer::new();
    let mut darks = Vec::new();
    for name in ThemeName::ALL {
        let theme = Theme::load(name);
        for still in &stills {
            let marks = still.picture.marks.iter().filter(|mark| !matches!(mark.shape, Shape::Text(_)));
            let wordless = Picture { marks: marks.cloned().collect(), ..Picture::default() };
            let ground = Ground::new(&renderer.image(&wordless, &theme, SIZE, textures));
            check_words(still, &theme, &ground, findings);
            check_edges(still, &theme, &ground, findings);
            if name == ThemeName::Dark {
                darks.push(Dark { still, ground });
            }
        }
    }
    light::check(&darks, findings);
    light::check_heroes(&stills, textures, findings);
}

fn check_words(still: &Still<'_>, theme: &Theme, ground: &Ground, findings: &mut Findings<'_>) {
    for (mark, text) in still.texts() {
        let [red, green, blue, _] = theme.color(text.ink).to_array();
        let own = luminance([red, green, blue]);
        let Some(below) = worst_tenth(&ground.within(covered(text)), own) else { continue };
        let own = below + (own - below) * mark.opacity;
        let (plain, washed) = (plain(own, below), washed(own, below));
        if plain < WORDS_PLAIN - ROUNDING || washed < WORDS_WASHED - ROUNDING {
            let (words, ink, theme) = (quoted(text), text.ink.name(), theme.name.name());
            let needed = format!("{WORDS_PLAIN}:1 and {WORDS_WASHED}:1 are needed");
            let seen = format!("{words} in {ink} is {plain:.1}:1 plain and {washed:.1}:1 washed");
            let message = format!("{seen}, in the theme {theme}: {needed}");
            let note = Note::error("contrast", message, "the ink Text, or a calmer ground").about(mark);
            findings.note(still, note, &format!("{theme} {}", mark.id));
        }
    }
}

/// The mean of that tenth of the ground which is nearest to the words' own luminance.
fn worst_tenth(ground: &[f32], own: f32) -> Option<f32> {
    let mut sorted: Vec<f32> = ground.to_vec();
    sorted.sort_by(|a, b| plain(*a, own).total_cmp(&plain(*b, own)));
    let tenth = sorted.len().div_ceil(10);
    let worst = &sorted[..tenth];
    (!worst.is_empty()).then(|| worst.iter().sum::<f32>() / worst.len() as f32)
}

/// Checks that the edge of each floor and of the hall stands out from the ground beside it.
fn check_edges(still: &Still<'_>, theme: &Theme, ground: &Ground, findings: &mut Findings<'_>) {
    for mark in still.marks().filter(|mark| matches!(mark.role, Role::Floor | Role::Hall)) {
        let Shape::Rect { rect, stroke: Some(stroke), .. } = &mark.shape else { continue };
        let Some(contrast) = edge_contrast(*rect, stroke.width.max(theme.least_edge()), ground) else { continue };
        if contrast < EDGES_WASHED - ROUNDING && mark.opacity > 0.99 {
            let (id, theme) = (&mark.id, theme.name.name());
            let ratio = format!("{contrast:.1}:1 washed, in the theme {theme}: {EDGES_WASHED}:1 is needed");
            let message = format!("the edge of {id} is {ratio}");
            let note = Note::error("edge-contrast", message, "a stronger ink, or less light beside it");
            findings.note(still, note, &format!("{theme} {id}"));
        }
    }
}

/// The median over the edge's length of its washed contrast to the ground beside it.
fn edge_contrast(rect: Rect, width: f32, ground: &Ground) -> Option<f32> {
    let along = (1..24).map(|part| part as f32 / 24.0);
    let spots = along.flat_map(|share| {
        let (x, y) = (rect.left() + rect.width() * share, rect.top() + rect.height() * share);
        let (up, left) = (vec2(0.0, -1.0), vec2(-1.0, 0.0));
        [
            (pos2(x, rect.top()), up),
            (pos2(x, rect.bottom()), -up),
            (pos2(rect.left(), y), left),
            (pos2(rect.right(), y), -left),
        ]
    });
    let contrast = |(on, out): (Pos2, Vec2)| {
        let beside = BESIDE.map(|far| on + out * (width / 2.0 + far));
        let seen = beside.into_iter().filter(|point| STAGE.contains(*point) && STAGE.contains(on));
        seen.map(|point| washed(ground.at(on), ground.at(point))).reduce(f32::max)
    };
    let mut ratios: Vec<f32> = spots.filter_map(contrast).collect();
    ratios.sort_by(f32::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}
