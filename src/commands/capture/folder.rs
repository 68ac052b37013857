//! A captured lab read back: a folder of scrapes, one JSON object a line, and what the lab's client counted.
#![expect(clippy::disallowed_methods, reason = "a command reads the files it is given")]

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use serde::Deserialize;

/// Editors on Windows begin a file of UTF-8 with it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Captures are compressed with windows of up to 2 GiB.
const WINDOW_LOG: u32 = 31;

/// One scrape.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CapturedScrape {
    /// Seconds since the capture's start.
    pub(crate) at: f64,
    /// When that was, in Unix seconds; captures of other programs do not say it.
    pub(crate) unix: Option<u64>,
    pub(crate) dep: String,
    pub(crate) node: String,
    pub(crate) path: String,
    /// Missing where the connection failed.
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) body: String,
}

impl CapturedScrape {
    /// When the server's process started, as its header says.
    pub(crate) fn process_start_unix_secs(&self) -> Option<f64> {
        self.headers.get("process-start-time-unix")?.parse().ok()
    }
}

/// Calls `each` with every scrape of the folder whose path is wanted, in order of time as captured. Err: a line cannot be
/// read, or is out of that order.
pub(crate) fn each_scrape(
    folder: &Path,
    wanted: impl Fn(&str) -> bool,
    mut each: impl FnMut(&CapturedScrape),
) -> Result<(), String> {
    let mut lines = open_scrapes(folder)?;
    let mut line = Vec::new();
    let mut number = 0;
    let mut order = ScrapeOrder::default();
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line).map_err(|error| format!("{}: {error}", folder.display()))?;
        if read == 0 {
            return Ok(());
        }
        number += 1;
        let text = line.strip_prefix(BYTE_ORDER_MARK).filter(|_| number == 1).unwrap_or(&line);
        let wrong = |error: &dyn Display| format!("{}, scrape {number}: {error}", folder.display());
        if path_of(text).is_none_or(&wanted) {
            let row: CapturedScrape = serde_json::from_slice(text).map_err(|error| wrong(&error))?;
            if wanted(&row.path) {
                order.check(&row).map_err(|error| wrong(&error))?;
                each(&row);
            }
        }
    }
}

/// Whether scrapes are in order of time: what is older than what was read would be passed over, and its bytes be missed.
#[derive(Default)]
struct ScrapeOrder {
    newest_secs: f64,
    /// By deployment, node and path.
    pages: BTreeMap<[String; 3], f64>,
}

impl ScrapeOrder {
    /// Several nodes are asked at once, and their answers written as they are complete.
    const LATE_SECS: f64 = 30.0;

    fn check(&mut self, row: &CapturedScrape) -> Result<(), String> {
        let key = [&row.dep, &row.node, &row.path].map(Clone::clone);
        let page_secs = self.pages.entry(key).or_insert(row.at);
        let newest_secs = page_secs.max(self.newest_secs - Self::LATE_SECS);
        if row.at < newest_secs {
            let (at_secs, later_secs) = (row.at, page_secs.max(self.newest_secs));
            return Err(format!(
                "it is of second {at_secs:.1} and stands after one of second {later_secs:.1}; sort the lines by \"at\""
            ));
        }
        *page_secs = row.at;
        self.newest_secs = self.newest_secs.max(row.at);
        Ok(())
    }
}

/// The path of a scrape, where it stands before the body. So scrapes of other paths are not parsed.
fn path_of(line: &[u8]) -> Option<&str> {
    let head = &line[..line.len().min(400)];
    let key = b"\"path\": \"";
    let from = memchr::memmem::find(head, key)? + key.len();
    let length = memchr::memchr(b'"', &head[from..])?;
    std::str::from_utf8(&head[from..from + length]).ok()
}

fn open_scrapes(folder: &Path) -> Result<Box<dyn BufRead>, String> {
    let plain = folder.join("scrapes.jsonl");
    if plain.exists() {
        return Ok(Box::new(BufReader::new(open_file(&plain)?)));
    }
    let packed = folder.join("scrapes.jsonl.zst");
    let wrong = |error| format!("{}: {error}", packed.display());
    let mut unpacked = zstd::Decoder::new(open_file(&packed)?).map_err(wrong)?;
    unpacked.window_log_max(WINDOW_LOG).map_err(wrong)?;
    Ok(Box::new(BufReader::with_capacity(1 << 18, unpacked)))
}

fn open_file(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// The least and the most; no most where the client could not know it.
pub(crate) type Range = (f64, Option<f64>);

/// What the client counted: `expect.json`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Expected {
    pub(crate) phases: Vec<ExpectedPhase>,
    #[serde(default)]
    pub(crate) nodes: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) faults: Vec<CapturedFault>,
}

/// A phase of the story.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ExpectedPhase {
    pub(crate) name: String,
    pub(crate) from: f64,
    pub(crate) to: f64,
    #[serde(default)]
    pub(crate) deployments: BTreeMap<String, ExpectedWork>,
}

/// What was done to a deployment in a phase.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct ExpectedWork {
    pub(crate) bytes_in: Range,
    pub(crate) bytes_out: Range,
    pub(crate) requests: BTreeMap<String, Range>,
    #[serde(default)]
    pub(crate) errors_4xx: BTreeMap<String, f64>,
    #[serde(default)]
    pub(crate) requests_without_an_answer: u64,
}

/// Something broken or mended on purpose.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CapturedFault {
    pub(crate) at: f64,
    pub(crate) what: String,
    pub(crate) node: Option<String>,
    pub(crate) drive: Option<String>,
}

/// Reads the folder's `expect.json`; `None` where there is none.
pub(crate) fn read_expected(folder: &Path) -> Result<Option<Expected>, String> {
    let path = folder.join("expect.json");
    if !path.exists() {
        return Ok(None);
    }
    let mut text = String::new();
    let wrong = |error: &dyn Display| format!("{}: {error}", path.display());
    open_file(&path)?.read_to_string(&mut text).map_err(|error| wrong(&error))?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map(Some).map_err(|error| wrong(&error))
}
