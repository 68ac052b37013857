//! A talk of so many minutes fits, and leaves out no scene that must be told.

use tierlight::presentation::command::Command;
use tierlight::presentation::desk::DeskCommand;
use tierlight::presentation::minutes_left::Fate;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::show::Show;

use crate::talk::{press, talk};

#[test]
fn every_plan_fits_its_minutes_and_keeps_what_must_be_told() {
    let show = talk("none");
    let library = show.presentation().library();
    let musts: Vec<usize> = (0..library.scenes.len()).filter(|scene| library.entries[*scene].must).collect();
    assert!(musts.len() > 3);
    let mut before = 0;
    for minutes in 5..=60 {
        let plan = library.plan(minutes, None);
        assert!(plan.total_secs <= minutes * 60, "{minutes}: {} s", plan.total_secs);
        for scene in &musts {
            assert!(plan.steps.iter().any(|step| step.0 == *scene), "{minutes}: {}", library.scenes[*scene].id);
        }
        assert!(plan.steps.is_sorted() && plan.dropped.is_sorted());
        assert!(plan.steps.iter().all(|step| !plan.dropped.contains(step)));
        // Little is left over while there is more to tell.
        assert!(plan.dropped.is_empty() || plan.total_secs + 60 > minutes * 60, "{minutes}: {} s", plan.total_secs);
        assert!(plan.steps.len() >= before, "{minutes}: more time tells no fewer steps");
        before = plan.steps.len().saturating_sub(3);
    }
}

#[test]
fn a_plan_from_a_step_on_tells_nothing_before_it() {
    let show = talk("none");
    let library = show.presentation().library();
    let scene = library.find("loop").expect("a scene");
    let plan = library.plan(12, Some((scene, 2)));
    assert!(plan.steps.iter().all(|step| *step >= (scene, 2)) && plan.total_secs <= 720);
    assert!(plan.steps.contains(&(scene, 2)) || plan.dropped.contains(&(scene, 2)));
}

/// A talk some way into its cut, with a console open.
fn at_the_loop(has_console: bool) -> Show {
    let mut show = talk("none");
    if has_console {
        press(&mut show, DeskCommand::Console);
    }
    press(&mut show, WalkCommand::Cut(Some("45".to_owned())));
    press(&mut show, WalkCommand::Next);
    let at = show.presentation().library().position("loop:3").expect("a step");
    let at = show.presentation().library().address(at);
    press(&mut show, WalkCommand::Jump(at));
    show.settle(60.0);
    show
}

fn type_minutes(show: &mut Show, minutes: u32) {
    press(show, DeskCommand::MinutesLeft(None));
    for digit in minutes.to_string().bytes() {
        press(show, OverCommand::Digit(digit - b'0'));
    }
}

#[test]
fn what_time_is_left_for_is_shown_before_it_is_accepted_and_no_must_is_dropped() {
    for minutes in 5..=40 {
        let mut show = at_the_loop(true);
        let (before, seen) = (show.presentation().cut().expect("a cut").clone(), show.audience());
        type_minutes(&mut show, minutes);
        let asked = show.presentation().shortened().expect("it is asked");
        assert_eq!(asked.minutes, minutes);
        assert!(asked.told_secs() <= asked.limit_secs(), "{minutes}: {}", asked.told_secs());
        assert!(asked.scenes.iter().all(|scene| !scene.must || scene.told_secs > 0.0), "{minutes}: a must is dropped");
        assert!(asked.told.iter().all(|step| asked.planned.contains(step)), "{minutes}: a step is new");
        assert!(
            show.audience() == seen && show.presentation().cut() == Some(&before),
            "{minutes}: nothing has changed"
        );
        press(&mut show, Command::Escape);
        assert!(show.presentation().shortened().is_none() && show.presentation().cut() == Some(&before));
        type_minutes(&mut show, minutes);
        press(&mut show, Command::Enter);
        assert!(show.presentation().shortened().is_none() && show.audience() == seen, "{minutes}: the room sees it");
        let timing = show.presentation().timing();
        let left_secs = timing.slot_secs - timing.elapsed_secs;
        assert!((left_secs - f64::from(minutes) * 60.0).abs() < 0.5, "{minutes}: {left_secs} s are left");
        assert!(timing.is_on_time() && timing.behind_secs().abs() < 0.5, "{minutes}: {timing:?}");
        assert!(timing.spare_secs() > -0.5, "{minutes}: {} s", timing.spare_secs());
        let mut told = vec![show.presentation().position()];
        while let Some(next) = show.presentation().library().after(told[told.len() - 1], show.presentation().cut()) {
            told.push(next);
        }
        assert_eq!(told, asked.told.iter().map(|(at, _)| *at).collect::<Vec<_>>(), "{minutes}: next tells the plan");
    }
}

