//! The presenter's hand: laser, spotlight, zoom and ink, in the picture that everyone sees, and again when what happened
//! is applied again.

use tierlight::commands::picture::hash;
use tierlight::measure;
use tierlight::paint::Textures;
use tierlight::picture::{Furniture, Hatch, Ink, Picture, Shape, Thing};
use tierlight::presentation::command::Command;
use tierlight::presentation::event::Event;
use tierlight::presentation::hand::{HandCommand, Tool};
use tierlight::presentation::look::LookCommand;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::pointing::PointCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::presentation::{Audience, Presentation, TalkState};
use tierlight::render::Renderer;
use tierlight::show::Show;
use tierlight::signal::Tier;
use tierlight::theme::{Theme, ThemeName};

use crate::talk::{click, happen, jump, press, settled_hash, talk, wait};

/// A settled step of the shipped talk, on the simulated lab.
fn at(address: &str) -> Show {
    let mut show = talk("sim");
    let at = show.presentation().library().position(address).expect("the shipped talk has this step");
    jump(&mut show, at);
    show.settle(60.0);
    wait(&mut show, 2.0);
    show
}

fn seen(show: &Show) -> Picture {
    match show.audience() {
        Audience::Picture(picture) => (*picture).clone(),
        Audience::Cover(_) => Picture::default(),
    }
}

fn point(show: &mut Show, at: [f32; 2]) {
    happen(show, Event::Pointer(Some(at)));
}

/// The middle of a tier's floor.
fn on_floor(show: &Show, tier: Tier) -> [f32; 2] {
    let picture = show.picture();
    let floor =
        picture.marks.iter().find(|mark| mark.id.thing == Thing::Floor(tier) && mark.id.to_string() == tier.id());
    let rect = floor.expect("the floor is drawn").bounds(measure::bounds);
    [rect.left() + 0.3 * rect.width(), rect.center().y]
}

/// A stroke with the button held, as a window sends it.
fn draw(show: &mut Show, points: &[[f32; 2]]) {
    click(show, points[0]);
    for at in &points[1..] {
        point(show, *at);
    }
    press(show, HandCommand::Release);
}

fn ink_of(picture: &Picture, ink: Ink) -> Vec<usize> {
    let is_ink = |thing: &Thing| *thing == Thing::Furniture(Furniture::Ink);
    let points = |shape: &Shape| match shape {
        Shape::Line { path, ink: of, .. } if *of == ink => Some(path.len()),
        _ => None,
    };
    picture.marks.iter().filter(|mark| is_ink(&mark.id.thing)).filter_map(|mark| points(&mark.shape)).collect()
}

/// What is seen through the zoom; all of the stage without one.
fn view_width(show: &Show) -> f32 {
    seen(show).zoom.map_or(1920.0, |zoom| zoom.view.width())
}

#[test]
fn the_laser_is_where_the_pointer_is_with_a_tail_that_is_gone_after_its_time() {
    let mut show = at("loop:3");
    let before = seen(&show);
    point(&mut show, [500.0, 500.0]);
    press(&mut show, HandCommand::Laser);
    for step in 0..20 {
        wait(&mut show, 0.02);
        point(&mut show, [500.0 + 10.0 * step as f32, 500.0]);
    }
    let trail = |show: &Show| {
        seen(show).marks.iter().find_map(|mark| match &mark.shape {
            Shape::Laser { trail, .. } => Some(trail.clone()),
            _ => None,
        })
    };
    let moving = trail(&show).expect("the laser is drawn");
    assert!(moving.len() > 10 && moving.windows(2).all(|two| two[0].1 <= two[1].1), "{moving:?}");
    assert_eq!(moving.last().map(|(at, _)| at.x), Some(690.0));
    assert!(show.presentation().moves());
    wait(&mut show, 0.7);
    assert_eq!(trail(&show).map(|trail| trail.len()), Some(1), "only the disc is left");
    let here = show.presentation().address().clone();
    press(&mut show, PointCommand::Click);
    assert_eq!(*show.presentation().address(), here, "a click belongs to the laser");
    happen(&mut show, Event::Pointer(None));
    assert!(trail(&show).is_none(), "the pointer left");
    press(&mut show, HandCommand::Laser);
    assert_eq!(seen(&show).marks.len(), before.marks.len());
}

