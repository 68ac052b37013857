//! Recordings: what is read is to the bit what was written, whatever is cut or damaged says so, and a talk told again is
//! the same talk.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use clap::Parser as _;
use serde_json::Value;
use tierlight::bundle;
use tierlight::commands::{Cli, run};
use tierlight::live::{
    Announcement, Direction, Fault, FaultCode, Point, Report, SourceEvent, SourceId, SourceKind, SourceList, State,
    Target,
};
use tierlight::presentation::Audience;
use tierlight::presentation::asking::AskCommand;
use tierlight::presentation::command::{Command, WindowCommand};
use tierlight::presentation::event::{Event, Timed};
use tierlight::presentation::hand::HandCommand;
use tierlight::presentation::look::LookCommand;
use tierlight::presentation::measured::SourceCommand;
use tierlight::presentation::over::OverCommand;
use tierlight::presentation::pace::PaceCommand;
use tierlight::presentation::pointing::PointCommand;
use tierlight::presentation::simulated::SimCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::recording::{
    Cursor, Effort, Entry, Header, Playback, Read, Recorded, RecordedOpening, Recording, Sought, Survey, Writer,
};
use tierlight::scene::address::Address;
use tierlight::setup::Failure;
use tierlight::show::{Opening, Show, When};
use tierlight::signal::{Moved, Quantity, Reading, Readings, Signal, Subject, Tier};

use crate::talk::{self, Dice};

fn header(is_redacted: bool) -> Header {
    Header { app: "0.1.0".into(), began: "2026-11-28T14:02:11Z".into(), what: Recorded::Talk, is_redacted }
}

/// All that was read, and how often something could not be.
fn read_all(recording: &Recording) -> (Vec<Timed>, usize) {
    let (mut events, mut damages, mut cursor) = (Vec::new(), 0, Cursor::start());
    while let Some(read) = cursor.read(recording) {
        match read {
            Read::Entry(Entry::Event(timed)) => events.push(timed),
            Read::Entry(Entry::Row { .. }) | Read::State(_) => {}
            Read::Damaged(_) => damages += 1,
        }
    }
    (events, damages)
}

fn written(events: &[Timed], is_redacted: bool) -> Vec<u8> {
    let mut writer = Writer::new(&header(is_redacted), Some(&RecordedOpening::default()), Effort::Light).unwrap();
    for timed in events {
        writer.add_event(timed).unwrap();
    }
    let mut bytes = writer.drain();
    bytes.extend(writer.finish().unwrap());
    bytes
}

/// The bits of all numbers, so that minus zero and the last place count.
fn text(events: &[Timed]) -> Vec<String> {
    events.iter().map(|timed| serde_json::to_string(timed).unwrap()).collect()
}

struct Lab {
    dice: Dice,
    at: f64,
    source_secs: f64,
    readings: Readings,
    /// Seconds between two events are so many times as many.
    pace: f64,
}

impl Lab {
    fn new(seed: u64) -> Self {
        Self { dice: Dice(seed), at: 0.0, source_secs: 0.0, readings: Readings::new(), pace: 1.0 }
    }

    fn number(&mut self) -> f64 {
        let whole = self.dice.below(1_000_000_000) as f64;
        match self.dice.below(7) {
            0 => 0.0,
            1 => -0.0,
            2 => whole,
            3 => whole / 7.0,
            4 => whole * 1e9,
            5 => -whole,
            _ => 1.0 / (whole + 1.0),
        }
    }

    fn time(&mut self) -> f64 {
        let back = self.dice.below(4_000_000) as f64 / 1e6;
        match self.dice.below(3) {
            0 => self.source_secs - back,
            1 => self.source_secs - back / 3.0,
            _ => self.source_secs,
        }
    }

    fn fault(&mut self) -> Fault {
        let [target, node, page, cause, remedy] =
            ["canary-warm", "canary-host:9000", "v3 requests", "refuses the connection", "Is it running there?"]
                .map(str::to_owned);
        Fault {
            target,
            node,
            page,
            since_secs: self.dice.below(1000) as f64 / 7.0,
            code: FaultCode::Refused,
            cause,
            remedy,
        }
    }

    fn report(&mut self) -> Report {
        let catalogue = Signal::catalogue();
        let times: Vec<f64> = (0..3).map(|_| self.time()).collect();
        for _ in 0..self.dice.below(12) {
            let signal = catalogue[self.dice.below(catalogue.len())];
            let (value, at_secs) = (self.number(), times[self.dice.below(3)]);
            let lag_secs = [0.0, 15.0, 0.3][self.dice.below(3)];
            if self.dice.below(5) == 0 {
                self.readings.remove(&signal);
            } else {
                self.readings.insert(signal, Reading { value, at_secs, lag_secs });
            }
        }
        let moved = (0..self.dice.below(4)).map(|_| Moved {
            signal: catalogue[self.dice.below(catalogue.len())],
            from_secs: times[0],
            to_secs: times[1],
            bytes: times[2].abs() * 1e6 + 1.0,
            is_timed: times[0] > times[1],
        });
        let moved: Vec<Moved> = moved.collect();
        Report {
            readings: self.readings.clone(),
            moved: (self.dice.below(4) > 0).then_some(moved),
            last_good_secs: times[0],
            interval_secs: [1.0, 2.0, 15.0][self.dice.below(3)],
            samples: self.dice.below(1000) as u64,
            faults: if self.dice.below(10) == 0 { vec![self.fault()] } else { Vec::new() },
        }
    }

