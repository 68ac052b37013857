//! What a recording says of itself, and how its talk was opened.

use crate::presentation::look::Look;
use crate::recording::date::is_date_and_time;
use crate::recording::line::{HeaderFile, LineFile, NAME};
use crate::scene::library::Texts;

/// The version of the format that is written, and the only one that is read.
pub const VERSION: u32 = 1;
const SCHEMA: u32 = 1;

/// What is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// A talk, with what its sources said.
    Talk,
    /// What the targets of a lab said, without a talk.
    Lab,
}

impl Recorded {
    const ALL: [(Self, &str); 2] =
        [(Self::Talk, "a talk and what its sources said"), (Self::Lab, "what a lab's servers said")];

    /// In words.
    pub fn words(self) -> &'static str {
        Self::ALL.iter().find(|(what, _)| *what == self).map_or("", |(_, words)| words)
    }
}

/// What a recording says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The program that wrote it, by its version.
    pub app: String,
    /// `"2026-11-28T14:02:11Z"`.
    pub began: String,
    pub what: Recorded,
    /// Names of targets, hosts and buckets are replaced by neutral ones.
    pub is_redacted: bool,
}

impl Header {
    /// The day it began, as a badge says it.
    pub fn date(&self) -> &str {
        self.began.get(..10).unwrap_or_default()
    }

    pub(super) fn stored(&self) -> HeaderFile {
        HeaderFile {
            name: NAME.to_owned(),
            version: VERSION,
            schema: SCHEMA,
            app: self.app.clone(),
            began: self.began.clone(),
            what: self.what.words().to_owned(),
            redacted: self.is_redacted,
        }
    }

    /// Reads the first line. Err: why the file is no recording, or none that is read here.
    pub(super) fn read(line: &[u8]) -> Result<Self, String> {
        let stored: HeaderFile = match serde_json::from_slice(line) {
            Ok(stored) => stored,
            Err(error) => return Err(other_version(line).unwrap_or(format!("the first line is not read: {error}"))),
        };
        if stored.name != NAME {
            return Err(format!("this is a file of another kind: {}", shortened(&stored.name)));
        }
        if let Some(words) = other_version(line) {
            return Err(words);
        }
        if !is_date_and_time(&stored.began) {
            return Err(format!("it began at no time: {}", shortened(&stored.began)));
        }
        let what = Recorded::ALL.iter().find(|(_, words)| *words == stored.what).map(|(what, _)| *what);
        let what = what.ok_or_else(|| format!("it holds what is not known here: {}", shortened(&stored.what)))?;
        let HeaderFile { app, began, redacted, .. } = stored;
        Ok(Self { app, began, what, is_redacted: redacted })
    }
}

/// Where a line names another version of the format: which, and what reads it.
fn other_version(line: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(line).ok()?;
    let version = value.get("version")?.as_u64().filter(|version| *version != u64::from(VERSION))?;
    let app = value.get("app").and_then(|app| app.as_str()).map_or("another program", |app| app);
    let app = shortened(app);
    Some(format!(
        "it is of version {version} of the format, and this program reads version {VERSION}: \
         open it with the Tierlight that wrote it ({app})"
    ))
}

/// Words of a file, short enough for an error.
fn shortened(words: &str) -> String {
    let short: String = words.chars().filter(|c| !c.is_control()).take(60).collect();
    format!("\"{short}\"")
}

/// How a recorded talk was opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordedOpening {
    pub texts: Texts,
    pub look: Look,
    pub at: Option<String>,
    pub cut: Option<String>,
    /// The talk's time at which the recording begins, seconds: 0 where it holds the whole talk.
    pub begins_secs: f64,
}

impl RecordedOpening {
    pub(super) fn lines(&self) -> Vec<LineFile> {
        let Self { texts, look, at, cut, begins_secs } = self;
        let opening = LineFile::Opening { look: look.clone(), at: at.clone(), cut: cut.clone(), begins: *begins_secs };
        let text = |(file, text): (&String, &String)| LineFile::Text { file: file.clone(), text: text.clone() };
        std::iter::once(opening).chain(texts.iter().map(text)).collect()
    }
}
