//! A scene, resolved step by step.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::emath::pos2;

use crate::picture::{Furniture, Thing};
use crate::ron_text::Finder;
use crate::scene::file::{CameraFile, SceneFile, StepFile, ViewFile};
use crate::scene::model::{Camera, Scene, Step, View};
use crate::scene::motion::{Motion, Turn};
use crate::scene::template::Words;
use crate::scene::world::World;
use crate::signal::Subject;

use super::changes::apply;
use super::elements::elements;
use super::known::{Known, check_source};
use super::page_parts;
use super::work::{Running, Work};

fn camera(file: Option<CameraFile>) -> Option<Camera> {
    file.map(|file| Camera { corner: pos2(file.x, file.y), width: file.width })
}

/// Resolves a scene file.
pub(crate) fn scene(file: SceneFile, known: Known<'_>, finder: &mut Finder<'_>) -> Scene {
    finder.scene = Some(file.id.clone());
    let (view, whole) = view(&file.view);
    let mut placed = elements(&file, known, finder);
    // Of two elements of one id, which is an error, the first is meant.
    let places: BTreeMap<Arc<str>, usize> =
        placed.iter().enumerate().rev().map(|(index, placed)| (placed.id.clone(), index)).collect();
    let spots = page_parts::spots(&file.spots, &placed, known, finder);
    page_parts::check_columns(&placed, finder);
    check_ids(&file, known.world, finder);
    let mut running = Running { heading: Words::default(), camera: whole, emphasis: BTreeMap::new() };
    let mut steps = Vec::new();
    for (index, step_file) in file.steps.iter().enumerate() {
        let (placed, places, running) = (&mut placed, &places, &mut running);
        steps.push(step(step_file, &mut Work { known, finder, placed, places, running, step: index }));
    }
    if steps.is_empty() {
        let place = finder.places.of_key("steps", None);
        finder.error("no-steps", place, "a scene needs at least one step", "add a Step(caption: …)");
    }
    Scene {
        id: file.id.into(),
        title: file.title.into(),
        tags: file.tags,
        view,
        notes: file.notes.into(),
        file: finder.file.into(),
        spots,
        steps,
    }
}

/// No element is called as something of the world or of every picture is; and what scenes share is there.
fn check_ids(file: &SceneFile, world: &World, finder: &mut Finder<'_>) {
    let ids: Vec<&str> = file.elements.iter().map(|element| element.parts().id).collect();
    for id in ids.iter().filter(|id| is_reserved(id, world)) {
        let message = format!("\"{id}\" is a name of the world's");
        finder.error("reserved-id", finder.places.of_id(id), message, "give the element another id");
    }
    for id in &file.shared {
        finder.require("element", id, ids.iter().copied(), None);
    }
}

/// Whether the world, or every picture, has something of this name.
fn is_reserved(id: &str, world: &World) -> bool {
    let of_world = matches!(id, "gpu" | "bracket") || Thing::common(id).is_some();
    of_world
        || Furniture::ALL.iter().any(|what| what.word() == id)
        || world.phase(id).is_some()
        || world.route(id).is_some()
}

fn view(file: &ViewFile) -> (View, Camera) {
    match file {
        ViewFile::World { names, measured, camera: file, phases } => {
            let view = View::World { names: *names, measured: *measured, phases: phases.unwrap_or(true) };
            (view, camera(*file).unwrap_or(Camera::WHOLE))
        }
        ViewFile::Monitor => (View::Monitor, Camera::WHOLE),
        ViewFile::Page { measured } => (View::Page { measured: *measured }, Camera::WHOLE),
    }
}

fn step(file: &StepFile, work: &mut Work<'_, '_, '_>) -> Step {
    if let Some(heading) = &file.heading {
        work.running.heading = work.template(heading);
    }
    if let Some(to) = camera(file.camera) {
        work.running.camera = to;
    }
    let mut motion = Motion::default();
    let was_shown: Vec<bool> = work.placed.iter().map(|placed| placed.shown).collect();
    for (nth, change) in file.changes.iter().enumerate() {
        apply(change, nth, work, &mut motion);
    }
    let comes_and_goes =
        |(thing, turn): (_, &Turn)| turn.after.filter(|after| turn.until > Some(*after)).map(|_| thing);
    let passing: Vec<&Thing> = motion.turns.iter().filter_map(comes_and_goes).collect();
    for (placed, was_shown) in work.placed.iter_mut().zip(was_shown) {
        // They are in order, as the turns are.
        placed.passes = !was_shown && !placed.shown && passing.binary_search(&&placed.thing).is_ok();
    }
    check_names(file, work);
    Step {
        heading: work.running.heading.clone(),
        caption: work.template(&file.caption),
        notes: file.notes.as_str().into(),
        budget_secs: file.budget_secs,
        sources: file.sources.clone(),
        phase: file.phase.as_deref().map(Into::into),
        floors: file.floors.clone(),
        hero: file.hero.as_deref().map(Into::into),
        camera: work.running.camera,
        elements: work.placed.clone(),
        emphasis: work.running.emphasis.clone(),
        motion,
    }
}

/// The step's own names: phase, hero, sources.
fn check_names(file: &StepFile, work: &mut Work<'_, '_, '_>) {
    if let Some(phase) = &file.phase {
        work.require_phase(phase);
    }
    if let Some(hero) = &file.hero {
        let ids = work.placed.iter().map(|placed| &*placed.id).chain(["heading"]).chain(Subject::ALL.map(Subject::id));
        work.finder.require("element", hero, ids, Some(work.step));
    }
    for source in &file.sources {
        check_source(source, work.known.sources, Some(work.step), work.finder);
    }
}
