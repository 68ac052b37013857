//! `run`: the same core without a window. Commands in; hashes, badges, signals and faults out.

#![expect(clippy::disallowed_methods, reason = "a script is read from a file or from standard input")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::sync::mpsc::TryRecvError;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::bodies::KeptLab;
use crate::clock::Clock;
use crate::commands::fold::FoldedBurst;
use crate::commands::picture::hash;
use crate::host::Logs;
use crate::journal::{self, Journal, ShownSource, ToldJournal};
use crate::live::{Fault, SourceKind, SourceTeller};
use crate::logging;
use crate::opener;
use crate::presentation::Audience;
use crate::presentation::asking::AskCommand;
use crate::presentation::command::{Command, WindowCommand};
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::{Effect, Event};
use crate::presentation::hand::HandCommand;
use crate::presentation::keymap::{Keymap, WITHOUT_KEY};
use crate::presentation::look::LookCommand;
use crate::presentation::measured::SourceCommand;
use crate::presentation::over::OverCommand;
use crate::presentation::pointing::PointCommand;
use crate::presentation::simulated::{MOST_LAPSE, SimCommand};
use crate::presentation::walk::WalkCommand;
use crate::recorder::{RecordArgs, Recorder};
use crate::ron_text::suggestion;
use crate::setup::{self, Common, Failure, Outcome};
use crate::show::{Opening, Show};
use crate::signal::{Subject, Tier};
use crate::theme::ThemeName;
use crate::timeline::happened::event_words;

#[derive(Clone, Debug, clap::Args)]
pub struct RunArgs {
    /// One command a line: next back jump S:N black white hold source NAME pause replay-step wait SECONDS theme NAME …;
    /// "-" reads standard input, and carries out each line as it comes.
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
    /// Go on where a journal ends.
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// One JSON object a line.
    #[arg(long)]
    pub json: bool,
}

/// One line of a script.
#[derive(Clone, Debug, PartialEq)]
enum ScriptLine {
    /// These events, one after the other.
    Events(Vec<Event>),
    Wait(f64),
    /// A scene file is read again, as if it had been saved.
    Reload(String),
}

/// So much of a wait by the virtual clock passes before what happened in it is written.
const MOST_UNWRITTEN_SECS: f64 = 60.0;

/// Nothing moves longer than this after a command.
const MOST_SETTLE_SECS: f64 = 60.0;

/// Runs a script.
pub fn run(args: &RunArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let is_logged = args.journal.is_some() || args.record.record.is_some();
    let opening = Opening { is_logged, ..common.opening()? };
    let recorded = setup::recorded_opening(&opening);
    let (show, shown) = match &args.resume {
        Some(path) => resume(path, opening)?,
        None => (Show::open(opening)?, None),
    };
    let mut script = Script::open(args, &show)?;
    // The file is begun when nothing can be wrong with a script any more that stands in a file.
    let recorder = Recorder::start(&args.record, &recorded, true)?;
    let mut host = Host::new(show, args, recorder, common)?;
    if let Some(shown) = shown.filter(|_| common.data.is_none()) {
        host.show_again(&shown);
    }
    while let Some((words, line)) = script.next_line(&mut host)? {
        host.carry_out(&words, line, common, out)?;
    }
    if let Some(secs) = args.for_secs {
        host.wait("for", secs, out)?;
    }
    host.write_log()?;
    if let Some(journal) = &mut host.logs.journal {
        journal.end()?;
    }
    Ok(0)
}

/// The talk of a journal, as it was when that ended, and the source that it showed. What cannot be quite so is said.
fn resume(path: &Path, opening: Opening) -> Result<(Show, Option<ShownSource>), Failure> {
    let told = ToldJournal::read(path)?;
    let (show, said) = told.resume(opening)?;
    told.damage_words(path).into_iter().chain(said).for_each(|words| logging::tell_presenter(&words));
    Ok((show, told.shown))
}

/// Where the lines of a script come from.
enum Script {
    /// From a file: every line is understood before the first is carried out.
    Read(std::vec::IntoIter<(String, ScriptLine)>),
    /// From standard input, by whoever waits for one answer before the next line is written.
    Told { lines: mpsc::Receiver<io::Result<String>>, number: usize },
}

