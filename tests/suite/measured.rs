//! What readings draw: only they make light, filled dots and numerals; and told motion does not know of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use egui::emath::Pos2;
use tierlight::live::{Announcement, Report, SourceEvent, SourceKind, Target};
use tierlight::measure;
use tierlight::picture::{Fill, Icon, Ink, Layer, Mark, Part, Picture, Role, Shape, Thing};
use tierlight::presentation::event::Event;
use tierlight::presentation::measured::SourceCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::scene::model::View;
use tierlight::setup::show_source;
use tierlight::show::{Show, When};
use tierlight::signal::{Moved, Quantity, Reading, Signal, Subject, Tier};
use tierlight::timeline::playhead::Position;

use crate::talk::{self, address, jump, layer, positions, press, settle_secs, talk, wait};

/// Moments of a step: on its way, and at its end.
fn moments(show: &Show, at: Position) -> [When; 4] {
    let secs = settle_secs(show, at);
    [When::Secs(0.1 * secs), When::Secs(0.5 * secs), When::Secs(0.9 * secs), When::End]
}

/// The picture of a moment of a step of the shipped talk under a source.
fn posed(data: &str, at: Position, when: When) -> Arc<Picture> {
    if when == When::End {
        return talk::still(data, at);
    }
    Arc::new(talk::posed(&talk::talk(data), at, when).picture())
}

fn is_lit(mark: &Mark) -> bool {
    match &mark.shape {
        Shape::Light { level, .. } => *level > 0.0,
        Shape::Dot { filled, .. } => *filled,
        Shape::Gpu { busy, .. } => *busy > 0.0,
        _ => false,
    }
}

/// What is lit on a step. A page of its own has no floors to be mistaken for: there a dot may be a place on an axis.
fn lit<'a>(show: &Show, at: Position, picture: &'a Picture) -> Vec<&'a Mark> {
    let is_page = matches!(show.presentation().library().scenes[at.scene].view, View::Page { .. });
    let is_place = |mark: &Mark| is_page && mark.layer == Layer::Said && matches!(mark.shape, Shape::Dot { .. });
    // A thing is filled as what it is, and no reading.
    let is_thing = |mark: &Mark| mark.layer == Layer::Thing;
    picture.marks.iter().filter(|mark| is_lit(mark) && !is_place(mark) && !is_thing(mark)).collect()
}

fn ids(marks: &[&Mark]) -> Vec<String> {
    marks.iter().map(|mark| mark.id.to_string()).collect()
}

#[test]
fn without_a_source_nothing_is_lit_and_no_number_is_measured() {
    let show = talk("none");
    for at in positions(&show) {
        for when in moments(&show, at) {
            let picture = posed("none", at, when);
            let lit = lit(&show, at, &picture);
            assert!(lit.is_empty(), "{} {when:?}: {:?}", address(&show, at), ids(&lit));
            let measured = layer(&picture, Layer::Measured);
            let numbers: Vec<&Mark> = measured
                .iter()
                .filter(|mark| matches!(mark.role, Role::FloorNumber | Role::Monitor | Role::Chart))
                .collect();
            assert!(numbers.is_empty(), "{} {when:?}: {:?}", address(&show, at), ids(&numbers));
        }
    }
}

#[test]
fn what_is_lit_is_of_the_measured_layer() {
    let show = talk("sim");
    for at in positions(&show) {
        let picture = posed("sim", at, When::End);
        let lit = lit(&show, at, &picture);
        let wrong: Vec<&Mark> = lit.into_iter().filter(|mark| mark.layer != Layer::Measured).collect();
        assert!(wrong.is_empty(), "{}: {:?}", address(&show, at), ids(&wrong));
    }
}

/// Whether a mark is told on the route of a flow that its step measures: it gives way to the dots of that flow.
fn gives_way(show: &Show, at: Position, mark: &Mark) -> bool {
    let library = show.presentation().library();
    let Thing::Lane(route, _) = &mark.id.thing else { return false };
    // What leaves with the step before gave way to its dots as well.
    let told = [Some(at), library.before(at, None)].into_iter().flatten();
    let is_flow =
        |at: Position| library.scenes[at.scene].steps[at.step].motion.flows.iter().any(|flow| flow.route == *route);
    mark.layer == Layer::Told && told.into_iter().any(is_flow)
}

