//! `probe` against servers on 127.0.0.1: what it tells in words, as JSON, and as a lab file that reads back.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tierlight::commands::probe::{DoorArgs, ProbeArgs, Terminal, probe_at};
use tierlight::lab::{Auth, Lab, Serves};
use tierlight::signal::Tier;

use crate::lab_server::{self, Reply, Request, Server, requests_page};

fn minio(request: &Request) -> Reply {
    if !request.header("authorization").starts_with("Bearer ") {
        return Reply::denied();
    }
    match request.path.as_str() {
        "/minio/metrics/v3/api/requests" => Reply::v3(&requests_page(1.0, 1.0)),
        "/minio/metrics/v3/cluster" => Reply::v3(
            "minio_cluster_health_nodes_online_count 4\n\
             minio_cluster_health_drives_count 8\n\
             minio_cluster_health_drives_online_count 7\n",
        ),
        "/minio/metrics/v3/cluster/usage/buckets" => {
            Reply::v3("minio_cluster_usage_buckets_total_bytes{bucket=\"lake\"} 5\n")
        }
        "/minio/v2/metrics/cluster" => Reply::text(
            "minio_software_version_info{version=\"2025-09-07T16:13:09Z\"} 0\n\
             minio_cluster_nodes_online_total 4\n",
        ),
        _ => Reply::no_such_page(),
    }
}

/// A deployment whose nodes are named as they are reached, or otherwise.
#[derive(Clone, Default)]
struct Cluster {
    names: Arc<OnceLock<Vec<String>>>,
    start_secs: f64,
    bytes: f64,
    buckets: &'static [&'static str],
}

impl Cluster {
    fn new(start_secs: f64, bytes: f64, buckets: &'static [&'static str]) -> Self {
        Self { names: Arc::default(), start_secs, bytes, buckets }
    }

    /// Starts so many nodes, which are called by their addresses.
    fn start(&self, nodes: usize) -> Vec<Server> {
        let servers: Vec<_> = (0..nodes).map(|nth| self.start_node(nth)).collect();
        self.names.set(servers.iter().map(|server| server.address.to_string()).collect()).unwrap();
        servers
    }

    fn start_node(&self, nth: usize) -> Server {
        let cluster = self.clone();
        Server::start(move |request| cluster.answer(nth, request))
    }

    fn answer(&self, nth: usize, request: &Request) -> Reply {
        if !request.header("authorization").starts_with("Bearer ") {
            return Reply::denied();
        }
        let names = self.names.get().unwrap();
        let own = &names[nth];
        let of_all = |line: &dyn Fn(&str) -> String| names.iter().map(|name| line(name)).collect::<String>();
        match request.path.as_str() {
            // Idle, so v3 leaves everything out.
            "/minio/metrics/v3/api/requests" => Reply::v3(""),
            "/minio/metrics/v3/system/process" => {
                Reply::v3(&format!("minio_system_process_uptime_seconds{{server=\"{own}\"}} 9\n"))
            }
            "/minio/metrics/v3/cluster" => Reply::v3(&format!(
                "minio_cluster_health_nodes_online_count {}\n\
                 minio_cluster_health_capacity_usable_total_bytes {}\n",
                names.len(),
                self.bytes
            )),
            "/minio/metrics/v3/cluster/usage/buckets" => {
                let line =
                    |bucket: &&str| format!("minio_cluster_usage_buckets_total_bytes{{bucket=\"{bucket}\"}} 5\n");
                Reply::v3(&self.buckets.iter().map(line).collect::<String>())
            }
            "/minio/v2/metrics/cluster" => {
                let start = self.start_secs;
                Reply::text(&of_all(&|name| {
                    format!(
                        "minio_node_process_starttime_seconds{{server=\"{name}\"}} {start}\n\
                         minio_s3_traffic_received_bytes{{server=\"{name}\"}} 5\n\
                         minio_software_version_info{{server=\"{name}\",version=\"2025-09-07T16:13:09Z\"}} 0\n"
                    )
                }))
            }
            "/minio/v2/metrics/node" => Reply::text(&format!("minio_node_io_rchar_bytes{{server=\"{own}\"}} 5\n")),
            _ => Reply::no_such_page(),
        }
    }
}

