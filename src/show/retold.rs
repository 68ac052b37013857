//! A recorded talk, told again on stage: from any of its moments, at any speed, to the same pictures.
//!
//! What was applied is applied at the same times to a show of its own. How that stands is kept now and then, so that a
//! moment before is come to from the last of those. Nobody can change what is told: keys and controls move within it.

mod marks;

use std::sync::Arc;

use crate::presentation::Presentation;
use crate::presentation::event::Event;
use crate::presentation::walk::WalkCommand;
use crate::recording::{Cursor, Damage, Entry, Read, Recording};
use crate::scene::address::Address;

use self::marks::Watch;
pub use self::marks::{Marked, TapeMark};

/// How it stands is kept so many times at most, no more often than this.
const MOST_KEPT: f64 = 16.0;
const LEAST_APART_SECS: f64 = 20.0;
/// Seconds of the talk for one of ours.
const SPEEDS: [f64; 9] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 60.0, 240.0];
/// Back leads to the beginning of the step that is on, unless it has only just begun.
const JUST_BEGUN_SECS: f64 = 1.0;

/// The show that a recorded talk is told to.
pub trait Told: Clone {
    /// How it stood at a moment, in few bytes.
    type Kept: Clone;

    /// How it stands now; it goes on unchanged.
    fn keep(&mut self) -> Self::Kept;
    /// The show as it stood when it was kept.
    fn of_kept(kept: &Self::Kept) -> Self;
    /// Something happens to it at these seconds of its talk.
    fn happen(&mut self, at_secs: f64, event: Event);
    /// Lets time pass up to then.
    fn pass(&mut self, to_secs: f64);
    /// The talk as it is.
    fn talk(&self) -> &Presentation;
}

/// What is said of a key that would change the talk.
pub(super) const REFUSED: &str = "a recorded talk is told again: it cannot be changed";
pub(super) const REFUSED_WITHIN: &str = "a recorded talk is told again: Ctrl+P goes back to yours";

/// A recorded talk on its way.
#[derive(Clone)]
pub struct Reel<S: Told> {
    recording: Recording,
    place: RetoldPlace<S>,
    /// How it stood, in order of time; the first is the beginning.
    kept: Vec<KeptMoment<S>>,
    marks: Arc<[TapeMark]>,
    begins_secs: f64,
    end_secs: f64,
    /// Why the end of the recording is missing, in words.
    torn: Option<String>,
    tape: TapeClock,
}

/// How far it is, as a function of our time: nothing adds it up.
#[derive(Clone, Copy, Debug)]
struct TapeClock {
    /// Seconds of the recorded talk at `since_secs` of ours.
    at_secs: f64,
    since_secs: f64,
    /// Its place among `SPEEDS`.
    speed: usize,
    plays: bool,
}

impl TapeClock {
    fn rewound(at_secs: f64) -> Self {
        Self { at_secs, since_secs: 0.0, speed: 2, plays: true }
    }

    fn speed(&self) -> f64 {
        SPEEDS[self.speed.min(SPEEDS.len() - 1)]
    }

    fn at(&self, now_secs: f64) -> f64 {
        let passed_secs = (now_secs - self.since_secs).max(0.0) * self.speed();
        if self.plays { self.at_secs + passed_secs } else { self.at_secs }
    }
}

/// A moment of the recorded talk.
#[derive(Clone)]
struct RetoldPlace<S> {
    show: S,
    cursor: Cursor,
    /// Read, and not due yet.
    next: Option<Entry>,
}

/// A moment of the recorded talk that is kept.
#[derive(Clone)]
struct KeptMoment<S: Told> {
    at_secs: f64,
    show: S::Kept,
    cursor: Cursor,
    next: Option<Entry>,
}

impl<S: Told> KeptMoment<S> {
    fn place(&self, recording: &Recording) -> RetoldPlace<S> {
        RetoldPlace { show: S::of_kept(&self.show), cursor: self.cursor.with_text(recording), next: self.next.clone() }
    }
}

impl<S: Told> RetoldPlace<S> {
    fn keep(&mut self) -> KeptMoment<S> {
        let (at_secs, cursor, next) = (self.now_secs(), self.cursor.without_text(), self.next.clone());
        KeptMoment { at_secs, show: self.show.keep(), cursor, next }
    }

    fn now_secs(&self) -> f64 {
        self.show.talk().now_secs()
    }

