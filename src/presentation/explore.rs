//! Pointing at things: what has the focus, what is open, what is folded, what is asked for.

use egui::emath::Pos2;

use crate::picture::Picture;
use crate::presentation::ask::{self, Answer};
use crate::presentation::event::{AskEdit, Effect};
use crate::presentation::{Card, Presentation};
use crate::timeline::explore::{self, Focus, Hit, What};
use crate::timeline::playhead::Position;
use crate::timeline::{self, card};

/// What lies open over the step, since when.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Opened {
    pub(super) hit: Hit,
    pub(super) at_secs: f64,
}

/// What is being asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Asking {
    pub(super) typed: String,
    /// Which of the answers is taken.
    pub(super) chosen: usize,
    /// When a letter was last typed: for as long as a notice stays the room sees it.
    pub(super) at_secs: f64,
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
    pub fn focused(&self) -> Option<&str> {
        self.focus.as_ref().map(|focus| &*focus.id)
    }

    /// The card that is open, by the id of what it is about.
    pub fn opened(&self) -> Option<&str> {
        self.opened.as_ref().map(|opened| &*opened.hit.id)
    }

    /// The next thing gets the focus, or the one before; after the last comes the first.
    pub(super) fn move_focus(&mut self, forward: bool) {
        let hits = self.hits();
        if hits.is_empty() {
            return self.say("nothing to focus on this step");
        }
        let here = self.focused().and_then(|id| hits.iter().position(|hit| *hit.id == *id));
        let next = match (here, forward) {
            (None, true) => 0,
            (None, false) => hits.len() - 1,
            (Some(here), true) => (here + 1) % hits.len(),
            (Some(here), false) => (here + hits.len() - 1) % hits.len(),
        };
        let reopens = self.opened.take().is_some();
        let hit = hits[next].clone();
        self.set_focus(&hit);
        if reopens && !matches!(hit.what, What::Fold | What::Point) {
            self.open(hit);
        }
    }

    fn set_focus(&mut self, hit: &Hit) {
        self.focus = Some(self.with_plain_stage(|stage| explore::focus(stage, self.playhead.at, hit)));
    }

    fn hit_of_focus(&self) -> Option<Hit> {
        let id = self.focused()?;
        self.hits().into_iter().find(|hit| *hit.id == *id)
    }

    /// Opens what has the focus. False where nothing has it.
    pub(super) fn open_focus(&mut self) -> bool {
        let Some(hit) = self.hit_of_focus() else { return false };
        self.open(hit);
        true
    }

    /// Focuses and opens the thing of this id: a component's, a spot's, a cell's. False where the step has none.
    pub fn open_named(&mut self, id: &str) -> bool {
        let long = format!("component/{id}");
        let Some(hit) = self.hits().into_iter().find(|hit| *hit.id == *id || *hit.id == *long) else { return false };
        self.set_focus(&hit);
        self.open(hit);
        true
    }

    fn open(&mut self, hit: Hit) {
        match hit.what {
            What::Fold => self.fold(&hit.id),
            What::Point => {}
            What::Component(_) | What::Card(_) => self.opened = Some(Opened { hit, at_secs: self.now_secs }),
        }
    }

    /// At least two columns and one row stay unfolded: less is no comparison.
    fn fold(&mut self, id: &std::sync::Arc<str>) {
        if self.folded.remove(id) {
            return;
        }
        let kind = |id: &str| id.rsplit_once('/').map(|(grid, part)| format!("{grid}/{}", &part[..1]));
        let alike = |other: &str| kind(other) == kind(id);
        let all = self.hits().iter().filter(|hit| hit.what == What::Fold && alike(&hit.id)).count();
        let folded = self.folded.iter().filter(|other| alike(other)).count();
        let least = if id.rsplit('/').next().is_some_and(|part| part.starts_with('c')) { 2 } else { 1 };
        if all - folded > least {
            self.folded.insert(id.clone());
        } else {
            self.say("no fewer can be compared");
        }
    }

    /// A click: on a thing it opens it, if the pointer was aimed there; on empty stage it is the next step, as a clicker's
    /// bare click is. On an open card it closes it.
    pub(super) fn click(&mut self, at: Pos2, aimed: bool) {
        if self.opened.take().is_some() {
            return;
        }
        let under = self.hits().into_iter().filter(|hit| hit.rect.contains(at));
        let smallest = under.min_by(|a, b| a.rect.area().total_cmp(&b.rect.area()));
        match smallest.filter(|_| aimed) {
            Some(hit) => {
                self.set_focus(&hit);
                self.open(hit);
            }
            None => self.next(),
        }
    }

    /// Forgets what was pointed at, when the step is left.
    pub(super) fn leave(&mut self) {
        self.focus = None;
        self.opened = None;
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
        self.aimed = under.filter(|ids| !ids.is_empty());
        self.card = Some(Card::Numbers);
    }

    /// The step's address, or what the focused thing copies.
    pub(super) fn copy(&mut self) -> Effect {
        let copied = self.hit_of_focus().and_then(|hit| hit.copies);
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
                (asking.chosen, asking.at_secs) = (0, now_secs);
            }
            AskEdit::Erase => {
                if let Some(asking) = &mut self.asking {
                    asking.typed.pop();
                    (asking.chosen, asking.at_secs) = (0, now_secs);
                }
            }
            AskEdit::Choose(down) => {
                let count = self.answers().len().max(1);
                if let Some(asking) = &mut self.asking {
                    asking.chosen = (asking.chosen + if *down { 1 } else { count - 1 }) % count;
                    asking.at_secs = now_secs;
                }
            }
            AskEdit::Go => self.go_to_answer(),
        }
    }

    /// The answers to what is typed.
    fn answers(&self) -> Vec<Answer> {
        let typed = self.asking.as_ref().map_or("", |asking| &asking.typed);
        ask::ask(&self.library, typed, MOST_ANSWERS)
    }

    fn go_to_answer(&mut self) {
        let mut answers = self.answers();
        let Some(asking) = self.asking.take() else { return };
        if asking.chosen >= answers.len() {
            return self.say("nothing found");
        }
        let answer = answers.swap_remove(asking.chosen);
        self.jump(answer.at);
        let Some(id) = answer.focus else { return };
        if let Some(hit) = self.hits().into_iter().find(|hit| hit.id == id) {
            self.set_focus(&hit);
            if matches!(hit.what, What::Component(_)) {
                self.open(hit);
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
        let answers = self.answers();
        let leads = answers.get(asking.chosen).map_or_else(|| "nothing found".into(), |answer| answer.title.clone());
        Some(format!("{} → {leads}", asking.typed))
    }

    /// What lies over the step because of what is pointed at.
    pub(super) fn draw_explored(&self, picture: &mut Picture, now_secs: f64) {
        if let Some(opened) = &self.opened {
            match &opened.hit.what {
                What::Component(index) => {
                    let component = &self.library.world.components[*index];
                    let there = self.with_plain_stage(|stage| card::component(stage, component));
                    let secs = now_secs - opened.at_secs;
                    *picture = if secs < timeline::turn_secs(self.reduced) {
                        timeline::turn(picture, &there, secs as f32, self.reduced)
                    } else {
                        there
                    };
                    return;
                }
                What::Card(told) => {
                    let lit = self.focus.as_ref().map(|focus| focus.lit.clone()).unwrap_or_default();
                    card::veil(opened.hit.rect, &lit, picture);
                    self.with_plain_stage(|stage| explore::ring(stage, &opened.hit, picture));
                    return card::panel(&self.library, told, opened.hit.rect, picture);
                }
                What::Fold | What::Point => {}
            }
        }
        if let Some(hit) = self.hit_of_focus() {
            self.with_plain_stage(|stage| explore::ring(stage, &hit, picture));
        }
    }

    /// Whether a card is on its way.
    pub(super) fn is_opening(&self) -> bool {
        let opened = self.opened.as_ref().filter(|opened| matches!(opened.hit.what, What::Component(_)));
        opened.is_some_and(|opened| self.now_secs - opened.at_secs < timeline::turn_secs(self.reduced))
    }

    pub(super) fn focus(&self) -> Option<&Focus> {
        self.focus.as_ref()
    }

    /// The scene is another: its grids are unfolded again.
    pub(super) fn arrive(&mut self, from: Position) {
        self.leave();
        if from.scene != self.playhead.at.scene {
            self.folded.clear();
        }
    }
}
