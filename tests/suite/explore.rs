//! Focus, cards, folding, the source of one number, cuts, the clipboard and the customer: by commands, as keys send them.

use clap::Parser as _;
use egui::emath::Rect;
use tierlight::commands::Cli;
use tierlight::measure;
use tierlight::picture::{Furniture, Icon, Id, Mark, Part, Picture, Shape};
use tierlight::presentation::Audience;
use tierlight::presentation::command::Command;
use tierlight::presentation::event::Effect;
use tierlight::presentation::event::Event;
use tierlight::presentation::pointing::PointCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::show::{Opening, Show};
use tierlight::timeline::hit::{Hit, HitId, What};
use tierlight::timeline::playhead::Position;

use crate::talk::{self, address, click, common, happen, positions, press, print, settled_hash, talk, wait};

fn at(show: &mut Show, address: &str) -> Position {
    let at = show.presentation().library().position(address).expect("the step is there");
    talk::jump(show, at);
    at
}

fn seen(show: &Show) -> Picture {
    match show.audience() {
        Audience::Picture(picture) => (*picture).clone(),
        Audience::Cover(_) => Picture::default(),
    }
}

fn says(show: &Show, words: &str) -> bool {
    let is_it = |shape: &Shape| matches!(shape, Shape::Text(text) if text.words.contains(words));
    seen(show).marks.iter().any(|mark| is_it(&mark.shape))
}

/// The id of what lies open.
fn opened(show: &Show) -> Option<String> {
    show.presentation().opened().map(ToString::to_string)
}

/// Whether the card of numbers says this: the stage behind it is not meant.
fn card_says(show: &Show, words: &str) -> bool {
    let is_it = |shape: &Shape| matches!(shape, Shape::Text(text) if text.words.contains(words));
    seen(show)
        .marks
        .iter()
        .any(|mark| mark.id.nth(0) == Id::furniture(Furniture::Card).part(Part::Words) && is_it(&mark.shape))
}

#[test]
fn tab_focuses_enter_opens_and_escape_goes_back_to_the_exact_step() {
    let mut show = talk("none");
    let here = at(&mut show, "tiers:4");
    let before = settled_hash(&show);
    press(&mut show, PointCommand::FocusNext);
    let first = show.presentation().focused().expect("something has the focus").clone();
    press(&mut show, PointCommand::FocusNext);
    press(&mut show, PointCommand::FocusBefore);
    assert_eq!(show.presentation().focused(), Some(&first));
    press(&mut show, Command::Enter);
    wait(&mut show, 2.0);
    assert!(says(&show, "I/O pattern") && says(&show, "latency"), "the card tells of the component");
    assert_eq!(settled_hash(&show), before, "what is pointed at is no part of the step");
    press(&mut show, Command::Escape);
    assert_eq!((show.presentation().opened(), show.presentation().position()), (None, here));
    press(&mut show, Command::Escape);
    assert_eq!(show.presentation().focused(), None);
    assert!(!says(&show, "I/O pattern"));
}

#[test]
fn every_component_has_a_card_with_all_that_is_asked_of_it() {
    let mut show = talk("none");
    at(&mut show, "tiers:4");
    let components = show.presentation().library().world.components.clone();
    assert!(components.len() >= 15);
    for component in &components {
        press(&mut show, PointCommand::Open(component.id.to_string()));
        wait(&mut show, 1.0);
        for words in ["tier", "operation", "I/O pattern", "volume", "latency", "path", "MinIO", &*component.source] {
            assert!(says(&show, words), "{}: {words}", component.id);
        }
        press(&mut show, Command::Escape);
    }
}

#[test]
fn next_closes_a_card_before_it_goes_on() {
    let mut show = talk("none");
    let here = at(&mut show, "tiers:4");
    press(&mut show, PointCommand::Open("checkpoints".into()));
    press(&mut show, WalkCommand::Next);
    assert_eq!((show.presentation().opened(), show.presentation().position()), (None, here));
    press(&mut show, WalkCommand::Next);
    assert_ne!(show.presentation().position(), here);
}

