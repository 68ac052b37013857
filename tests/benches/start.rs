//! Start to first painted frame, against an empty eframe window, in one run. Needs a display.
//!
//! `cargo bench --bench start`
#![expect(clippy::disallowed_methods, reason = "a bench times, and reads what it had written")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::process::Command;
use std::time::Instant;

/// Runs of each kind, taken in turns, so that both see the same machine.
const RUNS: usize = 9;

fn main() {
    if std::env::var_os("TIERLIGHT_EMPTY_WINDOW").is_some() {
        return empty_window();
    }
    let (mut ours, mut empty) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        match (first_frame_of_ours(), first_frame_of_empty()) {
            (Some(our), Some(other)) => {
                ours.push(our);
                empty.push(other);
            }
            _ => return println!("no window can be opened here: nothing measured"),
        }
    }
    let (ours, empty) = (median(&mut ours), median(&mut empty));
    println!("start to first frame: {ours:.0} ms; empty window {empty:.0} ms; ratio {:.2}", ours / empty);
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// From the flags of `tierlight` itself: milliseconds from start to the end of the first frame.
fn first_frame_of_ours() -> Option<f64> {
    let stats = tempfile::NamedTempFile::new().ok()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierlight"));
    command.args(["--data", "sim", "--quiet", "--exit-after", "3", "--stats"]).arg(stats.path());
    command.status().ok().filter(|status| status.success())?;
    let text = std::fs::read_to_string(stats.path()).ok()?;
    serde_json::from_str::<serde_json::Value>(&text).ok()?["start_to_first_frame_ms"].as_f64()
}

fn first_frame_of_empty() -> Option<f64> {
    let me = std::env::current_exe().ok()?;
    let output = Command::new(me).env("TIERLIGHT_EMPTY_WINDOW", "1").output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

struct Empty {
    start: Instant,
    first: bool,
}

impl eframe::App for Empty {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        if self.first {
            self.first = false;
            println!("{}", self.start.elapsed().as_secs_f64() * 1e3);
        }
        ui.ctx().send_viewport_cmd(egui::ViewportCommand::Close);
    }
}

fn empty_window() {
    let start = Instant::now();
    let options = eframe::NativeOptions { renderer: eframe::Renderer::Glow, ..Default::default() };
    let app = Box::new(move |_: &eframe::CreationContext<'_>| {
        Ok(Box::new(Empty { start, first: true }) as Box<dyn eframe::App>)
    });
    if let Err(error) = eframe::run_native("empty", options, app) {
        println!("{error}");
    }
}
