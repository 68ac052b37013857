//! How small and how fast recordings are: `cargo bench --bench recording`.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a recording of the binary's own is sound")]
#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

use std::hint::black_box;
use std::time::Instant;

use tierlight::bundle;
use tierlight::live::SourceEvent;
use tierlight::presentation::event::{Event, Timed};
use tierlight::recording::{Cursor, Effort, Entry, Header, Playback, Read, Recorded, Recording, Survey, Writer};

const RUNS: usize = 9;
const HOURS: f64 = 8.0;
/// Bytes of text in the pages of the capture `story`, which the shipped recording was made of.
const TEXT_BYTES: f64 = 34_199_506.0;
const SEEKS: usize = 200;

fn main() {
    let story = Recording::open(bundle::RECORDING).expect("it is a recording");
    let events = events_of(&story);
    let samples = Survey::of(&story).samples;
    told_size("the shipped recording", story.byte_count(), samples, Some(TEXT_BYTES));
    let start = Instant::now();
    let live = record(events.iter().cloned());
    let record_secs = start.elapsed().as_secs_f64();
    told_size("written while it goes, flushed each second", live.len(), samples, Some(TEXT_BYTES));
    let share = record_secs / story.last_secs();
    println!("{:<46}{:>10.4} % of a core", "recording it", 100.0 * share);

    let long = Recording::open(record(hours(&events, story.last_secs()))).expect("it is a recording");
    let secs = long.last_secs();
    told_size(&format!("{HOURS} hours"), long.byte_count(), Survey::of(&long).samples, None);
    let read_secs = best(|| events_of(&long).len());
    println!("{:<46}{:>10.0} x real time", "read from end to end", secs / read_secs);
    let play_secs = best(|| {
        let mut playback = Playback::new(long.clone()).expect("it was measured");
        // A tick at a time would measure the ticks.
        (0..)
            .map_while(|part| (f64::from(part) * 60.0 < secs).then_some(f64::from(part) * 60.0))
            .map(|at| playback.news(at).len())
            .sum::<usize>()
    });
    println!("{:<46}{:>10.0} x real time", "played back", secs / play_secs);
    let seek_secs = worst_seek(&long, secs);
    println!("{:<46}{:>10.2} ms", format!("the worst of {SEEKS} seeks"), 1e3 * seek_secs);
    assert!(story.byte_count() as f64 <= 0.5 * samples as f64, "at most half a byte a sample");
    assert!(story.byte_count() as f64 <= TEXT_BYTES / 250.0, "at most 1/250 of the text");
    assert!(secs / read_secs >= 5_000.0, "replay is 5,000 times as fast as the clock");
    assert!(share <= 0.001, "recording takes a thousandth of a core");
    assert!(seek_secs <= 0.016, "a place is found within a frame's time");
}

fn told_size(what: &str, bytes: usize, samples: u64, text_bytes: Option<f64>) {
    let ratio = text_bytes.map_or(String::new(), |text| format!(", 1/{:.0} of the text", text / bytes as f64));
    println!("{what:<46}{:>10.1} kB, {:.3} B a sample{ratio}", bytes as f64 / 1e3, bytes as f64 / samples as f64);
}

fn best<T>(run: impl Fn() -> T) -> f64 {
    let timed = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed().as_secs_f64()
    };
    // The least disturbed run: other work on the machine only ever adds.
    (0..RUNS).map(timed).fold(f64::INFINITY, f64::min)
}

fn events_of(recording: &Recording) -> Vec<Timed> {
    let (mut cursor, mut events) = (Cursor::start(), Vec::new());
    while let Some(read) = cursor.read(recording) {
        if let Read::Entry(Entry::Event(timed)) = read {
            events.push(timed);
        }
    }
    events
}

/// As a recorder writes it.
fn record(events: impl Iterator<Item = Timed>) -> Vec<u8> {
    let header =
        Header { app: "0.1.0".into(), began: "2026-11-28T14:02:11Z".into(), what: Recorded::Lab, is_redacted: true };
    let mut writer = Writer::new(&header, None, Effort::Light).unwrap();
    let (mut bytes, mut flushed_secs) = (Vec::new(), 0.0);
    for timed in events {
        writer.add_event(&timed).unwrap();
        if timed.at - flushed_secs >= 1.0 {
            writer.flush().unwrap();
            bytes.extend(writer.drain());
            flushed_secs = timed.at;
        }
    }
    bytes.extend(writer.drain());
    bytes.extend(writer.finish().unwrap());
    bytes
}

/// The same again and again, for some hours.
fn hours(events: &[Timed], round_secs: f64) -> impl Iterator<Item = Timed> {
    let rounds = (HOURS * 3600.0 / round_secs).ceil() as usize;
    (0..rounds).flat_map(move |round| events.iter().map(move |timed| later(timed.clone(), round as f64 * round_secs)))
}

fn later(mut timed: Timed, by_secs: f64) -> Timed {
    timed.at += by_secs;
    let Event::Source { news, .. } = &mut timed.event else { return timed };
    for news in news {
        let SourceEvent::Scraped { at_secs, report, .. } = news else { continue };
        *at_secs += by_secs;
        report.last_good_secs += by_secs;
        report.readings.values_mut().for_each(|reading| reading.at_secs += by_secs);
        for moved in report.moved.iter_mut().flatten() {
            (moved.from_secs, moved.to_secs) = (moved.from_secs + by_secs, moved.to_secs + by_secs);
        }
    }
    timed
}

/// The slowest of some places to be come to, and what is known there to be read.
fn worst_seek(recording: &Recording, secs: f64) -> f64 {
    let seek = |number: usize| {
        let at_secs = secs * (number * 7919 % SEEKS) as f64 / SEEKS as f64;
        let start = Instant::now();
        let mut cursor = recording.seek(at_secs);
        while let Some(read) = cursor.read(recording) {
            if matches!(&read, Read::Entry(entry) if entry.at_secs() > at_secs) {
                break;
            }
            black_box(&read);
        }
        start.elapsed().as_secs_f64()
    };
    (0..SEEKS).map(seek).fold(0.0, f64::max)
}
