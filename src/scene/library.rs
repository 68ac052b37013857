//! All scene files together: read, resolved, and kept as the last good ones.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::figures::Figures;
use crate::scene::deck::{self, Deck, Entry};
use crate::scene::file::{
    CustomerFile, CutFile, DeckFile, GlossaryFile, PagesFile, SceneFile, SourcesFile, TermFile, WorldFile,
};
use crate::scene::model::Scene;
use crate::scene::pages;
use crate::scene::place::Place;
use crate::scene::problem::{Problem, Severity, suggestion};
use crate::scene::resolve::{self, Finder, Known};
use crate::scene::sources::{Customer, Sources};
use crate::scene::world::World;

/// File name → text.
pub type Texts = BTreeMap<String, String>;

/// Everything a talk is made of.
#[derive(Clone, Debug)]
pub struct Library {
    pub world: World,
    pub sources: Sources,
    pub figures: Figures,
    pub title: String,
    /// In the deck's order; hidden ones in their place.
    pub scenes: Vec<Scene>,
    /// As many as `scenes`.
    pub entries: Vec<Entry>,
    pub terms: Vec<TermFile>,
    pub cuts: Vec<Cut>,
}

/// A shorter talk, or a talk for one kind of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    pub id: String,
    pub title: String,
    pub minutes: u32,
    /// Scene and step, from 0, in the deck's order.
    pub steps: Vec<(usize, usize)>,
}

/// Reads all files. The library holds every scene that has no error; without a world there is none.
pub fn read(texts: &Texts) -> (Option<Library>, Vec<Problem>) {
    let mut problems = Vec::new();
    let (mut sources, mut figures) =
        one::<SourcesFile>(texts, "sources.ron", &mut problems).map(resolve::sources).unwrap_or_default();
    sources.customer = read_customer(texts, &mut figures, &mut problems);
    let terms = maybe::<GlossaryFile>(texts, "glossary.ron", &mut problems).map(|file| file.terms).unwrap_or_default();
    let Some(world) = read_world(texts, &sources, &figures, &mut problems) else { return (None, problems) };
    let deck = one::<DeckFile>(texts, "deck.ron", &mut problems).map(Deck::new).unwrap_or_default();
    check_sources(texts, &sources, &figures, &mut problems);
    check_terms(texts, &terms, &sources, &mut problems);
    let known = Known { world: &world, sources: &sources, figures: &figures };
    let mut scenes = read_scenes(texts, (known, &terms), &mut problems);
    let written = written_ids(texts);
    let (scenes, entries) = in_order(&deck, &mut scenes, (texts, &written), &mut problems);
    let title = deck.title;
    let mut library = Library { world, sources, figures, title, scenes, entries, terms, cuts: Vec::new() };
    library.cuts = cuts(&deck.cuts, &library, (texts, &written), &mut problems);
    (Some(library), problems)
}

/// The customer, where there is one, whose measurements lie over our assumptions then.
fn read_customer(texts: &Texts, figures: &mut Figures, problems: &mut Vec<Problem>) -> Option<Customer> {
    let file = maybe::<CustomerFile>(texts, "customer.ron", problems)?;
    let mut finder = Finder::new("customer.ron", texts.get("customer.ron").map_or("", String::as_str));
    let (customer, refused) = resolve::customer(file, figures);
    for (id, why) in refused {
        let place = finder.places.of_name(&id, None);
        let words = (format!("the measurement of \"{id}\" is not used: {why}"), suggestion(&id, &figures.ids()));
        finder.note(("measurement", Severity::Warning), place, None, words);
    }
    problems.append(&mut finder.problems);
    Some(customer)
}