    fn news(&mut self) -> SourceEvent {
        let target: Arc<str> = ["canary-warm", "canary-lake"][self.dice.below(2)].into();
        match self.dice.below(40) {
            0 => announced(),
            1 => SourceEvent::Failed { target, at_secs: self.source_secs, fault: self.fault() },
            2 => {
                let point = |at: usize| Point {
                    at_secs: at as f64 / 3.0,
                    value: (!at.is_multiple_of(5)).then_some(at as f64 * 1.5),
                };
                let points = (0..self.dice.below(9)).map(point).collect();
                SourceEvent::Backfilled { signal: Signal::catalogue()[3], points }
            }
            3 => SourceEvent::Shifted { by_secs: 0.1 },
            _ => SourceEvent::Scraped { target, at_secs: self.time(), report: self.report() },
        }
    }

    fn event(&mut self) -> Timed {
        let step = (self.dice.below(900_000) as f64 * self.pace).round() / 1e6;
        self.at += if self.dice.below(2) == 0 { step } else { step / 3.0 };
        self.source_secs = self.at;
        let source = SourceId::new(["lab", "sim"][self.dice.below(2)]);
        let event = match self.dice.below(20) {
            0 => Event::Command(WalkCommand::Next.into()),
            1 => Event::Pointer(Some([0.1, 7.0])),
            2 => Event::SceneText { file: "a.ron".into(), text: "line\nand \"line\"".into() },
            3 => Event::Source { source, news: Vec::new() },
            4 => {
                let count = 2 + self.dice.below(4);
                Event::Source { source, news: (0..count).map(|_| self.news()).collect() }
            }
            _ => Event::Source { source, news: vec![self.news()] },
        };
        Timed { at: self.at, event }
    }
}

fn announced() -> SourceEvent {
    let target = |name: &str, tier| Target {
        name: name.into(),
        subjects: vec![Subject::Tier(tier)],
        interval_secs: 2.0,
        unverified: false,
    };
    let targets = vec![target("canary-warm", Tier::T2), target("canary-lake", Tier::T2)];
    SourceEvent::Announced(Announcement {
        kind: SourceKind::Lab, origin: "lab “canary-lab”".into(), lapse: 1, targets
    })
}

/// Random news of a lab, for some minutes: as many frames.
fn random_events(seed: u64, count: usize) -> Vec<Timed> {
    let mut lab = Lab::new(seed);
    lab.pace = 800.0 / count as f64;
    (0..count).map(|_| lab.event()).collect()
}

#[test]
fn what_is_read_is_to_the_bit_what_was_written() {
    for seed in 0..12 {
        let events = random_events(seed, 300);
        let recording = Recording::open(written(&events, false)).expect("it is a recording");
        let (read, damages) = read_all(&recording);
        assert_eq!(damages, 0);
        let (read, events) = (text(&read), text(&events));
        let apart = read.iter().zip(&events).position(|(one, other)| one != other);
        assert_eq!(apart, None, "seed {seed}: {:?}", apart.map(|at| (&read[at], &events[at])));
        assert_eq!(read.len(), events.len());
    }
}

#[test]
fn a_place_that_is_looked_for_knows_what_was_known() {
    let events = random_events(3, 300);
    let whole = written(&events, false);
    let unclosed = whole[..whole.len() - 20].to_vec();
    for bytes in [whole, unclosed] {
        let recording = Recording::open(bytes).unwrap();
        let end_secs = recording.last_secs();
        for part in 0..20 {
            let at_secs = end_secs * f64::from(part) / 20.0;
            let mut cursor = recording.seek(at_secs);
            let (mut list, mut passed) = (SourceList::default(), Vec::new());
            while let Some(read) = cursor.read(&recording) {
                match read {
                    Read::State(state) if passed.is_empty() => {
                        for (source, news) in state {
                            list.apply(&source, news);
                        }
                    }
                    Read::Entry(Entry::Event(timed)) => passed.push(timed),
                    Read::State(_) | Read::Entry(Entry::Row { .. }) | Read::Damaged(_) => {}
                }
            }
            let known = events.len() - passed.len();
            assert!(text(&passed) == text(&events[known..]), "what follows {at_secs} s");
            assert!(passed.first().is_none_or(|first| first.at <= at_secs + 60.0));
            let mut expected = SourceList::default();
            for timed in &events[..known] {
                let Event::Source { source, news } = &timed.event else { continue };
                for news in news {
                    expected.apply(source, news.clone());
                }
            }
            assert_eq!(values(&list), values(&expected), "at {at_secs} s");
        }
    }
}

/// The readings of targets, without those of bursts: they come of what moved, which is in no state.
fn values(list: &SourceList) -> Vec<String> {
    let mut list = list.clone();
    list.show(&SourceId::new("lab"));
    let heard = list.shown().targets().filter(|heard| heard.last_good_secs.is_some());
    heard.map(|heard| format!("{} {:?} {:?}", heard.target.name, heard.readings, heard.last_good_secs)).collect()
}

