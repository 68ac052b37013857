//! All scene files together: read, resolved, and kept as the last good ones.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::figures::Figures;
use crate::measure;
use crate::ron_text::{self, Finder, Place, Problem, Severity, suggestion};
use crate::scene::file::{
    CustomerFile, DeckFile, GlossaryFile, PagesFile, SceneFile, SourcesFile, TermFile, WorldFile,
};
use crate::scene::model::{Scene, Term};
use crate::scene::resolve::{self, Known, turned_pages};
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
    pub entries: Vec<DeckEntry>,
    /// The titles of the deck's sections, in order.
    pub sections: Vec<String>,
    pub terms: Vec<Term>,
    pub cuts: Vec<Cut>,
}

/// One scene's place in the talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeckEntry {
    /// Kept in every cut.
    pub must: bool,
    /// Reachable by jump, not by next.
    pub hidden: bool,
    /// Its section, by its place in [`Library::sections`]; the number of sections where the deck does not name it.
    pub section: usize,
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

/// Whether a file of this name is one of ours.
pub(crate) fn is_ron(name: &str) -> bool {
    !name.starts_with('.') && Path::new(name).extension().is_some_and(|ending| ending == "ron")
}

/// Whether a file of this name holds a scene.
pub(crate) fn is_scene(name: &str) -> bool {
    is_ron(name) && !matches!(name, "world.ron" | "sources.ron" | "deck.ron" | "glossary.ron" | "customer.ron")
}

/// Reads all files. The library holds every scene that has no error; without a world there is none.
pub fn read(texts: &Texts) -> (Option<Library>, Vec<Problem>) {
    let mut reader = Reader { texts, problems: Vec::new() };
    let library = reader.library();
    (library, reader.problems)
}

/// Gathers the problems of all files while they become a library.
struct Reader<'a> {
    texts: &'a Texts,
    problems: Vec<Problem>,
}

/// The scenes that read, by id, and the ids of all that are written, also of those that do not read.
struct Scenes {
    read: BTreeMap<String, Scene>,
    written: Vec<String>,
}

impl<'a> Reader<'a> {
    fn library(&mut self) -> Option<Library> {
        let (mut sources, mut figures) =
            self.needed::<SourcesFile>("sources.ron").map(resolve::sources).unwrap_or_default();
        sources.customer = self.customer(&mut figures);
        let terms = self.optional::<GlossaryFile>("glossary.ron").map(|file| file.terms).unwrap_or_default();
        let term = |TermFile { term, says, related, source, also }| Term { term, says, related, source, also };
        let terms: Vec<Term> = terms.into_iter().map(term).collect();
        let world = self.world(&sources, &figures)?;
        let deck = self.needed::<DeckFile>("deck.ron").unwrap_or_default();
        self.check_sources(&sources, &figures);
        self.check_terms(&terms, &sources);
        let mut scenes = self.scenes(Known { world: &world, sources: &sources, figures: &figures }, &terms);
        let (ordered, entries) = self.in_order(&deck, &mut scenes);
        let title = deck.title.clone();
        let sections = deck.sections.iter().map(|section| section.title.clone()).collect();
        let (scenes_of_deck, cuts) = (ordered, Vec::new());
        let mut library =
            Library { world, sources, figures, title, scenes: scenes_of_deck, entries, sections, terms, cuts };
        library.cuts = self.cuts(&deck, &library, &scenes.written);
        Some(library)
    }