/// PATH is in every environment, and only a server would know it for a bad key.
fn keys() -> DoorArgs {
    DoorArgs { access: Some("demo".to_owned()), secret_env: Some("PATH".to_owned()), ..DoorArgs::default() }
}

fn asking(urls: &[&str]) -> ProbeArgs {
    ProbeArgs { urls: urls.iter().map(|&url| url.to_owned()).collect(), door: keys(), ..ProbeArgs::default() }
}

/// Exit code, stdout and stderr.
fn run(args: &ProbeArgs) -> (u8, String, String) {
    let (mut out, mut words) = (Vec::new(), Vec::new());
    let code = probe_at(args, &mut Terminal { words: &mut words, question: None }, &mut out).unwrap();
    (code, String::from_utf8(out).unwrap(), String::from_utf8(words).unwrap())
}

fn refusal(args: &ProbeArgs) -> String {
    let mut terminal = Terminal { words: &mut Vec::new(), question: None };
    probe_at(args, &mut terminal, &mut Vec::new()).unwrap_err()
}

#[test]
fn a_secret_in_a_wrong_place_is_not_told_back() {
    const SECRET: &str = "lab-secret-0001";
    let door = DoorArgs { secret_env: Some(SECRET.to_owned()), ..keys() };
    let refused = refusal(&ProbeArgs { door, ..asking(&["http://127.0.0.1:1"]) });
    assert!(refused.starts_with("--secret-env takes the name of a variable") && !refused.contains(SECRET), "{refused}");
    let url = format!("http://127.0.0.1:1/metrics?token={SECRET}");
    for (ron, json) in [(false, false), (true, false), (false, true)] {
        let (code, out, words) = run(&ProbeArgs { ron, json, ..asking(&[&url]) });
        assert_eq!(code, 1);
        assert!(!out.contains(SECRET) && !words.contains(SECRET), "{out}{words}");
        assert!(ron || out.contains("127.0.0.1:1/metrics?…"), "{out}");
    }
}

/// The lab that `--ron` writes, and its text.
fn lab_of(args: ProbeArgs) -> (Lab, String) {
    let (code, text, words) = run(&ProbeArgs { ron: true, ..args });
    assert_eq!(code, 0, "{words}");
    (Lab::read(Path::new("lab.ron"), &text).map_err(|problems| format!("{problems:?}\n{text}")).unwrap(), text)
}

fn tiers(lab: &Lab) -> Vec<(String, Tier, usize)> {
    let row = |one: &tierlight::lab::Deployment| match one.serves {
        Serves::Tier(tier) => (one.name.clone(), tier, one.urls.len()),
        Serves::Buckets(_) => panic!("{one:?}"),
    };
    lab.deployments.iter().map(row).collect()
}

