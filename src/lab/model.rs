//! A lab as the rest of the app uses it: deployments, exporters, and how they are asked.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::ron_text::Problem;
use crate::signal::{Subject, Tier};

use super::url::Url;

/// A lab as the rest of the app uses it; every value in it has been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Lab {
    pub name: String,
    pub deployments: Vec<Deployment>,
    pub exporters: Vec<Exporter>,
    pub prometheus: Option<Prometheus>,
    /// Whether hosts and buckets may be named on the audience window.
    pub show_names: bool,
    /// What is odd, but no reason to refuse the file.
    pub warnings: Vec<Problem>,
}

/// One MinIO cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    pub name: String,
    pub serves: Serves,
    /// One for each node; no path. Empty: it is read from the Prometheus server alone.
    pub urls: Vec<Url>,
    /// What the Prometheus server calls its nodes, with `*` and `?`; empty: as its URLs.
    pub instances: Vec<String>,
    pub auth: Auth,
    pub access: Access,
}

/// What a deployment stands for in the world.
#[derive(Clone, Debug, PartialEq)]
pub enum Serves {
    /// The whole deployment is one tier.
    Tier(Tier),
    /// Buckets, by name or with `*` and `?`, make tiers of one deployment.
    Buckets(BTreeMap<Tier, Vec<String>>),
}

impl Serves {
    /// The tiers served, nearest to the GPU first.
    pub fn tiers(&self) -> Vec<Tier> {
        match self {
            Self::Tier(tier) => vec![*tier],
            Self::Buckets(buckets) => buckets.keys().copied().collect(),
        }
    }
}

/// How the metrics of a deployment or exporter are opened. Its `Debug` form, which a panic would print, names no key and no
/// user.
#[derive(Clone, PartialEq, Eq)]
pub enum Auth {
    /// A bearer token: for a deployment as `mc admin prometheus generate` prints it.
    Token(SecretPlace),
    /// A token is minted from an access key and its secret key.
    Keys { access: String, secret: SecretPlace },
    /// A user and a password, as an exporter or the proxy before it may ask for.
    Basic { user: String, password: SecretPlace },
    /// The server runs with public metrics; an exporter mostly does.
    Public,
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token",
            Self::Keys { .. } => "Keys",
            Self::Basic { .. } => "Basic",
            Self::Public => "Public",
        })
    }
}

/// Where a secret lies. The secret itself is never in the lab file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    /// The name of an environment variable.
    Env(String),
    /// A file, relative to the lab file.
    File(PathBuf),
}

/// How to reach the servers: certificates, and a proxy when one is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// A PEM file with the CA to trust in place of the system's, relative to the lab file.
    pub ca: Option<PathBuf>,
    /// Certificates are not looked at; the stage says so.
    pub skip_verification: bool,
    /// The name the certificate bears, where it is not the URL's host.
    pub server_name: Option<String>,
    /// Who we are, where a server asks for a certificate.
    pub identity: Option<Identity>,
    pub proxy: Option<Url>,
}

/// A client certificate and its key, as PEM files relative to the lab file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// With those of the CAs between, where there are some.
    pub cert: PathBuf,
    /// Refused while others may read it.
    pub key: PathBuf,
}

/// A source of what MinIO cannot see.
#[derive(Clone, Debug, PartialEq)]
pub struct Exporter {
    pub name: String,
    pub kind: ExporterKind,
    /// With their path.
    pub urls: Vec<Url>,
    /// What the Prometheus server calls them, with `*` and `?`; empty: as its URLs.
    pub instances: Vec<String>,
    /// `Node` only: the drives that are T0's; empty: all that look like drives.
    pub devices: Vec<String>,
    pub auth: Auth,
    pub access: Access,
}

/// What an exporter sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExporterKind {
    /// `node_exporter`: the drives of T0.
    Node,
    /// The DCGM exporter: the GPUs.
    Dcgm,
}

impl ExporterKind {
    /// What its readings are about.
    pub(crate) fn subject(self) -> Subject {
        match self {
            Self::Node => Subject::Tier(Tier::T0),
            Self::Dcgm => Subject::Compute,
        }
    }
}

/// A server with Prometheus' API that already scrapes the lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prometheus {
    /// With the path before `/api/v1`, where there is one.
    pub url: Url,
    /// The job of MinIO's metrics, with `*` and `?`; none: any.
    pub job: Option<String>,
    /// Whose metrics, where the server keeps several tenants' (`X-Scope-OrgID`).
    pub tenant: Option<String>,
    pub auth: Auth,
    pub access: Access,
}
