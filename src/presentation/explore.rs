//! Pointing at things: what has the focus, what is open, what is folded, what is asked for.

use egui::emath::Pos2;

use crate::picture::Picture;
use crate::presentation::ask::{self, Answer};
use crate::presentation::event::{AskEdit, Effect};
use crate::presentation::{Card, Presentation};
use crate::timeline::hit::{Focus, Hit, HitId, What};
use crate::timeline::playhead::Position;
use crate::timeline::{self, card, explore};

/// What has the focus, found when it got it: pictures follow one another faster than the hits of a step are found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pointed {
    hit: Hit,
    /// What stays lit with it.
    focus: Focus,
}

/// What is being asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Asking {
    typed: String,
    /// The answers to what is typed.
    answers: Vec<Answer>,
    /// Which of the answers is taken.
    chosen: usize,
    /// When a letter was last typed: for as long as a notice stays the room sees it.
    at_secs: f64,
}

/// How many answers can be walked through.
const MOST_ANSWERS: usize = 8;

impl Presentation {
    /// Everything that can be focused on the step that is shown.
    pub fn hits(&self) -> Vec<Hit> {
        self.with_plain_stage(|stage| explore::hits(stage, self.playhead.at))
    }

    /// Whether letters belong to the ask box.
    pub fn is_asking(&self) -> bool {
        self.asking.is_some()
    }

    /// What has the focus, by its id.
    pub fn focused(&self) -> Option<&HitId> {
        self.focus.as_ref().map(|pointed| &pointed.hit.id)
    }

    /// The card that is open, by the id of what it is about.
    pub fn opened(&self) -> Option<&HitId> {
        self.opened_secs.and(self.focused())
    }

    /// The next thing gets the focus, or the one before; after the last comes the first.
    pub(super) fn move_focus(&mut self, forward: bool) {
        let hits = self.hits();
        if hits.is_empty() {
            return self.say("nothing to focus on this step");
        }
        let here = self.focused().and_then(|id| hits.iter().position(|hit| hit.id == *id));
        let next = match (here, forward) {
            (None, true) => 0,
            (None, false) => hits.len() - 1,
            (Some(here), true) => (here + 1) % hits.len(),
            (Some(here), false) => (here + hits.len() - 1) % hits.len(),
        };
        let reopens = self.opened_secs.take().is_some();
        let hit = hits[next].clone();
        let opens = reopens && hit.what.is_told();
        self.set_focus(hit);
        if opens {
            self.open_focus();
        }
    }

    fn set_focus(&mut self, hit: Hit) {
        let focus = self.with_plain_stage(|stage| explore::focus(stage, self.playhead.at, &hit));
        self.focus = Some(Pointed { hit, focus });
    }

    /// Finds what has the focus again, after a fold or a saved file: it may have moved, or be gone.
    pub(super) fn point_anew(&mut self) {
        let Some(pointed) = self.focus.take() else { return };
        match self.hits().into_iter().find(|hit| hit.id == pointed.hit.id) {
            Some(hit) => {
                self.opened_secs = self.opened_secs.filter(|_| hit.what.is_told());
                self.set_focus(hit);
            }
            None => self.opened_secs = None,
        }
    }

    /// Opens what has the focus. False where nothing has it.
    pub(super) fn open_focus(&mut self) -> bool {
        let Some(Pointed { hit, .. }) = &self.focus else { return false };
        match hit.what {
            What::Fold => self.fold(&hit.id.clone()),
            What::Point => {}
            What::Component(_) | What::Card(_) => self.opened_secs = Some(self.now_secs),
        }
        true
    }

    /// Focuses and opens the thing of this id: a component's, a spot's, a cell's. False where the step has none.
    pub fn open_named(&mut self, id: &str) -> bool {
        let ids = [HitId::from(id), HitId::Component(id.to_owned())];
        let Some(hit) = self.hits().into_iter().find(|hit| ids.contains(&hit.id)) else { return false };
        self.set_focus(hit);
        self.open_focus()
    }

    /// Folds a column or a row, or unfolds it.
    fn fold(&mut self, id: &HitId) {
        self.toggle_fold(id);
        self.point_anew();
    }

    /// At least two columns and one row stay unfolded: less is no comparison.
    fn toggle_fold(&mut self, id: &HitId) {
        if self.folded.remove(id) {
            return;
        }
        let all = self.hits().iter().filter(|hit| hit.id.is_beside(id)).count();
        let folded = self.folded.iter().filter(|other| other.is_beside(id)).count();
        let least = if matches!(id, HitId::Column(..)) { 2 } else { 1 };
        if all - folded > least {
            self.folded.insert(id.clone());
        } else {
            self.say("no fewer can be compared");
        }
    }

    /// A click: on a thing it opens it, if the pointer was aimed there; on empty stage it is the next step, as a clicker's
    /// bare click is. On an open card it closes it.
    pub(super) fn click(&mut self, at: Pos2, aimed: bool) {
        if self.opened_secs.take().is_some() {
            return;
        }
        let under = || self.with_plain_stage(|stage| explore::hit_at(stage, self.playhead.at, at));
        match aimed.then(under).flatten() {
            Some(hit) => {
                self.set_focus(hit);
                self.open_focus();
            }
            None => self.next(),
        }
    }

    /// Forgets what was pointed at, when the step is left.
    pub(super) fn leave(&mut self) {
        self.focus = None;
        self.opened_secs = None;
        self.aimed = None;
        if self.card == Some(Card::Numbers) {
            self.card = None;
        }
    }