    /// Reads one of the files that must be there.
    fn needed<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        if !self.texts.contains_key(name) {
            let mut finder = self.finder(name);
            let place = Place { line: 1, column: 1, step: None };
            finder.error("missing-file", place, format!("{name} is missing"), "put it beside the scenes");
            self.keep(finder);
        }
        self.optional(name)
    }

    /// Reads one of the files that need not be there.
    fn optional<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        ron_text::read(name, self.texts.get(name)?).map_err(|problem| self.problems.push(*problem)).ok()
    }

    fn finder(&self, name: &'static str) -> Finder<'a> {
        Finder::new(name, self.texts.get(name).map_or("", String::as_str))
    }

    /// Takes what was found in a file. Whether the file can be used: it has no error.
    fn keep(&mut self, mut finder: Finder<'_>) -> bool {
        let is_good = finder.problems.iter().all(|problem| problem.severity != Severity::Error);
        self.problems.append(&mut finder.problems);
        is_good
    }

    /// The customer, where there is one, whose measurements lie over our assumptions then.
    fn customer(&mut self, figures: &mut Figures) -> Option<Customer> {
        let file = self.optional::<CustomerFile>("customer.ron")?;
        let mut finder = self.finder("customer.ron");
        let name = file.name.clone();
        let captions: Vec<String> = file.slides.iter().map(|slide| slide.caption.clone()).collect();
        let (customer, refused) = resolve::customer(file, figures);
        check_customer(&name, &captions, &mut finder);
        for (id, why) in refused {
            let place = finder.places.of_name(&id, None);
            let message = format!("the measurement of \"{id}\" is not used: {why}");
            finder.warn("measurement", place, message, suggestion(&id, &figures.ids()));
        }
        self.keep(finder);
        Some(customer)
    }

    /// Quantities must name a source that is there.
    fn check_sources(&mut self, sources: &Sources, figures: &Figures) {
        let mut finder = self.finder("sources.ron");
        for figure in figures.all() {
            resolve::check_source(&figure.source, sources, None, &mut finder);
        }
        self.keep(finder);
    }

    /// Terms must stand once, and name terms and sources that are there.
    fn check_terms(&mut self, terms: &[Term], sources: &Sources) {
        let mut finder = self.finder("glossary.ron");
        let names = terms.iter().map(|term| term.term.as_str());
        for (index, term) in terms.iter().enumerate() {
            if terms[..index].iter().any(|other| other.term == term.term) {
                let place = finder.places.of_name(&term.term, None);
                finder.error("twice", place, format!("the term \"{}\" stands twice", term.term), "keep one");
            }
            for related in &term.related {
                finder.require("term", related, names.clone(), None);
            }
            if let Some(source) = &term.source {
                resolve::check_source(source, sources, None, &mut finder);
            }
        }
        self.keep(finder);
    }

    fn world(&mut self, sources: &Sources, figures: &Figures) -> Option<World> {
        let file = self.needed::<WorldFile>("world.ron")?;
        let mut finder = self.finder("world.ron");
        let world = resolve::world(file, sources, figures, &mut finder);
        self.keep(finder).then_some(world)
    }

    /// The scenes, those that turn pages of data last: they show what the others use.
    fn scenes(&mut self, known: Known<'_>, terms: &[Term]) -> Scenes {
        let mut files: Vec<(&str, &str, SceneFile)> = Vec::new();
        let mut scenes = Scenes { read: BTreeMap::new(), written: Vec::new() };
        for (name, text) in self.texts.iter().filter(|(name, _)| is_scene(name)) {
            match ron_text::read_on::<SceneFile>(name, text) {
                Ok(file) => {
                    scenes.written.push(file.id.clone());
                    files.push((name, text, file));
                }
                Err(problems) => {
                    scenes.written.extend(problems.iter().find_map(|problem| problem.scene.clone()));
                    self.problems.extend(problems);
                }
            }
        }
        files.sort_by_key(|(name, _, file)| (file.pages.is_some(), *name));
        for (name, text, mut file) in files {
            let mut finder = Finder::new(name, text);
            turned_pages::turn(&mut file, &turned_pages::PageData { known, terms, scenes: &scenes.read });
            // Without a customer there are no slides of theirs, and nothing looks missing.
            if file.pages == Some(PagesFile::Customer) && file.steps.is_empty() {
                continue;
            }
            let scene = resolve::scene(file, known, &mut finder);
            let earlier = scenes.read.get(&*scene.id).map(|earlier| earlier.file.clone());
            if let Some(earlier) = &earlier {
                let message = format!("the scene \"{}\" is in {earlier} too", scene.id);
                finder.error("twice", finder.places.at_path("id"), message, "give one of the two files another id");
            }
            if self.keep(finder) && earlier.is_none() {
                scenes.read.insert(scene.id.to_string(), scene);
            }
        }
        scenes
    }

    /// The scenes in the deck's order; those it does not name come last, hidden.
    fn in_order(&mut self, deck: &DeckFile, scenes: &mut Scenes) -> (Vec<Scene>, Vec<DeckEntry>) {
        let (mut ordered, mut entries) = (Vec::new(), Vec::new());
        let mut finder = self.finder("deck.ron");
        for (section, entry) in deck.entries() {
            if let Some(scene) = scenes.read.remove(&entry.scene) {
                ordered.push(scene);
                entries.push(DeckEntry { must: entry.must, hidden: entry.hidden, section });
            } else {
                // A scene with an error of its own is reported there, not here again.
                finder.require("scene", &entry.scene, scenes.written.iter().map(String::as_str), None);
            }
        }
        for scene in std::mem::take(&mut scenes.read).into_values() {
            ordered.push(scene);
            entries.push(DeckEntry { must: false, hidden: true, section: deck.sections.len() });
        }
        self.keep(finder);
        (ordered, entries)
    }

    /// The cuts of the deck; a line that names no step is an error, and left out.
    fn cuts(&mut self, deck: &DeckFile, library: &Library, written: &[String]) -> Vec<Cut> {
        let mut finder = self.finder("deck.ron");
        let mut cuts = Vec::new();
        for file in &deck.cuts {
            let mut steps = Vec::new();
            for address in &file.steps {
                let parts = cut_parts(address);
                let found = parts.and_then(|(scene, span)| {
                    let scene = library.scene_index(scene)?;
                    let count = library.scenes[scene].steps.len();
                    let [first, last] = span.unwrap_or([1, count]);
                    (last <= count).then(|| (first..=last).map(move |step| (scene, step - 1)))
                });
                // A scene that is there and not shown, such as a customer's slides without a customer, is passed over.
                let is_absent = parts.is_some_and(|(scene, _)| {
                    library.scene_index(scene).is_none() && written.iter().any(|known| known == scene)
                });
                if let Some(found) = found {
                    steps.extend(found);
                } else if !is_absent {
                    let place = finder.places.of_name(address, None);
                    let message = format!("no step \"{address}\" for the cut {}", file.id);
                    finder.error("unknown-id", place, message, "\"tiers\", \"tiers:2\" or \"tiers:1-3\"");
                }
            }
            steps.sort_unstable();
            steps.dedup();
            cuts.push(Cut { id: file.id.clone(), title: file.title.clone(), minutes: file.minutes, steps });
        }
        self.keep(finder);
        cuts
    }
}

