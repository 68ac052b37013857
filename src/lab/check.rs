//! From the lab file as written to the lab as used, with every problem named.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;

use crate::ron_text::{self, Finder, Problem, Severity};
use crate::signal::Tier;

use super::file::{
    AuthFile, DeploymentFile, ExporterFile, ExporterKindFile, LabFile, PrometheusFile, SecretFile, TlsFile,
};
use super::model::{Access, Auth, Deployment, Exporter, ExporterKind, Identity, Lab, Prometheus, SecretPlace, Serves};
use super::refused::keep_secrets;
use super::url::Url;

impl Lab {
    /// Reads the text of a lab file. `path` is named in the problems; nothing is opened.
    pub fn read(path: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        let file = path.display().to_string();
        let written: LabFile =
            ron_text::read_reworded(&file, text, |error, problem| keep_secrets(text, error, problem))
                .map_err(|refused| vec![*refused])?;
        let mut check = LabCheck { finder: Finder::new(&file, text) };
        let mut lab = check.lab(written);
        let (errors, warnings): (Vec<_>, Vec<_>) =
            check.finder.problems.into_iter().partition(|problem| problem.severity == Severity::Error);
        if errors.is_empty() {
            lab.warnings = warnings;
            Ok(lab)
        } else {
            Err(errors)
        }
    }
}

/// Gathers problems while the written lab is turned into the used one. A part with a problem may be missing from the
/// result, which is then never handed out.
struct LabCheck<'a> {
    finder: Finder<'a>,
}

/// The code of all that is wrong with the meaning of a lab file.
const CODE: &str = "lab";

