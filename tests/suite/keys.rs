//! Keys and clicks to commands, through egui's own events, by the one table.

use egui::{Event, Key, Modifiers, PointerButton, RawInput, pos2};
use tierlight::keys::{Mode, events_since_last_frame};
use tierlight::presentation::asking::AskCommand;
use tierlight::presentation::command::Command;
use tierlight::presentation::event::Event as Happening;
use tierlight::presentation::hand::HandCommand;
use tierlight::presentation::keymap::{KeyEntry, Keymap};
use tierlight::presentation::look::LookCommand;
use tierlight::presentation::measured::SourceCommand;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::pointing::PointCommand;
use tierlight::presentation::walk::WalkCommand;

/// What happens in one frame with these events.
fn happens(events: Vec<Event>, mode: Mode) -> Vec<Happening> {
    let (ctx, keymap) = (egui::Context::default(), Keymap::default());
    let mut found = Vec::new();
    let out = ctx.run_ui(RawInput { events, ..RawInput::default() }, |ui| {
        found.extend(events_since_last_frame(ui.ctx(), &keymap, mode));
    });
    out.drop_without_applying_deltas();
    found
}

fn only_commands(happened: Vec<Happening>) -> Vec<Command> {
    let commands = happened.into_iter().filter_map(|event| match event {
        Happening::Command(command) => Some(command),
        Happening::Source { .. }
        | Happening::SceneText { .. }
        | Happening::Pointer(_)
        | Happening::Window(_)
        | Happening::Key(_)
        | Happening::Word(_)
        | Happening::Recording(_) => None,
    });
    commands.collect()
}

/// The commands of one frame with these events.
fn commands(events: Vec<Event>) -> Vec<Command> {
    only_commands(happens(events, Mode::default()))
}

fn table() -> Vec<KeyEntry> {
    Keymap::default().entries
}

fn command_named(name: &str) -> Option<Command> {
    Keymap::default().command_named(name)
}

fn key_event(key: Key, physical_key: Option<Key>, modifiers: Modifiers) -> Event {
    Event::Key { key, physical_key, pressed: true, repeat: false, modifiers }
}

fn press(key: Key, modifiers: Modifiers) -> Vec<Command> {
    commands(vec![key_event(key, None, modifiers)])
}

/// The event that a keyboard sends for a key as the table writes it.
pub(crate) fn event_of(name: &str) -> (Key, Modifiers) {
    let (modifiers, base) = match name.split_once('+') {
        Some(("Shift", base)) => (Modifiers::SHIFT, base),
        Some(("Ctrl", base)) => (Modifiers::CTRL | Modifiers::COMMAND, base),
        Some(("Alt", base)) => (Modifiers::ALT, base),
        _ if name.len() == 1 && name.bytes().all(|byte| byte.is_ascii_uppercase()) => (Modifiers::SHIFT, name),
        _ => (Modifiers::NONE, name),
    };
    let modifiers = if base == "?" { Modifiers::SHIFT } else { modifiers };
    (Key::from_name(base).unwrap_or_else(|| panic!("egui knows no key {base}")), modifiers)
}

