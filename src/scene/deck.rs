//! The deck: what a short talk keeps, what is only reachable by jump, and how a cut names its steps.

/// One scene's place in the talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Kept in every cut.
    pub must: bool,
    /// Reachable by jump, not by next.
    pub hidden: bool,
}

/// Scene and steps of a line of a cut: `tiers`, `tiers:2`, `tiers:1-3`. Steps count from 1; none is all of them.
pub(crate) fn parts(address: &str) -> Option<(&str, Option<[usize; 2]>)> {
    let Some((scene, steps)) = address.split_once(':') else { return Some((address, None)) };
    let (first, last) = steps.split_once('-').unwrap_or((steps, steps));
    let [first, last] = [first.parse().ok()?, last.parse().ok()?];
    (first >= 1 && first <= last).then_some((scene, Some([first, last])))
}
