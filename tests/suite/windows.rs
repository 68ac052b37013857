//! The audience's window without a display: driven by keys and clicks, heard as a screen reader hears it, and looked at.

use egui::Key;
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotOptions};
use image::RgbaImage;
use tierlight::paint::Textures;
use tierlight::presentation::Audience;
use tierlight::presentation::look::LookCommand;
use tierlight::presentation::over::Cover;
use tierlight::render::Renderer;
use tierlight::show::{Show, When};
use tierlight::theme::{self, Theme, ThemeName};
use tierlight::window::{Frame, Window};

use crate::cpu::Cpu;
use crate::talk::{press, talk, told_positions};

const SIZE: [u32; 2] = [640, 360];
const FRAME_SECS: f32 = 1.0 / 60.0;

/// A window and the show in it.
struct Host {
    show: Show,
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

fn open(show: Show) -> Harness<'static, Host> {
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