#[test]
fn a_deployment_is_described() {
    let url = Server::start(minio).url();
    let (code, words, _) = run(&asking(&[&url]));
    assert_eq!(code, 0, "{words}");
    for expected in
        ["v3 and v2, MinIO 2025-09-07T16:13:09Z", "4 of 4 online", "7 of 8 online", "lake", "T2 warm, guessed"]
    {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    let (code, json, _) = run(&ProbeArgs { json: true, ..asking(&[&url]) });
    let json: Value = serde_json::from_str(&json).unwrap();
    let node = &json["targets"][0]["nodes"][0];
    assert_eq!((code, &json["schema"], &json["reachable"]), (0, &1.into(), &true.into()));
    assert_eq!((&node["v2"], &node["v3"], &node["buckets"][0]), (&true.into(), &true.into(), &"lake".into()));
    assert_eq!(node["signals"]["tier.warm.drives_online"], 7.0);
}

#[test]
fn the_lab_file_reads_back_and_holds_no_secret() {
    let url = Server::start(minio).url();
    let (lab, text) = lab_of(asking(&[&url]));
    assert_eq!(lab.deployments[0].urls[0].to_string(), url);
    assert!(text.contains("secret: Env(\"PATH\")"), "{text}");
    assert!(!text.contains(&std::env::var("PATH").unwrap()) && !text.contains("eyJ"), "{text}");
}

#[test]
fn a_refusal_is_an_honest_no_and_writes_no_lab_file() {
    let url = Server::start(minio).url();
    let without = ProbeArgs { door: DoorArgs::default(), ..asking(&[&url]) };
    let (code, json, _) = run(&ProbeArgs { json: true, ..without });
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["reachable"]), (1, &false.into()));
    assert_eq!(json["targets"][0]["nodes"][0]["fault"]["code"], "forbidden");

    // One of two fails: nothing on stdout, and the way out in the words of the command line.
    let node = Server::start(|_| Reply::text("node_disk_read_bytes_total{device=\"vda\"} 1\n")).url();
    let urls = [node.as_str(), url.as_str()];
    let (code, text, words) = run(&ProbeArgs { door: DoorArgs::default(), ron: true, ..asking(&urls) });
    assert_eq!((code, text.as_str()), (1, ""));
    assert!(words.contains("--access KEY --secret-env NAME") && !words.contains("in the lab file"), "{words}");
}

#[test]
fn three_deployments_of_one_call_become_three_tiers_with_all_their_nodes() {
    // Two of them call their only node alike; the time their process began tells them apart.
    let hot = Cluster::new(100.0, 4e12, &["shards"]);
    hot.names.set(vec!["127.0.0.1:9000".to_owned()]).unwrap();
    let hot = hot.start_node(0);
    let cold = Cluster::new(200.0, 9e12, &["archive-logs"]);
    cold.names.set(vec!["127.0.0.1:9000".to_owned()]).unwrap();
    let cold = cold.start_node(0);
    let warm = Cluster::new(300.0, 8e12, &["checkpoints", "lake"]).start(4);
    let urls = [cold.url(), warm[2].url(), hot.url(), warm[0].url()];
    let (lab, text) = lab_of(asking(&urls.each_ref().map(String::as_str)));
    let expected = [("cold", Tier::T3, 1), ("warm", Tier::T2, 4), ("hot", Tier::T1, 1)];
    assert_eq!(tiers(&lab), expected.map(|(name, tier, nodes)| (name.to_owned(), tier, nodes)), "{text}");
    let found: BTreeSet<_> = lab.deployments[1].urls.iter().map(ToString::to_string).collect();
    assert_eq!(found, warm.iter().map(Server::url).collect());
    assert!(text.contains("T3 is a guess, by its bucket archive-logs"), "{text}");
    assert!(text.contains("T0 stays hatched"), "{text}");
}

#[test]
fn tiers_are_told_by_flags_or_on_the_terminal_and_never_guessed_alike() {
    let one = Cluster::new(100.0, 1e12, &[]).start(1);
    let two = Cluster::new(200.0, 1e12, &[]).start(1);
    let (one_url, two_url) = (one[0].url(), two[0].url());
    let urls = [one_url.as_str(), two_url.as_str()];
    let with = |flags: &[&str]| {
        let tier = flags.iter().map(|flag| flag.parse().unwrap()).collect();
        ProbeArgs { door: DoorArgs { tier, ..keys() }, ..asking(&urls) }
    };
    let tiers_of = |args: ProbeArgs| tiers(&lab_of(args).0).into_iter().map(|(_, tier, _)| tier).collect::<Vec<_>>();
    assert_eq!(tiers_of(with(&[])), [Tier::T1, Tier::T2]);
    assert_eq!(tiers_of(with(&["t2"])), [Tier::T2, Tier::T1]);
    assert_eq!(tiers_of(with(&["T3", "hot"])), [Tier::T3, Tier::T1]);
    let second = format!("{}=t1", two[0].address);
    assert_eq!(tiers_of(with(&[&second])), [Tier::T2, Tier::T1]);
    assert!(refusal(&with(&["nobody=T1"])).contains("no deployment has that URL"));
    assert!(refusal(&with(&["T1", "T2", "T3"])).contains("more tiers"));
    assert!(refusal(&with(&["127.0.0.1=T2"])).contains("several deployments have that host"));

    let mut asked = Vec::new();
    let mut answers = ["nonsense", "cold", ""].into_iter();
    let mut question = |words: &str| {
        asked.push(words.to_owned());
        answers.next().map(str::to_owned)
    };
    let mut terminal = Terminal { words: &mut Vec::new(), question: Some(&mut question) };
    let mut out = Vec::new();
    probe_at(&ProbeArgs { ron: true, ..with(&[]) }, &mut terminal, &mut out).unwrap();
    let lab = Lab::read(Path::new("lab.ron"), &String::from_utf8(out).unwrap()).unwrap();
    assert_eq!(tiers(&lab).into_iter().map(|(_, tier, _)| tier).collect::<Vec<_>>(), [Tier::T3, Tier::T2]);
    assert!(asked.len() == 3 && asked[0].contains("Which tier is"), "{asked:?}");
}

