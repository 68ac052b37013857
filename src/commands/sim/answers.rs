//! What each path answers: MinIO's rules for tokens, unknown paths, lists and compression, and the exporters' simpler ones.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::commands::sim::served_lab::ServedLab;
use crate::sim::{SimDeployment, SimEndpoint, SimPage, list_as_json, list_as_table};

/// Which listener a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SimDoor {
    Minio { deployment: SimDeployment, node: usize },
    NodeExporter,
    Dcgm,
    Truth,
}

/// The parts of a request that matter here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RequestParts<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) authorization: Option<&'a str>,
    pub(super) accept_encoding: &'a str,
    pub(super) content_type: &'a str,
}

/// An answer, ready to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct HttpAnswer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Vec<u8>,
}

const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
const PLAIN: &str = "text/plain; charset=utf-8";
const JSON: &str = "application/json";
const XML: &str = "application/xml";

/// The answer to a request.
pub(super) fn answer_request(lab: &ServedLab, door: SimDoor, asked: &RequestParts<'_>) -> HttpAnswer {
    match door {
        SimDoor::Minio { deployment, node } => MinioNode { lab, deployment, node }.answer(asked),
        SimDoor::NodeExporter => exporter_answer(lab, SimPage::NodeExporter, asked),
        SimDoor::Dcgm => exporter_answer(lab, SimPage::Dcgm, asked),
        SimDoor::Truth => HttpAnswer::new(200, JSON, lab.truth_as_json()),
    }
}

fn exporter_answer(lab: &ServedLab, page: SimPage, asked: &RequestParts<'_>) -> HttpAnswer {
    if asked.path != "/metrics" {
        return HttpAnswer::new(404, PLAIN, "404 page not found\n".to_owned());
    }
    HttpAnswer::new(200, METRICS, lab.page_text(page)).gzipped(asked)
}

/// A MinIO server.
struct MinioNode<'a> {
    lab: &'a ServedLab,
    deployment: SimDeployment,
    node: usize,
}

impl MinioNode<'_> {
    fn answer(&self, asked: &RequestParts<'_>) -> HttpAnswer {
        if let Some(probe) = asked.path.strip_prefix("/minio/health/") {
            return self.health_probe(probe, asked);
        }
        let v3 = asked.path.strip_prefix("/minio/metrics/v3").filter(|rest| rest.is_empty() || rest.starts_with('/'));
        let v2 = asked.path.strip_prefix("/minio/v2/metrics/").and_then(v2_endpoints);
        match (v3, v2) {
            (Some(path), _) if asked.method == "GET" => self.answer_if_allowed(asked, || self.v3_answer(path, asked)),
            (_, Some(endpoints)) => {
                self.answer_if_allowed(asked, || HttpAnswer::new(200, METRICS, self.pages_text(endpoints)))
            }
            // Everything else is taken for an object in the reserved bucket "minio".
            _ => HttpAnswer::object_denied(asked),
        }
        .with_header("server", "MinIO")
        .with_header("x-amz-request-id", "18EA8874EC402F89")
    }

    /// Open to everybody. A token makes no difference here, as in every release since 2024.
    fn health_probe(&self, probe: &str, asked: &RequestParts<'_>) -> HttpAnswer {
        match probe {
            "live" | "ready" => HttpAnswer { status: 200, ..HttpAnswer::default() },
            "cluster" => {
                let quorum = self.deployment.write_quorum();
                self.quorum_answer(quorum)
                    .with_header("x-minio-storage-class-defaults", "false")
                    .with_header("x-minio-write-quorum", &quorum.to_string())
            }
            "cluster/read" => {
                let quorum = self.deployment.read_quorum();
                self.quorum_answer(quorum).with_header("x-minio-read-quorum", &quorum.to_string())
            }
            _ => HttpAnswer::object_denied(asked),
        }
        .with_header("server", "MinIO")
    }

    fn quorum_answer(&self, quorum: usize) -> HttpAnswer {
        let status = if self.lab.has_drives(self.deployment, quorum) { 200 } else { 503 };
        HttpAnswer { status, ..HttpAnswer::default() }
    }

    fn answer_if_allowed(&self, asked: &RequestParts<'_>, page: impl FnOnce() -> HttpAnswer) -> HttpAnswer {
        match asked.authorization {
            None => HttpAnswer::access_denied(asked),
            Some(given) => match given.strip_prefix("Bearer ") {
                Some(token) if self.lab.accepts_token(token) => page(),
                Some(_) => HttpAnswer::access_denied(asked),
                None => HttpAnswer::bad_scheme(asked),
            },
        }
    }

    fn v3_answer(&self, path: &str, asked: &RequestParts<'_>) -> HttpAnswer {
        if asked.query.split('&').any(|part| part.split('=').next() == Some("list")) {
            return family_list(path, asked);
        }
        let Some(body) = self.v3_body(path) else {
            return HttpAnswer::new(404, PLAIN, "Metrics Resource Not found\n".to_owned());
        };
        let started = self.lab.started_unix_secs(self.deployment, self.node).floor();
        HttpAnswer::new(200, METRICS, body).with_header("process-start-time-unix", &started.to_string()).gzipped(asked)
    }

    /// The page of a path below `/minio/metrics/v3`; a parent serves all its children. None: there is no such path.
    fn v3_body(&self, path: &str) -> Option<String> {
        use SimEndpoint::{Cluster, Cpu, Drive, Ilm, Internode, Memory, Process, Requests, Scanner, System};
        let pages = |wanted: &[SimEndpoint]| Some(self.pages_text(wanted));
        match path {
            "" => pages(&[Requests, Cluster, Ilm, Scanner, System]),
            "/api" | "/api/" | "/api/requests" => pages(&[Requests]),
            "/cluster" | "/cluster/" => pages(&[Cluster]),
            "/cluster/config" => Some(self.cluster_part("minio_cluster_config_")),
            "/cluster/erasure-set" => Some(self.cluster_part("minio_cluster_erasure_set_")),
            "/cluster/health" => Some(self.cluster_part("minio_cluster_health_")),
            "/cluster/usage" | "/cluster/usage/" => Some(self.cluster_part("minio_cluster_usage_")),
            "/cluster/usage/buckets" => Some(self.cluster_part("minio_cluster_usage_buckets_")),
            "/cluster/usage/objects" => Some(self.cluster_part("minio_cluster_usage_objects_")),
            "/ilm" => pages(&[Ilm]),
            "/scanner" => pages(&[Scanner]),
            "/system" | "/system/" => pages(&[System]),
            "/system/cpu" => pages(&[Cpu]),
            "/system/memory" => pages(&[Memory]),
            "/system/network" | "/system/network/internode" => pages(&[Internode]),
            "/system/drive" => pages(&[Drive]),
            "/system/process" => pages(&[Process]),
            // Groups of a real server in which this lab has nothing that is above zero.
            "/cluster/iam" | "/replication" | "/notification" | "/audit" | "/logger" | "/logger/webhook" | "/debug"
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
        Some(known.map(|name| self.page_text(SimEndpoint::Bucket(name))).unwrap_or_default())
    }

    /// The families of the cluster page whose names begin so.
    fn cluster_part(&self, prefix: &str) -> String {
        let page = self.page_text(SimEndpoint::Cluster);
        let is_wanted = |line: &&str| {
            let name = line.strip_prefix("# HELP ").or_else(|| line.strip_prefix("# TYPE ")).unwrap_or(line);
            name.starts_with(prefix)
        };
        page.split_inclusive('\n').filter(is_wanted).collect()
    }

    fn pages_text(&self, endpoints: &[SimEndpoint]) -> String {
        endpoints.iter().map(|&endpoint| self.page_text(endpoint)).collect()
    }

    fn page_text(&self, endpoint: SimEndpoint) -> String {
        self.lab.page_text(SimPage::Minio { deployment: self.deployment, node: self.node, endpoint })
    }
}