/// One flow is one path: its outline is told while no dots run on it, and gone while they do or what they left stands there.
#[test]
fn what_is_told_of_a_flow_gives_way_to_its_dots() {
    let told = |data: &str, when: When| {
        let show = talk(data);
        let at = positions(&show).into_iter().find(|at| address(&show, *at) == "phases:6").expect("a step");
        let picture = posed(data, at, when);
        let told = picture.marks.iter().filter(|mark| gives_way(&show, at, mark) && mark.role == Role::Route).count();
        let dots = layer(&picture, Layer::Measured).iter().filter(|mark| mark.role == Role::Dot).count();
        (told, dots > 0)
    };
    assert_eq!(told("none", When::Secs(2.0)), (8, false), "no source: a told lane for each GPU");
    assert_eq!(told("sim", When::Secs(2.0)), (0, true), "in the burst its dots alone");
    assert_eq!(told("sim", When::End), (0, false), "after it what it left behind");
}

#[test]
fn whatever_is_not_measured_is_the_same_under_every_source() {
    let show = talk("none");
    // The monitor's lanes are as high as what they measure asks for.
    for at in positions(&show).into_iter().filter(|at| !address(&show, *at).starts_with("monitor:")) {
        for when in moments(&show, at) {
            let [none, sim] = ["none", "sim"].map(|data| {
                let mut picture = posed(data, at, when).without_measured();
                picture.marks.retain(|mark| !gives_way(&show, at, mark));
                picture
            });
            assert!(none == sim, "{} {when:?}:\n{}", address(&show, at), first_difference(&none, &sim));
        }
    }
}

fn first_difference(one: &Picture, other: &Picture) -> String {
    let (one, other) = (talk::print(one), talk::print(other));
    let pair = one.lines().zip(other.lines()).find(|(a, b)| a != b);
    pair.map_or_else(|| "lengths or paths differ".to_owned(), |(a, b)| format!("- {a}\n+ {b}"))
}

#[test]
fn a_swap_of_sources_keeps_the_place_in_the_story() {
    let mut show = talk("sim");
    let all = positions(&show);
    jump(&mut show, all[all.len() / 2]);
    press(&mut show, WalkCommand::Next);
    wait(&mut show, 0.4);
    let (at, told) = (show.presentation().position(), show.picture().without_measured());
    for kind in [SourceKind::None, SourceKind::Sim] {
        press(&mut show, SourceCommand::Source(kind.only_id()));
        assert_eq!(show.presentation().position(), at);
        assert!(show.picture().without_measured() == told, "{kind:?}");
    }
}

/// The steps that tell this phase when they have settled.
fn steps_of(show: &Show, phase: &str) -> Vec<Position> {
    let library = show.presentation().library();
    let told = |at: &Position| {
        tierlight::timeline::phase_of(&library.scenes[at.scene].steps[at.step], f64::INFINITY).map(|id| &**id)
    };
    positions(show).into_iter().filter(|at| told(at) == Some(phase)).collect()
}

#[test]
fn storage_is_silent_while_the_gpus_compute() {
    let steps = steps_of(&talk("sim"), "train");
    assert!(!steps.is_empty());
    for at in steps {
        let mut show = talk("sim");
        jump(&mut show, at);
        wait(&mut show, 6.0);
        let picture = show.picture();
        let lit = lit(&show, at, &picture).into_iter();
        let storage: Vec<&Mark> = lit.filter(|mark| mark.id.thing != Thing::Hall && mark.role != Role::Gpu).collect();
        assert!(storage.is_empty(), "{}: {:?}", address(&show, at), ids(&storage));
    }
}

/// How far along a polyline a point of it lies; before and behind it goes on straight, as a lane ends where dots have faded.
fn along(path: &[Pos2], at: Pos2) -> f32 {
    let (mut gone, mut best) = (0.0, (f32::INFINITY, 0.0));
    for (index, pair) in path.windows(2).enumerate() {
        let (way, length) = (pair[1] - pair[0], pair[0].distance(pair[1]));
        let least = if index == 0 { f32::NEG_INFINITY } else { 0.0 };
        let most = if index + 2 == path.len() { f32::INFINITY } else { 1.0 };
        let share = ((at - pair[0]).dot(way) / way.length_sq().max(1e-6)).clamp(least, most);
        let off = (pair[0] + way * share).distance(at);
        if off < best.0 {
            best = (off, gone + share * length);
        }
        gone += length;
    }
    best.1
}

