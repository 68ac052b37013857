//! How long a frame takes: compose, ui and tessellation at 1080p, beside an empty egui frame measured in the same run:
//! `cargo bench --bench frame`, of the steps whose address begins so: `cargo bench --bench frame -- shard loop:2`.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::print_stdout, reason = "a bench tells its figures")]
#![expect(clippy::expect_used, reason = "a bench that cannot go on stops")]

use std::hint::black_box;
use std::time::Instant;

use clap::Parser as _;
use egui::emath::{Pos2, Rect, vec2};
use tierlight::commands::Cli;
use tierlight::paint::{self, Screen, Textures};
use tierlight::presentation::command::Command;
use tierlight::presentation::walk::WalkCommand;
use tierlight::scene::address::Address;
use tierlight::show::{Show, When};
use tierlight::theme::{self, Theme, ThemeName};
use tierlight::timeline::playhead::Position;
use tierlight::window::Window;

const FRAME_SECS: f64 = 1.0 / 60.0;

/// A window of 1920 × 1080 without a graphics card.
struct Bench {
    ctx: egui::Context,
    window: Window,
}

/// Milliseconds of one frame's parts: the window's own function, and tessellation.
#[derive(Clone, Copy, Default)]
struct Cost {
    ui: f64,
    tessellate: f64,
}

impl Cost {
    fn sum(self) -> f64 {
        self.ui + self.tessellate
    }
}

fn ms_since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

impl Bench {
    fn new() -> Self {
        let ctx = egui::Context::default();
        ctx.set_fonts(theme::fonts());
        Self { ctx, window: Window::new(Theme::load(ThemeName::Dark), Textures::default()) }
    }

    /// One frame of whatever `draw` puts into the window.
    fn frame(&mut self, draw: impl FnOnce(&mut egui::Ui, &mut Window)) -> Cost {
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(1920.0, 1080.0));
        let input = egui::RawInput { screen_rect: Some(screen), max_texture_side: Some(8192), ..Default::default() };
        let start = Instant::now();
        let mut draw = Some(draw);
        let out = self.ctx.run_ui(input, |ui| {
            if let Some(draw) = draw.take() {
                draw(ui, &mut self.window);
            }
        });
        let ui = ms_since(start);
        let start = Instant::now();
        let shapes = out.shapes.clone();
        black_box(self.ctx.tessellate(shapes, out.pixels_per_point));
        let tessellate = ms_since(start);
        out.drop_without_applying_deltas();
        Cost { ui, tessellate }
    }

    /// One frame of the talk, a sixtieth of a second after the last one.
    fn talk(&mut self, show: &mut Show) -> Cost {
        let now_secs = show.now_secs() + FRAME_SECS;
        self.frame(|ui, window| {
            black_box(window.frame(ui, show, now_secs));
        })
    }
}

fn talk(data: &str) -> Show {
    let cli = Cli::try_parse_from(["tierlight", "list", "--data", data]).expect("the flags are right");
    cli.common.still_show().expect("the shipped talk starts")
}

fn share(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[((values.len() - 1) as f64 * share) as usize]
}

/// Prints a line of figures and answers the median.
fn told(what: &str, frames: &[Cost], reference: Option<f64>) -> f64 {
    let of = |part: fn(&Cost) -> f64, at: f64| share(&mut frames.iter().map(part).collect::<Vec<_>>(), at);
    let median = of(|frame| frame.sum(), 0.5);
    let ratio = reference.map_or(String::new(), |reference| format!("{:7.1} x an empty frame", median / reference));
    println!(
        "{what:<34} median {median:6.3} ms  p95 {:6.3}  most {:6.3}   ui {:6.3}  tessellate {:6.3}{ratio}",
        of(|frame| frame.sum(), 0.95),
        of(|frame| frame.sum(), 1.0),
        of(|frame| frame.ui, 0.5),
        of(|frame| frame.tessellate, 0.5),
    );
    median
}

