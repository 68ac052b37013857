//! `tierlight doctor`: whether this machine can present, before anybody sits in the room.

use std::io::Write;

use serde_json::json;

use crate::checkup::Verdict;
use crate::doctor::look_over;
use crate::setup::{Common, Outcome};

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct DoctorArgs {
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Prints the checks. 1 where one failed.
pub(crate) fn doctor(args: &DoctorArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let checks = look_over(common);
    if args.json {
        writeln!(out, "{}", json!({ "schema": 1, "checks": checks }))?;
    } else {
        for check in &checks {
            let verdict = match check.verdict {
                Verdict::Fail => "FIX",
                Verdict::Warn => "look",
                Verdict::Pass => "fine",
            };
            writeln!(out, "{verdict:<5} {:<11} {}", check.id, check.words)?;
            if !check.fix.is_empty() {
                writeln!(out, "{:17} → {}", "", check.fix)?;
            }
        }
    }
    Ok(u8::from(checks.iter().any(|check| check.verdict == Verdict::Fail)))
}
