//! The presenter's console without a display: what its controls do, nothing private for the room, and a picture of it on
//! the CPU.

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use tierlight::checkup::{Check, Checkup};
use tierlight::console::{Beside, Console, ConsoleFrame, PhoneCode};
use tierlight::paint::Textures;
use tierlight::picture::{Furniture, Shape, Thing};
use tierlight::presentation::Audience;
use tierlight::presentation::command::{Command, WindowCommand};
use tierlight::presentation::desk::DeskCommand;
use tierlight::presentation::event::{Effect, Event};
use tierlight::presentation::look::WindowState;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::pace::PaceCommand;
use tierlight::presentation::simulated::Profile;
use tierlight::presentation::walk::WalkCommand;
use tierlight::recorder::RecordingNow;
use tierlight::recording::{Effort, Header, Recorded, Recording, Writer};
use tierlight::rehearsals::{Rehearsals, RehearsedRun, RunStep};
use tierlight::remembered::Remembered;
use tierlight::scene::address::Address;
use tierlight::show::{Opening, Show};
use tierlight::theme::{self, Theme};
use tierlight::window::Window;

mod changes;
mod crowded;
mod spoken;

use crate::cpu::Cpu;
use crate::talk::{Dice, common, press, talk};

const FRAME_SECS: f32 = 0.1;

/// A console over a show. Its events are kept, and taken only where `takes`.
pub(crate) struct Host {
    pub(crate) show: Show,
    console: Console,
    beside: Beside,
    window: Window,
    last: ConsoleFrame,
    said: Vec<Event>,
    done: Vec<Effect>,
    takes: bool,
}

fn frame(ui: &mut egui::Ui, host: &mut Host) {
    let all = egui::UiBuilder::new().max_rect(ui.ctx().content_rect());
    let now_secs = host.show.now_secs() + f64::from(FRAME_SECS);
    host.show.advance(now_secs);
    let is_below = host.show.presentation().desk().one_screen;
    ui.scope_builder(all, |ui| {
        ui.set_clip_rect(ui.max_rect());
        if is_below {
            let part = host.console.part_of(host.show.presentation(), ui.max_rect());
            host.last = host.console.frame_below(ui, part, &host.show, &host.beside);
            let stage = ui.max_rect().with_max_y(part.top());
            host.window.frame_within(ui, stage, &mut host.show, now_secs);
        } else {
            host.last = host.console.frame(ui, &host.show, &host.beside);
        }
    });
    for event in host.last.events.drain(..) {
        host.said.push(event.clone());
        if host.takes {
            host.done.extend(host.show.take(now_secs, event));
        }
    }
}

pub(crate) fn open(mut show: Show, size: [f32; 2], takes: bool) -> Harness<'static, Host> {
    if !show.presentation().desk().has_console() {
        show.take(0.0, Command::from(DeskCommand::Console));
    }
    let builder =
        Harness::builder().with_size(size).with_step_dt(FRAME_SECS).with_render_cursor(false).renderer(Cpu::default());
    let builder = builder.with_context_setup(|ctx| ctx.set_fonts(theme::fonts()));
    let beside = Beside { time_of_day: "14:23:31".to_owned(), recording: None, ..Beside::default() };
    let (console, last) = (Console::default(), ConsoleFrame::default());
    let window = Window::new(Theme::load(show.presentation().theme()), Textures::default());
    let host = Host { show, console, beside, window, last, said: Vec::new(), done: Vec::new(), takes };
    builder.build_ui_state(frame, host)
}

#[test]
fn keys_work_as_on_the_stage_and_clicks_belong_to_the_controls() {
    let mut harness = open(talk("sim"), [1440.0, 900.0], true);
    let at = |harness: &Harness<'_, Host>| harness.state().show.presentation().address().to_string();
    let first = at(&harness);
    harness.key_press(Key::PageDown);
    harness.step();
    harness.state_mut().show.settle(60.0);
    harness.key_press(Key::PageDown);
    harness.step();
    let second = at(&harness);
    assert_ne!(second, first);
    harness.get_by_label("go to The training loop").click();
    harness.step();
    harness.step();
    assert_eq!(at(&harness), "loop:1");
    harness.key_press(Key::Backspace);
    harness.step();
    assert_eq!(at(&harness), second, "back to the very step");
    harness.get_by_label("notes larger").click();
    harness.step();
    harness.step();
    assert!(harness.state().show.presentation().desk().notes_points > 20.0);
    assert!(harness.state().said.iter().all(|event| matches!(event, Event::Command(_))), "no pointer of the stage's");
}

#[test]
fn the_pointer_over_the_picture_now_is_the_stages_and_its_button_the_tools() {
    let mut harness = open(talk("sim"), [1440.0, 900.0], true);
    let points = |harness: &Harness<'_, Host>| {
        harness.state().said.iter().filter(|event| matches!(event, Event::Pointer(Some(_)))).count()
    };
    let here = harness.state().show.presentation().address().clone();
    let now = egui::pos2(420.0, 400.0);
    harness.hover_at(now);
    harness.step();
    assert_eq!(points(&harness), 1);
    harness.drag_at(now);
    harness.drop_at(now);
    harness.step();
    assert_eq!(*harness.state().show.presentation().address(), here, "without a tool a click does nothing there");
    harness.key_press(Key::D);
    harness.step();
    harness.drag_at(now);
    harness.step();
    harness.hover_at(now + egui::vec2(90.0, 30.0));
    harness.step();
    harness.drop_at(now + egui::vec2(90.0, 30.0));
    harness.step();
    let Audience::Picture(seen) = harness.state().show.audience() else { panic!("the room sees a picture") };
    let ink = seen.marks.iter().filter(|mark| mark.id.thing == Thing::Furniture(Furniture::Ink)).count();
    assert_eq!(ink, 2, "a stroke and its rim are on the stage");
    harness.hover_at(egui::pos2(1300.0, 700.0));
    harness.step();
    assert_eq!(harness.state().said.last(), Some(&Event::Pointer(None)), "it left the picture");
}

