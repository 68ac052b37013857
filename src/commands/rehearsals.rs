//! `tierlight rehearsals`: how long each step took in the runs that were rehearsed.

use std::io::Write;

use serde_json::json;

use crate::rehearsals::Rehearsals;
use crate::setup::Outcome;

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct RehearsalsArgs {
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Prints planned, actual (the last run) and the last five, as CSV. 1 where no run is kept.
pub(crate) fn rehearsals(args: &RehearsalsArgs, out: &mut dyn Write) -> Outcome {
    let all = Rehearsals::usual_path().map(|path| Rehearsals::read(&path)).unwrap_or_default();
    let steps = all.last_five();
    if args.json {
        let step = |(step, secs): (_, &Vec<f64>)| json!({ "step": step, "planned_secs": all.planned_secs(step), "actual_secs": secs.last(), "last_five": secs });
        let steps: Vec<serde_json::Value> = steps.iter().map(step).collect();
        writeln!(out, "{}", json!({ "schema": 1, "runs": all.runs.len(), "steps": steps }))?;
    } else {
        writeln!(out, "step,planned_secs,actual_secs,last_five")?;
        for (step, secs) in &steps {
            let words: Vec<String> = secs.iter().map(|secs| format!("{secs:.1}")).collect();
            let planned = all.planned_secs(step).unwrap_or_default();
            writeln!(out, "{step},{planned:.0},{},{}", words.last().map_or("", String::as_str), words.join(" "))?;
        }
    }
    Ok(u8::from(all.runs.is_empty()))
}
