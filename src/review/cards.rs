//! What a thing tells when it is opened: its words stay in their card, and none lies on another.

use egui::emath::Rect;

use crate::picture::{Furniture, Mark, Part, SAFE, Shape, Text, Thing};
use crate::review::findings::{Findings, Note};
use crate::review::glyphs::covered;
use crate::review::still::{Still, quoted};

/// Between words and the edge of their card, at least.
const INSIDE: f32 = 20.0;
/// Less than this, in stage units of height or width, is touching rather than overprinting.
const OVER: f32 = 4.0;

/// Checks one opened card.
pub(super) fn check(still: &Still<'_>, findings: &mut Findings<'_>) {
    let room = still.marks().find_map(panel).map_or(SAFE, |rect| rect.shrink(INSIDE));
    let words: Vec<(&Mark, &Text, Rect)> =
        still.texts().filter(|(mark, _)| is_of_card(mark)).map(|(mark, text)| (mark, text, covered(text))).collect();
    for (index, (mark, text, rect)) in words.iter().enumerate() {
        if !room.contains_rect(*rect) {
            let message = format!("{} runs out of the card that is opened here", quoted(text));
            findings.note(
                still,
                Note::error("card-overflow", message, "fewer rows, or fewer words in them"),
                &text.words,
            );
        }
        for (other, beside, over) in &words[index + 1..] {
            let both = rect.intersect(*over);
            if both.width() > OVER && both.height() > OVER {
                let message = format!("{} lies on {} in the card that is opened here", quoted(text), quoted(beside));
                let note = Note::error("text-over-text", message, "fewer words in one of them");
                findings.note(still, note, &format!("{} {}", mark.id, other.id));
            }
        }
    }
}

/// The box that the card's words stand in; a component's card is the whole stage.
fn panel(mark: &Mark) -> Option<Rect> {
    let is_panel = mark.id.thing == Thing::Furniture(Furniture::Card) && mark.id.part == Part::Whole;
    match &mark.shape {
        Shape::Rect { rect, .. } if is_panel => Some(*rect),
        _ => None,
    }
}

fn is_of_card(mark: &Mark) -> bool {
    matches!(mark.id.thing, Thing::Furniture(Furniture::Card) | Thing::Component(_))
}
