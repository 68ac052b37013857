//! Images that scenes show: read and decoded from the folder of the scenes, or built in.

#![expect(clippy::disallowed_methods, reason = "images are read here")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use egui::ColorImage;

use crate::bundle;
use crate::scene::library::Library;

/// Larger images are of no use on a stage, and would fill the memory.
const MOST_BYTES: u64 = 64 << 20;

/// A card takes no longer side than this, and a stage shows no more.
const MOST_SIDE: u32 = 4096;
/// More take seconds and gigabytes to read.
const MOST_PIXELS: u64 = 60_000_000;

/// The paths of all images in the library's steps.
pub(crate) fn image_paths(library: &Library) -> Vec<Arc<str>> {
    let steps = library.scenes.iter().flat_map(|scene| &scene.steps);
    let images = steps.flat_map(|step| &step.elements).filter_map(|placed| placed.element.parts().image);
    let mut paths: Vec<Arc<str>> = images.cloned().collect();
    paths.sort();
    paths.dedup();
    paths
}

/// All images by path, decoded. One that cannot be read is left out, and its place stays an empty frame.
pub fn images(library: &Library, folders: &[PathBuf]) -> Vec<(Arc<str>, ColorImage)> {
    image_paths(library).into_iter().filter_map(|path| decode(path, folders)).collect()
}

fn decode(path: Arc<str>, folders: &[PathBuf]) -> Option<(Arc<str>, ColorImage)> {
    match load(&path, folders) {
        Ok(image) => Some((path, image)),
        Err(words) => {
            log::warn!("{words}");
            None
        }
    }
}

/// Decodes images on a thread of its own. Dropping it ends the thread.
pub(crate) struct ImageLoader {
    wanted: Sender<Vec<Arc<str>>>,
}

impl ImageLoader {
    /// `send` gets each image once, and again when its file has changed.
    pub(crate) fn start(
        folders: Vec<PathBuf>,
        send: impl Fn(Arc<str>, ColorImage) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (wanted, asked) = channel::<Vec<Arc<str>>>();
        let mut known: BTreeMap<Arc<str>, Option<FileStamp>> = BTreeMap::new();
        let load_asked = move || {
            for path in asked.iter().flatten() {
                let stamp = find_file(&path, &folders).and_then(|file| stamp_of(&file));
                if known.get(&path) != Some(&stamp) {
                    known.insert(path.clone(), stamp);
                    if let Some((path, image)) = decode(path, &folders) {
                        send(path, image);
                    }
                }
            }
        };
        thread::Builder::new().name("images".into()).spawn(load_asked)?;
        Ok(Self { wanted })
    }

    /// Asks for the images that the scenes show now.
    pub(crate) fn want(&self, library: &Library) {
        // Without its thread there are no images, and their places stay empty frames.
        let _gone = self.wanted.send(image_paths(library));
    }
}

/// What tells that a file is another than before: its length and when it was written.
type FileStamp = (u64, Option<std::time::SystemTime>);

fn stamp_of(file: &Path) -> Option<FileStamp> {
    let facts = fs::metadata(file).ok()?;
    Some((facts.len(), facts.modified().ok()))
}

fn find_file(path: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    folders.iter().map(|folder| folder.join(path)).find(|file| file.is_file())
}

/// Reads and decodes one image from the first folder that has it. Err: file and cause.
pub fn load(path: &str, folders: &[PathBuf]) -> Result<ColorImage, String> {
    let bytes = bytes(path, folders)?;
    let wrong = |error: image::ImageError| format!("{path}: {error}");
    let mut reader =
        image::ImageReader::new(Cursor::new(&bytes)).with_guessed_format().map_err(|error| error.to_string())?;
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MOST_PIXELS * 4);
    reader.limits(limits);
    let mut image = reader.decode().map_err(wrong)?;
    if image.width().max(image.height()) > MOST_SIDE {
        image = image.resize(MOST_SIDE, MOST_SIDE, image::imageops::FilterType::Triangle);
    }
    let image = image.into_rgba8();
    let size = [image.width() as usize, image.height() as usize];
    Ok(ColorImage::from_rgba_unmultiplied(size, image.as_raw()))
}

fn bytes(path: &str, folders: &[PathBuf]) -> Result<Vec<u8>, String> {
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !plain {
        return Err(format!("{path}: an image lies within the folder of the scenes"));
    }
    if let Some(file) = find_file(path, folders) {
        let length = fs::metadata(&file).map_err(|error| format!("{path}: {error}"))?.len();
        if length > MOST_BYTES {
            return Err(format!("{path}: larger than 64 MiB"));
        }
        return fs::read(&file).map_err(|error| format!("{path}: {error}"));
    }
    let built_in = bundle::IMAGES.iter().find(|(name, _)| *name == path);
    built_in
        .map(|(_, bytes)| bytes.to_vec())
        .ok_or_else(|| format!("{path}: no such image in the folder of the scenes"))
}
