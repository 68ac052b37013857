//! `remote`: one command to the talk that is being shown.

use std::io::Write;
use std::time::Duration;

use ureq::Agent;

use crate::remote::Spoken;
use crate::setup::{Failure, Outcome};

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RemoteArgs {
    /// A command of the key table, such as next; without one, where the talk is.
    pub command: Option<String>,
}

/// Gives a command, or asks where the talk is.
pub(crate) fn remote(args: &RemoteArgs, out: &mut dyn Write) -> Outcome {
    let nobody = || Failure { code: 1, words: "no talk can be reached: begin it with --remote".to_owned() };
    let spoken = Spoken::usual_path().and_then(|path| Spoken::read(&path)).ok_or_else(nobody)?;
    let config = Agent::config_builder().timeout_global(Some(Duration::from_secs(5))).http_status_as_error(false);
    let agent: Agent = config.build().into();
    let pass = format!("Bearer {}", spoken.token);
    let url = |path: &str| format!("http://{}{path}", spoken.address);
    let answered = match &args.command {
        Some(name) => agent.post(url(&format!("/command/{name}"))).header("Authorization", pass).send_empty(),
        None => agent.get(url("/state")).header("Authorization", pass).call(),
    };
    let mut answer = answered.map_err(|error| {
        log::info!("{error}");
        nobody()
    })?;
    let words = answer.body_mut().read_to_string()?;
    match answer.status().as_u16() {
        200 if args.command.is_none() => writeln!(out, "{words}")?,
        200 => {}
        404 => return Err(words.trim_end().into()),
        _ => return Err(nobody()),
    }
    Ok(0)
}
