//! Whether this machine can present: looked at before anybody sits in the room.

#![expect(clippy::disallowed_methods, reason = "looks at the machine: its displays, power, disk and clock")]

mod trial;

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::awake::Awake;
use crate::checkup::Check;
use crate::clock;
use crate::displays;
use crate::feeds::{self, Link};
use crate::live::SourceEvent;
use crate::measure;
use crate::paint::Textures;
use crate::picture::ThemeName;
use crate::plural::counted;
use crate::recorder;
use crate::recording::Survey;
use crate::render::Renderer;
use crate::setup::Common;
use crate::show::{Show, When};
use crate::stopped::Journals;
use crate::theme::Theme;

use self::trial::Trial;
pub(crate) use self::trial::{TriedDisplay, TriedWindow};

/// How long the lab has for its first answers.
const LAB_TIME: Duration = Duration::from_secs(3);
/// The desktop refuses sooner than this, if it does.
const AWAKE_TIME: Duration = Duration::from_millis(700);
/// A display with fewer pictures a second shows motion in steps.
const LEAST_HERTZ: f64 = 49.0;
/// A frame of sixty a second.
const FRAME_MS: f64 = 1000.0 / 60.0;
/// An hour of a talk is recorded in far less.
const DISK_BYTES: u64 = 500_000_000;
/// A token that ends sooner may end in the talk.
const TOKEN_SECS: f64 = 6.0 * 3600.0;

/// Looks the machine over: displays, graphics, scenes, frame cost, fonts, the lab, the recording, disk, power, keep-awake. The
/// worst come first. It takes as long as a lab has for its answers, which is three seconds, or a window that does not open.
pub(crate) fn look_over(common: &Common) -> Vec<Check> {
    let trial = names_display().then(Trial::begin);
    let (scenes, show) = check_scenes(common);
    let mut checks = vec![scenes, check_recording(common)];
    checks.extend(show.as_ref().map(check_frames));
    checks.push(check_fonts(show.as_ref()));
    checks.extend(check_lab(common));
    checks.extend([check_journal(), check_power(), check_awake()]);
    checks.extend(check_window(trial.map(Trial::finish)));
    checks.sort_by_key(|check| check.verdict);
    checks
}

/// Whether the environment names a display; not every system needs it to.
fn names_display() -> bool {
    let is_named = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(windows, target_os = "macos")) || is_named("WAYLAND_DISPLAY") || is_named("DISPLAY")
}

/// The display that the environment names.
fn named_display() -> String {
    let named = ["WAYLAND_DISPLAY", "DISPLAY"].map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    named.into_iter().flatten().collect::<Vec<_>>().join(" or ")
}

/// Displays, graphics and refresh rate, by the window that was tried; none: no display is named.
fn check_window(tried: Option<Result<TriedWindow, &'static str>>) -> Vec<Check> {
    let not_looked = |why: &str| {
        Check::warn("graphics", format!("not looked at: {why}"), "Open the talk once: it says what is missing.")
    };
    match tried {
        None => vec![
            Check::fail(
                "displays",
                "no display is named: neither WAYLAND_DISPLAY nor DISPLAY is set",
                "Start it from the desktop; without one, tierlight export writes the pictures.",
            ),
            not_looked("no display is named"),
        ],
        Some(Ok(TriedWindow::NoDisplay)) => vec![
            Check::fail(
                "displays",
                format!("no display answers as {}", named_display()),
                "Start it from the desktop, or set DISPLAY or WAYLAND_DISPLAY to the one of the desktop.",
            ),
            not_looked("no display answers"),
        ],
        Some(Ok(TriedWindow::NoGraphics)) => vec![
            check_displays(&known_displays()),
            Check::fail(
                "graphics",
                "the graphics driver gives no window",
                "Install or mend the OpenGL driver, and look for LIBGL_… and __GLX_… in the environment.",
            ),
        ],
        Some(Ok(TriedWindow::Opens { displays, graphics })) => {
            let mut checks = vec![Check::pass("graphics", graphics)];
            checks.extend(check_refresh(&displays));
            let mut names: Vec<String> = displays.into_iter().map(|display| display.name).collect();
            // Wayland lists each one twice.
            let mut seen = std::collections::BTreeSet::new();
            names.retain(|name| name.is_empty() || seen.insert(name.clone()));
            checks.push(check_displays(&names));
            checks
        }
        Some(Err(why)) => vec![check_displays(&known_displays()), not_looked(why)],
    }
}

