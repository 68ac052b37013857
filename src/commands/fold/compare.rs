//! What a folded capture came to, held against what the lab's client counted.

use std::collections::BTreeMap;

use crate::commands::capture::{CapturedFault, Expected, ExpectedPhase, ExpectedWork, Range};
use crate::commands::fold::{FoldedCapture, FoldedDeployment, FoldedState, Integral, Sums};

/// v3, phase by phase.
const V3_MARGIN: f64 = 0.02;
/// v2, over the whole capture: a cache and the polling interval carry bytes from one phase into the next.
const V2_MARGIN: f64 = 0.05;
/// The drawn curve.
const DRAWN_MARGIN: f64 = 0.03;
/// Within this many bytes all is the same: answers in XML.
const SMALL_BYTES: f64 = 1_048_576.0;
/// A fault must show within the servers' 60 s cache and two polls.
const FAULT_SHOWS_SECS: f64 = 95.0;

/// A sentence for everything out of range.
pub(super) fn differences(
    folded: &FoldedCapture,
    expected: &Expected,
    deployments: &BTreeMap<String, FoldedDeployment>,
) -> Vec<String> {
    let mut found = Vec::new();
    for (phase, said) in folded.phases.iter().zip(&expected.phases) {
        for (name, work) in &said.deployments {
            let place = format!("{name}, {}", phase.name);
            if let Some(v3) = phase.deployments.get(name).and_then(|work| work.v3.as_ref()) {
                sums(&format!("{place}, v3"), v3, work, V3_MARGIN, &mut found);
            }
        }
    }
    for (name, deployment) in deployments {
        whole_v2(name, folded, &expected.phases, &mut found);
        drawn(name, folded, deployment, &expected.phases, &mut found);
    }
    faults(&expected.faults, expected, &folded.states, &mut found);
    negative(folded.negative_readings, &mut found);
    found
}

fn negative(count: u64, found: &mut Vec<String>) {
    if count > 0 {
        found.push(format!("{count} readings are negative or no number"));
    }
}

/// Holds a figure against a range; `slack` is what never matters.
fn figure(what: &str, value: f64, (least, most): Range, (margin, slack): (f64, f64), found: &mut Vec<String>) {
    if value < least * (1.0 - margin) - slack {
        found.push(format!("{what}: {value:.0}, where at least {least:.0} were counted"));
    } else if let Some(most) = most
        && value > most * (1.0 + margin) + slack
    {
        found.push(format!("{what}: {value:.0}, where at most {most:.0} were counted"));
    }
}

fn sums(place: &str, sums: &Sums, work: &ExpectedWork, margin: f64, found: &mut Vec<String>) {
    figure(&format!("{place}: bytes in"), sums.bytes_in, work.bytes_in, (margin, 0.0), found);
    figure(&format!("{place}: bytes out"), sums.bytes_out, work.bytes_out, (margin, 0.0), found);
    for (api, range) in &work.requests {
        let count = count_of(&sums.requests, api);
        figure(&format!("{place}: {api} requests"), count, *range, (margin, 0.0), found);
    }
    for (api, errors) in &work.errors_4xx {
        let count = count_of(&sums.errors_4xx, api);
        // A node that dies or starts answers with 5xx, and takes its counts with it.
        if work.requests_without_an_answer == 0 {
            figure(&format!("{place}: {api} errors"), count, (*errors, Some(*errors)), (margin, 0.0), found);
        }
    }
}

/// v2 writes the APIs' names in small letters.
fn count_of(counts: &BTreeMap<String, f64>, api: &str) -> f64 {
    counts.get(api).or_else(|| counts.get(&api.to_lowercase())).copied().unwrap_or(0.0)
}

fn whole_v2(name: &str, folded: &FoldedCapture, phases: &[ExpectedPhase], found: &mut Vec<String>) {
    let parts = folded.phases.iter().filter_map(|phase| phase.deployments.get(name)?.v2.as_ref());
    let Some(seen) = parts.cloned().reduce(plus) else { return };
    let said = phases.iter().filter_map(|phase| phase.deployments.get(name));
    if let Some(said) = said.cloned().reduce(plus_said) {
        sums(&format!("{name}, whole capture, v2"), &seen, &said, V2_MARGIN, found);
    }
}

fn plus(mut sum: Sums, next: Sums) -> Sums {
    sum.bytes_in += next.bytes_in;
    sum.bytes_out += next.bytes_out;
    for (into, from) in [(&mut sum.requests, next.requests), (&mut sum.errors_4xx, next.errors_4xx)] {
        for (api, count) in from {
            *into.entry(api).or_default() += count;
        }
    }
    sum
}

