//! What a page of charts costs before it is painted: twelve plots of eight curves, an hour each: `cargo bench --bench plot`.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

use std::hint::black_box;
use std::time::Instant;

use tierlight::live::{Announcement, Point, Source, SourceEvent, SourceId, SourceKind};
use tierlight::signal::Signal;

const CURVES: usize = 12 * 8;
const HOUR_SECS: f64 = 3600.0;

fn main() {
    let few = page_ms(1_000);
    let hour = page_ms(3_600);
    let most = page_ms(100_000);
    println!("the bar is 4 ms for the page with its paint; 100000 points are what a curve keeps at most");
    println!("{:.1} times as long for 100 times the points of a curve, {:.1} ms at one a second", most / few, hour);
}

/// The time of a page whose curves have so many points, p95 in milliseconds.
fn page_ms(points: usize) -> f64 {
    let announced = Announcement { kind: SourceKind::Lab, origin: "bench".into(), lapse: 1, targets: Vec::new() };
    let mut source = Source::new(SourceId::new("bench"), announced);
    let kept = Signal::catalogue().into_iter().filter(|signal| signal.quantity.keeps_history());
    let signals: Vec<Signal> = kept.take(CURVES).collect();
    for (nth, signal) in signals.iter().enumerate() {
        let point = |index: usize| {
            let at_secs = HOUR_SECS * index as f64 / points as f64;
            Point { at_secs, value: Some(((index * 31 + nth * 7) % 1009) as f64) }
        };
        source.apply(SourceEvent::Backfilled { signal: *signal, points: (0..points).map(point).collect() });
    }
    let mut ms: Vec<f64> = (0..40)
        .map(|_| {
            let start = Instant::now();
            for signal in &signals {
                black_box(source.series_over(&[*signal], HOUR_SECS, HOUR_SECS));
            }
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    ms.sort_by(f64::total_cmp);
    let p95 = ms[ms.len() * 95 / 100];
    println!("{} curves of {points} points, an hour as 240 columns: p95 {p95:.2} ms", signals.len());
    p95
}
