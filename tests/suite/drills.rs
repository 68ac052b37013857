//! Drills: what fails on the simulated lab, and that leaving one leads back to the exact state.

use tierlight::commands::picture::hash;
use tierlight::live::{Direction, SourceKind};
use tierlight::picture::{Mark, Shape};
use tierlight::presentation::command::Command;
use tierlight::presentation::event::Event;
use tierlight::presentation::measured::SourceCommand;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::pace::PaceCommand;
use tierlight::presentation::pointing::PointCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::show::{Opening, Show, When};
use tierlight::signal::{Quantity, Signal, Subject, Tier};

use crate::talk::{self, Dice, press, talk, told_positions};

const DRILLS: [&str; 5] = ["drill-drive", "drill-node", "drill-quorum", "drill-network", "drill-tier"];

fn jump(show: &Show, at: &str) -> Command {
    let library = show.presentation().library();
    WalkCommand::Jump(library.address(library.position(at).expect("there is such a step"))).into()
}

/// What is pressed in a drill: anything but the way back.
fn random_command(show: &Show, dice: &mut Dice) -> Command {
    match dice.below(12) {
        0..4 => WalkCommand::Next.into(),
        4 => WalkCommand::Back.into(),
        5 => jump(show, ["loop:3", "tiers:2", "monitor:1", "drill-node:2", "drill-tier:2"][dice.below(5)]),
        6 => SourceCommand::NextSource.into(),
        7 => [OverCommand::Black, OverCommand::White, OverCommand::Hold][dice.below(3)].into(),
        8 => [WalkCommand::Pause, WalkCommand::Faster, WalkCommand::ReplayStep][dice.below(3)].clone().into(),
        9 => WalkCommand::Cut(None).into(),
        10 => [PointCommand::FocusNext, PointCommand::NumberSource][dice.below(2)].clone().into(),
        _ => PaceCommand::Timer.into(),
    }
}

#[test]
fn after_ten_random_commands_in_a_drill_the_picture_is_the_one_it_was() {
    for data in ["none", "sim"] {
        let steps = told_positions(&talk(data));
        let mut dice = Dice(29);
        for _ in 0..16 {
            let mut show = talk(data);
            let at = steps[dice.below(steps.len())];
            let at = show.presentation().library().address(at);
            press(&mut show, WalkCommand::Jump(at.clone()));
            show.advance(show.now_secs() + 20.0);
            // Where nobody leaves for a drill, the talk goes on as it does.
            let mut stayed = show.clone();
            let drill = jump(&show, &format!("{}:1", DRILLS[dice.below(DRILLS.len())]));
            show.take(show.now_secs(), drill);
            assert_eq!(show.presentation().drill_from(), Some(&at));
            let mut pressed = 0;
            while pressed < 10 && show.presentation().drill_from().is_some() {
                let command = random_command(&show, &mut dice);
                show.take(show.now_secs() + dice.below(2000) as f64 / 1000.0, command);
                pressed += 1;
            }
            if show.presentation().drill_from().is_some() {
                show.take(show.now_secs(), Command::from(WalkCommand::Return));
            }
            stayed.advance(show.now_secs());
            let [now, expected] = [&show, &stayed].map(Show::presentation);
            assert_eq!((now.address(), now.cut().map(|cut| &cut.id)), (&at, None), "{data}");
            assert_eq!(now.sources().shown().kind, expected.sources().shown().kind, "{data} {at}");
            assert_eq!(now.focused(), None, "{data} {at}");
            if data == "none" {
                assert_eq!(hash(&now.settled_picture()), hash(&expected.settled_picture()), "{at}");
            }
            // A minute later the lab says the same, as if nothing had ever failed.
            for show in [&mut show, &mut stayed] {
                show.advance(stayed_secs(show));
            }
            let [now, expected] = [&show, &stayed].map(|show| show.presentation().sources().shown().readings());
            let other = expected.iter().filter(|(signal, reading)| now.get(signal) != Some(reading));
            let other: Vec<String> =
                other.map(|(signal, reading)| format!("{signal}: {reading:?} {:?}", now.get(signal))).collect();
            assert!(other.is_empty() && now.len() == expected.len(), "{data} {at}:\n{}", other.join("\n"));
        }
    }
}

/// A minute later, on a whole second.
fn stayed_secs(show: &Show) -> f64 {
    show.now_secs().ceil() + 60.0
}

fn count(show: &Show, quantity: Quantity) -> f64 {
    let reading = show.presentation().sources().shown().readings().get(&Signal::tier(Tier::T2, quantity));
    reading.map_or(f64::NAN, |reading| reading.value)
}

