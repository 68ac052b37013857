//! Cards: a component beside the building it lives in, and what a part of a page tells.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2};

use crate::measure;
use crate::picture::{Align, Face, Fill, Id, Ink, Layer, Mark, Picture, Role, STAGE, Stroke};
use crate::scene::file::{NamesFile, PlaceFile};
use crate::scene::library::Library;
use crate::scene::model::{Camera, Card, Emphasis, Motion, Scene, Step, Tell, View};
use crate::scene::sources::Words;
use crate::scene::world::Component;
use crate::timeline::explore::{component_rect, neighbours, place_id, place_rect, places_with, tag, tag_width};
use crate::timeline::pages::tier_of;
use crate::timeline::words::{Style, boxed, half_cap, text, width};
use crate::timeline::{Moment, Stage, furniture, told, world};

/// The building at the left, a little under half its size.
const CAMERA: Camera = Camera { corner: pos2(-111.0, -400.0), width: 4147.0 };
/// Between two names on a floor.
const TAG_GAP: f32 = 16.0;
/// Left edge of the rows, and of what they say.
const ROWS_X: f32 = 988.0;
const SAYS_X: f32 = 1160.0;
const RIGHT: f32 = 1824.0;

/// A component's own picture: the building with its floor and its neighbours' named, its routes, and what there is to know.
pub fn component(stage: Stage<'_>, component: &Component) -> Picture {
    let mut picture = Picture::default();
    let scene = scene(stage.library, component);
    let Some(step) = scene.steps.first() else { return picture };
    let moment = Moment { stage, scene: &scene, step, secs: f32::INFINITY, camera: CAMERA };
    world::draw(&moment, NamesFile::None, &mut picture);
    told::draw(&moment, &mut picture);
    furniture::words(&moment, &mut picture);
    numbers(stage.library, &mut picture);
    tags(stage.library, component, &mut picture);
    why(component, &mut picture);
    let mut rows: Vec<(Arc<str>, Arc<str>)> = vec![("tier".into(), tier_words(stage.library, component.on))];
    rows.extend(component.rows.iter().map(|(name, words)| (Arc::from(*name), words.text.clone())));
    let column = Column { x: ROWS_X, says_x: SAYS_X, right: RIGHT };
    column.draw(&rows, 214.0, &mut picture);
    picture
}

fn tier_words(library: &Library, place: PlaceFile) -> Arc<str> {
    let floor = tier_of(place).and_then(|tier| library.world.floor(tier));
    floor.map_or_else(
        || "GPU hall: VRAM, no storage".into(),
        |floor| format!("{} {}", floor.tier.id(), floor.words).into(),
    )
}

/// The step that a component's picture is: its floors undimmed, its own one named, its routes drawn.
fn scene(library: &Library, component: &Component) -> Scene {
    let lit = places_with(&library.world, component);
    let places = [PlaceFile::T0, PlaceFile::T1, PlaceFile::T2, PlaceFile::T3, PlaceFile::Hall];
    let mut emphasis: BTreeMap<Arc<str>, Emphasis> = BTreeMap::new();
    for place in places {
        let how = match place {
            own if own == component.on => Emphasis::Highlight,
            near if lit.contains(&near) => Emphasis::Plain,
            _ => Emphasis::Dim,
        };
        emphasis.insert(place_id(place).into(), how);
    }
    let tell = |route: &Arc<str>| Tell { route: route.clone(), after: 0.0, secs: 0.0 };
    let words = |text: &str| Words { text: text.into(), ..Words::default() };
    let step = Step {
        heading: words(&component.name),
        caption: words("Escape returns to the step."),
        notes: "".into(),
        budget_secs: 0,
        sources: vec![component.source.to_string()],
        phase: None,
        floors: Vec::new(),
        hero: None,
        camera: CAMERA,
        elements: Vec::new(),
        emphasis,
        motion: Motion { tells: component.routes.iter().map(tell).collect(), ..Motion::default() },
    };
    Scene {
        id: "card".into(),
        title: component.name.clone(),
        tags: Vec::new(),
        view: View::World { names: NamesFile::None, measured: false, phases: false },
        notes: "".into(),
        file: "".into(),
        spots: Vec::new(),
        steps: vec![step],
    }
}

