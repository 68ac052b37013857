//! Steps beside the plan (hidden scenes, drills, what a cut leaves out): where next leads from them, and how the plan is
//! counted there.

use clap::Parser as _;
use tierlight::commands::Cli;
use tierlight::presentation::asking::AskCommand;
use tierlight::presentation::command::Command;
use tierlight::presentation::desk::DeskCommand;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::pace::PaceCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::show::Show;

use crate::talk::{Dice, jump, positions, press, talk, wait};

fn cut(id: &str) -> Command {
    WalkCommand::Cut(Some(id.to_owned())).into()
}

fn to(at: &str) -> Command {
    let show = talk("none");
    let library = show.presentation().library();
    WalkCommand::Jump(library.address(library.position(at).expect("there is such a step"))).into()
}

fn number(of: &str) -> Vec<Command> {
    let digits = of.bytes().map(|digit| OverCommand::Digit(digit - b'0').into());
    digits.chain([Command::Enter]).collect()
}

fn asked(words: &str) -> Vec<Command> {
    let box_commands = [AskCommand::Open, AskCommand::Type(words.to_owned()), AskCommand::Go];
    box_commands.into_iter().map(Command::Ask).collect()
}

/// A talk in which these were pressed, with time between them, and which is at rest then.
fn after(commands: Vec<Command>) -> Show {
    let mut show = talk("none");
    for command in commands {
        press(&mut show, command);
        wait(&mut show, 0.5);
    }
    show.settle(60.0);
    show
}

fn at(show: &Show) -> String {
    show.presentation().address().to_string()
}

/// The steps to which next is said to lead.
fn ahead(show: &Show, most: usize) -> Vec<String> {
    let talk = show.presentation();
    talk.ahead().take(most).map(|at| talk.library().address(at).to_string()).collect()
}

/// The steps to which next leads, each at rest before the next press.
fn pressed_on(show: &mut Show, most: usize) -> Vec<String> {
    let mut told = Vec::new();
    while told.len() < most {
        show.settle(60.0);
        let before = at(show);
        press(show, WalkCommand::Next);
        if at(show) == before {
            break;
        }
        told.push(at(show));
    }
    told
}

#[test]
fn where_next_leads_is_said_before_it_is_pressed() {
    let cases: Vec<(&str, Vec<Command>, &str)> = vec![
        ("the talk", vec![], "title:2"),
        ("a hidden scene", [vec![to("loop:3"), WalkCommand::Next.into()], number("39")].concat(), "loop:4"),
        ("a drill", [vec![cut("20"), to("loop:3")], asked("drive fails")].concat(), "drill-drive:2"),
        ("a drill's end", vec![cut("20"), to("loop:3"), to("drill-drive:4")], "loop:3"),
        ("a drill within a drill", vec![to("loop:3"), to("drill-drive:2"), to("drill-node:4")], "drill-drive:2"),
        ("what a cut leaves out", vec![cut("20"), to("loop:3"), to("lake:2")], "loop:3"),
        ("a drill from a hidden scene", vec![to("loop:3"), to("glossary:2"), to("drill-drive:4")], "glossary:2"),
        ("the talk, from a drill", vec![to("tiers:2"), to("drill-drive:2"), to("loop:3")], "loop:4"),
        ("a cut", vec![cut("20"), to("loop:5")], "flat-line:1"),
        ("the end", vec![to("close:1"), WalkCommand::LastStep.into()], ""),
    ];
    for (name, commands, next) in cases {
        let mut show = after(commands);
        let first = ahead(&show, 1).pop().unwrap_or_default();
        if name != "the talk" {
            assert_eq!(first, next, "{name}");
        }
        let said = ahead(&show, 12);
        assert_eq!(pressed_on(&mut show, 12), said, "{name}");
    }
}

#[test]
fn where_next_leads_is_said_after_any_walk() {
    let (mut dice, all) = (Dice(41), positions(&talk("none")));
    for _ in 0..60 {
        let mut show = talk("none");
        for _ in 0..8 {
            match dice.below(7) {
                0 => drop(press(&mut show, WalkCommand::Cut(None))),
                1 => drop(press(&mut show, WalkCommand::Return)),
                2 => drop(press(&mut show, WalkCommand::Back)),
                3 | 4 => drop(press(&mut show, WalkCommand::Next)),
                _ => jump(&mut show, all[dice.below(all.len())]),
            }
            show.settle(60.0);
        }
        let (from, said) = (at(&show), ahead(&show, 6));
        assert_eq!(pressed_on(&mut show, 6), said, "from {from}");
    }
}

