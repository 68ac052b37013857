//! Every step of a deck, settled: with the simulated lab, with no source, and with one that has gone quiet.

use std::sync::Arc;

use crate::commands::picture::{When, pose};
use crate::live::{Announcement, Report, SourceEvent, SourceKind, Target};
use crate::presentation::event::Event;
use crate::presentation::{Presentation, Settings};
use crate::review::Posed;
use crate::scene::library::Texts;
use crate::setup::{Failure, announce};
use crate::show::Show;
use crate::signal::{Readings, Subject};
use crate::timeline::playhead::Position;

/// Poses the steps of the scenes that were read from these files.
pub(super) fn posed(texts: &Texts, files: &dyn Fn(&str) -> bool, seed: u64) -> Result<Vec<Posed>, Failure> {
    let first = show(texts, seed)?;
    let mut posed = Vec::new();
    for (scene, known) in
        first.presentation().library().scenes.iter().enumerate().filter(|(_, scene)| files(&scene.file))
    {
        for step in 0..known.steps.len() {
            step_of(texts, Position { scene, step }, seed, &mut posed)?;
        }
    }
    Ok(posed)
}

fn show(texts: &Texts, seed: u64) -> Result<Show, Failure> {
    let presentation = Presentation::new(texts.clone(), Settings::default());
    let presentation = presentation.map_err(|_problems| Failure::from("no scene can be shown".to_owned()))?;
    Ok(Show::new(presentation, Some(seed)))
}

fn step_of(texts: &Texts, at: Position, seed: u64, posed: &mut Vec<Posed>) -> Result<(), Failure> {
    let mut show = show(texts, seed)?;
    pose(&mut show, at, When::End);
    posed.push(Posed { at, data: "sim", picture: show.picture() });
    if show.presentation().is_measured() {
        posed.push(Posed { at, data: "stale", picture: stale(&mut show, at) });
        announce(&mut show, Announcement::nothing());
        show.presentation_mut().sources_mut().show(SourceKind::None);
        show.presentation_mut().settle_flows(1.0);
        posed.push(Posed { at, data: "none", picture: show.picture() });
    }
    Ok(())
}

/// How long nothing was heard of it.
const QUIET_SECS: f64 = 34.0;

/// The step on a lab that said what the simulated one says now, and then no more.
fn stale(show: &mut Show, at: Position) -> crate::picture::Picture {
    let readings = show.presentation().sources().shown().map(|source| source.readings().clone()).unwrap_or_default();
    let targets: Vec<Target> = Subject::ALL.map(target).into();
    let names: Vec<(Arc<str>, Subject)> =
        targets.iter().map(|target| (target.name.clone(), target.subjects[0])).collect();
    announce(show, Announcement { kind: SourceKind::Lab, origin: "lab".into(), lapse: 1, targets });
    show.presentation_mut().sources_mut().show(SourceKind::Lab);
    let now_secs = show.now_secs();
    for (name, subject) in names {
        let readings: Readings = readings
            .iter()
            .filter(|(signal, _)| signal.subject == subject)
            .map(|(signal, reading)| (*signal, *reading))
            .collect();
        let report = Report { readings, last_good_secs: now_secs, interval_secs: 2.0, faults: Vec::new() };
        let news = SourceEvent::Scraped { target: name, at_secs: now_secs, report };
        show.take(Event::Source { source: SourceKind::Lab.only_id(), news });
    }
    show.advance(now_secs + QUIET_SECS);
    show.presentation_mut().seek(at, f64::INFINITY);
    show.presentation_mut().settle_flows(1.0);
    show.picture()
}

fn target(subject: Subject) -> Target {
    Target { name: subject.id().into(), subjects: vec![subject], interval_secs: 2.0, unverified: false }
}
