//! What happened to a tier's drives, quorum and servers, said once as it happens. Nodes that fall silent are said by their
//! faults, with their names.

use std::collections::BTreeMap;

use crate::live::happening::{Happening, TierEvent};
use crate::live::spoken::FaultTeller;
use crate::live::{SourceId, SourceList};
use crate::signal::Tier;

/// All that the presenter hears of the sources: what is wrong, and what happened.
#[derive(Debug, Default)]
pub(crate) struct SourceTeller {
    faults: FaultTeller,
    health: HealthTeller,
}

impl SourceTeller {
    /// What is to be said now.
    pub(crate) fn news(&mut self, now_secs: f64, sources: &SourceList) -> Vec<String> {
        let mut news = self.faults.news(now_secs, sources.faults());
        news.extend(self.health.news(now_secs, sources));
        news
    }
}

/// Remembers up to when it was said, by source and tier.
#[derive(Debug, Default)]
struct HealthTeller {
    told_secs: BTreeMap<(SourceId, Tier), f64>,
}

impl HealthTeller {
    /// What is to be said now of the sources that are asked as the talk goes on. What happened before they were first seen
    /// is how things were, and not said.
    fn news(&mut self, now_secs: f64, sources: &SourceList) -> Vec<String> {
        let asked = sources.all().iter().filter(|source| source.kind.is_asked());
        asked.flat_map(|source| self.news_of(now_secs, &source.id, source.events().iter())).collect()
    }

    fn news_of<'a>(
        &mut self,
        now_secs: f64,
        source: &SourceId,
        events: impl Iterator<Item = &'a TierEvent>,
    ) -> Vec<String> {
        for tier in Tier::ALL {
            self.told_secs.entry((source.clone(), tier)).or_insert(now_secs);
        }
        let mut latest_secs = BTreeMap::new();
        let mut news = Vec::new();
        for event in events {
            let told_secs = self.told_secs.get(&(source.clone(), event.tier)).copied();
            if told_secs.is_some_and(|told_secs| event.at_secs > told_secs) {
                news.extend(sentence(event));
                latest_secs.insert((source.clone(), event.tier), event.at_secs);
            }
        }
        self.told_secs.extend(latest_secs);
        news
    }
}

/// `"T2: no write quorum. Uploads fail until enough nodes and drives are back."`
fn sentence(event: &TierEvent) -> Option<String> {
    let words = match event.what {
        Happening::DriveDown { online, total } => {
            format!("a drive is gone, {online} of {total} are online. Is it pulled or broken? A new one is healed.")
        }
        Happening::DriveBack { online, total } => format!("a drive is back, {online} of {total} are online."),
        Happening::HealBegins { drives: 1 } => "a drive is being rebuilt.".to_owned(),
        Happening::HealBegins { drives } => format!("{drives} drives are being rebuilt."),
        Happening::HealEnds => "no drive is being rebuilt any more.".to_owned(),
        Happening::QuorumLost => "no write quorum. Uploads fail until enough nodes and drives are back.".to_owned(),
        Happening::QuorumAtRisk => {
            "no drive to lose: with the next one uploads fail. Bring nodes and drives back first.".to_owned()
        }
        Happening::QuorumBack { may_lose } => format!("{}.", Happening::quorum_back_words(may_lose)),
        Happening::Restart { processes: 1 } => "a server began anew.".to_owned(),
        Happening::Restart { processes } => format!("{processes} servers began anew."),
        Happening::ErrorBurst { client_per_sec, server_per_sec } => format!(
            "requests fail, {client_per_sec:.1} a second by the client's fault (4xx), {server_per_sec:.1} by the server's (5xx)."
        ),
        Happening::NodeDown { .. }
        | Happening::NodeBack { .. }
        | Happening::Transition
        | Happening::Checkpoint { .. }
        | Happening::Stale
        | Happening::Live { .. } => return None,
    };
    Some(format!("{}: {words}", event.tier.id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said at each look, a second apart from second 10 on, of all events that are known then.
    fn said(looks: &[&[(f64, Tier, Happening)]]) -> Vec<String> {
        let mut teller = HealthTeller::default();
        let source = SourceId::new("lab");
        let looks = looks.iter().enumerate().flat_map(|(nth, look)| {
            let events =
                look.iter().map(|(at_secs, tier, what)| TierEvent { at_secs: *at_secs, tier: *tier, what: *what });
            let events: Vec<TierEvent> = events.collect();
            let news = teller.news_of(10.0 + nth as f64, &source, events.iter());
            news.into_iter().map(move |words| format!("{} {words}", nth + 10)).collect::<Vec<_>>()
        });
        looks.collect()
    }

    #[test]
    fn each_is_said_once_and_nothing_of_before() {
        let (before, lost) = ((4.0, Tier::T2, Happening::QuorumAtRisk), (10.5, Tier::T2, Happening::QuorumLost));
        let drive = (10.2, Tier::T3, Happening::DriveDown { online: 3, total: 4 });
        let node = (11.5, Tier::T2, Happening::NodeBack { online: 4, total: 4 });
        let back = (11.5, Tier::T2, Happening::QuorumBack { may_lose: Some(1) });
        let said = said(&[&[before], &[before, lost], &[before, lost, drive], &[before, lost, drive, node, back]]);
        let expected = [
            "11 T2: no write quorum. Uploads fail until enough nodes and drives are back.",
            "12 T3: a drive is gone, 3 of 4 are online. Is it pulled or broken? A new one is healed.",
            "13 T2: can lose 1 drive again.",
        ];
        assert_eq!(said, expected);
    }
}
