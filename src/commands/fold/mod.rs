//! `fold`: a captured lab through the same rates and tiers as live, held against what its client counted.

mod compare;
mod deployment;
mod folded;
mod paced;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::commands::capture::{self, Expected, ExpectedPhase};
use crate::commands::fold::deployment::{FoldedDeployment, last_known};
pub use crate::commands::fold::folded::FoldedCapture;
pub(crate) use crate::commands::fold::folded::{
    DeploymentBurst, FoldedBurst, FoldedPhase, FoldedState, FoldedWork, Integral, Sums,
};
pub(crate) use crate::commands::fold::paced::{PacedFold, answered_text, polled_endpoint};
use crate::live::Direction;

/// Read a captured lab as it would be read live, and compare it with its `expect.json`.
///
/// Example: tierlight fold captures/story --json
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct FoldArgs {
    /// A folder with `scrapes.jsonl`, plain or as `.zst`.
    pub(crate) capture: PathBuf,
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs `fold`: 0 when all is as expected, 1 when something differs.
pub(crate) fn fold(args: &FoldArgs, out: &mut dyn Write) -> Result<u8, String> {
    let folded = fold_capture(&args.capture)?;
    let written = if args.json { write_json(&folded, out) } else { write_words(&folded, out) };
    written.map_err(|error| error.to_string())?;
    Ok(u8::from(!folded.differences.is_empty()))
}

/// Reads and folds a capture.
pub fn fold_capture(folder: &Path) -> Result<FoldedCapture, String> {
    let expected = capture::read_expected(folder)?;
    let mut deployments = BTreeMap::<String, FoldedDeployment>::new();
    let mut last_secs = 0.0;
    capture::each_scrape(
        folder,
        |path| polled_endpoint(path).is_some(),
        |row| {
            last_secs = f64::max(last_secs, row.at);
            match deployments.get_mut(&row.dep) {
                Some(deployment) => deployment.add_scrape(row),
                None => deployments.entry(row.dep.clone()).or_default().add_scrape(row),
            }
        },
    )?;
    for deployment in deployments.values_mut() {
        deployment.draw_round(last_secs);
    }
    if deployments.is_empty() {
        return Err(format!("{}: no scrape of a page that is polled", folder.display()));
    }
    let expected =
        expected.unwrap_or_else(|| Expected { phases: vec![whole_capture(last_secs)], ..Expected::default() });
    let mut folded = FoldedCapture {
        schema: 1,
        phases: expected.phases.iter().map(|phase| folded_phase(phase, &deployments)).collect(),
        states: all_states(&deployments),
        total: deployments.iter().map(|(name, deployment)| (name.clone(), deployment.whole_work())).collect(),
        bursts: all_bursts(&deployments),
        negative_readings: deployments.values().map(|deployment| deployment.negative_readings).sum(),
        rate_integral: integrals(&expected.phases, &deployments),
        differences: Vec::new(),
    };
    folded.differences = compare::differences(&folded, &expected, &deployments);
    Ok(folded)
}

fn whole_capture(last_secs: f64) -> ExpectedPhase {
    ExpectedPhase { name: "all".to_owned(), from: f64::NEG_INFINITY, to: last_secs, deployments: BTreeMap::new() }
}

fn folded_phase(phase: &ExpectedPhase, deployments: &BTreeMap<String, FoldedDeployment>) -> FoldedPhase {
    let within = |rows: &[(f64, Sums)]| {
        (!rows.is_empty()).then(|| last_known(rows, phase.to).grown_since(&last_known(rows, phase.from)))
    };
    let work = |deployment: &FoldedDeployment| FoldedWork { v3: within(&deployment.v3), v2: within(&deployment.v2) };
    let deployments = deployments.iter().map(|(name, deployment)| (name.clone(), work(deployment))).collect();
    FoldedPhase { name: phase.name.clone(), deployments }
}

/// The areas under the drawn curves by phase and deployment; phases of one name are added up.
fn integrals(
    phases: &[ExpectedPhase],
    deployments: &BTreeMap<String, FoldedDeployment>,
) -> BTreeMap<String, BTreeMap<String, Integral>> {
    let mut out = BTreeMap::<String, BTreeMap<String, Integral>>::new();
    for phase in phases {
        for (name, deployment) in deployments {
            let sum = out.entry(phase.name.clone()).or_default().entry(name.clone()).or_default();
            let drawn = deployment.drawn_within(phase.from, phase.to);
            sum.bytes_in += drawn.bytes_in;
            sum.bytes_out += drawn.bytes_out;
        }
    }
    out
}

fn all_states(deployments: &BTreeMap<String, FoldedDeployment>) -> Vec<FoldedState> {
    let mut states: Vec<_> = deployments.values().flat_map(|deployment| deployment.states.clone()).collect();
    states.sort_by(|a, b| a.at.total_cmp(&b.at));
    states
}

fn all_bursts(deployments: &BTreeMap<String, FoldedDeployment>) -> Vec<DeploymentBurst> {
    let told = deployments.iter().flat_map(|(name, deployment)| {
        deployment.told_bursts.iter().map(|burst| DeploymentBurst { deployment: name.clone(), burst: burst.clone() })
    });
    let mut bursts: Vec<_> = told.collect();
    bursts.sort_by(|one, other| one.burst.began.total_cmp(&other.burst.began));
    bursts
}

fn write_json(folded: &FoldedCapture, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, folded)?;
    writeln!(out)
}

fn write_words(folded: &FoldedCapture, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(
        out,
        "{:<14}{:<10}{:>12}{:>12}{:>12}{:>12}",
        "phase", "deployment", "v3 MB in", "v3 MB out", "v2 MB in", "v2 MB out"
    )?;
    for phase in &folded.phases {
        for (name, work) in &phase.deployments {
            let mb = |sums: &Option<Sums>, bytes: fn(&Sums) -> f64| {
                sums.as_ref().map_or("-".to_owned(), |sums| format!("{:.1}", bytes(sums) / 1e6))
            };
            let columns =
                [&work.v3, &work.v2].map(|sums| (mb(sums, |sums| sums.bytes_in), mb(sums, |sums| sums.bytes_out)));
            let [(v3_in, v3_out), (v2_in, v2_out)] = columns;
            writeln!(out, "{:<14}{name:<10}{v3_in:>12}{v3_out:>12}{v2_in:>12}{v2_out:>12}", phase.name)?;
        }
    }
    for state in &folded.states {
        let FoldedState { at, deployment, nodes_online, nodes_total, drives_online, drives_total } = state;
        writeln!(
            out,
            "{at:8.1} s  {deployment}: {nodes_online} of {nodes_total} nodes, {drives_online} of {drives_total} drives"
        )?;
    }
    for DeploymentBurst { deployment, burst } in &folded.bursts {
        let FoldedBurst { direction, began, ended, bytes, mean_bytes_per_sec, .. } = burst;
        let (way, secs) = (if *direction == Direction::Read { "read" } else { "written" }, ended - began);
        let (mb, mean) = (bytes / 1e6, mean_bytes_per_sec / 1e6);
        writeln!(out, "{began:8.1} s  {deployment}: {mb:.0} MB {way} in {secs:.1} s, {mean:.0} MB/s in the mean")?;
    }
    match folded.differences.as_slice() {
        [] => writeln!(out, "nothing differs"),
        differences => differences.iter().try_for_each(|difference| writeln!(out, "differs: {difference}")),
    }
}
