//! Names out of a recording: each target, host and bucket gets a neutral name, and keeps it.
//!
//! The simulated lab's names are its own and stay. Of what went wrong the code stays, and its words where they are fixed;
//! words that quote a file, a variable or a server are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::live::{Announcement, Fault, FaultCode, SourceEvent, SourceId, SourceKind, Target};
use crate::presentation::event::{Event, Timed};
use crate::signal::{Inside, Subject};

/// Knows which name stands for which.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redactor {
    targets: BTreeMap<Arc<str>, Arc<str>>,
    nodes: BTreeMap<String, String>,
    /// Sources whose names are nobody's.
    fictional: BTreeSet<SourceId>,
}

impl Redactor {
    /// The same event without names.
    pub(crate) fn redacted(&mut self, timed: &Timed) -> Timed {
        let event = match &timed.event {
            Event::Source { source, news } => {
                let news = news.iter().map(|news| self.redacted_news(source, news)).collect();
                Event::Source { source: source.clone(), news }
            }
            Event::Command(_)
            | Event::SceneText { .. }
            | Event::Pointer(_)
            | Event::Window(_)
            | Event::Key(_)
            | Event::Word(_)
            | Event::Recording(_) => timed.event.clone(),
        };
        Timed { at: timed.at, event }
    }

    fn redacted_news(&mut self, source: &SourceId, news: &SourceEvent) -> SourceEvent {
        if let SourceEvent::Announced(announced) = news {
            return SourceEvent::Announced(self.redacted_announcement(source, announced));
        }
        let mut news = news.clone();
        if self.fictional.contains(source) {
            return news;
        }
        match &mut news {
            SourceEvent::Scraped { target, report, .. } => {
                *target = self.target(target, "target");
                report.faults.iter_mut().for_each(|fault| self.redact_fault(fault));
            }
            SourceEvent::Failed { target, fault, .. } => {
                *target = self.target(target, "target");
                self.redact_fault(fault);
            }
            // Nothing but names, and left out of recordings anyway.
            SourceEvent::Inspected { target, inside, .. } => {
                *target = self.target(target, "target");
                *inside = Arc::new(Inside::default());
            }
            SourceEvent::Asked { target, queries } => {
                *target = self.target(target, "target");
                *queries = Arc::default();
            }
            SourceEvent::Announced(_)
            | SourceEvent::Backfilled { .. }
            | SourceEvent::Recalled { .. }
            | SourceEvent::Jumped
            | SourceEvent::Shifted { .. } => {}
        }
        news
    }

    fn redacted_announcement(&mut self, source: &SourceId, announced: &Announcement) -> Announcement {
        let origin = match announced.kind {
            SourceKind::Sim | SourceKind::None => {
                self.fictional.insert(source.clone());
                return announced.clone();
            }
            SourceKind::Lab => "lab".into(),
            SourceKind::Prometheus => "lab by Prometheus".into(),
            // Its day.
            SourceKind::Recording => announced.origin.clone(),
        };
        let target = |target: &Target| Target { name: self.target(&target.name, word_of(target)), ..target.clone() };
        let targets = announced.targets.iter().map(target).collect();
        Announcement { origin, targets, ..announced.clone() }
    }

    /// `"warm"`, and `"warm-2"` for the second one.
    fn target(&mut self, name: &Arc<str>, word: &str) -> Arc<str> {
        if let Some(neutral) = self.targets.get(name) {
            return Arc::clone(neutral);
        }
        let is_taken = |neutral: &str| self.targets.values().any(|taken| **taken == *neutral);
        let numbered = (2..).map(|number| format!("{word}-{number}"));
        let neutral = std::iter::once(word.to_owned()).chain(numbered).find(|neutral| !is_taken(neutral));
        let neutral: Arc<str> = neutral.unwrap_or_default().into();
        self.targets.insert(Arc::clone(name), Arc::clone(&neutral));
        neutral
    }

    fn redact_fault(&mut self, fault: &mut Fault) {
        let target: Arc<str> = fault.target.as_str().into();
        self.target(&target, "target").as_ref().clone_into(&mut fault.target);
        if !fault.node.is_empty() {
            let next = format!("node-{}", self.nodes.len() + 1);
            let node = std::mem::take(&mut fault.node);
            fault.node.clone_from(self.nodes.entry(node).or_insert(next));
        }
        if !has_fixed_words(fault.code) {
            "could not be read".clone_into(&mut fault.cause);
            "The words are left out of this recording, as they may hold names.".clone_into(&mut fault.remedy);
        }
    }
}

/// The word for a target by what it speaks for.
fn word_of(target: &Target) -> &'static str {
    match target.subjects.as_slice() {
        [Subject::Tier(tier)] => tier.word(),
        [Subject::Compute] => "gpus",
        [] => "target",
        [_, _, ..] => "shared",
    }
}

/// Whether the words of a fault are the same wherever it happens.
fn has_fixed_words(code: FaultCode) -> bool {
    match code {
        FaultCode::Refused
        | FaultCode::UnknownHost
        | FaultCode::Unreachable
        | FaultCode::ConnectTimeout
        | FaultCode::AnswerTimeout
        | FaultCode::BodyTimeout
        | FaultCode::Dropped
        | FaultCode::NotHttp
        | FaultCode::TlsToPlain
        | FaultCode::PlainToTls
        | FaultCode::UnknownCa
        | FaultCode::ExpiredCertificate
        | FaultCode::Unauthorized
        | FaultCode::Forbidden
        | FaultCode::Blocked
        | FaultCode::TokenExpired
        | FaultCode::NotAToken
        | FaultCode::NoSuchEndpoint
        | FaultCode::NotFound
        | FaultCode::ServerError
        | FaultCode::Unavailable
        | FaultCode::OtherStatus
        | FaultCode::TooLarge
        | FaultCode::CutShort
        | FaultCode::WrongLength
        | FaultCode::BadGzip
        | FaultCode::Empty
        | FaultCode::Starting
        | FaultCode::PartOfNodes
        | FaultCode::PartOfBuckets
        | FaultCode::PageWaits => true,
        FaultCode::WrongName
        | FaultCode::Tls
        | FaultCode::BadRequest
        | FaultCode::WrongIssuer
        | FaultCode::Html
        | FaultCode::Redirect
        | FaultCode::Unreadable
        | FaultCode::NothingKnown
        | FaultCode::SecretMissing
        | FaultCode::SecretExposed
        | FaultCode::BadCa
        | FaultCode::Proxy
        | FaultCode::NoBucket
        | FaultCode::NoTraffic => false,
    }
}
