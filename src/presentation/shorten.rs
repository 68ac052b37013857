//! How the talk answers what time is left: which steps fit from where it is, and that it is told so once accepted.

use crate::plural::counted;
use crate::presentation::Presentation;
use crate::presentation::desk::DeskPage;
use crate::presentation::minutes_left::{Fate, MinutesLeft, Planned, Shortened, ShortenedScene};
use crate::presentation::over::WAIT_SECS;
use crate::presentation::walk::WalkCommand;
use crate::timeline::playhead::Position;

/// Nobody asks for more.
const MOST_MINUTES: u32 = 600;

impl Presentation {
    /// Opens the question, or closes it. With a number: that is asked for.
    pub(super) fn ask_minutes_left(&mut self, minutes: Option<u16>) {
        let now_secs = self.state.now_secs;
        if minutes.is_none() && self.minutes_left().is_some() {
            self.state.desk.page = None;
            return;
        }
        let left_secs = self.timing().slot_secs - self.timing().elapsed_secs;
        let usual = (left_secs / 60.0).floor().clamp(1.0, f64::from(MOST_MINUTES)) as u32;
        let minutes = minutes.map_or(usual, |minutes| u32::from(minutes).clamp(1, MOST_MINUTES));
        if let Some(asked) = self.state.desk.minutes_left() {
            (asked.minutes, asked.typed_secs, asked.asked_secs) = (minutes, None, now_secs);
            return;
        }
        let asked = MinutesLeft { minutes, typed_secs: None, asked_secs: now_secs, kept: Vec::new(), chosen: None };
        self.state.desk.overview = None;
        self.state.desk.page = Some(DeskPage::MinutesLeft(asked));
    }

    /// What is asked, unless nobody sees that it is: without a console it passes as a notice does.
    fn minutes_left(&self) -> Option<&MinutesLeft> {
        let Some(DeskPage::MinutesLeft(asked)) = &self.state.desk.page else { return None };
        (self.state.desk.has_console() || self.state.now_secs - asked.asked_secs < WAIT_SECS).then_some(asked)
    }

    /// A digit belongs to the question while it is open. Whether it did.
    pub(super) fn types_minutes(&mut self, digit: u8) -> bool {
        let now_secs = self.state.now_secs;
        if self.minutes_left().is_none() {
            return false;
        }
        let Some(asked) = self.state.desk.minutes_left() else { return false };
        let goes_on = asked.typed_secs.is_some_and(|typed| now_secs - typed < WAIT_SECS);
        let before = if goes_on { asked.minutes } else { 0 };
        asked.minutes = (before * 10 + u32::from(digit)).min(MOST_MINUTES);
        (asked.typed_secs, asked.asked_secs) = (Some(now_secs), now_secs);
        true
    }

    /// The plan as it would be, while the question is open.
    pub fn shortened(&self) -> Option<Shortened> {
        let asked = self.minutes_left()?;
        let library = &self.library;
        let here = self.counted_from().unwrap_or(self.position());
        let plan = library.planned(self.counted_cut()).into_iter();
        let mut planned: Vec<Planned> = plan.filter(|(at, _)| *at >= here).collect();
        if let Some((_, secs)) = planned.first_mut().filter(|(at, _)| *at == here) {
            *secs = self.timing().counted_left_secs;
        }
        let here_secs: f64 = planned.iter().filter(|(at, _)| *at == here).map(|(_, secs)| secs).sum();
        // What an earlier answer has dropped can come back.
        let deck_cut = self.counted_cut_of_deck();
        let mut all: Vec<(usize, usize)> =
            library.planned(deck_cut).iter().chain(&planned).map(|(at, _)| (at.scene, at.step)).collect();
        all.retain(|step| Position::of(step) > here);
        all.sort_unstable();
        all.dedup();
        // The step shown, or the one that Backspace returns to, is told in any case, so nothing more of its scene must be;
        // what is left of it counts.
        let shown = (here.scene, here.step);
        let limit_secs = (f64::from(asked.minutes) * 60.0 - here_secs).max(0.0) as u32 + library.secs_of(&[shown]);
        let of_scene = |scene: usize| all.iter().copied().filter(move |(other, _)| *other == scene);
        let kept_scenes: Vec<usize> = asked.kept.iter().filter_map(|id| library.scene_index(id)).collect();
        let kept = kept_scenes.iter().flat_map(|scene| of_scene(*scene));
        let kept: Vec<(usize, usize)> = std::iter::once(shown).chain(kept).collect();
        let fitting = library.fit(&all, &kept, limit_secs);
        let is_told = |at: Position| at == here || fitting.contains(&(at.scene, at.step));
        let is_here_planned = planned.first().is_some_and(|(at, _)| *at == here);
        let offered = is_here_planned.then_some(here).into_iter().chain(all.iter().map(Position::of));
        let offered: Vec<Position> = offered.collect();
        let secs_at =
            |at: Position| if at == here { here_secs } else { f64::from(library.secs_of(&[(at.scene, at.step)])) };
        let told: Vec<Planned> = offered.iter().filter(|at| is_told(**at)).map(|at| (*at, secs_at(*at))).collect();
        let secs = |steps: &[Planned], scene: usize| -> f64 {
            steps.iter().filter(|(at, _)| at.scene == scene).map(|(_, secs)| secs).sum()
        };
        let scenes = offered.chunk_by(|a, b| a.scene == b.scene).map(|steps| {
            let scene = steps[0].scene;
            let more = of_scene(scene).filter(|step| !kept.contains(step));
            let whole: Vec<(usize, usize)> = kept.iter().copied().chain(more).collect();
            let least_secs = library.secs_of(&library.fit(&all, &whole, 0));
            ShortenedScene {
                scene,
                must: library.entries[scene].must,
                kept: kept_scenes.contains(&scene),
                chosen: asked.chosen.as_ref().is_some_and(|id| *id == library.scenes[scene].id),
                planned_secs: secs(&planned, scene),
                told_secs: secs(&told, scene),
                too_long_secs: f64::from(least_secs.saturating_sub(limit_secs)),
            }
        });
        let scenes = scenes.collect();
        let is_cut = deck_cut.is_some();
        Some(Shortened { minutes: asked.minutes, planned, told, scenes, offered, is_cut })
    }

