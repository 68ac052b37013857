//! The engineers' page of a source as data: target by target, what of its inside is known now, ready to be drawn.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::live::source::{Heard, Source};
use crate::live::state::State;
use crate::signal::{
    DriveHealth, Inside, InsideApi, InsideBucket, InsideDrive, InsideNode, PageScrape, Quantity, Reading, Signal,
    SizeCount, Subject,
};

/// What engineers see of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct Engineers {
    /// Those of the source that were announced, by name.
    pub targets: Vec<EngineersTarget>,
}

/// What engineers see of one target.
#[derive(Clone, Debug, PartialEq)]
pub struct EngineersTarget {
    pub name: Arc<str>,
    /// The tiers it speaks for, or the GPUs.
    pub subjects: Vec<Subject>,
    pub state: State,
    /// How old what stands below is, in seconds; none where nothing was told.
    pub age_secs: Option<f64>,
    pub nodes: Vec<InsideNode>,
    pub drives: DriveMap,
    pub buckets: Vec<InsideBucket>,
    /// By what they do, the busiest of each class first.
    pub apis: Vec<InsideApi>,
    /// What it tells of itself as a whole: those of `OF_THE_WHOLE` that are known.
    pub told: BTreeMap<Quantity, f64>,
    /// How many objects it has of each size, the smallest first.
    pub sizes: Vec<SizeCount>,
    pub scrapes: Vec<PageScrape>,
}

/// What is told of a deployment as a whole.
const OF_THE_WHOLE: [Quantity; 17] = [
    Quantity::Objects,
    Quantity::MeanObjectBytes,
    Quantity::SmallObjectsRatio,
    Quantity::UsageAgeSecs,
    Quantity::ObjectsMoved,
    Quantity::TransitionedObjects,
    Quantity::TransitionsRunning,
    Quantity::TransitionsPerSec,
    Quantity::ReplicationBacklog,
    Quantity::ReplicationQueuedBytes,
    Quantity::ReplicationLagSecs,
    Quantity::InternodeBytesPerSec,
    Quantity::CpuRatio,
    Quantity::CpuCores,
    Quantity::MemoryUsedBytes,
    Quantity::DriveLatencySecs,
    Quantity::DriveErrorsPerSec,
];

/// Drives as the cells of a heat map, one row a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DriveMap {
    pub rows: Vec<DriveRow>,
    /// Drives of the deployment that no node ever told of.
    pub unseen: usize,
}

/// The drives of one node.
#[derive(Clone, Debug, PartialEq)]
pub struct DriveRow {
    pub node: String,
    pub cells: Vec<DriveCell>,
}

/// One drive, and how hot it is.
#[derive(Clone, Debug, PartialEq)]
pub struct DriveCell {
    pub drive: InsideDrive,
    /// Its latency by that of the slowest drive of the target, 0 to 1; none where it did nothing.
    pub heat: Option<f64>,
    /// Used of its own size, 0 to 1.
    pub used_ratio: Option<f64>,
}

/// A column of the table of buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BucketColumn {
    Name,
    Used,
    Objects,
    Read,
    Write,
    Requests,
    Errors,
}

impl BucketColumn {
    /// Its number in a row, in the unit of its field; none of the name, and of what is not known.
    pub fn value(self, bucket: &InsideBucket) -> Option<f64> {
        match self {
            Self::Name => None,
            Self::Used => bucket.used_bytes,
            Self::Objects => bucket.objects,
            Self::Read => bucket.read_bytes_per_sec,
            Self::Write => bucket.write_bytes_per_sec,
            Self::Requests => bucket.requests_per_sec,
            Self::Errors => bucket.errors_per_sec,
        }
    }
}

/// What engineers see of that source at that time of its clock.
pub fn engineers(source: &Source, now_secs: f64) -> Engineers {
    Engineers { targets: source.targets().map(|heard| target_of(source, heard, now_secs)).collect() }
}

impl EngineersTarget {
    /// The rows of the bucket table: by that column, the largest first when `falling`. What is not known comes last either
    /// way, and rows that are alike go by their name.
    pub fn buckets_by(&self, column: BucketColumn, falling: bool) -> Vec<&InsideBucket> {
        let mut rows: Vec<&InsideBucket> = self.buckets.iter().collect();
        rows.sort_by(|one, other| {
            let by_name = one.name.cmp(&other.name);
            match column {
                BucketColumn::Name if falling => by_name.reverse(),
                BucketColumn::Name => by_name,
                column => by_value(column.value(one), column.value(other), falling).then(by_name),
            }
        });
        rows
    }
}

