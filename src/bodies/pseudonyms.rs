//! Neutral names in place of a lab's own, the same for the same name all along.
//!
//! Nothing is kept because it looks harmless: of a page only metrics that are known here are kept, and of their labels only
//! those whose values are words of the field, and only where they have that form. All others are numbered.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::feeds::TapedAnswer;
use crate::live::{FaultCode, Target};
use crate::signal::Subject;
use crate::telemetry::Endpoint;
use crate::telemetry::exposition::{Parser, Refused, Sample, Visitor};
use crate::telemetry::names::Names;

/// Labels whose values are the field's own words or numbers: calls of the S3 API, bounds, sets, GPUs, file systems.
const KEPT: [&str; 14] = [
    "GPU_I_ID",
    "GPU_I_PROFILE",
    "api",
    "fstype",
    "gpu",
    "le",
    "name",
    "pool",
    "pool_id",
    "quantile",
    "range",
    "set",
    "set_id",
    "type",
];
/// Labels that name a host: the same host has the same name in all of them.
const HOSTS: [&str; 5] = ["Hostname", "endpoint", "host", "instance", "server"];
const HOST: &str = "node";
/// Labels that name something else of the lab.
const NAMED: [&str; 7] = ["UUID", "bucket", "device", "drive", "interface", "mountpoint", "version"];
/// No word of the field is longer.
const LONGEST_WORD: usize = 40;

/// A row of a capture, in the order in which it is written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct CaptureRow {
    pub(crate) at: f64,
    pub(crate) dep: String,
    pub(crate) node: String,
    pub(crate) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) body: String,
    /// Why there is no page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<FaultCode>,
}

/// Which neutral name stands for which.
#[derive(Debug, Default)]
pub(crate) struct Pseudonyms {
    /// Deployments and exporters.
    targets: BTreeMap<Arc<str>, String>,
    /// By kind and name.
    names: BTreeMap<(String, String), String>,
    /// So many names of a kind were numbered.
    counts: BTreeMap<String, usize>,
}

impl Pseudonyms {
    /// The names of a lab's targets are their tiers' words: `"warm"`, and `"warm-2"` for the second one.
    pub(crate) fn new(targets: &[Target]) -> Self {
        let mut all = Self::default();
        for target in targets {
            let word = word_of(target);
            let taken = all.targets.values().filter(|name| name.split('-').next() == Some(word)).count();
            let name = if taken == 0 { word.to_owned() } else { format!("{word}-{}", taken + 1) };
            all.targets.insert(Arc::clone(&target.name), name);
        }
        all
    }

    /// The row of an answer.
    pub(crate) fn row(&mut self, answer: &TapedAnswer) -> CaptureRow {
        let TapedAnswer { target, node, endpoint, at_secs, status, process_start_unix_secs, text, fault } = answer;
        let start = process_start_unix_secs.map(|secs| ("process-start-time-unix", secs.to_string()));
        CaptureRow {
            at: (at_secs * 1e4).round() / 1e4,
            dep: self.targets.get(target).cloned().unwrap_or_else(|| "target".to_owned()),
            node: self.name_of(HOST, node),
            path: self.path(endpoint),
            status: *status,
            headers: start.into_iter().collect(),
            body: self.page(text),
            failed: *fault,
        }
    }

    fn name_of(&mut self, kind: &str, name: &str) -> String {
        let key = (kind.to_owned(), name.to_owned());
        if let Some(known) = self.names.get(&key) {
            return known.clone();
        }
        let count = self.counts.entry(kind.to_owned()).or_default();
        *count += 1;
        let neutral = format!("{kind}-{count}");
        self.names.insert(key, neutral.clone());
        neutral
    }

    /// Where a page lies, without names: an exporter's path is the lab file's own.
    fn path(&mut self, endpoint: &Endpoint) -> String {
        match endpoint {
            Endpoint::V3Bucket(bucket) => Endpoint::V3Bucket(self.name_of("bucket", bucket)).path(),
            Endpoint::V3Requests
            | Endpoint::V3Cluster
            | Endpoint::V3Buckets
            | Endpoint::V3System
            | Endpoint::V3Process
            | Endpoint::V3Ilm
            | Endpoint::V3Replication
            | Endpoint::V2Cluster
            | Endpoint::V2Bucket
            | Endpoint::V2Node
            | Endpoint::Health
            | Endpoint::Exporter => endpoint.path(),
        }
    }

    /// The page without names.
    fn page(&mut self, text: &[u8]) -> String {
        let (mut parser, mut rewriter) = (Parser::new(), Rewriter { names: self, text: String::new() });
        parser.feed(text, &mut rewriter);
        parser.finish(&mut rewriter);
        rewriter.text
    }

