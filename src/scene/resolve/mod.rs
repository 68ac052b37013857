//! From files as written to the model: names resolve, words are filled in, each step's state is worked out.

mod bind;
mod changes;
mod elements;
mod page_parts;
mod sources;
pub(super) mod turned_pages;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2};

use crate::figures::Figures;
use crate::picture::{Furniture, Thing};
use crate::ron_text::{Finder, suggestion};
use crate::scene::binding::Binding;
use crate::scene::file::{BindFile, BoxFile, CameraFile, SceneFile, StepFile, ViewFile};
use crate::scene::model::{Camera, Emphasis, Motion, Placed, Scene, Step, View};
use crate::scene::sources::Sources;
use crate::scene::template::Words;
use crate::scene::world::World;
use crate::signal::Subject;

use self::bind::{Bind, BoundPlace, binding};
use self::changes::apply;
use self::elements::elements;
pub(super) use self::sources::{customer, sources};
pub(super) use self::world::world;

/// What the simulated lab can be told beyond the ten phases: to read a checkpoint back; to load a model, to serve it, to
/// save an adapter; and to be a training run that has been going on for an hour.
pub(crate) const EXTRA_PHASES: [&str; 5] = ["resume", "model-load", "serve", "adapter", RUN];

/// The phase that stands for a whole training run, seen from its last hour on.
pub(crate) const RUN: &str = "run";

fn rect((left, top, right, bottom): BoxFile) -> Rect {
    Rect::from_min_max(pos2(left, top), pos2(right, bottom))
}

fn point((x, y): (f32, f32)) -> Pos2 {
    pos2(x, y)
}

fn camera(file: Option<CameraFile>) -> Option<Camera> {
    file.map(|file| Camera { corner: pos2(file.x, file.y), width: file.width })
}

/// What a scene is resolved against.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) world: &'a World,
    pub(crate) sources: &'a Sources,
    pub(crate) figures: &'a Figures,
}

impl Known<'_> {
    fn words(self, written: &str, step: Option<usize>, finder: &mut Finder<'_>) -> Words {
        words(self.figures, written, step, finder)
    }
}

/// Words whose placeholders name what is there.
fn words(figures: &Figures, written: &str, step: Option<usize>, finder: &mut Finder<'_>) -> Words {
    Words::parse(written, figures).unwrap_or_else(|id| {
        let place = finder.places.of_part(&format!("{{{id}"), step);
        finder.error("unknown-id", place, format!("no quantity \"{id}\""), suggestion(&id, &figures.ids()));
        Words::plain(written)
    })
}

/// Resolves a scene file.
pub(super) fn scene(file: SceneFile, known: Known<'_>, finder: &mut Finder<'_>) -> Scene {
    finder.scene = Some(file.id.clone());
    let (view, whole) = view(&file.view);
    let mut placed = elements(&file, known, finder);
    let spots = page_parts::spots(&file.spots, &placed, known, finder);
    check_ids(&file, known.world, finder);
    let mut running = Running { heading: Words::default(), camera: whole, emphasis: BTreeMap::new() };
    let mut steps = Vec::new();
    for (index, step_file) in file.steps.iter().enumerate() {
        let (placed, running) = (&mut placed, &mut running);
        steps.push(step(step_file, &mut Work { known, finder, placed, running, step: index }));
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
    /// From 0.
    step: usize,
}

impl Work<'_, '_, '_> {
    fn words(&mut self, written: &str) -> Words {
        self.known.words(written, Some(self.step), self.finder)
    }

    /// Whether a thing of this name is known; if not, that is an error in this step.
    fn require<'k>(&mut self, what: &str, name: &str, known: impl Iterator<Item = &'k str> + Clone) -> bool {
        self.finder.require(what, name, known, Some(self.step))
    }

    /// The binding of change number `nth`, from 0, which takes such a bind.
    fn binding(&mut self, file: &BindFile, takes: Bind, nth: usize) -> Binding {
        let path = format!("steps.{}.changes.{nth}.bind", self.step);
        let shown = BoundPlace { takes, path, step: Some(self.step) };
        binding(file, &shown, &self.known.world.scales, self.finder)
    }

    fn require_phase(&mut self, phase: &str) {
        let phases = self.known.world.phases.iter().map(|phase| &*phase.id);
        self.require("phase", phase, phases.chain(EXTRA_PHASES));
    }
}

fn step(file: &StepFile, work: &mut Work<'_, '_, '_>) -> Step {
    if let Some(heading) = &file.heading {
        work.running.heading = work.words(heading);
    }
    if let Some(to) = camera(file.camera) {
        work.running.camera = to;
    }
    let mut motion = Motion::default();
    for (nth, change) in file.changes.iter().enumerate() {
        apply(change, nth, work, &mut motion);
    }
    check_names(file, work);
    Step {
        heading: work.running.heading.clone(),
        caption: work.words(&file.caption),
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
        work.require("source", source, work.known.sources.sources.keys().map(String::as_str));
    }
}
