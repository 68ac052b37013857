//! `world.ron`: floors, hall, phases, routes, scales.

use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::figures::Figures;
use crate::ron_text::Finder;
use crate::scene::binding::Scale;
use crate::scene::file::{BindFile, ComponentFile, FloorFile, LanesFile, RouteFile, ScaleFile, WorldFile};
use crate::scene::sources::Sources;
use crate::scene::template::Words;
use crate::scene::world::{Component, Floor, Hall, PhasePlace, Route, World, gpus, phase_place, rounded};
use crate::signal::Tier;

use super::bind::{Bind, BoundPlace, binding};
use super::known::{check_source, point, rect, template};

/// Resolves `world.ron`.
pub(crate) fn world(file: WorldFile, sources: &Sources, figures: &Figures, finder: &mut Finder<'_>) -> World {
    let scale = |ScaleFile { id, unit, from, to, log }| Scale { id: id.into(), unit: unit.into(), from, to, log };
    let scales: Vec<Scale> = file.scales.into_iter().map(scale).collect();
    let mut bound = |bind: &BindFile, takes: Bind, path: String| {
        binding(bind, &BoundPlace { takes, path, step: None }, &scales, finder)
    };
    let hall_file = file.hall;
    let (count, size) = (hall_file.gpus.count, vec2(hall_file.gpus.size.0, hall_file.gpus.size.1));
    let hall = Hall {
        rect: rect(hall_file.bounds),
        radius: hall_file.radius,
        name: hall_file.name.into(),
        gpus: gpus(count, hall_file.gpus.first_x, hall_file.gpus.every, hall_file.gpus.top, size),
        light: bound(&hall_file.light, Bind::Burst, "hall.light".to_owned()),
        absent: hall_file.absent.into(),
    };
    let floor = |(nth, floor): (usize, FloorFile)| Floor {
        tier: floor.tier,
        rect: rect(floor.bounds),
        name: floor.name.into(),
        words: floor.words.into(),
        light: bound(&floor.light, Bind::Burst, format!("floors.{nth}.light")),
        number: bound(&floor.number, Bind::Number, format!("floors.{nth}.number")),
        absent: floor.absent.into(),
        why_absent: floor.why_absent.map(Into::into),
    };
    let mut floors: Vec<Floor> = file.floors.into_iter().enumerate().map(floor).collect();
    floors.sort_by_key(|floor| floor.tier);
    for tier in Tier::ALL {
        if floors.iter().filter(|floor| floor.tier == tier).count() != 1 {
            let place = finder.places.of_key("floors", None);
            finder.error("world", place, format!("{} needs exactly one floor", tier.id()), "");
        }
    }
    let phases = (file.phases.into_iter().enumerate())
        .map(|(index, phase)| PhasePlace { id: phase.id.into(), floors: phase.floors, at: phase_place(index) })
        .collect();
    let routes = file.routes.into_iter().map(|file| route(file, &hall.gpus)).collect();
    let mut world = World { hall, floors, phases, routes, components: Vec::new(), scales };
    world.components = file.components.into_iter().map(|file| component(file, figures, finder)).collect();
    check_components(&world, sources, finder);
    world
}

fn component(file: ComponentFile, figures: &Figures, finder: &mut Finder<'_>) -> Component {
    let mut words = |written: &str| template(figures, written, None, finder);
    let rows = vec![
        ("operation", words(&file.operation)),
        ("I/O pattern", words(&file.pattern)),
        ("volume", words(&file.volume)),
        ("latency", words(&file.latency)),
        // A path has parts to fill in of its own.
        ("path", Words::plain(file.path)),
        ("MinIO", words(&file.minio)),
    ];
    let arcs = |names: Vec<String>| names.into_iter().map(Into::into).collect();
    Component {
        id: file.id.into(),
        name: file.name.into(),
        on: file.on.into(),
        phases: arcs(file.phases),
        why: words(&file.why),
        rows,
        next: arcs(file.next),
        routes: arcs(file.routes),
        source: file.source.into(),
        also: file.also,
    }
}

/// What components name must be there.
fn check_components(world: &World, sources: &Sources, finder: &mut Finder<'_>) {
    for component in &world.components {
        for next in &component.next {
            finder.require("component", next, world.components.iter().map(|component| &*component.id), None);
        }
        for route in &component.routes {
            finder.require("route", route, world.routes.iter().map(|route| &*route.id), None);
        }
        for phase in &component.phases {
            finder.require("phase", phase, world.phases.iter().map(|phase| &*phase.id), None);
        }
        check_source(&component.source, sources, None, finder);
    }
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
    Route {
        id: file.id.into(),
        ink: file.ink,
        lanes,
        dot_radius: file.dot.unwrap_or(10.0),
        every: file.every.unwrap_or(36.0),
    }
}