#[test]
fn the_recording_is_told_on_the_console_and_nowhere_else() {
    for size in [[1440.0, 900.0], [1024.0, 640.0]] {
        let mut harness = open(talk("sim"), size, true);
        let before = harness.state().show.picture();
        assert!(harness.query_by_label_contains("REC").is_none());
        let now = RecordingNow { bytes: 1_000_000, secs: 100.0, free_bytes: Some(180_000_000), ..Default::default() };
        harness.state_mut().beside.recording = Some(now.clone());
        harness.step();
        harness.get_by_label("REC 1:40 1.0 MB, room for 5.0 h");
        let ended = RecordingNow { ended: Some("no space left on device".to_owned()), ..now };
        harness.state_mut().beside.recording = Some(ended);
        harness.step();
        harness.get_by_label("NOT RECORDED: no space left on device");
        assert_eq!(harness.state().show.picture().marks.len(), before.marks.len());
    }
}

#[test]
fn the_talk_that_stopped_is_offered_on_each_console_until_it_is_gone() {
    let words = "The last talk stopped 3 min ago without being ended, 12:40 after it began.";
    for (size, below) in [([1440.0, 900.0], false), ([1024.0, 640.0], false), ([1280.0, 720.0], true)] {
        let mut show = talk("sim");
        if below {
            show.take(0.0, Command::from(DeskCommand::OneScreen));
        }
        let mut harness = open(show, size, true);
        assert!(harness.query_by_label_contains("stopped").is_none(), "{size:?}");
        harness.state_mut().beside.stopped = Some(words.to_owned());
        harness.step();
        harness.get_by_label(words);
        let said = |label: Option<&str>, harness: &mut Harness<'_, Host>| {
            match label {
                Some(label) => harness.get_by_label(label).click(),
                None => harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::G),
            }
            harness.step();
            harness.step();
            std::mem::take(&mut harness.state_mut().said)
        };
        let go_on = [Event::Command(WindowCommand::Resume.into())];
        assert_eq!(said(Some("go on with the talk that stopped"), &mut harness), go_on, "{size:?}");
        let let_go = [Event::Command(WindowCommand::LetGo.into())];
        assert_eq!(said(Some("let the talk go that stopped"), &mut harness), let_go, "{size:?}");
        if !below {
            assert_eq!(said(None, &mut harness), go_on, "{size:?}");
        }
        let picture = harness.state().show.picture();
        let seen = picture.marks.iter().filter_map(|mark| match &mark.shape {
            Shape::Text(text) => Some(text.words.to_string()),
            _ => None,
        });
        assert!(!seen.into_iter().any(|seen| seen.contains(words)), "the room sees none of it");
    }
    let mut show = talk("none");
    for (command, effect) in [(WindowCommand::Resume, Effect::Resume), (WindowCommand::LetGo, Effect::LetGo)] {
        assert_eq!(press(&mut show, command), Some(effect), "the host does it");
    }
}

#[test]
fn nothing_private_is_drawn_for_the_room_while_a_console_is_open() {
    let private: [&[Command]; 5] = [
        &[OverCommand::Help.into()],
        &[OverCommand::Digit(1).into(), OverCommand::Digit(2).into()],
        &[tierlight::presentation::asking::AskCommand::Type("raid".into()).into()],
        &[DeskCommand::Park.into()],
        &[Command::Quit],
    ];
    for commands in private {
        let mut show = talk("none");
        show.take(0.0, Command::from(DeskCommand::Console));
        show.settle(60.0);
        let before = show.audience();
        let now_secs = show.now_secs();
        for command in commands {
            drop(show.take(now_secs, command.clone()));
        }
        assert!(show.audience() == before, "{commands:?}");
        assert!(!show.presentation().moves(), "{commands:?}: nothing to draw");
        show.take(now_secs, Command::from(DeskCommand::Console));
        assert!(show.audience() != before, "{commands:?}: without a console the corner says it");
    }
}

#[test]
fn a_press_of_next_lifts_what_covers_the_picture_where_nobody_sees_what_lies_below() {
    let window = Event::Window(WindowState { size: [1280, 720], ..WindowState::default() });
    for cover in [OverCommand::Black, OverCommand::White, OverCommand::Hold, OverCommand::Help] {
        for (has_window, has_console, lifts) in [(true, false, true), (true, true, false), (false, false, false)] {
            let mut show = talk("none");
            if has_window {
                show.take(0.0, window.clone());
            }
            if has_console {
                show.take(0.0, Command::from(DeskCommand::Console));
            }
            show.settle(60.0);
            let now_secs = show.now_secs();
            let (at, bare) = (show.presentation().address().clone(), show.audience());
            show.take(now_secs, Command::from(cover));
            show.take(now_secs, Command::from(WalkCommand::Next));
            let stays = *show.presentation().address() == at;
            assert_eq!(stays, lifts, "{cover:?}, window {has_window}, console {has_console}");
            if lifts {
                assert!(show.audience() == bare, "{cover:?} is gone");
            }
        }
    }
}

