//! `recording describe`: what happened in a recording, in order of time.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use crate::commands::fold::FoldedBurst;
use crate::commands::recording::retell::Retelling;
use crate::live::{Announcement, Direction, FaultTeller, SourceEvent, SourceId, SourceKind, SourceList};
use crate::presentation::event::{Event, Timed};
use crate::recording::{Cursor, Entry, Read, Recording};
use crate::scene::address::Address;
use crate::setup::Failure;
use crate::timeline::numerals;

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct HappenedAt {
    at_secs: f64,
    what: DescribedWhat,
}

#[derive(Clone, Debug, PartialEq)]
enum DescribedWhat {
    /// A source was announced.
    Source { source: SourceId, kind: SourceKind, targets: Vec<String> },
    /// A step came on, and the phase that it tells.
    Step { at: Address, phase: Option<String> },
    /// A tier was busy.
    Burst { source: SourceId, tier: &'static str, burst: FoldedBurst },
    /// Something went wrong, or right again, in words.
    Fault { words: String },
    /// Something cannot be read from there on.
    Damage { words: String },
}

/// What happened in a recording, in order of time.
pub(super) fn happenings(recording: &Recording) -> Result<Vec<HappenedAt>, Failure> {
    let mut happened = lab_happenings(recording);
    if let Some(retelling) = Retelling::start(recording)? {
        happened.extend(steps(retelling));
    }
    happened.sort_by(|one, other| one.at_secs.total_cmp(&other.at_secs));
    Ok(happened)
}

/// The sources as they were heard.
#[derive(Default)]
struct Listener {
    list: SourceList,
    told: BTreeMap<String, FoldedBurst>,
    teller: FaultTeller,
    happened: Vec<HappenedAt>,
}

fn lab_happenings(recording: &Recording) -> Vec<HappenedAt> {
    let (mut listener, mut cursor, mut at_secs) = (Listener::default(), Cursor::start(), 0.0);
    while let Some(read) = cursor.read(recording) {
        match read {
            Read::Entry(Entry::Event(timed)) => {
                at_secs = timed.at;
                listener.hear(timed);
            }
            Read::Entry(Entry::Row { .. }) | Read::State(_) => {}
            Read::Damaged(damage) => {
                let words = format!("at byte {}: {}", damage.offset, damage.words);
                listener.happened.push(HappenedAt { at_secs, what: DescribedWhat::Damage { words } });
            }
        }
    }
    listener.happened
}

impl Listener {
    fn hear(&mut self, timed: Timed) {
        let Event::Source { source, news } = timed.event else { return };
        for news in news {
            if let SourceEvent::Announced(announced) = &news {
                self.note_source(timed.at, &source, announced);
            }
            self.list.apply(&source, news);
        }
        self.list.show(&source);
        self.note_bursts(timed.at, &source);
        let words = self.teller.news(timed.at, self.list.shown().faults());
        self.happened.extend(
            words.into_iter().map(|words| HappenedAt { at_secs: timed.at, what: DescribedWhat::Fault { words } }),
        );
    }

    fn note_source(&mut self, at_secs: f64, source: &SourceId, announced: &Announcement) {
        let targets = announced.targets.iter().map(|target| target.name.as_ref().to_owned()).collect();
        let what = DescribedWhat::Source { source: source.clone(), kind: announced.kind, targets };
        // Told a run, the simulated lab is announced again.
        if !self.happened.iter().any(|happened| happened.what == what) {
            self.happened.push(HappenedAt { at_secs, what });
        }
    }

