//! What `check` was asked to look at: files, folders, or the deck that would be shown.

use std::path::{Path, PathBuf};

use crate::scene::library::{Texts, is_scene};
use crate::setup::{Common, Failure, deck_of, read_folder, read_text};

/// Files of one folder, with everything they are checked against.
pub(super) struct Input {
    pub(super) texts: Texts,
    /// Where images lie, besides what is built in.
    pub(super) folders: Vec<PathBuf>,
    /// The one file that is asked for; none for all.
    only: Option<String>,
    /// The path that was given, to name files by.
    given: Option<PathBuf>,
}

impl Input {
    /// Whether findings in this file are wanted.
    pub(super) fn asks_for(&self, file: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == file)
    }

    /// A file's name as the user would write it.
    pub(super) fn shown(&self, file: &str) -> String {
        match &self.given {
            Some(given) if self.only.is_some() => given.display().to_string(),
            Some(given) if given.join(file).is_file() => given.join(file).display().to_string(),
            _ => file.to_owned(),
        }
    }
}

/// One input for each path; without paths, the deck that would be shown.
pub(super) fn read(paths: &[PathBuf], common: &Common) -> Result<Vec<Input>, Failure> {
    if paths.is_empty() {
        let (texts, folders, given) = (common.texts()?, common.image_folders(), common.scenes.clone());
        return Ok(vec![Input { texts, given, folders, only: None }]);
    }
    paths.iter().map(|path| if path.is_dir() { of_folder(path) } else { of_file(path, common) }).collect()
}

fn of_folder(path: &Path) -> Result<Input, Failure> {
    Ok(Input { texts: read_folder(path)?, folders: vec![path.to_owned()], only: None, given: Some(path.to_owned()) })
}

/// One file, against the world and the sources beside it, or else against those that would be shown.
fn of_file(path: &Path, common: &Common) -> Result<Input, Failure> {
    let text = read_text(path)?;
    let is_ron = path.extension().is_some_and(|ending| ending == "ron");
    let name = path.file_name().and_then(|name| name.to_str()).filter(|_| is_ron);
    let name = name.ok_or_else(|| Failure::from(format!("{}: not a scene file (*.ron)", path.display())))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut texts = common.texts()?;
    if is_scene(name) {
        texts.retain(|other, _| !is_scene(other));
        beside(folder, &["world.ron", "sources.ron"], &mut texts)?;
        texts.insert(name.to_owned(), text);
        texts.insert("deck.ron".to_owned(), deck_of(&texts));
    } else {
        beside(folder, &["world.ron", "sources.ron", "deck.ron"], &mut texts)?;
        scenes_beside(folder, &mut texts)?;
        texts.insert(name.to_owned(), text);
    }
    Ok(Input { texts, folders: vec![folder.to_owned()], only: Some(name.to_owned()), given: Some(path.to_owned()) })
}

/// Puts those of the named files that lie in the folder in the place of others.
fn beside(folder: &Path, names: &[&str], texts: &mut Texts) -> Result<(), Failure> {
    for name in names {
        let path = folder.join(name);
        if path.is_file() {
            texts.insert((*name).to_owned(), read_text(&path)?);
        }
    }
    Ok(())
}

/// Where the folder has scenes of its own, they are the scenes.
fn scenes_beside(folder: &Path, texts: &mut Texts) -> Result<(), Failure> {
    let own: Texts = read_folder(folder)?.into_iter().filter(|(name, _)| is_scene(name)).collect();
    if !own.is_empty() {
        texts.retain(|name, _| !is_scene(name));
        texts.extend(own);
    }
    Ok(())
}
