//! How long the whole deck takes to load: `cargo bench --bench load`. The bar is 100 ms.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::print_stdout, reason = "a bench tells its figures")]

use std::hint::black_box;
use std::time::Instant;

use tierlight::bundle;
use tierlight::scene::library::{self, Texts};

fn best_ms(times: usize, mut work: impl FnMut()) -> f64 {
    let once = |_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64() * 1e3
    };
    (0..times).map(once).fold(f64::INFINITY, f64::min)
}

fn main() {
    let texts: Texts = bundle::SCENES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let bytes: usize = texts.values().map(String::len).sum();
    let first = best_ms(1, || drop(black_box(library::read(&texts))));
    let again = best_ms(20, || drop(black_box(library::read(&texts))));
    let plain = best_ms(20, || {
        for text in texts.values() {
            black_box(ron::from_str::<ron::Value>(text).is_ok());
        }
    });
    println!(
        "{} files, {:.0} kB: the deck loads in {first:.1} ms, again in {again:.1} ms",
        texts.len(),
        bytes as f64 / 1e3
    );
    println!("reading the same files as plain RON: {plain:.1} ms; {:.1} times as long", again / plain);
    println!("the bar is 100 ms");
}