#[test]
fn a_click_opens_what_the_pointer_was_aimed_at_and_else_is_next() {
    let mut show = talk("none");
    let here = at(&mut show, "tiers:4");
    let hit = show.presentation().hits().into_iter().find(|hit| matches!(hit.what, What::Component(_)));
    let on_it = hit.expect("the world has components").rect.center().into();
    click(&mut show, on_it);
    assert!(show.presentation().opened().is_some());
    click(&mut show, on_it);
    assert_eq!((show.presentation().opened(), show.presentation().position()), (None, here));
    wait(&mut show, 2.5);
    press(&mut show, PointCommand::Click);
    assert_ne!(show.presentation().position(), here, "a clicker's bare click is next");
    let there = show.presentation().position();
    click(&mut show, [960.0, 40.0]);
    wait(&mut show, 9.0);
    click(&mut show, [960.0, 40.0]);
    assert_ne!(show.presentation().position(), there, "on empty stage a click is next");
}

#[test]
fn a_click_opens_the_card_of_the_mark_under_the_pointer() {
    let middle = |mark: &Mark| mark.bounds(tierlight::measure::bounds).center();
    for (address, card) in
        [("inference:2", None), ("inference:4", Some("kept")), ("inference:5", None), ("inference:6", None)]
    {
        let mut show = talk("none");
        let here = at(&mut show, address);
        wait(&mut show, 9.0);
        let picture = show.picture();
        let words =
            picture.marks.iter().find(|mark| matches!(mark.id.thing.word(), "queue" | "two" | "kept")).expect("shown");
        click(&mut show, middle(words).into());
        assert_eq!(opened(&show).as_deref(), card, "{address}");
        assert_eq!(show.presentation().position() == here, card.is_some(), "{address}: as on empty stage, else");
    }
    let mut show = talk("none");
    at(&mut show, "tiers:3");
    let picture = show.presentation().settled_picture();
    let words = picture.marks.iter().find(|mark| mark.id.thing.word() == "holds-t1").expect("words on a floor");
    let is_behind = |hit: &Hit| matches!(hit.id, HitId::Component(_)) && hit.rect.contains(middle(words));
    assert!(show.presentation().hits().iter().any(is_behind), "a component lives behind them");
    click(&mut show, middle(words).into());
    assert_eq!(opened(&show), None, "and they are not its");
}

#[test]
fn a_click_on_what_is_linked_to_one_card_opens_that() {
    let mut show = talk("none");
    // The dot reaches out of the box of the pin that has the card, which would end there.
    for (address, thing, card) in [("gravity:1", "vram-dot", "vram"), ("gravity:3", "checkpoint-dot", "checkpoint-pin")]
    {
        let here = at(&mut show, address);
        wait(&mut show, 9.0);
        let picture = show.picture();
        let of = |word: &str| {
            picture
                .marks
                .iter()
                .filter(|mark| mark.id.thing.word() == word)
                .map(|mark| mark.bounds(tierlight::measure::bounds))
                .collect::<Vec<_>>()
        };
        let dot = of(thing)[0];
        let point = egui::emath::pos2(dot.center().x, dot.bottom() - 1.5);
        assert!(
            !of(card).into_iter().reduce(Rect::union).is_some_and(|rect| rect.contains(point)),
            "{thing} reaches out"
        );
        click(&mut show, point.into());
        assert_eq!(opened(&show).as_deref(), Some(card), "{thing}");
        assert_eq!(show.presentation().position(), here);
    }
}