#[test]
fn the_timer_begins_with_the_first_step_onward_and_knows_the_plan() {
    let mut show = talk("none");
    let mut at_secs = 30.0;
    assert!(!show.presentation().timing().has_begun);
    let mut next = |show: &mut Show, secs: f64| {
        at_secs += secs;
        show.take(at_secs, Command::from(WalkCommand::Next));
        if !show.presentation().is_settled() && secs == 0.0 {
            show.take(at_secs, Command::from(WalkCommand::Next));
        }
    };
    next(&mut show, 0.0);
    let timing = show.presentation().timing();
    assert!(timing.has_begun && timing.elapsed_secs == 0.0, "{timing:?}");
    let budget = timing.step_budget_secs;
    next(&mut show, budget + 100.0);
    let timing = show.presentation().timing();
    // The first step was left at once, so its own time is owed to the talk.
    assert!((timing.elapsed_secs - budget - 100.0).abs() < 1e-9, "{timing:?}");
    assert!((timing.behind_secs() - (100.0 - 60.0)).abs() < 1e-9 && timing.is_on_time(), "{timing:?}");
    press(&mut show, PaceCommand::Timer);
    let stopped = show.presentation().timing();
    show.advance(show.now_secs() + 500.0);
    assert_eq!(show.presentation().timing().elapsed_secs, stopped.elapsed_secs, "stopped by hand");
    press(&mut show, PaceCommand::TimerZero);
    assert!(!show.presentation().timing().has_begun);
}

#[test]
fn random_keys_never_end_the_show_and_never_panic() {
    const KEYS: [Key; 22] = [
        Key::ArrowRight,
        Key::ArrowLeft,
        Key::PageDown,
        Key::PageUp,
        Key::Space,
        Key::Enter,
        Key::Escape,
        Key::F5,
        Key::B,
        Key::W,
        Key::H,
        Key::G,
        Key::R,
        Key::A,
        Key::I,
        Key::D,
        Key::Tab,
        Key::Num7,
        Key::Questionmark,
        Key::P,
        Key::C,
        Key::Backspace,
    ];
    let mut harness = open(talk("sim"), [1180.0, 760.0], true);
    let mut dice = Dice(11);
    for _ in 0..300 {
        harness.key_press(KEYS[dice.below(KEYS.len())]);
        harness.step();
    }
    assert!(matches!(harness.state().show.audience(), Audience::Picture(_) | Audience::Cover(_)));
}

#[test]
fn the_first_keys_are_told_once_and_fade_where_they_are_seen() {
    for has_console in [false, true] {
        let mut show = talk("none");
        if has_console {
            show.take(0.0, Command::from(DeskCommand::Console));
        }
        show.settle(60.0);
        let (now_secs, bare) = (show.now_secs(), show.audience());
        show.take(now_secs, Command::from(OverCommand::FirstKeys));
        assert_eq!(show.audience() == bare, has_console, "the room sees them only without a console");
        show.advance(now_secs + 8.5);
        assert_eq!(show.presentation().moves(), !has_console, "they fade");
        show.advance(now_secs + 9.1);
        assert!(show.audience() == bare && !show.presentation().moves());
    }
}

/// What is remembered is there again, and a file that is half there or of nobody is nothing.
#[test]
fn what_is_remembered_is_written_whole_and_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("state").join("remembered.json");
    assert_eq!(Remembered::read(&path), Remembered::default());
    let remembered = Remembered {
        theme: Some(theme::ThemeName::Light),
        notes_points: Some(24.0),
        console: Some([40.0, 40.0, 1360.0, 850.0]),
        is_told: true,
        ..Remembered::default()
    };
    remembered.write(&path).expect("it is written");
    assert_eq!(Remembered::read(&path), remembered);
    let beside = path.parent().expect("a folder").read_dir().expect("it is read").count();
    assert_eq!(beside, 1, "nothing is left beside it");
}

/// Runs are kept as lines that any table reads, and the last five of a step are what it is compared with.
#[test]
fn a_rehearsal_is_kept_by_its_steps_and_compared_with_the_last_five() {
    let mut show = talk("none");
    press(&mut show, PaceCommand::Rehearsal);
    for secs in [5.0, 40.0, 70.0] {
        show.settle(60.0);
        show.advance(show.now_secs() + secs);
        press(&mut show, WalkCommand::Next);
    }
    assert!(show.presentation().rehearses());
    let asked = show.take(show.now_secs(), Command::from(PaceCommand::Rehearsal));
    assert_eq!(asked, Some(Effect::KeepRun));
    let run = show.presentation().run();
    assert!(run.len() >= 2 && run.iter().any(|(_, planned, actual)| *planned > 0.0 && *actual >= 40.0), "{run:?}");
    let steps = |run: &[(Address, f64, f64)], more: f64| -> Vec<RunStep> {
        let step = |(step, planned_secs, actual_secs): &(Address, f64, f64)| RunStep {
            step: step.clone(),
            planned_secs: planned_secs.round(),
            actual_secs: actual_secs.round() + more,
        };
        run.iter().map(step).collect()
    };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("state").join("rehearsals.csv");
    let mut kept = Rehearsals::read(&path);
    assert!(kept.runs.is_empty());
    for nth in 0..7_u8 {
        let run = RehearsedRun { began: "2026-11-28 14.23.31".to_owned(), steps: steps(&run, f64::from(nth)) };
        kept.keep(&path, run).expect("it is written");
    }
    assert_eq!(Rehearsals::read(&path), kept);
    let (step, _, first) = &run[0];
    let last: Vec<f64> = (2..7_u8).map(|nth| first.round() + f64::from(nth)).collect();
    assert_eq!(kept.last_five()[step], last);
}