/// The keys of presenting.md whose commands exist, as a clicker or a keyboard sends them.
const PROMISED: [(&str, &str); 86] = [
    ("Q", "phone"),
    ("S", "simulated"),
    ("F", "test-card"),
    ("l", "laser"),
    ("L", "spotlight"),
    ("z", "zoom"),
    ("d", "ink"),
    ("Ctrl+Z", "ink-back"),
    ("D", "ink-clear"),
    ("ArrowRight", "next"),
    ("ArrowDown", "next"),
    ("PageDown", "next"),
    ("Space", "next"),
    ("n", "next"),
    ("Enter", "enter"),
    ("ArrowLeft", "back"),
    ("ArrowUp", "back"),
    ("PageUp", "back"),
    ("p", "back"),
    ("Shift+ArrowRight", "next-scene"),
    ("Shift+ArrowLeft", "previous-scene"),
    ("Home", "first-step"),
    ("End", "last-step"),
    ("Backspace", "return"),
    ("Shift+Backspace", "jump-again"),
    ("r", "replay-step"),
    ("k", "pause"),
    ("[", "slower"),
    ("]", "faster"),
    (".", "black"),
    ("b", "black"),
    (";", "black"),
    (",", "white"),
    ("w", "white"),
    ("h", "hold"),
    ("F5", "present"),
    ("Shift+F5", "present"),
    ("f", "full-screen"),
    ("Escape", "escape"),
    ("Ctrl+Q", "quit"),
    ("t", "theme"),
    ("K", "reduced-motion"),
    ("m", "monitor"),
    ("v", "next-source"),
    ("V", "names"),
    ("R", "record"),
    ("Ctrl+O", "open-recording"),
    ("Ctrl+P", "tell-again"),
    ("Ctrl+G", "resume"),
    ("i", "number-source"),
    ("e", "reload"),
    ("?", "help"),
    ("F1", "help"),
    ("0", "digit"),
    ("1", "digit"),
    ("2", "digit"),
    ("3", "digit"),
    ("4", "digit"),
    ("5", "digit"),
    ("6", "digit"),
    ("7", "digit"),
    ("8", "digit"),
    ("9", "digit"),
    ("Ctrl+q", "quit"),
    ("g", "ask"),
    ("Ctrl+K", "ask"),
    ("Tab", "focus-next"),
    ("Shift+Tab", "focus-before"),
    ("Ctrl+C", "copy"),
    ("x", "cut"),
    ("X", "minutes-left"),
    ("C", "one-screen"),
    ("M", "engineers"),
    ("Ctrl+R", "rehearsal"),
    ("Ctrl+D", "doctor"),
    ("E", "problems"),
    ("T", "timer"),
    ("Ctrl+T", "timer-zero"),
    ("c", "console"),
    ("s", "swap"),
    ("o", "overview"),
    ("P", "park"),
    ("Alt+ArrowUp", "notes-up"),
    ("Alt+ArrowDown", "notes-down"),
    ("Ctrl+-", "notes-smaller"),
    ("Ctrl+=", "notes-larger"),
];

#[test]
fn every_promised_key_gives_its_command() {
    for (name, command) in PROMISED {
        let digit = name.parse::<u8>().ok().map(|digit| Command::from(OverCommand::Digit(digit)));
        let expected = digit.or_else(|| command_named(command)).unwrap_or_else(|| panic!("no command {command}"));
        let (key, modifiers) = event_of(name);
        assert_eq!(press(key, modifiers), [expected], "{name}");
    }
}

#[test]
fn every_key_of_the_table_is_sent_by_some_keyboard() {
    for entry in table() {
        assert_eq!(command_named(entry.name()), Some(entry.command.clone()));
        for name in &entry.keys {
            let (key, modifiers) = event_of(name);
            assert_eq!(press(key, modifiers), std::slice::from_ref(&entry.command), "{name}");
            assert!(PROMISED.iter().any(|(promised, _)| promised == name), "{name} is not in presenting.md");
        }
    }
}

#[test]
fn names_keys_and_words_are_unique() {
    let table = table();
    let mut seen = std::collections::BTreeSet::new();
    for entry in &table {
        assert!(!entry.words.is_empty() && !entry.keys.is_empty(), "{}", entry.name());
        assert!(seen.insert(format!("name {}", entry.name())));
        assert!(seen.insert(format!("words {}", entry.words)));
        for key in &entry.keys {
            assert!(seen.insert(format!("key {key}")), "{key} has two commands");
            assert_eq!(Keymap::default().command_of(key), Some(entry.command.clone()));
        }
    }
}