#[test]
fn beside_the_plan_the_pace_is_that_of_the_step_that_backspace_returns_to() {
    for (name, cut_id, aside) in [
        ("a hidden scene", None, "glossary:1"),
        ("a drill", None, "drill-drive:1"),
        ("a drill in a cut", Some("20"), "drill-drive:1"),
        ("what a cut leaves out", Some("20"), "lake:2"),
    ] {
        let begin: Vec<Command> = cut_id.map(cut).into_iter().chain([to("loop:3")]).collect();
        let mut show = after(begin);
        wait(&mut show, 20.0);
        let before = show.presentation().timing();
        press(&mut show, to(aside));
        let there = show.presentation().timing();
        assert!((there.told_secs - before.told_secs).abs() < 1e-6, "{name}: {before:?} {there:?}");
        assert!((there.behind_secs() - before.behind_secs()).abs() < 1e-6, "{name}: {before:?} {there:?}");
        wait(&mut show, 30.0);
        let later = show.presentation().timing();
        assert!(
            (later.behind_secs() - before.behind_secs() - 30.0).abs() < 1e-6,
            "{name}: it costs its time: {later:?}"
        );
        press(&mut show, WalkCommand::Return);
        let back = show.presentation().timing();
        assert_eq!(at(&show), "loop:3", "{name}");
        assert!((back.told_secs - before.told_secs).abs() < 1e-6, "{name}: {before:?} {back:?}");
    }
}

#[test]
fn a_timer_that_begins_beside_the_plan_counts_from_the_first_step_of_it() {
    for first in ["glossary:1", "drill-drive:1"] {
        let mut show = talk("none");
        press(&mut show, to(first));
        press(&mut show, PaceCommand::TimerZero);
        press(&mut show, PaceCommand::Timer);
        wait(&mut show, 5.0);
        press(&mut show, to("loop:3"));
        let timing = show.presentation().timing();
        assert!(timing.has_begun && timing.behind_secs().abs() < 3600.0, "{first}: {timing:?}");
    }
}

#[test]
fn what_time_is_left_for_is_asked_beside_the_plan_as_where_backspace_returns_to() {
    for aside in ["glossary:1", "drill-drive:1"] {
        let mut show = after(vec![DeskCommand::Console.into(), cut("45"), to("loop:3")]);
        let mut twin = show.clone();
        press(&mut show, to(aside));
        for show in [&mut show, &mut twin] {
            press(show, DeskCommand::MinutesLeft(Some(12)));
        }
        let [asked, expected] = [&show, &twin].map(|show| show.presentation().shortened().expect("it is asked"));
        let steps = |told: &[(tierlight::timeline::playhead::Position, f64)]| -> Vec<_> {
            told.iter().map(|(at, _)| *at).collect()
        };
        assert_eq!(steps(&asked.told), steps(&expected.told), "{aside}");
        assert_eq!(asked.scenes.len(), expected.scenes.len(), "{aside}");
        press(&mut show, Command::Enter);
        let left_secs =
            |show: &Show| show.presentation().timing().planned_secs - show.presentation().timing().told_secs;
        assert!((left_secs(&show) - asked.told_secs()).abs() < 1.0, "{aside}: {} s still to tell", left_secs(&show));
        assert!(show.presentation().timing().is_on_time(), "{aside}");
        press(&mut show, WalkCommand::Return);
        assert_eq!(at(&show), "loop:3");
        assert_eq!(show.presentation().cut().map(|cut| cut.id.as_str()), Some("minutes-left"), "{aside}: it stays");
        let told: Vec<_> = show.presentation().ahead().collect();
        assert_eq!(told, steps(&asked.told)[1..], "{aside}: next tells the plan");
    }
}

#[test]
fn a_step_beside_the_plan_has_its_own_time() {
    for (commands, is_told) in [
        (vec![to("glossary:1")], false),
        (vec![cut("20"), to("loop:1")], false),
        (vec![cut("20"), to("drill-drive:2")], false),
        (vec![cut("20"), to("loop:2")], true),
    ] {
        let show = after(commands);
        let (talk, at) = (show.presentation(), show.presentation().position());
        let own = f64::from(talk.library().scenes[at.scene].steps[at.step].budget_secs);
        assert!(own > 0.0 && talk.timing().step_budget_secs == own, "{}: {:?}", talk.address(), talk.timing());
        assert_eq!(talk.is_told(), is_told, "{}", talk.address());
    }
}

#[test]
fn a_plan_from_a_step_that_is_not_told_begins_after_it_or_says_so() {
    let run = |from: &str| {
        let words = ["tierlight", "plan", "--minutes", "20", "--from", from, "--json"];
        let cli = Cli::try_parse_from(words).expect("the flags are right");
        let mut out = Vec::new();
        let code = tierlight::commands::run(cli, &mut out).map_err(|failure| (failure.code, failure.words));
        code.map(|_| serde_json::from_slice::<serde_json::Value>(&out).expect("JSON"))
    };
    let (code, words) = run("glossary:1").expect_err("nothing is told after it");
    assert!(code == 2 && words.contains("glossary:1") && words.contains("is not told"), "{words}");
    let told = run("loop:3").expect("it is told");
    assert!(told["steps"].as_array().is_some_and(|steps| !steps.is_empty()));
}