#[test]
fn the_doctor_is_on_the_console_and_hears_the_clicker_without_a_move_on_stage() {
    let checks = vec![
        Check::fail("token", "the token of warm has ended", "mc admin prometheus generate ALIAS makes a fresh one."),
        Check::warn("power", "this machine runs on its battery", "Plug it in."),
        Check::pass("scenes", "43 scenes, 176 steps"),
        Check::pass("disk", "212 GB are left"),
    ];
    for (name, size) in [("console-doctor", [1440.0, 900.0]), ("console-doctor-small", [1024.0, 640.0])] {
        let mut harness = open(at_the_loop("none"), size, true);
        harness.state_mut().beside.checkup = Checkup { checks: checks.clone(), took_secs: 3.2, runs: false };
        let seen = harness.state().show.audience();
        let at = harness.state().show.presentation().address().clone();
        harness.key_press_modifiers(egui::Modifiers::CTRL | egui::Modifiers::COMMAND, Key::D);
        harness.step();
        harness.step();
        harness.get_by_label("1 to fix, 1 to look at, 2 fine");
        harness.get_by_label_contains("no key came yet");
        for key in [Key::PageDown, Key::PageUp, Key::BrowserBack, Key::Num7, Key::Escape] {
            harness.key_press(key);
            harness.step();
        }
        for told in [
            "key PageDown: next",
            "key PageUp: back",
            "key BrowserBack: no command",
            "key 7: a digit of a scene's number",
            "key Escape: out one level",
        ] {
            harness.get_by_label(told);
        }
        harness.key_press(Key::F5);
        harness.step();
        harness.get_by_label("key F5: present on second display");
        assert!(harness.query_by_label("key PageDown: next").is_none(), "{name}: the last few");
        keep_picture(&mut harness, name);
        assert!(harness.state().show.audience() == seen, "{name}: nothing moves on stage");
        assert_eq!(*harness.state().show.presentation().address(), at);
        let now_secs = harness.state().show.now_secs();
        let again = harness.state_mut().show.take(now_secs, Command::Enter);
        assert_eq!(again, Some(Effect::LookOver), "Enter looks again");
        harness.key_press(Key::Escape);
        harness.step();
        assert!(harness.query_by_label_contains("to fix").is_some(), "{name}: a button that alternates closes nothing");
        harness.key_press(Key::Escape);
        harness.step();
        harness.step();
        assert!(harness.query_by_label_contains("to fix").is_none(), "{name}: Esc twice does");
        harness.key_press_modifiers(egui::Modifiers::CTRL | egui::Modifiers::COMMAND, Key::D);
        harness.step();
        harness.step();
        harness.get_by_label("close the doctor").click();
        harness.step();
        harness.step();
        assert!(harness.query_by_label_contains("to fix").is_none());
    }
}

#[test]
fn the_code_for_a_phone_is_a_page_of_its_own_with_its_address_in_words() {
    let code = || {
        let address = "http://192.0.2.7:4711".to_owned();
        Some(PhoneCode { url: format!("{address}/#secret-key"), address })
    };
    for (name, size) in [("console-phone", [1440.0, 900.0]), ("console-phone-small", [1024.0, 640.0])] {
        let mut harness = open(at_the_loop("none"), size, true);
        let seen = harness.state().show.audience();
        harness.state_mut().beside.phone = code();
        harness.step();
        assert!(harness.query_by_label_contains("192.0.2.7").is_none(), "it lies over nothing unasked");
        let toggle = |harness: &mut Harness<'_, Host>| {
            harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::Q);
            harness.step();
            harness.step();
        };
        toggle(&mut harness);
        harness.get_by_label_contains("Scan the code with a phone in this network. http://192.0.2.7:4711");
        assert!(harness.query_by_label_contains("secret-key").is_none());
        keep_picture(&mut harness, name);
        assert!(harness.state().show.audience() == seen, "the room sees nothing of it");
        harness.key_press(Key::E);
        harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::E);
        harness.step();
        harness.step();
        assert!(harness.query_by_label_contains("192.0.2.7").is_none(), "another page takes its place");
        toggle(&mut harness);
        harness.get_by_label("put the code for the phone away").click();
        harness.step();
        harness.step();
        assert!(harness.query_by_label_contains("192.0.2.7").is_none());
        harness.state_mut().beside.phone = None;
        toggle(&mut harness);
        harness.get_by_label_contains("begin the talk with --remote-lan");
    }
}

#[test]
fn a_projector_that_is_gone_is_said_until_it_is_back() {
    let words = "The projector HDMI-1 is gone: plugged in again, it shows the stage again.";
    let mut harness = open(at_the_loop("none"), [1440.0, 900.0], true);
    for gone in [true, false] {
        let display_gone = gone.then(|| words.to_owned());
        let window = WindowState { size: [1280, 720], display_gone, ..WindowState::default() };
        let now_secs = harness.state().show.now_secs();
        harness.state_mut().show.take(now_secs, Event::Window(window));
        for _ in 0..60 {
            harness.step();
        }
        assert_eq!(harness.query_by_label_contains(words).is_some(), gone);
    }
}

