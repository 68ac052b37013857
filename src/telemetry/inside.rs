//! What is inside a deployment, from the pages that are kept of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::signal::{
    ApiClass, DriveHealth, FirstByteBound, Inside, InsideApi, InsideBucket, InsideDrive, InsideNode, SizeCount,
};
use crate::telemetry::drive_names::drive_name;
use crate::telemetry::fold::{Fold, TrafficPages};
use crate::telemetry::names::{BETWEEN_LABELS, Meaning, Names};
use crate::telemetry::page::{Page, PageSeries};
use crate::telemetry::{Endpoint, health, traffic};

/// How v3 numbers what a drive is.
const HEALING: f64 = 2.0;
const OFFLINE: f64 = 0.0;

impl Fold {
    /// What is known of the inside of the target. Exporters have none but the health of their pages.
    pub fn inside(&self) -> Inside {
        let traffic = self.traffic_pages();
        Inside {
            nodes: self.inside_nodes(),
            drives: self.inside_drives(),
            buckets: buckets(self),
            apis: apis(&traffic),
            first_bytes: first_bytes(&traffic),
            sizes: self.inside_sizes(),
            pages: self.scrapes(),
        }
    }

    /// By the page that was counted last.
    fn inside_sizes(&self) -> Vec<SizeCount> {
        let pages = [Endpoint::V2Cluster, Endpoint::V3Cluster];
        let told = pages.iter().flat_map(|endpoint| self.hosts_and_pages(endpoint));
        let told = told.filter_map(|(_, page)| Some((page.gauge_at_secs(Meaning::ObjectSizes)?, page)));
        let newest = told.max_by(|one, other| one.0.total_cmp(&other.0));
        newest.map(|(_, page)| health::object_sizes(page)).unwrap_or_default()
    }

    fn inside_nodes(&self) -> Vec<InsideNode> {
        let mut nodes: BTreeMap<String, InsideNode> = BTreeMap::new();
        for endpoint in [Endpoint::V2Cluster, Endpoint::V3System, Endpoint::V3Requests] {
            for (host, page) in self.hosts_and_pages(&endpoint) {
                let own = page.only_server();
                // A node that was never heard is known by its address alone.
                let name = own.unwrap_or(host).to_owned();
                if endpoint == Endpoint::V3Requests && !page.is_balanced() {
                    let node = nodes.entry(name).or_default();
                    node.answers = Some(!page.is_silent() && page.answered_secs().is_some());
                }
                page.restarts().filter(|(server, _)| !server.is_empty()).for_each(|(server, restarts)| {
                    let node = nodes.entry(server.to_owned()).or_default();
                    node.restarts = node.restarts.max(restarts);
                });
                tell_nodes(page, &mut nodes);
            }
        }
        let named = |(name, node): (String, InsideNode)| InsideNode { name, ..node };
        nodes.into_iter().filter(|(name, _)| !name.is_empty()).map(named).collect()
    }

    fn inside_drives(&self) -> Vec<InsideDrive> {
        let mut drives: BTreeMap<(String, String), InsideDrive> = BTreeMap::new();
        let endpoint = if self.hosts_and_pages(&Endpoint::V3System).any(|(_, page)| page.at_secs().is_some()) {
            Endpoint::V3System
        } else {
            Endpoint::V2Node
        };
        let mut silent = BTreeSet::new();
        for (_, page) in self.hosts_and_pages(&endpoint) {
            drives.extend(drives_of(page));
            if !page.is_well() {
                silent.extend(page.servers_known().map(str::to_owned));
            }
        }
        for (node, name) in self.known_drives() {
            let key = (node.clone(), name.clone());
            let gone = || InsideDrive { health: DriveHealth::Offline, ..unknown_drive(node, name) };
            let drive = drives.entry(key).or_insert_with(gone);
            if silent.contains(node) {
                *drive = unknown_drive(node, name);
            }
        }
        drives.into_values().collect()
    }
}

fn unknown_drive(node: &str, name: &str) -> InsideDrive {
    InsideDrive {
        node: node.to_owned(),
        name: name.to_owned(),
        health: DriveHealth::Unknown,
        latency_secs: None,
        waiting_ios: None,
        errors_per_sec: None,
        used_bytes: None,
        total_bytes: None,
    }
}

