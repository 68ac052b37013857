//! Everything that is tested from outside: one program, so that it is linked once and both its threads have work to the end.
//! `cargo test --test suite walks` runs the tests of `walks.rs`.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::disallowed_methods, reason = "tests write files, start programs and threads, wait and time")]

mod arrows;
mod ask;
mod beside;
mod bundle;
mod canary;
mod capture;
mod check;
mod console;
mod content;
mod cpu;
mod doctor;
mod door;
mod drills;
mod explore;
mod exposition;
mod faults;
mod figures;
mod files;
mod frames;
mod hand;
mod hung;
mod inside;
mod journal;
mod keys;
mod lab_file;
mod lab_server;
mod layers;
mod live;
mod measured;
mod paint;
mod partial;
mod plan;
mod probe;
mod prometheus;
mod recording;
mod remote;
mod report;
mod run;
mod scenes;
mod scrape;
mod sim;
mod sim_serve;
mod sourced;
mod talk;
mod telemetry;
mod theme;
mod tls;
mod walks;
mod windows;
