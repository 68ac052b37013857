//! A session as its recording has it: the steps that were shown, what was parked, and what each source said.

use std::collections::{BTreeMap, BTreeSet};

use crate::commands::recording::Retelling;
use crate::commands::report::lab_story::LabStories;
use crate::live::SourceId;
use crate::recording::{Cursor, Entry, Header, Read, Recording, Redactor};
use crate::scene::address::Address;
use crate::setup::Failure;
use crate::show::Show;

/// A step that was shown, from when it was come to until it was left.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Visit {
    /// Seconds of the talk.
    pub(super) at_secs: f64,
    pub(super) shown_secs: f64,
    pub(super) step: Address,
    pub(super) title: String,
    pub(super) caption: String,
    /// What the deck gives the step.
    pub(super) budget_secs: u32,
}

/// A question that was parked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ParkedQuestion {
    /// Seconds of the talk.
    pub(super) at_secs: f64,
    pub(super) step: Address,
    pub(super) title: String,
}

/// The talk that was told; none in the recording of a lab.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ToldTalk {
    pub(super) deck: String,
    /// The cut that was told last.
    pub(super) cut: Option<String>,
    /// In order of time.
    pub(super) visits: Vec<Visit>,
    pub(super) parked: Vec<ParkedQuestion>,
    /// For how many seconds each source was the one shown.
    pub(super) shown_secs: BTreeMap<SourceId, f64>,
}

/// A session, read from its recording.
pub(super) struct Session {
    pub(super) header: Header,
    /// Seconds from its beginning to its last event.
    pub(super) secs: f64,
    pub(super) talk: Option<ToldTalk>,
    pub(super) stories: LabStories,
    /// What cannot be read of the recording, in words.
    pub(super) missing: Vec<String>,
    pub(super) names_are_kept: bool,
}

impl Session {
    /// Reads all of a recording. Names stay only where it kept them and `keep_names` says so. Err: its talk cannot be opened.
    pub(super) fn read(recording: &Recording, keep_names: bool) -> Result<Self, Failure> {
        let header = recording.header().clone();
        let names_are_kept = keep_names && !header.is_redacted;
        let mut redactor = (!names_are_kept && !header.is_redacted).then(Redactor::default);
        let (mut stories, mut missing, mut secs) = (LabStories::default(), Vec::new(), 0.0_f64);
        let mut cursor = Cursor::start();
        while let Some(read) = cursor.read(recording) {
            match read {
                Read::Entry(Entry::Event(timed)) => {
                    secs = secs.max(timed.at);
                    stories.hear(redactor.as_mut().map_or_else(|| timed.clone(), |redactor| redactor.redacted(&timed)));
                }
                Read::Entry(Entry::Row { at, .. }) => secs = secs.max(at),
                Read::State(_) => {}
                Read::Damaged(damage) => missing.push(format!("At byte {}: {}.", damage.offset, damage.words)),
            }
        }
        if !recording.is_closed() {
            missing.push("The recording was not closed: its end may be missing.".to_owned());
        }
        if recording.is_cut_before_talk() {
            missing.push("It ends before the talk begins.".to_owned());
        }
        let talk = Retelling::start(recording)?.map(|retelling| retold(retelling, &mut missing));
        Ok(Self { header, secs, talk, stories, missing, names_are_kept })
    }

    /// `"Session of 2026-11-28"`
    pub(super) fn title(&self) -> String {
        format!("Session of {}", self.header.date())
    }
}

/// The talk, told again. One that cannot be read to its end is told as far as it can.
fn retold(mut retelling: Retelling<'_>, missing: &mut Vec<String>) -> ToldTalk {
    let mut talk = ToldTalk::default();
    let mut before = SessionMoment::of(&retelling.show);
    talk.visits.push(visit(&retelling.show));
    loop {
        match retelling.tell_next() {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_told_with_the_lab) => {
                missing.push("The steps after that are not known.".to_owned());
                break;
            }
        }
        let now = SessionMoment::of(&retelling.show);
        talk.pass(&before, now.at_secs);
        if now.step != before.step {
            talk.visits.push(visit(&retelling.show));
        }
        before = now;
    }
    let presentation = retelling.show.presentation();
    let library = presentation.library();
    let title = |step: &Address| library.locate(step).map_or("", |at| &*library.scenes[at.scene].title).to_owned();
    let parked = presentation.desk().parked.iter();
    talk.parked = parked
        .map(|one| ParkedQuestion { at_secs: one.since_secs, step: one.at.clone(), title: title(&one.at) })
        .collect();
    (talk.deck, talk.cut) = (library.title.clone(), presentation.cut().map(|cut| cut.title.clone()));
    talk
}

/// What was so at a time.
struct SessionMoment {
    at_secs: f64,
    step: Address,
    source: SourceId,
}

impl SessionMoment {
    fn of(show: &Show) -> Self {
        let presentation = show.presentation();
        let (step, source) = (presentation.address().clone(), presentation.sources().shown().id.clone());
        Self { at_secs: show.now_secs(), step, source }
    }
}

impl ToldTalk {
    /// Time passed at a step, with a source shown.
    fn pass(&mut self, since: &SessionMoment, now_secs: f64) {
        let secs = now_secs - since.at_secs;
        if let Some(visit) = self.visits.last_mut() {
            visit.shown_secs += secs;
        }
        *self.shown_secs.entry(since.source.clone()).or_default() += secs;
    }

    /// What the steps shown are given together, each once.
    pub(super) fn budget_secs(&self) -> u32 {
        let mut seen = BTreeSet::new();
        self.visits.iter().filter(|visit| seen.insert(&visit.step)).map(|visit| visit.budget_secs).sum()
    }

    pub(super) fn shown_secs(&self) -> f64 {
        self.visits.iter().map(|visit| visit.shown_secs).sum()
    }
}

fn visit(show: &Show) -> Visit {
    let presentation = show.presentation();
    let (library, at) = (presentation.library(), presentation.position());
    let scene = &library.scenes[at.scene];
    let step = &scene.steps[at.step];
    Visit {
        at_secs: show.now_secs(),
        shown_secs: 0.0,
        step: presentation.address().clone(),
        title: scene.title.to_string(),
        caption: step.caption.filled(&library.figures).to_string(),
        budget_secs: step.budget_secs,
    }
}
