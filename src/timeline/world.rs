//! The section through the building: hall, floors, and what measured light and dots they carry.

use std::borrow::Cow;

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::live::State;
use crate::picture::{Align, Face, Fill, Hatch, Icon, Id, Ink, Layer, Part, Picture, Role, Shape, Stroke, Thing};
use crate::scene::model::{Emphasis, FloorNames};
use crate::scene::world::{Floor, Hall, Route};
use crate::signal::{Subject, Tier};
use crate::timeline::elements::age;
use crate::timeline::memory::{self, Memory};
use crate::timeline::moment::Moment;
use crate::timeline::numerals;
use crate::timeline::path;
use crate::timeline::told;
use crate::timeline::words::{Number, Style, boxed, half_cap, mark, text, width};

/// Width of the hatched plate at a floor's left end.
pub(crate) const PLATE: f32 = 48.0;
/// Radius of a floor's corners.
pub(crate) const CORNER: f32 = 16.0;
/// Width of an edge at rest, and of a floor that is named.
const EDGE: f32 = 4.0;
const EDGE_NAMED: f32 = 8.0;

/// Draws the whole building as the moment's camera sees it, the lowest floor first: light falls on what lies below.
pub(crate) fn draw(moment: &Moment<'_>, names: FloorNames, picture: &mut Picture) {
    for floor in moment.stage.library.world.floors.iter().rev() {
        let place = FloorPlace::new(moment, floor);
        place.body(picture);
        place.labels(names, picture);
    }
    hall(moment, names, picture);
    if moment.is_measured() {
        flows(moment, picture);
    }
}

/// How strongly the shapes of a thing are drawn.
fn strength(emphasis: Emphasis) -> f32 {
    if emphasis == Emphasis::Dim { 0.4 } else { 1.0 }
}

/// A floor on the stage.
struct FloorPlace<'a> {
    moment: &'a Moment<'a>,
    floor: &'a Floor,
    rect: Rect,
    /// Light measured on it, 0 to 1.
    level: f32,
    named: bool,
    strength: f32,
}

impl<'a> FloorPlace<'a> {
    fn new(moment: &'a Moment<'a>, floor: &'a Floor) -> Self {
        let emphasis = told::emphasis(moment, &Thing::Floor(floor.tier));
        Self {
            moment,
            floor,
            rect: moment.camera.stage_rect(floor.rect),
            level: if moment.is_measured() { moment.stage.flows.level(floor.tier.id()) } else { 0.0 },
            named: moment.step.floors.contains(&floor.tier) || emphasis == Emphasis::Highlight,
            strength: strength(emphasis),
        }
    }

    fn id(&self, part: Part) -> Id {
        Id::floor(self.floor.tier, part)
    }

    /// The shape of the floor: slate, light, plate with hatch, edge.
    fn body(&self, picture: &mut Picture) {
        let Self { rect, level, strength, .. } = *self;
        let (tier, edge) = (self.floor.tier, if self.named { EDGE_NAMED } else { EDGE });
        body(&Slab { rect, tier, level, edge, strength }, picture);
    }

    fn labels(&self, names: FloorNames, picture: &mut Picture) {
        if names == FloorNames::None {
            return;
        }
        let end = self.name(names, picture);
        if names == FloorNames::Short && self.moment.is_measured() {
            self.reading(end, picture);
        }
    }

    /// Tier and name at the left. The x where they end.
    fn name(&self, names: FloorNames, picture: &mut Picture) -> f32 {
        let at = pos2(self.rect.left() + PLATE + 28.0, self.rect.center().y + half_cap(44.0));
        let (style, tier) = (Style::new(Role::FloorName, Layer::Furniture, 44.0), self.floor.tier.id());
        picture.push(text(self.id(Part::Tier), tier, at, style.strong()));
        let (words, part) = match names {
            FloorNames::Long => (&self.floor.words, Part::Words),
            FloorNames::Short | FloorNames::None => (&self.floor.name, Part::Name),
        };
        let x = at.x + width(tier, Face::SemiBold, 44.0) + 30.0;
        // On a lit floor only the first text ink keeps its contrast; whether it is lit now is not furniture's matter.
        let ink = if self.moment.is_measured() { Ink::Text } else { Ink::Text2 };
        picture.push(text(self.id(part), words.clone(), pos2(x, at.y), style.ink(ink)));
        x + width(words, Face::Regular, 44.0)
    }

    /// What is measured, at the right: a number, its age, or that nothing measures it.
    fn reading(&self, names_end: f32, picture: &mut Picture) {
        let state = self.moment.stage.seen.tier(self.floor.tier);
        match state {
            State::NoSource => self.no_source(names_end, picture),
            // One word: more would reach the told routes.
            state if !state.is_known() => self.remark(&state.to_string(), picture),
            _ => self.number(state, names_end, picture),
        }
    }