/// The cuts of the deck; a line that names no step is an error, and left out.
fn cuts(
    files: &[CutFile],
    library: &Library,
    (texts, written): (&Texts, &[String]),
    problems: &mut Vec<Problem>,
) -> Vec<Cut> {
    let mut finder = Finder::new("deck.ron", texts.get("deck.ron").map_or("", String::as_str));
    let mut cuts = Vec::new();
    for file in files {
        let mut steps = Vec::new();
        for address in &file.steps {
            let parts = deck::parts(address);
            let found = parts.and_then(|(scene, span)| {
                let scene = library.scenes.iter().position(|known| *known.id == *scene)?;
                let count = library.scenes[scene].steps.len();
                let [first, last] = span.unwrap_or([1, count]);
                (last <= count).then(|| (first..=last).map(move |step| (scene, step - 1)))
            });
            // A scene that is there and not shown, such as a customer's slides without a customer, is passed over.
            let is_absent = parts.is_some_and(|(scene, _)| {
                !library.ids().contains(&scene) && written.iter().any(|known| known == scene)
            });
            if let Some(found) = found {
                steps.extend(found);
            } else if !is_absent {
                let place = finder.places.of_name(address, None);
                let hint = "\"tiers\", \"tiers:2\" or \"tiers:1-3\"".to_owned();
                finder.error(
                    "unknown-id",
                    place,
                    None,
                    (format!("no step \"{address}\" for the cut {}", file.id), hint),
                );
            }
        }
        steps.sort_unstable();
        steps.dedup();
        cuts.push(Cut { id: file.id.clone(), title: file.title.clone(), minutes: file.minutes, steps });
    }
    problems.append(&mut finder.problems);
    cuts
}

/// Terms must stand once, and name terms and sources that are there.
fn check_terms(texts: &Texts, terms: &[TermFile], sources: &Sources, problems: &mut Vec<Problem>) {
    let mut finder = Finder::new("glossary.ron", texts.get("glossary.ron").map_or("", String::as_str));
    let names: Vec<&str> = terms.iter().map(|term| term.term.as_str()).collect();
    let ids: Vec<&str> = sources.sources.keys().map(String::as_str).collect();
    for (index, term) in terms.iter().enumerate() {
        if names[..index].contains(&term.term.as_str()) {
            let place = finder.places.of_name(&term.term, None);
            finder.error("twice", place, None, (format!("the term \"{}\" stands twice", term.term), "keep one".into()));
        }
        let unknown = term.related.iter().filter(|related| !names.contains(&related.as_str()));
        let missing: Vec<(&str, &String)> = unknown.map(|related| ("term", related)).collect();
        let source = term.source.iter().filter(|source| !ids.contains(&source.as_str()));
        for (what, name) in missing.into_iter().chain(source.map(|source| ("source", source))) {
            let known = if what == "term" { &names } else { &ids };
            let place = finder.places.of_name(name, None);
            let code = if what == "term" { "unknown-id" } else { "unknown-source" };
            let words = (format!("no {what} \"{name}\", named by \"{}\"", term.term), suggestion(name, known));
            finder.error(code, place, None, words);
        }
    }
    problems.append(&mut finder.problems);
}

fn read_world(texts: &Texts, sources: &Sources, figures: &Figures, problems: &mut Vec<Problem>) -> Option<World> {
    let file = one::<WorldFile>(texts, "world.ron", problems)?;
    let mut finder = Finder::new("world.ron", texts.get("world.ron")?);
    let world = resolve::world(file, sources, figures, &mut finder);
    let bad = has_error(&finder.problems);
    problems.append(&mut finder.problems);
    (!bad).then_some(world)
}

fn has_error(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}

/// Parses one of the files that must be there.
fn one<T: DeserializeOwned>(texts: &Texts, name: &str, problems: &mut Vec<Problem>) -> Option<T> {
    let Some(text) = texts.get(name) else {
        let mut finder = Finder::new(name, "");
        finder.error(
            "missing-file",
            Place { line: 1, column: 1 },
            None,
            (format!("{name} is missing"), "put it beside the scenes".into()),
        );
        problems.append(&mut finder.problems);
        return None;
    };
    parsed(name, text, problems)
}

