//! The lab file as it is written: serde types and nothing else.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::signal::Tier;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Lab")]
pub(super) struct LabFile {
    #[serde(default = "unnamed")]
    pub(super) name: String,
    #[serde(default)]
    pub(super) deployments: Vec<DeploymentFile>,
    #[serde(default)]
    pub(super) exporters: Vec<ExporterFile>,
    #[serde(default)]
    pub(super) prometheus: Option<PrometheusFile>,
    #[serde(default)]
    pub(super) show_names: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Deployment")]
pub(super) struct DeploymentFile {
    pub(super) name: String,
    #[serde(default)]
    pub(super) tier: Option<Tier>,
    #[serde(default)]
    pub(super) buckets: Option<BTreeMap<Tier, Vec<String>>>,
    #[serde(default)]
    pub(super) urls: Option<Vec<String>>,
    #[serde(default)]
    pub(super) instances: Vec<String>,
    #[serde(default = "unsaid")]
    pub(super) auth: AuthFile,
    #[serde(default)]
    pub(super) tls: TlsFile,
    #[serde(default)]
    pub(super) proxy: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "Auth")]
pub(super) enum AuthFile {
    #[serde(alias = "Bearer")]
    Token(SecretFile),
    Keys {
        access: String,
        secret: SecretFile,
    },
    Basic {
        user: String,
        password: SecretFile,
    },
    #[default]
    Public,
    /// Nothing is written.
    #[serde(skip)]
    Unsaid,
}

#[derive(Deserialize)]
#[serde(rename = "Secret")]
pub(super) enum SecretFile {
    Env(String),
    File(String),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename = "Tls", default)]
pub(super) struct TlsFile {
    pub(super) ca: Option<String>,
    pub(super) skip_verification: bool,
    pub(super) name: Option<String>,
    pub(super) cert: Option<String>,
    pub(super) key: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Exporter")]
pub(super) struct ExporterFile {
    pub(super) name: String,
    pub(super) kind: ExporterKindFile,
    #[serde(default)]
    pub(super) urls: Option<Vec<String>>,
    #[serde(default)]
    pub(super) instances: Vec<String>,
    #[serde(default)]
    pub(super) devices: Option<Vec<String>>,
    #[serde(default)]
    pub(super) auth: AuthFile,
    #[serde(default)]
    pub(super) tls: TlsFile,
    #[serde(default)]
    pub(super) proxy: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename = "ExporterKind")]
pub(super) enum ExporterKindFile {
    Node,
    Dcgm,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename = "Prometheus")]
pub(super) struct PrometheusFile {
    pub(super) url: String,
    #[serde(default)]
    pub(super) job: Option<String>,
    #[serde(default)]
    pub(super) tenant: Option<String>,
    #[serde(default)]
    pub(super) auth: AuthFile,
    #[serde(default)]
    pub(super) tls: TlsFile,
    #[serde(default)]
    pub(super) proxy: Option<String>,
}

fn unsaid() -> AuthFile {
    AuthFile::Unsaid
}

fn unnamed() -> String {
    "Lab".to_owned()
}