#[test]
fn a_still_of_a_drill_stands_on_what_was_read_before() {
    let show = talk("sim");
    let digits = |address: &str| {
        let at = show.presentation().library().position(address).expect("there is such a step");
        let picture = talk::posed(&show, at, When::End).picture();
        let of_hero = |mark: &Mark| mark.id.to_string() == "warm";
        let words = picture.marks.iter().filter(|mark| of_hero(mark)).map(|mark| match &mark.shape {
            Shape::Text(text) => text.words.to_string(),
            _ => String::new(),
        });
        words.collect::<Vec<_>>()
    };
    // The tier fails in the third step, and its last reading stands from then on.
    let stale = digits("drill-tier:3");
    assert_eq!((&stale, stale.len()), (&digits("drill-tier:4"), 1));
    assert_ne!(stale, ["0"]);
}

#[test]
fn what_fails_is_seen_and_comes_back_and_the_lake_works_on() {
    for (drill, quantity, all) in
        [("drill-drive", Quantity::DrivesOnline, 8.0), ("drill-node", Quantity::NodesOnline, 4.0)]
    {
        // A talk on a recorded lab: the drill is told on the simulated one, and leads back.
        let mut show = talk("sim");
        press(&mut show, SourceCommand::Source(SourceKind::Recording.only_id()));
        show.take(show.now_secs() + 5.0, jump(&show, &format!("{drill}:1")));
        show.advance(show.now_secs() + 20.0);
        assert_eq!(show.presentation().sources().shown().kind, SourceKind::Sim, "{drill}");
        assert_eq!(count(&show, quantity), all, "{drill}");
        press(&mut show, WalkCommand::Next);
        show.advance(show.now_secs() + 20.0);
        assert_eq!(count(&show, quantity), all, "{drill}: what a veteran expects has not happened");
        press(&mut show, WalkCommand::Next);
        show.advance(show.now_secs() + 20.0);
        assert_eq!(count(&show, quantity), all - 1.0, "{drill}");
        assert!(count(&show, Quantity::ReadBytesPerSec) > 1e9, "{drill}: the lake works on");
        press(&mut show, WalkCommand::Next);
        show.advance(show.now_secs() + 20.0);
        assert_eq!(count(&show, quantity), all, "{drill}");
        press(&mut show, WalkCommand::Next);
        assert_eq!(show.presentation().drill_from(), None, "{drill}: next at its end leads back");
        assert_eq!(show.presentation().sources().shown().kind, SourceKind::Recording, "{drill}");
    }
}

/// A talk on the simulated lab that began at this step.
fn begun_at(at: &str) -> Show {
    let opening = talk::common(&["--data", "sim"]).opening().expect("the shipped talk opens");
    Show::open(Opening { at: Some(at.to_owned()), ..opening }).expect("there is such a step")
}

#[test]
fn what_failed_in_a_drill_that_a_talk_began_with_is_whole_at_its_next_work_and_at_the_next_drill() {
    for (drill, quantity, all) in
        [("drill-drive", Quantity::DrivesOnline, 8.0), ("drill-node", Quantity::NodesOnline, 4.0)]
    {
        for (to, leaves) in [("loop:3", "elsewhere"), ("drill-node:1", "its own beginning, or another's")] {
            let mut show = begun_at(&format!("{drill}:1"));
            show.advance(20.0);
            assert_eq!(show.presentation().drill_from(), None, "{drill}: there is nothing to lead back to");
            for _ in 0..2 {
                next(&mut show, 20.0);
            }
            assert_eq!(count(&show, quantity), all - 1.0, "{drill}");
            let there = jump(&show, to);
            show.take(show.now_secs(), there);
            show.advance(show.now_secs() + 20.0);
            assert_eq!(count(&show, quantity), all, "{drill} left for {leaves}");
        }
    }
}

/// A talk on a recorded lab that is in a drill, at its first step, which has stood for a while.
fn drilled(drill: &str) -> Show {
    let mut show = talk("sim");
    press(&mut show, SourceCommand::Source(SourceKind::Recording.only_id()));
    show.take(show.now_secs() + 5.0, jump(&show, &format!("{drill}:1")));
    show.advance(show.now_secs() + 20.0);
    show
}

fn next(show: &mut Show, secs: f64) {
    press(show, WalkCommand::Next);
    show.advance(show.now_secs() + secs);
}

/// What T2's floor says of itself.
fn state(show: &Show) -> String {
    show.presentation().seen().states[Subject::Tier(Tier::T2).index()].to_string()
}

/// The events of T2 since a drill began, by their kinds.
fn kinds(show: &Show, since_secs: f64) -> Vec<&'static str> {
    let events = show.presentation().sources().shown().events().iter();
    let new = events.filter(|event| event.tier == Tier::T2 && event.at_secs >= since_secs);
    new.map(|event| event.what.kind()).collect()
}

