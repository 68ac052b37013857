//! Each quantity of a tier, and of the GPUs, as `PromQL`.

use crate::signal::{Quantity, Tier};
use crate::telemetry::TargetKind;
use crate::telemetry::names::{Family, Meaning, Names, PageKind};

use super::words::{FAMILY_LABEL, either, families_for, kept_apart, matcher, selector};

/// A rate needs some samples: a scrape that is late must not break it off.
const SCRAPES_A_RATE: f64 = 4.0;

/// What is asked of one tier, or of the GPUs.
pub(super) struct QueryPart<'a> {
    pub(super) kind: &'a TargetKind,
    /// Of the target's series.
    pub(super) matchers: &'a str,
    pub(super) tier: Option<Tier>,
    pub(super) scrape_secs: f64,
    /// How a counter becomes a rate: over several scrapes, or between the last two.
    pub(super) function: &'static str,
}

/// Where figures of a deployment as a whole stand, the preferred page first.
const WHOLE: &[PageKind] = &[PageKind::V3Cluster, PageKind::V2Cluster];

impl QueryPart<'_> {
    fn series(&self, metric: &str, more: &str) -> String {
        selector(metric, [more, self.matchers])
    }

    /// A tier that a deployment is, or that some of its buckets make. None of what only looking at each series can tell.
    pub(super) fn of_minio(&self, quantity: Quantity) -> Option<String> {
        self.of_requests(quantity).or_else(|| self.of_whole(quantity)).or_else(|| self.of_processes(quantity))
    }

    /// What is asked of the tier, and how it answers.
    fn of_requests(&self, quantity: Quantity) -> Option<String> {
        match quantity {
            Quantity::ReadBytesPerSec => self.rate(&[Meaning::BytesOut]),
            Quantity::WriteBytesPerSec => self.rate(&[Meaning::BytesIn]),
            Quantity::RequestsPerSec => self.rate(&[Meaning::Requests]),
            Quantity::ErrorsPerSec => self.rate(&[Meaning::Errors4xx, Meaning::Errors5xx]),
            Quantity::Errors4xxPerSec => self.rate(&[Meaning::Errors4xx]),
            Quantity::Errors5xxPerSec => self.rate(&[Meaning::Errors5xx]),
            Quantity::CanceledPerSec => self.rate(&[Meaning::Canceled]),
            Quantity::RequestsInflight => self.inflight(|names| ("!~", names.not_inflight())),
            Quantity::ReadsInflight => self.inflight(|names| ("=~", names.reading())),
            Quantity::WritesInflight => self.inflight(|names| ("=~", names.writing())),
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
            _ => None,
        }
    }

    /// What the tier holds, and whether it stands.
    fn of_whole(&self, quantity: Quantity) -> Option<String> {
        let is_of_buckets = self.bucket_matcher().is_some();
        match quantity {
            Quantity::UsedBytes if is_of_buckets => self.of_buckets(Meaning::BucketUsed),
            Quantity::Objects if is_of_buckets => self.of_buckets(Meaning::BucketObjects),
            Quantity::MeanObjectBytes if is_of_buckets => {
                let (used, objects) = (self.of_buckets(Meaning::BucketUsed)?, self.of_buckets(Meaning::BucketObjects)?);
                Some(format!("({used}) / ({objects})"))
            }
            // What is of the deployment as a whole is no bucket's.
            Quantity::UsedRatio | Quantity::SmallObjectsRatio | Quantity::TransitionedObjects if is_of_buckets => None,
            Quantity::TransitionsPerSec => self.rate(&[Meaning::Transitions]).filter(|_| !is_of_buckets),
            Quantity::QuotaBytes => self.of_buckets(Meaning::BucketQuota),
            Quantity::UsedBytes => {
                self.of_two([Meaning::UsableTotal, Meaning::UsableFree], |total, free| format!("{total} - {free}"))
            }
            Quantity::UsedRatio => {
                self.of_two([Meaning::UsableFree, Meaning::UsableTotal], |free, total| format!("1 - {free} / {total}"))
            }
            Quantity::MeanObjectBytes => {
                self.of_two([Meaning::UsageBytes, Meaning::Objects], |bytes, all| format!("{bytes} / {all}"))
            }
            Quantity::Objects => self.one("max", Meaning::Objects),
            Quantity::SmallObjectsRatio => self.small_objects_ratio(),
            Quantity::TransitionedObjects => self.transitioned_objects(),
            Quantity::CapacityBytes => self.one("max", Meaning::UsableTotal),
            Quantity::RawBytes => self.one("max", Meaning::RawTotal),
            Quantity::UsageAgeSecs => self.one("max", Meaning::UsageAge),
            Quantity::NodesOnline => self.one("min", Meaning::NodesOnline),
            Quantity::NodesTotal => self.nodes_total(),
            Quantity::DrivesOnline => self.one("min", Meaning::DrivesOnline),
            Quantity::DrivesTotal => self.one("max", Meaning::DrivesTotal),
            Quantity::DrivesHealing => self.drives_healing(),
            Quantity::WriteTolerance => self.write_tolerance(),
            Quantity::WriteQuorum => self.one("min", Meaning::QuorumHeld),
            _ => None,
        }
    }

    /// What its servers do besides.
    fn of_processes(&self, quantity: Quantity) -> Option<String> {
        match quantity {
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
            _ => None,
        }
    }

    /// T0: the drives of hosts.
    pub(super) fn of_drives(&self, quantity: Quantity, devices: &[String]) -> Option<String> {
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
            Some(format!("sum(max by (instance, device) ({}))", self.series(name, &mounted)))
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
    pub(super) fn of_gpus(&self, quantity: Quantity) -> Option<String> {
        const GPU: &str = "by (instance, Hostname, gpu, GPU_I_ID)";
        let name = |meaning| families_for(PageKind::Dcgm, meaning).next();
        let (percent, of_percent) = name(Meaning::GpuBusyPercent)?;
        let (ratio, _) = name(Meaning::GpuBusyRatio)?;
        let all = |metric: &str, more: &str| format!("max {GPU} ({})", self.series(metric, more));
        match quantity {
            Quantity::BusyRatio => {
                let (cut, whole) = (all(ratio, "GPU_I_ID!=\"\""), all(percent, ""));
                Some(format!("avg({cut}) or avg({whole}) * {} or avg({})", of_percent.scale, all(ratio, "")))
            }
            Quantity::Gpus => {
                let either = format!("__name__=~\"{percent}|{ratio}\"");
                Some(format!("count(max by (instance, Hostname, gpu) ({}))", self.series("", &either)))
            }
            Quantity::VramUsedBytes => {
                let (used, family) = name(Meaning::VramUsed)?;
                Some(format!("sum({}) * {}", all(used, ""), family.scale))
            }
            _ => None,
        }
    }

    /// A matcher of the tier's buckets, where buckets make it.
    pub(super) fn bucket_matcher(&self) -> Option<String> {
        let TargetKind::Buckets(tiers) = self.kind else { return None };
        let (_, patterns) = tiers.iter().find(|(tier, _)| Some(*tier) == self.tier)?;
        Some(matcher(&Names::built_in().bucket_label, patterns))
    }

    /// The pages with the traffic: of the deployment, or of its buckets. v3 may give a bucket's bytes the wrong way round,
    /// and the server does not say when: of buckets v2 alone is asked for bytes.
    fn traffic_pages(&self, meaning: Meaning) -> &'static [PageKind] {
        match (self.kind, meaning.is_traffic()) {
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
        let rate = |name: &str| format!("{}({}[{window_secs}s])", self.function, self.series(name, more));
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
            let values = if meaning.is_counter() { self.rates(*page, meaning, "")? } else { self.series(name, "") };
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
            Some(format!("sum(max by ({by}) ({}))", self.series(name, &more)))
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
            format!("{pick}({}){scale}", self.series(name, ""))
        };
        families_for(page, meaning).map(figure).collect()
    }

    /// A formula over two figures of the deployment as a whole.
    fn of_two(&self, of: [Meaning; 2], words: impl Fn(&str, &str) -> String) -> Option<String> {
        formula(|page| {
            let [one, other] = of.map(|of| self.one_on(page, "max", of));
            Some(words(one.first()?, other.first()?))
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
                format!("sum(max by ({range}) ({}))", self.series(name, &mine))
            };
            Some(format!("({} or 0 * {1}) / {1}", sum(&small), sum(&all)))
        })
    }

    fn transitioned_objects(&self) -> Option<String> {
        let stayed = Names::built_in().stayed_tiers().join("|");
        formula(|page| {
            let (name, family) = families_for(page, Meaning::Transitioned).next()?;
            let tier = family.of.first()?;
            let moved = self.series(name, &format!("{tier}!~\"{stayed}\""));
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
        Some(format!("max by ({}) ({})", family.of.join(", "), self.series(name, "")))
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
        either(families.map(|(name, _)| format!("sum(max by ({bucket}) ({}))", self.series(name, &buckets))))
    }
}

/// A formula over figures of one page, by whichever page of the deployment has them all.
fn formula(formula: impl Fn(PageKind) -> Option<String>) -> Option<String> {
    either(WHOLE.iter().filter_map(|page| formula(*page)))
}
