//! What all scenes share: sources, glossary, customer, deck.

use serde::Deserialize;

/// `sources.ron`: every number and claim, with where it comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Sources")]
pub(crate) struct SourcesFile {
    /// Words with a digit in them that are names, not numbers.
    pub names: Vec<String>,
    /// Things that are counted, in the singular: units of their own in formulas.
    #[serde(default)]
    pub counts: Vec<String>,
    pub sources: Vec<SourceFile>,
    pub quantities: Vec<QuantityFile>,
}

/// A claim that was checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceFile {
    pub id: String,
    /// The claim, with its condition, in our words.
    pub says: String,
    /// Publisher, title, date.
    pub origin: String,
    pub date: Option<String>,
    pub url: Option<String>,
}

/// A number: value, unit, condition, source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuantityFile {
    pub id: String,
    pub value: f64,
    /// The upper end, where it is a range.
    pub to: Option<f64>,
    /// A word before it: "about", "up to".
    pub prefix: Option<String>,
    #[serde(default)]
    pub unit: String,
    /// The unit to reckon in, where the printed one leaves a part of it to the words around: `B/parameter`.
    pub full_unit: Option<String>,
    /// Under which it holds.
    pub condition: String,
    /// Id of a source.
    pub source: String,
    pub kind: KindFile,
    /// As its source printed it, where that differs.
    pub published: Option<String>,
}

/// How a number came to be known.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum KindFile {
    Measured,
    Published,
    Derived {
        /// Id of the source that states the rule: `F2`.
        rule: Option<String>,
        /// An expression over quantities in braces, numbers and units: `{checkpoint-70b} / {put-eight-nodes}`.
        formula: String,
        /// For the upper end of a range, where it has a formula of its own.
        to_formula: Option<String>,
    },
    Assumption,
}

/// `glossary.ron`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "Glossary")]
pub(crate) struct GlossaryFile {
    pub terms: Vec<TermFile>,
}

/// A word, and what it means here.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TermFile {
    pub term: String,
    /// One or two short sentences.
    pub says: String,
    /// Other terms.
    #[serde(default)]
    pub related: Vec<String>,
    /// Id of a source.
    pub source: Option<String>,
    /// Other words for it, old-world ones too, as they are asked for.
    #[serde(default)]
    pub also: Vec<String>,
}

/// `customer.ron`: who the talk is for, and what they measured.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "Customer")]
pub(crate) struct CustomerFile {
    pub name: String,
    /// A PNG or JPEG beside the file.
    pub logo: Option<String>,
    /// In place of our assumptions, and of nothing else.
    #[serde(default)]
    pub measurements: Vec<MeasurementFile>,
    /// The customer's own pictures, shown before the close.
    #[serde(default)]
    pub slides: Vec<SlideFile>,
}

/// What a customer measured.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeasurementFile {
    /// Id of the assumption it replaces.
    pub quantity: String,
    pub value: f64,
    pub to: Option<f64>,
    pub unit: String,
    /// `warp`, `fio`, …
    pub tool: String,
    /// Day of the measurement, `2026-11-20`.
    pub date: String,
}

/// One picture of the customer's.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SlideFile {
    pub image: String,
    /// What it shows, in one sentence.
    pub caption: String,
    #[serde(default)]
    pub notes: String,
    pub budget_secs: Option<u32>,
}

/// `deck.ron`: order, sections, and what a short talk may leave out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "Deck")]
pub(crate) struct DeckFile {
    pub title: String,
    pub sections: Vec<SectionFile>,
    /// Shorter talks, and talks for one kind of people.
    #[serde(default)]
    pub cuts: Vec<CutFile>,
}

impl DeckFile {
    /// The scenes of all sections, in order, each with the place of its section.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (usize, &EntryFile)> {
        let sections = self.sections.iter().enumerate();
        sections.flat_map(|(nth, section)| section.scenes.iter().map(move |entry| (nth, entry)))
    }
}

/// A talk of some of the steps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CutFile {
    /// `20`, `executives`: its name on the command line.
    pub id: String,
    pub title: String,
    /// How long it is; its budgets must add up to this within a tenth.
    pub minutes: u32,
    /// In the deck's order: `tiers` is all of a scene, `tiers:2` one step, `tiers:1-3` some.
    pub steps: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Section")]
pub(crate) struct SectionFile {
    #[expect(dead_code, reason = "a section's id is for the author")]
    pub id: String,
    pub title: String,
    pub scenes: Vec<EntryFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "Entry")]
pub(crate) struct EntryFile {
    pub scene: String,
    /// Kept in every cut.
    #[serde(default)]
    pub must: bool,
    /// Reachable by jump, not by next.
    #[serde(default)]
    pub hidden: bool,
}
