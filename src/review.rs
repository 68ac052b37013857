//! Judges finished pictures: type, layout, margins, and, on pixels, contrast, silence and edges.
//!
//! The pictures are given, settled and with their readings; nothing here reads a file or asks a lab.

mod align;
mod contrast;
mod glyphs;
mod light;
mod lines;
mod margins;
mod pixels;
mod room;
mod seats;
mod still;
mod touch;
mod type_scale;

use std::collections::BTreeSet;

use crate::paint::Textures;
use crate::picture::{Picture, Thing};
use crate::scene::library::{Library, Texts};
use crate::scene::problem::{Problem, Severity};
use crate::timeline::playhead::Position;

use self::seats::Seats;
use self::still::Still;

/// One settled step, as one source of readings shows it.
#[derive(Clone, Debug)]
pub struct Posed {
    pub at: Position,
    /// What is measured in it, in a word: `sim`, `none`, `stale`.
    pub data: &'static str,
    pub picture: Picture,
}

/// The pictures of a deck, with what they were made of.
pub struct Deck<'a> {
    pub library: &'a Library,
    pub texts: &'a Texts,
    pub posed: &'a [Posed],
}

impl Deck<'_> {
    fn stills(&self) -> impl Iterator<Item = Still<'_>> {
        self.posed.iter().filter_map(|posed| Still::new(self.library, posed))
    }
}

/// Type, words, layout and margins of every picture.
pub fn layout(deck: &Deck<'_>) -> Vec<Problem> {
    let mut findings = Findings::new(deck);
    for still in deck.stills() {
        glyphs::check(&still, &mut findings);
        type_scale::check(&still, &mut findings);
        touch::check(&still, &mut findings);
        margins::check(&still, &mut findings);
        align::check(&still, &mut findings);
    }
    findings.problems
}

/// Contrast, edges, silence and the hero's light, on pixels of every theme.
pub fn pixels(deck: &Deck<'_>, textures: &Textures) -> Vec<Problem> {
    let mut findings = Findings::new(deck);
    let stills: Vec<Still<'_>> = deck.stills().collect();
    pixels::check(&stills, textures, &mut findings);
    findings.problems
}

/// Texts that the last row cannot read, `heights` picture heights away.
pub fn room(deck: &Deck<'_>, heights: f32) -> Vec<Problem> {
    let mut findings = Findings::new(deck);
    let mut furniture = BTreeSet::new();
    for still in deck.stills().filter(|still| still.data == "sim") {
        room::check(&still, heights, &mut furniture, &mut findings);
    }
    findings.problems
}

/// What was found, each once however many pictures show it.
struct Findings<'a> {
    seats: Seats<'a>,
    known: BTreeSet<(&'static str, String, usize, usize, String)>,
    problems: Vec<Problem>,
}

/// What a finding says: a code, what it is about, words and a way out.
struct Note<'a> {
    code: &'static str,
    severity: Severity,
    /// Whose marks it is about; none for the step as a whole.
    about: Option<&'a Thing>,
    message: String,
    hint: &'a str,
}

impl<'a> Findings<'a> {
    fn new(deck: &Deck<'a>) -> Self {
        Self { seats: Seats::new(deck.texts), known: BTreeSet::new(), problems: Vec::new() }
    }

    /// Notes a finding at the place of what it is about; `key` tells it from others of its code there.
    fn note(&mut self, still: &Still<'_>, note: Note<'_>, key: &str) {
        let Note { code, severity, about, message, hint } = note;
        let place = self.seats.place(still, about);
        let file = still.scene.file.to_string();
        if self.known.insert((code, file.clone(), place.line, place.column, key.to_owned())) {
            self.problems.push(Problem {
                code,
                severity,
                file,
                line: place.line,
                column: place.column,
                scene: Some(still.scene.id.to_string()),
                step: Some(still.at.step + 1),
                message,
                hint: hint.to_owned(),
            });
        }
    }
}
