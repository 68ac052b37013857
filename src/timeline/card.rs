//! Cards: a component beside the building it lives in, and what a part of a page tells.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::figures::Figures;
use crate::measure;
use crate::picture::{
    Align, Face, Fill, Furniture, Id, Ink, Layer, Mark, Part, Picture, Role, SAFE, STAGE, Shape, Stroke, Thing,
};
use crate::scene::library::Library;
use crate::scene::model::{Camera, Card, Emphasis, FloorNames, Scene, Step, View};
use crate::scene::motion::{Motion, Tell};
use crate::scene::template::Words;
use crate::scene::world::{Component, World};
use crate::signal::{Subject, Tier};
use crate::timeline::explore::{component_rect, neighbours, place_rect};
use crate::timeline::moment::{Moment, Stage};
use crate::timeline::words::{Style, card_box, half_cap, lines, text, width};
use crate::timeline::{furniture, told, world};

/// The building at the left, about half its size.
const CAMERA: Camera = Camera { corner: pos2(-104.0, -385.0), width: 3950.0 };
/// Between two names on a floor.
const NAME_GAP: f32 = 28.0;
/// Left edge of the rows, and of what they say; first baseline.
const ROWS_X: f32 = 1036.0;
const SAYS_X: f32 = 1240.0;
const ROWS_Y: f32 = 232.0;
const RIGHT: f32 = 1824.0;

/// A component's own picture: the building with its floor and its neighbours' named, its routes, and what there is to know.
/// What it moves is the largest, and why it lives there is the caption.
pub fn component(stage: Stage<'_>, component: &Component) -> Picture {
    let mut picture = Picture::default();
    let named = names(&stage.library.world, component);
    let scene = scene(component, &named);
    let Some(step) = scene.steps.first() else { return picture };
    let moment = Moment { stage, scene: &scene, step, secs: f32::INFINITY, camera: CAMERA };
    world::draw(&moment, FloorNames::None, &mut picture);
    told::draw(&moment, &mut picture);
    furniture::draw_words(&moment, &mut picture);
    floors(stage.library, &mut picture);
    for name in &named {
        name.draw(&mut picture);
    }
    why(component, stage.figures, &mut picture);
    let mut rows: Vec<(Arc<str>, Arc<str>)> = vec![("tier".into(), tier_words(stage.library, component.on))];
    rows.extend(component.rows.iter().map(|(name, words)| (Arc::from(*name), words.filled(stage.figures))));
    let source = stage.library.sources.sources.get(&*component.source);
    rows.extend(source.map(|source| ("source".into(), source.origin.as_str().into())));
    let column = |gap: f32| CardRows { x: ROWS_X, says_x: SAYS_X, right: RIGHT, gap };
    // Many rows stand closer.
    let fits = |gap: &f32| ROWS_Y + column(*gap).tall(&rows) <= SAFE.bottom();
    let gap = [ROW_GAP, 16.0, 4.0].into_iter().find(fits).unwrap_or_default();
    column(gap).draw(&rows, ROWS_Y, &mut picture);
    picture
}

fn tier_words(library: &Library, place: Subject) -> Arc<str> {
    match place.tier().and_then(|tier| library.world.floor(tier)) {
        Some(floor) => format!("{} {}", floor.tier.id(), floor.words).into(),
        None => "GPU hall: VRAM, no storage".into(),
    }
}

