//! What the presenter has on the desk and the room does not see: the console, the notes, the questions parked.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::presentation::minutes_left::MinutesLeft;
use crate::scene::address::Address;
use crate::scene::library::Library;

/// Sizes of the notes, in points: the largest is read from two metres off.
const NOTES_POINTS: std::ops::RangeInclusive<f32> = 14.0..=72.0;
/// Above this the sizes lie further apart, so that the largest is a few presses away.
const LARGE_NOTES_POINTS: f32 = 36.0;
const USUAL_NOTES_POINTS: f32 = 20.0;

/// What changes on the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum DeskCommand {
    /// The console, open or closed.
    Console,
    /// The console in the stage's own window, below the picture; or no longer.
    OneScreen,
    /// A question of the room, parked at this step for later.
    Park,
    /// All scenes at a glance, on the console.
    Overview,
    /// The scene so many further on is chosen in the overview.
    Choose(i8),
    /// The step so many further on of the scene that is chosen there.
    ChooseStep(i8),
    /// "We have n minutes left": which steps stay and which go, before it is accepted. None: as many as the slot has.
    MinutesLeft(Option<u16>),
    /// The engineers' page of the lab: drives, nodes, buckets, APIs, scrapes.
    Engineers,
    /// Whether this machine can present: looked over, on the console.
    Doctor,
    /// What is wrong with files, sources, keys and the machine, in full.
    Problems,
    /// The code that makes a phone the remote, another one each time.
    Phone,
    /// The chosen scene is told, however little time is left; or it need not be.
    Keep,
    NotesUp,
    NotesDown,
    NotesSmaller,
    NotesLarger,
    /// Notes of this size, in points.
    NotesSize(u8),
}

/// A question that was parked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parked {
    /// The step it came at.
    pub at: Address,
    /// Seconds of the talk.
    pub since_secs: f64,
}

/// The part of the talk's state that lies on the desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeskState {
    /// Whether a console is open in a window of its own.
    pub console: bool,
    /// Whether the console is in the stage's window, below the picture.
    #[serde(default)]
    pub one_screen: bool,
    /// Size of the notes, in points.
    pub notes_points: f32,
    /// The scene chosen in the overview, where that is open.
    pub overview: Option<Arc<str>>,
    /// The step of it that is chosen, from 0; none: its first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overview_step: Option<usize>,
    /// How far the notes are scrolled, in presses since the step began.
    pub notes_pages: u32,
    /// Oldest first.
    pub parked: Vec<Parked>,
    /// What lies over the console in place of the talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<DeskPage>,
}

/// A page of the console's own; the overview is another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeskPage {
    MinutesLeft(MinutesLeft),
    Engineers,
    Doctor(Clicker),
    Problems,
    Phone,
}

/// The keys that came while the doctor's page was open, the last few of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clicker {
    #[serde(default)]
    keys: VecDeque<String>,
}

impl Clicker {
    /// So many keys are told.
    pub const MOST: usize = 5;

    /// Their names, the newest first.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }

    fn hear(&mut self, key: String) {
        self.keys.push_front(key);
        self.keys.truncate(Self::MOST);
    }
}

impl Default for DeskState {
    fn default() -> Self {
        Self {
            console: false,
            one_screen: false,
            notes_points: USUAL_NOTES_POINTS,
            overview: None,
            overview_step: None,
            notes_pages: 0,
            parked: Vec::new(),
            page: None,
        }
    }
}

