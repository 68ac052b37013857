//! Scenes that turn pages of data: the glossary, the sources that the other scenes use, the customer's own slides.

use std::collections::{BTreeMap, BTreeSet};

use crate::measure;
use crate::picture::{Align, Face};
use crate::scene::file::{
    CardFile, ChangeFile, ElementFile, PagesFile, SceneFile, SlideFile, SpotFile, StepFile, TermFile, TextRoleFile,
};
use crate::scene::model::Scene;
use crate::scene::sources::Sources;

/// What pages are made from.
pub struct Data<'a> {
    pub sources: &'a Sources,
    pub terms: &'a [TermFile],
    /// The scenes that were read before.
    pub scenes: &'a BTreeMap<String, Scene>,
}

/// Where rows of a page stand.
const FIRST_Y: f32 = 232.0;
const LEFT: f32 = 96.0;
const SECOND_X: f32 = 534.0;
const RIGHT: f32 = 1824.0;
const LEADING: f32 = 46.0;
const LAST_Y: f32 = 940.0;
/// Words that a reference page may hold, less its heading and caption.
const MOST_WORDS: usize = 72;
/// Seconds that a page is looked at.
const PAGE_SECS: u32 = 10;

/// A row of a page: its name, what it says, and what its card adds.
struct Row {
    id: String,
    name: String,
    says: String,
    card: CardFile,
    sources: Vec<String>,
}

/// The scene with a step for each page of its data.
pub fn turn(file: &mut SceneFile, data: &Data<'_>) {
    match file.pages {
        None => {}
        Some(PagesFile::Glossary) => {
            let rows = data.terms.iter().map(term).collect();
            lay_out(file, rows, "Glossary", "Enter on a term opens what belongs with it.");
        }
        Some(PagesFile::Sources) => {
            let rows = used(data).into_iter().filter_map(|id| source(&id, data)).collect();
            lay_out(file, rows, "Sources", "Enter on a source opens what it says and who uses it.");
        }
        Some(PagesFile::Customer) => {
            let slides = data.sources.customer.iter().flat_map(|customer| &customer.slides);
            for (index, slide) in slides.enumerate() {
                show_slide(file, index, slide);
            }
        }
    }
}

/// The id of a term's row.
pub fn term_id(term: &str) -> String {
    let plain: String = term.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    format!("term-{plain}")
}

fn term(file: &TermFile) -> Row {
    let mut rows = vec![("means".to_owned(), file.says.clone())];
    if !file.related.is_empty() {
        rows.push(("related".to_owned(), file.related.join(", ")));
    }
    if !file.also.is_empty() {
        rows.push(("asked for as".to_owned(), file.also.join(", ")));
    }
    let card = CardFile { title: file.term.clone(), rows, source: file.source.clone() };
    let sources = file.source.iter().cloned().collect();
    Row { id: term_id(&file.term), name: file.term.clone(), says: file.says.clone(), card, sources }
}

/// The sources that steps, numbers and cards of the scenes name, in the order of their ids.
fn used(data: &Data<'_>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for step in data.scenes.values().flat_map(|scene| &scene.steps) {
        used.extend(step.sources.iter().cloned());
        let quantities = step.quantities();
        used.extend(quantities.filter_map(|id| data.sources.quantities.get(id)).map(|known| known.source.clone()));
    }
    used.extend(data.terms.iter().filter_map(|term| term.source.clone()));
    used
}

/// Scenes whose steps name a source, for its card.
fn users(id: &str, data: &Data<'_>) -> String {
    let names = |scene: &&Scene| scene.steps.iter().any(|step| step.sources.iter().any(|source| source == id));
    let users: Vec<&str> = data.scenes.values().filter(names).map(|scene| &*scene.id).collect();
    if users.is_empty() { "numbers and terms".to_owned() } else { users.join(", ") }
}

fn source(id: &str, data: &Data<'_>) -> Option<Row> {
    let source = data.sources.sources.get(id)?;
    let date = source.date.as_ref().map(|date| format!("; {date}")).unwrap_or_default();
    let mut rows = vec![("says".to_owned(), source.says.clone()), ("used by".to_owned(), users(id, data))];
    rows.extend(source.url.iter().map(|url| ("at".to_owned(), url.clone())));
    let card = CardFile { title: format!("{id}: {}{date}", source.origin), rows, source: None };
    let name = id.to_owned();
    Some(Row { id: format!("source-{id}"), name, says: source.origin.clone(), card, sources: Vec::new() })
}

