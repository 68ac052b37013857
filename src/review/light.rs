//! Silence is seen: while the GPUs compute the floors are dark; and the hero is the brightest.

use egui::emath::{Rect, pos2, vec2};

use crate::measure;
use crate::picture::{Role, Shape};
use crate::review::pixels::Ground;
use crate::review::still::Still;
use crate::review::{Findings, Note};
use crate::scene::model::View;
use crate::scene::problem::Severity;

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
    for dark in darks.iter().filter(|dark| tells(dark, "train")) {
        let same =
            |other: &&Dark<'_>| other.still.scene.id == dark.still.scene.id && other.still.data == dark.still.data;
        if let Some(load) = darks.iter().filter(same).find(|other| tells(other, "load")) {
            silence(dark, load, findings);
        }
    }
}

fn tells(dark: &Dark<'_>, phase: &str) -> bool {
    let Still { scene, step, .. } = dark.still;
    let moves = !step.motion.cues.is_empty();
    matches!(scene.view, View::World { measured: true, .. }) && step.phase.as_deref() == Some(phase) && !moves
}

fn silence(train: &Dark<'_>, load: &Dark<'_>, findings: &mut Findings<'_>) {
    let lit: Vec<Rect> = lights(load, Role::Floor).collect();
    if lit.is_empty() {
        return;
    }
    let floors = mean(train, lit.iter().copied()) / mean(load, lit.iter().copied()).max(1e-6);
    let hall = mean(train, lights(train, Role::Hall)) / mean(load, hall(load)).max(1e-6);
    for (is_bad, message) in [
        (
            floors > MOST_FLOORS,
            format!("the floors keep {:.0} % of their light of \"load\": at most 25 %", floors * 100.0),
        ),
        (hall < LEAST_HALL, format!("the hall has {hall:.1} times its light of \"load\": at least twice")),
    ] {
        if is_bad {
            let note = Note {
                code: "silence",
                severity: Severity::Error,
                about: None,
                message,
                hint: "silence must be seen: what drives this light?",
            };
            findings.note(train.still, note, &note_key(floors, hall));
        }
    }
}

fn note_key(floors: f32, hall: f32) -> String {
    format!("{floors} {hall}")
}

/// The boxes that are lit: floors without their plate, or the hall.
fn lights<'a>(dark: &'a Dark<'_>, of: Role) -> impl Iterator<Item = Rect> + 'a {
    dark.still.marks().filter_map(move |mark| match &mark.shape {
        Shape::Light { rect, .. } => {
            let is_hall = mark.id.name() == "hall.light";
            (is_hall == (of == Role::Hall)).then(|| inside(*rect, is_hall))
        }
        _ => None,
    })
}

fn hall<'a>(dark: &'a Dark<'_>) -> impl Iterator<Item = Rect> + 'a {
    let halls = dark.still.marks().filter(|mark| mark.role == Role::Hall);
    halls.map(|mark| inside(mark.bounds(measure::bounds), true))
}

fn inside(rect: Rect, is_hall: bool) -> Rect {
    let plate = if is_hall { 0.0 } else { PLATE };
    Rect::from_min_max(rect.min + vec2(EDGE + plate, EDGE), pos2(rect.right() - EDGE, rect.bottom() - EDGE))
}

fn mean(dark: &Dark<'_>, rects: impl Iterator<Item = Rect>) -> f32 {
    let values: Vec<f32> = rects.flat_map(|rect| dark.ground.within(rect)).collect();
    if values.is_empty() { 0.0 } else { values.iter().sum::<f32>() / values.len() as f32 }
}