impl Script {
    /// # Errors
    /// A file that cannot be read, or a line in it that is not understood.
    fn open(args: &RunArgs, show: &Show) -> Result<Self, Failure> {
        if args.script.as_os_str() != "-" {
            let text =
                fs::read_to_string(&args.script).map_err(|error| format!("{}: {error}", args.script.display()))?;
            let lines =
                text.lines().zip(1..).filter_map(|(line, number)| parse_numbered(number, line, show).transpose());
            return Ok(Self::Read(lines.collect::<Result<Vec<_>, _>>()?.into_iter()));
        }
        let (sender, lines) = mpsc::channel();
        // It waits for standard input until the process ends.
        thread::Builder::new().name("script".to_owned()).spawn(move || {
            for line in io::stdin().lines() {
                if sender.send(line).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self::Told { lines, number: 0 })
    }

    /// The next line with its words; none at the end.
    ///
    /// # Errors
    /// A line of standard input that is not understood.
    fn next_line(&mut self, host: &mut Host) -> Result<Option<(String, ScriptLine)>, Failure> {
        match self {
            Self::Read(lines) => Ok(lines.next()),
            Self::Told { lines, number } => {
                while let Some(line) = host.await_line(lines)? {
                    *number += 1;
                    if let Some(read) = parse_numbered(*number, &line, &host.show)? {
                        return Ok(Some(read));
                    }
                }
                Ok(None)
            }
        }
    }
}

/// A line of a script; none where it is empty or a comment.
fn parse_numbered(number: usize, line: &str, show: &Show) -> Result<Option<(String, ScriptLine)>, Failure> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let read = parse_line(line, show).map_err(|words| format!("script line {number}: {words}"))?;
    Ok(Some((line.to_owned(), read)))
}

/// Carries out a line of a script that is a command, such as "next" or "jump loop:3": what only a host can do in answer. Err:
/// why it is none.
pub fn perform(show: &mut Show, line: &str) -> Result<Vec<Effect>, String> {
    match parse_line(line, show)? {
        ScriptLine::Events(events) => Ok(take_all(show, events)),
        ScriptLine::Wait(_) | ScriptLine::Reload(_) => Err(format!("\"{line}\" is no command")),
    }
}

fn take_all(show: &mut Show, events: Vec<Event>) -> Vec<Effect> {
    events.into_iter().filter_map(|event| show.take(show.now_secs(), event)).collect()
}

fn parse_line(line: &str, show: &Show) -> Result<ScriptLine, String> {
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    let library = show.presentation().library();
    let command: Command = match (name, rest) {
        ("wait", secs) => {
            let secs = secs.parse::<f64>().ok().filter(|secs| secs.is_finite() && *secs >= 0.0);
            return secs.map(ScriptLine::Wait).ok_or_else(|| format!("\"{rest}\" is not a number of seconds"));
        }
        ("reload", file) if !file.is_empty() => return Ok(ScriptLine::Reload(file.to_owned())),
        ("jump", words) => {
            let at = library.position(words).ok_or_else(|| library.no_step(words))?;
            WalkCommand::Jump(library.address(at)).into()
        }
        ("source", name) => {
            let kind = SourceKind::from_word(name);
            let kind = kind.ok_or_else(|| format!("no source \"{name}\": it is lab, sim, recording or none"))?;
            SourceCommand::Source(kind.only_id()).into()
        }
        ("profile", name) => SimCommand::Profile(name.parse()?).into(),
        ("lapse", number) => {
            let lapse = number.parse().ok().filter(|lapse| (1..=MOST_LAPSE).contains(lapse));
            SimCommand::Lapse(lapse.ok_or_else(|| format!("\"{number}\" is no lapse: it is 1 to {MOST_LAPSE}"))?).into()
        }
        ("slide", words) => {
            let both = words.split_once(' ').and_then(|(id, value)| Some((id, value.trim().parse().ok()?)));
            let (figure, value) = both.ok_or_else(|| format!("\"{words}\" is not a quantity and its value"))?;
            SimCommand::Slide { figure: figure.into(), value }.into()
        }
        ("slide-back", "") => SimCommand::SlideBack.into(),
        ("open", id) if !id.is_empty() => PointCommand::Open(id.to_owned()).into(),
        ("ask", words) if !words.is_empty() => {
            let commands = [AskCommand::Open, AskCommand::Type(words.to_owned()), AskCommand::Go];
            return Ok(ScriptLine::Events(commands.map(|command| Event::Command(command.into())).into()));
        }
        ("cut", id) if !id.is_empty() => {
            library.find_cut(id)?;
            WalkCommand::Cut(Some(id.to_owned())).into()
        }
        ("minutes-left", minutes) if !minutes.is_empty() => {
            let minutes = minutes.parse().map_err(|_error| format!("\"{minutes}\" is no number of minutes"))?;
            DeskCommand::MinutesLeft(Some(minutes)).into()
        }
        ("click", place) => {
            let events = vec![Event::Pointer(Some(point(place)?)), Event::Command(PointCommand::Click.into())];
            return Ok(ScriptLine::Events(events));
        }
        ("pointer", place) => return Ok(ScriptLine::Events(vec![Event::Pointer(Some(point(place)?))])),
        ("ink-stroke", places) => {
            let points: Result<Vec<[f32; 2]>, String> = places.split(',').map(|place| point(place.trim())).collect();
            HandCommand::InkStroke(points?.into_iter().map(|at| at.map(|side| side.round() as i32)).collect()).into()
        }
        ("release", "") => HandCommand::Release.into(),
        ("first-keys", "") => OverCommand::FirstKeys.into(),
        ("keep", "") => DeskCommand::Keep.into(),
        ("let-go", "") => WindowCommand::LetGo.into(),
        ("choose", by) if !by.is_empty() => {
            DeskCommand::Choose(by.parse().map_err(|_error| format!("\"{by}\" is no number of scenes"))?).into()
        }
        ("choose-step", by) if !by.is_empty() => {
            DeskCommand::ChooseStep(by.parse().map_err(|_error| format!("\"{by}\" is no number of steps"))?).into()
        }
        ("notes-size", points) if !points.is_empty() => {
            DeskCommand::NotesSize(points.parse().map_err(|_error| format!("\"{points}\" is no number of points"))?)
                .into()
        }
        ("theme", name) if !name.is_empty() => LookCommand::Theme(Some(name.parse::<ThemeName>()?)).into(),
        ("digits", digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() == 1 => {
            OverCommand::Digit(digits.as_bytes()[0] - b'0').into()
        }
        ("key", key) => {
            let keymap = show.presentation().keymap();
            keymap.command_of(key).ok_or_else(|| format!("no command on the key \"{key}\""))?
        }
        (name, "") => {
            let keymap = show.presentation().keymap();
            keymap.command_named(name).ok_or_else(|| unknown_command(name, "", keymap))?
        }
        (name, rest) => return Err(unknown_command(name, rest, show.presentation().keymap())),
    };
    Ok(ScriptLine::Events(vec![Event::Command(command)]))
}

/// A point of the stage: `960 540`.
fn point(words: &str) -> Result<[f32; 2], String> {
    let side = |word: &str| word.trim().parse::<f32>().ok().filter(|side| side.is_finite());
    let at = words.split_once(' ').and_then(|(x, y)| Some([side(x)?, side(y)?]));
    at.ok_or_else(|| format!("\"{words}\" is no point of the stage, such as 960 540"))
}

/// Why there is no such line: there is no such command, or other words belong after it.
fn unknown_command(name: &str, rest: &str, keymap: &Keymap) -> String {
    match name {
        "open" => return "\"open\" needs the id of a thing on the step after it".to_owned(),
        "digits" => return format!("\"digits\" needs one digit after it, not \"{rest}\""),
        "choose" | "choose-step" => return format!("\"{name}\" needs a number after it, such as 1 or -1"),
        "notes-size" => return "\"notes-size\" needs a number of points after it".to_owned(),
        _ => {}
    }
    let mut known: Vec<&str> = keymap.entries.iter().map(|entry| entry.name()).collect();
    // Lines of a script with something after them, and commands without a key that it can give.
    known.extend(["wait", "digits", "key", "pointer", "ask", "cut", "minutes-left", "theme"]);
    known.extend(WITHOUT_KEY.iter().map(|(name, _)| *name).filter(|name| !["digit", "seek", "tell"].contains(name)));
    if known.contains(&name) {
        return format!("\"{name}\" takes nothing after it, and there is \"{rest}\"");
    }
    format!("no command \"{name}\"; {}", suggestion(name, &known))
}

/// A show with a clock, real or virtual, and the feeds of a lab.
struct Host {
    show: Show,
    clock: Option<Clock>,
    inbox: mpsc::Receiver<Event>,
    /// Held so that waiting for the inbox takes its time where no source sends to it.
    _sender: mpsc::SyncSender<Event>,
    /// Held so that the threads go on.
    _lab: Option<KeptLab>,
    logs: Logs,
    json: bool,
    teller: SourceTeller,
}

impl Host {
    fn new(mut show: Show, args: &RunArgs, recorder: Option<Recorder>, common: &Common) -> Result<Self, Failure> {
        let journal = match &args.journal {
            Some(path) => {
                let goes_on = args.resume.as_deref() == Some(path);
                let begun = journal::open(path).and_then(|file| {
                    if goes_on { Journal::go_on(file, true) } else { Journal::begin(file, &show, true) }
                });
                Some(begun.map_err(|error| format!("{}: {error}", path.display()))?)
            }
            None => None,
        };
        let (sender, inbox) = mpsc::sync_channel(1024);
        let real = args.realtime || common.source()?.is_asked();
        let clock = Clock::start_at(show.now_secs());
        let held = sender.clone();
        let send = move |event| {
            // A full inbox drops the event: the next poll brings the same news.
            let _full = sender.try_send(event);
        };
        let bodies = args.record.bodies.as_deref();
        let lab = KeptLab::start(bodies, |taped| {
            setup::start_source(&mut show, common, taped, send, clock).map_err(Failure::from)
        })?;
        Ok(Self {
            show,
            clock: real.then_some(clock),
            inbox,
            _sender: held,
            _lab: lab,
            logs: Logs { journal, recorder, recording: common.recording_path(), ..Logs::default() },
            json: args.json,
            teller: SourceTeller::default(),
        })
    }

    /// Shows the source that the talk showed which is gone on with. What is there goes on, where that is not.
    fn show_again(&mut self, shown: &ShownSource) {
        match opener::event_again(shown, self.show.presentation().sources()) {
            Event::Word(words) => logging::tell_presenter(&words),
            event => {
                if shown.recording.is_some() {
                    self.logs.recording.clone_from(&shown.recording);
                }
                self.take(event);
            }
        }
    }

    fn carry_out(
        &mut self,
        words: &str,
        line: ScriptLine,
        common: &Common,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        match line {
            ScriptLine::Wait(secs) => return self.wait(words, secs, out),
            ScriptLine::Events(events) => drop(take_all(&mut self.show, events)),
            ScriptLine::Reload(file) => {
                let text = common.texts()?.remove(&file).ok_or_else(|| format!("no scene file \"{file}\""))?;
                self.take(Event::SceneText { file, text });
            }
        }
        self.settle()?;
        self.answer(words, out)
    }

    fn take(&mut self, event: Event) {
        self.show.take(self.show.now_secs(), event);
    }

    /// Writes what has happened to the journal and the recording, as it goes.
    fn write_log(&mut self) -> Result<(), Failure> {
        Ok(self.logs.write(&mut self.show)?)
    }

    fn settle(&mut self) -> Result<(), Failure> {
        let Some(clock) = self.clock else {
            self.show.settle(MOST_SETTLE_SECS);
            return Ok(());
        };
        let end = self.show.now_secs() + MOST_SETTLE_SECS;
        while !self.show.presentation().is_settled() && self.show.now_secs() < end {
            self.tick(clock)?;
        }
        Ok(())
    }

    /// The next line of standard input. By the wall clock the talk goes on until it comes.
    fn await_line(&mut self, lines: &mpsc::Receiver<io::Result<String>>) -> Result<Option<String>, Failure> {
        let Some(clock) = self.clock else { return Ok(lines.recv().ok().transpose()?) };
        loop {
            match lines.try_recv() {
                Ok(line) => return Ok(Some(line?)),
                Err(TryRecvError::Disconnected) => return Ok(None),
                Err(TryRecvError::Empty) => self.tick(clock)?,
            }
        }
    }

    /// A thirtieth of a second by the wall clock.
    fn tick(&mut self, clock: Clock) -> Result<(), Failure> {
        let first = self.inbox.recv_timeout(Duration::from_millis(33)).ok();
        let events: Vec<Event> = first.into_iter().chain(self.inbox.try_iter()).collect();
        self.show.advance(clock.now_secs());
        for event in events {
            self.take(event);
        }
        for words in self.teller.news(self.show.now_secs(), self.show.presentation().sources()) {
            logging::tell_presenter(&words);
        }
        self.write_log()
    }

    fn wait(&mut self, words: &str, secs: f64, out: &mut dyn Write) -> Result<(), Failure> {
        let end = self.show.now_secs() + secs;
        let Some(clock) = self.clock else {
            // What happens is written as it does: hours of it are not kept until their end.
            while self.show.now_secs() < end {
                self.show.advance((self.show.now_secs() + MOST_UNWRITTEN_SECS).min(end));
                self.write_log()?;
            }
            return self.answer(words, out);
        };
        let mut next_answer = self.show.now_secs() + 1.0;
        while self.show.now_secs() < end {
            self.tick(clock)?;
            if self.show.now_secs() >= next_answer && self.show.now_secs() < end {
                next_answer += 1.0;
                self.answer(words, out)?;
            }
        }
        self.answer(words, out)
    }

    fn answer(&mut self, words: &str, out: &mut dyn Write) -> Result<(), Failure> {
        self.write_log()?;
        if let Some(recorder) = &mut self.logs.recorder {
            recorder.record_row(self.show.now_secs(), words);
        }
        write_answer(&self.show, words, self.json, out)
    }
}

/// Writes the answer to a line of a script, now or when it is replayed.
pub(crate) fn write_answer(show: &Show, words: &str, json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let answer = answer_json(show, words);
    if json {
        writeln!(out, "{answer}")?;
    } else {
        let (at_secs, scene) = (show.now_secs(), answer["scene"].as_str().unwrap_or(""));
        writeln!(out, "{at_secs:>8.1} {words} {scene}:{}", answer["step"])?;
    }
    Ok(out.flush()?)
}

fn answer_json(show: &Show, words: &str) -> Value {
    let presentation = show.presentation();
    let (seen, at) = (presentation.seen(), presentation.address());
    let badges: BTreeMap<&str, String> =
        Tier::ALL.iter().map(|tier| (tier.id(), seen.state(Subject::Tier(*tier)).to_string())).collect();
    let finite = seen.readings.iter().filter(|(_, reading)| reading.value.is_finite());
    let signals: BTreeMap<String, f64> = finite.map(|(signal, reading)| (signal.to_string(), reading.value)).collect();
    let faults: Vec<Value> = presentation.sources().shown().faults().map(fault_json).collect();
    let mut answer = json!({
        "at": (show.now_secs() * 1000.0).round() / 1000.0,
        "command": words,
        "scene": &*at.scene,
        "step": at.step + 1,
        "settled": presentation.is_settled(),
        "picture": hash(&presentation.settled_picture()),
        "audience": audience_hash(show),
        "badges": badges,
        "signals": signals,
        "faults": faults,
        "bursts": bursts_json(show),
        "events": events_json(show),
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

/// The last burst of each tier, each way.
fn bursts_json(show: &Show) -> Vec<Value> {
    let bursts = show.presentation().sources().shown().bursts().last_ones();
    let told = bursts.filter_map(|(tier, direction, burst)| {
        let mut told = serde_json::to_value(FoldedBurst::new(direction, burst)).ok()?;
        told["tier"] = tier.id().into();
        Some(told)
    });
    told.collect()
}

/// What happened in the last hour, oldest first.
fn events_json(show: &Show) -> Vec<Value> {
    let events = show.presentation().sources().shown().events().iter();
    let told = events.map(|event| {
        let at = (event.at_secs * 1000.0).round() / 1000.0;
        json!({ "at": at, "tier": event.tier.id(), "kind": event.what.kind(), "words": event_words(event) })
    });
    told.collect()
}

fn audience_hash(show: &Show) -> String {
    match show.audience() {
        Audience::Cover(cover) => format!("{cover:?}").to_lowercase(),
        Audience::Picture(picture) => hash(&picture),
    }
}

fn fault_json(fault: &Fault) -> Value {
    let Fault { target, node, page, since_secs, .. } = fault;
    json!({ "source": target, "node": node, "page": page, "since": since_secs, "sentence": fault.sentence(true) })
}
