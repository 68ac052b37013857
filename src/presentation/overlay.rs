//! What lies over the picture for a moment: the cheat sheet, where numbers come from, and short notices.

use std::collections::BTreeSet;

use egui::emath::{Rect, pos2};

use crate::measure;
use crate::picture::{Align, Face, Fill, Furniture, Id, Ink, Layer, Mark, Part, Picture, Role, Stroke};
use crate::presentation::keys;
use crate::scene::file::KindFile;
use crate::scene::library::Library;
use crate::scene::model::Step;
use crate::timeline::hit::NumberId;
use crate::timeline::words::{Style, boxed, text, width};

/// A quiet ground for a card, over the whole stage.
fn card(rect: Rect, picture: &mut Picture) {
    let stroke = Some(Stroke::new(3.0, Ink::Edge));
    let fill = Fill::Flat(Ink::Ground, 1.0);
    picture.push(boxed(Id::furniture(Furniture::Card), Role::Card, Layer::Furniture, rect, (16.0, fill, stroke)));
}

fn line(nth: u32, words: impl Into<std::sync::Arc<str>>, at: (f32, f32), style: Style) -> Mark {
    text(Id::furniture(Furniture::Card).part(Part::Words).nth(nth), words, pos2(at.0, at.1), style)
}

/// How a key is written for people.
fn key_words(key: &str) -> String {
    let key =
        key.replace("ArrowRight", "→").replace("ArrowLeft", "←").replace("ArrowDown", "↓").replace("ArrowUp", "↑");
    key.replace("Escape", "Esc")
}

/// A column of the cheat sheet, and the keys' part of it.
const COLUMN: f32 = 850.0;
const KEYS_WIDTH: f32 = 376.0;

/// The cheat sheet: the key table in two columns.
pub fn help(picture: &mut Picture) {
    card(Rect::from_min_max(pos2(96.0, 60.0), pos2(1824.0, 1032.0)), picture);
    let style = Style::new(Role::Card, Layer::Furniture, 44.0).strong();
    picture.push(line(1, "Keys", (144.0, 132.0), style));
    let table = keys::table();
    let rows = table.len().div_ceil(2);
    for (index, entry) in table.iter().enumerate() {
        let (column, row) = (index / rows, index % rows);
        let at = (144.0 + COLUMN * column as f32, 190.0 + 48.0 * row as f32);
        let keys: Vec<String> = entry.keys.iter().map(|key| key_words(key)).collect();
        let style = Style::new(Role::Card, Layer::Furniture, 28.0);
        let part = 10 + 2 * index as u32;
        picture.push(line(part, keys.join(" "), at, style.face(Face::MonoMedium).ink(Ink::Text)));
        picture.push(line(part + 1, entry.words, (at.0 + KEYS_WIDTH, at.1), style));
    }
    let style = Style::new(Role::Card, Layer::Furniture, 28.0).align(Align::Right);
    picture.push(line(2, "digits, then Enter: scene of that number", (1776.0, 132.0), style));
}

/// Where the step's numbers come from: value, condition, kind, source.
pub fn numbers(library: &Library, (step, aimed): (&Step, Option<&[NumberId]>), picture: &mut Picture) {
    let rows = match aimed {
        Some(numbers) => numbers.iter().flat_map(|number| in_full(library, number)).collect(),
        None => rows(library, step),
    };
    let lines: Vec<(String, Vec<String>)> = rows.iter().map(|(head, tail)| (head.clone(), wrapped(tail))).collect();
    let tall: f32 = lines.iter().map(|(_, tail)| 62.0 + 38.0 * tail.len() as f32).sum();
    let top = (984.0 - tall - 110.0).max(60.0);
    card(Rect::from_min_max(pos2(96.0, top), pos2(1824.0, 1032.0)), picture);
    let style = Style::new(Role::Card, Layer::Furniture, 36.0).strong();
    picture.push(line(1, "Where these numbers come from", (144.0, top + 62.0), style));
    let mut y = top + 124.0;
    let mut part = 10;
    for (head, tail) in lines {
        let style = Style::new(Role::Card, Layer::Furniture, 28.0);
        picture.push(line(part, head, (144.0, y), style.strong()));
        for words in tail {
            part += 1;
            y += 38.0;
            picture.push(line(part, words, (144.0, y), style));
        }
        part += 1;
        y += 62.0;
    }
}

fn wrapped(words: &str) -> Vec<String> {
    measure::wrap(words, Face::Regular, 28.0, 1600.0)
}

