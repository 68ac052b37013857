//! What a Prometheus server is asked: a signal as `PromQL`, and a target's signals as one question.
//!
//! The names of metrics are those of `names`, so a metric that is mapped there is asked for here. The server works the
//! rates out; what it does not know is left out of its answer, as with any other source.

use std::collections::BTreeMap;

use crate::signal::{Quantity, Signal, Subject, Tier};
use crate::telemetry::TargetKind;
use crate::telemetry::names::{Family, Meaning, Names, PageKind};

/// The label under which the answer says which signal a row is.
pub(crate) const SIGNAL_LABEL: &str = "tierlight";
/// The label that keeps families apart within a question.
const FAMILY_LABEL: &str = "family";
/// What stands before a signal's name in the row of its latest step: the rate between the two newest samples.
pub(crate) const STEP: &str = "step.";
/// The row that says when the newest sample of a target's traffic was taken, in Unix seconds.
pub(crate) const NEWEST: &str = "newest";
/// `VictoriaMetrics` takes no question longer than 16 KiB, and proxies may take less.
const MOST_LETTERS: usize = 7000;
/// A rate needs some samples: a scrape that is late must not break it off.
const SCRAPES_A_RATE: f64 = 4.0;

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
        let part = QueryPart { scope: self, tier: signal.subject.tier(), scrape_secs: 0.0, function: "" };
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
            let part = QueryPart { scope: self, tier: signal.subject.tier(), scrape_secs, function: "irate" };
            let Some(expression) = part.of_minio(signal.quantity) else { continue };
            push_row(questions, &labelled(&expression, SIGNAL_LABEL, &format!("{STEP}{signal}")));
        }
    }

    /// The raw samples of five minutes that tell how often the server scrapes the target.
    pub(crate) fn scrapes(&self) -> String {
        format!("{}[5m]", self.series("up", ""))
    }

    /// Which jobs bring metrics of this kind at all, whatever the target.
    pub(crate) fn jobs(&self) -> String {
        format!("count by (job) ({{__name__=~\"{}\"}})", self.traffic_names().join("|"))
    }

    /// When the newest sample of the traffic was taken, in Unix seconds.
    fn newest(&self) -> String {
        let times =
            self.traffic_names().into_iter().map(|name| (name, format!("timestamp({})", self.series(name, ""))));
        format!("max({})", kept_apart(times))
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
        let part = QueryPart { scope: self, tier: signal.subject.tier(), scrape_secs, function: "rate" };
        match &self.kind {
            TargetKind::Tier(_) | TargetKind::Buckets(_) => part.of_minio(signal.quantity),
            TargetKind::NodeExporter { devices } => part.of_drives(signal.quantity, devices),
            TargetKind::Dcgm => part.of_gpus(signal.quantity),
        }
    }

    /// A selector of series: a metric, or a matcher of its name, of this target.
    fn series(&self, metric: &str, more: &str) -> String {
        let all = [more, &self.matchers].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(",");
        if all.is_empty() { metric.to_owned() } else { format!("{metric}{{{all}}}") }
    }
}

/// Adds a row to the last question, or begins another where that grows too long.
fn push_row(questions: &mut Vec<String>, row: &str) {
    match questions.last_mut() {
        Some(last) if last.len() + row.len() < MOST_LETTERS => last.extend([" or ", row]),
        _ => questions.push(row.to_owned()),
    }
}

/// What is asked of one tier, or of the GPUs.
struct QueryPart<'a> {
    scope: &'a QueryScope,
    tier: Option<Tier>,
    scrape_secs: f64,
    /// How a counter becomes a rate: over several scrapes, or between the last two.
    function: &'static str,
}

/// Where figures of a deployment as a whole stand, the preferred page first.
const WHOLE: &[PageKind] = &[PageKind::V3Cluster, PageKind::V2Cluster];

