//! From flags to a show: which scenes, which sources, which look.

#![expect(clippy::disallowed_methods, reason = "the folder of scenes is read here")]

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use directories::ProjectDirs;

use crate::bundle;
use crate::clock::Clock;
use crate::feeds::{self, Feeds, Link};
use crate::lab::Lab;
use crate::live::{Announcement, SourceEvent, SourceKind, Target};
use crate::logging;
use crate::picture::ThemeName;
use crate::presentation::command::Command;
use crate::presentation::event::Event;
use crate::presentation::keymap::Keymap;
use crate::presentation::look::{Look, LookCommand};
use crate::presentation::measured::SourceCommand;
use crate::presentation::simulated::{MOST_LAPSE, Profile, SimCommand};
use crate::recorder;
use crate::recording::{Playback, RecordedOpening, Recording};
use crate::remembered::Remembered;
use crate::ron_text::{Places, Problem, Severity, text_from_bytes};
use crate::scene::address::Address;
use crate::scene::library::{self, Texts};
use crate::show::{Opening, Show};

/// What a command ends with: 0 yes, 1 an honest no; or words for stderr and 2 (wrong use) or 3 (missing here).
pub(crate) type Outcome = Result<u8, Failure>;

/// Why a command could not do its work.
#[derive(Debug)]
pub struct Failure {
    pub code: u8,
    pub words: String,
}

/// What went wrong, in words, is wrong use.
impl<E: Display> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { code: 2, words: error.to_string() }
    }
}

/// Two times of a recording.
fn recorded_span(words: &str) -> Result<(f64, f64), String> {
    let found = span_secs(words).filter(|(_, to)| to.is_finite());
    found.ok_or_else(|| "it is two times of the recording, the earlier first, such as 120-300 or 2:00-5:00".to_owned())
}

/// A span of time: `FROM-TO`, or `FROM` for all that follows, in seconds or as minutes and seconds, the earlier first.
pub(crate) fn span_secs(words: &str) -> Option<(f64, f64)> {
    let secs = |words: &str| match words.split_once(':') {
        Some((minutes, secs)) => Some(60.0 * minutes.parse::<u32>().ok().map(f64::from)? + secs.parse::<f64>().ok()?),
        None => words.parse::<f64>().ok(),
    };
    let (from, to) = words.split_once('-').unwrap_or((words, "inf"));
    let found = Some((secs(from)?, secs(to)?));
    found.filter(|(from, to)| *from >= 0.0 && to > from)
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
    /// Where readings come from: sim, sim:PROFILE (such as sim:405b; a wrong one lists all), none, lab, prometheus (the
    /// lab's server), recording (the one that is built in), or the file of a recording. Default: the configured lab, else
    /// sim.
    #[arg(long, global = true, value_name = "SOURCE")]
    pub data: Option<String>,
    /// Of a recording, only these seconds of it, round and round: 120-300, or 2:00-5:00.
    #[arg(long, global = true, value_name = "FROM-TO", value_parser = recorded_span)]
    pub data_span: Option<(f64, f64)>,
    /// A recording goes on by the clock, whatever is told.
    #[arg(long, global = true)]
    pub data_by_clock: bool,
    /// How many times as fast as ours the simulated lab's time goes: 1 to 60. Default: 8.
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_LAPSE)))]
    pub lapse: Option<u32>,
    /// A lab file; means --data lab.
    #[arg(long, global = true, value_name = "FILE")]
    pub lab: Option<PathBuf>,
    /// Of the simulated lab.
    #[arg(long, global = true, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// dark, light or contrast. Default: dark; in the window, the one of the last talk.
    #[arg(long = "theme", global = true, value_name = "NAME")]
    pub asked_theme: Option<ThemeName>,
    /// Other keys than the usual ones: a RON file, from the names of commands to lists of keys.
    #[arg(long, global = true, value_name = "FILE")]
    pub keys: Option<PathBuf>,
    /// Cuts and short fades in place of motion.
    #[arg(long, global = true)]
    pub reduced_motion: bool,
}