#[test]
fn without_write_quorum_reads_go_on_and_writes_do_not() {
    use Quantity::{DrivesOnline, NodesOnline, ReadBytesPerSec, WriteBytesPerSec, WriteQuorum};
    let mut show = drilled("drill-quorum");
    let began_secs = show.now_secs() * 8.0;
    let all = [NodesOnline, DrivesOnline, WriteQuorum].map(|quantity| count(&show, quantity));
    assert_eq!(all, [4.0, 8.0, 1.0]);
    next(&mut show, 20.0);
    next(&mut show, 20.0);
    let left = [NodesOnline, DrivesOnline, WriteQuorum].map(|quantity| count(&show, quantity));
    assert_eq!(left, [2.0, 4.0, 0.0]);
    assert!(count(&show, ReadBytesPerSec) > 15e9 && count(&show, WriteBytesPerSec) == 0.0);
    assert!(kinds(&show, began_secs).contains(&"quorum-lost"), "{:?}", kinds(&show, began_secs));
    next(&mut show, 30.0);
    assert!(count(&show, WriteBytesPerSec) > 10e9 && count(&show, WriteQuorum) == 1.0);
    assert!(kinds(&show, began_secs).contains(&"quorum-back"));
}

#[test]
fn a_network_that_is_slow_shows_in_the_rate_alone_and_one_that_is_cut_is_stale() {
    let mut show = drilled("drill-network");
    let began_secs = show.now_secs() * 8.0;
    let full = count(&show, Quantity::ReadBytesPerSec);
    next(&mut show, 20.0);
    next(&mut show, 20.0);
    assert!((count(&show, Quantity::ReadBytesPerSec) / full - 0.1).abs() < 0.01);
    assert_eq!((count(&show, Quantity::DrivesOnline), count(&show, Quantity::NodesOnline)), (8.0, 4.0));
    assert_eq!((state(&show).as_str(), kinds(&show, began_secs)), ("SIMULATED ×8", vec![]));
    next(&mut show, 13.0);
    assert!(state(&show).starts_with("STALE "), "{}", state(&show));
    let faults: Vec<String> = show.presentation().sources().shown().faults().map(|it| it.sentence(false)).collect();
    assert!(faults.len() == 1 && faults[0].starts_with("warm: the deployment cannot be reached"), "{faults:?}");
    next(&mut show, 20.0);
    assert_eq!((state(&show).as_str(), kinds(&show, began_secs)), ("SIMULATED ×8", vec!["stale", "live"]));
    assert_eq!(show.presentation().sources().shown().faults().count(), 0);
    assert!((count(&show, Quantity::ReadBytesPerSec) / full - 1.0).abs() < 0.05);
}

#[test]
fn a_tier_that_is_gone_is_dark_and_a_checkpoint_waits_for_it() {
    let mut show = drilled("drill-tier");
    let hot = |show: &Show| {
        show.presentation().sources().shown().readings()[&Signal::tier(Tier::T1, Quantity::ReadBytesPerSec)].value
    };
    let busy =
        |show: &Show| show.presentation().sources().shown().readings()[&Signal::compute(Quantity::BusyRatio)].value;
    let says_stale = |show: &Show| {
        let picture = show.picture();
        let told = |words: &str| words.contains("STALE") || words.ends_with("s old");
        picture.marks.iter().any(|mark| matches!(&mark.shape, Shape::Text(text) if told(&text.words)))
    };
    assert!(!says_stale(&show));
    next(&mut show, 20.0);
    next(&mut show, 20.0);
    assert!(state(&show).starts_with("STALE ") && hot(&show) > 30e9, "{}", state(&show));
    assert!(says_stale(&show), "the room sees it");
    next(&mut show, 20.0);
    assert!(busy(&show) < 0.2, "a checkpoint that cannot be saved keeps the GPUs waiting");
    next(&mut show, 4.5);
    assert!(count(&show, Quantity::WriteBytesPerSec) > 30e9 && state(&show) == "SIMULATED ×8");
    show.advance(show.now_secs() + 20.0);
    let mut bursts = show.presentation().sources().shown().bursts().last_ones();
    let saved = bursts.find(|(tier, way, _)| (*tier, *way) == (Tier::T2, Direction::Write));
    assert!((saved.map_or(0.0, |(_, _, burst)| burst.bytes) / 988e9 - 1.0).abs() < 0.02);
}

#[test]
fn the_ask_box_leads_to_a_drill_and_back() {
    use tierlight::presentation::asking::AskCommand;
    let mut show = talk("sim");
    let at = show.presentation().address().clone();
    for command in [AskCommand::Open, AskCommand::Type("drive fails".to_owned()), AskCommand::Go] {
        show.take(show.now_secs(), Command::from(command));
    }
    assert_eq!(show.presentation().address().to_string(), "drill-drive:1");
    assert!(show.presentation().said().is_some_and(|words| words.contains("Backspace returns")));
    show.take(show.now_secs() + 1.0, Event::Command(WalkCommand::Return.into()));
    assert_eq!(show.presentation().address(), &at);
}
