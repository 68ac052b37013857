//! Tierlight: where storage sits in AI training.
//!
//! This page is the map: what happens to a key and to a scrape, the modules in reading order, who may name whom, and what
//! always holds.
//!
//! # Three journeys
//!
//! A *key* becomes a [`presentation::event::Command`] in [`keys`], passes the one door, [`show::Show::take`], and changes
//! the [`presentation::Presentation`]. In the same frame [`timeline::compose`] makes the [`picture::Picture`] of the new
//! moment, and [`stage`] paints it. In [`mod@commands::run`] a line of a script takes the same way, without a window.
//!
//! A *scrape* is read on a thread of [`feeds`], in blocks, by the parser and the fold of [`telemetry`]. What comes out are
//! readings. They pass the same door as an event, and drive measured light from the next frame on. The simulated lab of
//! [`sim`] writes the pages that a real one would, and [`show`] folds them the same way.
//!
//! A saved *scene file* passes the door as text. [`scene::library::read`] makes scenes of it or says what is wrong and
//! where; then the last good ones stay. Glossary, sources and a customer's slides become pages there.
//!
//! What can be *pointed at* is worked out from the step ([`timeline::explore`]): the same for Tab, a click, `open` in a
//! script and an export. A card lies over the step and is no part of it, so Escape has nothing to undo.
//!
//! # The modules, in reading order
//!
//! | module | is |
//! |---|---|
//! | [`signal`], [`ron_text`], [`picture`], [`bundle`], [`faces`], [`measure`] | the shared words: tiers and readings; RON as people write it, and what is wrong with it where; marks in stage units and inks; what the binary carries; its fonts, and how wide words are |
//! | [`scene`], [`lab`] | what was written: scenes, the world, the deck, sources; the lab file |
//! | [`telemetry`], [`sim`], [`timeline`] | what is happening; what would be; what is where at any moment |
//! | [`presentation`], [`show`] | the running talk; its one door, with one given clock |
//! | [`theme`], [`paint`], [`render`] | which colour an ink is; a picture onto egui; the same on the CPU |
//! | [`clock`], [`logging`], [`feeds`] | doors to the outside: time, words, and the lab's threads |
//! | [`keys`], [`stage`] | the audience's window |
//! | [`review`], [`export`] | pictures, judged and written |
//! | [`setup`] | from flags to a show |
//! | [`app`], [`commands`] | hosts: each gives a show its events and its time |
//!
//! Each names only modules of its own row and of the rows above; the exact pairs stand in `tests/layers.rs`, which fails
//! on any other. A new module chooses its row there.
//!
//! # What always holds
//!
//! * The pure modules, [`signal`] to [`show`], never touch a window, a file, a socket, a thread or a clock. They cannot
//!   fail for outside reasons and need no mocks. Of egui they name `emath` only ([`faces`] hands the fonts to egui, and
//!   is not one of them).
//! * The talk changes in [`presentation::Presentation::apply`] and [`presentation::Presentation::advance`]. Whatever can
//!   change it while it runs is an event and passes one door. Hosts set it up before, and pose it for stills.
//! * Images and the theme pass beside the door: no picture depends on them.
//! * Bodies are parsed, differenced and folded on the feed's thread; what passes the door is as small as the list of
//!   signals. (The simulated lab's pages are small, and folded where they are pulled.)
//! * All sources live side by side, each with its readings. A swap changes one index, so the story cannot move.
//! * A picture is a function of scene, playhead, flow phases and readings. The only accumulation is [`timeline::flow`].
//! * What is focused, open or folded is drawn over a step or beside it; the step's own picture does not know of it.
//! * A position on an axis and the length of a bar come from a quantity and a declared scale, never from an author's hand.
//! * A measured mark is made from a reading and nothing else, a told mark from the step and its time; furniture and what is
//!   said know of no reading. So, settled, a step without its measured layer is the same however it was reached.
//! * What the audience can see is in the picture: exports, hashes, holding and checks see the same.
//! * The simulated lab has no thread and no clock. It is asked for a time.
//! * What is stored is not what is used: [`scene`], [`lab`] and the metric names each read serde types of their own and
//!   resolve them.
//! * Colours live in `assets/theme.ron`; scenes and pictures speak of inks. Metric names live in `assets/metrics.ron`;
//!   scenes speak of signals.
//! * Nothing panics in front of an audience, and a module that opens files, sockets or the clock says so in its first
//!   lines: `grep disallowed_methods src` lists the edges.
//! * There is no `utils`, no `context`, no `common`. A helper lives with its one user, or earns a name.

pub mod app;
pub mod bundle;
pub mod clock;
pub mod commands;
pub mod export;
pub mod faces;
pub mod feeds;
pub mod keys;
pub mod lab;
pub mod logging;
pub mod measure;
pub mod paint;
pub mod picture;
pub mod presentation;
pub mod render;
pub mod review;
pub mod ron_text;
pub mod scene;
pub mod setup;
pub mod show;
pub mod signal;
pub mod sim;
pub mod stage;
pub mod telemetry;
pub mod theme;
pub mod timeline;
