//! What lies over the audience's picture: black or white, a held picture, a sheet, a number being typed, a notice.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::picture::Picture;

/// How long a typed number waits for its Enter, and a notice stays.
pub(super) const WAIT_SECS: f64 = 3.0;
/// How long the first keys are told, the last second of it fading.
const FIRST_KEYS_SECS: f64 = 9.0;
/// A second press of quit, or of Escape for full screen, must come within this.
const TWICE_SECS: f64 = 2.0;

/// What is laid over the picture, or taken away again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum OverCommand {
    Black,
    White,
    Hold,
    /// Whether the projector shows all of a picture as it is.
    TestCard,
    Help,
    /// The first keys to know, for somebody who was never told.
    FirstKeys,
    /// One digit of a number that waits for its Enter.
    Digit(u8),
}

/// What covers the audience's picture wholly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cover {
    Black,
    White,
}

/// A sheet over the picture, which the talk goes on under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Sheet {
    /// The keys: which of the pages they need.
    Help(usize),
    /// Where the step's numbers come from.
    Numbers,
    /// The projector's test card, in place of the picture.
    TestCard,
}

/// What a second press in a row confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Twice {
    LeaveFullScreen,
    /// A clicker's button may give Escape: once, it is a key that the doctor's page tells.
    CloseDoctor,
    Quit,
}

/// Something that passes by itself some seconds after its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Passing<T> {
    what: T,
    since_secs: f64,
}

impl<T> Passing<T> {
    fn within(&self, secs: f64, now_secs: f64) -> Option<&T> {
        (now_secs - self.since_secs < secs).then_some(&self.what)
    }
}

/// The part of the talk's state that lies over the picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Over {
    pub(super) cover: Option<Cover>,
    pub(super) held: Option<Arc<Picture>>,
    pub(super) sheet: Option<Sheet>,
    number: Option<Passing<usize>>,
    notice: Option<Passing<String>>,
    asked: Option<Passing<Twice>>,
    first_keys: Option<Passing<()>>,
}

impl Over {
    /// Carries a command out. `held`: the step's picture now, where Hold is to hold it; `pages`: those of the help.
    pub(super) fn carry_out(&mut self, command: OverCommand, now_secs: f64, held: Option<Arc<Picture>>, pages: usize) {
        match command {
            OverCommand::Black => self.toggle_cover(Cover::Black),
            OverCommand::White => self.toggle_cover(Cover::White),
            OverCommand::Hold => self.held = held,
            OverCommand::FirstKeys => self.first_keys = Some(Passing { what: (), since_secs: now_secs }),
            OverCommand::TestCard => {
                let is_open = self.sheet == Some(Sheet::TestCard);
                self.sheet = (!is_open).then_some(Sheet::TestCard);
            }
            OverCommand::Help => {
                let next = if let Some(Sheet::Help(page)) = self.sheet { page + 1 } else { 0 };
                self.sheet = (next < pages).then_some(Sheet::Help(next));
            }
            OverCommand::Digit(digit) => {
                let before = self.number(now_secs).unwrap_or(0);
                let number = (before * 10 + usize::from(digit)).min(9999);
                self.number = Some(Passing { what: number, since_secs: now_secs });
            }
        }
    }

    /// How much of the first keys is still there, from 1 to 0.
    pub(super) fn first_keys_left(&self, now_secs: f64) -> Option<f32> {
        let told = self.first_keys.as_ref().filter(|told| told.within(FIRST_KEYS_SECS, now_secs).is_some())?;
        Some((told.since_secs + FIRST_KEYS_SECS - now_secs).min(1.0) as f32)
    }

    /// Takes the test card away. Whether it was there.
    pub(super) fn close_test_card(&mut self) -> bool {
        self.sheet.take_if(|sheet| *sheet == Sheet::TestCard).is_some()
    }

    fn toggle_cover(&mut self, cover: Cover) {
        self.cover = if self.cover == Some(cover) { None } else { Some(cover) };
    }

    /// The number that waits for its Enter.
    pub(super) fn number(&self, now_secs: f64) -> Option<usize> {
        self.number.as_ref().and_then(|number| number.within(WAIT_SECS, now_secs)).copied()
    }

    pub(super) fn take_number(&mut self, now_secs: f64) -> Option<usize> {
        let number = self.number(now_secs);
        self.number = None;
        number
    }

    /// Shows a short notice.
    pub(super) fn say(&mut self, words: impl Into<String>, now_secs: f64) {
        self.notice = Some(Passing { what: words.into(), since_secs: now_secs });
    }

    pub(super) fn notice(&self, now_secs: f64) -> Option<&str> {
        self.notice.as_ref().and_then(|notice| notice.within(WAIT_SECS, now_secs)).map(String::as_str)
    }

    /// Whether this is the second press in a row. Any other command between them begins anew.
    pub(super) fn is_confirmed(&mut self, what: Twice, before: Option<Twice>, now_secs: f64) -> bool {
        if before == Some(what) {
            return true;
        }
        self.asked = Some(Passing { what, since_secs: now_secs });
        false
    }

    /// What the last command asked to be confirmed; it is forgotten with this.
    pub(super) fn take_asked(&mut self, now_secs: f64) -> Option<Twice> {
        let asked = self.asked.take()?;
        asked.within(TWICE_SECS, now_secs).copied()
    }
}
