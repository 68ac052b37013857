//! Every shipped scene reads without a problem; its pictures as text, settled and at two moments of each motion.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test suite scenes` writes the pictures anew. Each file tells one scene: its first step whole,
//! each later picture as the lines by which it differs from the one it is compared with.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use tierlight::commands::picture::hash;
use tierlight::live::Announcement;
use tierlight::live::Report;
use tierlight::live::SourceEvent;
use tierlight::live::SourceKind;
use tierlight::live::Target;
use tierlight::live::{Fault, FaultCode};
use tierlight::paint::Textures;
use tierlight::picture::{Layer, Mark, Part, Picture, Role, Shape, Thing};
use tierlight::presentation::event::Event;
use tierlight::render::Renderer;
use tierlight::scene::library::Texts;
use tierlight::setup::show_source;
use tierlight::show::{Opening, Show, When};
use tierlight::signal::{Quantity, Reading, Readings, Signal, Subject, Tier};
use tierlight::theme::{Theme, ThemeName};
use tierlight::timeline::playhead::Position;

use crate::talk;

/// Compares with `tests/snapshots/NAME.txt`; what differs is written beside it and told in short.
fn assert_snapshot(name: &str, text: &str) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(format!("{name}.txt"));
    let known = fs::read_to_string(&path).unwrap_or_default();
    if known == text {
        return Ok(());
    }
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, text).expect("the snapshot can be written");
        return Ok(());
    }
    fs::write(path.with_extension("new"), text).expect("the new picture can be written");
    Err(format!("{name}.txt differs (the new one is {name}.new):\n{}", first_differences(&known, text)))
}

/// The first lines that differ, under the title of their picture.
fn first_differences(known: &str, new: &str) -> String {
    let title =
        |lines: &[&str]| lines.iter().rfind(|line| line.starts_with("==")).copied().unwrap_or_default().to_owned();
    let (known, new): (Vec<&str>, Vec<&str>) = (known.lines().collect(), new.lines().collect());
    let same = known.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let mut told = title(&new[..new.len().min(same + 1)]);
    for (sign, lines) in [('-', &known), ('+', &new)] {
        for line in lines.iter().skip(same).take(6) {
            write!(told, "\n{sign} {line}").unwrap();
        }
    }
    told
}

/// A picture's lines without what is told by its like: of a route the first lane and its first dots, of the GPUs the first.
/// The hash in the title knows them all.
fn lines(picture: &Picture) -> Vec<String> {
    let is_told = |mark: &&Mark| match mark.id.thing {
        Thing::Lane(_, lane) => lane == 0 && mark.id.nth < 4,
        Thing::Gpu => mark.id.nth == 1,
        _ => true,
    };
    let marks = picture.marks.iter().filter(is_told).cloned().collect();
    talk::print(&Picture { marks, ..Picture::default() }).lines().map(ToOwned::to_owned).collect()
}

/// The lines by which a picture differs from another, counted: what only one has.
fn difference(from: &Picture, to: &Picture) -> String {
    let (mut out, mut gone, mut come) = (String::new(), lines(from), lines(to));
    gone.retain(|line| {
        let same = come.iter().position(|other| other == line);
        same.map(|at| come.remove(at)).is_none()
    });
    for (sign, lines) in [('+', come), ('-', gone)] {
        for line in lines {
            writeln!(out, "{sign} {line}").unwrap();
        }
    }
    out
}

/// Title, count and hash of a picture; the hash also knows the order in which marks are drawn.
fn title(words: &str, picture: &Picture) -> String {
    format!("== {words}: {} marks, {}\n", picture.marks.len(), hash(picture))
}

