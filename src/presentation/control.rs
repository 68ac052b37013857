//! What each command does to the talk.

use std::sync::Arc;

use crate::presentation::event::{Command, Effect};
use crate::presentation::{Card, Cover, Presentation, RUSH_SECS, TWICE_SECS};
use crate::timeline::playhead::{Playhead, Position};

impl Presentation {
    /// Carries a command out. What was pointed at is forgotten when the step is left.
    pub(super) fn command(&mut self, command: &Command) -> Option<Effect> {
        let from = self.playhead.at;
        let effect = self.carry_out(command);
        if self.playhead.at != from && !matches!(command, Command::Ask(_)) {
            self.arrive(from);
        }
        effect
    }

    fn carry_out(&mut self, command: &Command) -> Option<Effect> {
        let asked = self.asked.take().filter(|(_, at)| self.now_secs - at < TWICE_SECS).map(|(asked, _)| asked);
        match *command {
            Command::Next => self.next(),
            Command::Back => self.back(),
            Command::NextScene => self.go_to_scene(self.library.scene_after(self.playhead.at.scene, self.cut())),
            Command::PreviousScene => self.go_to_scene(self.library.scene_before(self.playhead.at.scene, self.cut())),
            Command::FirstStep => self.rest(Position { step: 0, ..self.playhead.at }),
            Command::LastStep => self.rest(Position { step: usize::MAX, ..self.playhead.at }),
            Command::Jump(at) => self.jump(at),
            Command::Digit(digit) => self.digit(digit),
            Command::Enter => self.enter(),
            Command::Return => self.go_back(),
            Command::JumpAgain => {
                if let Some(at) = self.again.take() {
                    self.jump(at);
                }
            }
            Command::ReplayStep => {
                let at = self.playhead.at;
                let before = self.library.before(at, self.cut()).filter(|before| before.scene == at.scene);
                self.playhead = Playhead::start(at, before);
                self.retells = true;
            }
            Command::Pause => self.paused = !self.paused,
            Command::Slower => self.set_tempo(self.tempo / 1.5),
            Command::Faster => self.set_tempo(self.tempo * 1.5),
            Command::Black => self.set_cover(Cover::Black),
            Command::White => self.set_cover(Cover::White),
            Command::Hold => self.hold(),
            Command::Present => return Some(Effect::Present),
            Command::FullScreen => return Some(Effect::ToggleFullScreen),
            Command::Escape => return self.escape(asked.as_ref()),
            Command::Quit => return self.quit(asked.as_ref()),
            Command::Theme(name) => self.theme = name.unwrap_or(self.theme.next()),
            Command::ReducedMotion => self.reduced = !self.reduced,
            Command::Monitor => self.monitor(),
            Command::NextSource => {
                self.sources.show_next();
                self.refresh_now();
            }
            Command::Source(kind) => {
                if self.sources.show(kind) {
                    self.refresh_now();
                }
            }
            Command::Names => self.names = !self.names,
            Command::NumberSource(at) => self.number_source(at),
            Command::FocusNext => self.move_focus(true),
            Command::FocusBefore => self.move_focus(false),
            Command::Open(ref id) => {
                if !self.open_named(id) {
                    self.say(&format!("nothing called {id} on this step"));
                }
            }
            Command::Click { at, aimed } => self.click(at, aimed),
            Command::Ask(ref edit) => self.edit_ask(edit),
            Command::Copy => return Some(self.copy()),
            Command::Cut(ref id) => self.choose_cut(id.as_deref()),
            Command::Help => self.toggle(Card::Help),
            Command::Reload => {
                self.follows = !self.follows;
                self.say(if self.follows {
                    "saved scene files are followed"
                } else {
                    "saved scene files are not followed"
                });
            }
        }
        None
    }

    /// Shows a short notice.
    pub fn say(&mut self, words: &str) {
        self.notice = Some((words.to_owned(), self.now_secs));
    }

    /// Closes what is open, finishes the motion that is under way, or goes on to the next step.
    pub(super) fn next(&mut self) {
        if self.opened_secs.take().is_some() {
            return;
        }
        if self.is_astray() {
            return self.go_back();
        }
        self.paused = false;
        let left = self.settle_secs() - self.playhead.secs;
        if left > 0.0 && self.playhead.rush == 1.0 {
            self.playhead.rush = (left / RUSH_SECS / self.tempo).max(1.0 + 1e-9);
        } else if let Some(after) = self.library.after(self.playhead.at, self.cut()) {
            self.playhead = Playhead::start(after, Some(self.playhead.at));
        }
    }