#[test]
fn nothing_reaches_the_room_while_the_doctor_is_open() {
    use tierlight::presentation::asking::AskCommand;
    use tierlight::presentation::hand::HandCommand;
    use tierlight::presentation::pointing::PointCommand;
    use tierlight::presentation::simulated::SimCommand;
    let mut show = at_the_loop("sim");
    press(&mut show, DeskCommand::Console);
    show.settle(60.0);
    let keymap = show.presentation().keymap().clone();
    let mut commands: Vec<Command> = keymap.entries.into_iter().map(|entry| entry.command).collect();
    commands.extend([
        OverCommand::Digit(4).into(),
        PointCommand::Click.into(),
        AskCommand::Go.into(),
        SimCommand::Profile(Profile::Ilm).into(),
        SimCommand::Lapse(1).into(),
        HandCommand::InkStroke(vec![[100, 100], [500, 500]]).into(),
        WalkCommand::Jump(show.presentation().address().clone()).into(),
        DeskCommand::NotesSize(30).into(),
    ]);
    for command in commands {
        let [mut with, mut without] = [show.clone(), show.clone()];
        press(&mut with, DeskCommand::Doctor);
        let effect = press(&mut with, command.clone());
        with.take(with.now_secs(), Event::Pointer(Some([700.0, 500.0])));
        for show in [&mut with, &mut without] {
            show.advance(show.now_secs() + 3.0);
        }
        assert!(with.audience() == without.audience(), "{command:?} changes what the room sees");
        let is_private = matches!(effect, None | Some(Effect::LookOver | Effect::Record | Effect::Copy(_)));
        assert!(is_private, "{command:?}: {effect:?}");
        let has_console = with.presentation().desk().console && !with.presentation().desk().one_screen;
        assert!(has_console, "{command:?}: what is private has its place");
    }
    // What is private goes on, and all does when the page is closed.
    press(&mut show, DeskCommand::Doctor);
    type Has = fn(&Show) -> bool;
    let goes_on: [(Command, Has); 4] = [
        (DeskCommand::NotesLarger.into(), |show| show.presentation().desk().notes_points > 20.0),
        (PaceCommand::Rehearsal.into(), |show| show.presentation().rehearses()),
        (DeskCommand::Doctor.into(), |show| show.presentation().desk().page.is_none()),
        (OverCommand::White.into(), |show| matches!(show.audience(), Audience::Cover(_))),
    ];
    for (command, has) in goes_on {
        press(&mut show, command.clone());
        assert!(has(&show), "{command:?}");
    }
}

#[test]
fn a_rehearsal_shows_on_every_console() {
    for (name, size) in [("rehearsal", [1440.0, 900.0]), ("rehearsal-small", [1024.0, 640.0])] {
        let mut show = at_the_loop("none");
        press(&mut show, PaceCommand::Rehearsal);
        let at = show.presentation().address().clone();
        let mut harness = open(show, size, true);
        assert!(harness.query_by_label_contains("rehearsal, run").is_none(), "{name}");
        harness.state_mut().beside.run = Some(4);
        harness.state_mut().beside.runs = std::sync::Arc::new([(at, vec![62.0, 91.0])].into());
        harness.step();
        harness.get_by_label("rehearsal, run 4");
        harness.get_by_label("last five 1:02 to 1:31");
        keep_picture(&mut harness, &format!("console-{name}"));
    }
}

/// What is beside the plan is said to be, and what next does there is shown.
#[test]
fn a_step_beside_the_plan_is_shown_as_one() {
    let mut show = talk("none");
    press(&mut show, WalkCommand::Cut(Some("20".to_owned())));
    for to in ["loop:3", "drill-drive:1"] {
        let at = show.presentation().library().position(to).expect("a step");
        let at = show.presentation().library().address(at);
        press(&mut show, WalkCommand::Jump(at));
    }
    show.settle(60.0);
    let mut harness = open(show, [1440.0, 900.0], true);
    harness.step();
    keep_picture(&mut harness, "console-beside");
    let says = |harness: &Harness<'_, Host>, words: &str| harness.query_all_by_label_contains(words).count();
    assert_eq!(says(&harness, "next: 2  "), 1, "the drill's second step");
    assert_eq!(says(&harness, "not in cut"), 1, "the time of the step says that it is beside the plan");
    harness.key_press(Key::O);
    for _ in 0..60 {
        harness.step();
    }
    keep_picture(&mut harness, "console-overview-beside");
    let talk = harness.state().show.presentation();
    let clock = |id: &str| {
        let scene = &talk.library().scenes[talk.library().find(id).expect("a scene")];
        let secs: u32 = scene.steps.iter().map(|step| step.budget_secs).sum();
        (scene.title.clone(), scene.steps.len(), format!("{}:{:02}", secs / 60, secs % 60))
    };
    for (id, word) in [("lake", "not in cut"), ("glossary", "hidden")] {
        let (title, steps, time) = clock(id);
        let line = format!("{title}: {steps} steps  {time}  {word}");
        assert_eq!(says(&harness, &line), 1, "{line}");
    }
    assert_eq!(says(&harness, ": 4 of 6 steps  "), 1, "of the loop the cut tells four");
    assert_eq!(says(&harness, " 0:00"), 0, "nothing takes no time");
}

#[test]
fn what_is_wrong_stands_on_its_page_in_full_and_agrees_with_the_engineers_page() {
    use tierlight::presentation::keymap::Keymap;
    let keys = Keymap::with_own("keys.ron", "{ \"laser\": [\"b\"] }").expect_err("the key is taken");
    let keymap = Keymap { problems: keys, ..Keymap::default() };
    let mut show = Show::open(Opening { keymap, ..common(&[]).opening().expect("the shipped talk") }).expect("a talk");
    show.advance(120.0);
    let warning = "the screen saver cannot be held back: switch it off by hand";
    let window = WindowState { may_go_dark: Some(warning.to_owned()), ..WindowState::default() };
    show.take(show.now_secs(), Event::Window(window));
    let mut harness = open(show, [1440.0, 900.0], true);
    let says = |harness: &Harness<'_, Host>, words: &str| harness.query_all_by_label_contains(words).count();
    let open_page = |harness: &mut Harness<'_, Host>, key: Key| {
        harness.key_press_modifiers(egui::Modifiers::SHIFT, key);
        harness.step();
        harness.step();
    };
    open_page(&mut harness, Key::E);
    keep_picture(&mut harness, "console-problems");
    assert!(says(&harness, "keys.ron:1:3 the keys are the usual ones: \"b\" is the key of \"black\"") == 1);
    assert!(says(&harness, warning) > 0 && says(&harness, "endpoints") == 0);
    // The healthy lab: every page answers, also one that has nothing to tell any more.
    open_page(&mut harness, Key::M);
    assert_eq!(says(&harness, "0 of 29 endpoints down"), 1);
    // A node is gone: both pages say so.
    open_page(&mut harness, Key::M);
    let now_secs = harness.state().show.now_secs();
    let fails = tierlight::presentation::simulated::SimCommand::Profile(Profile::NodeFails);
    harness.state_mut().show.take(now_secs, Command::from(fails));
    harness.state_mut().show.advance(now_secs + 30.0);
    open_page(&mut harness, Key::M);
    let down = |count: usize| format!("{count} of 29 endpoints down");
    let found = (1..20).find(|count| says(&harness, &down(*count)) == 1).expect("some are down");
    open_page(&mut harness, Key::E);
    assert_eq!(says(&harness, &format!("{found} of 29 endpoints down")), 1, "the problems say the same");
}