#[test]
fn a_file_gives_a_command_other_keys_and_no_key_two_commands() {
    let map =
        Keymap::with_own("keys.ron", "{ \"laser\": [\"F7\", \"Shift+Home\"], \"help\": [\"?\"] }").expect("it reads");
    let command = |key: &str| map.command_of(key).map(|command| command.name());
    let known = [("F7", Some("laser")), ("Shift+Home", Some("laser")), ("l", None), ("F1", None), ("n", Some("next"))];
    for (key, name) in known {
        assert_eq!(command(key), name, "{key}");
    }
    let swapped = Keymap::with_own("keys.ron", "{ \"black\": [\"w\"], \"white\": [\"b\"] }").expect("both are named");
    assert_eq!(swapped.command_of("w").map(|command| command.name()), Some("black"));
    let refused = [
        ("{\n \"laser\": [\"n\"] }", 2, "\"n\" is the key of \"next\" and of \"laser\""),
        ("{\n\n \"lazer\": [\"F7\"] }", 3, "no command \"lazer\""),
        ("{ \"laser\": [\n\"F99\"] }", 2, "no key \"F99\""),
        ("{ \"laser\": [\"7\"] }", 1, "no key \"7\""),
        ("{ \"jump\": [\"F7\"] }", 1, "\"jump\" can have no key"),
        ("{ \"next\": [] }", 1, "\"next\" has no key"),
        ("{ \"laser\": [\"F7\" }", 1, ""),
        ("{ \"laser\": [\"F7\"],\n \"laser\": [\"F8\"] }", 2, "\"laser\" is given twice"),
        ("{ \"laser\":\n [\"F7\", \"F7\"] }", 2, "\"F7\" stands 2 times among the keys of \"laser\""),
    ];
    for (text, line, words) in refused {
        let problems = Keymap::with_own("keys.ron", text).expect_err(text);
        assert!(problems[0].line == line && problems[0].message.contains(words), "{text}: {:?}", problems[0]);
    }
    let hint = &Keymap::with_own("keys.ron", "{ \"lazer\": [\"F7\"] }").expect_err("unknown")[0].hint;
    assert_eq!(hint, "did you mean \"laser\"?");
}

#[test]
fn keys_that_leave_a_clicker_nothing_are_odd() {
    let cases: [(&str, &[(usize, &str)]); 5] = [
        ("{\n \"next\": [\".\"], \"black\": [\"b\"] }", &[(2, "no key that a clicker sends gives \"next\"")]),
        ("{ \"back\": [] }", &[(1, "no key that a clicker sends gives \"back\"")]),
        ("{ \"next\": [\"n\"],\n \"back\": [\"p\"] }", &[(1, "gives \"next\""), (2, "gives \"back\"")]),
        ("{ \"next\": [\"n\", \"PageDown\"], \"back\": [\"ArrowLeft\"] }", &[]),
        ("{ \"laser\": [\"F7\"] }", &[]),
    ];
    for (text, odd) in cases {
        let problems = Keymap::with_own("keys.ron", text).expect(text).problems;
        assert_eq!(problems.len(), odd.len(), "{text}: {problems:?}");
        for (problem, (line, words)) in problems.iter().zip(odd) {
            assert!(problem.line == *line && problem.message.contains(words), "{text}: {problem:?}");
        }
    }
}

