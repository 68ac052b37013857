//! What the last row can read.

use std::collections::BTreeSet;

use crate::measure;
use crate::picture::STAGE;
use crate::review::findings::{Findings, Note};
use crate::review::still::{Still, quoted};

/// Minutes of arc of a capital's height that are comfortable, and that can be read at all.
const COMFORTABLE: f32 = 16.0;
const READABLE: f32 = 10.0;

/// Lists the texts that are too small from `heights` picture heights away.
///
/// `furniture` remembers what stands on every step of a scene: it is listed once.
pub(super) fn check(still: &Still<'_>, heights: f32, furniture: &mut BTreeSet<String>, findings: &mut Findings<'_>) {
    for (mark, text) in still.texts() {
        if !still.is_spoken(mark) && !furniture.insert(format!("{} {}", still.scene.id, mark.id)) {
            continue;
        }
        let minutes = arc_minutes(measure::cap_height(text.face, text.size), heights);
        if minutes < COMFORTABLE {
            let note = if minutes < READABLE { Note::error } else { Note::warning };
            let (words, size) = (quoted(text), text.size);
            let message =
                format!("{words} at size {size:.0} is {minutes:.1} minutes of arc from {heights} picture heights");
            let note = note("room", message, "at least 16 minutes: a larger size, or a nearer last row").about(mark);
            findings.note(still, note, &mark.id.to_string());
        }
    }
}

fn arc_minutes(height: f32, heights: f32) -> f32 {
    (height / (STAGE.height() * heights)).atan().to_degrees() * 60.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_two_units_of_type_are_sixteen_minutes_at_six_heights() {
        let minutes = arc_minutes(measure::cap_height(crate::picture::Face::Regular, 42.0), 6.0);
        assert!((15.9..16.5).contains(&minutes), "{minutes}");
    }
}
