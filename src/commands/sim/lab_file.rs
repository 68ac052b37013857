//! Writes the lab file that reads the served lab, and the secret beside it.

#![expect(clippy::disallowed_methods, reason = "the user asked for these two files")]

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::commands::sim::served_lab::ACCESS;

/// The lab file at `path`, and `path` + `.secret` that only its owner may read.
pub(super) fn write_lab_file(path: &Path, urls: &[(&'static str, String)], secret_key: &str) -> Result<(), String> {
    let mut secret = OsString::from(path);
    secret.push(".secret");
    let secret = PathBuf::from(secret);
    let failed = |path: &Path, failed: io::Error| format!("{} cannot be written: {failed}", path.display());
    let secret_name = secret.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    write_secret(&secret, secret_key).map_err(|error| failed(&secret, error))?;
    fs::write(path, lab_file_text(urls, &secret_name)).map_err(|error| failed(path, error))
}

fn write_secret(path: &Path, secret_key: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // A file that was there before keeps its mode when it is opened.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    writeln!(file, "{secret_key}")
}

fn lab_file_text(urls: &[(&'static str, String)], secret_name: &str) -> String {
    let of = |name: &str| {
        let named = urls.iter().filter(|(known, _)| *known == name);
        named.map(|(_, url)| format!("{url:?}")).collect::<Vec<_>>().join(", ")
    };
    let deployment = |name: &str, tier: &str| {
        let urls = of(name);
        format!(
            "        (name: \"{name}\", tier: {tier}, urls: [{urls}], auth: Keys(access: {ACCESS:?}, secret: File({secret_name:?}))),\n"
        )
    };
    let deployments =
        [("hot", "T1"), ("warm", "T2"), ("cold", "T3")].map(|(name, tier)| deployment(name, tier)).concat();
    format!(
        "#![enable(implicit_some)]\nLab(\n    name: \"Simulated lab\",\n    deployments: [\n{deployments}    ],\n    exporters: [\n        \
         (name: \"gpus\", kind: Dcgm, urls: [{}]),\n        (name: \"scratch\", kind: Node, urls: [{}], devices: [\"nvme*\"]),\n    ],\n)\n",
        of("dcgm"),
        of("node_exporter"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sim.ron");
        fs::write(folder.path().join("sim.ron.secret"), "older").unwrap();
        write_lab_file(&path, &[("hot", "http://127.0.0.1:9000".to_owned())], "sesame").unwrap();
        let lab = fs::read_to_string(&path).unwrap();
        assert!(lab.contains(
            r#"urls: ["http://127.0.0.1:9000"], auth: Keys(access: "tierlight-sim", secret: File("sim.ron.secret"))"#
        ));
        assert!(!lab.contains("sesame"));
        let secret = folder.path().join("sim.ron.secret");
        assert_eq!(fs::read_to_string(&secret).unwrap(), "sesame\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