/// The floors' numbers at their right ends: the building is too small here for their names.
fn numbers(library: &Library, picture: &mut Picture) {
    let style = Style::new(Role::FloorName, Layer::Furniture, 28.0).strong().align(Align::Right);
    for floor in &library.world.floors {
        let rect = CAMERA.stage_rect(floor.rect);
        let at = pos2(rect.right() - 20.0, rect.center().y + half_cap(28.0));
        picture.push(text(Id::new(format!("{}.tier", floor.tier.id())), floor.tier.id(), at, style));
    }
}

/// The names of the component and of its neighbours on their floors, set off against each other where they would touch.
/// A neighbour for whose name its floor has no room is left out: its floor is lit all the same.
fn tags(library: &Library, component: &Component, picture: &mut Picture) {
    let world = &library.world;
    let others = neighbours(world, component);
    for place in [PlaceFile::Hall, PlaceFile::T0, PlaceFile::T1, PlaceFile::T2, PlaceFile::T3] {
        let floor = CAMERA.stage_rect(place_rect(world, place));
        // Right of the plate, left of the floor's number.
        let [left, right] = if place == PlaceFile::Hall { [10.0, 10.0] } else { [56.0, 64.0] };
        let (from, to) = (floor.left() + left, floor.right() - right);
        let here = [component].into_iter().chain(others.iter().copied()).filter(|other| other.on == place);
        let (mut used, mut named) = (0.0, Vec::new());
        for other in here {
            let wide = tag_width(other, other.id == component.id) + TAG_GAP;
            if used + wide <= to - from + TAG_GAP {
                used += wide;
                named.push((other, CAMERA.stage_rect(component_rect(world, other)), wide - TAG_GAP));
            }
        }
        named.sort_by(|(_, a, _), (_, b, _)| a.center().x.total_cmp(&b.center().x));
        let (mut at, mut rest) = (from, used - TAG_GAP);
        for (other, rect, wide) in named {
            let x = (rect.center().x - wide / 2.0).min(to - rest).max(at);
            (at, rest) = (x + wide + TAG_GAP, rest - wide - TAG_GAP);
            let rect = Rect::from_center_size(pos2(x + wide / 2.0, rect.center().y), rect.size());
            tag(&Id::new(format!("tag.{}", other.id)), other, (rect, other.id == component.id), picture);
        }
    }
}

/// Why it lives there, under the building.
fn why(component: &Component, picture: &mut Picture) {
    let style = Style::new(Role::Card, Layer::Furniture, 36.0).ink(Ink::Text);
    for (line, words) in measure::wrap(&component.why.text, Face::Regular, 36.0, 800.0).into_iter().enumerate() {
        let at = pos2(96.0, 752.0 + 46.0 * line as f32);
        picture.push(text(Id::new("card.why").part(line as u32), words, at, style));
    }
}

/// Rows of a card: names at the left in small type, what they say beside them.
struct Column {
    x: f32,
    says_x: f32,
    right: f32,
}

impl Column {
    /// Draws the rows from this baseline down; the baseline after the last.
    fn draw(&self, rows: &[(Arc<str>, Arc<str>)], first_y: f32, picture: &mut Picture) -> f32 {
        let mut y = first_y;
        for (row, (name, says)) in rows.iter().enumerate() {
            let id = Id::new("card.row").part(100 * (row as u32 + 1));
            let style = Style::new(Role::Card, Layer::Furniture, 28.0);
            picture.push(text(id.clone(), name.clone(), pos2(self.x, y), style));
            let style = Style::new(Role::Card, Layer::Furniture, 36.0).ink(Ink::Text);
            for (line, words) in self.lines(says).into_iter().enumerate() {
                let at = pos2(self.says_x, y + 44.0 * line as f32);
                picture.push(text(id.part(id.number() + 1 + line as u32), words, at, style));
            }
            y += self.height(says);
        }
        y
    }

    /// From the baseline of a row to that of the next.
    fn height(&self, says: &str) -> f32 {
        44.0 * self.lines(says).len().max(1) as f32 + 30.0
    }

