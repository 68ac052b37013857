//! The doctor, as it is called before a talk: what fails there would keep the talk from its room.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The exit status, and the checks, on a machine whose environment names these displays.
fn looked(folder: &Path, displays: &[(&str, &str)], flags: &[&str]) -> (Option<i32>, Vec<Value>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierlight"));
    command.args(["doctor", "--json"]).args(flags).current_dir(folder);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").envs(displays.iter().copied());
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"] {
        command.env(name, folder);
    }
    let output = command.output().unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code(), told["checks"].as_array().unwrap().clone())
}

fn check<'a>(checks: &'a [Value], id: &str) -> &'a Value {
    checks.iter().find(|check| check["id"] == id).unwrap_or_else(|| panic!("no check {id} in {checks:?}"))
}

#[test]
#[cfg(target_os = "linux")]
fn a_display_that_does_not_answer_is_no_display() {
    let folder = tempfile::tempdir().unwrap();
    for displays in [&[("DISPLAY", ":999")][..], &[("WAYLAND_DISPLAY", "wayland-9")], &[]] {
        let (code, checks) = looked(folder.path(), displays, &[]);
        assert_eq!(code, Some(1), "{displays:?}: {checks:?}");
        let found = check(&checks, "displays");
        assert_eq!(found["verdict"], "fail", "{displays:?}: {found}");
        let named = displays.first().map_or("no display is named", |(_, name)| name);
        assert!(found["words"].as_str().unwrap().contains(named) && found["fix"] != "", "{found}");
        let graphics = check(&checks, "graphics");
        assert!(graphics["verdict"] == "warn" && graphics["words"].as_str().unwrap().contains("not looked at"));
    }
}

#[test]
fn the_recording_of_an_offline_talk_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, torn) = (folder.path().join("whole.tlr"), folder.path().join("torn.tlr"));
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/story.tlr")).unwrap();
    std::fs::write(&whole, &bytes).unwrap();
    std::fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(folder.path().join("other.tlr"), "no recording").unwrap();
    for (flags, verdict, part) in [
        (&[][..], "pass", "whole"),
        (&["--data", "whole.tlr"], "pass", "minutes, whole"),
        (&["--data", "torn.tlr"], "warn", "not whole"),
        (&["--data", "other.tlr"], "fail", "other.tlr"),
    ] {
        let (_, checks) = looked(folder.path(), &[], flags);
        let found = check(&checks, "recording");
        let words = found["words"].as_str().unwrap();
        assert!(found["verdict"] == verdict && words.contains(part), "{flags:?}: {found}");
        assert_eq!(words.contains("of 20"), verdict != "fail", "its date: {words}");
    }
}