impl LabCheck<'_> {
    fn error(&mut self, path: &str, message: &str, hint: &str) {
        self.finder.error(CODE, self.finder.places.at_path(path), message, hint);
    }

    fn warning(&mut self, path: &str, message: &str, hint: &str) {
        self.finder.warn(CODE, self.finder.places.at_path(path), message, hint);
    }

    fn lab(&mut self, written: LabFile) -> Lab {
        if written.deployments.is_empty() && written.exporters.is_empty() {
            self.error("", "the lab has no deployment and no exporter, so there is nothing to read", DEPLOYMENT_FORM);
        }
        self.check_names(&written);
        self.check_urls(&written);
        let deployments = written.deployments.into_iter().enumerate();
        let deployments: Vec<_> = deployments.filter_map(|(nth, one)| self.deployment(nth, one)).collect();
        let exporters = written.exporters.into_iter().enumerate();
        let exporters: Vec<_> = exporters.filter_map(|(nth, one)| self.exporter(nth, one)).collect();
        let prometheus = written.prometheus.and_then(|one| self.prometheus(one));
        self.check_doors(&deployments);
        let (name, show_names, warnings) = (written.name, written.show_names, Vec::new());
        Lab { name, deployments, exporters, prometheus, show_names, warnings }
    }

    /// Targets are told apart by their names, so each name is there once.
    fn check_names(&mut self, written: &LabFile) {
        let deployments = written.deployments.iter().enumerate();
        let deployments = deployments.map(|(nth, one)| (format!("deployments.{nth}.name"), one.name.as_str()));
        let exporters = written.exporters.iter().enumerate();
        let exporters = exporters.map(|(nth, one)| (format!("exporters.{nth}.name"), one.name.as_str()));
        let mut known: Vec<&str> = Vec::new();
        for (path, name) in deployments.chain(exporters) {
            if name.trim().is_empty() {
                self.error(&path, "the name is empty", "a short word such as \"warm\"");
            } else if known.contains(&name) {
                self.error(&path, &format!("the name \"{name}\" is there twice"), "each source needs its own name");
            }
            known.push(name);
        }
    }

    /// What is asked has URLs; without, it is read from the Prometheus server, which must tell it from the others.
    fn check_urls(&mut self, written: &LabFile) {
        let has_server = written.prometheus.is_some();
        let is_told_by_job = written.prometheus.as_ref().is_some_and(|one| one.job.is_some());
        let is_only = written.deployments.len() == 1;
        let deployments = written.deployments.iter().enumerate().filter(|(_, one)| one.urls.is_none());
        let deployments = deployments
            .map(|(nth, one)| (format!("deployments.{nth}"), !one.instances.is_empty() || (is_only && is_told_by_job)));
        let exporters = written.exporters.iter().enumerate().filter(|(_, one)| one.urls.is_none());
        let exporters = exporters.map(|(nth, one)| (format!("exporters.{nth}"), !one.instances.is_empty()));
        for (path, is_told) in deployments.chain(exporters) {
            if !has_server {
                self.error(&path, "no \"urls\": nothing says where to ask", "urls: [\"http://host:9000\"]");
            } else if !is_told {
                let hint = "instances: [\"host:9000\"] says what the Prometheus server calls it";
                self.error(&path, "no \"urls\" and no \"instances\": which of the Prometheus server's is it?", hint);
            }
        }
    }

    /// The same node in two deployments would be counted twice.
    fn check_doors(&mut self, deployments: &[Deployment]) {
        let mut known: Vec<&Url> = Vec::new();
        for (nth, deployment) in deployments.iter().enumerate() {
            for (door, url) in deployment.urls.iter().enumerate() {
                if known.contains(&url) {
                    let path = format!("deployments.{nth}.urls.{door}");
                    self.error(&path, "this URL is there twice, and would be counted twice", BUCKETS_FORM);
                }
                known.push(url);
            }
        }
    }

    fn deployment(&mut self, nth: usize, written: DeploymentFile) -> Option<Deployment> {
        let path = format!("deployments.{nth}");
        let DeploymentFile { name, tier, buckets, urls, instances, auth, tls, proxy } = written;
        let serves = self.serves(&path, tier, buckets);
        let urls = self.urls(&path, urls.as_deref());
        self.check_paths(&path, &urls);
        if let AuthFile::Basic { .. } = auth {
            let hint = "auth: Keys(access: …, secret: …), or Token(…)";
            self.error(&format!("{path}.auth"), "MinIO's metrics are not opened by user and password", hint);
        }
        if matches!(auth, AuthFile::Unsaid) && !urls.is_empty() {
            let hint = "auth: Keys(access: …, secret: …), or Token(…), or Public where the metrics are public";
            self.error(&path, "no \"auth\": how are its metrics opened?", hint);
        }
        let auth = self.auth(&path, auth);
        let access = self.access(&path, tls, proxy, &urls);
        Some(Deployment { name, serves: serves?, urls, instances, auth: auth?, access })
    }

    fn serves(
        &mut self,
        path: &str,
        tier: Option<Tier>,
        buckets: Option<BTreeMap<Tier, Vec<String>>>,
    ) -> Option<Serves> {
        match (tier, buckets) {
            (Some(_), Some(_)) => {
                self.error(path, "the deployment has both tier and buckets", "give one of the two");
                None
            }
            (None, None) => {
                self.error(
                    path,
                    "the deployment has neither tier nor buckets",
                    "tier: T2, or buckets: { T2: [\"lake\"] }",
                );
                None
            }
            (Some(tier), None) => {
                self.check_tier(&format!("{path}.tier"), tier);
                Some(Serves::Tier(tier))
            }
            (None, Some(buckets)) => {
                self.check_buckets(&format!("{path}.buckets"), &buckets);
                Some(Serves::Buckets(buckets))
            }
        }
    }

    fn check_tier(&mut self, path: &str, tier: Tier) {
        if tier == Tier::T0 {
            let hint = "use T1, T2 or T3 here, and an exporter of kind Node for T0";
            self.error(path, "T0 is raw NVMe, not MinIO: no deployment can serve it", hint);
        }
    }

    fn check_buckets(&mut self, path: &str, buckets: &BTreeMap<Tier, Vec<String>>) {
        if buckets.is_empty() {
            self.error(path, "buckets names no tier", BUCKETS_FORM);
        }
        if let Some((key, place)) = self.finder.places.given_twice(path) {
            let message = format!("{key} is given twice");
            self.finder.error(CODE, place, message, "put all its buckets into one list");
        }
        let mut known: Vec<&str> = Vec::new();
        for (tier, patterns) in buckets {
            let path = format!("{path}.{}", tier.id());
            self.check_tier(&path, *tier);
            if patterns.is_empty() {
                self.error(&path, "the list of buckets is empty", BUCKETS_FORM);
            }
            for (nth, pattern) in patterns.iter().enumerate() {
                self.check_pattern(&format!("{path}.{nth}"), pattern, &known);
                known.push(pattern);
            }
        }
    }

    fn check_pattern(&mut self, path: &str, pattern: &str, known: &[&str]) {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '*' | '?');
        if pattern.is_empty() {
            self.error(path, "the bucket's name is empty", BUCKETS_FORM);
        } else if !pattern.chars().all(is_plain) {
            let hint = "lower-case letters, digits, '.' and '-'; '*' and '?' stand for others";
            self.error(path, &format!("\"{pattern}\" is no bucket name"), hint);
        } else if known.contains(&pattern) {
            self.error(path, &format!("\"{pattern}\" is there twice"), "a bucket belongs to one tier");
        }
    }

    fn urls(&mut self, path: &str, written: Option<&[String]>) -> Vec<Url> {
        if written.is_some_and(<[String]>::is_empty) {
            self.error(&format!("{path}.urls"), "the list of URLs is empty", "urls: [\"http://host:9000\"]");
        }
        let numbered = written.unwrap_or_default().iter().enumerate();
        numbered.filter_map(|(nth, text)| self.url(&format!("{path}.urls.{nth}"), text)).collect()
    }

    fn url(&mut self, path: &str, text: &str) -> Option<Url> {
        let url = Url::parse(text);
        if let Err(message) = &url {
            let secret = message.contains("password");
            let hint = if secret { "secrets go into auth: (…), never into a URL" } else { "http://host:9000" };
            self.error(path, message, hint);
        }
        url.ok()
    }

    fn check_paths(&mut self, path: &str, urls: &[Url]) {
        for (nth, _) in urls.iter().enumerate().filter(|(_, url)| !url.path.is_empty()) {
            let hint = "give scheme, host and port only; the metrics' paths are known";
            self.error(&format!("{path}.urls.{nth}"), "a deployment's URL has a path", hint);
        }
    }

    fn auth(&mut self, path: &str, written: AuthFile) -> Option<Auth> {
        let path = format!("{path}.auth");
        match written {
            AuthFile::Public | AuthFile::Unsaid => Some(Auth::Public),
            AuthFile::Token(secret) => self.secret(&path, secret).map(Auth::Token),
            AuthFile::Basic { user, password } => {
                if user.is_empty() || user.contains(':') {
                    self.error(&path, "the user is empty or has a colon", "user: \"…\", the name to log in with");
                }
                self.secret(&path, password).map(|password| Auth::Basic { user, password })
            }
            AuthFile::Keys { access, secret } => {
                if access.trim().is_empty() {
                    self.error(&path, "the access key is empty", "access: \"…\", the name of the key");
                }
                self.secret(&path, secret).map(|secret| Auth::Keys { access, secret })
            }
        }
    }

    fn secret(&mut self, path: &str, written: SecretFile) -> Option<SecretPlace> {
        match written {
            SecretFile::File(file) if file.trim().is_empty() => {
                self.error(path, "the secret's file has no name", "File(\"path\"), relative to this file");
                None
            }
            SecretFile::File(file) => Some(SecretPlace::File(PathBuf::from(file))),
            SecretFile::Env(name) if is_variable(&name) => Some(SecretPlace::Env(name)),
            SecretFile::Env(_) => {
                let hint = "Env(\"LAB_SECRET\") names the variable; the secret itself does not belong here";
                self.error(path, "this is not the name of an environment variable", hint);
                None
            }
        }
    }

    fn access(&mut self, path: &str, tls: TlsFile, proxy: Option<String>, urls: &[Url]) -> Access {
        let place = format!("{path}.tls");
        let TlsFile { ca, skip_verification, name, cert, key } = tls;
        let given = ca.is_some() || skip_verification || name.is_some() || cert.is_some();
        if given && !urls.is_empty() && urls.iter().all(|url| !url.secure) {
            self.warning(&place, "tls is given, but no URL is https", "is an \"s\" missing in the URLs?");
        }
        if ca.is_some() && skip_verification {
            self.error(&place, "a CA is given and verification is skipped", "give one of the two");
        }
        if let Some(name) = &name
            && Url::parse(&format!("https://{name}")).is_ok_and(|url| url.host != name.to_ascii_lowercase())
        {
            self.error(&format!("{place}.name"), "this is no host name", "the name that stands in the certificate");
        }
        if cert.is_some() != key.is_some() {
            let hint = "tls: (cert: \"client.pem\", key: \"client.key\")";
            self.error(&place, "a client certificate and its key go together, and one of them is missing", hint);
        }
        let identity = cert.zip(key).map(|(cert, key)| Identity { cert: cert.into(), key: key.into() });
        let proxy = proxy.and_then(|text| self.url(&format!("{path}.proxy"), &text));
        Access { ca: ca.map(PathBuf::from), skip_verification, server_name: name, identity, proxy }
    }

    fn exporter(&mut self, nth: usize, written: ExporterFile) -> Option<Exporter> {
        let path = format!("exporters.{nth}");
        let ExporterFile { name, kind, urls, instances, devices, auth, tls, proxy } = written;
        let kind = match kind {
            ExporterKindFile::Node => ExporterKind::Node,
            ExporterKindFile::Dcgm => ExporterKind::Dcgm,
        };
        self.check_devices(&path, kind, devices.as_deref());
        let urls: Vec<Url> = self.urls(&path, urls.as_deref()).into_iter().map(with_usual_path).collect();
        if let AuthFile::Keys { .. } = auth {
            let hint = "auth: Basic(user: …, password: …), or Token(…), or nothing";
            self.error(&format!("{path}.auth"), "an exporter knows no access keys of MinIO", hint);
        }
        let auth = self.auth(&path, auth);
        let access = self.access(&path, tls, proxy, &urls);
        Some(Exporter { name, kind, urls, instances, devices: devices.unwrap_or_default(), auth: auth?, access })
    }

    fn check_devices(&mut self, path: &str, kind: ExporterKind, devices: Option<&[String]>) {
        let place = format!("{path}.devices");
        match (kind, devices) {
            (ExporterKind::Dcgm, Some(_)) => {
                self.error(&place, "devices belong to exporters of kind Node", "a Dcgm exporter counts all its GPUs");
            }
            (ExporterKind::Node, None) => {
                let hint =
                    "devices: [\"nvme*\"] names the drives that are T0; tierlight probe URL lists those there are";
                self.warning(path, "no devices are named, so the system disk counts as T0 too", hint);
            }
            (ExporterKind::Node, Some(devices)) if devices.iter().any(String::is_empty) || devices.is_empty() => {
                self.error(&place, "the list of devices is empty or has an empty name", "devices: [\"nvme*\"]");
            }
            _ => {}
        }
    }

    fn prometheus(&mut self, written: PrometheusFile) -> Option<Prometheus> {
        let PrometheusFile { url, job, tenant, auth, tls, proxy } = written;
        let url = self.url("prometheus.url", &url)?;
        if url.path.contains("/api/v1") || url.path.contains('?') {
            let hint = "give what stands before /api/v1; the paths of its API are known";
            self.error("prometheus.url", "the Prometheus server's URL goes too far", hint);
        }
        if let AuthFile::Keys { .. } = auth {
            let hint = "auth: Basic(user: …, password: …), or Token(…), or nothing";
            self.error("prometheus.auth", "a Prometheus server knows no access keys of MinIO", hint);
        }
        for (field, value) in [("job", &job), ("tenant", &tenant)] {
            if value.as_ref().is_some_and(|value| value.trim().is_empty() || value.contains(char::is_control)) {
                let path = format!("prometheus.{field}");
                self.error(&path, &format!("the {field} is empty, or no single line"), "leave it out for any");
            }
        }
        let auth = self.auth("prometheus", auth);
        let access = self.access("prometheus", tls, proxy, std::slice::from_ref(&url));
        let url = url.with_path(url.path.trim_end_matches('/'));
        Some(Prometheus { url, job, tenant, auth: auth?, access })
    }
}

const DEPLOYMENT_FORM: &str = "deployments: [(name: \"warm\", tier: T2, urls: [\"http://host:9000\"], auth: Public)]";
const BUCKETS_FORM: &str = "one deployment may serve several tiers: buckets: { T2: [\"lake\"], T3: [\"archive-*\"] }";

/// Exporters answer there unless told otherwise.
fn with_usual_path(url: Url) -> Url {
    if url.path.is_empty() { url.with_path("/metrics") } else { url }
}

/// Whether it can be the name of an environment variable, and is none that was pasted by mistake.
pub(crate) fn is_variable(name: &str) -> bool {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    // A name longer than any in use is a pasted secret.
    begins && name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
