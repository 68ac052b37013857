//! How fast text is parsed, as ratios to what is timed in the same run: `cargo bench --bench parse`.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::unwrap_used, reason = "writing to a text does not fail")]
#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

mod pages;

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::BufRead as _;
use std::time::Instant;

use tierlight::signal::Tier;
use tierlight::telemetry::exposition::{KnownLines, LineKept, Parser, Refused, Sample, Visitor};
use tierlight::telemetry::{Endpoint, Fold, TargetKind};

use crate::pages::{APIS, BLOCK, BOUNDS, bucket_page, number};

const RUNS: usize = 5;

fn main() {
    let body = bucket_page();
    let samples = body.lines().filter(|line| !line.starts_with('#')).count();
    println!("bucket page: {:.1} MB, {samples} samples; best of {RUNS}, one core", body.len() as f64 / 1e6);
    let reference = told("prometheus-parse", body.len(), None, || prometheus_parse(&body));
    told("every byte read once", body.len(), Some(reference), || bytes_sum(&body));
    let lines = lines_of(&body, &KnownLines::default()).unwrap_or_default();
    let parser = told("the parser, every sample", body.len(), Some(reference), || count(&body));
    told("the parser and the fold's filter", body.len(), Some(reference), || folded(&body));
    let warm = told("the same lines again", body.len(), Some(reference), || lines_of(&body, &lines).is_none());
    warm_fold(&body, reference);
    poll();
    fold_of_sixteen_nodes();
    assert!(reference / parser >= 15.0, "the parser must be fifteen times as fast as prometheus-parse");
    assert!(reference / warm >= 60.0, "and sixty times where the lines stood in the body before");
}

/// Prints a line and answers the seconds taken.
fn told<T>(what: &str, bytes: usize, reference: Option<f64>, run: impl Fn() -> T) -> f64 {
    let secs: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed().as_secs_f64()
        })
        .collect();
    // The least disturbed run: other work on the machine only ever adds.
    let best = secs.into_iter().fold(f64::INFINITY, f64::min);
    let ratio = reference.map_or(String::new(), |reference| format!("{:8.1} x prometheus-parse", reference / best));
    println!("{what:<34}{:>10.0} MB/s{ratio}", bytes as f64 / 1e6 / best);
    best
}

/// What a poll of one deployment costs: three pages of a lab with four nodes.
fn poll() {
    let page: String = (0..4).map(cluster_page).collect();
    let mut fold = Fold::new(TargetKind::Tier(Tier::T2));
    let start = Instant::now();
    let polls = 200;
    for poll in 0..polls {
        for endpoint in [Endpoint::V3Requests, Endpoint::V2Cluster, Endpoint::V3Cluster] {
            let mut collector = fold.body("n1", &endpoint);
            collector.feed(page.as_bytes());
            fold.take("n1", &endpoint, f64::from(poll), &collector.finish(), None);
        }
        black_box(fold.readings(f64::from(poll)));
    }
    let micros = start.elapsed().as_secs_f64() * 1e6 / f64::from(polls);
    println!("a poll of three pages of {} kB, parsed and folded: {micros:.0} µs", page.len() / 1000);
}

/// What folding a scrape of sixteen nodes costs, when every series is known: their pages are parsed before the clock runs.
fn fold_of_sixteen_nodes() {
    const NODES: usize = 16;
    let mut fold = Fold::new(TargetKind::Tier(Tier::T2));
    let names: Vec<String> = (0..NODES).map(|node| format!("n{node}:9000")).collect();
    let (mut micros, mut samples) = (Vec::new(), 0);
    for poll in 0..200_usize {
        let pages = names.iter().map(|name| {
            let mut body = fold.body(name, &Endpoint::V3Requests);
            body.feed(requests_page(name, poll).as_bytes());
            body.finish()
        });
        let pages: Vec<_> = pages.collect();
        samples = pages.iter().map(|page| page.samples).sum();
        let start = Instant::now();
        for (name, page) in names.iter().zip(&pages) {
            fold.take(name, &Endpoint::V3Requests, poll as f64, page, Some(1.0));
        }
        black_box(fold.report(poll as f64));
        micros.push(start.elapsed().as_secs_f64() * 1e6);
    }
    // The first polls make the series known.
    micros.drain(..20);
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros[(share * (micros.len() - 1) as f64) as usize];
    println!("a warm scrape of {NODES} nodes, {samples} samples, folded: {:.0} µs, p95 {:.0} µs", at(0.5), at(0.95));
    assert!(at(0.5) <= 1000.0, "a warm scrape of sixteen nodes is folded within a millisecond");
}

