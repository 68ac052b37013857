//! From flags to a show: which scenes, which sources, which look.

#![expect(clippy::disallowed_methods, reason = "the folder of scenes is read here")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::bundle;
use crate::feeds;
use crate::feeds::{Feeds, Link};
use crate::live::{Announcement, SourceEvent, SourceKind};
use crate::presentation::event::Event;
use crate::presentation::{Presentation, Settings};
use crate::scene::library::{self, Texts};
use crate::show::Show;
use crate::theme::ThemeName;
use crate::timeline::playhead::Position;

/// What a command ends with: 0 yes, 1 an honest no; or words for stderr and 2 (wrong use) or 3 (missing here).
pub type Outcome = Result<u8, Failure>;

/// Why a command could not do its work.
#[derive(Debug)]
pub struct Failure {
    pub code: u8,
    pub words: String,
}

impl From<String> for Failure {
    fn from(words: String) -> Self {
        Self { code: 2, words }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self { code: 2, words: error.to_string() }
    }
}

/// Flags that every command about the talk has.
#[derive(Clone, Debug, clap::Args)]
pub struct Common {
    /// A folder of scenes in place of those built in.
    #[arg(long, global = true, value_name = "DIR")]
    pub scenes: Option<PathBuf>,
    /// Whom the talk is for: a customer.ron with name, logo, measurements and slides.
    #[arg(long, global = true, value_name = "FILE")]
    pub customer: Option<PathBuf>,
    /// A shorter talk: the id of a cut of the deck, such as 20 or executives.
    #[arg(long, global = true, value_name = "ID")]
    pub cut: Option<String>,
    /// Where readings come from: sim, none or lab. Default: the configured lab, else sim.
    #[arg(long, global = true, value_name = "SOURCE")]
    pub data: Option<String>,
    /// A lab file; means --data lab.
    #[arg(long, global = true, value_name = "FILE")]
    pub lab: Option<PathBuf>,
    /// Of the simulated lab.
    #[arg(long, global = true, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// dark, light or contrast.
    #[arg(long, global = true, value_name = "NAME", default_value = "dark")]
    pub theme: ThemeName,
    /// Cuts and short fades in place of motion.
    #[arg(long, global = true)]
    pub reduced_motion: bool,
}

impl Common {
    /// The source that is asked for by name; none where the flags leave it open.
    pub fn asked_source(&self) -> Result<Option<SourceKind>, Failure> {
        let Some(word) = &self.data else { return Ok(self.lab.as_ref().map(|_| SourceKind::Lab)) };
        match SourceKind::from_word(word) {
            Some(SourceKind::Recording) | None => Err(format!("--data {word}: it is sim, none or lab").into()),
            kind => Ok(kind),
        }
    }

    /// The source that is to be shown: the one asked for, else the configured lab, else the simulated one.
    pub fn source(&self) -> Result<SourceKind, Failure> {
        let configured = || if feeds::find_lab_file(None).is_some() { SourceKind::Lab } else { SourceKind::Sim };
        Ok(self.asked_source()?.unwrap_or_else(configured))
    }

    fn settings(&self) -> Settings {
        Settings { theme: self.theme, reduced: self.reduced_motion, names: false }
    }

    /// The texts of all scene files, and the customer's.
    pub fn texts(&self) -> Result<Texts, Failure> {
        let mut texts = match &self.scenes {
            Some(folder) => read_folder(folder)?,
            None => bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
        };
        if let Some(file) = &self.customer {
            texts.insert("customer.ron".to_owned(), read_text(file)?);
        }
        Ok(texts)
    }

    /// Where images lie: beside the scenes, and beside the customer's file.
    pub fn image_folders(&self) -> Vec<PathBuf> {
        let beside = |file: &PathBuf| file.parent().map(Path::to_path_buf);
        self.scenes.iter().cloned().chain(self.customer.iter().filter_map(beside)).collect()
    }

    /// A show over the scenes, with the simulated lab and "none" as sources. A lab is added by [`start_lab`].
    pub fn show(&self) -> Result<Show, Failure> {
        let presentation = Presentation::new(self.texts()?, self.settings()).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Failure::from(format!("no scene can be shown:\n{}", lines.join("\n")))
        })?;
        let mut show = Show::new(presentation, Some(self.seed));
        if let Some(id) = &self.cut {
            show.presentation_mut().start_cut(id).map_err(Failure::from)?;
        }
        announce(&mut show, Announcement::nothing());
        Ok(show)
    }
}

/// The scene files of a folder. Files that the talk needs and the folder lacks are the built-in ones.
pub fn read_folder(folder: &Path) -> Result<Texts, Failure> {
    let wrong = |path: &Path, error: &std::io::Error| Failure::from(format!("{}: {error}", path.display()));
    let needed = bundle::SCENES.iter().filter(|(name, _)| matches!(*name, "world.ron" | "sources.ron"));
    let mut texts: Texts = needed.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let mut found = false;
    for entry in fs::read_dir(folder).map_err(|error| wrong(folder, &error))? {
        let path = entry.map_err(|error| wrong(folder, &error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| library::is_ron(name)) else {
            continue;
        };
        texts.insert(name.to_owned(), read_text(&path)?);
        found = true;
    }
    if !found {
        return Err(format!("{}: no scene files (*.ron) in this folder", folder.display()).into());
    }
    if !texts.contains_key("deck.ron") {
        texts.insert("deck.ron".into(), deck_of(&texts));
    }
    Ok(texts)
}

fn read_text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::from(format!("{}: {error}", path.display())))
}

/// A deck of all scenes in the order of their file names, for a folder without one.
pub fn deck_of(texts: &Texts) -> String {
    let ids = texts.iter().filter(|(name, _)| library::is_scene(name));
    let ids = ids.filter_map(|(_, text)| text.split_once("id:")?.1.split('"').nth(1));
    let entries: Vec<String> = ids.map(|id| format!("(scene: \"{id}\")")).collect();
    format!("Deck(title: \"\", sections: [(id: \"all\", title: \"\", scenes: [{}])])", entries.join(", "))
}

/// Starts polling a lab and adds it to the show as its shown source. Err: why it cannot be, in words.
pub fn start_lab(show: &mut Show, file: Option<&Path>, link: Link) -> Result<Feeds, String> {
    let Some(path) = feeds::find_lab_file(file) else {
        return Err("no lab is configured: give --lab FILE, or put lab.ron in the configuration folder".to_owned());
    };
    let (lab, folder) = feeds::read_lab_file(&path).map_err(|lines| lines.join("\n"))?;
    for warning in &lab.warnings {
        log::warn!("{warning}");
    }
    let feeds = feeds::start(&lab, &folder, link).map_err(|lines| lines.join("\n"))?;
    let origin = format!("lab “{}”", lab.name).into();
    show.presentation_mut().show_names(lab.show_names);
    announce(show, Announcement { kind: SourceKind::Lab, origin, lapse: 1, targets: feeds.targets().to_vec() });
    show.presentation_mut().sources_mut().show(SourceKind::Lab);
    Ok(feeds)
}

/// Announces the only source of its kind.
pub fn announce(show: &mut Show, announced: Announcement) {
    let (source, news) = (announced.kind.only_id(), SourceEvent::Announced(announced));
    show.presentation_mut().apply(Event::Source { source, news });
}

/// The position of an address.
pub fn position(show: &Show, address: &str) -> Result<Position, Failure> {
    let library = show.presentation().library();
    library.position(address).ok_or_else(|| {
        let ids = library.ids().join(", ");
        Failure::from(format!("no step \"{address}\": scenes are {ids}; steps count from 1"))
    })
}
