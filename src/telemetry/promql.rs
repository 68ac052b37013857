//! What a Prometheus server is asked: a signal as `PromQL`, and a target's signals as one question.
//!
//! The names of metrics are those of `names`, so a metric that is mapped there is asked for here. The server works the
//! rates out; what it does not know is left out of its answer, as with any other source.

mod part;
mod words;

use std::collections::BTreeMap;

use crate::signal::{Signal, Subject, Tier};
use crate::telemetry::TargetKind;
use crate::telemetry::names::{Family, Meaning, PageKind};

use self::part::QueryPart;
use self::words::{families_of, kept_apart, labelled, matcher, selector};

/// The label under which the answer says which signal a row is.
pub(crate) const SIGNAL_LABEL: &str = "tierlight";
/// What stands before a signal's name in the row of its latest step: the rate between the two newest samples.
pub(crate) const STEP: &str = "step.";
/// The row that says when the newest sample of a target's traffic was taken, in Unix seconds.
pub(crate) const NEWEST: &str = "newest";
/// `VictoriaMetrics` takes no question longer than 16 KiB, and proxies may take less.
const MOST_LETTERS: usize = 7000;

/// Which series of a Prometheus server are a target's.
#[derive(Clone, Debug)]
pub(crate) struct QueryScope {
    kind: TargetKind,
    /// `job=~"minio",instance=~"10\\.0\\.0\\.11:9000"`; empty for all there are.
    matchers: String,
}

impl QueryScope {
    /// `job` and `instances` may hold `*` and `?`; without any of them every series counts.
    pub(crate) fn new(kind: TargetKind, job: Option<&str>, instances: &[String]) -> Self {
        let instances = (!instances.is_empty()).then(|| matcher("instance", instances));
        let job = job.map(|job| matcher("job", &[job.to_owned()]));
        let matchers = job.into_iter().chain(instances).collect::<Vec<_>>().join(",");
        Self { kind, matchers }
    }

    /// The signals that can be asked for.
    pub(crate) fn signals(&self) -> Vec<Signal> {
        let subjects: Vec<Subject> = match &self.kind {
            TargetKind::Tier(tier) => vec![Subject::Tier(*tier)],
            TargetKind::Buckets(tiers) => tiers.iter().map(|(tier, _)| Subject::Tier(*tier)).collect(),
            TargetKind::NodeExporter { .. } => vec![Subject::Tier(Tier::T0)],
            TargetKind::Dcgm => vec![Subject::Compute],
        };
        let is_told = |signal: &Signal| subjects.contains(&signal.subject) && self.expression(*signal, 15.0).is_some();
        Signal::catalogue().into_iter().filter(is_told).collect()
    }

    /// What is asked for each of these signals, to be shown: as it is sent, and without names.
    pub(crate) fn queries(&self, signals: &[Signal], scrape_secs: f64) -> BTreeMap<Signal, [String; 2]> {
        let query = |signal: &Signal| {
            let sent = self.expression(*signal, scrape_secs)?;
            let unnamed = self.without_names(*signal, &sent);
            Some((*signal, [sent, unnamed]))
        };
        signals.iter().filter_map(query).collect()
    }

    /// The matchers with hosts, jobs and buckets stand as `…`.
    fn without_names(&self, signal: Signal, sent: &str) -> String {
        let part = self.part(signal, 0.0, "");
        let named = [self.matchers.clone()].into_iter().chain(part.bucket_matcher());
        named.filter(|names| !names.is_empty()).fold(sent.to_owned(), |shown, names| shown.replace(&names, "…"))
    }

    /// All of these signals as few questions, each row under its name; the first asks besides when the newest sample was
    /// taken.
    pub(crate) fn questions(&self, signals: &[Signal], scrape_secs: f64) -> Vec<String> {
        let mut questions = vec![labelled(&self.newest(), SIGNAL_LABEL, NEWEST)];
        for signal in signals {
            let Some(expression) = self.expression(*signal, scrape_secs) else { continue };
            push_row(&mut questions, &labelled(&expression, SIGNAL_LABEL, &signal.to_string()));
        }
        questions
    }

    /// Asks besides for the latest step of the traffic: what moved from scrape to scrape tells of bursts.
    pub(crate) fn add_steps(&self, questions: &mut Vec<String>, signals: &[Signal], scrape_secs: f64) {
        if !matches!(self.kind, TargetKind::Tier(_) | TargetKind::Buckets(_)) {
            return;
        }
        for signal in signals.iter().filter(|signal| signal.quantity.is_traffic()) {
            let part = self.part(*signal, scrape_secs, "irate");
            let Some(expression) = part.of_minio(signal.quantity) else { continue };
            push_row(questions, &labelled(&expression, SIGNAL_LABEL, &format!("{STEP}{signal}")));
        }
    }

