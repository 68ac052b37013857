//! The command line: one binary, which opens the window or does its work without one.

pub(crate) mod ask;
pub(crate) mod capture;
pub mod check;
pub(crate) mod doctor;
pub(crate) mod export;
pub mod fold;
pub(crate) mod list;
pub(crate) mod parse;
pub mod picture;
pub(crate) mod plan;
pub mod probe;
pub(crate) mod recording;
pub(crate) mod rehearsals;
pub(crate) mod remote;
pub(crate) mod report;
pub mod run;
pub mod sim;

use std::io::Write;
use std::path::PathBuf;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::app;
use crate::setup::{Common, Outcome};

/// Where storage sits in AI training, on a projector: animated scenes whose tiers light up from a real MinIO lab.
#[derive(Debug, Parser)]
#[command(name = "tierlight", version)]
pub struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<CliCommand>,
    #[command(flatten)]
    pub(crate) present: app::PresentArgs,
    #[command(flatten)]
    pub common: Common,
    /// Write a log to this file.
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// No words on stderr.
    #[arg(long, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CliCommand {
    /// The show. Example: tierlight present --at loop:1 --fullscreen
    Present(app::PresentArgs),
    /// The same core without a window. Example: echo next | tierlight run --script - --json
    Run(run::RunArgs),
    /// Scenes and steps. Example: tierlight list --json
    List(list::ListArgs),
    /// The key table. Example: tierlight keys --json
    Keys(list::ListArgs),
    /// The signals a scene can be bound to. Example: tierlight signals --json
    Signals(list::ListArgs),
    /// Whether this machine can present. Example: tierlight doctor --lab lab.ron
    Doctor(doctor::DoctorArgs),
    /// The talk that fits into so many minutes. Example: tierlight plan --minutes 20
    Plan(plan::PlanArgs),
    /// How long steps took in rehearsals, as CSV. Example: tierlight rehearsals > times.csv
    Rehearsals(rehearsals::RehearsalsArgs),
    /// Where a word leads. Example: tierlight ask lun
    Ask(ask::AskArgs),
    /// The marks of a step's picture. Example: tierlight picture loop:2 --json
    Picture(picture::PictureArgs),
    /// What is wrong with scene files. Example: tierlight check scenes/04-loop.ron --room 8
    Check(check::CheckArgs),
    /// Pictures without a display. Example: tierlight export png --scene loop --out pictures
    Export(export::ExportArgs),
    /// What the text-format parser understood of files. Example: tierlight parse scrape.txt --json
    Parse(parse::ParseArgs),
    /// A folder of scrapes through the same rates and tiers as live. Example: tierlight fold capture --json
    Fold(fold::FoldArgs),
    /// What a lab answers, kept without names. Example: tierlight capture --lab lab.ron --for 600 --out captures/briefing
    Capture(capture::CaptureArgs),
    /// What a lab exposes, and a lab file for it. Example: tierlight probe --lab lab.ron --json
    Probe(Box<probe::ProbeArgs>),
    /// The simulated lab as MinIO over HTTP. Example: tierlight sim serve --ron lab.ron
    #[command(subcommand)]
    Sim(SimWhat),
    /// Recordings: what is in one, and one of a capture. Example: tierlight recording info talk.tlr --json
    #[command(subcommand)]
    Recording(recording::RecordingWhat),
    /// A recorded talk told again, in words or in a window. Example: tierlight replay talk.tlr --window
    Replay(recording::ReplayArgs),
    /// A command to the talk that is shown with --remote. Example: tierlight remote next
    Remote(remote::RemoteArgs),
    /// What was shown and what the lab did, from a recording. Example: tierlight report talk.tlr --html --out talk.html
    Report(report::ReportArgs),
    /// A completion script. Example: tierlight completions bash
    Completions { shell: clap_complete::Shell },
    /// The manual page. Example: tierlight man > tierlight.1
    Man,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SimWhat {
    /// Serve it. Example: tierlight sim serve --listen 127.0.0.1:0 --ron lab.ron
    Serve(sim::ServeArgs),
}

/// Runs what the command line asks for.
pub fn run(cli: Cli, out: &mut dyn Write) -> Outcome {
    let common = &cli.common;
    if cli.command.is_some() && cli.present != app::PresentArgs::default() {
        return Err("flags of the show, such as --at, come after present: tierlight present --at loop:3".into());
    }
    match cli.command.unwrap_or(CliCommand::Present(cli.present)) {
        CliCommand::Present(args) => app::present(&args, common),
        CliCommand::Run(args) => run::run(&args, common, out),
        CliCommand::List(args) => list::list(&args, common, out),
        CliCommand::Keys(args) => list::keys(&args, common, out),
        CliCommand::Signals(args) => list::signals(&args, out),
        CliCommand::Doctor(args) => doctor::doctor(&args, common, out),
        CliCommand::Plan(args) => plan::plan(&args, common, out),
        CliCommand::Rehearsals(args) => rehearsals::rehearsals(&args, out),
        CliCommand::Ask(args) => ask::ask(&args, common, out),
        CliCommand::Picture(args) => picture::picture(&args, common, out),
        CliCommand::Check(args) => check::check(&args, common, out),
        CliCommand::Export(args) => export::export(&args, common, out),
        CliCommand::Parse(args) => Ok(parse::parse(&args, out)?),
        CliCommand::Fold(args) => Ok(fold::fold(&args, out)?),
        CliCommand::Capture(args) => capture::capture(&args, common, out),
        CliCommand::Probe(args) => Ok(probe::probe(&args, cli.quiet, out)?),
        CliCommand::Sim(SimWhat::Serve(args)) => Ok(sim::serve(&args, out)?),
        CliCommand::Recording(what) => recording::recording(&what, common, out),
        CliCommand::Replay(args) => recording::replay(&args, common, out),
        CliCommand::Remote(args) => remote::remote(&args, out),
        CliCommand::Report(args) => report::report(&args, out),
        CliCommand::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "tierlight", &mut &mut *out);
            Ok(0)
        }
        CliCommand::Man => Ok(clap_mangen::Man::new(Cli::command()).render(&mut &mut *out).map(|()| 0)?),
    }
}
