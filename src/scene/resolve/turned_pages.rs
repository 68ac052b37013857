//! Scenes that turn pages of data: the glossary, the sources that the other scenes use, the customer's own slides.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure;
use crate::picture::{Align, Face, Ink};
use crate::scene::file::{CardFile, ChangeFile, ElementFile, PagesFile, SceneFile, SpotFile, StepFile};
use crate::scene::model::{Scene, Term, TextRole};
use crate::scene::sources::Slide;

use super::known::Known;

/// What pages are made from.
pub(crate) struct PageData<'a> {
    pub(crate) known: Known<'a>,
    pub(crate) terms: &'a [Term],
    /// The scenes that were read before.
    pub(crate) scenes: &'a BTreeMap<String, Scene>,
}

/// Where rows of a page stand.
const FIRST_Y: f32 = 240.0;
const LEFT: f32 = 96.0;
const SECOND_X: f32 = 534.0;
const RIGHT: f32 = 1824.0;
const SIZE: f32 = 44.0;
const LEADING: f32 = SIZE * 1.3;
const GAP: f32 = 34.0;
const MOST_GAP: f32 = 160.0;
const NAME_ROOM: f32 = SECOND_X - LEFT - 24.0;
const LAST_Y: f32 = 940.0;
/// A heading ends before the small map.
const HEADING_SIZE: f32 = 64.0;
const HEADING_WIDTH: f32 = RIGHT - 104.0 - 24.0 - LEFT;
/// Words that a reference page may hold, less its heading and caption.
const MOST_WORDS: usize = 78;
/// Names on a page: labels are few.
const MOST_ROWS: usize = 6;
/// Seconds that a page is looked at.
const PAGE_SECS: u32 = 10;

/// A row of a page: its name, what it says, and what its card adds.
struct PageRow {
    id: String,
    name: String,
    says: String,
    card: CardFile,
    sources: Vec<String>,
    /// Words in it, and stage units from its first baseline to its last and a line more.
    words: usize,
    height: f32,
}

/// The scene with a step for each page of its data.
pub(crate) fn turn(file: &mut SceneFile, data: &PageData<'_>) {
    match file.pages {
        None => {}
        Some(PagesFile::Glossary) => {
            let rows: Vec<PageRow> = data.terms.iter().map(term).collect();
            lay_out(file, &rows, "Glossary");
        }
        Some(PagesFile::Sources) => {
            let mut ids: Vec<String> = used(data).into_iter().collect();
            ids.sort_by_key(|id| natural(id));
            let rows: Vec<PageRow> = ids.iter().filter_map(|id| source(id, data)).collect();
            lay_out(file, &rows, "Sources");
        }
        Some(PagesFile::Customer) => {
            let slides = data.known.sources.customer.iter().flat_map(|customer| &customer.slides);
            for (index, slide) in slides.enumerate() {
                show_slide(file, index, slide);
            }
        }
    }
}

fn term(file: &Term) -> PageRow {
    let mut rows = vec![("means".to_owned(), file.says.clone())];
    if !file.related.is_empty() {
        rows.push(("related".to_owned(), file.related.join(", ")));
    }
    if !file.also.is_empty() {
        rows.push(("asked for as".to_owned(), file.also.join(", ")));
    }
    let card = CardFile { title: file.term.clone(), rows, source: file.source.clone() };
    let sources = file.source.iter().cloned().collect();
    PageRow::new(file.row_id(), (&file.term, &file.says), card, sources)
}

/// The sources that steps, numbers and cards of the scenes name, in the order of their ids.
fn used(data: &PageData<'_>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for step in data.scenes.values().flat_map(|scene| &scene.steps) {
        used.extend(step.sources.iter().cloned());
        let figures = step.figure_ids().filter_map(|id| data.known.figures.get(id));
        used.extend(figures.map(|known| known.source.to_string()));
    }
    used.extend(data.scenes.values().flat_map(Scene::cards).filter_map(|card| card.source.clone()));
    used.extend(data.terms.iter().filter_map(|term| term.source.clone()));
    used.extend(data.known.world.components.iter().map(|component| component.source.to_string()));
    used
}

/// B2 stands before B12.
fn natural(id: &str) -> (String, u32) {
    let letters = id.trim_end_matches(|c: char| c.is_ascii_digit());
    (letters.to_owned(), id[letters.len()..].parse().unwrap_or(0))
}

