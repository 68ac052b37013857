//! What every picture has: heading, caption, source, badge, phase names, and the small map.

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::live::State;
use crate::picture::{Align, Face, Fill, Furniture, Icon, Id, Ink, Layer, Part, Picture, Role, Shape, Stroke, Thing};
use crate::scene::library::Library;
use crate::scene::model::{Emphasis, FloorNames, Placed, View};
use crate::signal::{Subject, Tier};
use crate::timeline::moment::Moment;
use crate::timeline::told;
use crate::timeline::words::{Style, boxed, half_cap, mark, text, width};

/// Baselines of the heading and of the bottom line.
const HEADING_Y: f32 = 136.0;
const BOTTOM_Y: f32 = 1012.0;

const LEFT: f32 = 96.0;
const RIGHT: f32 = 1824.0;

/// Heading, caption, source and badge.
pub(crate) fn draw_words(moment: &Moment<'_>, picture: &mut Picture) {
    let heading = moment.step.heading.filled(moment.stage.figures);
    if !heading.is_empty() {
        let style = Style::new(Role::Heading, Layer::Said, 64.0).strong();
        picture.push(text(Id::furniture(Furniture::Heading), heading.clone(), pos2(LEFT, HEADING_Y), style));
    }
    let style = Style::new(Role::Caption, Layer::Said, 36.0);
    let caption = moment.step.caption.filled(moment.stage.figures);
    let caption_end = LEFT + width(&caption, Face::Regular, 36.0);
    picture.push(text(Id::furniture(Furniture::Caption), caption, pos2(LEFT, BOTTOM_Y), style));
    sources(moment, caption_end, picture);
    if moment.is_measured() {
        let badge_left = badge(moment, picture);
        legend(moment, badge_left, &heading, picture);
    }
}

/// At the right of the bottom line: the ids of the step's sources, and before them where readings come from.
fn sources(moment: &Moment<'_>, caption_end: f32, picture: &mut Picture) {
    let style = Style::new(Role::Source, Layer::Furniture, 28.0).align(Align::Right);
    let ids = moment.step.sources.join(", ");
    let seen = moment.stage.seen;
    // The monitor's status line says how old the newest answer is.
    let origin = match seen.age_secs.filter(|_| moment.scene.view == View::Monitor) {
        Some(age_secs) => format!("{}, {age_secs}\u{2009}s ago", seen.origin).into(),
        None => seen.origin.clone(),
    };
    // A customer's measurement makes a caption longer than its author could know; who measured is its source then.
    let is_theirs = moment.stage.library.sources.customer.is_some();
    let all = if moment.is_measured() { format!("{origin} · {ids}") } else { ids.clone() };
    let has_room = caption_end + 24.0 <= RIGHT - width(&all, style.face, style.size);
    if is_theirs && !has_room {
        return;
    }
    let mut right = RIGHT;
    if !ids.is_empty() {
        right -= width(&ids, style.face, style.size);
        picture.push(text(Id::furniture(Furniture::Source), ids.clone(), pos2(RIGHT, BOTTOM_Y), style));
    }
    // Where readings come from may be named at any length; the badge says what they are.
    if moment.is_measured() && !origin.is_empty() && has_room {
        let words = if ids.is_empty() { origin } else { format!("{origin} · ").into() };
        let style = Style { layer: Layer::Measured, ..style };
        // It leaves and comes with the sources beside it: where it stands is part of what it is.
        let id = Id::furniture(Furniture::Origin).nth((RIGHT - right) as u32);
        picture.push(text(id, words, pos2(right, BOTTOM_Y), style));
    }
}

/// The badge's icon: the state's shape.
pub(crate) fn icon_of(state: &State) -> Icon {
    match state {
        State::NoSource | State::Waiting | State::NoAnswer => Icon::NoSource,
        State::Refused | State::Unreadable => Icon::Bad,
        State::Live => Icon::Live,
        State::Stale { .. } => Icon::Stale,
        State::Simulated { .. } => Icon::Simulated,
        State::Recorded { .. } => Icon::Recorded,
    }
}

