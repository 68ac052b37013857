//! One door, fixed ticks, a log and a state that can be written down: the host's frames change nothing, and what
//! happened can be applied again.

use tierlight::bundle;
use tierlight::commands::picture::hash;
use tierlight::presentation::asking::AskCommand;
use tierlight::presentation::command::Command;
use tierlight::presentation::desk::DeskCommand;
use tierlight::presentation::event::{Event, Timed};
use tierlight::presentation::hand::HandCommand;
use tierlight::presentation::look::LookCommand;
use tierlight::presentation::measured::SourceCommand;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::pointing::PointCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::presentation::{Audience, TalkState};
use tierlight::scene::address::Address;
use tierlight::show::{Opening, Show};

use crate::talk::{self, Dice, common, positions, talk};

/// Walks whose frames are compared, and events of each.
const WALKS: u64 = 1000;
const EVENTS: usize = 3;

fn random_event(dice: &mut Dice, all: &[Address]) -> Event {
    let command: Command = match dice.below(22) {
        0..8 => WalkCommand::Next.into(),
        8 => WalkCommand::Back.into(),
        9 => WalkCommand::Jump(all[dice.below(all.len())].clone()).into(),
        10 => WalkCommand::ReplayStep.into(),
        11 => [WalkCommand::Pause, WalkCommand::Faster, WalkCommand::Slower][dice.below(3)].clone().into(),
        12 => OverCommand::Digit(dice.below(10) as u8).into(),
        13 => PointCommand::FocusNext.into(),
        14 => Command::Enter,
        15 => AskCommand::Type("chec".into()).into(),
        16 => [Command::Escape, AskCommand::Go.into()][dice.below(2)].clone(),
        17 => SourceCommand::NextSource.into(),
        18 => [LookCommand::Theme(None), LookCommand::ReducedMotion][dice.below(2)].into(),
        19 => [HandCommand::Laser, HandCommand::Spotlight, HandCommand::Zoom, HandCommand::Ink][dice.below(4)]
            .clone()
            .into(),
        20 => [Command::from(PointCommand::Click), HandCommand::Release.into()][dice.below(2)].clone(),
        _ => return Event::Pointer(Some([dice.below(1920) as f32, dice.below(1080) as f32])),
    };
    Event::Command(command)
}

/// Events at times that are no frame's and no tick's.
fn random_events(seed: u64, from_secs: f64, all: &[Address]) -> Vec<Timed> {
    let mut dice = Dice(seed);
    let mut at = from_secs;
    let mut timed = || {
        at += dice.below(400) as f64 / 1000.0 + 0.003;
        Timed { at, event: random_event(&mut dice, all) }
    };
    (0..EVENTS).map(|_| timed()).collect()
}

fn addresses(show: &Show) -> Vec<Address> {
    let library = show.presentation().library();
    positions(show).into_iter().map(|at| library.address(at)).collect()
}

fn hashes(show: &Show) -> [String; 2] {
    let audience = match show.audience() {
        Audience::Cover(cover) => format!("{cover:?}"),
        Audience::Picture(picture) => hash(&picture),
    };
    [hash(&show.picture()), audience]
}

/// Frames come at these times between two others.
type Frames = fn(&mut Dice, f64) -> f64;

fn advance_by_frames(show: &mut Show, to_secs: f64, frames: Frames, dice: &mut Dice) {
    let mut now_secs = frames(dice, show.now_secs());
    while now_secs < to_secs {
        show.advance(now_secs);
        now_secs = frames(dice, now_secs);
    }
}

#[test]
fn the_hosts_frames_change_nothing() {
    let rates: [Frames; 4] = [
        |_, now| now + 1.0 / 24.0,
        |_, now| now + 1.0 / 60.0,
        |_, now| now + 1.0 / 144.0,
        |dice, now| now + dice.below(300) as f64 / 1000.0 + 0.0007,
    ];
    let all = addresses(&talk("sim"));
    let walk = |frames: Frames| {
        let (mut show, mut dice, mut seen) = (talk("sim"), Dice(99), Vec::new());
        for seed in 0..WALKS {
            for Timed { at, event } in random_events(seed, show.now_secs(), &all) {
                advance_by_frames(&mut show, at, frames, &mut dice);
                show.take(at, event);
                seen.push((at, show.presentation().address().clone(), hashes(&show)));
            }
            // A moment between two events, and between two ticks.
            let moment = show.now_secs() + 0.137;
            advance_by_frames(&mut show, moment, frames, &mut dice);
            show.advance(moment);
            seen.push((moment, show.presentation().address().clone(), hashes(&show)));
        }
        seen
    };
    let seen: Vec<_> = std::thread::scope(|scope| {
        let threads = rates.map(|frames| scope.spawn(move || walk(frames)));
        threads.into_iter().map(|thread| thread.join().expect("the walk ends")).collect()
    });
    for (rate, other) in seen.iter().enumerate().skip(1) {
        let apart = seen[0].iter().zip(other).position(|(one, other)| one != other);
        assert_eq!(apart, None, "rate {rate}: {:?}", apart.map(|at| (&seen[0][at], &other[at])));
    }
    assert_eq!(seen[0].len(), WALKS as usize * (EVENTS + 1));
}

