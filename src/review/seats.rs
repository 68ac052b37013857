//! Where in its file a mark was written, so that a finding on a picture has a line.

use crate::picture::{Furniture, Thing};
use crate::review::still::Still;
use crate::scene::library::Texts;
use crate::scene::place::{Place, Places};

/// The files of the deck.
pub(super) struct Seats<'a> {
    texts: &'a Texts,
}

impl<'a> Seats<'a> {
    pub(super) fn new(texts: &'a Texts) -> Self {
        Self { texts }
    }

    /// The place of what a step last said about a mark; the step itself for what is not an element of the scene.
    pub(super) fn place(&self, still: &Still<'_>, about: Option<&Thing>) -> Place {
        let text = self.texts.get(&*still.scene.file).map_or("", String::as_str);
        let (places, step) = (Places::new(text), still.at.step);
        match about {
            Some(Thing::Furniture(Furniture::Caption)) => {
                places.in_step("caption", step).unwrap_or_else(|| places.of_step(step))
            }
            Some(Thing::Furniture(Furniture::Heading)) => {
                last(&places, "heading", step).unwrap_or_else(|| places.of_step(step))
            }
            Some(thing) if still.element(thing).is_some() => {
                let id = thing.word();
                last(&places, &format!("id: \"{id}\""), step).unwrap_or_else(|| places.of_id(id))
            }
            Some(_) | None => places.of_step(step),
        }
    }
}

/// The nearest step back to the first that says it.
fn last(places: &Places<'_>, needle: &str, step: usize) -> Option<Place> {
    (0..=step).rev().find_map(|step| places.in_step(needle, step))
}
