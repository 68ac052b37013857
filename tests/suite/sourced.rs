//! No number without a source: every digit said on a step or on a card belongs to a quantity, is an ordinal, or is part
//! of a name; every quantity has its source and its inputs; an assumption says so.

use tierlight::figures::Origin;
use tierlight::scene::check::bare_number;
use tierlight::scene::library::Library;
use tierlight::scene::template::Words;

use crate::talk::talk;

/// Everything that is said, with where.
fn said(library: &Library) -> Vec<(String, &Words)> {
    let mut said = Vec::new();
    for scene in &library.scenes {
        // Titles of publications have years and versions in them: they are what is cited, not what is claimed.
        if &*scene.id == "sources" {
            continue;
        }
        for (index, step) in scene.steps.iter().enumerate() {
            said.extend(step.spoken().map(|words| (format!("{}:{}", scene.id, index + 1), words)));
        }
        for card in scene.cards() {
            let words = card.rows.iter().flat_map(|(name, says)| [name, says]).chain([&card.title]);
            said.extend(words.map(|words| (format!("a card of {}", scene.id), words)));
        }
    }
    for component in &library.world.components {
        // A path has names of its own.
        let rows = component.rows.iter().filter(|(name, _)| *name != "path").map(|(_, words)| words);
        said.extend(rows.chain([&component.why]).map(|words| (component.id.to_string(), words)));
    }
    said
}

#[test]
fn every_digit_belongs_to_a_quantity_or_is_an_ordinal() {
    let show = talk("none");
    let library = show.presentation().library();
    let said = said(library);
    assert!(said.len() > 2000, "{} texts", said.len());
    let bare: Vec<String> = (said.iter())
        .filter_map(|(at, words)| {
            let number = bare_number(&words.literal(), &library.sources.names)?;
            Some(format!("{at}: {number} in {:?}", words.filled(&library.figures)))
        })
        .collect();
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}

#[test]
fn every_quantity_has_its_source_and_its_inputs() {
    let show = talk("none");
    let library = show.presentation().library();
    for figure in library.figures.all() {
        assert!(library.sources.sources.contains_key(&*figure.source), "{}", figure.id);
        assert!(!figure.condition.trim().is_empty(), "{} has no condition", figure.id);
        if let Origin::Derived(derivation) = &figure.origin {
            let rule = derivation.rule.as_ref().is_none_or(|rule| library.sources.sources.contains_key(&**rule));
            assert!(rule, "{}: {:?}", figure.id, derivation.rule);
            let worked = library.figures.worked_out(figure, derivation);
            assert!(worked.as_ref().is_ok_and(|span| figure.agrees(*span)), "{}: {worked:?}", figure.id);
        }
    }
}

#[test]
fn units_are_decimal() {
    let show = talk("none");
    let library = show.presentation().library();
    let binary = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let said = said(library).into_iter().map(|(_, words)| words.filled(&library.figures));
    let wrong: Vec<_> = said.filter(|words| binary.iter().any(|unit| words.contains(unit))).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
