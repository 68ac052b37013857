//! What of a step can be pointed at: components of the world, parts of a page that tell or fold, and numbers.

use std::collections::{BTreeMap, BTreeSet};

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::measure;
use crate::picture::{Align, Face, Fill, Furniture, Id, Ink, Layer, Mark, Part, Picture, Role, Shape, Stroke, Thing};
use crate::scene::binding::Binding;
use crate::scene::model::{FloorNames, Placed, Scene, Spot, View};
use crate::scene::template::Words;
use crate::scene::world::{Component, World};
use crate::signal::{Quantity, Signal, Subject};
use crate::timeline::elements;
use crate::timeline::hit::{Focus, Hit, HitId, NumberId, What};
use crate::timeline::moment::{Moment, Stage};
use crate::timeline::playhead::Position;
use crate::timeline::still::still;
use crate::timeline::words::{Style, card_box, half_cap, text, width};

/// The floor, or the hall.
pub(crate) fn place_thing(place: Subject) -> Thing {
    place.tier().map_or(Thing::Hall, Thing::Floor)
}

/// Where a floor's components stand: on it. In the hall, over the GPUs.
pub(crate) fn place_rect(world: &World, place: Subject) -> Rect {
    let hall = world.hall.rect;
    let over = Rect::from_min_max(hall.min, pos2(hall.right(), hall.top() + 0.44 * hall.height()));
    place.tier().and_then(|tier| world.floor(tier)).map_or(over, |floor| floor.rect)
}

/// Where a component stands in the world: the components of a floor share its width, in the order of the file.
pub(crate) fn component_rect(world: &World, component: &Component) -> Rect {
    let floor = place_rect(world, component.on);
    let beside: Vec<&Component> = world.components.iter().filter(|other| other.on == component.on).collect();
    let index = beside.iter().position(|other| other.id == component.id).unwrap_or(0) as f32;
    let wide = floor.width() / beside.len().max(1) as f32;
    let left = floor.left() + wide * index;
    Rect::from_min_max(pos2(left, floor.top()), pos2(left + wide, floor.bottom()))
}

/// Everything that can be focused on a step, in reading order.
pub fn hits(stage: Stage<'_>, at: Position) -> Vec<Hit> {
    Moment::at(stage, at, f32::INFINITY).map(|moment| hits_of(&moment, &still(&moment))).unwrap_or_default()
}

fn hits_of(moment: &Moment<'_>, picture: &Picture) -> Vec<Hit> {
    let mut hits = own_hits(moment, picture);
    if matches!(moment.scene.view, View::World { names, .. } if names != FloorNames::None) {
        hits.extend(of_world(moment));
    }
    hits
}

fn of_world<'a>(moment: &'a Moment<'a>) -> impl Iterator<Item = Hit> + 'a {
    let world = &moment.stage.library.world;
    world.components.iter().enumerate().map(move |(index, component)| Hit {
        id: HitId::Component(component.id.to_string()),
        thing: place_thing(component.on),
        rect: moment.camera.stage_rect(component_rect(world, component)),
        what: What::Component(index),
        copies: None,
    })
}

/// The scene's own spots, and the parts of its grids.
fn own_hits(moment: &Moment<'_>, picture: &Picture) -> Vec<Hit> {
    let bounds = bounds(picture);
    let spots = moment.scene.spots.iter().filter_map(|spot| {
        let what = spot.card.clone().map_or(What::Point, What::Card);
        let rect = *bounds.get(&spot.thing)?;
        let (id, thing) = (HitId::Spot(spot.thing.word().to_owned()), spot.thing.clone());
        Some(Hit { id, thing, rect, what, copies: spot.copies.clone() })
    });
    let mut hits: Vec<Hit> = spots.collect();
    for placed in moment.step.elements.iter().filter(|placed| placed.shown) {
        let parts = elements::layout(placed, moment.stage.folded).hits.into_iter();
        hits.extend(parts.map(|(id, rect, what)| Hit { id, thing: placed.thing.clone(), rect, what, copies: None }));
    }
    hits
}

/// The boxes of everything a settled step draws: of a scene's element all its marks, of a floor its own box.
fn bounds(picture: &Picture) -> BTreeMap<&Thing, Rect> {
    let mut bounds: BTreeMap<&Thing, Rect> = BTreeMap::new();
    for mark in &picture.marks {
        let rect = mark.bounds(measure::bounds);
        let known = bounds.entry(&mark.id.thing).or_insert(rect);
        *known = known.union(rect);
    }
    bounds
}