impl Common {
    /// The source that is asked for by name; none where the flags leave it open.
    pub(crate) fn asked_source(&self) -> Result<Option<SourceKind>, Failure> {
        let Some(word) = &self.data else { return Ok(self.lab.as_ref().map(|_| SourceKind::Lab)) };
        if self.profile()?.is_some() {
            return Ok(Some(SourceKind::Sim));
        }
        let by_file = || Path::new(word).is_file().then_some(SourceKind::Recording);
        SourceKind::from_word(word).or_else(by_file).map(Some).ok_or_else(|| {
            let words =
                "it is sim, sim:PROFILE, none, lab, prometheus, recording, or the file of a recording, and there is no such file";
            format!("--data {word}: {words}").into()
        })
    }

    /// The profile of the simulated lab that is asked for.
    fn profile(&self) -> Result<Option<Profile>, Failure> {
        let word = self.data.as_deref().and_then(|word| word.strip_prefix(&format!("{}:", SourceKind::Sim.word())));
        Ok(word.map(str::parse).transpose()?)
    }

    /// Sets the simulated lab as the flags ask for.
    fn simulate(&self, show: &mut Show) -> Result<(), Failure> {
        let profile = self.profile()?.map(SimCommand::Profile);
        for command in profile.into_iter().chain(self.lapse.map(SimCommand::Lapse)) {
            show.take(show.now_secs(), Command::from(command));
        }
        Ok(())
    }

    /// The recorded lab that is one of the sources: the file asked for, or the one that is built in where no lab is
    /// configured.
    fn playback(&self) -> Result<Option<Playback>, Failure> {
        let asked = self.asked_source()? == Some(SourceKind::Recording);
        if !asked && feeds::find_lab_file(self.lab.as_deref()).is_some() {
            let flag = self.data_span.map(|_| "--data-span").or(self.data_by_clock.then_some("--data-by-clock"));
            return flag.map_or(Ok(None), |flag| Err(format!("{flag} is of a recording: --data FILE names it").into()));
        }
        let of_file = |words: String| self.recording_file().map_or(words.clone(), |file| format!("{file}: {words}"));
        let playback = Playback::new(self.recording()?).map_err(of_file)?;
        let playback = match self.data_span {
            Some(span) => playback.within(span).map_err(|words| format!("--data-span: {words}"))?,
            None => playback,
        };
        Ok(Some(playback.by_clock(self.data_by_clock)))
    }

    /// The file of a recording that is asked for as the source.
    fn recording_file(&self) -> Option<&str> {
        let asked = self.asked_source().ok().flatten() == Some(SourceKind::Recording);
        self.data.as_deref().filter(|word| asked && SourceKind::from_word(word).is_none())
    }

    /// Where the recording lies that is asked for as the source, so that it is found from anywhere.
    pub(crate) fn recording_path(&self) -> Option<PathBuf> {
        self.recording_file().and_then(|file| std::path::absolute(file).ok())
    }

    /// The recording that is played where there is no lab: of the file asked for, or the one that is built in.
    pub(crate) fn recording(&self) -> Result<Recording, Failure> {
        self.asked_source()?;
        let read = match self.recording_file() {
            Some(file) => recorder::open(Path::new(file)),
            None => Recording::open(bundle::RECORDING),
        };
        Ok(read?)
    }

    /// The source that is to be shown: the one asked for, else the configured lab, else the simulated one.
    pub fn source(&self) -> Result<SourceKind, Failure> {
        let configured = || if feeds::find_lab_file(None).is_some() { SourceKind::Lab } else { SourceKind::Sim };
        Ok(self.asked_source()?.unwrap_or_else(configured))
    }