#[test]
fn the_spotlight_dims_shapes_and_takes_words_away_but_never_half() {
    let mut show = at("loop:3");
    let before = seen(&show);
    let on_warm = on_floor(&show, Tier::T2);
    point(&mut show, on_warm);
    press(&mut show, HandCommand::Spotlight);
    for passed in [0.0, 0.1, 0.2, 1.0] {
        wait(&mut show, passed);
        let lit = seen(&show);
        for mark in lit.marks.iter().filter(|mark| matches!(mark.shape, Shape::Text(_))) {
            let same = before.marks.iter().find(|other| other.id == mark.id).map(|other| other.opacity);
            assert!(same.is_none_or(|opacity| opacity == mark.opacity), "{} is half there", mark.id);
        }
    }
    let lit = seen(&show);
    let words = |picture: &Picture, part: &str| {
        picture.marks.iter().any(|mark| matches!(&mark.shape, Shape::Text(text) if text.words.contains(part)))
    };
    assert!(words(&before, "Hot") && !words(&lit, "Hot"));
    assert!(words(&lit, "Warm"), "what is pointed at keeps its words");
    let strength = |picture: &Picture, id: &str| {
        picture.marks.iter().find(|mark| mark.id.to_string() == id).map(|mark| mark.opacity)
    };
    for (id, left) in [("T2", 1.0), ("T1", 0.38), ("hall", 0.38)] {
        assert_eq!(strength(&lit, id), strength(&before, id).map(|opacity| opacity * left), "{id}");
    }
    // On nothing everything has its light; with the next step it is on what lies there.
    point(&mut show, [960.0, 20.0]);
    wait(&mut show, 1.0);
    assert_eq!(seen(&show).marks.len(), show.picture().marks.len());
    press(&mut show, Command::Escape);
    assert!(!show.presentation().tools().is_any());
}

#[test]
fn a_zoom_is_a_rectangle_of_the_picture_and_flies_there_and_back() {
    for (reduced, flies) in [(false, true), (true, false)] {
        let mut show = at("loop:3");
        if reduced {
            press(&mut show, LookCommand::ReducedMotion);
        }
        let (whole, settled) = (hash(&seen(&show)), settled_hash(&show));
        let on_warm = on_floor(&show, Tier::T2);
        point(&mut show, on_warm);
        press(&mut show, HandCommand::Zoom);
        wait(&mut show, 0.3);
        let on_its_way = view_width(&show);
        assert_eq!((on_its_way > 960.0, show.presentation().moves()), (flies, flies || show.presentation().moves()));
        wait(&mut show, 1.0);
        let near = seen(&show).zoom.expect("a part is seen larger");
        assert!((480.0..=960.0).contains(&near.view.width()) && !near.flies, "{near:?}");
        assert!(near.view.contains(on_warm.into()), "{near:?}");
        assert_ne!(hash(&seen(&show)), whole, "the zoom is hashed");
        assert_eq!(settled_hash(&show), settled, "and is no part of the step");
        press(&mut show, HandCommand::Zoom);
        wait(&mut show, 1.3);
        assert!(seen(&show).zoom.is_none());
        press(&mut show, HandCommand::Zoom);
        press(&mut show, WalkCommand::Next);
        wait(&mut show, 1.3);
        assert!(seen(&show).zoom.is_none(), "the next step is seen whole");
    }
}

#[test]
fn ink_is_kept_by_step_and_taken_back_stroke_by_stroke() {
    let mut show = at("loop:3");
    press(&mut show, HandCommand::Ink);
    let here = show.presentation().address().clone();
    draw(&mut show, &[[300.0, 300.0], [350.0, 340.0], [420.0, 300.0]]);
    draw(&mut show, &[[600.0, 300.0]]);
    press(&mut show, HandCommand::InkStroke(vec![[700, 300], [760, 330], [800, 300]]));
    assert_eq!(*show.presentation().address(), here, "clicks drew");
    assert_eq!(ink_of(&seen(&show), Ink::HandCore).len(), 3);
    assert_eq!(ink_of(&seen(&show), Ink::Hand).len(), 3, "each on its rim");
    press(&mut show, HandCommand::InkBack);
    assert_eq!(ink_of(&seen(&show), Ink::HandCore).len(), 2);
    press(&mut show, WalkCommand::Next);
    show.settle(60.0);
    assert_ne!(*show.presentation().address(), here);
    assert!(ink_of(&seen(&show), Ink::Hand).is_empty(), "the next step has none");
    press(&mut show, HandCommand::InkClear);
    press(&mut show, WalkCommand::Back);
    show.settle(60.0);
    assert_eq!(ink_of(&seen(&show), Ink::HandCore).len(), 2, "it waits at its step");
    press(&mut show, HandCommand::InkClear);
    assert!(ink_of(&seen(&show), Ink::Hand).is_empty());
}

#[test]
fn ink_under_a_zoom_lies_where_the_pointer_was() {
    let mut show = at("loop:3");
    let on_warm = on_floor(&show, Tier::T2);
    point(&mut show, on_warm);
    press(&mut show, HandCommand::Zoom);
    wait(&mut show, 1.3);
    press(&mut show, HandCommand::Ink);
    draw(&mut show, &[[960.0, 540.0], [1000.0, 560.0]]);
    let picture = seen(&show);
    let view = picture.zoom.expect("a part is seen larger").view;
    let path = picture.marks.iter().find_map(|mark| match &mark.shape {
        Shape::Line { path, ink: Ink::HandCore, .. } => path.first().copied(),
        _ => None,
    });
    assert!(path.expect("ink").distance(view.center()) < 1.0, "{path:?} in {view:?}");
}