/// The places of the filled dots of each lane, along it.
fn lanes(picture: &Picture) -> Vec<Vec<f32>> {
    let mut lanes = Vec::new();
    for lane in &picture.marks {
        let Shape::Lane { path, .. } = &lane.shape else { continue };
        let of_lane = |mark: &&Mark| (&mark.id.thing, mark.id.part) == (&lane.id.thing, lane.id.part);
        let dots = picture.marks.iter().filter(of_lane).filter_map(|mark| match &mark.shape {
            Shape::Dot { center, filled: true, .. } => Some(along(path, *center)),
            _ => None,
        });
        let mut dots: Vec<f32> = dots.collect();
        dots.sort_by(f32::total_cmp);
        lanes.push(dots);
    }
    lanes
}

#[test]
fn measured_dots_are_evenly_spaced() {
    let show = talk("sim");
    let mut seen = 0;
    for at in positions(&show) {
        for secs in [2.0, 3.3] {
            for lane in lanes(&posed("sim", at, When::Secs(secs))) {
                let gaps: Vec<f32> = lane.windows(2).map(|pair| pair[1] - pair[0]).collect();
                let mean = gaps.iter().sum::<f32>() / gaps.len().max(1) as f32;
                assert!(gaps.iter().all(|gap| (gap / mean - 1.0).abs() < 0.02), "{}: {gaps:?}", address(&show, at));
                seen += gaps.len();
            }
        }
    }
    assert!(seen > 100, "{seen} gaps were seen");
}

/// Measured numerals of a picture: words by id, with the x of the decimal sign, or of where it would be.
fn numerals(picture: &Picture) -> BTreeMap<String, (String, f32)> {
    let numeral = |mark: &Mark| match &mark.shape {
        Shape::Text(text) if mark.layer == Layer::Measured && text.tabular => {
            let whole = text.words.split('.').next().unwrap_or_default();
            let x = measure::bounds(text).left() + measure::width(whole, text.face, text.size, true);
            Some((mark.id.to_string(), (text.words.to_string(), x)))
        }
        _ => None,
    };
    picture.marks.iter().filter_map(numeral).collect()
}

#[test]
fn numerals_change_once_a_second_at_most_and_decimal_signs_stand_still() {
    for step in ["loop:2", "phases:1", "phases:4", "monitor:1"] {
        let mut show = talk("sim");
        let at = show.presentation().library().position(step).expect("the shipped talk has this step");
        jump(&mut show, at);
        // Between two ticks, so that each is seen with the same look.
        wait(&mut show, 8.05);
        let mut last = numerals(&show.picture());
        let mut changed_at: BTreeMap<String, f64> = BTreeMap::new();
        assert!(!last.is_empty(), "{step} shows numbers");
        for _ in 0..600 {
            wait(&mut show, 0.1);
            let now = numerals(&show.picture());
            for (id, (words, x)) in &now {
                let Some((before, x_before)) = last.get(id).filter(|(before, _)| before != words) else { continue };
                let since =
                    show.now_secs() - changed_at.insert(id.clone(), show.now_secs()).unwrap_or(f64::NEG_INFINITY);
                assert!(since > 0.99, "{step} {id}: {words} {since:.2} s after {before}");
                assert!((x - x_before).abs() < 0.6, "{step} {id}: {before} at {x_before}, {words} at {x}");
            }
            last = now;
        }
    }
}

#[test]
fn a_still_picture_asks_for_no_frame() {
    for source in ["none", "sim"] {
        let mut show = talk(source);
        for at in positions(&show) {
            jump(&mut show, at);
            // With a source, too, where a scene draws no reading. A drill brings a lab of its own.
            let is_none = show.presentation().sources().shown().kind == SourceKind::None;
            if is_none || !show.presentation().is_measured() {
                wait(&mut show, 5.0);
                let audience = show.audience();
                wait(&mut show, 1.0);
                assert!(!show.presentation().moves() && show.audience() == audience, "{}", address(&show, at));
            }
        }
    }
}

/// A lab whose T1 and T2 are asked every second, on the step that tells a checkpoint.
fn live_lab(step: &str) -> Show {
    let mut show = talk("none");
    let target = |tier: Tier| Target {
        name: tier.word().into(),
        subjects: vec![Subject::Tier(tier)],
        interval_secs: 1.0,
        unverified: false,
    };
    let targets = [Tier::T1, Tier::T2].map(target).into();
    let announced = Announcement { kind: SourceKind::Lab, origin: "lab".into(), lapse: 1, targets };
    hear(&mut show, SourceEvent::Announced(announced));
    show_source(&mut show, SourceKind::Lab);
    let at = show.presentation().library().position(step).expect("the shipped talk has this step");
    jump(&mut show, at);
    show
}

