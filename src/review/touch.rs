//! Nothing touches: text is clear of text, lines, edges and the paths of dots, and has air in its box.

use egui::emath::{Pos2, Rect, pos2};

use crate::measure;
use crate::picture::{Fill, Furniture, Id, Mark, Part, Role, Shape, Text, Thing};
use crate::review::findings::{Findings, Note};
use crate::review::glyphs::covered;
use crate::review::lines::{between, outline, to_path};
use crate::review::still::{Still, hung_at, is_edge_again, quoted};
use crate::timeline::elements::{Layout, layout};
use crate::timeline::hit::Folded;

/// Between text and anything else; between text and the edge of the box it stands in.
const CLEAR: f32 = 12.0;
const INSIDE: f32 = 24.0;
/// On a floor, whose height is given, its names and numbers have this much air above and below.
const ON_FLOOR: f32 = 16.0;
/// Less than this is rounding.
const NEAR: f32 = 1.0;
/// Told dots are rings of this radius on their line; an arrow's head reaches as far.
const RING: f32 = 9.0;

/// What must be read: words and icons.
struct TouchSubject<'a> {
    mark: &'a Mark,
    text: Option<&'a Text>,
    rect: Rect,
    /// Its place in the order of drawing.
    order: usize,
}

/// What it must be clear of.
enum Obstacle<'a> {
    Solid(Rect),
    Outline {
        rect: Rect,
        half: f32,
    },
    Path {
        path: &'a [Pos2],
        half: f32,
    },
    /// A path that ends where it began.
    Closed {
        points: &'a [Pos2],
        half: f32,
    },
}

/// Checks every text and icon against everything else.
pub(super) fn check(still: &Still<'_>, findings: &mut Findings<'_>) {
    let marks: Vec<&Mark> = still.marks().collect();
    let subjects: Vec<TouchSubject<'_>> =
        marks.iter().enumerate().filter_map(|(order, mark)| subject_of(mark, order)).collect();
    for (index, one) in subjects.iter().enumerate() {
        for other in &subjects[index + 1..] {
            check_pair(still, one, other, findings);
        }
        for mark in &marks[first_uncovered(one, &marks)..] {
            if !belong_together(one.mark, mark) {
                check_obstacle(still, one, mark, findings);
            }
        }
    }
    check_shapes(still, &marks, findings);
    check_cells(still, findings);
}

fn subject_of(mark: &Mark, order: usize) -> Option<TouchSubject<'_>> {
    let text = match &mark.shape {
        Shape::Text(text) => Some(text),
        Shape::Icon { .. } => None,
        Shape::Rect { .. }
        | Shape::Hatch { .. }
        | Shape::Light { .. }
        | Shape::Halo { .. }
        | Shape::Gpu { .. }
        | Shape::Dot { .. }
        | Shape::Lane { .. }
        | Shape::Line { .. }
        | Shape::Polygon { .. }
        | Shape::Chart(_)
        | Shape::Image { .. }
        | Shape::Laser { .. } => return None,
    };
    Some(TouchSubject { mark, text, rect: mark.bounds(covered), order })
}

/// The first mark that is not hidden from this subject by an opaque box between them.
fn first_uncovered(subject: &TouchSubject<'_>, marks: &[&Mark]) -> usize {
    let covers = |mark: &Mark| {
        let Shape::Rect { rect, fill, .. } = &mark.shape else { return false };
        match fill {
            Fill::Flat(_, opacity) => *opacity >= 0.99 && rect.contains_rect(subject.rect),
            // Its inner half hides what lies below; farther out that is too faint to be read for a part of a letter.
            Fill::Veil { reach } => rect.shrink(reach / 2.0).contains_rect(subject.rect),
            Fill::None | Fill::Slate | Fill::Tint(..) | Fill::Shade { .. } | Fill::Solid { .. } | Fill::Fade { .. } => {
                false
            }
        }
    };
    marks[..subject.order].iter().rposition(|mark| covers(mark)).unwrap_or(0)
}

/// Parts of one thing may stand together: a value and its unit, a curve and its axis, the badge.
fn belong_together(one: &Mark, other: &Mark) -> bool {
    whole_of(one) == whole_of(other) || (one.role == Role::Badge && other.role == Role::Badge)
}

/// What a mark is a part of: a floor's number has its age under it, and the source says its origin first.
fn whole_of(mark: &Mark) -> (&Thing, Part) {
    match (&mark.id.thing, mark.id.part) {
        (Thing::Furniture(Furniture::Origin), part) => (&Thing::Furniture(Furniture::Source), part),
        (thing, Part::Number | Part::Age | Part::Stale | Part::Clamped) => (thing, Part::Whole),
        (thing, part) => (thing, part),
    }
}

