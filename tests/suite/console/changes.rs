//! What each command changes: one table, and each command performed by its keys, by its control on the console, and as a line
//! of a script.

use std::collections::BTreeSet;

use egui::Event as Input;
use egui_kittest::kittest::Queryable as _;
use serde_json::{Value, json};
use tierlight::commands::run::perform;
use tierlight::paint::Textures;
use tierlight::presentation::command::Command;
use tierlight::presentation::event::Effect;
use tierlight::presentation::over::OverCommand;
use tierlight::show::Show;
use tierlight::theme::{self, Theme};
use tierlight::window::Window;

use super::open;
use crate::keys::event_of;
use crate::talk::{jump, press, talk};

/// What is so after a command, and was not before it. Places are those of the talk's state as JSON.
enum Change {
    /// The talk is at this step.
    At(&'static str),
    /// This stands there.
    Is(&'static str, Value),
    /// Something else stands there.
    Differs(&'static str),
    /// So many stand there.
    Count(&'static str, usize),
    /// The host is to do this.
    Does(Effect),
}

use Change::{At, Count, Differs, Does, Is};

/// A command by its name; the lines of a script before it; its own line where that is more than its name; and its change. All
/// begin at the third step of the loop.
type Row = (&'static str, &'static [&'static str], &'static str, Change);

const STROKES: [&str; 2] = ["ink-stroke 300 300, 500 400", "ink-stroke 600 300, 700 400"];

fn table() -> Vec<Row> {
    let page = |name: &'static str| Is("/desk/page", json!(name));
    vec![
        ("next", &[], "", At("loop:4")),
        ("back", &[], "", At("loop:2")),
        ("next-scene", &[], "", At("flat-line:1")),
        ("previous-scene", &[], "", At("scale:1")),
        ("first-step", &[], "", At("loop:1")),
        ("last-step", &[], "", At("loop:6")),
        ("enter", &["digits 4"], "", At("tiers:1")),
        ("ask", &[], "", Differs("/asking/open")),
        ("return", &["jump tiers:2"], "", At("loop:3")),
        ("jump-again", &["jump tiers:2", "return"], "", At("tiers:2")),
        ("focus-next", &[], "", Differs("/pointing/focus")),
        ("focus-before", &[], "", Differs("/pointing/focus")),
        ("replay-step", &[], "", Differs("/walk/clock")),
        ("pause", &[], "", Is("/walk/paused", json!(true))),
        ("slower", &[], "", Is("/walk/tempo", json!(1.0 / 1.5))),
        ("faster", &[], "", Is("/walk/tempo", json!(1.5))),
        ("black", &[], "", Is("/over/cover", json!("Black"))),
        ("white", &[], "", Is("/over/cover", json!("White"))),
        ("hold", &[], "", Differs("/over/held")),
        ("present", &[], "", Does(Effect::Present)),
        ("full-screen", &[], "", Does(Effect::FullScreen(true))),
        ("test-card", &[], "", Is("/over/sheet", json!("TestCard"))),
        ("escape", &["black"], "", Differs("/over")),
        ("quit", &["quit"], "", Does(Effect::Quit)),
        ("theme", &[], "", Is("/look/theme", json!("Light"))),
        ("reduced-motion", &[], "", Is("/look/reduced", json!(true))),
        ("monitor", &[], "", At("monitor:1")),
        ("engineers", &["console"], "", page("engineers")),
        ("next-source", &[], "", Differs("/measured/sources/shown")),
        ("simulated", &["console"], "", Is("/measured/simulated/is_open", json!(true))),
        ("names", &[], "", Is("/look/names", json!(true))),
        ("laser", &[], "", Differs("/hand/laser")),
        ("spotlight", &[], "", Is("/hand/has_spot", json!(true))),
        ("zoom", &["pointer 960 600"], "", Differs("/hand/zoom")),
        ("ink", &[], "", Is("/hand/has_ink", json!(true))),
        ("ink-back", &STROKES, "", Count("/hand/ink/loop:3", 1)),
        ("ink-clear", &STROKES, "", Count("/hand/ink/loop:3", 0)),
        ("record", &[], "", Does(Effect::Record)),
        ("open-recording", &[], "", Does(Effect::OpenRecording)),
        ("tell-again", &[], "", Differs("/over/notice")),
        ("resume", &[], "", Does(Effect::Resume)),
        ("number-source", &[], "", Is("/over/sheet", json!("Numbers"))),
        ("copy", &[], "", Does(Effect::Copy("loop:3".to_owned()))),
        ("cut", &[], "", Is("/walk/cut", json!("10"))),
        ("minutes-left", &["console"], "", Differs("/desk/page")),
        ("timer", &[], "", Differs("/pace/since_secs")),
        ("timer-zero", &["timer"], "", Differs("/pace")),
        ("rehearsal", &[], "", Is("/pace/rehearses", json!(true))),
        ("console", &[], "", Differs("/desk/console")),
        ("one-screen", &[], "", Is("/desk/one_screen", json!(true))),
        ("swap", &[], "", Does(Effect::Swap)),
        ("overview", &["console"], "", Is("/desk/overview", json!("loop"))),
        ("park", &[], "", Count("/desk/parked", 1)),
        ("notes-up", &["notes-down", "notes-down"], "", Is("/desk/notes_pages", json!(1))),
        ("notes-down", &[], "", Is("/desk/notes_pages", json!(1))),
        ("notes-smaller", &[], "", Is("/desk/notes_points", json!(18.0))),
        ("notes-larger", &[], "", Is("/desk/notes_points", json!(22.0))),
        ("doctor", &["console"], "", Does(Effect::LookOver)),
        ("problems", &["console"], "", page("problems")),
        ("phone", &["console"], "", page("phone")),
        ("reload", &[], "", Is("/files/follows", json!(false))),
        ("help", &[], "", Differs("/over/sheet")),
        // Those without a key.
        ("jump", &[], "jump loop:5", At("loop:5")),
        ("digit", &[], "digits 7", Is("/over/number/what", json!(7))),
        ("click", &[], "click 4 4", At("loop:4")),
        ("open", &[], "open gpu-loop", Differs("/pointing/opened_secs")),
        ("release", &["ink", "click 300 300", "pointer 400 400"], "", Count("/hand/ink/loop:3", 1)),
        ("ink-stroke", &[], STROKES[0], Count("/hand/ink/loop:3", 1)),
        ("first-keys", &[], "", Differs("/over/first_keys")),
        ("notes-size", &[], "notes-size 30", Is("/desk/notes_points", json!(30.0))),
        ("choose", &["console", "overview"], "choose 1", Is("/desk/overview", json!("flat-line"))),
        (
            "choose-step",
            &["console", "overview", "choose-step 1"],
            "choose-step 1",
            Is("/desk/overview_step", json!(1)),
        ),
        ("keep", &["console", "minutes-left 9", "choose 1"], "", Differs("/desk/page")),
        ("source", &[], "source none", Differs("/measured/sources/shown")),
        ("profile", &[], "profile 405b", Differs("/measured/simulated/profile")),
        ("lapse", &[], "lapse 2", Is("/measured/simulated/lapse", json!(2))),
        ("slide", &[], "slide put-eight-nodes 100", Is("/measured/simulated/set/put-eight-nodes", json!(100.0))),
        ("slide-back", &["slide put-eight-nodes 100"], "", Count("/measured/simulated/set", 0)),
        ("let-go", &[], "", Does(Effect::LetGo)),
    ]
}

/// Commands that no line of a script gives, and why.
const NOT_IN_SCRIPTS: [(&str, &str); 2] = [
    ("tell", "its plan is made by minutes-left, and enter accepts it"),
    ("seek", "no script tells a recorded talk again"),
];

/// The place of the talk's state; null where there is none.
fn state_at(show: &Show, place: &str) -> Value {
    let state = serde_json::to_value(show.presentation().state()).expect("the state has a form");
    state.pointer(place).cloned().unwrap_or_default()
}

impl Change {
    fn place(&self) -> Option<&'static str> {
        match self {
            At(_) | Does(_) => None,
            Is(place, _) | Differs(place) | Count(place, _) => Some(place),
        }
    }

    /// Whether it came: what stood at its place before, the talk now, and what was asked of the host meanwhile.
    fn came(&self, before: &Value, show: &Show, done: &[Effect]) -> bool {
        let now = self.place().map(|place| state_at(show, place)).unwrap_or_default();
        match self {
            At(step) => show.presentation().address().to_string() == *step,
            Does(effect) => done.contains(effect),
            Is(_, value) => now == *value && now != *before,
            Differs(_) => now != *before,
            Count(_, count) => {
                let len = now.as_array().map(Vec::len).or(now.as_object().map(serde_json::Map::len));
                len.unwrap_or(0) == *count && now != *before
            }
        }
    }
}

/// The talk at the step where all begin, with the lines before a command carried out.
fn prepared(before: &[&str]) -> Show {
    let mut show = talk("sim");
    let at = show.presentation().library().position("loop:3").expect("a step");
    jump(&mut show, at);
    show.settle(60.0);
    for line in before {
        perform(&mut show, line).unwrap_or_else(|words| panic!("{line}: {words}"));
    }
    show
}

#[test]
fn each_command_does_what_the_table_says_as_a_line_of_a_script() {
    let told: BTreeSet<&str> = table().iter().map(|row| row.0).collect();
    for name in Command::names() {
        let reason = NOT_IN_SCRIPTS.iter().find(|(without, _)| *without == name);
        assert!(told.contains(name) != reason.is_some(), "{name} needs a row in the table, or a reason");
    }
    let mut wrong = Vec::new();
    for (name, before, line, change) in table() {
        let mut show = prepared(before);
        let was = change.place().map(|place| state_at(&show, place)).unwrap_or_default();
        let line = if line.is_empty() { name } else { line };
        let done = perform(&mut show, line).unwrap_or_else(|words| panic!("{line}: {words}"));
        let now = change.place().map(|place| state_at(&show, place).to_string()).unwrap_or_default();
        let at = show.presentation().address();
        if !change.came(&was, &show, &done) {
            wrong.push(format!("{line}: at {at}, {now} there now, asked of the host: {done:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_command_does_what_the_table_says_by_each_of_its_keys() {
    let ctx = egui::Context::default();
    ctx.set_fonts(theme::fonts());
    let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(640.0, 360.0));
    let (mut now_secs, table) = (0.0, table());
    for entry in &talk("sim").presentation().keymap().entries {
        let (_, before, _, change) = table.iter().find(|row| row.0 == entry.name()).expect("every key has a row");
        for name in &entry.keys {
            let mut show = prepared(before);
            let mut window = Window::new(Theme::load(show.presentation().theme()), Textures::default());
            let was = change.place().map(|place| state_at(&show, place)).unwrap_or_default();
            let (key, modifiers) = event_of(name);
            let mut done = Vec::new();
            for pressed in [true, false] {
                now_secs += 0.01;
                let events = vec![Input::Key { key, physical_key: None, pressed, repeat: false, modifiers }];
                let input =
                    egui::RawInput { time: Some(now_secs), events, screen_rect: Some(screen), ..Default::default() };
                let at_secs = show.now_secs();
                let out = ctx.run_ui(input, |ui| done.extend(window.frame(ui, &mut show, at_secs).effects));
                out.drop_without_applying_deltas();
            }
            assert!(change.came(&was, &show, &done), "{name} for {}: {done:?}", entry.name());
        }
    }
}

#[test]
fn each_command_does_what_the_table_says_by_its_control() {
    for size in [[1440.0, 900.0], [1024.0, 640.0]] {
        let mut harness = open(talk("sim"), size, true);
        let table = table();
        for entry in talk("sim").presentation().keymap().entries.clone() {
            let (_, before, _, change) =
                table.iter().find(|row| row.0 == entry.name()).expect("every control has a row");
            // The console is open, with all commands on their sheet.
            let mut show = prepared(&["console"]);
            press(&mut show, OverCommand::Help);
            for line in before.iter().filter(|line| **line != "console") {
                perform(&mut show, line).unwrap_or_else(|words| panic!("{line}: {words}"));
            }
            harness.state_mut().show = show;
            harness.state_mut().done.clear();
            harness.step();
            let was = change.place().map(|place| state_at(&harness.state().show, place)).unwrap_or_default();
            harness.get_by_label(&format!("do: {}", entry.words)).click();
            harness.step();
            harness.step();
            let host = harness.state();
            assert!(change.came(&was, &host.show, &host.done), "{} at {size:?}: {:?}", entry.name(), host.done);
        }
    }
}