    /// The scene so many rows further on is chosen. Whether the question is open.
    pub(super) fn choose_among_planned(&mut self, by: i8) -> bool {
        let Some(shortened) = self.shortened() else { return false };
        let last = shortened.scenes.len().saturating_sub(1);
        let before = shortened.scenes.iter().position(|scene| scene.chosen);
        // Where none is chosen, the first one is a step away.
        let next = before.map_or(isize::from(by) - 1, |before| before.cast_signed() + isize::from(by));
        let id = shortened
            .scenes
            .get(usize::try_from(next).unwrap_or(0).min(last))
            .map(|scene| self.library.scenes[scene.scene].id.clone());
        if let Some(asked) = self.state.desk.minutes_left() {
            asked.chosen = id;
        }
        true
    }

    /// The chosen scene is kept, or no longer.
    pub(super) fn keep_chosen(&mut self) {
        let Some(asked) = self.state.desk.minutes_left() else { return };
        let Some(chosen) = asked.chosen.clone() else { return };
        match asked.kept.iter().position(|id| *id == chosen) {
            Some(nth) => drop(asked.kept.remove(nth)),
            None => asked.kept.push(chosen),
        }
    }

    /// The plan is told from here on, and the time counts against it. Whether the question was open.
    pub(super) fn accept_minutes_left(&mut self) -> bool {
        let Some(shortened) = self.shortened() else { return false };
        let here = self.counted_from().unwrap_or(self.position());
        let plan = self.library.planned(self.counted_cut()).into_iter();
        let before = plan.filter(|(at, _)| *at < here).map(|(at, _)| at);
        let steps: Vec<Position> = before.chain(shortened.told.iter().map(|(at, _)| *at)).collect();
        let (dropped, back) = (shortened.count(Fate::Dropped), shortened.count(Fate::Back));
        self.state.desk.page = None;
        self.walk(&WalkCommand::Tell(steps.into_iter().map(|at| self.library.address(at)).collect()));
        let told_secs = self.timing().told_secs;
        self.state.pace.agree(shortened.limit_secs(), told_secs, self.state.now_secs);
        let minutes = counted(shortened.minutes, "minute");
        let scenes = |count: usize| format!("{} {}", counted(count, "scene"), if count == 1 { "is" } else { "are" });
        self.say(match (dropped, back) {
            (0, 0) => format!("{minutes} left: no scene is dropped"),
            (count, 0) => format!("{minutes} left: {} dropped", scenes(count)),
            (_, count) => format!("{minutes} left: {} told again", scenes(count)),
        });
        true
    }

    /// What the corner says of the question where there is no console.
    pub(super) fn minutes_left_words(&self) -> Option<String> {
        if self.state.desk.has_console() {
            return None;
        }
        let shortened = self.shortened()?;
        let (told, of) = (shortened.told.len(), counted(shortened.offered.len(), "step"));
        Some(format!("{} left: {told} of {of}, Enter accepts", counted(shortened.minutes, "minute")))
    }
}