    /// Whether a jump led to where no next or back of this talk leads on: back to the talk is the way then.
    fn is_astray(&self) -> bool {
        !self.library.tells(self.playhead.at, self.cut()) && !self.trail.is_empty()
    }

    fn back(&mut self) {
        if self.is_astray() {
            return self.go_back();
        }
        if let Some(before) = self.library.before(self.playhead.at, self.cut()) {
            self.rest(before);
        }
    }

    pub(super) fn rest(&mut self, at: Position) {
        let Some(scene) = self.library.scenes.get(at.scene) else { return };
        self.paused = false;
        self.playhead = Playhead::rest(Position { step: at.step.min(scene.steps.len().saturating_sub(1)), ..at });
    }

    fn go_to_scene(&mut self, scene: Option<usize>) {
        if let Some(scene) = scene {
            let first = Position::first_of(scene, self.cut());
            self.playhead = Playhead::start(first, Some(self.playhead.at));
        }
    }

    /// Begins with a cut, at its first step. Err: there is none of this name.
    pub fn start_cut(&mut self, id: &str) -> Result<(), String> {
        let cut = self.library.find_cut(id)?;
        if let Some(first) = self.library.cuts[cut].steps.first() {
            self.playhead = Playhead::start(Position::of(first), None);
        }
        self.cut = Some(cut);
        Ok(())
    }

    /// Another cut from here on: the next one, or the one of this name.
    pub(super) fn choose_cut(&mut self, id: Option<&str>) {
        self.cut = match id {
            Some(id) => self.library.find_cut(id).ok(),
            None => Some(self.cut.map_or(0, |cut| cut + 1)).filter(|next| *next < self.library.cuts.len()),
        };
        let words = self.cut().map_or("the whole deck".to_owned(), |cut| cut.title.clone());
        self.say(&words);
    }

    pub(super) fn jump(&mut self, at: Position) {
        if self.library.scenes.get(at.scene).is_some_and(|scene| at.step < scene.steps.len()) {
            let from = self.playhead.at;
            self.trail.push(from);
            self.rest(at);
            self.arrive(from);
        }
    }

    fn go_back(&mut self) {
        match self.trail.pop() {
            Some(from) => {
                self.again = Some(self.playhead.at);
                self.rest(from);
            }
            None => self.back(),
        }
    }

    fn digit(&mut self, digit: u8) {
        let before = self.digits.map_or(0, |(number, _)| number);
        let number = (before * 10 + usize::from(digit)).min(9999);
        self.digits = Some((number, self.now_secs));
    }

    fn enter(&mut self) {
        let Some((number, _)) = self.digits.take() else {
            if self.opened_secs.is_some() || !self.open_focus() {
                self.next();
            }
            return;
        };
        let scene = number.checked_sub(1).filter(|scene| *scene < self.library.scenes.len());
        match scene {
            Some(scene) => self.jump(Position { scene, step: 0 }),
            None => self.say(&format!("no scene {number}: there are {}", self.library.scenes.len())),
        }
    }

    fn set_tempo(&mut self, tempo: f64) {
        self.tempo = tempo.clamp(0.3, 3.4);
    }

    fn set_cover(&mut self, cover: Cover) {
        self.cover = if self.cover == Some(cover) { None } else { Some(cover) };
    }

    fn hold(&mut self) {
        self.held = match self.held.take() {
            Some(_) => None,
            None => Some(Arc::new(self.picture())),
        };
    }

    fn toggle(&mut self, card: Card) {
        self.card = if self.card == Some(card) { None } else { Some(card) };
    }

    /// Out one level; full screen only when pressed twice in a row.
    fn escape(&mut self, asked: Option<&Command>) -> Option<Effect> {
        if self.digits.take().is_some()
            || self.asking.take().is_some()
            || self.card.take().is_some()
            || self.opened_secs.take().is_some()
            || self.focus.take().is_some()
            || self.cover.take().is_some()
            || self.held.take().is_some()
        {
            return None;
        }
        if !self.full_screen {
            return None;
        }
        if asked == Some(&Command::Escape) {
            return Some(Effect::LeaveFullScreen);
        }
        self.asked = Some((Command::Escape, self.now_secs));
        None
    }

    fn quit(&mut self, asked: Option<&Command>) -> Option<Effect> {
        if asked == Some(&Command::Quit) {
            return Some(Effect::Quit);
        }
        self.asked = Some((Command::Quit, self.now_secs));
        self.say("Ctrl+Q again quits");
        None
    }

    /// To the monitor, or back from it.
    fn monitor(&mut self) {
        let Some(scene) = self.library.find("monitor") else { return };
        if self.playhead.at.scene == scene { self.go_back() } else { self.jump(Position { scene, step: 0 }) }
    }
}
