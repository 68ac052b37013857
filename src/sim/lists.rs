//! The answer to `?list`: which families a v3 path could have.

use std::fmt::Write as _;

use crate::sim::page_text::families;

/// Families of v3 below a path such as `/api/requests` or `""`, as MinIO's table. Empty where the path has none.
pub(crate) fn list_as_table(path: &str) -> String {
    let mut out = String::from("| Name | Type | Help | Labels |\n| ---- | ---- | ---- | ------ |\n");
    for family in listed_families(path) {
        // A String never refuses.
        let _written = writeln!(
            out,
            "| `{}` | `{}` | {} | `{}` |",
            family.name,
            family.kind,
            family.help,
            family.labels.join(",")
        );
    }
    out
}

/// The same as a JSON array of `{name, help, type, labels}`.
pub(crate) fn list_as_json(path: &str) -> String {
    let rows = listed_families(path).map(|family| {
        let labels = family.labels.iter().map(|label| format!("\"{label}\"")).collect::<Vec<_>>().join(",");
        format!(
            "{{\"name\":\"{}\",\"help\":\"{}\",\"type\":\"{}\",\"labels\":[{labels}]}}",
            family.name, family.help, family.kind
        )
    });
    format!("[{}]", rows.collect::<Vec<_>>().join(","))
}

struct Listed {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    labels: Vec<&'static str>,
}

/// Path, prefix of its families' names, labels that all of them have.
const GROUPS: [(&str, &str, &[&str]); 13] = [
    ("/api/requests", "minio_api_requests_", &["type", "server"]),
    ("/bucket/api", "minio_bucket_api_", &["bucket", "type", "server"]),
    ("/cluster/config", "minio_cluster_config_", &[]),
    ("/cluster/erasure-set", "minio_cluster_erasure_set_", &[]),
    ("/cluster/health", "minio_cluster_health_", &[]),
    ("/cluster/usage", "minio_cluster_usage_", &[]),
    ("/ilm", "minio_ilm_", &["server"]),
    ("/scanner", "minio_scanner_", &["server"]),
    ("/system/cpu", "minio_system_cpu_", &["server"]),
    ("/system/drive", "minio_system_drive_", &["server"]),
    ("/system/memory", "minio_system_memory_", &["server"]),
    ("/system/network/internode", "minio_system_network_internode_", &["server"]),
    ("/system/process", "minio_system_process_", &["server"]),
];

/// The families of v2 that begin like those of a v3 group.
fn is_of_v2(name: &str) -> bool {
    let v2 = [
        "minio_cluster_health_status",
        "minio_cluster_health_erasure_set_",
        "minio_cluster_usage_object_total",
        "minio_cluster_usage_total_bytes",
    ];
    v2.iter().any(|start| name.starts_with(start))
}

fn listed_families(path: &str) -> impl Iterator<Item = Listed> {
    let groups = GROUPS.iter().filter(move |(group, _, _)| group.starts_with(path));
    groups.flat_map(|&(_, prefix, labels)| {
        families().filter(move |(name, _, _)| name.starts_with(prefix) && !is_of_v2(name)).map(
            move |(name, kind, help)| {
                let more = own_labels(name);
                Listed { name, kind, help, labels: more.iter().chain(labels).copied().collect() }
            },
        )
    })
}

/// Labels that a family has beside its group's.
fn own_labels(name: &str) -> &'static [&'static str] {
    match name {
        "minio_api_requests_inflight_total"
        | "minio_api_requests_total"
        | "minio_bucket_api_inflight_total"
        | "minio_bucket_api_total" => &["name"],
        "minio_api_requests_ttfb_seconds_distribution" | "minio_bucket_api_ttfb_seconds_distribution" => {
            &["name", "le"]
        }
        "minio_cluster_usage_buckets_total_bytes" | "minio_cluster_usage_buckets_objects_count" => &["bucket"],
        _ if name.starts_with("minio_cluster_erasure_set_") && !name.contains("overall") => &["pool_id", "set_id"],
        _ if name.starts_with("minio_system_drive_") && !name.ends_with("count") => {
            &["drive", "pool_index", "set_index", "drive_index"]
        }
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_the_counters_of_its_path_only() {
        let requests = list_as_json("/api/requests");
        assert!(requests.contains("\"minio_api_requests_traffic_sent_bytes\""), "{requests}");
        assert!(!requests.contains("minio_cluster_"), "{requests}");
        assert!(list_as_table("").contains("minio_system_drive_health"));
        assert!(!list_as_table("").contains("minio_cluster_health_status"));
        assert_eq!(list_as_json("/nothing"), "[]");
    }
}
