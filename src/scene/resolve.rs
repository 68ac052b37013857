//! From files as written to the model: names resolve, words are filled in, each step's state is worked out.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::picture::{Align, Face, Ink};
use crate::scene::binding::{Binding, Property, Scale};
use crate::scene::file::{
    BindFile, BoxFile, CameraFile, ChangeFile, ElementFile, FillFile, LanesFile, NumberRoleFile, RouteFile, SceneFile,
    StepFile, TextRoleFile, ViewFile, WorldFile,
};
use crate::scene::model::{
    Camera, Count, Element, Emphasis, Flow, Loop, Motion, NumberElement, NumberRole, Placed, ReadingElement, Scene,
    Step, Tell, TextElement, TextRole, View,
};
use crate::scene::place::{Place, Places};
use crate::scene::problem::{Problem, Severity, suggestion};
use crate::scene::sources::{Sources, Words};
use crate::scene::world::{Floor, Hall, PhasePlace, Route, World, gpus, phase_place, rounded};
use crate::signal::{Signal, Tier};

/// What the simulated lab can be told beyond the ten phases: to read a checkpoint back, and to be a training run that has
/// been going on for an hour.
pub const EXTRA_PHASES: [&str; 2] = ["resume", "run"];

/// Collects problems of one file while it is resolved.
pub struct Finder<'a> {
    pub file: &'a str,
    pub places: Places<'a>,
    pub scene: Option<String>,
    pub problems: Vec<Problem>,
}

impl<'a> Finder<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, places: Places::new(text), scene: None, problems: Vec::new() }
    }

    /// Notes an error at `place`.
    pub fn error(&mut self, code: &'static str, place: Place, step: Option<usize>, words: (String, String)) {
        self.note(code, Severity::Error, place, step, words);
    }

    /// Notes a finding: (message, hint).
    pub fn note(
        &mut self,
        code: &'static str,
        severity: Severity,
        place: Place,
        step: Option<usize>,
        words: (String, String),
    ) {
        self.problems.push(Problem {
            code,
            severity,
            file: self.file.to_owned(),
            line: place.line,
            column: place.column,
            scene: self.scene.clone(),
            step: step.map(|step| step + 1),
            message: words.0,
            hint: words.1,
        });
    }

    fn unknown(&mut self, what: &str, name: &str, step: Option<usize>, known: &[&str]) {
        let place = self.places.of_name(name, step);
        let code = if what == "source" { "unknown-source" } else { "unknown-id" };
        self.error(code, place, step, (format!("no {what} \"{name}\""), suggestion(name, known)));
    }
}

fn rect((left, top, right, bottom): BoxFile) -> Rect {
    Rect::from_min_max(pos2(left, top), pos2(right, bottom))
}

fn point((x, y): (f32, f32)) -> Pos2 {
    pos2(x, y)
}

fn camera(file: Option<CameraFile>) -> Option<Camera> {
    file.map(|file| Camera { corner: pos2(file.x, file.y), width: file.width })
}

/// Resolves `world.ron`.
pub fn world(file: WorldFile, finder: &mut Finder<'_>) -> World {
    let scales: Vec<Scale> = file
        .scales
        .into_iter()
        .map(|scale| Scale {
            id: scale.id.into(),
            unit: scale.unit.into(),
            from: scale.from,
            to: scale.to,
            log: scale.log,
        })
        .collect();
    let hall_file = file.hall;
    let (count, size) = (hall_file.gpus.count, vec2(hall_file.gpus.size.0, hall_file.gpus.size.1));
    let hall = Hall {
        rect: rect(hall_file.bounds),
        radius: hall_file.radius,
        name: hall_file.name.into(),
        gpus: gpus(count, hall_file.gpus.first_x, hall_file.gpus.every, hall_file.gpus.top, size),
        light: binding(&hall_file.light, &scales, None, finder),
        absent: hall_file.absent.into(),
    };
    let mut floors: Vec<Floor> = file
        .floors
        .into_iter()
        .map(|floor| Floor {
            tier: floor.tier,
            rect: rect(floor.bounds),
            name: floor.name.into(),
            words: floor.words.into(),
            light: binding(&floor.light, &scales, None, finder),
            number: binding(&floor.number, &scales, None, finder),
            absent: floor.absent.into(),
        })
        .collect();
    floors.sort_by_key(|floor| floor.tier);
    for tier in Tier::ALL {
        if floors.iter().filter(|floor| floor.tier == tier).count() != 1 {
            let place = finder.places.of("floors", None);
            finder.error("world", place, None, (format!("{} needs exactly one floor", tier.id()), String::new()));
        }
    }
    let phases = file
        .phases
        .into_iter()
        .enumerate()
        .map(|(index, phase)| PhasePlace { id: phase.id.into(), floors: phase.floors, at: phase_place(index) })
        .collect();
    let routes = file.routes.into_iter().map(|file| route(file, &hall.gpus)).collect();
    World { hall, floors, phases, routes, components: file.components, scales }
}

