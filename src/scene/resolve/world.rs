//! `world.ron`: floors, hall, phases, routes, scales.

use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::scene::binding::Scale;
use crate::scene::file::{ComponentFile, LanesFile, RouteFile, WorldFile};
use crate::scene::sources::{Sources, Words};
use crate::scene::world::{Component, Floor, Hall, PhasePlace, Route, World, gpus, phase_place, rounded};
use crate::signal::Tier;

use super::{Finder, binding, point, rect, words};

/// Resolves `world.ron`.
pub fn world(file: WorldFile, sources: &Sources, finder: &mut Finder<'_>) -> World {
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
            why_absent: floor.why_absent.map(Into::into),
        })
        .collect();
    floors.sort_by_key(|floor| floor.tier);
    for tier in Tier::ALL {
        if floors.iter().filter(|floor| floor.tier == tier).count() != 1 {
            let place = finder.places.of("floors", None);
            finder.error("world", place, None, (format!("{} needs exactly one floor", tier.id()), String::new()));
        }
    }
    let phases = (file.phases.into_iter().enumerate())
        .map(|(index, phase)| PhasePlace { id: phase.id.into(), floors: phase.floors, at: phase_place(index) })
        .collect();
    let routes = file.routes.into_iter().map(|file| route(file, &hall.gpus)).collect();
    let mut world = World { hall, floors, phases, routes, components: Vec::new(), scales };
    world.components = file.components.into_iter().map(|file| component(file, sources, finder)).collect();
    check_components(&world, sources, finder);
    world
}

fn component(file: ComponentFile, sources: &Sources, finder: &mut Finder<'_>) -> Component {
    let mut words = |written: &str| words(sources, written, None, finder);
    let rows = vec![
        ("operation", words(&file.operation)),
        ("I/O pattern", words(&file.pattern)),
        ("volume", words(&file.volume)),
        ("latency", words(&file.latency)),
        // A path has parts to fill in of its own.
        ("path", Words { text: file.path.as_str().into(), ..Words::default() }),
        ("MinIO", words(&file.minio)),
    ];
    let arcs = |names: Vec<String>| names.into_iter().map(Into::into).collect();
    Component {
        id: file.id.into(),
        name: file.name.into(),
        on: file.on,
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
    let ids: Vec<&str> = world.components.iter().map(|component| &*component.id).collect();
    let routes: Vec<&str> = world.routes.iter().map(|route| &*route.id).collect();
    let phases: Vec<&str> = world.phases.iter().map(|phase| &*phase.id).collect();
    let known: Vec<&str> = sources.sources.keys().map(String::as_str).collect();
    for component in &world.components {
        let mut check = |what: &str, names: &[Arc<str>], known: &[&str]| {
            for name in names.iter().filter(|name| !known.contains(&&***name)) {
                finder.unknown(what, name, None, known);
            }
        };
        check("component", &component.next, &ids);
        check("route", &component.routes, &routes);
        check("phase", &component.phases, &phases);
        check("source", std::slice::from_ref(&component.source), &known);
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
    Route { id: file.id.into(), ink: file.ink, lanes, dot_radius: file.dot, every: file.every }
}