#[test]
fn whatever_has_a_card_is_opened_by_a_click_on_it() {
    let mut show = talk("none");
    for position in positions(&show) {
        talk::jump(&mut show, position);
        let marks = show.presentation().settled_picture().marks;
        let hits = show.presentation().hits();
        for hit in hits.iter().filter(|hit| matches!(hit.what, What::Card(_))) {
            let of_spot = |mark: &&Mark| mark.id == Id::new(hit.thing.clone()) && matches!(hit.id, HitId::Spot(_));
            let rect = marks.iter().find(of_spot).map_or(hit.rect, |mark| mark.bounds(tierlight::measure::bounds));
            // Where areas lie in one another, what is smaller lies on top.
            let is_smaller = |other: &Rect| other.area() < rect.area();
            let others = hits.iter().filter(|other| other.id != hit.id).map(|other| other.rect);
            let others: Vec<Rect> = others.filter(is_smaller).collect();
            let inner = rect.shrink2(rect.size() * 0.1);
            let points = [rect.center(), inner.min, inner.max];
            let free = points.into_iter().find(|at| !others.iter().any(|other| other.contains(*at)));
            click(&mut show, free.unwrap_or(rect.center()).into());
            assert_eq!(opened(&show), Some(hit.id.to_string()), "{}", address(&show, position));
            press(&mut show, Command::Escape);
            press(&mut show, Command::Escape);
        }
    }
}

