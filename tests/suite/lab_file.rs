//! The lab file: the documented form reads, and each mistake is named with its place and the way out.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

use tierlight::feeds;
use tierlight::lab::{Auth, ExporterKind, Lab, SecretPlace, Serves};
use tierlight::ron_text::Problem;
use tierlight::signal::Tier;

const FULL: &str = r#"#![enable(implicit_some)]
Lab(
    name: "Briefing lab",
    deployments: [
        (name: "hot",  tier: T1, urls: ["http://10.0.0.11:9000"], auth: Keys(access: "metrics", secret: Env("LAB_SECRET"))),
        (name: "warm", tier: T2, urls: ["https://minio1:9000", "https://minio2:9000"], auth: Token(File("warm.token")), tls: (ca: "lab-ca.pem")),
        (name: "lake", buckets: { T2: ["lake", "checkpoints*"], T3: ["archive-*"] }, urls: ["http://10.0.0.31:9000"], auth: Public),
    ],
    exporters: [
        (name: "gpus",    kind: Dcgm, urls: ["http://gpu-01:9400/metrics"]),
        (name: "scratch", kind: Node, urls: ["http://gpu-01:9100/metrics"], devices: ["nvme*"]),
    ],
    prometheus: (url: "http://prometheus:9090", job: "minio"),   // optional, instead of or beside direct polling
    show_names: false,                                           // hosts and buckets on the audience window
)
"#;

fn read(text: &str) -> Result<Lab, Vec<String>> {
    let lab = Lab::read(Path::new("lab.ron"), text);
    lab.map_err(|problems| problems.iter().map(Problem::one_line).collect())
}

/// A lab of one deployment, written on line 1.
fn with(deployment: &str) -> String {
    format!("Lab(deployments: [{deployment}])")
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let problems = read(text).expect_err(text);
    assert!(problems[0].contains(expected), "{problems:#?}\n  should say: {expected}");
}

#[test]
fn the_documented_form_reads() {
    let lab = read(FULL).unwrap();
    assert_eq!((lab.name.as_str(), lab.show_names), ("Briefing lab", false));
    let [hot, warm, lake] = &lab.deployments[..] else { panic!("three deployments") };
    let secret = SecretPlace::Env("LAB_SECRET".to_owned());
    assert_eq!(hot.auth, Auth::Keys { access: "metrics".to_owned(), secret });
    assert_eq!(warm.auth, Auth::Token(SecretPlace::File(PathBuf::from("warm.token"))));
    assert_eq!(warm.access.ca.as_deref(), Some(Path::new("lab-ca.pem")));
    assert_eq!(warm.urls[1].to_string(), "https://minio2:9000");
    assert_eq!(lake.serves.tiers(), [Tier::T2, Tier::T3]);
    assert_eq!(hot.serves, Serves::Tier(Tier::T1));
    assert_eq!(lab.exporters[0].kind, ExporterKind::Dcgm);
    assert_eq!(lab.exporters[1].devices, ["nvme*"]);
}

#[test]
fn a_prometheus_server_is_read_with_how_it_is_opened() {
    assert!(read(FULL).unwrap().warnings.is_empty());
    let with_server = |server: &str| {
        format!("Lab(deployments: [(name: \"a\", tier: T1, instances: [\"a:9000\"])], prometheus: {server})")
    };
    let server = "(url: \"https://p/mimir/\", job: \"minio*\", tenant: \"lab\", auth: Basic(user: \"me\", password: Env(\"PW\")), tls: (ca: \"ca.pem\"))";
    let lab = read(&with_server(server).replace("Lab(", "#![enable(implicit_some)]\nLab(")).unwrap();
    let read_server = lab.prometheus.unwrap();
    assert_eq!((read_server.url.path.as_str(), read_server.tenant.as_deref()), ("/mimir", Some("lab")));
    assert_eq!(read_server.access.ca, Some("ca.pem".into()));
    let cases = [
        ("(url: \"http://p/api/v1/query\")", "goes too far"),
        ("(url: \"http://p\", auth: Keys(access: \"a\", secret: Env(\"S\")))", "knows no access keys"),
        ("(url: \"http://p\", job: Some(\" \"))", "the job is empty"),
    ];
    for (server, words) in cases {
        refused(&with_server(server), words);
    }
    let none = "Lab(deployments: [(name: \"a\", tier: T1)], prometheus: (url: \"http://p\"))";
    refused(none, "no \"instances\"");
    let only = none.replace("\"http://p\"", "\"http://p\", job: Some(\"minio\")");
    assert!(read(&only).unwrap().deployments[0].urls.is_empty(), "the job tells the only one");
}

