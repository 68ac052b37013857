//! The rules of what is pointed at that concern more than the pointer: what has the focus, what opens, and what a click means.

use crate::presentation::Presentation;
use crate::presentation::asking::AskCommand;
use crate::presentation::event::Effect;
use crate::presentation::over::Sheet;
use crate::presentation::pointing::{PointCommand, Pointed};
use crate::presentation::walk::WalkCommand;
use crate::timeline::explore;
use crate::timeline::hit::{Hit, HitId, What};

impl Presentation {
    pub(super) fn point(&mut self, command: &PointCommand) -> Option<Effect> {
        match command {
            PointCommand::FocusNext => self.move_focus(true),
            PointCommand::FocusBefore => self.move_focus(false),
            PointCommand::Open(id) => {
                if !self.open_named(id) {
                    self.say(format!("nothing called {id} on this step"));
                }
            }
            PointCommand::Click => self.click(),
            PointCommand::NumberSource => self.toggle_numbers(),
            PointCommand::Copy => return Some(self.copy()),
        }
        None
    }

    /// The next thing gets the focus, or the one before.
    pub(super) fn move_focus(&mut self, forward: bool) {
        let hits = self.hits();
        let reopens = self.state.pointing.opened_secs.is_some();
        let Some(hit) = self.state.pointing.neighbour(&hits, forward) else {
            return self.say("nothing to focus on this step");
        };
        self.state.pointing.close();
        self.set_focus(hit.clone());
        if reopens && hit.what.is_told() {
            self.open_focus();
        }
    }

    pub(super) fn set_focus(&mut self, hit: Hit) {
        let pointed = self.pointed_at(hit);
        self.state.pointing.set_focus(pointed);
    }

    pub(super) fn pointed_at(&self, hit: Hit) -> Pointed {
        Pointed { focus: explore::focus(self.ingredients().plain_stage(), self.position(), &hit), hit }
    }

    /// After a fold or a saved file: what has the focus may have moved, or be gone.
    pub(super) fn find_focus_again(&mut self) {
        let Some(id) = self.state.pointing.focused().cloned() else { return };
        let found = self.hits().into_iter().find(|hit| hit.id == id).map(|hit| self.pointed_at(hit));
        self.state.pointing.renew_focus(found);
    }

    /// Opens what has the focus. False where nothing has it.
    pub(super) fn open_focus(&mut self) -> bool {
        let Some(Pointed { hit, .. }) = self.state.pointing.pointed().cloned() else { return false };
        match hit.what {
            What::Fold => {
                if !self.state.pointing.toggle_fold(&hit.id, &self.hits()) {
                    self.say("no fewer can be compared");
                }
                self.find_focus_again();
            }
            What::Drive => {
                self.state.pointing.toggle_drive(&hit.id);
                self.find_focus_again();
            }
            What::Point => {}
            What::Component(_) | What::Card(_) => self.state.pointing.opened_secs = Some(self.state.now_secs),
        }
        true
    }

    /// Focuses and opens the thing of this id: a component's, a spot's, a cell's. False where the step has none.
    pub(crate) fn open_named(&mut self, id: &str) -> bool {
        let ids = [HitId::from(id), HitId::Component(id.to_owned())];
        let Some(hit) = self.hits().into_iter().find(|hit| ids.contains(&hit.id)) else { return false };
        self.set_focus(hit);
        self.open_focus()
    }

    /// A click: on a thing it opens it, and on a drive kills it or brings it back, if the pointer was aimed there; on empty
    /// stage it is the next step, as a clicker's bare click is. On an open card it closes it.
    pub(super) fn click(&mut self) {
        if self.click_with_tool() || self.state.pointing.close() {
            return;
        }
        let aimed = self.aimed_at();
        let under = aimed.and_then(|at| explore::hit_at(self.ingredients().plain_stage(), self.position(), at));
        match under {
            // The picture answers: a ring around it would only hide what happens.
            Some(hit) if hit.what == What::Drive => self.state.pointing.toggle_drive(&hit.id),
            Some(hit) => {
                self.set_focus(hit);
                self.open_focus();
            }
            None => self.walk(&WalkCommand::Next),
        }
    }

    /// Where numbers come from: the one under the pointer, or all of the step.
    pub(super) fn toggle_numbers(&mut self) {
        if self.state.over.sheet.take() == Some(Sheet::Numbers) {
            return;
        }
        let aimed = self.aimed_at();
        let under = aimed.map(|at| explore::numbers_at(self.ingredients().plain_stage(), self.position(), at));
        self.state.pointing.aimed = under.filter(|ids| !ids.is_empty());
        self.state.over.sheet = Some(Sheet::Numbers);
    }

    /// The step's address, or what the focused thing copies.
    pub(super) fn copy(&mut self) -> Effect {
        let copied = self.state.pointing.pointed().and_then(|pointed| pointed.hit.copies.clone());
        let words = copied.map_or_else(|| self.address().to_string(), |words| words.to_string());
        self.say(format!("copied {words}"));
        Effect::Copy(words)
    }

    pub(super) fn ask(&mut self, command: &AskCommand) -> Option<Effect> {
        let was_open = self.is_asking();
        let file = self.state.asking.file().filter(|_| *command == AskCommand::Go && was_open);
        if let Some(path) = file {
            self.state.asking.close();
            return Some(Effect::OpenPath(path));
        }
        let found = self.state.asking.carry_out(command, &self.library, self.state.now_secs);
        let Some(answer) = found else {
            if *command == AskCommand::Go && was_open {
                self.say("nothing found");
            }
            return None;
        };
        self.walk(&WalkCommand::Jump(answer.at));
        let hit = answer.focus.and_then(|id| self.hits().into_iter().find(|hit| hit.id == id));
        if let Some(hit) = hit {
            let opens = matches!(hit.what, What::Component(_));
            self.set_focus(hit);
            if opens {
                self.open_focus();
            }
        }
        None
    }
}
