//! `replay`: a recorded talk told again, answering as `run` did.

use std::io::Write;

use crate::app;
use crate::commands::recording::args::ReplayArgs;
use crate::commands::recording::retell::Retelling;
use crate::commands::run::write_answer;
use crate::presentation::command::Command;
use crate::presentation::event::Event;
use crate::presentation::walk::WalkCommand;
use crate::recorder;
use crate::recording::{Cursor, Entry, Read, Recording};
use crate::setup::{Common, Failure, Outcome};

/// Runs `replay`: 0 when all of it was told, 1 where the recording is torn or damaged.
pub(crate) fn replay(args: &ReplayArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let recording = recorder::open(&args.recording.file)?;
    let name = args.recording.file.display();
    if args.window {
        let halt = args.paused.then_some(WalkCommand::Pause);
        let begin = halt.into_iter().chain(args.at.map(WalkCommand::Seek)).map(Command::from).collect();
        return app::retell(recording, begin, common);
    }
    if recording.is_cut_before_talk() {
        return Err(Failure { code: 1, words: format!("{name}: it ends before the talk begins") });
    }
    let Some(mut retelling) = Retelling::start(&recording)? else {
        let words = format!("{name}: it holds no talk, but {}: show it by --data", recording.header().what.words());
        return Err(words.into());
    };
    let has_rows = has_rows(&recording);
    loop {
        match retelling.tell_next() {
            Ok(Some(Entry::Row { words, .. })) => write_answer(&retelling.show, &words, args.recording.json, out)?,
            Ok(Some(Entry::Event(timed))) => {
                if let (false, Event::Command(command)) = (has_rows, &timed.event) {
                    write_answer(&retelling.show, command.name(), args.recording.json, out)?;
                }
            }
            Ok(None) if recording.is_closed() => return Ok(0),
            Ok(None) => {
                out.flush()?;
                return Err(Failure { code: 1, words: format!("{name}: it was not closed: its end may be missing") });
            }
            Err(damage) => {
                out.flush()?;
                let words =
                    format!("{name}: told as far as it can be read: at byte {}: {}", damage.offset, damage.words);
                return Err(Failure { code: 1, words });
            }
        }
    }
}

/// Whether a script was answered in it: else every command is.
fn has_rows(recording: &Recording) -> bool {
    let mut cursor = Cursor::start();
    while let Some(read) = cursor.read(recording) {
        if matches!(read, Read::Entry(Entry::Row { .. })) {
            return true;
        }
    }
    false
}
