//! A talk of so many minutes fits, and leaves out no scene that must be told.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod talk;

use crate::talk::talk;

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