/// What a customer's file says that is not shown as it stands there.
fn check_customer(name: &str, captions: &[String], finder: &mut Finder<'_>) {
    if name.trim().is_empty() {
        let place = finder.places.at_path("name");
        finder.warn("customer-name", place, "the customer has no name", "the title and the close name it");
    } else if name.chars().any(char::is_control) {
        let place = finder.places.at_path("name");
        finder.warn("customer-name", place, "the customer's name has more than one line", "write it in one");
    } else if let Some(c) = name.chars().find(|c| !measure::has_glyph(*c)) {
        let place = finder.places.at_path("name");
        let message = format!("the fonts have no sign for “{c}” (U+{:04X}), so the name is left out", u32::from(c));
        finder.warn(
            "customer-glyph",
            place,
            message,
            "write it in Latin, Greek or Cyrillic letters; a logo can show the other",
        );
    }
    for (caption, c) in
        captions.iter().filter_map(|words| Some((words, words.chars().find(|c| !measure::has_glyph(*c))?)))
    {
        let place = finder.places.of_name(caption, None);
        let message = format!("the fonts have no sign for “{c}” (U+{:04X}) of \"{caption}\"", u32::from(c));
        finder.warn("customer-glyph", place, message, "write it in Latin, Greek or Cyrillic letters");
    }
    for caption in captions.iter().filter(|caption| caption.contains(['{', '}'])) {
        let place = finder.places.of_name(caption, None);
        let message = format!("the braces of the caption \"{caption}\" are left out");
        finder.warn("customer-caption", place, message, "nothing is filled in here: write the words themselves");
    }
}

/// Scene and steps of a line of a cut: `tiers`, `tiers:2`, `tiers:1-3`. Steps count from 1; none is all of them.
fn cut_parts(address: &str) -> Option<(&str, Option<[usize; 2]>)> {
    let Some((scene, steps)) = address.split_once(':') else { return Some((address, None)) };
    let (first, last) = steps.split_once('-').unwrap_or((steps, steps));
    let [first, last] = [first.parse().ok()?, last.parse().ok()?];
    (first >= 1 && first <= last).then_some((scene, Some([first, last])))
}

impl Library {
    /// The index of the scene of this id.
    pub(crate) fn scene_index(&self, id: &str) -> Option<usize> {
        self.scenes.iter().position(|scene| &*scene.id == id)
    }

    /// The index of a scene by id, or by its number from 1.
    pub fn find(&self, name: &str) -> Option<usize> {
        let by_number = || name.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|n| *n < self.scenes.len());
        self.scene_index(name).or_else(by_number)
    }

    /// The index of a cut. Err: there is none of this id, and which there are.
    pub(crate) fn find_cut(&self, id: &str) -> Result<usize, String> {
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