#[test]
fn a_balancer_is_told_and_nodes_that_only_the_cluster_knows_too() {
    let cluster = Cluster::new(100.0, 1e12, &[]);
    cluster.names.set(["n1.invalid:9000", "n2.invalid:9000"].map(str::to_owned).to_vec()).unwrap();
    let (turn, behind) = (AtomicUsize::new(0), cluster.clone());
    let balancer = Server::start(move |request| behind.answer(turn.fetch_add(1, Ordering::Relaxed) % 2, request)).url();
    let (lab, text) = lab_of(asking(&[&balancer]));
    assert_eq!(lab.deployments[0].urls.len(), 1);
    assert!(text.contains("is a balancer: one node a poll is seen, totals"), "{text}");
    assert!(text.contains("node n2.invalid:9000 is a name that is not known here"), "{text}");
    // Nodes that can be asked themselves are, and the balancer is not.
    let cluster = Cluster::new(500.0, 1e12, &[]);
    let nodes = cluster.start(2);
    let turn = AtomicUsize::new(0);
    let balancer =
        Server::start(move |request| cluster.answer(turn.fetch_add(1, Ordering::Relaxed) % 2, request)).url();
    let (lab, text) = lab_of(asking(&[&balancer]));
    let found: BTreeSet<_> = lab.deployments[0].urls.iter().map(ToString::to_string).collect();
    assert_eq!(found, nodes.iter().map(Server::url).collect(), "{text}");
    assert!(text.contains("is a balancer before these nodes"), "{text}");
}

#[test]
fn two_urls_of_one_node_count_it_once() {
    let cluster = Cluster::new(100.0, 1e12, &[]);
    cluster.names.set(vec!["n1.invalid:9000".to_owned()]).unwrap();
    let single = cluster.start_node(0);
    let again = format!("http://localhost:{}", single.address.port());
    let (lab, text) = lab_of(asking(&[&single.url(), &again]));
    assert_eq!(lab.deployments.len() + lab.deployments[0].urls.len(), 2, "{text}");
    assert!(text.contains("is left out"), "{text}");
}