impl DeskState {
    /// Carries a command out at a step. The answer: what is to be said of it.
    pub(super) fn carry_out(
        &mut self,
        command: DeskCommand,
        at: &Address,
        library: &Library,
        now_secs: f64,
    ) -> Option<String> {
        let sized = |points: f32| points.clamp(*NOTES_POINTS.start(), *NOTES_POINTS.end());
        match command {
            DeskCommand::Console => {
                self.console = !self.has_console();
                self.one_screen = false;
                // What lay over it is not to be there, unseen, without it.
                (self.overview, self.page) = (None, None);
            }
            DeskCommand::OneScreen => {
                self.one_screen = !self.one_screen;
                self.console = false;
                if !self.one_screen {
                    (self.overview, self.page) = (None, None);
                }
            }
            DeskCommand::Park => {
                self.parked.push(Parked { at: at.clone(), since_secs: now_secs });
                return Some(format!("question parked at {at}"));
            }
            DeskCommand::Overview if !self.has_console() => {
                return Some("the overview is on the console: c opens it".to_owned());
            }
            DeskCommand::Overview => {
                self.page = None;
                self.overview = if self.overview.is_some() { None } else { Some(at.scene.clone()) };
                self.overview_step = None;
            }
            DeskCommand::Choose(by) => self.choose(by, library),
            DeskCommand::ChooseStep(by) => self.choose_step(by, library),
            DeskCommand::Engineers => return self.toggle_page(DeskPage::Engineers, "the engineers' page"),
            DeskCommand::Doctor => return self.toggle_page(DeskPage::Doctor(Clicker::default()), "the doctor"),
            DeskCommand::Problems => return self.toggle_page(DeskPage::Problems, "what is wrong"),
            DeskCommand::Phone => return self.toggle_page(DeskPage::Phone, "the code for a phone"),
            // The talk carries these out: they need to know its plan.
            DeskCommand::MinutesLeft(_) | DeskCommand::Keep => {}
            DeskCommand::NotesUp => self.notes_pages = self.notes_pages.saturating_sub(1),
            DeskCommand::NotesDown => self.notes_pages += 1,
            DeskCommand::NotesSmaller => {
                let step = if self.notes_points > LARGE_NOTES_POINTS { 6.0 } else { 2.0 };
                self.notes_points = sized(self.notes_points - step);
            }
            DeskCommand::NotesSize(points) => self.notes_points = sized(f32::from(points)),
            DeskCommand::NotesLarger => {
                let step = if self.notes_points >= LARGE_NOTES_POINTS { 6.0 } else { 2.0 };
                self.notes_points = sized(self.notes_points + step);
            }
        }
        None
    }

    /// Whether the presenter has a console: then nothing private is drawn for the room.
    pub fn has_console(&self) -> bool {
        self.console || self.one_screen
    }

    /// Whether something lies over the talk on the console.
    pub(crate) fn is_covered(&self) -> bool {
        self.overview.is_some() || self.page.is_some()
    }

    /// What is asked about the time that is left, where it is.
    pub(super) fn minutes_left(&mut self) -> Option<&mut MinutesLeft> {
        match &mut self.page {
            Some(DeskPage::MinutesLeft(asked)) => Some(asked),
            Some(DeskPage::Engineers | DeskPage::Doctor(_) | DeskPage::Problems | DeskPage::Phone) | None => None,
        }
    }

    /// A key came. While the doctor's page is open it is told there.
    pub(super) fn hear_key(&mut self, key: String) {
        if let Some(DeskPage::Doctor(clicker)) = &mut self.page {
            clicker.hear(key);
        }
    }

    /// Whether the doctor's page is open: keys are told there, and nothing reaches the room.
    pub(crate) fn is_doctor(&self) -> bool {
        matches!(self.page, Some(DeskPage::Doctor(_)))
    }

    /// Opens a page over what else is open, or closes it. The answer: why it cannot be seen.
    fn toggle_page(&mut self, page: DeskPage, name: &str) -> Option<String> {
        if !self.has_console() {
            return Some(format!("{name} is on the console: c opens it"));
        }
        self.overview = None;
        let kind = |page: &DeskPage| std::mem::discriminant(page);
        let is_open = self.page.as_ref().is_some_and(|open| kind(open) == kind(&page));
        self.page = (!is_open).then_some(page);
        None
    }

    fn choose(&mut self, by: i8, library: &Library) {
        let Some(chosen) = self.overview.as_ref().and_then(|id| library.scene_index(id)) else { return };
        let next = chosen.saturating_add_signed(isize::from(by)).min(library.scenes.len().saturating_sub(1));
        self.overview = library.scenes.get(next).map(|scene| scene.id.clone());
        self.overview_step = None;
    }

    fn choose_step(&mut self, by: i8, library: &Library) {
        let Some(chosen) = self.overview.as_ref().and_then(|id| library.scene_index(id)) else { return };
        let last = library.scenes[chosen].steps.len().saturating_sub(1);
        let next = self.overview_step.map_or(0, |step| step.saturating_add_signed(isize::from(by)));
        self.overview_step = Some(next.min(last));
    }

    /// Another step has other notes.
    pub(super) fn leave_step(&mut self) {
        self.notes_pages = 0;
    }
}