/// A node's page of requests: seven APIs, each with the times of its first bytes.
fn requests_page(node: &str, poll: usize) -> String {
    let mut text = String::new();
    let label = format!("server=\"{node}\",type=\"s3\"");
    for way in ["received", "sent"] {
        writeln!(text, "minio_api_requests_traffic_{way}_bytes{{{label}}} {}", poll * 1_000_000).unwrap();
    }
    for api in ["GetObject", "PutObject", "PutObjectPart", "HeadObject", "DeleteObject", "ListObjectsV2", "CopyObject"]
    {
        for family in ["total", "4xx_errors_total", "inflight_total", "canceled_total"] {
            writeln!(text, "minio_api_requests_{family}{{name=\"{api}\",{label}}} {}", poll * 7).unwrap();
        }
        for le in BOUNDS {
            writeln!(
                text,
                "minio_api_requests_ttfb_seconds_distribution{{le=\"{le}\",name=\"{api}\",{label}}} {}",
                poll * 3
            )
            .unwrap();
        }
    }
    text
}

#[derive(Default)]
struct Count(usize);

impl Visitor for Count {
    fn sample(&mut self, sample: &Sample<'_>) {
        self.0 += usize::from(sample.value >= 0.0) + usize::from(sample.labels.is_empty());
    }

    fn remembered(&self) -> LineKept {
        LineKept::As(self.0 as u32)
    }

    fn again(&mut self, of: u32, value: f64) {
        self.0 += usize::from(value >= 0.0) + usize::from(of == 0);
    }

    fn refused(&mut self, _: Refused) {}
}

fn count(body: &str) -> usize {
    let (mut parser, mut seen) = (Parser::new(), Count::default());
    body.as_bytes().chunks(BLOCK).for_each(|block| parser.feed(block, &mut seen));
    parser.finish(&mut seen);
    seen.0
}

fn folded(body: &str) -> u64 {
    let fold = Fold::new(TargetKind::Buckets(vec![(Tier::T2, vec!["bucket-0001*".to_owned()])]));
    let mut collector = fold.body("n1", &Endpoint::V2Bucket);
    body.as_bytes().chunks(BLOCK).for_each(|block| collector.feed(block));
    collector.finish().samples
}

/// Bodies that come again, by the filter of a fold that wants a few of its buckets.
fn warm_fold(body: &str, reference: f64) {
    let mut fold = Fold::new(TargetKind::Buckets(vec![(Tier::T2, vec!["bucket-0001*".to_owned()])]));
    let collect = |fold: &Fold| {
        let mut collector = fold.body("n1", &Endpoint::V2Bucket);
        body.as_bytes().chunks(BLOCK).for_each(|block| collector.feed(block));
        collector.finish()
    };
    let collected = collect(&fold);
    fold.take("n1", &Endpoint::V2Bucket, 1.0, &collected, None);
    drop(collected);
    told("the same lines, by the fold's filter", body.len(), Some(reference), || collect(&fold).samples);
}

/// The lines of a body that comes after one with those lines.
fn lines_of(body: &str, before: &KnownLines) -> Option<KnownLines> {
    let (mut parser, mut seen) = (Parser::following(before), Count::default());
    body.as_bytes().chunks(BLOCK).for_each(|block| parser.feed(block, &mut seen));
    parser.finish(&mut seen);
    parser.into_lines()
}

fn prometheus_parse(body: &str) -> usize {
    prometheus_parse::Scrape::parse(body.as_bytes().lines()).map_or(0, |scrape| scrape.samples.len())
}

fn bytes_sum(body: &str) -> u64 {
    body.as_bytes().iter().map(|byte| u64::from(*byte)).sum()
}

fn cluster_page(node: usize) -> String {
    let mut text = String::new();
    for (index, api) in APIS.iter().enumerate() {
        for le in BOUNDS {
            let value = number(node * 100 + index);
            writeln!(
                text,
                "minio_s3_requests_ttfb_seconds_distribution{{api=\"{api}\",le=\"{le}\",server=\"n{node}:9000\"}} {value}"
            ).unwrap();
        }
        writeln!(text, "minio_s3_requests_total{{api=\"{api}\",server=\"n{node}:9000\"}} {}", number(index)).unwrap();
        writeln!(
            text,
            "minio_api_requests_total{{name=\"{api}\",server=\"n{node}:9000\",type=\"s3\"}} {}",
            number(index)
        )
        .unwrap();
    }
    for name in ["minio_s3_traffic_received_bytes", "minio_s3_traffic_sent_bytes", "minio_node_io_rchar_bytes"] {
        writeln!(text, "{name}{{server=\"n{node}:9000\"}} {}", number(node)).unwrap();
    }
    text
}