    /// What stands in place of a label's name: whoever scrapes a lab may add labels of its own.
    fn label_name(&mut self, label: &str) -> String {
        let is_known = [&KEPT[..], &HOSTS, &NAMED].iter().any(|known| known.contains(&label));
        if is_known { label.to_owned() } else { self.name_of("label", label).replace('-', "_") }
    }

    /// What stands in place of a label's value.
    fn label(&mut self, label: &str, value: &str) -> String {
        if KEPT.contains(&label) && is_word(value) || label == "version" && is_release(value) {
            return value.to_owned();
        }
        // A block device is told by its name in /dev, and T0's are found by it.
        if label == "device" && is_word(value.strip_prefix("/dev/").unwrap_or(value)) {
            return value.to_owned();
        }
        let kind = if HOSTS.contains(&label) { HOST.to_owned() } else { self.label_name(label) };
        self.name_of(&kind, value)
    }
}

/// The word for a target by what it speaks for.
fn word_of(target: &Target) -> &'static str {
    match target.subjects.as_slice() {
        [Subject::Tier(tier)] => tier.word(),
        [Subject::Compute] => "gpus",
        [] | [_, _, ..] => "shared",
    }
}

/// Whether it can be a word or number of the field: no host, path or address has this form, and no key that is a secret.
fn is_word(value: &str) -> bool {
    let is_number = value.parse::<f64>().is_ok();
    let is_short = value.len() <= LONGEST_WORD && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_number || is_short || is_call(value)
}

/// A call of a drive or of the S3 API with its class: `storage.ReadAll`.
fn is_call(value: &str) -> bool {
    value.split_once('.').is_some_and(|(class, call)| {
        class == "storage" && call.len() <= LONGEST_WORD && call.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// A release by its date: `2025-10-15T17:29:55Z`.
fn is_release(value: &str) -> bool {
    value.parse::<jiff::Timestamp>().is_ok()
}

/// Writes samples again as they are read.
struct Rewriter<'a> {
    names: &'a mut Pseudonyms,
    text: String,
}

impl Visitor for Rewriter<'_> {
    fn sample(&mut self, sample: &Sample<'_>) {
        let is_known = Names::built_in().meanings_of(&sample.name).next().is_some();
        if !is_known {
            return;
        }
        self.text.push_str(&sample.name);
        for (index, (label, value)) in sample.labels.iter().enumerate() {
            self.text.push(if index == 0 { '{' } else { ',' });
            let (label, value) = (self.names.label_name(&label), self.names.label(&label, &value));
            self.text.extend([&*label, "=\"", &value, "\""]);
        }
        if !sample.labels.is_empty() {
            self.text.push('}');
        }
        self.text.extend([" ", sample.value_text]);
        if let Some(at) = sample.timestamp_ms {
            self.text.extend([" ", &at.to_string()]);
        }
        self.text.push('\n');
    }

    /// What could not be read may be anything, and is left out.
    fn refused(&mut self, _refused: Refused) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_field_stay_and_names_are_numbered() {
        let mut names = Pseudonyms::default();
        let cases = [
            ("name", "PutObject", "PutObject"),
            ("api", "storage.ReadAll", "storage.ReadAll"),
            ("le", "+Inf", "+Inf"),
            ("le", "0.050", "0.050"),
            ("name", "acme-webhook", "name-1"),
            ("server", "minio1.acme.example:9000", "node-1"),
            ("Hostname", "minio1.acme.example:9000", "node-1"),
            ("server", "minio2.acme.example:9000", "node-2"),
            ("bucket", "PutObject", "bucket-1"),
            ("drive", "/acme/data1", "drive-1"),
            ("device", "nvme0n1", "nvme0n1"),
            ("device", "/dev/sda1", "/dev/sda1"),
            ("device", "/dev/mapper/acme-data", "device-1"),
            ("version", "2025-10-15T17:29:55Z", "2025-10-15T17:29:55Z"),
            ("version", "acme-build", "version-1"),
        ];
        for (label, value, expected) in cases {
            assert_eq!(names.label(label, value), expected, "{label}={value}");
        }
    }

    #[test]
    fn a_page_keeps_what_is_known_and_its_numbers() {
        let page = "# HELP minio_api_requests_total of acme\n\
                    minio_api_requests_total{name=\"PutObject\",server=\"acme:9000\",type=\"s3\"} 12\n\
                    acme_secret_total{server=\"acme:9000\"} 5\nno line\n\
                    minio_api_requests_total{name=\"GetObject\",server=\"acme:9000\",acme=\"a\"} 1e3 1700000000000\n";
        let expected = "minio_api_requests_total{name=\"PutObject\",server=\"node-1\",type=\"s3\"} 12\n\
                        minio_api_requests_total{name=\"GetObject\",server=\"node-1\",label_1=\"label_1-1\"} 1e3 1700000000000\n";
        assert_eq!(Pseudonyms::default().page(page.as_bytes()), expected);
    }
}