fn hear(show: &mut Show, news: SourceEvent) {
    talk::happen(show, Event::Source { source: SourceKind::Lab.only_id(), news: vec![news] });
}

/// A tier writes so many bytes per second, while so many uploads run.
fn write(show: &mut Show, tier: Tier, bytes_per_sec: f64, running: f64) {
    let at_secs = show.now_secs();
    let reading = |quantity, value| (Signal::tier(tier, quantity), Reading { value, at_secs, lag_secs: 0.0 });
    let readings = [
        reading(Quantity::ReadBytesPerSec, 0.0),
        reading(Quantity::WriteBytesPerSec, bytes_per_sec),
        reading(Quantity::WritesInflight, running),
    ];
    let report = Report {
        readings: readings.into(),
        moved: None,
        last_good_secs: at_secs,
        interval_secs: 1.0,
        samples: 0,
        faults: vec![],
    };
    hear(show, SourceEvent::Scraped { target: tier.word().into(), at_secs, report });
}

/// The monitor's step, on which these are told of T1 and T2.
fn told_on_monitor(readings: &[(Tier, Quantity, f64)], lag_secs: f64, moved: Option<&[Moved]>) -> Show {
    told_on("monitor:1", readings, lag_secs, moved)
}

fn told_on(step: &str, readings: &[(Tier, Quantity, f64)], lag_secs: f64, moved: Option<&[Moved]>) -> Show {
    let mut show = live_lab(step);
    let at_secs = show.now_secs();
    for tier in [Tier::T1, Tier::T2] {
        let mine = readings.iter().filter(|(of, ..)| *of == tier);
        let told = mine
            .map(|(_, quantity, value)| (Signal::tier(tier, *quantity), Reading { value: *value, at_secs, lag_secs }));
        let report = Report {
            readings: told.collect(),
            moved: moved.filter(|_| tier == Tier::T2).map(<[Moved]>::to_vec),
            last_good_secs: at_secs,
            interval_secs: 15.0,
            samples: 0,
            faults: vec![],
        };
        hear(&mut show, SourceEvent::Scraped { target: tier.word().into(), at_secs, report });
    }
    wait(&mut show, 1.5);
    show
}

#[test]
fn errors_are_a_share_with_a_shape_and_each_side_has_its_own() {
    use Quantity::{Errors4xxPerSec, Errors5xxPerSec, RequestsPerSec};
    for (client, server, icon, told) in [
        (10.0, 0.0, Icon::Warn, "25\u{2009}% of requests fail: 4xx, the client’s"),
        (40.0, 0.0, Icon::Bad, "100\u{2009}% of requests fail: 4xx, the client’s"),
        (0.0, 4.0, Icon::Bad, "10\u{2009}% of requests fail: 5xx, the server’s"),
        (20.0, 0.2, Icon::Bad, "requests fail: 50\u{2009}% 4xx, under 1\u{2009}% 5xx"),
    ] {
        let rates = [(RequestsPerSec, 40.0), (Errors4xxPerSec, client), (Errors5xxPerSec, server)];
        let picture = told_on_monitor(&rates.map(|(of, rate)| (Tier::T2, of, rate)), 0.0, None).picture();
        assert_eq!(words(&picture, "T2.errors").as_deref(), Some(told));
        let found = picture.marks.iter().find(|mark| mark.id.to_string() == "T2.icon.1").map(|mark| &mark.shape);
        assert!(matches!(found, Some(Shape::Icon { kind, .. }) if *kind == icon), "{told}: {found:?}");
        assert_eq!(words(&picture, "T1.errors"), None, "of the other tier nothing is known");
    }
}

#[test]
fn all_lanes_have_one_scale_that_is_said() {
    let of = |tier, bytes| (tier, Quantity::WriteBytesPerSec, bytes);
    let picture = told_on_monitor(&[of(Tier::T1, 5.9e3), of(Tier::T2, 4e7)], 0.0, None).picture();
    let charts: Vec<_> = picture
        .marks
        .iter()
        .filter_map(|mark| match &mark.shape {
            Shape::Chart(chart) => Some((chart.down, chart.top / f64::from(chart.rect.height()))),
            _ => None,
        })
        .collect();
    assert_eq!(charts.len(), 4, "read and written, of both tiers");
    let same = |(_, per_unit): &(bool, f64)| (per_unit / charts[0].1 - 1.0).abs() < 1e-3;
    assert!(charts.iter().all(same), "{charts:?}");
    let heads: Vec<String> = ["head.1", "head.2"].iter().filter_map(|id| words(&picture, id)).collect();
    assert_eq!(heads, ["↑ read, ↓ write", "last 5\u{2009}min, a line each 10\u{2009}MB/s"]);
}

