//! At no moment of a change do two texts stand on one another: words leave before words come.

use egui::emath::Rect;

use crate::picture::{Mark, Shape, Text};
use crate::review::findings::{Findings, Note};
use crate::review::glyphs::covered;
use crate::review::still::{Still, quoted};

/// What is fainter is not read as a word.
const READ: f32 = 0.12;
/// Less than this, in stage units of height or width, is touching rather than overprinting.
const OVER: f32 = 4.0;

/// Checks one moment of the change into a step.
pub(super) fn check(still: &Still<'_>, findings: &mut Findings<'_>) {
    let texts: Vec<(&Mark, &Text, Rect)> = (still.picture.marks.iter())
        .filter(|mark| mark.opacity > READ)
        .filter_map(|mark| if let Shape::Text(text) = &mark.shape { Some((mark, text, covered(text))) } else { None })
        .collect();
    for (index, (one, text, rect)) in texts.iter().enumerate() {
        for (other, beside, over) in &texts[index + 1..] {
            let both = rect.intersect(*over);
            if both.width() > OVER && both.height() > OVER {
                let message = format!("{} lies on {} while the step comes", quoted(text), quoted(beside));
                let note = Note::error("text-over-text", message, "let one leave before the other comes: after");
                // Whichever of the two the step changes can be put off.
                let changes = |mark: &&&Mark| {
                    let turn = still.step.motion.turn(&mark.id.thing);
                    turn.after.is_some() || turn.until.is_some()
                };
                let about = [one, other].into_iter().find(changes).unwrap_or(other);
                findings.note(still, note.about(about), &format!("{} {}", one.id.nth(0), other.id.nth(0)));
            }
        }
    }
}