#[test]
fn a_cut_file_keeps_every_whole_frame_and_what_was_flushed() {
    let events = random_events(7, 200);
    let mut writer = Writer::new(&header(false), None, Effort::Light).unwrap();
    let mut bytes = writer.drain();
    // Bytes of the file after each event, which was flushed.
    let mut lengths = Vec::new();
    for timed in &events {
        writer.add_event(timed).unwrap();
        writer.flush().unwrap();
        bytes.extend(writer.drain());
        lengths.push(bytes.len());
    }
    let first = lengths[0];
    bytes.extend(writer.finish().unwrap());
    let mut dice = Dice(11);
    for _ in 0..200 {
        let cut = first + dice.below(bytes.len() - first);
        let recording = Recording::open(bytes[..cut].to_vec()).expect("its first frame is whole");
        let kept = lengths.partition_point(|length| *length <= cut);
        let (read, _) = read_all(&recording);
        assert!(read.len() >= kept, "cut at {cut}: {} of {kept} events", read.len());
        assert!(text(&read) == text(&events[..read.len()]), "cut at {cut}");
        assert!(!Survey::of(&recording).is_whole, "cut at {cut}");
    }
    assert!(Survey::of(&Recording::open(bytes).unwrap()).is_whole);
}

/// Opens and reads whatever the bytes are; how many events are in them.
fn events_in(bytes: Vec<u8>) -> Option<usize> {
    let recording = Recording::open(bytes).ok()?;
    let survey = Survey::of(&recording);
    let _end = recording.last_secs();
    let _played = Playback::new(recording).map(|mut playback| playback.news(0.0).len());
    Some(survey.events as usize)
}