    fn note_bursts(&mut self, at_secs: f64, source: &SourceId) {
        for (tier, direction, burst) in self.list.shown().bursts().last_ones() {
            let folded = FoldedBurst::new(direction, burst);
            let key = format!("{source} {} {direction:?}", tier.id());
            if self.told.get(&key) == Some(&folded) {
                continue;
            }
            self.told.insert(key, folded.clone());
            let what = DescribedWhat::Burst { source: source.clone(), tier: tier.id(), burst: folded };
            self.happened.push(HappenedAt { at_secs, what });
        }
    }
}

/// The steps that were shown. A talk that cannot be read to its end is told as far as it can.
fn steps(mut retelling: Retelling<'_>) -> Vec<HappenedAt> {
    let mut steps: Vec<(f64, Address, Option<String>)> = Vec::new();
    let mut note = |retelling: &Retelling<'_>| {
        let presentation = retelling.show.presentation();
        let at = presentation.address();
        if steps.last().is_none_or(|(_, last, _)| last != at) {
            let position = presentation.position();
            let step = &presentation.library().scenes[position.scene].steps[position.step];
            let phase = step.phase.as_ref().map(ToString::to_string);
            steps.push((retelling.show.now_secs(), at.clone(), phase));
        }
    };
    note(&retelling);
    while let Ok(Some(_)) = retelling.tell_next() {
        note(&retelling);
    }
    let step = |(at_secs, at, phase)| HappenedAt { at_secs, what: DescribedWhat::Step { at, phase } };
    steps.into_iter().map(step).collect()
}

/// One JSON object.
pub(super) fn write_json(happened: &[HappenedAt], out: &mut dyn Write) -> std::io::Result<()> {
    let told: Vec<Value> = happened.iter().map(HappenedAt::json).collect();
    writeln!(out, "{}", json!({ "schema": 1, "happened": told }))
}

/// A line each.
pub(super) fn write_words(happened: &[HappenedAt], out: &mut dyn Write) -> std::io::Result<()> {
    happened.iter().try_for_each(|one| writeln!(out, "{:8.1} s  {}", one.at_secs, one.words()))
}

impl HappenedAt {
    fn json(&self) -> Value {
        let mut told = match &self.what {
            DescribedWhat::Source { source, kind, targets } => {
                json!({ "what": "source", "source": source.to_string(), "kind": kind.word(), "targets": targets })
            }
            DescribedWhat::Step { at, phase: Some(phase) } => {
                json!({ "what": "step", "step": at.to_string(), "phase": phase })
            }
            DescribedWhat::Step { at, phase: None } => json!({ "what": "step", "step": at.to_string() }),
            DescribedWhat::Burst { source, tier, burst } => {
                let mut told = serde_json::to_value(burst).unwrap_or_default();
                (told["what"], told["source"], told["tier"]) =
                    ("burst".into(), source.to_string().into(), (*tier).into());
                told
            }
            DescribedWhat::Fault { words } => json!({ "what": "fault", "words": words }),
            DescribedWhat::Damage { words } => json!({ "what": "damage", "words": words }),
        };
        told["at"] = ((self.at_secs * 1000.0).round() / 1000.0).into();
        told
    }

    fn words(&self) -> String {
        match &self.what {
            DescribedWhat::Source { source, targets, .. } if targets.is_empty() => format!("source {source}"),
            DescribedWhat::Source { source, targets, .. } => format!("source {source}: {}", targets.join(", ")),
            DescribedWhat::Step { at, phase: Some(phase) } => format!("step {at}, phase {phase}"),
            DescribedWhat::Step { at, phase: None } => format!("step {at}"),
            DescribedWhat::Burst { source, tier, burst } => {
                let way = match burst.direction {
                    Direction::Read => "read",
                    Direction::Write => "written",
                };
                let (moved, secs) = (numerals::bytes(burst.bytes, "B"), burst.ended - burst.began);
                let mean = numerals::bytes(burst.mean_bytes_per_sec, "B/s");
                let (moved, mean) = (moved.words(), mean.words());
                format!("{source}, {tier}: {moved} {way} in {secs:.1} s, {mean} in the mean")
            }
            DescribedWhat::Fault { words } => words.clone(),
            DescribedWhat::Damage { words } => format!("damaged {words}"),
        }
    }
}