    /// Where a number comes from: the one under the pointer, or all of the step.
    pub(super) fn number_source(&mut self, at: Option<Pos2>) {
        if self.card.take() == Some(Card::Numbers) {
            return;
        }
        let under = at.map(|at| self.with_plain_stage(|stage| explore::numbers_at(stage, self.playhead.at, at)));
        self.aimed = under.filter(|numbers| !numbers.is_empty());
        self.card = Some(Card::Numbers);
    }

    /// The step's address, or what the focused thing copies.
    pub(super) fn copy(&mut self) -> Effect {
        let copied = self.focus.as_ref().and_then(|pointed| pointed.hit.copies.clone());
        let words = copied.map_or_else(|| self.library.address(self.playhead.at), |words| words.to_string());
        self.say(&format!("copied {words}"));
        Effect::Copy(words)
    }

    pub(super) fn edit_ask(&mut self, edit: &AskEdit) {
        let now_secs = self.now_secs;
        match edit {
            AskEdit::Open => self.asking = Some(Asking { at_secs: now_secs, ..Asking::default() }),
            AskEdit::Type(letters) => {
                let asking = self.asking.get_or_insert_default();
                asking.typed.extend(letters.chars().filter(|c| !c.is_control()).take(60));
                asking.at_secs = now_secs;
                self.answer_anew();
            }
            AskEdit::Erase => {
                if let Some(asking) = &mut self.asking {
                    asking.typed.pop();
                    asking.at_secs = now_secs;
                }
                self.answer_anew();
            }
            AskEdit::Choose(down) => {
                if let Some(asking) = &mut self.asking {
                    let count = asking.answers.len().max(1);
                    asking.chosen = (asking.chosen + if *down { 1 } else { count - 1 }) % count;
                    asking.at_secs = now_secs;
                }
            }
            AskEdit::Go => self.go_to_answer(),
        }
    }

    /// Looks what is typed up, after a letter or a saved file. The best answer is chosen.
    pub(super) fn answer_anew(&mut self) {
        if let Some(asking) = &mut self.asking {
            asking.answers = ask::ask(&self.library, &asking.typed, MOST_ANSWERS);
            asking.chosen = 0;
        }
    }

    fn go_to_answer(&mut self) {
        let Some(mut asking) = self.asking.take() else { return };
        if asking.chosen >= asking.answers.len() {
            return self.say("nothing found");
        }
        let answer = asking.answers.swap_remove(asking.chosen);
        self.jump(answer.at);
        let Some(id) = answer.focus else { return };
        if let Some(hit) = self.hits().into_iter().find(|hit| hit.id == id) {
            let opens = matches!(hit.what, What::Component(_));
            self.set_focus(hit);
            if opens {
                self.open_focus();
            }
        }
    }

    /// Whether the room sees what is asked for.
    pub(super) fn shows_ask(&self) -> bool {
        self.asking.as_ref().is_some_and(|asking| self.now_secs - asking.at_secs < super::WAIT_SECS)
    }

    /// What is asked for, as the corner says it: the letters, and where they lead.
    pub(super) fn ask_words(&self) -> Option<String> {
        let asking = self.asking.as_ref().filter(|_| self.shows_ask())?;
        if asking.typed.is_empty() {
            return Some("ask …".to_owned());
        }
        let chosen = asking.answers.get(asking.chosen);
        let leads = chosen.map_or_else(|| "nothing found".into(), |answer| answer.title.clone());
        Some(format!("{} → {leads}", asking.typed))
    }

    /// What lies over the step because of what is pointed at.
    pub(super) fn draw_explored(&self, picture: &mut Picture, now_secs: f64) {
        let Some(Pointed { hit, focus }) = &self.focus else { return };
        match (self.opened_secs, &hit.what) {
            (Some(at_secs), What::Component(index)) => {
                let component = &self.library.world.components[*index];
                let there = self.with_plain_stage(|stage| card::component(stage, component));
                let secs = now_secs - at_secs;
                *picture = if secs < timeline::turn_secs(self.reduced) {
                    timeline::turn(picture, &there, secs as f32, self.reduced)
                } else {
                    there
                };
            }
            (Some(_), What::Card(told)) => {
                card::veil(hit.rect, &focus.lit, picture);
                self.with_plain_stage(|stage| explore::ring(stage, hit, picture));
                card::panel(&self.library, told, hit.rect, picture);
            }
            (None, _) | (Some(_), What::Fold | What::Point) => {
                self.with_plain_stage(|stage| explore::ring(stage, hit, picture));
            }
        }
    }

    /// Whether a card is on its way.
    pub(super) fn is_opening(&self) -> bool {
        let is_component = |pointed: &Pointed| matches!(pointed.hit.what, What::Component(_));
        let turns = self.focus.as_ref().is_some_and(is_component);
        turns && self.opened_secs.is_some_and(|at_secs| self.now_secs - at_secs < timeline::turn_secs(self.reduced))
    }

    pub(super) fn focus(&self) -> Option<&Focus> {
        self.focus.as_ref().map(|pointed| &pointed.focus)
    }

    /// The scene is another: its grids are unfolded again.
    pub(super) fn arrive(&mut self, from: Position) {
        self.leave();
        if from.scene != self.playhead.at.scene {
            self.folded.clear();
        }
    }
}