/// Some bytes are others, missing or doubled.
fn mutated(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes[at] = dice.below(256) as u8,
            1 => bytes[at] ^= 1 << dice.below(8),
            2 => drop(bytes.drain(at..(at + 1 + dice.below(9)).min(bytes.len()))),
            3 => bytes.insert(at, b"0123456789,[]{}\"-e."[dice.below(19)]),
            4 => bytes.truncate(at.max(1)),
            _ => {
                let again = bytes[at..(at + 40).min(bytes.len())].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    bytes
}

fn mutate(count: usize) {
    let whole = written(&random_events(5, 20), false);
    let all = events_in(whole.clone()).expect("it is a recording");
    let mut dice = Dice(23);
    for _ in 0..count / 2 {
        let read = events_in(mutated(&whole, &mut dice)).unwrap_or(0);
        // A frame that was written twice is read twice.
        assert!(read <= 2 * all, "{read} of {all} events");
    }
    // Checksums keep those from the lines; here the lines themselves are wrong, in frames that are sound.
    let lines = zstd::decode_all(&whole[..]).expect("frames are zstd's");
    for _ in 0..count / 2 {
        events_in(zstd::encode_all(&mutated(&lines, &mut dice)[..], 1).unwrap());
    }
}

#[test]
fn nothing_panics_whatever_the_bytes_are() {
    mutate(20_000);
}

#[test]
#[ignore = "takes minutes"]
fn nothing_panics_however_long_it_is_tried() {
    mutate(200_000);
}

#[test]
fn a_frame_of_too_much_text_is_refused_before_it_is_held() {
    let mut bytes = written(&[], false);
    let bomb = vec![b' '; 64 << 20];
    bytes.extend(zstd::encode_all(&bomb[..], 1).unwrap());
    let recording = Recording::open(bytes).unwrap();
    let survey = Survey::of(&recording);
    assert!(survey.damages[0].words.contains("32 MiB"), "{:?}", survey.damages);
}

#[test]
fn what_is_no_recording_says_why() {
    let line = |line: &str| zstd::encode_all(format!("{line}\n").as_bytes(), 1).unwrap();
    let version = r#"{"name":"tierlight recording","version":2,"schema":1,"app":"9.0","began":0}"#;
    let cases: [(Vec<u8>, &str); 6] = [
        (b"hello".to_vec(), "it does not begin with a zstd frame"),
        (Vec::new(), "it does not begin with a zstd frame"),
        (line("{}"), "the first line is not read"),
        (line(version), "version 2 of the format, and this program reads version 1"),
        (line(version), "(\"9.0\")"),
        (
            line(
                r#"{"name":"x","version":1,"schema":1,"app":"","began":"2026-11-28T14:02:11Z","what":"","redacted":true}"#,
            ),
            "of another kind: \"x\"",
        ),
    ];
    for (bytes, expected) in cases {
        let words = Recording::open(bytes).expect_err("it is none");
        assert!(words.contains(expected), "{words}");
    }
}

#[test]
fn names_are_left_out_unless_they_are_asked_for() {
    let announced = Event::Source { source: SourceId::new("lab"), news: vec![announced()] };
    let mut events = vec![Timed { at: 0.0, event: announced }];
    events.extend(random_events(1, 400));
    let lines = |is_redacted| {
        let lines = zstd::decode_all(&written(&events, is_redacted)[..]).unwrap();
        String::from_utf8(lines).unwrap()
    };
    assert!(lines(false).contains("canary-host") && lines(false).contains("canary-lab"));
    let redacted = lines(true);
    assert_eq!(redacted.matches("canary").count(), 0);
    assert!(redacted.contains("node-1") && redacted.contains("\"warm\"") && redacted.contains("warm-2"));
    let mut secret = Lab::new(0);
    let fault = Fault {
        code: FaultCode::SecretMissing,
        cause: "was not asked, because canary.token is missing".into(),
        ..secret.fault()
    };
    let news = vec![SourceEvent::Failed { target: "canary-warm".into(), at_secs: 0.0, fault }];
    let event = Event::Source { source: SourceId::new("lab"), news };
    let lines = zstd::decode_all(&written(&[Timed { at: 0.0, event }], true)[..]).unwrap();
    assert!(!String::from_utf8(lines).unwrap().contains("canary"));
}

#[test]
fn played_back_the_readings_are_those_of_the_lab_at_every_poll() {
    let recording = Recording::open(bundle::RECORDING).unwrap();
    let (events, _) = read_all(&recording);
    let mut playback = Playback::new(recording.clone()).unwrap();
    let (mut live, mut played, id) = (SourceList::default(), SourceList::default(), SourceId::new("lab"));
    let mut told = playback.news(0.0).into_iter();
    for timed in events {
        let news = told.next().or_else(|| {
            told = playback.news(timed.at).into_iter();
            told.next()
        });
        for news in news.expect("it is told at its time") {
            played.apply(&id, news);
        }
        let Event::Source { news, .. } = timed.event else { continue };
        for news in news {
            live.apply(&id, news);
        }
        assert_eq!(played.shown().readings(), live.shown().readings(), "at {} s", timed.at);
    }
    // The second round goes on where the first one ended.
    let round_secs = recording.last_secs();
    for news in playback.news(round_secs + 60.0) {
        for news in news {
            played.apply(&id, news);
        }
    }
    let newest = played.shown().readings().values().map(|reading| reading.at_secs).fold(0.0, f64::max);
    assert!((round_secs + 55.0..=round_secs + 60.0).contains(&newest), "{newest}");
}

#[test]
fn servers_that_were_asked_seldom_are_late_by_their_own_pace_only() {
    let mut show = talk::talk("recording");
    for secs in 1..=300 {
        show.advance(f64::from(secs));
    }
    let events = show.presentation().sources().shown().events();
    let kinds: Vec<&str> = events.iter().map(|event| event.what.kind()).collect();
    assert!(kinds.contains(&"checkpoint") && !kinds.contains(&"stale"), "{kinds:?}");
    // What is told leads it back and forth: no server began anew between.
    for at in ["loop:4", "loop:2", "loop:4", "loop:3", "loop:5"] {
        let at = show.presentation().library().position(at).unwrap();
        talk::jump(&mut show, at);
        show.advance(show.now_secs() + 20.0);
    }
    let kinds: Vec<&str> =
        show.presentation().sources().shown().events().iter().map(|event| event.what.kind()).collect();
    assert!(!kinds.contains(&"restart") && !kinds.contains(&"stale"), "{kinds:?}");
}

#[test]
fn a_part_of_a_recording_is_played_round_and_round_and_by_the_clock_where_that_is_asked() {
    let recording = Recording::open(bundle::RECORDING).unwrap();
    let (id, span) = (SourceKind::Recording.only_id(), (150.0, 210.0));
    let mut playback = Playback::new(recording.clone()).unwrap().within(span).unwrap().by_clock(true);
    let mut list = SourceList::default();
    list.apply(&id, playback.announcement());
    let signal = Signal::tier(Tier::T2, Quantity::UsedBytes);
    let mut used = Vec::new();
    for now_secs in [1000.0, 1030.0, 1059.0, 1060.0, 1090.0, 1119.0] {
        playback.news(now_secs).into_iter().flatten().for_each(|news| list.apply(&id, news));
        assert!((span.0..=span.1).contains(&playback.position_secs(now_secs)), "at {now_secs} s");
        let state = list.shown().state(Subject::Tier(Tier::T2), now_secs);
        assert!(matches!(state, State::Recorded { .. }), "at {now_secs} s: {state:?}");
        let reading = list.shown().readings().get(&signal).expect("it is known from the first moment");
        assert!(reading.at_secs <= now_secs && reading.at_secs > now_secs - 90.0, "read at {} s", reading.at_secs);
        used.push(reading.value);
    }
    assert!(used[0] < used[2] && used[..3] == used[3..], "the same in each round: {used:?}");
    assert!(!playback.find(Sought::Fast(Tier::T2, Direction::Write), 1120.0), "it goes by the clock");
    let kinds: Vec<&str> = list.shown().events().iter().map(|event| event.what.kind()).collect();
    assert!(!kinds.contains(&"restart") && kinds.contains(&"checkpoint"), "a new round is no restart: {kinds:?}");
    let failure = Playback::new(recording).unwrap().within((900.0, 960.0)).expect_err("it is shorter");
    assert!(failure.contains("it goes from 0 to 75"), "{failure}");
    let refused = |words: &[&str]| told(words).expect_err("it is no span").words;
    assert!(refused(&["list", "--data", "recording", "--data-span", "900-960"]).starts_with("--data-span: of 900"));
}

#[test]
fn a_checkpoint_that_is_told_finds_the_next_one_of_the_recording() {
    let recording = Recording::open(bundle::RECORDING).unwrap();
    let (id, mut list) = (SourceId::new("recording"), SourceList::default());
    let mut playback = Playback::new(recording).unwrap();
    list.apply(&id, playback.announcement());
    let mut told = |playback: &mut Playback, now_secs: f64| {
        playback.news(now_secs).into_iter().flatten().for_each(|news| list.apply(&id, news));
        let bursts = list.shown().bursts();
        let mut last = bursts.last_ones().filter(|burst| (burst.0, burst.1) == (Tier::T2, Direction::Write));
        last.next().map(|(_, _, burst)| *burst)
    };
    assert_eq!(told(&mut playback, 0.0), None);
    for at_secs in [20.0, 400.0, 5000.0] {
        told(&mut playback, at_secs);
        assert!(playback.find(Sought::Fast(Tier::T2, Direction::Write), at_secs));
        let burst = (1..400).find_map(|tick| {
            told(&mut playback, at_secs + f64::from(tick) / 10.0).filter(|burst| burst.began_secs > at_secs - 3.0)
        });
        let burst = burst.expect("it is told within 40 s");
        assert!((at_secs - 2.5..=at_secs + 2.5).contains(&burst.began_secs), "told at {at_secs} s: {burst:?}");
    }
}

#[test]
fn what_is_told_is_seen_on_the_recording_that_is_built_in() {
    use Quantity::{ReadBytesPerSec, WriteBytesPerSec};
    let show = talk::talk("recording");
    // Step, seconds into it, and who moves then; nobody where storage is silent.
    let cases = [
        ("loop:2", 6.0, Some((Tier::T1, ReadBytesPerSec))),
        ("loop:3", 6.0, None),
        ("loop:4", 3.0, Some((Tier::T2, WriteBytesPerSec))),
        ("loop:6", 3.0, Some((Tier::T2, WriteBytesPerSec))),
        ("executive:1", 6.0, Some((Tier::T1, ReadBytesPerSec))),
        ("executive:2", 3.0, None),
        ("executive:3", 3.0, Some((Tier::T2, WriteBytesPerSec))),
        ("executive:4", 6.0, None),
    ];
    for (step, secs, expected) in cases {
        let at = show.presentation().library().position(step).expect("there is such a step");
        // What is jumped to stands at its end, past its cues; the silent ones are come to from the step before.
        let told = if expected.is_some() {
            let mut told = show.clone();
            talk::jump(&mut told, at);
            told.advance(told.now_secs() + secs);
            told
        } else {
            talk::posed(&show, at, When::Secs(secs))
        };
        let readings = told.presentation().sources().shown().readings();
        let moving: Vec<_> = [Tier::T1, Tier::T2, Tier::T3]
            .into_iter()
            .flat_map(|tier| [(tier, ReadBytesPerSec), (tier, WriteBytesPerSec)])
            .filter(|(tier, of)| readings.get(&Signal::tier(*tier, *of)).is_some_and(|reading| reading.value > 1e6))
            .collect();
        assert_eq!(moving, expected.into_iter().collect::<Vec<_>>(), "{step} after {secs} s");
    }
    // A checkpoint of this lab is read back in two seconds: what stays on stage is the burst.
    let at = show.presentation().library().position("loop:5").expect("there is such a step");
    let posed = talk::posed(&show, at, When::Secs(9.0));
    let mut bursts = posed.presentation().sources().shown().bursts().last_ones();
    let read = bursts.find(|(tier, way, _)| (*tier, *way) == (Tier::T2, Direction::Read));
    assert!(read.is_some_and(|(_, _, burst)| burst.bytes > 4e8), "{read:?}");
}

/// Exit code and standard output of a command.
fn told(words: &[&str]) -> Result<(u8, String), Failure> {
    let cli = Cli::try_parse_from(["tierlight"].iter().chain(words)).expect("the words are a command");
    let mut out = Vec::new();
    let code = run(cli, &mut out)?;
    Ok((code, String::from_utf8(out).expect("output is UTF-8")))
}

const SCRIPT: &str = "next\nnext\njump loop:3\nwait 7.3\nopen T2\nkey Tab\nclick 960 540\nblack\nblack\nask checkpoint\n\
                      source none\nwait 1\nsource sim\njump monitor:1\nwait 30\nreload 04-loop.ron\nreplay-step\nback\n";

/// Records a run of the script; its rows.
fn recorded_run(file: &Path, flags: &[&str]) -> String {
    let script = file.with_extension("script");
    fs::write(&script, SCRIPT).unwrap();
    let words = ["run", "--script", script.to_str().unwrap(), "--json", "--record", file.to_str().unwrap()];
    let (code, rows) = told(&[&words, flags].concat()).expect("the script is right");
    assert_eq!(code, 0);
    rows
}

#[test]
fn a_talk_told_again_gives_the_same_rows() {
    let folder = tempfile::tempdir().unwrap();
    for (name, flags) in [
        ("sim.tlr", &["--data", "sim"][..]),
        ("none.tlr", &["--data", "none", "--theme", "contrast", "--cut", "20"]),
        ("recorded.tlr", &["--data", "recording", "--reduced-motion"]),
    ] {
        let file = folder.path().join(name);
        let rows = recorded_run(&file, flags);
        let path = file.to_str().unwrap();
        let (code, again) = told(&["replay", path, "--json"]).expect("it is told again");
        assert_eq!((code, again.lines().count()), (0, SCRIPT.lines().count()), "{name}");
        for (row, expected) in again.lines().zip(rows.lines()) {
            assert_eq!(row, expected, "{name}");
        }
        let (code, info) = told(&["recording", "info", path, "--json"]).unwrap();
        let info: Value = serde_json::from_str(&info).unwrap();
        assert_eq!((code, &info["schema"], &info["version"], &info["whole"]), (0, &1.into(), &1.into(), &true.into()));
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() * 2 / 3]).unwrap();
        assert_eq!(told(&["recording", "verify", path, "--json"]).unwrap().0, 1, "{name}");
        let failure = told(&["replay", path, "--json"]).expect_err("its end is missing");
        assert_eq!(failure.code, 1, "{}", failure.words);
        fs::write(&file, "no recording").unwrap();
        assert_eq!(told(&["recording", "verify", path]).expect_err("it is none").code, 2);
    }
}