/// The displays by the names that windows know them by.
fn known_displays() -> Vec<String> {
    let known = displays::x11_names();
    if known.is_empty() { connected_outputs() } else { known }
}

fn check_displays(found: &[String]) -> Check {
    match found {
        [] => Check::pass("displays", format!("{}, whose outputs this machine does not list", named_display())),
        [one] => Check::warn(
            "displays",
            format!("one display: {one}"),
            "Plug the projector in; the console then opens on the laptop by itself. With one display c opens it.",
        ),
        [..] => Check::pass("displays", format!("{} displays: {}", found.len(), found.join(", "))),
    }
}

/// How many pictures a second the displays show, where they tell.
fn check_refresh(displays: &[TriedDisplay]) -> Option<Check> {
    let told: Vec<(&str, f64)> = displays.iter().filter_map(|of| Some((of.name.as_str(), of.hertz?))).collect();
    if told.is_empty() {
        return None;
    }
    let words: Vec<String> = told.iter().map(|(name, hertz)| format!("{name} {hertz:.0} Hz")).collect();
    Some(if told.iter().any(|(_, hertz)| *hertz < LEAST_HERTZ) {
        Check::warn(
            "refresh",
            words.join(", "),
            "Choose a mode of 60 Hz in the display settings: motion is even there.",
        )
    } else {
        Check::pass("refresh", words.join(", "))
    })
}

/// The recording that is played where there is no lab.
fn check_recording(common: &Common) -> Check {
    let recording = match common.recording() {
        Ok(recording) => recording,
        Err(failure) => {
            return Check::fail(
                "recording",
                failure.words,
                "Give another file to --data; --data recording is the one built in.",
            );
        }
    };
    let survey = Survey::of(&recording);
    let words = format!("of {}, {:.0} minutes", recording.header().date(), survey.secs / 60.0);
    match survey.damages.first() {
        None if survey.is_whole => Check::pass("recording", format!("{words}, whole")),
        damage => {
            let damage = damage.map_or("it was never closed", |damage| damage.words.as_str());
            let fix = "What can be read is played; tierlight recording info tells where it is torn.";
            Check::warn("recording", format!("{words}, not whole: {damage}"), fix)
        }
    }
}

/// The connected outputs, as the kernel's graphics drivers list them: `card1-HDMI-A-1` is HDMI-A-1.
fn connected_outputs() -> Vec<String> {
    let outputs = fs::read_dir("/sys/class/drm").into_iter().flatten().flatten();
    let connected = |path: &Path| {
        let status = fs::read_to_string(path.join("status")).unwrap_or_default();
        let name = path.file_name()?.to_string_lossy().into_owned();
        let name = name.split_once('-').map_or(name.as_str(), |(_, output)| output).to_owned();
        (status.trim() == "connected").then_some(name)
    };
    outputs.filter_map(|entry| connected(&entry.path())).collect()
}

fn check_scenes(common: &Common) -> (Check, Option<Show>) {
    match common.show() {
        Err(failure) => (Check::fail("scenes", failure.words, "tierlight check names the place."), None),
        Ok(show) => {
            let problems = show.presentation().problems();
            let library = show.presentation().library();
            let steps: usize = library.scenes.iter().map(|scene| scene.steps.len()).sum();
            let words = format!("{}, {}", counted(library.scenes.len(), "scene"), counted(steps, "step"));
            let check = match problems {
                [] => Check::pass("scenes", words),
                [first, ..] => {
                    let words =
                        format!("{words}; {}, the first: {}", counted(problems.len(), "problem"), first.one_line());
                    Check::warn("scenes", words, "The last good ones are shown; tierlight check names each place.")
                }
            };
            (check, Some(show))
        }
    }
}