/// Scenes whose steps name a source, for its card.
fn users(id: &str, data: &PageData<'_>) -> String {
    let names = |scene: &&Scene| scene.steps.iter().any(|step| step.sources.iter().any(|source| source == id));
    let users: Vec<&str> = data.scenes.values().filter(names).map(|scene| &*scene.id).collect();
    if users.is_empty() { "numbers and terms".to_owned() } else { users.join(", ") }
}

fn source(id: &str, data: &PageData<'_>) -> Option<PageRow> {
    let source = data.known.sources.sources.get(id)?;
    let date = source.date.as_ref().map(|date| format!("; {date}")).unwrap_or_default();
    let mut rows = vec![("says".to_owned(), source.says.clone()), ("used by".to_owned(), users(id, data))];
    rows.extend(source.url.iter().map(|url| ("at".to_owned(), url.clone())));
    let card = CardFile { title: format!("{id}: {}{date}", source.origin), rows, source: None };
    Some(PageRow::new(format!("source-{id}"), (id, &source.origin), card, Vec::new()))
}

/// Rows onto pages, as full as they can be, all of them: a step for each page.
fn lay_out(file: &mut SceneFile, rows: &[PageRow], what: &str) {
    let (mut from, mut turned) = (0, Vec::new());
    let ends = breaks(rows);
    for (index, to) in ends.iter().enumerate() {
        let page = &rows[from..*to];
        let ids = place_all(file, page);
        let sources: BTreeSet<&String> = page.iter().flat_map(|row| &row.sources).collect();
        let names: Vec<&str> = page.iter().map(|row| row.name.as_str()).collect();
        let (first, last) = (names.first().copied().unwrap_or(""), names.last().copied().unwrap_or(""));
        file.steps.push(StepFile {
            heading: Some(page_heading(what, first, last)),
            caption: format!("Page {{#{}}} of {{#{}}}.", index + 1, ends.len()),
            notes: format!("A page to look things up on: {}.", names.join(", ")),
            budget_secs: PAGE_SECS,
            sources: sources.into_iter().cloned().collect(),
            hero: Some("heading".to_owned()),
            changes: turn_over(std::mem::replace(&mut turned, ids.clone()), ids),
            ..StepFile::default()
        });
        from = *to;
    }
}

/// From where to where a page goes: in whole terms where there is room before the small map, else by their first words.
fn page_heading(what: &str, first: &str, last: &str) -> String {
    let heading = |first: &str, last: &str| format!("{what}: {first} to {last}");
    let word = |term: &str| term.split(' ').next().unwrap_or_default().to_owned();
    let all = [heading(first, last), heading(first, &word(last))];
    let fits = |heading: &String| measure::width(heading, Face::SemiBold, HEADING_SIZE, false) <= HEADING_WIDTH;
    all.into_iter().find(fits).unwrap_or_else(|| heading(&word(first), &word(last)))
}

/// Hides the page before, where there is one, and shows this one.
fn turn_over(before: Vec<String>, ids: Vec<String>) -> Vec<ChangeFile> {
    let hide = (!before.is_empty()).then_some(ChangeFile::Hide { ids: before, after: 0.0, how: None, secs: None });
    hide.into_iter().chain([ChangeFile::Reveal { ids, after: 0.0, how: None, secs: None, each: 0.0 }]).collect()
}

/// Where each page ends: of all ways to cut the rows, the one whose pages are the least empty, as lines of a paragraph
/// are broken.
fn breaks(rows: &[PageRow]) -> Vec<usize> {
    // For the first `n` rows: how empty their pages are together, and where the last of them begins.
    let mut best: Vec<(f32, usize)> = vec![(0.0, 0)];
    for to in 1..=rows.len() {
        let starts = to.saturating_sub(MOST_ROWS)..to;
        let ways = starts.filter_map(|from| Some((best[from].0 + emptiness(&rows[from..to])?, from)));
        best.push(ways.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((best[to - 1].0, to - 1)));
    }
    let (mut ends, mut at) = (Vec::new(), rows.len());
    while at > 0 {
        ends.push(at);
        at = best[at].1;
    }
    ends.reverse();
    ends
}