#[test]
fn notes_are_made_as_large_as_two_metres_ask_for() {
    let mut show = talk("none");
    let sizes = |show: &mut Show, command: DeskCommand| {
        let press_on = (0..40).map(|_| {
            press(show, command);
            show.presentation().desk().notes_points
        });
        press_on.collect::<Vec<f32>>()
    };
    let larger = sizes(&mut show, DeskCommand::NotesLarger);
    assert_eq!((larger[0], larger[39]), (22.0, 72.0));
    assert!(larger.iter().position(|size| *size == 72.0) < Some(16), "a few presses away: {larger:?}");
    let smaller = sizes(&mut show, DeskCommand::NotesSmaller);
    assert_eq!(smaller[39], 14.0);
    press(&mut show, DeskCommand::NotesSize(72));
    for (name, size) in [("notes-72", [1440.0, 900.0]), ("notes-72-small", [1024.0, 640.0])] {
        let mut harness = open(show.clone(), size, true);
        harness.step();
        keep_picture(&mut harness, &format!("console-{name}"));
        assert_eq!(harness.state().show.presentation().desk().notes_points, 72.0);
    }
    press(&mut show, DeskCommand::OneScreen);
    let mut harness = open(show, [1440.0, 900.0], true);
    harness.step();
    keep_picture(&mut harness, "console-notes-72-one-screen");
}

#[test]
fn the_simulated_lab_is_set_with_chips_and_sliders() {
    for (name, size) in [("large", [1440.0, 900.0]), ("small", [1024.0, 640.0])] {
        let mut harness = open(talk("sim"), size, true);
        harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::S);
        harness.step();
        harness.step();
        let simulated = |harness: &Harness<'_, Host>| harness.state().show.presentation().simulated().clone();
        assert!(simulated(&harness).is_open, "{name}");
        for label in ["simulated lab 405b", "lapse 1"] {
            harness.get_by_label(label).click();
            harness.step();
            harness.step();
        }
        let track = harness.get_by_label("PUT of T2").rect();
        let at = track.left_center() + egui::vec2(track.width() * 0.75, 0.0);
        harness.event(egui::Event::PointerMoved(at));
        let button = |pressed| egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        };
        harness.event(button(true));
        harness.step();
        harness.event(button(false));
        harness.step();
        harness.step();
        let set = simulated(&harness);
        assert_eq!((set.profile, set.lapse), (Profile::Large, 1), "{name}");
        // 1 to 400 GB/s by its logarithm: three quarters along.
        let value = set.set.get("put-eight-nodes").copied().unwrap_or_default();
        assert!((value / 400_f64.powf(0.75) - 1.0).abs() < 0.02, "{name}: {value}");
        let working = harness.query_all_by_label_contains("a full checkpoint of that model: 5,68").count();
        assert_eq!(working, 1, "{name}: the working is shown");
        if let Some(folder) = std::env::var_os("CONSOLE_PICTURES") {
            let image = harness.render().expect("a picture");
            let file = std::path::Path::new(&folder).join(format!("simulated-{name}.png"));
            image.save(file).expect("a folder to write to");
        }
        harness.get_by_label("nothing set by hand").click();
        harness.step();
        harness.step();
        assert!(simulated(&harness).set.is_empty(), "{name}");
        harness.key_press(Key::Escape);
        harness.step();
        assert!(!simulated(&harness).is_open, "{name}");
    }
}

/// The console as it stands, for eyes: `CONSOLE_PICTURES=FOLDER cargo test --test suite console`.
fn keep_picture(harness: &mut Harness<'_, Host>, name: &str) {
    if let Some(folder) = std::env::var_os("CONSOLE_PICTURES") {
        let image = harness.render().expect("a picture");
        image.save(std::path::Path::new(&folder).join(format!("{name}.png"))).expect("a folder to write to");
    }
}

/// A talk some way into its longest cut, with "none" or the simulated lab.
fn at_the_loop(data: &str) -> Show {
    let mut show = talk(data);
    press(&mut show, WalkCommand::Cut(Some("45".to_owned())));
    let at = show.presentation().library().position("loop:3").expect("a step");
    let at = show.presentation().library().address(at);
    show.take(1.0, Command::from(WalkCommand::Jump(at)));
    show.take(9.0, Command::from(WalkCommand::Next));
    show.settle(60.0);
    show
}