/// The step that a component's picture is: its floor and those of its named neighbours undimmed, its routes drawn.
fn scene(component: &Component, named: &[Name<'_>]) -> Scene {
    let mut emphasis: BTreeMap<Arc<str>, Emphasis> = BTreeMap::new();
    for place in Subject::ALL {
        let how = match place {
            own if own == component.on => Emphasis::Highlight,
            near if named.iter().any(|name| name.of.on == near) => Emphasis::Plain,
            _ => Emphasis::Dim,
        };
        emphasis.insert(place.id().into(), how);
    }
    let tell = |route: &Arc<str>| Tell { route: route.clone(), after: 0.0, secs: 0.0 };
    let step = Step {
        heading: Words::plain(component.name.clone()),
        caption: Words::default(),
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
        view: View::World { names: FloorNames::None, measured: false, phases: false },
        notes: "".into(),
        file: "".into(),
        spots: Vec::new(),
        steps: vec![step],
    }
}

/// The floors' numbers after their plates: the building is too small here for their names.
fn floors(library: &Library, picture: &mut Picture) {
    let style = Style::new(Role::FloorName, Layer::Furniture, 28.0).strong();
    for floor in &library.world.floors {
        let rect = CAMERA.stage_rect(floor.rect);
        let at = pos2(rect.left() + FLOOR_X, rect.center().y + half_cap(28.0));
        picture.push(text(Id::floor(floor.tier, Part::Tier), floor.tier.id(), at, style));
    }
}

/// From a floor's left end to its number, and to the first name on it; from the last one to the right end.
const FLOOR_X: f32 = 64.0;
const NAMES_X: f32 = 124.0;
const NAMES_END: f32 = 20.0;

/// The name of a component where it stands on its floor.
struct Name<'a> {
    of: &'a Component,
    is_own: bool,
    size: f32,
    /// On the baseline, the middle of the name.
    at: Pos2,
}

/// The component's own name on its floor, and those of the neighbours for whose names their floors have room.
fn names<'a>(world: &'a World, component: &'a Component) -> Vec<Name<'a>> {
    let others = neighbours(world, component);
    let mut names = Vec::new();
    for place in [Subject::Compute].into_iter().chain(Tier::ALL.map(Subject::Tier)) {
        let here = [component].into_iter().chain(others.iter().copied()).filter(|other| other.on == place);
        names.extend(on_floor(world, component, (place, here.collect())));
    }
    names
}

fn on_floor<'a>(world: &World, component: &Component, (place, here): (Subject, Vec<&'a Component>)) -> Vec<Name<'a>> {
    let floor = CAMERA.stage_rect(place_rect(world, place));
    let [left, right] = if place == Subject::Compute { [8.0, 8.0] } else { [NAMES_X, NAMES_END] };
    let (from, to) = (floor.left() + left, floor.right() - right);
    let (mut used, mut fitting) = (0.0, Vec::new());
    for other in here {
        let is_own = other.id == component.id;
        let wide = |size: f32| width(&other.name, Face::SemiBold, size);
        // The hall's crown is narrow; elsewhere the own name is the larger.
        let size = if is_own && wide(36.0) <= to - from && place != Subject::Compute { 36.0 } else { 28.0 };
        if is_own || used + wide(size) <= to - from {
            used += wide(size) + NAME_GAP;
            fitting.push((other, size, wide(size)));
        }
    }
    fitting.sort_by(|(a, ..), (b, ..)| {
        let x = |one: &Component| component_rect(world, one).center().x;
        x(a).total_cmp(&x(b))
    });
    let (mut at, mut rest) = (from, used - NAME_GAP);
    let mut names = Vec::new();
    for (other, size, wide) in fitting {
        let middle = CAMERA.stage_rect(component_rect(world, other)).center().x;
        let x = (middle - wide / 2.0).min(to - rest).max(at);
        (at, rest) = (x + wide + NAME_GAP, rest - wide - NAME_GAP);
        let y = floor.center().y + half_cap(size);
        names.push(Name { of: other, is_own: other.id == component.id, size, at: pos2(x + wide / 2.0, y) });
    }
    names
}

impl Name<'_> {
    /// Straight on its floor; a route that would strike the words passes behind them.
    fn draw(&self, picture: &mut Picture) {
        let id = Id::new(Thing::Component(self.of.id.clone()));
        let wide = width(&self.of.name, Face::SemiBold, self.size) + 20.0;
        let middle = pos2(self.at.x, self.at.y - half_cap(self.size));
        let ground = Rect::from_center_size(middle, vec2(wide, 0.9 * self.size));
        let fill = (8.0, Fill::Flat(Ink::Floor, 1.0), None);
        picture.push(card_box(id.clone(), ground, fill));
        let style = Style::new(Role::Card, Layer::Furniture, self.size).strong().align(Align::Center);
        let style = if self.is_own { style } else { style.ink(Ink::Text2) };
        picture.push(text(id.nth(1), self.of.name.clone(), self.at, style));
    }
}

