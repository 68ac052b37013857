//! What is wrong, said once when it begins and once when it ends.

use std::collections::BTreeSet;

use crate::live::fault::{Fault, FaultCode};

/// A fault that is gone for so long has ended: a node that starts answers and refuses in turn.
const GONE_SECS: f64 = 3.0;
/// One that comes back so soon after it ended is the same one still: it is said again when it stays, and not for a flicker.
const AGAIN_SECS: f64 = 10.0;

/// Remembers what was said, by target, node and cause: pages of a node that fail alike are one fault.
#[derive(Debug, Default)]
pub(crate) struct FaultTeller {
    told: Vec<SaidFault>,
}

#[derive(Debug)]
struct SaidFault {
    /// As it was said.
    fault: Fault,
    /// All pages that it was met on.
    pages: BTreeSet<String>,
    began_secs: f64,
    /// When it was last so.
    seen_secs: f64,
    has_ended: bool,
    /// When it came back after its end was said.
    back_secs: Option<f64>,
}

impl FaultTeller {
    /// What is to be said now that these faults are known. They name their nodes: the presenter hears it, not the room.
    pub(crate) fn news<'a>(&mut self, now_secs: f64, faults: impl Iterator<Item = &'a Fault>) -> Vec<String> {
        let mut news = Vec::new();
        let faults: Vec<&Fault> = faults.collect();
        for fault in &faults {
            if let Some(told) = self.told.iter_mut().find(|told| told.is_same(fault)) {
                news.extend(told.see_again(fault, now_secs));
            } else {
                news.push(fault.sentence(true));
                self.told.push(SaidFault::new(fault, now_secs));
            }
        }
        // A page that has another fault now has not recovered from the one before.
        for told in self.told.iter_mut().filter(|told| told.seen_secs < now_secs) {
            let has_other =
                |page: &String| faults.iter().any(|fault| told.fault.is_of_node(fault) && fault.page == *page);
            told.pages.retain(|page| !has_other(page));
        }
        self.told.retain(|told| !told.pages.is_empty() && now_secs - told.seen_secs < GONE_SECS + AGAIN_SECS);
        for told in &mut self.told {
            if now_secs > told.seen_secs {
                told.back_secs = None;
            }
            if !told.has_ended && now_secs - told.seen_secs >= GONE_SECS {
                told.has_ended = true;
                news.push(told.end_sentence());
            }
        }
        news
    }
}

impl SaidFault {
    fn new(fault: &Fault, now_secs: f64) -> Self {
        let (fault, began_secs, seen_secs) = (fault.clone(), now_secs, now_secs);
        let pages = BTreeSet::from([fault.page.clone()]);
        Self { fault, pages, began_secs, seen_secs, has_ended: false, back_secs: None }
    }

    /// Whether it is the one that was said. The words of one code may tell of several causes; those that count what is
    /// missing change with every answer.
    fn is_same(&self, fault: &Fault) -> bool {
        let counts = matches!(fault.code, FaultCode::PartOfBuckets | FaultCode::PartOfNodes);
        let is_alike = self.fault.code == fault.code && (counts || self.fault.cause == fault.cause);
        is_alike && self.fault.is_of_node(fault)
    }

    /// It is still so, or again, or on one more page. Its sentence where its end was said and it stays after all.
    fn see_again(&mut self, fault: &Fault, now_secs: f64) -> Option<String> {
        self.seen_secs = now_secs;
        if !self.pages.contains(&fault.page) {
            self.pages.insert(fault.page.clone());
        }
        let back_secs = *self.back_secs.get_or_insert(now_secs);
        if !self.has_ended || now_secs - back_secs < GONE_SECS {
            return None;
        }
        (self.has_ended, self.began_secs) = (false, back_secs);
        Some(self.fault.sentence(true))
    }