/// Frames of a step with measured motion, once it has settled.
fn steady(bench: &mut Bench, talk: &Show, at: &Address, count: usize) -> Vec<Cost> {
    let mut show = talk.posed(at, When::End);
    for _ in 0..30 {
        bench.talk(&mut show);
    }
    (0..count).map(|_| bench.talk(&mut show)).collect()
}

/// Frames in which one picture is painted, with what was kept of the frame before, or all of it anew.
fn painted(bench: &mut Bench, talk: &Show, at: &Address, keeps: bool) -> Vec<Cost> {
    let (picture, theme, mut kept) =
        (talk.posed(at, When::End).picture(), Theme::load(ThemeName::Dark), Textures::default());
    let mut frame = || {
        bench.frame(|ui, _| {
            let screen = Screen::fit(ui.max_rect());
            if !keeps {
                kept = Textures::default();
            }
            paint::paint(ui, &picture, &screen, &theme, &mut kept);
        })
    };
    for _ in 0..30 {
        frame();
    }
    (0..240).map(|_| frame()).collect()
}

/// The presses of the change into a step, and its frames, glyphs of which are known: the audience has seen both before.
fn moving(bench: &mut Bench, to: Position, times: usize) -> [Vec<Cost>; 2] {
    let mut show = talk("sim");
    let (mut presses, mut frames) = (Vec::new(), Vec::new());
    for time in 0..times {
        let library = show.presentation().library();
        let from = library.address(library.before(to, None).expect("there is a step before"));
        show.take(show.now_secs(), Command::from(WalkCommand::Jump(from)));
        show.settle(60.0);
        let start = Instant::now();
        show.take(show.now_secs(), Command::from(WalkCommand::Next));
        let press = Cost { ui: ms_since(start), ..Cost::default() };
        presses.extend((time > 0).then_some(press));
        while !show.presentation().is_settled() {
            let frame = bench.talk(&mut show);
            frames.extend((time > 0).then_some(frame));
        }
    }
    [presses, frames]
}

fn main() {
    let mut bench = Bench::new();
    for _ in 0..50 {
        bench.frame(|_, _| {});
    }
    let empty: Vec<Cost> = (0..500).map(|_| bench.frame(|_, _| {})).collect();
    let reference = told("an empty egui frame", &empty, None);
    let (show, simulated) = (talk("none"), talk("sim"));
    let library = show.presentation().library();
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |at: &str| wanted.is_empty() || wanted.iter().any(|begin| at.starts_with(begin.as_str()));
    let mut worst = (String::new(), 0.0);
    for (scene, read) in library.scenes.iter().enumerate() {
        for step in 0..read.steps.len() {
            let at = library.address(Position { scene, step });
            if !is_wanted(&at.to_string()) {
                continue;
            }
            let median = told(&at.to_string(), &steady(&mut bench, &simulated, &at, 240), Some(reference));
            if median > worst.1 {
                worst = (at.to_string(), median);
            }
            if !wanted.is_empty() {
                told("  its picture, painted anew", &painted(&mut bench, &simulated, &at, false), Some(reference));
                told("  its picture, painted again", &painted(&mut bench, &simulated, &at, true), Some(reference));
            }
        }
    }
    println!("heaviest steady step: {} with {:.3} ms; the bar is 0.4, the goal 0.25", worst.0, worst.1);
    let mut first_steps: Vec<usize> = (1..library.scenes.len()).collect();
    first_steps.retain(|scene| !library.entries[*scene].hidden && is_wanted(&library.scenes[*scene].id));
    for scene in first_steps {
        let to = Position { scene, step: 0 };
        let words = format!("the change to {}", library.address(to));
        let [presses, frames] = moving(&mut bench, to, 4);
        told(&words, &frames, Some(reference));
        told("  the press that begins it", &presses, None);
    }
    println!("the bar of a camera move is 4 ms");
}
