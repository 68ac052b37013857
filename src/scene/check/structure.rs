//! What every scene and step must have: a caption of one sentence, notes, a budget, a hero that is shown, images that are there.

use egui::emath::Pos2;

use crate::picture::Side;
use crate::ron_text::{Finder, read};
use crate::scene::file::{
    ChangeFile, DeckFile, EdgeFile, ElementFile, FillFile, SceneFile, StepFile, ThingFile, ViewFile,
};
use crate::scene::library::Library;
use crate::scene::model::{Scene, Step, View};
use crate::scene::world::{Route, World};
use crate::signal::{Subject, Tier};

/// Whether an image can be shown; the error says why not. What lies on the disk is the caller's matter.
pub(crate) type HasImage<'a> = dyn Fn(&str) -> Result<(), String> + 'a;

/// Caption, notes and budget of the scene and of each step.
pub(super) fn scene(file: &SceneFile, finder: &mut Finder<'_>) {
    if file.notes.trim().is_empty() {
        let place = finder.places.of_key("notes", None);
        let hint = "say what to say, and the veteran's likely objection";
        finder.error("missing-notes", place, "the scene has no notes", hint);
    }
    for (index, step) in file.steps.iter().enumerate() {
        check_step(step, index, finder);
    }
}

fn check_step(step: &StepFile, index: usize, finder: &mut Finder<'_>) {
    let mut error = |code, key: &str, message: &str, hint: &str| {
        let place = finder.places.of_key(key, Some(index));
        finder.error(code, place, message, hint);
    };
    if step.caption.trim().is_empty() {
        error("missing-caption", "caption", "the caption is empty", "one sentence that the picture shows");
    } else if sentences(&step.caption) > 1 {
        let hint = "keep one; the rest is for the notes";
        error("caption-sentences", "caption", "the caption is more than one sentence", hint);
    }
    if step.notes.trim().is_empty() {
        error("missing-notes", "notes", "the step has no notes", "add notes: what to say here");
    }
    if step.budget_secs == 0 {
        let message = "the step has no seconds to be told in";
        error("missing-budget", "budget_secs", message, "budget_secs: 60 is a minute");
    }
}

/// Where drives can be clicked, a text of the scene says how many are left, and what they stand in for is there.
pub(super) fn clicked_drives(file: &SceneFile, finder: &mut Finder<'_>) {
    let ids: Vec<&str> = file.elements.iter().map(|element| element.parts().id).collect();
    for element in &file.elements {
        let ElementFile::Thing { id, thing: ThingFile::Strips { clicks: Some(clicks), .. } } = element else {
            continue;
        };
        let is_text = |said: &str| {
            let is_it = |other: &ElementFile| matches!(other, ElementFile::Text { id, .. } if id == said);
            file.elements.iter().any(is_it)
        };
        let unknown = clicks.says.iter().filter(|said| !is_text(said));
        let empty = clicks.instead_of.iter().filter(|first| !ids.iter().any(|id| id.starts_with(first.as_str())));
        for word in unknown.chain(empty) {
            let message = format!("the clicks of \"{id}\" name \"{word}\", and nothing of the scene is called so");
            let hint = "says: the id of a Text; instead_of: how the ids of elements begin";
            finder.error("unknown-id", finder.places.of_id(id), message, hint);
        }
    }
}

/// How many sentences: a full stop, question or exclamation mark before a capital begins another.
fn sentences(words: &str) -> usize {
    let mut count = 1;
    let mut ended = false;
    let mut spaced = false;
    for c in words.trim().chars() {
        if ended && spaced && !c.is_whitespace() {
            count += usize::from(!c.is_lowercase());
            ended = false;
        }
        spaced = c.is_whitespace();
        ended = matches!(c, '.' | '!' | '?') || (ended && spaced);
    }
    count
}

/// Each step's hero must be named and shown.
pub(super) fn heroes(scene: &Scene, finder: &mut Finder<'_>) {
    for (index, step) in scene.steps.iter().enumerate() {
        let (message, hint) = match &step.hero {
            None => ("the step names no hero".to_owned(), "hero: the id of what the caption names".to_owned()),
            Some(hero) if is_shown(hero, step, &scene.view) => continue,
            Some(hero) => (
                format!("the hero \"{hero}\" is not shown on this step"),
                format!("reveal \"{hero}\", or name another hero"),
            ),
        };
        finder.error("no-hero", finder.places.of_key("hero", Some(index)), message, hint);
    }
}