/// Rows onto pages: as many as the words and the height allow.
fn lay_out(file: &mut SceneFile, rows: Vec<Row>, what: &str, caption: &str) {
    let mut page: Vec<String> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut sources: Vec<String> = Vec::new();
    let (mut y, mut words) = (FIRST_Y, 0);
    let mut turned: Vec<String> = Vec::new();
    for row in rows {
        let lines = measure::wrap(&row.says, Face::Regular, 36.0, RIGHT - SECOND_X).len() as f32;
        let tall = LEADING * lines + 26.0;
        let count = row.says.split_whitespace().count() + row.name.split_whitespace().count();
        if !page.is_empty() && (words + count > MOST_WORDS || y + LEADING * (lines - 1.0) > LAST_Y) {
            let leaf = Leaf { what, caption, names: &names, sources: &sources };
            leaf.push(file, &mut page, &mut turned);
            (names, sources, y, words) = (Vec::new(), Vec::new(), FIRST_Y, 0);
        }
        page.extend(place(file, &row, y));
        names.push(row.name);
        sources.extend(row.sources);
        (y, words) = (y + tall, words + count);
    }
    if !page.is_empty() {
        Leaf { what, caption, names: &names, sources: &sources }.push(file, &mut page, &mut turned);
    }
}

/// One page's step.
struct Leaf<'a> {
    what: &'a str,
    caption: &'a str,
    names: &'a [String],
    sources: &'a [String],
}

impl Leaf<'_> {
    /// Hides the page before, shows this one.
    fn push(&self, file: &mut SceneFile, page: &mut Vec<String>, turned: &mut Vec<String>) {
        let (first, last) = (self.names.first().cloned().unwrap_or_default(), self.names.last().cloned());
        let last = last.unwrap_or_default();
        let mut changes = Vec::new();
        if !turned.is_empty() {
            changes.push(ChangeFile::Hide { ids: std::mem::take(turned), after: 0.0 });
        }
        turned.clone_from(page);
        changes.push(ChangeFile::Reveal { ids: std::mem::take(page), after: 0.0 });
        let mut sources = self.sources.to_vec();
        sources.sort();
        sources.dedup();
        file.steps.push(StepFile {
            heading: Some(format!("{}: {first} to {last}", self.what)),
            caption: self.caption.to_owned(),
            notes: format!("A page to look things up on: {}.", self.names.join(", ")),
            budget_secs: PAGE_SECS,
            sources,
            phase: None,
            floors: Vec::new(),
            hero: Some("heading".to_owned()),
            camera: None,
            changes,
        });
    }
}

/// The two elements of a row, and its card. The ids of the elements.
fn place(file: &mut SceneFile, row: &Row, y: f32) -> [String; 2] {
    let says = format!("{}-says", row.id);
    let text = |id: &str, x: f32, words: &str, width: Option<f32>, face: Option<Face>| ElementFile::Text {
        id: id.to_owned(),
        at: (x, y),
        words: words.to_owned(),
        role: TextRoleFile::Secondary,
        align: Align::Left,
        size: None,
        face,
        ink: None,
        width,
    };
    file.elements.push(text(&row.id, LEFT, &row.name, Some(SECOND_X - LEFT - 24.0), Some(Face::SemiBold)));
    file.elements.push(text(&says, SECOND_X, &row.says, Some(RIGHT - SECOND_X), None));
    let links = vec![says.clone()];
    file.spots.push(SpotFile { id: row.id.clone(), links, card: Some(row.card.clone()), copies: None });
    [row.id.clone(), says]
}

/// One of the customer's own pictures on the whole of the stage between heading and caption.
fn show_slide(file: &mut SceneFile, index: usize, slide: &SlideFile) {
    let id = format!("slide-{}", index + 1);
    file.elements.push(ElementFile::Image {
        id: id.clone(),
        bounds: (LEFT, 176.0, RIGHT, 960.0),
        path: slide.image.clone(),
        alt: slide.caption.clone(),
    });
    let mut changes = Vec::new();
    if index > 0 {
        changes.push(ChangeFile::Hide { ids: vec![format!("slide-{index}")], after: 0.0 });
    }
    changes.push(ChangeFile::Reveal { ids: vec![id.clone()], after: 0.0 });
    let notes = if slide.notes.is_empty() { "The customer's own slide.".to_owned() } else { slide.notes.clone() };
    file.steps.push(StepFile {
        heading: (index == 0).then(|| "{customer}".to_owned()),
        caption: slide.caption.clone(),
        notes,
        budget_secs: slide.budget_secs,
        sources: Vec::new(),
        phase: None,
        floors: Vec::new(),
        hero: Some(id),
        camera: None,
        changes,
    });
}
