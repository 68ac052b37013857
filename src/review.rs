//! Judges finished pictures: type, layout, margins, and, on pixels, contrast, silence and edges.
//!
//! The pictures are given, settled and with their readings; nothing here reads a file or asks a lab.

mod align;
mod cards;
mod contrast;
mod findings;
pub(crate) mod glyphs;
mod ground;
mod light;
mod lines;
mod margins;
mod motion;
mod pixels;
mod room;
mod still;
mod touch;
mod type_scale;

use std::collections::BTreeSet;

use crate::paint::Textures;
use crate::review::findings::Findings;
use crate::review::still::Still;
pub(crate) use crate::review::still::{Posed, PosedDeck};
use crate::ron_text::Problem;

/// Type, words, layout and margins of every picture.
pub(crate) fn layout(deck: &PosedDeck<'_>) -> Vec<Problem> {
    let mut findings = Findings::new(deck.texts);
    for still in deck.stills() {
        glyphs::check(&still, &mut findings);
        type_scale::check(&still, &mut findings);
        touch::check(&still, &mut findings);
        margins::check(&still, &mut findings);
        align::check(&still, &mut findings);
    }
    findings.into_problems()
}

/// Words over words, at moments of the changes from step to step.
pub(crate) fn motion(deck: &PosedDeck<'_>) -> Vec<Problem> {
    let mut findings = Findings::new(deck.texts);
    deck.stills().for_each(|still| motion::check(&still, &mut findings));
    findings.into_problems()
}

/// Words of opened cards.
pub(crate) fn cards(deck: &PosedDeck<'_>) -> Vec<Problem> {
    let mut findings = Findings::new(deck.texts);
    deck.stills().for_each(|still| cards::check(&still, &mut findings));
    findings.into_problems()
}

/// Contrast, edges, silence and the hero's light, on pixels of every theme.
pub(crate) fn pixels(deck: &PosedDeck<'_>, textures: &Textures) -> Vec<Problem> {
    let mut findings = Findings::new(deck.texts);
    let stills: Vec<Still<'_>> = deck.stills().collect();
    pixels::check(&stills, textures, &mut findings);
    findings.into_problems()
}

/// Texts that the last row cannot read, `heights` picture heights away.
pub(crate) fn room(deck: &PosedDeck<'_>, heights: f32) -> Vec<Problem> {
    let mut findings = Findings::new(deck.texts);
    let mut furniture = BTreeSet::new();
    for still in deck.stills().filter(|still| still.data == "sim") {
        room::check(&still, heights, &mut furniture, &mut findings);
    }
    findings.into_problems()
}
