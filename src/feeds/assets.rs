//! Images that scenes show: read and decoded from the folder of the scenes, or built in.

#![expect(clippy::disallowed_methods, reason = "images are read here")]

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use egui::ColorImage;

use crate::bundle;
use crate::scene::library::Library;

/// Larger images are of no use on a stage, and would fill the memory.
const MOST_BYTES: u64 = 64 << 20;

/// The paths of all images in the library's steps.
pub fn image_paths(library: &Library) -> Vec<Arc<str>> {
    let steps = library.scenes.iter().flat_map(|scene| &scene.steps);
    let images = steps.flat_map(|step| &step.elements).filter_map(|placed| placed.element.parts().image);
    let mut paths: Vec<Arc<str>> = images.cloned().collect();
    paths.sort();
    paths.dedup();
    paths
}

/// All images by path, decoded. One that cannot be read is left out, and its place stays an empty frame.
pub fn images(library: &Library, folders: &[PathBuf]) -> Vec<(Arc<str>, ColorImage)> {
    let mut images = Vec::new();
    for path in image_paths(library) {
        match load(&path, folders) {
            Ok(image) => images.push((path, image)),
            Err(words) => log::warn!("{words}"),
        }
    }
    images
}

/// Reads and decodes one image from the first folder that has it. Err: file and cause.
pub fn load(path: &str, folders: &[PathBuf]) -> Result<ColorImage, String> {
    let bytes = bytes(path, folders)?;
    let image = image::load_from_memory(&bytes).map_err(|error| format!("{path}: {error}"))?.into_rgba8();
    let size = [image.width() as usize, image.height() as usize];
    Ok(ColorImage::from_rgba_unmultiplied(size, image.as_raw()))
}

fn bytes(path: &str, folders: &[PathBuf]) -> Result<Vec<u8>, String> {
    let plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !plain {
        return Err(format!("{path}: an image lies within the folder of the scenes"));
    }
    if let Some(file) = folders.iter().map(|folder| folder.join(path)).find(|file| file.is_file()) {
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
