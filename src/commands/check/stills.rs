//! Every step of a deck, settled: with the simulated lab, with no source, and with one that has gone quiet.

use std::collections::BTreeSet;

use crate::live::{Announcement, Report, SourceEvent, SourceKind, Target};
use crate::picture::Picture;
use crate::presentation::event::Event;
use crate::review::Posed;
use crate::scene::address::Address;
use crate::scene::library::Texts;
use crate::setup::{Failure, show_source};
use crate::show::{Opening, Show, When};
use crate::signal::{Readings, Subject};
use crate::timeline::hit::HitId;
use crate::timeline::playhead::Position;

/// The show over the simulated lab that is posed.
pub(super) fn simulated(texts: &Texts, seed: u64) -> Result<Show, Failure> {
    let mut show = Show::open(Opening { texts: texts.clone(), seed: Some(seed), ..Opening::default() })?;
    show.recall_hour();
    Ok(show)
}

/// Poses the steps of the scenes that were read from these files.
pub(super) fn posed(show: &Show, files: &dyn Fn(&str) -> bool) -> Vec<Posed> {
    let scenes = show.presentation().library().scenes.iter().enumerate().filter(|(_, scene)| files(&scene.file));
    let steps = scenes.flat_map(|(scene, known)| (0..known.steps.len()).map(move |step| Position { scene, step }));
    steps.flat_map(|at| pose_step(show, at)).collect()
}

/// How many moments of each change are looked at.
const MOMENTS: u32 = 12;

/// The steps at moments of the change into each from the one before it. Where one of the two is measured that is with the
/// simulated lab, whose readings come and go among the words.
pub(super) fn changing(simulated: &Show, files: &dyn Fn(&str) -> bool) -> Vec<Posed> {
    let mut still = simulated.clone();
    show_source(&mut still, SourceKind::None);
    let library = simulated.presentation().library();
    let scenes = library.scenes.iter().enumerate().filter(|(_, scene)| files(&scene.file));
    let steps = scenes.flat_map(|(scene, known)| (0..known.steps.len()).map(move |step| Position { scene, step }));
    let is_measured = |at: Position| {
        let scene = library.scenes.get(at.scene);
        scene.is_some_and(|scene| scene.steps.get(at.step).is_some_and(|step| scene.measures(step)))
    };
    let change = |at: Position| {
        let address = library.address(at);
        let readings = is_measured(at) || library.before(at, None).is_some_and(is_measured);
        let (data, show) = if readings { ("sim", simulated) } else { ("none", &still) };
        let led = show.led_to(&address);
        let settle_secs = led.entered(&address, When::Secs(0.0)).presentation().settle_secs();
        // Evenly, and closely in the first second, in which most of it comes and goes.
        let secs = (1..=MOMENTS).map(move |nth| {
            let share = f64::from(nth) / f64::from(MOMENTS + 1);
            if nth % 2 == 0 { share } else { share * settle_secs }
        });
        secs.map(move |secs| Posed { at, data, picture: led.entered(&address, When::Secs(secs)).picture() })
    };
    steps.flat_map(change).collect()
}

/// Every card that a step lets be opened, each once, without a source.
pub(super) fn opened(texts: &Texts, files: &dyn Fn(&str) -> bool) -> Result<Vec<Posed>, Failure> {
    let mut show = Show::open(Opening { texts: texts.clone(), ..Opening::default() })?;
    show_source(&mut show, SourceKind::None);
    let library = show.presentation().library();
    let scenes = library.scenes.iter().enumerate().filter(|(_, scene)| files(&scene.file));
    let mut known = BTreeSet::new();
    let mut posed = Vec::new();
    for (scene, told) in scenes {
        for step in 0..told.steps.len() {
            let at = Position { scene, step };
            let still = show.posed(&library.address(at), When::End);
            for hit in still.presentation().hits() {
                // A component tells the same wherever it stands; what a scene lets be opened is its own.
                let scene = (!matches!(hit.id, HitId::Component(_))).then_some(scene);
                if known.insert((scene, hit.id.to_string())) {
                    let mut open = still.clone();
                    if open.open_named(&hit.id.to_string()) {
                        posed.push(Posed { at, data: "card", picture: open.presentation().explored() });
                    }
                }
            }
        }
    }
    Ok(posed)
}

fn pose_step(show: &Show, at: Position) -> Vec<Posed> {
    let address = show.presentation().library().address(at);
    let mut still = show.posed(&address, When::End);
    let mut posed = vec![Posed { at, data: "sim", picture: still.picture() }];
    if still.presentation().is_measured() {
        posed.push(Posed { at, data: "stale", picture: stale(&mut still, &address) });
        show_source(&mut still, SourceKind::None);
        posed.push(Posed { at, data: "none", picture: still.posed(&address, When::End).picture() });
    }
    posed
}

/// How long nothing was heard of it.
const QUIET_SECS: f64 = 34.0;

/// The step on a lab that said what the simulated one says now, and then no more.
fn stale(show: &mut Show, at: &Address) -> Picture {
    let readings = show.presentation().sources().shown().readings().clone();
    let now_secs = show.now_secs();
    let report = |subject: Subject| {
        let own = readings.iter().filter(|(signal, _)| signal.subject == subject);
        let readings: Readings = own.map(|(signal, reading)| (*signal, *reading)).collect();
        let (moved, faults) = (None, Vec::new());
        let report = Report { readings, moved, last_good_secs: now_secs, interval_secs: 2.0, samples: 0, faults };
        SourceEvent::Scraped { target: target(subject).name, at_secs: now_secs, report }
    };
    let targets = Subject::ALL.map(target).into();
    let announced = Announcement { kind: SourceKind::Lab, origin: "lab".into(), lapse: 1, targets };
    let news = [SourceEvent::Announced(announced)].into_iter().chain(Subject::ALL.map(report));
    show.take(now_secs, Event::Source { source: SourceKind::Lab.only_id(), news: news.collect() });
    show_source(show, SourceKind::Lab);
    show.advance(now_secs + QUIET_SECS);
    show.posed(at, When::End).picture()
}

fn target(subject: Subject) -> Target {
    Target { name: subject.id().into(), subjects: vec![subject], interval_secs: 2.0, unverified: false }
}
