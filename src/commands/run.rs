//! `run`: the same core without a window. Commands in; hashes, badges, signals and faults out.

#![expect(clippy::disallowed_methods, reason = "a script is read from a file or from standard input")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use egui::emath::pos2;
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::commands::picture::hash;
use crate::feeds::{FeedEvent, Feeds, Link};
use crate::presentation::Audience;
use crate::presentation::event::{AskEdit, Command, Event, SourceKind};
use crate::presentation::keys;
use crate::scene::problem::suggestion;
use crate::setup::{Common, Failure, Outcome, event_of, start_lab};
use crate::show::Show;
use crate::signal::{Subject, Tier};
use crate::theme::ThemeName;

#[derive(Clone, Debug, clap::Args)]
pub struct RunArgs {
    /// One command a line: next back jump S:N black white hold source NAME pause replay-step wait SECONDS theme NAME …;
    /// "-" reads standard input.
    #[arg(long, value_name = "FILE")]
    pub script: PathBuf,
    /// By the wall clock, with a line a second. A lab is always read so.
    #[arg(long)]
    pub realtime: bool,
    /// Go on for so long after the script.
    #[arg(long = "for", value_name = "SECONDS")]
    pub for_secs: Option<f64>,
    /// Write every event with its time to this file, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

/// One line of a script.
#[derive(Clone, Debug, PartialEq)]
enum Line {
    Command(Command),
    /// Asks for these words and goes there.
    Ask(String),
    Wait(f64),
    /// A scene file is read again, as if it had been saved.
    Reload(String),
}

/// Nothing moves longer than this after a command.
const MOST_SETTLE_SECS: f64 = 60.0;

/// Runs a script.
pub fn run(args: &RunArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let text = read_script(args)?;
    let show = common.show()?;
    let lines = parse(&text, &show)?;
    let mut host = Host::new(show, args, common)?;
    for (words, line) in lines {
        host.line(&words, line, common, out)?;
    }
    if let Some(secs) = args.for_secs {
        host.wait("for", secs, out)?;
    }
    Ok(0)
}

fn read_script(args: &RunArgs) -> Result<String, Failure> {
    let mut text = String::new();
    if args.script.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text)?;
    } else {
        text = fs::read_to_string(&args.script).map_err(|error| format!("{}: {error}", args.script.display()))?;
    }
    Ok(text)
}

/// Every line is understood before the first is carried out.
fn parse(text: &str, show: &Show) -> Result<Vec<(String, Line)>, Failure> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let read = |(number, line): (usize, &str)| match parse_line(line, show) {
        Ok(read) => Ok((line.to_owned(), read)),
        Err(words) => Err(Failure::from(format!("script line {number}: {words}"))),
    };
    lines.map(read).collect()
}