/// Parses one of the files that need not be there.
fn maybe<T: DeserializeOwned>(texts: &Texts, name: &str, problems: &mut Vec<Problem>) -> Option<T> {
    parsed(name, texts.get(name)?, problems)
}

fn parsed<T: DeserializeOwned>(name: &str, text: &str, problems: &mut Vec<Problem>) -> Option<T> {
    parse(name, text).map_err(|problem| problems.push(*problem)).ok()
}

/// The scenes, those that turn pages of data last: they show what the others use.
fn read_scenes(
    texts: &Texts,
    (known, terms): (Known<'_>, &[TermFile]),
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Scene> {
    let mut files: Vec<(&String, &String, SceneFile)> = Vec::new();
    for (name, text) in texts.iter().filter(|(name, _)| is_scene(name)) {
        match parse::<SceneFile>(name, text) {
            Err(problem) => problems.push(*problem),
            Ok(file) => files.push((name, text, file)),
        }
    }
    files.sort_by_key(|(name, _, file)| (file.pages.is_some(), *name));
    let mut scenes = BTreeMap::new();
    for (name, text, mut file) in files {
        let mut finder = Finder::new(name, text);
        let components = &known.world.components;
        pages::turn(
            &mut file,
            &pages::Data { sources: known.sources, figures: known.figures, terms, components, scenes: &scenes },
        );
        // Without a customer there are no slides of theirs, and nothing looks missing.
        if file.pages == Some(PagesFile::Customer) && file.steps.is_empty() {
            continue;
        }
        let scene = resolve::scene(file, known, &mut finder);
        if !has_error(&finder.problems) {
            scenes.insert(scene.id.to_string(), scene);
        }
        problems.append(&mut finder.problems);
    }
    scenes
}

/// Whether a file of this name is one of ours.
pub fn is_ron(name: &str) -> bool {
    !name.starts_with('.') && Path::new(name).extension().is_some_and(|ending| ending == "ron")
}

/// Whether a file of this name holds a scene.
pub fn is_scene(name: &str) -> bool {
    is_ron(name) && !matches!(name, "world.ron" | "sources.ron" | "deck.ron" | "glossary.ron" | "customer.ron")
}

/// The scenes in the deck's order; those it does not name come last, hidden.
fn in_order(
    deck: &Deck,
    scenes: &mut BTreeMap<String, Scene>,
    (texts, written): (&Texts, &[String]),
    problems: &mut Vec<Problem>,
) -> (Vec<Scene>, Vec<Entry>) {
    let (mut ordered, mut entries) = (Vec::new(), Vec::new());
    let text = texts.get("deck.ron").map_or("", String::as_str);
    for entry in &deck.entries {
        match scenes.remove(&entry.scene) {
            Some(scene) => {
                ordered.push(scene);
                entries.push(entry.clone());
            }
            // A scene with an error of its own is reported there, not here again.
            None if written.contains(&entry.scene) => {}
            None => {
                let mut finder = Finder::new("deck.ron", text);
                let names: Vec<&str> = written.iter().map(String::as_str).collect();
                let place = finder.places.of_name(&entry.scene, None);
                finder.error(
                    "unknown-id",
                    place,
                    None,
                    (format!("no scene \"{}\"", entry.scene), suggestion(&entry.scene, &names)),
                );
                problems.append(&mut finder.problems);
            }
        }
    }
    for (id, scene) in std::mem::take(scenes) {
        ordered.push(scene);
        entries.push(Entry { scene: id, section: String::new(), must: false, hidden: true });
    }
    (ordered, entries)
}

/// The ids of all scene files, also of those that do not read.
fn written_ids(texts: &Texts) -> Vec<String> {
    texts.iter().filter(|(name, _)| is_scene(name)).filter_map(|(_, text)| id_of(text)).collect()
}

/// The id a scene file gives itself, also when the rest does not read.
fn id_of(text: &str) -> Option<String> {
    let (_, after) = text.split_once("id:")?;
    after.split('"').nth(1).map(ToOwned::to_owned)
}

/// Quantities must name a source that is there.
fn check_sources(texts: &Texts, sources: &Sources, figures: &Figures, problems: &mut Vec<Problem>) {
    let Some(text) = texts.get("sources.ron") else { return };
    let mut finder = Finder::new("sources.ron", text);
    let ids: Vec<&str> = sources.sources.keys().map(String::as_str).collect();
    for figure in figures.all().filter(|figure| !ids.contains(&&*figure.source)) {
        let place = finder.places.of_id(&figure.id);
        let message = format!("quantity \"{}\" names no source \"{}\"", figure.id, figure.source);
        finder.error("unknown-source", place, None, (message, suggestion(&figure.source, &ids)));
    }
    problems.append(&mut finder.problems);
}

/// How scene files are read: they may leave `Some(…)` out, whether or not they say so in their first line, and
/// `Node(id: …)` needs no second pair of parentheses.
pub fn options() -> ron::Options {
    use ron::extensions::Extensions;
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES)
}

/// Parses a file; RON's own errors get a place and a hint.
fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Box<Problem>> {
    options().from_str(text).map_err(|error| Box::new(syntax_problem(name, text, &error)))
}

fn syntax_problem(name: &str, text: &str, error: &ron::error::SpannedError) -> Problem {
    use ron::Error;
    let (code, hint) = match &error.code {
        Error::NoSuchStructField { expected, found, .. } => ("unknown-field", suggestion(found, expected)),
        Error::NoSuchEnumVariant { expected, found, .. } => ("unknown-name", suggestion(found, expected)),
        Error::MissingStructField { field, .. } => ("missing-field", format!("add {field}: …")),
        Error::DuplicateStructField { field, .. } => ("twice", format!("keep one {field}")),
        _ => ("syntax", String::new()),
    };
    // A missing caption is the author's most likely slip and has a name of its own.
    let code = match &error.code {
        Error::MissingStructField { field, .. } if *field == "caption" => "missing-caption",
        Error::MissingStructField { field, .. } if *field == "notes" => "missing-notes",
        Error::MissingStructField { field, .. } if *field == "budget_secs" => "missing-budget",
        _ => code,
    };
    let at = error.span.end;
    // RON points behind a name that it does not know.
    let back = match &error.code {
        Error::NoSuchStructField { found, .. } | Error::NoSuchEnumVariant { found, .. } => found.chars().count(),
        _ => 0,
    };
    Problem {
        code,
        severity: Severity::Error,
        file: name.to_owned(),
        line: at.line,
        column: at.col.saturating_sub(back).max(1),
        scene: id_of(text),
        step: None,
        message: error.code.to_string(),
        hint,
    }
}

impl Library {
    /// The index of a scene by id, or by its number from 1.
    pub fn find(&self, name: &str) -> Option<usize> {
        let by_number = || name.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|n| *n < self.scenes.len());
        self.scenes.iter().position(|scene| &*scene.id == name).or_else(by_number)
    }

    /// The index of a cut. Err: there is none of this id, and which there are.
    pub fn find_cut(&self, id: &str) -> Result<usize, String> {
        let known: Vec<&str> = self.cuts.iter().map(|cut| cut.id.as_str()).collect();
        let found = known.iter().position(|known| *known == id);
        found.ok_or_else(|| format!("no cut \"{id}\": there are {}", known.join(", ")))
    }

    /// The seconds that a cut's steps are given together.
    pub fn budget_secs(&self, cut: &Cut) -> u32 {
        cut.steps.iter().filter_map(|(scene, step)| Some(self.scenes.get(*scene)?.steps.get(*step)?.budget_secs)).sum()
    }

    /// The ids of all scenes.
    pub fn ids(&self) -> Vec<&str> {
        self.scenes.iter().map(|scene| &*scene.id).collect()
    }
}