impl QueryPart<'_> {
    fn of_minio(&self, quantity: Quantity) -> Option<String> {
        let buckets = self.bucket_matcher();
        match quantity {
            Quantity::ReadBytesPerSec => self.rate(&[Meaning::BytesOut]),
            Quantity::WriteBytesPerSec => self.rate(&[Meaning::BytesIn]),
            Quantity::RequestsPerSec => self.rate(&[Meaning::Requests]),
            Quantity::ErrorsPerSec => self.rate(&[Meaning::Errors4xx, Meaning::Errors5xx]),
            Quantity::Errors4xxPerSec => self.rate(&[Meaning::Errors4xx]),
            Quantity::Errors5xxPerSec => self.rate(&[Meaning::Errors5xx]),
            Quantity::TransitionsPerSec => self.rate(&[Meaning::Transitions]).filter(|_| buckets.is_none()),
            Quantity::RequestsInflight => self.inflight(|names| ("!~", names.not_inflight())),
            Quantity::ReadsInflight => self.inflight(|names| ("=~", names.reading())),
            Quantity::WritesInflight => self.inflight(|names| ("=~", names.writing())),
            Quantity::UsedBytes if buckets.is_some() => self.of_buckets(Meaning::BucketUsed),
            Quantity::Objects if buckets.is_some() => self.of_buckets(Meaning::BucketObjects),
            Quantity::QuotaBytes => self.of_buckets(Meaning::BucketQuota),
            Quantity::UsedBytes => self.used_bytes(),
            Quantity::Objects => self.one("max", Meaning::Objects),
            // What is of the deployment as a whole is no bucket's.
            Quantity::UsedRatio | Quantity::SmallObjectsRatio | Quantity::TransitionedObjects if buckets.is_some() => {
                None
            }
            Quantity::UsedRatio => self.used_ratio(),
            Quantity::MeanObjectBytes if buckets.is_some() => {
                let (used, objects) = (self.of_buckets(Meaning::BucketUsed)?, self.of_buckets(Meaning::BucketObjects)?);
                Some(format!("({used}) / ({objects})"))
            }
            Quantity::MeanObjectBytes => self.mean_object_bytes(),
            Quantity::SmallObjectsRatio => self.small_objects_ratio(),
            Quantity::TransitionedObjects => self.transitioned_objects(),
            Quantity::CapacityBytes => self.one("max", Meaning::UsableTotal),
            Quantity::UsageAgeSecs => self.one("max", Meaning::UsageAge),
            Quantity::NodesOnline => self.one("min", Meaning::NodesOnline),
            Quantity::NodesTotal => self.nodes_total(),
            Quantity::DrivesOnline => self.one("min", Meaning::DrivesOnline),
            Quantity::DrivesTotal => self.one("max", Meaning::DrivesTotal),
            Quantity::DrivesHealing => self.drives_healing(),
            Quantity::WriteTolerance => self.write_tolerance(),
            Quantity::WriteQuorum => self.one("min", Meaning::QuorumHeld),
            Quantity::CanceledPerSec => self.rate(&[Meaning::Canceled]),
            Quantity::GetsPerSec => self.class_rate(|names| ("=~", names.reading().to_vec())),
            Quantity::PutsPerSec => self.class_rate(|names| ("=~", names.writing().to_vec())),
            Quantity::ListsPerSec => self.class_rate(|names| ("=~", names.listing().to_vec())),
            Quantity::OthersPerSec => {
                self.class_rate(|names| ("!~", [names.reading(), names.writing(), names.listing()].concat()))
            }
            Quantity::TtfbUnder50msRatio => self.first_byte(|buckets, all| format!("{buckets} / {all}")),
            Quantity::TtfbP50Secs => self.first_byte_quantile("0.5"),
            Quantity::TtfbP90Secs => self.first_byte_quantile("0.9"),
            Quantity::TtfbP99Secs => self.first_byte_quantile("0.99"),
            Quantity::RawBytes => self.one("max", Meaning::RawTotal),
            Quantity::TransitionsPending => self.of_servers(Meaning::TransitionsPending, "sum"),
            Quantity::TransitionsRunning => self.of_servers(Meaning::TransitionsRunning, "sum"),
            Quantity::DriveWaitingIos => self.of_servers(Meaning::DriveWaiting, "sum"),
            Quantity::DriveErrorsPerSec => self.of_servers(Meaning::DriveErrors, "sum"),
            Quantity::InternodeBytesPerSec => self.of_servers(Meaning::Internode, "sum"),
            Quantity::DiskReadBytesPerSec => self.of_servers(Meaning::ProcessRead, "sum"),
            Quantity::DiskWriteBytesPerSec => self.of_servers(Meaning::ProcessWritten, "sum"),
            Quantity::CpuRatio => self.of_servers(Meaning::HostLoad, "avg"),
            Quantity::CpuCores => self.of_servers(Meaning::ProcessCpuSecs, "sum"),
            Quantity::MemoryUsedBytes => self.of_servers(Meaning::ProcessMemory, "sum"),
            Quantity::UptimeSecs => self.of_servers(Meaning::ProcessUptime, "min"),
            // What only looking at each series can tell.
            Quantity::DriveLatencySecs
            | Quantity::ReplicationBacklog
            | Quantity::ReplicationQueuedBytes
            | Quantity::ReplicationLagSecs
            | Quantity::ObjectsMoved
            | Quantity::RestartsSeen
            | Quantity::ReadBytes
            | Quantity::WrittenBytes
            | Quantity::LastBurstBytes
            | Quantity::LastBurstSecs
            | Quantity::LastBurstMean
            | Quantity::LastBurstPeak
            | Quantity::LastBurstAge
            | Quantity::BusyRatio
            | Quantity::Gpus
            | Quantity::VramUsedBytes => None,
        }
    }

    /// T0: the drives of hosts.
    fn of_drives(&self, quantity: Quantity, devices: &[String]) -> Option<String> {
        let names = Names::built_in();
        let parts = "device!~\".*nvme[0-9]+n[0-9]+p[0-9]+|.*(s|h|v|xv)d[a-z]+[0-9]+\"";
        let drives = if devices.is_empty() {
            let others: Vec<String> = names.virtual_devices.iter().chain(&names.stacked_devices).cloned().collect();
            format!("{},{parts}", matcher("device", &others).replacen("=~", "!~", 1))
        } else {
            format!("{},{parts}", matcher("device", devices))
        };
        let mounted: Vec<String> = devices.iter().map(|device| format!("/dev/{device}*")).collect();
        let mounted = if mounted.is_empty() { vec!["/dev/*".to_owned()] } else { mounted };
        let other_kinds = matcher("fstype", &names.other_file_systems).replacen("=~", "!~", 1);
        let mounted = format!("{},{other_kinds}", matcher("device", &mounted));
        let rate = |meaning| {
            let rates = self.rates(PageKind::Node, meaning, &drives)?;
            Some(format!("max by (instance, device) ({rates})"))
        };
        let bytes = |meaning| {
            let (name, _) = families_for(PageKind::Node, meaning).next()?;
            Some(format!("sum(max by (instance, device) ({}))", self.scope.series(name, &mounted)))
        };
        let size = bytes(Meaning::FilesystemSize)?;
        let free = bytes(Meaning::FilesystemFree)?;
        match quantity {
            Quantity::ReadBytesPerSec => Some(format!("sum({})", rate(Meaning::DiskRead)?)),
            Quantity::WriteBytesPerSec => Some(format!("sum({})", rate(Meaning::DiskWritten)?)),
            Quantity::BusyRatio => Some(format!("avg(clamp_max({}, 1))", rate(Meaning::DiskBusySecs)?)),
            Quantity::CapacityBytes => Some(size),
            Quantity::UsedBytes => Some(format!("{size} - {free}")),
            Quantity::UsedRatio => Some(format!("1 - {free} / {size}")),
            _ => None,
        }
    }

    /// The GPUs. Under MIG the percentage is missing or 0, and the ratio is there by instance.
    fn of_gpus(&self, quantity: Quantity) -> Option<String> {
        const GPU: &str = "by (instance, Hostname, gpu, GPU_I_ID)";
        let name = |meaning| families_for(PageKind::Dcgm, meaning).next();
        let (percent, of_percent) = name(Meaning::GpuBusyPercent)?;
        let (ratio, _) = name(Meaning::GpuBusyRatio)?;
        let all = |metric: &str, more: &str| format!("max {GPU} ({})", self.scope.series(metric, more));
        match quantity {
            Quantity::BusyRatio => {
                let (cut, whole) = (all(ratio, "GPU_I_ID!=\"\""), all(percent, ""));
                Some(format!("avg({cut}) or avg({whole}) * {} or avg({})", of_percent.scale, all(ratio, "")))
            }
            Quantity::Gpus => {
                let either = format!("__name__=~\"{percent}|{ratio}\"");
                Some(format!("count(max by (instance, Hostname, gpu) ({}))", self.scope.series("", &either)))
            }
            Quantity::VramUsedBytes => {
                let (used, family) = name(Meaning::VramUsed)?;
                Some(format!("sum({}) * {}", all(used, ""), family.scale))
            }
            _ => None,
        }
    }

    /// A matcher of the tier's buckets, where buckets make it.
    fn bucket_matcher(&self) -> Option<String> {
        let TargetKind::Buckets(tiers) = &self.scope.kind else { return None };
        let (_, patterns) = tiers.iter().find(|(tier, _)| Some(*tier) == self.tier)?;
        Some(matcher(&Names::built_in().bucket_label, patterns))
    }

    /// The pages with the traffic: of the deployment, or of its buckets. v3 may give a bucket's bytes the wrong way round,
    /// and the server does not say when: of buckets v2 alone is asked for bytes.
    fn traffic_pages(&self, meaning: Meaning) -> &'static [PageKind] {
        match (&self.scope.kind, meaning.is_traffic()) {
            (TargetKind::Buckets(_), true) => &[PageKind::V2Bucket],
            (TargetKind::Buckets(_), false) => &[PageKind::V3Bucket, PageKind::V2Bucket],
            _ => &[PageKind::V3Requests, PageKind::V2Cluster],
        }
    }

    /// Rates of a page's families, each series for itself.
    fn rates(&self, page: PageKind, meaning: Meaning, more: &str) -> Option<String> {
        // A page that is served from a cache for ten seconds moves in steps of ten seconds.
        let cache_secs = if matches!(page, PageKind::V2Cluster | PageKind::V2Bucket) { 10.0 } else { 0.0 };
        let window_secs = (SCRAPES_A_RATE * self.scrape_secs.max(cache_secs)).ceil();
        let rate = |name: &str| format!("{}({}[{window_secs}s])", self.function, self.scope.series(name, more));
        let names: Vec<&str> = families_for(page, meaning).map(|(name, _)| name).collect();
        match names[..] {
            [] => None,
            [name] => Some(rate(name)),
            _ => Some(kept_apart(names.iter().map(|name| (*name, rate(name))))),
        }
    }

    /// What several meanings' counters grow by a second, over all servers. The page of one node may tell of all nodes, and
    /// several nodes may be scraped: each server counts once.
    fn rate(&self, meanings: &[Meaning]) -> Option<String> {
        let more = self.bucket_matcher().unwrap_or_default();
        let of_page = |page: PageKind| {
            let sums = meanings.iter().filter_map(|meaning| {
                let by = self.labels(page, *meaning);
                Some(format!("sum(max by ({by}) ({}))", self.rates(page, *meaning, &more)?))
            });
            let sums: Vec<String> = sums.collect();
            match &sums[..] {
                [] => None,
                [sum] => Some(sum.clone()),
                // What never happened has no series, and takes nothing away from what did.
                [first, rest @ ..] => {
                    let others: Vec<String> = rest.iter().map(|sum| format!("({sum} or vector(0))")).collect();
                    Some(format!(
                        "(({first} or vector(0)) + {}) and ({first} or {})",
                        others.join(" + "),
                        rest.join(" or ")
                    ))
                }
            }
        };
        either(self.traffic_pages(*meanings.first()?).iter().filter_map(|page| of_page(*page)))
    }

    /// Requests completed of the APIs that fit. v2 writes their names in small letters.
    fn class_rate(&self, apis: impl Fn(&'static Names) -> (&'static str, Vec<String>)) -> Option<String> {
        let (fits, apis) = apis(Names::built_in());
        let pages = self.traffic_pages(Meaning::Requests).iter();
        either(pages.filter_map(|page| {
            let label = families_for(*page, Meaning::Requests).next()?.1.of.first()?;
            let of_apis = format!("{label}{fits}\"(?i:{})\"", apis.join("|"));
            let more = [of_apis].into_iter().chain(self.bucket_matcher()).collect::<Vec<_>>().join(",");
            let by = self.labels(*page, Meaning::Requests);
            Some(format!("sum(max by ({by}) ({}))", self.rates(*page, Meaning::Requests, &more)?))
        }))
    }

    /// The time to first byte of downloads, by the bound of the histogram's buckets, on whichever page has it.
    fn by_bound(&self, bound: &str) -> Vec<String> {
        let pages = self.traffic_pages(Meaning::FirstBytes).iter();
        let of_page = |page: &PageKind| {
            let label = families_for(*page, Meaning::FirstBytes).next()?.1.of.first()?;
            let gets = format!("{label}=~\"(?i:GetObject)\"{bound}");
            let more = [gets].into_iter().chain(self.bucket_matcher()).collect::<Vec<_>>().join(",");
            let by = self.labels(*page, Meaning::FirstBytes);
            Some(format!("sum by (le) (max by ({by}) ({}))", self.rates(*page, Meaning::FirstBytes, &more)?))
        };
        pages.filter_map(of_page).collect()
    }

    fn first_byte_quantile(&self, share: &str) -> Option<String> {
        either(self.by_bound("").into_iter().map(|all| format!("histogram_quantile({share}, {all})")))
    }

    /// Of the downloads within fifty milliseconds and of all of them.
    fn first_byte(&self, formula: impl Fn(&str, &str) -> String) -> Option<String> {
        let (within, all) = (self.by_bound(",le=~\"0?\\\\.05\""), self.by_bound(",le=\"+Inf\""));
        either(within.iter().zip(&all).map(|(within, all)| formula(&format!("sum({within})"), &format!("sum({all})"))))
    }

    /// What servers say of themselves, whichever buckets are the tier's: a counter's rate, or a gauge.
    fn of_servers(&self, meaning: Meaning, pick: &str) -> Option<String> {
        const PAGES: [PageKind; 4] = [PageKind::V3System, PageKind::V3Ilm, PageKind::V2Cluster, PageKind::V2Node];
        let server = &Names::built_in().server_label;
        either(PAGES.iter().filter_map(|page| {
            let (name, family) = families_for(*page, meaning).next()?;
            let values =
                if meaning.is_counter() { self.rates(*page, meaning, "")? } else { self.scope.series(name, "") };
            let families = (families_for(*page, meaning).count() > 1).then_some(FAMILY_LABEL);
            let by: Vec<&str> =
                [server.as_str()].into_iter().chain(families).chain(family.of.iter().map(String::as_str)).collect();
            let scale = if family.scale == 1.0 { String::new() } else { format!(" * {}", family.scale) };
            Some(format!("{pick}(max by ({}) ({values})){scale}", by.join(", ")))
        }))
    }

    /// Requests that run now, of the APIs that fit, on all servers together.
    fn inflight(&self, apis: impl Fn(&'static Names) -> (&'static str, &'static [String])) -> Option<String> {
        let (fits, apis) = apis(Names::built_in());
        let pages = self.traffic_pages(Meaning::Inflight).iter();
        let families = pages.flat_map(|page| families_for(*page, Meaning::Inflight).map(|found| (*page, found)));
        either(families.filter_map(|(page, (name, family))| {
            // v2 writes the names of APIs in small letters.
            let of_apis = format!("{}{fits}\"(?i:{})\"", family.of.first()?, apis.join("|"));
            let more = [of_apis].into_iter().chain(self.bucket_matcher()).collect::<Vec<_>>().join(",");
            let by = self.labels(page, Meaning::Inflight);
            Some(format!("sum(max by ({by}) ({}))", self.scope.series(name, &more)))
        }))
    }

    /// The labels that tell the counters of a deployment apart.
    fn labels(&self, page: PageKind, meaning: Meaning) -> String {
        let names = Names::built_in();
        let of = families_for(page, meaning).next().map(|(_, family)| family.of.as_slice()).unwrap_or_default();
        let bucket = self.bucket_matcher().map(|_| names.bucket_label.clone());
        let families = (families_for(page, meaning).count() > 1).then(|| FAMILY_LABEL.to_owned());
        let labels = [names.server_label.clone()].into_iter().chain(bucket).chain(families).chain(of.iter().cloned());
        labels.collect::<Vec<_>>().join(", ")
    }

    /// A figure of the deployment as a whole, which each of its nodes may tell.
    fn one(&self, pick: &str, meaning: Meaning) -> Option<String> {
        either(WHOLE.iter().flat_map(|page| self.one_on(*page, pick, meaning)))
    }

    fn one_on(&self, page: PageKind, pick: &str, meaning: Meaning) -> Vec<String> {
        let figure = |(name, family): (&str, &Family)| {
            let scale = if family.scale == 1.0 { String::new() } else { format!(" * {}", family.scale) };
            format!("{pick}({}){scale}", self.scope.series(name, ""))
        };
        families_for(page, meaning).map(figure).collect()
    }

    fn used_bytes(&self) -> Option<String> {
        formula(|page| {
            let [total, free] = [Meaning::UsableTotal, Meaning::UsableFree].map(|of| self.one_on(page, "max", of));
            Some(format!("{} - {}", total.first()?, free.first()?))
        })
    }

    fn used_ratio(&self) -> Option<String> {
        formula(|page| {
            let [total, free] = [Meaning::UsableTotal, Meaning::UsableFree].map(|of| self.one_on(page, "max", of));
            Some(format!("1 - {} / {}", free.first()?, total.first()?))
        })
    }

    fn mean_object_bytes(&self) -> Option<String> {
        formula(|page| {
            let [bytes, objects] = [Meaning::UsageBytes, Meaning::Objects].map(|of| self.one_on(page, "max", of));
            Some(format!("{} / {}", bytes.first()?, objects.first()?))
        })
    }

    /// The ranges up to 1 MiB, without the one that is the sum of others. v3 leaves out what is zero.
    fn small_objects_ratio(&self) -> Option<String> {
        let names = Names::built_in();
        let small =
            names.size_ranges().iter().filter(|range| range.below_bytes.is_some_and(|below| below <= 1_048_576.0));
        let small: Vec<&str> = small.map(|range| range.name.as_str()).collect();
        let all: Vec<&str> = names.size_ranges().iter().map(|range| range.name.as_str()).collect();
        formula(|page| {
            let (name, family) = families_for(page, Meaning::ObjectSizes).next()?;
            let range = family.of.first()?;
            let sum = |ranges: &[&str]| {
                let mine = format!("{range}=~\"{}\"", ranges.join("|"));
                format!("sum(max by ({range}) ({}))", self.scope.series(name, &mine))
            };
            Some(format!("({} or 0 * {1}) / {1}", sum(&small), sum(&all)))
        })
    }

    fn transitioned_objects(&self) -> Option<String> {
        let stayed = Names::built_in().stayed_tiers().join("|");
        formula(|page| {
            let (name, family) = families_for(page, Meaning::Transitioned).next()?;
            let tier = family.of.first()?;
            let moved = self.scope.series(name, &format!("{tier}!~\"{stayed}\""));
            Some(format!("sum(max by ({tier}) ({moved}))"))
        })
    }

    /// v3 leaves out what is zero.
    fn nodes_total(&self) -> Option<String> {
        formula(|page| {
            let online = self.one_on(page, "min", Meaning::NodesOnline).pop()?;
            let offline = self.one_on(page, "max", Meaning::NodesOffline).pop()?;
            Some(format!("{online} + ({offline} or 0 * {online})"))
        })
    }

    /// A gauge of the erasure sets, each of them once.
    fn by_set(&self, page: PageKind, meaning: Meaning) -> Option<String> {
        let (name, family) = families_for(page, meaning).next()?;
        Some(format!("max by ({}) ({})", family.of.join(", "), self.scope.series(name, "")))
    }

    fn drives_healing(&self) -> Option<String> {
        formula(|page| {
            let healing = self.by_set(page, Meaning::SetHealing)?;
            let sets = self.by_set(page, Meaning::SetWriteQuorum)?;
            Some(format!("sum({healing}) or 0 * sum({sets})"))
        })
    }

    /// While drives heal the servers count them as if they were more than healthy.
    fn write_tolerance(&self) -> Option<String> {
        formula(|page| {
            let online = self.by_set(page, Meaning::SetOnline)?;
            let quorum = self.by_set(page, Meaning::SetWriteQuorum)?;
            let healing = self.by_set(page, Meaning::SetHealing)?;
            Some(format!("clamp_min(min({online} - {quorum}), 0) unless sum({healing}) > 0"))
        })
    }

    /// A figure of each of the tier's buckets, added up.
    fn of_buckets(&self, meaning: Meaning) -> Option<String> {
        let buckets = self.bucket_matcher()?;
        let bucket = &Names::built_in().bucket_label;
        let pages = [PageKind::V3Buckets, PageKind::V2Bucket];
        let families = pages.into_iter().flat_map(|page| families_for(page, meaning));
        either(families.map(|(name, _)| format!("sum(max by ({bucket}) ({}))", self.scope.series(name, &buckets))))
    }
}

