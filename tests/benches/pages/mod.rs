//! Pages as large clusters answer them.
#![expect(clippy::unwrap_used, reason = "writing to a text does not fail")]

use std::fmt::Write as _;

const BUCKETS: usize = 8_000;
pub(crate) const APIS: [&str; 3] = ["getobject", "putobject", "headobject"];
pub(crate) const BOUNDS: [&str; 9] = ["+Inf", "0.050", "0.100", "0.250", "0.500", "1.000", "10.000", "2.500", "5.000"];
pub(crate) const BLOCK: usize = 256 * 1024;

/// A value as a server prints it: from 1e6 on with an exponent.
pub(crate) fn number(seed: usize) -> String {
    let mixed = (seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (seed % 40 + 20);
    if mixed < 1_000_000 { mixed.to_string() } else { format!("{:e}", mixed as f64).replace('e', "e+") }
}

/// 66 MB: what a cluster with thousands of buckets says of each of them.
pub(crate) fn bucket_page() -> String {
    let mut text = String::new();
    let mut family = |name: &str, extra: &[String]| {
        writeln!(text, "# HELP {name} Something of a bucket, includes label for the bucket name\n# TYPE {name} gauge")
            .unwrap();
        for bucket in 0..BUCKETS {
            for (index, labels) in extra.iter().enumerate() {
                for server in 1..=2 {
                    let value = number(bucket * 31 + index * 7 + server);
                    writeln!(
                        text,
                        "{name}{{{labels}bucket=\"bucket-{bucket:05}\",server=\"minio{server}:9000\"}} {value}"
                    )
                    .unwrap();
                }
            }
        }
    };
    let none = [String::new()];
    let apis = APIS.map(|api| format!("api=\"{api}\","));
    let bounds: Vec<_> = APIS.iter().flat_map(|api| BOUNDS.map(|le| format!("api=\"{api}\",le=\"{le}\","))).collect();
    family("minio_bucket_requests_total", &apis);
    family("minio_bucket_requests_ttfb_seconds_distribution", &bounds);
    family("minio_bucket_traffic_received_bytes", &none);
    family("minio_bucket_traffic_sent_bytes", &none);
    family("minio_bucket_usage_total_bytes", &none);
    text
}