fn obstacle_of(mark: &Mark) -> Option<Obstacle<'_>> {
    match &mark.shape {
        // An edge drawn once more over the light is the same edge.
        // What fades to nothing is a ground.
        Shape::Rect { .. } if is_edge_again(mark) || is_ground(mark) => None,
        Shape::Rect { rect, .. } if mark.role == Role::Map => Some(Obstacle::Solid(*rect)),
        Shape::Rect { rect, stroke, .. } => {
            Some(Obstacle::Outline { rect: *rect, half: stroke.map_or(0.0, |stroke| stroke.width / 2.0) })
        }
        Shape::Polygon { points, stroke, .. } => Some(Obstacle::Closed { points, half: stroke.width / 2.0 }),
        Shape::Hatch { rect, .. } | Shape::Gpu { rect, .. } | Shape::Image { rect, .. } => Some(Obstacle::Solid(*rect)),
        Shape::Chart(chart) => Some(Obstacle::Solid(chart.rect)),
        Shape::Dot { .. } => Some(Obstacle::Solid(mark.bounds(measure::bounds))),
        Shape::Line { path, width, head, .. } => {
            let half = if *head && mark.role == Role::Route { RING } else { width / 2.0 };
            Some(Obstacle::Path { path, half })
        }
        Shape::Lane { path, width, .. } => Some(Obstacle::Path { path, half: width / 2.0 }),
        Shape::Text(_) | Shape::Icon { .. } | Shape::Light { .. } | Shape::Halo { .. } | Shape::Laser { .. } => None,
    }
}

/// The name of what is too near, for a message.
fn subject_name(subject: &TouchSubject<'_>) -> String {
    subject.text.map_or_else(|| format!("the icon \"{}\"", subject.mark.id), quoted)
}

/// A heading grows toward the badge, a caption toward the source: then it is too long rather than in the way.
fn is_overflow(one: &Mark, other: &Mark) -> bool {
    let frame = |mark: &Mark| matches!(mark.role, Role::Badge | Role::Map | Role::Source);
    one.id.is_of(&[Furniture::Heading, Furniture::Caption]) && frame(other)
}

/// Notes the finding at both, where the scene wrote both: either can be moved.
fn report_at_both(still: &Still<'_>, about: &Mark, other: &Mark, message: &str, findings: &mut Findings<'_>) {
    let overflow = is_overflow(about, other) || is_overflow(other, about);
    let (code, hint) = if overflow { ("text-overflow", "fewer words") } else { ("overlap", "move one of them") };
    let key = format!("{} {}", about.id.nth(0), other.id.nth(0));
    let mut own: Vec<&Mark> = [about, other].into_iter().filter(|mark| still.is_spoken(mark)).collect();
    if own.is_empty() || overflow {
        own = vec![if still.is_spoken(about) || !still.is_spoken(other) { about } else { other }];
    }
    for mark in own {
        let message = message.to_owned();
        let note = Note::error(code, message, hint).about(mark);
        findings.note(still, note, &key);
    }
}

fn check_pair(still: &Still<'_>, one: &TouchSubject<'_>, other: &TouchSubject<'_>, findings: &mut Findings<'_>) {
    let gap = between(one.rect, other.rect);
    if gap < CLEAR - NEAR && !belong_together(one.mark, other.mark) {
        let (name, beside, data) = (subject_name(one), subject_name(other), still.data);
        let message = format!("{name} is {gap:.0} units from {beside} (data: {data}): {CLEAR} are needed");
        report_at_both(still, one.mark, other.mark, &message, findings);
    }
}

fn check_obstacle(still: &Still<'_>, one: &TouchSubject<'_>, mark: &Mark, findings: &mut Findings<'_>) {
    let Some(obstacle) = obstacle_of(mark) else { return };
    let (gap, needed) = match obstacle {
        Obstacle::Solid(rect) => (between(one.rect, rect), CLEAR),
        Obstacle::Path { path, half } => (to_path(one.rect, path) - half, CLEAR),
        Obstacle::Closed { points, half } => {
            let last: Vec<Pos2> = points.last().into_iter().chain(points.first()).copied().collect();
            (to_path(one.rect, points).min(to_path(one.rect, &last)) - half, CLEAR)
        }
        Obstacle::Outline { rect, half } if rect.contains_rect(capitals_box(one)) => {
            (inner_gap(one, rect, half, if still.is_spoken(one.mark) { INSIDE } else { ON_FLOOR }), INSIDE)
        }
        Obstacle::Outline { rect, half } => match run_out(one, rect) {
            Some(over) => return report_overflow(still, one, mark, over, findings),
            None => (to_path(one.rect, &outline(rect)) - half, CLEAR),
        },
    };
    if gap < needed - NEAR {
        let (name, id, gap, data) = (subject_name(one), &mark.id, gap.max(0.0), still.data);
        let message = format!("{name} is {gap:.0} units from \"{id}\" (data: {data}): {needed} are needed");
        report_at_both(still, one.mark, mark, &message, findings);
    }
}

/// From the capitals and the baseline: a `p` may reach into the air below.
fn capitals_box(one: &TouchSubject<'_>) -> Rect {
    one.text.map_or(one.rect, |text| capitals_of(text, one.rect))
}

/// The part of a text's box between the height of its capitals and its baseline.
fn capitals_of(text: &Text, rect: Rect) -> Rect {
    let top = text.at.y - measure::cap_height(text.face, text.size);
    Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), text.at.y))
}