/// Adds what a page tells of its servers.
fn tell_nodes(page: &Page, nodes: &mut BTreeMap<String, InsideNode>) {
    let mut set = |meaning, put: fn(&mut InsideNode, f64)| {
        for series in page.gauge(meaning) {
            if let Some(node) = nodes.get_mut(page.server_of(series)) {
                put(node, series.value);
            }
        }
    };
    set(Meaning::ProcessUptime, |node, value| node.uptime_secs = Some(value));
    set(Meaning::ProcessMemory, |node, value| node.memory_bytes = Some(value));
    set(Meaning::HostLoad, |node, value| node.load_ratio = Some(value));
    for series in page.counting(Meaning::ProcessCpuSecs) {
        if let Some(node) = nodes.get_mut(page.server_of(series)) {
            node.cpu_cores = series.per_sec.or(node.cpu_cores);
        }
    }
    for series in page.gauge(Meaning::Version) {
        if let Some(node) = nodes.get_mut(page.server_of(series)) {
            node.version = Some(series.item.clone());
        }
    }
}

/// The drives that a page tells of now, by server and path.
fn drives_of(page: &Page) -> BTreeMap<(String, String), InsideDrive> {
    let mut drives: BTreeMap<(String, String), InsideDrive> = BTreeMap::new();
    let names = Names::built_in();
    let mut each = |meaning, put: &dyn Fn(&mut InsideDrive, &PageSeries)| {
        for series in page.gauge(meaning) {
            let (server, drive) = drive_name(page, series);
            let drive = drives
                .entry((server.to_owned(), drive.to_owned()))
                .or_insert_with(|| InsideDrive { health: DriveHealth::Healthy, ..unknown_drive(server, drive) });
            put(drive, series);
        }
    };
    each(Meaning::DriveHealth, &|drive, series| {
        drive.health = match series.value {
            HEALING => DriveHealth::Healing,
            OFFLINE => DriveHealth::Offline,
            _ => DriveHealth::Healthy,
        };
    });
    each(Meaning::DriveUsed, &|drive, series| drive.used_bytes = Some(series.value));
    each(Meaning::DriveTotal, &|drive, series| drive.total_bytes = Some(series.value));
    each(Meaning::DriveWaiting, &|drive, series| drive.waiting_ios = Some(series.value));
    each(Meaning::DriveLatency, &|drive, series| {
        let operation = series.item.rsplit_once(BETWEEN_LABELS).map_or("", |(_, operation)| operation);
        if names.is_drive_work(operation) {
            drive.latency_secs = Some(drive.latency_secs.unwrap_or(0.0).max(series.value));
        }
    });
    for drive in drives.values_mut().filter(|_| page.leaves_out_zeros()) {
        drive.waiting_ios = drive.waiting_ios.or(Some(0.0));
        drive.used_bytes = drive.used_bytes.or(drive.total_bytes.map(|_| 0.0));
        drive.errors_per_sec = Some(0.0).filter(|_| page.was_read_twice());
    }
    for series in page.counting(Meaning::DriveErrors) {
        let (server, drive) = drive_name(page, series);
        if let Some(drive) = drives.get_mut(&(server.to_owned(), drive.to_owned())) {
            drive.errors_per_sec = series.per_sec.or(drive.errors_per_sec);
        }
    }
    drives
}

/// The APIs by name, all pages together. v2 writes their names in small letters.
fn apis(pages: &TrafficPages<'_>) -> Vec<InsideApi> {
    let mut apis: BTreeMap<&str, InsideApi> = BTreeMap::new();
    let new = |name: &str| InsideApi {
        name: name.to_owned(),
        class: class_of(name),
        requests_per_sec: 0.0,
        requests: 0.0,
        errors_4xx_per_sec: 0.0,
        errors_5xx_per_sec: 0.0,
        canceled_per_sec: 0.0,
        inflight: 0.0,
    };
    for page in &pages.pages {
        let mut add = |meaning, put: fn(&mut InsideApi, &PageSeries)| {
            for series in page.counting(meaning).filter(|series| pages.wants(series)) {
                put(apis.entry(series.item.as_str()).or_insert_with(|| new(&series.item)), series);
            }
        };
        add(Meaning::Requests, |api, series| {
            api.requests_per_sec += series.per_sec.unwrap_or(0.0);
            api.requests += series.grown;
        });
        add(Meaning::Errors4xx, |api, series| api.errors_4xx_per_sec += series.per_sec.unwrap_or(0.0));
        add(Meaning::Errors5xx, |api, series| api.errors_5xx_per_sec += series.per_sec.unwrap_or(0.0));
        add(Meaning::Canceled, |api, series| api.canceled_per_sec += series.per_sec.unwrap_or(0.0));
        for series in page.gauge(Meaning::Inflight).filter(|series| pages.wants(series)) {
            apis.entry(series.item.as_str()).or_insert_with(|| new(&series.item)).inflight += series.value;
        }
    }
    apis.into_values().collect()
}