fn is_shown(hero: &str, step: &Step, view: &View) -> bool {
    match hero {
        "heading" => !step.heading.is_empty(),
        _ if hero == Subject::Compute.id() => matches!(view, View::World { .. }),
        _ if Tier::from_id(hero).is_some() => !matches!(view, View::Page { .. }),
        _ => step.elements.iter().any(|placed| &*placed.id == hero && placed.shown),
    }
}

/// Lanes of two routes nearer than this, in stage units across them and along them, read as two flows of one kind.
const BESIDE: f32 = 140.0;
const BEFORE: f32 = 100.0;

/// One flow is one path: what is told beside a measured flow is told on that flow's route.
pub(super) fn one_path(scene: &Scene, world: &World, finder: &mut Finder<'_>) {
    for (index, step) in scene.steps.iter().enumerate() {
        let flows: Vec<&Route> = step.motion.flows.iter().filter_map(|flow| world.route(&flow.route)).collect();
        let tells = step.motion.tells.iter().filter_map(|tell| world.route(&tell.route));
        for told in tells.filter(|told| flows.iter().all(|flow| flow.id != told.id)) {
            if let Some(flow) = flows.iter().find(|flow| are_beside(told, flow)) {
                let place = finder.places.of_name(&told.id, Some(index));
                let message =
                    format!("\"{}\" is told beside the measured \"{}\": one flow, two paths", told.id, flow.id);
                finder.error("two-paths", place, message, format!("Tell(route: \"{}\")", flow.id));
            }
        }
    }
}

/// Whether a part of one route runs along a part of another.
fn are_beside(one: &Route, other: &Route) -> bool {
    let parts = |route: &Route| -> Vec<[Pos2; 2]> {
        route.lanes.iter().flat_map(|lane| lane.windows(2)).map(|pair| [pair[0], pair[1]]).collect()
    };
    let along = |[a, b]: [f32; 2], [c, d]: [f32; 2]| a.max(b).min(c.max(d)) - a.min(b).max(c.min(d));
    let others = parts(other);
    parts(one).iter().any(|[a, b]| {
        others.iter().any(|[c, d]| {
            let (x, y) = (along([a.x, b.x], [c.x, d.x]), along([a.y, b.y], [c.y, d.y]));
            let rise = |[from, to]: [&Pos2; 2]| (to.x - from.x).abs() < (to.y - from.y).abs();
            match (rise([a, b]), rise([c, d])) {
                (true, true) => x > -BESIDE && y > -BEFORE,
                (false, false) => y > -BESIDE && x > -BEFORE,
                _ => false,
            }
        })
    })
}

/// In the world a fill is a reading: what is told there has outlines and words only.
pub(super) fn told_fills(file: &SceneFile, finder: &mut Finder<'_>) {
    if matches!(file.view, ViewFile::Page { .. }) {
        return;
    }
    for parts in file.elements.iter().map(ElementFile::parts).filter(|parts| parts.is_filled) {
        let message = format!("\"{}\" is filled, and in the world only a reading fills", parts.id);
        let hint = "an outline, or a scene with the view Page";
        finder.error("told-fill", finder.places.of_id(parts.id), message, hint);
    }
}

/// A box draws something, on sides that are sides, and no stronger than its ink is.
pub(super) fn boxes(file: &SceneFile, finder: &mut Finder<'_>) {
    for element in &file.elements {
        let (id, fill) = match element {
            ElementFile::Box { id, fill, .. } => (id, *fill),
            ElementFile::Node(node) => (&node.id, node.fill),
            _ => continue,
        };
        let mut error = |code, message: String, hint: &str| finder.error(code, finder.places.of_id(id), message, hint);
        if let FillFile::Tint(level) | FillFile::Fade(_, level) = fill
            && !(0.0..=1.0).contains(&level)
        {
            error("fill-level", format!("\"{id}\" is filled by {level}"), "from 0, nothing, to 1, all of it");
        }
        let ElementFile::Box { edge, hatch, glow, .. } = element else { continue };
        match edge {
            EdgeFile::Only(sides) if Side::AROUND.iter().all(|side| sides.contains(side)) || sides.is_empty() => {
                let hint = "leave edge out for all sides; edge: None for none";
                let which = if sides.is_empty() { "no side" } else { "all sides" };
                error("edge", format!("\"{id}\" names {which} of its edge"), hint);
            }
            EdgeFile::None if fill == FillFile::None && hatch.is_none() && !glow => {
                error("edge", format!("\"{id}\" has no edge and no fill: it draws nothing"), "a fill, or an edge");
            }
            EdgeFile::All | EdgeFile::None | EdgeFile::Only(_) => {}
        }
    }
}

