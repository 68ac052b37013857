//! `sources.ron` and `customer.ron`: claims, figures, and what a customer measured in place of our assumptions.

use std::sync::Arc;

use crate::figures::{Authority, Derivation, Figure, Figures, Formula, Origin, Override, Span};
use crate::measure;
use crate::scene::file::{CustomerFile, KindFile, MeasurementFile, QuantityFile, SlideFile, SourceFile, SourcesFile};
use crate::scene::sources::{Claim, Customer, Slide, Sources};

/// The claims and the table of figures.
pub(crate) fn sources(file: SourcesFile) -> (Sources, Figures) {
    let claim = |SourceFile { id, says, origin, date, url }| Claim { id, says, origin, date, url };
    let claims = file.sources.into_iter().map(claim);
    let sources = claims.map(|claim| (claim.id.clone(), claim)).collect();
    let figures = file.quantities.into_iter().map(figure).collect();
    let counts = file.counts.into_iter().map(Into::into).collect();
    (Sources { names: file.names, sources, customer: None }, Figures::new(figures, counts))
}

fn figure(file: QuantityFile) -> Figure {
    let arc = |words: Option<String>| words.map(Arc::from);
    Figure {
        id: file.id.into(),
        value: Span { from: file.value, to: file.to },
        prefix: arc(file.prefix),
        unit: file.unit.into(),
        full_unit: arc(file.full_unit),
        condition: file.condition.into(),
        source: file.source.into(),
        origin: match file.kind {
            KindFile::Measured => Origin::Measured,
            KindFile::Published => Origin::Published,
            KindFile::Derived { rule, formula, to_formula } => Origin::Derived(Derivation {
                rule: arc(rule),
                formula: Formula::new(&formula),
                to_formula: to_formula.as_deref().map(Formula::new),
            }),
            KindFile::Assumption => Origin::Assumption,
        },
        published: arc(file.published),
    }
}

/// Takes the customer in, and lays the measurements over our assumptions. The second are those refused, with why.
pub(crate) fn customer(file: CustomerFile, figures: &mut Figures) -> (Customer, Vec<(String, String)>) {
    let mut refused = Vec::new();
    for measurement in file.measurements {
        if let Some(why) = refusal(&measurement, figures) {
            refused.push((measurement.quantity, why));
            continue;
        }
        let by = Authority::Customer { tool: measurement.tool.into(), date: measurement.date.into() };
        let value = Span { from: measurement.value, to: measurement.to };
        figures.set_override(&measurement.quantity, Some(Override { value, by }));
    }
    // A name stands on one line, and what is in braces is to be filled in: a customer's words are said as they are.
    let plain = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    // A name of which a part would be empty boxes is worse than none.
    let name = Some(plain(&file.name)).filter(|name| name.chars().all(measure::has_glyph)).unwrap_or_default();
    figures.set_customer(&name);
    let slides = file.slides.into_iter().map(|SlideFile { image, caption, notes, budget_secs }| {
        let budget_secs = budget_secs.unwrap_or(30);
        Slide { image, caption: plain(&caption).replace(['{', '}'], ""), notes, budget_secs }
    });
    (Customer { name, logo: file.logo, slides: slides.collect() }, refused)
}

/// Why a measurement does not stand for a figure.
fn refusal(measurement: &MeasurementFile, figures: &Figures) -> Option<String> {
    let Some(figure) = figures.get(&measurement.quantity) else { return Some("no such quantity".to_owned()) };
    if !figures.is_assumed(&figure.id) {
        let origin = figures.origin_words(figure);
        return Some(format!("it is {origin}: a measurement replaces our assumptions only"));
    }
    let MeasurementFile { value, to, tool, date, .. } = measurement;
    let is_amount = |value: f64| value.is_finite() && value > 0.0;
    if !is_amount(*value) || to.is_some_and(|to| !is_amount(to) || to < *value) {
        return Some("it is no amount: give a number above 0, and the larger one in \"to\"".to_owned());
    }
    if tool.trim().is_empty() {
        return Some("it names no tool: the audience is told what measured it".to_owned());
    }
    if date.parse::<jiff::civil::Date>().is_err() {
        return Some(format!("\"{date}\" is no date such as 2026-11-20"));
    }
    let differs = *figure.unit != *measurement.unit;
    differs.then(|| format!("it is in {}: give it in {} too", measurement.unit, figure.unit))
}