/// The air between words and the box they stand in, as far as it goes to [`INSIDE`]: above and below, `tall` is enough.
/// An icon needs no more than beside anything else.
fn inner_gap(one: &TouchSubject<'_>, rect: Rect, half: f32, tall: f32) -> f32 {
    let inner = capitals_box(one);
    let across = (inner.left() - rect.left()).min(rect.right() - inner.right());
    let down = (inner.top() - rect.top()).min(rect.bottom() - inner.bottom());
    if one.text.is_some() { across.min(down + INSIDE - tall) } else { across.min(down) - half + INSIDE - CLEAR }
}

/// How far words that begin in the box run out of it, at their end or below; none where they do not.
fn run_out(one: &TouchSubject<'_>, rect: Rect) -> Option<f32> {
    let text = one.text?;
    let begins = pos2(hung_at(text, one.rect.left(), one.rect.right()), text.at.y - 1.0);
    let over = (one.rect.right() - rect.right()).max(rect.left() - one.rect.left()).max(text.at.y - rect.bottom());
    (rect.contains(begins) && over > 0.0).then_some(over)
}

fn report_overflow(still: &Still<'_>, one: &TouchSubject<'_>, mark: &Mark, over: f32, findings: &mut Findings<'_>) {
    let message = format!("{} runs {over:.0} units out of \"{}\" (data: {})", subject_name(one), mark.id, still.data);
    let note = Note::error("text-overflow", message, "fewer words, a width to wrap at, or a wider box").about(one.mark);
    findings.note(still, note, &mark.id.nth(0).to_string());
}

/// Whether a box has no edge of its own and no fill that ends: other things may lie across it.
fn is_ground(mark: &Mark) -> bool {
    matches!(mark.shape, Shape::Rect { stroke: None, fill: Fill::None | Fill::Fade { .. }, .. })
}

/// Boxes, images and charts of the scene lie in one another, or clear of one another, and of the world's edges.
fn check_shapes(still: &Still<'_>, marks: &[&Mark], findings: &mut Findings<'_>) {
    let is_body = |mark: &Mark| {
        matches!(mark.shape, Shape::Rect { .. } | Shape::Image { .. } | Shape::Chart(_)) && !is_ground(mark)
    };
    let is_whole = |mark: &Mark| mark.id == Id::new(mark.id.thing.clone()) && still.element(&mark.id.thing).is_some();
    let own: Vec<&Mark> = marks.iter().copied().filter(|mark| is_body(mark) && is_whole(mark)).collect();
    let world = marks.iter().copied().filter(|mark| matches!(mark.role, Role::Floor | Role::Hall));
    let others: Vec<&Mark> = own.iter().copied().chain(world).collect();
    for (index, one) in own.iter().enumerate() {
        for other in &others[index + 1..] {
            let (a, b) = (one.bounds(measure::bounds), other.bounds(measure::bounds));
            if a.intersects(b) && !a.contains_rect(b) && !b.contains_rect(a) {
                let message = format!("\"{}\" and \"{}\" overlap (data: {})", one.id, other.id, still.data);
                report_at_both(still, one, other, &message, findings);
            }
        }
    }
}

/// A table's words stay in their columns, a wrapped text's longest word within its width, and a cell's in their cell.
fn check_cells(still: &Still<'_>, findings: &mut Findings<'_>) {
    for placed in still.step.elements.iter().filter(|placed| placed.shown) {
        let Layout { within, cells, columns, .. } = layout(placed, &Folded::new());
        for (mark, text) in still.texts().filter(|(mark, _)| mark.id.thing == placed.thing) {
            let begins = pos2(covered(text).center().x, text.at.y - 1.0);
            if let Some(rect) = within.or_else(|| cells.iter().copied().find(|rect| rect.contains(begins))) {
                check_inside(still, mark, text, rect, findings);
            }
            if let Some((_, room)) = columns.iter().find(|(left, _)| (left - text.at.x).abs() < NEAR) {
                check_width(still, mark, text, *room, findings);
            }
        }
    }
}

/// Words that a node or a cell lays out itself stay in it, also where a word is too long to be wrapped.
fn check_inside(still: &Still<'_>, mark: &Mark, text: &Text, rect: Rect, findings: &mut Findings<'_>) {
    if !rect.shrink(CLEAR - NEAR).contains_rect(capitals_of(text, covered(text))) {
        let message = format!("{} does not fit its place in \"{}\"", quoted(text), mark.id.thing.word());
        let note = Note::error("text-overflow", message, "fewer or shorter words, or a larger box").about(mark);
        findings.note(still, note, &mark.id.to_string());
    }
}

fn check_width(still: &Still<'_>, mark: &Mark, text: &Text, room: f32, findings: &mut Findings<'_>) {
    let width = covered(text).width();
    if width > room + NEAR {
        let message = format!("{} is {width:.0} units wide: its place has {room:.0}", quoted(text));
        let note = Note::error("text-overflow", message, "fewer words, or a wider column").about(mark);
        findings.note(still, note, &mark.id.to_string());
    }
}
