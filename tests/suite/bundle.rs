//! What the binary carries is what lies in the folders, and all of it is usable.

use std::fs;
use std::path::Path;

use tierlight::bundle;
use tierlight::theme::Theme;

/// The files of a folder of the project with this ending, by name.
fn names(folder: &str, ending: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(ending)).collect();
    names.sort();
    names
}

#[test]
fn every_scene_file_is_bundled_as_it_is() {
    let bundled: Vec<&str> = bundle::SCENES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names("scenes", ".ron"), bundled, "bundle::SCENES lists scenes/ in the order of its names");
    for (name, text) in bundle::SCENES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenes").join(name);
        assert_eq!(fs::read_to_string(path).unwrap(), *text, "{name}");
    }
}

#[test]
fn every_font_is_bundled_with_its_licence() {
    let fonts = [
        ("Inter-Medium.ttf", bundle::INTER_MEDIUM),
        ("Inter-Regular.ttf", bundle::INTER_REGULAR),
        ("Inter-SemiBold.ttf", bundle::INTER_SEMIBOLD),
        ("JetBrainsMono-Medium.ttf", bundle::MONO_MEDIUM),
        ("JetBrainsMono-Regular.ttf", bundle::MONO_REGULAR),
    ];
    assert_eq!(names("assets/fonts", ".ttf"), fonts.map(|(name, _)| name));
    for (name, bytes) in fonts {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts").join(name);
        assert_eq!(fs::read(path).unwrap(), bytes, "{name}");
    }
    assert!(bundle::FONT_LICENCES.iter().all(|(_, text)| text.contains("SIL OPEN FONT LICENSE")));
}

#[test]
fn the_bundled_themes_read() {
    assert_eq!(Theme::parse(bundle::THEME).map(|_| ()), Ok(()));
}
