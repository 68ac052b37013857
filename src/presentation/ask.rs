//! Ask: from a few letters to a place in the talk. Titles, components, phases, tiers, terms and old-world words.

use std::sync::Arc;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::scene::file::PlaceFile;
use crate::scene::library::Library;
use crate::scene::model::{Element, Scene, Step, View};
use crate::scene::pages::term_id;
use crate::signal::Tier;
use crate::timeline::blocks::tier_of;
use crate::timeline::hit::HitId;
use crate::timeline::playhead::Position;

/// What kind of thing an answer is, in the order in which equals stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Scene,
    Phase,
    Tier,
    Component,
    Step,
    Term,
    Path,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Scene => "scene",
            Self::Phase => "phase",
            Self::Tier => "tier",
            Self::Component => "component",
            Self::Term => "term",
            Self::Step => "step",
            Self::Path => "path",
        }
    }
}

/// Something that can be asked for, and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub kind: Kind,
    pub title: Arc<str>,
    pub at: Position,
    /// What is focused there, and opened where it opens.
    pub focus: Option<HitId>,
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
    let mut scored: Vec<(Rank, Answer)> = (answers(library).into_iter())
        .filter_map(|answer| Some((rank(&answer, &words, (&pattern, &mut matcher))?, answer)))
        .collect();
    scored.sort_by(|(a, one), (b, other)| {
        a.cmp(b)
            .then(one.kind.cmp(&other.kind))
            .then(one.title.len().cmp(&other.title.len()))
            .then(one.at.cmp(&other.at))
    });
    scored.into_iter().map(|(_, answer)| answer).take(most).collect()
}

/// Lower is better: how the words meet, then the matcher's own score.
type Rank = (u8, u32);

/// How well the words meet an answer. Fuzzy matches count only where they are dense: three letters are in anything.
fn rank(answer: &Answer, words: &str, (pattern, matcher): (&Pattern, &mut Matcher)) -> Option<Rank> {
    let title = answer.title.to_lowercase();
    let meets = |text: &str, first: u8| -> Option<u8> {
        let is_first_word = text.split(|c: char| !c.is_alphanumeric()).next() == Some(words);
        if text == words {
            Some(first)
        } else if is_first_word && first == 0 && matches!(answer.kind, Kind::Scene | Kind::Step) {
            // "lun" is LUN becomes bucket before it is another word for a bucket.
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
    let by_other = answer.also.iter().filter_map(|other| meets(&other.to_lowercase(), 1)).min();
    if let Some(rank) = by_title.into_iter().chain(by_other).min() {
        return Some((rank, 0));
    }
    // Each word begins something of it, if not all of one: "san array".
    let all = format!("{title} {}", answer.also.join(" ").to_lowercase());
    let anywhere = |word: &str| all.split(|c: char| !c.is_alphanumeric()).any(|part| part.starts_with(word));
    if words.contains(' ') && words.split_whitespace().all(anywhere) {
        return Some((9, 0));
    }
    let mut buffer = Vec::new();
    let texts = [&title].into_iter().chain(&answer.also);
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
fn answers(library: &Library) -> Vec<Answer> {
    let mut all = Vec::new();
    for (index, scene) in library.scenes.iter().enumerate() {
        scenes(index, scene, &mut all);
    }
    phases(library, &mut all);
    tiers(library, &mut all);
    components(library, &mut all);
    terms(library, &mut all);
    all
}

fn answer(kind: Kind, title: impl Into<Arc<str>>, at: Position) -> Answer {
    Answer { kind, title: title.into(), at, focus: None, also: Vec::new() }
}

/// A scene by its title, its steps by their headings, its paths by themselves.
fn scenes(index: usize, scene: &Scene, all: &mut Vec<Answer>) {
    let at = |step| Position { scene: index, step };
    all.push(Answer { also: vec![scene.id.to_string()], ..answer(Kind::Scene, scene.title.clone(), at(0)) });
    let mut last: &str = &scene.title;
    // Pages made from data are found by what is on them.
    let own = |scene: &&Scene| !matches!(&*scene.id, "glossary" | "sources");
    for (step, known) in Some(scene).filter(own).iter().flat_map(|scene| scene.steps.iter().enumerate()) {
        let heading = &known.heading.text;
        if !heading.is_empty() && **heading != *last {
            all.push(answer(Kind::Step, heading.clone(), at(step)));
        }
        last = heading;
    }
    for spot in &scene.spots {
        let Some(path) = &spot.copies else { continue };
        let shown = |step: &Step| step.elements.iter().any(|placed| placed.shown && placed.thing == spot.thing);
        if let Some(step) = scene.steps.iter().position(shown) {
            all.push(Answer {
                focus: Some(HitId::Spot(spot.thing.word().to_owned())),
                ..answer(Kind::Path, path.clone(), at(step))
            });
        }
    }
}

/// The first step that is about something, of a scene of this id, or of any.
fn first(library: &Library, id: &str, is_it: impl Fn(&Step) -> bool) -> Option<Position> {
    let scene = library.find(id)?;
    let step = library.scenes[scene].steps.iter().position(is_it)?;
    Some(Position { scene, step })
}

fn phases(library: &Library, all: &mut Vec<Answer>) {
    for phase in &library.world.phases {
        if let Some(at) = first(library, "phases", |step| step.phase.as_ref() == Some(&phase.id)) {
            all.push(answer(Kind::Phase, phase.id.clone(), at));
        }
    }
}

/// Where a floor is told by itself.
fn floor_step(library: &Library, tier: Tier) -> Option<Position> {
    first(library, "tiers", |step| step.floors == [tier])
}

fn tiers(library: &Library, all: &mut Vec<Answer>) {
    for floor in &library.world.floors {
        let Some(at) = floor_step(library, floor.tier) else { continue };
        let id = floor.tier.id();
        let also = vec![id.to_owned(), floor.name.to_string(), format!("tier {}", &id[1..])];
        all.push(Answer { also, ..answer(Kind::Tier, format!("{id} {}", floor.name), at) });
    }
}

/// A component is opened over the step that tells its floor.
fn components(library: &Library, all: &mut Vec<Answer>) {
    for component in &library.world.components {
        let on_floor = tier_of(component.on).and_then(|tier| floor_step(library, tier));
        let in_hall = || first(library, "loop", |step| step.hero.as_deref() == Some("hall"));
        let at = if component.on == PlaceFile::Hall { in_hall() } else { on_floor };
        let Some(at) = at.filter(|at| matches!(library.scenes[at.scene].view, View::World { .. })) else { continue };
        let focus = Some(HitId::Component(component.id.to_string()));
        all.push(Answer { focus, also: component.also.clone(), ..answer(Kind::Component, component.name.clone(), at) });
    }
}

/// A term is opened on its page of the glossary.
fn terms(library: &Library, all: &mut Vec<Answer>) {
    for term in &library.terms {
        let id = term_id(&term.term);
        let shows = |step: &Step| {
            let is_it = |placed: &crate::scene::model::Placed| placed.shown && *placed.id == *id;
            step.elements.iter().any(|placed| is_it(placed) && matches!(placed.element, Element::Text(_)))
        };
        if let Some(at) = first(library, "glossary", shows) {
            let focus = Some(HitId::Spot(id.clone()));
            all.push(Answer { focus, also: term.also.clone(), ..answer(Kind::Term, term.term.as_str(), at) });
        }
    }
}
