//! The audience's window without a display: driven by keys and clicks, heard as a screen reader hears it, and looked at.

use egui::Key;
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotOptions};
use image::RgbaImage;
use tierlight::paint::Textures;
use tierlight::picture::{Furniture, Picture, Shape, Thing};
use tierlight::presentation::Audience;
use tierlight::presentation::command::Command;
use tierlight::presentation::desk::DeskCommand;
use tierlight::presentation::event::Effect;
use tierlight::presentation::look::LookCommand;
use tierlight::presentation::over::{Cover, OverCommand};
use tierlight::render::Renderer;
use tierlight::show::{Show, When};
use tierlight::theme::{self, Theme, ThemeName};
use tierlight::window::{Frame, Window};

use crate::cpu::Cpu;
use crate::talk::{Dice, press, talk, told_positions};

const SIZE: [u32; 2] = [640, 360];
const FRAME_SECS: f32 = 1.0 / 60.0;

/// A window and the show in it.
pub(crate) struct Host {
    pub(crate) show: Show,
    window: Window,
    last: Frame,
}

/// A frame as the app draws it.
fn frame(ui: &mut egui::Ui, host: &mut Host) {
    // The harness leaves a margin around what it shows; the window has none.
    let all = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
    let now_secs = host.show.now_secs() + f64::from(FRAME_SECS);
    ui.scope_builder(all, |ui| {
        ui.set_clip_rect(ui.max_rect());
        host.last = host.window.frame(ui, &mut host.show, now_secs);
    });
}

pub(crate) fn open(show: Show) -> Harness<'static, Host> {
    let size = SIZE.map(|side| side as f32);
    let builder =
        Harness::builder().with_size(size).with_step_dt(FRAME_SECS).with_render_cursor(false).renderer(Cpu::default());
    let builder = builder.with_context_setup(|ctx| ctx.set_fonts(theme::fonts()));
    let window = Window::new(Theme::load(show.presentation().theme()), Textures::default());
    builder.build_ui_state(frame, Host { show, window, last: Frame::default() })
}

fn settle(harness: &mut Harness<'_, Host>) {
    harness.state_mut().show.settle(60.0);
    harness.step();
}

fn caption(show: &Show) -> String {
    let at = show.presentation().position();
    let library = show.presentation().library();
    library.scenes[at.scene].steps[at.step].caption.filled(&library.figures).to_string()
}

#[test]
fn page_down_walks_the_deck_and_every_caption_is_heard() {
    let mut harness = open(talk("none"));
    let all: Vec<_> = told_positions(&harness.state().show);
    for (number, at) in all.iter().enumerate() {
        settle(&mut harness);
        assert_eq!(harness.state().show.presentation().position(), *at);
        let caption = caption(&harness.state().show);
        assert!(harness.query_by_label(&caption).is_some(), "step {number}: \"{caption}\" is not heard");
        harness.key_press(Key::PageDown);
        harness.step();
    }
    harness.key_press(Key::PageUp);
    harness.step();
    assert_eq!(harness.state().show.presentation().position(), all[all.len() - 2]);
}

#[test]
fn a_period_blacks_the_window_and_brings_it_back() {
    let mut harness = open(talk("none"));
    settle(&mut harness);
    let before = harness.render().expect("the CPU renders");
    let caption = caption(&harness.state().show);
    harness.key_press(Key::Period);
    harness.step();
    assert_eq!(harness.state().show.audience(), Audience::Cover(Cover::Black));
    assert!(harness.render().expect("the CPU renders").pixels().all(|pixel| pixel.0 == [0, 0, 0, 255]));
    assert!(harness.query_by_label(&caption).is_none(), "nothing is said under black");
    harness.key_press(Key::Period);
    harness.step();
    assert!(harness.render().expect("the CPU renders") == before);
}

#[test]
fn a_click_anywhere_goes_on() {
    let mut harness = open(talk("none"));
    for at in [egui::pos2(320.0, 180.0), egui::pos2(5.0, 350.0)] {
        settle(&mut harness);
        let before = harness.state().show.presentation().position();
        harness.drag_at(at);
        harness.step();
        harness.drop_at(at);
        harness.step();
        let library = harness.state().show.presentation().library();
        assert_eq!(Some(harness.state().show.presentation().position()), library.after(before, None));
    }
}

