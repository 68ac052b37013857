//! From files as written to the model: names resolve, words are filled in, each step's state is worked out.

mod changes;
mod elements;
mod finder;
mod pages;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2};

use crate::picture::{Furniture, Thing};
use crate::scene::binding::{Binding, Property, Scale};
use crate::scene::file::{BindFile, BoxFile, CameraFile, SceneFile, StepFile, ViewFile};
use crate::scene::model::{Camera, Emphasis, Motion, Placed, Scene, Step, View};
use crate::scene::problem::suggestion;
use crate::scene::sources::{Sources, Words};
use crate::scene::world::World;
use crate::signal::Signal;

use self::changes::apply;
use self::elements::elements;
pub use self::finder::Finder;
pub use self::world::world;

/// What the simulated lab can be told beyond the ten phases: to read a checkpoint back; to load a model, to serve it, to
/// save an adapter; and to be a training run that has been going on for an hour.
pub const EXTRA_PHASES: [&str; 5] = ["resume", "model-load", "serve", "adapter", RUN];

/// The phase that stands for a whole training run, seen from its last hour on.
pub const RUN: &str = "run";

fn rect((left, top, right, bottom): BoxFile) -> Rect {
    Rect::from_min_max(pos2(left, top), pos2(right, bottom))
}

fn point((x, y): (f32, f32)) -> Pos2 {
    pos2(x, y)
}

fn camera(file: Option<CameraFile>) -> Option<Camera> {
    file.map(|file| Camera { corner: pos2(file.x, file.y), width: file.width })
}

/// Resolves a binding: its signals and its scale.
fn binding(file: &BindFile, scales: &[Scale], step: Option<usize>, finder: &mut Finder<'_>) -> Binding {
    let (property, signals, scale, window_secs) = match file {
        BindFile::Rate { signals, scale } => (Property::Rate, signals, Some(scale), 0.0),
        BindFile::Fill { signals, scale } => (Property::Fill, signals, Some(scale), 0.0),
        BindFile::Burst { signals, scale } => (Property::Burst, signals, Some(scale), 0.0),
        BindFile::Number { signals } => (Property::Number, signals, None, 0.0),
        BindFile::Series { signals, scale, window_secs } => (Property::Series, signals, scale.as_ref(), *window_secs),
    };
    let mut known = Vec::new();
    for name in signals {
        if let Ok(signal) = name.parse::<Signal>() {
            known.push(signal);
        } else {
            let names: Vec<String> = Signal::catalogue().iter().map(ToString::to_string).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            finder.unknown("signal", name, step, &names);
        }
    }
    let found = scale.and_then(|name| {
        let scale = scales.iter().find(|scale| *scale.id == **name);
        if scale.is_none() {
            let ids: Vec<&str> = scales.iter().map(|scale| &*scale.id).collect();
            finder.unknown("scale", name, step, &ids);
        }
        scale.cloned()
    });
    Binding { property, signals: known, scale: found, window_secs }
}

/// What a scene is resolved against.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub world: &'a World,
    pub sources: &'a Sources,
}

impl Known<'_> {
    fn words(self, written: &str, step: Option<usize>, finder: &mut Finder<'_>) -> Words {
        words(self.sources, written, step, finder)
    }
}

/// Words with their placeholders filled in.
fn words(sources: &Sources, written: &str, step: Option<usize>, finder: &mut Finder<'_>) -> Words {
    sources.words(written).unwrap_or_else(|id| {
        let ids: Vec<&str> = sources.quantities.keys().map(String::as_str).collect();
        let place = finder.places.of(&format!("{{{id}"), step);
        finder.error("unknown-id", place, step, (format!("no quantity \"{id}\""), suggestion(&id, &ids)));
        Words { text: written.into(), ..Words::default() }
    })
}

/// Resolves a scene file.
pub fn scene(file: SceneFile, known: Known<'_>, finder: &mut Finder<'_>) -> Scene {
    finder.scene = Some(file.id.clone());
    let (view, whole) = view(&file.view);
    let mut placed = elements(&file, known, finder);
    let spots = pages::spots(&file.spots, &placed, known, finder);
    check_ids(&file, known.world, finder);
    let mut running = Running { heading: Words::default(), camera: whole, emphasis: BTreeMap::new() };
    let mut steps = Vec::new();
    for (index, step_file) in file.steps.iter().enumerate() {
        steps.push(step(step_file, index, &mut Work { known, finder, placed: &mut placed, running: &mut running }));
    }
    if steps.is_empty() {
        let place = finder.places.of("steps", None);
        finder.error(
            "no-steps",
            place,
            None,
            ("a scene needs at least one step".into(), "add a Step(caption: …)".into()),
        );
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
        let words = (format!("\"{id}\" is a name of the world's"), "give the element another id".to_owned());
        finder.error("reserved-id", finder.places.of_id(id), None, words);
    }
    for id in file.shared.iter().filter(|id| !ids.contains(&id.as_str())) {
        finder.unknown("element", id, None, &ids);
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
            let view = View::World { names: *names, measured: *measured, phases: *phases };
            (view, camera(*file).unwrap_or(Camera::WHOLE))
        }
        ViewFile::Monitor => (View::Monitor, Camera::WHOLE),
        ViewFile::Page { measured } => (View::Page { measured: *measured }, Camera::WHOLE),
    }
}

/// What carries over from step to step.
struct Running {
    heading: Words,
    camera: Camera,
    emphasis: BTreeMap<Arc<str>, Emphasis>,
}

struct Work<'a, 'f, 't> {
    known: Known<'a>,
    finder: &'f mut Finder<'t>,
    placed: &'f mut Vec<Placed>,
    running: &'f mut Running,
}

fn step(file: &StepFile, index: usize, work: &mut Work<'_, '_, '_>) -> Step {
    let at = Some(index);
    if let Some(heading) = &file.heading {
        work.running.heading = work.known.words(heading, at, work.finder);
    }
    if let Some(to) = camera(file.camera) {
        work.running.camera = to;
    }
    let mut motion = Motion::default();
    for change in &file.changes {
        apply(change, index, work, &mut motion);
    }
    check_names(file, at, work);
    Step {
        heading: work.running.heading.clone(),
        caption: work.known.words(&file.caption, at, work.finder),
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
fn check_names(file: &StepFile, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    if let Some(phase) = &file.phase {
        check_phase(phase, at, work);
    }
    if let Some(hero) = &file.hero {
        let ids: Vec<String> = work.placed.iter().map(|placed| placed.id.to_string()).collect();
        let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        ids.extend(["heading", "hall", "T0", "T1", "T2", "T3"]);
        if !ids.contains(&hero.as_str()) {
            work.finder.unknown("element", hero, at, &ids);
        }
    }
    let ids: Vec<&str> = work.known.sources.sources.keys().map(String::as_str).collect();
    for source in &file.sources {
        if !ids.contains(&source.as_str()) {
            work.finder.unknown("source", source, at, &ids);
        }
    }
}

fn check_phase(phase: &str, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    let mut ids: Vec<&str> = work.known.world.phases.iter().map(|phase| &*phase.id).collect();
    ids.extend(EXTRA_PHASES);
    if !ids.contains(&phase) {
        work.finder.unknown("phase", phase, at, &ids);
    }
}