/// How empty a page of these rows is; none where they do not fit on one.
fn emptiness(rows: &[PageRow]) -> Option<f32> {
    let words: usize = rows.iter().map(|row| row.words).sum();
    let tall: f32 = rows.iter().map(|row| row.height).sum::<f32>() + GAP * (rows.len() as f32 - 1.0);
    let left = (LAST_Y + LEADING - FIRST_Y - tall) / (LAST_Y - FIRST_Y);
    (words <= MOST_WORDS && left >= 0.0).then_some(left * left)
}

impl PageRow {
    fn new(id: String, (name, says): (&str, &str), card: CardFile, sources: Vec<String>) -> Self {
        let lines = |words: &str, face: Face, room: f32| measure::wrap(words, face, SIZE, room).len();
        let tallest = lines(says, Face::Regular, RIGHT - SECOND_X).max(lines(name, Face::SemiBold, NAME_ROOM));
        let words = says.split_whitespace().count() + name.split_whitespace().count();
        let height = LEADING * tallest as f32;
        Self { id, name: name.to_owned(), says: says.to_owned(), card, sources, words, height }
    }
}

/// The rows of a page, spread over its height. The ids of their elements.
fn place_all(file: &mut SceneFile, page: &[PageRow]) -> Vec<String> {
    let text: f32 = page.iter().map(|row| row.height).sum();
    let gaps = page.len().saturating_sub(1).max(1) as f32;
    let gap = ((LAST_Y + LEADING - FIRST_Y - text) / gaps).clamp(GAP, MOST_GAP);
    let (mut y, mut ids) = (FIRST_Y, Vec::new());
    for (index, row) in page.iter().enumerate() {
        ids.extend(place(file, row, y));
        if index + 1 < page.len() {
            // In the middle between this row's descenders and the next one's capitals.
            ids.push(rule(file, row, y + row.height - LEADING + (gap + LEADING - 0.5 * SIZE) / 2.0));
        }
        y += row.height + gap;
    }
    ids
}

/// A thin line under a row.
fn rule(file: &mut SceneFile, row: &PageRow, y: f32) -> String {
    let id = format!("{}-rule", row.id);
    file.elements.push(ElementFile::Line {
        id: id.clone(),
        path: vec![(LEFT, y), (RIGHT, y)],
        curve: false,
        ink: Some(Ink::Line),
        width: Some(2.0),
        head: false,
        dashed: false,
    });
    id
}

/// The two elements of a row, and its card. The ids of the elements.
fn place(file: &mut SceneFile, row: &PageRow, y: f32) -> [String; 2] {
    let says = format!("{}-says", row.id);
    let text = |id: &str, x: f32, words: &str, (width, role): (f32, TextRole)| ElementFile::Text {
        id: id.to_owned(),
        at: (x, y),
        words: words.to_owned(),
        role,
        align: Align::Left,
        size: Some(SIZE),
        face: None,
        ink: None,
        width: Some(width),
    };
    file.elements.push(text(&row.id, LEFT, &row.name, (NAME_ROOM, TextRole::Label)));
    file.elements.push(text(&says, SECOND_X, &row.says, (RIGHT - SECOND_X, TextRole::Body)));
    let links = vec![says.clone()];
    file.spots.push(SpotFile { id: row.id.clone(), links, card: Some(row.card.clone()), copies: None });
    [row.id.clone(), says]
}

/// One of the customer's own pictures on the whole of the stage between heading and caption.
fn show_slide(file: &mut SceneFile, index: usize, slide: &Slide) {
    let id = format!("slide-{}", index + 1);
    file.elements.push(ElementFile::Image {
        id: id.clone(),
        bounds: (LEFT, 176.0, RIGHT, 960.0),
        path: slide.image.clone(),
        alt: slide.caption.clone(),
    });
    let before = (index > 0).then(|| format!("slide-{index}"));
    let changes = turn_over(before.into_iter().collect(), vec![id.clone()]);
    let notes = if slide.notes.is_empty() { "The customer's own slide.".to_owned() } else { slide.notes.clone() };
    file.steps.push(StepFile {
        heading: (index == 0).then(|| "{customer}".to_owned()),
        caption: slide.caption.clone(),
        notes,
        budget_secs: slide.budget_secs,
        hero: Some(id),
        changes,
        ..StepFile::default()
    });
}
