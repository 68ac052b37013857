//! What comes from the disk: images in both formats, and a scene file that is followed when it is saved.

use std::fs;
use std::sync::mpsc::channel;
use std::time::Duration;

use clap::Parser as _;
use image::{ImageFormat, Rgb, RgbImage};
use tierlight::bundle;
use tierlight::commands::Cli;
use tierlight::feeds::{assets, scene_watcher};
use tierlight::show::{Opening, Show};

/// A picture of one colour.
fn plain(color: [u8; 3]) -> RgbImage {
    RgbImage::from_pixel(6, 4, Rgb(color))
}

#[test]
fn png_and_jpeg_images_are_read_from_the_scenes_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, format) in [("logo.png", ImageFormat::Png), ("photo.jpg", ImageFormat::Jpeg)] {
        plain([200, 40, 40]).save_with_format(folder.path().join(name), format).expect("an image is written");
        let image = assets::load(name, &[folder.path().to_owned()]).expect(name);
        let [red, green, _, alpha] = image.pixels[0].to_array();
        assert_eq!((image.size, alpha), ([6, 4], 255), "{name}");
        assert!(red > 180 && green < 70, "{name}: {red} {green}");
    }
}

#[test]
fn an_image_outside_the_folder_or_not_an_image_is_refused_in_words() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("notes.png"), "not a picture").expect("a file is written");
    let cases = [("../logo.png", "within the folder"), ("none.png", "no such image"), ("notes.png", "notes.png")];
    for (path, words) in cases {
        let refused = assets::load(path, &[folder.path().to_owned()]).expect_err(path);
        assert!(refused.contains(words), "{path}: {refused}");
    }
}

/// A card takes no side longer than its limit, which would end the show; what has no pixels is said.
#[test]
fn an_image_that_is_too_long_is_made_smaller_and_one_that_is_empty_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let wide = RgbImage::from_pixel(20_000, 40, Rgb([200, 30, 60]));
    wide.save_with_format(folder.path().join("wide.png"), ImageFormat::Png).expect("an image is written");
    fs::write(folder.path().join("empty.png"), []).expect("a file is written");
    let image = assets::load("wide.png", &[folder.path().to_owned()]).expect("it is read");
    assert!(image.size[0] <= 8192 && image.size[1] >= 1 && image.size[0] / image.size[1] > 400, "{:?}", image.size);
    let refused = assets::load("empty.png", &[folder.path().to_owned()]).expect_err("it is empty");
    assert!(refused.contains("empty.png"), "{refused}");
}

/// One file that cannot be read is one scene less, and is named; two with one id are both named, and the first is shown.
#[test]
fn one_bad_file_stops_no_talk() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = |name: &str| bundle::SCENES.iter().find(|(of, _)| *of == name).expect("a scene").1;
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("a file is written");
    write("04-loop.ron", scene("04-loop.ron").as_bytes());
    write("05-again.ron", scene("04-loop.ron").as_bytes());
    let commented = format!("// id: \"briefing-1\"\n{}", scene("05-flat-line.ron"));
    write("06-flat-line.ron", commented.as_bytes());
    write("07-old.ron", &scene("01-title.ron").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    fs::create_dir(folder.path().join("98-folder.ron")).expect("a folder is made");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/nowhere", folder.path().join("99-link.ron")).expect("a link is made");
    let words = ["tierlight", "list", "--scenes", folder.path().to_str().expect("a path in UTF-8")];
    let common = Cli::try_parse_from(words).expect("the flags are right").common;
    let show = Show::open(Opening { texts: common.texts().expect("a folder"), ..Opening::default() });
    let show = show.expect("the talk starts");
    let library = show.presentation().library();
    assert_eq!(library.ids(), ["loop", "flat-line"]);
    let problems: Vec<String> = show.presentation().problems().iter().map(ToString::to_string).collect();
    let told = |words: [&str; 2]| problems.iter().any(|problem| words.iter().all(|word| problem.contains(word)));
    assert!(told(["05-again.ron", "04-loop.ron"]) && told(["07-old.ron", "UTF-16"]), "{problems:?}");
}

#[test]
fn a_saved_scene_file_is_sent_once_and_others_are_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let (sender, saved) = channel();
    let send = move |file: String, text: String| {
        // The test has ended when nobody listens any more.
        let _ended = sender.send((file, text));
    };
    let _watcher = scene_watcher::watch(folder.path(), send).expect("a folder can be watched");
    fs::write(folder.path().join("notes.txt"), "x").expect("a file is written");
    // Two writes within a burst are one change.
    fs::write(folder.path().join("a.ron"), "first").expect("a file is written");
    fs::write(folder.path().join("a.ron"), "second").expect("a file is written");
    let heard = saved.recv_timeout(Duration::from_secs(20)).expect("the change is heard");
    assert_eq!(heard, ("a.ron".to_owned(), "second".to_owned()));
    assert!(saved.recv_timeout(Duration::from_millis(400)).is_err(), "one burst is one change");
    // What is not UTF-8 is sent too: reading it as RON says where it stands.
    fs::write(folder.path().join("a.ron"), b"// caf\xe9").expect("a file is written");
    let heard = saved.recv_timeout(Duration::from_secs(20)).expect("the change is heard");
    assert_eq!(heard, ("a.ron".to_owned(), "// caf\u{fffd}".to_owned()));
}
