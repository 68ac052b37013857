//! What lies over the picture for a moment: the cheat sheet, where numbers come from, and short notices.

use std::collections::BTreeSet;
use std::iter;

use egui::emath::{Rect, pos2};

use crate::figures::{Cause, Derivation, Figure, Figures, Origin};
use crate::live::SourceKind;
use crate::measure;
use crate::picture::{Align, Face, Fill, Furniture, Id, Ink, Layer, Mark, Part, Picture, Role, Stroke};
use crate::presentation::keymap::{KeyEntry, Keymap};
use crate::scene::library::Library;
use crate::scene::model::Step;
use crate::signal::{Quantity, Reading, Signal, Tier};
use crate::telemetry::origin::SignalOrigin;
use crate::timeline::elements::numerals_of;
use crate::timeline::hit::NumberId;
use crate::timeline::seen::Seen;
use crate::timeline::words::{Style, card_box, text, width};

/// A quiet ground for a card, over the whole stage.
fn card(rect: Rect, picture: &mut Picture) {
    let stroke = Some(Stroke::new(3.0, Ink::Edge));
    let fill = Fill::Flat(Ink::Ground, 1.0);
    picture.push(card_box(Id::furniture(Furniture::Card), rect, (16.0, fill, stroke)));
}

fn line(nth: u32, words: impl Into<std::sync::Arc<str>>, at: (f32, f32), style: Style) -> Mark {
    text(Id::furniture(Furniture::Card).part(Part::Words).nth(nth), words, pos2(at.0, at.1), style)
}

/// How a key is written for people.
fn key_words(key: &str) -> String {
    let signs = [("ArrowRight", "→"), ("ArrowLeft", "←"), ("ArrowDown", "↓"), ("ArrowUp", "↑"), ("Escape", "Esc")];
    signs.into_iter().fold(key.to_owned(), |words, (name, sign)| words.replace(name, sign))
}

/// A column of the cheat sheet, and the keys' part of it.
const COLUMN: f32 = 850.0;
const KEYS_WIDTH: f32 = 376.0;
/// Commands in a column, and columns on a page.
const HELP_ROWS: usize = 17;
const HELP_COLUMNS: usize = 2;

/// How many pages the keys of a map need.
pub(super) fn help_pages(keymap: &Keymap) -> usize {
    keymap.entries.len().div_ceil(HELP_ROWS * HELP_COLUMNS)
}

