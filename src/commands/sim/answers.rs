//! What each path answers: MinIO's rules for tokens, unknown paths, lists and compression, and the exporters' simpler ones.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::commands::sim::sources::Simulated;
use crate::sim::{Deployment, Endpoint, Page, list_as_json, list_as_table};

/// Whose door a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Minio { deployment: Deployment, node: usize },
    NodeExporter,
    Dcgm,
    Truth,
}

/// The parts of a request that matter here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) authorization: Option<&'a str>,
    pub(super) accept_encoding: &'a str,
    pub(super) content_type: &'a str,
}

/// An answer, ready to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
const PLAIN: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
const XML: &str = "application/xml";

/// The answer to a request.
pub(super) fn answer(lab: &Simulated, door: Door, asked: &Asked<'_>) -> Answer {
    match door {
        Door::Minio { deployment, node } => Node { lab, deployment, node }.answer(asked),
        Door::NodeExporter => exporter(lab, Page::NodeExporter, asked),
        Door::Dcgm => exporter(lab, Page::Dcgm, asked),
        Door::Truth => Answer::new(200, JSON, lab.truth_as_json()),
    }
}

fn exporter(lab: &Simulated, page: Page, asked: &Asked<'_>) -> Answer {
    if asked.path != "/metrics" {
        return Answer::new(404, PLAIN, "404 page not found\n".to_owned());
    }
    Answer::new(200, METRICS, lab.page(page)).packed(asked)
}

/// A MinIO server.
struct Node<'a> {
    lab: &'a Simulated,
    deployment: Deployment,
    node: usize,
}

impl Node<'_> {
    fn answer(&self, asked: &Asked<'_>) -> Answer {
        if let Some(probe) = asked.path.strip_prefix("/minio/health/") {
            return self.health(probe, asked);
        }
        let v3 = asked.path.strip_prefix("/minio/metrics/v3").filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let v2 = asked.path.strip_prefix("/minio/v2/metrics/").and_then(v2_endpoints);
        match (v3, v2) {
            (Some(path), _) if asked.method == "GET" => self.if_allowed(asked, || self.v3(path, asked)),
            (_, Some(endpoints)) => self.if_allowed(asked, || Answer::new(200, METRICS, self.pages(endpoints))),
            // Everything else is taken for an object in the reserved bucket "minio".
            _ => Answer::denied_object(asked),
        }
        .with("server", "MinIO")
        .with("x-amz-request-id", "18EA8874EC402F89")
    }

    /// Open to everybody. A token makes no difference here, as in every release since 2024.
    fn health(&self, probe: &str, asked: &Asked<'_>) -> Answer {
        match probe {
            "live" | "ready" => Answer { status: 200, ..Answer::default() },
            "cluster" | "cluster/read" => {
                let text = self.page(Endpoint::Cluster);
                let is_writable = text.contains("minio_cluster_erasure_set_overall_health 1\n");
                Answer { status: if is_writable { 200 } else { 503 }, ..Answer::default() }
                    .with("x-minio-storage-class-defaults", "false")
            }
            _ => Answer::denied_object(asked),
        }
        .with("server", "MinIO")
    }

    fn if_allowed(&self, asked: &Asked<'_>, page: impl FnOnce() -> Answer) -> Answer {
        match asked.authorization {
            None => Answer::denied(asked),
            Some(given) => match given.strip_prefix("Bearer ") {
                Some(token) if self.lab.opens_to(token) => page(),
                Some(_) => Answer::denied(asked),
                None => Answer::bad_scheme(asked),
            },
        }
    }

    fn v3(&self, path: &str, asked: &Asked<'_>) -> Answer {
        if asked.query.split('&').any(|part| part.split('=').next() == Some("list")) {
            return list(path, asked);
        }
        let Some(body) = self.v3_body(path) else {
            return Answer::new(404, PLAIN, "Metrics Resource Not found\n".to_owned());
        };
        let started = self.lab.started_unix_secs(self.deployment, self.node).floor();
        Answer::new(200, METRICS, body).with("process-start-time-unix", &started.to_string()).packed(asked)
    }

    /// The page of a path below `/minio/metrics/v3`; a parent serves all its children. None: there is no such path.
    fn v3_body(&self, path: &str) -> Option<String> {
        let groups = [
            Endpoint::Requests,
            Endpoint::Cluster,
            Endpoint::Ilm,
            Endpoint::Scanner,
            Endpoint::Drive,
            Endpoint::Process,
        ];
        let pages = |wanted: &[Endpoint]| Some(self.pages(wanted));
        match path {
            "" => pages(&groups),
            "/api" | "/api/" | "/api/requests" => pages(&[Endpoint::Requests]),
            "/cluster" | "/cluster/" => pages(&[Endpoint::Cluster]),
            "/cluster/config" => Some(self.cluster_part("minio_cluster_config_")),
            "/cluster/erasure-set" => Some(self.cluster_part("minio_cluster_erasure_set_")),
            "/cluster/health" => Some(self.cluster_part("minio_cluster_health_")),
            "/cluster/usage" | "/cluster/usage/" => Some(self.cluster_part("minio_cluster_usage_")),
            "/cluster/usage/buckets" => Some(self.cluster_part("minio_cluster_usage_buckets_")),
            "/cluster/usage/objects" => Some(self.cluster_part("minio_cluster_usage_objects_")),
            "/ilm" => pages(&[Endpoint::Ilm]),
            "/scanner" => pages(&[Endpoint::Scanner]),
            "/system" | "/system/" => pages(&[Endpoint::Drive, Endpoint::Process]),
            "/system/drive" => pages(&[Endpoint::Drive]),
            "/system/process" => pages(&[Endpoint::Process]),
            // Groups of a real server in which this lab has nothing that is above zero.
            "/system/memory"
            | "/system/cpu"
            | "/system/network"
            | "/system/network/internode"
            | "/cluster/iam"
            | "/replication"
            | "/notification"
            | "/audit"
            | "/logger"
            | "/logger/webhook"
            | "/debug"
            | "/debug/go" => Some(String::new()),
            _ => self.bucket_body(path.strip_prefix("/bucket/")?),
        }
    }

    /// The last segment is the bucket's name, whatever it is; one that is not there is an empty page.
    fn bucket_body(&self, path: &str) -> Option<String> {
        let (group, asked) = path.rsplit_once('/').unwrap_or(("api", path));
        if asked.is_empty() || !["api", "replication"].contains(&group) {
            return None;
        }
        let known = self.deployment.bucket_names().find(|name| *name == asked && group == "api");
        Some(known.map(|name| self.page(Endpoint::Bucket(name))).unwrap_or_default())
    }

    /// The families of the cluster page whose names begin so.
    fn cluster_part(&self, prefix: &str) -> String {
        let page = self.page(Endpoint::Cluster);
        let is_wanted = |line: &&str| {
            let name = line.strip_prefix("# HELP ").or_else(|| line.strip_prefix("# TYPE ")).unwrap_or(line);
            name.starts_with(prefix)
        };
        page.split_inclusive('\n').filter(is_wanted).collect()
    }

    fn pages(&self, endpoints: &[Endpoint]) -> String {
        endpoints.iter().map(|&endpoint| self.page(endpoint)).collect()
    }

    fn page(&self, endpoint: Endpoint) -> String {
        self.lab.page(Page::Minio { deployment: self.deployment, node: self.node, endpoint })
    }
}