#[test]
fn the_lane_that_works_is_the_tallest_and_a_quiet_one_has_one_zero_in_its_middle() {
    let show = talk("sim");
    let at = show.presentation().library().position("monitor:1").expect("the shipped talk has this step");
    let picture = talk::posed(&show, at, When::End).picture();
    let bounds = |id: &str| {
        let found = picture.marks.iter().find(|mark| mark.id.to_string() == id);
        found.map(|mark| mark.bounds(measure::bounds))
    };
    let lane = |tier: Tier| bounds(tier.id()).expect("it has a lane");
    let whole: f32 = Tier::ALL.map(|tier| lane(tier).height()).iter().sum();
    assert!(lane(Tier::T2).height() > 0.38 * whole, "{whole}: {:?}", lane(Tier::T2));
    assert!(lane(Tier::T0).height() < 0.17 * whole && lane(Tier::T3).height() < 0.19 * whole);
    let is_number = |mark: &&Mark| matches!(&mark.shape, Shape::Text(text) if text.tabular);
    let of =
        |tier: Tier| picture.marks.iter().filter(is_number).filter(move |mark| mark.id.thing == Thing::Floor(tier));
    assert_eq!(of(Tier::T2).count(), 1, "one large number");
    assert!(of(Tier::T2).all(|mark| matches!(&mark.shape, Shape::Text(text) if text.size >= 96.0)));
    for tier in [Tier::T0, Tier::T1, Tier::T3] {
        assert_eq!(of(tier).count(), 1, "one zero");
        let Some(Shape::Text(zero)) = of(tier).next().map(|mark| &mark.shape) else { continue };
        assert_eq!((&*zero.words, zero.ink), ("0", Ink::Text2));
        // A digit is as high as a capital: 0.73 of its size.
        let middle = zero.at.y - 0.365 * zero.size;
        assert!((middle - lane(tier).center().y).abs() < 2.0, "{middle}: {:?}", lane(tier));
    }
    // No curve lies on a lane's edge.
    for mark in picture.marks.iter().filter(|mark| mark.role == Role::Chart && mark.id.part == Part::History) {
        let Thing::Floor(tier) = mark.id.thing else { continue };
        let chart = mark.bounds(measure::bounds);
        assert!(chart.top() > lane(tier).top() + 12.0 && chart.bottom() < lane(tier).bottom() - 12.0, "{}", mark.id);
    }
}

#[test]
fn a_lane_without_a_source_is_slim() {
    let picture = told_on_monitor(&[(Tier::T1, Quantity::ReadBytesPerSec, 0.0)], 0.0, None).picture();
    let height = |id: &str| {
        let found = picture.marks.iter().find(|mark| mark.id.to_string() == id);
        found.map(|mark| mark.bounds(measure::bounds).height()).expect("it has a lane")
    };
    assert!(words(&picture, "T0.unknown").is_some(), "it says that it has no source");
    assert!(height("T0") < 80.0 && height("T1") > 2.0 * height("T0"), "{} {}", height("T0"), height("T1"));
}

