//! Ask: from a few letters to a place in the talk. Titles, components, phases, tiers, terms, old-world words, addresses.

use std::collections::BTreeSet;
use std::sync::Arc;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::figures::Figures;
use crate::scene::address::Address;
use crate::scene::library::Library;
use crate::scene::model::{Element, Scene, Step, View};
use crate::signal::{Subject, Tier};
use crate::timeline::hit::HitId;
use crate::timeline::playhead::Position;

/// What kind of thing an answer is, in the order in which equals stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum AnswerKind {
    Scene,
    Phase,
    Tier,
    Component,
    Step,
    Term,
    Path,
}

impl AnswerKind {
    pub fn word(self) -> &'static str {
        self.into()
    }
}

/// What was asked for, and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub kind: AnswerKind,
    pub title: Arc<str>,
    pub at: Address,
    /// What is focused there, and opened where it opens.
    pub focus: Option<HitId>,
}

/// Something that can be asked for.
struct Askable {
    kind: AnswerKind,
    title: Arc<str>,
    at: Position,
    focus: Option<HitId>,
    /// Other words for it.
    also: Vec<String>,
}

/// The best answers to some words, the best first, at most `most`. None: nothing found.
pub fn ask(library: &Library, words: &str, most: usize) -> Vec<Answer> {
    let words = words.trim().to_lowercase();
    if words.is_empty() {
        return Vec::new();
    }
    let pattern = Pattern::parse(&words, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut ranked = |askable: Askable| Some((rank(&askable, &words, &pattern, &mut matcher)?, askable));
    let mut scored: Vec<(Rank, Askable)> = askables(library).into_iter().filter_map(&mut ranked).collect();
    scored.sort_by_key(|(rank, Askable { kind, title, at, .. })| (*rank, *kind, title.len(), *at));
    let answer = |Askable { kind, title, at, focus, .. }| Answer { kind, title, at: library.address(at), focus };
    let by_address = step_at(library, &words).map(answer);
    by_address.into_iter().chain(scored.into_iter().map(|(_, askable)| answer(askable))).take(most).collect()
}

/// The step whose address these words are, as it is copied, printed and given to flags.
fn step_at(library: &Library, words: &str) -> Option<Askable> {
    let at = library.locate(&words.parse().ok()?)?;
    let scene = library.scenes.get(at.scene)?;
    let heading = scene.steps.get(at.step)?.heading.filled(&library.figures);
    let title = if heading.is_empty() { scene.title.clone() } else { heading };
    Some(askable(AnswerKind::Step, title, at))
}

/// Lower is better: how the words meet, then the matcher's own score.
type Rank = (u8, u32);

/// How well the words meet an answer. Fuzzy matches count only where they are dense: three letters are in anything.
fn rank(askable: &Askable, words: &str, pattern: &Pattern, matcher: &mut Matcher) -> Option<Rank> {
    let title = askable.title.to_lowercase();
    let meets = |text: &str, first: u8| -> Option<u8> {
        let is_first_word = text.split(|c: char| !c.is_alphanumeric()).next() == Some(words);
        if text == words {
            Some(first)
        } else if is_first_word && first == 0 && matches!(askable.kind, AnswerKind::Scene | AnswerKind::Step) {
            // "lun" is LUN ≈ bucket before it is another word for a bucket.
            Some(1)
        } else if text.starts_with(words) {
            Some(first + 2)
        } else if begins(text, words) {
            // "obje stor" is object storage before it is the Ray object store.
            let at_once = words.split(' ').next().is_some_and(|word| text.starts_with(word));
            Some(first + if at_once { 4 } else { 6 })
        } else {
            None
        }
    };
    let by_title = meets(&title, 0);
    let by_other = askable.also.iter().filter_map(|other| meets(&other.to_lowercase(), 1)).min();
    if let Some(rank) = by_title.into_iter().chain(by_other).min() {
        return Some((rank, 0));
    }
    // Each word begins something of it, if not all of one: "san array".
    let all = format!("{title} {}", askable.also.join(" ").to_lowercase());
    let anywhere = |word: &str| all.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(word));
    if words.contains(' ') && words.split_whitespace().all(anywhere) {
        return Some((9, 0));
    }
    let mut buffer = Vec::new();
    let texts = [&title].into_iter().chain(&askable.also);
    let best = texts.filter_map(|text| pattern.score(Utf32Str::new(text, &mut buffer), matcher)).max()?;
    let letters = words.chars().filter(|c| !c.is_whitespace()).count() as u32;
    (letters > 3 && best >= letters * 20).then_some((10, u32::MAX - best))
}

/// Whether each word asked for begins a word of the text, in order.
fn begins(text: &str, words: &str) -> bool {
    let mut parts = text.split(|c: char| !c.is_alphanumeric());
    words.split_whitespace().all(|word| parts.any(|part| part.starts_with(word)))
}

/// Everything that can be asked for.
fn askables(library: &Library) -> Vec<Askable> {
    let mut all = Vec::new();
    for (index, scene) in library.scenes.iter().enumerate() {
        scenes(index, scene, &library.figures, &mut all);
    }
    phases(library, &mut all);
    tiers(library, &mut all);
    components(library, &mut all);
    terms(library, &mut all);
    all
}

