//! The rules of the hand's tools that concern more than the hand: what is under the pointer, and whose a click is.

use egui::emath::Pos2;

use crate::picture::Picture;
use crate::presentation::Presentation;
use crate::presentation::hand::{HandCommand, Tool, Tools};

impl Presentation {
    /// Which tools are in the presenter's hand.
    pub fn tools(&self) -> Tools {
        self.state.hand.tools()
    }

    /// Carries out what the hand does.
    pub(super) fn wield(&mut self, command: &HandCommand) {
        let (now_secs, at) = (self.state.now_secs, self.state.pointing.at());
        match command {
            HandCommand::Laser => self.state.hand.toggle_laser(at, now_secs),
            HandCommand::Spotlight => {
                let is_on = self.tools().has(Tool::Spotlight);
                self.state.hand.set_spotlight(!is_on, now_secs);
                self.aim_spot();
            }
            HandCommand::Zoom => self.zoom(),
            HandCommand::Ink => {
                self.state.pointing.close();
                self.state.hand.toggle_ink();
            }
            HandCommand::InkBack => {
                let at = self.address().clone();
                if !self.state.hand.take_back(&at) {
                    self.say("no ink on this step");
                }
            }
            HandCommand::InkClear => {
                let at = self.address().clone();
                if !self.state.hand.clear_ink(&at) {
                    self.say("no ink on this step");
                }
            }
            HandCommand::Release => {
                let at = self.address().clone();
                self.state.hand.release(&at);
            }
            HandCommand::InkStroke(points) => {
                let (picture, step) = (self.picture(), self.address().clone());
                self.state.hand.stroke(points, &picture, &step, now_secs);
            }
        }
    }

    /// The pointer moved: laser, pen and spotlight follow it.
    pub(super) fn move_pointer(&mut self, at: Option<[f32; 2]>) {
        let now_secs = self.state.now_secs;
        self.state.pointing.move_pointer(at, now_secs);
        self.state.hand.move_to(self.state.pointing.at(), now_secs);
        self.aim_spot();
    }

    /// Puts the spotlight on what is under the pointer, as the step will be.
    pub(super) fn aim_spot(&mut self) {
        if !self.tools().has(Tool::Spotlight) {
            return;
        }
        let now_secs = self.state.now_secs;
        let at = self.state.pointing.at();
        let on = at.and_then(|at| self.state.hand.region_at(&self.final_picture(self.position()), at, now_secs));
        self.state.hand.aim_spot(on, now_secs);
    }

    /// To what has the focus or the pointer is on, or out again.
    fn zoom(&mut self) {
        if !self.zoom_out() && !self.zoom_in() {
            self.say("point at what is to be seen larger");
        }
    }

    fn zoom_in(&mut self) -> bool {
        let (now_secs, reduced) = (self.state.now_secs, self.state.look.reduced);
        let focus = self.state.pointing.pointed().map(|pointed| pointed.hit.rect);
        let picture = self.final_picture(self.position());
        let to = self.state.hand.view_of(&picture, self.state.pointing.at(), focus, now_secs);
        if let Some(to) = to {
            self.state.hand.fly_to(to, now_secs, reduced);
        }
        to.is_some()
    }

    pub(super) fn zoom_out(&mut self) -> bool {
        self.state.hand.fly_out(self.state.now_secs, self.state.look.reduced)
    }

    /// A click while a tool is in the hand: ink is drawn, a zoom goes to another thing, and the laser does nothing. Whether
    /// the click was a tool's.
    pub(super) fn click_with_tool(&mut self) -> bool {
        let tools = self.tools();
        if let (true, Some(at)) = (tools.has(Tool::Ink), self.state.pointing.at()) {
            let picture = self.picture();
            self.state.hand.press(&picture, at, self.state.now_secs);
        } else if tools.has(Tool::Zoom) && !tools.has(Tool::Ink) {
            self.zoom_in();
        }
        tools.takes_clicks()
    }

    /// The point of the unzoomed stage that the pointer was aimed at just now.
    pub(super) fn aimed_at(&self) -> Option<Pos2> {
        let now_secs = self.state.now_secs;
        Some(self.state.hand.seen_at(self.state.pointing.aimed_at(now_secs)?, now_secs))
    }

    /// A step's picture as the hand leaves it: lit, with what is open, drawn on, and seen larger.
    pub(super) fn pointed_out(&self, mut picture: Picture) -> Picture {
        let (hand, now_secs) = (&self.state.hand, self.state.now_secs);
        let is_open = self.state.pointing.opened_secs.is_some();
        if !is_open {
            hand.spot.light(&mut picture, now_secs, self.state.look.reduced);
            hand.draw_ink(self.address(), &mut picture);
        }
        self.draw_explored(&mut picture, now_secs);
        hand.draw_over(now_secs, &mut picture);
        picture
    }
}