    /// The raw samples of five minutes that tell how often the server scrapes the target.
    pub(crate) fn scrapes(&self) -> String {
        format!("{}[5m]", selector("up", ["", &self.matchers]))
    }

    /// Which jobs bring metrics of this kind at all, whatever the target.
    pub(crate) fn jobs(&self) -> String {
        format!("count by (job) ({{__name__=~\"{}\"}})", self.traffic_names().join("|"))
    }

    /// When the newest sample of the traffic was taken, in Unix seconds.
    fn newest(&self) -> String {
        let time = |name| format!("timestamp({})", selector(name, ["", &self.matchers]));
        format!("max({})", kept_apart(self.traffic_names().into_iter().map(|name| (name, time(name)))))
    }

    /// The metrics that make the target live.
    fn traffic_names(&self) -> Vec<&'static str> {
        let pages: &[PageKind] = match &self.kind {
            TargetKind::Tier(_) => &[PageKind::V3Requests, PageKind::V2Cluster],
            TargetKind::Buckets(_) => &[PageKind::V2Bucket],
            TargetKind::NodeExporter { .. } => &[PageKind::Node],
            TargetKind::Dcgm => &[PageKind::Dcgm],
        };
        let is_live = |family: &Family| match family.meaning {
            Meaning::Inflight | Meaning::BucketUsed | Meaning::GpuBusyPercent | Meaning::GpuBusyRatio => true,
            meaning => meaning.is_counter() && !matches!(meaning, Meaning::Transitions | Meaning::FirstBytes),
        };
        let families = pages.iter().flat_map(|page| families_of(*page));
        let mut names: Vec<_> = families.filter(|(_, family)| is_live(family)).map(|(name, _)| name).collect();
        names.dedup();
        names
    }

    /// A signal as `PromQL`. None of what no query can tell: a burst, and what was counted since somebody looked.
    pub(crate) fn expression(&self, signal: Signal, scrape_secs: f64) -> Option<String> {
        let part = self.part(signal, scrape_secs, "rate");
        match &self.kind {
            TargetKind::Tier(_) | TargetKind::Buckets(_) => part.of_minio(signal.quantity),
            TargetKind::NodeExporter { devices } => part.of_drives(signal.quantity, devices),
            TargetKind::Dcgm => part.of_gpus(signal.quantity),
        }
    }

    fn part(&self, signal: Signal, scrape_secs: f64, function: &'static str) -> QueryPart<'_> {
        QueryPart { kind: &self.kind, matchers: &self.matchers, tier: signal.subject.tier(), scrape_secs, function }
    }
}