#[test]
fn a_number_and_enter_go_to_that_scene() {
    let mut harness = open(talk("none"));
    harness.key_press(Key::Num4);
    harness.step();
    harness.key_press(Key::Enter);
    harness.step();
    assert_eq!(harness.state().show.presentation().position().scene, 3);
}

/// Mean difference of two images, in levels of 255 a channel.
fn mean_difference(one: &RgbaImage, other: &RgbaImage) -> f64 {
    assert_eq!(one.dimensions(), other.dimensions());
    let sum: u64 = one.iter().zip(other.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.len() as f64
}

/// A window at rest on a step, with the simulated lab.
fn at(address: &str) -> Harness<'static, Host> {
    let show = talk("sim");
    let at = show.presentation().library().position(address).expect("the shipped talk has this step");
    let mut harness = open(crate::talk::posed(&show, at, When::End));
    harness.step();
    harness
}

#[test]
fn the_window_and_the_renderer_draw_the_same() {
    for address in ["loop:2", "flat-line:2", "monitor:1"] {
        let mut harness = at(address);
        let window = harness.render().expect("the CPU renders");
        let theme = Theme::load(ThemeName::Dark);
        let export = Renderer::new().image(&harness.state().show.picture(), &theme, SIZE, &Textures::default());
        let apart = mean_difference(&window, &export);
        assert!(apart < 0.05, "{address}: {apart} levels apart");
        let next = {
            let show = &mut harness.state_mut().show;
            press(show, LookCommand::Theme(Some(ThemeName::Light)));
            harness.step();
            harness.render().expect("the CPU renders")
        };
        assert!(mean_difference(&next, &export) > 20.0, "{address}: another theme is another image");
    }
}

#[test]
fn the_window_looks_as_it_did() {
    let mut harness = at("tiers:1");
    // Other processors round a glyph's edge differently.
    let options = SnapshotOptions::new().max_failed_pixels(60);
    harness.snapshot_options("window", &options);
}

/// What is written in a picture.
fn words_of(picture: &Picture) -> Vec<String> {
    let words = picture.marks.iter().filter_map(|mark| match &mark.shape {
        Shape::Text(text) => Some(text.words.to_string()),
        _ => None,
    });
    words.collect()
}

/// What stands on the console and nowhere else: the notes, the sheet of keys, what was said, what is asked.
fn private_words(show: &Show) -> Vec<String> {
    let talk = show.presentation();
    let (library, at) = (talk.library(), talk.position());
    let scene = &library.scenes[at.scene];
    let notes = [&scene.notes, &scene.steps[at.step].notes];
    let lines = notes.into_iter().flat_map(|notes| notes.lines().map(|line| line.trim().to_owned()));
    let sentences = lines.filter(|line| line.len() > 20).map(|line| line.chars().take(24).collect());
    let keys = talk.keymap().entries.iter().map(|entry| entry.words.to_owned());
    sentences.chain(keys.filter(|words| words.len() > 12)).chain(talk.said()).chain(["Keys, ".to_owned()]).collect()
}

/// What the room sees of the console, as it is while one is open: nothing is a notice, nothing is written that is private,
/// what is only the presenter's own changes nothing.
fn leaks(show: &Show) -> Option<String> {
    let Audience::Picture(picture) = show.audience() else { return None };
    if picture.marks.iter().any(|mark| mark.id.thing == Thing::Furniture(Furniture::Notice)) {
        return Some("a notice".to_owned());
    }
    let seen = words_of(&picture);
    private_words(show).into_iter().find(|private| seen.iter().any(|words| words.contains(private.as_str())))
}

