//! The simulated lab: a pure function from a seed, the story's events and a time to the pages that MinIO and the exporters
//! would answer then.
//!
//! The lab is a training cluster that follows the story: a told phase makes its traffic, as MinIO counts it. Nothing here
//! keeps state between two questions, waits, or reads a clock; any time may be asked for, also times before the story
//! began, at which a training run was going on. The pages are MinIO's text, so they pass through the same parser and fold as
//! a real lab's.

mod calls;
mod endpoints;
mod exporters;
mod failures;
mod lab;
mod lists;
mod nodes;
mod page_text;
mod phase;
mod query;
mod topology;
mod usage;
mod v2;
mod v2_bucket;
mod v3;
mod v3_cluster;
mod v3_system;
mod work;
mod workload;

pub use endpoints::{SimEndpoint, SimPage};
pub(crate) use failures::{Failures, Outage, Part};
pub use lab::{Bytes, SimLab, Truth};
pub(crate) use lists::{list_as_json, list_as_table};
pub use phase::Phase;
pub(crate) use query::CollectedAt;
pub use topology::SimDeployment;
pub(crate) use topology::{FAILING_DRIVE_NODE, FAILING_NODE, SECOND_FAILING_NODE, WARM_NODES};
pub use work::StoryEvent;
pub(crate) use workload::Sizing;

#[cfg(test)]
mod tests;
