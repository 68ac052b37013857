//! The user's own keys: a file that gives commands other keys than those they come with.
//!
//! ```ron
//! { "next": ["PageDown", "Space"], "laser": ["F7"] }
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::presentation::keymap::{Keymap, WITHOUT_KEY};
use crate::ron_text::{self, Finder, Place, Problem, suggestion};

/// The keys with names of more than one letter, as the map writes them.
const NAMED: [&str; 28] = [
    "ArrowRight",
    "ArrowLeft",
    "ArrowUp",
    "ArrowDown",
    "PageDown",
    "PageUp",
    "Home",
    "End",
    "Space",
    "Enter",
    "Escape",
    "Tab",
    "Backspace",
    "Insert",
    "Delete",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
    "F13",
];

/// What clickers send for the commands that a talk cannot do without.
const CLICKER: [(&str, &[&str]); 2] = [
    ("next", &["PageDown", "ArrowRight", "ArrowDown", "Space", "Enter"]),
    ("back", &["PageUp", "ArrowLeft", "ArrowUp"]),
];

/// Whether some keyboard sends a key of this name. Digits are the numbers of scenes.
fn is_key(name: &str) -> bool {
    let (chord, base) = match name.split_once('+') {
        Some((chord @ ("Shift" | "Ctrl" | "Alt"), base)) => (chord, base),
        _ => ("", name),
    };
    let is_letter = base.len() == 1 && base.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_digit());
    match chord {
        // Shift and a letter is the capital, or what Shift makes of the key.
        "Shift" => NAMED.contains(&base),
        "Ctrl" => is_letter && !base.bytes().all(|byte| byte.is_ascii_lowercase()),
        "Alt" => matches!(base, "ArrowUp" | "ArrowDown"),
        _ => is_letter || NAMED.contains(&base),
    }
}

/// Where the file names a command: what is given for it begins on that line.
fn place_of(finder: &Finder<'_>, name: &str) -> Place {
    let quoted = finder.places.key_in_step(&format!("\"{name}\""), None);
    quoted.or_else(|| finder.places.key_in_step(name, None)).unwrap_or_else(|| finder.places.of_name(name, None))
}

impl Keymap {
    /// The usual map with what a file changes: a command that it names has the keys given there and no others. What is odd
    /// stands in its problems. Err: what is wrong, each with its line.
    pub fn with_own(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let given: BTreeMap<String, Vec<String>> = ron_text::read(file, text).map_err(|problem| vec![*problem])?;
        let mut finder = Finder::new(file, text);
        if let Some((key, place)) = finder.places.given_twice("") {
            let message = format!("{key} is given twice");
            finder.error("key", place, message, "all its keys stand in one list");
        }
        let mut map = Self::default();
        let names: Vec<&str> = map.entries.iter().map(|entry| entry.name()).collect();
        for name in given.keys().filter(|name| !names.contains(&name.as_str())) {
            let place = place_of(&finder, name);
            let reason = WITHOUT_KEY.iter().find(|(without, _)| without == name);
            let (message, hint) = match reason {
                Some((_, why)) => (format!("\"{name}\" can have no key: {why}"), "leave it out".to_owned()),
                None => (format!("no command \"{name}\""), suggestion(name, &names)),
            };
            finder.error("key", place, message, hint);
        }
        for key in given.values().flatten().filter(|key| !is_key(key)) {
            let place = finder.places.of_name(key, None);
            let hint = "keys are written as `tierlight keys` prints them: n, K, F7, PageDown, Shift+Home, Ctrl+K";
            finder.error("key", place, format!("no key \"{key}\""), hint);
        }
        for entry in &mut map.entries {
            if let Some(keys) = given.get(entry.name()) {
                entry.keys.clone_from(keys);
            }
        }
        map.refuse_conflicts(&given, &mut finder);
        if finder.problems.is_empty() {
            warn_of_clickers(&given, &mut finder);
            map.problems = finder.problems;
            Ok(map)
        } else {
            Err(finder.problems)
        }
    }

    /// One key has one command, and next always has one.
    fn refuse_conflicts(&self, given: &BTreeMap<String, Vec<String>>, finder: &mut Finder<'_>) {
        let mut known: BTreeMap<&str, &str> = BTreeMap::new();
        // What the file does not name was there before.
        let (own, usual): (Vec<_>, Vec<_>) = self.entries.iter().partition(|entry| given.contains_key(entry.name()));
        for entry in usual.into_iter().chain(own) {
            for key in BTreeSet::from_iter(&entry.keys) {
                let times = entry.keys.iter().filter(|other| *other == key).count();
                if times > 1 {
                    let message = format!("\"{key}\" stands {times} times among the keys of \"{}\"", entry.name());
                    finder.error("key", finder.places.of_name(key, None), message, "once is enough");
                }
                if let Some(other) = known.insert(key, entry.name()) {
                    let message = format!("\"{key}\" is the key of \"{other}\" and of \"{}\"", entry.name());
                    let hint = format!("another key, or give \"{other}\" others in this file");
                    let place = place_of(finder, entry.name());
                    finder.error("key", place, message, hint);
                }
            }
        }
        if given.get("next").is_some_and(Vec::is_empty) {
            let place = place_of(finder, "next");
            finder.error("key", place, "\"next\" has no key", "without one a clicker does nothing");
        }
    }
}

/// A command of the clicker's that the file leaves none of the clicker's keys is odd.
fn warn_of_clickers(given: &BTreeMap<String, Vec<String>>, finder: &mut Finder<'_>) {
    for (name, sent) in CLICKER {
        let keys = given.get(name);
        if keys.is_some_and(|keys| !keys.iter().any(|key| sent.contains(&key.as_str()))) {
            let place = place_of(finder, name);
            let message = format!("no key that a clicker sends gives \"{name}\"");
            finder.warn("key", place, message, format!("give it one of these too: {}", sent.join(", ")));
        }
    }
}