/// The opening of the shipped talk.
fn opening() -> Opening {
    common(&[]).opening().expect("the shipped talk opens")
}

#[test]
fn a_log_that_was_written_and_read_gives_the_same_pictures() {
    let mut show = Show::open(Opening { is_logged: true, ..opening() }).expect("the shipped talk opens");
    let all = addresses(&show);
    let mut seen = Vec::new();
    for seed in 0..60 {
        for Timed { at, event } in random_events(seed, show.now_secs(), &all) {
            show.take(at, event);
        }
        show.advance(show.now_secs() + 0.25);
        seen.push((show.now_secs(), hashes(&show)));
    }
    let log: Vec<String> =
        show.drain_log().iter().map(|timed| serde_json::to_string(timed).expect("an event is JSON")).collect();
    assert!(log.iter().any(|line| line.contains("Scraped")), "the simulated lab's answers are in the log");
    // What the simulated lab said is in the log, so it is not there to say it again.
    let mut again = Show::open(Opening { seed: None, is_replay: true, ..opening() }).expect("the shipped talk opens");
    let mut events = log.iter().map(|line| serde_json::from_str::<Timed>(line).expect("a line is an event")).peekable();
    for (number, (at, expected)) in seen.into_iter().enumerate() {
        while let Some(Timed { at, event }) = events.next_if(|timed| timed.at <= at) {
            again.take(at, event);
        }
        again.advance(at);
        assert_eq!(hashes(&again), expected, "moment {number}");
        if number % 20 == 7 {
            // The state, too, can be written down and read back in the middle of the talk.
            let state = serde_json::to_string(again.presentation().state()).expect("a state is JSON");
            again = Show::resume(serde_json::from_str::<TalkState>(&state).expect("a state reads back"))
                .expect("it goes on");
            assert_eq!(hashes(&again), expected, "moment {number}, read back");
        }
    }
    assert_eq!(events.next(), None);
}

/// The shipped deck as a list of scenes, to be saved in another order.
fn deck_text(scenes: &[String]) -> String {
    let entries: Vec<String> = scenes.iter().map(|id| format!("(scene: \"{id}\")")).collect();
    let cut = "(id: \"short\", title: \"Short\", minutes: 10, steps: [\"title\", \"loop\", \"tiers:2\"])";
    let list = entries.join(", ");
    format!("Deck(title: \"T\", sections: [(id: \"all\", title: \"\", scenes: [{list}])], cuts: [{cut}])")
}

#[test]
fn a_deck_saved_in_another_order_leaves_everybody_at_the_same_step() {
    let mut show = talk("none");
    let shipped: Vec<String> = show.presentation().library().scenes.iter().map(|scene| scene.id.to_string()).collect();
    // From a drill return leads out of it, and not to the jump before: tests/suite/drills.rs.
    let mut all = addresses(&show);
    all.retain(|at| !at.scene.starts_with("drill-"));
    let mut dice = Dice(5);
    let save = |show: &mut Show, scenes: &[String]| {
        let event = Event::SceneText { file: "deck.ron".into(), text: deck_text(scenes) };
        show.take(show.now_secs(), event);
    };
    save(&mut show, &shipped);
    talk::press(&mut show, WalkCommand::Cut(Some("short".into())));
    for round in 0..100 {
        // Two jumps make a trail; a component is opened on the step they lead to.
        let trail = [&all[dice.below(all.len())], &all[dice.below(all.len())]];
        for to in trail {
            talk::press(&mut show, WalkCommand::Jump(to.clone()));
        }
        talk::press(&mut show, PointCommand::FocusNext);
        if show.presentation().focused().is_some() {
            talk::press(&mut show, Command::Enter);
        }
        let (here, focused) = (show.presentation().address().clone(), show.presentation().focused().cloned());
        let mut scenes = shipped.clone();
        for _ in 0..10 {
            let (from, to) = (dice.below(scenes.len()), dice.below(scenes.len()));
            let moved = scenes.remove(from);
            scenes.insert(to, moved);
        }
        save(&mut show, &scenes);
        assert_eq!(show.presentation().address(), &here, "round {round}");
        assert_eq!(show.presentation().focused().cloned(), focused, "round {round}");
        assert_eq!(show.presentation().cut().map(|cut| cut.id.as_str()), Some("short"));
        talk::press(&mut show, WalkCommand::Return);
        assert_eq!(show.presentation().address(), trail[0], "round {round}: return");
        talk::press(&mut show, WalkCommand::JumpAgain);
        assert_eq!(show.presentation().address(), trail[1], "round {round}: jump again");
    }
}