/// Why it lives there: under the building, where it says what the building shows.
fn why(component: &Component, figures: &Figures, picture: &mut Picture) {
    let style = Style::new(Role::Card, Layer::Furniture, 44.0).ink(Ink::Text);
    let says = measure::wrap(&component.why.filled(figures), Face::Regular, 44.0, 850.0);
    lines(&Id::furniture(Furniture::Card).part(Part::Why), says, pos2(96.0, 762.0), (style, 56.0), picture);
}

/// Rows of a card: names at the left, what they say beside them.
struct CardRows {
    x: f32,
    says_x: f32,
    right: f32,
    /// Between two rows, beyond what two lines of one row are apart.
    gap: f32,
}

const ROW_GAP: f32 = 30.0;

impl CardRows {
    /// Draws the rows from this baseline down; the baseline after the last.
    fn draw(&self, rows: &[(Arc<str>, Arc<str>)], first_y: f32, picture: &mut Picture) -> f32 {
        let mut y = first_y;
        for (row, (name, says)) in rows.iter().enumerate() {
            let id = Id::furniture(Furniture::Card).part(Part::Row).nth(100 * (row as u32 + 1));
            let style = Style::new(Role::Card, Layer::Furniture, 36.0);
            picture.push(text(id.clone(), name.clone(), pos2(self.x, y), style));
            let style = Style::new(Role::Card, Layer::Furniture, 36.0).ink(Ink::Text);
            lines(&id.nth(id.nth + 1), self.lines(says), pos2(self.says_x, y), (style, 44.0), picture);
            y += self.height(says);
        }
        y
    }

    /// From the first baseline to where a row after the last would have its own.
    fn tall(&self, rows: &[(Arc<str>, Arc<str>)]) -> f32 {
        rows.iter().map(|(_, says)| self.height(says)).sum()
    }

    /// From the baseline of a row to that of the next.
    fn height(&self, says: &str) -> f32 {
        44.0 * self.lines(says).len().max(1) as f32 + self.gap
    }

    /// Words wrapped to the column.
    fn lines(&self, says: &str) -> Vec<String> {
        broken(says, (Face::Regular, 36.0), self.right - self.says_x)
    }
}

/// Words wrapped to a width; paths and addresses, which have no spaces, after one of their signs, or wherever they must.
fn broken(says: &str, (face, size): (Face, f32), room: f32) -> Vec<String> {
    let fits = |words: &str| width(words, face, size) <= room;
    let mut lines: Vec<String> = Vec::new();
    for line in measure::wrap(says, face, size, room) {
        if fits(&line) {
            lines.push(line);
            continue;
        }
        let mut rest = String::new();
        let signs = ['/', '-', '_', '?', '=', '&', '.'];
        let parts =
            line.split_inclusive(signs).flat_map(|part| if fits(part) { vec![part] } else { part.split("").collect() });
        for part in parts {
            if !rest.is_empty() && !fits(&format!("{rest}{part}")) {
                lines.push(std::mem::take(&mut rest));
            }
            rest.push_str(part);
        }
        lines.push(rest);
    }
    lines
}

/// All but what the card is about, and what is lit with it, steps back; words go, as half-dimmed words cannot be read.
pub fn veil(about: Rect, lit: &BTreeSet<Thing>, picture: &mut Picture) {
    let near = about.expand(6.0);
    let stays = |mark: &Mark| near.contains_rect(mark.bounds(measure::bounds)) || lit.contains(&mark.id.thing);
    let stays: Vec<Mark> = picture.marks.iter().filter(|mark| stays(mark)).cloned().collect();
    picture.marks.retain(|mark| !matches!(mark.shape, Shape::Text(_) | Shape::Icon { .. }));
    let shape = (0.0, Fill::Flat(Ink::Ground, 0.86), None);
    picture.push(card_box(Id::furniture(Furniture::Veil), STAGE, shape));
    picture.marks.extend(stays);
}

/// Between a panel and what it is about, and the room on either side.
const BESIDE: f32 = 40.0;
const STAGE_ROOM: [f32; 2] = [96.0, 1824.0];
const PANEL_WIDTH: f32 = 872.0;
/// A panel that is less tall stands in the middle: beside a mark at the top it would lie over the heading.
const SHORT: f32 = 500.0;

