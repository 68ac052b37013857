//! `fold`: a captured lab through the same rates and tiers as live, held against what its client counted.

mod compare;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use crate::commands::capture::{self, Expected, ExpectedPhase, Row};
use crate::signal::{Quantity, Signal, Tier};
use crate::telemetry::names::Meaning;
use crate::telemetry::page::Tally;
use crate::telemetry::{Endpoint, Fold, TargetKind};

/// Which tier the deployments are folded as is all the same: each is folded alone.
const TIER: Tier = Tier::T2;

/// A scrape this much early is still the one that was due.
const EARLY_SECS: f64 = 0.5;

/// Read a captured lab as it would be read live, and compare it with its `expect.json`.
///
/// Example: tierlight fold captures/story --json
#[derive(Clone, Debug, clap::Args)]
pub struct FoldArgs {
    /// A folder with `scrapes.jsonl`, plain or as `.zst`.
    pub capture: PathBuf,
    /// One JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Runs `fold`: 0 when all is as expected, 1 when something differs.
pub fn fold(args: &FoldArgs, out: &mut dyn Write) -> Result<u8, String> {
    let folded = fold_capture(&args.capture)?;
    let written = if args.json { write_json(&folded, out) } else { write_words(&folded, out) };
    written.map_err(|error| error.to_string())?;
    Ok(u8::from(!folded.differences.is_empty()))
}

/// What a capture came to.
#[derive(Clone, Debug, Serialize)]
pub struct Folded {
    schema: u32,
    pub phases: Vec<FoldedPhase>,
    pub states: Vec<State>,
    pub negative_readings: u64,
    /// By phase and deployment: the bytes under the curve that would have been drawn.
    pub rate_integral: BTreeMap<String, BTreeMap<String, Integral>>,
    pub differences: Vec<String>,
}

/// A phase, with the sums of each deployment.
#[derive(Clone, Debug, Serialize)]
pub struct FoldedPhase {
    pub name: String,
    pub deployments: BTreeMap<String, FoldedWork>,
}

/// What the two sources of traffic say of a deployment; `None` where it has no such pages.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FoldedWork {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v3: Option<Sums>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v2: Option<Sums>,
}

/// How much counters grew.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sums {
    #[serde(serialize_with = "whole_number")]
    pub bytes_in: f64,
    #[serde(serialize_with = "whole_number")]
    pub bytes_out: f64,
    #[serde(serialize_with = "whole_numbers")]
    pub requests: BTreeMap<String, f64>,
    #[serde(serialize_with = "whole_numbers")]
    pub errors_4xx: BTreeMap<String, f64>,
}

/// Bytes under the drawn curves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Integral {
    #[serde(rename = "in")]
    pub bytes_in: f64,
    #[serde(rename = "out")]
    pub bytes_out: f64,
}

/// Nodes and drives from that time on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    pub at: f64,
    pub deployment: String,
    #[serde(serialize_with = "whole_number")]
    pub nodes_online: f64,
    #[serde(serialize_with = "whole_number")]
    pub nodes_total: f64,
    #[serde(serialize_with = "whole_number")]
    pub drives_online: f64,
    #[serde(serialize_with = "whole_number")]
    pub drives_total: f64,
}

fn whole_number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(value.round() as u64)
}

fn whole_numbers<S: Serializer>(values: &BTreeMap<String, f64>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(values.iter().map(|(name, value)| (name, value.round() as u64)))
}

/// Reads and folds a capture.
pub fn fold_capture(folder: &Path) -> Result<Folded, String> {
    let expected = capture::expected(folder)?;
    let mut deployments = BTreeMap::<String, Deployment>::new();
    let mut last_secs = 0.0;
    capture::rows(
        folder,
        |path| endpoint(path).is_some(),
        |row| {
            last_secs = f64::max(last_secs, row.at);
            match deployments.get_mut(&row.dep) {
                Some(deployment) => deployment.take(row),
                None => deployments.entry(row.dep.clone()).or_default().take(row),
            }
        },
    )?;
    for deployment in deployments.values_mut() {
        deployment.draw(last_secs);
    }
    if deployments.is_empty() {
        return Err(format!("{}: no scrape of a page that is polled", folder.display()));
    }
    let expected = expected.unwrap_or_else(|| Expected { phases: vec![whole(last_secs)], ..Expected::default() });
    let mut folded = Folded {
        schema: 1,
        phases: expected.phases.iter().map(|phase| phase_of(phase, &deployments)).collect(),
        states: states(&deployments),
        negative_readings: deployments.values().map(|deployment| deployment.negative_readings).sum(),
        rate_integral: integrals(&expected.phases, &deployments),
        differences: Vec::new(),
    };
    folded.differences = compare::differences(&folded, &expected, &deployments);
    Ok(folded)
}

