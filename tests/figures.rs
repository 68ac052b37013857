//! The told numbers late: what is laid over a figure shows at once, wherever it or what follows from it stands; and where a
//! derived number comes from is told line by line on its card.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod talk;

use egui::emath::Rect;
use tierlight::figures::{Authority, Figures, Origin, Override, Span};
use tierlight::measure;
use tierlight::picture::{Picture, Shape};
use tierlight::presentation::overlay;
use tierlight::show::Show;
use tierlight::timeline::flow::Flows;
use tierlight::timeline::hit::{Folded, NumberId};
use tierlight::timeline::playhead::Playhead;
use tierlight::timeline::{Stage, compose};

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
        overlay::numbers(library, &library.figures, step, Some(&[NumberId::Told(figure.id.to_string())]), &mut picture);
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
            assert!(said.contains(&**input) && said.contains(&value), "{}: {input} in {said}", figure.id);
        }
        count += 1;
        let conditions = derivation.inputs().into_iter().filter_map(|id| library.figures.get(id));
        full +=
            usize::from(conditions.into_iter().all(|input| said.contains(&*input.condition.replace('\u{2009}', " "))));
    }
    assert!(count > 200 && full > 200, "{count} cards, {full} with every condition");
}