fn route(file: RouteFile, gpus: &[Rect]) -> Route {
    let lanes: Vec<Arc<[Pos2]>> = match file.lanes {
        LanesFile::Shafts { from, to } => {
            gpus.iter().map(|gpu| vec![pos2(gpu.center().x, from), pos2(gpu.center().x, to)].into()).collect()
        }
        LanesFile::Rows { ys, from, to } => ys.iter().map(|y| vec![pos2(from, *y), pos2(to, *y)].into()).collect(),
        LanesFile::Path { points, corner } => {
            let points: Vec<Pos2> = points.into_iter().map(point).collect();
            vec![rounded(&points, corner).into()]
        }
    };
    Route { id: file.id.into(), ink: file.ink, lanes, dot_radius: file.dot, every: file.every }
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
        self.sources.words(written).unwrap_or_else(|id| {
            let ids: Vec<&str> = self.sources.quantities.keys().map(String::as_str).collect();
            let place = finder.places.of(&format!("{{{id}"), step);
            finder.error("unknown-id", place, step, (format!("no quantity \"{id}\""), suggestion(&id, &ids)));
            Words { text: written.into(), ..Words::default() }
        })
    }
}

/// Resolves a scene file.
pub fn scene(file: SceneFile, known: Known<'_>, finder: &mut Finder<'_>) -> Scene {
    finder.scene = Some(file.id.clone());
    let (view, whole) = view(&file.view);
    let mut placed = elements(&file.elements, known, finder);
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
        steps,
    }
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

fn elements(files: &[ElementFile], known: Known<'_>, finder: &mut Finder<'_>) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::new();
    for file in files {
        let (id, element) = element(file, known, finder);
        if placed.iter().any(|other| *other.id == *id) {
            let place = finder.places.of_id(id);
            finder.error(
                "twice",
                place,
                None,
                (format!("two elements are called \"{id}\""), "give one another id".into()),
            );
        }
        placed.push(Placed { id: id.into(), shown: false, emphasis: Emphasis::Plain, element });
    }
    placed
}

fn text_role(role: TextRoleFile) -> (TextRole, f32, Face, Ink) {
    match role {
        TextRoleFile::Title => (TextRole::Title, 120.0, Face::SemiBold, Ink::Text),
        TextRoleFile::Heading => (TextRole::Heading, 64.0, Face::SemiBold, Ink::Text),
        TextRoleFile::Body => (TextRole::Body, 44.0, Face::Regular, Ink::Text2),
        TextRoleFile::Label => (TextRole::Label, 44.0, Face::SemiBold, Ink::Text),
        TextRoleFile::Secondary => (TextRole::Secondary, 36.0, Face::Regular, Ink::Text2),
        TextRoleFile::Note => (TextRole::Note, 28.0, Face::Regular, Ink::Text2),
    }
}

fn number_role(role: NumberRoleFile) -> (NumberRole, f32) {
    match role {
        NumberRoleFile::Hero => (NumberRole::Hero, 132.0),
        NumberRoleFile::Monitor => (NumberRole::Monitor, 96.0),
        NumberRoleFile::Body => (NumberRole::Body, 44.0),
    }
}

