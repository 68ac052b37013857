//! What live sources say and what is known of them: written down, read again, and put together.

use std::fmt::Debug;
use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};

use tierlight::live::{
    Announcement, Fault, FaultCode, History, Point, Report, SourceEvent, SourceId, SourceKind, SourceList, State,
    Target,
};
use tierlight::picture::Shape;
use tierlight::show::{Show, When};
use tierlight::signal::{Moved, Quantity, Reading, Readings, Signal, Subject, Tier};

use crate::talk;

const WRITES: Signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);

/// Writes a value as JSON and reads it back; returns the JSON.
#[track_caller]
fn reads_back<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> String {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value, "{json}");
    json
}

fn target(name: &str, tier: Tier) -> Target {
    Target { name: name.into(), subjects: vec![Subject::Tier(tier)], interval_secs: 2.0, unverified: true }
}

fn lab(targets: Vec<Target>) -> SourceEvent {
    SourceEvent::Announced(Announcement { kind: SourceKind::Lab, origin: "lab “Two”".into(), lapse: 1, targets })
}

fn scraped(target: &str, at_secs: f64, value: f64) -> SourceEvent {
    let readings: Readings = [(WRITES, Reading { value, at_secs, lag_secs: 0.1 + 0.2 })].into();
    let report = Report {
        readings,
        moved: None,
        last_good_secs: at_secs,
        interval_secs: 2.0,
        samples: 0,
        faults: vec![fault("b", "v2 cluster")],
    };
    SourceEvent::Scraped { target: target.into(), at_secs, report }
}

fn fault(node: &str, page: &str) -> Fault {
    let [target, node, page, cause, remedy] = ["warm", node, page, "refuses", "Is it there?"].map(str::to_owned);
    Fault { target, node, page, since_secs: 1e-3, code: FaultCode::UnknownCa, cause, remedy }
}

fn failed(node: &str, page: &str) -> SourceEvent {
    SourceEvent::Failed { target: "warm".into(), at_secs: 1.0 / 3.0, fault: fault(node, page) }
}

fn list(news: impl IntoIterator<Item = SourceEvent>) -> SourceList {
    let mut list = SourceList::default();
    news.into_iter().for_each(|news| list.apply(&SourceId::new("two"), news));
    list
}

