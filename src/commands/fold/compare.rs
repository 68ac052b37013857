//! What a folded capture came to, held against what the lab's client counted.

use std::collections::BTreeMap;

use crate::commands::capture::{CapturedFault, Expected, ExpectedWork, Range};
use crate::commands::fold::{FoldedCapture, FoldedDeployment, FoldedState, Integral, Sums};
use crate::plural::counted;

/// How far v3's counters may be off in a phase.
const V3_MARGIN: f64 = 0.02;
/// How far v2's counters may be off over the whole capture: its cache carries bytes from one phase into the next.
const V2_MARGIN: f64 = 0.05;
/// How far the sums over the whole capture may be off behind a balancer, where a server is heard now and then.
const BALANCED_MARGIN: f64 = 0.1;
/// How far the area under the drawn curve may be off.
const DRAWN_MARGIN: f64 = 0.03;
/// Differences below this are let pass, bytes: the servers' own answers in XML.
const SMALL_BYTES: f64 = 1_048_576.0;
/// A fault must show within the servers' 60 s cache and two polls.
const FAULT_SHOWS_SECS: f64 = 95.0;

/// A sentence for each figure that is out of range.
pub(super) fn differences(
    folded: &FoldedCapture,
    expected: &Expected,
    deployments: &BTreeMap<String, FoldedDeployment>,
) -> Vec<String> {
    let mut found = Differences { expected, sentences: Vec::new() };
    for (phase, said) in folded.phases.iter().zip(&expected.phases) {
        let by_phase = |name: &str| !deployments.get(name).is_some_and(FoldedDeployment::is_balanced);
        for (name, work) in said.deployments.iter().filter(|(name, _)| by_phase(name)) {
            if let Some(v3) = phase.deployments.get(name).and_then(|work| work.v3.as_ref()) {
                found.check_sums(&format!("{name}, {}, v3", phase.name), v3, work, V3_MARGIN);
            }
        }
    }
    for (name, deployment) in deployments {
        found.check_whole_v2(name, folded);
        if deployment.is_balanced() {
            found.check_whole_v3(name, folded);
        } else {
            found.check_drawn(name, folded, deployment);
        }
    }
    found.check_faults(&folded.states);
    if folded.negative_readings > 0 {
        found.sentences.push(format!("negative or no number: {}", counted(folded.negative_readings, "reading")));
    }
    found.sentences
}

/// What was found to differ so far from what the client counted.
struct Differences<'a> {
    expected: &'a Expected,
    sentences: Vec<String>,
}

/// How far a figure may lie outside its range: a share of the range's ends, and bytes that never matter.
#[derive(Clone, Copy)]
struct Tolerance {
    share: f64,
    bytes: f64,
}