    fn baseline(&self, size: f32) -> f32 {
        self.rect.center().y + half_cap(size)
    }

    fn remark(&self, words: &str, picture: &mut Picture) {
        let at = pos2(self.rect.right() - 36.0, self.baseline(36.0));
        let style = Style::new(Role::NoSource, Layer::Measured, 36.0).ink(Ink::Text).align(Align::Right);
        picture.push(text(self.id(Part::State), words, at, style));
    }

    /// Hatch and words: darkness never means "unknown". What it is, is one line, and why, another: the told routes need
    /// the room beside them.
    fn no_source(&self, names_end: f32, picture: &mut Picture) {
        let (size, lines) = match &self.floor.why_absent {
            Some(why) => (28.0, vec![format!("{}:", self.floor.absent).into(), why.clone()]),
            None => (36.0, vec![self.floor.absent.clone()]),
        };
        let style = Style::new(Role::NoSource, Layer::Measured, size).ink(Ink::Text).align(Align::Right);
        let right = self.rect.right() - 36.0;
        let top = self.baseline(size) - 18.0 * (lines.len() - 1) as f32;
        for (line, words) in lines.iter().enumerate() {
            let id = self.id(Part::State).nth(line as u32);
            picture.push(text(id, words.clone(), pos2(right, top + 36.0 * line as f32), style));
        }
        let widest = lines.iter().map(|words| width(words, Face::Regular, size)).fold(0.0, f32::max);
        let (top, low) = (self.rect.top() + 12.0, self.rect.bottom() - 12.0);
        let hatch = Rect::from_min_max(pos2(names_end + 40.0, top), pos2(right - widest - 28.0, low));
        let shape = Shape::Hatch { rect: hatch, kind: Hatch::NoSource, ink: Ink::Edge };
        picture.push(mark(self.id(Part::None), Role::NoSource, Layer::Measured, shape));
    }

    fn number(&self, state: &State, names_end: f32, picture: &mut Picture) {
        let seen = self.moment.stage.seen;
        let Some(value) = self.floor.number.value(seen.numerals) else { return self.remark("no reading", picture) };
        self.memory(names_end, picture);
        let remark = self.remark_on(state);
        let running = seen.running(&self.floor.number);
        let numerals = running.map_or_else(|| numerals::bytes(value, "B/s"), numerals::running);
        let is_large = running.is_none() && value >= numerals::LARGE_BYTES_PER_SEC;
        let (size, baseline) = match &remark {
            Some(_) => (36.0, self.rect.center().y - 4.0),
            None if is_large => (48.0, self.baseline(48.0)),
            None => (36.0, self.baseline(36.0)),
        };
        let style = Style::new(Role::FloorNumber, Layer::Measured, size).strong().align(Align::Right);
        // A floor at rest is quiet: its zero is no figure that the eye is to find first.
        let rests = running.is_none() && value == 0.0;
        let style = if state.is_stale() || rests { style.ink(Ink::Text2) } else { style };
        let at = pos2(self.rect.right() - 36.0, baseline);
        Number { id: self.id(Part::Number), numerals, at, style }.draw(picture);
        if let Some(remark) = remark {
            self.under_number(&remark, picture);
        }
    }

    /// What the last burst left behind, on a floor that the step names and that rests.
    fn memory(&self, names_end: f32, picture: &mut Picture) {
        let Some(memory) = Memory::of(self.moment, &self.floor.number) else { return };
        let free = Rect::from_min_max(pos2(names_end, self.rect.top()), self.rect.max);
        memory::blocks(self.moment, &memory, (self.floor.tier, free), picture);
        let [left, right] = [self.rect.left() + PLATE + 28.0, self.rect.right() - 36.0];
        memory::strip(self.moment, self.floor.tier, (self.rect, left, right), picture);
    }

    /// What is to be said of the number, the worst first: its age when stale, that the tier cannot write, that nodes are
    /// missing, that it lies beyond its scale.
    fn remark_on(&self, state: &State) -> Option<Remark> {
        let seen = self.moment.stage.seen;
        if let State::Stale { age_secs } = state {
            return Some(Remark { part: Part::Age, icon: Some((Part::Stale, Icon::Stale)), words: age(*age_secs) });
        }
        if let Some((icon, words)) = seen.trouble(self.floor.tier) {
            return Some(Remark { part: Part::Drives, icon: Some((Part::Warn, icon)), words });
        }
        let is_clamped = seen.level_of(&self.floor.light).is_some_and(|level| level.clamped);
        is_clamped.then(|| Remark { part: Part::Clamped, icon: None, words: "beyond the scale".to_owned() })
    }

