//! What of a step can be pointed at: components of the world, parts of a page that tell or fold, and numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::measure;
use crate::picture::{Align, Face, Fill, Id, Ink, Layer, Picture, Role, Stroke};
use crate::scene::model::{Card, Element, FloorNames, GridLook, Scene, View};
use crate::scene::template::Words;
use crate::scene::world::{Component, World};
use crate::signal::Subject;
use crate::timeline::grid::{Layout, part_id};
use crate::timeline::playhead::Position;
use crate::timeline::words::{Style, boxed, half_cap, text, width};
use crate::timeline::{Moment, Stage, still};

/// Something that can be focused.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub id: Arc<str>,
    /// Where it stands on the stage.
    pub rect: Rect,
    pub what: What,
    pub copies: Option<Arc<str>>,
}

/// What opening it does.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The card of a component of the world, by its index.
    Component(usize),
    /// A card of the scene's own.
    Card(Arc<Card>),
    /// Folds a column or a row of a grid, or unfolds it.
    Fold,
    /// Nothing more than to be pointed out with what belongs to it.
    Point,
}

impl What {
    /// Whether there is a card to open.
    pub fn is_told(&self) -> bool {
        matches!(self, Self::Component(_) | Self::Card(_))
    }
}

/// What is focused, and what stays lit with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Focus {
    pub id: Arc<str>,
    pub lit: BTreeSet<Arc<str>>,
    /// All that could be lit: what of it is not, is dimmed.
    pub all: BTreeSet<Arc<str>>,
}

/// The id by which a component is focused.
pub fn component_id(component: &Component) -> Arc<str> {
    format!("component/{}", component.id).into()
}

/// The floor, or the hall, by its id in pictures.
pub fn place_id(place: Subject) -> &'static str {
    place.id()
}

/// Where a floor's components stand: on it. In the hall, over the GPUs.
pub fn place_rect(world: &World, place: Subject) -> Rect {
    let hall = world.hall.rect;
    let over = Rect::from_min_max(hall.min, pos2(hall.right(), hall.top() + 0.44 * hall.height()));
    place.tier().and_then(|tier| world.floor(tier)).map_or(over, |floor| floor.rect)
}

/// Where a component stands in the world: the components of a floor share its width, in the order of the file.
pub fn component_rect(world: &World, component: &Component) -> Rect {
    let floor = place_rect(world, component.on);
    let beside: Vec<&Component> = world.components.iter().filter(|other| other.on == component.on).collect();
    let index = beside.iter().position(|other| other.id == component.id).unwrap_or(0) as f32;
    let wide = floor.width() / beside.len().max(1) as f32;
    let left = floor.left() + wide * index;
    Rect::from_min_max(pos2(left, floor.top()), pos2(left + wide, floor.bottom()))
}

/// Everything that can be focused on a step, in reading order.
pub fn hits(stage: Stage<'_>, at: Position) -> Vec<Hit> {
    let Some(moment) = Moment::of(stage, at, f32::INFINITY) else { return Vec::new() };
    let mut hits = own(&moment);
    if matches!(moment.scene.view, View::World { names, .. } if names != FloorNames::None) {
        hits.extend(of_world(&moment));
    }
    hits
}

fn of_world<'a>(moment: &'a Moment<'a>) -> impl Iterator<Item = Hit> + 'a {
    let world = &moment.stage.library.world;
    world.components.iter().enumerate().map(move |(index, component)| Hit {
        id: component_id(component),
        rect: moment.camera.stage_rect(component_rect(world, component)),
        what: What::Component(index),
        copies: None,
    })
}

