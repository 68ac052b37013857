//! The console as somebody meets it who does not see it: each control has a name and a role, no two have one name, what is
//! hidden by a page is not there, and each step's caption is read out.

use std::collections::{BTreeMap, BTreeSet};

use egui::accesskit::{Live, Role};
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::NodeT as _;
use tierlight::console::PhoneCode;
use tierlight::presentation::command::Command;
use tierlight::presentation::desk::DeskCommand;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::pace::PaceCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::recorder::RecordingNow;
use tierlight::recording::Recording;
use tierlight::show::{Opening, Show};

use super::{Host, at_the_loop, open, retold_bytes};
use crate::talk::{press, talk, told_positions};

/// Sizes of the console, and whether it lies below the stage in the same window.
pub(super) const PLACES: [([f32; 2], bool); 3] =
    [([1440.0, 900.0], false), ([1024.0, 640.0], false), ([1440.0, 900.0], true)];

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL: Modifiers = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };

/// What the console shows, and the keys that lead there.
pub(super) const LAYOUTS: [(&str, &[(Modifiers, Key)]); 15] = [
    ("the talk", &[]),
    ("help", &[(NONE, Key::Questionmark)]),
    ("ask", &[(NONE, Key::G)]),
    ("overview", &[(NONE, Key::O)]),
    ("ask in the overview", &[(NONE, Key::O), (NONE, Key::G)]),
    ("engineers", &[(SHIFT, Key::M)]),
    ("help over the engineers' page", &[(SHIFT, Key::M), (NONE, Key::Questionmark)]),
    ("doctor", &[(CTRL, Key::D)]),
    ("problems", &[(SHIFT, Key::E)]),
    ("phone", &[(SHIFT, Key::Q)]),
    ("minutes left", &[(SHIFT, Key::X), (NONE, Key::Num9)]),
    ("simulated lab", &[(SHIFT, Key::S)]),
    ("help over the simulated lab", &[(SHIFT, Key::S), (NONE, Key::Questionmark)]),
    ("hold", &[(NONE, Key::H)]),
    ("black", &[(NONE, Key::B)]),
];

/// A console with all that can stand on it: a recording, a rehearsal, a talk that stopped, a parked question.
pub(super) fn open_full(mut show: Show, size: [f32; 2], is_below: bool) -> Harness<'static, Host> {
    if is_below {
        press(&mut show, DeskCommand::OneScreen);
    }
    let mut harness = open(show, size, true);
    harness.ctx.options_mut(|options| options.warn_on_id_clash = true);
    let beside = &mut harness.state_mut().beside;
    beside.recording = Some(RecordingNow { bytes: 1_000_000, secs: 100.0, ..RecordingNow::default() });
    beside.stopped = Some("The last talk stopped just now without being ended, 2:40 after it began.".to_owned());
    beside.run = Some(3);
    let address = "http://192.0.2.7:4711".to_owned();
    beside.phone = Some(PhoneCode { url: format!("{address}/#secret-key"), address });
    harness.step();
    harness
}

/// What is wrong with the tree of a frame for somebody who listens.
fn faults(harness: &Harness<'_, Host>) -> Vec<String> {
    let tree: BTreeMap<u64, (Role, String)> = harness
        .root()
        .children_recursive()
        .map(|node| {
            let node = node.accesskit_node();
            (node.locate().0.0, (node.role(), node.label().or_else(|| node.value()).unwrap_or_default()))
        })
        .collect();
    let mut faults = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    harness.ctx.viewport(|viewport| {
        for (_, widgets) in viewport.prev_pass.widgets.layers() {
            for widget in widgets.iter().filter(|widget| widget.sense.senses_click() || widget.sense.senses_drag()) {
                // A scrolled place and its bar are egui's own, and scrolled by keys of the console.
                let is_scroll = !widget.sense.senses_click() && !tree.contains_key(&widget.id.accesskit_id().0);
                let Some((role, name)) = tree.get(&widget.id.accesskit_id().0) else {
                    if !is_scroll {
                        faults.push(format!("no node at {:?}", widget.rect));
                    }
                    continue;
                };
                if matches!(role, Role::Unknown | Role::GenericContainer) || name.is_empty() {
                    faults.push(format!("{role:?} \"{name}\" at {:?}", widget.rect));
                } else if !seen.insert(name) {
                    faults.push(format!("a second \"{name}\""));
                }
            }
        }
    });
    for shape in &harness.output().shapes {
        if let egui::Shape::Text(text) = &shape.shape
            && text.galley.text().starts_with('🔥')
        {
            faults.push(format!("two controls are one: {} at {:?}", text.galley.text(), text.pos));
        }
    }
    faults
}