    /// What is wrong with a lab file that was asked for by a flag. One of the user's configuration falls back, and says so.
    pub(crate) fn check_asked_lab(&self) -> Result<(), Failure> {
        if !self.asked_source()?.is_some_and(SourceKind::is_asked) {
            return Ok(());
        }
        find_lab(self.lab.as_deref()).map(|_| ()).map_err(Failure::from)
    }

    /// With what was remembered of the last talk, where no flag says otherwise. A lab that is gone is not remembered.
    pub(crate) fn recall(mut self, remembered: &Remembered) -> Self {
        self.asked_theme = self.asked_theme.or(remembered.theme);
        let is_open = self.data.is_none() && self.lab.is_none() && feeds::find_lab_file(None).is_none();
        if let Some(lab) = remembered.lab.as_ref().filter(|lab| is_open && find_lab(Some(lab)).is_ok()) {
            self.lab = Some(lab.clone());
        }
        self
    }

    pub fn theme(&self) -> ThemeName {
        self.asked_theme.unwrap_or_default()
    }

    /// How it looks at the beginning.
    pub(crate) fn look(&self) -> Look {
        Look { theme: self.theme(), reduced: self.reduced_motion, ..Look::default() }
    }

    /// The keys: the usual ones with those of the file that was asked for.
    pub(crate) fn keymap(&self) -> Result<Keymap, Failure> {
        let Some(path) = &self.keys else { return Ok(Keymap::default()) };
        let keymap = read_keys(path)?.map_err(|problems| lines_of(&problems))?;
        Ok(tell_odd_keys(keymap))
    }

    /// The keys of the window: without a flag those of the user's configuration. Of a file there that is wrong the lines are
    /// told, here and on the page of what is wrong, and the keys are the usual ones.
    pub(crate) fn usual_keymap(&self) -> Result<Keymap, Failure> {
        let usual = ProjectDirs::from("", "", "tierlight").map(|folders| folders.config_dir().join("keys.ron"));
        let Some(path) = usual.filter(|path| self.keys.is_none() && path.is_file()) else { return self.keymap() };
        let problems = match read_keys(&path) {
            Ok(Ok(keymap)) => return Ok(tell_odd_keys(keymap)),
            Ok(Err(problems)) => problems,
            Err(failure) => vec![unread(&path, failure.words)],
        };
        logging::tell_presenter(&format!("the keys are the usual ones, because of\n{}", lines_of(&problems)));
        Ok(Keymap { problems, ..Keymap::default() })
    }