impl Differences<'_> {
    fn check_range(&mut self, what: &str, value: f64, range: Range, tolerance: Tolerance) {
        let (least, most) = range;
        if value < least * (1.0 - tolerance.share) - tolerance.bytes {
            self.sentences.push(format!("{what}: {value:.0}, where at least {least:.0} were counted"));
        } else if let Some(most) = most
            && value > most * (1.0 + tolerance.share) + tolerance.bytes
        {
            self.sentences.push(format!("{what}: {value:.0}, where at most {most:.0} were counted"));
        }
    }

    fn check_sums(&mut self, place: &str, sums: &Sums, work: &ExpectedWork, share: f64) {
        let tolerance = Tolerance { share, bytes: 0.0 };
        self.check_range(&format!("{place}: bytes in"), sums.bytes_in, work.bytes_in, tolerance);
        self.check_range(&format!("{place}: bytes out"), sums.bytes_out, work.bytes_out, tolerance);
        for (api, range) in &work.requests {
            let count = count_of(&sums.requests, api);
            self.check_range(&format!("{place}: {api} requests"), count, *range, tolerance);
        }
        // A node that dies or starts answers with 5xx, and takes its counts of errors with it.
        for (api, errors) in work.errors_4xx.iter().filter(|_| work.requests_without_an_answer == 0) {
            let count = count_of(&sums.errors_4xx, api);
            self.check_range(&format!("{place}: {api} errors"), count, (*errors, Some(*errors)), tolerance);
        }
    }

    fn check_whole_v3(&mut self, name: &str, folded: &FoldedCapture) {
        let Some(seen) = folded.total.get(name).and_then(|work| work.v3.as_ref()) else { return };
        let said = self.expected.phases.iter().filter_map(|phase| phase.deployments.get(name));
        let Some(said) = said.cloned().reduce(add_expected) else { return };
        let tolerance = Tolerance { share: BALANCED_MARGIN, bytes: SMALL_BYTES };
        self.check_range(&format!("{name}, whole capture, v3: bytes in"), seen.bytes_in, said.bytes_in, tolerance);
        self.check_range(&format!("{name}, whole capture, v3: bytes out"), seen.bytes_out, said.bytes_out, tolerance);
    }

    fn check_whole_v2(&mut self, name: &str, folded: &FoldedCapture) {
        let parts = folded.phases.iter().filter_map(|phase| phase.deployments.get(name)?.v2.as_ref());
        let Some(seen) = parts.cloned().reduce(add_sums) else { return };
        let said = self.expected.phases.iter().filter_map(|phase| phase.deployments.get(name));
        if let Some(said) = said.cloned().reduce(add_expected) {
            self.check_sums(&format!("{name}, whole capture, v2"), &seen, &said, V2_MARGIN);
        }
    }

    /// The area under the drawn curve against the counters: v3's phase by phase, or v2's over the whole capture, where v3's
    /// are missing or those of some nodes only.
    fn check_drawn(&mut self, name: &str, folded: &FoldedCapture, deployment: &FoldedDeployment) {
        let (mut all_drawn, mut all_counted) = (Integral::default(), Integral::default());
        for (phase, time) in folded.phases.iter().zip(&self.expected.phases) {
            let Some(work) = phase.deployments.get(name) else { continue };
            let by_nodes = work.v3.as_ref().filter(|_| !deployment.is_part() || work.v2.is_none());
            let Some(counted) = by_nodes.or(work.v2.as_ref()) else { continue };
            let drawn = deployment.drawn_within(time.from, time.to);
            let counted = Integral { bytes_in: counted.bytes_in, bytes_out: counted.bytes_out };
            if by_nodes.is_some() {
                self.check_area(&format!("{name}, {}", phase.name), drawn, counted);
            } else {
                (all_drawn, all_counted) = (add_integrals(all_drawn, drawn), add_integrals(all_counted, counted));
            }
        }
        self.check_area(&format!("{name}, whole capture"), all_drawn, all_counted);
    }

    fn check_area(&mut self, place: &str, drawn: Integral, counted: Integral) {
        let directions = [("in", drawn.bytes_in, counted.bytes_in), ("out", drawn.bytes_out, counted.bytes_out)];
        for (direction, drawn, counted) in directions {
            let what = format!("{place}: bytes {direction} under the drawn curve");
            let tolerance = Tolerance { share: DRAWN_MARGIN, bytes: SMALL_BYTES };
            self.check_range(&what, drawn, (counted, Some(counted)), tolerance);
        }
    }

    /// Whether what was broken shows as such, and nothing else does.
    fn check_faults(&mut self, states: &[FoldedState]) {
        let (faults, expected) = (&self.expected.faults, self.expected);
        for fault in faults {
            let Some(name) = broken_deployment(fault, expected) else { continue };
            let mended = faults.iter().find(|other| {
                other.at > fault.at && broken_deployment(other, expected).is_none() && other.is_of(fault)
            });
            let until = mended.map_or(f64::INFINITY, |mended| mended.at) + FAULT_SHOWS_SECS;
            let shows = states.iter().any(|state| {
                state.deployment == name
                    && (fault.at..=fault.at + FAULT_SHOWS_SECS).contains(&state.at)
                    && state.misses_of(fault)
            });
            if !shows {
                self.sentences.push(format!("{name}: \"{}\" at {:.0} s never shows", fault.what, fault.at));
            }
            let last = states.iter().rfind(|state| state.deployment == name && state.at <= until);
            if mended.is_some() && last.is_some_and(|state| state.misses_of(fault)) {
                self.sentences
                    .push(format!("{name}: \"{}\" at {:.0} s still shows at {until:.0} s", fault.what, fault.at));
            }
        }
        let broken: Vec<_> = faults.iter().filter_map(|fault| broken_deployment(fault, expected)).collect();
        let sound = |state: &&FoldedState| !broken.contains(&state.deployment) && state.misses_any();
        // Behind a balancer it is not known whose node was broken.
        let is_known =
            faults.iter().all(|fault| !fault.what.contains("killed") || broken_deployment(fault, expected).is_some());
        if let Some(state) = states.iter().find(sound).filter(|_| !expected.nodes.is_empty() && is_known) {
            self.sentences
                .push(format!("{}: shows a fault at {:.0} s where nothing was broken", state.deployment, state.at));
        }
    }
}

/// v2 writes the APIs' names in small letters.
fn count_of(counts: &BTreeMap<String, f64>, api: &str) -> f64 {
    counts.get(api).or_else(|| counts.get(&api.to_lowercase())).copied().unwrap_or(0.0)
}

fn add_sums(mut sum: Sums, next: Sums) -> Sums {
    sum.bytes_in += next.bytes_in;
    sum.bytes_out += next.bytes_out;
    for (into, from) in [(&mut sum.requests, next.requests), (&mut sum.errors_4xx, next.errors_4xx)] {
        for (api, count) in from {
            *into.entry(api).or_default() += count;
        }
    }
    sum
}

fn add_expected(mut sum: ExpectedWork, next: ExpectedWork) -> ExpectedWork {
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

fn add_integrals(a: Integral, b: Integral) -> Integral {
    Integral { bytes_in: a.bytes_in + b.bytes_in, bytes_out: a.bytes_out + b.bytes_out }
}

/// The deployment in which a node or a drive was broken.
fn broken_deployment(fault: &CapturedFault, expected: &Expected) -> Option<String> {
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