/// One page of the cheat sheet: the key map in two columns.
pub(super) fn help(keymap: &Keymap, page: usize, picture: &mut Picture) {
    card(Rect::from_min_max(pos2(96.0, 60.0), pos2(1824.0, 1032.0)), picture);
    let style = Style::new(Role::Card, Layer::Furniture, 44.0).strong();
    let pages = help_pages(keymap);
    let title = if pages > 1 { format!("Keys, {} of {pages}", page + 1) } else { "Keys".to_owned() };
    picture.push(line(1, title, (144.0, 132.0), style));
    let entries: Vec<&KeyEntry> =
        keymap.entries.iter().skip(page * HELP_ROWS * HELP_COLUMNS).take(HELP_ROWS * HELP_COLUMNS).collect();
    let rows = entries.len().div_ceil(HELP_COLUMNS).max(1);
    for (index, entry) in entries.into_iter().enumerate() {
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

/// A number or a claim: what it is, and below it what is known of it, each on lines of its own.
struct SheetRow {
    head: String,
    says: Vec<String>,
}

/// Between two lines, and between two rows beyond that; the height that rows may have together.
const LINE: f32 = 38.0;
const ROW_GAP: f32 = 24.0;
const ROWS_ROOM: f32 = 872.0;

impl SheetRow {
    fn new(head: impl Into<String>, says: impl Into<String>) -> Self {
        Self { head: head.into(), says: vec![says.into()] }
    }

    /// Its lines; those of the head are strong.
    fn lines(&self) -> Vec<(bool, String)> {
        let head = measure::wrap(&self.head, Face::SemiBold, 28.0, 1600.0).into_iter().map(|line| (true, line));
        let says = self.says.iter().flat_map(|says| measure::wrap(says, Face::Regular, 28.0, 1600.0));
        head.chain(says.map(|line| (false, line))).collect()
    }
}

fn height(rows: &[SheetRow]) -> f32 {
    rows.iter().map(|row| ROW_GAP + LINE * row.lines().len() as f32).sum()
}

/// Where the step's numbers come from: value, condition, origin, source. `aimed`: those pointed at, in full.
pub fn numbers(library: &Library, seen: &Seen<'_>, step: &Step, aimed: Option<&[NumberId]>, picture: &mut Picture) {
    let mut rows: Vec<SheetRow> = match aimed {
        Some(ids) => ids.iter().flat_map(|id| in_full(library, seen, id)).collect(),
        None => rows(library, seen, step),
    };
    // Where there is not room for all, the longest says less.
    while height(&rows) > ROWS_ROOM {
        let longest = rows.iter_mut().max_by_key(|row| row.says.len()).filter(|row| row.says.len() > 1);
        if longest.and_then(|row| row.says.pop()).is_none() {
            rows.pop();
        }
    }
    let top = (874.0 - height(&rows)).max(60.0);
    card(Rect::from_min_max(pos2(96.0, top), pos2(1824.0, 1032.0)), picture);
    let style = Style::new(Role::Card, Layer::Furniture, 36.0).strong();
    picture.push(line(1, "Where these numbers come from", (144.0, top + 62.0), style));
    let style = Style::new(Role::Card, Layer::Furniture, 28.0);
    let (mut y, mut part) = (top + 62.0, 10);
    for row in rows {
        y += ROW_GAP;
        for (is_head, words) in row.lines() {
            y += LINE;
            picture.push(line(part, words, (144.0, y), if is_head { style.strong() } else { style }));
            part += 1;
        }
    }
}

/// What fits on a card.
const MOST_ROWS: usize = 7;

fn rows(library: &Library, seen: &Seen<'_>, step: &Step) -> Vec<SheetRow> {
    let mut known = BTreeSet::new();
    let mut rows: Vec<SheetRow> = read_on(library, step).iter().filter_map(|signals| measured(seen, signals)).collect();
    let ids = step.figure_ids().filter(|id| known.insert(*id));
    rows.extend(ids.filter_map(|id| brief(library, &library.figures, id)));
    rows.extend(step.sources.iter().filter_map(|id| claim(library, id)));
    if rows.is_empty() {
        let says = "What is measured is named by its badge; nothing of it is known now.";
        rows.push(SheetRow::new("No number on this step has a source.", says));
    }
    rows.truncate(MOST_ROWS);
    rows
}

/// The signals that a step shows, those of one number together. A step that has no reading of its own, but floors or lanes
/// that have, shows the traffic of each tier.
fn read_on(library: &Library, step: &Step) -> Vec<Vec<Signal>> {
    let shown = step.elements.iter().filter(|placed| placed.shown);
    let bound = shown.filter_map(|placed| placed.element.parts().binding).map(|binding| binding.signals.clone());
    let bound: Vec<Vec<Signal>> = bound.collect();
    let scene = library.scenes.iter().find(|scene| scene.steps.iter().any(|of| std::ptr::eq(of, step)));
    if bound.is_empty() && scene.is_some_and(|scene| scene.measures(step)) {
        let traffic = [Quantity::ReadBytesPerSec, Quantity::WriteBytesPerSec];
        return Tier::ALL.map(|tier| traffic.map(|of| Signal::tier(tier, of)).into()).into();
    }
    bound
}

/// A measured number: what it is now, what it is read off, how old it may be, of which nodes, and how it is worked out.
/// None where nothing of it is known.
fn measured(seen: &Seen<'_>, signals: &[Signal]) -> Option<SheetRow> {
    let known = signals.iter().filter_map(|signal| Some((*signal, *seen.readings.get(signal)?)));
    let known: Vec<(Signal, Reading)> = known.collect();
    let (first, reading) = *known.first()?;
    let value = |(signal, reading): &(Signal, Reading)| {
        let numerals = numerals_of(signal.quantity, reading.value);
        format!("{signal}  {}", numerals.words().trim())
    };
    let head: Vec<String> = known.iter().map(value).collect();
    // A server that tells its traffic live is read by its newer pages, its gauges too, however late those may be.
    let lag_secs = |signal: &Signal| {
        let traffic = Signal { quantity: Quantity::WriteBytesPerSec, ..*signal };
        seen.readings.get(&traffic).map_or(reading.lag_secs, |traffic| traffic.lag_secs)
    };
    let age_secs = (seen.now_secs - reading.at_secs).max(0.0);
    let queries = seen.source.queries(first, seen.names);
    let by_server = seen.source.kind == SourceKind::Prometheus || !queries.is_empty();
    let late = match reading.lag_secs {
        lag if by_server => format!("as the server last scraped it, up to {lag:.0}\u{2009}s late"),
        lag if lag > CACHED_SECS => format!("from a cache, up to {lag:.0}\u{2009}s late"),
        _ => "read live".to_owned(),
    };
    let nodes = |tier: Tier| {
        let count = |of| seen.readings.get(&Signal::tier(tier, of)).map(|reading| reading.value);
        let (online, total) = (count(Quantity::NodesOnline)?, count(Quantity::NodesTotal)?);
        Some(format!("; {online:.0} of {total:.0} nodes"))
    };
    let nodes = first.subject.tier().and_then(nodes).unwrap_or_default();
    let state = seen.state(first.subject);
    let mut says: Vec<String> = if by_server {
        // Those beside it are asked for alike.
        iter::once(first.meaning()).chain(queries).map(str::to_owned).collect()
    } else {
        read_off(known.iter().map(|(signal, _)| (*signal, lag_secs(signal) > CACHED_SECS)))
    };
    let scanned_secs = seen.readings.get(&Signal { quantity: Quantity::UsageAgeSecs, ..first }).map(|age| age.value);
    let scanned = scanned_secs.filter(|_| first.quantity.is_of_scanner());
    let scanned = scanned.map(|secs| format!("; the scanner’s count is {secs:.0}\u{2009}s old")).unwrap_or_default();
    says.push(format!("{state}, {age_secs:.0}\u{2009}s old, {late}{nodes}{scanned}"));
    Some(SheetRow { head: head.join("   "), says })
}

/// Where a measured number comes from, line by line; none where nothing of it is known.
pub(crate) fn origin_words(seen: &Seen<'_>, signal: Signal) -> Option<String> {
    let SheetRow { head, says } = measured(seen, &[signal])?;
    Some(iter::once(head).chain(says).collect::<Vec<_>>().join("\n"))
}

/// What signals mean and how they are worked out, and which metrics of which pages they are read off. Each with whether it
/// is by a server's older, cached pages.
fn read_off(signals: impl Iterator<Item = (Signal, bool)>) -> Vec<String> {
    let signals: Vec<(Signal, bool)> = signals.collect();
    let origins: Vec<SignalOrigin> =
        signals.iter().map(|(signal, is_cached)| SignalOrigin::of(*signal, *is_cached)).collect();
    let families: BTreeSet<&str> = origins.iter().flat_map(|origin| &origin.families).map(String::as_str).collect();
    let paths: BTreeSet<&str> = origins.iter().map(|origin| origin.path.as_str()).collect();
    let join = |words: BTreeSet<&str>| words.into_iter().collect::<Vec<_>>().join(", ");
    let meaning = signals.first().map_or("", |(signal, _)| signal.meaning());
    let how = origins.first().map_or("", |origin| origin.how);
    vec![format!("{meaning}: {how}"), format!("{} on {}", join(families), join(paths))]
}

/// What may be later than this is served from a cache.
const CACHED_SECS: f64 = 5.0;

fn brief(library: &Library, figures: &Figures, id: &str) -> Option<SheetRow> {
    let (figure, shown) = figures.get(id).zip(figures.shown(id))?;
    let source = library.sources.sources.get(&*figure.source)?;
    let published = figure.published.as_ref().map(|words| format!("; published as {words}")).unwrap_or_default();
    let head = format!("{}  ({})", shown.words, figures.origin_words(figure));
    Some(SheetRow::new(head, format!("{}{published}. {}: {}", figures.condition(figure), source.id, source.origin)))
}

/// One number with all that is known of it: condition, formula line by line, as published, source, date.
fn in_full(library: &Library, seen: &Seen<'_>, number: &NumberId) -> Vec<SheetRow> {
    let figures = &library.figures;
    let id = match number {
        NumberId::Told(id) => id,
        NumberId::Measured(signal) => {
            let unknown =
                || SheetRow::new(signal.to_string(), format!("{}: nothing is known of it now", signal.meaning()));
            return vec![measured(seen, &[*signal]).unwrap_or_else(unknown)];
        }
    };
    let Some((figure, shown)) = figures.get(id).zip(figures.shown(id)) else { return Vec::new() };
    let derivation = match &figure.origin {
        Origin::Derived(derivation) if shown.cause != Cause::Overridden => Some(derivation),
        _ => None,
    };
    let origin = derivation.map_or_else(|| figures.origin_words(figure), |_| "derived".to_owned());
    let mut rows = vec![SheetRow::new(format!("{}  ({origin})", shown.words), figures.condition(figure))];
    rows.extend(derivation.into_iter().flat_map(|derivation| derived(figures, figure, derivation)));
    rows.extend(figure.published.as_deref().map(|published| SheetRow::new("as published", published)));
    rows.extend(library.sources.sources.get(&*figure.source).map(|source| {
        let date = source.date.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
        SheetRow::new(format!("{}  {}{date}", source.id, source.origin), source.says.clone())
    }));
    rows
}

/// The formula with names, with values, and what it comes to; then what went into it.
fn derived(figures: &Figures, figure: &Figure, derivation: &Derivation) -> Vec<SheetRow> {
    let result = match figures.worked_out(figure, derivation) {
        Ok(result) => format!("= {}", figure.with_unit(&result.rounded().digits())),
        Err(error) => error.to_string(),
    };
    let values = derivation.spell_out(|id| figures.value_words(id));
    let formula = derivation.under_rule(&derivation.spell_out(ToOwned::to_owned));
    let mut rows = vec![SheetRow { head: format!("formula  {formula}"), says: vec![format!("= {values}"), result] }];
    let inputs = derivation.inputs().into_iter().filter_map(|id| figures.get(id));
    let says = inputs.map(|input| {
        let shown = figures.shown(&input.id).map_or("", |shown| &shown.words);
        format!("{}: {shown}, {}", input.id, figures.condition(input))
    });
    let says: Vec<String> = says.collect();
    if !says.is_empty() {
        rows.push(SheetRow { head: "from".to_owned(), says });
    }
    rows
}

fn claim(library: &Library, id: &str) -> Option<SheetRow> {
    let source = library.sources.sources.get(id)?;
    Some(SheetRow::new(format!("{}  {}", source.id, source.origin), source.says.clone()))
}

/// A short notice in the lower right corner.
pub(crate) fn notice(words: &str, picture: &mut Picture) {
    let wide = width(words, Face::Medium, 28.0) + 48.0;
    let rect = Rect::from_min_max(pos2(1824.0 - wide, 1030.0), pos2(1824.0, 1076.0));
    let stroke = Some(Stroke::new(2.0, Ink::Edge));
    let id = Id::furniture(Furniture::Notice);
    picture.push(card_box(id.clone(), rect, (10.0, Fill::Flat(Ink::Ground, 0.96), stroke)));
    let style = Style::new(Role::Card, Layer::Furniture, 28.0).face(Face::Medium).ink(Ink::Text);
    picture.push(text(id.part(Part::Words), words, pos2(rect.left() + 24.0, 1063.0), style));
}

/// The three keys that lead to all others.
pub(super) fn first_keys(keymap: &Keymap) -> [String; 3] {
    [("next", "next step"), ("console", "your console, with notes and time"), ("help", "all keys")].map(
        |(name, words)| {
            let entry = keymap.entries.iter().find(|entry| entry.name() == name);
            let keys = entry.into_iter().flat_map(|entry| &entry.keys).take(2).map(|key| key_words(key));
            format!("{}   {words}", keys.collect::<Vec<_>>().join("  "))
        },
    )
}

/// Tells the first keys in the lower left corner.
pub(super) fn draw_first_keys(keymap: &Keymap, left: f32, picture: &mut Picture) {
    let lines = first_keys(keymap);
    let wide = lines.iter().map(|line| width(line, Face::Medium, 36.0)).fold(0.0, f32::max) + 64.0;
    let rect = Rect::from_min_max(pos2(96.0, 836.0), pos2(96.0 + wide, 1032.0));
    let id = Id::furniture(Furniture::Notice);
    let stroke = Some(Stroke::new(2.0, Ink::Edge));
    picture.push(card_box(id.clone(), rect, (12.0, Fill::Flat(Ink::Ground, 0.96), stroke)).faded(left));
    let style = Style::new(Role::Card, Layer::Furniture, 36.0).face(Face::Medium).ink(Ink::Text);
    for (nth, line) in lines.into_iter().enumerate() {
        let at = pos2(rect.left() + 32.0, rect.top() + 60.0 + nth as f32 * 56.0);
        picture.push(text(id.part(Part::Words).nth(nth as u32), line, at, style).faded(left));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Shape;

    /// The marks of a page that touch one another or run out.
    fn assert_fits(keymap: &Keymap, page: usize) {
        let mut picture = Picture::default();
        help(keymap, page, &mut picture);
        let texts = picture.marks.iter().filter(|mark| matches!(mark.shape, Shape::Text(_)));
        let rects: Vec<Rect> = texts.map(|mark| mark.bounds(measure::bounds)).collect();
        let card = picture.marks[0].bounds(measure::bounds).shrink(24.0);
        for (index, rect) in rects.iter().enumerate() {
            assert!(card.contains_rect(*rect), "{rect:?} runs out of {card:?}");
            assert!(!rects[index + 1..].iter().any(|other| other.intersects(*rect)), "{rect:?} is touched");
        }
    }

    #[test]
    fn on_the_cheat_sheet_nothing_touches_and_nothing_runs_out_however_many_keys_there_are() {
        let mut keymap = Keymap::default();
        while keymap.entries.len() < 80 {
            (0..help_pages(&keymap)).for_each(|page| assert_fits(&keymap, page));
            let more: Vec<KeyEntry> = keymap.entries.iter().take(7).cloned().collect();
            keymap.entries.extend(more);
        }
        assert_eq!(help_pages(&keymap), 3);
    }
}
