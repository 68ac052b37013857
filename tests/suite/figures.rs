//! The told numbers late: what is laid over a figure shows at once, wherever it or what follows from it stands; and where a
//! derived number comes from is told line by line on its card.

use egui::emath::Rect;
use tierlight::figures::{
    Authority, Derivation, Figure, Figures, Formula, FormulaError, Origin, Override, Span, grouped_digits,
};
use tierlight::measure;
use tierlight::picture::{Picture, Shape};
use tierlight::presentation::overlay;
use tierlight::show::Show;
use tierlight::timeline::flow::Flows;
use tierlight::timeline::hit::{Folded, NumberId};
use tierlight::timeline::playhead::Playhead;
use tierlight::timeline::{Stage, compose};

use crate::talk;

/// A step at rest, with these numbers.
fn composed(show: &Show, figures: &Figures, address: &str) -> Picture {
    let library = show.presentation().library();
    let at = library.position(address).expect("the shipped talk has this step");
    let (flows, folded) = (Flows::default(), Folded::new());
    let seen = &show.presentation().seen();
    let stage = Stage { library, figures, seen, flows: &flows, reduced: false, folded: &folded, focus: None };
    compose(stage, &Playhead::rest(at))
}

fn said(picture: &Picture) -> String {
    let texts = picture.marks.iter().filter_map(|mark| match &mark.shape {
        Shape::Text(text) => Some(text.words.replace('\u{2009}', " ")),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// The box of the first mark of this name.
fn place(picture: &Picture, name: &str) -> Rect {
    let mark = picture.marks.iter().find(|mark| mark.id.thing.word() == name).expect("it is drawn");
    mark.bounds(measure::bounds)
}

fn set(figures: &mut Figures, id: &str, from: f64) {
    figures.set_override(id, Some(Override { value: Span { from, to: None }, by: Authority::Presenter }));
}

#[test]
fn what_is_laid_over_a_figure_shows_where_it_stands_and_where_another_follows_from_it() {
    let show = talk::talk("none");
    let told = &show.presentation().library().figures;
    let mut changed = told.clone();
    // 16 B a parameter in place of 14: the checkpoint grows, and with it the time it takes.
    set(&mut changed, "bytes-full-state", 16.0);
    let cases = [("loop:4", "988", "1,130"), ("loop:4", "29 s", "33 s")];
    for (address, before, after) in cases {
        let [old, new] = [told, &changed].map(|figures| said(&composed(&show, figures, address)));
        assert!(old.contains(before) && !old.contains(after), "{address}: {old}");
        assert!(new.contains(after) && !new.contains(before), "{address}: {new}");
    }
    set(&mut changed, "bytes-full-state", 14.0);
    changed.set_override("bytes-full-state", None);
    let [old, new] = [told, &changed].map(|figures| composed(&show, figures, "loop:4"));
    assert_eq!(old, new, "and it comes back");
}

#[test]
fn bars_and_pins_follow_and_end_where_their_scale_ends() {
    let show = talk::talk("none");
    let library = show.presentation().library();
    let (told, mut moved) = (&library.figures, 0);
    for (scene, step) in
        library.scenes.iter().flat_map(|scene| scene.steps.iter().enumerate().map(move |at| (scene, at)))
    {
        let address = format!("{}:{}", scene.id, step.0 + 1);
        for placed in step.1.elements.iter().filter(|placed| placed.shown) {
            let name = &*placed.id;
            let tierlight::scene::model::Element::Bar { rect, gauge, .. } = &placed.element else { continue };
            let mut changed = told.clone();
            set(&mut changed, &gauge.figure, 1e30);
            let [old, new] = [told, &changed].map(|figures| place(&composed(&show, figures, &address), name));
            let full = rect.width();
            assert!(
                old.width() <= full + 0.1 && (new.width() - full).abs() < 0.1,
                "{address} {name}: {old} {new} {full}"
            );
            moved += usize::from(old != new);
        }
        if moved > 20 {
            return;
        }
    }
    panic!("only {moved} bars moved");
}

#[test]
fn where_a_derived_number_comes_from_is_told_line_by_line_and_stays_on_its_card() {
    let show = talk::talk("none");
    let library = show.presentation().library();
    let step = &library.scenes[0].steps[0];
    let (mut count, mut full) = (0, 0);
    for figure in library.figures.all() {
        let Origin::Derived(derivation) = &figure.origin else { continue };
        let mut picture = Picture::default();
        let seen = show.presentation().seen();
        overlay::numbers(library, &seen, step, Some(&[NumberId::Told(figure.id.to_string())]), &mut picture);
        let card = place(&picture, "card").shrink(16.0);
        for mark in &picture.marks[1..] {
            let bounds = mark.bounds(measure::bounds);
            assert!(card.contains_rect(bounds), "{}: {bounds} runs out of {card}", figure.id);
        }
        let said = said(&picture).replace('\n', " ");
        let shown = library.figures.shown(&figure.id).expect("each is shown");
        assert!(said.contains(&shown.words.replace('\u{2009}', " ")), "{said}");
        for input in derivation.inputs() {
            let value = library.figures.value_words(input).replace('\u{2009}', " ");
            assert!(said.contains(input) && said.contains(&value), "{}: {input} in {said}", figure.id);
        }
        count += 1;
        let conditions = derivation.inputs().into_iter().filter_map(|id| library.figures.get(id));
        full +=
            usize::from(conditions.into_iter().all(|input| said.contains(&*input.condition.replace('\u{2009}', " "))));
    }
    assert!(count > 200 && full > 200, "{count} cards, {full} with every condition");
}

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
    let derivation = Derivation { rule: None, formula: Formula::new(formula), to_formula: None };
    figure(id, value, unit, Origin::Derived(derivation))
}

fn about(figure: Figure) -> Figure {
    Figure { prefix: Some("about".into()), ..figure }
}

/// A size and a rate, the time that follows, what follows from that; and a formula of its own in a unit.
fn table(formula: &str, unit: &str) -> Figures {
    let figures = vec![
        figure("size", 988.0, "GB", Origin::Published),
        about(figure("rate", 34.4, "GB/s", Origin::Assumption)),
        derived("time", 29.0, "s", "{size} / {rate}"),
        about(derived("half", 10.0, "s", "{time} / 2")),
        derived("round", 1.0, "s", "{loop} × 1"),
        derived("loop", 1.0, "s", "{round} × 1"),
        figure("width", 8192.0, "", Origin::Published),
        figure("price", 1.8, "dollars/GPU-hour", Origin::Assumption),
        derived("own", 1.0, unit, formula),
    ];
    Figures::new(figures, ["GPU", "token", "dollar"].map(Into::into).into())
}

fn worked(table: &Figures, id: &str) -> Result<Span, FormulaError> {
    let figure = table.get(id).expect("it is there");
    let Origin::Derived(derivation) = &figure.origin else { panic!("it is derived") };
    table.worked_out(figure, derivation)
}

#[test]
fn formulas_have_values_and_units() {
    let cases = [
        ("{size} / {rate}", "s", 28.720_930),
        ("{size} / {rate}", "ms", 28_720.930),
        ("1e12 + 16,384 × 2", "", 1e12 + 32_768.0),
        ("2 ^ 3 ^ 2 − 12", "", 500.0),
        ("{width}² / 8,192 × 4 B/token", "kB/token", 32.768),
        ("54 d / 24 h/GPU", "GPUs", 54.0),
        ("50 GB/s / (5.5 GB/s/GPU)", "GPUs", 9.090_909),
        ("ceil(18 / 6) GPUs", "GPUs", 3.0),
        ("sqrt(2 × 8 s × 4 min)", "s", 61.967_734),
        ("min(3 s, 1 min, 2 s)", "s", 2.0),
        ("max(16,384, 3, 4)", "thousand", 16.384),
        ("2 ^ ceil(log2(log2(128 thousand) bits / B)) × B/token", "bits/token", 32.0),
        ("(2 + 4) B/token × tokens", "B", 6.0),
        ("{price} × 1,000 GPUs", "dollars/min", 30.0),
        ("90 % × 2 GiB", "GB", 1.932_735),
        ("6 FLOP/token × 15.6 trillion tokens", "1e12 FLOP", 93.6),
    ];
    for (formula, unit, value) in cases {
        let found = worked(&table(formula, unit), "own").map(|span| span.from);
        assert!(found.as_ref().is_ok_and(|found| (found / value - 1.0).abs() < 1e-6), "{formula}: {found:?}");
    }
}

#[test]
fn what_is_wrong_with_a_formula_is_said() {
    let cases = [
        ("{size} / ", "B", "it ends too early"),
        ("{size} ) 3", "B", "\") 3\" is not expected"),
        ("({size} + 1 B", "B", "it ends too early"),
        ("", "B", "it ends too early"),
        ("sqrt(1, 2)", "", "sqrt is of one value"),
        ("{seize} / 2", "B", "no quantity \"seize\""),
        ("{own} / 2", "", "\"own\" is worked out from itself"),
        ("{size} + {rate}", "B", "B and B/s are put together"),
        ("2 ^ {size}", "", "an exponent is in B, and must be a pure number"),
        ("sqrt({size})", "B", "B has no power of 0.5"),
        ("3 parsecs", "B", "\"parsecs\" is no unit that is known"),
        ("{size} / {rate}", "GB", "it gives s where the unit is B"),
        ("{size} / {rate}", "GbE", "the unit of \"own\": \"GbE\" is no unit that is known"),
    ];
    for (formula, unit, why) in cases {
        let found = worked(&table(formula, unit), "own").map_err(|error| error.to_string());
        assert_eq!(found, Err(why.to_owned()), "{formula}");
    }
}

#[test]
fn what_is_worked_out_follows_an_override_and_comes_back() {
    let mut table = table("{loop} × 2", "s");
    let words = |table: &Figures| {
        let shown = |id| table.shown(id).map(|shown| shown.words.replace('\u{2009}', " ")).unwrap_or_default();
        ["rate", "time", "half", "loop"].map(shown)
    };
    let told = ["about 34.4 GB/s", "29 s", "about 10 s", "1 s"];
    assert_eq!(words(&table), told);
    let by = Authority::Customer { tool: "warp".into(), date: "2026-11-20".into() };
    table.set_override("rate", Some(Override { value: Span { from: 100.0, to: None }, by }));
    assert_eq!(words(&table), ["100 GB/s", "9.9 s", "about 4.9 s", "1 s"]);
    let standing = table.get("rate").map(|rate| table.standing(rate));
    assert_eq!(standing.as_deref(), Some("MEASURED BY the customer, warp, 2026-11-20"));
    assert!(!table.is_assumed("rate") && table.is_assumed("price"));
    let value = Span { from: 50.0, to: Some(100.0) };
    table.set_override("rate", Some(Override { value, by: Authority::Presenter }));
    assert_eq!(words(&table), ["50–100 GB/s", "9.9–20 s", "about 4.9–9.9 s", "1 s"]);
    table.set_override("rate", None);
    assert_eq!(words(&table), told);
}

#[test]
fn a_result_agrees_within_the_printed_digits() {
    let cases = [
        (28.72, 29.0, false, true),
        (28.4, 29.0, false, false),
        (70.55, 70.6, false, true),
        (1703.9, 1700.0, true, true),
        (1703.9, 1700.0, false, false),
        (0.8086, 0.808, false, false),
    ];
    for (result, value, is_about, agrees) in cases {
        let told = figure("told", value, "s", Origin::Published);
        let told = if is_about { about(told) } else { told };
        assert_eq!(told.agrees(Span { from: result, to: None }), agrees, "{result} as {value}");
        assert!(!told.agrees(Span { from: value, to: Some(value) }), "a range is no single value");
    }
}

#[test]
fn numbers_are_written_as_people_do() {
    let cases = [(988.0, "988"), (16384.0, "16,384"), (0.86, "0.86"), (-3.5, "−3.5"), (1000.0, "1,000")];
    for (value, words) in cases {
        assert_eq!(grouped_digits(value), words);
    }
}

#[test]
fn a_scale_takes_any_size_of_its_unit() {
    let table = table("1 s", "s");
    for (unit, ratio) in [("B", Some(1e9)), ("GB", Some(1.0)), ("B/s", None), ("H100", None)] {
        assert_eq!(table.unit_ratio("size", unit), ratio, "{unit}");
    }
}
