//! `tierlight doctor`: whether this machine can present, before anybody sits in the room.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use eframe::glow::HasContext as _;
use serde_json::json;

use crate::app;
use crate::checkup::Verdict;
use crate::doctor::{TriedDisplay, TriedWindow, look_over};
use crate::setup::{Common, Outcome};

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DoctorArgs {
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Open a window that is never seen, and say what came of it: the doctor asks this of a process of its own.
    #[arg(long, hide = true)]
    try_window: bool,
}

/// Opens a window as a talk does, and closes it before it is seen.
fn try_window() -> TriedWindow {
    let opened: Arc<Mutex<Option<TriedWindow>>> = Arc::default();
    let found = opened.clone();
    let look: eframe::AppCreator<'_> = Box::new(move |creation| {
        let graphics = creation.gl.as_ref().map(|gl| {
            let version = gl.version();
            let kind = if version.is_embedded { "OpenGL ES" } else { "OpenGL" };
            format!("{kind} {}.{} {}", version.major, version.minor, version.vendor_info).trim().to_owned()
        });
        let displays = creation.winit_window().into_iter().flat_map(|window| window.available_monitors());
        let displays = displays.map(|monitor| TriedDisplay {
            name: monitor.name().unwrap_or_default(),
            hertz: monitor.refresh_rate_millihertz().map(|rate| f64::from(rate) / 1000.0),
        });
        let tried = TriedWindow::Opens { displays: displays.collect(), graphics: graphics.unwrap_or_default() };
        *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(tried);
        Err("only tried".into())
    });
    let viewport = egui::ViewportBuilder::default().with_title("Tierlight").with_visible(false);
    let ended = eframe::run_native("tierlight", app::window_options(viewport), look);
    let opened = opened.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (opened, ended) {
        (Some(opened), _) => opened,
        (None, Err(error)) if app::is_of_display(&error) => TriedWindow::NoDisplay,
        (None, _) => TriedWindow::NoGraphics,
    }
}

/// Prints the checks. 1 where one failed.
pub(crate) fn doctor(args: &DoctorArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    if args.try_window {
        writeln!(out, "{}", json!(try_window()))?;
        return Ok(0);
    }
    let checks = look_over(common);
    if args.json {
        writeln!(out, "{}", json!({ "schema": 1, "checks": checks }))?;
    } else {
        for check in &checks {
            let verdict = match check.verdict {
                Verdict::Fail => "FIX",
                Verdict::Warn => "look",
                Verdict::Pass => "fine",
            };
            writeln!(out, "{verdict:<5} {:<11} {}", check.id, check.words)?;
            if !check.fix.is_empty() {
                writeln!(out, "{:17} → {}", "", check.fix)?;
            }
        }
    }
    Ok(u8::from(checks.iter().any(|check| check.verdict == Verdict::Fail)))
}
