//! `tierlight plan`: a talk of so many minutes.

use std::io::Write;

use serde_json::json;

use crate::plural::counted;
use crate::setup::{Common, Outcome};
use crate::timeline::playhead::Position;

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct PlanArgs {
    /// How many minutes there are.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) minutes: u32,
    /// Begin at SCENE:STEP: what was told before is not told again. Where that step is hidden, the first one after it that
    /// is not.
    #[arg(long, value_name = "S:N")]
    pub(crate) from: Option<String>,
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Prints the steps that fit. 0: they do; 1: even the shortest step of each scene that must be told is too long together.
/// Err: nothing of the deck is told from the step on with which it is to begin.
pub(crate) fn plan(args: &PlanArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let show = common.show()?;
    let from = args.from.as_ref().map(|words| crate::setup::address(&show, words)).transpose()?;
    let library = show.presentation().library();
    let from = from.and_then(|from| library.locate(&from)).map(|at| (at.scene, at.step));
    let plan = library.plan(args.minutes, from);
    if let (Some(at), true) = (from, plan.steps.is_empty() && plan.dropped.is_empty()) {
        let words = "is not told, and no step after it in the deck is: begin at one that next comes by";
        return Err(format!("--from {}: this step {words}", library.address(Position::of(&at))).into());
    }
    let words = |steps: &[(usize, usize)]| -> Vec<String> {
        steps.iter().map(|step| library.address(Position::of(step)).to_string()).collect()
    };
    if args.json {
        let told = json!({
            "schema": 1,
            "minutes": plan.minutes,
            "total_secs": plan.total_secs,
            "steps": words(&plan.steps),
            "dropped": words(&plan.dropped),
        });
        writeln!(out, "{told}")?;
    } else {
        let (told, left_out) = (counted(plan.steps.len(), "step"), plan.dropped.len());
        let (minutes, secs) = (plan.total_secs / 60, plan.total_secs % 60);
        writeln!(out, "{minutes}:{secs:02} of {}:00, {told}, {left_out} left out", plan.minutes)?;
        for steps in plan.steps.chunk_by(|a, b| a.0 == b.0) {
            let numbers: Vec<String> = steps.iter().map(|(_, step)| (step + 1).to_string()).collect();
            let scene = &library.scenes[steps[0].0];
            writeln!(out, "  {:<14} {}  {}", scene.id, numbers.join(" "), scene.title)?;
        }
    }
    Ok(u8::from(plan.total_secs > plan.minutes * 60))
}