/// What fits on a card.
const MOST_ROWS: usize = 7;

fn rows(library: &Library, step: &Step) -> Vec<(String, String)> {
    let ids: Vec<String> = step.quantities().map(ToOwned::to_owned).collect();
    let mut seen = BTreeSet::new();
    let numbers = ids.into_iter().filter(|id| seen.insert(id.clone()));
    let mut rows: Vec<(String, String)> = numbers.filter_map(|id| quantity(library, &id)).collect();
    rows.extend(step.sources.iter().filter_map(|id| claim(library, id)));
    if rows.is_empty() {
        rows.push((
            "No number on this step is ours to source.".to_owned(),
            "Measured numbers come from the source named by the badge.".to_owned(),
        ));
    }
    rows.truncate(MOST_ROWS);
    rows
}

fn quantity(library: &Library, id: &str) -> Option<(String, String)> {
    let quantity = library.sources.quantities.get(id)?;
    let source = library.sources.sources.get(&quantity.source)?;
    let published = quantity.published.as_ref().map(|words| format!("; published as {words}")).unwrap_or_default();
    let head = format!("{}  ({})", quantity.words(), quantity.kind_words());
    Some((head, format!("{}{published}. {}: {}", quantity.condition, source.id, source.origin)))
}

/// One number with all that is known of it: condition, formula and its inputs, as published, source, date.
fn in_full(library: &Library, number: &NumberId) -> Vec<(String, String)> {
    let sources = &library.sources;
    let id = match number {
        NumberId::Told(id) => id,
        NumberId::Measured(signal) => {
            let words = signal.quantity.words();
            let says = format!("measured: {words}; read from the source that the badge and the bottom line name");
            return vec![(signal.to_string(), says)];
        }
    };
    let Some(known) = sources.quantities.get(id) else { return Vec::new() };
    let kind = match &known.kind {
        KindFile::Derived { .. } => "derived".to_owned(),
        _ => known.kind_words(),
    };
    let mut rows = vec![(format!("{}  ({kind})", known.words()), known.condition.clone())];
    if let KindFile::Derived { formula, inputs } = &known.kind {
        let inputs = inputs.iter().filter_map(|input| sources.quantities.get(input));
        let inputs: Vec<String> = inputs.map(|input| format!("{} ({})", input.words(), input.condition)).collect();
        rows.push((format!("formula  {formula}"), inputs.join("; ")));
    }
    if let Some(published) = &known.published {
        rows.push(("as published".to_owned(), published.clone()));
    }
    rows.extend(sources.sources.get(&known.source).map(|source| {
        let date = source.date.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
        (format!("{}  {}{date}", source.id, source.origin), source.says.clone())
    }));
    rows
}

fn claim(library: &Library, id: &str) -> Option<(String, String)> {
    let source = library.sources.sources.get(id)?;
    Some((format!("{}  {}", source.id, source.origin), source.says.clone()))
}

/// A short notice in the lower right corner.
pub fn notice(words: &str, picture: &mut Picture) {
    let wide = width(words, Face::Medium, 28.0) + 48.0;
    let rect = Rect::from_min_max(pos2(1824.0 - wide, 1030.0), pos2(1824.0, 1076.0));
    let stroke = Some(Stroke::new(2.0, Ink::Edge));
    picture.push(boxed(
        Id::furniture(Furniture::Notice),
        Role::Card,
        Layer::Furniture,
        rect,
        (10.0, Fill::Flat(Ink::Ground, 0.96), stroke),
    ));
    let style = Style::new(Role::Card, Layer::Furniture, 28.0).face(Face::Medium).ink(Ink::Text);
    picture.push(text(
        Id::furniture(Furniture::Notice).part(Part::Words),
        words,
        pos2(rect.left() + 24.0, 1063.0),
        style,
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Shape;

    #[test]
    fn on_the_cheat_sheet_nothing_touches_and_nothing_runs_out() {
        let mut picture = Picture::default();
        help(&mut picture);
        let texts = picture.marks.iter().filter(|mark| matches!(mark.shape, Shape::Text(_)));
        let rects: Vec<Rect> = texts.map(|mark| mark.bounds(measure::bounds)).collect();
        let card = picture.marks[0].bounds(measure::bounds).shrink(24.0);
        for (index, rect) in rects.iter().enumerate() {
            assert!(card.contains_rect(*rect), "{rect:?} runs out of {card:?}");
            assert!(!rects[index + 1..].iter().any(|other| other.intersects(*rect)), "{rect:?} is touched");
        }
    }
}
