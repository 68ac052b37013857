//! Who may name whom. The table is the architecture; this test keeps it true.

use std::fs;
use std::path::{Path, PathBuf};

use crate::arrows::{Arrows, tokens, without_tests};

/// Each module with the modules it may name, lowest layer first. Every module may name itself.
const MAY_NAME: &[(&str, &[&str])] = &[
    // The shared words.
    ("signal", &[]),
    ("figures", &[]),
    ("bundle", &[]),
    ("ron_text", &[]),
    ("markdown", &[]),
    ("plural", &[]),
    ("picture", &["signal"]),
    ("live", &["signal"]),
    ("faces", &["bundle", "picture"]),
    ("measure", &["faces", "picture"]),
    // What was written.
    ("lab", &["signal", "ron_text"]),
    ("scene", &["figures", "signal", "picture", "plural", "measure", "ron_text"]),
    // What is happening, what would be, what is where.
    ("telemetry", &["signal", "lab", "bundle", "ron_text"]),
    ("sim", &["signal", "bundle"]),
    ("timeline", &["scene", "figures", "live", "signal", "picture", "plural", "measure"]),
    // The running talk, and its one door.
    (
        "presentation",
        &["timeline", "telemetry", "scene", "figures", "live", "measure", "picture", "plural", "signal", "ron_text"],
    ),
    ("recording", &["presentation", "scene", "live", "plural", "signal"]),
    (
        "show",
        &[
            "recording",
            "presentation",
            "sim",
            "timeline",
            "telemetry",
            "scene",
            "figures",
            "live",
            "picture",
            "signal",
            "ron_text",
        ],
    ),
    // How it looks.
    ("theme", &["faces", "bundle", "picture", "ron_text"]),
    ("paint", &["theme", "faces", "measure", "picture"]),
    ("render", &["paint", "theme", "picture"]),
    // Doors.
    ("clock", &[]),
    ("checkup", &[]),
    ("logging", &[]),
    ("remembered", &["picture"]),
    ("rehearsals", &["remembered", "scene"]),
    ("awake", &[]),
    ("ending", &[]),
    ("displays", &["presentation"]),
    ("feeds", &["telemetry", "scene", "live", "lab", "bundle", "plural", "signal", "ron_text"]),
    ("recorder", &["clock", "logging", "recording", "presentation"]),
    // Windows.
    ("keys", &["presentation", "paint"]),
    ("window", &["keys", "show", "presentation", "paint", "theme", "measure", "picture"]),
    (
        "console",
        &[
            "checkup",
            "keys",
            "recorder",
            "show",
            "presentation",
            "render",
            "paint",
            "theme",
            "timeline",
            "scene",
            "figures",
            "live",
            "faces",
            "plural",
            "ron_text",
            "signal",
            "picture",
        ],
    ),
    // Pictures, judged and written.
    ("review", &["render", "paint", "theme", "timeline", "scene", "measure", "faces", "picture", "ron_text"]),
    ("export", &["render", "paint", "theme", "picture"]),
    // From flags to a show.
    (
        "setup",
        &[
            "clock",
            "logging",
            "remembered",
            "feeds",
            "recorder",
            "lab",
            "show",
            "recording",
            "presentation",
            "timeline",
            "scene",
            "live",
            "bundle",
            "picture",
            "ron_text",
        ],
    ),
    // The show as the threads of a window reach it.
    ("journal", &["live", "show", "presentation", "scene", "picture"]),
    ("stopped", &["clock", "journal", "show"]),
    (
        "doctor",
        &[
            "awake",
            "checkup",
            "clock",
            "displays",
            "feeds",
            "live",
            "measure",
            "paint",
            "picture",
            "plural",
            "recorder",
            "recording",
            "render",
            "review",
            "setup",
            "show",
            "stopped",
            "theme",
        ],
    ),
    ("host", &["clock", "journal", "logging", "recorder", "show", "stopped", "presentation", "live"]),
    ("bodies", &["clock", "feeds", "live", "logging", "setup", "signal", "telemetry"]),
    ("opener", &["clock", "host", "journal", "live", "recorder", "presentation"]),
    (
        "desk",
        &["checkup", "clock", "console", "host", "opener", "presentation", "rehearsals", "remembered", "ron_text"],
    ),
    ("memory", &["presentation", "remembered"]),
    (
        "remote",
        &["bundle", "clock", "host", "markdown", "paint", "picture", "presentation", "render", "ron_text", "theme"],
    ),
    ("reach", &["console", "host", "logging", "presentation", "remote"]),
    // Hosts: each gives a show its events and its time. The window is one of the commands.
    ("app", HOST_MAY_NAME),
    ("commands", COMMANDS_MAY_NAME),
];

