//! What comes from the disk: images in both formats, and a scene file that is followed when it is saved.
#![expect(clippy::disallowed_methods, reason = "the tests write the files that are read")]

use std::fs;
use std::sync::mpsc::channel;
use std::time::Duration;

use image::{ImageFormat, Rgb, RgbImage};
use tierlight::feeds::{assets, scene_watcher};

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