#[test]
fn a_burst_within_the_time_of_a_cache_is_told_as_its_mean() {
    let signal = Signal::tier(Tier::T2, Quantity::WriteBytesPerSec);
    for (lag_secs, told) in [(25.0, "mean over 10 s of the last burst"), (0.0, "peak of the last burst")] {
        let rates = [(Tier::T2, Quantity::WriteBytesPerSec, 0.0)];
        // It was over for long enough when it was told.
        let moved = Moved { signal, from_secs: -60.0, to_secs: -50.0, bytes: 4.9e8, is_timed: true };
        let picture = told_on("monitor:2", &rates, lag_secs, Some(&[moved])).picture();
        let words = |id: &str| words(&picture, id).unwrap_or_default().replace(char::is_whitespace, " ");
        assert_eq!(words("T2.memory.2"), told);
        assert!(words("T2.memory.3").starts_with("490 MB, "), "{}", words("T2.memory.3"));
        assert_eq!((words("T2.memory"), words("T2.memory.1")), ("49.0".into(), "MB/s".into()));
        // It is the step's hero: the largest number of all, in the ink of what is said, and the only one of its lane.
        let of_lane =
            |mark: &&Mark| mark.id.thing == Thing::Floor(Tier::T2) && matches!(mark.id.part, Part::Read | Part::Write);
        assert_eq!(picture.marks.iter().filter(of_lane).count(), 0, "no zeros beside it");
        let size_and_ink = picture.marks.iter().filter_map(|mark| match &mark.shape {
            Shape::Text(text) if text.tabular => Some((text.size, text.ink, mark.id.to_string())),
            _ => None,
        });
        let largest = size_and_ink.max_by(|one, other| one.0.total_cmp(&other.0)).expect("numbers");
        assert_eq!((largest.1, largest.2.as_str()), (Ink::Text, "T2.memory"));
    }
}

#[test]
fn the_small_map_has_one_place_and_the_badge_ends_left_of_it() {
    for data in ["none", "sim"] {
        let show = talk(data);
        for at in positions(&show) {
            if !matches!(show.presentation().library().scenes[at.scene].view, View::Page { .. }) {
                continue;
            }
            let picture = talk::still(data, at);
            let name = |mark: &Mark| mark.role == Role::Map && matches!(mark.shape, Shape::Text(_));
            let of = |role: Role| {
                let marks = picture.marks.iter().filter(move |mark| mark.role == role && !name(mark));
                marks.map(|mark| mark.bounds(measure::bounds)).reduce(egui::emath::Rect::union)
            };
            let map = of(Role::Map).expect("a page has a map");
            assert!((map.right() - 1824.0).abs() < 1.5 && (map.center().y - 112.0).abs() < 1.5, "{map:?}");
            if let Some(badge) = of(Role::Badge) {
                assert!(map.left() - badge.right() >= 24.0, "{}: {badge:?} {map:?}", address(&show, at));
                assert!((badge.center().y - map.center().y).abs() < 1.5, "they have one row");
            }
            // One lit part has its name; of several, or of none, there would be nothing to say.
            let lit = |mark: &&Mark| {
                let fill =
                    |shape: &Shape| matches!(shape, Shape::Rect { fill: Fill::Flat(ink, _), .. } if *ink != Ink::Edge);
                mark.role == Role::Map && fill(&mark.shape)
            };
            let lit: Vec<&Mark> = picture.marks.iter().filter(lit).collect();
            let names: Vec<&Mark> = picture.marks.iter().filter(|mark| name(mark)).collect();
            let Some(name) = names.first() else {
                assert_ne!(lit.len(), 1, "{}: what is lit has no name", address(&show, at));
                continue;
            };
            assert_eq!((lit.len(), names.len()), (1, 1), "{}", address(&show, at));
            let told = ["GPUs", "T0", "T1", "T2", "T3"][lit[0].id.nth as usize - 1];
            assert!(matches!(&name.shape, Shape::Text(text) if &*text.words == told && text.size >= 28.0), "{told}");
            let bounds = name.bounds(measure::bounds);
            let clear =
                |mark: &Mark| mark.id == name.id || !mark.bounds(measure::bounds).intersects(bounds.expand(4.0));
            assert!(picture.marks.iter().all(clear), "{}: {told} has room", address(&show, at));
        }
    }
}

#[test]
fn around_silence_the_hatch_fades_and_the_curve_does_not() {
    let show = talk("sim");
    for (step, is_hatched) in [("flat-line:2", true), ("flat-line:3", false)] {
        let at = show.presentation().library().position(step).expect("the shipped talk has this step");
        let marks = &talk::still("sim", at).marks;
        let place = |is_it: &dyn Fn(&Mark) -> bool| marks.iter().position(is_it);
        let is_word = |mark: &Mark| matches!(&mark.shape, Shape::Text(text) if &*text.words == "silence");
        let word = place(&is_word).expect("a silence");
        let is_curve = |mark: &Mark| matches!(mark.shape, Shape::Chart(_)) && mark.id.thing == marks[word].id.thing;
        let is_veil = |mark: &Mark| matches!(mark.shape, Shape::Rect { fill: Fill::Veil { .. }, .. });
        let last_hatch = marks.iter().rposition(|mark| mark.id.thing.word() == "never-lines");
        let veil = place(&is_veil);
        assert_eq!(veil.is_some(), is_hatched, "{step}");
        if let Some(veil) = veil {
            // Over the hatch, and under the curve.
            assert!(last_hatch < Some(veil) && Some(veil) < place(&is_curve) && veil < word, "{step}");
            let bounds = |nth: usize| marks[nth].bounds(measure::bounds);
            assert!(bounds(veil).contains_rect(bounds(word).expand(40.0)), "{step}: it fades around the word");
        }
    }
}