fn element<'f>(file: &'f ElementFile, known: Known<'_>, finder: &mut Finder<'_>) -> (&'f str, Element) {
    let scales = &known.world.scales;
    match file {
        ElementFile::Text { id, at, words, role, align, size, face, ink, width } => {
            let (role, own_size, own_face, own_ink) = text_role(*role);
            let text = TextElement {
                at: point(*at),
                words: known.words(words, None, finder),
                role,
                align: *align,
                size: size.unwrap_or(own_size),
                face: face.unwrap_or(own_face),
                ink: ink.unwrap_or(own_ink),
                width: *width,
            };
            (id, Element::Text(text))
        }
        ElementFile::Number { id, at, quantity, role, align, size } => {
            (id, Element::Number(number(quantity, None, (point(*at), *role, *align, *size), (known, finder))))
        }
        ElementFile::Reading { id, at, bind, role, align, size } => {
            let (role, own) = number_role(*role);
            let binding = binding(bind, scales, None, finder);
            let reading = ReadingElement { at: point(*at), binding, role, align: *align, size: size.unwrap_or(own) };
            (id, Element::Reading(reading))
        }
        ElementFile::Box { id, bounds, radius, ink, fill, hatch } => {
            let (ink, slate) = (ink.unwrap_or(Ink::Edge), *fill == FillFile::Slate);
            (id, Element::Box { rect: rect(*bounds), radius: *radius, ink, slate, hatch: *hatch })
        }
        ElementFile::Line { id, path, ink, width, head } => {
            let path = path.iter().copied().map(point).collect();
            (id, Element::Line { path, ink: ink.unwrap_or(Ink::Edge), width: *width, head: *head })
        }
        ElementFile::Image { id, bounds, path, alt } => {
            (id, Element::Image { rect: rect(*bounds), path: path.as_str().into(), alt: alt.as_str().into() })
        }
        ElementFile::Chart { id, bounds, bind, ink, absent } => {
            let binding = binding(bind, scales, None, finder);
            let absent = absent.as_deref().unwrap_or("no source").into();
            (id, Element::Chart { rect: rect(*bounds), binding, ink: *ink, absent })
        }
        ElementFile::Table { id, at, columns, rows, row_height, size } => {
            let rows = cells(rows, None, known, finder);
            let (at, size) = (point(*at), size.unwrap_or(36.0));
            (id, Element::Table { at, columns: columns.clone(), rows, row_height: *row_height, size })
        }
        ElementFile::Meter { id, bounds, bind, ink } => {
            (id, Element::Meter { rect: rect(*bounds), binding: binding(bind, scales, None, finder), ink: *ink })
        }
        ElementFile::Icon { id, at, icon, size } => {
            (id, Element::Icon { at: point(*at), icon: *icon, size: size.unwrap_or(44.0) })
        }
    }
}

fn cells(rows: &[Vec<String>], step: Option<usize>, known: Known<'_>, finder: &mut Finder<'_>) -> Vec<Vec<Words>> {
    let mut cell = |words: &String| known.words(words, step, finder);
    rows.iter().map(|row| row.iter().map(&mut cell).collect()).collect()
}

type NumberPlace = (Pos2, NumberRoleFile, Align, Option<f32>);

fn number(
    id: &str,
    step: Option<usize>,
    place: NumberPlace,
    (known, finder): (Known<'_>, &mut Finder<'_>),
) -> NumberElement {
    let (at, role, align, size) = place;
    let (role, own) = number_role(role);
    let quantity = known.sources.quantities.get(id);
    if quantity.is_none() {
        let ids: Vec<&str> = known.sources.quantities.keys().map(String::as_str).collect();
        finder.unknown("quantity", id, step, &ids);
    }
    let (value, digits, unit) = quantity.map_or((0.0, String::new(), String::new()), |quantity| {
        (quantity.value, quantity.digits(), quantity.unit.clone())
    });
    let size = size.unwrap_or(own);
    NumberElement { at, quantity: id.to_owned(), value, digits: digits.into(), unit: unit.into(), role, align, size }
}

/// Things of the world that a step may point out.
fn world_ids(world: &World) -> Vec<Arc<str>> {
    let floors = Tier::ALL.iter().map(|tier| tier.id().into());
    floors.chain(["hall".into()]).chain(world.phases.iter().map(|phase| phase.id.clone())).collect()
}