    /// Words wrapped to the column; paths and addresses, which have no spaces, at their slashes.
    fn lines(&self, says: &str) -> Vec<String> {
        let room = self.right - self.says_x;
        let fits = |words: &str| width(words, Face::Regular, 36.0) <= room;
        let mut lines: Vec<String> = Vec::new();
        for line in measure::wrap(says, Face::Regular, 36.0, room) {
            if fits(&line) {
                lines.push(line);
                continue;
            }
            let mut rest = String::new();
            for part in line.split_inclusive('/') {
                if !rest.is_empty() && !fits(&format!("{rest}{part}")) {
                    lines.push(std::mem::take(&mut rest));
                }
                rest.push_str(part);
            }
            lines.push(rest);
        }
        lines
    }
}

/// All but what the card is about steps back, so that no words stand half behind it.
pub fn veil(about: Rect, picture: &mut Picture) {
    let near = about.expand(6.0);
    let stays: Vec<Mark> =
        picture.marks.iter().filter(|mark| near.contains_rect(mark.bounds(measure::bounds))).cloned().collect();
    let shape = (0.0, Fill::Flat(Ink::Ground, 0.94), None);
    picture.push(boxed(Id::new("veil"), Role::Card, Layer::Furniture, STAGE, shape));
    picture.marks.extend(stays);
}

/// Between a panel and what it is about, and the room on either side.
const BESIDE: f32 = 40.0;
const STAGE_ROOM: [f32; 2] = [60.0, 1860.0];
const PANEL_WIDTH: f32 = 872.0;

/// The left and right edges of a panel: on the side of what it is about that has more room.
fn panel_edges(about: Rect) -> [f32; 2] {
    let [first, last] = STAGE_ROOM;
    let (left, right) = (about.left() - BESIDE - first, last - about.right() - BESIDE);
    let wide = left.max(right).clamp(0.45 * PANEL_WIDTH, PANEL_WIDTH);
    if right >= left {
        let from = (about.right() + BESIDE).max(988.0).min(last - wide);
        [from, from + wide]
    } else {
        let to = (about.left() - BESIDE).min(932.0).max(first + wide);
        [to - wide, to]
    }
}

/// A card of a page, beside what it is about.
pub fn panel(library: &Library, card: &Card, about: Rect, picture: &mut Picture) {
    let [left, right] = panel_edges(about);
    let inner = left + 48.0;
    let mut rows: Vec<(Arc<str>, Arc<str>)> =
        card.rows.iter().map(|(name, says)| (name.text.clone(), says.text.clone())).collect();
    let source = card.source.as_ref().and_then(|id| library.sources.sources.get(id));
    rows.extend(source.map(|source| ("source".into(), format!("{}: {}", source.id, source.origin).into())));
    let names = rows.iter().map(|(name, _)| width(name, Face::Regular, 28.0)).fold(0.0, f32::max);
    let column = Column { x: inner, says_x: inner + names + 28.0, right: right - 48.0 };
    let title = measure::wrap(&card.title.text, Face::SemiBold, 44.0, right - left - 96.0);
    let rows_tall: f32 = rows.iter().map(|(_, says)| column.height(says)).sum();
    let tall = 138.0 + 54.0 * (title.len() as f32 - 1.0) + rows_tall;
    let top = (about.center().y - tall / 2.0).clamp(60.0, (1040.0 - tall).max(60.0));
    let rect = Rect::from_min_max(pos2(left, top), pos2(right, (top + tall).min(1052.0)));
    let shape = (16.0, Fill::Flat(Ink::Ground, 1.0), Some(Stroke::new(4.0, Ink::Edge)));
    picture.push(boxed(Id::new("card"), Role::Card, Layer::Furniture, rect, shape));
    let style = Style::new(Role::Card, Layer::Furniture, 44.0).strong();
    let mut at = Pos2::new(inner, top + 72.0);
    for (line, words) in title.into_iter().enumerate() {
        at.y = top + 72.0 + 54.0 * line as f32;
        picture.push(text(Id::new("card.title").part(line as u32), words, at, style));
    }
    column.draw(&rows, at.y + 66.0, picture);
}
