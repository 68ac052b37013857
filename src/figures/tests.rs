use super::*;

fn figure(id: &str, value: f64, unit: &str, origin: Origin) -> Figure {
    Figure {
        id: id.into(),
        value: Span { from: value, to: None },
        prefix: None,
        unit: unit.into(),
        full_unit: None,
        condition: "a condition".into(),
        source: "F1".into(),
        origin,
        published: None,
    }
}

fn derived(id: &str, value: f64, unit: &str, formula: &str) -> Figure {
    let rule = Some("F2".into());
    figure(id, value, unit, Origin::Derived(Derivation { rule, formula: Formula::new(formula), to_formula: None }))
}

/// A size and a rate, the time that follows, and what follows from that.
fn table() -> Figures {
    let figures = vec![
        figure("size", 988.0, "GB", Origin::Published),
        Figure { prefix: Some("about".into()), ..figure("rate", 34.4, "GB/s", Origin::Assumption) },
        derived("time", 29.0, "s", "{size} / {rate}"),
        Figure { prefix: Some("about".into()), ..derived("half", 10.0, "s", "{time} / 2") },
        derived("round", 1.0, "s", "{about} × 1"),
        derived("about", 1.0, "s", "{round} × 1"),
        derived("wrong", 29.0, "GB", "{size} / {rate}"),
    ];
    Figures::new(figures, Vec::new())
}

fn words(table: &Figures, id: &str) -> String {
    table.shown(id).map(|shown| shown.words.replace(THIN_SPACE, " ")).unwrap_or_default()
}

fn single(from: f64) -> Span {
    Span { from, to: None }
}

#[test]
fn what_is_worked_out_follows_an_override_and_comes_back() {
    let mut table = table();
    let told = table.clone();
    assert_eq!(["rate", "time", "half"].map(|id| words(&table, id)), ["about 34.4 GB/s", "29 s", "about 10 s"]);
    let by = Authority::Customer { tool: "warp".into(), date: "2026-11-20".into() };
    table.set_override("rate", Some(Override { value: single(100.0), by }));
    assert_eq!(["rate", "time", "half"].map(|id| words(&table, id)), ["100 GB/s", "9.9 s", "about 4.9 s"]);
    assert_eq!(table.standing(&table.figures["rate"]), "MEASURED BY the customer, warp, 2026-11-20");
    assert!(table.is_assumed("time") || !table.is_assumed("rate"));
    assert_eq!(words(&table.as_told(), "time"), "29 s");
    table
        .set_override("rate", Some(Override { value: Span { from: 50.0, to: Some(100.0) }, by: Authority::Presenter }));
    assert_eq!(words(&table, "time"), "9.9–20 s");
    table.set_override("rate", None);
    assert_eq!(table.shown, told.shown);
}

#[test]
fn a_formula_is_worked_out_or_says_why_not() {
    let table = table();
    let worked = |id: &str| table.worked_out(&table.figures[id]);
    assert_eq!(worked("size"), None);
    assert_eq!(worked("time").unwrap().unwrap().rounded(), single(28.72));
    assert_eq!(worked("round"), Some(Err(FormulaError::Circular("round".to_owned()))));
    assert_eq!(worked("wrong"), Some(Err(FormulaError::Units("it gives s where the unit is B".to_owned()))));
    assert!(table.figures["time"].agrees(single(28.72)) && !table.figures["time"].agrees(single(29.7)));
    assert!(!table.figures["time"].agrees(Span { from: 29.0, to: Some(29.0) }));
}

#[test]
fn a_scale_takes_any_size_of_its_unit() {
    let table = table();
    let cases = [("B", Some(1e9)), ("GB", Some(1.0)), ("B/s", None), ("H100", None)];
    for (unit, ratio) in cases {
        assert_eq!(table.unit_ratio("size", unit), ratio, "{unit}");
    }
}
