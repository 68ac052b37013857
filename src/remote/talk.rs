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
use crate::presentation::command::Command;
use crate::presentation::desk::{DeskCommand, DeskPage};
use crate::presentation::event::{Effect, Event};
use crate::presentation::hand::{HandCommand, Tool};
use crate::presentation::keymap::Keymap;
use crate::presentation::over::Cover;
use crate::presentation::walk::WalkCommand;
use crate::remote::answer::{PictureOf, Talk};
use crate::render::Renderer;
use crate::ron_text::suggestion;
use crate::theme::Theme;

/// A step's picture on a phone, in pixels.
const PICTURE: [u32; 2] = [640, 360];

/// A talk in its window. What only the window can do in answer is sent to it.
pub(crate) struct WindowTalk {
    pub(crate) shared: Arc<SharedShow>,
    pub(crate) effects: Sender<Effect>,
    /// Asks for a frame.
    pub(crate) wake: Box<dyn Fn() + Send + Sync>,
}

impl Talk for WindowTalk {
    fn carry_out(&self, name: &str, rest: &str) -> Result<(), String> {
        let inner = self.shared.lock();
        let command = command_of(inner.show.presentation(), name, rest)?;
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

    /// It says where the laser is and not that it is another: a phone that lost the network knows less than the talk.
    fn point(&self, at: Option<[f32; 2]>) {
        let inner = self.shared.lock();
        let is_on = inner.show.presentation().tools().has(Tool::Laser);
        let toggles = is_on != at.is_some();
        let laser = toggles.then(|| Event::Command(HandCommand::Laser.into()));
        self.shared.take_all(inner, [Event::Pointer(at)].into_iter().chain(laser).collect());
    }

    /// The code has done its work.
    fn paired(&self) {
        let inner = self.shared.lock();
        if inner.show.presentation().desk().page == Some(DeskPage::Phone) {
            self.shared.take_all(inner, vec![Event::Command(DeskCommand::Phone.into())]);
        }
        (self.wake)();
    }

    fn picture(&self, of: PictureOf) -> Vec<u8> {
        let (picture, theme) = {
            let inner = self.shared.lock();
            let talk = inner.show.presentation();
            let picture = match of {
                PictureOf::Now => talk.redacted_picture_now(),
                PictureOf::Next => {
                    let next = talk.ahead().next().unwrap_or(talk.position());
                    talk.redacted_picture(next)
                }
            };
            (picture, talk.theme())
        };
        let image = Renderer::new().image(&picture, &Theme::load(theme), PICTURE, &Textures::default());
        let mut bytes = Cursor::new(Vec::new());
        if let Err(error) = image.write_to(&mut bytes, ImageFormat::Png) {
            log::info!("a picture for a phone: {error}");
        }
        bytes.into_inner()
    }
}

/// The command of a name, with what it needs. Err: there is none, or it needs other words.
fn command_of(talk: &Presentation, name: &str, rest: &str) -> Result<Command, String> {
    if name == "jump" {
        let library = talk.library();
        let at = library.position(rest).ok_or_else(|| library.no_step(rest))?;
        return Ok(WalkCommand::Jump(library.address(at)).into());
    }
    let Some(command) = talk.keymap().command_named(name) else { return Err(no_command(name, talk.keymap())) };
    if rest.is_empty() {
        Ok(command)
    } else {
        Err(format!("\"{name}\" takes nothing after it, and there is \"{rest}\""))
    }
}

/// That there is no such command, and which is near.
pub(crate) fn no_command(name: &str, keymap: &Keymap) -> String {
    let known: Vec<&str> = keymap.entries.iter().map(|entry| entry.name()).chain(["jump"]).collect();
    format!("no command \"{name}\"; {}", suggestion(name, &known))
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
    let next = talk.ahead().next().map(|next| library.address(next).to_string());
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
        "laser": talk.tools().has(Tool::Laser),
        "elapsed_secs": timing.elapsed_secs.round(),
        "left_secs": (timing.slot_secs - timing.elapsed_secs).round(),
        "behind_secs": timing.behind_secs().round(),
        "on_time": timing.is_on_time(),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::bundle;
    use crate::clock::Clock;
    use crate::host::Logs;
    use crate::live::{Announcement, SourceEvent, SourceKind};
    use crate::presentation::measured::SourceCommand;
    use crate::show::{Opening, Show};

    /// The shipped talk of a lab that has a name, at its monitor.
    fn window_talk() -> WindowTalk {
        let texts = bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let mut show = Show::open(Opening { texts, ..Opening::default() }).expect("the shipped talk opens");
        let (kind, lapse, targets) = (SourceKind::Lab, 1, Vec::new());
        let news =
            vec![SourceEvent::Announced(Announcement { kind, origin: "lab “Canary”".into(), lapse, targets })];
        show.take(0.0, Event::Source { source: kind.only_id(), news });
        show.take(0.0, Command::from(SourceCommand::Source(kind.only_id())));
        show.take(0.0, Command::from(WalkCommand::Monitor));
        show.settle(60.0);
        let clock = Clock::start_at(show.now_secs());
        let shared = SharedShow::start(show, Logs::default(), clock, None, || ()).expect("a thread");
        WindowTalk { shared, effects: channel().0, wake: Box::new(|| ()) }
    }

    #[test]
    fn a_phone_is_told_no_names_whatever_the_room_sees() {
        let talk = window_talk();
        talk.carry_out("names", "").expect("a command");
        let words = |picture: &crate::picture::Picture| format!("{picture:?}");
        let inner = talk.shared.lock();
        let shown = inner.show.presentation();
        assert!(words(&shown.final_picture(shown.position())).contains("Canary"), "the room sees the name");
        assert!(!words(&shown.redacted_picture(shown.position())).contains("Canary"));
        assert!(!words(&shown.redacted_picture_now()).contains("Canary"));
        assert!(shown.look().names);
        drop(inner);
        assert!(!talk.state().to_string().contains("Canary"));
    }

    #[test]
    fn a_finger_points_the_laser_and_lifted_puts_it_out() {
        let talk = window_talk();
        let has_laser = || talk.state()["laser"].as_bool();
        for (at, is_on) in [
            (Some([100.0, 100.0]), true),
            (Some([200.0, 100.0]), true),
            (None, false),
            (None, false),
            (Some([5.0, 5.0]), true),
        ] {
            talk.point(at);
            assert_eq!(has_laser(), Some(is_on), "{at:?}");
        }
    }

    #[test]
    fn a_phone_that_was_paired_takes_the_code_away_and_opens_nothing() {
        let talk = window_talk();
        let page = || talk.shared.lock().show.presentation().desk().page.clone();
        talk.carry_out("console", "").expect("a command");
        for (opens, left) in [("phone", None), ("engineers", Some(DeskPage::Engineers))] {
            talk.carry_out(opens, "").expect("a command");
            assert!(page().is_some());
            talk.paired();
            assert_eq!(page(), left, "{opens}");
        }
    }

    #[test]
    fn a_command_has_what_it_needs_after_it_and_nothing_else() {
        let talk = window_talk();
        talk.carry_out("jump", "loop:4").expect("a step");
        assert_eq!(talk.state()["at"], "loop:4");
        let cases = [
            ("jump", "nowhere:1", "no step \"nowhere:1\""),
            ("black", "white", "\"black\" takes nothing after it"),
            ("nxet", "", "did you mean \"next\"?"),
        ];
        for (name, rest, part) in cases {
            let words = talk.carry_out(name, rest).expect_err(name);
            assert!(words.contains(part), "{words}");
        }
    }

    #[test]
    fn notes_are_read_and_nothing_of_them_is_obeyed() {
        let told = html_of_notes("**Say.** *Now* <img src=x> [a](javascript:b) ![c](d)");
        assert_eq!(told, "<p><strong>Say.</strong> <em>Now</em> &lt;img src=x&gt; a c</p>\n");
    }

    #[test]
    fn the_next_step_is_the_one_that_next_leads_to() {
        let texts = bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let opening = Opening { texts, at: Some("loop:3".to_owned()), ..Opening::default() };
        let mut show = Show::open(opening).unwrap();
        for (to, next) in [("glossary:1", "loop:3"), ("drill-drive:1", "drill-drive:2")] {
            let library = show.presentation().library().clone();
            let to = library.address(library.position(to).unwrap());
            show.take(show.now_secs(), Command::from(WalkCommand::Jump(to)));
            assert_eq!(state_of(show.presentation())["next"], next);
        }
    }
}