pub(super) fn show_layout(harness: &mut Harness<'_, Host>, keys: &[(Modifiers, Key)]) {
    for (modifiers, key) in keys {
        harness.key_press_modifiers(*modifiers, *key);
        harness.step();
    }
    harness.step();
    harness.step();
}

#[test]
fn every_control_of_every_page_has_a_name_of_its_own_and_a_role() {
    let (mut found, mut show, recorded) = (Vec::new(), at_the_loop("sim"), retold_bytes());
    show.advance(show.now_secs() + 20.0);
    press(&mut show, DeskCommand::Park);
    press(&mut show, PaceCommand::Rehearsal);
    for (size, is_below) in PLACES {
        for (name, keys) in LAYOUTS {
            let mut harness = open_full(show.clone(), size, is_below);
            show_layout(&mut harness, keys);
            found.extend(faults(&harness).into_iter().map(|fault| format!("{name} {size:?} {is_below}: {fault}")));
        }
        let recording = Recording::open(recorded.clone()).expect("a recording");
        let mut retold = Show::retelling(recording, Opening::default()).expect("a talk");
        retold.take(0.0, Command::from(WalkCommand::Pause));
        let mut harness = open_full(retold, size, is_below);
        show_layout(&mut harness, &[]);
        found.extend(faults(&harness).into_iter().map(|fault| format!("told again {size:?} {is_below}: {fault}")));
    }
    assert!(found.is_empty(), "{}:\n{}", found.len(), found.join("\n"));
}

/// The names of what can be pressed.
fn pressable(harness: &Harness<'_, Host>) -> Vec<String> {
    let nodes = harness.root().children_recursive().map(|node| node.accesskit_node());
    nodes.filter(|node| node.role() == Role::Button).filter_map(|node| node.label()).collect()
}

#[test]
fn what_a_page_or_a_sheet_hides_can_be_neither_pressed_nor_heard() {
    let show = at_the_loop("sim");
    for (size, is_below) in PLACES {
        for (name, keys) in LAYOUTS.into_iter().filter(|(name, _)| !matches!(*name, "the talk" | "hold" | "black")) {
            let mut harness = open_full(show.clone(), size, is_below);
            let before: BTreeSet<String> = pressable(&harness).into_iter().collect();
            show_layout(&mut harness, keys);
            // The ask box and the sheet of the simulated lab leave the edges free.
            let is_whole = !matches!(name, "ask" | "simulated lab");
            let left: Vec<String> = pressable(&harness).into_iter().filter(|name| before.contains(name)).collect();
            assert!(!is_whole || left.is_empty(), "{name} {size:?} {is_below}: {left:?}");
        }
    }
}

#[test]
fn every_caption_is_read_out_when_its_step_comes() {
    let read_out = |harness: &Harness<'_, Host>| -> Vec<String> {
        let nodes = harness.root().children_recursive().map(|node| node.accesskit_node());
        nodes.filter(|node| node.live() == Live::Polite).filter_map(|node| node.value()).collect()
    };
    for is_below in [false, true] {
        let mut show = talk("none");
        if is_below {
            press(&mut show, DeskCommand::OneScreen);
        }
        let mut harness = open(show, [1024.0, 640.0], true);
        for at in told_positions(&harness.state().show) {
            let show = &mut harness.state_mut().show;
            show.settle(60.0);
            assert_eq!(show.presentation().position(), at);
            let library = show.presentation().library();
            let caption = library.scenes[at.scene].steps[at.step].caption.filled(&library.figures).to_string();
            harness.step();
            assert_eq!(read_out(&harness), [caption], "{at:?}, below {is_below}");
            press(&mut harness.state_mut().show, WalkCommand::Next);
        }
        // What the room does not see is not read out to it.
        press(&mut harness.state_mut().show, OverCommand::Black);
        harness.step();
        assert_eq!(read_out(&harness).len(), usize::from(!is_below));
    }
}