    /// Under the number, which is smaller then: beside it pass the told routes.
    fn under_number(&self, remark: &Remark, picture: &mut Picture) {
        let style = Style::new(Role::NoSource, Layer::Measured, 28.0).ink(Ink::Text).align(Align::Right);
        let at = pos2(self.rect.right() - 36.0, self.rect.center().y + 32.0);
        picture.push(text(self.id(remark.part), remark.words.clone(), at, style));
        if let Some((part, icon)) = remark.icon {
            let center = pos2(at.x - width(&remark.words, Face::Regular, 28.0) - 26.0, at.y - half_cap(28.0));
            let shape = Shape::icon(icon, center, 28.0, Ink::Text);
            picture.push(mark(self.id(part), Role::NoSource, Layer::Measured, shape));
        }
    }
}

/// What is said under a floor's number, with its shape.
struct Remark {
    part: Part,
    icon: Option<(Part, Icon)>,
    words: String,
}

/// The shape of a floor, in the world as on the monitor.
pub struct Slab {
    pub rect: Rect,
    pub tier: Tier,
    pub level: f32,
    pub edge: f32,
    pub strength: f32,
}

/// Slate, light, plate, hatch and edge.
pub fn body(slab: &Slab, picture: &mut Picture) {
    let Slab { rect, tier, level, edge, strength } = *slab;
    let (id, ink) = (|part| Id::floor(tier, part), Ink::of(tier));
    let stroke = Some(Stroke::new(edge, ink));
    let whole =
        |part, role, fill| boxed(id(part), role, Layer::Furniture, rect, (CORNER, fill, stroke)).faded(strength);
    picture.push(whole(Part::Whole, Role::Floor, Fill::Slate));
    if level > 0.0 {
        let shape = Shape::Light { rect, radii: [CORNER, CORNER], ink, level };
        picture.push(mark(id(Part::Light), Role::Light, Layer::Measured, shape).faded(strength));
    }
    let inset = 2.0;
    let plate = Rect::from_min_size(rect.min + vec2(inset, inset), vec2(PLATE - inset, rect.height() - 2.0 * inset));
    let plate = Shape::Hatch { rect: plate, kind: Hatch::of(tier), ink };
    picture.push(mark(id(Part::Plate), Role::Plate, Layer::Furniture, plate).faded(strength));
    // Once more over light and plate, so that the edge is whole.
    picture.push(whole(Part::Edge, Role::Box, Fill::None));
}

fn hall(moment: &Moment<'_>, names: FloorNames, picture: &mut Picture) {
    let hall = &moment.stage.library.world.hall;
    let rect = moment.camera.stage_rect(hall.rect);
    let emphasis = told::emphasis(moment, &Thing::Hall);
    let arch = hall.radius * moment.camera.scale();
    let radii = [arch, arch, 0.0, 0.0];
    let stroke = Some(Stroke::new(if emphasis == Emphasis::Highlight { EDGE_NAMED } else { EDGE }, Ink::Compute));
    let id = Id::new(Thing::Hall);
    let shape = Shape::Rect { rect, radii, fill: Fill::Slate, stroke };
    picture.push(mark(id.clone(), Role::Hall, Layer::Furniture, shape).faded(strength(emphasis)));
    let measured = moment.is_measured();
    let level = if measured { moment.stage.flows.level("hall") } else { 0.0 };
    if level > 0.0 {
        let shape = Shape::Light { rect, radii: [arch, 0.0], ink: Ink::Compute, level };
        let light = mark(id.part(Part::Light), Role::Light, Layer::Measured, shape);
        picture.push(light.faded(strength(emphasis)));
        let edge = Shape::Rect { rect, radii, fill: Fill::None, stroke };
        picture.push(mark(id.part(Part::Edge), Role::Box, Layer::Measured, edge));
    }
    let unknown = measured && !moment.stage.seen.state(Subject::Compute).is_known();
    if unknown {
        hall_unknown(moment, hall, picture);
    }
    gpus(moment, hall, (level, strength(emphasis)), picture);
    if names != FloorNames::None {
        let at = pos2(rect.center().x, rect.top() + 66.0);
        let style = Style::new(Role::FloorName, Layer::Furniture, 44.0).strong().align(Align::Center);
        picture.push(text(id.part(Part::Name), hall.name.clone(), at, style));
    }
}

