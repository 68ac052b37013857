//! The told numbers: what each is, whose word it is, and what is shown in its place.
//!
//! [`Figures`] is the table. A customer's measurement lies over a figure as an [`Override`], and what is set by hand over
//! both; figures worked out from it follow by their formulas. Nothing that was read changes, so taking an override away brings all back.

mod digits;
mod formula;
mod unit;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::digits::grouped_digits;
pub(crate) use self::digits::{THIN_SPACE, gap_before};
use self::digits::{agrees, rounded_like, rounded_to};
use self::formula::FormulaNames;
pub use self::formula::{Formula, FormulaError};
use self::unit::Amount;

/// A value, or a range from one to another, in a unit that is known beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span {
    pub from: f64,
    pub to: Option<f64>,
}

/// A number as its source tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub id: Arc<str>,
    pub value: Span,
    /// A word before it: "about", "up to".
    pub prefix: Option<Arc<str>>,
    /// As printed after the digits.
    pub unit: Arc<str>,
    /// The unit to reckon in, where print leaves a part of it to the words around: `B/parameter` for "14 B a parameter".
    pub full_unit: Option<Arc<str>>,
    /// Under which it holds.
    pub condition: Arc<str>,
    /// Id of a source.
    pub source: Arc<str>,
    pub origin: Origin,
    /// As its source printed it, where that differs.
    pub published: Option<Arc<str>>,
}

/// How a number came to be known.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    Measured,
    Published,
    Derived(Derivation),
    Assumption,
}

/// How a number is worked out from others.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivation {
    /// The rule it follows, by the id of its source: `F2`.
    pub rule: Option<Arc<str>>,
    pub formula: Formula,
    /// For the upper end, where it has a formula of its own.
    pub to_formula: Option<Formula>,
}

/// Another value in the place of ours, in the figure's own unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    pub value: Span,
    pub by: Authority,
}

/// Whose word an override is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authority {
    /// The customer measured it with a tool on a day.
    Customer { tool: Arc<str>, date: Arc<str> },
    /// It was set by hand while the talk runs.
    Presenter,
}

/// Why a figure is shown as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Told,
    Overridden,
    /// Something that it is worked out from is overridden.
    Recalculated,
}

/// A figure as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Not rounded.
    pub value: Span,
    pub cause: Cause,
    /// The digits alone: "988", "5–15".
    pub digits: Arc<str>,
    /// Prefix, digits and unit: "about 5–15 ms".
    pub words: Arc<str>,
}

/// All figures, with what lies over them.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    figures: BTreeMap<Arc<str>, Figure>,
    /// Things that are counted, in the singular: units of their own in formulas.
    counts: Vec<Arc<str>>,
    /// Whom the talk is for.
    customer: Option<Arc<str>>,
    overrides: BTreeMap<Arc<str>, Override>,
    /// What lies over those, set by hand while the talk runs, each in its figure's own unit.
    by_hand: BTreeMap<Arc<str>, f64>,
    /// Worked out anew whenever an override comes or goes, so that a frame only looks it up.
    shown: BTreeMap<Arc<str>, Shown>,
    /// Another one after each change.
    edition: u32,
}

/// Formulas over formulas over formulas: no figure lies deeper than this.
const MOST_ROUNDS: usize = 16;

/// What a unit amounts to, as printed after a number: `million tokens/s`, `1e25 FLOP`, or nothing.
fn amount_of(unit: &str, counts: &[Arc<str>]) -> Result<Amount, FormulaError> {
    let no_figure = |id: &str| Err(FormulaError::UnknownFigure(id.to_owned()));
    let amount = || Formula::new(unit).work_out(FormulaNames { figure: &no_figure, counts });
    if unit.is_empty() { Ok(Amount::pure_number(1.0)) } else { amount() }
}

impl Span {
    /// "988", "5–15".
    pub fn digits(self) -> String {
        let to = self.to.map(|to| format!("–{}", grouped_digits(to))).unwrap_or_default();
        grouped_digits(self.from) + &to
    }

    fn end(self, is_upper: bool) -> f64 {
        self.to.filter(|_| is_upper).unwrap_or(self.from)
    }