/// What the commands may name: everything else. The window, which is one of them, may name all but itself.
const COMMANDS_MAY_NAME: &[&str] = &[
    "app",
    "awake",
    "bodies",
    "bundle",
    "checkup",
    "clock",
    "console",
    "desk",
    "displays",
    "doctor",
    "ending",
    "export",
    "faces",
    "feeds",
    "figures",
    "host",
    "journal",
    "keys",
    "lab",
    "live",
    "logging",
    "markdown",
    "measure",
    "memory",
    "opener",
    "paint",
    "picture",
    "plural",
    "presentation",
    "reach",
    "recorder",
    "recording",
    "rehearsals",
    "remembered",
    "remote",
    "render",
    "review",
    "ron_text",
    "scene",
    "setup",
    "show",
    "signal",
    "sim",
    "stopped",
    "telemetry",
    "theme",
    "timeline",
    "window",
];

const HOST_MAY_NAME: &[&str] = COMMANDS_MAY_NAME.split_at(1).1;

/// No window, no disk, no socket, no thread and no clock: these cannot fail for outside reasons.
const PURE: &[&str] = &[
    "signal",
    "live",
    "figures",
    "picture",
    "scene",
    "timeline",
    "presentation",
    "show",
    "sim",
    "recording",
    "telemetry",
    "lab",
    "measure",
    "bundle",
    "plural",
];

/// What a pure module does not say.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::thread",
    "std::process",
    "std::io::std",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "Instant",
    "SystemTime",
    "eframe",
    "egui_plot",
    "epaint",
];

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The files of one top-level module.
fn files(module: &str) -> Vec<PathBuf> {
    let mut found = files_below(source_folder().join(module));
    found.push(source_folder().join(format!("{module}.rs")));
    found.retain(|path| path.is_file());
    found
}

/// All source files in a folder and below, without those of unit tests.
fn files_below(folder: PathBuf) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("a folder of sources can be read").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.retain(|path| path.file_name().is_some_and(|name| name != "tests.rs"));
    found.sort();
    found
}

/// A line of code, with where it stands.
struct Line {
    place: String,
    code: String,
}

/// The lines of a module that are code: no comments, and no unit tests, which may look further.
fn lines(module: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for path in files(module) {
        let text = fs::read_to_string(&path).expect("a source file is text");
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path).display().to_string();
        let code = text.lines().enumerate().take_while(|(_, line)| !line.starts_with("#[cfg(test)]"));
        let code = code.filter(|(_, line)| !line.trim_start().starts_with("//"));
        lines
            .extend(code.map(|(number, line)| Line { place: format!("{name}:{}", number + 1), code: line.to_owned() }));
    }
    lines
}

/// The words that follow `before` in a line of code, up to the next sign.
fn words_after<'a>(code: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    code.split(before)
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
}

/// `path:line: scene names paint`, for each arrow of a module that its row does not allow.
fn wrong_arrows(module: &str, allowed: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for line in lines(module) {
        let named = words_after(&line.code, "crate::").filter(|named| *named != module && !allowed.contains(named));
        wrong.extend(named.map(|named| format!("{}: {module} names {named}", line.place)));
        if line.code.contains("super::super::") || line.code.contains("use crate::{") {
            wrong.push(format!("{}: {module} hides what it names", line.place));
        }
    }
    wrong
}