#[test]
fn a_recording_is_a_source_under_any_talk() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("story.tlr");
    fs::write(&file, bundle::RECORDING).unwrap();
    let script = folder.path().join("script");
    fs::write(&script, "jump monitor:1\nwait 300\nsource sim\nsource recording\n").unwrap();
    let words = ["run", "--script", script.to_str().unwrap(), "--json", "--data", file.to_str().unwrap()];
    let (_, rows) = told(&words).unwrap();
    let rows: Vec<Value> = rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    let badge = |row: &Value| row["badges"]["T2"].as_str().unwrap().to_owned();
    assert_eq!(badge(&rows[1]), "RECORDED 2026-11-23");
    assert!(badge(&rows[2]).starts_with("SIMULATED"), "{}", rows[2]);
    assert_eq!(badge(&rows[3]), "RECORDED 2026-11-23");
    assert!(!rows[1]["bursts"].as_array().unwrap().is_empty());
    let failure =
        told(&["list", "--data", "nowhere.tlr"]).err().or(told(&["picture", "loop:1", "--data", "x.tlr"]).err());
    assert_eq!(failure.expect("there is no such file").code, 2);
}

/// A recorded talk told again.
fn told_again(bytes: Vec<u8>) -> Show {
    let recording = Recording::open(bytes).unwrap();
    let RecordedOpening { texts, look, at, cut, .. } = recording.opening().cloned().unwrap();
    let mut show = Show::open(Opening { texts, look, at, cut, is_replay: true, ..Opening::default() }).unwrap();
    for timed in read_all(&recording).0 {
        show.take(timed.at, timed.event);
    }
    show
}