#[test]
fn a_key_held_down_counts_once_and_its_release_not_at_all() {
    let ctx = egui::Context::default();
    let mut found = Vec::new();
    for pressed_down in [true, true, true, false, true] {
        let event = Event::Key {
            key: Key::PageDown,
            physical_key: None,
            pressed: pressed_down,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        let out = ctx.run_ui(RawInput { events: vec![event], ..RawInput::default() }, |ui| {
            found.push(events_since_last_frame(ui.ctx(), &Keymap::default(), Mode::default()).len());
        });
        out.drop_without_applying_deltas();
    }
    assert_eq!(found, [1, 0, 0, 0, 1]);
}

#[test]
fn caps_lock_changes_nothing_and_shift_makes_a_capital() {
    // With Caps Lock the typed text is a capital; the key is the same.
    let caps = vec![key_event(Key::N, Some(Key::N), Modifiers::NONE), Event::Text("N".into())];
    assert_eq!(commands(caps), [WalkCommand::Next.into()]);
    assert_eq!(press(Key::V, Modifiers::NONE), [SourceCommand::NextSource.into()]);
    assert_eq!(press(Key::V, Modifiers::SHIFT), [LookCommand::Names.into()]);
    assert_eq!(press(Key::N, Modifiers::SHIFT), [], "N is free");
}

#[test]
fn unknown_chords_do_nothing() {
    let ctrl = Modifiers::CTRL | Modifiers::COMMAND;
    let free =
        [(Key::N, ctrl), (Key::ArrowRight, ctrl), (Key::Q, Modifiers::NONE), (Key::F4, Modifiers::ALT), (Key::B, ctrl)];
    let free = free.into_iter().chain([
        (Key::PageDown, Modifiers::ALT),
        (Key::PageDown, ctrl | Modifiers::SHIFT),
        (Key::F9, Modifiers::NONE),
    ]);
    for (key, modifiers) in free.chain([(Key::Plus, ctrl), (Key::Space, Modifiers::SHIFT)]) {
        assert_eq!(press(key, modifiers), [], "{key:?} {modifiers:?}");
    }
}

#[test]
fn a_letter_is_found_by_character_then_by_place() {
    // A Greek layout has no command on its character; the place of `h` counts.
    assert_eq!(commands(vec![key_event(Key::Quote, Some(Key::H), Modifiers::NONE)]), [OverCommand::Hold.into()]);
    // On Dvorak the key in the place of `l` writes `n`: what it writes wins.
    assert_eq!(commands(vec![key_event(Key::N, Some(Key::L), Modifiers::NONE)]), [WalkCommand::Next.into()]);
    // A Latin letter without a command has none by its place either: on Dvorak `u` stands where `f` does.
    assert_eq!(commands(vec![key_event(Key::U, Some(Key::F), Modifiers::NONE)]), []);
    // On AZERTY Ctrl+A stands where Ctrl+Q does, and Z where W does.
    let ctrl = Modifiers::CTRL | Modifiers::COMMAND;
    assert_eq!(commands(vec![key_event(Key::A, Some(Key::Q), ctrl)]), []);
    assert_eq!(commands(vec![key_event(Key::Quote, Some(Key::Q), ctrl)]), []);
    assert_eq!(commands(vec![key_event(Key::Z, Some(Key::W), Modifiers::NONE)]), [HandCommand::Zoom.into()]);
    // Its digits are typed with Shift, and without it the signs on the same keys count as digits.
    let digit = [Command::from(OverCommand::Digit(3))];
    assert_eq!(commands(vec![key_event(Key::Num3, Some(Key::Num3), Modifiers::SHIFT)]), digit);
    assert_eq!(commands(vec![key_event(Key::Quote, Some(Key::Num3), Modifiers::NONE)]), digit);
}

#[test]
fn the_press_that_gives_the_window_the_focus_does_nothing_else() {
    let (ctx, keymap) = (egui::Context::default(), Keymap::default());
    let click = |pressed| Event::PointerButton {
        pos: pos2(10.0, 10.0),
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let clicks_at = |time: f64, mut events: Vec<Event>| {
        events.extend([click(true), click(false)]);
        let (mut found, input) = (Vec::new(), RawInput { time: Some(time), events, ..RawInput::default() });
        let out = ctx.run_ui(input, |ui| {
            found.extend(events_since_last_frame(ui.ctx(), &keymap, Mode::default()));
        });
        out.drop_without_applying_deltas();
        only_commands(found).len()
    };
    assert_eq!(clicks_at(1.0, vec![]), 1, "a window that never lost the focus has it");
    assert_eq!(clicks_at(2.0, vec![Event::WindowFocused(false)]), 0);
    assert_eq!(clicks_at(3.0, vec![]), 0, "the window is told of its focus after the press");
    assert_eq!(clicks_at(3.02, vec![Event::WindowFocused(true)]), 0, "or with it");
    assert_eq!(clicks_at(3.5, vec![]), 1);
}

#[test]
fn a_click_is_next_and_other_buttons_do_nothing() {
    let button =
        |button, pressed| Event::PointerButton { pos: pos2(10.0, 10.0), button, pressed, modifiers: Modifiers::NONE };
    let clicked = commands(vec![button(PointerButton::Primary, true), button(PointerButton::Primary, false)]);
    assert_eq!(clicked, [PointCommand::Click.into()]);
    // Where a click is aimed, the pointer's moves tell: a clicker sends bare clicks.
    let moved = Event::PointerMoved(pos2(10.0, 10.0));
    let happened = happens(vec![moved, button(PointerButton::Primary, true), Event::PointerGone], Mode::default());
    assert!(matches!(
        happened[..],
        [
            Happening::Pointer(Some(_)),
            Happening::Command(Command::Point(PointCommand::Click)),
            Happening::Pointer(None)
        ]
    ));
    for other in [PointerButton::Secondary, PointerButton::Middle, PointerButton::Extra1] {
        assert_eq!(commands(vec![button(other, true), button(other, false)]), []);
    }
}

/// The commands of one frame with these events while the presenter asks.
fn asking(events: Vec<Event>) -> Vec<Command> {
    only_commands(happens(events, Mode { asks: true, ..Mode::default() }))
}

#[test]
fn letters_belong_to_the_ask_box_while_it_is_open() {
    let text = |letters: &str| Event::Text(letters.to_owned());
    let opened = commands(vec![key_event(Key::G, None, Modifiers::NONE), text("g")]);
    assert_eq!(opened, [Command::Ask(AskCommand::Open)], "the letter that opens it is no letter in it");
    let typed = asking(vec![
        key_event(Key::N, None, Modifiers::NONE),
        text("n"),
        key_event(Key::Space, None, Modifiers::NONE),
        text(" "),
    ]);
    assert_eq!(typed, ["n", " "].map(|letters| Command::Ask(AskCommand::Type(letters.to_owned()))));
    let edits = [
        (Key::Backspace, Command::Ask(AskCommand::Erase)),
        (Key::ArrowDown, Command::Ask(AskCommand::Down)),
        (Key::Enter, Command::Ask(AskCommand::Go)),
        (Key::Escape, Command::Escape),
    ];
    for (key, command) in edits {
        assert_eq!(asking(vec![key_event(key, None, Modifiers::NONE)]), [command]);
    }
    assert_eq!(asking(vec![key_event(Key::F7, None, Modifiers::NONE)]), [], "no other key leaves the box");
    for (key, command) in [(Key::PageDown, "next"), (Key::PageUp, "back"), (Key::F5, "present")] {
        let passed = asking(vec![key_event(key, None, Modifiers::NONE)]);
        assert_eq!(
            passed.iter().map(Command::name).collect::<Vec<_>>(),
            [command],
            "the clicker goes on with the talk"
        );
    }
}

/// While the doctor's page is open.
#[test]
fn every_key_is_told_by_its_name_with_or_without_a_command() {
    let cases: [(Event, &str, Option<&str>); 8] = [
        (key_event(Key::PageDown, None, Modifiers::NONE), "PageDown", Some("next")),
        (key_event(Key::Escape, None, Modifiers::NONE), "Escape", Some("escape")),
        (key_event(Key::F5, None, Modifiers::SHIFT), "Shift+F5", Some("present")),
        (key_event(Key::BrowserBack, None, Modifiers::NONE), "BrowserBack", None),
        (key_event(Key::F4, None, Modifiers::ALT), "Alt+F4", None),
        (key_event(Key::F9, Some(Key::N), Modifiers::NONE), "n", Some("next")),
        (Event::Copy, "Ctrl+C", Some("copy")),
        (Event::Paste("words".to_owned()), "Ctrl+V", None),
    ];
    let mode = Mode { tells_keys: true, ..Mode::default() };
    for (event, name, command) in cases {
        let found = happens(vec![event.clone()], mode);
        assert_eq!(found.first(), Some(&Happening::Key(name.to_owned())), "{event:?}");
        let commands = only_commands(found);
        assert_eq!(commands.iter().map(Command::name).next(), command, "{event:?}");
        assert!(!happens(vec![event], Mode::default()).iter().any(|of| matches!(of, Happening::Key(_))));
    }
    // The second press of a key that was not let go is a repeat.
    let held = vec![key_event(Key::PageDown, None, Modifiers::NONE); 2];
    let told = happens(held, mode).into_iter().filter(|of| matches!(of, Happening::Key(_))).count();
    assert_eq!(told, 1, "a button held down is told once");
}

#[test]
fn what_the_system_makes_of_copying_is_the_same_command() {
    assert_eq!(commands(vec![Event::Copy]), [PointCommand::Copy.into()]);
}

#[test]
fn presses_of_one_frame_keep_their_order() {
    let keys = [Key::Num1, Key::Num2, Key::Enter];
    let events = keys.map(|key| key_event(key, None, Modifiers::NONE)).into();
    assert_eq!(commands(events), [OverCommand::Digit(1).into(), OverCommand::Digit(2).into(), Command::Enter]);
}