#[test]
fn every_module_names_only_what_its_row_allows() {
    let wrong: Vec<String> = MAY_NAME.iter().flat_map(|(module, allowed)| wrong_arrows(module, allowed)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rows_name_only_rows_above_them() {
    for (index, (module, allowed)) in MAY_NAME.iter().enumerate() {
        let above: Vec<&str> = MAY_NAME[..index].iter().map(|(module, _)| *module).collect();
        let lower = allowed.iter().filter(|named| !above.contains(named)).collect::<Vec<_>>();
        assert!(lower.is_empty(), "{module} may name {lower:?}, which lies above it");
    }
}

#[test]
fn every_module_has_a_row() {
    let map = fs::read_to_string(source_folder().join("lib.rs")).expect("lib.rs is text");
    let modules: Vec<&str> = map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let rows: Vec<&str> = MAY_NAME.iter().map(|(module, _)| *module).collect();
    let without: Vec<_> = modules.iter().filter(|module| !rows.contains(module)).collect();
    assert!(without.is_empty(), "choose the layer of {without:?} in tests/suite/layers.rs");
    let gone: Vec<_> = rows.iter().filter(|row| !modules.contains(row)).collect();
    assert!(gone.is_empty(), "rows without a module: {gone:?}");
}

/// Where files are read and resolved. What is stored is named there and nowhere else.
const READERS: &[&str] = &[
    "src/scene/file/",
    "src/scene/resolve/",
    "src/scene/library.rs",
    "src/scene/check",
    "src/lab/file.rs",
    "src/lab/check.rs",
    "src/recording/",
];

/// The names in a line of code that end in `File`: types as they are stored. What stands in quotes is no name.
fn stored_names(code: &str) -> impl Iterator<Item = &str> {
    let outside = code.split('"').step_by(2);
    let words = outside.flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.filter(|word| word.len() > 4 && word.ends_with("File") && word.starts_with(char::is_uppercase))
}

#[test]
fn what_is_stored_is_named_only_where_files_are_read() {
    let wrong = MAY_NAME.iter().flat_map(|(module, _)| lines(module)).filter(|line| {
        let is_reader = READERS.iter().any(|reader| line.place.starts_with(reader));
        !is_reader && stored_names(&line.code).next().is_some()
    });
    let wrong: Vec<String> = wrong.map(|line| format!("{}: {}", line.place, line.code.trim())).collect();
    assert!(wrong.is_empty(), "give the model a type of its own, and resolve it:\n{}", wrong.join("\n"));
}

#[test]
fn pure_modules_name_nothing_outside() {
    let mut wrong = Vec::new();
    for module in PURE {
        for line in lines(module) {
            let egui = words_after(&line.code, "egui::").any(|word| word != "emath");
            let outside = OUTSIDE.iter().find(|word| line.code.contains(**word));
            if egui || outside.is_some() {
                wrong.push(format!("{}: {}", line.place, line.code.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "pure modules name of egui only emath, and nothing outside:\n{}", wrong.join("\n"));
}

#[test]
fn files_name_each_other_in_one_direction_only() {
    let code = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file is text");
        (path, without_tests(&tokens(&text)))
    };
    let mut files = files_below(source_folder());
    files.retain(|path| !path.ends_with("src/main.rs"));
    let sources: Vec<_> = files.into_iter().map(code).collect();
    let arrows = Arrows::new(&source_folder(), &sources);
    assert!(arrows.lost.is_empty(), "paths that lead nowhere:\n{}", arrows.lost.join("\n"));
    let circles = arrows.circles();
    let new: Vec<String> = circles.iter().map(|circle| arrows.names(circle)).collect();
    assert!(new.is_empty(), "{} circles of files:\n{}", new.len(), new.join("\n"));
}