/// The pages of a v2 path. `resource` is one, with nothing in it here.
fn v2_endpoints(name: &str) -> Option<&'static [Endpoint]> {
    match name {
        "cluster" => Some(&[Endpoint::V2Cluster]),
        "bucket" => Some(&[Endpoint::V2Bucket]),
        "node" => Some(&[Endpoint::V2Node]),
        "resource" => Some(&[]),
        _ => None,
    }
}

fn list(path: &str, asked: &Asked<'_>) -> Answer {
    if asked.content_type == JSON {
        Answer::new(200, JSON, list_as_json(path))
    } else {
        Answer::new(200, "text/plain", list_as_table(path))
    }
}

/// Where MinIO names the host that answered.
const HOST_ID: &str = "dd9025bab4ad464b049177c95eb6ebf374d3b3fd1af9251148b658df7ac2e3e8";

impl Answer {
    fn new(status: u16, content_type: &str, body: String) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body: body.into_bytes() }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Compressed where the client takes gzip, and there is something to compress.
    fn packed(self, asked: &Asked<'_>) -> Self {
        if !asked.accept_encoding.contains("gzip") || self.body.is_empty() {
            return self;
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        match packer.write_all(&self.body).and_then(|()| packer.finish()) {
            Ok(body) => Self { body, ..self }.with("content-encoding", "gzip"),
            Err(_) => self,
        }
    }

    fn denied(asked: &Asked<'_>) -> Self {
        let resource = serde_json::Value::from(asked.path);
        let body = format!(
            "{{\"Code\":\"AccessDenied\",\"Message\":\"Access Denied. (Authentication failed, check your access credentials)\",\
             \"Resource\":{resource},\"RequestId\":\"18EA8874EC402F89\",\"HostId\":\"{HOST_ID}\"}}\n"
        );
        Self::new(403, JSON, body)
    }

    fn bad_scheme(asked: &Asked<'_>) -> Self {
        const WHY: &str =
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
        Self::new(400, XML, xml("InvalidRequest", WHY, asked.path))
    }

    fn denied_object(asked: &Asked<'_>) -> Self {
        Self::new(403, XML, xml("AccessDenied", "Access Denied.", asked.path))
    }
}

fn xml(code: &str, message: &str, path: &str) -> String {
    let path = path.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
         <Resource>{path}</Resource><RequestId>18EA8874EC402F89</RequestId><HostId>{HOST_ID}</HostId></Error>"
    )
}