/// The left and right edges of a panel: on the side of what it is about that has more room.
fn panel_edges(about: Rect) -> [f32; 2] {
    let [first, last] = STAGE_ROOM;
    let (left, right) = (about.left() - BESIDE - first, last - about.right() - BESIDE);
    let wide = left.max(right).clamp(0.45 * PANEL_WIDTH, PANEL_WIDTH);
    if right >= left {
        let from = (about.right() + BESIDE).max(952.0).min(last - wide);
        [from, from + wide]
    } else {
        let to = (about.left() - BESIDE).min(968.0).max(first + wide);
        [to - wide, to]
    }
}

/// The edges of a panel of this width at the side of the stage that has more room, over a part of what it is about: for more
/// than stands beside it.
fn wide_edges(about: Rect, wide: f32) -> [f32; 2] {
    let [first, last] = STAGE_ROOM;
    if last - about.right() >= about.left() - first { [last - wide, last] } else { [first, first + wide] }
}

/// The words of a panel, broken for its width.
struct PanelWords {
    edges: [f32; 2],
    title: Vec<String>,
    column: CardRows,
    tall: f32,
}

impl PanelWords {
    fn new(title: &str, rows: &[(Arc<str>, Arc<str>)], edges: [f32; 2]) -> Self {
        let [left, right] = edges;
        let names = rows.iter().map(|(name, _)| width(name, Face::Regular, 36.0)).fold(0.0, f32::max);
        let column = CardRows { x: left + 48.0, says_x: left + 48.0 + names + 28.0, right: right - 48.0, gap: ROW_GAP };
        let title = broken(title, (Face::SemiBold, 44.0), right - left - 96.0);
        let tall = 138.0 + 54.0 * (title.len() as f32 - 1.0) + column.tall(rows);
        Self { edges, title, column, tall }
    }
}

/// Widths of a panel whose words do not fit beside what it is about; the last one has to do.
const WIDER: [f32; 3] = [PANEL_WIDTH, 1240.0, 1728.0];
/// A panel may reach down to here.
const PANEL_BOTTOM: f32 = 1040.0;

/// A card of a page, beside what it is about.
pub(crate) fn panel(stage: Stage<'_>, card: &Card, about: Rect, picture: &mut Picture) {
    let (library, figures) = (stage.library, stage.figures);
    let mut rows: Vec<(Arc<str>, Arc<str>)> =
        card.rows.iter().map(|(name, says)| (name.filled(figures), says.filled(figures))).collect();
    let source = card.source.as_ref().and_then(|id| library.sources.sources.get(id));
    rows.extend(source.map(|source| ("source".into(), format!("{}: {}", source.id, source.origin).into())));
    let title = card.title.filled(figures);
    let mut words = PanelWords::new(&title, &rows, panel_edges(about));
    for wide in WIDER {
        if words.tall <= PANEL_BOTTOM - SAFE.top() {
            break;
        }
        words = PanelWords::new(&title, &rows, wide_edges(about, wide));
    }
    let PanelWords { edges: [left, right], title, column, tall } = words;
    let middle = if tall < SHORT { SAFE.center().y } else { about.center().y };
    let top = (middle - tall / 2.0).clamp(SAFE.top(), (SAFE.bottom() - tall).max(SAFE.top()));
    let rect = Rect::from_min_max(pos2(left, top), pos2(right, (top + tall).min(PANEL_BOTTOM)));
    let shape = (16.0, Fill::Flat(Ink::Ground, 1.0), Some(Stroke::new(4.0, Ink::Edge)));
    picture.push(card_box(Id::furniture(Furniture::Card), rect, shape));
    let style = Style::new(Role::Card, Layer::Furniture, 44.0).strong();
    let last_y = top + 72.0 + 54.0 * (title.len() as f32 - 1.0);
    let id = Id::furniture(Furniture::Card).part(Part::Title);
    lines(&id, title, pos2(column.x, top + 72.0), (style, 54.0), picture);
    column.draw(&rows, last_y + 66.0, picture);
}