/// The pages of a v2 path. `resource` is one, with nothing in it here.
fn v2_endpoints(name: &str) -> Option<&'static [SimEndpoint]> {
    match name {
        "cluster" => Some(&[SimEndpoint::V2Cluster]),
        "bucket" => Some(&[SimEndpoint::V2Bucket]),
        "node" => Some(&[SimEndpoint::V2Node]),
        "resource" => Some(&[]),
        _ => None,
    }
}

fn family_list(path: &str, asked: &RequestParts<'_>) -> HttpAnswer {
    if asked.content_type == JSON {
        HttpAnswer::new(200, JSON, list_as_json(path))
    } else {
        HttpAnswer::new(200, "text/plain", list_as_table(path))
    }
}

/// Where MinIO names the host that answered.
const HOST_ID: &str = "dd9025bab4ad464b049177c95eb6ebf374d3b3fd1af9251148b658df7ac2e3e8";

impl HttpAnswer {
    fn new(status: u16, content_type: &str, body: String) -> Self {
        Self { status, headers: vec![("content-type", content_type.to_owned())], body: body.into_bytes() }
    }

    fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// Compressed where the client takes gzip, and there is something to compress.
    fn gzipped(self, asked: &RequestParts<'_>) -> Self {
        if !asked.accept_encoding.contains("gzip") || self.body.is_empty() {
            return self;
        }
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        match packer.write_all(&self.body).and_then(|()| packer.finish()) {
            Ok(body) => Self { body, ..self }.with_header("content-encoding", "gzip"),
            Err(_) => self,
        }
    }

    fn access_denied(asked: &RequestParts<'_>) -> Self {
        let resource = serde_json::Value::from(asked.path);
        let body = format!(
            "{{\"Code\":\"AccessDenied\",\"Message\":\"Access Denied. (Authentication failed, check your access credentials)\",\
             \"Resource\":{resource},\"RequestId\":\"18EA8874EC402F89\",\"HostId\":\"{HOST_ID}\"}}\n"
        );
        Self::new(403, JSON, body)
    }

    fn bad_scheme(asked: &RequestParts<'_>) -> Self {
        const WHY: &str =
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
        Self::new(400, XML, xml_error("InvalidRequest", WHY, asked.path))
    }

    fn object_denied(asked: &RequestParts<'_>) -> Self {
        Self::new(403, XML, xml_error("AccessDenied", "Access Denied.", asked.path))
    }
}

fn xml_error(code: &str, message: &str, path: &str) -> String {
    let path = path.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
         <Resource>{path}</Resource><RequestId>18EA8874EC402F89</RequestId><HostId>{HOST_ID}</HostId></Error>"
    )
}