/// A recording that begins now, of a talk that goes on until then.
fn recorded_on(show: &mut Show, until_secs: f64) -> Vec<u8> {
    drop(show.drain_log());
    let header = Header { app: "0.1.0".into(), ..header(true) };
    let mut writer = Writer::new(&header, Some(&show.recorded_opening()), Effort::Light).unwrap();
    let mut events = show.recorded_past();
    show.advance(until_secs);
    events.extend(show.drain_log());
    for timed in &events {
        writer.add_event(timed).unwrap();
    }
    let mut bytes = writer.drain();
    bytes.extend(writer.finish().unwrap());
    bytes
}

#[test]
fn a_recording_that_begins_within_a_talk_knows_what_was_known() {
    let opening = Opening { is_logged: true, at: Some("loop:2".into()), ..talk::common(&[]).opening().unwrap() };
    let mut show = Show::open(opening).unwrap();
    show.take(0.0, tierlight::presentation::command::Command::from(WalkCommand::Next));
    let slide = SimCommand::Slide { figure: "bytes-full-state".into(), value: 10.6 };
    show.take(5.0, Command::from(slide));
    show.take(6.0, Command::from(SimCommand::Lapse(4)));
    show.advance(45.0);
    let bytes = recorded_on(&mut show, 60.0);
    let retelling = Show::retelling(Recording::open(bytes.clone()).unwrap(), Opening::default()).unwrap();
    let retold = retelling.retold().unwrap();
    assert_eq!((retold.begins_secs(), retold.at_secs()), (45.0, 45.0), "it is told from where it begins");
    assert_eq!(retold.talk().sources().shown().kind, SourceKind::Sim);
    let mut again = told_again(bytes);
    again.advance(60.0);
    assert_eq!(again.presentation().simulated(), show.presentation().simulated());
    show.advance(60.0);
    assert_eq!(again.presentation().address(), show.presentation().address());
    let [one, other] = [&again, &show].map(|show| show.presentation().sources().shown());
    assert_eq!((one.kind, one.readings()), (other.kind, other.readings()));
    let signal = Signal::tier(Tier::T2, tierlight::signal::Quantity::WriteBytesPerSec);
    let [one, other] = [one, other].map(|source| source.series_over(&[signal], 300.0, 480.0));
    assert_eq!(one.columns, other.columns, "its past is the same");
}

#[test]
fn a_recording_that_begins_within_a_talk_is_played_from_there_and_round_and_round() {
    let opening = Opening { is_logged: true, at: Some("loop:2".into()), ..talk::common(&[]).opening().unwrap() };
    let mut show = Show::open(opening).unwrap();
    show.advance(45.0);
    let bytes = recorded_on(&mut show, 65.0);
    let recording = Recording::open(bytes).unwrap();
    let (round_secs, id) = (recording.last_secs() - 45.0, SourceKind::Recording.only_id());
    let mut playback = Playback::new(recording).unwrap();
    let mut list = SourceList::default();
    list.apply(&id, playback.announcement());
    // It is shown 100 s into another talk.
    for (passed_secs, position_secs) in [(0.0, 45.0), (10.0, 55.0), (round_secs + 10.0, 55.0)] {
        let now_secs = 100.0 + passed_secs;
        playback.news(now_secs).into_iter().flatten().for_each(|news| list.apply(&id, news));
        assert!((playback.position_secs(now_secs) - position_secs).abs() < 1e-6, "after {passed_secs} s");
        let state = list.shown().state(Subject::Tier(Tier::T1), now_secs * f64::from(list.shown().lapse));
        assert!(matches!(state, State::Recorded { .. }), "after {passed_secs} s: {state:?}");
    }
}

