//! However a step is reached, it looks the same; and the same events give the same pictures.

use std::collections::BTreeMap;

use tierlight::bundle;
use tierlight::picture::Picture;
use tierlight::presentation::Audience;
use tierlight::presentation::asking::AskCommand;
use tierlight::presentation::command::Command;
use tierlight::presentation::event::Effect;
use tierlight::presentation::event::Event;
use tierlight::presentation::look::WindowState;
use tierlight::presentation::over::Cover;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::pointing::PointCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::show::Show;
use tierlight::timeline::playhead::Position;

use crate::talk::{
    self, Dice, address, click, happen, jump, opened_talk, positions, press, settled_hash, talk, told_positions, wait,
};

/// The file that is edited on the way, and what the edit is.
const FILE: &str = "02-tiers.ron";
const CAPTION: &str = "caption: \"";

fn shipped() -> &'static str {
    bundle::SCENES.iter().find(|(name, _)| *name == FILE).expect("the file is bundled").1
}

/// The file with other words in the caption of its `step` (from 0).
fn edited(step: usize) -> String {
    let at = shipped().match_indices(CAPTION).nth(step).expect("the step has a caption").0 + CAPTION.len();
    let (head, tail) = shipped().split_at(at);
    format!("{head}Edited: {tail}")
}

fn save(show: &mut Show, text: String) {
    happen(show, Event::SceneText { file: FILE.into(), text });
}