#[test]
fn a_scene_that_is_kept_is_told_whole_and_its_cost_is_said() {
    let mut show = at_the_loop(true);
    type_minutes(&mut show, 8);
    let dropped = |show: &Show| {
        let asked = show.presentation().shortened().expect("it is asked");
        asked.scenes.into_iter().position(|scene| scene.fate() == Fate::Dropped).expect("one is dropped")
    };
    let nth = dropped(&show);
    press(&mut show, DeskCommand::Choose(nth as i8 + 1));
    press(&mut show, DeskCommand::Keep);
    let kept = show.presentation().shortened().expect("it is asked");
    let scene = &kept.scenes[nth];
    assert!(scene.chosen && scene.kept && scene.told_secs == scene.planned_secs, "{scene:?}");
    let over_secs = kept.told_secs() - kept.limit_secs();
    assert!((over_secs.max(0.0) - scene.too_long_secs).abs() < 1.0, "{over_secs}, {scene:?}");
    press(&mut show, DeskCommand::Keep);
    assert_eq!(dropped(&show), nth, "it is let go again");
    // After it was accepted, x goes back to the cut that it was made of.
    press(&mut show, Command::Enter);
    press(&mut show, WalkCommand::Cut(None));
    assert_eq!(show.presentation().cut().map(|cut| cut.id.as_str()), Some("45"));
}

#[test]
fn with_more_time_what_was_dropped_is_offered_again() {
    let mut show = at_the_loop(true);
    let whole: Vec<_> = {
        type_minutes(&mut show, 600);
        let asked = show.presentation().shortened().expect("it is asked");
        assert_eq!((asked.told.len(), asked.count(Fate::Dropped)), (asked.planned.len(), 0), "the cut, and no more");
        assert!(asked.is_cut);
        press(&mut show, Command::Escape);
        asked.told.iter().map(|(at, _)| *at).collect()
    };
    type_minutes(&mut show, 8);
    let shorter = show.presentation().shortened().expect("it is asked");
    press(&mut show, Command::Enter);
    type_minutes(&mut show, 30);
    let asked = show.presentation().shortened().expect("it is asked");
    assert_eq!(asked.planned.len(), shorter.told.len());
    assert!(asked.told.len() > asked.planned.len() && asked.told_secs() <= asked.limit_secs());
    assert!(asked.count(Fate::Back) > 0 && asked.count(Fate::Longer) > 0, "{:?}", asked.scenes);
    press(&mut show, DeskCommand::MinutesLeft(Some(600)));
    press(&mut show, Command::Enter);
    let timing = show.presentation().timing();
    assert!((timing.slot_secs - timing.elapsed_secs - 36_000.0).abs() < 0.5);
    let cut = show.presentation().cut().expect("a plan of its own").clone();
    assert!(whole.iter().all(|at| cut.steps.contains(&(at.scene, at.step))), "all of the cut is told again");
}

#[test]
fn without_a_console_the_question_passes_as_a_notice_does() {
    let mut show = at_the_loop(false);
    // What was said of the cut has passed.
    show.advance(show.now_secs() + 4.0);
    let bare = show.audience();
    type_minutes(&mut show, 12);
    assert!(show.audience() != bare, "the corner says it");
    show.advance(show.now_secs() + 3.5);
    assert!(show.audience() == bare && show.presentation().shortened().is_none());
    // Nothing is left that a press could accept unseen.
    let at = show.presentation().position();
    press(&mut show, Command::Enter);
    assert!(show.presentation().position() > at);
    assert_eq!(show.presentation().cut().map(|cut| cut.id.as_str()), Some("45"));
}