    /// With four digits, for a result beside the value it is printed as.
    pub(crate) fn rounded(self) -> Self {
        Self { from: rounded_to(self.from, 4), to: self.to.map(|to| rounded_to(to, 4)) }
    }
}

impl Figure {
    /// Whether a result prints as this figure's value.
    pub fn agrees(&self, result: Span) -> bool {
        let ends = match (result.to, self.value.to) {
            (None, None) => true,
            (Some(result), Some(value)) => agrees(result, value, self.is_about()),
            _ => false,
        };
        ends && agrees(result.from, self.value.from, self.is_about())
    }

    fn is_about(&self) -> bool {
        self.prefix.as_deref() == Some("about")
    }

    /// A value in this figure's unit: "29 s", "16,384".
    pub(crate) fn with_unit(&self, digits: &str) -> String {
        if self.unit.is_empty() {
            digits.to_owned()
        } else {
            format!("{digits}{}{}", gap_before(&self.unit), self.unit)
        }
    }

    fn shown(&self, value: Span, cause: Cause) -> Shown {
        let rounded = |result: f64, told: f64| rounded_like(result, told, self.is_about());
        let printed = match cause {
            Cause::Told | Cause::Overridden => value,
            Cause::Recalculated => {
                let from = rounded(value.from, self.value.from);
                let to = value.to.map(|to| rounded(to, self.value.end(true)));
                Span { from, to: to.filter(|to| *to != from) }
            }
        };
        let digits = printed.digits();
        let words = self.with_unit(&digits);
        // "About" is said of our number, not of another's.
        let prefix = self.prefix.as_ref().filter(|_| cause != Cause::Overridden);
        let words = prefix.map_or(words.clone(), |prefix| format!("{prefix} {words}"));
        Shown { value, cause, digits: digits.into(), words: words.into() }
    }
}

impl Derivation {
    /// Ids of the figures that go into it, each once, in the order of the formula.
    pub fn inputs(&self) -> Vec<&str> {
        let mut inputs = Vec::new();
        for id in [Some(&self.formula), self.to_formula.as_ref()].into_iter().flatten().flat_map(Formula::inputs) {
            if !inputs.contains(&id) {
                inputs.push(id);
            }
        }
        inputs
    }

    /// The formula with words for each figure: "988 GB / 34.4 GB/s".
    pub(crate) fn spell_out(&self, figure: impl Fn(&str) -> String) -> String {
        let to = self.to_formula.as_ref().map(|to| format!(" to {}", to.spell_out(&figure))).unwrap_or_default();
        self.formula.spell_out(&figure) + &to
    }

    /// The rule before words about it: "F2: …".
    pub(crate) fn under_rule(&self, words: &str) -> String {
        self.rule.as_ref().map_or_else(|| words.to_owned(), |rule| format!("{rule}: {words}"))
    }
}

impl Figures {
    /// The table of these figures. `counts`: things that are counted, in the singular.
    pub fn new(figures: Vec<Figure>, counts: Vec<Arc<str>>) -> Self {
        let figures: BTreeMap<_, _> = figures.into_iter().map(|figure| (figure.id.clone(), figure)).collect();
        let mut table = Self { figures, counts, ..Self::default() };
        table.resolve();
        table
    }

    /// A figure as told.
    pub fn get(&self, id: &str) -> Option<&Figure> {
        self.figures.get(id)
    }

    /// A figure as it stands now.
    pub fn shown(&self, id: &str) -> Option<&Shown> {
        self.shown.get(id)
    }

