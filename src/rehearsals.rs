//! Runs that were rehearsed, kept per user as CSV: a line a step, so that any table reads them.

#![expect(clippy::disallowed_methods, reason = "it is read and written here")]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::remembered::Remembered;
use crate::scene::address::Address;

const HEAD: &str = "run,began,step,planned_secs,actual_secs";
/// How many runs a step is compared with.
const LAST: usize = 5;

/// A step of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunStep {
    pub step: Address,
    pub planned_secs: f64,
    pub actual_secs: f64,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct RehearsedRun {
    /// Day and time.
    pub began: String,
    pub steps: Vec<RunStep>,
}

/// All runs, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rehearsals {
    pub runs: Vec<RehearsedRun>,
}

impl Rehearsals {
    /// Where they are kept.
    pub(crate) fn usual_path() -> Option<PathBuf> {
        Remembered::usual_path().map(|path| path.with_file_name("rehearsals.csv"))
    }

    /// What a file holds. One that is not there holds nothing, and a line that is none is passed over.
    pub fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_default();
        let mut runs: BTreeMap<usize, RehearsedRun> = BTreeMap::new();
        for line in text.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [run, began, step, planned, actual] = cells[..] else { continue };
            let (Ok(run), Ok(step)) = (run.parse::<usize>(), step.parse()) else { continue };
            let (Ok(planned_secs), Ok(actual_secs)) = (planned.parse(), actual.parse()) else { continue };
            let of = runs.entry(run).or_insert_with(|| RehearsedRun { began: began.to_owned(), steps: Vec::new() });
            of.steps.push(RunStep { step, planned_secs, actual_secs });
        }
        Self { runs: runs.into_values().collect() }
    }

    /// Adds a run and writes all of them, whole.
    pub fn keep(&mut self, path: &Path, run: RehearsedRun) -> io::Result<()> {
        self.runs.push(run);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = path.with_extension(format!("{}.tmp", std::process::id()));
        fs::write(&beside, self.csv())?;
        fs::rename(&beside, path)
    }

    fn csv(&self) -> String {
        let head = std::iter::once(format!("{HEAD}\n"));
        let rows = self.runs.iter().enumerate().flat_map(|(nth, run)| {
            run.steps.iter().map(move |RunStep { step, planned_secs, actual_secs }| {
                let (run, began) = (nth + 1, &run.began);
                format!("{run},{began},{step},{planned_secs:.0},{actual_secs:.1}\n")
            })
        });
        head.chain(rows).collect()
    }

    /// How long each step was shown in its last five runs, in seconds, the oldest first.
    pub fn last_five(&self) -> BTreeMap<Address, Vec<f64>> {
        let mut all: BTreeMap<Address, Vec<f64>> = BTreeMap::new();
        for step in self.runs.iter().flat_map(|run| &run.steps) {
            all.entry(step.step.clone()).or_default().push(step.actual_secs);
        }
        for secs in all.values_mut() {
            secs.drain(..secs.len().saturating_sub(LAST));
        }
        all
    }

    /// What a step was given in the last run that told it, in seconds.
    pub fn planned_secs(&self, step: &Address) -> Option<f64> {
        let steps = self.runs.iter().rev().flat_map(|run| &run.steps);
        steps.filter(|of| of.step == *step).map(|of| of.planned_secs).next()
    }
}