#[test]
fn a_recording_that_is_opened_becomes_the_source_and_what_is_none_says_so() {
    let opening = Opening { is_logged: true, ..talk::common(&["--data", "sim"]).opening().unwrap() };
    let (texts, look) = (opening.texts.clone(), opening.look.clone());
    let mut show = Show::open(opening).unwrap();
    show.take(5.0, Event::Recording(b"no recording"[..].into()));
    assert_eq!(show.presentation().sources().shown().kind, SourceKind::Sim);
    assert!(show.presentation().said().is_some_and(|words| words.contains("it cannot be played")));
    show.take(9.0, Event::Recording(bundle::RECORDING.into()));
    show.advance(30.0);
    let source = show.presentation().sources().shown();
    assert!(source.kind == SourceKind::Recording && !source.readings().is_empty());
    // What it leads to is in the log, and told again it leads to the same.
    let events = show.drain_log();
    assert!(events.iter().all(|timed| !matches!(timed.event, Event::Recording(_))));
    let mut again = Show::open(Opening { texts, look, is_replay: true, ..Opening::default() }).unwrap();
    for timed in events {
        let line = serde_json::to_string(&timed).unwrap();
        let Timed { at, event } = serde_json::from_str(&line).unwrap();
        again.take(at, event);
    }
    again.advance(30.0);
    assert_eq!(again.picture(), show.picture());
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_ends_the_recording_and_not_the_talk() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script");
    fs::write(&script, "next\nwait 30\nnext\n").unwrap();
    let words = ["run", "--script", script.to_str().unwrap(), "--data", "sim", "--json", "--record", "/dev/full"];
    let (code, rows) = told(&words).unwrap();
    assert_eq!((code, rows.lines().count()), (0, 3));
}

#[test]
fn with_no_lab_configured_the_recorded_one_is_in_the_round() {
    let mut show = Show::open(talk::common(&["--data", "sim"]).opening().unwrap()).unwrap();
    let mut round = Vec::new();
    for _ in 0..4 {
        round.push(show.presentation().sources().shown().kind.word());
        talk::press(&mut show, tierlight::presentation::measured::SourceCommand::NextSource);
    }
    assert_eq!(round, ["sim", "none", "recording", "sim"]);
    let opening = Opening { is_logged: true, ..talk::common(&[]).opening().unwrap() };
    assert!(opening.playback.is_some());
}

/// A talk of some forty seconds with pointer, ink and a cover, recorded as it went; and what the room saw at some moments.
fn recorded_talk() -> (Vec<u8>, Vec<(f64, Audience)>) {
    let opening = Opening { is_logged: true, cut: Some("20".into()), ..talk::common(&[]).opening().unwrap() };
    let recorded = RecordedOpening {
        texts: opening.texts.clone(),
        look: opening.look.clone(),
        at: opening.at.clone(),
        cut: opening.cut.clone(),
        begins_secs: 0.0,
    };
    let mut show = Show::open(opening).unwrap();
    let mut writer = Writer::new(&header(false), Some(&recorded), Effort::Light).unwrap();
    let doings: [(f64, Event); 13] = [
        (0.5, Command::from(SourceCommand::Source(SourceKind::Sim.only_id())).into()),
        (2.0, Command::from(WalkCommand::Next).into()),
        (5.25, Command::from(WalkCommand::Next).into()),
        (7.0, Command::from(WalkCommand::Next).into()),
        (9.0, Command::from(HandCommand::Laser).into()),
        (9.5, Event::Pointer(Some([700.0, 500.0]))),
        (9.75, Event::Pointer(Some([800.0, 520.0]))),
        (11.0, Command::from(HandCommand::Ink).into()),
        (11.5, Command::from(PointCommand::Click).into()),
        (12.0, Event::Pointer(Some([900.0, 600.0]))),
        (12.1, Command::from(HandCommand::Release).into()),
        (20.0, Command::from(OverCommand::Black).into()),
        (23.0, Command::from(WalkCommand::NextScene).into()),
    ];
    let (mut seen, mut doings) = (Vec::new(), doings.into_iter().peekable());
    for tenth in 0..400_u32 {
        let at_secs = f64::from(tenth) / 10.0;
        while let Some((at, event)) = doings.next_if(|(at, _)| *at <= at_secs) {
            show.take(at, event);
        }
        show.advance(at_secs);
        if tenth % 7 == 0 {
            seen.push((at_secs, show.audience()));
        }
    }
    for timed in show.drain_log() {
        writer.add_event(&timed).unwrap();
    }
    let mut bytes = writer.drain();
    bytes.extend(writer.finish().unwrap());
    (bytes, seen)
}

#[test]
fn of_a_talk_over_the_simulated_lab_that_lab_is_played_and_no_recording_that_was_there_too() {
    let recording = Recording::open(recorded_talk().0).unwrap();
    let mut playback = Playback::new(recording).unwrap();
    let (mut list, id) = (SourceList::default(), SourceKind::Recording.only_id());
    list.apply(&id, playback.announcement());
    assert!(list.shown().origin.ends_with(", simulated"), "{}", list.shown().origin);
    for now_secs in [0.0, 30.0] {
        playback.news(now_secs).into_iter().flatten().for_each(|news| list.apply(&id, news));
    }
    let at_secs = 30.0 * f64::from(list.shown().lapse);
    let state = list.shown().state(Subject::Tier(Tier::T2), at_secs);
    assert!(matches!(state, State::Recorded { .. }), "{state:?}");
}