/// The words of a mark; none where there is none.
fn words(picture: &Picture, id: &str) -> Option<String> {
    let found = picture.marks.iter().find(|mark| mark.id.to_string() == id)?;
    match &found.shape {
        Shape::Text(text) => Some(text.words.to_string()),
        _ => None,
    }
}

/// How bright T2 is, how many dots move, and its number.
fn told_of_t2(show: &Show) -> (f32, usize, String) {
    let picture = show.picture();
    let light = picture.marks.iter().find_map(|mark| match &mark.shape {
        Shape::Light { level, .. } if mark.id.to_string() == "T2.light" => Some(*level),
        _ => None,
    });
    let dots = picture.marks.iter().filter(|mark| mark.role == Role::Dot && mark.layer == Layer::Measured).count();
    let [digits, unit] = ["T2.number", "T2.number.1"].map(|id| words(&picture, id).unwrap_or_default());
    (light.unwrap_or(0.0), dots, format!("{digits} {unit}"))
}

#[test]
fn light_dots_and_digits_begin_and_end_together() {
    let mut show = live_lab("loop:4");
    write(&mut show, Tier::T2, 0.0, 0.0);
    let (mut lit, mut number) = (0, 0);
    let mut since_zero_secs = f64::INFINITY;
    for second in 0..14 {
        write(&mut show, Tier::T2, if (3..8).contains(&second) { 4e8 } else { 0.0 }, 0.0);
        for _ in 0..20 {
            wait(&mut show, 0.05);
            let (light, dots, digits) = told_of_t2(&show);
            let is_zero = digits == "0 B/s";
            since_zero_secs = if is_zero { since_zero_secs + 0.05 } else { 0.0 };
            let is_lit = light > 0.0 || dots > 0;
            assert!(!is_lit || since_zero_secs < 0.35, "lit {since_zero_secs:.2} s after {digits}: {light} {dots}");
            lit += usize::from(is_lit);
            number += usize::from(!is_zero);
        }
    }
    assert!((95..=110).contains(&number) && lit >= number - 2, "lit for {lit}, a number for {number}");
}

#[test]
fn requests_whose_bytes_count_later_are_light_and_a_word() {
    let mut show = live_lab("loop:4");
    write(&mut show, Tier::T2, 0.0, 4.0);
    wait(&mut show, 2.0);
    let (light, dots, digits) = told_of_t2(&show);
    assert!((0.1..0.4).contains(&light), "{light}: modest");
    assert_eq!((dots, digits.as_str()), (0, "4 running"));
    write(&mut show, Tier::T2, 4e8, 4.0);
    wait(&mut show, 2.0);
    let (brighter, dots, digits) = told_of_t2(&show);
    assert!(brighter > light && dots > 0, "{brighter} {dots}");
    assert_eq!(digits, "400 MB/s");
}

#[test]
fn a_dead_tier_is_dark_grey_and_stale_within_five_seconds_whatever_the_others_do() {
    for step in ["loop:6", "phases:6"] {
        let mut show = live_lab(step);
        write(&mut show, Tier::T2, 4e8, 4.0);
        wait(&mut show, 2.0);
        assert!(told_of_t2(&show).0 > 0.0 && words(&show.picture(), "badge.words").is_some_and(|word| word == "LIVE"));
        for _ in 0..4 {
            write(&mut show, Tier::T1, 1e9, 0.0);
            wait(&mut show, 0.75);
        }
        let picture = show.picture();
        let (light, dots, _) = told_of_t2(&show);
        assert_eq!((light, dots), (0.0, 0), "{step}: light and dots are out");
        let badge = words(&picture, "badge.words").expect("there is a badge");
        assert!(badge.starts_with("STALE"), "{step}: {badge}");
        assert!(words(&picture, "T2.age").is_some_and(|age| age.ends_with("s old")), "{step}");
        let bright = |mark: &&Mark| match &mark.shape {
            Shape::Text(text) => text.tabular && mark.layer == Layer::Measured && text.ink == Ink::Text,
            _ => false,
        };
        let bright: Vec<&Mark> = picture.marks.iter().filter(bright).collect();
        assert_eq!(ids(&bright), ["T1.number"], "{step}");
    }
}