fn parse_line(line: &str, show: &Show) -> Result<Line, String> {
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let command = match (name, rest) {
        ("wait", secs) => {
            let secs = secs.parse::<f64>().ok().filter(|secs| secs.is_finite() && *secs >= 0.0);
            return secs.map(Line::Wait).ok_or_else(|| format!("\"{rest}\" is not a number of seconds"));
        }
        ("reload", "") => Command::Reload,
        ("reload", file) => return Ok(Line::Reload(file.to_owned())),
        ("jump", address) => {
            let library = show.presentation().library();
            let known = || format!("no step \"{address}\": scenes are {}", library.ids().join(", "));
            Command::Jump(library.position(address).ok_or_else(known)?)
        }
        ("source", name) => Command::Source(
            SourceKind::from_word(name)
                .ok_or_else(|| format!("no source \"{name}\": it is lab, sim, recording or none"))?,
        ),
        ("open", id) if !id.is_empty() => Command::Open(id.to_owned()),
        ("ask", words) if !words.is_empty() => return Ok(Line::Ask(words.to_owned())),
        ("cut", id) if !id.is_empty() => {
            show.presentation().library().find_cut(id)?;
            Command::Cut(Some(id.to_owned()))
        }
        ("click", place) => {
            let at = place.split_once(' ').and_then(|(x, y)| Some(pos2(x.parse().ok()?, y.trim().parse().ok()?)));
            let at = at.ok_or_else(|| format!("\"{place}\" is no point of the stage, such as 960 540"))?;
            Command::Click { at, aimed: true }
        }
        ("theme", name) if !name.is_empty() => Command::Theme(Some(name.parse::<ThemeName>()?)),
        ("digits", digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() == 1 => {
            Command::Digit(digits.as_bytes()[0] - b'0')
        }
        ("key", key) => keys::command_of(key).ok_or_else(|| format!("no command on the key \"{key}\""))?,
        (name, "") => keys::command_named(name).ok_or_else(|| unknown(name))?,
        (name, _) => return Err(unknown(name)),
    };
    Ok(Line::Command(command))
}

fn unknown(name: &str) -> String {
    let table = keys::table();
    let mut known: Vec<&str> = table.iter().map(|entry| entry.name).collect();
    known.extend(["jump", "source", "wait", "theme", "digits", "key", "click", "open", "ask", "cut"]);
    format!("no command \"{name}\"; {}", suggestion(name, &known))
}

/// A show with a clock, real or virtual, and the feeds of a lab.
struct Host {
    show: Show,
    clock: Option<Clock>,
    inbox: mpsc::Receiver<FeedEvent>,
    /// Held so that the threads go on.
    _feeds: Option<Feeds>,
    journal: Option<fs::File>,
    json: bool,
}

impl Host {
    fn new(mut show: Show, args: &RunArgs, common: &Common) -> Result<Self, Failure> {
        let kind = common.source()?;
        let (sender, inbox) = mpsc::sync_channel(1024);
        let clock = (args.realtime || kind == SourceKind::Lab).then(Clock::start);
        let feeds = if kind == SourceKind::Lab {
            let now = clock.unwrap_or_else(Clock::start);
            let send = move |event| {
                // A full inbox drops the event: the next poll brings the same news.
                let _full = sender.try_send(event);
            };
            Some(start_lab(&mut show, common.lab.as_deref(), Link::new(send, || (), move || now.now_secs()))?)
        } else {
            show.presentation_mut().sources_mut().show(kind);
            None
        };
        let journal = match &args.journal {
            Some(path) => Some(fs::File::create(path).map_err(|error| format!("{}: {error}", path.display()))?),
            None => None,
        };
        Ok(Self { show, clock, inbox, _feeds: feeds, journal, json: args.json })
    }

    fn line(&mut self, words: &str, line: Line, common: &Common, out: &mut dyn Write) -> Result<(), Failure> {
        match line {
            Line::Wait(secs) => return self.wait(words, secs, out),
            Line::Command(command) => self.take(Event::Command(command))?,
            Line::Ask(words) => {
                for edit in [AskEdit::Open, AskEdit::Type(words), AskEdit::Go] {
                    self.take(Event::Command(Command::Ask(edit)))?;
                }
            }
            Line::Reload(file) => {
                let text = common.texts()?.remove(&file).ok_or_else(|| format!("no scene file \"{file}\""))?;
                self.take(Event::SceneText { file, text })?;
            }
        }
        self.settle()?;
        self.answer(words, out)
    }

    fn take(&mut self, event: Event) -> Result<(), Failure> {
        if let Some(journal) = &mut self.journal {
            writeln!(journal, "{}", json!({ "at": self.show.now_secs(), "event": format!("{event:?}") }))?;
        }
        self.show.take(event);
        Ok(())
    }

    fn settle(&mut self) -> Result<(), Failure> {
        let Some(_) = self.clock else {
            self.show.settle(MOST_SETTLE_SECS);
            return Ok(());
        };
        let end = self.show.now_secs() + MOST_SETTLE_SECS;
        while !self.show.presentation().is_settled() && self.show.now_secs() < end {
            self.tick()?;
        }
        Ok(())
    }

    /// A thirtieth of a second by the wall clock.
    fn tick(&mut self) -> Result<(), Failure> {
        let wait = Duration::from_millis(33);
        let first = self.inbox.recv_timeout(wait).ok();
        let more: Vec<FeedEvent> = first.into_iter().chain(self.inbox.try_iter()).collect();
        for event in more {
            self.take(event_of(event))?;
        }
        if let Some(clock) = &self.clock {
            self.show.advance(clock.now_secs());
        }
        Ok(())
    }

    fn wait(&mut self, words: &str, secs: f64, out: &mut dyn Write) -> Result<(), Failure> {
        let end = self.show.now_secs() + secs;
        if self.clock.is_none() {
            self.show.advance(end);
            return self.answer(words, out);
        }
        let mut next_answer = self.show.now_secs() + 1.0;
        while self.show.now_secs() < end {
            self.tick()?;
            if self.show.now_secs() >= next_answer && self.show.now_secs() < end {
                next_answer += 1.0;
                self.answer(words, out)?;
            }
        }
        self.answer(words, out)
    }

    fn answer(&self, words: &str, out: &mut dyn Write) -> Result<(), Failure> {
        let answer = answer(&self.show, words);
        if self.json {
            writeln!(out, "{answer}")?;
        } else {
            writeln!(
                out,
                "{:>8.1} {} {}:{}",
                self.show.now_secs(),
                words,
                answer["scene"].as_str().unwrap_or(""),
                answer["step"]
            )?;
        }
        Ok(out.flush()?)
    }
}

fn answer(show: &Show, words: &str) -> Value {
    let presentation = show.presentation();
    let (library, at) = (presentation.library(), presentation.position());
    let (badges, signals, faults) = presentation.with_seen(|seen| {
        let badges: BTreeMap<&str, String> =
            Tier::ALL.iter().map(|tier| (tier.id(), seen.state(Subject::Tier(*tier)).to_string())).collect();
        let signals: BTreeMap<String, f64> = seen
            .readings
            .iter()
            .filter(|(_, reading)| reading.value.is_finite())
            .map(|(signal, reading)| (signal.to_string(), reading.value))
            .collect();
        (badges, signals, faults(show))
    });
    let mut answer = json!({
        "at": (show.now_secs() * 1000.0).round() / 1000.0,
        "command": words,
        "scene": &*library.scenes[at.scene].id,
        "step": at.step + 1,
        "settled": presentation.is_settled(),
        "picture": hash(&presentation.settled_picture()),
        "audience": audience_hash(show),
        "badges": badges,
        "signals": signals,
        "faults": faults,
        "problems": presentation.problems().iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    // Absent where there is none.
    let cut = presentation.cut().map(|cut| cut.id.as_str());
    let (focus, card) =
        (presentation.focused().map(ToString::to_string), presentation.opened().map(ToString::to_string));
    for (name, word) in [("cut", cut.map(ToOwned::to_owned)), ("focus", focus), ("card", card)] {
        if let Some(word) = word {
            answer[name] = word.into();
        }
    }
    answer
}

fn audience_hash(show: &Show) -> String {
    match show.audience() {
        Audience::Cover(cover) => format!("{cover:?}").to_lowercase(),
        Audience::Picture(picture) => hash(&picture),
    }
}

fn faults(show: &Show) -> Vec<Value> {
    let Some(source) = show.presentation().sources().shown() else { return Vec::new() };
    source.faults().map(|(target, fault)| json!({ "source": &**target, "sentence": fault.sentence })).collect()
}