#[test]
fn ids_of_what_can_be_focused_are_written_and_read_again() {
    let mut show = talk("none");
    let mut count = 0;
    for position in positions(&show) {
        talk::jump(&mut show, position);
        for hit in show.presentation().hits() {
            assert_eq!(HitId::from(&*hit.id.to_string()), hit.id);
            let json = serde_json::to_string(&hit.id).expect("an id can be written");
            assert_eq!(serde_json::from_str::<HitId>(&json).expect("and read"), hit.id);
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn tiers_can_be_compared_two_at_a_time_and_no_fewer() {
    let mut show = talk("none");
    at(&mut show, "compare:1");
    let hits = show.presentation().hits();
    let heads: Vec<_> = hits.into_iter().filter(|hit| matches!(hit.id, HitId::Column(..))).collect();
    assert_eq!(heads.len(), 4);
    let width = |show: &Show, id: &HitId| {
        let hits = show.presentation().hits();
        hits.iter().find(|hit| hit.id == *id).map_or(0.0, |hit| hit.rect.width())
    };
    let wide = width(&show, &heads[3].id);
    press(&mut show, PointCommand::Open(heads[0].id.to_string()));
    press(&mut show, PointCommand::Open(heads[1].id.to_string()));
    assert!(width(&show, &heads[0].id) < 60.0 && width(&show, &heads[3].id) > 1.5 * wide);
    // What stands over a column goes its way: a folded one keeps its box, without words.
    let over = |show: &Show, name: &str| {
        let picture = show.picture();
        let own = picture.marks.iter().filter(|mark| mark.id.thing.word() == name);
        own.map(|mark| mark.bounds(measure::bounds)).reduce(Rect::union)
    };
    for (head, tower, words) in [(0, "a-t0", "a-t0-holds"), (3, "a-t3", "a-t3-holds")] {
        let column =
            show.presentation().hits().into_iter().find(|hit| hit.id == heads[head].id).expect("is there").rect;
        let tower = over(&show, tower).expect("its box stands");
        assert!(
            tower.x_range().min >= column.left() - 8.0 && tower.x_range().max <= column.right() + 8.0,
            "{tower:?} {column:?}"
        );
        let words = over(&show, words);
        assert_eq!(words.is_some(), head == 3);
        assert!(words.is_none_or(|words| (words.center().x - column.center().x).abs() < 2.0));
    }
    press(&mut show, PointCommand::Open(heads[2].id.to_string()));
    assert!(width(&show, &heads[2].id) > 60.0, "two stay");
    press(&mut show, PointCommand::Open(heads[0].id.to_string()));
    assert!(width(&show, &heads[0].id) > 60.0, "it comes back");
    let settled = settled_hash(&show);
    at(&mut show, "title:1");
    at(&mut show, "compare:1");
    assert_eq!(settled_hash(&show), settled);
    assert!((width(&show, &heads[3].id) - wide).abs() < 0.1, "another scene unfolds them");
}

#[test]
fn the_source_of_the_number_under_the_pointer_is_told_in_full() {
    let mut show = talk("none");
    at(&mut show, "loop:4");
    let picture = show.picture();
    let number = picture.marks.iter().find(|mark| mark.id.to_string() == "checkpoint-size").expect("the hero is shown");
    let point = number.bounds(tierlight::measure::bounds).center();
    happen(&mut show, Event::Pointer(Some(point.into())));
    press(&mut show, PointCommand::NumberSource);
    assert!(card_says(&show, "formula") && card_says(&show, "70B"), "formula and inputs");
    assert!(!card_says(&show, "34.4"), "and no other number");
    press(&mut show, PointCommand::NumberSource);
    assert!(!card_says(&show, "formula"));
    happen(&mut show, Event::Pointer(Some([960.0, 30.0])));
    press(&mut show, PointCommand::NumberSource);
    assert!(card_says(&show, "34.4"), "on nothing, all of the step");
}

#[test]
fn a_measured_number_says_what_it_is_read_off_and_how_old_it_is() {
    const SENT: &str = "minio_api_requests_traffic_sent_bytes";
    let cases = [
        ("monitor:1", None, vec![SENT, "minio_api_requests_traffic_received_bytes", "api/requests", "s old", "nodes"]),
        ("loop:2", Some("t1-read"), vec![SENT, "tier.hot.read_bytes_per_sec", "answers,"]),
        ("monitor:1", Some("T2.share"), vec!["usable_total_bytes", "minio/"]),
        ("monitor:1", Some("T2.write"), vec!["minio_api_requests_traffic_received_bytes"]),
    ];
    for (step, id, expected) in cases {
        let mut show = talk("sim");
        at(&mut show, step);
        talk::wait(&mut show, 3.0);
        let picture = show.picture();
        let aimed = id.map(|id| picture.marks.iter().find(|mark| mark.id.to_string() == id).expect("it is shown"));
        let point = aimed.map(|mark| mark.bounds(tierlight::measure::bounds).center().into());
        happen(&mut show, Event::Pointer(point.or(Some([960.0, 30.0]))));
        press(&mut show, PointCommand::NumberSource);
        for words in expected {
            assert!(card_says(&show, words), "{step} {id:?}: {words}");
        }
        assert!(!card_says(&show, "drives of T0"), "{step} {id:?}");
    }
}

#[test]
fn the_address_goes_to_the_clipboard_and_a_path_in_its_place() {
    let mut show = talk("none");
    at(&mut show, "loop:3");
    assert_eq!(press(&mut show, PointCommand::Copy), Some(Effect::Copy("loop:3".into())));
    at(&mut show, "paths:5");
    press(&mut show, PointCommand::FocusNext);
    let copied = press(&mut show, PointCommand::Copy);
    assert!(matches!(&copied, Some(Effect::Copy(words)) if words.starts_with("s3://")), "{copied:?}");
}

#[test]
fn a_cut_is_walked_from_its_first_step_to_its_last() {
    for cut in talk("none").presentation().library().cuts.clone() {
        let mut show = common(&["--cut", &cut.id]).show().expect("the cut is there");
        let mut walked = vec![show.presentation().position()];
        for _ in 0..300 {
            press(&mut show, WalkCommand::Next);
            wait(&mut show, 0.6);
            if walked.last() != Some(&show.presentation().position()) {
                walked.push(show.presentation().position());
            }
        }
        let steps: Vec<Position> = cut.steps.iter().map(Position::of).collect();
        assert_eq!(walked, steps, "{}", cut.id);
        press(&mut show, WalkCommand::Back);
        assert_eq!(Some(&show.presentation().position()), steps.iter().rev().nth(1));
    }
    let none = common(&["--cut", "7"]).show();
    assert!(none.is_err_and(|failure| failure.code == 2 && failure.words.contains("20")));
}

#[test]
fn x_walks_through_the_cuts_and_a_jump_out_of_one_finds_back() {
    let mut show = talk("none");
    press(&mut show, WalkCommand::Cut(None));
    assert_eq!(show.presentation().cut().map(|cut| cut.id.as_str()), Some("10"));
    at(&mut show, "veterans:5");
    press(&mut show, WalkCommand::Next);
    assert_eq!(address(&show, show.presentation().position()), "title:1", "next leads back to the talk");
    for _ in 0..show.presentation().library().cuts.len() {
        press(&mut show, WalkCommand::Cut(None));
    }
    assert_eq!(show.presentation().cut(), None);
}

const CUSTOMER: &str = r#"Customer(
    name: "Acme Research",
    measurements: [
        (quantity: "t1-latency", value: 2.1, unit: "ms", tool: "warp", date: "2026-11-20"),
        (quantity: "t2-latency", value: 9, unit: "GB", tool: "warp", date: "2026-11-20"),
        (quantity: "tectonic-peak", value: 9, unit: "TB/s", tool: "guess", date: "2026-11-20"),
    ],
    slides: [(image: "plan.png", caption: "The plan of the new hall.")],
)"#;

#[test]
fn a_customer_stands_on_title_and_close_and_replaces_assumptions_only() {
    let mut texts = common(&[]).texts().expect("the scenes are there");
    texts.insert("customer.ron".into(), CUSTOMER.into());
    let mut show = Show::open(Opening { texts, ..Opening::default() }).expect("the talk starts");
    let problems: Vec<String> = show.presentation().problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].contains("t2-latency") && problems[0].contains("in ms too"), "{problems:?}");
    assert!(problems[1].contains("tectonic-peak") && problems[1].contains("assumptions"), "{problems:?}");
    for address in ["title:1", "close:1"] {
        at(&mut show, address);
        assert!(says(&show, "Acme Research"), "{address}");
    }
    at(&mut show, "tiers:3");
    assert!(says(&show, "2.1") && says(&show, "MEASURED BY Acme Research, warp, 2026-11-20"));
    at(&mut show, "customer:1");
    assert!(says(&show, "The plan of the new hall."));
    at(&mut show, "llama:4");
    assert!(says(&show, "7\u{2009}TB/s") || !says(&show, "9\u{2009}TB/s"), "a published number stays");
}

