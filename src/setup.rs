//! From flags to a show: which scenes, which sources, which look.

#![expect(clippy::disallowed_methods, reason = "the folder of scenes is read here")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::bundle;
use crate::feeds;
use crate::feeds::{FeedEvent, Feeds, Link, TargetInfo};
use crate::presentation::event::{Event, FaultWords, Report, SourceKind, Target};
use crate::presentation::sources::Source;
use crate::presentation::{Presentation, Settings};
use crate::ron_text::{Places, text_from_bytes};
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
        let sources = show.presentation_mut().sources_mut();
        sources.add(Source::new(SourceKind::None, "", 1, Vec::new()));
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

/// The text of a RON file. One in another encoding than UTF-8 is refused when it is read as RON, with its place.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::from(format!("{}: {error}", path.display())))?;
    Ok(text_from_bytes(bytes))
}

/// A deck of all scenes in the order of their file names, for a folder without one.
pub fn deck_of(texts: &Texts) -> String {
    let ids = texts.iter().filter(|(name, _)| library::is_scene(name));
    let ids = ids.filter_map(|(_, text)| Places::new(text).string_at("id"));
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
        log::warn!("{}", warning.one_line());
    }
    let feeds = feeds::start(&lab, &folder, link).map_err(|lines| lines.join("\n"))?;
    let targets = feeds.targets().iter().map(target).collect();
    let origin = format!("lab “{}”", lab.name);
    show.presentation_mut().show_names(lab.show_names);
    let sources = show.presentation_mut().sources_mut();
    sources.add(Source::new(SourceKind::Lab, origin, 1, targets));
    sources.show(SourceKind::Lab);
    Ok(feeds)
}

fn target(info: &TargetInfo) -> Target {
    Target {
        name: info.name.as_str().into(),
        subjects: info.subjects.clone(),
        interval_secs: info.interval_secs,
        unverified: !info.certificate_verified,
    }
}

/// What a feed says, as an event of the talk.
pub fn event_of(feed: FeedEvent) -> Event {
    let words = |fault: &feeds::Fault| FaultWords { sentence: fault.sentence(true), discreet: fault.sentence(false) };
    match feed {
        FeedEvent::Scraped { target, at_secs, interval_secs, readings, last_good_secs, faults } => {
            let faults = faults.iter().map(words).collect();
            let report = Report { readings, last_good_secs, interval_secs, faults };
            Event::Scraped { source: SourceKind::Lab, target: Arc::from(target), at_secs, report }
        }
        FeedEvent::Failed { target, at_secs, fault } => {
            Event::ScrapeFailed { source: SourceKind::Lab, target: Arc::from(target), at_secs, fault: words(&fault) }
        }
    }
}

/// The position of an address.
pub fn position(show: &Show, address: &str) -> Result<Position, Failure> {
    let library = show.presentation().library();
    library.position(address).ok_or_else(|| {
        let ids = library.ids().join(", ");
        Failure::from(format!("no step \"{address}\": scenes are {ids}; steps count from 1"))
    })
}