    /// All figures as told, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &Figure> + Clone {
        self.figures.values()
    }

    pub fn ids(&self) -> Vec<&str> {
        self.figures.keys().map(|id| &**id).collect()
    }

    /// Whom the talk is for.
    pub(crate) fn set_customer(&mut self, name: &str) {
        self.customer = Some(name.into());
        self.edition += 1;
    }

    /// What was filled in of this edition needs no filling in again, in this table and its clones.
    pub(crate) fn edition(&self) -> u32 {
        self.edition
    }

    pub fn customer(&self) -> Option<&Arc<str>> {
        self.customer.as_ref()
    }

    /// Lays another value over a figure, or takes it away.
    pub fn set_override(&mut self, id: &str, new: Option<Override>) {
        match new {
            Some(new) => self.overrides.insert(id.into(), new),
            None => self.overrides.remove(id),
        };
        self.resolve();
    }

    /// Sets these figures by hand, and no others.
    pub(crate) fn set_by_hand(&mut self, values: BTreeMap<Arc<str>, f64>) {
        self.by_hand = values;
        self.resolve();
    }

    pub(crate) fn by_hand(&self) -> &BTreeMap<Arc<str>, f64> {
        &self.by_hand
    }

    /// Whose word lies over a figure, and with which value.
    fn over(&self, id: &str) -> Option<(Span, &Authority)> {
        let by_hand = self.by_hand.get(id).map(|value| (Span { from: *value, to: None }, &Authority::Presenter));
        by_hand.or_else(|| self.overrides.get(id).map(|over| (over.value, &over.by)))
    }

    fn authority(&self, figure: &Figure) -> Option<&Authority> {
        self.over(&figure.id).map(|(_, by)| by)
    }

    /// Whether a figure is our assumption, and nobody's measurement stands for it.
    pub fn is_assumed(&self, id: &str) -> bool {
        let is_ours = self.get(id).is_some_and(|figure| figure.origin == Origin::Assumption);
        is_ours && self.over(id).is_none()
    }

    /// How many of a scale's unit one of a figure's is: a GB is 1e9 B. None where they do not measure the same.
    pub fn unit_ratio(&self, id: &str, unit: &str) -> Option<f64> {
        let figure = self.get(id)?;
        if *figure.unit == *unit {
            return Some(1.0);
        }
        let (own, scale) = (amount_of(&figure.unit, &self.counts).ok()?, amount_of(unit, &self.counts).ok()?);
        (own.dimension == scale.dimension).then(|| own.value / scale.value)
    }

    /// How a figure is known: "measured", "published", "derived: F2: 988 GB / 34.4 GB/s" or "assumption".
    pub(crate) fn origin_words(&self, figure: &Figure) -> String {
        match (self.authority(figure), &figure.origin) {
            (Some(Authority::Customer { .. }), _) | (None, Origin::Measured) => "measured".to_owned(),
            (Some(Authority::Presenter), _) => "set by hand".to_owned(),
            (None, Origin::Published) => "published".to_owned(),
            (None, Origin::Derived(derivation)) => {
                let words = derivation.spell_out(|id| self.value_words(id));
                format!("derived: {}", derivation.under_rule(&words))
            }
            (None, Origin::Assumption) => "assumption".to_owned(),
        }
    }

    /// What sets a figure apart from what is measured now, in a word.
    pub fn told_word(&self, figure: &Figure) -> &'static str {
        match (self.authority(figure), &figure.origin) {
            (Some(Authority::Customer { .. }), _) => "their measurement",
            (Some(Authority::Presenter), _) => "set by hand",
            (None, Origin::Measured | Origin::Published) => "published",
            (None, Origin::Derived(_) | Origin::Assumption) => "example",
        }
    }

    /// Whose word a figure is, for a caption: `design target, measure with warp`, or `MEASURED BY Acme, warp, 2026-11-20`.
    pub fn standing(&self, figure: &Figure) -> String {
        let customer = self.customer.as_deref().unwrap_or("the customer");
        match (self.authority(figure), &figure.origin) {
            (Some(Authority::Customer { tool, date }), _) => format!("MEASURED BY {customer}, {tool}, {date}"),
            (None, Origin::Assumption) => "design target, measure with warp".to_owned(),
            _ => self.origin_words(figure),
        }
    }

    /// Under what a figure as it stands now holds.
    pub fn condition(&self, figure: &Figure) -> String {
        match (self.authority(figure), self.shown(&figure.id).map(|shown| shown.cause)) {
            (Some(Authority::Customer { tool, date }), _) => format!("MEASURED BY the customer with {tool}, {date}"),
            (None, Some(Cause::Recalculated)) => {
                let told = figure.with_unit(&figure.value.digits());
                format!("worked out anew; as told, {told}: {}", figure.condition)
            }
            _ => figure.condition.to_string(),
        }
    }

    /// Digits and unit, as they stand in a formula.
    pub fn value_words(&self, id: &str) -> String {
        let both = self.get(id).zip(self.shown(id));
        both.map_or(id.to_owned(), |(figure, shown)| figure.with_unit(&shown.digits))
    }

    /// What a figure's formula comes to, in the figure's unit, from what its inputs are now.
    pub fn worked_out(&self, figure: &Figure, derivation: &Derivation) -> Result<Span, FormulaError> {
        if self.comes_from(derivation, &figure.id, &mut Vec::new()) {
            return Err(FormulaError::Circular(figure.id.to_string()));
        }
        self.evaluate(figure, derivation)
    }

    /// Whether a figure goes into a derivation, or into what that is worked out from.
    fn comes_from<'a>(&'a self, derivation: &'a Derivation, id: &str, passed: &mut Vec<&'a str>) -> bool {
        derivation.inputs().into_iter().any(|input| {
            let is_new = !passed.contains(&input);
            passed.push(input);
            let origin = self.get(input).filter(|_| is_new).map(|figure| &figure.origin);
            input == id || matches!(origin, Some(Origin::Derived(deeper)) if self.comes_from(deeper, id, passed))
        })
    }

    fn evaluate(&self, figure: &Figure, derivation: &Derivation) -> Result<Span, FormulaError> {
        let unit = self.unit_of(&figure.id)?;
        let end = |formula: &Formula, is_upper: bool| {
            let input = |id: &str| {
                let (unit, shown) = (self.unit_of(id)?, self.shown(id));
                let value = shown.map_or(0.0, |shown| shown.value.end(is_upper)) * unit.value;
                Ok(Amount { value, ..unit })
            };
            let amount = formula.work_out(FormulaNames { figure: &input, counts: &self.counts })?;
            if amount.dimension != unit.dimension {
                let words = format!("it gives {} where the unit is {}", amount.dimension, unit.dimension);
                return Err(FormulaError::Units(words));
            }
            Ok(amount.value / unit.value)
        };
        let low = end(&derivation.formula, false)?;
        let high = end(derivation.to_formula.as_ref().unwrap_or(&derivation.formula), true)?;
        let is_range = figure.value.to.is_some() || high != low;
        Ok(Span { from: low.min(high), to: is_range.then_some(low.max(high)) })
    }

    /// One of a figure's unit, in base units.
    fn unit_of(&self, id: &str) -> Result<Amount, FormulaError> {
        let figure = self.get(id).ok_or_else(|| FormulaError::UnknownFigure(id.to_owned()))?;
        let unit = amount_of(figure.full_unit.as_ref().unwrap_or(&figure.unit), &self.counts);
        unit.map_err(|error| FormulaError::Units(format!("the unit of \"{id}\": {error}")))
    }

    /// Works out anew what each figure is shown as: first what is told or laid over, then round by round what follows, until
    /// a round changes nothing. Formulas that name one another in a circle stop after the last round.
    fn resolve(&mut self) {
        self.edition += 1;
        let given = |figure: &Figure| match self.over(&figure.id) {
            Some((value, _)) => figure.shown(value, Cause::Overridden),
            None => figure.shown(figure.value, Cause::Told),
        };
        self.shown = self.figures.values().map(|figure| (figure.id.clone(), given(figure))).collect();
        for _ in 0..MOST_ROUNDS {
            let anew: Vec<_> = self.figures.values().filter_map(|figure| self.recalculated(figure)).collect();
            if anew.is_empty() {
                break;
            }
            self.shown.extend(anew);
        }
    }

    /// A figure as it follows from its inputs, where one of them is another than was told and it is not shown so yet.
    fn recalculated(&self, figure: &Figure) -> Option<(Arc<str>, Shown)> {
        let Origin::Derived(derivation) = &figure.origin else { return None };
        let is_other = |id: &str| self.shown(id).is_some_and(|input| input.cause != Cause::Told);
        if (self.overrides.is_empty() && self.by_hand.is_empty())
            || self.over(&figure.id).is_some()
            || !derivation.inputs().into_iter().any(is_other)
        {
            return None;
        }
        let shown = figure.shown(self.evaluate(figure, derivation).ok()?, Cause::Recalculated);
        (self.shown(&figure.id) != Some(&shown)).then(|| (figure.id.clone(), shown))
    }
}