/// All pictures of a scene as one text.
fn told(show: &Show, scene: usize) -> String {
    let mut out = String::new();
    let mut before = Arc::new(Picture::default());
    for step in 0..show.presentation().library().scenes[scene].steps.len() {
        let at = Position { scene, step };
        let name = talk::address(show, at);
        let secs = talk::settle_secs(show, at);
        let end = talk::still("none", at);
        out += &(title(&name, &end) + &difference(&before, &end));
        for share in [0.1, 0.5] {
            let moment = talk::posed(show, at, When::Secs(secs * share)).picture();
            let words = format!("{name} at {:.0} % of {secs:.2} s", share * 100.0);
            out += &(title(&words, &moment) + &difference(&end, &moment));
        }
        let simulated = talk::still("sim", at);
        out += &(title(&format!("{name}, simulated lab"), &simulated) + &difference(&end, &simulated));
        before = end;
    }
    out
}

#[test]
fn the_shipped_scenes_read_without_a_problem() {
    let show = talk::talk("none");
    let presentation = show.presentation();
    let problems: Vec<String> = presentation.problems().iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    let ids = presentation.library().ids();
    assert!(ids.starts_with(&["title", "executive"]), "{ids:?}");
    for id in ["phases", "loop", "flat-line", "monitor"] {
        assert!(ids.contains(&id), "{ids:?}");
    }
}

#[test]
fn every_step_looks_as_it_did() {
    let show = talk::talk("none");
    let ids: Vec<String> = show.presentation().library().ids().iter().map(ToString::to_string).collect();
    let one = |(scene, id): (usize, &String)| assert_snapshot(id, &told(&show, scene)).err();
    let wrong: Vec<String> = ids.iter().enumerate().filter_map(one).collect();
    assert!(wrong.is_empty(), "{}\nUPDATE_SNAPSHOTS=1 takes them over.", wrong.join("\n\n"));
}

/// What stands in a picture, but for dots on their way and for ticks of what happened.
fn standing(picture: &Picture) -> Vec<String> {
    let is_moving = |mark: &&Mark| mark.role == Role::Dot || mark.id.part == Part::Event;
    let mut ids: Vec<String> = (picture.marks.iter().filter(|mark| mark.opacity > 0.05 && !is_moving(mark)))
        .map(|mark| mark.id.to_string())
        .collect();
    ids.sort();
    ids
}