#[test]
fn what_a_source_says_reads_back_from_json() {
    let points =
        vec![Point { at_secs: -1.5e9 + 0.1, value: Some(f64::MIN_POSITIVE) }, Point { at_secs: 0.0, value: None }];
    let events = [
        lab(vec![target("warm", Tier::T2)]),
        scraped("warm", 4.9, 1e9 / 7.0),
        failed("a", "v3 requests"),
        SourceEvent::Backfilled { signal: WRITES, points },
        SourceEvent::Shifted { by_secs: -0.1 },
    ];
    let json = events.each_ref().map(reads_back);
    assert!(json[1].contains(r#""tier.warm.write_bytes_per_sec":{"value":"#), "{}", json[1]);
    assert!(json[2].contains(r#""code":"unknown-ca""#), "{}", json[2]);
    for signal in Signal::catalogue() {
        assert_eq!(reads_back(&signal), format!("\"{signal}\""));
    }
    for subject in Subject::ALL {
        reads_back(&subject);
    }
    for tier in Tier::ALL {
        reads_back(&tier);
    }
    for kind in [SourceKind::Lab, SourceKind::Sim, SourceKind::Recording, SourceKind::None] {
        reads_back(&kind);
        assert_eq!(reads_back(&kind.only_id()), format!("\"{}\"", kind.word()));
    }
}

#[test]
fn what_is_known_of_sources_reads_back_from_json() {
    let known =
        list([lab(vec![target("warm", Tier::T2)]), scraped("warm", 4.9, 1e9 / 7.0), failed("a", "v3 requests")]);
    reads_back(&known);
    let source = known.shown();
    reads_back(source);
    let series = source.series(&[WRITES], 300.0, 60.0);
    reads_back(&series);
    let date: Arc<str> = "2026-11-22".into();
    for state in [
        State::Stale { age_secs: 7 },
        State::Simulated { lapse: 8, profile: None },
        State::Recorded { date },
        State::Live,
    ] {
        reads_back(&state);
    }
    let show = talk::talk("sim");
    let monitor = show.presentation().library().position("monitor:1").unwrap();
    let json = reads_back(talk::posed(&show, monitor, When::End).presentation().sources());
    let histories: serde_json::Value = serde_json::from_str(&json).unwrap();
    let histories = histories["sources"][0]["histories"].as_object().unwrap();
    assert!(histories.keys().all(|name| name.parse::<Signal>().unwrap().quantity.keeps_history()));
    assert!(histories.contains_key("tier.warm.drives_online"), "not only what the shipped scenes chart");
    histories
        .values()
        .for_each(|history| drop(reads_back(&serde_json::from_value::<History>(history.clone()).unwrap())));
}

#[test]
fn faults_of_several_nodes_stand_side_by_side() {
    let faults = |news: &[SourceEvent]| -> Vec<String> {
        let known = list([lab(vec![target("warm", Tier::T2)])].into_iter().chain(news.iter().cloned()));
        known.shown().faults().map(|fault| format!("{} {}", fault.node, fault.page)).collect()
    };
    let [a, b] = [failed("a", "v3 requests"), failed("b", "v3 requests")];
    assert_eq!(faults(&[a.clone(), b.clone(), a.clone()]), ["b v3 requests", "a v3 requests"]);
    assert_eq!(faults(&[a, b, scraped("warm", 2.0, 1.0)]), ["b v2 cluster"], "a report says all that is wrong");
}

#[test]
fn two_labs_stand_side_by_side_and_one_is_announced_anew() {
    let [first, second] = ["a", "b"].map(SourceId::new);
    let mut list = SourceList::default();
    list.apply(&second, scraped("warm", 1.0, 1.0));
    assert_eq!(list, SourceList::default(), "who was not announced is not heard");
    for id in [&first, &second] {
        list.apply(id, lab(vec![target("warm", Tier::T2)]));
    }
    list.apply(&second, scraped("warm", 1.0, 5.0));
    assert!(list.shown().readings().is_empty());
    list.show_next();
    assert_eq!(list.shown().readings()[&WRITES].value, 5.0);
    list.apply(&second, lab(vec![target("cold", Tier::T3)]));
    let anew = list.shown();
    assert!(anew.readings().is_empty() && anew.faults().next().is_none());
    assert_eq!(anew.series(&[WRITES], 300.0, 60.0).peak, 0.0);
}

#[test]
fn what_is_filled_in_and_shifted_is_as_if_it_had_been_heard() {
    let announced = || lab(vec![target("warm", Tier::T2)]);
    let heard =
        list([announced()].into_iter().chain((0..50).map(|n| scraped("warm", f64::from(n) * 2.0, f64::from(n)))));
    let point = |n: i32| Point { at_secs: f64::from(n) * 2.0 - 10.0, value: Some(f64::from(n)) };
    let points = (0..49).rev().map(point).collect();
    let last = scraped("warm", 88.0, 49.0);
    let filled =
        [announced(), SourceEvent::Backfilled { signal: WRITES, points }, last, SourceEvent::Shifted { by_secs: 10.0 }];
    assert_eq!(list(filled), heard);
}

#[test]
fn a_training_run_that_is_jumped_to_is_polled_tick_by_tick_and_then_there_as_a_whole() {
    let mut show = talk::opened_talk();
    show.advance(1.0);
    let before = show.clone();
    let run = show.presentation().library().position("flat-line:1").unwrap();
    let reach = |show: &Show| {
        let source = show.presentation().sources().shown();
        source.series(&[Signal::tier(Tier::T1, Quantity::ReadBytesPerSec)], 3600.0, show.now_secs() * 8.0).window_secs
    };
    talk::jump(&mut show, run);
    assert!(reach(&show) <= 60.0, "an hour of polls in one frame would be seen");
    show.advance(5.0);
    assert_eq!(reach(&show), 3600.0);
    let told_at_once = talk::posed(&before, run, When::End);
    show.advance(told_at_once.now_secs());
    assert_eq!(show.presentation().sources(), told_at_once.presentation().sources());
}

/// Whatever the lab worked at before: the hour behind it, which is being polled meanwhile, does not come in its place.
#[test]
fn a_training_run_is_told_after_any_other_phase() {
    let library = Arc::clone(talk::talk("sim").presentation().library());
    let run = library.position("flat-line:2").unwrap();
    for phase in ["phases:1", "phases:4", "phases:6", "phases:8", "loop:4", "title:1"] {
        let mut show = talk::opened_talk();
        talk::jump(&mut show, library.position(phase).unwrap());
        show.advance(1.0);
        talk::jump(&mut show, run);
        show.advance(17.0);
        let picture = show.picture();
        let named = picture
            .marks
            .iter()
            .filter(|mark| matches!(&mark.shape, Shape::Text(text) if &*text.words == "checkpoint"));
        assert!(named.count() >= 4, "after {phase}: a run loads, and then saves every so often");
    }
}

/// What moved in the second before that, as a report that is so late.
fn moved(at_secs: f64, bytes: f64, lag_secs: f64) -> SourceEvent {
    let readings: Readings = [(WRITES, Reading { value: bytes, at_secs, lag_secs })].into();
    let part = Moved { signal: WRITES, from_secs: at_secs - 1.0, to_secs: at_secs, bytes, is_timed: false };
    let moved = Some(if bytes > 0.0 { vec![part] } else { Vec::new() });
    let (last_good_secs, interval_secs, samples, faults) = (at_secs, 1.0, 0, Vec::new());
    let report = Report { readings, moved, last_good_secs, interval_secs, samples, faults };
    SourceEvent::Scraped { target: "warm".into(), at_secs, report }
}

#[test]
fn a_burst_is_left_behind_as_signals_as_late_as_its_traffic() {
    // Four seconds at 100 MB/s, and quiet after that.
    for (lag_secs, told_secs) in [(0.0, 17.0), (22.0, 39.0)] {
        let bytes = |second: u32| if (11..=14).contains(&second) { 1e8 } else { 0.0 };
        let known = |until: f64| {
            let news = (10..=until as u32).map(|second| moved(f64::from(second), bytes(second), lag_secs));
            list([lab(vec![target("warm", Tier::T2)])].into_iter().chain(news))
        };
        let before = known(told_secs - 1.0);
        assert!(!before.shown().readings().contains_key(&Signal::tier(Tier::T2, Quantity::LastBurstBytes)));
        let after = known(told_secs + 2.0);
        let told = |quantity| after.shown().readings()[&Signal::tier(Tier::T2, quantity)];
        let expected = [
            (Quantity::LastBurstBytes, 4e8),
            (Quantity::LastBurstSecs, 4.0),
            (Quantity::LastBurstMean, 1e8),
            (Quantity::LastBurstPeak, 1e8),
            (Quantity::LastBurstAge, told_secs + 2.0 - 14.0),
        ];
        for (quantity, value) in expected {
            assert!((told(quantity).value / value - 1.0).abs() < 1e-6, "{quantity:?} {:?}", told(quantity));
            assert_eq!(told(quantity).lag_secs, lag_secs);
        }
    }
}

/// A lab of three targets that answered at 0 s, asked for every so many seconds.
fn heard_at_0(interval_secs: f64) -> SourceList {
    let report = |tier: Tier| Report {
        readings: [(
            Signal::tier(tier, Quantity::WriteBytesPerSec),
            Reading { value: 1.0, at_secs: 0.0, lag_secs: 0.0 },
        )]
        .into(),
        moved: None,
        last_good_secs: 0.0,
        interval_secs,
        samples: 0,
        faults: Vec::new(),
    };
    let heard = |tier: Tier| SourceEvent::Scraped { target: tier.word().into(), at_secs: 0.0, report: report(tier) };
    list([lab(vec![target("warm", Tier::T2), target("cold", Tier::T3)]), heard(Tier::T2), heard(Tier::T3)])
}

#[test]
fn a_tier_is_stale_soon_after_its_last_answer_but_not_for_one_that_came_late() {
    let cases = [
        (1.0, 3.9, "LIVE"),
        (1.0, 4.1, "STALE 4 s"),
        (1.0, 5.0, "STALE 5 s"),
        (2.0, 4.9, "LIVE"),
        (2.0, 5.1, "STALE 5 s"),
        (5.0, 12.4, "LIVE"),
        (5.0, 12.6, "STALE 12 s"),
    ];
    for (interval_secs, age_secs, expected) in cases {
        let known = heard_at_0(interval_secs);
        let state = known.shown().state(Subject::Tier(Tier::T2), age_secs).to_string();
        assert_eq!(state, expected, "asked every {interval_secs} s, {age_secs} s ago");
    }
    let mut sim = list([]);
    let announced =
        Announcement { kind: SourceKind::Sim, origin: "".into(), lapse: 8, targets: vec![target("warm", Tier::T2)] };
    sim.apply(&SourceId::new("sim"), SourceEvent::Announced(announced));
    sim.apply(&SourceId::new("sim"), scraped("warm", 0.0, 1.0));
    assert_eq!(sim.shown().state(Subject::Tier(Tier::T2), 900.0).to_string(), "SIMULATED ×8");
}

#[test]
fn a_tier_that_never_answered_says_in_a_word_how() {
    let cases = [
        (FaultCode::Forbidden, "refused"),
        (FaultCode::TokenExpired, "refused"),
        (FaultCode::SecretMissing, "refused"),
        (FaultCode::Refused, "no answer"),
        (FaultCode::ConnectTimeout, "no answer"),
        (FaultCode::Html, "not readable"),
        (FaultCode::Starting, "waiting"),
    ];
    for (code, expected) in cases {
        let failed = SourceEvent::Failed {
            target: "warm".into(),
            at_secs: 1.0,
            fault: Fault { code, ..fault("a", "v3 requests") },
        };
        let known = list([lab(vec![target("warm", Tier::T2)]), failed]);
        assert_eq!(known.shown().state(Subject::Tier(Tier::T2), 2.0).to_string(), expected, "{code:?}");
    }
}

#[test]
fn of_several_states_the_stale_one_is_told_and_of_none_the_best() {
    let stale = |age_secs| State::Stale { age_secs };
    let cases = [
        (vec![State::Live, stale(7)], "STALE 7 s"),
        (vec![stale(5), stale(9)], "STALE 9 s"),
        (vec![State::NoSource, State::Live], "LIVE"),
        (vec![State::Waiting, State::Refused], "refused"),
        (vec![State::NoSource, State::Waiting], "waiting"),
        (vec![], "no source"),
    ];
    for (states, expected) in cases {
        assert_eq!(State::together(states.iter()).to_string(), expected, "{states:?}");
    }
}
