//! The talk of a window, as requests reach it.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use image::ImageFormat;
use pulldown_cmark::{Event as Markdown, Parser, Tag, TagEnd};
use serde_json::{Value, json};

use crate::host::SharedShow;
use crate::markdown;
use crate::paint::Textures;
use crate::presentation::Presentation;
use crate::presentation::event::{Effect, Event};
use crate::presentation::over::Cover;
use crate::remote::answer::Talk;
use crate::render::Renderer;
use crate::ron_text::suggestion;
use crate::theme::Theme;

/// The next step's picture on a phone, in pixels.
const PICTURE: [u32; 2] = [640, 360];

/// A talk in its window. What only the window can do in answer is sent to it.
pub(crate) struct WindowTalk {
    pub(crate) shared: Arc<SharedShow>,
    pub(crate) effects: Sender<Effect>,
    /// Asks for a frame.
    pub(crate) wake: Box<dyn Fn() + Send + Sync>,
}

impl Talk for WindowTalk {
    fn carry_out(&self, name: &str) -> Result<(), String> {
        let inner = self.shared.lock();
        let keymap = inner.show.presentation().keymap();
        let Some(command) = keymap.command_named(name) else {
            let known: Vec<&str> = keymap.entries.iter().map(|entry| entry.name()).collect();
            return Err(format!("no command \"{name}\"; {}", suggestion(name, &known)));
        };
        for effect in self.shared.take_all(inner, vec![Event::Command(command)]) {
            // A window that is gone has nothing to do any more.
            let _gone = self.effects.send(effect);
        }
        (self.wake)();
        Ok(())
    }

    fn state(&self) -> Value {
        state_of(self.shared.lock().show.presentation())
    }

    fn next_picture(&self) -> Vec<u8> {
        let (picture, theme) = {
            let inner = self.shared.lock();
            let talk = inner.show.presentation();
            let next = talk.library().after(talk.position(), talk.cut()).unwrap_or(talk.position());
            (talk.final_picture(next), talk.theme())
        };
        let image = Renderer::new().image(&picture, &Theme::load(theme), PICTURE, &Textures::default());
        let mut bytes = Cursor::new(Vec::new());
        if let Err(error) = image.write_to(&mut bytes, ImageFormat::Png) {
            log::info!("the next picture: {error}");
        }
        bytes.into_inner()
    }
}

/// Notes for the page of a phone. A link is its words there: nothing of a scene file is obeyed.
fn html_of_notes(notes: &str) -> String {
    let is_link = |event: &Markdown<'_>| {
        matches!(
            event,
            Markdown::Start(Tag::Link { .. } | Tag::Image { .. }) | Markdown::End(TagEnd::Link | TagEnd::Image)
        )
    };
    markdown::html_of(Parser::new(notes).filter(|event| !is_link(event)))
}

/// Where the talk is, what is to be said, and the time.
fn state_of(talk: &Presentation) -> Value {
    let (library, at, timing) = (talk.library(), talk.position(), talk.timing());
    let Some((scene, step)) = library.scenes.get(at.scene).and_then(|scene| Some((scene, scene.steps.get(at.step)?)))
    else {
        return json!({ "schema": 1 });
    };
    let next = library.after(at, talk.cut()).map(|next| library.address(next).to_string());
    let cover = talk.cover().map(|cover| match cover {
        Cover::Black => "black",
        Cover::White => "white",
    });
    json!({
        "schema": 1,
        "at": talk.address().to_string(),
        "step": at.step + 1,
        "steps": scene.steps.len(),
        "title": &*scene.title,
        "caption": &*step.caption.filled(&library.figures),
        "notes": &*step.notes,
        "notes_html": html_of_notes(&step.notes),
        "next": next,
        "cover": cover,
        "holding": talk.is_holding(),
        "ready": talk.is_settled(),
        "elapsed_secs": timing.elapsed_secs.round(),
        "left_secs": (timing.slot_secs - timing.elapsed_secs).round(),
        "behind_secs": timing.behind_secs().round(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read_and_nothing_of_them_is_obeyed() {
        let told = html_of_notes("**Say.** *Now* <img src=x> [a](javascript:b) ![c](d)");
        assert_eq!(told, "<p><strong>Say.</strong> <em>Now</em> &lt;img src=x&gt; a c</p>\n");
    }
}
