//! Reads the flags and hands over to one command.

use std::io::{IsTerminal as _, Write};
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
    let mut reader = PrintReader { out: std::io::stdout().lock(), is_gone: false };
    let result = if std::io::stdout().is_terminal() {
        run(cli, &mut reader)
    } else {
        // What is left in the buffer may not be written any more: dropped, it would be lost without a word.
        let mut out = std::io::BufWriter::new(&mut reader);
        run(cli, &mut out).and_then(|code| out.flush().map(|()| code).map_err(Failure::from))
    };
    if reader.is_gone {
        return ExitCode::SUCCESS;
    }
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => end(failure.code, &failure.words, quiet),
    }
}

/// Whoever reads what is printed. One that has read enough and left is no failure.
struct PrintReader<W> {
    out: W,
    is_gone: bool,
}

impl<W: Write> PrintReader<W> {
    fn note<T>(&mut self, done: std::io::Result<T>) -> std::io::Result<T> {
        self.is_gone |= done.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe);
        done
    }
}

impl<W: Write> Write for PrintReader<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let done = self.out.write(bytes);
        self.note(done)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let done = self.out.flush();
        self.note(done)
    }
}

fn end(code: u8, words: &str, quiet: bool) -> ExitCode {
    if !quiet {
        // A closed stderr leaves nothing to say it on.
        let _closed = writeln!(std::io::stderr(), "tierlight: {words}");
    }
    ExitCode::from(code)
}
