//! Whether the scene's words line up, on the grid or with a neighbour.

use egui::emath::Rect;

use crate::picture::{Align, Mark, Role, SAFE, Shape, Text};
use crate::review::findings::{Findings, Note};
use crate::review::glyphs::covered;
use crate::review::still::{Still, hung_at, quoted};

/// Twelve columns with gutters of 24 between the margins.
const COLUMNS: u32 = 12;
const GUTTER: f32 = 24.0;
/// Two places this near are taken for one.
const NEAR: f32 = 1.0;
/// Baselines of one row that differ by more than a unit and less than this were meant to be one.
const MISSED: f32 = 8.0;

/// Checks the texts, images and icons of the scene itself.
pub(super) fn check(still: &Still<'_>, findings: &mut Findings<'_>) {
    if still.is_close() {
        return;
    }
    let texts: Vec<(&Mark, &Text)> =
        (still.spoken()).filter(|(mark, _)| mark.role != Role::Unit && !still.lays_out(&mark.id.thing)).collect();
    for (mark, text) in &texts {
        check_edge(still, mark, text, findings);
        check_baseline(still, mark, text, &texts, findings);
    }
}

fn misaligned(mark: &Mark, message: String) -> Note<'_> {
    Note::warning("alignment", message, "put it on the grid or on its neighbour").about(mark)
}

fn on_grid(x: f32) -> bool {
    let column = (SAFE.width() - GUTTER * (COLUMNS - 1) as f32) / COLUMNS as f32;
    let lefts = (0..COLUMNS).map(|n| SAFE.left() + (column + GUTTER) * n as f32);
    lefts.flat_map(|left| [left, left + column]).chain([SAFE.center().x]).any(|line| (line - x).abs() <= NEAR)
}

fn hanging_x(text: &Text) -> f32 {
    let rect = covered(text);
    hung_at(text, rect.left(), rect.right())
}

fn check_edge(still: &Still<'_>, mark: &Mark, text: &Text, findings: &mut Findings<'_>) {
    let x = hanging_x(text);
    if mark.role == Role::NoSource {
        return;
    }
    let others =
        still.marks().filter(|other| other.id.thing != mark.id.thing || !matches!(other.shape, Shape::Text(_)));
    if !on_grid(x) && !others.flat_map(lines_of).any(|line| (line - x).abs() <= NEAR) {
        let message = format!("x {x:.0} of {} is on no column and no other edge", quoted(text));
        findings.note(still, misaligned(mark, message), "x");
    }
}

/// The x that others may line up with: a text's own edge, a shape's edges and middle.
fn lines_of(mark: &Mark) -> Vec<f32> {
    let of_rect = |rect: &Rect| vec![rect.left(), rect.center().x, rect.right()];
    match &mark.shape {
        Shape::Text(text) if text.align == Align::Left => vec![text.at.x],
        Shape::Text(text) => vec![hanging_x(text)],
        Shape::Rect { rect, .. } | Shape::Gpu { rect, .. } | Shape::Image { rect, .. } | Shape::Hatch { rect, .. } => {
            of_rect(rect)
        }
        Shape::Chart(chart) => of_rect(&chart.rect),
        Shape::Icon { center, size, .. } => vec![center.x - size / 2.0, center.x, center.x + size / 2.0],
        Shape::Light { .. }
        | Shape::Halo { .. }
        | Shape::Dot { .. }
        | Shape::Lane { .. }
        | Shape::Line { .. }
        | Shape::Polygon { .. }
        | Shape::Laser { .. } => Vec::new(),
    }
}

fn check_baseline(still: &Still<'_>, mark: &Mark, text: &Text, texts: &[(&Mark, &Text)], findings: &mut Findings<'_>) {
    let missed = |other: &Text| (NEAR..MISSED).contains(&(other.at.y - text.at.y)) && (other.at.y - text.at.y) > NEAR;
    let other = texts.iter().find(|(other, near)| other.id.thing != mark.id.thing && missed(near));
    if let Some((_, other)) = other {
        let (one, two, apart) = (quoted(text), quoted(other), other.at.y - text.at.y);
        let message = format!("the baselines of {one} and {two} are {apart:.0} units apart");
        findings.note(still, misaligned(mark, message), "y");
    }
}
