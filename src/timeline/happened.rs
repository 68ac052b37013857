//! What happened to a tier, in words that name nobody.

use crate::live::{Happening, TierEvent};
use crate::timeline::numerals;

/// `"node down, 3 of 4 answer"`
pub(crate) fn event_words(event: &TierEvent) -> String {
    match event.what {
        Happening::NodeDown { online, total } => format!("node down, {online} of {total} answer"),
        Happening::NodeBack { online, total } => format!("node back, {online} of {total} answer"),
        Happening::DriveDown { online, total } => format!("drive down, {online} of {total} online"),
        Happening::DriveBack { online, total } => format!("drive back, {online} of {total} online"),
        Happening::HealBegins { drives: 1 } => "healing begins".to_owned(),
        Happening::HealBegins { drives } => format!("healing of {drives} drives begins"),
        Happening::HealEnds => "healing has ended".to_owned(),
        Happening::QuorumLost => "no write quorum".to_owned(),
        Happening::QuorumAtRisk => "no drive to lose".to_owned(),
        Happening::QuorumBack { may_lose } => Happening::quorum_back_words(may_lose),
        Happening::Restart { processes: 1 } => "server restarted".to_owned(),
        Happening::Restart { processes } => format!("{processes} servers restarted"),
        Happening::ErrorBurst { client_per_sec, server_per_sec } => {
            let rate = |per_sec: f64, class: &str| {
                let numerals = numerals::decimal(per_sec, "/s");
                (per_sec >= 0.05).then(|| format!("{} {class}", numerals.words()))
            };
            let rates: Vec<String> =
                rate(server_per_sec, "5xx").into_iter().chain(rate(client_per_sec, "4xx")).collect();
            format!("errors: {}", rates.join(", "))
        }
        Happening::Transition => "ILM begins to move objects".to_owned(),
        Happening::Checkpoint { bytes, secs } => {
            format!("wrote {} in {}", numerals::bytes(bytes, "B").words(), numerals::decimal(secs, "s").words())
        }
        Happening::Stale => "answers no more".to_owned(),
        Happening::Live { after_secs } => format!("answers again after {}", numerals::secs(after_secs).words()),
    }
}

/// "12 s ago", "5 min ago", "2 h ago"
pub(crate) fn ago(secs: f64) -> String {
    let (value, unit) = match secs {
        secs if secs < 100.0 => (secs, "s"),
        secs if secs < 6000.0 => (secs / 60.0, "min"),
        secs => (secs / 3600.0, "h"),
    };
    format!("{value:.0}\u{2009}{unit} ago")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Tier;

    #[test]
    fn every_event_has_words_that_fit_a_line() {
        let cases = [
            (Happening::NodeDown { online: 3, total: 4 }, "node down, 3 of 4 answer"),
            (Happening::HealBegins { drives: 2 }, "healing of 2 drives begins"),
            (Happening::QuorumBack { may_lose: Some(3) }, "can lose 3 drives again"),
            (Happening::QuorumBack { may_lose: Some(1) }, "can lose 1 drive again"),
            (Happening::QuorumBack { may_lose: Some(0) }, "can write again, no drive to lose"),
            (Happening::QuorumBack { may_lose: None }, "can write again"),
            (Happening::ErrorBurst { client_per_sec: 0.0, server_per_sec: 12.34 }, "errors: 12.3 /s 5xx"),
            (Happening::ErrorBurst { client_per_sec: 4.0, server_per_sec: 0.5 }, "errors: 0.5 /s 5xx, 4.0 /s 4xx"),
            (Happening::Checkpoint { bytes: 9.88e11, secs: 28.7 }, "wrote 988 GB in 28.7 s"),
            (Happening::Live { after_secs: 34.2 }, "answers again after 34 s"),
        ];
        for (what, words) in cases {
            let event = TierEvent { at_secs: 0.0, tier: Tier::T2, what };
            assert_eq!(event_words(&event).replace('\u{2009}', " "), words);
        }
    }
}