#[test]
fn a_lab_file_in_another_encoding_is_named_with_its_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lab.ron");
    let utf16 = FULL.encode_utf16();
    let mut latin = FULL.as_bytes().to_vec();
    latin.splice(40..40, *b" // f\xfcr");
    let cases = [
        ([b"\xef\xbb\xbf", FULL.as_bytes()].concat(), None),
        (utf16.clone().flat_map(u16::to_le_bytes).collect(), Some(":1:1: error: the file is UTF-16 (little-endian)")),
        (utf16.flat_map(u16::to_be_bytes).collect(), Some(":1:1: error: the file is UTF-16 (big-endian)")),
        (latin, Some(":3:15: error: what stands here is not UTF-8")),
    ];
    for (bytes, expected) in cases {
        fs::write(&path, bytes).expect("a file is written");
        let read = feeds::read_lab_file(&path);
        match (&read, expected) {
            (Ok((lab, _)), None) => assert_eq!(lab.name, "Briefing lab"),
            (Err(lines), Some(words)) => assert!(lines[0].contains(words), "{lines:#?}\n  should say: {words}"),
            _ => panic!("{read:#?} for {expected:?}"),
        }
    }
}

#[test]
fn the_extension_line_and_most_fields_may_be_left_out() {
    let lab = read(&with("(name: \"a\", tier: T1, urls: [\"http://a\"], auth: Public)")).unwrap();
    assert_eq!(lab.deployments[0].urls[0].port, 80);
    let lab = read("(exporters: [(name: \"g\", kind: Dcgm, urls: [\"http://g:9400\"])])").unwrap();
    assert_eq!(lab.exporters[0].urls[0].path, "/metrics");
}

#[test]
fn unknown_words_get_a_suggestion() {
    refused(
        &FULL.replace("exporters:", "exportres:"),
        "lab.ron:9:5: error: the lab has no field \"exportres\" (did you mean \"exporters\"?)",
    );
    refused(
        &FULL.replace("tier: T1", "teir: T1"),
        "lab.ron:5:24: error: a deployment has no field \"teir\" (did you mean \"tier\"?)",
    );
    refused(&FULL.replace("Dcgm", "DCGM"), "did you mean \"Dcgm\"?");
    refused(&FULL.replace("tier: T1", "tier: T5"), "no \"T5\"");
    refused(&FULL.replace("(ca:", "(cacert:"), "no field \"cacert\"");
    refused(&FULL.replace("auth: Public", "auth: None"), "no \"None\"");
}

#[test]
fn what_is_missing_is_named() {
    refused(&with("(name: \"a\", tier: T1, urls: [\"http://a\"])"), "no \"auth\"");
    refused(&with("(name: \"a\", tier: T1, auth: Public)"), "no \"urls\"");
    refused("Lab()", "nothing to read");
    refused("Lab(deployments: [", "lab.ron:1:");
    refused("", "lab.ron:1:1");
}

#[test]
fn each_check_names_its_place() {
    let cases = [
        (
            "name: \"lake\", buckets",
            "name: \"lake\", tier: T2, buckets",
            ":7:9: error: the deployment has both tier and buckets",
        ),
        ("tier: T1, ", "", ":5:9: error: the deployment has neither tier nor buckets"),
        ("tier: T1", "tier: T0", ":5:30: error: T0 is raw NVMe, not MinIO"),
        ("{ T2: [\"lake\"", "{ T0: [\"lake\"", ":7:39: error: T0 is raw NVMe"),
        ("name: \"gpus\"", "name: \"hot\"", ":10:16: error: the name \"hot\" is there twice"),
        ("name: \"hot\"", "name: \" \"", ":5:16: error: the name is empty"),
        ("\"https://minio2:9000\"", "\"minio2:9000\"", ":6:64: error: the URL does not begin with http:// or https://"),
        ("https://minio2:9000", "https://minio1:9000", ":6:64: error: this URL is there twice"),
        ("http://10.0.0.11:9000", "http://10.0.0.11:9000/minio", ":5:41: error: a deployment's URL has a path"),
        ("[\"http://10.0.0.11:9000\"]", "[]", ":5:40: error: the list of URLs is empty"),
        ("\"archive-*\"", "\"Archive\"", ":7:70: error: \"Archive\" is no bucket name"),
        ("\"archive-*\"", "\"lake\"", ":7:70: error: \"lake\" is there twice"),
        ("[\"archive-*\"]", "[]", ":7:69: error: the list of buckets is empty"),
        ("T3: [\"archive-*\"]", "T2: [\"x\"]", ":7:69: error: T2 is given twice"),
        ("LAB_SECRET", "lab secret", ":5:73: error: this is not the name of an environment variable"),
        ("warm.token", "", ":6:94: error: the secret's file has no name"),
        (
            "(ca: \"lab-ca.pem\")",
            "(ca: \"x\", skip_verification: true)",
            "error: a CA is given and verification is skipped",
        ),
        ("kind: Dcgm, ", "kind: Dcgm, devices: [\"x\"], ", "error: devices belong to exporters of kind Node"),
        ("[\"nvme*\"]", "[]", "error: the list of devices is empty"),
        ("http://prometheus:9090", "prometheus", ":13:23: error: the URL does not begin"),
    ];
    for (from, to, expected) in cases {
        assert!(FULL.contains(from), "{from}");
        refused(&FULL.replacen(from, to, 1), expected);
    }
}

#[test]
fn several_problems_come_at_once() {
    let text = FULL.replace("tier: T1", "tier: T0").replace("http://gpu-01:9400/metrics", "gpu-01");
    assert_eq!(read(&text).unwrap_err().len(), 2);
}

