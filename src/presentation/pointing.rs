//! What is pointed at: the pointer, what has the focus, what of it is open, and what is folded away.

use egui::emath::{Pos2, pos2};
use serde::{Deserialize, Serialize};

use crate::timeline::hit::{Focus, Folded, Hit, HitId, NumberId};

/// How long a moved pointer still means what it points at: a clicker's click comes where the pointer was left.
const AIMED_SECS: f64 = 2.0;

/// What is done to the things of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum PointCommand {
    /// The next thing that can be opened gets the focus.
    FocusNext,
    FocusBefore,
    /// The thing of this id on the step is focused and opened.
    Open(String),
    /// A click where the pointer is.
    Click,
    /// Of the number under the pointer, if it was moved there just now, or of all numbers of the step.
    NumberSource,
    /// The step's address onto the clipboard, or what the focused thing copies.
    Copy,
}

/// Where the pointer is, in stage units, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Pointer {
    at: [f32; 2],
    since_secs: f64,
}

/// What has the focus, found when it got it: pictures follow one another faster than the hits of a step are found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pointed {
    pub(super) hit: Hit,
    /// What stays lit with it.
    pub(super) focus: Focus,
}

/// The part of the talk's state that is pointed at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pointing {
    pointer: Option<Pointer>,
    /// The id of what has the focus.
    focus: Option<HitId>,
    /// It follows from `focus`.
    #[serde(skip)]
    pointed: Option<Pointed>,
    /// Since when what has the focus lies open.
    pub(super) opened_secs: Option<f64>,
    pub(super) folded: Folded,
    /// The quantities whose sources are asked for; none: all of the step.
    pub(super) aimed: Option<Vec<NumberId>>,
}

impl Pointing {
    /// The pointer moved to a point of the stage, or left the window.
    pub(super) fn move_pointer(&mut self, at: Option<[f32; 2]>, now_secs: f64) {
        self.pointer = at.map(|at| Pointer { at, since_secs: now_secs });
    }

    /// Where the pointer is, however long it has lain there.
    pub(super) fn at(&self) -> Option<Pos2> {
        self.pointer.map(|pointer| pos2(pointer.at[0], pointer.at[1]))
    }

    /// Where the pointer was moved to just now.
    pub(super) fn aimed_at(&self, now_secs: f64) -> Option<Pos2> {
        let pointer = self.pointer.filter(|pointer| now_secs - pointer.since_secs < AIMED_SECS)?;
        Some(pos2(pointer.at[0], pointer.at[1]))
    }

    pub(super) fn pointed(&self) -> Option<&Pointed> {
        self.pointed.as_ref()
    }

    pub(super) fn focused(&self) -> Option<&HitId> {
        self.focus.as_ref()
    }

    pub(super) fn set_focus(&mut self, pointed: Pointed) {
        self.focus = Some(pointed.hit.id.clone());
        self.pointed = Some(pointed);
    }

    /// What has the focus stands elsewhere, or is gone.
    pub(super) fn renew_focus(&mut self, found: Option<Pointed>) {
        let is_told = found.as_ref().is_some_and(|pointed| pointed.hit.what.is_told());
        self.opened_secs = self.opened_secs.filter(|_| is_told);
        self.focus = found.as_ref().map(|pointed| pointed.hit.id.clone());
        self.pointed = found;
    }

    /// Takes the focus away. Whether there was one.
    pub(super) fn drop_focus(&mut self) -> bool {
        self.opened_secs = None;
        self.pointed = None;
        self.focus.take().is_some()
    }

    /// Closes what is open. Whether something was.
    pub(super) fn close(&mut self) -> bool {
        self.opened_secs.take().is_some()
    }

    /// The next of the hits after what has the focus, or the one before; after the last comes the first.
    pub(super) fn neighbour<'a>(&self, hits: &'a [Hit], forward: bool) -> Option<&'a Hit> {
        let here = self.focused().and_then(|id| hits.iter().position(|hit| hit.id == *id));
        let next = match (here, forward) {
            (None, true) => 0,
            (None, false) => hits.len().checked_sub(1)?,
            (Some(here), true) => (here + 1) % hits.len(),
            (Some(here), false) => (here + hits.len() - 1) % hits.len(),
        };
        hits.get(next)
    }

    /// Folds a column or a row, or unfolds it. At least two columns and one row stay unfolded: less is no comparison.
    /// Whether it could be.
    pub(super) fn toggle_fold(&mut self, id: &HitId, hits: &[Hit]) -> bool {
        if self.folded.remove(id) {
            return true;
        }
        let all = hits.iter().filter(|hit| hit.id.is_beside(id)).count();
        let folded = self.folded.iter().filter(|other| other.is_beside(id)).count();
        let least = if matches!(id, HitId::Column(..)) { 2 } else { 1 };
        all - folded > least && self.folded.insert(id.clone())
    }

    /// Kills a drive, or brings it back: of those that are lost on the step too.
    pub(super) fn toggle_drive(&mut self, id: &HitId) {
        if !self.folded.remove(id) {
            self.folded.insert(id.clone());
        }
    }

    /// The step is another, with all drives as it has them; with another scene its grids are unfolded again.
    pub(super) fn leave_step(&mut self, leaves_scene: bool) {
        self.folded.retain(|id| !matches!(id, HitId::Drive(..)));
        self.drop_focus();
        self.aimed = None;
        if leaves_scene {
            self.folded.clear();
        }
    }
}