/// So many random keys, presses and moves on the audience's window while a console is open: nothing panics, nothing quits, and
/// the room sees nothing of the console's. Of some frames the pixels are looked at: they are those of the audience's picture.
fn hammer(count: usize) {
    let (mut show, mut dice) = (talk("sim"), Dice(3));
    press(&mut show, DeskCommand::Console);
    let mut harness = open(show);
    let (mut done, mut looked, mut frames) = (0, 0, 0);
    let (mut may_quit, mut renderer) = (0, Renderer::new());
    while done < count {
        for _ in 0..10 {
            let event = random_event(&mut dice);
            if is_quit(&event) {
                // Twice within two seconds it is the one way out.
                if frames < may_quit {
                    continue;
                }
                may_quit = frames + 150;
            }
            harness.input_mut().events.push(event);
        }
        (done, frames) = (done + 10, frames + 1);
        harness.step();
        let host = harness.state();
        assert!(!host.last.effects.contains(&Effect::Quit), "event {done}");
        if !host.show.presentation().desk().has_console() {
            press(&mut harness.state_mut().show, DeskCommand::Console);
            harness.step();
        }
        if let (0, Audience::Cover(cover)) = (frames % 5, harness.state().show.audience()) {
            let lifts = if cover == Cover::Black { OverCommand::Black } else { OverCommand::White };
            press(&mut harness.state_mut().show, lifts);
            harness.step();
        }
        let show = &harness.state().show;
        looked += usize::from(matches!(show.audience(), Audience::Picture(_)));
        assert_eq!(leaks(show), None, "event {done}, at {}", show.presentation().address());
        if frames % 100 == 0 {
            let window = harness.render().expect("the CPU renders");
            let show = &harness.state().show;
            let theme = Theme::load(show.presentation().theme());
            match show.audience() {
                Audience::Picture(picture) => {
                    let export = renderer.image(&picture, &theme, SIZE, &Textures::default());
                    let apart = mean_difference(&window, &export);
                    assert!(apart < 0.05, "event {done}: {apart} levels apart");
                }
                Audience::Cover(cover) => {
                    let level = if cover == Cover::Black { 0 } else { 255 };
                    assert!(window.pixels().all(|pixel| pixel.0[..3] == [level; 3]), "event {done}: {cover:?}");
                }
            }
        }
    }
    assert!(looked > frames / 10, "{looked} of {frames} frames showed a picture");
}

fn is_quit(event: &egui::Event) -> bool {
    matches!(event, egui::Event::Key { key: Key::Q, modifiers, .. } if modifiers.ctrl)
}

fn random_event(dice: &mut Dice) -> egui::Event {
    let at = |dice: &mut Dice| {
        let [width, height] = SIZE.map(|side| side as usize);
        egui::pos2(dice.below(width + 20) as f32, dice.below(height + 20) as f32)
    };
    let none = egui::Modifiers::NONE;
    match dice.below(8) {
        0 | 1 => egui::Event::PointerMoved(at(dice)),
        2 => {
            let buttons = [egui::PointerButton::Primary, egui::PointerButton::Secondary, egui::PointerButton::Middle];
            let (pos, button, pressed) = (at(dice), buttons[dice.below(3)], dice.below(2) == 0);
            egui::Event::PointerButton { pos, button, pressed, modifiers: none }
        }
        3 => egui::Event::Text(char::from(b' ' + dice.below(95) as u8).to_string()),
        _ => {
            let modifiers = [none, none, egui::Modifiers::SHIFT, egui::Modifiers::CTRL];
            let (key, modifiers) = (Key::ALL[dice.below(Key::ALL.len())], modifiers[dice.below(4)]);
            let pressed = dice.below(3) > 0;
            egui::Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers }
        }
    }
}

#[test]
fn random_keys_and_presses_show_the_room_nothing_of_the_console() {
    hammer(2_000);
}

#[test]
#[ignore = "takes minutes"]
fn random_keys_and_presses_show_the_room_nothing_of_the_console_however_many() {
    hammer(100_000);
}

#[test]
fn a_button_that_alternates_escape_and_f5_stays_at_its_step() {
    let mut harness = at("loop:3");
    for key in [Key::Escape, Key::F5, Key::Escape, Key::F5].into_iter().cycle().take(20).chain([Key::Escape; 5]) {
        harness.key_press(key);
        harness.step();
        assert!(!harness.state().last.effects.contains(&Effect::Quit));
        assert_eq!(harness.state().show.presentation().address().to_string(), "loop:3");
    }
}

/// The test of the test: what is private and drawn for the room is found.
#[test]
fn what_is_private_on_stage_is_found() {
    let mut show = talk("sim");
    press(&mut show, OverCommand::Help);
    assert!(leaks(&show).is_some(), "the sheet of keys");
    press(&mut show, Command::Escape);
    assert_eq!(leaks(&show), None);
    press(&mut show, DeskCommand::Park);
    assert!(leaks(&show).is_some(), "a notice");
}