/// What one frame of a busy step costs the processor, against the time a frame has.
fn check_frames(show: &Show) -> Check {
    let library = show.presentation().library();
    let busy = library.position("loop:2").unwrap_or_default();
    let still = show.posed(&library.address(busy), When::End);
    let (theme, textures) = (Theme::load(ThemeName::Dark), Textures::default());
    let begun = Instant::now();
    let frames = 20;
    for _ in 0..frames {
        std::hint::black_box(still.picture());
    }
    let compose_ms = begun.elapsed().as_secs_f64() * 1e3 / f64::from(frames);
    let begun = Instant::now();
    std::hint::black_box(Renderer::new().image(&still.picture(), &theme, [1920, 1080], &textures));
    let draw_ms = begun.elapsed().as_secs_f64() * 1e3;
    let words = format!(
        "{compose_ms:.2} ms a picture of the {FRAME_MS:.1} ms that a frame has; {draw_ms:.0} ms to draw one without a graphics card"
    );
    if compose_ms < FRAME_MS / 4.0 {
        Check::pass("frame-cost", words)
    } else if compose_ms < FRAME_MS {
        Check::warn("frame-cost", words, "Close what else runs, or use --reduced-motion.")
    } else {
        Check::fail(
            "frame-cost",
            words,
            "This machine is too busy or too slow: close what else runs, use --reduced-motion.",
        )
    }
}

/// Whether the bundled fonts have every character of the customer's words.
fn check_fonts(show: Option<&Show>) -> Check {
    let Some(show) = show else {
        return Check::warn("fonts", "not looked at, as no scene was read", "Mend the scenes.");
    };
    let library = show.presentation().library();
    let figures = &library.figures;
    let steps = library.scenes.iter().flat_map(|scene| &scene.steps);
    let words: String = steps
        .flat_map(|step| [step.heading.filled(figures), step.caption.filled(figures)])
        .map(|words| words.to_string())
        .collect();
    let missing: std::collections::BTreeSet<char> =
        words.chars().filter(|char| !char.is_control() && !measure::has_glyph(*char)).collect();
    if missing.is_empty() {
        return Check::pass("fonts", "every character of the talk is there");
    }
    let missing: Vec<String> = missing.into_iter().take(8).map(|char| char.to_string()).collect();
    Check::warn("fonts", format!("no sign for {}", missing.join(" ")), "Write them in Latin letters, or as an image.")
}