fn apply(change: &ChangeFile, index: usize, work: &mut Work<'_, '_, '_>, motion: &mut Motion) {
    let at = Some(index);
    match change {
        ChangeFile::Reveal { ids, after } => show(ids, (true, *after), index, work, motion),
        ChangeFile::Hide { ids, after } => show(ids, (false, *after), index, work, motion),
        ChangeFile::Highlight { ids } => emphasize(ids, Emphasis::Highlight, at, work),
        ChangeFile::Dim { ids } => emphasize(ids, Emphasis::Dim, at, work),
        ChangeFile::Plain { ids } => emphasize(ids, Emphasis::Plain, at, work),
        ChangeFile::Move { id, to, after } => {
            edit(id, at, work, |element| element.move_to(point(*to)));
            motion.after.insert(id.as_str().into(), *after);
        }
        ChangeFile::Morph { id, into, after } => {
            show(std::slice::from_ref(id), (false, *after), index, work, motion);
            show(std::slice::from_ref(into), (true, *after), index, work, motion);
            motion.morphs.push((id.as_str().into(), into.as_str().into()));
        }
        ChangeFile::Text { id, words } => {
            let words = work.known.words(words, at, work.finder);
            edit(id, at, work, |element| {
                if let Element::Text(text) = element {
                    text.words = words;
                }
            });
        }
        ChangeFile::Number { id, quantity } => set_number(id, quantity, at, work),
        ChangeFile::Image { id, path } => edit(id, at, work, |element| {
            if let Element::Image { path: old, .. } = element {
                *old = path.as_str().into();
            }
        }),
        ChangeFile::Chart { id, bind } => {
            let new = binding(bind, &work.known.world.scales, at, work.finder);
            edit(id, at, work, |element| {
                if let Element::Chart { binding, .. } = element {
                    *binding = new;
                }
            });
        }
        ChangeFile::Table { id, rows } => {
            let new = cells(rows, at, work.known, work.finder);
            edit(id, at, work, |element| {
                if let Element::Table { rows, .. } = element {
                    *rows = new;
                }
            });
        }
        ChangeFile::Tell { route, secs, after } => {
            check_route(route, at, work);
            motion.tells.push(Tell { route: route.as_str().into(), after: *after, secs: *secs });
        }
        ChangeFile::Flow { route, bind } => {
            check_route(route, at, work);
            let binding = binding(bind, &work.known.world.scales, at, work.finder);
            motion.flows.push(Flow { route: route.as_str().into(), binding });
        }
        ChangeFile::Count { id, from, secs } => {
            edit(id, at, work, |_| ());
            motion.counts.push(Count { id: id.as_str().into(), from: *from, secs: *secs });
        }
        ChangeFile::Loop { ids, secs } => {
            let known: Vec<Arc<str>> = world_ids(work.known.world);
            let known: Vec<&str> = known.iter().map(|id| &**id).collect();
            for id in ids.iter().filter(|id| !known.contains(&id.as_str())) {
                work.finder.unknown("floor or phase", id, at, &known);
            }
            motion.loops.push(Loop { ids: ids.iter().map(|id| id.as_str().into()).collect(), secs: *secs });
        }
        ChangeFile::Cue { after, phase } => {
            check_phase(phase, at, work);
            motion.cues.push((*after, phase.as_str().into()));
        }
    }
}

fn show(ids: &[String], (shown, after): (bool, f32), index: usize, work: &mut Work<'_, '_, '_>, motion: &mut Motion) {
    for id in ids {
        if let Some(placed) = work.placed.iter_mut().find(|placed| *placed.id == **id) {
            placed.shown = shown;
            motion.after.insert(id.as_str().into(), after);
        } else {
            unknown_element(id, Some(index), work);
        }
    }
}

fn unknown_element(id: &str, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    let ids: Vec<Arc<str>> = work.placed.iter().map(|placed| placed.id.clone()).collect();
    let ids: Vec<&str> = ids.iter().map(|id| &**id).collect();
    work.finder.unknown("element", id, at, &ids);
}

fn edit(id: &str, at: Option<usize>, work: &mut Work<'_, '_, '_>, change: impl FnOnce(&mut Element)) {
    match work.placed.iter_mut().find(|placed| &*placed.id == id) {
        Some(placed) => change(&mut placed.element),
        None => unknown_element(id, at, work),
    }
}

fn set_number(id: &str, quantity: &str, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    let place = (Pos2::ZERO, NumberRoleFile::Body, Align::Left, None);
    let new = number(quantity, at, place, (work.known, work.finder));
    edit(id, at, work, |element| {
        if let Element::Number(old) = element {
            let NumberElement { at, role, align, size, .. } = *old;
            *old = NumberElement { at, role, align, size, ..new };
        }
    });
}

fn emphasize(ids: &[String], emphasis: Emphasis, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    let of_world = world_ids(work.known.world);
    for id in ids {
        if let Some(placed) = work.placed.iter_mut().find(|placed| *placed.id == **id) {
            placed.emphasis = emphasis;
        } else if let Some(known) = of_world.iter().find(|known| ***known == **id) {
            work.running.emphasis.insert(known.clone(), emphasis);
        } else {
            unknown_element(id, at, work);
        }
    }
}

fn check_route(route: &str, at: Option<usize>, work: &mut Work<'_, '_, '_>) {
    if work.known.world.route(route).is_none() {
        let ids: Vec<&str> = work.known.world.routes.iter().map(|route| &*route.id).collect();
        work.finder.unknown("route", route, at, &ids);
    }
}
