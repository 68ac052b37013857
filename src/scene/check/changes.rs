//! What a step changes does not undo itself: each element has one time for what happens to it.

use crate::ron_text::Finder;
use crate::scene::file::{ChangeFile, SceneFile};
use crate::scene::model::Scene;

/// What of an element a change changes. Of two of one kind in one step, only the last would be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aspect {
    Comes,
    Goes,
    Words,
    Digits,
    Data,
    Place,
    Emphasis,
    Course,
    Count,
}

/// One element in one change: what of it, and after how many seconds, where the change has a time.
struct Touch<'a> {
    id: &'a str,
    aspect: Aspect,
    after: Option<f32>,
}

fn touches(change: &ChangeFile) -> Vec<Touch<'_>> {
    let one = |id, aspect, after| vec![Touch { id, aspect, after }];
    match change {
        ChangeFile::Reveal { ids, after, each, .. } => {
            let comes = |(nth, id)| Touch { id, aspect: Aspect::Comes, after: Some(after + each * nth as f32) };
            ids.iter().map(String::as_str).enumerate().map(comes).collect()
        }
        ChangeFile::Hide { ids, after, .. } => {
            ids.iter().map(|id| Touch { id, aspect: Aspect::Goes, after: Some(*after) }).collect()
        }
        ChangeFile::Highlight { ids, after } | ChangeFile::Dim { ids, after } | ChangeFile::Plain { ids, after } => {
            ids.iter().map(|id| Touch { id, aspect: Aspect::Emphasis, after: *after }).collect()
        }
        ChangeFile::Move { id, after, .. } => one(id, Aspect::Place, Some(*after)),
        ChangeFile::Text { id, after, .. } => one(id, Aspect::Words, *after),
        ChangeFile::Number { id, .. } => one(id, Aspect::Digits, None),
        ChangeFile::Image { id, .. } | ChangeFile::Chart { id, .. } | ChangeFile::Table { id, .. } => {
            one(id, Aspect::Data, None)
        }
        ChangeFile::Count { id, .. } => one(id, Aspect::Count, None),
        ChangeFile::Run { id, .. } => one(id, Aspect::Course, None),
        // One thing becomes many, and many one.
        ChangeFile::Morph { .. }
        | ChangeFile::Tell { .. }
        | ChangeFile::Flow { .. }
        | ChangeFile::Loop { .. }
        | ChangeFile::Lose { .. }
        | ChangeFile::Cue { .. } => Vec::new(),
    }
}

/// Judges what each step does to each element: `scene` is the file as it was resolved.
pub(super) fn once(file: &SceneFile, scene: &Scene, finder: &mut Finder<'_>) {
    for (index, step) in file.steps.iter().enumerate() {
        let touches: Vec<Touch<'_>> = step.changes.iter().flat_map(touches).collect();
        let before = index.checked_sub(1).and_then(|before| scene.steps.get(before));
        for (nth, touch) in touches.iter().enumerate() {
            let of_it = || touches.iter().enumerate().filter(|(_, other)| other.id == touch.id);
            let was_shown =
                before.is_some_and(|step| step.elements.iter().any(|placed| placed.shown && *placed.id == *touch.id));
            let is_element = scene.steps.iter().flat_map(|step| &step.elements).any(|placed| *placed.id == *touch.id);
            let earlier = || of_it().filter(|(other, _)| *other < nth).map(|(_, other)| other);
            let undone = earlier().find_map(|other| undoes(touch, other, was_shown));
            let late = touch.after.filter(|after| *after > 0.0 && is_element && !was_shown);
            let finding = match (undone, touch.aspect, late) {
                (Some(finding), ..) => Some(finding),
                (None, Aspect::Words | Aspect::Emphasis, Some(_)) => Some((
                    "late-change",
                    "is changed later than at once, and the step before does not show it".to_owned(),
                    "show it a step before, or reveal another element later",
                )),
                _ => None,
            };
            if let Some((code, what, hint)) = finding {
                let place = finder.places.of_name(touch.id, Some(index));
                finder.error(code, place, format!("\"{}\" {what}", touch.id), hint);
            }
        }
    }
}

/// What is wrong with two changes of one element, the second written later: a code, words after its name, and a way out.
fn undoes(later: &Touch<'_>, earlier: &Touch<'_>, was_shown: bool) -> Option<(&'static str, String, &'static str)> {
    let twice = |what: &str| Some(("changed-twice", format!("{what} in one step"), "two steps, or one change"));
    match (earlier.aspect, later.aspect) {
        (Aspect::Comes, Aspect::Goes) if was_shown => {
            let what = "is there, is revealed and is hidden in one step".to_owned();
            Some(("shown-and-hidden", what, "Hide alone, or Hide before Reveal"))
        }
        (Aspect::Comes, Aspect::Goes) if later.after <= earlier.after => {
            let what = "is hidden before it comes: nobody sees it".to_owned();
            Some(("shown-and-hidden", what, "hide it later than it comes"))
        }
        (Aspect::Goes, Aspect::Comes) if later.after < earlier.after => {
            let what = format!(
                "comes at {:.1} s and is hidden at {:.1} s",
                later.after.unwrap_or_default(),
                earlier.after.unwrap_or_default()
            );
            Some(("shown-and-hidden", what, "what is shown again in one step is hidden first"))
        }
        (one, other) if one == other => twice(match one {
            Aspect::Comes => "is revealed twice",
            Aspect::Goes => "is hidden twice",
            Aspect::Words => "gets words twice",
            Aspect::Digits => "gets another number twice",
            Aspect::Data => "gets other content twice",
            Aspect::Place => "moves twice",
            Aspect::Emphasis => "is pointed out twice",
            Aspect::Course => "runs twice",
            Aspect::Count => "counts twice",
        }),
        (Aspect::Words, Aspect::Place | Aspect::Comes) | (Aspect::Place | Aspect::Comes, Aspect::Words)
            if later.after.is_some() && earlier.after.is_some() && later.after != earlier.after =>
        {
            Some((
                "changed-twice",
                "has two times in one step, and only one is kept".to_owned(),
                "the same after for both",
            ))
        }
        _ => None,
    }
}