/// The lab, if one is configured: whether it answers, and how long its tokens last.
fn check_lab(common: &Common) -> Vec<Check> {
    let Some(path) = feeds::find_lab_file(common.lab.as_deref()) else {
        return vec![Check::pass("lab", "none is configured: the simulated lab is shown, and says so")];
    };
    let (lab, folder) = match feeds::read_lab_file(&path) {
        Ok(read) => read,
        Err(lines) => {
            return vec![Check::fail("lab", lines.join("; "), "tierlight probe URL… --ron writes a lab file.")];
        }
    };
    let (send, events) = mpsc::channel();
    let begun = Instant::now();
    let link = Link::new(move |event| drop(send.send(event)), || (), move || begun.elapsed().as_secs_f64());
    let feeds = match feeds::start(&lab, &folder, link) {
        Ok(feeds) => feeds,
        Err(failed) => return vec![Check::fail("lab", format!("no thread could be started: {failed}"), "Start anew.")],
    };
    let mut waiting: Vec<String> = feeds.targets().iter().map(|target| target.name.to_string()).collect();
    let mut wrong: Vec<String> = Vec::new();
    let mut remedies: Vec<String> = Vec::new();
    while let Some(left) = LAB_TIME.checked_sub(begun.elapsed()).filter(|_| !waiting.is_empty()) {
        match events.recv_timeout(left) {
            Ok(SourceEvent::Scraped { target, .. }) => waiting.retain(|name| **name != *target),
            Ok(SourceEvent::Failed { target, fault, .. }) => {
                wrong.push(format!("{target} {}", fault.cause));
                remedies.push(fault.remedy.clone());
                waiting.retain(|name| **name != *target);
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    wrong.extend(waiting.into_iter().map(|name| format!("{name} has not answered in 3 s")));
    let check = if wrong.is_empty() {
        Check::pass("lab", format!("every one answers of {}", counted(feeds.targets().len(), "target")))
    } else {
        wrong.dedup();
        let fix =
            remedies.first().map_or("Is it reachable from here? tierlight probe --lab looks closer.", String::as_str);
        Check::fail("lab", wrong.join("; "), fix)
    };
    let mut checks = vec![check];
    checks.extend(check_tokens(&feeds::token_ends(&lab, &folder)));
    checks
}

fn check_tokens(ends: &[(String, f64)]) -> Option<Check> {
    let (name, end) = ends.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let left = end - clock::unix_secs() as f64;
    let hours = left / 3600.0;
    Some(if left <= 0.0 {
        Check::fail(
            "token",
            format!("the token of {name} has ended"),
            "mc admin prometheus generate ALIAS makes a fresh one.",
        )
    } else if left < TOKEN_SECS {
        Check::warn(
            "token",
            format!("the token of {name} ends in {hours:.1} hours"),
            "Make a fresh one before the talk: mc admin prometheus generate ALIAS; or use Keys, which never end.",
        )
    } else {
        Check::pass("token", format!("the token of {name} lasts for {}", counted((hours / 24.0).round(), "day")))
    })
}

/// Where the journal lies, and whether there is room.
fn check_journal() -> Check {
    let Some(journals) = Journals::usual() else {
        return Check::warn(
            "disk",
            "this machine names no folder for the journal, so a talk cannot be gone on with",
            "Set HOME, or XDG_STATE_HOME.",
        );
    };
    let folder = journals.folder();
    match recorder::free_bytes(folder) {
        Some(free) if free < DISK_BYTES => {
            let words = format!("{} MB are left in {}", free / 1_000_000, folder.display());
            Check::warn("disk", words, "Make room: recordings and the journal are written there.")
        }
        Some(free) => Check::pass("disk", format!("{:.0} GB are left", free as f64 / 1e9)),
        None => Check::pass("disk", "this system does not say how much is left"),
    }
}

/// Whether a battery runs down.
fn check_power() -> Check {
    let supplies = fs::read_dir("/sys/class/power_supply").into_iter().flatten().flatten();
    let status = |path: &Path| fs::read_to_string(path.join("status")).unwrap_or_default().trim().to_owned();
    let discharges = supplies.filter(|entry| status(&entry.path()) == "Discharging").count() > 0;
    if discharges {
        Check::warn("power", "this machine runs on its battery", "Plug it in: on battery many machines slow down.")
    } else {
        Check::pass("power", "no battery runs down")
    }
}

/// Whether the desktop lets the screen be kept on, by asking it.
fn check_awake() -> Check {
    let mut awake = Awake::default();
    awake.keep(true, || ());
    let begun = Instant::now();
    while awake.refused().is_none() && begun.elapsed() < AWAKE_TIME {
        std::thread::sleep(Duration::from_millis(20));
    }
    match awake.refused() {
        Some(words) => Check::warn("keep-awake", words, "Turn the screen saver and the lock off for the talk."),
        None => Check::pass("keep-awake", "the screen is kept on while the talk is in full screen"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkup::Verdict;

    #[test]
    fn what_came_of_a_window_is_told_with_the_way_out() {
        let display = |name: &str, hertz| TriedDisplay { name: name.to_owned(), hertz };
        let opens =
            |displays: Vec<TriedDisplay>| Some(Ok(TriedWindow::Opens { displays, graphics: "OpenGL 4.5".to_owned() }));
        let cases = [
            (None, "displays fail, graphics warn"),
            (Some(Ok(TriedWindow::NoDisplay)), "displays fail, graphics warn"),
            (
                opens(vec![display("eDP-1", Some(60.0)), display("HDMI-1", Some(59.94))]),
                "graphics pass, refresh pass, displays pass",
            ),
            (
                opens(vec![display("eDP-1", Some(60.0)), display("HDMI-1", Some(30.0))]),
                "graphics pass, refresh warn, displays pass",
            ),
            (opens(vec![display("eDP-1", None), display("eDP-1", None)]), "graphics pass, displays warn"),
        ];
        for (tried, told) in cases {
            let checks = check_window(tried.clone());
            let verdict = |check: &Check| match check.verdict {
                Verdict::Fail => "fail",
                Verdict::Warn => "warn",
                Verdict::Pass => "pass",
            };
            let words: Vec<String> = checks.iter().map(|check| format!("{} {}", check.id, verdict(check))).collect();
            assert_eq!(words.join(", "), told, "{tried:?}");
            assert!(checks.iter().all(|check| (check.verdict == Verdict::Pass) == check.fix.is_empty()), "{checks:?}");
        }
        let graphics = |tried| check_window(Some(tried)).into_iter().find(|check| check.id == "graphics");
        assert_eq!(graphics(Ok(TriedWindow::NoGraphics)).map(|check| check.verdict), Some(Verdict::Fail));
        assert_eq!(graphics(Err("it hung")).map(|check| check.words), Some("not looked at: it hung".to_owned()));
    }
}
