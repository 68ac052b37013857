//! `ask`: where a word leads.

use std::io::Write;

use serde_json::json;

use crate::presentation::ask;
use crate::setup::{Common, Outcome};

/// How many answers are listed.
const MOST: usize = 8;

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct AskArgs {
    /// A title, a component, a phase, a tier, a term, an old-world word, of which the first letters are enough; or a step,
    /// such as loop:3.
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Lists the answers, the best first: 0 with some, 1 without.
pub(crate) fn ask(args: &AskArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let show = common.show()?;
    let library = show.presentation().library();
    let answers = ask::ask(library, &args.words.join(" "), MOST);
    if args.json {
        let answers: Vec<_> = (answers.iter())
            .map(|answer| json!({ "title": &*answer.title, "kind": answer.kind.word(), "at": answer.at }))
            .collect();
        writeln!(out, "{}", json!({ "schema": 1, "answers": answers }))?;
    } else if answers.is_empty() {
        writeln!(out, "nothing found")?;
    } else {
        for answer in &answers {
            writeln!(out, "{:<20} {:<10} {}", answer.at.to_string(), answer.kind.word(), answer.title)?;
        }
    }
    Ok(u8::from(answers.is_empty()))
}
