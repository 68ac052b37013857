//! A talk of so many minutes: which steps are told, and which are left out.

use crate::scene::library::Library;

/// A talk that fits. Steps are scene and step, from 0, in the order of the deck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub minutes: u32,
    pub steps: Vec<(usize, usize)>,
    /// Those of the deck that are left out; hidden scenes are not counted.
    pub dropped: Vec<(usize, usize)>,
    /// What the steps are given together.
    pub total_secs: u32,
}

impl Library {
    /// The talk that fits into so many minutes, from a step on (none: from the first). A scene that must be told keeps at
    /// least one step. What more cuts of the deck tell goes before what fewer do, and then the deck's order decides.
    pub fn plan(&self, minutes: u32, from: Option<(usize, usize)>) -> Plan {
        let all = self.steps_from(from);
        let chosen = self.fit(&all, &[], minutes * 60);
        let dropped = all.into_iter().filter(|step| !chosen.contains(step)).collect();
        Plan { minutes, total_secs: self.secs_of(&chosen), steps: chosen, dropped }
    }

    /// The steps of `all` that fit into so many seconds, by the same rules. `kept`: those that are told however long.
    pub(crate) fn fit(&self, all: &[(usize, usize)], kept: &[(usize, usize)], limit_secs: u32) -> Vec<(usize, usize)> {
        let mut chosen = kept.to_vec();
        let has_kept = |scene: usize| kept.iter().any(|(other, _)| *other == scene);
        let free: Vec<_> = all.iter().copied().filter(|(scene, _)| !has_kept(*scene)).collect();
        chosen.extend(self.musts(&free, limit_secs.saturating_sub(self.secs_of(kept))));
        let mut left_secs = limit_secs.saturating_sub(self.secs_of(&chosen));
        let mut others: Vec<_> = all.iter().copied().filter(|step| !chosen.contains(step)).collect();
        others.sort_by_key(|step| (std::cmp::Reverse(self.weight(*step)), *step));
        for step in others {
            let secs = self.secs_of(&[step]);
            if secs <= left_secs {
                left_secs -= secs;
                chosen.push(step);
            }
        }
        chosen.sort_unstable();
        chosen
    }

    fn steps_from(&self, from: Option<(usize, usize)>) -> Vec<(usize, usize)> {
        let scenes = self.scenes.iter().enumerate().filter(|(scene, _)| !self.entries[*scene].hidden);
        let steps = scenes.flat_map(|(scene, read)| (0..read.steps.len()).map(move |step| (scene, step)));
        steps.filter(|step| from.is_none_or(|from| *step >= from)).collect()
    }

    /// One step of each scene that must be told: the one that most cuts tell, or the shortest where those are too long.
    fn musts(&self, all: &[(usize, usize)], limit_secs: u32) -> Vec<(usize, usize)> {
        let of_musts: Vec<_> = all.iter().copied().filter(|(scene, _)| self.entries[*scene].must).collect();
        let scenes = || of_musts.chunk_by(|a, b| a.0 == b.0);
        let best = |steps: &[(usize, usize)]| {
            steps.iter().copied().min_by_key(|step| (std::cmp::Reverse(self.weight(*step)), *step))
        };
        let shortest =
            |steps: &[(usize, usize)]| steps.iter().copied().min_by_key(|step| (self.secs_of(&[*step]), *step));
        let chosen: Vec<_> = scenes().filter_map(best).collect();
        if self.secs_of(&chosen) <= limit_secs { chosen } else { scenes().filter_map(shortest).collect() }
    }

    /// How many cuts tell a step; a scene that must be told counts as one more.
    fn weight(&self, step: (usize, usize)) -> usize {
        let cuts = self.cuts.iter().filter(|cut| cut.steps.contains(&step)).count();
        cuts + usize::from(self.entries[step.0].must)
    }

    /// What steps are given together.
    pub(crate) fn secs_of(&self, steps: &[(usize, usize)]) -> u32 {
        steps.iter().filter_map(|(scene, step)| Some(self.scenes.get(*scene)?.steps.get(*step)?.budget_secs)).sum()
    }
}