fn endpoint(path: &str) -> Option<Endpoint> {
    let polled = [Endpoint::V3Requests, Endpoint::V3Cluster, Endpoint::V2Cluster];
    polled.into_iter().find(|endpoint| endpoint.path() == path)
}

fn whole(last_secs: f64) -> ExpectedPhase {
    ExpectedPhase { name: "all".to_owned(), from: f64::NEG_INFINITY, to: last_secs, deployments: BTreeMap::new() }
}

/// One deployment of the capture.
struct Deployment {
    /// Fed every scrape of the capture, which may poll more often than live: sums and states.
    every: Fold,
    /// Fed at the pace of live polling: what would be drawn.
    live: Fold,
    due_secs: BTreeMap<(Endpoint, String), f64>,
    round: Round,
    v3: Vec<(f64, Sums)>,
    v2: Vec<(f64, Sums)>,
    drawn: Vec<(f64, Integral)>,
    states: Vec<State>,
    negative_readings: u64,
}

impl Default for Deployment {
    fn default() -> Self {
        Self {
            every: Fold::new(TargetKind::Tier(TIER)),
            live: Fold::new(TargetKind::Tier(TIER)),
            due_secs: BTreeMap::new(),
            round: Round::default(),
            v3: Vec::new(),
            v2: Vec::new(),
            drawn: Vec::new(),
            states: Vec::new(),
            negative_readings: 0,
        }
    }
}

/// One poll of every node: live, the curve has one point for each.
#[derive(Default)]
struct Round {
    seen: BTreeSet<(Endpoint, String)>,
    last_secs: f64,
}

impl Round {
    /// When the round ended, if the scrape begins a new one.
    fn see(&mut self, endpoint: &Endpoint, row: &Row) -> Option<f64> {
        if *endpoint == Endpoint::V3Cluster {
            return None;
        }
        let key = (endpoint.clone(), row.node.clone());
        let ended = self.seen.contains(&key).then_some(self.last_secs);
        if ended.is_some() {
            self.seen.clear();
            self.last_secs = row.at;
        }
        self.seen.insert(key);
        self.last_secs = self.last_secs.max(row.at);
        ended
    }
}

impl Deployment {
    fn take(&mut self, row: &Row) {
        let Some(endpoint) = endpoint(&row.path) else { return };
        if let Some(ended_secs) = self.round.see(&endpoint, row) {
            self.draw(ended_secs);
        }
        if row.status != Some(200) {
            self.every.failed(&row.node, &endpoint, row.at);
            return self.live.failed(&row.node, &endpoint, row.at);
        }
        let mut body = self.every.body(&endpoint);
        body.feed(row.body.as_bytes());
        let collected = body.finish();
        let start = row.process_start_unix_secs();
        if self.every.take(&row.node, &endpoint, row.at, &collected, start) {
            self.sum(&endpoint, row.at);
            self.see_state(row);
        }
        if self.is_due(row, &endpoint) {
            self.live.take(&row.node, &endpoint, row.at, &collected, start);
        }
    }

    fn is_due(&mut self, row: &Row, endpoint: &Endpoint) -> bool {
        let due_secs = self.due_secs.entry((endpoint.clone(), row.node.clone())).or_insert(f64::NEG_INFINITY);
        let is_due = row.at >= *due_secs - EARLY_SECS;
        if is_due {
            *due_secs = row.at + endpoint.interval_secs();
        }
        is_due
    }

    fn sum(&mut self, endpoint: &Endpoint, at_secs: f64) {
        let sums = || Sums::of(&self.every.tally(endpoint));
        match endpoint {
            Endpoint::V3Requests => self.v3.push((at_secs, sums())),
            Endpoint::V2Cluster => self.v2.push((at_secs, sums())),
            _ => {}
        }
    }

    fn see_state(&mut self, row: &Row) {
        let readings = self.every.readings(row.at);
        let value = |quantity| readings.get(&Signal::tier(TIER, quantity)).map(|reading| reading.value);
        let state = || {
            Some(State {
                at: row.at,
                deployment: row.dep.clone(),
                nodes_online: value(Quantity::NodesOnline)?,
                nodes_total: value(Quantity::NodesTotal)?,
                drives_online: value(Quantity::DrivesOnline)?,
                drives_total: value(Quantity::DrivesTotal)?,
            })
        };
        if let Some(state) = state()
            && self.states.last().is_none_or(|last| !last.is_same(&state))
        {
            self.states.push(state);
        }
    }