/// What can be focused under a point of the stage: that of the topmost mark there. A solid mark that is no such thing
/// hides what lies below, unless it is linked to one card alone, or drawn within what has one, as an icon is in its box.
pub(crate) fn hit_at(stage: Stage<'_>, at: Position, point: Pos2) -> Option<Hit> {
    let moment = Moment::at(stage, at, f32::INFINITY)?;
    let picture = still(&moment);
    let mut hits = hits_of(&moment, &picture);
    hits.sort_by(|a, b| a.rect.area().total_cmp(&b.rect.area()));
    let is_own = |hit: &Hit| hit.rect.contains(point) && matches!(hit.thing, Thing::Element(..) | Thing::Shared(_));
    let linked = |thing: &Thing| {
        let spot = linked_spot(moment.scene, thing)?;
        hits.iter().position(|hit| hit.id == HitId::Spot(spot.thing.word().to_owned()))
    };
    let of_mark = |mark: &Mark| {
        let rect = mark.bounds(measure::bounds);
        // The GPUs stand in the hall, and are no things of their own here.
        let thing = if mark.id.thing == Thing::Gpu { &Thing::Hall } else { &mark.id.thing };
        if !rect.contains(point) {
            return None;
        }
        let under = hits.iter().position(|hit| hit.rect.contains(point) && hit.thing == *thing);
        // What is drawn by hand in a thing's place may differ from it by its rounding.
        let holds = || hits.iter().position(|hit| is_own(hit) && hit.rect.expand(1.0).contains_rect(rect));
        under.map(Some).or_else(|| is_solid(&mark.shape).then(|| linked(thing).or_else(holds)))
    };
    let top = picture.marks.iter().rev().find_map(of_mark);
    let found = top.unwrap_or_else(|| hits.iter().position(is_own));
    found.map(|index| hits.swap_remove(index))
}

/// The one spot with a card that an element of the scene is linked to. Floors and the hall are linked to many, and stand
/// under all.
fn linked_spot<'a>(scene: &'a Scene, thing: &Thing) -> Option<&'a Spot> {
    let is_element = matches!(thing, Thing::Element(..) | Thing::Shared(_));
    let mut linking = scene.spots.iter().filter(|spot| spot.card.is_some() && spot.links.contains(thing));
    let only = linking.next().filter(|_| is_element)?;
    linking.next().is_none().then_some(only)
}

/// Whether nothing below a shape is meant where it stands: not so light, lines, and boxes of edges alone.
fn is_solid(shape: &Shape) -> bool {
    match shape {
        Shape::Text(_)
        | Shape::Hatch { .. }
        | Shape::Gpu { .. }
        | Shape::Dot { .. }
        | Shape::Icon { .. }
        | Shape::Chart(_)
        | Shape::Image { .. } => true,
        Shape::Rect { fill, .. } | Shape::Polygon { fill, .. } => *fill != Fill::None,
        Shape::Light { .. } | Shape::Halo { .. } | Shape::Lane { .. } | Shape::Line { .. } | Shape::Laser { .. } => {
            false
        }
    }
}

/// The figures of the number under a point of the stage.
pub(crate) fn numbers_at(stage: Stage<'_>, at: Position, point: Pos2) -> Vec<NumberId> {
    let Some(moment) = Moment::at(stage, at, f32::INFINITY) else { return Vec::new() };
    let picture = still(&moment);
    let is_near = |mark: &&Mark| mark.bounds(measure::bounds).expand(8.0).contains(point);
    let found = picture.marks.iter().rev().filter(is_near).map(|mark| numbers_of(&moment, mark));
    found.into_iter().find(|numbers| !numbers.is_empty()).unwrap_or_default()
}

/// What a part of a floor or of the monitor's lane is read from.
fn lane_quantities(part: Part) -> &'static [Quantity] {
    match part {
        Part::Read => &[Quantity::ReadBytesPerSec],
        Part::Write => &[Quantity::WriteBytesPerSec],
        Part::History | Part::Rest => &[Quantity::ReadBytesPerSec, Quantity::WriteBytesPerSec],
        Part::Fill | Part::Share => &[Quantity::UsedRatio],
        Part::Used => &[Quantity::UsedBytes],
        Part::Quota => &[Quantity::QuotaBytes],
        Part::Pool => &[Quantity::CapacityBytes],
        Part::Errors => &[Quantity::Errors4xxPerSec, Quantity::Errors5xxPerSec],
        Part::Drives | Part::Warn => &[Quantity::NodesOnline, Quantity::DrivesOnline],
        Part::Tolerance => &[Quantity::WriteTolerance, Quantity::WriteQuorum],
        Part::Memory => &[Quantity::LastBurstBytes, Quantity::LastBurstPeak],
        _ => &[],
    }
}