/// One thing that happens on a walk.
#[derive(Clone, Debug)]
enum Pace {
    Press(Command),
    Jump(Position),
    Click([f32; 2]),
    Number(usize),
    Ask(&'static str),
    SaveGood(bool),
    SaveBad,
    Wait(f64),
}

fn pace(dice: &mut Dice, all: &[Position], scenes: usize) -> Pace {
    match dice.below(26) {
        0..6 => Pace::Press(WalkCommand::Next.into()),
        6..9 => Pace::Press(WalkCommand::Back.into()),
        9 => Pace::Jump(all[dice.below(all.len())]),
        10 => Pace::Number(dice.below(scenes + 2)),
        11 => Pace::Press(WalkCommand::NextScene.into()),
        12 => Pace::Press(WalkCommand::PreviousScene.into()),
        13 => Pace::Press(if dice.below(2) == 0 { WalkCommand::FirstStep } else { WalkCommand::LastStep }.into()),
        14 => Pace::Press(if dice.below(3) == 0 { WalkCommand::JumpAgain } else { WalkCommand::Return }.into()),
        15 => Pace::Press(WalkCommand::ReplayStep.into()),
        16 => Pace::SaveGood(dice.below(2) == 0),
        17 => Pace::SaveBad,
        18 => Pace::Press(if dice.below(4) == 0 { PointCommand::FocusBefore } else { PointCommand::FocusNext }.into()),
        19 => Pace::Press(Command::Enter),
        20 => Pace::Click([dice.below(1920) as f32, dice.below(1080) as f32]),
        21 => Pace::Press(WalkCommand::Cut(None).into()),
        22 => Pace::Ask(["chec", "lun", "t2", "vllm", "nowhere", "flat"][dice.below(6)]),
        23 => Pace::Press(PointCommand::NumberSource.into()),
        _ => Pace::Wait(dice.below(50) as f64 / 60.0),
    }
}

/// Goes one pace; `changed` says whether the edited file is on stage.
fn go(show: &mut Show, pace: &Pace, changed: &mut bool) {
    match pace {
        Pace::Press(command) => {
            press(show, command.clone());
        }
        Pace::Jump(to) => jump(show, *to),
        Pace::Click(at) => click(show, *at),
        Pace::Number(number) => {
            for digit in number.to_string().bytes() {
                press(show, OverCommand::Digit(digit - b'0'));
            }
            press(show, Command::Enter);
        }
        Pace::Ask(words) => {
            for edit in [AskCommand::Open, AskCommand::Type((*words).to_owned()), AskCommand::Go] {
                press(show, Command::Ask(edit));
            }
        }
        Pace::SaveGood(edit) => {
            *changed = *edit;
            save(show, if *edit { edited(1) } else { shipped().to_owned() });
        }
        Pace::SaveBad => {
            let before = (show.presentation().position(), show.picture().without_measured());
            save(show, "Scene(id: \"tiers\", tytle: ".into());
            assert!(
                (show.presentation().position(), show.picture().without_measured()) == before,
                "a bad file changes nothing"
            );
            assert!(!show.presentation().problems().is_empty());
        }
        Pace::Wait(secs) => wait(show, *secs),
    }
}

/// The hash of each step's picture at rest, jumped to straight away, of the talk as shipped or as edited.
fn references(data: &str, changed: bool) -> BTreeMap<Position, String> {
    let mut show = talk(data);
    go(&mut show, &Pace::SaveGood(changed), &mut false);
    let rest = |at: Position| {
        jump(&mut show, at);
        (at, settled_hash(&show))
    };
    positions(&talk(data)).into_iter().map(rest).collect()
}

/// Walks through one talk, each of ten paces from where the last one ended.
fn walk(data: &str, walks: u64) {
    let references = [references(data, false), references(data, true)];
    let mut show = talk(data);
    let (all, scenes) = (positions(&show), show.presentation().library().scenes.len());
    let mut changed = false;
    for seed in 0..walks {
        let mut dice = Dice(seed);
        let paces: Vec<Pace> = (0..10).map(|_| pace(&mut dice, &all, scenes)).collect();
        for pace in &paces {
            go(&mut show, pace, &mut changed);
        }
        assert!(show.settle(30.0), "walk {seed} settles: {paces:?}");
        let at = show.presentation().position();
        let reference = &references[usize::from(changed)][&at];
        assert_eq!(&settled_hash(&show), reference, "{data}, walk {seed} to {}: {paces:?}", address(&show, at));
    }
}

#[test]
fn five_hundred_walks_without_a_source_end_at_equal_pictures() {
    walk("none", 500);
}

#[test]
fn walks_with_the_simulated_lab_end_at_equal_pictures() {
    // Fewer: each visit to the flat line switches on a lab with an hour behind it.
    walk("sim", 30);
}

#[test]
fn the_same_events_twice_give_the_same_pictures() {
    let (mut one, mut other) = (opened_talk(), opened_talk());
    let (all, scenes) = (positions(&one), one.presentation().library().scenes.len());
    let mut dice = Dice(7);
    for number in 0..60 {
        let pace = pace(&mut dice, &all, scenes);
        for show in [&mut one, &mut other] {
            go(show, &pace, &mut false);
            wait(show, 0.25);
        }
        assert!(one.picture() == other.picture(), "pace {number}, {pace:?}");
    }
}

/// Whether every mark lies somewhere and can be drawn.
fn is_whole(picture: &Picture) -> bool {
    picture.marks.iter().all(|mark| {
        let bounds = mark.bounds(tierlight::measure::bounds);
        bounds.is_finite() && (0.0..=1.0).contains(&mark.opacity)
    })
}

#[test]
fn every_frame_of_the_whole_talk_can_be_drawn() {
    let mut show = talk("sim");
    for at in told_positions(&show) {
        assert_eq!(show.presentation().position(), at);
        while !show.presentation().is_settled() {
            wait(&mut show, 1.0 / 30.0);
            assert!(is_whole(&show.picture()), "{} at {} s", address(&show, at), show.now_secs());
        }
        press(&mut show, WalkCommand::Next);
    }
}

#[test]
fn back_is_the_exact_inverse_of_next_and_plays_nothing() {
    let mut show = talk("none");
    let all = told_positions(&show);
    for pair in all.windows(2) {
        jump(&mut show, pair[0]);
        let before = show.picture();
        press(&mut show, WalkCommand::Next);
        assert_eq!(show.presentation().position(), pair[1]);
        wait(&mut show, 0.3);
        press(&mut show, WalkCommand::Back);
        assert!(show.picture() == before, "back to {}", address(&show, pair[0]));
        assert!(show.presentation().is_settled());
    }
}

#[test]
fn next_finishes_a_motion_within_half_a_second_and_the_next_press_goes_on() {
    let mut show = talk("none");
    for pair in told_positions(&show).windows(2) {
        let secs = talk::settle_secs(&show, pair[0]);
        if secs < 0.6 {
            continue;
        }
        wait(&mut show, 0.1);
        press(&mut show, WalkCommand::Next);
        assert_eq!(show.presentation().position(), pair[0], "the first press stays");
        wait(&mut show, 0.5);
        assert!(show.presentation().is_settled(), "{} moves on", address(&show, pair[0]));
        let hash = settled_hash(&show);
        assert_eq!(
            tierlight::commands::picture::hash(&show.picture().without_measured()),
            hash,
            "{}",
            address(&show, pair[0])
        );
        press(&mut show, WalkCommand::Next);
        assert_eq!(show.presentation().position(), pair[1], "the second press goes on");
    }
}

#[test]
fn a_good_file_lands_on_the_first_step_that_changed() {
    let mut show = talk("none");
    let library = show.presentation().library();
    let scene = library.find("tiers").expect("the shipped talk has the tiers");
    for step in 0..library.scenes[scene].steps.len() {
        let mut show = talk("none");
        jump(&mut show, Position { scene, step: 0 });
        save(&mut show, edited(step));
        assert_eq!(show.presentation().position(), Position { scene, step });
        assert!(talk::print(&show.picture()).contains("Edited: "), "step {step}");
    }
    // A file of another scene leaves the talk where it is.
    let at = Position { scene: 0, step: 0 };
    jump(&mut show, at);
    save(&mut show, edited(1));
    assert_eq!(show.presentation().position(), at);
}

#[test]
fn return_goes_back_to_the_exact_step_of_the_jump() {
    let mut show = talk("none");
    let all = positions(&show);
    jump(&mut show, all[3]);
    jump(&mut show, all[7]);
    press(&mut show, WalkCommand::Return);
    assert_eq!(show.presentation().position(), all[3]);
    press(&mut show, WalkCommand::JumpAgain);
    assert_eq!(show.presentation().position(), all[7]);
}

/// The host says whether the audience's window fills its screen.
fn fill_screen(show: &mut Show, full_screen: bool) {
    happen(show, Event::Window(WindowState { full_screen, ..WindowState::default() }));
}

#[test]
fn escape_never_quits_and_leaves_full_screen_only_when_pressed_twice() {
    for full in [false, true] {
        let mut show = talk("none");
        fill_screen(&mut show, full);
        let effects: Vec<Option<Effect>> = (0..6).map(|_| press(&mut show, Command::Escape)).collect();
        assert!(!effects.contains(&Some(Effect::Quit)));
        assert_eq!(effects[0], None, "one press changes nothing of the window");
        assert_eq!(effects.contains(&Some(Effect::FullScreen(false))), full);
        let mut slow = talk("none");
        fill_screen(&mut slow, full);
        for _ in 0..4 {
            assert_eq!(press(&mut slow, Command::Escape), None, "presses far apart do not add up");
            wait(&mut slow, 2.5);
        }
    }
}

#[test]
fn quit_needs_two_presses_in_a_row() {
    let mut show = talk("none");
    assert_eq!(press(&mut show, Command::Quit), None);
    press(&mut show, WalkCommand::Next);
    assert_eq!(press(&mut show, Command::Quit), None);
    assert_eq!(press(&mut show, Command::Quit), Some(Effect::Quit));
}

#[test]
fn hold_freezes_what_the_audience_sees() {
    let mut show = talk("sim");
    press(&mut show, OverCommand::Hold);
    let held = show.audience();
    for _ in 0..5 {
        press(&mut show, WalkCommand::Next);
        wait(&mut show, 3.0);
        assert!(show.audience() == held);
    }
    assert!(Audience::Picture(show.picture().into()) != held);
    press(&mut show, OverCommand::Hold);
    assert!(show.audience() == Audience::Picture(show.picture().into()));
}

#[test]
fn black_and_white_cover_everything_and_the_talk_goes_on_under_them() {
    let mut show = talk("none");
    let at = show.presentation().position();
    press(&mut show, OverCommand::Black);
    assert_eq!(show.audience(), Audience::Cover(Cover::Black));
    press(&mut show, OverCommand::White);
    assert_eq!(show.audience(), Audience::Cover(Cover::White));
    show.settle(60.0);
    press(&mut show, WalkCommand::Next);
    assert!(show.presentation().position() != at);
    press(&mut show, OverCommand::White);
    assert!(matches!(show.audience(), Audience::Picture(_)));
}