    /// The lab that is asked for, or configured, and the folder that its files lie in. Err: there is none that can be read.
    pub(crate) fn lab(&self) -> Result<(Lab, PathBuf), Failure> {
        Ok(find_lab(self.lab.as_deref())?)
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
    pub(crate) fn image_folders(&self) -> Vec<PathBuf> {
        let beside = |file: &PathBuf| file.parent().map(Path::to_path_buf);
        self.scenes.iter().cloned().chain(self.customer.iter().filter_map(beside)).collect()
    }

    /// What a show over the scenes begins with.
    pub fn opening(&self) -> Result<Opening, Failure> {
        let look = self.look();
        let (cut, playback, keymap) = (self.cut.clone(), self.playback()?, self.keymap()?);
        Ok(Opening { texts: self.texts()?, look, cut, keymap, seed: Some(self.seed), playback, ..Opening::default() })
    }

    /// A show over the scenes, with the simulated lab and "none" as sources. A lab is added by `start_source`.
    pub fn show(&self) -> Result<Show, Failure> {
        Ok(Show::open(self.opening()?)?)
    }

    /// A show for stills: of the simulated lab, or of no source.
    pub fn still_show(&self) -> Result<Show, Failure> {
        let mut show = self.show()?;
        let kind = self.asked_source()?.unwrap_or(SourceKind::Sim);
        if kind.is_asked() {
            return Err("a still has no time to ask a lab: use --data sim or none, or run --realtime".into());
        }
        self.simulate(&mut show)?;
        show_source(&mut show, kind);
        show.recall_hour();
        Ok(show)
    }
}

/// The scene files of a folder. Files that the talk needs and the folder lacks are the built-in ones.
pub(crate) fn read_folder(folder: &Path) -> Result<Texts, Failure> {
    let wrong = |path: &Path, error: &std::io::Error| Failure::from(format!("{}: {error}", path.display()));
    let needed = bundle::SCENES.iter().filter(|(name, _)| matches!(*name, "world.ron" | "sources.ron"));
    let mut texts: Texts = needed.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let mut found = false;
    for entry in fs::read_dir(folder).map_err(|error| wrong(folder, &error))? {
        let path = entry.map_err(|error| wrong(folder, &error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| library::is_ron(name)) else {
            continue;
        };
        found = true;
        match read_text(&path) {
            Ok(text) => drop(texts.insert(name.to_owned(), text)),
            // One that leads nowhere is one scene less, and no reason to have no talk.
            Err(failure) => logging::tell_presenter(&format!("left out: {}", failure.words)),
        }
    }
    if !found {
        return Err(format!("{}: no scene files (*.ron) in this folder", folder.display()).into());
    }
    if !texts.contains_key("deck.ron") {
        texts.insert("deck.ron".into(), deck_of(&texts));
    }
    Ok(texts)
}

/// The usual keys with those of a file. Err: the file cannot be read; or within, what is wrong in it.
fn read_keys(path: &Path) -> Result<Result<Keymap, Vec<Problem>>, Failure> {
    Ok(Keymap::with_own(&path.display().to_string(), &read_text(path)?))
}

/// What is odd in a file of keys is told on stderr, beside the page of what is wrong.
fn tell_odd_keys(keymap: Keymap) -> Keymap {
    keymap.problems.iter().for_each(|odd| logging::tell_presenter(&odd.one_line()));
    keymap
}

fn lines_of(problems: &[Problem]) -> String {
    problems.iter().map(Problem::one_line).collect::<Vec<_>>().join("\n")
}

/// A file of keys that cannot be read at all.
fn unread(path: &Path, message: String) -> Problem {
    Problem {
        code: "key",
        severity: Severity::Error,
        file: path.display().to_string(),
        line: 1,
        column: 1,
        scene: None,
        step: None,
        message,
        hint: "its owner must be allowed to read it".to_owned(),
    }
}

/// The text of a RON file. One in another encoding than UTF-8 is refused when it is read as RON, with its place.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::from(format!("{}: {error}", path.display())))?;
    Ok(text_from_bytes(bytes))
}

/// A deck of all scenes in the order of their file names, for a folder without one.
pub(crate) fn deck_of(texts: &Texts) -> String {
    let ids = texts.iter().filter(|(name, _)| library::is_scene(name));
    let ids = ids.filter_map(|(_, text)| Places::new(text).string_at("id"));
    let entries: Vec<String> = ids.map(|id| format!("(scene: \"{id}\")")).collect();
    format!("Deck(title: \"\", sections: [(id: \"all\", title: \"\", scenes: [{}])])", entries.join(", "))
}

/// Why a source cannot be shown.
#[derive(Debug)]
pub(crate) enum StartError {
    /// The flags are wrong.
    Flags(Failure),
    /// The lab cannot be asked, in words.
    Lab(String),
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Flags(failure) => failure,
            StartError::Lab(words) => words.into(),
        }
    }
}

