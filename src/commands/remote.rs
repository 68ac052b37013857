//! `remote`: one command to the talk that is being shown.

use std::io::Write;
use std::time::Duration;

use ureq::Agent;

use crate::presentation::keymap::Keymap;
use crate::remote::{Spoken, no_command};
use crate::setup::{Failure, Outcome};

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RemoteArgs {
    /// A command of the key table, such as next, or jump loop:4; without one, where the talk is.
    pub command: Vec<String>,
}

/// A command's name, and what stands after it: one argument or several. Err: no command is written so.
fn named(words: &[String]) -> Result<Option<(String, String)>, Failure> {
    let line = words.join(" ");
    let (name, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    if words.is_empty() {
        return Ok(None);
    }
    // It becomes a part of an address.
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
        return Err(no_command(name, &Keymap::default()).into());
    }
    Ok(Some((name.to_owned(), rest.trim().to_owned())))
}

/// Gives a command, or asks where the talk is.
pub(crate) fn remote(args: &RemoteArgs, out: &mut dyn Write) -> Outcome {
    let command = named(&args.command)?;
    let nobody = || Failure { code: 1, words: "no talk can be reached: begin it with --remote".to_owned() };
    let spoken = Spoken::usual_path().and_then(|path| Spoken::read(&path)).ok_or_else(nobody)?;
    let config = Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).http_status_as_error(false);
    let agent: Agent = config.build().into();
    let pass = format!("Bearer {}", spoken.token);
    let url = |path: &str| format!("http://{}{path}", spoken.address);
    let answered = match &command {
        Some((name, rest)) => agent.post(url(&format!("/command/{name}"))).header("Authorization", pass).send(rest),
        None => agent.get(url("/state")).header("Authorization", pass).call(),
    };
    let mut answer = answered.map_err(|error| {
        log::info!("{error}");
        nobody()
    })?;
    let words = answer.body_mut().read_to_string()?;
    match answer.status().as_u16() {
        200 if command.is_none() => writeln!(out, "{words}")?,
        200 => {}
        404 => return Err(words.trim_end().into()),
        _ => return Err(nobody()),
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_argument_or_several_and_what_is_none_is_wrong_use() {
        let words = |line: &[&str]| line.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let cases = [
            (&[][..], None),
            (&["next"], Some(("next", ""))),
            (&["jump loop:4"], Some(("jump", "loop:4"))),
            (&["jump", "loop:4"], Some(("jump", "loop:4"))),
        ];
        for (line, told) in cases {
            let told = told.map(|(name, rest)| (name.to_owned(), rest.to_owned()));
            assert_eq!(named(&words(line)).expect("a command"), told, "{line:?}");
        }
        for line in [&["../state"][..], &["Next"], &[""], &["%20"], &["né"]] {
            let refused = named(&words(line)).expect_err("no command");
            assert!(refused.code == 2 && refused.words.contains("no command"), "{line:?}: {}", refused.words);
        }
    }
}