/// Images must be there and say what they show.
pub(super) fn images(file: &SceneFile, has_image: &HasImage<'_>, finder: &mut Finder<'_>) {
    for parts in file.elements.iter().map(ElementFile::parts) {
        if let Some((path, alt)) = parts.image {
            let id = parts.id;
            image(path, None, has_image, finder);
            if alt.trim().is_empty() {
                let message = format!("the image \"{id}\" does not say what it shows");
                let hint = "alt: a few words for who cannot see it";
                finder.error("missing-alt", finder.places.of_id(id), message, hint);
            }
        }
    }
    for (index, step) in file.steps.iter().enumerate() {
        for change in &step.changes {
            if let ChangeFile::Image { path, .. } = change {
                image(path, Some(index), has_image, finder);
            }
        }
    }
}

fn image(path: &str, step: Option<usize>, has_image: &HasImage<'_>, finder: &mut Finder<'_>) {
    if let Err(why) = has_image(path) {
        let place = finder.places.of_name(path, step);
        finder.error("missing-image", place, why, "put the file beside the scenes");
    }
}

/// A cut's budgets may be off its length by this share.
const CUT_SLACK: f64 = 0.1;

/// What a cut is given must be what its steps take, and it has what every cut keeps.
pub(super) fn cuts(library: &Library, finder: &mut Finder<'_>) {
    for cut in &library.cuts {
        let place = finder.places.of_id(&cut.id);
        let (given, taken) = (f64::from(cut.minutes) * 60.0, f64::from(library.budget_secs(cut)));
        if (taken / given - 1.0).abs() > CUT_SLACK {
            let message = format!("the cut {} takes {:.1} minutes of its {}", cut.id, taken / 60.0, cut.minutes);
            finder.error("cut-length", place, message, "within a tenth: more or fewer steps");
        }
        let musts = library.entries.iter().enumerate().filter(|(_, entry)| entry.must);
        for (scene, _) in musts.filter(|(scene, _)| !cut.steps.iter().any(|(other, _)| other == scene)) {
            let id = &library.scenes[scene].id;
            let message = format!("the cut {} has no step of {id}, which every cut keeps", cut.id);
            finder.error("cut", place, message, "add a step of it, or take its must away");
        }
    }
}

/// A scene stands in the deck once, and what every cut keeps is not hidden.
pub(super) fn deck(text: &str, finder: &mut Finder<'_>) {
    let Ok(deck) = read::<DeckFile>(finder.file, text) else { return };
    for (index, (_, entry)) in deck.entries().enumerate() {
        let (scene, place) = (&entry.scene, finder.places.of_name(&entry.scene, None));
        if deck.entries().take(index).any(|(_, other)| other.scene == *scene) {
            finder.error("twice", place, format!("the scene \"{scene}\" is in the deck twice"), "keep one");
        }
        if entry.must && entry.hidden {
            let message = format!("the scene \"{scene}\" is kept in every cut and hidden");
            finder.warn("cut", place, message, "choose one of must and hidden");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Ink;
    use egui::emath::pos2;

    #[test]
    fn two_routes_are_one_flow_where_one_runs_along_the_other() {
        let route = |points: &[(f32, f32)]| Route {
            id: "r".into(),
            ink: Ink::Edge,
            lanes: vec![points.iter().map(|(x, y)| pos2(*x, *y)).collect()],
            dot_radius: 9.0,
            every: 40.0,
        };
        let shaft = route(&[(1177.0, 330.0), (1177.0, 703.0)]);
        let cases = [
            ("the next shaft", route(&[(1210.0, 374.0), (1210.0, 703.0)]), true),
            ("a shaft far away", route(&[(1400.0, 374.0), (1400.0, 703.0)]), false),
            ("a row", route(&[(482.0, 669.0), (1300.0, 669.0)]), false),
            ("a corner that turns into it", route(&[(900.0, 760.0), (1177.0, 760.0), (1177.0, 880.0)]), true),
        ];
        for (what, other, expected) in cases {
            assert_eq!(are_beside(&shaft, &other), expected, "{what}");
        }
    }

    #[test]
    fn sentences_are_counted() {
        let cases = [
            ("Customer briefing", 1),
            ("One. Two.", 2),
            ("At 1.5 ms it is fast.", 1),
            ("Why? Because.", 2),
            ("Say it, e.g. here.", 1),
        ];
        for (words, count) in cases {
            assert_eq!(sentences(words), count, "{words}");
        }
    }
}