/// The order of two values of which either may be unknown.
fn by_value(one: Option<f64>, other: Option<f64>, falling: bool) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => {
            let order = one.partial_cmp(&other).unwrap_or(Ordering::Equal);
            if falling { order.reverse() } else { order }
        }
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
}

fn target_of(source: &Source, heard: &Heard, now_secs: f64) -> EngineersTarget {
    let subjects = heard.target.subjects.clone();
    let (inside, told_secs) =
        heard.inside.as_ref().map_or_else(Default::default, |told| (Inside::clone(&told.inside), Some(told.at_secs)));
    let Inside { nodes, drives, buckets, mut apis, sizes, pages, .. } = inside;
    apis.sort_by(by_class);
    EngineersTarget {
        name: heard.target.name.clone(),
        state: State::together(
            subjects.iter().map(|subject| source.state(*subject, now_secs)).collect::<Vec<_>>().iter(),
        ),
        age_secs: told_secs.map(|told_secs| (now_secs - told_secs).max(0.0)),
        nodes,
        drives: drive_map(drives, value_of(heard, Quantity::DrivesTotal)),
        buckets,
        apis,
        told: OF_THE_WHOLE.iter().filter_map(|of| Some((*of, value_of(heard, *of)?))).collect(),
        sizes,
        scrapes: pages,
        subjects,
    }
}

/// A figure of the target: of the first of its tiers that has it, where several share its deployment.
fn value_of(heard: &Heard, quantity: Quantity) -> Option<f64> {
    let of = |subject: &Subject| heard.readings.get(&Signal { subject: *subject, quantity });
    heard.target.subjects.iter().find_map(of).map(|reading: &Reading| reading.value)
}

fn drive_map(drives: Vec<InsideDrive>, total: Option<f64>) -> DriveMap {
    let unseen = (total.unwrap_or(0.0) as usize).saturating_sub(drives.len());
    let slowest_secs = drives.iter().filter_map(|drive| drive.latency_secs).fold(0.0, f64::max);
    let mut rows: Vec<DriveRow> = Vec::new();
    for drive in drives {
        let is_told = matches!(drive.health, DriveHealth::Healthy | DriveHealth::Healing);
        let heat = drive.latency_secs.filter(|_| is_told && slowest_secs > 0.0).map(|secs| secs / slowest_secs);
        let used_ratio =
            drive.used_bytes.zip(drive.total_bytes.filter(|total| *total > 0.0)).map(|(used, total)| used / total);
        let node = drive.node.clone();
        let cell = DriveCell { drive, heat, used_ratio };
        match rows.last_mut().filter(|row| row.node == node) {
            Some(row) => row.cells.push(cell),
            None => rows.push(DriveRow { node, cells: vec![cell] }),
        }
    }
    DriveMap { rows, unseen }
}