/// Presenters-1, customer and images: each file with what is said of it, and what the audience sees all the same.
#[test]
fn a_customers_words_are_said_as_they_are_and_what_makes_no_sense_is_refused() {
    let measured = |value: &str, tool: &str, date: &str| {
        format!(
            "Customer(name: \"Acme\", measurements: [(quantity: \"t1-latency\", value: {value}, unit: \"ms\", \
             tool: \"{tool}\", date: \"{date}\")])"
        )
    };
    let cases = [
        (measured("-5.0", "warp", "2026-11-20"), "no amount", "MEASURED BY", false),
        (measured("2.1", " ", "2026-11-20"), "names no tool", "MEASURED BY", false),
        (measured("2.1", "warp", "yesterday 31.02.2026"), "is no date such as", "MEASURED BY", false),
        (measured("2.1", "warp", "2026-02-31"), "is no date such as", "MEASURED BY", false),
        (measured("2.1", "warp", "2026-11-20"), "", "MEASURED BY", true),
        ("Customer(name: \"\")".to_owned(), "customer.ron:1:", "Acme", false),
        // What the fonts cannot draw would be empty boxes: it is left out, and said.
        ("Customer(name: \"חברת אחסון\")".to_owned(), "no sign for", "חברת", false),
        ("Customer(name: \"東京 Lab\")".to_owned(), "no sign for", "Lab briefing", false),
        ("Customer(name: \"Ελληνική Ähre Кириллица\")".to_owned(), "", "Ελληνική Ähre Кириллица", true),
        ("Customer(name: \"Acme\\nResearch\")".to_owned(), "more than one line", "Acme Research", true),
        (
            "Customer(name: \"Acme\", slides: [(image: \"a.png\", caption: \"The {x} plan.\")])".to_owned(),
            "customer.ron:1:",
            "The x plan.",
            true,
        ),
    ];
    for (text, problem, words, is_said) in cases {
        let mut texts = common(&[]).texts().expect("the scenes are there");
        texts.insert("customer.ron".into(), text.clone());
        let mut show = Show::open(Opening { texts, ..Opening::default() }).expect("the talk starts");
        let problems: Vec<String> = show.presentation().problems().iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), usize::from(!problem.is_empty()), "{text}: {problems:?}");
        assert!(problems.iter().all(|told| told.contains(problem) && told.len() < 400), "{text}: {problems:?}");
        let at_steps = ["title:1", "tiers:3", "customer:1"];
        let mut said = false;
        for address in at_steps {
            if show.presentation().library().position(address).is_none() {
                continue;
            }
            at(&mut show, address);
            said |= says(&show, words);
        }
        assert_eq!(said, is_said, "{text}: {words}");
    }
}