#[test]
fn no_pasted_secret_is_repeated() {
    let secret = "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9";
    let pasted = [
        ("Token(File(\"warm.token\"))", format!("Token(\"{secret}\")")),
        ("Token(File(\"warm.token\"))", format!("Token({secret})")),
        ("Token(File(\"warm.token\"))", format!("\"{secret}\"")),
        ("Env(\"LAB_SECRET\")", format!("\"{secret}\"")),
        ("Env(\"LAB_SECRET\")", format!("Env(\"{secret}{secret}\")")),
        ("http://10.0.0.11:9000", format!("http://metrics:{secret}@10.0.0.11:9000")),
        ("access: \"metrics\"", format!("{secret}: \"metrics\"")),
    ];
    for (from, to) in pasted {
        let problems = read(&FULL.replace(from, &to)).unwrap_err().join("\n");
        assert!(!problems.contains("eyJ"), "{problems}");
        assert!(problems.contains("lab.ron:"), "{problems}");
    }
}

#[test]
fn what_is_odd_is_a_warning() {
    let text = FULL.replace(", devices: [\"nvme*\"]", "").replace("https://", "http://");
    let warnings = read(&text).unwrap().warnings;
    let said: Vec<&str> = warnings.iter().map(|problem| problem.message.as_str()).collect();
    assert!(said.iter().any(|message| message.contains("system disk")), "{said:?}");
    assert!(said.iter().any(|message| message.contains("no URL is https")), "{said:?}");
}

#[test]
fn a_file_saved_on_windows_is_read_or_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lab.ron");
    let marked = format!("\u{feff}{}", FULL.replace('\n', "\r\n"));
    fs::write(&path, &marked).expect("written");
    assert!(feeds::read_lab_file(&path).is_ok());
    fs::write(&path, marked.replace("tier: T1", "tier: T0")).expect("written");
    let problems = feeds::read_lab_file(&path).expect_err("T0 is no deployment");
    assert!(problems[0].contains("lab.ron:5:"), "{problems:?}");
    for with_mark in [true, false] {
        let text = if with_mark { &marked } else { FULL };
        let orders = [u16::to_le_bytes, u16::to_be_bytes];
        for order in orders {
            fs::write(&path, text.encode_utf16().flat_map(order).collect::<Vec<_>>()).expect("written");
            let problems = feeds::read_lab_file(&path).expect_err("UTF-16");
            assert!(problems[0].contains("UTF-16"), "{problems:?}");
        }
    }
}

#[test]
fn a_tier_in_quotes_is_answered_with_a_word_about_tiers() {
    let with_tier = |tier: &str| with(&format!("(name: \"x\", tier: {tier}, urls: [\"http://a\"], auth: Public)"));
    for tier in ["\"T1\"", "t1", "hot", "1", "T9"] {
        let problems = read(&with_tier(tier)).expect_err(tier);
        assert!(problems[0].contains("tier: T1 (hot)") && !problems[0].contains("secret"), "{tier}: {problems:?}");
    }
    let buckets = "(name: \"x\", buckets: { \"T2\": [\"lake\"] }, urls: [\"http://a\"], auth: Public)";
    refused(&with(buckets), "buckets: { T2: [\"lake\"]");
    refused("Lab(exporters: [(name: \"x\", kind: \"Node\", urls: [\"http://a\"])])", "kind: Node or kind: Dcgm");
}

#[test]
fn exporters_have_logins_and_deployments_their_own() {
    let exporter =
        |auth: &str| format!("Lab(exporters: [(name: \"x\", kind: Dcgm, urls: [\"https://a/metrics\"], {auth})])");
    let lab = read(&exporter("auth: Basic(user: \"me\", password: Env(\"PW\"))")).unwrap();
    let password = SecretPlace::Env("PW".to_owned());
    assert_eq!(lab.exporters[0].auth, Auth::Basic { user: "me".to_owned(), password });
    for token in ["Token", "Bearer"] {
        let lab = read(&exporter(&format!("auth: {token}(File(\"gpu.token\"))"))).unwrap();
        assert_eq!(lab.exporters[0].auth, Auth::Token(SecretPlace::File("gpu.token".into())));
    }
    assert_eq!(read(&exporter("")).unwrap().exporters[0].auth, Auth::Public);
    let lab = read(&exporter("tls: (ca: \"ca.pem\", cert: \"me.pem\", key: \"me.key\")")).unwrap();
    assert_eq!(lab.exporters[0].access.identity.as_ref().unwrap().key, Path::new("me.key"));

    refused(&exporter("auth: Keys(access: \"a\", secret: Env(\"S\"))"), "knows no access keys");
    refused(&exporter("auth: Basic(user: \"a:b\", password: Env(\"S\"))"), "colon");
    refused(&exporter("auth: Basic(user: \"a\", password: \"hunter2\")"), "never in the file itself");
    refused(&exporter("tls: (cert: \"me.pem\")"), "go together");
    let basic = "(name: \"x\", tier: T2, urls: [\"http://a\"], auth: Basic(user: \"a\", password: Env(\"S\")))";
    refused(&with(basic), "not opened by user and password");
}
