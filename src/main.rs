//! Reads the flags and hands over to one command.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use tierlight::commands::{Cli, run};
use tierlight::logging;
use tierlight::setup::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let quiet = cli.quiet;
    if let Err(words) = logging::start(cli.log.as_deref(), quiet) {
        return end(2, &words, false);
    }
    let mut out = std::io::stdout().lock();
    let result = if std::io::stdout().is_terminal() {
        run(cli, &mut out)
    } else {
        // What is left in the buffer may not be written any more: dropped, it would be lost without a word.
        let mut out = std::io::BufWriter::new(out);
        run(cli, &mut out).and_then(|code| out.flush().map(|()| code).map_err(Failure::from))
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => end(failure.code, &failure.words, quiet),
    }
}

fn end(code: u8, words: &str, quiet: bool) -> ExitCode {
    if !quiet {
        // A closed stderr leaves nothing to say it on.
        let _closed = writeln!(std::io::stderr(), "tierlight: {words}");
    }
    ExitCode::from(code)
}