/// Whose state the badge tells: of the subjects that the step tells of; of all where it tells of none.
fn told_subjects(moment: &Moment<'_>) -> Vec<Subject> {
    let step = moment.step;
    let bound = |placed: &Placed| placed.element.parts().binding.map(|binding| binding.signals.clone());
    let is_hero = |placed: &&Placed| placed.shown && step.hero.as_ref() == Some(&placed.id);
    let hero = step.elements.iter().filter(is_hero).filter_map(bound).flatten().map(|signal| signal.subject);
    let mut subjects: Vec<Subject> = hero.collect();
    if subjects.is_empty() {
        subjects = step.floors.iter().copied().map(Subject::Tier).collect();
    }
    if subjects.is_empty() {
        subjects = Tier::ALL.map(Subject::Tier).into();
    }
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

/// The badge's state and its words: with the tier, where it is stale and others are not.
pub(super) fn badge_words(moment: &Moment<'_>) -> (State, String) {
    let (state, who) = moment.stage.seen.badge(&told_subjects(moment));
    let words = who.map_or_else(|| state.to_string(), |who| format!("{} {state}", who.id()));
    let heading_width = || width(&moment.step.heading.filled(moment.stage.figures), Face::SemiBold, 64.0);
    let words = fitting_badge(words, &state, badge_right(moment), heading_width);
    (state, words)
}

/// A badge's words left of `right` and beside a heading of that width. A recording of a simulated lab says both; where there
/// is no room for it all, its date is left to the bottom line.
fn fitting_badge(words: String, state: &State, right: f32, heading_width: impl Fn() -> f32) -> String {
    let State::Recorded { date } = state else { return words };
    let Some((day, _)) = date.split_once(", ") else { return words };
    let fits = LEFT + heading_width() + 24.0 <= right - badge_width(&words);
    if fits { words } else { words.replacen(&format!(" {day}"), "", 1) }
}

/// The size of the badge's words, and the middle of its row.
const BADGE_SIZE: f32 = 30.0;
const BADGE_MIDDLE: f32 = 112.0;

/// Where the badge ends: at the right margin, or left of the small map.
fn badge_right(moment: &Moment<'_>) -> f32 {
    match moment.scene.view {
        View::Page { .. } => MAP.left() - MAP_NAME_ROOM,
        View::World { .. } | View::Monitor => RIGHT,
    }
}

/// The width of a badge with these words, its icon and its rounded ends.
fn badge_width(words: &str) -> f32 {
    width(words, Face::SemiBold, BADGE_SIZE) + 96.0
}

/// The pill at the top right: the state in words and shape. Its left edge.
fn badge(moment: &Moment<'_>, picture: &mut Picture) -> f32 {
    let ((state, words), size, middle) = (badge_words(moment), BADGE_SIZE, BADGE_MIDDLE);
    let right = badge_right(moment);
    // On a page it is another than in the world, which comes when that has gone: between both lies the name at the small map.
    let place = u32::from(matches!(moment.scene.view, View::Page { .. }));
    let id = Id::furniture(Furniture::Badge).nth(place);
    let pill = Rect::from_min_max(pos2(right - badge_width(&words), middle - 29.0), pos2(right, middle + 29.0));
    let stroke = Some(Stroke::new(3.0, Ink::Edge));
    picture.push(boxed(id.clone(), Role::Badge, Layer::Measured, pill, (28.0, Fill::None, stroke)));
    let center = pos2(pill.left() + 36.0, middle);
    let shape = Shape::icon(icon_of(&state), center, 28.0, Ink::Text);
    picture.push(mark(id.part(Part::Icon).nth(place), Role::Badge, Layer::Measured, shape));
    let style = Style::new(Role::Badge, Layer::Measured, size).strong();
    picture.push(text(
        id.part(Part::Words).nth(place),
        words,
        pos2(pill.left() + 62.0, middle + half_cap(size)),
        style,
    ));
    pill.left()
}

/// Where there is no room left of it.
const UNDER_BADGE: Pos2 = pos2(RIGHT, 176.0);

/// Left of the badge, where the heading leaves room, else under it: an unchecked certificate, and what a dot's speed means.
fn legend(moment: &Moment<'_>, badge_left: f32, heading: &str, picture: &mut Picture) {
    let style = Style::new(Role::Source, Layer::Measured, 28.0).align(Align::Right);
    let heading_end = LEFT + width(heading, Face::SemiBold, 64.0);
    let beside = |words: &str| {
        let right = badge_left - 36.0;
        let fits = right - width(words, style.face, style.size) > heading_end + 48.0;
        fits.then(|| pos2(right, BADGE_MIDDLE + half_cap(28.0)))
    };
    if let Some(warning) = &moment.stage.seen.warning {
        let at = beside(warning).unwrap_or(UNDER_BADGE);
        picture.push(text(Id::furniture(Furniture::Warning), warning.clone(), at, style.ink(Ink::Text)));
        return;
    }
    let is_named =
        badge_words(moment).0.is_known() && !matches!(moment.scene.view, View::World { names: FloorNames::None, .. });
    let scale = moment.step.motion.flows.iter().filter(|_| is_named).find_map(|flow| flow.binding.scale.as_ref());
    if let Some(scale) = scale {
        let end = |value: f64| crate::timeline::numerals::bytes(value, &scale.unit).round_words();
        let log = if scale.log { ", log" } else { "" };
        let words = format!("dot speed: {} to {}{log}", end(scale.from), end(scale.to));
        // Under the badge it presses on what stands there: once a scene is enough.
        let first = moment.scene.steps.iter().find(|step| !step.motion.flows.is_empty());
        let is_first = first.is_some_and(|step| std::ptr::eq(step, moment.step));
        if let Some(at) = beside(&words).or(is_first.then_some(UNDER_BADGE)) {
            picture.push(text(Id::furniture(Furniture::Legend), words, at, style));
        }
    }
}

/// Size of the phase names: 20 pixels where the stage has 720 rows.
const PHASE: f32 = 30.0;

/// The ten phase names; the one told is larger, under its bracket.
pub(crate) fn phases(moment: &Moment<'_>, picture: &mut Picture) {
    let world = &moment.stage.library.world;
    // A cue may tell the lab something that is none of the ten; then the step's own phase keeps its bracket.
    let told_phase = moment.phase().filter(|id| world.phase(id).is_some()).or(moment.step.phase.as_ref());
    for (index, phase) in world.phases.iter().enumerate() {
        let told = told_phase == Some(&phase.id);
        let thing = Thing::Phase(phase.id.clone());
        let on = told || told::emphasis(moment, &thing) == Emphasis::Highlight;
        let at = moment.camera.stage_from_world(phase.at);
        let style = Style::new(Role::Phase, Layer::Furniture, if on { 36.0 } else { PHASE }).align(Align::Center);
        let style = if on { style.strong() } else { style };
        let id = Id::new(thing).part(if on { Part::Named } else { Part::Whole });
        picture.push(text(id, phase.id.clone(), at, style));
        if on {
            let half = width(&phase.id, Face::SemiBold, 36.0) / 2.0 + 18.0;
            let id = Id::new(Thing::Bracket).nth(if told { 0 } else { index as u32 + 1 });
            bracket(id, moment.camera.stage_from_world(pos2(phase.at.x, 894.0)), half, picture);
        }
    }
}

fn bracket(id: Id, at: Pos2, half: f32, picture: &mut Picture) {
    let (left, right) = (at.x - half, at.x + half);
    let path = [pos2(left, at.y + 13.0), pos2(left, at.y), pos2(right, at.y), pos2(right, at.y + 13.0)].into();
    let shape = Shape::Line { path, width: 5.0, ink: Ink::Text, head: false, dashed: false };
    picture.push(mark(id, Role::Bracket, Layer::Told, shape));
}

/// Where the small map stands on a page, whatever else does: at the right margin, in the badge's row.
const MAP: Rect = Rect { min: pos2(RIGHT - 160.0, BADGE_MIDDLE - 34.0), max: pos2(RIGHT, BADGE_MIDDLE + 34.0) };

/// Left of it: size of the name of what is lit, and from the map to the badge, which has one place whatever is lit.
const MAP_NAME: f32 = 28.0;
const MAP_NAME_ROOM: f32 = 92.0;
const BESIDE_MAP: f32 = 14.0;

/// The silhouette in small: the floors this page is about are filled with their inks, or the hall is.
pub(crate) fn map(moment: &Moment<'_>, picture: &mut Picture) {
    let world = &moment.stage.library.world;
    let whole = world.floors.iter().fold(world.hall.rect, |whole, floor| whole.union(floor.rect));
    let scale = (MAP.width() / whole.width()).min(MAP.height() / whole.height());
    let corner = pos2(MAP.right() - whole.width() * scale, MAP.center().y - whole.height() * scale / 2.0);
    let small = |rect: Rect| {
        Rect::from_min_size(corner + (rect.min - whole.min) * scale, vec2(rect.width(), rect.height()) * scale)
    };
    // The hall is what a step points out, or what a phase that is of no floor is of.
    let told = moment.phase().and_then(|id| world.phase(id));
    let in_hall = told::emphasis(moment, &Thing::Hall) == Emphasis::Highlight
        || moment.step.floors.is_empty() && told.is_some_and(|phase| phase.floors.is_empty());
    let floors =
        world.floors.iter().map(|floor| (floor.rect, Ink::of(floor.tier), moment.step.floors.contains(&floor.tier)));
    let hall = (world.hall.rect, Ink::Compute, in_hall);
    let parts: Vec<(Rect, Ink, bool)> =
        [hall].into_iter().chain(floors).map(|(rect, ink, on)| (small(rect).shrink(1.0), ink, on)).collect();
    for (part, (rect, ink, on)) in parts.iter().enumerate() {
        let shape = if *on { (3.0, Fill::Flat(*ink, 1.0), None) } else { (3.0, Fill::Flat(Ink::Edge, 0.28), None) };
        let id = Id::furniture(Furniture::Map).nth(part as u32 + 1);
        picture.push(boxed(id, Role::Map, Layer::Furniture, *rect, shape));
    }
    let names = ["GPUs"].into_iter().chain(world.floors.iter().map(|floor| floor.tier.id()));
    let mut lit = names.zip(&parts).enumerate().filter(|(_, (_, (.., on)))| *on);
    if let (Some((part, (name, (rect, ..)))), None) = (lit.next(), lit.next()) {
        map_name(name, part as u32 + 1, *rect, &parts, picture);
    }
}

/// The name of the one part that is lit, left of it and clear of those beside it: who does not know the inks reads it. It is
/// in the text's ink, as all words are.
fn map_name(name: &'static str, part: u32, lit: Rect, parts: &[(Rect, Ink, bool)], picture: &mut Picture) {
    let half = half_cap(MAP_NAME);
    let middle = lit.center().y.clamp(MAP.top() + half, MAP.bottom() - half);
    let beside = parts.iter().filter(|(rect, ..)| (rect.center().y - middle).abs() < half + 10.0 + rect.height() / 2.0);
    let left = beside.map(|(rect, ..)| rect.left()).fold(lit.left(), f32::min);
    let style = Style::new(Role::Map, Layer::Furniture, MAP_NAME).strong().align(Align::Right);
    let id = Id::furniture(Furniture::Map).part(Part::Name).nth(part);
    picture.push(text(id, name, pos2(left - BESIDE_MAP, middle + half), style));
}

/// The building alone, large, in the inks of its tiers: the window's icon. It fills the stage's middle, which is square.
pub(crate) fn silhouette(library: &Library) -> Picture {
    let world = &library.world;
    let whole = world.floors.iter().fold(world.hall.rect, |whole, floor| whole.union(floor.rect));
    let mut picture = Picture::default();
    let scale = 1800.0 / whole.width();
    let corner = pos2(60.0, 540.0 - whole.height() * scale / 2.0);
    let place = |rect: Rect| Rect::from_min_size(corner + (rect.min - whole.min) * scale, rect.size() * scale);
    let hall = (40.0, Fill::Flat(Ink::Compute, 1.0), None);
    picture.push(boxed(Id::new(Thing::Hall), Role::Hall, Layer::Furniture, place(world.hall.rect), hall));
    for floor in &world.floors {
        let shape = (16.0, Fill::Flat(Ink::of(floor.tier), 1.0), None);
        let (id, rect) = (Id::floor(floor.tier, Part::Whole), place(floor.rect).shrink(4.0));
        picture.push(boxed(id, Role::Floor, Layer::Furniture, rect, shape));
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_of_a_simulated_lab_says_both_beside_any_heading() {
        let simulated = State::Recorded { date: "2026-11-29, simulated".into() };
        let told = |state: &State, heading_width| fitting_badge(state.to_string(), state, RIGHT, || heading_width);
        assert_eq!(told(&simulated, 900.0), "RECORDED 2026-11-29, simulated");
        assert_eq!(told(&simulated, 1250.0), "RECORDED, simulated");
        let real = State::Recorded { date: "2026-11-29".into() };
        assert_eq!(told(&real, 1250.0), "RECORDED 2026-11-29");
        assert_eq!(told(&State::Live, 1250.0), "LIVE");
    }
}