fn class_of(api: &str) -> ApiClass {
    let names = Names::built_in();
    match api {
        api if names.is_reading(api) => ApiClass::Get,
        api if names.is_writing(api) => ApiClass::Put,
        api if names.is_listing(api) => ApiClass::List,
        _ => ApiClass::Other,
    }
}

fn first_bytes(pages: &TrafficPages<'_>) -> Vec<FirstByteBound> {
    let histogram = traffic::first_bytes(&pages.pages, |bucket| pages.wants_bucket(bucket));
    let bound = |(within_secs, requests): (f64, f64)| FirstByteBound {
        within_secs: Some(within_secs).filter(|secs| secs.is_finite()),
        requests,
    };
    histogram.bounds().map(bound).collect()
}

/// Buckets by name.
type Rows = BTreeMap<String, InsideBucket>;

/// The buckets that any page names: their usage, and their traffic where they are asked for it.
fn buckets(fold: &Fold) -> Vec<InsideBucket> {
    let mut rows = Rows::new();
    // The one that is asked for more often comes last and counts.
    for endpoint in [Endpoint::V3Cluster, Endpoint::V2Bucket, Endpoint::V3Buckets] {
        fold.hosts_and_pages(&endpoint).for_each(|(_, page)| set_usage(page, &mut rows));
    }
    let pages = fold.bucket_traffic_pages();
    for (bucket, page) in &pages.single {
        add_traffic(page, bucket, pages.is_swapped, &mut rows);
    }
    if let Some(page) = pages.all {
        let counting = page.counting(Meaning::BytesIn);
        let names: BTreeSet<&str> = counting.filter_map(|series| series.bucket.as_deref()).collect();
        for name in names {
            add_traffic(page, name, false, &mut rows);
        }
    }
    let told = |(name, row): (String, InsideBucket)| InsideBucket { tier: fold.bucket_tier(&name), name, ..row };
    rows.into_iter().map(told).collect()
}

fn set_usage(page: &Page, rows: &mut Rows) {
    let mut set = |meaning, put: fn(&mut InsideBucket, f64)| {
        for series in page.gauge(meaning) {
            if let Some(name) = &series.bucket {
                put(rows.entry(name.clone()).or_default(), series.value);
            }
        }
    };
    set(Meaning::BucketUsed, |row, value| row.used_bytes = Some(value));
    set(Meaning::BucketObjects, |row, value| row.objects = Some(value));
    set(Meaning::BucketQuota, |row, value| row.quota_bytes = Some(value).filter(|quota| *quota > 0.0));
}

/// Adds what a page tells of one bucket's traffic: of each node there is one.
fn add_traffic(page: &Page, name: &str, is_swapped: bool, rows: &mut Rows) {
    let row = rows.entry(name.to_owned()).or_default();
    let mine = |series: &PageSeries| series.bucket.as_deref().is_none_or(|bucket| bucket == name);
    let rate = |meaning| page.rate(meaning, mine).or(Some(0.0).filter(|_| page.was_read_twice()));
    let both = |one, other| rate(one).zip(rate(other)).map(|(one, other)| one + other);
    let named = [Meaning::NamedReceived, Meaning::NamedSent];
    let [received, sent] = if is_swapped { [named[1], named[0]] } else { named };
    let add = |sum: &mut Option<f64>, more: Option<f64>| {
        *sum = sum.iter().copied().chain(more).reduce(|sum, more| sum + more);
    };
    add(&mut row.write_bytes_per_sec, both(Meaning::BytesIn, received));
    add(&mut row.read_bytes_per_sec, both(Meaning::BytesOut, sent));
    add(&mut row.requests_per_sec, rate(Meaning::Requests));
    add(&mut row.errors_per_sec, both(Meaning::Errors4xx, Meaning::Errors5xx));
}