    /// `"warm: 10.0.0.21:9000 answers again (v3 requests), after 34 s."`
    fn end_sentence(&self) -> String {
        let Fault { target, node, cause, code, .. } = &self.fault;
        let pages: Vec<&str> = self.pages.iter().map(String::as_str).collect();
        let secs = (self.seen_secs - self.began_secs).max(1.0).round();
        match code {
            FaultCode::PartOfBuckets => format!("{target}: all buckets are read now, after {secs} s."),
            FaultCode::NoBucket => format!("{target}: each tier has a bucket now, after {secs} s."),
            FaultCode::PageWaits => {
                format!("{target}: {node} answers in time again ({}), after {secs} s.", pages.join(", "))
            }
            FaultCode::PartOfNodes => format!("{target}: no longer so after {secs} s: {node} {cause}."),
            _ => format!("{target}: {node} answers again ({}), after {secs} s.", pages.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks a second apart, each with the faults that are known then: a node's letter, a colon and its page where that
    /// matters, `!` for another cause.
    fn said(looks: &[&str]) -> Vec<String> {
        let mut teller = FaultTeller::default();
        let mut said = Vec::new();
        for (second, look) in looks.iter().enumerate() {
            let faults: Vec<Fault> = look.split_whitespace().map(fault).collect();
            said.extend(teller.news(second as f64, faults.iter()).into_iter().map(|words| format!("{second} {words}")));
        }
        said
    }

    fn fault(word: &str) -> Fault {
        let (code, cause) =
            if word.ends_with('!') { (FaultCode::AnswerTimeout, "hangs") } else { (FaultCode::Refused, "refuses") };
        let (node, page) =
            word.trim_end_matches('!').split_once(':').unwrap_or((word.trim_end_matches('!'), "v3 requests"));
        let [target, node, page, cause, remedy] = ["warm", node, page, cause, "Is it on?"].map(str::to_owned);
        Fault { target, node, page, since_secs: 0.0, code, cause, remedy }
    }

    #[test]
    fn a_fault_is_said_when_it_begins_and_when_it_ends() {
        let looks = ["", "b", "b", "b c", "b c", "c", "c", "c", "c", "", "", "", ""];
        let expected = [
            "1 warm: b refuses. Is it on?",
            "3 warm: c refuses. Is it on?",
            "7 warm: b answers again (v3 requests), after 3 s.",
            "11 warm: c answers again (v3 requests), after 5 s.",
        ];
        assert_eq!(said(&looks), expected);
    }

    #[test]
    fn what_flaps_is_not_said_again_and_another_cause_is() {
        let looks = ["b", "", "b", "", "", "b", "b!", "b!", "", "", "", "b!", "", "", ""];
        let expected = [
            "0 warm: b refuses. Is it on?",
            "6 warm: b hangs. Is it on?",
            "10 warm: b answers again (v3 requests), after 1 s.",
        ];
        assert_eq!(said(&looks), expected);
    }

    #[test]
    fn what_comes_back_and_stays_is_said_again() {
        let looks = ["b", "b", "", "", "", "b", "b", "b", "b", "", "", ""];
        let expected = [
            "0 warm: b refuses. Is it on?",
            "4 warm: b answers again (v3 requests), after 1 s.",
            "8 warm: b refuses. Is it on?",
            "11 warm: b answers again (v3 requests), after 3 s.",
        ];
        assert_eq!(said(&looks), expected);
    }

    #[test]
    fn pages_of_a_node_that_fail_alike_are_one_fault() {
        // The second page is asked later than the first, and is read later.
        let looks = ["b:v1", "b:v1 b:v2 c:v1", "b:v1 b:v2", "b:v2", "", "", "", "", ""];
        let expected = [
            "0 warm: b refuses. Is it on?",
            "1 warm: c refuses. Is it on?",
            "4 warm: c answers again (v1), after 1 s.",
            "6 warm: b answers again (v1, v2), after 3 s.",
        ];
        assert_eq!(said(&looks), expected);
        // One page hangs and the other refuses; then both hang. None has recovered meanwhile.
        let looks = ["b:v1 b:v2!", "b:v1 b:v2!", "b:v1! b:v2!", "b:v1! b:v2!", "", "", "", ""];
        let expected = [
            "0 warm: b refuses. Is it on?",
            "0 warm: b hangs. Is it on?",
            "6 warm: b answers again (v1, v2), after 3 s.",
        ];
        assert_eq!(said(&looks), expected);
    }

    #[test]
    fn two_causes_on_one_page_are_said_once_each() {
        let looks = ["b b!", "b b!", "b b!", "b!", "", "", "", ""];
        let expected = [
            "0 warm: b refuses. Is it on?",
            "0 warm: b hangs. Is it on?",
            "6 warm: b answers again (v3 requests), after 3 s.",
        ];
        assert_eq!(said(&looks), expected);
    }
}