#[test]
fn a_scene_that_was_given_another_id_is_found_by_its_file() {
    let mut show = talk("none");
    talk::press(&mut show, WalkCommand::Jump("flat-line:3".parse().expect("an address")));
    talk::press(&mut show, WalkCommand::Jump("tiers:2".parse().expect("an address")));
    let shipped = bundle::SCENES.iter().find(|(name, _)| *name == "05-flat-line.ron").expect("it is bundled").1;
    let text = shipped.replacen("id: \"flat-line\"", "id: \"flat\"", 1);
    show.take(0.0, Event::SceneText { file: "05-flat-line.ron".into(), text });
    assert_eq!(show.presentation().address().to_string(), "tiers:2");
    let deck = bundle::SCENES.iter().find(|(name, _)| *name == "deck.ron").expect("it is bundled").1;
    let text = deck.replace("\"flat-line", "\"flat");
    show.take(0.0, Event::SceneText { file: "deck.ron".into(), text });
    talk::press(&mut show, WalkCommand::Return);
    assert_eq!(show.presentation().address().to_string(), "flat:3");
}

/// A file as a save that went wrong leaves it: cut off, with a piece gone, or with what does not belong there.
fn corrupted(text: &str, dice: &mut Dice) -> String {
    let at = |dice: &mut Dice| {
        let place = dice.below(text.len());
        (place..text.len()).find(|place| text.is_char_boundary(*place)).unwrap_or(text.len())
    };
    let (one, other) = (at(dice), at(dice));
    let (from, to) = (one.min(other), one.max(other));
    match dice.below(4) {
        0 => text[..one].to_owned(),
        1 => [&text[..from], &text[to..]].concat(),
        2 => [&text[..one], "\u{0}\u{feff}((", &text[one..]].concat(),
        _ => [&text[..one], &text[from..to], &text[one..]].concat(),
    }
}

#[test]
fn a_scene_file_corrupted_a_hundred_times_in_mid_show_leaves_the_audience_what_it_sees() {
    let mut show = talk("none");
    // Without a console a word of it is in the window's corner for three seconds.
    show.take(0.0, Command::from(DeskCommand::Console));
    talk::press(&mut show, WalkCommand::Jump("loop:4".parse().expect("an address")));
    show.advance(show.now_secs() + 90.0);
    let (name, shipped) = *bundle::SCENES.iter().find(|(name, _)| *name == "04-loop.ron").expect("it is bundled");
    let here = show.presentation().address().clone();
    let (seen, mut dice, mut broken) = (show.audience(), Dice(100), 0);
    for round in 0..300 {
        if broken == 100 {
            break;
        }
        let text = corrupted(shipped, &mut dice);
        show.take(show.now_secs(), Event::SceneText { file: name.into(), text });
        show.advance(show.now_secs() + 0.1);
        // Where a file can be read all the same, it is another file, and not a corrupted one.
        if !show.presentation().problems().is_empty() {
            broken += 1;
            let words = show.presentation().problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            assert!(show.audience() == seen, "round {round}: {words}");
        }
        show.take(show.now_secs(), Event::SceneText { file: name.into(), text: shipped.to_owned() });
        assert!(show.presentation().problems().is_empty(), "round {round}");
        // Another file that can be read is followed to where it is other, and this one goes back.
        if show.presentation().address() != &here {
            talk::press(&mut show, WalkCommand::Jump(here.clone()));
        }
        show.advance(show.now_secs() + 60.0);
        assert!(show.audience() == seen, "round {round}: and whole again");
    }
    assert_eq!(broken, 100, "so many files that cannot be read");
}