/// Shows the source asked for, else the configured lab, else the simulated one. A lab's threads run as long as what is
/// answered; `send` gets what they say. `taped`: the link of its servers, with a tape on it where one is wanted.
pub(crate) fn start_source(
    show: &mut Show,
    common: &Common,
    taped: &dyn Fn(Link) -> Link,
    send: impl Fn(Event) + Send + Sync + 'static,
    clock: Clock,
) -> Result<Option<Feeds>, StartError> {
    let mut kind = common.source().map_err(StartError::Flags)?;
    common.simulate(show).map_err(StartError::Flags)?;
    let feeds = if kind.is_asked() {
        let send = Arc::new(send);
        let link_of = |kind: SourceKind| {
            let send = Arc::clone(&send);
            let send = move |news| send(Event::Source { source: kind.only_id(), news: vec![news] });
            let link = Link::new(send, || (), move || clock.now_secs());
            if kind == SourceKind::Lab { taped(link) } else { link }
        };
        let feeds = start_lab(show, common.lab.as_deref(), &link_of).map_err(StartError::Lab)?;
        if feeds.targets().is_empty() {
            kind = SourceKind::Prometheus;
        }
        if kind == SourceKind::Prometheus && feeds.server_targets().is_empty() {
            return Err(StartError::Lab("the lab file names no Prometheus server: prometheus: (url: …)".to_owned()));
        }
        Some(feeds)
    } else {
        None
    };
    show_source(show, kind);
    Ok(feeds)
}

/// What a recording says of how a talk was opened.
pub(crate) fn recorded_opening(opening: &Opening) -> RecordedOpening {
    let Opening { texts, look, at, cut, .. } = opening;
    RecordedOpening { texts: texts.clone(), look: look.clone(), at: at.clone(), cut: cut.clone(), begins_secs: 0.0 }
}

/// Shows a source that was announced.
pub fn show_source(show: &mut Show, kind: SourceKind) {
    show.take(show.now_secs(), Command::from(SourceCommand::Source(kind.only_id())));
}

/// The lab of a file, or of the configuration, and the folder that its files lie in.
fn find_lab(file: Option<&Path>) -> Result<(Lab, PathBuf), String> {
    let Some(path) = feeds::find_lab_file(file) else {
        return Err("no lab is configured: give --lab FILE, or put lab.ron in the configuration folder".to_owned());
    };
    feeds::read_lab_file(&path).map_err(|lines| lines.join("\n"))
}

/// Starts polling a lab and announces it, and its Prometheus server where it has one. Err: why it cannot be, in words.
fn start_lab(show: &mut Show, file: Option<&Path>, link_of: &dyn Fn(SourceKind) -> Link) -> Result<Feeds, String> {
    let (lab, folder) = find_lab(file)?;
    for warning in &lab.warnings {
        log::warn!("{}", warning.one_line());
    }
    let no_thread = |failed| format!("no thread could be started for the lab: {failed}");
    let mut feeds = feeds::start(&lab, &folder, link_of(SourceKind::Lab)).map_err(no_thread)?;
    let (server, direct) = (link_of(SourceKind::Prometheus), link_of(SourceKind::Lab));
    feeds.add_server(&lab, &folder, server, direct).map_err(no_thread)?;
    announce_lab(show, SourceKind::Lab, format!("lab “{}”", lab.name), feeds.targets());
    announce_lab(show, SourceKind::Prometheus, format!("lab “{}” by Prometheus", lab.name), feeds.server_targets());
    if lab.show_names {
        show.take(show.now_secs(), Command::from(LookCommand::Names));
    }
    Ok(feeds)
}

/// Announces a source, unless it has nothing to tell of.
fn announce_lab(show: &mut Show, kind: SourceKind, origin: String, targets: &[Target]) {
    if !targets.is_empty() {
        let announced = Announcement { kind, origin: origin.into(), lapse: 1, targets: targets.to_vec() };
        let news = vec![SourceEvent::Announced(announced)];
        show.take(show.now_secs(), Event::Source { source: kind.only_id(), news });
    }
}

/// The step of an address, by the scene's id or number.
pub fn address(show: &Show, words: &str) -> Result<Address, Failure> {
    let library = show.presentation().library();
    library.position(words).map(|at| library.address(at)).ok_or_else(|| Failure::from(library.no_step(words)))
}