/// The APIs by what they do, the busiest of each class first.
fn by_class(one: &InsideApi, other: &InsideApi) -> Ordering {
    let busier = other.requests_per_sec.total_cmp(&one.requests_per_sec);
    one.class.cmp(&other.class).then(busier).then_with(|| one.name.cmp(&other.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::event::{Announcement, Report, SourceEvent, SourceId, SourceKind, Target};
    use crate::signal::{ApiClass, Readings, Tier};

    fn drive(node: &str, name: &str, health: DriveHealth, latency_secs: Option<f64>, used_bytes: f64) -> InsideDrive {
        let [node, name] = [node, name].map(str::to_owned);
        let (waiting_ios, errors_per_sec) = (Some(0.0), Some(0.0));
        let (used_bytes, total_bytes) = (Some(used_bytes), Some(100.0));
        InsideDrive { node, name, health, latency_secs, waiting_ios, errors_per_sec, used_bytes, total_bytes }
    }

    fn bucket(name: &str, used_bytes: Option<f64>, requests_per_sec: Option<f64>) -> InsideBucket {
        InsideBucket { name: name.to_owned(), used_bytes, requests_per_sec, ..InsideBucket::default() }
    }

    fn api(name: &str, class: ApiClass, requests_per_sec: f64, errors_4xx_per_sec: f64) -> InsideApi {
        let (requests, errors_5xx_per_sec, canceled_per_sec, inflight) = (9.0, 0.0, 0.0, 2.0);
        let name = name.to_owned();
        InsideApi {
            name,
            class,
            requests_per_sec,
            requests,
            errors_4xx_per_sec,
            errors_5xx_per_sec,
            canceled_per_sec,
            inflight,
        }
    }

    /// A lab of one target that told what is inside it at 10 s, looked at at 12 s.
    fn seen(inside: Inside) -> EngineersTarget {
        let target = Target {
            name: "warm".into(),
            subjects: vec![Subject::Tier(Tier::T2)],
            interval_secs: 1.0,
            unverified: false,
        };
        let announced =
            Announcement { kind: SourceKind::Lab, origin: "lab".into(), lapse: 1, targets: vec![target.clone()] };
        let mut source = Source::new(SourceId::new("lab"), announced);
        let reading =
            |quantity, value| (Signal::tier(Tier::T2, quantity), Reading { value, at_secs: 10.0, lag_secs: 0.0 });
        let readings: Readings =
            [reading(Quantity::DrivesTotal, 6.0), reading(Quantity::TransitionsRunning, 40.0)].into();
        let (last_good_secs, interval_secs, at_secs) = (10.0, 1.0, 10.0);
        let report = Report { readings, moved: None, last_good_secs, interval_secs, samples: 0, faults: Vec::new() };
        source.apply(SourceEvent::Scraped { target: target.name.clone(), at_secs, report });
        source.apply(SourceEvent::Inspected { target: target.name, at_secs, inside: inside.into() });
        engineers(&source, 12.0).targets.remove(0)
    }

    #[test]
    fn drives_are_cells_by_node_as_hot_as_they_are_slow() {
        let drives = vec![
            drive("a", "/d1", DriveHealth::Healthy, Some(0.010), 50.0),
            drive("a", "/d2", DriveHealth::Healing, Some(0.040), 25.0),
            drive("b", "/d1", DriveHealth::Offline, None, 0.0),
            drive("b", "/d2", DriveHealth::Healthy, None, 100.0),
        ];
        let target = seen(Inside { drives, ..Inside::default() });
        assert_eq!((target.age_secs, target.state.to_string()), (Some(2.0), "LIVE".to_owned()));
        assert_eq!(target.drives.unseen, 2, "six drives, of which four were ever told of");
        let cell = |cell: &DriveCell| (cell.heat, cell.used_ratio);
        let rows: Vec<(&str, Vec<_>)> =
            target.drives.rows.iter().map(|row| (row.node.as_str(), row.cells.iter().map(cell).collect())).collect();
        let a = vec![(Some(0.25), Some(0.5)), (Some(1.0), Some(0.25))];
        assert_eq!(rows, [("a", a), ("b", vec![(None, Some(0.0)), (None, Some(1.0))])]);
        assert_eq!(target.told, BTreeMap::from([(Quantity::TransitionsRunning, 40.0)]));
    }

    #[test]
    fn hundreds_of_buckets_go_by_any_column_and_what_is_unknown_comes_last() {
        let buckets = vec![
            bucket("alpha", Some(5.0), None),
            bucket("beta", None, Some(1.0)),
            bucket("gamma", Some(9.0), Some(3.0)),
            bucket("delta", Some(5.0), Some(2.0)),
        ];
        let target = seen(Inside { buckets, ..Inside::default() });
        let names = |column, falling| -> Vec<&str> {
            target.buckets_by(column, falling).iter().map(|row| row.name.as_str()).collect()
        };
        assert_eq!(names(BucketColumn::Used, true), ["gamma", "alpha", "delta", "beta"]);
        assert_eq!(names(BucketColumn::Used, false), ["alpha", "delta", "gamma", "beta"]);
        assert_eq!(names(BucketColumn::Requests, true), ["gamma", "delta", "beta", "alpha"]);
        assert_eq!(names(BucketColumn::Name, true), ["gamma", "delta", "beta", "alpha"]);
        assert_eq!(names(BucketColumn::Read, true), ["alpha", "beta", "delta", "gamma"], "all unknown: by name");
    }

    #[test]
    fn apis_come_by_what_they_do_the_busiest_first() {
        let apis = vec![
            api("HeadObject", ApiClass::Other, 2.0, 0.0),
            api("PutObject", ApiClass::Put, 1.0, 0.0),
            api("PutObjectPart", ApiClass::Put, 8.0, 0.5),
            api("GetObject", ApiClass::Get, 5.0, 1.0),
        ];
        let target = seen(Inside { apis, ..Inside::default() });
        let told: Vec<&str> = target.apis.iter().map(|api| api.name.as_str()).collect();
        assert_eq!(told, ["GetObject", "PutObjectPart", "PutObject", "HeadObject"]);
    }
}