fn plus_said(mut sum: ExpectedWork, next: ExpectedWork) -> ExpectedWork {
    let plus = |a: Range, b: Range| (a.0 + b.0, a.1.zip(b.1).map(|(a, b)| a + b));
    sum.bytes_in = plus(sum.bytes_in, next.bytes_in);
    sum.bytes_out = plus(sum.bytes_out, next.bytes_out);
    sum.requests_without_an_answer += next.requests_without_an_answer;
    for (api, range) in next.requests {
        let total = sum.requests.entry(api).or_insert((0.0, Some(0.0)));
        *total = plus(*total, range);
    }
    for (api, count) in next.errors_4xx {
        *sum.errors_4xx.entry(api).or_default() += count;
    }
    sum
}

/// The area under the drawn curve against the counters: v3's phase by phase, or v2's over the whole capture.
fn drawn(
    name: &str,
    folded: &FoldedCapture,
    deployment: &FoldedDeployment,
    phases: &[ExpectedPhase],
    found: &mut Vec<String>,
) {
    let mut whole = (Integral::default(), Integral::default());
    for (phase, time) in folded.phases.iter().zip(phases) {
        let Some(work) = phase.deployments.get(name) else { continue };
        let drawn = deployment.drawn_within(time.from, time.to);
        let Some(counted) = work.v3.as_ref().or(work.v2.as_ref()) else { continue };
        let counted = Integral { bytes_in: counted.bytes_in, bytes_out: counted.bytes_out };
        if work.v3.is_some() {
            area(&format!("{name}, {}", phase.name), drawn, counted, found);
        } else {
            whole = (add(whole.0, drawn), add(whole.1, counted));
        }
    }
    area(&format!("{name}, whole capture"), whole.0, whole.1, found);
}

fn add(a: Integral, b: Integral) -> Integral {
    Integral { bytes_in: a.bytes_in + b.bytes_in, bytes_out: a.bytes_out + b.bytes_out }
}

fn area(place: &str, drawn: Integral, counted: Integral, found: &mut Vec<String>) {
    let directions = [("in", drawn.bytes_in, counted.bytes_in), ("out", drawn.bytes_out, counted.bytes_out)];
    for (direction, drawn, counted) in directions {
        let what = format!("{place}: bytes {direction} under the drawn curve");
        figure(&what, drawn, (counted, Some(counted)), (DRAWN_MARGIN, SMALL_BYTES), found);
    }
}

/// Whether what was broken shows as such, and nothing else does.
fn faults(faults: &[CapturedFault], expected: &Expected, states: &[FoldedState], found: &mut Vec<String>) {
    for fault in faults {
        let Some(name) = broken(fault, expected) else { continue };
        let mended =
            faults.iter().find(|other| other.at > fault.at && broken(other, expected).is_none() && other.is_of(fault));
        let until = mended.map_or(f64::INFINITY, |mended| mended.at) + FAULT_SHOWS_SECS;
        let shows = states.iter().any(|state| {
            state.deployment == name
                && (fault.at..=fault.at + FAULT_SHOWS_SECS).contains(&state.at)
                && state.misses_of(fault)
        });
        if !shows {
            found.push(format!("{name}: \"{}\" at {:.0} s never shows", fault.what, fault.at));
        }
        let last = states.iter().rfind(|state| state.deployment == name && state.at <= until);
        if mended.is_some() && last.is_some_and(|state| state.misses_of(fault)) {
            found.push(format!("{name}: \"{}\" at {:.0} s still shows at {until:.0} s", fault.what, fault.at));
        }
    }
    let broken: Vec<_> = faults.iter().filter_map(|fault| broken(fault, expected)).collect();
    let sound = |state: &&FoldedState| !broken.contains(&state.deployment) && state.misses_any();
    if let Some(state) = states.iter().find(sound).filter(|_| !expected.nodes.is_empty()) {
        found.push(format!("{}: shows a fault at {:.0} s where nothing was broken", state.deployment, state.at));
    }
}

/// The deployment in which a node or a drive was broken.
fn broken(fault: &CapturedFault, expected: &Expected) -> Option<String> {
    if fault.what.contains("killed") {
        let has = |nodes: &Vec<String>| fault.node.as_ref().is_some_and(|node| nodes.contains(node));
        expected.nodes.iter().find(|(_, nodes)| has(nodes)).map(|(name, _)| name.clone())
    } else if fault.what.contains("lost") {
        let drive = fault.drive.as_deref()?;
        expected.nodes.keys().find(|name| drive.starts_with(name.as_str())).cloned()
    } else {
        None
    }
}

impl CapturedFault {
    fn is_of(&self, other: &Self) -> bool {
        self.node == other.node && self.drive == other.drive
    }
}

impl FoldedState {
    fn misses_of(&self, fault: &CapturedFault) -> bool {
        if fault.node.is_some() { self.nodes_online < self.nodes_total } else { self.drives_online < self.drives_total }
    }

    fn misses_any(&self) -> bool {
        self.nodes_online < self.nodes_total || self.drives_online < self.drives_total
    }
}