/// A formula over figures of one page, by whichever page of the deployment has them all.
fn formula(formula: impl Fn(PageKind) -> Option<String>) -> Option<String> {
    either(WHOLE.iter().filter_map(|page| formula(*page)))
}

/// Several families' results as one vector. A result has no name, so two families would be one series: a label of ours
/// keeps them apart.
fn kept_apart<'a>(results: impl Iterator<Item = (&'a str, String)>) -> String {
    let labelled = results.map(|(name, result)| labelled(&result, FAMILY_LABEL, name));
    labelled.collect::<Vec<_>>().join(" or ")
}

fn labelled(expression: &str, label: &str, value: &str) -> String {
    format!("label_replace({expression}, \"{label}\", \"{value}\", \"\", \"\")")
}

/// The first of these that there is.
fn either(expressions: impl Iterator<Item = String>) -> Option<String> {
    let all: Vec<String> = expressions.collect();
    match &all[..] {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(all.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" or ")),
    }
}

fn families_for(page: PageKind, meaning: Meaning) -> impl Iterator<Item = (&'static str, &'static Family)> {
    families_of(page).filter(move |(_, family)| family.meaning == meaning)
}

fn families_of(page: PageKind) -> impl Iterator<Item = (&'static str, &'static Family)> {
    Names::built_in().page(page).into_iter().flatten().map(|(name, family)| (name.as_str(), family))
}

/// `label=~"a|b.*"` of patterns with `*` and `?`.
fn matcher(label: &str, patterns: &[String]) -> String {
    let patterns: Vec<String> = patterns.iter().map(|pattern| regex_of(pattern)).collect();
    format!("{label}=~\"{}\"", patterns.join("|"))
}

/// A pattern with `*` and `?` as a regular expression, inside the quotes of `PromQL`.
fn regex_of(pattern: &str) -> String {
    let mut regex = String::new();
    for char in pattern.chars() {
        match char {
            '*' => regex.push_str(".*"),
            '?' => regex.push('.'),
            '"' => regex.push_str("\\\""),
            '\n' => regex.push_str("\\n"),
            plain if plain.is_alphanumeric() || matches!(plain, '-' | '_' | ':' | '/' | ' ') => regex.push(plain),
            special => regex.extend(["\\\\", &special.to_string()]),
        }
    }
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

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