#[test]
fn the_minutes_left_page_has_a_control_for_everything_and_its_own_keys() {
    for (name, size) in [("console-time", [1440.0, 900.0]), ("console-time-small", [1024.0, 640.0])] {
        let mut harness = open(at_the_loop("sim"), size, true);
        harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::X);
        harness.step();
        harness.key_press(Key::Num1);
        harness.key_press(Key::Num2);
        harness.step();
        let asked = |harness: &Harness<'_, Host>| harness.state().show.presentation().shortened();
        assert_eq!(asked(&harness).map(|asked| asked.minutes), Some(12), "{name}");
        for _ in 0..asked(&harness).map_or(0, |asked| asked.scenes.len()) {
            harness.step();
        }
        harness.key_press(Key::ArrowDown);
        harness.key_press(Key::ArrowDown);
        harness.step();
        harness.step();
        keep_picture(&mut harness, name);
        harness.get_by_label("a minute more").click();
        harness.step();
        harness.step();
        assert_eq!(asked(&harness).map(|asked| asked.minutes), Some(13), "{name}");
        harness.get_by_label("8 minutes left").click();
        harness.step();
        harness.step();
        harness.key_press(Key::Space);
        harness.step();
        harness.step();
        let kept = asked(&harness).expect("it is open").scenes.into_iter().filter(|scene| scene.kept).count();
        assert_eq!(kept, 1, "{name}: Space keeps the chosen scene");
        let before = harness.state().show.presentation().address().clone();
        harness.get_by_label("accept the shorter plan").click();
        harness.step();
        harness.step();
        let talk = harness.state().show.presentation();
        assert!(talk.shortened().is_none() && *talk.address() == before, "{name}");
        assert_eq!(talk.cut().map(|cut| cut.id.as_str()), Some("minutes-left"), "{name}");
    }
}

#[test]
fn the_console_below_the_stage_leaves_the_picture_to_the_room() {
    for (name, size) in [("console-one-screen", [1440.0, 900.0]), ("console-one-screen-small", [1024.0, 640.0])] {
        let mut show = at_the_loop("none");
        press(&mut show, DeskCommand::OneScreen);
        let mut harness = open(show, size, true);
        let at = |harness: &Harness<'_, Host>| harness.state().show.presentation().address().clone();
        harness.get_by_label("READY");
        keep_picture(&mut harness, name);
        let (here, seen) = (at(&harness), harness.state().show.audience());
        let below = egui::pos2(size[0] / 2.0, size[1] - 60.0);
        harness.drag_at(below);
        harness.drop_at(below);
        harness.step();
        assert_eq!(at(&harness), here, "{name}: a press on the console is not next");
        for key in [Key::Questionmark, Key::Escape, Key::O, Key::Escape, Key::Num4, Key::Escape] {
            harness.key_press(key);
            harness.step();
            assert!(harness.state().show.audience() == seen, "{name}: the room sees {key:?}");
        }
        harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::X);
        for _ in 0..20 {
            harness.step();
        }
        assert!(harness.query_by_label("accept the shorter plan").is_some(), "{name}");
        keep_picture(&mut harness, &format!("{name}-minutes"));
        harness.key_press(Key::Escape);
        harness.step();
        let stage = egui::pos2(size[0] / 2.0, 30.0);
        harness.drag_at(stage);
        harness.drop_at(stage);
        harness.step();
        harness.step();
        assert_ne!(at(&harness), here, "{name}: a press on the stage is");
        harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::C);
        harness.step();
        assert!(!harness.state().show.presentation().desk().has_console(), "{name}");
    }
}

#[test]
fn engineers_look_into_a_deployment_and_the_room_sees_none_of_it() {
    for (name, size) in [("console-engineer", [1440.0, 900.0]), ("console-engineer-small", [1024.0, 640.0])] {
        let mut show = at_the_loop("sim");
        show.advance(show.now_secs() + 20.0);
        press(&mut show, DeskCommand::Console);
        let seen = show.audience();
        let mut harness = open(show, size, true);
        harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::M);
        harness.step();
        harness.step();
        keep_picture(&mut harness, name);
        let count = |harness: &Harness<'_, Host>, words: &str| harness.query_all_by_label_contains(words).count();
        assert!(count(&harness, "latency") > 8, "{name}: {} drives are told", count(&harness, "latency"));
        assert!(count(&harness, "look into ") > 1, "{name}: there are deployments to choose");
        let first = harness.query_all_by_label_contains("look into ").next().is_some();
        if name == "console-engineer" {
            // Unit, age and origin, as i says them on the stage.
            for words in ["objects: ", " each ", " ago", "servers: ", " memory"] {
                assert!(count(&harness, words) > 0, "{name}: {words}");
            }
            assert!(count(&harness, "minio_cluster_usage_objects_total_bytes") > 0, "{name}: where it comes from");
        }
        assert!(first && count(&harness, "api ") + count(&harness, "requests a second") > 0, "{name}: APIs");
        harness.get_by_label("drives by used").click();
        harness.step();
        harness.key_press(Key::ArrowRight);
        harness.step();
        harness.step();
        keep_picture(&mut harness, &format!("{name}-next"));
        let Audience::Picture(now) = harness.state().show.audience() else { panic!("the room sees a picture") };
        let Audience::Picture(before) = seen else { panic!("the room saw a picture") };
        assert_eq!(now.marks.len(), before.marks.len(), "{name}: nothing more is on the stage");
        harness.key_press(Key::Escape);
        harness.step();
        assert_eq!(count(&harness, "look into "), 0, "{name}: Escape closes it");
    }
}