#[test]
fn a_url_is_what_it_answers() {
    let node = "node_disk_read_bytes_total{device=\"vda\"} 1\nnode_disk_read_bytes_total{device=\"vdb\"} 1\n";
    let dcgm = "DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 5\n";
    let page = |text: &'static str| Server::start(move |_| Reply::text(text)).url();
    let exporters = |url: String| {
        let (lab, text) = lab_of(asking(&[&url]));
        assert!(lab.deployments.is_empty(), "{text}");
        let rows =
            lab.exporters.iter().map(|one| (format!("{:?}", one.kind), one.devices.clone(), one.urls[0].to_string()));
        rows.collect::<Vec<_>>()
    };
    let url = format!("{}/metrics", page(node));
    let drives = vec!["vda".to_owned(), "vdb".to_owned()];
    assert_eq!(exporters(url.clone()), [("Node".to_owned(), drives.clone(), url)]);
    let bare = page(dcgm);
    assert_eq!(exporters(bare.clone()), [("Dcgm".to_owned(), Vec::new(), format!("{bare}/metrics"))]);
    let both = page("node_disk_read_bytes_total{device=\"nvme0n1\"} 1\nDCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 5\n");
    assert_eq!(exporters(format!("{both}/all")).len(), 2);
    // MinIO, by a page that was copied from somewhere, or by a path that it has not.
    let minio = Server::start(minio).url();
    for path in ["/minio/v2/metrics/cluster", "/minio/metrics/v3/api/requests", "/minio/metrics/v3", "/metrics"] {
        let (lab, text) = lab_of(asking(&[&format!("{minio}{path}")]));
        assert_eq!((lab.exporters.len(), lab.deployments[0].urls[0].to_string()), (0, minio.clone()), "{text}");
    }
    let other = page("go_goroutines 5\n");
    for url in [format!("{other}/metrics"), other] {
        let (code, text, words) = run(&ProbeArgs { ron: true, ..asking(&[&url]) });
        assert_eq!((code, text.as_str()), (1, ""));
        assert!(words.contains("metrics") && !words.contains("too old"), "{words}");
    }
}

#[test]
fn what_tells_nothing_usable_writes_no_lab_file() {
    const V3: [&str; 2] = ["/minio/metrics/v3/api/requests", "/minio/metrics/v3/cluster"];
    let nan = |request: &Request| match request.path.as_str() {
        path if V3.contains(&path) => {
            Reply::v3("minio_api_requests_traffic_sent_bytes NaN\nminio_cluster_health_drives_count NaN\n")
        }
        "/minio/v2/metrics/cluster" => Reply::text("minio_s3_traffic_sent_bytes NaN\nminio_cluster_drive_total NaN\n"),
        _ => Reply::no_such_page(),
    };
    let idle = |request: &Request| match request.path.as_str() {
        "/minio/v2/metrics/cluster" => Reply::text("minio_cluster_nodes_online_total 4\n"),
        _ => Reply::no_such_page(),
    };
    let exporter = |_: &Request| Reply::text("node_disk_read_bytes_total{device=\"vda\"} NaN\n");
    type Answer = fn(&Request) -> Reply;
    let cases: [(Answer, &str, &str); 3] = [
        (nan, "", "numbers make no sense"),
        (idle, "", "no traffic in them"),
        (exporter, "/metrics", "numbers make no sense"),
    ];
    for (answer, path, words) in cases {
        let url = Server::start(answer).url() + path;
        let (code, text, told) = run(&ProbeArgs { ron: true, ..asking(&[&url]) });
        assert_eq!((code, text.as_str()), (1, ""), "{words}: {told}");
        assert!(told.contains(words) && told.contains("No lab file was written"), "{told}");
        assert!(!told.contains("last good"), "there was none before: {told}");
    }
}

#[test]
fn the_fault_of_the_page_that_exists_is_told() {
    let fault = |answer: fn(&Request) -> Reply| {
        let (code, words, _) = run(&asking(&[&Server::start(answer).url()]));
        assert_eq!(code, 1, "{words}");
        words
    };
    // A release without v3, and a wrong key.
    let words = fault(|request| if request.path.contains("v3") { Reply::no_such_page() } else { Reply::denied() });
    assert!(words.contains("refuses the access key (403)") && !words.contains("old"), "{words}");
    // Another, behind a proxy that has lost it.
    let words = fault(|request| {
        let lost = || Reply::of(502, "text/html", "<html>502</html>");
        if request.path.contains("v3") { Reply::no_such_page() } else { lost() }
    });
    assert!(words.contains("the proxy before it does not reach") && !words.contains("old"), "{words}");
}