/// The scene's own spots, and the parts of its grids.
fn own(moment: &Moment<'_>) -> Vec<Hit> {
    let bounds = bounds(moment);
    let spots = moment.scene.spots.iter().filter_map(|spot| {
        let what = spot.card.clone().map_or(What::Point, What::Card);
        let rect = *bounds.get(&*spot.id)?;
        Some(Hit { id: spot.id.clone(), rect, what, copies: spot.copies.clone() })
    });
    let mut hits: Vec<Hit> = spots.collect();
    for placed in moment.step.elements.iter().filter(|placed| placed.shown) {
        if let Element::Grid(grid) = &placed.element {
            let layout = Layout::new(&placed.id, grid, moment.stage.folded);
            if grid.look == GridLook::Columns {
                folds(&placed.id, &layout, grid.rect, &mut hits);
            }
            for (row, file) in grid.rows.iter().enumerate() {
                for (column, cell) in file.cells.iter().enumerate() {
                    let Some(card) = &cell.card else { continue };
                    let id = format!("{}/r{}c{}", placed.id, row + 1, column + 1).into();
                    let rect = layout.cell(row, column);
                    hits.push(Hit { id, rect, what: What::Card(card.clone()), copies: None });
                }
            }
        }
    }
    hits
}

/// The heads of columns and the names of rows, which fold them.
fn folds(id: &str, layout: &Layout, rect: Rect, hits: &mut Vec<Hit>) {
    let fold = |id: Arc<str>, rect: Rect| Hit { id, rect, what: What::Fold, copies: None };
    for (column, [left, right]) in layout.columns.iter().enumerate() {
        let foot = layout.rows.first().map_or(rect.bottom(), |row| row[0]);
        let head = Rect::from_min_max(pos2(*left, rect.top()), pos2(*right, foot));
        hits.push(fold(part_id(id, 'c', column), head));
    }
    let names_end = layout.columns.first().map_or(rect.right(), |column| column[0] - 20.0);
    for (row, [top, foot]) in layout.rows.iter().enumerate() {
        let name = Rect::from_min_max(pos2(rect.left(), *top), pos2(names_end, *foot));
        hits.push(fold(part_id(id, 'r', row), name));
    }
}

/// The boxes of everything a settled step draws, by name.
fn bounds(moment: &Moment<'_>) -> BTreeMap<String, Rect> {
    let mut bounds: BTreeMap<String, Rect> = BTreeMap::new();
    for mark in &still(moment).marks {
        let rect = mark.bounds(measure::bounds);
        let known = bounds.entry(mark.id.name().to_owned()).or_insert(rect);
        *known = known.union(rect);
    }
    bounds
}

