//! Where in its file a mark was written, so that a finding on a picture has a line.

use crate::picture::{Furniture, Thing};
use crate::review::still::Still;
use crate::ron_text::{Place, Places};
use crate::scene::library::Texts;

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
            Some(Thing::Furniture(Furniture::Caption)) => places.of_key("caption", Some(step)),
            Some(Thing::Furniture(Furniture::Heading)) => {
                let said = last(step, |step| places.key_in_step("heading", Some(step)));
                said.unwrap_or_else(|| places.of_step(step))
            }
            Some(thing) if still.element(thing).is_some() => {
                let id = thing.word();
                last(step, |step| places.id_in_step(id, Some(step))).unwrap_or_else(|| places.of_id(id))
            }
            Some(_) | None => places.of_step(step),
        }
    }
}

/// The nearest step back to the first that says it.
fn last(step: usize, said_in: impl Fn(usize) -> Option<Place>) -> Option<Place> {
    (0..=step).rev().find_map(said_in)
}
