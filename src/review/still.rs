//! One picture with its scene, asked the questions that all rules ask.

use crate::picture::{Align, Furniture, Layer, Mark, Part, Picture, Role, Shape, Text, Thing};
use crate::scene::library::{Library, Texts};
use crate::scene::model::{Camera, Element, Placed, Scene, Step};
use crate::timeline::elements::layout;
use crate::timeline::hit::Folded;
use crate::timeline::playhead::Position;

/// One settled step, as one source of readings shows it.
#[derive(Clone, Debug)]
pub(crate) struct Posed {
    pub(crate) at: Position,
    /// What is measured in it, in a word: `sim`, `none`, `stale`.
    pub(crate) data: &'static str,
    pub(crate) picture: Picture,
}

/// The pictures of a deck, with what they were made of.
#[derive(Clone, Copy)]
pub(crate) struct PosedDeck<'a> {
    pub(crate) library: &'a Library,
    pub(crate) texts: &'a Texts,
    pub(crate) posed: &'a [Posed],
}

impl PosedDeck<'_> {
    pub(super) fn stills(&self) -> impl Iterator<Item = Still<'_>> {
        self.posed.iter().filter_map(|posed| Still::new(self.library, posed))
    }
}

/// A settled step.
pub(super) struct Still<'a> {
    pub(super) scene: &'a Scene,
    pub(super) step: &'a Step,
    pub(super) at: Position,
    pub(super) data: &'static str,
    pub(super) picture: &'a Picture,
}

/// Fainter marks are on their way out.
const SEEN: f32 = 0.05;

impl<'a> Still<'a> {
    pub(super) fn new(library: &'a Library, posed: &'a Posed) -> Option<Self> {
        let scene = library.scenes.get(posed.at.scene)?;
        let step = scene.steps.get(posed.at.step)?;
        Some(Self { scene, step, at: posed.at, data: posed.data, picture: &posed.picture })
    }

    /// The marks that can be seen.
    pub(super) fn marks(&self) -> impl Iterator<Item = &'a Mark> {
        self.picture.marks.iter().filter(|mark| mark.opacity > SEEN)
    }

    /// Those of them that are words.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&'a Mark, &'a Text)> {
        self.marks().filter_map(|mark| if let Shape::Text(text) = &mark.shape { Some((mark, text)) } else { None })
    }

    /// The element that a mark belongs to, where the scene shows one.
    pub(super) fn element(&self, thing: &Thing) -> Option<&'a Placed> {
        self.step.elements.iter().find(|placed| placed.shown && placed.thing == *thing)
    }

    /// Words that the scene itself puts on the stage; world labels, map and badge are furniture.
    pub(super) fn is_spoken(&self, mark: &Mark) -> bool {
        let is_said = mark.id.is_of(&[Furniture::Heading, Furniture::Caption]);
        mark.layer != Layer::Furniture && (is_said || self.element(&mark.id.thing).is_some())
    }

    /// Whether an element lays its own words out: nodes, pins, axes and grids line up by how they are made.
    pub(super) fn lays_out(&self, thing: &Thing) -> bool {
        self.element(thing).is_some_and(|placed| layout(placed, &Folded::new()).is_own)
    }

    /// Words of the scene, without the marks and axis of its charts.
    pub(super) fn spoken(&self) -> impl Iterator<Item = (&'a Mark, &'a Text)> {
        self.texts().filter(move |(mark, _)| self.is_spoken(mark) && !self.is_on_chart(mark))
    }

    /// Words that a chart puts where its curve and its time say.
    fn is_on_chart(&self, mark: &Mark) -> bool {
        let is_chart = |placed: &Placed| matches!(placed.element, Element::Chart(_));
        mark.layer == Layer::Measured
            && (mark.role == Role::Caption || self.element(&mark.id.thing).is_some_and(is_chart))
    }

    /// Whether the scene may hold as much as a page: matrix, glossary, sources, monitor.
    pub(super) fn is_reference(&self) -> bool {
        self.scene.tags.iter().any(|tag| tag == "reference")
    }

    /// Whether the camera stands close, so that the world reaches beyond the stage.
    pub(super) fn is_close(&self) -> bool {
        self.step.camera != Camera::WHOLE
    }
}

/// Whether this is the edge of a floor or the hall, drawn once more over its light.
pub(super) fn is_edge_again(mark: &Mark) -> bool {
    mark.id.part == Part::Edge
}

/// The x at which a text is hung.
pub(super) fn hung_at(text: &Text, left: f32, right: f32) -> f32 {
    match text.align {
        Align::Left => left,
        Align::Center => f32::midpoint(left, right),
        Align::Right => right,
    }
}

/// The words for a message, shortened.
pub(super) fn quoted(text: &Text) -> String {
    let short: String = text.words.chars().take(40).collect();
    let end = if short.len() < text.words.len() { "…" } else { "" };
    format!("\u{201C}{short}{end}\u{201D}")
}