/// The ticks of T2's chart that lie at no end of a burst in its curve, moved by so many seconds.
fn ticks_off_the_curve(picture: &Picture, moved_secs: f32) -> Vec<f32> {
    let chart = picture.marks.iter().find_map(|mark| match &mark.shape {
        Shape::Chart(chart) if mark.id.to_string() == "T2.history.1" => Some(chart),
        _ => None,
    });
    let chart = chart.expect("what T2 writes has a curve");
    let is_high = |n: usize| chart.columns[n].is_some_and(|(_, most)| most > 1e9);
    let last = chart.columns.len() - 1;
    // Where a column ends.
    let x_of = |n: usize| chart.rect.left() + chart.rect.width() * (n as f32 + 1.0 - chart.ahead) / last as f32;
    let ends: Vec<f32> = (0..last).filter(|n| is_high(*n) && !is_high(n + 1)).map(x_of).collect();
    assert_eq!(ends.len(), 3, "three bursts that are over");
    let is_tick = |mark: &&Mark| mark.id.thing == Thing::Floor(Tier::T2) && mark.id.part == Part::Event;
    let ticks = picture.marks.iter().filter(is_tick).map(|mark| mark.bounds(measure::bounds).center().x);
    let ticks: Vec<f32> = ticks.map(|x| x + chart.rect.width() * moved_secs / 300.0).collect();
    assert!(ticks.len() >= 3, "{ticks:?}");
    ticks.into_iter().filter(|x| !ends.iter().any(|end| (end - x).abs() < 10.0)).collect()
}

#[test]
fn event_marks_lie_on_the_time_axis_of_their_curve() {
    let show = talk("sim");
    let at = show.presentation().library().position("monitor:2").expect("the shipped talk has this step");
    let picture = talk::posed(&show, at, When::End).picture();
    assert_eq!(ticks_off_the_curve(&picture, 0.0), Vec::<f32>::new());
    // As they once stood: 20 s beside what they mark.
    assert!(ticks_off_the_curve(&picture, 20.0).len() >= 3);
}

#[test]
fn gpus_have_one_size() {
    let show = talk("sim");
    // The camera may be near; then they are larger, and as wide for their height.
    let sizes = |data: &str, at: Position| -> BTreeSet<String> {
        let still = talk::still(data, at);
        let gpus = still.marks.iter().filter(|mark| mark.id.thing == Thing::Gpu);
        let rects = gpus.filter_map(|mark| match &mark.shape {
            Shape::Gpu { rect, .. } => Some(format!("{:.2}", rect.width() / rect.height())),
            _ => None,
        });
        rects.collect()
    };
    for at in positions(&show) {
        let (told, measured) = (sizes("none", at), sizes("sim", at));
        assert!(told.len() <= 1 && told == measured, "{}: {told:?} {measured:?}", address(&show, at));
    }
}

#[test]
fn what_leaves_shows_what_it_showed() {
    // The first step's number leaves with it; the lab that is read then says something else.
    let mut show = live_lab("loop:2");
    let number = |show: &Show| words(&show.picture(), "t1-read").zip(words(&show.picture(), "t1-read.1"));
    let read = |show: &mut Show, value: f64| {
        let at_secs = show.now_secs();
        let signal = Signal::tier(Tier::T1, Quantity::ReadBytesPerSec);
        let readings = [(signal, Reading { value, at_secs, lag_secs: 0.0 })].into_iter().collect();
        let report =
            Report { readings, moved: None, last_good_secs: at_secs, interval_secs: 1.0, samples: 0, faults: vec![] };
        hear(show, SourceEvent::Scraped { target: Tier::T1.word().into(), at_secs, report });
    };
    read(&mut show, 4.2e9);
    wait(&mut show, 3.0);
    read(&mut show, 4.2e9);
    wait(&mut show, 1.5);
    let before = number(&show);
    assert_eq!(before.as_ref().map(|(digits, _)| digits.as_str()), Some("4.2"));
    press(&mut show, WalkCommand::Next);
    read(&mut show, 0.0);
    wait(&mut show, 0.05);
    let leaving = number(&show);
    assert!(leaving.is_none() || leaving == before, "it leaves as it was: {leaving:?}");
}
