//! Whether a picture keeps to the margins, spans them, and leaves no large band empty.

use egui::emath::{Rect, pos2};

use crate::picture::{Furniture, Mark, Role, SAFE, STAGE, Shape, Text, Thing};
use crate::review::findings::{Findings, Note};
use crate::review::glyphs::covered;
use crate::review::still::{Still, hung_at, is_edge_again, quoted};

/// The bottom line reaches down to here.
const BOTTOM_LINE: f32 = 1024.0;
/// An edge is drawn on the middle of its line, so half of it may lie beyond.
const SLACK: f32 = 5.0;
/// The picture spans at least this share of the width, and leaves no band of the height empty that is larger than this.
const LEAST_SPAN: f32 = 0.8;
const MOST_EMPTY: f32 = 0.2;

/// Checks margins, span and empty bands.
pub(super) fn check(still: &Still<'_>, findings: &mut Findings<'_>) {
    for mark in still.marks().filter(|mark| !is_glow(mark)) {
        check_margin(still, mark, findings);
    }
    check_span(still, findings);
    check_bands(still, findings);
}

/// Light and dots lie within what they light.
fn is_glow(mark: &Mark) -> bool {
    matches!(mark.shape, Shape::Light { .. } | Shape::Dot { .. } | Shape::Lane { .. })
}

fn is_world(mark: &Mark) -> bool {
    matches!(
        mark.role,
        Role::Floor | Role::Hall | Role::Plate | Role::Gpu | Role::Light | Role::Route | Role::Dot | Role::Bracket
    ) || is_edge_again(mark)
}

fn covered_box(mark: &Mark) -> Rect {
    mark.bounds(covered)
}

fn check_margin(still: &Still<'_>, mark: &Mark, findings: &mut Findings<'_>) {
    if still.is_close() && is_world(mark) {
        return;
    }
    let rect = covered_box(mark);
    let is_low = mark.id.is_of(&[Furniture::Caption, Furniture::Source, Furniture::Origin]);
    let low = if is_low { BOTTOM_LINE } else { SAFE.bottom() };
    let slack = if matches!(mark.shape, Shape::Text(_)) { 0.5 } else { SLACK };
    let area = Rect::from_min_max(SAFE.min, pos2(SAFE.right(), low)).expand(slack);
    if area.contains_rect(rect) {
        return;
    }
    let (code, message, hint) = match &mark.shape {
        Shape::Text(text) if hangs_inside(text, rect, area) => {
            let excess = (area.left() - rect.left()).max(0.0) + (rect.right() - area.right()).max(0.0);
            let message = format!("{} is {excess:.0} units too wide for the margins", quoted(text));
            ("text-overflow", message, "fewer words, or a width to wrap at")
        }
        _ => {
            let Rect { min, max } = rect;
            let place = format!("x {:.0} to {:.0}, y {:.0} to {:.0}", min.x, max.x, min.y, max.y);
            let message = format!("\"{}\" lies outside the margins: {place}", mark.id);
            ("outside-safe", message, "keep to x 96 to 1824 and y 72 to 992")
        }
    };
    findings.note(still, Note::error(code, message, hint).about(mark), &mark.id.to_string());
}

/// Whether a text is hung within the margins and keeps to their height, so that only its length leaves them.
fn hangs_inside(text: &Text, rect: Rect, area: Rect) -> bool {
    let at = pos2(hung_at(text, rect.left(), rect.right()), text.at.y);
    area.contains(at) && rect.top() >= area.top() && rect.bottom() <= area.bottom()
}

fn check_span(still: &Still<'_>, findings: &mut Findings<'_>) {
    // Heading, bottom line and badge frame every picture; what lies between them is the picture.
    let is_frame = |mark: &Mark| matches!(mark.id.thing, Thing::Furniture(what) if !matches!(what, Furniture::Head));
    let content = still.marks().filter(|mark| !is_frame(mark)).map(covered_box).reduce(|all, rect| all.union(rect));
    let width = content.map_or(0.0, |rect| rect.intersect(SAFE).width().max(0.0));
    if width < LEAST_SPAN * SAFE.width() {
        let message = format!("the picture spans {:.0} % of the width: at least 80 %", 100.0 * width / SAFE.width());
        let note = Note::warning("sparse", message, "use the width, or show the world beside it");
        findings.note(still, note, "span");
    }
}

/// The largest band of the height in which nothing stands. One beside the hero, with nothing else in it, is meant.
fn check_bands(still: &Still<'_>, findings: &mut Findings<'_>) {
    let row = |mark: &Mark| {
        let rect = covered_box(mark);
        (rect.top(), rect.bottom(), still.step.hero.as_deref() == Some(mark.id.thing.word()))
    };
    let mut rows: Vec<(f32, f32, bool)> = still.marks().filter(|mark| !is_glow(mark)).map(row).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut end, mut is_hero) = (SAFE.top(), false);
    rows.push((SAFE.bottom(), SAFE.bottom(), false));
    for (top, bottom, hero) in rows {
        if top - end > MOST_EMPTY * STAGE.height() && !hero && !is_hero {
            let message = format!("nothing stands between y {end:.0} and {top:.0}: more than a fifth of the height");
            let note = Note::warning("empty-band", message, "move what is near into it");
            findings.note(still, note, "band");
        }
        if bottom > end {
            (end, is_hero) = (bottom, hero);
        }
    }
}