/// Nothing measures the GPUs: hatch behind them and the words under them.
fn hall_unknown(moment: &Moment<'_>, hall: &Hall, picture: &mut Picture) {
    let world = Rect::from_min_max(pos2(hall.rect.left() + 24.0, 286.0), pos2(hall.rect.right() - 24.0, 339.0));
    let shape = Shape::Hatch { rect: moment.camera.stage_rect(world), kind: Hatch::NoSource, ink: Ink::Edge };
    picture.push(mark(Id::new(Thing::Hall).part(Part::None), Role::NoSource, Layer::Measured, shape));
    if moment.camera.scale() > 0.9 {
        let style = Style::new(Role::NoSource, Layer::Measured, 28.0).ink(Ink::Text).align(Align::Center);
        let at = moment.camera.stage_from_world(pos2(hall.rect.center().x, hall.rect.bottom() - 16.0));
        picture.push(text(Id::new(Thing::Hall).part(Part::State), hall.absent.clone(), at, style));
    }
}

/// The GPUs, and over each what is measured of it.
fn gpus(moment: &Moment<'_>, hall: &Hall, (busy, strength): (f32, f32), picture: &mut Picture) {
    for (index, gpu) in hall.gpus.iter().enumerate() {
        // The words of "no source" need the room under the GPUs, whether they are said or not.
        let gpu = if moment.is_measured() {
            Rect::from_min_max(gpu.min, pos2(gpu.right(), gpu.bottom() - 15.0))
        } else {
            *gpu
        };
        let rect = moment.camera.stage_rect(gpu);
        let id = Id { nth: index as u32 + 1, ..Id::new(Thing::Gpu) };
        let outline = mark(id.clone(), Role::Gpu, Layer::Furniture, Shape::Gpu { rect, busy: 0.0 });
        picture.push(outline.faded(strength));
        if busy > 0.0 {
            let id = Id { part: Part::Busy, ..id };
            picture.push(mark(id, Role::Gpu, Layer::Measured, Shape::Gpu { rect, busy }).faded(strength));
        }
    }
}

/// Measured dots on the routes the step names.
fn flows(moment: &Moment<'_>, picture: &mut Picture) {
    for flow in &moment.step.motion.flows {
        let dots = moment.stage.flows.dots(&flow.route);
        let Some(route) = moment.stage.library.world.route(&flow.route).filter(|_| dots.presence > 0.0) else {
            continue;
        };
        let first = picture.marks.len();
        for (index, path) in route.lanes.iter().enumerate() {
            let id = Id::new(Thing::Lane(route.id.clone(), index as u32)).part(Part::Measured);
            // Lanes of one route are set off against each other: rain, not a curtain.
            let moved = dots.moved + f64::from(route.every) * 0.37 * index as f64;
            lane(moment, route, &MeasuredLane { id, path, moved }, picture);
        }
        for mark in &mut picture.marks[first..] {
            mark.opacity *= dots.presence as f32;
        }
    }
}

/// One lane of a route: its id, its path in the world, and how far its dots have come.
struct MeasuredLane<'a> {
    id: Id,
    path: &'a [Pos2],
    moved: f64,
}

/// A way into the hall ends at its floor while the hall's words say that nothing measures it: no dot runs through them.
fn outside_words<'a>(moment: &Moment<'_>, path: &'a [Pos2]) -> Cow<'a, [Pos2]> {
    if moment.stage.seen.state(Subject::Compute).is_known() {
        return Cow::Borrowed(path);
    }
    Cow::Owned(path::outside(path, moment.stage.library.world.hall.rect))
}

fn lane(moment: &Moment<'_>, route: &Route, lane: &MeasuredLane<'_>, picture: &mut Picture) {
    let (scale, ink) = (moment.camera.scale(), route.ink);
    let path = &*outside_words(moment, lane.path);
    let on_stage = |path: &[Pos2]| path.iter().map(|at| moment.camera.stage_from_world(*at)).collect();
    let measured = |nth: u32, role, shape| mark(lane.id.nth(nth), role, Layer::Measured, shape);
    let band = on_stage(&path::trimmed(path, [told::LANE_TRIM; 2]));
    picture.push(measured(0, Role::Route, Shape::Lane { path: band, width: route.dot_radius * 1.5 * scale, ink }));
    if moment.stage.reduced {
        let arrow = Shape::Line { path: on_stage(path), width: 6.0 * scale, ink, head: true, dashed: false };
        picture.push(measured(1, Role::Route, arrow));
        return;
    }
    for bead in path::beads(path, route.every, lane.moved) {
        let center = moment.camera.stage_from_world(bead.at);
        let shape = Shape::Dot { center, radius: route.dot_radius * scale, ink, filled: true };
        picture.push(measured(2 + bead.index, Role::Dot, shape).faded(bead.opacity));
    }
}