#[test]
fn v2_is_enough_whatever_v3_says_and_however_long_it_takes() {
    let v3_answers: [fn() -> Reply; 4] = [
        Reply::denied,
        || Reply::of(500, "text/plain", ""),
        || Reply::of(502, "text/html", "<html>"),
        || Reply::text(""),
    ];
    for v3 in v3_answers {
        let url = Server::start(move |request| match request.path.as_str() {
            "/minio/v2/metrics/cluster" => Reply::text(&lab_server::cluster_page(5.0)),
            path if path.contains("v3") => v3(),
            _ => Reply::no_such_page(),
        });
        let (code, words, _) = run(&asking(&[&url.url()]));
        assert!(code == 0 && words.contains("v2 only") && words.contains("10 to 25 s late"), "{words}");
        assert!(!words.contains("before 2024"), "{words}");
    }
    let slow = Server::start(|request| match request.path.as_str() {
        "/minio/v2/metrics/cluster" => {
            thread::sleep(Duration::from_millis(4500));
            Reply::text(&lab_server::cluster_page(5.0))
        }
        _ => Reply::no_such_page(),
    });
    let (code, words, _) = run(&asking(&[&slow.url()]));
    assert!(code == 0 && words.contains("no v3, as before 2024"), "{words}");
}

#[test]
fn a_lab_file_is_looked_at_with_its_tiers_and_once_each() {
    let nodes = Cluster::new(100.0, 4e12, &["lake"]).start(2);
    let node = Server::start(|_| Reply::text("node_disk_read_bytes_total{device=\"vda\"} 1\n"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lab.ron");
    let auth = "Keys(access: \"demo\", secret: Env(\"PATH\"))";
    let text = format!(
        "Lab(deployments: [(name: \"store\", tier: T3, urls: [\"{}\", \"{}\"], auth: {auth})], \
         exporters: [(name: \"scratch\", kind: Node, urls: [\"{}/metrics\"], devices: [\"nvme*\"])])",
        nodes[0].url(),
        nodes[1].url(),
        node.url()
    );
    std::fs::write(&path, text).unwrap();
    let (code, words, _) = run(&ProbeArgs { lab: Some(path), ..ProbeArgs::default() });
    assert_eq!(words.matches("T3 cold").count(), 1, "{words}");
    assert_eq!(words.matches("capacity").count(), 1, "{words}");
    assert_eq!(words.matches("\nanswers").count(), 1, "{words}");
    assert!(words.contains("no device fits nvme*; there are vda") && words.contains("devices: [\"vda\"]"), "{words}");
    assert_eq!(code, 1);
}

#[test]
fn an_exporter_with_a_login_is_asked_with_it() {
    let server = Server::start(|request| match request.header("authorization") {
        "Basic bWU6c2VzYW1l" => Reply::text("DCGM_FI_DEV_GPU_UTIL{gpu=\"0\"} 5\n"),
        _ => Reply::of(401, "text/plain", "Unauthorized\n"),
    });
    let url = format!("{}/metrics", server.url());
    let (code, words, _) = run(&ProbeArgs { door: DoorArgs::default(), ..asking(&[&url]) });
    assert!(code == 1 && words.contains("--user NAME --password-env NAME"), "{words}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pw");
    std::fs::write(&file, "sesame\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let door = DoorArgs { user: Some("me".to_owned()), password_file: Some(file), ..DoorArgs::default() };
    let (lab, text) = lab_of(ProbeArgs { door, ..asking(&[&url]) });
    assert!(matches!(lab.exporters[0].auth, Auth::Basic { .. }), "{text}");
    assert!(!text.contains("sesame"), "{text}");
}

#[test]
fn wrong_use_is_an_error() {
    assert!(refusal(&asking(&["minio1:9000"])).contains("http://"));
    let second = refusal(&asking(&["http://minio1:9000", "minio2:9000"]));
    assert!(second.starts_with("URL 2 of 2: "), "{second}");
    let args = ProbeArgs { lab: Some("no/such/lab.ron".into()), ..ProbeArgs::default() };
    assert!(refusal(&args).contains("lab.ron"));
}
