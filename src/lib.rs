//! Tierlight: where storage sits in AI training.
//!
//! This page is the map: what happens to a key and to a scrape, the modules in reading order, who may name whom, and what
//! always holds.
//!
//! # Three journeys
//!
//! A *key* becomes a [`presentation::command::Command`] by the [`presentation::keymap::Keymap`] in [`keys`], passes the
//! one door, [`show::Show::take`], and is carried out by the part of the talk that owns it ([`presentation`]). In the same
//! frame [`timeline::compose`] makes the [`picture::Picture`] of the new moment, and [`window`] paints it. In
//! [`mod@commands::run`] a line of a script takes the same way, without a window.
//!
//! A *scrape* is read on a thread of [`feeds`], in blocks, by the parser and the fold of [`telemetry`]. What comes out are
//! readings. They pass the same door as a [`live::SourceEvent`], and drive measured light from the next frame on. The
//! simulated lab of [`sim`] writes the pages that a real one would; [`show`] folds them the same way and sends the same
//! events.
//!
//! A saved *scene file* passes the door as text. [`scene::library::read`] makes scenes of it or says what is wrong and
//! where; then the last good ones stay. Glossary, sources and a customer's slides become pages there. Every step is kept
//! by its [`scene::address::Address`], so a deck that was saved in another order leads nobody astray.
//!
//! What can be *pointed at* is worked out from the step ([`timeline::explore`]): the same for Tab, a click, `open` in a
//! script and an export. A card lies over the step and is no part of it, so Escape has nothing to undo.
//!
//! # The modules, in reading order
//!
//! | module | is |
//! |---|---|
//! | [`signal`], [`figures`], [`picture`], [`bundle`], [`plural`], [`faces`], [`measure`] | the shared words: tiers and readings; told numbers with their formulas; marks in stage units and inks; what the binary carries; how many of something; its fonts, and how wide words are |
//! | [`scene`], [`lab`] | what was written: scenes, the world, the deck, sources; the lab file |
//! | [`live`], [`telemetry`], [`sim`], [`timeline`] | what sources say; how it is read off metrics; what a lab would say; what is where at any moment |
//! | [`presentation`], [`recording`], [`show`] | the running talk, in parts; what happened as bytes and back; its one door, with one given clock |
//! | [`theme`], [`paint`], [`render`] | which colour an ink is; a picture onto egui; the same on the CPU |
//! | [`clock`], [`checkup`], [`logging`], [`feeds`], [`recorder`], [`remembered`], [`rehearsals`], [`awake`], [`ending`], [`displays`] | doors to the outside: time, what a look at the machine found, words, the lab's threads, recordings as files, what a user chose, runs rehearsed, the screen saver, signals, displays that come and go |
//! | [`keys`], [`window`], [`console`] | the audience's window and the presenter's, as values |
//! | [`review`], [`export`] | pictures, judged and written |
//! | [`setup`] | from flags to a show |
//! | [`journal`], [`stopped`], [`doctor`], [`host`], [`bodies`], [`opener`], [`desk`], [`memory`], [`remote`], [`reach`] | what was done, line by line; talks that stopped, to go on with; whether this machine can present; the show as the threads of a window reach it; what a lab answered, kept; recordings opened during the talk; where the two windows stand; what is remembered of it; the talk from outside |
//! | [`app`], [`commands`] | hosts: each gives a show its events and its time |
//!
//! Each names only modules of its own row and of the rows above; the exact pairs stand in `tests/suite/layers.rs`, which fails
//! on any other, and on files that name one another in a circle. A new module chooses its row there.
//!
//! # Three recipes
//!
//! *A key and its command.* Add a variant to the command enum of the part that carries it out, such as
//! `presentation/walk.rs`, and what it does to the `match` below: it does not compile without. Give it a key in
//! `presentation/keymap.rs`, or say in `WITHOUT_KEY` there why it has none: `every_command_has_a_key_or_a_stated_reason`
//! fails without. Help, `tierlight keys`, scripts and the journal know it from there.
//!
//! *A metric as a signal on a scene.* Add a quantity to the table of `signal.rs`: name, unit, words, how several come
//! together, whether it keeps a history. Map the metric to it in `assets/metrics.ron`. Bind the signal in a scene, with
//! the bind that the element shows.
//!
//! *A page element.* Write its form in `scene/file/elements.rs`, its resolved form in `scene/model.rs`, the step between
//! them in `scene/resolve/elements.rs`, and its drawing and the room of its words in `timeline/elements.rs`. In each of
//! the four it does not compile without, and all else (checks, images, cards, review) asks those.
//!
//! # What always holds
//!
//! * The pure modules, [`signal`] to [`show`], never touch a window, a file, a socket, a thread or a clock. They cannot
//!   fail for outside reasons and need no mocks. Of egui they name `emath` only ([`faces`] hands the fonts to egui, and
//!   is not one of them).
//! * After [`show::Show::open`] the talk changes in [`show::Show::take`] and, as time passes, in [`show::Show::advance`],
//!   and nowhere else: there is no way to its state beside them. Full screen, the pointer, the displays, a source
//!   announced or back-filled, and what the simulated lab says, are events like any other.
//! * Time passes in ticks on a fixed grid, and pictures between them follow in closed form, so the host's frame times
//!   change nothing. Events and the state they lead to have a serde form: written, read and applied again they give the
//!   same pictures (`tests/suite/door.rs`).
//! * Images and the theme pass beside the door: no picture depends on them.
//! * Bodies are parsed, differenced and folded on the feed's thread; what passes the door is as small as the list of
//!   signals. (The simulated lab's pages are small, and folded where they are pulled.)
//! * All sources live side by side, each with its readings, by their ids. A swap changes one index, so the story cannot
//!   move.
//! * A picture is a function of scene, playhead, flow phases and readings. The only accumulation is [`timeline::flow`],
//!   and it is anchored where its targets change.
//! * What is focused, open or folded is drawn over a step or beside it; the step's own picture does not know of it.
//! * A told number is looked up in [`figures`] when a picture is composed, in words as on scales. What is laid over one (a
//!   customer's measurement) shows at once, and so does what its formulas lead to.
//! * A position on an axis and the length of a bar come from a quantity and a declared scale, never from an author's hand.
//! * A measured mark is made from a reading and nothing else, a told mark from the step and its time; furniture and what is
//!   said know of no reading. One flow is one path: a told route fades while measured dots run on it. Things, the third
//!   layer, are drawn as what they are (pieces, areas to scale, drives) and have neither light nor rate. So, settled, a step without its measured layer is the same however it was reached.
//! * What the audience can see is in the picture: exports, hashes, holding and checks see the same.
//! * What leaves the stage leaves as it was; words leave before words come. A still is what stands there when everything
//!   has ended, bursts of the lab included.
//! * Stills are one show, posed ([`show::Show::posed`]): exports, sheets, checks and thumbnails look at the same.
//! * The simulated lab and a recorded one have no thread and no clock. They are asked for a time.
//! * What is recorded is what passed the door, and what sources said is read back to the bit ([`recording`] is the format's
//!   page), but for what is inside a lab, which names its nodes and buckets. No reader of a recording believes it.
//! * What is stored is not what is used: [`scene`], [`lab`] and the metric names each read serde types of their own and
//!   resolve them; no other module names a type that ends in `File`.
//! * Colours live in `assets/theme.ron`; scenes and pictures speak of inks. Metric names live in `assets/metrics.ron`;
//!   scenes speak of signals.
//! * Nothing panics in front of an audience, and a module that opens files, sockets or the clock says so in its first
//!   lines: `grep disallowed_methods src` lists the edges.
//! * There is no `utils`, no `context`, no `common`. A helper lives with its one user, or earns a name.

pub mod app;
pub mod awake;
pub mod bodies;
pub mod bundle;
pub mod checkup;
pub mod clock;
pub mod commands;
pub mod console;
pub mod desk;
pub mod displays;
pub mod doctor;
pub mod ending;
pub mod export;
pub mod faces;
pub mod feeds;
pub mod figures;
pub mod host;
pub mod journal;
pub mod keys;
pub mod lab;
pub mod live;
pub mod logging;
pub mod markdown;
pub mod measure;
pub mod memory;
pub mod opener;
pub mod paint;
pub mod picture;
pub mod plural;
pub mod presentation;
pub mod reach;
pub mod recorder;
pub mod recording;
pub mod rehearsals;
pub mod remembered;
pub mod remote;
pub mod render;
pub mod review;
pub mod ron_text;
pub mod scene;
pub mod setup;
pub mod show;
pub mod signal;
pub mod sim;
pub mod stopped;
pub mod telemetry;
pub mod theme;
pub mod timeline;
pub mod window;
