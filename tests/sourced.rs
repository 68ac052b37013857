//! No number without a source: every digit said on a step or on a card belongs to a quantity, is an ordinal, or is part
//! of a name; every quantity has its source and its inputs; an assumption says so.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod talk;

use tierlight::scene::check::bare_number;
use tierlight::scene::file::KindFile;
use tierlight::scene::library::Library;
use tierlight::scene::sources::Words;

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
            let number = bare_number(&words.literal, &library.sources.names)?;
            Some(format!("{at}: {number} in {:?}", words.text))
        })
        .collect();
    assert!(bare.is_empty(), "{}", bare.join("\n"));
}

#[test]
fn every_quantity_has_its_source_and_its_inputs() {
    let show = talk("none");
    let sources = &show.presentation().library().sources;
    for quantity in sources.quantities.values() {
        assert!(sources.sources.contains_key(&quantity.source), "{}", quantity.id);
        assert!(!quantity.condition.trim().is_empty(), "{} has no condition", quantity.id);
        if let KindFile::Derived { formula, inputs } = &quantity.kind {
            assert!(!formula.trim().is_empty(), "{}", quantity.id);
            let unknown: Vec<&String> =
                inputs.iter().filter(|input| !sources.quantities.contains_key(*input)).collect();
            assert!(unknown.is_empty(), "{}: {unknown:?}", quantity.id);
        }
    }
}

#[test]
fn units_are_decimal() {
    let show = talk("none");
    let library = show.presentation().library();
    let binary = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let wrong: Vec<&str> = said(library)
        .into_iter()
        .filter(|(_, words)| binary.iter().any(|unit| words.text.contains(unit)))
        .map(|(_, words)| &*words.text)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