#[test]
fn without_a_customer_nothing_looks_missing() {
    let show = talk("none");
    let library = show.presentation().library();
    assert!(!library.ids().contains(&"customer"));
    assert!(library.sources.customer.is_none());
}

#[test]
fn a_script_can_ask_open_and_choose_a_cut() {
    let cli = Cli::try_parse_from(["tierlight", "ask", "lun", "--json"]).expect("the flags are right");
    let mut out = Vec::new();
    let code = tierlight::commands::run(cli, &mut out).map_err(|failure| failure.words);
    let answer: serde_json::Value = serde_json::from_slice(&out).expect("one object");
    assert_eq!((code, answer["answers"][0]["title"].as_str()), (Ok(0), Some("LUN ≈ bucket")));
    let cli = Cli::try_parse_from(["tierlight", "ask", "zzzz"]).expect("the flags are right");
    let mut out = Vec::new();
    let code = tierlight::commands::run(cli, &mut out).map_err(|failure| failure.words);
    assert_eq!((code, String::from_utf8_lossy(&out).trim()), (Ok(1), "nothing found"));
}

#[test]
fn a_saved_file_that_takes_the_open_component_away_closes_its_card() {
    let mut show = talk("none");
    at(&mut show, "tiers:5");
    press(&mut show, PointCommand::Open("historical-data".to_owned()));
    assert_eq!(opened(&show), Some("component/historical-data".to_owned()));
    let (_, world) = tierlight::bundle::SCENES.iter().find(|(name, _)| *name == "world.ron").expect("it is there");
    let save = |show: &mut Show, text: String| {
        happen(show, Event::SceneText { file: "world.ron".to_owned(), text });
        let words = show.presentation().problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(words.is_empty(), "{words}");
    };
    save(&mut show, format!("{world}\n"));
    assert_eq!(opened(&show), Some("component/historical-data".to_owned()), "it stays open over another edit");
    let begin = world.find("(\n            id: \"historical-data\"").expect("it is written so");
    let end = begin + world[begin..].find("\n        ),\n").expect("it ends so") + "\n        ),\n".len();
    save(&mut show, format!("{}{}", &world[..begin], &world[end..]));
    assert_eq!((show.presentation().focused(), show.presentation().opened()), (None, None));
    assert!(!seen(&show).marks.is_empty());
}

/// The words that say how many drives are left, in both of a step's groups.
fn left(show: &Show) -> [String; 2] {
    let picture = seen(show);
    ["set-says", "group-says"].map(|id| {
        let found = picture.marks.iter().find(|mark| mark.id.to_string() == id);
        let words = found.and_then(|mark| match &mark.shape {
            Shape::Text(text) => Some(text.words.to_string()),
            _ => None,
        });
        words.unwrap_or_default()
    })
}