    /// Tells the next entry that is due; false where none is. After what cannot be read the talk would not be the same: it
    /// ends there.
    fn tell_next(&mut self, recording: &Recording, to_secs: f64) -> Result<bool, Damage> {
        while self.next.is_none() {
            match self.cursor.read(recording) {
                Some(Read::Entry(entry)) => self.next = Some(entry),
                Some(Read::State(_)) => {}
                Some(Read::Damaged(damage)) => return Err(damage),
                None => return Ok(false),
            }
        }
        match self.next.take_if(|next| next.at_secs() <= to_secs) {
            Some(Entry::Event(timed)) => {
                self.show.happen(timed.at, timed.event);
                Ok(true)
            }
            Some(Entry::Row { at, .. }) => {
                self.show.pass(at);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Goes on to a later moment.
    fn go_on(&mut self, recording: &Recording, to_secs: f64) {
        // What cannot be read was told when it was opened, and lies behind its end.
        while self.tell_next(recording, to_secs).unwrap_or(false) {}
        self.show.pass(to_secs);
    }
}

impl<S: Told> Reel<S> {
    /// Reads a recording to its end. `show`: its talk as it was opened.
    pub(super) fn read(recording: Recording, show: S) -> Self {
        let mut first = RetoldPlace { show, cursor: Cursor::start(), next: None };
        let apart_secs = (recording.last_secs() / MOST_KEPT).max(LEAST_APART_SECS);
        let (mut place, mut kept, mut kept_secs) = (first.clone(), Vec::new(), 0.0);
        let (mut watch, mut torn) = (Watch::default(), None);
        let begins_secs = recording.begins_secs().min(recording.last_secs());
        place.show.pass(begins_secs);
        watch.look(place.show.talk());
        loop {
            match place.tell_next(&recording, f64::INFINITY) {
                Ok(true) => watch.look(place.show.talk()),
                Ok(false) => break,
                Err(damage) => {
                    torn = Some(damage.words);
                    break;
                }
            }
            if place.now_secs() >= kept_secs + apart_secs {
                kept_secs = place.now_secs();
                kept.push(place.keep());
            }
        }
        let torn = torn.or_else(|| (!recording.is_closed()).then(|| "it was not closed".to_owned()));
        let (end_secs, marks) = (place.now_secs(), watch.marks.into());
        // What happened as it was opened is there at once.
        first.go_on(&recording, begins_secs);
        kept.insert(0, first.keep());
        let tape = TapeClock::rewound(begins_secs);
        Self { recording, place: first, kept, marks, begins_secs, end_secs, torn, tape }
    }

    /// What is told, as it is now.
    pub fn talk(&self) -> &Presentation {
        self.place.show.talk()
    }

    /// Seconds of the recorded talk: now, where the recording begins, and at its end.
    pub fn at_secs(&self) -> f64 {
        self.place.now_secs()
    }

    pub fn begins_secs(&self) -> f64 {
        self.begins_secs
    }

    pub fn end_secs(&self) -> f64 {
        self.end_secs
    }

    /// When it was recorded: `"2026-11-28"`.
    pub fn date(&self) -> &str {
        self.recording.header().date()
    }

    /// What stands out in it, in order of time.
    pub fn marks(&self) -> &[TapeMark] {
        &self.marks
    }

    /// The step that is on at a time.
    pub fn step_at(&self, at_secs: f64) -> Option<&Address> {
        self.marks.iter().take_while(|mark| mark.at_secs <= at_secs).filter_map(TapeMark::step).last()
    }

    /// Why its end is missing, in words.
    pub fn torn(&self) -> Option<&str> {
        self.torn.as_deref()
    }

    /// Seconds of the talk for one of ours.
    pub fn speed(&self) -> f64 {
        self.tape.speed()
    }

    /// Whether it goes on by itself.
    pub fn plays(&self) -> bool {
        self.tape.plays && self.at_secs() < self.end_secs
    }

    /// It begins now.
    pub(super) fn begin(&mut self, now_secs: f64) {
        self.tape.since_secs = now_secs;
    }

    /// Lets our time pass up to then.
    pub(super) fn advance(&mut self, now_secs: f64) {
        let to_secs = self.tape.at(now_secs).min(self.end_secs);
        if to_secs > self.at_secs() {
            self.place.go_on(&self.recording, to_secs);
        }
    }

    /// Goes to a moment of the talk.
    fn seek(&mut self, now_secs: f64, to_secs: f64) {
        let to_secs =
            if to_secs.is_finite() { to_secs.max(self.begins_secs).min(self.end_secs) } else { self.begins_secs };
        let before = self.kept.iter().rev().find(|kept| kept.at_secs <= to_secs);
        let is_nearer = |kept: &&KeptMoment<S>| to_secs < self.at_secs() || kept.at_secs > self.at_secs();
        if let Some(before) = before.filter(is_nearer) {
            self.place = before.place(&self.recording);
        }
        self.place.go_on(&self.recording, to_secs);
        (self.tape.at_secs, self.tape.since_secs) = (to_secs, now_secs);
    }

    /// The speed so many places further on.
    fn change_speed(&mut self, now_secs: f64, by: isize) {
        let speed = self.tape.speed.saturating_add_signed(by).min(SPEEDS.len() - 1);
        self.tape = TapeClock { at_secs: self.at_secs(), since_secs: now_secs, speed, ..self.tape };
    }

    fn pause(&mut self, now_secs: f64) {
        let (plays, is_over) = (self.plays(), self.at_secs() >= self.end_secs);
        if is_over {
            self.seek(now_secs, self.begins_secs);
        }
        self.tape = TapeClock { at_secs: self.at_secs(), since_secs: now_secs, plays: !plays, ..self.tape };
    }

    /// To the next beginning of a step, or of another scene.
    fn next(&mut self, now_secs: f64, by_scene: bool) {
        let here = self.step_at(self.at_secs()).cloned();
        let is_next = |mark: &&TapeMark| {
            let is_other = mark.step().zip(here.as_ref()).is_none_or(|(step, here)| step.scene != here.scene);
            mark.at_secs > self.at_secs() && mark.step().is_some() && (is_other || !by_scene)
        };
        let to_secs = self.marks.iter().find(is_next).map_or(self.end_secs, |mark| mark.at_secs);
        self.seek(now_secs, to_secs);
    }

    /// To the beginning of the step, or of the scene; where that has only just begun, to the one before.
    fn back(&mut self, now_secs: f64, by_scene: bool) {
        let from_secs = self.at_secs() - JUST_BEGUN_SECS;
        let mut begins: Vec<(f64, &Address)> = Vec::new();
        for mark in self.marks.iter() {
            let Some(step) = mark.step() else { continue };
            if !by_scene || begins.last().is_none_or(|(_, last)| last.scene != step.scene) {
                begins.push((mark.at_secs, step));
            }
        }
        let to_secs =
            begins.iter().rev().find(|(at_secs, _)| *at_secs <= from_secs).map_or(self.begins_secs, |begin| begin.0);
        self.seek(now_secs, to_secs);
    }

    /// To where a step was shown: the next time, or else the last one before. False: it was not.
    fn find(&mut self, now_secs: f64, step: &Address) -> bool {
        let here_secs = self.at_secs();
        let shown = || self.marks.iter().filter(|mark| mark.step() == Some(step)).map(|mark| mark.at_secs);
        let of_scene = || {
            let is_of = |mark: &&TapeMark| mark.step().is_some_and(|other| other.scene == step.scene);
            self.marks.iter().find(is_of).map(|mark| mark.at_secs)
        };
        let found = shown().find(|at_secs| *at_secs > here_secs).or_else(|| shown().next_back()).or_else(of_scene);
        if let Some(to_secs) = found {
            self.seek(now_secs, to_secs);
        }
        found.is_some()
    }

    /// Moves within what is told. Err: why not, in words.
    pub(super) fn walk(&mut self, now_secs: f64, command: &WalkCommand) -> Result<(), &'static str> {
        match command {
            WalkCommand::Next => self.next(now_secs, false),
            WalkCommand::Back | WalkCommand::Return => self.back(now_secs, false),
            WalkCommand::NextScene => self.next(now_secs, true),
            WalkCommand::PreviousScene => self.back(now_secs, true),
            WalkCommand::FirstStep => self.seek(now_secs, self.begins_secs),
            WalkCommand::LastStep => self.seek(now_secs, self.end_secs),
            WalkCommand::ReplayStep => {
                let began =
                    self.marks.iter().rev().find(|mark| mark.step().is_some() && mark.at_secs <= self.at_secs());
                self.seek(now_secs, began.map_or(self.begins_secs, |mark| mark.at_secs));
            }
            WalkCommand::Seek(to_secs) => self.seek(now_secs, *to_secs),
            WalkCommand::Jump(step) => {
                if !self.find(now_secs, step) {
                    return Err("the recorded talk did not show this step");
                }
            }
            WalkCommand::Pause => self.pause(now_secs),
            WalkCommand::Slower => self.change_speed(now_secs, -1),
            WalkCommand::Faster => self.change_speed(now_secs, 1),
            WalkCommand::JumpAgain | WalkCommand::Monitor | WalkCommand::Cut(_) | WalkCommand::Tell(_) => {
                return Err(REFUSED);
            }
        }
        Ok(())
    }
}
