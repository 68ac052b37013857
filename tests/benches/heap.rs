//! How much heap is held by the pages of a large cluster, and by eight hours of a talk: told over the simulated lab by a
//! given clock, recorded as it goes, and told again. `cargo bench --bench heap`
#![expect(clippy::expect_used, reason = "a bench that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

mod pages;

use std::hint::black_box;

use clap::Parser as _;
use peak_alloc::PeakAlloc;
use tierlight::commands::Cli;
use tierlight::live::SourceKind;
use tierlight::presentation::command::Command;
use tierlight::presentation::measured::SourceCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::recording::{Effort, Header, Playback, Recorded, Recording, Writer};
use tierlight::show::{Opening, Show};
use tierlight::signal::Tier;
use tierlight::telemetry::{Endpoint, Fold, TargetKind};

use crate::pages::{BLOCK, bucket_page};

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const HOURS: u32 = 8;
/// Seconds of a step: each is shown, and looked at once a second.
const STEP_SECS: u32 = 30;
/// After two hours what is kept is full: then the heap may grow by this much, in bytes.
const GROWS: usize = 2_000_000;
/// A recording of eight hours is played back within this, in bytes.
const REPLAY: usize = 100_000_000;

fn main() {
    let body = bucket_page();
    for wanted in ["bucket-0001*", "bucket-0*", "bucket-*"] {
        kept_of_a_page(&body, wanted);
    }
    drop(body);
    let before = HEAP.current_usage();
    let (hours, recording) = talk();
    for (hour, heap) in hours.iter().enumerate() {
        println!("heap of the talk after {} h{:>28.2} MB", hour + 1, (heap - before) as f64 / 1e6);
    }
    println!("recorded meanwhile{:>38.2} MB", recording.len() as f64 / 1e6);
    let recording = Recording::open(recording).expect("it was just recorded");
    let most = most_of(|| {
        let mut playback = Playback::new(recording.clone()).expect("a lab was recorded");
        for second in 1..=HOURS * 3600 {
            black_box(playback.news(f64::from(second)));
        }
    });
    println!("most heap while its lab is played back{:>18.2} MB", most as f64 / 1e6);
    assert!(most <= REPLAY, "the lab of eight hours is played back within 100 MB");
    let most = most_of(|| {
        let mut show = Show::retelling(recording.clone(), Opening::default()).expect("a talk was recorded");
        for second in 1..=HOURS * 3600 {
            show.advance(f64::from(second));
            black_box(show.picture());
        }
    });
    println!("most heap while its talk is told again{:>18.2} MB", most as f64 / 1e6);
    assert!(most <= REPLAY, "eight hours are told again within 100 MB");
    let (first, last) = hours.split_at(2);
    let most = first.iter().max().map_or(0, |most| most + GROWS);
    assert!(last.iter().all(|heap| *heap <= most), "the heap is flat from the third hour on");
}

/// The most heap that some work held at once.
fn most_of(work: impl FnOnce()) -> usize {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    work();
    HEAP.peak_usage() - before
}

/// The heap at the end of each hour, and what was recorded.
fn talk() -> (Vec<usize>, Vec<u8>) {
    let cli = Cli::try_parse_from(["tierlight", "list", "--data", "sim"]).expect("the flags are right");
    let opening = Opening { is_logged: true, ..cli.common.opening().expect("the shipped talk is read") };
    let mut show = Show::open(opening).expect("the shipped talk opens");
    show.take(0.0, Command::from(SourceCommand::Source(SourceKind::Sim.only_id())));
    let header =
        Header { app: "0.1.0".into(), began: "2026-11-28T14:02:11Z".into(), what: Recorded::Talk, is_redacted: true };
    let opening = show.recorded_opening();
    let mut writer = Writer::new(&header, Some(&opening), Effort::Light).expect("memory is written to");
    let (mut hours, mut recorded) = (Vec::new(), Vec::new());
    let first = show.presentation().address().clone();
    for second in 1..=HOURS * 3600 {
        let at_secs = f64::from(second);
        if second % STEP_SECS == 0 {
            let before = show.presentation().address().clone();
            show.take(at_secs, Command::from(WalkCommand::Next));
            if *show.presentation().address() == before {
                show.take(at_secs, Command::from(WalkCommand::Jump(first.clone())));
            }
        }
        show.advance(at_secs);
        black_box(show.picture());
        for timed in show.drain_log() {
            writer.add_event(&timed).expect("memory is written to");
        }
        writer.flush().expect("memory is written to");
        recorded.extend(writer.drain());
        if second % 3600 == 0 {
            // What was recorded lies on a disk in a real talk.
            hours.push(HEAP.current_usage() - recorded.capacity());
        }
    }
    recorded.extend(writer.finish().expect("memory is written to"));
    (hours, recorded)
}

/// What stays of a page of many buckets between two polls, when `wanted` of them are of a tier.
fn kept_of_a_page(body: &str, wanted: &str) {
    let mut fold = Fold::new(TargetKind::Buckets(vec![(Tier::T2, vec![wanted.to_owned()])]));
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let mut samples = 0;
    for poll in 0..3 {
        let mut collector = fold.body("n1", &Endpoint::V2Bucket);
        body.as_bytes().chunks(BLOCK).for_each(|block| collector.feed(block));
        let collected = collector.finish();
        samples = collected.samples;
        fold.take("n1", &Endpoint::V2Bucket, f64::from(poll), &collected, None);
    }
    let (stays, most) = (HEAP.current_usage() - before, HEAP.peak_usage() - before);
    let each = |bytes: usize| (bytes as f64 - 0.01 * body.len() as f64).max(0.0) / samples as f64;
    println!(
        "{wanted:<14} of {:.0} MB and {samples} samples: {:.1} MB stay, {:.1} MB at most; over a hundredth of the page \
         {:.1} B and {:.1} B a sample",
        body.len() as f64 / 1e6,
        stays as f64 / 1e6,
        most as f64 / 1e6,
        each(stays),
        each(most)
    );
    assert!(each(stays) <= 32.0, "a hundredth of the page and 32 B a sample stay of it");
}