    /// Adds what the readings draw at the end of a round: they cover the time since the round before it.
    fn draw(&mut self, at_secs: f64) {
        let readings = self.live.readings(at_secs);
        let wrong = readings.values().filter(|reading| reading.value.is_nan() || reading.value < 0.0);
        self.negative_readings += wrong.count() as u64;
        let reading = |quantity| readings.get(&Signal::tier(TIER, quantity));
        let Some(newest) = reading(Quantity::WriteBytesPerSec) else { return };
        let (before_secs, drawn) = self.drawn.last().copied().unwrap_or((newest.at_secs, Integral::default()));
        let elapsed = newest.at_secs - before_secs;
        let bytes = |quantity| reading(quantity).map_or(0.0, |reading| reading.value * elapsed);
        let bytes_in = drawn.bytes_in + bytes(Quantity::WriteBytesPerSec);
        let bytes_out = drawn.bytes_out + bytes(Quantity::ReadBytesPerSec);
        self.drawn.push((newest.at_secs, Integral { bytes_in, bytes_out }));
    }
}

impl State {
    fn is_same(&self, other: &Self) -> bool {
        let counts = |state: &Self| [state.nodes_online, state.nodes_total, state.drives_online, state.drives_total];
        counts(self) == counts(other)
    }
}

impl Sums {
    fn of(tally: &Tally) -> Self {
        let parts = |meaning| tally.get(&meaning).cloned().unwrap_or_default();
        let sum = |meaning| parts(meaning).values().fold(0.0, |sum, part| sum + part);
        Self {
            bytes_in: sum(Meaning::BytesIn),
            bytes_out: sum(Meaning::BytesOut),
            requests: parts(Meaning::Requests),
            errors_4xx: parts(Meaning::Errors4xx),
        }
    }

    fn since(&self, earlier: &Self) -> Self {
        let grown = |now: &BTreeMap<String, f64>, then: &BTreeMap<String, f64>| {
            let parts = now.iter().map(|(name, value)| (name.clone(), value - then.get(name).unwrap_or(&0.0)));
            parts.filter(|(_, grown)| *grown > 0.0).collect()
        };
        Self {
            bytes_in: self.bytes_in - earlier.bytes_in,
            bytes_out: self.bytes_out - earlier.bytes_out,
            requests: grown(&self.requests, &earlier.requests),
            errors_4xx: grown(&self.errors_4xx, &earlier.errors_4xx),
        }
    }
}

/// The last of the rows that was known at that time.
fn known<T: Clone + Default>(rows: &[(f64, T)], at_secs: f64) -> T {
    let count = rows.partition_point(|(known_secs, _)| *known_secs <= at_secs);
    rows[..count].last().map(|(_, value)| value.clone()).unwrap_or_default()
}

fn phase_of(phase: &ExpectedPhase, deployments: &BTreeMap<String, Deployment>) -> FoldedPhase {
    let within =
        |rows: &[(f64, Sums)]| (!rows.is_empty()).then(|| known(rows, phase.to).since(&known(rows, phase.from)));
    let work = |deployment: &Deployment| FoldedWork { v3: within(&deployment.v3), v2: within(&deployment.v2) };
    let deployments = deployments.iter().map(|(name, deployment)| (name.clone(), work(deployment))).collect();
    FoldedPhase { name: phase.name.clone(), deployments }
}

/// A name may stand for several phases; their bytes come together.
fn integrals(
    phases: &[ExpectedPhase],
    deployments: &BTreeMap<String, Deployment>,
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

impl Deployment {
    fn drawn_within(&self, from_secs: f64, to_secs: f64) -> Integral {
        let (start, end) = (known(&self.drawn, from_secs), known(&self.drawn, to_secs));
        Integral { bytes_in: end.bytes_in - start.bytes_in, bytes_out: end.bytes_out - start.bytes_out }
    }
}

fn states(deployments: &BTreeMap<String, Deployment>) -> Vec<State> {
    let mut states: Vec<_> = deployments.values().flat_map(|deployment| deployment.states.clone()).collect();
    states.sort_by(|a, b| a.at.total_cmp(&b.at));
    states
}

fn write_json(folded: &Folded, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer(&mut *out, folded)?;
    writeln!(out)
}

fn write_words(folded: &Folded, out: &mut dyn Write) -> std::io::Result<()> {
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
        let State { at, deployment, nodes_online, nodes_total, drives_online, drives_total } = state;
        writeln!(
            out,
            "{at:8.1} s  {deployment}: {nodes_online} of {nodes_total} nodes, {drives_online} of {drives_total} drives"
        )?;
    }
    match folded.differences.as_slice() {
        [] => writeln!(out, "nothing differs"),
        differences => differences.iter().try_for_each(|difference| writeln!(out, "differs: {difference}")),
    }
}