/// The quantities of the number under a point of the stage.
pub fn numbers_at(stage: Stage<'_>, at: Position, point: Pos2) -> Vec<String> {
    let Some(moment) = Moment::of(stage, at, f32::INFINITY) else { return Vec::new() };
    let picture = still(&moment);
    let near = |rect: Rect| rect.expand(8.0).contains(point);
    let under = picture.marks.iter().rev().filter(|mark| near(mark.bounds(measure::bounds)));
    for mark in under {
        let of_words = |words: &Words| words.figure_ids().map(ToOwned::to_owned).collect();
        if mark.layer == crate::picture::Layer::Measured {
            let found = measured(&moment, mark.id.name());
            if !found.is_empty() {
                return found;
            }
            continue;
        }
        let found = match mark.id.name() {
            "heading" => of_words(&moment.step.heading),
            "caption" => of_words(&moment.step.caption),
            name => {
                let placed = moment.step.elements.iter().find(|placed| placed.shown && &*placed.id == name);
                placed.map(|placed| numbers_of(&placed.element)).unwrap_or_default()
            }
        };
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// A measured number is named by its signals: `signal:tier.hot.read_bytes_per_sec`.
fn measured(moment: &Moment<'_>, name: &str) -> Vec<String> {
    let placed = moment.step.elements.iter().find(|placed| placed.shown && &*placed.id == name);
    let floors = &moment.stage.library.world.floors;
    let floor = floors.iter().find(|floor| name.strip_suffix(".number") == Some(floor.tier.id()));
    let binding = placed.and_then(|placed| placed.element.binding()).or(floor.map(|floor| &floor.number));
    binding.iter().flat_map(|binding| &binding.signals).map(|signal| format!("signal:{signal}")).collect()
}

fn numbers_of(element: &Element) -> Vec<String> {
    let said = element.words().into_iter().flat_map(Words::figure_ids);
    element.figure_id().into_iter().chain(said).map(ToOwned::to_owned).collect()
}

/// What stays lit with a hit, and what dims.
pub fn focus(stage: Stage<'_>, at: Position, hit: &Hit) -> Focus {
    let world = &stage.library.world;
    let Some(scene) = stage.library.scenes.get(at.scene) else { return Focus::default() };
    match hit.what {
        What::Component(index) => {
            let places = Subject::ALL.map(|subject| Arc::from(subject.id()));
            let lit = places_with(world, &world.components[index]).into_iter().map(|place| place_id(place).into());
            Focus { id: hit.id.clone(), lit: lit.collect(), all: places.into() }
        }
        _ => Focus { id: hit.id.clone(), lit: lit_with(scene, &hit.id), all: linked(scene) },
    }
}

/// The floors of a component and of its neighbours, its own first.
pub fn places_with(world: &World, component: &Component) -> Vec<Subject> {
    let mut places = vec![component.on];
    places.extend(neighbours(world, component).iter().map(|other| other.on));
    places
}

/// The components that hand data to this one, and those that it hands data to.
pub fn neighbours<'a>(world: &'a World, component: &Component) -> Vec<&'a Component> {
    let is_near = |other: &&Component| component.next.contains(&other.id) || other.next.contains(&component.id);
    world.components.iter().filter(is_near).collect()
}

/// A spot with its links, both ways.
fn lit_with(scene: &Scene, id: &Arc<str>) -> BTreeSet<Arc<str>> {
    let mut lit = BTreeSet::from([id.clone()]);
    for spot in &scene.spots {
        if spot.id == *id {
            lit.extend(spot.links.iter().cloned());
        } else if spot.links.contains(id) {
            lit.insert(spot.id.clone());
        }
    }
    lit
}

/// All that takes part in links; what has none stays as it is.
fn linked(scene: &Scene) -> BTreeSet<Arc<str>> {
    let linked = scene.spots.iter().filter(|spot| !spot.links.is_empty());
    linked.flat_map(|spot| spot.links.iter().chain([&spot.id])).cloned().collect()
}

/// The ring around what is focused; a component, which the world does not name, gets its name.
pub fn ring(stage: Stage<'_>, hit: &Hit, picture: &mut Picture) {
    if let What::Component(index) = hit.what {
        return tag(&Id::new("focus"), &stage.library.world.components[index], hit.rect, picture);
    }
    let stroke = Some(Stroke::new(6.0, Ink::Text));
    let rect = hit.rect.expand(14.0);
    picture.push(boxed(Id::new("focus"), Role::Card, Layer::Furniture, rect, (18.0, Fill::None, stroke)));
}

/// A component's name on its floor.
fn tag(id: &Id, component: &Component, place: Rect, picture: &mut Picture) {
    let half = width(&component.name, Face::SemiBold, 36.0) / 2.0 + 24.0;
    let x = place.center().x.clamp(96.0 + half, 1824.0 - half);
    let rect = Rect::from_center_size(pos2(x, place.center().y), vec2(2.0 * half, 56.0));
    let shape = (12.0, Fill::Flat(Ink::Ground, 1.0), Some(Stroke::new(6.0, Ink::Text)));
    picture.push(boxed(id.clone(), Role::Card, Layer::Furniture, rect, shape));
    let style = Style::new(Role::Card, Layer::Furniture, 36.0).strong().align(Align::Center);
    let at = pos2(x, place.center().y + half_cap(36.0));
    picture.push(text(id.part(1), component.name.clone(), at, style));
}