/// What a mark shows: the figures in words, the figure that is drawn, or the signals that are read.
fn numbers_of(moment: &Moment<'_>, mark: &Mark) -> Vec<NumberId> {
    let told = |words: &Words| words.figure_ids().map(|id| NumberId::Told(id.to_owned())).collect::<Vec<_>>();
    let measured = |binding: &Binding| binding.signals.iter().copied().map(NumberId::Measured).collect();
    match (&mark.id.thing, mark.id.part) {
        (Thing::Furniture(Furniture::Heading), _) => told(&moment.step.heading),
        (Thing::Furniture(Furniture::Caption), _) => told(&moment.step.caption),
        (Thing::Floor(tier), Part::Number) => {
            moment.stage.library.world.floor(*tier).map(|floor| measured(&floor.number)).unwrap_or_default()
        }
        (Thing::Floor(tier), part) if mark.layer == Layer::Measured => {
            lane_quantities(part).iter().map(|of| NumberId::Measured(Signal::tier(*tier, *of))).collect()
        }
        (Thing::Element(..) | Thing::Shared(_), _) => {
            let is_it = |placed: &&Placed| placed.shown && placed.thing == mark.id.thing;
            let Some(placed) = moment.step.elements.iter().find(is_it) else { return Vec::new() };
            let parts = placed.element.parts();
            if mark.layer == Layer::Measured {
                return parts.binding.map(measured).unwrap_or_default();
            }
            let drawn = parts.figure.map(|id| NumberId::Told(id.to_owned()));
            drawn.into_iter().chain(parts.words.into_iter().flat_map(told)).collect()
        }
        _ => Vec::new(),
    }
}

/// What stays lit with a hit, and what dims.
pub fn focus(stage: Stage<'_>, at: Position, hit: &Hit) -> Focus {
    let world = &stage.library.world;
    let Some(scene) = stage.library.scenes.get(at.scene) else { return Focus::default() };
    match hit.what {
        What::Component(index) => {
            let component = &world.components[index];
            let near = neighbours(world, component).into_iter().chain([component]);
            let lit = near.map(|component| place_thing(component.on)).collect();
            let all = Subject::ALL.map(place_thing).into();
            Focus { about: None, lit, all }
        }
        What::Card(_) | What::Fold | What::Drive | What::Point => {
            let about = matches!(hit.id, HitId::Spot(_)).then(|| hit.thing.clone());
            let lit = about.iter().flat_map(|thing| lit_with(scene, thing)).collect();
            Focus { about, lit, all: linked(scene) }
        }
    }
}

/// The components that hand data to this one, and those that it hands data to.
pub(crate) fn neighbours<'a>(world: &'a World, component: &Component) -> Vec<&'a Component> {
    let is_near = |other: &&Component| component.next.contains(&other.id) || other.next.contains(&component.id);
    world.components.iter().filter(is_near).collect()
}

/// A spot with its links, both ways.
fn lit_with(scene: &Scene, about: &Thing) -> BTreeSet<Thing> {
    let mut lit = BTreeSet::from([about.clone()]);
    for spot in &scene.spots {
        if spot.thing == *about {
            lit.extend(spot.links.iter().cloned());
        } else if spot.links.contains(about) {
            lit.insert(spot.thing.clone());
        }
    }
    lit
}

/// All that takes part in links; what has none stays as it is.
fn linked(scene: &Scene) -> BTreeSet<Thing> {
    let linked = scene.spots.iter().filter(|spot| !spot.links.is_empty());
    linked.flat_map(|spot| spot.links.iter().chain([&spot.thing])).cloned().collect()
}

/// The ring around what is focused; a component, which the world does not name, gets its name.
pub fn ring(stage: Stage<'_>, hit: &Hit, picture: &mut Picture) {
    if let What::Component(index) = hit.what {
        return tag(&Id::furniture(Furniture::Focus), &stage.library.world.components[index], hit.rect, picture);
    }
    let shape = (18.0, Fill::None, Some(Stroke::new(6.0, Ink::Text)));
    picture.push(card_box(Id::furniture(Furniture::Focus), hit.rect.expand(14.0), shape));
}

/// A component's name on its floor.
fn tag(id: &Id, component: &Component, place: Rect, picture: &mut Picture) {
    let half = width(&component.name, Face::SemiBold, 36.0) / 2.0 + 24.0;
    let x = place.center().x.clamp(96.0 + half, 1824.0 - half);
    let rect = Rect::from_center_size(pos2(x, place.center().y), vec2(2.0 * half, 56.0));
    let shape = (12.0, Fill::Flat(Ink::Ground, 1.0), Some(Stroke::new(6.0, Ink::Text)));
    picture.push(card_box(id.clone(), rect, shape));
    let style = Style::new(Role::Card, Layer::Furniture, 36.0).strong().align(Align::Center);
    let at = pos2(x, place.center().y + half_cap(36.0));
    picture.push(text(id.nth(1), component.name.clone(), at, style));
}