/// Tab on what lies over the talk goes through its controls, and the room's focus stays.
#[test]
fn tab_belongs_to_the_controls_of_the_page_that_is_open() {
    let pages = [("lab", Key::M, "drives by used"), ("sheet", Key::S, "lapse 1"), ("minutes", Key::X, "a minute more")];
    for (is_below, (page, key, control)) in [false, true].into_iter().flat_map(|below| pages.map(|page| (below, page)))
    {
        let name = format!("{page}, below the stage: {is_below}");
        let mut show = at_the_loop("sim");
        if is_below {
            press(&mut show, DeskCommand::OneScreen);
        }
        let mut harness = open(show, [1440.0, 1000.0], true);
        let step = |harness: &mut Harness<'_, Host>, key: Key| {
            harness.key_press(key);
            harness.step();
            harness.step();
        };
        harness.key_press_modifiers(egui::Modifiers::SHIFT, key);
        step(&mut harness, Key::F24);
        let here = harness.state().show.presentation().address().clone();
        let has_focus = |harness: &Harness<'_, Host>| harness.get_by_label(control).accesskit_node().is_focused();
        let tabs = (0..200).take_while(|_| {
            let goes_on = !has_focus(&harness);
            if goes_on {
                step(&mut harness, Key::Tab);
            }
            goes_on
        });
        assert!((1..200).contains(&tabs.count()), "{name}: {control} gets the focus");
        let minutes = |harness: &Harness<'_, Host>| {
            harness.state().show.presentation().shortened().map_or(0, |asked| asked.minutes)
        };
        let before = minutes(&harness);
        step(&mut harness, Key::Enter);
        let talk = harness.state().show.presentation();
        assert_eq!((talk.focused(), talk.address()), (None, &here), "{name}: nothing of the stage");
        match page {
            "sheet" => assert_eq!(talk.simulated().lapse, 1, "{name}: Enter presses it"),
            "minutes" => assert_eq!(minutes(&harness), before + 1, "{name}: Enter presses it"),
            _ => {}
        }
    }
    let mut harness = open(at_the_loop("sim"), [1440.0, 900.0], true);
    harness.key_press(Key::Tab);
    harness.step();
    assert!(harness.state().show.presentation().focused().is_some(), "with no page open Tab is the stage's");
}

#[test]
fn the_console_is_drawn_whole_at_each_size() {
    for (name, size) in [("large", [1440.0, 900.0]), ("small", [1024.0, 640.0])] {
        let mut show = talk("sim");
        let at = show.presentation().library().position("loop:3").expect("a step");
        let at = show.presentation().library().address(at);
        show.take(1.0, Command::from(WalkCommand::Jump(at)));
        show.take(9.0, Command::from(WalkCommand::Next));
        show.settle(60.0);
        let mut harness = open(show, size, true);
        harness.step();
        let labels = ["NOW", "T2"];
        for label in labels.into_iter().filter(|label| name == "large" || *label != "NOW") {
            let found = harness.query_all_by_label_contains(label).count();
            assert!(found > 0, "{label} at {name}");
        }
        let image = harness.render().expect("a picture");
        let lit = image.pixels().filter(|pixel| pixel.0[..3].iter().any(|channel| *channel > 200)).count();
        assert!(lit > 3000, "{name}: {lit} bright pixels");
        keep_picture(&mut harness, &format!("console-{name}"));
    }
}

#[test]
fn a_talk_told_again_has_a_bar_of_its_whole_time_that_the_pointer_drags() {
    let bytes = retold_bytes();
    for (name, size) in [("console-told-again", [1440.0, 900.0]), ("console-told-again-small", [1024.0, 640.0])] {
        let recording = Recording::open(bytes.clone()).expect("a recording");
        let mut retold = Show::retelling(recording, Opening::default()).expect("a talk");
        retold.take(0.0, Command::from(WalkCommand::Pause));
        retold.take(0.0, Command::from(WalkCommand::Seek(33.0)));
        let mut harness = open(retold, size, true);
        harness.step();
        keep_picture(&mut harness, name);
        let bar = harness.get_by_label("place in the recorded talk, in seconds").rect();
        let at_secs = |harness: &Harness<'_, Host>| harness.state().show.retold().expect("it is").at_secs();
        harness.drag_at(bar.left_center() + egui::vec2(bar.width() * 0.25, 0.0));
        harness.step();
        harness.hover_at(bar.center());
        harness.step();
        harness.drop_at(bar.center());
        harness.step();
        let end_secs = harness.state().show.retold().expect("it is").end_secs();
        assert!((at_secs(&harness) - end_secs / 2.0).abs() < 0.5, "{name}: {}", at_secs(&harness));
        harness.key_press(Key::Home);
        harness.step();
        assert_eq!(at_secs(&harness), 0.0, "{name}");
        harness.key_press(Key::PageDown);
        harness.step();
        assert_eq!(at_secs(&harness), 9.0, "{name}: the first press ended the motion that was on");
        if name == "console-told-again" {
            harness.get_by_label("pause and go on").click();
            harness.step();
            harness.step();
            assert!(harness.state().show.retold().is_some_and(|retold| retold.plays()));
            harness.get_by_label("told motion faster").click();
            harness.step();
            harness.step();
            assert_eq!(harness.state().show.retold().map(|retold| retold.speed()), Some(2.0));
        }
    }
}

/// A talk of eight presses, recorded.
fn retold_bytes() -> Vec<u8> {
    let opening = Opening { is_logged: true, ..common(&[]).opening().expect("the shipped talk") };
    let mut show = Show::open(opening).expect("the shipped talk");
    let mut writer = recording_of(&show);
    for (nth, at_secs) in [3.0, 9.0, 14.0, 22.0, 30.0, 41.0, 47.0, 60.0].into_iter().enumerate() {
        show.advance(at_secs);
        let command = if nth % 3 == 2 { WalkCommand::NextScene } else { WalkCommand::Next };
        show.take(at_secs, Command::from(command));
    }
    show.advance(80.0);
    for timed in show.drain_log() {
        writer.add_event(&timed).expect("it is written");
    }
    let mut bytes = writer.drain();
    bytes.extend(writer.finish().expect("it is written"));
    bytes
}

/// A recording that begins with a show.
fn recording_of(show: &Show) -> Writer {
    let (app, began) = ("0.1.0".to_owned(), "2026-11-28T14:02:11Z".to_owned());
    let header = Header { app, began, what: Recorded::Talk, is_redacted: true };
    Writer::new(&header, Some(&show.recorded_opening()), Effort::Light).expect("it is written")
}