#[test]
fn a_talk_told_again_on_stage_shows_the_same_from_wherever_it_is_come_to_and_however_fast() {
    let (bytes, seen) = recorded_talk();
    let retelling = || Show::retelling(Recording::open(bytes.clone()).unwrap(), Opening::default()).unwrap();
    let end_secs = retelling().retold().unwrap().end_secs();
    let seen: Vec<_> = seen.into_iter().filter(|(at_secs, _)| *at_secs < end_secs).collect();
    assert!(end_secs > 35.0 && seen.len() > 50, "{end_secs}");
    assert!(seen.iter().any(|(_, seen)| matches!(seen, Audience::Cover(_))), "it was black for a while");
    // As it goes, at our own speed and faster.
    for faster in [0, 2, 4] {
        let mut show = retelling();
        (0..faster).for_each(|_| drop(show.take(0.0, Command::from(WalkCommand::Faster))));
        let speed = show.retold().unwrap().speed();
        for (at_secs, expected) in &seen {
            show.advance(at_secs / speed);
            assert!(show.audience() == *expected, "{at_secs} s at ×{speed}");
        }
    }
    // From anywhere to anywhere.
    let (mut show, mut dice) = (retelling(), Dice(16));
    show.take(0.0, Command::from(WalkCommand::Pause));
    for nth in 0..120 {
        let (at_secs, expected) = &seen[dice.below(seen.len())];
        show.take(f64::from(nth), Command::from(WalkCommand::Seek(*at_secs)));
        assert!(show.audience() == *expected, "{at_secs} s");
        assert_eq!(show.retold().unwrap().at_secs(), *at_secs);
    }
    // What would change it does not.
    let before = show.audience();
    for command in [OverCommand::White.into(), LookCommand::Theme(None).into(), Command::from(HandCommand::Laser)] {
        show.take(130.0, command);
    }
    show.take(130.0, Event::Pointer(Some([10.0, 10.0])));
    assert!(show.audience() == before && show.drain_log().is_empty());
    assert_eq!(show.presentation().said().as_deref(), Some("a recorded talk is told again: it cannot be changed"));
}

#[test]
fn a_talk_told_again_is_walked_by_its_steps() {
    let (bytes, _) = recorded_talk();
    let mut show = Show::retelling(Recording::open(bytes).unwrap(), Opening::default()).unwrap();
    let mut press = |command: WalkCommand| {
        show.take(1.0, Command::from(command));
        let retold = show.retold().unwrap();
        (show.seen().address().to_string(), (retold.at_secs() * 100.0).round() / 100.0)
    };
    press(WalkCommand::Pause);
    press(WalkCommand::FirstStep);
    let first = press(WalkCommand::Next);
    let second = press(WalkCommand::Next);
    assert!(first.1 >= 2.0 && first.1 < second.1, "{first:?} {second:?}");
    assert_eq!(press(WalkCommand::Back), first);
    let last = press(WalkCommand::LastStep);
    assert!(last.1 > 35.0, "{last:?}");
    let other = press(WalkCommand::PreviousScene);
    assert_eq!(
        press(WalkCommand::Jump(Address { scene: first.0.split(':').next().unwrap().into(), step: 0 })).0,
        first.0
    );
    assert!(other.1 <= 23.0 || other.0 == last.0, "{other:?}");
    // The end is reached by itself, and no further.
    show.take(2.0, Command::from(WalkCommand::Pause));
    show.advance(500.0);
    let retold = show.retold().unwrap();
    assert!(!retold.plays() && retold.at_secs() == retold.end_secs() && !show.moves());
    assert!(retold.marks().len() > 2);
    let lab = Recording::open(bundle::RECORDING).unwrap();
    let refused = Show::retelling(lab, Opening::default()).err().expect("no talk is in it");
    assert_eq!(refused, "it holds no talk, but what a lab's servers said");
}

#[test]
fn a_recorded_talk_is_told_again_within_another_which_goes_on_as_if_nothing_had_been() {
    let (bytes, seen) = recorded_talk();
    let opening = || Opening { at: Some("loop:3".into()), is_logged: true, ..talk::common(&[]).opening().unwrap() };
    let [mut show, mut twin] = [opening(), opening()].map(|opening| Show::open(opening).unwrap());
    let again = || Command::from(WindowCommand::TellAgain);
    show.take(1.0, again());
    // The recording that ships with the program is open, and is a lab's.
    assert!(show.retold().is_none() && show.presentation().said().is_some_and(|words| words.contains("no talk")));
    for talk in [&mut show, &mut twin] {
        talk.take(5.0, Event::Recording(bytes.clone().into()));
        talk.advance(9.0);
        drop(talk.drain_log());
    }
    show.take(10.0, again());
    // Halves of seconds stay what they are when ten are added and taken away.
    let is_exact = |at_secs: f64| (at_secs * 2.0).fract() == 0.0;
    for (at_secs, expected) in seen.iter().filter(|(at_secs, _)| *at_secs < 30.0 && is_exact(*at_secs)) {
        show.advance(10.0 + at_secs);
        assert!(show.audience() == *expected, "{at_secs} s");
    }
    // What is asked for here would be of the talk around it.
    for command in [Command::Ask(AskCommand::Open), OverCommand::Black.into(), PaceCommand::Timer.into()] {
        show.take(41.0, command);
        assert!(show.presentation().said().is_some_and(|words| words.contains("Ctrl+P goes back")));
    }
    show.take(42.0, Command::from(WalkCommand::Next));
    show.take(43.0, again());
    // The twin hears words too: they are the presenter's, and gone by then.
    for talk in [&mut show, &mut twin] {
        talk.advance(70.0);
    }
    assert!(show.retold().is_none() && show.audience() == twin.audience());
    assert_eq!(show.presentation().address(), twin.presentation().address());
    let doings = show.drain_log().into_iter().filter(|timed| matches!(timed.event, Event::Command(_))).count();
    assert_eq!(doings, 0, "what is done to the tape is not done to the talk");
}