#[test]
fn a_minute_later_stands_what_the_still_shows() {
    let show = talk::talk("sim");
    let library = show.presentation().library();
    let steps = library.scenes.iter().enumerate().filter(|(_, scene)| scene.view.is_measured());
    let steps: Vec<Position> =
        steps.flat_map(|(scene, known)| (0..known.steps.len()).map(move |step| Position { scene, step })).collect();
    let wrong = |at: &Position| {
        let still = standing(&talk::still("sim", *at));
        let later = standing(&talk::posed(&show, *at, When::Secs(60.0)).picture());
        let only = |one: &[String], other: &[String]| one.iter().filter(|id| !other.contains(id)).cloned().collect();
        let (gone, come): (Vec<String>, Vec<String>) = (only(&still, &later), only(&later, &still));
        let address = library.address(*at);
        (still != later).then(|| format!("{address}: gone {gone:?}, come {come:?}"))
    };
    let wrong: Vec<String> = steps.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Two scenes, each with an element called `thing`; the second is at the moment in the middle of the change from the first.
fn on_the_way(shared: &str) -> Vec<String> {
    let scene = |id: &str, x: u32| {
        format!(
            r#"#![enable(implicit_some)]
            Scene(id: "{id}", title: "", view: Page(), notes: "", {shared}
                elements: [Box(id: "thing", box: ({x}, 200, {}, 300))],
                steps: [Step(caption: "", budget_secs: 1, changes: [Reveal(ids: ["thing"])])])"#,
            x + 100
        )
    };
    let bundled = tierlight::bundle::SCENES.iter().filter(|(name, _)| matches!(*name, "world.ron" | "sources.ron"));
    let mut texts: Texts = bundled.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let deck = r#"Deck(title: "", sections: [(id: "all", title: "", scenes: [(scene: "one"), (scene: "two")])])"#;
    texts.insert("deck.ron".to_owned(), deck.to_owned());
    texts.insert("one.ron".to_owned(), scene("one", 100));
    texts.insert("two.ron".to_owned(), scene("two", 900));
    let show = Show::open(Opening { texts, ..Opening::default() }).expect("two scenes");
    let moment = talk::posed(&show, Position { scene: 1, step: 0 }, When::Secs(0.15));
    let marks = moment.picture().marks.into_iter().filter(|mark| mark.id.thing.word() == "thing");
    marks
        .map(|mark| format!("{} at {:.0}", mark.id.thing.owner(), mark.bounds(tierlight::measure::bounds).left()))
        .collect()
}

#[test]
fn an_element_moves_from_scene_to_scene_only_where_both_share_it() {
    assert_eq!(on_the_way(""), ["scene at 100", "scene at 900"]);
    assert_eq!(on_the_way("shared: [\"thing\"],").len(), 1);
}

#[test]
fn a_chart_has_the_axis_and_the_times_that_its_author_wants() {
    let shared = tierlight::bundle::SCENES.iter().filter(|(name, _)| matches!(*name, "world.ron" | "sources.ron"));
    let mut texts: Texts = shared.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let deck = r#"Deck(title: "", sections: [(id: "all", title: "", scenes: [(scene: "told")])])"#;
    texts.insert("deck.ron".to_owned(), deck.to_owned());
    let times =
        r#"times: [(ago_secs: 3600, words: "load"), (ago_secs: 900, words: "here"), (ago_secs: 0, words: "the end")],"#;
    // What stands beside the curve, and how far along it.
    let cases: [(&str, &[(&str, f32)]); 4] = [
        (
            "",
            &[("0", 0.0), ("100\u{2009}%", 0.0), ("30\u{2009}min ago", 0.5), ("60\u{2009}min ago", 0.0), ("now", 1.0)],
        ),
        ("axis: false,", &[]),
        (times, &[("0", 0.0), ("100\u{2009}%", 0.0), ("here", 0.75), ("load", 0.0), ("the end", 1.0)]),
        (&format!("axis: false, {times}"), &[("here", 0.75), ("load", 0.0), ("the end", 1.0)]),
    ];
    for (written, expected) in cases {
        let scene = format!(
            r#"#![enable(implicit_some)]
            Scene(id: "told", title: "", view: Page(measured: true), notes: "", elements: [
                Chart(id: "hour", box: (330, 206, 1824, 330), ink: Compute, {written}
                    bind: Series(signals: ["compute.busy_ratio"], scale: "share", window_secs: 3600))],
                steps: [Step(caption: "", budget_secs: 1, changes: [Reveal(ids: ["hour"])])])"#,
        );
        texts.insert("told.ron".to_owned(), scene);
        let opening = Opening { texts: texts.clone(), seed: Some(1), polls_history: true, ..Opening::default() };
        let show = Show::open(opening).expect("a scene");
        let picture = talk::posed(&show, Position { scene: 0, step: 0 }, When::End).picture();
        let of_chart = picture.marks.iter().filter(|mark| mark.id.thing.word() == "hour");
        let words = of_chart.filter_map(|mark| match &mark.shape {
            Shape::Text(text) => Some((text.words.to_string(), ((text.at.x - 330.0) / 1494.0).max(0.0))),
            _ => None,
        });
        let mut words: Vec<(String, f32)> = words.collect();
        words.sort_by(|one, other| one.0.cmp(&other.0));
        let expected: Vec<(String, f32)> =
            expected.iter().map(|(words, share)| ((*words).to_owned(), *share)).collect();
        assert_eq!(words, expected, "{written}");
    }
}

/// What is drawn of two steps, at moments of the second: elements, changes of the first step, of the second, and how many
/// lines of the picture have some words so many seconds into it.
type Told = (&'static str, &'static str, &'static str, &'static [(f64, &'static str, usize)]);

const TOLD: [Told; 12] = [
    (
        "Box(id: \"box\", box: (100, 200, 500, 400))",
        "",
        "Reveal(ids: [\"box\"], how: Fill(Top), secs: 4), Hide(ids: [\"box\"], after: 6, how: Fade, secs: 0.3)",
        &[
            (2.0, "[100.0 200.0 500.0 300.0]", 1),
            (5.0, "[100.0 200.0 500.0 400.0]", 1),
            (6.1, "opacity", 1),
            (7.0, " box box ", 0),
        ],
    ),
    (
        "Line(id: \"way\", path: [(100, 400), (300, 200), (500, 400)], curve: true)",
        "Reveal(ids: [\"way\"])",
        "",
        &[(9.0, " 100,400 ", 1), (9.0, " 200,250 ", 1), (9.0, " 300,200 ", 1), (9.0, " 400,250 ", 1)],
    ),
    (
        "Box(id: \"wall\", box: (100, 200, 500, 400), ink: T2, edge: Only([Left, Bottom]), fill: Fade(Right, 0.5))",
        "Reveal(ids: [\"wall\"])",
        "",
        &[
            (
                9.0,
                "said box box wall [100.0 200.0 500.0 400.0] T2 radii 0 0 0 16 fill Fade { ink: T2, from: 0.5, to: Right } stroke 0.0",
                1,
            ),
            (9.0, "said line rule wall.3 [98.0 198.0 502.0 402.0] T2 width 4.0 500,400 116,400", 1),
        ],
    ),
    (
        "Box(id: \"bare\", box: (100, 200, 500, 400), edge: None)",
        "Reveal(ids: [\"bare\"])",
        "",
        &[(9.0, " bare", 1), (9.0, "radii 16 16 fill Slate stroke 0.0", 1)],
    ),
    (
        "Box(id: \"tank\", box: (100, 200, 500, 400), look: Hall)",
        "Reveal(ids: [\"tank\"])",
        "",
        &[(9.0, "radii 62 0", 1)],
    ),
    (
        "Number(id: \"n\", at: (100, 400), quantity: \"checkpoint-70b\", prefix: \"over\")",
        "Reveal(ids: [\"n\"])",
        "",
        &[(9.0, "said text unit n.3 [100.0", 1), (9.0, "said text hero n [100.0", 0)],
    ),
    (
        "Number(id: \"n\", at: (100, 400), quantity: \"checkpoint-70b\", prefix: \"over\", align: Right)",
        "Reveal(ids: [\"n\"])",
        "Number(id: \"n\", quantity: \"checkpoint-70b\")",
        &[(9.0, "\"over\"", 0), (9.0, "said text hero n", 1)],
    ),
    (
        "Text(id: \"says\", at: (100, 400), words: \"before\")",
        "Reveal(ids: [\"says\"])",
        "Text(id: \"says\", words: \"later\", after: 2)",
        &[(1.9, "\"before\"", 1), (1.9, "\"later\"", 0), (2.9, "\"before\"", 0), (2.9, "\"later\"", 1)],
    ),
    (
        "Box(id: \"box\", box: (100, 200, 500, 400))",
        "Reveal(ids: [\"box\"])",
        "Dim(ids: [\"box\"], after: 2)",
        &[(1.9, "opacity", 0), (2.5, "opacity 0.400", 1)],
    ),
    (
        "Thing(id: \"strips\", thing: Strips(box: (100, 200, 500, 400), drives: 8, parity: 2, ink: T2))",
        "Reveal(ids: [\"strips\"])",
        "Lose(id: \"strips\", drives: [3], after: 1), Lose(id: \"strips\", drives: [6, 8], after: 3)",
        &[(0.9, "Bad", 0), (2.9, "Bad", 1), (3.9, "Bad", 3)],
    ),
    (
        "Box(id: \"box\", box: (100, 200, 500, 400))",
        "",
        "Reveal(ids: [\"box\"], after: 1), Hide(ids: [\"box\"], after: 3)",
        &[
            (0.9, " box box ", 0),
            (2.0, " box box ", 1),
            (2.0, "opacity", 0),
            (3.1, "opacity", 1),
            (3.5, " box box ", 0),
        ],
    ),
    (
        "Box(id: \"box\", box: (100, 200, 500, 400))",
        "Reveal(ids: [\"box\"])",
        "Hide(ids: [\"box\"], after: 1), Reveal(ids: [\"box\"], after: 3)",
        &[(0.9, " box box ", 1), (2.0, " box box ", 0), (4.0, " box box ", 1)],
    ),
];

#[test]
fn what_a_scene_says_is_drawn_when_it_says() {
    let shared = tierlight::bundle::SCENES.iter().filter(|(name, _)| matches!(*name, "world.ron" | "sources.ron"));
    let mut texts: Texts = shared.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let deck = r#"Deck(title: "", sections: [(id: "all", title: "", scenes: [(scene: "told")])])"#;
    texts.insert("deck.ron".to_owned(), deck.to_owned());
    for (element, first, second, expected) in TOLD {
        let scene = format!(
            r#"#![enable(implicit_some)]
            Scene(id: "told", title: "", view: Page(), notes: "", elements: [{element}], steps: [
                Step(caption: "", budget_secs: 1, changes: [{first}]),
                Step(caption: "", budget_secs: 1, changes: [{second}])])"#,
        );
        texts.insert("told.ron".to_owned(), scene);
        let show = Show::open(Opening { texts: texts.clone(), ..Opening::default() }).expect("a scene");
        for (secs, words, count) in expected {
            let picture = talk::posed(&show, Position { scene: 0, step: 1 }, When::Secs(*secs)).picture();
            let print = talk::print(&picture);
            assert_eq!(print.matches(words).count(), *count, "{second} at {secs} s, {words}:\n{print}");
        }
    }
}

#[test]
fn told_arrows_end_at_the_edge_of_t0_or_well_within_it() {
    let show = talk::talk("none");
    let library = show.presentation().library();
    let t0 = library.world.floors.iter().find(|floor| floor.tier == Tier::T0).expect("T0").rect;
    let whole = |at: &Position| library.scenes[at.scene].steps[at.step].camera.width == 1920.0;
    let mut seen = 0;
    for at in talk::positions(&show).into_iter().filter(whole) {
        let picture = talk::posed(&show, at, When::End).picture();
        for mark in talk::layer(&picture, Layer::Told).iter().filter(|mark| mark.role == Role::Route) {
            let Shape::Line { path, .. } = &mark.shape else { continue };
            for end in [path[0], path[path.len() - 1]].iter().filter(|end| t0.x_range().contains(end.x)) {
                seen += usize::from((end.y - t0.top()).abs() < 0.5);
                let within = end.y - t0.top();
                assert!(!(0.5..24.0).contains(&within), "{}: {} ends {within} in T0", library.address(at), mark.id);
            }
        }
    }
    assert!(seen > 8, "{seen} arrows at the edge");
}

const SERVED: [Tier; 3] = [Tier::T1, Tier::T2, Tier::T3];

/// A talk with a lab of three targets, one per MinIO tier, of which nothing was heard yet.
fn lab(unverified: bool) -> Show {
    let mut show = talk::talk("none");
    let target = |tier: Tier| Target {
        name: tier.word().into(),
        subjects: vec![Subject::Tier(tier)],
        interval_secs: 2.0,
        unverified,
    };
    let targets = SERVED.map(target).into();
    let announced = Announcement { kind: SourceKind::Lab, origin: "lab “Pictures”".into(), lapse: 1, targets };
    hear(&mut show, SourceEvent::Announced(announced));
    show_source(&mut show, SourceKind::Lab);
    show
}

fn hear(show: &mut Show, news: SourceEvent) {
    talk::happen(show, Event::Source { source: SourceKind::Lab.only_id(), news: vec![news] });
}

/// What a tier says when all is well.
fn well(bytes_per_sec: f64) -> Vec<(Quantity, f64)> {
    vec![
        (Quantity::ReadBytesPerSec, bytes_per_sec),
        (Quantity::WriteBytesPerSec, bytes_per_sec / 4.0),
        (Quantity::RequestsPerSec, if bytes_per_sec > 0.0 { 6.0 } else { 0.0 }),
        (Quantity::UsedRatio, 0.6),
        (Quantity::CapacityBytes, 4.8e13),
        (Quantity::NodesOnline, 4.0),
        (Quantity::NodesTotal, 4.0),
        (Quantity::DrivesOnline, 8.0),
        (Quantity::DrivesTotal, 8.0),
        (Quantity::WriteTolerance, 3.0),
        (Quantity::WriteQuorum, 1.0),
    ]
}

/// What it says besides, in some states.
fn besides(state: &str) -> Vec<(Quantity, f64)> {
    match state {
        "running" => vec![(Quantity::WritesInflight, 4.0), (Quantity::RequestsInflight, 4.0)],
        "a node down" => {
            vec![(Quantity::NodesOnline, 3.0), (Quantity::DrivesOnline, 6.0), (Quantity::WriteTolerance, 1.0)]
        }
        "no quorum" => {
            vec![(Quantity::NodesOnline, 2.0), (Quantity::WriteTolerance, 0.0), (Quantity::WriteQuorum, 0.0)]
        }
        "errors" => vec![(Quantity::Errors4xxPerSec, 6.0), (Quantity::RequestsPerSec, 6.0)],
        "both errors" => vec![(Quantity::Errors4xxPerSec, 0.5), (Quantity::Errors5xxPerSec, 0.7)],
        "after a burst" => vec![
            (Quantity::LastBurstBytes, 1.5e9),
            (Quantity::LastBurstSecs, 4.5),
            (Quantity::LastBurstMean, 3.3e8),
            (Quantity::LastBurstPeak, 4.12e8),
            (Quantity::LastBurstAge, 12.0),
        ],
        "buckets" => {
            vec![(Quantity::UsedBytes, 3.1e14), (Quantity::CapacityBytes, 4.92e14), (Quantity::UsageAgeSecs, 200.0)]
        }
        "buckets with a quota" => {
            let quota = [(Quantity::QuotaBytes, 4e14), (Quantity::UsedRatio, 0.775)];
            [besides("buckets"), quota.to_vec()].concat()
        }
        _ => Vec::new(),
    }
}

/// A tier answers.
fn answer(show: &mut Show, tier: Tier, known: Vec<(Quantity, f64)>) {
    let at_secs = show.now_secs();
    let reading =
        |(quantity, value): (Quantity, f64)| (Signal::tier(tier, quantity), Reading { value, at_secs, lag_secs: 0.0 });
    let readings: Readings = known.into_iter().map(reading).collect();
    let report =
        Report { readings, moved: None, last_good_secs: at_secs, interval_secs: 5.0, samples: 0, faults: Vec::new() };
    hear(show, SourceEvent::Scraped { target: tier.word().into(), at_secs, report });
}

/// Every tier answers with this rate, read and written, and with what it says besides.
fn answer_all(show: &mut Show, bytes_per_sec: f64, besides: &[(Quantity, f64)]) {
    let has = |wanted| besides.iter().any(|(quantity, _)| *quantity == wanted);
    // Buckets have no share of the pool that they are in.
    let is_shared = has(Quantity::UsedBytes);
    for tier in SERVED {
        let well =
            well(bytes_per_sec).into_iter().filter(|(quantity, _)| !is_shared || *quantity != Quantity::UsedRatio);
        answer(show, tier, well.chain(besides.to_vec()).collect());
    }
}

fn fail(show: &mut Show, code: FaultCode) {
    let [target, node, page, cause, remedy] = ["", "10.0.0.1", "v3 requests", "refuses", ""].map(str::to_owned);
    let fault = Fault { target, node, page, since_secs: 0.0, code, cause, remedy };
    for tier in SERVED {
        let at_secs = show.now_secs();
        hear(show, SourceEvent::Failed { target: tier.word().into(), at_secs, fault: fault.clone() });
    }
}

/// A talk in which the lab is in this state.
fn seen(state: &str) -> Show {
    let mut show = match state {
        "no source" => return talk::talk("none"),
        "simulated" => return talk::talk("sim"),
        _ => lab(state == "unverified"),
    };
    match state {
        "empty" => {}
        "refused" => fail(&mut show, FaultCode::Forbidden),
        "silent" => fail(&mut show, FaultCode::ConnectTimeout),
        "idle" | "running" | "errors" | "after a burst" => answer_all(&mut show, 0.0, &besides(state)),
        "a trickle" => answer_all(&mut show, 881.0, &[]),
        "clamped" => answer_all(&mut show, 9e11, &[]),
        _ => answer_all(&mut show, 2e9, &besides(state)),
    }
    if state == "stale" || state == "T2 dead" {
        fail(&mut show, FaultCode::Refused);
        talk::wait(&mut show, 13.0);
    }
    if state == "T2 dead" {
        for tier in [Tier::T1, Tier::T3] {
            answer(&mut show, tier, well(2e9));
        }
    }
    show
}

/// The states that the shipped steps are looked at in, live and not.
const STATES: [&str; 19] = [
    "empty",
    "refused",
    "silent",
    "no source",
    "idle",
    "running",
    "a trickle",
    "live",
    "after a burst",
    "errors",
    "both errors",
    "a node down",
    "no quorum",
    "stale",
    "T2 dead",
    "clamped",
    "unverified",
    "buckets",
    "buckets with a quota",
];

/// What is measured of a picture: the rest is the same in every state.
fn measured(picture: &Picture) -> Picture {
    Picture { marks: talk::layer(picture, Layer::Measured), ..Picture::default() }
}

/// `STATE_PICTURES=FOLDER` writes each state as a PNG, dark and light, to be looked at.
fn draw_for_people(name: &str, picture: &Picture) {
    let Some(folder) = std::env::var_os("STATE_PICTURES") else { return };
    let mut renderer = Renderer::new();
    for theme in [ThemeName::Dark, ThemeName::Light] {
        let size = if theme == ThemeName::Dark { [1920, 1080] } else { [1280, 720] };
        let image = renderer.image(picture, &Theme::load(theme), size, &Textures::default());
        let path = Path::new(&folder).join(format!("{}-{theme:?}.png", name.replace([':', ' '], "-")));
        image.save(path).expect("the folder is there");
    }
}

#[test]
fn every_state_of_a_source_is_drawn() {
    let mut out = String::new();
    for address in ["loop:2", "loop:4", "monitor:1", "flat-line:2"] {
        for state in STATES.into_iter().chain(["simulated"]) {
            let show = seen(state);
            let at = show.presentation().library().position(address).expect("the shipped talk has this step");
            let whole = talk::posed(&show, at, When::End).picture();
            draw_for_people(&format!("{address} {state}"), &whole);
            let picture = measured(&whole);
            // A lane of dots tells by its first ones how it looks.
            let marks = picture.marks.iter().filter(|mark| mark.id.part != Part::Measured || mark.id.nth < 4);
            let shown = Picture { marks: marks.cloned().collect(), ..Picture::default() };
            out += &(title(&format!("{address}, {state}"), &picture) + &talk::print(&shown));
        }
    }
    assert_eq!(assert_snapshot("states", &out), Ok(()));
}
