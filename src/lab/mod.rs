//! The lab file: which deployments serve which tiers, and which exporters see what MinIO cannot.
//!
//! Text in, [`Lab`] out. Secrets are not read here: the file names an environment variable or another file, and
//! `feeds` resolves it when it asks the lab.

mod check;
mod file;
mod model;
mod refused;
mod url;
mod write;

pub(crate) use self::check::is_variable;
pub use self::model::{
    Access, Auth, Deployment, Exporter, ExporterKind, Identity, Lab, Prometheus, SecretPlace, Serves,
};
pub(crate) use self::url::Url;