fn askable(kind: AnswerKind, title: impl Into<Arc<str>>, at: Position) -> Askable {
    Askable { kind, title: title.into(), at, focus: None, also: Vec::new() }
}

/// A scene by its title, its steps by their headings, its paths by themselves.
fn scenes(index: usize, scene: &Scene, figures: &Figures, all: &mut Vec<Askable>) {
    let at = |step| Position { scene: index, step };
    all.push(Askable { also: vec![scene.id.to_string()], ..askable(AnswerKind::Scene, scene.title.clone(), at(0)) });
    let mut last = scene.title.clone();
    // Pages made from data are found by what is on them.
    let own = |scene: &&Scene| !matches!(&*scene.id, "glossary" | "sources");
    for (step, known) in Some(scene).filter(own).iter().flat_map(|scene| scene.steps.iter().enumerate()) {
        let heading = known.heading.filled(figures);
        if !heading.is_empty() && heading != last {
            all.push(askable(AnswerKind::Step, heading.clone(), at(step)));
        }
        last = heading;
    }
    for spot in &scene.spots {
        let Some(path) = &spot.copies else { continue };
        let shown = |step: &Step| step.elements.iter().any(|placed| placed.shown && placed.thing == spot.thing);
        if let Some(step) = scene.steps.iter().position(shown) {
            let focus = Some(HitId::Spot(spot.thing.word().to_owned()));
            all.push(Askable { focus, ..askable(AnswerKind::Path, path.clone(), at(step)) });
        }
    }
}

/// The scene that tells the most of something, by the number of its steps' different answers; the first of equals.
fn scene_telling<T: Ord>(library: &Library, what: impl Fn(&Step) -> Option<T>) -> Option<usize> {
    let count = |scene: &Scene| scene.steps.iter().filter_map(&what).collect::<BTreeSet<T>>().len();
    let counts = library.scenes.iter().map(count).enumerate();
    counts.rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0).map(|(scene, _)| scene)
}

/// The first step of a scene that is about something.
fn first_step(library: &Library, scene: usize, is_it: impl Fn(&Step) -> bool) -> Option<Position> {
    let step = library.scenes[scene].steps.iter().position(is_it)?;
    Some(Position { scene, step })
}

fn phases(library: &Library, all: &mut Vec<Askable>) {
    let Some(scene) = scene_telling(library, |step| step.phase.clone()) else { return };
    for phase in &library.world.phases {
        if let Some(at) = first_step(library, scene, |step| step.phase.as_ref() == Some(&phase.id)) {
            all.push(askable(AnswerKind::Phase, phase.id.clone(), at));
        }
    }
}

/// The one floor that a step tells.
fn only_floor(step: &Step) -> Option<Tier> {
    step.floors.first().filter(|_| step.floors.len() == 1).copied()
}

/// Where a floor is told by itself.
fn floor_step(library: &Library, tier: Tier) -> Option<Position> {
    let scene = scene_telling(library, only_floor)?;
    first_step(library, scene, |step| only_floor(step) == Some(tier))
}

fn tiers(library: &Library, all: &mut Vec<Askable>) {
    for floor in &library.world.floors {
        let Some(at) = floor_step(library, floor.tier) else { continue };
        let id = floor.tier.id();
        let also = vec![id.to_owned(), floor.name.to_string(), format!("tier {}", &id[1..])];
        all.push(Askable { also, ..askable(AnswerKind::Tier, format!("{id} {}", floor.name), at) });
    }
}

/// Where the hall is told: of the scene with the most steps that it is the hero of, the first.
fn hall_step(library: &Library) -> Option<Position> {
    let is_told = |step: &Step| step.hero.as_deref() == Some("hall");
    let count = |scene: &Scene| scene.steps.iter().filter(|step| is_told(step)).count();
    let scene = (0..library.scenes.len()).rev().max_by_key(|scene| count(&library.scenes[*scene]))?;
    first_step(library, scene, is_told)
}

/// A component is opened over the step that tells its floor.
fn components(library: &Library, all: &mut Vec<Askable>) {
    for component in &library.world.components {
        let on_floor = component.on.tier().and_then(|tier| floor_step(library, tier));
        let in_hall = || hall_step(library);
        let at = if component.on == Subject::Compute { in_hall() } else { on_floor };
        let Some(at) = at.filter(|at| matches!(library.scenes[at.scene].view, View::World { .. })) else { continue };
        let focus = Some(HitId::Component(component.id.to_string()));
        all.push(Askable {
            focus,
            also: component.also.clone(),
            ..askable(AnswerKind::Component, component.name.clone(), at)
        });
    }
}

/// A term is opened on its page of the glossary.
fn terms(library: &Library, all: &mut Vec<Askable>) {
    for term in &library.terms {
        let id = term.row_id();
        let shows = |step: &Step| {
            let is_it = |placed: &crate::scene::model::Placed| placed.shown && *placed.id == *id;
            step.elements.iter().any(|placed| is_it(placed) && matches!(placed.element, Element::Text(_)))
        };
        if let Some(at) = (0..library.scenes.len()).find_map(|scene| first_step(library, scene, shows)) {
            let focus = Some(HitId::Spot(id.clone()));
            all.push(Askable { focus, also: term.also.clone(), ..askable(AnswerKind::Term, term.term.as_str(), at) });
        }
    }
}
