//! The shipped talk, for the tests that watch it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use clap::Parser as _;
use tierlight::commands::Cli;
use tierlight::commands::picture::hash;
use tierlight::picture::{Layer, Mark, Picture};
use tierlight::presentation::command::Command;
use tierlight::presentation::event::{Effect, Event};
use tierlight::presentation::pointing::PointCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::setup::Common;
use tierlight::show::{Show, When};
use tierlight::timeline::playhead::Position;

/// The flags that all commands share.
pub(crate) fn common(flags: &[&str]) -> Common {
    let words = ["tierlight", "list"].iter().chain(flags);
    Cli::try_parse_from(words).expect("the flags are right").common
}

/// The shipped talk, with "none" or the simulated lab (seed 1) shown. The hour before is known. It is read once for
/// all tests.
pub(crate) fn talk(data: &str) -> Show {
    static TALKS: Mutex<BTreeMap<String, Show>> = Mutex::new(BTreeMap::new());
    let mut talks = TALKS.lock().unwrap_or_else(PoisonError::into_inner);
    let start = || common(&["--data", data]).still_show().expect("the shipped talk starts");
    talks.entry(data.to_owned()).or_insert_with(start).clone()
}

/// The shipped talk over the simulated lab as a window opens it: of the hour before nothing is polled yet.
pub(crate) fn opened_talk() -> Show {
    common(&[]).show().expect("the shipped talk opens")
}

/// All steps of the talk, in the deck's order.
pub(crate) fn positions(show: &Show) -> Vec<Position> {
    let scenes = show.presentation().library().scenes.iter().enumerate();
    scenes.flat_map(|(scene, read)| (0..read.steps.len()).map(move |step| Position { scene, step })).collect()
}

/// The steps that next walks through: not those of hidden scenes.
pub(crate) fn told_positions(show: &Show) -> Vec<Position> {
    let entries = &show.presentation().library().entries;
    positions(show).into_iter().filter(|at| !entries[at.scene].hidden).collect()
}

/// `loop:3`.
pub(crate) fn address(show: &Show, at: Position) -> String {
    show.presentation().library().address(at).to_string()
}

/// Seconds after which a step, come to from the one before it, moves no more.
pub(crate) fn settle_secs(show: &Show, at: Position) -> f64 {
    posed(show, at, When::Secs(0.0)).presentation().settle_secs()
}

/// The show put to a moment of a step.
pub(crate) fn posed(show: &Show, at: Position, when: When) -> Show {
    show.posed(&show.presentation().library().address(at), when)
}

/// A step of the shipped talk at its end. It is composed once for all tests.
pub(crate) fn still(data: &str, at: Position) -> Arc<Picture> {
    type Still = Arc<OnceLock<Arc<Picture>>>;
    static STILLS: Mutex<BTreeMap<(String, Position), Still>> = Mutex::new(BTreeMap::new());
    let mut stills = STILLS.lock().unwrap_or_else(PoisonError::into_inner);
    let still = Arc::clone(stills.entry((data.to_owned(), at)).or_default());
    // Another test waits for this step alone.
    drop(stills);
    Arc::clone(still.get_or_init(|| Arc::new(posed(&talk(data), at, When::End).picture())))
}

/// Something happens now.
pub(crate) fn happen(show: &mut Show, event: Event) -> Option<Effect> {
    show.take(show.now_secs(), event)
}

pub(crate) fn press(show: &mut Show, command: impl Into<Command>) -> Option<Effect> {
    happen(show, Event::Command(command.into()))
}

pub(crate) fn jump(show: &mut Show, at: Position) {
    let to = show.presentation().library().address(at);
    press(show, WalkCommand::Jump(to));
}

/// The pointer is moved to a point of the stage and pressed there.
pub(crate) fn click(show: &mut Show, at: [f32; 2]) {
    happen(show, Event::Pointer(Some(at)));
    press(show, PointCommand::Click);
}

pub(crate) fn wait(show: &mut Show, secs: f64) {
    show.advance(show.now_secs() + secs);
}

/// The hash of the step's picture at rest, without what readings drew.
pub(crate) fn settled_hash(show: &Show) -> String {
    hash(&show.presentation().settled_picture())
}

pub(crate) fn print(picture: &Picture) -> String {
    picture.print(tierlight::measure::bounds)
}

/// A picture's marks of one layer.
pub(crate) fn layer(picture: &Picture, layer: Layer) -> Vec<Mark> {
    picture.marks.iter().filter(|mark| mark.layer == layer).cloned().collect()
}

/// Numbers that look random and are the same every time (`SplitMix64`).
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `sides` - 1.
    pub(crate) fn below(&mut self, sides: usize) -> usize {
        (self.next() % sides as u64) as usize
    }
}