/// Adds a row to the last question, or begins another where that grows too long.
fn push_row(questions: &mut Vec<String>, row: &str) {
    match questions.last_mut() {
        Some(last) if last.len() + row.len() < MOST_LETTERS => last.extend([" or ", row]),
        _ => questions.push(row.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::Quantity;

    fn is_asked(signal: Signal) -> bool {
        let kind = match signal.subject {
            Subject::Tier(Tier::T0) => TargetKind::NodeExporter { devices: Vec::new() },
            Subject::Tier(tier) => TargetKind::Tier(tier),
            Subject::Compute => TargetKind::Dcgm,
        };
        QueryScope::new(kind, None, &[]).expression(signal, 15.0).is_some()
    }

    fn tier_scope() -> QueryScope {
        QueryScope::new(
            TargetKind::Tier(Tier::T2),
            Some("minio*"),
            &["10.0.0.1:9000".to_owned(), "node-2:9000".to_owned()],
        )
    }

    #[test]
    fn a_signal_is_asked_for_by_the_names_of_the_table() {
        let of = |quantity| tier_scope().expression(Signal::tier(Tier::T2, quantity), 15.0).unwrap();
        let mine = r#"job=~"minio.*",instance=~"10\\.0\\.0\\.1:9000|node-2:9000""#;
        let reads = format!(
            "(sum(max by (server) (rate(minio_api_requests_traffic_sent_bytes{{{mine}}}[60s])))) or \
             (sum(max by (server) (rate(minio_s3_traffic_sent_bytes{{{mine}}}[60s]))))"
        );
        assert_eq!(of(Quantity::ReadBytesPerSec), reads);
        let capacity = format!(
            "(max(minio_cluster_health_capacity_usable_total_bytes{{{mine}}})) or \
             (max(minio_cluster_capacity_usable_total_bytes{{{mine}}}))"
        );
        assert_eq!(of(Quantity::CapacityBytes), capacity);
        assert!(of(Quantity::UsageAgeSecs).contains("minio_usage_last_activity_nano_seconds{job"));
        assert!(of(Quantity::UsageAgeSecs).contains(" * 0.000000001"), "{}", of(Quantity::UsageAgeSecs));
    }

    #[test]
    fn what_is_not_asked_for_has_a_reason() {
        // Bursts are made of what moved between answers, and what was counted since the first look is no figure of a server.
        let untold = [
            "last_burst",
            "read_bytes",
            "written_bytes",
            "quota_bytes",
            "drive_latency_secs",
            "replication_backlog",
            "replication_queued_bytes",
            "replication_lag_secs",
            "objects_moved",
            "restarts_seen",
        ];
        for signal in Signal::catalogue() {
            let word = signal.quantity.word();
            let is_untold = untold.iter().any(|start| word == *start || word.starts_with("last_burst"));
            assert_eq!(is_asked(signal), !is_untold, "{signal}");
        }
    }

    #[test]
    fn buckets_are_matched_by_their_patterns() {
        let tiers = vec![(Tier::T2, vec!["lake".to_owned(), "ck.pt-?*".to_owned()])];
        let scope = QueryScope::new(TargetKind::Buckets(tiers), None, &[]);
        let used = scope.expression(Signal::tier(Tier::T2, Quantity::UsedBytes), 15.0).unwrap();
        assert!(used.contains(r#"minio_bucket_usage_total_bytes{bucket=~"lake|ck\\.pt-..*"}"#), "{used}");
        let writes = scope.expression(Signal::tier(Tier::T2, Quantity::WriteBytesPerSec), 5.0).unwrap();
        let mine = r#"bucket=~"lake|ck\\.pt-..*""#;
        assert_eq!(
            writes,
            format!("sum(max by (server, bucket) (rate(minio_bucket_traffic_received_bytes{{{mine}}}[40s])))"),
            "a page that is cached for ten seconds needs a longer window"
        );
    }

    #[test]
    fn what_is_shown_is_what_is_sent_and_names_only_where_they_may_be() {
        let tiers = vec![(Tier::T2, vec!["secret-lake".to_owned()])];
        for kind in [TargetKind::Tier(Tier::T2), TargetKind::Buckets(tiers)] {
            let scope = QueryScope::new(kind.clone(), Some("minio"), &["secret-host:9000".to_owned()]);
            let signals = scope.signals();
            let sent = scope.questions(&signals, 30.0).join(" or ");
            let queries = scope.queries(&signals, 30.0);
            assert_eq!(queries.len(), signals.len(), "{kind:?}");
            for (signal, [shown, short]) in &queries {
                assert!(sent.contains(shown), "{signal}: {shown}");
                assert!(!short.contains("secret") && !short.contains("minio\""), "{signal}: {short}");
                let names = r#"job=~"minio",instance=~"secret-host:9000""#;
                let back = shown.replace(r#"bucket=~"secret-lake""#, "…").replace(names, "…");
                assert_eq!(*short, back, "{signal}: the rest stands as it is");
            }
        }
    }

    #[test]
    fn every_signal_that_can_be_asked_for_is_in_the_question() {
        let kinds = [
            TargetKind::Tier(Tier::T3),
            TargetKind::Buckets(vec![(Tier::T2, vec!["lake".to_owned()])]),
            TargetKind::NodeExporter { devices: vec!["nvme*".to_owned()] },
            TargetKind::Dcgm,
        ];
        for kind in kinds {
            let scope = QueryScope::new(kind.clone(), Some("all"), &[]);
            let signals = scope.signals();
            let questions = scope.questions(&signals, 5.0);
            for signal in &signals {
                assert!(questions.iter().any(|asked| asked.contains(&format!("\"{signal}\""))), "{kind:?} {signal}");
            }
            assert!(signals.len() > 2, "{kind:?}");
            assert!(questions[0].contains(NEWEST));
            for question in questions {
                assert!(question.len() < 8000, "{} {kind:?}", question.len());
                assert_eq!(question.matches('(').count(), question.matches(')').count());
            }
        }
    }
}