/// How many shapes say that something is lost.
fn octagons(show: &Show) -> usize {
    let is_it = |mark: &&Mark| matches!(&mark.shape, Shape::Icon { kind: Icon::Bad, .. });
    seen(show).marks.iter().filter(is_it).count()
}

#[test]
fn a_click_kills_a_drive_and_a_second_one_brings_it_back() {
    let mut show = talk("none");
    // Two are lost in either: 7 and 10 of sixteen, 6 and 3 of ten.
    let here = at(&mut show, "twelve:4");
    wait(&mut show, 6.0);
    let before = print(&seen(&show));
    assert_eq!((left(&show), octagons(&show)), (["Two lost: whole", "Two lost: none to spare"].map(String::from), 4));
    let drive = |nth: u8, [left, pitch]: [f32; 2]| [left + pitch * (f32::from(nth) - 0.5), 811.0];
    let (set, group) = ([96.0, 64.1], [1204.0, 62.0]);
    // What is clicked, and what both groups say then.
    let whole = "Two lost: none to spare";
    let clicks = [
        (drive(1, set), "13 of 16 left: read and written", whole),
        (drive(16, set), "12 of 16 left: read and written", whole),
        (drive(2, set), "11 of 16 left: lost", whole),
        (drive(1, group), "11 of 16 left: lost", "7 of 10 left: lost"),
        // One that the step has lost comes back by a click.
        (drive(6, group), "11 of 16 left: lost", whole),
        (drive(1, group), "11 of 16 left: lost", "9 of 10 left: read and written"),
        (drive(7, set), "12 of 16 left: read and written", "9 of 10 left: read and written"),
    ];
    for (nth, (point, of_set, of_group)) in clicks.into_iter().enumerate() {
        click(&mut show, point);
        // The second group says again what its step says only where it is as the step has it.
        let of_group = if nth == 4 { "8 of 10 left: read and written" } else { of_group };
        assert_eq!(left(&show), [of_set, of_group], "click {nth}");
        assert_eq!(show.presentation().position(), here, "a click on a drive is no next");
    }
    // Nothing of the drawing is left beside what stands for it.
    let ids: Vec<String> = seen(&show).marks.iter().map(|mark| mark.id.to_string()).collect();
    let is_drawn = |id: &String| ["a-", "b-", "r-"].iter().any(|first| id.starts_with(first));
    assert_eq!(ids.iter().filter(|id| is_drawn(id)).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_ne!(print(&seen(&show)), before);
    // As they were, one after the other.
    for point in [drive(1, set), drive(16, set), drive(2, set), drive(7, set), drive(6, group)] {
        click(&mut show, point);
    }
    assert_eq!(print(&seen(&show)), before, "undone by a second click each");
    click(&mut show, drive(1, set));
    press(&mut show, WalkCommand::Next);
    press(&mut show, WalkCommand::Back);
    wait(&mut show, 6.0);
    assert_eq!(print(&seen(&show)), before, "a step that is left has its drives as it says");
}

#[test]
fn a_drive_is_reached_by_key_and_named_in_a_script() {
    let mut show = talk("none");
    at(&mut show, "twelve:3");
    wait(&mut show, 6.0);
    press(&mut show, PointCommand::FocusNext);
    assert_eq!(show.presentation().focused().map(ToString::to_string).as_deref(), Some("set-drives/d1"));
    press(&mut show, Command::Enter);
    assert_eq!(left(&show)[0], "14 of 16 left: read and written");
    press(&mut show, Command::Enter);
    assert_eq!(left(&show)[0], "One lost: whole");
    press(&mut show, PointCommand::Open("group-drives/d10".into()));
    assert_eq!(left(&show)[1], "8 of 10 left: read and written");
    // As all that passes the door, it is written and read again.
    let command = Command::from(PointCommand::Open("group-drives/d10".into()));
    let text = serde_json::to_string(&Event::Command(command)).expect("an event is written");
    happen(&mut show, serde_json::from_str(&text).expect("and read"));
    assert_eq!(left(&show)[1], "One lost: whole");
}