/// What Escape takes, one press after the other.
#[test]
fn escape_takes_zoom_ink_laser_and_spotlight_in_this_order() {
    let mut show = at("loop:3");
    let on_warm = on_floor(&show, Tier::T2);
    point(&mut show, on_warm);
    for command in [HandCommand::Spotlight, HandCommand::Laser, HandCommand::Ink, HandCommand::Zoom] {
        press(&mut show, command);
    }
    let left = |show: &Show| {
        let tools = show.presentation().tools();
        [tools.has(Tool::Zoom), tools.has(Tool::Ink), tools.has(Tool::Laser), tools.has(Tool::Spotlight)]
            .into_iter()
            .filter(|is_on| *is_on)
            .count()
    };
    for (gone, is_on) in [
        (4, |talk: &Presentation| talk.tools().has(Tool::Zoom)),
        (3, |talk: &Presentation| talk.tools().has(Tool::Ink)),
        (2, |talk: &Presentation| talk.tools().has(Tool::Laser)),
        (1, |talk: &Presentation| talk.tools().has(Tool::Spotlight)),
    ] as [(usize, fn(&Presentation) -> bool); 4]
    {
        assert_eq!(left(&show), gone);
        press(&mut show, Command::Escape);
        assert!(!is_on(show.presentation()), "{gone}");
    }
}

#[test]
fn a_state_that_was_written_down_goes_on_with_what_the_hand_did() {
    let mut show = at("loop:3");
    let on_warm = on_floor(&show, Tier::T2);
    point(&mut show, on_warm);
    for command in [HandCommand::Spotlight, HandCommand::Laser, HandCommand::Ink, HandCommand::Zoom] {
        press(&mut show, command);
    }
    draw(&mut show, &[[900.0, 500.0], [1000.0, 520.0], [1100.0, 500.0]]);
    wait(&mut show, 0.25);
    let written = serde_json::to_string(show.presentation().state()).expect("the state has a serde form");
    let state: TalkState = serde_json::from_str(&written).expect("and is read back");
    let again = Show::resume(state).expect("and goes on");
    assert_eq!(hash(&seen(&again)), hash(&seen(&show)));
}

#[test]
fn the_test_card_is_seen_in_place_of_the_picture_until_next() {
    let mut show = at("loop:3");
    let (before, here) = (seen(&show), show.presentation().address().clone());
    press(&mut show, OverCommand::TestCard);
    let card = seen(&show);
    assert!(card.marks.iter().all(|mark| mark.id.thing == Thing::Furniture(Furniture::TestCard)));
    let hatches: Vec<Hatch> = card
        .marks
        .iter()
        .filter_map(|mark| match &mark.shape {
            Shape::Hatch { kind, .. } => Some(*kind),
            _ => None,
        })
        .collect();
    assert_eq!(hatches, [Hatch::Solid, Hatch::Solid, Hatch::Dots, Hatch::Rising, Hatch::Cross]);
    let lines = card.marks.iter().filter(|mark| matches!(&mark.shape, Shape::Line { head: false, .. })).count();
    assert_eq!(lines, 119 + 67, "a line each 16 pixels");
    press(&mut show, WalkCommand::Next);
    assert_eq!((seen(&show).marks.len(), show.presentation().address()), (before.marks.len(), &here));
}

/// All of it together, for eyes: `HAND_PICTURES=FOLDER cargo test --test suite hand`.
#[test]
fn the_hand_is_bright_on_every_theme() {
    for theme in ThemeName::ALL {
        let mut show = at("loop:4");
        let on_warm = on_floor(&show, Tier::T2);
        press(&mut show, HandCommand::Spotlight);
        point(&mut show, on_warm);
        press(&mut show, HandCommand::Ink);
        let circle: Vec<[f32; 2]> = (0..=26)
            .map(|step| {
                let turn = step as f32 * 0.25;
                [1590.0 + 150.0 * turn.cos(), 688.0 + 62.0 * turn.sin()]
            })
            .collect();
        draw(&mut show, &circle);
        draw(&mut show, &[[1640.0, 622.0], [1650.0, 560.0], [1662.0, 505.0]]);
        draw(&mut show, &[[1635.0, 540.0], [1662.0, 505.0], [1690.0, 540.0]]);
        press(&mut show, HandCommand::Laser);
        for step in 0..16 {
            let share = step as f32 / 15.0;
            wait(&mut show, 0.03);
            point(&mut show, [on_warm[0] - 240.0 * (1.0 - share), on_warm[1] + 110.0 * (1.0 - share).powi(2)]);
        }
        let image =
            |show: &Show| Renderer::new().image(&seen(show), &Theme::load(theme), [1920, 1080], &Textures::default());
        let lit = image(&show);
        let [red, green, blue, _] = Theme::load(theme).color(Ink::HandCore).to_array();
        let at = lit.get_pixel(on_warm[0] as u32, on_warm[1] as u32).0;
        assert_eq!(at, [red, green, blue, 255], "{theme:?}: the laser's core");
        press(&mut show, HandCommand::Zoom);
        wait(&mut show, 1.3);
        let near = image(&show);
        if let Some(folder) = std::env::var_os("HAND_PICTURES") {
            for (name, image) in [("whole", &lit), ("near", &near)] {
                let path = std::path::Path::new(&folder).join(format!("hand-{}-{name}.png", theme.name()));
                image.save(path).expect("a folder to write to");
            }
        }
    }
}
